"""Links to partners: sending what is sealed, and cosigning each other's books.

Nothing here decides. A receipt or a refusal comes back as a command of the node,
and a partner that cannot be reached is tried again later, ever more slowly.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from gsomia.canon import EPOCH, b64, instant, unix_seconds
from gsomia.evidence.trust import book_keys
from gsomia.exchange.card import open_card
from gsomia.exchange.commands import NodeRecords
from gsomia.exchange.container import OuterHeader
from gsomia.exchange.entries import CosigningRefused, Delivered, DeliveryRefused
from gsomia.exchange.model import Outgoing, Peer
from gsomia.exchange.receipt import open_conflict, open_receipt
from gsomia.faults import BadInput, ProofFailed, Unavailable, shown
from gsomia.journal.checkpoint import sign_checkpoint, verify_checkpoint
from gsomia.journal.cosign import (
    cosign,
    encode_lines,
    parse_lines,
    verify_cosignatures,
    with_lines,
)
from gsomia.journal.note import Note, VerifierKey, parse_note
from gsomia.journal.witness import (
    Answer,
    Witnessed,
    add_checkpoint,
    add_checkpoint_request,
)
from gsomia.journal.witness import Outcome as Cosigning
from gsomia.node.clerk import Clerk
from gsomia.node.custody import Custody
from gsomia.node.grounds import Agreement
from gsomia.node.identity import Identity
from gsomia.node.ports import Clock, Outcome, PeerLink
from gsomia.node.sealing import outgoing_name
from gsomia.shapes import from_json, from_msgpack

URGENCY = {"Z": 0, "O": 1, "P": 2, "R": 3}
FIRST_RETRY = timedelta(seconds=1)
LAST_RETRY = timedelta(minutes=5)
CHUNK = 256 << 10


class Standing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A witness's refusal in its own words, the size it knows, and its proof of that.

    `checkpoint` is the newest one the asker's log signed, as far as the witness
    knows: with it the asker can be sure that its own book is behind or differs.
    """

    outcome: str
    reason: str
    known_size: int
    checkpoint: str = ""


class Links:
    """Sends and cosigns. One instance, used by a thread for each partner, and by the doors."""

    def __init__(
        self,
        clerk: Clerk,
        identity: Identity,
        custody: Custody,
        agreements: Mapping[str, Agreement],
        clock: Clock,
        link: PeerLink,
    ) -> None:
        self._clerk, self._identity, self._custody = clerk, identity, custody
        self._agreements, self._clock, self._link = agreements, clock, link
        self._next_try: dict[str, datetime] = {}
        self._delay: dict[str, timedelta] = {}
        self._asking: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._witnessing = threading.Lock()
        self._keeping = threading.Lock()

    # -- sending ---------------------------------------------------------------------

    def due(self, peer: str) -> list[Outgoing]:
        """What is sealed to a partner and has no delivery receipt: urgent first, then by number."""
        waiting = [
            o for o in self._clerk.state.open(Outgoing) if o.awaits_receipt and o.peer == peer
        ]
        return sorted(waiting, key=lambda o: (URGENCY[o.precedence], o.sequence))

    def send_due(self, peer: str) -> int:
        """Send what is due to one partner and may leave; how many transmittals were delivered."""
        delivered = 0
        for out in self.due(peer):
            if not (self.may_try(out.peer) and self.may_try(out.key)) or self.keeps_back(out):
                continue
            try:
                self._send(out)
                delivered += 1
                self._forget(out.peer, out.key)
            except Unavailable:
                # The round ends: a later number that came through first would look like a gap.
                self.back_off(out.peer)
                break
            except (ProofFailed, BadInput):
                # The partner is there and does not take this one: the others need not wait.
                self._forget(out.peer)
                self.back_off(out.key)
        return delivered

    def keeps_back(self, out: Outgoing) -> str:
        """Why a transmittal may not leave now, or the empty string."""
        agreement = self._agreements[out.agreement]
        return agreement.keeps_back(out, self._clock(), self._clerk.state)

    def _forget(self, *keys: str) -> None:
        for key in keys:
            self._delay.pop(key, None)
            self._next_try.pop(key, None)

    def may_try(self, peer: str) -> bool:
        """Whether a partner, or a transmittal, that failed may be tried again by now."""
        return self._clock() >= self._next_try.get(peer, EPOCH)

    def back_off(self, key: str) -> None:
        """Wait twice as long as the last time before a partner, or a transmittal, is tried."""
        delay = self._delay.get(key, FIRST_RETRY)
        self._next_try[key] = self._clock() + delay
        self._delay[key] = min(delay * 2, LAST_RETRY)

    def waits_until(self, peer: str) -> str:
        """When the next attempt to a partner is due, or the empty string for at once."""
        found = self._next_try.get(peer)
        return instant(found) if found else ""

    def _send(self, out: Outgoing) -> None:
        name = outgoing_name(out)
        size = self._custody.blobs.size(name)
        self._answered(out, *self._link.deliver(out.peer, self.chunks(name), size))

    def chunks(self, name: str) -> Iterator[memoryview]:
        """A sealed transmittal's bytes; each view is valid until the next is asked for."""
        buffer = memoryview(bytearray(CHUNK))
        with self._custody.blobs.open(name) as file:
            while count := file.readinto(buffer):  # type: ignore[attr-defined]  # open file
                yield buffer[:count]

    def header_of(self, out: Outgoing) -> OuterHeader:
        """The outside of a sealed transmittal, also after its bytes were dropped."""
        registry = self._identity.settings.registry
        return OuterHeader(body=out.body, from_=registry, number=out.number, to=out.peer)

    def _answered(self, out: Outgoing, outcome: Outcome, body: bytes) -> None:
        """File a partner's answer to a transmittal.

        Raises `ProofFailed` if it does not verify, here or there.
        """
        peer = self._clerk.state.need(Peer, out.peer, "peer")
        match outcome:
            case Outcome.RECEIVED | Outcome.REPEATED:
                self.receipted(out, body)
            case Outcome.CONFLICT:
                keys = open_card(peer.card.encode()).statement_keys
                open_conflict(body, keys, self.header_of(out))
                event = DeliveryRefused(out.peer, out.number, "conflict", "other bytes are held")
                self._clerk.submit(NodeRecords(out.agreement, event))
            case Outcome.REFUSED:
                text = body[:2000].decode("utf-8", "replace")
                event = DeliveryRefused(out.peer, out.number, "refused", text)
                self._clerk.submit(NodeRecords(out.agreement, event))
            case Outcome.REJECTED:
                raise ProofFailed("could not be verified there; it is sent again", out.number)

    def receipted(self, out: Outgoing, receipt: bytes) -> None:
        """File a delivery receipt, from the wire or from a courier. Raises `ProofFailed`."""
        peer = self._clerk.state.need(Peer, out.peer, "peer")
        keys = open_card(peer.card.encode()).statement_keys
        said = open_receipt(receipt, keys, self.header_of(out))
        if out.receipt:
            return
        event = Delivered(out.peer, out.number, receipt.decode(), said.received_at, said.contiguous)
        self._clerk.submit(NodeRecords(out.agreement, event, out.body))

    # -- cosigning: our books ---------------------------------------------------------------

    def publish(self, book: str) -> bytes:
        """Sign the book's present checkpoint with both log keys, and keep it."""
        checkpoint = self._clerk.books.checkpoint(book)
        kept = self._clerk.store.checkpoint(book, checkpoint.size)
        if kept is not None:
            return kept[1]
        note = sign_checkpoint(checkpoint, self._identity.log_signers(checkpoint.origin))
        self._clerk.store.replace_checkpoint(book, checkpoint.size, note)
        return note

    def have_cosigned(self, book: str, peer: Peer) -> str:
        """Have a partner cosign the book's newest checkpoint. What is wrong, or the empty string.

        A partner that knows a longer book than ours, or another, means that this node
        was started from an old backup: it halts, and says so. Raises `Unavailable`
        where the partner gives no answer. One thread asks a partner at a time: an
        answer to the other one would look like a longer book.
        """
        with self._asking[peer.registry]:
            return self._have_cosigned(book, peer)

    def _have_cosigned(self, book: str, peer: Peer) -> str:
        note = self.publish(book)
        size = parse_size(note)
        known = self.known_size(book, peer.registry)
        for _ in range(2):
            proof = self._clerk.books.tree(book).consistency_proof(known, size)
            request = add_checkpoint_request(known, proof, note)
            cosigned, body = self._link.ask_to_cosign(peer.registry, book, request)
            if cosigned:
                self._cosigned(book, size, note, body, peer)
                return ""
            said = _standing(body, peer.registry)
            if self._is_behind(book, said, peer):
                return self._clerk.halted
            if said.outcome != "stale" or said.known_size > size:
                return shown(said.reason)
            known = said.known_size
        return f"{peer.registry} names another size each time it is asked"

    def _is_behind(self, book: str, said: Standing, peer: Peer) -> bool:
        """Whether a partner proved, by our own signature, that our book was longer or other.

        Its word alone counts for nothing: it could halt this node at will.
        """
        origin = self._clerk.books.origin(book)
        keys = [s.verifier for s in self._identity.log_signers(origin)]
        try:
            proof = verify_checkpoint(said.checkpoint.encode(), keys, "checkpoint").checkpoint
        except (BadInput, ProofFailed):
            return False
        tree = self._clerk.books.tree(book)
        if proof.origin != origin:
            return False
        if proof.size <= tree.size and tree.root(proof.size) == proof.root:
            return False
        self._clerk.halt(
            f"{peer.registry} holds a book {book} of {proof.size} entries that this node signed, "
            f"and the book here, of {tree.size} entries, is not that one: the node was started "
            "from an old backup, or its books were changed. Restore the newest state; if it is "
            "lost, found the node anew. It does nothing until then."
        )
        return True

    def known_size(self, book: str, peer: str) -> int:
        """The size of our book that a partner has cosigned, as we know; 0 for none."""
        value = self._clerk.store.meta(f"cosigned:{book}:{peer}")
        return int(value) if value else 0

    def _cosigned(self, book: str, size: int, note: bytes, lines: bytes, peer: Peer) -> None:
        if self.known_size(book, peer.registry) == size:
            return  # asked again only to keep the cadence: one set of lines is enough
        card = open_card(peer.card.encode())
        with self._keeping:
            # Another partner's lines may have come meanwhile.
            kept = self._clerk.store.checkpoint(book, size)
            newest = parse_note(kept[1] if kept else note, "checkpoint")
            if not _is_cosigned(newest, card.witness_keys):
                signed = with_lines(newest, parse_lines(lines, "cosignature"))
                verify_cosignatures(signed, card.witness_keys, "cosignature", every=True)
                self._clerk.store.replace_checkpoint(book, size, signed.encode())
        self._clerk.store.put_meta(f"cosigned:{book}:{peer.registry}", str(size).encode())

    # -- cosigning: the partner's books --------------------------------------------------------

    def witness(self, book: str, peer: Peer, request: bytes) -> tuple[Cosigning, bytes]:
        """Answer a partner's request to cosign: lines, or a refusal in words.

        The new state is stored before anything is cosigned, and one request is
        answered at a time: two at once could have two histories cosigned. A
        rewritten history is refused, kept as evidence and filed as an alarm.
        """
        origin, keys = book_keys(open_card(peer.card.encode()), book)
        with self._witnessing:
            before = self._witnessed(origin)
            after, answer = add_checkpoint(before, request, keys)
            if answer.checkpoint is not None:
                self._clerk.store.put_meta(f"witness:{origin}", msgspec.msgpack.encode(after))
        if answer.checkpoint is not None:
            lines = cosign(
                answer.checkpoint, self._identity.cosigners(), unix_seconds(self._clock())
            )
            return answer.outcome, encode_lines(lines)
        self._alarm(answer, origin, book, peer)
        told = before.note.decode() if answer.known_size else ""
        standing = Standing(answer.outcome.value, answer.reason, answer.known_size, told)
        return answer.outcome, msgspec.json.encode(standing)

    def _witnessed(self, origin: str) -> Witnessed:
        stored = self._clerk.store.meta(f"witness:{origin}")
        return from_msgpack(stored, Witnessed) if stored else Witnessed(origin)

    def _alarm(self, answer: Answer, origin: str, book: str, peer: Peer) -> None:
        if answer.outcome not in (Cosigning.REWRITTEN, Cosigning.INCONSISTENT):
            return
        event = CosigningRefused(
            peer.registry,
            origin,
            answer.outcome.value,
            answer.reason,
            tuple(b64(note) for note in answer.evidence),
        )
        self._clerk.submit(NodeRecords(book, event))


def _is_cosigned(note: Note, keys: Sequence[VerifierKey]) -> bool:
    """Whether all these keys' lines are there: a run that was cut off may not know it any more."""
    try:
        return bool(verify_cosignatures(note, keys, "checkpoint", every=True))
    except ProofFailed:
        return False


def _standing(body: bytes, registry: str) -> Standing:
    """A witness's refusal. Raises `Unavailable` for anything else."""
    try:
        return from_json(body, Standing)
    except msgspec.DecodeError:
        raise Unavailable(f"{registry} answered, and not as a witness does") from None


def parse_size(note: bytes) -> int:
    """The size a checkpoint of our own states."""
    return int(note.split(b"\n", 2)[1])
