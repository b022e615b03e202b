"""The rules of STANAG 4774 that its schema cannot say. A label that breaks one is invalid.

ADatP-4774 Ed. A V1. A review date in the past breaks nothing: by the standard it
changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec

from gsomia.marking.label.model import Base, Category, Clearance, Label, Root, ValueKind

_OID_URN = re.compile(r"urn:oid:[0-2](\.(0|[1-9][0-9]*))+")


class Breach(msgspec.Struct, frozen=True):
    """A rule that is broken, and where in the label. `rule` is a key: `TEXTS` has its words."""

    rule: str
    where: str


TEXTS = {
    "review_or_succession": "a label without succession has a review date and time",
    "policy_uri": "a URI of the policy identifier is urn:oid: and an object identifier",
    "classification_uri": "a classification has no URI",
    "category_uri": "a URI of a category is urn:oid: and an object identifier",
    "generic_value": "only generic values are used in a category",
    "category_empty": "a category has a value",
    "old_root": "a label says whether it is the originator's, an alternative or of metadata",
}
"""What each rule says, in English."""


def check(label: Label) -> tuple[Breach, ...]:
    """Every rule that `label` breaks, in the order of the label."""
    return tuple(_label(label))


def check_clearance(clearance: Clearance) -> tuple[Breach, ...]:
    """Every rule that `clearance` breaks. Informative values are taken: no decision uses them."""
    return (
        *_uri("policy_uri", clearance.policy_uri, "PolicyIdentifier"),
        *_categories(clearance.categories, "Category"),
    )


def _label(label: Label) -> Iterator[Breach]:
    if label.root is Root.OLD:
        yield Breach("old_root", str(label.root))
    if label.review is None and label.base.succession is None:
        yield Breach("review_or_succession", str(label.root))
    yield from _base(label.base, "")


def _base(base: Base, before: str) -> Iterator[Breach]:
    held = base.information
    yield from _uri("policy_uri", held.policy_uri, f"{before}PolicyIdentifier")
    if held.classification_uri is not None:
        yield Breach("classification_uri", f"{before}Classification")
    yield from _categories(held.categories, f"{before}Category")
    if base.succession is not None:
        yield from _base(base.succession.successor, f"{before}successor, ")


def _categories(categories: Iterable[Category], name: str) -> Iterator[Breach]:
    for category in categories:
        where = f"{name} {category.tag_name}"
        yield from _uri("category_uri", category.uri, where)
        if not category.values:
            yield Breach("category_empty", where)
        if any(value.kind is not ValueKind.GENERIC for value in category.values):
            yield Breach("generic_value", where)


def _uri(rule: str, uri: str | None, where: str) -> Iterator[Breach]:
    if uri is not None and not _OID_URN.fullmatch(uri):
        yield Breach(rule, where)
