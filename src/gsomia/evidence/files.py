"""Files to verify, wherever they lie: listed with sizes, read under a limit.

A listing comes from whoever wants to be believed. What is no regular file is
listed as such and never read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

import msgspec

from gsomia.faults import BadInput, shown

CHUNK = 1 << 20


class Limits(msgspec.Struct, frozen=True):
    """Bounds on what one verification takes in: files, bytes in all, levels of folders."""

    files: int = 1_000_000
    total: int = 1 << 36
    depth: int = 16


class Listed(msgspec.Struct, frozen=True):
    """One file: its path with `/`, relative to what was given, and its size in bytes.

    `regular` is false for a link, a device or a pipe; nothing follows or reads it.
    """

    path: str
    size: int
    regular: bool = True


class Files(Protocol):
    """What a verifier reads from. Paths are those of `listing`."""

    def listing(self) -> Iterable[Listed]:
        """Every file. Raises `BadInput` where a bound is broken."""

    def read(self, path: str, limit: int) -> bytes:
        """A whole file. Raises `BadInput` if it has more than `limit` bytes, or is not there."""

    def chunks(self, path: str) -> Iterator[bytes]:
        """A file from its beginning, piece by piece. Raises `BadInput` if it is not there."""


class Held:
    """Files already in memory, by path."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files

    def listing(self) -> Iterable[Listed]:
        """Every file, in the order of paths."""
        return [Listed(path, len(data)) for path, data in sorted(self._files.items())]

    def read(self, path: str, limit: int) -> bytes:
        """A whole file. Raises `BadInput`."""
        data = self._files.get(path)
        if data is None:
            raise BadInput("a file", "none", shown(path))
        if len(data) > limit:
            raise BadInput(f"at most {limit} bytes", f"{len(data)} bytes", shown(path))
        return data

    def chunks(self, path: str) -> Iterator[bytes]:
        """A file piece by piece. Raises `BadInput`."""
        data = self.read(path, len(self._files.get(path, b"")))
        for start in range(0, len(data), CHUNK):
            yield data[start : start + CHUNK]


class Under:
    """The files in one folder of others, under their paths from there."""

    def __init__(self, files: Files, folder: str, listed: Iterable[Listed]) -> None:
        self._files, self._prefix = files, f"{folder}/" if folder else ""
        cut = len(self._prefix)
        self._listed = [
            Listed(one.path[cut:], one.size, one.regular)
            for one in listed
            if one.path.startswith(self._prefix)
        ]

    def listing(self) -> Iterable[Listed]:
        """Every file in the folder."""
        return self._listed

    def read(self, path: str, limit: int) -> bytes:
        """A whole file. Raises `BadInput`."""
        return self._files.read(self._prefix + path, limit)

    def chunks(self, path: str) -> Iterator[bytes]:
        """A file piece by piece. Raises `BadInput`."""
        return self._files.chunks(self._prefix + path)


def lines(chunks: Iterable[bytes], limit: int, where: str) -> Iterator[bytes]:
    """The lines of a file, without their line feeds, holding one in memory at a time.

    Raises `BadInput` for a line over `limit` bytes, or a last one without line feed.
    """
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        yield from whole
        if len(rest) > limit:
            raise BadInput(f"lines of at most {limit} bytes", "a longer one", where)
    if rest:
        raise BadInput("a line feed at the end", "none", where)
