"""All-day events as an iCalendar file (RFC 5545), byte for byte the same for the same input.

Writes the few properties that a list of days needs; reads nothing. A calendar program that
reads the file again replaces events with the same UID.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime

import msgspec

from gsomia.faults import BadInput, shown

MAX_LINE = 75
"""Octets in a line, without its CRLF (RFC 5545, section 3.1)."""

PRODUCT = "-//gsomia//treaty desk//EN"


class Event(msgspec.Struct, frozen=True):
    """An event of one whole day, in no zone. `uid` must be the same each time it is written."""

    uid: str
    day: date
    summary: str
    description: str


def calendar(name: str, events: Iterable[Event], stamp: datetime) -> bytes:
    """The file, in UTF-8 with CRLF, with events in the order given.

    `stamp` is the instant at which it is made; fractions of a second are cut. Raises
    `BadInput` for a stamp without offset, a UID used twice, and control characters.
    """
    if stamp.utcoffset() is None:
        raise BadInput("an instant with offset", "one without", "DTSTAMP")
    made = f"{stamp.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN"]
    # Not in RFC 5545; calendar programs show it, and others must skip what they do not know.
    lines.append(f"X-WR-CALNAME:{_text(name)}")
    seen: set[str] = set()
    for event in events:
        if event.uid in seen:
            raise BadInput("each UID once", shown(event.uid), "UID")
        seen.add(event.uid)
        lines += _event(event, made)
    lines.append("END:VCALENDAR")
    return b"".join(part for line in lines for part in _folded(line))


def _event(event: Event, made: str) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{_text(event.uid)}",
        f"DTSTAMP:{made}",
        f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}",
        f"SUMMARY:{_text(event.summary)}",
        f"DESCRIPTION:{_text(event.description)}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _text(value: str) -> str:
    """A TEXT value (section 3.3.11). Raises `BadInput` for characters it cannot hold."""
    for char in value:
        if char not in "\n\t" and unicodedata.category(char) in ("Cc", "Cs"):
            raise BadInput("text without control characters", shown(char), "iCalendar text")
    value = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return value.replace("\n", "\\n")


def _folded(line: str) -> Iterator[bytes]:
    """A content line in parts of at most 75 octets; the blank that begins a part counts.

    No character is cut in two: a reader that unfolds after decoding sees the same text.
    """
    part = b""
    for char in line:
        octets = char.encode()
        if len(part) + len(octets) > MAX_LINE:
            yield part + b"\r\n"
            part = b" "
        part += octets
    yield part + b"\r\n"
