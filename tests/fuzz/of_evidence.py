"""What an inspector is handed: evidence files, and folders of books."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import cache
from typing import Any

import msgspec

from gsomia.evidence.file import Evidence, Proven, parse_evidence, verify_evidence
from gsomia.evidence.files import Held
from gsomia.evidence.trust import Trust
from gsomia.evidence.verify import verify_path
from gsomia.faults import BadInput
from gsomia.journal.entry import Opening
from gsomia.journal.rows import EntryRow
from tests.evidence import builders as b
from tests.fuzz.harness import VECTORS, Harness, text, vector, vectors
from tests.fuzz.hostile import canonical, revalued

_CARDS = vectors("evidence/*.node-card")
_TRUST = Trust.of(_CARDS)
_ITEM = vector("evidence/item.evidence")
_FOLDER = VECTORS / "evidence" / "book"
_BOOK = {
    path.relative_to(_FOLDER).as_posix(): path.read_bytes()
    for path in sorted(_FOLDER.rglob("*"))
    if path.is_file()
}


def _evidence(data: bytes) -> None:
    assert parse_evidence(data, "file").encode() == data


def _verified(data: bytes) -> None:
    verify_evidence(data, _TRUST, "file")


def _path(data: bytes) -> None:
    """A book with one file put in or replaced: the first line is its path."""
    path, _, content = data.partition(b"\n")
    name = text(path)
    report = verify_path(Held(_BOOK | {name: content}), _CARDS)
    assert report.ok == (report.problem is None)
    said = [*report.details, report.problem or ""]
    assert all(line.isprintable() for line in said), ascii(said)
    # Openings may be left out; a file that is no part of the book may be a receipt that holds.
    if report.ok and name.startswith("checkpoint") and name in _BOOK:
        # A signature line that stands there twice, or in another place, says nothing new.
        assert set(content.split(b"\n")) <= set(_BOOK[name].split(b"\n"))
    elif name in _BOOK and not name.startswith("openings/"):
        assert report.ok == (content == _BOOK[name])


# -- a partner's own book ----------------------------------------------------------


@cache
def _story() -> list[EntryRow]:
    return b.story()[1]


@cache
def _rows() -> list[tuple[str, dict[str, Any]]]:
    """The kinds and facts of an item's whole way, as plain values."""
    rows = _story()
    return [(row.kind, {o.field: json.loads(o.value) for o in row.openings}) for row in rows]


@cache
def _claim() -> Any:
    return parse_evidence(_ITEM, "example").claim


def _read(data: bytes) -> list[tuple[str, dict[str, Any]]]:
    """Kinds and facts, whatever the facts are. Raises `BadInput` for anything else."""
    try:
        said = msgspec.convert(json.loads(data), list[tuple[str, dict[str, Any]]])
    except (ValueError, RecursionError):
        raise BadInput("a list of kinds and facts", "something else", "harness") from None
    if len(said) > 20:
        raise BadInput("at most 20 entries", "more", "harness")
    return said


def _signed_evidence(data: bytes) -> None:
    """A book whose owner wrote these facts into it, and whose partner cosigned it."""
    book, right, leaf = b.Book(), _story()[0].leaf.hex().encode(), b""
    book.fill(3)
    rows = []
    for kind, facts in _read(data):
        # What comes after the release names it by its leaf: let it go on doing so.
        values = {f: canonical(value).replace(right, leaf or right) for f, value in facts.items()}
        at = b.AT + timedelta(seconds=len(book.rows))
        rows.append(book.put(kind, values, at))
        leaf = leaf or rows[0].leaf.hex().encode()
        book.fill(2)
    proven = tuple(
        Proven(
            row.entry.decode(),
            row.index,
            {o.field: Opening(o.salt, o.value) for o in row.openings},
            tuple(book.tree.inclusion_proof(row.index)),
        )
        for row in rows
    )
    note = book.checkpoint(None, b.JPN).decode()
    verify_evidence(Evidence(b.BOOK, note, _claim(), proven).encode(), _TRUST, "file")


_EXAMPLE_FILES = [f"{path}\n".encode() + data for path, data in _BOOK.items()]
HARNESSES = {
    "evidence": Harness(_evidence, [_ITEM], (revalued,)),
    "verified": Harness(_verified, [_ITEM], (revalued,)),
    "book": Harness(_path, _EXAMPLE_FILES),
    "signed-evidence": Harness(_signed_evidence, [canonical(_rows())], (revalued,)),
}
