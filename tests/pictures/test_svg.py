"""The small SVG writer: text is text, numbers have one form, and places are kept apart."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsomia.pictures.svg import Box, Canvas, Text, measure, number, spread, wrap
from tests.pictures.boxes import read, sound, words

HOSTILE = [
    "<script>alert(1)</script>",
    "]]></text><image href='x'/>",
    "&lt; &amp; & \" '",
    "a\x00b\x1b[31m\x07",
    "line\nfeed\ttab",
    "\u202egnitsil\u202c",
    "\ud800 lone",
    "\ufffe\uffff",
    "군사II급비밀 極秘",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_text_stays_text(text: str) -> None:
    canvas = Canvas("x", text, text)
    canvas.text(Text(200, 40, text))
    canvas.circle(3, 3, 2, told=text)
    picture = canvas.done(900, 90)
    sound(picture)
    assert len(words(picture)) == 1
    assert all(c.isprintable() for c in words(picture)[0])


@given(st.text())
def test_any_text_is_well_formed_and_says_the_same_twice(text: str) -> None:
    def drawn() -> bytes:
        canvas = Canvas("x", text, "y")
        canvas.text(Text(0, 10, f"a{text}"))
        picture = canvas.done(10, 20)
        read(picture)
        return picture.svg

    assert drawn() == drawn()


@pytest.mark.parametrize(
    "value, text", [(0, "0"), (-0.001, "0"), (1.5, "1.5"), (1 / 3, "0.33"), (1e7, "10000000")]
)
def test_a_number_has_one_form(value: float, text: str) -> None:
    assert number(value) == text


@given(st.text(), st.floats(20, 400))
def test_no_line_is_wider_than_it_may_be_and_no_word_is_lost(text: str, width: float) -> None:
    lines = wrap(text, 10, width)
    assert lines
    assert all(measure(line, 10) <= width or len(line) == 1 for line in lines)
    kept = "".join("".join(lines).split())
    assert kept == "".join("".join(wrap(text, 10, 1e9)).split())


@given(st.lists(st.floats(0, 1000), max_size=40), st.floats(1, 25))
def test_places_are_apart_in_order_and_within_bounds(wanted: list[float], gap: float) -> None:
    wanted.sort()
    found = spread(wanted, gap, 0, 1000)
    assert len(found) == len(wanted)
    assert all(b - a >= gap - 1e-6 for a, b in pairwise(found))
    assert all(-1e-6 <= x <= 1000 + 1e-6 for x in found)
    if all(b - a >= gap for a, b in pairwise(wanted)):
        assert found == pytest.approx(wanted)


def test_boxes_overlap_only_where_they_share_more_than_an_edge() -> None:
    one = Box(0, 0, 10, 10)
    assert one.overlaps(Box(9, 9, 10, 10))
    assert not one.overlaps(Box(10, 0, 10, 10))
    assert not one.overlaps(Box(0, 10, 10, 10))
