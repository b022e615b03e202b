"""XML from other systems: the guard itself, policies, labels and clearances."""

from __future__ import annotations

from gsomia.marking import label
from gsomia.marking.spif import read as read_policy
from gsomia.marking.spif import write as write_policy
from gsomia.marking.xmlguard import parse
from gsomia.marking.xmlguard import write as write_xml
from tests.fuzz.harness import Harness, vectors

_POLICIES = vectors("spif/good/*.xml")
_REPAIRED = vectors("spif/lenient/*.xml")
_LABELS = vectors("label/label-*.xml")
_CLEARANCES = vectors("label/clearance-*.xml")


def _xml(data: bytes) -> None:
    """What was read can be written, and what was written is stable."""
    written = write_xml(parse(data, "file.xml"), {})
    assert write_xml(parse(written, "file.xml"), {}) == written


def _policy(data: bytes) -> None:
    written = write_policy(read_policy(data, "file.xml").policy)
    assert write_policy(read_policy(written).policy) == written


def _lenient(data: bytes) -> None:
    loaded = read_policy(data, "file.xml", lenient=True)
    assert all(repair.text.isprintable() for repair in loaded.repairs)


def _label(data: bytes) -> None:
    read = label.read(data, "file.xml")
    written = label.write(read)
    assert label.write(label.read(written)) == written
    label.check(read)


def _clearance(data: bytes) -> None:
    written = label.write_clearance(label.read_clearance(data, "file.xml"))
    assert label.write_clearance(label.read_clearance(written)) == written


HARNESSES = {
    "xml": Harness(_xml, [*_LABELS, *_POLICIES]),
    "policy-file": Harness(_policy, _POLICIES),
    "policy-file-lenient": Harness(_lenient, _REPAIRED),
    "label": Harness(_label, _LABELS),
    "clearance-file": Harness(_clearance, _CLEARANCES),
}
