"""A transmittal opens for its recipient, as its sender sealed it, and in no other way."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsomia.canon import digest, encode
from gsomia.exchange.card import KeyPair
from gsomia.exchange.container import OuterHeader, Part, Received, body_digest
from gsomia.exchange.cover import Cover, open_cover
from gsomia.exchange.keyparts import (
    KemPrivate,
    KeyPart,
    parse_key_part,
    seal_statement,
    seal_transmittal_key,
    transmittal_info,
    wrap_item_key,
)
from gsomia.exchange.messages import (
    Disclosed,
    Elsewhere,
    Form,
    Heartbeat,
    Items,
    Transmittal,
    Void,
)
from gsomia.exchange.sealed import item_aad, open_sealed
from gsomia.faults import BadInput, ProofFailed
from tests.exchange.builders import (
    ACT,
    AGREEMENT,
    CONTENTS,
    COVER,
    JPN,
    KOR,
    MARKS,
    container,
    item_key,
    items_message,
    line,
    message,
    opened,
    pair,
    read,
    receive,
    replaced,
    resigned,
    sealed,
    sealed_file,
    seed,
    stream,
)

SAID, CIPHERTEXTS, KEYS = items_message()
LINES = SAID.items()
MADE = sealed(SAID, KEYS)
DATA = container(MADE, CIPHERTEXTS)
RECEIVED = read(DATA)[0]


# -- the good one -------------------------------------------------------------------


def test_it_opens_for_its_recipient():
    received, ciphertexts = read(DATA)
    assert ciphertexts == CIPHERTEXTS
    got = opened(received)
    assert isinstance(got.body, Transmittal)
    assert (got.note, got.body) == (MADE.note, MADE.body)
    assert got.header == MADE.header
    for name in SAID.__struct_fields__:
        assert getattr(got.body, name) == getattr(SAID, name)
    assert got.body.kem_key_id == JPN.kem.key_id.hex()
    assert got.body.key_part == digest(received.keys)
    for index, item in enumerate(got.body.items()):
        out = io.BytesIO()
        key = got.item_key(index)
        assert item.sealed is not None
        aad = item_aad(AGREEMENT, item.reference)
        open_sealed(io.BytesIO(ciphertexts[index]), out, key, aad, item.sealed)
        assert out.getvalue() == CONTENTS[index]
        assert open_cover(item.cover, key) == COVER


@pytest.mark.parametrize("carries", [Heartbeat(), Void("number given twice by mistake")])
def test_one_without_items_opens(carries):
    got = receive(container(sealed(message(carries, 7))))
    assert got.body.carries == carries
    assert got.body.files() == ()
    assert got.body.items() == ()


TOLD = Cover("발사 보고", "launch site and time", "2023-03-20T01:00:00Z", "Seoul")
FILE_2, CIPHERTEXT_2, _ = sealed_file(b"x", "K-2")
MIXED = (
    line("K-1", Disclosed("2023-03-20T01:00:00Z"), TOLD, form=Form.ORAL),
    line("K-2", FILE_2),
    line("K-3", Elsewhere(), form=Form.EQUIPMENT),
)
MIXED_KEYS = [item_key(x.reference) for x in MIXED]


def mixed() -> bytes:
    """A container with an item told, one with a file, and one that travels by itself."""
    said = message(Items(MIXED, ACT), 3)
    return container(sealed(said, MIXED_KEYS), [CIPHERTEXT_2])


def test_an_item_without_a_file_has_a_key_and_no_section():
    received, sections = read(mixed())
    assert sections == [CIPHERTEXT_2]
    assert len(parse_key_part(received.keys).item_keys) == 3
    got = opened(received)
    assert got.body.items() == MIXED
    assert got.body.files() == (FILE_2,)
    assert [got.item_key(i) for i in range(3)] == MIXED_KEYS
    assert [open_cover(x.cover, got.item_key(i)) for i, x in enumerate(MIXED)] == [
        TOLD,
        COVER,
        COVER,
    ]


@pytest.mark.parametrize("index", [0, 2], ids=["told", "elsewhere"])
def test_the_key_of_an_item_without_a_file_is_of_that_cover_sheet(index):
    got = receive(mixed())
    lines = list(MIXED)
    other = bytes(len(MIXED[index].cover))
    lines[index] = replaced(lines[index], cover=other)
    got.body = replaced(got.body, carries=Items(tuple(lines), ACT))
    with pytest.raises(ProofFailed, match=f"wrapped key of item {index}"):
        got.item_key(index)
    assert got.item_key(1) == MIXED_KEYS[1]


def test_the_signed_statement_shows_neither_title_nor_words():
    """What both sides keep as evidence, after the keys are gone."""
    note = receive(mixed()).note
    assert MIXED[0].short_title.encode() in note
    for word in (TOLD.title, TOLD.said, TOLD.place):
        assert word.encode() not in note


def test_sealing_again_gives_other_bytes_that_open_too():
    again = container(sealed(SAID, KEYS), CIPHERTEXTS)
    assert again != DATA
    assert receive(again).body.id == SAID.id


# -- changed bytes ------------------------------------------------------------------


@given(st.integers(0, len(DATA) - 1), st.integers(1, 255))
def test_any_changed_byte_is_refused(at, flip):
    bad = bytearray(DATA)
    bad[at] ^= flip
    with pytest.raises((BadInput, ProofFailed)):
        receive(bytes(bad))


def resealed(header: OuterHeader, keys: bytes, statement: bytes, items: Any) -> Received:
    """What a forger makes who can write any container: its body digest always holds."""
    body = body_digest(Part.of(keys), Part.of(statement), items)
    return Received(replaced(header, body=body), keys, statement, tuple(items))


@given(st.data())
def test_a_changed_byte_is_refused_even_under_a_new_body_digest(data):
    keys, statement = bytearray(RECEIVED.keys), bytearray(RECEIVED.statement)
    section = data.draw(st.sampled_from([keys, statement]))
    at = data.draw(st.integers(0, len(section) - 1))
    section[at] ^= data.draw(st.integers(1, 255))
    forged = resealed(RECEIVED.header, bytes(keys), bytes(statement), RECEIVED.items)
    with pytest.raises((BadInput, ProofFailed)):
        opened(forged)


@pytest.mark.parametrize(
    "change",
    [{"from_": "USA-DIH1"}, {"number": "2023/0002"}],
    ids=["sender", "number"],
)
def test_the_outer_address_is_bound(change):
    with pytest.raises(ProofFailed, match="no agreement"):
        opened(replaced(RECEIVED, header=replaced(RECEIVED.header, **change)))


def test_items_swapped_or_dropped_under_a_new_body_digest_are_refused():
    items = RECEIVED.items
    for bad in (items[::-1], items[:-1], (*items, items[0])):
        forged = resealed(RECEIVED.header, RECEIVED.keys, RECEIVED.statement, bad)
        with pytest.raises(ProofFailed, match=r"item 0|another number"):
            opened(forged)


def test_the_statement_of_another_transmittal_is_refused():
    other = read(container(sealed(message(Heartbeat(), 2, number="2023/0001"))))[0]
    forged = resealed(RECEIVED.header, RECEIVED.keys, other.statement, RECEIVED.items)
    with pytest.raises(ProofFailed, match="statement"):
        opened(forged)


def test_the_keys_of_another_transmittal_are_refused():
    said, ciphertexts, keys = items_message(2, number="2023/0001")
    other = read(container(sealed(said, keys), ciphertexts))[0]
    forged = resealed(RECEIVED.header, other.keys, RECEIVED.statement, RECEIVED.items)
    with pytest.raises(ProofFailed, match="statement"):
        opened(forged)


# -- the wrong reader, the wrong sender ----------------------------------------------


def test_another_registry_is_told_so():
    with pytest.raises(BadInput, match="a transmittal to USA-DIH1"):
        opened(RECEIVED, registry="USA-DIH1")


def test_a_forgotten_key_is_told_so():
    with pytest.raises(ProofFailed, match="does not hold"):
        opened(RECEIVED, kem_keys={})


def test_another_key_under_the_same_id_fails():
    with pytest.raises(ProofFailed):
        opened(RECEIVED, kem_keys={JPN.kem.key_id: KemPrivate.from_seed(seed("stranger"))})


@pytest.mark.parametrize("agreements", [[], ["tisa-2014"]])
def test_it_opens_under_its_agreement_only(agreements):
    with pytest.raises(ProofFailed, match="no agreement"):
        opened(RECEIVED, agreements=agreements)


def test_the_card_must_be_trusted():
    with pytest.raises(ProofFailed, match="not trusted"):
        opened(RECEIVED, cards=[JPN.card])
    with pytest.raises(ProofFailed, match="not trusted"):
        opened(RECEIVED, cards=[replaced(KOR.card, serial=2)])


def test_a_stranger_cannot_sign_for_the_sender():
    with pytest.raises(ProofFailed, match="signature lines"):
        opened(read(container(sealed(SAID, KEYS, pair("stranger")), CIPHERTEXTS))[0])
    alike = pair(KOR.signer.name, "other seeds")
    with pytest.raises(ProofFailed):
        opened(read(container(sealed(SAID, KEYS, alike), CIPHERTEXTS))[0])


# -- a sender who lies ---------------------------------------------------------------


def lied(note: bytes = b"", header: OuterHeader = MADE.header, **changes: Any) -> Received:
    """A container by the sender's own keys whose inside was made by hand."""
    rand = stream("liar")
    key = rand(32)
    keys = KeyPart(
        JPN.kem.key_id,
        seal_transmittal_key(key, JPN.kem.public, transmittal_info(AGREEMENT, header.address())),
        tuple(
            wrap_item_key(key, bytes.fromhex(SAID.id), i, k, x.bound_digest)
            for i, (k, x) in enumerate(zip(KEYS, LINES, strict=True))
        ),
    ).encode()
    body = replaced(receive(DATA).body, key_part=digest(keys))
    note = note or resigned(replaced(body, **changes))
    return resealed(header, keys, seal_statement(key, note, header.address()), RECEIVED.items)


def test_the_same_made_by_hand_opens():
    assert opened(lied()).item_key(2) == KEYS[2]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"from_": "KOR-DIH2"}, "not the card's registry"),
        ({"to": "USA-DIH1"}, "different recipients"),
        ({"number": "2023/0009"}, "different numbers"),
        ({"agreement": "tisa-2014"}, "another agreement"),
        ({"key_part": "sha256:" + "0" * 64}, "another key part"),
        ({"kem_key_id": "0" * 16}, "another recipient key"),
        ({"signers": ("00000000", "00000000")}, "other signers"),
        ({"carries": Heartbeat()}, "another number of items"),
        ({"carries": Items(LINES[:2], ACT)}, "another number of items"),
        ({"carries": Items((*LINES, MIXED[2]), ACT)}, "another number of items"),
        ({"card": JPN.card.digest()}, "signature lines"),
    ],
)
def test_each_disagreement_is_named(changes, words):
    with pytest.raises(ProofFailed, match=words):
        opened(lied(**changes))


def test_a_sender_cannot_write_another_sender_outside():
    with pytest.raises(ProofFailed, match="different senders"):
        opened(lied(header=replaced(MADE.header, from_="KOR-DIH2")))


def test_another_kind_of_statement_is_refused():
    body = receive(DATA).body
    with pytest.raises(BadInput, match="gsomia/transmittal/v1"):
        opened(lied(resigned(body, kind="delivery-receipt")))


def test_an_unknown_field_is_refused():
    from msgspec import to_builtins

    odd = to_builtins(receive(DATA).body) | {"remark": "x"}
    with pytest.raises(BadInput, match="unknown field"):
        opened(lied(resigned(odd)))


def test_another_key_than_the_committed_one_shows():
    wrong = replaced(LINES[0], key_commitment="sha256:" + "0" * 64)
    got = opened(lied(carries=Items((wrong, *LINES[1:]), ACT)))
    with pytest.raises(ProofFailed, match="commits to"):
        got.item_key(0)
    assert got.item_key(1) == KEYS[1]


def test_a_swapped_item_key_shows():
    keys = parse_key_part(RECEIVED.keys)
    assert len(set(keys.item_keys)) == 3
    got = receive(DATA)
    got._key_part = replaced(keys, item_keys=keys.item_keys[::-1])
    with pytest.raises(ProofFailed, match="wrapped key of item 0"):
        got.item_key(0)


# -- sealing ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"to": "USA-DIH1"}, "a message to"),
        ({"id": "xyz"}, "regex"),
        ({"number": "군사II급비밀-1"}, "regex"),
        ({"number": "2023/SECRET-1"}, "level words"),
        ({"sequence": 0}, ">= 1"),
        ({"precedence": "X"}, "enum"),
        ({"sealed_at": "2023-03-21T18:00:00+09:00"}, "UTC"),
        ({"to": "KOR-DIH1"}, "two registries"),
        ({"agreed_digest": "sha256:0"}, "regex"),
    ],
)
def test_a_bad_message_is_not_sealed(changes, words):
    with pytest.raises(BadInput, match=words):
        sealed(replaced(SAID, **changes), KEYS)


@pytest.mark.parametrize("keys", [[], KEYS[::-1], KEYS[:2], [*KEYS, KEYS[0]]])
def test_the_keys_must_be_the_items(keys):
    with pytest.raises(BadInput, match="key of each item"):
        sealed(SAID, list(keys))


def test_an_item_without_a_file_needs_its_key_too():
    said = message(Items(MIXED, ACT), 3)
    assert sealed(said, MIXED_KEYS).body.items() == MIXED
    with pytest.raises(BadInput, match="key of each item"):
        sealed(said, MIXED_KEYS[1:2])


# -- the outside --------------------------------------------------------------------


def test_the_outside_shows_no_level_title_agreement_or_precedence():
    said, ciphertexts, keys = items_message(9, precedence="Z")
    made = sealed(said, keys)
    shown = container(made, ciphertexts)
    for hidden in (made.keys, made.statement, *ciphertexts):
        assert hidden in shown
        shown = shown.replace(hidden, b"", 1)
    item = said.items()[0]
    words = [*MARKS, COVER.title, item.short_title, item.reference, item.purpose, AGREEMENT]
    words += [said.id, said.sealed_at, "precedence", "agreement", "officer"]
    for word in words:
        assert word.encode() not in shown
    for word in MARKS:
        for text in ("KOR-DIH1", "JPN-DIH1", said.number):
            assert word not in text
    assert b'"from":"KOR-DIH1","number":"2023/0009","to":"JPN-DIH1"' in shown
    assert len(shown) < 300
    assert b'"Z"' not in shown


def test_the_secret_part_of_the_container_holds_no_plaintext():
    for content in (b"a first item", "발사 보고".encode(), "군사II급비밀".encode(), KEYS[0]):
        assert content not in DATA
    assert encode(SAID) not in DATA


def test_another_root_of_the_same_names_is_another_card():
    other = replaced(KOR.card, root=KeyPair.of(pair(f"{KOR.name}/root", "x").public))
    with pytest.raises(ProofFailed, match="not trusted"):
        opened(RECEIVED, cards=[other])
