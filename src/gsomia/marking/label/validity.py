"""Whether a label is valid under a policy: the standard's rules, then the policy's.

ADatP-4774 Ed. A V1; the meaning of a policy file as its schema (SPIF 2.1) documents it;
names as in ADatP-4774.1. Each broken rule is named; none stops the search for others,
unless the label is of another policy altogether. What other makers put into a label, the
privacy mark and a successor bear on nothing here. A label that is not valid grants nothing.

`obsolete` bears on new labels only: those made before stay as they are. A period bears on
every label: outside it a value, or the whole policy, is not valid, whoever made the label.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec

from gsomia.faults import BadInput, shown
from gsomia.marking.label.compiled import (
    Compiled,
    Entry,
    Grade,
    Tags,
    Values,
    compiled,
    in_period,
    like,
)
from gsomia.marking.label.model import Category, Clearance, Information, Label
from gsomia.marking.label.rules import Breach, check, check_clearance
from gsomia.marking.spif.model import Policy, Sense

Group = tuple[str, Sense]
"""A tag set, by the policy's spelling, and a sense: 4774 tells no tags apart within them."""


class Examined(msgspec.Struct, frozen=True, gc=False):
    """What a label means in a policy, and every rule of the policy that it breaks.

    `groups` are in the label's order. What the policy does not know is left out of them,
    so they mean something only where nothing is broken.
    """

    breaches: tuple[Breach, ...]
    grade: Grade | None = None
    groups: dict[Group, tuple[Entry, ...]] = {}


class Held(msgspec.Struct, frozen=True, gc=False):
    """What a clearance means in a policy, and every rule that it breaks.

    `missing`: classifications below a listed one that are not listed themselves.
    """

    breaches: tuple[Breach, ...]
    grades: tuple[Grade, ...] = ()
    groups: dict[Group, tuple[Entry, ...]] = {}
    missing: tuple[str, ...] = ()


def validity(
    label: Label, policy: Policy | Compiled, at: datetime, *, new: bool = False
) -> tuple[Breach, ...]:
    """Every rule of the standard and of `policy` that `label` breaks at `at`; none if valid.

    `new` holds the label to what only labels made now must keep: no obsolete value.
    Compile the policy once for many labels. Raises `BadInput` for an instant without
    offset, and for a policy that cannot be compiled.
    """
    return check(label) + examine(label.information, policy, at, new=new).breaches


def clearance_validity(
    clearance: Clearance, policy: Policy | Compiled, at: datetime
) -> tuple[Breach, ...]:
    """Every rule of the standard and of `policy` that `clearance` breaks; none if valid.

    Raises as `validity` does.

    That it lists every classification below a listed one is not among them: no standard
    demands it. `held` tells what is missing.
    """
    return check_clearance(clearance) + held(clearance, policy, at).breaches


def ready(policy: Policy | Compiled) -> Compiled:
    """`policy` compiled, if it is not yet."""
    return policy if isinstance(policy, Compiled) else compiled(policy)


def check_instant(at: datetime) -> None:
    """Raise `BadInput` for an instant without offset."""
    if at.utcoffset() is None:
        raise BadInput("an instant with offset", "one without", "at")


def examine(
    information: Information, policy: Policy | Compiled, at: datetime, *, new: bool = False
) -> Examined:
    """The policy's part of `validity`, and what the label means. Raises as it does."""
    policy = ready(policy)
    check_instant(at)
    broken = list(_policy(information.policy, information.policy_uri, policy, at))
    if broken and broken[0].rule == "policy_other":
        return Examined(tuple(broken))
    grade = policy.grades.get(policy.key(information.classification))
    if grade is None:
        broken.append(_unknown_grade(information.classification, policy))
    elif new and grade.obsolete:
        broken.append(Breach("classification_obsolete", _grade_at(information.classification)))
    groups: dict[Group, tuple[Entry, ...]] = {}
    present: set[int] = set()
    for category in information.categories:
        found = _entries(category, policy, broken)
        if found is None:
            continue
        group, entries = found
        if group in groups:
            broken.append(Breach("tag_set_once", _at(category)))
            entries = groups[group] + entries
        groups[group] = entries
        present.update([entry.number for entry in entries])
    if grade is not None:
        broken.extend(
            Breach("classification_required", _grade_at(grade.name))
            for need in grade.needs
            if not need.holds(present)
        )
    for number in sorted(present & policy.ruled):
        broken.extend(_ruled(policy.entries[number], grade, present, at, new))
    if policy.most or policy.least:
        broken.extend(_selection(policy, present))
    return Examined(tuple(broken), grade, groups)


def held(clearance: Clearance, policy: Policy | Compiled, at: datetime) -> Held:
    """What a clearance means, and the policy's part of `clearance_validity`. Raises as it does.

    Informative values are not looked at: no decision uses them.
    """
    policy = ready(policy)
    check_instant(at)
    broken = list(_policy(clearance.policy, clearance.policy_uri, policy, at))
    if broken and broken[0].rule == "policy_other":
        return Held(tuple(broken))
    listed: dict[str, Grade] = {}
    for name in clearance.classifications:
        grade = policy.grades.get(policy.key(name))
        if grade is None:
            broken.append(_unknown_grade(name, policy))
        else:
            listed[grade.key] = grade
    groups: dict[Group, tuple[Entry, ...]] = {}
    for category in clearance.categories:
        if category.sense is Sense.INFORMATIVE:
            continue
        found = _entries(category, policy, broken)
        if found is not None:
            group, entries = found
            groups[group] = groups.get(group, ()) + entries
    top = max((grade.hierarchy for grade in listed.values()), default=None)
    missing = tuple(
        grade.name
        for grade in policy.grades.values()
        if top is not None and grade.hierarchy < top and grade.key not in listed
    )
    return Held(tuple(broken), tuple(listed.values()), groups, missing)


# -- places: put into words only where something is broken ----------------------------


def _policy_at(name: str) -> str:
    return f"PolicyIdentifier {shown(name)}"


def _grade_at(name: str) -> str:
    return f"Classification {shown(name)}"


def _at(category: Category) -> str:
    return f"Category {shown(category.tag_name)}"


def _value_at(tag_set: str, value: str) -> str:
    return f"Category {shown(tag_set)}: {shown(value)}"


# -- the rules, in the order of the label -------------------------------------------


def _policy(name: str, uri: str | None, policy: Compiled, at: datetime) -> Iterator[Breach]:
    """By name, and by object identifier where one is given: both must be the policy's."""
    named = policy.key(name) == policy.name
    if not named and uri != policy.uri:
        yield Breach("policy_other", _policy_at(name), like(name, policy.own_looks))
        return
    if not named:
        yield Breach("policy_name", _policy_at(name))
    if uri is not None and uri != policy.uri:
        yield Breach("policy_oid", _policy_at(name))
    if policy.period is not None and not in_period(policy.period, at):
        yield Breach("policy_period", _policy_at(name))


def _unknown_grade(name: str, policy: Compiled) -> Breach:
    return Breach("classification_unknown", _grade_at(name), like(name, policy.grade_looks))


def _entries(
    category: Category, policy: Compiled, broken: list[Breach]
) -> tuple[Group, tuple[Entry, ...]] | None:
    """The values of a category that the policy knows; what is wrong goes to `broken`."""
    tags = policy.tags.get(policy.key(category.tag_name))
    if tags is None:
        broken.append(_unknown_tags(category, policy))
        return None
    if category.uri is not None and category.uri != tags.uri:
        broken.append(Breach("tag_set_oid", _at(category)))
    values = tags.senses.get(category.sense)
    if values is None:
        broken.append(Breach("tag_set_sense", f"{_at(category)}, {category.sense}"))
        return None
    found: list[Entry] = []
    seen: set[str] = set()
    for value in category.values:
        key = policy.key(value.text)
        entry = values.by_key.get(key) or values.entered(value.text)
        if entry is None:
            broken.append(_unknown_value(tags, values, value.text))
            continue
        if key in seen:
            broken.append(Breach("value_once", _value_at(tags.name, value.text)))
            continue
        seen.add(key)
        found.append(entry)
    return (tags.name, category.sense), tuple(found)


def _unknown_tags(category: Category, policy: Compiled) -> Breach:
    if category.uri in policy.tag_uris:
        return Breach(
            "tag_set_name",
            f"{_at(category)} (the identifier of {shown(policy.tag_uris[category.uri])})",
            like(category.tag_name, policy.tag_looks),
        )
    return Breach("tag_set_unknown", _at(category), like(category.tag_name, policy.tag_looks))


def _unknown_value(tags: Tags, values: Values, text: str) -> Breach:
    return Breach("value_unknown", _value_at(tags.name, text), like(text, values.looks))


def _ruled(
    entry: Entry, grade: Grade | None, present: set[int], at: datetime, new: bool
) -> Iterator[Breach]:
    """What the policy says of one value."""
    if new and entry.obsolete:
        yield _of("value_obsolete", entry)
    if entry.periods and not any(in_period(period, at) for period in entry.periods):
        yield _of("value_period", entry)
    if grade is not None and not entry.goes_with(grade):
        yield _of("value_class", entry)
    if any(not excluded.isdisjoint(present) for excluded in entry.excluded):
        yield _of("value_excluded", entry)
    for need in entry.needs:
        if not need.holds(present):
            yield _of("value_required", entry)


def _of(rule: str, entry: Entry) -> Breach:
    return Breach(rule, _value_at(entry.tag_set, entry.name))


def _selection(policy: Compiled, present: set[int]) -> Iterator[Breach]:
    for limit in policy.most:
        if limit.most is not None and len(limit.entries & present) > limit.most:
            yield Breach("selection_most", f"Category {shown(limit.tag_set)}")
    for limit in policy.least:
        if len(limit.entries & present) < limit.least:
            yield Breach("selection_least", f"Category {shown(limit.tag_set)}")
