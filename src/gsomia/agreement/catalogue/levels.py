"""Which marks correspond under an agreement of the catalogue, for reading and never for sending.

One pair of parties at a time is made into an `Equivalence`, which answers as it does for
a pack: every mark that corresponds, or a refusal with its reasons. What the entry cannot
say (from which day a table holds, whether anybody read it) stands beside the answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone

import msgspec

from gsomia.agreement import counting
from gsomia.agreement.catalogue.model import Direction, Entry, EntryKind, Flag, Table
from gsomia.agreement.catalogue.reading import alpha3
from gsomia.agreement.catalogue.reading import entry as shipped_entry
from gsomia.agreement.model import weakest
from gsomia.faults import BadInput, shown
from gsomia.marking.equivalence import (
    AUTHORITIES,
    TREATY_DESK,
    Answer,
    Equivalence,
    LevelTable,
    Reason,
    Refused,
)
from gsomia.marking.spelling import check_label

NO_ARTICLE = "no article known"
"""Stands where the source of a table names no article."""

_FIRST_PLACE = timezone(timedelta(hours=14))
_LAST_PLACE = timezone(timedelta(hours=-12))


class Correspondence(msgspec.Struct, frozen=True):
    """An answer, and how far it bears. `flag`: the weakest flag of what the answer rests on.

    `dated` is false where the day from which the table holds is not known: then the answer
    is that of the table whatever the instant asked about. `notes` are for a person.
    """

    agreement: str
    provider: str
    receiver: str
    answer: Answer
    flag: Flag
    dated: bool
    notes: tuple[str, ...]


def corresponding(
    entry: Entry, from_party: str, to_party: str, mark: str, at: datetime
) -> Correspondence:
    """The marks of one party that correspond to a mark of another, as an entry tells it.

    A mark is read whole: with a state's scheme where one ships with the package, else by
    the table alone. Parties are named by code, or as the source writes them. Where no
    offset of the agreement is known, a table holds only while its day lasts, or has
    begun, in every place on earth.

    Refused, with reasons: an entry without a table; a text that was never signed; no
    table in force; a mark not listed, left out, or without counterpart. Raises `BadInput`
    for a party that is none here, the same party twice, and an instant without offset.
    """
    at = counting.in_range(at, "at")
    table = _table(entry)
    provider = _owner(entry, table, from_party)
    receiver = _owner(entry, table, to_party)
    if provider == receiver:
        raise BadInput("two different parties", "the same twice", "party")
    flag = _pair_flag(entry, table, provider, receiver)
    if table is None or not {provider, receiver} <= table.parties:
        answer: Answer = _unknown(entry, provider, receiver)
    elif entry.kind is EntryKind.UNSIGNED_TEXT:
        answer = _never_signed(table, entry.verified.dates)
    else:
        pair = _pair(table, provider, receiver, entry.utc_offset, flag)
        if pair is None:
            answer = _unknown(entry, provider, receiver)
        else:
            answer = pair.corresponding(provider, receiver, mark, at)
    return Correspondence(
        agreement=entry.id,
        provider=provider,
        receiver=receiver,
        answer=answer,
        flag=flag,
        dated=table is not None and table.valid_from is not None,
        notes=_notes(entry, table, provider, receiver),
    )


def _table(entry: Entry) -> Table | None:
    """The entry's table, or the one it shares, with the days of its own."""
    own = entry.equivalence
    if own is None or own.same_as is None:
        return own
    shared = shipped_entry(own.same_as).equivalence
    if shared is None:
        return None
    return msgspec.structs.replace(
        shared, valid_from=own.valid_from, valid_until=own.valid_until, article=own.article
    )


def _owner(entry: Entry, table: Table | None, text: str) -> str:
    party = entry.party(text)
    if party is not None:
        return party.code
    code = alpha3().get(text, text)
    if table is not None and code in table.parties:
        return code
    known = dict.fromkeys(p.code for p in entry.parties)
    known.update(dict.fromkeys(sorted(table.parties if table else ())))
    raise BadInput(f"a party of {entry.id}: {', '.join(known)}", shown(text), "party")


# -- flags and notes ------------------------------------------------------------


def _pair_flag(entry: Entry, table: Table | None, provider: str, receiver: str) -> Flag:
    if table is None or not {provider, receiver} <= table.parties:
        return "none"
    own = table.party_verified
    whole = entry.verified.equivalence
    flags = [own.get(provider, whole), own.get(receiver, whole)]
    if entry.equivalence is not None and entry.equivalence.same_as is not None:
        flags.append(whole)  # that the table is the other's is a fact of its own
    return weakest(*flags)


def _notes(entry: Entry, table: Table | None, provider: str, receiver: str) -> tuple[str, ...]:
    notes = []
    if table is not None:
        if table.valid_from is None:
            notes.append("The day from which this table holds is not known.")
        notes += [f"{p}: {n}" for p in (provider, receiver) if (n := table.party_notes.get(p))]
        way = _direction(table, provider, receiver)
        if way is not None and way.choice:
            notes.append(f"Where there are several: {way.choice}.")
        notes += table.notes
    if entry.duration is not None and entry.duration.kind == "ended":
        notes.append("It has ended; the day is not known.")
    if entry.kind is EntryKind.ARRANGEMENT:
        notes.append("It binds nobody in law.")
    if entry.equivalence_note:
        notes.append(entry.equivalence_note)
    return tuple(notes)


def _never_signed(table: Table, flag: Flag) -> Refused:
    text = "this text was never signed, so its table was never in force"
    article = table.article or NO_ARTICLE
    return Refused((Reason("table_in_force", article, TREATY_DESK, text, flag is True),))


def _unknown(entry: Entry, provider: str, receiver: str) -> Refused:
    text = f"which marks of {provider} and {receiver} correspond under {entry.id} is not known here"
    return Refused((Reason("table_is_known", NO_ARTICLE, AUTHORITIES, text, verified=False),))


# -- one pair as an equivalence -------------------------------------------------


def _pair(
    table: Table, provider: str, receiver: str, utc_offset: str | None, flag: Flag
) -> Equivalence | None:
    """What the table says one way; None if it says nothing, or holds nowhere for certain."""
    rows = tuple(_rows(table, provider, receiver))
    begin = _begins(table.valid_from, utc_offset)
    until = _ends(table.valid_until, utc_offset)
    if not rows or (until is not None and until <= begin):
        return None
    excluded: dict[str, dict[str, str]] = {}
    for gone in table.excluded:
        if gone.party in (provider, receiver):
            excluded.setdefault(gone.party, {})[gone.mark] = gone.reason
    level_table = LevelTable(
        valid_from=begin,
        valid_until=until,
        rows=rows,
        excluded=excluded,
        article=table.article or NO_ARTICLE,
        source="",
        verified=flag is True,
        direction=(provider, receiver),
    )
    return Equivalence((level_table,), check_owner=_check_owner)


def _rows(table: Table, provider: str, receiver: str) -> Iterator[dict[str, tuple[str, ...]]]:
    """The rows one way: directions first; no older mark is given to a new item."""
    way = _direction(table, provider, receiver)
    directed = way.marks if way else {}
    for mark, others in directed.items():
        yield {provider: (mark,), receiver: others}
    older = table.older.get(receiver, ())
    for row in table.rows:
        mine = tuple(m for m in row.marks.get(provider, ()) if m not in directed)
        theirs = tuple(m for m in row.marks.get(receiver, ()) if m not in older)
        if mine:
            yield {provider: mine, receiver: theirs}


def _direction(table: Table, provider: str, receiver: str) -> Direction | None:
    pair = (provider, receiver)
    return next((d for d in table.directions if (d.provider, d.receiver) == pair), None)


def _begins(day: date | None, utc_offset: str | None) -> datetime:
    """When a day has begun: in the agreement's offset, or else everywhere."""
    if day is None:
        return counting.EARLIEST
    zone = counting.offset(utc_offset, "") if utc_offset else _LAST_PLACE
    return counting.midnight(day, zone)


def _ends(day: date | None, utc_offset: str | None) -> datetime | None:
    """When a day begins: in the agreement's offset, or else anywhere."""
    if day is None:
        return None
    zone = counting.offset(utc_offset, "") if utc_offset else _FIRST_PLACE
    return counting.midnight(day, zone)


def _check_owner(code: str, where: str) -> str:
    """A state, or an organisation by the name it marks with."""
    return check_label(code, "an owner of marks", where)
