"""The text of a Word file's headers and footers, and of its first and last paragraphs."""

from __future__ import annotations

from collections.abc import Iterator

from gsomia.documents import wordfile
from gsomia.documents.places import Line, Place
from gsomia.faults import shown
from gsomia.marking.xmlguard import Element, Limits, parse

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_SPACES = (_W, _STRICT)
_ENDS = 3
"""Paragraphs at the beginning and at the end that are read."""
_LIMITS = Limits(size=64 << 20, depth=100, elements=2_000_000)


def lines_of(data: bytes, where: str) -> Iterator[Line]:
    """The lines of headers and footers, then of the body's ends. Raises `BadInput`.

    A header or footer without text is a line without text.
    """
    held = wordfile.package(data, where)
    main, _ = held.main
    for place, kind in ((Place.HEADER, "header"), (Place.FOOTER, "footer")):
        for number, name in enumerate(held.related(main, kind), 1):
            root = _parsed(held.read(name), where, name)
            for text in list(_paragraphs(root)) or [""]:
                yield Line(place, number, text)
    body = list(_paragraphs(_parsed(held.read(main), where, main)))
    ends = [(Place.FIRST, n) for n in range(min(_ENDS, len(body)))]
    ends += [(Place.LAST, n) for n in range(max(_ENDS, len(body) - _ENDS), len(body))]
    for place, n in ends:
        yield Line(place, n + 1, body[n])


def _parsed(data: bytes, where: str, name: str) -> Element:
    return parse(data, f"{where}, {shown(name)}", _LIMITS)


def _paragraphs(root: Element) -> Iterator[str]:
    """The text of each paragraph that has any, those in text boxes and tables too."""
    todo = [root]
    while todo:
        element = todo.pop()
        if _is(element, "p"):
            text = "".join(_texts(element))
            if text.strip():
                yield text
        todo += reversed(element.children)


def _texts(paragraph: Element) -> Iterator[str]:
    """The text of a paragraph, without that of paragraphs inside it, hidden or deleted text."""
    todo = list(reversed(paragraph.children))
    while todo:
        element = todo.pop()
        if _is(element, "p") or _is(element, "del") or _is_hidden(element):
            continue
        if _is(element, "t"):
            yield element.text
        elif _is(element, "tab") or _is(element, "br"):
            yield " "
        else:
            todo += reversed(element.children)


def _is(element: Element, local: str) -> bool:
    return element.local == local and element.namespace in _SPACES


def _is_hidden(element: Element) -> bool:
    if not _is(element, "r"):
        return False
    for part in element.children:
        for one in part.children if _is(part, "rPr") else ():
            if _is(one, "vanish"):
                value = one.attributes.get(f"{one.namespace}}}val", "true")
                return value not in ("0", "false", "off")
    return False
