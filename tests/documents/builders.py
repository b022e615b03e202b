"""Files made for tests: small PDFs, Word files and pictures, whole or with one fault."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

import docx
import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import Image

from gsomia.documents import Sheet, sheet
from gsomia.marking import JPN, KOR, Mark, Original, Releasability, own

NUMBER = "KOR-DIH1-2026-000123"
KOREAN: Sheet = sheet(
    KOR, own(KOR, "군사II급비밀", Releasability(frozenset({"KOR", "JPN"}))), NUMBER, 1, 3
)
JAPANESE: Sheet = sheet(
    JPN, own(JPN, "特定秘密", Releasability(frozenset({"JPN"}))), "JPN-MOD1-2026-000007", 2, 2
)

RECEIVED: Sheet = sheet(
    KOR,
    Mark("KOR", ("군사II급비밀",), (Original("JPN", "極秘"),), Releasability(frozenset({"KOR"}))),
    NUMBER,
    1,
    1,
)

Box = tuple[float, float, float, float]


def pdf(
    pages: Sequence[dict[str, Any]] = ({},),
    change: Callable[[pikepdf.Pdf], None] = lambda _: None,
    **save: Any,
) -> bytes:
    """A PDF of pages with `box`, `crop`, `rotate`, `unit` and `text` (content operators)."""
    made = pikepdf.new()
    font = made.make_indirect(
        Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    )
    for page in pages:
        held = Dictionary(
            Type=Name.Page,
            MediaBox=Array(page.get("box", (0, 0, 595, 842))),
            Resources=Dictionary(Font=Dictionary(F1=font)),
        )
        if "crop" in page:
            held.CropBox = Array(page["crop"])
        if "rotate" in page:
            held.Rotate = page["rotate"]
        if "unit" in page:
            held.UserUnit = page["unit"]
        content = str(page.get("text", "BT /F1 12 Tf 100 400 Td (Body of the page) Tj ET"))
        held.Contents = made.make_stream(content.encode())
        made.pages.append(pikepdf.Page(held))
    change(made)
    out = io.BytesIO()
    made.save(out, static_id=True, **save)
    return out.getvalue()


def word(change: Callable[[Any], None] = lambda _: None) -> bytes:
    """A Word file after `change` (`docx.document.Document`)."""
    made = docx.Document()
    change(made)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def picture(form: str, mode: str, size: tuple[int, int], **save: Any) -> bytes:
    """A picture with something in it."""
    made = Image.linear_gradient("L").resize(size).convert("I" if mode == "I;16" else mode)
    if mode == "I;16":
        made = made.point(lambda n: n * 200).convert("I;16")
    out = io.BytesIO()
    made.save(out, form, **save)
    return out.getvalue()
