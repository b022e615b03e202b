"""The registry desk: what waits for whom, how much of it, and since when."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

import msgspec

from gsomia.agreement.instruments import LegalEffect
from gsomia.desk.model import Filing, Letter, Told
from gsomia.exchange.model import Alarm, Incoming, NoticeFile, Outgoing
from gsomia.exchange.notices import answers, kind_of
from gsomia.faults import BadInput, shown
from gsomia.fold import State
from gsomia.registry.model import Destruction, Item
from gsomia.release.model import Request
from gsomia.views import amendments, days
from gsomia.views.paging import PAGED, Row, age, check, limit_of, need, now_of


class Due(msgspec.Struct, frozen=True):
    """One thing that waits. `since` is empty where no entry says when it began to."""

    key: str
    since: str
    about: Row


def _to_register(state: State) -> Iterator[Due]:
    for arrival in state.all(Incoming):
        if arrival.state == "received":
            told = {"items": len(arrival.statement.items()), "precedence": arrival.precedence}
            yield Due(arrival.key, arrival.received_at, told)


def _requests(in_state: str) -> Callable[[State], Iterator[Due]]:
    def due(state: State) -> Iterator[Due]:
        for request in state.all(Request):
            if request.state == in_state:
                told = {"item": request.item, "recipient": request.recipient}
                yield Due(request.id, request.requested_at, told)

    return due


def _to_send(state: State) -> Iterator[Due]:
    for out in state.all(Outgoing):
        if out.state == "ordered":
            yield Due(out.key, out.ordered_at, {"what": out.what, "precedence": out.precedence})


def _receipts_owed(state: State) -> Iterator[Due]:
    """Delivery receipts for what is sealed, acceptance receipts for items delivered (Art. 9)."""
    for out in state.all(Outgoing):
        if out.state == "sealed":
            yield Due(out.key, out.ordered_at, {"receipt": "delivery", "what": out.what})
        elif out.state == "delivered" and out.what == "items":
            yield Due(out.key, out.delivered_at, {"receipt": "acceptance", "what": out.what})


def _key_parts(state: State) -> Iterator[Due]:
    for arrival in state.all(Incoming):
        if arrival.key_part and arrival.state != "received":
            yield Due(arrival.key, arrival.received_at, {"what": arrival.what})


def _destructions(state: State) -> Iterator[Due]:
    for found in state.all(Destruction):
        told = {"item": found.item, "state": found.state, "residual": list(found.residual)}
        if not found.settled:
            yield Due(found.id, found.certified_at or found.proposed_at, told)


def _remarks(state: State) -> Iterator[Due]:
    for item in state.all(Item):
        if item.remark_to is not None:
            told = {"mark": item.mark, "remark_to": item.remark_to, "remark_at": item.remark_at}
            yield Due(item.number, item.remark_at, told)


def _notices(*, ours: bool) -> Callable[[State], Iterator[Due]]:
    def due(state: State) -> Iterator[Due]:
        for notice in state.all(NoticeFile):
            if notice.ours is ours and not notice.answered_by and answers(kind_of(notice.about)):
                yield Due(
                    notice.id, notice.at, {"kind": kind_of(notice.about), "peer": notice.peer}
                )

    return due


def _letters(*states: str) -> Callable[[State], Iterator[Due]]:
    def due(state: State) -> Iterator[Due]:
        for letter in state.open(Letter):
            if letter.state in states:
                told = {"kind": letter.kind.value, "state": letter.state, "role": letter.desk}
                yield Due(letter.id, letter.drafted_at, told)

    return due


def _notes_to_receive(state: State) -> Iterator[Due]:
    """What a partner's node told of a note, which our desk has not recorded as received."""
    for told in state.all(Told):
        moves = told.instrument.legal_effect is LegalEffect.STATUS
        if moves and state.get(Filing, f"{told.agreement} {told.instrument.id}") is None:
            about = {"kind": told.instrument.kind.value, "party": told.party}
            yield Due(told.instrument.id, told.at, about)


def _amendments(*, ours: bool) -> Callable[[State], Iterator[Due]]:
    """Amendments that wait for an officer of our desk; or for the partner: its consent, or that
    it shows that it holds the text.
    """

    def due(state: State) -> Iterator[Due]:
        for step in amendments.steps(state):
            waits = step.state in ("to_propose", "proposed") if ours else bool(step.waits_for)
            if waits:
                told = {k: v for k, v in amendments.row(step).items() if k in _AMENDMENT}
                yield Due(step.key, step.at, told)

    return due


_AMENDMENT = ("state", "applies_from", "instruments", "by", "waits_for")


def _alarms(state: State) -> Iterator[Due]:
    for alarm in state.all(Alarm):
        if not alarm.settled_at:
            told = {"what": alarm.what, "text": alarm.text, "peer": alarm.peer}
            yield Due(alarm.id, alarm.at, told)


QUEUES: Mapping[str, Callable[[State], Iterator[Due]]] = {
    "to_register": _to_register,
    "to_review": _requests("requested"),
    "to_decide": _requests("reviewed"),
    "to_dispatch": _requests("approved"),
    "to_send": _to_send,
    "receipts_owed": _receipts_owed,
    "key_parts_to_remove": _key_parts,
    "destruction_due": _destructions,
    "remarks_due": _remarks,
    "notices_to_answer": _notices(ours=False),
    "answers_awaited": _notices(ours=True),
    "letters_to_sign_off": _letters("drafted", "reviewed"),
    "letters_to_send": _letters("approved", "issued"),
    "notes_to_receive": _notes_to_receive,
    "amendments_to_bring_in": _amendments(ours=True),
    "amendments_awaited": _amendments(ours=False),
    "alarms": _alarms,
}
"""What waits, by name: for our registrar, our disclosure officers, our node, the partner."""


def _days_ahead(state: State, now: datetime | None) -> Iterator[Due]:
    """Days that come up soon; none where nobody says what day it is."""
    for row in days.ahead(state, now) if now else ():
        yield Due(f"{row['date']} {row['what']} {row['subject']}", "", row)


TIMED: Mapping[str, Callable[[State, datetime | None], Iterator[Due]]] = {
    "days_ahead": _days_ahead,
}
"""What waits for a day to come, as seen from an instant."""


def _waiting(name: str, state: State, params: dict[str, str]) -> list[Due]:
    if name in TIMED:
        return list(TIMED[name](state, now_of(params)))
    return list(QUEUES[name](state))


def desk(state: State, params: dict[str, str]) -> Row:
    """Every queue: how much waits in it, since when, and its oldest things."""
    check(params, "limit")
    limit, now = limit_of(params), now_of(params)
    found: Row = {}
    for name in (*QUEUES, *TIMED):
        waiting = _waiting(name, state, params)
        first = min((d.since for d in waiting if d.since), default="")
        found[name] = {
            "count": len(waiting),
            "oldest": first or None,
            "age": age(first, now),
            "rows": [_row(d, params) for d in waiting[:limit]],
        }
    return {"queues": found}


def queue(state: State, params: dict[str, str]) -> Row:
    """One queue, page by page; `queue` says which."""
    check(params, "queue", *PAGED)
    name = need(params, "queue")
    if name not in QUEUES and name not in TIMED:
        raise BadInput("a queue: " + ", ".join((*QUEUES, *TIMED)), shown(name), "queue")
    waiting = _waiting(name, state, params)
    start, limit = 0, limit_of(params)
    if after := params.get("after"):
        keys = [d.key for d in waiting]
        if after not in keys:
            raise BadInput("a key of this queue", shown(after), "after")
        start = keys.index(after) + 1
    here = waiting[start : start + limit]
    more = start + limit < len(waiting)
    return {
        "rows": [_row(d, params) for d in here],
        "total": len(waiting),
        "next": here[-1].key if more and here else None,
    }


def _row(due: Due, params: dict[str, str]) -> Row:
    now = now_of(params)
    return {"key": due.key, "since": due.since or None, "age": age(due.since, now), **due.about}
