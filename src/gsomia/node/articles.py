"""The provisions that this program cites: a node runs no pack without a place for each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

import msgspec

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

T = TypeVar("T")

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


class Citing(msgspec.Struct, frozen=True):
    """A provision, and what cites it: rules with their texts, and kinds of notice."""

    provision: str
    rules: dict[str, str]
    notices: tuple[str, ...]


def _values(type_: type[T]) -> Iterator[T]:
    for module in _MODULES:
        yield from (v for v in vars(module).values() if isinstance(v, type_))


def citing() -> tuple[Citing, ...]:
    """Every provision that this program cites, in order, with what does."""
    return tuple(
        Citing(
            provision,
            {r.name: r.text for r in _values(Rule) if r.article == provision},
            tuple(kind for kind, form in FORMS.items() if form.article == provision),
        )
        for provision in cited()
    )


def check_runs(pack: bytes, where: str) -> None:
    """Raise `BadInput`, with the line, for a pack under which a refusal would have no ground."""
    for fault in check_pack(yamldoc.read(pack, where), cited()):
        if fault.grade == "fault":
            raise BadInput(fault.expected, fault.got, f"{where}, line {fault.line}")


def cited() -> list[str]:
    """Each citation once, in order. Grounds that are no article are left out."""
    found = {f.article for f in FORMS.values()} | {r.article for r in _values(Rule)}
    found |= set(_values(str))
    return sorted((a for a in found if CITATION.fullmatch(a)), key=_order)


def _order(citation: str) -> tuple[int, str]:
    """Articles by their numbers, each before its parts."""
    number, _, part = citation.removeprefix("Art. ").partition("(")
    return int(number), part
