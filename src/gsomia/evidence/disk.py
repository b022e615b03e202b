"""Files on a disk, for the verifier: the one module here that touches the machine.

It lists and reads, and never writes, never follows a link, and never opens what
is no regular file.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from gsomia.evidence.files import CHUNK, Limits, Listed
from gsomia.faults import BadInput, Unavailable, shown


class DiskFiles:
    """One file or one folder. The path given is followed to where it leads; nothing in it is."""

    def __init__(self, path: Path, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        try:
            self._root = path.resolve(strict=True)
            self._single = not stat.S_ISDIR(self._root.lstat().st_mode)
        except OSError as error:
            raise Unavailable(f"{shown(str(path))} cannot be read: {error.strerror}") from None

    def listing(self) -> Iterable[Listed]:
        """Every file, in the order of paths. Raises `BadInput` over a bound, `Unavailable`."""
        try:
            if self._single:
                told = self._root.lstat()
                return [Listed(self._root.name, told.st_size, stat.S_ISREG(told.st_mode))]
            return sorted(self._walk(), key=lambda one: one.path)
        except OSError as error:
            raise Unavailable(f"the folder cannot be read: {error.strerror}") from None

    def _walk(self) -> Iterator[Listed]:
        waiting, seen, total = [("", 0)], 0, 0
        while waiting:
            folder, depth = waiting.pop()
            if depth > self._limits.depth:
                raise BadInput(f"at most {self._limits.depth} levels", "deeper", shown(folder))
            with os.scandir(self._root / folder) as found:
                for one in found:
                    if (seen := seen + 1) > self._limits.files:
                        raise BadInput(f"at most {self._limits.files} files", "more", "folder")
                    path = f"{folder}{one.name}"
                    if one.is_dir(follow_symlinks=False):
                        waiting.append((f"{path}/", depth + 1))
                        continue
                    regular = one.is_file(follow_symlinks=False)
                    size = one.stat(follow_symlinks=False).st_size if regular else 0
                    if (total := total + size) > self._limits.total:
                        raise BadInput(f"at most {self._limits.total} bytes", "more", "folder")
                    yield Listed(path, size, regular)

    def read(self, path: str, limit: int) -> bytes:
        """A whole file. Raises `BadInput` over `limit` bytes, `Unavailable` if unreadable."""
        data = b"".join(self._read(path, limit + 1))
        if len(data) > limit:
            raise BadInput(f"at most {limit} bytes", "more", shown(path))
        return data

    def chunks(self, path: str) -> Iterator[bytes]:
        """A file piece by piece, no more of it than the bound on all bytes allows."""
        return self._read(path, self._limits.total)

    def _read(self, path: str, limit: int) -> Iterator[bytes]:
        full = self._root if self._single else self._root / path
        try:
            # Not to follow a link put there since the listing, nor to wait at a pipe.
            handle = os.open(full, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
            with os.fdopen(handle, "rb") as file:
                if not stat.S_ISREG(os.fstat(handle).st_mode):
                    raise BadInput("a regular file", "something else", shown(path))
                while limit > 0 and (data := file.read(min(CHUNK, limit))):
                    limit -= len(data)
                    yield data
        except OSError as error:
            raise Unavailable(f"{shown(path)} cannot be read: {error.strerror}") from None
