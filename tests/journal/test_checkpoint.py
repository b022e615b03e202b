"""Checkpoints and cosignatures: real logs' files, the worked book, and what must be refused."""

from __future__ import annotations

import msgspec
import pytest

from gsomia.canon import b64
from gsomia.faults import BadInput, ProofFailed
from gsomia.journal.checkpoint import (
    Checkpoint,
    parse_checkpoint,
    sign_checkpoint,
    verify_all,
    verify_checkpoint,
)
from gsomia.journal.cosign import (
    MAX_TIME,
    Cosignature,
    cosign,
    ed25519_message,
    encode_lines,
    parse_lines,
    subtree_message,
    verify_cosignatures,
    with_lines,
)
from gsomia.journal.note import Note, Signature, parse_note, parse_vkey
from gsomia.journal.tree import EMPTY_ROOT
from tests.journal.builders import (
    LOG,
    LOG_87,
    ORIGIN,
    TIME,
    VECTORS,
    WITNESS,
    book,
    cosigners,
    signed,
)

TESSERA = VECTORS / "tessera-log"
WORKED = VECTORS / "worked-log"
TESSERA_KEY = parse_vkey((TESSERA / "vkey.txt").read_text().strip())
WORKED_LOG, WORKED_ED, WORKED_ML = map(parse_vkey, (WORKED / "vkeys.txt").read_text().splitlines())

CHECKPOINT = Checkpoint(ORIGIN, 70, book(70).root())
COSIGNERS = cosigners(WITNESS)
KEYS = [c.verifier for c in COSIGNERS]
NOTE = parse_note(sign_checkpoint(CHECKPOINT, [LOG]), "note")


# -- checkpoints ----------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(TESSERA.glob("checkpoint.*")), ids=lambda p: p.name)
def test_tessera_s_checkpoints_verify_and_re_encode(path):
    data = path.read_bytes()
    found = verify_checkpoint(data, [TESSERA_KEY], path.name)
    assert found.checkpoint.size == int(path.suffix[1:])
    assert found.checkpoint.text == found.note.text
    assert found.note.encode() == data


def test_a_checkpoint_reads_back():
    assert parse_checkpoint(CHECKPOINT.text, "text") == CHECKPOINT
    assert verify_checkpoint(signed(book(70), 70), [LOG.verifier], "c").checkpoint == CHECKPOINT


def test_every_key_asked_for_must_have_signed():
    both = [LOG.verifier, LOG_87.verifier]
    data = sign_checkpoint(CHECKPOINT, [LOG, LOG_87])
    assert set(verify_checkpoint(data, both, "c").keys) == set(both)
    stripped = sign_checkpoint(CHECKPOINT, [LOG])
    with pytest.raises(ProofFailed, match="no signature by a key"):
        verify_checkpoint(stripped, both, "c")
    with pytest.raises(ProofFailed):
        verify_checkpoint(data, [], "c")


ROOT = b64(CHECKPOINT.root)
GOOD = f"{ORIGIN}\n70\n{ROOT}\n"


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"{ORIGIN}\n70\n",
        GOOD[:-1],
        f"{GOOD}extension\n",
        f"{GOOD}\n",
        f"\n70\n{ROOT}\n",
        f"a b\n70\n{ROOT}\n",
        f"{ORIGIN}\n070\n{ROOT}\n",
        f"{ORIGIN}\n+70\n{ROOT}\n",
        f"{ORIGIN}\n-1\n{ROOT}\n",
        f"{ORIGIN}\n٧٠\n{ROOT}\n",
        f"{ORIGIN}\n{1 << 63}\n{ROOT}\n",
        f"{ORIGIN}\n{'9' * 5000}\n{ROOT}\n",
        f"{ORIGIN}\n0\n{ROOT}\n",
        f"{ORIGIN}\n70\n{ROOT[:-1]}\n",
        f"{ORIGIN}\n70\n{b64(bytes(31))}\n",
        f"{ORIGIN}\n70\n{ROOT} \n",
    ],
)
def test_malformed_checkpoints_are_refused(text):
    assert parse_checkpoint(GOOD, "text").size == 70
    with pytest.raises(BadInput):
        parse_checkpoint(text, "text")


def test_the_empty_book_has_the_empty_root():
    assert Checkpoint(ORIGIN, 0, EMPTY_ROOT).size == 0
    with pytest.raises(BadInput):
        Checkpoint(ORIGIN, -1, EMPTY_ROOT)
    with pytest.raises(BadInput):
        Checkpoint(ORIGIN, 1, b"short")


# -- cosignatures ---------------------------------------------------------------


@pytest.mark.parametrize("size", [70, 300])
def test_the_worked_checkpoints_and_all_their_lines_verify(size):
    data = (WORKED / f"checkpoint.{size}.txt").read_bytes()
    found = verify_checkpoint(data, [WORKED_LOG], "worked")
    held = verify_cosignatures(found.note, [WORKED_ML, WORKED_ED], "worked", every=True)
    assert [c.key for c in held] == [WORKED_ED, WORKED_ML]
    assert len({c.time for c in held}) == 1
    assert found.note.encode() == data


def test_the_subtree_message_has_the_form_of_the_specification():
    found = verify_checkpoint(
        (WORKED / "checkpoint.300.txt").read_bytes(), [WORKED_LOG], "worked"
    ).checkpoint
    message = subtree_message(WITNESS, TIME, found)
    assert message == b"".join(
        (
            b"subtree/v1\n\0",
            b"\x18b.example/gsomia/witness",
            TIME.to_bytes(8, "big"),
            b"\x18a.example/gsomia/journal",
            bytes(8),
            (300).to_bytes(8, "big"),
            found.root,
        )
    )
    assert len(message) == 118


@pytest.mark.parametrize("signer", COSIGNERS, ids=[k.kind.name for k in KEYS])
def test_each_kind_of_cosigner_makes_a_line_that_holds(signer):
    note = with_lines(NOTE, cosign(CHECKPOINT, [signer], TIME))
    (held,) = verify_cosignatures(note, [signer.verifier], "c")
    assert held == Cosignature(signer.verifier, TIME)
    assert len(note.signatures[-1].signature) == 8 + signer.verifier.kind.signature_size
    assert verify_all(note, [LOG.verifier], "c") == (LOG.verifier,)


@pytest.mark.parametrize("signer", COSIGNERS, ids=[k.kind.name for k in KEYS])
def test_a_cosignature_holds_for_its_time_checkpoint_and_name_only(signer):
    (line,) = cosign(CHECKPOINT, [signer], TIME)
    later = Signature(line.name, line.key_id, (TIME + 1).to_bytes(8, "big") + line.signature[8:])
    other = parse_note(signed(book(71), 71), "n")
    for note in (with_lines(NOTE, [later]), with_lines(other, [line])):
        with pytest.raises(ProofFailed, match="does not hold"):
            verify_cosignatures(note, [signer.verifier], "c")
    assert verify_cosignatures(with_lines(NOTE, [line]), [signer.verifier], "c")


@pytest.mark.parametrize("signer", COSIGNERS[1:], ids=[k.kind.name for k in KEYS[1:]])
def test_a_subtree_cosignature_names_its_cosigner(signer):
    renamed = msgspec.structs.replace(signer.verifier, name="c.example/other")
    (line,) = cosign(CHECKPOINT, [signer], TIME)
    note = with_lines(NOTE, [Signature(renamed.name, renamed.key_id, line.signature)])
    with pytest.raises(ProofFailed, match="does not hold"):
        verify_cosignatures(note, [renamed], "c")


@pytest.mark.parametrize("cut", [1, 8, 9])
def test_a_cut_cosignature_fails(cut):
    (line,) = cosign(CHECKPOINT, COSIGNERS[:1], TIME)
    short = Signature(line.name, line.key_id, line.signature[:-cut])
    with pytest.raises(ProofFailed, match="malformed"):
        verify_cosignatures(with_lines(NOTE, [short]), KEYS, "c")


def test_a_time_past_the_signed_range_fails_though_the_signature_would_hold():
    signer = COSIGNERS[0]
    for time, good in ((MAX_TIME, True), (MAX_TIME + 1, False)):
        bare = signer.sign(ed25519_message(CHECKPOINT.text, time))
        line = Signature(WITNESS, signer.verifier.key_id, time.to_bytes(8, "big") + bare)
        note = with_lines(NOTE, [line])
        if good:
            assert verify_cosignatures(note, KEYS, "c") == (Cosignature(signer.verifier, time),)
        else:
            with pytest.raises(ProofFailed, match="malformed"):
                verify_cosignatures(note, KEYS, "c")


def test_unknown_cosigners_are_ignored_and_missing_ones_told():
    note = with_lines(NOTE, cosign(CHECKPOINT, COSIGNERS[:1], TIME))
    assert len(verify_cosignatures(note, KEYS, "c")) == 1
    with pytest.raises(ProofFailed, match="no cosignature by a key"):
        verify_cosignatures(note, KEYS, "c", every=True)
    with pytest.raises(ProofFailed, match="no cosignature by a known key"):
        verify_cosignatures(NOTE, KEYS, "c")
    with pytest.raises(BadInput, match="a cosignature key"):
        verify_cosignatures(note, [LOG.verifier], "c")


def test_a_note_that_is_no_checkpoint_cannot_be_cosigned():
    note = Note("just text\n", NOTE.signatures)
    with pytest.raises(BadInput):
        verify_cosignatures(note, KEYS, "c")


@pytest.mark.parametrize("time", [0, -1, 1 << 63])
def test_impossible_times_are_not_signed(time):
    with pytest.raises(BadInput, match="a time"):
        cosign(CHECKPOINT, COSIGNERS, time)


def test_lines_read_back_and_join_a_note_once():
    lines = cosign(CHECKPOINT, COSIGNERS[:2], TIME)
    assert parse_lines(encode_lines(lines), "lines") == lines
    once = with_lines(NOTE, lines)
    assert with_lines(once, lines) == once
    for bad in (b"", b"\n", encode_lines(lines)[:-1], encode_lines(lines) + b"\n", b"\xff\n"):
        with pytest.raises(BadInput):
            parse_lines(bad, "lines")
