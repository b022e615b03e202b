"""The provisions that this program cites: a node runs no pack without a place for each."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import gsomia.agreement.basis.rules
import gsomia.agreement.hypothesis
import gsomia.clearance.rules
import gsomia.desk.amending
import gsomia.exchange.rules
import gsomia.exchange.state
import gsomia.registry.rules
import gsomia.release.rules
import gsomia.views.days
import gsomia.views.impact
from gsomia.agreement import yamldoc
from gsomia.agreement.packchecks import check_pack
from gsomia.exchange.notices import FORMS
from gsomia.faults import BadInput
from gsomia.provisions import CITATION
from gsomia.ruling import Rule

_MODULES = (
    gsomia.agreement.basis.rules,
    gsomia.agreement.hypothesis,
    gsomia.clearance.rules,
    gsomia.desk.amending,
    gsomia.exchange.rules,
    gsomia.exchange.state,
    gsomia.registry.rules,
    gsomia.release.rules,
    gsomia.views.days,
    gsomia.views.impact,
)


def _of(module: ModuleType) -> Iterator[str]:
    for value in vars(module).values():
        if isinstance(value, Rule):
            yield value.article
        elif isinstance(value, str):
            yield value


def check_runs(pack: bytes, where: str) -> None:
    """Raise `BadInput`, with the line, for a pack under which a refusal would have no ground."""
    for fault in check_pack(yamldoc.read(pack, where), cited()):
        if fault.grade == "fault":
            raise BadInput(fault.expected, fault.got, f"{where}, line {fault.line}")


def cited() -> list[str]:
    """Each citation once, in order. Grounds that are no article are left out."""
    found = {f.article for f in FORMS.values()}.union(*(_of(m) for m in _MODULES))
    return sorted(article for article in found if CITATION.fullmatch(article))
