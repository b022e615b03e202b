"""One process for one node: an exclusive lock on its folder.

The lock is the kernel's (flock), so it ends with the process however that ends.
It binds programs that ask for it, on a local file system; it keeps nobody from
the files.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from typing import Self

from gsomia.faults import Unavailable

_FILE = "node.lock"


class Held:
    """A folder's lock while it is held; a context manager that releases it."""

    def __init__(self, fd: int) -> None:
        self._fd: int | None = fd

    def release(self) -> None:
        """Give the lock up; idempotent. The file stays: removing it would let two in."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def hold(folder: Path | str) -> Held:
    """Take the lock of a node's `folder`, which must exist, without waiting.

    Raises `Unavailable`, naming the process that holds it, or if the folder
    cannot be written.
    """
    path = Path(folder) / _FILE
    try:
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise Unavailable("the node's folder cannot be used", error.strerror or "") from error
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.ftruncate(fd, 0)
        os.pwrite(fd, b"%d\n" % os.getpid(), 0)
    except BlockingIOError:
        holder = _holder(fd)
        os.close(fd)
        raise Unavailable(
            f"the node's folder is in use by process {holder}",
            "Stop that process, or ask it through its own address",
        ) from None
    except OSError as error:
        with suppress(OSError):
            os.close(fd)
        raise Unavailable("the node's folder cannot be locked", error.strerror or "") from error
    return Held(fd)


def holder(folder: Path | str) -> int | None:
    """The number of the process that holds the lock of a node's `folder`, or None.

    Raises `Unavailable` if the folder cannot be read, or the holder has not said who it is.
    """
    path = Path(folder) / _FILE
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Unavailable("the node's folder cannot be used", error.strerror or "") from error
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        number = _holder(fd)
        if not number.isdigit():
            raise Unavailable("the node is only just starting", "Try again in a moment") from None
        return int(number)
    finally:
        os.close(fd)
    return None


def _holder(fd: int) -> str:
    """The number the holder wrote, or a word if it has not yet."""
    text = os.pread(fd, 20, 0).strip()
    return text.decode() if text.isdigit() else "unknown"
