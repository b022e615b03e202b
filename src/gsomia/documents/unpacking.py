"""How much the pages of a PDF unpack to, found out before any reader holds it in memory.

A stream of a thousand bytes may unpack to a million, and a page may name one stream many
times. What a reader makes of it is several times larger still. Images are left out: a reader
unpacks them line by line, and only to draw them.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pikepdf

from gsomia.faults import BadInput

MAX_UNPACKED = 64 << 20
"""Bytes that the content of one page may unpack to, and each other stream that pages use."""
_CHUNK = 1 << 16
_FLATE = ("/FlateDecode", "/Fl")
_GROWTH = {
    **dict.fromkeys(_FLATE, 1032),
    **dict.fromkeys(("/LZWDecode", "/LZW"), 2731),
    **dict.fromkeys(("/RunLengthDecode", "/RL"), 64),
    **dict.fromkeys(("/ASCII85Decode", "/A85"), 4),
}
"""Times that a filter grows its input at most (PDF 2.0, 7.4), if it does at all."""
_APART = ("/Image", "/EmbeddedFile", "/Metadata", "/ObjStm", "/XRef")
"""Kinds of streams that no reader unpacks whole to find a page's text."""


def check_unpacked(pdf: pikepdf.Pdf, where: str) -> None:
    """Raise `BadInput` for a page that unpacks to more than `MAX_UNPACKED`. Little is held."""
    sizes = _Sizes()
    for number, page in enumerate(pdf.pages, 1):
        sizes.check(list(_contents(page.obj.get("/Contents"))), f"{where}, page {number}")
    for held in pdf.objects:
        if isinstance(held, pikepdf.Stream) and not _apart(held):
            sizes.check([held], where)


class _Sizes:
    """What streams unpack to, each found out once."""

    def __init__(self) -> None:
        self._most: dict[tuple[int, int], int] = {}
        self._exact: dict[tuple[int, int], int] = {}

    def check(self, streams: Sequence[pikepdf.Stream], where: str) -> None:
        """Raise `BadInput` if streams together unpack to more. Most are too small for it."""
        for stream in streams:
            if stream.objgen not in self._most:
                self._most[stream.objgen] = _most(_filters(stream), _raw(stream))
        if sum(self._most[stream.objgen] for stream in streams) <= MAX_UNPACKED:
            return
        size = 0
        for stream in streams:
            if stream.objgen not in self._exact:
                self._exact[stream.objgen] = _size(stream, where)
            size += self._exact[stream.objgen]
            if size > MAX_UNPACKED:
                expected = f"pages that unpack to at most {MAX_UNPACKED >> 20} MiB each"
                raise BadInput(expected, "one that unpacks to more", where)


def _contents(held: Any) -> Iterator[pikepdf.Stream]:
    if isinstance(held, pikepdf.Stream):
        yield held
    elif isinstance(held, pikepdf.Array):
        yield from (one for one in held if isinstance(one, pikepdf.Stream))


def _apart(stream: pikepdf.Stream) -> bool:
    return any(str(stream.get(key)) in _APART for key in ("/Subtype", "/Type"))


def _filters(stream: pikepdf.Stream) -> list[str]:
    held = stream.get("/Filter")
    names = list(held) if isinstance(held, pikepdf.Array) else [held]
    return [str(name) for name in names if isinstance(name, pikepdf.Name)]


def _raw(stream: pikepdf.Stream) -> memoryview:
    try:
        return memoryview(stream.get_raw_stream_buffer())
    except (pikepdf.PdfError, RuntimeError):
        return memoryview(b"")


def _most(filters: list[str], raw: memoryview) -> int:
    size = len(raw)
    for name in filters:
        size *= _GROWTH.get(name, 1)
    return size


def _size(stream: pikepdf.Stream, where: str) -> int:
    """The bytes that a stream unpacks to; any number above the bound if there are more."""
    filters, raw = _filters(stream), _raw(stream)
    if all(name in _FLATE for name in filters):
        pieces: Iterable[bytes | memoryview] = (
            raw[at : at + _CHUNK] for at in range(0, len(raw), _CHUNK)
        )
        for _ in filters:
            pieces = _inflated(pieces)
        size = 0
        for piece in pieces:
            size += len(piece)
            if size > MAX_UNPACKED:
                break
        return size
    try:
        return len(stream.read_bytes())
    except (pikepdf.PdfError, RuntimeError):
        got = "one that is damaged or unpacks to more"
        raise BadInput("pages that can be unpacked", got, where) from None


def _inflated(pieces: Iterable[bytes | memoryview]) -> Iterator[bytes]:
    """What comes of inflating, up to the end or the first damage, as readers take it."""
    unpacker = zlib.decompressobj()
    try:
        for piece in pieces:
            left: bytes | memoryview = piece
            while left and not unpacker.eof:
                yield unpacker.decompress(left, _CHUNK)
                left = unpacker.unconsumed_tail
    except zlib.error:
        return
