"""The witness: accepts a partner's checkpoint only if it follows from the last one (tlog-witness).

A pure step: (what is known of one book, a request) -> (what is known now, an
answer). The caller stores the new state, in one transaction with the test that
the old one is still current, **before** it cosigns and answers; otherwise two
requests could roll the witness back. A witness that has lost its state retires
its key; it never starts again from nothing under the same one.

The request's bytes are the same over a wire and on a courier's medium.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

import msgspec

from gsomia.canon import b64, unb64
from gsomia.faults import BadInput, ProofFailed, shown
from gsomia.journal.checkpoint import (
    MAX_CHECKPOINT,
    Checkpoint,
    parse_checkpoint,
    parse_decimal,
    verify_all,
)
from gsomia.journal.note import Note, VerifierKey, parse_note
from gsomia.journal.tree import EMPTY_ROOT, HASH, verify_consistency

MAX_PROOF = 63
"""Hashes in one consistency proof: no tree within `MAX_SIZE` needs more."""

_MAX_REQUEST = MAX_CHECKPOINT + 4096


# -- the request ----------------------------------------------------------------


class AddCheckpoint(msgspec.Struct, frozen=True):
    """A request: the size the sender thinks we know, the proof from there, the checkpoint."""

    old: int
    proof: tuple[bytes, ...]
    note: Note
    checkpoint: Checkpoint

    def encode(self) -> bytes:
        """The request's bytes."""
        return add_checkpoint_request(self.old, self.proof, self.note.encode())


def add_checkpoint_request(old: int, proof: Sequence[bytes], checkpoint_note: bytes) -> bytes:
    """The bytes of a request. Checks no value: the witness does."""
    lines = [f"old {old}", *map(b64, proof), "", ""]
    return "\n".join(lines).encode() + checkpoint_note


def parse_add_checkpoint(data: bytes, where: str) -> AddCheckpoint:
    """Read a request strictly; verifies nothing. Raises `BadInput`."""
    if len(data) > _MAX_REQUEST:
        raise BadInput(f"at most {_MAX_REQUEST} bytes", f"{len(data)} bytes", where)
    head, blank, rest = data.partition(b"\n\n")
    try:
        first, *hashes = head.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise BadInput("ASCII before the checkpoint", "other bytes", where) from None
    if not blank or not first.startswith("old "):
        raise BadInput("old N, hashes, a blank line, a checkpoint", shown(first), where)
    if len(hashes) > MAX_PROOF:
        raise BadInput(f"at most {MAX_PROOF} hashes", str(len(hashes)), where)
    old = parse_decimal(first[4:], where)
    proof = tuple(unb64(line, where, HASH) for line in hashes)
    note = parse_note(rest, where, MAX_CHECKPOINT)
    checkpoint = parse_checkpoint(note.text, where)
    if old > checkpoint.size:
        raise BadInput(f"an old size up to {checkpoint.size}", str(old), where)
    return AddCheckpoint(old, proof, note, checkpoint)


# -- the step -------------------------------------------------------------------


class Witnessed(msgspec.Struct, frozen=True):
    """What the witness knows of one book: the newest checkpoint it accepted.

    `note` is that checkpoint as signed by the log, empty at size 0: half of the
    evidence if the log ever signs another history.
    """

    origin: str
    size: int = 0
    root: bytes = EMPTY_ROOT
    note: bytes = b""


class Outcome(Enum):
    """What came of a request. The values are our names; a door maps them to its own codes."""

    ACCEPTED = "accepted"
    MALFORMED = "malformed"
    NOT_SIGNED = "not-signed"
    UNKNOWN_LOG = "unknown-log"
    STALE = "stale"
    BEHIND = "behind"
    REWRITTEN = "rewritten"
    INCONSISTENT = "inconsistent"


_TELL_NOTHING = (Outcome.MALFORMED, Outcome.UNKNOWN_LOG, Outcome.NOT_SIGNED)


class Answer(msgspec.Struct, frozen=True):
    """The witness's answer.

    `known_size` is the size of the newest accepted checkpoint after this step,
    from which a stale sender builds its next proof; 0 for a sender who has not
    shown the log's signature, since the size tells how busy a book is. `checkpoint` is what
    to cosign, set only if accepted. `evidence` holds two notes signed by the
    log: for REWRITTEN they alone prove that it signed two histories; for
    INCONSISTENT they are the two between which it still owes a valid proof,
    since anybody can spoil the proof of an honest one.
    """

    outcome: Outcome
    reason: str
    known_size: int
    checkpoint: Checkpoint | None = None
    evidence: tuple[bytes, ...] = ()


def add_checkpoint(
    state: Witnessed, request: bytes, log_keys: Sequence[VerifierKey]
) -> tuple[Witnessed, Answer]:
    """One step of the witness for the book `state.origin`; any request gets an answer.

    `log_keys` are the keys trusted for that book; each must have signed, so that
    a forged Ed25519 line alone never passes where an ML-DSA key is known too.
    The state changes only for ACCEPTED. Raises `BadInput` only for `log_keys`
    that sign no note texts.
    """

    def refuse(outcome: Outcome, reason: str, *evidence: bytes) -> tuple[Witnessed, Answer]:
        known = 0 if outcome in _TELL_NOTHING else state.size
        return state, Answer(outcome, reason, known, evidence=evidence)

    where = "add-checkpoint"
    try:
        asked = parse_add_checkpoint(request, where)
    except BadInput as error:
        return refuse(Outcome.MALFORMED, str(error))
    new = asked.checkpoint
    if new.origin != state.origin:
        return refuse(Outcome.UNKNOWN_LOG, f"this witness does not follow {shown(new.origin)} here")
    try:
        verify_all(asked.note, log_keys, where)
    except ProofFailed as error:
        return refuse(Outcome.NOT_SIGNED, str(error))
    # From here on the log stands by the checkpoint: what does not fit is its doing or our loss.
    both = (state.note, asked.note.encode())
    if new.size == state.size and new.root != state.root:
        return refuse(
            Outcome.REWRITTEN, f"the log signed two different trees of size {new.size}", *both
        )
    if new.size < state.size:
        return refuse(Outcome.BEHIND, f"size {state.size} was accepted before size {new.size}")
    if asked.old != state.size:
        return refuse(Outcome.STALE, f"the proof starts at {asked.old}, not at {state.size}")
    try:
        verify_consistency(state.size, new.size, state.root, new.root, asked.proof)
    except ProofFailed as error:
        return refuse(Outcome.INCONSISTENT, str(error), *(both if state.note else ()))
    accepted = Witnessed(state.origin, new.size, new.root, both[1])
    return accepted, Answer(Outcome.ACCEPTED, "", new.size, new)
