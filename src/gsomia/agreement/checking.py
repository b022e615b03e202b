"""Every fault of a file at once, for the person who writes it.

A node that reads a file stops at the first fault (`Document.convert`). A treaty desk
that writes one wants the whole list, each with its line. Both use the same checks: a
check *finds*, and the caller decides whether to raise or to go on.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, Generic, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from gsomia.agreement.yamldoc import Document, Path
from gsomia.faults import BadInput, shown
from gsomia.shapes import from_plain

T = TypeVar("T", bound=msgspec.Struct)

MAX_FAULTS = 500
"""Faults listed, at most: a hostile file cannot make a report without end."""


class Fault(msgspec.Struct, frozen=True):
    """One fault of a file: what was expected, what came, where, and on which line, from 1.

    A `remark` breaks no rule of the format; a person should look at it all the same.
    """

    expected: str
    got: str
    where: str
    line: int
    grade: Literal["fault", "remark"] = "fault"


class Found(msgspec.Struct, frozen=True):
    """What a check has found, and the path of the value that it blames."""

    expected: str
    got: str
    path: Path
    grade: Literal["fault", "remark"] = "fault"

    @classmethod
    def refused(cls, error: BadInput, path: Path) -> Found:
        """What a parser of one value refused."""
        return cls(error.expected, error.got, path)


def raise_first(found: Iterable[Found], document: Document) -> None:
    """Raise `BadInput` for the first fault, if there is one. Remarks raise nothing."""
    first = next((f for f in found if f.grade == "fault"), None)
    if first is not None:
        raise BadInput(first.expected, first.got, document.at(first.path))


def listed(found: Iterable[Found], document: Document) -> tuple[Fault, ...]:
    """The first `MAX_FAULTS` that were found, by line."""
    faults = [
        Fault(f.expected, f.got, document.at(f.path), document.line(f.path), f.grade)
        for f in islice(found, MAX_FAULTS)
    ]
    return tuple(sorted(dict.fromkeys(faults), key=lambda f: f.line))


def refusal(error: BadInput) -> Fault:
    """A file that cannot be read at all, as its one fault. The line is 1 if none was named."""
    _, _, line = error.where.rpartition("line ")
    return Fault(error.expected, error.got, error.where, int(line) if line.isdecimal() else 1)


# -- shape: fields and types ----------------------------------------------------


class Shaped(Generic[T]):
    """A file's top-level struct as far as its shape is right, and what is wrong with the rest.

    `value` has None in place of every field in `broken`; a check may look at it only if
    it needs none of them. Unknown fields are faults, and break nothing else.
    """

    __slots__ = ("broken", "found", "value")

    def __init__(self, document: Document, type_: type[T], expected: str) -> None:
        walker = _Walker(expected)
        self.broken: set[str] = set()
        self.value: T | None = None
        if isinstance(document.value, dict):
            fields = walker.fields(document.value, type_, ())
            self.broken = {name for name, value in fields.items() if value is _BROKEN}
            given = {n: None if v is _BROKEN else v for n, v in fields.items()}
            self.value = type_(**given)
        else:
            walker.fault("a mapping", type(document.value).__name__, ())
        self.found = tuple(walker.found)

    def checked(
        self, checks: Iterable[tuple[frozenset[str], Callable[[T], Iterable[Found]]]]
    ) -> Iterator[Found]:
        """What the checks find whose fields are all there."""
        for needs, check in checks:
            if self.value is not None and not needs & self.broken:
                yield from check(self.value)


_BROKEN: Any = object()


class _Walker:
    """Compares plain values with the types that should hold them, field by field."""

    def __init__(self, expected: str) -> None:
        self.expected = expected
        self.found: list[Found] = []

    def fault(self, expected: str, got: str, path: Path) -> Any:
        self.found.append(Found(expected, got, path))
        return _BROKEN

    def fields(self, value: dict[str, Any], type_: type, path: Path) -> dict[str, Any]:
        """The struct's fields as they should be, or `_BROKEN`; absent ones with a default left."""
        hints = _hints(type_)
        for name in value.keys() - hints.keys():
            self.fault(f"{self.expected}", f"unknown field {shown(name)}", (*path, name))
        out: dict[str, Any] = {}
        for field in msgspec.structs.fields(type_):
            name = field.encode_name
            if name in value:
                out[field.name] = self.value(value[name], hints[name], (*path, name))
            elif field.required:
                out[field.name] = self.fault(self.expected, f"no field {shown(name)}", path)
        return out

    def value(self, value: Any, type_: Any, path: Path) -> Any:
        """`value` as `type_`, or `_BROKEN` once its faults are noted."""
        inner = _inner(type_)
        if isinstance(inner, type) and issubclass(inner, msgspec.Struct):
            if isinstance(value, dict):
                fields = self.fields(value, inner, path)
                broken = any(v is _BROKEN for v in fields.values())
                return _BROKEN if broken else inner(**fields)
        elif get_origin(inner) is tuple and isinstance(value, list):
            item = get_args(inner)[0]
            items = [self.value(v, item, (*path, i)) for i, v in enumerate(value)]
            return _BROKEN if any(i is _BROKEN for i in items) else tuple(items)
        elif get_origin(inner) is dict and isinstance(value, dict):
            item = get_args(inner)[1]
            pairs = {k: self.value(v, item, (*path, k)) for k, v in value.items()}
            return _BROKEN if any(v is _BROKEN for v in pairs.values()) else pairs
        try:
            return from_plain(value, type_)
        except msgspec.ValidationError as error:
            field = ".".join(str(step) for step in path)
            return self.fault(self.expected, shown(f"{error} ({field})"), path)


def _hints(type_: type) -> dict[str, Any]:
    """Types by the name a file uses."""
    hints = get_type_hints(type_)
    return {f.encode_name: hints[f.name] for f in msgspec.structs.fields(type_)}


def _inner(type_: Any) -> Any:
    """`X` of `X | None`, where X holds other values; anything else as it is."""
    if get_origin(type_) in (types.UnionType, Union):
        members = [m for m in get_args(type_) if m is not type(None)]
        if len(members) == 1:
            return members[0]
    return type_
