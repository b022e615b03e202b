"""Which marks of one party correspond to a mark of another, under an agreement, on a date.

The relation is data: dated level tables, each from an article. It is directional and
not one-to-one: a mark may correspond to several, and going there and back need not
return it. The answer is therefore a set; choosing one is the holder's national
rule, not ours. A mark without a row has no counterpart: it is refused, never rounded
up or down.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from itertools import permutations
from typing import Any, TypeAlias

import msgspec

from gsomia.faults import BadInput, shown
from gsomia.marking.match import Unread, Vocabulary, read_in, vocabulary_of
from gsomia.marking.national import SCHEMES
from gsomia.marking.scheme import Scheme, check_party
from gsomia.marking.spelling import check_label, has_invisible, squeeze
from gsomia.shapes import from_plain

ORIGINATOR = "the originator's registry: ask it to mark the item again"
DISCLOSURE = (
    "the originator's disclosure authority, after consultation between the competent authorities"
)
AUTHORITIES = "the competent authorities of both parties, by consultation"
TREATY_DESK = "the treaty desk: say which table was in force on that date"

MAX_ROWS = 64
"""More rows than any level table has."""

MAX_REASON = 500
"""Characters of the reason why a mark is left out."""


class LevelTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One level table, as an agreement states it.

    In force from `valid_from` (included) until `valid_until` (excluded; None: open).
    Each row maps a party to its marks of one level. `excluded` names marks that
    the agreement leaves out, with the reason to show. `direction` is (provider,
    receiver) for a table that holds one way only; None for both ways.
    """

    valid_from: datetime
    valid_until: datetime | None
    rows: tuple[dict[str, tuple[str, ...]], ...]
    excluded: dict[str, dict[str, str]] = {}
    article: str
    source: str
    verified: bool = False
    direction: tuple[str, str] | None = None

    def parties(self) -> frozenset[str]:
        """Every party the table names."""
        return frozenset(party for row in self.rows for party in row) | self.excluded.keys()

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The (provider, receiver) pairs the table speaks about."""
        if self.direction:
            return (self.direction,)
        return tuple(permutations(sorted(self.parties()), 2))


class Equivalents(msgspec.Struct, frozen=True, omit_defaults=True):
    """The receiver's marks that correspond, in the table's order, and the articles that say so.

    `verified` is false where the table rests on text nobody has read.
    """

    marks: tuple[str, ...]
    articles: tuple[str, ...]
    verified: bool = True


class Reason(msgspec.Struct, frozen=True, omit_defaults=True):
    """One reason of a refusal: the rule, its article, who can act, and a text for a person."""

    rule: str
    article: str
    who: str
    text: str
    verified: bool = True


class Refused(msgspec.Struct, frozen=True):
    """No counterpart, with every reason. A value, not an error."""

    refused: tuple[Reason, ...]


Answer: TypeAlias = Equivalents | Refused


class _Period(msgspec.Struct, frozen=True):
    """One table, compiled for one (provider, receiver) pair: every listed mark has its answer."""

    table: LevelTable
    vocabulary: Vocabulary
    answers: dict[str, Answer]

    def holds(self, at: datetime) -> bool:
        until = self.table.valid_until
        return self.table.valid_from <= at and (until is None or at < until)


class Equivalence:
    """The level tables of one agreement, asked by direction and date. Immutable once built."""

    __slots__ = ("_articles", "_periods", "parties", "tables")

    def __init__(
        self,
        tables: Iterable[LevelTable],
        schemes: Mapping[str, Scheme] = SCHEMES,
        check_owner: Callable[[str, str], str] = check_party,
    ) -> None:
        """Check and compile `tables`. `schemes` give spellings and aliases of known marks.

        Owners of marks are states, by their alpha-3 codes; `check_owner` widens that for
        tables that name organisations. It raises `BadInput` for a code it does not take.

        Raises `BadInput` for a malformed table and for two tables that are in
        force for the same direction at the same time: which one is law is not ours to say.
        """
        self.tables = tuple(tables)
        self._periods: dict[tuple[str, str], list[_Period]] = {}
        for index, table in enumerate(self.tables):
            _check(table, schemes, check_owner, f"level table {index + 1}")
            for pair in table.pairs():
                period = _compile(table, *pair, schemes)
                others = self._periods.setdefault(pair, [])
                if any(_overlap(table, other.table) for other in others):
                    raise BadInput(
                        "one level table at a time for a direction",
                        "two in force together",
                        f"level table {index + 1}",
                    )
                others.append(period)
        self.parties = frozenset(p for table in self.tables for p in table.parties())
        self._articles = tuple(dict.fromkeys(table.article for table in self.tables))

    @classmethod
    def of(cls, data: Any, schemes: Mapping[str, Scheme] = SCHEMES) -> Equivalence:
        """Build from plain data: a list of mappings with the fields of `LevelTable`.

        Raises `BadInput` for unknown fields, wrong types and all that the constructor refuses.
        """
        try:
            tables = from_plain(data, tuple[LevelTable, ...])
        except msgspec.ValidationError as error:
            raise BadInput("a list of level tables", shown(str(error)), "level tables") from None
        return cls(tables, schemes)

    def corresponding(self, from_party: str, to_party: str, text: str, at: datetime) -> Answer:
        """The marks of `to_party` that correspond to the mark `text` of `from_party` at `at`.

        Returns every one, and picks none. Refused, with reasons: no table in force, a
        text that is not a listed mark, a mark the agreement leaves out, a mark
        without a row. Raises `BadInput` for one and the same party, a party no table
        names, and an instant without an offset.
        """
        self._check_question(from_party, to_party, at)
        periods = self._periods.get((from_party, to_party), ())
        period = next((p for p in periods if p.holds(at)), None)
        if period is None:
            return self._no_table(from_party, to_party)
        mark = read_in(period.vocabulary, text)
        if isinstance(mark, Unread):
            return _refuse("mark_is_listed", period.table, ORIGINATOR, mark.text)
        return period.answers[mark]

    def _check_question(self, from_party: str, to_party: str, at: datetime) -> None:
        if at.utcoffset() is None:
            raise BadInput("an instant with offset", "one without", "at")
        for party in (from_party, to_party):
            if party not in self.parties:
                raise BadInput("a party of the level table", "another", "party")
        if from_party == to_party:
            raise BadInput("two different parties", "the same twice", "party")

    def _no_table(self, from_party: str, to_party: str) -> Refused:
        text = f"no level table from {from_party} to {to_party} is in force on that date"
        return Refused(
            tuple(Reason("table_in_force", a, TREATY_DESK, text) for a in self._articles)
        )


# -- checking and compiling a table ------------------------------------------------


def _overlap(a: LevelTable, b: LevelTable) -> bool:
    return (b.valid_until is None or a.valid_from < b.valid_until) and (
        a.valid_until is None or b.valid_from < a.valid_until
    )


def _check(
    table: LevelTable,
    schemes: Mapping[str, Scheme],
    check_owner: Callable[[str, str], str],
    where: str,
) -> None:
    """Raise `BadInput` for a table that could be read in two ways."""
    for at in (table.valid_from, table.valid_until):
        if at is not None and at.utcoffset() is None:
            raise BadInput("dates with an offset", "one without", where)
    if table.valid_until is not None and table.valid_until <= table.valid_from:
        raise BadInput("an end after the start", "an empty period", where)
    if not table.rows or len(table.rows) > MAX_ROWS:
        raise BadInput(f"1 to {MAX_ROWS} rows", f"{len(table.rows)}", where)
    parties = {check_owner(party, where) for party in table.parties()}
    if len(parties) < 2:
        raise BadInput("at least two parties", f"{len(parties)}", where)
    if table.direction and (
        not parties.issuperset(table.direction) or table.direction[0] == table.direction[1]
    ):
        raise BadInput("a direction between two parties of the table", "another", where)
    check_label(table.article, "an article", where)
    for party in parties:
        _check_marks(table, party, schemes.get(party), where)


def _check_marks(table: LevelTable, party: str, scheme: Scheme | None, where: str) -> None:
    """No mark empty, twice in a row, or both mapped and left out."""
    own = vocabulary_of(party, (), scheme)
    rows = [[_own(own, mark) for mark in row.get(party, ())] for row in table.rows]
    left_out = [_own(own, mark) for mark in table.excluded.get(party, ())]
    for marks in (*rows, left_out):
        for mark in marks:
            check_label(mark, "a mark", where)
        if len({squeeze(mark) for mark in marks}) != len(marks):
            raise BadInput("each mark once in a row", "one twice", where)
    if {squeeze(m) for row in rows for m in row} & {squeeze(m) for m in left_out}:
        raise BadInput("a mark either mapped or left out", "one that is both", where)
    for reason in table.excluded.get(party, {}).values():
        if not reason.strip() or len(reason) > MAX_REASON or has_invisible(reason):
            raise BadInput(f"a reason of 1 to {MAX_REASON} visible characters", "another", where)


def _own(vocabulary: Vocabulary, mark: str) -> str:
    """`mark` in its scheme's spelling where the scheme knows it, else as the table writes it."""
    return vocabulary.spellings.get(squeeze(mark), mark)


def _compile(
    table: LevelTable, provider: str, receiver: str, schemes: Mapping[str, Scheme]
) -> _Period:
    """Answer every mark of `provider` in advance."""
    listed = [m for row in table.rows for m in row.get(provider, ())]
    listed += table.excluded.get(provider, {})
    theirs = vocabulary_of(provider, listed, schemes.get(provider))
    ours = vocabulary_of(receiver, (), schemes.get(receiver))
    answers = {m: _unmapped(table, provider, receiver) for m in theirs.spellings.values()}
    found: dict[str, dict[str, None]] = {}
    for row in table.rows:
        for mark in row.get(provider, ()):
            marks = found.setdefault(_own(theirs, mark), {})
            marks.update(dict.fromkeys(_own(ours, m) for m in row.get(receiver, ())))
    for mark, marks in found.items():
        if marks:
            answers[mark] = Equivalents(tuple(marks), (table.article,), table.verified)
    for mark, reason in table.excluded.get(provider, {}).items():
        answers[_own(theirs, mark)] = _refuse("level_within_agreement", table, DISCLOSURE, reason)
    return _Period(table, theirs, answers)


def _unmapped(table: LevelTable, provider: str, receiver: str) -> Answer:
    text = f"the level table gives this mark of {provider} no counterpart of {receiver}"
    return _refuse("mark_has_counterpart", table, AUTHORITIES, text)


def _refuse(rule: str, table: LevelTable, who: str, text: str) -> Refused:
    return Refused((Reason(rule, table.article, who, text, table.verified),))
