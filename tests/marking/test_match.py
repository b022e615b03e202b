"""Reading marks: the listed spellings, and a table of near misses that must all be refused."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsomia.faults import BadInput
from gsomia.marking import JPN, KOR, Level, Scheme, Unread, Why, read, require
from gsomia.marking.spelling import MAX_TEXT, WHITE_SPACE, has_invisible, squeeze

II = "군사II급비밀"


@pytest.mark.parametrize(
    "scheme, text, mark",
    [
        *((s, level.mark, level.mark) for s in (KOR, JPN) for level in s.levels),
        (KOR, "군사\N{ROMAN NUMERAL ONE}급비밀", "군사I급비밀"),
        (KOR, "군사\N{ROMAN NUMERAL TWO}급비밀", II),
        (KOR, "군사\N{ROMAN NUMERAL THREE}급비밀", "군사III급비밀"),
        (KOR, "군사 II급 비밀", II),
        (KOR, " 군사II급비밀 ", II),
        (KOR, "군사\N{NO-BREAK SPACE}\N{ROMAN NUMERAL TWO}급\N{IDEOGRAPHIC SPACE}비밀", II),
        (KOR, unicodedata.normalize("NFD", II), II),
        (KOR, unicodedata.normalize("NFD", "군사 III급 비밀"), "군사III급비밀"),
        (JPN, "極 秘", "極秘"),
        (
            JPN,
            "特\N{IDEOGRAPHIC SPACE}定\N{IDEOGRAPHIC SPACE}秘\N{IDEOGRAPHIC SPACE}密",
            "特定秘密",
        ),
        (JPN, "極\n秘", "極秘"),
        (JPN, "秘\N{THIN SPACE}", "秘"),
    ],
)
def test_listed_spellings_are_read(scheme: Scheme, text: str, mark: str) -> None:
    """A mark or listed alias, any blanks, either normal form: the scheme's own spelling."""
    level = read(scheme, text)
    assert isinstance(level, Level)
    assert level.mark == mark
    assert require(scheme, text, "here") is level


HOSTILE: list[tuple[Scheme, str, Why]] = [
    # Nothing, or too much.
    (KOR, "", Why.EMPTY),
    (JPN, "   ", Why.EMPTY),
    (JPN, "\N{IDEOGRAPHIC SPACE}\n\t", Why.EMPTY),
    (JPN, "秘" * (MAX_TEXT + 1), Why.TOO_LONG),
    (KOR, II + " " * MAX_TEXT, Why.TOO_LONG),
    # Numerals that look like I.
    (KOR, "군사l급비밀", Why.LOOK_ALIKE),
    (KOR, "군사ll급비밀", Why.LOOK_ALIKE),
    (KOR, "군사Il급비밀", Why.LOOK_ALIKE),
    (KOR, "군사11급비밀", Why.LOOK_ALIKE),
    (KOR, "군사||급비밀", Why.LOOK_ALIKE),
    (KOR, "군사ii급비밀", Why.LOOK_ALIKE),
    (KOR, "군사\N{CYRILLIC CAPITAL LETTER BYELORUSSIAN-UKRAINIAN I}I급비밀", Why.LOOK_ALIKE),
    (KOR, "군사\N{GREEK CAPITAL LETTER IOTA}\N{GREEK CAPITAL LETTER IOTA}급비밀", Why.LOOK_ALIKE),
    (KOR, "군사\N{CYRILLIC LETTER PALOCHKA}급비밀", Why.LOOK_ALIKE),
    (KOR, "군사\N{HANGUL LETTER I}급비밀", Why.LOOK_ALIKE),
    (KOR, "군사\u4e28급비밀", Why.LOOK_ALIKE),
    (KOR, "군사\N{FULLWIDTH LATIN CAPITAL LETTER I}" + "급비밀", Why.LOOK_ALIKE),
    (KOR, "군사\N{FULLWIDTH LATIN CAPITAL LETTER I}I급비밀", Why.LOOK_ALIKE),
    (KOR, "군사\N{SMALL ROMAN NUMERAL TWO}급비밀", Why.LOOK_ALIKE),
    (KOR, "군사\N{ROMAN NUMERAL ONE}\N{ROMAN NUMERAL ONE}급비밀", Why.LOOK_ALIKE),
    (KOR, "군사I\N{ROMAN NUMERAL ONE}급비밀", Why.LOOK_ALIKE),
    (KOR, "군사\N{MATHEMATICAL BOLD CAPITAL I}급비밀", Why.LOOK_ALIKE),
    (KOR, "군사I\N{COMBINING ACUTE ACCENT}급비밀", Why.LOOK_ALIKE),
    (KOR, "군사I\N{COMBINING LONG STROKE OVERLAY}I급비밀", Why.LOOK_ALIKE),
    # Characters that look like, or are folded by NFKC into, those of a Japanese mark.
    (JPN, "\N{CIRCLED IDEOGRAPH SECRET}", Why.LOOK_ALIKE),
    (JPN, "極\N{CIRCLED IDEOGRAPH SECRET}", Why.LOOK_ALIKE),
    (JPN, "\u7955", Why.LOOK_ALIKE),  # 祕, the old form of 秘
    (JPN, "極\u7955", Why.LOOK_ALIKE),
    (JPN, "\u6781秘", Why.LOOK_ALIKE),  # 极
    (JPN, "机密", Why.LOOK_ALIKE),
    (JPN, "特定秘\u871c", Why.LOOK_ALIKE),  # 蜜
    (JPN, "\u6301定秘密", Why.LOOK_ALIKE),  # 持
    (JPN, "\u6ccc", Why.LOOK_ALIKE),  # 泌
    # Characters that show nothing, or turn the line round.
    (JPN, "極\N{ZERO WIDTH SPACE}秘", Why.INVISIBLE),
    (JPN, "極\N{ZERO WIDTH JOINER}秘", Why.INVISIBLE),
    (JPN, "\N{ZERO WIDTH NO-BREAK SPACE}秘", Why.INVISIBLE),
    (JPN, "秘\N{WORD JOINER}", Why.INVISIBLE),
    (JPN, "秘\N{SOFT HYPHEN}", Why.INVISIBLE),
    (JPN, "\N{RIGHT-TO-LEFT OVERRIDE}秘極\N{POP DIRECTIONAL FORMATTING}", Why.INVISIBLE),
    (JPN, "\N{LEFT-TO-RIGHT MARK}極秘", Why.INVISIBLE),
    (JPN, "\N{FIRST STRONG ISOLATE}極秘\N{POP DIRECTIONAL ISOLATE}", Why.INVISIBLE),
    (JPN, "秘\N{VARIATION SELECTOR-17}", Why.INVISIBLE),
    (JPN, "秘\N{VARIATION SELECTOR-1}", Why.INVISIBLE),
    (KOR, "군사II\N{HANGUL FILLER}급비밀", Why.INVISIBLE),
    (KOR, "군사II\N{COMBINING GRAPHEME JOINER}급비밀", Why.INVISIBLE),
    (KOR, "군사II\N{BRAILLE PATTERN BLANK}급비밀", Why.INVISIBLE),
    (KOR, "군사II급비밀\x00", Why.INVISIBLE),
    (KOR, "군사\x1b[8mI\x1b[0mI급비밀", Why.INVISIBLE),
    (KOR, "군사II\x1c급비밀", Why.INVISIBLE),
    (KOR, "군사II급비밀\ud800", Why.INVISIBLE),
    (KOR, "군사I\N{TAG LATIN CAPITAL LETTER I}급비밀", Why.INVISIBLE),
    # A mark inside a longer text, or a piece of one.
    (JPN, "秘密", Why.PART),
    (JPN, "極秘文書", Why.PART),
    (JPN, "極秘秘", Why.PART),
    (JPN, "部外秘", Why.PART),
    (JPN, "極秘/特定秘密", Why.PART),
    (JPN, "「極秘」", Why.PART),
    (JPN, "EX-JPN 極秘 REL TO JPN", Why.PART),
    (KOR, "군사II급비밀.", Why.PART),
    (KOR, "군사II급비밀 군사I급비밀", Why.PART),
    (KOR, "대한민국 군사II급비밀", Why.PART),
    (JPN, "極", Why.UNKNOWN),
    (KOR, "군사II급", Why.UNKNOWN),
    (KOR, "군사급비밀", Why.UNKNOWN),
    (KOR, "비밀", Why.UNKNOWN),
    # Near misses in the words themselves.
    (KOR, "군사IIII급비밀", Why.UNKNOWN),
    (KOR, "군사IV급비밀", Why.UNKNOWN),
    (KOR, "군사2급비밀", Why.UNKNOWN),
    (KOR, "군사이급비밀", Why.UNKNOWN),
    (KOR, "군사\u4e8c급비밀", Why.UNKNOWN),
    (KOR, "군사II급기밀", Why.UNKNOWN),
    (KOR, "II급군사비밀", Why.UNKNOWN),
    (KOR, "군사-II급-비밀", Why.UNKNOWN),
    (JPN, "秘極", Why.PART),
    (JPN, "密", Why.UNKNOWN),
    # Words of the state that are no level, notes, and the other state's marks.
    (KOR, "대외비", Why.OUTSIDE),
    (KOR, "II급비밀", Why.OUTSIDE),
    (KOR, "\N{ROMAN NUMERAL ONE}급 비밀", Why.OUTSIDE),
    (JPN, "防衛秘密", Why.OUTSIDE),
    (JPN, "特別防衛秘密", Why.OUTSIDE),
    (JPN, "取扱い上の注意を要する文書", Why.OUTSIDE),
    (KOR, "SECRET", Why.NOTE),
    (KOR, "Secret", Why.NOTE),
    (JPN, "TOP SECRET", Why.NOTE),
    (JPN, "CONFIDENTIAL", Why.NOTE),
    (JPN, "Gokuhi", Why.NOTE),
    (KOR, "GUNSA \N{ROMAN NUMERAL TWO}-KUP BI MIL", Why.NOTE),
    (KOR, "極秘", Why.FOREIGN),
    (KOR, "機密", Why.FOREIGN),
    (JPN, II, Why.FOREIGN),
    (JPN, "군사\N{ROMAN NUMERAL TWO}급비밀", Why.FOREIGN),
    (JPN, "군사l급비밀", Why.UNKNOWN),
]


@pytest.mark.parametrize("scheme, text, why", HOSTILE)
def test_near_misses_are_refused(scheme: Scheme, text: str, why: Why) -> None:
    """Each is refused as a value, for its own reason, without naming a mark it may have meant."""
    answer = read(scheme, text)
    assert isinstance(answer, Unread)
    assert answer.why is why
    assert not any(level.mark in answer.text for level in scheme.levels if why is not Why.OUTSIDE)
    assert answer.text.isprintable()
    with pytest.raises(BadInput, match=f"a mark of {scheme.owner}"):
        require(scheme, text, "here")


def test_the_table_of_near_misses_is_long_enough() -> None:
    """No one thins the table unnoticed, and no text stands in it twice."""
    assert len(HOSTILE) >= 80
    assert len({(s.owner, t) for s, t, _ in HOSTILE}) == len(HOSTILE)


def test_a_mark_inside_another_is_never_taken() -> None:
    """秘 is part of 極秘 and of 特定秘密; I급 is part of II급."""
    for scheme in (KOR, JPN):
        for outer in scheme.levels:
            assert read(scheme, outer.mark) == outer
    assert read(JPN, "極秘") != read(JPN, "秘")


@given(st.text(max_size=80))
def test_reading_is_total_and_agrees_with_the_rule(text: str) -> None:
    """Any text gives an answer; a level exactly when NFC without blanks is a listed spelling."""
    for scheme in (KOR, JPN):
        listed = {squeeze(s) for x in scheme.levels for s in (x.mark, *x.aliases)}
        is_mark = squeeze(text) in listed and len(text) <= MAX_TEXT
        assert isinstance(read(scheme, text), Level) is is_mark


@given(st.sampled_from(KOR.levels + JPN.levels), st.data())
def test_blanks_and_normal_form_do_not_matter(level: Level, data: st.DataObject) -> None:
    """A listed mark with blanks anywhere, in either normal form, is read."""
    blanks = st.text(st.sampled_from(sorted(WHITE_SPACE)), max_size=2)
    text = "".join(data.draw(blanks) + c for c in level.mark)
    scheme = KOR if level in KOR.levels else JPN
    apart = unicodedata.normalize("NFD", text)
    assert read(scheme, data.draw(st.sampled_from([text, apart]))) == level


@given(st.sampled_from(KOR.levels + JPN.levels), st.characters(), st.integers(0, 10))
def test_one_more_character_is_one_too_many(level: Level, extra: str, where: int) -> None:
    """A mark with any visible or hidden character added is not that mark."""
    scheme = KOR if level in KOR.levels else JPN
    text = level.mark[:where] + extra + level.mark[where:]
    answer = read(scheme, text)
    if extra in WHITE_SPACE:
        assert answer == level
    elif isinstance(answer, Level):  # 秘 to 極秘, I to II: another listed mark, whole
        assert answer.mark == squeeze(text) != level.mark


def test_every_blank_is_a_blank_of_unicode() -> None:
    """Twenty-five code points have the White_Space property; none of them is called invisible."""
    assert len(WHITE_SPACE) == 25
    assert not has_invisible("".join(WHITE_SPACE))
    assert all(c.isspace() for c in WHITE_SPACE)
