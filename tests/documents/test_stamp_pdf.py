"""A stamped PDF, opened in another reader: PDFium. Rules of what is not stamped as a table."""

from __future__ import annotations

import io
from contextlib import closing
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name, String

from gsomia.documents.actions import MAX_PARTS
from gsomia.documents.margins import occupied
from gsomia.documents.stamp_pdf import stamp_pdf
from gsomia.faults import BadInput
from tests.documents.builders import JAPANESE, KOREAN, pdf

SAMPLE = Path("examples/documents/nasa-grace-hopper-osd-public.pdf")


def texts(data: bytes) -> list[str]:
    """The text of each page."""
    found = []
    with pypdfium2.PdfDocument(data) as file:
        for index in range(len(file)):
            with closing(file[index]) as page:
                found.append(page.get_textpage().get_text_bounded())
    return found


def size_seen(data: bytes) -> tuple[float, float]:
    with pypdfium2.PdfDocument(data) as file:
        width, height = file[0].get_size()
        return float(width), float(height)


def is_red(data: bytes, index: int = 0) -> tuple[bool, bool, bool]:
    """Whether red ink shows in the upper, middle and lower part of the page as it is seen."""
    with pypdfium2.PdfDocument(data) as file:
        page = file[index]
        image = page.render(scale=600 / max(page.get_size())).to_pil().convert("RGB")
    high = image.height

    def has(top: float, bottom: float) -> bool:
        part = image.crop((0, int(high * top), image.width, int(high * bottom)))
        return any(r - g > 40 < r - b for _, (r, g, b) in part.getcolors(1 << 20))

    return has(0, 0.22), has(0.45, 0.55), has(0.78, 1)


@pytest.mark.parametrize(
    "page",
    [
        pytest.param({}, id="A4"),
        pytest.param({"box": (0, 0, 842, 595)}, id="A4 across"),
        pytest.param({"rotate": 90}, id="turned right"),
        pytest.param({"rotate": 180}, id="upside down"),
        pytest.param({"rotate": 270}, id="turned left"),
        pytest.param({"rotate": -90}, id="turned left, written otherwise"),
        pytest.param({"box": (-100, 50, 495, 892)}, id="another origin"),
        pytest.param({"box": (595, 842, 0, 0)}, id="corners the other way round"),
        pytest.param({"crop": (50, 200, 545, 700)}, id="cropped"),
        pytest.param({"crop": (50, 200, 545, 700), "rotate": 90}, id="cropped and turned"),
        pytest.param({"crop": (-50, -50, 900, 900)}, id="CropBox larger than the paper"),
        pytest.param({"box": (0, 0, 2384, 3370)}, id="A0"),
        pytest.param({"box": (0, 0, 60, 40), "text": ""}, id="a tiny page"),
        pytest.param({"box": (0, 0, 200, 2000)}, id="a strip"),
        pytest.param({"box": (0, 0, 59.5, 84.2), "unit": 10, "text": ""}, id="user unit"),
        pytest.param({"text": "q 0.1 0 0 0.1 0 0 cm 0 0 m"}, id="a state left open"),
        pytest.param({"text": "Q Q Q 0 1 0 rg"}, id="states closed that were not open"),
        pytest.param({"text": "0 0 5 5 re W n"}, id="clipped at the end"),
        pytest.param({"text": "2 0 0 2 300 300 cm"}, id="moved at the end"),
    ],
)
def test_a_stamp_shows_at_the_top_and_the_bottom_as_the_page_is_seen(page):
    made = stamp_pdf(pdf([page]), KOREAN, "file")
    assert is_red(made) == (True, False, True)
    text = texts(made)[0]
    assert text.count("군사II급비밀") == 2
    assert text.count("KOR-DIH1-2026-000123 · 사본번호 1-3") == 2


def test_every_page_of_a_real_file_is_stamped_and_nothing_else_moves():
    source = SAMPLE.read_bytes()
    made = stamp_pdf(source, KOREAN, "file")
    assert all(text.count("군사II급비밀") == 2 for text in texts(made))
    with pikepdf.open(io.BytesIO(source)) as old, pikepdf.open(io.BytesIO(made)) as new:
        assert len(old.pages) == len(new.pages)
        for before, after in zip(old.pages, new.pages, strict=True):
            assert before.get("/Annots", Array()) == after.get("/Annots", Array()) or len(
                before.Annots
            ) == len(after.Annots)


def test_a_page_with_something_in_its_margin_grows_and_one_without_does_not():
    blank = stamp_pdf(pdf(), KOREAN, "file")
    head = "BT /F1 12 Tf 100 810 Td (A header of its own) Tj ET"
    full = stamp_pdf(pdf([{"text": head}]), KOREAN, "file")
    assert size_seen(blank) == (595, 842)
    width, height = size_seen(full)
    assert width == 595
    assert height > 842 + 80


@pytest.mark.parametrize("box", [(0, 0, 20, 75_000), (0, 0, 75_000, 20)])
def test_the_margin_of_a_page_that_is_all_length_is_looked_at(box):
    x, y = box[2] - 12, box[3] - 12
    ink = f"{x} {y} 10 10 re f" if box[3] > box[2] else f"0 {y} {box[2]} 10 re f"
    assert occupied(pdf([{"box": box, "text": ""}]), [0.5], "file") == set()
    assert occupied(pdf([{"box": box, "text": ink}]), [0.5], "file") == {0}


def test_what_was_cropped_away_does_not_show_in_a_band():
    black = "0 g 0 0 595 842 re f"
    made = stamp_pdf(pdf([{"crop": (100, 100, 500, 700), "text": black}]), KOREAN, "file")
    with pypdfium2.PdfDocument(made) as file:
        image = file[0].render(scale=1).to_pil().convert("L")
    assert image.getpixel((3, 3)) == 255
    assert image.getpixel((3, image.height - 3)) == 255


def test_the_framed_mark_stands_in_a_frame():
    plain, framed = (stamp_pdf(pdf(), s, "file") for s in (KOREAN, JAPANESE))
    assert b"".join(_drawn(framed)).count(b"S") > b"".join(_drawn(plain)).count(b"S")
    assert "特定秘密" in texts(framed)[0]


def _drawn(data: bytes) -> list[bytes]:
    with pikepdf.open(io.BytesIO(data)) as file:
        forms = file.pages[0].resources["/XObject"]
        return [form.read_bytes() for _, form in forms.items()]


def test_the_font_is_embedded_as_a_subset():
    made = stamp_pdf(pdf(), KOREAN, "file")
    with pikepdf.open(io.BytesIO(made)) as file:
        form = file.pages[0].resources["/XObject"]["/GsomiaStamp0"]
        fonts = [font for _, font in form.Resources.Font.items()]
        for font in fonts:
            inner = font.DescendantFonts[0].FontDescriptor
            assert "/FontFile3" in inner or "/FontFile2" in inner
            assert "+" in str(font.BaseFont)
    assert len(made) < 60_000


def test_the_same_input_gives_the_same_bytes_and_another_copy_others():
    source = pdf([{}, {"box": (0, 0, 300, 300)}])
    assert stamp_pdf(source, KOREAN, "file") == stamp_pdf(source, KOREAN, "file")
    assert stamp_pdf(source, KOREAN, "file") != stamp_pdf(source, JAPANESE, "file")


def test_one_form_serves_all_pages_of_a_size():
    made = stamp_pdf(pdf([{}] * 40), KOREAN, "file")
    with pikepdf.open(io.BytesIO(made)) as file:
        ids = {p.resources["/XObject"]["/GsomiaStamp0"].objgen for p in file.pages}
    assert len(ids) == 1


# -- what is not stamped ------------------------------------------------------------


def xfa(file: pikepdf.Pdf) -> None:
    file.Root.AcroForm = Dictionary(Fields=Array(), XFA=file.make_stream(b"<xdp/>"))


def form(file: pikepdf.Pdf) -> None:
    file.Root.AcroForm = Dictionary(Fields=Array())


def script(file: pikepdf.Pdf) -> None:
    action = Dictionary(S=Name.JavaScript, JS=String("this.pageNum"))
    file.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), action])))


def opening(file: pikepdf.Pdf) -> None:
    file.Root.OpenAction = Dictionary(S=Name.Launch)


def going(file: pikepdf.Pdf) -> None:
    file.Root.OpenAction = Dictionary(S=Name.GoTo, D=Array([file.pages[0].obj, Name.Fit]))


def opening_then_script(file: pikepdf.Pdf) -> None:
    going(file)
    file.Root.OpenAction.Next = Dictionary(S=Name.JavaScript, JS=String("this.pageNum"))


def opening_in_a_circle(file: pikepdf.Pdf) -> None:
    going(file)
    action = file.make_indirect(file.Root.OpenAction)
    action.Next, file.Root.OpenAction = action, action


def page_script(file: pikepdf.Pdf) -> None:
    file.pages[0].obj.AA = Dictionary(O=Dictionary(S=Name.JavaScript, JS=String("this.pageNum")))


def _noted(file: pikepdf.Pdf, **more: Any) -> None:
    note = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), **more)
    file.pages[0].obj.Annots = Array([file.make_indirect(note)])


def link(file: pikepdf.Pdf) -> None:
    _noted(file, A=Dictionary(S=Name.URI, URI=String("https://example.mil.kr/")))


def launching(file: pikepdf.Pdf) -> None:
    _noted(file, A=Dictionary(S=Name.Launch, F=String("a.exe")))


def link_script(file: pikepdf.Pdf) -> None:
    _noted(file, AA=Dictionary(E=Dictionary(S=Name.JavaScript, JS=String("this.pageNum"))))


def field_script(file: pikepdf.Pdf) -> None:
    more = Dictionary(C=Dictionary(S=Name.JavaScript, JS=String("this.pageNum")))
    inner = file.make_indirect(Dictionary(T=String("a"), AA=more))
    file.Root.AcroForm = Dictionary(Fields=Array([Dictionary(T=String("b"), Kids=Array([inner]))]))


def outline_script(file: pikepdf.Pdf) -> None:
    action = Dictionary(S=Name.JavaScript, JS=String("this.pageNum"))
    entry = file.make_indirect(Dictionary(Title=String("a"), A=action))
    file.Root.Outlines = file.make_indirect(Dictionary(First=entry, Last=entry, Count=1))


def link_that_runs(file: pikepdf.Pdf) -> None:
    _noted(file, A=Dictionary(S=Name.URI, URI=String(" JavaScript:app.alert(1)")))


def calculation(file: pikepdf.Pdf) -> None:
    """A field that stands in the order of calculation, and nowhere else."""
    more = Dictionary(C=Dictionary(S=Name.JavaScript, JS=String("this.pageNum")))
    field = file.make_indirect(Dictionary(T=String("a"), AA=more))
    file.Root.AcroForm = Dictionary(Fields=Array(), CO=Array([field]))


def field_of_a_page(file: pikepdf.Pdf) -> None:
    """A field that only its drawing on a page names."""
    more = Dictionary(K=Dictionary(S=Name.JavaScript, JS=String("this.pageNum")))
    _noted(file, Parent=file.make_indirect(Dictionary(T=String("a"), AA=more)))


def last_of_many(file: pikepdf.Pdf) -> None:
    link_script(file)
    notes = file.pages[0].obj.Annots
    plain = file.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Link))
    file.pages[0].obj.Annots = Array([plain] * MAX_PARTS + list(notes))


def many(file: pikepdf.Pdf) -> None:
    link(file)
    file.pages[0].obj.Annots = Array(list(file.pages[0].obj.Annots) * 100)


def associated(file: pikepdf.Pdf) -> None:
    attached(file)
    spec = file.make_indirect(
        Dictionary(Type=Name.Filespec, EF=Dictionary(F=file.make_stream(b"")))
    )
    del file.Root.Names
    file.Root.AF = Array([spec])


def other_pages(file: pikepdf.Pdf) -> None:
    drawn = file.make_stream(b"")
    drawn.Type, drawn.Subtype, drawn.BBox = Name.XObject, Name.Form, Array([0, 0, 9, 9])
    drawn.Ref = Dictionary(F=String("other.pdf"), Page=0)
    file.pages[0].Resources.XObject = Dictionary(X=drawn)


def content_elsewhere(file: pikepdf.Pdf) -> None:
    stream = file.make_stream(b"")
    stream.F = String("page.txt")
    file.pages[0].Contents = stream


def film(file: pikepdf.Pdf) -> None:
    _noted(file)
    file.pages[0].obj.Annots[0].Subtype = Name.RichMedia


def attached_to_a_page(file: pikepdf.Pdf) -> None:
    spec = pikepdf.AttachedFileSpec(file, b"text", filename="a.txt")
    _noted(file, FS=spec.obj)
    file.pages[0].obj.Annots[0].Subtype = Name.FileAttachment


def attached(file: pikepdf.Pdf) -> None:
    file.attachments["a.txt"] = pikepdf.AttachedFileSpec(file, b"text", filename="a.txt")


def signed(file: pikepdf.Pdf) -> None:
    value = file.make_indirect(Dictionary(Type=Name.Sig, Contents=String(b"\x30\x00")))
    field = file.make_indirect(Dictionary(FT=Name.Sig, T=String("a"), V=value))
    file.Root.AcroForm = Dictionary(Fields=Array([field]), SigFlags=3)


def signed_below(file: pikepdf.Pdf) -> None:
    signed(file)
    inner = file.Root.AcroForm.Fields[0]
    outer = file.make_indirect(Dictionary(T=String("b"), Kids=Array([inner])))
    file.Root.AcroForm = Dictionary(Fields=Array([outer]))


def unsigned(file: pikepdf.Pdf) -> None:
    field = file.make_indirect(Dictionary(FT=Name.Sig, T=String("a")))
    file.Root.AcroForm = Dictionary(Fields=Array([field]))


@pytest.mark.parametrize(
    ("bad", "good", "says"),
    [
        (xfa, form, "XFA"),
        (script, form, "script"),
        (opening, going, "script or an action"),
        (opening_then_script, going, "script or an action"),
        (opening_in_a_circle, going, "script or an action"),
        (page_script, link, "script or an action"),
        (launching, link, "script or an action"),
        (link_script, link, "script or an action"),
        (field_script, form, "script or an action"),
        (outline_script, form, "script or an action"),
        (film, link, "script or an action"),
        (link_that_runs, link, "script or an action"),
        (calculation, form, "script or an action"),
        (field_of_a_page, form, "script or an action"),
        (last_of_many, many, "at most 20000 notes"),
        (associated, form, "attached"),
        (other_pages, form, "draws in other files"),
        (content_elsewhere, form, "draws in other files"),
        (attached, form, "attached"),
        (attached_to_a_page, link, "attached"),
        (signed, unsigned, "signed"),
        (signed_below, unsigned, "signed"),
    ],
)
def test_what_could_undo_a_stamp_is_refused_and_its_twin_is_not(bad, good, says):
    with pytest.raises(BadInput, match=says):
        stamp_pdf(pdf(change=bad), KOREAN, "file")
    assert stamp_pdf(pdf(change=good), KOREAN, "file")


def test_a_signed_file_is_stamped_when_told():
    assert stamp_pdf(pdf(change=signed), KOREAN, "file", may_break_signature=True)


@pytest.mark.parametrize("user", ["", "open sesame"])
def test_an_encrypted_file_is_refused(user):
    locked = pdf(encryption=pikepdf.Encryption(owner="owner", user=user))
    with pytest.raises(BadInput, match=r"password|encrypted"):
        stamp_pdf(locked, KOREAN, "file")


def test_a_stamped_file_is_not_stamped_again():
    with pytest.raises(BadInput, match="without a stamp"):
        stamp_pdf(stamp_pdf(pdf(), KOREAN, "file"), JAPANESE, "file")


@pytest.mark.parametrize(
    "page",
    [
        {"rotate": 45},
        {"box": (0, 0, 1, 1)},
        {"box": (0, 0, 1e8, 10)},
        {"unit": 0},
        pytest.param({"crop": (600, 900, 700, 1000)}, id="cropped to what is no part of it"),
    ],
)
def test_an_impossible_page_is_refused_with_its_number(page):
    with pytest.raises(BadInput, match="file, page 2"):
        stamp_pdf(pdf([{}, page]), KOREAN, "file")


@pytest.mark.parametrize("cut", [0.1, 0.5, 0.9])
def test_a_truncated_file_is_repaired_or_refused_but_never_half_stamped(cut):
    whole = SAMPLE.read_bytes()
    try:
        made = stamp_pdf(whole[: int(len(whole) * cut)], KOREAN, "file")
    except BadInput:
        return
    assert all(text.count("군사II급비밀") == 2 for text in texts(made))
