"""Labels and clearances of STANAG 4774: what is read, what is refused, which rules are broken."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsomia.cli.label.texts import BREACHES, LABEL_GROUNDS, breach_text
from gsomia.faults import BadInput
from gsomia.marking.label import (
    Category,
    Clearance,
    Information,
    Label,
    Root,
    Value,
    check,
    check_clearance,
    read,
    read_clearance,
    write,
    write_clearance,
)
from gsomia.marking.label.model import Base, Originator, Succession, ValueKind
from gsomia.marking.label.reading import ID_TYPES, MAX_SUCCESSORS, SLAB, moment
from gsomia.marking.label.rules import RULES, STANDARD_RULES
from gsomia.marking.spif import Sense
from gsomia.marking.xmlguard import Element
from tests.marking.shared import VECTORS, outside

LABELS = sorted((VECTORS / "label").glob("label-*.xml"))
CLEARANCES = sorted((VECTORS / "label").glob("clearance-*.xml"))
K1 = (VECTORS / "label" / "label-k1.xml").read_text("utf-8")


@pytest.mark.parametrize("path", LABELS, ids=lambda p: p.name)
def test_a_label_is_read_and_written(path: Path) -> None:
    label = read(path.read_bytes(), path.name)
    data = write(label)
    assert read(data) == label
    assert write(read(data)) == data
    assert check(label) == ()


@pytest.mark.parametrize("path", CLEARANCES, ids=lambda p: p.name)
def test_a_clearance_is_read_and_written(path: Path) -> None:
    clearance = read_clearance(path.read_bytes(), path.name)
    data = write_clearance(clearance)
    assert read_clearance(data) == clearance
    assert write_clearance(read_clearance(data)) == data
    assert check_clearance(clearance) == ()


def test_what_a_label_says() -> None:
    told = read(K1.encode()).information
    assert (told.policy, told.classification) == ("EX-KOR", "GUNSA II")
    (category,) = told.categories
    assert (category.sense, category.tag_name) == (Sense.PERMISSIVE, "Releasable To")
    assert [value.text for value in category.values] == ["KOR", "JPN"]


def test_natos_labels_break_the_rule_of_the_review_date() -> None:
    """The samples were made to the schema alone; the standard wants a date besides."""
    folder = outside("labels/worked")
    for path in sorted(folder.glob("label-nato-*.xml")):
        label = read(path.read_bytes())
        assert [b.rule for b in check(label)] == ["review_or_succession"]
        assert read(write(label)) == label
    for path in sorted(folder.glob("clearance-nato-*.xml")):
        clearance = read_clearance(path.read_bytes())
        assert read_clearance(write_clearance(clearance)) == clearance


@pytest.mark.parametrize("number", [1, 2, 4, 5])
def test_labels_that_the_reference_program_takes_and_the_schema_does_not(number: int) -> None:
    path = outside(f"labels/surevine-spiffing/nato-4774-17-{number}.nato")
    with pytest.raises(BadInput) as refused:
        read(path.read_bytes())
    assert refused.value.expected.startswith(
        "an attribute of PolicyIdentifier" if number == 1 else "the element CreationDateTime"
    )


REFUSED = {
    "another root": ("originatorConfidentialityLabel", "alternateConfidentialityLabel", "a confid"),
    "another namespace": (SLAB, SLAB[:-1] + "1", "a confidentiality label"),
    "a misspelt date": ("CreationDateTime", "CreationDataTime", "the element CreationDateTime"),
    "a misspelt attribute": ("TagName=", "tagName=", "an attribute of Category"),
    "an unknown sense": ("PERMISSIVE", "OPEN", "RESTRICTIVE, PERMISSIVE or INFORMATIVE"),
    "no classification": (
        re.search(r"<[^/<]*Classification>.*?Classification>", K1)[0],  # type: ignore[index]
        "",
        "the element Classification",
    ),
    "an empty classification": (">GUNSA II<", "> \n <", "a text in Classification"),
    "two classifications": (
        (found := re.search(r"<[^/<]*Classification>.*?Classification>", K1)[0]),  # type: ignore[index]
        found * 2,
        "an end of ConfidentialityInformation",
    ),
    "an element where text is": (">GUNSA II<", "><x xmlns='urn:x'/>GUNSA II<", "only text in"),
    "a URI that is none": ("TagName=", 'URI="a b" TagName=', "a URI"),
    "an Id that is none": ("ReviewDateTime=", 'Id="1" ReviewDateTime=', "a plain name as Id"),
    "a day that is none": ("2026-01-01T", "2026-02-30T", "a date and time"),
    "a date without time": ("2026-01-01T00:00:00Z", "2026-01-01", "a date and time"),
    "another type": (
        "<CreationDateTime",
        f'<CreationDateTime xmlns:i="{"http://www.w3.org/2001/XMLSchema-instance"}" i:nil="true"',
        "an element of its own type",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_schema_does_not_take(name: str) -> None:
    old, new, expected = REFUSED[name]
    assert old in K1
    with pytest.raises(BadInput) as refused:
        read(K1.replace(old, new).encode(), "label.xml")
    assert refused.value.expected.startswith(expected)
    assert refused.value.where.startswith("label.xml, line ")


def test_what_other_makers_add_is_kept() -> None:
    added = K1.replace(
        "</ConfidentialityInformation>",
        '<x xmlns="urn:x" y="1">z</x></Confid' + ("entialityInformation>"),
    ).replace("ReviewDateTime=", 'xmlns:q="urn:q" q:mine="2" ReviewDateTime=')
    label = read(added.encode())
    assert label.attributes == {"urn:q}mine": "2"}
    assert label.information.others[0].text == "z"
    again = read(write(label))
    assert again.information.others[0].same(label.information.others[0])
    assert again.attributes == label.attributes


# -- the rules of the standard --------------------------------------------------------


def _bent(**fields: object) -> Label:
    label = read(K1.encode())
    told = msgspec.structs.replace(label.information, **fields)
    return msgspec.structs.replace(
        label, base=msgspec.structs.replace(label.base, information=told)
    )


_RELEASE = read(K1.encode()).information.categories[0]
BENT = {
    "review_or_succession": msgspec.structs.replace(read(K1.encode()), review=None),
    "policy_uri": _bent(policy_uri="urn:oid:x"),
    "classification_uri": _bent(classification_uri="urn:oid:1.2"),
    "category_uri": _bent(categories=(msgspec.structs.replace(_RELEASE, uri="https://x"),)),
    "generic_value": _bent(
        categories=(msgspec.structs.replace(_RELEASE, values=(Value("1", ValueKind.INTEGER),)),)
    ),
    "category_empty": _bent(categories=(msgspec.structs.replace(_RELEASE, values=()),)),
    "critical_unknown": _bent(
        others=(Element("urn:x}a", {}, (Element("urn:x}b", {"critical": "true"}),)),)
    ),
    "old_root": msgspec.structs.replace(read(K1.encode()), root=Root.OLD),
}


@pytest.mark.parametrize("rule", STANDARD_RULES)
def test_each_broken_rule_is_named_alone(rule: str) -> None:
    """Valid by the schema, so it is read; invalid by the standard."""
    label = read(write(BENT[rule]))
    assert [breach.rule for breach in check(label)] == [rule]


def test_a_part_of_another_maker_that_must_be_understood_is_not_passed_over() -> None:
    """Anywhere in the label; the same part without that claim changes nothing."""
    added = "</ConfidentialityInformation>"
    for must, rules in (('s:mustUnderstand="1"', ["critical_unknown"]), ('s:other="1"', [])):
        part = f'<x xmlns="urn:x" xmlns:s="urn:s" {must}/>'
        for text in (
            K1.replace(added, part + added),
            K1.replace("</originatorConf", part + "</originatorConf"),
            K1.replace("ReviewDateTime=", f'xmlns:s="urn:s" {must} ReviewDateTime='),
        ):
            assert [breach.rule for breach in check(read(text.encode()))] == rules
    held = read_clearance(CLEARANCES[0].read_bytes())
    told = Element("urn:x}x", {"critical": " true "})
    bent = read_clearance(write_clearance(msgspec.structs.replace(held, extensions=(told,))))
    assert [breach.rule for breach in check_clearance(bent)] == ["critical_unknown"]


_KEPT = {
    "PolicyIdentifier": "<PolicyIdentifier",
    "Classification": "<Classification",
    "Category Releasable To": "<Category",
    "OriginatorID": "<OriginatorID",
}
_SIGNED = K1.replace(
    "<CreationDateTime>",
    '<OriginatorID IDType="rfc822Name">a@example.org</OriginatorID><CreationDateTime>',
)
"""Where the schema lets other makers add attributes, besides the root."""


@pytest.mark.parametrize("where", _KEPT)
def test_an_attribute_of_another_maker_is_kept_wherever_the_schema_lets_it_stand(
    where: str,
) -> None:
    """And if it says that it must be understood, the label is invalid there."""
    at = _KEPT[where]
    assert _SIGNED.count(at) == 1
    for must, rules in (
        ("mustUnderstand='true'", [where]),
        ("MustUnderstand='s'", [where]),
        ("critical='YES'", [where]),
        ("Critical=''", [where]),
        ("critical='false'", []),
        ("mustUnderstand=' 0 '", []),
        ("mine='1'", []),
    ):
        text = _SIGNED.replace(at, f"{at} xmlns:s='urn:s' s:{must} ")
        label = read(text.encode())
        assert [breach.where for breach in check(label)] == rules
        assert read(write(label)) == label
        assert must.partition("=")[0] in write(label).decode()


def test_an_attribute_of_another_maker_in_a_clearance_is_kept_and_checked() -> None:
    text = CLEARANCES[0].read_text()
    for name in ("PolicyIdentifier", "Classification", "Category"):
        at = re.search(rf"<(\w+:)?{name}\b", text)
        assert at is not None
        bent = f"{text[: at.end()]} xmlns:s='urn:s' s:critical='1'{text[at.end() :]}"
        held = read_clearance(bent.encode())
        assert [breach.rule for breach in check_clearance(held)] == ["critical_unknown"]
        assert read_clearance(write_clearance(held)) == held


def test_an_element_of_another_namespace_is_named_as_such() -> None:
    for old, new, got in (
        (f'xmlns="{SLAB}"', 'xmlns="urn:x"', "originatorConfidentialityLabel of another namespace"),
        ("<Classification>", '<Classification xmlns="">', "Classification of no namespace"),
    ):
        with pytest.raises(BadInput) as refused:
            read(K1.replace(old, new).encode())
        assert refused.value.got == got


def test_a_rule_broken_by_the_successor_is_named_there() -> None:
    bent = BENT["classification_uri"]
    succession = Succession(at="2030-01-01T00:00:00Z", successor=bent.base)
    good = read(K1.encode())
    base = msgspec.structs.replace(good.base, succession=succession)
    label = read(write(msgspec.structs.replace(good, base=base, review=None)))
    (breach,) = check(label)
    assert (breach.rule, breach.where) == ("classification_uri", "successor, Classification")


def test_so_many_successors_may_follow_one_another() -> None:
    base = good = read(K1.encode()).base
    for count in range(1, MAX_SUCCESSORS + 2):
        base = msgspec.structs.replace(
            good, succession=Succession(at="2030-01-01T00:00:00Z", successor=base)
        )
        label = msgspec.structs.replace(read(K1.encode()), base=base)
        if count <= MAX_SUCCESSORS:
            assert read(write(label)) == label
        else:
            with pytest.raises(BadInput, match=f"at most {MAX_SUCCESSORS} successors"):
                write(label)


def test_a_review_date_in_the_past_breaks_nothing() -> None:
    assert check(msgspec.structs.replace(read(K1.encode()), review="1999-01-01T00:00:00Z")) == ()


def test_each_rule_is_told_in_three_languages() -> None:
    assert set(BREACHES) == set(RULES)
    for rule, (korean, japanese) in BREACHES.items():
        assert re.search("[가-힣]", korean)
        assert re.search("[ぁ-ん]", japanese)
        told = [breach_text(lang, rule) for lang in ("en", "ko", "ja")]
        assert told == [RULES[rule].text, korean, japanese]
    ours = {said.source for said in RULES.values() if said.source.startswith("gsomia")}
    assert ours <= set(LABEL_GROUNDS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-01T00:00:00Z", datetime(2026, 1, 1, tzinfo=UTC)),
        ("2026-01-01T00:00:00", datetime(2026, 1, 1, tzinfo=UTC)),
        ("2026-01-01T09:00:00+09:00", datetime(2026, 1, 1, tzinfo=UTC)),
        ("2025-12-31T24:00:00Z", datetime(2026, 1, 1, tzinfo=UTC)),
        ("2026-01-01T00:00:00.5Z", datetime(2026, 1, 1, 0, 0, 0, 500_000, tzinfo=UTC)),
    ],
)
def test_moments(text: str, expected: datetime) -> None:
    assert moment(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-01",
        "2026-01-01T24:00:01Z",
        "2026-02-29T00:00:00Z",
        "2026-01-01T00:00:00+14:01",
        "2026-01-01T00:00:00-15:00",
        "2026-01-01T00:00:00+09:60",
        "２０２６-01-01T00:00:00Z",
    ],
)
def test_no_moments(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        moment(text)
    assert moment("2026-01-01T14:00:00+14:00") == datetime(2026, 1, 1, tzinfo=UTC)


# -- laws ---------------------------------------------------------------------------

_text = st.text("aZ 가秘é&<>\"'é", min_size=1, max_size=12)
_name = _text.map(lambda t: " ".join(t.split())).filter(bool)
_category = st.builds(
    Category,
    sense=st.sampled_from(Sense),
    tag_name=_text,
    uri=st.sampled_from([None, "urn:oid:1.2.3"]),
    values=st.lists(st.builds(Value, _text), max_size=3).map(tuple),
)
_categories = st.lists(_category, max_size=3).map(tuple)
_times = st.sampled_from(["2026-01-01T00:00:00Z", "2026-01-01T00:00:00.25+09:00"])
_information = st.builds(
    Information,
    policy=_name,
    policy_uri=st.sampled_from([None, "urn:oid:2.25.1"]),
    classification=_name,
    privacy_mark=st.none() | _text,
    categories=_categories,
)
_originators = st.none() | st.builds(Originator, _text, st.sampled_from(sorted(ID_TYPES)))
_bases = st.builds(Base, information=_information, originator=_originators, created=_times)
_labels = st.builds(
    Label,
    root=st.sampled_from(Root),
    id=st.sampled_from([None, "a-1"]),
    review=st.none() | _times,
    base=st.builds(
        Base,
        information=_information,
        originator=_originators,
        created=_times,
        succession=st.none() | st.builds(Succession, at=_times, successor=_bases),
    ),
)
_clearances = st.builds(
    Clearance,
    policy=_name,
    classifications=st.lists(_name, min_size=1, max_size=4).map(tuple),
    categories=_categories,
)


@given(label=_labels)
def test_every_label_comes_back(label: Label) -> None:
    assert read(write(label)) == label


@given(clearance=_clearances)
def test_every_clearance_comes_back(clearance: Clearance) -> None:
    assert read_clearance(write_clearance(clearance)) == clearance


@given(label=_labels)
def test_what_we_write_is_valid_under_natos_schema(label: Label) -> None:
    etree = pytest.importorskip("lxml.etree")
    schema = etree.XMLSchema(etree.parse(str(outside("labels/xsd/nl-cl.xsd"))))
    document = etree.fromstring(write(label))
    assert schema.validate(document), schema.error_log
