"""Markings of STIX 2.1: what reads and what does not, what applies where, and who may receive."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from gsomia.faults import BadInput
from gsomia.marking.handling import (
    Closed,
    Handling,
    Leveled,
    Recipient,
    Standing,
    Tlp,
    join,
    together,
)
from gsomia.marking.stix import (
    RULES,
    effective,
    markings_of,
    read,
    releasable,
    stix_marks,
    table,
)
from gsomia.marking.stix import reading as reader
from gsomia.marking.stix.known import FIXED
from gsomia.marking.stix.model import Granular, Marked
from tests.marking.shared import VECTORS

STIX = VECTORS / "stix"
GOOD = sorted((STIX / "good").glob("*.json"))
ATTACK = Path(__file__).parents[2] / "examples" / "threat" / "attack-dprk-groups.json"

BAD = {
    "acs-classification": "Invalid enum value 'SECRET'",
    "acs-empty-nationalities": "length >= 1",
    "acs-empty-scope": "a privilege_scope that says something",
    "acs-no-control-set": "missing required field `control_set`",
    "acs-no-defaults": "policy_reference with privdefault and sharedefault",
    "acs-unknown-control": "unknown field `releasable_to`",
    "bundle-2.0": "a bundle of STIX 2.1, got spec_version 2.0",
    "circle": "definitions that do not mark themselves",
    "definition-missing": "definition_type and definition together",
    "definition-modified": "a marking definition without versions, got modified",
    "definition-says-nothing": "a definition or an extension, got neither",
    "definition-twice": "00000005-0000-4000-8000-000000000005 twice",
    "granular-both": "either marking_ref or lang, got both",
    "granular-neither": "either marking_ref or lang, got neither",
    "granular-unknown": "unknown field `strict`",
    "id-twice": "each version of an object once",
    "marks-itself": "definitions that do not mark themselves",
    "no-bundle-id": "a bundle with an identifier",
    "not-an-object": "a JSON object of STIX 2.1",
    "objects-twice": "each property once, got one of the bundle twice",
    "property-twice": "object 2: expected each property once",
    "property-twice-inside": "object 1: expected each property once",
    "ref-in-capitals": "in small letters",
    "ref-of-another-type": "an identifier of marking-definition",
    "refs-empty": "length >= 1",
    "refs-null": "got `null`",
    "selector-form": "a selector like name or list.[0]",
    "selector-leading-zero": "a selector like name or list.[0]",
    "selector-leads-nowhere": "a selector of something that is there",
    "selector-past-the-end": "a selector of something that is there",
    "statement-with-more": "statement alone",
    "tlp1-another-date": "created 2017-01-20",
    "tlp1-another-name": "the name TLP:RED",
    "tlp1-own-id": "under its fixed identifier",
    "tlp1-red-as-statement": "what the standard fixes for TLP:RED",
    "tlp1-red-said-white": "what the standard fixes for TLP:RED",
    "tlp2-green-said-clear": "what the standard fixes for TLP:GREEN",
    "tlp2-own-id": "under its fixed identifier",
    "tlp2-with-more": "the TLP 2.0 extension",
    "too-deep": "at most 32 levels",
    "version-2.0": "spec_version 2.1, got 2.0",
}


def u(number: int) -> str:
    return f"{number:08x}-0000-4000-8000-{number:012x}"


RED = "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed"
GREEN = "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"


def package():
    return read((STIX / "good" / "markings.json").read_bytes())


# -- reading --------------------------------------------------------------------------


@pytest.mark.parametrize("path", GOOD, ids=lambda p: p.stem)
def test_a_good_file_reads(path):
    held = read(path.read_bytes())
    assert held == read(path.read_bytes())
    data = json.loads(path.read_bytes())
    assert len(held.definitions) + len(held.objects) == len(data.get("objects", [data]))
    for definition in held.definitions:
        assert definition.data in path.read_bytes()


def test_every_bad_vector_has_its_reason():
    assert {path.stem for path in (STIX / "bad").glob("*.json")} == set(BAD)


def test_nesting_beyond_what_any_reader_takes_is_told_as_nesting():
    value = b"[" * 5_000 + b"]" * 5_000
    data = b'{"type":"indicator","id":"indicator--00000002-0000-4000-8000-000000000002","x":'
    with pytest.raises(BadInput, match="at most 32 levels, got deeper nesting"):
        read(data + value + b"}")


@pytest.mark.parametrize("name", sorted(BAD))
def test_a_bad_file_does_not(name):
    with pytest.raises(BadInput) as caught:
        read((STIX / "bad" / f"{name}.json").read_bytes())
    assert BAD[name] in str(caught.value)


def test_sizes_are_bounded(monkeypatch):
    data = (STIX / "good" / "plain.json").read_bytes()
    for name, value in (("MAX_SIZE", len(data) - 1), ("MAX_OBJECTS", 1)):
        with monkeypatch.context() as patch:
            patch.setattr(reader, name, value)
            with pytest.raises(BadInput, match="at most"):
                read(data)
    assert read(data).objects
    many = data.replace(b'"name"\n', b",".join([b'"name"'] * 1001))
    with pytest.raises(BadInput, match="length <= 1000"):
        read(many)
    long = data.replace(b'"name"\n', b'"' + b"a" * 1025 + b'"')
    with pytest.raises(BadInput, match="at most 1024 characters"):
        read(long)


def test_a_version_of_an_object_is_an_object_of_its_own():
    data = json.loads((STIX / "good" / "plain.json").read_bytes())
    data["objects"].append({**data["objects"][1], "modified": "2026-02-01T00:00:00.000Z"})
    assert len(read(json.dumps(data).encode()).objects) == 2


# -- what applies ------------------------------------------------------------------------


def test_the_fixed_definitions_read_as_the_standard_has_them():
    for fixed in FIXED.values():
        (definition,) = read(fixed.object).definitions
        assert (definition.id, definition.tlp) == (fixed.id, fixed.tlp)
    words = {f.word: f.tlp for f in FIXED.values()}
    assert words["white"] is words["clear"] is Tlp.CLEAR


def test_a_granular_marking_applies_to_what_lies_in_what_it_selects():
    marked = package().objects[1]
    assert markings_of(marked, "description") == (GREEN, RED)
    assert markings_of(marked, "indicator_types.[0]") == (GREEN, RED)
    assert markings_of(marked, "indicator_types.[0].x") == (GREEN, RED)
    assert markings_of(marked, "indicator_types") == (GREEN,)
    assert markings_of(marked, "indicator_types", descendants=True) == (GREEN, RED)
    assert markings_of(marked, "description_2") == (GREEN,)
    assert markings_of(marked, "description", inherited=False) == (RED,)
    # A language marks nothing off.
    assert markings_of(marked, "name") == (GREEN,)


def test_the_whole_of_an_object_asks_what_its_strictest_part_asks():
    held = package()
    asks = effective(held.objects[1], table(held))
    assert (asks.object.tlp, asks.whole.tlp) == (Tlp.GREEN, Tlp.RED)
    assert {name: h.tlp for name, h in asks.parts.items()} == {
        "description": Tlp.RED,
        "indicator_types.[0]": Tlp.RED,
    }


@pytest.mark.parametrize("path", GOOD, ids=lambda p: p.stem)
def test_the_parts_of_an_object_are_found_as_each_is_found_alone(path):
    held = read(path.read_bytes())
    asks = table(held)
    for marked in held.objects:
        for selector, handling in effective(marked, asks).parts.items():
            named = markings_of(marked, selector, descendants=True)
            fallen = Closed("resolved", "?")
            alone = [asks.get(n, Handling(closed=frozenset({fallen}))) for n in named]
            assert handling == together(alone)


def test_a_part_asks_what_all_that_lies_in_it_asks():
    marked = Marked(
        id=f"x-a--{u(1)}",
        modified=None,
        object_markings=(),
        granular=(
            Granular(selectors=("a",), marking_ref=GREEN),
            Granular(selectors=("a.b.[0]",), marking_ref=RED),
            Granular(selectors=("ab",), marking_ref=GREEN),
        ),
        lang=None,
        names=(),
    )
    parts = effective(marked, table(package())).parts
    assert {name: h.tlp for name, h in parts.items()} == {
        "a": Tlp.RED,
        "a.b.[0]": Tlp.RED,
        "ab": Tlp.GREEN,
    }
    for selector, handling in parts.items():
        named = markings_of(marked, selector, descendants=True)
        assert handling == together(table(package())[name] for name in named)


def test_very_many_markings_take_no_more_than_their_number():
    """Joined one by one, sets that grow would be copied as often as there are markings."""
    names = [f"marking-definition--{u(n)}" for n in range(20_000)]
    closed = (Handling(closed=frozenset({Closed("resolved", name)})) for name in names)
    assert len(join(closed).closed) == len(names)
    refs = [
        json.dumps({"selectors": ["a", *["b"] * 50], "marking_ref": name}) for name in names[:50]
    ]
    value = '{{"type":"x-a","id":"x-a--{}","a":1,"b":2,"granular_markings":[{}]}}'
    held = read(value.format(u(1), ",".join(refs)).encode())
    assert len(effective(held.objects[0], {}).parts["b"].closed) == 50


def test_a_granular_marking_does_not_speak_for_the_rest_of_its_object():
    held = read((STIX / "good" / "plain.json").read_bytes())
    asks = effective(held.objects[0], table(held))
    assert asks.object.statements == {"For the exercise only."}
    assert (asks.whole.silent, asks.whole.tlp) == (True, Tlp.GREEN)
    assert not asks.parts["name"].silent


def test_an_acs_marking_is_carried_over_value_by_value():
    held = package()
    asks = effective(held.objects[2], table(held)).whole
    assert asks.states == frozenset({"USA", "KOR", "JPN"})
    assert asks.levels == {Leveled("USA", "S")}
    assert asks.caveats == {"ACS caveat: FISA"}


@pytest.mark.parametrize(
    ("control", "closed"),
    [
        ({"formal_determination": ["PUBREL"]}, "PUBREL beside S"),
        ({"formal_determination": ["NF"]}, "NF beside permitted_nationalities"),
        ({"permitted_nationalities": ["ALL", "KOR"]}, "ALL beside named nationalities"),
        ({"formal_determination": ["NO-PII-PRESENT"]}, ""),
    ],
)
def test_a_marking_that_contradicts_itself_closes(control, closed):
    data = json.loads((STIX / "good" / "markings.json").read_bytes())
    (extension,) = data["objects"][1]["extensions"].values()
    extension["control_set"].update(control)
    held = read(json.dumps(data).encode())
    found = effective(held.objects[2], table(held)).whole.closed
    assert [one.what.partition(": ")[2] for one in found] == ([closed] if closed else [])


def _acs(**changes):
    """The handling of the ACS marking of the vector, changed at its top or in its control set."""
    data = json.loads((STIX / "good" / "markings.json").read_bytes())
    (extension,) = data["objects"][1]["extensions"].values()
    for name, value in changes.items():
        held = extension if name in extension else extension["control_set"]
        held[name] = value
    held = read(json.dumps(data).encode())
    return effective(held.objects[2], table(held)).whole


def test_noforn_is_for_the_usa_alone_whatever_else_is_said():
    for states in (["USA"], ["USA", "KOR"]):
        asked = _acs(formal_determination=["NF"], permitted_nationalities=states)
        assert asked.states == {"USA"}
    both = _acs(
        classification="U", formal_determination=["NF", "PUBREL"], permitted_nationalities=["USA"]
    )
    assert [one.what.partition(": ")[2] for one in both.closed] == ["PUBREL beside NF"]


_URN = "urn:isa:policy:acs:ns:v3.0?privdefault={}&sharedefault={}"


@pytest.mark.parametrize(
    ("policies", "privileges", "sharing"),
    [
        ([("permit", "permit")], "permit", "permit"),
        ([("permit", "deny")], "permit", "deny"),
        ([("permit", "deny"), ("deny", "deny")], "deny", "deny"),
        ([("permit", "permit"), ("permit", "deny")], "permit", "deny"),
    ],
)
def test_of_several_policies_the_stricter_default_holds(policies, privileges, sharing):
    asked = _acs(policy_reference=" ".join(_URN.format(*pair) for pair in policies))
    assert {one.default.value for one in asked.privileges} == {privileges}
    assert {one.default.value for one in asked.sharing} == {sharing}


def test_a_marking_of_an_unknown_kind_closes():
    data = json.loads((STIX / "good" / "plain.json").read_bytes())
    data["objects"][0].update(definition_type="iep", definition={"name": "x"})
    held = read(json.dumps(data).encode())
    whole = effective(held.objects[0], table(held)).whole
    assert whole.closed == {Closed("readable", "definition_type iep")}


# -- release ----------------------------------------------------------------------------

ALLOWED = Recipient(
    party="KOR",
    standing=Standing.NAMED,
    cleared=frozenset({Leveled("USA", "S")}),
    caveats=frozenset({"ACS caveat: FISA"}),
)


def _found(held, recipient, unmarked=None):
    release = releasable(held, recipient, unmarked)
    assert release.granted == (not release.findings)
    assert {finding.rule for finding in release.findings} <= set(RULES)
    return {(f.rule, f.object.partition("--")[0], f.object[-1]) for f in release.findings}


def test_a_recipient_who_holds_all_that_is_asked_receives():
    release = releasable(package(), ALLOWED)
    assert release.granted
    assert len(release.permitted) == 6
    assert not release.given_away


@pytest.mark.parametrize(
    ("held", "found"),
    [
        (
            {"standing": Standing.COMMUNITY},
            {("tlp_named", "indicator", "2")},
        ),
        (
            {"standing": Standing.ANYONE},
            {
                ("tlp_standing", "indicator", "1"),
                ("tlp_named", "indicator", "2"),
                ("tlp_standing", "relationship", "4"),
                ("tlp_standing", "marking-definition", "5"),
            },
        ),
        ({"party": "AUS"}, {("state_named", "indicator", "3")}),
        ({"cleared": frozenset()}, {("level_held", "indicator", "3")}),
        ({"caveats": frozenset()}, {("caveat_held", "indicator", "3")}),
    ],
)
def test_each_object_is_refused_by_its_own_markings(held, found):
    assert _found(package(), msgspec.structs.replace(ALLOWED, **held)) == found


def test_a_relationship_may_not_give_away_what_is_withheld():
    community = msgspec.structs.replace(ALLOWED, standing=Standing.COMMUNITY)
    (away,) = releasable(package(), community).given_away
    assert (away.object[:12], away.names) == ("relationship", f"indicator--{u(2)}")


def test_an_object_is_permitted_in_all_its_versions_or_not_at_all():
    data = json.loads((STIX / "good" / "markings.json").read_bytes())
    first = next(o for o in data["objects"] if o["id"] == f"indicator--{u(1)}")
    later = {**first, "modified": "2026-02-01T00:00:00.000Z", "object_marking_refs": [RED]}
    data["objects"].append(later)
    held = read(json.dumps(data).encode())
    assert first["id"] in releasable(held, ALLOWED).permitted
    community = msgspec.structs.replace(ALLOWED, standing=Standing.COMMUNITY)
    assert first["id"] in releasable(package(), community).permitted
    assert first["id"] not in releasable(held, community).permitted


def test_nobody_receives_what_is_not_marked_until_a_person_decides():
    held = read((STIX / "good" / "oasis-sighting-of-an-indicator.json").read_bytes())
    anyone = Recipient(party="KOR")
    assert {rule for rule, _, _ in _found(held, anyone)} == {"says_who"}
    assert not _found(held, anyone, Tlp.CLEAR)
    assert {rule for rule, _, _ in _found(held, anyone, Tlp.GREEN)} == {"tlp_standing"}


def test_a_copyright_statement_says_nothing_about_who_may_receive():
    held = read(ATTACK.read_bytes())
    release = releasable(held, ALLOWED)
    assert len(release.findings) == len(held.objects)
    assert releasable(held, Recipient(party="KOR"), Tlp.CLEAR).granted


def test_an_unresolved_marking_closes_for_everybody():
    held = read((STIX / "good" / "oasis-interop-objectmarking-test.json").read_bytes())
    assert {rule for rule, _, _ in _found(held, ALLOWED, Tlp.CLEAR)} == {"resolved"}


def test_an_empty_bundle_is_no_release():
    held = read(b'{"type":"bundle","id":"bundle--%s"}' % u(1).encode())
    assert {rule for rule, _, _ in _found(held, ALLOWED, Tlp.CLEAR)} == {"something"}


def test_what_an_examiner_learns_of_a_file():
    marks = stix_marks((STIX / "good" / "markings.json").read_bytes())
    assert (marks.objects, marks.unmarked, marks.unresolved) == (4, (), ())
    assert marks.handling.tlp is Tlp.RED
    alone = stix_marks((STIX / "good" / "oasis-interop-objectmarking-test.json").read_bytes())
    assert alone.unresolved == ("marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ec",)
    assert stix_marks(ATTACK.read_bytes()).handling.silent
    assert isinstance(alone.handling, Handling)
