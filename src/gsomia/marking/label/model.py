"""A confidentiality label and a clearance, in the words of STANAG 4774 (ADatP-4774 Ed. A V1).

Texts are kept as they were written, dates among them, so that a label read and written
says the same. What is valid by the schema may still break the standard's rules: see
`gsomia.marking.label.rules`.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from gsomia.marking.spif.model import Sense
from gsomia.marking.xmlguard import Element


class Root(StrEnum):
    """What a label is to its information; the last only in old data."""

    ORIGINATOR = "originatorConfidentialityLabel"
    ALTERNATIVE = "alternativeConfidentialityLabel"
    METADATA = "metadataConfidentialityLabel"
    OLD = "ConfidentialityLabel"


class ValueKind(StrEnum):
    """The element that holds a category's value. The standard uses the generic one only."""

    GENERIC = "GenericValue"
    INTEGER = "IntegerValue"
    BITS = "BitStringValue"


Attributes = tuple[tuple[str, str], ...]
"""What other makers wrote on an element of the schema, by whole names: kept, changes nothing."""


class Value(msgspec.Struct, frozen=True):
    """One value of a category."""

    text: str
    kind: ValueKind = ValueKind.GENERIC


class Category(msgspec.Struct, frozen=True, kw_only=True):
    """Values of one tag set. `uri`, if any, names the tag set by its object identifier."""

    sense: Sense
    tag_name: str
    uri: str | None = None
    values: tuple[Value, ...] = ()
    attributes: Attributes = ()


class Information(msgspec.Struct, frozen=True, kw_only=True):
    """What the label says of the information. `others`: elements of other makers, kept."""

    policy: str
    policy_uri: str | None = None
    classification: str
    classification_uri: str | None = None
    privacy_mark: str | None = None
    categories: tuple[Category, ...] = ()
    others: tuple[Element, ...] = ()
    policy_attributes: Attributes = ()
    classification_attributes: Attributes = ()


class Originator(msgspec.Struct, frozen=True):
    """Who made the label, which need not be who made the information."""

    text: str
    kind: str
    attributes: Attributes = ()


class Succession(msgspec.Struct, frozen=True, kw_only=True):
    """The label that its maker proposes for a later time. Nothing here applies it."""

    at: str
    successor: Base
    others: tuple[Element, ...] = ()


class Base(msgspec.Struct, frozen=True, kw_only=True):
    """What a label and its successor have in common."""

    information: Information
    originator: Originator | None = None
    created: str
    succession: Succession | None = None
    others: tuple[Element, ...] = ()


class Label(msgspec.Struct, frozen=True, kw_only=True):
    """A whole label. `attributes`: those of other makers on its root, kept."""

    root: Root = Root.ORIGINATOR
    id: str | None = None
    review: str | None = None
    attributes: dict[str, str] = {}
    base: Base

    @property
    def information(self) -> Information:
        """What it says of the information."""
        return self.base.information


class Clearance(msgspec.Struct, frozen=True, kw_only=True):
    """What a person, node or channel may receive: classifications one by one, and categories."""

    policy: str
    policy_uri: str | None = None
    classifications: tuple[str, ...]
    categories: tuple[Category, ...] = ()
    extensions: tuple[Element, ...] | None = None
    policy_attributes: Attributes = ()
    class_attributes: tuple[Attributes, ...] = ()
    """Of each classification, in the same order; empty if none has any."""
