"""What an agreement is, as data: parties, authorities, articles, levels, final clauses.

Every group of facts says where it comes from (`source`) and whether somebody read it
there: `verified` is true, `part` (the summary says which part) or false. A fact that
is not verified stays so marked; nothing here fills a gap by analogy with another text.
"""

from __future__ import annotations

from datetime import date, datetime, timezone
from enum import StrEnum
from typing import Literal, TypeVar

import msgspec

from gsomia.agreement import counting

FORMAT = "gsomia/agreement-pack/v1"

Verified = bool | Literal["part"]

F = TypeVar("F", bound=bool | str)


def weakest(*flags: F) -> F:
    """What is left when a statement rests on several facts: the weakest of their flags.

    From weak to strong: `none` (not known; catalogue entries have it), false, `part`, true.
    """
    return min(flags, key=("none", False, "part", True).index)


class Fact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Anything with a provenance."""

    source: str
    verified: Verified


class Role(StrEnum):
    """What an office does under the agreement; the first two are never merged."""

    COMPETENT_AUTHORITY = "competent_authority"
    """Handles classified military information and answers for it."""
    TREATY_NOTE_AUTHORITY = "treaty_note_authority"
    """Speaks for the government through the diplomatic channel."""
    GOVERNMENT = "government"
    """Any other organ: cabinet, president, a party's leader."""


class Party(Fact, frozen=True, kw_only=True):
    """A party: ISO 3166-1 alpha-3 code, and its name by language code."""

    code: str
    names: dict[str, str]


class Authority(Fact, frozen=True, kw_only=True):
    """An office a party has named for a role, from a day on and until another.

    `valid_until` is the first day on which it no longer holds the role. Null means
    that no such day is recorded.
    """

    id: str
    party: str
    role: Role
    names: dict[str, str]
    valid_from: date | None = None
    valid_until: date | None = None


class Bound(StrEnum):
    """Who an article binds."""

    BOTH = "both"
    ORIGINATING = "originating"
    RECEIVING = "receiving"
    HOST = "host"
    VISITOR = "visitor"
    CARRIER = "carrier"
    FACILITY = "facility"
    COMPETENT_AUTHORITIES = "competent_authorities"


class Article(Fact, frozen=True, kw_only=True):
    """One article: its number, title, what it asks in our own words, and of whom."""

    number: int
    title: str
    bound: tuple[Bound, ...]
    summary: str


class Provision(Fact, frozen=True, kw_only=True):
    """Where this treaty says what rules of the program apply, if its numbers are its own.

    `rule` is the provision as the rules cite it: by the agreement of 2016 between Korea and
    Japan. `article` is this treaty's citation. Null: it has no such provision, for a `reason`;
    the rule holds all the same, and is cited as registry practice.
    """

    rule: str
    article: str | None
    reason: str | None = None


class Mark(Fact, frozen=True, kw_only=True):
    """A national mark as the agreement writes it, and the other spellings to be read as it."""

    text: str
    party: str
    transliteration: str | None = None
    aliases: tuple[str, ...] = ()


class LevelRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Marks that correspond. `rank` is ours, for sorting; `note` is an explanation, not a mark.

    A party may have several marks in a row, so a correspondence is a set.
    """

    rank: int
    note: str
    marks: dict[str, tuple[str, ...]]


class Excluded(Fact, frozen=True, kw_only=True):
    """A mark that exists in national law and that this agreement does not cover."""

    mark: str
    reason: str


class LevelTable(Fact, frozen=True, kw_only=True):
    """The closed list of corresponding marks between two days.

    It holds from 00:00 of `valid_from` to 00:00 of `valid_until`, in the agreement's
    offset; null means that no end is recorded.
    """

    article: str
    valid_from: date
    valid_until: date | None = None
    rows: tuple[LevelRow, ...]
    excluded: tuple[Excluded, ...] = ()


class EntryRule(Fact, frozen=True, kw_only=True):
    """How the agreement comes into force."""

    article: str
    rule: Literal["later_of_notifications"]


class Duration(Fact, frozen=True, kw_only=True):
    """How long it lasts: a first term, then extensions without any act, in years.

    `term_years` null: no term. `extension_years` null: it ends with its first term.
    """

    article: str
    term_years: int | None = None
    extension_years: int | None = None


class NoticeReference(StrEnum):
    """Of what a notice must be in advance."""

    PERIOD_END = "period_end"
    FREE_DATE = "free_date"


class PeriodEndDay(StrEnum):
    """From which day the notice period is counted back."""

    LAST_FULL_DAY = "last_full_day"
    BOUNDARY_INSTANT = "boundary_instant"


class NoticeEvent(StrEnum):
    """Which moment of a note counts."""

    SENT = "sent"
    HANDED_OVER = "handed_over"
    RECEIVED = "received"


class Practice(Fact, frozen=True, kw_only=True):
    """What the parties did where the text leaves a choice open."""

    option: Literal["notice_reference", "period_end_day", "notice_event"]
    used: str
    note: str


class NoticeRule(Fact, frozen=True, kw_only=True):
    """How a party ends the agreement: `days` or `months` of notice, and how they count.

    The three options are choices that a text may leave open; each is stated, never
    implied, and `practice` says what the parties used.
    """

    article: str
    days: int | None = None
    months: int | None = None
    notice_reference: NoticeReference
    period_end_day: PeriodEndDay
    notice_event: NoticeEvent
    practice: tuple[Practice, ...] = ()


class Residual(Fact, frozen=True, kw_only=True):
    """What outlives the agreement: the duty to protect what was received under it."""

    article: str


class Suspension(StrEnum):
    """What a reading makes of a notice whose effect its author suspended."""

    KEEPS = "keeps"
    """The notice stays, without effect; its author may let it take effect at any time."""
    CLAUSE = "clause"
    """Only the final clause counts: once extended, ending needs a new notice."""
    VOID = "void"
    """The text knows no suspension: the notice takes effect as if there were none."""


class Reading(Fact, frozen=True, kw_only=True):
    """One way to read the final clause. `held`: a party is reported to hold it."""

    id: str
    title: str
    holder: str | None = None
    held: bool
    suspension: Suspension
    summary: str
    note: str | None = None


class Forms(Fact, frozen=True, kw_only=True):
    """The forms that the information may take."""

    article: str
    items: tuple[str, ...]


class Channel(Fact, frozen=True, kw_only=True):
    """A way by which items may move between the parties."""

    id: str
    article: str
    title: str


class ProfileRule(Fact, frozen=True, kw_only=True):
    """One figure of a regime profile: policy of a house, not text of the treaty."""

    key: str
    value: int
    unit: str


class RegimeProfile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Figures the agreement leaves to its parties. Local: never part of the agreed digest."""

    id: str
    title: str
    rules: tuple[ProfileRule, ...]


class Titles(Fact, frozen=True, kw_only=True):
    """What the agreement is called in letters, by language code. Local, as `title` is."""

    names: dict[str, str]


class Pack(Fact, frozen=True, kw_only=True):
    """One agreement. `fictitious` marks a pack that stands for no real treaty.

    `utc_offset` is the offset in which the agreement's days are counted. Without `provisions`
    the treaty's numbers are those that the rules cite.
    """

    format: Literal["gsomia/agreement-pack/v1"]
    id: str
    title: str
    titles: Titles | None = None
    fictitious: bool = False
    authentic_language: str
    utc_offset: str
    parties: tuple[Party, ...]
    authorities: tuple[Authority, ...]
    articles: tuple[Article, ...]
    provisions: tuple[Provision, ...] = ()
    entry_into_force: EntryRule
    duration: Duration
    notice: NoticeRule | None = None
    residual: Residual
    readings: tuple[Reading, ...]
    marks: tuple[Mark, ...]
    level_tables: tuple[LevelTable, ...]
    forms: Forms
    channels: tuple[Channel, ...]
    profiles: tuple[RegimeProfile, ...] = ()

    @property
    def zone(self) -> timezone:
        """The offset of `utc_offset`."""
        return counting.offset(self.utc_offset, self.id)

    @property
    def codes(self) -> tuple[str, ...]:
        """The parties' codes, in the pack's order."""
        return tuple(p.code for p in self.parties)

    def article(self, number: int) -> Article | None:
        """The article with this number."""
        return next((a for a in self.articles if a.number == number), None)

    def mark(self, text: str) -> Mark | None:
        """The mark whose exact text or alias this is. No normalising: that is marking's work."""
        return next((m for m in self.marks if text == m.text or text in m.aliases), None)

    def table_at(self, at: datetime) -> LevelTable | None:
        """The level table that holds at an instant, or None. Raises `BadInput` without offset."""
        day = counting.local_day(counting.in_range(at, "the instant of a level table"), self.zone)
        return next(
            (t for t in self.level_tables if _within(day, t.valid_from, t.valid_until)), None
        )

    def authorities_at(self, party: str, role: Role, at: datetime) -> tuple[Authority, ...]:
        """Those a party has named for a role at an instant. Raises `BadInput` without offset."""
        day = counting.local_day(counting.in_range(at, "the instant of an authority"), self.zone)
        return tuple(
            a
            for a in self.authorities
            if a.party == party and a.role is role and _within(day, a.valid_from, a.valid_until)
        )


def _within(day: date, first: date | None, until: date | None) -> bool:
    return (first is None or first <= day) and (until is None or day < until)
