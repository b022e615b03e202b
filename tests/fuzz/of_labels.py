"""XML from other systems: the guard itself, policies, labels and clearances."""

from __future__ import annotations

from datetime import UTC, datetime

from gsomia.marking import label
from gsomia.marking.label.model import Originator
from gsomia.marking.spif import Direction
from gsomia.marking.spif import read as read_policy
from gsomia.marking.spif import write as write_policy
from gsomia.marking.xmlguard import parse
from gsomia.marking.xmlguard import write as write_xml
from tests.fuzz.harness import Harness, vector, vectors

_AT = datetime(2026, 11, 1, tzinfo=UTC)

_POLICIES = vectors("spif/good/*.xml")
_REPAIRED = vectors("spif/lenient/*.xml")
_LABELS = vectors("label/label-*.xml")
_CLEARANCES = vectors("label/clearance-*.xml")

_AT = datetime(2026, 6, 1, tzinfo=UTC)
_KOR = label.compiled(read_policy(vector("spif/good/kor.spif.xml")).policy)
_GOOD = label.read(vector("label/label-k1.xml"))
_PERSON = label.read_clearance(vector("label/clearance-ck-kor.xml"))


def _xml(data: bytes) -> None:
    """What was read can be written, and what was written is stable."""
    written = write_xml(parse(data, "file.xml"), {})
    assert write_xml(parse(written, "file.xml"), {}) == written


def _policy(data: bytes) -> None:
    policy = read_policy(data, "file.xml").policy
    written = write_policy(policy)
    assert write_policy(read_policy(written).policy) == written
    ready = label.compiled(policy)
    label.decide(_GOOD, _PERSON, ready, _AT)
    label.roll_up([_GOOD, _GOOD], ready, _AT)


def _lenient(data: bytes) -> None:
    loaded = read_policy(data, "file.xml", lenient=True)
    assert all(repair.text.isprintable() for repair in loaded.repairs)


def _label(data: bytes) -> None:
    read = label.read(data, "file.xml")
    written = label.write(read)
    assert label.write(label.read(written)) == written
    broken = label.validity(read, _KOR, _AT)
    assert set(label.check(read)) <= set(broken)
    granted = label.decide(read, _PERSON, _KOR, _AT).granted
    assert not (granted and broken)
    whole = label.roll_up([_GOOD, read], _KOR, _AT)
    if isinstance(whole, label.RolledUp):
        assert label.validity(whole.label, _KOR, _AT, new=True) == ()


_KOR = label.compiled(read_policy(vectors("spif/good/kor.spif.xml")[0]).policy)


def _marking(data: bytes) -> None:
    """Whatever a label says, it has a marking or is refused."""
    read = label.read(data, "file.xml")
    for language in ("", "ko"):
        assert label.marking(read, _KOR, language=language).startswith("EX-KOR")


_JPN = label.compiled(read_policy(vectors("spif/good/jpn.spif.xml")[0]).policy)
_MAPPER = label.Mapper(_KOR, _JPN, Direction.LEAVING, Originator("r@x", "rfc822Name"))


def _mapping(data: bytes) -> None:
    """Whatever a label says, what it is mapped to can be written and is valid there."""
    answer = _MAPPER.map(label.read(data, "file.xml"), _AT)
    if isinstance(answer, label.Mapped):
        written = label.read(label.write(answer.label))
        assert label.reference_of(written) == label.reference_of(answer.label)
        assert label.validity(written, _JPN, _AT, new=True) == ()


def _clearance(data: bytes) -> None:
    person = label.read_clearance(data, "file.xml")
    if label.decide(_GOOD, person, _KOR, _AT).granted:
        assert label.clearance_validity(person, _KOR, _AT) == ()
    written = label.write_clearance(person)
    assert label.write_clearance(label.read_clearance(written)) == written


HARNESSES = {
    "xml": Harness(_xml, [*_LABELS, *_POLICIES]),
    "policy-file": Harness(_policy, _POLICIES),
    "policy-file-lenient": Harness(_lenient, _REPAIRED),
    "label": Harness(_label, _LABELS),
    "label-marking": Harness(_marking, vectors("label/label-k*.xml")),
    "label-mapping": Harness(_mapping, vectors("label/label-k*.xml")),
    "clearance-file": Harness(_clearance, _CLEARANCES),
}
