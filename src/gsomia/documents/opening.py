"""Opening a PDF, and why one is not stamped.

A stamp must show on every page, in every reader, and stay as it is. What could undo
that - a script, a form drawn by the reader, a password, a portfolio - is refused with its
reason. A signature is refused unless the caller says that it may break.
"""

from __future__ import annotations

import io
from typing import Any

import pikepdf

from gsomia.faults import BadInput

MAX_PAGES = 20_000
_MAX_FIELDS = 20_000
FAULTS = (
    *(pikepdf.PdfError, pikepdf.ForeignObjectError, RuntimeError, ValueError, TypeError),
    *(KeyError, IndexError, AttributeError, OverflowError),
)
"""What qpdf's objects raise where a part is not of the kind that the format says."""
_HARMLESS = ("None", "/GoTo", "/Named")


def opened(data: bytes, where: str) -> pikepdf.Pdf:
    """An open PDF that has pages and no password. Raises `BadInput`."""
    try:
        pdf = pikepdf.open(io.BytesIO(data), suppress_warnings=True, inherit_page_attributes=True)
    except pikepdf.PasswordError:
        raise BadInput("a PDF without a password", "one that needs it", where) from None
    except FAULTS:
        raise broken(where) from None
    if pdf.is_encrypted:
        pdf.close()
        raise BadInput("a PDF that is not encrypted", "one that is", where)
    try:
        count = len(pdf.pages)
    except FAULTS:
        raise broken(where) from None
    if not 1 <= count <= MAX_PAGES:
        raise BadInput(f"1 to {MAX_PAGES} pages", str(count), where)
    return pdf


def broken(where: str) -> BadInput:
    """The error of what cannot be read as a PDF."""
    return BadInput("a PDF that can be read", "a broken one", where)


def check_stampable(pdf: pikepdf.Pdf, where: str, *, may_break_signature: bool) -> None:
    """Raise `BadInput` for a PDF whose stamp could be undone, or that a stamp would break."""
    root = pdf.Root
    form = root.get("/AcroForm")
    if _has(form, "/XFA"):
        raise BadInput("a PDF whose pages are its own", "a form drawn by the reader (XFA)", where)
    if _scripted(root):
        raise BadInput("a PDF that runs nothing", "one with a script or an action", where)
    if "/Collection" in root or _has(root.get("/Names"), "/EmbeddedFiles"):
        raise BadInput("a PDF without files in it", "one with attached files", where)
    if not may_break_signature and is_signed(pdf):
        raise BadInput(
            "a PDF without a signature, which a stamp would break", "a signed one", where
        )


def _has(part: Any, key: str) -> bool:
    return isinstance(part, pikepdf.Dictionary) and key in part


def _scripted(root: pikepdf.Object) -> bool:
    action = root.get("/OpenAction")
    runs = isinstance(action, pikepdf.Dictionary) and str(action.get("/S")) not in _HARMLESS
    return runs or "/AA" in root or _has(root.get("/Names"), "/JavaScript")


def is_signed(pdf: pikepdf.Pdf) -> bool:
    """Whether a PDF says that it is signed: by its form's flags, a field, or its permissions."""
    form = pdf.Root.get("/AcroForm")
    if _has(pdf.Root.get("/Perms"), "/DocMDP") or _has(pdf.Root.get("/Perms"), "/UR3"):
        return True
    if not isinstance(form, pikepdf.Dictionary):
        return False
    flags = form.get("/SigFlags", 0)
    if isinstance(flags, int) and flags & 1:
        return True
    fields = form.get("/Fields")
    left = list(fields)[:_MAX_FIELDS] if isinstance(fields, pikepdf.Array) else []
    seen = 0
    while left and seen < _MAX_FIELDS:
        field, seen = left.pop(), seen + 1
        if not isinstance(field, pikepdf.Dictionary):
            continue
        if str(field.get("/FT", "")) == "/Sig" and "/V" in field:
            return True
        kids = field.get("/Kids")
        if isinstance(kids, pikepdf.Array):
            left += list(kids)[:_MAX_FIELDS]
    return False
