"""Read a binding of STANAG 4778: what its schema takes, and what breaks a rule that has a name.

Schema version 1.4. Two elements in one `Metadata` or `Data`, or none, is against the
schema, yet printed examples have it: it is read, and `rules.check` names it. So it is with
an `Id` used twice. Everything else that the schema forbids is refused.

Nothing that a reference names is looked at, and no signature is verified.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gsomia.faults import BadInput, shown
from gsomia.marking.binding.model import (
    BINDING,
    DSIG,
    XMIME,
    Binding,
    BindingInformation,
    Container,
    Inline,
    Part,
    Reference,
)
from gsomia.marking.xmlguard import XSI, Element, Limits, at_line, parse

LIMITS = Limits(size=4 << 20, depth=48, elements=50_000)
MAX_BINDINGS = 1_000
MAX_PARTS = 10_000
MAX_SIGNATURES = 8

CONTENT_TYPE = f"{XMIME}}}contentType"

_ROOT = f"{BINDING}}}BindingInformation"
_CONTAINER = f"{BINDING}}}MetadataBindingContainer"
_BINDING = f"{BINDING}}}MetadataBinding"
_METADATA = (f"{BINDING}}}Metadata", f"{BINDING}}}MetadataReference")
_DATA = (f"{BINDING}}}Data", f"{BINDING}}}DataReference")
_SIGNATURE = f"{DSIG}}}Signature"
_TRANSFORMS = f"{DSIG}}}Transforms"

_TYPED = (f"{XSI}}}type", f"{XSI}}}nil")
_NCNAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_URI = re.compile(r"(?:[!#$&-;=?@A-Z_a-z~]|[^\x00-\xa0]|%[0-9A-Fa-f]{2}){0,2048}")
_MEDIA = re.compile(r"[\x20-\x7e]{3,255}")
_BLANKS = " \t\r\n"


def read(data: bytes, where: str = "binding") -> BindingInformation:
    """The binding in a file. Raises `BadInput`, naming the line."""
    return from_element(parse(data, where, LIMITS), where)


def from_element(root: Element, where: str = "binding") -> BindingInformation:
    """The binding that an element is. Raises `BadInput`, naming the line."""
    if root.name != _ROOT:
        raise _bad(root, where, "a BindingInformation of STANAG 4778", shown(root.local))
    left = _children(root, where)
    signatures = tuple(_taken(left, (_SIGNATURE,)))
    if len(signatures) > MAX_SIGNATURES:
        raise _bad(root, where, f"at most {MAX_SIGNATURES} signatures", "more")
    containers = tuple(_container(e, where) for e in _taken(left, (_CONTAINER,)))
    if not containers:
        at = left[-1] if left else root
        raise _bad(at, where, "a MetadataBindingContainer", shown(at.local) if left else "none")
    if sum(len(held.bindings) for held in containers) > MAX_BINDINGS:
        raise _bad(root, where, f"at most {MAX_BINDINGS} bindings", "more")
    return BindingInformation(
        containers=containers,
        signatures=signatures,
        others=_others(left, root, where),
        attributes=_attributes(root, where, ()),
    )


def embedded(root: Element, where: str = "document") -> tuple[BindingInformation, ...]:
    """The bindings that stand inside an XML document, in its order. Raises `BadInput`.

    One inside another is a part of that one, as the metadata of a metadata, and is not
    told apart.
    """
    if root.name == _ROOT:
        return (from_element(root, where),)
    return tuple(b for child in root.children for b in embedded(child, where))


def binding_from_element(element: Element, where: str = "binding") -> Binding:
    """The one `MetadataBinding` that an element is, as a signature covers it."""
    if element.name != _BINDING:
        raise _bad(element, where, "a MetadataBinding of STANAG 4778", shown(element.local))
    return _binding(element, where)


def _bad(element: Element, where: str, expected: str, got: str) -> BadInput:
    return BadInput(expected, got, at_line(where, element.line))


def _children(element: Element, where: str) -> list[Element]:
    """The elements in it, the first last. Raises `BadInput` for text between them."""
    if element.text.strip(_BLANKS):
        raise _bad(element, where, f"only elements in {element.local}", "text")
    return list(reversed(element.children))


def _taken(left: list[Element], names: Sequence[str]) -> Iterator[Element]:
    while left and left[-1].name in names:
        yield left.pop()


def _others(left: list[Element], parent: Element, where: str) -> tuple[Element, ...]:
    """The rest: elements of other namespaces."""
    for element in reversed(left):
        if element.namespace in (BINDING, ""):
            raise _bad(element, where, f"an end of {parent.local}", shown(element.local))
    return tuple(reversed(left))


def _attributes(element: Element, where: str, own: Sequence[str]) -> dict[str, str]:
    """Attributes of other makers. One without namespace is a misspelling, and refused."""
    for key in _TYPED:
        if key in element.attributes:
            raise _bad(element, where, "an element of its own type", shown(key.rpartition("}")[2]))
    held = {key: value for key, value in element.attributes.items() if key not in own}
    for key in held:
        if "}" not in key:
            raise _bad(element, where, f"an attribute of {element.local}", shown(key))
    return held


def _id(element: Element, where: str) -> str | None:
    held = element.attributes.get("Id")
    if held is not None and not _NCNAME.fullmatch(held.strip(_BLANKS)):
        raise _bad(element, where, "a plain name as Id", shown(held))
    return None if held is None else held.strip(_BLANKS)


def _container(element: Element, where: str) -> Container:
    left = _children(element, where)
    bindings = tuple(_binding(e, where) for e in _taken(left, (_BINDING,)))
    if not bindings:
        at = left[-1] if left else element
        raise _bad(at, where, "a MetadataBinding", shown(at.local) if left else "none")
    return Container(
        bindings=bindings,
        id=_id(element, where),
        others=_others(left, element, where),
        attributes=_attributes(element, where, ("Id",)),
    )


def _binding(element: Element, where: str) -> Binding:
    left = _children(element, where)
    if len(left) > MAX_PARTS:
        raise _bad(element, where, f"at most {MAX_PARTS} parts of a binding", "more")
    metadata = tuple(_part(e, where) for e in _taken(left, _METADATA))
    data = tuple(_part(e, where) for e in _taken(left, _DATA))
    if left or not metadata or not data:
        at = left[-1] if left else element
        expected = "Metadata, then Data or DataReference, in MetadataBinding"
        raise _bad(at, where, expected, shown(at.local) if left else "one of them only")
    return Binding(
        metadata=metadata,
        data=data,
        id=_id(element, where),
        attributes=_attributes(element, where, ("Id",)),
    )


def _part(element: Element, where: str) -> Part:
    content_type = element.attributes.get(CONTENT_TYPE)
    if content_type is not None and not _MEDIA.fullmatch(content_type):
        raise _bad(element, where, "a media type as contentType", shown(content_type))
    encoding = element.attributes.get("encoding")
    if element.name in (_METADATA[0], _DATA[0]):
        return Inline(
            content=element.content,
            content_type=content_type,
            encoding=encoding,
            attributes=_attributes(element, where, (CONTENT_TYPE, "encoding")),
        )
    uri = element.attributes.get("URI")
    if uri is None or not _URI.fullmatch(uri.strip(_BLANKS)) or not uri.isprintable():
        got = "none" if uri is None else shown(uri)
        raise _bad(element, where, f"a URI in {element.local}", got)
    left = _children(element, where)
    transforms = tuple(_taken(left, (_TRANSFORMS,)))
    if left or len(transforms) > 1:
        at = left[-1] if left else element
        raise _bad(at, where, f"at most one Transforms in {element.local}", shown(at.local))
    return Reference(
        uri=uri.strip(_BLANKS),
        content_type=content_type,
        encoding=encoding,
        transforms=transforms[0] if transforms else None,
        attributes=_attributes(element, where, ("URI", CONTENT_TYPE, "encoding")),
    )
