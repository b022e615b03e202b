"""What a catalogue entry says of one agreement: facts with their flags, and gaps left as gaps.

An entry is for reading and comparing. It is never a ground for a transfer: for that an
agreement needs a pack, with its articles, authorities and final clause.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Literal

import msgspec

from gsomia.agreement import counting

FORMAT = "gsomia/agreement-entry/v1"

Flag = bool | Literal["part", "none"]
"""How far a fact was read in the source named: true, `part`, false (general knowledge), or
`none`: not known, and then the fact itself is null."""


class _Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class EntryKind(StrEnum):
    """What an agreement is in law."""

    TREATY = "treaty"
    UNSIGNED_TEXT = "unsigned_text"
    ARRANGEMENT = "arrangement"
    """Between ministries; binds nobody in law."""
    ORGANISATION_POLICY = "organisation_policy"
    ORGANISATION_RULES = "organisation_rules"


class PartyKind(StrEnum):
    """Who a party is."""

    STATE = "state"
    ORGANISATION = "organisation"
    MINISTRY = "ministry"
    GROUP = "group"
    """States that the source names together and does not list."""


class EntryParty(_Strict, frozen=True, kw_only=True):
    """A party. `code`: ISO 3166-1 alpha-3 for a state, else as `written` in the source.

    `of`: the state a ministry belongs to.
    """

    code: str
    written: str
    kind: PartyKind
    of: str | None = None


class Signing(_Strict, frozen=True, kw_only=True):
    """One act of signature: its day, and the days it was at other places in that instant.

    `utc_offsets`: the offset of each of these places then, where the days differ.
    """

    day: date
    place: str | None = None
    elsewhere: dict[str, date] = {}
    utc_offsets: dict[str, str] = {}

    @property
    def days(self) -> tuple[date, ...]:
        """Every calendar day the act fell on, the earliest first."""
        return tuple(sorted({self.day, *self.elsewhere.values()}))

    @property
    def bounds(self) -> tuple[datetime, datetime] | None:
        """From when to when the act can have been, by the days at its places; None: not known.

        It fell on its day at every place at once, so it lies where all these days overlap.
        """
        days = {**self.elsewhere, **({self.place: self.day} if self.place else {})}
        if not days or set(days) != set(self.utc_offsets):
            return None
        zones = {place: counting.offset(text, "") for place, text in self.utc_offsets.items()}
        begins = [counting.midnight(day, zones[place]) for place, day in days.items()]
        ends = [counting.midnight(d + timedelta(days=1), zones[p]) for p, d in days.items()]
        return max(begins), min(ends)


class Duration(_Strict, frozen=True, kw_only=True):
    """How long: `renewed` term by term without any act, `open`, or `ended` on a day not known."""

    kind: Literal["renewed", "open", "ended"]
    term_years: int | None = None
    extension_years: int | None = None


class Row(_Strict, frozen=True, kw_only=True):
    """Marks that correspond. `rank` is ours, for sorting: 4 the top, 1 the lowest.

    A party with an empty list has no such mark; one that is absent is not known here.
    """

    rank: int
    note: str | None = None
    marks: dict[str, tuple[str, ...]]


class Direction(_Strict, frozen=True, kw_only=True):
    """What marks of one party become with another, where the way back is not the same.

    It goes before the rows for the marks it names. `choice`: who picks, where there are several.
    """

    provider: str
    receiver: str
    marks: dict[str, tuple[str, ...]]
    choice: str | None = None


class LeftOut(_Strict, frozen=True, kw_only=True):
    """Words that look like a level, and that the agreement does not map."""

    party: str
    mark: str
    reason: str
    verified: Flag


class Table(_Strict, frozen=True, kw_only=True):
    """Which marks correspond, between two days; null: no such day is known.

    `same_as` names the entry whose table this is; then nothing is repeated here. `older`:
    marks that stand on older items, are read, and are given to no new one.
    `party_verified`: a party's own flag, where it differs from that of the whole table.
    """

    same_as: str | None = None
    article: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    rows: tuple[Row, ...] = ()
    directions: tuple[Direction, ...] = ()
    excluded: tuple[LeftOut, ...] = ()
    older: dict[str, tuple[str, ...]] = {}
    transliteration: dict[str, str] = {}
    abbreviations: dict[str, str] = {}
    party_verified: dict[str, Flag] = {}
    party_notes: dict[str, str] = {}
    notes: tuple[str, ...] = ()

    @property
    def directed(self) -> bool:
        """Whether some mark goes one way only."""
        return bool(self.directions or self.older)

    @property
    def parties(self) -> frozenset[str]:
        """Every party that has a mark here, or is known to have none."""
        directed = {p for d in self.directions for p in (d.provider, d.receiver)}
        return frozenset({p for row in self.rows for p in row.marks} | directed)


class Verified(_Strict, frozen=True, kw_only=True):
    """A flag for each group of facts."""

    dates: Flag
    duration: Flag
    notice: Flag
    equivalence: Flag
    third_party: Flag


class Entry(_Strict, frozen=True, kw_only=True):
    """One agreement as far as it is known. Null is *not known*, and nothing fills it.

    `in_force` is a day or, where the source gives no more, a month: `2013-03`. `pack`: the
    pack that holds the agreement whole. `supersedes`: entries whose place this one took.
    """

    format: Literal["gsomia/agreement-entry/v1"]
    id: str
    kind: EntryKind
    title: str
    parties: tuple[EntryParty, ...]
    pack: str | None = None
    supersedes: tuple[str, ...] = ()
    utc_offset: str | None = None
    initialled: tuple[date, ...] = ()
    signed: tuple[Signing, ...] = ()
    signed_note: str | None = None
    ratified: dict[str, date] = {}
    provisional: dict[str, date] = {}
    in_force: str | None = None
    in_force_note: str | None = None
    entry_rule: str | None = None
    published: str | None = None
    table_changed: date | None = None
    duration: Duration | None = None
    notice_days: int | None = None
    third_party: str | None = None
    residual: str | None = None
    disputes: str | None = None
    scope: str | None = None
    hub: str | None = None
    equivalence: Table | None = None
    equivalence_note: str | None = None
    notes: str | None = None
    source: str
    verified: Verified

    def party(self, text: str) -> EntryParty | None:
        """The party with this code, or written so in the source."""
        return next((p for p in self.parties if text in (p.code, p.written)), None)

    def concerns(self, text: str) -> bool:
        """Whether it names this party, or a ministry of it."""
        return any(text in (p.code, p.written, p.of) for p in self.parties)

    @property
    def signed_days(self) -> tuple[date, ...]:
        """Every calendar day on which it was signed somewhere, the earliest first."""
        return tuple(sorted({day for act in self.signed for day in act.days}))


FLAG_OF = {
    "initialled": "dates",
    "signed": "dates",
    "ratified": "dates",
    "provisional": "dates",
    "in_force": "dates",
    "table_changed": "dates",
    "duration": "duration",
    "notice_days": "notice",
    "third_party": "third_party",
    "equivalence": "equivalence",
}
"""Which flag covers a field. The other fields carry none of their own."""


def flag(entry: Entry, field: str) -> Flag | None:
    """How far a field of an entry was verified; None for one that carries no flag."""
    group = FLAG_OF.get(field)
    if group is None:
        return None
    found: Flag = getattr(entry.verified, group)
    return found
