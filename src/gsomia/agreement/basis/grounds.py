"""What is known of each agreement as a basis: its entry, its lifecycle where it has a pack.

`standing` says whether one holds at an instant; `marks` which marks correspond under it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from functools import cached_property

import msgspec

from gsomia import canon
from gsomia.agreement import counting
from gsomia.agreement.basis.model import Condition
from gsomia.agreement.basis.rules import condition
from gsomia.agreement.catalogue.checks import in_force_days
from gsomia.agreement.catalogue.levels import NO_ARTICLE, corresponding
from gsomia.agreement.catalogue.model import Entry, EntryKind, Flag, PartyKind
from gsomia.agreement.catalogue.reading import entries
from gsomia.agreement.correspondence import equivalence_of
from gsomia.agreement.lifecycle import Lifecycle, State
from gsomia.agreement.provisions import provisions_of
from gsomia.agreement.queries import shipped_lifecycle
from gsomia.marking.equivalence import Answer, Equivalence

_FIRST_PLACE = timezone(timedelta(hours=14))
_LAST_PLACE = timezone(timedelta(hours=-12))


class Standing(msgspec.Struct, frozen=True):
    """Where an agreement stands at an instant. `missing`: what stands against a transfer.

    `begun`: it is, or was, in force, so that something can have been received under it.
    """

    status: str
    missing: tuple[Condition, ...]
    begun: bool
    contestable: bool = False
    readings: dict[str, str] = {}
    notes: tuple[str, ...] = ()


class Ground:
    """One agreement, ready for many questions. Immutable once built.

    `successors`: the ids of entries that took its place, each with the day of its force.
    """

    def __init__(
        self,
        entry: Entry,
        lifecycle: Lifecycle | None = None,
        successors: tuple[tuple[str, str | None], ...] = (),
    ) -> None:
        self.entry, self.lifecycle, self.successors = entry, lifecycle, successors

    @cached_property
    def codes(self) -> frozenset[str]:
        """The states and organisations that are parties, themselves or by a ministry."""
        named = (p for p in self.entry.parties if p.kind is not PartyKind.GROUP)
        found = (p.of if p.kind is PartyKind.MINISTRY else p.code for p in named)
        return frozenset(code for code in found if code)

    @property
    def id(self) -> str:
        """The entry's id."""
        return self.entry.id

    @property
    def treaty(self) -> bool:
        """Whether it can carry a transfer by itself."""
        return self.entry.kind is EntryKind.TREATY

    @cached_property
    def hub(self) -> str | None:
        """The state whose ministry is the hub of an arrangement."""
        party = self.entry.party(self.entry.hub) if self.entry.hub else None
        return (party.of or party.code) if party else None

    @cached_property
    def _equivalence(self) -> Equivalence | None:
        return equivalence_of(self.lifecycle.pack) if self.lifecycle else None

    def cite(self, provision: str) -> tuple[str, Flag]:
        """Where it has what rules cite, and how well that is known: only a pack tells."""
        if self.lifecycle is None:
            return NO_ARTICLE, "none"
        places = provisions_of(self.lifecycle.pack)
        return places.cite(provision), places.place(provision).verified

    def marks(self, sender: str, receiver: str, mark: str, at: datetime) -> tuple[Answer, Flag]:
        """Every mark that corresponds, or the reasons why none does, and how well that is known."""
        found = corresponding(self.entry, sender, receiver, mark, at)
        if self._equivalence is None:
            return found.answer, found.flag
        return self._equivalence.corresponding(sender, receiver, mark, at), found.flag

    def standing(self, at: datetime) -> Standing:
        """Whether it holds at an instant, and what is missing if not."""
        if self.lifecycle is not None:
            return _by_lifecycle(self.id, self.lifecycle, at)
        return _by_entry(self, at)


class Known(msgspec.Struct, frozen=True):
    """All agreements; those `dropped` carry nothing, yet what they leave out stays known.

    So an answer without one agreement can only be narrower than with it.
    """

    grounds: tuple[Ground, ...]
    dropped: frozenset[str] = frozenset()

    def usable(self) -> tuple[Ground, ...]:
        """Those that may carry something."""
        return tuple(g for g in self.grounds if g.id not in self.dropped)

    def without(self, *ids: str) -> Known:
        """The same, as if these agreements carried nothing."""
        return Known(self.grounds, self.dropped.union(ids))

    def where(self, agreement: str, lifecycle: Lifecycle) -> Known:
        """The same, with another lifecycle of one agreement, such as a node's own."""
        grounds = (
            Ground(g.entry, lifecycle, g.successors) if g.id == agreement else g
            for g in self.grounds
        )
        return Known(tuple(grounds), self.dropped)


def known(among: Iterable[Entry] | None = None) -> Known:
    """What the catalogue tells, with the shipped lifecycle of each entry that has a pack."""
    found = tuple(sorted(entries() if among is None else among, key=lambda e: e.id))
    return Known(
        tuple(
            Ground(
                entry,
                shipped_lifecycle(entry.pack) if entry.pack else None,
                tuple((e.id, e.in_force) for e in found if entry.id in e.supersedes),
            )
            for entry in found
        )
    )


# -- where one stands -----------------------------------------------------------------


def _by_lifecycle(name: str, lifecycle: Lifecycle, at: datetime) -> Standing:
    answer = lifecycle.status(at)
    missing: tuple[Condition, ...] = ()
    # Where each of the states it can be in is in force, it does not matter which one it is.
    if answer.uncertain and not answer.in_force:
        missing = (_uncertain(lifecycle, name, at),)
    elif answer.status is State.NOT_IN_FORCE:
        since = _first_day(lifecycle)
        if since is None:
            missing = (_of_entry(lifecycle, "entry_into_force_is_known", name),)
        else:
            missing = (_of_entry(lifecycle, "treaty_has_begun", name, since=since),)
    elif answer.status is State.TERMINATED:
        residual = lifecycle.pack.residual
        ended = condition(
            "treaty_has_not_ended",
            article=residual.article,
            verified=residual.verified,
            agreement=name,
        )
        missing = (ended,)
    return Standing(
        answer.status,
        missing,
        answer.protect,
        answer.contestable,
        {name: one.status.value for name, one in answer.readings.items()},
        answer.notes,
    )


def _of_entry(lifecycle: Lifecycle, rule: str, name: str, **saw: str) -> Condition:
    """A condition on entry into force, with its article."""
    entry = lifecycle.pack.entry_into_force
    return condition(
        rule, met=False, article=entry.article, verified=entry.verified, agreement=name, **saw
    )


def _turns(lifecycle: Lifecycle) -> tuple[datetime, ...]:
    return lifecycle.turning_points(counting.EARLIEST, counting.LATEST - counting.MICROSECOND)


def _uncertain(lifecycle: Lifecycle, name: str, at: datetime) -> Condition:
    """That the record is not certain at an instant, with the turning points around it."""
    turns = _turns(lifecycle)
    before = max((t for t in turns if t <= at), default=counting.EARLIEST)
    after = min((t for t in turns if t > at), default=counting.LATEST)
    bounds = {"earliest": canon.instant(before), "latest": canon.instant(after)}
    return _of_entry(lifecycle, "instant_is_certain", name, **bounds)


def _first_day(lifecycle: Lifecycle) -> str | None:
    """The day on which the record first knows it in force, in the agreement's offset."""
    for at in _turns(lifecycle):
        status = lifecycle.status(at)
        if status.in_force and not status.uncertain:
            return counting.local_day(at, lifecycle.zone).isoformat()
    return None


def _by_entry(ground: Ground, at: datetime) -> Standing:
    """By the days of the catalogue. An end that it does not know of is told beside the answer."""
    entry, name = ground.entry, ground.id
    flag = entry.verified.dates
    if entry.kind is EntryKind.UNSIGNED_TEXT:
        return _not(condition("text_was_signed", verified=flag, agreement=name))
    if entry.in_force is None:
        unknown = condition("entry_into_force_is_known", verified=flag, agreement=name)
        return _not(unknown)
    earliest, certain = _force(entry)
    if at < earliest:
        since = entry.in_force
        return _not(condition("treaty_has_begun", verified=flag, agreement=name, since=since))
    missing = []
    if at < certain:
        missing.append(
            condition(
                "instant_is_certain",
                verified=flag,
                agreement=name,
                earliest=canon.instant(earliest),
                latest=canon.instant(certain),
            )
        )
    if entry.duration is not None and entry.duration.kind == "ended":
        missing.append(condition("end_is_known", verified=entry.verified.duration, agreement=name))
    for successor, begun in ground.successors:
        if begun is None or at >= counting.midnight(in_force_days(begun)[0], _FIRST_PLACE):
            missing.append(
                condition("treaty_was_not_replaced", agreement=name, successor=successor)
            )
    status = "uncertain" if at < certain else "terminated" if missing else "in_force"
    return Standing(status, tuple(missing), at >= certain, notes=_ends(entry))


def _not(missing: Condition) -> Standing:
    return Standing("not_in_force", (missing,), begun=False)


def _force(entry: Entry) -> tuple[datetime, datetime]:
    """The earliest instant of entry into force, and the one from which it is certain.

    A day of an agreement without offset began somewhere before it began everywhere. An
    agreement in force with its signature began no later than the act that fell on each
    of its days.
    """
    first, last = in_force_days(entry.in_force or "")
    if entry.utc_offset:
        zone = counting.offset(entry.utc_offset, "")
        earliest, certain = counting.midnight(first, zone), counting.midnight(last, zone)
    else:
        earliest = counting.midnight(first, _FIRST_PLACE)
        certain = counting.midnight(last, _LAST_PLACE)
    acts = [act for act in entry.signed if act.day == first == last]
    bounds = [b for act in acts if (b := act.bounds) is not None]
    if bounds and len(bounds) == len(entry.signed):
        return max(b[0] for b in bounds), max(b[1] for b in bounds)
    return earliest, certain


def _ends(entry: Entry) -> tuple[str, ...]:
    """What the catalogue cannot say of an end."""
    if entry.duration is None:
        return ("How long it lasts, and that it has not ended since, is not known here.",)
    if entry.duration.kind == "renewed":
        return ("Whether anybody has given notice since is not recorded here.",)
    return ()


def flags(ground: Ground, *names: str) -> dict[str, Flag]:
    """The entry's own flags of these groups of facts."""
    return {name: getattr(ground.entry.verified, name) for name in names}
