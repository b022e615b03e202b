"""The rules of letters and amendments, each broken alone; whose consent a paper is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsomia.agreement.instruments import Channel, Instrument, Kind, Moment, Office
from gsomia.agreement.model import Role
from gsomia.clearance.rules import PRACTICE as LETTERS
from gsomia.desk import amending, rules
from gsomia.desk.amending import AMEND_RULES, AmendCase, consented
from gsomia.desk.rules import PRACTICE, TWO, LetterCase
from gsomia.faults import BadInput
from gsomia.ruling import RuleList
from tests.ruling.tables import Broken, check_broken, hidden_facts, lists_of, pairs, unbroken

APPOINTED = Broken("actor_is_appointed", LETTERS, "security authority", {"appointed_as": ()})
ANOTHER = "another person of the same office"

LETTER = LetterCase(
    actor="P-4",
    may_act=("treaty_note_officer",),
    appointed_as=("treaty_note_officer",),
    letter="L-1",
    state="approved",
    steps=("approved", "issued"),
    drafted_by="P-1",
    signed_off_by=("P-2", "P-3"),
)
BROKEN_LETTERS = (
    APPOINTED,
    Broken(
        "letter_awaits_this_step", PRACTICE, "the office that drafts it", {"state": "handed_over"}
    ),
    Broken("signed_off_by_another_person", TWO, ANOTHER, {"actor": "P-1"}),
    Broken("signed_off_by_another_person", TWO, ANOTHER, {"actor": "P-2"}),
    Broken(
        "two_people_signed_off", TWO, "two persons of the same office", {"signed_off_by": ("P-2",)}
    ),
    Broken(
        "two_people_signed_off",
        TWO,
        "two persons of the same office",
        {"signed_off_by": ("P-2", "P-2")},
    ),
    Broken(
        "two_people_signed_off",
        TWO,
        "two persons of the same office",
        {"signed_off_by": ("P-1", "P-2")},
    ),
)
LETTER_LISTS = (
    rules.DRAFT_RULES,
    rules.SIGN_OFF_RULES,
    rules.ISSUE_RULES,
    rules.HAND_OVER_RULES,
    rules.CANCEL_RULES,
    rules.RECEIVE_RULES,
)

AMEND = AmendCase(
    actor="P-2",
    may_act=("treaty_desk",),
    appointed_as=("treaty_desk",),
    parties=("JPN", "KOR"),
    consented=("JPN", "KOR"),
    proposed_by="P-1",
)
BROKEN_AMEND = (
    APPOINTED,
    Broken(
        "every_party_consented", "Art. 21(2)", "the parties, in writing", {"consented": ("KOR",)}
    ),
    Broken("brought_in_by_another_person", TWO, ANOTHER, {"proposed_by": "P-2"}),
)
GOOD = [(x, LETTER) for x in LETTER_LISTS] + [(AMEND_RULES, AMEND)]


LETTER_ROWS = pairs(LETTER_LISTS, BROKEN_LETTERS)


@pytest.mark.parametrize(
    ("rule_list", "row"), LETTER_ROWS, ids=[f"{x.act}: {row}" for x, row in LETTER_ROWS]
)
def test_each_rule_of_letters_refuses_alone(rule_list: RuleList, row: Broken) -> None:
    check_broken(rule_list, LETTER, row)


@pytest.mark.parametrize("row", BROKEN_AMEND, ids=str)
def test_each_rule_of_amending_refuses_alone(row: Broken) -> None:
    check_broken(AMEND_RULES, AMEND, row)


def test_every_rule_of_every_list_is_broken_here() -> None:
    assert {x.act for x in LETTER_LISTS} == lists_of(rules)
    assert {AMEND_RULES.act} == lists_of(amending)
    assert unbroken(LETTER_LISTS, BROKEN_LETTERS) == set()
    assert unbroken((AMEND_RULES,), BROKEN_AMEND) == set()


@pytest.mark.parametrize(("rule_list", "good"), GOOD, ids=lambda v: getattr(v, "act", ""))
@given(data=st.data())
def test_an_outcome_shows_every_fact_it_rests_on(
    rule_list: RuleList, good: Any, data: st.DataObject
) -> None:
    assert hidden_facts(rule_list, good, data) == {}


# -- consent -------------------------------------------------------------------------------

DAY = Moment.exact(datetime(2026, 3, 2, tzinfo=UTC))
PAPER = Instrument(
    id="amendment",
    kind=Kind.AMENDMENT,
    channel=Channel.DIPLOMATIC,
    issuers=(Office("KOR", Role.TREATY_NOTE_AUTHORITY, "foreign ministry"),),
    form="note verbale",
    title="Consent to the amendment",
    dated=DAY,
    source="made up",
    verified=True,
)
BOTH = (*PAPER.issuers, Office("JPN", Role.TREATY_NOTE_AUTHORITY, "foreign ministry"))


@pytest.mark.parametrize(
    ("change", "parties"),
    [
        ({"handed_over": DAY}, ("KOR",)),
        ({"received": DAY}, ("KOR",)),
        ({"sent": DAY}, ()),
        ({"channel": Channel.MEETING, "issuers": BOTH}, ("JPN", "KOR")),
        ({"channel": Channel.INTERNAL, "handed_over": DAY}, ()),
        ({"channel": Channel.PUBLIC, "handed_over": DAY}, ()),
    ],
)
def test_whose_consent_a_paper_is(change: dict[str, Any], parties: tuple[str, ...]) -> None:
    assert consented([msgspec.structs.replace(PAPER, **change)]) == parties


def test_no_other_paper_is_consent() -> None:
    with pytest.raises(BadInput, match="an amendment on record"):
        consented([msgspec.structs.replace(PAPER, kind=Kind.SIGNED_TEXT)])
