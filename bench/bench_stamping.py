"""Stamping a PDF of a thousand pages, beside pypdf merging the same stamp onto each page.

pypdf covers what a page has in its margins, and checks nothing afterwards: it is the bare
work of putting a stamp on a page.
"""

from __future__ import annotations

import importlib
import io

import pikepdf
from pikepdf import Array, Dictionary, Name
from timing import Result, Row, Sizes, alone, compare, interleaved, main, per_second

from gsomia.documents import read_marks, sheet
from gsomia.documents.overlay import overlay, room
from gsomia.documents.reading import Sought, read_here
from gsomia.documents.stamp_pdf import stamp_pdf
from gsomia.marking import KOR, Releasability, own

MARK = own(KOR, "군사II급비밀", Releasability(frozenset({"KOR", "JPN"})))
SHEET = sheet(KOR, MARK, "KOR-DIH1-2026-000123", 1, 3)
ROWS = 45


def text(pages: int) -> bytes:
    """A PDF of pages full of text, with free margins."""
    made = pikepdf.new()
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    for page in range(pages):
        rows = (
            f"1 0 0 1 72 {740 - 14 * n} Tm (Page {page}, row {n} of a report with text) Tj"
            for n in range(ROWS)
        )
        body = "q BT /F1 11 Tf " + " ".join(rows) + " ET Q"
        held = Dictionary(
            Type=Name.Page,
            MediaBox=Array([0, 0, 595, 842]),
            Resources=Dictionary(Font=Dictionary(F1=font)),
            Contents=made.make_stream(body.encode()),
        )
        made.pages.append(pikepdf.Page(held))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def peer(source: bytes) -> bytes:
    """The same overlay, merged by pypdf."""
    pypdf = importlib.import_module("pypdf")
    stamp = pypdf.PdfReader(io.BytesIO(overlay(SHEET, [room(SHEET, 595, 842)]))).pages[0]
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(source))
    for page in writer.pages:
        page.merge_page(stamp)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def measure(sizes: Sizes) -> Result:
    """From memory to memory, in this process; the command starts one more (0.5 s)."""
    pages = sizes.of(1000, 20)
    source = text(pages)
    unit = per_second("pages", pages)
    stamped = stamp_pdf(source, SHEET, "file")
    if len(read_marks([stamped], "KOR").seen) != 2 * pages:
        raise RuntimeError("a page without its stamp")

    def ours() -> None:
        stamp_pdf(source, SHEET, "file")

    def reading() -> None:
        read_here(stamped, Sought("KOR", "file"))

    goal = pages / 100
    try:
        importlib.import_module("pypdf")
    except ImportError:
        found = interleaved(sizes, ours, reading)
        rows: list[Row] = [alone("stamp a PDF", found[0], unit, goal)]
        left_out: tuple[str, ...] = ("pypdf",)
    else:
        found = interleaved(sizes, ours, reading, lambda: peer(source))
        rows = [
            alone("stamp a PDF", found[0], unit, goal),
            compare("the same", found[0], "pypdf merge_page", found[2], unit),
        ]
        left_out = ()
    rows.append(alone("read its marks", found[1], unit))
    return Result(f"Stamping {pages} pages", tuple(rows), left_out)


if __name__ == "__main__":
    main(measure)
