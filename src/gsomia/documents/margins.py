"""Which pages of a PDF have something in their margins, seen as a reader would see it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

import pypdfium2

from gsomia.faults import BadInput

_DOTS = 36.0 / 72.0
"""Pixels to the point: half a millimetre of ink leaves a trace at this size."""
_MAX_PIXELS = 1500.0


def occupied(data: bytes, zones: Sequence[float], where: str) -> set[int]:
    """The indexes of pages with something in the upper or lower `zones[n]` points.

    Drawn with annotations and form fields, small. A page that cannot be drawn counts as
    full. Raises `BadInput` if the file cannot be read as a PDF.
    """
    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        raise BadInput("a PDF that can be read", "a broken one", where) from None
    with pdf:
        if len(pdf) != len(zones):
            raise BadInput(f"{len(zones)} pages in every reader", str(len(pdf)), where)
        return {n for n, zone in enumerate(zones) if _is_full(pdf, n, zone, where)}


def _is_full(pdf: pypdfium2.PdfDocument, index: int, zone: float, where: str) -> bool:
    try:
        page = pdf[index]
    except pypdfium2.PdfiumError:
        return True
    with closing(page):
        width, height = page.get_size()
        if min(width, height) < 1.0:
            # Another reader than ours finds no page here: no stamp would show in it.
            expected = "a page that shows its stamp in every reader"
            raise BadInput(expected, "another", f"{where}, page {index + 1}")
        scale = min(_DOTS, _MAX_PIXELS / max(width, height))
        # On a very long page the zone can be thinner than a pixel, and nothing would be drawn.
        rest = max(0.0, height - max(zone, 2.0 / scale))
        for crop in ((0, rest, 0, 0), (0, 0, 0, rest)):
            bitmap = page.render(scale=scale, crop=crop, grayscale=True)
            pixels = bytes(bitmap.buffer)
            stride, wide, high = bitmap.stride, bitmap.width, bitmap.height
            rows = (pixels[y * stride : y * stride + wide] for y in range(high))
            if any(row.count(255) != len(row) for row in rows):
                return True
    return False
