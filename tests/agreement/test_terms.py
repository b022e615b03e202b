"""Other final clauses, all fictitious: long terms, no term, months of notice, no notice at all."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsomia.agreement import (
    Instrument,
    Lifecycle,
    NoticeReference,
    Pack,
    PeriodEndDay,
    State,
    status,
)
from gsomia.agreement.counting import add_months, anniversary, read_date
from gsomia.agreement.terms import Terms
from gsomia.faults import BadInput
from tests.agreement.builders import entry, fictitious, notice, utc, withdrawal

FREE = NoticeReference.FREE_DATE


def in_force(pack: Pack, since: str, *papers: Instrument) -> Lifecycle:
    assert pack.fictitious
    return Lifecycle(pack, (*entry(utc(since), "XAA", "XBB"), *papers))


def says(life: Lifecycle, at: str) -> tuple[object, ...]:
    a = life.status(utc(at)).readings["J"]
    return a.status, a.earliest_end, a.next_extension, a.last_notice_day


def test_five_year_terms_with_six_months_notice() -> None:
    pack = fictitious(term=5, extension=5, months=6)
    quiet = in_force(pack, "2001-03-15 12:00")
    assert says(quiet, "2001-03-15 12:00") == (
        State.IN_FORCE,
        "2006-03-15",
        "2006-03-15",
        "2005-09-15",
    )
    assert says(quiet, "2005-09-15 23:59") == (
        State.IN_FORCE,
        "2006-03-15",
        "2006-03-15",
        "2005-09-15",
    )
    assert says(quiet, "2005-09-16 00:00") == (State.IN_FORCE, "2011-03-15", "2006-03-15", None)
    ending = in_force(pack, "2001-03-15 12:00", notice("n", utc("2005-09-16 00:00"), "XAA"))
    assert says(ending, "2005-10-01 00:00") == (
        State.NOTICE_PENDING,
        "2011-03-15",
        "2006-03-15",
        None,
    )
    assert ending.status(utc("2011-03-14 23:59")).in_force
    assert ending.status(utc("2011-03-15 00:00")).status is State.TERMINATED


def test_a_first_term_and_other_extensions() -> None:
    life = in_force(fictitious(term=10, extension=2, days=30), "2000-01-01 00:00")
    assert says(life, "2009-12-31 00:00")[2] == "2010-01-01"
    assert says(life, "2010-01-01 00:00")[2] == "2012-01-01"
    assert says(life, "2017-06-01 00:00")[2] == "2018-01-01"


def test_indefinite_duration_with_six_months_notice() -> None:
    pack = fictitious(term=None, extension=None, months=6, reference=FREE)
    life = in_force(pack, "2000-01-01 00:00")
    assert says(life, "2020-08-31 00:00") == (State.IN_FORCE, "2021-02-28", None, None)
    ending = in_force(pack, "2000-01-01 00:00", notice("n", utc("2020-08-31 09:00"), "XBB"))
    assert says(ending, "2020-09-01 00:00") == (State.NOTICE_PENDING, "2021-02-28", None, None)
    assert ending.status(utc("2021-02-28 00:00")).status is State.TERMINATED
    back = in_force(
        pack,
        "2000-01-01 00:00",
        notice("n", utc("2020-08-31 09:00"), "XBB"),
        withdrawal("w", ("n",), utc("2021-02-27 23:59"), "XBB"),
    )
    assert back.status(utc("2021-02-28 00:00")).status is State.IN_FORCE


def test_no_notice_rule_and_no_end() -> None:
    life = in_force(fictitious(), "2000-01-01 00:00", notice("n", utc("2001-01-01 00:00"), "XAA"))
    answer = life.status(utc("2050-06-01 00:00"))
    assert answer.status is State.IN_FORCE
    assert says(life, "2050-06-01 00:00") == (State.IN_FORCE, None, "2051-01-01", None)
    assert "n" not in answer.events


def test_a_term_without_extension_ends_by_itself() -> None:
    life = in_force(fictitious(term=3, extension=None), "2000-05-05 10:00")
    assert says(life, "2003-05-04 23:59") == (State.IN_FORCE, "2003-05-05", None, None)
    end = life.status(utc("2003-05-05 00:00"))
    assert (end.status, end.transfer, end.protect) == (State.TERMINATED, False, True)
    assert end.articles == ("Art. 2(1)", "Art. 2(2)", "Art. 2(4)")


def test_notice_in_a_term_without_extension_cannot_outlast_it() -> None:
    pack = fictitious(term=3, extension=None, days=90, reference=FREE)
    life = in_force(pack, "2000-05-05 00:00", notice("n", utc("2003-04-01 00:00"), "XAA"))
    assert says(life, "2003-04-02 00:00")[1] == "2003-05-05"
    soon = in_force(pack, "2000-05-05 00:00", notice("n", utc("2001-01-01 00:00"), "XAA"))
    assert says(soon, "2001-01-02 00:00")[1] == "2001-04-01"


def test_a_late_notice_in_a_term_without_extension_ends_with_it() -> None:
    pack = fictitious(term=3, extension=None, days=90)
    life = in_force(pack, "2000-05-05 00:00", notice("n", utc("2003-05-01 00:00"), "XAA"))
    assert says(life, "2003-05-02 00:00") == (State.NOTICE_PENDING, "2003-05-05", None, None)


def test_notice_longer_than_the_term() -> None:
    life = in_force(fictitious(months=18), "2000-01-01 00:00")
    assert says(life, "2000-01-01 00:00") == (State.IN_FORCE, "2002-01-01", "2001-01-01", None)


def test_entry_waits_for_the_later_notification() -> None:
    one, two = entry(utc("2000-01-01 00:00"), "XAA")[0], entry(utc("2000-02-01 09:00"), "XBB")[0]
    life = Lifecycle(fictitious(days=90), (one, two))
    assert life.status(utc("2000-02-01 08:59")).status is State.NOT_IN_FORCE
    answer = life.status(utc("2000-02-01 09:00"))
    assert answer.status is State.IN_FORCE
    assert answer.events == ("entry-XAA", "entry-XBB")
    alone = Lifecycle(fictitious(days=90), (one,))
    assert alone.status(utc("2010-01-01 00:00")).status is State.NOT_IN_FORCE
    assert not alone.status(utc("2010-01-01 00:00")).protect


def test_a_notice_before_entry_has_no_effect() -> None:
    life = in_force(
        fictitious(days=90), "2000-01-01 00:00", notice("n", utc("1999-12-31 23:59"), "XAA")
    )
    assert life.status(utc("2000-01-02 00:00")).status is State.IN_FORCE


def test_a_stranger_cannot_bring_it_into_force_or_end_it() -> None:
    pack = fictitious(days=90)
    stranger = entry(utc("2000-01-01 00:00"), "XAA", "XCC")
    assert status(pack, stranger, utc("2001-01-01 00:00")).status is State.NOT_IN_FORCE
    life = in_force(pack, "2000-01-01 00:00", notice("n", utc("2000-02-01 00:00"), "XCC"))
    assert life.status(utc("2000-03-01 00:00")).status is State.IN_FORCE


# -- leap days ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("years", "day"),
    [(1, date(2021, 3, 1)), (3, date(2023, 3, 1)), (4, date(2024, 2, 29)), (80, date(2100, 3, 1))],
)
def test_anniversary_of_29_february(years: int, day: date) -> None:
    assert anniversary(date(2020, 2, 29), years) == day


def test_an_agreement_of_29_february() -> None:
    life = in_force(fictitious(days=90), "2020-02-29 12:00")
    assert says(life, "2020-03-01 00:00")[2] == "2021-03-01"
    assert says(life, "2021-02-28 23:59")[2] == "2021-03-01"
    assert says(life, "2021-03-01 00:00")[2] == "2022-03-01"
    assert says(life, "2023-03-01 00:00") == (
        State.IN_FORCE,
        "2024-02-29",
        "2024-02-29",
        "2023-12-01",
    )


def test_a_notice_period_across_29_february() -> None:
    pack = fictitious(days=30)
    leap = in_force(pack, "2019-03-15 00:00")
    assert says(leap, "2020-01-01 00:00")[3] == "2020-02-14"
    assert says(leap, "2021-01-01 00:00")[3] == "2021-02-13"


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2020, 8, 31), 6, date(2021, 2, 28)),
        (date(2019, 8, 31), 6, date(2020, 2, 29)),
        (date(2020, 3, 31), -1, date(2020, 2, 29)),
        (date(2020, 1, 15), -1, date(2019, 12, 15)),
        (date(2020, 12, 15), 1, date(2021, 1, 15)),
        (date(2020, 6, 15), 18, date(2021, 12, 15)),
    ],
)
def test_months_are_cut_to_shorter_ones(day: date, months: int, then: date) -> None:
    assert add_months(day, months) == then


# -- laws -----------------------------------------------------------------------

DAYS = st.dates(date(1900, 1, 1), date(2990, 12, 31))


@given(
    began=DAYS,
    after=st.integers(0, 40_000),
    term=st.integers(1, 30),
    extension=st.integers(1, 30),
    days=st.integers(1, 3660),
    end_day=st.sampled_from(PeriodEndDay),
)
def test_a_notice_is_always_long_enough_and_no_longer_than_needed(
    began: date, after: int, term: int, extension: int, days: int, end_day: PeriodEndDay
) -> None:
    terms = Terms.of(fictitious(term=term, extension=extension, days=days, end_day=end_day))
    given_on = began + timedelta(days=after)
    if given_on.year > 2995:
        return
    end = terms.end_of_notice(began, given_on)
    assert end is not None
    counted = (end - given_on).days - (end_day is PeriodEndDay.LAST_FULL_DAY)
    assert counted >= days
    boundary = terms.boundary_after(began, given_on)
    assert boundary is not None
    assert boundary > given_on
    while boundary < end:  # each earlier boundary would have been too soon
        assert (boundary - given_on).days - (end_day is PeriodEndDay.LAST_FULL_DAY) < days
        following = terms.boundary_after(began, boundary)
        assert following is not None
        boundary = following
    assert boundary == end


@given(began=DAYS, after=st.integers(0, 400_000), term=st.integers(1, 9), more=st.integers(1, 9))
def test_boundaries_are_the_anniversaries_one_by_one(
    began: date, after: int, term: int, more: int
) -> None:
    day = began + timedelta(days=after % ((date(2995, 1, 1) - began).days or 1))
    expected = anniversary(began, term)
    years = term
    while expected <= day:
        years += more
        expected = anniversary(began, years)
    terms = Terms.of(fictitious(term=term, extension=more))
    assert terms.boundary_after(began, day) == expected


SINCE = st.integers(0, 1090 * 365 * 24).map(lambda h: utc("1900-01-02") + timedelta(hours=h))


@given(SINCE, st.integers(0, 100_000))
def test_without_notice_the_next_extension_lies_ahead(begin: datetime, hours: int) -> None:
    life = Lifecycle(fictitious(days=90), entry(begin, "XAA", "XBB"))
    at = begin + timedelta(hours=hours)
    if at.year >= 2999:
        return
    answer = life.status(at).readings["J"]
    assert answer.status is State.IN_FORCE
    assert answer.next_extension is not None
    assert answer.next_extension > at.date().isoformat()
    assert answer.earliest_end is not None
    assert answer.earliest_end >= answer.next_extension
    assert (answer.last_notice_day is None) == (answer.earliest_end != answer.next_extension)


def test_after_its_only_boundary_there_is_none() -> None:
    terms = Terms.of(fictitious(term=3, extension=None))
    began, boundary = date(2000, 5, 5), date(2003, 5, 5)
    assert terms.boundary_after(began, date(2003, 5, 4)) == boundary
    assert terms.boundary_after(began, boundary) is None


@pytest.mark.parametrize("text", ["1900-01-01", "2999-12-31"])
def test_the_first_and_last_day_that_are_read(text: str) -> None:
    assert read_date(text, "").isoformat() == text


@pytest.mark.parametrize("text", ["1899-12-31", "3000-01-01"])
def test_a_day_beyond_them_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="a day, like"):
        read_date(text, "")
