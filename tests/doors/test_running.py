"""A node that cannot start says so and ends: nothing of it stays behind."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from gsomia.app.running import Running
from gsomia.faults import Unavailable
from gsomia.keys.secret import KeyFile
from gsomia.storage.lock import holder
from tests.doors.nodes import Desk


def test_a_start_that_fails_half_way_ends_what_it_began(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    side = Desk(tmp_path, "KOR", "Ministry of National Defense")
    running = Running(side.node, KeyFile(side.secret))

    def full() -> None:
        raise Unavailable("the disk is full")

    monkeypatch.setattr(running.node, "start", full)
    before = set(threading.enumerate())
    with pytest.raises(Unavailable, match="the disk is full"), running:
        pass
    assert holder(side.node) is None
    assert set(threading.enumerate()) <= before
    with Running(side.node, KeyFile(side.secret)) as again:
        assert not again.node.clerk.halted
