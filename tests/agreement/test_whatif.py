"""The status along time, and what one more instrument would make of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsomia.agreement import Instrument, Lifecycle, Pack, State, status
from gsomia.agreement.whatif import Change, Interval, intervals, what_if
from gsomia.faults import BadInput
from tests.agreement.builders import (
    MINIMAL,
    NAIVE,
    REAL,
    RECORD,
    announcement,
    entry,
    kst,
    notice,
    suspension,
    utc,
    withdrawal,
    without,
)
from tests.agreement.test_laws import START, instants, known, packs, papers, readings, records

LIFE = Lifecycle(REAL, RECORD)
MICRO = timedelta(microseconds=1)

RESOLUTION = timedelta.resolution
"""A product with a fraction just under one rounds to the end, which lies outside the span."""


def told(found: tuple[Interval, ...]) -> list[tuple]:
    return [(i.begin, i.end, i.status.value, i.contestable) for i in found]


# -- the agreement of 2016 ------------------------------------------------------


def test_the_whole_story_in_six_intervals() -> None:
    force, morning = kst("2016-11-24 00:00") - MICRO, kst("2023-03-21 12:00") - MICRO
    assert told(intervals(LIFE, kst("2011-01-01 00:00"), kst("2025-01-01 00:00"))) == [
        (kst("2011-01-01 00:00"), force, "not_in_force", False),
        (force, kst("2019-08-23 15:25"), "in_force", False),
        (kst("2019-08-23 15:25"), kst("2019-11-22 18:00"), "notice_pending", False),
        (kst("2019-11-22 18:00"), kst("2019-11-23 00:00"), "notice_suspended", False),
        (kst("2019-11-23 00:00"), morning, "notice_suspended", True),
        (morning, kst("2025-01-01 00:00"), "in_force", False),
    ]


def test_the_strictest_reading_has_an_end() -> None:
    found = intervals(LIFE, kst("2019-11-01 00:00"), kst("2024-01-01 00:00"), reading="X")
    ended = [i for i in found if i.status is State.TERMINATED]
    assert ended[0].begin == kst("2019-11-23 00:00")
    assert found[-len(ended) :] == tuple(ended)
    # That it is contestable is said of the agreement, whatever the reading asked for.
    assert [i.contestable for i in ended] == [True, False]


def test_without_the_suspension_the_notice_ends_it() -> None:
    later = without("2019-11-22-suspension", "2023-03-21-withdrawal")
    plan = suspension("plan", "2019-08-23-notice", kst("2019-11-01 10:00"))
    span = kst("2019-08-01 00:00"), kst("2020-08-01 00:00")
    found = what_if(REAL, later, plan, *span)
    assert found.before[-1].status is State.TERMINATED
    assert found.before[-1].begin == kst("2019-11-23 00:00")
    assert found.after[-1].status is State.NOTICE_SUSPENDED
    pending, ended, suspended = State.NOTICE_PENDING, State.TERMINATED, State.NOTICE_SUSPENDED
    one, two, end = kst("2019-11-01 10:00"), kst("2019-11-23 00:00"), span[1]
    assert found.changes == (
        Change(one, two, pending, suspended, contestable_before=False, contestable_after=False),
        Change(two, end, ended, suspended, contestable_before=False, contestable_after=True),
    )
    assert found.revives == ()


def test_withdrawing_only_the_suspension_revives_the_notice() -> None:
    record = without("2023-03-21-withdrawal")
    half = withdrawal("half", ("2019-11-22-suspension",), kst("2021-05-01 10:00"))
    span = kst("2021-01-01 00:00"), kst("2022-01-01 00:00")
    found = what_if(REAL, record, half, *span)
    assert found.revives == ("2019-08-23-notice",)
    assert [(c.begin, c.after) for c in found.changes] == [
        (kst("2021-05-01 10:00"), State.TERMINATED)
    ]
    both = withdrawal(
        "both", ("2019-08-23-notice", "2019-11-22-suspension"), kst("2021-05-01 10:00")
    )
    whole = what_if(REAL, record, both, *span)
    assert whole.revives == ()
    assert whole.after[-1] == Interval(kst("2021-05-01 10:00"), span[1], State.IN_FORCE, False)


def test_a_notice_of_the_past_can_be_imagined_before_what_came_later() -> None:
    early = notice("early", kst("2018-08-20 10:00"))
    found = what_if(REAL, RECORD, early, kst("2018-01-01 00:00"), kst("2019-06-01 00:00"))
    assert [i.status for i in found.before] == [State.IN_FORCE]
    assert told(found.after)[1:] == [
        (kst("2018-08-20 10:00"), kst("2018-11-23 00:00"), "notice_pending", False),
        (kst("2018-11-23 00:00"), kst("2019-06-01 00:00"), "terminated", False),
    ]


def test_an_announcement_changes_nothing() -> None:
    talk = announcement("talk", kst("2018-08-22 18:00"))
    found = what_if(REAL, RECORD, talk, kst("2018-01-01 00:00"), kst("2019-01-01 00:00"))
    assert found.before == found.after
    assert found.changes == ()


def test_29_february_is_a_turning_point() -> None:
    record = (*entry(utc("2004-02-29"), "XAA", "XBB"), notice("n", utc("2007-06-01"), "XAA"))
    found = intervals(Lifecycle(MINIMAL, record), utc("2007-01-01"), utc("2009-01-01"))
    assert [(i.begin, i.status) for i in found][1:] == [
        (utc("2007-06-01"), State.NOTICE_PENDING),
        (utc("2008-02-29"), State.TERMINATED),
    ]


# -- what is refused ------------------------------------------------------------


def test_what_could_not_be_recorded_cannot_be_imagined() -> None:
    span = kst("2018-01-01 00:00"), kst("2019-01-01 00:00")
    good = notice("new", kst("2018-06-01 10:00"))
    assert what_if(REAL, RECORD, good, *span).changes
    with pytest.raises(BadInput, match="an id not yet used"):
        what_if(REAL, RECORD, notice("2019-08-23-notice", kst("2018-06-01 10:00")), *span)
    with pytest.raises(BadInput, match="one issuer"):
        what_if(REAL, RECORD, notice("new", kst("2018-06-01 10:00"), "USA"), *span)
    # What it refers to had not been given by then.
    with pytest.raises(BadInput, match="an instrument on record"):
        what_if(
            REAL, RECORD, suspension("new", "2019-08-23-notice", kst("2018-06-01 10:00")), *span
        )


def test_a_span_runs_forward_and_its_instants_have_offsets() -> None:
    begin = utc("2018-01-01")
    assert intervals(LIFE, begin, begin + MICRO)
    for end in (begin, begin - MICRO):
        with pytest.raises(BadInput, match="a span that ends after it begins"):
            intervals(LIFE, begin, end)
    with pytest.raises(BadInput, match="an instant with offset"):
        intervals(LIFE, NAIVE, begin)
    with pytest.raises(BadInput, match="a reading: K, J, X"):
        intervals(LIFE, begin, begin + MICRO, reading="Z")


# -- laws -----------------------------------------------------------------------

Record = tuple[Instrument, ...]
spans = st.tuples(instants, st.integers(1, 2000 * 24)).map(
    lambda s: (s[0], s[0] + timedelta(hours=s[1]))
)
places = st.lists(st.floats(0, 1, exclude_max=True), min_size=1, max_size=12)


def covers(found: tuple[Interval, ...], begin: datetime, end: datetime) -> None:
    assert (found[0].begin, found[-1].end) == (begin, end)
    for one, two in pairwise(found):
        assert one.end == two.begin
        assert (one.status, one.contestable) != (two.status, two.contestable)
    assert all(i.begin < i.end for i in found)


def at(found: tuple[Interval, ...], instant: datetime) -> tuple[State, bool]:
    (one,) = [i for i in found if i.begin <= instant < i.end]
    return one.status, one.contestable


@given(packs, records, spans, known, readings, places)
def test_intervals_cover_the_span_and_agree_with_each_instant(
    pack: Pack,
    record: Record,
    span: tuple[datetime, datetime],
    seen: datetime | None,
    reading: str | None,
    where: list[float],
) -> None:
    life = Lifecycle(pack, record)
    found = intervals(life, *span, seen, reading)
    covers(found, *span)
    edges = [e for i in found for e in (i.begin, i.end - MICRO)]
    sampled = [min(span[0] + (span[1] - span[0]) * part, span[1] - RESOLUTION) for part in where]
    midnights = [s.replace(hour=0, minute=0, second=0, microsecond=0) for s in sampled]
    for instant in (*edges, *sampled, *midnights, *(m - MICRO for m in midnights)):
        if span[0] <= instant < span[1]:
            answer = status(pack, record, instant, seen, reading)
            assert at(found, instant) == (answer.status, answer.contestable)


@given(packs, records, papers(), spans, places)
def test_what_if_is_the_status_with_the_paper_and_without(
    pack: Pack,
    record: Record,
    paper: Instrument,
    span: tuple[datetime, datetime],
    where: list[float],
) -> None:
    try:
        found = what_if(pack, record, paper, *span)
    except BadInput:
        return  # it could not be recorded
    covers(found.before, *span)
    covers(found.after, *span)
    for part in where:
        instant = min(span[0] + (span[1] - span[0]) * part, span[1] - RESOLUTION)
        one = status(pack, record, instant)
        two = status(pack, (*record, paper), instant)
        assert at(found.before, instant) == (one.status, one.contestable)
        assert at(found.after, instant) == (two.status, two.contestable)
        said = [c for c in found.changes if c.begin <= instant < c.end]
        differs = (one.status, one.contestable) != (two.status, two.contestable)
        assert len(said) == differs
        if said:
            assert (said[0].before, said[0].after) == (one.status, two.status)


@given(packs, records, st.integers(0, 1499))
def test_every_day_of_a_year_agrees(pack: Pack, record: Record, first: int) -> None:
    begin = START + timedelta(days=first)
    found = intervals(Lifecycle(pack, record), begin, begin + timedelta(days=40))
    life = Lifecycle(pack, record)
    for day in range(40):
        instant = begin + timedelta(days=day)
        answer = life.status(instant)
        assert at(found, instant) == (answer.status, answer.contestable)
