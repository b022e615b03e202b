"""Read what marks the objects of a STIX 2.1 bundle, strictly and within bounds.

Reads a bundle, or one object alone. Checks what markings rest on: identifiers, each
object once, no property twice anywhere, the fixed TLP definitions (section 7.2.1.4), no circle
of definitions (3.2), and that each selector leads to something (7.2.3.1). Does not check
the rest of an object against its type: that is no marking. Sections are those of the OASIS
standard, read with its errata 01 of 2 April 2025.

A reference to a marking that the bundle does not hold is read: whether it closes is for
`release` to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, Raw, UnsetType

from gsomia.canon import MAX_DEPTH, check_depth, without_strings
from gsomia.faults import BadInput, shown
from gsomia.marking.stix.defining import definition_of
from gsomia.marking.stix.model import Definition, Granular, Marked, Package
from gsomia.shapes import from_json, from_plain

MAX_SIZE = 64 << 20
MAX_OBJECTS = 250_000
MAX_MARKINGS = 1000
"""Markings of one object, and selectors of one marking."""

MAX_SELECTOR = 1024

IDENTIFIER = re.compile(r"[a-z][a-z0-9-]{0,250}--[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""In small letters, as a UUID is written. Objects of others come in capitals too (`_LOOSE`)."""

_LOOSE = re.compile(IDENTIFIER.pattern.replace("[0-9a-f]", "[0-9a-fA-F]"))
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z", re.ASCII)
_DEFINITION = "marking-definition"
_LANGUAGE = re.compile(r"[A-Za-z0-9]{1,8}(?:-[A-Za-z0-9]{1,8}){0,8}")
_NAME = re.compile(r"[A-Za-z0-9_-]{1,250}")
_INDEX = re.compile(r"\[(0|[1-9][0-9]{0,8})\]")

_References = Annotated[tuple[str, ...], Meta(min_length=1, max_length=MAX_MARKINGS)]


class _Granular(msgspec.Struct, forbid_unknown_fields=True):
    selectors: _References
    marking_ref: str | UnsetType = UNSET
    lang: str | UnsetType = UNSET


class _Object(msgspec.Struct):
    type: str
    id: str
    spec_version: str | UnsetType = UNSET
    modified: str | UnsetType = UNSET
    lang: str | UnsetType = UNSET
    object_marking_refs: _References | UnsetType = UNSET
    granular_markings: (
        Annotated[tuple[_Granular, ...], Meta(min_length=1, max_length=MAX_MARKINGS)] | UnsetType
    ) = UNSET


def read(data: bytes, where: str = "bundle") -> Package:
    """The marking facts of a bundle, or of one object. Raises `BadInput`."""
    identifier, raws = split(data, where)
    definitions: list[Definition] = []
    objects: list[Marked] = []
    for number, raw in enumerate(raws):
        place = where if identifier is None else f"{where}, object {number + 1}"
        value, marked = read_object(raw, place)
        if value["type"] == _DEFINITION:
            definitions.append(definition_of(value, marked, bytes(raw), place))
        else:
            objects.append(marked)
    _check_once((*(d.marked for d in definitions), *objects), where)
    _check_circles(definitions, where)
    return Package(identifier, tuple(definitions), tuple(objects))


def split(data: bytes, where: str) -> tuple[str | None, list[Raw]]:
    """The identifier of a bundle and its objects as they stand; None and one object alone.

    Every property is there once, at every depth. Raises `BadInput`.
    """
    if len(data) > MAX_SIZE:
        raise BadInput(f"at most {MAX_SIZE} bytes", f"{len(data)} bytes", where)
    top = _decode(data, dict[str, Raw], where)
    if "type" not in top or _decode(top["type"], Any, where) != "bundle":
        raws, identifier, outside = [Raw(data)], None, 0
    else:
        identifier = _bundle(top, where)
        raws = _decode(top["objects"], list[Raw], where) if "objects" in top else []
        rest = {key: _decode(raw, Any, where) for key, raw in top.items() if key != "objects"}
        outside = _properties(rest) + ("objects" in top)
    if len(raws) > MAX_OBJECTS:
        raise BadInput(f"at most {MAX_OBJECTS} objects", f"{len(raws)}", where)
    inside = [_properties(_decode(raw, Any, _place(where, n))) for n, raw in enumerate(raws)]
    bare = without_strings(data)
    check_depth(bare, where)
    if bare.count(b":") != outside + sum(inside):
        _name_the_double(raws, inside, where)
    return identifier, raws


def read_object(raw: Raw, where: str) -> tuple[dict[str, Any], Marked]:
    """One object: all its values, and its marking facts. Raises `BadInput`."""
    value = _decode(raw, Any, where)
    if not isinstance(value, dict):
        raise BadInput("an object", "another value", where)
    try:
        held = from_plain(value, _Object)
    except msgspec.ValidationError as error:
        raise BadInput(
            "an object with the markings of STIX 2.1", shown(str(error)), where
        ) from None
    _check_identifier(held.id, held.type, where)
    if held.spec_version not in (UNSET, "2.1"):
        raise BadInput("spec_version 2.1", shown(str(held.spec_version)), where)
    references = () if held.object_marking_refs is UNSET else held.object_marking_refs
    for reference in references:
        _check_identifier(reference, _DEFINITION, where)
    granular = () if held.granular_markings is UNSET else held.granular_markings
    return value, Marked(
        id=held.id,
        modified=None if held.modified is UNSET else check_instant(held.modified, where),
        object_markings=references,
        granular=tuple(_granular(part, value, where) for part in granular),
        lang=None if held.lang is UNSET else _language(held.lang, where),
        names=tuple(dict.fromkeys(_names(value))),
    )


def check_instant(text: str, where: str) -> str:
    """`text` itself, if it is a timestamp of STIX; else `BadInput`."""
    if not INSTANT.fullmatch(text):
        raise BadInput("an instant like 2026-01-01T00:00:00.000Z", shown(text), where)
    return text


# -- JSON ---------------------------------------------------------------------------


def _place(where: str, number: int) -> str:
    return f"{where}, object {number + 1}"


def _decode(data: bytes | Raw, type_: Any, where: str) -> Any:
    try:
        return from_json(data, type_)
    except RecursionError:
        raise BadInput(f"at most {MAX_DEPTH} levels", "deeper nesting", where) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadInput("a JSON object of STIX 2.1", shown(str(error)), where) from None


def _bundle(top: dict[str, Raw], where: str) -> str:
    identifier = _decode(top.get("id", Raw(b"null")), Any, where)
    if not isinstance(identifier, str):
        raise BadInput("a bundle with an identifier", "none", where)
    _check_identifier(identifier, "bundle", where)
    version = _decode(top.get("spec_version", Raw(b'"2.1"')), Any, where)
    if version != "2.1":
        raise BadInput("a bundle of STIX 2.1", f"spec_version {shown(version)}", where)
    return identifier


def _properties(value: Any) -> int:
    """How many properties there are in a value, at every depth."""
    count, todo = 0, [value]
    while todo:
        part = todo.pop()
        if isinstance(part, dict):
            count += len(part)
            todo.extend(part.values())
        elif isinstance(part, list):
            todo.extend(part)
    return count


def _name_the_double(raws: Iterable[Raw], inside: Iterable[int], where: str) -> None:
    """Two readers could take different values of a property that stands twice."""
    for number, (raw, count) in enumerate(zip(raws, inside, strict=True)):
        if without_strings(bytes(raw)).count(b":") != count:
            raise BadInput("each property once", "one twice", _place(where, number))
    raise BadInput("each property once", "one of the bundle twice", where)


def _names(value: Any) -> Iterator[str]:
    """The identifiers of objects that a value refers to, markings aside."""
    todo = [value]
    while todo:
        part = todo.pop()
        if isinstance(part, list):
            todo.extend(part)
        elif isinstance(part, dict):
            for key, inner in part.items():
                if key in ("object_marking_refs", "granular_markings"):
                    continue
                if key.endswith(("_ref", "_refs")):
                    listed = inner if isinstance(inner, list) else [inner]
                    yield from (x for x in listed if isinstance(x, str) and _LOOSE.fullmatch(x))
                if isinstance(inner, (dict, list)):
                    todo.append(inner)


# -- markings of an object ------------------------------------------------------------


def _check_identifier(text: str, type_: str, where: str) -> None:
    """A marking's identifier has one spelling only: it is what a reference is compared with."""
    form, case = (IDENTIFIER, ", in small letters") if type_ == _DEFINITION else (_LOOSE, "")
    if not form.fullmatch(text) or text.rpartition("--")[0] != type_:
        raise BadInput(f"an identifier of {shown(type_)}{case}", shown(text), where)


def _language(text: str, where: str) -> str:
    if not _LANGUAGE.fullmatch(text):
        raise BadInput("a language code", shown(text), where)
    return text


def _granular(part: _Granular, value: dict[str, Any], where: str) -> Granular:
    place = f"{where}, granular_markings"
    if (part.marking_ref is UNSET) == (part.lang is UNSET):
        got = "neither" if part.lang is UNSET else "both"
        raise BadInput("either marking_ref or lang", got, place)
    for selector in part.selectors:
        _check_selector(selector, value, place)
    if part.marking_ref is not UNSET:
        _check_identifier(part.marking_ref, _DEFINITION, place)
        return Granular(part.selectors, marking_ref=part.marking_ref)
    return Granular(part.selectors, lang=_language(str(part.lang), place))


def _check_selector(selector: str, value: Any, where: str) -> None:
    """A selector of section 7.2.3.1 that leads to a property or list item that is there."""
    if len(selector) > MAX_SELECTOR:
        raise BadInput(f"a selector of at most {MAX_SELECTOR} characters", "a longer one", where)
    at = value
    for number, component in enumerate(selector.split(".")):
        index = _INDEX.fullmatch(component)
        if index is None and not _NAME.fullmatch(component):
            raise BadInput("a selector like name or list.[0]", shown(selector), where)
        if index is None and isinstance(at, dict) and component in at:
            at = at[component]
        elif index is not None and number and isinstance(at, list) and int(index[1]) < len(at):
            at = at[int(index[1])]
        else:
            raise BadInput("a selector of something that is there", shown(selector), where)


# -- the whole ------------------------------------------------------------------------


def _check_once(held: Iterable[Marked], where: str) -> None:
    seen: set[tuple[str, str | None]] = set()
    for marked in held:
        key = (marked.id.lower(), marked.modified)
        if key in seen:
            raise BadInput("each version of an object once", f"{marked.id} twice", where)
        seen.add(key)


def _check_circles(definitions: Iterable[Definition], where: str) -> None:
    """No definition marks itself, directly or through others (section 3.2)."""
    marks = {d.id: set(d.marked.references) for d in definitions}
    waiting = {identifier: held & marks.keys() for identifier, held in marks.items()}
    used: dict[str, list[str]] = {}
    for identifier, references in waiting.items():
        for reference in references:
            used.setdefault(reference, []).append(identifier)
    free = [identifier for identifier, references in waiting.items() if not references]
    while free:
        done = free.pop()
        del waiting[done]
        for user in used.get(done, ()):
            waiting[user].discard(done)
            if not waiting[user]:
                free.append(user)
    if waiting:
        raise BadInput("definitions that do not mark themselves", min(waiting), where)
