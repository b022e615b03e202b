"""Opening a PDF, and why one is not stamped.

A stamp must show on every page, in every reader, and stay as it is. What could undo
that - a script, a form drawn by the reader, a password, a portfolio - is refused with its
reason. So is what runs only when a reader asks for it: nobody looks before a click. A
signature is refused unless the caller says that it may break.
"""

from __future__ import annotations

import io

import pikepdf

from gsomia.documents.actions import draws_in, fields, has_key, holds_files, runs_something
from gsomia.documents.pdflibrary import library
from gsomia.faults import BadInput

MAX_PAGES = 20_000
FAULTS = (
    *(pikepdf.PdfError, pikepdf.ForeignObjectError, RuntimeError, ValueError, TypeError),
    *(KeyError, IndexError, AttributeError, OverflowError),
)
"""What qpdf's objects raise where a part is not of the kind that the format says."""


def opened(data: bytes, where: str) -> pikepdf.Pdf:
    """An open PDF that has pages and no password. Raises `BadInput`."""
    library()  # sets the bounds on what a stream may unpack to
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
    if has_key(pdf.Root.get("/AcroForm"), "/XFA"):
        raise BadInput("a PDF whose pages are its own", "a form drawn by the reader (XFA)", where)
    if runs_something(pdf, where):
        raise BadInput("a PDF that runs nothing", "one with a script or an action", where)
    if holds_files(pdf, where):
        raise BadInput("a PDF without files in it", "one with attached files", where)
    if draws_in(pdf):
        raise BadInput("a PDF that is whole", "one that draws in other files", where)
    if not may_break_signature and is_signed(pdf, where):
        raise BadInput(
            "a PDF without a signature, which a stamp would break", "a signed one", where
        )


def is_signed(pdf: pikepdf.Pdf, where: str) -> bool:
    """Whether a PDF says that it is signed: by its form's flags, a field, or its permissions."""
    form = pdf.Root.get("/AcroForm")
    if any(has_key(pdf.Root.get("/Perms"), key) for key in ("/DocMDP", "/UR3")):
        return True
    if not isinstance(form, pikepdf.Dictionary):
        return False
    flags = form.get("/SigFlags", 0)
    if isinstance(flags, int) and flags & 1:
        return True
    return any(str(f.get("/FT", "")) == "/Sig" and "/V" in f for f in fields(pdf, where))
