"""A node killed at any step of an exchange, started again, goes on: nothing lost, nothing twice.

Without `-m slow` a sample of the steps is tried; with it, every one.
"""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gsomia.demo.cast import AGREEMENT
from gsomia.evidence.disk import DiskFiles
from gsomia.evidence.verify import verify_path
from gsomia.faults import Unavailable
from gsomia.storage.blobs import SMALL
from tests.faults.checks import check_pair
from tests.faults.pair import Mortal, pair
from tests.faults.tale import Tale

WITHOUT_FAULT = 0
TELLING = 60.0
"""Seconds in which a tale must come to its end."""

SIZE = SMALL + 3000
"""Bytes of an item: its content has a file of its own, its cover and keys lie with the small."""

SAMPLED = 70
"""The first steps of a tale, of which a sample is drawn: every tale has more."""


class World:
    """Two nodes that live through one tale after another, and the contents sent so far."""

    def __init__(self, kor: Mortal, jpn: Mortal, folder: Path) -> None:
        self.kor, self.jpn, self.folder = kor, jpn, folder
        self.sides = {"sender": kor, "receiver": jpn}
        self.contents: dict[str, bytes] = {}
        self.left: list[str] = []

    def end(self) -> None:
        """End both nodes in order. One that dies even of that is started and ended once more."""
        for side in (self.kor, self.jpn):
            side.tell_to_end()
        for side in (self.kor, self.jpn):
            if side.end() == -signal.SIGKILL:
                side.start()
                side.end()

    def tell(self, victim: Mortal, step: int, when: str) -> list[str]:
        """One tale in which `victim` dies at a step; the steps it took, as far as it came."""
        self.end()
        steps = self.folder / "steps"
        fault = ("--die", str(step), when, "--steps", str(steps))
        started = [(s, s.run(*(fault if s is victim else ()))) for s in (self.kor, self.jpn)]
        for side, process in started:
            side.opens(process)
        tale = Tale(f"{when} {step} {len(self.contents)}", self.kor, self.jpn, SIZE)
        self._finish(tale, victim)
        self.contents[tale.number] = tale.digest
        return steps.read_text().splitlines()

    def _finish(self, tale: Tale, victim: Mortal) -> None:
        deadline = time.monotonic() + TELLING
        while True:
            try:
                if tale.advance():
                    return
            except Unavailable:
                # Of its death, or of the moment before it; anything else shows by the deadline.
                pass
            if victim.dead:
                victim.start()
            assert time.monotonic() < deadline, f"{tale.name} does not end: {self._standing()}"
            time.sleep(0.01)

    def _standing(self) -> list[str]:
        """How both nodes stand, and what is not yet answered for."""
        told = []
        for side in (self.kor, self.jpn):
            told.append(side.words())
            try:
                told.append(str(side.door.do("standing", {})))
                told += [str(out) for out in side.rows("outgoing") if not out["receipt"]]
                told += [str(alarm) for alarm in side.rows("alarms")]
            except Unavailable as error:
                told.append(f"{side.registry}: {error}")
        return told

    def check(self) -> None:
        """Everything that must hold of both folders. The nodes do not run afterwards."""
        self.end()
        self.left = check_pair(self.kor, self.jpn, self.contents)

    def check_evidence(self) -> None:
        """A stranger finds both books whole, and each item's evidence."""
        target = self.folder / "evidence"
        for side in (self.kor, self.jpn):
            side.start()
        for side in (self.kor, self.jpn):
            _save(target / side.registry, side, "book", book=AGREEMENT)
        for number in self.contents:
            _save(target, self.kor, "evidence", item=number)
        cards = [side.door.card() for side in (self.kor, self.jpn)]
        report = verify_path(DiskFiles(target), cards)
        assert report.ok, report.problem
        assert len(report.claims) == len(self.contents)


def _save(target: Path, side: Mortal, name: str, **params: str) -> None:
    for path, data in side.door.files(name, params):
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        (target / path).write_bytes(data)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with pair(tmp_path) as (kor, jpn):
        yield World(kor, jpn, tmp_path)


def cases(steps: list[str]) -> list[tuple[int, str]]:
    """Before every step, and after each that does more than wait for the disk."""
    numbered = list(enumerate(steps, 1))
    after = [(n, "after") for n, name in numbered if name != "os.fsync"]
    return sorted([(n, "before") for n, _ in numbered] + after)


def try_all(world: World, who: str, tried: list[tuple[int, str]]) -> None:
    victim = world.sides[who]
    for step, when in tried:
        world.tell(victim, step, when)
        world.check()
        assert world.left == [], f"{who} killed {when} step {step}"
    world.check_evidence()


@pytest.mark.xdist_group("crash sender")
def test_a_sender_killed_at_a_step_goes_on(world: World) -> None:
    sample(world, "sender")


@pytest.mark.xdist_group("crash receiver")
def test_a_receiver_killed_at_a_step_goes_on(world: World) -> None:
    sample(world, "receiver")


def sample(world: World, who: str) -> None:
    """A few steps from all over the tale, the same ones each time."""
    steps = world.tell(world.sides[who], WITHOUT_FAULT, "before")
    assert len(steps) > SAMPLED
    draw = random.Random(who)
    try_all(world, who, sorted(draw.sample(cases(["step"] * SAMPLED), 8)))


@pytest.mark.slow
@pytest.mark.timeout(0)
@pytest.mark.xdist_group("crash sender")
def test_a_sender_killed_at_every_step_goes_on(world: World) -> None:
    every(world, "sender")


@pytest.mark.slow
@pytest.mark.timeout(0)
@pytest.mark.xdist_group("crash receiver")
def test_a_receiver_killed_at_every_step_goes_on(world: World) -> None:
    every(world, "receiver")


def every(world: World, who: str) -> None:
    steps = world.tell(world.sides[who], WITHOUT_FAULT, "before")
    try_all(world, who, cases(steps))
