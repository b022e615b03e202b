"""The days a treaty desk must not miss: last days for a notice, extensions, ends.

They are computed by each reading from the record as it stood, as if nothing more were
to happen; the next note may change them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from enum import StrEnum

import msgspec

from gsomia.agreement import counting, icalendar
from gsomia.agreement.instruments import Instrument
from gsomia.agreement.lifecycle import ALIVE, Lifecycle, ReadingAnswer, State
from gsomia.agreement.model import Pack, Reading, Verified, weakest
from gsomia.faults import BadInput

MAX_YEARS = 100
"""Years that can be looked ahead."""


class What(StrEnum):
    """What falls on a day."""

    LAST_NOTICE_DAY = "last_notice_day"
    """The last day for a notice that prevents the extension after it."""
    EXTENSION = "extension"
    """At 00:00 it is extended for another term, without any act."""
    END = "end"
    """At 00:00 it ends: by a notice that stands, or with its only term."""


class Deadline(msgspec.Struct, frozen=True):
    """One day, by one reading, in the agreement's offset; the article it comes from.

    `verified` is the weakest flag of the clause, of the reading, and of the practice that
    tells how to count. `held`: a party is reported to hold the reading.
    """

    date: date
    what: What
    reading: str
    article: str
    verified: Verified
    held: bool


def deadlines(
    lifecycle: Lifecycle, as_of: datetime, known_at: datetime | None = None, years: int = 1
) -> tuple[Deadline, ...]:
    """The days from that of `as_of` until its anniversary after `years`, both included.

    For every reading of the pack, sorted by day. Counts what began by `as_of` and was
    known at `known_at`; later instruments on record are left out, since they had not
    happened. A suspended notice that may take effect at any time has no day, and gives
    none. Raises `BadInput` for more than `MAX_YEARS` years or fewer than 1, and for
    instants without offset or out of range.
    """
    if not 1 <= years <= MAX_YEARS:
        raise BadInput(f"1 to {MAX_YEARS} years", str(years), "years")
    as_of = counting.in_range(as_of, "as-of instant")
    begun = [i for i in lifecycle.instruments if _begun(i, as_of)]
    ended = lifecycle.ended if lifecycle.ended and lifecycle.ended <= as_of else None
    life = Lifecycle(lifecycle.pack, begun, ended)
    today = counting.local_day(as_of, life.zone)
    last = counting.anniversary(today, years)
    found = {
        deadline
        for reading in life.pack.readings
        for deadline in _of_reading(life, reading, as_of, known_at, last)
        if deadline.date <= last
    }
    order = {r.id: i for i, r in enumerate(life.pack.readings)}
    return tuple(sorted(found, key=lambda d: (d.date, d.what, order[d.reading])))


def _begun(instrument: Instrument, as_of: datetime) -> bool:
    moment = instrument.took_place
    return moment is None or moment.earliest <= as_of


def _of_reading(
    life: Lifecycle, reading: Reading, as_of: datetime, known_at: datetime | None, last: date
) -> Iterator[Deadline]:
    """One reading's days: its end, and what it foresees, asked again after each extension."""
    yield from _end(life, reading, as_of, known_at, last)
    at = as_of
    while True:
        answer = life.status(at, known_at).readings[reading.id]
        yield from _ahead(life.pack, reading, answer)
        if answer.next_extension is None:
            return
        extension = date.fromisoformat(answer.next_extension)
        if extension > last:
            return
        at = counting.midnight(extension, life.zone)


def _ahead(pack: Pack, reading: Reading, answer: ReadingAnswer) -> Iterator[Deadline]:
    if answer.next_extension is not None:
        yield _day(pack, reading, answer.next_extension, What.EXTENSION)
    if answer.last_notice_day is not None:
        yield _day(pack, reading, answer.last_notice_day, What.LAST_NOTICE_DAY)


def _end(
    life: Lifecycle, reading: Reading, as_of: datetime, known_at: datetime | None, last: date
) -> Iterator[Deadline]:
    """The day on which it ends if nothing more happens, by a notice or with its term."""
    until = counting.midnight(last + timedelta(days=1), life.zone)
    before = life.status(as_of, known_at).readings[reading.id].status
    for at in life.turning_points(as_of, until):
        state = life.status(at, known_at).readings[reading.id].status
        if state is State.TERMINATED and before in ALIVE:
            day = counting.local_day(at, life.zone).isoformat()
            yield _day(life.pack, reading, day, What.END, by_term=before is State.IN_FORCE)
        before = state


def _day(pack: Pack, reading: Reading, text: str, what: What, *, by_term: bool = False) -> Deadline:
    """A day with the clause it comes from: that on duration, or that on notice."""
    duration, notice = pack.duration, pack.notice
    article, flags = duration.article, [duration.verified]
    if notice and what is not What.EXTENSION and not by_term:
        article = notice.article
        flags += [notice.verified, *(p.verified for p in notice.practice)]
    verified = weakest(*flags, reading.verified)
    return Deadline(date.fromisoformat(text), what, reading.id, article, verified, reading.held)


# -- as a calendar --------------------------------------------------------------


class Wording(msgspec.Struct, frozen=True):
    """The words of a calendar in one language. Names in braces are filled in.

    The title of an agreement and of a reading, and an article, are the pack's own.
    """

    name: str = "{agreement}: days for the treaty desk"
    what: tuple[str, str, str] = (
        "last day for a notice",
        "extended for another term, at 00:00",
        "ends, at 00:00",
    )
    summary: str = "{agreement}: {what} (reading {readings})"
    counted: str = "The day is counted in UTC{offset}. It holds if nothing more happens."
    reading: str = "Reading {reading}: {title}"
    unheld: str = "; held by nobody"
    in_part: str = "; verified in part"
    unverified: str = "; not verified"


ENGLISH = Wording()


def icalendar_file(
    pack: Pack,
    found: Iterable[Deadline],
    stamp: datetime,
    more: Iterable[icalendar.Event] = (),
    wording: Wording = ENGLISH,
) -> bytes:
    """The days as an iCalendar file (RFC 5545); `stamp` is the instant at which it is made.

    Readings that name the same day for the same thing share one event. Its UID depends on
    the agreement, the thing and the day alone, so that a later file replaces it, whatever
    its language. `more` follows them: days of a register. Raises `BadInput` for a stamp
    without offset.
    """
    days: dict[tuple[date, What], list[Deadline]] = {}
    for deadline in sorted(found, key=lambda d: (d.date, d.what)):
        days.setdefault((deadline.date, deadline.what), []).append(deadline)
    events = [_event(pack, day, what, group, wording) for (day, what), group in days.items()]
    name = wording.name.format(agreement=pack.id)
    return icalendar.calendar(name, [*events, *more], stamp)


def _event(
    pack: Pack, day: date, what: What, group: list[Deadline], wording: Wording
) -> icalendar.Event:
    lines = [
        pack.title,
        *dict.fromkeys(d.article for d in group),
        *(_line(pack, d, wording) for d in group),
        wording.counted.format(offset=pack.utc_offset),
    ]
    return icalendar.Event(
        uid=f"{pack.id}.{what}.{day}@gsomia",
        day=day,
        summary=wording.summary.format(
            agreement=pack.id,
            what=wording.what[list(What).index(what)],
            readings=", ".join(d.reading for d in group),
        ),
        description="\n".join(lines),
    )


def _line(pack: Pack, deadline: Deadline, wording: Wording) -> str:
    title = next(r.title for r in pack.readings if r.id == deadline.reading)
    flag = {True: "", "part": wording.in_part, False: wording.unverified}[deadline.verified]
    held = "" if deadline.held else wording.unheld
    return wording.reading.format(reading=deadline.reading, title=title) + held + flag
