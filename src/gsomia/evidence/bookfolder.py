"""A whole book as a folder: its files, and how they are made (docs/formats/evidence.md).

The layout of tiles is C2SP's; beside them lie the signed checkpoints and, as far as
they are disclosed, the openings.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Final, Literal

import msgspec

from gsomia.canon import decode, encode
from gsomia.exchange.fields import Count, Name
from gsomia.faults import BadInput, shown
from gsomia.journal.checkpoint import MAX_CHECKPOINT, parse_checkpoint, parse_decimal
from gsomia.journal.note import parse_note
from gsomia.journal.rows import EntryRow, OpeningClass
from gsomia.journal.tiles import WIDTH, TilePath, bundle, parse_bundle, tiles
from gsomia.journal.tree import Tree
from gsomia.shapes import json_reader

FORMAT: Final = "gsomia/book/v1"
CARD = "book.json"
NEWEST = "checkpoint"
EARLIER = "checkpoints/"
OPENINGS = "openings/"

REGISTER: tuple[OpeningClass, ...] = ("register",)
"""The openings that go along unless somebody asks for more: no personal data."""

MAX_BUNDLE = WIDTH * (2 + 0xFFFF)
MAX_OPENING = 4 << 20
"""Bytes of one line of openings."""


class BookCard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`book.json`: which book this is. It proves nothing and must fit the checkpoint."""

    book: Name
    format: Literal["gsomia/book/v1"]
    origin: Name
    size: Count

    def encode(self) -> bytes:
        """The file's bytes."""
        return encode(self) + b"\n"


class OpeningLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of an openings file: which fact of which entry, its salt and its value."""

    field: str
    index: int
    salt: bytes
    value: bytes


_encoder = msgspec.json.Encoder()
_decoder = json_reader(OpeningLine)


def parse_book_card(data: bytes, where: str) -> BookCard:
    """Read `book.json` strictly. Raises `BadInput`."""
    if not data.endswith(b"\n"):
        raise BadInput("a line feed at the end", "none", where)
    return decode(data[:-1], BookCard, where)


def parse_opening(line: bytes, where: str) -> OpeningLine:
    """Read one line of openings, without its line feed. Raises `BadInput`.

    The type is closed and flat and its fields stand in canonical order: so its own
    decoder and encoder do what `canon.decode` does, in a fifth of the time.
    """
    try:
        opening = _decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadInput("an opening", shown(str(error)), where) from None
    if _encoder.encode(opening) != line:
        raise BadInput("canonical JSON (sorted keys, no blanks)", "another encoding", where)
    return opening


def openings_path(bundle_index: int) -> str:
    """The openings of the 256 entries of one bundle: `openings/x001/x234/067`."""
    return OPENINGS + TilePath(None, bundle_index).text.removeprefix("tile/entries/")


def earlier_size(path: str) -> int:
    """The size that an earlier checkpoint's path states. Raises `BadInput`."""
    return parse_decimal(path.removeprefix(EARLIER), path)


def tile_paths(size: int) -> Iterator[TilePath]:
    """Every entry bundle and hash tile of a book of `size` entries. May be very many."""
    for level in (None, *range(8)):
        count = size >> 8 * (level or 0)
        for index in range(-(-count // WIDTH)):
            yield TilePath(level, index, min(WIDTH, count - index * WIDTH))


# -- making -----------------------------------------------------------------------


def export_book(
    book: str,
    rows: Callable[[int, int], Sequence[EntryRow]],
    tree: Tree,
    checkpoints: Sequence[bytes],
    classes: Collection[OpeningClass] = REGISTER,
) -> Iterator[tuple[str, bytes]]:
    """The files of a book, path and bytes, one bundle of entries in memory at a time.

    `rows(start, end)` fetches the rows of a range; `tree` is the book's;
    `checkpoints` are signed notes from the smallest to the newest, and the book is
    exported up to the newest: give one that the partner cosigned. `classes` are
    those of the openings that go along. Verifies no signature. Raises `BadInput` if
    the notes are not in order, not of one book, or beyond the tree.
    """
    notes = [parse_note(note, NEWEST, MAX_CHECKPOINT) for note in checkpoints]
    read = [parse_checkpoint(note.text, NEWEST) for note in notes]
    sizes = [c.size for c in read]
    if not read or sizes != sorted(set(sizes)) or len({c.origin for c in read}) != 1:
        raise BadInput("checkpoints of one book, from the smallest to the newest", "others", book)
    size = sizes[-1]
    yield CARD, BookCard(book, FORMAT, read[-1].origin, size).encode()
    yield NEWEST, checkpoints[-1]
    for earlier, signed in zip(sizes[:-1], checkpoints[:-1], strict=True):
        yield f"{EARLIER}{earlier}", signed
    for path, data in tiles(tree, size):
        yield path.text, data
    for start in range(0, size, WIDTH):
        end = min(start + WIDTH, size)
        found = rows(start, end)
        if [r.index for r in found] != list(range(start, end)):
            raise BadInput(f"entries {start} to {end - 1}", "others", book)
        index = start // WIDTH
        yield TilePath(None, index, end - start).text, bundle(r.entry for r in found)
        if opened := _openings(found, classes):
            yield openings_path(index), opened


def _openings(rows: Sequence[EntryRow], classes: Collection[OpeningClass]) -> bytes:
    """The lines of openings of some entries, by index and field."""
    return b"".join(
        encode(OpeningLine(o.field, row.index, o.salt, o.value)) + b"\n"
        for row in rows
        for o in sorted(row.openings, key=lambda o: o.field)
        if o.class_ in classes
    )


def read_bundle(data: bytes, path: TilePath) -> list[bytes]:
    """The entries of a bundle. Raises `BadInput` naming its path."""
    return parse_bundle(data, path.width, path.text)
