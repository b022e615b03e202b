"""Covers and screens, notes on expiry, and what stands after a designation ended."""

from __future__ import annotations

from datetime import date, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsomia.faults import BadInput
from gsomia.marking import (
    JPN,
    KOR,
    LAYOUTS,
    Equivalence,
    Mark,
    Original,
    Releasability,
    derive,
    own,
    received,
    stamp,
)
from gsomia.marking.covers import (
    WORDING,
    Ended,
    Expiry,
    Particulars,
    Then,
    cover,
    designation_ended,
    expiry_note,
    official_use,
)
from gsomia.marking.text import Surface

II, III = "군사II급비밀", "군사III급비밀"
BOTH = Releasability.parse(["KOR", "JPN"])
K, J = LAYOUTS["KOR"], LAYOUTS["JPN"]
EXPIRY = Expiry(date(2030, 12, 31), Then.DESTROY)
COPY = Particulars("KOR-DIH1-2026-000123", 3, 12, EXPIRY)


@pytest.fixture
def in_korea(gsomia_2016: Equivalence, at: datetime) -> Mark:
    mark = received(KOR, gsomia_2016, Original("JPN", "極秘"), II, at=at, releasable_to=BOTH)
    assert isinstance(mark, Mark)
    return mark


def test_a_cover_takes_the_highest_mark_of_what_is_inside() -> None:
    made = cover(KOR, K, [own(KOR, III, BOTH), own(KOR, II, BOTH)])
    assert made.lines == (II, "SECRET")
    assert made.on is Surface.COVER


@given(st.lists(st.sampled_from([x.mark for x in KOR.levels]), min_size=1))
def test_no_page_is_above_its_cover(levels: list[str]) -> None:
    whole = cover(KOR, K, [own(KOR, level, BOTH) for level in levels])
    assert all(KOR.compare(whole.lines[0], level) >= 0 for level in levels)


def test_a_korean_cover_bears_number_and_expiry(in_korea: Mark) -> None:
    made = cover(KOR, K, [in_korea], COPY)
    assert made.lines == (
        II,
        "SECRET",
        "일본국 · 極秘",
        "관리번호 KOR-DIH1-2026-000123 · 사본번호 3-12",
        "예고문: 2030-12-31 파기",
    )
    assert set(made.unverified) == {
        *("places", "colour", "english_below", "number_on", "expiry_on", "expiry")
    }


def test_a_page_and_a_screen_bear_the_mark_alone(in_korea: Mark) -> None:
    for on in (Surface.PAGE, Surface.SCREEN):
        made = cover(KOR, K, [in_korea], COPY, on=on)
        assert made.lines == stamp(KOR, K, in_korea).lines
        assert ("screen_places" in made.unverified) == (on is Surface.SCREEN)


def test_what_an_office_knows_it_switches(in_korea: Mark) -> None:
    """Number on every page, no screen, own words: what is then known is not listed."""
    known = msgspec.structs.replace(
        K,
        surfaces=(Surface.COVER, Surface.PAGE),
        number_on=frozenset({Surface.COVER, Surface.PAGE}),
        unverified=frozenset(),
    )
    words = msgspec.structs.replace(
        WORDING, expiry={**WORDING.expiry, "ko": "보존기한 {on}"}, verified=True
    )
    made = cover(KOR, known, [in_korea], COPY, wording=words)
    assert made.lines[-1] == "보존기한 2030-12-31"
    assert made.unverified == ()
    assert cover(KOR, known, [in_korea], COPY, on=Surface.PAGE).lines[-1].startswith("관리번호")
    with pytest.raises(BadInput, match="a surface that the layout stamps"):
        cover(KOR, known, [in_korea], on=Surface.SCREEN)


def test_names_and_notes_follow_the_language_and_marks_do_not(in_korea: Mark) -> None:
    """A translation carries its note in its own language (Article 15)."""
    made = cover(KOR, K, [derive(KOR, [in_korea])], COPY, language="en")
    assert made.lines == (
        II,
        "SECRET",
        "Contains classified military information provided by Japan",
        "Japan · 極秘",
        "Control number KOR-DIH1-2026-000123 · Copy 3 of 12",
        "Expires 2030-12-31: destroy",
    )
    assert made.language == "en"


@pytest.mark.parametrize("language", ["ko", "ja", "en"])
@pytest.mark.parametrize("then", Then)
def test_expiry_in_each_language(language, then) -> None:
    note = expiry_note(Expiry(date(2030, 1, 2), then), language)
    assert "2030-01-02" in note
    assert "{" not in note


def test_official_use_only_carries_its_expiry() -> None:
    made = official_use(K, EXPIRY)
    assert made.lines == ("대외비", "예고문: 2030-12-31 파기")
    # The note is a duty, so no layout decides whether it is there.
    assert set(made.unverified) == {"expiry", "places", "colour"}
    with pytest.raises(BadInput, match="layout of KOR"):
        official_use(J, EXPIRY)
    with pytest.raises(BadInput):
        own(KOR, "대외비", BOTH)


def test_after_a_designation_the_mark_is_off_and_the_note_is_on() -> None:
    mark = own(JPN, "特定秘密", BOTH)
    assert stamp(JPN, J, mark).framed
    expired = designation_ended(J, mark, Ended.EXPIRED)
    assert expired.lines == ("特定秘密指定有効期間満了",)
    assert not expired.framed
    assert "ended" in expired.unverified
    both = derive(JPN, [mark, own(JPN, "極秘", BOTH)])
    lifted = designation_ended(J, both, Ended.LIFTED, on=Surface.COVER)
    assert lifted.lines == ("特定秘密指定解除", "極秘")


def test_only_the_originator_ends_a_classification(gsomia_2016: Equivalence, at) -> None:
    """Article 6(g): what Korea gave keeps its mark in Japan."""
    given_ = Original("KOR", II)
    mark = received(JPN, gsomia_2016, given_, "特定秘密", at=at, releasable_to=BOTH)
    assert isinstance(mark, Mark)
    for held in (mark, derive(JPN, [mark]), own(JPN, "極秘", BOTH), own(KOR, II, BOTH)):
        with pytest.raises(BadInput):
            designation_ended(J, held, Ended.EXPIRED)
    with pytest.raises(BadInput):
        designation_ended(K, own(JPN, "特定秘密", BOTH), Ended.EXPIRED)


def test_the_other_regime_has_no_stamp() -> None:
    with pytest.raises(BadInput):
        own(JPN, "特別防衛秘密", BOTH)


def test_words_cannot_hide_characters() -> None:
    bad = msgspec.structs.replace(WORDING, expiry={**WORDING.expiry, "ko": "예고문\u202e{on}"})
    with pytest.raises(BadInput, match="visible"):
        expiry_note(EXPIRY, "ko", bad)


def test_a_copy_that_cannot_be_is_refused(in_korea: Mark) -> None:
    with pytest.raises(BadInput, match="copy x of y"):
        cover(KOR, K, [in_korea], Particulars("KOR-1", 3, 2))
    with pytest.raises(BadInput, match="at least one mark"):
        cover(KOR, K, [])
