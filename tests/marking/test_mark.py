"""Marks of items: own, received through an equivalence, derived; and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from gsomia.faults import BadInput
from gsomia.marking import (
    JPN,
    KOR,
    Equivalence,
    Mark,
    Original,
    Refused,
    Releasability,
    Scheme,
    admits,
    derive,
    dominates,
    join,
    own,
    received,
)

II, III = "군사II급비밀", "군사III급비밀"
BOTH = Releasability.parse(["KOR", "JPN"])
WITH_US = Releasability.parse(["KOR", "USA"])


def _received(equivalence: Equivalence, at: datetime, scheme: Scheme, *args: str) -> Any:
    party, text, chosen = args
    return received(scheme, equivalence, Original(party, text), chosen, at=at, releasable_to=BOTH)


def test_own_mark_keeps_the_spelling_as_issued() -> None:
    """The level is the scheme's spelling; the original is what was issued."""
    mark = own(KOR, "군사 \N{ROMAN NUMERAL TWO}급 비밀", BOTH, ["ORCON"])
    assert mark.level == (II,)
    assert mark.originals == (Original("KOR", "군사 \N{ROMAN NUMERAL TWO}급 비밀"),)
    assert mark.originators == ("KOR",)
    assert mark.caveats == {"ORCON"}
    with pytest.raises(BadInput, match="look-alike"):
        own(KOR, "군사l급비밀", BOTH)


@pytest.mark.parametrize("chosen", ["極秘", "特定秘密"])
def test_article_4_2_the_receiver_chooses(
    gsomia_2016: Equivalence, at: datetime, chosen: str
) -> None:
    """Either peer may be chosen; the provider and its mark stay beside it."""
    mark = _received(gsomia_2016, at, JPN, "KOR", II, chosen)
    assert mark == Mark("JPN", (chosen,), (Original("KOR", II),), BOTH)


@pytest.mark.parametrize(
    "scheme, item, rule",
    [
        (JPN, ("KOR", II, "秘"), "chosen_mark_corresponds"),
        (JPN, ("KOR", II, "機密"), "chosen_mark_corresponds"),
        (JPN, ("KOR", II, "秘密"), "chosen_mark_corresponds"),
        (JPN, ("KOR", II, II), "chosen_mark_corresponds"),
        (JPN, ("KOR", III, "極秘"), "chosen_mark_corresponds"),
        (JPN, ("KOR", "군사I급비밀", "機密"), "level_within_agreement"),
        (KOR, ("JPN", "機密", "군사I급비밀"), "level_within_agreement"),
        (KOR, ("JPN", "秘", II), "chosen_mark_corresponds"),
        (KOR, ("JPN", "㊙", III), "mark_is_listed"),
    ],
)
def test_a_choice_outside_the_table_is_refused(
    gsomia_2016: Equivalence, at: datetime, scheme: Scheme, item: tuple[str, str, str], rule: str
) -> None:
    """Neither up nor down: only a mark that the table gives."""
    answer = _received(gsomia_2016, at, scheme, *item)
    assert isinstance(answer, Refused)
    assert [(r.rule, r.article) for r in answer.refused] == [(rule, "4")]
    assert all(r.who and r.text for r in answer.refused)


def test_marking_needs_a_table_in_force(gsomia_2016: Equivalence) -> None:
    """Before the agreement there is no counterpart."""
    early = datetime(2016, 1, 1, tzinfo=UTC)
    answer = _received(gsomia_2016, early, KOR, "JPN", "極秘", II)
    assert isinstance(answer, Refused)
    assert answer.refused[0].rule == "table_in_force"


def test_article_4_3_a_product_of_two_sources(gsomia_2016: Equivalence, at: datetime) -> None:
    """The highest mark, both originators, the common release, every caveat."""
    theirs = _received(gsomia_2016, at, KOR, "JPN", "秘", III)
    ours = own(KOR, II, WITH_US, ["ORCON"])
    product = derive(KOR, [theirs, ours])
    assert product.level == (II,)
    assert product.originals == (Original("JPN", "秘"), Original("KOR", II))
    assert product.originators == ("JPN", "KOR")
    assert product.releasable_to == Releasability.parse(["KOR"])
    assert product.caveats == {"ORCON"}


def test_peers_of_two_regimes_are_both_kept() -> None:
    """極秘 with 特定秘密: a reader needs both."""
    both = join(JPN, [own(JPN, "極秘", BOTH), own(JPN, "特定秘密", BOTH)])
    assert both.level == ("極秘", "特定秘密")
    assert admits(JPN, both, "JPN", ["極秘", "特定秘密"])
    for held in (["極秘"], ["特定秘密"], ["機密"]):
        assert not admits(JPN, both, "JPN", held)


def test_admits_asks_for_state_level_and_caveats() -> None:
    """Each alone is not enough."""
    mark = own(KOR, II, BOTH, ["ORCON"])
    assert admits(KOR, mark, "JPN", [II], ["ORCON", "EYES"])
    assert not admits(KOR, mark, "USA", [II], ["ORCON"])
    assert not admits(KOR, mark, "JPN", [III], ["ORCON"])
    assert not admits(KOR, mark, "JPN", [II])
    assert not admits(KOR, own(KOR, II, Releasability()), "KOR", [II])


def test_marks_of_two_schemes_never_meet() -> None:
    """Join, order and access take marks of the scheme asked; a foreign one is bad input."""
    ours, theirs = own(KOR, II, BOTH), own(JPN, "極秘", BOTH)
    assert join(KOR, [ours, ours]) == ours
    with pytest.raises(BadInput, match="of JPN"):
        join(KOR, [ours, theirs])
    for pair in ((ours, theirs), (theirs, ours)):
        with pytest.raises(BadInput):
            dominates(KOR, *pair)
    with pytest.raises(BadInput):
        admits(KOR, theirs, "KOR", [II])
    disguised = msgspec.structs.replace(theirs, holder="KOR")
    with pytest.raises(BadInput, match="a mark of KOR"):
        join(KOR, [ours, disguised])


def test_joining_nothing_is_an_error() -> None:
    """There is no mark of no material."""
    with pytest.raises(BadInput, match="at least one mark to join"):
        join(KOR, [])


@pytest.mark.parametrize("level", [("特定秘密", "極秘"), ("極秘", "秘"), ("極秘", "極秘")])
def test_a_level_has_one_form(level: tuple[str, ...]) -> None:
    """Out of order, or two marks of one regime: refused on use."""
    mark = Mark("JPN", level, (Original("JPN", "極秘"),), BOTH)
    with pytest.raises(BadInput, match="one mark for each regime"):
        join(JPN, [mark])


GOOD = {
    "holder": "KOR",
    "level": [II],
    "originals": [{"party": "JPN", "text": "極秘"}, {"party": "KOR", "text": II}],
    "releasable_to": {"parties": ["JPN", "KOR"]},
    "caveats": ["ORCON"],
}


@pytest.mark.parametrize(
    "change",
    [
        {"holder": "Korea"},
        {"level": []},
        {"originals": []},
        {"originals": [{"party": "KOR", "text": II}, {"party": "JPN", "text": "極秘"}]},
        {"originals": [{"party": "JPN", "text": "極秘"}] * 2},
        {"originals": [{"party": "jpn", "text": "極秘"}]},
        {"originals": [{"party": "JPN", "text": ""}]},
        {"originals": [{"party": "JPN", "text": " "}]},
        {"originals": [{"party": "JPN", "text": "極\u200b秘"}]},
        {"originals": [{"party": "JPN", "text": "秘" * 65}]},
        {"caveats": [""]},
        {"caveats": ["OR\u202eCON"]},
        {"caveats": ["ORCON\nREL TO USA"]},
        {"caveats": [" ORCON"]},
        {"caveats": [f"C{i}" for i in range(65)]},
        {"releasable_to": {"parties": ["everybody"]}},
    ],
)
def test_hostile_marks_are_refused(change: dict[str, Any]) -> None:
    """What arrives as data is checked at construction; the unbent twin passes."""
    assert msgspec.convert(GOOD, Mark).holder == "KOR"
    with pytest.raises(BadInput):
        msgspec.convert({**GOOD, **change}, Mark)


def test_unknown_fields_are_refused() -> None:
    """No field rides along unread."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({**GOOD, "declassified": True}, Mark)
