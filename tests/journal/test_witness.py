"""The witness, step by step: what it accepts, what it refuses, and the evidence it keeps."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsomia.faults import BadInput, ProofFailed
from gsomia.journal.checkpoint import verify_checkpoint
from gsomia.journal.note import parse_vkey
from gsomia.journal.tree import Tree, verify_consistency
from gsomia.journal.witness import (
    Answer,
    Outcome,
    Witnessed,
    add_checkpoint,
    add_checkpoint_request,
    parse_add_checkpoint,
)
from tests.journal.builders import LOG, LOG_87, ORIGIN, VECTORS, book, ed25519, leaves, signed

WORKED = (VECTORS / "worked-log/add-checkpoint.request.txt").read_bytes()
WORKED_KEY = parse_vkey((VECTORS / "worked-log/vkeys.txt").read_text().splitlines()[0])

SIZE = 40
BOOK = book(SIZE)
# The same first 20 entries, then another history.
FORK = Tree([*leaves(20), *leaves(SIZE, "other ")[20:]])
KEYS = [LOG.verifier]


def request(tree: Tree, old: int, new: int, *signers) -> bytes:
    return add_checkpoint_request(
        old, tree.consistency_proof(min(old, new), new), signed(tree, new, *signers)
    )


def at(size: int, tree: Tree = BOOK) -> Witnessed:
    """A witness that has accepted the book at `size`."""
    state, answer = add_checkpoint(Witnessed(ORIGIN), request(tree, 0, size), KEYS)
    assert answer.outcome is Outcome.ACCEPTED
    return state


def refused(state: Witnessed, data: bytes, outcome: Outcome, keys=KEYS) -> Answer:
    after, answer = add_checkpoint(state, data, keys)
    assert answer.outcome is outcome, answer.reason
    assert after == state, "a refusal changed what the witness knows"
    assert answer.checkpoint is None
    assert answer.reason
    return answer


def test_the_worked_request_is_accepted_and_re_encodes():
    asked = parse_add_checkpoint(WORKED, "request")
    assert asked.encode() == WORKED
    before = (VECTORS / "worked-log/checkpoint.70.txt").read_bytes()
    known = verify_checkpoint(before, [WORKED_KEY], "70").checkpoint
    state = Witnessed(known.origin, known.size, known.root, before)
    after, answer = add_checkpoint(state, WORKED, [WORKED_KEY])
    assert (answer.outcome, answer.known_size) == (Outcome.ACCEPTED, 300)
    assert answer.checkpoint == asked.checkpoint
    assert (after.size, after.root) == (300, asked.checkpoint.root)


def test_a_growing_book_is_followed_step_by_step():
    state = Witnessed(ORIGIN)
    for new in (1, 1, 2, 7, 8, 8, 33, SIZE):
        state, answer = add_checkpoint(state, request(BOOK, state.size, new), KEYS)
        assert answer.outcome is Outcome.ACCEPTED
        assert (state.size, state.root) == (new, BOOK.root(new))
        assert verify_checkpoint(state.note, KEYS, "kept").checkpoint == answer.checkpoint


def test_an_empty_book_may_be_followed_from_its_start():
    state, answer = add_checkpoint(Witnessed(ORIGIN), request(BOOK, 0, 0), KEYS)
    assert answer.outcome is Outcome.ACCEPTED
    assert add_checkpoint(state, request(BOOK, 0, 5), KEYS)[1].outcome is Outcome.ACCEPTED


def test_a_stale_sender_learns_the_size_to_start_from():
    answer = refused(at(10), request(BOOK, 4, 20), Outcome.STALE)
    assert answer.known_size == 10
    again = request(BOOK, answer.known_size, 20)
    assert add_checkpoint(at(10), again, KEYS)[1].outcome is Outcome.ACCEPTED


def test_a_sender_ahead_of_the_witness_learns_the_size_too():
    assert refused(at(10), request(BOOK, 15, 20), Outcome.STALE).known_size == 10


def test_a_rolled_back_book_is_not_cosigned_again():
    for old in (0, 5, 10):
        answer = refused(at(20), request(BOOK, old, 10), Outcome.BEHIND)
        assert answer.known_size == 20


def test_a_rewritten_book_of_the_same_size_is_evidence_by_itself():
    state = at(30)
    answer = refused(state, request(FORK, 30, 30), Outcome.REWRITTEN)
    ours, theirs = (verify_checkpoint(note, KEYS, "evidence") for note in answer.evidence)
    assert ours.checkpoint.size == theirs.checkpoint.size == 30
    assert ours.checkpoint.root == BOOK.root(30) != theirs.checkpoint.root == FORK.root(30)
    assert "two different trees" in answer.reason


def test_a_rewrite_shows_even_where_the_proof_starts_elsewhere():
    assert refused(at(30), request(FORK, 20, 30), Outcome.REWRITTEN).evidence


def test_a_rewrite_that_grows_has_no_proof():
    answer = refused(at(30), request(FORK, 30, SIZE), Outcome.INCONSISTENT)
    ours, theirs = (
        verify_checkpoint(note, KEYS, "evidence").checkpoint for note in answer.evidence
    )
    assert (ours.size, theirs.size) == (30, SIZE)
    with pytest.raises(ProofFailed):
        verify_consistency(30, SIZE, ours.root, theirs.root, BOOK.consistency_proof(30, SIZE))


def test_a_spoiled_proof_of_an_honest_book_is_refused_and_can_be_mended():
    spoiled = add_checkpoint_request(10, [bytes(32)], signed(BOOK, 20))
    refused(at(10), spoiled, Outcome.INCONSISTENT)
    assert add_checkpoint(at(10), request(BOOK, 10, 20), KEYS)[1].outcome is Outcome.ACCEPTED


def test_a_first_checkpoint_comes_without_proof():
    data = add_checkpoint_request(0, [bytes(32)], signed(BOOK, 20))
    assert refused(Witnessed(ORIGIN), data, Outcome.INCONSISTENT).evidence == ()


def test_a_wrong_key_is_refused_and_told_nothing():
    data = request(BOOK, 10, 20, ed25519("x.example"))
    assert refused(at(10), data, Outcome.NOT_SIGNED).known_size == 0
    impostor = ed25519("x.example")
    impostor.verifier = LOG.verifier
    assert refused(at(10), request(BOOK, 10, 20, impostor), Outcome.NOT_SIGNED).known_size == 0
    refused(at(10), request(BOOK, 10, 20), Outcome.NOT_SIGNED, keys=[])


def test_a_post_quantum_line_cannot_be_left_out():
    keys = [LOG.verifier, LOG_87.verifier]
    refused(at(10), request(BOOK, 10, 20), Outcome.NOT_SIGNED, keys)
    data = request(BOOK, 10, 20, LOG, LOG_87)
    assert add_checkpoint(at(10), data, keys)[1].outcome is Outcome.ACCEPTED


def test_another_book_is_refused():
    other = Witnessed("z.example/other", 10, BOOK.root(10))
    assert refused(other, request(BOOK, 10, 20), Outcome.UNKNOWN_LOG).known_size == 0


HASH_LINE = b"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
CHECKPOINT = signed(BOOK, 20)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        CHECKPOINT,
        b"old 10\n" + CHECKPOINT,
        b"old 10\n\n",
        b"old 010\n\n" + CHECKPOINT,
        b"old -1\n\n" + CHECKPOINT,
        b"old 21\n\n" + CHECKPOINT,
        b"new 10\n\n" + CHECKPOINT,
        b"old 10 \n\n" + CHECKPOINT,
        b"old 10\r\n\n" + CHECKPOINT,
        b"old 10\nAAAA\n\n" + CHECKPOINT,
        b"old 10\n" + HASH_LINE * 64 + b"\n" + CHECKPOINT,
        b"old 10\n\n" + CHECKPOINT + b"more\n",
        b"old 10\n\n\n" + CHECKPOINT,
        b"old \xc3\xa9\n\n" + CHECKPOINT,
        b"old 10\n\n" + CHECKPOINT.replace(b"\n20\n", b"\n20\n\n"),
        b"x" * 3_000_000,
    ],
)
def test_malformed_requests_are_refused(data):
    refused(at(10), data, Outcome.MALFORMED)
    with pytest.raises(BadInput):
        parse_add_checkpoint(data, "request")


def test_sixty_three_hashes_are_read():
    asked = parse_add_checkpoint(b"old 10\n" + HASH_LINE * 63 + b"\n" + CHECKPOINT, "request")
    assert len(asked.proof) == 63


SIZES = st.integers(0, SIZE)


@given(st.lists(st.tuples(st.booleans(), SIZES, SIZES), max_size=12))
def test_whatever_comes_the_witness_follows_one_growing_history(steps):
    """No sequence of requests makes it accept two histories or a smaller size."""
    state, accepted = Witnessed(ORIGIN), []
    for forked, old, new in steps:
        tree = FORK if forked else BOOK
        before = state
        state, answer = add_checkpoint(state, request(tree, old, max(old, new)), KEYS)
        assert state.size >= before.size
        assert (state == before) or answer.outcome is Outcome.ACCEPTED
        if answer.checkpoint is not None:
            accepted.append(answer.checkpoint)
    assert any(all(c.root == tree.root(c.size) for c in accepted) for tree in (BOOK, FORK))
