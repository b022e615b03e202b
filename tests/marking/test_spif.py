"""Policy files: which load strictly, which leniently and with what repaired, and which never."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from gsomia.faults import BadInput
from gsomia.marking.spif import Policy, Sense, read, write
from gsomia.marking.spif.model import sense
from tests.marking.shared import SPIF, outside

GOOD = sorted((SPIF / "good").glob("*.xml"))
LENIENT = sorted((SPIF / "lenient").glob("*.xml"))
BAD = sorted((SPIF / "bad").glob("*.xml"))
KOR = (SPIF / "good" / "kor.spif.xml").read_text("utf-8")

_CLASSES = KOR[
    KOR.index("<spif:securityClassifications>") : KOR.index("<spif:securityCategoryTagSets>")
]

NATO = [
    "spif/surevine-spiffing/nato-4774-policy.xml",
    "spif/others/nato-schema1.0-example.spif.xml",
    "spif/others/nato-v88.spif.xml",
    "spif/others/public-v1.spif.xml",
]


def _round(policy: Policy) -> None:
    """Written, read and written again, it is the same policy and the same bytes."""
    data = write(policy)
    again = read(data).policy
    assert write(again) == data
    bare = msgspec.structs.replace(again, extensions=None)
    assert bare == msgspec.structs.replace(policy, extensions=None)


@pytest.mark.parametrize("path", GOOD, ids=lambda p: p.name)
def test_a_valid_file_loads_strictly(path: Path) -> None:
    loaded = read(path.read_bytes(), path.name)
    assert loaded.repairs == ()
    _round(loaded.policy)


@pytest.mark.parametrize("path", NATO)
def test_natos_files_load_strictly(path: str) -> None:
    """Also version 88, which the reference program refuses for its portion marks."""
    loaded = read(outside(path).read_bytes(), path)
    assert loaded.repairs == ()
    _round(loaded.policy)


def test_version_88_keeps_its_portion_marks_and_memberships() -> None:
    policy = read(outside(NATO[2]).read_bytes()).policy
    codes = {c for x in policy.classifications.members for m in x.markings for c in m.codes}
    assert "portionMarking" in codes
    assert policy.extensions is not None
    assert policy.extensions.members[0].local == "memberships"
    again = read(write(policy)).policy.extensions
    assert again is not None
    kept = [e.local for e in again.members]
    assert kept == [e.local for e in policy.extensions.members]


@pytest.mark.parametrize(
    ("name", "repairs"),
    [
        ("tlp.xml", ["equivalentPolicies", "orange", "equivalentPolicies", "markingQualifier"]),
        ("tlp-plus.xml", ["equivalentPolicies", "equivalentPolicies", "markingQualifier"]),
    ],
)
def test_a_lenient_reading_names_each_repair(name: str, repairs: list[str]) -> None:
    data = (SPIF / "lenient" / name).read_bytes()
    loaded = read(data, name, lenient=True)
    assert len(loaded.repairs) == len(repairs)
    assert all(word in r.text for word, r in zip(repairs, loaded.repairs, strict=True))
    assert all(r.line > 1 for r in loaded.repairs)
    _round(loaded.policy)


@pytest.mark.parametrize("path", LENIENT, ids=lambda p: p.name)
def test_a_file_with_faults_of_form_loads_only_leniently(path: Path) -> None:
    with pytest.raises(BadInput):
        read(path.read_bytes(), path.name)
    loaded = read(path.read_bytes(), path.name, lenient=True)
    assert loaded.repairs
    assert read(write(loaded.policy)).repairs == ()


def test_acme_loads_leniently() -> None:
    data = outside("spif/others/acme.spif.xml").read_bytes()
    with pytest.raises(BadInput, match="line 46: expected the element equivalentSecCategoryTag"):
        read(data, "acme")
    assert [r.line for r in read(data, lenient=True).repairs] == [46, 59]


@pytest.mark.parametrize("lenient", [False, True])
@pytest.mark.parametrize("path", BAD, ids=lambda p: p.name)
def test_a_malformed_file_never_loads(path: Path, lenient: bool) -> None:
    with pytest.raises(BadInput):
        read(path.read_bytes(), path.name, lenient=lenient)


@pytest.mark.parametrize("lenient", [False, True])
def test_version_3_is_refused_with_a_clear_word(lenient: bool) -> None:
    data = KOR.replace('schemaVersion="2.1"', 'schemaVersion="3.0"').encode()
    with pytest.raises(BadInput) as refused:
        read(data, "new.xml", lenient=lenient)
    assert str(refused.value) == (
        "new.xml, line 2: expected a SPIF of schema version 1.0, 2.0 or 2.1, got version 3.0"
    )


@pytest.mark.parametrize("version", ["1.0", "2.0", "2.1"])
def test_older_versions_are_read_and_kept(version: str) -> None:
    policy = read(KOR.replace('schemaVersion="2.1"', f'schemaVersion="{version}"').encode()).policy
    assert policy.schema_version == version
    assert f'schemaVersion="{version}"'.encode() in write(policy)


# Each a small change that would change what the policy allows, or that nobody can read one way.
NEVER = {
    "a classification twice": ('name="GUNSA III"', 'name="GUNSA II"', "each classification once"),
    "one lacv twice": ('lacv="3" hierarchy="3"', 'lacv="4" hierarchy="3"', "each lacv"),
    "one rank twice": ('lacv="3" hierarchy="3"', 'lacv="3" hierarchy="4"', "each hierarchy"),
    "one colour twice": ("#1E4FA3", "#b00020", "each colour"),
    "an unknown excluded class": (">GUNSA I<", ">GUNSA 1<", "a classification of this policy"),
    "a value in two types of one sense": (
        "      </spif:securityCategoryTag>\n",
        (
            "      </spif:securityCategoryTag>\n"
            '<spif:securityCategoryTag name="Too" tagType="enumerated" enumType="permissive">'
            '<spif:tagCategory name="JPN" lacv="7"/></spif:securityCategoryTag>'
        ),
        "each category once in a tag set",
    ),
    "an unknown tag set": (
        'categoryGroup tagSetRef="Releasable To"',
        'categoryGroup tagSetRef="Release"',
        "a tag set and type",
    ),
    "an unknown value": (
        'tagType="permissive" lacv="1"/>\n          </spif:req',
        'tagType="permissive" lacv="9"/>\n          </spif:req',
        "the number of one value",
    ),
    "another operation": ('operation="all"', 'operation="some"', "one of onlyOne"),
    "a class excluded twice": (
        "<spif:excludedClass>GUNSA I</spif:excludedClass>",
        "<spif:excludedClass>GUNSA I</spif:excludedClass>" * 2,
        "each excluded classification once",
    ),
    "another tag type": (
        'name="Releasable To" tagType="permissive">',
        'name="Releasable To" tagType="open">',
        "one of notApplicable",
    ),
    "an unknown element": ("<spif:equivalentPolicies>", "<spif:x/><spif:equivalentPolicies>", "an"),
    "another namespace": ("http://www.xmlspif.org/spif", "http://www.xmlspif.org/spif/", "a pol"),
    "an unknown attribute": ('name="KOR" lacv', 'name="KOR" open="1" lacv', "an attribute of"),
    "a number that is none": ('lacv="3" hierarchy="3"', 'lacv="3" hierarchy="x"', "a whole number"),
    "an endless number": (
        'lacv="3" hierarchy="3"',
        f'lacv="3" hierarchy="{"9" * 5000}"',
        "a whole number",
    ),
    "an identifier that is none": ('id="2.25.1111111111.1"', 'id="oid"', "an object identifier"),
    "an identifier in another spelling": ('id="2.25.1111111111.1"', 'id="2.025.1"', "an object"),
    "an identifier that cannot be": ('id="2.25.1111111111.1"', 'id="1.40.1"', "an object"),
    "a day that is none": (
        'version="1"\n',
        'version="1" notBefore="2030-13-01T00:00:00Z"\n',
        "a date and time as notBefore",
    ),
    "an element of another type": (
        'name="GUNSA II" lacv',
        'xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:type="x" name="GUNSA II" lacv',
        "an element of its own type",
    ),
    "no name": ('name="GUNSA II"', 'name=""', "a name with single blanks"),
    "blanks round a name": ('name="GUNSA II"', 'name=" GUNSA II"', "a name with single"),
    "two blanks in a name": ('name="GUNSA II"', 'name="GUNSA  II"', "a name with single"),
    "a name that turns round": ('name="GUNSA II"', 'name="GUNSA \u202eII"', "a name in visible"),
    "a name with a hidden letter": ('name="KOR" lacv', 'name="K\u200bOR" lacv', "a name in vis"),
    "a phrase that turns round": ('phrase="SECRET"', 'phrase="\u202eTERCES"', "a marking in vis"),
    "a prefix that turns round": ('"REL TO "', '"REL TO \u202e"', "a marking in visible"),
    "itself as equivalent": (
        'equivalentPolicy name="EX-JPN" id="2.25.2222222222.1"',
        'equivalentPolicy name="EX-JPN" id="2.25.1111111111.1"',
        "other policies as equivalent",
    ),
    "no classifications": (
        _CLASSES,
        "",
        "the element securityClassifications",
    ),
    "a language that is none": ('xml:lang="ko"', 'xml:lang="in Korean"', "a language as xml:lang"),
    "a language of too many letters": ('xml:lang="ko"', 'xml:lang="unbounded"', "a language as"),
    "text between elements": ("<spif:equivalentPolicies>", "x<spif:equivalentPolicies>", "only el"),
}


@pytest.mark.parametrize("lenient", [False, True])
@pytest.mark.parametrize("name", NEVER)
def test_what_is_never_forgiven(name: str, lenient: bool) -> None:
    old, new, expected = NEVER[name]
    assert old in KOR
    with pytest.raises(BadInput) as refused:
        read(KOR.replace(old, new, 1).encode(), lenient=lenient)
    assert refused.value.expected.startswith(expected)


@pytest.mark.parametrize("oid", ["0.0", "1.39.4", "2.999", "2.25." + "9" * 39, "0.39"])
def test_identifiers_of_any_size(oid: str) -> None:
    assert read(KOR.replace("2.25.1111111111.1", oid).encode()).policy.policy.id == oid


def test_the_same_names_in_another_normal_form_are_the_same() -> None:
    twice = KOR.replace("GUNSA III", "\u1100\u1161").replace("GUNSA II", "\uac00")
    with pytest.raises(BadInput, match="each classification once"):
        read(twice.encode())


def test_an_equivalence_to_an_unlisted_policy_is_a_repair_and_maps_nothing() -> None:
    data = KOR.replace('policyRef="EX-JPN"', 'policyRef="EX-USA"', 1).encode()
    with pytest.raises(BadInput, match="among equivalentPolicies"):
        read(data)
    (repair,) = read(data, lenient=True).repairs
    assert repair.text.endswith("got EX-USA; nothing is mapped to it")


@pytest.mark.parametrize(
    ("tag_type", "enum_type", "expected"),
    [
        ("restrictive", "", Sense.RESTRICTIVE),
        ("enumerated", "restrictive", Sense.RESTRICTIVE),
        ("permissive", "", Sense.PERMISSIVE),
        ("enumerated", "permissive", Sense.PERMISSIVE),
        ("tagType7", "", Sense.INFORMATIVE),
        ("notApplicable", "", None),
    ],
)
def test_the_sense_of_a_tag(tag_type: str, enum_type: str, expected: Sense | None) -> None:
    assert sense(tag_type, enum_type) is expected


def test_what_we_write_is_valid_under_the_schema() -> None:
    etree = pytest.importorskip("lxml.etree", reason="lxml is not installed")
    schema = etree.XMLSchema(etree.parse(str(outside("spif/xsd/xmlspif-2.1.xsd"))))
    for path in [*GOOD, *LENIENT, *(outside(p) for p in NATO)]:
        data = write(read(path.read_bytes(), lenient=True).policy)
        assert schema.validate(etree.fromstring(data)), schema.error_log
