"""Whether a file shows the marking of its label, here and now: every page, header and footer.

Compared with the words that the label's policy gives it. What stands beside them on a line,
like a control number, is not compared; a list that goes on is another marking. Whoever has a file
of others calls `gsomia.documents.find_marking`, which runs this in a process of its own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import msgspec

from gsomia.documents.kinds import Kind, check_size, kind_of
from gsomia.documents.places import Found, Place, Spot, Why
from gsomia.documents.reading import lines_in
from gsomia.faults import BadInput

_ABOVE = (Place.TOP, Place.HEADER, Place.FIRST)


class Wanted(msgspec.Struct, frozen=True):
    """The marking at the top and the bottom; empty where the policy shows nothing there."""

    top: str
    bottom: str
    where: str


def find_here(data: bytes, wanted: Wanted) -> Found:
    """The places that show the marking, and those that should and do not. Never raises
    for what the file is: one that cannot be examined says why.
    """
    try:
        check_size(len(data), wanted.where)
    except BadInput:
        return Found(why=Why.TOO_LARGE)
    kind = kind_of(data)
    if kind is None:
        return Found(why=Why.FORMAT)
    texts: dict[tuple[Place, int], list[str]] = {}
    try:
        pages, lines = lines_in(data, kind, wanted.where)
        for line in lines:
            texts.setdefault((line.place, line.number), []).append(line.text)
    except BadInput as fault:
        return Found(why=Why.UNREADABLE, kind=kind.value, error=fault.got)
    if kind in (Kind.PNG, Kind.JPEG) and not texts:
        return Found(why=Why.PICTURE, kind=kind.value)
    shown: list[Spot] = []
    missing: list[Spot] = []
    for place, number in _places(kind, pages, texts):
        text = " ".join(texts.get((place, number), ()))
        there = all(_shows(text, marking) for marking in _at(place, wanted))
        (shown if there else missing).append(Spot(place, number))
    return Found(kind=kind.value, pages=pages, shown=tuple(shown), missing=tuple(missing))


def _at(place: Place, wanted: Wanted) -> tuple[str, ...]:
    """What a place has to show. A picture's note says all of it."""
    if place is Place.STAMP:
        return tuple(text for text in (wanted.top, wanted.bottom) if text)
    text = wanted.top if place in _ABOVE else wanted.bottom
    return (text,) if text else ()


def _places(
    kind: Kind, pages: int, texts: dict[tuple[Place, int], list[str]]
) -> Iterator[tuple[Place, int]]:
    """Where a file of a kind has to show its marking, in order."""
    match kind:
        case Kind.PDF:
            yield from ((p, n) for n in range(1, pages + 1) for p in (Place.TOP, Place.BOTTOM))
        case Kind.DOCX:
            for place in (Place.HEADER, Place.FOOTER):
                yield from [key for key in texts if key[0] is place] or [(place, 1)]
        case Kind.TEXT:
            for place in (Place.FIRST, Place.LAST):
                yield from [key for key in texts if key[0] is place] or [(place, 1)]
        case _:
            yield from texts


def _shows(text: str, marking: str) -> bool:
    """Whether a text shows these words, whole: blanks aside, and not as the start of a list."""
    told, held = (unicodedata.normalize("NFC", one) for one in (marking, text))
    words = r"\s*".join(re.escape(word) for word in told.split())
    return re.search(rf"(?<![\w,/]){words}(?!\w|\s*[,/])", held) is not None
