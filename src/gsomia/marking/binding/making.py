"""Make bindings: a label bound to data, and further labels added to a binding.

An originator's label is never overwritten: another label of the same data is added as an
alternative, in a `Metadata` of its own (ADatP-4774.1 4.2).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import count

import msgspec

from gsomia.faults import BadInput
from gsomia.marking.binding.model import (
    BINDING,
    PROFILE,
    Binding,
    BindingInformation,
    Container,
    Inline,
    Profile,
    Reference,
)
from gsomia.marking.binding.reading import LIMITS, read
from gsomia.marking.binding.rules import against_schema, ids_within
from gsomia.marking.binding.writing import write as to_bytes
from gsomia.marking.label.model import Label, Root
from gsomia.marking.label.reading import from_element, is_label
from gsomia.marking.label.writing import to_element
from gsomia.marking.xmlguard import Element, parse

_DECLARATION = re.compile(r"\A<\?xml[^<>]*\?>")

BINDING_ID = "binding-1"
"""The Id of the one binding that is made here, for a signature to name."""


def bind(
    labels: Iterable[Label],
    data: Iterable[Reference],
    profile: Profile | None,
) -> BindingInformation:
    """Labels bound to data that stands elsewhere."""
    return _information(labels, tuple(data), profile)


def encapsulate(labels: Iterable[Label], document: bytes, where: str = "data") -> bytes:
    """The file of a binding in which an XML document stands, byte for byte, as its data.

    The document's own XML declaration is left out. Raises `BadInput` for what is no strict
    XML in UTF-8: the schema holds an element, and nothing says how to make other data one.
    """
    held = parse(document, where, LIMITS)
    try:
        text = _DECLARATION.sub("", document.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise BadInput("XML in UTF-8, to stand in a binding in UTF-8", "UTF-16", where) from None
    hole = Element(f"{BINDING}}}hole", {})
    inside = Inline(content=(hole,), content_type="text/xml")
    used = ids_within(held)
    name = next(n for n in map("binding-{}".format, count(1)) if n not in used)
    file = to_bytes(_information(labels, (inside,), None, name)).decode()
    before, _, after = file.rpartition("<mb:hole/>")
    made = f"{before.rstrip()}{text}{after.lstrip()}".encode()
    info = read(made, where)
    for breach in against_schema(info):
        raise BadInput("a binding that is valid by its schema", breach.rule, breach.where)
    found = next(iter(info.bindings)).data[0]
    if not isinstance(found, Inline) or not found.elements[0].same(held):
        raise BadInput("XML that says the same inside another", "some that does not", where)
    return made


def _information(
    labels: Iterable[Label],
    data: tuple[Inline | Reference, ...],
    profile: Profile | None,
    name: str = BINDING_ID,
) -> BindingInformation:
    metadata = tuple(_metadata(label) for label in labels)
    if not metadata or not data:
        raise BadInput("a label, and data to bind it to", "none", "binding")
    binding = Binding(id=name, metadata=metadata, data=data)
    return BindingInformation(
        containers=(Container(bindings=(binding,)),),
        attributes={} if profile is None else {PROFILE: str(profile)},
    )


def add(info: BindingInformation, label: Label) -> BindingInformation:
    """The binding with a further label for all that it binds, and without its signatures.

    Raises `BadInput` for an originator's label where there is one: it is never overwritten,
    and a second would let the binding be read in two ways.
    """
    if label.root is not Root.ALTERNATIVE and any(
        from_element(e).root is label.root
        for binding in info.bindings
        for e in binding.elements
        if is_label(e)
    ):
        expected = "an alternative label: the data has an originator's, which stays"
        raise BadInput(expected, str(label.root), "label")
    containers = tuple(
        msgspec.structs.replace(
            held,
            bindings=tuple(
                msgspec.structs.replace(b, metadata=(*b.metadata, _metadata(label)))
                for b in held.bindings
            ),
        )
        for held in info.containers
    )
    return msgspec.structs.replace(info, containers=containers, signatures=())


def _metadata(label: Label) -> Inline:
    return Inline(content=(to_element(label),))
