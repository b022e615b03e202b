"""Disposal leaves no remnant: the raw bytes of every file are searched for the salts."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from gsomia.canon import sha256
from gsomia.faults import Unavailable
from gsomia.journal.rows import Batch, EntryRow, OpeningClass, OpeningRow
from gsomia.storage.sqlite import SqliteStore

CLASSES: tuple[OpeningClass, ...] = ("register", "personal", "content")


def raw_files(path: Path) -> bytes:
    """Every byte of the database: the file, its log and its index."""
    return b"".join(file.read_bytes() for file in sorted(path.parent.glob(path.name + "*")))


def salt(book: str, index: int, class_: str) -> bytes:
    return b"SALT" + sha256(f"{book} {index} {class_}".encode())[:12]


def marked(mark: bytes, path: Path) -> set[bytes]:
    """Every 16 bytes beginning with `mark` anywhere in the files."""
    return set(re.findall(mark + b"[\\x00-\\xff]{12}", raw_files(path)))


def row(draw: random.Random, book: str, index: int) -> EntryRow:
    """Openings from a few bytes to some pages long, so that overflow pages are met too."""
    openings = tuple(
        OpeningRow("f", class_, salt(book, index, class_), bytes(draw.choice([5, 200, 900, 9000])))
        for class_ in CLASSES
    )
    return EntryRow(book, index, "k", "t", b"entry", sha256(b""), openings)


def test_one_disposal(tmp_path: Path) -> None:
    path = tmp_path / "node.db"
    with SqliteStore(path) as store:
        store.commit(Batch(entries=[row(random.Random(1), "a", 0)]))
        assert salt("a", 0, "content") in raw_files(path)
        store.commit(Batch(disposals=[("a", 0, "content")]))
        entry = store.entry("a", 0)
        assert entry is not None
        assert [o.class_ for o in entry.openings] == ["register", "personal"]
        store.vacuum_openings()
        raw = raw_files(path)
        assert salt("a", 0, "content") not in raw
        assert salt("a", 0, "register") in raw
        store.commit(Batch(disposals=[("a", 0, "content")]))  # again: nothing happens
        assert store.entry("a", 0) == entry


def test_disposal_in_an_entry_that_does_not_exist_is_a_bug(tmp_path: Path) -> None:
    with SqliteStore(tmp_path / "node.db") as store:
        store.commit(Batch(entries=[row(random.Random(1), "a", 0)]))
        for book, index in [("a", 1), ("a", -1), ("b", 0)]:
            with pytest.raises(RuntimeError, match="disposal"):
                store.commit(Batch(disposals=[(book, index, "content")]))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_books_that_grow_and_shrink_together(tmp_path: Path, seed: int) -> None:
    """Three books interleaved, many rounds: what is gone is nowhere, what is left is whole."""
    draw = random.Random(seed)
    path = tmp_path / "node.db"
    live: dict[tuple[str, int, OpeningClass], None] = {}
    gone: list[tuple[str, int, OpeningClass]] = []
    docs: dict[str, bytes] = {}
    old_docs: list[bytes] = []
    with SqliteStore(path) as store:
        for _ in range(25):
            heads = store.heads()
            batch = Batch()
            for _ in range(40):
                book = draw.choice("abc")
                index = heads.get(book, 0)
                heads[book] = index + 1
                batch.entries.append(row(draw, book, index))
                live |= {(book, index, class_): None for class_ in CLASSES}
            for _ in range(60):
                key = f"{draw.randrange(400)}"
                body = b"DOCS" + draw.randbytes(12)
                if key in docs:
                    old_docs.append(docs[key])
                docs[key] = body
                batch.docs.append(("k", key, body + bytes(draw.randrange(600))))
            for target in draw.sample(list(live), 50):
                del live[target]
                gone.append(target)
                batch.disposals.append(target)
            store.commit(batch)
        store.vacuum_openings()
        salts = marked(b"SALT", path)
        assert [target for target in gone if salt(*target) in salts] == []
        assert [target for target in live if salt(*target) not in salts] == []
        assert marked(b"DOCS", path).isdisjoint(old_docs)
        assert {key: body[:16] for _, key, body in store.docs()} == docs
        store.check()
        kept = {
            (entry.book, entry.index, opening.class_)
            for book in "abc"
            for entry in store.entries(book, 0, 10_000)
            for opening in entry.openings
        }
        assert kept == set(live)


def test_a_reader_of_old_pages_delays_the_erasure_and_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gsomia.storage.schema.BUSY_SECONDS", 0.05)
    path = tmp_path / "node.db"
    with SqliteStore(path) as store:
        draw = random.Random(1)
        store.commit(Batch(entries=[row(draw, "a", index) for index in range(1000)]))
        entries = store.entries("a", 0, 1000)
        next(entries)
        store.commit(Batch(disposals=[("a", 0, "content")]))
        with pytest.raises(Unavailable, match="a reader holds old pages"):
            store.vacuum_openings()
        assert len(list(entries)) == 999
        store.vacuum_openings()
        assert salt("a", 0, "content") not in raw_files(path)
