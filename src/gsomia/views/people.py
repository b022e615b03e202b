"""People with their roles, clearances, briefings, listings and needs; facilities."""

from __future__ import annotations

from collections.abc import Iterable

from gsomia.canon import builtins, instant
from gsomia.clearance.model import (
    ROLES,
    Appointment,
    Briefing,
    Clearance,
    Facility,
    Listing,
    Need,
    Person,
    within,
)
from gsomia.fold import State
from gsomia.views.paging import PAGED, Row, check, keep, need, now_of, page


def people(state: State, params: dict[str, str]) -> Row:
    """Everybody known here. What is `current` is told only with `now`."""
    check(params, "facility", *PAGED)
    now = _now(params)
    found = (p for p in state.all(Person) if keep(params, p, "facility"))
    return page(found, params, lambda p: _summary(p, state, now))


def person(state: State, params: dict[str, str]) -> Row:
    """One person, by `id`, with every briefing, listing and need on record."""
    check(params, "id")
    found = state.need(Person, need(params, "id"), "person")
    now = _now(params)
    return {
        **_summary(found, state, now),
        "rank": found.rank,
        "post": found.post,
        "key_name": found.key_name,
        "briefings": _of(found, state.all(Briefing), now),
        "listings": [builtins(x) for x in state.all(Listing) if x.person == found.id],
        "needs": _of(found, state.all(Need), now),
    }


def facilities(state: State, params: dict[str, str]) -> Row:
    """Places that may hold items, with their custodians and how many people each lists."""
    check(params, *PAGED)
    now = _now(params)
    listed = [x.facility for x in state.all(Listing) if not x.struck_at]

    def show(facility: Facility) -> Row:
        return {
            "id": facility.id,
            "name": facility.name,
            "levels": list(facility.levels),
            "custodian": facility.custodian,
            "since": facility.since,
            "until": facility.until,
            "current": _current(now, facility.since, facility.until),
            "listed": listed.count(facility.id),
        }

    return page(state.all(Facility), params, show)


def _now(params: dict[str, str]) -> str:
    now = now_of(params)
    return instant(now) if now else ""


def _current(now: str, since: str, until: str) -> bool | None:
    return within(now, since, until) if now else None


def _of(person: Person, docs: Iterable[Briefing | Need], now: str) -> list[Row]:
    return [
        {**builtins(d), "current": _current(now, d.since, d.until)}
        for d in docs
        if d.person == person.id
    ]


def _summary(person: Person, state: State, now: str) -> Row:
    held = (state.get(Appointment, f"{person.id} {role}") for role in ROLES)
    roles = [
        {
            "role": a.role,
            "since": a.since,
            "until": a.until,
            "current": _current(now, a.since, a.until),
        }
        for a in held
        if a is not None
    ]
    cleared = state.get(Clearance, person.id)
    return {
        "id": person.id,
        "name": person.name,
        "facility": person.facility,
        "has_key": bool(person.key_name),
        "roles": roles,
        "clearance": None if cleared is None else _clearance(cleared, now),
    }


def _clearance(found: Clearance, now: str) -> Row:
    current = _current(now, found.since, found.until)
    return {
        "levels": list(found.levels),
        "authority": found.authority,
        "since": found.since,
        "until": found.until,
        "withdrawn_at": found.withdrawn_at,
        "current": current if current is None else current and not found.withdrawn_at,
    }
