"""Stories of the way between two nodes: lost, late, twice, altered, out of order, by hand."""

from __future__ import annotations

import io
import os
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gsomia.canon import instant, parse_instant
from gsomia.exchange import commands as exchange
from gsomia.exchange import notices
from gsomia.exchange.card import open_card
from gsomia.exchange.container import read_container, write_container
from gsomia.exchange.messages import Message
from gsomia.exchange.model import Alarm, Incoming, Line
from gsomia.exchange.receipt import open_receipt
from gsomia.exchange.sequence import Sequence
from gsomia.exchange.transmittal import seal_transmittal
from gsomia.faults import BadInput, ProofFailed
from gsomia.node.ports import Outcome
from gsomia.registry.model import Item
from gsomia.views import desk
from tests.stories import steps
from tests.stories.town import House, Town


def line(house: House) -> Line:
    (found,) = house.node.clerk.state.all(Line)
    return found


def held_back(town: Town, *precedences: str) -> list[str]:
    """Transmittals sealed while the partner cannot be reached; their numbers."""
    numbers = []
    requests = [steps.approved(town, content=p.encode())[1] for p in precedences]
    town.wire.down = True
    for request, precedence in zip(requests, precedences, strict=True):
        told = town.kor.ok("P-2", exchange.Dispatch((request,), precedence))
        numbers.append(str(told["number"]))
    town.kor.tick()
    return numbers


def due(town: Town) -> list[str]:
    """What a person on the receiving side must still look at."""
    rows = desk.queue(town.jpn.node.clerk.state, {"queue": "alarms"})["rows"]
    return [row["what"] for row in rows]


def by_hand(town: Town, number: str):
    return steps.take(town.jpn, steps.exported(town.kor, number))


# -- twice, and other bytes ----------


def test_a_repetition_is_answered_with_the_stored_bytes(town: Town) -> None:
    (number,) = held_back(town, "R")
    data = steps.exported(town.kor, number)
    first = steps.take(town.jpn, data)
    docs = steps.docs(town.jpn)
    again = steps.take(town.jpn, data, "KOR-DIH1")
    assert (first.outcome, again.outcome) == (Outcome.RECEIVED, Outcome.REPEATED)
    assert again.body == first.body
    assert steps.docs(town.jpn) == docs
    town.accept()
    town.settle()
    assert steps.take(town.jpn, data).body == first.body
    assert town.jpn.node.clerk.state.count(Item) == 1


@pytest.mark.parametrize("registered_before", [True, False])
def test_other_bytes_under_one_number_are_refused_and_kept_as_evidence(
    town: Town, tmp_path: Path, registered_before: bool
) -> None:
    """A sender started from an old copy gives a number a second time."""
    requests = [steps.approved(town, content=c)[1] for c in (b"first", b"second")]
    town.kor.node.stop()
    old = steps.twin(town.kor, tmp_path / "old")
    old.node.stop()
    town.kor.node = town.kor.open()
    town.kor.ok("P-2", exchange.Dispatch((requests[0],)))
    town.settle()
    if registered_before:
        (received,) = town.accept()
    town.kor.node.stop()

    old.node = old.open()
    old.ok("P-2", exchange.Dispatch((requests[1],)))
    old.tick()
    assert steps.sent(old).state == "conflict"
    assert steps.alarms(old) == ["delivery conflict"]
    assert steps.alarms(town.jpn) == ["conflict"]
    rows = [r for r in town.jpn.node.store.everything() if r.kind == "exchange.conflict_kept"]
    assert len(rows) == 1
    if not registered_before:
        (received,) = town.accept()
    assert steps.opened(town.jpn, "P-5", received)[1] == b"first"
    assert town.jpn.node.clerk.state.count(Item) == 1
    old.node.stop()


def test_a_byte_changed_on_the_way_is_rejected_and_sent_again(town: Town) -> None:
    bent: list[int] = []

    def bend(path: str, data: bytes) -> bytes:
        if path != "/transmittal" or bent:
            return data
        bent.append(len(data) // 2)
        return data[: bent[0]] + bytes([data[bent[0]] ^ 1]) + data[bent[0] + 1 :]

    number = steps.dispatch(town)
    town.wire.bend = bend
    town.settle()
    assert steps.sent(town.kor).state == "sealed"
    assert steps.alarms(town.jpn) == ["rejected"]
    assert steps.waiting(town.jpn) == []
    town.clock.at += timedelta(seconds=2)
    town.settle()
    assert (steps.sent(town.kor).number, steps.sent(town.kor).state) == (number, "delivered")
    assert len(town.accept()) == 1


@pytest.mark.parametrize("share", [0.02, 0.2, 0.5, 0.8, 0.999])
def test_no_altered_or_cut_transmittal_gets_in(town: Town, share: float) -> None:
    (number,) = held_back(town, "R")
    data = steps.exported(town.kor, number)
    place = int(len(data) * share)
    for other in (
        data[:place] + bytes([data[place] ^ 0x20]) + data[place + 1 :],
        data[:place],
        data[:place] + data[place + 1 :],
        data + b"\n",
    ):
        assert steps.take(town.jpn, other).outcome is Outcome.REJECTED
    assert steps.waiting(town.jpn) == []
    assert steps.take(town.jpn, data).outcome is Outcome.RECEIVED


def test_a_stranger_brings_nothing(town: Town) -> None:
    (number,) = held_back(town, "R")
    data = steps.exported(town.kor, number)
    assert steps.take(town.jpn, data, "USA-DIH1").outcome is Outcome.REJECTED
    assert steps.take(town.kor, data).outcome is Outcome.REJECTED
    assert steps.take(town.jpn, data, "KOR-DIH1").outcome is Outcome.RECEIVED


# -- numbers ----------


def test_one_held_back_shows_as_a_gap(town: Town) -> None:
    first, second = held_back(town, "R", "R")
    before = line(town.jpn).received.contiguous
    by_hand(town, second)
    assert steps.alarms(town.jpn) == ["gap"]
    assert line(town.jpn).received.missing() == ((before + 1, before + 1),)
    assert due(town) == ["gap"]
    by_hand(town, first)
    assert due(town) == []
    (gap,) = town.jpn.node.clerk.state.all(Alarm)
    assert gap.settled_at == instant(town.clock.at)
    assert line(town.jpn).received.missing() == ()
    assert line(town.jpn).received.contiguous == before + 2


def test_a_gap_that_narrows_is_no_new_gap(town: Town) -> None:
    first, second, third = held_back(town, "R", "R", "R")
    by_hand(town, third)
    by_hand(town, second)
    assert steps.alarms(town.jpn) == ["gap"] == due(town)
    by_hand(town, first)
    assert steps.alarms(town.jpn) == ["gap"]
    assert due(town) == []


def test_a_flash_that_overtakes_is_no_gap(town: Town) -> None:
    first, flash = held_back(town, "R", "Z")
    by_hand(town, flash)
    assert steps.alarms(town.jpn) == []
    by_hand(town, first)
    assert steps.alarms(town.jpn) == []
    assert line(town.jpn).received.missing() == ()


def test_a_heartbeat_shows_that_the_last_one_was_lost(town: Town) -> None:
    (lost,) = held_back(town, "R")
    assert town.kor.tick() == 0
    town.clock.at += timedelta(hours=1)
    town.kor.tick()
    town.kor.tick()
    beat = steps.sent(town.kor, "heartbeat")
    assert steps.alarms(town.jpn) == []
    by_hand(town, beat.number)
    assert steps.alarms(town.jpn) == ["gap"]
    by_hand(town, lost)
    assert line(town.jpn).received.missing() == ()


def test_a_cancelled_transmittal_leaves_a_signed_void(town: Town) -> None:
    _, request = steps.approved(town)
    number = town.kor.ok("P-2", exchange.Dispatch((request,)))["number"]
    assert town.kor.refused("P-5", exchange.Cancel("JPN-DIH1", number, "no")) == [
        "actor_is_appointed"
    ]
    town.kor.ok("P-2", exchange.Cancel("JPN-DIH1", number, "wrong copy"))
    town.settle()
    (arrival,) = [x for x in town.jpn.incoming() if x.number == number]
    assert (arrival.what, arrival.state) == ("void", "handled")
    assert line(town.jpn).received.missing() == ()
    again = town.kor.ok("P-2", exchange.Dispatch((request,)))["number"]
    assert again != number, "a number is never used twice"
    town.settle()
    with pytest.raises(BadInput, match="that has not left"):
        town.kor.do("P-2", exchange.Cancel("JPN-DIH1", again, "too late"))


def test_what_is_cancelled_while_it_is_sealed_does_not_leave(town: Town, monkeypatch) -> None:
    """Sealing a large file takes seconds: a registrar who cancels meanwhile has cancelled."""
    _, request = steps.approved(town)
    sealer = town.kor.node.upkeep._sealer
    seal = sealer.seal
    made: list[str] = []

    def slowly(out, *circumstances):
        sealed = seal(out, *circumstances)
        if not made:
            town.kor.ok("P-2", exchange.Cancel(out.peer, out.number, "wrong copy"))
        made.append(out.what)
        return sealed

    monkeypatch.setattr(sealer, "seal", slowly)
    number = town.kor.ok("P-2", exchange.Dispatch((request,)))["number"]
    town.settle()
    assert made[:2] == ["items", "void"]
    (arrival,) = [x for x in town.jpn.incoming() if x.number == number]
    assert (arrival.what, arrival.statement.items()) == ("void", ())
    assert steps.sent(town.kor, "void").state == "delivered"


def test_one_item_goes_once_in_a_transmittal(town: Town) -> None:
    """Two copies asked for one by one leave one by one: a message names each item once."""
    number, first = steps.approved(town)
    second = town.release(number, (2,))
    with pytest.raises(BadInput, match="requests of different items"):
        town.kor.do("P-2", exchange.Dispatch((first, second)))
    for request in (first, second):
        town.kor.ok("P-2", exchange.Dispatch((request,)))
    town.settle()
    assert len(steps.waiting(town.jpn)) == 2


# -- the partner is away ----------


def test_a_partner_that_is_away_is_tried_again_ever_more_slowly(town: Town) -> None:
    held_back(town, "R")
    waits = []
    for _ in range(12):
        due = town.kor.node.links.waits_until("JPN-DIH1")
        town.clock.at = parse_instant(due, "due")
        before = town.clock.at
        town.kor.tick()
        after = parse_instant(town.kor.node.links.waits_until("JPN-DIH1"), "due")
        waits.append(round((after - before).total_seconds()))
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300, 300]
    town.wire.down = False
    town.settle()
    assert steps.sent(town.kor).state == "sealed", "not before its time"
    town.clock.at += timedelta(minutes=5)
    town.settle()
    assert steps.sent(town.kor).state == "delivered"
    assert town.kor.node.links.waits_until("JPN-DIH1") == ""


def test_a_lost_answer_is_asked_for_again(town: Town) -> None:
    """The partner has it and its receipt was lost: the same receipt comes the second time."""
    (number,) = held_back(town, "R")
    first = by_hand(town, number)
    town.wire.down = False
    town.clock.at += timedelta(minutes=5)
    town.settle()
    assert steps.sent(town.kor).receipt.encode() == first.body
    assert town.jpn.node.clerk.state.count(Item) == 0
    assert len(steps.waiting(town.jpn)) == 1


def test_the_most_urgent_goes_first(town: Town) -> None:
    numbers = dict(zip("RPOZ", held_back(town, "R", "P", "O", "Z"), strict=True))
    town.wire.sent.clear()
    town.wire.down = False
    town.clock.at += timedelta(minutes=5)
    town.kor.tick()
    order = [x.number for x in town.jpn.incoming() if x.what == "items"]
    assert order == [numbers[p] for p in "ZOPR"]
    assert line(town.jpn).received.missing() == ()


def test_what_could_not_be_sent_holds_up_the_later_numbers(town: Town, monkeypatch) -> None:
    """However slow the machine is: a later number that came first would look like a gap."""
    first, _ = held_back(town, "R", "R")
    data = b"".join(town.kor.node.links.chunks(f"sent-JPN-DIH1-{first}"))
    town.wire.down = False
    town.wire.bend = lambda _, sent: None if sent == data else sent

    def hours_later():
        town.clock.at += timedelta(hours=1)
        return town.clock.at

    monkeypatch.setattr(town.kor.node.links, "_clock", hours_later)
    town.kor.tick()
    assert [x.number for x in town.jpn.incoming() if x.what == "items"] == []
    town.wire.bend = lambda _, sent: sent
    town.settle()
    assert len(steps.waiting(town.jpn)) == 2
    assert "gap" not in steps.alarms(town.jpn)


def test_one_that_the_partner_rejects_does_not_hold_up_the_others(town: Town) -> None:
    first, second = held_back(town, "R", "R")
    bad = steps.exported(town.kor, first)
    town.wire.down = False
    town.wire.bend = lambda _, data: data[:-9] if data == bad else data
    for _ in range(4):
        town.clock.at += timedelta(minutes=6)
        town.settle()
    states = {o.number: o.state for o in town.kor.outgoing() if o.what == "items"}
    assert states == {first: "sealed", second: "delivered"}


# -- the courier ----------


def test_a_courier_carries_it_there_and_the_receipt_back(town: Town) -> None:
    other, number = held_back(town, "R", "R")
    arrival = by_hand(town, number)
    assert arrival.outcome is Outcome.RECEIVED
    out = steps.sent(town.kor)
    assert (out.exported, out.state) == (True, "sealed")
    with pytest.raises(ProofFailed):
        town.kor.node.take_receipt("JPN-DIH1", other, arrival.body)
    bent = arrival.body.replace(b"contiguous", b"contiguouz")
    with pytest.raises((BadInput, ProofFailed)):
        town.kor.node.take_receipt("JPN-DIH1", number, bent)
    for _ in range(2):
        town.kor.node.take_receipt("JPN-DIH1", number, arrival.body)
    out = steps.sent(town.kor)
    assert out.state == "delivered"
    keys = open_card(town.jpn.card).statement_keys
    said = open_receipt(out.receipt.encode(), keys, town.kor.node.links.header_of(out))
    assert said.number == number
    assert len(town.accept()) == 1


def test_what_no_courier_has_yet_may_be_cancelled(town: Town) -> None:
    requests = [steps.approved(town)[1] for _ in range(2)]
    orders = [exchange.Dispatch((request,), channel="courier") for request in requests]
    numbers = [town.kor.ok("P-2", order)["number"] for order in orders]
    town.kor.tick()
    steps.exported(town.kor, numbers[0])
    with pytest.raises(BadInput, match="that has not left"):
        town.kor.do("P-2", exchange.Cancel("JPN-DIH1", numbers[0], "too late"))
    town.kor.ok("P-2", exchange.Cancel("JPN-DIH1", numbers[1], "wrong copy"))
    town.kor.tick()
    by_hand(town, numbers[1])
    assert [x.what for x in town.jpn.incoming() if x.number == numbers[1]] == ["void"]


def test_what_is_not_sealed_or_not_kept_is_not_exported(town: Town) -> None:
    _, request = steps.approved(town)
    number = town.kor.ok("P-2", exchange.Dispatch((request,)))["number"]
    with pytest.raises(BadInput, match="sealed and still kept"):
        town.kor.node.export("JPN-DIH1", number)
    town.settle()
    town.accept()
    town.settle()
    with pytest.raises(BadInput, match="sealed and still kept"):
        town.kor.node.export("JPN-DIH1", number)


# -- any order ----------


class Registers(NamedTuple):
    """What must be the same whatever way the transmittals took."""

    received: Sequence
    arrivals: list[tuple[str, int, str, str]]
    items: list[tuple[str, str, str, str]]


def registers(house: House) -> Registers:
    state = house.node.clerk.state
    arrivals = sorted((x.number, x.sequence, x.what, x.body) for x in state.all(Incoming))
    items = sorted((i.reference, i.mark, i.local_mark, i.purpose) for i in state.all(Item))
    return Registers(line(house).received, arrivals, items)


def test_any_order_and_any_repetition_end_with_the_same_registers(tmp_path: Path) -> None:
    (tmp_path / "town").mkdir()
    town = Town(tmp_path / "town")
    numbers = held_back(town, "R", "Z", "P", "R")
    asked = notices.ReturnAsked("KOR-DIH1-2026-000001", (1,), "superseded")
    steps.tell(town.kor, "P-3", asked)
    town.kor.tick()
    numbers.append(steps.sent(town.kor, "notice").number)
    parcels = [steps.exported(town.kor, n) for n in numbers]
    town.jpn.node.stop()
    seen: list[Registers] = []

    @settings(max_examples=12)
    @given(st.permutations(range(5)), st.lists(st.integers(0, 4), max_size=3))
    def deliver(order: list[int], again: list[int]) -> None:
        house = steps.twin(town.jpn, tmp_path / f"jpn-{len(seen)}")
        try:
            for index in (*order, *again):
                assert steps.take(house, parcels[index]).outcome in (
                    Outcome.RECEIVED,
                    Outcome.REPEATED,
                )
            for number in numbers[:4]:
                waits = house.node.clerk.state.need(Incoming, f"KOR-DIH1 {number}", "arrival")
                lines = tuple(
                    exchange.ReceivedLine(i.reference, True, "極秘")
                    for i in waits.statement.items()
                )
                house.ok("P-2", exchange.Accept("KOR-DIH1", number, "F-1", lines))
            seen.append(registers(house))
        finally:
            house.node.stop()
        assert seen[-1] == seen[0]

    deliver()
    assert len(seen[0].items) == 4
    town.kor.node.stop()


# -- a partner that means harm ----------


def test_a_refused_transmittal_takes_nothing_away(town: Town) -> None:
    """It lists a file that is in our register already; refusing it must leave that file."""
    (number,) = held_back(town, "R")
    data = steps.exported(town.kor, number)
    steps.take(town.jpn, data)
    (received,) = town.accept()
    files: list[io.BytesIO] = []

    def keep(_: int, __: int) -> io.BytesIO:
        files.append(io.BytesIO())
        return files[-1]

    read_container(io.BytesIO(data), keep, 1 << 22)
    (arrival,) = [x for x in town.jpn.incoming() if x.what == "items"]
    said = arrival.statement
    key = town.jpn.node.vault.slot(steps.item(town.jpn, received).sealed.slot)
    assert key is not None
    again = Message(
        id="0" * 32,
        from_="KOR-DIH1",
        to="JPN-DIH1",
        agreement=said.agreement,
        agreed_digest="sha256:" + "0" * 64,
        sequence=said.sequence + 1,
        number="T-000099",
        sealed_at=said.sealed_at,
        precedence="R",
        contiguous=0,
        card=said.card,
        carries=said.carries,
    )
    sealed = seal_transmittal(
        again, [key], open_card(town.jpn.card), town.kor.node.identity.statement, os.urandom, []
    )
    out = io.BytesIO()
    content = files[0].getvalue()
    parts = [(io.BytesIO(content), len(content))]
    write_container(out, sealed.header, sealed.keys, sealed.statement, parts)
    assert steps.take(town.jpn, out.getvalue()).outcome is Outcome.REFUSED
    assert steps.opened(town.jpn, "P-5", received)[1] == b"R"
