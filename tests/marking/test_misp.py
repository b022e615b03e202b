"""MISP tags that mark: read in their own spelling only, one value where one is allowed."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsomia.faults import BadInput
from gsomia.marking.handling import Handling, Leveled, Pap, Recipient, Standing, Tlp, unmet
from gsomia.marking.misp import TAXONOMIES, Tag, read, write
from gsomia.marking.misp import tags as misp_tags
from gsomia.marking.told import lost
from tests.marking.handlings import handlings
from tests.marking.shared import outside

ALL_TAGS = [
    Tag(t.namespace, predicate, value).text
    for t in TAXONOMIES.values()
    for predicate, value in t.values
]


@pytest.mark.parametrize("name", sorted(TAXONOMIES))
def test_every_value_of_a_taxonomy_is_there_and_no_other(name):
    held = json.loads(outside(f"labels/taxonomies/misp-{name}.json").read_bytes())
    ours = TAXONOMIES[name]
    valued = {v["predicate"]: [e["value"] for e in v["entry"]] for v in held.get("values", [])}
    theirs = {(p["value"], v) for p in held["predicates"] for v in valued.get(p["value"], [""])}
    assert set(ours.values) == theirs
    assert (ours.version, ours.exclusive) == (held["version"], held.get("exclusive", False))


@pytest.mark.parametrize(
    ("tag", "asks"),
    [
        ("tlp:amber+strict", {"silent": False, "tlp": Tlp.AMBER_STRICT}),
        ("tlp:white", {"silent": False, "tlp": Tlp.CLEAR}),
        ("tlp:ex:chr", {"caveats": frozenset({"TLP:EX:CHR"})}),
        ("PAP:AMBER", {"pap": Pap.AMBER}),
        ('nato:classification="NS"', {"levels": frozenset({Leveled("NATO", "NS")})}),
        ("euci:R-UE/EU-R", {"levels": frozenset({Leveled("EU", "R-UE/EU-R")})}),
        ('dni-ism:classification:us="S"', {"levels": frozenset({Leveled("USA", "S")})}),
        ('dni-ism:dissem="NF"', {"states": frozenset({"USA"})}),
        ('dni-ism:scicontrols="SI-G"', {"caveats": frozenset({"ISM scicontrols: SI-G"})}),
    ],
)
def test_what_a_tag_asks(tag, asks):
    held = read([tag])
    assert [t.text for t in held.tags] == [tag]
    assert held.handling == Handling(**asks)


@pytest.mark.parametrize(
    "tag",
    [
        "TLP:RED",
        "tlp:Red",
        "tlp:purple",
        "tlp amber",
        "tlp",
        " tlp:red",
        "tlp:red ",
        'tlp="red"',
        'tlp:red=""',
        "tIp:red",
        "t\u200blp:red",
        "type\u200b:OSINT",
        "pap:RED",
        "NATO:SECRET",
        'nato:classification="nato secret"',
        "nato:classification",
        "dniism:dissem",
        'dni-ism:dissem="REL"',
        "tlp:unclear",
    ],
)
def test_a_tag_that_may_be_a_restriction_closes(tag):
    held = read(["tlp:clear", tag] if not tag.startswith("tlp:u") else [tag])
    assert held.handling.closed
    assert unmet(held.handling, Recipient(party="KOR", standing=Standing.NAMED))


@pytest.mark.parametrize(
    "tag", ["type:OSINT", 'misp-galaxy:tool="BabyShark"', "natorious", "papers", "국가: 한국", "x"]
)
def test_other_tags_mark_nothing_and_are_kept(tag):
    held = read([tag])
    assert held.others == (tag,)
    assert held.handling == Handling()


@pytest.mark.parametrize(
    ("tags", "closed"),
    [
        (["tlp:amber", "tlp:red"], "tlp:amber, tlp:red"),
        (["tlp:amber", "tlp:ex:chr"], "tlp:amber, tlp:ex:chr"),
        (["PAP:RED", "PAP:GREEN"], "PAP:GREEN, PAP:RED"),
        (["tlp:white", "tlp:clear"], ""),
        (["tlp:red", "tlp:red"], ""),
        (["tlp:red", "PAP:RED"], ""),
        (['dni-ism:dissem="NF"', 'dni-ism:dissem="OC"'], ""),
    ],
)
def test_an_exclusive_vocabulary_allows_one_value(tags, closed):
    found = read(tags).handling.closed
    assert [(c.rule, c.what) for c in found] == ([("one_value", closed)] if closed else [])


def test_a_level_says_who_is_cleared_and_not_who_may_receive():
    asks = read(['nato:classification="NS"']).handling
    cleared = Recipient(party="KOR", cleared=frozenset({Leveled("NATO", "NS")}))
    assert [one.rule for one in unmet(asks, cleared)] == ["says_who"]


def test_what_rests_on_text_not_read_is_named():
    held = read(["tlp:red", 'dni-ism:dissem="NF"'])
    assert held.unverified == ('dni-ism:dissem="NF"',)


def test_tags_are_bounded(monkeypatch):
    for tags in ([""], ["a" * 513]):
        with pytest.raises(BadInput, match="a tag of 1 to 512"):
            read(tags)
    monkeypatch.setattr(misp_tags, "MAX_TAGS", 2)
    with pytest.raises(BadInput, match="at most 2 tags"):
        read(["a", "b", "c"])


# -- and back -----------------------------------------------------------------------------


@given(st.lists(st.sampled_from(ALL_TAGS), max_size=6))
def test_tags_written_of_tags_read_ask_the_same(tags):
    asks = read(tags).handling
    written = write(asks)
    back = read(written.tags).handling
    assert set(written.unheld) == set(lost(asks, back))
    if not asks.closed and asks.states is None:
        assert back == asks


@given(handlings)
def test_what_tags_cannot_hold_is_named(handling):
    written = write(handling)
    back = read(written.tags).handling
    assert set(written.unheld) == set(lost(handling, back))
    assert (back.tlp, back.pap) == (handling.tlp, handling.pap)
    assert back.levels <= handling.levels
    assert back.caveats <= handling.caveats
    assert not back.closed
    if not written.unheld:
        kept = msgspec.structs.replace(handling, silent=back.silent)
        assert back == kept


def test_an_event_in_the_wild():
    event = json.loads(outside("misp/osint-babyshark-2019-02-22.json").read_bytes())["Event"]
    held = read(tag["name"] for tag in event["Tag"])
    assert ([t.text for t in held.tags], held.unread) == (["tlp:white"], ())
    assert len(held.others) == 5
