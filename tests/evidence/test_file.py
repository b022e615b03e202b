"""An evidence file holds only as it was made, for whoever trusts the cards of both nodes."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsomia.canon import encode
from gsomia.evidence.claim import NEEDED
from gsomia.evidence.file import (
    MAX_EVIDENCE,
    VERSION,
    Checked,
    build_item_evidence,
    item_chains,
    parse_evidence,
    verify_evidence,
)
from gsomia.evidence.trust import Trust
from gsomia.exchange.entries import Cancelled
from gsomia.faults import BadInput, ProofFailed
from gsomia.journal.entry import Opening
from tests.evidence import builders as b

GOOD_BOOK, GOOD_ROWS = b.story()
GOOD = b.evidence(GOOD_BOOK, GOOD_ROWS)
READ = parse_evidence(GOOD, "good")
TRUST = Trust.of(b.CARDS)


def verified(data: bytes, *cards: bytes) -> Checked:
    return verify_evidence(data, Trust.of(cards or b.CARDS), "good.evidence")


def refused(data: bytes, *cards: bytes) -> str:
    with pytest.raises((BadInput, ProofFailed)) as caught:
        verified(data, *cards)
    assert str(caught.value).startswith("good.evidence")
    return str(caught.value)


def changed(**fields: Any) -> bytes:
    return b.replaced(READ, **fields).encode()


def with_entry(place: int, **fields: Any) -> bytes:
    entries = list(READ.entries)
    entries[place] = b.replaced(entries[place], **fields)
    return changed(entries=tuple(entries))


# -- the good file ----------------------------------------------------------------


def test_the_claim_says_what_became_of_the_item():
    claim = verified(GOOD).claim
    assert (claim.reference, claim.articles, claim.to) == (b.REFERENCE, b.ARTICLES, "JPN")
    assert (claim.registry, claim.number, claim.purpose) == ("JPN-DIH1", b.NUMBER, "warning")
    assert claim.content == "sha256:" + "8" * 64
    assert claim.delivered_at == b.RECEIVED_AT
    assert [(x.copy, x.accepted, x.local_mark) for x in claim.lines] == [
        (1, True, "極秘"),
        (2, True, "極秘"),
    ]


def test_entries_the_checkpoint_and_each_signed_statement_are_counted():
    # Five entries, the checkpoint, our registrar's act, receipt, acceptance and its act.
    assert verified(GOOD).count == 5 + 1 + 4


def test_what_parses_encodes_to_the_same_bytes():
    assert READ.encode() == GOOD
    assert GOOD.startswith(VERSION)
    assert GOOD.count(b"\n") == 2


def test_no_more_is_open_than_is_needed():
    for proven in READ.entries:
        kind = msgspec.json.decode(proven.entry.encode())["kind"]
        assert tuple(proven.openings) == NEEDED[kind]
    for name in (b"p-kim", b"p-lee"):
        assert msgspec.json.encode(name).strip(b'"') not in GOOD


def test_a_personal_fact_is_open_if_somebody_asks():
    data = b.evidence(GOOD_BOOK, GOOD_ROWS, also={"release.approved": ("decided_by", "ruling")})
    opened = parse_evidence(data, "x").entries[0].openings
    assert opened["decided_by"].value == b'"p-kim"'
    assert verified(data).claim == verified(GOOD).claim


@pytest.mark.parametrize("left", [1, 2, 3, 4], ids=["approved", "ordered", "sealed", "delivered"])
def test_evidence_reaches_as_far_as_the_item_did(left):
    names = ("approved", "ordered", "sealed", "delivered", "accepted")
    book, rows = b.story(**dict.fromkeys(names[left:]))
    claim = verified(b.evidence(book, rows)).claim
    assert bool(claim.number) == (left >= 2)
    assert bool(claim.content) == (left >= 3)
    assert bool(claim.delivered_at) == (left >= 4)
    assert claim.lines == ()


def test_an_acceptance_may_come_before_the_receipt():
    book, rows = b.story(delivered=None)
    claim = verified(b.evidence(book, rows)).claim
    assert claim.lines
    assert claim.delivered_at == ""


def test_a_refused_copy_is_told_as_refused():
    first, second = b.copy_lines()
    no = b.replaced(second, accepted=False, reason="torn", local_mark="", local_number="")
    act = b.JPN.act(
        "exchange.accept",
        peer="KOR-DIH1",
        number=b.NUMBER,
        facility="f-1",
        lines=[{"reference": b.REFERENCE, "accepted": False, "reason": "torn"}],
    )
    lines = (b.replaced(no, copy=1), no)
    note = b.acceptance_note(lines, act=act)
    book, rows = b.story(accepted=b.accepted(note, lines=lines, accepted=False))
    assert [x.accepted for x in verified(b.evidence(book, rows)).claim.lines] == [False, False]
    assert first.accepted


# -- altered ----------------------------------------------------------------------


def flipped(data: bytes, position: int, bit: int) -> bytes:
    return data[:position] + bytes([data[position] ^ 1 << bit]) + data[position + 1 :]


@pytest.mark.parametrize("bit", [0, 5])
def test_a_flipped_bit_anywhere_is_found(bit):
    for position in (*range(0, len(GOOD), 907), *range(-60, 0)):
        refused(flipped(GOOD, position % len(GOOD), bit))


@given(st.integers(0, len(GOOD) - 1), st.integers(0, 7))
def test_a_flipped_bit_is_found(position, bit):
    with pytest.raises((BadInput, ProofFailed)):
        verify_evidence(flipped(GOOD, position, bit), TRUST, "x")


@given(st.integers(0, len(GOOD) - 1))
def test_a_cut_file_is_refused(length):
    with pytest.raises(BadInput):
        verify_evidence(GOOD[:length], TRUST, "x")


@pytest.mark.parametrize("field", ["reference", "to", "purpose", "registry", "number", "content",
                                   "delivered_at"])  # fmt: skip
def test_a_claim_that_says_more_than_the_entries_is_refused(field):
    said = refused(changed(claim=b.replaced(READ.claim, **{field: "sha256:" + "9" * 64})))
    assert "the claim is not what the entries say" in said


def test_altered_articles_and_lines_of_the_claim_are_refused():
    claim = READ.claim
    for altered in (
        b.replaced(claim, articles=("Art. 1",)),
        b.replaced(claim, lines=claim.lines[:1]),
        b.replaced(claim, lines=(claim.lines[0], b.replaced(claim.lines[1], local_mark="秘"))),
    ):
        assert "the claim is not what the entries say" in refused(changed(claim=altered))


def test_every_known_field_of_every_opening_is_bound():
    for place, proven in enumerate(READ.entries):
        for field, opening in proven.openings.items():
            for altered in (
                Opening(opening.salt, opening.value + b" "),
                Opening(flipped(opening.salt, 3, 1), opening.value),
            ):
                openings = {**proven.openings, field: altered}
                said = refused(with_entry(place, openings=openings))
                assert f"the opening of {field} does not fit the entry" in said
                assert f"entry {proven.index}" in said


def test_an_opening_under_another_field_is_refused():
    openings = READ.entries[0].openings
    swapped = {**openings, "item": openings["purpose"], "purpose": openings["item"]}
    assert "does not fit the entry" in refused(with_entry(0, openings=swapped))


def test_an_opening_of_no_field_is_refused():
    openings = dict(READ.entries[0].openings)
    openings["zeal"] = openings["item"]
    assert "has no field zeal" in refused(with_entry(0, openings=openings))


NEEDED_FACTS = [(n, f) for n, proven in enumerate(READ.entries) for f in proven.openings]


@pytest.mark.parametrize(
    ("place", "field"), NEEDED_FACTS, ids=[f"{n} {f}" for n, f in NEEDED_FACTS]
)
def test_a_needed_opening_left_out_is_missed(place, field):
    openings = dict(READ.entries[place].openings)
    del openings[field]
    assert f"the fact {field} is not open" in refused(with_entry(place, openings=openings))


def test_it_is_told_how_many_facts_are_open():
    lines = {one.kind: one for one in verified(GOOD).opened}
    assert set(lines) == set(NEEDED)
    for proven in READ.entries:
        entry = msgspec.json.decode(proven.entry.encode())
        one = lines[entry["kind"]]
        assert (one.first_entry, one.entries) == (proven.index, 1)
        assert (one.facts_open, one.facts) == (len(NEEDED[entry["kind"]]), len(entry["facts"]))
    more = b.evidence(GOOD_BOOK, GOOD_ROWS, also={"release.approved": ("decided_by",)})
    approved = next(x for x in verified(more).opened if x.kind == "release.approved")
    assert approved.facts_open == lines["release.approved"].facts_open + 1


def test_an_altered_proof_or_index_is_refused():
    proof = READ.entries[1].proof
    assert "not under this root" in refused(with_entry(1, proof=(bytes(32), *proof[1:])))
    assert "hashes, not" in refused(with_entry(1, proof=proof[1:]))
    assert "another book or index" in refused(with_entry(1, index=READ.entries[1].index + 1))


@pytest.mark.parametrize("left", range(5))
def test_an_entry_left_out_is_missed(left):
    refused(changed(entries=READ.entries[:left] + READ.entries[left + 1 :]))


def test_entries_in_another_order_are_refused():
    entries = READ.entries
    said = refused(changed(entries=(entries[1], entries[0], *entries[2:])))
    assert "out of order" in said
    assert "out of order" in refused(changed(entries=(entries[0], entries[0], *entries[1:])))


def test_an_entry_of_another_kind_is_no_evidence():
    filler = GOOD_BOOK.rows[0]
    assert filler.kind == "test.filler"
    proven = b.replaced(
        READ.entries[0],
        entry=filler.entry.decode(),
        index=0,
        proof=tuple(GOOD_BOOK.tree.inclusion_proof(0)),
        openings={},
    )
    assert "says nothing about" in refused(changed(entries=(proven, *READ.entries)))


def test_the_book_named_is_the_checkpoints():
    assert "the checkpoint is of the book" in refused(changed(book="kor-usa-1987"))


# -- keys and cards ---------------------------------------------------------------


def test_without_the_partners_card_the_receipt_is_not_believed():
    said = refused(GOOD, b.KOR.note)
    assert "receipt could not be checked: no card of JPN-DIH1 is trusted" in said
    assert "--trust" in said


def test_without_the_logs_card_nothing_is_believed():
    said = refused(GOOD, b.JPN.note, b.USA.note)
    assert "a node whose card is not trusted (trusted: JPN-DIH1, USA-DIH1)" in said


def test_a_card_with_other_keys_does_not_do():
    other = b.Node("KOR", "KOR-DIH1", "dih1.kor.example", "another log")
    assert "not signed by both log keys of the trusted card of KOR-DIH1" in refused(
        GOOD, other.note, b.JPN.note
    )


def test_earlier_cards_of_a_node_do_no_harm():
    other = b.Node("KOR", "KOR-DIH1", "dih1.kor.example", "another log")
    assert verified(GOOD, b.KOR.note, other.note, b.JPN.note).count == 10
    assert verified(GOOD, other.note, b.KOR.note, b.JPN.note, b.USA.note).count == 10


def test_evidence_under_the_checkpoint_of_another_book_is_refused():
    other = b.Book(name="kor-usa-1987")
    other.fill(30)
    note = other.checkpoint(None, b.JPN).decode()
    assert "the checkpoint is of the book" in refused(changed(checkpoint=note))
    refused(changed(checkpoint=note, book="kor-usa-1987"))


def test_evidence_under_an_earlier_checkpoint_is_refused():
    for size in (3, 5, 17):
        note = GOOD_BOOK.checkpoint(size, b.JPN).decode()
        refused(changed(checkpoint=note))


def test_a_checkpoint_without_the_partners_cosignature_is_not_enough():
    data = changed(checkpoint=GOOD_BOOK.checkpoint().decode())
    assert "JPN-DIH1 has not cosigned" in refused(data)


def test_a_cosignature_by_somebody_else_is_not_enough():
    data = b.evidence(GOOD_BOOK, GOOD_ROWS, b.USA)
    assert "by a key that no trusted card has" in refused(data)
    assert "JPN-DIH1 has not cosigned" in refused(data, *b.CARDS, b.USA.note)


def test_a_node_does_not_cosign_for_itself():
    data = b.evidence(GOOD_BOOK, GOOD_ROWS, b.KOR)
    assert "by a key that no trusted card has" in refused(data)


@pytest.mark.parametrize("line", range(5))
def test_every_signature_line_of_the_checkpoint_is_needed(line):
    head, _, tail = READ.checkpoint.partition("\n\n")
    lines = tail.splitlines(keepends=True)
    assert len(lines) == 5
    refused(changed(checkpoint=f"{head}\n\n{''.join(lines[:line] + lines[line + 1 :])}"))


def test_a_release_alone_needs_the_cosignature_of_the_party_it_names():
    book, rows = b.story(ordered=None, sealed=None, delivered=None, accepted=None)
    assert verified(b.evidence(book, rows)).claim.to == "JPN"
    assert "JPN has not cosigned" in refused(b.evidence(book, rows, b.USA), *b.CARDS, b.USA.note)
    assert "no card of JPN is trusted" in refused(
        b.evidence(book, rows, b.USA), b.KOR.note, b.USA.note
    )


# -- making -----------------------------------------------------------------------


def test_an_entry_beyond_the_checkpoint_cannot_be_shown_yet():
    note = GOOD_BOOK.checkpoint(10, b.JPN)
    with pytest.raises(BadInput, match="under the checkpoint of 10"):
        build_item_evidence(b.BOOK, GOOD_ROWS, GOOD_BOOK.tree, note)


def test_a_disposed_opening_cannot_be_shown():
    first = b.replaced(GOOD_ROWS[0], openings=GOOD_ROWS[0].openings[1:])
    with pytest.raises(BadInput, match="opening of articles"):
        b.evidence(GOOD_BOOK, [first, *GOOD_ROWS[1:]])


def test_only_entries_of_the_items_way_are_taken():
    with pytest.raises(BadInput, match="item's way"):
        b.evidence(GOOD_BOOK, [GOOD_BOOK.rows[0], *GOOD_ROWS])


def test_two_of_a_kind_are_refused():
    book, rows = b.story()
    again = book.add(b.ordered())
    with pytest.raises(ProofFailed, match="one entry of each kind"):
        b.evidence(book, [*rows, again])


def test_chains_find_each_release_of_an_item():
    book, rows = b.story()
    book.add(b.approved(b.OTHER, "1" * 32))
    second = book.add(b.approved(request="2" * 32))
    third = book.add(b.ordered("2023/0300", requests=("1" * 32, "2" * 32)))
    assert item_chains(book.rows, b.REFERENCE) == [tuple(rows), (second, third)]
    assert item_chains(book.rows, "unknown") == []


def test_a_cancelled_transmittal_is_not_part_of_the_way():
    book = b.Book()
    release = book.add(b.approved())
    book.add(b.ordered("2023/0100"))
    book.add(Cancelled("JPN-DIH1", "2023/0100", "a mistake"))
    again = book.add(b.ordered("2023/0101"))
    assert item_chains(book.rows, b.REFERENCE) == [(release, again)]


# -- bounds -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        b"",
        VERSION,
        VERSION + b"\n",
        VERSION + b"{}\n",
        b"gsomia/evidence/v2\n" + GOOD[len(VERSION) :],
        GOOD + b"\n",
        GOOD[: len(VERSION)] + b" " + GOOD[len(VERSION) :],
        VERSION + b"[" * 100_000 + b"\n",
        VERSION + encode({"book": "x"}) + b"\n",
        GOOD.replace(b'{"book"', b'{"also":1,"book"', 1),
        b"x" * (MAX_EVIDENCE + 1),
    ],
    ids=range(11),
)
def test_another_form_is_refused(data):
    with pytest.raises(BadInput):
        parse_evidence(data, "x")


def test_too_many_entries_or_hashes_are_refused():
    with pytest.raises(BadInput):
        parse_evidence(changed(entries=READ.entries * 4), "x")
    with pytest.raises(BadInput):
        parse_evidence(with_entry(0, proof=(bytes(32),) * 64), "x")
