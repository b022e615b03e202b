"""Who may act, and who counts as cleared, listed, briefed and in need, at an instant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsomia.canon import instant
from gsomia.clearance.model import (
    ROLES,
    Appointment,
    Briefing,
    Clearance,
    Listing,
    Need,
    is_briefed,
    is_cleared,
    is_listed,
    needs,
    within,
)
from gsomia.clearance.rules import (
    ENROL_RULES,
    PERSONAL,
    PRACTICE,
    EnrolCase,
    Officer,
    officer,
    officer_rules,
)
from gsomia.fold import State
from tests.ruling.tables import Broken, check_broken, names, unbroken

T = datetime(2026, 3, 2, 9, tzinfo=UTC)
BEFORE, NOW, AFTER = (instant(T + timedelta(hours=h)) for h in (-1, 0, 1))
AGREEMENT = "rok-japan-2016"

GOOD = Officer("P-2", ("registrar",), ("registrar",))
ROW = Broken("actor_is_appointed", PRACTICE, "security authority", {"appointed_as": ()})


def holding(*docs) -> State:
    state = State()
    for doc in docs:
        state.put(doc)
    return state


def test_only_an_appointed_person_acts() -> None:
    rules = officer_rules("clearance.grant")
    assert names(rules) == ["actor_is_appointed"]
    check_broken(rules, GOOD, ROW)


ENROLS = EnrolCase(
    actor="P-1",
    may_act=("security_authority",),
    appointed_as=("security_authority",),
    person="P-7",
    key_name="JPN-DIH1/P-7",
    held_by=(),
    node_of="",
)
ENROL_TABLE = (
    ROW,
    Broken("key_is_no_nodes", PERSONAL, "security authority", {"node_of": "JPN-DIH1"}),
    Broken("key_is_nobody_elses", PERSONAL, "security authority", {"held_by": ("P-8",)}),
)


def test_each_rule_of_enrolment_is_broken_by_its_own_fact() -> None:
    assert not unbroken((ENROL_RULES,), ENROL_TABLE)
    for row in ENROL_TABLE:
        check_broken(ENROL_RULES, ENROLS, row)


@pytest.mark.parametrize(
    "role, since, until, appointed",
    [
        ("registrar", BEFORE, "", True),
        ("registrar", BEFORE, AFTER, True),
        ("registrar", NOW, AFTER, True),
        ("registrar", BEFORE, NOW, False),
        ("registrar", AFTER, "", False),
        ("analyst", BEFORE, "", False),
    ],
)
def test_a_letter_covers_its_role_from_its_start_to_its_end(
    role: str, since: str, until: str, appointed: bool
) -> None:
    state = holding(Appointment("P-2", role, "letter", since, until))
    found = officer(state, "P-2", NOW, "registrar", "custodian")
    assert found == Officer("P-2", ("registrar", "custodian"), ("registrar",) if appointed else ())
    assert officer_rules("registry.hand-over").decide(found).granted == appointed


def test_another_persons_letter_and_no_letter_appoint_nobody() -> None:
    state = holding(Appointment("P-3", "registrar", "letter", BEFORE))
    for actor in ("P-2", ""):
        assert officer(state, actor, NOW, *ROLES).appointed_as == ()


@pytest.mark.parametrize(
    "since, until, withdrawn, cleared",
    [
        (BEFORE, AFTER, "", True),
        (NOW, AFTER, "", True),
        (BEFORE, NOW, "", False),
        (AFTER, "", "", False),
        (BEFORE, AFTER, BEFORE, False),
    ],
)
def test_a_clearance_counts_in_its_time_unless_withdrawn(
    since: str, until: str, withdrawn: str, cleared: bool
) -> None:
    found = Clearance("P-5", ("極秘",), "Ministry", "V-1", since, until, withdrawn)
    assert is_cleared(holding(found), "P-5", NOW) == (found if cleared else None)
    assert is_cleared(holding(found), "P-6", NOW) is None


def test_listed_is_by_facility_and_agreement_and_until_struck() -> None:
    line = Listing("F-1", "P-5", AGREEMENT, BEFORE)
    assert is_listed(holding(line), "P-5", "F-1", AGREEMENT)
    assert not is_listed(holding(line), "P-5", "F-2", AGREEMENT)
    assert not is_listed(holding(line), "P-5", "F-1", "another")
    assert not is_listed(holding(line), "P-6", "F-1", AGREEMENT)
    struck = Listing("F-1", "P-5", AGREEMENT, BEFORE, NOW, "left")
    assert not is_listed(holding(struck), "P-5", "F-1", AGREEMENT)


def test_briefed_is_by_agreement_and_in_time() -> None:
    told = Briefing("P-5", AGREEMENT, "P-1", BEFORE, NOW)
    assert is_briefed(holding(told), "P-5", AGREEMENT, BEFORE)
    assert not is_briefed(holding(told), "P-5", AGREEMENT, NOW)
    assert not is_briefed(holding(told), "P-5", "another", BEFORE)


def test_a_need_is_for_a_subject_and_in_time() -> None:
    need = Need("P-5", AGREEMENT, "launches", "duty", "P-1", BEFORE, NOW)
    assert needs(holding(need), "P-5", AGREEMENT, ("K-1", "launches"), BEFORE) == "launches"
    assert needs(holding(need), "P-5", AGREEMENT, ("K-1",), BEFORE) == ""
    assert needs(holding(need), "P-5", AGREEMENT, ("launches",), NOW) == ""
    assert needs(holding(need), "P-6", AGREEMENT, ("launches",), BEFORE) == ""


moments = st.integers(0, 4_000_000).map(lambda us: T + timedelta(microseconds=us))


@given(moments, moments, moments)
def test_within_compares_instants_not_their_spelling(
    now: datetime, since: datetime, until: datetime
) -> None:
    """A fraction of a second counts: the text of a whole second has none."""
    assert within(instant(now), instant(since), instant(until)) == (since <= now < until)


@given(
    st.lists(st.sampled_from(ROLES), unique=True),
    st.lists(st.sampled_from(ROLES), unique=True),
    st.sampled_from(ROLES),
)
def test_one_letter_more_never_refuses(held: list[str], asked: list[str], more: str) -> None:
    def granted(roles: list[str]) -> bool:
        state = holding(*(Appointment("P-2", r, "letter", BEFORE) for r in roles))
        return officer_rules("any").decide(officer(state, "P-2", NOW, *asked)).granted

    assert granted([*held, more]) or not granted(held)
