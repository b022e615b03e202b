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
from gsomia.marking.xmlguard import Element

_OID_URN = re.compile(r"urn:oid:[0-2](\.(0|[1-9][0-9]*))+")


class Said(msgspec.Struct, frozen=True):
    """What a rule says, in English, and where it stands: a document, or that it is ours."""

    text: str
    source: str


class Breach(msgspec.Struct, frozen=True):
    """A rule that is broken, and where in the label.

    `rule` is a key of `RULES`. `like` is a value of the policy that looks like what stands
    there and is another.
    """

    rule: str
    where: str
    like: str = ""

    @property
    def source(self) -> str:
        """The document that holds the rule."""
        return RULES[self.rule].source


_STANDARD, _GUIDE, _SPIF = "ADatP-4774", "ADatP-4774.1", "SPIF 2.1"
_OURS = "gsomia: one reading only"

STANDARD_RULES = {
    "review_or_succession": Said(
        "a label without succession has a review date and time",
        _STANDARD,
    ),
    "policy_uri": Said(
        "a URI of the policy identifier is urn:oid: and an object identifier",
        _STANDARD,
    ),
    "classification_uri": Said("a classification has no URI", _STANDARD),
    "category_uri": Said("a URI of a category is urn:oid: and an object identifier", _STANDARD),
    "generic_value": Said("only generic values are used in a category", _STANDARD),
    "category_empty": Said("a category has a value", _OURS),
    "critical_unknown": Said(
        "nothing that another maker added says that it must be understood", _OURS
    ),
    "old_root": Said(
        "a label says whether it is the originator's, an alternative or of metadata",
        _OURS,
    ),
}
"""The rules of the standard, and three of ours beside them."""

POLICY_RULES = {
    "policy_other": Said("the label or clearance is of this policy", _GUIDE),
    "policy_name": Said("the policy of this object identifier has another name", _GUIDE),
    "policy_oid": Said("the policy of this name has another object identifier", _STANDARD),
    "policy_period": Said("the policy is in force at that instant", _SPIF),
    "classification_unknown": Said("the classification is one of the policy", _GUIDE),
    "classification_obsolete": Said("a new label has no obsolete classification", _SPIF),
    "classification_required": Said(
        "the classification has the categories that it requires",
        _SPIF,
    ),
    "tag_set_unknown": Said("the tag set is one of the policy", _GUIDE),
    "tag_set_name": Said("the tag set of this object identifier has another name", _GUIDE),
    "tag_set_oid": Said("the tag set of this name has another object identifier", _STANDARD),
    "tag_set_sense": Said("the tag set has values of this type", _GUIDE),
    "tag_set_once": Said("each tag set stands once with each type", _OURS),
    "value_unknown": Said("the value is one of the tag set", _GUIDE),
    "value_once": Said("each value stands once", _OURS),
    "value_obsolete": Said("a new label has no obsolete value", _SPIF),
    "value_period": Said("the value is in its period of validity at that instant", _SPIF),
    "value_class": Said("the value goes with the classification", _SPIF),
    "value_excluded": Said("no category stands beside a value that excludes it", _SPIF),
    "value_required": Said("the value has the categories that it requires", _SPIF),
    "selection_most": Said("not more values of a tag than the policy lets be selected", _SPIF),
    "selection_least": Said("not fewer values of a tag than the policy wants selected", _SPIF),
}
"""The rules of a policy."""

RULES = STANDARD_RULES | POLICY_RULES


def check(label: Label) -> tuple[Breach, ...]:
    """Every rule that `label` breaks, in the order of the label."""
    return tuple(_label(label))


def check_clearance(clearance: Clearance) -> tuple[Breach, ...]:
    """Every rule that `clearance` breaks. Informative values are taken: no decision uses them."""
    return (
        *_uri("policy_uri", clearance.policy_uri, "PolicyIdentifier"),
        *_understood(clearance.policy_attributes, "PolicyIdentifier"),
        *(
            breach
            for kept in clearance.class_attributes
            for breach in _understood(kept, "Classification")
        ),
        *_categories(clearance.categories, "Category"),
        *_critical(clearance.extensions or (), ""),
    )


def _label(label: Label) -> Iterator[Breach]:
    if label.root is Root.OLD:
        yield Breach("old_root", str(label.root))
    if label.review is None and label.base.succession is None:
        yield Breach("review_or_succession", str(label.root))
    yield from _understood(label.attributes.items(), str(label.root))
    yield from _base(label.base, "")


def _base(base: Base, before: str) -> Iterator[Breach]:
    held = base.information
    yield from _uri("policy_uri", held.policy_uri, f"{before}PolicyIdentifier")
    yield from _understood(held.policy_attributes, f"{before}PolicyIdentifier")
    if held.classification_uri is not None:
        yield Breach("classification_uri", f"{before}Classification")
    yield from _understood(held.classification_attributes, f"{before}Classification")
    yield from _categories(held.categories, f"{before}Category")
    if held.others or base.others:
        yield from _critical((*held.others, *base.others), before)
    if base.originator is not None:
        yield from _understood(base.originator.attributes, f"{before}OriginatorID")
    if base.succession is not None:
        yield from _critical(base.succession.others, before)
        yield from _base(base.succession.successor, f"{before}successor, ")


def _categories(categories: Iterable[Category], name: str) -> Iterator[Breach]:
    for category in categories:
        where = f"{name} {category.tag_name}"
        yield from _uri("category_uri", category.uri, where)
        yield from _understood(category.attributes, where)
        if not category.values:
            yield Breach("category_empty", where)
        if any(value.kind is not ValueKind.GENERIC for value in category.values):
            yield Breach("generic_value", where)


_MUST = frozenset({"critical", "mustunderstand"})
"""Attributes by which formats say that a reader who does not know a part must stop."""
_NEED_NOT = frozenset({"0", "false"})
"""Their values that let a reader go on. Whatever else stands there stops: a word that nobody
here can read, or prefixes, as in the MustUnderstand of Office files."""


def _critical(elements: Iterable[Element], before: str) -> Iterator[Breach]:
    """Parts of other makers, which are kept unread, that want to be understood."""
    for element in elements:
        yield from _understood(element.attributes.items(), f"{before}{element.local}")
        yield from _critical(element.children, before)


def _understood(attributes: Iterable[tuple[str, str]], where: str) -> Iterator[Breach]:
    for key, value in attributes:
        if key.rpartition("}")[2].lower() in _MUST and value.strip().lower() not in _NEED_NOT:
            yield Breach("critical_unknown", where)
            return


def _uri(rule: str, uri: str | None, where: str) -> Iterator[Breach]:
    if uri is not None and not _OID_URN.fullmatch(uri):
        yield Breach(rule, where)
