"""The transmittal container: the same bytes on the wire and on a courier's medium.

    gsomia/transmittal/v1
    {"body":"sha256:…","from":"KOR-DIH1","number":"2023/0117","to":"JPN-DIH1"}
    keys <bytes>
    <raw bytes, then a line feed>
    statement <bytes>
    <raw bytes, then a line feed>
    item <bytes>                      (none to 4096 times, in the statement's order)
    <raw bytes, then a line feed>
    end

This is the treaty's outer envelope: two registries and a register number, no level,
title, agreement or precedence. `body` is the digest over the list of sections, each
with its size and digest, so every byte is hashed once. The number and sizes of the
sections can be seen from outside; padding them is not attempted.

A receiver trusts nothing until `read_container` returned, and then only that the
bytes are the ones the header names: who made them is `transmittal.open_transmittal`'s
question.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator

import msgspec

from gsomia.canon import decode, digest, encode
from gsomia.exchange.fields import Digest, RegisterNumber, RegistryCode
from gsomia.exchange.keyparts import MAX_ITEMS
from gsomia.exchange.sealed import Sink, Source, write_all
from gsomia.faults import BadInput, ProofFailed, shown

VERSION = b"gsomia/transmittal/v1\n"
EXTENSION = ".gsomia"
"""Of a file on a courier's medium: one container in each."""

RECEIPT_EXTENSION = ".receipt"
"""Of a signed delivery receipt on a courier's medium."""

MAX_HEADER = 512
MAX_KEYS = 1 << 20
MAX_STATEMENT = 4 << 20
CHUNK = 256 << 10

_LINE = re.compile(rb"(keys|statement|item) (0|[1-9][0-9]{0,15})")
_MAX_LINE = 32
_LINE_FEED = 0x0A
_END = b"end"
_WHERE = "transmittal"


class OuterHeader(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    kw_only=True,
    rename={"from_": "from"},
):
    """All that the outside shows."""

    body: Digest
    from_: RegistryCode
    number: RegisterNumber
    to: RegistryCode

    def address(self) -> bytes:
        """The header without the body's digest, canonical: what keys and statement bind."""
        return address(self.from_, self.number, self.to)


class Part(msgspec.Struct, frozen=True):
    """One section's size in bytes and `sha256:` digest."""

    size: int
    digest: str

    @classmethod
    def of(cls, data: bytes) -> Part:
        """The part that `data` is."""
        return cls(len(data), digest(data))


class Received(msgspec.Struct, frozen=True):
    """A container read to its end, each section matching the header's digest."""

    header: OuterHeader
    keys: bytes
    statement: bytes
    items: tuple[Part, ...]


def address(from_: str, number: str, to: str) -> bytes:
    """The canonical outer address."""
    return encode({"from": from_, "number": number, "to": to})


def body_digest(keys: Part, statement: Part, items: Iterable[Part]) -> str:
    """The header's `body`: the digest over the list of sections."""
    parts = [("keys", keys), ("statement", statement), *(("item", part) for part in items)]
    return digest(encode([[name, part.size, part.digest] for name, part in parts]))


def check_outside(header: OuterHeader, level_words: Iterable[str]) -> None:
    """Raise `BadInput` if a level word shows in the outer header (Art. 12, outer envelope).

    Compares without case, width, blanks and punctuation, so that `S.E.C.R.E.T` is
    found too. A word of one or two characters counts only as a whole token, since
    registry codes are short themselves.
    """
    words = [_squeezed(word) for word in level_words]
    for text in (header.from_, header.number, header.to):
        tokens = set(re.split(r"[^0-9a-z]+", _folded(text)))
        squeezed = _squeezed(text)
        for plain in words:
            found = plain in tokens if len(plain) < _SHORT else plain in squeezed
            if plain and found:
                raise BadInput("an outside without level words", shown(text), "outer header")


_SHORT = 3


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _squeezed(text: str) -> str:
    return "".join(c for c in _folded(text) if c.isalnum())


# -- writing ----------------------------------------------------------------------


def container_size(header: OuterHeader, keys: int, statement: int, items: Iterable[int]) -> int:
    """Bytes of the whole container, for a Content-Length or a medium that may be too small."""
    size = len(VERSION) + len(encode(header)) + 1 + len(_END) + 1
    sections = [("keys", keys), ("statement", statement), *(("item", n) for n in items)]
    return size + sum(len(_section(name, n)) + n + 1 for name, n in sections)


def iter_container(
    header: OuterHeader,
    keys: bytes,
    statement: bytes,
    items: Iterable[tuple[Source, int]],
) -> Iterator[memoryview]:
    """The container's bytes, piece by piece; each view is valid until the next is asked for.

    `header.body` must have been made from these very parts: nothing is hashed again
    here. Raises `BadInput` if an item is shorter or longer than its size says, or
    there are too many; what was sent before must then be thrown away.
    """
    head = VERSION + encode(header) + b"\n"
    head += _section("keys", len(keys)) + keys + b"\n"
    head += _section("statement", len(statement)) + statement + b"\n"
    yield memoryview(head)
    buffer = memoryview(bytearray(CHUNK))
    for index, (source, size) in enumerate(items):
        if index == MAX_ITEMS:
            raise BadInput(f"at most {MAX_ITEMS} items", "more", _WHERE)
        yield memoryview(_section("item", size))
        yield from _exactly(source, size, buffer, f"item {index}")
        yield memoryview(b"\n")
    yield memoryview(_END + b"\n")


def write_container(
    sink: Sink,
    header: OuterHeader,
    keys: bytes,
    statement: bytes,
    items: Iterable[tuple[Source, int]],
) -> int:
    """Write the container into `sink`; the number of bytes. Raises as `iter_container` does."""
    return sum(write_all(sink, view) for view in iter_container(header, keys, statement, items))


def _section(name: str, size: int) -> bytes:
    return f"{name} {size}\n".encode()


def _exactly(source: Source, size: int, buffer: memoryview, where: str) -> Iterator[memoryview]:
    left = size
    while left:
        count = source.readinto(buffer[: min(left, len(buffer))])
        if not count:
            raise BadInput(f"{size} bytes", f"{size - left} bytes", where)
        yield buffer[:count]
        left -= count
    if source.readinto(buffer[:1]):
        raise BadInput(f"{size} bytes", "more", where)


# -- reading ----------------------------------------------------------------------


def read_container(source: Source, on_item: Callable[[int, int], Sink], limit: int) -> Received:
    """Read a container to its end, streaming each item into `on_item(index, size)`.

    `limit` bounds the bytes of the whole container, and so what the sinks together
    can be given. Raises `BadInput` for anything but the strict form: another
    version, order or spelling, truncation, trailing bytes, a section over its
    bound; `ProofFailed` if the sections are not those the header's digest names.
    On an error everything the sinks received must be thrown away.
    """
    stream = _Stream(source, limit)
    if stream.line(len(VERSION), "version") + b"\n" != VERSION:
        raise BadInput("gsomia/transmittal/v1", "another first line", _WHERE)
    header = decode(stream.line(MAX_HEADER, "header"), OuterHeader, "outer header", MAX_HEADER)
    keys = _small(stream, b"keys", MAX_KEYS)
    statement = _small(stream, b"statement", MAX_STATEMENT)
    items: list[Part] = []
    while (line := stream.line(_MAX_LINE, "section")) != _END:
        where = f"item {len(items)}"
        size = _size(line, b"item", where)
        if len(items) == MAX_ITEMS:
            raise BadInput(f"at most {MAX_ITEMS} items", "more", _WHERE)
        stream.announce(size, where)
        items.append(Part(size, stream.copy(size, on_item(len(items), size), where)))
        stream.line_feed(where)
    stream.finish()
    if body_digest(Part.of(keys), Part.of(statement), items) != header.body:
        raise ProofFailed("the sections are not those the header names", _WHERE)
    return Received(header, keys, statement, tuple(items))


def _small(stream: _Stream, name: bytes, limit: int) -> bytes:
    """A section that is held in memory."""
    where = name.decode()
    size = _size(stream.line(_MAX_LINE, "section"), name, where)
    if size > limit:
        raise BadInput(f"at most {limit} bytes", f"{size} bytes", where)
    stream.announce(size, where)
    whole = _Whole()
    stream.copy(size, whole, where, hashed=False)
    stream.line_feed(where)
    return bytes(whole.data)


def _size(line: bytes, name: bytes, where: str) -> int:
    match = _LINE.fullmatch(line)
    if not match or match[1] != name:
        raise BadInput(f"{name.decode()} <bytes>", shown(line.decode("ascii", "replace")), where)
    return int(match[2])


class _Whole:
    """A sink in memory."""

    def __init__(self) -> None:
        self.data = bytearray()

    def write(self, data: memoryview, /) -> int:
        self.data += data
        return len(data)


class _Stream:
    """A source read through one buffer: lines, exact runs of bytes, and a bound over all."""

    def __init__(self, source: Source, limit: int) -> None:
        self._source, self._left, self._limit = source, limit, limit
        self._buffer = memoryview(bytearray(CHUNK))
        self._start = self._end = 0

    def _more(self) -> bool:
        """Read on, behind what is held; False at the end of the source."""
        if self._start == self._end:
            self._start = self._end = 0
        elif self._end == len(self._buffer):
            held = bytes(self._buffer[self._start : self._end])
            self._buffer[: len(held)] = held
            self._start, self._end = 0, len(held)
        # One byte past the limit is asked for, so that a longer stream shows.
        room = min(len(self._buffer) - self._end, self._left + 1)
        count = self._source.readinto(self._buffer[self._end : self._end + room]) or 0
        if count > self._left:
            raise BadInput(f"at most {self._limit} bytes", "more", _WHERE)
        self._left -= count
        self._end += count
        return count > 0

    def line(self, limit: int, where: str) -> bytes:
        """The next line without its line feed, of at most `limit` bytes."""
        while True:
            held = bytes(self._buffer[self._start : min(self._end, self._start + limit + 1)])
            stop = held.find(b"\n")
            if stop >= 0:
                self._start += stop + 1
                return held[:stop]
            if len(held) > limit:
                raise BadInput(f"a line of at most {limit} bytes", "a longer one", where)
            if not self._more():
                raise BadInput("a whole line", "the end of the input", where)

    def announce(self, size: int, where: str) -> None:
        """Refuse a size that the limit cannot hold, before any of it is read."""
        if size > self._left + self._end - self._start:
            raise BadInput(f"at most {self._limit} bytes in all", f"{size} more bytes", where)

    def copy(self, size: int, sink: Sink, where: str, *, hashed: bool = True) -> str:
        """Give exactly `size` bytes to `sink`; their digest (of nothing, unless `hashed`)."""
        sha, left = hashlib.sha256(), size
        while left:
            if self._start == self._end and not self._more():
                raise BadInput(f"{size} bytes", f"{size - left} bytes", where)
            view = self._buffer[self._start : min(self._end, self._start + left)]
            if hashed:
                sha.update(view)
            write_all(sink, view)
            self._start += len(view)
            left -= len(view)
        return "sha256:" + sha.hexdigest()

    def line_feed(self, where: str) -> None:
        """The line feed after a section's bytes."""
        if self._start == self._end and not self._more():
            raise BadInput("a line feed after the section", "the end of the input", where)
        if self._buffer[self._start] != _LINE_FEED:
            raise BadInput("a line feed after the section", "another byte", where)
        self._start += 1

    def finish(self) -> None:
        """Refuse anything after the end."""
        if self._start != self._end or self._more():
            raise BadInput("the end of the input", "more bytes", _WHERE)
