"""What this node does where the readings of a final clause differ: its own policy, not law.

Neither reading is law, and disputes are for consultation between the parties; but whether
something is sent tonight must be decided tonight. The house decides it once, openly: a
signed act of the treaty desk, in the house book. Every decision keeps the policy, its version
and the reading it relied on.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from gsomia.agreement.model import Pack
from gsomia.fold import Doc, State

Policy = Literal["allow", "second_pair", "refuse", "other_route"]
"""On contested ground: go on; go on once a third person confirms the ground; refuse; refuse
and name another way to ask for."""

POLICIES: tuple[Policy, ...] = ("allow", "second_pair", "refuse", "other_route")
DEFAULT: Policy = "second_pair"
"""Until the desk decides: more caution, and no veto."""


class GroundPolicy(Doc, frozen=True, tag="desk.ground_policy"):
    """The policy in force for one agreement. `version` counts the decisions, from 1."""

    agreement: str
    policy: Policy
    reading: str
    reason: str
    set_by: str
    set_at: str
    version: int

    @property
    def key(self) -> str:
        """The agreement."""
        return self.agreement


class InForce(msgspec.Struct, frozen=True):
    """The policy as decisions rest on it; `version` 0 is the default that nobody decided."""

    policy: Policy
    reading: str
    version: int


def in_force(state: State, pack: Pack, party: str) -> InForce:
    """The policy of this node for an agreement, decided or by default.

    By default the reading relied on is the one that this party is reported to hold, else the
    first that any party holds. A reading that no party holds is never relied on.
    """
    decided = state.get(GroundPolicy, pack.id)
    if decided is not None:
        return InForce(decided.policy, decided.reading, decided.version)
    held = [r for r in pack.readings if r.held]
    own = next((r.id for r in held if r.holder == party), held[0].id)
    return InForce(DEFAULT, own, 0)
