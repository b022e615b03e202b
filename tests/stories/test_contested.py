"""Releases on contested ground, on the eve of 21 March 2023: what each policy makes of them."""

from __future__ import annotations

import pytest

from gsomia.agreement import shipped
from gsomia.desk import commands as desk
from gsomia.desk.policy import POLICIES, in_force
from gsomia.exchange import commands as exchange
from gsomia.faults import BadInput
from gsomia.fold import State
from gsomia.node import past
from gsomia.release import commands as release
from tests.stories import steps
from tests.stories.town import AGREEMENT, PURPOSE, House, Town


def decide(house: House, policy: str, reading: str = "K") -> int:
    command = desk.SetPolicy(AGREEMENT, policy, reading, "decided in council")  # type: ignore[arg-type]  # read at run time
    return int(house.ok("P-6", command)["version"])


def approved(town: Town) -> str:
    return town.release(town.kor.register(steps.LEVEL_2))


def test_by_default_one_more_person_confirms_the_ground(spring: Town) -> None:
    kor = spring.kor
    request = approved(spring)
    assert kor.refused("P-2", exchange.Dispatch((request,))) == ["contested_ground_was_confirmed"]
    confirm = release.ConfirmGround(request)
    assert kor.refused("P-3", confirm) == ["actor_is_appointed", "confirmed_by_another_person"]
    told = kor.ok("P-6", confirm)
    assert told["reading"] == "K", "the reading that Korea is reported to hold"
    kor.ok("P-2", exchange.Dispatch((request,)))
    spring.settle()
    assert len(spring.accept()) == 1


def test_allow_goes_on_and_says_on_which_reading(spring: Town) -> None:
    assert decide(spring.kor, "allow", "J") == 1
    request = approved(spring)
    spring.kor.ok("P-2", exchange.Dispatch((request,)))
    (line,) = past.decisions(spring.kor.node, {"act": "exchange.dispatch"})["rows"]
    ruling = past.decision(spring.kor.node, {"key": line["key"]})["ruling"]
    saw = {o["rule"]: o["saw"] for o in ruling["outcomes"]}
    assert saw["agreement_permits_transfer"] == {
        "agreement_status": "notice_suspended",
        "transfer": True,
        "uncertain": False,
        "contestable": True,
        "reading": "J",
    }
    assert saw["policy_does_not_refuse"] == {
        "contestable": True,
        "reading": "J",
        "policy": "allow",
        "policy_version": 1,
    }


@pytest.mark.parametrize(
    "policy, rule",
    [("refuse", "policy_does_not_refuse"), ("other_route", "policy_asks_for_no_other_route")],
)
def test_refuse_and_other_route_stop_each_step(spring: Town, policy: str, rule: str) -> None:
    kor = spring.kor
    item = kor.register(steps.LEVEL_2)
    request = spring.release(item)
    kor.ok("P-6", release.ConfirmGround(request))
    decide(kor, policy)
    asked = release.RequestRelease(item, AGREEMENT, PURPOSE, (2,))
    assert kor.refused("P-5", asked) == [rule]
    assert kor.refused("P-2", exchange.Dispatch((request,))) == [rule]


def test_a_confirmation_counts_for_its_reading_and_policy_alone(spring: Town) -> None:
    kor = spring.kor
    request = approved(spring)
    kor.ok("P-6", release.ConfirmGround(request))
    assert decide(kor, "second_pair", "J") == 1
    send = exchange.Dispatch((request,))
    assert kor.refused("P-2", send) == ["contested_ground_was_confirmed"]
    kor.ok("P-6", release.ConfirmGround(request))
    assert decide(kor, "second_pair", "J") == 2
    assert kor.refused("P-2", send) == ["contested_ground_was_confirmed"]
    kor.ok("P-7", release.ConfirmGround(request))
    kor.ok("P-2", send)


def test_where_nobody_contests_the_ground_no_policy_matters(town: Town) -> None:
    decide(town.kor, "refuse")
    request = approved(town)
    rules = town.kor.refused("P-6", release.ConfirmGround(request))
    assert rules == ["policy_asks_for_confirmation"]
    town.kor.ok("P-2", exchange.Dispatch((request,)))


def test_what_is_not_decided_yet_is_not_confirmed(spring: Town) -> None:
    kor = spring.kor
    item = kor.register(steps.LEVEL_2)
    asked = release.RequestRelease(item, AGREEMENT, PURPOSE)
    request = str(kor.ok("P-5", asked)["request"])
    assert kor.refused("P-6", release.ConfirmGround(request)) == ["release_is_decided"]


def test_the_policy_is_decided_by_the_desk_openly(spring: Town) -> None:
    kor = spring.kor
    command = desk.SetPolicy(AGREEMENT, "allow", "K", "decided in council")
    for person in ("P-1", "P-3", "P-10"):
        assert kor.refused(person, command) == ["actor_is_appointed"]
    for reading, reason, why in [
        ("X", "decided", "a reading that a party holds: K, J"),
        ("Q", "decided", "a reading that a party holds"),
        ("K", " ", "a reason"),
    ]:
        with pytest.raises(BadInput, match=why):
            kor.do("P-6", desk.SetPolicy(AGREEMENT, "allow", reading, reason))
    kor.ok("P-6", command)
    (row,) = (r for r in kor.node.store.everything() if r.kind == "desk.policy_set")
    assert row.book == "house", "no partner learns of it"


@pytest.mark.parametrize("party, reading", [("KOR", "K"), ("JPN", "J")])
def test_by_default_each_side_relies_on_its_own_reading(party: str, reading: str) -> None:
    found = in_force(State(), shipped(AGREEMENT), party)
    assert (found.policy, found.reading, found.version) == ("second_pair", reading, 0)
    assert found.policy in POLICIES
