"""Labels of STANAG 4774: read, held against a policy, mapped and decided upon, one by one."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from timing import Result, Row, Sizes, alone, compare, interleaved, main, per_second

from gsomia.marking.label import (
    Mapped,
    Mapper,
    compiled,
    decide,
    read,
    read_clearance,
    validity,
)
from gsomia.marking.label.model import Originator
from gsomia.marking.spif import Direction
from gsomia.marking.spif import read as read_policy

VECTORS = Path(__file__).parents[1] / "tests" / "vectors"
LABEL = (VECTORS / "label" / "label-j1.xml").read_bytes()
CLEARANCE = (VECTORS / "label" / "clearance-cj-jpn-tds.xml").read_bytes()
POLICY = (VECTORS / "spif" / "good" / "jpn.spif.xml").read_bytes()
PARTNER = (VECTORS / "spif" / "good" / "kor.spif.xml").read_bytes()
AT = datetime(2026, 6, 1, tzinfo=UTC)
LABELS = per_second("labels")

LEAST = 10_000
"""Labels a second, on one core, that a gateway reads, holds against a policy and maps."""


def ours() -> dict[str, Callable[[], object]]:
    """Each step by itself, and the steps together."""
    policy, partner = (compiled(read_policy(file).policy) for file in (POLICY, PARTNER))
    mapper = Mapper(policy, partner, Direction.LEAVING, Originator("bench@example.org", "jID"))
    person, told = read_clearance(CLEARANCE), read(LABEL)
    if validity(told, policy, AT) or not decide(told, person, policy, AT).granted:
        raise RuntimeError("the sample label has to be valid, and to be granted")
    if not isinstance(mapper.map(told, AT), Mapped):
        raise TypeError("the sample label has to have one equivalent")
    return {
        "read": lambda: read(LABEL),
        "read and held against the policy": lambda: validity(read(LABEL), policy, AT),
        # Mapping holds a label against its policy, and the result against the partner's.
        "read, validated and mapped": lambda: mapper.map(read(LABEL), AT),
        "read, validated and decided": lambda: decide(read(LABEL), person, policy, AT).granted,
        "decided, every rule asked": lambda: decide(told, person, policy, AT).granted,
    }


def lxml(left_out: list[str]) -> dict[str, Callable[[], object]]:
    """lxml: the tree alone, and with the schema where it is at hand. It knows no policy."""
    try:
        etree: Any = importlib.import_module("lxml.etree")
    except ImportError:
        left_out.append("lxml")
        return {}
    guarded = {"resolve_entities": False, "no_network": True}
    plain = etree.XMLParser(**guarded)
    peers: dict[str, Callable[[], object]] = {
        "lxml, the tree alone": lambda: etree.fromstring(LABEL, plain)
    }
    schema = Path(os.environ.get("GSOMIA_VECTORS", "")) / "labels" / "xsd" / "nl-cl.xsd"
    if os.environ.get("GSOMIA_VECTORS") and schema.exists():
        checked = etree.XMLSchema(etree.parse(str(schema)))
        peers["lxml and the schema, no policy"] = lambda: checked.assertValid(
            etree.fromstring(LABEL, plain)
        )
    return peers


def measure(sizes: Sizes) -> Result:
    """Ours step by step; reading beside lxml."""
    runs = ours()
    left_out: list[str] = []
    rows: list[Row] = []
    for name, peer in lxml(left_out).items():
        found = interleaved(sizes, runs["read"], peer)
        rows.append(compare("read", found[0], name, found[1], LABELS))
    for what, run in runs.items():
        (seconds,) = interleaved(sizes, run)
        goal = 1 / LEAST if what == "read, validated and mapped" else None
        rows.append(alone(what, seconds, LABELS, within=goal))
    notes = ("the schema is NATO's and is not stored here: GSOMIA_VECTORS names its folder",)
    return Result("Labels, one core", tuple(rows), tuple(left_out), notes)


if __name__ == "__main__":
    main(measure)
