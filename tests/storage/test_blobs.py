"""Blobs: whole or absent, named safely, nothing left behind."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from gsomia.faults import BadInput, Unavailable
from gsomia.storage.blobs import LocalBlobs


def files(folder: Path) -> list[str]:
    """Every file under `folder`, by name."""
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def blobs(tmp_path: Path) -> LocalBlobs:
    return LocalBlobs(tmp_path / "blobs")


def put(blobs: LocalBlobs, name: str, data: bytes) -> None:
    with blobs.create() as blob:
        blob.write(data)
        blob.keep(name)


def test_a_kept_blob_reads_back(blobs: LocalBlobs) -> None:
    put(blobs, "KR-2026-0001.sealed", b"sealed" * 1000)
    assert blobs.exists("KR-2026-0001.sealed")
    assert blobs.size("KR-2026-0001.sealed") == 6000
    with blobs.open("KR-2026-0001.sealed") as file:
        assert file.read() == b"sealed" * 1000


def test_files_and_folders_are_private(blobs: LocalBlobs, tmp_path: Path) -> None:
    put(blobs, "a", b"x")
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


def test_an_unkept_blob_is_dropped(blobs: LocalBlobs, tmp_path: Path) -> None:
    blob = blobs.create()
    with blob:
        blob.write(b"half")
    assert blob.closed
    assert files(tmp_path) == []


def test_a_new_blob_can_be_read_back(blobs: LocalBlobs) -> None:
    with blobs.create() as blob:
        blob.write(b"abcdef")
        assert (blob.tell(), blob.seek(2), blob.read(3), blob.read()) == (6, 2, b"cde", b"f")
        blob.keep("a")
    assert blobs.size("a") == 6


def test_a_blob_left_by_a_stopped_run_is_replaced_whole(blobs: LocalBlobs) -> None:
    put(blobs, "a", b"left by a stopped run")
    put(blobs, "a", b"now")
    with blobs.open("a") as file:
        assert file.read() == b"now"


def test_delete_is_idempotent(blobs: LocalBlobs) -> None:
    put(blobs, "a", b"x")
    blobs.delete("a")
    blobs.delete("a")
    assert not blobs.exists("a")


def test_a_missing_blob_is_unavailable(blobs: LocalBlobs) -> None:
    with pytest.raises(Unavailable, match="the blob a is missing"):
        blobs.open("a")
    with pytest.raises(Unavailable, match="the blob a is missing"):
        blobs.size("a")


def test_sweep_takes_temporaries_and_nothing_else(blobs: LocalBlobs, tmp_path: Path) -> None:
    put(blobs, "kept", b"x")
    stopped = blobs.create()
    assert len(files(tmp_path)) == 2
    again = LocalBlobs(tmp_path / "blobs")
    assert again.sweep() == 1
    assert files(tmp_path) == ["kept"]
    stopped.drop()


@pytest.mark.parametrize("name", ["a", "A-1_b.c", "x" * 128, "...", ".a", "-"])
def test_good_names(blobs: LocalBlobs, tmp_path: Path, name: str) -> None:
    put(blobs, name, b"x")
    assert files(tmp_path) == [name]


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


@pytest.mark.parametrize("size", [8192, 1 << 20])
def test_a_full_disk_leaves_nothing(blobs, tmp_path, file_size_limit, size):
    """The small write fails when it is flushed in `keep`, the large one at once."""
    put(blobs, "good", b"x" * 100)

    def write() -> None:
        blob.write(b"x" * (size // 2))
        blob.write(b"x" * (size // 2))
        blob.keep("a")

    blob = blobs.create()
    with pytest.raises(Unavailable, match="a blob cannot be written"), file_size_limit(4096):
        write()
    assert blob.closed
    assert files(tmp_path) == ["good"]
    put(blobs, "a", b"x" * size)
    assert blobs.size("a") == size


def test_a_folder_that_cannot_be_made_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Unavailable, match="the blob folder cannot be made"):
        LocalBlobs(tmp_path / "file" / "blobs")


def test_no_descriptor_is_left_open(blobs: LocalBlobs) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    for index in range(5):
        put(blobs, f"{index}", b"x")
        blobs.create().drop()
        blobs.delete(f"{index}")
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_keep_flushes_the_bytes_before_the_name_and_the_names_after(
    blobs: LocalBlobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The order that survives a loss of power; the calls go through.

    The name in the temporary folder may come back: the start sweeps it.
    """
    put(blobs, "a", b"first, so that its folder is there")
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
        blob.write(b"x")
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
        put(blobs, name, b"so that its folder is there")
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
        blob.write(name.encode())
    blobs.keep(new)
    folders = {blobs.place(name).parent for name in names}
    assert steps == ["file"] * 40 + ["rename"] * 40 + ["folder"] * len(folders)
    for name in names:
        with blobs.open(name) as file:
            assert file.read() == name.encode()


def test_one_that_cannot_be_flushed_drops_all(
    blobs: LocalBlobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = {name: blobs.create() for name in ("a", "b", "c")}

    def full(fd: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Unavailable, match="cannot be written"):
        blobs.keep(new)
    assert all(blob.closed for blob in new.values())
    assert not any(blobs.exists(name) for name in new)
