"""Exactly on the bound: ids, moments at one instant, the ends of a span."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from gsomia.agreement import Instrument, Lifecycle, Moment, State, check_instrument, status
from gsomia.faults import BadInput
from tests.agreement.builders import (
    REAL,
    REAL_ENTRY,
    entry,
    fictitious,
    kst,
    notice,
    suspension,
    utc,
    withdrawal,
)

FIRST, LAST, AFTER = kst("2019-08-20 10:00"), kst("2019-08-20 12:00"), kst("2019-08-20 13:00")
NOTICE = notice("n", FIRST)


def test_an_id_has_64_characters_at_most() -> None:
    check_instrument(REAL, REAL_ENTRY, notice("x" * 64, FIRST))
    with pytest.raises(BadInput, match="an id of 1 to 64"):
        check_instrument(REAL, REAL_ENTRY, notice("x" * 65, FIRST))


STEPS = ("sent", "handed_over", "received")


@pytest.mark.parametrize("step", range(len(STEPS) - 1))
def test_two_steps_may_share_an_instant_and_none_may_go_back(step: int) -> None:
    at: dict[str, Any] = {"sent": None, "handed_over": Moment.exact(FIRST)}
    pair = (STEPS[step], STEPS[step + 1])
    same = msgspec.structs.replace(NOTICE, **at | dict.fromkeys(pair, Moment.exact(FIRST)))
    check_instrument(REAL, REAL_ENTRY, same)
    back = {pair[0]: Moment.exact(LAST), pair[1]: Moment.exact(FIRST)}
    with pytest.raises(BadInput, match="in order"):
        check_instrument(REAL, REAL_ENTRY, msgspec.structs.replace(NOTICE, **at | back))


def test_a_paper_may_bear_a_later_date() -> None:
    later = msgspec.structs.replace(NOTICE, dated=Moment.exact(LAST))
    check_instrument(REAL, REAL_ENTRY, later)


@pytest.mark.parametrize("name", ["a", "z"])
def test_what_takes_back_may_come_at_the_instant_of_what_it_takes_back(name: str) -> None:
    """Whatever their ids sort to, the notice goes first."""
    record = (*REAL_ENTRY, NOTICE)
    for later, state in (
        (withdrawal(name, ("n",), FIRST), State.IN_FORCE),
        (suspension(name, "n", FIRST), State.NOTICE_SUSPENDED),
    ):
        check_instrument(REAL, record, later)
        assert status(REAL, (*record, later), FIRST).status is state
        early = msgspec.structs.replace(later, handed_over=Moment.exact(kst("2019-08-20 09:59")))
        with pytest.raises(BadInput, match="an earlier instrument"):
            check_instrument(REAL, record, early)


@pytest.mark.parametrize(
    "record",
    [
        # What is taken back came before, even where the bounds of the two only touch.
        (notice("n", LAST), withdrawal("w", ("n",), Moment(FIRST, LAST))),
        (notice("n", Moment(FIRST, LAST)), withdrawal("w", ("n",), FIRST)),
    ],
    ids=["bounds of the withdrawal", "bounds of the notice"],
)
def test_bounds_that_touch_leave_no_doubt_once_they_are_past(
    record: tuple[Instrument, ...],
) -> None:
    answer = status(REAL, (*REAL_ENTRY, *record), AFTER)
    assert (answer.status, answer.uncertain) == (State.IN_FORCE, False)


def test_a_bound_is_open_from_its_first_instant_and_closed_at_its_last() -> None:
    life = Lifecycle(REAL, (*REAL_ENTRY, notice("n", Moment(FIRST, LAST))))
    asked = (kst("2019-08-20 09:59"), FIRST, kst("2019-08-20 11:59"), LAST)
    answers = [life.status(at) for at in asked]
    assert [a.uncertain for a in answers] == [False, True, True, False]
    assert [bool(a.notes) for a in answers] == [False, True, True, False]


def test_turning_points_lie_inside_the_span() -> None:
    life = Lifecycle(REAL, (*REAL_ENTRY, NOTICE))
    points = life.turning_points(kst("2016-01-01 00:00"), kst("2020-01-01 00:00"))
    assert FIRST in points
    begin, *middle, end = points
    assert middle
    assert life.turning_points(begin, end) == tuple(middle)


def test_the_end_of_a_notice_of_the_day_of_entry_is_a_turning_point() -> None:
    day = utc("2000-02-29")
    pack = fictitious(days=9)
    life = Lifecycle(pack, (*entry(day, "XAA", "XBB"), notice("n", day, "XAA")))
    points = life.turning_points(utc("2000-03-02"), utc("2003-01-01"))
    ends = min(p for p in points if life.status(p).status is State.TERMINATED)
    assert life.status(day).status is State.NOTICE_PENDING
    assert life.status(ends - timedelta(microseconds=1)).status is State.NOTICE_PENDING
