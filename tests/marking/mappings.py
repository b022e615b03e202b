"""Two fictitious policies that map to each other, and labels of both."""

from __future__ import annotations

from datetime import UTC, datetime

from gsomia.marking.label import Label, Mapped, Unmapped, map_label, read
from gsomia.marking.label.alternative import Answer
from gsomia.marking.label.model import Originator
from gsomia.marking.spif import Policy
from gsomia.marking.spif import read as read_policy
from tests.marking.shared import SPIF, VECTORS

AT = datetime(2026, 11, 1, tzinfo=UTC)
WHO = Originator("registry@example.mil.kr", "rfc822Name")
KOR_XML = (SPIF / "good" / "kor.spif.xml").read_text("utf-8")
JPN_XML = (SPIF / "good" / "jpn.spif.xml").read_text("utf-8")


def policy(text: str) -> Policy:
    """The policy of a file's text."""
    return read_policy(text.encode()).policy


KOR, JPN = policy(KOR_XML), policy(JPN_XML)


def stored(name: str) -> Label:
    """A label stored here."""
    return read((VECTORS / "label" / f"label-{name}.xml").read_bytes())


K1, J1 = stored("k1"), stored("j1")


def mapping_of(label: Label, source: Policy, target: Policy, **more: object) -> Answer:
    """What a label equals on that day."""
    return map_label(label, source, target, AT, mapper=WHO, **more)  # type: ignore[arg-type]


def mapped(label: Label, source: Policy, target: Policy, **more: object) -> Mapped:
    """The same, for one that is mapped."""
    answer = mapping_of(label, source, target, **more)
    assert isinstance(answer, Mapped), answer
    return answer


def stopped_by(answer: Answer) -> list[str]:
    """What stops a mapping."""
    assert isinstance(answer, Unmapped), answer
    return [obstacle.rule for obstacle in answer.obstacles]


KOR_REF = 'tagSetId="2.25.2222222222.2" tagType="permissive" lacv="2"'
JPN_REF = 'tagSetId="2.25.2222222222.2" tagType="permissive" lacv="1"'
SECRET = '<spif:equivalentClassification applied="encrypt" policyRef="EX-JPN" lacv="4"/>'


def with_required(operation: str, *groups: str) -> str:
    """`SECRET`, where it requires restrictive categories."""
    named = [f'tagSetRef="{g.split()[0]}" {g.partition(" ")[2]}' for g in groups]
    inner = "".join(f'<spif:categoryGroup tagType="restrictive" {one}/>' for one in named)
    required = f'<spif:requiredCategory operation="{operation}">{inner}</spif:requiredCategory>'
    return f"{SECRET[:-2]}>{required}</spif:equivalentClassification>"
