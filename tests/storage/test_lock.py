"""The folder's lock: one holder, however the last one ended."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from gsomia.faults import Unavailable
from gsomia.storage.lock import hold, holder

_CHILD = """
import sys
from gsomia.storage.lock import hold
held = hold(sys.argv[1])
print("held", flush=True)
sys.stdin.read()
"""


def test_a_second_holder_is_told_who_holds_it(tmp_path: Path) -> None:
    with (
        hold(tmp_path),
        pytest.raises(Unavailable, match=f"in use by process {os.getpid()}\\. Stop that"),
    ):
        hold(tmp_path)


def test_release_lets_the_next_one_in(tmp_path: Path) -> None:
    held = hold(tmp_path)
    held.release()
    held.release()
    with hold(tmp_path):
        pass


def test_two_folders_do_not_meet(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    with hold(tmp_path / "a"), hold(tmp_path / "b"):
        pass


def test_a_killed_holder_leaves_no_lock(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _CHILD, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"held\n"
        with pytest.raises(Unavailable, match=f"process {child.pid}\\."):
            hold(tmp_path)
        child.kill()
    with hold(tmp_path):
        assert holder(tmp_path) == os.getpid()


def test_a_number_that_a_killed_holder_left_is_nobody_s(tmp_path: Path) -> None:
    """By now it may be another program's, which `node stop` would end."""
    (tmp_path / "node.pid").write_text("1\n")
    assert holder(tmp_path) is None
    with (tmp_path / "node.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # a node that has got so far, and no further
        with pytest.raises(Unavailable, match="only just starting"):
            holder(tmp_path)
        with pytest.raises(Unavailable, match="process unknown"):
            hold(tmp_path)


def test_a_missing_folder_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="cannot be used"):
        hold(tmp_path / "none")
