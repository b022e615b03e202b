"""The days a treaty desk must not miss, by reading, and the file that carries them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsomia.agreement import Lifecycle, NoticeReference, Pack, State
from gsomia.agreement.deadlines import Deadline, What, deadlines, icalendar_file
from gsomia.faults import BadInput
from tests.agreement.builders import (
    NAIVE,
    REAL,
    REAL_ENTRY,
    RECORD,
    entry,
    fictitious,
    kst,
    notice,
    suspension,
    utc,
)
from tests.agreement.ical import Calendar, read_calendar

LIFE = Lifecycle(REAL, RECORD)
LAST, EXTENSION, END = What.LAST_NOTICE_DAY, What.EXTENSION, What.END


def days(life: Lifecycle, as_of: datetime, reading: str, years: int = 1) -> list[tuple]:
    return [
        (d.date.isoformat(), d.what)
        for d in deadlines(life, as_of, years=years)
        if d.reading == reading
    ]


# -- the agreement of 2016 ------------------------------------------------------

STORY = [
    # as of, reading, what is ahead within a year
    ("2018-01-15 09:00", "K", [("2018-08-24", LAST), ("2018-11-23", EXTENSION)]),
    ("2018-01-15 09:00", "X", [("2018-08-24", LAST), ("2018-11-23", EXTENSION)]),
    ("2018-08-25 09:00", "J", [("2018-11-23", EXTENSION), ("2019-08-24", LAST)]),
    # Notice stands and its suspension has not happened yet, whatever is on record.
    ("2019-10-01 09:00", "K", [("2019-11-23", END)]),
    ("2019-10-01 09:00", "J", [("2019-11-23", END)]),
    ("2019-10-01 09:00", "X", [("2019-11-23", END)]),
    # Suspended: K names no day at all, J the clause's, X ended it.
    ("2019-11-23 12:00", "K", []),
    ("2019-11-23 12:00", "J", [("2020-08-24", LAST), ("2020-11-23", EXTENSION)]),
    ("2019-11-23 12:00", "X", []),
    ("2020-08-26 09:00", "J", [("2020-11-23", EXTENSION), ("2021-08-24", LAST)]),
    ("2023-03-20 09:00", "K", []),
    ("2023-03-22 09:00", "K", [("2023-08-24", LAST), ("2023-11-23", EXTENSION)]),
    ("2023-03-22 09:00", "J", [("2023-08-24", LAST), ("2023-11-23", EXTENSION)]),
    ("2023-03-22 09:00", "X", []),
    ("2016-11-01 09:00", "K", []),
]


@pytest.mark.parametrize(("as_of", "reading", "expected"), STORY)
def test_the_days_ahead(as_of: str, reading: str, expected: list) -> None:
    assert days(LIFE, kst(as_of), reading) == expected


def test_the_day_itself_counts_until_it_is_over() -> None:
    assert (str(date(2018, 8, 24)), LAST) in days(LIFE, kst("2018-08-24 23:59"), "K")
    assert (str(date(2018, 8, 24)), LAST) not in days(LIFE, kst("2018-08-25 00:00"), "K")


def test_each_day_has_its_article_reading_and_flag() -> None:
    found = deadlines(LIFE, kst("2018-01-15 09:00"))
    assert {(d.what, d.article) for d in found} == {(LAST, "Art. 21(3)"), (EXTENSION, "Art. 21(3)")}
    assert {(d.reading, d.held, d.verified) for d in found} == {
        ("K", True, True),
        ("J", True, "part"),
        ("X", False, False),
    }
    assert [d.date for d in found] == sorted(d.date for d in found)


def test_an_unverified_clause_makes_its_days_unverified() -> None:
    assert REAL.notice
    practice = tuple(
        msgspec.structs.replace(p, verified="part") if p.option == "period_end_day" else p
        for p in REAL.notice.practice
    )
    rule = msgspec.structs.replace(REAL.notice, practice=practice)
    pack = msgspec.structs.replace(REAL, notice=rule)
    found = deadlines(Lifecycle(pack, RECORD), kst("2018-01-15 09:00"))
    assert {d.what: d.verified for d in found if d.reading == "K"} == {
        LAST: "part",
        EXTENSION: True,
    }


def test_what_was_not_known_does_not_count() -> None:
    at = kst("2019-10-01 09:00")
    before = deadlines(LIFE, at, known_at=kst("2019-08-01 09:00"))
    assert {d.what for d in before} == {LAST, EXTENSION}
    assert {d.what for d in deadlines(LIFE, at)} == {END}


def test_years_ahead() -> None:
    found = days(LIFE, kst("2018-01-15 09:00"), "J", years=3)
    assert found == [
        (f"{year}-{day}", what)
        for year in (2018, 2019, 2020)
        for day, what in (("08-24", LAST), ("11-23", EXTENSION))
    ]
    assert len(days(LIFE, kst("2018-01-15 09:00"), "J", years=100)) == 200


# -- other terms ----------------------------------------------------------------


def in_force(pack: Pack, day: str, *more: object) -> Lifecycle:
    return Lifecycle(pack, (*entry(utc(day), "XAA", "XBB"), *more))  # type: ignore[arg-type]


def test_from_29_february_a_common_year_ends_on_1_march() -> None:
    life = in_force(fictitious(days=90), "2004-02-29")
    found = [d for d, what in days(life, utc("2004-03-01"), "J", years=5) if what is EXTENSION]
    assert found == ["2005-03-01", "2006-03-01", "2007-03-01", "2008-02-29", "2009-03-01"]
    notices = [d for d, what in days(life, utc("2004-03-01"), "J", years=5) if what is LAST]
    assert notices == ["2004-12-01", "2005-12-01", "2006-12-01", "2007-12-01", "2008-12-01"]


def test_asked_on_29_february_a_year_ahead_ends_with_1_march() -> None:
    life = in_force(fictitious(days=90), "2003-03-01")
    found = days(life, utc("2004-02-29 12:00"), "J")
    assert [d for d, what in found if what is EXTENSION] == ["2004-03-01", "2005-03-01"]


def test_a_single_term_ends_by_itself() -> None:
    life = in_force(fictitious(term=3, extension=None), "2001-05-02")
    assert days(life, utc("2001-06-01"), "J", years=5) == [("2004-05-02", END)]
    (end,) = {d.article for d in deadlines(life, utc("2001-06-01"), years=5)}
    assert end == life.pack.duration.article
    assert days(life, utc("2001-06-01"), "J", years=2) == []


def test_an_end_is_that_of_the_term_or_that_of_the_notice() -> None:
    pack = fictitious(term=3, extension=None, days=30)
    given = notice("n", utc("2001-06-01"), "XAA")
    assert pack.notice
    assert pack.notice.article != pack.duration.article
    for more, article in (((), pack.duration.article), ((given,), pack.notice.article)):
        life = in_force(pack, "2001-05-02", *more)
        found = deadlines(life, utc("2001-07-01"), years=5)
        assert {(d.date.isoformat(), d.what, d.article) for d in found} == {
            ("2004-05-02", END, article)
        }


def test_a_notice_to_a_free_date_has_only_its_end() -> None:
    pack = fictitious(term=None, extension=None, days=30, reference=NoticeReference.FREE_DATE)
    assert days(in_force(pack, "2001-01-01"), utc("2001-06-01"), "J") == []
    life = in_force(pack, "2001-01-01", notice("n", utc("2001-06-01"), "XAA"))
    assert days(life, utc("2001-06-02"), "J") == [("2001-07-01", END)]
    assert pack.notice
    assert {d.article for d in deadlines(life, utc("2001-06-02"))} == {pack.notice.article}


def test_a_suspension_still_to_come_is_not_counted() -> None:
    record = (
        notice("n", utc("2001-06-01"), "XAA"),
        suspension("s", "n", utc("2001-11-01"), "XAA"),
    )
    life = in_force(fictitious(days=90), "2001-01-01", *record)
    assert days(life, utc("2001-10-31"), "K") == [("2002-01-01", END)]
    assert days(life, utc("2001-11-01"), "K") == []


@given(st.integers(0, 3000), st.sampled_from(["K", "J", "X"]), st.integers(1, 3))
def test_each_extension_is_one_that_the_status_foresees(
    after: int, reading: str, years: int
) -> None:
    as_of = utc("2016-12-01") + after * (utc("2000-01-02") - utc("2000-01-01"))
    life = Lifecycle(
        REAL, [*REAL_ENTRY, *(i for i in RECORD if i.took_place and i.id[:4] < "2019")]
    )
    found = days(life, as_of, reading, years)
    answer = life.status(as_of).readings[reading]
    assert answer.status is State.IN_FORCE
    extensions = [d for d, what in found if what is EXTENSION]
    assert extensions[:1] == [answer.next_extension]
    assert len(extensions) in (years, years + 1)
    if answer.last_notice_day is not None:
        assert (answer.last_notice_day, LAST) in found


@pytest.mark.parametrize("years", [0, -1, 101])
def test_years_are_bounded(years: int) -> None:
    with pytest.raises(BadInput, match="1 to 100 years"):
        deadlines(LIFE, kst("2018-01-15 09:00"), years=years)


def test_an_instant_needs_its_offset() -> None:
    with pytest.raises(BadInput, match="an instant with offset"):
        deadlines(LIFE, NAIVE)
    with pytest.raises(BadInput, match="from 1900 to 2999"):
        deadlines(LIFE, utc("2999-06-01"), years=1)


# -- as a calendar --------------------------------------------------------------

STAMP = datetime(2018, 1, 15, 0, 0, 7, 123456, tzinfo=UTC)


def calendar(as_of: str, stamp: datetime = STAMP) -> Calendar:
    found = deadlines(LIFE, kst(as_of))
    return read_calendar(icalendar_file(REAL, found, stamp))


def test_readings_that_agree_share_an_event() -> None:
    events = calendar("2018-01-15 09:00").events
    assert [(e["DTSTART"], e["UID"]) for e in events] == [
        ("20180824", "rok-japan-2016.last_notice_day.2018-08-24@gsomia"),
        ("20181123", "rok-japan-2016.extension.2018-11-23@gsomia"),
    ]
    assert all("(reading K, J, X)" in e["SUMMARY"] for e in events)
    for words in ("Art. 21(3)", "held by nobody; not verified", "verified in part", "UTC+09:00"):
        assert words in events[0]["DESCRIPTION"]
    for reading in REAL.readings:
        assert f"Reading {reading.id}: {reading.title}" in events[0]["DESCRIPTION"]
    assert all(e["DTSTAMP"] == "20180115T000007Z" for e in events)


def test_uids_depend_on_nothing_but_agreement_thing_and_day() -> None:
    early = {e["UID"] for e in calendar("2018-01-15 09:00").events}
    late = {e["UID"] for e in calendar("2018-03-01 09:00", utc("2018-03-01")).events}
    assert early == late
    assert len(early) == 2


def test_the_order_of_the_days_means_nothing() -> None:
    found = deadlines(LIFE, kst("2018-01-15 09:00"), years=3)
    shuffled = sorted(found, key=lambda d: (d.date.day, d.what))
    one, two = (read_calendar(icalendar_file(REAL, f, STAMP)) for f in (found, shuffled))
    assert [e["UID"] for e in one.events] == [e["UID"] for e in two.events]


def test_a_leap_day_is_written_as_it_is() -> None:
    day = Deadline(date(2008, 2, 29), EXTENSION, "J", "Art. 2(2)", False, True)
    (event,) = read_calendar(icalendar_file(fictitious(days=90), [day], STAMP)).events
    assert event["DTSTART"] == "20080229"


def test_nothing_ahead_is_a_calendar_without_events() -> None:
    assert calendar("2016-11-01 09:00").events == []
