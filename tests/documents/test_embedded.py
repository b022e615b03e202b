"""Bindings inside PDF, JPEG, PNG and Office Open XML: written, read back, nothing else touched."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gsomia.documents import embedded, images, ooxml, pdfs
from gsomia.faults import BadInput
from gsomia.marking import binding as b
from gsomia.marking import label as labels
from gsomia.marking.binding import xmp
from gsomia.marking.label.model import Root
from gsomia.marking.spif import Sense
from tests.documents import samples
from tests.marking.shared import VECTORS

K1 = labels.read((VECTORS / "label" / "label-k1.xml").read_bytes())
J1 = msgspec.structs.replace(
    labels.read((VECTORS / "label" / "label-j1.xml").read_bytes()), root=Root.ALTERNATIVE
)

FILES: dict[str, Callable[[], bytes]] = {
    "pdf": samples.pdf,
    "jpeg": lambda: samples.image("JPEG"),
    "png": lambda: samples.image("PNG"),
    "docx": lambda: samples.office(kind="docx"),
    "xlsx": lambda: samples.office(kind="xlsx"),
    "pptx": lambda: samples.office(kind="pptx"),
}


def _bytes(data: bytes | str) -> bytes:
    return data if isinstance(data, bytes) else data.encode()


def bound(data: bytes, *held: labels.Label) -> bytes:
    return embedded.write_binding(data, embedded.bind_inside(data, list(held)))


@pytest.mark.parametrize("kind", FILES)
def test_a_label_inside_a_file(kind: str) -> None:
    data = FILES[kind]()
    assert embedded.labels_in(data, "a") == ()
    made = bound(data, K1)
    assert embedded.labels_in(made, "a") == (K1,)
    held = embedded.read_binding(made)
    assert held is not None
    info = b.read(held)
    kind_of = embedded.format_of(made)
    assert kind_of is not None
    assert b.check(info, lambda _: True, kind_of.profile) == ()
    assert info.profile == kind_of.profile


@pytest.mark.parametrize("kind", FILES)
def test_a_binding_in_the_place_of_another(kind: str) -> None:
    once = bound(FILES[kind](), K1)
    held = embedded.read_binding(once)
    assert held is not None
    twice = embedded.write_binding(once, b.write(b.add(b.read(held), J1)))
    assert embedded.labels_in(twice, "a") == (K1, J1)
    assert embedded.write_binding(once, held) == once or kind == "pdf"


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_no_pixel_changes(kind: str) -> None:
    data = samples.image(kind)
    made = bound(data, K1)
    assert samples.pixels(made) == samples.pixels(data)
    packet = images.read_xmp(made)
    assert packet is not None
    place = made.index(packet)
    around = 12 + len("XML:com.adobe.xmp") + 5 if kind == "PNG" else 4 + 29
    assert len(made) == len(data) + len(packet) + around
    assert data.endswith(made[place + len(packet) + (4 if kind == "PNG" else 0) :])


def test_other_metadata_of_an_image_stays() -> None:
    other = '<rdf:Description rdf:about="" xmlns:q="urn:q" q:a="kept"/>'
    other = f'<rdf:RDF xmlns:rdf="{xmp.RDF}">{other}</rdf:RDF>'
    data = images.write_xmp(samples.image("JPEG"), other.encode())
    assert embedded.labels_in(data, "a") == ()
    made = bound(data, K1)
    assert embedded.labels_in(made, "a") == (K1,)
    assert b'"kept"' in made
    # Readers want JFIF and Exif before all else.
    exif = samples.image("JPEG", exif=b"Exif\x00\x00II*\x00\x08\x00\x00\x00\x00\x00\x00\x00")
    made = bound(exif, K1)
    assert made.index(b"JFIF") < made.index(b"Exif\x00") < made.index(b"http://ns.adobe")


@pytest.mark.parametrize("kind", ["docx", "xlsx", "pptx"])
def test_every_part_of_a_package_is_bound_and_none_changes(kind: str) -> None:
    parts = samples.parts(kind)
    made = bound(samples.zipped(parts), K1)
    held = ooxml.read_binding(made)
    assert held is not None
    (binding,) = b.read(held).bindings
    bound_parts = {f"pack:///{name}" for name in parts if not name.endswith((".rels", "s].xml"))}
    assert set(binding.uris) == bound_parts
    assert ooxml.unbound(made, binding.uris, "a") == ()
    with zipfile.ZipFile(io.BytesIO(made)) as file:
        changed = [name for name, data in parts.items() if file.read(name) != _bytes(data)]
        added = set(file.namelist()) - set(parts)
    assert added == {"customXml/item1.xml"}
    assert [name.rpartition(".")[2] for name in changed] == ["xml", "rels"]
    grown = samples.zipped({**parts, "customXml/item1.xml": held, "more.bin": b""})
    assert ooxml.unbound(grown, binding.uris, "a") == ("pack:///more.bin",)


def test_a_document_of_another_program() -> None:
    docx = pytest.importorskip("docx")
    document = docx.Document()
    document.add_paragraph("군사II급비밀")
    out = io.BytesIO()
    document.save(out)
    made = bound(out.getvalue(), K1)
    again = docx.Document(io.BytesIO(made))
    assert [p.text for p in again.paragraphs] == ["군사II급비밀"]
    saved = io.BytesIO()
    again.save(saved)
    assert embedded.labels_in(saved.getvalue(), "a") == (K1,)


def test_the_part_is_known_by_its_root_and_not_by_its_name() -> None:
    binding = b.write(b.bind([K1], [b.Reference(uri="pack:///word/document.xml")], None))
    for name in ("customXml/item7.xml", "CustomXML/label.xml"):
        assert embedded.labels_in(samples.office({name: binding}), "a") == (K1,)
    assert embedded.labels_in(samples.office({"word/item1.xml": binding}), "a") == ()
    related = samples.parts()
    rels = str(related["word/_rels/document.xml.rels"])
    related["word/_rels/document.xml.rels"] = rels.replace(
        "</Rel",
        f'<Relationship Id="x" Type="{samples.OFFICE}/customXml" Target="/word/a.xml"/></Rel',
    )
    assert embedded.labels_in(samples.zipped({**related, "word/a.xml": binding}), "a") == (K1,)
    other = samples.office(
        {"customXml/item1.xml": "<!DOCTYPE a><a/>", "customXml/item2.xml": binding}
    )
    assert embedded.labels_in(other, "a") == (K1,)


def test_the_strict_form_of_a_document() -> None:
    made = bound(samples.zipped(samples.parts("docx", samples.STRICT)), K1)
    with zipfile.ZipFile(io.BytesIO(made)) as file:
        assert f"{samples.STRICT}/customXml" in file.read("word/_rels/document.xml.rels").decode()


# -- hostile files ----------------------------------------------------------------------

_BINDING = b.write(b.bind([K1], [b.Reference(uri="pack:///word/document.xml")], None))
_ENTITY = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
_NOTHING = f'<Relationships xmlns="{samples.PACKAGE}/relationships"/>'
_HUGE = b"<a>" + b" " * (5 << 20) + b"</a>"


def _renamed(old: str, new: str) -> bytes:
    data = samples.office({old: b"x"})
    assert len(old) == len(new)
    return data.replace(old.encode(), new.encode())


def _nameless() -> bytes:
    """A package whose last part has a name of no characters in the directory and in its place."""
    data = samples.zipped({**samples.parts(), "x": b"1"})
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        local = file.getinfo("x").header_offset
    listed = data.rindex(b"PK\x01\x02")
    end = data.rindex(b"PK\x05\x06")
    head = bytearray(data[:end])
    del head[listed + 46]
    head[listed + 28 : listed + 30] = b"\x00\x00"
    head[local + 26 : local + 30] = b"\x00\x00\x01\x00"
    size = int.from_bytes(data[end + 12 : end + 16], "little") - 1
    return bytes(head) + data[end : end + 12] + size.to_bytes(4, "little") + data[end + 16 :]


PACKAGES: dict[str, Callable[[], bytes]] = {
    "two bindings": lambda: samples.office({f"customXml/{n}.xml": _BINDING for n in "ab"}),
    "a binding with a document type": lambda: samples.office(
        {"customXml/item1.xml": _ENTITY + _BINDING}
    ),
    "a part with a path that leads out": lambda: _renamed("aaaaaaa.xml", "../../a.xml"),
    "a part twice": lambda: _renamed("word/Document.xmx", "word/Document.xml"),
    "a part with a backslash": lambda: _renamed("word-x.xml", "word\\x.xml"),
    "a part without a name": _nameless,
    "no document": lambda: samples.office({"_rels/.rels": _NOTHING}),
    "relations with a document type": lambda: samples.office({"_rels/.rels": "<!DOCTYPE a><a/>"}),
    "cut short": lambda: samples.office()[:-30],
    "many parts": lambda: samples.office({f"p/{n}": b"" for n in range(ooxml.MAX_PARTS)}),
    "plumbing without end": lambda: samples.office({"_rels/.rels": b" " * (3 << 20)}),
}  # fmt: skip


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_that_is_refused(name: str) -> None:
    with pytest.raises(BadInput):
        embedded.labels_in(PACKAGES[name](), "a.docx")


def test_a_package_that_would_unpack_to_too_much() -> None:
    data = bytearray(samples.office({"a.bin": b"0" * 1000}))
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        place = data.rindex(b"a.bin") - 46 + 24
        assert int.from_bytes(data[place : place + 4], "little") == file.getinfo("a.bin").file_size
    data[place : place + 4] = (0xFFFF_0000).to_bytes(4, "little")
    with pytest.raises(BadInput, match="bytes unpacked"):
        embedded.labels_in(bytes(data), "a.docx")


def test_a_custom_part_too_large_for_a_binding_is_none() -> None:
    assert embedded.labels_in(samples.office({"customXml/item1.xml": _HUGE}), "a") == ()


def test_a_signed_package_is_not_written() -> None:
    data = samples.office({"_xmlsignatures/sig1.xml": "<s/>"})
    assert embedded.labels_in(data, "a") == ()
    with pytest.raises(BadInput, match="sidecar"):
        bound(data, K1)


def _xmp_chunk(body: bytes) -> bytes:
    chunk = b"iTXtXML:com.adobe.xmp\x00" + body
    return (len(chunk) - 4).to_bytes(4, "big") + chunk + zlib.crc32(chunk).to_bytes(4, "big")


def _png(*bodies: bytes) -> bytes:
    data = samples.image("PNG")
    return data[:33] + b"".join(map(_xmp_chunk, bodies)) + data[33:]


_PACKET = xmp.write_packet(
    b.write(b.bind([K1], [b.Reference(uri="", content_type="image/png")], None))
)
_PLAIN = b"\x00\x00\x00\x00" + _PACKET


def test_a_packed_packet_in_a_png() -> None:
    assert embedded.labels_in(_png(_PLAIN), "a") == (K1,)
    assert embedded.labels_in(_png(b"\x01\x00ko\x00\x00" + zlib.compress(_PACKET)), "a") == (K1,)


PNGS: dict[str, Callable[[], bytes]] = {
    "two packets": lambda: _png(_PLAIN, _PLAIN),
    "a bomb": lambda: _png(b"\x01\x00\x00\x00" + zlib.compress(b" " * (9 << 20))),
    "cut in its packing": lambda: _png(b"\x01\x00\x00\x00" + zlib.compress(_PACKET)[:-20]),
    "not packed": lambda: _png(b"\x01\x00\x00\x00" + _PACKET),
    "another packing": lambda: _png(b"\x01\x01\x00\x00" + zlib.compress(_PACKET)),
    "no fields": lambda: _png(b"\x00"),
    "a wrong checksum": lambda: _png(_PLAIN).replace(b"GUNSA II", b"GUNSA IX"),
    "a length beyond the file": lambda: samples.image("PNG")[:33] + b"\x7f\xff\xff\xffIDAT",
    "a length of all ones": lambda: samples.image("PNG")[:33] + b"\xff\xff\xff\xffIDAT",
    "no end": lambda: samples.image("PNG")[:-12],
    "no header": lambda: samples.image("PNG")[:8] + samples.image("PNG")[33:],
    "XMP in another chunk": lambda: _png(_PLAIN).replace(_xmp_chunk(_PLAIN), _as_text()),
}


def _as_text() -> bytes:
    chunk = b"tEXtXML:com.adobe.xmp\x00" + _PACKET
    return (len(chunk) - 4).to_bytes(4, "big") + chunk + zlib.crc32(chunk).to_bytes(4, "big")


def _segment(body: bytes, size: int | None = None) -> bytes:
    return b"\xff\xe1" + (len(body) + 2 if size is None else size).to_bytes(2, "big") + body


def _jpeg(*segments: bytes) -> bytes:
    data = samples.image("JPEG")
    return data[:2] + b"".join(segments) + data[2:]


_XMP = b"http://ns.adobe.com/xap/1.0/\x00" + _PACKET
JPEGS: dict[str, Callable[[], bytes]] = {
    "two packets": lambda: _jpeg(_segment(_XMP), _segment(_XMP)),
    "a length of nothing": lambda: _jpeg(_segment(_XMP, 0)),
    "a length of one": lambda: _jpeg(_segment(_XMP, 1)),
    "a length beyond the file": lambda: _jpeg(_segment(_XMP, 0xFFFF)),
    "a length into the packet": lambda: _jpeg(_segment(_XMP, 100)),
    "a binding in the extension": lambda: _jpeg(
        _segment(b"http://ns.adobe.com/xmp/extension/\x00" + b"0" * 40 + _PACKET)
    ),
    "no scan": lambda: samples.image("JPEG")[:20],
    "an end before the scan": lambda: samples.image("JPEG")[:2] + b"\xff\xd9\x00\x00",
    "fill bytes without end": lambda: samples.image("JPEG")[:2] + b"\xff" * 100_000,
}


def test_a_packet_in_a_jpeg() -> None:
    assert embedded.labels_in(_jpeg(_segment(_XMP)), "a") == (K1,)
    assert embedded.labels_in(_jpeg(b"\xff\xff" + _segment(_XMP)), "a") == (K1,)


@pytest.mark.parametrize("name", PNGS)
def test_a_png_that_is_refused(name: str) -> None:
    with pytest.raises(BadInput):
        embedded.labels_in(PNGS[name](), "a.png")


@pytest.mark.parametrize("name", JPEGS)
def test_a_jpeg_that_is_refused(name: str) -> None:
    with pytest.raises(BadInput):
        embedded.labels_in(JPEGS[name](), "a.jpg")


def _with_metadata(made: Callable[[object], object]) -> bytes:
    import pikepdf

    out = io.BytesIO()
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.Root.Metadata = made(pdf)
    pdf.save(out, compress_streams=False, fix_metadata_version=False)
    return out.getvalue()


def _pdfs() -> dict[str, Callable[[], bytes]]:
    import pikepdf

    def stream(data: bytes, **keys: object) -> Callable[[object], object]:
        def made(pdf: object) -> object:
            held = pikepdf.Stream(pdf, data)  # type: ignore[arg-type]
            for key, value in keys.items():
                held[f"/{key}"] = value
            return pdf.make_indirect(held)  # type: ignore[attr-defined]

        return made

    flate = pikepdf.Name.FlateDecode
    bomb = zlib.compress(b" " * (9 << 20))
    return {
        "a bomb": lambda: _with_metadata(stream(bomb, Filter=flate)),
        "another filter": lambda: _with_metadata(
            stream(b"00>", Filter=pikepdf.Name.ASCIIHexDecode)
        ),
        "two filters": lambda: _with_metadata(
            stream(zlib.compress(bomb), Filter=pikepdf.Array([flate, flate]))
        ),
        "no stream": lambda: _with_metadata(lambda _: pikepdf.String("text")),
        "no XML": lambda: _with_metadata(stream(b"%PDF")),
        "cut short": lambda: samples.pdf()[:-200],
        "a head alone": lambda: b"%PDF-1.7\n",
        "a page tree that counts wrong": lambda: samples.pdf().replace(
            b"/Count 1 /Kids [ 3 0 R ] ", b"/Count 0 /Kids [ 3 0 R T]"
        ),
    }


PDFS = _pdfs()


@pytest.mark.parametrize("name", PDFS)
def test_a_pdf_that_is_refused(name: str) -> None:
    with pytest.raises(BadInput):
        embedded.labels_in(PDFS[name](), "a.pdf")


def test_a_packed_packet_in_a_pdf() -> None:
    import pikepdf

    def made(pdf: object) -> object:
        held = pikepdf.Stream(pdf, zlib.compress(_PACKET))  # type: ignore[arg-type]
        held.Filter = pikepdf.Name.FlateDecode
        return pdf.make_indirect(held)  # type: ignore[attr-defined]

    assert embedded.labels_in(_with_metadata(made), "a.pdf") == (K1,)


def test_a_pdf_that_is_signed_or_encrypted_is_not_written() -> None:
    import pikepdf

    signed = samples.pdf(AcroForm=pikepdf.Dictionary(SigFlags=3))
    with pytest.raises(BadInput, match="sidecar"):
        bound(signed, K1)
    # Signed, though the form's flags do not say so.
    field = pikepdf.Dictionary(FT=pikepdf.Name.Sig, V=pikepdf.Dictionary(Type=pikepdf.Name.Sig))
    unsaid = samples.pdf(AcroForm=pikepdf.Dictionary(Fields=pikepdf.Array([field])))
    with pytest.raises(BadInput, match="sidecar"):
        bound(unsaid, K1)
    with pikepdf.open(io.BytesIO(samples.pdf())) as pdf:
        for user in ("", "secret"):
            out = io.BytesIO()
            pdf.save(out, encryption=pikepdf.Encryption(owner="owner", user=user))
            with pytest.raises(BadInput, match="without encryption"):
                bound(out.getvalue(), K1)


def test_a_packet_too_large_for_a_jpeg() -> None:
    values = tuple(labels.Value("x" * 100) for _ in range(700))
    category = labels.Category(sense=Sense.PERMISSIVE, tag_name="Releasable To", values=values)
    told = msgspec.structs.replace(K1.information, categories=(category,))
    large = msgspec.structs.replace(K1, base=msgspec.structs.replace(K1.base, information=told))
    with pytest.raises(BadInput, match="sidecar"):
        bound(samples.image("JPEG"), large)
    assert embedded.labels_in(bound(samples.image("PNG"), large), "a") == (large,)


def test_a_file_that_holds_no_binding() -> None:
    assert embedded.labels_in(b"plain text", "a.pdf") == ()
    assert embedded.labels_in(samples.zipped({"a.txt": "a"}), "a.zip") == ()
    with pytest.raises(BadInput, match="sidecar"):
        embedded.bind_inside(b"text", [K1])
    with pytest.raises(BadInput, match="sidecar"):
        embedded.write_binding(b"", b"")


def test_a_label_of_a_part_is_not_one_of_the_file() -> None:
    part = b.bind([K1], [b.Reference(uri="#page=2", content_type="application/pdf")], None)
    data = embedded.write_binding(samples.pdf(), b.write(part))
    assert embedded.labels_in(data, "a.pdf") == ()


@settings(max_examples=25)
@given(st.binary(min_size=1, max_size=40), st.integers(0, 10_000))
def test_bent_images_are_read_or_refused(junk: bytes, place: int) -> None:
    for data in (_png(_PLAIN), _jpeg(_segment(_XMP))):
        bent = data[: place % len(data)] + junk + data[place % len(data) :]
        try:
            found = embedded.labels_in(bent, "a")
        except BadInput:
            continue
        assert len(found) < 2


def test_without_the_library_a_pdf_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from gsomia.faults import Unavailable

    monkeypatch.setitem(sys.modules, "pikepdf", None)
    with pytest.raises(Unavailable, match="not installed"):
        pdfs.read_xmp(b"%PDF-1.7")
