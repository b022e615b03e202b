"""Tiles: a tree and its entries as files that never change (C2SP tlog-tiles).

A full tile is 256 hashes, 8192 bytes; the last of each level may be partial.
Paths and contents only: no files are touched here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from gsomia.faults import BadInput, shown
from gsomia.journal.tree import HASH, MAX_SIZE, Tree

WIDTH = 256
"""Hashes in a full tile, entries in a full bundle."""

MAX_ENTRY = 0xFFFF
"""Bytes: an entry's length must fit in two bytes."""

_BITS = 8
_MAX_LEVEL = 63
_PATH = re.compile(
    r"tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/)*)([0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?"
)
_MAX_PATH = 80


class TilePath(msgspec.Struct, frozen=True):
    """Which tile: its level (None for an entry bundle), index and width (256 if full).

    Raises `BadInput` for one that no tree within `MAX_SIZE` has.
    """

    level: int | None
    index: int
    width: int = WIDTH

    def __post_init__(self) -> None:
        level = self.level or 0
        if not 0 <= level <= _MAX_LEVEL:
            raise BadInput(f"a level of 0 to {_MAX_LEVEL}", str(level), "tile")
        if not 1 <= self.width <= WIDTH:
            raise BadInput(f"a width of 1 to {WIDTH}", str(self.width), "tile")
        if not 0 <= self.index <= MAX_SIZE >> _BITS * (level + 1):
            raise BadInput("an index within the largest tree", str(self.index), "tile")

    @property
    def text(self) -> str:
        """The path: `tile/0/x001/x234/067.p/44`."""
        groups = [f"{self.index % 1000:03d}"]
        rest = self.index // 1000
        while rest:
            groups.insert(0, f"x{rest % 1000:03d}")
            rest //= 1000
        kind = "entries" if self.level is None else str(self.level)
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{kind}/{'/'.join(groups)}{partial}"


def parse_tile_path(text: str, where: str = "tile path") -> TilePath:
    """Read a path strictly: no other spelling of the same tile passes. Raises `BadInput`."""
    match = _PATH.fullmatch(text) if len(text) <= _MAX_PATH else None
    if match is None:
        raise BadInput("tile/<level or entries>/<index>[.p/<width>]", shown(text), where)
    kind, groups, last, width = match.groups()
    path = TilePath(
        None if kind == "entries" else int(kind),
        int(groups.replace("x", "").replace("/", "") + last),
        int(width or WIDTH),
    )
    if path.text != text:
        raise BadInput(path.text, shown(text), where)
    return path


# -- writing --------------------------------------------------------------------


def _spans(count: int, before: int) -> Iterator[tuple[int, int]]:
    """Index and width of each tile over `count` items that one over `before` did not have."""
    for index in range(before // WIDTH, -(-count // WIDTH)):
        width = min(WIDTH, count - index * WIDTH)
        if before < index * WIDTH + width:
            yield index, width


def tiles(tree: Tree, size: int, before: int = 0) -> Iterator[tuple[TilePath, bytes]]:
    """Every hash tile of the tree at `size` that it did not already have at `before`.

    Raises `BadInput` for a size the tree never had.
    """
    if not 0 <= before <= size <= tree.size:
        raise BadInput(f"sizes up to {tree.size}", f"{before} to {size}", "tiles")
    for level in range(_MAX_LEVEL // _BITS + 1):
        shift = _BITS * level
        for index, width in _spans(size >> shift, before >> shift):
            start = index * WIDTH
            yield TilePath(level, index, width), tree.nodes(shift, start, start + width)


def bundles(
    entries: Callable[[int, int], Sequence[bytes]], size: int, before: int = 0
) -> Iterator[tuple[TilePath, bytes]]:
    """Every entry bundle at `size` that there was not at `before`.

    `entries(start, end)` fetches the entries of a range. Raises `BadInput` if it
    answers with another number of them.
    """
    for index, width in _spans(size, before):
        start = index * WIDTH
        found = entries(start, start + width)
        if len(found) != width:
            raise BadInput(f"{width} entries", str(len(found)), "entry bundle")
        yield TilePath(None, index, width), bundle(found)


def bundle(entries: Iterable[bytes]) -> bytes:
    """Entries, each behind two bytes of length. Raises `BadInput` for one over `MAX_ENTRY`."""
    parts: list[bytes] = []
    for entry in entries:
        if len(entry) > MAX_ENTRY:
            raise BadInput(f"at most {MAX_ENTRY} bytes", f"{len(entry)} bytes", "entry")
        parts += (len(entry).to_bytes(2), entry)
    return b"".join(parts)


# -- reading --------------------------------------------------------------------


def parse_tile(data: bytes, width: int, where: str) -> list[bytes]:
    """The `width` hashes of a tile. Raises `BadInput` for any other number of bytes."""
    if len(data) != width * HASH:
        raise BadInput(f"{width * HASH} bytes", f"{len(data)} bytes", where)
    return [data[i : i + HASH] for i in range(0, len(data), HASH)]


def parse_bundle(data: bytes, width: int, where: str) -> list[bytes]:
    """The `width` entries of a bundle. Raises `BadInput` for fewer, more, or a cut one."""
    entries: list[bytes] = []
    at = 0
    while at < len(data):
        start = at + 2
        end = start + int.from_bytes(data[at:start])
        if end > len(data) or len(entries) == width:
            raise BadInput(f"{width} whole entries", "a cut or a further one", where)
        entries.append(data[start:end])
        at = end
    if len(entries) != width:
        raise BadInput(f"{width} entries", str(len(entries)), where)
    return entries
