"""Read a policy file (SPIF 1.0 to 2.1), strictly, or leniently with every repair named.

Strict reading takes what the schema takes and what the consistency rules hold. Lenient
reading forgives form only: a namespace left out, elements out of order, a heading left
out, a place of marking that nobody knows, an equivalence to a policy that is not listed.
It never drops anything that narrows access, so a repaired policy grants no more.
"""

from __future__ import annotations

from typing import Any

from gsomia.faults import BadInput, shown
from gsomia.marking.spif.consistency import check
from gsomia.marking.spif.model import Loaded, MarkingData, Node, Policy, Repair
from gsomia.marking.spif.syntax import (
    BOOL,
    CODE,
    COLOR,
    INT,
    LANGUAGE,
    SPIF,
    SYNTAX,
    VERSIONS,
    Attribute,
    Child,
    Kind,
    Syntax,
)
from gsomia.marking.xmlguard import LANG, XML, XSI, Element, Limits, at_line, parse

LIMITS = Limits(size=8 << 20, depth=24, elements=200_000)
MAX_REPAIRS = 200

_ROOT = f"{SPIF}}}SPIF"
_IGNORED = (f"{XSI}}}", f"{XML}}}")
"""Namespaces of attributes that any element may have, and that change nothing here."""

_TYPED = (f"{XSI}}}type", f"{XSI}}}nil")
"""Attributes that would make an element another than its name says."""

_SHOWN_ONLY = ("markingData", "markingQualifier", "qualifier")
"""Elements that only say how a value is shown: access does not depend on them."""


def read(data: bytes, where: str = "policy", *, lenient: bool = False) -> Loaded:
    """The policy in a file. Raises `BadInput`, naming the line, for anything else."""
    root = parse(data, where, LIMITS)
    reader = _Reader(where, lenient)
    if root.local != "SPIF" or root.namespace not in (SPIF, ""):
        raise reader.bad(root, "a policy file (SPIF)", shown(root.local))
    reader.namespace(root)
    version = root.attributes.get("schemaVersion")
    if version is not None and version not in VERSIONS:
        raise reader.bad(
            root, "a SPIF of schema version 1.0, 2.0 or 2.1", f"version {shown(version)}"
        )
    policy = reader.node(root, Policy)
    assert isinstance(policy, Policy)  # noqa: S101 - for the type checker
    check(policy, where, reader.repair_unlined)
    return Loaded(policy, tuple(reader.repairs))


class _Reader:
    """One file being read: where it stands, and what was repaired."""

    def __init__(self, where: str, lenient: bool) -> None:
        self.where, self.lenient = where, lenient
        self.repairs: list[Repair] = []

    def bad(self, element: Element, expected: str, got: str) -> BadInput:
        return BadInput(expected, got, at_line(self.where, element.line))

    def repair(self, element: Element, expected: str, got: str, taken: str) -> None:
        """Note a repair, or refuse where none is allowed."""
        if not self.lenient:
            raise self.bad(element, expected, got)
        self._note(Repair(element.line, f"expected {expected}, got {got}; {taken}"))

    def repair_unlined(self, expected: str, got: str, taken: str) -> None:
        """The same for a rule about the policy as a whole."""
        if not self.lenient:
            raise BadInput(expected, got, self.where)
        self._note(Repair(0, f"expected {expected}, got {got}; {taken}"))

    def _note(self, repair: Repair) -> None:
        if len(self.repairs) >= MAX_REPAIRS:
            raise BadInput(f"at most {MAX_REPAIRS} repairs", "more", self.where)
        self.repairs.append(repair)

    def namespace(self, element: Element) -> None:
        if element.namespace == "":
            self.repair(
                element,
                f"the element {shown(element.local)} in the namespace of SPIF",
                "no namespace",
                "taken as if it were",
            )

    # -- elements ---------------------------------------------------------------------

    def node(self, element: Element, type_: type[Node]) -> Node:
        syntax = SYNTAX[type_]
        for key in _TYPED:
            if key in element.attributes:
                raise self.bad(element, "an element of its own type", key.rpartition("}")[2])
        language = element.attributes.get(LANG, "")
        if not LANGUAGE.form.fullmatch(language):
            raise self.bad(element, f"{LANGUAGE.name} as xml:lang", shown(language))
        fields: dict[str, Any] = {"lang": language.strip()}
        self._attributes(element, syntax, fields)
        if syntax.foreign:
            fields[syntax.foreign] = element.children
        else:
            self._children(element, syntax, fields)
        return type_(**fields)

    def _attributes(self, element: Element, syntax: Syntax, fields: dict[str, Any]) -> None:
        for key, text in element.attributes.items():
            attribute = syntax.attributes.get(key)
            if attribute is None:
                self._unknown(element, key)
                continue
            fields[attribute.field] = self._value(element, key, text, attribute.kind)
        for key, attribute in syntax.attributes.items():
            if attribute.required and attribute.field not in fields:
                fields[attribute.field] = self._assumed(element, key, attribute)

    def _unknown(self, element: Element, key: str) -> None:
        if key.startswith(_IGNORED):
            return
        expected, got = f"an attribute of {element.local}", shown(key.rpartition("}")[2])
        if element.local not in _SHOWN_ONLY:
            raise self.bad(element, expected, got)
        self.repair(element, expected, got, "left aside")

    def _assumed(self, element: Element, key: str, attribute: Attribute) -> str:
        if attribute.assumed is None:
            raise self.bad(element, f"the attribute {key} of {element.local}", "none")
        taken = f"taken as {attribute.assumed!r}"
        self.repair(element, f"the attribute {key} of {element.local}", "none", taken)
        return attribute.assumed

    def _value(self, element: Element, key: str, text: str, kind: Kind) -> str | int | bool | None:
        if not kind.form.fullmatch(text):
            if kind is CODE:
                self.repair(element, kind.name, shown(text), "left aside")
                return None
            if kind is COLOR:
                self.repair(element, kind.name, shown(text), "shown without")
                return None
            raise self.bad(element, f"{kind.name} as {key}", shown(text))
        if kind is INT:
            return str(int(text)) if key == "version" else int(text)
        if kind is BOOL:
            return text.strip() in ("true", "1")
        return text

    def _children(self, element: Element, syntax: Syntax, fields: dict[str, Any]) -> None:
        if element.text.strip(" \t\r\n"):
            raise self.bad(element, f"only elements in {element.local}", "text")
        order = list(syntax.children)
        found: dict[str, list[Any]] = {name: [] for name in order}
        last = 0
        for child in element.children:
            if child.namespace not in (SPIF, "") or child.local not in found:
                raise self.bad(child, f"an element of {element.local}", shown(child.local))
            self.namespace(child)
            place = order.index(child.local)
            if place < last:
                self.repair(
                    child, f"{child.local} before {order[last]}", "it after", "read in its place"
                )
            last = max(last, place)
            found[child.local].append(self._child(child, syntax.children[child.local]))
        for name, rule in syntax.children.items():
            held = found[name]
            if len(held) < rule.least:
                raise self.bad(element, f"the element {name} in {element.local}", "none")
            if rule.most is not None and len(held) > rule.most:
                raise self.bad(element, f"one {name} in {element.local}", "more")
            values = tuple(value for value in held if value is not None)
            one = rule.most == 1
            fields[rule.field] = (values[0] if values else None) if one else values

    def _child(self, element: Element, child: Child) -> Any:
        if isinstance(child.holds, Kind):
            if element.children or any(not k.startswith(_IGNORED) for k in element.attributes):
                raise self.bad(element, f"only text in {element.local}", "more")
            return self._value(element, element.local, element.text, child.holds)
        node = self.node(element, child.holds)
        if isinstance(node, MarkingData) and not node.codes:
            return None  # for places that nobody knows: shown nowhere, not just anywhere
        return node


__all__ = ["LIMITS", "MAX_REPAIRS", "read"]
