"""The status of an agreement along time, and what a hypothesis would make of it.

Nothing is recorded: a treaty desk asks here before it writes a note.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from gsomia.agreement import counting
from gsomia.agreement.deadlines import MAX_YEARS, Deadline, deadlines
from gsomia.agreement.hypothesis import Hypothesis, Paper, Supposed, Supposition, suppose
from gsomia.agreement.instruments import Instrument
from gsomia.agreement.lifecycle import ALIVE, Lifecycle, State
from gsomia.agreement.model import Pack, Verified, weakest
from gsomia.canon import builtins
from gsomia.faults import BadInput


class Interval(msgspec.Struct, frozen=True):
    """One status from `begin` (included) to `end` (excluded); instants in UTC."""

    begin: datetime
    end: datetime
    status: State
    contestable: bool


class Change(msgspec.Struct, frozen=True):
    """A part of the span in which the hypothesis makes a difference, and which."""

    begin: datetime
    end: datetime
    before: State
    after: State
    contestable_before: bool
    contestable_after: bool


class WhatIf(msgspec.Struct, frozen=True):
    """The span as it is and as supposed, where the two differ, and what is revived.

    `revives`: notices that it would put back in effect (see `revives_notice`).
    """

    before: tuple[Interval, ...]
    after: tuple[Interval, ...]
    changes: tuple[Change, ...]
    revives: tuple[str, ...]


def intervals(
    lifecycle: Lifecycle,
    begin: datetime,
    end: datetime,
    known_at: datetime | None = None,
    reading: str | None = None,
) -> tuple[Interval, ...]:
    """The status over [begin, end), as intervals without gap or overlap.

    Two neighbours differ in status or in `contestable`. Each is what `Lifecycle.status`
    answers at every instant of it. Raises `BadInput` for a span that does not run
    forward, for instants without offset or out of range, and for an unknown reading.
    """
    begin = counting.in_range(begin, "the beginning of a span")
    end = counting.in_range(end, "the end of a span")
    if end <= begin:
        raise BadInput("a span that ends after it begins", "another", "span")
    out: list[Interval] = []
    starts = (begin, *lifecycle.turning_points(begin, end))
    for at, until in zip(starts, (*starts[1:], end), strict=True):
        answer = lifecycle.status(at, known_at, reading)
        last = out[-1] if out else None
        if last and (last.status, last.contestable) == (answer.status, answer.contestable):
            out[-1] = msgspec.structs.replace(last, end=until)
        else:
            out.append(Interval(at, until, answer.status, answer.contestable))
    return tuple(out)


def what_if(
    pack: Pack,
    instruments: Iterable[Instrument],
    hypothetical: Instrument,
    begin: datetime,
    end: datetime,
    known_at: datetime | None = None,
    reading: str | None = None,
) -> WhatIf:
    """What `hypothetical` would make of the status in [begin, end). Nothing is written.

    It is checked as if it were recorded after all that took place before it, and takes
    its place among what came later. Raises `BadInput` for an instrument that could not
    be recorded, and as `intervals` does.
    """
    record = tuple(instruments)
    supposed = suppose(pack, record, Hypothesis(pack.id, (Paper(hypothetical),)))
    return compare(Lifecycle(pack, record), supposed, begin, end, known_at, reading)


def compare(
    lifecycle: Lifecycle,
    supposed: Supposed,
    begin: datetime,
    end: datetime,
    known_at: datetime | None = None,
    reading: str | None = None,
) -> WhatIf:
    """The status in [begin, end) as it is and as supposed. Raises `BadInput` as `intervals`."""
    before = intervals(lifecycle, begin, end, known_at, reading)
    after = intervals(supposed.lifecycle(), begin, end, known_at, reading)
    return WhatIf(before, after, _changes(before, after), supposed.revives)


def _changes(before: tuple[Interval, ...], after: tuple[Interval, ...]) -> tuple[Change, ...]:
    """Where two accounts of one span differ, in order."""
    out: list[Change] = []
    one, two = 0, 0
    while one < len(before) and two < len(after):
        a, b = before[one], after[two]
        begin, end = max(a.begin, b.begin), min(a.end, b.end)
        if (a.status, a.contestable) != (b.status, b.contestable):
            out.append(Change(begin, end, a.status, b.status, a.contestable, b.contestable))
        one += a.end == end
        two += b.end == end
    return tuple(out)


# -- days and ground ------------------------------------------------------------


class Days(msgspec.Struct, frozen=True):
    """Days that the hypothesis adds to the calendar, and those it takes away."""

    created: tuple[Deadline, ...]
    removed: tuple[Deadline, ...]


def days(lifecycle: Lifecycle, supposed: Supposed, begin: datetime, end: datetime) -> Days:
    """What changes among the days not to miss, as they are counted once all supposed stands.

    Both calendars are asked as of one instant: the later of `begin` and the moment at
    which the last supposition has happened. Days after `end` are left out.
    """
    as_of = max(counting.in_range(begin, "the beginning of a span"), supposed.stands_at or begin)
    last = counting.local_day(counting.in_range(end, "the end of a span"), lifecycle.zone)
    years = min(max(last.year - as_of.year + 1, 1), MAX_YEARS)
    here = deadlines(lifecycle, as_of, years=years)
    there = deadlines(supposed.lifecycle(), as_of, years=years)
    return Days(
        tuple(d for d in there if d not in here and d.date <= last),
        tuple(d for d in here if d not in there and d.date <= last),
    )


def lost(found: WhatIf) -> tuple[tuple[datetime, datetime], ...]:
    """The parts of the span in which transfers would be permitted, and as supposed are not."""
    return tuple(
        (c.begin, c.end) for c in found.changes if c.before in ALIVE and c.after not in ALIVE
    )


def rests_on(pack: Pack, reading: str | None) -> Verified:
    """The weakest flag of the final clause, its practice, and the readings asked."""
    flags: list[Verified] = [pack.entry_into_force.verified, pack.duration.verified]
    if pack.notice:
        flags += [pack.notice.verified, *(p.verified for p in pack.notice.practice)]
    asked = [r for r in pack.readings if (r.held if reading is None else r.id == reading)]
    return weakest(*flags, *(r.verified for r in asked))


# -- as the doors ask -----------------------------------------------------------


def what_if_json(
    lifecycle: Lifecycle,
    hypothesis: Hypothesis,
    begin: datetime,
    end: datetime,
    reading: str | None = None,
) -> tuple[dict[str, Any], Supposed, WhatIf]:
    """The whole answer in plain values, and the values it was made from."""
    supposed = suppose(lifecycle.pack, lifecycle.instruments, hypothesis)
    found = compare(lifecycle, supposed, begin, end, reading=reading)
    value = {
        "agreement": lifecycle.pack.id,
        "from": builtins(begin),
        "to": builtins(end),
        "reading": reading,
        "suppositions": [_supposition(one) for one in hypothesis.suppose],
        "papers": [_paper(one) for one in supposed.papers],
        "needs": builtins(supposed.needs),
        "verified": rests_on(lifecycle.pack, reading),
        **builtins(found),
        "days": builtins(days(lifecycle, supposed, begin, end)),
    }
    return value, supposed, found


def _supposition(one: Supposition) -> dict[str, Any]:
    if isinstance(one, Paper):
        return {"what": "instrument", "instrument": one.instrument.id}
    return dict(builtins(one))


def _paper(one: Instrument) -> dict[str, Any]:
    return {
        "id": one.id,
        "kind": one.kind.value,
        "title": one.title,
        "legal_effect": one.legal_effect.value,
        "verified": one.verified,
    }
