"""Laws of the status, over records that no ministry would write."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

import msgspec
from hypothesis import assume, given
from hypothesis import strategies as st

from gsomia.agreement import Instrument, Lifecycle, Moment, NoticeReference, Pack, State, status
from tests.agreement.builders import (
    announcement,
    entry,
    fictitious,
    notice,
    suspension,
    utc,
    withdrawal,
)

START = utc("2000-01-01")
SPAN_DAYS = 1500
PACKS = [
    fictitious(days=90),
    fictitious(term=2, extension=1, months=6),
    fictitious(term=None, extension=None, days=30, reference=NoticeReference.FREE_DATE),
    fictitious(term=3, extension=None),
]

instants = st.integers(-100, SPAN_DAYS * 24).map(lambda h: START + timedelta(hours=h))
spans = st.sampled_from([timedelta(0), timedelta(hours=5), timedelta(days=40)])
moments = st.builds(lambda at, span: Moment(at, at + span), instants, spans)
parties = st.sampled_from(["XAA", "XBB"])
names = st.sampled_from("abcdef")


@st.composite
def papers(draw: st.DrawFn) -> Instrument:
    """Any status-moving note: it may be early, late, of the wrong party, or about nothing."""
    name, at, party = draw(names), draw(moments), draw(parties)
    match draw(st.sampled_from("nsw")):
        case "n":
            return notice(name, at, party)
        case "s":
            return suspension(name, draw(names), at, party)
        case _:
            targets = tuple(draw(st.sets(names, min_size=1, max_size=3)))
            return withdrawal(name, targets, at, party)


records = st.lists(papers(), max_size=6, unique_by=lambda i: i.id).map(
    lambda found: (*entry(START, "XAA", "XBB"), *found)
)
packs = st.sampled_from(PACKS)
known = st.none() | instants
readings = st.sampled_from([None, "K", "J", "X"])
Record = tuple[Instrument, ...]


@given(packs, records, instants, known, readings, st.randoms(use_true_random=False))
def test_listing_order_means_nothing(
    pack: Pack,
    record: Record,
    at: datetime,
    seen: datetime | None,
    reading: str | None,
    rnd: Random,
) -> None:
    shuffled = list(record)
    rnd.shuffle(shuffled)
    assert status(pack, record, at, seen, reading) == status(pack, shuffled, at, seen, reading)


@given(packs, records, instants, known, readings, instants)
def test_an_announcement_never_changes_the_status(
    pack: Pack,
    record: Record,
    at: datetime,
    seen: datetime | None,
    reading: str | None,
    when: datetime,
) -> None:
    talk = announcement("talk", when, "XAA", refers_to=tuple(i.id for i in record))
    assert status(pack, record, at, seen, reading) == status(
        pack, (*record, talk), at, seen, reading
    )


@given(packs, records, instants, readings)
def test_terminated_closes_transfer_and_keeps_protection(
    pack: Pack, record: Record, at: datetime, reading: str | None
) -> None:
    answer = status(pack, record, at, reading=reading)
    assert answer.transfer is answer.in_force
    if answer.status is State.TERMINATED:
        assert (answer.transfer, answer.protect) == (False, True)
    if at >= START:
        assert answer.protect
    else:
        assert (answer.status, answer.protect) == (State.NOT_IN_FORCE, False)


@given(packs, records, instants, st.integers(0, 30_000), readings)
def test_an_end_is_final(
    pack: Pack, record: Record, at: datetime, hours: int, reading: str | None
) -> None:
    life = Lifecycle(pack, record)
    for name in "KJX":
        first = life.status(at).readings[name]
        # A doubt may be settled later, so only a certain end is final.
        assume(not life.status(at, reading=name).uncertain)
        if first.status is State.TERMINATED:
            later = life.status(at + timedelta(hours=hours)).readings[name]
            assert later.status is State.TERMINATED


@given(packs, records, instants)
def test_transfer_needs_every_held_reading(pack: Pack, record: Record, at: datetime) -> None:
    answer = status(pack, record, at)
    alive = {State.IN_FORCE, State.NOTICE_PENDING, State.NOTICE_SUSPENDED}
    held = [answer.readings[name].status in alive for name in "KJ"]
    assert answer.transfer == all(held)
    if held[0] != held[1]:
        assert answer.contestable


@given(packs, records, instants, known)
def test_knowing_is_the_same_as_having_only_those_papers(
    pack: Pack, record: Record, at: datetime, seen: datetime | None
) -> None:
    assume(seen is not None)
    there = tuple(i for i in record if seen is not None and i.known_from <= seen)
    assert status(pack, record, at, seen) == status(pack, there, at)


@given(packs, records, instants)
def test_one_lifecycle_answers_as_a_fresh_one(pack: Pack, record: Record, at: datetime) -> None:
    life = Lifecycle(pack, record)
    for step in (-25, -1, 0, 1, 13):
        there = at + timedelta(hours=step)
        assert life.status(there) == status(pack, record, there)


@given(records, instants)
def test_exact_moments_leave_no_doubt(record: Record, at: datetime) -> None:
    if all(m.earliest == m.latest for i in record if (m := i.handed_over)):
        assert not status(PACKS[0], record, at).uncertain


@given(records, instants)
def test_inside_open_bounds_there_is_always_doubt(record: Record, at: datetime) -> None:
    ids = {i.id for i in record}
    counted = [i.handed_over for i in record if ids.issuperset(i.mentions) and i.handed_over]
    if any(m.earliest <= at < m.latest for m in counted):
        assert status(PACKS[0], record, at).uncertain


@given(records, instants)
def test_transfer_in_doubt_is_transfer_whenever_it_was(record: Record, at: datetime) -> None:
    """What a release relies on: in force, with every hour as early and as late as can be."""
    moments = {i.id: i.handed_over for i in record if i.handed_over}
    for one in record:
        for target in one.mentions:
            if target in moments:
                assume(moments[target].latest < moments[one.id].earliest)
    if status(PACKS[0], record, at).transfer:
        for end in ("earliest", "latest"):
            exact = tuple(
                msgspec.structs.replace(i, handed_over=Moment.exact(getattr(moments[i.id], end)))
                for i in record
            )
            assert status(PACKS[0], exact, at).transfer
