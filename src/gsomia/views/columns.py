"""The register by columns: what a question over a million items needs of each, and no more.

A `Table` keeps, for each document, its key, the *class* it belongs to (a tuple of
the few values that questions ask about, kept once and written as a small number) and an
instant. Counting goes by class, and never looks at an item; finding the first ones
scans an array of small numbers. It holds about 20 bytes for each item beside the key,
which the state has anyway.

Tables are derived: they can be dropped at any time, and made anew they have the same
bytes, whatever the order in which the documents changed (a test keeps this).
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import compress, islice
from operator import attrgetter

from gsomia.canon import EPOCH
from gsomia.fold import Doc, State
from gsomia.registry.model import Copy, Item

Class = tuple[str | bool, ...]
Row = tuple[str, Class, int]
"""Key, class, microseconds since 1970."""
Span = tuple[int, int]
"""From one instant (included) to another (excluded)."""

_AT_A_TIME = 1000
"""Rows put in place one by one at most; more of them are merged in one pass."""

GONE = ("destroyed", "returned", "transferred")
"""States of a copy that is no longer here."""


def micros(at: datetime) -> int:
    """Microseconds since 1970."""
    since = at - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


class Table:
    """Documents of one kind, sorted by key. Classes are sorted too, and each has a row."""

    __slots__ = ("classes", "codes", "counts", "instants", "keys")

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        """From rows in the order of their keys. They are drawn one by one, and none is kept."""
        found: dict[Class, int] = {}
        self.keys: list[str] = []
        self.codes, self.instants = array("I"), array("q")
        for key, class_, at in rows:
            self.keys.append(key)
            self.codes.append(found.setdefault(class_, len(found)))
            self.instants.append(at)
        self.classes = list(found)
        self.counts = [0] * len(found)
        for code in self.codes:
            self.counts[code] += 1
        self._settle()

    def __len__(self) -> int:
        """How many rows."""
        return len(self.keys)

    def columns(self) -> tuple[tuple[str, ...], tuple[Class, ...], bytes, bytes]:
        """Everything it holds. Equal for the same documents, however it came to be."""
        codes, instants = self.codes.tobytes(), self.instants.tobytes()
        return tuple(self.keys), tuple(self.classes), codes, instants

    # -- asking -------------------------------------------------------------------

    def groups(self, test: Callable[[Class], bool]) -> dict[Class, int]:
        """How many rows each class that passes the test has."""
        return {c: n for c, n in zip(self.classes, self.counts, strict=True) if test(c)}

    def keys_of(self, test: Callable[[Class], bool], after: str = "") -> Iterator[str]:
        """The keys, after `after`, whose class passes the test."""
        wanted = [test(c) for c in self.classes]
        if not any(wanted):
            return iter(())
        start = self._from(after)
        picked = map(wanted.__getitem__, islice(self.codes, start, None))
        return compress(islice(self.keys, start, None), picked)

    def groups_within(
        self, test: Callable[[Class], bool], spans: Collection[Span]
    ) -> dict[Class, int]:
        """As `groups`, of the rows whose instant lies in a span."""
        found = [0] * len(self.classes)
        for i in self._rows(test, spans, 0):
            found[self.codes[i]] += 1
        return {c: n for c, n in zip(self.classes, found, strict=True) if n}

    def keys_within(
        self, test: Callable[[Class], bool], spans: Collection[Span], after: str = ""
    ) -> Iterator[str]:
        """As `keys_of`, of the rows whose instant lies in a span."""
        return (self.keys[i] for i in self._rows(test, spans, self._from(after)))

    def keys_outside(
        self, test: Callable[[Class], bool], spans: Collection[Span], after: str = ""
    ) -> Iterator[str]:
        """As `keys_of`, of the rows whose instant lies in no span."""
        start = self._from(after)
        return (self.keys[i] for i in self._rows(test, spans, start, inside=False))

    def _rows(
        self,
        test: Callable[[Class], bool],
        spans: Collection[Span],
        start: int,
        *,
        inside: bool = True,
    ) -> Iterator[int]:
        wanted = [test(c) for c in self.classes]
        if not any(wanted):
            return
        low, high = min((s[0] for s in spans), default=0), max((s[1] for s in spans), default=0)
        pairs = zip(
            islice(self.codes, start, None), islice(self.instants, start, None), strict=True
        )
        for i, (code, at) in enumerate(pairs, start):
            if wanted[code]:
                within = low <= at < high and any(a <= at < b for a, b in spans)
                if within is inside:
                    yield i

    def has(self, key: str) -> bool:
        """Whether there is a row with this key."""
        at = bisect_left(self.keys, key)
        return at < len(self.keys) and self.keys[at] == key

    def _from(self, after: str) -> int:
        if not after:
            return 0
        at = bisect_left(self.keys, after)
        return at + (at < len(self.keys) and self.keys[at] == after)

    # -- changing -----------------------------------------------------------------

    def take(self, changes: Mapping[str, tuple[Class, int] | None]) -> None:
        """Put rows in place, over those of the same keys; None takes one away."""
        if sum(1 for key, row in changes.items() if row is None or not self.has(key)) > _AT_A_TIME:
            self._merge(changes)
            return
        for key, row in changes.items():
            at = bisect_left(self.keys, key)
            there = at < len(self.keys) and self.keys[at] == key
            if there:
                self.counts[self.codes[at]] -= 1
            if row is None:
                if there:
                    del self.keys[at], self.codes[at], self.instants[at]
                continue
            code = self._code(row[0])
            self.counts[code] += 1
            if there:
                self.codes[at], self.instants[at] = code, row[1]
            else:
                self.keys.insert(at, key)
                self.codes.insert(at, code)
                self.instants.insert(at, row[1])
        self._settle()

    def _merge(self, changes: Mapping[str, tuple[Class, int] | None]) -> None:
        old = zip(self.keys, self.codes, self.instants, strict=True)
        kept = [(k, self.classes[c], at) for k, c, at in old if k not in changes]
        new = [(k, *row) for k, row in changes.items() if row is not None]
        made = Table(sorted((*kept, *new)))
        for name in self.__slots__:
            setattr(self, name, getattr(made, name))

    def _code(self, class_: Class) -> int:
        try:
            return self.classes.index(class_)
        except ValueError:
            self.classes.append(class_)
            self.counts.append(0)
            return len(self.classes) - 1

    def _settle(self) -> None:
        """Sort the classes and drop those without a row, so that equal rows have equal bytes."""
        order = sorted((c, i) for i, c in enumerate(self.classes) if self.counts[i])
        if [i for _, i in order] == list(range(len(self.classes))):
            return
        to = {old: new for new, (_, old) in enumerate(order)}
        self.codes = array("I", map(to.__getitem__, self.codes))
        self.counts = [self.counts[old] for _, old in order]
        self.classes = [c for c, _ in order]


# -- the register's items --------------------------------------------------------

AGREEMENT, ORIGINATOR, MARK, LOCAL_MARK, RECEIVED, HERE, GIVEN = range(7)
"""The places in an item's class.

RECEIVED: it came from its originator, under the agreement. HERE: at least one copy is
still in this register's charge. GIVEN: at least one copy is in a partner's.
"""


def item_class(state: State, item: Item) -> Class:
    """What questions ask about an item."""
    here = given = False
    for number in range(1, item.copies + 1):
        copy = state.get(Copy, f"{item.number}/{number}")
        if copy is not None:
            here = here or copy.state not in GONE
            given = given or copy.state == "transferred"
    received = bool(item.transmittal)
    return item.agreement, item.originator, item.mark, item.local_mark, received, here, given


class Items:
    """The items of the register by columns; a `Follower` of the state."""

    def __init__(self, state: State) -> None:
        ordered = sorted(state.all(Item), key=attrgetter("number"))
        self.table = Table(_row(state, item) for item in ordered)

    def take(self, state: State, changed: Collection[tuple[type[Doc], str]]) -> None:
        """Look again at items that changed, or a copy of which did."""
        numbers = {key.rpartition("/")[0] for type_, key in changed if type_ is Copy}
        numbers |= {key for type_, key in changed if type_ is Item}
        changes: dict[str, tuple[Class, int] | None] = {}
        for number in numbers:
            item = state.get(Item, number)
            changes[number] = None if item is None else _row(state, item)[1:]
        self.table.take(changes)


def _row(state: State, item: Item) -> Row:
    # The books' own instants are canonical: the strict parser would double the time.
    at = micros(datetime.fromisoformat(item.registered_at))
    return item.number, item_class(state, item), at
