"""Cosignatures: a witness's word that a checkpoint follows from all it saw before.

The message forms are C2SP tlog-cosignature's: 0x04 (Ed25519 over the note text
with a time) and 0x06 (ML-DSA-44 over a subtree). Our own private type signs the
0x06 message with ML-DSA-87, for parties bound to that parameter set.

Whether a checkpoint deserves a cosignature is `witness.add_checkpoint`'s
question; nothing here asks it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA87PrivateKey

from gsomia.faults import BadInput, ProofFailed, shown
from gsomia.journal.checkpoint import Checkpoint, parse_checkpoint
from gsomia.journal.note import (
    MAX_NAME,
    MAX_SIGNATURES,
    SUBTREE_CONTEXT,
    KeyKind,
    Note,
    Signature,
    VerifierKey,
    lines_by_key,
    parse_signature_line,
)

MAX_TIME = (1 << 63) - 1
"""Seconds since 1970: the latest time a cosignature can carry."""

_TIME = 8


# -- messages -------------------------------------------------------------------


def ed25519_message(text: str, time: int) -> bytes:
    """What a 0x04 cosignature signs: a header, the time, the whole note text.

    It does not name the cosigner: one key must never serve two cosigner names.
    """
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def subtree_message(cosigner: str, time: int, checkpoint: Checkpoint) -> bytes:
    """What a 0x06 line and our ML-DSA-87 line sign for a checkpoint.

    Label, cosigner, u64 time, origin, u64 start (always 0 here), u64 end, root;
    the two names behind one byte of length. Raises `BadInput` for a longer name.
    """
    return b"".join(
        (
            b"subtree/v1\n\0",
            _short(cosigner),
            time.to_bytes(_TIME),
            _short(checkpoint.origin),
            bytes(8),
            checkpoint.size.to_bytes(8),
            checkpoint.root,
        )
    )


def _short(name: str) -> bytes:
    data = name.encode()
    if not 1 <= len(data) <= MAX_NAME:
        raise BadInput(f"a name of 1 to {MAX_NAME} bytes", f"{len(data)} bytes", "cosignature")
    return bytes((len(data),)) + data


def _message(key: VerifierKey, time: int, checkpoint: Checkpoint) -> bytes:
    if key.kind is KeyKind.ED25519_COSIGNATURE:
        return ed25519_message(checkpoint.text, time)
    return subtree_message(key.name, time, checkpoint)


# -- signing --------------------------------------------------------------------


class Cosigner(Protocol):
    """Anything that cosigns checkpoints: a key in memory, in a token, or far away."""

    @property
    def verifier(self) -> VerifierKey:
        """The public half; its kind is one of the cosignature kinds."""

    def sign(self, message: bytes) -> bytes:
        """The bare signature over a message of this module. May raise `Unavailable`."""


class Ed25519Cosigner:
    """Cosigns with Ed25519 (0x04)."""

    def __init__(self, name: str, private_key: Ed25519PrivateKey) -> None:
        self._private = private_key
        public = private_key.public_key().public_bytes_raw()
        self.verifier = VerifierKey(name, KeyKind.ED25519_COSIGNATURE, public)

    def sign(self, message: bytes) -> bytes:
        """64 bytes."""
        return self._private.sign(message)


class MLDSA44Cosigner:
    """Cosigns with ML-DSA-44 (0x06), under the empty FIPS 204 context C2SP prescribes."""

    def __init__(self, name: str, private_key: MLDSA44PrivateKey) -> None:
        self._private = private_key
        public = private_key.public_key().public_bytes_raw()
        self.verifier = VerifierKey(name, KeyKind.MLDSA44_COSIGNATURE, public)

    def sign(self, message: bytes) -> bytes:
        """2420 bytes, different each time."""
        return self._private.sign(message)


class MLDSA87Cosigner:
    """Cosigns with ML-DSA-87 under `SUBTREE_CONTEXT` (our private type)."""

    def __init__(self, name: str, private_key: MLDSA87PrivateKey) -> None:
        self._private = private_key
        public = private_key.public_key().public_bytes_raw()
        self.verifier = VerifierKey(name, KeyKind.MLDSA87_SUBTREE, public)

    def sign(self, message: bytes) -> bytes:
        """4627 bytes, different each time."""
        return self._private.sign(message, SUBTREE_CONTEXT)


def cosign(
    checkpoint: Checkpoint, cosigners: Iterable[Cosigner], time: int
) -> tuple[Signature, ...]:
    """One line by each cosigner, saying that at `time` (seconds since 1970) this is the newest.

    Call it only after the checkpoint was accepted *and stored* as the newest.
    Raises `BadInput` for a time out of range.
    """
    if not 1 <= time <= MAX_TIME:
        raise BadInput(f"a time of 1 to {MAX_TIME} seconds", str(time), "cosignature")
    made = []
    for signer in cosigners:
        key = signer.verifier
        bare = signer.sign(_message(key, time, checkpoint))
        made.append(Signature(key.name, key.key_id, time.to_bytes(_TIME) + bare))
    return tuple(made)


# -- lines and verifying --------------------------------------------------------


def encode_lines(signatures: Iterable[Signature]) -> bytes:
    """Signature lines as a witness answers them: each ends with a line feed."""
    return "".join(s.line() for s in signatures).encode()


def parse_lines(data: bytes, where: str) -> tuple[Signature, ...]:
    """Read the lines of a witness's answer; verifies nothing. Raises `BadInput`."""
    if not data.endswith(b"\n") or data.count(b"\n") > MAX_SIGNATURES:
        raise BadInput(f"1 to {MAX_SIGNATURES} signature lines", "another form", where)
    try:
        text = data[:-1].decode()
    except UnicodeDecodeError:
        raise BadInput("UTF-8 text", "other bytes", where) from None
    return tuple(parse_signature_line(line, where) for line in text.split("\n"))


def with_lines(note: Note, signatures: Iterable[Signature]) -> Note:
    """The note with further lines after its own, each once. Raises `BadInput` for too many."""
    return Note(note.text, tuple(dict.fromkeys((*note.signatures, *signatures))))


class Cosignature(msgspec.Struct, frozen=True):
    """A cosignature that held: whose, and the time it states (0: it states none)."""

    key: VerifierKey
    time: int


def verify_cosignatures(
    note: Note, keys: Sequence[VerifierKey], where: str, *, every: bool = False
) -> tuple[Cosignature, ...]:
    """The cosignatures by `keys` on a checkpoint, in the note's order.

    Lines by unknown keys are ignored. Raises `ProofFailed` if a known key's line
    does not hold, or none is by a known key, or with `every` one of the keys has
    no line; `BadInput` if the text is not a
    checkpoint or a key is not for cosigning. Whether the time is plausible, and
    how many cosigners are enough, is the caller's policy.
    """
    for key in keys:
        if not key.kind.is_cosignature:
            raise BadInput("a cosignature key", key.kind.name, shown(key.name))
    checkpoint = parse_checkpoint(note.text, where)
    held = []
    for key, line in lines_by_key(note, keys):
        time = int.from_bytes(line.signature[:_TIME])
        bare = line.signature[_TIME:]
        if len(bare) != key.kind.signature_size or time > MAX_TIME:
            raise ProofFailed(f"the cosignature of {shown(key.name)} is malformed", where)
        key.check(_message(key, time, checkpoint), bare, where)
        held.append(Cosignature(key, time))
    if not held:
        raise ProofFailed("no cosignature by a known key", where)
    absent = [key.name for key in keys if all(c.key != key for c in held)]
    if every and absent:
        raise ProofFailed(f"no cosignature by a key of {shown(absent[0])}", where)
    return tuple(held)
