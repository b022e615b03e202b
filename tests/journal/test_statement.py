"""Signed statements: both signatures, nothing else, the right kind, the strict body."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gsomia.canon import encode
from gsomia.faults import BadInput, ProofFailed
from gsomia.journal.note import parse_note, sign_note
from gsomia.journal.statement import (
    StatementKeys,
    open_statement,
    read_unverified,
    sign_statement,
)
from tests.journal.builders import ed25519, pair


class Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    number: int
    text: str
    digest: bytes


BODY = Body(7, "받음\n受領", b"\x01\x02")
OURS, THEIRS = pair("kr.example/node"), pair("jp.example/node")
DATA = sign_statement("receipt", BODY, OURS)


def opened(data: bytes, kind: str = "receipt", keys: StatementKeys = OURS.public) -> Body:
    return open_statement(data, kind, Body, keys, "statement")


def test_a_statement_opens_with_its_signer_s_keys():
    assert opened(DATA) == BODY
    assert read_unverified(DATA, "receipt", Body) == BODY


def test_its_text_is_a_type_line_and_one_line_of_canonical_json():
    assert parse_note(DATA, "s").text.encode() == b"gsomia/receipt/v1\n" + encode(BODY) + b"\n"


def test_another_signer_s_keys_do_not_open_it():
    with pytest.raises(ProofFailed):
        opened(DATA, keys=THEIRS.public)


def test_one_name_with_another_s_keys_does_not_open_it():
    theirs = THEIRS.public
    with pytest.raises(ProofFailed, match="an earlier or later card may be needed"):
        opened(DATA, keys=StatementKeys(OURS.name, theirs.ed25519, theirs.mldsa87))


def test_another_card_is_asked_for_only_where_it_could_help():
    for data, keys in ((DATA, THEIRS.public), (relined(lambda a, b: (b, a)), OURS.public)):
        with pytest.raises(ProofFailed, match="are not the two of") as failed:
            opened(data, keys=keys)
        assert "card" not in str(failed.value)


def relined(pick) -> bytes:
    text, _, lines = DATA.rpartition(b"\n\n")
    first, second = lines.splitlines(keepends=True)
    return text + b"\n\n" + b"".join(pick(first, second))


STRANGER = sign_note(parse_note(DATA, "s").text, [ed25519("x.example")]).rpartition(b"\n\n")[2]


@pytest.mark.parametrize(
    "pick",
    [
        lambda a, b: (a,),
        lambda a, b: (b,),
        lambda a, b: (b, a),
        lambda a, b: (a, b, a),
        lambda a, b: (a, b, STRANGER),
        lambda a, b: (STRANGER, a, b),
        lambda a, b: (a, a),
    ],
    ids=["no ML-DSA", "no Ed25519", "other order", "twice", "stranger", "before", "same twice"],
)
def test_only_the_two_lines_in_their_order_pass(pick):
    assert opened(relined(lambda a, b: (a, b))) == BODY
    with pytest.raises(ProofFailed, match="and only they"):
        opened(relined(pick))


@pytest.mark.parametrize("which", [0, 1], ids=["Ed25519", "ML-DSA-87"])
def test_each_signature_must_hold_by_itself(which):
    other = parse_note(sign_statement("receipt", Body(8, "", b""), OURS), "s").signatures[which]
    note = parse_note(DATA, "s")
    lines = list(note.signatures)
    lines[which] = other
    with pytest.raises(ProofFailed, match="does not hold"):
        opened(msgspec.structs.replace(note, signatures=tuple(lines)).encode())


def test_a_statement_of_one_kind_does_not_pass_for_another():
    with pytest.raises(BadInput, match="gsomia/notice/v1"):
        opened(DATA, kind="notice")
    with pytest.raises(BadInput, match="gsomia/notice/v1"):
        read_unverified(DATA, "notice", Body)


@pytest.mark.parametrize(
    "text",
    [
        '{"digest":"AQI=","number":7, "text":""}\n',
        '{"number":7,"digest":"AQI=","text":""}\n',
        '{"digest":"AQI=","extra":1,"number":7,"text":""}\n',
        '{"digest":"AQI=","number":7,"number":7,"text":""}\n',
        '{"digest":"AQI=","number":7,"text":""}\n\n',
        '{"digest":"AQI=","number":7,"text":""}\n{}\n',
        '{"digest":"AQI=","number":"7","text":""}\n',
        '{"digest":"AQJ=","number":7,"text":""}\n',
        "",
    ],
)
def test_a_well_signed_but_loose_body_is_refused(text):
    good = '{"digest":"AQI=","number":7,"text":""}\n'
    assert opened(sign_note("gsomia/receipt/v1\n" + good, OURS.signers)).number == BODY.number
    with pytest.raises(BadInput):
        opened(sign_note("gsomia/receipt/v1\n" + text, OURS.signers))


@pytest.mark.parametrize("kind", ["", "Receipt", "a/b", "a\n", "é", "a" * 65])
def test_bad_kinds_are_refused(kind):
    with pytest.raises(BadInput, match="a kind of"):
        sign_statement(kind, BODY, OURS)


def test_an_oversized_body_is_not_signed():
    with pytest.raises(BadInput, match="at most"):
        sign_statement("receipt", Body(1, "x" * (1 << 20), b""), OURS)


def test_the_largest_body_opens():
    room = (1 << 20) - len(encode(Body(1, "", b"")))
    assert opened(sign_statement("receipt", Body(1, "x" * room, b""), OURS)).number == 1


def test_keys_read_back_from_canonical_json():
    assert msgspec.json.decode(encode(OURS.public), type=StatementKeys) == OURS.public
    assert [v.partition("+")[0] for v in OURS.public.vkeys] == [OURS.name] * 2
    assert [s.key_id for s in parse_note(DATA, "s").signatures] == list(OURS.public.key_ids)


def test_malformed_keys_and_seeds_are_refused():
    with pytest.raises(BadInput):
        StatementKeys("kr.example", bytes(31), bytes(2592))
    with pytest.raises(BadInput):
        StatementKeys("kr example", bytes(32), bytes(2592))
    with pytest.raises(BadInput):
        type(OURS).from_seeds("kr.example", bytes(32), bytes(31))


@given(st.integers(0, len(DATA) - 1), st.integers(1, 255))
@settings(max_examples=150)
def test_no_byte_of_a_statement_can_change(at, change):
    altered = bytearray(DATA)
    altered[at] ^= change
    with pytest.raises((BadInput, ProofFailed)):
        opened(bytes(altered))
