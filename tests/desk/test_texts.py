"""Which text holds on which day, where a record begins, and how a series of numbers goes on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import msgspec

from gsomia.agreement import shipped_instruments
from gsomia.agreement.pack import shipped
from gsomia.canon import instant
from gsomia.desk.model import Numbering, RecordBegins, Series
from gsomia.desk.numbering import next_number
from gsomia.desk.record import record_of
from gsomia.desk.texts import Amendment, later_than, pack_at, pack_of
from gsomia.fold import State

PACK = shipped("rok-japan-2016")
SECOND = datetime(2026, 3, 31, 15, tzinfo=UTC)
"""00:00 of 1 April in Seoul and Tokyo."""


def _state() -> State:
    """The text as it ships, and two amendments that change a title each."""
    state = State()
    for version, day in ((2, date(2026, 5, 1)), (1, date(2026, 4, 1))):
        text = msgspec.structs.replace(PACK, title=f"version {version}")
        pack = msgspec.json.encode(text).decode()
        state.put(Amendment(PACK.id, version, pack, day, (), "P-1", "2026-03-01T00:00:00Z"))
    return state


def test_a_text_holds_from_the_midnight_of_its_day() -> None:
    state, moment = _state(), timedelta(microseconds=1)
    assert pack_at(state, PACK.id, SECOND - moment) == PACK
    assert pack_at(state, PACK.id, SECOND).title == "version 1"
    assert pack_at(state, PACK.id, SECOND + timedelta(days=30)).title == "version 2"
    assert pack_of(state, PACK.id).title == "version 2"


def test_a_later_text_is_one_whose_day_has_not_begun() -> None:
    state, moment = _state(), timedelta(microseconds=1)
    later = [[p.title for p in later_than(state, PACK.id, at)] for at in (SECOND - moment, SECOND)]
    assert later == [["version 1", "version 2"], ["version 2"]]
    assert later_than(State(), PACK.id, SECOND) == ()


def test_a_record_begins_with_what_was_known_at_that_instant() -> None:
    every = shipped_instruments(PACK.id)
    last = max(i.known_from for i in every)
    state = State()
    for until, left_out in ((last, 0), (last - timedelta(seconds=1), 1)):
        state.put(RecordBegins(PACK.id, instant(until)))
        assert len(record_of(PACK, every, state).ours) == len(every) - left_out


def test_numbers_that_name_no_year_go_on_over_the_years() -> None:
    state = State()
    state.put(Numbering("kor-mofa", "N-{serial}"))
    for year, number in ((2025, "N-1"), (2026, "N-2"), (2026, "N-3")):
        given = next_number(state, "kor-mofa", year, "L-1")
        assert (given.number, given.year) == (number, 0)
        state.put(Series(given.office, given.year, given.serial))
