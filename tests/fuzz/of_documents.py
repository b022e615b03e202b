"""Files that are stamped and examined: PDF, Word, pictures, text. Here, not in a process apart.

What is taken comes out stamped, the same each time, and what was stamped shows its mark.
"""

from __future__ import annotations

from gsomia.documents import Why
from gsomia.documents.embedded import labels_in
from gsomia.documents.finding import Wanted, find_here
from gsomia.documents.kinds import Kind
from gsomia.documents.reading import Sought, read_here
from gsomia.documents.stamping import Asked, stamp_here
from gsomia.documents.tokens import marks_in
from gsomia.documents.wordfields import running_field
from gsomia.marking import JPN, KOR
from gsomia.marking.label import read
from tests.documents.builders import KOREAN, pdf, picture, word
from tests.fuzz.harness import Harness, text
from tests.marking.shared import VECTORS

_ASKED = Asked(KOREAN, "file")
_SOUGHT = Sought("KOR", "file")
_WANTED = Wanted("군사II급비밀", "군사II급비밀 REL TO KOR, JPN", "file")
_LABEL = (VECTORS / "label" / "label-k1.xml").read_bytes()
_WRITTEN = "BT /F1 12 Tf 200 800 Td (SECRET) Tj ET q 1 0 0 1 5 5 cm Q"


def _examined(data: bytes) -> None:
    """Whatever it is, it is examined or says why."""
    found = read_here(data, _SOUGHT)
    assert all(seen.text.isprintable() for seen in found.seen)
    shown = find_here(data, _WANTED)
    assert not (shown.why and (shown.shown or shown.missing))


def _stamped(data: bytes) -> None:
    kind, made = stamp_here(data, _ASKED)
    assert stamp_here(data, _ASKED) == (kind, made)
    if kind in (Kind.PDF, Kind.DOCX, Kind.TEXT):
        found = read_here(made, _SOUGHT)
        assert found.why is Why.NONE
        assert "군사II급비밀" in {seen.mark for seen in found.seen}


def _labelled(data: bytes) -> None:
    """The label stands inside what comes out, beside the stamp."""
    kind, made = stamp_here(data, Asked(KOREAN, "file", label=_LABEL))
    if kind is not Kind.TEXT:
        assert labels_in(made, "file") == (read(_LABEL),)


def _line(data: bytes) -> None:
    line = text(data)
    for scheme in (KOR, JPN):
        known = {level.mark for level in scheme.levels}
        assert set(marks_in(line, scheme)) <= known


def _fields(data: bytes) -> None:
    """A field that is found is told in a few words, and once wherever the part lies."""
    found = running_field(data, "part")
    assert found == running_field(data, "part")
    assert len(found) < 100


_FIELD = (
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:r>'
    '<w:fldChar w:fldCharType="begin"/><w:instrText> D</w:instrText><w:instrText>DE a</w:instrText>'
    '<w:fldChar w:fldCharType="separate"/><w:fldSimple w:instr="PAGE"/>'
    '<w:fldChar w:fldCharType="end"/></w:r></w:document>'
)
_PDF = [
    pdf([{"text": _WRITTEN}], compress_streams=False),
    pdf([{"rotate": 90, "crop": (9, 9, 300, 400)}, {}], compress_streams=False),
]
_WORD = [word()]
_PICTURES = [picture("PNG", "RGB", (20, 10)), picture("JPEG", "L", (20, 10))]
_TEXT = ["군사II급비밀\r\n본문\r\n".encode(), b"# Title\n"]

HARNESSES = {
    "document-pdf": Harness(_stamped, _PDF),
    "document-word": Harness(_stamped, _WORD),
    "document-picture": Harness(_stamped, _PICTURES),
    "document-text": Harness(_stamped, _TEXT),
    "document-labelled": Harness(_labelled, [*_PDF, *_WORD, *_PICTURES]),
    "document-examined": Harness(_examined, [*_PDF, *_WORD, *_PICTURES, *_TEXT]),
    "document-fields": Harness(_fields, [_FIELD.encode()]),
    "document-line": Harness(_line, ["[JPN] 極 秘 = 군사II급비밀 (SECRET)".encode()]),
}
