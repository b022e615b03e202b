"""A policy made ready for many labels: every name looked up, every reference followed once.

Names compare whole, after Unicode NFC; a look-alike is another name. ADatP-4774 has the
values of the NATO and PUBLIC policies compare without regard to case. A policy file cannot
say that, so `IGNORES_CASE` lists those policies by object identifier, for all to see, and
the caller may say otherwise. Nor can a file say which classifications are unclassified:
only the caller can, and unless named none is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime

import msgspec

from gsomia.faults import BadInput, shown
from gsomia.marking.label.entered import Form, form_of
from gsomia.marking.label.reading import moment
from gsomia.marking.spelling import nfc, skeleton
from gsomia.marking.spif import model as m
from gsomia.marking.spif.consistency import value_key

IGNORES_CASE = {
    "1.3.26.1.3.1": "NATO",
    "1.3.6.1.4.1.31778.12.2.1": "PUBLIC",
}
"""Policies whose values compare without regard to case (ADatP-4774), by object identifier."""

MAX_NAME = 256
"""Characters of a name in a policy file."""

Key = Callable[[str], str]
Period = tuple[datetime, datetime]

ALWAYS: Period = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))


class Need(msgspec.Struct, frozen=True, gc=False):
    """A requiredCategory: for each member the values that will do, by number.

    The sets of whole tag sets are shared: a large policy would else hold them squared.
    """

    operation: str
    members: tuple[frozenset[int], ...]

    def holds(self, present: set[int]) -> bool:
        """Whether `present` has the categories.

        A member without `lacv`, or with `all`, holds with any value of its tag set and type.
        onlyOne counts values: two values of such a member are not one.
        """
        if self.operation == "oneOrMore":
            return any(not member.isdisjoint(present) for member in self.members)
        if self.operation == "onlyOne":
            return len({n for member in self.members for n in member & present}) == 1
        return all(not member.isdisjoint(present) for member in self.members)


class Grade(msgspec.Struct, frozen=True, gc=False):
    """A classification. `key` is its name as it compares; `hierarchy` ranks it among them."""

    key: str
    name: str
    hierarchy: int
    obsolete: bool
    needs: tuple[Need, ...]


class Entry(msgspec.Struct, frozen=True, gc=False):
    """A value of a tag set and sense; `number` counts them in the policy's order.

    A name that stands twice within a type, for another phrase, is one value: the rules
    of both hold, it is obsolete if both are, and valid in the period of either. `typed`:
    a user may enter another text in its place.
    """

    number: int
    tag_set: str
    sense: m.Sense
    name: str
    obsolete: bool
    periods: tuple[Period, ...]
    excluded_classes: frozenset[str]
    required_classes: frozenset[str]
    excluded: tuple[frozenset[int], ...]
    needs: tuple[Need, ...]
    typed: bool

    @property
    def free(self) -> bool:
        """Whether no rule of the policy bears on it."""
        return not (
            self.obsolete
            or self.periods
            or self.excluded_classes
            or self.required_classes
            or self.excluded
            or self.needs
        )

    def goes_with(self, grade: Grade) -> bool:
        """Whether it may stand beside a classification."""
        if grade.key in self.excluded_classes:
            return False
        return not self.required_classes or self.required_classes == {grade.key}


class Limit(msgspec.Struct, frozen=True, gc=False):
    """How many values of a tag a label may have. `most` is None for any number."""

    tag_set: str
    entries: frozenset[int]
    least: int
    most: int | None


class Values(msgspec.Struct, frozen=True, gc=False):
    """The values of a tag set in one sense: by key, what users may enter, and by their looks."""

    by_key: dict[str, Entry]
    typed: tuple[tuple[Form, Entry], ...]
    looks: dict[str, str]

    def entered(self, text: str) -> Entry | None:
        """The value in whose place a user may enter `text`, if any. Names are not looked at."""
        return next((entry for form, entry in self.typed if form(text)), None)


class Tags(msgspec.Struct, frozen=True, gc=False):
    """A tag set."""

    name: str
    uri: str
    senses: dict[m.Sense, Values]


class Compiled(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A policy ready for labels. Made by `compiled`; safe to share."""

    policy: m.Policy
    key: Key
    name: str
    uri: str
    own_looks: dict[str, str]
    period: Period | None
    unclassified: frozenset[str]
    grades: dict[str, Grade]
    grade_looks: dict[str, str]
    tags: dict[str, Tags]
    tag_looks: dict[str, str]
    tag_uris: dict[str, str]
    entries: tuple[Entry, ...]
    ruled: frozenset[int]
    most: tuple[Limit, ...]
    least: tuple[Limit, ...]


def lower(text: str) -> str:
    """How names compare where case does not count: NFC, small letters."""
    return nfc(text).lower()


def compiled(
    policy: m.Policy, *, unclassified: Iterable[str] = (), ignore_case: bool | None = None
) -> Compiled:
    """`policy`, ready for labels.

    `unclassified` names the classifications whose labels need no release list. Case
    counts as `IGNORES_CASE` has it unless `ignore_case` is given. Raises `BadInput` for a
    name that is none of the policy's, names that only case tells apart where case does not
    count, and a period with a date that is none.
    """
    if ignore_case is None:
        ignore_case = policy.policy.id in IGNORES_CASE
    key = lower if ignore_case else nfc
    maker = _Maker(policy, key)
    grades = maker.grades()
    named = frozenset(key(name) for name in unclassified)
    if not named <= grades.keys():
        raise BadInput("classifications of the policy", shown(min(named - grades.keys())), "policy")
    limits = tuple(maker.limits())
    return Compiled(
        policy=policy,
        key=key,
        name=key(policy.policy.name),
        uri=f"urn:oid:{policy.policy.id}",
        own_looks={skeleton(policy.policy.name): policy.policy.name},
        period=_period(policy, "policy"),
        unclassified=named,
        grades=grades,
        grade_looks={skeleton(g.name): g.name for g in grades.values()},
        tags=maker.tags,
        tag_looks={skeleton(t.name): t.name for t in maker.tags.values()},
        tag_uris={t.uri: t.name for t in maker.tags.values()},
        entries=maker.entries,
        ruled=frozenset(e.number for e in maker.entries if not e.free),
        most=tuple(limit for limit in limits if limit.most is not None),
        least=tuple(limit for limit in limits if limit.least),
    )


class _Maker:
    """One policy on its way: first the values' numbers, then what refers to them."""

    def __init__(self, policy: m.Policy, key: Key) -> None:
        self._policy, self._key = policy, key
        self._numbers: dict[tuple[str, m.Sense, str], int] = {}
        self._nodes: dict[int, list[m.Category]] = {}
        self._by_type: dict[tuple[str, str, str], dict[str, set[int]]] = {}
        self._whole: dict[tuple[str, str, str], frozenset[int]] = {}
        for tag_set in policy.sets:
            for tag in tag_set.tags:
                self._number(tag_set, tag)
        self.entries = tuple(self._entries())
        self.tags: dict[str, Tags] = {}
        for tag_set in policy.sets:
            if key(tag_set.name) in self.tags:
                raise _alike(tag_set.name)
            self.tags[key(tag_set.name)] = self._tags(tag_set)

    def _number(self, tag_set: m.TagSet, tag: m.Tag) -> None:
        """Number a tag's values. Those of a type that labels do not carry have none."""
        if tag.sense is None:
            return
        known = self._by_type.setdefault((tag_set.name, tag.tag_type, tag.enum_type), {})
        for category in tag.categories:
            place = (tag_set.name, tag.sense, self._key(category.name))
            number = self._numbers.setdefault(place, len(self._numbers))
            self._nodes.setdefault(number, []).append(category)
            known.setdefault(value_key(category.lacv), set()).add(number)

    def _entries(self) -> Iterator[Entry]:
        for (tag_set, sense, _), number in self._numbers.items():
            nodes = self._nodes[number]
            if len({nfc(node.name) for node in nodes}) > 1:
                raise _alike(nodes[0].name)
            where = f"policy, category {shown(nodes[0].name)}"
            periods = [_period(node, where) for node in nodes]
            key = self._key
            yield Entry(
                number,
                tag_set,
                sense,
                nodes[0].name,
                all(node.obsolete for node in nodes),
                () if None in periods else tuple(p for p in periods if p is not None),
                frozenset(key(name) for node in nodes for name in node.excluded_classes),
                frozenset(
                    key(node.required_class) for node in nodes if node.required_class is not None
                ),
                tuple(self._refer(ref) for node in nodes for ref in node.excluded),
                self._needs([need for node in nodes for need in node.required]),
                any(form_of(node) is not None for node in nodes),
            )

    def _refer(self, ref: m.CategoryRef) -> frozenset[int]:
        """The numbers that a reference names. Reading has made sure that it leads somewhere."""
        place = (ref.tag_set, ref.tag_type, ref.enum_type)
        known = self._by_type.get(place, {})
        if ref.any:
            if place not in self._whole:
                self._whole[place] = frozenset().union(*known.values())
            return self._whole[place]
        return frozenset(known.get(value_key(ref.lacv or ""), ()))

    def _needs(self, required: Iterable[m.RequiredCategory]) -> tuple[Need, ...]:
        return tuple(
            Need(one.operation, tuple(self._refer(ref) for ref in one.groups)) for one in required
        )

    def _tags(self, tag_set: m.TagSet) -> Tags:
        senses: dict[m.Sense, Values] = {}
        for tag in tag_set.tags:
            sense = tag.sense
            if sense is None:
                continue
            held = senses.get(sense) or Values({}, (), {})
            typed = list(held.typed)
            for category in tag.categories:
                key = self._key(category.name)
                entry = self.entries[self._numbers[tag_set.name, sense, key]]
                held.by_key[key] = entry
                held.looks.setdefault(skeleton(category.name), category.name)
                form = form_of(category)
                if form is not None and sense is m.Sense.INFORMATIVE:
                    typed.append((form, entry))
            senses[sense] = Values(held.by_key, tuple(typed), held.looks)
        return Tags(tag_set.name, f"urn:oid:{tag_set.id}", senses)

    def grades(self) -> dict[str, Grade]:
        """The classifications by key, lowest first."""
        found: dict[str, Grade] = {}
        for node in sorted(self._policy.classifications.members, key=lambda c: c.hierarchy):
            key = self._key(node.name)
            if key in found:
                raise _alike(node.name)
            found[key] = Grade(
                key, node.name, node.hierarchy, node.obsolete, self._needs(node.required)
            )
        return found

    def limits(self) -> Iterator[Limit]:
        """The selection limits of each tag that has any."""
        for tag_set in self._policy.sets:
            for tag in tag_set.tags:
                if tag.sense is None:
                    continue
                numbers = frozenset(
                    self._numbers[tag_set.name, tag.sense, self._key(c.name)]
                    for c in tag.categories
                )
                least = 0 if tag.least == "unbounded" else int(tag.least)
                most = None if tag.most == "unbounded" else int(tag.most)
                if tag.single:
                    most = 1 if most is None else min(most, 1)
                if least > 0 or most is not None:
                    yield Limit(tag_set.name, numbers, max(least, 0), most)


def _alike(name: str) -> BadInput:
    return BadInput("names that differ by more than case", shown(name), "policy")


def _period(node: m.Category | m.Policy, where: str) -> Period | None:
    """From when until when something is valid, both included. None for always."""
    if node.not_before is None and node.not_after is None:
        return None
    return (
        _moment(node.not_before, ALWAYS[0], where),
        _moment(node.not_after, ALWAYS[1], where),
    )


def _moment(text: str | None, otherwise: datetime, where: str) -> datetime:
    if text is None:
        return otherwise
    try:
        return moment(text)
    except (ValueError, OverflowError):
        raise BadInput("a date of the years 1 to 9999", shown(text), where) from None


def like(text: str, looks: Mapping[str, str]) -> str:
    """What `text`, which is none of them, looks like. One longer than a name is not looked at."""
    return looks.get(skeleton(text), "") if len(text) <= MAX_NAME else ""


def in_period(period: Period, at: datetime) -> bool:
    """Whether an instant lies in a period, whose ends belong to it."""
    return period[0] <= at <= period[1]


__all__ = [
    "IGNORES_CASE",
    "Compiled",
    "Entry",
    "Grade",
    "Limit",
    "Need",
    "Tags",
    "Values",
    "compiled",
    "in_period",
    "like",
    "lower",
]
