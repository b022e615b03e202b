"""The Merkle tree against RFC 6962's definitions, its vectors, and proofs bent on purpose."""

from __future__ import annotations

import hashlib
import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsomia.canon import unb64
from gsomia.faults import BadInput, ProofFailed
from gsomia.journal.tree import (
    EMPTY_ROOT,
    MerkleAccumulator,
    Tree,
    leaf_hash,
    root_from_inclusion,
    verify_consistency,
    verify_inclusion,
)
from tests.journal.builders import VECTORS, book, leaves

SIZE = 200
BOOK = book(SIZE)
# An oracle that accepts 12-byte hashes; this program takes 32 bytes or nothing.
SHORT_ROOTS = "testdata/consistency/additional/sizes-are-equal-one-and-proof-is-empty.json"


def naive_root(hashes: list[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1, word for word."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return hashlib.sha256(b"\x01" + naive_root(hashes[:k]) + naive_root(hashes[k:])).digest()


# -- vectors --------------------------------------------------------------------


def cases(name: str) -> list[object]:
    found = json.loads((VECTORS / "rfc6962" / name).read_text())
    return [pytest.param(c["case"], id=c["path"]) for c in found if c["path"] != SHORT_ROOTS]


def hashes(texts: list[str] | None) -> list[bytes]:
    return [unb64(t or "", "vector") for t in texts or ()]


@pytest.mark.parametrize("case", cases("inclusion.json"))
def test_inclusion_vectors(case):
    leaf, root = hashes([case["leafHash"], case["root"]])
    args = (case["leafIdx"], case["treeSize"], leaf, hashes(case["proof"]), root)
    if case["wantErr"]:
        with pytest.raises(ProofFailed):
            verify_inclusion(*args)
    else:
        verify_inclusion(*args)


@pytest.mark.parametrize("case", cases("consistency.json"))
def test_consistency_vectors(case):
    old, new = hashes([case["root1"], case["root2"]])
    args = (case["size1"], case["size2"], old, new, hashes(case["proof"]))
    if case["wantErr"]:
        with pytest.raises(ProofFailed):
            verify_consistency(*args)
    else:
        verify_consistency(*args)


def test_the_one_vector_left_out_has_roots_of_twelve_bytes():
    found = json.loads((VECTORS / "rfc6962/consistency.json").read_text())
    (case,) = [c["case"] for c in found if c["path"] == SHORT_ROOTS]
    old, new = hashes([case["root1"], case["root2"]])
    assert len(old) == 12
    with pytest.raises(ProofFailed, match="not 32 bytes"):
        verify_consistency(case["size1"], case["size2"], old, new, [])


def test_the_vectors_are_all_there():
    assert len(cases("inclusion.json")) == 63
    assert len(cases("consistency.json")) == 69


# -- every size up to 200 -------------------------------------------------------


def test_roots_equal_the_definition_at_every_size():
    all_leaves = leaves(SIZE)
    for size in range(SIZE + 1):
        assert BOOK.root(size) == naive_root(all_leaves[:size])


def test_inclusion_holds_for_every_leaf_of_every_size():
    for size in range(1, SIZE + 1):
        root = BOOK.root(size)
        for index in range(size):
            proof = BOOK.inclusion_proof(index, size)
            verify_inclusion(index, size, BOOK.leaf(index), proof, root)


def test_consistency_holds_between_every_two_sizes():
    for new in range(SIZE + 1):
        root = BOOK.root(new)
        for old in range(new + 1):
            verify_consistency(old, new, BOOK.root(old), root, BOOK.consistency_proof(old, new))


SIZES = st.integers(1, SIZE)


def bent(proof: list[bytes], draw) -> list[bytes]:
    """The proof with one thing wrong."""
    way = draw(st.sampled_from(["more", "less", "flip", "swap", "short"] if proof else ["more"]))
    at = draw(st.integers(0, max(0, len(proof) - 1)))
    out = list(proof)
    match way:
        case "more":
            out.insert(at, draw(st.sampled_from([bytes(32), *proof])))
        case "less":
            del out[at]
        case "flip":
            out[at] = bytes((out[at][0] ^ 1,)) + out[at][1:]
        case "swap":
            out = [*out[1:], out[0]] if len(out) > 1 else []
        case "short":
            out[at] = out[at][:-1]
    return out


@given(SIZES, st.data())
def test_an_altered_inclusion_proof_fails(size, data):
    index = data.draw(st.integers(0, size - 1))
    proof = BOOK.inclusion_proof(index, size)
    with pytest.raises(ProofFailed):
        verify_inclusion(index, size, BOOK.leaf(index), bent(proof, data.draw), BOOK.root(size))


@given(SIZES, st.data())
def test_a_proof_holds_for_its_own_leaf_index_and_root_only(size, data):
    index, other = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, SIZE - 1))
    proof, root = BOOK.inclusion_proof(index, size), BOOK.root(size)
    if other != index:
        with pytest.raises(ProofFailed):
            verify_inclusion(other, size, BOOK.leaf(index), proof, root)
        with pytest.raises(ProofFailed):
            verify_inclusion(index, size, BOOK.leaf(other), proof, root)
    if other != size:
        with pytest.raises(ProofFailed):
            verify_inclusion(index, size, BOOK.leaf(index), proof, BOOK.root(other))


@given(SIZES, st.data())
def test_an_altered_consistency_proof_fails(new, data):
    old = data.draw(st.integers(0, new))
    proof = BOOK.consistency_proof(old, new)
    with pytest.raises(ProofFailed):
        verify_consistency(old, new, BOOK.root(old), BOOK.root(new), bent(proof, data.draw))


@given(SIZES, st.data())
def test_another_history_is_never_consistent(new, data):
    old = data.draw(st.integers(1, new))
    rewritten = Tree([*leaves(old - 1), leaf_hash(b"another"), *leaves(SIZE)[old:new]])
    for proof in (BOOK.consistency_proof(old, new), rewritten.consistency_proof(old, new)):
        with pytest.raises(ProofFailed):
            verify_consistency(old, new, BOOK.root(old), rewritten.root(), proof)


def test_an_index_outside_the_tree_fails_whatever_the_proof():
    leaf = BOOK.leaf(0)
    assert root_from_inclusion(0, 1, leaf, []) == leaf
    for index, size, length in ((1, 1, 1), (2, 2, 2), (0, 0, 0), (-1, 1, 0), (0, 1 << 63, 63)):
        with pytest.raises(ProofFailed, match="is not in a tree"):
            root_from_inclusion(index, size, leaf, [bytes(32)] * length)


def test_only_the_empty_root_stands_at_size_zero():
    verify_consistency(0, 5, EMPTY_ROOT, BOOK.root(5), [])
    with pytest.raises(ProofFailed, match="empty tree"):
        verify_consistency(0, 5, BOOK.root(1), BOOK.root(5), [])


# -- building -------------------------------------------------------------------


@given(st.lists(st.integers(0, 40), max_size=8))
def test_any_way_of_adding_leaves_gives_the_same_tree(steps):
    one, many, joined, seen = Tree(), Tree(), Tree(), MerkleAccumulator()
    at = 0
    for step in steps:
        entries = [f"{n}".encode() for n in range(at, at + step)]
        added = [leaf_hash(e) for e in entries]
        assert [one.append(leaf) for leaf in added] == list(range(at, at + step))
        many.extend(added)
        joined.extend_bytes(b"".join(added))
        if step % 2:
            seen.append_entries(entries)
        else:
            for leaf in added:
                seen.append(leaf)
        at += step
    expected = naive_root(leaves(at))
    assert [t.root() for t in (one, many, joined, seen)] == [expected] * 4
    assert one._levels == many._levels == joined._levels
    assert one.size == seen.size == at


@given(SIZES, st.integers(0, SIZE))
def test_a_forgotten_batch_leaves_no_trace(size, cut):
    tree = book(size)
    cut = min(cut, size)
    tree.forget_after(cut)
    assert tree.root() == BOOK.root(cut)
    tree.extend(leaves(SIZE)[cut:])
    assert tree.root() == BOOK.root()


def test_an_empty_tree_has_the_hash_of_nothing_as_root():
    assert Tree().root() == EMPTY_ROOT == MerkleAccumulator().root()


@pytest.mark.parametrize(
    "ask",
    [
        lambda t: t.root(SIZE + 1),
        lambda t: t.root(-1),
        lambda t: t.inclusion_proof(5, 5),
        lambda t: t.inclusion_proof(-1, 5),
        lambda t: t.consistency_proof(6, 5),
        lambda t: t.consistency_proof(1, SIZE + 1),
        lambda t: t.leaf(SIZE),
        lambda t: t.nodes(9, 0, 1),
        lambda t: t.append(bytes(31)),
        lambda t: t.extend([bytes(32), bytes(33)]),
        lambda t: t.extend_bytes(bytes(33)),
        lambda t: t.forget_after(SIZE + 1),
    ],
)
def test_questions_outside_the_tree_are_refused(ask):
    with pytest.raises(BadInput):
        ask(BOOK)
    assert BOOK.root() == naive_root(leaves(SIZE))


def test_a_tree_of_sixty_thousand_costs_sixty_four_bytes_a_leaf():
    tree = Tree(leaf_hash(n.to_bytes(4)) for n in range(60_000))
    assert sum(map(len, tree._levels)) <= 64 * tree.size
    for index in random.Random(1).sample(range(tree.size), 50):
        proof = tree.inclusion_proof(index)
        assert len(proof) <= 16
        leaf = leaf_hash(index.to_bytes(4))
        assert root_from_inclusion(index, tree.size, leaf, proof) == tree.root()
