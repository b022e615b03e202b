"""iCalendar: what is written can be read again, and every line keeps to 75 octets."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsomia.agreement import shipped_lifecycle
from gsomia.agreement.deadlines import deadlines, icalendar_file
from gsomia.agreement.icalendar import MAX_LINE, Event, calendar
from gsomia.faults import BadInput
from tests.agreement.builders import NAIVE, utc
from tests.agreement.ical import read_calendar, unfolded

STAMP = utc("2020-01-02 03:04:05")
texts = st.text(st.characters(exclude_categories=("Cc", "Cs")) | st.sampled_from("\\;,\n\t"))


def event(
    summary: str = "x", description: str = "y", uid: str = "u", day: str = "2020-02-29"
) -> Event:
    return Event(uid, date.fromisoformat(day), summary, description)


@given(texts, texts, texts)
def test_what_is_written_is_read_again(name: str, summary: str, description: str) -> None:
    found = read_calendar(calendar(name, [event(summary, description)], STAMP))
    assert found.properties["X-WR-CALNAME"] == name
    (one,) = found.events
    assert (one["SUMMARY"], one["DESCRIPTION"], one["UID"]) == (summary, description, "u")
    assert (one["DTSTART"], one["DTSTAMP"]) == ("20200229", "20200102T030405Z")


def same_in_the_library(data: bytes) -> list[Any]:
    """The events as the library of that name reads them, which must be those that we read."""
    found = icalendar.Calendar.from_ical(data)
    mine = read_calendar(data).events
    events = list(found.walk("VEVENT"))
    assert found.errors == []
    assert [e.errors for e in events] == [[] for _ in mine]
    assert [str(e["UID"]) for e in events] == [m["UID"] for m in mine]
    for one, here in zip(events, mine, strict=True):
        assert one.decoded("DTSTART") == datetime.strptime(here["DTSTART"], "%Y%m%d").date()  # noqa: DTZ007 (a whole day has no zone)
        for name in ("SUMMARY", "DESCRIPTION"):
            assert str(one[name]) == here[name]
        assert one["TRANSP"] == "TRANSPARENT"
    return events


@pytest.mark.parametrize("language", ["ko", "ja", "en"])
def test_another_program_reads_the_same_days(language: str) -> None:
    words = {
        "ko": "통보, 마지막 날; 24시\n다음",
        "ja": "通告の最終日;、\\",
        "en": "Last day, “notice”; a\\n",
    }
    days = ["2019-08-24", "2020-02-29", "2019-11-22", "2999-12-31"]
    made = [event(words[language] * 9, words[language], f"{language}-{d}@x", d) for d in days]
    events = same_in_the_library(calendar(words[language], made, STAMP))
    assert [e.decoded("DTSTART").isoformat() for e in events] == days
    assert [str(e["SUMMARY"]) for e in events] == [words[language] * 9] * 4
    assert [e.decoded("DTSTAMP") for e in events] == [STAMP] * 4


# What the library itself turns into something else: it folds and unfolds at other blanks, too.
plain_texts = st.text(
    st.characters(categories=("L", "N", "P", "S"), include_characters=" ")
    | st.sampled_from("\\;,\n")
)


@given(plain_texts, plain_texts)
def test_another_program_reads_the_same_texts(summary: str, description: str) -> None:
    (one,) = same_in_the_library(calendar("n", [event(summary, description)], STAMP))
    assert (str(one["SUMMARY"]), str(one["DESCRIPTION"])) == (summary, description)


def test_another_program_reads_the_calendar_of_the_agreement() -> None:
    life = shipped_lifecycle("rok-japan-2016")
    found = deadlines(life, STAMP, years=3)
    events = same_in_the_library(icalendar_file(life.pack, found, STAMP))
    days = {(d.date, str(d.what)) for d in found}
    read = {(e.decoded("DTSTART"), str(e["UID"]).split(".")[1]) for e in events}
    assert read == days
    assert len(read) > 5


@given(st.text(st.sampled_from("aé秘\U0001f512"), min_size=0, max_size=200))
def test_no_fold_cuts_a_character_and_none_is_needless(text: str) -> None:
    data = calendar("n", [event(text)], STAMP)
    lines = data.split(b"\r\n")
    at = next(i for i, line in enumerate(lines) if line.startswith(b"SUMMARY:"))
    while lines[at + 1].startswith(b" "):
        rest = lines[at + 1][1:].decode()
        # The first character of the next part would not have fitted.
        assert len(lines[at]) + len(rest[0].encode()) > MAX_LINE
        at += 1


@pytest.mark.parametrize(("length", "parts"), [(67, 1), (68, 2), (67 + 74, 2), (67 + 75, 3)])
def test_a_line_of_75_octets_is_not_folded(length: int, parts: int) -> None:
    data = calendar("n", [event("a" * length)], STAMP)
    begin = data.index(b"SUMMARY:")
    end = data.index(b"\r\nDESCRIPTION")
    assert len(data[begin:end].split(b"\r\n ")) == parts


def test_the_same_input_gives_the_same_bytes() -> None:
    there = timezone(timedelta(hours=9))
    assert calendar("n", [event()], STAMP) == calendar("n", [event()], STAMP.astimezone(there))


@pytest.mark.parametrize("char", ["\0", "\r", "\x1b", "\x7f", "\x85", "\ud800"])
def test_control_characters_are_refused(char: str) -> None:
    for bad in (event(f"a{char}"), event("a", f"a{char}"), event(uid=f"a{char}")):
        with pytest.raises(BadInput, match="text without control characters"):
            calendar("n", [bad], STAMP)
    assert calendar("n", [event("a\tb\nc")], STAMP)


def test_a_line_cannot_be_forged() -> None:
    data = calendar("n", [event("x\nEND:VEVENT\nBEGIN:VEVENT")], STAMP)
    assert unfolded(data).count("BEGIN:VEVENT") == 1


def test_a_uid_stands_once_and_a_stamp_has_an_offset() -> None:
    assert len(read_calendar(calendar("n", [event(), event(uid="v")], STAMP)).events) == 2
    with pytest.raises(BadInput, match="each UID once"):
        calendar("n", [event(), event()], STAMP)
    with pytest.raises(BadInput, match="an instant with offset"):
        calendar("n", [event()], NAIVE)


@given(st.dates(date(1900, 1, 1), date(2999, 12, 31)))
def test_a_day_has_eight_digits(day: date) -> None:
    (one,) = read_calendar(calendar("n", [event(day=day.isoformat())], STAMP)).events
    assert one["DTSTART"] == day.isoformat().replace("-", "")
