"""Who a node is: its keys, made once and kept in its vault, and its card."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA87PrivateKey

from gsomia.canon import b64, instant
from gsomia.exchange.card import KemKey, KeyPair, LogKeys, NodeCard, WitnessKeys, sign_card
from gsomia.exchange.keyparts import SUITE, KemPrivate
from gsomia.faults import Unavailable
from gsomia.journal.cosign import Cosigner, Ed25519Cosigner, MLDSA44Cosigner, MLDSA87Cosigner
from gsomia.journal.note import Ed25519Signer, MLDSA87Signer, NoteSigner
from gsomia.journal.statement import SigningPair
from gsomia.node.ports import Rand, Vault

EPOCH = timedelta(days=30)
"""How long one key for incoming transmittals is in use."""

_SEED = 32


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a node is told at its founding."""

    party: str
    authority: str
    registry: str
    name: str
    endpoint: str
    agreements: tuple[str, ...]


def make_keys(vault: Vault, rand: Rand) -> None:
    """Make every secret of a new node: root, statement, log, witness, first epoch."""
    for name, seeds in (("root", 2), ("log", 2), ("witness", 3)):
        vault.put(name, rand(_SEED * seeds))
    make_serial_keys(vault, rand, 1)


def make_serial_keys(vault: Vault, rand: Rand, serial: int) -> None:
    """Make the keys that change with the card: statement and epoch. Once made, they stay."""
    for name, seeds in ((f"statement-{serial}", 2), (f"kem-{serial}", 1)):
        if vault.get(name) is None:
            vault.put(name, rand(_SEED * seeds))


class Identity:
    """A node's signing keys, read from its vault. Holds secrets: it has no text form."""

    def __init__(self, settings: Settings, vault: Vault) -> None:
        self.settings, self._vault = settings, vault
        self.statement = self._statement(1)
        self.log_origin = f"{settings.name}/books"
        self._expanded: dict[str, KemPrivate] = {}

    @property
    def epoch_length(self) -> timedelta:
        """How long one epoch lasts."""
        return EPOCH

    def __repr__(self) -> str:
        return f"Identity({self.settings.registry})"

    def _seeds(self, name: str, count: int) -> tuple[bytes, ...]:
        data = self._vault.get(name)
        if data is None or len(data) != _SEED * count:
            raise Unavailable(f"the vault has no {name} key")
        return tuple(data[i : i + _SEED] for i in range(0, len(data), _SEED))

    def _statement(self, serial: int) -> SigningPair:
        first, second = self._seeds(f"statement-{serial}", 2)
        return SigningPair.from_seeds(f"{self.settings.name}/statement", first, second)

    def use(self, serial: int) -> None:
        """Sign statements with the keys of this card from now on."""
        self.statement = self._statement(serial)

    def root(self) -> SigningPair:
        """The root pair: signs cards and successions, nothing else."""
        first, second = self._seeds("root", 2)
        return SigningPair.from_seeds(f"{self.settings.name}/root", first, second)

    def destroy_epoch(self, serial: int) -> bool:
        """Destroy a past epoch's private key; whether it was there."""
        return self._vault.destroy(f"kem-{serial}")

    def log_signers(self, origin: str) -> tuple[NoteSigner, NoteSigner]:
        """The signers of a book's checkpoints, under the book's own origin."""
        first, second = self._seeds("log", 2)
        return (
            Ed25519Signer(origin, Ed25519PrivateKey.from_private_bytes(first)),
            MLDSA87Signer(origin, MLDSA87PrivateKey.from_seed_bytes(second)),
        )

    def cosigners(self) -> tuple[Cosigner, ...]:
        """The keys that cosign partners' checkpoints."""
        first, second, third = self._seeds("witness", 3)
        name = f"{self.settings.name}/witness"
        return (
            Ed25519Cosigner(name, Ed25519PrivateKey.from_private_bytes(first)),
            MLDSA44Cosigner(name, MLDSA44PrivateKey.from_seed_bytes(second)),
            MLDSA87Cosigner(name, MLDSA87PrivateKey.from_seed_bytes(third)),
        )

    def public_keys(self) -> frozenset[bytes]:
        """The public half of every key that this node signs with, or signed with before."""
        serials = [n[10:] for n in self._vault.names() if n.startswith("statement-")]
        pairs = [self.root().public, *(self._statement(int(s)).public for s in serials)]
        halves = {half for pair in pairs for half in (pair.ed25519, pair.mldsa87)}
        notes = (*self.log_signers(self.log_origin), *self.cosigners())
        return frozenset(halves | {one.verifier.public for one in notes})

    def kem_keys(self) -> dict[bytes, KemPrivate]:
        """The private keys of all epochs that are still held, by key id."""
        return {private.key_id: private for private in self._epochs().values()}

    def _epochs(self) -> dict[str, KemPrivate]:
        """The epoch keys in the vault, by name. Expanding one takes a while: it is done once."""
        names = [n for n in sorted(self._vault.names()) if n.startswith("kem-")]
        self._expanded = {
            name: self._expanded.get(name) or KemPrivate.from_seed(self._seeds(name, 1)[0])
            for name in names
        }
        return self._expanded

    def kem_serials(self) -> list[int]:
        """The serials of the epochs whose private keys are still held."""
        return sorted(int(n[4:]) for n in self._vault.names() if n.startswith("kem-"))

    def epoch_of(self, key_id: str) -> str:
        """The vault's name of the epoch key with this id (hex), or the empty string."""
        for name, private in self._epochs().items():
            if private.key_id.hex() == key_id:
                return name
        return ""

    def epoch_key_gone(self, name: str) -> bool:
        """Whether an epoch's private key is not in the vault any more."""
        return name not in self._vault.names()

    def make_card(
        self, serial: int, at: datetime, certificate: bytes, authority: str = ""
    ) -> tuple[NodeCard, bytes]:
        """The card with this serial, whose keys have the same number, signed by the root.

        `authority` is the one that the government named last; empty: the settings' own.
        """
        root = self.root()
        kem = KemPrivate.from_seed(self._seeds(f"kem-{serial}", 1)[0])
        log = [s.verifier.vkey for s in self.log_signers(self.log_origin)]
        witness = [c.verifier.vkey for c in self.cosigners()]
        card = NodeCard(
            party=self.settings.party,
            authority=authority or self.settings.authority,
            registry=self.settings.registry,
            name=self.settings.name,
            serial=serial,
            issued_at=instant(at),
            root=KeyPair.of(root.public),
            statement=KeyPair.of(self._statement(serial).public),
            log=LogKeys(self.log_origin, log[0], log[1]),
            witness=WitnessKeys(witness[0], witness[1], witness[2]),
            kem=KemKey(SUITE, b64(kem.public_bytes), serial, instant(at + EPOCH)),
            tls_certificate=b64(certificate),
            endpoint=self.settings.endpoint,
        )
        return card, sign_card(card, root)
