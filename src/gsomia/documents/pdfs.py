"""The XMP packet of a PDF document: read, and written without touching a page.

The packet is the document's own `Metadata` stream (PDF 2.0, 14.3.2); those of pages and
images are not looked at. A damaged, encrypted or signed document is not written: repair
and a second reader might show another document, and a signature would break.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from gsomia.documents.images import inflated
from gsomia.documents.kinds import MAX_FILE
from gsomia.documents.pdflibrary import library
from gsomia.faults import BadInput
from gsomia.marking.binding.xmp import LIMITS

PDF = b"%PDF-"


@contextmanager
def _opened(data: bytes, where: str) -> Iterator[Any]:
    held = library()
    if len(data) > MAX_FILE:
        raise BadInput(f"at most {MAX_FILE} bytes of PDF", "more", where)
    try:
        with held.open(io.BytesIO(data), attempt_recovery=False, suppress_warnings=True) as pdf:
            yield pdf
    except held.PasswordError:
        raise BadInput("a PDF document without encryption", "an encrypted one", where) from None
    except (held.PdfError, held.ForeignObjectError, RuntimeError, ValueError):
        # A number too long for the library is a ValueError, a page tree that counts wrong a
        # RuntimeError.
        raise BadInput("an undamaged PDF document", "another", where) from None


def read_xmp(data: bytes, where: str = "PDF") -> bytes | None:
    """The XMP packet of a PDF document, or None. Raises `BadInput`, `Unavailable`."""
    with _opened(data, where) as pdf:
        return _packet(pdf, where)


def _packet(pdf: Any, where: str) -> bytes | None:
    import pikepdf

    root = pdf.trailer.get("/Root")
    if not isinstance(root, pikepdf.Dictionary):
        raise BadInput("a PDF document with a catalogue", "none", where)
    stream = root.get("/Metadata")
    if stream is None:
        return None
    if not isinstance(stream, pikepdf.Stream):
        raise BadInput("metadata as a stream", "another object", where)
    raw: bytes = stream.read_raw_bytes()
    if len(raw) > LIMITS.size:
        raise BadInput(f"at most {LIMITS.size} bytes of XMP", "more", where)
    filters = stream.get("/Filter")
    if isinstance(filters, pikepdf.Array):
        filters = filters[0] if len(filters) == 1 else filters if len(filters) else None
    if filters is None:
        return raw
    if filters != pikepdf.Name.FlateDecode or stream.get("/DecodeParms") is not None:
        raise BadInput("metadata that is plain or packed by Flate", "another filter", where)
    return inflated(raw, where)


def write_xmp(data: bytes, packet: bytes, where: str = "PDF") -> bytes:
    """The document with this packet in the place of any it had. Raises `BadInput`."""
    out = io.BytesIO()
    with _opened(data, where) as pdf:
        import pikepdf

        from gsomia.documents.opening import is_signed

        _packet(pdf, where)
        if pdf.is_encrypted:
            raise BadInput("a PDF document without encryption", "an encrypted one", where)
        if is_signed(pdf, where):
            expected = "a PDF document without signature, or a sidecar"
            raise BadInput(expected, "a signed one, whose signature would break", where)
        stream = pikepdf.Stream(pdf, packet)
        stream.Type, stream.Subtype = pikepdf.Name.Metadata, pikepdf.Name.XML
        pdf.Root.Metadata = pdf.make_indirect(stream)
        pdf.save(
            out,
            deterministic_id=True,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
            fix_metadata_version=False,
        )
    made = out.getvalue()
    if read_xmp(made, where) != packet:
        raise BadInput("a document that keeps its metadata", "another", where)
    return made
