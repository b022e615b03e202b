"""The sealed item: one file, encrypted under one fresh key, in the format Tink publishes.

The format is Tink's streaming AEAD, type AesGcmHkdfStreaming, with a 32-byte key,
HKDF-SHA256 and 1 MiB ciphertext segments, so that other programs can open it
(https://developers.google.com/tink/streaming-aead/aes_gcm_hkdf_streaming):

    header  = u8 40 | salt[32] | nonce prefix[7]
    segment = AES-256-GCM(subkey, prefix | u32be number | u8 last, plaintext, no AAD)
    subkey  = HKDF-SHA256(key, salt, info=associated data)

The first segment is shorter by the header. The number in the nonce catches
reordering, the last flag truncation. AES-GCM does not commit to its key, so a
statement that names an item carries a *key commitment*, which is checked first.

What this does not promise: a stream is only known to be whole at its end. Whoever
opens one writes to a temporary file, and renames it after `open_sealed` returned;
on any error the temporary file is deleted, unread.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from typing import Protocol

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from gsomia.faults import BadInput, ProofFailed

SEGMENT = 1 << 20
"""Bytes of one ciphertext segment, tag (and, in the first, header) included."""

KEY = 32
SALT = 32
PREFIX = 7
HEADER = 1 + SALT + PREFIX
TAG = 16
MAX_SEGMENTS = 1 << 32
PROBE = 128 << 10
"""Bytes read before whole segments are made room for."""


_COMMITMENT = b"gsomia/key-commitment/v1\0"
_ITEM_AAD = b"gsomia/sealed-item/v1\0"


class Source(Protocol):
    """A readable binary handle, positioned where reading starts."""

    def readinto(self, buffer: memoryview, /) -> int | None:
        """Fill `buffer` from its start; the number of bytes read, 0 at the end."""


class Sink(Protocol):
    """A writable binary handle."""

    def write(self, data: memoryview, /) -> int | None:
        """Write `data` or part of it; the number of bytes written."""


class Sealed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a statement holds of a sealed item: enough to check it, nothing to open it."""

    ciphertext_digest: str
    ciphertext_size: int
    plaintext_size: int
    key_commitment: str


def key_commitment(key: bytes) -> str:
    """`sha256:` of the key under its own label: pins the one key a ciphertext opens with."""
    return "sha256:" + hashlib.sha256(_COMMITMENT + key).hexdigest()


def item_aad(agreement: str, reference: str) -> bytes:
    """The associated data of an item: it opens only as this reference under this agreement."""
    parts = (hashlib.sha256(text.encode()).digest() for text in (agreement, reference))
    return _ITEM_AAD + b"".join(parts)


def sealed_size(plaintext_size: int, segment_size: int = SEGMENT) -> int:
    """Bytes of the ciphertext of so many bytes; the only size that plaintext can have."""
    full = segment_size - TAG
    # The header takes its room from the first segment; an empty item is one empty segment.
    segments = max(1, -(-(plaintext_size + HEADER) // full))
    return plaintext_size + HEADER + segments * TAG


def seal(
    source: Source,
    sink: Sink,
    key: bytes,
    salt_and_prefix: bytes,
    aad: bytes,
    segment_size: int = SEGMENT,
) -> Sealed:
    """Encrypt all of `source` into `sink`; what the statement will say of it.

    `key` is 32 random bytes used for this item alone; `salt_and_prefix` 39 random
    bytes. Memory is flat: three segments. Raises `BadInput` for a key or salt of
    another length or an item of more than 2^32 segments; errors of the handles pass.
    """
    seals, prefix = _cipher(key, salt_and_prefix, aad, segment_size, "seal")
    header = bytes([HEADER]) + salt_and_prefix
    digest = hashlib.sha256()
    digest.update(header)
    written = write_all(sink, memoryview(header))
    plain_size = 0
    out = memoryview(b"")
    blocks = _segments(source, segment_size - TAG - HEADER, segment_size - TAG)
    for number, (block, last) in enumerate(blocks):
        plain_size += len(block)
        if len(out) < len(block) + TAG:
            small = len(block) < PROBE
            out = memoryview(bytearray(len(block) + TAG if small else segment_size))
        sealed = out[: len(block) + TAG]
        seals.encrypt_into(_nonce(prefix, number, last), block, None, sealed)
        digest.update(sealed)
        written += write_all(sink, sealed)
    return Sealed(_hex(digest), written, plain_size, key_commitment(key))


def open_sealed(
    source: Source,
    sink: Sink,
    key: bytes,
    aad: bytes,
    expected: Sealed,
    segment_size: int = SEGMENT,
) -> int:
    """Decrypt all of `source` into `sink`; the number of plaintext bytes.

    Raises `ProofFailed` if the key is not the committed one, a segment does not
    authenticate (altered, reordered, cut, of other associated data), or size or
    digest differ from `expected`; `BadInput` for a broken header or an over-long
    stream. What was written before an error must be thrown away.
    """
    size = 0
    for block in iter_sealed(source, key, aad, expected, segment_size):
        size += write_all(sink, block)
    return size


def iter_sealed(
    source: Source,
    key: bytes,
    aad: bytes,
    expected: Sealed,
    segment_size: int = SEGMENT,
) -> Iterator[memoryview]:
    """The plaintext, segment by segment; each view is valid until the next is asked for.

    Each segment is authentic and in its place when it appears; that nothing is
    missing after it is known only when the iterator ends without an error.
    Raises as `open_sealed` does.
    """
    if not hmac.compare_digest(key_commitment(key), expected.key_commitment):
        raise ProofFailed("the key is not the one the statement commits to", "sealed item")
    header = bytearray(HEADER)
    if _fill(source, memoryview(header)) != HEADER or header[0] != HEADER:
        raise BadInput(f"a {HEADER}-byte header", "another header", "sealed item")
    opens, prefix = _cipher(key, bytes(header[1:]), aad, segment_size, "sealed item")
    digest = hashlib.sha256()
    digest.update(header)
    # No segment is longer than the whole (`_check_segment`): a small item takes little.
    plain = memoryview(bytearray(min(segment_size - TAG, expected.ciphertext_size)))
    total, plain_size = HEADER, 0
    for number, (block, last) in enumerate(_segments(source, segment_size - HEADER, segment_size)):
        total += len(block)
        _check_segment(number, len(block), total, expected)
        digest.update(block)
        opened = plain[: len(block) - TAG]
        try:
            opens.decrypt_into(_nonce(prefix, number, last), block, None, opened)
        except InvalidTag:
            raise ProofFailed(
                "does not authenticate: altered, cut, reordered or of another item",
                f"sealed item, segment {number}",
            ) from None
        plain_size += len(opened)
        yield opened
    if (total, plain_size) != (expected.ciphertext_size, expected.plaintext_size):
        raise ProofFailed("the size is not the one the statement gives", "sealed item")
    if not hmac.compare_digest(_hex(digest), expected.ciphertext_digest):
        raise ProofFailed("the digest is not the one the statement gives", "sealed item")


# -- the stream -----------------------------------------------------------------


def _cipher(
    key: bytes, salt_and_prefix: bytes, aad: bytes, segment_size: int, where: str
) -> tuple[AESGCM, bytes]:
    """The AEAD under the stream's subkey, and the nonce prefix."""
    if len(key) != KEY:
        raise BadInput(f"a key of {KEY} bytes", f"{len(key)} bytes", where)
    if len(salt_and_prefix) != SALT + PREFIX:
        raise BadInput(f"{SALT + PREFIX} bytes of salt and prefix", "another number", where)
    if segment_size <= HEADER + TAG:
        raise BadInput(f"segments of more than {HEADER + TAG} bytes", str(segment_size), where)
    subkey = HKDF(SHA256(), KEY, salt_and_prefix[:SALT], aad).derive(key)
    return AESGCM(subkey), salt_and_prefix[SALT:]


def _nonce(prefix: bytes, number: int, last: bool) -> bytes:
    if number >= MAX_SEGMENTS:
        raise BadInput(f"at most {MAX_SEGMENTS} segments", "a longer item", "sealed item")
    return prefix + number.to_bytes(4, "big") + (b"\x01" if last else b"\x00")


def _segments(source: Source, first: int, rest: int) -> Iterator[tuple[memoryview, bool]]:
    """The stream cut into pieces, each with whether it is the last; at least one, maybe empty.

    Reads one piece ahead, since only the end of the stream shows which is last.
    A view is valid until the next piece is asked for.
    """
    probe = memoryview(bytearray(min(first, PROBE)))
    size = _fill(source, probe)
    if size < len(probe):
        yield probe[:size], True
        return
    # Making a buffer touches every page of it: only an item that needs them gets two whole ones.
    held, ahead = memoryview(bytearray(rest)), memoryview(bytearray(rest))
    held[:size] = probe
    del probe
    size += _fill(source, held[size:first])
    room = first
    while size == room:
        coming = _fill(source, ahead)
        if not coming:
            break
        yield held[:size], False
        held, ahead = ahead, held
        size, room = coming, rest
    yield held[:size], True


def _check_segment(number: int, size: int, total: int, expected: Sealed) -> None:
    """Refuse a piece no sealer makes, before anything is decrypted."""
    where = f"sealed item, segment {number}"
    # A later segment is never empty: an empty one would be a second spelling of the same item.
    if size < TAG or (number and size == TAG):
        raise ProofFailed("cut short", where)
    if total > expected.ciphertext_size:
        raise ProofFailed("longer than the statement says", where)


def _hex(digest: hashlib._Hash) -> str:
    return "sha256:" + digest.hexdigest()


def _fill(source: Source, view: memoryview) -> int:
    """Read until `view` is full or the source ends; the number of bytes read."""
    done = 0
    while done < len(view):
        count = source.readinto(view[done:])
        if not count:
            break
        done += count
    return done


def write_all(sink: Sink, view: memoryview) -> int:
    """Write all of `view`; the number of bytes. A handle that takes only a part is called again."""
    done = 0
    while done < len(view):
        done += sink.write(view[done:]) or 0
    return done
