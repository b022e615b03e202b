"""Tiles and proof files: a real log's files, the worked book's, and strict paths."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsomia.canon import unb64
from gsomia.faults import BadInput, ProofFailed
from gsomia.journal.checkpoint import verify_checkpoint
from gsomia.journal.note import parse_note, parse_vkey
from gsomia.journal.proof import LogProof, parse_proof, verify_proof
from gsomia.journal.tiles import (
    MAX_ENTRY,
    TilePath,
    bundle,
    bundles,
    parse_bundle,
    parse_tile,
    parse_tile_path,
    tiles,
)
from gsomia.journal.tree import Tree, leaf_hash, verify_consistency, verify_inclusion
from tests.journal.builders import LOG, VECTORS, book, signed

TESSERA = VECTORS / "tessera-log"
WORKED = VECTORS / "worked-log"
TESSERA_KEY = parse_vkey((TESSERA / "vkey.txt").read_text().strip())
WORKED_LOG, WORKED_ED, WORKED_ML = map(parse_vkey, (WORKED / "vkeys.txt").read_text().splitlines())


def worked_entries() -> list[bytes]:
    full = parse_bundle((WORKED / "tile/entries/000").read_bytes(), 256, "full")
    return full + parse_bundle((WORKED / "tile/entries/001.p/44").read_bytes(), 44, "partial")


# -- vectors --------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 2, 3, 4, 7, 8, 11, 12, 15])
def test_tessera_s_tiles_and_bundles_lead_to_its_checkpoints(size):
    signed_ = verify_checkpoint(
        (TESSERA / f"checkpoint.{size}").read_bytes(), [TESSERA_KEY], "checkpoint"
    )
    entries = parse_bundle((TESSERA / f"tile/entries/000.p/{size}").read_bytes(), size, "entries")
    tree = Tree(map(leaf_hash, entries))
    assert tree.root() == signed_.checkpoint.root
    ((path, data),) = tiles(tree, size)
    assert data == (TESSERA / path.text).read_bytes()
    ((path, data),) = bundles(lambda a, b: entries[a:b], size)
    assert data == (TESSERA / path.text).read_bytes()


def test_the_worked_book_s_files_are_reproduced_to_the_byte():
    entries = worked_entries()
    tree = Tree(map(leaf_hash, entries))
    made = [*tiles(tree, 300), *bundles(lambda a, b: entries[a:b], 300)]
    on_disk = {
        p.relative_to(WORKED).as_posix() for p in (WORKED / "tile").rglob("*") if p.is_file()
    }
    assert {path.text for path, _ in made} == on_disk
    for path, data in made:
        assert data == (WORKED / path.text).read_bytes()


def test_the_worked_proofs_are_reproduced_and_verify():
    given_ = json.loads((WORKED / "proofs.json").read_text())
    tree = Tree(map(leaf_hash, worked_entries()))
    consistency = [unb64(h, "proof") for h in given_["consistency"]]
    inclusion = [unb64(h, "proof") for h in given_["inclusion"]]
    old, new = unb64(given_["old_root"], "root"), unb64(given_["new_root"], "root")
    assert tree.consistency_proof(70, 300) == consistency
    verify_consistency(70, 300, old, new, consistency)
    assert tree.inclusion_proof(263, 300) == inclusion
    leaf = leaf_hash(given_["entry"].encode())
    assert leaf == unb64(given_["leaf_hash"], "leaf")
    verify_inclusion(263, 300, leaf, inclusion, new)


# -- paths ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (TilePath(0, 0), "tile/0/000"),
        (TilePath(0, 1_234_067), "tile/0/x001/x234/067"),
        (TilePath(1, 17, 1), "tile/1/017.p/1"),
        (TilePath(None, 1000, 255), "tile/entries/x001/000.p/255"),
    ],
)
def test_paths(path, text):
    assert path.text == text
    assert parse_tile_path(text) == path


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tile/0/0",
        "tile/00/000",
        "tile/64/000",
        "tile/0/x000/000",
        "tile/0/001/000",
        "tile/0/x001/x234",
        "tile/0/000.p/0",
        "tile/0/000.p/01",
        "tile/0/000.p/256",
        "tile/0/000.p/300",
        "tile/0/000.p/",
        "tile/0/000/",
        "/tile/0/000",
        "tile/0/../000",
        "tile/0/000\n",
        "tile/0/٠٠٠",
        "tile/data/000",
        "tile/0/x999/x999/x999/x999/x999/x999/999",
        "tile/7/x001/000",
        "tile/0/" + "x000/" * 1000 + "000",
    ],
)
def test_no_other_spelling_passes(text):
    with pytest.raises(BadInput):
        parse_tile_path(text)


@given(st.integers(0, 3) | st.none(), st.integers(0, 1 << 30), st.integers(1, 256))
def test_every_path_reads_back(level, index, width):
    path = TilePath(level, index, width)
    assert parse_tile_path(path.text) == path


# -- writing and reading --------------------------------------------------------


def test_seventy_thousand_leaves_make_the_tiles_of_the_specification():
    tree = Tree(leaf_hash(n.to_bytes(4, "big")) for n in range(70_000))
    made = dict(tiles(tree, 70_000))
    widths = [[p.width for p in made if p.level == level] for level in range(4)]
    assert widths == [[256] * 273 + [112], [256, 17], [1], []]
    assert made[TilePath(2, 0, 1)] == tree.root(65_536)
    assert all(len(data) == 32 * path.width for path, data in made.items())


@given(st.integers(0, 700), st.integers(0, 700))
def test_what_is_new_is_what_was_not_there_before(one, two):
    before, size = sorted((one, two))
    tree = book(700)
    old, new = dict(tiles(tree, before)), dict(tiles(tree, size))
    assert dict(tiles(tree, size, before)) == {k: v for k, v in new.items() if k not in old}


def test_sizes_outside_the_tree_are_refused():
    for size, before in ((6, 0), (3, 4), (3, -1)):
        with pytest.raises(BadInput):
            list(tiles(book(5), size, before))
    with pytest.raises(BadInput):
        list(bundles(lambda a, b: [b""], 2))


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=20))
def test_bundles_read_back_and_no_other_count_passes(entries):
    data, width = bundle(entries), len(entries)
    assert parse_bundle(data, width, "b") == entries
    for wrong in (width - 1, width + 1):
        with pytest.raises(BadInput):
            parse_bundle(data, wrong, "b")
    for broken in (data[:-1], data + b"\0"):
        with pytest.raises(BadInput):
            parse_bundle(broken, width, "b")


def test_an_entry_has_at_most_65535_bytes():
    assert parse_bundle(bundle([bytes(MAX_ENTRY)]), 1, "b") == [bytes(MAX_ENTRY)]
    with pytest.raises(BadInput, match="at most 65535"):
        bundle([bytes(MAX_ENTRY + 1)])


def test_a_tile_has_exactly_its_width():
    assert parse_tile(bytes(64), 2, "t") == [bytes(32)] * 2
    for wrong in (63, 65, 32, 0):
        with pytest.raises(BadInput):
            parse_tile(bytes(wrong), 2, "t")


# -- proof files ----------------------------------------------------------------

PROOF = (WORKED / "entry263.tlog-proof").read_bytes()
ENTRY = json.loads((WORKED / "proofs.json").read_text())["entry"].encode()


def test_the_worked_proof_file_verifies_and_re_encodes():
    proof = parse_proof(PROOF, "proof")
    found = verify_proof(proof, ENTRY, [WORKED_LOG], [WORKED_ED, WORKED_ML], "proof")
    assert (found.checkpoint.size, proof.index) == (300, 263)
    assert [c.key for c in found.cosignatures] == [WORKED_ED, WORKED_ML]
    assert proof.encode() == PROOF


def test_a_proof_needs_its_entry_its_log_and_its_cosigners():
    proof = parse_proof(PROOF, "proof")
    with pytest.raises(ProofFailed, match="not under this root"):
        verify_proof(proof, ENTRY + b" ", [WORKED_LOG], [], "proof")
    with pytest.raises(ProofFailed, match="no signature"):
        verify_proof(proof, ENTRY, [TESSERA_KEY], [], "proof")
    with pytest.raises(ProofFailed, match="no signature"):
        verify_proof(proof, ENTRY, [], [], "proof")
    stripped = LogProof(
        proof.index, proof.proof, type(proof.note)(proof.note.text, proof.note.signatures[:2])
    )
    verify_proof(stripped, ENTRY, [WORKED_LOG], [WORKED_ED], "proof")
    with pytest.raises(ProofFailed, match="no cosignature"):
        verify_proof(stripped, ENTRY, [WORKED_LOG], [WORKED_ED, WORKED_ML], "proof")


@given(st.integers(1, 60), st.data(), st.none() | st.binary(min_size=1, max_size=40))
def test_every_proof_file_reads_back_and_verifies(size, data, extra):
    tree, index = book(size), data.draw(st.integers(0, size - 1))
    note = parse_note(signed(tree, size), "note")
    proof = LogProof(index, tuple(tree.inclusion_proof(index)), note, extra)
    again = parse_proof(proof.encode(), "proof")
    assert again == proof
    assert verify_proof(again, str(index).encode(), [LOG.verifier], [], "p").cosignatures == ()


HEAD, TAIL = PROOF.split(b"index 263\n")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        HEAD,
        TAIL,
        HEAD + TAIL,
        HEAD.replace(b"v1", b"v2") + b"index 263\n" + TAIL,
        HEAD + b"index 0263\n" + TAIL,
        HEAD + b"index 263 \n" + TAIL,
        HEAD + b"index 9223372036854775808\n" + TAIL,
        HEAD + b"extra \nindex 263\n" + TAIL,
        HEAD + b"extra AAA\nindex 263\n" + TAIL,
        HEAD + b"extra AAAA\nextra AAAA\nindex 263\n" + TAIL,
        HEAD + b"index 263\nextra AAAA\n" + TAIL,
        HEAD + b"index 263\n" + TAIL.partition(b"\n")[0][:-1] + b"\n" + TAIL,
        HEAD + b"index 263\n" + (TAIL.partition(b"\n")[0] + b"\n") * 60 + TAIL,
        HEAD + b"index 263\n\n" + TAIL,
        HEAD + b"index 263\n" + TAIL + b"\n",
        HEAD + b"index \xe2\x91\xa0\n" + TAIL,
        b"x" * 4_000_000,
    ],
)
def test_malformed_proof_files_are_refused(data):
    with pytest.raises(BadInput):
        parse_proof(data, "proof")


def test_empty_extra_data_is_not_written():
    proof = parse_proof(PROOF, "proof")
    with pytest.raises(BadInput, match="extra"):
        LogProof(proof.index, proof.proof, proof.note, b"").encode()
