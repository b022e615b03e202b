"""Instruments: the papers and statements by which an agreement lives, and what each can do.

An instrument is kept as it came, with the moments that are known. What it *does* is
computed, never declared: a statement to the public changes no legal status, whoever
makes it; a letter inside one government starts work; only a note from the authority
for treaty notes, through the diplomatic channel, can move the agreement.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum
from itertools import pairwise

import msgspec

from gsomia.agreement import counting
from gsomia.agreement.model import Fact, NoticeEvent, Pack, Role
from gsomia.faults import BadInput, shown

MAX_ID = 64
"""Characters in an instrument's id, at most."""


class Moment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When something happened, as far as known: between two instants, both included.

    An exact instant has both the same. Datetimes count microseconds, so a day runs
    from its 00:00 to its last microsecond. Raises `BadInput` for instants without
    offset, out of range, or in the wrong order.
    """

    earliest: datetime
    latest: datetime

    def __post_init__(self) -> None:
        first = counting.in_range(self.earliest, "the earliest instant of a moment")
        last = counting.in_range(self.latest, "the latest instant of a moment")
        if last < first:
            raise BadInput("bounds in order", "a latest instant before the earliest")
        msgspec.structs.force_setattr(self, "earliest", first)
        msgspec.structs.force_setattr(self, "latest", last)

    @classmethod
    def exact(cls, at: datetime) -> Moment:
        """An instant that is known."""
        return cls(at, at)

    @classmethod
    def day(cls, day: date, zone: timezone) -> Moment:
        """Some time on this day, as `zone` counts days."""
        begin = counting.midnight(day, zone)
        return cls(begin, begin + timedelta(days=1) - counting.MICROSECOND)


class Kind(StrEnum):
    """What an instrument is."""

    INITIALLED_TEXT = "initialled_text"
    SIGNED_TEXT = "signed_text"
    NOTIFICATION_OF_REQUIREMENTS = "notification_of_requirements"
    NOTICE_OF_TERMINATION = "notice_of_termination"
    SUSPENSION_OF_NOTICE = "suspension_of_notice"
    WITHDRAWAL = "withdrawal"
    AMENDMENT = "amendment"
    INTER_MINISTRY_LETTER = "inter_ministry_letter"
    DECISION = "decision"
    ANNOUNCEMENT = "announcement"
    ARRANGEMENT = "arrangement"
    MEETING = "meeting"
    EVENT = "event"


class Channel(StrEnum):
    """How an instrument travels. `meeting`: the two sides are in one room, as for a signature."""

    DIPLOMATIC = "diplomatic"
    INTERNAL = "internal"
    PUBLIC = "public"
    MEETING = "meeting"


class LegalEffect(StrEnum):
    """What an instrument can move: nothing, the work of a government, or the status."""

    NONE = "none"
    WORKFLOW = "workflow"
    STATUS = "status"


STATUS_KINDS = frozenset(
    {
        Kind.NOTIFICATION_OF_REQUIREMENTS,
        Kind.NOTICE_OF_TERMINATION,
        Kind.SUSPENSION_OF_NOTICE,
        Kind.WITHDRAWAL,
    }
)
"""Kinds that move the status, when they are notes through the diplomatic channel."""

_WORK_KINDS = frozenset(
    {Kind.INTER_MINISTRY_LETTER, Kind.DECISION, Kind.SIGNED_TEXT, Kind.AMENDMENT}
)


class Office(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who acts: a government's code, the role in which it acts, and the office's name."""

    party: str
    role: Role
    name: str


class Instrument(Fact, frozen=True, kw_only=True):
    """One instrument.

    A note has one issuer; a text or a meeting may have several. No addressee means the
    public, or nobody in particular. `known_at` is the instant from which this side knew
    of it; absent, the earliest at which it can have taken place.
    """

    id: str
    kind: Kind
    channel: Channel
    issuers: tuple[Office, ...]
    addressees: tuple[Office, ...] = ()
    form: str
    title: str
    dated: Moment | None = None
    sent: Moment | None = None
    handed_over: Moment | None = None
    received: Moment | None = None
    refers_to: tuple[str, ...] = ()
    withdraws: tuple[str, ...] = ()
    known_at: datetime | None = None
    language: str | None = None
    note: str | None = None

    @property
    def legal_effect(self) -> LegalEffect:
        """What it can move. A public or internal instrument, or a meeting, never the status."""
        if self.channel is Channel.DIPLOMATIC:
            by_note_authority = (
                len(self.issuers) == 1 and self.issuers[0].role is Role.TREATY_NOTE_AUTHORITY
            )
            if self.kind in STATUS_KINDS and by_note_authority:
                return LegalEffect.STATUS
        if self.channel is not Channel.PUBLIC and self.kind in _WORK_KINDS:
            return LegalEffect.WORKFLOW
        return LegalEffect.NONE

    @property
    def issuer(self) -> str:
        """The code of the first issuer: of the only one, for a note."""
        return self.issuers[0].party if self.issuers else ""

    @property
    def took_place(self) -> Moment | None:
        """When it was handed over, received, sent or else dated; None if nothing is known."""
        return self.handed_over or self.received or self.sent or self.dated

    @property
    def known_from(self) -> datetime:
        """The instant from which it counts as known."""
        if self.known_at is not None:
            return counting.in_range(self.known_at, self.id)
        moment = self.took_place
        return moment.earliest if moment else counting.EARLIEST

    def counts_from(self, event: NoticeEvent) -> Moment | None:
        """The moment that counts for a note, or None for one that was not delivered.

        Where sending or handing over is asked for and not recorded, the next later moment
        stands in for it: what was received had been handed over, and what was handed over
        had been sent. Nothing stands in for receipt.
        """
        delivered = self.handed_over or self.received
        if delivered is None:
            return None
        if event is NoticeEvent.SENT:
            return self.sent or delivered
        if event is NoticeEvent.HANDED_OVER:
            return delivered
        return self.received

    @property
    def mentions(self) -> tuple[str, ...]:
        """Every instrument it refers to or withdraws."""
        return (*self.refers_to, *self.withdraws)


def notice_event(pack: Pack) -> NoticeEvent:
    """Which moment of a note counts under this pack: handing over, where it has no rule."""
    return pack.notice.notice_event if pack.notice else NoticeEvent.HANDED_OVER


def effective_moment(pack: Pack, instrument: Instrument) -> Moment | None:
    """When an instrument can move the status of this agreement; None if it never can.

    It must be a note with legal effect, delivered, and come from an office that the
    pack lists as its party's authority for treaty notes on that day.
    """
    if instrument.legal_effect is not LegalEffect.STATUS:
        return None
    moment = instrument.counts_from(notice_event(pack))
    if moment is None or not pack.authorities_at(
        instrument.issuer, Role.TREATY_NOTE_AUTHORITY, moment.earliest
    ):
        return None
    return moment


# -- recording a new one --------------------------------------------------------


def waits_for(instruments: Iterable[Instrument], one: Instrument) -> tuple[str, ...]:
    """What `one` refers to and nobody has recorded: it has no effect until all of that is known."""
    known = {i.id for i in instruments}
    return tuple(m for m in dict.fromkeys(one.mentions) if m not in known)


def released(instruments: Iterable[Instrument], new: Instrument) -> tuple[Instrument, ...]:
    """The instruments on record that waited for `new` and for nothing else, in their order."""
    record = tuple(instruments)
    return tuple(i for i in record if waits_for(record, i) == (new.id,))


def check_instrument(
    pack: Pack, instruments: Iterable[Instrument], new: Instrument, *, may_wait: bool = False
) -> None:
    """Raise `BadInput` unless `new` can be recorded beside `instruments`.

    Checks its form, its channel and issuer, its moments and what it refers to: a
    withdrawal names notices or suspensions of its own author, each on record and not
    yet withdrawn. It does not check whether the instrument was wise, or in time.
    With `may_wait`, what it refers to may come on record later (`waits_for`).
    """
    known = {i.id: i for i in instruments}
    where = f"instrument {shown(new.id)}"
    if not new.id or not new.id.isprintable() or len(new.id) > MAX_ID:
        raise BadInput(f"an id of 1 to {MAX_ID} printable characters", shown(new.id), where)
    if new.id in known:
        raise BadInput("an id not yet used", shown(new.id), where)
    for mentioned in new.mentions:
        if mentioned == new.id:
            raise BadInput("another instrument", "itself", where)
        if mentioned not in known and not may_wait:
            raise BadInput("an instrument on record", shown(mentioned), where)
    _check_channel(pack, new, where)
    _check_moments(new, where)
    if new.withdraws and new.kind is not Kind.WITHDRAWAL:
        raise BadInput("a withdrawal, to withdraw anything", new.kind, where)
    if new.kind is Kind.NOTICE_OF_TERMINATION and pack.notice is None:
        raise BadInput("an agreement with a notice rule", "one without", where)
    if new.kind is Kind.SUSPENSION_OF_NOTICE:
        _check_targets(new, new.refers_to, {Kind.NOTICE_OF_TERMINATION}, known, where)
    if new.kind is Kind.WITHDRAWAL:
        kinds = {Kind.NOTICE_OF_TERMINATION, Kind.SUSPENSION_OF_NOTICE}
        _check_targets(new, new.withdraws, kinds, known, where)


def _check_channel(pack: Pack, new: Instrument, where: str) -> None:
    if not new.issuers:
        raise BadInput("an issuer", "none", where)
    if new.channel is not Channel.DIPLOMATIC:
        if new.kind in STATUS_KINDS:
            raise BadInput(f"the diplomatic channel for a {new.kind}", new.channel, where)
        return
    for office in new.issuers:
        if office.role is not Role.TREATY_NOTE_AUTHORITY:
            raise BadInput(
                "an authority for treaty notes, in the diplomatic channel", office.role, where
            )
    if new.kind not in STATUS_KINDS:
        return
    if len(new.issuers) != 1 or new.issuer not in pack.codes:
        raise BadInput(f"one issuer, of {', '.join(pack.codes)}", shown(new.issuer), where)
    if new.counts_from(notice_event(pack)) is None:
        counts = notice_event(pack)
        delivered = "received" if counts is NoticeEvent.RECEIVED else "handed over or received"
        raise BadInput(f"a note {delivered}", "one without that moment", where)
    if effective_moment(pack, new) is None:
        raise BadInput("an authority named for that day", "none in the pack", where)


def _check_moments(new: Instrument, where: str) -> None:
    if new.took_place is None:
        raise BadInput("at least one moment", "none", where)
    # The date that a paper bears is no step: some bear a later one, and the desk says so.
    steps = [m for m in (new.sent, new.handed_over, new.received) if m]
    for before, after in pairwise(steps):
        if after.latest < before.earliest:
            raise BadInput("sent, handed over, received, in order", "another", where)


def _check_targets(
    new: Instrument,
    targets: tuple[str, ...],
    kinds: set[Kind],
    known: dict[str, Instrument],
    where: str,
) -> None:
    if not targets:
        raise BadInput(f"what the {new.kind} is about", "nothing", where)
    if len(set(targets)) != len(targets):
        raise BadInput("each instrument once", "one twice", where)
    withdrawn = _withdrawn(known.values())
    for target in (known[t] for t in targets if t in known):
        if target.kind not in kinds:
            raise BadInput(" or ".join(sorted(kinds)), target.kind, where)
        if target.issuer != new.issuer:
            raise BadInput(f"an instrument of {shown(new.issuer)}", "another party's", where)
        if target.id in withdrawn:
            raise BadInput("an instrument that stands", f"{shown(target.id)}, withdrawn", where)
        if _precedes(new, target):
            raise BadInput("an earlier instrument", f"{shown(target.id)}, later", where)


def _withdrawn(instruments: Iterable[Instrument]) -> set[str]:
    """What withdrawals of its own author on record have taken back."""
    record = {i.id: i for i in instruments}
    return {
        target
        for i in record.values()
        if i.kind is Kind.WITHDRAWAL and i.legal_effect is LegalEffect.STATUS
        for target in i.withdraws
        if record.keys() >= set(i.mentions)
        and record[target].issuer == i.issuer
        and not _precedes(i, record[target])
    }


def _precedes(one: Instrument, other: Instrument) -> bool:
    """Whether `one` certainly took place before `other`."""
    mine, theirs = one.took_place, other.took_place
    return mine is not None and theirs is not None and mine.latest < theirs.earliest


def revived(pack: Pack, instruments: Iterable[Instrument], new: Instrument) -> tuple[str, ...]:
    """The notices that recording `new` would put back in effect.

    A notice is revived when its last standing suspension goes and the notice stays: by a
    withdrawal, or by what a withdrawal on record waited for. Total.
    """
    record = tuple(instruments)
    found = list(_revived(pack, record, new))
    for one in released(record, new):
        others = (*(i for i in record if i.id != one.id), new)
        found.extend(_revived(pack, others, one))
    return tuple(dict.fromkeys(found))


def _revived(pack: Pack, record: tuple[Instrument, ...], new: Instrument) -> tuple[str, ...]:
    on_record = {i.id: i for i in record if effective_moment(pack, i) and not waits_for(record, i)}
    if new.kind is not Kind.WITHDRAWAL or not effective_moment(pack, new) or waits_for(record, new):
        return ()
    gone_before = _withdrawn(record)
    taken = [
        on_record[t]
        for t in new.withdraws
        if t in on_record and t not in gone_before and on_record[t].issuer == new.issuer
    ]
    gone = gone_before | {i.id for i in taken}
    still_suspended = {
        target
        for i in on_record.values()
        if i.kind is Kind.SUSPENSION_OF_NOTICE and i.id not in gone
        for target in i.refers_to
    }
    suspensions = (i for i in taken if i.kind is Kind.SUSPENSION_OF_NOTICE)
    freed = dict.fromkeys(target for s in suspensions for target in s.refers_to)
    return tuple(t for t in freed if t in on_record and t not in gone and t not in still_suspended)


def revives_notice(pack: Pack, instruments: Iterable[Instrument], new: Instrument) -> bool:
    """True when with `new` a suspension is withdrawn but not its notice, then in effect again.

    A command that would do this must ask for an explicit confirmation: under the reading
    that keeps a suspended notice alive, the agreement can end in that instant.
    """
    return bool(revived(pack, instruments, new))
