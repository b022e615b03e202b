"""What loses its ground if an agreement ends: one question over the whole register.

The same question is put to the items one by one, and to SQLite over the same columns.
"""

from __future__ import annotations

import gc
import sqlite3
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta

from timing import Result, Sizes, alone, compare, interleaved, main, once

from gsomia.agreement.hypothesisfile import write_hypothesis
from gsomia.canon import instant, parse_instant
from gsomia.fold import State, Where
from gsomia.registry.model import Copy, Item, Sealed
from gsomia.views import QUESTIONS
from gsomia.views.columns import GIVEN, HERE, RECEIVED, Items, Table, item_class, micros

NAME = "rok-japan-2016"
END = datetime(2026, 1, 1, tzinfo=UTC)
BEGIN = datetime(2017, 1, 1, tzinfo=UTC)
PAIRS = (
    ("KOR", "군사II급비밀", "군사II급비밀"),
    ("KOR", "군사III급비밀", "군사III급비밀"),
    ("JPN", "極秘", "군사II급비밀"),
    ("JPN", "特定秘密", "군사II급비밀"),
    ("JPN", "秘", "군사III급비밀"),
)
STATES = ("in_custody", "transferred", "destroyed", "in_custody")
WHERE, SEALED = Where("b", 1, "leaf"), Sealed("slot", "commitment", "cover")
PARAMS = {
    "agreement": NAME,
    "hypothesis": write_hypothesis(NAME, [{"what": "end", "at": instant(END)}]).decode(),
    "from": instant(BEGIN),
    "to": "2028-01-01T00:00:00Z",
}


def register(count: int) -> State:
    """A register of ten years, one item after another."""
    state, step = State(), timedelta(days=3650) / count
    for n in range(count):
        party, mark, local = PAIRS[n % len(PAIRS)]
        number = f"KOR-DIH1-2026-{n:07d}"
        state.put(
            Item(
                number,
                "b",
                NAME,
                party,
                number,
                mark,
                local,
                (),
                (),
                "missiles",
                defence_related=True,
                form="document",
                language="ko",
                pages=1,
                short_title="Assessment",
                purpose="",
                copies=1,
                sealed=SEALED,
                registered_at=instant(BEGIN + step * n),
                entry=WHERE,
                transmittal="JPN-DIH1 1" if party == "JPN" else "",
            )
        )
        state.put(Copy(number, 1, 1, "KOR-DIH1", "F-1", STATES[n % 7 % 4], "2026-01-01T00:00:00Z"))
    state.take_changes()
    return state


def one_by_one(state: State) -> dict[str, int]:
    """Each item looked at: received and kept before the end, received after it, and given."""
    found: Counter[str] = Counter()
    for item in state.all(Item):
        class_ = item_class(state, item)
        late = parse_instant(item.registered_at, "at") >= END
        found["received_after_end"] += bool(class_[RECEIVED] and late)
        found["received"] += bool(class_[RECEIVED] and class_[HERE] and not late)
        found["given"] += bool(class_[GIVEN])
    return dict(found)


def in_sqlite(table: Table) -> sqlite3.Connection:
    """The same columns as a table, with an index on nothing: the question is about all."""
    base = sqlite3.connect(":memory:")
    base.execute(
        "CREATE TABLE item (key TEXT PRIMARY KEY, agreement, originator, mark, local_mark,"
        " received, here, given, at INTEGER) WITHOUT ROWID"
    )
    rows = zip(table.keys, table.codes, table.instants, strict=True)
    base.executemany(
        "INSERT INTO item VALUES (?,?,?,?,?,?,?,?,?)",
        ((key, *table.classes[code], at) for key, code, at in rows),
    )
    return base


def ask_sqlite(base: sqlite3.Connection) -> dict[str, int]:
    """Counted by mark, as ours, and added up."""
    found: Counter[str] = Counter()
    for received, here, given, late, count in base.execute(
        "SELECT received, here, given, at >= ?, count(*) FROM item WHERE agreement = ?"
        " GROUP BY originator, mark, local_mark, received, here, given, at >= ?",
        (micros(END), NAME, micros(END)),
    ):
        found["received_after_end"] += count * bool(received and late)
        found["received"] += count * bool(received and here and not late)
        found["given"] += count * bool(given)
    return dict(found)


def measure(sizes: Sizes) -> Result:
    """Ours is the whole answer: status along time, every group with its first items."""
    count = sizes.of(1_000_000, 2_000)
    state = register(count)
    gc.freeze()
    puts = [_put(state, sizes) for _ in range(sizes.rounds)]
    table: list[Table] = []
    first = once(lambda: table.append(state.follow(Items).table))
    noted = [_put(state, sizes) for _ in range(sizes.rounds)]
    caught_up = once(lambda: state.follow(Items))

    def ours() -> dict[str, int]:
        groups = QUESTIONS["what-if"](state, PARAMS)["impact"]
        return {k: groups[k]["count"] for k in ("received_after_end", "received", "given")}

    base = in_sqlite(table[0])
    if not ours() == one_by_one(state) == ask_sqlite(base):
        raise SystemExit("the three do not answer the same")
    asked, plain, sqlite = interleaved(
        sizes, ours, lambda: one_by_one(state), lambda: ask_sqlite(base)
    )
    held = sum(sys.getsizeof(c) for c in (table[0].keys, table[0].codes, table[0].instants))
    rows = (
        alone(f"what if it ends, over {count:,} items", asked, within=2.0),
        compare("the same, beside", asked, "item by item", plain),
        compare("the same, beside", asked, "SQLite, GROUP BY the same columns", sqlite),
        alone("the first time: columns made from documents", [first]),
        compare("one change filed once columns are kept", noted, "before", puts),
        alone("columns after so many changes, up to date", [caught_up]),
    )
    notes = (f"the columns take {held / count:.0f} bytes an item beside its key",)
    return Result("What if", rows, notes=notes)


def _put(state: State, sizes: Sizes) -> float:
    """Seconds for one document filed in the state."""
    docs = [state.need(Copy, f"KOR-DIH1-2026-{n:07d}/1", "") for n in range(sizes.of(20_000, 200))]

    def run() -> None:
        for doc in docs:
            state.put(doc)
        state.take_changes()

    return once(run) / len(docs)


if __name__ == "__main__":
    main(measure)
