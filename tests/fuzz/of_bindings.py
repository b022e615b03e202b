"""Bindings of labels: as files, as text in other places, inside files, and signed."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache

import msgspec
from cryptography import x509

from gsomia.documents import embedded
from gsomia.documents.signing import load_certificates
from gsomia.documents.verifying import Verified, verify
from gsomia.marking import binding as b
from gsomia.marking import label as labels
from gsomia.marking.binding import header, rules, xmp
from gsomia.marking.label.model import Root
from gsomia.marking.xmlguard import parse
from tests.documents import samples
from tests.fuzz.harness import Harness, text, vector, vectors

K1 = labels.read(vector("label/label-k1.xml"))
J1 = msgspec.structs.replace(labels.read(vector("label/label-j1.xml")), root=Root.ALTERNATIVE)
_FILE = b.Reference(uri="./plan.pdf", content_type="application/pdf")
_SIDECAR = b.write(b.bind([K1, J1], [_FILE], b.Profile.SIDECAR))
_INSIDE = b.encapsulate([K1], b"<order><to>1</to></order>")
_MESSAGE = header.write_header(header.for_message(K1))
_SIGNED = vectors("binding/xmlsec1/*.bdo")
_NOW = datetime(2026, 12, 1, tzinfo=UTC)


def _binding(data: bytes) -> None:
    """What was read and breaks no rule of the schema is written, and then stable."""
    info = b.read(data, "a.bdo")
    b.check(info, lambda _: True, b.Profile.SIDECAR)
    for binding in info.bindings:
        for uri in binding.uris:
            b.metadata_of(info, uri)
    if not any(True for _ in rules.against_schema(info)):
        written = b.write(info)
        assert b.write(b.read(written)) == written


def _header(data: bytes) -> None:
    value = text(data)
    # HTTP allows blanks around the semicolon; everything else has one form.
    one_form = re.sub(r"[ \t]*;[ \t]*", "; ", value.strip(" \t"))
    assert header.header_of(header.header_data(value)) == one_form
    header.read_header(value)


def _packet(data: bytes) -> None:
    held = xmp.read_packet(data, "a.xmp")
    written = xmp.write_packet(_SIDECAR, data, "a.xmp")
    assert xmp.read_packet(written) == _SIDECAR
    if held is not None:
        b.read(held)


def _file(data: bytes) -> None:
    """What a file holds is found again in it after it was put there once more."""
    found = embedded.labels_in(data, "a")
    if not found:
        return
    held = embedded.read_binding(data)
    assert held is not None
    assert embedded.labels_in(embedded.write_binding(data, held), "a") == found


def _inside(data: bytes) -> None:
    made = b.encapsulate([K1], data, "order.xml")
    held = next(iter(b.read(made).bindings)).data[0]
    assert isinstance(held, b.Inline)
    assert held.elements[0].same(parse(data, "order.xml"))


@cache
def _signers() -> list[x509.Certificate]:
    names = ("rsa", "ec")
    return [c for n in names for c in load_certificates(vector(f"binding/xmlsec1/{n}.pem"), n)]


class _Plan:
    """The file that the stored bindings name."""

    def digest(self, algorithm: str) -> bytes:
        from hashlib import new

        return new(algorithm, b"the plan\n").digest()

    def read(self, limit: int) -> bytes:
        assert limit
        return b"the plan\n"


def _signature(data: bytes) -> None:
    """Nothing but the label that was signed is ever said to be signed."""
    found = verify(data, _signers(), lambda uri: _Plan() if uri == "./plan.txt" else None, _NOW)
    for one in found:
        if isinstance(one, Verified):
            for binding in one.bindings:
                (label,) = b.labels(binding)
                assert label.information.classification == "GUNSA II"
                assert binding.uris == ("./plan.txt",)


def _with(data: bytes) -> bytes:
    return embedded.write_binding(data, embedded.bind_inside(data, [K1]))


HARNESSES = {
    "binding": Harness(_binding, [_SIDECAR, _INSIDE, *vectors("binding/bad/*.bdo"), *_SIGNED]),
    "binding-header": Harness(_header, [_MESSAGE.encode()]),
    "binding-packet": Harness(_packet, [xmp.write_packet(_SIDECAR)]),
    "binding-inside": Harness(_inside, [b"<order><to>1</to></order>", _SIDECAR]),
    "bound-image": Harness(
        _file, [_with(samples.image("PNG")), _with(samples.image("JPEG", quality=1))]
    ),
    "bound-package": Harness(
        _file, [_with(samples.office(kind=kind)) for kind in ("docx", "xlsx")]
    ),
    "bound-pdf": Harness(_file, [_with(samples.pdf())]),
    "binding-signature": Harness(_signature, _SIGNED),
}
