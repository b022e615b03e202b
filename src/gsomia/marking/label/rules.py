"""The rules of STANAG 4774 that its schema cannot say. A label that breaks one is invalid.

ADatP-4774 Ed. A V1. A review date in the past breaks nothing: by the standard it
changes nothing. The rules of a policy are checked in `gsomia.marking.label.validity`;
their words stand here too, so that every broken rule has one table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec

from gsomia.marking.label.model import Base, Category, Clearance, Label, Root, ValueKind

_OID_URN = re.compile(r"urn:oid:[0-2](\.(0|[1-9][0-9]*))+")


class Breach(msgspec.Struct, frozen=True):
    """A rule that is broken, and where in the label.

    `rule` is a key: `TEXTS` or `POLICY_TEXTS` has its words. `like` is a value of the policy
    that looks like what stands there and is another.
    """

    rule: str
    where: str
    like: str = ""

    @property
    def source(self) -> str:
        """The document that holds the rule."""
        return SOURCES[self.rule]


TEXTS = {
    "review_or_succession": "a label without succession has a review date and time",
    "policy_uri": "a URI of the policy identifier is urn:oid: and an object identifier",
    "classification_uri": "a classification has no URI",
    "category_uri": "a URI of a category is urn:oid: and an object identifier",
    "generic_value": "only generic values are used in a category",
    "category_empty": "a category has a value",
    "old_root": "a label says whether it is the originator's, an alternative or of metadata",
}
"""What each rule of the standard says, in English."""

POLICY_TEXTS = {
    "policy_other": "the label or clearance is of this policy",
    "policy_name": "the policy of this object identifier has another name",
    "policy_oid": "the policy of this name has another object identifier",
    "policy_period": "the policy is in force at that instant",
    "classification_unknown": "the classification is one of the policy",
    "classification_obsolete": "a new label has no obsolete classification",
    "classification_required": "the classification has the categories that it requires",
    "tag_set_unknown": "the tag set is one of the policy",
    "tag_set_name": "the tag set of this object identifier has another name",
    "tag_set_oid": "the tag set of this name has another object identifier",
    "tag_set_sense": "the tag set has values of this type",
    "tag_set_once": "each tag set stands once with each type",
    "value_unknown": "the value is one of the tag set",
    "value_once": "each value stands once",
    "value_obsolete": "a new label has no obsolete value",
    "value_period": "the value is in its period of validity at that instant",
    "value_class": "the value goes with the classification",
    "value_excluded": "no category stands beside a value that excludes it",
    "value_required": "the value has the categories that it requires",
    "selection_most": "not more values of a tag than the policy lets be selected",
    "selection_least": "not fewer values of a tag than the policy wants selected",
}
"""What each rule of a policy says, in English."""

_STANDARD, _GUIDE, _SPIF = "ADatP-4774", "ADatP-4774.1", "SPIF 2.1"
_OURS = "gsomia: one reading only"

SOURCES = {
    "review_or_succession": _STANDARD,
    "policy_uri": _STANDARD,
    "classification_uri": _STANDARD,
    "category_uri": _STANDARD,
    "generic_value": _STANDARD,
    "category_empty": _OURS,
    "old_root": _OURS,
    "policy_other": _GUIDE,
    "policy_name": _GUIDE,
    "policy_oid": _STANDARD,
    "policy_period": _SPIF,
    "classification_unknown": _GUIDE,
    "classification_obsolete": _SPIF,
    "classification_required": _SPIF,
    "tag_set_unknown": _GUIDE,
    "tag_set_name": _GUIDE,
    "tag_set_oid": _STANDARD,
    "tag_set_sense": _GUIDE,
    "tag_set_once": _OURS,
    "value_unknown": _GUIDE,
    "value_once": _OURS,
    "value_obsolete": _SPIF,
    "value_period": _SPIF,
    "value_class": _SPIF,
    "value_excluded": _SPIF,
    "value_required": _SPIF,
    "selection_most": _SPIF,
    "selection_least": _SPIF,
}
"""Where each rule stands: a document, or that it is ours."""


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
