"""Blobs, small and large: whole or absent, named safely, nothing left behind."""

from __future__ import annotations

import errno
import gc
import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from gsomia.faults import BadInput, Unavailable
from gsomia.storage.blobs import IN_MEMORY, SMALL, LocalBlobs

SIZES = [1, IN_MEMORY, IN_MEMORY + 1, SMALL, SMALL + 1, 1 << 20]
"""On both sides of each border: written in memory or in a file, kept with others or alone."""

LARGE = b"l" * (SMALL + 1)


def files(folder: Path) -> list[str]:
    """Every file under `folder`, by name, without that of the small blobs."""
    found = (path.name for path in folder.rglob("*") if path.is_file())
    return sorted(name for name in found if not name.startswith("small.db"))


@pytest.fixture
def blobs(tmp_path: Path) -> Iterator[LocalBlobs]:
    with closing(LocalBlobs(tmp_path / "blobs")) as held:
        yield held


def descriptors() -> int:
    """How many descriptors are open, once what earlier tests left is gone."""
    gc.collect()
    return len(list(Path("/proc/self/fd").iterdir()))


def put(blobs: LocalBlobs, name: str, data: bytes) -> None:
    with blobs.create() as blob:
        blob.write(data)
        blob.keep(name)


def read(blobs: LocalBlobs, name: str) -> bytes:
    with blobs.open(name) as file:
        return file.read()


@pytest.mark.parametrize("size", SIZES)
def test_a_kept_blob_reads_back(blobs: LocalBlobs, tmp_path: Path, size: int) -> None:
    data = os.urandom(size)
    with blobs.create() as blob:
        for start in range(0, size, 10_000):
            blob.write(data[start : start + 10_000])
        blob.keep("KR-2026-0001.sealed")
    for held in (blobs, LocalBlobs(tmp_path / "blobs")):
        assert held.exists("KR-2026-0001.sealed")
        assert held.size("KR-2026-0001.sealed") == size
        assert held.names() == {"KR-2026-0001.sealed"}
        assert read(held, "KR-2026-0001.sealed") == data
    assert files(tmp_path) == (["KR-2026-0001.sealed"] if size > SMALL else [])


def test_small_blobs_have_no_file_of_their_own_and_no_flush_of_their_own(
    blobs: LocalBlobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(fd: int) -> None:
        raise AssertionError("a flush")

    monkeypatch.setattr(os, "fsync", never)
    new = {f"n{index}": blobs.create() for index in range(300)}
    for name, blob in new.items():
        blob.write(name.encode())
    blobs.keep(new)
    assert blobs.names() == set(new)
    assert read(blobs, "n299") == b"n299"


def test_many_new_blobs_take_few_descriptors(blobs: LocalBlobs) -> None:
    before = descriptors()
    new = [blobs.create() for _ in range(200)]
    for blob in new:
        blob.write(b"x" * IN_MEMORY)
    assert descriptors() == before
    for blob in new:
        blob.drop()


def test_a_file_of_another_kind_in_place_of_the_small_blobs_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "blobs"
    folder.mkdir(mode=0o700)
    (folder / "small.db").write_bytes(b"something else, and long enough")
    with pytest.raises(BadInput, match="a file of another kind"):
        LocalBlobs(folder)
    (folder / "small.db").unlink()
    with sqlite3.connect(folder / "small.db") as db:
        db.execute("CREATE TABLE blob (name TEXT)")
    with pytest.raises(BadInput, match="a database of another program"):
        LocalBlobs(folder)


def test_files_and_folders_are_private(blobs: LocalBlobs, tmp_path: Path) -> None:
    put(blobs, "a", b"x")
    put(blobs, "b", LARGE)
    modes = {
        stat.S_IMODE(path.stat().st_mode)
        for path in (tmp_path / "blobs").rglob("*")
        if path.is_file()
    }
    assert modes == {0o600}
    for path in [tmp_path / "blobs", *(p for p in (tmp_path / "blobs").iterdir() if p.is_dir())]:
        assert stat.S_IMODE(path.stat().st_mode) == 0o700


def test_nothing_is_seen_before_keep(blobs: LocalBlobs) -> None:
    with blobs.create() as blob:
        blob.write(b"half")
        blob.flush()
        assert not blobs.exists("a")
        blob.keep("a")
    assert blobs.exists("a")


@pytest.mark.parametrize("size", SIZES)
def test_an_unkept_blob_is_dropped(blobs: LocalBlobs, tmp_path: Path, size: int) -> None:
    blob = blobs.create()
    with blob:
        blob.write(b"x" * size)
    assert blob.closed
    assert blobs.names() == set()
    assert files(tmp_path) == []


def test_a_new_blob_can_be_read_back(blobs: LocalBlobs) -> None:
    with blobs.create() as blob:
        blob.write(b"abcdef")
        assert (blob.tell(), blob.seek(2), blob.read(3), blob.read()) == (6, 2, b"cde", b"f")
        blob.keep("a")
    assert blobs.size("a") == 6


@pytest.mark.parametrize("left", [b"left by a stopped run", LARGE])
@pytest.mark.parametrize("now", [b"now", b"n" * (SMALL + 2)])
def test_a_blob_left_by_a_stopped_run_is_replaced_whole(
    blobs: LocalBlobs, tmp_path: Path, left: bytes, now: bytes
) -> None:
    put(blobs, "a", left)
    put(blobs, "a", now)
    assert (read(blobs, "a"), blobs.size("a")) == (now, len(now))
    assert files(tmp_path) == (["a"] if len(now) > SMALL else [])
    blobs.delete("a")
    assert not blobs.exists("a")


@pytest.mark.parametrize("data", [b"x", LARGE])
def test_delete_is_idempotent(blobs: LocalBlobs, tmp_path: Path, data: bytes) -> None:
    put(blobs, "a", data)
    blobs.delete("a")
    blobs.delete("a")
    assert not blobs.exists("a")
    assert (blobs.names(), files(tmp_path)) == (set(), [])


@pytest.mark.parametrize("data", [b"x", LARGE])
def test_what_nobody_calls_for_is_cleared_unless_it_is_spared(
    blobs: LocalBlobs, tmp_path: Path, data: bytes
) -> None:
    for name in ("needed", "left", "spared", "again"):
        put(blobs, name, data)
    again = LocalBlobs(tmp_path / "blobs")
    again.suspect({"needed"})
    again.spare("spared")
    put(again, "again", data)
    assert again.clear() == 1
    assert again.names() == {"needed", "spared", "again"}


def test_a_missing_blob_is_unavailable(blobs: LocalBlobs) -> None:
    with pytest.raises(Unavailable, match="the blob a is missing"):
        blobs.open("a")
    with pytest.raises(Unavailable, match="the blob a is missing"):
        blobs.size("a")


def test_sweep_takes_temporaries_and_nothing_else(blobs: LocalBlobs, tmp_path: Path) -> None:
    put(blobs, "kept", LARGE)
    put(blobs, "small", b"x")
    stopped = blobs.create()
    stopped.write(LARGE)
    assert len(files(tmp_path)) == 2
    again = LocalBlobs(tmp_path / "blobs")
    assert again.sweep() == 1
    assert files(tmp_path) == ["kept"]
    assert again.names() == {"kept", "small"}
    stopped.drop()


@pytest.mark.parametrize("name", ["a", "A-1_b.c", "x" * 128, "...", ".a", "-"])
def test_good_names(blobs: LocalBlobs, tmp_path: Path, name: str) -> None:
    put(blobs, name, LARGE)
    assert files(tmp_path) == [name]
    put(blobs, name, b"x")
    assert (blobs.names(), read(blobs, name)) == ({name}, b"x")


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../a", "a/b", "/etc/passwd", "a\0", "a\n", "é", "x" * 129, "a b", "\\"]
)
def test_bad_names_reach_no_file(blobs: LocalBlobs, tmp_path: Path, name: str) -> None:
    for use in (blobs.open, blobs.exists, blobs.size, blobs.delete):
        with pytest.raises(BadInput, match="a blob name"):
            use(name)
    with blobs.create() as blob, pytest.raises(BadInput, match="a blob name"):
        blob.keep(name)
    assert files(tmp_path) == []


@pytest.mark.parametrize("size", [1 << 20, SMALL + 8192])
def test_a_full_disk_leaves_nothing(blobs, tmp_path, file_size_limit, size):
    """The longer one fails while it is written, the other when it is flushed in `keep`."""
    put(blobs, "good", LARGE)

    def write() -> None:
        blob.write(b"x" * (size // 2))
        blob.write(b"x" * (size // 2))
        blob.keep("a")

    blob = blobs.create()
    limit = file_size_limit(SMALL + 4096)
    with pytest.raises(Unavailable, match="a blob cannot be written"), limit:
        write()
    assert blob.closed
    assert files(tmp_path) == ["good"]
    put(blobs, "a", b"x" * size)
    assert blobs.size("a") == size


@pytest.mark.parametrize("size", [100, SMALL])
def test_a_full_disk_keeps_no_small_one(blobs, tmp_path, file_size_limit, size):
    put(blobs, "good", b"x" * 100)
    new = {name: blobs.create() for name in ("a", "b", "good")}

    def write() -> None:
        for blob in new.values():
            blob.write(b"y" * size)
        blobs.keep(new)

    with pytest.raises(Unavailable), file_size_limit(4096):
        write()
    assert blobs.names() == {"good"}
    assert read(blobs, "good") == b"x" * 100
    for blob in new.values():
        blob.drop()
    assert files(tmp_path) == []
    put(blobs, "a", b"z" * size)
    assert read(blobs, "a") == b"z" * size


def test_a_folder_that_cannot_be_made_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Unavailable, match="the blob folder cannot be made"):
        LocalBlobs(tmp_path / "file" / "blobs")


def test_no_descriptor_is_left_open(blobs: LocalBlobs, tmp_path: Path) -> None:
    put(blobs, "first", b"x")
    before = descriptors()
    for index in range(5):
        put(blobs, f"{index}", b"x")
        put(blobs, f"{index}", LARGE)
        blobs.create().drop()
        blobs.delete(f"{index}")
        LocalBlobs(tmp_path / "others").close()
    assert descriptors() == before


def test_keep_flushes_the_bytes_before_the_name_and_the_names_after(
    blobs: LocalBlobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The order that survives a loss of power; the calls go through.

    The name in the temporary folder may come back: the start sweeps it.
    """
    put(blobs, "a", LARGE)  # so that its folder is there
    steps: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def watched_fsync(fd: int) -> None:
        steps.append("fsync " + Path(f"/proc/self/fd/{fd}").readlink().name)
        fsync(fd)

    def watched_replace(self: Path, target: Path) -> Path:
        steps.append("rename")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", watched_fsync)
    monkeypatch.setattr(Path, "replace", watched_replace)
    with blobs.create() as blob:
        blob.write(LARGE)
        name = next((tmp_path / "blobs" / "tmp").iterdir()).name
        blob.keep("a")
    shard = blobs.place("a").parent.name
    assert steps == [f"fsync {name}", "rename", f"fsync {shard}"]


def test_several_are_kept_together_and_each_folder_is_flushed_once(
    blobs: LocalBlobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All bytes before the first name; as many flushes as files and folders, no more."""
    names = [f"n{index}" for index in range(40)]
    for name in names:
        put(blobs, name, LARGE)  # so that its folder is there
    steps: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def watched_fsync(fd: int) -> None:
        steps.append("folder" if Path(f"/proc/self/fd/{fd}").is_dir() else "file")
        fsync(fd)

    def watched_replace(self: Path, target: Path) -> Path:
        steps.append("rename")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", watched_fsync)
    monkeypatch.setattr(Path, "replace", watched_replace)
    new = {name: blobs.create() for name in names}
    for name, blob in new.items():
        blob.write(LARGE + name.encode())
    blobs.keep(new)
    folders = {blobs.place(name).parent for name in names}
    assert steps == ["file"] * 40 + ["rename"] * 40 + ["folder"] * len(folders)
    for name in names:
        with blobs.open(name) as file:
            assert file.read() == LARGE + name.encode()


def test_one_that_cannot_be_flushed_drops_all(
    blobs: LocalBlobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = {name: blobs.create() for name in ("a", "b", "c")}
    for blob in new.values():
        blob.write(LARGE)

    def full(fd: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Unavailable, match="cannot be written"):
        blobs.keep(new)
    assert all(blob.closed for blob in new.values())
    assert not any(blobs.exists(name) for name in new)
