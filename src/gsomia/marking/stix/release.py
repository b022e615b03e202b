"""Whether a STIX bundle may go to a recipient, by its markings alone, and which objects may not.

The answer is a value: each finding names its rule, the object, and what it met; the rule's
source and who can decide stand in `handlingrules.RULES`. A yes here is no ground to send:
agreement, request and decision are asked elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from gsomia.marking.handling import Handling, Recipient, Tlp, join, settled, unmet
from gsomia.marking.stix.effective import effective, table
from gsomia.marking.stix.model import Marked, Package
from gsomia.marking.stix.reading import read


class Finding(msgspec.Struct, frozen=True, order=True):
    """A rule that does not hold for an object. `modified`: which version of it."""

    rule: str
    object: str
    modified: str
    saw: str


class GivenAway(msgspec.Struct, frozen=True):
    """An object that may go, and one that may not, which it names."""

    object: str
    names: str


class Release(msgspec.Struct, frozen=True):
    """The answer. `permitted`: the objects that may go; `given_away`: what they tell of others.

    Definitions are among the objects.
    """

    recipient: Recipient
    unmarked: Tlp | None
    permitted: tuple[str, ...]
    findings: tuple[Finding, ...]
    given_away: tuple[GivenAway, ...]

    @property
    def granted(self) -> bool:
        """Whether all of it may go. An empty bundle may not."""
        return not self.findings


def releasable(package: Package, recipient: Recipient, unmarked: Tlp | None = None) -> Release:
    """Ask the markings of every object whether `recipient` may receive all of it.

    `unmarked`: what a person decided for objects whose markings do not say who may
    receive them; None: nobody may. Total: it raises nothing.
    """
    permitted: list[Marked] = []
    findings: list[Finding] = []
    kept: dict[Handling, tuple[Finding, ...]] = {}
    for marked, asked in _asked(package):
        handling = settled(asked, unmarked)
        if handling not in kept:
            kept[handling] = tuple(
                Finding(one.rule, "", "", one.saw) for one in unmet(handling, recipient)
            )
        if not kept[handling]:
            permitted.append(marked)
        findings.extend(
            Finding(one.rule, marked.id, marked.modified or "", one.saw) for one in kept[handling]
        )
    if not permitted and not findings:
        findings.append(Finding("something", package.id or "", "", ""))
    refused = {finding.object for finding in findings}
    # One version that may not go keeps the object from being named as permitted.
    ids = tuple(dict.fromkeys(m.id for m in permitted if m.id not in refused))
    told = {(m.id, name) for m in permitted for name in m.names if name in refused}
    away = tuple(GivenAway(*pair) for pair in sorted(told) if pair[0] not in refused)
    return Release(recipient, unmarked, ids, tuple(sorted(findings)), away)


_FREE = Handling(silent=False)


def _asked(package: Package) -> Iterator[tuple[Marked, Handling]]:
    """Every object with what its markings ask. A definition says nothing but a marking: it goes
    with what it marks, unless it is marked itself.
    """
    asks = table(package)
    for marked in package.objects:
        yield marked, effective(marked, asks).whole
    for definition in package.definitions:
        marked = definition.marked
        yield marked, effective(marked, asks).whole if marked.references else _FREE


# -- what an examiner of content asks ---------------------------------------------------


class StixMarks(msgspec.Struct, frozen=True):
    """What a file of STIX says about its own handling.

    `handling`: of the whole file. `unresolved`: markings named that it does not hold.
    `unmarked`: objects whose markings do not say who may receive them.
    """

    objects: int
    handling: Handling
    unresolved: tuple[str, ...]
    unmarked: tuple[str, ...]


def stix_marks(data: bytes, where: str = "bundle") -> StixMarks:
    """What the markings of a STIX 2.1 file ask of whoever receives all of it.

    Raises `BadInput` for a file that is no STIX 2.1, or too large: see `reading`.
    """
    package = read(data, where)
    found = list(_asked(package))
    known = table(package).keys()
    named = {reference for marked, _ in found for reference in marked.references}
    return StixMarks(
        objects=len(package.objects),
        handling=join(handling for _, handling in found),
        unresolved=tuple(sorted(named - known)),
        unmarked=tuple(dict.fromkeys(marked.id for marked, h in found if h.silent)),
    )
