"""Whether the facts of an entry agree with each other, and with the other entries."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import chain

from gsomia.agreement import counting
from gsomia.agreement.catalogue.model import Entry, EntryKind, EntryParty, PartyKind, Signing
from gsomia.agreement.catalogue.tablechecks import owner_faults, table_faults
from gsomia.agreement.checking import Fault, Found, Shaped, as_far, each, listed, readable, refused
from gsomia.agreement.pack import shipped_ids
from gsomia.agreement.packchecks import check_span, matches
from gsomia.agreement.yamldoc import Document, Path
from gsomia.faults import BadInput, shown
from gsomia.marking.scheme import check_party

_ID = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])", re.ASCII)
_YEARS = range(1, 101)
_NOTICE_DAYS = range(1, 3661)


def entry_faults(entry: Entry, codes: Mapping[str, str]) -> Iterator[Found]:
    """Every fault of an entry by itself. `codes`: alpha-2 to alpha-3."""
    for check in _checks(codes):
        yield from check(entry)


def check_entry(
    document: Document, codes: Mapping[str, str], others: Iterable[Entry]
) -> tuple[Fault, ...]:
    """Every fault of an entry file, by line, among `others`: those it may name."""
    shaped = Shaped(document, Entry, "a catalogue entry")
    known = {e.id: e for e in others}

    def succession(entry: Entry) -> Iterator[Found]:
        return _succession(entry, known)

    checks = (*_checks(codes), succession)
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


def _checks(codes: Mapping[str, str]) -> tuple[Check, ...]:
    """Every check, in the order in which faults are told."""

    def parties(entry: Entry) -> Iterator[Found]:
        return _parties(entry, codes)

    def owners(entry: Entry) -> Iterator[Found]:
        return owner_faults(entry, codes)

    return (
        _named,
        _some_party,
        parties,
        _pack,
        _offset,
        _days,
        _order,
        _unsigned,
        _notice,
        _duration,
        _flags,
        table_faults,
        owners,
        _table_days,
    )


def _named(entry: Entry) -> Iterator[Found]:
    def given(_: int, name: str) -> Iterator[Found]:
        if not getattr(entry, name).strip():
            yield Found(f"a {name}", "blanks", (name,))

    def identified() -> Iterator[Found]:
        if not matches(_ID, entry.id):
            yield Found("an id of a-z, 0-9 and hyphens", shown(entry.id), ("id",))

    yield from as_far(identified)
    yield from each(("title", "source"), given)


def _some_party(entry: Entry) -> Iterator[Found]:
    if not entry.parties:
        yield Found("at least one party", "none", ("parties",))


def _parties(entry: Entry, codes: Mapping[str, str]) -> Iterator[Found]:
    seen: set[str] = set()

    def once(index: int, party: EntryParty) -> Iterator[Found]:
        if party.code in seen:
            got = f"{shown(party.code)} again"
            yield Found("each party once", got, ("parties", index, "code"))
        seen.add(party.code)

    def code(index: int, party: EntryParty) -> Iterator[Found]:
        path: Path = ("parties", index, "code")
        if party.kind == PartyKind.STATE:
            yield from refused(path, check_party, party.code)
            expected = codes.get(party.written, party.code)
            if party.code != expected:
                got = f"{shown(party.code)} for {shown(party.written)}"
                yield Found(f"the alpha-3 code {expected}", got, path)
        elif party.code != party.written:
            yield Found("the code as it is written", shown(party.code), path)

    def of(index: int, party: EntryParty) -> Iterator[Found]:
        here: Path = ("parties", index)
        if (party.of is not None) != (party.kind == PartyKind.MINISTRY):
            got = "none" if party.of is None else shown(party.of)
            yield Found("a state for a ministry, and for no other", got, here)
        elif party.of is not None:
            yield from refused((*here, "of"), check_party, party.of)

    for check in (once, code, of):
        yield from each(entry.parties, check)


def _pack(entry: Entry) -> Iterator[Found]:
    if entry.pack is not None and entry.pack not in shipped_ids():
        yield Found(f"a pack: {', '.join(shipped_ids())}", shown(entry.pack), ("pack",))


def _offset(entry: Entry) -> Iterator[Found]:
    if entry.utc_offset is not None:
        yield from refused(("utc_offset",), counting.offset, entry.utc_offset)


# -- its days -------------------------------------------------------------------


def _days(entry: Entry) -> Iterator[Found]:
    """Days out of range, and an entry into force that is neither day nor month."""
    yield from check_span(entry.table_changed, None, ("table_changed",))

    def initials(index: int, day: date) -> Iterator[Found]:
        return check_span(day, None, ("initialled", index))

    def act(index: int, act: Signing) -> Iterator[Found]:
        yield from each(act.days, lambda _, day: check_span(day, None, ("signed", index)))
        if act.days[-1] - act.days[0] > timedelta(days=1):
            yield Found("one act, on two days at most", "more", ("signed", index))
        yield from _places(act, ("signed", index, "utc_offsets"))

    def by_party(_: int, name: str) -> Iterator[Found]:
        for code, day in getattr(entry, name).items():
            yield from as_far(check_span, day, None, (name, code))

    yield from as_far(each, entry.initialled, initials)
    yield from as_far(each, entry.signed, act)
    yield from each(("ratified", "provisional"), by_party)
    if entry.in_force is not None:
        yield from refused(("in_force",), in_force_days, entry.in_force)


def _places(act: Signing, path: Path) -> Iterator[Found]:
    """Offsets of none or of all places, and one instant that fell on each of their days."""
    if not act.utc_offsets:
        return
    if set(act.utc_offsets) != {act.place, *act.elsewhere}:
        yield Found("an offset for each place of the act", "others", path)
        return
    for place, text in act.utc_offsets.items():
        try:
            counting.offset(readable(text), "")
        except BadInput as error:
            yield Found.refused(error, (*path, place))
            return
    bounds = act.bounds
    if bounds is not None and bounds[0] >= bounds[1]:
        yield Found("days that overlap at these offsets", "days that do not", path)


def _order(entry: Entry) -> Iterator[Found]:
    """Initials, signature, ratification and force, in that order, once all of them are days."""
    if any(_days(entry)):
        return
    first = max((act.days[0] for act in entry.signed), default=None)

    def after_signature(_: int, name: str) -> Iterator[Found]:
        for code, day in getattr(entry, name).items():
            if first is not None and day < first:
                expected = f"a day not before the signature, {first}"
                yield Found(expected, str(day), (name, code))

    def initials(index: int, day: date) -> Iterator[Found]:
        if first is not None and day > first:
            yield Found(f"initials before the signature, {first}", str(day), ("initialled", index))

    yield from as_far(_ratifiers, entry)
    yield from each(("ratified", "provisional"), after_signature)
    yield from as_far(each, entry.initialled, initials)
    yield from as_far(_force, entry, first)


def _ratifiers(entry: Entry) -> Iterator[Found]:
    for name in ("ratified", "provisional"):
        for code in getattr(entry, name):
            if entry.party(code) is None:
                yield Found("a party", shown(code), (name, code))


def _force(entry: Entry, first: date | None) -> Iterator[Found]:
    if entry.in_force is None:
        return
    begin, last = in_force_days(readable(entry.in_force))
    if entry.table_changed is not None and entry.table_changed < begin:
        expected = f"a date not before entry into force, {entry.in_force}"
        yield Found(expected, str(entry.table_changed), ("table_changed",))
    needed = [d for d in (first, *entry.ratified.values()) if d is not None]
    if needed and last < max(needed):
        expected = f"entry into force not before {max(needed)}"
        yield Found(expected, entry.in_force, ("in_force",))


# -- what it says of itself -------------------------------------------------------


def _unsigned(entry: Entry) -> Iterator[Found]:
    if entry.kind is not EntryKind.UNSIGNED_TEXT:
        return
    for name in ("signed", "in_force"):
        if getattr(entry, name):
            yield Found("an unsigned text without signature or force", name, (name,))


def _notice(entry: Entry) -> Iterator[Found]:
    days = entry.notice_days
    if days is not None and days not in _NOTICE_DAYS:
        yield Found(f"1 to {_NOTICE_DAYS[-1]} days", str(days), ("notice_days",))


def _duration(entry: Entry) -> Iterator[Found]:
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

    def agrees(name: str, value: object) -> Iterator[Found]:
        flag = getattr(entry.verified, name)
        if (value is None) != (flag == "none"):
            expected = "the flag none" if value is None else "a flag other than none"
            yield Found(f"{expected} for {name}", shown(flag), ("verified", name))

    yield from as_far(agrees, "duration", entry.duration)
    yield from as_far(agrees, "notice", entry.notice_days)
    yield from as_far(agrees, "third_party", entry.third_party)
    given = entry.equivalence if entry.equivalence is not None else entry.equivalence_note
    yield from as_far(agrees, "equivalence", given)


def _table_days(entry: Entry) -> Iterator[Found]:
    table = entry.equivalence
    if table is None or table.valid_from is None or entry.in_force is None:
        return
    try:
        begin, _ = in_force_days(readable(entry.in_force))
    except BadInput:
        return  # told by the check of the dates
    if table.valid_from < begin:
        expected = f"a date not before entry into force, {entry.in_force}"
        yield Found(expected, str(table.valid_from), ("equivalence", "valid_from"))


# -- among others ---------------------------------------------------------------


def _succession(entry: Entry, known: Mapping[str, Entry]) -> Iterator[Found]:
    """Entries that it names and that are not there; a succession that comes back to it."""
    everyone = {**known, entry.id: entry}

    def before(index: int, other: str) -> Iterator[Found]:
        path: Path = ("supersedes", index)
        if other not in everyone:
            yield Found("an entry of the catalogue", shown(other), path)
        elif _leads_to(other, entry.id, everyone):
            yield Found("a succession without a cycle", f"{shown(other)} leads back", path)

    yield from as_far(each, entry.supersedes, before)
    table = entry.equivalence
    if table is None or table.same_as is None:
        return
    other_entry = everyone.get(table.same_as)
    path: Path = ("equivalence", "same_as")
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
