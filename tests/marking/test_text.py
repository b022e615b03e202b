"""Marking text: banners, stamps in both layouts, number lines."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
import pytest

from gsomia.faults import BadInput
from gsomia.marking import (
    JPN,
    KOR,
    LAYOUTS,
    Equivalence,
    Mark,
    Original,
    Place,
    Releasability,
    banner,
    derive,
    join,
    number_line,
    own,
    received,
    stamp,
)
from gsomia.marking.text import holds_note, state_name

II, III = "군사II급비밀", "군사III급비밀"
BOTH = Releasability.parse(["KOR", "JPN"])


@pytest.fixture
def in_korea(gsomia_2016: Equivalence, at: datetime) -> Mark:
    """A Japanese item in Korean hands."""
    mark = received(KOR, gsomia_2016, Original("JPN", "極 秘"), II, at=at, releasable_to=BOTH)
    assert isinstance(mark, Mark)
    return mark


@pytest.fixture
def in_japan(gsomia_2016: Equivalence, at: datetime) -> Mark:
    """A Korean item in Japanese hands."""
    original = Original("KOR", "군사\N{ROMAN NUMERAL TWO}급비밀")
    mark = received(JPN, gsomia_2016, original, "特定秘密", at=at, releasable_to=BOTH)
    assert isinstance(mark, Mark)
    return mark


def test_banner_of_an_own_item() -> None:
    """The mark, then the release list with the holder first, then caveats."""
    assert banner(KOR, own(KOR, II, BOTH)) == "군사II급비밀 · REL TO KOR, JPN"
    marked = own(JPN, "秘", BOTH, ["ORCON", "EYES"])
    assert banner(JPN, marked) == "秘 · REL TO JPN, KOR · EYES · ORCON"


def test_banner_of_a_received_item(in_korea: Mark, in_japan: Mark) -> None:
    """Article 4(2): the provider, its mark untouched, and the receiver's corresponding mark."""
    assert banner(KOR, in_korea) == "[JPN] 極 秘 = 군사II급비밀 · REL TO KOR, JPN"
    assert (
        banner(JPN, in_japan)
        == "[KOR] 군사\N{ROMAN NUMERAL TWO}급비밀 = 特定秘密 · REL TO JPN, KOR"
    )


def test_banner_of_derived_material(in_korea: Mark) -> None:
    """Article 4(3): made by the holder, so its mark comes first; every foreign source is named."""
    alone = derive(KOR, [in_korea])
    assert banner(KOR, alone) == "군사II급비밀 · [JPN] 極 秘 · REL TO KOR, JPN"
    mixed = derive(KOR, [in_korea, own(KOR, III, Releasability.parse(["KOR"]))])
    assert banner(KOR, mixed) == "군사II급비밀 · [JPN] 極 秘 · REL TO KOR"


def test_banner_says_nobody() -> None:
    """An empty release set is spelled out, never left blank."""
    assert banner(KOR, own(KOR, II, Releasability())) == "군사II급비밀 · RELEASABLE TO NOBODY"


def test_banner_shows_every_regime() -> None:
    """Peers stand together: the reader needs both."""
    both = join(JPN, [own(JPN, "特定秘密", BOTH), own(JPN, "極秘", BOTH)])
    assert banner(JPN, both).startswith("極秘 + 特定秘密 · ")


def test_banner_is_one_line() -> None:
    """A line break in an original cannot forge a second line."""
    mark = Mark("KOR", (II,), (Original("JPN", "極\n\u2028秘"),), BOTH)
    assert banner(KOR, mark) == "[JPN] 極 秘 = 군사II급비밀 · REL TO KOR, JPN"
    assert mark.originals[0].text == "極\n\u2028秘"


def test_korean_stamp(in_korea: Mark) -> None:
    """Korean over English, provider in Korean, original last; usage is flagged."""
    made = stamp(KOR, LAYOUTS["KOR"], in_korea)
    assert made.lines == (II, "SECRET", "일본국 · 極 秘")
    assert made.places == (Place.TOP, Place.BOTTOM)
    assert made.colour == "red"
    assert made.framed is False
    assert made.unverified == ("colour", "english_below", "places")


def test_korean_stamp_without_the_unread_detail(in_korea: Mark) -> None:
    """What nobody has read can be switched off, and is then no longer claimed."""
    plain = msgspec.structs.replace(LAYOUTS["KOR"], english_below=False)
    made = stamp(KOR, plain, in_korea)
    assert made.lines == (II, "일본국 · 極 秘")
    assert made.unverified == ("colour", "places")


def test_japanese_stamp(in_japan: Mark) -> None:
    """特定秘密 stands in a frame, which was read; the provider's name is in Japanese."""
    made = stamp(JPN, LAYOUTS["JPN"], in_japan)
    assert made.lines == ("特定秘密", "大韓民国 · 군사\N{ROMAN NUMERAL TWO}급비밀")
    assert made.framed is True
    assert made.unverified == ("colour", "places")
    assert stamp(JPN, LAYOUTS["JPN"], own(JPN, "極秘", BOTH)).framed is False


def test_stamp_of_an_own_item() -> None:
    """Nothing but the mark."""
    assert stamp(KOR, LAYOUTS["KOR"], own(KOR, III, BOTH)).lines == (III, "CONFIDENTIAL")
    assert stamp(JPN, LAYOUTS["JPN"], own(JPN, "秘", BOTH)).lines == ("秘",)


def test_stamp_of_derived_material(in_korea: Mark, in_japan: Mark) -> None:
    """The note in the holder's language, then each original; the note's words are unverified."""
    made = stamp(KOR, LAYOUTS["KOR"], derive(KOR, [in_korea]))
    assert made.lines == (II, "SECRET", "일본국 제공 군사비밀정보 포함", "일본국 · 極 秘")
    assert "note" in made.unverified
    made = stamp(JPN, LAYOUTS["JPN"], derive(JPN, [in_japan, own(JPN, "秘", BOTH)]))
    assert made.lines[:3] == ("特定秘密", "秘", "大韓民国提供の秘密軍事情報を含む")


def test_marks_are_never_translated(in_korea: Mark, in_japan: Mark) -> None:
    """Original and corresponding mark stand in every rendering as they are."""
    for scheme, mark in ((KOR, in_korea), (JPN, in_japan)):
        shown = "\n".join(stamp(scheme, LAYOUTS[scheme.owner], mark).lines)
        for text in (shown, banner(scheme, mark)):
            assert mark.originals[0].text in text
            assert mark.level[0] in text


@pytest.mark.parametrize(
    "party, language, name",
    [
        ("KOR", "ko", "대한민국"),
        ("KOR", "en", "Republic of Korea"),
        ("KOR", "ja", "大韓民国"),
        ("JPN", "ko", "일본국"),
        ("JPN", "en", "Japan"),
        ("JPN", "ja", "日本国"),
    ],
)
def test_state_names(party: str, language: str, name: str) -> None:
    """Given for each language, not derived."""
    assert state_name(party, language) == name


def test_a_missing_name_is_an_error() -> None:
    """No name is made up; data may add one."""
    mark = Mark("KOR", (II,), (Original("USA", "SECRET"),), BOTH)
    with pytest.raises(BadInput, match="name of USA"):
        stamp(KOR, LAYOUTS["KOR"], mark)
    names: dict[str, Any] = {"USA": {"ko": "미합중국"}}
    assert stamp(KOR, LAYOUTS["KOR"], mark, names).lines[-1] == "미합중국 · SECRET"
    with pytest.raises(BadInput, match="visible"):
        stamp(KOR, LAYOUTS["KOR"], mark, {"USA": {"ko": "미합중국\u202e"}})


@pytest.mark.parametrize(
    "language, note",
    [
        ("ko", "일본국 제공 군사비밀정보 포함"),
        ("ja", "日本国提供の秘密軍事情報を含む"),
        ("en", "Contains classified military information provided by Japan"),
    ],
)
def test_note_in_each_language(in_korea: Mark, language: str, note: str) -> None:
    """Article 15: a translation carries the note in its own language."""
    assert holds_note(in_korea, language) == note


def test_note_needs_a_foreign_source(in_korea: Mark) -> None:
    """No note on own material, none in a language without words for it."""
    with pytest.raises(BadInput):
        holds_note(own(KOR, II, BOTH), "ko")
    with pytest.raises(BadInput):
        holds_note(in_korea, "fr")


def test_layout_and_mark_must_belong_together(in_korea: Mark) -> None:
    """A Japanese layout or scheme prints no Korean mark."""
    with pytest.raises(BadInput, match="layout"):
        stamp(KOR, LAYOUTS["JPN"], in_korea)
    with pytest.raises(BadInput):
        stamp(JPN, LAYOUTS["JPN"], in_korea)
    with pytest.raises(BadInput):
        banner(JPN, in_korea)


@pytest.mark.parametrize(
    "language, line",
    [
        ("ko", "관리번호 KOR-DIH1-2026-000123 · 사본번호 3-12"),
        ("ja", "登録番号 KOR-DIH1-2026-000123 · 一連番号 3-12"),
        ("en", "Control number KOR-DIH1-2026-000123 · Copy 3 of 12"),
    ],
)
def test_number_line(language: str, line: str) -> None:
    """Number and copy, with the labels of each language."""
    assert number_line("KOR-DIH1-2026-000123", 3, 12, language) == line


@pytest.mark.parametrize(
    "number, copy, of, language",
    [
        ("", 1, 1, "ko"),
        ("kor-1", 1, 1, "ko"),
        ("KOR 1", 1, 1, "ko"),
        ("KOR-1\n", 1, 1, "ko"),
        ("KOR-", 1, 1, "ko"),
        ("KOR-極秘-1", 1, 1, "ko"),
        ("K" * 65, 1, 1, "ko"),
        ("KOR-1", 0, 1, "ko"),
        ("KOR-1", 2, 1, "ko"),
        ("KOR-1", 1, 10_000, "ko"),
        ("KOR-1", 1, 1, "fr"),
    ],
)
def test_impossible_number_lines(number: str, copy: int, of: int, language: str) -> None:
    """No copy 2 of 1, no level in the number, no second line."""
    assert number_line("KOR-1", 1, 1, "ko")
    with pytest.raises(BadInput):
        number_line(number, copy, of, language)
