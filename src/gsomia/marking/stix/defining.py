"""What one marking definition says: STIX 2.1 section 7.2.1, and extensions for TLP 2 and ACS."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from gsomia.faults import BadInput, shown
from gsomia.marking.handling import Tlp
from gsomia.marking.stix import acs as acs_marking
from gsomia.marking.stix.acs import Acs
from gsomia.marking.stix.known import ACS, FIXED, TLP2, Fixed
from gsomia.marking.stix.model import Definition, Kind, Marked
from gsomia.shapes import from_plain

MAX_STATEMENT = 64 << 10

_EXTENSION = re.compile(r"extension-definition--[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_KNOWN = {
    *("type", "spec_version", "id", "created", "created_by_ref", "external_references"),
    *("object_marking_refs", "granular_markings", "extensions", "name"),
    *("definition_type", "definition"),
}
# A definition that changed would change every object that names it (section 7.2.1).
_VERSIONED = ("modified", "revoked")
_CREATED = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z", re.ASCII)


class _Said:
    """What was found so far; made once for each definition."""

    def __init__(self) -> None:
        self.tlp: list[tuple[int, str]] = []
        self.statement: str | None = None
        self.acs: Acs | None = None
        self.kinds: list[Kind] = []
        self.unread: list[str] = []


def definition_of(value: dict[str, Any], marked: Marked, data: bytes, where: str) -> Definition:
    """The definition that an object of type marking-definition is. Raises `BadInput`."""
    if value.get("spec_version") != "2.1":
        raise BadInput("spec_version 2.1", shown(str(value.get("spec_version"))), where)
    for name in _VERSIONED:
        if name in value:
            raise BadInput("a marking definition without versions", name, where)
    if not _CREATED.fullmatch(str(value.get("created"))):
        raise BadInput("created, an instant", shown(str(value.get("created"))), where)
    said = _Said()
    _read_definition(value, said, where)
    _read_extensions(value, said, where)
    if not said.kinds and not said.unread:
        raise BadInput("a definition or an extension", "neither", where)
    return Definition(
        marked=marked,
        data=data,
        tlp=_fixed(value, said, where),
        statement=said.statement,
        acs=said.acs,
        kinds=tuple(said.kinds),
        unread=tuple(said.unread),
        others=tuple(sorted(value.keys() - _KNOWN)),
    )


def _read_definition(value: dict[str, Any], said: _Said, where: str) -> None:
    if ("definition_type" in value) != ("definition" in value):
        raise BadInput("definition_type and definition together", "one of them", where)
    if "definition" not in value:
        return
    kind, held = value["definition_type"], value["definition"]
    if not isinstance(kind, str) or not isinstance(held, dict) or not held:
        raise BadInput("a definition_type and an object as definition", "other values", where)
    if kind == "statement":
        statement = _alone(held, "statement", where)
        if len(statement) > MAX_STATEMENT:
            expected = f"a statement of at most {MAX_STATEMENT} characters"
            raise BadInput(expected, f"{len(statement)}", where)
        said.statement = statement
        said.kinds.append(Kind.STATEMENT)
    elif kind == "tlp":
        said.tlp.append((1, _alone(held, "tlp", where)))
        said.kinds.append(Kind.TLP_1)
    else:
        said.unread.append(f"definition_type {shown(kind)}")


def _alone(held: dict[str, Any], name: str, where: str) -> str:
    if held.keys() != {name} or not isinstance(held[name], str):
        raise BadInput(f"{name} alone in the definition, a text", "another form", where)
    return str(held[name])


def _read_extensions(value: dict[str, Any], said: _Said, where: str) -> None:
    held = value.get("extensions", {})
    if not isinstance(held, dict) or ("extensions" in value and not held):
        raise BadInput("extensions, an object that is not empty", "another value", where)
    for key, extension in held.items():
        if not _EXTENSION.fullmatch(key) or not isinstance(extension, dict):
            raise BadInput("an extension by its identifier", shown(key), where)
        if key == TLP2:
            said.tlp.append((2, _tlp2(extension, where)))
            said.kinds.append(Kind.TLP_2)
        elif key == ACS:
            said.acs = _acs(extension, where)
            said.kinds.append(Kind.ACS)
        else:
            said.unread.append(key)


def _tlp2(extension: dict[str, Any], where: str) -> str:
    word = extension.get("tlp_2_0")
    if extension != {"extension_type": "property-extension", "tlp_2_0": word}:
        raise BadInput("the TLP 2.0 extension: extension_type and tlp_2_0", "another form", where)
    return str(word)


def _acs(extension: dict[str, Any], where: str) -> Acs:
    try:
        held = from_plain(extension, Acs)
    except msgspec.ValidationError as error:
        raise BadInput("an ACS 3.0 marking", shown(str(error)), where) from None
    return acs_marking.check(held, where)


def _fixed(value: dict[str, Any], said: _Said, where: str) -> Tlp | None:
    """The TLP label, if the object is one of the fixed definitions, and in everything.

    TLP 1: section 7.2.1.4, no other instance may be made. TLP 2: the extension's schema.
    """
    fixed = FIXED.get(value["id"])
    if fixed is None and not said.tlp:
        return None
    if fixed is None:
        raise BadInput("a TLP marking under its fixed identifier", shown(value["id"]), where)
    if said.tlp != [(fixed.version, fixed.word)] or len(said.kinds) + len(said.unread) != 1:
        raise BadInput(f"what the standard fixes for {fixed.name}", "another marking", where)
    _check_head(value, fixed, where)
    return fixed.tlp


def _check_head(value: dict[str, Any], fixed: Fixed, where: str) -> None:
    # The name is optional in TLP 1 and required in TLP 2.
    if value.get("name", fixed.name if fixed.version == 1 else None) != fixed.name:
        raise BadInput(f"the name {fixed.name}", "another, or none", where)
    if _instant(value["created"]) != _instant(fixed.created):
        raise BadInput(f"{fixed.name}, created {fixed.created}", shown(value["created"]), where)


def _instant(text: str) -> tuple[str, str]:
    match = _CREATED.fullmatch(text)
    return (match[1], (match[2] or "").rstrip("0")) if match else (text, "")
