"""The status of an agreement along time, and what one more instrument would make of it.

Nothing is recorded: a treaty desk asks here before it writes a note.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from gsomia.agreement import counting
from gsomia.agreement.instruments import Instrument, check_instrument, effects_of_withdrawal
from gsomia.agreement.lifecycle import Lifecycle, State
from gsomia.agreement.model import Pack
from gsomia.faults import BadInput


class Interval(msgspec.Struct, frozen=True):
    """One status from `begin` (included) to `end` (excluded); instants in UTC."""

    begin: datetime
    end: datetime
    status: State
    contestable: bool


class Change(msgspec.Struct, frozen=True):
    """A part of the span in which the instrument makes a difference, and which."""

    begin: datetime
    end: datetime
    before: State
    after: State
    contestable_before: bool
    contestable_after: bool


class WhatIf(msgspec.Struct, frozen=True):
    """The span without the instrument and with it, where the two differ, and what it revives.

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
    if any(i.id == hypothetical.id for i in record):
        raise BadInput("an id not yet used", "one on record", "the hypothetical instrument")
    began = _begins(hypothetical)
    earlier = tuple(i for i in record if _begins(i) <= began)
    check_instrument(pack, earlier, hypothetical)
    without, with_it = Lifecycle(pack, record), Lifecycle(pack, (*record, hypothetical))
    before = intervals(without, begin, end, known_at, reading)
    after = intervals(with_it, begin, end, known_at, reading)
    revives = effects_of_withdrawal(pack, earlier, hypothetical).revives
    return WhatIf(before, after, _changes(before, after), revives)


def _begins(instrument: Instrument) -> datetime:
    moment = instrument.took_place
    return moment.earliest if moment else counting.EARLIEST


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
