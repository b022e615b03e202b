"""What an item's entries say together: recomputed from opened facts, never believed.

`claim_of` holds the facts of the entries against each other and makes the claim of
them; `check_statements` verifies what other people signed: the registrar who
dispatched, the partner's node that received, the partner's registrar who accepted.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, TypeVar, get_type_hints

import msgspec

from gsomia.canon import decode, encode, parse_instant
from gsomia.evidence.trust import Trust, by_any
from gsomia.exchange.card import NodeCard
from gsomia.exchange.commands import Accept, Dispatch
from gsomia.exchange.container import OuterHeader
from gsomia.exchange.entries import AcceptanceReceived, Delivered, Ordered, TransmittalSealed
from gsomia.exchange.fields import Line, Name, Text
from gsomia.exchange.messages import (
    TRANSMITTAL,
    Acceptance,
    CopyLine,
    File,
    ItemLine,
    Items,
    LeafRef,
    Transmittal,
)
from gsomia.exchange.notices import Act
from gsomia.exchange.officer import open_act
from gsomia.exchange.receipt import open_receipt
from gsomia.faults import BadInput, ProofFailed, shown
from gsomia.fold import Event
from gsomia.journal.statement import open_statement
from gsomia.release.entries import Approved
from gsomia.shapes import from_json

C = TypeVar("C", Dispatch, Accept)

REGISTRAR = "registrar"

APPROVED: Final = Approved.kind_()
ORDERED: Final = Ordered.kind_()
SEALED: Final = TransmittalSealed.kind_()
DELIVERED: Final = Delivered.kind_()
ACCEPTED: Final = AcceptanceReceived.kind_()

NEEDED: dict[str, tuple[str, ...]] = {
    APPROVED: ("articles", "copies", "item", "purpose", "recipient", "reference", "request"),
    ORDERED: ("number", "peer", "requests", "transmittal"),
    SEALED: ("body", "number", "peer", "statement"),
    DELIVERED: ("number", "peer", "receipt", "received_at"),
    ACCEPTED: ("accepted", "lines", "note", "number", "peer"),
}
"""The kinds of an item's entries, in the order of its way, and the facts that must be open.

Who asked, decided and ordered is not among them, nor the ruling, whose outcomes
name persons: these are opened only where somebody asks.
"""

TYPES: dict[str, type[Event]] = {
    e.kind_(): e for e in (Approved, Ordered, TransmittalSealed, Delivered, AcceptanceReceived)
}


class Claim(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What became of one item, as far as it went; what did not happen is left empty.

    `to` is the party it was released to, `articles` those it was released under,
    `registry` and `number` the transmittal's, `content` the digest of the ciphertext
    that left (empty for an item without a file), `delivered_at` when the partner's
    node stored it, `lines` the partner's registrar's answer for each copy.
    """

    reference: Name
    articles: tuple[Name, ...]
    to: Name
    purpose: Text
    registry: Line = ""
    number: Line = ""
    content: Line = ""
    delivered_at: Line = ""
    lines: tuple[CopyLine, ...] = ()


class Step(msgspec.Struct, frozen=True):
    """One proven entry, with the facts that are open, as values."""

    index: int
    leaf: bytes
    at: datetime
    kind: str
    facts: dict[str, Any]


@lru_cache(maxsize=16)
def _types(kind: str) -> dict[str, Any]:
    """The type of each of an event's fields."""
    return get_type_hints(TYPES[kind])


def read_fact(kind: str, field: str, value: bytes, where: str) -> Any:
    """An opened fact as a value; None for one that no event has (a kept command). `BadInput`."""
    type_ = _types(kind).get(field)
    return None if type_ is None else decode(value, type_, f"{where}: {field}")


# -- the entries among themselves ---------------------------------------------------


def claim_of(steps: Sequence[Step], book: str) -> Claim:
    """The claim that the entries add up to. Verifies nobody's signature.

    `steps` are the entries in the book's order. Raises `ProofFailed` where they do
    not belong together: another item, request, transmittal or release.
    """
    by = {step.kind: step.facts for step in steps}
    if len(by) != len(steps) or APPROVED not in by:
        raise ProofFailed("one entry of each kind, a release first, is not what is here")
    _in_order(steps)
    release = by[APPROVED]
    claim = Claim(
        reference=release["reference"],
        articles=release["articles"],
        to=release["recipient"],
        purpose=release["purpose"],
    )
    if ORDERED not in by:
        return _alone(claim, by)
    order = by[ORDERED]
    _hold(release["request"] in order["requests"], ORDERED, "is for another release")
    said = (order["peer"], order["number"])
    for kind in by:
        if kind in (SEALED, DELIVERED, ACCEPTED):
            same = (by[kind]["peer"], by[kind]["number"]) == said
            _hold(same, kind, "is about another transmittal")
    claim = msgspec.structs.replace(claim, registry=said[0], number=said[1])
    if SEALED not in by:
        return _alone(claim, by)
    line = _line(steps, by, book)
    content = line.content.ciphertext_digest if isinstance(line.content, File) else ""
    return msgspec.structs.replace(
        claim,
        content=content,
        delivered_at=by[DELIVERED]["received_at"] if DELIVERED in by else "",
        lines=_answered(by[ACCEPTED], line) if ACCEPTED in by else (),
    )


def _hold(held: bool, kind: str, what: str) -> None:
    if not held:
        raise ProofFailed(f"{kind} {what}")


def _alone(claim: Claim, by: dict[str, Any]) -> Claim:
    """The claim, if nothing is here that rests on a missing entry."""
    for kind in (SEALED, DELIVERED, ACCEPTED):
        _hold(kind not in by, kind, "rests on an entry that is missing")
    return claim


def _in_order(steps: Sequence[Step]) -> None:
    """Release, order, sealing, in this order; receipts after the sealing; time never back."""
    places = {step.kind: step.index for step in steps}
    way = [places[kind] for kind in (APPROVED, ORDERED, SEALED) if kind in places]
    last = way[-1]
    ends = [places[kind] for kind in (DELIVERED, ACCEPTED) if kind in places]
    if way != sorted(way) or any(end <= last for end in ends):
        raise ProofFailed("the entries stand in another order than the acts they record")
    times = [step.at for step in sorted(steps, key=lambda s: s.index)]
    if times != sorted(times):
        raise ProofFailed("an entry is dated before one that stands earlier in the book")


def _line(steps: Sequence[Step], by: dict[str, Any], book: str) -> ItemLine:
    """The item's line in the transmittal, after it was held against the release."""
    release, order, sealed = by[APPROVED], by[ORDERED], by[SEALED]
    said: Transmittal = sealed["statement"]
    _hold(said.id == order["transmittal"], SEALED, "is another transmittal than was ordered")
    same = (said.to, said.number) == (sealed["peer"], sealed["number"])
    _hold(same, SEALED, "has a statement to somebody else or under another number")
    _hold(said.agreement == book, SEALED, "is under another agreement than the book")
    items = said.carries.items if isinstance(said.carries, Items) else ()
    found = [line for line in items if line.reference == release["reference"]]
    _hold(len(found) == 1, SEALED, f"does not list {shown(release['reference'])}")
    line = found[0]
    at = next(step for step in steps if step.kind == APPROVED)
    ref = LeafRef(book=book, index=at.index, leaf="sha256:" + at.leaf.hex())
    _hold(line.release == ref, SEALED, "rests on another release than the one shown")
    _hold(line.purpose == release["purpose"], SEALED, "states another purpose than the release")
    _hold(line.basis == release["articles"], SEALED, "states other articles than the release")
    copies = tuple(sorted(release["copies"]))
    _hold(line.copies == copies, SEALED, "lists other copies than were released")
    return line


def _answered(answer: dict[str, Any], line: ItemLine) -> tuple[CopyLine, ...]:
    """The partner's answer for this item: every copy sent, once."""
    lines = tuple(x for x in answer["lines"] if x.reference == line.reference)
    copies = tuple(sorted(x.copy for x in lines))
    _hold(copies == line.copies, ACCEPTED, f"does not answer for {shown(line.reference)}")
    every = all(x.accepted for x in answer["lines"])
    _hold(answer["accepted"] == every, ACCEPTED, "says another outcome than its lines")
    return lines


# -- what people and the partner's node signed ----------------------------------------


def check_statements(
    steps: Sequence[Step], claim: Claim, ours: NodeCard, trust: Trust
) -> tuple[int, str]:
    """Verify every signed statement in the entries; how many, and the partner's registry.

    `ours` is the card of the book's node; the partner is the node the transmittal
    went to, which must be of the party named in the release. Cards are replaced
    each epoch while statement keys stay: so any trusted card of the node will do,
    not only the one a statement names. Raises `ProofFailed` or `BadInput`.
    """
    by = {step.kind: step.facts for step in steps}
    if SEALED not in by:
        return 0, claim.registry
    said: Transmittal = by[SEALED]["statement"]
    _hold(said.from_ == ours.registry, SEALED, "is from another registry than the book's node")
    mine = trust.of_registry(ours.registry)
    order = by_any(
        mine, "the dispatching officer's act", said.from_, lambda c: _act(said, c, Dispatch)
    )
    asked = by[APPROVED]["request"] in order.requests
    _hold(asked, SEALED, "carries an officer's act about other releases")
    count = 1
    theirs = trust.of_registry(said.to)
    if any(card.party != claim.to for card in theirs):
        raise ProofFailed(f"{said.to} is not a registry of {shown(claim.to)}")
    if DELIVERED in by:
        by_any(theirs, "the delivery receipt", said.to, lambda c: _receipt(by, said, c))
        count += 1
    if ACCEPTED in by:
        by_any(theirs, "the acceptance", said.to, lambda c: _acceptance(by, said, c))
        count += 2
    return count, said.to


def _receipt(by: dict[str, Any], said: Transmittal, card: NodeCard) -> None:
    """The partner's node received exactly the bytes that were sealed."""
    fact = by[DELIVERED]
    sent = OuterHeader(body=by[SEALED]["body"], from_=said.from_, number=said.number, to=said.to)
    receipt = open_receipt(fact["receipt"].encode(), card.statement_keys, sent)
    same = receipt.received_at == fact["received_at"]
    _hold(same, DELIVERED, "has another time than its receipt")


def _acceptance(by: dict[str, Any], said: Transmittal, card: NodeCard) -> None:
    """The partner's registrar answered for exactly this transmittal."""
    fact = by[ACCEPTED]
    answer = open_statement(
        fact["note"].encode(), TRANSMITTAL, Transmittal, card.statement_keys, "acceptance"
    )
    ids = tuple(key_id.hex() for key_id in card.statement_keys.key_ids)
    _hold(answer.signers == ids, ACCEPTED, "names other signers than its card's")
    back = (answer.from_, answer.to, answer.agreement) == (said.to, said.from_, said.agreement)
    _hold(back, ACCEPTED, "is not from the recipient to the sender under this agreement")
    carries = answer.carries
    if not isinstance(carries, Acceptance):
        raise ProofFailed(f"{ACCEPTED} holds a transmittal that is no acceptance")
    same = (carries.transmittal, carries.number) == (said.id, said.number)
    _hold(same, ACCEPTED, "holds the acceptance of another transmittal")
    _hold(carries.lines == fact["lines"], ACCEPTED, "says other lines than the partner signed")
    order = _act(answer, card, Accept)
    _hold(_fits(order, carries), ACCEPTED, "carries an officer's act that says something else")


class _Order(msgspec.Struct, frozen=True):
    """The members of an officer's signed order that matter to a stranger."""

    registry: str
    command: msgspec.Raw


def _act(said: Transmittal, card: NodeCard, type_: type[C]) -> C:
    """The command of the registrar whose act a transmittal carries, verified at its sealing."""
    carries = said.carries
    act = carries.act if isinstance(carries, Items | Acceptance) else Act("-", "-")
    raw, certificate = open_act(act, card, parse_instant(said.sealed_at, "sealed_at"))
    if certificate.role != REGISTRAR:
        raise ProofFailed(f"the act is one of {shown(certificate.role)}, not of {REGISTRAR}")
    try:
        order = from_json(bytes(raw), _Order)
        command = from_json(bytes(order.command), type_)
    except msgspec.DecodeError as error:
        raise BadInput(f"an officer's {type_.act()}", shown(str(error)), "officer's act") from None
    if order.registry != card.registry:
        raise ProofFailed("the act was signed for another registry")
    return command


def _fits(order: Accept, carries: Acceptance) -> bool:
    """Whether the registrar signed for what the acceptance says, line by line."""
    words = {line.reference: line for line in order.lines}
    return order.number == carries.number and all(
        x.reference in words
        and words[x.reference].accepted == x.accepted
        and (not x.accepted or words[x.reference].mark == x.local_mark)
        for x in carries.lines
    )


def check_ruling(facts: dict[str, Any]) -> None:
    """If the release's ruling is open too: it grants, under the articles stated."""
    ruling = facts.get("ruling")
    if ruling is not None:
        held = ruling.granted and encode(ruling.articles) == encode(facts["articles"])
        _hold(held, APPROVED, "has a ruling that does not grant it under these articles")
