"""Markings written as STIX, taken out with their objects, and put on a mark of our own."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsomia.faults import BadInput
from gsomia.marking.handling import Handling, OneOf, Pap, Tlp, together
from gsomia.marking.stix import bundle, effective, extract, read, table, write
from gsomia.marking.stix.effective import handling_of
from gsomia.marking.told import caveats_of, lost, told
from gsomia.marking.told import handling_of as handling_of_caveats
from tests.marking.handlings import handlings
from tests.marking.test_stix import ATTACK, GOOD, STIX, u

CREATED = "2026-01-01T00:00:00.000Z"
BUNDLE = f"bundle--{u(77)}"
IDS = [f"marking-definition--{u(n)}" for n in range(200, 210)]


@given(handlings)
def test_what_is_written_reads_back_and_the_rest_is_named(handling):
    written = write(handling, ids=IDS, created=CREATED)
    back = together(handling_of(d) for d in written.definitions)
    assert back == Handling(
        silent=handling.tlp is None, tlp=handling.tlp, statements=handling.statements
    )
    assert written.unheld == lost(handling, back)
    data = bundle(BUNDLE, (d.data for d in written.definitions))
    assert read(data).definitions == written.definitions


@given(st.none() | st.sampled_from(Tlp), st.frozensets(st.text(max_size=8), max_size=2))
def test_tlp_and_statements_lose_nothing(tlp, statements):
    handling = Handling(silent=tlp is None, tlp=tlp, statements=statements)
    assert write(handling, ids=IDS, created=CREATED).unheld == ()


def test_a_statement_needs_an_identifier_of_its_own():
    handling = Handling(statements=frozenset({"a", "b"}))
    for ids in ([], IDS[:1], [BUNDLE, IDS[0]], [IDS[0].upper(), IDS[1]]):
        with pytest.raises(BadInput):
            write(handling, ids=ids, created=CREATED)
    with pytest.raises(BadInput, match="an instant"):
        write(handling, ids=IDS, created="today")
    assert len(write(handling, ids=IDS, created=CREATED).definitions) == 2


# -- out of the bundle ----------------------------------------------------------------------


@pytest.mark.parametrize("path", [*GOOD, ATTACK], ids=lambda p: p.stem)
def test_an_object_moves_with_all_that_marks_it(path):
    data = path.read_bytes()
    held = read(data)
    asks = table(held)
    for marked in held.objects[:: max(1, len(held.objects) // 5)]:
        if any(reference not in asks for reference in marked.references):
            with pytest.raises(BadInput, match="that holds the markings it names"):
                extract(data, {marked.id}, BUNDLE)
            continue
        moved = read(extract(data, {marked.id}, BUNDLE))
        assert moved.objects == tuple(m for m in held.objects if m.id == marked.id)
        assert effective(marked, table(moved)) == effective(marked, asks)
        # A reader who knows no fixed definition finds every marking inside.
        assert set(marked.references) <= {d.id for d in moved.definitions}


def test_all_of_a_bundle_taken_out_is_that_bundle():
    data = (STIX / "good" / "markings.json").read_bytes()
    held = read(data)
    moved = read(extract(data, {m.id for m in held.objects}, BUNDLE))
    assert moved.objects == held.objects
    assert set(held.definitions) <= set(moved.definitions)
    names = {d.id for d in moved.definitions} - {d.id for d in held.definitions}
    assert len(names) == 2


def test_what_is_not_there_is_not_taken_out():
    data = (STIX / "good" / "plain.json").read_bytes()
    with pytest.raises(BadInput, match="objects of the bundle"):
        extract(data, {f"indicator--{u(500)}"}, BUNDLE)
    assert read(extract(data, (), BUNDLE)).objects == ()
    assert json.loads(extract(data, (), BUNDLE)) == {"type": "bundle", "id": BUNDLE}


# -- as caveats of a mark -----------------------------------------------------------------


@given(handlings)
def test_what_caveats_hold_is_read_back_and_the_rest_is_told(handling):
    held = handling_of_caveats(caveats_of(handling))
    assert (held.tlp, held.pap) == (handling.tlp, handling.pap)
    assert held.caveats <= handling.caveats
    assert {*told(held)} <= {*told(handling)}
    assert {*lost(handling, held)} >= {x for x in told(handling) if x.startswith("level: ")}


@pytest.mark.parametrize(
    ("handling", "caveats", "unheld"),
    [
        (Handling(silent=False, tlp=Tlp.AMBER), {"TLP:AMBER"}, ()),
        (Handling(pap=Pap.RED), {"PAP:RED"}, ()),
        (Handling(states=frozenset({"USA", "KOR"})), set(), ("states: KOR, USA",)),
        (Handling(silent=False), set(), ("who may receive: not held",)),
        (
            Handling(caveats=frozenset({"ACS caveat: FISA", "x" * 65})),
            {"ACS caveat: FISA"},
            (f"caveat: {'x' * 65}",),
        ),
        (
            Handling(one_of=frozenset({OneOf("entities", frozenset({"MIL"}))})),
            set(),
            ("one of: entities MIL",),
        ),
    ],
)
def test_what_caveats_hold_and_what_they_cannot(handling, caveats, unheld):
    assert caveats_of(handling) == caveats
    assert lost(handling, handling_of_caveats(frozenset({"NOTE", *caveats}))) == unheld
