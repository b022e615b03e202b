"""The store: what is committed is there, whole and in order, and nothing else is."""

from __future__ import annotations

import shutil
import sqlite3
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gsomia.canon import sha256
from gsomia.faults import BadInput, Unavailable
from gsomia.journal.rows import Batch, EntryRow, OpeningRow
from gsomia.storage.sqlite import SqliteStore

BOOK = "kr-jp"


def row(index: int, book: str = BOOK, *openings: OpeningRow) -> EntryRow:
    entry = f"{book} {index}".encode()
    return EntryRow(
        book, index, "registered", "2026-11-23T00:00:00Z", entry, sha256(entry), openings
    )


NUMBER = OpeningRow("number", "register", b"s" * 16, b"17")
HOLDER = OpeningRow("holder", "personal", b"t" * 16, b"a name")
TITLE = OpeningRow("title", "content", b"u" * 16, b"a title")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with SqliteStore(tmp_path / "node.db") as store:
        yield store


def reopened(store: SqliteStore, tmp_path: Path) -> SqliteStore:
    store.close()
    return SqliteStore(tmp_path / "node.db")


# -- a batch ------------------------------------------------------------------------


def test_a_batch_is_there_after_reopening(store: SqliteStore, tmp_path: Path) -> None:
    rows = [row(0, BOOK, HOLDER, NUMBER, TITLE), row(0, "house"), row(1, BOOK, NUMBER)]
    store.commit(
        Batch(
            entries=rows,
            docs=[("item", "b", b"2"), ("item", "a", b"1"), ("copy", "z", b"3")],
            checkpoints=[(BOOK, 2, b"note 2"), ("house", 1, b"note 1")],
            meta=[("epoch", b"7")],
        )
    )
    with reopened(store, tmp_path) as again:
        assert again.heads() == {BOOK: 2, "house": 1}
        assert list(again.entries(BOOK, 0, 9)) == [rows[0], rows[2]]
        assert again.entry("house", 0) == rows[1]
        assert again.leaves(BOOK) == rows[0].leaf + rows[2].leaf
        assert list(again.docs()) == [
            ("copy", "z", b"3"),
            ("item", "a", b"1"),
            ("item", "b", b"2"),
        ]
        assert again.checkpoint(BOOK) == (2, b"note 2")
        assert again.meta("epoch") == b"7"
        again.check()


def test_what_is_not_there(store: SqliteStore) -> None:
    store.commit(Batch(entries=[row(0)]))
    assert store.entry(BOOK, 1) is None
    assert store.entry(BOOK, -1) is None
    assert store.entry("no book", 0) is None
    assert list(store.entries("no book", 0, 9)) == []
    assert store.leaves("no book") == b""
    assert store.checkpoint(BOOK) is None
    assert list(store.checkpoints(BOOK)) == []
    assert store.meta("key") is None
    assert list(store.docs()) == []


def test_a_range_of_entries(store: SqliteStore) -> None:
    store.commit(Batch(entries=[row(index) for index in range(10)]))
    assert [entry.index for entry in store.entries(BOOK, 3, 6)] == [3, 4, 5]
    assert [entry.index for entry in store.entries(BOOK, 8, 99)] == [8, 9]
    assert list(store.entries(BOOK, 6, 3)) == []


@pytest.mark.parametrize("indices", [[1], [0, 0], [0, 2], [-1]])
def test_an_index_that_does_not_continue_the_book_is_a_bug(
    store: SqliteStore, indices: list[int]
) -> None:
    with pytest.raises(RuntimeError, match="does not continue"):
        store.commit(Batch(entries=[row(index) for index in indices], meta=[("k", b"v")]))
    assert store.heads() == {}
    assert store.meta("k") is None
    store.commit(Batch(entries=[row(0), row(1)]))
    assert store.heads() == {BOOK: 2}


def test_a_batch_with_one_bad_part_changes_nothing(store: SqliteStore) -> None:
    """A leaf of the wrong size is our bug: SQLite's own error comes out, and all is undone."""
    bad = EntryRow("new book", 0, "k", "t", b"", b"short")
    with pytest.raises(sqlite3.IntegrityError):
        store.commit(Batch(entries=[row(0), bad], docs=[("a", "b", b"c")]))
    assert store.heads() == {}
    assert list(store.docs()) == []
    store.commit(Batch(entries=[row(0), row(0, "new book")]))
    assert store.heads() == {BOOK: 1, "new book": 1}


def test_documents_change_and_go(store: SqliteStore) -> None:
    store.commit(Batch(docs=[("k", "a", b"1"), ("k", "b", b"1"), ("k", "c", b"1")]))
    store.commit(
        Batch(
            docs=[
                ("k", "a", b"2"),
                ("k", "b", None),
                ("k", "none", None),
                ("k", "c", None),
                ("k", "c", b"the last of two counts"),
            ]
        )
    )
    assert list(store.docs()) == [("k", "a", b"2"), ("k", "c", b"the last of two counts")]


def test_replace_docs(store: SqliteStore) -> None:
    store.commit(Batch(docs=[("k", "old", b"1"), ("k", "both", b"1")]))
    # The iterable may read the store it replaces.
    store.replace_docs((kind, key, body + b"!") for kind, key, body in store.docs() if key != "old")
    assert list(store.docs()) == [("k", "both", b"1!")]


def test_replace_docs_that_fails_midway_changes_nothing(store: SqliteStore) -> None:
    store.commit(Batch(docs=[("k", "old", b"1")]))

    def broken() -> Iterator[tuple[str, str, bytes]]:
        yield "k", "new", b"2"
        raise ValueError("the fold failed")

    with pytest.raises(ValueError, match="the fold failed"):
        store.replace_docs(broken())
    assert list(store.docs()) == [("k", "old", b"1")]


def test_a_cosigned_checkpoint_replaces_the_bare_one(store: SqliteStore) -> None:
    store.commit(Batch(checkpoints=[(BOOK, 5, b"bare 5"), (BOOK, 7, b"bare 7")]))
    store.replace_checkpoint(BOOK, 5, b"cosigned 5")
    store.commit(Batch(checkpoints=[(BOOK, 7, b"cosigned 7")]))
    assert list(store.checkpoints(BOOK)) == [(5, b"cosigned 5"), (7, b"cosigned 7")]
    assert store.checkpoint(BOOK) == (7, b"cosigned 7")
    assert store.checkpoint(BOOK, 5) == (5, b"cosigned 5")
    assert store.checkpoint(BOOK, 6) is None


def test_meta(store: SqliteStore, tmp_path: Path) -> None:
    store.put_meta("a", b"1")
    store.put_meta("a", b"2")
    store.commit(Batch(meta=[("b", b"1"), ("gone", b"1")]))
    store.commit(Batch(meta=[("gone", None)]))
    with reopened(store, tmp_path) as again:
        assert (again.meta("a"), again.meta("b"), again.meta("gone")) == (b"2", b"1", None)


OPENINGS = st.lists(
    st.builds(
        OpeningRow,
        st.text(max_size=5),
        st.sampled_from(["register", "personal", "content"]),
        st.binary(max_size=20),
        st.binary(max_size=20),
    ),
    max_size=6,
).map(tuple)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    openings=st.lists(st.tuples(st.sampled_from(["a", "b", "ü"]), OPENINGS), max_size=12),
    gone=st.lists(
        st.tuples(st.integers(0, 11), st.sampled_from(["register", "personal", "content"])),
        max_size=6,
    ),
    cuts=st.sets(st.integers(0, 12)),
)
def test_books_come_back_as_they_went_in_less_what_was_disposed_of(
    tmp_path_factory: pytest.TempPathFactory, openings, gone, cuts
) -> None:
    """However the entries are cut into batches, and in the order of their openings."""
    path = tmp_path_factory.mktemp("law") / "node.db"
    books: dict[str, list[EntryRow]] = {}
    batches = [Batch()]
    for place, (book, opened) in enumerate(openings):
        if place in cuts:
            batches.append(Batch())
        entry = row(len(books.setdefault(book, [])), book, *opened)
        books[book].append(entry)
        batches[-1].entries.append(entry)
    last = Batch()
    for place, class_ in gone:
        for book, rows in books.items():
            if place < len(rows):
                last.disposals.append((book, place, class_))
                left = tuple(o for o in rows[place].openings if o.class_ != class_)
                rows[place] = row(place, book, *left)
    with SqliteStore(path) as store:
        for batch in [*batches, last]:
            store.commit(batch)
    with SqliteStore(path) as store:
        assert store.heads() == {book: len(rows) for book, rows in books.items()}
        for book, rows in books.items():
            assert list(store.entries(book, 0, len(rows))) == rows
            assert store.leaves(book) == b"".join(r.leaf for r in rows)


# -- threads ------------------------------------------------------------------------


def test_readers_in_other_threads_see_whole_batches(store: SqliteStore) -> None:
    seen: list[int] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            seen.append(len(list(store.entries(BOOK, 0, 1000))))
            seen.append(len(store.leaves(BOOK)) // 32)

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    for start in range(0, 500, 10):
        store.commit(Batch(entries=[row(index) for index in range(start, start + 10)]))
    done.set()
    for thread in threads:
        thread.join()
    assert seen
    assert all(count % 10 == 0 for count in seen)


def test_an_iterator_keeps_its_state_while_the_book_grows(store: SqliteStore) -> None:
    store.commit(Batch(entries=[row(index) for index in range(1000)]))
    entries = store.entries(BOOK, 0, 9999)
    first = next(entries)
    store.commit(Batch(entries=[row(1000)]))
    assert [first, *entries] == [row(index) for index in range(1000)]
    assert store.entry(BOOK, 1000) == row(1000)


def test_a_closed_store_is_unavailable(store: SqliteStore) -> None:
    store.close()
    store.close()
    with pytest.raises(Unavailable, match="closed"):
        store.meta("a")
    with pytest.raises(Unavailable, match="closed"):
        store.put_meta("a", b"")


# -- the disk -----------------------------------------------------------------------

FileSizeLimit = Callable[[int], AbstractContextManager[None]]


def test_a_full_disk_changes_nothing(
    store: SqliteStore, tmp_path: Path, file_size_limit: FileSizeLimit
) -> None:
    store.commit(Batch(entries=[row(0)], docs=[("k", "a", b"1")]))
    size = (tmp_path / "node.db-wal").stat().st_size
    large = Batch(
        entries=[row(index) for index in range(1, 2000)],
        docs=[("k", "a", b"2"), ("k", "big", b"x" * 20_000_000)],
    )
    with pytest.raises(Unavailable, match="the disk"), file_size_limit(size + 100_000):
        store.commit(large)
    assert store.heads() == {BOOK: 1}
    assert list(store.docs()) == [("k", "a", b"1")]
    with reopened(store, tmp_path) as again:
        assert again.heads() == {BOOK: 1}
        again.check()
        again.commit(large)
        assert again.heads() == {BOOK: 2000}


def test_a_store_that_sqlite_finds_full_changes_nothing(store: SqliteStore) -> None:
    store.commit(Batch(entries=[row(0)]))
    pages = store._writer.execute("PRAGMA page_count").fetchone()[0]
    store._writer.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(Unavailable, match=r"the disk is full\. Free some space"):
        store.commit(Batch(entries=[row(1)], docs=[("k", "a", b"x" * 100_000)]))
    assert store.heads() == {BOOK: 1}
    store.commit(Batch(entries=[row(1)]))
    assert store.heads() == {BOOK: 2}


def test_commits_overwrite_the_log_and_do_not_make_it_longer(
    store: SqliteStore, tmp_path: Path
) -> None:
    log = tmp_path / "node.db-wal"
    size = log.stat().st_size
    for index in range(20):
        store.commit(Batch(entries=[row(index)]))
    assert 0 < size == log.stat().st_size
    store.vacuum_openings()
    assert log.stat().st_size == size


def test_a_killed_process_finds_what_it_committed_before_the_unused_end_of_the_log(
    store: SqliteStore, tmp_path: Path
) -> None:
    """Twice, since the second log begins behind a log of the first's."""
    killed = tmp_path / "killed"
    killed.mkdir()
    store.commit(Batch(entries=[row(0)]))
    for name in ("node.db", "node.db-wal"):
        shutil.copy(tmp_path / name, killed)
    with closing(SqliteStore(killed / "node.db")) as again:
        assert list(again.entries(BOOK, 0, 9)) == [row(0)]
        again.commit(Batch(entries=[row(1)]))
        for name in ("node.db", "node.db-wal"):
            shutil.copy(killed / name, tmp_path / f"second-{name}")
    with closing(SqliteStore(tmp_path / "second-node.db")) as second:
        assert list(second.entries(BOOK, 0, 9)) == [row(0), row(1)]
        second.check()


def test_where_the_disk_has_no_room_the_log_is_as_long_as_it_must_be(
    tmp_path: Path, file_size_limit: FileSizeLimit
) -> None:
    with file_size_limit(1_000_000), closing(SqliteStore(tmp_path / "node.db")) as store:
        store.commit(Batch(entries=[row(0)]))
        assert store.heads() == {BOOK: 1}


def test_files_are_private(store: SqliteStore, tmp_path: Path) -> None:
    store.put_meta("a", b"1")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes == {"node.db": 0o600, "node.db-wal": 0o600, "node.db-shm": 0o600}


def test_the_settings_durability_and_erasure_rest_on(store: SqliteStore) -> None:
    read = {
        name: store._writer.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete",
                     "trusted_schema", "temp_store")
    }  # fmt: skip
    assert read == {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1,
        "trusted_schema": 0, "temp_store": 2,
    }  # fmt: skip
    tables = store._writer.execute("SELECT strict FROM pragma_table_list WHERE schema = 'main'"
                                   " AND name NOT LIKE 'sqlite_%'").fetchall()  # fmt: skip
    assert tables == [(1,)] * 7


# -- files that are not a store -----------------------------------------------------


def test_an_empty_file_becomes_a_store(tmp_path: Path) -> None:
    """What a process killed while it created the store leaves behind."""
    (tmp_path / "node.db").touch()
    with SqliteStore(tmp_path / "node.db") as store:
        assert store.heads() == {}


@pytest.mark.parametrize(
    ("pragma", "message"),
    [
        ("user_version = 2", "expected schema version 1, got the newer version 2"),
        ("user_version = 0", "expected schema version 1, got the older version 0"),
        ("application_id = 1", "got a database of another program"),
    ],
)
def test_another_version_or_program_is_bad_input(
    store: SqliteStore, tmp_path: Path, pragma: str, message: str
) -> None:
    store.close()
    with sqlite3.connect(tmp_path / "node.db") as db:
        db.execute(f"PRAGMA {pragma}")
    db.close()
    with pytest.raises(BadInput, match=message):
        SqliteStore(tmp_path / "node.db")


def test_other_tables_are_bad_input(store: SqliteStore, tmp_path: Path) -> None:
    store.close()
    with sqlite3.connect(tmp_path / "node.db") as db:
        db.execute("DROP TABLE opening")
    db.close()
    with pytest.raises(BadInput, match="the tables of a node's database"):
        SqliteStore(tmp_path / "node.db")


def test_a_file_of_another_kind_is_bad_input_and_untouched(tmp_path: Path) -> None:
    path = tmp_path / "node.db"
    path.write_bytes(b"%PDF-1.7" * 600)
    with pytest.raises(BadInput, match="a file of another kind"):
        SqliteStore(path)
    assert path.read_bytes() == b"%PDF-1.7" * 600
    with pytest.raises(BadInput, match="got a folder"):
        SqliteStore(tmp_path)


def test_a_damaged_store_is_unavailable(store: SqliteStore, tmp_path: Path) -> None:
    store.commit(Batch(entries=[row(index) for index in range(500)]))
    store.close()
    path = tmp_path / "node.db"
    data = bytearray(path.read_bytes())
    data[4096:] = bytes(value ^ 0x5A for value in data[4096:])
    path.write_bytes(data)
    with pytest.raises(Unavailable, match=r"damaged\. Keep the file and restore a backup"):
        SqliteStore(path)
    path.write_bytes(data[:100] + b"\xff" * 3996)
    with pytest.raises(Unavailable, match="damaged"):
        SqliteStore(path)


def test_a_missing_folder_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="cannot be created"):
        SqliteStore(tmp_path / "none" / "node.db")


# -- backup -------------------------------------------------------------------------


def test_a_backup_is_a_store_of_its_own(store: SqliteStore, tmp_path: Path) -> None:
    store.commit(Batch(entries=[row(0, BOOK, NUMBER)], docs=[("k", "a", b"1")]))
    store.backup(tmp_path / "backup.db")
    store.commit(Batch(entries=[row(1)]))
    assert stat.S_IMODE((tmp_path / "backup.db").stat().st_mode) == 0o600
    with SqliteStore(tmp_path / "backup.db") as backup:
        assert list(backup.entries(BOOK, 0, 9)) == [row(0, BOOK, NUMBER)]
        assert list(backup.docs()) == [("k", "a", b"1")]
        backup.check()


def test_a_backup_replaces_nothing(store: SqliteStore, tmp_path: Path) -> None:
    (tmp_path / "taken").write_bytes(b"mine")
    with pytest.raises(BadInput, match="a new file"):
        store.backup(tmp_path / "taken")
    assert (tmp_path / "taken").read_bytes() == b"mine"


def test_a_backup_on_a_full_disk_leaves_nothing(
    store: SqliteStore, tmp_path: Path, file_size_limit: FileSizeLimit
) -> None:
    store.commit(Batch(docs=[("k", "big", b"x" * 500_000)]))
    (tmp_path / "to").mkdir()
    with pytest.raises(Unavailable), file_size_limit(50_000):
        store.backup(tmp_path / "to" / "backup.db")
    assert list((tmp_path / "to").iterdir()) == []
    with pytest.raises(Unavailable, match="the backup cannot be written"):
        store.backup(tmp_path / "none" / "backup.db")
