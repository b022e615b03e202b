"""Stamping a picture: a band above and one below, so that nothing in it is hidden.

What the file says of the picture stays: EXIF with its times and places, colour profile,
resolution, XMP with a label in it. The stamp's text is added to the XMP. A stamp takes nothing
away; who must not know the place gets another item. Two things change: the picture is turned as
EXIF says, and the small preview inside EXIF goes, for it would show the picture unmarked.
"""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from typing import Any

from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from gsomia.documents import images
from gsomia.documents.kinds import Kind
from gsomia.documents.overlay import Room, band, room
from gsomia.documents.sheet import Sheet
from gsomia.faults import BadInput
from gsomia.marking import Place
from gsomia.marking.binding import xmp

MAX_PIXELS = 100_000_000
MAX_SIDE = 60_000
_BOUNDS = f"a picture of at most {MAX_PIXELS} pixels, and {MAX_SIDE} on a side"
_NARROWEST = 240
"""Pixels: a smaller picture gets white sides, or its stamp could not be read."""
_SMALLEST = 1.3
"""Pixels to a point of the stamp, at least: its smallest letters are 10 pixels high."""
_KEPT = ("RGB", "RGBA", "CMYK", "I;16")
_QUALITY = 95
_BEYOND = 288
"""Rows: more than what is unsure below a picture of one block's width."""
_UNSURE = {0xC0: 4, 0xC1: 4, 0xC2: 8}
"""Blocks that seven bits can make, by the kinds of frame with Huffman coding."""
_SMOOTHED = 2
"""Pixels: how far a neighbour's colour reaches where colours are coded at half the size."""
_DEEP = 257
"""From 8 bits to 16."""
_FAULTS = (
    *(OSError, ValueError, SyntaxError, EOFError, TypeError, KeyError, IndexError, OverflowError),
    *(struct.error, zlib.error, UnidentifiedImageError),
)
"""What Pillow raises for a file that is not what it expects."""


def stamp_image(data: bytes, kind: Kind, sheet: Sheet, where: str) -> bytes:
    """The picture between two bands, in its own format. The same input gives the same bytes.

    PNG loses nothing. JPEG is encoded again, at quality 95. Raises `BadInput` for a
    picture that cannot be read, is too large, or moves.
    """
    packet = _noted(data, sheet, where)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the bounds below are ours
        picture, kept = _opened(data, kind, where)
        made = _banded(picture, sheet)
        out = io.BytesIO()
        if kind is Kind.JPEG:
            made.save(out, "JPEG", quality=_QUALITY, subsampling=0, **kept)
        else:
            made.save(out, "PNG", **kept)
    return images.write_xmp(out.getvalue(), packet, where)


def _noted(data: bytes, sheet: Sheet, where: str) -> bytes:
    """The picture's XMP packet with the stamp as text in it, for programs that read no pixels.

    A packet that cannot be read strictly stays as it is, without that text. Raises `BadInput`
    for a picture that bears a stamp of this program.
    """
    packet = images.read_xmp(data, where)
    stamped = None
    try:
        if packet is not None:
            stamped = xmp.read_property(packet, xmp.STAMP, where)
        made = xmp.write_property(sheet.note(), xmp.STAMP, packet, where)
    except BadInput:
        if packet is None:
            raise
        made = packet
    if stamped is not None:
        raise BadInput("a file without a stamp of this program", "one that has it", where)
    return made


def _opened(data: bytes, kind: Kind, where: str) -> tuple[Image.Image, dict[str, Any]]:
    """The picture as a person sees it, and what stays of what the file says of it."""
    try:
        picture = Image.open(io.BytesIO(data), formats=[kind.value.upper()])
        if getattr(picture, "n_frames", 1) != 1:
            raise BadInput("one still picture", "several", where)
        width, height = picture.size
        if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
            raise BadInput(_BOUNDS, f"{width} × {height}", where)
        if kind is Kind.PNG:
            images.check_rows(data, where)
        picture.load()
        if kind is Kind.JPEG:
            _check_beyond(data, where)
        kept = {k: picture.info[k] for k in ("dpi", "icc_profile") if picture.info.get(k)}
        exif = picture.getexif()
        turned = ImageOps.exif_transpose(picture)
        if exif:
            exif[ExifTags.Base.Orientation] = 1
            kept["exif"] = exif.tobytes()
    except Image.DecompressionBombError:
        raise BadInput(_BOUNDS, "one whose header claims more", where) from None
    except _FAULTS:
        raise BadInput("a picture that can be read", "a broken one", where) from None
    return _in_colour(turned), kept


def _check_beyond(data: bytes, where: str) -> None:
    """That a JPEG shows nothing below the rows its header claims. Raises `BadInput`.

    The picture is read once more as if it were higher. Where nothing more is coded, all that
    comes then is of one colour, but for the first few blocks: the bits that fill the last byte
    are read as if they meant something, in a progressive picture once for each scan. So a row
    or two of blocks may pass unseen. Arithmetic coding has no such end, and is not looked at.
    """
    frame = images.frame_of(data, where)
    if frame.kind not in _UNSURE:
        return
    higher = images.claiming(data, frame, frame.height + _BEYOND)
    picture = Image.open(io.BytesIO(higher), formats=["JPEG"]).convert("RGB")
    across, down = frame.unit
    top = -(-frame.height // down) * down + _SMOOTHED
    below = picture.crop((0, top, picture.width, picture.height))
    unsure, in_a_row = _UNSURE[frame.kind], -(-frame.width // across)
    rows = -(-unsure // in_a_row)
    wide = min(unsure * across + _SMOOTHED, below.width)
    last = below.crop((below.width - 1, below.height - 1, below.width, below.height))
    below.paste(last.resize((wide, rows * down + _SMOOTHED)), (0, 0))
    if below.getcolors(1) is None:
        raise BadInput("as many rows of pixels as the header claims", "more", where)


def _in_colour(picture: Image.Image) -> Image.Image:
    """The picture in a mode that a red stamp can stand in; 16 bits of grey stay."""
    if picture.mode in _KEPT:
        return picture
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def _banded(picture: Image.Image, sheet: Sheet) -> Image.Image:
    width = max(picture.width, _NARROWEST)
    of = room(sheet, float(width), float(max(picture.height, _NARROWEST)), _SMALLEST)
    bands = {place: _band(sheet, of, place, picture.mode) for place in sheet.places}
    above = bands[Place.TOP].height if Place.TOP in bands else 0
    height = above + picture.height + (bands[Place.BOTTOM].height if Place.BOTTOM in bands else 0)
    canvas = _blank(picture.mode, (width, height))
    canvas.paste(picture, ((width - picture.width) // 2, above))
    for place, made in bands.items():
        canvas.paste(made, (0, 0 if place is Place.TOP else above + picture.height))
    return canvas


def _band(sheet: Sheet, of: Room, place: Place, mode: str) -> Image.Image:
    with Image.open(io.BytesIO(band(sheet, of, place)), formats=["PNG"]) as made:
        return _as(made.convert("RGB"), mode)


def _blank(mode: str, size: tuple[int, int]) -> Image.Image:
    white: dict[str, Any] = {"CMYK": (0, 0, 0, 0), "I;16": 65535}
    return Image.new(mode, size, white.get(mode, "white"))


def _as(stamp: Image.Image, mode: str) -> Image.Image:
    if mode != "I;16":
        return stamp.convert(mode)
    return stamp.convert("L").convert("I").point(lambda n: n * _DEEP).convert("I;16")
