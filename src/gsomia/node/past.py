"""What was known and decided at a past instant, asked again.

The books are the record. Folded up to an instant they give the state of then, and any view
of it. A decision keeps every rule with what it saw and the version of its rules; where the
signed command is still there, it can be decided again on the state that it met.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from gsomia.act import Refused
from gsomia.canon import builtins, decode, encode, instant, order_key, parse_instant
from gsomia.faults import BadInput, GsomiaError, shown
from gsomia.fold import Event, State
from gsomia.journal.rows import EntryRow
from gsomia.node.books import read_fact, replay
from gsomia.node.node import Node
from gsomia.node.orders import open_order
from gsomia.node.tables import KINDS, OFFICER_ACTS
from gsomia.ruling import Ruling
from gsomia.views import VIEWS
from gsomia.views.paging import PAGED, Row, check, limit_of, need

_OWN = ("view", "at")
_KEY = re.compile(r"([!-~]{1,255}) ([0-9]{1,15})(?:\.([0-9]{1,4}))?", re.ASCII)
_THINGS = ("item", "number", "letter", "request", "access", "instrument")


def state_at(node: Node, at: datetime) -> State:
    """What the entries written up to and including an instant made of this node.

    Costs a fold of all of them. Disposed openings stay away: a state of then with the
    personal data of now.
    """
    state, until = State(), order_key(instant(at))
    replay((r for r in node.store.everything() if order_key(r.at) <= until), state)
    return state


def view(node: Node, params: dict[str, str]) -> Any:
    """A view as the books stood at `at`; `view` names it, the rest are its parameters.

    Raises `BadInput` for an instant still to come: the books may yet say something else of it.
    """
    name = params.get("view", "")
    if name not in VIEWS:
        raise BadInput("a view: " + ", ".join(VIEWS), shown(name), "view")
    at = parse_instant(params.get("at", ""), "at")
    if at > node.clock():
        raise BadInput("an instant that has come", "a later one", "at")
    rest = {k: v for k, v in params.items() if k not in _OWN}
    return VIEWS[name](state_at(node, at), {"now": instant(at), **rest})


# -- decisions ---------------------------------------------------------------------------------


def _rulings(row: EntryRow) -> tuple[Ruling, ...]:
    """The rulings that an entry holds: one, or one for each item of a transmittal, or none."""
    for opening in row.openings:
        if row.kind in KINDS and opening.field == "ruling":
            return (decode(opening.value, Ruling, "ruling"),)
        if row.kind in KINDS and opening.field == "rulings":
            return decode(opening.value, tuple[Ruling, ...], "rulings")
    return ()


def _rulings_of(event: Event) -> tuple[Ruling, ...]:
    one = getattr(event, "ruling", None)
    return (one,) if one is not None else tuple(getattr(event, "rulings", ()))


def _subject(row: EntryRow) -> str:
    """What was decided: the subject of a refusal, else the thing that the entry names."""
    names = ("subject",) if row.kind == Refused.kind_() else _THINGS
    for name in names:
        if any(o.field == name for o in row.openings):
            return read_fact(row, name)
    return ""


def _line(row: EntryRow, place: int, ruling: Ruling) -> Row:
    return {
        "key": f"{row.book} {row.index}" + (f".{place}" if place else ""),
        "at": row.at,
        "act": ruling.act,
        "subject": _subject(row),
        "granted": ruling.granted,
        "articles": list(ruling.articles),
        "rules": ruling.rules,
    }


def _wanted(line: Row, params: dict[str, str]) -> bool:
    granted = {"yes": True, "no": False}.get(params.get("granted", ""), line["granted"])
    return line["granted"] == granted and all(
        not params.get(name) or params[name] == line[name] for name in ("act", "subject")
    )


def decisions(node: Node, params: dict[str, str]) -> Row:
    """Every decision on record, oldest first: by which rules, in which version, and the answer.

    `subject`, `act` and `granted` (yes, no) narrow it; `until` is the last instant that counts.
    Raises `BadInput` for an unknown parameter or `after`.
    """
    check(params, "subject", "act", "granted", "until", *PAGED)
    until = params.get("until", "")
    last = order_key(instant(parse_instant(until, "until"))) if until else ""
    found: list[Row] = []
    for row in node.store.everything():
        if last and order_key(row.at) > last:
            break
        lines = (_line(row, place, ruling) for place, ruling in enumerate(_rulings(row)))
        found += [line for line in lines if _wanted(line, params)]
    start, limit, after = 0, limit_of(params), params.get("after", "")
    if after:
        keys = [line["key"] for line in found]
        if after not in keys:
            raise BadInput("a key of this list", shown(after), "after")
        start = keys.index(after) + 1
    here = found[start : start + limit]
    more = start + limit < len(found)
    return {
        "rows": here,
        "total": len(found),
        "next": here[-1]["key"] if more and here else None,
    }


def decision(node: Node, params: dict[str, str]) -> Row:
    """One decision as it was answered, and the same command asked again on the state it met.

    `again.same` is true where the rules of today, in the same version, answer with the same
    outcomes; where their version is another, `again.rules` names it and `again.ruling` is
    today's answer to the case of then; `again.error` says why the command cannot be asked
    today. `again` is null where no command of a person is kept: the node's own act, or one
    whose opening was disposed of.
    """
    check(params, "key")
    key = _KEY.fullmatch(need(params, "key"))
    if key is None:
        raise BadInput("a book and an index, like 'house 12'", shown(params["key"]), "key")
    book, index, place = key[1], int(key[2]), int(key[3] or 0)
    row = node.store.entry(book, index)
    rulings = _rulings(row) if row is not None else ()
    if row is None or place >= len(rulings):
        raise BadInput("an entry that holds a decision", shown(params["key"]), "key")
    ruling = rulings[place]
    again = _again(node, row, place, ruling)
    return {**_line(row, place, ruling), "ruling": builtins(ruling), "again": again}


def _again(node: Node, row: EntryRow, place: int, then: Ruling) -> Row | None:
    found = _met(node, row)
    if found is None:
        return None
    state, signed, at = found
    try:
        order = open_order(signed, state, node.identity.settings.registry, at)
    except BadInput:
        # It was read when it was carried out: only another version's form can be in the way.
        return {"same": False, "error": "another version of gsomia wrote this command"}
    command = order.order.command
    context = node.context(at, order.person, signed, state)
    try:
        answer = OFFICER_ACTS[type(command)](command, state, context)
    except GsomiaError as error:
        return {"same": False, "error": str(error)}
    said = [r for filed in answer.filed for r in _rulings_of(filed.event) if r.act == then.act]
    if place >= len(said):
        return None
    now = said[place]
    return {"same": encode(now) == encode(then), "rules": now.rules, "ruling": builtins(now)}


def _met(node: Node, row: EntryRow) -> tuple[State, bytes, datetime] | None:
    """The state that a command met, the command, and its instant: None without its opening.

    A command's entries stand together; the first of them holds it.
    """
    pending: list[EntryRow] = []
    state = State()
    for one in node.store.everything():
        held = next((o.value for o in one.openings if o.field == "command"), None)
        if held is not None or one.at != (pending[-1].at if pending else ""):
            replay(pending, state)
            pending = []
        pending.append(one)
        if (one.book, one.index) == (row.book, row.index):
            break
    first = pending[0]
    kept = next((o.value for o in first.openings if o.field == "command"), None)
    if kept is None:
        return None
    return state, decode(kept, str, "command").encode(), parse_instant(first.at, "entry")
