"""A small, strict subset of YAML for data that people write and nodes compare.

What is accepted: one document of mappings, sequences and scalars. A plain scalar
is `null`, `true`, `false`, a decimal integer, or text; nothing else is guessed, so
a date stays the text it is and `no` is not a boolean. What is refused: aliases and
anchors (a few lines of them can stand for gigabytes), tags, directives, merge keys,
repeated keys, empty values, more than one document, and anything over the bounds below.

Only PyYAML's parser is used (libyaml where it is there); its constructors never run.
"""

from __future__ import annotations

import re
import types
from collections.abc import Iterator
from enum import Enum
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import msgspec
import yaml
from yaml import events

from gsomia.faults import BadInput, shown
from gsomia.shapes import from_plain

T = TypeVar("T")

MAX_BYTES = 256 * 1024
"""Bytes: the largest YAML file accepted."""

MAX_DEPTH = 16
"""Levels of nesting accepted."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_WORDS: dict[str, bool | None] = {"null": None, "true": True, "false": False}
_STEP = re.compile(r"\.([A-Za-z_][A-Za-z0-9_]*)|\[(\d+)\]|\[\.\.\.\]")
UNPRINTABLE = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
"""Characters that YAML 1.1 does not allow inside a text."""
HIDDEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
"""Characters that nobody sees, or that turn a line around: a reader would be told another text."""

_AT = re.compile(r" - at `(?:key in )?\$([^`]*)`$")
_UNKNOWN = re.compile(r"unknown field `([^`]*)`")

Path = tuple[str | int, ...]


class Unread(Exception):
    """Something was asked of a value that could not be read."""


class _Unread:
    """In place of a value that could not be read. Whatever asks anything of it is told so."""

    def _ask(self, *_: object) -> Any:
        raise Unread

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __hash__ = _ask
    __bool__ = __len__ = __iter__ = __contains__ = __getitem__ = __getattr__ = _ask
    __str__ = __format__ = _ask


UNREAD: Any = _Unread()
"""The value that could not be read. Only a survey of every fault has it in a document."""


class Document:
    """What a YAML file says, and the line on which it says each thing.

    `value` holds dicts, lists and scalars; `lines` the line number, from 1, of
    each value by its path (for a mapping's entry: the line of its key). Where the file was
    not read `whole`, a field of the top level that is not here may be in what was not read.
    """

    __slots__ = ("lines", "value", "where", "whole")

    def __init__(self, value: Any, lines: dict[Path, int], where: str) -> None:
        self.value, self.lines, self.where, self.whole = value, lines, where, True

    def line(self, path: Path) -> int:
        """The line, from 1, of the nearest known place at or above `path`."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def at(self, path: Path) -> str:
        """`file, line n` for the nearest known place at or above `path`."""
        return f"{self.where}, line {self.line(path)}"

    def convert(self, type_: type[T], expected: str) -> T:
        """The document as the struct `type_`, strictly.

        Unknown fields are refused where the struct forbids them. Raises `BadInput`
        naming the field and its line.
        """
        try:
            return from_plain(self.value, type_)
        except msgspec.ValidationError as error:
            text = str(error)
        found = _AT.search(text)
        path = _path(found.group(1)) if found else ()
        unknown = _UNKNOWN.search(text)
        if unknown:
            path = (*path, unknown.group(1))
        field = ".".join(str(step) for step in path)
        got = text[: found.start()] if found else text
        if got in TIMES and isinstance(held := _held(self.value, path), str):
            expected, got = TIMES[got], held
        if missing := _MISSING.fullmatch(got):
            got = f"no field {missing.group(1)}"
        needed = wanted(got, type_at(type_, path)) or _kind(got, type_at(type_, path[:-1]))
        if needed is not None:
            place = f" ({field})" if field else ""
            expected, got = f"{expected} with {needed[0]}{place}", needed[1]
            raise BadInput(expected, got, self.at(path))
        raise BadInput(expected, shown(f"{got} ({field})" if field else got), self.at(path))


TIMES = {
    "Invalid RFC3339 encoded date": "a day, like 2016-11-23",
    "Invalid RFC3339 encoded datetime": "an instant with offset, like 2019-08-23T15:25:00+09:00",
}
"""What should stand where msgspec finds no day and no instant, in our users' words."""


_KIND = re.compile(r"Expected `([a-z |]+)`, got `([a-z]+)`(?: - at .*)?")
_ENUM = re.compile(r"Invalid enum value (.*)", re.DOTALL)
_TAG = re.compile(r"Invalid value '(.*)'", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `([^`]*)`")
_KINDS = {
    "int": "a whole number",
    "str": "text",
    "bool": "true or false",
    "null": "null",
    "array": "a list",
    "object": "a mapping",
    "float": "a number",
}


def wanted(message: str, type_: Any) -> tuple[str, str] | None:
    """What msgspec expected and got, in our users' words; None if it says another thing.

    `type_`: that of the value it blames, from which the words come that it may be.
    """
    if found := _KIND.fullmatch(message):
        names = [_KINDS.get(one, one) for one in found.group(1).split(" | ")]
        return " or ".join(_words(type_) or names), _KINDS.get(found.group(2), found.group(2))
    if (found := _ENUM.fullmatch(message)) and (words := _words(type_)):
        return " or ".join(words), shown(found.group(1).strip("'"))
    return None


def _kind(message: str, type_: Any) -> tuple[str, str] | None:
    """The same for the key that says which of several mappings one is; `type_`: all of them."""
    tags = [getattr(one, "__struct_config__", None) for one in get_args(type_)]
    words = [str(one.tag) for one in tags if one is not None and one.tag is not None]
    found = _TAG.fullmatch(message)
    return (" or ".join(words), shown(found.group(1))) if found and words else None


def _words(type_: Any) -> list[str]:
    """Every word that a type allows, if it allows words of its own alone."""
    if get_origin(type_) is Literal:
        return [str(one) for one in get_args(type_)]
    if get_origin(type_) in (types.UnionType, Union):
        parts = [_words(one) for one in get_args(type_)]
        return [word for part in parts for word in part] if all(parts) else []
    if type_ is bool or type_ is type(None):
        return ["true", "false"] if type_ is bool else ["null"]
    return [str(one.value) for one in type_] if isinstance(type_, type(Enum)) else []


def type_at(type_: Any, path: Path) -> Any:
    """The type of the value at a path inside one of a type; None if it has none there."""
    for step in path:
        members = get_args(type_) if get_origin(type_) in (types.UnionType, Union) else (type_,)
        type_ = next((m for m in members if m is not type(None)), None)
        if isinstance(type_, type) and issubclass(type_, msgspec.Struct):
            names = {f.encode_name: f.name for f in msgspec.structs.fields(type_)}
            type_ = get_type_hints(type_).get(names.get(str(step), ""))
        elif get_origin(type_) in (tuple, dict):
            type_ = get_args(type_)[0 if get_origin(type_) is tuple else 1]
        else:
            return None
    return type_


def _held(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value


def read(data: bytes, where: str) -> Document:
    """Read one YAML document within the bounds above. Raises `BadInput` with the line."""
    text = decoded(data, where)
    found = UNPRINTABLE.search(text)
    if found:
        raise unprintable(text, found.start(), where)
    try:
        return Reader(text, where).document()
    except yaml.MarkedYAMLError as error:
        raise malformed(error, where) from None


def decoded(data: bytes, where: str) -> str:
    """The text of a file. Raises `BadInput` if it is too large, or no UTF-8."""
    if len(data) > MAX_BYTES:
        raise too_large(len(data), where)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadInput("UTF-8 text", "other bytes", f"{where}, line {line}") from None


def too_large(size: int, where: str) -> BadInput:
    """The fault of a file of more than `MAX_BYTES`; `size` in bytes."""
    return BadInput(f"at most {MAX_BYTES} bytes", f"{size} bytes", where)


def unprintable(text: str, at: int, where: str) -> BadInput:
    """The fault of a character that YAML does not allow."""
    line = text.count("\n", 0, at) + 1
    got = "characters that YAML does not allow"
    return BadInput("well-formed YAML", got, f"{where}, line {line}")


def malformed(
    error: yaml.MarkedYAMLError, where: str, lines_before: int = 0, rest: str = ""
) -> BadInput:
    """The fault of text that is no YAML, on the line where it begins.

    A quotation or bracket that is never closed is found at its end, often that of the file;
    it is blamed where it opens. `rest` goes behind what was found.
    """
    context = error.context or ""
    opened = error.context_mark if "scanning a" in context or "flow" in context else None
    mark = opened or error.problem_mark or error.context_mark
    line = lines_before + (mark.line + 1 if mark else 1)
    got = shown(error.problem or "malformed text")
    if opened:
        got = f"{got} {shown(context)}"
    return BadInput("well-formed YAML", got + rest, f"{where}, line {line}")


class Reader:
    """Builds a `Document` from parser events; the first fault ends it.

    One that lists every fault (`gsomia.agreement.survey`) lets `refuse` return: what
    could not be read is `UNREAD` then, and reading goes on behind it. `lines_before` are
    the lines of the file before this text.
    """

    def __init__(self, text: str, where: str, lines_before: int = 0) -> None:
        self.where, self.lines_before = where, lines_before
        self.lines: dict[Path, int] = {}
        self.events: Iterator[events.Event] = yaml.parse(text, Loader=_Loader)

    def document(self) -> Document:
        """The one document of the text. Raises `BadInput`, and PyYAML's own errors."""
        next(self.events)  # the start of the stream
        start = next(self.events)
        if not isinstance(start, events.DocumentStartEvent):
            return Document(
                self.refuse("a YAML document", "an empty file", start), self.lines, self.where
            )
        if start.version or start.tags:
            self.refuse("no directives", "a directive", start)
        value = self.value(next(self.events), (), 1)
        next(self.events)  # the end of the document
        after = next(self.events)
        if not isinstance(after, events.StreamEndEvent):
            self.refuse("one document", "a second document", after)
        return Document(value, self.lines, self.where)

    def refuse(self, expected: str, got: str, event: events.Event) -> Any:
        """Raise `BadInput` for what stands at an event."""
        raise BadInput(expected, got, f"{self.where}, line {self.line(event)}")

    def line(self, event: events.Event) -> int:
        """The line of the file, from 1, at which an event begins."""
        line = event.start_mark.line + 1 if event.start_mark else 1
        return self.lines_before + line

    def value(self, event: events.Event, path: Path, depth: int) -> Any:
        """The value that an event begins."""
        if isinstance(event, events.AliasEvent):
            return self.refuse("no aliases", "an alias", event)
        node = cast("events.NodeEvent", event)
        if node.anchor is not None:
            self.refuse("no anchors", "an anchor", node)
        tagged = getattr(node, "tag", None) is not None
        if tagged:
            self.refuse("no tags", "a tag", node)
        self.lines.setdefault(path, self.line(node))
        if isinstance(node, events.ScalarEvent):
            return UNREAD if tagged else self.scalar(node)
        if depth > MAX_DEPTH:
            self.refuse(f"at most {MAX_DEPTH} levels", "deeper nesting", node)
            return self.skip(node)
        if isinstance(node, events.MappingStartEvent):
            return self.mapping(path, depth)
        return self.sequence(path, depth)

    def scalar(self, event: events.ScalarEvent) -> Any:
        """A scalar as null, boolean, integer or text; nothing else is guessed."""
        text: str = event.value
        if (hidden := HIDDEN.search(text)) is not None:
            return self.hidden(hidden.group(), event)
        if not event.implicit[0]:  # quoted or block text is always text
            return text
        if text == "":
            return self.refuse("a value", "nothing", event)
        if text in _WORDS:
            return _WORDS[text]
        return int(text) if _INTEGER.fullmatch(text) else text

    def mapping(self, path: Path, depth: int) -> dict[str, Any]:
        """A mapping, each key once. What a repeated key means is not known."""
        out: dict[str, Any] = {}
        while not isinstance(event := next(self.events), events.MappingEndEvent):
            key = self.key(event)
            if key is None:
                self.value(next(self.events), path, depth + 1)
            elif key in out:
                self.refuse("each key once", f"{shown(key)} again", event)
                self.value(next(self.events), (*path, key), depth + 1)
                out[key] = UNREAD
            else:
                self.lines[*path, key] = self.line(event)
                out[key] = self.value(next(self.events), (*path, key), depth + 1)
        return out

    def key(self, event: events.Event) -> str | None:
        """The text of a key; none if it is not one."""
        if isinstance(event, events.AliasEvent):
            self.refuse("no aliases", "an alias", event)
            return None
        if not isinstance(event, events.ScalarEvent):
            self.refuse("a plain key", "a mapping or sequence", event)
            self.skip(event)
            return None
        if event.anchor is not None or event.tag is not None:
            self.refuse("a plain key", "an anchor or tag", event)
        if (hidden := HIDDEN.search(event.value)) is not None:
            self.hidden(hidden.group(), event)
        return str(event.value)

    def hidden(self, character: str, event: events.Event) -> Any:
        """Refuse a character that nobody sees."""
        return self.refuse("text that can be seen", f"U+{ord(character):04X}", event)

    def sequence(self, path: Path, depth: int) -> list[Any]:
        """A sequence of values."""
        out: list[Any] = []
        while not isinstance(event := next(self.events), events.SequenceEndEvent):
            out.append(self.value(event, (*path, len(out)), depth + 1))
        return out

    def skip(self, event: events.Event) -> Any:
        """Leave out everything inside what an event begins."""
        depth = 1 if isinstance(event, events.CollectionStartEvent) else 0
        while depth:
            inner = next(self.events)
            depth += isinstance(inner, events.CollectionStartEvent)
            depth -= isinstance(inner, events.CollectionEndEvent)
        return UNREAD


def _path(text: str) -> Path:
    """The path msgspec names, as far as it is known: `[...]` hides a mapping's key."""
    steps: list[str | int] = []
    for found in _STEP.finditer(text):
        name, index = found.groups()
        if name is None and index is None:
            break
        steps.append(name if name is not None else int(index))
    return tuple(steps)
