"""Laws of mapping, over made-up pairs of policies and all their labels."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from gsomia.marking.label import (
    Category,
    Choice,
    Information,
    Label,
    Mapped,
    Mapper,
    Unmapped,
    Value,
    compiled,
    read,
    validity,
    write,
)
from gsomia.marking.label.model import Base, Originator
from gsomia.marking.spif import Direction, Policy
from gsomia.marking.spif import model as m
from gsomia.marking.spif import read as read_policy
from gsomia.marking.spif import write as write_policy

AT = datetime(2026, 11, 1, tzinfo=UTC)
WHO = Originator("r@x", "rfc822Name")
SIZE = 4
"""Classifications, and values of each tag set, of either policy."""

TYPES = {"Open": "permissive", "Shut": "restrictive", "Note": "tagType7"}
_SENSES = {name: m.sense(kind, "") for name, kind in TYPES.items()}
# Weighted, so that most labels are mapped and each obstacle is still met.
_directions = st.sampled_from(["both"] * 8 + ["encrypt", "decrypt"])


@st.composite
def _refs(draw: st.DrawFn) -> m.CategoryRef:
    tag_set = draw(st.sampled_from(sorted(TYPES)))
    lacv = draw(st.none() | st.integers(0, SIZE - 1))
    return m.CategoryRef(
        tag_set=tag_set, tag_type=TYPES[tag_set], lacv=None if lacv is None else str(lacv)
    )


_required = st.builds(
    m.RequiredCategory,
    operation=st.sampled_from(["onlyOne", "oneOrMore", "all"]),
    groups=st.lists(_refs(), min_size=1, max_size=2).map(tuple),
)
_none: st.SearchStrategy[tuple[m.RequiredCategory, ...]] = st.just(())
_requireds = st.sampled_from(range(6)).flatmap(lambda n: _none if n else st.tuples(_required))
_classes = st.builds(
    m.EquivalentClassification,
    policy=st.just("THERE"),
    lacv=st.sampled_from([*range(SIZE)] * 2 + [SIZE]),  # the last is not there
    applied=_directions,
    required=_requireds,
)


def _some_classes(count: int) -> st.SearchStrategy[tuple[m.EquivalentClassification, ...]]:
    return st.lists(_classes, min_size=count, max_size=count).map(tuple)


@st.composite
def _values(draw: st.DrawFn) -> m.EquivalentCategory:
    number = draw(st.sampled_from(range(3)))
    return m.EquivalentCategory(
        policy="THERE",
        tag_set_id=f"1.2.{number}",
        tag_type=list(TYPES.values())[number],
        lacv=str(draw(st.integers(0, SIZE - 1))),
        applied=draw(_directions),
        action=draw(st.sampled_from([None, None, None, m.DISCARD])),
    )


def _policy(draw: st.DrawFn, name: str, arc: int, *, leads: bool) -> Policy:
    ranks = draw(st.permutations(range(SIZE)))
    refs = st.lists(_values(), min_size=1, max_size=2).map(tuple) if leads else st.just(())
    classes = st.sampled_from([0, 1, 1, 1, 1, 2]).flatmap(_some_classes) if leads else st.just(())
    rules = st.just(()) if leads else _requireds
    return m.Policy(
        schema_version="2.1",
        creation_date="20260101000000Z",
        originator="CN=x",
        key_identifier="",
        privilege_id="1.2",
        rbac_id="1.2",
        policy=m.PolicyId(name=name, id=f"1.{arc}"),
        classifications=m.Classifications(
            members=tuple(
                m.Classification(
                    name=f"{name} {n}",
                    lacv=n,
                    hierarchy=rank,
                    equivalents=draw(classes),
                    required=draw(rules),
                )
                for n, rank in enumerate(ranks)
            )
        ),
        tag_sets=m.TagSets(
            members=tuple(
                m.TagSet(
                    name=tag_set,
                    id=f"1.2.{number}",
                    tags=(
                        m.Tag(
                            name=tag_set,
                            tag_type=kind,
                            categories=tuple(
                                m.Category(name=f"{name} {n}", lacv=str(n), equivalents=draw(refs))
                                for n in range(SIZE)
                            ),
                        ),
                    ),
                )
                for number, (tag_set, kind) in enumerate(TYPES.items())
            )
        ),
        equivalent_policies=m.EquivalentPolicies(
            members=(m.EquivalentPolicy(name="THERE", id="1.1", required=draw(_requireds)),)
        )
        if leads
        else None,
    )


@st.composite
def _pairs(draw: st.DrawFn) -> tuple[Policy, Policy]:
    source = _policy(draw, "HERE", 0, leads=True)
    return source, _policy(draw, "THERE", 1, leads=False)


@st.composite
def _labels(draw: st.DrawFn) -> Label:
    categories = []
    for name in TYPES:
        values = draw(st.lists(st.integers(0, SIZE - 1), unique=True, max_size=2))
        sense = _SENSES[name]
        if values and sense is not None:
            held = tuple(Value(f"HERE {n}") for n in values)
            categories.append(Category(sense=sense, tag_name=name, values=held))
    told = Information(
        policy="HERE",
        classification=f"HERE {draw(st.integers(0, SIZE - 1))}",
        categories=tuple(categories),
    )
    return Label(
        review="2031-01-01T00:00:00Z", base=Base(information=told, created="2026-01-01T00:00:00Z")
    )


def _equivalents(
    source: Policy, label: Label, direction: Direction
) -> tuple[list[m.EquivalentClassification], dict[tuple[str, str], list[m.EquivalentCategory]]]:
    """What the source policy says of the label's parts for a direction, read naively."""
    ways = (str(direction), "both")
    (node,) = [
        c for c in source.classifications.members if c.name == label.information.classification
    ]
    values = {}
    for category in label.information.categories:
        (tag_set,) = [s for s in source.sets if s.name == category.tag_name]
        for value in category.values:
            (one,) = [c for c in tag_set.tags[0].categories if c.name == value.text]
            values[tag_set.name, value.text] = [e for e in one.equivalents if e.applied in ways]
    return [e for e in node.equivalents if e.applied in ways], values


def _held(label: Label) -> set[tuple[str, str]]:
    return {(c.tag_name, v.text) for c in label.information.categories for v in c.values}


_NAMES = list(TYPES)


@given(pair=_pairs(), label=_labels(), direction=st.sampled_from(Direction))
def test_the_laws_of_a_mapping(
    pair: tuple[Policy, Policy], label: Label, direction: Direction
) -> None:
    """Nothing by rank, nothing in silence, nothing invalid; and the label stays as it is."""
    source, target = pair
    before = write(label)
    mapper = Mapper(source, target, direction, WHO)
    answer = mapper.map(label, AT)
    classes, values = _equivalents(source, label, direction)
    if not classes or not all(values.values()):
        assert isinstance(answer, Unmapped)
        told = [o.rule for o in answer.obstacles]
        assert told.count("classification_has_equivalent") == (not classes)
        assert told.count("category_has_equivalent") == sum(not v for v in values.values())
    if isinstance(answer, Choice):
        assert len(classes) > 1
        answer = mapper.map(label, AT, chosen=1)
    if isinstance(answer, Mapped):
        made = answer.label
        names = {f"THERE {e.lacv}" for e in classes if e.lacv < SIZE}
        assert made.information.classification in names
        assert validity(made, target, AT, new=True) == ()
        assert read(write(made)).information == made.information
        _check_values(answer, values)
    assert write(label) == before


def _fresh(
    pair: tuple[Policy, Policy], label: Label, direction: Direction, chosen: int | None
) -> object:
    """The answer of a mapper that has remembered nothing."""
    return Mapper(*pair, direction, WHO).map(label, AT, chosen=chosen)


def _check_values(
    answer: Mapped, values: dict[tuple[str, str], list[m.EquivalentCategory]]
) -> None:
    """Each value stands in the result by its equivalents, or is listed as discarded."""
    held = _held(answer.label)
    discarded = {(d.tag_set, d.value) for d in answer.discarded}
    for value, entries in values.items():
        kept = [e for e in entries if e.action is None]
        assert (value in discarded) is (not kept)
        for entry in kept:
            tag_set = _NAMES[int(entry.tag_set_id.rpartition(".")[2])]
            assert (tag_set, f"THERE {entry.lacv}") in held
    assert discarded <= values.keys()


@given(pair=_pairs(), label=_labels(), direction=st.sampled_from(Direction))
def test_policies_written_and_read_map_alike(
    pair: tuple[Policy, Policy], label: Label, direction: Direction
) -> None:
    """What is made up here is what files say; and a compiled policy says the same."""
    source, target = (read_policy(write_policy(policy)).policy for policy in pair)
    again = Mapper(compiled(source), compiled(target), direction, WHO).map(label, AT)
    assert again == _fresh(pair, label, direction, None)


@given(pair=_pairs(), labels=st.lists(_labels(), min_size=2, max_size=6))
def test_an_answer_does_not_depend_on_what_was_asked_before(
    pair: tuple[Policy, Policy], labels: list[Label]
) -> None:
    mapper = Mapper(*pair, Direction.LEAVING, WHO)
    for label in labels + labels[::-1]:
        assert mapper.map(label, AT) == _fresh(pair, label, Direction.LEAVING, None)


@given(pair=_pairs(), label=_labels())
def test_an_alternative_is_never_mapped_on(pair: tuple[Policy, Policy], label: Label) -> None:
    """Whatever the policies say of each other, and whatever the alternative says."""
    source, target = pair
    answer = Mapper(source, target, Direction.LEAVING, WHO).map(label, AT)
    if not isinstance(answer, Mapped):
        return
    back = msgspec.structs.replace(
        target,
        classifications=m.Classifications(
            members=tuple(
                msgspec.structs.replace(
                    c,
                    equivalents=(
                        m.EquivalentClassification(policy="HERE", lacv=c.lacv, applied="both"),
                    ),
                )
                for c in target.classifications.members
            )
        ),
        equivalent_policies=m.EquivalentPolicies(
            members=(m.EquivalentPolicy(name="HERE", id="1.0"),)
        ),
    )
    again = Mapper(back, source, Direction.LEAVING, WHO).map(answer.label, AT)
    assert isinstance(again, Unmapped)
    assert [o.rule for o in again.obstacles] == ["label_is_originators"]
