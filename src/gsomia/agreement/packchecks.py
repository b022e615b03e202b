"""Whether the parts of a pack agree with each other.

Each check is small, and finds what it finds in each part by itself: in a report of every
fault a check ends where it comes upon something malformed (`gsomia.agreement.checking`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import chain
from typing import Any

from gsomia.agreement import counting, provisions
from gsomia.agreement.checking import (
    Fault,
    Found,
    Shaped,
    as_far,
    each,
    holds,
    listed,
    readable,
    refused,
)
from gsomia.agreement.model import (
    Article,
    Authority,
    Excluded,
    LevelRow,
    LevelTable,
    Mark,
    NoticeReference,
    NoticeRule,
    Pack,
    Party,
    Reading,
    Role,
)
from gsomia.agreement.yamldoc import UNREAD, Document, Path
from gsomia.faults import BadInput, shown
from gsomia.provisions import CITATION

_ID = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
_CODE = re.compile(r"[A-Z]{3}")
_READING = re.compile(r"[A-Za-z][A-Za-z0-9]{0,15}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
_MAX_YEARS = 100
_MAX_NOTICE_DAYS = 3660
_MAX_NOTICE_MONTHS = 120


def pack_faults(pack: Pack) -> Iterator[Found]:
    """Every fault of a pack whose shape is right."""
    for check in _CHECKS:
        yield from check(pack)


def check_pack(
    document: Document, cited: Iterable[str] | None = None, *, to_run: bool = True
) -> tuple[Fault, ...]:
    """Every fault of a pack, by line; nothing for one that `load_pack` reads.

    Nothing is told that rests on something malformed: it waits until that is mended. `cited`
    are the provisions that rules outside the pack cite: one that the pack does not have is a
    fault, and an article that neither they nor the pack's own parts cite is remarked on. Where
    the pack states `provisions`, they must have a place for each, and for nothing else; a pack
    without any is held against them if it is `to_run`.
    """
    shaped = Shaped(document, Pack, "an agreement pack")
    found = chain(shaped.found, shaped.checked(_CHECKS))
    if cited is not None:
        rules = tuple(dict.fromkeys(cited))
        for check in (_for_rules, _cited_by_none, provisions.unplaced, provisions.about_nothing):
            found = chain(found, as_far(_held_against, shaped, check, rules, to_run))
    return listed(found, document)


def _held_against(
    shaped: Shaped[Pack],
    check: Callable[[Pack, tuple[str, ...]], Iterable[Found]],
    cited: tuple[str, ...],
    to_run: bool,
) -> Iterable[Found]:
    pack = shaped.value
    return check(pack, cited) if pack is not None and (to_run or pack.provisions) else ()


def matches(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """How the whole text matches, if it does and could be read."""
    return pattern.fullmatch(readable(text))


# -- names, parties, authorities ----------------------------------------------------------


def _named(pack: Pack) -> Iterator[Found]:
    if not matches(_ID, pack.id):
        yield Found("an id of a-z, 0-9 and hyphens", shown(pack.id), ("id",))


def _language(pack: Pack) -> Iterator[Found]:
    if not matches(_LANGUAGE, pack.authentic_language):
        got = shown(pack.authentic_language)
        yield Found("the code of a language, like en", got, ("authentic_language",))


def _offset(pack: Pack) -> Iterator[Found]:
    yield from refused(("utc_offset",), counting.offset, pack.utc_offset)


def _unique(values: Iterable[Any], name: str, group: str) -> Iterator[Found]:
    """Each value's `name` once among them."""
    seen: set[str] = set()

    def once(index: int, value: Any) -> Iterator[Found]:
        text = getattr(value, name)
        if text in seen:
            yield Found("each name once", f"{shown(text)} again", (group, index))
        seen.add(text)

    return each(values, once)


def _two_parties(pack: Pack) -> Iterator[Found]:
    if len(pack.parties) <= 1:
        yield Found("two parties or more", str(len(pack.parties)), ("parties",))


def _parties(pack: Pack) -> Iterator[Found]:
    yield from _unique(pack.parties, "code", "parties")

    def code(index: int, party: Party) -> Iterator[Found]:
        if not matches(_CODE, party.code):
            path: Path = ("parties", index, "code")
            yield Found("a code of three capital letters", shown(party.code), path)

    yield from each(pack.parties, code)


def _authorities(pack: Pack) -> Iterator[Found]:
    yield from _unique(pack.authorities, "id", "authorities")

    def one(index: int, authority: Authority) -> Iterator[Found]:
        here: Path = ("authorities", index)
        yield from as_far(_known_party, pack, authority.party, (*here, "party"))
        span = authority.valid_from, authority.valid_until
        yield from check_span(*span, (*here, "valid_until"))

    yield from each(pack.authorities, one)


def _speaking(pack: Pack) -> Iterator[Found]:
    """Remarks on parties for whom nobody can send the notes that move the status."""
    speak = {a.party for a in pack.authorities if a.role == Role.TREATY_NOTE_AUTHORITY}

    def heard(index: int, party: Party) -> Iterator[Found]:
        if party.code not in speak:
            got = f"none of {shown(party.code)}"
            yield Found("an authority for treaty notes", got, ("parties", index), "remark")

    yield from each(pack.parties, heard)


def _known_party(pack: Pack, code: str, path: Path) -> Iterator[Found]:
    if code not in pack.codes:
        yield Found(f"a party: {shown(', '.join(pack.codes))}", shown(code), path)


def check_span(first: date | None, until: date | None, path: Path) -> Iterator[Found]:
    """Days that are out of range, and an end that is not after its beginning."""

    def in_range(_: int, day: date | None) -> Iterator[Found]:
        if day is not None:
            try:
                counting.read_date(day.isoformat(), "")
            except BadInput as error:
                yield Found.refused(error, path)

    yield from each((first, until), in_range)
    if first is not None and until is not None and until <= first:
        yield Found("an end after the beginning", until.isoformat(), path)


# -- articles and what cites them -----------------------------------------------------------


def _articles(pack: Pack) -> Iterator[Found]:
    if not pack.articles:
        yield Found("at least one article", "none", ("articles",))

    def numbered(index: int, article: Article) -> Iterator[Found]:
        if article.number != index + 1:
            path: Path = ("articles", index, "number")
            yield Found(f"article {index + 1}", str(article.number), path)

    def binding(index: int, article: Article) -> Iterator[Found]:
        if not article.bound:
            yield Found("whom the article binds", "nobody", ("articles", index, "bound"))

    yield from each(pack.articles, numbered)
    yield from each(pack.articles, binding)


_CITING = ("entry_into_force", "duration", "residual", "forms", "notice")
_CITING_EACH = ("level_tables", "channels", "provisions")


def _cited_in(pack: Pack, name: str) -> list[tuple[Any, Path]]:
    """What cites an article in one field of a pack, and where."""
    value = getattr(pack, name)
    if name in _CITING_EACH:
        return [(one, (name, index, "article")) for index, one in enumerate(value)]
    return [] if value is None else [(value, (name, "article"))]


def _citations(pack: Pack) -> Iterator[Found]:
    def known(_: int, cited: tuple[Any, Path]) -> Iterator[Found]:
        value, path = cited
        if value.article is not None and pack.article(_number(value.article)) is None:
            yield Found("an article of this pack, like Art. 21(3)", shown(value.article), path)

    def of(name: str) -> Iterator[Found]:
        return each(_cited_in(pack, name), known)

    for name in (*_CITING, *_CITING_EACH):
        yield from as_far(of, name)


def _number(text: str) -> int:
    """The number in a citation; 0, which no article has, where it is none."""
    found = matches(CITATION, text)
    return int(found.group(1)) if found else 0


def _for_rules(pack: Pack, cited: tuple[str, ...]) -> Iterator[Found]:
    """The articles that rules outside the pack cite, and it does not have."""

    def there(_: int, text: str) -> Iterator[Found]:
        if pack.article(_number(text)) is None:
            yield Found("every article that a rule cites", f"no {shown(text)}", ("articles",))

    return each(() if pack.provisions else cited, there)


def _cited_by_none(pack: Pack, cited: tuple[str, ...]) -> Iterator[Found]:
    """Remarks on articles that nothing cites; none while a citation cannot be read."""
    own = [v.article for name in (*_CITING, *_CITING_EACH) for v, _ in _cited_in(pack, name)]
    others = () if pack.provisions else cited
    numbers = {_number(text) for text in (*own, *others) if text is not None}

    def remark(index: int, article: Article) -> Iterator[Found]:
        if article.number not in numbers:
            got = f"article {article.number}, which none cites"
            yield Found("articles that a rule cites", got, ("articles", index), "remark")

    yield from each(pack.articles, remark)


# -- final clauses and readings ---------------------------------------------------------------


def _years(pack: Pack) -> Iterator[Found]:
    def in_range(_: int, name: str) -> Iterator[Found]:
        years = getattr(pack.duration, name)
        if years is not None and not 1 <= years <= _MAX_YEARS:
            yield Found(f"1 to {_MAX_YEARS} years", str(years), ("duration", name))

    yield from each(("term_years", "extension_years"), in_range)
    if pack.duration.term_years is None and pack.duration.extension_years is not None:
        yield Found("no extension where there is no term", "one", ("duration",))


def _notice(pack: Pack) -> Iterator[Found]:
    notice = pack.notice
    if notice is None:
        return
    if (notice.days is None) == (notice.months is None):
        yield Found("days or months of notice", "both or neither", ("notice",))
    yield from as_far(_notice_length, notice)
    if pack.duration.term_years is None and notice.notice_reference is NoticeReference.PERIOD_END:
        path: Path = ("notice", "notice_reference")
        yield Found("free_date, as there is no term", "period_end", path)


def _notice_length(notice: NoticeRule) -> Iterator[Found]:
    if notice.days is not None and not 1 <= notice.days <= _MAX_NOTICE_DAYS:
        yield Found(f"1 to {_MAX_NOTICE_DAYS} days", str(notice.days), ("notice", "days"))
    if notice.months is not None and not 1 <= notice.months <= _MAX_NOTICE_MONTHS:
        yield Found(f"1 to {_MAX_NOTICE_MONTHS} months", str(notice.months), ("notice", "months"))


def _held(pack: Pack) -> Iterator[Found]:
    if not any(r.held for r in pack.readings):
        yield Found("at least one held reading", "none", ("readings",))


def _readings(pack: Pack) -> Iterator[Found]:
    yield from _unique(pack.readings, "id", "readings")

    def named(index: int, reading: Reading) -> Iterator[Found]:
        if not matches(_READING, reading.id):
            yield Found("a short id", shown(reading.id), ("readings", index, "id"))

    yield from each(pack.readings, named)


# -- marks and tables ---------------------------------------------------------------------------


def _marks(pack: Pack) -> Iterator[Found]:
    seen: set[str] = set()

    def one(index: int, mark: Mark) -> Iterator[Found]:
        def spelling(_: int, text: str) -> Iterator[Found]:
            if not text.strip() or text != text.strip():
                yield Found("a mark without blanks around it", shown(text), ("marks", index))
            if text in seen:
                yield Found("each mark and alias once", shown(text), ("marks", index))
            seen.add(text)

        yield from as_far(_known_party, pack, mark.party, ("marks", index, "party"))
        yield from as_far(spelling, 0, mark.text)
        yield from each(mark.aliases, spelling)

    yield from each(pack.marks, one)


def _spans(pack: Pack) -> Iterator[Found]:
    def one(index: int, table: LevelTable) -> Iterator[Found]:
        path: Path = ("level_tables", index)
        yield from as_far(check_span, table.valid_from, table.valid_until, (*path, "valid_until"))
        if any(holds(_overlap, table, other) for other in pack.level_tables[:index]):
            yield Found("tables that do not overlap in time", "two that do", path)

    yield from each(pack.level_tables, one)


def _overlap(one: LevelTable, two: LevelTable) -> bool:
    return (one.valid_until is None or two.valid_from < one.valid_until) and (
        two.valid_until is None or one.valid_from < two.valid_until
    )


def _tables(pack: Pack) -> Iterator[Found]:
    """Every mark that a table names: in a row, of the right party, once; or excluded."""

    def one(index: int, table: LevelTable) -> Iterator[Found]:
        return _InTable(pack, ("level_tables", index)).found(table)

    return each(pack.level_tables, one)


class _InTable:
    """The checks of one table, which share the marks that it has named so far."""

    def __init__(self, pack: Pack, path: Path) -> None:
        self.pack, self.path = pack, path
        # A mark whose text could not be read may be any mark that is looked for.
        readable = [m for m in pack.marks if m is not UNREAD and m.text is not UNREAD]
        self.owners = {m.text: m.party for m in readable}
        self.unlisted = None if len(readable) == len(pack.marks) else UNREAD
        self.named: set[str] = set()
        self.ranks: set[int] = set()

    def found(self, table: LevelTable) -> Iterator[Found]:
        yield from as_far(each, table.rows, self.row)
        yield from as_far(each, table.excluded, self.excluded)

    def row(self, index: int, row: LevelRow) -> Iterator[Found]:
        here: Path = (*self.path, "rows", index)

        def rank() -> Iterator[Found]:
            if row.rank in self.ranks:
                yield Found("each rank once", str(row.rank), (*here, "rank"))
            self.ranks.add(row.rank)

        yield from as_far(rank)
        for party, texts in row.marks.items():
            place: Path = (*here, "marks", party)
            yield from as_far(_known_party, self.pack, party, place)
            yield from as_far(self.marks, party, texts, place)

    def marks(self, party: str, texts: tuple[str, ...], path: Path) -> Iterator[Found]:
        def owned(_: int, text: str) -> Iterator[Found]:
            if self.owners.get(text, self.unlisted) != party:
                yield Found(f"a mark of {shown(party)} listed under marks", shown(text), path)

        def once(_: int, text: str) -> Iterator[Found]:
            if text in self.named:
                yield Found("each mark in one row", shown(text), path)
            self.named.add(text)

        yield from each(texts, owned)
        yield from each(texts, once)

    def excluded(self, index: int, gone: Excluded) -> Iterator[Found]:
        here: Path = (*self.path, "excluded", index)
        if self.owners.get(gone.mark, self.unlisted) is None:
            yield Found("a mark listed under marks", shown(gone.mark), here)
        if gone.mark in self.named:
            yield Found("a mark in no row", f"{shown(gone.mark)}, excluded, in a row", here)
        self.named.add(gone.mark)


def _unused(pack: Pack) -> Iterator[Found]:
    """Marks that no table names; none while a table cannot be read whole."""
    used: set[str] = set()
    for table in pack.level_tables:
        used |= {text for row in table.rows for texts in row.marks.values() for text in texts}
        used |= {gone.mark for gone in table.excluded}

    def named(index: int, mark: Mark) -> Iterator[Found]:
        if mark.text not in used:
            yield Found("a mark that a table names", shown(mark.text), ("marks", index))

    yield from each(pack.marks, named)


def _channels(pack: Pack) -> Iterator[Found]:
    return _unique(pack.channels, "id", "channels")


def _profiles(pack: Pack) -> Iterator[Found]:
    return _unique(pack.profiles, "id", "profiles")


_CHECKS: tuple[Callable[[Pack], Iterable[Found]], ...] = (
    _named,
    _language,
    _offset,
    _two_parties,
    _parties,
    _authorities,
    _speaking,
    _articles,
    _citations,
    provisions.statements,
    _years,
    _notice,
    _held,
    _readings,
    _marks,
    _spans,
    _tables,
    _unused,
    _channels,
    _profiles,
)
"""Every check, in the order in which faults are told."""
