"""Bindings inside files, whatever the format: found, read and written.

PDF, JPEG and PNG hold one as an XMP property, Office Open XML as a custom XML part, XML
documents anywhere inside. Which format it is, the first bytes say and never the name.
"""

from __future__ import annotations

from enum import StrEnum

from gsomia.documents import images, ooxml, pdfs
from gsomia.documents.kinds import MAX_FILE
from gsomia.faults import BadInput, shown
from gsomia.marking import binding as b
from gsomia.marking.binding import xmp
from gsomia.marking.label import Label


class Format(StrEnum):
    """The formats that can hold a binding."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"
    OOXML = "ooxml"  # which of them, its main part says

    @property
    def profile(self) -> b.Profile:
        """The profile by which a binding stands in it."""
        return b.Profile.OOXML if self is Format.OOXML else b.Profile.XMP


def format_of(data: bytes) -> Format | None:
    """The format of a file, or None for one that holds no binding."""
    for start, found in (
        (pdfs.PDF, Format.PDF),
        (images.JPEG, Format.JPEG),
        (images.PNG, Format.PNG),
        (ooxml.ZIP, Format.OOXML),
    ):
        if data.startswith(start):
            return found
    return None


def read_binding(data: bytes, where: str = "file") -> bytes | None:
    """The bytes of the binding in a file, or None. Raises `BadInput`, `Unavailable`.

    A zip file that is no Office Open XML file holds none.
    """
    kind = format_of(data)
    if kind is None:
        return None
    if len(data) > MAX_FILE:
        raise BadInput(f"at most {MAX_FILE} bytes of a file that is looked into", "more", where)
    if kind is Format.OOXML:
        return ooxml.read_binding(data, where) if ooxml.is_office(data) else None
    packet = read_packet(data, kind, where)
    return None if packet is None else xmp.read_packet(packet, where)


def read_packet(data: bytes, kind: Format, where: str) -> bytes | None:
    """The XMP packet of a file, or None."""
    if kind is Format.PDF:
        return pdfs.read_xmp(data, where)
    return images.read_xmp(data, where)


def write_binding(data: bytes, binding: bytes, where: str = "file") -> bytes:
    """The file with this binding in the place of any it had; nothing else in it changes.

    Raises `BadInput` for a format that holds none, and for a signed file: see each format.
    """
    kind = format_of(data)
    if kind is None:
        raise BadInput("PDF, JPEG, PNG or Office Open XML, or a sidecar", "another", where)
    if len(data) > MAX_FILE:
        raise BadInput(f"at most {MAX_FILE} bytes, or a sidecar", "more", where)
    if kind is Format.OOXML:
        return ooxml.write_binding(data, binding, where)
    packet = xmp.write_packet(binding, read_packet(data, kind, where), where)
    write = pdfs.write_xmp if kind is Format.PDF else images.write_xmp
    return write(data, packet, where)


def labels_in(data: bytes, name: str) -> tuple[Label, ...]:
    """The labels bound to the whole of a file by a binding inside it; none if it holds none.

    `name` is for messages only. Says nothing of signatures, and of bindings beside the
    file. A label bound to a part of the file (`#page=2`) is not among them. Raises
    `BadInput` for a file, binding or label that cannot be read, `Unavailable` without the
    library for PDF.
    """
    where = shown(name)
    held = read_binding(data, where)
    if held is None:
        return ()
    info = b.read(held, where)
    return tuple(
        label
        for binding in info.bindings
        if not all("#" in uri for uri in binding.uris) or not binding.uris
        for label in b.labels(binding)
    )


def bind_inside(data: bytes, labels: list[Label], where: str = "file") -> bytes:
    """A binding of these labels to a file, to stand inside it. Raises `BadInput`."""
    kind = format_of(data)
    if kind is None:
        raise BadInput("PDF, JPEG, PNG or Office Open XML, or a sidecar", "another", where)
    if kind is Format.OOXML:
        return b.write(b.bind(labels, ooxml.references(data, where), b.Profile.OOXML))
    # That an empty URI names the file around the packet is our reading of ADatP-4778 4.7.
    itself = b.Reference(uri="", content_type=str(kind))
    return b.write(b.bind(labels, [itself], b.Profile.XMP))
