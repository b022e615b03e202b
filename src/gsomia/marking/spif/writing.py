"""Write a policy as a file of schema version 1.0 to 2.1: the same policy, the same bytes."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any

import msgspec

from gsomia.marking.spif.model import Node, Policy
from gsomia.marking.spif.reading import read
from gsomia.marking.spif.syntax import SPIF, SYNTAX, Kind
from gsomia.marking.xmlguard import LANG, XSI, Element
from gsomia.marking.xmlguard import write as write_xml

_PREFIXES = {SPIF: "spif", XSI: "xsi", "urn:nato:stanag:4774:spif:extensions:1:0": "nspif"}


def write(policy: Policy) -> bytes:
    """The file of `policy`. Raises `BadInput` for a policy that could not be read back."""
    data = write_xml(_element("SPIF", policy), _PREFIXES)
    read(data, "the policy to be written")
    return data


def digest(policy: Policy) -> str:
    """SHA-256 of `policy` as this module writes it: the same for every layout of one policy."""
    return hashlib.sha256(write_xml(_element("SPIF", policy), _PREFIXES)).hexdigest()


def _element(name: str, node: Node) -> Element:
    syntax = SYNTAX[type(node)]
    attributes: dict[str, str] = {}
    if node.lang:
        attributes[LANG] = node.lang
    defaults = _defaults(type(node))
    for key, attribute in syntax.attributes.items():
        value = getattr(node, attribute.field)
        if attribute.required or value != defaults[attribute.field]:
            attributes[key] = _text(value)
    content: list[Element | str] = []
    for child_name, child in syntax.children.items():
        held = getattr(node, child.field)
        for one in held if isinstance(held, tuple) else () if held is None else (held,):
            if isinstance(child.holds, Kind):
                content.append(Element(f"{SPIF}}}{child_name}", {}, (one,) if one else ()))
            else:
                content.append(_element(child_name, one))
    if syntax.foreign:
        content.extend(getattr(node, syntax.foreign))
    return Element(f"{SPIF}}}{name}", attributes, tuple(content))


@cache
def _defaults(type_: type[Node]) -> dict[str, Any]:
    """What each field holds when the attribute is left out."""
    return {field.name: field.default for field in msgspec.structs.fields(type_)}


def _text(value: str | int | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
