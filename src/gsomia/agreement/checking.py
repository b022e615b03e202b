"""Every fault of a file at once, for the person who writes it.

A node that reads a file stops at the first fault (`Document.convert`). A treaty desk
that writes one wants the whole list, each with its line. Both use the same checks: a
check *finds*, and the caller decides whether to raise or to go on.

In the whole list, what is malformed stays in its place as `UNREAD`, and ends the check
that comes upon it. So a check tells nothing that rests on a malformed part, and checks are
cut into pieces (`each`, `as_far`) to tell everything else.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import (
    Any,
    Generic,
    Literal,
    ParamSpec,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

import msgspec

from gsomia.agreement.yamldoc import TIMES, UNREAD, Document, Path, Unread, wanted
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
    return merged(faults)


def merged(*lists: Iterable[Fault]) -> tuple[Fault, ...]:
    """The first `MAX_FAULTS` of all lists, each fault once, by line."""
    faults = list(islice(dict.fromkeys(chain(*lists)), MAX_FAULTS))
    return tuple(sorted(faults, key=lambda f: f.line))


def refusal(error: BadInput) -> Fault:
    """A file that cannot be read at all, as its one fault. The line is 1 if none was named."""
    _, _, line = error.where.rpartition("line ")
    return Fault(error.expected, error.got, error.where, int(line) if line.isdecimal() else 1)


# -- shape: fields and types ----------------------------------------------------


class Shaped(Generic[T]):
    """A file's top-level struct as far as its shape is right, and what is wrong with the rest.

    `value` has `UNREAD` in place of everything malformed or missing, at any depth; None if
    the file is no mapping. Unknown fields are faults, and break nothing else.
    """

    __slots__ = ("found", "value")

    def __init__(self, document: Document, type_: type[T], expected: str) -> None:
        walker = _Walker(expected, document.whole)
        self.value: T | None = None
        if isinstance(document.value, dict):
            self.value = type_(**walker.fields(document.value, type_, ()))
        else:
            walker.fault("a mapping", type(document.value).__name__, ())
        self.found = tuple(walker.found)

    def checked(self, checks: Iterable[Callable[[T], Iterable[Found]]]) -> Iterator[Found]:
        """What each check finds, as far as it needs nothing malformed."""
        if self.value is not None:
            for check in checks:
                yield from as_far(check, self.value)


P = ParamSpec("P")
V = TypeVar("V")


def as_far(
    check: Callable[P, Iterable[Found]], *args: P.args, **kwargs: P.kwargs
) -> Iterator[Found]:
    """What a check finds until it comes upon something malformed."""
    try:
        yield from check(*args, **kwargs)
    except Unread:
        return


def each(values: Iterable[V], check: Callable[[int, V], Iterable[Found]]) -> Iterator[Found]:
    """What a check finds in each value by itself; it is given the value's place, too."""
    for index, value in enumerate(values):
        yield from as_far(check, index, value)


def holds(test: Callable[P, bool], *args: P.args, **kwargs: P.kwargs) -> bool:
    """Whether a test holds for certain. It does not where it rests on something malformed."""
    try:
        return test(*args, **kwargs)
    except Unread:
        return False


def readable(text: str) -> str:
    """`text` itself; ends a check if it could not be read, which a parser does not ask."""
    return f"{text}"


def refused(path: Path, parse: Callable[[str, str], object], text: str) -> Iterator[Found]:
    """What a parser of one text refuses."""
    try:
        parse(readable(text), "")
    except BadInput as error:
        yield Found.refused(error, path)


class _Walker:
    """Compares plain values with the types that should hold them, field by field."""

    def __init__(self, expected: str, whole: bool) -> None:
        self.expected, self.whole = expected, whole
        self.found: list[Found] = []

    def fault(self, expected: str, got: str, path: Path) -> Any:
        self.found.append(Found(expected, got, path))
        return UNREAD

    def fields(self, value: dict[str, Any], type_: type, path: Path) -> dict[str, Any]:
        """The struct's fields as they should be, or `UNREAD`; absent ones with a default left."""
        hints = _hints(type_)
        for name in value.keys() - hints.keys():
            self.fault(f"{self.expected}", f"unknown field {shown(name)}", (*path, name))
        out: dict[str, Any] = {}
        for field in msgspec.structs.fields(type_):
            name = field.encode_name
            if name in value:
                out[field.name] = self.value(value[name], hints[name], (*path, name))
            elif field.required and not path and not self.whole:
                out[field.name] = UNREAD
            elif field.required:
                out[field.name] = self.fault(self.expected, f"no field {shown(name)}", path)
        return out

    def value(self, value: Any, type_: Any, path: Path) -> Any:
        """`value` as `type_`, with `UNREAD` for what is not, once its faults are noted."""
        if value is UNREAD:
            return UNREAD
        inner = _inner(type_)
        if isinstance(inner, type) and issubclass(inner, msgspec.Struct):
            if isinstance(value, dict):
                return inner(**self.fields(value, inner, path))
        elif get_origin(inner) is tuple and isinstance(value, list):
            item = get_args(inner)[0]
            return tuple(self.value(v, item, (*path, i)) for i, v in enumerate(value))
        elif get_origin(inner) is dict and isinstance(value, dict):
            item = get_args(inner)[1]
            return {k: self.value(v, item, (*path, k)) for k, v in value.items()}
        try:
            return from_plain(value, type_)
        except msgspec.ValidationError as error:
            field = ".".join(str(step) for step in path)
            if (time := TIMES.get(str(error))) is not None:
                return self.fault(time, shown(f"{value} ({field})"), path)
            if (needed := wanted(str(error), type_)) is not None:
                return self.fault(f"{self.expected} with {needed[0]} ({field})", needed[1], path)
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
