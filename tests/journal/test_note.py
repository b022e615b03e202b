"""Signed notes: C2SP's own example, hostile bytes, and the law that nothing has two spellings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsomia.faults import BadInput, ProofFailed
from gsomia.journal.note import (
    KeyKind,
    Note,
    Signature,
    VerifierKey,
    parse_note,
    parse_vkey,
    sign_note,
    verify_note,
)
from tests.journal.builders import VECTORS, cosigners, ed25519, mldsa87

EXAMPLE = (VECTORS / "c2sp/signed-note-example.txt").read_bytes()
EXAMPLE_KEY = parse_vkey((VECTORS / "c2sp/signed-note-example.vkey").read_text().strip())
A, B, C = ed25519("a.example"), mldsa87("a.example"), ed25519("c.example")
GOOD = sign_note("one\n\ntwo\n", [A])
BLOB = GOOD.split()[-1]


def test_the_specification_s_example_verifies_and_re_encodes():
    note = parse_note(EXAMPLE, "example")
    assert note.text == "This is an example message.\n"
    assert verify_note(note, [EXAMPLE_KEY]) == (EXAMPLE_KEY,)
    assert note.encode() == EXAMPLE


def test_a_changed_text_sinks_the_note():
    note = parse_note(EXAMPLE.replace(b"example message", b"exemple message"), "example")
    with pytest.raises(ProofFailed, match="does not hold"):
        verify_note(note, [EXAMPLE_KEY])


@pytest.mark.parametrize("signer", [A, B], ids=["ed25519", "mldsa87"])
def test_each_signer_s_line_is_one_the_key_accepts(signer):
    note = parse_note(sign_note("text\n", [signer]), "note")
    assert verify_note(note, [signer.verifier]) == (signer.verifier,)
    assert len(note.signatures[0].signature) == signer.verifier.kind.signature_size


def test_unknown_keys_are_ignored_but_one_known_key_must_hold():
    note = parse_note(sign_note("text\n", [A, B, C]), "note")
    assert verify_note(note, [C.verifier, A.verifier]) == (A.verifier, C.verifier)
    with pytest.raises(ProofFailed, match="no signature by a known key"):
        verify_note(note, [ed25519("d.example").verifier])
    with pytest.raises(ProofFailed, match="no signature by a known key"):
        verify_note(note, [])


def test_a_key_of_the_same_name_and_another_identifier_is_another_key():
    stranger = VerifierKey("a.example", KeyKind.ED25519, C.verifier.public)
    with pytest.raises(ProofFailed, match="no signature by a known key"):
        verify_note(parse_note(GOOD, "note"), [stranger])


def test_one_bad_line_by_a_known_key_sinks_a_note_with_a_good_one():
    note = parse_note(GOOD, "note")
    bad = Signature(A.verifier.name, A.verifier.key_id, bytes(64))
    for lines in ((*note.signatures, bad), (bad, *note.signatures)):
        with pytest.raises(ProofFailed, match="does not hold"):
            verify_note(Note(note.text, lines), [A.verifier])


def test_a_cosignature_key_cannot_verify_a_bare_text():
    with pytest.raises(BadInput, match="a key that signs note texts"):
        verify_note(parse_note(GOOD, "note"), [cosigners("w.example")[0].verifier])


def test_a_public_key_that_is_none_fails_as_a_proof():
    key = VerifierKey("x", KeyKind.ED25519, b"\xff" * 32)
    with pytest.raises(ProofFailed):
        key.check(b"text", bytes(64))


def line(name: bytes = b"a.example", blob: bytes = BLOB) -> bytes:
    return b"\xe2\x80\x94 " + name + b" " + blob + b"\n"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        b"text\n",
        b"text\n\n",
        b"text\n" + line(),
        b"text\n\n" + line()[:-1],
        b"text\n\n" + line() + b"\n",
        b"text\r\n\n" + line(),
        b"te\txt\n\n" + line(),
        b"te\x00xt\n\n" + line(),
        b"te\xffxt\n\n" + line(),
        b"text\n\n" + line().replace(b"\xe2\x80\x94", b"-"),
        b"text\n\n" + line(name=b""),
        b"text\n\n" + line(name=b"a+b"),
        b"text\n\n" + line(name=b"a\xc2\xa0b"),
        b"text\n\n" + line(name=b"a\x0bb"),
        b"text\n\n" + line(name=b"a" * 256),
        b"text\n\n" + line(blob=b""),
        b"text\n\n" + line(blob=b"AAAAAA=="),
        b"text\n\n" + line(blob=BLOB.rstrip(b"=")),
        b"text\n\n" + line(blob=b"AAAAAAB="),
        b"text\n\n" + line(blob=BLOB + b" "),
        b"text\n\n" + line(blob=b"AA AA" + BLOB),
        b"text\n\n" + line() * 101,
    ],
)
def test_malformed_notes_are_refused(data):
    with pytest.raises(BadInput):
        parse_note(data, "note")


@pytest.mark.parametrize("count", [1, 16, 100])
def test_up_to_a_hundred_lines_are_read(count):
    data = b"text\n\n" + line() * count
    assert len(parse_note(data, "note").signatures) == count


def test_the_limit_counts_bytes():
    assert parse_note(GOOD, "note", limit=len(GOOD)).encode() == GOOD
    with pytest.raises(BadInput, match="at most"):
        parse_note(GOOD, "note", limit=len(GOOD) - 1)


@pytest.mark.parametrize("text", ["", "no end", "tab\t\n", "\ud800\n"])
def test_bad_texts_are_not_signed(text):
    with pytest.raises(BadInput):
        sign_note(text, [A])
    assert sign_note("good\n", [A])


def test_a_note_needs_a_signer():
    with pytest.raises(BadInput, match="signature lines"):
        sign_note("text\n", [])


# -- key texts ------------------------------------------------------------------

KEYS = [A.verifier, B.verifier, *(c.verifier for c in cosigners("w.example"))]


@pytest.mark.parametrize("key", KEYS, ids=[k.kind.name for k in KEYS])
def test_a_vkey_reads_back(key):
    assert parse_vkey(key.vkey) == key


def test_one_key_under_two_kinds_has_two_identifiers():
    public = A.verifier.public
    kinds = (KeyKind.ED25519, KeyKind.ED25519_COSIGNATURE)
    assert len({VerifierKey("a", kind, public).key_id for kind in kinds}) == len(kinds)


VKEY = A.verifier.vkey


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.example",
        VKEY[:-4],
        VKEY + "AAAA",
        VKEY.replace("a.example", "b.example"),
        VKEY.replace("+", " ", 1),
        "+" + VKEY.partition("+")[2],
        VKEY.replace(A.verifier.key_id.hex(), A.verifier.key_id.hex().upper()),
        "a.example+00000000+AgAA",
        "a" * 10_000,
    ],
)
def test_malformed_vkeys_are_refused(text):
    assert parse_vkey(VKEY) == A.verifier
    with pytest.raises(BadInput):
        parse_vkey(text)


def test_two_keys_that_a_line_could_not_tell_apart_are_refused():
    class Twin(VerifierKey, frozen=True):
        key_id = b"same"

    one, two = (Twin("a", KeyKind.ED25519, bytes((n,)) * 32) for n in (1, 2))
    with pytest.raises(BadInput, match="told apart"):
        verify_note(parse_note(GOOD, "note"), [one, two])


# -- laws -----------------------------------------------------------------------

NAMES = st.text(st.characters(codec="utf-8", categories=("L", "N", "P")), min_size=1, max_size=40)
TEXTS = st.text(st.characters(codec="utf-8", min_codepoint=32) | st.just("\n"), max_size=80)
LINES = st.builds(
    Signature,
    NAMES.filter(lambda n: "+" not in n),
    st.binary(min_size=4, max_size=4),
    st.binary(min_size=1, max_size=90),
)


@given(TEXTS, st.lists(LINES, min_size=1, max_size=6))
def test_every_note_reads_back(text, lines):
    note = Note(text + "\n", tuple(lines))
    assert parse_note(note.encode(), "note") == note


@given(st.data())
def test_what_parses_re_encodes_to_the_same_bytes(data):
    changed = bytearray(GOOD)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(changed) - 1))
        changed[at] = data.draw(
            st.sampled_from(b"\n =+/A\xe2\x80\x94\t\xc2\x85") | st.integers(0, 255)
        )
    try:
        note = parse_note(bytes(changed), "note")
    except BadInput:
        return
    assert note.encode() == changed
    if changed != GOOD:
        with pytest.raises(ProofFailed):
            verify_note(note, [A.verifier])
