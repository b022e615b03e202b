"""A node: everything put together behind a few verbs.

`handle` takes a person's signed command. Everything else either reads, or lets
effects follow: workers seal, send, remove and shred what entries call for, and have
the books cosigned on a fixed cadence.
"""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from datetime import datetime, timedelta
from typing import Any

import msgspec

from gsomia.act import HOUSE, Answer, Context, Ground
from gsomia.canon import EPOCH, b64, instant, unb64
from gsomia.desk.commands import AmendText
from gsomia.exchange.card import open_card
from gsomia.exchange.commands import Accept, NodeRecords
from gsomia.exchange.cover import Cover
from gsomia.exchange.entries import Anchored, Exported, PeerTrusted
from gsomia.exchange.model import Incoming, Outgoing, Peer
from gsomia.exchange.sealed import Source, item_aad
from gsomia.faults import BadInput, GsomiaError, Unavailable, shown
from gsomia.fold import State
from gsomia.journal.witness import Outcome as Witnessed
from gsomia.marking.match import Unread, read
from gsomia.marking.national import SCHEMES
from gsomia.node.arrivals import Arrival, Arrivals
from gsomia.node.articles import check_runs
from gsomia.node.books import Books
from gsomia.node.clerk import Clerk
from gsomia.node.custody import AT_REST, Custody
from gsomia.node.grounds import Agreement
from gsomia.node.identity import Identity
from gsomia.node.leftovers import called_for
from gsomia.node.links import Links, parse_size
from gsomia.node.orders import open_order
from gsomia.node.ports import Blobs, Clock, MarkReader, PeerLink, Rand, Store, Vault
from gsomia.node.rotation import Rotation
from gsomia.node.sealing import Sealer, outgoing_name
from gsomia.node.upkeep import Upkeep
from gsomia.node.workers import Workers
from gsomia.registry.acts import check_access
from gsomia.registry.commands import Register
from gsomia.registry.entries import ContentExamined, ContentOpened
from gsomia.registry.model import Examined, Item, Lodged, Sealed
from gsomia.shapes import from_json


class Cadence(msgspec.Struct, frozen=True):
    """How often a node does what nobody asks for."""

    work: timedelta = timedelta(milliseconds=200)
    checkpoint: timedelta = timedelta(seconds=60)
    heartbeat: timedelta = timedelta(hours=1)


class Node:
    """One government's node."""

    def __init__(
        self,
        identity: Identity,
        card: bytes,
        agreements: Mapping[str, Agreement],
        store: Store,
        blobs: Blobs,
        vault: Vault,
        link: PeerLink,
        clock: Clock,
        rand: Rand,
        cadence: Cadence,
        marks: MarkReader | None = None,
    ) -> None:
        self.identity = identity
        self.agreements = dict(agreements)
        self.store, self.vault, self.clock, self._rand = store, vault, clock, rand
        self.cadence = cadence
        self._scheme = SCHEMES.get(identity.settings.party)
        self._marks = marks
        self.books = Books(identity.log_origin, rand)
        self.clerk = Clerk(store, self.books, self.context, clock, rand)
        self.custody = Custody(blobs, vault, rand)
        self.rotation = Rotation(self.clerk, identity, self.agreements, vault, clock, rand, card)
        self._sealer = Sealer(identity, self.custody, store, rand, self.rotation)
        self.arrivals = Arrivals(self.clerk, identity, self.custody, clock, tuple(self.agreements))
        self.links = Links(self.clerk, identity, self.custody, self.agreements, clock, link)
        self.upkeep = Upkeep(
            self.clerk, self._sealer, self.custody, identity, self.agreements, clock
        )
        self._workers = Workers(
            self._upkeep_round,
            self._partner_round,
            lambda: [p.registry for p in self.clerk.state.all(Peer)],
            cadence.work.total_seconds(),
            self._fault,
        )
        self.clerk.after_commit = self._workers.wake
        self.report: Callable[[str], None] = lambda _: None
        self._prepared = False
        self._next_anchor = EPOCH
        self._next_checkpoint: dict[str, datetime] = {}
        self.on_trust: Callable[[bytes], None] = lambda _: None
        self._anchored: dict[str, int] = {}
        self._uncompared: set[str] = set()
        self._unasked: set[str] = set()
        self._following = threading.Lock()
        self._marking = threading.Lock()
        self._sound = False
        self.asking = threading.Lock()

    @property
    def card_note(self) -> bytes:
        """This node's signed card, as it is in force."""
        return self.rotation.note

    # -- the circumstances of an act -------------------------------------------------------

    def context(self, at: datetime, actor: str, signed: bytes, state: State) -> Context:
        """The circumstances of an act on top of `state`: those before it in its batch count."""
        settings = self.identity.settings
        return Context(
            at=at,
            party=settings.party,
            registry=settings.registry,
            authority=settings.authority,
            actor=actor,
            signed=signed,
            new_id=lambda: self._rand(16).hex(),
            ground=lambda name, at: self.agreement(name).ground(at, state, settings.party),
            own_mark=self._own_mark,
            covers=self._covers,
            record=lambda name: self.agreement(name).standing(state).record,
            node_keys=lambda: self._node_keys(state),
            provisions=lambda name: self.agreement(name).provisions(at, state),
        )

    def _node_keys(self, state: State) -> dict[bytes, str]:
        """What this node and its partners sign with, by whose it is."""
        found = dict.fromkeys(self.identity.public_keys(), self.identity.settings.registry)
        for peer in state.all(Peer):
            for note in filter(None, (peer.card, peer.previous)):
                found |= dict.fromkeys(open_card(note.encode()).signing_keys, peer.registry)
        return found

    def agreement(self, name: str) -> Agreement:
        """An agreement held by this node. Raises `BadInput`."""
        found = self.agreements.get(name)
        if found is None:
            raise BadInput(
                "an agreement of this node: " + ", ".join(self.agreements), shown(name), "agreement"
            )
        return found

    def ground(self, name: str, at: datetime) -> Ground:
        """An agreement as it stands at an instant."""
        return self.agreement(name).ground(at, self.clerk.state, self.identity.settings.party)

    def _own_mark(self, text: str) -> str | None:
        if self._scheme is None:
            return None
        found = read(self._scheme, text)
        return None if isinstance(found, Unread) else found.mark

    def _covers(self, held: tuple[str, ...], mark: str) -> bool:
        return self._scheme is not None and self._scheme.covers(held, (mark,))

    # -- life ---------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Compare the books with what this node signed, and find what a cut-off run left.

        Before any door opens: what comes in later is no leftover.
        """
        self._check_own_past()
        self.custody.blobs.sweep()
        self.custody.suspect(*called_for(self.clerk.state))
        peers = self.clerk.state.all(Peer)
        self._uncompared = {p.registry for p in peers if open_card(p.card.encode()).endpoint}
        self._unasked = set(self._uncompared)
        self._prepared = True

    def start(self) -> None:
        """Compare the books with what partners cosigned, then begin to act; after `prepare`.

        A node that finds its books behind or changed halts: it answers, and says
        why, but does nothing. No command is carried out before every partner that
        can be reached was asked.
        """
        if not self._prepared:
            self.prepare()
        for peer in self.clerk.state.all(Peer):
            if not self.clerk.halted:
                self._cosign_with(peer)
        self._clear_leftovers()
        self.clerk.start()
        self._workers.start()
        self._sound = True

    def _clear_leftovers(self) -> None:
        """Destroy what an earlier run left unused, once no partner knows more than our books.

        A node started from an old backup would otherwise destroy what its lost
        entries call for.
        """
        if not self.clerk.halted and not self._uncompared:
            self.custody.clear()

    def stop(self) -> None:
        """Finish what is under way and release everything."""
        self._workers.stop()
        self.clerk.stop()
        if self._sound:
            # What came since the last checkpoint counts too: a backup of a minute ago is old.
            with suppress(GsomiaError, OSError):
                self._mark()
        self.custody.blobs.close()
        self.store.close()

    def _check_own_past(self) -> None:
        for book in self.books.names():
            kept = self.store.checkpoint(book)
            if kept is None:
                continue
            size, note = kept
            tree = self.books.tree(book)
            root = note.split(b"\n", 3)[2].decode()
            if size > tree.size or b64(tree.root(size)) != root:
                self.clerk.halt(
                    f"book {book} does not fit its own signed checkpoint of {size} entries: "
                    "entries were changed or lost. Restore the newest state."
                )
        self._check_high_water()

    def _check_high_water(self) -> None:
        """The vault remembers how long the books were: an older database beside it shows."""
        stored = self.vault.get("high-water")
        marks = from_json(stored, dict[str, int]) if stored else {}
        for book, size in marks.items():
            if self.books.size(book) < size:
                self.clerk.halt(
                    f"book {book} has {self.books.size(book)} entries, but had {size} before: "
                    "this node was started from an old backup. Restore the newest state; if it is "
                    "lost, found the node anew. It does nothing until then."
                )

    def _fault(self, error: Exception) -> None:
        """A bug in a worker: the node halts, and the trace goes to its log."""
        self.clerk.halt("a fault in the program stopped this node; see its log")
        self.report("".join(traceback.format_exception(error)))

    def _upkeep_round(self) -> None:
        if self.clerk.halted:
            return
        self._follow()
        if self.clock() >= self._next_anchor:
            self._next_anchor = self.clock() + self.cadence.checkpoint
            self._anchor()
            if next(iter(self.clerk.state.all(Peer)), None) is None:
                # With a partner its rounds do this; a node that has none yet has a past as well.
                self._mark()
        if self.upkeep.trouble:
            raise Unavailable("; ".join(self.upkeep.trouble))

    def _partner_round(self, registry: str) -> None:
        if self.clerk.halted:
            return
        self._send_due(registry)
        if self.clerk.halted:
            return
        if self.clock() >= self._next_checkpoint.get(registry, EPOCH):
            self._next_checkpoint[registry] = self.clock() + self.cadence.checkpoint
            wrong = self._cosign_with(self.clerk.state.need(Peer, registry, "peer"))
            if wrong:
                raise Unavailable(wrong)

    def _follow(self) -> int:
        """One round, by one thread at a time: sealing twice at once would mix two results."""
        with self._following:
            return (
                self.rotation.step()
                + self.upkeep.step()
                + self.upkeep.heartbeats(self.cadence.heartbeat)
            )

    def tick(self) -> int:
        """Let effects follow once: seal, send, remove, shred, beat. How many things were done."""
        if self.clerk.halted:
            return 0
        done = self._follow()
        return done + sum(self._send_due(p.registry) for p in self.clerk.state.all(Peer))

    def _send_due(self, registry: str) -> int:
        """Send what is due to a partner, once it was asked since the start how long our books are.

        A node started from an old backup while the partner was away would otherwise use
        numbers a second time before it is told: most would be taken, and those that the
        newest state gives would be refused as conflicts.
        """
        if registry in self._unasked and self.links.due(registry):
            if not self.links.may_try(registry):
                return 0
            self._cosign_with(self.clerk.state.need(Peer, registry, "peer"))
            if registry in self._unasked:
                self.links.back_off(registry)
            if registry in self._unasked or self.clerk.halted:
                return 0
        return self.links.send_due(registry)

    def cosign(self) -> dict[str, str]:
        """Have every partner cosign the books shared with it; what is wrong, by partner."""
        if self.clerk.halted:
            raise Unavailable(self.clerk.halted)
        said = {p.registry: self._cosign_with(p) for p in self.clerk.state.all(Peer)}
        if not self.clerk.halted:
            self._anchor()
        return said

    def _anchor(self) -> None:
        """Keep the shared books' newest states in the house book."""
        for name in self.agreements:
            checkpoint = self.books.checkpoint(name)
            if checkpoint.size > self._anchored.get(name, 0):
                root = b64(checkpoint.root)
                event = Anchored(checkpoint.origin, checkpoint.size, root)
                self.clerk.submit(NodeRecords(HOUSE, event))
                self._anchored[name] = checkpoint.size

    def _cosign_with(self, peer: Peer) -> str:
        wrong = ""
        asked = away = False
        for name, agreement in self.agreements.items():
            if peer.party in agreement.codes(self.clerk.state) and self.books.size(name):
                try:
                    wrong = self.links.have_cosigned(name, peer) or wrong
                    asked = True
                except GsomiaError as error:
                    wrong = str(error)
                    away = away or isinstance(error, Unavailable)
                    asked = asked or not away
        self._mark()
        if asked and not away:
            self._unasked.discard(peer.registry)
        if not wrong:
            self._uncompared.discard(peer.registry)
            self._clear_leftovers()
        return wrong

    def _mark(self) -> None:
        """Sign what the books are now, and note in the vault how long they are."""
        marks = {}
        with self._marking:
            for book in self.books.names():
                if not self.clerk.halted:
                    marks[book] = parse_size(self.links.publish(book))
            if marks:
                self.vault.put("high-water", msgspec.json.encode(marks))

    # -- acts ------------------------------------------------------------------------------------

    def handle(self, signed: bytes) -> Answer:
        """Carry out a person's signed command: decide, file, answer.

        Raises `BadInput`, `ProofFailed` or `Unavailable`; then nothing changed. A
        refusal is an answer, not an error, and is on record.
        """
        order = open_order(signed, self.clerk.state, self.identity.settings.registry, self.clock())
        command = order.order.command
        slots: list[str] = []
        if isinstance(command, Register) and not self.custody.is_staged(command.sealed):
            raise BadInput("content staged on this node", "another", "sealed")
        if isinstance(command, Register):
            self._examine(command.sealed)
        if isinstance(command, AmendText):
            check_runs(command.pack.encode(), "pack")
        if isinstance(command, Accept):
            arrival = self.clerk.state.need(
                Incoming, f"{command.peer} {command.number}", "transmittal"
            )
            if arrival.state == "received":
                wanted = tuple(x.reference for x in command.lines if x.accepted)
                slots = self.arrivals.unwrap(arrival, wanted)
        try:
            answer = self.clerk.submit(command, order)
        except GsomiaError:
            self._give_back(slots)
            raise
        if not answer.granted:
            self._give_back(slots)
        for filed in answer.filed:
            if isinstance(filed.event, PeerTrusted):
                card = open_card(filed.event.card.encode())
                self.on_trust(unb64(card.tls_certificate, "card"))
        return answer

    def _examine(self, lies: Sealed) -> None:
        """Look for marks in staged content, once, and file what was seen before the decision."""
        known = self.clerk.state.get(Examined, lies.slot) or self.clerk.state.get(Lodged, lies.slot)
        if self._marks is None or not lies.blob or known is not None:
            return
        party = self.identity.settings.party
        with closing(self.custody.staged(lies)) as content:
            seen = self._marks.read(content, lies.plaintext_size, party)
        event = ContentExamined(
            lies.slot, lies.ciphertext_digest, seen.kind, seen.why, seen.pages, seen.shown
        )
        self.clerk.submit(NodeRecords(HOUSE, event))

    def _give_back(self, slots: list[str]) -> None:
        """Take back slots made for an acceptance that did not happen."""
        for slot in slots:
            if self.clerk.state.get(Lodged, slot) is None:
                self.vault.destroy_slot(slot)

    def stage(self, source: Source | None, media_type: str, cover: Cover) -> Sealed:
        """Seal content that is to be registered."""
        if self.clerk.halted:
            raise Unavailable(self.clerk.halted)
        return self.custody.stage(source, media_type, cover)

    def open_content(self, access: str, reader: str) -> tuple[Item, Cover, Iterator[memoryview]]:
        """Open the content of a permitted access, for the person who signed for it.

        The opening is on record before the first byte is read.
        """
        context = self.context(self.clock(), reader, b"", self.clerk.state)
        found = check_access(access, reader, self.clerk.state, context)
        item = self.clerk.state.need(Item, found.item, "item")
        cover = self.custody.cover(item)
        self.clerk.submit(NodeRecords(item.book, ContentOpened(access, item.number)))
        own = item.originator == self.identity.settings.party
        aad = AT_REST if own else item_aad(item.agreement, item.reference)
        return item, cover, self.custody.content(item, aad)

    # -- courier --------------------------------------------------------------------------------

    def export(self, peer: str, number: str) -> tuple[str, Iterator[memoryview]]:
        """A sealed transmittal's bytes for a courier's medium: the same as on the wire."""
        out = self.clerk.state.need(Outgoing, f"{peer} {number}", "transmittal")
        if not self.custody.blobs.exists(outgoing_name(out)):
            raise BadInput("a transmittal sealed and still kept", out.state, number)
        if why := self.links.keeps_back(out):
            raise Unavailable(why, "Wait until transfers are permitted, or cancel it")
        self.clerk.submit(NodeRecords(out.agreement, Exported(peer, number)))
        return outgoing_name(out), self.links.chunks(outgoing_name(out))

    def take(self, source: Source, peer: str = "") -> Arrival:
        """Take in a transmittal from the wire or from a courier's medium."""
        if self.clerk.halted:
            raise Unavailable(self.clerk.halted)
        return self.arrivals.take(source, peer=peer)

    def take_receipt(self, peer: str, number: str, receipt: bytes) -> None:
        """File a delivery receipt that a courier brought back."""
        out = self.clerk.state.need(Outgoing, f"{peer} {number}", "transmittal")
        self.links.receipted(out, receipt)

    def witness(self, peer: str, book: str, request: bytes) -> tuple[Witnessed, bytes]:
        """Answer a partner's request to cosign one of its books."""
        if self.clerk.halted:
            raise Unavailable(self.clerk.halted)
        found = self.clerk.state.need(Peer, peer, "peer")
        if found.party not in self.agreement(book).codes(self.clerk.state):
            raise BadInput("a book shared with this partner", shown(book), "checkpoint")
        return self.links.witness(book, found, request)

    def standing(self) -> dict[str, Any]:
        """How this node stands, in plain values: no content, no names of people."""
        return {
            "registry": self.identity.settings.registry,
            "party": self.identity.settings.party,
            "now": instant(self.clock()),
            "halted": self.clerk.halted,
            "trouble": dict(self._workers.trouble),
            "books": {b: self.books.size(b) for b in self.books.names()},
            "card_until": self.rotation.card.kem.until,
            "peers": [p.registry for p in self.clerk.state.all(Peer)],
        }
