"""One label for a whole, from the labels of its parts: the roll-up of ADatP-4774.1.

The promise: whoever is granted the whole is granted every part at that instant, under the
rules of `gsomia.marking.label.access`. So the highest classification; every restrictive
value of any part; of each permissive group the values common to all parts that have it.

Where the guidance would drop a permissive group whose values have nothing in common, which
under the decision opens the whole to everyone, this stops, and a person decides. It stops
too for parts of several policies, a part that is invalid or names nobody who may receive
it, and a result that the policy does not allow. Nothing is mapped and nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import msgspec

from gsomia.faults import shown
from gsomia.marking.label.access import CLOSED, GUIDE
from gsomia.marking.label.compiled import Compiled, Entry, Grade
from gsomia.marking.label.model import (
    Base,
    Category,
    Information,
    Label,
    Originator,
    Root,
    Value,
)
from gsomia.marking.label.reading import moment
from gsomia.marking.label.rules import Breach, Said, check
from gsomia.marking.label.validity import Examined, Group, check_instant, examine, ready, validity
from gsomia.marking.spif.model import Policy, Sense

STOPS = {
    "no_parts": Said("a whole has parts", CLOSED),
    "several_policies": Said("all parts are of one policy", GUIDE),
    "several_kinds": Said("the parts' labels are all of information, or all of metadata", CLOSED),
    "part_invalid": Said("every part has a valid label", CLOSED),
    "part_names_nobody": Said("every classified part names who may receive it", CLOSED),
    "nothing_in_common": Said("the parts have a permissive value in common", CLOSED),
    "result_invalid": Said("the policy allows the label of the whole", GUIDE),
}
"""Why a whole gets no label."""

WHO = "a person who may classify the whole"


class RolledUp(msgspec.Struct, frozen=True, kw_only=True):
    """The label of a whole.

    `originators`: who made the parts' labels, each once, in the order of the parts;
    `unnamed` counts the parts that name none. `left_out`: informative values that do not
    go with the whole's classification or that a user entered, and privacy marks that the
    parts do not share; no decision looks at any of them.
    """

    label: Label
    originators: tuple[Originator, ...]
    unnamed: int
    left_out: tuple[str, ...]


class Stopped(msgspec.Struct, frozen=True, kw_only=True):
    """No label: the rule that stopped, its source, where, and that a person decides.

    `part` counts from 1; None where it is not one part alone. `breaches` are those of the
    part or of the result.
    """

    rule: str
    source: str
    who: str = WHO
    where: str = ""
    part: int | None = None
    breaches: tuple[Breach, ...] = ()


def roll_up(
    labels: Sequence[Label],
    policy: Policy | Compiled,
    at: datetime,
    *,
    originator: Originator | None = None,
) -> RolledUp | Stopped:
    """The label of a whole made at `at` from parts with `labels`, or why there is none.

    `originator` is who makes the new label. It is to be looked at again when the first of
    the parts is, or when the first succession proposes a change: succession itself is not
    carried over, for only a part's originator changes it. What other makers added stays
    with the parts. The order of the parts changes nothing but the order of `originators`.
    Raises `BadInput` for an instant without offset and a policy that cannot be compiled.
    """
    policy = ready(policy)
    check_instant(at)
    parts = _parts(labels, policy, at)
    if isinstance(parts, Stopped):
        return parts
    grade = max((grade for grade, _ in parts), key=lambda g: g.hierarchy)
    groups = _groups(held for _, held in parts)
    if isinstance(groups, Stopped):
        return groups
    left_out = _take_out(policy, groups, grade)
    mark, marks = _privacy(labels)
    information = Information(
        policy=policy.policy.policy.name,
        policy_uri=policy.uri,
        classification=grade.name,
        privacy_mark=mark,
        categories=tuple(_category(policy, group, held) for group, held in groups.items()),
    )
    made = at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    base = Base(information=information, originator=originator, created=made)
    root = Root.METADATA if labels[0].root is Root.METADATA else Root.ORIGINATOR
    whole = Label(root=root, review=_review(labels), base=base)
    broken = validity(whole, policy, at, new=True)
    if broken:
        return _stop("result_invalid", broken[0].where, breaches=broken)
    named = [label.base.originator for label in labels]
    return RolledUp(
        label=whole,
        originators=tuple(dict.fromkeys(o for o in named if o is not None)),
        unnamed=named.count(None),
        left_out=(*left_out, *marks),
    )


def _stop(
    rule: str, where: str = "", part: int | None = None, breaches: tuple[Breach, ...] = ()
) -> Stopped:
    return Stopped(rule=rule, source=STOPS[rule].source, where=where, part=part, breaches=breaches)


_Part = tuple[Grade, dict[Group, tuple[Entry, ...]]]


def _parts(labels: Sequence[Label], policy: Compiled, at: datetime) -> list[_Part] | Stopped:
    """What each part's label means, or the first part that stops the whole."""
    if not labels:
        return _stop("no_parts")
    named = {policy.key(label.information.policy) for label in labels}
    if len(named) > 1:
        return _stop("several_policies", ", ".join(sorted(map(shown, named))[:8]))
    if len({label.root is Root.METADATA for label in labels}) > 1:
        return _stop("several_kinds")
    parts: list[_Part] = []
    for number, label in enumerate(labels, 1):
        found = examine(label.information, policy, at)
        broken = check(label) + found.breaches
        if broken or found.grade is None:
            return _stop("part_invalid", broken[0].where, number, broken)
        if not _names_somebody(found, policy):
            where = f"Classification {shown(found.grade.name)}"
            return _stop("part_names_nobody", where, number)
        parts.append((found.grade, found.groups))
    return parts


def _names_somebody(found: Examined, policy: Compiled) -> bool:
    """Whether anybody at all can be granted the part."""
    permissive = any(sense is Sense.PERMISSIVE for _, sense in found.groups)
    return permissive or (found.grade is not None and found.grade.key in policy.unclassified)


def _groups(
    parts: Iterable[dict[Group, tuple[Entry, ...]]],
) -> dict[Group, set[int]] | Stopped:
    """The groups of the whole, in the policy's order: values by number."""
    groups: dict[Group, set[int]] = {}
    for part in parts:
        for group, entries in part.items():
            numbers = {entry.number for entry in entries}
            if group not in groups:
                groups[group] = numbers
            elif group[1] is Sense.PERMISSIVE:
                groups[group] &= numbers
            else:
                groups[group] |= numbers
    empty = sorted(tag_set for (tag_set, _), numbers in groups.items() if not numbers)
    if empty:
        return _stop("nothing_in_common", f"Category {shown(empty[0])}")
    return dict(sorted(groups.items(), key=lambda held: min(held[1])))


def _take_out(policy: Compiled, groups: dict[Group, set[int]], grade: Grade) -> list[str]:
    """Take the informative values out that cannot stand in the whole; name them.

    Not at its classification, or because a user entered them for one part.
    """
    left_out = []
    for group in [group for group in groups if group[1] is Sense.INFORMATIVE]:
        entries = [policy.entries[number] for number in sorted(groups[group])]
        for entry in entries:
            if entry.typed or not entry.goes_with(grade):
                groups[group].discard(entry.number)
                left_out.append(f"Category {shown(group[0])}: {shown(entry.name)}")
        if not groups[group]:
            del groups[group]
    return left_out


def _category(policy: Compiled, group: Group, numbers: set[int]) -> Category:
    tags = policy.tags[policy.key(group[0])]
    values = tuple(Value(policy.entries[number].name) for number in sorted(numbers))
    return Category(sense=group[1], tag_name=tags.name, uri=tags.uri, values=values)


def _privacy(labels: Sequence[Label]) -> tuple[str | None, list[str]]:
    """The privacy mark that all parts share, or those that are left out."""
    marks = {label.information.privacy_mark for label in labels}
    if len(marks) == 1:
        return marks.pop(), []
    return None, [f"PrivacyMark: {shown(mark)}" for mark in sorted(m for m in marks if m)]


def _review(labels: Sequence[Label]) -> str:
    """The first time at which a part is to be looked at again. Each valid label has one."""
    times = [label.review for label in labels]
    times += [label.base.succession.at for label in labels if label.base.succession]
    return min((time for time in times if time is not None), key=lambda t: (moment(t), t))
