"""A decision shows every rule, and grants nothing without one."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsomia import canon
from gsomia.ruling import Rule, RuleList, Ruling, rule


class Case(msgspec.Struct, frozen=True):
    """The facts of a made-up act."""

    cleared: bool = True
    marked: bool = True
    at: str = "2023-03-17T10:30:00Z"


@rule("Art. 7", who="security authority", sees=("cleared", "at"))
def reader_is_cleared(case: Case) -> bool:
    """The reader is cleared
    on the day.
    """
    return case.cleared


@rule("Art. 4", who="originator", sees=("marked",))
def item_is_marked(case: Case) -> bool:
    """The item bears its mark."""
    return case.marked


@rule("Art. 9", who="originator", sees=("marked",), verified=False)
def nobody_has_read_this(case: Case) -> bool:
    """A condition whose text nobody here has read."""
    return case.marked


BOTH = RuleList[Case]("read", [reader_is_cleared, item_is_marked])
THREE = (reader_is_cleared, item_is_marked, nobody_has_read_this)


def fixed(number: int, holds: bool, *, verified: bool = True) -> Rule:
    """A rule with a known answer."""
    return Rule(f"r{number}", f"Art. {number}", "text", "who", (), verified, lambda _case: holds)


@pytest.mark.parametrize(
    "case, granted, refused, articles",
    [
        (Case(), True, (), ("Art. 7", "Art. 4")),
        (Case(cleared=False), False, ("reader_is_cleared",), ("Art. 7",)),
        (Case(marked=False), False, ("item_is_marked",), ("Art. 4",)),
        (
            Case(cleared=False, marked=False),
            False,
            ("reader_is_cleared", "item_is_marked"),
            ("Art. 7", "Art. 4"),
        ),
    ],
)
def test_yes_and_no_carry_their_articles(case, granted, refused, articles):
    decision = BOTH.decide(case)
    assert decision.granted is granted
    assert tuple(o.rule for o in decision.refusals()) == refused
    assert decision.articles() == articles


def test_every_rule_is_listed_in_order_with_what_it_saw():
    first, second = BOTH.decide(Case(cleared=False)).outcomes()
    assert first.rule == "reader_is_cleared"
    assert first.text == "The reader is cleared on the day."
    assert first.who == "security authority"
    assert first.held is False
    assert first.saw == {"cleared": False, "at": "2023-03-17T10:30:00Z"}
    assert second.held is True
    assert second.saw == {"marked": True}


def test_an_empty_list_grants_nothing():
    assert not RuleList[Case]("read", []).decide(Case()).granted
    assert BOTH.decide(Case()).granted


@given(st.lists(st.booleans(), max_size=8))
def test_granted_exactly_when_there_are_rules_and_all_hold(answers):
    rules = RuleList[Case]("read", [fixed(n, holds) for n, holds in enumerate(answers)])
    decision = rules.decide(Case())
    assert decision.granted is (bool(answers) and all(answers))
    assert [o.held for o in decision.outcomes()] == answers
    assert len(decision.refusals()) == answers.count(False)


@given(st.lists(st.booleans(), min_size=1, max_size=8))
def test_one_more_failing_rule_never_turns_a_no_into_a_yes(answers):
    rules = [fixed(n, holds) for n, holds in enumerate(answers)]
    more = [*rules, fixed(99, holds=False)]
    assert not RuleList[Case]("read", more).decide(Case()).granted


# -- what rests on text nobody has read -----------------------------------------


def test_an_unverified_rule_binds_and_says_that_it_is_unverified():
    decision = RuleList[Case]("read", THREE).decide(Case(marked=False))
    last = decision.outcomes()[-1]
    assert (last.held, last.verified) == (False, False)
    assert not decision.granted


def test_switched_off_it_is_not_asked_but_stays_listed():
    only = [reader_is_cleared, nobody_has_read_this]
    assert not RuleList[Case]("read", only).decide(Case(marked=False)).granted
    off = RuleList[Case]("read", only, off=["nobody_has_read_this"])
    decision = off.decide(Case(marked=False))
    assert decision.granted
    assert [o.held for o in decision.outcomes()] == [True, None]
    assert decision.refusals() == ()
    assert decision.articles() == ("Art. 7",)


def test_a_list_with_every_rule_switched_off_grants_nothing():
    off = RuleList[Case]("read", [nobody_has_read_this], off=["nobody_has_read_this"])
    assert not off.decide(Case()).granted
    assert off.decide(Case()).articles() == ()


@pytest.mark.parametrize("name", ["item_is_marked", "no_such_rule"])
def test_a_verified_rule_cannot_be_switched_off(name):
    with pytest.raises(ValueError, match=f"{name} is not an unverified rule of read"):
        RuleList[Case]("read", THREE, off=[name])


# -- versions and storage -------------------------------------------------------

BASE = Rule("r", "Art. 1", "text", "who", ("cleared",), verified=False, check=lambda _case: True)


@pytest.mark.parametrize(
    "field, value",
    [
        ("name", "s"),
        ("article", "Art. 2"),
        ("text", "another text"),
        ("who", "nobody"),
        ("sees", ("marked",)),
        ("verified", True),
    ],
)
def test_the_version_changes_with_what_is_said(field, value):
    changed = msgspec.structs.replace(BASE, **{field: value})
    assert RuleList[Case]("read", [BASE]).version != RuleList[Case]("read", [changed]).version


def test_the_version_changes_with_the_act_the_order_and_what_is_off():
    named = [
        RuleList[Case]("read", THREE),
        RuleList[Case]("copy", THREE),
        RuleList[Case]("read", THREE[::-1]),
        RuleList[Case]("read", THREE[:2]),
        RuleList[Case]("read", THREE, off=["nobody_has_read_this"]),
    ]
    assert len({rules.version for rules in named}) == len(named)
    assert RuleList[Case]("read", THREE).version == named[0].version
    assert named[0].version.startswith("read@")


@pytest.mark.parametrize("case", [Case(), Case(cleared=False)])
def test_a_ruling_is_the_decision_without_its_functions(case):
    decision = BOTH.decide(case)
    ruling = Ruling.of(decision)
    assert (ruling.act, ruling.rules) == ("read", BOTH.version)
    assert ruling.granted is decision.granted
    assert ruling.refusals() == decision.refusals()
    assert canon.decode(canon.encode(ruling), Ruling, "ruling") == ruling


def test_a_rule_without_a_text_is_a_mistake():
    def silent(case: Case) -> bool:
        return case.marked

    with pytest.raises(TypeError, match="silent needs a docstring"):
        rule("Art. 1", who="nobody", sees=())(silent)
