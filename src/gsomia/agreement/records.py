"""Two records of one agreement: ours, and what the partner's node tells of its own.

Each side records what it handed over and received. Where the two differ, both are shown
and the stricter answer applies: the one on which less may be built. What a partner told
and this side has not recorded counts as a difference too; what it never spoke of does not.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from gsomia import canon
from gsomia.agreement.instruments import Instrument
from gsomia.agreement.lifecycle import ALIVE, CAUTION, Lifecycle, Status
from gsomia.agreement.model import Pack

COMPARED = (
    "kind",
    "channel",
    "issuers",
    "sent",
    "handed_over",
    "received",
    "refers_to",
    "withdraws",
)
"""The fields of an instrument by which it can move a status. Titles and sources cannot."""


class Record(msgspec.Struct, frozen=True):
    """What a desk looks at: the pack, the instruments of our record, and the partner's."""

    pack: Pack
    ours: tuple[Instrument, ...]
    told: tuple[Instrument, ...] = ()


class Difference(msgspec.Struct, frozen=True):
    """One field in which two records of an instrument differ.

    `field` is `record` where one side alone has the instrument: `ours` is then null.
    """

    instrument: str
    field: str
    ours: Any
    theirs: Any


def differences(ours: Iterable[Instrument], told: Iterable[Instrument]) -> tuple[Difference, ...]:
    """Where the partner's record differs from ours, in the order of ids and fields.

    A moment that one side does not know is no difference: only the receiver knows when
    it received.
    """
    mine = {i.id: i for i in ours}
    found: list[Difference] = []
    for theirs in sorted(told, key=lambda i: i.id):
        own = mine.get(theirs.id)
        if own is None:
            found.append(Difference(theirs.id, "record", None, theirs.kind.value))
            continue
        for name in COMPARED:
            a, b = getattr(own, name), getattr(theirs, name)
            if a != b and None not in (a, b):
                found.append(Difference(theirs.id, name, canon.builtins(a), canon.builtins(b)))
    return tuple(found)


def theirs(record: Record) -> tuple[Instrument, ...]:
    """The record as the partner has it, as far as it told: its word on what it spoke of."""
    told = {i.id: i for i in record.told}
    return (*(told.pop(i.id, i) for i in record.ours), *told.values())


def stricter(a: Status, b: Status) -> Status:
    """The answer on which less may be built; every doubt of either stays."""
    first, second = sorted((a, b), key=lambda s: CAUTION.index(s.status), reverse=True)
    return msgspec.structs.replace(
        first,
        in_force=first.status in ALIVE,
        transfer=a.transfer and b.transfer,
        protect=a.protect or b.protect,
        contestable=a.contestable or b.contestable,
        uncertain=a.uncertain or b.uncertain,
        events=tuple(dict.fromkeys((*first.events, *second.events))),
        notes=tuple(dict.fromkeys((*first.notes, *second.notes))),
    )


class Standing:
    """An agreement under both records, ready for many questions."""

    def __init__(self, record: Record) -> None:
        self.record, self.pack = record, record.pack
        self.ours = Lifecycle(record.pack, record.ours)
        self.differences = differences(record.ours, record.told)
        self.theirs = Lifecycle(record.pack, theirs(record)) if self.differences else None

    def status(
        self, as_of: datetime, known_at: datetime | None = None, reading: str | None = None
    ) -> Status:
        """The status under our record, or the stricter of the two where they differ.

        Raises `BadInput` as `Lifecycle.status`.
        """
        own = self.ours.status(as_of, known_at, reading)
        if self.theirs is None:
            return own
        return stricter(own, self.theirs.status(as_of, known_at, reading))
