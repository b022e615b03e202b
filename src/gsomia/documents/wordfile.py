"""Opening a Word file (.docx): a strict package first, then python-docx.

The package is bounded before anything is unpacked. No part may declare a document type:
entities are how XML grows and reaches out. What could undo a stamp is refused: macros and
controls, files inside, and other files that the reader draws in when it opens the document.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING

from gsomia.documents.ooxml import CONTENT_TYPES, DATE, SIGNATURES, Package
from gsomia.documents.wordfields import running_field
from gsomia.faults import BadInput, shown

if TYPE_CHECKING:
    from docx.document import Document

    from gsomia.marking.xmlguard import Element

MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_WORD = (
    MAIN,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
    "application/vnd.ms-word.document.macroEnabled.main+xml",
    "application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
)
_DOCTYPES = tuple("<!DOCTYPE".encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be"))
_XML = (".xml", ".rels", ".vml")
_DRAWN_IN = ("/aFChunk", "/subDocument")
_RUNS = ("/control", "/vbaProject", "/webextensiontaskpanes", "/webextension")
_INSIDE = ("/oleObject", "/package")
_LEADS = ("/hyperlink",)
_LOCAL = re.compile(r"(?!//|\\\\)(file:///)?([a-z]:)?[^:]*", re.IGNORECASE)
"""The address of a file on the reader's own machine: no host, and no scheme but one."""
_CHARTS = re.compile(r"word/(charts|diagrams)/_rels/.*")
"""A chart keeps its numbers in a workbook inside; they are its content."""
FAULTS = (
    *(KeyError, ValueError, TypeError, AttributeError, IndexError, AssertionError, OSError),
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, OverflowError),
)
"""What python-docx and the ZIP below it raise for a file that is not what they expect."""


def package(data: bytes, where: str) -> Package:
    """A bounded Word package of strict form, perhaps with macros in it. Raises `BadInput`."""
    held = Package(data, where)
    if _kind(held) not in _WORD:
        raise BadInput("a Word file", "another Office file", where)
    for part in held.entries:
        if not part.lower().endswith(_XML):
            continue
        if any(mark in held.read(part) for mark in _DOCTYPES):
            where_ = f"{where}, {shown(part)}"
            raise BadInput("XML without a document type", "a DOCTYPE", where_)
    return held


def _kind(held: Package) -> str | None:
    """The media type of the main part."""
    name, _ = held.main
    return held.content_type(name, held.xml(CONTENT_TYPES))


def check_stampable(held: Package, where: str, *, may_break_signature: bool) -> None:
    """Raise `BadInput` for a document whose stamp could be undone, or that a stamp breaks."""
    if _kind(held) != MAIN:
        raise BadInput("a Word document (.docx)", "a template, or one with macros", where)
    texts = _texts(held)
    for part in held.entries:
        low = part.lower()
        if low.endswith(".bin") and "vbaproject" in low:
            raise BadInput("a document without macros", "one with macros", where)
        if low.startswith(SIGNATURES) and not may_break_signature:
            raise BadInput("a document that a stamp does not break", "a signed one", where)
        if low.endswith(".rels"):
            for relation in held.xml(part).children:
                _check_relation(relation, low, where)
        elif low in texts or (low.startswith("word/") and low.endswith(".xml")):
            found = running_field(held.read(part), where)
            if found:
                raise BadInput("a document that runs nothing", found, f"{where}, {shown(part)}")


def _texts(held: Package) -> set[str]:
    """The parts with text in them, wherever they lie, by what the package says that they are."""
    rows = [row.attributes for row in held.xml(CONTENT_TYPES).children]
    rows = [row for row in rows if "wordprocessingml" in row.get("ContentType", "").lower()]
    named = {row.get("PartName", "").removeprefix("/").lower() for row in rows}
    endings = {row["Extension"].lower() for row in rows if "Extension" in row}
    parts = {part.lower() for part in held.entries}
    return {low for low in parts if low in named or low.rpartition(".")[2] in endings}


def _check_relation(relation: Element, part: str, where: str) -> None:
    """Raise `BadInput` for what runs, lies inside, or is fetched as the document opens.

    A template may bring macros; one on the reader's own machine is the reader's own.
    """
    kind, target, mode = (relation.attributes.get(n, "") for n in ("Type", "Target", "TargetMode"))
    if kind.endswith(_RUNS):
        raise BadInput("a document that runs nothing", "one with controls or add-ins", where)
    own = kind.endswith("/attachedTemplate") and _LOCAL.fullmatch(target)
    fetched = mode.lower() == "external" and not kind.endswith(_LEADS) and not own
    if kind.endswith(_DRAWN_IN) or fetched:
        raise BadInput("a document that is whole", "one that draws in others", where)
    if kind.endswith(_INSIDE) and not _CHARTS.fullmatch(part):
        raise BadInput("a document without files in it", "one with an embedded object", where)


def opened(data: bytes, where: str) -> Document:
    """The document, for a package that was checked. Raises `BadInput`."""
    import docx
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError  # type: ignore[import-untyped]  # it has no types

    try:
        return docx.Document(io.BytesIO(data))
    except (*FAULTS, OpcError, LxmlError):
        raise broken(where) from None


def broken(where: str) -> BadInput:
    """The error of what cannot be read as a Word file."""
    return BadInput("a Word file that can be read", "a broken one", where)


def saved(document: Document) -> bytes:
    """The document's bytes, with the same date on every part: python-docx writes the clock's."""
    first, out = io.BytesIO(), io.BytesIO()
    document.save(first)
    with zipfile.ZipFile(first) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            made = zipfile.ZipInfo(entry.filename, DATE)
            made.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(made, old.read(entry))
    return out.getvalue()
