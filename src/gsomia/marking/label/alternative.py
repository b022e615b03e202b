"""An alternative label: what a mapping made of an originator's label, and by which policies.

The schema of STANAG 4774 lets a label hold elements of other makers after its own. There
stands our reference, in a namespace of our own, with no content and these attributes:

    <mapping xmlns="urn:gsomia:label-mapping:1" applied="encrypt"
        from="EX-KOR" fromVersion="1" fromDigest="sha256 of that policy, in hex"
        to="EX-JPN" toVersion="1" toDigest="sha256 of that policy, in hex"
        original="sha256 of the originator's label as received, in hex; may be left out"/>

Others ignore it, as the standard lets them. A digest is of a policy as
`gsomia.marking.spif.digest` takes it, whatever the layout of its file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeAlias

import msgspec

from gsomia.faults import BadInput, shown
from gsomia.marking.label.compiled import Compiled
from gsomia.marking.label.model import Information, Label, Root
from gsomia.marking.label.rules import RULES, Said
from gsomia.marking.label.validity import ready
from gsomia.marking.spif.model import Direction, Policy, Sense
from gsomia.marking.xmlguard import Element

MAPPING = "urn:gsomia:label-mapping:1"
"""The namespace of the reference."""

REGISTRY = "the originator's registry: ask it for a label that can be used here"

_GUIDE = "ADatP-4774.1 §4.2"
_SPIF = "SPIF 2.1"
_OURS = "gsomia: nothing is guessed"

OBSTACLES = {
    "label_is_originators": Said(
        "only an originator's label is mapped, and this is {root}",
        _GUIDE,
    ),
    "label_is_valid": Said("{where}: {said}", _GUIDE),
    "policy_is_equivalent": Said(
        "{source} names no equivalent policy {policy} with the object identifier {oid}",
        _SPIF,
    ),
    "classification_has_equivalent": Said(
        "{what} has no equivalent in {policy} (applied: {applied})",
        _SPIF,
    ),
    "category_has_equivalent": Said(
        "{what} has no equivalent in {policy} (applied: {applied})",
        _SPIF,
    ),
    "text_has_equivalent": Said(
        "{what} was entered freely, and no policy can say what it equals",
        _OURS,
    ),
    "equivalent_exists": Said(
        "references that lead to no certain value of {policy}: {count}",
        _SPIF,
    ),
    "required_is_certain": Said(
        "the equivalence requires one of several categories and names none",
        _OURS,
    ),
    "one_equivalent": Said("{what} has {count} equivalents in {policy}: a person chooses", _OURS),
    "alternative_is_valid": Said("{where}: {said}", _GUIDE),
    "one_originator_label": Said("labels that claim to be the originator's: {count}", _GUIDE),
    "label_of_own_policy": Said("no label here is of the policy {policy}", _GUIDE),
}
"""What each rule says where it does not hold, with blanks for what it saw."""

_NAME = f"{MAPPING}}}mapping"
_HEX = re.compile("[0-9a-f]{64}")
_VERSION = re.compile("-?[0-9]{1,60}")


class Reference(msgspec.Struct, frozen=True, kw_only=True):
    """Which policies made a mapping, in which versions, and of which label."""

    applied: Direction
    source: str
    source_version: str
    source_digest: str
    target: str
    target_version: str
    target_digest: str
    original: str | None = None


class Obstacle(msgspec.Struct, frozen=True):
    """One reason why nothing is mapped: the rule, who can decide, and what the rule saw.

    For a broken rule of a label, `saw` has its place (`where`) and its key (`breach`).
    """

    rule: str
    who: str
    saw: dict[str, str]

    @property
    def source(self) -> str:
        """The document that holds the rule."""
        return OBSTACLES[self.rule].source

    @property
    def text(self) -> str:
        """What is in the way, in English."""
        breach = self.saw.get("breach", "")
        said = RULES[breach].text if breach else ""
        return OBSTACLES[self.rule].text.format(said=said, **self.saw)


class Unmapped(msgspec.Struct, frozen=True):
    """No alternative label, with every reason. A value, not an error."""

    obstacles: tuple[Obstacle, ...]


class Discarded(msgspec.Struct, frozen=True):
    """A value of the originator's label that its policy has discarded on this way."""

    tag_set: str
    sense: Sense
    value: str


class Mapped(msgspec.Struct, frozen=True, kw_only=True):
    """An alternative label, and what of the originator's label it does not say.

    `left` names what is never mapped, because it belongs to the originator's policy or
    to others: PrivacyMark, SuccessionHandling, and elements and attributes of other makers.
    """

    label: Label
    discarded: tuple[Discarded, ...]
    left: tuple[str, ...] = ()


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """One of several equivalents: what the label would say, or why it could not."""

    number: int
    information: Information
    obstacles: tuple[Obstacle, ...] = ()


class Choice(msgspec.Struct, frozen=True):
    """Several equivalents: `obstacle` says who chooses. The program does not."""

    obstacle: Obstacle
    options: tuple[Option, ...]


Answer: TypeAlias = Mapped | Choice | Unmapped


def element(reference: Reference) -> Element:
    """The reference as it stands in a label."""
    attributes = {
        "applied": str(reference.applied),
        "from": reference.source,
        "fromVersion": reference.source_version,
        "fromDigest": reference.source_digest,
        "to": reference.target,
        "toVersion": reference.target_version,
        "toDigest": reference.target_digest,
    }
    if reference.original is not None:
        attributes["original"] = reference.original
    return Element(_NAME, attributes)


def reference_of(label: Label) -> Reference | None:
    """Which mapping made an alternative label; None where it does not say.

    It is a claim, as the whole label is, until a signature over both is checked. Raises
    `BadInput` for a reference that is malformed, or that stands there twice.
    """
    found = [e for e in label.base.others if e.name == _NAME]
    if not found:
        return None
    if len(found) > 1:
        raise BadInput("one reference to a mapping", f"{len(found)}", "label")
    held = dict(found[0].attributes)
    original = held.pop("original", None)
    names = ("applied", "from", "fromVersion", "fromDigest", "to", "toVersion", "toDigest")
    if set(held) != set(names) or found[0].content:
        raise BadInput("a reference to a mapping: " + ", ".join(names), "another form", "label")
    digests = [held["fromDigest"], held["toDigest"], *([original] if original else [])]
    if not all(map(_HEX.fullmatch, digests)) or original == "":
        raise BadInput("digests of 64 small hexadecimal digits", "others", "label")
    if not all(map(_VERSION.fullmatch, (held["fromVersion"], held["toVersion"]))):
        raise BadInput("versions in whole numbers", "others", "label")
    if held["applied"] not in set(Direction):
        raise BadInput("encrypt or decrypt", shown(held["applied"]), "label")
    return Reference(
        applied=Direction(held["applied"]),
        source=held["from"],
        source_version=held["fromVersion"],
        source_digest=held["fromDigest"],
        target=held["to"],
        target_version=held["toVersion"],
        target_digest=held["toDigest"],
        original=original,
    )


def label_for(labels: Iterable[Label], policy: Policy | Compiled) -> Label | Unmapped:
    """The label that a consumer of `policy` uses, of all that are bound to one item.

    The originator's label if it is of that policy, else the first alternative that is.
    `Unmapped` where there is none, and where several labels claim to be the originator's.
    Whether the label is valid, and its maker trusted, is for the caller to check: an
    alternative is somebody's statement, not the originator's.
    """
    held, given = ready(policy), tuple(labels)
    originals = [one for one in given if one.root is Root.ORIGINATOR]
    if len(originals) > 1:
        saw = {"count": f"{len(originals)}"}
        return Unmapped((Obstacle("one_originator_label", REGISTRY, saw),))
    alternatives = [one for one in given if one.root is Root.ALTERNATIVE]
    for one in (*originals, *alternatives):
        told = one.information
        if held.key(told.policy) == held.name and told.policy_uri in (None, held.uri):
            return one
    saw = {"policy": shown(held.policy.policy.name)}
    return Unmapped((Obstacle("label_of_own_policy", REGISTRY, saw),))


__all__ = [
    "MAPPING",
    "OBSTACLES",
    "REGISTRY",
    "Answer",
    "Choice",
    "Discarded",
    "Mapped",
    "Obstacle",
    "Option",
    "Reference",
    "Unmapped",
    "element",
    "label_for",
    "reference_of",
]
