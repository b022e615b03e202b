"""What a user may enter in place of a value: a text, a number, or a date (SPIF, userInput).

A dateFormat is said to be one of ISO 8601. Read are years, months, days, hours, minutes
and seconds in digits (`YYYY-MM-DD`, `YYYYMMDD`, `YYYY-MM-DDThh:mm:ssZ`), in any order, each
at most once. Under any other format no text is a date of it; without a format a calendar
date is, with its hyphens or without.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

from gsomia.marking.spif import model as m

Form = Callable[[str], bool]
"""Whether a text is one that may be entered."""

_FIELDS = {
    "YYYY": ("year", r"[0-9]{4}"),
    "yyyy": ("year", r"[0-9]{4}"),
    "MM": ("month", r"[0-9]{2}"),
    "DD": ("day", r"[0-9]{2}"),
    "dd": ("day", r"[0-9]{2}"),
    "hh": ("hour", r"[0-9]{2}"),
    "HH": ("hour", r"[0-9]{2}"),
    "mm": ("minute", r"[0-9]{2}"),
    "ss": ("second", r"[0-9]{2}"),
}
_FIRST = {"year": "1", "month": "1", "day": "1", "hour": "0", "minute": "0", "second": "0"}
_PART = re.compile("|".join(_FIELDS) + r"|[-:/.TZ ]")
_CALENDAR = ("YYYY-MM-DD", "YYYYMMDD")
_MAX_FORMAT = 40


def form_of(category: m.Category) -> Form | None:
    """What may be entered in place of a category; None if nothing may."""
    match category.user_input:
        case "string":
            return _text
        case "integer":
            return _number
        case "date":
            given = category.date_format
            return _date(_CALENDAR if given is None else (given,))
        case _:
            return None


def _text(text: str) -> bool:
    return 1 <= len(text) <= 256


def _number(text: str) -> bool:
    return re.fullmatch(r"[0-9]{1,60}", text) is not None


def _date(formats: tuple[str, ...]) -> Form:
    patterns = [found for text in formats if (found := _pattern(text)) is not None]

    def is_date(text: str) -> bool:
        return any(
            _is_real(found.groupdict()) for form in patterns if (found := form.fullmatch(text))
        )

    return is_date


def _pattern(text: str) -> re.Pattern[str] | None:
    """A format as a pattern with a group for each field; None for one that is not read."""
    parts = _PART.findall(text)
    names = [_FIELDS[part][0] for part in parts if part in _FIELDS]
    if len(text) > _MAX_FORMAT or "".join(parts) != text or len(set(names)) != len(names):
        return None
    if "year" not in names or ("day" in names and "month" not in names):
        return None
    return re.compile(
        "".join(
            "(?P<{}>{})".format(*_FIELDS[part]) if part in _FIELDS else re.escape(part)
            for part in parts
        )
    )


def _is_real(held: dict[str, str]) -> bool:
    """Whether there is such a day and time. What the format leaves out is taken as the first."""
    year, month, day, hour, minute, second = (
        int(held.get(name, first)) for name, first in _FIRST.items()
    )
    try:
        datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return False
    return True


__all__ = ["Form", "form_of"]
