"""One world, one reading: what the acts up to an instant have made of the agreement."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from itertools import groupby

import msgspec

from gsomia.agreement import counting
from gsomia.agreement.instruments import Kind
from gsomia.agreement.model import Suspension
from gsomia.agreement.terms import Terms


class Act(msgspec.Struct, frozen=True):
    """An instrument that moves the status, at one instant."""

    at: datetime
    id: str
    kind: Kind
    party: str
    refers_to: tuple[str, ...]
    withdraws: tuple[str, ...]


class Replay(msgspec.Struct, frozen=True):
    """The outcome. `entry`: the local day of entry into force. `end`: the day at whose
    00:00 a standing notice ends it. `suspended`: a suspended notice stands. `contested`:
    a suspended notice has passed the day on which it would have taken effect, and not
    both notes are withdrawn. `events`: the acts that had an effect, in order; an act that
    had several stands there several times.
    """

    entry: date | None
    ended: bool
    end: date | None
    suspended: bool
    contested: bool
    events: tuple[tuple[datetime, str], ...]


def replay(acts: Iterable[Act], terms: Terms, suspension: Suspension, until: datetime) -> Replay:
    """Replay `acts`, sorted by time, up to and including `until`. Total."""
    world = _World(terms, suspension)
    due = (a for a in acts if a.at <= until)
    for at, together in groupby(due, key=lambda a: a.at):
        world.pass_time(counting.local_day(at, terms.zone))
        if not world.ended:
            world.apply(list(together))
    world.pass_time(counting.local_day(until, terms.zone))
    return world.outcome()


class _Notice:
    """A notice that stands: when it ends the agreement, and what holds it back."""

    __slots__ = ("end", "lapsed", "party", "suspensions")

    def __init__(self, party: str, end: date) -> None:
        self.party, self.end = party, end
        self.suspensions: set[str] = set()
        self.lapsed = False

    @property
    def suspended(self) -> bool:
        return bool(self.suspensions)


class _World:
    """The only mutable state here; it does not outlive one replay."""

    def __init__(self, terms: Terms, suspension: Suspension) -> None:
        self.terms, self.suspension = terms, suspension
        self.notified: set[str] = set()
        self.entry: date | None = None
        self.ended = False
        self.notices: dict[str, _Notice] = {}
        self.left_over: set[str] = set()
        self.today = date.min
        self.events: list[tuple[datetime, str]] = []

    def pass_time(self, day: date) -> None:
        """What happens by itself up to 00:00 of `day`: ends, expiry, lapse."""
        self.today = day
        if self.entry is None or self.ended:
            return
        ends = [n.end for n in self.notices.values() if not n.suspended and not n.lapsed]
        expiry = self.terms.expiry(self.entry)
        self.ended = any(end <= day for end in ends) or (expiry is not None and expiry <= day)
        if self.suspension is Suspension.CLAUSE:
            for notice in self.notices.values():
                # Extended with the notice suspended: only a new notice can end it now.
                notice.lapsed |= notice.suspended and notice.end <= day

    def apply(self, acts: list[Act]) -> None:
        """Acts of one instant. Notices go before suspensions, and withdrawals of notices
        before those of suspensions, so that taking back both never revives one.
        """
        by_kind = {kind: [a for a in acts if a.kind is kind] for kind in Kind}
        for act in by_kind[Kind.NOTIFICATION_OF_REQUIREMENTS]:
            self._notify(act)
        if self.entry is None:
            return
        for act in by_kind[Kind.NOTICE_OF_TERMINATION]:
            self._give_notice(act, self.entry)
        if self.suspension is not Suspension.VOID:
            for act in by_kind[Kind.SUSPENSION_OF_NOTICE]:
                self._suspend(act)
        for act in by_kind[Kind.WITHDRAWAL]:
            self._withdraw_notices(act)
        for act in by_kind[Kind.WITHDRAWAL]:
            self._withdraw_suspensions(act)

    def _relied_on(self, act: Act) -> None:
        self.events.append((act.at, act.id))

    def _notify(self, act: Act) -> None:
        if (
            self.entry is None
            and act.party in self.terms.parties
            and act.party not in self.notified
        ):
            self.notified.add(act.party)
            self._relied_on(act)
            if self.notified.issuperset(self.terms.parties):
                self.entry = self.today

    def _give_notice(self, act: Act, entry: date) -> None:
        end = self.terms.end_of_notice(entry, self.today)
        if end is not None:
            self.notices[act.id] = _Notice(act.party, end)
            self._relied_on(act)

    def _suspend(self, act: Act) -> None:
        for target in act.refers_to:
            notice = self.notices.get(target)
            if notice and notice.party == act.party and not notice.lapsed:
                notice.suspensions.add(act.id)
                self._relied_on(act)

    def _withdraw_notices(self, act: Act) -> None:
        for target in act.withdraws:
            notice = self.notices.get(target)
            if notice and notice.party == act.party:
                del self.notices[target]
                if notice.end <= self.today:
                    self.left_over |= notice.suspensions
                self._relied_on(act)

    def _withdraw_suspensions(self, act: Act) -> None:
        for target in act.withdraws:
            if target in self.left_over:
                self.left_over.discard(target)
                self._relied_on(act)
            for notice in self.notices.values():
                if target in notice.suspensions and notice.party == act.party:
                    notice.suspensions.discard(target)
                    self._relied_on(act)
                    if not notice.suspended and not notice.lapsed and notice.end <= self.today:
                        self.ended = True  # the notice is in effect again, and its day is past

    def outcome(self) -> Replay:
        standing = [n for n in self.notices.values() if not n.lapsed]
        ends = [n.end for n in standing if not n.suspended]
        passed = any(n.end <= self.today for n in self.notices.values())
        return Replay(
            entry=self.entry,
            ended=self.ended,
            end=min(ends, default=None),
            suspended=any(n.suspended for n in standing),
            contested=not self.ended and (passed or bool(self.left_over)),
            events=tuple(self.events),
        )
