"""A stream of plaintext segments as something that can be read into a buffer."""

from __future__ import annotations

from collections.abc import Iterator
from types import TracebackType
from typing import Self


class PlainSource:
    """Reads what an iterator of views yields. Each view is used up before the next is asked for."""

    def __init__(self, segments: Iterator[memoryview]) -> None:
        self._segments = segments
        self._held = memoryview(b"")

    def readinto(self, buffer: memoryview, /) -> int:
        """Fill the buffer from the segments; 0 at the end."""
        while not self._held:
            found = next(self._segments, None)
            if found is None:
                return 0
            self._held = found
        count = min(len(buffer), len(self._held))
        buffer[:count] = self._held[:count]
        self._held = self._held[count:]
        return count

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        close = getattr(self._segments, "close", None)
        if close is not None:
            close()
