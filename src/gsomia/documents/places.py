"""Where in a file a mark stands, and what came of reading a file."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Place(StrEnum):
    """A place that a person looks at for a mark. `number` beside it counts from 1."""

    TOP = "top"  # of page `number`
    BOTTOM = "bottom"
    HEADER = "header"  # `number` among the file's headers
    FOOTER = "footer"
    FIRST = "first"  # line or paragraph `number`, at the beginning
    LAST = "last"
    LABEL = "label"  # `number` among the labels bound inside the file
    STAMP = "stamp"  # the text of this program's stamp in a picture's metadata


class Why(StrEnum):
    """Why a file was not examined. Empty if it was."""

    NONE = ""
    FORMAT = "format"
    PICTURE = "picture"
    TOO_LARGE = "too_large"
    UNREADABLE = "unreadable"


class Line(msgspec.Struct, frozen=True):
    """A line of text at a place."""

    place: Place
    number: int
    text: str


class Seen(msgspec.Struct, frozen=True):
    """A mark that a file shows: where, in which line, and which mark of the scheme it is."""

    place: Place
    number: int
    text: str
    mark: str


class Spot(msgspec.Struct, frozen=True):
    """A place in a file, where a marking stands or should."""

    place: Place
    number: int


class Found(msgspec.Struct, frozen=True):
    """Where a file shows the marking of its label, and where it should and does not.

    With `why`, nothing is known of it.
    """

    why: Why = Why.NONE
    kind: str = ""
    pages: int = 0
    shown: tuple[Spot, ...] = ()
    missing: tuple[Spot, ...] = ()
    error: str = ""


class Read(msgspec.Struct, frozen=True):
    """What came of reading a file. With `why`, nothing is known of its marks.

    `pages` is the number of pages where the format has pages, else 0. `error` says what
    could not be read, for a person; it may be the label alone, of a file that was examined.
    """

    why: Why = Why.NONE
    kind: str = ""
    pages: int = 0
    seen: tuple[Seen, ...] = ()
    error: str = ""
