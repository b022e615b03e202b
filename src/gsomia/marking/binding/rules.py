"""The rules of a binding, and what follows from one: labels, and what parts inherit.

ADatP-4778 Ed. A V1 and the profiles of ADatP-4778.2 Ed. A V1. A binding that breaks a
rule is still read; what it binds is then in doubt, and a reader says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

from gsomia.faults import BadInput, shown
from gsomia.marking.binding.model import (
    BINDING,
    DSIG,
    Binding,
    BindingInformation,
    Inline,
    Part,
    Profile,
    Reference,
)
from gsomia.marking.binding.targets import Target, target
from gsomia.marking.label.model import Label, Root
from gsomia.marking.label.reading import SLAB, from_element, is_label
from gsomia.marking.label.rules import Breach, Said
from gsomia.marking.xmlguard import XML, Element

XPATH = "http://www.w3.org/TR/1999/REC-xpath-19991116"

RULES = {
    "one_metadata": Said(
        "a Metadata holds exactly one element: two labels stand in two of them",
        "ADatP-4778, schema 1.4",
    ),
    "one_data": Said("a Data holds exactly one element", "ADatP-4778, schema 1.4"),
    "id_unique": Said("an Id stands once in a document", "ADatP-4778, schema 1.4"),
    "target_missing": Said("what a data reference names is there", "ADatP-4778 4.3"),
    "target_outside": Said(
        "a data reference names the data beside, around or inside the binding",
        "ours: nothing is fetched, and no other file is opened",
    ),
    "content_type": Said(
        "a reference to data that is not XML names its media type",
        "ADatP-4778.2 Annex A",
    ),
    "transform_one": Said(
        "a reference has exactly one transform, an XPath, or none",
        "ADatP-4778 4.3.7",
    ),
    "originator_once": Said(
        "data has at most one originator's label",
        "ours: such a binding can be read in two ways",
    ),
    "no_label": Said("a confidentiality label is bound", "ADatP-4774, Appendix 1"),
    "label_form": Said("a label can be read", "ADatP-4774, schema 1.3"),
    "profile_target": Said(
        "data references have the form of the profile",
        "ADatP-4778.2 chapters 5, 7 and 9",
    ),
    "profile_data": Said("the profile forbids data inside the binding", "ADatP-4778.2 chapter 5"),
}
"""The rules of bindings. Those of the labels in them: `gsomia.marking.label.rules`."""

Present = Callable[[str], bool]
"""Whether what a URI names is there."""

_XML_ID = f"{XML}}}id"
_TYPED = frozenset({BINDING, SLAB, DSIG})
"""Namespaces whose attribute `Id` is an xs:ID by their schemas. `xml:id` always is one."""

_XML_FILES = (".xml", ".bdo", ".xmp", ".rels", ".svg", ".xhtml", ".xsd", ".xsl", ".vml")
_FORMS = {
    Profile.SIDECAR: (Target.BESIDE,),
    Profile.OOXML: (Target.PACKAGE,),
    Profile.REST: (Target.SELF,),
}


def against_schema(info: BindingInformation) -> Iterator[Breach]:
    """What the schema itself forbids, in the order of the binding."""
    for number, binding in enumerate(info.bindings, 1):
        yield from _one_each(binding, number)
    yield from _ids(info)


def check(
    info: BindingInformation,
    present: Present | None = None,
    profile: Profile | None = None,
) -> tuple[Breach, ...]:
    """Every rule that a binding breaks.

    `present` tells what is there; without it, nothing is said of missing targets.
    `profile`: where the binding was found, which need not be what it says of itself.
    """
    return tuple(_all(info, present, profile))


def _all(
    info: BindingInformation, present: Present | None, profile: Profile | None
) -> Iterator[Breach]:
    yield from against_schema(info)
    for number, binding in enumerate(info.bindings, 1):
        for part in (*binding.metadata, *binding.data):
            if isinstance(part, Reference) and not _transforms_fit(part):
                yield Breach("transform_one", shown(part.uri))
        for part in binding.data:
            yield from _data(part, present, profile)
        yield from _labels(binding, number)


def _one_each(binding: Binding, number: int) -> Iterator[Breach]:
    for rule, name, parts in (
        ("one_metadata", "Metadata", binding.metadata),
        ("one_data", "Data", binding.data),
    ):
        for place, part in enumerate(parts, 1):
            if isinstance(part, Inline) and len(part.elements) != 1:
                yield Breach(rule, f"MetadataBinding {number}, {name} {place}")


def _ids(info: BindingInformation) -> Iterator[Breach]:
    for name, times in Counter(_found_ids(info, _TYPED)).items():
        if times > 1:
            yield Breach("id_unique", shown(name))


def ids(info: BindingInformation) -> frozenset[str]:
    """Every Id in it, also those of other makers' elements, which no schema here knows."""
    return frozenset(_found_ids(info, None))


def ids_within(element: Element) -> frozenset[str]:
    """Every Id in an element, whoever made it."""
    return frozenset(_within((element,), None))


def _found_ids(info: BindingInformation, typed: frozenset[str] | None) -> Iterator[str]:
    """The Ids of its own elements and within; of others only those of namespaces in `typed`."""
    yield from _named(info.attributes)
    for container in info.containers:
        yield from _own(container.id)
        yield from _named(container.attributes)
        for binding in container.bindings:
            yield from _own(binding.id)
            yield from _named(binding.attributes)
            for part in (*binding.metadata, *binding.data):
                yield from _named(part.attributes)
                if isinstance(part, Inline):
                    yield from _within(part.elements, typed)
                elif part.transforms is not None:
                    yield from _within((part.transforms,), typed)
        yield from _within(container.others, typed)
    yield from _within((*info.signatures, *info.others), typed)


def _own(held: str | None) -> Iterator[str]:
    if held is not None:
        yield held


def _named(attributes: Mapping[str, str], typed: bool = True) -> Iterator[str]:
    for key in ("Id", _XML_ID) if typed else (_XML_ID,):
        if key in attributes:
            yield attributes[key].strip(" \t\r\n")


def _within(elements: Iterable[Element], typed: frozenset[str] | None) -> Iterator[str]:
    left = list(elements)
    while left:
        element = left.pop()
        yield from _named(element.attributes, typed is None or element.namespace in typed)
        left.extend(element.children)


def _transforms_fit(part: Reference) -> bool:
    if part.transforms is None:
        return True
    steps = part.transforms.children
    return len(steps) == 1 and steps[0].attributes.get("Algorithm") == XPATH


def _data(part: Part, present: Present | None, profile: Profile | None) -> Iterator[Breach]:
    if isinstance(part, Inline):
        if profile is Profile.OOXML:
            yield Breach("profile_data", "Data")
        return
    kind, where = target(part.uri), shown(part.uri) or "the document itself"
    if kind is Target.OUTSIDE:
        yield Breach("target_outside", where)
    elif profile in _FORMS and kind not in _FORMS[profile]:
        yield Breach("profile_target", where)
    elif present is not None and not present(part.uri):
        yield Breach("target_missing", where)
    path = part.uri.partition("#")[0].lower()
    if part.content_type is None and path and not path.endswith(_XML_FILES):
        yield Breach("content_type", where)


def _labels(binding: Binding, number: int) -> Iterator[Breach]:
    where = f"MetadataBinding {number}"
    found = [element for element in binding.elements if is_label(element)]
    if not found:
        yield Breach("no_label", where)
    if sum(e.local == Root.ORIGINATOR for e in found) > 1:
        yield Breach("originator_once", where)
    for element in found:
        try:
            from_element(element, where)
        except BadInput:
            yield Breach("label_form", where)


# -- what follows from a binding ------------------------------------------------------


def labels(binding: Binding) -> tuple[Label, ...]:
    """The confidentiality labels of a binding, in order. Raises `BadInput` for one unreadable."""
    return tuple(from_element(e) for e in binding.elements if is_label(e))


def inherit(parent: Iterable[Element], own: Iterable[Element]) -> tuple[Element, ...]:
    """The metadata of a part: its own, and of its parent's what is of no kind it has itself.

    A kind is the name of the element: the originator's label and an alternative are two
    (ADatP-4778 3.5). A parent takes nothing from its parts.
    """
    held = tuple(own)
    kinds = {element.name for element in held}
    return held + tuple(element for element in parent if element.name not in kinds)


def metadata_of(info: BindingInformation, uri: str) -> tuple[Element, ...]:
    """The metadata of what a URI names, with what it inherits.

    `./name#part` and `#part` are parts of `./name` and of the document itself; a part of a
    package inherits from nothing, since no binding names the package as a whole.
    """
    own = _bound(info, uri)
    whole, fragment, _ = uri.partition("#")
    return inherit(_bound(info, whole), own) if fragment else own


def _bound(info: BindingInformation, uri: str) -> tuple[Element, ...]:
    return tuple(e for binding in info.bindings if uri in binding.uris for e in binding.elements)
