"""Stories of signed commands: whose they are, for which node, when, and once."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

import pytest

from gsomia.act import Answer
from gsomia.canon import encode, instant
from gsomia.clearance import commands as clearance
from gsomia.exchange import commands as exchange
from gsomia.exchange import notices
from gsomia.exchange.officer import COMMAND
from gsomia.faults import BadInput, ProofFailed, Unavailable
from gsomia.journal.statement import SigningPair, sign_statement
from gsomia.node.orders import sign_order
from gsomia.registry.model import Item
from tests.stories import steps
from tests.stories.town import AGREEMENT, House, Town

APPOINT = clearance.Appoint("P-5", "inspector", "letter 9")


def sizes(house: House) -> dict[str, int]:
    return house.node.store.heads()


def test_a_signed_command_acts_once(town: Town) -> None:
    signed = town.kor.sign("P-1", APPOINT)
    assert town.kor.node.handle(signed).granted
    before = sizes(town.kor)
    with pytest.raises(BadInput, match="not carried out before"):
        town.kor.node.handle(signed)
    town.kor.restart()
    with pytest.raises(BadInput, match="not carried out before"):
        town.kor.node.handle(signed)
    assert sizes(town.kor) == before


def test_a_refused_command_is_spent_too(town: Town) -> None:
    signed = town.kor.sign("P-5", APPOINT)
    assert not town.kor.node.handle(signed).granted
    town.kor.ok("P-1", clearance.Appoint("P-5", "security_authority", "letter 10"))
    with pytest.raises(BadInput, match="not carried out before"):
        town.kor.node.handle(signed)


def test_a_command_for_another_node_is_not_ours(town: Town) -> None:
    nonce = os.urandom(16).hex()
    key = town.kor.keys["P-1"]
    signed = sign_order(APPOINT, "JPN-DIH1", town.clock(), nonce, key)
    with pytest.raises(BadInput, match="a command for KOR-DIH1"):
        town.kor.node.handle(signed)
    with pytest.raises(ProofFailed, match="no person enrolled here"):
        town.jpn.node.handle(signed)


@pytest.mark.parametrize("minutes, fresh", [(9, True), (11, False), (-9, True), (-11, False)])
def test_a_command_is_fresh_for_ten_minutes(town: Town, minutes: int, fresh: bool) -> None:
    at = town.clock.at - timedelta(minutes=minutes)
    nonce = os.urandom(16).hex()
    signed = sign_order(APPOINT, "KOR-DIH1", at, nonce, town.kor.keys["P-1"])
    if fresh:
        assert town.kor.node.handle(signed).granted
    else:
        with pytest.raises(BadInput, match="within 10 minutes"):
            town.kor.node.handle(signed)


def test_a_key_nobody_enrolled_is_nobodys(town: Town) -> None:
    stranger = SigningPair.from_seeds("KOR-DIH1/P-77", os.urandom(32), os.urandom(32))
    signed = sign_order(APPOINT, "KOR-DIH1", town.clock(), os.urandom(16).hex(), stranger)
    with pytest.raises(ProofFailed, match="no person enrolled here"):
        town.kor.node.handle(signed)


def test_another_key_under_an_enrolled_name_is_a_forgery(town: Town) -> None:
    forger = SigningPair.from_seeds("KOR-DIH1/P-1", os.urandom(32), os.urandom(32))
    signed = sign_order(APPOINT, "KOR-DIH1", town.clock(), os.urandom(16).hex(), forger)
    with pytest.raises(ProofFailed):
        town.kor.node.handle(signed)


def test_no_changed_byte_passes(town: Town) -> None:
    signed = town.kor.sign("P-1", APPOINT)
    before = sizes(town.kor)
    for place in range(0, len(signed), 61):
        bent = signed[:place] + bytes([signed[place] ^ 1]) + signed[place + 1 :]
        with pytest.raises((BadInput, ProofFailed)):
            town.kor.node.handle(bent)
    assert sizes(town.kor) == before
    assert town.kor.node.handle(signed).granted


def test_a_partners_officer_is_nobody_here(town: Town) -> None:
    with pytest.raises(ProofFailed, match="no person enrolled here"):
        town.kor.node.handle(town.jpn.sign("P-1", APPOINT))


def test_the_nodes_own_commands_come_through_no_door(town: Town) -> None:
    own = {"do": "node.records", "book": "house", "event": {}}
    body = {"registry": "KOR-DIH1", "at": instant(town.clock.at), "nonce": "0" * 32, "command": own}
    signed = sign_statement(COMMAND, body, town.kor.keys["P-1"])
    with pytest.raises(BadInput):
        town.kor.node.handle(signed)
    with pytest.raises(BadInput, match="with its signature"):
        town.kor.node.clerk.submit(APPOINT)


@pytest.mark.parametrize("person", ["P-2", "P-3", "P-5", "P-6"])
def test_an_officer_without_the_role_is_refused_on_record(town: Town, person: str) -> None:
    answer = town.kor.do(person, APPOINT)
    assert [name for name, _ in steps.cited(answer)] == ["actor_is_appointed"]
    assert encode(steps.refusals(town.kor)[-1]) == encode(answer.ruling)
    (outcome,) = answer.ruling.refusals() if answer.ruling else ()
    assert outcome.saw["actor"] == person
    assert outcome.who == "security authority"


def test_an_appointment_that_ended_ends_the_act(town: Town) -> None:
    town.kor.ok("P-1", clearance.Appoint("P-5", "registrar", "letter", steps.in_days(town.kor, 1)))
    command = clearance.ListPerson("F-1", "P-3", AGREEMENT)
    town.kor.ok("P-5", command)
    town.clock.at += timedelta(days=1)
    assert town.kor.refused("P-5", command) == ["actor_is_appointed"]


def test_taking_back_what_was_never_given_harms_nobody(town: Town) -> None:
    """P-1 has no clearance: withdrawing it is a mistake, and the node goes on."""
    assert steps.barred(town.kor, "P-1", clearance.Withdraw("P-1", "a slip"))
    town.kor.ok("P-1", APPOINT)
    assert town.kor.node.clerk.halted == ""


# -- whose key it is ----------


def enrol(person: str, name: str, *seeds: bytes) -> clearance.Enrol:
    """Somebody presents the key of these seeds, which it has signed itself."""
    pair = SigningPair.from_seeds(name, *seeds)
    shown = sign_statement("officer-key", pair.public, pair).decode()
    return clearance.Enrol(person, f"Person {person}", "F-1", "", "", shown)


def seeds_of(house: House, name: str) -> list[bytes]:
    """A node's own secret, as its administrator can take it from the vault."""
    secret = house.node.vault.get(name)
    assert secret is not None
    return [secret[i : i + 32] for i in range(0, len(secret), 32)]


def whose_key(answer: Answer) -> dict[str, Any]:
    """What the one rule that refused saw."""
    (outcome,) = answer.ruling.refusals() if answer.ruling else ()
    assert outcome.article == "Registry practice: personal acts"
    return {"rule": outcome.rule, **outcome.saw}


@pytest.mark.parametrize(
    "secret, first, second",
    [
        ("statement-1", 0, 1),
        ("statement-1", 0, None),
        ("statement-1", None, 1),
        ("root", 0, 1),
        ("log", 0, None),
        ("log", None, 1),
        ("witness", 0, None),
        ("witness", None, 2),
    ],
)
@pytest.mark.parametrize("owner", ["kor", "jpn"])
def test_a_nodes_key_is_enrolled_for_nobody(
    town: Town, owner: str, secret: str, first: int | None, second: int | None
) -> None:
    house: House = getattr(town, owner)
    held = seeds_of(house, secret)
    halves = [os.urandom(32) if i is None else held[i] for i in (first, second)]
    before = sizes(town.kor)
    answer = town.kor.do("P-1", enrol("P-21", "KOR-DIH1/P-21", *halves))
    said = whose_key(answer)
    assert (said["rule"], said["node_of"]) == ("key_is_no_nodes", house.registry)
    assert encode(steps.refusals(town.kor)[-1]) == encode(answer.ruling)
    assert sizes(town.kor)["house"] == before["house"] + 1
    fresh = enrol("P-21", "KOR-DIH1/P-21", os.urandom(32), os.urandom(32))
    town.kor.ok("P-1", fresh)


def test_a_key_that_the_node_signed_with_before_is_enrolled_for_nobody(town: Town) -> None:
    before = seeds_of(town.kor, "statement-1")
    town.kor.ok("P-1", exchange.Rotate("monthly"))
    town.settle()
    assert town.kor.node.rotation.card.serial == 2
    for seeds in (before, seeds_of(town.kor, "statement-2")):
        answer = town.kor.do("P-1", enrol("P-21", "KOR-DIH1/P-21", *seeds))
        assert whose_key(answer)["rule"] == "key_is_no_nodes"


def test_a_key_is_one_persons(town: Town) -> None:
    kor, name = town.kor, "KOR-DIH1/P-21"
    first, second, other = os.urandom(32), os.urandom(32), os.urandom(32)
    kor.ok("P-1", enrol("P-21", name, first, second))
    kor.ok("P-1", enrol("P-21", name, first, second))
    wrong = [
        enrol("P-22", name, first, second),
        enrol("P-22", "KOR-DIH1/P-22", first, second),
        enrol("P-22", "KOR-DIH1/P-22", first, other),
        enrol("P-22", "KOR-DIH1/P-22", other, second),
        enrol("P-22", name, other, os.urandom(32)),
    ]
    for command in wrong:
        said = whose_key(kor.do("P-1", command))
        assert (said["rule"], said["held_by"]) == ("key_is_nobody_elses", ("P-21",))
    kor.ok("P-1", enrol("P-22", "KOR-DIH1/P-22", other, os.urandom(32)))


def test_a_key_that_somebody_gave_up_passes_to_nobody(town: Town) -> None:
    """What was signed with it is on record as theirs."""
    kor, old = town.kor, (os.urandom(32), os.urandom(32))
    kor.ok("P-1", enrol("P-21", "KOR-DIH1/P-21", *old))
    kor.ok("P-1", enrol("P-21", "KOR-DIH1/P-21.2", os.urandom(32), os.urandom(32)))
    kor.restart()
    for name in ("KOR-DIH1/P-22", "KOR-DIH1/P-21"):
        said = whose_key(kor.do("P-1", enrol("P-22", name, *old)))
        assert (said["rule"], said["held_by"]) == ("key_is_nobody_elses", ("P-21",))
    kor.ok("P-1", enrol("P-21", "KOR-DIH1/P-21", *old))


# -- the certificate that goes with an act ----------


def test_an_officer_of_two_roles_acts_in_the_one_that_lasts(town: Town) -> None:
    """An ended role beside a current one: what goes out must carry the current one."""
    number, received = town.exchange()
    town.kor.ok("P-1", clearance.Appoint("P-2", "disclosure_officer", "letter"))
    town.kor.ok("P-1", clearance.EndAppointment("P-2", "disclosure_officer"))
    steps.tell(town.kor, "P-2", notices.ReturnAsked(number, (1,), "superseded"))
    town.settle()
    assert steps.sent(town.kor, "notice").state == "delivered"
    assert steps.alarms(town.jpn) == []
    assert received


def test_an_act_signed_in_time_goes_out_though_the_role_ended_since(town: Town) -> None:
    """What the registrar ordered while one stays ordered; it must not block the line."""
    number = steps.dispatch(town)
    town.kor.ok("P-1", clearance.EndAppointment("P-2", "registrar"))
    town.settle()
    assert steps.sent(town.kor).number == number
    assert steps.sent(town.kor).state == "delivered"


# -- the clock ----------


def test_a_clock_set_back_stops_the_node_and_loses_nothing(town: Town) -> None:
    number, request = steps.approved(town)
    before, docs = sizes(town.kor), steps.docs(town.kor)
    town.clock.at -= timedelta(hours=1)
    with pytest.raises(Unavailable, match="the clock was set back"):
        town.kor.do("P-2", exchange.Dispatch((request,)))
    assert (sizes(town.kor), steps.docs(town.kor)) == (before, docs)
    town.kor.restart()
    with pytest.raises(Unavailable, match="the clock was set back"):
        town.kor.do("P-2", exchange.Dispatch((request,)))
    town.clock.at += timedelta(hours=1)
    town.kor.ok("P-2", exchange.Dispatch((request,)))
    town.settle()
    assert len(town.accept()) == 1
    assert steps.item(town.kor, number).key_held


def test_a_fraction_of_a_second_later_is_not_earlier(town: Town) -> None:
    """An entry at a whole second, and the next one a millisecond after it."""
    town.clock.at = town.clock.at.replace(microsecond=0) + timedelta(seconds=10)
    first, second = (town.kor.sign("P-1", APPOINT) for _ in range(2))
    town.kor.node.clock = town.kor.node.clerk._clock = lambda: town.clock.at
    town.clock.at = town.clock.at.replace(microsecond=0)
    assert town.kor.node.handle(first).granted
    town.clock.at += timedelta(milliseconds=1)
    assert town.kor.node.handle(second).granted


def test_nothing_happened_in_a_refusal_by_form(town: Town) -> None:
    before = steps.docs(town.kor)
    for command in (
        clearance.Appoint("P-99", "registrar", "letter"),
        clearance.Appoint("P-5", "king", "letter"),
        clearance.Grant("P-5", ("極秘",), "V-1", "2027-01-01T00:00:00Z"),
        clearance.Grant("P-5", (), "V-1", "2027-01-01T00:00:00Z"),
        clearance.Grant("P-5", (steps.LEVEL_2,), "V-1", "2027-01-01"),
        exchange.Trust(town.jpn.card.decode(), "0000"),
        exchange.Cancel("JPN-DIH1", "T-000009", "never sent"),
    ):
        with pytest.raises(BadInput):
            town.kor.do("P-1", command)
    assert steps.docs(town.kor) == before
    assert town.kor.node.clerk.state.count(Item) == 0
