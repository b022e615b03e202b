"""Reading an agreement pack, checking it, and the digest of what both sides agree on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cache
from importlib import resources
from itertools import chain
from typing import Any

from gsomia import canon
from gsomia.agreement import counting, yamldoc
from gsomia.agreement.checking import Fault, Found, Shaped, listed, raise_first
from gsomia.agreement.model import LevelTable, NoticeReference, Pack
from gsomia.agreement.yamldoc import Document, Path
from gsomia.faults import BadInput, shown

_ID = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
_CODE = re.compile(r"[A-Z]{3}")
_READING = re.compile(r"[A-Za-z][A-Za-z0-9]{0,15}")
_ARTICLE = re.compile(r"Art\. ([1-9]\d{0,2})(?:\([0-9a-z]{1,3}\))*")
_MAX_YEARS = 100
_MAX_NOTICE_DAYS = 3660
_MAX_NOTICE_MONTHS = 120


def load_pack(data: bytes, where: str) -> Pack:
    """Read a pack strictly and check that its parts agree with each other.

    `where` names the file in messages. Raises `BadInput` with the field and line for
    anything malformed, unknown, or inconsistent. Reads nothing else and trusts nothing.
    """
    document = yamldoc.read(data, where)
    pack = document.convert(Pack, "an agreement pack")
    raise_first(_faults(pack), document)
    return pack


@cache
def shipped(pack_id: str) -> Pack:
    """The pack shipped under this id. Raises `BadInput` naming the known ids."""
    return load_pack(shipped_file(pack_id, ".yaml"), f"{pack_id}.yaml")


def shipped_ids() -> tuple[str, ...]:
    """The ids of the packs that come with the package, in order."""
    names = (f.name for f in resources.files("gsomia.agreement").joinpath("packs").iterdir())
    return tuple(sorted(n.removesuffix(".yaml") for n in names if _is_pack(n)))


def shipped_file(pack_id: str, suffix: str) -> bytes:
    """A file of a shipped pack: `.yaml` or `.instruments.yaml`. Raises `BadInput`."""
    known = shipped_ids()
    if pack_id not in known:
        raise BadInput(f"an agreement: {', '.join(known)}", shown(pack_id))
    folder = resources.files("gsomia.agreement").joinpath("packs")
    return folder.joinpath(pack_id + suffix).read_bytes()


def _is_pack(name: str) -> bool:
    return name.endswith(".yaml") and not name.endswith(".instruments.yaml")


# -- the agreed part ------------------------------------------------------------


def agreed_part(pack: Pack) -> dict[str, Any]:
    """What two nodes must hold in common: names, roles, article numbers, counting, levels.

    Readings, summaries, sources, `verified` flags, aliases, explanations of excluded
    marks, practice, channels, forms and profiles stay local and are left out. Lists
    whose order means nothing are sorted.
    """
    duration, notice = pack.duration, pack.notice
    return {
        "format": pack.format,
        "id": pack.id,
        "parties": sorted(pack.codes),
        "utc_offset": pack.utc_offset,
        "authorities": _sorted(
            [a.party, a.role, a.id, _day(a.valid_from), _day(a.valid_until)]
            for a in pack.authorities
        ),
        "articles": sorted(a.number for a in pack.articles),
        "entry_into_force": [pack.entry_into_force.article, pack.entry_into_force.rule],
        "duration": [duration.article, duration.term_years, duration.extension_years],
        "notice": notice
        and [
            notice.article,
            notice.days,
            notice.months,
            notice.notice_reference,
            notice.period_end_day,
            notice.notice_event,
        ],
        "residual": pack.residual.article,
        "level_tables": _sorted(_agreed_table(t) for t in pack.level_tables),
    }


def agreed_digest(pack: Pack) -> str:
    """`sha256:` and hex: the digest two nodes compare before they exchange anything."""
    return canon.digest(canon.encode(agreed_part(pack)))


def _agreed_table(table: LevelTable) -> list[Any]:
    rows = _sorted(
        [row.rank, row.note, {party: sorted(marks) for party, marks in row.marks.items()}]
        for row in table.rows
    )
    return [_day(table.valid_from), _day(table.valid_until), rows]


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _sorted(values: Iterable[Any]) -> list[Any]:
    return sorted(values, key=canon.encode)


# -- checks across parts --------------------------------------------------------


def _named(pack: Pack) -> Iterator[Found]:
    if not _ID.fullmatch(pack.id):
        yield Found("an id of a-z, 0-9 and hyphens", shown(pack.id), ("id",))


def _offset(pack: Pack) -> Iterator[Found]:
    try:
        counting.offset(pack.utc_offset, "")
    except BadInput as error:
        yield Found.refused(error, ("utc_offset",))


def _unique(values: Iterable[str], group: str) -> Iterator[Found]:
    seen: set[str] = set()
    for index, value in enumerate(values):
        if value in seen:
            yield Found("each name once", f"{shown(value)} again", (group, index))
        seen.add(value)


def _parties(pack: Pack) -> Iterator[Found]:
    if len(pack.parties) <= 1:
        yield Found("two parties or more", str(len(pack.parties)), ("parties",))
    yield from _unique(pack.codes, "parties")
    for index, party in enumerate(pack.parties):
        if not _CODE.fullmatch(party.code):
            path: Path = ("parties", index, "code")
            yield Found("a code of three capital letters", shown(party.code), path)


def _authorities(pack: Pack) -> Iterator[Found]:
    yield from _unique((a.id for a in pack.authorities), "authorities")
    for index, authority in enumerate(pack.authorities):
        here: Path = ("authorities", index)
        yield from _known_party(pack, authority.party, (*here, "party"))
        span = authority.valid_from, authority.valid_until
        yield from check_span(*span, (*here, "valid_until"))


def _known_party(pack: Pack, code: str, path: Path) -> Iterator[Found]:
    if code not in pack.codes:
        yield Found(f"a party: {shown(', '.join(pack.codes))}", shown(code), path)


def check_span(first: date | None, until: date | None, path: Path) -> Iterator[Found]:
    """Days that are out of range, and an end that is not after its beginning."""
    for day in (first, until):
        if day is not None:
            try:
                counting.read_date(day.isoformat(), "")
            except BadInput as error:
                yield Found.refused(error, path)
    if first is not None and until is not None and until <= first:
        yield Found("an end after the beginning", until.isoformat(), path)


def _articles(pack: Pack) -> Iterator[Found]:
    if not pack.articles:
        yield Found("at least one article", "none", ("articles",))
    for index, article in enumerate(pack.articles):
        if article.number != index + 1:
            path: Path = ("articles", index, "number")
            yield Found(f"article {index + 1}", str(article.number), path)


def _cited(pack: Pack) -> list[tuple[str, Path]]:
    """Every article the pack's own parts cite, and where."""
    cited: list[tuple[str, Path]] = [
        (pack.entry_into_force.article, ("entry_into_force", "article")),
        (pack.duration.article, ("duration", "article")),
        (pack.residual.article, ("residual", "article")),
        (pack.forms.article, ("forms", "article")),
    ]
    if pack.notice:
        cited.append((pack.notice.article, ("notice", "article")))
    cited += [(t.article, ("level_tables", i, "article")) for i, t in enumerate(pack.level_tables)]
    cited += [(c.article, ("channels", i, "article")) for i, c in enumerate(pack.channels)]
    return cited


def _citations(pack: Pack) -> Iterator[Found]:
    for text, path in _cited(pack):
        if pack.article(_number(text)) is None:
            yield Found("an article of this pack, like Art. 21(3)", shown(text), path)


def _number(text: str) -> int:
    """The number in a citation; 0, which no article has, where it is none."""
    found = _ARTICLE.fullmatch(text)
    return int(found.group(1)) if found else 0


def _final_clauses(pack: Pack) -> Iterator[Found]:
    duration, notice = pack.duration, pack.notice
    for name in ("term_years", "extension_years"):
        years = getattr(duration, name)
        if years is not None and not 1 <= years <= _MAX_YEARS:
            yield Found(f"1 to {_MAX_YEARS} years", str(years), ("duration", name))
    if duration.term_years is None and duration.extension_years is not None:
        yield Found("no extension where there is no term", "one", ("duration",))
    if notice is None:
        return
    if (notice.days is None) == (notice.months is None):
        yield Found("days or months of notice", "both or neither", ("notice",))
    if notice.days is not None and not 1 <= notice.days <= _MAX_NOTICE_DAYS:
        yield Found(f"1 to {_MAX_NOTICE_DAYS} days", str(notice.days), ("notice", "days"))
    if notice.months is not None and not 1 <= notice.months <= _MAX_NOTICE_MONTHS:
        yield Found(f"1 to {_MAX_NOTICE_MONTHS} months", str(notice.months), ("notice", "months"))
    if duration.term_years is None and notice.notice_reference is NoticeReference.PERIOD_END:
        path: Path = ("notice", "notice_reference")
        yield Found("free_date, as there is no term", "period_end", path)


def _readings(pack: Pack) -> Iterator[Found]:
    if not any(r.held for r in pack.readings):
        yield Found("at least one held reading", "none", ("readings",))
    yield from _unique((r.id for r in pack.readings), "readings")
    for index, reading in enumerate(pack.readings):
        if not _READING.fullmatch(reading.id):
            yield Found("a short id", shown(reading.id), ("readings", index, "id"))


def _marks(pack: Pack) -> Iterator[Found]:
    seen: set[str] = set()
    for index, mark in enumerate(pack.marks):
        yield from _known_party(pack, mark.party, ("marks", index, "party"))
        for text in (mark.text, *mark.aliases):
            if not text.strip() or text != text.strip():
                yield Found("a mark without blanks around it", shown(text), ("marks", index))
            if text in seen:
                yield Found("each mark and alias once", shown(text), ("marks", index))
            seen.add(text)


def _tables(pack: Pack) -> Iterator[Found]:
    used: set[str] = set()
    for index, table in enumerate(pack.level_tables):
        path: Path = ("level_tables", index)
        yield from check_span(table.valid_from, table.valid_until, (*path, "valid_until"))
        if any(_overlap(table, other) for other in pack.level_tables[:index]):
            yield Found("tables that do not overlap in time", "two that do", path)
        yield from _rows(pack, table, path, used)
    for index, mark in enumerate(pack.marks):
        if mark.text not in used:
            yield Found("a mark that a table names", shown(mark.text), ("marks", index))


def _overlap(one: LevelTable, two: LevelTable) -> bool:
    return (one.valid_until is None or two.valid_from < one.valid_until) and (
        two.valid_until is None or one.valid_from < two.valid_until
    )


def _rows(pack: Pack, table: LevelTable, path: Path, used: set[str]) -> Iterator[Found]:
    """Every mark the table names: in a row, of the right party, once; or excluded.

    Adds them to `used`.
    """
    marks = {m.text: m.party for m in pack.marks}
    listed_here: set[str] = set()
    ranks: set[int] = set()
    for index, row in enumerate(table.rows):
        if row.rank in ranks:
            yield Found("each rank once", str(row.rank), (*path, "rows", index, "rank"))
        ranks.add(row.rank)
        for party, texts in row.marks.items():
            here: Path = (*path, "rows", index, "marks", party)
            yield from _known_party(pack, party, here)
            for text in texts:
                if marks.get(text) != party:
                    yield Found(f"a mark of {party} listed under marks", shown(text), here)
                if text in listed_here:
                    yield Found("each mark in one row", shown(text), here)
                listed_here.add(text)
    for index, gone in enumerate(table.excluded):
        here = (*path, "excluded", index)
        if gone.mark not in marks:
            yield Found("a mark listed under marks", shown(gone.mark), here)
        if gone.mark in listed_here:
            yield Found("a mark in no row", f"{shown(gone.mark)}, excluded, in a row", here)
        listed_here.add(gone.mark)
    used |= listed_here


def _channels(pack: Pack) -> Iterator[Found]:
    return _unique((c.id for c in pack.channels), "channels")


def _profiles(pack: Pack) -> Iterator[Found]:
    return _unique((p.id for p in pack.profiles), "profiles")


_CHECKS: tuple[tuple[frozenset[str], Callable[[Pack], Iterable[Found]]], ...] = tuple(
    (frozenset(needs.split()), check)
    for needs, check in (
        ("id", _named),
        ("utc_offset", _offset),
        ("parties", _parties),
        ("parties authorities", _authorities),
        ("articles", _articles),
        (
            "articles entry_into_force duration residual forms notice level_tables channels",
            _citations,
        ),
        ("duration notice", _final_clauses),
        ("readings", _readings),
        ("parties marks", _marks),
        ("parties marks level_tables", _tables),
        ("channels", _channels),
        ("profiles", _profiles),
    )
)
"""Each check beside the fields it looks at, in the order in which faults are told."""


def _faults(pack: Pack) -> Iterator[Found]:
    for _, check in _CHECKS:
        yield from check(pack)


def check_pack(document: Document, cited: Iterable[str] | None = None) -> tuple[Fault, ...]:
    """Every fault of a pack, by line; nothing for one that `load_pack` reads.

    A check whose fields are malformed waits until they are mended. `cited` are the
    articles that rules outside the pack cite: one that the pack does not have is a fault,
    and an article that neither they nor the pack's own parts cite is remarked on.
    """
    shaped = Shaped(document, Pack, "an agreement pack")
    found = chain(shaped.found, shaped.checked(_CHECKS))
    pack = shaped.value
    if cited is not None and pack is not None and not _CITING & shaped.broken:
        found = chain(found, _against_rules(pack, tuple(cited)))
    return listed(found, document)


_CITING = next(needs for needs, check in _CHECKS if check is _citations)


def _against_rules(pack: Pack, cited: tuple[str, ...]) -> Iterator[Found]:
    numbers = {_number(text) for text, _ in _cited(pack)}
    for text in dict.fromkeys(cited):
        if pack.article(_number(text)) is None:
            yield Found("every article that a rule cites", f"no {shown(text)}", ("articles",))
        numbers.add(_number(text))
    for index, article in enumerate(pack.articles):
        if article.number not in numbers:
            got = f"article {article.number}, which none cites"
            yield Found("articles that a rule cites", got, ("articles", index), "remark")
