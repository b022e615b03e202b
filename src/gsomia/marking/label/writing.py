"""Write a label or a clearance as its schema has it: the same label, the same bytes."""

from __future__ import annotations

from collections.abc import Iterator

from gsomia.marking.label.model import Base, Category, Clearance, Information, Label
from gsomia.marking.label.reading import SCLR, SLAB, read, read_clearance
from gsomia.marking.xmlguard import NO_ATTRIBUTES, XSI, Element
from gsomia.marking.xmlguard import write as write_xml

_PREFIXES = {SLAB: "slab", SCLR: "sclr", XSI: "xsi"}


def write(label: Label) -> bytes:
    """The file of a label. Raises `BadInput` for one that could not be read back."""
    data = write_xml(to_element(label), _PREFIXES)
    read(data, "the label to be written")
    return data


def to_element(label: Label) -> Element:
    """The label as an element of a larger document. Nothing is checked."""
    attributes = {"Id": label.id, "ReviewDateTime": label.review, **label.attributes}
    return _element(label.root, attributes, *_base(label.base))


def write_clearance(clearance: Clearance) -> bytes:
    """The file of a clearance. Raises `BadInput` for one that could not be read back."""
    names = clearance.classifications
    kept = clearance.class_attributes or ((),) * len(names)
    listed = tuple(
        _element("Classification", dict(more), name) for name, more in zip(names, kept, strict=True)
    )
    of_policy = {"URI": clearance.policy_uri, **dict(clearance.policy_attributes)}
    content: list[Element | str] = [
        _element("PolicyIdentifier", of_policy, clearance.policy),
        Element(f"{SCLR}}}ClassificationList", NO_ATTRIBUTES, listed),
        *(_category(category) for category in clearance.categories),
    ]
    if clearance.extensions is not None:
        name = f"{SCLR}}}ConfidentialityClearanceExtensions"
        content.append(Element(name, NO_ATTRIBUTES, clearance.extensions))
    root = Element(f"{SCLR}}}ConfidentialityClearance", NO_ATTRIBUTES, tuple(content))
    data = write_xml(root, _PREFIXES)
    read_clearance(data, "the clearance to be written")
    return data


def _element(name: str, attributes: dict[str, str | None], *content: Element | str) -> Element:
    held = {key: value for key, value in attributes.items() if value is not None}
    return Element(f"{SLAB}}}{name}", held, tuple(c for c in content if c != ""))


def _base(base: Base) -> Iterator[Element]:
    yield _information(base.information)
    if base.originator is not None:
        maker = base.originator
        yield _element("OriginatorID", {"IDType": maker.kind, **dict(maker.attributes)}, maker.text)
    yield _element("CreationDateTime", {}, base.created)
    if base.succession is not None:
        yield _element(
            "SuccessionHandling",
            {},
            _element("SuccessionDateTime", {}, base.succession.at),
            _element("SuccessorConfidentialityLabel", {}, *_base(base.succession.successor)),
            *base.succession.others,
        )
    yield from base.others


def _information(held: Information) -> Element:
    of_policy = {"URI": held.policy_uri, **dict(held.policy_attributes)}
    of_class = {"URI": held.classification_uri, **dict(held.classification_attributes)}
    content = [
        _element("PolicyIdentifier", of_policy, held.policy),
        _element("Classification", of_class, held.classification),
    ]
    if held.privacy_mark is not None:
        content.append(_element("PrivacyMark", {}, held.privacy_mark))
    content.extend(_category(category) for category in held.categories)
    return _element("ConfidentialityInformation", {}, *content, *held.others)


def _category(held: Category) -> Element:
    attributes = {"Type": str(held.sense), "TagName": held.tag_name, "URI": held.uri}
    attributes |= dict(held.attributes)
    return _element("Category", attributes, *(_element(v.kind, {}, v.text) for v in held.values))
