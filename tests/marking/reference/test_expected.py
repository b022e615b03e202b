"""The answers of the reference programs, row by row; and where ours differ on purpose."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsomia.faults import BadInput
from gsomia.marking.label import Clearance, Label, compiled, decide, read, read_clearance
from gsomia.marking.label.validity import examine
from gsomia.marking.spif import Policy
from gsomia.marking.spif import read as read_policy
from tests.marking import spiffy
from tests.marking.reference import bare, ess
from tests.marking.shared import SPIF, VECTORS, outside

AT = datetime(2026, 6, 1, tzinfo=UTC)
PAGE = Path(__file__).parents[3] / "docs" / "labels.md"

HERE = {
    "food-policy.fixed.xml": SPIF / "lenient" / "food-policy.fixed.xml",
    "food-policy-borked.xml": SPIF / "bad" / "food-policy-borked.xml",
    "tlp-plus.xml": SPIF / "lenient" / "tlp-plus.xml",
    "worked/kor.spif.xml": SPIF / "good" / "kor.spif.xml",
    "worked/jpn.spif.xml": SPIF / "good" / "jpn.spif.xml",
}

# policy, label, valid, clearance, access by the bare decision
VALID: list[tuple[str, str, bool]] = [
    ("food-policy.fixed.xml", "food-label-milk-chocolate.xml", True),
    ("food-policy.fixed.xml", "food-label-cheap-milk-chocolate.xml", False),
    ("food-policy.fixed.xml", "food-label-gimmick-milk-chocolate.xml", True),
    ("food-policy.fixed.xml", "food-label-water.xml", True),
    ("tlp-plus.xml", "tlpx-amber-eu.xml", True),
    ("nato-4774-policy.xml", "nato-4774-17-1.xml", True),
    ("nato-4774-policy.xml", "nato-4774-17-1.nato", True),
    ("nato-4774-policy.xml", "nato-4774-17-2.xml", True),
    ("nato-4774-policy.xml", "nato-4774-17-2.nato", True),
    ("nato-4774-policy.xml", "nato-4774-17-4.xml", True),
    ("nato-4774-policy.xml", "nato-4774-17-4.nato", True),
    ("nato-4774-policy.xml", "nato-4774-17-5.nato", False),
    ("nato-4774-policy.xml", "worked/label-nato-L1.xml", True),
    ("nato-4774-policy.xml", "worked/label-nato-L2.xml", True),
    ("nato-4774-policy.xml", "worked/label-nato-L3.xml", True),
    ("nato-4774-policy.xml", "worked/label-nato-L4.xml", True),
    ("nato-4774-policy.xml", "worked/label-nato-L7.xml", True),
    ("nato-4774-policy.xml", "worked/label-nato-L8.xml", True),
    ("nato-4774-policy.xml", "worked/label-nato-L10.xml", True),
    ("worked/kor.spif.xml", "worked/label-k1.xml", True),
    ("worked/kor.spif.xml", "worked/label-k2.xml", False),
    ("worked/kor.spif.xml", "worked/label-k5.xml", True),
    ("worked/jpn.spif.xml", "worked/label-j1.xml", True),
    ("worked/jpn.spif.xml", "worked/label-j2.xml", True),
]
_LACTOSE = "food-clearance-lactose-intolerant.xml"
ACCESS: list[tuple[str, str, str, bool]] = [
    ("food-policy.fixed.xml", "food-label-milk-chocolate.xml", _LACTOSE, False),
    ("food-policy.fixed.xml", "food-label-cheap-milk-chocolate.xml", _LACTOSE, False),
    ("food-policy.fixed.xml", "food-label-gimmick-milk-chocolate.xml", _LACTOSE, False),
    ("food-policy.fixed.xml", "food-label-water.xml", _LACTOSE, False),
    *(
        ("nato-4774-policy.xml", f"worked/label-nato-{a}.xml", f"worked/clearance-nato-{b}.xml", c)
        for a, b, c in (
            ("L1", "GBR-member", True),
            ("L1", "JPN-outside", False),
            ("L1", "NZL-partner", False),
            ("L2", "JPN-outside", True),
            ("L2", "KOR-outside", False),
            ("L2", "JPN-no-restricted", False),
            ("L3", "KOR-outside", True),
            ("L3", "JPN-no-restricted", True),
            ("L4", "NZL-partner", True),
            ("L4", "KOR-outside", False),
            ("L7", "GBR-member", True),
            ("L7", "NZL-partner", False),
            ("L8", "GBR-member", True),
            ("L10", "KOR-outside", True),
        )
    ),
    *(
        (f"worked/{p}.spif.xml", f"worked/label-{a}.xml", f"worked/clearance-{b}.xml", c)
        for p, a, b, c in (
            ("kor", "k1", "ck-jpnode", True),
            ("kor", "k1", "ck-kor", True),
            ("kor", "k2", "ck-jpnode", True),
            ("kor", "k5", "ck-jpnode", False),
            ("jpn", "j1", "cj-kornode", False),
            ("jpn", "j1", "cj-jpn-tds", True),
            ("jpn", "j1", "cj-jpn-notds", False),
            ("jpn", "j2", "cj-kornode", True),
        )
    ),
]

NOBODY, GAP, INVALID = "label_names_who_may_receive", "clearance_has_no_gap", "label_is_valid"
DEVIATIONS: dict[tuple[str, str], tuple[str, ...]] = {
    ("label-nato-L3.xml", "clearance-nato-JPN-no-restricted.xml"): (GAP,),
    ("label-nato-L10.xml", "clearance-nato-KOR-outside.xml"): (NOBODY,),
    ("label-k2.xml", "clearance-ck-jpnode.xml"): (INVALID, NOBODY),
}
"""Where the bare decision grants and ours refuses, with a review date put into NATO's samples."""

WITHOUT_REVIEW_DATE = "label-nato-L"
"""Labels made to the schema alone: as they are, every one is invalid by the standard."""


def policy(name: str) -> Policy:
    """A policy, read as leniently as it needs."""
    found = HERE.get(name) or outside(f"spif/surevine-spiffing/{name}")
    return read_policy(found.read_bytes(), name, lenient=True).policy


def _data(name: str) -> bytes:
    stored = VECTORS / "label" / name.removeprefix("worked/")
    vendored = VECTORS / "label" / "surevine" / name
    if stored.exists():
        return stored.read_bytes()
    if vendored.exists():
        return vendored.read_bytes()
    folder = "labels" if name.startswith("worked/") else "labels/surevine-spiffing"
    return outside(f"{folder}/{name}").read_bytes()


def label(name: str, held: Policy) -> Label:
    """A label in whichever syntax it is stored, as the reference program takes it."""
    data = _data(name)
    if name.endswith(".nato"):
        return bare.label_of_natos_sample(data)
    return read(data) if name.startswith("worked/") else spiffy.label(data, held)


def clearance(name: str, held: Policy) -> Clearance:
    """A clearance in whichever syntax it is stored."""
    data = _data(name)
    return read_clearance(data) if name.startswith("worked/") else bare.clearance(data, held)


def test_every_row_is_here() -> None:
    rows = [
        line.split("\t")
        for line in outside("labels/EXPECTED.tsv").read_text("utf-8").splitlines()
        if not line.startswith("#")
    ]
    rows = [[*row, *[""] * (9 - len(row))] for row in rows]
    assert {(r[0], r[1], r[3] == "true") for r in rows if r[3]} == set(VALID)
    assert {(r[0], r[1], r[5], r[6] == "1") for r in rows if r[6]} == set(ACCESS)
    rest = [(r[0], r[1], r[7]) for r in rows if not r[3] and not r[6]]
    assert [(a, b[:4]) for a, b, _ in rest] == [
        ("food-policy.fixed.xml", "stup"),
        ("food-policy.fixed.xml", "(a f"),
        ("food-policy-borked.xml", ""),
        ("food-policy.fixed.xml", "hex "),
    ], "each has its own test below"


@pytest.mark.parametrize(("held", "name", "valid"), VALID)
def test_validity_as_the_reference_programs_see_it(held: str, name: str, valid: bool) -> None:
    """The rules of the policy alone: those programs do not ask the standard's."""
    loaded = policy(held)
    assert (examine(label(name, loaded).information, loaded, AT).breaches == ()) == valid


@pytest.mark.parametrize(("held", "name", "person", "access"), ACCESS)
def test_the_bare_decision(held: str, name: str, person: str, access: bool) -> None:
    loaded = policy(held)
    assert bare.granted(label(name, loaded), clearance(person, loaded)) == access


def _ours(held: str, name: str, person: str, *, dated: bool) -> tuple[str, ...]:
    """The rules by which our decision refuses."""
    loaded = policy(held)
    told = label(name, loaded)
    if dated:
        told = msgspec.structs.replace(told, review="2031-01-01T00:00:00Z")
    refusals = decide(told, clearance(person, loaded), compiled(loaded), AT).refusals()
    return tuple(sorted(outcome.rule for outcome in refusals))


@pytest.mark.parametrize(("held", "name", "person", "access"), ACCESS)
def test_where_ours_differs(held: str, name: str, person: str, access: bool) -> None:
    refused = _ours(held, name, person, dated=True)
    deviation = DEVIATIONS.get((Path(name).name, Path(person).name))
    if access and deviation is None:
        assert refused == ()
    elif access:
        assert refused == tuple(sorted(deviation or ()))
    else:
        assert refused, "ours never grants what the bare decision refuses"


@pytest.mark.parametrize(("held", "name", "person", "access"), ACCESS)
def test_a_label_without_review_date_grants_nothing(
    held: str, name: str, person: str, access: bool
) -> None:
    refused = _ours(held, name, person, dated=False)
    if WITHOUT_REVIEW_DATE in name:
        assert INVALID in refused
    elif access:
        assert refused == tuple(sorted(DEVIATIONS.get((Path(name).name, Path(person).name), ())))


def test_the_page_lists_every_deviation() -> None:
    text = PAGE.read_text("utf-8")
    row = re.compile(r"^\| `(label-\S+)`, `(clearance-\S+)` \| ", re.MULTILINE)
    listed = set(row.findall(text))
    as_stored = {
        (Path(name).name, Path(person).name)
        for _, name, person, access in ACCESS
        if access and WITHOUT_REVIEW_DATE in name
    }
    assert listed == DEVIATIONS.keys() | as_stored
    assert all(f"`{rule}`" in text for refused in DEVIATIONS.values() for rule in refused)


# -- what does not load -------------------------------------------------------------


def test_a_policy_that_must_not_load() -> None:
    with pytest.raises(BadInput):
        policy("food-policy-borked.xml")


def test_no_data_is_no_label() -> None:
    with pytest.raises(BadInput):
        read(b"")


# -- binary labels ------------------------------------------------------------------

WATER = bytes.fromhex(
    "3139020132060b2a863a0001839ac511000031273025800a60864801650201080302a117"
    "3015060c2a863a0001839ac51100000303050640000000"
)


def test_a_binary_label_decodes_to_the_same_values() -> None:
    found = ess.read(WATER)
    assert (found.policy, found.classification) == ("1.2.826.0.1.6726289.0.0", 50)
    held = policy("food-policy.fixed.xml")
    told = label("food-label-water.xml", held)
    (values,) = found.categories
    assert (values.tag_set, values.numbers) == ("1.2.826.0.1.6726289.0.0.3", (1,))
    (category,) = told.information.categories
    assert category.sense is values.sense
    names = {c.lacv: c.name for c in held.classifications.members}
    assert names[50] == told.information.classification


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "stupid-label",
            ess.EssLabel(policy="1.1", classification=51, privacy_mark="VAGUELY SECRET"),
        ),
        ("label-1", ess.EssLabel(classification=253, privacy_mark="Aqua (obsolete)")),
        ("label-2", ess.EssLabel(policy="1.1", classification=4)),
        ("label-3", ess.EssLabel(policy="1.1", classification=3)),
    ],
)
def test_binary_samples(name: str, expected: ess.EssLabel) -> None:
    found = ess.read(outside(f"labels/surevine-spiffing/{name}.ber").read_bytes())
    assert found == expected
    assert found.policy != policy("food-policy.fixed.xml").policy.id, "no policy loaded for it"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("nothing", ""),
        ("another type", "3000"),
        ("a length without end", "3180060129"),
        ("a length beyond the data", "310606012902"),
        ("more after the label", "310601010000"),
        ("a negative classification", "31030201ff"),
        ("a huge classification", "310b0209" + "01" * 9),
        ("the policy twice", "3106060129060129"),
        ("an arc that does not end", "3103060180"),
        ("an unknown element", "31020500"),
        ("a bit string of nine unused bits", WATER.hex().replace("030506", "030509")),
        ("a category of another arc", WATER.hex().replace("6086480165", "6086480166")),
        ("a list where a bit map is", WATER.hex().replace("030506", "310506")),
    ],
)
def test_binary_labels_that_are_none(name: str, data: str) -> None:
    assert ess.read(WATER).categories
    with pytest.raises(BadInput):
        ess.read(bytes.fromhex(data))


@given(
    data=st.binary(max_size=64)
    | st.tuples(st.integers(0, len(WATER) - 1), st.integers(0, 255)).map(
        lambda bent: WATER[: bent[0]] + bytes([bent[1]]) + WATER[bent[0] + 1 :]
    )
)
def test_any_bytes_are_a_label_or_refused(data: bytes) -> None:
    try:
        found = ess.read(data)
    except BadInput:
        return
    assert ess.read(ess.written(found)) == found


def test_a_huge_field_of_bits_is_refused_before_it_is_read() -> None:
    with pytest.raises(BadInput):
        ess.read(b"\x31\x83\xff\xff\xff" + bytes(0xFFFFFF))
