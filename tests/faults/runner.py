"""Runs a node as `gsomia node run` does, with a fault put in from outside.

    python -m tests.faults.runner FOLDER SECRET [--die N before|after] [--steps FILE]
                                  [--clock SECONDS] [--listen PORT]

The product knows nothing of this. What makes something durable or visible to others
is wrapped here and counted as *steps*: flushes, renames, removals, commits, requests
to partners, answers to partners. At step N the process kills itself, before or after
it. `--steps` has the name of each step written to a file, one a line. `--clock` shifts
the node's clock. With `--listen` partners are served at another port than the card
names: something stands between.
"""

from __future__ import annotations

import argparse
import faulthandler
import os
import signal
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from gsomia.app import KeyFile, folder, running, serve
from gsomia.http.link import HttpLink
from gsomia.http.peer import PeerServer
from gsomia.node import links
from gsomia.node.node import Cadence
from gsomia.storage.small import SmallBlobs
from gsomia.storage.sqlite import SqliteStore

BRISK = Cadence(
    work=timedelta(milliseconds=50),
    checkpoint=timedelta(seconds=1),
    heartbeat=timedelta(hours=1),
)


class Steps:
    """Counts steps, and ends the process at one of them as a loss of power to it would."""

    def __init__(self, die: int, when: str, told: Path | None) -> None:
        self._die, self._when = die, when
        self._count = 0
        self._lock = threading.Lock()
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND
        self._told = os.open(told, flags, 0o600) if told else None

    def wrap(self, owner: Any, name: str) -> None:
        """Make every call of `owner.name` a step."""
        inner = getattr(owner, name)
        setattr(owner, name, self._step(inner, f"{owner.__name__}.{name}"))

    def _step(self, inner: Callable[..., Any], name: str) -> Callable[..., Any]:
        def step(*args: Any, **named: Any) -> Any:
            mine = self._take(name)
            self._perhaps(mine, "before")
            done = inner(*args, **named)
            self._perhaps(mine, "after")
            return done

        return step

    def _take(self, name: str) -> int:
        with self._lock:
            self._count += 1
            if self._told is not None:
                os.write(self._told, name.encode() + b"\n")
            return self._count

    def _perhaps(self, step: int, when: str) -> None:
        if step == self._die and when == self._when:
            os.kill(os.getpid(), signal.SIGKILL)


def shift_clock(seconds: float) -> None:
    """Let the node's clock go wrong by so much."""
    defaults: Any = folder.open_node.__kwdefaults__
    defaults["clock"] = lambda: datetime.now(UTC) + timedelta(seconds=seconds)


def listen_at(port: int) -> None:
    """Serve partners at this port, whatever the card says."""
    wiring: Any = running
    inner = wiring.PeerServer

    def elsewhere(*args: Any, **named: Any) -> Any:
        return inner(*args, **{**named, "port": port})

    wiring.PeerServer = elsewhere


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("secret", type=Path)
    parser.add_argument("--die", nargs=2, default=("0", "before"))
    parser.add_argument("--steps", type=Path)
    parser.add_argument("--clock", type=float, default=0.0)
    parser.add_argument("--listen", type=int)
    given = parser.parse_args()
    faulthandler.register(signal.SIGUSR1)
    links.FIRST_RETRY = timedelta(milliseconds=50)
    links.LAST_RETRY = timedelta(milliseconds=400)
    shift_clock(given.clock)
    if given.listen:
        listen_at(given.listen)
    steps = Steps(int(given.die[0]), given.die[1], given.steps)
    for owner, names in (
        (os, ("fsync", "replace", "unlink")),
        (SqliteStore, ("commit", "replace_checkpoint", "put_meta")),
        (SmallBlobs, ("put", "delete")),
        (HttpLink, ("send",)),
        (PeerServer, ("_handle",)),
    ):
        for name in names:
            steps.wrap(owner, name)
    serve(given.folder, KeyFile(given.secret), BRISK)


if __name__ == "__main__":
    main()
