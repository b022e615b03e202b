"""Files made to harm: each is refused or read in bounds, and its good twin is not refused."""

from __future__ import annotations

import base64
import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from gsomia.documents import Why, reading_pdf, stamp_pdf
from gsomia.documents.reading import Sought, read_here
from gsomia.documents.stamping import Asked, stamp_here
from gsomia.faults import BadInput
from tests.documents.builders import KOREAN, pdf, picture, word

ASKED = Asked(KOREAN, "file")


def repacked(data: bytes, new: dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A package with parts in the place of those of their names, or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", method) as made:
        for entry in old.infolist():
            if entry.filename not in new:
                made.writestr(entry.filename, old.read(entry))
        for name, part in new.items():
            made.writestr(name, part)
    return out.getvalue()


def part(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as held:
        return held.read(name)


def with_doctype(data: bytes) -> bytes:
    name = "word/document.xml"
    entity = b'<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    return repacked(data, {name: part(data, name).replace(b"?>", b"?>" + entity, 1)})


def with_type(data: bytes, old: str, new: str) -> bytes:
    name = "[Content_Types].xml"
    return repacked(data, {name: part(data, name).replace(old.encode(), new.encode())})


def macro_type(data: bytes) -> bytes:
    old = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return with_type(data, old, "application/vnd.ms-word.document.macroEnabled.main+xml")


def with_chunk(data: bytes) -> bytes:
    name = "word/_rels/document.xml.rels"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/aFChunk"
    row = f'<Relationship Id="rIdA" Type="{kind}" Target="chunk.html"/></Relationships>'
    held = part(data, name).replace(b"</Relationships>", row.encode())
    return repacked(data, {name: held, "word/chunk.html": b"<p>text</p>"})


def with_template(data: bytes, target: str) -> bytes:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
    rows = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{kind}" Target="{target}" TargetMode="External"/>'
        "</Relationships>"
    )
    return repacked(data, {"word/_rels/settings.xml.rels": rows.encode()})


def related(data: bytes, kind: str, target: str, *, external: bool = True, of: str = "") -> bytes:
    """The document with one more relation, of the document or of another part."""
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    mode = ' TargetMode="External"' if external else ""
    row = f'<Relationship Id="rIdX" Type="{OFFICE}/{kind}" Target="{target}"{mode}/>'
    name = of or "word/_rels/document.xml.rels"
    empty = f'<Relationships xmlns="{space}"></Relationships>'.encode()
    old = empty if of else part(data, name)
    return repacked(data, {name: old.replace(b"</Rel", row.encode() + b"</Rel")})


OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def with_body(data: bytes, body: str, name: str = "word/document.xml") -> bytes:
    """The document with this at the beginning of its text."""
    held = part(data, name)
    return repacked(data, {name: held.replace(b"<w:body>", b"<w:body>" + body.encode(), 1)})


def field(*instructions: str, inside: str = "") -> str:
    """A field whose instruction lies in several runs, with another field inside it."""
    runs = "".join(f"<w:r><w:instrText>{text}</w:instrText></w:r>" for text in instructions)
    begin, middle, end = (
        f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")
    )
    return f"{begin}{inside}{runs}{middle}<w:r><w:t>shown</w:t></w:r>{end}"


def paragraph(text: str) -> str:
    return f"<w:p>{text}</w:p>"


def with_wrong_checksum(data: bytes) -> bytes:
    """The document with one byte of its preview picture, which is stored, changed."""
    mark = b"\xff\xd8\xff" + b"a" * 60
    made = repacked(data, {"docProps/thumbnail.jpeg": mark}, method=zipfile.ZIP_STORED)
    return made.replace(mark, mark[:-1] + b"b")


def with_dde() -> bytes:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return f'<w:footnotes xmlns:w="{space}">{field(" DDE a b ")}</w:footnotes>'.encode()


BOMB = b"\x00" * (9 << 20)

WORD = word()
BAD_WORD = {
    "a document type": lambda: with_doctype(WORD),
    "macros by type": lambda: macro_type(WORD),
    "macros inside": lambda: repacked(WORD, {"word/vbaProject.bin": b"\xd0\xcf\x11\xe0"}),
    "macros under another name": lambda: repacked(WORD, {"word/VBAPROJECT.BIN": b"a"}),
    "a signature": lambda: repacked(WORD, {"_xmlsignatures/sig1.xml": b"<a/>"}),
    "another document inside": lambda: with_chunk(WORD),
    "a template from the network": lambda: with_template(WORD, "HTTPS://example.org/a.dotm"),
    "a template from a host": lambda: with_template(WORD, "file://host/share/a.dotm"),
    "a template from a share": lambda: with_template(WORD, "\\\\host\\share\\a.dotm"),
    "a linked picture": lambda: related(WORD, "image", "https://example.org/a.png"),
    "a linked object": lambda: related(WORD, "oleObject", "file:///C:/a.xlsx"),
    "data for letters": lambda: related(
        WORD, "mailMergeSource", "file:///C:/a.csv", of="word/_rels/settings.xml.rels"
    ),
    "an object inside": lambda: related(WORD, "oleObject", "embeddings/a.bin", external=False),
    "a workbook inside": lambda: related(WORD, "package", "embeddings/a.xlsx", external=False),
    "a control": lambda: related(WORD, "control", "activeX/activeX1.xml", external=False),
    "DDE": lambda: with_body(WORD, paragraph(field(' DDEAUTO c:\\\\a.exe "/k b" '))),
    "DDE in pieces": lambda: with_body(WORD, paragraph(field(" D", "DE", "Auto a b "))),
    "DDE in a simple field": lambda: with_body(
        WORD, paragraph('<w:fldSimple w:instr="dde a b"><w:r><w:t>a</w:t></w:r></w:fldSimple>')
    ),
    "DDE without an end": lambda: with_body(
        WORD, paragraph(field(" DDE a ").partition('<w:r><w:fldChar w:fldCharType="separate')[0])
    ),
    "a hidden name": lambda: with_body(
        WORD, paragraph(field(" a b", inside=field(" QUOTE 68 68 69 ")))
    ),
    "a field in a field": lambda: with_body(
        WORD,
        paragraph(
            field(
                " IF 1 = 1 ",
                inside="<w:r><w:instrText> IF </w:instrText></w:r>" + field(" INCLUDETEXT a "),
            )
        ),
    ),
    "a text elsewhere": lambda: with_type(
        repacked(WORD, {"other/part.dat": with_dde()}),
        "</Types>",
        '<Override PartName="/other/part.dat" ContentType="application/vnd.openxmlformats-'
        'officedocument.wordprocessingml.footnotes+xml"/></Types>',
    ),
    "a path upwards": lambda: repacked(WORD, {"../../evil": b"a"}),
    "an absolute path": lambda: repacked(WORD, {"/evil": b"a"}),
    "a part twice": lambda: repacked(WORD, {"word/DOCUMENT.xml": b"<a/>"}),
    "six thousand parts": lambda: repacked(WORD, {f"word/p{n}.xml": b"" for n in range(6000)}),
    "a bomb": lambda: repacked(WORD, {"word/media/a.bin": BOMB}),
    "another method": lambda: repacked(WORD, {"word/a.xml": b"<a/>"}, method=zipfile.ZIP_LZMA),
    "no relations": lambda: repacked(WORD, {"_rels/.rels": b"<a/>"}),
    "broken XML": lambda: repacked(WORD, {"word/document.xml": b"<w:document"}),
    "an empty document": lambda: repacked(WORD, {"word/document.xml": b"<a/>"}),
    "a picture with a wrong checksum": lambda: with_wrong_checksum(WORD),
    "a truncated file": lambda: WORD[: len(WORD) // 2],
}


@pytest.fixture(autouse=True)
def eight_megabytes(monkeypatch):
    """What a package may unpack to, made small, so that a bomb is made quickly."""
    monkeypatch.setattr("gsomia.documents.ooxml.MAX_UNPACKED", 8 << 20)


@pytest.mark.parametrize("how", BAD_WORD)
def test_a_hostile_word_file_is_refused(how):
    with pytest.raises(BadInput):
        stamp_here(BAD_WORD[how](), ASKED)


def test_the_good_twins_of_word_files_are_stamped():
    stamp_here(WORD, ASKED)
    stamp_here(with_template(WORD, "file:///C:/Templates/letter.dotx"), ASKED)
    stamp_here(repacked(WORD, {"word/media/a.bin": b"a", "word/custom.xml": b"<a/>"}), ASKED)


GOOD_BODIES = [
    paragraph(field(" PAGE ")),
    paragraph(field(' HYPERLINK "https://example.mil.kr/DDE" ')),
    paragraph(field(" IF ", inside="<w:r><w:instrText> IF </w:instrText></w:r>" + field(" PAGE "))),
    paragraph('<w:fldSimple w:instr=" DATE "><w:r><w:t>DDE a</w:t></w:r></w:fldSimple>'),
    paragraph("<w:r><w:t>{ DDEAUTO a b }</w:t></w:r>"),
]


@pytest.mark.parametrize("body", GOOD_BODIES)
def test_a_word_file_with_fields_that_only_show_is_stamped(body):
    stamp_here(with_body(WORD, body), ASKED)


def test_links_of_readers_and_numbers_of_charts_stay():
    stamp_here(related(WORD, "hyperlink", "https://example.mil.kr/"), ASKED)
    charts = "word/charts/_rels/chart1.xml.rels"
    stamp_here(related(WORD, "package", "../a.xlsx", external=False, of=charts), ASKED)


def test_a_word_file_with_macros_is_read_and_not_stamped():
    marked = word(lambda document: document.add_paragraph("군사III급비밀"))
    with_macros = repacked(macro_type(marked), {"word/vbaProject.bin": b"\xd0\xcf\x11\xe0"})
    found = read_here(with_macros, Sought("KOR", "file"))
    assert [seen.mark for seen in found.seen] == ["군사III급비밀"]
    with pytest.raises(BadInput, match="macros"):
        stamp_here(with_macros, ASKED)


@pytest.mark.parametrize("how", BAD_WORD)
def test_a_hostile_word_file_is_never_a_bug_when_read(how):
    read_here(BAD_WORD[how](), Sought("KOR", "file"))


# -- PDF ---------------------------------------------------------------------------------


def cyclic(file: pikepdf.Pdf) -> None:
    pages = file.Root.Pages
    pages.Kids.append(pages)


def parentless(file: pikepdf.Pdf) -> None:
    pages = file.Root.Pages
    pages.Parent = pages


def nested(file: pikepdf.Pdf) -> None:
    page = file.pages[0]
    form = file.make_stream(b"/X Do")
    form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 9, 9])
    form.Resources = Dictionary(XObject=Dictionary(X=form))
    page.Resources.XObject = Dictionary(X=form)
    page.Contents = file.make_stream(b"/X Do")


def resources_of_another_kind(file: pikepdf.Pdf) -> None:
    file.pages[0].obj.Resources = Array([1, 2])


def contents_of_another_kind(file: pikepdf.Pdf) -> None:
    file.pages[0].obj.Contents = pikepdf.String("a")


def forms_of_another_kind(file: pikepdf.Pdf) -> None:
    file.pages[0].Resources.XObject = Array([])


def root_of_another_kind(file: pikepdf.Pdf) -> None:
    file.Root.AcroForm, file.Root.Names = Array([]), 1
    file.Root.OpenAction = pikepdf.String("a")


CHANGES = [
    *(cyclic, parentless, nested, resources_of_another_kind, contents_of_another_kind),
    *(forms_of_another_kind, root_of_another_kind),
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_strange_pdf_is_stamped_or_refused_and_never_a_bug(change):
    data = pdf(change=change)
    try:
        _, made = stamp_here(data, ASKED)
    except BadInput:
        return
    marks = {s.mark for s in read_here(made, Sought("KOR", "file")).seen}
    assert marks == {"군사II급비밀"}


def packed(filters: str, data: bytes) -> Callable[[pikepdf.Pdf], None]:
    """A change: the first page's content is what these filters unpack."""
    names = [Name(f"/{name}") for name in filters.split()]

    def change(file: pikepdf.Pdf) -> None:
        stream = file.make_stream(b"")
        stream.write(data, filter=Array(names))
        file.pages[0].Contents = stream

    return change


def many_times(file: pikepdf.Pdf) -> None:
    """One small stream, named by the page's content so often that it is too large."""
    stream = file.make_stream(b"")
    stream.write(zlib.compress(bytes(300 << 10)), filter=Name.FlateDecode)
    file.pages[0].Contents = Array([stream] * 4)


def in_a_form(file: pikepdf.Pdf) -> None:
    nested(file)
    packed("FlateDecode", zlib.compress(bytes(3 << 20)))(file)
    file.pages[0].Resources.XObject.Y = file.pages[0].Contents
    file.pages[0].Contents = file.make_stream(b"/Y Do")


BOMBS = {
    "packed": packed("FlateDecode", zlib.compress(bytes(3 << 20))),
    "packed twice": packed("FlateDecode FlateDecode", zlib.compress(zlib.compress(bytes(3 << 20)))),
    "packed by length of runs": packed("RunLengthDecode", b"\x81a" * (3 << 13) + b"\x80"),
    "packed and in letters": packed(
        "ASCII85Decode FlateDecode", base64.a85encode(zlib.compress(bytes(3 << 20))) + b"~>"
    ),
    "damaged": packed("LZWDecode", b"\xff" * 3000),
    "many times": many_times,
    "in a form": in_a_form,
}


@pytest.mark.parametrize("how", BOMBS)
def test_a_page_that_unpacks_to_more_than_its_bound_is_not_opened(monkeypatch, how):
    small = pdf(change=BOMBS[how])
    monkeypatch.setattr("gsomia.documents.unpacking.MAX_UNPACKED", 1 << 20)
    monkeypatch.setattr(reading_pdf, "lines_of", lambda *_: pytest.fail("opened"))
    monkeypatch.setattr(stamp_pdf, "occupied", lambda *_: pytest.fail("opened"))
    found = read_here(small, Sought("KOR", "file"))
    assert (found.why, found.error) in (
        (Why.UNREADABLE, "one that unpacks to more"),
        (Why.UNREADABLE, DAMAGED),
    )
    with pytest.raises(BadInput, match=r"page.* unpack"):
        stamp_here(small, ASKED)


DAMAGED = "one that is damaged or unpacks to more"


@pytest.mark.parametrize("how", [how for how in BOMBS if how != "damaged"])
def test_the_same_page_within_the_bound_is_read_and_stamped(how):
    _, made = stamp_here(pdf(change=BOMBS[how]), ASKED)
    assert read_here(made, Sought("KOR", "file")).seen


def test_a_picture_in_a_page_may_unpack_to_more_than_the_page(monkeypatch):
    monkeypatch.setattr("gsomia.documents.unpacking.MAX_UNPACKED", 1 << 20)

    def change(file: pikepdf.Pdf) -> None:
        drawn = file.make_stream(b"")
        drawn.write(zlib.compress(bytes(3 << 20)), filter=Name.FlateDecode)
        drawn.Type, drawn.Subtype, drawn.ColorSpace = Name.XObject, Name.Image, Name.DeviceGray
        drawn.Width, drawn.Height, drawn.BitsPerComponent = 3 << 10, 1 << 10, 8
        file.pages[0].Resources.XObject = Dictionary(I=drawn)
        file.pages[0].Contents = file.make_stream(b"q 400 0 0 400 90 200 cm /I Do Q")

    stamp_here(pdf(change=change), ASKED)


# -- pictures ------------------------------------------------------------------------------


def png_of(width: int, height: int) -> bytes:
    """A PNG whose header claims a size."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = ((b"IHDR", head), (b"IDAT", zlib.compress(b"\x00" * 1000)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in rows
    )


def claiming(data: bytes, height: int) -> bytes:
    """A PNG whose header claims another height than its rows have."""
    head = data[12:20] + struct.pack(">I", height) + data[24:29]
    return data[:12] + head + struct.pack(">I", zlib.crc32(head)) + data[33:]


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1", "I;16"])
def test_a_png_with_other_rows_than_its_header_claims_is_refused(mode):
    """A reader would make up the rows that lack, or hide those beyond the claim."""
    good = picture("PNG", mode, (301, 203))
    stamp_here(good, ASKED)
    assert claiming(good, 203) == good
    for height, got in ((202, "more"), (204, "fewer")):
        with pytest.raises(BadInput, match=f"as many rows .* got {got}"):
            stamp_here(claiming(good, height), ASKED)


def test_the_rows_of_an_interlaced_png_are_counted_pass_by_pass():
    """5 × 3 grey pixels in seven passes, of which some have no row."""
    good = base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAUAAAADCAAAAAEJWqqyAAAAEklEQVR4nGNoYADDBhCGICAAAEsWB4FwU6FOAAAA"
        "AElFTkSuQmCC"
    )
    stamp_here(good, ASKED)
    for height in (2, 4):
        with pytest.raises(BadInput, match="as many rows"):
            stamp_here(claiming(good, height), ASKED)


def moving() -> bytes:
    from PIL import Image

    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:])
    return out.getvalue()


@pytest.mark.parametrize(("width", "height"), [(60_000, 60_000), (11_000, 11_000), (2_000_000, 1)])
def test_a_header_that_claims_too_much_is_told_the_bound(width, height):
    with pytest.raises(BadInput, match=r"at most 100000000 pixels, and 60000 on a side"):
        stamp_here(png_of(width, height), ASKED)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "an empty file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "a Word file with a password"),
        (word()[:900], "a damaged ZIP file"),
        (b"GIF89a\x01\x00", "another format"),
    ],
)
def test_a_file_of_no_known_format_is_told_what_it_is(data, says):
    with pytest.raises(BadInput, match=says):
        stamp_here(data, ASKED)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(png_of(3000, 3000), id="less than it claims"),
        pytest.param(png_of(0, 0), id="nothing"),
        pytest.param(b"\x89PNG\r\n\x1a\n", id="a head only"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + b"\xff\xd8\xff" * 99, id="another format"),
        pytest.param(picture("JPEG", "RGB", (300, 200))[:400], id="a truncated JPEG"),
        pytest.param(moving(), id="a moving picture"),
    ],
)
def test_a_hostile_picture_is_refused(data):
    with pytest.raises(BadInput):
        stamp_here(data, ASKED)
