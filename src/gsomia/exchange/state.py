"""Folds: how the entries change the exchange with a partner."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from gsomia.agreement.provisions import provisions_of
from gsomia.canon import parse_instant
from gsomia.desk.texts import pack_at
from gsomia.exchange import entries as e
from gsomia.exchange.model import (
    Alarm,
    Incoming,
    Line,
    NamedAuthority,
    NoticeFile,
    Outgoing,
    OwnCard,
    Peer,
    TurnedAway,
)
from gsomia.fold import Event, Fold, State, Where
from gsomia.registry.model import Item
from gsomia.registry.state import set_copies
from gsomia.release.model import Request

LOSS = "Art. 17"
"""Of which the alarm about a partner's loss tells."""


def line(state: State, agreement: str, peer: str) -> Line:
    """The numbering with a peer under an agreement; a new one if there is none yet."""
    return state.get(Line, f"{agreement} {peer}") or Line(agreement, peer)


def _outgoing(state: State, peer: str, number: str) -> Outgoing:
    return state.need(Outgoing, f"{peer} {number}", "entry")


def _alarm(state: State, where: Where, what: str, text: str, at: str, peer: str) -> None:
    state.put(Alarm(f"{where.book}:{where.index}", what, text, at, peer))


def peer_trusted(state: State, event: e.PeerTrusted, _: Where, at: str) -> None:
    """A partner begins, or its newer card was compared by hand."""
    known = state.get(Peer, event.registry)
    state.put(
        Peer(
            event.registry,
            event.party,
            event.name,
            event.serial,
            event.card,
            (*(known.cards if known else ()), event.digest),
            at,
            known.card if known else "",
        )
    )


def peer_succeeded(state: State, event: e.PeerSucceeded, _: Where, __: str) -> None:
    """A partner's next card is in force."""
    peer = state.need(Peer, event.registry, "entry")
    state.put(
        replace(
            peer,
            serial=event.serial,
            card=event.card,
            cards=(*peer.cards, event.digest),
            previous=peer.card,
        )
    )


def rotation_ordered(state: State, event: e.RotationOrdered, _: Where, __: str) -> None:
    """A card is to be made."""
    state.put(OwnCard(event.serial, "ordered"))


def card_made(state: State, event: e.CardMade, _: Where, __: str) -> None:
    """The card is on its way to partners."""
    state.put(OwnCard(event.serial, "next", event.card, event.succession))


def card_in_force(state: State, event: e.CardInForce, _: Where, __: str) -> None:
    """The card is ours; the one before is past."""
    for card in state.all(OwnCard):
        if card.state == "current":
            state.put(replace(card, state="past"))
    found = state.need(OwnCard, str(event.serial), "entry")
    state.put(replace(found, state="current"))


def card_ending(state: State, event: e.CardEnding, where: Where, at: str) -> None:
    """A person must order a rotation."""
    text = f"card {event.serial} of this node counts until {event.until}: order a rotation"
    _alarm(state, where, "card ends", text, at, "")
    own = state.get(OwnCard, str(event.serial)) or OwnCard(event.serial, "current")
    state.put(replace(own, warned=True))


def ordered(state: State, event: e.Ordered, where: Where, at: str) -> None:
    """A number is given: the next, without gap."""
    now = line(state, event.agreement, event.peer)
    state.put(replace(now, sent=event.sequence, last_sent_at=at))
    state.put(
        Outgoing(
            number=event.number,
            peer=event.peer,
            agreement=event.agreement,
            sequence=event.sequence,
            precedence=event.precedence,
            what=event.what,
            id=event.transmittal,
            state="ordered",
            ordered_at=at,
            ordered=where,
            requests=event.requests,
            notice=event.notice,
            accepts=event.accepts,
            channel=event.channel,
            carries=event.carries,
            marks=event.marks,
        )
    )
    _requests(state, event.requests, "dispatched", "in_transit", at)


def _requests(state: State, requests: tuple[str, ...], to: str, copies: str, at: str) -> None:
    """Put requests, and the copies they release, into another state."""
    for request in requests:
        found = state.need(Request, request, "entry")
        state.put(replace(found, state=to))
        set_copies(state, found.item, found.copies, copies, at)


def cancelled(state: State, event: e.Cancelled, _: Where, at: str) -> None:
    """The number stays; what it carries is void, to be sealed anew, and the copies are here."""
    found = _outgoing(state, event.peer, event.number)
    _requests(state, found.requests, "approved", "in_custody", at)
    void = replace(found, what="void", requests=(), carries=None, cancelled=event.reason)
    state.put(replace(void, state="ordered", body=""))


def transmittal_sealed(state: State, event: e.TransmittalSealed, _: Where, __: str) -> None:
    """The bytes are fixed and may be sent."""
    found = _outgoing(state, event.peer, event.number)
    state.put(replace(found, state="sealed", body=event.body))


def exported(state: State, event: e.Exported, _: Where, __: str) -> None:
    """A courier has it."""
    state.put(replace(_outgoing(state, event.peer, event.number), exported=True))


def delivered(state: State, event: e.Delivered, _: Where, __: str) -> None:
    """Custody has passed to the partner (Art. 9)."""
    found = _outgoing(state, event.peer, event.number)
    done = found.state in ("accepted", "partly", "declined")
    state.put(
        replace(
            found,
            state=found.state if done else "delivered",
            receipt=event.receipt,
            delivered_at=event.received_at,
        )
    )
    now = line(state, found.agreement, found.peer)
    if event.contiguous > now.peer_contiguous:
        state.put(replace(now, peer_contiguous=event.contiguous))


def delivery_refused(state: State, event: e.DeliveryRefused, where: Where, at: str) -> None:
    """Sending stops, and a person must look. What was refused may be dispatched anew."""
    found = _outgoing(state, event.peer, event.number)
    state.put(replace(found, state=event.why))
    if event.why == "refused":
        _requests(state, found.requests, "approved", "in_custody", at)
    text = f"{event.number}: the partner's node answered: {event.text}"
    _alarm(state, where, f"delivery {event.why}", text, at, event.peer)


def received(state: State, event: e.Received, _: Where, at: str) -> None:
    """A transmittal is here; items wait for the registrar."""
    now = line(state, event.agreement, event.peer)
    flash = event.precedence == "Z"
    noted = replace(now, received=now.received.note(event.sequence, flash=flash))
    said = event.statement
    if not said.tells_text():
        noted = noted.under(said.agreed_digest, event.sequence)
    state.put(noted)
    _settle_gaps(state, now, noted, at)
    state.put(
        Incoming(
            peer=event.peer,
            number=event.number,
            agreement=event.agreement,
            sequence=event.sequence,
            id=event.transmittal,
            body=event.body,
            what=event.what,
            precedence=event.precedence,
            received_at=at,
            state="received" if event.what == "items" else "handled",
            receipt=event.receipt,
            statement=event.statement,
            key_part=event.what == "items",
            kem_key=event.kem_key,
        )
    )


def _settle_gaps(state: State, before: Line, after: Line, at: str) -> None:
    """The gaps of which nothing is missing any more are settled, and stay on record."""
    if before.received.missing() == after.received.missing():
        return
    for alarm in state.all(Alarm):
        if (
            alarm.missing
            and not alarm.settled_at
            and (alarm.peer, alarm.agreement) == (after.peer, after.agreement)
            and after.received.received_all(alarm.missing)
        ):
            state.put(replace(alarm, settled_at=at))


def arrival_refused(state: State, event: e.ArrivalRefused, _: Where, at: str) -> None:
    """The number counts as seen; a repetition gets the same answer."""
    now = line(state, event.agreement, event.peer)
    flash = event.precedence == "Z"
    noted = replace(now, received=now.received.note(event.sequence, flash=flash))
    state.put(noted)
    _settle_gaps(state, now, noted, at)
    state.put(TurnedAway(event.peer, event.number, event.body, event.why))


def nothing(_: State, __: Event, ___: Where, ____: str) -> None:
    """The entry itself is the record."""


def rejected(state: State, event: e.Rejected, where: Where, at: str) -> None:
    """A person must look."""
    number = event.number or "a transmittal whose number cannot be trusted"
    _alarm(state, where, "rejected", f"{number}: {event.reason}", at, event.peer)


def not_heeded(state: State, event: e.NotHeeded, where: Where, at: str) -> None:
    """Its giver counts on it: a person must look."""
    text = f"{event.number}: {event.what} is not heeded: {event.why}"
    _alarm(state, where, "not heeded", text, at, event.peer)


def conflict_kept(state: State, event: e.ConflictKept, where: Where, at: str) -> None:
    """A person must look."""
    text = f"{event.number}: other bytes under a number already used"
    _alarm(state, where, "conflict", text, at, event.peer)


def answered(state: State, event: e.Answered, _: Where, __: str) -> None:
    """The registrar is done with it."""
    found = state.need(Incoming, f"{event.peer} {event.number}", "entry")
    state.put(replace(found, state="registered", lines=event.lines))


def key_part_removed(state: State, event: e.KeyPartRemoved, _: Where, __: str) -> None:
    """The transmittal can no longer be opened from what this node keeps of it."""
    found = state.need(Incoming, f"{event.peer} {event.number}", "entry")
    state.put(replace(found, key_part=False))


def acceptance_received(state: State, event: e.AcceptanceReceived, _: Where, at: str) -> None:
    """Our copies are accounted for on the other side; those declined are ours as before."""
    found = _outgoing(state, event.peer, event.number)
    taken = [line.accepted for line in event.lines]
    answer = "accepted" if all(taken) else "partly" if any(taken) else "declined"
    state.put(replace(found, state=answer, acceptance=event.note, lines=event.lines))
    # A partner may name anything: only copies that this transmittal took count. It names
    # an item as its originator does, which is our own number only for what is ours.
    sent: dict[tuple[str, int], str] = {}
    for request in (state.need(Request, r, "entry") for r in found.requests):
        item = state.need(Item, request.item, "entry")
        sent |= {(item.reference, copy): item.number for copy in request.copies}
    for line_ in event.lines:
        number = sent.get((line_.reference, line_.copy))
        if number is not None:
            to = "transferred" if line_.accepted else "in_custody"
            set_copies(state, number, (line_.copy,), to, at)


def notice_filed(state: State, event: e.NoticeFiled, where: Where, at: str) -> None:
    """A notice is on file; an answer closes its question."""
    state.put(
        NoticeFile(
            event.notice,
            event.ours,
            event.peer,
            event.agreement,
            event.about,
            event.answers,
            at,
            event.by,
        )
    )
    question = state.get(NoticeFile, event.answers) if event.answers else None
    if question is not None:
        state.put(replace(question, answered_by=event.notice))
    kind = str(event.about.__struct_config__.tag)
    if kind == "loss_suspected" and not event.ours:
        ground = _cite(state, event.agreement, at, LOSS)
        text = f"the partner reports a loss or compromise, actual or possible ({ground})"
        _alarm(state, where, "loss", text, at, event.peer)


def _cite(state: State, agreement: str, at: str, provision: str) -> str:
    """A provision as the agreement's text of then is cited for it."""
    pack = pack_at(state, agreement, parse_instant(at, "entry"))
    return provisions_of(pack).cite(provision)


def authority_named(state: State, event: e.AuthorityNamed, _: Where, __: str) -> None:
    """A party's new competent authority, from a date."""
    state.put(NamedAuthority(event.party, event.role, event.name, event.since, event.note))


def gap_found(state: State, event: e.GapFound, where: Where, at: str) -> None:
    """A person must look, until the missing numbers have arrived."""
    spans = ", ".join(f"{a}" if a == b else f"{a} to {b}" for a, b in event.missing)
    text = f"{event.agreement}: number {spans} missing although later ones arrived"
    id_ = f"{where.book}:{where.index}"
    state.put(Alarm(id_, "gap", text, at, event.peer, event.agreement, event.missing))


def cosigning_refused(state: State, event: e.CosigningRefused, where: Where, at: str) -> None:
    """A person must look."""
    text = f"{event.origin}: {event.reason}"
    _alarm(state, where, f"history {event.outcome}", text, at, event.peer)


FOLDS: Mapping[type[Event], Fold] = {
    e.PeerTrusted: peer_trusted,
    e.PeerSucceeded: peer_succeeded,
    e.RotationOrdered: rotation_ordered,
    e.CardMade: card_made,
    e.CardInForce: card_in_force,
    e.CardEnding: card_ending,
    e.EpochDestroyed: nothing,
    e.Ordered: ordered,
    e.Cancelled: cancelled,
    e.TransmittalSealed: transmittal_sealed,
    e.Exported: exported,
    e.Delivered: delivered,
    e.DeliveryRefused: delivery_refused,
    e.Received: received,
    e.ArrivalRefused: arrival_refused,
    e.Rejected: rejected,
    e.NotHeeded: not_heeded,
    e.Repeated: nothing,
    e.ConflictKept: conflict_kept,
    e.Answered: answered,
    e.KeyPartRemoved: key_part_removed,
    e.AcceptanceReceived: acceptance_received,
    e.NoticeFiled: notice_filed,
    e.AuthorityNamed: authority_named,
    e.Anchored: nothing,
    e.GapFound: gap_found,
    e.CosigningRefused: cosigning_refused,
}
