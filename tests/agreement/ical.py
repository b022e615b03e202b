"""A strict reader of iCalendar files, written from RFC 5545 and from nothing of ours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

# Section 3.1: name *(";" param) ":" value; a value may hold tabs, and no other control.
_LINE = re.compile(
    r"(?P<name>[A-Za-z0-9-]+)(?P<params>(?:;[A-Za-z0-9-]+=[^\x00-\x08\x0a-\x1f\x7f;:,\"]+)*)"
    r":(?P<value>[^\x00-\x08\x0a-\x1f\x7f]*)"
)
_TEXT = {"UID", "SUMMARY", "DESCRIPTION", "X-WR-CALNAME"}
_ESCAPED = re.compile(r"\\(.)|([,;])", re.DOTALL)
_ONCE = {"UID", "DTSTAMP", "DTSTART", "SUMMARY", "DESCRIPTION", "TRANSP"}


@dataclass
class Calendar:
    """Properties of the calendar, and of each event, by name."""

    properties: dict[str, str]
    events: list[dict[str, str]]


def unfolded(data: bytes) -> list[str]:
    """Content lines (section 3.1); fails for bare CR or LF and lines over 75 octets."""
    assert data.endswith(b"\r\n")
    physical = data[:-2].split(b"\r\n")
    for line in physical:
        assert b"\r" not in line
        assert b"\n" not in line
        assert 0 < len(line) <= 75, line
        line.decode()  # no character is cut in two
    out: list[bytes] = []
    for line in physical:
        if line[:1] in (b" ", b"\t"):
            assert out, "a fold before the first line"
            out[-1] += line[1:]
        else:
            out.append(line)
    return [line.decode() for line in out]


def unescaped(value: str) -> str:
    """A TEXT value (section 3.3.11)."""

    def one(found: re.Match[str]) -> str:
        char, bare = found.groups()
        assert bare is None, f"a bare {bare!r}"
        assert char in "\\;,nN", f"an unknown escape {char!r}"
        return "\n" if char in "nN" else char

    assert not re.search(r"(?<!\\)(?:\\\\)*\\$", value), "a lone backslash"
    return _ESCAPED.sub(one, value)


def read_calendar(data: bytes) -> Calendar:
    """The calendar; fails for anything RFC 5545 does not allow in what we write."""
    lines = unfolded(data)
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    properties: dict[str, str] = {}
    events: list[dict[str, str]] = []
    inside: dict[str, str] | None = None
    for line in lines[1:-1]:
        found = _LINE.fullmatch(line)
        assert found, line
        name, params, value = found["name"], found["params"], found["value"]
        if (name, value) == ("BEGIN", "VEVENT"):
            assert inside is None
            inside = {}
            continue
        if (name, value) == ("END", "VEVENT"):
            assert inside is not None
            assert inside.keys() == _ONCE
            events.append(inside)
            inside = None
            continue
        assert name not in ("BEGIN", "END")
        if name == "DTSTART":
            assert params == ";VALUE=DATE"
            assert re.fullmatch(r"\d{8}", value, re.ASCII)
            datetime.strptime(value, "%Y%m%d")  # noqa: DTZ007  a day has no zone
        else:
            assert params == ""
        if name == "DTSTAMP":
            assert re.fullmatch(r"\d{8}T\d{6}Z", value, re.ASCII)
            datetime.strptime(value, "%Y%m%dT%H%M%SZ")  # noqa: DTZ007  the Z is checked above
        where = properties if inside is None else inside
        assert name not in where, f"{name} twice"
        where[name] = unescaped(value) if name in _TEXT else value
    assert inside is None
    assert properties.keys() == {"VERSION", "PRODID", "CALSCALE", "X-WR-CALNAME"}
    assert properties["VERSION"] == "2.0"
    assert len({e["UID"] for e in events}) == len(events)
    return Calendar(properties, events)
