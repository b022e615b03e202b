"""Labels under a policy: every rule broken alone, beside a good twin."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import msgspec
import pytest

from gsomia.faults import BadInput
from gsomia.marking.label import (
    Category,
    Information,
    Label,
    Value,
    clearance_validity,
    compiled,
    read,
    read_clearance,
    validity,
)
from gsomia.marking.label.compiled import IGNORES_CASE, Compiled, lower
from gsomia.marking.label.rules import POLICY_RULES
from gsomia.marking.label.validity import held
from gsomia.marking.spif import Policy, Sense
from gsomia.marking.spif import read as read_policy
from tests.marking.shared import VECTORS, outside

AT = datetime(2026, 6, 1, tzinfo=UTC)
SPIF_NS = 'xmlns="http://www.xmlspif.org/spif"'

RULED = f"""<SPIF {SPIF_NS} schemaVersion="2.1" creationDate="20260101000000Z" originatorDN="CN=X"
    keyIdentifier="00" privilegeId="1.2" rbacId="1.2">
  <securityPolicyId name="RULED" id="2.25.7.1"/>
  <securityClassifications>
    <securityClassification name="LOW" lacv="1" hierarchy="1"/>
    <securityClassification name="OLD" lacv="2" hierarchy="2" obsolete="true"/>
    <securityClassification name="HIGH" lacv="3" hierarchy="3">
      <requiredCategory operation="onlyOne">
        <categoryGroup tagSetRef="To" tagType="permissive" lacv="1"/>
        <categoryGroup tagSetRef="To" tagType="permissive" lacv="2"/>
      </requiredCategory>
    </securityClassification>
    <securityClassification name="ONE" lacv="4" hierarchy="4">
      <requiredCategory operation="onlyOne">
        <categoryGroup tagSetRef="To" tagType="permissive" all="true"/>
      </requiredCategory>
    </securityClassification>
    <securityClassification name="BOTH" lacv="5" hierarchy="5">
      <requiredCategory operation="all">
        <categoryGroup tagSetRef="To" tagType="permissive" lacv="1"/>
        <categoryGroup tagSetRef="Need" tagType="restrictive"/>
      </requiredCategory>
    </securityClassification>
  </securityClassifications>
  <securityCategoryTagSets>
    <securityCategoryTagSet name="To" id="2.25.7.2">
      <securityCategoryTag name="To" tagType="permissive">
        <tagCategory name="A" lacv="1"/>
        <tagCategory name="B" lacv="2"/>
        <tagCategory name="C" lacv="3"/>
        <tagCategory name="GONE" lacv="4" obsolete="true"/>
        <tagCategory name="CAFÉ" lacv="5"/>
      </securityCategoryTag>
    </securityCategoryTagSet>
    <securityCategoryTagSet name="Need" id="2.25.7.3">
      <securityCategoryTag name="Need" tagType="restrictive" maxSelection="2">
        <tagCategory name="NOT LOW" lacv="1"><excludedClass>LOW</excludedClass></tagCategory>
        <tagCategory name="ONLY LOW" lacv="2" requiredClass="LOW"/>
        <tagCategory name="NOT C" lacv="3">
          <excludedCategory tagSetRef="To" tagType="permissive" lacv="3"/>
        </tagCategory>
        <tagCategory name="CLOSED" lacv="4">
          <excludedCategory tagSetRef="To" tagType="permissive" all="true"/>
        </tagCategory>
        <tagCategory name="WITH A" lacv="5">
          <requiredCategory operation="oneOrMore">
            <categoryGroup tagSetRef="To" tagType="permissive" lacv="1"/>
          </requiredCategory>
        </tagCategory>
        <tagCategory name="2026" lacv="6" notBefore="2026-01-01T00:00:00Z"
            notAfter="2026-12-31T23:59:59Z"/>
      </securityCategoryTag>
    </securityCategoryTagSet>
    <securityCategoryTagSet name="Note" id="2.25.7.4">
      <securityCategoryTag name="Note" tagType="tagType7" tag7Encoding="bitSetAttributes"
          singleSelection="true">
        <tagCategory name="STAFF" lacv="1"/>
        <tagCategory name="Instruction" lacv="2" userInput="string"/>
      </securityCategoryTag>
      <securityCategoryTag name="Shown" tagType="notApplicable">
        <tagCategory name="PLAIN" lacv="1"/>
      </securityCategoryTag>
    </securityCategoryTagSet>
  </securityCategoryTagSets>
</SPIF>"""


def ruled(old: str = "", new: str = "") -> Policy:
    """The policy above, bent in one place."""
    assert old in RULED
    return read_policy(RULED.replace(old, new, 1).encode()).policy


POLICY = compiled(ruled())
K1 = read((VECTORS / "label" / "label-k1.xml").read_bytes())


def kor() -> Compiled:
    """The fictitious policy of Korea."""
    return compiled(read_policy((VECTORS / "spif" / "good" / "kor.spif.xml").read_bytes()).policy)


def label(grade: str, *categories: Category, **fields: str) -> Label:
    """A label of the policy above, valid by the standard."""
    told = Information(policy="RULED", classification=grade, categories=categories)
    told = msgspec.structs.replace(told, **fields)
    return msgspec.structs.replace(K1, base=msgspec.structs.replace(K1.base, information=told))


def category(sense: Sense, tag_name: str, *values: str, uri: str | None = None) -> Category:
    """A category of generic values."""
    return Category(sense=sense, tag_name=tag_name, uri=uri, values=tuple(map(Value, values)))


def to(*values: str) -> Category:
    """A release list."""
    return category(Sense.PERMISSIVE, "To", *values)


def need(*values: str) -> Category:
    """Values that a reader must hold, all of them."""
    return category(Sense.RESTRICTIVE, "Need", *values)


def note(*values: str) -> Category:
    """Values that bear on nothing."""
    return category(Sense.INFORMATIVE, "Note", *values)


def rules(
    found: Label, policy: Policy | Compiled = POLICY, at: datetime = AT, **how: bool
) -> list[str]:
    """The rules that a label breaks."""
    return [breach.rule for breach in validity(found, policy, at, **how)]


GOOD = [
    label("LOW"),
    label("LOW", to("A", "B", "C")),
    label("LOW", policy_uri="urn:oid:2.25.7.1"),
    label("OLD"),
    label("LOW", to("GONE")),
    label("LOW", category(Sense.PERMISSIVE, "To", "A", uri="urn:oid:2.25.7.2")),
    label("HIGH", to("A")),
    label("HIGH", to("B", "C")),
    label("ONE", to("C")),
    label("BOTH", to("A", "C"), need("2026")),
    label("HIGH", to("A"), need("NOT LOW")),
    label("LOW", need("ONLY LOW")),
    label("LOW", to("A", "B"), need("NOT C")),
    label("LOW", need("CLOSED")),
    label("LOW", to("A"), need("WITH A")),
    label("LOW", need("2026")),
    label("LOW", note("STAFF")),
    label("LOW", note("speak to nobody")),
    label("LOW", to("CAFE\N{COMBINING ACUTE ACCENT}")),
]


@pytest.mark.parametrize("number", range(len(GOOD)))
def test_labels_that_are_valid(number: int) -> None:
    assert validity(GOOD[number], POLICY, AT) == ()


BAD: list[tuple[str, Label]] = [
    ("policy_other", label("LOW", policy="OTHER")),
    ("policy_other", label("LOW", policy="OTHER", policy_uri="urn:oid:2.25.7.9")),
    ("policy_other", label("LOW", policy="ruled")),
    ("policy_name", label("LOW", policy="OTHER", policy_uri="urn:oid:2.25.7.1")),
    ("policy_oid", label("LOW", policy_uri="urn:oid:2.25.7.9")),
    ("classification_unknown", label("TOP")),
    ("classification_unknown", label("low")),
    ("classification_unknown", label("L\N{CYRILLIC CAPITAL LETTER O}W")),
    ("classification_required", label("HIGH")),
    ("classification_required", label("HIGH", to("C"))),
    ("classification_required", label("HIGH", to("A", "B"))),
    ("classification_required", label("ONE", to("B", "C"))),
    ("classification_required", label("BOTH", to("A"))),
    ("classification_required", label("BOTH", to("B"), need("2026"))),
    ("tag_set_unknown", label("LOW", category(Sense.PERMISSIVE, "TO", "A"))),
    (
        "tag_set_name",
        label("LOW", category(Sense.PERMISSIVE, "For", "A", uri="urn:oid:2.25.7.2")),
    ),
    ("tag_set_oid", label("LOW", category(Sense.PERMISSIVE, "To", "A", uri="urn:oid:2.25.7.3"))),
    ("tag_set_sense", label("LOW", category(Sense.RESTRICTIVE, "To", "A"))),
    ("tag_set_once", label("LOW", to("A"), to("B"))),
    ("value_unknown", label("LOW", to("D"))),
    ("value_unknown", label("LOW", to(" A"))),
    ("value_unknown", label("LOW", to("\N{CYRILLIC CAPITAL LETTER A}"))),
    ("value_unknown", label("LOW", to("\N{FULLWIDTH LATIN CAPITAL LETTER A}"))),
    ("value_unknown", label("LOW", to("A\N{ZERO WIDTH SPACE}"))),
    ("value_unknown", label("LOW", note(""))),
    ("value_unknown", label("LOW", note("x" * 257))),
    ("value_once", label("LOW", to("A", "A"))),
    ("value_once", label("LOW", to("CAFÉ", "CAFE\N{COMBINING ACUTE ACCENT}"))),
    ("value_class", label("LOW", need("NOT LOW"))),
    ("value_class", label("HIGH", to("A"), need("ONLY LOW"))),
    ("value_excluded", label("LOW", to("A", "C"), need("NOT C"))),
    ("value_excluded", label("LOW", to("B"), need("CLOSED"))),
    ("value_required", label("LOW", to("B"), need("WITH A"))),
    ("value_required", label("LOW", need("WITH A"))),
    ("selection_most", label("LOW", to("A"), need("WITH A", "NOT C", "2026"))),
    ("selection_most", label("LOW", note("STAFF", "other words"))),
]


@pytest.mark.parametrize("number", range(len(BAD)))
def test_each_broken_rule_is_named_alone(number: int) -> None:
    rule, bad = BAD[number]
    (breach,) = validity(bad, POLICY, AT)
    assert breach.rule == rule
    assert breach.where
    assert breach.source


NEW = {"classification_obsolete": label("OLD"), "value_obsolete": label("LOW", to("GONE"))}


@pytest.mark.parametrize("rule", NEW)
def test_what_only_new_labels_must_keep(rule: str) -> None:
    assert rules(NEW[rule], new=True) == [rule]
    assert rules(NEW[rule]) == []


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2025-12-31T23:59:59+00:00", ["value_period"]),
        ("2026-01-01T00:00:00+00:00", []),
        ("2026-12-31T23:59:59+00:00", []),
        ("2027-01-01T00:00:00+00:00", ["value_period"]),
        ("2027-01-01T08:00:00+09:00", []),
    ],
)
def test_a_value_has_a_period(at: str, expected: list[str]) -> None:
    assert rules(label("LOW", need("2026")), at=datetime.fromisoformat(at)) == expected


def test_a_policy_has_a_period() -> None:
    policy = ruled('rbacId="1.2"', 'rbacId="1.2" notAfter="2026-03-01T00:00:00Z"')
    assert rules(label("LOW"), policy) == ["policy_period"]
    assert rules(label("LOW"), policy, datetime(2026, 2, 1, tzinfo=UTC)) == []


def test_values_that_must_be_selected() -> None:
    policy = ruled(
        '<securityCategoryTag name="To"', '<securityCategoryTag minSelection="1" name="To"'
    )
    assert rules(label("LOW"), policy) == ["selection_least"]
    assert rules(label("LOW", to("A")), policy) == []


def test_every_rule_of_a_policy_is_tested_here() -> None:
    tested = {rule for rule, _ in BAD} | set(NEW)
    assert tested | {"value_period", "policy_period", "selection_least"} == set(POLICY_RULES)


def test_all_that_is_broken_is_named() -> None:
    bad = label("TOP", to("A", "D"), need("2026", "WITH A"), policy_uri="urn:oid:1.2")
    found = rules(bad, at=datetime(2030, 1, 1, tzinfo=UTC))
    assert found == ["policy_oid", "classification_unknown", "value_unknown", "value_period"]


def test_the_rules_of_the_standard_are_among_them() -> None:
    assert rules(msgspec.structs.replace(label("LOW"), review=None)) == ["review_or_succession"]


def test_the_tag_set_of_an_identifier_is_named_and_not_called_a_look_alike() -> None:
    bad = label("LOW", category(Sense.PERMISSIVE, "For", "A", uri="urn:oid:2.25.7.2"))
    (breach,) = validity(bad, POLICY, AT)
    assert (breach.where, breach.like) == ("Category For (the identifier of To)", "")
    cyrillic = "T\N{CYRILLIC SMALL LETTER O}"
    bad = label("LOW", category(Sense.PERMISSIVE, cyrillic, "A", uri="urn:oid:2.25.7.2"))
    assert [breach.like for breach in validity(bad, POLICY, AT)] == ["To"]


@pytest.mark.parametrize(
    ("given", "good", "bad"),
    [
        ("", ("2026-02-28", "20260228"), ("2026-02-30", "28.02.2026", "2026-02", "２０２６-02-28")),
        (' dateFormat="YYYY-MM-DD"', ("2024-02-29",), ("2025-02-29", "20240229", "2024-2-9")),
        (' dateFormat="DD/MM/YYYY"', ("31/12/2026",), ("12/31/2026", "2026-12-31")),
        (' dateFormat="YYYY"', ("2026",), ("0000", "26", "x")),
        (
            ' dateFormat="YYYY-MM-DDThh:mm:ssZ"',
            ("2026-02-28T23:59:59Z",),
            ("2026-02-28", "2026-02-28T24:59:59Z", "2026-02-28T23:59:59+09:00"),
        ),
        (' dateFormat="YYYY-MM-MM"', (), ("2026-01-01", "YYYY-MM-MM")),
        (' dateFormat="any day"', (), ("2026-01-01", "any day")),
        (' dateFormat=""', (), ("2026-01-01",)),
    ],
)
def test_a_date_that_a_user_enters_is_a_day_in_the_format_of_the_policy(
    given: str, good: tuple[str, ...], bad: tuple[str, ...]
) -> None:
    policy = ruled('lacv="2" userInput="string"', f'lacv="2" userInput="date"{given}')
    for text in good:
        assert rules(label("LOW", note(text)), policy) == []
    for text in bad:
        assert rules(label("LOW", note(text)), policy) == ["value_unknown"]


def test_what_a_look_alike_was_taken_for_is_told() -> None:
    (breach,) = validity(label("LOW", to("\N{CYRILLIC CAPITAL LETTER A}")), POLICY, AT)
    assert breach.like == "A"
    told = msgspec.structs.replace(K1.information, classification="GUNSA \N{ROMAN NUMERAL TWO}")
    bent = msgspec.structs.replace(K1, base=msgspec.structs.replace(K1.base, information=told))
    assert [(b.rule, b.like) for b in validity(bent, kor(), AT)] == [
        ("classification_unknown", "GUNSA II")
    ]


def test_what_other_makers_add_bears_on_nothing() -> None:
    data = (VECTORS / "label" / "label-k1.xml").read_text("utf-8")
    end = "</ConfidentialityInformation>"
    assert end in data
    added = read(
        data.replace(end, f"<x:Releasable xmlns:x='urn:x'>ALL</x:Releasable>{end}").encode()
    )
    assert added.information.others
    assert validity(added, kor(), AT) == ()


def test_worked_labels() -> None:
    folder = VECTORS / "label"
    broken = {
        path.name: rules(read(path.read_bytes()), kor()) for path in folder.glob("label-k*.xml")
    }
    assert broken == {
        "label-k1.xml": [],
        "label-k2.xml": ["classification_required"],
        "label-k5.xml": [],
    }


# -- case ---------------------------------------------------------------------------


def test_case_counts_unless_the_policy_is_natos_or_public() -> None:
    assert set(IGNORES_CASE.values()) == {"NATO", "PUBLIC"}
    small = label("low", category(Sense.PERMISSIVE, "TO", "a"), policy="Ruled")
    assert rules(small, compiled(ruled(), ignore_case=True)) == []
    natos = ruled('id="2.25.7.1"', 'id="1.3.26.1.3.1"')
    assert rules(small, natos) == []
    assert rules(small, compiled(natos, ignore_case=False)) == ["policy_other"]


def test_without_case_a_look_alike_is_still_another() -> None:
    policy = compiled(ruled(), ignore_case=True)
    for text in ("\N{CYRILLIC SMALL LETTER A}", "\N{FULLWIDTH LATIN SMALL LETTER A}", "ａ", "á"):
        assert rules(label("LOW", to(text)), policy) == ["value_unknown"]
    assert rules(label("LOW", to("a", "A")), policy) == ["value_once"]


def test_small_letters_join_only_what_are_letters_of_both_cases() -> None:
    """The long s, the dotless i and their like are no small form of an ASCII letter."""
    ascii_letters = "abcdefghijklmnopqrstuvwxyz"
    joined = {chr(p) for p in range(0x80, 0x11_0000) if lower(chr(p)) in ascii_letters}
    assert joined == {"\N{KELVIN SIGN}"}, "which is K itself by its normal form"


def test_names_that_only_case_tells_apart() -> None:
    policy = ruled('name="B"', 'name="a"')
    assert rules(label("LOW", to("A", "a")), policy) == []
    for bent in (
        policy,
        ruled('name="OLD"', 'name="low"'),
        ruled('name="Note" id', 'name="to" id'),
    ):
        with pytest.raises(BadInput, match="more than case"):
            compiled(bent, ignore_case=True)


# -- clearances ---------------------------------------------------------------------


def test_worked_clearances() -> None:
    for path in (VECTORS / "label").glob("clearance-ck-*.xml"):
        assert clearance_validity(read_clearance(path.read_bytes()), kor(), AT) == ()


CLEARANCE = read_clearance((VECTORS / "label" / "clearance-ck-jpnode.xml").read_bytes())
BENT_CLEARANCES: dict[str, dict[str, object]] = {
    "policy_other": {"policy": "EX-JPN"},
    "policy_oid": {"policy_uri": "urn:oid:2.25.2222222222.1"},
    "classification_unknown": {"classifications": ("UNCLASSIFIED", "SECRET")},
    "tag_set_unknown": {"categories": (category(Sense.PERMISSIVE, "To", "JPN"),)},
    "value_unknown": {"categories": (category(Sense.PERMISSIVE, "Releasable To", "USA"),)},
}


@pytest.mark.parametrize("rule", BENT_CLEARANCES)
def test_a_clearance_that_the_policy_does_not_know(rule: str) -> None:
    bent = msgspec.structs.replace(CLEARANCE, **BENT_CLEARANCES[rule])
    assert [b.rule for b in clearance_validity(bent, kor(), AT)] == [rule]


def test_what_a_clearance_leaves_out_below_is_told() -> None:
    gap = msgspec.structs.replace(CLEARANCE, classifications=("GUNSA II", "UNCLASSIFIED"))
    assert held(gap, kor(), AT).missing == ("GUNSA III",)
    assert held(CLEARANCE, kor(), AT).missing == ()


# -- compiling ----------------------------------------------------------------------


def test_what_cannot_be_compiled() -> None:
    with pytest.raises(BadInput, match="classifications of the policy"):
        compiled(ruled(), unclassified=["PUBLIC"])
    with pytest.raises(BadInput, match="a date of the years"):
        compiled(ruled("2026-12-31T23:59:59Z", "2026-02-30T00:00:00Z"))
    with pytest.raises(BadInput, match="an instant with offset"):
        validity(label("LOW"), POLICY, datetime(2026, 1, 1))  # noqa: DTZ001


def test_a_large_policy_that_excludes_whole_tag_sets_is_compiled_in_its_size() -> None:
    """Four thousand values that each exclude and require all four thousand of their set."""
    value = (
        '<tagCategory name="V{n}" lacv="1{n}"><requiredCategory operation="onlyOne">'
        '<categoryGroup tagSetRef="To" tagType="permissive" all="true"/>'
        '<categoryGroup tagSetRef="To" tagType="permissive"/></requiredCategory>'
        '<excludedCategory tagSetRef="To" tagType="permissive" all="true"/></tagCategory>'
    )
    many = "".join(value.format(n=n) for n in range(4000))
    found = compiled(
        ruled('<tagCategory name="C" lacv="3"/>', '<tagCategory name="C" lacv="3"/>' + many)
    )
    sets = {id(members) for e in found.entries for need in e.needs for members in need.members}
    sets |= {id(excluded) for e in found.entries for excluded in e.excluded}
    assert len(found.entries) > 4000
    assert len(sets) <= 3


def test_a_long_text_is_not_searched_for_what_it_looks_like() -> None:
    (breach,) = validity(label("LOW", to("\N{CYRILLIC CAPITAL LETTER A}" + " " * 300)), POLICY, AT)
    assert (breach.rule, breach.like) == ("value_unknown", "")


def test_a_name_that_stands_twice_is_one_value() -> None:
    """As in NATO's policy, for another phrase: the rules of both hold."""
    twice = ruled(
        '<tagCategory name="B" lacv="2"/>',
        '<tagCategory name="B" lacv="2"/><tagCategory name="B" lacv="9" obsolete="true">'
        "<excludedClass>BOTH</excludedClass></tagCategory>",
    )
    assert rules(label("LOW", to("B")), twice, new=True) == []
    assert rules(label("BOTH", to("A", "B"), need("2026")), twice) == ["value_class"]


@pytest.mark.parametrize(
    ("second", "held"),
    [("", ["", ""]), (' notBefore="2030-01-01T00:00:00Z"', ["value_period", ""])],
)
def test_a_name_that_stands_twice_is_valid_in_the_period_of_either(
    second: str, held: list[str]
) -> None:
    twice = ruled(
        '<tagCategory name="B" lacv="2"/>',
        '<tagCategory name="B" lacv="2" notBefore="2028-01-01T00:00:00Z" '
        f'notAfter="2028-12-31T00:00:00Z"/><tagCategory name="B" lacv="9"{second}/>',
    )
    for year, broken in ((2029, held[0]), (2031, held[1]), (2028, "")):
        at = datetime(year, 6, 1, tzinfo=UTC)
        assert rules(label("LOW", to("B")), twice, at=at) == ([broken] if broken else [])


MAKE: dict[str, Callable[[], Policy]] = {
    name: lambda name=name: read_policy(outside(f"spif/{name}").read_bytes(), lenient=True).policy  # type: ignore[misc]
    for name in (
        "surevine-spiffing/nato-4774-policy.xml",
        "others/nato-v88.spif.xml",
        "others/nato-schema1.0-example.spif.xml",
        "others/acme.spif.xml",
        "others/public-v1.spif.xml",
    )
}


@pytest.mark.parametrize("name", MAKE)
def test_policies_of_others_are_compiled(name: str) -> None:
    found = compiled(MAKE[name]())
    assert found.grades
    assert (found.key is lower) == (found.policy.policy.name in {"NATO", "PUBLIC"})
