"""The timeline: what it shows is what the status tables say, and it can be read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gsomia.agreement import Instrument, Lifecycle, shipped_lifecycle
from gsomia.cli.words import LANGS, Words
from gsomia.faults import BadInput
from gsomia.pictures.svg import Picture
from gsomia.pictures.timeline import MAX_TICKS, Timeline, default_span, timeline
from gsomia.pictures.timeline_svg import WORDS, draw
from tests.agreement.builders import MINIMAL, NAIVE, REAL, RECORD, announcement, kst, notice
from tests.pictures.boxes import overlapping, sound, words

CASE = shipped_lifecycle("rok-japan-2016")
BEGIN, END = kst("2011-01-01 00:00"), kst("2026-01-01 00:00")
WHOLE = timeline(CASE, BEGIN, END)
EMPTY = Lifecycle(MINIMAL, ())

# The bounds of instants that are not public: the later one, which is the more cautious.
FORCE, NORMAL = "2016-11-24 00:00", "2023-03-21 12:00"
NOTICE, SUSPENDED, EXPIRY = "2019-08-23 15:25", "2019-11-22 18:00", "2019-11-23 00:00"

# By reading: from when, which status, contestable; after the status table of the case.
TABLE = {
    None: [
        ("2011-01-01 00:00", "not_in_force", False),
        (FORCE, "in_force", False),
        (NOTICE, "notice_pending", False),
        (SUSPENDED, "notice_suspended", False),
        (EXPIRY, "notice_suspended", True),
        (NORMAL, "in_force", False),
    ],
    "J": [
        ("2011-01-01 00:00", "not_in_force", False),
        (FORCE, "in_force", False),
        (NOTICE, "notice_pending", False),
        (SUSPENDED, "notice_suspended", False),
        (EXPIRY, "in_force", True),
        (NORMAL, "in_force", False),
    ],
    "X": [
        ("2011-01-01 00:00", "not_in_force", False),
        (FORCE, "in_force", False),
        (NOTICE, "notice_pending", False),
        (EXPIRY, "terminated", True),
        (NORMAL, "terminated", False),
    ],
}
TABLE["K"] = TABLE[None]


def drawn(model: Timeline, lang: str = "en") -> Picture:
    return draw(model, Words(lang).label, lang)


def lane(reading: str | None, model: Timeline = WHOLE):
    return next(found for found in model.lanes if found.reading == reading)


@pytest.mark.parametrize("reading", TABLE, ids=str)
def test_the_lanes_are_the_status_table(reading: str | None) -> None:
    found = lane(reading).intervals
    minute = timedelta(microseconds=1)
    shown = [(i.begin, i.status.value, i.contestable) for i in found]
    told = [(kst(at), status, contested) for at, status, contested in TABLE[reading]]
    assert [s[1:] for s in shown] == [t[1:] for t in told]
    assert all(t[0] - s[0] in (timedelta(0), minute) for s, t in zip(shown, told, strict=True))
    assert [i.end for i in found] == [*(i.begin for i in found[1:]), END]


def test_extensions_go_on_by_one_reading_and_rest_by_the_other() -> None:
    years = {r: [d.year for d in lane(r).extensions] for r in (None, "K", "J", "X")}
    assert years["J"] == [2017, 2018, 2019, 2020, 2021, 2022, 2023, 2024, 2025]
    assert years["K"] == years[None] == [2017, 2018, 2023, 2024, 2025]
    assert years["X"] == [2017, 2018]
    assert {(d.month, d.day) for d in lane("J").extensions} == {(11, 23)}


def test_the_contested_stretch_is_the_one_of_the_case() -> None:
    (span,) = WHOLE.contested
    assert span.begin == kst(EXPIRY)
    assert span.end == kst(NORMAL) - timedelta(microseconds=1)


def test_every_instrument_has_a_number_and_five_move_the_status() -> None:
    assert [t.number for t in WHOLE.ticks] == list(range(1, len(RECORD) + 1))
    assert [t.id for t in WHOLE.ticks if t.moves] == [
        "2016-11-23-notification-jpn",
        "2016-11-23-notification-kor",
        "2019-08-23-notice",
        "2019-11-22-suspension",
        "2023-03-21-withdrawal",
    ]
    assert all(a.earliest <= b.earliest for a, b in pairwise(WHOLE.ticks))


def test_what_was_not_known_then_is_not_in_the_picture() -> None:
    model = timeline(CASE, BEGIN, END, known_at=kst("2019-09-01 00:00"))
    assert max(t.id for t in model.ticks) == "2019-08-24-last-day"
    assert [i.status.value for i in lane("K", model).intervals][-1] == "terminated"
    assert model.contested == ()
    sound(drawn(model))


def test_the_cursor_has_the_answers_of_every_reading_side_by_side() -> None:
    at = kst("2021-05-01 00:00")
    model = timeline(CASE, BEGIN, END, as_of=at)
    assert model.answers == CASE.status(at).readings
    shown = words(drawn(model))
    assert "as of 2021-05-01 00:00" in shown
    assert {"at once", "2021-11-23", "2021-08-24"} <= set(shown)


@pytest.mark.parametrize("lang", LANGS)
def test_the_picture_can_be_read_in_every_language(lang: str) -> None:
    picture = drawn(timeline(CASE, BEGIN, END, as_of=kst("2021-05-01 00:00")), lang)
    sound(picture)
    assert picture == drawn(timeline(CASE, BEGIN, END, as_of=kst("2021-05-01 00:00")), lang)
    shown = " ".join(words(picture))
    for state in ("not_in_force", "in_force", "notice_suspended", "terminated", "contested_long"):
        assert Words(lang).label(state) in shown
    assert Words(lang).label("flag_false") in shown


@pytest.mark.parametrize("lang", LANGS)
def test_every_word_of_it_exists(lang: str) -> None:
    kinds = {f"instrument_{i.kind}" for i in RECORD}
    assert [w for w in (*WORDS, *kinds) if Words(lang).label(w) == w and "_" in w] == []


def test_a_title_that_would_break_the_file_stay_words() -> None:
    evil = announcement("evil", kst("2020-01-01 00:00"), title="</text><script>x</script>" * 9)
    picture = drawn(timeline(Lifecycle(REAL, (evil,)), BEGIN, END))
    sound(picture)
    assert "".join("".join(words(picture)).split()).count("</text><script>x</script>") == 9


def test_an_agreement_without_instruments_is_one_bar_and_says_so() -> None:
    span = default_span(EMPTY, kst("2026-03-01 00:00"))
    model = timeline(EMPTY, span.begin, span.end)
    assert model.ticks == ()
    assert [[i.status.value for i in found.intervals] for found in model.lanes] == [
        ["not_in_force"] for _ in model.lanes
    ]
    picture = drawn(model)
    sound(picture)
    assert "No instrument in this span." in words(picture)
    assert ("[fictitious]" in words(picture)) == MINIMAL.fictitious is True


def test_a_span_with_no_turning_point_has_one_interval() -> None:
    model = timeline(CASE, kst("2017-02-01 00:00"), kst("2017-03-01 00:00"))
    assert [len(found.intervals) for found in model.lanes] == [1, 1, 1, 1]
    assert (model.ticks, model.outside) == ((), len(RECORD))
    sound(drawn(model))


@pytest.mark.parametrize("hours", [1, 30, 24 * 40, 24 * 400, 24 * 36500])
def test_any_length_of_span_can_be_read(hours: int) -> None:
    begin = kst("2019-11-22 17:00")
    sound(drawn(timeline(CASE, begin, begin + timedelta(hours=hours))))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 60_000), st.integers(1, 90_000), st.sampled_from(LANGS))
def test_no_two_words_run_into_each_other(start: int, length: int, lang: str) -> None:
    begin = kst("2010-01-01 00:00") + timedelta(hours=start * 2)
    assert overlapping(drawn(timeline(CASE, begin, begin + timedelta(hours=length)), lang)) == []


def test_many_instruments_on_one_day_stand_apart() -> None:
    record = [announcement(f"a{n:03}", kst("2020-01-01 00:00")) for n in range(150)]
    notes = [notice(f"n{n:03}", kst("2020-01-02 00:00")) for n in range(100)]
    model = timeline(Lifecycle(REAL, (*RECORD, *record, *notes)), BEGIN, END)
    assert len(model.ticks) == 250 + len(RECORD)
    sound(drawn(model))


def long_names() -> Lifecycle:
    readings = tuple(
        msgspec.structs.replace(r, title="an unusually long title " * 8) for r in REAL.readings
    )
    pack = msgspec.structs.replace(REAL, readings=readings, title="乗り物 " * 80)
    return Lifecycle(pack, RECORD)


def test_long_names_take_the_room_that_they_need() -> None:
    sound(drawn(timeline(long_names(), BEGIN, END)))


def crowd() -> Lifecycle:
    many: list[Instrument] = [
        announcement(f"a{n}", kst("2020-01-01 00:00")) for n in range(MAX_TICKS + 1)
    ]
    return Lifecycle(REAL, many)


@pytest.mark.parametrize(
    "lifecycle, begin, end, more, told",
    [
        (CASE, END, BEGIN, {}, "ends after it begins"),
        (CASE, BEGIN, BEGIN, {}, "ends after it begins"),
        (CASE, NAIVE, END, {}, "with offset"),
        (CASE, BEGIN, END, {"known_at": NAIVE}, "with offset"),
        (CASE, BEGIN, END, {"as_of": END}, "within the span"),
        (CASE, BEGIN, datetime(2500, 1, 1, tzinfo=UTC), {}, "100 years"),
        (crowd(), BEGIN, END, {}, "instruments"),
    ],
)
def test_bad_input_is_refused(lifecycle: Lifecycle, begin, end, more, told: str) -> None:
    with pytest.raises(BadInput, match=told):
        timeline(lifecycle, begin, end, **more)


@pytest.mark.parametrize("now", ["1901-01-01", "2024-06-01", "2999-06-01"])
@pytest.mark.parametrize("lifecycle", [CASE, EMPTY], ids=["case", "empty"])
def test_the_default_span_can_always_be_drawn(lifecycle: Lifecycle, now: str) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    span = default_span(lifecycle, at)
    model = timeline(lifecycle, span.begin, span.end)
    sound(drawn(model))
