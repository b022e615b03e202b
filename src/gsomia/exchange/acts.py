"""Acts of the exchange: trust a card, dispatch, cancel, receive, mark and register."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec.structs import replace

from gsomia.act import HOUSE, Answer, Command, Context, Filed, Refused, answer
from gsomia.canon import parse_instant
from gsomia.clearance.model import Facility
from gsomia.clearance.rules import officer, officer_rules
from gsomia.exchange import commands as c
from gsomia.exchange import entries as e
from gsomia.exchange import rules
from gsomia.exchange.card import (
    fingerprint_of,
    open_card,
)
from gsomia.exchange.messages import CopyLine, ItemLine, Items
from gsomia.exchange.model import Incoming, Outgoing, OwnCard, Peer
from gsomia.exchange.notice_acts import notify
from gsomia.exchange.numbering import order
from gsomia.exchange.receiving import changes_due, copies_added, item_registered
from gsomia.faults import BadInput, shown
from gsomia.fold import Event, State
from gsomia.registry.acts import facility_holds, next_number
from gsomia.registry.model import Copy, Item, Reference
from gsomia.release.acts import passed_on, passing_on_undone, release_case
from gsomia.release.model import Request
from gsomia.release.rules import DISPATCH_RULES
from gsomia.ruling import Ruling

CHANNELS = ("network", "courier")
"""Both are government to government (Art. 9); a courier's medium carries the same bytes."""

MAX_DISPATCH = 1000
"""Items in one transmittal: what one signed statement holds."""


def trust(command: c.Trust, state: State, context: Context) -> Answer:
    """Trust a partner's card: the fingerprint typed must be the card's own."""
    card = open_card(command.card.encode())
    if "".join(command.fingerprint.split()).lower() != fingerprint_of(card).replace(" ", ""):
        raise BadInput("the fingerprint of this card", "another", "fingerprint")
    if card.registry == context.registry:
        raise BadInput("a partner's card", "this node's own", "card")
    if card.party == context.party:
        raise BadInput("another party's card", f"one of {card.party}", "card")
    known = state.get(Peer, card.registry)
    if known is not None and card.serial <= known.serial:
        raise BadInput(f"a card after serial {known.serial}", f"serial {card.serial}", "card")
    event = e.PeerTrusted(
        card.registry,
        card.party,
        card.name,
        card.serial,
        command.card,
        card.digest(),
        context.actor,
    )
    decision = officer_rules(command.act()).decide(
        officer(state, context.actor, context.now, "security_authority")
    )
    return answer(HOUSE, decision, card.registry, context, lambda _: (event,))


def rotate(command: c.Rotate, state: State, context: Context) -> Answer:
    """New keys are ordered; making the card and telling partners follows from the entry."""
    cards = list(state.all(OwnCard))
    if any(card.state in ("ordered", "next") for card in cards):
        raise BadInput("no rotation under way", "one", "rotate")
    serial = max((card.serial for card in cards), default=1) + 1
    event = e.RotationOrdered(serial, command.reason)
    decision = officer_rules(command.act()).decide(
        officer(state, context.actor, context.now, "security_authority")
    )
    return answer(HOUSE, decision, "keys", context, lambda _: (event,), {"serial": serial})


def dispatch(command: c.Dispatch, state: State, context: Context) -> Answer:
    """Send released items: the release rules are asked again, for each, at this instant."""
    if not 1 <= len(command.requests) <= MAX_DISPATCH:
        raise BadInput(f"1 to {MAX_DISPATCH} requests", str(len(command.requests)), "dispatch")
    if len(set(command.requests)) != len(command.requests):
        raise BadInput("each request once", "one twice", "dispatch")
    if command.precedence not in ("Z", "O", "P", "R"):
        raise BadInput("Z, O, P or R", shown(command.precedence), "precedence")
    if command.channel not in CHANNELS:
        raise BadInput(" or ".join(CHANNELS), shown(command.channel), "channel")
    requests = [state.need(Request, r, "request") for r in command.requests]
    agreements = {r.agreement for r in requests}
    if len(agreements) != 1:
        raise BadInput("requests under one agreement", f"{len(agreements)}", "dispatch")
    if len({r.item for r in requests}) != len(requests):
        raise BadInput("requests of different items", "one item twice", "dispatch")
    agreement = agreements.pop()
    dispatch_rules = DISPATCH_RULES.under(context.provisions(agreement))
    rulings: list[Ruling] = []
    onward: list[Filed] = []
    marks: list[tuple[str, str]] = []
    for request in requests:
        if request.state != "approved":
            raise BadInput("an approved request", request.state, f"request {request.id}")
        item = state.need(Item, request.item, "item")
        case = release_case(
            item,
            request.purpose,
            state,
            context,
            agreement=agreement,
            roles=("registrar",),
            copies=request.copies,
            request=request,
            confirmed=request.conditions,
        )
        ruling = Ruling.of(dispatch_rules.decide(case))
        if not ruling.granted:
            refused = Refused(ruling.act, item.number, ruling, context.actor)
            return Answer((Filed(agreement, refused),), ruling, {"subject": item.number})
        rulings.append(ruling)
        marks.append((item.mark, item.local_mark))
        onward += passed_on(item, request, state, context, ruling)
    peer = _peer_of(state, requests[0].recipient)
    event = order(
        state,
        context,
        agreement,
        peer.registry,
        what="items",
        precedence=command.precedence,
        channel=command.channel,
        requests=command.requests,
        rulings=tuple(rulings),
        marks=tuple(marks),
    )
    told = {"number": event.number, "sequence": event.sequence, "peer": peer.registry}
    return Answer((*onward, Filed(agreement, event)), rulings[0], told)


def _peer_of(state: State, party: str) -> Peer:
    found = [p for p in state.all(Peer) if p.party == party]
    if not found:
        raise BadInput(f"a trusted node of {party}", "none: compare its card first", "peer")
    return min(found, key=lambda p: p.registry)


def cancel(command: c.Cancel, state: State, context: Context) -> Answer:
    """Cancel what has not left; the number goes out as a signed void.

    A partner's node that has it nevertheless, because a receipt was lost and then the
    agreement ended, keeps what came first, and both sides are alarmed.
    """
    found = state.need(Outgoing, f"{command.peer} {command.number}", "transmittal")
    if found.what != "items" or _may_have_left(found, context):
        raise BadInput(
            "a transmittal of items that has not left",
            f"{found.what}, {found.state}",
            command.number,
        )
    event = e.Cancelled(found.peer, found.number, command.reason)
    decision = officer_rules(command.act()).decide(
        officer(state, context.actor, context.now, "registrar")
    )
    said = answer(found.agreement, decision, found.number, context, lambda _: (event,))
    if not said.granted:
        return said
    undone = passing_on_undone(found.requests, "cancelled", state)
    return replace(said, filed=(*said.filed, *undone))


def _may_have_left(out: Outgoing, context: Context) -> bool:
    """Whether a transmittal is away, or sealed for a network on which it is not held (Art. 21)."""
    if not out.waits_here:
        return True
    on_the_wire = out.state == "sealed" and out.channel == "network"
    return on_the_wire and context.ground(out.agreement, context.at).transfer


def accept(command: c.Accept, state: State, context: Context) -> Answer:
    """Mark and register each item on receipt, or refuse it with a reason (Art. 4(2)).

    All lines stand or fall together: one line the rules refuse refuses the act,
    and the registrar answers again, refusing that item.
    """
    arrival = state.need(Incoming, f"{command.peer} {command.number}", "transmittal")
    carries = arrival.statement.carries
    if not isinstance(carries, Items) or arrival.state != "received":
        raise BadInput("a transmittal of items that waits", arrival.state, command.number)
    said = {line_.reference: line_ for line_ in command.lines}
    if len(said) != len(command.lines) or set(said) != {i.reference for i in carries.items}:
        raise BadInput("one line for each item of the transmittal", "other lines", "lines")
    events: list[Event] = []
    answers: list[CopyLine] = []
    first: Ruling | None = None
    accept_rules = rules.ACCEPT_RULES.under(context.provisions(arrival.agreement))
    number = next_number(state, context)
    for item in carries.items:
        word = said[item.reference]
        if not word.accepted:
            if not word.reason.strip():
                raise BadInput("a reason for refusing", "none", item.reference)
            answers += _copy_lines(item, word, "")
            continue
        case = accept_case(item, word, command.facility, state, context, arrival)
        ruling = Ruling.of(accept_rules.decide(case))
        first = first or ruling
        if not ruling.granted:
            refused = Refused(ruling.act, item.reference, ruling, context.actor)
            return Answer((Filed(arrival.agreement, refused),), ruling, {"subject": item.reference})
        here = registered(state, item)
        if here is not None:
            events.append(copies_added(item, here, arrival, command.facility, ruling))
            answers += _copy_lines(item, word, here.number)
            continue
        events.append(
            item_registered(item, word, number, arrival, command.facility, ruling, context)
        )
        events += changes_due(item, number, arrival, state)
        answers += _copy_lines(item, word, number)
        number = _following(number)
    if first is None:
        plain = officer_rules(command.act()).decide(
            officer(state, context.actor, context.now, "registrar")
        )
        first = Ruling.of(plain)
        if not first.granted:
            refused = Refused(first.act, command.number, first, context.actor)
            return Answer((Filed(arrival.agreement, refused),), first)
    sending = order(
        state,
        context,
        arrival.agreement,
        arrival.peer,
        what="acceptance",
        precedence="P",
        accepts=arrival.key,
        rulings=(),
    )
    events += [e.Answered(arrival.peer, arrival.number, tuple(answers)), sending]
    numbers = dict.fromkeys(a.local_number for a in answers if a.accepted)
    told = {"items": list(numbers), "number": sending.number}
    return Answer(tuple(Filed(arrival.agreement, x) for x in events), first, told)


def _following(number: str) -> str:
    head, serial = number.rsplit("-", 1)
    return f"{head}-{int(serial) + 1:06d}"


def _copy_lines(item: ItemLine, word: c.ReceivedLine, number: str) -> list[CopyLine]:
    return [
        CopyLine(
            reference=item.reference,
            copy=copy,
            accepted=word.accepted,
            reason=word.reason,
            local_number=number,
            local_mark=word.mark if word.accepted else "",
        )
        for copy in item.copies
    ]


def accept_case(
    item: ItemLine,
    word: c.ReceivedLine,
    facility: str,
    state: State,
    context: Context,
    arrival: Incoming,
) -> rules.AcceptCase:
    """The facts of accepting one received item at this instant.

    The table is that of the day of the transfer. It is asked from the sender's mark: on its
    own item that is the originator's, on another's the one that it added itself.
    """
    sealed_at = parse_instant(arrival.statement.sealed_at, "sealed_at")
    ground = context.ground(arrival.agreement, min(context.at, sealed_at))
    sender = state.need(Peer, arrival.peer, "peer").party
    given = item.onward.mark if item.onward else item.originator_mark
    person = officer(state, context.actor, context.now, "registrar")
    place = state.need(Facility, facility, "facility")
    mark = context.own_mark(word.mark) or word.mark
    before = registered(state, item)
    twice = before is not None and any(
        _is_live(state, f"{before.number}/{copy}") for copy in item.copies
    )
    corresponding = ground.corresponding(sender, context.party, given)
    return rules.AcceptCase(
        actor=person.actor,
        may_act=person.may_act,
        appointed_as=person.appointed_as,
        reference=item.reference,
        originator=item.originator,
        originator_mark=item.originator_mark,
        sender=sender,
        sender_mark=given,
        consent=item.onward.consent if item.onward else "",
        listed_marks=ground.listed.get(sender, ()),
        chosen_mark=mark,
        corresponding=corresponding,
        releasable_to=item.releasable_to,
        party=context.party,
        facility=facility,
        facility_levels=place.levels,
        facility_holds_level=mark in corresponding
        and facility_holds(state, context, facility, mark) is not None,
        custodian=place.custodian,
        registered_before=before.number if before and twice else "",
    )


def registered(state: State, item: ItemLine) -> Item | None:
    """The item as it is registered here already, with its content, or None."""
    found = state.get(Reference, f"{item.originator} {item.reference}")
    known = state.get(Item, found.number) if found else None
    return known if known is not None and known.key_held else None


def _is_live(state: State, copy_key: str) -> bool:
    copy = state.get(Copy, copy_key)
    return copy is not None and copy.state not in ("destroyed", "returned")


ACTS: Mapping[type[Command], Callable[[Any, State, Context], Answer]] = {
    c.Trust: trust,
    c.Rotate: rotate,
    c.Dispatch: dispatch,
    c.Cancel: cancel,
    c.Accept: accept,
    c.Notify: notify,
}
