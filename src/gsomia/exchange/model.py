"""How the exchange with a partner stands: peers, what went out, what came in, alarms."""

from __future__ import annotations

from collections.abc import Collection

from msgspec.structs import replace

from gsomia.exchange.messages import Carried, CopyLine, Transmittal
from gsomia.exchange.notices import About
from gsomia.exchange.sequence import Sequence
from gsomia.fold import Doc, Where


class Peer(Doc, frozen=True, tag="exchange.peer"):
    """A partner's node, trusted since two people compared its card's fingerprint.

    `card` is the signed card now in force, `previous` the one before, under
    which transmittals may still be on their way; `cards` are the digests of all
    cards held so far, oldest first.
    """

    registry: str
    party: str
    name: str
    serial: int
    card: str
    cards: tuple[str, ...]
    trusted_at: str
    previous: str = ""

    @property
    def key(self) -> str:
        """The partner's registry code."""
        return self.registry


class Line(Doc, frozen=True, tag="exchange.line"):
    """The two numberings of one agreement with one peer: what we gave, what we received.

    `texts` holds, for each agreed text under which something was received, its digest
    and the lowest number received under it; telling a text is not acting under it.
    """

    agreement: str
    peer: str
    sent: int = 0
    received: Sequence = Sequence()
    peer_contiguous: int = 0
    last_sent_at: str = ""
    texts: tuple[tuple[str, int], ...] = ()

    @property
    def key(self) -> str:
        """Agreement and peer."""
        return f"{self.agreement} {self.peer}"

    def under(self, digest: str, sequence: int) -> Line:
        """The line once a number was received under an agreed text."""
        lowest = dict(self.texts)
        if sequence >= lowest.get(digest, sequence + 1):
            return self
        lowest[digest] = sequence
        return replace(self, texts=tuple(sorted(lowest.items())))

    def came_below(self, sequence: int, digests: Collection[str]) -> bool:
        """True if a lower number was received under one of these agreed texts."""
        return any(first < sequence for digest, first in self.texts if digest in digests)


class Outgoing(Doc, frozen=True, tag="exchange.outgoing"):
    """A transmittal of ours, from its number to its receipts.

    States: ordered, sealed, delivered, accepted, partly or declined (by the partner's
    registrar), conflict or refused (by the partner's node). What it
    carries is made at sealing from `requests`, `notice` or `accepts`; `carries`
    holds only what is nobody's act.
    """

    number: str
    peer: str
    agreement: str
    sequence: int
    precedence: str
    what: str
    id: str
    state: str
    ordered_at: str
    ordered: Where
    requests: tuple[str, ...] = ()
    notice: str = ""
    accepts: str = ""
    channel: str = "network"
    carries: Carried | None = None
    body: str = ""
    cancelled: str = ""
    delivered_at: str = ""
    receipt: str = ""
    acceptance: str = ""
    lines: tuple[CopyLine, ...] = ()
    exported: bool = False
    marks: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> str:
        """Peer and register number."""
        return f"{self.peer} {self.number}"

    @property
    def settled(self) -> bool:
        """Answered for, turned away, or delivered where nobody answers.

        An acceptance may overtake the delivery receipt, whose answer was lost on the
        way: until it is here too, the transmittal is kept and sent again.
        """
        if self.state == "delivered":
            return self.what != "items"
        if self.state in ("ordered", "sealed"):
            return False
        return not self.awaits_receipt

    @property
    def waits_here(self) -> bool:
        """Not sealed yet, or sealed and given to no courier; the network may have tried it."""
        return self.state == "ordered" or (self.state == "sealed" and not self.exported)

    @property
    def awaits_receipt(self) -> bool:
        """Sealed, and to be sent over the network until its delivery receipt is here."""
        may_come = self.state in ("sealed", "accepted", "partly", "declined")
        return may_come and self.channel == "network" and not self.receipt


class Incoming(Doc, frozen=True, tag="exchange.incoming"):
    """A transmittal received and verified. States: received, registered, handled.

    `receipt` holds the stored bytes that answer every repetition.
    """

    peer: str
    number: str
    agreement: str
    sequence: int
    id: str
    body: str
    what: str
    precedence: str
    received_at: str
    state: str
    receipt: str
    statement: Transmittal
    key_part: bool
    kem_key: str
    lines: tuple[CopyLine, ...] = ()

    @property
    def key(self) -> str:
        """Peer and register number."""
        return f"{self.peer} {self.number}"

    @property
    def settled(self) -> bool:
        """Answered for, and its key part removed."""
        return not self.key_part


class TurnedAway(Doc, frozen=True, tag="exchange.turned_away"):
    """A transmittal that our rules did not let in: its number is used, its content not kept."""

    peer: str
    number: str
    body: str
    why: str

    @property
    def key(self) -> str:
        """Peer and register number."""
        return f"{self.peer} {self.number}"


class NoticeFile(Doc, frozen=True, tag="exchange.notice"):
    """A notice sent or received, and the one that answered it."""

    id: str
    ours: bool
    peer: str
    agreement: str
    about: About
    answers: str
    at: str
    by: str
    answered_by: str = ""

    @property
    def key(self) -> str:
        """The notice's id."""
        return self.id


class Alarm(Doc, frozen=True, tag="exchange.alarm"):
    """Something a person must look at: a gap, a conflict, a rewritten history, a loss.

    A gap also tells the numbers that were missing, first to last, and from when none of them
    was any more. Nothing else settles of itself.
    """

    id: str
    what: str
    text: str
    at: str
    peer: str
    agreement: str = ""
    missing: tuple[tuple[int, int], ...] = ()
    settled_at: str = ""

    @property
    def key(self) -> str:
        """The alarm's id."""
        return self.id


class OwnCard(Doc, frozen=True, tag="exchange.own_card"):
    """A card of this node. States: ordered, next (made, on its way to partners), current, past."""

    serial: int
    state: str
    note: str = ""
    succession: str = ""
    warned: bool = False

    @property
    def key(self) -> str:
        """The serial."""
        return str(self.serial)


class NamedAuthority(Doc, frozen=True, tag="exchange.authority"):
    """A competent authority that a party named during the agreement's life (Art. 2(d))."""

    party: str
    role: str
    name: str
    since: str
    note: str

    @property
    def key(self) -> str:
        """Party, role and first instant."""
        return f"{self.party} {self.role} {self.since}"
