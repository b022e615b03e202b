"""A binding in a header of HTTP: the REST profile of ADatP-4778.2, chapter 7.

`Binding-Data: binding-type="urn:nato:stanag:4778:bindinginformation:1:0";
binding-data-object="…"`, on one line; the object is the binding in base64. The standard
itself was not read here: the form is that of two public programs, of which one leaves out
a quotation mark and the semicolon. Such a header is refused.
"""

from __future__ import annotations

import base64
import binascii
import re

from gsomia.faults import BadInput
from gsomia.marking.binding.making import bind
from gsomia.marking.binding.model import BINDING, BindingInformation, Profile, Reference
from gsomia.marking.binding.reading import read
from gsomia.marking.binding.writing import write
from gsomia.marking.label.model import Label

NAME = "Binding-Data"
MAX_HEADER = 1 << 16
"""Characters of the value. Servers of HTTP seldom take more than a quarter of it."""

MESSAGE = "message/http"

_VALUE = re.compile(
    r'[ \t]*binding-type="([^"]{1,200})";[ \t]*binding-data-object="([A-Za-z0-9+/=]*)"[ \t]*'
)


def for_message(*labels: Label) -> BindingInformation:
    """Labels bound to the message whose header will hold the binding."""
    return bind(labels, [Reference(uri="", content_type=MESSAGE)], Profile.REST)


def write_header(info: BindingInformation) -> str:
    """The value of the header. Raises `BadInput` for a binding too large for one."""
    return header_of(write(info))


def header_of(data: bytes) -> str:
    """The value of the header for a binding that is written already, and perhaps signed."""
    text = base64.b64encode(data).decode()
    value = f'binding-type="{BINDING}"; binding-data-object="{text}"'
    if len(value) > MAX_HEADER:
        raise BadInput(f"a binding whose header has at most {MAX_HEADER} characters", "more", NAME)
    return value


def header_data(value: str) -> bytes:
    """The bytes of the binding in a header's value. Raises `BadInput`."""
    if len(value) > MAX_HEADER:
        raise BadInput(f"at most {MAX_HEADER} characters", "more", NAME)
    found = _VALUE.fullmatch(value)
    if found is None:
        raise BadInput('binding-type="…"; binding-data-object="…"', "another form", NAME)
    if found[1] != BINDING:
        raise BadInput(f"the binding type {BINDING}", "another", NAME)
    try:
        data = base64.b64decode(found[2], validate=True)
    except binascii.Error:
        raise BadInput("base64 in binding-data-object", "other text", NAME) from None
    if base64.b64encode(data).decode() != found[2]:
        raise BadInput("base64 in its one form", "another form", NAME)
    return data


def read_header(value: str) -> BindingInformation:
    """The binding in a header's value. Raises `BadInput`."""
    return read(header_data(value), NAME)
