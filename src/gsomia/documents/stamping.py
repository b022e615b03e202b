"""Stamping a file of any known format, here and now, without bounds of time and memory.

Whoever has a file of others calls `gsomia.documents.stamp`, which runs this in a process
of its own.
"""

from __future__ import annotations

import msgspec

from gsomia.documents.kinds import Kind, check_size, kind_of, unknown
from gsomia.documents.sheet import Sheet
from gsomia.faults import BadInput

KNOWN = "a PDF, a Word file (.docx) without password, a PNG, a JPEG, or text in UTF-8"


class Asked(msgspec.Struct, frozen=True):
    """How to stamp. `where` names the file in messages; `label` is bound inside, if it can be."""

    sheet: Sheet
    where: str
    may_break_signature: bool = False
    label: bytes | None = None


def stamp_here(data: bytes, asked: Asked) -> tuple[Kind, bytes]:
    """The stamped file and its format. The same input gives the same bytes.

    Raises `BadInput` for a format that is not known, a file out of bounds, or one that
    cannot be stamped for good.
    """
    check_size(len(data), asked.where)
    match kind := kind_of(data):
        case Kind.PDF:
            from gsomia.documents.stamp_pdf import stamp_pdf

            made = stamp_pdf(
                data, asked.sheet, asked.where, may_break_signature=asked.may_break_signature
            )
        case Kind.TEXT:
            from gsomia.documents.stamp_text import stamp_text

            made = stamp_text(data, asked.sheet, asked.where)
        case Kind.DOCX:
            from gsomia.documents.stamp_docx import stamp_docx

            made = stamp_docx(
                data, asked.sheet, asked.where, may_break_signature=asked.may_break_signature
            )
        case Kind.PNG | Kind.JPEG:
            from gsomia.documents.stamp_image import stamp_image

            made = stamp_image(data, kind, asked.sheet, asked.where)
        case None:
            raise BadInput(KNOWN, unknown(data), asked.where)
    if asked.label is None or kind is Kind.TEXT:
        return kind, made
    return kind, _bound(data, made, asked.label, asked.where)


def _bound(data: bytes, made: bytes, label: bytes, where: str) -> bytes:
    """The stamped file with the label inside. One with another label is refused."""
    from gsomia.documents.embedded import bind_inside, labels_in, write_binding
    from gsomia.marking.label import read

    held = read(label, "label")
    if any(other != held for other in labels_in(data, where)):
        raise BadInput("a file without a label, or with this one", "one with another", where)
    return write_binding(made, bind_inside(made, [held], where), where)
