"""Equivalence by article: sets, directions, dates, and everything that has no counterpart."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from gsomia.canon import encode
from gsomia.faults import BadInput
from gsomia.marking import JPN, KOR, SCHEMES, Equivalence, Equivalents, Refused

II, III, LEVEL_I = "군사II급비밀", "군사III급비밀", "군사I급비밀"
ONE = "군사\N{ROMAN NUMERAL ONE}급비밀"
DISCLOSURE = "disclosure authority"


@pytest.mark.parametrize(
    "question, marks",
    [
        (("KOR", "JPN", II), ["極秘", "特定秘密"]),
        (("KOR", "JPN", III), ["秘"]),
        (("KOR", "JPN", "군사 \N{ROMAN NUMERAL TWO}급 비밀"), ["極秘", "特定秘密"]),
        (("JPN", "KOR", "極秘"), [II]),
        (("JPN", "KOR", "特定秘密"), [II]),
        (("JPN", "KOR", "秘"), [III]),
    ],
)
def test_article_4_table(
    gsomia_2016: Equivalence, at: datetime, question: tuple[str, str, str], marks: list[str]
) -> None:
    """Article 4(2): each listed mark and every one that corresponds, in the JSON form."""
    answer = gsomia_2016.corresponding(*question, at)
    assert json.loads(encode(answer)) == {"marks": marks, "articles": ["4"]}


@pytest.mark.parametrize(
    "question, expected",
    [
        (("KOR", "JPN", LEVEL_I), ("level_within_agreement", DISCLOSURE, "outside the agreement")),
        (("KOR", "JPN", ONE), ("level_within_agreement", DISCLOSURE, "level I")),
        (("JPN", "KOR", "機密"), ("level_within_agreement", "consultation", "機密")),
        (("KOR", "JPN", "대외비"), ("mark_is_listed", "originator", "official use")),
        (("KOR", "JPN", "SECRET"), ("mark_is_listed", "originator", "note")),
        (("KOR", "JPN", "極秘"), ("mark_is_listed", "originator", "mark of JPN")),
        (("JPN", "KOR", "秘密"), ("mark_is_listed", "originator", "whole text")),
        (("JPN", "KOR", "防衛秘密"), ("mark_is_listed", "originator", "older tables")),
        (("JPN", "KOR", "極\u200b秘"), ("mark_is_listed", "originator", "invisible")),
        (("JPN", "KOR", ""), ("mark_is_listed", "originator", "no mark")),
        (("KOR", "JPN", "군사l급비밀"), ("mark_is_listed", "originator", "look-alike")),
    ],
)
def test_what_has_no_counterpart_is_refused(
    gsomia_2016: Equivalence,
    at: datetime,
    question: tuple[str, str, str],
    expected: tuple[str, str, str],
) -> None:
    """A refusal is a value that names rule, article, who can act, and the reason."""
    rule, who, words = expected
    answer = gsomia_2016.corresponding(*question, at)
    assert isinstance(answer, Refused)
    (reason,) = msgspec.to_builtins(answer)["refused"]
    assert set(reason) == {"rule", "article", "who", "text"}
    assert reason["rule"] == rule
    assert reason["article"] == "4"
    assert who in reason["who"]
    assert words in reason["text"]


def test_a_scheme_mark_without_a_row_is_unmapped(table: dict[str, Any], at: datetime) -> None:
    """Neither mapped nor left out: still no counterpart, and nobody rounds it down."""
    table["excluded"] = {}
    answer = Equivalence.of([table]).corresponding("KOR", "JPN", LEVEL_I, at)
    assert isinstance(answer, Refused)
    assert [r.rule for r in answer.refused] == ["mark_has_counterpart"]
    assert "competent authorities" in answer.refused[0].who


def test_a_row_with_one_side_only_maps_nothing(table: dict[str, Any], at: datetime) -> None:
    """A mark whose row names no mark of the receiver is unmapped."""
    table["rows"][1]["JPN"] = []
    answer = Equivalence.of([table]).corresponding("KOR", "JPN", III, at)
    assert isinstance(answer, Refused)
    assert answer.refused[0].rule == "mark_has_counterpart"


def test_there_and_back_does_not_restore_a_mark(gsomia_2016: Equivalence, at: datetime) -> None:
    """特定秘密 goes to 군사II급비밀, which comes back as two marks: keep the original."""
    there = gsomia_2016.corresponding("JPN", "KOR", "特定秘密", at)
    assert isinstance(there, Equivalents)
    back = gsomia_2016.corresponding("KOR", "JPN", there.marks[0], at)
    assert isinstance(back, Equivalents)
    assert set(back.marks) == {"極秘", "特定秘密"}


@pytest.mark.parametrize(
    "provider, receiver",
    [("KOR", "KOR"), ("JPN", "JPN"), ("KOR", "USA"), ("USA", "JPN"), ("", "JPN"), ("kor", "JPN")],
)
def test_bad_questions_are_errors(
    gsomia_2016: Equivalence, at: datetime, provider: str, receiver: str
) -> None:
    """One party twice, or a party no table names, is bad input and no refusal."""
    with pytest.raises(BadInput, match="party"):
        gsomia_2016.corresponding(provider, receiver, II, at)


def test_an_instant_without_offset_is_an_error(gsomia_2016: Equivalence, at: datetime) -> None:
    """A naive time names two instants in two capitals."""
    with pytest.raises(BadInput, match="offset"):
        gsomia_2016.corresponding("KOR", "JPN", II, at.replace(tzinfo=None))


# -- dates -------------------------------------------------------------------------

START = datetime(2016, 11, 22, 15, tzinfo=UTC)  # midnight in Seoul and Tokyo


@pytest.mark.parametrize(
    "at, in_force",
    [
        (START.replace(hour=14, minute=59, second=59), False),
        (START, True),
        (datetime(2019, 11, 22, 14, 59, 59, tzinfo=UTC), True),
        (datetime(2019, 11, 22, 15, tzinfo=UTC), False),
        (datetime(2100, 1, 1, tzinfo=UTC), False),
    ],
)
def test_the_table_holds_from_start_to_before_end(
    table: dict[str, Any], at: datetime, in_force: bool
) -> None:
    """The start is included and the end is not; outside them the question is refused."""
    table["valid_until"] = "2019-11-23T00:00:00+09:00"
    answer = Equivalence.of([table]).corresponding("KOR", "JPN", III, at)
    assert isinstance(answer, Equivalents) is in_force
    if isinstance(answer, Refused):
        assert [(r.rule, r.article) for r in answer.refused] == [("table_in_force", "4")]


def test_tables_follow_each_other(table: dict[str, Any], at: datetime) -> None:
    """The text of 2012 listed 防衛秘密; the date chooses the table, and its own marks are read."""
    older = {
        **table,
        "valid_from": "2012-06-29T00:00:00+09:00",
        "valid_until": table["valid_from"],
        "rows": [{"JPN": ["極秘", "防衛秘密"], "KOR": [II]}, {"JPN": ["秘"], "KOR": [III]}],
        "verified": False,
    }
    tables = Equivalence.of([table, older])
    before = datetime(2013, 1, 1, tzinfo=UTC)
    assert tables.corresponding("KOR", "JPN", II, before) == Equivalents(
        ("極秘", "防衛秘密"), ("4",), verified=False
    )
    assert tables.corresponding("JPN", "KOR", "防衛秘密", before) == Equivalents(
        (II,), ("4",), False
    )
    assert isinstance(tables.corresponding("JPN", "KOR", "特定秘密", before), Refused)
    assert isinstance(tables.corresponding("JPN", "KOR", "防衛秘密", at), Refused)
    assert isinstance(tables.corresponding("JPN", "KOR", "特定秘密", at), Equivalents)


def test_an_unverified_table_says_so_in_json(table: dict[str, Any], at: datetime) -> None:
    """The flag appears where it matters, in a yes and in a no."""
    table["verified"] = False
    tables = Equivalence.of([table])
    for text in (III, LEVEL_I):
        answer = msgspec.to_builtins(tables.corresponding("KOR", "JPN", text, at))
        flagged = answer if "marks" in answer else answer["refused"][0]
        assert flagged["verified"] is False


# -- directions and other agreements -----------------------------------------------


def test_one_way_tables_answer_one_way(table: dict[str, Any], at: datetime) -> None:
    """A to B may differ from B to A, and says nothing about it."""
    there = {**table, "direction": ["KOR", "JPN"]}
    back = {
        **table,
        "direction": ["JPN", "KOR"],
        "rows": [{"JPN": ["秘", "極秘", "特定秘密"], "KOR": [II]}],
        "article": "5",
    }
    one = Equivalence.of([there])
    assert isinstance(one.corresponding("KOR", "JPN", III, at), Equivalents)
    refused = one.corresponding("JPN", "KOR", "秘", at)
    assert isinstance(refused, Refused)
    assert refused.refused[0].rule == "table_in_force"
    both = Equivalence.of([there, back])
    assert both.corresponding("KOR", "JPN", III, at) == Equivalents(("秘",), ("4",))
    assert both.corresponding("JPN", "KOR", "秘", at) == Equivalents((II,), ("5",))


def test_parties_without_a_scheme_use_the_words_of_the_table(at: datetime) -> None:
    """Any agreement's table works; a mark in two rows has the counterparts of both."""
    tables = Equivalence.of(
        [
            {
                "valid_from": "2000-01-01T00:00:00Z",
                "valid_until": None,
                "rows": [
                    {"AAA": ["ALPHA"], "BBB": ["HIGH ONE"], "CCC": ["X"]},
                    {"AAA": ["ALPHA"], "BBB": ["HIGH TWO"], "CCC": ["Y"]},
                ],
                "article": "9",
                "source": "made up",
                "verified": True,
            }
        ]
    )
    yes = tables.corresponding("AAA", "BBB", "ALPHA", at)
    assert yes == Equivalents(("HIGH ONE", "HIGH TWO"), ("9",))
    assert tables.corresponding("BBB", "CCC", "HIGHTWO", at) == Equivalents(("Y",), ("9",))
    assert isinstance(tables.corresponding("BBB", "CCC", "HIGH THREE", at), Refused)
    with pytest.raises(BadInput):
        tables.corresponding("AAA", "KOR", "ALPHA", at)


def test_a_table_in_the_decrees_spelling_is_the_same_table(
    table: dict[str, Any], gsomia_2016: Equivalence, at: datetime
) -> None:
    """A pack that prints Ⅱ gives the scheme's spelling, so that choices compare."""
    table["rows"][0]["KOR"] = ["군사\N{ROMAN NUMERAL TWO}급비밀"]
    other = Equivalence.of([table])
    for provider, receiver, scheme in (("KOR", "JPN", KOR), ("JPN", "KOR", JPN)):
        for level in scheme.levels:
            question = (provider, receiver, level.mark, at)
            assert other.corresponding(*question) == gsomia_2016.corresponding(*question)


def test_every_mark_of_both_schemes_has_an_answer(gsomia_2016: Equivalence, at: datetime) -> None:
    """Total over the schemes, and each answer holds marks of the receiver only."""
    for provider, receiver in (("KOR", "JPN"), ("JPN", "KOR")):
        for level in SCHEMES[provider].levels:
            answer = gsomia_2016.corresponding(provider, receiver, level.mark, at)
            if isinstance(answer, Equivalents):
                assert {SCHEMES[receiver].level(mark).rank for mark in answer.marks} == {level.rank}
            else:
                assert level.rank == 3


# -- bad tables --------------------------------------------------------------------


@pytest.mark.parametrize(
    "change, message",
    [
        ({"rows": []}, "rows"),
        ({"rows": [{"KOR": [II]}], "excluded": {}}, "two parties"),
        ({"rows": [{"KOR": [II], "Japan": ["秘"]}]}, "three capital letters"),
        ({"rows": [{"KOR": [II, II], "JPN": ["秘"]}]}, "each mark once"),
        (
            {"rows": [{"KOR": [II, "군사\N{ROMAN NUMERAL TWO}급비밀"], "JPN": ["秘"]}]},
            "each mark once",
        ),
        ({"rows": [{"KOR": [""], "JPN": ["秘"]}]}, "a mark of 1 to"),
        ({"rows": [{"KOR": ["군사\N{ZERO WIDTH SPACE}"], "JPN": ["秘"]}]}, "visible"),
        ({"rows": [{"KOR": [LEVEL_I], "JPN": ["秘"]}]}, "mapped or left out"),
        ({"rows": [{"KOR": II, "JPN": ["秘"]}]}, "level tables"),
        ({"rows": [{"KOR": [II], "JPN": ["秘"]}] * 65}, "1 to 64 rows"),
        ({"excluded": {"KOR": {LEVEL_I: ""}}}, "a reason"),
        ({"excluded": {"KOR": {LEVEL_I: "no\N{RIGHT-TO-LEFT OVERRIDE}"}}}, "a reason"),
        ({"valid_from": "2016-11-23T00:00:00"}, "offset"),
        ({"valid_from": "2016-11-23"}, "level tables"),
        ({"valid_until": "2016-11-22T15:00:00Z"}, "empty period"),
        ({"direction": ["KOR", "USA"]}, "direction"),
        ({"direction": ["KOR", "KOR"]}, "direction"),
        ({"article": ""}, "article"),
        ({"surprise": 1}, "level tables"),
    ],
)
def test_bad_tables_are_refused(
    table: dict[str, Any], change: dict[str, Any], message: str
) -> None:
    """A table that could be read in two ways is no table; unbent, it is one."""
    assert Equivalence.of([table]).parties == {"KOR", "JPN"}
    with pytest.raises(BadInput, match=message):
        Equivalence.of([{**table, **change}])


def test_two_tables_at_once_are_refused(table: dict[str, Any]) -> None:
    """Which of two is law is for the parties to say; end to start they may follow."""
    ended = {**table, "valid_until": "2020-01-01T00:00:00Z"}
    later = {**table, "valid_from": "2020-01-01T00:00:00Z"}
    assert len(Equivalence.of([later, ended]).tables) == 2
    assert len(Equivalence.of([ended, later]).tables) == 2
    for other in (table, {**table, "valid_from": "2019-12-31T23:59:59Z"}):
        with pytest.raises(BadInput, match="one level table at a time"):
            Equivalence.of([ended, other])


def test_no_table_at_all_knows_no_party(at: datetime) -> None:
    """An empty relation grants nothing."""
    with pytest.raises(BadInput):
        Equivalence.of([]).corresponding("KOR", "JPN", II, at)
