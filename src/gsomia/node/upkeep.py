"""Effects: what must follow from entries, done after them, and safe to do twice.

Each step looks for documents in a state that calls for it, acts, and files what it
did. A crash before the filing leaves the document as it was, and the step is done
again: sealing makes new bytes that nobody has seen, removing what is gone removes
nothing.
"""

from __future__ import annotations

from datetime import timedelta

from gsomia.canon import parse_instant
from gsomia.exchange.commands import NodeRecords, NodeSends
from gsomia.exchange.entries import KeyPartRemoved
from gsomia.exchange.messages import Heartbeat
from gsomia.exchange.model import Incoming, Line, Outgoing, Peer
from gsomia.node.arrivals import keys_name
from gsomia.node.clerk import Clerk
from gsomia.node.custody import Custody
from gsomia.node.grounds import Agreement
from gsomia.node.identity import Identity
from gsomia.node.ports import Clock
from gsomia.node.sealing import Sealer, outgoing_name
from gsomia.registry.entries import ResidualCleared, SlotDestroyed
from gsomia.registry.model import Backup, Destruction, Item


class Upkeep:
    """Does what entries call for. `step` returns how many things it did."""

    def __init__(
        self,
        clerk: Clerk,
        sealer: Sealer,
        custody: Custody,
        identity: Identity,
        agreements: dict[str, Agreement],
        clock: Clock,
    ) -> None:
        self._clerk, self._sealer, self._custody = clerk, sealer, custody
        self._identity, self._agreements, self._clock = identity, agreements, clock

    def step(self) -> int:
        """One round over everything that may be due."""
        return (
            self._seal_ordered()
            + self._drop_accepted()
            + self._remove_key_parts()
            + self._shred_certified()
            + self._clear_residuals()
        )

    def _seal_ordered(self) -> int:
        done = 0
        for out in self._clerk.state.all(Outgoing):
            if out.state == "ordered":
                agreement = self._agreements[out.agreement]
                at = self._clock()
                sealed = self._sealer.seal(
                    out, self._clerk.state, agreement.ground(at), agreement.digest, at
                )
                self._clerk.submit(sealed)
                done += 1
        return done

    def _drop_accepted(self) -> int:
        """The sender keeps no copy of what the partner's registrar has answered for."""
        done = 0
        for out in self._clerk.state.all(Outgoing):
            over = out.state in ("accepted", "declined") or (
                out.state == "delivered" and out.what != "items"
            )
            if over and self._custody.blobs.exists(outgoing_name(out)):
                self._custody.blobs.delete(outgoing_name(out))
                done += 1
        return done

    def _remove_key_parts(self) -> int:
        done = 0
        for arrival in self._clerk.state.all(Incoming):
            if arrival.key_part and arrival.state in ("registered", "handled"):
                self._custody.blobs.delete(keys_name(arrival.peer, arrival.number))
                event = KeyPartRemoved(arrival.peer, arrival.number)
                self._clerk.submit(NodeRecords(arrival.agreement, event))
                done += 1
        return done

    def _shred_certified(self) -> int:
        done = 0
        for found in self._clerk.state.all(Destruction):
            if found.state == "certified":
                item = self._clerk.state.need(Item, found.item, "item")
                self._custody.shred(item)
                event = SlotDestroyed(found.id, item.number, self._residuals(item))
                self._clerk.submit(NodeRecords(item.book, event))
                done += 1
        return done

    def _residuals(self, item: Item) -> tuple[str, ...]:
        """What could still open the content: an epoch key with a copy of the transmittal."""
        left = []
        arrival = self._clerk.state.get(Incoming, item.transmittal)
        if arrival is not None:
            epoch = self._identity.epoch_of(arrival.kem_key)
            if epoch:
                left.append(f"epoch key {epoch}, with a copy of the transmittal as it was sent")
        backups = [b for b in self._clerk.state.all(Backup) if not b.gone_at]
        left += [f"backup {b.name}" for b in backups if b.made_at >= item.registered_at]
        return tuple(left)

    def _clear_residuals(self) -> int:
        done = 0
        for found in self._clerk.state.all(Destruction):
            for left in found.residual:
                if self._is_gone(left):
                    item = self._clerk.state.need(Item, found.item, "item")
                    self._clerk.submit(NodeRecords(item.book, ResidualCleared(found.id, left)))
                    done += 1
        return done

    def _is_gone(self, residual: str) -> bool:
        kind, _, rest = residual.partition(" ")
        if kind == "backup":
            backup = self._clerk.state.get(Backup, rest)
            return backup is not None and bool(backup.gone_at)
        return self._identity.epoch_key_gone(rest.removeprefix("key ").partition(",")[0])

    def heartbeats(self, after: timedelta) -> int:
        """Give a number to a heartbeat on every line that was silent for `after`."""
        done = 0
        for line in self._clerk.state.all(Line):
            if line.sent == 0 or self._clerk.state.get(Peer, line.peer) is None:
                continue
            last = parse_instant(line.last_sent_at, "line")
            if self._clock() - last >= after:
                self._clerk.submit(NodeSends(line.peer, line.agreement, Heartbeat()))
                done += 1
        return done
