"""Private files: written whole or not at all, refused if others can read them, overwritten
when they go.

Overwriting reaches the blocks a plain file system wrote in place. A drive that
remaps blocks, a snapshot or a backup may keep what was there: keep the vault
where there are none, and out of backups that outlive its secrets.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from gsomia.durable import at_once, fsync_folder
from gsomia.faults import BadInput, Unavailable

Rand = Callable[[int], bytes]
"""So many unpredictable bytes: `os.urandom`, or a counted sequence in tests."""


@contextmanager
def outside(what: str) -> Iterator[None]:
    """Tell the disk's failures as `Unavailable`."""
    try:
        yield
    except OSError as error:
        raise Unavailable(what, error.strerror or "") from error


def read_private(path: Path, limit: int, where: str) -> bytes:
    """The bytes of a file that only its owner can read.

    Raises `BadInput` if group or others have any right to it, if it is no plain
    file or longer than `limit` bytes; `FileNotFoundError` if there is none.
    """
    # Without O_NONBLOCK a pipe in the file's place would hold us for ever.
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    with os.fdopen(fd, "rb") as file:
        status = os.fstat(fd)
        if not stat.S_ISREG(status.st_mode):
            raise BadInput("a plain file", "something else", where)
        if status.st_mode & 0o077:
            mode = f"mode {stat.S_IMODE(status.st_mode):04o}"
            raise BadInput("a file that only its owner can read (mode 0600)", mode, where)
        data = file.read(limit + 1)
    if len(data) > limit:
        raise BadInput(f"at most {limit} bytes", "more", where)
    return data


def write_new(path: Path, data: bytes) -> None:
    """Write a file that must not exist yet, mode 0600, durably; partial ones are removed.

    Raises `FileExistsError` and leaves what is there alone.
    """
    _write_bytes(path, data)
    try:
        fsync_folder(path.parent)
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise


def _write_bytes(path: Path, data: bytes) -> None:
    """As `write_new`, but the file's name is not durable yet."""
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(fd, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(fd)
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise


def replace_all(new: Mapping[Path, bytes], temporary: Path, rand: Rand) -> None:
    """As `replace` of each, but those that were not there are flushed together.

    Their bytes several at the same time, and each folder once. If one fails, others may
    be in place already.
    """
    parts = {path: temporary / rand(16).hex() for path in new if not os.path.lexists(path)}
    try:
        at_once(lambda path: _write_bytes(parts[path], new[path]), parts)
        if parts:
            fsync_folder(temporary)
        for path, part in parts.items():
            part.replace(path)
        at_once(fsync_folder, {path.parent for path in parts})
    except BaseException:
        for part in parts.values():
            with suppress(OSError):
                part.unlink(missing_ok=True)
        raise
    for path in new.keys() - parts.keys():
        replace(path, new[path], temporary, rand)


def replace(path: Path, data: bytes, temporary: Path, rand: Rand) -> None:
    """Put `data` in the place of `path`, whole and durably, and overwrite what was there.

    `temporary` is a folder on the same file system. A crash leaves the old or
    the new file, and perhaps one in `temporary` to overwrite at the next start.
    """
    part = temporary / rand(16).hex()
    try:
        write_new(part, data)
        try:
            old = os.open(path, os.O_WRONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
        except FileNotFoundError:
            part.replace(path)
        else:
            # The old file loses its name first: there is no moment without a whole one.
            try:
                part.replace(path)
                fsync_folder(path.parent)
                _overwrite(old, rand)
            finally:
                os.close(old)
        fsync_folder(path.parent)
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def shred(path: Path, rand: Rand, temporary: Path) -> bool:
    """Overwrite a file with random bytes and remove it, durably; False if there was none.

    It loses its name first, so that nobody finds it overwritten in part. A crash, or a
    disk that fails, leaves it in `temporary`: calling again goes on with it, and so does
    the next start.
    """
    part = path
    if path.parent != temporary:
        part = temporary / f"{path.name}.gone"
        _take_name(path, part)
    try:
        fd = os.open(part, os.O_WRONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except FileNotFoundError:
        return False
    try:
        _overwrite(fd, rand)
    finally:
        os.close(fd)
    part.unlink(missing_ok=True)
    fsync_folder(temporary)
    return True


def _take_name(path: Path, part: Path) -> None:
    """Move a file, durably, if it is there and is a file."""
    if path.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    with suppress(FileNotFoundError):
        path.replace(part)
        fsync_folder(path.parent)
        fsync_folder(part.parent)


def _overwrite(fd: int, rand: Rand) -> None:
    size = os.fstat(fd).st_size
    done = 0
    while done < size:
        done += os.pwrite(fd, rand(min(size - done, 1 << 16)), done)
    os.fsync(fd)
