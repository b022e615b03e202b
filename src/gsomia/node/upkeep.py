"""Effects: what must follow from entries, done after them, and safe to do twice.

Each step looks for documents in a state that calls for it, acts, and files what it
did. A crash before the filing leaves the document as it was, and the step is done
again: sealing makes new bytes that nobody has seen, removing what is gone removes
nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from gsomia.canon import order_key, parse_instant
from gsomia.exchange.commands import NodeRecords, NodeSends
from gsomia.exchange.entries import KeyPartRemoved
from gsomia.exchange.messages import File, Heartbeat
from gsomia.exchange.model import Incoming, Line, Outgoing, Peer
from gsomia.exchange.receiving import blob_name, slot_name
from gsomia.faults import GsomiaError, Unavailable
from gsomia.fold import Doc
from gsomia.node.arrivals import keys_name
from gsomia.node.clerk import Clerk
from gsomia.node.custody import Custody, cover_name
from gsomia.node.grounds import Agreement
from gsomia.node.identity import Identity
from gsomia.node.ports import Clock
from gsomia.node.sealing import Sealer, outgoing_name
from gsomia.registry.entries import ResidualCleared, SlotDestroyed
from gsomia.registry.model import Backup, Destruction, Item, Lodged

D = TypeVar("D", bound=Doc)


def _is_through(arrival: Incoming) -> bool:
    """Whether a transmittal's key part has served."""
    return arrival.key_part and arrival.state in ("registered", "handled")


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
        self.trouble: list[str] = []

    def step(self) -> int:
        """One round over everything that may be due; how many things were done.

        What cannot be done now does not hold up the rest: it is left as it is,
        tried again in the next round, and told in `trouble`.
        """
        self.trouble = []
        return (
            self._each(Outgoing, lambda o: o.waits_here, self._seal)
            + self._drop_accepted()
            + self._each(Incoming, _is_through, self._remove_key_part)
            + self._each(Destruction, lambda d: d.state == "certified", self._shred)
            + self._each(Destruction, lambda d: bool(d.residual), self._clear_residuals)
        )

    def _each(self, type_: type[D], due: Callable[[D], bool], act: Callable[[D], int]) -> int:
        done = 0
        for doc in self._clerk.state.open(type_):
            if due(doc):
                try:
                    done += act(doc)
                except GsomiaError as error:
                    self.trouble.append(f"{doc.key}: {error}")
        return done

    def _seal(self, out: Outgoing) -> int:
        """Seal what is ordered. What may not leave, sealed or not, is told as trouble."""
        agreement = self._agreements[out.agreement]
        at = self._clock()
        state = self._clerk.state
        if why := agreement.keeps_back(out, at, state):
            raise Unavailable(why)
        if out.state == "sealed":
            return 0
        ground = agreement.ground(at, state, self._identity.settings.party)
        sealed = self._sealer.seal(out, state, ground, agreement.provisions(at, state), at)
        self._clerk.submit(sealed)
        return 1

    def _drop_accepted(self) -> int:
        """The sender keeps no copy of what the partner has answered for."""
        done = 0
        for out in self._clerk.state.take_closed():
            if isinstance(out, Outgoing):
                self._custody.blobs.delete(outgoing_name(out))
                done += 1
        return done

    def _remove_key_part(self, arrival: Incoming) -> int:
        """Remove the key part, and the sealed bytes of whatever was not registered."""
        for line in arrival.statement.items():
            slot = slot_name(arrival.peer, arrival.number, line.reference)
            if self._clerk.state.get(Lodged, slot) is None:
                self._custody.blobs.delete(cover_name(slot))
                if isinstance(line.content, File):
                    self._custody.blobs.delete(blob_name(slot))
        self._custody.blobs.delete(keys_name(arrival.peer, arrival.number))
        event = KeyPartRemoved(arrival.peer, arrival.number)
        self._clerk.submit(NodeRecords(arrival.agreement, event))
        return 1

    def _shred(self, found: Destruction) -> int:
        item = self._clerk.state.need(Item, found.item, "item")
        self._custody.shred(item)
        event = SlotDestroyed(found.id, item.number, self._residuals(item))
        self._clerk.submit(NodeRecords(item.book, event))
        return 1

    def _residuals(self, item: Item) -> tuple[str, ...]:
        """What could still open the content: an epoch key with a copy of the transmittal."""
        left = []
        arrival = self._clerk.state.get(Incoming, item.transmittal)
        if arrival is not None:
            epoch = self._identity.epoch_of(arrival.kem_key)
            if epoch:
                left.append(f"epoch key {epoch}, with a copy of the transmittal as it was sent")
        backups = [b for b in self._clerk.state.all(Backup) if not b.gone_at]
        since = order_key(item.registered_at)
        left += [f"backup {b.name}" for b in backups if order_key(b.made_at) >= since]
        return tuple(left)

    def _clear_residuals(self, found: Destruction) -> int:
        gone = [left for left in found.residual if self._is_gone(left)]
        item = self._clerk.state.need(Item, found.item, "item")
        for left in gone:
            self._clerk.submit(NodeRecords(item.book, ResidualCleared(found.id, left)))
        return len(gone)

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
