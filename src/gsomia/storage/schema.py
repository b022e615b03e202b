"""The database files themselves: their schemas, their settings, and what can be wrong with one."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from gsomia.durable import fsync_folder
from gsomia.faults import BadInput, Unavailable


class Layout(NamedTuple):
    """What a file of ours holds: `version` is kept as its `user_version`, `mark` in its header."""

    mark: int
    version: int
    schema: str
    tables: frozenset[str]


# Openings must vanish on disposal, and SQLite's secure_delete alone does not see
# to it: when a B-tree page splits or merges, copies of the rows it moved stay in
# the page's free space. So the table of openings is only ever appended to at its
# right edge (`id` rises with `seq`) and a disposal overwrites the body with zeros
# of the same length, in place: no row is ever moved, and there is no copy to miss.
_BOOKS = """
CREATE TABLE book (no INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE entry (
    seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, at TEXT NOT NULL, body BLOB NOT NULL
) STRICT;
CREATE TABLE leaf (
    book INTEGER NOT NULL REFERENCES book, idx INTEGER NOT NULL CHECK (idx >= 0),
    seq INTEGER NOT NULL, hash BLOB NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (book, idx)
) STRICT, WITHOUT ROWID;
CREATE TABLE opening (id INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;
CREATE TABLE checkpoint (
    book TEXT NOT NULL, size INTEGER NOT NULL CHECK (size >= 0), note BLOB NOT NULL,
    PRIMARY KEY (book, size)
) STRICT, WITHOUT ROWID;
CREATE TABLE meta (key TEXT NOT NULL PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
"""
DOC = """CREATE TABLE {} (
    kind TEXT NOT NULL, key TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;"""

JOURNAL = Layout(
    0x47534F4D,  # the letters GSOM
    1,
    _BOOKS + DOC.format("doc"),
    frozenset({"book", "entry", "leaf", "opening", "checkpoint", "meta", "doc"}),
)
SMALL_BLOBS = Layout(
    0x47534F42,  # the letters GSOB
    1,
    "CREATE TABLE blob (name TEXT NOT NULL UNIQUE, body BLOB NOT NULL) STRICT;",
    frozenset({"blob"}),
)

_LOG_PAGES = 4096
"""Pages (of 4 KiB) the write-ahead log may reach before a commit moves them home."""

_LOG_BYTES = _LOG_PAGES * (4096 + 24) + 32
"""So long is the file of the log from the start: each page has 24 bytes before it, the file 32."""

_ROOM = 64
"""Times the log's length that must be free on the disk for it to be made so long."""

_CACHE_KIB = 32768
"""The most page cache one connection takes; SQLite's own 2 MiB cannot hold the documents."""

BUSY_SECONDS = 5.0

# What a disk, another process or the machine did, as against a bug of ours.
_OUTSIDE = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_IOERR: "the disk failed",
    sqlite3.SQLITE_BUSY: "another process holds the node's database",
    sqlite3.SQLITE_LOCKED: "another process holds the node's database",
    sqlite3.SQLITE_READONLY: "the node's database cannot be written",
    sqlite3.SQLITE_CANTOPEN: "the node's database cannot be opened",
    sqlite3.SQLITE_PERM: "the node's database cannot be opened",
    sqlite3.SQLITE_NOMEM: "memory is exhausted",
    sqlite3.SQLITE_CORRUPT: "the node's database is damaged",
    sqlite3.SQLITE_NOTADB: "the node's database is damaged",
}
_HINTS = {
    sqlite3.SQLITE_FULL: "Free some space; nothing was changed",
    sqlite3.SQLITE_CORRUPT: "Keep the file and restore a backup",
    sqlite3.SQLITE_NOTADB: "Keep the file and restore a backup",
}


@contextmanager
def outside() -> Iterator[None]:
    """Turn what the disk or the machine did into `Unavailable`; let bugs through."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if code not in _OUTSIDE:
            raise
        raise Unavailable(_OUTSIDE[code], _HINTS.get(code, "")) from error


def damaged() -> Unavailable:
    """The error for a file whose structure does not hold."""
    return Unavailable(_OUTSIDE[sqlite3.SQLITE_CORRUPT], _HINTS[sqlite3.SQLITE_CORRUPT])


def connect(path: Path) -> sqlite3.Connection:
    """A connection with every setting the store relies on; no file is created."""
    if not path.exists():
        raise Unavailable("the node's database is missing", f"Restore {path.name} from a backup")
    db = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        for setting in (
            "trusted_schema = OFF",  # a doctored schema runs no functions
            "cell_size_check = ON",
            "foreign_keys = ON",
            "secure_delete = ON",
            "synchronous = FULL",
            "temp_store = MEMORY",  # nothing of ours in a temporary file elsewhere
            f"wal_autocheckpoint = {_LOG_PAGES}",
            f"cache_size = -{_CACHE_KIB}",
        ):
            db.execute(f"PRAGMA {setting}")
    except BaseException:
        db.close()
        raise
    return db


def open_store(path: Path, layout: Layout) -> sqlite3.Connection:
    """The writer's connection to an existing file of this layout, or to one made now."""
    if not path.exists():
        try:
            create_private(path)
            fsync_folder(path.parent)
        except OSError as error:
            raise Unavailable(
                "the node's database cannot be created", error.strerror or ""
            ) from error
    elif path.is_dir():
        raise BadInput("a database file", "a folder", path.name)
    _check_magic(path)
    db = connect(path)
    try:
        if not _is_ours(db, layout, path.name):
            _create(db, layout)
        (mode,) = db.execute("PRAGMA journal_mode = WAL").fetchone()
        db.execute("SELECT 1 FROM sqlite_schema").fetchone()  # opens the log
    except BaseException:
        db.close()
        raise
    if mode != "wal":
        db.close()
        raise Unavailable("the file system cannot keep a write-ahead log", "Use a local disk")
    lengthen_log(path)
    return db


def lengthen_log(path: Path) -> None:
    """Write zeros behind the write-ahead log of an open database, up to its usual length.

    A commit then overwrites what is there. If it appended, each flush would also have the file
    system write down the new length, in a log of its own: a commit takes twice as long. SQLite
    ends its log at the first frame whose sum does not hold, so it never reads the zeros.

    For the only process that has the database open, while nothing writes to it. Where the disk
    has little room, or fails, nothing is promised but that what was there still is.
    """
    log = path.with_name(path.name + "-wal")
    with suppress(OSError):
        if shutil.disk_usage(log.parent).free < _ROOM * _LOG_BYTES:
            return
        with log.open("r+b") as file:
            missing = _LOG_BYTES - file.seek(0, os.SEEK_END)
            file.write(bytes(max(missing, 0)))
            file.flush()
            os.fsync(file.fileno())


def _check_magic(path: Path) -> None:
    """Refuse a file of another kind before SQLite touches it."""
    with path.open("rb") as file:
        head = file.read(16)
    if head and head != b"SQLite format 3\0":
        raise BadInput("a node's database", "a file of another kind", path.name)


def _is_ours(db: sqlite3.Connection, layout: Layout, where: str) -> bool:
    """Whether the schema is there; False for an empty file, `BadInput` for any other."""
    (application,) = db.execute("PRAGMA application_id").fetchone()
    (version,) = db.execute("PRAGMA user_version").fetchone()
    tables = {name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type='table'")}
    if not tables and application == version == 0:
        return False
    if application != layout.mark:
        raise BadInput("a node's database", "a database of another program", where)
    if version != layout.version:
        age = "newer" if version > layout.version else "older"
        raise BadInput(f"schema version {layout.version}", f"the {age} version {version}", where)
    if tables != layout.tables:
        raise BadInput("the tables of a node's database", "others", where)
    return True


def _create(db: sqlite3.Connection, layout: Layout) -> None:
    """Make the schema in one transaction, so that a crash leaves an empty file or a whole one."""
    db.execute("BEGIN IMMEDIATE")
    for statement in layout.schema.split(";"):
        db.execute(statement)
    db.execute(f"PRAGMA application_id = {layout.mark}")
    db.execute(f"PRAGMA user_version = {layout.version}")
    db.execute("COMMIT")


def create_private(path: Path) -> None:
    """Create `path` empty with mode 0600; SQLite gives its log the same mode."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600))


def copy_to(db: sqlite3.Connection, target: Path) -> None:
    """Write a copy of a database as it is now to a new file, durably.

    Raises `BadInput` if `target` exists, `Unavailable` if it cannot be written; no
    partial file is left.
    """
    part = target.with_name(target.name + ".part")
    if target.exists():
        raise BadInput("a new file", "one that exists", target.name)
    try:
        part.unlink(missing_ok=True)
        create_private(part)
        with outside():
            copy = sqlite3.connect(part, isolation_level=None)
            try:
                db.backup(copy)
            finally:
                copy.close()
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        # A link refuses to replace what somebody else put there meanwhile.
        os.link(part, target)
        part.unlink()
        fsync_folder(target.parent)
    except FileExistsError:
        raise BadInput("a new file", "one that exists", target.name) from None
    except OSError as error:
        raise Unavailable("the backup cannot be written", error.strerror or "") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
