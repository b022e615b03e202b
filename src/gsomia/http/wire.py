"""Sockets with limits: how long one read may wait, and when everything must be done.

A limit on each read alone lets a peer send one byte now and then for ever, so
there is a deadline over them all as well.
"""

from __future__ import annotations

import io
import math
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gsomia.faults import BadInput, shown

SLICE = 64 << 10
"""Bytes handed to the system in one call, so that a deadline is looked at in between."""

MAX_UNIX_PATH = 100
"""Bytes of a socket's path: the least that systems take is 103 (macOS), Linux takes 107."""


class Timed:
    """A connected socket under an idle limit and a deadline, both in seconds.

    `deadline` is on the clock of `time.monotonic`. Reads and writes raise
    `TimeoutError` when either passes.
    """

    def __init__(self, sock: socket.socket, idle: float) -> None:
        self.sock, self.idle = sock, idle
        self.deadline = math.inf

    def within(self, seconds: float) -> None:
        """Everything from now on must be done in so many seconds."""
        self.deadline = time.monotonic() + seconds

    def arm(self) -> None:
        """Set the socket's timeout for one call."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        self.sock.settimeout(min(self.idle, left))

    def recv_into(self, buffer: memoryview) -> int:
        """Read what there is, at least one byte; 0 at the end."""
        self.arm()
        return self.sock.recv_into(buffer)

    def sendall(self, data: bytes | bytearray | memoryview) -> None:
        """Write everything."""
        view = memoryview(data).cast("B")
        while view:
            self.arm()
            view = view[self.sock.send(view[:SLICE]) :]


class TimedFile(io.RawIOBase):
    """The reading side of a `Timed` as a raw file. Closing it leaves the socket open."""

    def __init__(self, timed: Timed) -> None:
        super().__init__()
        self._timed = timed

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """One read of the socket."""
        return self._timed.recv_into(memoryview(buffer))


@contextmanager
def unix_address(path: Path) -> Iterator[str]:
    """An address for a local socket at `path`, however long the path is; valid in the block.

    A socket address holds about a hundred bytes. A longer path goes through a
    descriptor of its folder, where the system shows those as files (Linux). Raises
    `BadInput` elsewhere, and `FileNotFoundError` if there is no such folder.
    """
    if len(os.fsencode(path)) <= MAX_UNIX_PATH:
        yield str(path)
        return
    if len(os.fsencode(path.name)) > MAX_UNIX_PATH // 2 or not os.path.isdir("/proc/self/fd"):  # noqa: PTH112
        raise BadInput(
            f"a path of at most {MAX_UNIX_PATH} bytes for the socket", shown(str(path)), "door"
        )
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
