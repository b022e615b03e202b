"""Node cards verify themselves, and only the card before can name the next."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import to_builtins

from gsomia.canon import b64, fingerprint
from gsomia.exchange.card import (
    CARD_SUCCESSION,
    NODE_CARD,
    CardSuccession,
    KeyPair,
    fingerprint_of,
    open_card,
    open_succession,
    sign_card,
    sign_succession,
)
from gsomia.exchange.keyparts import SUITE
from gsomia.faults import BadInput, ProofFailed
from gsomia.journal.note import parse_note
from gsomia.journal.statement import sign_statement
from tests.exchange.builders import JPN, KOR, pair, replaced, resigned

CARD = sign_card(KOR.card, KOR.root)


def test_a_card_reads_back():
    card = open_card(CARD)
    assert card == KOR.card
    assert card.statement_keys == KOR.signer.public
    assert card.kem_public.public_bytes == KOR.kem.public_bytes
    assert [k.name for k in card.log_keys] == ["dih1.kor.example/jpn"] * 2
    assert [k.name for k in card.witness_keys] == ["dih1.kor.example/witness"] * 3


def test_the_fingerprint_is_of_the_text_not_of_the_signatures():
    again = sign_card(KOR.card, KOR.root)
    assert again != CARD
    text = parse_note(CARD, "card").text.encode()
    assert fingerprint_of(open_card(again)) == fingerprint_of(open_card(CARD)) == fingerprint(text)
    assert fingerprint_of(JPN.card) != fingerprint_of(KOR.card)


@given(st.integers(0, len(CARD) - 1), st.integers(1, 255))
def test_any_changed_byte_is_refused(at, flip):
    bad = bytearray(CARD)
    bad[at] ^= flip
    with pytest.raises((BadInput, ProofFailed)):
        open_card(bytes(bad))


def test_another_root_cannot_sign_it():
    with pytest.raises(BadInput, match="root keys"):
        sign_card(KOR.card, KOR.signer)
    with pytest.raises(ProofFailed):
        open_card(sign_statement(NODE_CARD, KOR.card, KOR.signer))
    alike = pair(KOR.root.name, "other seeds")
    with pytest.raises(ProofFailed):
        open_card(sign_statement(NODE_CARD, KOR.card, alike))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"party": "KR"}, "regex"),
        ({"registry": "kor"}, "regex"),
        ({"name": "a b"}, "regex"),
        ({"serial": 0}, ">= 1"),
        ({"issued_at": "2023-03-01T09:00:00+09:00"}, "UTC"),
        ({"authority": "A\u202eB"}, "printable"),
        ({"endpoint": "host"}, "regex"),
        ({"endpoint": "host:1\n"}, "regex"),
        ({"root": {"ed25519": "AA==", "mldsa87": "AA=="}}, "bytes of public key"),
        ({"statement": {"ed25519": "?", "mldsa87": "AA=="}}, "base64"),
        ({"kem": to_builtins(KOR.card.kem) | {"suite": "X25519"}}, SUITE),
        ({"tls_certificate": b64(b"no certificate")}, "X.509"),
    ],
)
def test_a_bad_field_is_refused(changes, words):
    body = to_builtins(KOR.card)
    open_card(resigned(body, KOR.root, NODE_CARD))
    with pytest.raises(BadInput, match=words):
        open_card(resigned(body | changes, KOR.root, NODE_CARD))


def test_the_root_is_a_key_of_its_own():
    with pytest.raises(BadInput, match="a root of its own"):
        replaced(KOR.card, statement=KOR.card.root)


def test_log_and_witness_keys_have_their_kinds_and_names():
    log, witness = KOR.card.log, KOR.card.witness
    with pytest.raises(BadInput, match="ED25519 key"):
        replaced(KOR.card, log=replaced(log, ed25519=log.mldsa87))
    with pytest.raises(BadInput, match="named as the origin"):
        replaced(KOR.card, log=replaced(log, origin="other.example/log"))
    with pytest.raises(BadInput, match="MLDSA44_COSIGNATURE key"):
        replaced(KOR.card, witness=replaced(witness, mldsa44=witness.ed25519))
    with pytest.raises(BadInput, match="one name"):
        replaced(KOR.card, witness=replaced(witness, ed25519=JPN.card.witness.ed25519))


def test_a_certificate_is_kept_as_it_is():
    from datetime import UTC, datetime

    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding

    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "dih1.kor.example")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 1)
        .not_valid_before(datetime(2023, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2024, 1, 1, tzinfo=UTC))
        .sign(key, None)
    )
    card = replaced(KOR.card, tls_certificate=b64(made.public_bytes(Encoding.DER)))
    assert open_card(sign_card(card, KOR.root)) == card


# -- succession ---------------------------------------------------------------------

NEW_ROOT = pair(KOR.root.name, "second")
NEXT = replaced(
    KOR.card, serial=2, issued_at="2023-03-31T00:00:00Z", root=KeyPair.of(NEW_ROOT.public)
)
NEXT_NOTE = sign_card(NEXT, NEW_ROOT)


def test_the_old_root_names_the_next_card():
    statement = sign_succession(KOR.card, NEXT_NOTE, KOR.root)
    assert open_succession(statement, KOR.card) == NEXT


def test_nobody_else_names_it():
    with pytest.raises(BadInput, match="root keys"):
        sign_succession(KOR.card, NEXT_NOTE, NEW_ROOT)
    body = CardSuccession(KOR.card.digest(), NEXT_NOTE.decode())
    for signer in (NEW_ROOT, KOR.signer, JPN.root):
        with pytest.raises(ProofFailed):
            open_succession(sign_statement(CARD_SUCCESSION, body, signer), KOR.card)


def test_it_succeeds_one_card_only():
    body = CardSuccession(JPN.card.digest(), NEXT_NOTE.decode())
    with pytest.raises(ProofFailed, match="another card"):
        open_succession(sign_statement(CARD_SUCCESSION, body, KOR.root), KOR.card)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"serial": 1}, "serial 2"),
        ({"serial": 3}, "serial 2"),
        ({"party": "JPN"}, "same party"),
        ({"registry": "KOR-DIH2"}, "same party"),
        ({"issued_at": "2023-02-28T23:59:59.999999Z"}, "issued later"),
    ],
)
def test_the_next_card_follows(changes, words):
    note = sign_card(replaced(NEXT, **changes), NEW_ROOT)
    with pytest.raises(BadInput, match=words):
        sign_succession(KOR.card, note, KOR.root)
    body = CardSuccession(KOR.card.digest(), note.decode())
    with pytest.raises(BadInput, match=words):
        open_succession(sign_statement(CARD_SUCCESSION, body, KOR.root), KOR.card)


def test_the_next_card_must_verify_itself():
    unsigned = sign_statement(NODE_CARD, NEXT, pair(NEW_ROOT.name, "third"))
    body = CardSuccession(KOR.card.digest(), unsigned.decode())
    with pytest.raises(ProofFailed):
        open_succession(sign_statement(CARD_SUCCESSION, body, KOR.root), KOR.card)
