"""What the markings of other systems ask of a recipient: TLP, PAP, levels, states, caveats.

A `Handling` is what our side can decide on, whatever format said it. It is no level:
TLP says how far information may be shared, not how secret it is, and a level of
another policy stays in that policy. Nothing here maps one to a national level.

Two ways to put handlings together. `together`: several markings stand on one thing,
and all of them apply. `join`: a thing is made of several, or they travel together.
Both ask what every part asks, so **whoever passes the join passes every part**.
They differ in silence: a thing is silent when none of its markings says who may
receive it, and material is silent when any part of it is. Silence permits nobody.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from functools import total_ordering

import msgspec


@total_ordering
class _Ranked(enum.Enum):
    """A scale in the order its members are written, from the most open on."""

    @property
    def rank(self) -> int:
        """The place on the scale, from 0."""
        return list(type(self)).index(self)

    def __lt__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self.rank < other.rank


class Tlp(_Ranked):
    """The Traffic Light Protocol 2.0 of FIRST. WHITE of version 1 is CLEAR."""

    CLEAR = "CLEAR"
    GREEN = "GREEN"
    AMBER = "AMBER"
    AMBER_STRICT = "AMBER+STRICT"
    RED = "RED"

    @property
    def standing(self) -> Standing:
        """The least standing that this label asks of a recipient."""
        return _STANDINGS[self]


class Pap(_Ranked):
    """The Permissible Actions Protocol: what may be done with the information."""

    CLEAR = "CLEAR"
    GREEN = "GREEN"
    AMBER = "AMBER"
    RED = "RED"


class Standing(_Ranked):
    """How a recipient stands to whoever holds the information under TLP.

    `NAMED`: the source named this very recipient for this information.
    """

    ANYONE = "anyone"
    COMMUNITY = "community"
    CLIENT = "client"
    MEMBER = "member"
    NAMED = "named"


_STANDINGS = {
    Tlp.CLEAR: Standing.ANYONE,
    Tlp.GREEN: Standing.COMMUNITY,
    Tlp.AMBER: Standing.CLIENT,
    Tlp.AMBER_STRICT: Standing.MEMBER,
    Tlp.RED: Standing.NAMED,
}


class Effect(enum.Enum):
    """What a rule of sharing or of privilege does."""

    PERMIT = "permit"
    DENY = "deny"


class Leveled(msgspec.Struct, frozen=True, order=True):
    """A level in its own policy, in that policy's own word."""

    policy: str
    level: str


class OneOf(msgspec.Struct, frozen=True):
    """At least one of these values is asked for. `kind` is an attribute of `Recipient`."""

    kind: str
    values: frozenset[str]


class Scope(msgspec.Struct, frozen=True):
    """Whom a rule is about. `None`: not limited in that respect; `ALL` in a set: the same."""

    states: frozenset[str] | None = None
    organisations: frozenset[str] | None = None
    communities: frozenset[str] | None = None
    entities: frozenset[str] | None = None


class Sharing(msgspec.Struct, frozen=True):
    """To whom the information may be given on, and what holds for those not named."""

    default: Effect
    permits: frozenset[str] = frozenset()
    denies: frozenset[str] = frozenset()


class Privilege(msgspec.Struct, frozen=True):
    """Who may do one thing with the information."""

    action: str
    effect: Effect
    scope: Scope


class Privileges(msgspec.Struct, frozen=True):
    """What may be done, and what holds for actions and people not named."""

    default: Effect
    rules: frozenset[Privilege] = frozenset()


class Closed(msgspec.Struct, frozen=True, order=True):
    """Why nobody passes: a rule of `RULES`, and what it met."""

    rule: str
    what: str


class Handling(msgspec.Struct, frozen=True, kw_only=True):
    """What markings ask of a recipient. `states`: `None` not limited, empty nobody.

    `statements` and `pap` ask nothing of the recipient: they are told with the
    information. `silent`: nothing here says who may receive it.
    """

    silent: bool = True
    tlp: Tlp | None = None
    pap: Pap | None = None
    states: frozenset[str] | None = None
    levels: frozenset[Leveled] = frozenset()
    caveats: frozenset[str] = frozenset()
    one_of: frozenset[OneOf] = frozenset()
    sharing: frozenset[Sharing] = frozenset()
    privileges: frozenset[Privileges] = frozenset()
    statements: frozenset[str] = frozenset()
    closed: frozenset[Closed] = frozenset()


class Recipient(msgspec.Struct, frozen=True, kw_only=True):
    """Who would receive. What is not said is taken as not held.

    `party`: an alpha-3 code. `cleared`: levels one by one, each in its own policy, since no level
    implies another here. `action`: what the recipient would do, as ACS names it.
    """

    party: str
    standing: Standing = Standing.ANYONE
    organisations: frozenset[str] = frozenset()
    communities: frozenset[str] = frozenset()
    entities: frozenset[str] = frozenset()
    cleared: frozenset[Leveled] = frozenset()
    caveats: frozenset[str] = frozenset()
    action: str = "DSPLY"

    @property
    def states(self) -> frozenset[str]:
        """The one state, as a set."""
        return frozenset({self.party})


class Unmet(msgspec.Struct, frozen=True, order=True):
    """A rule that does not hold for a recipient, and what it met."""

    rule: str
    saw: str


# -- putting together -----------------------------------------------------------------


def together(handlings: Iterable[Handling]) -> Handling:
    """The handling of one thing on which all of these markings stand. None at all: silent."""
    parts = tuple(handlings)
    return _all(parts, silent=all(part.silent for part in parts))


def join(handlings: Iterable[Handling]) -> Handling:
    """The handling of material made of all of these: the strictest in every respect.

    Nothing at all is silent, as an unmarked thing is.
    """
    parts = tuple(handlings)
    return _all(parts, silent=not parts or any(part.silent for part in parts))


def settled(handling: Handling, unmarked: Tlp | None) -> Handling:
    """`handling`, where a person decided what holds for silent things. `None`: nobody."""
    if unmarked is None or not handling.silent:
        return handling
    held = unmarked if handling.tlp is None else max(handling.tlp, unmarked)
    return msgspec.structs.replace(handling, silent=False, tlp=held)


def _all(parts: tuple[Handling, ...], *, silent: bool) -> Handling:
    """Made in one pass over all parts: a bundle may hold very many."""
    if len(parts) == 1:
        return parts[0]
    states = [part.states for part in parts if part.states is not None]
    return Handling(
        silent=silent,
        tlp=max((part.tlp for part in parts if part.tlp is not None), default=None),
        pap=max((part.pap for part in parts if part.pap is not None), default=None),
        states=states[0].intersection(*states[1:]) if states else None,
        levels=frozenset[Leveled]().union(*(part.levels for part in parts)),
        caveats=frozenset[str]().union(*(part.caveats for part in parts)),
        one_of=frozenset[OneOf]().union(*(part.one_of for part in parts)),
        sharing=frozenset[Sharing]().union(*(part.sharing for part in parts)),
        privileges=frozenset[Privileges]().union(*(part.privileges for part in parts)),
        statements=frozenset[str]().union(*(part.statements for part in parts)),
        closed=frozenset[Closed]().union(*(part.closed for part in parts)),
    )


# -- asking -----------------------------------------------------------------------------

ALL = "ALL"
FOREIGN = "FOREIGNGOV"


def unmet(handling: Handling, recipient: Recipient) -> tuple[Unmet, ...]:
    """Every rule that does not hold for `recipient`, sorted. Empty: the recipient passes.

    Decides on the markings alone. That an agreement, a ground and a need to know exist is for
    others to ask.
    """
    return tuple(sorted(_unmet(handling, recipient)))


def _unmet(h: Handling, r: Recipient) -> Iterator[Unmet]:
    for closed in h.closed:
        yield Unmet(closed.rule, closed.what)
    if h.silent:
        yield Unmet("says_who", "")
    if h.tlp is not None and r.standing < h.tlp.standing:
        yield Unmet("tlp_named" if h.tlp is Tlp.RED else "tlp_standing", f"TLP:{h.tlp.value}")
    if h.states is not None and not _meets(h.states, r.states):
        yield Unmet("state_named", ", ".join(sorted(h.states)))
    for level in h.levels - r.cleared:
        yield Unmet("level_held", f"{level.policy} {level.level}")
    for caveat in h.caveats - r.caveats:
        yield Unmet("caveat_held", caveat)
    for one_of in h.one_of:
        if not _meets(one_of.values, getattr(r, one_of.kind)):
            yield Unmet("one_of_held", ", ".join(sorted(one_of.values)))
    for sharing in h.sharing:
        if not _shares(sharing, r):
            yield Unmet("sharing_permitted", f"sharedefault={sharing.default.value}")
    for privileges in h.privileges:
        if not _allows(privileges, r):
            yield Unmet("action_permitted", f"{r.action}, privdefault={privileges.default.value}")


def _meets(asked: frozenset[str], held: frozenset[str]) -> bool:
    return ALL in asked or not asked.isdisjoint(held)


def _shares(sharing: Sharing, r: Recipient) -> bool:
    """A denial outweighs a permission, and both outweigh the default."""
    names = r.organisations | (frozenset() if r.party == "USA" else {FOREIGN})
    if not sharing.denies.isdisjoint(names):
        return False
    return sharing.default is Effect.PERMIT or not sharing.permits.isdisjoint(names)


def _allows(privileges: Privileges, r: Recipient) -> bool:
    asked = [rule for rule in privileges.rules if rule.action in (r.action, ALL)]
    if any(rule.effect is Effect.DENY and _may_be_in(rule.scope, r) for rule in asked):
        return False
    return privileges.default is Effect.PERMIT or any(
        rule.effect is Effect.PERMIT and _is_in(rule.scope, r) for rule in asked
    )


_RESPECTS = ("states", "organisations", "communities", "entities")


def _is_in(scope: Scope, r: Recipient) -> bool:
    pairs = ((getattr(scope, name), getattr(r, name)) for name in _RESPECTS)
    return all(asked is None or _meets(asked, held) for asked, held in pairs)


def _may_be_in(scope: Scope, r: Recipient) -> bool:
    """Whether a denial could be about `r`: what is not known of a recipient may be so."""
    pairs = ((getattr(scope, name), getattr(r, name)) for name in _RESPECTS)
    return all(asked is None or not held or _meets(asked, held) for asked, held in pairs)
