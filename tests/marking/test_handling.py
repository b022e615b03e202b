"""What markings ask of a recipient: the scales, the laws of putting together, each rule."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsomia.marking.handling import (
    Closed,
    Effect,
    Handling,
    Leveled,
    OneOf,
    Pap,
    Privilege,
    Privileges,
    Recipient,
    Scope,
    Sharing,
    Standing,
    Tlp,
    join,
    settled,
    together,
    unmet,
)
from tests.marking.handlings import handlings, recipients

OPEN = Handling(silent=False)
KOR = Recipient(party="KOR")


def test_the_scales_are_in_the_order_of_their_standards():
    words = ["CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"]
    assert [t.value for t in sorted(Tlp)] == words
    assert [p.value for p in sorted(Pap)] == ["CLEAR", "GREEN", "AMBER", "RED"]
    assert sorted(Standing) == list(Standing)


# -- laws -----------------------------------------------------------------------------


def _refusing(handling, recipient):
    """The rules that do not hold, both of TLP as one: a join may name its recipients."""
    return {one.rule.replace("tlp_named", "tlp_standing") for one in unmet(handling, recipient)}


@given(st.lists(handlings, min_size=1, max_size=4), recipients)
def test_whatever_refuses_a_part_refuses_the_join(parts, recipient):
    """So whoever passes the join passes every part."""
    whole = _refusing(join(parts), recipient)
    assert all(_refusing(part, recipient) <= whole for part in parts)


@given(st.lists(handlings, min_size=1, max_size=4), recipients)
def test_whatever_refuses_a_marking_refuses_the_thing_it_stands_on(parts, recipient):
    """But for silence: a marking that does not say who may receive needs another that does."""
    whole = _refusing(together(parts), recipient)
    assert all(_refusing(part, recipient) - {"says_who"} <= whole for part in parts)
    assert ("says_who" in whole) == all(part.silent for part in parts)


@pytest.mark.parametrize("combine", [join, together])
@given(a=handlings, b=handlings, c=handlings)
def test_order_and_repetition_do_not_matter(combine, a, b, c):
    assert combine([a, b]) == combine([b, a])
    assert combine([a, combine([b, c])]) == combine([combine([a, b]), c])
    assert combine([a, a]) == a


@given(handlings, recipients, st.sampled_from(Tlp))
def test_a_decision_about_silence_opens_nothing_that_is_marked(handling, recipient, tlp):
    before, after = unmet(handling, recipient), unmet(settled(handling, tlp), recipient)
    assert {one for one in before if one.rule != "says_who"} <= {
        *after,
        *(one for one in before if one.rule.startswith("tlp_")),
    }
    if not handling.silent:
        assert before == after


@given(handlings, recipients)
def test_nobody_passes_what_is_closed_or_silent(handling, recipient):
    shut = msgspec.structs.replace(handling, closed=frozenset({Closed("readable", "x")}))
    assert unmet(shut, recipient)
    assert unmet(msgspec.structs.replace(handling, silent=True), recipient)


def test_nothing_at_all_permits_nobody():
    assert [one.rule for one in unmet(join([]), KOR)] == ["says_who"]
    assert [one.rule for one in unmet(together([]), KOR)] == ["says_who"]
    assert not unmet(OPEN, KOR)


# -- rules ----------------------------------------------------------------------------


@pytest.mark.parametrize("tlp", Tlp)
@pytest.mark.parametrize("standing", Standing)
def test_who_receives_under_tlp(tlp, standing):
    receives = {
        Tlp.CLEAR: "anyone community client member named",
        Tlp.GREEN: "community client member named",
        Tlp.AMBER: "client member named",
        Tlp.AMBER_STRICT: "member named",
        Tlp.RED: "named",
    }
    found = unmet(msgspec.structs.replace(OPEN, tlp=tlp), Recipient(party="KOR", standing=standing))
    assert (not found) == (standing.value in receives[tlp].split())
    rules = {"tlp_named"} if tlp is Tlp.RED else {"tlp_standing"}
    assert {one.rule for one in found} <= rules


_NEITHER = Privileges(Effect.DENY)


def _may(effect, default, **scope):
    rule = Privilege("DSPLY", effect, Scope(**{k: frozenset(v) for k, v in scope.items()}))
    return {"privileges": frozenset({Privileges(default, frozenset({rule}))})}


def _share(default, permits=(), denies=()):
    return {"sharing": frozenset({Sharing(default, frozenset(permits), frozenset(denies))})}


PERMIT, DENY = Effect.PERMIT, Effect.DENY
SECRET = frozenset({Leveled("USA", "S")})


@pytest.mark.parametrize(
    ("asked", "held", "rule"),
    [
        ({"states": frozenset({"KOR", "JPN"})}, {}, ""),
        ({"states": frozenset({"ALL"})}, {}, ""),
        ({"states": frozenset({"USA"})}, {}, "state_named"),
        ({"states": frozenset()}, {}, "state_named"),
        ({"levels": SECRET}, {"cleared": SECRET}, ""),
        ({"levels": SECRET}, {}, "level_held"),
        # The list is explicit: another level, or the word in another policy, does not do.
        ({"levels": SECRET}, {"cleared": frozenset({Leveled("USA", "TS")})}, "level_held"),
        ({"levels": SECRET}, {"cleared": frozenset({Leveled("NATO", "S")})}, "level_held"),
        ({"caveats": frozenset({"a", "b"})}, {"caveats": frozenset({"a", "b", "c"})}, ""),
        ({"caveats": frozenset({"a", "b"})}, {"caveats": frozenset({"a"})}, "caveat_held"),
        (
            {"one_of": frozenset({OneOf("entities", frozenset({"MIL", "GOV"}))})},
            {"entities": frozenset({"GOV"})},
            "",
        ),
        ({"one_of": frozenset({OneOf("entities", frozenset({"MIL"}))})}, {}, "one_of_held"),
        (_share(PERMIT), {}, ""),
        (_share(DENY), {}, "sharing_permitted"),
        (_share(DENY, ["FOREIGNGOV"]), {}, ""),
        (_share(DENY, ["FOREIGNGOV"]), {"party": "USA"}, "sharing_permitted"),
        (_share(DENY, ["ISAC"]), {"organisations": frozenset({"ISAC"})}, ""),
        (_share(PERMIT, denies=["FOREIGNGOV"]), {}, "sharing_permitted"),
        (_share(PERMIT, ["FOREIGNGOV"], ["FOREIGNGOV"]), {}, "sharing_permitted"),
        ({"privileges": frozenset({Privileges(PERMIT)})}, {}, ""),
        ({"privileges": frozenset({_NEITHER})}, {}, "action_permitted"),
        (_may(PERMIT, DENY, states=["KOR"]), {}, ""),
        (_may(PERMIT, DENY, states=["JPN"]), {}, "action_permitted"),
        (_may(PERMIT, DENY, states=["KOR"]), {"action": "INTEL"}, "action_permitted"),
        (_may(PERMIT, DENY, organisations=["ISAC"]), {}, "action_permitted"),
        (_may(PERMIT, DENY, organisations=["ALL"]), {}, ""),
        (_may(PERMIT, DENY, communities=["IC"]), {"communities": frozenset({"IC"})}, ""),
        (_may(PERMIT, DENY, communities=["IC"]), {}, "action_permitted"),
        (_may(PERMIT, DENY, entities=["MIL"]), {}, "action_permitted"),
        (_may(DENY, PERMIT, states=["KOR"]), {}, "action_permitted"),
        (_may(DENY, PERMIT, states=["JPN"]), {}, ""),
        # What is not known of a recipient may be what is denied.
        (_may(DENY, PERMIT, organisations=["ISAC"]), {}, "action_permitted"),
        (_may(DENY, PERMIT, organisations=["ISAC"]), {"organisations": frozenset({"X"})}, ""),
    ],
)
def test_a_rule_holds_or_not(asked, held, rule):
    handling = msgspec.structs.replace(OPEN, **asked)
    recipient = msgspec.structs.replace(KOR, **held)
    assert [one.rule for one in unmet(handling, recipient)] == ([rule] if rule else [])
