"""Proof files: an entry's place in a book, to be checked offline (C2SP tlog-proof).

Promises: what parses re-encodes to the same bytes. Does not hold the entry
itself: whoever checks brings it, and the keys to trust.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from gsomia.canon import b64, unb64
from gsomia.faults import BadInput, shown
from gsomia.journal.checkpoint import (
    MAX_CHECKPOINT,
    Checkpoint,
    parse_checkpoint,
    parse_decimal,
    verify_all,
)
from gsomia.journal.cosign import Cosignature, verify_cosignatures
from gsomia.journal.note import Note, VerifierKey, parse_note
from gsomia.journal.tree import HASH, leaf_hash, verify_inclusion

HEADER = "c2sp.org/tlog-proof@v1"
"""The first line: format and version."""

MAX_EXTRA = 1 << 20
"""Bytes of extra data accepted."""

_MAX_PROOF = 63
_MAX_FILE = MAX_CHECKPOINT + 2 * MAX_EXTRA


class LogProof(msgspec.Struct, frozen=True):
    """A proof file's content, not yet verified.

    `extra` is covered by no signature: a hint for people, never a fact. None if
    the file has none.
    """

    index: int
    proof: tuple[bytes, ...]
    note: Note
    extra: bytes | None = None

    def encode(self) -> bytes:
        """The file's bytes. Raises `BadInput` for empty extra data."""
        lines = [HEADER]
        if self.extra is not None:
            if not self.extra:
                raise BadInput("extra data or none", "0 bytes", "tlog-proof")
            lines.append(f"extra {b64(self.extra)}")
        lines += [f"index {self.index}", *map(b64, self.proof), "", ""]
        return "\n".join(lines).encode() + self.note.encode()


class Included(msgspec.Struct, frozen=True):
    """A proof that held: which checkpoint, whose keys, who cosigned and when."""

    checkpoint: Checkpoint
    log_keys: tuple[VerifierKey, ...]
    cosignatures: tuple[Cosignature, ...]


def parse_proof(data: bytes, where: str) -> LogProof:
    """Read a proof file strictly; verifies nothing. Raises `BadInput`."""
    if len(data) > _MAX_FILE:
        raise BadInput(f"at most {_MAX_FILE} bytes", f"{len(data)} bytes", where)
    head, blank, rest = data.partition(b"\n\n")
    try:
        header, *lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise BadInput("ASCII before the checkpoint", "other bytes", where) from None
    if header != HEADER or not blank or not lines:
        raise BadInput(HEADER, shown(header), where)
    extra = None
    if lines[0].startswith("extra "):
        extra = unb64(lines.pop(0)[6:], where)
        if not 0 < len(extra) <= MAX_EXTRA:
            raise BadInput(f"1 to {MAX_EXTRA} bytes of extra", f"{len(extra)} bytes", where)
    if not lines or not lines[0].startswith("index "):
        raise BadInput("a line index N", shown(lines[0] if lines else ""), where)
    if len(lines) > 1 + _MAX_PROOF:
        raise BadInput(f"at most {_MAX_PROOF} hashes", str(len(lines) - 1), where)
    index = parse_decimal(lines[0][6:], where)
    proof = tuple(unb64(line, where, HASH) for line in lines[1:])
    note = parse_note(rest, where, MAX_CHECKPOINT)
    parse_checkpoint(note.text, where)
    return LogProof(index, proof, note, extra)


def verify_proof(
    proof: LogProof,
    entry: bytes,
    log_keys: Sequence[VerifierKey],
    cosigner_keys: Sequence[VerifierKey],
    where: str,
) -> Included:
    """Verify that `entry` stands in the book, under a checkpoint by *all* of `log_keys`.

    With `cosigner_keys`, every one of them must also have cosigned; without,
    nobody but the log vouches for the checkpoint. Raises `ProofFailed`, or
    `BadInput` if the note is no checkpoint. Does not check the origin, nor that
    the entry says of itself the same index: the caller does.
    """
    checkpoint = parse_checkpoint(proof.note.text, where)
    signed_by = verify_all(proof.note, log_keys, where)
    cosigned: tuple[Cosignature, ...] = ()
    if cosigner_keys:
        cosigned = verify_cosignatures(proof.note, cosigner_keys, where, every=True)
    verify_inclusion(proof.index, checkpoint.size, leaf_hash(entry), proof.proof, checkpoint.root)
    return Included(checkpoint, signed_by, cosigned)
