"""Markings written as STIX, taken out with their objects, and put on a mark of our own."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsomia.faults import BadInput
from gsomia.marking import KOR, Releasability, dominates, own
from gsomia.marking.handling import Handling, OneOf, Pap, Tlp, together
from gsomia.marking.stix import bundle, effective, extract, read, table, write
from gsomia.marking.stix.effective import handling_of
from gsomia.marking.told import handling_of as handling_of_caveats
from gsomia.marking.told import lost, restrict, told
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


# -- on a mark ----------------------------------------------------------------------------

MARK = own(KOR, "군사II급비밀", Releasability(frozenset({"JPN", "USA"})), ("NOTE",))


@given(handlings)
def test_a_restriction_takes_nothing_away(handling):
    changed = restrict(MARK, handling)
    assert dominates(KOR, changed.mark, MARK)
    assert changed.mark.level == MARK.level
    assert (handling.tlp is None) == (not any(c.startswith("TLP:") for c in changed.mark.caveats))
    back = handling_of_caveats(changed.mark.caveats)
    assert (back.tlp, back.pap) == (handling.tlp, handling.pap)
    states = {line for line in changed.unheld if line.startswith("states: ")}
    assert not states
    assert {*changed.unheld} >= {line for line in told(handling) if line.startswith("level: ")}


@pytest.mark.parametrize(
    ("handling", "caveats", "released", "unheld"),
    [
        (Handling(silent=False, tlp=Tlp.AMBER), {"TLP:AMBER"}, {"JPN", "USA"}, ()),
        (Handling(pap=Pap.RED), {"PAP:RED"}, {"JPN", "USA"}, ()),
        (Handling(states=frozenset({"USA", "KOR"})), set(), {"USA"}, ()),
        (Handling(states=frozenset()), set(), set(), ()),
        (Handling(states=frozenset({"ALL"})), set(), {"JPN", "USA"}, ()),
        (
            Handling(states=frozenset({"FVEY"})),
            set(),
            set(),
            ("states: FVEY, not a state",),
        ),
        (
            Handling(caveats=frozenset({"ACS caveat: FISA", "x" * 65})),
            {"ACS caveat: FISA"},
            {"JPN", "USA"},
            (f"caveat: {'x' * 65}",),
        ),
        (
            Handling(one_of=frozenset({OneOf("entities", frozenset({"MIL"}))})),
            set(),
            {"JPN", "USA"},
            ("one of: entities MIL",),
        ),
    ],
)
def test_what_a_mark_takes_and_what_it_cannot(handling, caveats, released, unheld):
    changed = restrict(MARK, handling)
    assert changed.mark.caveats == {"NOTE", *caveats}
    assert changed.mark.releasable_to.parties == released
    assert changed.unheld == unheld


def test_a_mark_has_room_for_so_many_caveats():
    many = Handling(caveats=frozenset(f"ACS caveat: {n}" for n in range(70)))
    with pytest.raises(BadInput, match="at most 64 caveats"):
        restrict(MARK, many)
    few = msgspec.structs.replace(many, caveats=frozenset(["ACS caveat: 1"]))
    assert restrict(MARK, few).mark.caveats == {"NOTE", "ACS caveat: 1"}
