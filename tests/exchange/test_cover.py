"""The cover sheet opens with its item's key, and without that key says nothing."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from gsomia.canon import encode
from gsomia.exchange.cover import MAX_COVER, Cover, open_cover, seal_cover
from gsomia.faults import BadInput, ProofFailed
from tests.exchange.builders import seed

KEY = bytes(range(32))
OTHER = seed("another item")
LABEL = b"gsomia/cover/v1"
TITLED = Cover("발사 보고")
TOLD = Cover("발사 보고", "launch at 0727 KST", "2023-03-20T01:00:00Z", "Seoul")
SEALED = seal_cover(TOLD, KEY)

LINES = st.text(st.characters(categories=["L", "N", "P", "Zs"]), min_size=1, max_size=60)
COVERS = st.builds(
    Cover,
    title=LINES,
    said=st.text(st.characters(exclude_categories=["Cs"]), max_size=200),
    said_at=st.sampled_from(["", "2023-03-20T01:00:00Z"]),
    place=LINES,
)
KEYS = st.binary(min_size=32, max_size=32)


def by_hand(plain: bytes, key: bytes = KEY, aad: bytes = LABEL, nonce: bytes = bytes(12)) -> bytes:
    """Seal any bytes as the page on the format says, without the program's own code."""
    subkey = HKDF(SHA256(), 32, None, LABEL).derive(key)
    return AESGCM(subkey).encrypt(nonce, plain, aad)


# -- what is sealed opens -------------------------------------------------------------


@given(COVERS, KEYS)
def test_what_is_sealed_opens(cover, key):
    sealed = seal_cover(cover, key)
    assert open_cover(sealed, key) == cover
    assert len(sealed) == len(encode(cover)) + 16


@pytest.mark.parametrize("cover", [TITLED, TOLD], ids=["title", "words"])
def test_the_format_is_the_one_described(cover):
    assert by_hand(encode(cover)) == seal_cover(cover, KEY)


@pytest.mark.parametrize(
    "cover",
    [Cover("字" * 1000), Cover("字", "字" * 16_000), Cover("x" * 1000, "x" * 16_000)],
    ids=["title", "words", "both"],
)
def test_the_longest_texts_fit(cover):
    assert open_cover(seal_cover(cover, KEY), KEY) == cover


# -- without the key ------------------------------------------------------------------


@given(COVERS, KEYS)
def test_another_key_opens_nothing(cover, key):
    with pytest.raises(ProofFailed, match="item's key"):
        open_cover(seal_cover(cover, key), bytes(b ^ 1 for b in key))


def test_the_sealed_sheet_shows_no_word():
    for word in (TOLD.title, TOLD.said, TOLD.said_at, TOLD.place, "title"):
        assert word.encode() in encode(TOLD)
        assert word.encode() not in SEALED


def test_one_title_on_two_items_looks_different():
    """So that nobody without a key can test a guess, or see that two items are alike."""
    first, second = seal_cover(TITLED, KEY), seal_cover(TITLED, OTHER)
    assert len(first) == len(second)
    assert sum(a == b for a, b in zip(first, second, strict=True)) < 8


# -- changed sheets -------------------------------------------------------------------


@given(st.integers(0, len(SEALED) - 1), st.integers(1, 255))
def test_a_changed_byte_is_refused(at, flip):
    bad = bytearray(SEALED)
    bad[at] ^= flip
    with pytest.raises(ProofFailed, match="does not open"):
        open_cover(bytes(bad), KEY)


@pytest.mark.parametrize("size", [0, 1, 15, 16, 17, len(SEALED) - 1])
def test_a_cut_sheet_is_refused(size):
    with pytest.raises(ProofFailed, match="does not open"):
        open_cover(SEALED[:size], KEY)


def test_a_lengthened_sheet_is_refused():
    with pytest.raises(ProofFailed, match="does not open"):
        open_cover(SEALED + b"\0", KEY)


@pytest.mark.parametrize(
    "change", [{"aad": b""}, {"aad": b"gsomia/cover/v2"}, {"nonce": b"\1" * 12}]
)
def test_another_label_or_nonce_is_another_format(change):
    plain = encode(TOLD)
    assert open_cover(by_hand(plain), KEY) == TOLD
    with pytest.raises(ProofFailed, match="does not open"):
        open_cover(by_hand(plain, **change), KEY)


# -- what a holder of the key may have sealed -----------------------------------------


GOOD = b'{"place":"","said":"","said_at":"","title":"x"}'


@pytest.mark.parametrize(
    ("plain", "words"),
    [
        (b"", "truncated"),
        (b"x", "malformed"),
        (b"[]", "object"),
        (b"{}", "title"),
        (GOOD.replace(b'"x"', b"1"), "str"),
        (GOOD.replace(b'"x"', b'"\xff"'), "Cover"),
        (GOOD[:-1] + b',"urgent":true}', "unknown field"),
        (GOOD.replace(b",", b", "), "canonical"),
        (GOOD + b"\n", "canonical"),
        (b'{"title":"x"}', "canonical"),
        (GOOD.replace(b'"x"', b'"' + b"x" * 1001 + b'"'), "length"),
        (GOOD.replace(b'"said":""', b'"said":"' + b"x" * 16_001 + b'"'), "length"),
        (GOOD.replace(b'"place":""', b'"place":"' + b"x" * MAX_COVER + b'"'), "at most 65536"),
    ],
)
def test_a_sheet_in_another_form_is_refused(plain, words):
    assert open_cover(by_hand(GOOD), KEY) == Cover("x")
    with pytest.raises(BadInput, match=words):
        open_cover(by_hand(plain), KEY)


@pytest.mark.parametrize(
    "cover",
    # Rare ideographs take four bytes each, characters that do not print up to six.
    [
        Cover("x" * 1001),
        Cover("x", "x" * 16_001),
        Cover("𠮷" * 1000, "𠮷" * 16_000),
        Cover("x", "\0" * 16_000),
        Cover("x", place="x" * MAX_COVER),
    ],
    ids=["title", "words", "four bytes each", "six bytes each", "place"],
)
def test_what_would_not_open_is_not_sealed(cover):
    with pytest.raises(BadInput):
        seal_cover(cover, KEY)
