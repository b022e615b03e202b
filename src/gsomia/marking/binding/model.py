"""Metadata bound to data, in the words of STANAG 4778 (ADatP-4778 Ed. A V1, schema 1.4).

All metadata of one binding is bound to all of its data. Elements and attributes of
other makers are kept. A value here may break a rule of the standard, as files do: see
`gsomia.marking.binding.rules`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum

import msgspec

from gsomia.marking.xmlguard import NO_ATTRIBUTES, Element

BINDING = "urn:nato:stanag:4778:bindinginformation:1:0"
EXTENSIONS = "urn:nato:stanag:4778:bindinginformation:extensions:1:0"
XMIME = "http://www.w3.org/2005/05/xmlmime"
DSIG = "http://www.w3.org/2000/09/xmldsig#"

PROFILE = f"{EXTENSIONS}}}profile"
"""The attribute of `BindingInformation` that names the profile, as the schema's own text has it."""


class Profile(StrEnum):
    """The profiles of ADatP-4778.2 Ed. A V1 that are written here: where the binding stands."""

    SIDECAR = "urn:nato:stanag:4778:profile:sidecar:1:2"
    OOXML = "urn:nato:stanag:4778:profile:ooxml:1:2"
    XMP = "urn:nato:stanag:4778:profile:xmp:1:1"
    REST = "urn:nato:stanag:4778:profile:rest:1:2"


class Inline(msgspec.Struct, frozen=True, kw_only=True):
    """`Metadata` or `Data`: what is bound stands inside, as exactly one element.

    `content` is kept whole, for files that put more into it.
    """

    content: tuple[Element | str, ...]
    content_type: str | None = None
    encoding: str | None = None
    attributes: Mapping[str, str] = NO_ATTRIBUTES

    @property
    def elements(self) -> tuple[Element, ...]:
        """The elements inside: one, by the schema."""
        return tuple(part for part in self.content if not isinstance(part, str))


class Reference(msgspec.Struct, frozen=True, kw_only=True):
    """`MetadataReference` or `DataReference`: what is bound stands elsewhere."""

    uri: str
    content_type: str | None = None
    encoding: str | None = None
    transforms: Element | None = None
    attributes: Mapping[str, str] = NO_ATTRIBUTES


Part = Inline | Reference


class Binding(msgspec.Struct, frozen=True, kw_only=True):
    """`MetadataBinding`: each metadata of it is bound to each data of it."""

    metadata: tuple[Part, ...]
    data: tuple[Part, ...]
    id: str | None = None
    attributes: Mapping[str, str] = NO_ATTRIBUTES

    @property
    def elements(self) -> tuple[Element, ...]:
        """All metadata that stands inside."""
        return tuple(e for part in self.metadata if isinstance(part, Inline) for e in part.elements)

    @property
    def uris(self) -> tuple[str, ...]:
        """What the data references name."""
        return tuple(part.uri for part in self.data if isinstance(part, Reference))


class Container(msgspec.Struct, frozen=True, kw_only=True):
    """`MetadataBindingContainer`."""

    bindings: tuple[Binding, ...]
    id: str | None = None
    others: tuple[Element, ...] = ()
    attributes: Mapping[str, str] = NO_ATTRIBUTES


class BindingInformation(msgspec.Struct, frozen=True, kw_only=True):
    """The root of a binding. `signatures`: each `ds:Signature` as it stood, verified by nobody."""

    containers: tuple[Container, ...]
    signatures: tuple[Element, ...] = ()
    others: tuple[Element, ...] = ()
    attributes: Mapping[str, str] = NO_ATTRIBUTES

    @property
    def bindings(self) -> Iterator[Binding]:
        """Every binding in it."""
        for container in self.containers:
            yield from container.bindings

    @property
    def profile(self) -> str | None:
        """The profile that it names, if any."""
        return self.attributes.get(PROFILE)
