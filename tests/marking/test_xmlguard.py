"""XML from outside: what is read, what is refused, and that writing gives it back."""

from __future__ import annotations

from contextlib import suppress
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsomia.faults import BadInput
from gsomia.marking.xmlguard import LANG, Element, Limits, parse, write

HOSTILE = {
    "external entity": (
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        "no document type",
    ),
    "a document type alone": (b"<!DOCTYPE a><a/>", "no document type"),
    "an external subset": (b'<!DOCTYPE a SYSTEM "http://example/x.dtd"><a/>', "no document type"),
    "a parameter entity": (
        b'<!DOCTYPE a [<!ENTITY % p SYSTEM "file:///x"> %p;]><a/>',
        "no document type",
    ),
    "a billion laughs": (
        b'<!DOCTYPE a [<!ENTITY a0 "ha">'
        + b"".join(b'<!ENTITY a%d "&a%d;&a%d;">' % (n + 1, n, n) for n in range(30))
        + b"]><a>&a29;</a>",
        "no document type",
    ),
    "an entity in an attribute": (b'<a b="&x;"/>', "well-formed XML"),
    "an entity in an attribute, declared": (
        b'<!DOCTYPE a [<!ENTITY x "y">]><a b="&x;"/>',
        "no document type",
    ),
    "an undeclared entity": (b"<a>&nbsp;</a>", "well-formed XML"),
    "a processing instruction": (b'<?xml-stylesheet href="x"?><a/>', "no processing instruction"),
    "one inside": (b"<a><?php x?></a>", "no processing instruction"),
    "an undeclared prefix": (b"<p:a/>", "well-formed XML"),
    "a prefix taken back": (b'<a xmlns:p=""><p:b/></a>', "well-formed XML"),
    "the prefix xml for another": (b'<a xmlns:xml="urn:x"/>', "well-formed XML"),
    "the prefix xmlns": (b'<a xmlns:xmlns="urn:x"/>', "well-formed XML"),
    "one attribute under two prefixes": (
        b'<a xmlns:p="urn:x" xmlns:q="urn:x" p:b="1" q:b="2"/>',
        "well-formed XML",
    ),
    "an attribute twice": (b'<a b="1" b="2"/>', "well-formed XML"),
    "two roots": (b"<a/><a/>", "well-formed XML"),
    "nothing": (b"", "well-formed XML"),
    "only blanks": (b"  \n ", "well-formed XML"),
    "cut off": (b"<a><b></b>", "well-formed XML"),
    "text after the root": (b"<a/>x", "well-formed XML"),
    "latin-1 by name": (b'<?xml version="1.0" encoding="ISO-8859-1"?><a/>', "the encoding"),
    "UTF-16 by name only": (b'<?xml version="1.0" encoding="UTF-16"?><a/>', "the encoding"),
    "UTF-8 by name only": (
        '<?xml version="1.0" encoding="UTF-8"?><a/>'.encode("utf-16"),
        "the encoding",
    ),
    "an unknown encoding": (b'<?xml version="1.0" encoding="x-y"?><a/>', "the encoding"),
    "UTF-16 without its mark": ("<a/>".encode("utf-16-le"), "byte order mark"),
    "UTF-16 without its mark, big": ("<a/>".encode("utf-16-be"), "byte order mark"),
    "UTF-32": ("<a/>".encode("utf-32"), "XML in UTF-8, or"),
    "half a character": (b"<a>\xed\xa0\x80</a>", "XML in UTF-8, or"),
    "an overlong form": (b"<a>\xc0\xbc</a>", "XML in UTF-8, or"),
    "XML 1.1": (b'<?xml version="1.1"?><a/>', "XML 1.0"),
    "a zero byte": (b"<a>\x00</a>", "XML in UTF-8, or"),
    "a control character by number": (b"<a>&#1;</a>", "well-formed XML"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_refused(name: str) -> None:
    data, expected = HOSTILE[name]
    with pytest.raises(BadInput) as refused:
        parse(data, "label.xml")
    assert expected in refused.value.expected
    assert refused.value.where.startswith("label.xml")


def test_a_fault_tells_its_line() -> None:
    with pytest.raises(BadInput, match=r"label.xml, line 3: expected no processing instruction"):
        parse(b"<a>\n<b/>\n<?x y?>\n</a>", "label.xml")


LIMITS = Limits(size=200_000, depth=5, elements=100, attributes=3, name=20)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"<a>" + b" " * 200_000 + b"</a>", "at most 200000 bytes"),
        (b"<a>" * 6 + b"</a>" * 6, "at most 5 deep"),
        (b"<a>" + b"<b/>" * 100 + b"</a>", "at most 100 elements"),
        (b'<a b="" c="" d="" e=""/>', "at most 3 attributes"),
        (b"<" + b"a" * 21 + b"/>", "at most 20 characters"),
        (b"<a " + b"b" * 21 + b'=""/>', "at most 20 characters"),
        (b'<a xmlns="' + b"u" * 21 + b'"/>', "at most 20 characters"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_limits(data: bytes, expected: str) -> None:
    with pytest.raises(BadInput, match=expected):
        parse(data, "label.xml", LIMITS)


def test_limits_are_reached_and_not_passed() -> None:
    assert parse(b"<a>" * 5 + b"</a>" * 5, "x", LIMITS).name == "a"
    assert len(parse(b"<a>" + b"<b/>" * 99 + b"</a>", "x", LIMITS).children) == 99


@pytest.mark.parametrize(
    "data",
    [
        b"<a>" + b"x" * (100 << 20) + b"</a>",
        b"<a>" * 1_000_000,
        b"<a>" + b"<b/>" * 250_000 + b"</a>",
        b"<a " + b" ".join(b'a%d=""' % n for n in range(100_000)) + b"/>",
        b"<a>" + b"&amp;" * 200_000 + b"</a>",
        b"<a>" + b"\r\n" * 500_000 + b"</a>",
        b'<a b="' + b"&#10;" * 200_000 + b'"/>',
        b"<!--" + b"-" * 1_000_000,
        b"<a" + b"a" * 1_000_000,
    ],
    ids=["100 MB", "deep", "many", "attributes", "escapes", "lines", "values", "comment", "name"],
)
def test_the_work_is_bounded(data: bytes) -> None:
    start = process_time()
    with suppress(BadInput):
        parse(data, "label.xml")
    assert process_time() - start < 2


def test_what_is_read() -> None:
    root = parse(
        b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><!-- c -->\n'
        b'<p:a xmlns:p="urn:x" xmlns="urn:y" b="1" p:c="2" xml:lang="ko">'
        b"x<d/><![CDATA[<&]]>&lt;<!-- c --></p:a>",
        "x",
    )
    assert (root.namespace, root.local) == ("urn:x", "a")
    assert dict(root.attributes) == {"b": "1", "urn:x}c": "2", LANG: "ko"}
    assert [child.name for child in root.children] == ["urn:y}d"]
    assert root.text == "x<&<"
    assert (root.line, root.children[0].line) == (2, 2)


def test_a_tree_does_not_change() -> None:
    root = parse(b'<a b="1"><c/></a>', "x")
    with pytest.raises(TypeError):
        root.attributes["b"] = "2"  # type: ignore[index]
    with pytest.raises(AttributeError):
        root.name = "b"  # type: ignore[misc]
    assert isinstance(root.content, tuple)


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings(codec: str) -> None:
    assert parse("<a>군사II급비밀 特定秘密</a>".encode(codec), "x").text == "군사II급비밀 特定秘密"


def test_a_separator_in_a_namespace_names_nothing_else() -> None:
    """A namespace that holds our own separator cannot pass for another one."""
    try:
        root = parse(b'<p:a xmlns:p="urn:x}y"/>', "x")
    except BadInput:
        return
    assert (root.namespace, root.local) == ("urn:x}y", "a")


# -- laws ---------------------------------------------------------------------------

_texts = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs"]).filter(
        lambda c: c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff")
    ),
    min_size=1,
)
_names = st.sampled_from(["a", "urn:x}a", "urn:y}b-c", "urn:z}이름"])
_attributes = st.dictionaries(st.sampled_from(["b", "urn:x}b", "urn:w}c", LANG]), _texts)
_elements = st.recursive(
    st.builds(Element, _names, _attributes, st.just(())),
    lambda inner: st.builds(
        Element,
        _names,
        _attributes,
        st.one_of(
            st.tuples(_texts),
            st.lists(inner, min_size=1, max_size=4).map(tuple),
            st.tuples(_texts.filter(str.strip), inner, _texts),
        ),
    ),
    max_leaves=12,
)


def _plain(element: Element) -> Element:
    """Without the blanks that show only how a file is laid out."""
    kids = element.children
    content = element.content
    if kids and not element.text.strip(" \t\r\n"):
        content = kids
    return Element(
        element.name,
        dict(element.attributes),
        tuple(p if isinstance(p, str) else _plain(p) for p in content),
    )


@given(root=_elements)
def test_what_is_written_is_read_again(root: Element) -> None:
    data = write(root, {"urn:x": "x"})
    again = parse(data, "x")
    assert _plain(again).same(_plain(root))
    assert write(again, {"urn:x": "x"}) == data


@pytest.mark.parametrize("text", ["\x00", "\x0b", "\ud800", "\ufffe"])
def test_what_no_xml_holds_is_not_written(text: str) -> None:
    for root in (Element("a", {}, (text,)), Element("a", {"b": text}, ())):
        with pytest.raises(BadInput, match="text that XML can hold"):
            write(root, {})


def test_one_namespace_may_have_no_prefix() -> None:
    inner = Element("urn:a}b", {"c": "1"}, ("text",))
    root = Element("urn:a}a", {}, (inner, Element("urn:b}d", {})))
    data = write(root, {"urn:a": "", "urn:b": "q"})
    assert b'<a xmlns="urn:a" xmlns:q="urn:b">' in data
    assert _plain(parse(data, "x")) == _plain(parse(write(root, {}), "x"))


@pytest.mark.parametrize(
    "part",
    [
        Element("b", {}),
        Element("urn:a}b", {"urn:a}c": "1"}),
        Element("urn:b}c", {}, (Element("d", {}),)),
    ],
)
def test_where_a_prefix_is_needed_it_is_given(part: Element) -> None:
    root = Element("urn:a}a", {}, (part,))
    data = write(root, {"urn:a": ""})
    assert _plain(parse(data, "x")) == _plain(parse(write(root, {}), "x"))
