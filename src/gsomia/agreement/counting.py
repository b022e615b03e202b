"""Days, offsets, anniversaries and notice periods: the arithmetic a final clause needs.

A *boundary* is the day at whose 00:00, in the agreement's own offset, one term ends
and the next begins. Nothing here knows what a notice is for.
"""

from __future__ import annotations

import calendar
import re
from datetime import UTC, date, datetime, time, timedelta, timezone

from gsomia.canon import parse_instant
from gsomia.faults import BadInput, shown

EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LATEST = datetime(3000, 1, 1, tzinfo=UTC)
"""Instants outside these two are refused, so that no date arithmetic can overflow."""

_OFFSET = re.compile(r"([+-])(0\d|1[0-4]):([0-5]\d)")
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
MICROSECOND = timedelta(microseconds=1)


def offset(text: str, where: str) -> timezone:
    """`+09:00` as a fixed offset from UTC, at most 14:59. Raises `BadInput`."""
    found = _OFFSET.fullmatch(text) if text.isascii() else None
    if not found:
        raise BadInput("an offset from UTC, like +09:00", shown(text), where)
    sign, hours, minutes = found.groups()
    delta = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-delta if sign == "-" else delta)


def in_range(at: datetime, where: str) -> datetime:
    """`at` in UTC. Raises `BadInput` for an instant without offset or out of range."""
    if at.tzinfo is None or at.utcoffset() is None:
        raise BadInput("an instant with offset", "one without", where)
    try:
        at = at.astimezone(UTC)
    except OverflowError:
        at = LATEST
    if not EARLIEST <= at < LATEST:
        raise BadInput("an instant from 1900 to 2999", f"one in {at.year}", where)
    return at


def read_instant(text: str, where: str) -> datetime:
    """An ISO 8601 instant with offset, from 1900 to 2999, as UTC. Raises `BadInput`."""
    return in_range(parse_instant(text, where), where)


def read_date(text: str, where: str) -> date:
    """A calendar day written YYYY-MM-DD, from 1900 to 2999. Raises `BadInput`."""
    try:
        day = date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None or not EARLIEST.year <= day.year < LATEST.year:
        raise BadInput("a day, like 2016-11-23", shown(text), where)
    return day


def midnight(day: date, zone: timezone) -> datetime:
    """The instant at which `day` begins in `zone`, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def local_day(at: datetime, zone: timezone) -> date:
    """The calendar day of an instant in `zone`."""
    return at.astimezone(zone).date()


def anniversary(day: date, years: int) -> date:
    """The same day `years` later. From 29 February, in a common year, it is 1 March.

    A term of a year that began on 29 February runs to the end of the last day of
    February, so the next one begins on 1 March. This is a rule of ours for a day
    no treaty in the packs uses; the source of a real one would have to say.
    """
    year = day.year + years
    if (day.month, day.day) == (2, 29) and not calendar.isleap(year):
        return date(year, 3, 1)
    return day.replace(year=year)


def add_months(day: date, months: int) -> date:
    """The day `months` later (or earlier), cut to the last day of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
