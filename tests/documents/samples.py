"""Small files of each format that can hold a binding, made here."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import pikepdf
from PIL import Image

PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"


def pdf(pages: int = 1, **root: object) -> bytes:
    out = io.BytesIO()
    made = pikepdf.new()
    for _ in range(pages):
        made.add_blank_page()
    for key, value in root.items():
        made.Root[f"/{key}"] = value
    made.save(out, deterministic_id=True)
    return out.getvalue()


def image(kind: str, **how: object) -> bytes:
    out = io.BytesIO()
    drawn = Image.new("RGB", (24, 16), (200, 30, 30))
    drawn.putpixel((3, 4), (1, 2, 3))
    drawn.save(out, kind, **how)
    return out.getvalue()


def pixels(data: bytes) -> bytes:
    return Image.open(io.BytesIO(data)).tobytes()


def zipped(parts: Mapping[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), data)
    return out.getvalue()


_MAINS = {
    "docx": ("word/document.xml", "wordprocessingml.document", "word/styles.xml"),
    "xlsx": ("xl/workbook.xml", "spreadsheetml.sheet", "xl/worksheets/sheet1.xml"),
    "pptx": ("ppt/presentation.xml", "presentationml.presentation", "ppt/slides/slide1.xml"),
}


def parts(kind: str = "docx", relations: str = OFFICE) -> dict[str, bytes | str]:
    """The parts of a small Office Open XML file."""
    main, media, other = _MAINS[kind]
    folder, _, file = main.rpartition("/")
    types = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Types xmlns="{PACKAGE}/'
        'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-'
        'package.relationships+xml"/><Default Extension="png" ContentType="image/png"/>'
        '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
        f'<Override PartName="/{main}" ContentType="application/vnd.openxmlformats-'
        f'officedocument.{media}.main+xml"/><Override PartName="/{other}" '
        'ContentType="application/xml"/></Types>'
    )
    up = (
        f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{relations}/officeDocument" Target="{main}"/></Relationships>'
    )
    down = (
        f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{relations}/styles" Target="{other.removeprefix(folder + "/")}"/></Relationships>'
    )
    return {
        "[Content_Types].xml": types,
        "_rels/.rels": up,
        main: "<document/>",
        f"{folder}/_rels/{file}.rels": down,
        other: "<part/>",
        f"{folder}/media/image1.png": image("PNG"),
        f"{folder}/vbaProject.bin": b"macros, untouched \x00\x01\xff",
    }


def office(new: Mapping[str, bytes | str] | None = None, kind: str = "docx") -> bytes:
    return zipped({**parts(kind), **(new or {})})
