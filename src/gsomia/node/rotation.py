"""Key rotation: the next card is made, partners are told by signed succession, then it counts.

Steps, each safe to do again after a crash: new keys into the vault; the card and
its succession filed together with a transmittal to every partner; those sealed
under the old card; the new card in force. A past epoch's key is destroyed once its
time is over and nothing received waits for it.
"""

from __future__ import annotations

from datetime import timedelta

from gsomia.act import HOUSE
from gsomia.canon import instant, parse_instant, unb64
from gsomia.exchange.authorities import named_authority
from gsomia.exchange.card import NodeCard, open_card, sign_succession
from gsomia.exchange.commands import NodeRecords, NodeRenews
from gsomia.exchange.entries import CardEnding, CardInForce, EpochDestroyed
from gsomia.exchange.model import Incoming, Outgoing, OwnCard, Peer
from gsomia.node.clerk import Clerk
from gsomia.node.grounds import Agreement
from gsomia.node.identity import Identity, make_serial_keys
from gsomia.node.ports import Clock, Rand, Vault

WARNING = timedelta(days=10)
"""How long before its card ends a node raises the alarm."""


class Rotation:
    """Knows this node's card in force, and carries out what was ordered about the next."""

    def __init__(
        self,
        clerk: Clerk,
        identity: Identity,
        agreements: dict[str, Agreement],
        vault: Vault,
        clock: Clock,
        rand: Rand,
        first: bytes,
    ) -> None:
        self._clerk, self._identity, self._agreements = clerk, identity, agreements
        self._vault, self._clock, self._rand = vault, clock, rand
        current = [c for c in clerk.state.all(OwnCard) if c.state == "current" and c.note]
        self.note = current[0].note.encode() if current else first
        self.card: NodeCard = open_card(self.note)
        identity.use(self.card.serial)

    def step(self) -> int:
        """One round; how many things were done."""
        done = 0
        for own in self._clerk.state.all(OwnCard):
            if own.state == "ordered":
                self._make(own)
                done += 1
            elif own.state == "next" and self._all_sealed(own):
                self._put_in_force(own)
                done += 1
        return done + self._warn() + self._destroy_past_epochs()

    def _warn(self) -> int:
        """Raise the alarm once, in good time before the card in force ends."""
        until = parse_instant(self.card.kem.until, "card")
        known = self._clerk.state.get(OwnCard, str(self.card.serial))
        if self._clock() < until - WARNING or (known is not None and known.warned):
            return 0
        event = CardEnding(self.card.serial, self.card.kem.until)
        self._clerk.submit(NodeRecords(HOUSE, event))
        return 1

    def _make(self, own: OwnCard) -> None:
        make_serial_keys(self._vault, self._rand, own.serial)
        certificate = unb64(self.card.tls_certificate, "card")
        now = self._clock()
        party = self._identity.settings.party
        named = named_authority(self._clerk.state, party, instant(now))
        _, note = self._identity.make_card(own.serial, now, certificate, named)
        succession = sign_succession(self.card, note, self._identity.root())
        lines = []
        for peer in self._clerk.state.all(Peer):
            state = self._clerk.state
            shared = [n for n, a in self._agreements.items() if peer.party in a.codes(state)]
            if shared:
                lines.append((shared[0], peer.registry))
        self._clerk.submit(NodeRenews(own.serial, note.decode(), succession.decode(), tuple(lines)))

    def _all_sealed(self, own: OwnCard) -> bool:
        waiting = [
            o
            for o in self._clerk.state.open(Outgoing)
            if o.what == "succession" and o.state == "ordered"
        ]
        return not waiting and bool(own.note)

    def _put_in_force(self, own: OwnCard) -> None:
        self._clerk.submit(NodeRecords(HOUSE, CardInForce(own.serial)))
        self.note = own.note.encode()
        self.card = open_card(self.note)
        self._identity.use(own.serial)

    def _destroy_past_epochs(self) -> int:
        """Every earlier epoch whose time is over, unless something received still waits for it."""
        done = 0
        held = self._identity.kem_serials()
        if held == [self.card.serial]:
            return 0
        needed = {
            self._identity.epoch_of(a.kem_key)
            for a in self._clerk.state.open(Incoming)
            if a.key_part and a.state == "received"
        }
        for serial in held:
            over = self._over(serial)
            if serial < self.card.serial and over and f"kem-{serial}" not in needed:
                self._identity.destroy_epoch(serial)
                self._clerk.submit(NodeRecords(HOUSE, EpochDestroyed(serial)))
                done += 1
        return done

    def _over(self, serial: int) -> bool:
        """Whether the epoch of an earlier card has ended: partners no longer seal to it."""
        known = self._clerk.state.get(OwnCard, str(serial))
        if known is None or not known.note:
            # The first card is in no document; its epoch ended before its successor's does.
            return self._clock() >= self.card.issued + self._identity.epoch_length
        until = open_card(known.note.encode()).kem.until
        return self._clock() >= parse_instant(until, "card")
