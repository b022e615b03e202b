"""Precedence: letters, aims, order."""

from __future__ import annotations

import msgspec
import pytest

from gsomia.faults import BadInput
from gsomia.marking import Precedence


@pytest.mark.parametrize(
    "word, letter, seconds",
    [
        ("FLASH", "Z", 600),
        ("IMMEDIATE", "O", 1800),
        ("PRIORITY", "P", 10_800),
        ("ROUTINE", "R", 21_600),
    ],
)
def test_words_letters_and_aims(word: str, letter: str, seconds: int) -> None:
    """Each precedence by word and by prosign, with its handling aim."""
    precedence = Precedence.parse(word)
    assert Precedence.parse(letter) is precedence
    assert (precedence.value, precedence.letter) == (word, letter)
    assert precedence.aim_seconds == seconds
    assert msgspec.json.decode(msgspec.json.encode(precedence), type=Precedence) is precedence


def test_urgency_orders_them() -> None:
    """FLASH first; a shorter aim is a higher precedence."""
    order = sorted(Precedence, reverse=True)
    assert [p.letter for p in order] == ["Z", "O", "P", "R"]
    assert sorted(Precedence, key=lambda p: p.aim_seconds) == order
    assert Precedence.FLASH > Precedence.ROUTINE
    assert Precedence.PRIORITY <= Precedence.PRIORITY
    assert not Precedence.PRIORITY < Precedence.PRIORITY


@pytest.mark.parametrize("text", ["", "flash", "F", "I", "z", "FLASH ", "ZO", "0", "\u039f"])
def test_other_words_are_refused(text: str) -> None:
    """No guess at an urgency, not even for a zero or a Greek letter."""
    with pytest.raises(BadInput, match="FLASH"):
        Precedence.parse(text)


def test_no_order_with_other_things() -> None:
    """Precedence is not a number."""
    with pytest.raises(TypeError):
        assert Precedence.FLASH < 1
