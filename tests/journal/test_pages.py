"""The pages on formats: what they show is what the files hold, and the files verify."""

from __future__ import annotations

import re

import msgspec
import pytest

from gsomia import canon
from gsomia.faults import BadInput, ProofFailed
from gsomia.journal.checkpoint import verify_checkpoint
from gsomia.journal.cosign import verify_cosignatures
from gsomia.journal.entry import Opening, check_opening, parse_entry
from gsomia.journal.note import parse_note, parse_vkey
from gsomia.journal.proof import parse_proof, verify_proof
from gsomia.journal.statement import StatementKeys, open_statement
from gsomia.journal.tree import Tree, leaf_hash
from gsomia.journal.witness import Outcome, Witnessed, add_checkpoint, parse_add_checkpoint
from tests.journal import examples

FOLDER = examples.FOLDER
PAGES = [FOLDER.parent / name for name in ("journal.md", "signed-statement.md")]
# A file's name, the rest of its paragraph, and the block that shows it.
SHOWN = re.compile(r"`examples/([a-z.-]+)`(?:[^\n]|\n(?!\n))*:\n\n```\n(.*?)\n```", re.DOTALL)
BLOCKS = [(name, block) for page in PAGES for name, block in SHOWN.findall(page.read_text())]


def read(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


LOG_KEYS = [parse_vkey(line) for line in read("vkeys.txt").decode().splitlines()[:2]]
COSIGNER_KEYS = [parse_vkey(line) for line in read("vkeys.txt").decode().splitlines()[2:]]


@pytest.mark.parametrize(("name", "block"), BLOCKS, ids=[name for name, _ in BLOCKS])
def test_a_block_shows_its_file(name, block):
    lines, shown = read(name).decode().removesuffix("\n").split("\n"), block.split("\n")
    assert len(lines) == len(shown)
    for line, seen in zip(lines, shown, strict=True):
        assert line.startswith(seen[:-1]) if seen.endswith("…") else line == seen


def test_every_file_but_the_keys_is_shown():
    assert {name for name, _ in BLOCKS} == {p.name for p in FOLDER.iterdir()} - {"vkeys.txt"}


def _fixed(line: bytes) -> bytes:
    """A signature line by ML-DSA up to its key identifier; any other line whole."""
    start = re.match(rb"\xe2\x80\x94 \S+ .{5}", line)
    return start.group() if start and len(line) > 1000 else line


def test_the_files_are_what_the_generator_makes():
    made = examples.make()
    assert set(made) == {p.name for p in FOLDER.iterdir()}
    for name, data in made.items():
        # Each making gives other ML-DSA signatures; all the rest must be the same.
        now, kept = ([_fixed(line) for line in d.split(b"\n")] for d in (data, read(name)))
        assert now == kept


def test_the_statement_opens():
    keys = canon.decode(read("statement-keys.json"), StatementKeys, "keys")
    body = open_statement(read("statement.txt"), "example", examples.Example, keys, "statement")
    assert body == examples.BODY
    with pytest.raises((BadInput, ProofFailed)):
        open_statement(
            read("statement.txt").replace(b":7,", b":8,"), "example", examples.Example, keys, "s"
        )


def test_the_openings_fit_the_entry():
    entry = parse_entry(read("entry.json"))
    openings = canon.decode(read("openings.json"), dict[str, Opening], "openings")
    assert set(openings) == set(entry.facts)
    for field, opening in openings.items():
        check_opening(entry, field, opening)
    assert msgspec.json.decode(openings["copies"].value) == 2


def test_the_checkpoint_has_five_good_lines():
    found = verify_checkpoint(read("checkpoint.txt"), LOG_KEYS, "checkpoint")
    held = verify_cosignatures(found.note, COSIGNER_KEYS, "checkpoint", every=True)
    assert len(found.note.signatures) == len(found.keys) + len(held) == 5


def test_the_request_is_accepted_by_a_witness_of_size_two():
    asked = parse_add_checkpoint(read("add-checkpoint.txt"), "request")
    _, answer = add_checkpoint(
        Witnessed(examples.BOOK, asked.old, _root_of(2)), read("add-checkpoint.txt"), LOG_KEYS
    )
    assert answer.outcome is Outcome.ACCEPTED


def _root_of(size: int) -> bytes:
    return Tree(leaf_hash(d) for d, _ in examples.entries()[:size]).root()


def test_the_proof_file_proves_the_entry():
    proof = parse_proof(read("entry.tlog-proof"), "proof")
    found = verify_proof(proof, read("entry.json"), LOG_KEYS, COSIGNER_KEYS, "proof")
    entry = parse_entry(read("entry.json"))
    assert (found.checkpoint.origin, proof.index) == (entry.book, entry.index)
    assert proof.note == parse_note(read("checkpoint.txt"), "note")
