"""XMP packets in JPEG and PNG files: read, and written without touching a pixel.

JPEG: an APP1 segment (XMP specification part 3, 1.1.3). PNG: an iTXt chunk (1.1.5). Only the
pieces of the file are walked, no image is decoded, and every other byte stays as it was.
A packet in two parts, or two packets, could be read in two ways, and is refused.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import msgspec

from gsomia.faults import BadInput, shown
from gsomia.marking.binding.xmp import LIMITS, NAMESPACE

MAX_PIECES = 100_000

JPEG = b"\xff\xd8\xff"
PNG = b"\x89PNG\r\n\x1a\n"

_XMP = b"http://ns.adobe.com/xap/1.0/\x00"
_MORE = b"http://ns.adobe.com/xmp/extension/\x00"
_EXIF = b"Exif\x00"
_KEYWORD = b"XML:com.adobe.xmp"
_IN_SEGMENT = 0xFFFF - 2 - len(_XMP)
_APP0, _APP1, _SOS = 0xE0, 0xE1, 0xDA
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})


class _Piece(msgspec.Struct, frozen=True):
    """A segment or chunk: its kind, where it stands in the file, and where its content does."""

    kind: int | bytes
    start: int
    end: int
    inside: int
    inside_end: int


def read_xmp(data: bytes, where: str = "image") -> bytes | None:
    """The XMP packet of a JPEG or PNG file, or None. Raises `BadInput`."""
    found = _packets(data, where)
    if len(found) > 1:
        raise BadInput("one XMP packet", f"{len(found)}", where)
    return found[0][1] if found else None


def write_xmp(data: bytes, packet: bytes, where: str = "image") -> bytes:
    """The file with this packet in the place of any it had. Raises `BadInput`."""
    read_xmp(data, where)
    old = [piece for piece, _ in _packets(data, where)]
    if data.startswith(PNG):
        return _spliced(data, old, _after_header(data, where), _chunk(packet))
    if len(packet) > _IN_SEGMENT:
        expected = f"a packet of at most {_IN_SEGMENT} bytes, or a sidecar"
        raise BadInput(expected, f"{len(packet)} bytes", where)
    size = len(_XMP) + len(packet) + 2
    made = bytes((0xFF, _APP1)) + size.to_bytes(2, "big") + _XMP + packet
    return _spliced(data, old, _after_applications(data, where), made)


def _packets(data: bytes, where: str) -> list[tuple[_Piece, bytes]]:
    if data.startswith(JPEG):
        return list(_in_jpeg(data, where))
    if data.startswith(PNG):
        return list(_in_png(data, where))
    raise BadInput("a JPEG or PNG file", "another", where)


def _spliced(data: bytes, old: list[_Piece], at: int, made: bytes) -> bytes:
    """The file without the old pieces, and with the new one at an offset of the old file."""
    out, place = bytearray(), 0
    for piece in sorted(old, key=lambda piece: piece.start):
        if place <= at <= piece.start:
            out += data[place:at] + made
            place, at = at, -1
        out += data[place : piece.start]
        place = piece.end
    if at >= 0:
        out += data[place:at] + made
        place = at
    return bytes(out + data[place:])


# -- JPEG -------------------------------------------------------------------------------


def _segments(data: bytes, where: str) -> Iterator[_Piece]:
    """The segments before the first scan. Raises `BadInput` where a length leads astray."""
    place = 2
    for _ in range(MAX_PIECES):
        start = place
        while data[place : place + 2] == b"\xff\xff":
            place += 1
        if data[place : place + 1] != b"\xff" or place + 4 > len(data):
            raise BadInput("a marker of JPEG", "other bytes", f"{where}, byte {place}")
        kind = data[place + 1]
        if kind == _SOS:
            return
        if kind in _ALONE:
            place += 2
            continue
        size = int.from_bytes(data[place + 2 : place + 4], "big")
        end = place + 2 + size
        if kind < 0xC0 or kind in (0xD8, 0xD9) or size < 2 or end > len(data):
            raise BadInput("a segment that fits the file", "another", f"{where}, byte {place}")
        yield _Piece(kind, start, end, place + 4, end)
        place = end
    raise BadInput(f"at most {MAX_PIECES} segments", "more", where)


def _in_jpeg(data: bytes, where: str) -> Iterator[tuple[_Piece, bytes]]:
    for piece in _segments(data, where):
        inside = data[piece.inside : piece.inside_end]
        if piece.kind != _APP1:
            continue
        if inside.startswith(_XMP):
            yield piece, inside[len(_XMP) :]
        elif inside.startswith(_MORE) and NAMESPACE.encode() in inside:
            expected = "a binding in the main XMP packet"
            raise BadInput(expected, "one in its extension", f"{where}, byte {piece.start}")


def _after_applications(data: bytes, where: str) -> int:
    """Behind the first segments of JFIF and Exif, which readers want to come first."""
    at = 2
    for piece in _segments(data, where):
        first = piece.kind == _APP0 or data[piece.inside : piece.inside + 5] == _EXIF
        if not first:
            break
        at = piece.end
    return at


class Frame(msgspec.Struct, frozen=True):
    """What the frame header of a JPEG says (ISO/IEC 10918-1, B.2.2): size and coding.

    `place` is the offset of the height; `unit` the width and height in pixels of the blocks
    that are coded together, if all components are.
    """

    kind: int
    place: int
    width: int
    height: int
    unit: tuple[int, int]


def frame_of(data: bytes, where: str = "image") -> Frame:
    """The frame header of a JPEG. Raises `BadInput` if there is none before the first scan."""
    for piece in _segments(data, where):
        inside = data[piece.inside : piece.inside_end]
        if piece.kind not in _FRAMES or len(inside) < 9:
            continue
        sizes = inside[7::3][: inside[5]]
        across, down = max(s >> 4 for s in sizes), max(s & 15 for s in sizes)
        alone = len(sizes) == 1
        return Frame(
            int(piece.kind),
            piece.inside + 1,
            int.from_bytes(inside[3:5], "big"),
            int.from_bytes(inside[1:3], "big"),
            (8, 8) if alone else (8 * across, 8 * down),
        )
    raise BadInput("a frame header", "none before the first scan", where)


def claiming(data: bytes, frame: Frame, height: int) -> bytes:
    """The JPEG with another height in its frame header, ended by a marker of its own."""
    return data[: frame.place] + height.to_bytes(2, "big") + data[frame.place + 2 :] + b"\xff\xd9"


# -- PNG --------------------------------------------------------------------------------


def _chunks(data: bytes, where: str) -> Iterator[_Piece]:
    """The chunks up to IEND. Raises `BadInput` for a length or a checksum that is wrong."""
    place = len(PNG)
    for number in range(MAX_PIECES):
        size = int.from_bytes(data[place : place + 4], "big")
        kind, end = data[place + 4 : place + 8], place + 12 + size
        if end > len(data):
            raise BadInput("a chunk that fits the file", "another", f"{where}, byte {place}")
        checked = int.from_bytes(data[end - 4 : end], "big")
        if zlib.crc32(memoryview(data)[place + 4 : end - 4]) != checked:
            raise BadInput("a chunk with its checksum", shown(repr(kind)), f"{where}, byte {place}")
        if (kind == b"IHDR") != (number == 0):
            raise BadInput("IHDR as the first chunk and no other", "another", where)
        yield _Piece(kind, place, end, place + 8, end - 4)
        if kind == b"IEND":
            return
        place = end
    raise BadInput(f"at most {MAX_PIECES} chunks", "more", where)


def _in_png(data: bytes, where: str) -> Iterator[tuple[_Piece, bytes]]:
    for piece in _chunks(data, where):
        inside = data[piece.inside : min(piece.inside_end, piece.inside + 80)]
        keyword = inside.partition(b"\x00")[0]
        if piece.kind == b"iTXt" and keyword == _KEYWORD:
            yield piece, _text(data[piece.inside : piece.inside_end], f"{where}, iTXt")
        elif piece.kind in (b"tEXt", b"zTXt") and keyword == _KEYWORD:
            raise BadInput("XMP in an iTXt chunk", "in another", f"{where}, byte {piece.start}")


def _text(inside: bytes, where: str) -> bytes:
    """The text of an iTXt chunk, unpacked within bounds."""
    how = inside[len(_KEYWORD) + 1 : len(_KEYWORD) + 3]
    rest = inside[len(_KEYWORD) + 3 :]
    _, first, rest = rest.partition(b"\x00")
    _, second, text = rest.partition(b"\x00")
    if how not in (b"\x00\x00", b"\x01\x00") or not first or not second:
        raise BadInput("the fields of an iTXt chunk", "others", where)
    if how == b"\x00\x00":
        return text
    return inflated(text, where)


def inflated(data: bytes, where: str) -> bytes:
    """Bytes unpacked by zlib, at most as many as an XMP packet may have. Raises `BadInput`."""
    unpacker = zlib.decompressobj()
    try:
        text = unpacker.decompress(data, LIMITS.size + 1)
    except zlib.error:
        raise BadInput("text packed by zlib", "other bytes", where) from None
    if len(text) > LIMITS.size:
        raise BadInput(f"at most {LIMITS.size} bytes of XMP", "more", where)
    if not unpacker.eof:
        raise BadInput("text packed by zlib to its end", "a part of it", where)
    return text


_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""Samples of a pixel, by the colour type of a PNG."""
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2))
_ADAM7 = (*_PASSES, (0, 1, 1, 2))
"""First column, first row and both steps of each pass of an interlaced PNG."""
_AT_ONCE = 1 << 20


def check_rows(data: bytes, where: str = "image") -> None:
    """That a PNG holds the rows its header claims: neither fewer nor more.

    Readers make up rows that are not there and pass over those that are too many, so that two
    of them may show two pictures. Raises `BadInput`. The caller has bound what is claimed.
    """
    pieces = list(_chunks(data, where))
    head = data[pieces[0].inside : pieces[0].inside_end]
    width, height = int.from_bytes(head[:4], "big"), int.from_bytes(head[4:8], "big")
    bits = head[8] * _SAMPLES.get(head[9], 0) if len(head) == 13 else 0
    if not bits:
        raise BadInput("a header of PNG", "another", where)
    passes = _ADAM7 if head[12] else ((0, 0, 1, 1),)
    claimed = 0
    for left, top, across, down in passes:
        columns, rows = -((left - width) // across), -((top - height) // down)
        if columns > 0 and rows > 0:
            claimed += rows * (1 + (columns * bits + 7) // 8)
    found = 0
    unpacker = zlib.decompressobj()
    for piece in pieces:
        left_over = data[piece.inside : piece.inside_end] if piece.kind == b"IDAT" else b""
        while left_over and found <= claimed:
            try:
                found += len(unpacker.decompress(left_over, _AT_ONCE))
            except zlib.error:
                raise BadInput("pixels packed by zlib", "other bytes", where) from None
            left_over = unpacker.unconsumed_tail
    if found <= claimed:
        found += len(unpacker.flush(_AT_ONCE))
    if found != claimed:
        got = "fewer" if found < claimed else "more"
        raise BadInput("as many rows of pixels as the header claims", got, where)


def _after_header(data: bytes, where: str) -> int:
    return next(_chunks(data, where)).end


def _chunk(packet: bytes) -> bytes:
    body = b"iTXt" + _KEYWORD + b"\x00" * 5 + packet
    return (len(body) - 4).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")
