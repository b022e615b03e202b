"""Requests to release, with what the recipient assured."""

from __future__ import annotations

from gsomia.canon import builtins
from gsomia.fold import State
from gsomia.release.model import Assurance, Request
from gsomia.views.paging import PAGED, Row, check, keep, need, page, place


def requests(state: State, params: dict[str, str]) -> Row:
    """Requests, in the order of asking."""
    names = ("agreement", "item", "state", "recipient")
    check(params, *names, *PAGED)
    found = (r for r in state.all(Request) if keep(params, r, *names))
    return page(found, params, lambda r: request_row(r, state))


def request(state: State, params: dict[str, str]) -> Row:
    """One request, by `id`."""
    check(params, "id")
    return request_row(state.need(Request, need(params, "id"), "request"), state)


def request_row(found: Request, state: State) -> Row:
    """A request, where its decision stands, and the assurance."""
    assurance = state.get(Assurance, found.id)
    return {
        "id": found.id,
        "item": found.item,
        "agreement": found.agreement,
        "recipient": found.recipient,
        "purpose": found.purpose,
        "copies": list(found.copies),
        "requested_by": found.requested_by,
        "requested_at": found.requested_at,
        "state": found.state,
        "reviewed_by": found.reviewed_by,
        "decided_by": found.decided_by,
        "decision": place(found.decision),
        "articles": list(found.articles),
        "conditions": list(found.conditions),
        "ground_confirmed_by": found.ground_confirmed_by,
        "assurance": builtins(assurance) if assurance else None,
    }
