"""A very small SVG writer: few shapes, escaped text, fixed numbers, the same bytes every time.

A picture refers to nothing outside itself, runs no script and is drawn in black, white and
greys: what a hatching or a kind of line means, a label says. How wide a text is, is estimated
from above, since no font is at hand; layouts that keep these boxes apart keep the words apart.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

Anchor = Literal["start", "middle", "end"]

FONTS = {
    "en": ("Noto Sans", "Liberation Sans", "Arial", "Noto Sans CJK TC"),
    "ko": ("Noto Sans CJK KR", "Noto Sans KR", "Malgun Gothic", "Apple SD Gothic Neo"),
    "ja": ("Noto Sans CJK JP", "Noto Sans JP", "Yu Gothic", "Hiragino Sans"),
}
"""Font families by language; the font of `gsomia.printing` and any other sans serif follow."""

PATTERNS = {
    "lines": '<path d="M2 0V6" stroke="#000" stroke-width="1"/>',
    "dots": '<circle cx="1.5" cy="1.5" r="0.9"/><circle cx="4.5" cy="4.5" r="0.9"/>',
    "cross": '<path d="M0 0L6 6M6 0L0 6" stroke="#000" stroke-width="0.9"/>',
    "slant": '<path d="M-1 1L1 -1M0 6L6 0M5 7L7 5" stroke="#000" stroke-width="0.5"/>',
}
"""Hatchings, by name: tiles of 6 by 6 units on white."""

DASHES = {"solid": "", "dashed": "6 3", "dotted": "1.2 2.6", "dashdot": "8 3 1.5 3"}

_NARROW = frozenset(" .,:;'|!ijlIft()[]/-·")
_BROAD = frozenset("mwMW@%—&")


class Box(msgspec.Struct, frozen=True):
    """A rectangle; `x` and `y` are its upper left corner."""

    x: float
    y: float
    width: float
    height: float

    def overlaps(self, other: Box) -> bool:
        """Whether the two share more than an edge."""
        across = self.x < other.x + other.width and other.x < self.x + self.width
        return across and self.y < other.y + other.height and other.y < self.y + self.height


class Text(msgspec.Struct, frozen=True):
    """One line of text; `y` is its base line."""

    x: float
    y: float
    text: str
    size: float = 9.0
    anchor: Anchor = "start"
    fill: str = "#000"

    @property
    def box(self) -> Box:
        """The place it takes at most."""
        width = measure(self.text, self.size)
        left = {"start": 0.0, "middle": width / 2, "end": width}[self.anchor]
        return Box(self.x - left, self.y - 0.86 * self.size, width, 1.1 * self.size)


class Picture(msgspec.Struct, frozen=True):
    """A finished picture. `texts` are the words that stand in it, each with its place."""

    width: float
    height: float
    svg: bytes
    texts: tuple[Text, ...]


def plain(text: str) -> str:
    """Text that XML can hold and no reader mistakes: blanks are spaces, controls are escapes."""
    return "".join(
        c if c.isprintable() else " " if c.isspace() else f"\\u{ord(c):04x}" for c in text
    )


def escaped(text: str) -> str:
    """`plain` text as XML content or as an attribute's value."""
    out = plain(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return out.replace('"', "&quot;").replace("'", "&#39;")


def number(value: float) -> str:
    """A coordinate with at most two decimals, written in one way only."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def measure(text: str, size: float) -> float:
    """How wide a line is at most, in units, in a common sans serif of this size."""
    return size * sum(_advance(c) for c in text)


def _advance(char: str) -> float:
    if char in _NARROW:
        return 0.36
    if char in _BROAD:
        return 0.95
    if unicodedata.east_asian_width(char) in "WF":
        return 1.0
    if char.isupper():
        return 0.69
    return 0.58 if char.isascii() or char.isalpha() else 1.0


def wrap(text: str, size: float, width: float) -> tuple[str, ...]:
    """A text in lines of at most `width`: broken at blanks, in East Asian text anywhere.

    A word that is wider than a line is broken where the line ends. At least one line.
    """
    lines, line = [], ""
    for piece in _pieces(plain(text)):
        if line and measure((line + piece).rstrip(), size) > width:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
        while measure(line.rstrip(), size) > width and len(line) > 1:
            cut = len(line) - 1
            while cut > 1 and measure(line[:cut], size) > width:
                cut -= 1
            lines.append(line[:cut].rstrip())
            line = line[cut:].lstrip()
    return (*lines, line.rstrip()) if line.rstrip() or not lines else tuple(lines)


def _pieces(text: str) -> Iterable[str]:
    """A text cut wherever a line may end; blanks stay at the end of their piece."""
    piece = ""
    for char in text:
        wide = unicodedata.east_asian_width(char) in "WF"
        if piece and (piece[-1] == " " != char or (wide and char not in "、。，．)）」』")):
            yield piece
            piece = ""
        piece += char
    yield piece


class Canvas:
    """A picture in the making. Shapes lie over each other in the order in which they come."""

    def __init__(self, name: str, title: str, desc: str, lang: str = "en") -> None:
        """`name` is the stem of all ids, so that two pictures can stand on one page."""
        self.name, self.title, self.desc, self.lang = name, title, desc, lang
        self.texts: list[Text] = []
        self._body: list[str] = []

    def fill(self, pattern: str) -> str:
        """What to fill a shape with to hatch it."""
        return f"url(#{self.name}-{pattern})"

    def add(self, element: str, told: str = "", **attributes: str | float) -> None:
        """A shape; `told` is what a pointer resting on it, or a reader, is told."""
        given = "".join(f' {_name(k)}="{_value(v)}"' for k, v in attributes.items() if v != "")
        inside = f"<title>{escaped(told)}</title>" if told else ""
        end = f">{inside}</{element}>" if inside else "/>"
        self._body.append(f"<{element}{given}{end}")

    def rect(
        self,
        box: Box,
        fill: str = "none",
        stroke: str = "#000",
        width: float = 0.8,
        line: str = "solid",
        told: str = "",
        radius: float = 0,
    ) -> None:
        """A rectangle."""
        self.add(
            "rect",
            told,
            x=box.x,
            y=box.y,
            width=box.width,
            height=box.height,
            rx=radius or "",
            fill=fill,
            stroke=stroke,
            stroke_width=width if stroke != "none" else "",
            stroke_dasharray=DASHES[line],
        )

    def path(
        self,
        points: str,
        width: float = 0.8,
        line: str = "solid",
        fill: str = "none",
        told: str = "",
        stroke: str = "#000",
    ) -> None:
        """A path as SVG writes it; see `points`."""
        self.add(
            "path",
            told,
            d=points,
            fill=fill,
            stroke=stroke,
            stroke_width=width,
            stroke_dasharray=DASHES[line],
            stroke_linecap="round" if line == "dotted" else "",
        )

    def circle(self, x: float, y: float, r: float, fill: str = "#fff", told: str = "") -> None:
        """A circle."""
        self.add("circle", told, cx=x, cy=y, r=r, fill=fill, stroke="#000", stroke_width=0.9)

    def text(self, text: Text) -> None:
        """A line of text. Empty ones are left out."""
        if not text.text:
            return
        text = msgspec.structs.replace(text, text=plain(text.text))
        self.texts.append(text)
        anchor = "" if text.anchor == "start" else f' text-anchor="{text.anchor}"'
        colour = "" if text.fill == "#000" else f' fill="{text.fill}"'
        self._body.append(
            f'<text x="{number(text.x)}" y="{number(text.y)}" font-size="{number(text.size)}"'
            f"{anchor}{colour}>{escaped(text.text)}</text>"
        )

    def label(self, text: Text, pad: float = 1.5) -> None:
        """A line of text on a white plate, so that no hatching runs through it."""
        box = text.box
        plate = Box(box.x - pad, box.y, box.width + 2 * pad, box.height)
        self.rect(plate, fill="#fff", stroke="none")
        self.text(text)

    def done(self, width: float, height: float) -> Picture:
        """The picture, on white."""
        families = [*FONTS.get(self.lang, FONTS["en"]), "Noto Sans CJK TC"]
        fonts = ", ".join(f"'{f}'" for f in dict.fromkeys(families))
        size = f'width="{number(width)}" height="{number(height)}"'
        ids = f"{self.name}-title {self.name}-desc"
        root = (
            f'xmlns="http://www.w3.org/2000/svg" {size} '
            f'viewBox="0 0 {number(width)} {number(height)}" role="img" '
            f'aria-labelledby="{ids}" xml:lang="{self.lang}" '
            f'font-family="{escaped(fonts)}, sans-serif"'
        )
        head = (
            f"<svg {root}>",
            f'<title id="{self.name}-title">{escaped(self.title)}</title>',
            f'<desc id="{self.name}-desc">{escaped(self.desc)}</desc>',
            "<defs>",
            *(
                f'<pattern id="{self.name}-{k}" width="6" height="6" patternUnits='
                f'"userSpaceOnUse"><rect width="6" height="6" fill="#fff"/>{v}</pattern>'
                for k, v in PATTERNS.items()
            ),
            "</defs>",
            f'<rect {size} fill="#fff"/>',
        )
        svg = "\n".join((*head, *self._body, "</svg>", "")).encode()
        return Picture(width, height, svg, tuple(self.texts))


def points(*steps: tuple[float, float], closed: bool = False) -> str:
    """Straight lines from point to point, as a path writes them."""
    text = "L".join(f"{number(x)} {number(y)}" for x, y in steps)
    return f"M{text}{'Z' if closed else ''}"


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> tuple[float, ...]:
    """Places for `wanted` (ascending), at least `gap` apart, within `low` and `high` if they fit.

    Each stands as near to where it is wanted as the others let it; order is kept.
    """
    blocks: list[list[float]] = []  # [sum of wished starts, how many], merged while they touch
    for index, at in enumerate(wanted):
        blocks.append([at - index * gap, 1])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] >= blocks[-1][0] / blocks[-1][1]:
            total, count = blocks.pop()
            blocks[-1][0] += total
            blocks[-1][1] += count
    last = high - gap * (len(wanted) - 1)
    starts = [
        max(low, min(total / count, last)) for total, count in blocks for _ in range(int(count))
    ]
    return tuple(start + index * gap for index, start in enumerate(starts))


def _name(name: str) -> str:
    return name.replace("_", "-")


def _value(value: str | float) -> str:
    return escaped(value) if isinstance(value, str) else number(value)
