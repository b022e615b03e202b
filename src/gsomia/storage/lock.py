"""One process for one node: an exclusive lock on its folder.

The lock is the kernel's (flock), so it ends with the process however that ends.
It binds programs that ask for it, on a local file system; it keeps nobody from
the files.

Who holds it stands in a second file, which is locked as well once the number in it
is the holder's: the one that a killed process left there is nobody's, and may by now
be another program's.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Self

from gsomia.faults import Unavailable

_FILE = "node.lock"
_WHO = "node.pid"


class Held:
    """A folder's lock while it is held; a context manager that releases it."""

    def __init__(self, *fds: int) -> None:
        self._fds = fds

    def release(self) -> None:
        """Give the lock up; idempotent. The files stay: removing them would let two in."""
        for fd in self._fds:
            os.close(fd)
        self._fds = ()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def hold(folder: Path | str) -> Held:
    """Take the lock of a node's `folder`, which must exist, without waiting.

    Raises `Unavailable`, naming the process that holds it, or if the folder
    cannot be written.
    """
    fd = _open(folder, _FILE)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(fd)
        raise Unavailable(
            f"the node's folder is in use by process {_number(folder) or 'unknown'}",
            "Stop that process, or ask it through its own address",
        ) from None
    except OSError as error:
        os.close(fd)
        raise Unavailable("the node's folder cannot be locked", error.strerror or "") from error
    try:
        return Held(fd, _say(folder))
    except BaseException:
        os.close(fd)
        raise


def _open(folder: Path | str, name: str) -> int:
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
    try:
        return os.open(Path(folder) / name, flags, 0o600)
    except OSError as error:
        raise Unavailable("the node's folder cannot be used", error.strerror or "") from error


def _say(folder: Path | str) -> int:
    """Write who holds the folder, then lock that: in this order, so that it is never untrue."""
    fd = _open(folder, _WHO)
    try:
        os.ftruncate(fd, 0)
        os.pwrite(fd, b"%d\n" % os.getpid(), 0)
        fcntl.flock(fd, fcntl.LOCK_EX)  # held by others for an instant only
    except OSError as error:
        os.close(fd)
        raise Unavailable("the node's folder cannot be locked", error.strerror or "") from error
    return fd


def holder(folder: Path | str) -> int | None:
    """The number of the process that holds the lock of a node's `folder`, or None.

    Raises `Unavailable` if the folder cannot be read, or the holder has not said who it is.
    """
    if not _is_locked(folder, _FILE):
        return None
    number = _number(folder)
    if number is None:
        raise Unavailable("the node is only just starting", "Try again in a moment")
    return number


def _number(folder: Path | str) -> int | None:
    """The number that the holder wrote, or None if it has not said it yet."""
    if not _is_locked(folder, _WHO):
        return None
    try:
        text = (Path(folder) / _WHO).read_bytes().strip()
    except OSError as error:
        raise Unavailable("the node's folder cannot be used", error.strerror or "") from error
    return int(text) if text.isdigit() else None


def _is_locked(folder: Path | str, name: str) -> bool:
    try:
        fd = os.open(Path(folder) / name, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise Unavailable("the node's folder cannot be used", error.strerror or "") from error
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(fd)
    return False
