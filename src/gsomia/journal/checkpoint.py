"""Checkpoints: origin, size and root of a book at one moment, as a note (C2SP tlog-checkpoint).

Promises: what parses re-encodes to the same text. Extension lines are refused
without exception: no ML-DSA cosignature covers them, so anybody could change them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import msgspec

from gsomia.canon import b64, unb64
from gsomia.faults import BadInput, ProofFailed, shown
from gsomia.journal.note import (
    Note,
    NoteSigner,
    VerifierKey,
    check_name,
    parse_note,
    sign_note,
    verify_note,
)
from gsomia.journal.tree import EMPTY_ROOT, HASH, MAX_SIZE

MAX_CHECKPOINT = 1 << 20
"""Bytes: the largest signed checkpoint accepted; room for `MAX_SIGNATURES` ML-DSA lines."""

_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")


def parse_decimal(text: str, where: str) -> int:
    """A size or index as C2SP writes it: no sign, no leading zero, at most `MAX_SIZE`."""
    if not _DECIMAL.fullmatch(text) or int(text) > MAX_SIZE:
        raise BadInput(f"a decimal up to {MAX_SIZE}", shown(text), where)
    return int(text)


class Checkpoint(msgspec.Struct, frozen=True):
    """One state of one book. Raises `BadInput` for values that no tree can have.

    `origin` names the book; as our key names it has neither blanks nor plus
    (C2SP recommends this, we require it).
    """

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        check_name(self.origin, "origin")
        if not 0 <= self.size <= MAX_SIZE:
            raise BadInput(f"a size up to {MAX_SIZE}", str(self.size), "checkpoint")
        if len(self.root) != HASH:
            raise BadInput(f"a root of {HASH} bytes", f"{len(self.root)} bytes", "checkpoint")
        if self.size == 0 and self.root != EMPTY_ROOT:
            raise BadInput("the empty tree's root", "another root at size 0", "checkpoint")

    @property
    def text(self) -> str:
        """The note text: three lines."""
        return f"{self.origin}\n{self.size}\n{b64(self.root)}\n"


class SignedCheckpoint(msgspec.Struct, frozen=True):
    """A checkpoint with the note it came in. `keys` are those whose signature held."""

    checkpoint: Checkpoint
    note: Note
    keys: tuple[VerifierKey, ...]


def parse_checkpoint(text: str, where: str) -> Checkpoint:
    """Read a checkpoint's note text strictly; verifies no signature. Raises `BadInput`."""
    match text.split("\n"):
        case [origin, size, root, ""]:
            return Checkpoint(origin, parse_decimal(size, where), unb64(root, where, HASH))
        case _:
            raise BadInput("origin, size and root, no further line", "another form", where)


def sign_checkpoint(checkpoint: Checkpoint, signers: Iterable[NoteSigner]) -> bytes:
    """The checkpoint's note, signed by each of `signers`.

    Does not check that it follows from earlier ones: a log must never sign two
    that do not (the clerk's duty), and nobody can take a signature back.
    """
    return sign_note(checkpoint.text, signers)


def verify_checkpoint(data: bytes, keys: Sequence[VerifierKey], where: str) -> SignedCheckpoint:
    """Read a signed checkpoint and verify it by *every* one of `keys`, the log's own.

    Raises `ProofFailed` if one of them is missing or does not hold, so that a
    post-quantum line cannot be stripped; `BadInput` for a bad form. Lines by
    other keys are ignored; for cosignatures see `cosign.verify_cosignatures`.
    Does not check that the origin is the one expected: the caller does.
    """
    note = parse_note(data, where, MAX_CHECKPOINT)
    checkpoint = parse_checkpoint(note.text, where)
    return SignedCheckpoint(checkpoint, note, verify_all(note, keys, where))


def verify_all(note: Note, keys: Sequence[VerifierKey], where: str) -> tuple[VerifierKey, ...]:
    """As `verify_note`, but raises `ProofFailed` unless every one of `keys` signed."""
    held = verify_note(note, keys)
    if missing := [key.name for key in keys if key not in held]:
        raise ProofFailed(f"no signature by a key of {shown(missing[0])}", where)
    return held
