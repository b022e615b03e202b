"""Marks read out of files that this program did not write, and out of those that it stamped."""

from __future__ import annotations

import io

import docx
import pikepdf
import pytest
from PIL import Image

from gsomia.documents import Kind, Place, Why, images
from gsomia.documents.reading import Sought, read_here
from gsomia.documents.stamping import Asked, stamp_here
from gsomia.documents.tokens import marks_in
from gsomia.faults import BadInput
from gsomia.marking import JPN, KOR
from gsomia.marking.binding import xmp
from tests.documents.builders import JAPANESE, KOREAN, RECEIVED, pdf, picture, word


def shown(data: bytes, party: str = "KOR") -> list[tuple[Place, int, str]]:
    read = read_here(data, Sought(party, "file"))
    assert read.why is Why.NONE, read.error
    return [(s.place, s.number, s.mark) for s in read.seen]


@pytest.mark.parametrize(
    ("line", "marks"),
    [
        ("秘", ["秘"]),
        ("極秘", ["極秘"]),
        ("極 秘", ["極秘"]),
        ("極　秘", ["極秘"]),
        ("特 定 秘 密", ["特定秘密"]),
        ("(秘)", ["秘"]),
        ("# 極秘", ["極秘"]),
        ("[JPN] 極秘 = 군사II급비밀 · REL TO JPN", ["極秘"]),
        ("第3号 極秘 3/5", ["極秘"]),
        ("極秘 特定秘密", ["極秘", "特定秘密"]),
        ("特定秘密保護法", []),
        ("秘密", []),
        ("秘 密", []),
        ("秘 密 保 持", []),
        ("極秘扱い", []),
        ("部外秘", []),
        ("社外 秘", ["秘"]),
        ("SECRET", []),
        ("", []),
    ],
)
def test_a_mark_is_a_whole_token(line, marks):
    assert marks_in(line, JPN) == marks


@pytest.mark.parametrize(
    ("line", "marks"),
    [
        ("군사II급비밀", ["군사II급비밀"]),
        ("군사Ⅱ급비밀", ["군사II급비밀"]),
        ("군사 II급 비밀", ["군사II급비밀"]),
        ("군사III급비밀 SECRET", ["군사III급비밀"]),
        ("II급비밀", []),
        ("대외비", []),
    ],
)
def test_aliases_are_read_and_other_regimes_are_not(line, marks):
    assert marks_in(line, KOR) == marks


def text_at(*rows: tuple[int, str]) -> str:
    return " ".join(f"BT /F1 12 Tf 200 {y} Td ({text}) Tj ET" for y, text in rows)


def test_a_mark_in_the_body_of_a_page_is_no_mark_of_the_page():
    data = pdf([{"text": text_at((800, "SECRET"), (400, "TOP SECRET"), (30, "SECRET"))}])
    assert shown(data, "USA") == [(Place.TOP, 1, "SECRET"), (Place.BOTTOM, 1, "SECRET")]


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_what_we_stamp_we_read_on_every_page(rotate):
    kind, made = stamp_here(pdf([{"rotate": rotate}, {}]), Asked(KOREAN, "file"))
    assert kind is Kind.PDF
    assert shown(made) == [
        (place, page, "군사II급비밀") for page in (1, 2) for place in (Place.TOP, Place.BOTTOM)
    ]
    assert shown(made, "JPN") == []


def test_a_page_that_differs_is_named():
    pages = [{"text": text_at((800, level))} for level in ("SECRET", "SECRET", "TOP SECRET")]
    assert shown(pdf(pages), "USA")[-1] == (Place.TOP, 3, "TOP SECRET")


def sections(document) -> None:
    document.sections[0].header.paragraphs[0].text = "A header of its own"
    second = document.add_section()
    second.different_first_page_header_footer = True
    second.header.is_linked_to_previous = False
    second.header.paragraphs[0].text = "Another"
    third = document.add_section()
    third.footer.is_linked_to_previous = False
    document.settings.odd_and_even_pages_header_footer = True


def test_every_header_and_footer_of_a_word_file_is_stamped_and_keeps_what_it_held():
    _, made = stamp_here(word(sections), Asked(KOREAN, "file"))
    document = docx.Document(io.BytesIO(made))
    for section in document.sections:
        for part in (
            *(section.header, section.first_page_header, section.even_page_header),
            *(section.footer, section.first_page_footer, section.even_page_footer),
        ):
            texts = [p.text for p in part.paragraphs]
            assert texts.count("군사II급비밀") == 1
            assert any("KOR-DIH1-2026-000123" in text for text in texts)
    assert "A header of its own" in [p.text for p in document.sections[0].header.paragraphs]
    assert "Another" in [p.text for p in document.sections[1].header.paragraphs]
    places = {place for place, _, _ in shown(made)}
    assert places == {Place.HEADER, Place.FOOTER}


def test_a_word_file_is_the_same_bytes_each_time():
    source = word(sections)
    assert stamp_here(source, Asked(JAPANESE, "f")) == stamp_here(source, Asked(JAPANESE, "f"))


def test_first_and_last_paragraphs_are_read_and_hidden_text_is_not():
    def body(document) -> None:
        document.add_paragraph("極秘")
        hidden = document.add_paragraph().add_run("機密")
        hidden.font.hidden = True
        for _ in range(10):
            document.add_paragraph("特定秘密")
        document.add_paragraph("秘")

    found = shown(word(body), "JPN")
    assert found[0] == (Place.FIRST, 1, "極秘")
    assert found[-1] == (Place.LAST, 12, "秘")
    assert "機密" not in {mark for _, _, mark in found}
    assert len(found) == 6


def test_first_and_last_line_of_a_text():
    data = "\n# 군사II급비밀\n\n군사III급비밀\n본문\n군사II급비밀\n\n".encode()
    assert shown(data) == [(Place.FIRST, 2, "군사II급비밀"), (Place.LAST, 6, "군사II급비밀")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\f", "\x85", "\u2028"])
def test_lines_of_a_text_are_counted_however_they_end(end):
    rows = ["", "군사II급비밀", "본문", "", "군사III급비밀", "", " "]
    found = shown(("\ufeff" + end.join(rows)).encode())
    assert found == [(Place.FIRST, 2, "군사II급비밀"), (Place.LAST, 5, "군사III급비밀")]


def test_a_text_of_one_line_is_read_once_and_one_of_blanks_shows_nothing():
    assert shown("군사II급비밀".encode()) == [(Place.FIRST, 1, "군사II급비밀")]
    assert shown(b" \n\n ") == []


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
@pytest.mark.parametrize("mode", ["RGB", "L", "1", "P", "RGBA", "CMYK", "I;16"])
def test_a_picture_grows_by_two_bands_and_keeps_its_middle(form, mode):
    if (form, mode) in {("PNG", "CMYK"), ("JPEG", "RGBA"), ("JPEG", "P"), ("JPEG", "I;16")}:
        pytest.skip("the format does not hold this mode")
    source = picture(form, mode, (300, 200))
    _, made = stamp_here(source, Asked(KOREAN, "file"))
    with Image.open(io.BytesIO(made)) as new, Image.open(io.BytesIO(source)) as old:
        assert new.format == form
        assert new.width == 300
        band = (new.height - 200) // 2
        assert band > 20
        middle = new.crop((0, band, 300, band + 200))
        if form == "PNG":
            common = "RGB" if mode == "P" else mode
            assert middle.convert(common).tobytes() == old.convert(common).tobytes()
        drawn = new.crop((0, 0, 300, band)).histogram()
        assert sum(1 for count in drawn if count) > 2


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_a_stamped_picture_is_known_by_its_metadata(form):
    source = picture(form, "RGB", (300, 200))
    own = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='" + xmp.RDF.encode()
    own += b"'><rdf:Description xmlns:dc='urn:dc' dc:title='kept'/></rdf:RDF></x:xmpmeta>"
    for data in (source, images.write_xmp(source, own)):
        _, made = stamp_here(data, Asked(KOREAN, "file"))
        assert shown(made) == [(Place.STAMP, 1, "군사II급비밀")]
        with pytest.raises(BadInput, match="without a stamp"):
            stamp_here(made, Asked(JAPANESE, "file"))
    assert b"kept" in (images.read_xmp(made) or b"")
    _, received = stamp_here(source, Asked(RECEIVED, "file"))
    assert read_here(received, Sought("JPN", "file")).seen[0].mark == "極秘"


def test_a_picture_with_metadata_that_nobody_can_read_strictly_is_stamped_all_the_same():
    odd = images.write_xmp(picture("JPEG", "RGB", (300, 200)), b"<?php ?><x/>")
    _, made = stamp_here(odd, Asked(KOREAN, "file"))
    assert images.read_xmp(made) == b"<?php ?><x/>"
    assert read_here(made, Sought("KOR", "file")).why is Why.UNREADABLE


def test_exif_stays_turned_and_without_its_preview():
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x8769] = {0x9003: "2026:01:02 03:04:05"}
    exif[0x8825] = {1: "N", 2: (37.0, 30.0, 0.0)}
    source = picture("JPEG", "RGB", (300, 200), exif=exif)
    _, made = stamp_here(source, Asked(KOREAN, "file"))
    with Image.open(io.BytesIO(made)) as new:
        assert new.width == 240
        assert new.height > 300
        kept = new.getexif()
        assert kept[0x0112] == 1
        assert kept.get_ifd(0x8825)[1] == "N"
        assert kept.get_ifd(0x8769)[0x9003] == "2026:01:02 03:04:05"


def test_a_tiny_picture_gets_white_sides():
    _, made = stamp_here(picture("PNG", "RGB", (8, 8)), Asked(KOREAN, "file"))
    with Image.open(io.BytesIO(made)) as new:
        assert new.width == 240


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\x00\x01\x02", Why.FORMAT),
        (b"PK\x03\x04" + b"\x00" * 40, Why.FORMAT),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, Why.FORMAT),
        (b"%PDF-1.7\nnothing", Why.UNREADABLE),
        (b"\xff\xd8\xff\xe0cut", Why.UNREADABLE),
        (picture("PNG", "RGB", (8, 8)), Why.PICTURE),
        (pdf(encryption=pikepdf.Encryption(owner="a", user="b")), Why.UNREADABLE),
    ],
)
def test_what_cannot_be_examined_says_why(data, why):
    assert read_here(data, Sought("KOR", "file")).why is why


def test_a_label_beside_the_marks_is_read_and_one_that_is_broken_hides_nothing():
    from gsomia.documents.embedded import bind_inside, write_binding
    from gsomia.marking import label as labels
    from gsomia.marking.label.model import Base, Category, Information, Label
    from gsomia.marking.spif import Sense

    told = Information(policy="KOR", classification="군사III급비밀")
    base = Base(information=told, created="2026-01-01T00:00:00Z")
    held = labels.read(labels.write(Label(review="2031-01-01T00:00:00Z", base=base)))
    _, stamped = stamp_here(pdf(), Asked(KOREAN, "file"))
    both = write_binding(stamped, bind_inside(stamped, [held]))
    assert shown(both)[0] == (Place.LABEL, 1, "군사III급비밀")
    assert shown(both)[1:] == shown(stamped)
    regime = Category(
        sense=Sense.RESTRICTIVE, tag_name="Regime", values=(labels.Value("特定秘密"),)
    )
    told = Information(policy="JPN", classification="極秘", categories=(regime,))
    base = Base(information=told, created="2026-01-01T00:00:00Z")
    held = labels.read(labels.write(Label(review="2031-01-01T00:00:00Z", base=base)))
    both = write_binding(stamped, bind_inside(stamped, [held]))
    assert [s.mark for s in read_here(both, Sought("JPN", "file")).seen] == ["特定秘密"]
    damaged = stamped.replace(b"startxref", b"startxxxx")
    read = read_here(damaged, Sought("KOR", "file"))
    assert read.error.startswith("label: ")
    assert [s.place for s in read.seen] == [Place.TOP, Place.BOTTOM]
