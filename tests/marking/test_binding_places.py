"""Bindings as text: in a header of HTTP, and in an XMP packet."""

from __future__ import annotations

import base64

import pytest

from gsomia.faults import BadInput
from gsomia.marking import binding as b
from gsomia.marking import label as labels
from gsomia.marking.binding import header, xmp
from gsomia.marking.binding.model import BINDING
from tests.marking.shared import VECTORS, outside

K1 = labels.read((VECTORS / "label" / "label-k1.xml").read_bytes())
MESSAGE = header.for_message(K1)
DATA = b.write(MESSAGE)
VALUE = header.write_header(MESSAGE)


def test_a_label_in_a_header() -> None:
    info = header.read_header(VALUE)
    (binding,) = info.bindings
    assert b.labels(binding) == (K1,)
    assert b.check(info, profile=b.Profile.REST) == ()
    (held,) = binding.data
    assert (held.uri, held.content_type) == ("", "message/http")  # type: ignore[union-attr]
    assert "\n" not in VALUE
    assert VALUE.isascii()


HEADERS = {
    "no quotation mark, as one program writes": VALUE.replace('";', ""),
    "no semicolon": VALUE.replace(";", ""),
    "another type": VALUE.replace(BINDING, BINDING[:-1] + "1"),
    "another order": "; ".join(reversed(VALUE.split("; "))),
    "a further parameter": VALUE + "; a=b",
    "broken base64": VALUE[:-2] + '"',
    "base64 with blanks": VALUE.replace('object="', 'object=" '),
    "base64 of another form": VALUE.replace(base64.b64encode(DATA).decode(), "AB=="),
    "nothing": "",
    "an empty object": f'binding-type="{BINDING}"; binding-data-object=""',
    "two lines": VALUE + "\r\nX: y",
    "too much": f'binding-type="{BINDING}"; binding-data-object="{"A" * header.MAX_HEADER}"',
}  # fmt: skip


@pytest.mark.parametrize("name", HEADERS)
def test_a_header_that_is_refused(name: str) -> None:
    with pytest.raises(BadInput) as refused:
        header.read_header(HEADERS[name])
    assert refused.value.where.startswith("Binding-Data")


def test_a_binding_too_large_for_a_header() -> None:
    many = b.bind([K1] * 80, [b.Reference(uri="", content_type="message/http")], b.Profile.REST)
    with pytest.raises(BadInput, match="at most"):
        header.write_header(many)


# -- XMP ------------------------------------------------------------------------------

PROP = "mbxmp:bindingInformation"
SPACES = f'xmlns:rdf="{xmp.RDF}" xmlns:mbxmp="{xmp.NAMESPACE}" xmlns:dc="urn:dc"'


def packet(inside: str, root: str = "rdf:RDF") -> bytes:
    return f"<{root} {SPACES}>{inside}</{root}>".encode()


def description(inside: str, more: str = 'rdf:about=""') -> str:
    return f"<rdf:Description {more}>{inside}</rdf:Description>"


ONE = description(f"<{PROP}>text</{PROP}>")
AS_ATTRIBUTE = f'<rdf:Description rdf:about="" {PROP}="text"/>'


@pytest.mark.parametrize("one", [ONE, AS_ATTRIBUTE, ONE.replace(' rdf:about=""', "")])
def test_the_property_in_both_forms_of_rdf(one: str) -> None:
    assert xmp.read_packet(packet(one)) == b"text"
    assert xmp.read_packet(packet(description("<dc:a>x</dc:a>") + one)) == b"text"


def test_a_packet_without_the_property() -> None:
    assert xmp.read_packet(packet("")) is None
    assert xmp.read_packet(packet(description("<dc:a>x</dc:a>"))) is None
    assert xmp.read_packet(packet(description("<mbxmp:other>x</mbxmp:other>"))) is None


TRICKS = {
    "two properties": ONE + ONE,
    "element and attribute": ONE + AS_ATTRIBUTE,
    "both in one description": description(f"<{PROP}>a</{PROP}>", f'rdf:about="" {PROP}="b"'),
    "of another thing within": description(f"<dc:a>{ONE}</dc:a>"),
    "a typed node": f'<dc:Thing rdf:about=""><{PROP}>text</{PROP}></dc:Thing>',
    "with an Id": description(f"<{PROP}>text</{PROP}>", 'rdf:ID="a"'),
    "with a node's name": description(f"<{PROP}>text</{PROP}>", 'rdf:nodeID="a"'),
    "with a language": description(f"<{PROP}>text</{PROP}>", 'rdf:about="" xml:lang="ko"'),
    "elsewhere": description(f"<{PROP}>text</{PROP}>", 'about="other"'),
    "a literal": description(f'<{PROP} rdf:parseType="Literal"><a/></{PROP}>'),
    "a resource": description(f'<{PROP} rdf:resource="http://example.org/"/>'),
    "a container": description(f"<{PROP}><rdf:Alt><rdf:li>text</rdf:li></rdf:Alt></{PROP}>"),
    "a qualifier": description(f'<{PROP} xml:lang="ko">text</{PROP}>'),
    "a datatype": description(f'<{PROP} rdf:datatype="urn:x">text</{PROP}>'),
    "right under RDF": f"<{PROP}>text</{PROP}>",
}


@pytest.mark.parametrize("name", TRICKS)
def test_what_two_readers_could_read_in_two_ways(name: str) -> None:
    with pytest.raises(BadInput):
        xmp.read_packet(packet(TRICKS[name]), "a.xmp")


ROOTS = {
    "another root": packet(ONE, "rdf:Bag"),
    "two of them": f"<x {SPACES}><rdf:RDF>{ONE}</rdf:RDF><rdf:RDF>{ONE}</rdf:RDF></x>".encode(),
    "meta around another": f'<x:xmpmeta xmlns:x="{xmp.META}" {SPACES}>{ONE}</x:xmpmeta>'.encode(),
    "a document type": b"<!DOCTYPE a>" + packet(ONE),
    "another instruction": b"<?php x?>" + packet(ONE),
    "a packet without end": b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>' + packet(ONE),
    "too much": packet(ONE) + b" " * xmp.LIMITS.size,
}


@pytest.mark.parametrize("name", ROOTS)
def test_a_packet_that_is_refused(name: str) -> None:
    with pytest.raises(BadInput):
        xmp.read_packet(ROOTS[name], "a.xmp")


def test_a_packet_is_written_and_read() -> None:
    data = xmp.write_packet(DATA)
    assert data.startswith(b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>')
    assert data.endswith(b'<?xpacket end="w"?>')
    assert xmp.read_packet(data) == DATA
    assert xmp.write_packet(DATA, data) == data


def test_other_properties_stay_and_an_old_binding_goes() -> None:
    old = packet(
        description("<dc:title>제목</dc:title>", 'rdf:about="urn:x"')
        + description(f"<dc:b/><{PROP}>old</{PROP}>", 'rdf:about="urn:x"')
    )
    data = xmp.write_packet(DATA, old)
    assert xmp.read_packet(data) == DATA
    text = data.decode()
    assert "제목" in text
    assert "old" not in text
    assert text.count('rdf:about="urn:x"') == 3


def test_descriptions_of_several_things_are_not_mixed() -> None:
    old = packet(description("", 'rdf:about="urn:x"') + description("", 'rdf:about="urn:y"'))
    with pytest.raises(BadInput):
        xmp.write_packet(DATA, old)


def test_packets_of_another_program_are_read() -> None:
    found = sorted(outside("labels/bindings").glob("*.xmp"))
    assert len(found) >= 2
    for path in found:
        held = xmp.read_packet(path.read_bytes(), path.name)
        assert held is not None
        info = b.read(held)
        assert b.check(info, lambda _: True) == ()
        written = xmp.write_packet(held, path.read_bytes())
        assert xmp.read_packet(written) == held
