"""Suppositions about an agreement, and the agreement as it would be if they were true.

A hypothesis is data; supposing it gives new values (a record, a pack, an end) and
changes none. What would still have to be done by people is said beside it, with the
article that asks for it: a program can suppose an amendment, and cannot agree to one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum

import msgspec

from gsomia.agreement import counting
from gsomia.agreement.instruments import (
    Channel,
    Instrument,
    Kind,
    Moment,
    Office,
    check_instrument,
    effective_moment,
    revived,
    waits_for,
)
from gsomia.agreement.lifecycle import Lifecycle
from gsomia.agreement.model import LevelRow, LevelTable, Mark, Pack, Role, Verified, weakest
from gsomia.agreement.provisions import flag_of, provisions_of
from gsomia.faults import BadInput, shown

AMENDMENT = "Art. 21(2)"
COMPETENT_AUTHORITY = "Art. 2(d)"
LIST_OF_MARKS = "Art. 4(1)"
CORRESPONDENCE = "Art. 4(2)"

MAX_SUPPOSITIONS = 16
"""Suppositions in one hypothesis."""

MAX_MARKS = 16
"""Marks of one party in a supposed row."""

MAX_TEXT = 64
"""Characters of a supposed mark."""

_SOURCE = "supposed; nobody did this"
_CODE = re.compile(r"[A-Z]{3}")


class Paper(msgspec.Struct, frozen=True, tag="instrument", tag_field="what"):
    """One more instrument, checked as if it were recorded in its place in time."""

    instrument: Instrument


class Notice(msgspec.Struct, frozen=True, tag="notice", tag_field="what"):
    """A party's notice of termination, handed over at an instant through the channel."""

    by: str
    at: datetime


class Lifted(msgspec.Struct, frozen=True, tag="lift_suspension", tag_field="what"):
    """Every suspension that stands at an instant is withdrawn by its author, and no notice is."""

    at: datetime


class Ended(msgspec.Struct, frozen=True, tag="end", tag_field="what"):
    """At an instant it ends, on whatever ground: by each reading it is terminated from then on."""

    at: datetime


class RowChanged(msgspec.Struct, frozen=True, tag="row_changed", tag_field="what"):
    """From 00:00 of a day, the row of a rank of the level table has these marks."""

    rank: int
    since: date
    marks: Mapping[str, tuple[str, ...]]


class RowRemoved(msgspec.Struct, frozen=True, tag="row_removed", tag_field="what"):
    """From 00:00 of a day, the level table has no row of a rank."""

    rank: int
    since: date


class Joined(msgspec.Struct, frozen=True, tag="new_party", tag_field="what"):
    """A further party, from 00:00 of a day. It changes nothing by itself: see `Need`."""

    code: str
    since: date


Supposition = Paper | Notice | Lifted | Ended | RowChanged | RowRemoved | Joined


class Hypothesis(msgspec.Struct, frozen=True):
    """Suppositions about one agreement, which are true together, in this order."""

    agreement: str
    suppose: tuple[Supposition, ...]


class NeedOf(StrEnum):
    """What people would have to do before a supposition could be true."""

    AMENDMENT = "need_amendment"
    """Amend the agreement by mutual written consent."""
    CONSENT_OR_NOTICE = "need_consent_or_notice"
    """End it by a notice in time, or by the consent of all parties."""
    AUTHORITY = "need_authority"
    """Name the party's competent authority through the diplomatic channel."""
    MARKS = "need_marks"
    """List the party's marks."""
    CORRESPONDENCE = "need_correspondence"
    """Say which of its marks correspond to those of the others."""


class Need(msgspec.Struct, frozen=True):
    """One thing to be done, the article that asks for it, and by whom."""

    what: NeedOf
    article: str
    parties: tuple[str, ...]
    verified: Verified


class Supposed(msgspec.Struct, frozen=True):
    """The agreement as it would be.

    `stands_at`: the first instant at which all that was supposed has happened; None
    where nothing says when. `tables_at`: the instants from which a level table differs.
    `revives`: suspended notices put back in effect. `joined`: further parties.
    """

    pack: Pack
    instruments: tuple[Instrument, ...]
    ended: datetime | None = None
    stands_at: datetime | None = None
    tables_at: tuple[datetime, ...] = ()
    revives: tuple[str, ...] = ()
    needs: tuple[Need, ...] = ()
    papers: tuple[Instrument, ...] = ()
    joined: tuple[str, ...] = ()

    def lifecycle(self) -> Lifecycle:
        """The status as a function of time, if it were so."""
        return Lifecycle(self.pack, self.instruments, self.ended)


def suppose(pack: Pack, instruments: Iterable[Instrument], hypothesis: Hypothesis) -> Supposed:
    """The agreement as it would be. Nothing is written, and the arguments stay as they are.

    Raises `BadInput` for a hypothesis about another agreement, for none or more than
    `MAX_SUPPOSITIONS`, for an instrument that could not be recorded, and for anything
    that could not be so: lifting a suspension where none stands, ending what is not in
    force, a row that is not there, a party that already is one.
    """
    if hypothesis.agreement != pack.id:
        raise BadInput(
            f"a hypothesis about {pack.id}", shown(hypothesis.agreement), "the hypothesis"
        )
    if not 1 <= len(hypothesis.suppose) <= MAX_SUPPOSITIONS:
        raise BadInput(
            f"1 to {MAX_SUPPOSITIONS} suppositions", str(len(hypothesis.suppose)), "suppose"
        )
    so_far = Supposed(pack, tuple(instruments))
    for number, one in enumerate(hypothesis.suppose, 1):
        so_far = _then(so_far, one, f"supposed-{number}")
    return so_far


def _then(so_far: Supposed, one: Supposition, name: str) -> Supposed:
    match one:
        case Paper():
            return _with_paper(so_far, one.instrument)
        case Notice():
            title = f"A notice of termination by {one.by}, supposed"
            kind = Kind.NOTICE_OF_TERMINATION
            return _with_paper(so_far, _note(so_far.pack, name, kind, one.by, title, one.at))
        case Lifted():
            return _lifted(so_far, one.at, name)
        case Ended():
            return _ended(so_far, one.at)
        case RowChanged() | RowRemoved():
            return _with_row(so_far, one)
        case Joined():
            return _joined(so_far, one)


# -- papers ---------------------------------------------------------------------


def begins(instrument: Instrument) -> datetime:
    """The earliest instant at which an instrument can have taken place."""
    moment = instrument.took_place
    return moment.earliest if moment else counting.EARLIEST


def _with_paper(so_far: Supposed, paper: Instrument) -> Supposed:
    """Among what came earlier it is checked as when recorded; what came later follows it."""
    record = so_far.instruments
    if any(i.id == paper.id for i in record):
        raise BadInput("an id not yet used", "one on record", "the hypothetical instrument")
    began = begins(paper)
    earlier = tuple(i for i in record if begins(i) <= began)
    check_instrument(so_far.pack, earlier, paper)
    revives = revived(so_far.pack, earlier, paper)
    return msgspec.structs.replace(
        so_far,
        instruments=(*record, paper),
        stands_at=_later(so_far.stands_at, began),
        revives=tuple(dict.fromkeys((*so_far.revives, *revives))),
        papers=(*so_far.papers, paper),
    )


def _note(
    pack: Pack,
    name: str,
    kind: Kind,
    party: str,
    title: str,
    at: datetime,
    withdraws: tuple[str, ...] = (),
) -> Instrument:
    """A note handed over at an instant, from the office that then speaks for its government."""
    if party not in pack.codes:
        raise BadInput(f"a party: {', '.join(pack.codes)}", shown(party), "the supposed note")
    found = pack.authorities_at(party, Role.TREATY_NOTE_AUTHORITY, at)
    if not found:
        raise BadInput("an authority named for that day", "none in the pack", "the supposed note")
    office = Office(party, Role.TREATY_NOTE_AUTHORITY, found[0].names["en"])
    return Instrument(
        id=name,
        kind=kind,
        channel=Channel.DIPLOMATIC,
        issuers=(office,),
        form="note verbale",
        title=title,
        handed_over=Moment.exact(counting.in_range(at, "the instant of the supposed note")),
        withdraws=withdraws,
        source=_SOURCE,
        verified=False,
    )


def _lifted(so_far: Supposed, at: datetime, name: str) -> Supposed:
    at = counting.in_range(at, "the instant of lifting a suspension")
    pack = so_far.pack
    record = so_far.instruments
    counted = [i for i in record if effective_moment(pack, i) and not waits_for(record, i)]
    past = [i for i in counted if begins(i) <= at]
    gone = {target for i in past if i.kind is Kind.WITHDRAWAL for target in i.withdraws}
    standing: dict[str, list[str]] = {}
    for one in past:
        if one.kind is Kind.SUSPENSION_OF_NOTICE and one.id not in gone:
            standing.setdefault(one.issuer, []).append(one.id)
    if not standing:
        raise BadInput("a suspension that stands at that instant", "none", "lift_suspension")
    for party, ids in standing.items():
        title = f"Withdrawal of a suspension by {party}, supposed"
        note = _note(pack, f"{name}-{party}", Kind.WITHDRAWAL, party, title, at, tuple(ids))
        so_far = _with_paper(so_far, note)
    return so_far


def _ended(so_far: Supposed, at: datetime) -> Supposed:
    at = counting.in_range(at, "the instant of the supposed end")
    if not so_far.lifecycle().status(at).in_force:
        raise BadInput("an instant at which the agreement is in force", "another", "end")
    rule = so_far.pack.notice or so_far.pack.duration
    # The article speaks of a notice; that all parties together may end it is general treaty law.
    flag = weakest(flag_of(so_far.pack, rule.article), "part")
    need = Need(NeedOf.CONSENT_OR_NOTICE, rule.article, so_far.pack.codes, flag)
    return msgspec.structs.replace(
        so_far,
        ended=at,
        stands_at=_later(so_far.stands_at, at),
        needs=_more(so_far.needs, need),
    )


# -- level tables and parties ----------------------------------------------------


def _with_row(so_far: Supposed, one: RowChanged | RowRemoved) -> Supposed:
    pack = so_far.pack
    since = counting.midnight(one.since, pack.zone)
    table = pack.table_at(since)
    if table is None:
        raise BadInput("a day on which a level table holds", one.since.isoformat(), "since")
    if one.rank not in [row.rank for row in table.rows]:
        ranks = ", ".join(str(row.rank) for row in table.rows)
        raise BadInput(f"the rank of a row: {ranks}", str(one.rank), "rank")
    rest = tuple(row for row in table.rows if row.rank != one.rank)
    if isinstance(one, RowRemoved):
        rows, new = rest, frozenset[str]()
    else:
        new = _check_marks(pack, rest, one.marks)
        rows = tuple(_changed(row, one) for row in table.rows)
    supposed = msgspec.structs.replace(
        table,
        valid_from=one.since,
        rows=rows,
        excluded=tuple(e for e in table.excluded if e.mark not in new),
        source=_SOURCE,
        verified=False,
    )
    need = _need(pack, NeedOf.AMENDMENT, AMENDMENT, pack.codes)
    return msgspec.structs.replace(
        so_far,
        pack=_with_table(pack, table, supposed),
        stands_at=_later(so_far.stands_at, since),
        tables_at=tuple(sorted({*so_far.tables_at, since})),
        needs=_more(so_far.needs, need),
    )


def _changed(row: LevelRow, one: RowChanged) -> LevelRow:
    return msgspec.structs.replace(row, marks=dict(one.marks)) if row.rank == one.rank else row


def _check_marks(
    pack: Pack, others: tuple[LevelRow, ...], marks: Mapping[str, tuple[str, ...]]
) -> frozenset[str]:
    """The marks of a supposed row, each by both parties and in no other row."""
    if set(marks) != set(pack.codes):
        raise BadInput(f"marks of {', '.join(pack.codes)}", shown(", ".join(marks)), "marks")
    taken = {m for row in others for listed in row.marks.values() for m in listed}
    for listed in marks.values():
        if not 1 <= len(listed) <= MAX_MARKS:
            raise BadInput(f"1 to {MAX_MARKS} marks of each party", str(len(listed)), "marks")
        for text in listed:
            if not text.strip() or not text.isprintable() or len(text) > MAX_TEXT:
                raise BadInput(f"a mark of 1 to {MAX_TEXT} characters", shown(text), "marks")
            if text in taken:
                raise BadInput("each mark in one row, once", shown(text), "marks")
            taken.add(text)
    return frozenset(text for listed in marks.values() for text in listed)


def _with_table(pack: Pack, old: LevelTable, new: LevelTable) -> Pack:
    """The pack with `new` in place of `old` from its first day on."""
    kept = (msgspec.structs.replace(old, valid_until=new.valid_from), new)
    here = kept if old.valid_from < new.valid_from else (new,)
    tables = tuple(t for one in pack.level_tables for t in (here if one is old else (one,)))
    unknown = {
        text: Mark(text=text, party=party, source=_SOURCE, verified=False)
        for row in new.rows
        for party, listed in row.marks.items()
        for text in listed
        if pack.mark(text) is None
    }
    marks = (*pack.marks, *unknown.values())
    return msgspec.structs.replace(pack, level_tables=tables, marks=marks)


def _joined(so_far: Supposed, one: Joined) -> Supposed:
    """The parties agreed: one more needs their amendment, and an office and marks of its own."""
    pack = so_far.pack
    parties = (*pack.codes, *so_far.joined)
    if not _CODE.fullmatch(one.code):
        raise BadInput("an ISO 3166-1 alpha-3 code", shown(one.code), "code")
    if one.code in parties:
        raise BadInput("a state that is no party", shown(one.code), "code")
    everybody = (*parties, one.code)
    return msgspec.structs.replace(
        so_far,
        joined=(*so_far.joined, one.code),
        stands_at=_later(so_far.stands_at, counting.midnight(one.since, pack.zone)),
        needs=_more(
            so_far.needs,
            _need(pack, NeedOf.AMENDMENT, AMENDMENT, everybody),
            _need(pack, NeedOf.AUTHORITY, COMPETENT_AUTHORITY, (one.code,)),
            _need(pack, NeedOf.MARKS, LIST_OF_MARKS, everybody),
            _need(pack, NeedOf.CORRESPONDENCE, CORRESPONDENCE, everybody),
        ),
    )


def _need(pack: Pack, what: NeedOf, provision: str, parties: tuple[str, ...]) -> Need:
    article = provisions_of(pack).cite(provision)
    return Need(what, article, parties, flag_of(pack, article))


def _more(needs: tuple[Need, ...], *new: Need) -> tuple[Need, ...]:
    return tuple(dict.fromkeys((*needs, *new)))


def _later(one: datetime | None, two: datetime) -> datetime:
    return two if one is None else max(one, two)
