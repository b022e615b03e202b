"""Write a binding as its schema has it: the same binding, the same bytes."""

from __future__ import annotations

from collections.abc import Mapping

from gsomia.faults import BadInput
from gsomia.marking.binding.model import (
    BINDING,
    DSIG,
    EXTENSIONS,
    XMIME,
    Binding,
    BindingInformation,
    Container,
    Inline,
    Part,
)
from gsomia.marking.binding.reading import CONTENT_TYPE, read
from gsomia.marking.binding.rules import against_schema
from gsomia.marking.label.reading import SLAB
from gsomia.marking.xmlguard import Element
from gsomia.marking.xmlguard import write as write_xml

PREFIXES = {BINDING: "mb", XMIME: "xmime", SLAB: "slab", DSIG: "ds", EXTENSIONS: "mb-ext"}


def write(info: BindingInformation) -> bytes:
    """The file of a binding, valid by the schema as far as it is ours.

    A signature in it is written like any element, with prefixes and blanks of ours, and so
    no longer verifies: sign after writing. Raises `BadInput` for what the schema forbids.
    """
    for breach in against_schema(info):
        raise BadInput("a binding that is valid by its schema", breach.rule, breach.where)
    data = write_xml(to_element(info), PREFIXES)
    read(data, "the binding to be written")
    return data


def to_element(info: BindingInformation) -> Element:
    """The binding as an element of a larger document. Nothing is checked."""
    return _element(
        "BindingInformation",
        info.attributes,
        *info.signatures,
        *(_container(held) for held in info.containers),
        *info.others,
    )


def _element(name: str, attributes: Mapping[str, str | None], *content: Element | str) -> Element:
    held = {key: value for key, value in attributes.items() if value is not None}
    return Element(f"{BINDING}}}{name}", held, content)


def _container(held: Container) -> Element:
    attributes = {"Id": held.id, **held.attributes}
    content = (*map(_binding, held.bindings), *held.others)
    return _element("MetadataBindingContainer", attributes, *content)


def _binding(held: Binding) -> Element:
    return _element(
        "MetadataBinding",
        {"Id": held.id, **held.attributes},
        *(_part("Metadata", part) for part in held.metadata),
        *(_part("Data", part) for part in held.data),
    )


def _part(name: str, held: Part) -> Element:
    common = {CONTENT_TYPE: held.content_type, "encoding": held.encoding, **held.attributes}
    if isinstance(held, Inline):
        return _element(name, common, *held.content)
    inner = () if held.transforms is None else (held.transforms,)
    return _element(f"{name}Reference", {"URI": held.uri, **common}, *inner)
