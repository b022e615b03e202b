"""What a node needs from outside: storage, keys, a clock, randomness, a way to partners."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from gsomia.journal.rows import Batch, EntryRow
from gsomia.registry.model import Shown

Clock = Callable[[], datetime]
"""The present instant, in UTC."""

Rand = Callable[[int], bytes]
"""n random bytes from the system's source."""


class Store(Protocol):
    """Books, openings and documents. One writer; each commit is durable, whole or not at all."""

    def commit(self, batch: Batch) -> None:
        """Write a batch. Raises `Unavailable`, and then nothing changed."""

    def heads(self) -> dict[str, int]:
        """The size of each book."""

    def leaves(self, book: str) -> bytes:
        """All leaf hashes of a book, 32 bytes each."""

    def entries(self, book: str, start: int, stop: int) -> Iterator[EntryRow]:
        """Entries with the openings that are left."""

    def everything(self) -> Iterator[EntryRow]:
        """Every entry of every book, in the order of writing."""

    def entry(self, book: str, index: int) -> EntryRow | None:
        """One entry, or None."""

    def docs(self) -> Iterator[tuple[str, str, bytes]]:
        """All documents: kind, key, canonical bytes."""

    def replace_docs(self, docs: Iterable[tuple[str, str, bytes]]) -> None:
        """Put exactly these documents in place of all."""

    def checkpoint(self, book: str, size: int | None = None) -> tuple[int, bytes] | None:
        """The newest signed checkpoint of a book, or the one of a size."""

    def checkpoints(self, book: str) -> Iterator[tuple[int, bytes]]:
        """All signed checkpoints of a book, by size."""

    def replace_checkpoint(self, book: str, size: int, note: bytes) -> None:
        """Put a checkpoint with more signature lines in place of the one of the same size."""

    def meta(self, key: str) -> bytes | None:
        """A small value beside the books."""

    def put_meta(self, key: str, value: bytes) -> None:
        """Store a small value durably."""

    def backup(self, path: Path) -> None:
        """Copy everything into a new file."""

    def close(self) -> None:
        """Release the files."""


class NewBlob(Protocol):
    """A blob being written; it exists only once kept."""

    def write(self, data: bytes | bytearray | memoryview) -> int:
        """Append bytes."""

    def seek(self, offset: int, /) -> int:
        """Go to a place in what was written."""

    def read(self, size: int, /) -> bytes:
        """Read back what was written, from here."""

    def keep(self, name: str) -> None:
        """Make it durable under a name."""

    def drop(self) -> None:
        """Forget it."""


class Blobs(Protocol):
    """Sealed bytes by name."""

    def create(self) -> NewBlob:
        """A new blob, not yet kept."""

    def keep(self, new: Mapping[str, Any]) -> None:
        """Make several new blobs of this store durable, each under its name, in one go."""

    def open(self, name: str) -> BinaryIO:
        """Read a blob. Raises `Unavailable` if there is none."""

    def exists(self, name: str) -> bool:
        """Whether a blob is kept under this name."""

    def size(self, name: str) -> int:
        """Its bytes."""

    def delete(self, name: str) -> None:
        """Remove it, if it is there."""

    def sweep(self) -> int:
        """Remove what was never kept; the number removed."""

    def suspect(self, needed: Container[str]) -> None:
        """Remember every blob that is not needed, for `clear`."""

    def spare(self, name: str) -> None:
        """Have `clear` leave a blob alone."""

    def clear(self) -> int:
        """Remove what was suspected, and neither kept again nor spared; the number removed."""

    def backup(self, path: Path) -> None:
        """Copy into a new file what no plain copy of files would catch whole."""

    def close(self) -> None:
        """Let go of what is open; nothing is kept or read afterwards."""


class Vault(Protocol):
    """A node's secrets, each wrapped under a key that the node's own secret opens."""

    def put(self, name: str, secret: bytes) -> None:
        """Store a secret durably."""

    def get(self, name: str) -> bytes | None:
        """A secret, or None."""

    def names(self) -> Iterable[str]:
        """The names of all secrets."""

    def destroy(self, name: str) -> bool:
        """Destroy a secret; whether it was there."""

    def put_slot(self, item: str, dek: bytes) -> None:
        """Store an item's key durably in a slot of its own."""

    def put_slots(self, deks: Mapping[str, bytes]) -> None:
        """Store several items' keys durably, each in a slot of its own, in one go."""

    def slot(self, item: str) -> bytes | None:
        """An item's key, or None."""

    def slots(self) -> Iterable[str]:
        """The items that have a slot."""

    def destroy_slot(self, item: str) -> bool:
        """Destroy an item's slot; whether it was there."""


class Outcome(Enum):
    """What came of a transmittal at the node it went to. A shell maps these to its own codes."""

    RECEIVED = "received"
    REPEATED = "repeated"
    CONFLICT = "conflict"
    REJECTED = "rejected"
    REFUSED = "refused"


class Marks(Protocol):
    """What a reader saw in content: a `kind` of file, why not (`why`), pages, and marks."""

    @property
    def kind(self) -> str:
        """The format, or the empty string."""

    @property
    def why(self) -> str:
        """Why it was not examined; empty if it was."""

    @property
    def pages(self) -> int:
        """How many; 0 where the format has none."""

    @property
    def shown(self) -> tuple[Shown, ...]:
        """Each mark once, at its first place."""


class MarkReader(Protocol):
    """Reads which marks content shows."""

    def read(self, content: Iterable[memoryview], size: int, party: str) -> Marks:
        """The marks of a party in content of `size` bytes; never the whole of it in memory here.

        Raises nothing for what the content is: then `why` is set.
        """


class PeerLink(Protocol):
    """The way to partners' nodes. Every call may raise `Unavailable`."""

    def deliver(
        self, registry: str, body: Iterable[memoryview], size: int
    ) -> tuple[Outcome, bytes]:
        """Send a sealed transmittal, and wait for what came of it.

        With it comes the receipt (also of one repeated), the conflict statement, or words.
        """

    def ask_to_cosign(self, registry: str, book: str, request: bytes) -> tuple[bool, bytes]:
        """Ask a partner to cosign a book: true with its lines, false with its refusal."""
