"""A clock set back between two runs: nothing is filed in an order that was not, and it is said."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta

import pytest

from gsomia.api import Officer
from gsomia.faults import Unavailable
from gsomia.registry.commands import DeclareBackup
from tests.faults.checks import check_pair
from tests.faults.pair import Mortal, cosign, until
from tests.faults.tale import Tale

HOUR = 3600.0


def an_hour_ago() -> datetime:
    return datetime.now(UTC) - timedelta(seconds=HOUR)


def books(side: Mortal) -> dict[str, int]:
    return dict(side.door.do("standing", {})["books"])


def test_nothing_is_filed_until_the_clock_is_right(sides: tuple[Mortal, Mortal]) -> None:
    kor, jpn = sides
    tale = Tale("late", kor, jpn)
    while not kor.rows("outgoing"):
        tale.advance()
    until("the arrival", lambda: bool(jpn.rows("notices", open="yes")))
    jpn.end()
    kor.end()
    assert kor.begin("--clock", str(-HOUR))
    before = books(kor)
    slow = Officer(kor.door, kor.officer("K-1")._key, kor.registry, an_hour_ago, os.urandom)
    with pytest.raises(
        Unavailable, match=r"the clock was set back: it says .* Set the clock right"
    ):
        slow.act(DeclareBackup("tape-1"))
    time.sleep(1.5)  # its workers try too
    jpn.start()
    (question,) = (n for n in jpn.rows("notices", open="yes"))
    tale._assure(question["about"]["request"])
    time.sleep(1.5)
    assert books(kor) == before
    assert kor.door.do("standing", {})["halted"] == ""

    kor.end()
    kor.start()
    until("the end of the tale", tale.advance)
    cosign(kor, jpn)
    for side in sides:
        side.end()
    assert check_pair(kor, jpn, {tale.number: tale.digest}) == []
