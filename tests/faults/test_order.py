"""Nobody acts on what is not committed, and two threads at once do no more than one."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gsomia.canon import encode
from gsomia.exchange import commands as exchange
from gsomia.exchange.model import Incoming
from gsomia.faults import Unavailable
from gsomia.fold import State
from gsomia.journal.note import parse_note
from gsomia.journal.rows import Batch
from gsomia.journal.witness import Outcome, add_checkpoint_request
from gsomia.node.draft import Draft
from gsomia.node.node import Node
from gsomia.node.ports import NewBlob, Store
from gsomia.node.ports import Outcome as Arrived
from gsomia.node.sealing import outgoing_name
from gsomia.registry.model import Serial
from tests.stories import steps
from tests.stories.town import AGREEMENT, Town


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    town = Town(tmp_path)
    yield town
    town.close()


class Watched:
    """A store that lets a test look just before each commit, and fail it."""

    def __init__(self, store: Store, look: Callable[[Batch], None]) -> None:
        self._store, self._look = store, look

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def commit(self, batch: Batch) -> None:
        self._look(batch)
        self._store.commit(batch)


def seen(node: Node) -> list[tuple[str, str, bytes]]:
    """Every document that workers, doors and views can see."""
    kinds = node.clerk.state._docs.values()
    return sorted((d.kind_(), d.key, encode(d)) for docs in kinds for d in docs.values())


def test_what_can_be_seen_is_what_is_committed(town: Town) -> None:
    looked = []

    def look(node: Node) -> Callable[[Batch], None]:
        def compare(batch: Batch) -> None:
            assert seen(node) == sorted(node.store.docs())
            for book, size in node.store.heads().items():
                assert node.books.checkpoint(book).size == node.books.size(book) == size
            looked.append(len(batch.entries))

        return compare

    for house in (town.kor, town.jpn):
        house.node.clerk.store = Watched(house.node.store, look(house.node))
    town.exchange()
    assert sum(looked) > 10


def test_no_checkpoint_is_signed_over_what_is_not_committed(town: Town) -> None:
    """A signature over entries that never came to be would halt the node at its next start."""
    kor = town.kor
    disk = kor.node.store

    def fail(_: Batch) -> None:
        kor.node.links.publish(AGREEMENT)
        raise Unavailable("the disk is full")

    town.exchange()
    kor.node.clerk.store = Watched(disk, fail)
    with pytest.raises(Unavailable):
        steps.requested(town)
    kor.node.clerk.store = disk
    kor.restart()
    kor.node._check_own_past()
    assert kor.node.clerk.halted == ""
    town.exchange(content=b"more")


def test_two_threads_that_have_a_book_cosigned_do_not_halt_the_node(town: Town) -> None:
    town.exchange()
    node = town.kor.node
    stop = threading.Event()
    wrong: set[str] = set()

    def late(_: str, data: bytes) -> bytes:
        time.sleep(random.uniform(0, 0.02))
        return data

    town.wire.bend = late

    def cosign() -> None:
        while not stop.is_set():
            wrong.update(node.cosign().values())

    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(cosign) for _ in range(2)]
        try:
            for count in range(20):
                steps.requested(town, content=b"%d" % count)
                time.sleep(0.005)
        finally:
            stop.set()
        for one in both:
            one.result()
    assert node.clerk.halted == ""
    assert wrong == {""}


def test_of_two_requests_to_cosign_at_once_one_counts(town: Town) -> None:
    """Both begin at the same size: cosigning both could cosign two histories."""
    town.exchange()
    kor, jpn = town.kor.node, town.jpn.node
    kor.cosign()
    requests: list[bytes] = []
    old = kor.links.known_size(AGREEMENT, "JPN-DIH1")
    for _ in range(2):
        steps.requested(town, content=b"more %d" % len(requests))
        size = kor.books.size(AGREEMENT)
        proof = kor.books.tree(AGREEMENT).consistency_proof(old, size)
        requests.append(add_checkpoint_request(old, proof, kor.links.publish(AGREEMENT)))
    put, barrier = jpn.store.put_meta, threading.Barrier(2)

    def slowly(key: str, value: bytes) -> None:
        with suppress(threading.BrokenBarrierError):
            barrier.wait(0.3)
        put(key, value)

    jpn.store.put_meta = slowly  # type: ignore[method-assign]
    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(lambda r: jpn.witness("KOR-DIH1", AGREEMENT, r)[0], requests))
    assert Outcome.ACCEPTED in said
    assert said.count(Outcome.ACCEPTED) == 1


def test_lines_whose_arrival_was_not_noted_come_once(town: Town) -> None:
    """Cut off between the two writes, a node asks again, and gets lines of another second."""
    town.exchange()
    kor = town.kor.node
    put = kor.store.put_meta

    def cut_off(key: str, value: bytes) -> None:
        raise Unavailable("the process ended here")

    kor.store.put_meta = cut_off  # type: ignore[method-assign]
    assert kor.cosign()["JPN-DIH1"] != ""
    kor.store.put_meta = put  # type: ignore[method-assign]
    town.clock.at += timedelta(minutes=1)
    assert kor.cosign() == {"JPN-DIH1": ""}
    size = kor.links.known_size(AGREEMENT, "JPN-DIH1")
    kept = kor.store.checkpoint(AGREEMENT, size)
    assert kept is not None
    lines = [(s.name, s.key_id) for s in parse_note(kept[1], "checkpoint").signatures]
    assert len(lines) == len(set(lines)) == 5


def test_two_rounds_at_once_seal_each_transmittal_once(town: Town) -> None:
    requests = [steps.approved(town, content=b"%d" % n)[1] for n in range(6)]
    town.wire.down = True
    for request in requests:
        town.kor.ok("P-2", exchange.Dispatch((request,)))
    node = town.kor.node
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: node.tick(), range(4)))
    for out in town.kor.outgoing():
        if out.what == "items":
            with node.custody.blobs.open(outgoing_name(out)) as file:
                assert out.body.encode() in file.read(4096), out.number


def test_one_transmittal_brought_twice_at_once_is_kept_once(town: Town) -> None:
    number = steps.dispatch_when_down(town)
    data = steps.exported(town.kor, number)
    blobs = town.jpn.node.custody.blobs
    kept: list[str] = []
    keep = blobs.keep

    def slowly(new: Mapping[str, NewBlob]) -> None:
        kept.extend(new)
        time.sleep(0.02)
        keep(new)

    blobs.keep = slowly  # type: ignore[method-assign]
    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(lambda _: steps.take(town.jpn, data, "KOR-DIH1"), range(4)))
    assert len(kept) == len(set(kept)) > 0
    assert {one.outcome for one in said} <= {Arrived.RECEIVED, Arrived.REPEATED}
    assert len({one.body for one in said}) == 1
    waiting = [a for a in town.jpn.node.clerk.state.all(Incoming) if a.number == number]
    assert len(waiting) == 1
    (received,) = town.accept()
    assert steps.opened(town.jpn, "P-5", received)[1] == b"content"


def test_a_receipt_that_the_acceptance_overtook_is_fetched(town: Town) -> None:
    number = steps.dispatch_when_down(town)
    data = steps.exported(town.kor, number)
    assert steps.take(town.jpn, data).outcome is Arrived.RECEIVED  # and the answer is lost
    town.accept()
    town.wire.down = False
    kor = town.kor
    town.wire.nodes.pop("JPN-DIH1")
    town.jpn.tick()
    assert steps.sent(kor).state == "accepted"
    assert steps.sent(kor).receipt == ""
    assert kor.node.custody.blobs.exists(outgoing_name(steps.sent(kor)))

    town.wire.nodes["JPN-DIH1"] = town.jpn.node
    town.clock.at += kor.node.cadence.heartbeat / 4
    town.settle()
    (arrival,) = (a for a in town.jpn.incoming() if a.number == number)
    assert steps.sent(kor).receipt == arrival.receipt
    assert steps.sent(kor).state == "accepted"
    assert not kor.node.custody.blobs.exists(outgoing_name(steps.sent(kor)))
    kor.restart()
    assert kor.tick() == 0


@pytest.mark.parametrize(
    ("cosigned", "body"),
    [
        (False, b"too many requests at once"),
        (False, b"internal error"),
        (True, b""),
        (False, b"{}"),
    ],
)
def test_an_answer_that_is_none_stops_nobody(town: Town, cosigned: bool, body: bytes) -> None:
    town.exchange()
    link = town.kor.node.links._link
    ask = link.ask_to_cosign
    link.ask_to_cosign = lambda *_: (cosigned, body)  # type: ignore[method-assign]
    assert town.kor.node.cosign()["JPN-DIH1"] != ""
    assert town.kor.node.clerk.halted == ""
    link.ask_to_cosign = ask  # type: ignore[method-assign]
    assert town.kor.node.cosign() == {"JPN-DIH1": ""}


# -- the draft itself --------------------------------------------------------------------


def keys(state: State) -> list[tuple[str, int]]:
    return [(s.key, s.last) for s in state.all(Serial)]


def test_a_draft_reads_as_the_state_will() -> None:
    base = State()
    for name in "abc":
        base.put(Serial(name, 2026, 1))
    draft, after = Draft(base), State()
    for name in "abc":
        after.put(Serial(name, 2026, 1))
    for state in (draft, after):
        state.put(Serial("b", 2026, 2))
        state.remove(Serial, "a 2026")
        state.put(Serial("d", 2026, 1))
        state.put(Serial("a", 2026, 3))
        state.remove(Serial, "c 2026")
        state.remove(Serial, "e 2026")
    assert keys(draft) == keys(after) == [("b 2026", 2), ("d 2026", 1), ("a 2026", 3)]
    assert draft.count(Serial) == after.count(Serial) == 3
    assert draft.get(Serial, "c 2026") is None
    assert keys(base) == [("a 2026", 1), ("b 2026", 1), ("c 2026", 1)]
    changes = draft.take_changes()
    draft.settle()
    assert keys(base) == keys(after)
    assert base.take_changes() == []
    assert ("registry.serial", "c 2026", None) in changes
