"""The sealed item is Tink's format, and nothing but the whole item opens."""

from __future__ import annotations

import hashlib
import io
import json
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsomia.exchange.sealed import (
    SEGMENT,
    Sealed,
    item_aad,
    iter_sealed,
    key_commitment,
    open_sealed,
    seal,
    sealed_size,
)
from gsomia.faults import BadInput, ProofFailed
from tests.exchange.builders import VECTORS

KEY = bytes(range(32))
SALT = bytes(39)
AAD = b"aad"
SMALL = 128
TINK = json.loads((VECTORS / "sealed-item" / "tink.json").read_text())


def made(plaintext: bytes, size: int = SMALL) -> tuple[bytes, Sealed]:
    out = io.BytesIO()
    said = seal(io.BytesIO(plaintext), out, KEY, SALT, AAD, size)
    return out.getvalue(), said


def opened(data: bytes, said: Sealed) -> bytes:
    out = io.BytesIO()
    open_sealed(io.BytesIO(data), out, KEY, AAD, said, SMALL)
    return out.getvalue()


def described(data: bytes, plaintext_size: int, key: bytes = KEY) -> Sealed:
    """A statement that agrees with any bytes: what only the cipher can then refuse."""
    digest = "sha256:" + hashlib.sha256(data).hexdigest()
    return Sealed(digest, len(data), plaintext_size, key_commitment(key))


# -- Tink ---------------------------------------------------------------------------


@pytest.mark.parametrize("case", TINK["small"], ids=lambda c: str(len(c["plaintext"]) // 2))
def test_tinks_items_open_and_come_out_the_same(case):
    key, aad, plaintext, ciphertext = (
        bytes.fromhex(case[name]) for name in ("key", "aad", "plaintext", "ciphertext")
    )
    out = io.BytesIO()
    said = seal(
        io.BytesIO(plaintext), out, key, ciphertext[1:40], aad, segment_size=case["segment_size"]
    )
    assert out.getvalue() == ciphertext
    assert said == described(ciphertext, len(plaintext), key)
    back = io.BytesIO()
    size = open_sealed(io.BytesIO(ciphertext), back, key, aad, said, case["segment_size"])
    assert back.getvalue() == plaintext
    assert size == len(plaintext)


@pytest.mark.parametrize("case", TINK["large"], ids=lambda c: str(c["plaintext_size"]))
def test_one_mebibyte_segments_are_tinks(case):
    size = case["plaintext_size"]
    plaintext = (bytes(range(251)) * (size // 251 + 1))[:size]
    key, aad, salt = (bytes.fromhex(case[name]) for name in ("key", "aad", "salt_and_prefix"))
    out = io.BytesIO()
    said = seal(io.BytesIO(plaintext), out, key, salt, aad)
    assert said.ciphertext_size == case["ciphertext_size"] == sealed_size(size)
    assert said.ciphertext_digest == "sha256:" + case["ciphertext_sha256"]
    back = io.BytesIO()
    open_sealed(io.BytesIO(out.getvalue()), back, key, aad, said)
    assert back.getvalue() == plaintext


# -- laws ---------------------------------------------------------------------------


class Dribble:
    """A handle that gives and takes a few bytes at a time, as pipes do."""

    def __init__(self, data: bytes = b"") -> None:
        self.inner, self.taken = io.BytesIO(data), bytearray()

    def readinto(self, buffer: memoryview, /) -> int:
        return self.inner.readinto(buffer[:7])

    def write(self, data: memoryview, /) -> int:
        self.taken += data[:5]
        return len(data[:5])


@given(st.binary(max_size=600), st.integers(57, 200))
def test_what_is_sealed_opens(plaintext, size):
    sink = Dribble()
    said = seal(Dribble(plaintext), sink, KEY, SALT, AAD, size)
    assert len(sink.taken) == said.ciphertext_size == sealed_size(len(plaintext), size)
    back = Dribble()
    open_sealed(Dribble(bytes(sink.taken)), back, KEY, AAD, said, size)
    assert back.taken == plaintext
    views = (bytes(v) for v in iter_sealed(Dribble(bytes(sink.taken)), KEY, AAD, said, size))
    assert b"".join(views) == plaintext


@given(st.binary(min_size=1, max_size=400), st.data())
def test_a_flipped_bit_is_refused_even_if_the_statement_agrees(plaintext, data):
    sealed, _ = made(plaintext)
    at = data.draw(st.integers(0, len(sealed) - 1))
    flipped = bytearray(sealed)
    flipped[at] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises((ProofFailed, BadInput)):
        opened(bytes(flipped), described(bytes(flipped), len(plaintext)))


@given(st.binary(max_size=400), st.data())
def test_a_cut_item_is_refused_even_if_the_statement_agrees(plaintext, data):
    sealed, said = made(plaintext)
    cut = sealed[: data.draw(st.integers(0, len(sealed) - 1))]
    for size in {len(plaintext), max(0, len(plaintext) - (len(sealed) - len(cut)))}:
        with pytest.raises((ProofFailed, BadInput)):
            opened(cut, described(cut, size))
    with pytest.raises((ProofFailed, BadInput)):
        opened(cut, said)


# -- cases --------------------------------------------------------------------------

PLAIN = bytes(400)


def test_whole_segments_cut_off_are_missed():
    sealed, _ = made(PLAIN)
    for end in range(SMALL, len(sealed), SMALL):
        with pytest.raises(ProofFailed, match="does not authenticate"):
            opened(sealed[:end], described(sealed[:end], 72 + (end // SMALL - 1) * 112))


def test_swapped_segments_are_refused():
    sealed, _ = made(PLAIN)
    parts = [sealed[i : i + SMALL] for i in range(0, len(sealed), SMALL)]
    swapped = b"".join([parts[0], parts[2], parts[1], *parts[3:]])
    assert len(swapped) == len(sealed)
    with pytest.raises(ProofFailed, match="segment 1"):
        opened(swapped, described(swapped, len(PLAIN)))


@pytest.mark.parametrize("extra", [b"\0", bytes(16), bytes(SMALL)])
def test_trailing_bytes_are_refused(extra):
    sealed, said = made(PLAIN)
    assert opened(sealed, said) == PLAIN
    with pytest.raises(ProofFailed):
        opened(sealed + extra, said)
    with pytest.raises(ProofFailed):
        opened(sealed + extra, described(sealed + extra, len(PLAIN)))


def test_an_empty_last_segment_is_no_second_spelling():
    """One that a key holder could make: full first segment, then an empty last one."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    cipher = AESGCM(HKDF(SHA256(), 32, SALT[:32], AAD).derive(KEY))
    header = bytes([40]) + SALT
    first = cipher.encrypt(SALT[32:] + bytes(4) + b"\0", bytes(72), None)
    last = cipher.encrypt(SALT[32:] + bytes(3) + b"\1" + b"\1", b"", None)
    odd = header + first + last
    with pytest.raises(ProofFailed, match="cut short"):
        opened(odd, described(odd, 72))
    good, said = made(bytes(72))
    assert opened(good, said) == bytes(72)


def test_another_key_is_refused_before_anything_is_read():
    sealed, said = made(PLAIN)
    source = io.BytesIO(sealed)
    with pytest.raises(ProofFailed, match="commits"):
        open_sealed(source, io.BytesIO(), bytes(32), AAD, said, SMALL)
    assert source.tell() == 0


def test_an_item_opens_only_under_its_agreement_and_reference():
    out = io.BytesIO()
    said = seal(io.BytesIO(b"x"), out, KEY, SALT, item_aad("kor-jpn-2016", "K-1"))
    for agreement, reference in (("kor-jpn-2016", "K-2"), ("tisa-2014", "K-1")):
        with pytest.raises(ProofFailed, match="of another item"):
            open_sealed(
                io.BytesIO(out.getvalue()), io.BytesIO(), KEY, item_aad(agreement, reference), said
            )
    aad = item_aad("kor-jpn-2016", "K-1")
    assert open_sealed(io.BytesIO(out.getvalue()), io.BytesIO(), KEY, aad, said) == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"ciphertext_digest": "sha256:" + "0" * 64}, "digest"),
        ({"ciphertext_size": 999}, "size"),
        ({"ciphertext_size": 10}, "longer"),
        ({"plaintext_size": 1}, "size"),
    ],
)
def test_what_the_statement_says_must_hold(change, words):
    from msgspec.structs import replace

    sealed, said = made(PLAIN)
    with pytest.raises(ProofFailed, match=words):
        opened(sealed, replace(said, **change))


@pytest.mark.parametrize(("key", "salt"), [(31, 39), (33, 39), (32, 38), (32, 40)])
def test_keys_and_salts_have_one_length(key, salt):
    with pytest.raises(BadInput):
        seal(io.BytesIO(), io.BytesIO(), bytes(key), bytes(salt), b"")


def test_a_segment_must_hold_more_than_its_overhead():
    with pytest.raises(BadInput):
        seal(io.BytesIO(), io.BytesIO(), KEY, SALT, b"", 56)


class Zeros:
    """A long source that holds nothing."""

    def __init__(self, size: int) -> None:
        self.left = size

    def readinto(self, buffer: memoryview, /) -> int:
        size = min(self.left, len(buffer))
        self.left -= size
        return size


class Nowhere:
    def write(self, data: memoryview, /) -> int:
        return len(data)


def test_memory_stays_flat():
    tracemalloc.start()
    try:
        seal(Zeros(64 << 20), Nowhere(), KEY, SALT, AAD)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 4 * SEGMENT
