"""One label for a whole: nobody gains by what was joined."""

from __future__ import annotations

from datetime import datetime

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gsomia.cli.label.texts import LABEL_GROUNDS, LABEL_WHO, STOPPED, stop_text
from gsomia.faults import BadInput
from gsomia.marking.label import (
    Clearance,
    Label,
    RolledUp,
    Stopped,
    compiled,
    decide,
    read,
    roll_up,
    validity,
    write,
)
from gsomia.marking.label.access import GUIDE
from gsomia.marking.label.model import Originator, Root, Succession
from gsomia.marking.label.rollup import STOPS, WHO
from gsomia.marking.spif import Policy
from tests.marking import policies
from tests.marking.test_access import AT, JPN, KOR, label
from tests.marking.test_validity import POLICY, need, note, ruled, to
from tests.marking.test_validity import label as ruled_label


def rolled(parts: list[Label], policy: object = POLICY) -> RolledUp:
    """The label of a whole that has one."""
    found = roll_up(parts, policy, AT)  # type: ignore[arg-type]
    assert isinstance(found, RolledUp), found
    return found


def says(found: RolledUp) -> tuple[str, dict[str, list[str]]]:
    """Classification and values of a whole."""
    told = found.label.information
    return told.classification, {c.tag_name: [v.text for v in c.values] for c in told.categories}


def test_the_highest_classification_all_restrictions_and_the_common_release() -> None:
    found = rolled(
        [
            ruled_label("LOW", to("C", "B", "A"), need("2026")),
            ruled_label("HIGH", to("C", "B"), need("NOT LOW"), note("STAFF")),
            ruled_label("LOW", to("B", "C")),
        ]
    )
    assert says(found) == (
        "HIGH",
        {"To": ["B", "C"], "Need": ["NOT LOW", "2026"], "Note": ["STAFF"]},
    )
    told = found.label.information
    assert told.policy_uri == "urn:oid:2.25.7.1"
    assert [c.uri for c in told.categories] == [f"urn:oid:2.25.7.{n}" for n in (2, 3, 4)]
    assert validity(read(write(found.label)), POLICY, AT, new=True) == ()


def test_an_unclassified_part_without_release_list_adds_no_constraint() -> None:
    open_ = compiled(ruled(), unclassified=["LOW"])
    found = rolled([ruled_label("LOW"), ruled_label("HIGH", to("A"))], open_)
    assert says(found) == ("HIGH", {"To": ["A"]})


STOPPING: dict[str, list[Label]] = {
    "no_parts": [],
    "several_policies": [label("k1"), label("j2")],
    "several_kinds": [
        ruled_label("LOW", to("A")),
        msgspec.structs.replace(ruled_label("LOW", to("A")), root=Root.METADATA),
    ],
    "part_invalid": [ruled_label("LOW", to("A")), ruled_label("HIGH", to("C"))],
    "part_names_nobody": [ruled_label("LOW", to("A")), ruled_label("LOW", need("2026"))],
    "nothing_in_common": [ruled_label("LOW", to("A")), ruled_label("LOW", to("B"))],
    "result_invalid": [
        ruled_label("LOW", to("A"), need("2026", "NOT C")),
        ruled_label("LOW", to("A"), need("WITH A")),
    ],
}


@pytest.mark.parametrize("rule", STOPS)
def test_where_a_person_decides(rule: str) -> None:
    found = roll_up(STOPPING[rule], POLICY, AT)
    assert isinstance(found, Stopped)
    assert (found.rule, found.source, found.who) == (rule, STOPS[rule].source, WHO)
    assert bool(found.breaches) == rule.endswith("invalid")
    assert found.part == (2 if rule.startswith("part") else None)


def test_labels_of_metadata_make_one_of_metadata() -> None:
    part = msgspec.structs.replace(ruled_label("LOW", to("A")), root=Root.METADATA)
    assert rolled([part, part]).label.root is Root.METADATA
    mapped = msgspec.structs.replace(part, root=Root.ALTERNATIVE)
    assert rolled([mapped, ruled_label("LOW", to("A"))]).label.root is Root.ORIGINATOR


def test_an_obsolete_value_of_a_part_does_not_come_into_a_new_label() -> None:
    found = roll_up([ruled_label("LOW", to("GONE"))], POLICY, AT)
    assert isinstance(found, Stopped)
    assert [b.rule for b in found.breaches] == ["value_obsolete"]


def test_informative_values_that_cannot_stand_are_named() -> None:
    policy = ruled(
        '<tagCategory name="STAFF" lacv="1"/>',
        '<tagCategory name="STAFF" lacv="1"><excludedClass>HIGH</excludedClass></tagCategory>',
    )
    found = rolled(
        [
            ruled_label("HIGH", to("A")),
            ruled_label("LOW", to("A"), note("STAFF")),
            ruled_label("LOW", to("A"), note("after the visit")),
        ],
        policy,
    )
    assert says(found) == ("HIGH", {"To": ["A"]})
    assert found.left_out == ("Category Note: STAFF", "Category Note: Instruction")


def _with(told: Label, *, review: str | None = None, originator: str = "", at: str = "") -> Label:
    base = told.base
    if originator:
        base = msgspec.structs.replace(base, originator=Originator(originator, "rfc822Name"))
    if at:
        base = msgspec.structs.replace(base, succession=Succession(at=at, successor=told.base))
    return msgspec.structs.replace(told, base=base, review=review or told.review)


def test_the_whole_is_looked_at_again_when_the_first_part_is() -> None:
    low = ruled_label("LOW", to("A"))
    parts = [
        _with(low, review="2030-01-01T00:00:00Z"),
        _with(low, review="2030-01-01T08:00:00+09:00"),
        _with(low, review="2040-01-01T00:00:00Z"),
    ]
    assert rolled(parts).label.review == "2030-01-01T08:00:00+09:00"
    sooner = [*parts, _with(low, at="2029-01-01T00:00:00Z")]
    assert rolled(sooner).label.review == "2029-01-01T00:00:00Z"
    assert rolled(sooner).label.base.succession is None


def test_the_parts_originators_stand_beside_the_whole() -> None:
    low = ruled_label("LOW", to("A"))
    parts = [_with(low, originator="b@x"), low, _with(low, originator="a@x"), low]
    parts.append(_with(low, originator="b@x"))
    found = rolled(parts)
    assert [o.text for o in found.originators] == ["b@x", "a@x"]
    assert found.unnamed == 2
    assert found.label.base.originator is None
    assert found.label.base.created == "2026-06-01T00:00:00Z"


def test_a_privacy_mark_is_kept_if_all_share_it() -> None:
    marked = ruled_label("LOW", to("A"), privacy_mark="EYES")
    assert rolled([marked, marked]).label.information.privacy_mark == "EYES"
    found = rolled([marked, ruled_label("LOW", to("A"))])
    assert found.label.information.privacy_mark is None
    assert found.left_out == ("PrivacyMark: EYES",)


def test_worked_labels() -> None:
    assert says(rolled([label("k1"), label("k5")], KOR)) == ("GUNSA II", {"Releasable To": ["KOR"]})
    assert says(rolled([label("j1"), label("j2")], JPN)) == (
        "GOKUHI",
        {"Regime": ["TOKUTEI HIMITSU"], "Releasable To": ["JPN", "KOR"]},
    )


def test_each_stop_is_told_in_three_languages() -> None:
    assert set(STOPPED) == set(STOPS) == set(STOPPING)
    assert WHO in LABEL_WHO
    assert {said.source for said in STOPS.values()} - {GUIDE} <= set(LABEL_GROUNDS)
    for rule, (korean, japanese) in STOPPED.items():
        told = [stop_text(lang, rule) for lang in ("en", "ko", "ja")]
        assert told == [STOPS[rule].text, korean, japanese]


def test_an_instant_without_offset_gets_no_answer() -> None:
    with pytest.raises(BadInput, match="an instant with offset"):
        roll_up([label("k1")], KOR, datetime(2026, 6, 1))  # noqa: DTZ001


# -- laws ---------------------------------------------------------------------------

_parts = st.lists(policies.labels, min_size=1, max_size=3)
_people = st.lists(policies.clearances, min_size=1, max_size=4)
_open = st.sampled_from([(), ("OPEN",), ("OPEN", "HIGH")])


@settings(max_examples=200)
@given(held=policies.policies, parts=_parts, people=_people, open_=_open)
def test_whoever_is_granted_the_whole_is_granted_every_part(
    held: Policy, parts: list[Label], people: list[Clearance], open_: tuple[str, ...]
) -> None:
    policy = compiled(held, unclassified=open_)
    found = roll_up(parts, policy, AT)
    if isinstance(found, Stopped):
        return
    assert validity(read(write(found.label)), policy, AT, new=True) == ()
    for person in people:
        if decide(found.label, person, policy, AT).granted:
            assert all(decide(part, person, policy, AT).granted for part in parts)


@settings(max_examples=25)
@given(held=policies.policies, parts=_parts, data=st.data())
def test_the_order_of_the_parts_changes_nothing(
    held: Policy, parts: list[Label], data: st.DataObject
) -> None:
    policy = compiled(held, unclassified=["OPEN"])
    other = roll_up(data.draw(st.permutations(parts)), policy, AT)
    found = roll_up(parts, policy, AT)
    assert type(found) is type(other)
    if isinstance(found, RolledUp) and isinstance(other, RolledUp):
        assert found.label == other.label
        assert set(found.originators) == set(other.originators)


def test_the_law_is_tried_on_wholes_that_somebody_is_granted() -> None:
    """Enough of the cases above get as far as a yes, or the law would say little."""
    counts = {"whole": 0, "granted": 0, "cases": 0}

    @settings(max_examples=50, derandomize=True)
    @given(held=policies.policies, parts=_parts, person=policies.clearances)
    def count(held: Policy, parts: list[Label], person: Clearance) -> None:
        policy = compiled(held, unclassified=["OPEN"])
        counts["cases"] += 1
        found = roll_up(parts, policy, AT)
        if isinstance(found, RolledUp):
            counts["whole"] += 1
            counts["granted"] += decide(found.label, person, policy, AT).granted

    count()
    print(counts)
    assert counts["granted"] >= 3
