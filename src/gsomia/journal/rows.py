"""What a store keeps of the books: rows, and the batch that is committed as one.

Plain values, passed between the clerk and whatever store it was given. They
carry bytes and know no nouns.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field

OpeningClass = Literal["register", "personal", "content"]
"""How long an opening lives: to the end of retention, as personal data, or with the item's key."""


class OpeningRow(Struct, frozen=True):
    """One field of an entry laid open: its name, its class, the salt and the value committed to."""

    field: str
    class_: OpeningClass
    salt: bytes
    value: bytes


class EntryRow(Struct, frozen=True):
    """One entry of a book as stored: its place, canonical bytes, leaf hash and openings.

    `at` is the canonical text of an instant; `leaf` has 32 bytes. `openings`
    lacks those lawfully disposed of.
    """

    book: str
    index: int
    kind: str
    at: str
    entry: bytes
    leaf: bytes
    openings: tuple[OpeningRow, ...] = ()


class Batch(Struct):
    """All that one commit writes: everything in it becomes durable, or nothing does.

    `docs` are (kind, key, body), a body of None deleting the document; where a
    document comes twice, the last one counts. `checkpoints` are (book, size,
    note), replacing an earlier note for the same size. `disposals` are (book,
    index, class) whose openings are erased. `meta` are (key, value), None deleting.
    """

    entries: list[EntryRow] = field(default_factory=list)
    docs: list[tuple[str, str, bytes | None]] = field(default_factory=list)
    checkpoints: list[tuple[str, int, bytes]] = field(default_factory=list)
    disposals: list[tuple[str, int, OpeningClass]] = field(default_factory=list)
    meta: list[tuple[str, bytes | None]] = field(default_factory=list)
