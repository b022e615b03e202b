"""Binary security labels (ESS, RFC 2634, with the categories of ACP 145(A)), for tests only.

BER with definite lengths; size, depth and bit positions are bounded before anything is
allocated. Values compare decoded: the reference program writes trailing zero octets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from gsomia.faults import BadInput
from gsomia.marking.spif import Sense

MAX_SIZE = 1 << 16
MAX_BITS = 1 << 17
MAX_CATEGORIES = 64

_ARC = (2, 16, 840, 1, 101, 2, 1, 8, 3)
_BIT_MAPS = {0: Sense.RESTRICTIVE, 2: Sense.PERMISSIVE}
_LISTS = {1: Sense.PERMISSIVE, 4: Sense.RESTRICTIVE}
_INFORMATIVE = 3

_INTEGER, _BITS, _OID, _UTF8, _PRINTABLE = 0x02, 0x03, 0x06, 0x0C, 0x13
_SEQUENCE, _SET, _TYPE, _VALUE = 0x30, 0x31, 0x80, 0xA1


class Values(msgspec.Struct, frozen=True):
    """Values of one tag set in one sense, by number."""

    sense: Sense
    tag_set: str
    numbers: tuple[int, ...]


class EssLabel(msgspec.Struct, frozen=True, kw_only=True):
    """A binary label."""

    policy: str | None = None
    classification: int | None = None
    privacy_mark: str | None = None
    categories: tuple[Values, ...] = ()


def _bad(expected: str) -> BadInput:
    return BadInput(expected, "other bytes", "binary label")


def _parts(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Tag and content of each element, in one octet of tag and a definite length."""
    at = 0
    while at < len(data):
        if at + 2 > len(data):
            raise _bad("a tag and a length")
        tag, length = data[at], data[at + 1]
        at += 2
        if length & 0x80:
            octets = length & 0x7F
            if not 1 <= octets <= 3 or at + octets > len(data):
                raise _bad("a definite length of at most three octets")
            length = int.from_bytes(data[at : at + octets])
            at += octets
        if at + length > len(data):
            raise _bad("content of the length that is given")
        yield tag, data[at : at + length]
        at += length


def _integer(data: bytes) -> int:
    if not 1 <= len(data) <= 8 or data[0] & 0x80:
        raise _bad("an integer from 0, of at most eight octets")
    return int.from_bytes(data)


def _oid(data: bytes) -> str:
    if not 1 <= len(data) <= 128 or data[-1] & 0x80:
        raise _bad("an object identifier of at most 128 octets")
    arcs, arc = [], 0
    for octet in data:
        if arc == 0 and octet == 0x80:
            raise _bad("an arc without leading zeros")
        arc = arc << 7 | octet & 0x7F
        if not octet & 0x80:
            arcs.append(arc)
            arc = 0
    first = min(arcs[0] // 40, 2)
    return ".".join(map(str, (first, arcs[0] - 40 * first, *arcs[1:])))


def _bits(data: bytes) -> tuple[int, ...]:
    if not data or data[0] > 7 or len(data) * 8 > MAX_BITS or (len(data) == 1 and data[0]):
        raise _bad("a bit string")
    last = (len(data) - 1) * 8 - data[0]
    octets = data[1:]
    return tuple(
        8 * n + bit
        for n, octet in enumerate(octets)
        if octet
        for bit in range(8)
        if octet & 0x80 >> bit and 8 * n + bit < last
    )


def _set_of_integers(data: bytes) -> tuple[int, ...]:
    numbers = []
    for tag, content in _parts(data):
        if tag != _INTEGER:
            raise _bad("integers")
        numbers.append(_integer(content))
    return tuple(numbers)


def _pair(data: bytes, first: int) -> tuple[bytes, tuple[int, bytes]]:
    parts = list(_parts(data))
    if len(parts) != 2 or parts[0][0] != first:
        raise _bad("two elements")
    return parts[0][1], parts[1]


def _category(data: bytes) -> Values:
    kind, (tag, value) = _pair(data, _TYPE)
    arcs = tuple(map(int, _oid(kind).split(".")))
    if tag != _VALUE or arcs[:-1] != _ARC:
        raise _bad("a category of ACP 145(A)")
    inner = list(_parts(value))
    if len(inner) != 1 or inner[0][0] != _SEQUENCE:
        raise _bad("one sequence as value")
    tag_set, (form, held) = _pair(inner[0][1], _OID)
    number = arcs[-1]
    if form == _BITS and (number in _BIT_MAPS or number == _INFORMATIVE):
        sense = _BIT_MAPS.get(number, Sense.INFORMATIVE)
        return Values(sense, _oid(tag_set), _bits(held))
    if form == _SET and (number in _LISTS or number == _INFORMATIVE):
        sense = _LISTS.get(number, Sense.INFORMATIVE)
        return Values(sense, _oid(tag_set), _set_of_integers(held))
    raise _bad("a bit map or a set of numbers, as its type has it")


def _categories(data: bytes) -> tuple[Values, ...]:
    found: list[Values] = []
    for tag, content in _parts(data):
        if tag != _SEQUENCE or len(found) >= MAX_CATEGORIES:
            raise _bad(f"at most {MAX_CATEGORIES} categories")
        found.append(_category(content))
    return tuple(found)


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise _bad("text") from None


_FIELDS: dict[int, tuple[str, Callable[[bytes], object]]] = {
    _INTEGER: ("classification", _integer),
    _OID: ("policy", _oid),
    _UTF8: ("privacy_mark", _text),
    _PRINTABLE: ("privacy_mark", _text),
    _SET: ("categories", _categories),
}


def read(data: bytes) -> EssLabel:
    """The label in these bytes. Raises `BadInput`."""
    if len(data) > MAX_SIZE:
        raise _bad(f"at most {MAX_SIZE} bytes")
    outer = list(_parts(data))
    if len(outer) != 1 or outer[0][0] != _SET:
        raise _bad("one set")
    held: dict[str, object] = {}
    for tag, content in _parts(outer[0][1]):
        if tag not in _FIELDS:
            raise _bad("policy, classification, privacy mark or categories")
        name, decoded = _FIELDS[tag]
        if name in held:
            raise _bad("each element once")
        held[name] = decoded(content)
    return EssLabel(**held)  # type: ignore[arg-type]


def written(label: EssLabel) -> bytes:
    """The label as DER writes its elements, in the order of the type: for round trips."""
    parts = b""
    if label.classification is not None:
        parts += _element(_INTEGER, _positive(label.classification))
    if label.policy is not None:
        parts += _element(_OID, _arcs(label.policy))
    if label.privacy_mark is not None:
        parts += _element(_UTF8, label.privacy_mark.encode())
    if label.categories:
        parts += _element(_SET, b"".join(_written(one) for one in label.categories))
    return _element(_SET, parts)


def _element(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    octets = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes([tag, 0x80 | len(octets)]) + octets + content


def _positive(number: int) -> bytes:
    return number.to_bytes(number.bit_length() // 8 + 1)


def _arcs(oid: str) -> bytes:
    first, second, *rest = map(int, oid.split("."))
    out = b""
    for arc in (40 * first + second, *rest):
        octets = [arc & 0x7F]
        while arc := arc >> 7:
            octets.append(arc & 0x7F | 0x80)
        out += bytes(reversed(octets))
    return out


def _written(values: Values) -> bytes:
    number = {Sense.PERMISSIVE: 1, Sense.RESTRICTIVE: 4, Sense.INFORMATIVE: 3}[values.sense]
    kind = _element(_TYPE, _arcs(".".join(map(str, (*_ARC, number)))))
    listed = b"".join(_element(_INTEGER, _positive(n)) for n in values.numbers)
    held = _element(_OID, _arcs(values.tag_set)) + _element(_SET, listed)
    return _element(_SEQUENCE, kind + _element(_VALUE, _element(_SEQUENCE, held)))
