"""A file stamped by a label: the policy's marking on its pages, and the label bound inside."""

from __future__ import annotations

import io
import unicodedata
from typing import Any

import docx
import msgspec
import pytest

from gsomia.documents import Place as DocumentPlace
from gsomia.documents import Spot, Why, find_marking, images, marking_sheet
from gsomia.documents.embedded import labels_in
from gsomia.documents.finding import Wanted, find_here
from gsomia.documents.reading import Sought, read_here
from gsomia.documents.reading_pdf import lines_of
from gsomia.documents.stamping import Asked, stamp_here
from gsomia.faults import BadInput
from gsomia.marking import Place
from gsomia.marking.binding import xmp
from gsomia.marking.label import read, write
from tests.documents.builders import NUMBER, pdf, picture, word
from tests.marking.shared import VECTORS

LABEL = (VECTORS / "label" / "label-k1.xml").read_bytes()
OTHER = write(msgspec.structs.replace(read(LABEL), review="2032-01-01T00:00:00Z"))
TOP, BOTTOM = "EX-KOR 군사II급비밀", "EX-KOR 군사II급비밀 REL TO KOR, JPN"
SHEET = marking_sheet(TOP, BOTTOM, language="ko-KR", number=NUMBER, copy=2, of=3)
FILES = {
    "pdf": pdf(),
    "word": word(),
    "png": picture("PNG", "RGB", (600, 400)),
    "jpeg": picture("JPEG", "RGB", (600, 400)),
}


def test_a_sheet_of_a_marking():
    assert SHEET.places == (Place.TOP, Place.BOTTOM)
    assert SHEET.lines(Place.TOP) == (TOP, f"관리번호 {NUMBER} · 사본번호 2-3")
    assert SHEET.lines(Place.BOTTOM)[0] == BOTTOM
    same = marking_sheet(TOP, TOP, language="fr-CA", originator="registry@example.mil.kr")
    assert (same.marks_below, same.number, same.language) == ((), "", "en")
    assert same.note() == f"{TOP} · registry@example.mil.kr"
    assert marking_sheet("", BOTTOM).places == (Place.BOTTOM,)
    assert marking_sheet("", BOTTOM).lines(Place.BOTTOM) == (BOTTOM,)


@pytest.mark.parametrize(
    ("top", "bottom", "more", "says"),
    [
        ("", "", {}, "shows the label on a page"),
        ("A" * 401, "A", {}, "at most 400 characters"),
        ("A", "A", {"number": NUMBER, "copy": 4, "of": 3}, "copy x of y"),
    ],
)
def test_a_marking_that_cannot_stand_on_a_page(top: str, bottom: str, more: Any, says: str):
    with pytest.raises(BadInput, match=says):
        marking_sheet(top, bottom, **more)


@pytest.mark.parametrize("kind", FILES)
def test_the_label_is_inside_and_another_is_never_overwritten(kind: str):
    _, made = stamp_here(FILES[kind], Asked(SHEET, "file", label=LABEL))
    assert labels_in(made, "file") == (read(LABEL),)
    assert labels_in(stamp_here(FILES[kind], Asked(SHEET, "file"))[1], "file") == ()
    labelled = stamp_label_only(FILES[kind])
    _, again = stamp_here(labelled, Asked(SHEET, "file", label=LABEL))
    assert labels_in(again, "file") == (read(LABEL),)
    with pytest.raises(BadInput, match="without a label, or with this one"):
        stamp_here(labelled, Asked(SHEET, "file", label=OTHER))


def stamp_label_only(data: bytes) -> bytes:
    """The file with the label bound inside, and no stamp."""
    from gsomia.documents.embedded import bind_inside, write_binding

    return write_binding(data, bind_inside(data, [read(LABEL)]))


def test_the_bottom_has_the_words_that_the_policy_has_for_it():
    _, made = stamp_here(FILES["pdf"], Asked(SHEET, "file"))
    _, lines = lines_of(made, "file")
    seen = [(line.place.value, line.text) for line in lines]
    assert any(place == "top" and TOP in text and BOTTOM not in text for place, text in seen)
    assert any(place == "bottom" and BOTTOM in text for place, text in seen)
    _, made = stamp_here(FILES["word"], Asked(SHEET, "file"))
    section = docx.Document(io.BytesIO(made)).sections[0]
    assert section.header.paragraphs[0].text == TOP
    assert BOTTOM in [p.text for p in section.footer.paragraphs]
    _, made = stamp_here(b"text\n", Asked(SHEET, "file"))
    rows = made.decode().splitlines()
    assert BOTTOM not in rows[0]
    assert BOTTOM in rows[-1]
    _, made = stamp_here(FILES["png"], Asked(SHEET, "file"))
    note = xmp.read_property(images.read_xmp(made) or b"", xmp.STAMP)
    assert note == SHEET.note()
    assert read_here(made, Sought("KOR", "file")).seen[0].mark == "군사II급비밀"


# -- finding it again ------------------------------------------------------------------------


WANTED = Wanted(TOP, BOTTOM, "file")


@pytest.mark.parametrize("kind", [*FILES, "text"])
def test_what_was_stamped_by_a_label_is_found_at_every_place(kind: str):
    plain = FILES.get(kind, b"text\n")
    _, made = stamp_here(plain, Asked(SHEET, "file"))
    found = find_here(made, WANTED)
    assert (found.why, found.missing) == (Why.NONE, ())
    assert found.shown
    assert find_here(plain, WANTED).shown == ()
    assert find_here(made, Wanted(TOP, f"{BOTTOM}, USA", "file")).missing


def test_each_page_and_each_footer_that_lacks_it_is_named():
    pages = [{}, {"text": f"BT /F1 12 Tf 100 820 Td ({'A' * 9}) Tj ET"}, {}]
    found = find_here(pdf(pages), Wanted("AAAAAAAAA", "", "file"))
    assert found.shown == (
        *(Spot(DocumentPlace.BOTTOM, 1), Spot(DocumentPlace.TOP, 2)),
        *(Spot(DocumentPlace.BOTTOM, 2), Spot(DocumentPlace.BOTTOM, 3)),
    )
    assert found.missing == (Spot(DocumentPlace.TOP, 1), Spot(DocumentPlace.TOP, 3))

    def headed(document: Any) -> None:
        document.sections[0].header.paragraphs[0].text = TOP
        document.sections[0].footer.is_linked_to_previous = False

    found = find_here(word(headed), WANTED)
    assert found.shown == (Spot(DocumentPlace.HEADER, 1),)
    assert found.missing == (Spot(DocumentPlace.FOOTER, 1),)


@pytest.mark.parametrize(
    ("text", "shows"),
    [
        (BOTTOM, True),
        (f"{BOTTOM} Control number 1", True),
        (f"{BOTTOM} · copy", True),
        ("EX-KOR 군사II급비밀  REL\u3000TO KOR,JPN", True),
        ("EX-KOR 군사II급비밀  REL\u3000TO KOR, JPN", True),
        (unicodedata.normalize("NFD", BOTTOM), True),
        (f"{BOTTOM}, USA", False),
        (f"{BOTTOM}/USA", False),
        (f"X{BOTTOM}", False),
        (f"{BOTTOM}X", False),
        (f"USA, {BOTTOM}", True),
        (f"USA/{BOTTOM}", False),
        ("EX-KOR 군사II급비밀 REL TO KOR", False),
        ("EX-KOR 군사Ⅱ급비밀 REL TO KOR, JPN", False),
    ],
)
def test_a_marking_is_found_whole(text: str, shows: bool):
    found = find_here(text.encode(), Wanted(BOTTOM, "", "file"))
    assert (Spot(DocumentPlace.FIRST, 1) in found.shown) is shows


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\x00\x01", Why.FORMAT),
        (b"%PDF-1.7\nnothing", Why.UNREADABLE),
        (FILES["png"], Why.PICTURE),
    ],
)
def test_a_file_that_cannot_be_looked_into_shows_nothing(data: bytes, why: Why):
    found = find_here(data, WANTED)
    assert (found.why, found.shown, found.missing) == (why, (), ())


def test_it_is_looked_for_in_a_process_apart():
    _, made = stamp_here(FILES["pdf"], Asked(SHEET, "file"))
    assert find_marking([made], TOP, BOTTOM) == find_here(made, WANTED)


def test_a_text_has_no_place_for_a_label():
    plain, labelled = (stamp_here(b"text\n", Asked(SHEET, "file", label=x)) for x in (None, LABEL))
    assert plain == labelled
