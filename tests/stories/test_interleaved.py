"""Laws that hold in whatever order officers act, sealing takes its time and the wire fails."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gsomia.exchange.model import Incoming, Line, Outgoing
from gsomia.registry.model import Copy, Item, Reference
from gsomia.release.model import Request
from tests.stories import steps
from tests.stories.chance import Chance, all_of
from tests.stories.town import House, Town

STEPS = 400
HERE = {"in_custody", "destruction_pending", "destroyed"}
AWAY = {"delivered": "in_transit", "accepted": "transferred", "partly": "transferred"}


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """A town to begin with, copied for each run."""
    town = Town(tmp_path_factory.mktemp("town"))
    for house in (town.kor, town.jpn):
        steps.second_registrar(house, "P-8")
    town.close()
    return town


@pytest.mark.parametrize("seed", range(16))
def test_whatever_the_order_both_registers_agree_in_the_end(
    closed: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    town = closed.moved(tmp_path)
    try:
        chance = Chance(town, seed, monkeypatch)
        for _ in range(STEPS):
            chance.step()
        chance.finish()
        check_nothing_waits(town)
        check_custody(town)
        check_marks(town)
    finally:
        town.close()


def check_nothing_waits(town: Town) -> None:
    """Each number arrived once, nothing is stuck, and nobody was alarmed for nothing."""
    for house, other in ((town.kor, town.jpn), (town.jpn, town.kor)):
        assert house.node.upkeep.trouble == []
        assert set(steps.alarms(house)) <= {"gap"}
        lines = {one.agreement: one for one in all_of(other, Line)}
        for sent in all_of(house, Line):
            received = lines[sent.agreement].received
            assert (received.contiguous, received.missing()) == (sent.sent, ())


def check_custody(town: Town) -> None:
    """Each copy is where the transmittals say: here, on its way, or taken over, and once."""
    went: dict[tuple[str, int], list[Outgoing]] = {}
    for out in all_of(town.kor, Outgoing):
        if out.what != "items":
            continue
        arrival = steps.doc(town.jpn, Incoming, f"{town.kor.registry} {out.number}")
        answered = out.state != "delivered"
        assert (arrival.body, arrival.lines) == (out.body, out.lines)
        assert arrival.state == ("registered" if answered else "received")
        for copy in copies_that_left(town.kor, out):
            went.setdefault(copy, []).append(out)
    for kept in all_of(town.kor, Copy):
        gone = went.get((kept.item, kept.number), [])
        assert len(gone) <= 1, f"{kept.key} was given twice"
        assert kept.state in ({AWAY[gone[0].state]} if gone else HERE), kept


def copies_that_left(house: House, out: Outgoing) -> Iterator[tuple[str, int]]:
    """What a transmittal took away, without what the recipient declined."""
    declined = {(line.reference, line.copy) for line in out.lines if not line.accepted}
    for request in (steps.doc(house, Request, one) for one in out.requests):
        reference = steps.item(house, request.item).reference
        for number in request.copies:
            if (reference, number) not in declined:
                yield request.item, number


def check_marks(town: Town) -> None:
    """What the originator said last of an item is what its holder goes by, or must re-mark to."""
    for held in (item for item in all_of(town.jpn, Item) if item.key_held):
        own = steps.doc(town.kor, Reference, f"KOR {held.reference}")
        assert last_mark(held) == last_mark(steps.item(town.kor, own.number)), held.number


def last_mark(item: Item) -> str:
    if item.remark_then is not None:
        return item.remark_then[0]
    return item.mark if item.remark_to is None else item.remark_to
