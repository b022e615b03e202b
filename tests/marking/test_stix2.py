"""The `stix2` library of OASIS and this reader find the same markings on every property."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import stix2  # type: ignore[import-untyped]
import stix2.markings  # type: ignore[import-untyped]

from gsomia.marking.handling import Handling, Tlp
from gsomia.marking.stix import markings_of, read, write
from gsomia.marking.stix.known import FIXED
from gsomia.marking.stix.reading import read_object, split
from tests.marking.shared import outside
from tests.marking.test_stix import ATTACK, BAD, GOOD, STIX
from tests.marking.test_stix_writing import CREATED, IDS

FILES = [path for path in GOOD if path.stem != "acs-spec-use-case-2"]


def _selectors(value: Any, before: str = "") -> Iterator[str]:
    parts = (
        value.items()
        if isinstance(value, dict)
        else ((f"[{n}]", part) for n, part in enumerate(value))
        if isinstance(value, list)
        else ()
    )
    for name, part in parts:
        yield f"{before}{name}"
        yield from _selectors(part, f"{before}{name}.")


def _by_text(value: Any, selector: str) -> Iterator[str]:
    """Markings that theirs adds since it compares text: `pattern` begins `pattern_type`."""
    for part in value.get("granular_markings", ()):
        for chosen in part["selectors"]:
            short, long = sorted((chosen, selector), key=len)
            if long.startswith(short) and long != short and not long.startswith(f"{short}."):
                yield part["marking_ref"]


def _compare(data: bytes, count: int) -> int:
    """Their object is a plain dict to them too: only the resolution is compared."""
    compared = 0
    for raw in split(data, "file")[1][:count]:
        value, ours = read_object(raw, "file")
        for selector in _selectors(value):
            for inherited in (True, False):
                for descendants in (True, False):
                    try:
                        theirs = stix2.markings.get_markings(
                            value, selector, inherited, descendants, lang=False
                        )
                    except stix2.exceptions.InvalidSelectorError:
                        continue  # theirs takes no empty value, and repeated items as one
                    found = markings_of(
                        ours, selector, inherited=inherited, descendants=descendants
                    )
                    assert set(found) <= set(theirs) <= {*found, *_by_text(value, selector)}
                    compared += 1
    return compared


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_both_find_the_same_markings(path):
    assert _compare(path.read_bytes(), 1000) or path.stem == "oasis-tlp-amber-v21"


def test_both_find_the_same_markings_in_a_large_bundle():
    assert _compare(ATTACK.read_bytes(), 40) > 1000


@pytest.mark.parametrize("name", ["apt37-G0067", "apt38-G0082", "kimsuky-G0094", "andariel-G0138"])
def test_both_find_the_same_markings_elsewhere(name):
    assert _compare(outside(f"stix/attack-{name}.json").read_bytes(), 12) > 300


def test_where_we_differ_a_name_is_no_prefix_of_another():
    """Theirs compares text: `name` marks `name_2`. By the standard a selector is a path."""
    marked = {
        "type": "x-note",
        "id": "x-note--00000001-0000-4000-8000-000000000001",
        "name": "a",
        "name_2": "b",
        "granular_markings": [{"selectors": ["name"], "marking_ref": IDS[0]}],
    }
    ours = read(json.dumps(marked).encode()).objects[0]
    assert stix2.markings.get_markings(marked, "name_2", inherited=True) == [IDS[0]]
    assert markings_of(ours, "name_2") == ()
    assert markings_of(ours, "name") == (IDS[0],)


def test_their_fixed_definitions_are_ours():
    theirs = (stix2.TLP_WHITE, stix2.TLP_GREEN, stix2.TLP_AMBER, stix2.TLP_RED)
    words = {f.id: f.word for f in FIXED.values() if f.version == 1}
    assert {t.id: t.definition.tlp for t in theirs} == words
    for one in theirs:
        assert read(one.serialize().encode()).definitions[0].id == one.id


def test_they_read_what_we_write():
    for tlp in Tlp:
        said = Handling(silent=False, tlp=tlp, statements=frozenset({"For the exercise only."}))
        for definition in write(said, ids=IDS, created=CREATED).definitions:
            assert stix2.parse(definition.data, allow_custom=True)["id"] == definition.id


TLP1_FAULTS = ("tlp1-another-date", "tlp1-own-id", "tlp1-red-said-white")


@pytest.mark.parametrize("name", TLP1_FAULTS)
def test_both_refuse_another_instance_of_tlp_1(name):
    assert name in BAD
    objects = json.loads((STIX / "bad" / f"{name}.json").read_bytes())["objects"]
    with pytest.raises(stix2.exceptions.TLPMarkingDefinitionError):
        stix2.parse(objects[2])
