"""What a web shows: who has an agreement with whom, as far as the catalogue knows.

A ministry stands with its state. What is not known stays so: no day of force is drawn for an
agreement that has none on record, and an end on a day not known is an end at every instant.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from enum import StrEnum

import msgspec

from gsomia.agreement.catalogue import Entry, EntryKind, Flag, PartyKind, in_force_days

_MANY = 3


class Standing(StrEnum):
    """Where an agreement stands on a day, as far as its dates tell."""

    IN_FORCE = "in_force"
    NO_FORCE_KNOWN = "no_force_known"
    """No day of entry into force is known, or it has not been reached."""
    UNSIGNED = "unsigned_text"
    ENDED = "ended"


class Node(msgspec.Struct, frozen=True):
    """A party: its code, and who it is."""

    code: str
    kind: PartyKind


class Link(msgspec.Struct, frozen=True):
    """An agreement: its number in the picture, and the parties it joins.

    `hub`: the party through which the others share. `only_here`: parties that no other
    agreement in the picture names, of one that has many of them; they have no node.
    """

    number: int
    id: str
    kind: EntryKind
    title: str
    parties: tuple[str, ...]
    only_here: tuple[str, ...]
    hub: str | None
    standing: Standing
    signed: date | None
    in_force: str | None
    verified: Flag


class Web(msgspec.Struct, frozen=True):
    """A web. `later`: agreements of which nothing had been done on the day `as_of`."""

    as_of: date
    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    later: tuple[str, ...]


def web(entries: Iterable[Entry], as_of: date) -> Web:
    """The web of some agreements on a day, those of more parties after those of two."""
    given = sorted(entries, key=lambda e: (len(_codes(e)) >= _MANY, e.id))
    shown = [e for e in given if not _later(e, as_of)]
    replaced = {i for e in shown if standing(e, as_of) is Standing.IN_FORCE for i in e.supersedes}
    named = Counter(code for e in shown for code in _codes(e))
    links = []
    for number, e in enumerate(shown, 1):
        codes = _codes(e)
        alone = tuple(c for c in codes if named[c] == 1) if len(codes) >= _MANY else ()
        alone = alone if len(alone) >= _MANY else ()
        stands = Standing.ENDED if e.id in replaced else standing(e, as_of)
        hub = next((p.of or p.code for p in e.parties if p.code == e.hub), None)
        signed = e.signed_days[-1] if e.signed_days else None
        links.append(
            Link(
                number=number,
                id=e.id,
                kind=e.kind,
                title=e.title,
                parties=tuple(c for c in codes if c not in alone),
                only_here=alone,
                hub=hub,
                standing=stands,
                signed=signed,
                in_force=e.in_force,
                verified=e.verified.dates,
            )
        )
    kinds = {c: k for e in shown for c, k in _codes(e).items()}
    drawn = sorted({c for link in links for c in link.parties})
    nodes = tuple(Node(code, kinds[code]) for code in drawn)
    return Web(as_of, nodes, tuple(links), tuple(e.id for e in given if _later(e, as_of)))


def standing(entry: Entry, as_of: date) -> Standing:
    """Where an agreement stands on a day. Of a month, its last day is meant: the cautious one."""
    if entry.kind is EntryKind.UNSIGNED_TEXT:
        return Standing.UNSIGNED
    if entry.duration is not None and entry.duration.kind == "ended":
        return Standing.ENDED
    if entry.in_force is not None and in_force_days(entry.in_force)[1] <= as_of:
        return Standing.IN_FORCE
    return Standing.NO_FORCE_KNOWN


def _codes(entry: Entry) -> dict[str, PartyKind]:
    """The parties of an entry, each ministry as its state."""
    return {p.of or p.code: PartyKind.STATE if p.of else p.kind for p in entry.parties}


def _later(entry: Entry, as_of: date) -> bool:
    """Whether every day on record for it lies after this one; without any, it is not known."""
    days = [*entry.signed_days, *entry.initialled]
    if entry.in_force is not None:
        days.append(in_force_days(entry.in_force)[0])
    return bool(days) and min(days) > as_of
