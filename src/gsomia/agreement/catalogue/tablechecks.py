"""Whether the table of an entry agrees with itself, and with the entry around it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from gsomia.agreement.catalogue.model import Direction, Entry, LeftOut, Row, Table
from gsomia.agreement.checking import Found, as_far, each, readable, refused
from gsomia.agreement.packchecks import check_span
from gsomia.agreement.yamldoc import Path
from gsomia.faults import shown
from gsomia.marking.equivalence import MAX_REASON
from gsomia.marking.spelling import check_label, has_invisible, squeeze

_RANKS = range(1, 10)


def table_faults(entry: Entry) -> Iterator[Found]:
    """Every fault of a table by itself."""
    table = entry.equivalence
    if table is None:
        return
    here: Path = ("equivalence",)
    yield from as_far(check_span, table.valid_from, table.valid_until, (*here, "valid_until"))
    if table.article is not None:
        yield from as_far(refused, (*here, "article"), _article, table.article)
    for check in (_own_or_shared, _rows, _directions, _words):
        yield from as_far(check, table)


def _own_or_shared(table: Table) -> Iterator[Found]:
    if (table.same_as is None) != bool(table.rows or table.directions):
        here: Path = ("equivalence",)
        yield Found("rows or directions, or the entry whose table it is", "both or neither", here)


def _article(text: str, where: str) -> str:
    return check_label(text, "an article", where)


def _mark(text: str, where: str) -> str:
    return check_label(text, "a mark", where)


Marked = Callable[[str, str, Path], Iterable[Found]]
"""A check of one mark: its party, its text, its place."""


def _in_rows(table: Table, check: Marked) -> Iterator[Found]:
    """What a check finds in each mark of the rows."""

    def one(index: int, row: Row) -> Iterator[Found]:
        def of_party(_: int, named: tuple[str, tuple[str, ...]]) -> Iterator[Found]:
            party, marks = named
            path: Path = ("equivalence", "rows", index, "marks", party)
            return each(marks, lambda _, mark: check(party, mark, path))

        return each(row.marks.items(), of_party)

    return each(table.rows, one)


def _in_directions(table: Table, check: Marked) -> Iterator[Found]:
    """What a check finds in each mark of the directions."""

    def one(index: int, way: Direction) -> Iterator[Found]:
        def of_mark(_: int, named: tuple[str, tuple[str, ...]]) -> Iterator[Found]:
            mark, others = named
            path: Path = ("equivalence", "directions", index, "marks", mark)
            yield from as_far(check, way.provider, mark, path)
            yield from each(others, lambda _, other: check(way.receiver, other, path))

        return each(way.marks.items(), of_mark)

    return each(table.directions, one)


def _rows(table: Table) -> Iterator[Found]:
    ranks: set[int] = set()
    seen: set[tuple[str, str]] = set()

    def rank(index: int, row: Row) -> Iterator[Found]:
        path: Path = ("equivalence", "rows", index, "rank")
        if row.rank not in _RANKS:
            yield Found(f"a rank from 1 to {_RANKS[-1]}", str(row.rank), path)
        if row.rank in ranks:
            yield Found("each rank once", str(row.rank), path)
        ranks.add(row.rank)

    def once(party: str, mark: str, path: Path) -> Iterator[Found]:
        squeezed = party, squeeze(readable(mark))
        if squeezed in seen:
            yield Found("each mark in one row", shown(mark), path)
        seen.add(squeezed)

    yield from each(table.rows, rank)
    yield from _in_rows(table, once)


def _directions(table: Table) -> Iterator[Found]:
    pairs: set[tuple[str, str]] = set()

    def pair(index: int, way: Direction) -> Iterator[Found]:
        path: Path = ("equivalence", "directions", index)
        if way.provider == way.receiver:
            yield Found("two different parties", "the same twice", path)
        if (way.provider, way.receiver) in pairs:
            got = f"{shown(way.provider)} to {shown(way.receiver)} again"
            yield Found("each direction once", got, path)
        pairs.add((way.provider, way.receiver))

    def marks(index: int, way: Direction) -> Iterator[Found]:
        path: Path = ("equivalence", "directions", index, "marks")
        if not way.marks:
            yield Found("at least one mark", "none", path)
        for mark, others in way.marks.items():
            yield from as_far(several, mark, others, (*path, mark))

    def several(mark: str, others: tuple[str, ...], path: Path) -> Iterator[Found]:
        if len({squeeze(readable(m)) for m in others}) != len(others) or not others:
            yield Found("one mark or more, each once", shown(mark), path)

    yield from each(table.directions, pair)
    yield from each(table.directions, marks)


def _words(table: Table) -> Iterator[Found]:
    """Marks as they may be written; excluded and older ones; notes that speak of a mark."""

    def spelled(_: str, mark: str, path: Path) -> Iterator[Found]:
        return refused(path, _mark, mark)

    def left_out(index: int, gone: LeftOut) -> Iterator[Found]:
        path: Path = ("equivalence", "excluded", index)
        yield from as_far(refused, path, _mark, gone.mark)
        if not gone.reason.strip() or len(gone.reason) > MAX_REASON or has_invisible(gone.reason):
            yield Found(f"a reason of 1 to {MAX_REASON} visible characters", "another", path)

    yield from as_far(_in_rows, table, spelled)
    yield from as_far(_in_directions, table, spelled)
    yield from as_far(each, table.excluded, left_out)
    yield from as_far(_among_marks, table)


def _among_marks(table: Table) -> Iterator[Found]:
    """What speaks of marks of the table; nothing while a mark of it cannot be read."""
    listed_marks: dict[str, set[str]] = {}
    for row in table.rows:
        for party, marks in row.marks.items():
            listed_marks.setdefault(party, set()).update(marks)
    for way in table.directions:
        listed_marks.setdefault(way.provider, set()).update(way.marks)
        for others in way.marks.values():
            listed_marks.setdefault(way.receiver, set()).update(others)

    def gone(index: int, gone: LeftOut) -> Iterator[Found]:
        if gone.mark in listed_marks.get(gone.party, ()):
            got = f"{shown(gone.mark)}, excluded, in a row"
            yield Found("a mark in no row", got, ("equivalence", "excluded", index))

    def older() -> Iterator[Found]:
        for party, marks in table.older.items():
            for mark in marks:
                if mark not in listed_marks.get(party, ()):
                    yield Found("a mark of the table", shown(mark), ("equivalence", "older", party))

    def noted(_: int, name: str) -> Iterator[Found]:
        every = {m for marks in listed_marks.values() for m in marks}
        every |= {gone.mark for gone in table.excluded}
        for mark in getattr(table, name):
            if mark not in every:
                yield Found("a mark of the table", shown(mark), ("equivalence", name, mark))

    yield from as_far(each, table.excluded, gone)
    yield from as_far(older)
    yield from each(("transliteration", "abbreviations"), noted)


def owner_faults(entry: Entry, codes: Mapping[str, str]) -> Iterator[Found]:
    """Marks of others: a table speaks of its parties, and of states that apply an
    organisation's rules. `codes`: alpha-2 to alpha-3.
    """
    table = entry.equivalence
    if table is None:
        return
    known = {p.code for p in entry.parties} | set(codes.values())

    def party(code: str, path: Path) -> Iterator[Found]:
        if code not in known:
            yield Found("a party of the entry, or a state", shown(code), path)

    def row(index: int, row: Row) -> Iterator[Found]:
        for code in row.marks:
            yield from party(code, ("equivalence", "rows", index, "marks", code))

    def way(index: int, way: Direction) -> Iterator[Found]:
        path: Path = ("equivalence", "directions", index)
        yield from as_far(party, way.provider, (*path, "provider"))
        yield from as_far(party, way.receiver, (*path, "receiver"))

    def gone(index: int, gone: LeftOut) -> Iterator[Found]:
        return party(gone.party, ("equivalence", "excluded", index, "party"))

    def by_party(_: int, name: str) -> Iterator[Found]:
        for code in getattr(table, name):
            yield from party(code, ("equivalence", name, code))

    yield from as_far(each, table.rows, row)
    yield from as_far(each, table.directions, way)
    yield from as_far(each, table.excluded, gone)
    yield from each(("older", "party_verified", "party_notes"), by_party)
