"""Where a reader sees what on a PDF page: CropBox, rotation and user unit in one matrix."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import msgspec

from gsomia.faults import BadInput

MAX_SIDE = 200_000.0
"""Points: 70 metres, more than any format's limit."""
_MIN_SIDE = 8.0
_MAX_DEPTH = 64

Box = tuple[float, float, float, float]
Matrix = tuple[float, float, float, float, float, float]


class View(msgspec.Struct, frozen=True):
    """The visible part of a page: its box in the page's own units, rotation, user unit."""

    box: Box
    rotation: int
    unit: float

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in points, as a reader sees them."""
        x0, y0, x1, y1 = self.box
        width, height = (x1 - x0) * self.unit, (y1 - y0) * self.unit
        return (height, width) if self.rotation in (90, 270) else (width, height)

    @property
    def matrix(self) -> Matrix:
        """From what a reader sees, in points from the lower left, to the page's own units."""
        x0, y0, x1, y1 = self.box
        s = 1 / self.unit
        match self.rotation:
            case 90:
                return (0, s, -s, 0, x1, y0)
            case 180:
                return (-s, 0, 0, -s, x1, y1)
            case 270:
                return (0, -s, s, 0, x0, y1)
            case _:
                return (s, 0, 0, s, x0, y0)

    def on_page(self, left: float, bottom: float, right: float, top: float) -> Box:
        """A rectangle that a reader sees, in the page's own units."""
        a, b, c, d, e, f = self.matrix
        xs = [a * u + c * v + e for u in (left, right) for v in (bottom, top)]
        ys = [b * u + d * v + f for u in (left, right) for v in (bottom, top)]
        return min(xs), min(ys), max(xs), max(ys)

    def taller(self, zone: float) -> View:
        """The same page with `zone` points more above and below."""
        width, height = self.size
        return msgspec.structs.replace(self, box=self.on_page(0, -zone, width, height + zone))


def view_of(page: Any, where: str) -> View:
    """What a reader sees of a page (`pikepdf.Page`). Raises `BadInput` for an impossible one."""
    media = _box(page.mediabox, where)
    crop = _box(page.cropbox, where)
    visible = (
        max(media[0], crop[0]),
        max(media[1], crop[1]),
        min(media[2], crop[2]),
        min(media[3], crop[3]),
    )
    if visible[0] >= visible[2] or visible[1] >= visible[3]:
        visible = media
    unit = _number(page.obj.get("/UserUnit", 1), where)
    view = View(visible, _rotation(page.obj, where), unit)
    if not all(_MIN_SIDE <= side <= MAX_SIDE for side in view.size):
        raise BadInput(f"a page of {_MIN_SIDE:g} to {MAX_SIDE:g} points", "another size", where)
    return view


def _rotation(node: Any, where: str) -> int:
    """The page's rotation clockwise, which a folder of pages above it may give."""
    for _ in range(_MAX_DEPTH):
        if "/Rotate" in node:
            turned = _number(node["/Rotate"], where)
            if turned % 90:
                raise BadInput("a rotation by right angles", "another", where)
            return int(turned) % 360
        if "/Parent" not in node:
            return 0
        node = node["/Parent"]
    raise BadInput(f"at most {_MAX_DEPTH} folders of pages above a page", "more", where)


def _box(value: Any, where: str) -> Box:
    numbers = [_number(n, where) for n in _four(value, where)]
    x0, x1 = sorted((numbers[0], numbers[2]))
    y0, y1 = sorted((numbers[1], numbers[3]))
    return x0, y0, x1, y1


def _four(value: Any, where: str) -> Sequence[Any]:
    try:
        found = list(value)
    except (TypeError, ValueError):
        found = []
    if len(found) != 4:
        raise BadInput("a page box of four numbers", "another", where)
    return found


def _number(value: Any, where: str) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        raise BadInput("a number", "something else", where) from None
    if not math.isfinite(number) or abs(number) > 1e9:
        raise BadInput("a number", "one out of bounds", where)
    return number
