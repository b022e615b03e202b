"""Which competent authority a party named last (Art. 2(d))."""

from __future__ import annotations

from gsomia.canon import order_key
from gsomia.clearance.model import within
from gsomia.exchange.model import NamedAuthority
from gsomia.fold import State


def named_authority(state: State, party: str, now: str) -> str:
    """The competent authority that a party named last, of those that count by now; or empty."""
    named = [
        one
        for one in state.all(NamedAuthority)
        if (one.party, one.role) == (party, "competent_authority") and within(now, one.since, "")
    ]
    return max(named, key=lambda one: order_key(one.since)).name if named else ""
