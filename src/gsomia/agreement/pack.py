"""Reading an agreement pack, checking it, and the digest of what both sides agree on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from gsomia import canon
from gsomia.agreement import counting, yamldoc
from gsomia.agreement.model import LevelTable, NoticeReference, Pack
from gsomia.faults import BadInput, shown

At = Callable[[yamldoc.Path], str]

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
    _check(pack, document.at)
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


def _check(pack: Pack, at: At) -> None:
    if not _ID.fullmatch(pack.id):
        raise BadInput("an id of a-z, 0-9 and hyphens", shown(pack.id), at(("id",)))
    counting.offset(pack.utc_offset, at(("utc_offset",)))
    _check_parties(pack, at)
    _check_articles(pack, at)
    _check_final_clauses(pack, at)
    _check_readings(pack, at)
    _check_marks(pack, at)
    _check_tables(pack, at)
    _unique((c.id for c in pack.channels), "channels", at)
    _unique((p.id for p in pack.profiles), "profiles", at)


def _unique(values: Iterable[str], group: str, at: At) -> None:
    seen: set[str] = set()
    for index, value in enumerate(values):
        if value in seen:
            raise BadInput("each name once", f"{shown(value)} again", at((group, index)))
        seen.add(value)


def _check_parties(pack: Pack, at: At) -> None:
    if len(pack.parties) <= 1:
        raise BadInput("two parties or more", str(len(pack.parties)), at(("parties",)))
    _unique(pack.codes, "parties", at)
    for index, party in enumerate(pack.parties):
        if not _CODE.fullmatch(party.code):
            raise BadInput(
                "a code of three capital letters",
                shown(party.code),
                at(("parties", index, "code")),
            )
    _unique((a.id for a in pack.authorities), "authorities", at)
    for index, authority in enumerate(pack.authorities):
        here: yamldoc.Path = ("authorities", index)
        _known_party(pack, authority.party, at((*here, "party")))
        _check_span(authority.valid_from, authority.valid_until, at((*here, "valid_until")))


def _known_party(pack: Pack, code: str, where: str) -> None:
    if code not in pack.codes:
        raise BadInput(f"a party: {', '.join(pack.codes)}", shown(code), where)


def _check_span(first: date | None, until: date | None, where: str) -> None:
    for day in (first, until):
        if day is not None:
            counting.read_date(day.isoformat(), where)
    if first is not None and until is not None and until <= first:
        raise BadInput("an end after the beginning", until.isoformat(), where)


def _check_articles(pack: Pack, at: At) -> None:
    if not pack.articles:
        raise BadInput("at least one article", "none", at(("articles",)))
    for index, article in enumerate(pack.articles):
        if article.number != index + 1:
            raise BadInput(
                f"article {index + 1}", str(article.number), at(("articles", index, "number"))
            )
    cited: list[tuple[str, yamldoc.Path]] = [
        (pack.entry_into_force.article, ("entry_into_force", "article")),
        (pack.duration.article, ("duration", "article")),
        (pack.residual.article, ("residual", "article")),
        (pack.forms.article, ("forms", "article")),
    ]
    if pack.notice:
        cited.append((pack.notice.article, ("notice", "article")))
    cited += [(t.article, ("level_tables", i, "article")) for i, t in enumerate(pack.level_tables)]
    cited += [(c.article, ("channels", i, "article")) for i, c in enumerate(pack.channels)]
    for text, path in cited:
        found = _ARTICLE.fullmatch(text)
        if not found or pack.article(int(found.group(1))) is None:
            raise BadInput("an article of this pack, like Art. 21(3)", shown(text), at(path))


def _check_final_clauses(pack: Pack, at: At) -> None:
    duration, notice = pack.duration, pack.notice
    for name in ("term_years", "extension_years"):
        years = getattr(duration, name)
        if years is not None and not 1 <= years <= _MAX_YEARS:
            raise BadInput(f"1 to {_MAX_YEARS} years", str(years), at(("duration", name)))
    if duration.term_years is None and duration.extension_years is not None:
        raise BadInput("no extension where there is no term", "one", at(("duration",)))
    if notice is None:
        return
    if (notice.days is None) == (notice.months is None):
        raise BadInput("days or months of notice", "both or neither", at(("notice",)))
    if notice.days is not None and not 1 <= notice.days <= _MAX_NOTICE_DAYS:
        raise BadInput(f"1 to {_MAX_NOTICE_DAYS} days", str(notice.days), at(("notice", "days")))
    if notice.months is not None and not 1 <= notice.months <= _MAX_NOTICE_MONTHS:
        raise BadInput(
            f"1 to {_MAX_NOTICE_MONTHS} months", str(notice.months), at(("notice", "months"))
        )
    if duration.term_years is None and notice.notice_reference is NoticeReference.PERIOD_END:
        raise BadInput(
            "free_date, as there is no term", "period_end", at(("notice", "notice_reference"))
        )


def _check_readings(pack: Pack, at: At) -> None:
    if not any(r.held for r in pack.readings):
        raise BadInput("at least one held reading", "none", at(("readings",)))
    _unique((r.id for r in pack.readings), "readings", at)
    for index, reading in enumerate(pack.readings):
        if not _READING.fullmatch(reading.id):
            raise BadInput("a short id", shown(reading.id), at(("readings", index, "id")))


def _check_marks(pack: Pack, at: At) -> None:
    seen: set[str] = set()
    for index, mark in enumerate(pack.marks):
        _known_party(pack, mark.party, at(("marks", index, "party")))
        for text in (mark.text, *mark.aliases):
            if not text.strip() or text != text.strip():
                raise BadInput("a mark without blanks around it", shown(text), at(("marks", index)))
            if text in seen:
                raise BadInput("each mark and alias once", shown(text), at(("marks", index)))
            seen.add(text)


def _check_tables(pack: Pack, at: At) -> None:
    used: set[str] = set()
    for index, table in enumerate(pack.level_tables):
        path: yamldoc.Path = ("level_tables", index)
        _check_span(table.valid_from, table.valid_until, at((*path, "valid_until")))
        for other in pack.level_tables[:index]:
            if _overlap(table, other):
                raise BadInput("tables that do not overlap in time", "two that do", at(path))
        used |= _check_rows(pack, table, path, at)
    for index, mark in enumerate(pack.marks):
        if mark.text not in used:
            raise BadInput("a mark that a table names", shown(mark.text), at(("marks", index)))


def _overlap(one: LevelTable, two: LevelTable) -> bool:
    return (one.valid_until is None or two.valid_from < one.valid_until) and (
        two.valid_until is None or one.valid_from < two.valid_until
    )


def _check_rows(pack: Pack, table: LevelTable, path: yamldoc.Path, at: At) -> set[str]:
    """Every mark the table names: in a row, of the right party, once; or excluded."""
    marks = {m.text: m.party for m in pack.marks}
    listed: set[str] = set()
    ranks: set[int] = set()
    for index, row in enumerate(table.rows):
        if row.rank in ranks:
            raise BadInput("each rank once", str(row.rank), at((*path, "rows", index, "rank")))
        ranks.add(row.rank)
        for party, texts in row.marks.items():
            here = at((*path, "rows", index, "marks", party))
            _known_party(pack, party, here)
            for text in texts:
                if marks.get(text) != party:
                    raise BadInput(f"a mark of {party} listed under marks", shown(text), here)
                if text in listed:
                    raise BadInput("each mark in one row", shown(text), here)
                listed.add(text)
    for index, gone in enumerate(table.excluded):
        here = at((*path, "excluded", index))
        if gone.mark not in marks:
            raise BadInput("a mark listed under marks", shown(gone.mark), here)
        if gone.mark in listed:
            raise BadInput("a mark in no row", f"{shown(gone.mark)}, excluded, in a row", here)
        listed.add(gone.mark)
    return listed
