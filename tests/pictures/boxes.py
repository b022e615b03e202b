"""What every picture is held to: XML that refers to nothing outside, and words kept apart."""

from __future__ import annotations

import re
from itertools import combinations
from xml.etree import ElementTree as ET

from gsomia.pictures.svg import Picture

SVG = "{http://www.w3.org/2000/svg}"


def read(picture: Picture) -> ET.Element:
    """The picture as another program reads it."""
    root = ET.fromstring(picture.svg)  # noqa: S314  # our own bytes
    assert root.tag == f"{SVG}svg"
    return root


def words(picture: Picture) -> list[str]:
    """The lines of text that stand in the file."""
    return [e.text or "" for e in read(picture).iter(f"{SVG}text")]


def overlapping(picture: Picture) -> list[tuple[str, str]]:
    """Pairs of lines that run into each other, and lines that leave the sheet."""
    boxes = [(text, text.box) for text in picture.texts]
    pairs = combinations(boxes, 2)
    found = [(a.text, b.text) for (a, one), (b, other) in pairs if one.overlaps(other)]
    for text, box in boxes:
        inside = box.x >= 0 and box.y >= 0 and box.y + box.height <= picture.height
        if not inside or box.x + box.width > picture.width:
            found.append((text.text, "the edge of the sheet"))
    return found


def sound(picture: Picture) -> None:
    """Assert what holds of every picture."""
    root = read(picture)
    assert overlapping(picture) == []
    assert words(picture) == [t.text for t in picture.texts]
    assert root.get("role") == "img"
    told = {e.get("id"): e.text for e in root if e.get("id")}
    assert all(told[name] for name in (root.get("aria-labelledby") or "").split())
    text = picture.svg.decode()
    assert set(re.findall(r"https?://[^\"' <]*", text)) == {"http://www.w3.org/2000/svg"}
    used = set(re.findall(r"url\(([^)]*)\)", text))
    assert used <= {f"#{e.get('id')}" for e in root.iter(f"{SVG}pattern")}
    tags = {e.tag.removeprefix(SVG) for e in root.iter()}
    assert tags <= set("svg title desc defs pattern rect path circle text".split())
    names = {a for e in root.iter() for a in e.attrib}
    assert not {n for n in names if n.startswith("on") or n.endswith("href") or n == "style"}
    colours = set(re.findall(r"(?:fill|stroke)=\"(#[^\"]*)\"", text))
    assert all(re.fullmatch(r"#(.)\1\1|#(..)\2\2", c) for c in colours), "only greys"
