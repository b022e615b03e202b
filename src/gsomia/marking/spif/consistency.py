"""What holds within a policy beyond its form: unique names, and references that lead somewhere.

ADatP-4774.1 section 3.4, and what the schema says with its keys. Rules that a lenient
reading may bend go through `repair`; all others raise `BadInput`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from gsomia.faults import BadInput, shown
from gsomia.marking.spelling import has_invisible, nfc
from gsomia.marking.spif.model import (
    Category,
    CategoryRef,
    Classification,
    MarkingQualifier,
    Policy,
    PolicyId,
    RequiredCategory,
    Tag,
    TagSet,
)

Repair = Callable[[str, str, str], None]


def value_key(lacv: str) -> str:
    """A category's `lacv` as it compares: numbers by their value, words as they are."""
    text = lacv.strip()
    digits = text.removeprefix("+").removeprefix("-")
    if digits.isascii() and digits.isdigit():
        return str(int(text))
    return text


def check(policy: Policy, where: str, repair: Repair) -> None:
    """Raise `BadInput` for a policy in which a name is used twice or a reference leads nowhere."""
    _names(policy, where)
    _classifications(policy, where)
    _tag_sets(policy, where)
    _references(policy, where)
    _equivalences(policy, where, repair)


def _once(values: Iterable[object], what: str, where: str) -> None:
    seen = set()
    for value in values:
        if value in seen:
            raise BadInput(f"each {what} once", f"{shown(value)} twice", where)
        seen.add(value)


def _names(policy: Policy, where: str) -> None:
    """Each name can be seen, and can stand in a label; what is shown can be seen too.

    The schema of labels takes blanks round the name of a policy or classification away, and
    makes of several one: such a name would look like another, and no label could have it.
    Names of categories keep theirs: NATO's own policy has one that ends in a line feed.
    """
    tokens = [policy.policy.name, *(c.name for c in policy.classifications.members)]
    tokens += [partner.name for partner in policy.partners]
    for name in tokens:
        if name.split(" ") != name.split():
            raise BadInput("a name with single blanks and none round it", shown(name), where)
    values = [tag_set.name for tag_set in policy.sets]
    values += [category.name for _, _, category in categories(policy)]
    for name in (*tokens, *values):
        if not name.strip() or has_invisible(name):
            raise BadInput("a name in visible characters", shown(name), where)
    for text in _shown(policy):
        if has_invisible(text):
            raise BadInput("a marking in visible characters", shown(text), where)


def _shown(policy: Policy) -> Iterator[str]:
    """Every text that a marking may show."""
    kinds = [c for _, _, c in categories(policy)]
    classes = policy.classifications
    marked: list[Policy | PolicyId | Classification | Category] = [policy, policy.policy]
    for one in [*marked, *classes.members, *kinds]:
        yield from (held.phrase for held in one.markings if held.phrase)
        yield from _qualifiers(one.qualifiers)
    for tag_set in policy.sets:
        for tag in tag_set.tags:
            yield from _qualifiers(tag.qualifiers)
    yield from _qualifiers(classes.qualifiers)


def _qualifiers(groups: Iterable[MarkingQualifier]) -> Iterator[str]:
    return (one.text for group in groups for one in group.qualifiers)


def _classifications(policy: Policy, where: str) -> None:
    classes = policy.classifications.members
    _once((nfc(c.name) for c in classes), "classification", where)
    _once((c.lacv for c in classes), "lacv of a classification", where)
    _once((c.hierarchy for c in classes), "hierarchy of a classification", where)
    _once((c.color.lower() for c in classes if c.color), "colour of a classification", where)


def _tag_sets(policy: Policy, where: str) -> None:
    _once((nfc(s.name) for s in policy.sets), "tag set", where)
    _once((s.id for s in policy.sets), "identifier of a tag set", where)
    for tag_set in policy.sets:
        place = f"{where}, tag set {shown(tag_set.name)}"
        _values(tag_set, place)
        for tag in tag_set.tags:
            if (tag.tag_type == "enumerated") and not tag.enum_type:
                raise BadInput("enumType beside tagType enumerated", "none", place)


def _values(tag_set: TagSet, where: str) -> None:
    """In a tag set, a name belongs to one type of each sense.

    A label of STANAG 4774 tells tag set, sense and name; they must lead to one type. That
    a name or a number stands twice within a type is taken: NATO's own policy repeats a name
    for another phrase, and uses numbers twice. Only references by such a number are refused.
    """
    held: dict[tuple[object, ...], tuple[str, str]] = {}
    for tag in tag_set.tags:
        kind = (tag.tag_type, tag.enum_type)
        for category in tag.categories:
            if held.setdefault((tag.sense, nfc(category.name)), kind) != kind:
                raise BadInput("each category once in a tag set", shown(category.name), where)


def _references(policy: Policy, where: str) -> None:
    names = {c.name for c in policy.classifications.members}
    known = _known(policy)
    for classification in policy.classifications.members:
        place = f"{where}, classification {shown(classification.name)}"
        _check_refs(_groups(classification.required), known, place)
    for tag_set, tag, category in categories(policy):
        place = f"{where}, category {shown(category.name)} of {shown(tag_set.name)}"
        del tag
        _once(category.excluded_classes, "excluded classification", place)
        classes = [*category.excluded_classes]
        classes += [category.required_class] if category.required_class is not None else []
        for name in classes:
            if name not in names:
                raise BadInput("a classification of this policy", shown(name), place)
        _check_refs(_groups(category.required), known, place)
        _check_refs(category.excluded, known, place)


def categories(policy: Policy) -> Iterator[tuple[TagSet, Tag, Category]]:
    """Every category with its tag and tag set, in the policy's order."""
    for tag_set in policy.sets:
        for tag in tag_set.tags:
            for category in tag.categories:
                yield tag_set, tag, category


def _groups(required: tuple[RequiredCategory, ...]) -> Iterator[CategoryRef]:
    return (group for one in required for group in one.groups)


_Known = dict[tuple[str, str, str], dict[str, set[str]]]


def _known(policy: Policy) -> _Known:
    """The values of each tag set and type, each with its names."""
    known: _Known = {}
    for tag_set in policy.sets:
        for tag in tag_set.tags:
            values = known.setdefault((tag_set.name, tag.tag_type, tag.enum_type), {})
            for category in tag.categories:
                values.setdefault(value_key(category.lacv), set()).add(nfc(category.name))
    return known


def _check_refs(refs: Iterable[CategoryRef], known: _Known, where: str) -> None:
    for ref in refs:
        values = known.get((ref.tag_set, ref.tag_type, ref.enum_type))
        if values is None:
            raise BadInput("a tag set and type of this policy", shown(ref.tag_set), where)
        if not ref.any and len(values.get(value_key(ref.lacv or ""), ())) != 1:
            expected = f"the number of one value of {shown(ref.tag_set)}"
            raise BadInput(expected, shown(ref.lacv), where)


def _equivalences(policy: Policy, where: str, repair: Repair) -> None:
    partners = [p.name for p in policy.partners]
    _once(partners, "equivalent policy", where)
    _once((p.id for p in policy.partners), "identifier of an equivalent policy", where)
    if any(policy.policy.name == p.name or policy.policy.id == p.id for p in policy.partners):
        raise BadInput("other policies as equivalent", "the policy itself", where)
    known = {*partners, *([policy.default_policy.name] if policy.default_policy else [])}
    refs = [e.policy for c in policy.classifications.members for e in c.equivalents]
    refs += [e.policy for _, _, c in categories(policy) for e in c.equivalents]
    for name in dict.fromkeys(refs):
        if name not in known:
            repair(
                "every policy of an equivalence among equivalentPolicies",
                shown(name),
                "nothing is mapped to it",
            )
