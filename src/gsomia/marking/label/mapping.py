"""What a label of one policy equals in another: an alternative label, or who must decide.

The policy of the label says what it equals (SPIF 2.1; handling by ADatP-4774.1 §4.2).
Step by step: the policy lists the other as equivalent, by name and object identifier; the
classification has an equivalent for this direction, else nothing is mapped: no rank is ever
rounded up or down; every value has an equivalent, or the policy says that it is discarded;
what the equivalents require is brought along; the result is valid in the other policy.
Whatever fails stops the mapping, and a person decides. So does a classification with
several equivalents: the program lists them and picks none.

The originator's label stays as it is. The result is an alternative label beside it, made by
the mapper, with a reference to the policies that said so. An alternative is never mapped
on, and no originator's label is made from one: mappings do not invert.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TypeAlias

import msgspec

from gsomia.canon import instant
from gsomia.faults import BadInput, shown
from gsomia.marking.equivalence import AUTHORITIES
from gsomia.marking.label.alternative import (
    REGISTRY,
    Answer,
    Choice,
    Discarded,
    Mapped,
    Obstacle,
    Option,
    Reference,
    Unmapped,
    element,
)
from gsomia.marking.label.compiled import Compiled, Entry, Need
from gsomia.marking.label.model import Base, Category, Information, Label, Originator, Root, Value
from gsomia.marking.label.rules import Breach, check
from gsomia.marking.label.validity import examine, ready
from gsomia.marking.spif import model as m
from gsomia.marking.spif.consistency import value_key
from gsomia.marking.spif.writing import digest

OWNERS = "the owners of both policies: their files must say what the label equals"
MAX_REMEMBERED = 10_000
"""How many different results a mapper keeps ready."""

PERSON = "a person at the registry that maps: choose by the agreement and national rules"


def map_label(
    label: Label,
    source: m.Policy | Compiled,
    target: m.Policy | Compiled,
    at: datetime,
    *,
    mapper: Originator,
    direction: m.Direction = m.Direction.LEAVING,
    chosen: int | None = None,
    original: str | None = None,
) -> Answer:
    """What `label`, valid in `source`, equals in `target` at `at`, by the rules above.

    `at` is also when the alternative is created. `direction` says who applies the mapping:
    the originator on sending, or the recipient on arrival; the policy of the label may say
    different things. `chosen` is the number of the option that a person chose. `original`
    is the SHA-256, in hexadecimal, of the label's bytes, to be named in the alternative.

    Raises `BadInput` for an instant without offset, and a choice that is none.
    Make a `Mapper` once for many labels.
    """
    return Mapper(source, target, direction, mapper).map(
        label, at, chosen=chosen, original=original
    )


class _Add(msgspec.Struct, frozen=True, gc=False):
    """Values of the target to add, and what must hold in the end though nothing is added.

    `lost` counts references that lead to no value, or to several.
    """

    numbers: frozenset[int] = frozenset()
    pending: tuple[Need, ...] = ()
    lost: int = 0


class _Grade(msgspec.Struct, frozen=True, gc=False):
    """An equivalent of a classification: its name in the target, and what it brings."""

    name: str | None
    add: _Add


class _Value(msgspec.Struct, frozen=True, gc=False):
    """What a value becomes. `known`: whether the policy says anything of it."""

    known: bool
    discards: bool
    add: _Add


_Made: TypeAlias = tuple[Information, tuple[Obstacle, ...]]


class Mapper:
    """Two policies and a direction, prepared for many labels. It may be shared.

    What many labels have in common is worked out once and remembered; answers do not
    depend on what was asked before.
    """

    def __init__(
        self,
        source: m.Policy | Compiled,
        target: m.Policy | Compiled,
        direction: m.Direction,
        mapper: Originator,
    ) -> None:
        """Follow every equivalence of `source` that leads to `target` in this direction."""
        self._source, self._target = ready(source), ready(target)
        self._mapper, self._direction = mapper, direction
        ours, theirs = self._source.policy, self._target.policy
        partners = [p for p in ours.partners if p.name == theirs.policy.name]
        self._partner = next((p for p in partners if p.id == theirs.policy.id), None)
        find = _Finder(self._target)
        self._always = find.required(self._partner.required if self._partner else ())
        self._grades = dict(self._compiled_grades(find))
        self._values = dict(self._compiled_values(find))
        self._typed = frozenset(
            entry.number
            for tags in self._source.tags.values()
            for values in tags.senses.values()
            for _, entry in values.typed
        )
        self._reference = Reference(
            applied=direction,
            source=ours.policy.name,
            source_version=ours.version,
            source_digest=digest(ours),
            target=theirs.policy.name,
            target_version=theirs.version,
            target_digest=digest(theirs),
        )
        self._stamp = element(self._reference)
        target_period = self._target.period or any(e.periods for e in self._target.entries)
        self._timeless = not target_period
        self._remembered: dict[tuple[str, int, frozenset[int]], _Made] = {}

    # -- preparing ------------------------------------------------------------------------

    def _applies(self, entry: m.EquivalentClassification | m.EquivalentCategory) -> bool:
        to_target = entry.policy == self._target.policy.policy.name
        return to_target and entry.applied in (str(self._direction), m.BOTH)

    def _compiled_grades(self, find: _Finder) -> Iterator[tuple[str, tuple[_Grade, ...]]]:
        for node in self._source.policy.classifications.members:
            entries = [e for e in node.equivalents if self._applies(e)]
            found = [_Grade(find.grade(e.lacv), find.required(e.required)) for e in entries]
            yield self._source.key(node.name), tuple(dict.fromkeys(found))

    def _compiled_values(self, find: _Finder) -> Iterator[tuple[int, _Value]]:
        """By the number of each value; where a name stands twice, what both say."""
        held = self._source
        nodes: dict[int, list[m.EquivalentCategory]] = {}
        beside: dict[int, list[m.RequiredCategory]] = {}
        for tag_set in held.policy.sets:
            name = self._target.policy.policy.name
            required = [r for e in tag_set.equivalents if e.policy == name for r in e.required]
            for tag in tag_set.tags:
                if tag.sense is None:
                    continue
                known = held.tags[held.key(tag_set.name)].senses[tag.sense].by_key
                for category in tag.categories:
                    number = known[held.key(category.name)].number
                    nodes.setdefault(number, []).extend(category.equivalents)
                    beside[number] = required
        for number, equivalents in nodes.items():
            entries = [e for e in equivalents if self._applies(e)]
            kept = [e for e in entries if e.action != m.DISCARD]
            refs = [find.value(e) for e in kept]
            brought = find.required(beside[number] if kept else ())
            yield (
                number,
                _Value(
                    known=bool(entries),
                    discards=bool(entries) and not kept,
                    add=_Add(
                        brought.numbers | {n for n in refs if n is not None},
                        brought.pending,
                        brought.lost + refs.count(None),
                    ),
                ),
            )

    # -- one label ------------------------------------------------------------------------

    def map(
        self, label: Label, at: datetime, *, chosen: int | None = None, original: str | None = None
    ) -> Answer:
        """What `label` equals. As `map_label`, which see."""
        if label.root is not Root.ORIGINATOR:
            saw = {"root": str(label.root)}
            return Unmapped((Obstacle("label_is_originators", REGISTRY, saw),))
        told = label.information
        examined = examine(told, self._source, at)
        broken = check(label) + examined.breaches
        if broken or examined.grade is None:
            return Unmapped(tuple(_breach("label_is_valid", REGISTRY, b) for b in broken))
        # Each once: what users entered are several texts of one value.
        values = list({e.number: e for held in examined.groups.values() for e in held}.values())
        grades = self._grades[examined.grade.key]
        obstacles = tuple(self._missing(told, grades, values))
        if obstacles:
            return Unmapped(obstacles)
        add = [self._values[entry.number].add for entry in values]
        if len(grades) > 1 and chosen is None:
            return self._choice(grades, add, told.classification, at)
        if chosen is not None and not 1 <= chosen <= len(grades):
            raise BadInput(f"an option from 1 to {len(grades)}", f"{chosen}", "choice")
        option = (chosen or 1) - 1
        key = (examined.grade.key, option, frozenset([entry.number for entry in values]))
        found = self._remembered.get(key)
        if found is None:
            found = self._made(grades[option], add, at)
            # Of a target whose rules change with time, nothing is remembered.
            if self._timeless and len(self._remembered) < MAX_REMEMBERED:
                self._remembered[key] = found
        made, obstacles = found
        if obstacles:
            return Unmapped(obstacles)
        return Mapped(
            label=self._alternative(label, made, at, original),
            discarded=tuple(self._discarded(told, values)),
            left=tuple(_left(label)),
        )

    def _missing(
        self, told: Information, grades: Sequence[_Grade], values: Iterable[Entry]
    ) -> Iterator[Obstacle]:
        """Every equivalence that the source policy does not have."""
        own, other = self._source.policy.policy.name, self._target.policy.policy
        saw = {"policy": shown(other.name), "applied": str(self._direction)}
        if self._partner is None:
            listed = {"source": shown(own), "policy": shown(other.name), "oid": other.id}
            yield Obstacle("policy_is_equivalent", OWNERS, listed)
            return
        if not grades:
            what = {"what": shown(told.classification)}
            yield Obstacle("classification_has_equivalent", AUTHORITIES, {**saw, **what})
        for entry in values:
            value = self._values[entry.number]
            for text in () if value.discards else self._texts(told, entry):
                what = {"what": f"{shown(entry.tag_set)}: {shown(text)}"}
                if text != entry.name:
                    yield Obstacle("text_has_equivalent", AUTHORITIES, what)
                elif not value.known:
                    yield Obstacle("category_has_equivalent", AUTHORITIES, {**saw, **what})

    def _texts(self, told: Information, entry: Entry) -> Iterable[str]:
        """What a label says where `entry` was understood: its name, and what users entered."""
        if entry.number not in self._typed:
            return (entry.name,)
        key = self._source.key
        place = (key(entry.tag_set), entry.sense)
        held = self._source.tags[place[0]].senses[entry.sense]
        said = [
            value.text
            for category in told.categories
            if (key(category.tag_name), category.sense) == place
            for value in category.values
            if (held.by_key.get(key(value.text)) or held.entered(value.text)) is entry
        ]
        return [entry.name if key(text) == key(entry.name) else text for text in said]

    def _choice(
        self, grades: Sequence[_Grade], add: Sequence[_Add], name: str, at: datetime
    ) -> Choice:
        options = []
        for number, grade in enumerate(grades, 1):
            made, obstacles = self._made(grade, add, at)
            options.append(Option(number=number, information=made, obstacles=obstacles))
        policy = shown(self._target.policy.policy.name)
        saw = {"what": shown(name), "count": f"{len(grades)}", "policy": policy}
        return Choice(Obstacle("one_equivalent", PERSON, saw), tuple(options))

    def _made(self, grade: _Grade, add: Sequence[_Add], at: datetime) -> _Made:
        """What the alternative says, and why it must not be made; nothing, if it may."""
        parts = (grade.add, *add, self._always)
        numbers = frozenset().union(*[part.numbers for part in parts])
        information = self._information(grade.name or "", numbers)
        lost = sum([part.lost for part in parts]) + (grade.name is None)
        if lost:
            saw = {"policy": shown(self._target.policy.policy.name), "count": f"{lost}"}
            return information, (Obstacle("equivalent_exists", OWNERS, saw),)
        held = set(numbers)
        if not all(need.holds(held) for part in parts for need in part.pending):
            return information, (Obstacle("required_is_certain", PERSON, {}),)
        broken = examine(information, self._target, at, new=True).breaches
        return information, tuple(_breach("alternative_is_valid", PERSON, b) for b in broken)

    def _information(self, name: str, numbers: Iterable[int]) -> Information:
        """In the target's order: each tag set and sense once, each value once."""
        target = self._target
        groups: dict[tuple[str, m.Sense], list[Value]] = {}
        for number in sorted(numbers):
            entry = target.entries[number]
            groups.setdefault((entry.tag_set, entry.sense), []).append(Value(entry.name))
        categories = tuple(
            Category(
                sense=sense,
                tag_name=tag_set,
                uri=target.tags[target.key(tag_set)].uri,
                values=tuple(values),
            )
            for (tag_set, sense), values in groups.items()
        )
        return Information(
            policy=target.policy.policy.name,
            policy_uri=target.uri,
            classification=name,
            categories=categories,
        )

    def _alternative(
        self, label: Label, made: Information, at: datetime, original: str | None
    ) -> Label:
        stamp = self._stamp
        if original is not None:
            stamp = element(msgspec.structs.replace(self._reference, original=original))
        succession = label.base.succession
        return Label(
            root=Root.ALTERNATIVE,
            review=label.review or (succession.at if succession else None),
            base=Base(
                information=made, originator=self._mapper, created=instant(at), others=(stamp,)
            ),
        )

    def _discarded(self, told: Information, values: Iterable[Entry]) -> Iterator[Discarded]:
        for entry in values:
            for text in self._texts(told, entry) if self._values[entry.number].discards else ():
                yield Discarded(entry.tag_set, entry.sense, text)


class _Finder:
    """Where references into the target policy lead. To one value, or to nothing certain."""

    def __init__(self, target: Compiled) -> None:
        self._grades = {c.lacv: c.name for c in target.policy.classifications.members}
        self._by_name: dict[tuple[str, str, str], dict[str, set[int]]] = {}
        self._by_id: dict[tuple[str, str, str], dict[str, set[int]]] = {}
        for tag_set in target.policy.sets:
            for tag in tag_set.tags:
                if tag.sense is None:
                    continue
                kind = (tag.tag_type, tag.enum_type)
                values = self._by_name.setdefault((tag_set.name, *kind), {})
                self._by_id[tag_set.id, *kind] = values
                known = target.tags[target.key(tag_set.name)].senses[tag.sense].by_key
                for category in tag.categories:
                    number = known[target.key(category.name)].number
                    values.setdefault(value_key(category.lacv), set()).add(number)

    def grade(self, lacv: int) -> str | None:
        """The classification of a number."""
        return self._grades.get(lacv)

    def value(self, ref: m.EquivalentCategory) -> int | None:
        """The value that an equivalence names."""
        values = self._by_id.get((ref.tag_set_id, ref.tag_type, ref.enum_type), {})
        return _only(values.get(value_key(ref.lacv), ()))

    def required(self, required: Iterable[m.RequiredCategory]) -> _Add:
        """What is brought along: all that are named, or the only one of a choice."""
        numbers: set[int] = set()
        pending: list[Need] = []
        lost = 0
        for one in required:
            members = [self._members(ref) for ref in one.groups]
            lost += members.count(frozenset())
            certain = one.operation == "all" or len(members) == 1
            for ref, member in zip(one.groups, members, strict=True):
                if certain and not ref.any:
                    lost += len(member) > 1
                    numbers.update(member)
            pending.append(Need(one.operation, tuple(members)))
        return _Add(frozenset(numbers), tuple(pending), lost)

    def _members(self, ref: m.CategoryRef) -> frozenset[int]:
        values = self._by_name.get((ref.tag_set, ref.tag_type, ref.enum_type), {})
        if ref.any:
            return frozenset().union(*values.values())
        return frozenset(values.get(value_key(ref.lacv or ""), ()))


def _only(found: Iterable[int]) -> int | None:
    numbers = tuple(found)
    return numbers[0] if len(numbers) == 1 else None


def _left(label: Label) -> Iterator[str]:
    """What of a label no mapping carries."""
    base = label.base
    if base.information.privacy_mark is not None:
        yield "PrivacyMark"
    if base.succession is not None:
        yield "SuccessionHandling"
    for one in (*base.information.others, *base.others):
        yield one.local
    held = base.information
    parts = [held.policy_attributes, held.classification_attributes]
    parts += [category.attributes for category in held.categories]
    parts += [base.originator.attributes] if base.originator is not None else []
    for key in (*label.attributes, *(key for part in parts for key, _ in part)):
        yield key.rpartition("}")[2]


def _breach(rule: str, who: str, breach: Breach) -> Obstacle:
    return Obstacle(rule, who, {"where": breach.where, "breach": breach.rule})
