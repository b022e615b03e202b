"""The detached key part: one sealed transmittal key, and one wrapped key for each item.

    transmittal key  sealed to the recipient: HPKE base mode, MLKEM1024-P384,
                     HKDF-SHA384, AES-256-GCM (draft-ietf-hpke-pq; ids 0051/0002/0002)
    item key         AES-256-GCM under HKDF-SHA384(transmittal key, index)
    statement        AES-256-GCM under HKDF-SHA384(transmittal key)

Every subkey encrypts one message, so its nonce is twelve zero bytes. The key part
stands apart from the statement and from the items: a receiver who has registered
the items removes it, and the rest of the evidence stays whole.

HPKE and its KEM draw the randomness of the encapsulation inside the library; the
transmittal key itself comes from the caller.
"""

from __future__ import annotations

import hashlib
import struct

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP384R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    derive_private_key,
)
from cryptography.hazmat.primitives.asymmetric.mlkem import (
    MLKEM1024PrivateKey,
    MLKEM1024PublicKey,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA384
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM1024P384PrivateKey,
    MLKEM1024P384PublicKey,
    Suite,
)
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from gsomia.canon import sha256
from gsomia.faults import BadInput, ProofFailed

SUITE = "MLKEM1024-P384/HKDF-SHA384/AES-256-GCM"
"""The one suite, as node cards name it; its ids stand in every key part."""

SUITE_IDS = (0x0051, 0x0002, 0x0002)
KEM_PUBLIC = 1568 + 97
KEM_KEY_ID = 8
SEALED_KEY = 1665 + 32 + 16
TRANSMITTAL_KEY = 32
WRAPPED_KEY = 32 + 16
MAX_ITEMS = 4096

_MLKEM_SEED = 64
_MLKEM_PUBLIC = 1568
_SCALAR = 48
_SEED = 32
_TRANSMITTAL_ID = 16
_UNCOMPRESSED = 4
_SUITE = Suite(KEM.MLKEM1024_P384, KDF.HKDF_SHA384, AEAD.AES_256_GCM)
_INFO = b"gsomia/transmittal-key/v1\0"
_ITEM = b"gsomia/item-key/v1\0"
_STATEMENT = b"gsomia/statement/v1\0"
_NONCE = bytes(12)
_MAGIC = b"GSMK\x01"
_FIXED = struct.Struct(">5sHHH8sH")


# -- the recipient's key --------------------------------------------------------


class KemPublic:
    """A recipient's hybrid public key: ML-KEM-1024 and an uncompressed P-384 point."""

    __slots__ = ("key", "public_bytes")

    def __init__(self, mlkem: MLKEM1024PublicKey, p384: EllipticCurvePublicKey) -> None:
        self.key = MLKEM1024P384PublicKey(mlkem, p384)
        point = p384.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.public_bytes = mlkem.public_bytes_raw() + point

    @classmethod
    def from_bytes(cls, data: bytes) -> KemPublic:
        """Read `KEM_PUBLIC` bytes. Raises `BadInput` for another size or a point off the curve."""
        if len(data) != KEM_PUBLIC or data[_MLKEM_PUBLIC] != _UNCOMPRESSED:
            raise BadInput(f"{KEM_PUBLIC} bytes of {SUITE}", "another key", "KEM public key")
        try:
            mlkem = MLKEM1024PublicKey.from_public_bytes(data[:_MLKEM_PUBLIC])
            point = EllipticCurvePublicKey.from_encoded_point(SECP384R1(), data[_MLKEM_PUBLIC:])
        except ValueError:
            raise BadInput("a valid hybrid key", "an invalid one", "KEM public key") from None
        return cls(mlkem, point)

    @property
    def key_id(self) -> bytes:
        """First 8 bytes of SHA-256 of the key: finds the private key, and proves nothing."""
        return sha256(self.public_bytes)[:KEM_KEY_ID]


class KemPrivate:
    """A recipient's hybrid private key, for one epoch. Holds secrets: it has no text form."""

    __slots__ = ("key", "public")

    def __init__(self, mlkem: MLKEM1024PrivateKey, p384: EllipticCurvePrivateKey) -> None:
        self.key = MLKEM1024P384PrivateKey(mlkem, p384)
        self.public = KemPublic(mlkem.public_key(), p384.public_key())

    @classmethod
    def from_seeds(cls, mlkem_seed: bytes, p384_scalar: bytes) -> KemPrivate:
        """The key of a 64-byte ML-KEM seed and a 48-byte big-endian scalar.

        Raises `BadInput` for another size or a scalar that is zero or not below the order.
        """
        if len(mlkem_seed) != _MLKEM_SEED or len(p384_scalar) != _SCALAR:
            raise BadInput("64 and 48 bytes", f"{len(mlkem_seed)}, {len(p384_scalar)}", "KEM seeds")
        try:
            p384 = derive_private_key(int.from_bytes(p384_scalar, "big"), SECP384R1())
        except ValueError:
            raise BadInput("a scalar of P-384", "one out of range", "KEM seeds") from None
        return cls(MLKEM1024PrivateKey.from_seed_bytes(mlkem_seed), p384)

    @classmethod
    def from_seed(cls, seed: bytes) -> KemPrivate:
        """The key of one 32-byte seed, expanded by SHAKE256 as draft-ietf-hpke-pq does.

        Raises `BadInput` for another size, and for the one seed in about 2^190
        whose scalar is out of range, where the draft would draw again.
        """
        if len(seed) != _SEED:
            raise BadInput("a seed of 32 bytes", f"{len(seed)} bytes", "KEM seed")
        long = hashlib.shake_256(seed).digest(_MLKEM_SEED + _SCALAR)
        return cls.from_seeds(long[:_MLKEM_SEED], long[_MLKEM_SEED:])

    @property
    def public_bytes(self) -> bytes:
        """The public half, `KEM_PUBLIC` bytes."""
        return self.public.public_bytes

    @property
    def key_id(self) -> bytes:
        """The public half's identifier."""
        return self.public.key_id


# -- the transmittal key --------------------------------------------------------


def transmittal_info(agreement: str, address: bytes) -> bytes:
    """What the sealed transmittal key is bound to: the agreement and the outer address.

    `address` is the canonical outer header without the body's digest, which covers
    the key part itself and so cannot be bound by it.
    """
    return _INFO + sha256(agreement.encode()) + sha256(address)


def seal_transmittal_key(key: bytes, recipient: KemPublic, info: bytes) -> bytes:
    """Seal a 32-byte transmittal key to `recipient`: `SEALED_KEY` bytes, different each time."""
    if len(key) != TRANSMITTAL_KEY:
        raise BadInput(f"{TRANSMITTAL_KEY} bytes", f"{len(key)} bytes", "transmittal key")
    return _SUITE.encrypt(key, recipient.key, info)


def open_transmittal_key(sealed: bytes, private: KemPrivate, info: bytes) -> bytes:
    """The transmittal key. Raises `ProofFailed` on any mismatch, without telling which."""
    if len(sealed) != SEALED_KEY:
        raise BadInput(f"{SEALED_KEY} bytes", f"{len(sealed)} bytes", "sealed transmittal key")
    try:
        key = _SUITE.decrypt(sealed, private.key, info)
    except (InvalidTag, ValueError):
        raise ProofFailed(
            "does not open: another recipient, agreement or address, or altered",
            "sealed transmittal key",
        ) from None
    return key


# -- what the transmittal key wraps ---------------------------------------------


def wrap_item_key(
    transmittal_key: bytes, transmittal: bytes, index: int, key: bytes, bound_digest: str
) -> bytes:
    """Wrap item `index`'s 32-byte key: `WRAPPED_KEY` bytes.

    `transmittal` is the transmittal's 16-byte id. The result opens only in this
    transmittal, at this index, for the file or cover with this digest.
    """
    subkey = _item_subkey(transmittal_key, transmittal, index)
    return subkey.encrypt(_NONCE, key, _item_aad(index, bound_digest))


def unwrap_item_key(
    transmittal_key: bytes, transmittal: bytes, index: int, wrapped: bytes, bound_digest: str
) -> bytes:
    """The item's key. Raises `ProofFailed` if it is another item's or was altered."""
    subkey = _item_subkey(transmittal_key, transmittal, index)
    try:
        return subkey.decrypt(_NONCE, wrapped, _item_aad(index, bound_digest))
    except InvalidTag:
        raise ProofFailed("does not open", f"wrapped key of item {index}") from None


def seal_statement(transmittal_key: bytes, note: bytes, address: bytes) -> bytes:
    """Encrypt the signed statement, bound to the outer address; 16 bytes longer."""
    return AESGCM(_subkey(transmittal_key, _STATEMENT)).encrypt(_NONCE, note, address)


def open_sealed_statement(transmittal_key: bytes, sealed: bytes, address: bytes) -> bytes:
    """The signed statement's bytes. Raises `ProofFailed` if altered or of another address."""
    try:
        return AESGCM(_subkey(transmittal_key, _STATEMENT)).decrypt(_NONCE, sealed, address)
    except InvalidTag:
        what = "does not open: altered, or of another transmittal"
        raise ProofFailed(what, "statement") from None


def _item_subkey(transmittal_key: bytes, transmittal: bytes, index: int) -> AESGCM:
    if len(transmittal) != _TRANSMITTAL_ID:
        raise BadInput("a transmittal id of 16 bytes", f"{len(transmittal)} bytes", "item key")
    return AESGCM(_subkey(transmittal_key, _ITEM + transmittal + index.to_bytes(4, "big")))


def _item_aad(index: int, ciphertext_digest: str) -> bytes:
    return _ITEM + index.to_bytes(4, "big") + ciphertext_digest.encode()


def _subkey(key: bytes, info: bytes) -> bytes:
    return HKDF(SHA384(), 32, None, info).derive(key)


# -- the key part's bytes -------------------------------------------------------


class KeyPart(msgspec.Struct, frozen=True):
    """The key section of a transmittal. Item keys stand in the order of the statement's items."""

    kem_key_id: bytes
    sealed_key: bytes
    item_keys: tuple[bytes, ...]

    def encode(self) -> bytes:
        """The section's bytes: 21 bytes, the sealed key, u32be count, the wrapped keys."""
        head = _FIXED.pack(_MAGIC, *SUITE_IDS, self.kem_key_id, len(self.sealed_key))
        count = len(self.item_keys).to_bytes(4, "big")
        return head + self.sealed_key + count + b"".join(self.item_keys)


def parse_key_part(data: bytes) -> KeyPart:
    """Read a key section strictly: known suite, exact length. Raises `BadInput`."""
    where = "key part"
    keys_at = _FIXED.size + SEALED_KEY + 4
    if len(data) < keys_at:
        raise BadInput(f"at least {keys_at} bytes", f"{len(data)} bytes", where)
    magic, kem, kdf, aead, key_id, sealed_size = _FIXED.unpack_from(data)
    if magic != _MAGIC:
        raise BadInput("a key part, version 1", "another start", where)
    if (kem, kdf, aead) != SUITE_IDS:
        raise BadInput(SUITE, f"suite {kem:04x}/{kdf:04x}/{aead:04x}", where)
    if sealed_size != SEALED_KEY:
        raise BadInput(f"a sealed key of {SEALED_KEY} bytes", f"{sealed_size} bytes", where)
    count = int.from_bytes(data[keys_at - 4 : keys_at], "big")
    if count > MAX_ITEMS or len(data) != keys_at + count * WRAPPED_KEY:
        raise BadInput("as many item keys as it counts", "another length", where)
    keys = (data[i : i + WRAPPED_KEY] for i in range(keys_at, len(data), WRAPPED_KEY))
    return KeyPart(key_id, data[_FIXED.size : keys_at - 4], tuple(keys))
