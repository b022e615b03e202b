"""One temporary file for all that is sealed anew for a transmittal.

Items sealed for the way out are needed once, while the container is written. They
go one behind the other into a single file that is never kept, so that a hundred
items cost one file and no flush, and memory stays flat whatever their size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gsomia.exchange.sealed import Sealed, Sink, Source
from gsomia.node.ports import NewBlob


class Arena:
    """Sealed items, in order. `drop` it when the container is written, or was not."""

    def __init__(self, create: Callable[[], NewBlob]) -> None:
        self._create = create
        self._blob: NewBlob | None = None
        self._sizes: list[int] = []

    def seal(self, into: Callable[[Sink], Sealed]) -> Sealed:
        """Let `into` write one sealed item behind the others."""
        if self._blob is None:
            self._blob = self._create()
        sealed = into(self._blob)
        self._sizes.append(sealed.ciphertext_size)
        return sealed

    def parts(self) -> Iterator[tuple[Source, int]]:
        """Each item to be read, with its size; one is read to its end before the next is asked."""
        if self._blob is not None:
            self._blob.seek(0)
            for size in self._sizes:
                yield _Window(self._blob, size), size

    def drop(self) -> None:
        """Forget everything."""
        if self._blob is not None:
            self._blob.drop()


class _Window:
    """The next `size` bytes of a file."""

    def __init__(self, blob: NewBlob, size: int) -> None:
        self._blob, self._left = blob, size

    def readinto(self, buffer: memoryview, /) -> int:
        data = self._blob.read(min(len(buffer), self._left))
        buffer[: len(data)] = data
        self._left -= len(data)
        return len(data)
