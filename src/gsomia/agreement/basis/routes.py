"""The answer: every way of at most three hops, with what it rests on and what it lacks.

The graph is small and fixed: states and organisations joined by treaties. A way uses no
agreement twice, for two hops under one agreement are one hop under it, and does not pass
through the originator, who may answer for itself. Nothing here reads a clock, and no order
depends on chance.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from gsomia.agreement.basis.consents import handed_on
from gsomia.agreement.basis.grounds import Ground, Known, flags, known
from gsomia.agreement.basis.legs import Desk, Hop
from gsomia.agreement.basis.model import (
    Answer,
    Condition,
    Leg,
    Outcome,
    Question,
    Rejected,
    Route,
    RouteKind,
    Unread,
)
from gsomia.agreement.basis.question import checked
from gsomia.agreement.basis.rules import condition
from gsomia.agreement.basis.subjects import Subjects, subjects
from gsomia.agreement.catalogue.model import EntryKind, Flag
from gsomia.agreement.model import weakest

MAX_HOPS = 3
"""Hops of the longest way looked for."""

_BEST = (Outcome.PERMITTED, Outcome.PERMITTED_IF, Outcome.NOT_PERMITTED)


def ask(
    question: Question, among: Known | None = None, vocabulary: Subjects | None = None
) -> Answer:
    """Which instruments permit the transfer, by which routes, on what conditions.

    Total for a question that makes sense; raises `BadInput` for unknown parties and
    subjects, the same holder and recipient, and instants without offset or out of range.
    """
    among = known() if among is None else among
    vocabulary = subjects() if vocabulary is None else vocabulary
    question = checked(question, among, vocabulary)
    desk = Desk(question, vocabulary)
    found = [one for way in _ways(question, among) for one in _told(desk, among, way)]
    routes = sorted((one for one in found if isinstance(one, Route)), key=_order)
    rejected = [one for one in found if isinstance(one, Rejected)]
    if not routes and not rejected:
        rejected.append(_nothing(question))
    rejected.sort(key=lambda r: (len(r.path), r.path, r.agreements))
    return Answer(
        outcome=min((r.outcome for r in routes), key=_BEST.index, default=Outcome.NOT_PERMITTED),
        question=question,
        scope={s.agreement: s.text for s in vocabulary.scopes},
        routes=tuple(routes),
        rejected=tuple(rejected),
    )


def _order(route: Route) -> tuple[int, int, tuple[str, ...], str, tuple[str, ...]]:
    ids = tuple(leg.agreement for leg in route.legs)
    return route.hops, _BEST.index(route.outcome), route.path, route.kind, ids


def _nothing(question: Question) -> Rejected:
    missing = condition(
        "some_agreement_is_known",
        verified="none",
        sender=question.holder,
        receiver=question.recipient,
    )
    return Rejected(
        kind=RouteKind.DIRECT,
        path=(question.holder, question.recipient),
        agreements=(),
        missing=(missing,),
    )


# -- the ways there are ---------------------------------------------------------------


class _Way(msgspec.Struct, frozen=True):
    """The hops from the originator to the recipient; the first is done where another holds it.

    `past` is null where the holder originated it, or where no treaty tells how it came there.
    """

    past: Ground | None
    hops: tuple[Hop, ...]


def _ways(question: Question, among: Known) -> Iterator[_Way]:
    """Every candidate, in order; whether it carries anything is found out later."""
    usable = among.usable()
    pasts: list[Ground | None] = [None]
    if question.holder != question.originator:
        both = {question.originator, question.holder}
        pasts = [g for g in usable if g.treaty and both <= g.codes] or [None]
    straight = [g for g in usable if {question.holder, question.recipient} <= g.codes]
    for past in pasts:
        used = frozenset() if past is None else frozenset({past.id})
        for ground in straight:
            # Back to its originator it goes under the treaty by which it came.
            if ground.id not in used or question.recipient == question.originator:
                yield _Way(past, (Hop(ground, question.holder, question.recipient),))
        for hops in _onward(question, usable, question.holder, used, frozenset()):
            if len(hops) > 1:
                yield _Way(past, hops)


def _onward(
    question: Question,
    usable: tuple[Ground, ...],
    here: str,
    used: frozenset[str],
    seen: frozenset[str],
) -> Iterator[tuple[Hop, ...]]:
    """Every chain of treaties from here to the recipient."""
    if len(seen) == MAX_HOPS:
        return
    seen |= {here}
    for ground in usable:
        if not ground.treaty or ground.id in used or here not in ground.codes:
            continue
        for there in sorted(ground.codes - seen - {question.originator}):
            if there == question.recipient:
                continue
            rest = _onward(question, usable, there, used | {ground.id}, seen)
            yield from ((Hop(ground, here, there), *hops) for hops in rest)
        if question.recipient in ground.codes:
            yield (Hop(ground, here, question.recipient),)


# -- one way --------------------------------------------------------------------------


class _Followed(msgspec.Struct, frozen=True):
    """A way gone hop by hop: what it becomes, what is asked for, what stands against it."""

    hops: tuple[Hop, ...]
    legs: tuple[Leg, ...]
    conditions: tuple[Condition, ...]
    missing: tuple[Condition, ...]


def _follow(desk: Desk, way: _Way) -> _Followed:
    question, hops = desk.question, way.hops
    legs: list[Leg] = []
    conditions: list[Condition] = []
    missing: list[Condition] = []
    marks: tuple[str, ...] = (question.mark,)
    if way.past is not None:
        hops = (Hop(way.past, question.originator, question.holder), *hops)
    elif question.holder != question.originator:
        missing.append(_unaccounted(question))
        marks = ()
    for number, hop in enumerate(hops):
        # Not by its treaty: on its way back an item goes once more under that of the first hop.
        done = way.past is not None and number == 0
        tried = desk.try_(hop.ground, hop.sender, hop.receiver, marks, done=done)
        marks = tried.leg.becomes if tried.leg else ()
        legs += [tried.leg] if tried.leg else []
        conditions += tried.conditions
        missing += tried.missing
    return _Followed(hops, tuple(legs), tuple(conditions), tuple(missing))


def _unaccounted(question: Question) -> Condition:
    return condition(
        "holding_is_accounted_for",
        verified="none",
        holder=question.holder,
        originator=question.originator,
    )


def _told(desk: Desk, among: Known, way: _Way) -> Iterator[Route | Rejected]:
    """A way by itself, and under each arrangement whose hub it passes."""
    followed = _follow(desk, way)
    path = (desk.question.holder, *(hop.receiver for hop in way.hops))
    for arrangement in (None, *_arrangements(among, followed.hops)):
        extra = () if arrangement is None else (arrangement.id,)
        kind = _kind(desk.question, way, arrangement)
        missing = list(followed.missing)
        if arrangement is not None:
            missing += desk.standing(arrangement).missing + desk.outside(arrangement)
        if missing:
            yield Rejected(
                kind=kind,
                path=path,
                agreements=(*extra, *(hop.ground.id for hop in followed.hops)),
                missing=_once(missing),
            )
        else:
            yield _route(desk, among, followed, path, kind, arrangement)


def _kind(question: Question, way: _Way, arrangement: Ground | None) -> RouteKind:
    """Straight is one hop by its originator, or back to it."""
    if arrangement is not None:
        return RouteKind.HUB
    home = question.originator in (question.holder, question.recipient)
    return RouteKind.DIRECT if home and len(way.hops) == 1 else RouteKind.ONWARD


def _arrangements(among: Known, hops: tuple[Hop, ...]) -> tuple[Ground, ...]:
    """Those whose members a way joins, from one to another through the hub between them."""
    if len(hops) != 2 or not all(hop.ground.treaty for hop in hops):
        return ()
    three = {hops[0].sender, hops[0].receiver, hops[1].receiver}
    return tuple(
        g
        for g in among.usable()
        if g.entry.kind is EntryKind.ARRANGEMENT
        and g.hub == hops[0].receiver
        and three <= g.codes
        and len(three) == 3
    )


def _route(
    desk: Desk,
    among: Known,
    followed: _Followed,
    path: tuple[str, ...],
    kind: RouteKind,
    arrangement: Ground | None,
) -> Route:
    conditions = list(followed.conditions)
    if arrangement is not None:
        hub = condition(
            "route_passes_the_hub",
            met=True,
            verified=arrangement.entry.verified.third_party,
            agreement=arrangement.id,
            hub=arrangement.hub or "",
        )
        conditions.append(hub)
    conditions += handed_on(desk, among, followed.hops, arrangement)
    asked = _once(conditions)
    unverified, weakest_ = _rests_on(followed, arrangement)
    met = all(c.met for c in asked)
    return Route(
        kind=kind,
        outcome=Outcome.PERMITTED if met else Outcome.PERMITTED_IF,
        path=path,
        legs=followed.legs,
        arrangement=arrangement.id if arrangement else None,
        conditions=asked,
        unverified=unverified,
        verified=weakest_,
    )


def _rests_on(followed: _Followed, arrangement: Ground | None) -> tuple[tuple[Unread, ...], Flag]:
    """Every group of facts that nobody has fully read, and the weakest flag of all of them."""
    facts = [(leg.agreement, name, f) for leg in followed.legs for name, f in leg.verified.items()]
    facts += [
        (hop.ground.id, "third_party", hop.ground.entry.verified.third_party)
        for hop in followed.hops[:-1]
    ]
    if arrangement is not None:
        own = flags(arrangement, "dates", "duration", "third_party")
        facts += [(arrangement.id, name, f) for name, f in own.items()]
    unread = tuple(Unread(*fact) for fact in facts if fact[2] is not True)
    return unread, weakest(*(f for _, _, f in facts))


def _once(conditions: list[Condition]) -> tuple[Condition, ...]:
    """Each condition once, in order."""
    return tuple(c for i, c in enumerate(conditions) if c not in conditions[:i])
