"""Stamped text: first and last line, and every byte between them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsomia.documents.kinds import Kind, kind_of
from gsomia.documents.stamp_text import is_stamp, stamp_text, text_line
from gsomia.faults import BadInput
from tests.documents.builders import JAPANESE, KOREAN

LINE = text_line(KOREAN)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("one line", f"{LINE}\n\none line\n\n{LINE}\n"),
        ("one\ntwo\n", f"{LINE}\n\none\ntwo\n\n{LINE}\n"),
        ("one\r\ntwo\r\n", f"{LINE}\r\n\r\none\r\ntwo\r\n\r\n{LINE}\r\n"),
        ("one\rtwo", f"{LINE}\r\rone\rtwo\r\r{LINE}\r"),
        ("\ufeff가나다\n", f"\ufeff{LINE}\n\n가나다\n\n{LINE}\n"),
    ],
)
def test_text_stands_between_two_lines(given, expected):
    assert stamp_text(given.encode(), KOREAN, "file") == expected.encode()


@given(st.text(st.characters(exclude_categories=["C"], include_characters="\t\n\r"), min_size=1))
def test_every_byte_of_the_text_stays(text):
    made = stamp_text(text.encode(), JAPANESE, "file").decode()
    assert text.removeprefix("\ufeff") in made
    assert made.startswith("\ufeff") == text.startswith("\ufeff")
    assert is_stamp(made.removeprefix("\ufeff").splitlines()[0])
    assert is_stamp(made.splitlines()[-1])


def test_a_stamped_text_is_not_stamped_again():
    with pytest.raises(BadInput, match="without a stamp"):
        stamp_text(stamp_text(b"text", KOREAN, "file"), KOREAN, "file")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"# Title\n", Kind.TEXT),
        ("秘\f\n".encode(), Kind.TEXT),
        (b"a\x00b", None),
        (b"a\x1b[31m", None),
        ("秘".encode("shift_jis"), None),
        (b"", None),
        (b"\x89PNG\r\n\x1a\n", Kind.PNG),
        (b"\xff\xd8\xff\xe0", Kind.JPEG),
        (b"junk before %PDF-1.7", Kind.PDF),
        (b"PK\x03\x04 cut", None),
    ],
)
def test_a_format_is_told_by_bytes(data, kind):
    assert kind_of(data) is kind
