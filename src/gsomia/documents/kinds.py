"""What a file is, by its bytes and never by its name, and how large one may be."""

from __future__ import annotations

import enum
import io
import re
import zipfile

from gsomia.faults import BadInput

MAX_FILE = 256 << 20
"""Bytes of the largest file that is stamped, examined or looked into: it is held in memory."""


class Kind(enum.Enum):
    """The formats that are known here."""

    PDF = "pdf"
    DOCX = "docx"
    PNG = "png"
    JPEG = "jpeg"
    TEXT = "text"


_TYPES = "[Content_Types].xml"
_MAIN = "word/document.xml"
_LOOK = 1024
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Begins the compound files of older Office programs; in one lies each encrypted newer file."""
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def kind_of(data: bytes) -> Kind | None:
    """The format of a file, or None for one that is not known here.

    Text is UTF-8 without control characters other than tab, line feed, form feed and
    carriage return. A file whose beginning and end fit two formats is told by its
    beginning.
    """
    if b"%PDF-" in data[:_LOOK]:
        return Kind.PDF
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if data.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if data.startswith(b"PK\x03\x04"):
        return Kind.DOCX if _is_word(data) else None
    return Kind.TEXT if _is_text(data) else None


def _is_word(data: bytes) -> bool:
    """Whether a ZIP names the two parts that a Word file has. Its content is not read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {info.filename for info in archive.infolist()}
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError):
        return False
    return {_TYPES, _MAIN} <= names


def _is_text(data: bytes) -> bool:
    if not data:
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return _CONTROLS.search(data) is None


def unknown(data: bytes) -> str:
    """What a file of no format known here is, in words."""
    if not data:
        return "an empty file"
    if data.startswith(_OLD_OFFICE):
        return "a Word file with a password, or one of an older program"
    if data.startswith(b"PK"):
        return "a damaged ZIP file, or one of another program"
    return "another format"


def check_size(size: int, where: str) -> None:
    """Raise `BadInput` for a file above `MAX_FILE` bytes."""
    if size > MAX_FILE:
        raise BadInput(f"a file of at most {MAX_FILE >> 20} MiB", "a larger one", where)
