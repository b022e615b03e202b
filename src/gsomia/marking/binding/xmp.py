"""A binding as a property of an XMP packet: the XMP profile of ADatP-4778.2, chapter 10.

The property `bindingInformation` in a namespace of its own holds the binding as escaped
XML. XMP is RDF, which can say the same in several forms; the property must stand once in
the whole packet, as plain text, at a description of the document itself. Anything else
would let two readers find two labels, and is refused.

Other properties are kept. Their prefixes may change, which means nothing in XMP.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from gsomia.faults import BadInput
from gsomia.marking.binding.reading import LIMITS as BINDING_LIMITS
from gsomia.marking.xmlguard import XML, Element, Limits, at_line, parse
from gsomia.marking.xmlguard import write as write_xml

NAMESPACE = "urn:nato:stanag:4778:bindinginformation:1:0:xmp#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
META = "adobe:ns:meta/"

PROPERTY = f"{NAMESPACE}}}bindingInformation"
LIMITS = Limits(size=8 << 20, depth=48, elements=100_000)

Path = tuple[Element, ...]

_RDF = f"{RDF}}}RDF"
_DESCRIPTION = f"{RDF}}}Description"
_ABOUT = f"{RDF}}}about"
_BEGIN = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<\?xpacket begin=[^<>]{0,100}\?>")
_END = re.compile(rb"<\?xpacket end=[\"'][rw][\"']\s*\?>[\s\x00]*\Z")
_HEAD = b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
_TAIL = b'\n<?xpacket end="w"?>'
_DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'

STAMP = "urn:gsomia:stamp:1#}stamp"
"""What a picture's stamp says, as text: people read it in the pixels, programs here."""

PREFIXES = {
    NAMESPACE: "mbxmp",
    "urn:gsomia:stamp:1#": "gsomia",
    RDF: "rdf",
    META: "x",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://ns.adobe.com/xap/1.0/": "xmp",
    "http://ns.adobe.com/xap/1.0/mm/": "xmpMM",
    "http://ns.adobe.com/xap/1.0/rights/": "xmpRights",
    "http://ns.adobe.com/xap/1.0/sType/ResourceEvent#": "stEvt",
    "http://ns.adobe.com/xap/1.0/sType/ResourceRef#": "stRef",
    "http://ns.adobe.com/pdf/1.3/": "pdf",
    "http://www.aiim.org/pdfa/ns/id/": "pdfaid",
    "http://www.aiim.org/pdfa/ns/extension/": "pdfaExtension",
    "http://www.aiim.org/pdfa/ns/schema#": "pdfaSchema",
    "http://www.aiim.org/pdfa/ns/property#": "pdfaProperty",
    "http://www.aiim.org/pdfua/ns/id/": "pdfuaid",
    "http://ns.adobe.com/photoshop/1.0/": "photoshop",
    "http://ns.adobe.com/tiff/1.0/": "tiff",
    "http://ns.adobe.com/exif/1.0/": "exif",
}


def read_packet(data: bytes, where: str = "XMP") -> bytes | None:
    """The binding's own bytes in a packet, or None where it has no such property.

    Raises `BadInput` for a packet that is not strict XML, and for a property in any form
    but one plain text.
    """
    text = read_property(data, PROPERTY, where)
    if text is None:
        return None
    held = text.encode()
    if len(held) > BINDING_LIMITS.size:
        raise BadInput(f"at most {BINDING_LIMITS.size} bytes of a binding", "more", where)
    return held


def write_packet(binding: bytes, packet: bytes | None = None, where: str = "XMP") -> bytes:
    """A packet that holds a binding's bytes, and all that `packet` held but its old binding.

    Raises `BadInput` for a packet that `read_packet` refuses.
    """
    return write_property(binding.decode(), PROPERTY, packet, where)


def read_property(data: bytes, name: str, where: str = "XMP") -> str | None:
    """A property of the document itself that is plain text, or None. Raises as `read_packet`."""
    root = _parsed(data, where)
    _rdf(root, where)
    found = list(_found(root, name, ()))
    if not found:
        return None
    called = name.rpartition("}")[2]
    if len(found) > 1:
        raise BadInput(f"one property {called}", f"{len(found)}", where)
    element, path = found[0]
    if not _of_document(path, root):
        raise BadInput(
            "the property at a description of the document itself",
            "elsewhere in the packet",
            at_line(where, element.line),
        )
    if element.name != name:
        return element.attributes[name]
    if element.attributes or element.children:
        expected = "plain text as the property"
        raise BadInput(expected, "attributes or elements", at_line(where, element.line))
    return element.text


def write_property(text: str, name: str, packet: bytes | None = None, where: str = "XMP") -> bytes:
    """A packet with this property, and all that `packet` held but an old one of the same name.

    Raises `BadInput` for a packet that `read_property` refuses.
    """
    if packet is None:
        root = _element(f"{META}}}xmpmeta", _element(_RDF))
    else:
        read_property(packet, name, where)
        root = _without(_parsed(packet, where), name)
    about = _about(root, where)
    description = Element(_DESCRIPTION, {_ABOUT: about}, (Element(name, {}, (text,)),))
    made = write_xml(_with(root, description), PREFIXES).removeprefix(_DECLARATION)
    data = _HEAD + made.rstrip() + _TAIL
    if read_property(data, name, where) != text:
        raise BadInput("a text that XMP can hold unchanged", "line ends that change", where)
    return data


def _element(name: str, *content: Element) -> Element:
    return Element(name, {}, content)


def _parsed(data: bytes, where: str) -> Element:
    if len(data) > LIMITS.size:
        raise BadInput(f"at most {LIMITS.size} bytes of XMP", "more", where)
    begin, end = _BEGIN.search(data), None
    if begin is not None:
        end = _END.search(data, max(begin.end(), len(data) - 200_000))
        if end is None:
            raise BadInput("an end of the packet", "none", where)
        data = data[begin.end() : end.start()]
    return parse(data.strip(b" \t\r\n\x00"), where, LIMITS)


def _rdf(root: Element, where: str) -> Element:
    """The one rdf:RDF: the root, or its only element within x:xmpmeta."""
    if root.name == _RDF:
        return root
    if root.name == f"{META}}}xmpmeta" and [c.name for c in root.children] == [_RDF]:
        return root.children[0]
    raise BadInput("rdf:RDF, alone or within x:xmpmeta", "another root", where)


def _found(element: Element, name: str, path: Path) -> Iterator[tuple[Element, Path]]:
    """Every place where the property stands, as element or attribute, and what is above it."""
    if element.name == name:
        yield element, path
    if name in element.attributes:
        yield element, (*path, element)
    for child in element.children:
        yield from _found(child, name, (*path, element))


def _of_document(path: Path, root: Element) -> bool:
    """Whether the last of `path` is a plain description right under rdf:RDF."""
    above = path[:-1]
    wanted = (root,) if root.name == _RDF else (root, root.children[0])
    return (
        len(above) == len(wanted)
        and all(a is b for a, b in zip(above, wanted, strict=True))
        and path[-1].name == _DESCRIPTION
        and not any(
            (key.startswith(f"{RDF}}}") and key != _ABOUT) or key == "about"
            for key in path[-1].attributes
        )
        and not any(key.startswith(f"{XML}}}") for key in path[-1].attributes)
    )


def _about(root: Element, where: str) -> str:
    """What all descriptions are about: XMP wants it to be the same."""
    rdf = _rdf(root, where)
    named = {child.attributes.get(_ABOUT, "") for child in rdf.children}
    if len(named) > 1:
        raise BadInput("descriptions of one thing", "of several", where)
    return named.pop() if named else ""


def _without(element: Element, name: str) -> Element:
    """The tree without the property, and without descriptions that held nothing else."""
    content = tuple(
        part if isinstance(part, str) else _without(part, name)
        for part in element.content
        if isinstance(part, str) or (part.name != name and not _only_holder(part, name))
    )
    attributes = {k: v for k, v in element.attributes.items() if k != name}
    return msgspec.structs.replace(element, content=content, attributes=attributes)


def _only_holder(element: Element, name: str) -> bool:
    return (
        element.name == _DESCRIPTION
        and [child.name for child in element.children] == [name]
        and set(element.attributes) <= {_ABOUT}
        and not element.text.strip()
    )


def _with(root: Element, description: Element) -> Element:
    if root.name == _RDF:
        return msgspec.structs.replace(root, content=(*root.content, description))
    rdf = root.children[0]
    grown = msgspec.structs.replace(rdf, content=(*rdf.content, description))
    content = tuple(grown if part is rdf else part for part in root.content)
    return msgspec.structs.replace(root, content=content)
