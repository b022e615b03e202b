"""Where two sides hold different texts of one agreement, field by field.

What is compared is the agreed part alone (`agreement.pack.agreed_part`): parties,
authorities, article numbers, counting, notice rule, level tables. Whether one text is the
right one, it does not say: that is for the two treaty desks, and the treaty's own rule on
amendments (Art. 21(2) of the Japan-Korea agreement).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from gsomia import canon
from gsomia.faults import BadInput

MAX_TEXT = 256 << 10
"""An agreed part's canonical bytes, at most."""

_NOTICE = ("article", "days", "months", "notice_reference", "period_end_day", "notice_event")
_DURATION = ("article", "term_years", "extension_years")
_ENTRY = ("article", "rule")

Day = str | None


class _Row(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    rank: int
    note: str
    marks: dict[str, tuple[str, ...]]


class _Table(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    valid_from: Day
    valid_until: Day
    rows: tuple[_Row, ...]


class AgreedPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The agreed part as it travels: the same bytes that the digest is over."""

    format: str
    id: str
    parties: tuple[str, ...]
    utc_offset: str
    authorities: tuple[tuple[str, str, str, Day, Day], ...]
    articles: tuple[int, ...]
    entry_into_force: tuple[str, str]
    duration: tuple[str, int | None, int | None]
    notice: tuple[str, int | None, int | None, str, str, str] | None
    residual: str
    level_tables: tuple[_Table, ...]
    provisions: tuple[tuple[str, str | None], ...] | msgspec.UnsetType = msgspec.UNSET


def read_agreed(text: str) -> AgreedPart:
    """An agreed part from its canonical text. Raises `BadInput` for any other spelling."""
    data = text.encode()
    if len(data) > MAX_TEXT:
        raise BadInput(f"an agreed part of at most {MAX_TEXT} bytes", str(len(data)), "text")
    part = canon.decode(data, AgreedPart, "agreed part")
    if canon.encode(part) != data:
        raise BadInput("the canonical text of an agreed part", "another spelling", "text")
    return part


class FieldDifference(msgspec.Struct, frozen=True):
    """One field that the two hold differently. Null: that side has nothing there."""

    field: str
    ours: Any
    theirs: Any


def difference(ours: AgreedPart, theirs: AgreedPart) -> tuple[FieldDifference, ...]:
    """Every field in which the two differ, in the order of their names; none if they agree."""
    a, b = dict(_fields(ours)), dict(_fields(theirs))
    names = sorted({*a, *b})
    return tuple(
        FieldDifference(name, a.get(name), b.get(name))
        for name in names
        if a.get(name) != b.get(name)
    )


def _fields(part: AgreedPart) -> Iterator[tuple[str, Any]]:
    """Each field under a name that a person finds in the pack."""
    yield "format", part.format
    yield "id", part.id
    yield "utc_offset", part.utc_offset
    yield "residual.article", part.residual
    yield from ((f"parties.{code}", True) for code in part.parties)
    yield from ((f"articles.{number}", True) for number in part.articles)
    yield from _named("entry_into_force", _ENTRY, part.entry_into_force)
    yield from _named("duration", _DURATION, part.duration)
    if part.notice is not None:
        yield from _named("notice", _NOTICE, part.notice)
    for party, role, name, since, until in part.authorities:
        yield f"authorities.{party}.{role}.{name}", [since, until]
    for table in part.level_tables:
        yield from _table(table)
    # Null alone would say that the other side states nothing of the provision.
    for rule, article in part.provisions or ():
        yield f"provisions.{rule}", article or "none"


def _named(
    group: str, names: tuple[str, ...], values: tuple[Any, ...]
) -> Iterator[tuple[str, Any]]:
    yield from ((f"{group}.{n}", v) for n, v in zip(names, values, strict=True))


def _table(table: _Table) -> Iterator[tuple[str, Any]]:
    here = f"level_tables.{table.valid_from}"
    yield f"{here}.valid_until", table.valid_until or "open"
    for row in table.rows:
        yield f"{here}.rank {row.rank}.note", row.note
        for party, marks in _sorted(row.marks):
            yield f"{here}.rank {row.rank}.{party}", list(marks)


def _sorted(marks: Mapping[str, tuple[str, ...]]) -> list[tuple[str, tuple[str, ...]]]:
    return sorted(marks.items())
