"""The node's database: its books, documents and checkpoints in one SQLite file.

Promises: a batch is durable when `commit` returns, and whole or absent after a
crash; books grow without gaps; an opening that was disposed of leaves no trace
in the files once `vacuum_openings` has returned.

Does not promise: secrecy (the file is readable by whoever reads the disk),
protection from an owner who edits it (that is what cosigned checkpoints are
for), or that a drive erases the blocks it was told to overwrite or that the
write-ahead log gave up: keep the folder on an encrypted disk.

One writer, which holds the folder's lock (`gsomia.storage.lock`). Any thread
may read: readers have connections of their own and see whole commits only.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

from msgspec import msgpack

from gsomia.faults import Unavailable
from gsomia.journal.rows import Batch, EntryRow, OpeningClass, OpeningRow
from gsomia.shapes import msgpack_reader
from gsomia.storage.schema import (
    DOC,
    JOURNAL,
    connect,
    copy_to,
    damaged,
    lengthen_log,
    open_store,
    outside,
)

# `opening.id` is seq * 4 + the code of the class.
_CODES: dict[OpeningClass, int] = {"register": 0, "personal": 1, "content": 2}
_CLASSES: tuple[OpeningClass, ...] = tuple(_CODES)

_ENTRIES = """
SELECT l.idx, e.kind, e.at, e.body, l.hash, a.body, b.body, c.body
FROM leaf l CROSS JOIN entry e ON e.seq = l.seq
LEFT JOIN opening a ON a.id = l.seq * 4
LEFT JOIN opening b ON b.id = l.seq * 4 + 1
LEFT JOIN opening c ON c.id = l.seq * 4 + 2
WHERE l.book = (SELECT no FROM book WHERE name = ?) AND l.idx >= ? AND l.idx < ?
ORDER BY l.idx"""

_EVERYTHING = """
SELECT k.name, l.idx, e.kind, e.at, e.body, l.hash, a.body, b.body, c.body
FROM leaf l CROSS JOIN entry e ON e.seq = l.seq
JOIN book k ON k.no = l.book
LEFT JOIN opening a ON a.id = l.seq * 4
LEFT JOIN opening b ON b.id = l.seq * 4 + 1
LEFT JOIN opening c ON c.id = l.seq * 4 + 2
ORDER BY l.seq"""

_PUT_DOC = (
    "INSERT INTO doc VALUES (?, ?, ?) ON CONFLICT (kind, key) DO UPDATE SET body = excluded.body"
)
_PUT_META = "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
_PUT_CHECKPOINT = (
    "INSERT INTO checkpoint VALUES (?, ?, ?)"
    " ON CONFLICT (book, size) DO UPDATE SET note = excluded.note"
)
_DISPOSE = """
UPDATE opening SET body = zeroblob(length(body)) WHERE id = (
    SELECT seq * 4 + ? FROM leaf WHERE book = (SELECT no FROM book WHERE name = ?) AND idx = ?)"""

_encode = msgpack.Encoder().encode
_decode = msgpack_reader(list[tuple[int, str, bytes, bytes]]).decode


class SqliteStore:
    """A node's database at `path`, created if there is none (mode 0600).

    Raises `BadInput` for a file that is not ours or of another schema version,
    and `Unavailable` for one that is damaged or out of reach.
    """

    def __init__(self, path: Path | str) -> None:
        self._path = Path(path)
        self._lock = threading.Lock()
        self._idle: list[sqlite3.Connection] = []
        self._closed = False
        with outside():
            self._writer = open_store(self._path, JOURNAL)
            try:
                self._load()
            except BaseException:
                self._writer.close()
                raise

    def __repr__(self) -> str:
        return f"SqliteStore({str(self._path)!r})"

    def _load(self) -> None:
        """Take the books' numbers and sizes into memory; the writer alone changes them."""
        rows = self._writer.execute(
            "SELECT no, name, (SELECT max(idx) + 1 FROM leaf WHERE book = no) FROM book"
        ).fetchall()
        self._numbers: dict[str, int] = {name: no for no, name, _ in rows}
        self._heads: dict[str, int] = {name: size or 0 for _, name, size in rows}
        (last,) = self._writer.execute("SELECT coalesce(max(seq), 0) FROM entry").fetchone()
        self._seq: int = last

    # -- writing -------------------------------------------------------------------

    def commit(self, batch: Batch) -> None:
        """Write all of `batch` durably, or nothing.

        Raises `Unavailable` where the disk is full or fails; nothing has changed
        then, as far as this process can see. (If the disk failed while it was
        asked to flush, a later start may still find the batch: a clerk looks at
        `heads` when it starts.) An index that does not continue its book, or a
        disposal in an entry that does not exist, is a bug: `RuntimeError`.
        """
        with self._lock:
            heads, numbers, seq = self._plan(batch)
            with self._transaction() as db:
                new = [(no, name) for name, no in numbers.items() if name not in self._numbers]
                if new:
                    db.executemany("INSERT INTO book VALUES (?, ?)", new)
                self._insert_entries(db, batch.entries, numbers)
                _write_rest(db, batch)
            self._heads, self._numbers, self._seq = heads, numbers, seq

    def _plan(self, batch: Batch) -> tuple[dict[str, int], dict[str, int], int]:
        """The heads, book numbers and last sequence number once `batch` is in."""
        heads, numbers = dict(self._heads), dict(self._numbers)
        for row in batch.entries:
            size = heads.get(row.book, 0)
            if row.index != size:
                raise RuntimeError(f"entry {row.index} does not continue a book of {size}")
            if row.book not in numbers:
                numbers[row.book] = len(numbers) + 1
            heads[row.book] = size + 1
        for book, index, _ in batch.disposals:
            if not 0 <= index < heads.get(book, 0):
                raise RuntimeError(f"disposal in entry {index} of a book of {heads.get(book, 0)}")
        return heads, numbers, self._seq + len(batch.entries)

    def _insert_entries(
        self, db: sqlite3.Connection, rows: list[EntryRow], numbers: dict[str, int]
    ) -> None:
        seqs = range(self._seq + 1, self._seq + 1 + len(rows))
        db.executemany(
            "INSERT INTO entry VALUES (?, ?, ?, ?)",
            [(seq, row.kind, row.at, row.entry) for seq, row in zip(seqs, rows, strict=True)],
        )
        db.executemany(
            "INSERT INTO leaf VALUES (?, ?, ?, ?)",
            [
                (numbers[row.book], row.index, seq, row.leaf)
                for seq, row in zip(seqs, rows, strict=True)
            ],
        )
        openings: list[tuple[int, bytes]] = []
        for seq, row in zip(seqs, rows, strict=True):
            if row.openings:
                openings += _pack(seq, row.openings)
        db.executemany("INSERT INTO opening VALUES (?, ?)", openings)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        if self._closed:
            raise Unavailable("the store is closed")
        db = self._writer
        with outside():
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            except BaseException:
                # Some errors make SQLite roll back by itself; the first error is the one to tell.
                with suppress(sqlite3.Error):
                    if db.in_transaction:
                        db.execute("ROLLBACK")
                raise

    def replace_docs(self, docs: Iterable[tuple[str, str, bytes]]) -> None:
        """Put `docs` in the place of all documents, in one durable transaction.

        If the iterable raises, nothing changes. It may read from this store.
        """
        with self._lock, self._transaction() as db:
            db.execute("DELETE FROM doc")
            db.executemany(_PUT_DOC, docs)

    def replace_checkpoint(self, book: str, size: int, note: bytes) -> None:
        """Keep `note` as the checkpoint of `book` at `size`, durably, in its own transaction."""
        with self._lock, self._transaction() as db:
            db.execute(_PUT_CHECKPOINT, (book, size, note))

    def put_meta(self, key: str, value: bytes) -> None:
        """Keep `value` under `key`, durably, in its own transaction."""
        with self._lock, self._transaction() as db:
            db.execute(_PUT_META, (key, value))

    def vacuum_openings(self, *, documents: bool = True) -> None:
        """Leave no remnant of disposed openings in the database or its write-ahead log.

        Call it after the commit that disposed of them, and at the start, in case
        the last run was stopped between the two. With `documents` the
        documents are written afresh too, since those that were changed or deleted
        may survive in the free space of pages; it takes time with their number
        (about a second for 300,000), so leave it out where documents hold nothing
        that disposal must erase.

        Raises `Unavailable` while a reader holds old pages; the disposal stands,
        and calling again completes the erasure.
        """
        with self._lock:
            if documents:
                with self._transaction() as db:
                    db.execute(DOC.format("doc_new"))
                    db.execute("INSERT INTO doc_new SELECT * FROM doc ORDER BY kind, key")
                    db.execute("DROP TABLE doc")
                    db.execute("ALTER TABLE doc_new RENAME TO doc")
            with outside():
                row = self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            lengthen_log(self._path)
        if row[0]:
            raise Unavailable(
                "the erasure is not complete: a reader holds old pages",
                "Let the running queries and backups end, then erase again",
            )

    # -- reading -------------------------------------------------------------------

    def heads(self) -> dict[str, int]:
        """The size of every book that has an entry."""
        return dict(self._heads)  # a commit replaces the dict, never changes it

    def leaves(self, book: str) -> bytes:
        """The leaf hashes of `book` in order, 32 bytes each; empty for an unknown book."""
        out = bytearray()
        for rows in self._rows(
            "SELECT hash FROM leaf WHERE book = (SELECT no FROM book WHERE name = ?) ORDER BY idx",
            (book,),
        ):
            out += b"".join([row[0] for row in rows])
        return bytes(out)

    def entries(self, book: str, start: int, stop: int) -> Iterator[EntryRow]:
        """The entries of `book` from `start` up to, not including, `stop`, as far as there are.

        Streams: memory does not grow with the range. All come from one state of
        the store, the one when the first is asked for.
        """
        for rows in self._rows(_ENTRIES, (book, start, stop)):
            for idx, kind, at, body, leaf, *packed in rows:
                yield EntryRow(book, idx, kind, at, body, leaf, _unpack(packed))

    def everything(self) -> Iterator[EntryRow]:
        """The entries of all books in the order of writing, as `entries` gives them."""
        for rows in self._rows(_EVERYTHING, ()):
            for book, idx, kind, at, body, leaf, *packed in rows:
                yield EntryRow(book, idx, kind, at, body, leaf, _unpack(packed))

    def entry(self, book: str, index: int) -> EntryRow | None:
        """One entry with the openings that are left, or None."""
        return next(iter(list(self.entries(book, index, index + 1))), None)

    def docs(self) -> Iterator[tuple[str, str, bytes]]:
        """Every document as (kind, key, body), ordered by kind and key; streams."""
        for rows in self._rows("SELECT kind, key, body FROM doc ORDER BY kind, key", ()):
            yield from rows

    def checkpoint(self, book: str, size: int | None = None) -> tuple[int, bytes] | None:
        """The checkpoint of `book` at `size`, or its latest: (size, note), or None."""
        row = self._one(
            "SELECT size, note FROM checkpoint WHERE book = ?1 AND (?2 IS NULL OR size = ?2)"
            " ORDER BY size DESC LIMIT 1",
            (book, size),
        )
        return None if row is None else (row[0], row[1])

    def checkpoints(self, book: str) -> Iterator[tuple[int, bytes]]:
        """Every checkpoint of `book` as (size, note), smallest first; streams."""
        for rows in self._rows(
            "SELECT size, note FROM checkpoint WHERE book = ? ORDER BY size", (book,)
        ):
            yield from rows

    def meta(self, key: str) -> bytes | None:
        """The value kept under `key`, or None."""
        row = self._one("SELECT value FROM meta WHERE key = ?", (key,))
        return None if row is None else row[0]

    def _one(self, sql: str, values: Sequence[object]) -> Any:
        with self._reader() as db:
            return db.execute(sql, values).fetchone()

    def _rows(self, sql: str, values: Sequence[object]) -> Iterator[list[Any]]:
        """The rows of a query, some hundreds at a time."""
        with self._reader() as db:
            cursor = db.execute(sql, values)
            try:
                while rows := cursor.fetchmany(512):
                    yield rows
            finally:
                cursor.close()

    @contextmanager
    def _reader(self) -> Iterator[sqlite3.Connection]:
        """A connection of the caller's own while it reads; kept for the next one after."""
        if self._closed:
            raise Unavailable("the store is closed")
        with outside():
            try:
                db = self._idle.pop()
            except IndexError:
                db = connect(self._path)
                db.execute("PRAGMA query_only = ON")
            whole = True
            try:
                yield db
            except sqlite3.Error:
                whole = False
                raise
            finally:
                if whole and not self._closed:
                    self._idle.append(db)
                else:
                    db.close()

    # -- the whole -----------------------------------------------------------------

    def check(self) -> None:
        """Read the whole file and raise `Unavailable` if its structure is damaged. Slow."""
        if self._one("PRAGMA integrity_check(1)", ()) != ("ok",):
            raise damaged()

    def backup(self, path: Path | str) -> None:
        """Write a copy of the store as it is now to a new file, while work goes on.

        The copy holds every opening not yet disposed of: keep it as safe as the
        original, and destroy it when they are due. Raises `BadInput` if `path`
        exists, `Unavailable` if it cannot be written; no partial file is left.
        """
        with self._reader() as db:
            copy_to(db, Path(path))

    def close(self) -> None:
        """Close the store; idempotent. A reader at work ends first, with a connection of its own.

        Whatever is asked of it afterwards is `Unavailable`.
        """
        with self._lock:
            self._closed = True
            while self._idle:
                self._idle.pop().close()
            self._writer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


# -- rows ------------------------------------------------------------------------------


def _pack(seq: int, openings: tuple[OpeningRow, ...]) -> list[tuple[int, bytes]]:
    """The openings as one row a class; each keeps its position among all of them."""
    groups: dict[int, list[tuple[int, str, bytes, bytes]]] = {}
    for position, row in enumerate(openings):
        groups.setdefault(_CODES[row.class_], []).append((position, row.field, row.salt, row.value))
    return [(seq * 4 + code, _encode(groups[code])) for code in sorted(groups)]


def _unpack(packed: list[bytes | None]) -> tuple[OpeningRow, ...]:
    """The openings left, in the order they were given."""
    found: list[tuple[int, OpeningRow]] = []
    for class_, body in zip(_CLASSES, packed, strict=True):
        # A list never begins with a zero byte in MessagePack: zeros are a disposal.
        if body is not None and body[0]:
            found += [
                (position, OpeningRow(field, class_, salt, value))
                for position, field, salt, value in _decode(body)
            ]
    found.sort(key=lambda pair: pair[0])
    return tuple([row for _, row in found])


def _write_rest(db: sqlite3.Connection, batch: Batch) -> None:
    """Documents, checkpoints, disposals and meta, in that order; of two for a key the last."""
    # Most batches lack most of these, and an empty executemany is not free.
    if batch.docs:
        docs = {(kind, key): body for kind, key, body in batch.docs}
        db.executemany(_PUT_DOC, [(*at, body) for at, body in docs.items() if body is not None])
        db.executemany(
            "DELETE FROM doc WHERE kind = ? AND key = ?",
            [at for at, body in docs.items() if body is None],
        )
    if batch.checkpoints:
        db.executemany(_PUT_CHECKPOINT, batch.checkpoints)
    if batch.disposals:
        db.executemany(
            _DISPOSE, [(_CODES[class_], book, index) for book, index, class_ in batch.disposals]
        )
    if batch.meta:
        meta = dict(batch.meta)
        db.executemany(
            _PUT_META, [(key, value) for key, value in meta.items() if value is not None]
        )
        db.executemany(
            "DELETE FROM meta WHERE key = ?",
            [(key,) for key, value in meta.items() if value is None],
        )
