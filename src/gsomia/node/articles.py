"""The articles that rules of this program cite: a node can run no pack without one of them."""

from __future__ import annotations

import gsomia.clearance.rules
import gsomia.exchange.rules
import gsomia.registry.rules
import gsomia.release.rules
from gsomia.ruling import Rule

_MODULES = (
    gsomia.clearance.rules,
    gsomia.exchange.rules,
    gsomia.registry.rules,
    gsomia.release.rules,
)


def cited() -> list[str]:
    """Each citation once, in order. Grounds that are no article are left out."""
    found = {r.article for m in _MODULES for r in vars(m).values() if isinstance(r, Rule)}
    return sorted(article for article in found if article.startswith("Art. "))
