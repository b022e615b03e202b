"""A security policy information file (SPIF) as values: which labels exist, and what they mean.

Field names follow the schema of xmlspif.org, versions 1.0 to 2.1, in our spelling; each
struct is one element. `lang` is the element's xml:lang. References inside a policy name a
classification by its name, a category by tag set, tag type and `lacv`; `lacv` numbers mean
nothing outside their own policy.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from gsomia.marking.xmlguard import Element


class Sense(StrEnum):
    """What a category does to access: STANAG 4774's word for it."""

    RESTRICTIVE = "RESTRICTIVE"
    PERMISSIVE = "PERMISSIVE"
    INFORMATIVE = "INFORMATIVE"


class Direction(StrEnum):
    """Who applies an equivalence: the originator before sending, or the recipient on arrival."""

    LEAVING = "encrypt"
    ARRIVING = "decrypt"


BOTH = "both"
DISCARD = "discard"

_SENSES = {
    ("restrictive", ""): Sense.RESTRICTIVE,
    ("permissive", ""): Sense.PERMISSIVE,
    ("enumerated", "restrictive"): Sense.RESTRICTIVE,
    ("enumerated", "permissive"): Sense.PERMISSIVE,
    ("tagType7", ""): Sense.INFORMATIVE,
}


def sense(tag_type: str, enum_type: str) -> Sense | None:
    """The sense of a tag; None for one that labels of STANAG 4774 do not carry."""
    if tag_type != "enumerated":
        enum_type = ""
    return _SENSES.get((tag_type, enum_type))


class Node(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One element of the file."""

    lang: str = ""


class MarkingData(Node, frozen=True, kw_only=True):
    """A phrase and the places (codes) where it is shown. None: no phrase of its own."""

    phrase: str | None = None
    codes: tuple[str, ...] = ()


class Qualifier(Node, frozen=True, kw_only=True):
    """A text before, after or between values."""

    text: str
    code: str


class MarkingQualifier(Node, frozen=True, kw_only=True):
    """Qualifiers for one place."""

    code: str | None = None
    qualifiers: tuple[Qualifier, ...]


class CategoryRef(Node, frozen=True, kw_only=True):
    """A category of a tag set; without `lacv`, or with `all`, any value of that set and type."""

    tag_set: str
    tag_type: str
    enum_type: str = ""
    lacv: str | None = None
    all: bool | None = None

    @property
    def sense(self) -> Sense | None:
        """What the category does to access."""
        return sense(self.tag_type, self.enum_type)

    @property
    def any(self) -> bool:
        """Whether any value will do."""
        return self.lacv is None or self.all is True


class RequiredCategory(Node, frozen=True, kw_only=True):
    """Categories of which onlyOne, oneOrMore or all must stand in the label."""

    operation: str
    groups: tuple[CategoryRef, ...]


class EquivalentClassification(Node, frozen=True, kw_only=True):
    """A classification of another policy, and the categories that it brings along there."""

    policy: str
    lacv: int
    applied: str
    required: tuple[RequiredCategory, ...] = ()


class Classification(Node, frozen=True, kw_only=True):
    """One classification. `hierarchy` ranks it among those of its own policy only."""

    name: str
    color: str | None = None
    lacv: int
    hierarchy: int
    obsolete: bool = False
    equivalents: tuple[EquivalentClassification, ...] = ()
    markings: tuple[MarkingData, ...] = ()
    qualifiers: tuple[MarkingQualifier, ...] = ()
    required: tuple[RequiredCategory, ...] = ()


class Classifications(Node, frozen=True, kw_only=True):
    """All classifications of a policy."""

    name: str | None = None
    members: tuple[Classification, ...]
    markings: tuple[MarkingData, ...] = ()
    qualifiers: tuple[MarkingQualifier, ...] = ()


class EquivalentCategory(Node, frozen=True, kw_only=True):
    """A category of another policy, or with `action` discard none."""

    policy: str
    tag_set_id: str
    tag_type: str
    enum_type: str = ""
    lacv: str
    applied: str
    action: str | None = None


class Category(Node, frozen=True, kw_only=True):
    """One value of a tag."""

    name: str
    lacv: str
    user_input: str | None = None
    required_class: str | None = None
    obsolete: bool = False
    date_format: str | None = None
    not_before: str | None = None
    not_after: str | None = None
    equivalents: tuple[EquivalentCategory, ...] = ()
    markings: tuple[MarkingData, ...] = ()
    qualifiers: tuple[MarkingQualifier, ...] = ()
    excluded_classes: tuple[str, ...] = ()
    required: tuple[RequiredCategory, ...] = ()
    excluded: tuple[CategoryRef, ...] = ()


class Tag(Node, frozen=True, kw_only=True):
    """Values of one sense within a tag set."""

    name: str | None = None
    tag_type: str
    enum_type: str = ""
    tag7_encoding: str | None = None
    single: bool = False
    most: str = "unbounded"
    least: str = "unbounded"
    categories: tuple[Category, ...] = ()
    qualifiers: tuple[MarkingQualifier, ...] = ()

    @property
    def sense(self) -> Sense | None:
        """What its values do to access."""
        return sense(self.tag_type, self.enum_type)


class EquivalentTagSet(Node, frozen=True, kw_only=True):
    """A tag set of another policy."""

    policy: str
    name: str | None = None
    id: str | None = None
    required: tuple[RequiredCategory, ...] = ()


class TagSet(Node, frozen=True, kw_only=True):
    """A set of tags, known by name in a label and by OID in a binary one."""

    name: str
    id: str
    tags: tuple[Tag, ...]
    equivalents: tuple[EquivalentTagSet, ...] = ()


class TagSets(Node, frozen=True, kw_only=True):
    """All tag sets of a policy, in the order in which they are shown."""

    members: tuple[TagSet, ...]


class PrivacyMark(Node, frozen=True, kw_only=True):
    """A handling note that no decision looks at."""

    name: str | None = None
    obsolete: bool = False
    markings: tuple[MarkingData, ...] = ()
    qualifiers: tuple[MarkingQualifier, ...] = ()


class PrivacyMarks(Node, frozen=True, kw_only=True):
    """All privacy marks of a policy."""

    most: str = "unbounded"
    least: str = "unbounded"
    members: tuple[PrivacyMark, ...]
    markings: tuple[MarkingData, ...] = ()
    qualifiers: tuple[MarkingQualifier, ...] = ()


class EquivalentPolicy(Node, frozen=True, kw_only=True):
    """Another policy that labels may be mapped to, and what every mapped label then holds."""

    name: str
    id: str
    user_ref: str | None = None
    doc_ref: str | None = None
    required: tuple[RequiredCategory, ...] = ()


class EquivalentPolicies(Node, frozen=True, kw_only=True):
    """All policies that this one maps to."""

    members: tuple[EquivalentPolicy, ...]


class PolicyId(Node, frozen=True, kw_only=True):
    """A policy's name and object identifier."""

    name: str
    id: str
    markings: tuple[MarkingData, ...] = ()
    qualifiers: tuple[MarkingQualifier, ...] = ()


class UpdateInfo(Node, frozen=True, kw_only=True):
    """An empty element that the schema keeps for later."""


class Extensions(Node, frozen=True, kw_only=True):
    """Elements of other makers, kept as they are and never part of a decision."""

    members: tuple[Element, ...] = ()


class Policy(Node, frozen=True, kw_only=True):
    """A whole policy file, as `gsomia.marking.spif.read` returns it: checked."""

    schema_version: str
    version: str = "1"
    creation_date: str
    originator: str
    key_identifier: str
    privilege_id: str
    rbac_id: str
    user_ref: str | None = None
    doc_ref: str | None = None
    not_before: str | None = None
    not_after: str | None = None
    default_policy: PolicyId | None = None
    policy: PolicyId
    update_info: UpdateInfo | None = None
    classifications: Classifications
    tag_sets: TagSets | None = None
    privacy_marks: PrivacyMarks | None = None
    equivalent_policies: EquivalentPolicies | None = None
    markings: tuple[MarkingData, ...] = ()
    qualifiers: tuple[MarkingQualifier, ...] = ()
    extensions: Extensions | None = None

    @property
    def sets(self) -> tuple[TagSet, ...]:
        """Its tag sets; none if it has none."""
        return self.tag_sets.members if self.tag_sets else ()

    @property
    def partners(self) -> tuple[EquivalentPolicy, ...]:
        """The policies it maps to."""
        return self.equivalent_policies.members if self.equivalent_policies else ()


class Repair(msgspec.Struct, frozen=True):
    """What a lenient reading took otherwise than written, and on which line."""

    line: int
    text: str


class Loaded(msgspec.Struct, frozen=True):
    """A policy and what had to be repaired to read it; nothing, if it was read strictly."""

    policy: Policy
    repairs: tuple[Repair, ...] = ()
