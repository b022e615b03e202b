"""Each file of others is opened in a process of its own, bounded in time and memory.

The file goes to it through a pipe and never onto a disk. Whatever the file does to a
library there, this process goes on, and the answer is an error in words.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterable
from contextlib import suppress

import msgspec

from gsomia.documents.kinds import MAX_FILE, check_size
from gsomia.documents.worker import MEMORY, SECONDS, Job, Reply
from gsomia.faults import BadInput, Unavailable
from gsomia.shapes import from_json

COMMAND = (sys.executable, "-I", "-m", "gsomia.documents.worker")
"""Without the user's own modules and settings."""

WALL = 180.0
"""Seconds that one file may take, whatever else the machine does."""
_MAX_MADE = 2 * MAX_FILE
_MAX_REPLY = 64 << 20

BOUNDS = f"a file that can be read in {SECONDS} s and {MEMORY >> 30} GiB"


class WorkerBug(Exception):
    """A fault of ours in the process: where it happened. Never caught here."""


def run(job: Job, chunks: Iterable[bytes | memoryview], where: str) -> tuple[Reply, bytes]:
    """Do a job in a process of its own.

    Raises the `BadInput` or `Unavailable` that came of it, and `BadInput` for a file that
    stops the process or takes longer than `WALL`.
    """
    process = subprocess.Popen(
        COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env={"LC_ALL": "C.UTF-8"},
    )
    timer = threading.Timer(WALL, process.kill)
    timer.daemon = True
    timer.start()
    try:
        _feed(process, msgspec.json.encode(job) + b"\n", chunks, where)
        line, made = _taken(process)
    finally:
        timer.cancel()
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()
    return _told(line, where), made


def _feed(
    process: subprocess.Popen[bytes],
    line: bytes,
    chunks: Iterable[bytes | memoryview],
    where: str,
) -> None:
    if process.stdin is None:
        raise RuntimeError("the process has no input")
    size = 0
    with suppress(BrokenPipeError):  # it ended early: why, its reply says
        process.stdin.write(line)
        for chunk in chunks:
            size += len(chunk)
            check_size(size, where)
            process.stdin.write(chunk)
        process.stdin.close()


def _taken(process: subprocess.Popen[bytes]) -> tuple[bytes, bytes]:
    if process.stdout is None:
        raise RuntimeError("the process has no output")
    line = process.stdout.readline(_MAX_REPLY + 1)
    return line, process.stdout.read(_MAX_MADE + 1)


def _told(line: bytes, where: str) -> Reply:
    if not line.endswith(b"\n"):
        raise BadInput(BOUNDS, "one that stopped the reader", where)
    reply = from_json(line, Reply)
    match reply.outcome:
        case "done":
            return reply
        case "bad_input":
            raise BadInput(*reply.parts)
        case "unavailable":
            raise Unavailable(*reply.parts)
        case "memory":
            raise BadInput(BOUNDS, "one that needs more", where)
        case _:
            raise WorkerBug("; ".join(reply.parts))
