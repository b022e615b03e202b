"""An agreement's record on this node: what ships with it, what was filed, what was told."""

from __future__ import annotations

from collections.abc import Iterable

from gsomia.agreement.instruments import Instrument
from gsomia.agreement.model import Pack
from gsomia.agreement.records import Record
from gsomia.canon import parse_instant
from gsomia.desk.model import Filing, RecordBegins, Told
from gsomia.fold import State


def record_of(pack: Pack, shipped: Iterable[Instrument], state: State) -> Record:
    """The record of one agreement: ours, and the partner's as far as its node told.

    Instruments that ship with the pack count up to where this node's record begins.
    """
    begins = state.get(RecordBegins, pack.id)
    base = tuple(shipped)
    if begins is not None:
        until = parse_instant(begins.known_until, "record")
        base = tuple(i for i in base if i.known_from <= until)
    filed = tuple(f.instrument for f in state.all(Filing) if f.agreement == pack.id)
    told = tuple(t.instrument for t in state.all(Told) if t.agreement == pack.id)
    return Record(pack, (*base, *filed), told)
