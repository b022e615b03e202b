"""Canonical bytes, strict base64, digests, and time: one way to write each thing.

Two nodes sign, hash and compare bytes, so a value must have exactly one
encoding and every reader must refuse the others. The encoding is JSON with keys
sorted, no blanks, no floats and ASCII keys: for such values it equals RFC 8785
(a test holds the two against each other).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import msgspec

from gsomia.faults import BadInput, shown
from gsomia.shapes import from_json

T = TypeVar("T")

MAX_DOCUMENT = 1 << 20
"""Bytes: the largest canonical document any strict parser here accepts."""

MAX_DEPTH = 32
"""Levels of nesting accepted in any JSON document."""

_encoder = msgspec.json.Encoder(order="sorted", decimal_format="string")


def encode(value: object) -> bytes:
    """The canonical bytes of `value`: a struct, or JSON values without floats."""
    return _encoder.encode(value)


def decode(data: bytes, type_: type[T], where: str, limit: int = MAX_DOCUMENT) -> T:
    """Read canonical bytes strictly as `type_`.

    Refuses unknown fields (where the struct forbids them), wrong types, deep or
    oversized input, and any encoding other than the canonical one, so that what
    parses re-encodes to the same bytes. Raises `BadInput`.
    """
    check_size(data, where, limit)
    try:
        value = from_json(data, type_)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadInput(f"a {type_name(type_)}", shown(str(error)), where) from None
    if encode(value) != data:
        raise BadInput("canonical JSON (sorted keys, no blanks)", "another encoding", where)
    return value


def check_size(data: bytes, where: str, limit: int = MAX_DOCUMENT) -> None:
    """Raise `BadInput` for input over `limit` bytes, or nested deeper than `MAX_DEPTH`."""
    if len(data) > limit:
        raise BadInput(f"at most {limit} bytes", f"{len(data)} bytes", where)
    check_depth(without_strings(data), where)


def without_strings(data: bytes) -> bytes:
    """What of a text of JSON lies outside its strings; one that never ends is left out as well.

    By bytes' own methods, because every document passes here, most of them several times.
    """
    if b"\\" in data:
        data = _ESCAPE.sub(b"", data)
    return b"".join(data.split(b'"')[::2])


def check_depth(bare: bytes, where: str) -> None:
    """Raise `BadInput` if a text of JSON, given without its strings, nests too deep.

    The limit is `MAX_DEPTH`, or up to twice that if its brackets do not match; no decoder
    takes such a text.
    """
    brackets = bare.translate(_ROUND, _NO_BRACKET)
    for _ in range(MAX_DEPTH):
        if not brackets:
            return
        brackets = brackets.replace(b"()", b"")
    if b"()" in brackets or brackets.count(b"(") > MAX_DEPTH:
        raise BadInput(f"at most {MAX_DEPTH} levels", "deeper nesting", where)


_ESCAPE = re.compile(rb"\\.", re.DOTALL)
_ROUND = bytes.maketrans(b"[{}]", b"(())")
_NO_BRACKET = bytes(set(range(256)) - set(b"[{}]"))


def type_name(type_: Any) -> str:
    """The plain name of a type, for messages."""
    return getattr(type_, "__name__", str(type_))


def builtins(value: object) -> Any:
    """`value` as plain dicts, lists and scalars, for views and JSON output."""
    return msgspec.to_builtins(value)


# -- base64 and digests ---------------------------------------------------------


def b64(data: bytes) -> str:
    """Standard base64 with padding."""
    return base64.b64encode(data).decode("ascii")


def unb64(text: str, where: str, size: int | None = None) -> bytes:
    """Strict base64: padded, no blanks, canonical last character. Raises `BadInput`.

    `size`, if given, is the exact number of bytes expected.
    """
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise BadInput("base64", "other characters or padding", where) from None
    if b64(data) != text:
        raise BadInput("canonical base64", "stray bits in the last character", where)
    if size is not None and len(data) != size:
        raise BadInput(f"{size} bytes", f"{len(data)} bytes", where)
    return data


def sha256(data: bytes) -> bytes:
    """SHA-256, 32 bytes."""
    return hashlib.sha256(data).digest()


def digest(data: bytes) -> str:
    """`sha256:` and 64 hex digits: how a digest is written in documents."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


def fingerprint(data: bytes) -> str:
    """A digest in groups of four hex digits, for two people to read out and compare."""
    text = hashlib.sha256(data).hexdigest()
    return " ".join(text[i : i + 4] for i in range(0, 64, 4))


# -- time -----------------------------------------------------------------------

_INSTANT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?(Z|[+-]\d\d:\d\d)"
)


def parse_instant(text: str, where: str) -> datetime:
    """An ISO 8601 instant with an offset, as UTC.

    An instant without offset is refused, never guessed: in this domain the
    same clock time in two capitals has already named two different days.
    Raises `BadInput`.
    """
    if not _INSTANT.fullmatch(text) or not text.isascii():
        raise BadInput("an instant with offset, like 2019-08-23T15:25:00+09:00", shown(text), where)
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadInput("an instant that exists", shown(text), where) from None


def instant(at: datetime) -> str:
    """The one canonical text of an instant: UTC, `Z`, microseconds only if there are any."""
    at = at.astimezone(UTC)
    return at.replace(tzinfo=None).isoformat() + "Z"


def order_key(text: str) -> str:
    """A key by which canonical instant texts sort by time.

    The texts themselves do not: `10Z` would come after `10.5Z`.
    """
    return text.removesuffix("Z")


_MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split()


def date_time_group(at: datetime) -> str:
    """The military date-time group of an instant: `171030ZMAR23` is 17 March 2023, 10:30 UTC."""
    at = at.astimezone(UTC)
    return f"{at:%d%H%M}Z{_MONTHS[at.month - 1]}{at:%y}"


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def unix_seconds(at: datetime) -> int:
    """Whole seconds since 1970, as C2SP cosignatures count them."""
    return (at - EPOCH) // timedelta(seconds=1)
