"""What can happen between two nodes."""

from __future__ import annotations

from typing import ClassVar

from gsomia.exchange.messages import Carried, CopyLine, Transmittal
from gsomia.exchange.notices import About
from gsomia.fold import Event
from gsomia.ruling import Ruling


class PeerTrusted(Event, frozen=True, tag="exchange.peer_trusted"):
    """A security authority compared a card's fingerprint with the partner, and trusts it."""

    registry: str
    party: str
    name: str
    serial: int
    card: str
    digest: str
    trusted_by: str


class PeerSucceeded(Event, frozen=True, tag="exchange.peer_succeeded"):
    """The partner's next card, signed by the one before."""

    registry: str
    serial: int
    card: str
    digest: str


class RotationOrdered(Event, frozen=True, tag="exchange.rotation_ordered"):
    """A security authority ordered new keys: the card with this serial is to be made."""

    serial: int
    reason: str


class CardMade(Event, frozen=True, tag="exchange.card_made"):
    """This node's next card, and the succession that the present root signed."""

    serial: int
    card: str
    succession: str


class CardInForce(Event, frozen=True, tag="exchange.card_in_force"):
    """From here on this node signs and is sealed to by this card."""

    serial: int


class CardEnding(Event, frozen=True, tag="exchange.card_ending"):
    """This node's card ends soon: partners will not seal to it after `until`."""

    serial: int
    until: str


class EpochDestroyed(Event, frozen=True, tag="exchange.epoch_destroyed"):
    """A past epoch's private key is gone: what was sealed to it can no longer be opened."""

    serial: int


class Ordered(Event, frozen=True, tag="exchange.ordered"):
    """A transmittal got its number; it is sealed and sent because of this entry.

    What it carries is made at sealing: items from `requests`, a notice from the
    file of `notice`, an acceptance from the arrival `accepts`; `carries` holds
    only what is nobody's act. `act` is the officer's signed command. `marks` are, for
    each request, the originator's mark and ours that the decision saw: the item leaves
    under them, and what the originator changes afterwards is told of, as for any other.
    """

    personal: ClassVar[frozenset[str]] = frozenset({"ordered_by", "act"})

    number: str
    peer: str
    agreement: str
    sequence: int
    precedence: str
    what: str
    transmittal: str
    requests: tuple[str, ...]
    notice: str
    accepts: str
    channel: str
    carries: Carried | None
    rulings: tuple[Ruling, ...]
    ordered_by: str = ""
    act: str = ""
    marks: tuple[tuple[str, str], ...] = ()


class Cancelled(Event, frozen=True, tag="exchange.cancelled"):
    """A transmittal was cancelled before it left; its number goes out as a signed void."""

    peer: str
    number: str
    reason: str


class TransmittalSealed(Event, frozen=True, tag="exchange.sealed"):
    """The bytes of a transmittal are fixed. `statement` is what was signed, without its keys."""

    peer: str
    number: str
    body: str
    statement: Transmittal


class Exported(Event, frozen=True, tag="exchange.exported"):
    """A sealed transmittal was written to a courier's medium."""

    peer: str
    number: str


class Delivered(Event, frozen=True, tag="exchange.delivered"):
    """The partner's node signed a delivery receipt over the bytes it received."""

    peer: str
    number: str
    receipt: str
    received_at: str
    contiguous: int


class DeliveryRefused(Event, frozen=True, tag="exchange.delivery_refused"):
    """The partner's node refused a transmittal for good; sending stops.

    `why` is `conflict` (it holds other bytes under this number), or `refused`
    (its rules do not let it in); `text` is what it answered.
    """

    peer: str
    number: str
    why: str
    text: str


class Received(Event, frozen=True, tag="exchange.received"):
    """A transmittal arrived, whole, signed by its sender, sealed to us."""

    peer: str
    number: str
    agreement: str
    sequence: int
    transmittal: str
    body: str
    what: str
    precedence: str
    receipt: str
    statement: Transmittal
    note: str
    kem_key: str
    ruling: Ruling


class ArrivalRefused(Event, frozen=True, tag="exchange.arrival_refused"):
    """A transmittal was whole and its sender's, and our rules did not let it in.

    Its number is used all the same: its absence is no loss.
    """

    peer: str
    number: str
    agreement: str
    sequence: int
    precedence: str
    body: str
    why: str
    ruling: Ruling


class Rejected(Event, frozen=True, tag="exchange.rejected"):
    """Something arrived that does not verify; nothing of it was believed."""

    peer: str
    number: str
    body: str
    reason: str


class NotHeeded(Event, frozen=True, tag="exchange.not_heeded"):
    """A partner's notice did not pass the rules here: nothing follows, and a person must look."""

    peer: str
    number: str
    what: str
    why: str


class Repeated(Event, frozen=True, tag="exchange.repeated"):
    """A transmittal arrived again: the same bytes were answered with the stored receipt."""

    peer: str
    number: str
    body: str


class ConflictKept(Event, frozen=True, tag="exchange.conflict_kept"):
    """Another transmittal arrived under a number already used: refused, both kept as evidence.

    `note` is the second's statement, signed by its sender.
    """

    peer: str
    number: str
    first: str
    second: str
    note: str


class Answered(Event, frozen=True, tag="exchange.answered"):
    """A registrar accepted or refused each copy of a received transmittal."""

    peer: str
    number: str
    lines: tuple[CopyLine, ...]


class KeyPartRemoved(Event, frozen=True, tag="exchange.key_part_removed"):
    """The key part of a received transmittal is gone from this node."""

    peer: str
    number: str


class AcceptanceReceived(Event, frozen=True, tag="exchange.acceptance_received"):
    """The partner's registrar accepted or refused our copies. `note` is the signed whole."""

    peer: str
    number: str
    accepted: bool
    lines: tuple[CopyLine, ...]
    note: str
    card: str


class NoticeFiled(Event, frozen=True, tag="exchange.notice_filed"):
    """A notice was sent (`ours`) or received."""

    notice: str
    ours: bool
    peer: str
    agreement: str
    about: About
    answers: str
    by: str


class AuthorityNamed(Event, frozen=True, tag="exchange.authority_named"):
    """A party named another competent authority (Art. 2(d))."""

    party: str
    role: str
    name: str
    since: str
    note: str


class Anchored(Event, frozen=True, tag="exchange.anchored"):
    """A shared book's checkpoint, kept in the house book: the two pin each other in time."""

    origin: str
    size: int
    root: str


class GapFound(Event, frozen=True, tag="exchange.gap_found"):
    """Numbers of the partner are missing although later ones arrived."""

    peer: str
    agreement: str
    missing: tuple[tuple[int, int], ...]


class CosigningRefused(Event, frozen=True, tag="exchange.cosigning_refused"):
    """The partner's checkpoint does not follow from what it signed before; evidence kept."""

    peer: str
    origin: str
    outcome: str
    reason: str
    evidence: tuple[str, ...]
