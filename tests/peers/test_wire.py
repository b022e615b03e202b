"""Two nodes with an unreliable wire between them: everything arrives, once."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from gsomia.app import read_settings
from gsomia.app.running import split_endpoint
from gsomia.demo.cast import free_port
from gsomia.faults import Unavailable
from tests.faults.checks import check_pair
from tests.faults.pair import Mortal, copied, cosign, until
from tests.faults.tale import Tale
from tests.peers.proxy import Proxy

ITEMS = 10
"""Each makes four transmittals: a question, its answer, the item, its acceptance."""


class Wired:
    """Both sides, and the proxy in front of each: the cards name the proxies."""

    def __init__(self, sides: tuple[Mortal, Mortal]) -> None:
        self.sides = sides
        self.ports = {side.registry: free_port() for side in sides}
        self.fronts = {
            side.registry: Proxy(
                split_endpoint(read_settings(side.folder).endpoint)[1],
                self.ports[side.registry],
                seed,
            )
            for seed, side in enumerate(sides)
        }

    def start(self, side: Mortal) -> None:
        assert side.begin("--listen", str(self.ports[side.registry])), side.words()

    def close(self) -> None:
        for front in self.fronts.values():
            front.stall = False
            front.close()


@pytest.fixture
def wired(template: Path, tmp_path: Path) -> Iterator[Wired]:
    both = copied(template, tmp_path)
    wired = Wired(both)
    try:
        for side in both:
            wired.start(side)
        yield wired
    finally:
        for side in both:
            side.kill()
        wired.close()


def tell_all(tales: list[Tale]) -> None:
    """Go on with every tale in turn until all have ended."""
    open_ = list(tales)

    def done() -> bool:
        for tale in tuple(open_):
            if tale.advance():
                open_.remove(tale)
        return not open_

    until("the end of the tales", done, 110)


def test_loss_and_delay_make_no_difference(wired: Wired) -> None:
    kor, jpn = wired.sides
    for front in wired.fronts.values():
        front.harm = 1.0
        front.cut_all()
    tales = [Tale(f"item {n}", kor, jpn, 2_000 * n) for n in range(1, ITEMS + 1)]
    tell_all(tales)
    assert sum(front.cuts for front in wired.fronts.values()) > ITEMS
    for front in wired.fronts.values():
        front.harm = 0.0
    settle(wired)
    assert check_pair(kor, jpn, {tale.number: tale.digest for tale in tales}) == []
    assert len(tales) * 2 >= 20


def settle(wired: Wired) -> None:
    """Have both books cosigned, over whatever connections are left, and end both nodes."""

    def cosigned() -> bool:
        with suppress(AssertionError):
            cosign(*wired.sides)
            return True
        return False

    until("the cosigning", cosigned)
    for side in wired.sides:
        side.end()


def test_a_recorded_stream_played_again_does_nothing(wired: Wired) -> None:
    kor, jpn = wired.sides
    tale = Tale("recorded", kor, jpn)
    until("the end of the tale", tale.advance)
    cosign(kor, jpn)
    for front in wired.fronts.values():
        front.cut_all()
    until("the records", lambda: all(f.recorded for f in wired.fronts.values()))
    before = [side.door.do("standing", {})["books"] for side in wired.sides]
    played = 0
    for side in wired.sides:
        for record in wired.fronts[side.registry].recorded:
            answer = play(wired.ports[side.registry], record)
            assert b"gsomia/" not in answer
            played += len(record) > 10_000
    assert played, "at least one stream carried a transmittal"
    for side, then in zip(wired.sides, before, strict=True):
        now = side.door.do("standing", {})["books"]
        assert now["rok-japan-2016"] == then["rok-japan-2016"]
        assert side.rows("alarms") == []
    settle(wired)
    assert check_pair(kor, jpn, {tale.number: tale.digest}) == []


def play(port: int, record: bytes) -> bytes:
    """Send a recorded stream; what the node answers before it hangs up."""
    answer = b""
    with socket.create_connection(("127.0.0.1", port), 5) as sock, suppress(OSError):
        sock.sendall(record)
        sock.shutdown(socket.SHUT_WR)
        while data := sock.recv(65_536):
            answer += data
    return answer


def test_a_partner_that_stalls_delays_nobodys_end(wired: Wired) -> None:
    kor, jpn = wired.sides
    tale = Tale("stalled", kor, jpn)
    while not kor.rows("requests"):
        tale.advance()
    front = wired.fronts[jpn.registry]
    front.stall = True
    tale.advance()
    until("the sealing", lambda: [o["state"] for o in kor.rows("outgoing")] == ["sealed"])
    time.sleep(0.5)
    assert kor.door.card(), "officers are served meanwhile"
    kor.end()
    front.stall = False
    front.cut_all()
    wired.start(kor)
    until("the end of the tale", tale.advance)
    settle(wired)
    assert check_pair(kor, jpn, {tale.number: tale.digest}) == []


def test_officers_act_while_the_partner_cannot_be_reached(wired: Wired) -> None:
    kor, jpn = wired.sides
    wired.fronts[jpn.registry].close()
    kor.end()
    wired.start(kor)
    tale = Tale("alone", kor, jpn)
    while not kor.rows("outgoing"):
        tale.advance()
    assert kor.door.do("standing", {})["halted"] == ""
    with pytest.raises(AssertionError):
        cosign(kor)
    assert isinstance(kor.door.tick(), tuple)
    with pytest.raises(Unavailable, match=r"no partner has cosigned|cannot|refused"):
        list(kor.door.files("book", {"book": "rok-japan-2016"}))
