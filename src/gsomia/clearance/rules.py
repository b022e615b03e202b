"""The rule that every officer's act passes, a letter of appointment covers it now; and
those of enrolment, whose key it is.

The treaty leaves roles and keys to each side's own organisation; the rules are
registry practice, and say so in place of an article.
"""

from __future__ import annotations

import functools

import msgspec

from gsomia.clearance.model import holds_role
from gsomia.fold import State
from gsomia.ruling import RuleList, rule

PRACTICE = "Registry practice: letters of appointment"
PERSONAL = "Registry practice: personal acts"


class Officer(msgspec.Struct, frozen=True):
    """Who acts, the roles that may, and those of them that an appointment covers now."""

    actor: str
    may_act: tuple[str, ...]
    appointed_as: tuple[str, ...]


@rule(PRACTICE, who="security authority", sees=("actor", "may_act", "appointed_as"))
def actor_is_appointed(case: Officer) -> bool:
    """The person who signed holds, at this instant, a letter of appointment for this act."""
    return bool(case.appointed_as)


@functools.cache
def _list(act: str) -> RuleList[Officer]:
    return RuleList(act, (actor_is_appointed,))


def officer(state: State, actor: str, now: str, *roles: str) -> Officer:
    """The facts `actor_is_appointed` looks at."""
    held = tuple(r for r in roles if holds_role(state, actor, r, now))
    return Officer(actor, roles, held)


def officer_rules(act: str) -> RuleList[Officer]:
    """The rule list of an act that needs an appointment and nothing else."""
    return _list(act)


class EnrolCase(msgspec.Struct, frozen=True):
    """The facts of enrolling a person, with a key of their own or without one.

    `held_by` are the other people for whom one of its halves, or the name it signs under,
    is or was enrolled; `node_of` the registry whose node has one of its halves, or empty.
    """

    actor: str
    may_act: tuple[str, ...]
    appointed_as: tuple[str, ...]
    person: str
    key_name: str
    held_by: tuple[str, ...]
    node_of: str


@rule(PERSONAL, who="security authority", sees=("key_name", "node_of"))
def key_is_no_nodes(case: EnrolCase) -> bool:
    """Neither half of the key is a node's own: a node's key never stands for a person."""
    return not case.node_of


@rule(PERSONAL, who="security authority", sees=("person", "key_name", "held_by"))
def key_is_nobody_elses(case: EnrolCase) -> bool:
    """Neither half of the key, nor the name it signs under, is or was another person's."""
    return not case.held_by


ENROL_RULES: RuleList[EnrolCase] = RuleList(
    "clearance.enrol", (actor_is_appointed, key_is_no_nodes, key_is_nobody_elses)
)
