"""The node's own acts: what its workers sealed, received and saw goes on record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from gsomia.act import HOUSE, Answer, Command, Context, Filed
from gsomia.agreement.pack import agreed_digest
from gsomia.canon import parse_instant
from gsomia.desk.texts import later_than
from gsomia.exchange import commands as c
from gsomia.exchange import entries as e
from gsomia.exchange import rules
from gsomia.exchange.authorities import named_authority
from gsomia.exchange.card import (
    CARD_SUCCESSION,
    CardSuccession,
    open_card,
    open_succession,
)
from gsomia.exchange.messages import Acceptance, Items, Succession, Transmittal, Void
from gsomia.exchange.model import Incoming, Outgoing, Peer, TurnedAway
from gsomia.exchange.notice_acts import ROLES, heed
from gsomia.exchange.notices import AuthorityChanged, Notice, kind_of
from gsomia.exchange.numbering import order
from gsomia.exchange.state import line
from gsomia.faults import BadInput
from gsomia.fold import State
from gsomia.journal.statement import read_unverified
from gsomia.registry.model import Item
from gsomia.release.acts import passing_on_undone
from gsomia.release.model import Request
from gsomia.ruling import Ruling
from gsomia.shapes import from_json


def node_sends(command: c.NodeSends, state: State, context: Context) -> Answer:
    """Give a number to a heartbeat or a succession."""
    what = str(command.carries.__struct_config__.tag)
    event = order(
        state,
        context,
        command.agreement,
        command.peer,
        what=what,
        precedence="R",
        carries=command.carries,
    )
    return Answer((Filed(command.agreement, event),), None, {"number": event.number})


def node_renews(command: c.NodeRenews, state: State, context: Context) -> Answer:
    """File the next card, and its succession as a transmittal to every partner, as one."""
    made = e.CardMade(command.serial, command.card, command.succession)
    told = [
        Filed(
            agreement,
            order(
                state,
                context,
                agreement,
                peer,
                what="succession",
                precedence="P",
                carries=Succession(command.succession),
            ),
        )
        for agreement, peer in command.lines
    ]
    return Answer((Filed(HOUSE, made), *told))


def node_sealed(command: c.NodeSealed, state: State, _: Context) -> Answer:
    """The bytes are fixed, once. What was cancelled while it was sealed is sealed again."""
    found = state.need(Outgoing, f"{command.peer} {command.number}", "transmittal")
    carries_void = isinstance(command.statement.carries, Void)
    if found.state != "ordered" or bool(found.cancelled) != carries_void:
        return Answer((), None, {"state": found.state})
    event = e.TransmittalSealed(command.peer, command.number, command.body, command.statement)
    return Answer((Filed(found.agreement, event),))


def _authorities(state: State, context: Context, agreement: str, party: str) -> tuple[str, ...]:
    """The competent authorities of a party now: the pack's until the first later naming."""
    named = named_authority(state, party, context.now)
    if named:
        return (named,)
    return context.ground(agreement, context.at).authorities.get(party, ())


_Personal = c.Accept | c.Notify | c.Dispatch


def _act_matches(command: c.NodeReceived) -> tuple[tuple[str, ...], bool]:
    """The roles that may act so, and whether the signed command says what arrived."""
    carries = command.statement.carries
    if not isinstance(carries, Items | Notice | Acceptance):
        return (), True
    roles = ROLES[kind_of(carries.about)] if isinstance(carries, Notice) else ("registrar",)
    try:
        signed: c.Accept | c.Notify | c.Dispatch = from_json(
            command.command.encode(),
            _Personal,  # type: ignore[arg-type]  # a union, which is no class
        )
    except msgspec.DecodeError:
        return roles, False
    match carries, signed:
        case Items(), c.Dispatch():
            return roles, len(signed.requests) == len(carries.items)
        case Notice(), c.Notify():
            return roles, signed.about == carries.about and signed.answers == carries.answers
        case Acceptance(), c.Accept():
            words = {w.reference: w for w in signed.lines}
            fits = all(
                x.reference in words
                and words[x.reference].accepted == x.accepted
                and (not x.accepted or words[x.reference].mark == x.local_mark)
                for x in carries.lines
            )
            return roles, fits and signed.number == carries.number
        case _:
            return roles, False


def _newer_texts(state: State, said: Transmittal, sealed_at: datetime) -> frozenset[str]:
    """The agreed texts that are newer than the one which a transmittal is sealed under.

    The time of sealing is the sender's own word. Its numbers are not: one sealed under
    the newer text is already here, and those above it cannot be older.
    """
    later = later_than(state, said.agreement, sealed_at)
    return frozenset(agreed_digest(p) for p in later) - {said.agreed_digest}


def node_received(command: c.NodeReceived, state: State, context: Context) -> Answer:
    """File what arrived, once, and what follows from it."""
    said = command.statement
    away = state.get(TurnedAway, f"{command.peer} {said.number}")
    if away is not None and away.body == command.body:
        repeated = e.Repeated(command.peer, said.number, command.body)
        return Answer((Filed(said.agreement, repeated),), None, {"refused": away.why})
    known = away or state.get(Incoming, f"{command.peer} {said.number}")
    if known is not None:
        if isinstance(known, Incoming) and known.body == command.body:
            repeated = e.Repeated(command.peer, said.number, command.body)
            return Answer((Filed(said.agreement, repeated),), None, {"receipt": known.receipt})
        kept = e.ConflictKept(command.peer, said.number, known.body, command.body, command.note)
        return Answer((Filed(said.agreement, kept),), None, {"conflict": known.body})
    now = line(state, said.agreement, command.peer)
    if now.received.received(said.sequence):
        kept = e.ConflictKept(
            command.peer, said.number, f"sequence {said.sequence}", command.body, command.note
        )
        return Answer((Filed(said.agreement, kept),), None, {"conflict": "sequence"})
    ground = context.ground(said.agreement, context.at)
    sealed_at = min(context.at, parse_instant(said.sealed_at, "sealed_at"))
    roles, matches = _act_matches(command)
    what = str(said.carries.__struct_config__.tag)
    case = rules.ArrivalCase(
        peer=command.peer,
        carries=what,
        agreement_status=ground.status,
        transfer=ground.transfer,
        protect=ground.protect,
        agreed_digest=said.agreed_digest,
        our_agreed_digest=context.ground(said.agreement, sealed_at).agreed_digest,
        tells_text=said.tells_text(),
        tells_authority=isinstance(said.carries, Succession)
        or (isinstance(said.carries, Notice) and isinstance(said.carries.about, AuthorityChanged)),
        newer_text_below=now.came_below(said.sequence, _newer_texts(state, said, sealed_at)),
        authority=command.authority,
        notified_authorities=_authorities(state, context, said.agreement, command.party),
        acted_by=command.officer,
        role=command.role,
        roles_allowed=roles,
        act_matches=matches,
    )
    arrival_rules = rules.ARRIVAL_RULES.under(context.provisions(said.agreement))
    ruling = Ruling.of(arrival_rules.decide(case))
    if not ruling.granted:
        why = _why(ruling)
        refused = e.ArrivalRefused(
            command.peer,
            said.number,
            said.agreement,
            said.sequence,
            said.precedence,
            command.body,
            why,
            ruling,
        )
        return Answer((Filed(said.agreement, refused),), ruling, {"refused": why})
    received = e.Received(
        peer=command.peer,
        number=said.number,
        agreement=said.agreement,
        sequence=said.sequence,
        transmittal=said.id,
        body=command.body,
        what=what,
        precedence=said.precedence,
        receipt=command.receipt,
        statement=said,
        note=command.note,
        kem_key=command.kem_key,
        ruling=ruling,
    )
    events = [Filed(said.agreement, received), *_follows(command, state, context)]
    after = now.received.note(said.sequence, flash=said.flash)
    if new := _newly_missing(now.received.missing(), after.missing()):
        gap = e.GapFound(command.peer, said.agreement, new)
        events.append(Filed(said.agreement, gap))
    return Answer(tuple(events), ruling, {"receipt": command.receipt, "what": what})


Spans = tuple[tuple[int, int], ...]


def _newly_missing(before: Spans, after: Spans) -> Spans:
    """The spans missing now that lie in none missing before: a gap that narrows is no new one."""
    return tuple(
        (a, b) for a, b in after if not any(first <= a and b <= last for first, last in before)
    )


def _follows(command: c.NodeReceived, state: State, context: Context) -> list[Filed]:
    """What follows from the arrival itself, beside its filing."""
    said = command.statement
    match said.carries:
        case Notice() as notice:
            try:
                return _heeded(notice, command, state, context)
            except BadInput as error:
                rejected = e.Rejected(command.peer, said.number, command.body, str(error))
                return [Filed(said.agreement, rejected)]
        case Acceptance() as taken:
            ours = state.get(Outgoing, f"{command.peer} {taken.number}")
            if ours is None or ours.id != taken.transmittal or ours.what != "items":
                reason = "an acceptance of a transmittal never sent"
                rejected = e.Rejected(command.peer, said.number, command.body, reason)
                return [Filed(said.agreement, rejected)]
            all_in = all(x.accepted for x in taken.lines)
            event = e.AcceptanceReceived(
                command.peer, taken.number, all_in, taken.lines, command.note, command.card
            )
            return [Filed(said.agreement, event), *_declined(ours, taken, state)]
        case Succession() as next_card:
            return [_succeed(command.peer, next_card, state)]
        case _:
            return []


def _heeded(notice: Notice, command: c.NodeReceived, state: State, context: Context) -> list[Filed]:
    said = command.statement
    ruling, filed = heed(
        notice, command.peer, command.party, said.agreement, said.sequence, state, context
    )
    if ruling.granted:
        return filed
    why, kind = _why(ruling), kind_of(notice.about)
    event = e.NotHeeded(command.peer, said.number, kind, why)
    return [*filed, Filed(said.agreement, event)]


def _why(ruling: Ruling) -> str:
    return "; ".join(f"{o.article}: {o.text}" for o in ruling.refusals())


def _declined(sent: Outgoing, taken: Acceptance, state: State) -> tuple[Filed, ...]:
    """What of another's items was declined, each copy of it, was not given on."""
    declined = {(line_.reference, line_.copy) for line_ in taken.lines if not line_.accepted}
    whole = []
    for request in (state.need(Request, r, "request") for r in sent.requests):
        reference = state.need(Item, request.item, "item").reference
        if {(reference, copy) for copy in request.copies} <= declined:
            whole.append(request.id)
    return passing_on_undone(whole, "declined", state)


def _succeed(peer_key: str, carried: Succession, state: State) -> Filed:
    peer = state.need(Peer, peer_key, "peer")
    data = carried.statement.encode()
    new = open_succession(data, open_card(peer.card.encode()))
    note = read_unverified(data, CARD_SUCCESSION, CardSuccession).new
    return Filed(HOUSE, e.PeerSucceeded(peer.registry, new.serial, note, new.digest()))


def node_records(command: c.NodeRecords, state: State, _: Context) -> Answer:
    """File what a worker saw, and what follows: what a partner refuses was not given on."""
    event = command.event
    if not isinstance(event, e.Delivered | e.DeliveryRefused):
        return Answer((Filed(command.book, event),))
    sent = state.need(Outgoing, f"{event.peer} {event.number}", "transmittal")
    if isinstance(event, e.Delivered) and command.body != sent.body:
        text = "what was cancelled had arrived there"
        event = e.DeliveryRefused(event.peer, event.number, "conflict", text)
    refused = isinstance(event, e.DeliveryRefused) and event.why == "refused"
    follows = passing_on_undone(sent.requests, "refused", state) if refused else ()
    return Answer((Filed(command.book, event), *follows))


NODE_ACTS: Mapping[type[Command], Callable[[Any, State, Context], Answer]] = {
    c.NodeSends: node_sends,
    c.NodeRenews: node_renews,
    c.NodeSealed: node_sealed,
    c.NodeReceived: node_received,
    c.NodeRecords: node_records,
}
