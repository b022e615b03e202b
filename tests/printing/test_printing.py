"""Pictures as PNG: real bytes, the same each time, and nothing read but the picture itself."""

from __future__ import annotations

import struct
import sys

import pytest

from gsomia import printing
from gsomia.faults import BadInput, Unavailable

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="144" height="72" viewBox="0 0 144 72">'
WORDS = f'{SVG}<text x="9" y="40" font-family="{printing.FAMILY}">군사II급비밀 極秘</text></svg>'


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


@pytest.mark.parametrize("ppi, expected", [(96, (144, 72)), (192, (288, 144))])
def test_a_picture_has_the_size_asked_for(ppi: int, expected: tuple[int, int]) -> None:
    assert size(printing.png(WORDS.encode(), ppi)) == expected


def test_the_same_picture_gives_the_same_bytes_and_another_gives_others() -> None:
    once = printing.png(WORDS.encode())
    assert printing.png(WORDS.encode()) == once
    assert printing.png(f"{SVG}</svg>".encode()) != once


@pytest.mark.parametrize(
    "svg",
    [
        b"",
        b"no picture",
        b"\xff\xfe",
        b"<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/hostname'/></svg>",
        b"<svg xmlns='http://www.w3.org/2000/svg'><image href='../layouts/picture.typ'/></svg>",
        b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/hostname">]><svg>&x;</svg>',
        b"<svg xmlns='http://www.w3.org/2000/svg'>" + b" " * printing.MAX_PICTURE,
    ],
    ids=["empty", "text", "not UTF-8", "outside", "beside", "entity", "too large"],
)
def test_what_is_no_picture_is_refused(svg: bytes) -> None:
    with pytest.raises(BadInput):
        printing.png(svg)


@pytest.mark.parametrize("ppi", [0, 35, 601, -72])
def test_a_density_out_of_bounds_is_refused(ppi: int) -> None:
    with pytest.raises(BadInput, match="pixels"):
        printing.png(WORDS.encode(), ppi)


def test_without_the_extra_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(Unavailable, match=r"not installed") as told:
        printing.png(WORDS.encode())
    assert "gsomia[print]" in str(told.value.hint)
