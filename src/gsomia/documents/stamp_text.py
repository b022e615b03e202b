"""Stamping plain text and Markdown: the stamp is the first line and the last."""

from __future__ import annotations

from gsomia.documents.sheet import Sheet, joined
from gsomia.faults import BadInput
from gsomia.marking import Place

BOM = "\ufeff"
RULER = "========"
"""Stands around the line, so that a stamp is told from the text."""


def text_line(sheet: Sheet, place: Place = Place.TOP) -> str:
    """The stamp at a place in one line."""
    return f"{RULER} {joined(sheet.lines(place))} {RULER}"


def is_stamp(line: str) -> bool:
    """Whether a line has the form of a stamp's."""
    return line.startswith(f"{RULER} ") and line.rstrip().endswith(f" {RULER}")


def stamp_text(data: bytes, sheet: Sheet, where: str) -> bytes:
    """The text between two stamp lines, each apart by an empty line.

    UTF-8, a byte order mark and the first line's kind of line end are kept; every byte of
    the text stays. Raises `BadInput` for a text that has a stamp line already.
    """
    text = data.decode("utf-8")
    mark = BOM if text.startswith(BOM) else ""
    body = text.removeprefix(BOM)
    end = line_end(body)
    if any(is_stamp(row) for row in (body.split(end, 1)[0], body.rstrip().rsplit(end, 1)[-1])):
        raise BadInput("a text without a stamp", "one that has it", where)
    above = f"{text_line(sheet)}{end}{end}" if Place.TOP in sheet.places else ""
    if Place.BOTTOM not in sheet.places:
        return f"{mark}{above}{body}".encode()
    apart = end if body.endswith(end) else end * 2
    return f"{mark}{above}{body}{apart}{text_line(sheet, Place.BOTTOM)}{end}".encode()


def line_end(text: str) -> str:
    r"""How a text ends its lines: as its first line does; `\n` if it has one line."""
    at = min((n for n in (text.find("\n"), text.find("\r")) if n >= 0), default=-1)
    if at < 0 or text[at] == "\n":
        return "\n"
    return "\r\n" if text[at : at + 2] == "\r\n" else "\r"
