"""The legal status of an agreement, as a function of three things and no others:
the instant asked about, the instant up to which one's knowledge counts, and a reading.

How it is computed, and what is law in it and what is not: `docs/lifecycle.md`.

The instruments that can move the status are replayed in order of time. A moment that
is known only within bounds is replayed twice, as early and as late as it can have been;
where the two differ, or the question falls inside the bounds, the answer is `uncertain`
and is the more cautious of the two.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache

import msgspec

from gsomia import canon
from gsomia.agreement import counting
from gsomia.agreement.instruments import Instrument, Kind, Moment, effective_moment, waits_for
from gsomia.agreement.model import Pack, Reading, Suspension
from gsomia.agreement.replay import Act, Replay, replay
from gsomia.agreement.terms import Terms
from gsomia.faults import BadInput, shown

AT_ONCE = "at_once"
"""An earliest end that no day bounds: the author of a suspended notice may choose it."""

OPEN_BOUNDS = (
    "{name}: its instant is known only as {earliest} to {latest}; "
    "the more cautious answer is given."
)
"""A note: an instrument, and the bounds of its instant between which the question falls."""

WAITING = "{name} has no effect yet: it refers to {mentions}, which is not on record."
"""A note: an instrument, and what it waits for."""

OF_READING = "Reading {reading}: {note}"
"""A note: what the pack says of a reading that differs on whether the agreement is in force."""

CONTESTED = (
    "The readings differ on the ground of this status; no reading is law, and disputes are for "
    "consultation between the parties."
)
"""A note on a contestable status."""


class State(StrEnum):
    """Where an agreement stands."""

    NOT_IN_FORCE = "not_in_force"
    IN_FORCE = "in_force"
    NOTICE_PENDING = "notice_pending"
    NOTICE_SUSPENDED = "notice_suspended"
    TERMINATED = "terminated"


ALIVE = frozenset({State.IN_FORCE, State.NOTICE_PENDING, State.NOTICE_SUSPENDED})
"""The states in which the agreement is in force."""

CAUTION = (
    State.IN_FORCE,
    State.NOTICE_PENDING,
    State.NOTICE_SUSPENDED,
    State.NOT_IN_FORCE,
    State.TERMINATED,
)
"""From the safest ground to the least safe; doubt is resolved towards the end of the list."""


class ReadingAnswer(msgspec.Struct, frozen=True):
    """What one reading answers. Days are written YYYY-MM-DD, in the agreement's offset.

    `earliest_end`: the day at whose 00:00 the agreement can end at the earliest, or does
    end if notice stands; `at_once`; or null where it is not in force or cannot be ended.
    `next_extension`: the day on which it is next extended without any act, or null.
    `last_notice_day`: the last day for a notice that prevents that extension, or null
    once it has passed, while notice stands, or where there is no such day.
    """

    status: State
    earliest_end: str | None = None
    next_extension: str | None = None
    last_notice_day: str | None = None


class Status(msgspec.Struct, frozen=True):
    """The answer. `transfer`: new items may be sent under the agreement. `protect`: items
    received under it must be protected. Neither is a duty to send anything.

    `contestable`: the held readings differ on the ground, or the instant passed at which
    a suspended notice would have taken effect and not both notes are withdrawn.
    `readings` always lists every reading of the pack. `articles` and `events` are those
    relied on; `notes` say in words what the flags cannot.
    """

    status: State
    in_force: bool
    transfer: bool
    protect: bool
    contestable: bool
    uncertain: bool
    readings: dict[str, ReadingAnswer]
    articles: tuple[str, ...]
    events: tuple[str, ...]
    notes: tuple[str, ...]


class _Known(msgspec.Struct, frozen=True):
    """The acts known at some instant, in both worlds, the bounds that are open, and what waits."""

    early: tuple[Act, ...]
    late: tuple[Act, ...]
    bounds: tuple[tuple[str, Moment], ...]
    waiting: tuple[tuple[datetime, str, tuple[str, ...]], ...]


class _Answer(msgspec.Struct, frozen=True):
    """One reading, both worlds put together."""

    chosen: ReadingAnswer
    differs: bool
    protect: bool
    contested: bool
    events: tuple[tuple[datetime, str], ...]


class Lifecycle:
    """An agreement and its instruments, ready for many questions.

    The order of the instruments means nothing. Two instruments with one id are an
    error for `check_instrument`; here one of them is used, always the same. `ended`
    supposes that it ends at an instant at which it is in force, on whatever ground.
    """

    def __init__(
        self, pack: Pack, instruments: Iterable[Instrument], ended: datetime | None = None
    ) -> None:
        self.pack = pack
        self.ended = None if ended is None else counting.in_range(ended, "the supposed end")
        self.zone = pack.zone
        self.terms = Terms.of(pack)
        unique = {i.id: i for i in sorted(instruments, key=canon.encode, reverse=True)}
        self.instruments = tuple(sorted(unique.values(), key=lambda i: (i.known_from, i.id)))
        self._known_from = [i.known_from for i in self.instruments]
        moments = [m for i in self.instruments if (m := effective_moment(pack, i))]
        changes = {at for m in moments for at in (m.earliest, m.latest)}
        self._changes = sorted(changes | ({self.ended} if self.ended else set()))
        self._readings = {r.id: r for r in pack.readings}
        self._known = lru_cache(maxsize=64)(self._compile)
        self._answer = lru_cache(maxsize=8192)(self._compute)

    def status(
        self, as_of: datetime, known_at: datetime | None = None, reading: str | None = None
    ) -> Status:
        """The status at `as_of`, from what was known at `known_at` (default: all there is).

        With a `reading`, the top-level answer is that reading's; without, it is what the
        held readings share, and the most cautious of them where they differ. Total: it
        raises `BadInput` only for an instant without offset or outside 1900 to 2999, and
        for an unknown reading.
        """
        as_of = counting.in_range(as_of, "as-of instant")
        count = len(self.instruments)
        if known_at is not None:
            count = bisect_right(self._known_from, counting.in_range(known_at, "known-at instant"))
        if reading is not None and reading not in self._readings:
            raise BadInput(f"a reading: {', '.join(self._readings)}", shown(reading))
        # Nothing changes between two instants of the record on one local day, since
        # terms begin and end at midnight: one answer serves them all.
        day = counting.local_day(as_of, self.zone)
        return self._answer(count, bisect_right(self._changes, as_of), day, reading)

    def turning_points(self, begin: datetime, end: datetime) -> tuple[datetime, ...]:
        """Every instant after `begin` and before `end` at which a status can become another.

        Between two of them, `State` and `contestable` stay as they are, for each reading
        and each `known_at`; what an answer says of days ahead may change. Some of them
        change nothing. The cost grows with the square of the days on record. Raises
        `BadInput` for instants without offset or out of range.
        """
        begin = counting.in_range(begin, "the beginning of a span")
        end = counting.in_range(end, "the end of a span")
        days = {counting.local_day(at, self.zone) for at in self._changes}
        # Any change may be the entry into force, and any a notice: too many rather than too few.
        turns = {t for d in days if (t := self.terms.expiry(d)) is not None}
        turns |= {
            t
            for entry in days
            for given in days
            if entry <= given and (t := self.terms.end_of_notice(entry, given)) is not None
        }
        points = {*self._changes, *(counting.midnight(day, self.zone) for day in turns)}
        return tuple(sorted(at for at in points if begin < at < end))

    def _compute(self, count: int, segment: int, day: date, reading: str | None) -> Status:
        as_of = counting.midnight(day, self.zone)
        if segment:
            as_of = max(as_of, self._changes[segment - 1])
        known = self._known(count)
        answers = {r.id: self._read(known, r, as_of, day) for r in self.pack.readings}
        asked = [answers[r.id] for r in self.pack.readings if r.held]
        contestable = any(a.contested for a in asked) or len({_alive(a) for a in asked}) > 1
        if reading is not None:
            asked = [answers[reading]]
        state = max((a.chosen.status for a in asked), key=CAUTION.index)
        open_bounds = [b for b in known.bounds if b[1].earliest <= as_of < b[1].latest]
        return Status(
            status=state,
            in_force=state in ALIVE,
            transfer=state in ALIVE,
            protect=any(a.protect for a in asked),
            contestable=contestable,
            uncertain=bool(open_bounds) or any(a.differs for a in asked),
            readings={name: a.chosen for name, a in answers.items()},
            articles=self._articles(state),
            events=tuple(dict.fromkeys(e for _, e in sorted({e for a in asked for e in a.events}))),
            notes=self._notes(
                [w for w in known.waiting if w[0] <= as_of],
                open_bounds,
                contestable,
                state,
                answers,
            ),
        )

    def _compile(self, count: int) -> _Known:
        known = self.instruments[:count]
        ids = {i.id for i in known}
        delivered = [(i, m) for i in known if (m := effective_moment(self.pack, i))]
        counted = [(i, m) for i, m in delivered if ids.issuperset(i.mentions)]
        waiting = tuple(
            (m.earliest, i.id, absent) for i, m in delivered if (absent := waits_for(known, i))
        )
        early = {i.id: m.earliest for i, m in counted}
        late = {i.id: m.latest for i, m in counted}
        # What an instrument refers to came before it, whatever the bounds allow.
        first = sorted(counted, key=lambda c: c[0].kind is Kind.WITHDRAWAL)
        for i, m in first:
            begun = [early[t] for t in i.mentions if t in early and early[t] <= m.latest]
            early[i.id] = max(early[i.id], *begun) if begun else early[i.id]
        for i, m in reversed(first):
            for target in i.mentions:
                if target in late and early[target] <= m.latest:
                    late[target] = min(late[target], late[i.id])
        bounds = tuple((i.id, m) for i, m in counted if m.earliest < m.latest)
        return _Known(_acts(counted, early), _acts(counted, late), bounds, waiting)

    def _read(self, known: _Known, reading: Reading, as_of: datetime, day: date) -> _Answer:
        worlds = [
            replay(acts, self.terms, reading.suspension, as_of)
            for acts in (known.early, known.late)
        ]
        over = self.ended is not None and as_of >= self.ended
        answers = [self._say(w, reading.suspension, day, over=over) for w in worlds]
        chosen = max(answers, key=_caution)
        return _Answer(
            chosen,
            differs=answers[0] != answers[1],
            protect=any(a.status is not State.NOT_IN_FORCE for a in answers),
            contested=not over and any(w.contested for w in worlds),
            events=tuple(e for w in worlds for e in w.events),
        )

    def _say(
        self, world: Replay, suspension: Suspension, day: date, *, over: bool
    ) -> ReadingAnswer:
        """One reading's answer in one world, on the local day asked about."""
        if world.entry is None:
            return ReadingAnswer(State.NOT_IN_FORCE)
        if world.ended or over:
            return ReadingAnswer(State.TERMINATED)
        entry, terms = world.entry, self.terms
        extension = terms.next_extension(entry, day)
        kept = world.suspended and suspension is Suspension.KEEPS
        if world.end is not None:
            if extension is not None and extension >= world.end:
                extension = None
            end = AT_ONCE if kept else world.end.isoformat()
            return ReadingAnswer(State.NOTICE_PENDING, end, _iso(extension))
        if kept:
            return ReadingAnswer(State.NOTICE_SUSPENDED, AT_ONCE)
        return ReadingAnswer(
            State.NOTICE_SUSPENDED if world.suspended else State.IN_FORCE,
            _iso(terms.earliest_end(entry, day)),
            _iso(extension),
            _iso(terms.last_notice_day(entry, day)),
        )

    def _articles(self, state: State) -> tuple[str, ...]:
        pack = self.pack
        cited = [pack.entry_into_force.article]
        if state is not State.NOT_IN_FORCE:
            cited.append(pack.duration.article)
        if pack.notice and state not in (State.NOT_IN_FORCE, State.IN_FORCE):
            cited.append(pack.notice.article)
        if state is State.TERMINATED:
            cited.append(pack.residual.article)
        return tuple(dict.fromkeys(cited))

    def _notes(
        self,
        waiting: list[tuple[datetime, str, tuple[str, ...]]],
        open_bounds: list[tuple[str, Moment]],
        contestable: bool,
        state: State,
        answers: dict[str, _Answer],
    ) -> tuple[str, ...]:
        notes = [
            WAITING.format(name=name, mentions=", ".join(absent)) for _, name, absent in waiting
        ]
        notes += [
            OPEN_BOUNDS.format(
                name=name, earliest=canon.instant(m.earliest), latest=canon.instant(m.latest)
            )
            for name, m in open_bounds
        ]
        if contestable:
            notes.append(CONTESTED)
        notes += [
            OF_READING.format(reading=r.id, note=r.note)
            for r in self.pack.readings
            if r.note and (answers[r.id].chosen.status in ALIVE) != (state in ALIVE)
        ]
        return tuple(notes)


def status(
    pack: Pack,
    instruments: Iterable[Instrument],
    as_of: datetime,
    known_at: datetime | None = None,
    reading: str | None = None,
) -> Status:
    """One question. For many about the same record, keep a `Lifecycle`; it answers the same."""
    return Lifecycle(pack, instruments).status(as_of, known_at, reading)


def _acts(counted: list[tuple[Instrument, Moment]], at: dict[str, datetime]) -> tuple[Act, ...]:
    acts = [Act(at[i.id], i.id, i.kind, i.issuer, i.refers_to, i.withdraws) for i, _ in counted]
    return tuple(sorted(acts, key=lambda a: (a.at, a.id)))


def _alive(answer: _Answer) -> bool:
    return answer.chosen.status in ALIVE


def _caution(answer: ReadingAnswer) -> tuple[int, bool, tuple[int, ...]]:
    """Orders answers by how little may be built on them: state first, then the earlier end."""
    end = answer.earliest_end
    at_once = end == AT_ONCE
    day = date.max if end is None or at_once else date.fromisoformat(end)
    return CAUTION.index(answer.status), at_once, (-day.toordinal(),)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
