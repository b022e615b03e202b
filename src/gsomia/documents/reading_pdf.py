"""The text in the upper and lower part of each page of a PDF, as a reader sees the page.

By PDFium, which knows fonts and their encodings. Text that is drawn invisibly, as over a
scanned page, counts: it says what the scan shows.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import closing, suppress
from typing import Any

import pypdfium2

from gsomia.documents.geometry import View
from gsomia.documents.opening import FAULTS, MAX_PAGES
from gsomia.documents.pdflibrary import library
from gsomia.documents.places import Line, Place
from gsomia.documents.unpacking import check_unpacked
from gsomia.faults import BadInput

SHARE = 0.15
"""The part of a page's height, above and below, in which a mark is looked for."""
_LEAST = 72.0
_MAX_LINES = 200
"""Lines of one zone: a page set closer shows no mark there."""


def bounded_lines_of(data: bytes, where: str) -> tuple[int, Iterator[Line]]:
    """`lines_of`, for a file that nobody looked at yet: its pages unpack to little, or `BadInput`.

    A file that one library cannot open is left to the other, and to the bounds of the process.
    """
    held = library()
    with (
        suppress(held.PasswordError, *FAULTS),
        held.open(io.BytesIO(data), suppress_warnings=True) as pdf,
    ):
        check_unpacked(pdf, where)
    return lines_of(data, where)


def lines_of(data: bytes, where: str) -> tuple[int, Iterator[Line]]:
    """The number of pages, and the lines at their tops and bottoms. Raises `BadInput`."""
    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower()
        got = "one that needs a password" if locked else "a broken one"
        raise BadInput("a PDF that can be read", got, where) from None
    if not 1 <= len(pdf) <= MAX_PAGES:
        pdf.close()
        raise BadInput(f"1 to {MAX_PAGES} pages", "another number", where)
    return len(pdf), _lines(pdf, where)


def _lines(pdf: pypdfium2.PdfDocument, where: str) -> Iterator[Line]:
    with pdf:
        for index in range(len(pdf)):
            try:
                page = pdf[index]
            except pypdfium2.PdfiumError:
                raise BadInput("pages that can be read", f"page {index + 1}", where) from None
            with closing(page):
                yield from _on_page(page, index + 1)


def _on_page(page: Any, number: int) -> Iterator[Line]:
    x0, y0, x1, y1 = page.get_cropbox()
    view = View((x0, y0, x1, y1), page.get_rotation(), 1.0)
    width, height = view.size
    high = min(height / 2, max(_LEAST, SHARE * height))
    with closing(page.get_textpage()) as text:
        for place, low, top in ((Place.TOP, height - high, height), (Place.BOTTOM, 0.0, high)):
            held = text.get_text_bounded(*view.on_page(0, low, width, top))
            for row in held.splitlines()[:_MAX_LINES]:
                if row.strip():
                    yield Line(place, number, row)
