"""Bindings of STANAG 4778: labels bound to data, read, written, checked and made.

No file format but XML is known here, nothing is fetched, and no signature is verified:
files and signatures are the matter of `gsomia.documents`.
"""

from __future__ import annotations

from gsomia.marking.binding.making import add, bind, encapsulate
from gsomia.marking.binding.model import (
    Binding,
    BindingInformation,
    Container,
    Inline,
    Profile,
    Reference,
)
from gsomia.marking.binding.reading import embedded, from_element, read
from gsomia.marking.binding.rules import check, inherit, labels, metadata_of
from gsomia.marking.binding.writing import to_element, write

__all__ = [
    "Binding",
    "BindingInformation",
    "Container",
    "Inline",
    "Profile",
    "Reference",
    "add",
    "bind",
    "check",
    "embedded",
    "encapsulate",
    "from_element",
    "inherit",
    "labels",
    "metadata_of",
    "read",
    "to_element",
    "write",
]
