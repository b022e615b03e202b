"""How offices number their letters. Numbers are given at issue, so a draft uses none up."""

from __future__ import annotations

import string

from gsomia.agreement.instruments import MAX_ID
from gsomia.desk.entries import NumberGiven
from gsomia.desk.model import DEFAULT_NUMBERING, Numbering, Series
from gsomia.faults import BadInput, shown
from gsomia.fold import State

MAX_PATTERN = 40
_FIELDS = ("year", "serial")


def check_pattern(pattern: str) -> None:
    """Raise `BadInput` unless it is one printable line with `{serial}` once.

    `{year}` may stand in it once; nothing else is filled in.
    """
    wanted = (
        f"at most {MAX_PATTERN} printable characters with {{serial}} once, {{year}} at most once"
    )
    try:
        parts = [(name, spec, how) for _, name, spec, how in string.Formatter().parse(pattern)]
    except ValueError:
        raise BadInput(wanted, shown(pattern), "pattern") from None
    names = [name for name, _, _ in parts if name is not None]
    plain = all(not spec and how is None for name, spec, how in parts if name is not None)
    if (
        not pattern.isprintable()
        or len(pattern) > MAX_PATTERN
        or not plain
        or not set(names) <= set(_FIELDS)
        or names.count("serial") != 1
        or names.count("year") > 1
    ):
        raise BadInput(wanted, shown(pattern), "pattern")


def pattern_of(state: State, office: str) -> str:
    """The pattern of an office now."""
    found = state.get(Numbering, office)
    return found.pattern if found else DEFAULT_NUMBERING


def next_number(state: State, office: str, year: int, letter: str) -> NumberGiven:
    """The next number of an office for a letter dated in `year`; gap-free in each series."""
    pattern = pattern_of(state, office)
    series = year if "{year}" in pattern else 0
    last = state.get(Series, f"{office} {series}")
    serial = (last.last if last else 0) + 1
    number = pattern.replace("{year}", str(year)).replace("{serial}", str(serial))
    return NumberGiven(office, series, serial, number, letter)


def instrument_id(party: str, office: str, number: str) -> str:
    """The id under which a numbered letter goes on record: the same on both nodes."""
    return f"{party} {office} {number}"[:MAX_ID]
