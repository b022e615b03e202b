"""Laws of the sequence tracker."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsomia.exchange.sequence import WINDOW, Sequence
from gsomia.faults import BadInput

arrivals = st.dictionaries(st.integers(1, 60), st.booleans(), max_size=50)


def after(order: list[tuple[int, bool]]) -> Sequence:
    tracker = Sequence()
    for seq, flash in order:
        tracker = tracker.note(seq, flash=flash)
    return tracker


def spread(spans: tuple[tuple[int, int], ...]) -> set[int]:
    return {n for first, last in spans for n in range(first, last + 1)}


@given(arrivals, st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(numbers, random):
    order = list(numbers.items())
    random.shuffle(order)
    assert after(order) == after(sorted(numbers.items()))


@given(arrivals, st.data())
def test_a_duplicate_changes_nothing(numbers, data):
    tracker = after(list(numbers.items()))
    for seq in numbers:
        assert tracker.note(seq, flash=data.draw(st.booleans())) is tracker


@given(arrivals)
def test_it_says_what_a_list_would_say(numbers):
    tracker = after(list(numbers.items()))
    got = set(numbers)
    contiguous = next(n for n in range(62) if n + 1 not in got)
    routine = max((n for n, flash in numbers.items() if not flash), default=0)
    assert tracker.contiguous == contiguous
    assert tracker.highest == max(got, default=0)
    assert tracker.highest_routine == routine
    assert spread(tracker.missing()) == set(range(1, routine)) - got
    assert all(tracker.received(n) == (n in got) for n in range(62))
    assert spread(tracker.beyond) == {n for n in got if n > contiguous}
    ends = [end for span in tracker.beyond for end in span]
    assert all(b - a > 1 for a, b in zip(ends[1::2], ends[2::2], strict=False))


def test_a_flash_that_overtakes_is_no_gap():
    ahead = Sequence().note(1, flash=False).note(4, flash=True)
    assert ahead.missing() == ()
    assert ahead.note(5, flash=False).missing() == ((2, 3),)
    assert ahead.note(2, flash=False).note(3, flash=False).contiguous == 4


@pytest.mark.parametrize("seq", [-1, 0, WINDOW + 1])
def test_a_number_far_off_is_refused(seq):
    with pytest.raises(BadInput):
        Sequence().note(seq, flash=False)


def test_the_edge_of_the_window_is_held_in_little_memory():
    tracker = Sequence().note(WINDOW, flash=False)
    assert tracker.beyond == ((WINDOW, WINDOW),)
    assert tracker.missing() == ((1, WINDOW - 1),)
