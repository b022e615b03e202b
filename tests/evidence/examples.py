"""Writes `tests/vectors/evidence/`: `python -m tests.evidence.examples`.

ML-DSA draws randomness, so another run gives other bytes that hold as well;
`test_pages.py` verifies the stored ones, and holds the page in `docs/formats/` against them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from gsomia.evidence.file import VERSION, parse_evidence
from gsomia.journal.entry import Opening
from tests.evidence import builders as b

FOLDER = Path(__file__).parents[1] / "vectors" / "evidence"
_SHOWN = 60


def make() -> dict[str, bytes]:
    """Every file of the folder."""
    book, rows = b.story()
    item = b.evidence(book, rows)
    files = {
        "kor.node-card": b.KOR.note,
        "jpn.node-card": b.JPN.note,
        "item.evidence": item,
        **{f"book/{path}": data for path, data in book.files(9).items()},
        **bad(book, item),
    }
    return dict(sorted(files.items()))


def bad(book: b.Book, item: bytes) -> dict[str, bytes]:
    """Files that must be refused; each name says the class of failure and why."""
    read = parse_evidence(item, "item")
    first = read.entries[0]
    openings = {**first.openings, "purpose": Opening(bytes(32), b'"training"')}
    altered = b.replaced(first, openings=openings)
    claim = b.replaced(read.claim, purpose="training")
    return {
        "bad/input-version.evidence": item.replace(b"/v1\n", b"/v2\n", 1),
        "bad/proof-claim.evidence": b.replaced(read, claim=claim).encode(),
        "bad/proof-opening.evidence": b.replaced(
            read, entries=(altered, *read.entries[1:]), claim=claim
        ).encode(),
        "bad/proof-cosignature.evidence": b.replaced(
            read, checkpoint=book.checkpoint().decode()
        ).encode(),
    }


def shown(data: bytes) -> str:
    """An evidence file as the page shows it: spread out, and cut."""
    said = json.loads(data[len(VERSION) :])
    first = said["entries"][0]
    first["openings"] = dict(list(first["openings"].items())[:2])
    first["proof"] = first["proof"][:1]
    said["entries"] = [first]
    said["claim"]["lines"] = said["claim"]["lines"][:1]
    return VERSION.decode() + json.dumps(_cut(said), indent=1, ensure_ascii=False)


def _cut(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _cut(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_cut(inner) for inner in value]
    whole = not isinstance(value, str) or len(value) <= _SHOWN
    return value if whole else value[:_SHOWN] + "…"


if __name__ == "__main__":
    for name, content in make().items():
        (FOLDER / name).parent.mkdir(parents=True, exist_ok=True)
        (FOLDER / name).write_bytes(content)
    print(shown((FOLDER / "item.evidence").read_bytes()))
