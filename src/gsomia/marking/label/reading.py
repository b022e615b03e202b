"""Read a label or a clearance of STANAG 4774: what its schemas take, and nothing else.

Schema versions 1.3 (label) and 1.2 (clearance). Elements and attributes of other
makers are kept where the schema has room for them, and never change what is decided.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone

from gsomia.faults import BadInput, shown
from gsomia.marking.label.model import (
    Attributes,
    Base,
    Category,
    Clearance,
    Information,
    Label,
    Originator,
    Root,
    Succession,
    Value,
    ValueKind,
)
from gsomia.marking.spif.model import Sense
from gsomia.marking.xmlguard import XSI, Element, Limits, at_line, parse

SLAB = "urn:nato:stanag:4774:confidentialitymetadatalabel:1:0"
SCLR = "urn:nato:stanag:4774:confidentialityclearance:1:0"

LIMITS = Limits(size=1 << 18, depth=24, elements=4_000)
MAX_SUCCESSORS = 4
"""How many successors may follow one another. The schema knows no bound."""

ID_TYPES = frozenset(
    "rfc822Name dNSName directoryName uniformResourceIdentifier iPAddress x400Address "
    "userPrincipalName jID".split()
)

_ROOTS = {f"{SLAB}}}{root}": root for root in Root}
_KINDS = {f"{SLAB}}}{kind}": kind for kind in ValueKind}
_FORMS = {ValueKind.INTEGER: re.compile("[0-9]+"), ValueKind.BITS: re.compile("[01]+")}
_SENSES = {str(sense): sense for sense in Sense}
_BLANKS = re.compile("[ \t\r\n]+")
_NCNAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_URI = re.compile(r"(?:[!#$&-;=?@A-Z_a-z~]|%[0-9A-Fa-f]{2})*")
_TYPED = (f"{XSI}}}type", f"{XSI}}}nil")
_PLAIN_TIME = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}Z")
"""The form that nearly all times have, which the library reads by itself."""
_TIME = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,12}))?"
    r"(Z|([+-])([0-9]{2}):([0-9]{2}))?"
)


def read(data: bytes, where: str = "label") -> Label:
    """The label in a file. Raises `BadInput`, naming the line."""
    return from_element(parse(data, where, LIMITS), where)


def is_label(element: Element) -> bool:
    """Whether an element is called as a label is."""
    return element.name in _ROOTS


def from_element(root: Element, where: str = "label") -> Label:
    """The label that an element is, as in a binding. Raises `BadInput`, naming the line."""
    kind = _ROOTS.get(root.name)
    if kind is None:
        raise _bad(root, where, "a confidentiality label of STANAG 4774", _called(root))
    _plain(root, where)
    held = dict(root.attributes)
    id_, review = held.pop("Id", None), held.pop("ReviewDateTime", None)
    if id_ is not None:
        id_ = _collapsed(id_)
        if not _NCNAME.fullmatch(id_):
            raise _bad(root, where, "a plain name as Id", shown(id_))
    if review is not None:
        review = _time(review, root, where)
    return Label(root=kind, id=id_, review=review, attributes=held, base=_base(root, where, 0))


def read_clearance(data: bytes, where: str = "clearance") -> Clearance:
    """The clearance in a file. Raises `BadInput`, naming the line."""
    root = parse(data, where, LIMITS)
    if root.name != f"{SCLR}}}ConfidentialityClearance":
        raise _bad(root, where, "a confidentiality clearance of STANAG 4774", _called(root))
    _plain(root, where)
    _only(root, where, ())
    parts = _Parts(root, where)
    of_policy = parts.one("PolicyIdentifier")
    policy, policy_uri = _token(of_policy, where)
    listed = parts.one("ClassificationList", SCLR)
    _only(listed, where, ())
    inner = _Parts(listed, where)
    classes = inner.many("Classification")
    classifications = tuple(_token(e, where)[0] for e in classes)
    inner.end()
    if not classifications:
        raise _bad(listed, where, "at least one Classification", "none")
    categories = tuple(_category(e, where) for e in parts.many("Category"))
    extensions = parts.maybe("ConfidentialityClearanceExtensions", SCLR)
    parts.end()
    return Clearance(
        policy=policy,
        policy_uri=policy_uri,
        classifications=classifications,
        categories=categories,
        extensions=extensions.children if extensions is not None else None,
        policy_attributes=_kept(of_policy),
        class_attributes=kept if any(kept := tuple(_kept(e) for e in classes)) else (),
    )


def moment(text: str) -> datetime:
    """An xs:dateTime as an instant. One without time zone is taken as UTC.

    Raises `ValueError` for what is none. Digits of a second beyond the sixth are cut.
    """
    if _PLAIN_TIME.fullmatch(text):
        return datetime.fromisoformat(text)
    found = _TIME.fullmatch(_collapsed(text))
    if found is None:
        raise ValueError(text)
    year, month, day, hour, minute, second = (int(found[n]) for n in range(1, 7))
    micro = int(f"{found[7] or '0':0<6}"[:6])
    zone = UTC
    if found[9]:
        offset = timedelta(hours=int(found[10]), minutes=int(found[11]))
        if offset > timedelta(hours=14) or int(found[11]) > 59:
            raise ValueError(text)
        zone = timezone(offset if found[9] == "+" else -offset)
    if hour == 24 and not (minute or second or micro):
        return datetime(year, month, day, tzinfo=zone) + timedelta(days=1)
    return datetime(year, month, day, hour, minute, second, micro, tzinfo=zone)


def _called(element: Element) -> str:
    """What an element is called, for a message that expected another."""
    if element.namespace in (SLAB, SCLR):
        return shown(element.local)
    return f"{shown(element.local)} of {'another' if element.namespace else 'no'} namespace"


def _bad(element: Element, where: str, expected: str, got: str) -> BadInput:
    return BadInput(expected, got, at_line(where, element.line))


def _collapsed(text: str) -> str:
    """An xs:token: blanks at the ends gone, and runs of blanks one blank."""
    return _BLANKS.sub(" ", text).strip(" ")


def _time(text: str, element: Element, where: str) -> str:
    collapsed = _collapsed(text)
    try:
        moment(collapsed)
    except (ValueError, OverflowError):
        raise _bad(
            element, where, "a date and time like 2026-01-01T00:00:00Z", shown(text)
        ) from None
    return collapsed


def _plain(element: Element, where: str) -> None:
    """No attribute that changes an element's type."""
    for key in _TYPED:
        if key in element.attributes:
            raise _bad(element, where, "an element of its own type", shown(key.rpartition("}")[2]))


def _foreign(element: Element, where: str, own: Sequence[str]) -> None:
    """Attributes in no namespace are the schema's own; others anybody's."""
    if not element.attributes:
        return
    _plain(element, where)
    for key in element.attributes:
        if key not in own and "}" not in key:
            raise _bad(element, where, f"an attribute of {element.local}", shown(key))


def _kept(element: Element) -> Attributes:
    """What other makers wrote on an element of the schema."""
    if not element.attributes:
        return ()
    return tuple((key, value) for key, value in element.attributes.items() if "}" in key)


def _only(element: Element, where: str, own: Sequence[str]) -> None:
    """As `_foreign`, and no other maker's attributes but what tools put there for schemas."""
    if not element.attributes:
        return
    _foreign(element, where, own)
    for key in element.attributes:
        if key not in own and not key.startswith(f"{XSI}}}"):
            raise _bad(element, where, f"an attribute of {element.local}", shown(key))


class _Parts:
    """The children of an element, taken one by one in the order of the schema."""

    def __init__(self, element: Element, where: str) -> None:
        left = []
        for part in element.content:
            if not isinstance(part, str):
                left.append(part)
            elif part.strip(" \t\r\n"):
                raise _bad(element, where, f"only elements in {element.local}", "text")
        left.reverse()
        self._element, self._where, self._left = element, where, left

    def maybe(self, name: str, space: str = SLAB) -> Element | None:
        if self._left and self._left[-1].name == f"{space}}}{name}":
            return self._left.pop()
        return None

    def one(self, name: str, space: str = SLAB) -> Element:
        found = self.maybe(name, space)
        if found is None:
            at = self._left[-1] if self._left else self._element
            raise _bad(
                at,
                self._where,
                f"the element {name} in {self._element.local}",
                _called(at) if self._left else "none",
            )
        return found

    def many(self, name: str) -> list[Element]:
        found = []
        while (element := self.maybe(name)) is not None:
            found.append(element)
        return found

    def others(self) -> tuple[Element, ...]:
        """The rest: elements of other namespaces."""
        rest = tuple(reversed(self._left))
        for element in rest:
            if element.namespace in (SLAB, ""):
                expected = f"an end of {self._element.local}"
                raise _bad(element, self._where, expected, _called(element))
        self._left = []
        return rest

    def rest(self) -> list[Element]:
        """All that are left, of whichever kind."""
        left, self._left = self._left[::-1], []
        return left

    def end(self) -> None:
        if self._left:
            at = self._left[-1]
            raise _bad(at, self._where, f"an end of {self._element.local}", _called(at))


def _text(element: Element, where: str) -> str:
    content = element.content
    if len(content) == 1 and isinstance(content[0], str):
        return content[0]
    if element.children:
        raise _bad(element, where, f"only text in {element.local}", "elements")
    return element.text


def _token(element: Element, where: str) -> tuple[str, str | None]:
    """A text of at least one character, and its URI."""
    _foreign(element, where, ("URI",))
    text = _collapsed(_text(element, where))
    if not text:
        raise _bad(element, where, f"a text in {element.local}", "none")
    return text, _uri(element, where)


def _uri(element: Element, where: str) -> str | None:
    """The attribute URI. Letters of other scripts must stand escaped in it."""
    uri = element.attributes.get("URI")
    if uri is not None and not _URI.fullmatch(_collapsed(uri)):
        raise _bad(element, where, "a URI", shown(uri))
    return None if uri is None else _collapsed(uri)


def _base(element: Element, where: str, depth: int) -> Base:
    parts = _Parts(element, where)
    if depth == 0:
        _foreign(element, where, ("Id", "ReviewDateTime"))
    else:
        _only(element, where, ())
    information = _information(parts.one("ConfidentialityInformation"), where)
    originator = parts.maybe("OriginatorID")
    created = parts.one("CreationDateTime")
    _only(created, where, ())
    succession = parts.maybe("SuccessionHandling")
    return Base(
        information=information,
        originator=_originator(originator, where) if originator is not None else None,
        created=_time(_text(created, where), created, where),
        succession=_succession(succession, where, depth) if succession is not None else None,
        others=parts.others(),
    )


def _information(element: Element, where: str) -> Information:
    _only(element, where, ())
    parts = _Parts(element, where)
    of_policy, of_class = parts.one("PolicyIdentifier"), parts.one("Classification")
    policy, policy_uri = _token(of_policy, where)
    classification, classification_uri = _token(of_class, where)
    privacy = parts.maybe("PrivacyMark")
    if privacy is not None:
        _only(privacy, where, ())
    return Information(
        policy=policy,
        policy_uri=policy_uri,
        classification=classification,
        classification_uri=classification_uri,
        privacy_mark=_text(privacy, where) if privacy is not None else None,
        categories=tuple(_category(e, where) for e in parts.many("Category")),
        others=parts.others(),
        policy_attributes=_kept(of_policy),
        classification_attributes=_kept(of_class),
    )


def _category(element: Element, where: str) -> Category:
    _foreign(element, where, ("Type", "TagName", "URI"))
    held = element.attributes
    if "TagName" not in held:
        raise _bad(element, where, "the attribute TagName of Category", "none")
    sense = _SENSES.get(_collapsed(held.get("Type", "")))
    if sense is None:
        raise _bad(element, where, "RESTRICTIVE, PERMISSIVE or INFORMATIVE as Type", "another")
    values = []
    for child in _Parts(element, where).rest():
        kind = _KINDS.get(child.name)
        if kind is None:
            raise _bad(child, where, "a value in Category", _called(child))
        _only(child, where, ())
        text = _text(child, where)
        form = _FORMS.get(kind)
        if form is not None and not form.fullmatch(text):
            raise _bad(child, where, f"digits in {kind}", shown(text))
        values.append(Value(text, kind))
    return Category(
        sense=sense,
        tag_name=held["TagName"],
        uri=_uri(element, where),
        values=tuple(values),
        attributes=_kept(element),
    )


def _originator(element: Element, where: str) -> Originator:
    _foreign(element, where, ("IDType",))
    kind = element.attributes.get("IDType", "")
    if kind not in ID_TYPES:
        raise _bad(element, where, "a kind of identifier as IDType, like rfc822Name", shown(kind))
    return Originator(_text(element, where), kind, _kept(element))


def _succession(element: Element, where: str, depth: int) -> Succession:
    if depth >= MAX_SUCCESSORS:
        raise _bad(element, where, f"at most {MAX_SUCCESSORS} successors", "more")
    _only(element, where, ())
    parts = _Parts(element, where)
    at = parts.one("SuccessionDateTime")
    _only(at, where, ())
    successor = _base(parts.one("SuccessorConfidentialityLabel"), where, depth + 1)
    return Succession(
        at=_time(_text(at, where), at, where),
        successor=successor,
        others=tuple(element.children[2:]),
    )
