"""Stamping a PDF: every page, top and bottom, without hiding anything.

The stamp stands in the page's margins. Where a page has something there already, the page
grows by a band above and one below, so that nothing is covered; annotations and links stay
where they are. The stamp is text in an embedded subset of the extra's font, marked as an
artifact, and one form serves all pages of a size. Before a file leaves, PDFium must read the
mark on every page.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

import pikepdf
from pikepdf import Name

from gsomia.documents import opening as files
from gsomia.documents.geometry import View, view_of
from gsomia.documents.margins import occupied
from gsomia.documents.overlay import Room, overlay, room, taller
from gsomia.documents.reading_pdf import lines_of
from gsomia.documents.sheet import Sheet
from gsomia.documents.unpacking import check_unpacked
from gsomia.faults import BadInput
from gsomia.marking.spelling import squeeze

PREFIX = "/GsomiaStamp"
"""The beginning of the stamp's name among a page's resources."""


def stamp_pdf(data: bytes, sheet: Sheet, where: str, *, may_break_signature: bool = False) -> bytes:
    """The PDF with `sheet` on every page. The same input gives the same bytes.

    Raises `BadInput` for what is no readable PDF, what `check_stampable` refuses, and a
    file that bears a stamp of this program: a copy is stamped from the item's content.
    """
    with files.opened(data, where) as pdf:
        files.check_stampable(pdf, where, may_break_signature=may_break_signature)
        return _stamped(pdf, data, sheet, where)


def _stamped(pdf: pikepdf.Pdf, data: bytes, sheet: Sheet, where: str) -> bytes:
    try:
        check_unpacked(pdf, where)  # before a page is drawn
        views = [view_of(page, f"{where}, page {n}") for n, page in enumerate(pdf.pages, 1)]
        balances = [_balance(page) for page in pdf.pages]
    except files.FAULTS:
        raise files.broken(where) from None
    rooms = [room(sheet, *view.size) for view in views]
    full = occupied(data, [r.zone for r in rooms], where)
    for n in full:
        views[n], rooms[n] = views[n].taller(rooms[n].zone), taller(rooms[n])
    for n, page in enumerate(pdf.pages, 1):
        if _is_stamped(page):
            expected = "a file without a stamp of this program"
            raise BadInput(expected, "one that has it", f"{where}, page {n}")
    writer = _Writer(pdf, sheet, rooms)
    out = io.BytesIO()
    try:
        for n, page in enumerate(pdf.pages):
            if n in full:
                _grow(page, views[n])
            writer.write(page, views[n], rooms[n], n in full, balances[n])
        pdf.save(out, deterministic_id=True, fix_metadata_version=False)
    except files.FAULTS:
        raise files.broken(where) from None
    made = out.getvalue()
    _check(made, len(views), sheet, where)
    return made


def _check(made: bytes, pages: int, sheet: Sheet, where: str) -> None:
    """Raise `BadInput` unless another reader finds the mark on every page, at each place.

    Two readers may see two files in a broken one: what one of them does not show stamped
    does not leave.
    """
    found: dict[tuple[str, int], str] = {}
    count, lines = lines_of(made, where)
    for line in lines:
        key = (line.place.value, line.number)
        found[key] = found.get(key, "") + squeeze(line.text)
    for number in range(1, max(count, pages) + 1):
        for place in sheet.places:
            if squeeze(sheet.marks_at(place)[0]) not in found.get((place.value, number), ""):
                expected = "a page that shows its stamp in every reader"
                raise BadInput(expected, "another", f"{where}, page {number}")


def _grow(page: pikepdf.Page, view: View) -> None:
    """Make the visible part of a page what `view` says, and the paper no smaller."""
    media = [float(n) for n in page.mediabox]
    box = view.box
    page.mediabox = pikepdf.Array(
        [
            min(media[0], media[2], box[0]),
            min(media[1], media[3], box[1]),
            max(media[0], media[2], box[2]),
            max(media[1], media[3], box[3]),
        ]
    )
    page.cropbox = pikepdf.Array(list(box))


class _Writer:
    """Puts the stamp on pages: one form for each size, one stream for each way to place it."""

    def __init__(self, pdf: pikepdf.Pdf, sheet: Sheet, rooms: Sequence[Room]) -> None:
        self._pdf = pdf
        sizes = list(dict.fromkeys(rooms))
        with pikepdf.open(io.BytesIO(overlay(sheet, sizes))) as made:
            self._forms = {
                size: pdf.copy_foreign(page.as_form_xobject())
                for size, page in zip(sizes, made.pages, strict=True)
            }
        self._names = {size: f"{PREFIX}{n}" for n, size in enumerate(sizes)}
        self._places: dict[tuple[View, Room, bool, int], pikepdf.Stream] = {}
        self._begins: dict[int, pikepdf.Stream] = {}

    def write(
        self, page: pikepdf.Page, view: View, size: Room, grown: bool, balance: tuple[int, int]
    ) -> None:
        opened, left = balance
        key = (view, size, grown, left)
        if key not in self._places:
            self._places[key] = self._pdf.make_stream(self._placed(view, size, grown, left))
        if opened not in self._begins:
            self._begins[opened] = self._pdf.make_stream(b"q\n" * opened)
        page.add_resource(self._forms[size], Name.XObject, Name(self._names[size]))
        page.contents_add(self._begins[opened], prepend=True)
        page.contents_add(self._places[key])

    def _placed(self, view: View, size: Room, grown: bool, left: int) -> bytes:
        """Close what the page left open, whiten new bands, and draw the form."""
        rows = ["\nQ" * left, "/Artifact <</Type /Pagination /Subtype /Header>> BDC", "q"]
        rows.append(" ".join(f"{n:.6g}" for n in view.matrix) + " cm")
        if grown:
            # What was cropped away stays unseen.
            zone, top = size.zone, size.height - size.zone
            rows.append(f"1 g 0 0 {size.width:.6g} {zone:.6g} re")
            rows.append(f"0 {top:.6g} {size.width:.6g} {zone:.6g} re f")
        rows.append(f"{self._names[size]} Do")
        rows += ["Q", "EMC", ""]
        return "\n".join(rows).encode()


def _balance(page: pikepdf.Page) -> tuple[int, int]:
    """How many states to save before a page's content, and how many to restore after it.

    Content that restores more than it saved, or the other way round, must not move the
    stamp or clip it.
    """
    level = lowest = 0
    for instruction in pikepdf.parse_content_stream(page, operators="q Q"):
        level += 1 if str(instruction.operator) == "q" else -1
        lowest = min(lowest, level)
    opened = 1 - lowest
    return opened, opened + level


def _is_stamped(page: pikepdf.Page) -> bool:
    forms = page.resources.get("/XObject")
    return isinstance(forms, pikepdf.Dictionary) and any(
        n.startswith(PREFIX) for n, _ in forms.items()
    )
