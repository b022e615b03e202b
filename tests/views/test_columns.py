"""The register by columns answers as the register itself does, however it came to be."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsomia.canon import EPOCH, instant, parse_instant
from gsomia.fold import State, Where
from gsomia.registry.model import Copy, Item, Sealed
from gsomia.views.columns import (
    GIVEN,
    GONE,
    HERE,
    MARK,
    ORIGINATOR,
    RECEIVED,
    Class,
    Items,
    Table,
    item_class,
    micros,
)

SEALED = Sealed("slot", "commitment", "cover")
STATES = ("in_custody", "in_transit", "transferred", "destruction_pending", "destroyed", "missing")
START = datetime(2019, 1, 1, tzinfo=UTC)


def item(number: int, **more: object) -> Item:
    fields: dict[str, object] = {
        "number": f"KOR-DIH1-2026-{number:06d}",
        "book": "b",
        "agreement": "rok-japan-2016",
        "originator": "KOR",
        "reference": f"r{number}",
        "mark": "군사II급비밀",
        "local_mark": "군사II급비밀",
        "releasable_to": (),
        "caveats": (),
        "subject": "s",
        "defence_related": True,
        "form": "document",
        "language": "ko",
        "pages": 1,
        "short_title": "t",
        "purpose": "",
        "copies": 2,
        "sealed": SEALED,
        "registered_at": instant(START),
        "entry": Where("b", number, "leaf"),
    }
    return Item(**(fields | more))  # type: ignore[arg-type]  # a builder of one struct


items = st.builds(
    lambda n, party, mark, local, hours, came: item(
        n,
        originator=party,
        mark=mark,
        local_mark=local,
        registered_at=instant(START + timedelta(hours=hours, microseconds=hours)),
        transmittal="JPN-DIH1 1" if came else "",
    ),
    st.integers(0, 12),
    st.sampled_from(["KOR", "JPN"]),
    st.sampled_from(["極秘", "秘", "군사II급비밀"]),
    st.sampled_from(["군사II급비밀", "군사III급비밀"]),
    st.integers(0, 200),
    st.booleans(),
)
copies = st.builds(
    lambda n, which, state: Copy(
        f"KOR-DIH1-2026-{n:06d}", which, 2, "KOR-DIH1", "F-1", state, instant(START)
    ),
    st.integers(0, 12),
    st.integers(1, 2),
    st.sampled_from((*STATES, *GONE)),
)
gone = st.builds(lambda n: f"KOR-DIH1-2026-{n:06d}", st.integers(0, 12))
changes = st.lists(st.one_of(items, copies, gone), max_size=40)


def change(state: State, what: Item | Copy | str) -> None:
    if isinstance(what, str):
        state.remove(Item, what)
    else:
        state.put(what)


def plainly(state: State) -> dict[str, tuple[Class, datetime]]:
    """Object by object."""
    return {
        i.number: (item_class(state, i), parse_instant(i.registered_at, "at"))
        for i in state.all(Item)
    }


@given(changes, st.lists(st.integers(0, 40), max_size=6))
def test_columns_kept_up_equal_columns_made_anew(
    history: list[Item | Copy | str], asked: list[int]
) -> None:
    state = State()
    for step, what in enumerate(history):
        change(state, what)
        if step in asked:
            state.follow(Items)
    kept = state.follow(Items).table
    assert kept.columns() == Items(state).table.columns()
    # However the documents were put, and in whatever order.
    other = State()
    for doc in reversed([*state.all(Copy), *state.all(Item)]):
        other.put(doc)
    assert Items(other).table.columns() == kept.columns()


def _held(c: Class) -> bool:
    return bool(c[HERE] and c[RECEIVED])


def _given(c: Class) -> bool:
    return bool(c[GIVEN])


def _marked(c: Class) -> bool:
    return c[MARK] == "極秘" and c[ORIGINATOR] == "JPN"


tests = st.sampled_from([_held, _given, _marked, lambda _: True, lambda _: False])
spans = st.lists(st.tuples(st.integers(0, 200), st.integers(1, 100)), max_size=3)


@given(changes, tests, spans, st.none() | gone)
def test_columns_answer_as_the_objects_do(
    history: list[Item | Copy | str], test, hours: list[tuple[int, int]], after: str | None
) -> None:
    state = State()
    for what in history:
        change(state, what)
    table = state.follow(Items).table
    plain = plainly(state)
    assert table.groups(test) == Counter(c for c, _ in plain.values() if test(c))
    wanted = sorted(n for n, (c, _) in plain.items() if test(c) and n > (after or ""))
    assert list(table.keys_of(test, after or "")) == wanted
    periods = [(START + timedelta(hours=a), START + timedelta(hours=a + b)) for a, b in hours]
    inside = {n for n, (_, at) in plain.items() if any(a <= at < b for a, b in periods)}
    asked = [(micros(a), micros(b)) for a, b in periods]
    assert list(table.keys_within(test, asked, after or "")) == [n for n in wanted if n in inside]
    outside = [n for n in wanted if n not in inside]
    assert list(table.keys_outside(test, asked, after or "")) == outside
    counted: Counter[Class] = Counter(c for n, (c, _) in plain.items() if test(c) and n in inside)
    assert table.groups_within(test, asked) == counted


def test_many_changes_at_once_are_merged() -> None:
    """More than are put in place one by one; the outcome is the same."""
    few, many = Table(), Table()
    rows = {f"K-{n:05d}": (("a", n % 3 == 0), n) for n in range(0, 5000, 2)}
    more = {f"K-{n:05d}": (("b", True), n) for n in range(1, 5000, 2)}
    for changes_ in (rows, more):
        many.take(changes_)
        for key, row in changes_.items():
            few.take({key: row})
    drop = dict.fromkeys(rows)
    many.take(drop)
    for key in drop:
        few.take({key: None})
    assert few.columns() == many.columns()
    assert len(many) == 2500
    assert many.classes == [("b", True)]


def test_a_state_that_nobody_asks_keeps_no_notes() -> None:
    state = State()
    state.put(item(1))
    before = list(state._notes)
    assert before == []
    first = state.follow(Items)
    state.put(item(2))
    assert [list(noted) for noted in state._notes] == [[(Item, "KOR-DIH1-2026-000002")]]
    assert len(state.follow(Items).table) == 2
    assert state.follow(Items) is first
    assert [list(noted) for noted in state._notes] == [[]]


@pytest.mark.parametrize("text", ["2019-11-22T15:00:00Z", "2019-11-22T15:00:00.000001Z"])
def test_an_instant_is_kept_to_the_microsecond(text: str) -> None:
    at = parse_instant(text, "at")
    assert EPOCH + timedelta(microseconds=micros(at)) == at
