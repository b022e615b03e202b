"""The words of letters: every kind in every language, from the record alone."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsomia.agreement import Kind, shipped, shipped_instruments
from gsomia.desk import wording
from gsomia.desk.letters import Composed, Sides, article_text, compose, day_text, describe
from gsomia.desk.model import ISSUERS
from gsomia.desk.numbering import check_pattern, instrument_id
from gsomia.faults import BadInput

PACK = shipped("rok-japan-2016")
RECORD = {i.id: i for i in shipped_instruments(PACK.id)}
OFFICES = {a.id: a for a in PACK.authorities}
BOTH = [RECORD["2019-08-23-notice"], RECORD["2019-11-22-suspension"]]
NOTES = [k for k in ISSUERS if k is not Kind.INTER_MINISTRY_LETTER]


def note(kind: Kind, language: str, our: str = "kor-mofa", their: str = "jpn-mofa") -> Composed:
    return compose(kind, None, language, PACK, sides(our, their), BOTH)


def sides(our: str, their: str) -> Sides:
    us = OFFICES[our].party
    return Sides(us, "JPN" if us == "KOR" else "KOR", OFFICES[our], OFFICES[their])


def request(asks: Kind, language: str) -> Composed:
    inside = sides("kor-mnd", "kor-mofa")
    return compose(Kind.INTER_MINISTRY_LETTER, asks, language, PACK, inside, BOTH)


WITHDRAWN = {
    "en": (
        "The Government of the Republic of Korea withdraws the notice of termination of "
        "23 August 2019 and the suspension of the notice of termination of 22 November 2019."
    ),
    "ko": (
        "대한민국 정부는 2019년 8월 23일자 협정 종료 통보 및 2019년 11월 22일자 협정 종료 통보의 "
        "효력 정지를 철회한다."
    ),
    "ja": (
        "大韓民国政府は、2019年8月23日付け協定終了の通告及び2019年11月22日付け協定終了の通告の"
        "効力停止を撤回する。"
    ),
}


@pytest.mark.parametrize("language", wording.LANGUAGES)
def test_the_note_that_normalises_says_what_it_withdraws(language: str) -> None:
    assert note(Kind.WITHDRAWAL, language).paragraphs[1] == WITHDRAWN[language]


@pytest.mark.parametrize("language", wording.LANGUAGES)
@pytest.mark.parametrize("kind", NOTES)
def test_every_note_and_every_request_has_its_words(kind: Kind, language: str) -> None:
    for made in (note(kind, language), request(kind, language)):
        assert made.title
        assert len(made.paragraphs) >= 2
        assert not any(c in text for text in (made.title, *made.paragraphs) for c in "{}")
    asked, told = request(kind, language), note(kind, language)
    assert told.title[1:] in asked.title, "a request has the title of what it asks for"


NAMES = {
    "en": ("Ministry of Foreign Affairs of Japan", "Ministry of Foreign Affairs of the Republic"),
    "ko": ("일본국 외무성은", "대한민국 외교부에"),
    "ja": ("日本国外務省は", "大韓民国外交部に"),
}


@pytest.mark.parametrize("language", wording.LANGUAGES)
def test_japan_writes_in_its_own_name(language: str) -> None:
    opening = note(Kind.NOTICE_OF_TERMINATION, language, "jpn-mofa", "kor-mofa").paragraphs[0]
    assert all(name in opening for name in NAMES[language])


@pytest.mark.parametrize("language", wording.LANGUAGES)
def test_nobody_inside_a_government_is_named_with_the_state(language: str) -> None:
    words = " ".join(request(Kind.WITHDRAWAL, language).paragraphs)
    assert {"en": "Japan", "ko": "일본국", "ja": "日本国"}[language] in words
    assert "Republic of Korea asks" not in words


@pytest.mark.parametrize(
    "article, written",
    [
        ("Art. 21(3)", ("Article 21(3)", "제21조제3항", "第21条3")),
        ("Art. 6(2)(b)", ("Article 6(2)(b)", "제6조제2항(b)", "第6条2(b)")),
        ("Art. 5(A)", ("Article 5(A)", "제5조(A)", "第5条(A)")),
        ("Art. 4", ("Article 4", "제4조", "第4条")),
        ("Appendix B", ("Appendix B", "Appendix B", "Appendix B")),
    ],
)
def test_articles_are_cited_as_each_language_does(
    article: str, written: tuple[str, str, str]
) -> None:
    assert tuple(article_text(article, x) for x in wording.LANGUAGES) == written


def test_days_are_those_of_the_agreements_zone() -> None:
    assert day_text(date(2023, 3, 21), "en") == "21 March 2023"
    midnight = RECORD["2019-11-22-suspension"]
    assert describe(midnight, PACK, "ko").startswith("2019년 11월 22일자")


@pytest.mark.parametrize(
    "pattern", ["{year}-{serial}", "외교-{serial}", "北東第{serial}号", "{serial}/{year}"]
)
def test_numbering_of_an_office(pattern: str) -> None:
    check_pattern(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "none",
        "{serial}{serial}",
        "{year}{year}{serial}",
        "{serial!r}",
        "{serial:>9999999}",
        "{serial.__class__}",
        "{0}{serial}",
        "{}",
        "{serial",
        "a\n{serial}",
        "\u202e{serial}",
        "x" * 40 + "{serial}",
    ],
)
def test_numbering_that_is_refused(pattern: str) -> None:
    with pytest.raises(BadInput, match="pattern"):
        check_pattern(pattern)


@given(st.text(max_size=60))
def test_any_text_is_a_pattern_or_bad_input(text: str) -> None:
    try:
        check_pattern(text)
    except BadInput:
        return
    assert text.count("{serial}") == 1
    assert instrument_id("KOR", "kor-mofa", text)
