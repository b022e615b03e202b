"""The stamp as a PDF of its own: one transparent page for each size of page.

Set by Typst with the font of the extra, so that the same stamp gives the same bytes
everywhere. Nothing is fetched, and no font of the machine is used.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec

from gsomia.canon import EPOCH
from gsomia.documents.sheet import Sheet
from gsomia.faults import Unavailable
from gsomia.marking import Place

LAYOUTS = Path(__file__).parent / "layouts"
FONT = "cvttf_NotoSansCJK_Regular"


class Room(msgspec.Struct, frozen=True):
    """A page as a reader sees it, in points: its size, and what is left for each stamp.

    `unit` is what one point is on an A4 page; `high` is the height a stamp may take.
    """

    width: float
    height: float
    unit: float
    high: float

    @property
    def zone(self) -> float:
        """The height above and below that a stamp needs, with the air around it."""
        return self.high + 2 * EDGE * self.unit


EDGE = 8.0
"""Points of an A4 page between a stamp and the page's edge: printers print up to there."""

_SHARE = 0.2
"""The largest part of a page's height that one stamp takes."""

_LEAST = 0.5
"""A tiny page's stamp is not made smaller than half that of an A4 page, if it fits."""


def room(sheet: Sheet, width: float, height: float, least: float = _LEAST) -> Room:
    """The room for a stamp on a page of this size: in proportion to that of an A4 page."""
    unit = max(least, min(width, height) / 595)
    wide = width - 2 * EDGE * unit >= 420 * unit
    lines = 4.0 + 12.0 * len(sheet.marks) + 11.0 * (1 if wide else 3) + 8.0 * sheet.framed
    return Room(width, height, unit, min(lines * unit, _SHARE * height))


def taller(of: Room) -> Room:
    """The same page with a band above and one below for the stamps."""
    return msgspec.structs.replace(of, height=of.height + 2 * of.zone)


def missing(what: str) -> Unavailable:
    """The error of a library that is not there."""
    return Unavailable(f"{what} is not installed", "Install it: pip install 'gsomia[documents]'")


def font_folder() -> Path:
    """The folder of the CJK font. Raises `Unavailable`."""
    font = find_spec(FONT)
    if font is None or font.origin is None:
        raise missing("the font of stamps")
    return Path(font.origin).parent


def overlay(sheet: Sheet, rooms: Sequence[Room]) -> bytes:
    """A PDF with one page for each of `rooms`: the stamp where the layout puts it."""
    made: bytes = _compile("overlay", sheet, rooms, format="pdf", pdf_tags=False)
    return made


def band(sheet: Sheet, of: Room, place: Place) -> bytes:
    """A PNG, a point a pixel: the stamp as a band for a picture of this width."""
    there = msgspec.structs.replace(sheet, marks=sheet.marks_at(place))
    made: bytes = _compile("band", there, [of], format="png", ppi=72.0)
    return made


def _compile(layout: str, sheet: Sheet, rooms: Sequence[Room], **how: Any) -> Any:
    try:
        import typst
    except ImportError:
        raise missing("the typesetter of stamps") from None
    data = {
        **msgspec.structs.asdict(sheet),
        "places": [place.value for place in sheet.places],
        "rooms": [msgspec.structs.astuple(r) for r in rooms],
    }
    return typst.compile(
        str(LAYOUTS / f"{layout}.typ"),
        root=str(LAYOUTS),
        font_paths=[str(font_folder())],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        timestamp=EPOCH,
        **how,
    )
