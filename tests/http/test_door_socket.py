"""The officers' socket: whose it is, and what is in its place."""

from __future__ import annotations

import gc
import os
import socket
import stat
import time
from pathlib import Path

import pytest

from gsomia.faults import BadInput, Unavailable
from gsomia.http.door_client import Door
from gsomia.http.wire import MAX_UNIX_PATH

# -- the socket -------------------------------------------------------------------------


def test_the_socket_is_for_its_owner_and_goes_with_the_server(open_door, tmp_path):
    path = tmp_path / "door"
    server = open_door(path)
    assert stat.S_IMODE(path.lstat().st_mode) == 0o600
    assert stat.S_ISSOCK(path.lstat().st_mode)
    server.close()
    assert not path.exists()
    with pytest.raises(Unavailable, match="no node is running here"):
        Door(path).card()


def test_a_socket_left_behind_is_replaced(open_door, tmp_path):
    path = tmp_path / "door"
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(path))
    with pytest.raises(Unavailable, match="no node is running here"):
        Door(path).card()
    open_door(path)
    assert Door(path).card() == b"card\n"


def test_a_running_node_keeps_its_door(open_door, tmp_path):
    path = tmp_path / "door"
    open_door(path)
    with pytest.raises(Unavailable, match="running already"):
        open_door(path)
    assert Door(path).card() == b"card\n"


def test_another_file_is_not_replaced(open_door, tmp_path):
    path = tmp_path / "door"
    path.write_text("mine")
    with pytest.raises(BadInput, match="a place for a socket"):
        open_door(path)
    path.unlink()
    target = tmp_path / "target"
    target.write_text("mine")
    path.symlink_to(target)
    with pytest.raises(BadInput, match="a place for a socket"):
        open_door(path)
    assert target.read_text() == "mine"


def test_no_folder_no_door(open_door, tmp_path):
    with pytest.raises(Unavailable, match="cannot open the door"):
        open_door(tmp_path / "nothing" / "door")


def test_a_long_path_works_too(open_door, tmp_path):
    folder = tmp_path / ("a" * 100) / ("b" * 100)
    folder.mkdir(parents=True)
    path = folder / "door"
    assert len(os.fsencode(path)) > MAX_UNIX_PATH
    gc.collect()  # what earlier tests left
    before = len(list(Path("/proc/self/fd").iterdir()))
    server = open_door(path)
    assert stat.S_IMODE(path.lstat().st_mode) == 0o600
    assert Door(path).card() == b"card\n"
    with pytest.raises(Unavailable, match="running already"):
        open_door(path)
    server.close()
    assert not path.exists()
    assert len(list(Path("/proc/self/fd").iterdir())) == before
    with pytest.raises(BadInput, match="a path of at most"):
        open_door(folder / ("c" * 100))


def test_a_socket_handed_over_by_the_environment_is_not_taken(open_door, tmp_path, monkeypatch):
    monkeypatch.setenv("LISTEN_PID", str(os.getpid()))
    monkeypatch.setenv("LISTEN_FDS", "1")
    open_door(tmp_path / "door")
    assert Door(tmp_path / "door").card() == b"card\n"


def test_a_node_that_does_not_answer_is_given_up(tmp_path):
    with socket.socket(socket.AF_UNIX) as sock:
        sock.bind(str(tmp_path / "door"))
        sock.listen()
        start = time.monotonic()
        with pytest.raises(Unavailable, match="does not answer"):
            Door(tmp_path / "door", timeout=0.3).card()
        assert time.monotonic() - start < 3
