"""A YAML file read as far as it can be, with every fault of its YAML.

`yamldoc.read` stops at the first fault, as a node must. Here a file is read on behind
each: what could not be read is `UNREAD` in the document, so that a check of the rest can
tell it from what is not there. Where the text is no YAML at all, the file is read again
field by field of its top level, and only the field with the fault is lost; the fault says
which lines nobody has looked at.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import yaml
from yaml import events

from gsomia.agreement.yamldoc import (
    UNPRINTABLE,
    UNREAD,
    Document,
    Reader,
    decoded,
    malformed,
    unprintable,
)
from gsomia.faults import BadInput, shown

_SAYS = re.compile(r"(?m)^[ \t]*(?!#|---\s|%)\S")
"""A line that says something: no comment, no directive, no mark of a document's start."""

_FIELD = re.compile(r"(?m)^([A-Za-z_][A-Za-z0-9_]*)[ \t]*:(?=\s|$)")
"""A field of the top level, as all our formats write it."""


def survey(data: bytes, where: str, most: int) -> tuple[Document | None, list[BadInput]]:
    """A file as far as it can be read, and the first `most` faults of its YAML, each with its line.

    No document: nothing could be read. The value of a repeated key is `UNREAD`, since nobody can
    say which is meant. Raises nothing.
    """
    try:
        text = decoded(data, where)
    except BadInput as error:
        return None, [BadInput(error.expected, f"{error.got}; {_NOTHING}", error.where)]
    odd = [unprintable(text, found.start(), where) for found in UNPRINTABLE.finditer(text)][:most]
    text = UNPRINTABLE.sub("\ufffd", text)
    reader = _Survey(text, where, most)
    try:
        return reader.document(), [*odd, *reader.faults][:most]
    except yaml.MarkedYAMLError as error:
        document, faults = _by_field(text, where, most, error)
        return document, [*odd, *faults][:most]


_NOTHING = "nothing else of the file was checked"


class _Survey(Reader):
    """Reads on behind a fault, and keeps it."""

    def __init__(self, text: str, where: str, most: int, lines_before: int = 0) -> None:
        super().__init__(text, where, lines_before)
        self.most = most
        self.faults: list[BadInput] = []

    def refuse(self, expected: str, got: str, event: events.Event) -> Any:
        if len(self.faults) < self.most:
            self.faults.append(BadInput(expected, got, f"{self.where}, line {self.line(event)}"))
        return UNREAD


def _by_field(
    text: str, where: str, most: int, error: yaml.MarkedYAMLError
) -> tuple[Document | None, list[BadInput]]:
    """Each field of the top level by itself, for a text that is no YAML as a whole."""
    starts = [found.start() for found in _FIELD.finditer(text)]
    if not starts:
        return None, [malformed(error, where, rest=f"; {_NOTHING}")]
    whole = Document({}, {(): 1}, where)
    faults: list[BadInput] = []
    parts = [(start, end) for start, end in pairwise([0, *starts, len(text)]) if start < end]
    for start, end in parts:
        faults += _part(whole, text, start, end, most)
    return whole, faults


def _part(whole: Document, text: str, start: int, end: int, most: int) -> list[BadInput]:
    """Read one part of a text into the whole document, and tell its faults."""
    field, part = _FIELD.match(text, start), text[start:end]
    if field is None and not _SAYS.search(part):
        return []
    before = text.count("\n", 0, start)
    reader = _Survey(part, whole.where, most, before)
    try:
        found = reader.document()
        if not isinstance(found.value, dict):
            at = f"{whole.where}, line {before + 1}"
            reader.faults.append(BadInput("a field, like format:", "other text", at))
            whole.whole = False
    except yaml.MarkedYAMLError as broken:
        last = before + part.rstrip().count("\n") + 1
        rest = f"; nothing else to line {last} was checked"
        reader.faults.append(malformed(broken, whole.where, before, rest))
        whole.whole = False
        name = field.group(1) if field else ""
        found = Document({name: UNREAD} if name else {}, {(name,): before + 1}, whole.where)
    for key, value in found.value.items() if isinstance(found.value, dict) else ():
        if key in whole.value:
            at = f"{whole.where}, line {found.line((key,))}"
            reader.faults.append(BadInput("each key once", f"{shown(key)} again", at))
        whole.value[key] = UNREAD if key in whole.value else value
    whole.lines.update((path, line) for path, line in found.lines.items() if path)
    return reader.faults
