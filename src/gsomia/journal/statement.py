"""Signed statements: the one signed form of node cards, transmittals, receipts and notices.

A statement is a note whose text is a type line and one line of canonical JSON,
signed with Ed25519 and with ML-DSA-87. Both must verify and nothing else may
stand there, so that a stored statement cannot be altered, or stripped of a
signature, without notice. Format: `docs/formats/signed-statement.md`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA87PrivateKey

from gsomia.canon import MAX_DOCUMENT, decode, encode
from gsomia.faults import BadInput, ProofFailed, shown
from gsomia.journal.note import (
    Ed25519Signer,
    KeyKind,
    MLDSA87Signer,
    Note,
    NoteSigner,
    VerifierKey,
    parse_note,
    sign_note,
    verify_note,
)

T = TypeVar("T")

MAX_STATEMENT = MAX_DOCUMENT + (16 << 10)
"""Bytes: the largest body, its type line and the two signature lines."""

_KIND = re.compile(r"[a-z][a-z0-9_.-]{0,63}")
_SEED = 32


class StatementKeys(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The two public keys one signer makes statements with, under one name.

    Raises `BadInput` if a key has the wrong size or the name cannot be one.
    """

    name: str
    ed25519: bytes
    mldsa87: bytes

    def __post_init__(self) -> None:
        _ = self.verifiers  # building them checks sizes and name

    @property
    def verifiers(self) -> tuple[VerifierKey, VerifierKey]:
        """Ed25519 first, ML-DSA-87 second: also the order of the signature lines."""
        return (
            VerifierKey(self.name, KeyKind.ED25519, self.ed25519),
            VerifierKey(self.name, KeyKind.MLDSA87_NOTE, self.mldsa87),
        )

    @property
    def vkeys(self) -> tuple[str, str]:
        """Both keys as C2SP key texts."""
        ed25519, mldsa87 = self.verifiers
        return ed25519.vkey, mldsa87.vkey

    @property
    def key_ids(self) -> tuple[bytes, bytes]:
        """Both four-byte identifiers, as they stand in the signature lines."""
        ed25519, mldsa87 = self.verifiers
        return ed25519.key_id, mldsa87.key_id


class SigningPair:
    """The two private keys of one signer. Holds secrets: has no text form and is not compared."""

    __slots__ = ("_signers", "name", "public")

    def __init__(
        self,
        name: str,
        ed25519_private: Ed25519PrivateKey,
        mldsa87_private: MLDSA87PrivateKey,
    ) -> None:
        self._signers = (Ed25519Signer(name, ed25519_private), MLDSA87Signer(name, mldsa87_private))
        self.name = name
        self.public = StatementKeys(
            name, self._signers[0].verifier.public, self._signers[1].verifier.public
        )

    @classmethod
    def from_seeds(cls, name: str, ed_seed: bytes, ml_seed: bytes) -> SigningPair:
        """The pair that two 32-byte seeds stand for. Raises `BadInput` for another size.

        The seeds must be independent and from a good source; this function
        cannot tell.
        """
        for seed in (ed_seed, ml_seed):
            if len(seed) != _SEED:
                raise BadInput(f"a seed of {_SEED} bytes", f"{len(seed)} bytes", "signing pair")
        return cls(
            name,
            Ed25519PrivateKey.from_private_bytes(ed_seed),
            MLDSA87PrivateKey.from_seed_bytes(ml_seed),
        )

    @property
    def signers(self) -> tuple[NoteSigner, NoteSigner]:
        """The two note signers, in the order of the lines."""
        return self._signers


def sign_statement(kind: str, body: object, signers: SigningPair) -> bytes:
    """The signed statement's bytes. Raises `BadInput` for a bad kind or an oversized body.

    Signing again gives other bytes (ML-DSA is hedged): store what was sent.
    """
    encoded = encode(body)
    if len(encoded) > MAX_DOCUMENT:
        raise BadInput(f"at most {MAX_DOCUMENT} bytes", f"{len(encoded)} bytes", kind)
    return sign_note(_header(kind) + encoded.decode() + "\n", signers.signers)


def open_statement(data: bytes, kind: str, type_: type[T], keys: StatementKeys, where: str) -> T:
    """Verify a statement by both of `keys`, then read its body strictly as `type_`.

    Raises `ProofFailed` unless its lines are exactly those two signatures, in
    order, and both hold; `BadInput` if the form, the kind or the body is wrong.
    Does not say whether `keys` were in force at the time: the caller does.
    """
    note = parse_note(data, where, MAX_STATEMENT)
    _verify(note, keys, where)
    return _body(note, kind, type_, where)


def open_naming_signer(
    data: bytes, kind: str, type_: type[T], signer: Callable[[T], StatementKeys], where: str
) -> T:
    """As `open_statement`, for one whose own body says who signed it.

    `signer` finds the keys from the body, read but NOT verified: it may act on nothing else
    that the body says, and raises what fits if it knows no such signer.
    """
    note = parse_note(data, where, MAX_STATEMENT)
    body = _body(note, kind, type_, where)
    _verify(note, signer(body), where)
    return body


def _verify(note: Note, keys: StatementKeys, where: str) -> None:
    signed = [(s.name, s.key_id) for s in note.signatures]
    if signed != [(keys.name, key_id) for key_id in keys.key_ids]:
        what = f"the signature lines are not the two of {shown(keys.name)}, and only they"
        others = {key_id for _, key_id in signed}.isdisjoint(keys.key_ids)
        if others and [name for name, _ in signed] == [keys.name] * 2:
            # A node's keys change with its card: the name is right, the key is not.
            what += "; other keys of that name signed: an earlier or later card may be needed"
        raise ProofFailed(what, where)
    try:
        verify_note(note, keys.verifiers)
    except ProofFailed as error:
        raise ProofFailed(error.what, where) from None


def read_unverified(data: bytes, kind: str, type_: type[T], where: str = "statement") -> T:
    """Read a statement's body WITHOUT verifying it: only to find out whose keys to use.

    Act on nothing it says before `open_statement` has passed. Raises `BadInput`.
    """
    return _body(parse_note(data, where, MAX_STATEMENT), kind, type_, where)


def _header(kind: str) -> str:
    if not _KIND.fullmatch(kind):
        raise BadInput("a kind of a-z, 0-9, dot, dash", shown(kind), "statement")
    return f"gsomia/{kind}/v1\n"


def _body(note: Note, kind: str, type_: type[T], where: str) -> T:
    header = _header(kind)
    if not note.text.startswith(header):
        first = note.text.partition("\n")[0]
        raise BadInput(f"a statement {header.rstrip()}", shown(first), where)
    # Canonical JSON has no raw line feed, so nothing can follow the body unseen.
    return decode(note.text[len(header) : -1].encode(), type_, where)
