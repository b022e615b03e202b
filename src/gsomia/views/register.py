"""The register: its lines, and the life of one item."""

from __future__ import annotations

from gsomia.canon import builtins
from gsomia.exchange.model import Incoming, NoticeFile, Outgoing
from gsomia.exchange.notice_acts import references
from gsomia.fold import State
from gsomia.registry.model import Access, Copy, Destruction, Item
from gsomia.release.model import Consent, PassedOn, Request
from gsomia.views.exchange import incoming_row, notice_row, outgoing_row
from gsomia.views.paging import PAGED, Row, check, keep, last, need, page, place
from gsomia.views.requests import request_row


def items(state: State, params: dict[str, str]) -> Row:
    """The register's lines, in the order of registration, of all or of some items."""
    names = ("agreement", "originator", "mark")
    check(params, *names, *PAGED)
    found = (i for i in state.all(Item) if keep(params, i, *names))
    return page(found, params, item_row)


def item_row(item: Item) -> Row:
    """A line of the register: facts only, no title."""
    return {
        "number": item.number,
        "agreement": item.agreement,
        "originator": item.originator,
        "reference": item.reference,
        "mark": item.mark,
        "local_mark": item.local_mark,
        "form": item.form,
        "short_title": item.short_title,
        "subject": item.subject,
        "copies": item.copies,
        "registered_at": item.registered_at,
        "key_held": item.key_held,
        "remark_to": item.remark_to,
        "remark_at": item.remark_at,
        "under_incident": item.under_incident,
    }


def item(state: State, params: dict[str, str]) -> Row:
    """The life of one item, `number`: everything the books say of it.

    Each list holds the newest `limit` documents, and how many there are.
    """
    check(params, "number", "limit")
    found = state.need(Item, need(params, "number"), "item")
    number = found.number
    asked = [r for r in state.all(Request) if r.item == number]
    ids = {r.id for r in asked}
    out = (o for o in state.all(Outgoing) if ids.intersection(o.requests))
    arrival = state.get(Incoming, found.transmittal) if found.transmittal else None
    about = (n for n in state.all(NoticeFile) if _names(n, found, ids))
    return {
        **item_row(found),
        "book": found.book,
        "entry": place(found.entry),
        "releasable_to": list(found.releasable_to),
        "caveats": list(found.caveats),
        "language": found.language,
        "pages": found.pages,
        "purpose": found.purpose,
        "conditions": list(found.conditions),
        "sealed": builtins(found.sealed),
        "copies_here": last((c for c in _copies(state, found)), params, builtins),
        "accesses": last((a for a in state.all(Access) if a.item == number), params, builtins),
        "requests": last(asked, params, lambda r: request_row(r, state)),
        "sent_in": last(out, params, outgoing_row),
        "received_in": incoming_row(arrival) if arrival else None,
        "destructions": last(
            (d for d in state.all(Destruction) if d.item == number), params, builtins
        ),
        "consents": last((c for c in state.all(Consent) if c.item == number), params, builtins),
        "passed_on": last((p for p in state.all(PassedOn) if p.item == number), params, builtins),
        "notices": last(about, params, notice_row),
    }


def _copies(state: State, item: Item) -> list[Copy]:
    found = (state.get(Copy, f"{item.number}/{n}") for n in range(1, item.copies + 1))
    return [copy for copy in found if copy is not None]


def _names(notice: NoticeFile, item: Item, requests: set[str]) -> bool:
    request = getattr(notice.about, "request", "")
    return item.reference in references(notice.about) or request in requests
