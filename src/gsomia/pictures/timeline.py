"""What a timeline shows: the status along time by each reading, and the papers that made it.

Nothing here is decided anew: intervals, extensions and answers are what `Lifecycle.status`
says, at every instant of the span. Instants are in UTC; the days of extensions are days of
the agreement's own offset.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise

import msgspec

from gsomia.agreement import Instrument, Lifecycle, ReadingAnswer, counting, whatif
from gsomia.agreement.instruments import Kind, LegalEffect, effective_moment
from gsomia.agreement.lifecycle import ALIVE
from gsomia.agreement.model import Verified
from gsomia.faults import BadInput

MAX_YEARS = 100
MAX_TICKS = 400


class Span(msgspec.Struct, frozen=True):
    """A stretch of time, from `begin` (included) to `end` (excluded)."""

    begin: datetime
    end: datetime


class Lane(msgspec.Struct, frozen=True):
    """The status by one reading, or, where `reading` is null, what the held readings share.

    `holder`: the party reported to hold the reading. `extensions`: days at whose 00:00 the
    agreement is extended without any act; for the shared lane, those that every held reading has.
    """

    reading: str | None
    title: str
    holder: str | None
    held: bool
    verified: Verified
    intervals: tuple[whatif.Interval, ...]
    extensions: tuple[date, ...]


class Tick(msgspec.Struct, frozen=True):
    """An instrument: its number in the picture, and the instants between which it took place.

    `effect`: what it can move. `moves`: whether it is one of those that count here, which a
    note from an office without authority on its day does not.
    """

    number: int
    id: str
    kind: Kind
    title: str
    earliest: datetime
    latest: datetime
    effect: LegalEffect
    moves: bool
    verified: Verified


class Timeline(msgspec.Struct, frozen=True):
    """A timeline. `contested`: where the readings differ on the ground of the status.

    `answers`: by reading, at `as_of`, where that is given. `outside`: how many instruments
    known by `known_at` took place before the span or after it, or at no time on record.
    """

    agreement: str
    title: str
    parties: tuple[str, ...]
    fictitious: bool
    utc_offset: str
    begin: datetime
    end: datetime
    known_at: datetime | None
    as_of: datetime | None
    lanes: tuple[Lane, ...]
    contested: tuple[Span, ...]
    ticks: tuple[Tick, ...]
    outside: int
    answers: dict[str, ReadingAnswer]


def default_span(lifecycle: Lifecycle, now: datetime) -> Span:
    """From the year of the first instrument to the end of the year after the last, or after now.

    Without any instrument, from this year. Years begin in the agreement's own offset. No span
    is longer than `MAX_YEARS`; a longer record loses its beginning.
    """
    zone = lifecycle.zone
    today = counting.local_day(counting.in_range(now, "now"), zone)
    moments = [m for i in lifecycle.instruments if (m := i.took_place)]
    days = [counting.local_day(m.earliest, zone) for m in moments]
    until = [counting.local_day(m.latest, zone) for m in moments]
    last = min(max(*until, today).year if until else today.year, counting.LATEST.year - 3) + 2
    first = min(*days, today).year if days else today.year
    first = max(min(first, last - 1), last - MAX_YEARS)
    return Span(*(counting.midnight(date(year, 1, 1), zone) for year in (first, last)))


def timeline(
    lifecycle: Lifecycle,
    begin: datetime,
    end: datetime,
    known_at: datetime | None = None,
    as_of: datetime | None = None,
) -> Timeline:
    """The timeline of an agreement over [begin, end), from what was known at `known_at`.

    Raises `BadInput` for a span that does not run forward or is longer than `MAX_YEARS`, for
    an `as_of` outside it, for instants without offset or out of range, and for a span with
    more than `MAX_TICKS` instruments.
    """
    begin = counting.in_range(begin, "the beginning of a span")
    end = counting.in_range(end, "the end of a span")
    if end <= begin:
        raise BadInput("a span that ends after it begins", "another", "span")
    if end - begin > timedelta(days=366 * MAX_YEARS):
        raise BadInput(f"a span of at most {MAX_YEARS} years", "a longer one", "span")
    if as_of is not None:
        as_of = counting.in_range(as_of, "as-of instant")
        if not begin <= as_of < end:
            raise BadInput("an as-of instant within the span", "one outside it", "span")
    if known_at is not None:
        known_at = counting.in_range(known_at, "known-at instant")
    pack = lifecycle.pack
    lanes = tuple(_lanes(lifecycle, begin, end, known_at))
    known = [i for i in lifecycle.instruments if known_at is None or i.known_from <= known_at]
    ticks = _ticks(lifecycle, known, begin, end)
    answers = lifecycle.status(as_of, known_at).readings if as_of else {}
    return Timeline(
        agreement=pack.id,
        title=pack.title,
        parties=pack.codes,
        fictitious=pack.fictitious,
        utc_offset=pack.utc_offset,
        begin=begin,
        end=end,
        known_at=known_at,
        as_of=as_of,
        lanes=lanes,
        contested=_contested(lanes[0].intervals),
        ticks=ticks,
        outside=len(known) - len(ticks),
        answers=answers,
    )


def _lanes(
    lifecycle: Lifecycle, begin: datetime, end: datetime, known_at: datetime | None
) -> Iterator[Lane]:
    """The shared lane, then one for each reading of the pack, in its order."""
    found = {
        r.id: _extensions(lifecycle, begin, end, known_at, r.id) for r in lifecycle.pack.readings
    }
    held = [set(found[r.id]) for r in lifecycle.pack.readings if r.held]
    shared = tuple(sorted(set.intersection(*held))) if held else ()
    intervals = whatif.intervals(lifecycle, begin, end, known_at)
    yield Lane(None, "", None, True, lifecycle.pack.verified, intervals, shared)
    for r in lifecycle.pack.readings:
        own = whatif.intervals(lifecycle, begin, end, known_at, r.id)
        yield Lane(r.id, r.title, r.holder, r.held, r.verified, own, found[r.id])


def _extensions(
    lifecycle: Lifecycle,
    begin: datetime,
    end: datetime,
    known_at: datetime | None,
    reading: str,
) -> tuple[date, ...]:
    """Days in the span at whose 00:00 the agreement, alive before and after, is extended."""
    zone = lifecycle.zone
    edges = (begin, *lifecycle.turning_points(begin, end), end)
    found: set[date] = set()

    def answer(at: datetime) -> ReadingAnswer:
        return lifecycle.status(at, known_at).readings[reading]

    for at, until in pairwise(edges):
        # Also from just before a stretch: an extension at its first instant belongs to it.
        eve = max(at - counting.MICROSECOND, counting.EARLIEST)
        for asked in (eve, at):
            day = answer(asked).next_extension
            while day is not None and (turn := counting.midnight(_day(day), zone)) < until:
                after = answer(turn)
                if at <= turn and after.status in ALIVE:
                    found.add(_day(day))
                day = after.next_extension
    return tuple(sorted(found))


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _contested(intervals: tuple[whatif.Interval, ...]) -> tuple[Span, ...]:
    """The stretches in which the status is contestable, whatever it is."""
    runs = [(k, tuple(g)) for k, g in groupby(intervals, key=lambda i: i.contestable)]
    return tuple(Span(run[0].begin, run[-1].end) for contested, run in runs if contested)


def _ticks(
    lifecycle: Lifecycle, known: list[Instrument], begin: datetime, end: datetime
) -> tuple[Tick, ...]:
    """The instruments that took place in the span, numbered in order of time."""
    placed = [
        (m, i) for i in known if (m := i.took_place) and m.latest >= begin and m.earliest < end
    ]
    if len(placed) > MAX_TICKS:
        raise BadInput(f"a span with at most {MAX_TICKS} instruments", str(len(placed)), "span")
    placed.sort(key=lambda p: (p[0].earliest, p[0].latest, p[1].known_from, p[1].id))
    return tuple(
        Tick(
            number=number,
            id=i.id,
            kind=i.kind,
            title=i.title,
            earliest=m.earliest,
            latest=m.latest,
            effect=i.legal_effect,
            moves=effective_moment(lifecycle.pack, i) is not None,
            verified=i.verified,
        )
        for number, (m, i) in enumerate(placed, 1)
    )
