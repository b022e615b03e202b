"""Keys and small books for the journal's tests. The seeds are made up and worth nothing."""

from __future__ import annotations

import hashlib
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA87PrivateKey

from gsomia.journal.checkpoint import Checkpoint, sign_checkpoint
from gsomia.journal.cosign import Ed25519Cosigner, MLDSA44Cosigner, MLDSA87Cosigner
from gsomia.journal.note import Ed25519Signer, MLDSA87Signer
from gsomia.journal.statement import SigningPair
from gsomia.journal.tree import Tree, leaf_hash

VECTORS = Path(__file__).parents[1] / "vectors"
ORIGIN = "a.example/gsomia/journal"
WITNESS = "b.example/gsomia/witness"
TIME = 1_790_000_000


def seed(label: str) -> bytes:
    return hashlib.sha256(label.encode()).digest()


def ed25519(name: str) -> Ed25519Signer:
    return Ed25519Signer(name, Ed25519PrivateKey.from_private_bytes(seed("ed" + name)))


def mldsa87(name: str) -> MLDSA87Signer:
    return MLDSA87Signer(name, MLDSA87PrivateKey.from_seed_bytes(seed("ml" + name)))


def pair(name: str) -> SigningPair:
    return SigningPair.from_seeds(name, seed("ed" + name), seed("ml" + name))


def cosigners(name: str) -> tuple[Ed25519Cosigner, MLDSA44Cosigner, MLDSA87Cosigner]:
    return (
        Ed25519Cosigner(name, Ed25519PrivateKey.from_private_bytes(seed("co-ed" + name))),
        MLDSA44Cosigner(name, MLDSA44PrivateKey.from_seed_bytes(seed("co-44" + name))),
        MLDSA87Cosigner(name, MLDSA87PrivateKey.from_seed_bytes(seed("co-87" + name))),
    )


LOG = ed25519(ORIGIN)
LOG_87 = mldsa87(ORIGIN)


def leaves(size: int, history: str = "") -> list[bytes]:
    return [leaf_hash(f"{history}{n}".encode()) for n in range(size)]


def book(size: int, history: str = "") -> Tree:
    return Tree(leaves(size, history))


def signed(tree: Tree, size: int, *signers: Ed25519Signer | MLDSA87Signer) -> bytes:
    return sign_checkpoint(Checkpoint(ORIGIN, size, tree.root(size)), signers or (LOG,))
