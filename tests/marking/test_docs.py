"""docs/marks.md says what the code does."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path

import pytest

from gsomia.marking import (
    JPN,
    KOR,
    LAYOUTS,
    SCHEMES,
    Ended,
    Equivalence,
    Expiry,
    Mark,
    Original,
    Particulars,
    Precedence,
    Releasability,
    Scheme,
    Surface,
    Then,
    Why,
    banner,
    cover,
    derive,
    designation_ended,
    join,
    official_use,
    own,
    received,
    stamp,
)

II = "군사II급비밀"
BOTH = Releasability.parse(["JPN", "KOR"])


@pytest.fixture(scope="module")
def page() -> str:
    """The page as it stands in the repository."""
    return (Path(__file__).parents[2] / "docs" / "marks.md").read_text(encoding="utf-8")


def test_the_table_of_marks(page: str) -> None:
    """One row for each level, in order, and no other."""
    rows = [
        f"| {s.owner} | {x.rank} | {x.mark} | {', '.join(x.aliases)} | {x.english} |"
        for s in SCHEMES.values()
        for x in s.levels
    ]
    owners = tuple(f"| {owner} |" for owner in SCHEMES)
    told = [line for line in page.splitlines() if line.startswith(owners)]
    empty = re.compile(r"\|(?= \|)")
    assert [empty.sub("| ", " ".join(line.split())) for line in told] == rows


def test_the_reasons(page: str) -> None:
    """Every reason for which a text is refused is explained."""
    for why in Why:
        assert f"`{why.value}`" in page


def test_the_precedences(page: str) -> None:
    """Word, letter and aim."""
    for p in Precedence:
        minutes = p.aim_seconds // 60
        aim = f"{minutes} minutes" if minutes < 60 else f"{minutes // 60} hours"
        assert f"| {p.value} | {p.letter} | {aim} |" in page


def test_the_banners_and_stamps(page: str, gsomia_2016: Equivalence, at: datetime) -> None:
    """Each printed example is what the code prints."""

    def arrives(scheme: Scheme, original: Original, chosen: str) -> Mark:
        mark = received(scheme, gsomia_2016, original, chosen, at=at, releasable_to=BOTH)
        assert isinstance(mark, Mark)
        return mark

    in_korea = arrives(KOR, Original("JPN", "極秘"), II)
    in_japan = arrives(JPN, Original("KOR", II), "特定秘密")
    peers = join(JPN, [own(JPN, "極秘", BOTH), own(JPN, "特定秘密", BOTH)])
    for scheme, mark in [
        (KOR, own(KOR, II, BOTH)),
        (KOR, in_korea),
        (JPN, in_japan),
        (KOR, derive(KOR, [in_korea])),
        (JPN, peers),
        (KOR, own(KOR, II, Releasability())),
    ]:
        assert f"| `{banner(scheme, mark)}` |" in page
    korean = " / ".join(stamp(KOR, LAYOUTS["KOR"], in_korea).lines)
    japanese = " / ".join(stamp(JPN, LAYOUTS["JPN"], in_japan).lines)
    assert f"| {korean} | {japanese.replace('特定秘密', '特定秘密 (framed)')} |" in page


def test_the_national_stamps(page: str, gsomia_2016: Equivalence, at: datetime) -> None:
    """Cover, page, official use and the end of a designation, line by line."""
    mark = received(KOR, gsomia_2016, Original("JPN", "極秘"), II, at=at, releasable_to=BOTH)
    assert isinstance(mark, Mark)
    expiry = Expiry(date(2030, 12, 31), Then.DESTROY)
    copy = Particulars("KOR-DIH1-2026-000123", 3, 12, expiry)
    designated = own(JPN, "特定秘密", BOTH)
    for made in (
        cover(KOR, LAYOUTS["KOR"], [mark], copy),
        stamp(KOR, LAYOUTS["KOR"], mark, on=Surface.SCREEN),
        official_use(LAYOUTS["KOR"], expiry),
        *(designation_ended(LAYOUTS["JPN"], designated, how) for how in Ended),
    ):
        assert f"| {' / '.join(made.lines)} |" in page
