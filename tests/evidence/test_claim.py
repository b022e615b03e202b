"""Entries and statements that do not belong together are no evidence, whoever wrote them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from gsomia.evidence.claim import NEEDED
from gsomia.evidence.file import Evidence, parse_evidence, verify_evidence
from gsomia.evidence.trust import Trust
from gsomia.exchange.messages import LeafRef
from gsomia.faults import BadInput, ProofFailed
from gsomia.journal.entry import Opening
from gsomia.ruling import Ruling
from tests.evidence import builders as b

READ = parse_evidence(b.evidence(*b.story()), "good")


def verified(data: bytes, *cards: bytes) -> Any:
    return verify_evidence(data, Trust.of(cards or b.CARDS), "good.evidence")


def refused(data: bytes, *cards: bytes) -> str:
    with pytest.raises((BadInput, ProofFailed)) as caught:
        verified(data, *cards)
    assert str(caught.value).startswith("good.evidence")
    return str(caught.value)


# -- entries that do not belong together --------------------------------------------


def _other_release(row: Any) -> LeafRef:
    return b.replaced(b.ref(row), index=row.index + 1)


BAD_STORIES: dict[str, tuple[dict[str, Any], str]] = {
    "order of another request": (
        {"ordered": b.ordered(requests=("e" * 32,))},
        "is for another release",
    ),
    "another transmittal sealed": (
        {"ordered": b.ordered(transmittal="f" * 32)},
        "another transmittal than was ordered",
    ),
    "another number ordered": ({"ordered": b.ordered("2023/0200")}, "about another transmittal"),
    "another item sealed": (
        {"sealed": lambda r: b.sealed(r, lines=(b.item_line(b.ref(r), reference=b.OTHER),))},
        "does not list",
    ),
    "another leaf": (
        {
            "sealed": lambda r: b.sealed(
                r, lines=(b.item_line(b.replaced(b.ref(r), leaf="sha256:" + "0" * 64)),)
            )
        },
        "rests on another release",
    ),
    "another index": (
        {"sealed": lambda r: b.sealed(r, lines=(b.item_line(_other_release(r)),))},
        "rests on another release",
    ),
    "another book": (
        {"sealed": lambda r: b.sealed(r, lines=(b.item_line(b.ref(r, "kor-usa-1987")),))},
        "rests on another release",
    ),
    "another purpose": (
        {"sealed": lambda r: b.sealed(r, lines=(b.item_line(b.ref(r), purpose="training"),))},
        "another purpose",
    ),
    "other articles": (
        {"sealed": lambda r: b.sealed(r, lines=(b.item_line(b.ref(r), basis=("Art. 4",)),))},
        "other articles",
    ),
    "more copies": (
        {"sealed": lambda r: b.sealed(r, lines=(b.item_line(b.ref(r), copies=(1, 2, 3)),))},
        "other copies",
    ),
    "another agreement": (
        {"sealed": lambda r: b.sealed(r, agreement="kor-usa-1987")},
        "another agreement",
    ),
    "a statement to somebody else": (
        {"sealed": lambda r: b.sealed(r, to=b.USA)},
        "to somebody else",
    ),
    "delivery of another number": (
        {"delivered": b.delivered(number="2023/0200")},
        "about another transmittal",
    ),
    "an outcome its lines do not bear out": (
        {"accepted": b.replaced(b.accepted(), accepted=False)},
        "another outcome than its lines",
    ),
    "acceptance of another item": (
        {"accepted": b.accepted(lines=b.copy_lines(b.OTHER))},
        "does not answer for",
    ),
    "acceptance of one copy of two": (
        {"accepted": b.accepted(lines=b.copy_lines(copies=(1,)))},
        "does not answer for",
    ),
}


@pytest.mark.parametrize("name", BAD_STORIES)
def test_entries_that_do_not_belong_together_make_no_evidence(name):
    events, said = BAD_STORIES[name]
    book, rows = b.story(**events)
    with pytest.raises(ProofFailed, match=said):
        b.evidence(book, rows)
    # Nor do they pass for a verifier, whatever claim a forger writes.
    assert said in refused(forged(book, rows))


def forged(book: b.Book, rows: list[Any]) -> bytes:
    """The file as a builder without checks would write it, with the good file's claim."""
    entries = []
    for row in rows:
        kept = {o.field: Opening(o.salt, o.value) for o in row.openings}
        entries.append(
            b.replaced(
                READ.entries[0],
                entry=row.entry.decode(),
                index=row.index,
                openings={f: kept[f] for f in NEEDED[row.kind]},
                proof=tuple(book.tree.inclusion_proof(row.index)),
            )
        )
    note = book.checkpoint(None, b.JPN).decode()
    return Evidence(book.name, note, READ.claim, tuple(entries)).encode()


def test_a_forged_file_of_good_entries_is_the_good_file():
    assert verified(forged(*b.story())).claim == READ.claim


# -- what others signed -------------------------------------------------------------

LINES = b.copy_lines()

BAD_STATEMENTS: dict[str, tuple[dict[str, Any], str]] = {
    "receipt by the sender itself": (
        {"delivered": b.delivered(b.receipt(b.KOR))},
        "signature lines are not the two of",
    ),
    "receipt of another transmittal": (
        {"delivered": b.delivered(b.receipt(number="2023/0200"))},
        "receipt is for another transmittal",
    ),
    "receipt of other bytes": (
        {"delivered": b.delivered(b.receipt(body="sha256:" + "5" * 64))},
        "receipt is for other bytes",
    ),
    "receipt at another time": (
        {"delivered": b.delivered(received_at="2023-03-21T08:00:00Z")},
        "another time than its receipt",
    ),
    "dispatch of other releases": (
        {"sealed": lambda r: b.sealed(r, act=b.dispatch_act("e" * 32))},
        "act about other releases",
    ),
    "dispatch by another role": (
        {"sealed": lambda r: b.sealed(r, act=b.dispatch_act(role="analyst"))},
        "one of analyst, not of registrar",
    ),
    "dispatch by the partner's officer": (
        {"sealed": lambda r: b.sealed(r, act=b.JPN.act("exchange.dispatch", requests=[b.REQUEST]))},
        "signature lines are not the two of",
    ),
    "another act": (
        {"sealed": lambda r: b.sealed(r, act=b.KOR.act("exchange.cancel", peer="x"))},
        "exchange.dispatch",
    ),
    "sealing by another registry": (
        {"sealed": lambda r: b.sealed(r, node=b.USA)},
        "from another registry",
    ),
    "acceptance by the sender itself": (
        {"accepted": b.accepted(b.acceptance_note(LINES, b.KOR))},
        "signature lines are not the two of",
    ),
    "acceptance of another transmittal": (
        {"accepted": b.accepted(b.acceptance_note(LINES, about={"transmittal": "e" * 32}))},
        "acceptance of another transmittal",
    ),
    "acceptance of another number": (
        {"accepted": b.accepted(b.acceptance_note(LINES, about={"number": "2023/0200"}))},
        "acceptance of another transmittal",
    ),
    "other lines than signed": (
        {"accepted": b.accepted(b.acceptance_note(b.copy_lines(b.OTHER)), lines=LINES)},
        "other lines than the partner signed",
    ),
    "acceptance naming other signers": (
        {"accepted": b.accepted(b.acceptance_note(LINES, signers=("0" * 8, "1" * 8)))},
        "names other signers",
    ),
    "an order to another registry": (
        {"sealed": lambda r: b.sealed(r, act=b.dispatch_act(to="KOR-DIH2"))},
        "signed for another registry",
    ),
    "acceptance under another agreement": (
        {"accepted": b.accepted(b.acceptance_note(LINES, agreement="jpn-usa-2007"))},
        "not from the recipient to the sender",
    ),
    "no acceptance at all": ({"accepted": b.accepted(b.heartbeat_note())}, "no acceptance"),
    "a registrar who signed for another mark": (
        {
            "accepted": b.accepted(
                b.acceptance_note(
                    LINES,
                    act=b.JPN.act(
                        "exchange.accept",
                        peer="KOR-DIH1",
                        number=b.NUMBER,
                        facility="f-1",
                        lines=[{"reference": b.REFERENCE, "accepted": True, "mark": "秘"}],
                    ),
                )
            )
        },
        "officer's act that says something else",
    ),
    "acceptance before the registrar was appointed": (
        {"accepted": b.accepted(b.acceptance_note(LINES, sealed_at="2022-01-01T00:00:00Z"))},
        "not in force at this time",
    ),
}


@pytest.mark.parametrize("name", BAD_STATEMENTS)
def test_a_statement_that_does_not_hold_is_refused(name):
    events, said = BAD_STATEMENTS[name]
    assert said in refused(b.evidence(*b.story(**events)))


def test_the_partner_is_of_the_party_that_was_named():
    node = b.Node("USA", "JPN-DIH1", "dih1.jpn.example")
    assert "is not a registry of JPN" in refused(READ.encode(), b.KOR.note, node.note)


def test_a_ruling_that_is_open_must_grant():
    no = Ruling("release.decide", "release.decide@1", False, b.ARTICLES, ())
    book, rows = b.story(approved=b.approved(ruling=no))
    assert verified(b.evidence(book, rows)).claim.reference == b.REFERENCE
    data = b.evidence(book, rows, also={"release.approved": ("ruling",)})
    assert "a ruling that does not grant" in refused(data)


def test_an_entry_dated_before_an_earlier_one_is_refused():
    book = b.Book()
    first = book.add(b.approved())
    second = book.add(b.ordered(), at=b.AT - timedelta(days=1))
    with pytest.raises(ProofFailed, match="dated before"):
        b.evidence(book, [first, second])
