"""Node cards: a node's public keys and address, signed by the card's own root.

Two nodes exchange cards once, by hand: officers compare the fingerprint by another
channel. From then on a card is replaced only by a succession, which the root of the
card before signs. A card proves that whoever holds its root wrote it; that this is
the other government's node is what the two officers establish.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Annotated

import msgspec
from cryptography.x509 import load_der_x509_certificate
from msgspec import Meta

from gsomia import canon
from gsomia.canon import b64, encode, fingerprint, parse_instant, unb64
from gsomia.exchange.fields import (
    Digest,
    Line,
    Name,
    NoteText,
    PartyCode,
    RegistryCode,
    check_instant,
    check_line,
    checked,
)
from gsomia.exchange.keyparts import SUITE, KemPublic
from gsomia.faults import BadInput, ProofFailed, shown
from gsomia.journal.note import KeyKind, VerifierKey, parse_vkey
from gsomia.journal.statement import (
    SigningPair,
    StatementKeys,
    open_naming_signer,
    open_statement,
    sign_statement,
)

NODE_CARD = "node-card"
CARD_SUCCESSION = "card-succession"

Base64 = Annotated[str, Meta(max_length=16_384)]
Vkey = Annotated[str, Meta(max_length=8_192)]
NodeName = Annotated[
    str, Meta(pattern=r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9-]+)*\Z", max_length=200)
]
Endpoint = Annotated[
    str, Meta(pattern=r"^(([a-z0-9.-]+|\[[0-9a-f:]+\]):[1-9][0-9]{0,4})?\Z", max_length=260)
]
Serial = Annotated[int, Meta(ge=1, le=1_000_000)]
Epoch = Annotated[int, Meta(ge=1, le=1_000_000)]


class KeyPair(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Two public keys that sign statements together, each in base64."""

    ed25519: Base64
    mldsa87: Base64

    @classmethod
    def of(cls, keys: StatementKeys) -> KeyPair:
        """The pair's text."""
        return cls(b64(keys.ed25519), b64(keys.mldsa87))

    def keys(self, name: str) -> StatementKeys:
        """The keys under the name they sign with. Raises `BadInput` if malformed."""
        return StatementKeys(name, unb64(self.ed25519, name), unb64(self.mldsa87, name))


class LogKeys(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The book's origin, and the keys that sign its checkpoints, as C2SP key texts."""

    origin: Name
    ed25519: Vkey
    mldsa87: Vkey


class WitnessKeys(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The keys this node cosigns the other side's checkpoints with, as C2SP key texts."""

    ed25519: Vkey
    mldsa44: Vkey
    mldsa87: Vkey


class KemKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The key transmittals are sealed to, for one epoch; not for use at or after `until`."""

    suite: Name
    public: Base64
    epoch: Epoch
    until: Line


class NodeCard(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A node's card. Making or reading one checks every key in it. Raises `BadInput`."""

    party: PartyCode
    authority: Name
    registry: RegistryCode
    name: NodeName
    serial: Serial
    issued_at: Line
    root: KeyPair
    statement: KeyPair
    log: LogKeys
    witness: WitnessKeys
    kem: KemKey
    tls_certificate: Base64
    endpoint: Endpoint

    def __post_init__(self) -> None:
        check_instant(self.issued_at, "card.issued_at")
        check_instant(self.kem.until, "card.kem.until")
        check_line(self.authority, "card.authority")
        root, statement = self.root_keys, self.statement_keys
        if root.ed25519 == statement.ed25519 or root.mldsa87 == statement.mldsa87:
            raise BadInput("a root of its own", "the statement keys again", "card.root")
        self.log_keys, self.witness_keys, self.kem_public  # noqa: B018  checks them
        if self.tls_certificate:
            _check_certificate(unb64(self.tls_certificate, "card.tls_certificate"))

    @property
    def issued(self) -> datetime:
        """The instant in `issued_at`."""
        return parse_instant(self.issued_at, "card.issued_at")

    @property
    def root_keys(self) -> StatementKeys:
        """The keys that sign this card and its succession, and nothing else."""
        return self.root.keys(f"{self.name}/root")

    @property
    def statement_keys(self) -> StatementKeys:
        """The keys that sign the node's statements."""
        return self.statement.keys(f"{self.name}/statement")

    @property
    def log_keys(self) -> tuple[VerifierKey, VerifierKey]:
        """The keys that sign checkpoints, under the book's origin: Ed25519, ML-DSA-87."""
        keys = (
            _vkey(self.log.ed25519, KeyKind.ED25519, "card.log.ed25519"),
            _vkey(self.log.mldsa87, KeyKind.MLDSA87_NOTE, "card.log.mldsa87"),
        )
        if any(key.name != self.log.origin for key in keys):
            raise BadInput("keys named as the origin", "another name", "card.log")
        return keys

    @property
    def witness_keys(self) -> tuple[VerifierKey, VerifierKey, VerifierKey]:
        """The cosignature keys, under one name: Ed25519, ML-DSA-44, ML-DSA-87."""
        keys = (
            _vkey(self.witness.ed25519, KeyKind.ED25519_COSIGNATURE, "card.witness.ed25519"),
            _vkey(self.witness.mldsa44, KeyKind.MLDSA44_COSIGNATURE, "card.witness.mldsa44"),
            _vkey(self.witness.mldsa87, KeyKind.MLDSA87_SUBTREE, "card.witness.mldsa87"),
        )
        if len({key.name for key in keys}) != 1:
            raise BadInput("one name for the witness", "several", "card.witness")
        return keys

    @property
    def signing_keys(self) -> frozenset[bytes]:
        """Every public key in the card that something is signed with, without its name."""
        pairs = (self.root_keys, self.statement_keys)
        notes = (*self.log_keys, *self.witness_keys)
        halves = {half for pair in pairs for half in (pair.ed25519, pair.mldsa87)}
        return frozenset(halves | {key.public for key in notes})

    @property
    def kem_public(self) -> KemPublic:
        """The key to seal to. Whether its epoch has ended is the caller's question."""
        if self.kem.suite != SUITE:
            raise BadInput(SUITE, shown(self.kem.suite), "card.kem.suite")
        return KemPublic.from_bytes(unb64(self.kem.public, "card.kem.public"))

    def text(self) -> bytes:
        """The note text that the root signs: the same bytes at every signing."""
        return f"gsomia/{NODE_CARD}/v1\n".encode() + encode(self) + b"\n"

    def digest(self) -> str:
        """`sha256:` of the text: how transmittals and successions name a card."""
        return canon.digest(self.text())


def fingerprint_of(card: NodeCard) -> str:
    """The digest of the card's text in groups of four, for two officers to read out.

    Of the text, not of the note: signing again gives other signature bytes.
    """
    return fingerprint(card.text())


def sign_card(card: NodeCard, root: SigningPair) -> bytes:
    """The signed card. Raises `BadInput` if `root` is not the card's own."""
    if root.public != card.root_keys:
        raise BadInput(f"the root keys of {card.name}", "other keys", NODE_CARD)
    return sign_statement(NODE_CARD, checked(card, NODE_CARD), root)


@lru_cache(maxsize=64)
def open_card(data: bytes) -> NodeCard:
    """Read a card and verify its own signature. Raises `BadInput` or `ProofFailed`.

    The same bytes always give the same card, so the last few are remembered: a node
    asks for its partners' at every step.

    Proves only that the holder of the root in it wrote it: trust comes from the
    comparison of fingerprints, or from `open_succession`.
    """
    return open_naming_signer(data, NODE_CARD, NodeCard, lambda card: card.root_keys, NODE_CARD)


# -- succession -------------------------------------------------------------------


class CardSuccession(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The old card's digest, and the whole new card as a signed note."""

    old: Digest
    new: NoteText


def sign_succession(old: NodeCard, new: bytes, old_root: SigningPair) -> bytes:
    """The succession of `old` by the signed card `new`, signed by the OLD card's root.

    Raises as `open_succession` would for the result.
    """
    if old_root.public != old.root_keys:
        raise BadInput(f"the root keys of {old.name}", "other keys", CARD_SUCCESSION)
    _check_next(old, open_card(new))
    body = CardSuccession(old.digest(), new.decode())
    return sign_statement(CARD_SUCCESSION, body, old_root)


def open_succession(data: bytes, old: NodeCard) -> NodeCard:
    """The new card, if `old`'s root vouches for it and it is its next.

    Raises `ProofFailed` if a signature fails or another card is succeeded;
    `BadInput` if serial, party, registry or time do not follow.
    """
    body = open_statement(data, CARD_SUCCESSION, CardSuccession, old.root_keys, CARD_SUCCESSION)
    if body.old != old.digest():
        raise ProofFailed("it succeeds another card", CARD_SUCCESSION)
    new = open_card(body.new.encode())
    _check_next(old, new)
    return new


def _check_next(old: NodeCard, new: NodeCard) -> None:
    if new.serial != old.serial + 1:
        raise BadInput(f"serial {old.serial + 1}", str(new.serial), CARD_SUCCESSION)
    if (new.party, new.registry, new.name) != (old.party, old.registry, old.name):
        raise BadInput("the same party, registry and name", "others", CARD_SUCCESSION)
    if new.issued < old.issued:
        raise BadInput("a card issued later", "an earlier one", CARD_SUCCESSION)


def _vkey(text: str, kind: KeyKind, where: str) -> VerifierKey:
    key = parse_vkey(text, where)
    if key.kind is not kind:
        raise BadInput(f"a {kind.name} key", key.kind.name, where)
    return key


def _check_certificate(der: bytes) -> None:
    try:
        load_der_x509_certificate(der)
    except ValueError:
        raise BadInput("an X.509 certificate", "other bytes", "card.tls_certificate") from None
