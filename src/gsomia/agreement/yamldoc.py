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
from collections.abc import Iterator
from typing import Any, NoReturn, TypeVar, cast

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
_AT = re.compile(r" - at `(?:key in )?\$([^`]*)`$")
_UNKNOWN = re.compile(r"unknown field `([^`]*)`")

Path = tuple[str | int, ...]


class Document:
    """What a YAML file says, and the line on which it says each thing.

    `value` holds dicts, lists and scalars; `lines` the line number, from 1, of
    each value by its path (for a mapping's entry: the line of its key).
    """

    __slots__ = ("lines", "value", "where")

    def __init__(self, value: Any, lines: dict[Path, int], where: str) -> None:
        self.value, self.lines, self.where = value, lines, where

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
        raise BadInput(expected, shown(f"{got} ({field})" if field else got), self.at(path))


def read(data: bytes, where: str) -> Document:
    """Read one YAML document within the bounds above. Raises `BadInput` with the line."""
    if len(data) > MAX_BYTES:
        raise BadInput(f"at most {MAX_BYTES} bytes", f"{len(data)} bytes", where)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadInput("UTF-8 text", "other bytes", f"{where}, line {line}") from None
    try:
        return _Reader(text, where).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        got = shown(error.problem or "malformed text")
        raise BadInput("well-formed YAML", got, f"{where}, line {line}") from None
    except yaml.YAMLError:
        # The reader's own error, for characters YAML does not allow; it has no line.
        raise BadInput("well-formed YAML", "characters that YAML does not allow", where) from None


class _Reader:
    """Builds a `Document` from parser events."""

    def __init__(self, text: str, where: str) -> None:
        self.where = where
        self.lines: dict[Path, int] = {}
        self.events: Iterator[events.Event] = yaml.parse(text, Loader=_Loader)

    def document(self) -> Document:
        next(self.events)  # the start of the stream
        start = next(self.events)
        if not isinstance(start, events.DocumentStartEvent):
            self.refuse("a YAML document", "an empty file", start)
        if start.version or start.tags:
            self.refuse("no directives", "a directive", start)
        value = self.value(next(self.events), (), 1)
        next(self.events)  # the end of the document
        after = next(self.events)
        if not isinstance(after, events.StreamEndEvent):
            self.refuse("one document", "a second document", after)
        return Document(value, self.lines, self.where)

    def refuse(self, expected: str, got: str, event: events.Event) -> NoReturn:
        raise BadInput(expected, got, f"{self.where}, line {_line(event)}")

    def value(self, event: events.Event, path: Path, depth: int) -> Any:
        if isinstance(event, events.AliasEvent):
            self.refuse("no aliases", "an alias", event)
        node = cast("events.NodeEvent", event)
        if node.anchor is not None:
            self.refuse("no anchors", "an anchor", node)
        if getattr(node, "tag", None) is not None:
            self.refuse("no tags", "a tag", node)
        self.lines.setdefault(path, _line(node))
        if isinstance(node, events.ScalarEvent):
            return self.scalar(node)
        if depth > MAX_DEPTH:
            self.refuse(f"at most {MAX_DEPTH} levels", "deeper nesting", node)
        if isinstance(node, events.MappingStartEvent):
            return self.mapping(path, depth)
        return self.sequence(path, depth)

    def scalar(self, event: events.ScalarEvent) -> Any:
        text: str = event.value
        if not event.implicit[0]:  # quoted or block text is always text
            return text
        if text == "":
            self.refuse("a value", "nothing", event)
        if text in _WORDS:
            return _WORDS[text]
        return int(text) if _INTEGER.fullmatch(text) else text

    def mapping(self, path: Path, depth: int) -> dict[str, Any]:
        out: dict[str, Any] = {}
        while not isinstance(event := next(self.events), events.MappingEndEvent):
            key = self.key(event)
            if key in out:
                self.refuse("each key once", f"{shown(key)} again", event)
            self.lines[*path, key] = _line(event)
            out[key] = self.value(next(self.events), (*path, key), depth + 1)
        return out

    def key(self, event: events.Event) -> str:
        if isinstance(event, events.AliasEvent):
            self.refuse("no aliases", "an alias", event)
        if not isinstance(event, events.ScalarEvent):
            self.refuse("a plain key", "a mapping or sequence", event)
        if event.anchor is not None or event.tag is not None:
            self.refuse("a plain key", "an anchor or tag", event)
        return str(event.value)

    def sequence(self, path: Path, depth: int) -> list[Any]:
        out: list[Any] = []
        while not isinstance(event := next(self.events), events.SequenceEndEvent):
            out.append(self.value(event, (*path, len(out)), depth + 1))
        return out


def _line(event: events.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _path(text: str) -> Path:
    """The path msgspec names, as far as it is known: `[...]` hides a mapping's key."""
    steps: list[str | int] = []
    for found in _STEP.finditer(text):
        name, index = found.groups()
        if name is None and index is None:
            break
        steps.append(name if name is not None else int(index))
    return tuple(steps)
