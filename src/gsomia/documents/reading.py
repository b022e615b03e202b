"""Reading which marks a file shows, here and now, without bounds of time and memory.

Read: the upper and lower part of each PDF page; headers, footers, first and last
paragraphs of a Word file; first and last line of a text; the label bound inside a file; and
the text of a stamp in a picture's metadata. Pixels nobody reads here. Whoever has a file of
others calls `gsomia.documents.read_marks`, which runs this in a process of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from gsomia.documents import images
from gsomia.documents.embedded import labels_in
from gsomia.documents.kinds import Kind, check_size, kind_of
from gsomia.documents.places import Line, Place, Read, Seen, Why
from gsomia.documents.tokens import MAX_LINE, marks_in
from gsomia.faults import BadInput
from gsomia.marking import Scheme, Unread, read, scheme_of
from gsomia.marking.binding import xmp
from gsomia.marking.label import Label
from gsomia.marking.spif import Sense

MAX_SEEN = 50_000
_TEXT = 120
"""Characters of a line that are told."""


class Sought(msgspec.Struct, frozen=True):
    """Whose marks to look for. `where` names the file in messages."""

    party: str
    where: str


def read_here(data: bytes, sought: Sought) -> Read:
    """The marks of a party that a file shows, each with its place.

    Never raises for what the file is: one that cannot be examined says why. Raises
    `BadInput` for a party without a known scheme, `Unavailable` without a library.
    """
    scheme = scheme_of(sought.party)
    try:
        check_size(len(data), sought.where)
    except BadInput:
        return Read(why=Why.TOO_LARGE)
    kind = kind_of(data)
    if kind is None:
        return Read(why=Why.FORMAT)
    seen, error = _labels(data, sought)
    try:
        count, lines = lines_in(data, kind, sought.where)
        for line in lines:
            for mark in marks_in(line.text, scheme):
                seen.append(Seen(line.place, line.number, _told(line.text), mark))
                if len(seen) > MAX_SEEN:
                    return Read(why=Why.TOO_LARGE, kind=kind.value)
    except BadInput as fault:
        return Read(why=Why.UNREADABLE, kind=kind.value, error=fault.got)
    if kind in (Kind.PNG, Kind.JPEG) and not seen:
        why = Why.UNREADABLE if error else Why.PICTURE
        return Read(why=why, kind=kind.value, error=error)
    return Read(kind=kind.value, pages=count, seen=tuple(seen), error=error)


def lines_in(data: bytes, kind: Kind, where: str) -> tuple[int, Iterator[Line]]:
    """The number of pages, if the format has any, and the lines where marks are looked for.

    A header or footer without text is a line without text. Raises `BadInput`.
    """
    match kind:
        case Kind.PDF:
            from gsomia.documents.reading_pdf import bounded_lines_of

            return bounded_lines_of(data, where)
        case Kind.DOCX:
            from gsomia.documents.reading_docx import lines_of as in_word

            return 0, in_word(data, where)
        case Kind.TEXT:
            return 0, _in_text(data.decode("utf-8-sig"))
        case Kind.PNG | Kind.JPEG:
            return 0, _in_picture(data, where)


_BREAKS = "\n\r\f\x85\u2028\u2029"
_NEXT = re.compile(f"[{_BREAKS}]|\\Z")


def _in_text(text: str) -> Iterator[Line]:
    """The first line that is not empty, and the last. What stands between is not taken apart."""
    found = re.search(r"\S", text)
    if found is None:
        return
    first, last = found.start(), len(text.rstrip()) - 1
    begin = _line_at(text, first)
    yield Line(Place.FIRST, *begin)
    end = _line_at(text, last)
    if end[0] != begin[0]:
        yield Line(Place.LAST, *end)


def _line_at(text: str, at: int) -> tuple[int, str]:
    """The number and the beginning of the line around a character."""
    start = max(text.rfind(one, 0, at) for one in _BREAKS) + 1
    held = _NEXT.search(text, at)
    end = held.start() if held else len(text)
    before = sum(text.count(one, 0, start) for one in _BREAKS) - text.count("\r\n", 0, start)
    return before + 1, text[start : min(end, start + MAX_LINE)]


def _in_picture(data: bytes, where: str) -> Iterator[Line]:
    """What the stamp in the pixels says, as its maker noted it beside them."""
    packet = images.read_xmp(data, where)
    text = None if packet is None else xmp.read_property(packet, xmp.STAMP, where)
    if text is not None:
        yield Line(Place.STAMP, 1, text)


def _labels(data: bytes, sought: Sought) -> tuple[list[Seen], str]:
    """What labels bound inside the file say, where it is a mark of the party; why unread.

    A file whose label cannot be read is still looked at: what its pages show counts.
    """
    try:
        labels = labels_in(data, sought.where)
    except BadInput as fault:
        return [], f"label: {fault.got}"
    seen = []
    for number, label in enumerate(labels, 1):
        for told, mark in _marks_of(label, scheme_of(sought.party)):
            seen.append(Seen(Place.LABEL, number, _told(told), mark))
    return seen, ""


def _marks_of(label: Label, scheme: Scheme) -> list[tuple[str, str]]:
    """The marks that a label says, each with the text that says it.

    A policy that keeps two marks of one rank apart has the second as a restrictive value beside
    the classification: then that value is the mark (`gsomia.marking.spif.levels`).
    """
    told = label.information
    values = [v.text for c in told.categories if c.sense is Sense.RESTRICTIVE for v in c.values]
    found = [(text, read(scheme, text)) for text in values]
    marks = [(text, level.mark) for text, level in found if not isinstance(level, Unread)]
    if marks:
        return marks
    level = read(scheme, told.classification)
    return [] if isinstance(level, Unread) else [(told.classification, level.mark)]


def _told(text: str) -> str:
    """A line as it is told: one line, bounded, without characters nobody sees."""
    begin = text[: 4 * _TEXT]
    clean = " ".join("".join(c if c.isprintable() else " " for c in begin).split())
    return clean[:_TEXT]
