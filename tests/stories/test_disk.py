"""Stories of a disk that fails: nothing happened, everybody was told, and the node goes on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from gsomia.clearance import commands as clearance
from gsomia.exchange import commands as exchange
from gsomia.exchange import notices
from gsomia.exchange.cover import Cover
from gsomia.exchange.receiving import slot_name
from gsomia.faults import BadInput, Unavailable
from gsomia.journal.rows import Batch
from gsomia.node.orders import open_order
from gsomia.node.ports import Outcome, Store
from gsomia.registry import commands as registry
from gsomia.registry.model import Destruction, Item
from tests.stories import steps
from tests.stories.town import PURPOSE, House, Town

APPOINT = clearance.Appoint("P-5", "inspector", "letter 9")


class FullDisk:
    """A store whose commits fail while `full`; with `despite`, after they were written."""

    def __init__(self, store: Store, *, despite: bool = False) -> None:
        self._store, self._despite, self.full = store, despite, False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def commit(self, batch: Batch) -> None:
        if not self.full or self._despite:
            self._store.commit(batch)
        if self.full:
            raise Unavailable("the disk is full")


def fill(house: House, *, despite: bool = False) -> FullDisk:
    disk = FullDisk(house.node.store, despite=despite)
    house.node.clerk.store = disk
    return disk


def everything(house: House) -> tuple[Any, ...]:
    """All that must be unchanged: books on disk and in memory, documents, state."""
    node = house.node
    trees = {b: (node.books.size(b), node.books.tree(b).root()) for b in node.books.names()}
    state = {t.kind_(): dict(d) for t, d in node.clerk.state._docs.items() if d}
    return node.store.heads(), {b: t for b, t in trees.items() if t[0]}, steps.docs(house), state


def test_a_command_on_a_full_disk_changed_nothing_and_can_be_sent_again(town: Town) -> None:
    disk = fill(town.kor)
    before = everything(town.kor)
    signed = town.kor.sign("P-1", APPOINT)
    disk.full = True
    for _ in range(2):
        with pytest.raises(Unavailable, match="the disk is full"):
            town.kor.node.handle(signed)
        assert everything(town.kor) == before
    disk.full = False
    assert town.kor.node.clerk.halted == ""
    assert town.kor.node.handle(signed).granted
    with pytest.raises(BadInput, match="not carried out before"):
        town.kor.node.handle(signed)
    town.exchange()


def test_a_refusal_that_cannot_be_kept_is_not_told(town: Town) -> None:
    disk = fill(town.kor)
    disk.full = True
    with pytest.raises(Unavailable, match="the disk is full"):
        town.kor.do("P-5", APPOINT)


def test_all_of_a_batch_are_told(town: Town) -> None:
    disk = fill(town.kor)
    disk.full = True
    before = everything(town.kor)
    node = town.kor.node
    waits = []
    for person in ("P-1", "P-5", "P-1"):
        order = open_order(
            town.kor.sign(person, APPOINT), node.clerk.state, "KOR-DIH1", town.clock()
        )
        waits.append(node.clerk.hand_in(order.order.command, order))
    for one in waits:
        with pytest.raises(Unavailable, match="the disk is full"):
            one.result()
    assert everything(town.kor) == before


def test_nothing_is_sent_that_was_not_filed(town: Town) -> None:
    steps.dispatch(town)
    disk = fill(town.kor)
    before = everything(town.kor)
    town.wire.sent.clear()
    disk.full = True
    steps.tick_or_not(town.kor)
    assert everything(town.kor) == before
    assert town.wire.sent == []
    disk.full = False
    town.settle()
    assert len(town.accept()) == 1


def test_no_receipt_is_given_for_what_was_not_filed(town: Town) -> None:
    number = steps.dispatch_when_down(town)
    data = steps.exported(town.kor, number)
    disk = fill(town.jpn)
    before = everything(town.jpn)
    disk.full = True
    with pytest.raises(Unavailable, match="the disk is full"):
        steps.take(town.jpn, data)
    assert everything(town.jpn) == before
    town.wire.down = False
    town.clock.at += timedelta(minutes=5)
    town.kor.tick()
    assert steps.sent(town.kor).state == "sealed"
    disk.full = False
    assert steps.take(town.jpn, data).outcome is Outcome.RECEIVED
    (received,) = town.accept()
    assert steps.opened(town.jpn, "P-5", received)[1] == b"content"


def test_a_delivery_that_could_not_be_filed_is_asked_for_again(town: Town) -> None:
    steps.dispatch_when_down(town)
    disk = fill(town.kor)
    town.wire.down = False
    town.clock.at += timedelta(minutes=5)
    disk.full = True
    town.kor.tick()
    assert steps.sent(town.kor).state == "sealed"
    assert len(steps.waiting(town.jpn)) == 1
    disk.full = False
    town.clock.at += timedelta(minutes=5)
    town.settle()
    assert steps.sent(town.kor).state == "delivered"
    assert len(steps.waiting(town.jpn)) == 1


def test_an_acceptance_that_failed_leaves_no_key_behind(town: Town) -> None:
    steps.dispatch(town)
    town.settle()
    (waits,) = steps.waiting(town.jpn)
    (line,) = waits.statement.items()
    slot = slot_name(waits.peer, waits.number, line.reference)
    disk = fill(town.jpn)
    disk.full = True
    with pytest.raises(Unavailable):
        town.accept()
    assert town.jpn.node.vault.slot(slot) is None
    assert town.jpn.node.clerk.state.count(Item) == 0
    disk.full = False
    (received,) = town.accept()
    assert steps.opened(town.jpn, "P-5", received)[1] == b"content"


def test_nothing_is_shredded_before_its_certificate_is_filed(town: Town) -> None:
    number = town.kor.register(steps.LEVEL_2)
    steps.second_registrar(town.kor, "P-8")
    propose = registry.ProposeDestruction(number, "key-destruction", "end of need")
    proposed = town.kor.ok("P-2", propose)["destruction"]
    disk = fill(town.kor)
    disk.full = True
    with pytest.raises(Unavailable):
        town.kor.do("P-8", registry.CertifyDestruction(proposed))
    steps.tick_or_not(town.kor)
    assert town.kor.node.vault.slot(steps.item(town.kor, number).sealed.slot)
    disk.full = False
    town.kor.ok("P-8", registry.CertifyDestruction(proposed))
    disk.full = True
    steps.tick_or_not(town.kor)
    disk.full = False
    town.kor.tick()
    (done,) = town.kor.node.clerk.state.all(Destruction)
    assert done.state == "shredded"


def test_nothing_is_opened_that_is_not_on_record(town: Town) -> None:
    _, received = town.exchange()
    access = str(steps.read(town.jpn, "P-5", received).told["access"])
    disk = fill(town.jpn)
    disk.full = True
    with pytest.raises(Unavailable, match="the disk is full"):
        town.jpn.node.open_content(access, "P-5")


def test_a_commit_that_failed_late_is_found_and_counted(town: Town) -> None:
    """The disk wrote it and then said no: memory follows the disk, and nothing is done twice."""
    disk = fill(town.kor, despite=True)
    signed = town.kor.sign("P-1", APPOINT)
    disk.full = True
    with pytest.raises(Unavailable):
        town.kor.node.handle(signed)
    disk.full = False
    node = town.kor.node
    assert node.store.heads() == {b: node.books.size(b) for b in node.books.names()}
    with pytest.raises(BadInput, match="not carried out before"):
        node.handle(signed)
    town.exchange()


class Failing:
    """A source of bytes whose disk fails after the first read."""

    def __init__(self) -> None:
        self.left = 1

    def readinto(self, buffer: memoryview, /) -> int:
        if not self.left:
            raise Unavailable("the disk is full")
        self.left -= 1
        return len(buffer)


def test_content_half_staged_leaves_nothing(town: Town) -> None:
    blobs = town.kor.folder / "blobs"
    before = sorted(blobs.rglob("*"))
    with pytest.raises(Unavailable):
        town.kor.node.stage(Failing(), "text/plain", Cover("A title"))
    assert sorted(blobs.rglob("*")) == before


# -- one thing that cannot be done does not stop the others ----------


def test_a_certified_destruction_is_done_though_something_cannot_be_sealed(town: Town) -> None:
    """The partner's card is over, so nothing can be sealed to it; content goes all the same."""
    number = town.kor.register(steps.LEVEL_2)
    steps.second_registrar(town.kor, "P-8")
    propose = registry.ProposeDestruction(number, "key-destruction", "end of need")
    proposed = town.kor.ok("P-2", propose)["destruction"]
    town.clock.at += timedelta(days=31)
    asked = notices.AssuranceAsked("0" * 32, steps.LEVEL_2, PURPOSE, "document", "m", 1)
    about = replace(asked, request=steps.requested(town)[1])
    steps.tell(town.kor, "P-3", about)
    town.kor.ok("P-8", registry.CertifyDestruction(proposed))
    for _ in range(3):
        steps.tick_or_not(town.kor)
    assert not steps.item(town.kor, number).key_held


def test_a_destruction_is_not_certified_for_ever_by_a_dispatch_in_between(town: Town) -> None:
    """Ordered, then destroyed before it was sealed: the line must not be blocked."""
    number, request = steps.approved(town)
    steps.second_registrar(town.kor, "P-8")
    propose = registry.ProposeDestruction(number, "key-destruction", "end of need")
    proposed = town.kor.ok("P-2", propose)["destruction"]
    town.kor.ok("P-8", registry.CertifyDestruction(proposed))
    barred = steps.barred(town.kor, "P-2", exchange.Dispatch((request,)))
    town.settle()
    assert not steps.item(town.kor, number).key_held
    out = [o.state for o in town.kor.outgoing() if o.what == "items"]
    assert out in ([], ["delivered"])
    assert barred == (not out)
