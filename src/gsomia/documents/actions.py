"""What in a PDF runs, plays, or brings in other files (PDF 2.0, 12.6, 7.11 and 8.10.4).

Each place is looked at from which a reader reaches an action. Where there are more of them
than are looked at, the file is refused: nobody knows what the rest does.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pikepdf

from gsomia.faults import BadInput

MAX_PARTS = 20_000
"""Fields of a form, notes of all pages, entries of the outline, actions in a row: each at most."""
_ON_OPENING = frozenset({"/GoTo", "/Named"})
_WHEN_ASKED = _ON_OPENING | {"/GoToR", "/Thread", "/URI"}
"""Actions that lead somewhere and change nothing (PDF 2.0, 12.6.4)."""
_SCRIPTS = ("javascript:", "vbscript:")
"""Addresses that some readers run."""
_PLAYED = frozenset({"/3D", "/Movie", "/RichMedia", "/Screen", "/Sound"})


def has_key(part: Any, key: str) -> bool:
    """Whether a part is a dictionary with that key."""
    return isinstance(part, pikepdf.Dictionary) and key in part


def fields(pdf: pikepdf.Pdf, where: str) -> Iterator[Any]:
    """The fields of the form: those below others, that only a page names, and that only calculate.

    Raises `BadInput` for more than `MAX_PARTS`.
    """
    form = pdf.Root.get("/AcroForm")
    left = [note["/Parent"] for note in _notes(pdf, where) if "/Parent" in note]
    if isinstance(form, pikepdf.Dictionary):
        left += [*_listed(form.get("/Fields")), *_listed(form.get("/CO"))]
    yield from _walked(left, ("/Parent",), ("/Kids",), where)


def runs_something(pdf: pikepdf.Pdf, where: str) -> bool:
    """Whether something runs: as the file or a page opens, or when a reader asks for it.

    Raises `BadInput` for more parts than are looked at.
    """
    root = pdf.Root
    if "/AA" in root or has_key(root.get("/Names"), "/JavaScript"):
        return True
    if _runs(root.get("/OpenAction"), _ON_OPENING) or any("/AA" in page.obj for page in pdf.pages):
        return True
    outline = _walked([root.get("/Outlines")], ("/Next", "/First"), (), where)
    parts = (_notes(pdf, where), fields(pdf, where), outline)
    return any(_part_runs(part) for held in parts for part in held)


def holds_files(pdf: pikepdf.Pdf, where: str) -> bool:
    """Whether other files are attached: to the document, a page, or any part of it.

    Raises `BadInput` for more notes than are looked at.
    """
    root = pdf.Root
    if "/Collection" in root or has_key(root.get("/Names"), "/EmbeddedFiles"):
        return True
    if any(note.get("/Subtype") == "/FileAttachment" for note in _notes(pdf, where)):
        return True
    named = [root, *(page.obj for page in pdf.pages)]
    return any("/EF" in file for part in named for file in _listed(part.get("/AF"))) or any(
        has_key(held, "/EF") for held in pdf.objects
    )


def draws_in(pdf: pikepdf.Pdf) -> bool:
    """Whether a part lies in another file, or a page of another file is drawn."""
    return any(
        isinstance(held, pikepdf.Stream) and ("/F" in held or "/Ref" in held)
        for held in pdf.objects
    )


def _too_many(where: str) -> BadInput:
    expected = f"at most {MAX_PARTS} notes, fields or entries that could run something"
    return BadInput(expected, "more", where)


def _notes(pdf: pikepdf.Pdf, where: str) -> Iterator[Any]:
    """The notes of all pages."""
    count = 0
    for page in pdf.pages:
        for note in _listed(page.obj.get("/Annots")):
            count += 1
            if count > MAX_PARTS:
                raise _too_many(where)
            yield note


def _listed(part: Any) -> list[Any]:
    """The dictionaries in an array; none in anything else."""
    found = list(part) if isinstance(part, pikepdf.Array) else []
    return [one for one in found if isinstance(one, pikepdf.Dictionary)]


def _walked(
    first: list[Any], one: tuple[str, ...], several: tuple[str, ...], where: str
) -> Iterator[Any]:
    """Dictionaries, and those that they name by these keys, each once. Raises `BadInput`."""
    left, known, count = list(first), set[tuple[int, int]](), 0
    while left:
        part = left.pop()
        if not isinstance(part, pikepdf.Dictionary) or part.objgen in known:
            continue
        if part.objgen != (0, 0):
            known.add(part.objgen)
        count += 1
        if count > MAX_PARTS:
            raise _too_many(where)
        yield part
        left += [part[key] for key in one if key in part]
        left += [below for key in several for below in _listed(part.get(key))]


def _part_runs(part: Any) -> bool:
    if str(part.get("/Subtype")) in _PLAYED or _runs(part.get("/A"), _WHEN_ASKED):
        return True
    more = part.get("/AA")
    return isinstance(more, pikepdf.Dictionary) and any(
        _runs(action, _WHEN_ASKED) for _, action in more.items()
    )


def _runs(action: Any, harmless: frozenset[str]) -> bool:
    """Whether an action, or one that follows it, does more than lead somewhere."""
    left = [action]
    for _ in range(MAX_PARTS):
        if not left:
            return False
        one = left.pop()
        if not isinstance(one, pikepdf.Dictionary):
            continue
        if str(one.get("/S", "/GoTo")) not in harmless or "/JS" in one:
            return True
        if str(one.get("/URI", "")).strip().lower().startswith(_SCRIPTS):
            return True
        following = one.get("/Next")
        left += _listed(following) if isinstance(following, pikepdf.Array) else [following]
    return True
