"""Opening a PDF, and why one is not stamped.

A stamp must show on every page, in every reader, and stay as it is. What could undo
that - a script, a form drawn by the reader, a password, a portfolio - is refused with its
reason. So is what runs only when a reader asks for it: nobody looks before a click. A
signature is refused unless the caller says that it may break.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Any

import pikepdf

from gsomia.documents.pdflibrary import library
from gsomia.faults import BadInput

MAX_PAGES = 20_000
_MAX_PARTS = 20_000
"""Fields of a form, notes of a page, entries of the outline, actions in a row: each at most."""
FAULTS = (
    *(pikepdf.PdfError, pikepdf.ForeignObjectError, RuntimeError, ValueError, TypeError),
    *(KeyError, IndexError, AttributeError, OverflowError),
)
"""What qpdf's objects raise where a part is not of the kind that the format says."""
_ON_OPENING = frozenset({"/GoTo", "/Named"})
_WHEN_ASKED = _ON_OPENING | {"/GoToR", "/Thread", "/URI"}
"""Actions that lead somewhere and change nothing (PDF 2.0, 12.6.4)."""
_PLAYED = frozenset({"/3D", "/Movie", "/RichMedia", "/Screen", "/Sound"})


def opened(data: bytes, where: str) -> pikepdf.Pdf:
    """An open PDF that has pages and no password. Raises `BadInput`."""
    library()  # sets the bounds on what a stream may unpack to
    try:
        pdf = pikepdf.open(io.BytesIO(data), suppress_warnings=True, inherit_page_attributes=True)
    except pikepdf.PasswordError:
        raise BadInput("a PDF without a password", "one that needs it", where) from None
    except FAULTS:
        raise broken(where) from None
    if pdf.is_encrypted:
        pdf.close()
        raise BadInput("a PDF that is not encrypted", "one that is", where)
    try:
        count = len(pdf.pages)
    except FAULTS:
        raise broken(where) from None
    if not 1 <= count <= MAX_PAGES:
        raise BadInput(f"1 to {MAX_PAGES} pages", str(count), where)
    return pdf


def broken(where: str) -> BadInput:
    """The error of what cannot be read as a PDF."""
    return BadInput("a PDF that can be read", "a broken one", where)


def check_stampable(pdf: pikepdf.Pdf, where: str, *, may_break_signature: bool) -> None:
    """Raise `BadInput` for a PDF whose stamp could be undone, or that a stamp would break."""
    root = pdf.Root
    form = root.get("/AcroForm")
    if _has(form, "/XFA"):
        raise BadInput("a PDF whose pages are its own", "a form drawn by the reader (XFA)", where)
    notes = [note for page in pdf.pages for note in _listed(page.obj.get("/Annots"))]
    if _scripted(pdf, [*notes, *_fields(form), *_outline(root.get("/Outlines"))]):
        raise BadInput("a PDF that runs nothing", "one with a script or an action", where)
    attached = any(note.get("/Subtype") == "/FileAttachment" for note in notes)
    if attached or "/Collection" in root or _has(root.get("/Names"), "/EmbeddedFiles"):
        raise BadInput("a PDF without files in it", "one with attached files", where)
    if not may_break_signature and is_signed(pdf):
        raise BadInput(
            "a PDF without a signature, which a stamp would break", "a signed one", where
        )


def _has(part: Any, key: str) -> bool:
    return isinstance(part, pikepdf.Dictionary) and key in part


def _listed(part: Any) -> list[Any]:
    """The dictionaries in an array; none in anything else."""
    found = list(part)[:_MAX_PARTS] if isinstance(part, pikepdf.Array) else []
    return [one for one in found if isinstance(one, pikepdf.Dictionary)]


def _fields(form: Any) -> Iterator[Any]:
    """The fields of a form, those below others too."""
    left = _listed(form.get("/Fields")) if isinstance(form, pikepdf.Dictionary) else []
    for _ in range(_MAX_PARTS):
        if not left:
            return
        field = left.pop()
        yield field
        left += _listed(field.get("/Kids"))


def _outline(top: Any) -> Iterator[Any]:
    """The entries of the outline, those below others too."""
    left = [top]
    for _ in range(_MAX_PARTS):
        if not left:
            return
        entry = left.pop()
        if isinstance(entry, pikepdf.Dictionary):
            yield entry
            left += [entry[key] for key in ("/Next", "/First") if key in entry]


def _scripted(pdf: pikepdf.Pdf, parts: Iterable[Any]) -> bool:
    """Whether something runs: as the file or a page opens, or when a reader asks for it."""
    root = pdf.Root
    if "/AA" in root or _has(root.get("/Names"), "/JavaScript"):
        return True
    if _runs(root.get("/OpenAction"), _ON_OPENING) or any("/AA" in page.obj for page in pdf.pages):
        return True
    return any(_part_runs(part) for part in parts)


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
    for _ in range(_MAX_PARTS):
        if not left:
            return False
        one = left.pop()
        if not isinstance(one, pikepdf.Dictionary):
            continue
        if str(one.get("/S", "/GoTo")) not in harmless:
            return True
        following = one.get("/Next")
        left += _listed(following) if isinstance(following, pikepdf.Array) else [following]
    return True


def is_signed(pdf: pikepdf.Pdf) -> bool:
    """Whether a PDF says that it is signed: by its form's flags, a field, or its permissions."""
    form = pdf.Root.get("/AcroForm")
    if _has(pdf.Root.get("/Perms"), "/DocMDP") or _has(pdf.Root.get("/Perms"), "/UR3"):
        return True
    if not isinstance(form, pikepdf.Dictionary):
        return False
    flags = form.get("/SigFlags", 0)
    if isinstance(flags, int) and flags & 1:
        return True
    return any(str(f.get("/FT", "")) == "/Sig" and "/V" in f for f in _fields(form))
