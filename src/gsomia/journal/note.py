"""Signed notes: a text, a blank line, and one line for each signature (C2SP signed-note).

Promises: what parses re-encodes to the same bytes, and a signature by a known
key that does not verify sinks the note. Does not promise that a name belongs to
anybody: whose keys are trusted is the caller's decision, made before.

Two signature types are this program's own, under the byte `0xff` that C2SP
leaves for private use; they add ML-DSA-87 where C2SP assigns only Ed25519 and
ML-DSA-44.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from functools import lru_cache
from typing import Protocol

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import (
    MLDSA44PublicKey,
    MLDSA87PrivateKey,
    MLDSA87PublicKey,
)

from gsomia.canon import b64, sha256, unb64
from gsomia.faults import BadInput, ProofFailed, shown

MAX_NOTE = 2 << 20
"""Bytes: the largest note accepted unless the caller sets a lower limit."""

MAX_SIGNATURES = 100
"""Signature lines accepted in one note (C2SP asks for at least 16)."""

MAX_NAME = 255
"""Bytes of UTF-8 in a key name: a cosigned message gives its length one byte."""

NOTE_CONTEXT = b"gsomia/note/v1"
"""The FIPS 204 context of every ML-DSA-87 signature over a note's text."""

SUBTREE_CONTEXT = b"gsomia/subtree/v1"
"""The FIPS 204 context of every ML-DSA-87 signature over a subtree message."""

_DASH = "\u2014 "
_CONTROL = bytes(set(range(0x20)) - {0x0A})
_NOT_IN_NAME = re.compile(r"[\s+\x00-\x1f]")
_KEY_ID = 4
_HEX_KEY_ID = re.compile(r"[0-9a-f]{8}")


# -- keys -----------------------------------------------------------------------


class KeyKind(Enum):
    """What a key signs, and with which algorithm: the value is C2SP's type identifier.

    One key pair under two kinds is two keys with two identifiers.
    """

    ED25519 = b"\x01"
    ED25519_COSIGNATURE = b"\x04"
    MLDSA44_COSIGNATURE = b"\x06"
    MLDSA87_SUBTREE = b"\xffgsomia/ML-DSA-87/subtree/v1\n"
    MLDSA87_NOTE = b"\xffgsomia/ML-DSA-87/note/v1\n"

    @property
    def public_size(self) -> int:
        """Bytes of the raw public key."""
        return _SIZES[self][0]

    @property
    def signature_size(self) -> int:
        """Bytes of the bare signature, without key identifier and time."""
        return _SIZES[self][1]

    @property
    def is_cosignature(self) -> bool:
        """True where the line carries a time and signs a checkpoint, not the bare text."""
        return self not in _TEXT_KINDS


_SIZES = {
    KeyKind.ED25519: (32, 64),
    KeyKind.ED25519_COSIGNATURE: (32, 64),
    KeyKind.MLDSA44_COSIGNATURE: (1312, 2420),
    KeyKind.MLDSA87_SUBTREE: (2592, 4627),
    KeyKind.MLDSA87_NOTE: (2592, 4627),
}
_TEXT_KINDS = (KeyKind.ED25519, KeyKind.MLDSA87_NOTE)


def check_name(name: str, where: str = "key name") -> None:
    """Raise `BadInput` unless `name` may stand in a signature line.

    Not empty, no Unicode space, no plus sign, no control character, at most
    `MAX_NAME` bytes (C2SP signed-note, Format).
    """
    if not name or _NOT_IN_NAME.search(name):
        raise BadInput("a name without blanks, plus or control characters", shown(name), where)
    try:
        size = len(name.encode())
    except UnicodeEncodeError:
        raise BadInput("a name in UTF-8", shown(name), where) from None
    if size > MAX_NAME:
        raise BadInput(f"a name of at most {MAX_NAME} bytes", f"{size} bytes", where)


class VerifierKey(msgspec.Struct, frozen=True):
    """A public key with the name and kind it is trusted under. Raises `BadInput` if malformed."""

    name: str
    kind: KeyKind
    public: bytes

    def __post_init__(self) -> None:
        check_name(self.name)
        if len(self.public) != self.kind.public_size:
            raise BadInput(
                f"{self.kind.public_size} bytes of public key",
                f"{len(self.public)} bytes",
                f"{self.kind.name} key",
            )

    @property
    def key_id(self) -> bytes:
        """Four bytes that find the key for a line. Short, so it proves nothing by itself."""
        return sha256(self.name.encode() + b"\n" + self.kind.value + self.public)[:_KEY_ID]

    @property
    def vkey(self) -> str:
        """The key as C2SP's one-line text: `name+identifier+base64`."""
        return f"{self.name}+{self.key_id.hex()}+{b64(self.kind.value + self.public)}"

    def check(self, message: bytes, signature: bytes, where: str = "") -> None:
        """Raise `ProofFailed` unless `signature` is this key's over `message`.

        Takes the bare signature and the message that this kind really signs;
        `verify_note` and `cosign.verify_cosignatures` build that message.
        """
        try:
            _verifier(self.kind, self.public)(signature, message)
        except (InvalidSignature, ValueError):
            # ValueError: the library's answer to a public key that is no key.
            raise ProofFailed(f"the signature of {shown(self.name)} does not hold", where) from None


@lru_cache(maxsize=256)
def _verifier(kind: KeyKind, public: bytes) -> Callable[[bytes, bytes], None]:
    """The library's check for one key; kept, since loading an ML-DSA key expands a matrix."""
    if kind in (KeyKind.ED25519, KeyKind.ED25519_COSIGNATURE):
        return Ed25519PublicKey.from_public_bytes(public).verify
    if kind is KeyKind.MLDSA44_COSIGNATURE:
        return MLDSA44PublicKey.from_public_bytes(public).verify
    context = NOTE_CONTEXT if kind is KeyKind.MLDSA87_NOTE else SUBTREE_CONTEXT
    key = MLDSA87PublicKey.from_public_bytes(public)
    return lambda signature, message: key.verify(signature, message, context)


def parse_vkey(text: str, where: str = "vkey") -> VerifierKey:
    """Read C2SP's one-line key text. Refuses unknown types and a wrong identifier: `BadInput`."""
    if len(text) > MAX_NAME + 8192:
        raise BadInput("a vkey of one line", f"{len(text)} characters", where)
    name, _, rest = text.partition("+")
    key_id, _, body = rest.partition("+")
    if not _HEX_KEY_ID.fullmatch(key_id):
        raise BadInput("name+identifier+base64", shown(text), where)
    data = unb64(body, where)
    for kind in KeyKind:
        if data.startswith(kind.value):
            key = VerifierKey(name, kind, data[len(kind.value) :])
            break
    else:
        raise BadInput("a key of a known type", "an unknown type", where)
    if key.key_id.hex() != key_id:
        raise BadInput(f"key identifier {key.key_id.hex()}", key_id, where)
    return key


# -- notes ----------------------------------------------------------------------


class Signature(msgspec.Struct, frozen=True):
    """One signature line. `signature` is what follows the key identifier, time included."""

    name: str
    key_id: bytes
    signature: bytes

    def __post_init__(self) -> None:
        check_name(self.name)
        if len(self.key_id) != _KEY_ID or not self.signature:
            raise BadInput("4 bytes of key identifier and a signature", "less", "signature line")

    def line(self) -> str:
        """The line, with its line feed."""
        return f"{_DASH}{self.name} {b64(self.key_id + self.signature)}\n"


class Note(msgspec.Struct, frozen=True):
    """A text and its signature lines, not yet verified. Raises `BadInput` if malformed."""

    text: str
    signatures: tuple[Signature, ...]

    def __post_init__(self) -> None:
        check_text(self.text)
        if not 1 <= len(self.signatures) <= MAX_SIGNATURES:
            raise BadInput(
                f"1 to {MAX_SIGNATURES} signature lines", str(len(self.signatures)), "note"
            )

    def encode(self) -> bytes:
        """The note's bytes: text, blank line, signature lines."""
        return (self.text + "\n" + "".join(s.line() for s in self.signatures)).encode()


def check_text(text: str, where: str = "note") -> None:
    """Raise `BadInput` unless `text` ends with a line feed and has no other control character."""
    try:
        data = text.encode()
    except UnicodeEncodeError:
        raise BadInput("UTF-8 text", "a lone surrogate", where) from None
    if not data.endswith(b"\n"):
        raise BadInput("text ending with a line feed", "another ending", where)
    if len(data.translate(None, _CONTROL)) != len(data):
        raise BadInput("no control character but line feed", "another one", where)


def parse_signature_line(line: str, where: str) -> Signature:
    """Read one signature line, given without its line feed. Raises `BadInput`."""
    name, _, blob = line[len(_DASH) :].partition(" ")
    if not line.startswith(_DASH):
        raise BadInput("a signature line: em dash, name, base64", shown(line), where)
    data = unb64(blob, where)
    if len(data) <= _KEY_ID:
        raise BadInput("a key identifier and a signature", f"{len(data)} bytes", where)
    return Signature(name, data[:_KEY_ID], data[_KEY_ID:])


def parse_note(data: bytes, where: str, limit: int = MAX_NOTE) -> Note:
    """Read a note's bytes strictly; verifies no signature. Raises `BadInput`.

    Refuses more than `limit` bytes or `MAX_SIGNATURES` lines, anything but
    UTF-8, control characters, and loose base64 or line ends.
    """
    if len(data) > limit:
        raise BadInput(f"at most {limit} bytes", f"{len(data)} bytes", where)
    # The last blank line divides: the text may hold blank lines of its own.
    split = data.rfind(b"\n\n")
    if split < 0 or not data.endswith(b"\n") or split + 2 == len(data):
        raise BadInput("text, a blank line and signature lines", "another form", where)
    try:
        text, lines = data[: split + 1].decode(), data[split + 2 : -1].decode().split("\n")
    except UnicodeDecodeError:
        raise BadInput("UTF-8 text", "other bytes", where) from None
    if len(lines) > MAX_SIGNATURES:
        raise BadInput(f"at most {MAX_SIGNATURES} signature lines", str(len(lines)), where)
    check_text(text, where)
    return Note(text, tuple(parse_signature_line(line, where) for line in lines))


# -- signing and verifying ------------------------------------------------------


class NoteSigner(Protocol):
    """Anything that signs note texts: a key in memory, in a token, or far away."""

    @property
    def verifier(self) -> VerifierKey:
        """The public half, with the name it signs under."""

    def sign(self, text: bytes) -> bytes:
        """What follows the key identifier on the line. May raise `Unavailable`."""


class Ed25519Signer:
    """Signs note texts with Ed25519 (type 0x01)."""

    def __init__(self, name: str, private_key: Ed25519PrivateKey) -> None:
        self._private = private_key
        public = private_key.public_key().public_bytes_raw()
        self.verifier = VerifierKey(name, KeyKind.ED25519, public)

    def sign(self, text: bytes) -> bytes:
        """64 bytes; the same for the same text (RFC 8032)."""
        return self._private.sign(text)


class MLDSA87Signer:
    """Signs note texts with ML-DSA-87 under `NOTE_CONTEXT` (our private type)."""

    def __init__(self, name: str, private_key: MLDSA87PrivateKey) -> None:
        self._private = private_key
        public = private_key.public_key().public_bytes_raw()
        self.verifier = VerifierKey(name, KeyKind.MLDSA87_NOTE, public)

    def sign(self, text: bytes) -> bytes:
        """4627 bytes; different each time (FIPS 204, hedged), so keep what was sent."""
        return self._private.sign(text, NOTE_CONTEXT)


def sign_note(text: str, signers: Iterable[NoteSigner]) -> bytes:
    """The note's bytes with one line by each signer, in order. Raises `BadInput`."""
    check_text(text)
    data = text.encode()
    lines = [Signature(s.verifier.name, s.verifier.key_id, s.sign(data)) for s in signers]
    return Note(text, tuple(lines)).encode()


def lines_by_key(
    note: Note, verifiers: Iterable[VerifierKey]
) -> list[tuple[VerifierKey, Signature]]:
    """The lines whose name and identifier match a known key, in the note's order.

    Nothing is verified here. Two known keys with one name and identifier would
    make a line ambiguous: that raises `BadInput`.
    """
    known: dict[tuple[str, bytes], VerifierKey] = {}
    for key in verifiers:
        if known.setdefault((key.name, key.key_id), key) != key:
            raise BadInput("keys told apart by name and identifier", "two alike", shown(key.name))
    found = ((known.get((s.name, s.key_id)), s) for s in note.signatures)
    return [(key, s) for key, s in found if key is not None]


def verify_note(note: Note, verifiers: Sequence[VerifierKey]) -> tuple[VerifierKey, ...]:
    """The given keys whose signature on the text holds, each once, in the note's order.

    Lines by unknown keys are ignored, as C2SP asks; so whoever must not accept
    extra lines compares the number (`statement.open_statement` does). Raises
    `ProofFailed` if a known key's line does not verify, or if no line is by a
    known key; `BadInput` for cosignature keys, which sign another message
    (`cosign.verify_cosignatures`).
    """
    for key in verifiers:
        if key.kind.is_cosignature:
            raise BadInput("a key that signs note texts", key.kind.name, shown(key.name))
    data = note.text.encode()
    held: dict[VerifierKey, None] = {}
    for key, line in lines_by_key(note, verifiers):
        key.check(data, line.signature, "note")
        held[key] = None
    if not held:
        raise ProofFailed("no signature by a known key", "note")
    return tuple(held)
