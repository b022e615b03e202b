"""A disk that takes no more: each step says so, nothing is lost, and the node goes on after."""

from __future__ import annotations

import os
import resource
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from gsomia.faults import Unavailable
from tests.faults.checks import check_pair
from tests.faults.pair import Mortal, cosign, pair, until
from tests.faults.tale import Tale

SIZE = 300_000
SMALL = 64 << 10


@contextmanager
def files_up_to(side: Mortal, limit: int) -> Iterator[None]:
    """No file of the node's process grows past `limit` bytes: a real failed write, without root."""
    before = resource.prlimit(side.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(side.pid, resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        yield
    finally:
        resource.prlimit(side.pid, resource.RLIMIT_FSIZE, before)


def books(side: Mortal) -> dict[str, int]:
    return dict(side.door.do("standing", {})["books"])


def tell(tale: Tale) -> None:
    """Tell a tale to its end, then look at everything. Both nodes have ended."""
    until("the end of the tale", tale.advance)
    cosign(tale.kor, tale.jpn)
    for side in (tale.kor, tale.jpn):
        assert side.door.do("standing", {})["halted"] == ""
        side.end()
    assert check_pair(tale.kor, tale.jpn, {tale.number: tale.digest}) == []


def test_staging(sides: tuple[Mortal, Mortal]) -> None:
    kor, jpn = sides
    tale = Tale("full while staging", kor, jpn, SIZE)
    with files_up_to(kor, SMALL):
        for _ in range(2):
            with pytest.raises(Unavailable, match="a blob cannot be written"):
                tale.advance()
    assert kor.rows("items") == []
    assert list((kor.folder / "blobs" / "tmp").iterdir()) == []
    tell(tale)


def test_committing(sides: tuple[Mortal, Mortal]) -> None:
    kor, jpn = sides
    tale = Tale("full while committing", kor, jpn)
    tale.advance()
    before = books(kor)
    with files_up_to(kor, 4096):
        for _ in range(2):
            with pytest.raises(Unavailable, match="the disk"):
                tale.advance()
        assert books(kor) == before
        assert kor.rows("requests") == []
    tell(tale)


def test_receiving(sides: tuple[Mortal, Mortal]) -> None:
    kor, jpn = sides
    tale = Tale("full while receiving", kor, jpn, SIZE)
    until("the decision", lambda: tale.advance() or approved(tale))
    with files_up_to(jpn, SMALL):
        until("the dispatch", lambda: tale.advance() or bool(sent(kor)))
        time.sleep(1)
        assert sent(kor) == ["sealed"]
        assert jpn.rows("incoming", what="items") == []
    until("the delivery", lambda: sent(kor) == ["delivered"])
    assert len(jpn.rows("incoming", what="items")) == 1
    tell(tale)


def test_accepting(sides: tuple[Mortal, Mortal]) -> None:
    """The key is unwrapped, and the entry cannot be written: the key goes again."""
    kor, jpn = sides
    tale = Tale("full while accepting", kor, jpn)
    until("the dispatch", lambda: tale.advance() or bool(sent(kor)))
    until("the arrival", lambda: bool(waiting(jpn)))
    with files_up_to(jpn, 4096), pytest.raises(Unavailable, match="the disk"):
        tale.advance()
    assert jpn.rows("items") == []
    assert list((jpn.folder / "vault" / "slots").glob("*/*")) == []
    tell(tale)


def approved(tale: Tale) -> bool:
    rows = tale.kor.rows("requests")
    return bool(rows) and rows[0]["state"] == "approved"


def waiting(side: Mortal) -> list[str]:
    return [arrival["number"] for arrival in side.rows("incoming", state="received")]


def sent(side: Mortal) -> list[str]:
    return [out["state"] for out in side.rows("outgoing", what="items")]


# -- a disk that is really full ----------------------------------------------------------


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A disk of its own in memory; where that is not allowed, the test is skipped."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=0700", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody here mount a disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(disk: Path) -> Path:
    """Take all the disk has; the file that holds it."""
    path = disk / "filler"
    with suppress(OSError), path.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(1 << 20))
    return path


def test_no_space_left(tmp_path: Path) -> None:
    """Every command of a tale is tried on the full disk first, and then with space."""
    with small_disk(tmp_path / "disk", "32m") as disk, pair(tmp_path, disk) as (kor, jpn):
        tale = Tale("no space", kor, jpn, SIZE)
        refused = 0
        done = False
        while not done:
            filler = fill(disk)
            try:
                tale.advance()
            except Unavailable:
                refused += 1
            filler.unlink()
            done = tale.advance()
            time.sleep(0.05)
        assert refused > 3
        assert kor.door.do("standing", {})["halted"] == ""
        tell(tale)
