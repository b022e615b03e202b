"""Durable entries: the store alone and the clerk with commands, beside bare flushes."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import lone
from timing import Result, Row, Sizes, alone, compare, main, once, per_second

from gsomia.canon import encode, instant
from gsomia.journal.entry import make_entry
from gsomia.journal.rows import Batch, EntryRow, OpeningRow
from gsomia.journal.tree import leaf_hash
from gsomia.storage.sqlite import SqliteStore

BOOK, GROUP = "rok-japan-2016", 100
FACTS = {
    "id": encode("0123456789abcdef0123456789abcdef"),
    "item": encode("KOR-DIH1-2026-000001"),
    "copy": encode(1),
    "person": encode("K-5"),
    "facility": encode("F-1"),
    "purpose": encode("assessment of missile launches"),
}
ENTRIES = per_second("entries")


def row(index: int) -> EntryRow:
    """An entry of six facts with its openings, as one access to a copy makes it."""
    at = datetime.now(UTC)
    entry, opened = make_entry(
        f"kor-dih1.example/books/{BOOK}", index, "registry.access", at, FACTS, os.urandom(32)
    )
    openings = tuple(OpeningRow(f, "register", o.salt, o.value) for f, o in opened.items())
    return EntryRow(BOOK, index, "registry.access", instant(at), entry, leaf_hash(entry), openings)


def stored(one: EntryRow) -> bytes:
    """The same bytes as the store keeps of an entry, for a file that is only appended to."""
    openings = b"".join(o.field.encode() + o.salt + o.value for o in one.openings)
    return one.entry + one.leaf + openings


def insert(db: sqlite3.Connection, batches: list[list[EntryRow]]) -> None:
    """The limit for groups: the same bytes in one table, without index, documents or openings."""
    for batch in batches:
        db.execute("BEGIN IMMEDIATE")
        db.executemany("INSERT INTO entry (body) VALUES (?)", [(stored(one),) for one in batch])
        db.execute("COMMIT")


def store_rows(folder: Path, sizes: Sizes) -> list[Row]:
    """One by one and in groups, each with a document, beside a flushed append in the same round."""
    store = SqliteStore(folder / "journal.db")
    file = os.open(folder / "appended", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    indexes: Iterator[int] = count()
    ours, raw, groups, bare = [], [], [], []
    plain = sqlite3.connect(folder / "plain.db", isolation_level=None)
    for setting in ("journal_mode = WAL", "synchronous = FULL"):
        plain.execute(f"PRAGMA {setting}")
    plain.execute("CREATE TABLE entry (seq INTEGER PRIMARY KEY, body BLOB NOT NULL)")
    each = sizes.of(100, 3)
    for _ in range(sizes.rounds):
        rows = [row(next(indexes)) for _ in range(each)]
        bytes_ = [stored(one) for one in rows]

        def append(chunks: list[bytes] = bytes_) -> None:
            for chunk in chunks:
                os.write(file, chunk)
                os.fdatasync(file)

        def commit(batches: list[list[EntryRow]]) -> None:
            for batch in batches:
                docs = [("registry.access", f"a-{one.index}", one.entry) for one in batch]
                store.commit(Batch(entries=batch, docs=list(docs)))

        raw.append(once(append) / each)
        ours.append(once(lambda rows=rows: commit([[one] for one in rows])) / each)
        many = sizes.of(10, 1)
        grouped = [[row(next(indexes)) for _ in range(GROUP)] for _ in range(many)]
        groups.append(once(lambda grouped=grouped: commit(grouped)) / (many * GROUP))
        bare.append(once(lambda grouped=grouped: insert(plain, grouped)) / (many * GROUP))
    store.close()
    plain.close()
    os.close(file)
    name = "write and fdatasync of the same bytes"
    return [
        compare("store, one by one with a document", ours, name, raw, ENTRIES, at_least=0.8),
        # 50,000 a second, where SQLite in groups makes 294,000.
        compare(
            f"store, groups of {GROUP} with documents",
            groups,
            "SQLite, one table, the same bytes and groups",
            bare,
            ENTRIES,
            at_least=0.17,
        ),
    ]


def clerk_rows(folder: Path, sizes: Sizes) -> list[Row]:
    """Officers' commands decided, filed and folded; their signatures were verified before."""
    one_by_one, grouped = [], []
    numbers = 0
    with lone.node(folder) as node:
        for _ in range(sizes.of(5, 2)):
            few = lone.needs(numbers, numbers + sizes.of(50, 3))
            many = lone.needs(numbers + len(few), numbers + len(few) + sizes.of(2000, 10))
            numbers += len(few) + len(many)

            def submit(commands: list = few) -> None:  # type: ignore[type-arg]
                for command, order in commands:
                    node.clerk.submit(command, order)

            def hand_in(commands: list = many) -> None:  # type: ignore[type-arg]
                waiting = [node.clerk.hand_in(command, order) for command, order in commands]
                for answer in waiting:
                    answer.result()

            one_by_one.append(once(submit) / len(few))
            grouped.append(once(hand_in) / len(many))
    commands = per_second("commands")
    return [
        alone("clerk, a command at a time", one_by_one, commands),
        alone("clerk, commands that wait in its queue", grouped, commands),
    ]


def measure(sizes: Sizes) -> Result:
    """On the disk that holds the system's temporary folder."""
    with tempfile.TemporaryDirectory(prefix="gsomia-bench-") as name:
        folder = Path(name)
        rows = store_rows(folder, sizes) + clerk_rows(folder, sizes)
    note = "each command is decided by its rules, filed as an entry of ten facts and folded"
    return Result("Durable journal entries", tuple(rows), (), (note,))


if __name__ == "__main__":
    main(measure)
