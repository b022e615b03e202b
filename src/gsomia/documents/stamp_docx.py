"""Stamping a Word file: header and footer of every section, first and even pages too.

What a header or footer holds stays; the stamp stands above it, or below. Word moves
the body away from a tall header by itself, unless the margin is said to be exact: then
it no longer is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from gsomia.documents import wordfile
from gsomia.documents.sheet import Sheet
from gsomia.faults import BadInput
from gsomia.marking import Place

if TYPE_CHECKING:
    from docx.document import Document
    from docx.section import Section
    from docx.text.paragraph import Paragraph

STYLE = "GsomiaStamp"
"""The name of the paragraph style of a stamp, by which it is known."""
_RED = (0xC8, 0x10, 0x2E)
_LARGE, _MIDDLE, _SMALL = 15.0, 9.0, 7.5
_LEAST, _MOST, _USUAL = 8.0, 72.0, 18.0
"""Points between a stamp and the paper's edge: never so near or far that it is not seen."""
_TAGS = {"ko": "ko-KR", "ja": "ja-JP", "en": "en-US"}
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def stamp_docx(
    data: bytes, sheet: Sheet, where: str, *, may_break_signature: bool = False
) -> bytes:
    """The document with `sheet` on every page. The same input gives the same bytes.

    Raises `BadInput` for a file that is no plain Word document, one out of bounds, one
    with macros, one that draws in others, a signed one unless it may break, and one that
    bears a stamp of this program.
    """
    held = wordfile.package(data, where)
    wordfile.check_stampable(held, where, may_break_signature=may_break_signature)
    document = wordfile.opened(data, where)
    try:
        if any(style.name == STYLE for style in document.styles):
            raise BadInput("a file without a stamp of this program", "one that has it", where)
        _stamp(document, sheet)
        return wordfile.saved(document)
    except wordfile.FAULTS:
        raise wordfile.broken(where) from None


def _stamp(document: Document, sheet: Sheet) -> None:
    from docx.enum.style import WD_STYLE_TYPE

    style = document.styles.add_style(STYLE, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = None
    done: set[Any] = set()
    for number, section in enumerate(document.sections):
        _set_apart(section)
        for place, part in _parts(section):
            if place not in sheet.places:
                continue
            if number == 0 and part.is_linked_to_previous:
                # Later sections take theirs from here, whatever kind of page they begin with.
                part.is_linked_to_previous = False
            if part.is_linked_to_previous or part.part in done:
                continue
            done.add(part.part)
            _write(part, sheet, place)


def _set_apart(section: Section) -> None:
    from docx.shared import Pt

    for name in ("top_margin", "bottom_margin"):
        held = getattr(section, name)
        if held is not None and held < 0:
            setattr(section, name, abs(held))
    for name in ("header_distance", "footer_distance"):
        held = getattr(section, name)
        if held is None or not Pt(_LEAST) <= held <= Pt(_MOST):
            setattr(section, name, Pt(_USUAL))


def _parts(section: Section) -> Iterator[tuple[Place, Any]]:
    yield Place.TOP, section.header
    yield Place.TOP, section.first_page_header
    yield Place.TOP, section.even_page_header
    yield Place.BOTTOM, section.footer
    yield Place.BOTTOM, section.first_page_footer
    yield Place.BOTTOM, section.even_page_footer


def _write(part: Any, sheet: Sheet, place: Place) -> None:
    """The stamp's paragraphs, above what stands in a header or below what stands in a footer."""
    marks = enumerate(sheet.marks_at(place))
    rows = [(t, _LARGE if n == 0 else _MIDDLE, sheet.framed) for n, t in marks]
    rows += [(t, _SMALL, False) for t in (sheet.originator, sheet.number, sheet.release) if t]
    made = [_paragraph(part, *row, sheet) for row in rows]
    if place is Place.TOP:
        for paragraph in reversed(made):
            part._element.insert(0, paragraph._p)  # noqa: SLF001  python-docx has no other way


def _paragraph(part: Any, text: str, size: float, framed: bool, sheet: Sheet) -> Paragraph:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt, RGBColor

    paragraph: Paragraph = part.add_paragraph(style=STYLE)
    form = paragraph.paragraph_format
    form.alignment = WD_ALIGN_PARAGRAPH.CENTER
    form.space_before = form.space_after = Pt(0)
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    run.font.hidden = False
    run.font.bold = False
    if sheet.colour == "red":
        run.font.color.rgb = RGBColor(*_RED)
    properties = run._r.get_or_add_rPr()  # noqa: SLF001  python-docx has no word for a language
    language = properties.makeelement(f"{_W}lang", {f"{_W}eastAsia": _TAGS[sheet.language]})
    properties.append(language)
    if framed:
        _frame(paragraph)
    return paragraph


def _frame(paragraph: Paragraph) -> None:
    """A line around the paragraph. Neighbours with the same line share one frame."""
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001  python-docx has no word for it
    borders = properties.makeelement(f"{_W}pBdr", {})
    for side in ("top", "left", "bottom", "right"):
        value = {f"{_W}val": "single", f"{_W}sz": "12", f"{_W}space": "2", f"{_W}color": "C8102E"}
        borders.append(properties.makeelement(f"{_W}{side}", value))
    after = [properties.find(f"{_W}{name}") for name in ("spacing", "ind", "jc")]
    first = next((found for found in after if found is not None), None)
    if first is None:
        properties.append(borders)
    else:
        first.addprevious(borders)
