"""The key suite agrees with the published vectors; each wrapped key opens only in its place."""

from __future__ import annotations

import json

import pytest
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.bindings._rust import openssl
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA87PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from hypothesis import given
from hypothesis import strategies as st

from gsomia.exchange.keyparts import (
    KEM_PUBLIC,
    MAX_ITEMS,
    SEALED_KEY,
    SUITE_IDS,
    KemPrivate,
    KemPublic,
    KeyPart,
    open_sealed_statement,
    open_transmittal_key,
    parse_key_part,
    seal_statement,
    seal_transmittal_key,
    transmittal_info,
    unwrap_item_key,
    wrap_item_key,
)
from gsomia.faults import BadInput, ProofFailed
from tests.exchange.builders import VECTORS, seed

HPKE = json.loads((VECTORS / "hpke" / "hpke-pq-0051.json").read_text())
WORKED = json.loads((VECTORS / "hpke" / "sealed-key.json").read_text())
MLDSA = json.loads((VECTORS / "mldsa" / "mldsa_87_verify_subset.json").read_text())
OURS = KemPrivate.from_seed(seed("kem"))
THEIRS = KemPrivate.from_seed(seed("other kem"))
KEY = seed("transmittal key")
IDENT = bytes(range(16))
DIGEST = "sha256:" + "a" * 64
INFO = transmittal_info("kor-jpn-2016", b"address")

# -- published vectors --------------------------------------------------------------


@pytest.mark.parametrize("case", HPKE)
def test_the_drafts_case_opens(case):
    private = KemPrivate.from_seed(bytes.fromhex(case["skRm"]))
    assert (case["kem_id"], case["kdf_id"], case["aead_id"]) == SUITE_IDS
    assert private.public_bytes.hex() == case["pkRm"]
    suite = Suite(KEM.MLKEM1024_P384, KDF.HKDF_SHA384, AEAD.AES_256_GCM)
    first = case["encryptions"][0]
    sealed = bytes.fromhex(case["enc"] + first["ct"])
    info, aad = bytes.fromhex(case["info"]), bytes.fromhex(first["aad"])
    opened = openssl.hpke._decrypt_with_aad(suite, sealed, private.key, info, aad)
    assert opened.hex() == first["pt"]
    with pytest.raises(InvalidTag):
        openssl.hpke._decrypt_with_aad(suite, sealed, private.key, info, b"other")


def test_a_sealed_key_opens_and_nothing_else_does():
    private = KemPrivate.from_seed(bytes.fromhex(WORKED["skR_seed"]))
    sealed, info = bytes.fromhex(WORKED["enc_and_ct"]), bytes.fromhex(WORKED["info"])
    assert private.public_bytes.hex() == WORKED["pkR"]
    assert open_transmittal_key(sealed, private, info).hex() == WORKED["pt"]
    for at in (0, 1000, 1567, 1568, 1600, SEALED_KEY - 1):
        bad = bytearray(sealed)
        bad[at] ^= 1
        with pytest.raises(ProofFailed):
            open_transmittal_key(bytes(bad), private, info)
    with pytest.raises(ProofFailed):
        open_transmittal_key(sealed, OURS, info)
    with pytest.raises(ProofFailed):
        open_transmittal_key(sealed, private, info + b"x")
    with pytest.raises(BadInput):
        open_transmittal_key(sealed[:-1], private, info)


@pytest.mark.parametrize(
    ("group", "case"),
    [(g, t) for g in MLDSA["testGroups"] for t in g["tests"]],
    ids=lambda v: str(v.get("tcId", "")),
)
def test_mldsa87_verifies_as_wycheproof_says(group, case):
    def verify() -> None:
        key = MLDSA87PublicKey.from_public_bytes(bytes.fromhex(group["publicKey"]))
        context = bytes.fromhex(case.get("ctx", ""))
        key.verify(bytes.fromhex(case["sig"]), bytes.fromhex(case["msg"]), context or None)

    if case["result"] == "valid":
        verify()
    else:
        with pytest.raises((InvalidSignature, ValueError)):
            verify()


# -- keys ---------------------------------------------------------------------------


def test_a_public_key_reads_back():
    public = KemPublic.from_bytes(OURS.public_bytes)
    assert len(OURS.public_bytes) == KEM_PUBLIC
    assert public.public_bytes == OURS.public_bytes
    assert public.key_id == OURS.key_id != THEIRS.key_id
    sealed = seal_transmittal_key(KEY, public, INFO)
    assert len(sealed) == SEALED_KEY
    assert open_transmittal_key(sealed, OURS, INFO) == KEY


def test_seeds_and_seed_give_one_key():
    import hashlib

    long = hashlib.shake_256(seed("kem")).digest(112)
    assert KemPrivate.from_seeds(long[:64], long[64:]).public_bytes == OURS.public_bytes


@pytest.mark.parametrize(
    "change",
    [
        lambda b: b[:-1],
        lambda b: b + b"\0",
        lambda b: b[:1568] + b"\x02" + b[1569:],
        lambda b: b[:-1] + bytes([b[-1] ^ 1]),
        lambda b: b"\xff" * 1568 + b[1568:],
        lambda b: b"",
    ],
    ids=["short", "long", "compressed", "off the curve", "not reduced", "empty"],
)
def test_other_public_keys_are_refused(change):
    with pytest.raises(BadInput):
        KemPublic.from_bytes(change(OURS.public_bytes))


@pytest.mark.parametrize(
    ("mlkem", "scalar"),
    [
        (63, b"\x01" * 48),
        (64, b"\x01" * 47),
        (64, bytes(48)),
        (64, b"\xff" * 48),
    ],
)
def test_other_seeds_are_refused(mlkem, scalar):
    with pytest.raises(BadInput):
        KemPrivate.from_seeds(bytes(mlkem), scalar)


def test_a_seed_has_one_length():
    with pytest.raises(BadInput):
        KemPrivate.from_seed(bytes(31))


# -- wrapped keys and the statement -------------------------------------------------


def test_an_item_key_opens_only_in_its_place():
    wrapped = wrap_item_key(KEY, IDENT, 3, seed("item"), DIGEST)
    assert unwrap_item_key(KEY, IDENT, 3, wrapped, DIGEST) == seed("item")
    for args in (
        (seed("other"), IDENT, 3, wrapped, DIGEST),
        (KEY, bytes(16), 3, wrapped, DIGEST),
        (KEY, IDENT, 4, wrapped, DIGEST),
        (KEY, IDENT, 3, wrapped[:-1] + b"\0", DIGEST),
        (KEY, IDENT, 3, wrapped, "sha256:" + "b" * 64),
    ):
        with pytest.raises(ProofFailed, match="wrapped key"):
            unwrap_item_key(*args)


def test_a_sealed_statement_opens_only_under_its_address():
    sealed = seal_statement(KEY, b"note", b"address")
    assert open_sealed_statement(KEY, sealed, b"address") == b"note"
    with pytest.raises(ProofFailed):
        open_sealed_statement(KEY, sealed, b"another")
    with pytest.raises(ProofFailed):
        open_sealed_statement(seed("other"), sealed, b"address")


def test_the_info_binds_agreement_and_address():
    assert len({INFO, transmittal_info("tisa", b"address"), transmittal_info("a", b"b")}) == 3


# -- the part -----------------------------------------------------------------------


def part(count: int) -> KeyPart:
    return KeyPart(bytes(8), bytes(SEALED_KEY), tuple(bytes([n % 256]) * 48 for n in range(count)))


@given(st.integers(0, 5))
def test_a_key_part_reads_back(count):
    assert parse_key_part(part(count).encode()) == part(count)


@given(st.binary(max_size=4000))
def test_a_key_part_is_malleable_nowhere(data):
    try:
        parsed = parse_key_part(data)
    except BadInput:
        return
    assert parsed.encode() == data


@given(st.integers(0, 20), st.integers(0, 255))
def test_what_parses_encodes_to_the_same_bytes(at, value):
    data = bytearray(part(2).encode())
    data[at] = value
    try:
        parsed = parse_key_part(bytes(data))
    except BadInput:
        return
    assert parsed.encode() == data


def test_a_key_part_has_at_most_as_many_keys_as_items_may_be():
    assert parse_key_part(part(MAX_ITEMS).encode()) == part(MAX_ITEMS)
    with pytest.raises(BadInput, match="as many item keys"):
        parse_key_part(part(MAX_ITEMS + 1).encode())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda b: b[:100], "at least"),
        (lambda b: b"X" + b[1:], "version 1"),
        (lambda b: b[:4] + b"\x02" + b[5:], "version 1"),
        (lambda b: b[:6] + b"\x42" + b[7:], "suite 0042/0002/0002"),
        (lambda b: b[:19] + b"\0\0" + b[21:], "sealed key of"),
        (lambda b: b[:-1], "as many item keys"),
        (lambda b: b + b"\0", "as many item keys"),
        (lambda b: b[:1734] + (MAX_ITEMS + 1).to_bytes(4, "big") + b[1738:], "as many item keys"),
    ],
)
def test_a_broken_key_part_is_refused(change, words):
    good = part(2).encode()
    parse_key_part(good)
    with pytest.raises(BadInput, match=words):
        parse_key_part(change(good))
