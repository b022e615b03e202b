"""The exchange: what went out, what came in, notices, alarms, partners."""

from __future__ import annotations

from gsomia.canon import builtins
from gsomia.exchange.card import fingerprint_of, open_card
from gsomia.exchange.messages import ItemLine
from gsomia.exchange.model import Alarm, Incoming, Line, NamedAuthority, NoticeFile, Outgoing, Peer
from gsomia.exchange.notices import answers, kind_of
from gsomia.faults import BadInput, shown
from gsomia.fold import State
from gsomia.views.paging import PAGED, Row, age, check, keep, need, now_of, page, place


def outgoing(state: State, params: dict[str, str]) -> Row:
    """Transmittals of ours, in the order of their numbers."""
    names = ("peer", "agreement", "state", "what")
    check(params, *names, *PAGED)
    return page((o for o in state.all(Outgoing) if keep(params, o, *names)), params, outgoing_row)


def incoming(state: State, params: dict[str, str]) -> Row:
    """Transmittals received, in the order of arrival."""
    names = ("peer", "agreement", "state", "what")
    check(params, *names, *PAGED)
    return page((i for i in state.all(Incoming) if keep(params, i, *names)), params, incoming_row)


def outgoing_row(out: Outgoing) -> Row:
    """A transmittal of ours, without the signed receipts themselves."""
    return {
        "peer": out.peer,
        "number": out.number,
        "agreement": out.agreement,
        "sequence": out.sequence,
        "precedence": out.precedence,
        "what": out.what,
        "state": out.state,
        "ordered_at": out.ordered_at,
        "requests": list(out.requests),
        "notice": out.notice,
        "exported": out.exported,
        "cancelled": out.cancelled,
        "delivered_at": out.delivered_at,
        "receipt": bool(out.receipt),
        "acceptance": bool(out.acceptance),
        "lines": builtins(out.lines),
    }


def incoming_row(arrival: Incoming) -> Row:
    """A transmittal received, with what its items say of themselves outside the seal."""
    return {
        "peer": arrival.peer,
        "number": arrival.number,
        "agreement": arrival.agreement,
        "sequence": arrival.sequence,
        "precedence": arrival.precedence,
        "what": arrival.what,
        "state": arrival.state,
        "received_at": arrival.received_at,
        "key_part": arrival.key_part,
        "items": [_line(line) for line in arrival.statement.items()],
        "lines": builtins(arrival.lines),
    }


def _line(line: ItemLine) -> Row:
    return {
        "reference": line.reference,
        "originator": line.originator,
        "originator_mark": line.originator_mark,
        "releasable_to": list(line.releasable_to),
        "caveats": list(line.caveats),
        "form": line.form.value,
        "short_title": line.short_title,
        "subject": line.subject,
        "purpose": line.purpose,
        "language": line.language,
        "pages": line.pages,
        "copies": list(line.copies),
        "copies_of": line.copies_of,
        "onward": builtins(line.onward),
    }


def transmittal(state: State, params: dict[str, str]) -> Row:
    """One transmittal, by `peer` and `number`, with our signed receipts as text.

    Each side numbers what it sends, so there can be one of this number in each `direction`,
    `out` and `in`. Without it, ours is meant, or what came if there is none of ours.
    """
    check(params, "peer", "number", "direction")
    direction = params.get("direction")
    if direction not in (None, "in", "out"):
        raise BadInput("in, or out", shown(direction), "direction")
    key = f"{need(params, 'peer')} {need(params, 'number')}"
    out = state.get(Outgoing, key) if direction != "in" else None
    arrival = state.get(Incoming, key) if direction != "out" else None
    if out is not None:
        return {
            "direction": "out",
            **outgoing_row(out),
            "receipt": out.receipt,
            "acceptance": out.acceptance,
            "ordered": place(out.ordered),
        }
    if arrival is not None:
        return {"direction": "in", **incoming_row(arrival), "receipt": arrival.receipt}
    raise BadInput("a known transmittal", shown(key), "transmittal")


def notices(state: State, params: dict[str, str]) -> Row:
    """Notices given and received. `open` = `yes`: questions that nobody has answered."""
    check(params, "peer", "agreement", "open", *PAGED)
    if params.get("open") not in (None, "yes"):
        raise BadInput("yes, or nothing", shown(params["open"]), "open")
    found = (n for n in state.all(NoticeFile) if keep(params, n, "peer", "agreement"))
    if params.get("open"):
        found = (n for n in found if not n.answered_by and answers(kind_of(n.about)))
    return page(found, params, notice_row)


def notice(state: State, params: dict[str, str]) -> Row:
    """One notice, by `id`."""
    check(params, "id")
    return notice_row(state.need(NoticeFile, need(params, "id"), "notice"))


def notice_row(found: NoticeFile) -> Row:
    """A notice, what may answer it, and what did."""
    return {
        "id": found.id,
        "ours": found.ours,
        "peer": found.peer,
        "agreement": found.agreement,
        "kind": kind_of(found.about),
        "about": builtins(found.about),
        "at": found.at,
        "by": found.by,
        "answers": found.answers,
        "may_be_answered_by": sorted(answers(kind_of(found.about))),
        "answered_by": found.answered_by,
    }


def alarms(state: State, params: dict[str, str]) -> Row:
    """Alarms, oldest first; a gap stays, with the instant from which nothing was missing."""
    check(params, "peer", "what", *PAGED)
    now = now_of(params)
    found = (a for a in state.all(Alarm) if keep(params, a, "peer", "what"))
    return page(found, params, lambda a: {**_plain(a), "age": age(a.at, now)})


def _plain(alarm: Alarm) -> Row:
    return {
        "id": alarm.id,
        "what": alarm.what,
        "text": alarm.text,
        "at": alarm.at,
        "peer": alarm.peer,
        "settled_at": alarm.settled_at,
    }


def peers(state: State, params: dict[str, str]) -> Row:
    """Partners, and how both numberings with each stand.

    `authority` is the competent authority on the partner's card, `named` those that its
    government named since (Art. 2(d)), each from an instant on.
    """
    check(params, *PAGED)
    lines, named = list(state.all(Line)), list(state.all(NamedAuthority))

    def show(peer: Peer) -> Row:
        card = open_card(peer.card.encode())
        return {
            "registry": peer.registry,
            "party": peer.party,
            "authority": card.authority,
            "named": [builtins(a) for a in named if a.party == peer.party],
            "name": peer.name,
            "serial": peer.serial,
            "card": peer.cards[-1],
            "fingerprint": fingerprint_of(card),
            "trusted_at": peer.trusted_at,
            "lines": [_numbering(x) for x in lines if x.peer == peer.registry],
        }

    return page(state.all(Peer), params, show)


def _numbering(line: Line) -> Row:
    return {
        "agreement": line.agreement,
        "sent": line.sent,
        "last_sent_at": line.last_sent_at,
        "received": line.received.contiguous,
        "missing": [list(span) for span in line.received.missing()],
        "received_by_peer": line.peer_contiguous,
    }
