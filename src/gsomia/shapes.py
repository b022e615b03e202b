"""Bytes and plain values read as a type, from any thread.

msgspec works out the shape of a type when it is first read, and another thread that reads
the same type meanwhile, or one inside it, finds it half worked out: the process ends in a
segmentation fault. Here a shape is worked out by one thread at a time, and nobody reads a
type before. So everything of this program that reads a type asks this module; writing and
comparing need no shape.

Promises nothing about the input: `msgspec` raises what it raises, and whoever calls says
what was expected and where. For bytes from outside, `canon.decode` is stricter.
"""

from __future__ import annotations

import threading
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

_worked_out: set[Any] = set()
_one_at_a_time = threading.Lock()


def json_reader(type_: type[T]) -> msgspec.json.Decoder[T]:
    """A decoder to keep, for what is read by the million."""
    with _one_at_a_time:
        return msgspec.json.Decoder(type_)


def msgpack_reader(type_: type[T]) -> msgspec.msgpack.Decoder[T]:
    """As `json_reader`, for MessagePack."""
    with _one_at_a_time:
        return msgspec.msgpack.Decoder(type_)


def _work_out(type_: Any) -> None:
    with _one_at_a_time:
        msgspec.json.Decoder(type_)
        # Only now: a type inside this one is waited for until the whole is there.
        _worked_out.add(type_)


def from_json(data: bytes, type_: type[T]) -> T:
    """JSON read as `type_`. Raises `msgspec.DecodeError` and `UnicodeDecodeError`."""
    if type_ not in _worked_out:
        _work_out(type_)
    return msgspec.json.decode(data, type=type_)


def from_msgpack(data: bytes, type_: type[T]) -> T:
    """MessagePack read as `type_`. Raises `msgspec.DecodeError`."""
    if type_ not in _worked_out:
        _work_out(type_)
    return msgspec.msgpack.decode(data, type=type_)


def from_plain(value: object, type_: type[T], *, strict: bool = True) -> T:
    """Plain dicts, lists and scalars read as `type_`. Raises `msgspec.ValidationError`.

    Not `strict` also takes the text of a number or of a truth value.
    """
    if type_ not in _worked_out:
        _work_out(type_)
    return msgspec.convert(value, type_, strict=strict)
