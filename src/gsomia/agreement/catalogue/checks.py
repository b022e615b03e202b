"""Whether the facts of an entry agree with each other, and with the other entries."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import chain

from gsomia.agreement import counting
from gsomia.agreement.catalogue.model import Entry, EntryKind, PartyKind, Signing, Table
from gsomia.agreement.checking import Fault, Found, Shaped, listed
from gsomia.agreement.pack import check_span, shipped_ids
from gsomia.agreement.yamldoc import Document, Path
from gsomia.faults import BadInput, shown
from gsomia.marking.equivalence import MAX_REASON
from gsomia.marking.scheme import check_party
from gsomia.marking.spelling import check_label, has_invisible, squeeze

_ID = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])", re.ASCII)
_RANKS = range(1, 10)
_YEARS = range(1, 101)
_NOTICE_DAYS = range(1, 3661)


def entry_faults(entry: Entry, codes: Mapping[str, str]) -> Iterator[Found]:
    """Every fault of an entry by itself. `codes`: alpha-2 to alpha-3."""
    for _, check in _checks(codes):
        yield from check(entry)


def check_entry(
    document: Document, codes: Mapping[str, str], others: Iterable[Entry]
) -> tuple[Fault, ...]:
    """Every fault of an entry file, by line, among `others`: those it may name."""
    shaped = Shaped(document, Entry, "a catalogue entry")
    known = {e.id: e for e in others}

    def succession(entry: Entry) -> Iterator[Found]:
        return _succession(entry, known)

    checks = (*_checks(codes), (frozenset({"id", "supersedes", "equivalence"}), succession))
    return listed(chain(shaped.found, shaped.checked(checks)), document)


def in_force_days(text: str, where: str = "in_force") -> tuple[date, date]:
    """The first and last day that `2013-03-02` or `2013-03` can mean. Raises `BadInput`."""
    if not _MONTH.fullmatch(text):
        day = counting.read_date(text, where)
        return day, day
    first = counting.read_date(f"{text}-01", where)
    return first, counting.add_months(first, 1) - timedelta(days=1)


# -- an entry by itself ---------------------------------------------------------

Check = Callable[[Entry], Iterable[Found]]


def _checks(codes: Mapping[str, str]) -> tuple[tuple[frozenset[str], Check], ...]:
    """Each check beside the fields it looks at, in the order in which faults are told."""

    def parties(entry: Entry) -> Iterator[Found]:
        return _parties(entry, codes)

    def owners(entry: Entry) -> Iterator[Found]:
        return _table_parties(entry, codes)

    dates = "initialled signed ratified provisional in_force table_changed parties"
    return tuple(
        (frozenset(needs.split()), check)
        for needs, check in (
            ("id title source", _named),
            ("parties", parties),
            ("pack", _pack),
            ("utc_offset", _offset),
            (dates, _dates),
            ("kind signed in_force", _unsigned),
            ("duration notice_days", _terms),
            ("verified duration notice_days third_party equivalence equivalence_note", _flags),
            ("equivalence", _table),
            ("equivalence parties", owners),
            ("equivalence in_force", _table_days),
        )
    )


def _named(entry: Entry) -> Iterator[Found]:
    if not _ID.fullmatch(entry.id):
        yield Found("an id of a-z, 0-9 and hyphens", shown(entry.id), ("id",))
    for name in ("title", "source"):
        if not getattr(entry, name).strip():
            yield Found(f"a {name}", "blanks", (name,))


def _parties(entry: Entry, codes: Mapping[str, str]) -> Iterator[Found]:
    if not entry.parties:
        yield Found("at least one party", "none", ("parties",))
    seen: set[str] = set()
    for index, party in enumerate(entry.parties):
        here: Path = ("parties", index)
        if party.code in seen:
            yield Found("each party once", f"{shown(party.code)} again", (*here, "code"))
        seen.add(party.code)
        if party.kind is PartyKind.STATE:
            yield from _refused((*here, "code"), check_party, party.code)
            expected = codes.get(party.written, party.code)
            if party.code != expected:
                got = f"{shown(party.code)} for {shown(party.written)}"
                yield Found(f"the alpha-3 code {expected}", got, (*here, "code"))
        elif party.code != party.written:
            yield Found("the code as it is written", shown(party.code), (*here, "code"))
        if (party.of is not None) != (party.kind is PartyKind.MINISTRY):
            got = "none" if party.of is None else shown(party.of)
            yield Found("a state for a ministry, and for no other", got, here)
        elif party.of is not None:
            yield from _refused((*here, "of"), check_party, party.of)


def _refused(path: Path, parse: Callable[[str, str], object], text: str) -> Iterator[Found]:
    """What a parser of one text refuses, as a finding."""
    try:
        parse(text, "")
    except BadInput as error:
        yield Found.refused(error, path)


def _pack(entry: Entry) -> Iterator[Found]:
    if entry.pack is not None and entry.pack not in shipped_ids():
        yield Found(f"a pack: {', '.join(shipped_ids())}", shown(entry.pack), ("pack",))


def _offset(entry: Entry) -> Iterator[Found]:
    if entry.utc_offset is not None:
        yield from _refused(("utc_offset",), counting.offset, entry.utc_offset)


def _dates(entry: Entry) -> Iterator[Found]:
    """Initials, signature, ratification and force, in that order, and all of them days."""
    found = list(_day_faults(entry))
    yield from found
    if found:
        return
    first = max((act.days[0] for act in entry.signed), default=None)
    for name in ("ratified", "provisional"):
        for code, day in getattr(entry, name).items():
            if entry.party(code) is None:
                yield Found("a party", shown(code), (name, code))
            if first is not None and day < first:
                yield Found(f"a day not before the signature, {first}", str(day), (name, code))
    for index, day in enumerate(entry.initialled):
        if first is not None and day > first:
            yield Found(f"initials before the signature, {first}", str(day), ("initialled", index))
    if entry.in_force is None:
        return
    begin, last = in_force_days(entry.in_force)
    needed = [d for d in (first, *entry.ratified.values()) if d is not None]
    if needed and last < max(needed):
        expected = f"entry into force not before {max(needed)}"
        yield Found(expected, entry.in_force, ("in_force",))
    if entry.table_changed is not None and entry.table_changed < begin:
        expected = f"a date not before entry into force, {entry.in_force}"
        yield Found(expected, str(entry.table_changed), ("table_changed",))


def _day_faults(entry: Entry) -> Iterator[Found]:
    """Days out of range, and an entry into force that is neither day nor month."""
    days: list[tuple[date | None, Path]] = [(entry.table_changed, ("table_changed",))]
    days += [(d, ("initialled", i)) for i, d in enumerate(entry.initialled)]
    for index, act in enumerate(entry.signed):
        days += [(d, ("signed", index)) for d in act.days]
        if act.days[-1] - act.days[0] > timedelta(days=1):
            yield Found("one act, on two days at most", "more", ("signed", index))
        yield from _places(act, ("signed", index, "utc_offsets"))
    for name in ("ratified", "provisional"):
        days += [(d, (name, code)) for code, d in getattr(entry, name).items()]
    for day, path in days:
        yield from check_span(day, None, path)
    if entry.in_force is not None:
        yield from _refused(("in_force",), in_force_days, entry.in_force)


def _places(act: Signing, path: Path) -> Iterator[Found]:
    """Offsets of none or of all places, and one instant that fell on each of their days."""
    if not act.utc_offsets:
        return
    if set(act.utc_offsets) != {act.place, *act.elsewhere}:
        yield Found("an offset for each place of the act", "others", path)
        return
    for place, text in act.utc_offsets.items():
        try:
            counting.offset(text, "")
        except BadInput as error:
            yield Found.refused(error, (*path, place))
            return
    bounds = act.bounds
    if bounds is not None and bounds[0] >= bounds[1]:
        yield Found("days that overlap at these offsets", "days that do not", path)


def _unsigned(entry: Entry) -> Iterator[Found]:
    if entry.kind is EntryKind.UNSIGNED_TEXT:
        for name in ("signed", "in_force"):
            if getattr(entry, name):
                yield Found("an unsigned text without signature or force", name, (name,))


def _terms(entry: Entry) -> Iterator[Found]:
    days = entry.notice_days
    if days is not None and days not in _NOTICE_DAYS:
        yield Found(f"1 to {_NOTICE_DAYS[-1]} days", str(days), ("notice_days",))
    duration = entry.duration
    if duration is None:
        return
    for name in ("term_years", "extension_years"):
        years, path = getattr(duration, name), ("duration", name)
        if duration.kind != "renewed" and years is not None:
            yield Found(f"no {name} where it is {duration.kind}", str(years), path)
        if duration.kind == "renewed" and years not in _YEARS:
            yield Found(f"1 to {_YEARS[-1]} years", shown(years), path)


def _flags(entry: Entry) -> Iterator[Found]:
    """What is not known has no flag but `none`, and what is known never has it."""
    given = {
        "duration": entry.duration,
        "notice": entry.notice_days,
        "third_party": entry.third_party,
        "equivalence": entry.equivalence or entry.equivalence_note,
    }
    for name, value in given.items():
        flag = getattr(entry.verified, name)
        if (value is None) != (flag == "none"):
            expected = "the flag none" if value is None else "a flag other than none"
            yield Found(f"{expected} for {name}", shown(flag), ("verified", name))


# -- the table ------------------------------------------------------------------


def _table(entry: Entry) -> Iterator[Found]:
    table = entry.equivalence
    if table is None:
        return
    here: Path = ("equivalence",)
    yield from check_span(table.valid_from, table.valid_until, (*here, "valid_until"))
    if table.article is not None:
        yield from _refused((*here, "article"), _article, table.article)
    if (table.same_as is None) != bool(table.rows or table.directions):
        yield Found("rows or directions, or the entry whose table it is", "both or neither", here)
    yield from _rows(table)
    yield from _directions(table)
    yield from _words(table)


def _article(text: str, where: str) -> str:
    return check_label(text, "an article", where)


def _mark(text: str, where: str) -> str:
    return check_label(text, "a mark", where)


def _marks(table: Table) -> Iterator[tuple[str, str, Path]]:
    """Every mark of the rows and directions, with its party and its place."""
    for index, row in enumerate(table.rows):
        for party, marks in row.marks.items():
            path: Path = ("equivalence", "rows", index, "marks", party)
            yield from ((party, mark, path) for mark in marks)
    for index, way in enumerate(table.directions):
        for mark, others in way.marks.items():
            path = ("equivalence", "directions", index, "marks", mark)
            yield way.provider, mark, path
            yield from ((way.receiver, other, path) for other in others)


def _rows(table: Table) -> Iterator[Found]:
    ranks: set[int] = set()
    seen: set[tuple[str, str]] = set()
    for index, row in enumerate(table.rows):
        path: Path = ("equivalence", "rows", index)
        if row.rank not in _RANKS:
            yield Found(f"a rank from 1 to {_RANKS[-1]}", str(row.rank), (*path, "rank"))
        if row.rank in ranks:
            yield Found("each rank once", str(row.rank), (*path, "rank"))
        ranks.add(row.rank)
        for party, marks in row.marks.items():
            for mark in marks:
                if (party, squeeze(mark)) in seen:
                    yield Found("each mark in one row", shown(mark), (*path, "marks", party))
                seen.add((party, squeeze(mark)))


def _directions(table: Table) -> Iterator[Found]:
    pairs: set[tuple[str, str]] = set()
    for index, way in enumerate(table.directions):
        path: Path = ("equivalence", "directions", index)
        if way.provider == way.receiver:
            yield Found("two different parties", "the same twice", path)
        if (way.provider, way.receiver) in pairs:
            yield Found("each direction once", f"{way.provider} to {way.receiver} again", path)
        pairs.add((way.provider, way.receiver))
        if not way.marks:
            yield Found("at least one mark", "none", (*path, "marks"))
        for mark, others in way.marks.items():
            if len({squeeze(m) for m in others}) != len(others) or not others:
                yield Found("one mark or more, each once", shown(mark), (*path, "marks", mark))


def _words(table: Table) -> Iterator[Found]:
    """Marks as they may be written; excluded and older ones; notes that speak of a mark."""
    listed_marks: dict[str, set[str]] = {}
    for party, mark, path in _marks(table):
        yield from _refused(path, _mark, mark)
        listed_marks.setdefault(party, set()).add(mark)
    for index, gone in enumerate(table.excluded):
        path = ("equivalence", "excluded", index)
        yield from _refused(path, _mark, gone.mark)
        if not gone.reason.strip() or len(gone.reason) > MAX_REASON or has_invisible(gone.reason):
            yield Found(f"a reason of 1 to {MAX_REASON} visible characters", "another", path)
        if gone.mark in listed_marks.get(gone.party, ()):
            yield Found("a mark in no row", f"{shown(gone.mark)}, excluded, in a row", path)
    for party, marks in table.older.items():
        for mark in marks:
            if mark not in listed_marks.get(party, ()):
                yield Found("a mark of the table", shown(mark), ("equivalence", "older", party))
    every = {m for marks in listed_marks.values() for m in marks}
    every |= {gone.mark for gone in table.excluded}
    for name in ("transliteration", "abbreviations"):
        for mark in getattr(table, name):
            if mark not in every:
                yield Found("a mark of the table", shown(mark), ("equivalence", name, mark))


def _table_parties(entry: Entry, codes: Mapping[str, str]) -> Iterator[Found]:
    """A table speaks of its parties, and of states that apply an organisation's rules."""
    table = entry.equivalence
    if table is None:
        return
    known = {p.code for p in entry.parties} | set(codes.values())
    named: list[tuple[str, Path]] = [(party, path) for party, _, path in _marks(table)]
    for index, row in enumerate(table.rows):
        named += [(p, ("equivalence", "rows", index, "marks", p)) for p in row.marks]
    for index, gone in enumerate(table.excluded):
        named.append((gone.party, ("equivalence", "excluded", index, "party")))
    for name in ("older", "party_verified", "party_notes"):
        named += [(p, ("equivalence", name, p)) for p in getattr(table, name)]
    for party, path in dict.fromkeys(named):
        if party not in known:
            yield Found("a party of the entry, or a state", shown(party), path)


def _table_days(entry: Entry) -> Iterator[Found]:
    table = entry.equivalence
    if table is None or table.valid_from is None or entry.in_force is None:
        return
    try:
        begin, _ = in_force_days(entry.in_force)
    except BadInput:
        return  # told by the check of the dates
    if table.valid_from < begin:
        expected = f"a date not before entry into force, {entry.in_force}"
        yield Found(expected, str(table.valid_from), ("equivalence", "valid_from"))


# -- among others ---------------------------------------------------------------


def _succession(entry: Entry, known: Mapping[str, Entry]) -> Iterator[Found]:
    """Entries that it names and that are not there; a succession that comes back to it."""
    everyone = {**known, entry.id: entry}
    for index, other in enumerate(entry.supersedes):
        path: Path = ("supersedes", index)
        if other not in everyone:
            yield Found("an entry of the catalogue", shown(other), path)
        elif _leads_to(other, entry.id, everyone):
            yield Found("a succession without a cycle", f"{shown(other)} leads back", path)
    table = entry.equivalence
    if table is None or table.same_as is None:
        return
    other_entry = everyone.get(table.same_as)
    path = ("equivalence", "same_as")
    if other_entry is None:
        yield Found("an entry of the catalogue", shown(table.same_as), path)
    elif other_entry.equivalence is None or other_entry.equivalence.same_as is not None:
        yield Found("an entry with a table of its own", shown(table.same_as), path)


def _leads_to(start: str, goal: str, known: Mapping[str, Entry]) -> bool:
    """Whether succession leads from one entry to another, by any way."""
    seen: set[str] = set()
    ahead = [start]
    while ahead:
        here = ahead.pop()
        if here == goal:
            return True
        if here not in seen:
            seen.add(here)
            ahead += known[here].supersedes if here in known else ()
    return False
