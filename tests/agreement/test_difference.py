"""The agreed part as it travels, and where two of them differ."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsomia.agreement import Pack, agreed_digest, agreed_part, shipped, shipped_ids
from gsomia.agreement.difference import MAX_TEXT, AgreedPart, difference, read_agreed
from gsomia.canon import digest, encode
from gsomia.faults import BadInput

REAL = shipped("rok-japan-2016")
TEXT = encode(agreed_part(REAL)).decode()


def part(pack: Pack) -> AgreedPart:
    return read_agreed(encode(agreed_part(pack)).decode())


def changed(**fields: Any) -> Pack:
    return msgspec.structs.replace(REAL, **fields)


@pytest.mark.parametrize("name", shipped_ids())
def test_what_travels_has_the_digest_that_both_compare(name: str) -> None:
    pack = shipped(name)
    assert digest(encode(part(pack))) == agreed_digest(pack)
    assert difference(part(pack), part(pack)) == ()


def row_without(mark: str) -> Any:
    (table,) = REAL.level_tables
    rows = tuple(
        msgspec.structs.replace(
            r, marks={p: tuple(m for m in ms if m != mark) for p, ms in r.marks.items()}
        )
        for r in table.rows
    )
    return (msgspec.structs.replace(table, rows=rows),)


def ended_table() -> Any:
    (table,) = REAL.level_tables
    return (msgspec.structs.replace(table, valid_until=date(2030, 1, 1)),)


def other_notice(**fields: Any) -> Any:
    assert REAL.notice
    return msgspec.structs.replace(REAL.notice, **fields)


CASES: list[tuple[str, dict[str, Any], list[tuple[str, Any, Any]]]] = [
    ("a title is local", {"title": "Another"}, []),
    ("readings are local", {"readings": REAL.readings[:1]}, []),
    (
        "another number of days",
        {"notice": other_notice(days=60)},
        [("notice.days", 90, 60)],
    ),
    (
        "a mark that one side does not list",
        {"level_tables": row_without("特定秘密")},
        [("level_tables.2016-11-23.rank 3.JPN", ["極秘", "特定秘密"], ["極秘"])],
    ),
    (
        "a table that ends",
        {"level_tables": ended_table()},
        [("level_tables.2016-11-23.valid_until", "open", "2030-01-01")],
    ),
    ("an article less", {"articles": REAL.articles[:-1]}, [("articles.21", True, None)]),
    (
        "an authority less",
        {"authorities": REAL.authorities[1:]},
        [("authorities.KOR.competent_authority.kor-mnd", ["2016-11-23", None], None)],
    ),
    ("another offset", {"utc_offset": "+08:00"}, [("utc_offset", "+09:00", "+08:00")]),
]


@pytest.mark.parametrize("fields, rows", [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_each_difference_names_its_field(
    fields: dict[str, Any], rows: list[tuple[str, Any, Any]]
) -> None:
    found = difference(part(REAL), part(changed(**fields)))
    assert [(d.field, d.ours, d.theirs) for d in found] == rows
    back = difference(part(changed(**fields)), part(REAL))
    assert [(d.field, d.theirs, d.ours) for d in back] == rows


def test_a_notice_rule_that_one_side_has_not_shows_every_field_of_it() -> None:
    found = difference(part(REAL), part(changed(notice=None)))
    assert {d.field for d in found} == {
        f"notice.{n}"
        for n in ("article", "days", "notice_event", "notice_reference", "period_end_day")
    }


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        "null",
        TEXT + " ",
        TEXT.replace('"+09:00"', '"+09:00" '),
        TEXT.replace('"articles":[1,', '"articles":["1",'),
        TEXT[:-1] + ',"colour":"red"}',
        TEXT.replace("{", '{"colour":1,', 1),
        "[" * 5000,
        '{"format":"' + "x" * MAX_TEXT + '"}',
    ],
    ids=range(11),
)
def test_any_other_spelling_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        read_agreed(text)


@given(st.integers(0, len(TEXT) - 1), st.characters(codec="utf-8"))
def test_a_changed_character_is_refused_or_shows(place: int, char: str) -> None:
    text = TEXT[:place] + char + TEXT[place + 1 :]
    try:
        other = read_agreed(text)
    except BadInput:
        return
    assert (difference(part(REAL), other) == ()) == (text == TEXT) or other == part(REAL)
