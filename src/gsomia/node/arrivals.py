"""What arrives from a partner, over the wire or by courier: verified, filed, receipted, once.

Order of steps, so that a crash between any two loses nothing and does nothing
twice: the sealed bytes are kept first, then the entry with the receipt is
committed, then the receipt is sent. Bytes kept without an entry are swept after the
next start, and the sender, having no receipt, sends again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import msgspec

from gsomia.act import HOUSE
from gsomia.canon import instant, parse_instant
from gsomia.exchange.card import NodeCard, open_card
from gsomia.exchange.commands import NodeReceived, NodeRecords
from gsomia.exchange.container import OuterHeader, Part, Received, read_container
from gsomia.exchange.cover import open_cover
from gsomia.exchange.entries import Rejected
from gsomia.exchange.messages import Acceptance, Disclosed, File, Items, Transmittal
from gsomia.exchange.model import Incoming, Peer
from gsomia.exchange.notices import Notice
from gsomia.exchange.officer import COMMAND, open_act
from gsomia.exchange.receipt import conflict_for, receipt_for, sign_conflict, sign_receipt
from gsomia.exchange.receiving import blob_name, slot_name
from gsomia.exchange.sealed import Source
from gsomia.exchange.state import line
from gsomia.exchange.transmittal import OpenedTransmittal, open_transmittal
from gsomia.faults import BadInput, ProofFailed, Unavailable
from gsomia.journal.statement import read_unverified
from gsomia.node.clerk import Clerk
from gsomia.node.custody import MAX_ITEM, Custody, cover_name
from gsomia.node.identity import Identity
from gsomia.node.ports import Clock, NewBlob, Outcome
from gsomia.ruling import Ruling
from gsomia.shapes import from_json, from_msgpack

OPEN_AT_ONCE = 128
"""Cover sheets written before they are flushed together: each is an open file until then."""


class Arrival(msgspec.Struct, frozen=True):
    """The answer to a sender: a receipt, a conflict statement, or words."""

    outcome: Outcome
    body: bytes
    number: str = ""
    peer: str = ""
    ruling: Ruling | None = None


class _SignedCommand(msgspec.Struct, frozen=True):
    """The one member of an officer's order that a partner needs."""

    command: msgspec.Raw


class Arrivals:
    """Takes in transmittals. Safe to call from several threads."""

    def __init__(
        self,
        clerk: Clerk,
        identity: Identity,
        custody: Custody,
        clock: Clock,
        agreements: tuple[str, ...],
    ) -> None:
        self._clerk, self._identity, self._custody = clerk, identity, custody
        self._clock, self._agreements = clock, agreements
        # Two under one number at once would keep and take away each other's bytes.
        self._taking = threading.Lock()

    def take(self, source: Source, limit: int = MAX_ITEM, peer: str = "") -> Arrival:
        """Take in one container. `peer` is who the connection's certificate says it is.

        Raises `Unavailable` if it cannot be stored now: the sender tries again.
        """
        blobs: list[NewBlob] = []

        def new_blob(_: int, __: int) -> NewBlob:
            blob = self._custody.blobs.create()
            blobs.append(blob)
            return blob

        try:
            received = read_container(source, new_blob, limit)
            with self._taking:
                return self._take(received, blobs, peer)
        except (BadInput, ProofFailed) as error:
            return self._reject(peer, "", "", str(error))
        finally:
            for blob in blobs:
                blob.drop()

    def _reject(self, peer: str, number: str, body: str, why: str) -> Arrival:
        self._clerk.submit(NodeRecords(HOUSE, Rejected(peer or "unknown", number, body, why)))
        return Arrival(Outcome.REJECTED, why.encode(), number, peer)

    def _take(self, received: Received, blobs: list[NewBlob], via: str) -> Arrival:
        header = received.header
        peer = self._clerk.state.get(Peer, header.from_)
        if peer is None or (via and via != peer.registry):
            return self._reject(via, header.number, header.body, "not from a trusted partner")
        known = self._clerk.state.get(Incoming, f"{peer.registry} {header.number}")
        if known is not None and known.body == header.body:
            return Arrival(Outcome.REPEATED, known.receipt.encode(), header.number, peer.registry)
        cards = _cards(peer)
        try:
            opened = open_transmittal(
                received,
                self._identity.settings.registry,
                self._identity.kem_keys(),
                self._agreements,
                cards,
            )
            card = next(c for c in cards if c.digest() == opened.body.card)
            covers = self._open_covers(opened)
            command, officer, role = self._act(opened.body, card)
        except (BadInput, ProofFailed) as error:
            return self._reject(peer.registry, header.number, header.body, str(error))
        return self._file(received, opened, blobs, covers, peer, card, (command, officer, role))

    def _open_covers(self, opened: OpenedTransmittal) -> list[bytes]:
        """Prove that each item's cover sheet opens, before custody is acknowledged."""
        carries = opened.body.carries
        if not isinstance(carries, Items):
            return []
        for index, item in enumerate(carries.items):
            sheet = open_cover(item.cover, opened.item_key(index))
            if isinstance(item.content, Disclosed) and not sheet.said.strip():
                raise BadInput("what was said", "nothing", f"cover of item {index}")
        return [item.cover for item in carries.items]

    def _act(self, said: Transmittal, card: NodeCard) -> tuple[str, str, str]:
        """The officer's command inside the message, verified as of when they signed it.

        The time is the officer's own word, under their signature: a role that
        ended between signing and sealing does not undo what was signed.
        """
        if not isinstance(said.carries, Items | Notice | Acceptance):
            return "", "", ""
        act = said.carries.act
        claimed = read_unverified(act.command.encode(), COMMAND, dict[str, Any])
        signed_at = parse_instant(str(claimed.get("at", "")), "command.at")
        raw, certificate = open_act(act, card, signed_at)
        order = from_json(bytes(raw), _SignedCommand)
        return bytes(order.command).decode(), certificate.officer, certificate.role

    def _file(
        self,
        received: Received,
        opened: OpenedTransmittal,
        blobs: list[NewBlob],
        covers: list[bytes],
        peer: Peer,
        card: NodeCard,
        act: tuple[str, str, str],
    ) -> Arrival:
        said, header = opened.body, received.header
        used = self._clerk.state.get(Incoming, f"{peer.registry} {said.number}") is not None
        undo = self._keep(received, opened, blobs, covers, peer.registry, used=used)
        now = line(self._clerk.state, said.agreement, peer.registry).received
        after = now.note(said.sequence, flash=said.flash)
        receipt = sign_receipt(
            receipt_for(header, instant(self._clock()), after.contiguous),
            self._identity.statement,
        )
        answer = self._clerk.submit(
            NodeReceived(
                peer=peer.registry,
                party=peer.party,
                authority=card.authority,
                statement=said,
                note=opened.note.decode(),
                body=header.body,
                receipt=receipt.decode(),
                kem_key=said.kem_key_id,
                card=card.digest(),
                command=act[0],
                officer=act[1],
                role=act[2],
            )
        )
        if "refused" in answer.told:
            undo()
            why = str(answer.told["refused"])
            return Arrival(
                Outcome.REFUSED, why.encode(), header.number, peer.registry, answer.ruling
            )
        if "conflict" in answer.told:
            undo()
            return self._conflict(header, str(answer.told["conflict"]), peer.registry)
        stored = str(answer.told["receipt"]).encode()
        return Arrival(Outcome.RECEIVED, stored, header.number, peer.registry)

    def _keep(
        self,
        received: Received,
        opened: OpenedTransmittal,
        blobs: list[NewBlob],
        covers: list[bytes],
        peer: str,
        *,
        used: bool,
    ) -> Callable[[], None]:
        """Make the sealed bytes durable; returns what takes them away again.

        Everything goes by peer and register number: under a number already `used`
        nothing is kept, so that what was here before is never taken away or replaced.
        """
        names: list[str] = []
        kept: dict[str, NewBlob] = {}
        carries = opened.body.carries
        if isinstance(carries, Items) and not used:
            number = opened.body.number
            files = [i for i in carries.items if isinstance(i.content, File)]
            for blob, item in zip(blobs, files, strict=True):
                kept[blob_name(slot_name(peer, number, item.reference))] = blob
            small = {
                cover_name(slot_name(peer, number, item.reference)): cover
                for item, cover in zip(carries.items, covers, strict=True)
            }
            small[keys_name(peer, number)] = msgspec.msgpack.encode(
                (received.header, received.keys, received.statement)
            )
            names = [*kept, *small]
            for name, data in small.items():
                kept[name] = self._custody.new(data)
                blobs.append(kept[name])  # dropped with the others, if this fails
                if len(kept) >= len(files) + OPEN_AT_ONCE:
                    self._custody.blobs.keep(kept)
                    kept = {}
            self._custody.blobs.keep(kept)

        def undo() -> None:
            for name in names:
                self._custody.blobs.delete(name)

        return undo

    def _conflict(self, header: OuterHeader, first: str, peer: str) -> Arrival:
        """The same number with other bytes: both digests are signed and kept as evidence."""
        earlier = header
        if first.startswith("sha256:"):
            earlier = OuterHeader(
                body=first, from_=header.from_, number=header.number, to=header.to
            )
        if earlier == header:
            why = b"this number in the sequence was used by another transmittal"
            return Arrival(Outcome.CONFLICT, why, header.number, peer)
        said = sign_conflict(conflict_for(earlier, header), self._identity.statement)
        return Arrival(Outcome.CONFLICT, said, header.number, peer)

    # -- registering ---------------------------------------------------------------------

    def unwrap(self, arrival: Incoming, references: tuple[str, ...]) -> list[str]:
        """Put the accepted items' keys into slots of this node; the slots' names.

        Raises `Unavailable` if the key part is gone or its epoch is over.
        """
        peer = self._clerk.state.need(Peer, arrival.peer, "peer")
        packed = self._custody.read(keys_name(arrival.peer, arrival.number), 8 << 20)
        header, keys, statement = from_msgpack(packed, tuple[OuterHeader, bytes, bytes])
        carries = arrival.statement.carries
        if not isinstance(carries, Items):
            raise Unavailable("this transmittal carries no items")
        parts = tuple(Part(f.ciphertext_size, f.ciphertext_digest) for f in carries.files())
        opened = open_transmittal(
            Received(header, keys, statement, parts),
            self._identity.settings.registry,
            self._identity.kem_keys(),
            (arrival.agreement,),
            _cards(peer),
        )
        keys_of = {
            slot_name(arrival.peer, arrival.number, item.reference): opened.item_key(index)
            for index, item in enumerate(carries.items)
            if item.reference in references
        }
        self._custody.put_slots(keys_of)
        return list(keys_of)


def _cards(peer: Peer) -> tuple[NodeCard, ...]:
    """The partner's card in force, and the one before, under which some may be on their way."""
    return tuple(open_card(c.encode()) for c in (peer.card, peer.previous) if c)


def keys_name(peer: str, number: str) -> str:
    """The blob of a received transmittal's key part, until it is registered."""
    return f"keys-{peer}-{number}"
