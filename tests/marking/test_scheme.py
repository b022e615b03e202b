"""Schemes: the listed marks, their order, and no order across schemes."""

from __future__ import annotations

import msgspec
import pytest

from gsomia.faults import BadInput
from gsomia.marking import JPN, KOR, Level, Outside, Scheme, scheme_of


@pytest.mark.parametrize(
    "scheme, low, high",
    [
        (KOR, "군사III급비밀", "군사II급비밀"),
        (KOR, "군사II급비밀", "군사I급비밀"),
        (JPN, "秘", "極秘"),
        (JPN, "秘", "特定秘密"),
        (JPN, "極秘", "機密"),
        (JPN, "特定秘密", "機密"),
    ],
)
def test_order_inside_a_scheme(scheme: Scheme, low: str, high: str) -> None:
    """Each mark ranks as its state ranks it, both ways round."""
    assert scheme.compare(low, high) == -1
    assert scheme.compare(high, low) == 1


def test_peers_share_a_rank_under_two_regimes() -> None:
    """極秘 and 特定秘密 are peers, and only they."""
    assert JPN.compare("極秘", "特定秘密") == 0
    assert JPN.peers("極秘") == ("特定秘密",)
    assert JPN.peers("特定秘密") == ("極秘",)
    assert JPN.peers("秘") == ()
    assert KOR.peers("군사II급비밀") == ()
    assert JPN.level("極秘").regime != JPN.level("特定秘密").regime


@pytest.mark.parametrize(
    "scheme, foreign",
    [(KOR, "極秘"), (JPN, "군사II급비밀"), (KOR, "SECRET"), (KOR, "대외비"), (JPN, "防衛秘密")],
)
def test_a_foreign_mark_has_no_order(scheme: Scheme, foreign: str) -> None:
    """Comparison takes two marks of the scheme; anything else is bad input on either side."""
    own = scheme.levels[0].mark
    assert scheme.compare(own, own) == 0
    for pair in ((own, foreign), (foreign, own), (foreign, foreign)):
        with pytest.raises(BadInput, match=f"a mark of {scheme.owner}"):
            scheme.compare(*pair)
    for held, asked in (([own], [foreign]), ([foreign], [own])):
        with pytest.raises(BadInput):
            scheme.covers(held, asked)


@pytest.mark.parametrize(
    "marks, strictest",
    [
        (["秘"], ("秘",)),
        (["秘", "極秘"], ("極秘",)),
        (["極秘", "特定秘密"], ("極秘", "特定秘密")),
        (["特定秘密", "極秘", "秘"], ("極秘", "特定秘密")),
        (["秘", "特定秘密"], ("特定秘密", "秘")),
        (["機密", "特定秘密"], ("機密", "特定秘密")),
        ([], ()),
    ],
)
def test_strictest_keeps_every_regime(marks: list[str], strictest: tuple[str, ...]) -> None:
    """The highest of each regime; a higher mark does not swallow another regime's."""
    assert JPN.strictest(marks) == strictest


@pytest.mark.parametrize(
    "held, asked, covers",
    [
        (["極秘"], ["秘"], True),
        (["極秘"], ["極秘"], True),
        (["秘"], ["極秘"], False),
        (["極秘"], ["特定秘密"], False),
        (["特定秘密"], ["極秘"], False),
        (["機密"], ["特定秘密"], False),
        (["極秘", "特定秘密"], ["極秘", "特定秘密"], True),
        (["機密", "特定秘密"], ["極秘", "特定秘密"], True),
        ([], ["秘"], False),
    ],
)
def test_covers_needs_the_regime_and_the_rank(
    held: list[str], asked: list[str], covers: bool
) -> None:
    """A peer, or a higher mark of another regime, opens nothing."""
    assert JPN.covers(held, asked) is covers


def _levels(*entries: tuple[str, int, str]) -> tuple[Level, ...]:
    return tuple(Level(mark=m, rank=r, regime=g) for m, r, g in entries)


def test_a_sound_scheme_is_accepted() -> None:
    """The good twin of the refusals below, with peers and words outside."""
    scheme = Scheme(
        "AAA",
        _levels(("LOW", 1, "x"), ("HIGH", 2, "x"), ("PEER", 2, "y")),
        (Outside(("FYI",), "no"),),
    )
    assert scheme.peers("HIGH") == ("PEER",)


@pytest.mark.parametrize(
    "owner, levels, outside, message",
    [
        ("aaa", _levels(("LOW", 1, "x")), (), "three capital letters"),
        ("AAAA", _levels(("LOW", 1, "x")), (), "three capital letters"),
        ("AA\N{GREEK CAPITAL LETTER ALPHA}", _levels(("LOW", 1, "x")), (), "three capital"),
        ("AAA\n", _levels(("LOW", 1, "x")), (), "three capital letters"),
        ("AAA", (), (), "at least one level"),
        ("AAA", _levels(("HIGH", 2, "x"), ("LOW", 1, "x")), (), "lowest to the highest"),
        ("AAA", _levels(("LOW", 0, "x")), (), "from 1"),
        ("AAA", _levels(("A", 1, "x"), ("B", 1, "x")), (), "different regimes"),
        ("AAA", _levels(("A", 1, "x"), ("A", 2, "x")), (), "each spelling once"),
        ("AAA", _levels(("A B", 1, "x"), ("AB", 2, "x")), (), "each spelling once"),
        ("AAA", _levels(("A", 1, "x")), (Outside(("A",), "no"),), "each spelling once"),
        ("AAA", _levels(("A\u200b", 1, "x")), (), "visible characters"),
        ("AAA", _levels(("", 1, "x")), (), "a mark of 1 to"),
    ],
)
def test_a_scheme_that_could_mislead_is_refused(
    owner: str, levels: tuple[Level, ...], outside: tuple[Outside, ...], message: str
) -> None:
    """No scheme with disorder, doubles or hidden characters comes to life."""
    with pytest.raises(BadInput, match=message):
        Scheme(owner, levels, outside)


def test_schemes_are_values() -> None:
    """Frozen, hashable, and equal after a trip through JSON."""
    assert msgspec.json.decode(msgspec.json.encode(JPN), type=Scheme) == JPN
    assert hash(JPN) == hash(msgspec.structs.replace(JPN))
    with pytest.raises(AttributeError):
        setattr(JPN, "own" + "er", "KOR")


def test_unknown_state() -> None:
    """A state without a scheme is refused by name of what is known."""
    assert scheme_of("KOR") is KOR
    with pytest.raises(BadInput, match="JPN, KOR, USA"):
        scheme_of("AUS")


def test_unverified_level_says_so() -> None:
    """機密 was read only in another regime's order; the treaty's marks were read."""
    assert [x.mark for s in (KOR, JPN) for x in s.levels if not x.verified] == ["機密"]
    assert all(level.source for s in (KOR, JPN) for level in s.levels)
