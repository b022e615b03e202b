"""Bindings of STANAG 4778: what is read, what is refused, which rules are broken, what is made."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsomia.faults import BadInput
from gsomia.marking import binding as b
from gsomia.marking import label as labels
from gsomia.marking.binding import reading, rules
from gsomia.marking.binding.model import BINDING, PROFILE
from gsomia.marking.binding.targets import (
    Target,
    beside,
    file_name,
    is_file_name,
    pack,
    part_name,
    target,
)
from gsomia.marking.label.model import Root
from gsomia.marking.xmlguard import Element, parse
from tests.marking.shared import VECTORS, outside

K1 = labels.read((VECTORS / "label" / "label-k1.xml").read_bytes())
J1 = msgspec.structs.replace(
    labels.read((VECTORS / "label" / "label-j1.xml").read_bytes()), root=Root.ALTERNATIVE
)
LABEL = labels.write(K1).decode().partition("?>")[2].strip()
FILE = b.Reference(uri="./plan.pdf", content_type="application/pdf")
SIDECAR = b.bind([K1], [FILE], b.Profile.SIDECAR)


def xml(inside: str, more: str = "") -> bytes:
    """A binding whose one MetadataBinding holds `inside`."""
    return (
        f'<mb:BindingInformation xmlns:mb="{BINDING}" xmlns:d="http://www.w3.org/2000/09/xmldsig#"'
        f' xmlns:xmime="http://www.w3.org/2005/05/xmlmime">{more}<mb:MetadataBindingContainer>'
        f"<mb:MetadataBinding>{inside}</mb:MetadataBinding></mb:MetadataBindingContainer>"
        "</mb:BindingInformation>"
    ).encode()


ONE = f"<mb:Metadata>{LABEL}</mb:Metadata>"
TO = '<mb:DataReference URI="./a.xml"/>'


def broken(data: bytes, **how: Any) -> list[str]:
    return [breach.rule for breach in b.check(b.read(data), **how)]


# -- reading and writing --------------------------------------------------------------


def test_a_binding_is_made_written_and_read() -> None:
    data = b.write(SIDECAR)
    info = b.read(data)
    (binding,) = info.bindings
    assert b.labels(binding) == (K1,)
    assert binding.uris == ("./plan.pdf",)
    assert info.profile == b.Profile.SIDECAR
    assert b.check(info, lambda uri: uri == "./plan.pdf", b.Profile.SIDECAR) == ()
    assert b.write(info) == data


def test_bindings_of_another_program_are_read() -> None:
    found = sorted(outside("labels/bindings").glob("*.bdo"))
    assert len(found) > 4
    for path in found:
        info = b.read(path.read_bytes(), path.name)
        (binding,) = info.bindings
        (label,) = b.labels(binding)
        assert label.information.policy in ("NATO", "PUBLIC")
        assert b.check(info, lambda _: True, b.Profile.SIDECAR) == ()
        again = b.read(b.write(info))
        assert b.labels(next(iter(again.bindings))) == (label,)


def test_the_schema_takes_what_is_written() -> None:
    etree = pytest.importorskip("lxml.etree")
    path = outside("labels/xsd/nl-mb.xsd")
    schema = etree.XMLSchema(etree.parse(str(path)))
    part = b.Reference(uri=pack("/word/document.xml"), content_type="text/xml")
    for info in (
        SIDECAR,
        b.add(SIDECAR, J1),
        b.bind([K1, J1], [part, FILE], b.Profile.OOXML),
        b.read(xml(ONE + TO, "<d:Signature/>".replace("<d:Signature/>", ""))),
    ):
        assert schema.validate(etree.fromstring(b.write(info))), schema.error_log
    held = b.encapsulate([K1], b"<a xmlns='urn:a'><b/></a>")
    assert schema.validate(etree.fromstring(held)), schema.error_log
    two = xml(f"<mb:Metadata>{LABEL}{LABEL}</mb:Metadata>{TO}")
    assert not schema.validate(etree.fromstring(two))


REFUSED = {
    "another root": (lambda t: t.replace("BindingInformation", "Binding"), "a BindingInformation"),
    "another namespace": (lambda t: t.replace(BINDING, BINDING[:-1] + "1"), "a BindingInformation"),
    "no container": (
        lambda t: re.sub("(?s)<mb:MetadataBindingContainer>.*Container>", "", t),
        "a MetadataBindingContainer",
    ),
    "data first": (lambda t: t.replace(ONE + TO, TO + ONE), "Metadata, then Data"),
    "no data": (lambda t: t.replace(TO, ""), "Metadata, then Data"),
    "no metadata": (lambda t: t.replace(ONE, ""), "Metadata, then Data"),
    "a reference without URI": (lambda t: t.replace(' URI="./a.xml"', ""), "a URI in"),
    "a URI with a blank": (lambda t: t.replace("./a.xml", "./a b.xml"), "a URI in"),
    "a URI with half an escape": (lambda t: t.replace("./a.xml", "./a%2.xml"), "a URI in"),
    "a misspelt attribute": (lambda t: t.replace("URI=", 'Uri="" URI='), "an attribute of"),
    "an Id where none is": (
        lambda t: t.replace("<mb:Metadata>", '<mb:Metadata Id="a">'),
        "an attribute of Metadata",
    ),
    "an Id that is none": (
        lambda t: t.replace("<mb:MetadataBinding>", '<mb:MetadataBinding Id="#a">'),
        "a plain name as Id",
    ),
    "text between": (lambda t: t.replace(TO, "x" + TO), "only elements in"),
    "something in a reference": (
        lambda t: t.replace('"./a.xml"/>', '"./a.xml"><x/></mb:DataReference>'),
        "at most one Transforms",
    ),
    "a signature behind": (
        lambda t: t.replace("</mb:BindingI", "<mb:MetadataBinding/></mb:BindingI"),
        "an end of BindingInformation",
    ),
    "many signatures": (
        lambda t: t.replace("<mb:MetadataBindingC", "<d:Signature/>" * 9 + "<mb:MetadataBindingC"),
        "at most 8 signatures",
    ),
    "a document type": (lambda t: "<!DOCTYPE a [<!ENTITY x 'y'>]>" + t, "no document type"),
    "a media type that is none": (
        lambda t: t.replace("URI=", 'xmime:contentType="" URI='),
        "a media type",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_schema_does_not_take(name: str) -> None:
    bend, expected = REFUSED[name]
    good = xml(ONE + TO)
    b.read(good)
    bad = bend(good.decode()).encode()
    assert bad != good
    with pytest.raises(BadInput) as refused:
        b.read(bad, "a.bdo")
    assert refused.value.expected.startswith(expected)
    assert refused.value.where.startswith("a.bdo, line ")


def test_a_prefix_that_is_no_name_is_refused() -> None:
    data = (VECTORS / "binding" / "bad" / "sparrow-label1-malformed-prefix.xml").read_bytes()
    for read in (b.read, labels.read):
        with pytest.raises(BadInput):
            read(data)


# -- rules ----------------------------------------------------------------------------

SIGN = '<d:Transforms><d:Transform Algorithm="{}"/></d:Transforms></mb:DataReference>'
BREACHES: dict[str, tuple[str, str]] = {
    "one_metadata": (ONE, f"<mb:Metadata>{LABEL}{LABEL}</mb:Metadata>"),
    "one_data": (TO, "<mb:Data>text alone</mb:Data>"),
    "id_unique": (ONE, ONE.replace("<mb:Metadata>", '<mb:Metadata xml:id="a">') * 2),
    "target_outside": ("./a.xml", "../a.xml"),
    "content_type": ("./a.xml", "./a.pdf"),
    "transform_one": (TO, TO[:-2] + ">" + SIGN.format("http://www.w3.org/2000/09/xmldsig#base64")),
    "originator_once": (ONE, ONE * 2),
    "no_label": (LABEL, "<x/>"),
    "label_form": ("GUNSA II", ""),
}  # fmt: skip


@pytest.mark.parametrize("rule", BREACHES)
def test_a_binding_that_breaks_a_rule(rule: str) -> None:
    old, new = BREACHES[rule]
    good = ONE + TO
    assert broken(xml(good)) == []
    assert rule in broken(xml(good.replace(old, new)))


def test_the_transform_of_a_reference_may_be_an_xpath() -> None:
    new = TO[:-2] + ">" + SIGN.format(rules.XPATH)
    assert broken(xml(ONE + new)) == []


def test_what_the_schema_forbids_is_not_written() -> None:
    for inside in (f"<mb:Metadata>{LABEL}{LABEL}</mb:Metadata>{TO}", f"{ONE}<mb:Data/>"):
        info = b.read(xml(inside))
        with pytest.raises(BadInput):
            b.write(info)


def test_a_target_that_is_not_there() -> None:
    data = (VECTORS / "binding" / "bad" / "missing-target.bdo").read_bytes()
    assert broken(data) == []
    assert broken(data, present=lambda _: False) == ["target_missing"]
    assert broken(data, present=lambda uri: uri == "./a-missing.file.bdo") == []


@pytest.mark.parametrize(
    ("profile", "uri", "rule"),
    [
        (b.Profile.SIDECAR, "./a.xml", None),
        (b.Profile.SIDECAR, "", "profile_target"),
        (b.Profile.OOXML, "pack:///word/document.xml", None),
        (b.Profile.OOXML, "./a.xml", "profile_target"),
        (b.Profile.REST, "", None),
        (b.Profile.REST, "./a.xml", "profile_target"),
        (b.Profile.XMP, "", None),
    ],
)
def test_the_form_of_a_profile(profile: b.Profile, uri: str, rule: str | None) -> None:
    data = xml(ONE + TO.replace("./a.xml", uri))
    assert broken(data, profile=profile) == ([] if rule is None else [rule])


def test_no_data_stands_inside_a_package() -> None:
    data = xml(f"{ONE}<mb:Data><x/></mb:Data>")
    assert broken(data, profile=b.Profile.OOXML) == ["profile_data"]
    assert broken(data) == []


def test_every_rule_has_words_and_a_source() -> None:
    tested = {*BREACHES, "target_missing", "profile_target", "profile_data"}
    assert tested == set(rules.RULES)


# -- targets --------------------------------------------------------------------------

TARGETS = {
    "": Target.SELF,
    "#part": Target.SELF,
    "./a.pdf": Target.BESIDE,
    "./a.pdf#page=2": Target.BESIDE,
    "./%EA%B5%B0.pdf": Target.BESIDE,
    "./군.pdf": Target.BESIDE,
    "pack:///word/document.xml": Target.PACKAGE,
    "a.pdf": Target.OUTSIDE,
    "../a.pdf": Target.OUTSIDE,
    "./../a.pdf": Target.OUTSIDE,
    "./..": Target.OUTSIDE,
    "./": Target.OUTSIDE,
    "./%2e%2e": Target.OUTSIDE,
    "./%2e%2e%2fa": Target.OUTSIDE,
    "./a/b": Target.OUTSIDE,
    "./a%2fb": Target.OUTSIDE,
    "./a%5cb": Target.OUTSIDE,
    "./a%00b": Target.OUTSIDE,
    "./a%ff": Target.OUTSIDE,
    "./c:a": Target.OUTSIDE,
    "./a?b": Target.OUTSIDE,
    "/etc/passwd": Target.OUTSIDE,
    "file:///etc/passwd": Target.OUTSIDE,
    "http://example.org/a": Target.OUTSIDE,
    "//host/a": Target.OUTSIDE,
    "pack:///": Target.OUTSIDE,
    "pack:///word/../a.xml": Target.OUTSIDE,
    "pack:///word//a.xml": Target.OUTSIDE,
    "pack://http:,,a/word/document.xml": Target.OUTSIDE,
}


@pytest.mark.parametrize("uri", TARGETS)
def test_where_a_reference_leads(uri: str) -> None:
    assert target(uri) is TARGETS[uri]


@given(st.text(max_size=40))
def test_a_file_name_as_a_reference(name: str) -> None:
    import unicodedata

    try:
        uri = beside(name)
    except BadInput:
        return
    assert uri.isascii()
    assert file_name(uri) == unicodedata.normalize("NFC", name)
    assert target(uri) is Target.BESIDE
    assert is_file_name(name)


@given(st.text(max_size=40))
def test_a_reference_never_leads_out(text: str) -> None:
    name = file_name("./" + text)
    assert name is None or is_file_name(name)
    part = part_name("pack:///" + text)
    assert part is None or (part.startswith("/") and ".." not in part.split("/"))


def test_a_name_that_is_none() -> None:
    for name in ("", ".", "..", "a/b", "a\\b", "a:b", "a\n", "a" * 256, "가" * 86, "\ud800"):
        with pytest.raises(BadInput):
            beside(name)


# -- making ---------------------------------------------------------------------------


def test_a_further_label_stands_in_a_metadata_of_its_own() -> None:
    info = b.read(b.write(b.add(SIDECAR, J1)))
    (binding,) = info.bindings
    assert b.labels(binding) == (K1, J1)
    assert [len(part.elements) for part in binding.metadata if isinstance(part, b.Inline)] == [1, 1]
    assert b.check(info) == ()


def test_an_originators_label_is_never_overwritten() -> None:
    with pytest.raises(BadInput) as refused:
        b.add(SIDECAR, K1)
    assert "an alternative label" in refused.value.expected
    b.add(b.bind([J1], [FILE], None), K1)


def test_a_binding_that_changes_loses_its_signatures() -> None:
    signed = msgspec.structs.replace(
        SIDECAR, signatures=(Element("http://www.w3.org/2000/09/xmldsig#}Signature", {}),)
    )
    assert b.read(b.write(signed)).signatures[0].same(signed.signatures[0])
    assert b.add(signed, J1).signatures == ()


def test_nothing_is_bound_to_nothing() -> None:
    for made in (lambda: b.bind([], [FILE], None), lambda: b.bind([K1], [], None)):
        with pytest.raises(BadInput):
            made()


ENCAPSULATED: dict[str, tuple[bytes, bool]] = {
    "plain": (b"<a><b/>text</a>", True),
    "with a declaration": (b'<?xml version="1.0"?>\n<a/>', True),
    "with comments": (b"<!-- 1 --><a><!-- 2 --></a><!-- 3 -->", True),
    "with names in its text": (b'<a xmlns:q="urn:q" t="q:b">q:c</a>', True),
    "in another namespace": (b'<a xmlns="urn:a" xmlns:mb="urn:not-4778"><mb:hole/></a>', True),
    "with names of its own twice": (b'<a id="1"><b id="1" Id="2"/><c Id="2"/></a>', True),
    "with one xml:id twice": (b'<a xml:id="x"><b xml:id="x"/></a>', False),
    "a binding with our Id": (b.write(SIDECAR), True),
    "a hole of ours": (f'<m:hole xmlns:m="{BINDING}"/>'.encode(), True),
    "a binding": (xml(ONE + TO), True),
    "no XML": (b"%PDF-1.7", False),
    "two roots": (b"<a/><a/>", False),
    "an end of ours": (b"<a/></mb:Data><mb:Data><b/>", False),
    "a document type": (b"<!DOCTYPE a><a/>", False),
    "UTF-16": ("\ufeff<a/>".encode("utf-16-le"), False),
}


@pytest.mark.parametrize("name", ENCAPSULATED)
def test_an_xml_document_inside_a_binding(name: str) -> None:
    document, good = ENCAPSULATED[name]
    if not good:
        with pytest.raises(BadInput):
            b.encapsulate([K1], document)
        return
    data = b.encapsulate([K1], document)
    assert document.partition(b"?>\n")[2] or document in data
    (binding,) = b.read(data).bindings
    held = binding.data[0]
    assert isinstance(held, b.Inline)
    assert held.elements[0].same(parse(document, "document"))
    assert b.check(b.read(data)) == () or name == "a binding"


# -- inheritance ----------------------------------------------------------------------


def test_a_part_inherits_what_it_has_not_itself() -> None:
    own, other = Element("urn:a}label", {}, ("own",)), Element("urn:a}label", {}, ("parent",))
    title = Element("urn:a}title", {})
    assert b.inherit([other, title], [own]) == (own, title)
    assert b.inherit([other, title], []) == (other, title)
    assert b.inherit([], [own]) == (own,)


def test_a_fragment_is_a_part_of_its_file() -> None:
    whole = b.bind([K1, J1], [FILE], None)
    strict = msgspec.structs.replace(K1, review="2040-01-01T00:00:00Z")
    part = b.bind([strict], [b.Reference(uri="./plan.pdf#page=2", content_type="a/b")], None)
    info = msgspec.structs.replace(whole, containers=(*whole.containers, *part.containers))
    info = b.read(b.write(msgspec.structs.replace(info, containers=_without_ids(info))))

    def of(uri: str) -> list[labels.Label]:
        return [labels.from_element(e) for e in b.metadata_of(info, uri)]

    assert of("./plan.pdf") == [K1, J1]
    assert of("./plan.pdf#page=2") == [strict, J1]
    assert of("./plan.pdf#page=3") == [K1, J1]
    assert of("./other.pdf") == []


def _without_ids(info: b.BindingInformation) -> tuple[b.Container, ...]:
    bare: Callable[[b.Binding], b.Binding] = lambda held: msgspec.structs.replace(held, id=None)  # noqa: E731
    return tuple(
        msgspec.structs.replace(c, bindings=tuple(map(bare, c.bindings))) for c in info.containers
    )


def test_bindings_inside_a_document_are_found() -> None:
    inner = xml(ONE + TO.replace("./a.xml", "")).decode()
    root = parse(f"<order><head>{inner}</head><body>{inner}</body></order>".encode(), "order.xml")
    assert len(b.embedded(root)) == 2
    assert b.embedded(parse(b"<order/>", "order.xml")) == ()
    with pytest.raises(BadInput):
        b.embedded(parse(f'<o><mb:BindingInformation xmlns:mb="{BINDING}"/></o>'.encode(), "o"))


def test_the_profile_is_named_as_the_schemas_own_text_has_it() -> None:
    assert PROFILE.startswith("urn:nato:stanag:4778:bindinginformation:extensions:1:0}")
    told = outside("labels/xsd/nl-mb.xsd").read_text("utf-8")
    assert 's4778-ext:profile="urn:nato:stanag:4778:profile:' in told


def test_many_bindings_are_refused() -> None:
    good = xml(ONE + TO).decode()
    one = re.search("(?s)<mb:MetadataBinding>.*?</mb:MetadataBinding>", good)[0]  # type: ignore[index]
    small = one.replace(LABEL, "<x/>")
    with pytest.raises(BadInput, match="at most 1000 bindings"):
        b.read(good.replace(one, small * (reading.MAX_BINDINGS + 1)).encode())
    assert len(list(b.read(good.replace(one, small * 1000).encode()).bindings)) == 1000
