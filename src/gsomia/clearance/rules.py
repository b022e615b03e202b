"""The rule that every officer's act passes: a letter of appointment covers it now.

The treaty leaves roles to each side's own organisation; the rule is registry
practice, and says so in place of an article.
"""

from __future__ import annotations

import functools

import msgspec

from gsomia.clearance.model import holds_role
from gsomia.fold import State
from gsomia.ruling import RuleList, rule

PRACTICE = "Registry practice: letters of appointment"


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
