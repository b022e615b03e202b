"""A node tells how it starts and ends, and one that cannot start leaves nothing behind."""

from __future__ import annotations

import os
import shutil
import socket
import sys
import threading
from pathlib import Path

import pytest

from gsomia.app import notify
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


def test_a_service_manager_is_told_when_the_node_answers_and_when_it_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    side = Desk(tmp_path, "KOR", "Ministry of National Defense")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.settimeout(60)
        manager.bind(str(tmp_path / "notify"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        side.start()
        assert manager.recv(1000) == b"READY=1\nSTATUS=running"
        assert side.stop() == 0
        assert manager.recv(1000).splitlines()[0] == b"STOPPING=1"


@pytest.mark.parametrize("address", ["", "notify", "vsock:2:1", "/nobody/listens", "/" + "x" * 200])
def test_a_service_manager_that_does_not_listen_stops_nobody(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", address)
    assert not notify.tell("READY=1")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has abstract names")
def test_a_service_manager_may_have_an_abstract_name(monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"gsomia-{os.getpid()}"
    monkeypatch.setenv("NOTIFY_SOCKET", f"@{name}")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.settimeout(60)
        manager.bind(f"\0{name}")
        assert notify.tell("READY=1", "STATUS=two\nlines")
        assert manager.recv(1000) == b"READY=1\nSTATUS=two lines"


def test_a_backup_is_old_after_one_more_act_though_no_partner_knows(tmp_path: Path) -> None:
    side = Desk(tmp_path, "KOR", "Ministry of National Defense")
    side.start()
    side.run(f"node backup --out {tmp_path}/earlier.db")
    side.appoint("P-2", "registrar")
    assert side.stop() == 0
    for left in side.node.glob("journal.db*"):
        left.rename(tmp_path / f"newest-{left.name}")
    shutil.copy(tmp_path / "earlier.db", side.node / "journal.db")
    side.start()
    halted = side.run("node status")["halted"]
    assert side.call("person appoint P-1 analyst --letter L --json", "P-1").returncode == 3
    assert side.stop() == 0
    assert "book house" in halted
    assert "this node was started from an old backup" in halted

    # The newest state goes on: what the halted node did or left undone spoiled nothing.
    for left in side.node.glob("journal.db*"):
        left.unlink()
    for kept in tmp_path.glob("newest-*"):
        kept.rename(side.node / kept.name.removeprefix("newest-"))
    side.start()
    assert side.run("node status")["halted"] == ""
    assert side.stop() == 0
