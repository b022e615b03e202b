"""Stories of receiving: marking on receipt, accepting, refusing, item by item (Art. 4(2))."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from gsomia.clearance import commands as clearance
from gsomia.exchange import commands as exchange
from gsomia.exchange.commands import ReceivedLine
from gsomia.exchange.receiving import slot_name
from gsomia.faults import BadInput
from gsomia.registry.model import Item
from tests.stories import steps
from tests.stories.town import Town


def arrived(town: Town, count: int = 1, **more) -> exchange.Accept:
    """Items that wait in Japan, and the command that would accept them all as 極秘."""
    requests = tuple(steps.approved(town, content=b"%d" % n, **more)[1] for n in range(count))
    town.kor.ok("P-2", exchange.Dispatch(requests))
    town.settle()
    (waits,) = steps.waiting(town.jpn)
    lines = tuple(ReceivedLine(i.reference, True, "極秘") for i in waits.statement.items())
    return exchange.Accept(waits.peer, waits.number, "F-1", lines)


def marked(command: exchange.Accept, *marks: str) -> exchange.Accept:
    """The command with other marks; the empty text refuses the item."""
    lines = tuple(
        ReceivedLine(x.reference, bool(mark), mark, "" if mark else "not for this registry")
        for x, mark in zip(command.lines, marks, strict=True)
    )
    return replace(command, lines=lines)


@pytest.mark.parametrize("mark", ["極秘", "特定秘密"])
def test_the_registrar_chooses_among_the_marks_that_correspond(town: Town, mark: str) -> None:
    (number,) = town.jpn.ok("P-2", marked(arrived(town), mark))["items"]
    here = steps.item(town.jpn, number)
    assert (here.mark, here.local_mark) == (steps.LEVEL_2, mark)
    town.settle()
    out = steps.sent(town.kor)
    assert (out.state, [x.local_mark for x in out.lines]) == ("accepted", [mark])


@pytest.mark.parametrize("mark", ["秘", "군사II급비밀", "機密", "SECRET"])
def test_a_mark_that_does_not_correspond_is_refused(town: Town, mark: str) -> None:
    command = marked(arrived(town), mark)
    slot = slot_name(command.peer, command.number, command.lines[0].reference)
    assert "chosen_mark_corresponds" in town.jpn.refused("P-2", command)
    assert town.jpn.node.clerk.state.count(Item) == 0
    assert town.jpn.node.vault.slot(slot) is None, "no key stays behind"
    (again,) = town.jpn.ok("P-2", marked(command, "極秘"))["items"]
    assert town.jpn.node.vault.slot(slot)
    assert steps.opened(town.jpn, "P-5", again) == ("A title that is content", b"0")


def test_an_item_is_refused_with_a_reason(town: Town) -> None:
    command = arrived(town)
    bare = (ReceivedLine(command.lines[0].reference, False),)
    with pytest.raises(BadInput, match="a reason"):
        town.jpn.do("P-2", replace(command, lines=bare))
    assert town.jpn.ok("P-2", marked(command, ""))["items"] == []
    town.settle()
    out = steps.sent(town.kor)
    assert (out.state, [(x.accepted, x.reason) for x in out.lines]) == (
        "declined",
        [(False, "not for this registry")],
    )
    assert town.jpn.node.clerk.state.count(Item) == 0


def test_who_is_no_registrar_cannot_refuse_either(town: Town) -> None:
    command = arrived(town)
    assert town.jpn.refused("P-5", marked(command, "")) == ["actor_is_appointed"]
    assert town.jpn.refused("P-5", command) == ["actor_is_appointed"]
    assert len(steps.waiting(town.jpn)) == 1


def test_one_accepted_and_one_refused_in_one_transmittal(town: Town) -> None:
    command = arrived(town, 2)
    (number,) = town.jpn.ok("P-2", marked(command, "極秘", ""))["items"]
    town.settle()
    out = steps.sent(town.kor)
    assert [(x.reference, x.accepted) for x in out.lines] == [
        (command.lines[0].reference, True),
        (command.lines[1].reference, False),
    ]
    assert out.state == "partly"
    assert steps.opened(town.jpn, "P-5", number) == ("A title that is content", b"0")
    assert [i.reference for i in town.jpn.node.clerk.state.all(Item)] == [
        command.lines[0].reference
    ]


def test_what_was_refused_is_not_kept(town: Town) -> None:
    """A registry that refused an item has no custody of it: no content stays (Art. 6(h))."""
    command = arrived(town, 2)
    (waits,) = steps.waiting(town.jpn)
    refused = waits.statement.items()[1].content
    town.jpn.ok("P-2", marked(command, "極秘", ""))
    town.settle()
    name = refused.ciphertext_digest.replace("sha256:", "item-")  # type: ignore[union-attr]
    assert not town.jpn.node.custody.blobs.exists(name)


def test_one_wrong_line_stops_them_all(town: Town) -> None:
    command = arrived(town, 2)
    answer = town.jpn.do("P-2", marked(command, "極秘", "秘"))
    assert ("chosen_mark_corresponds", "Art. 4(2)") in steps.cited(answer)
    assert town.jpn.node.clerk.state.count(Item) == 0
    assert len(steps.waiting(town.jpn)) == 1


def test_every_item_is_answered_for_once(town: Town) -> None:
    command = arrived(town, 2)
    first, second = command.lines
    for lines in ((), (first,), (first, first), (first, second, second)):
        with pytest.raises(BadInput, match="one line for each item"):
            town.jpn.do("P-2", replace(command, lines=lines))
    town.jpn.ok("P-2", command)
    with pytest.raises(BadInput, match="that waits"):
        town.jpn.do("P-2", command)


def test_a_facility_must_be_approved_for_the_mark_and_now(town: Town) -> None:
    command = arrived(town)
    until = steps.in_days(town.jpn, 1)
    for name, marks, end in (("F-2", ("秘",), ""), ("F-3", ("極秘",), until)):
        town.jpn.ok("P-1", clearance.ApproveFacility(name, "Annex", marks, "P-2", end))
    refused = town.jpn.refused("P-2", replace(command, facility="F-2"))
    assert refused == ["facility_may_hold_it"]
    with pytest.raises(BadInput, match="a known facility"):
        town.jpn.do("P-2", replace(command, facility="F-4"))
    town.clock.at += timedelta(days=1)
    refused = town.jpn.refused("P-2", replace(command, facility="F-3"))
    assert refused == ["facility_may_hold_it"]


def test_what_arrived_before_the_end_is_still_registered_after_it(november: Town) -> None:
    """Art. 21(4): the duties outlive the agreement; marking on receipt is one of them."""
    command = arrived(november)
    steps.end_agreement(november)
    (number,) = november.jpn.ok("P-2", command)["items"]
    november.settle()
    assert steps.opened(november.jpn, "P-5", number) == ("A title that is content", b"0")
    assert steps.sent(november.kor).state == "accepted"


def test_the_key_part_goes_when_the_registrar_has_answered(town: Town) -> None:
    command = arrived(town)
    name = f"keys-{command.peer}-{command.number}"
    assert town.jpn.node.custody.blobs.exists(name)
    town.jpn.ok("P-2", command)
    town.settle()
    assert not town.jpn.node.custody.blobs.exists(name)
    (arrival,) = [x for x in town.jpn.incoming() if x.what == "items"]
    assert (arrival.state, arrival.key_part) == ("registered", False)
    sealed = f"sent-JPN-DIH1-{command.number}"
    assert not town.kor.node.custody.blobs.exists(sealed), "the sender keeps no copy either"
