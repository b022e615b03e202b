"""Small blobs in one SQLite file: a hundred of them become durable with one flush.

A file of its own costs a flush, and so does its name in its folder; for a few
kilobytes that is nearly all of the time. Promises what `LocalBlobs` promises: a
name is absent or has its bytes, whole and durable. Any thread may ask.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from gsomia.storage.schema import SMALL_BLOBS, copy_to, open_store, outside

_PUT = "INSERT INTO blob VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET body = excluded.body"


class SmallBlobs:
    """The blobs in the file at `path`, which is created if there is none (mode 0600).

    Raises `BadInput` for a file that is not ours and `Unavailable` for one that is
    damaged or out of reach, and for a disk that is full or fails.
    """

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        with outside():
            self._db = open_store(path, SMALL_BLOBS)
            # Names and short bodies, each read about once: no use for the journal's large cache.
            self._db.execute("PRAGMA cache_size = -1024")

    def put(self, new: Iterable[tuple[str, bytes]]) -> None:
        """Keep all, in one durable transaction; earlier ones of these names are replaced."""
        with self._lock, outside():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                self._db.executemany(_PUT, new)
                self._db.execute("COMMIT")
            except BaseException:
                # Some errors make SQLite roll back by itself; the first is the one to tell.
                with suppress(sqlite3.Error):
                    if self._db.in_transaction:
                        self._db.execute("ROLLBACK")
                raise

    def get(self, name: str) -> bytes | None:
        """A blob's bytes, or None."""
        body: bytes | None = self._one("SELECT body FROM blob WHERE name = ?", name)
        return body

    def size(self, name: str) -> int | None:
        """A blob's length in bytes, or None."""
        length: int | None = self._one("SELECT length(body) FROM blob WHERE name = ?", name)
        return length

    def _one(self, question: str, name: str) -> Any:
        with self._lock, outside():
            row = self._db.execute(question, (name,)).fetchone()
        return row[0] if row else None

    def delete(self, name: str) -> None:
        """Remove a blob, durably; nothing is written if there is none."""
        if self.size(name) is not None:
            with self._lock, outside():
                self._db.execute("DELETE FROM blob WHERE name = ?", (name,))

    def names(self) -> set[str]:
        """The names of all."""
        with self._lock, outside():
            return {name for (name,) in self._db.execute("SELECT name FROM blob")}

    def backup(self, target: Path) -> None:
        """Write a copy to a new file. Raises `BadInput` if there is one."""
        with self._lock:
            copy_to(self._db, target)

    def close(self) -> None:
        """Let the file go."""
        with self._lock:
            self._db.close()
