"""Markings of STIX 2.1 files, and MISP tags."""

from __future__ import annotations

import json

from gsomia.faults import BadInput
from gsomia.marking import misp, stix
from gsomia.marking.handling import Recipient, Standing, Tlp, join, unmet
from gsomia.marking.told import lost, told
from tests.fuzz.harness import Harness, text, vectors
from tests.fuzz.hostile import canonical, revalued

_BUNDLES = [data for data in vectors("stix/good/*.json") if len(data) < 10_000]
_NEW = "bundle--00000001-0000-4000-8000-000000000001"
_ANYONE = Recipient(party="KOR")
_NAMED = Recipient(party="KOR", standing=Standing.NAMED)


def _bundle(data: bytes) -> None:
    """Who passes the whole passes each part; what is taken out keeps all that marks it."""
    package = stix.read(data, "file.json")
    asks = stix.table(package)
    found = [stix.effective(marked, asks) for marked in package.objects]
    whole = join(one.whole for one in found)
    for recipient in (_ANYONE, _NAMED):
        release = stix.releasable(package, recipient, Tlp.CLEAR)
        refused = {finding.object for finding in release.findings}
        assert not refused & set(release.permitted)
        if not unmet(whole, recipient):
            assert not any(unmet(part, recipient) for one in found for part in one.parts.values())
    told(whole)
    stix.stix_marks(data, "file.json")
    try:
        taken = stix.extract(data, {m.id for m in package.objects}, _NEW, "file.json")
    except BadInput:
        named = {r for m in package.objects for r in m.references}
        named |= {r for d in package.definitions for r in d.marked.references}
        assert named - asks.keys()
        return
    moved = stix.read(taken)
    assert moved.objects == package.objects
    table = stix.table(moved)
    assert [stix.effective(marked, table) for marked in moved.objects] == found


def _tags(data: bytes) -> None:
    """One tag a line. What is written of them reads back, and the rest is named."""
    held = misp.read(text(data).split("\n"))
    assert len({t.text for t in held.tags}) == len(held.tags)
    written = misp.write(held.handling)
    back = misp.read(written.tags).handling
    assert written.unheld == lost(held.handling, back)
    assert (back.tlp, back.pap) == (held.handling.tlp, held.handling.pap)


_TAGS = (
    b'tlp:amber\nPAP:RED\ntype:OSINT\nnato:classification="NS"',
    b"tlp:white\ntlp:clear",
    b'dni-ism:dissem="NF"\ndni-ism:classification:us="S"\neuci:R-UE/EU-R',
    b'TLP:RED\ntlp amber\nmisp-galaxy:tool="BabyShark"',
)

HARNESSES = {
    "stix-bundle": Harness(
        _bundle, [canonical(json.loads(data)) for data in _BUNDLES], (revalued,)
    ),
    "misp-tags": Harness(_tags, _TAGS),
}
