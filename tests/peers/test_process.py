"""A node as a process: one for each folder, the right secret, an end in order at any moment."""

from __future__ import annotations

import io
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from gsomia.app import door
from gsomia.exchange.cover import Cover
from gsomia.faults import Unavailable
from tests.faults.checks import check_pair
from tests.faults.pair import Mortal, cosign, until
from tests.faults.tale import Tale
from tests.processes import client

MIB = 1 << 20


def run(folder: Path, secret: Path) -> subprocess.CompletedProcess[bytes]:
    """Start a node by the command line; it is expected to end by itself."""
    return client.run("node", "run", str(folder), "--secret-file", str(secret), timeout=30)


def test_a_second_process_on_a_folder_is_told_who_holds_it(sides: tuple[Mortal, Mortal]) -> None:
    kor, _ = sides
    ended = run(kor.folder, kor.secret)
    assert ended.returncode == 3
    assert f"in use by process {kor.pid}" in ended.stderr.decode()
    assert "Traceback" not in ended.stderr.decode()
    assert kor.door.do("standing", {})["halted"] == ""


def test_a_wrong_secret_opens_nothing(sides: tuple[Mortal, Mortal]) -> None:
    kor, jpn = sides
    kor.end()
    before = {p: p.read_bytes() for p in kor.folder.rglob("*") if p.is_file()}
    ended = run(kor.folder, jpn.secret)
    assert ended.returncode == 2
    assert "key file" in ended.stderr.decode()
    assert "Traceback" not in ended.stderr.decode()
    assert not (kor.folder / "door").exists()
    after = {p: p.read_bytes() for p in kor.folder.rglob("*") if p.is_file()}
    number = kor.folder / "node.pid"
    assert {**after, number: b""} == {**before, number: b""}
    kor.start()


def test_a_missing_secret_is_named(sides: tuple[Mortal, Mortal], tmp_path: Path) -> None:
    kor, _ = sides
    kor.end()
    ended = run(kor.folder, tmp_path / "none")
    assert ended.returncode == 3
    assert "key file cannot be read" in ended.stderr.decode()


def test_a_socket_left_behind_is_replaced(sides: tuple[Mortal, Mortal]) -> None:
    kor, _ = sides
    kor.kill()
    assert (kor.folder / "door").is_socket()
    with pytest.raises(Unavailable, match="no node is running here"):
        door(kor.folder).card()
    kor.start()
    assert kor.door.card()
    kor.end()
    assert not (kor.folder / "door").exists()


class Slow(io.BytesIO):
    """Content whose second half does not come until it is let."""

    def __init__(self, size: int) -> None:
        super().__init__(bytes(size))
        self.half, self.reached, self.go = size // 2, threading.Event(), threading.Event()

    def readinto(self, buffer: Any) -> int:
        if self.tell() >= self.half:
            self.reached.set()
            self.go.wait(30)
        return super().readinto(buffer)


def test_an_end_during_an_upload_is_an_end(sides: tuple[Mortal, Mortal]) -> None:
    kor, jpn = sides
    source, said = Slow(64 * MIB), []

    def upload() -> None:
        try:
            kor.door.stage(source, "application/octet-stream", Cover("Never registered"))
        except Unavailable as error:
            said.append(str(error))

    thread = threading.Thread(target=upload)
    thread.start()
    assert source.reached.wait(30)
    started = time.monotonic()
    kor.tell_to_end()
    kor.end()
    seconds = time.monotonic() - started
    source.go.set()
    thread.join(30)
    assert seconds < 10
    assert len(said) == 1
    kor.start()
    tale = Tale("after the upload", kor, jpn)
    until("the end of the tale", tale.advance)
    cosign(kor, jpn)
    for side in sides:
        side.end()
    assert check_pair(kor, jpn, {tale.number: tale.digest}) == []
