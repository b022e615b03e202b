"""XML from outside, read strictly into a small immutable tree; and written back.

Reads well-formed XML 1.0 with namespaces, in UTF-8 or UTF-16, and nothing that XML
hides elsewhere: no document type, so no entity but the five of XML itself, no
processing instruction, nothing fetched, no other encoding. Size, depth and counts
are bounded, and the work is linear in the size. Comments are dropped.

Does not check against a schema: that is for the module of the format.
"""

from __future__ import annotations

import pyexpat
import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NoReturn

import msgspec

from gsomia.faults import BadInput, shown

XML = "http://www.w3.org/XML/1998/namespace"
XSI = "http://www.w3.org/2001/XMLSchema-instance"

LANG = f"{XML}}}lang"
"""The key of `xml:lang` among an element's attributes."""

_SEPARATOR = "}"
"""Between namespace and local name. No local name holds it, whatever a namespace holds."""

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_FORM = "XML in UTF-8, or in UTF-16 with its byte order mark"
_ENCODINGS = {"utf-8", "utf-16", "us-ascii"}


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How much of a document is read. `size` counts bytes; `name` characters of any name."""

    size: int = 1 << 20
    depth: int = 32
    elements: int = 50_000
    attributes: int = 64
    name: int = 1024


class Element(msgspec.Struct, frozen=True, gc=False):
    """An element: `name` is `namespace}local`, or the local name alone without a namespace.

    `attributes` are keyed the same way. `content` holds text and elements in their order.
    `line` tells where it began, for messages; it takes no part in comparison with `same`.
    """

    name: str
    attributes: Mapping[str, str]
    content: tuple[Element | str, ...] = ()
    line: int = 0

    @property
    def local(self) -> str:
        """The name without its namespace."""
        return self.name.rpartition(_SEPARATOR)[2]

    @property
    def namespace(self) -> str:
        """The namespace, or the empty string."""
        return self.name.rpartition(_SEPARATOR)[0]

    @property
    def children(self) -> tuple[Element, ...]:
        """The elements in it."""
        # Lists, not generators: a label asks this some ten times, and each saves a frame.
        return tuple([part for part in self.content if not isinstance(part, str)])

    @property
    def text(self) -> str:
        """The text directly in it."""
        return "".join([part for part in self.content if isinstance(part, str)])

    def same(self, other: Element) -> bool:
        """Whether both say the same, wherever they stood."""
        if self.name != other.name or dict(self.attributes) != dict(other.attributes):
            return False
        if len(self.content) != len(other.content):
            return False
        return all(
            a == b if isinstance(a, str) or isinstance(b, str) else a.same(b)
            for a, b in zip(self.content, other.content, strict=True)
        )


DEFAULT = Limits()
NO_ATTRIBUTES: Mapping[str, str] = MappingProxyType({})


def parse(data: bytes, where: str, limits: Limits = DEFAULT) -> Element:
    """The root element of a document. Raises `BadInput`, naming `where` and the line."""
    return _Reader(where, limits).read(data)


def at_line(where: str, line: int) -> str:
    """Where in a file, for a message."""
    return f"{where}, line {line}"


class _Reader:
    """One document on its way through expat."""

    def __init__(self, where: str, limits: Limits) -> None:
        self._where, self._limits = where, limits
        self._declared: str | None = None
        self._count = 0
        self._open: list[tuple[str, Mapping[str, str], list[Element | str], int]] = []
        self._root: list[Element | str] = []
        self._parser = parser = pyexpat.ParserCreate(namespace_separator=_SEPARATOR)
        parser.buffer_text = True
        parser.ordered_attributes = True
        parser.SetParamEntityParsing(pyexpat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.XmlDeclHandler = self._declaration
        parser.StartDoctypeDeclHandler = self._doctype
        parser.ExternalEntityRefHandler = self._entity
        parser.ProcessingInstructionHandler = self._instruction
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text

    def read(self, data: bytes) -> Element:
        if len(data) > self._limits.size:
            raise BadInput(f"at most {self._limits.size} bytes of XML", "more", self._where)
        text, wide = self._decoded(data)
        self._wide = wide
        try:
            self._parser.Parse(text, True)
        except pyexpat.ExpatError as error:
            said = pyexpat.errors.messages.get(error.code, "")
            said = pyexpat.ErrorString(error.code) or said
            raise BadInput(
                "well-formed XML", shown(said), at_line(self._where, error.lineno)
            ) from None
        root = self._root[0]
        assert isinstance(root, Element)  # noqa: S101 - expat reports a document without a root
        return root

    def _decoded(self, data: bytes) -> tuple[str, bool]:
        """The text, and whether it came as UTF-16; strictly, with or without a byte order mark."""
        wide = data[:2] in _UTF16
        try:
            text = data.decode("utf-16" if wide else "utf-8-sig")
        except UnicodeDecodeError:
            raise BadInput(_FORM, "other bytes", self._where) from None
        if "\x00" in text[:4]:
            raise BadInput(_FORM, "zero bytes", self._where)
        return text, wide

    def _refuse(self, expected: str, got: str) -> NoReturn:
        raise BadInput(expected, got, at_line(self._where, self._parser.CurrentLineNumber))

    # -- what expat calls ---------------------------------------------------------

    def _declaration(self, version: str, encoding: str | None, standalone: int) -> None:
        del standalone
        if version != "1.0":
            self._refuse("XML 1.0", "another version")
        named = (encoding or "").lower()
        if named and (named not in _ENCODINGS or (named == "utf-16") != self._wide):
            self._refuse("the encoding that the bytes have, UTF-8 or UTF-16", "another name")

    def _doctype(self, name: str, system: object, public: object, subset: int) -> None:
        del name, system, public, subset
        self._refuse("no document type (DTD)", "one")

    def _entity(self, *named: object) -> int:
        del named
        self._refuse("no entity from outside", "one")

    def _instruction(self, target: str, data: str) -> None:
        del target, data
        self._refuse("no processing instruction", "one")

    def _start(self, name: str, attributes: list[str]) -> None:
        limits = self._limits
        self._count += 1
        if self._count > limits.elements:
            self._refuse(f"at most {limits.elements} elements", "more")
        if len(self._open) >= limits.depth:
            self._refuse(f"elements at most {limits.depth} deep", "deeper")
        if len(name) > limits.name:
            self._refuse(f"names of at most {limits.name} characters", "a longer one")
        held = NO_ATTRIBUTES
        if attributes:
            if len(attributes) > 2 * limits.attributes:
                self._refuse(f"at most {limits.attributes} attributes of an element", "more")
            held = MappingProxyType(dict(zip(attributes[::2], attributes[1::2], strict=True)))
            if any(len(key) > limits.name for key in held):
                self._refuse(f"names of at most {limits.name} characters", "a longer one")
        self._open.append((name, held, [], self._parser.CurrentLineNumber))

    def _end(self, name: str) -> None:
        del name
        name, attributes, content, line = self._open.pop()
        element = Element(name, attributes, tuple(content), line)
        (self._open[-1][2] if self._open else self._root).append(element)

    def _text(self, text: str) -> None:
        self._open[-1][2].append(text)


# -- writing --------------------------------------------------------------------------

_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TEXT_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_VALUE_ESCAPES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
)


def write(root: Element, prefixes: Mapping[str, str]) -> bytes:
    """The document as UTF-8, indented where an element holds elements only.

    `prefixes` names the namespaces that get a prefix of their own, one perhaps the empty
    prefix; others are called ns1, ns2 and so on, and all are declared on the root. The same
    tree is always the same bytes. Raises `BadInput` for text that no XML can hold.
    """
    spaces = dict.fromkeys(_namespaces(root))
    names = {space: prefixes[space] for space in spaces if space in prefixes}
    others = (space for space in spaces if space not in names and space not in ("", XML))
    names.update({space: f"ns{n}" for n, space in enumerate(others, 1)})
    if "" in names.values() and _needs_prefixes(root, names):
        return write(root, {space: prefix for space, prefix in prefixes.items() if prefix})
    out = ['<?xml version="1.0" encoding="UTF-8"?>\n']
    declared = "".join(
        f' xmlns{prefix and ":"}{prefix}="{_value(space)}"' for space, prefix in names.items()
    )
    names[XML] = "xml"
    _write(root, names, declared, "\n", out)
    return ("".join(out) + "\n").encode()


def _namespaces(element: Element) -> Iterator[str]:
    yield element.namespace
    for key in element.attributes:
        if _SEPARATOR in key:
            yield key.rpartition(_SEPARATOR)[0]
    for child in element.children:
        yield from _namespaces(child)


def _needs_prefixes(element: Element, names: Mapping[str, str]) -> bool:
    """Whether something cannot be said with an empty prefix: no namespace, or an attribute's."""
    spaces = (key.rpartition(_SEPARATOR)[0] for key in element.attributes if _SEPARATOR in key)
    return (
        not element.namespace
        or any(names.get(space) == "" for space in spaces)
        or any(_needs_prefixes(child, names) for child in element.children)
    )


def _legal(text: str) -> str:
    if _ILLEGAL.search(text):
        raise BadInput("text that XML can hold", "control characters or halves of one", "XML")
    return text


def _value(text: str) -> str:
    return _legal(text).translate(_VALUE_ESCAPES)


def _called(name: str, names: Mapping[str, str]) -> str:
    space, _, local = name.rpartition(_SEPARATOR)
    prefix = names[space] if space else ""
    return f"{prefix}:{local}" if prefix else local


def _write(
    element: Element, names: Mapping[str, str], declared: str, indent: str, out: list[str]
) -> None:
    name = _called(element.name, names)
    out.append(f"<{name}{declared}")
    out.extend(f' {_called(k, names)}="{_value(v)}"' for k, v in element.attributes.items())
    if not element.content:
        out.append("/>")
        return
    out.append(">")
    deeper = indent + "  "
    only_elements = bool(element.children) and not element.text.strip(" \t\r\n")
    for part in element.content:
        if not isinstance(part, str):
            if only_elements:
                out.append(deeper)
            _write(part, names, "", deeper, out)
        elif not only_elements:
            out.append(_legal(part).translate(_TEXT_ESCAPES))
    if only_elements:
        out.append(indent)
    out.append(f"</{name}>")
