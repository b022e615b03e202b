"""Releasability: closed by default, strict on input."""

from __future__ import annotations

from typing import Any

import pytest

from gsomia.canon import decode, encode
from gsomia.faults import BadInput
from gsomia.marking import Releasability


def test_empty_permits_nobody() -> None:
    """The owner itself is nobody, too; a filled twin permits exactly its members."""
    assert not any(Releasability().permits(p) for p in ("KOR", "JPN", "USA", ""))
    both = Releasability.parse(["JPN", "KOR"])
    assert [both.permits(p) for p in ("KOR", "JPN", "USA", "kor")] == [True, True, False, False]


@pytest.mark.parametrize(
    "codes, message",
    [
        ("KOR", "a list"),
        (None, "a list"),
        ({"KOR"}, "a list"),
        ({"KOR": 1}, "a list"),
        (["KOR", "KOR"], "each code once"),
        (["kor"], "three capital letters"),
        (["KR"], "three capital letters"),
        (["KORJ"], "three capital letters"),
        (["NATO"], "three capital letters"),
        (["FVEY"], "three capital letters"),
        (["KOR "], "three capital letters"),
        (["KOR\n"], "three capital letters"),
        (["", "KOR"], "three capital letters"),
        (["\N{FULLWIDTH LATIN CAPITAL LETTER K}OR"], "three capital letters"),
        (["\N{CYRILLIC CAPITAL LETTER KA}OR"], "three capital letters"),
        ([1], "an alpha-3 code"),
        ([["KOR"]], "an alpha-3 code"),
        ([None], "an alpha-3 code"),
        (["KOR"] * 301, "at most 300"),
        (["KOR", "PRK"], "a known party"),
    ],
)
def test_hostile_lists_are_refused(codes: Any, message: str) -> None:
    """Nothing but a short list of distinct known codes."""
    with pytest.raises(BadInput, match=message):
        Releasability.parse(codes, known={"KOR", "JPN"})


def test_order_of_input_does_not_matter() -> None:
    """A set: one value and one encoding, with the owner first only when written out."""
    a = Releasability.parse(["USA", "KOR", "JPN"])
    b = Releasability.parse(("JPN", "USA", "KOR"))
    assert a == b
    assert encode(a) == encode(b) == b'{"parties":["JPN","KOR","USA"]}'
    assert decode(encode(a), Releasability, "test") == a
    assert a.codes() == ("JPN", "KOR", "USA")
    assert a.codes(first="USA") == ("USA", "JPN", "KOR")
    assert a.codes(first="GBR") == ("JPN", "KOR", "USA")


def test_a_decoded_value_is_checked() -> None:
    """The constructor refuses what the parser refuses."""
    with pytest.raises(BadInput):
        decode(b'{"parties":["nobody"]}', Releasability, "test")


def test_join_is_what_both_name() -> None:
    """A common part, or nobody: never everybody."""
    kj, ku, j = (Releasability.parse(c) for c in (["KOR", "JPN"], ["KOR", "USA"], ["JPN"]))
    assert kj.join(ku) == Releasability.parse(["KOR"])
    assert ku.join(j) == Releasability()
    assert Releasability().join(kj) == Releasability()
