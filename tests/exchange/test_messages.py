"""What messages, notices, acts and receipts refuse; a good one stands beside each bad one."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, get_args

import msgspec
import pytest

from gsomia.agreement import agreed_part, shipped, shipped_instruments
from gsomia.canon import digest, encode
from gsomia.exchange import notices as n
from gsomia.exchange.card import KeyPair
from gsomia.exchange.container import OuterHeader
from gsomia.exchange.fields import checked
from gsomia.exchange.messages import (
    Acceptance,
    Carried,
    Checkpoint,
    CopyLine,
    Cosignature,
    Disclosed,
    Elsewhere,
    File,
    Form,
    Heartbeat,
    ItemLine,
    Items,
    Succession,
    Void,
)
from gsomia.exchange.notices import Notice, answers, article, check_answer, kind_of
from gsomia.exchange.officer import OfficerCertificate, make_act, open_act, sign_certificate
from gsomia.exchange.receipt import (
    conflict_for,
    open_conflict,
    open_receipt,
    receipt_for,
    sign_conflict,
    sign_receipt,
)
from gsomia.exchange.sealed import Sealed
from gsomia.faults import BadInput, ProofFailed
from gsomia.journal.statement import SigningPair, sign_statement
from tests.exchange.builders import (
    ACT,
    AT,
    JPN,
    KOR,
    act,
    container,
    line,
    message,
    pair,
    receive,
    replaced,
    sealed,
    sealed_file,
    seed,
)

FILE = sealed_file(b"x", "K-1")[0]
LINE = line("K-1", FILE)
AT_TEXT = "2023-03-21T09:00:00Z"
WRITTEN = "0" * 32

# -- items --------------------------------------------------------------------------


@pytest.mark.parametrize("form", list(Form))
def test_each_form_of_article_2a_can_be_listed(form):
    listed = Items((replaced(LINE, form=form),), ACT)
    assert checked(message(listed), "m").carries == listed


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"originator": "KR"}, "regex"),
        ({"originator_mark": ""}, "length"),
        ({"releasable_to": ("KOR", "JPN")}, "ascending"),
        ({"releasable_to": ("JPN", "JPN")}, "ascending"),
        ({"copies": ()}, "length"),
        ({"copies": (2, 1)}, "ascending"),
        ({"copies": (1, 5)}, "copy numbers up to 4"),
        ({"copies": (0,)}, ">= 1"),
        ({"basis": ()}, "length"),
        ({"purpose": ""}, "length"),
        ({"short_title": "two\nlines"}, "one line"),
        ({"short_title": "\u202etxt.exe"}, "one line"),
        ({"reference": "K-1\u200b"}, "one line"),
        ({"language": "Korean!"}, "regex"),
        ({"pages": -1}, ">= 0"),
        ({"cover": b""}, "length"),
        ({"cover": bytes(15)}, "length"),
        ({"cover": bytes((64 << 10) + 17)}, "length"),
        ({"key_commitment": ""}, "regex"),
        ({"key_commitment": "sha256:" + "A" * 64}, "regex"),
        ({"content": Disclosed(AT_TEXT)}, "oral or visual"),
    ],
)
def test_an_item_line_holds_its_bounds(changes, words):
    assert checked(LINE, "line") == LINE
    with pytest.raises(BadInput, match=words):
        checked(replaced(LINE, **changes), "line")


def test_short_titles_may_have_an_ideographic_space():
    spaced = replaced(LINE, short_title="発射\u3000報告")
    assert checked(spaced, "line").short_title == "発射\u3000報告"


@pytest.mark.parametrize("form", [Form.ORAL, Form.VISUAL])
def test_what_was_told_or_shown_is_listed_by_its_instant_alone(form):
    told = replaced(LINE, form=form, content=Disclosed(AT_TEXT))
    assert checked(told, "line").content == Disclosed(AT_TEXT)
    with pytest.raises(BadInput, match="instant"):
        Disclosed("2023-03-21")


@pytest.mark.parametrize(
    ("part", "field"), [("line", "title"), ("content", "place"), ("content", "statement")]
)
def test_the_words_have_no_place_outside_the_cover_sheet(part, field):
    body = json.loads(encode(replaced(LINE, form=Form.ORAL, content=Disclosed(AT_TEXT))))
    assert msgspec.convert(body, ItemLine).content == Disclosed(AT_TEXT)
    {"line": body, "content": body["content"]}[part][field] = "x"
    with pytest.raises(msgspec.ValidationError, match=f"unknown field `{field}`"):
        msgspec.convert(body, ItemLine)


def test_a_line_with_a_file_says_what_opens_it():
    assert LINE.sealed == Sealed(FILE.ciphertext_digest, 57, 1, LINE.key_commitment)
    assert LINE.bound_digest == FILE.ciphertext_digest


@pytest.mark.parametrize("content", [Disclosed(AT_TEXT), Elsewhere()])
def test_a_line_without_a_file_binds_its_key_to_the_cover_sheet(content):
    bare = replaced(LINE, form=Form.ORAL, content=content)
    assert bare.sealed is None
    assert bare.bound_digest == digest(LINE.cover) != FILE.ciphertext_digest


def test_sizes_that_no_sealer_makes_are_refused():
    with pytest.raises(BadInput, match="the size that sealing gives"):
        File("text/plain", 1, FILE.ciphertext_digest, 58)


def test_an_item_is_listed_once():
    with pytest.raises(BadInput, match="each item once"):
        Items((LINE, LINE), ACT)


# -- everything that is carried -----------------------------------------------------

NOTICE = Notice(
    WRITTEN, n.LossSuspected(("K-1",), "one page", AT_TEXT, "vault 2", True), ("Art. 17",), ACT
)
CARRIED: list[Carried] = [
    Items((LINE,), ACT),
    NOTICE,
    Acceptance(
        WRITTEN,
        "2023/0001",
        (
            CopyLine(reference="K-1", copy=1, accepted=True, local_number="J-9", local_mark="極秘"),
            CopyLine(reference="K-1", copy=2, accepted=False, reason="page 3 missing"),
        ),
        ACT,
    ),
    Void("cancelled"),
    Heartbeat(),
    Succession("a note\n"),
    Checkpoint("old 1\n"),
    Cosignature("\u2014 a b\n"),
]


def test_the_list_is_complete():
    assert {type(c) for c in CARRIED} == set(get_args(Carried))


@pytest.mark.parametrize("carries", CARRIED, ids=lambda c: type(c).__name__)
def test_each_kind_travels(carries):
    keys = [sealed_file(b"x", "K-1")[2]] if isinstance(carries, Items) else []
    ciphertexts = [sealed_file(b"x", "K-1")[1]] if isinstance(carries, Items) else []
    got = receive(container(sealed(message(carries), keys), ciphertexts))
    assert got.body.carries == carries


@pytest.mark.parametrize("carries", CARRIED, ids=lambda c: type(c).__name__)
def test_an_unknown_field_in_any_kind_is_refused(carries):
    body = json.loads(encode(message(carries)))
    assert msgspec.convert(body, type(message(carries))) == message(carries)
    body["carries"]["remark"] = "x"
    with pytest.raises(msgspec.ValidationError, match="unknown field"):
        msgspec.convert(body, type(message(carries)))


def test_an_unknown_kind_is_refused():
    body = json.loads(encode(message(Heartbeat())))
    body["carries"]["kind"] = "gossip"
    with pytest.raises(msgspec.ValidationError, match="gossip"):
        msgspec.convert(body, type(message(Heartbeat())))


def test_acceptance_says_where_or_why():
    with pytest.raises(BadInput, match="local number and mark"):
        CopyLine(reference="K-1", copy=1, accepted=True, local_number="J-9")
    with pytest.raises(BadInput, match="a reason"):
        CopyLine(reference="K-1", copy=1, accepted=False)


# -- notices ------------------------------------------------------------------------

SAYS: dict[str, n.About] = {
    "assurance_asked": n.AssuranceAsked("R-1", "군사II급비밀", "warning", "document", "launch", 2),
    "assurance_given": n.AssuranceGiven("R-1", "極秘", True, True),
    "assurance_refused": n.AssuranceRefused("R-1", "no need"),
    "consent_asked": n.ConsentAsked("K-1", "USFJ", "armed force", "warning", ("1", "3")),
    "consent_granted": n.ConsentGranted("K-1", "USFJ", "warning", ("no copies",), AT_TEXT),
    "consent_refused": n.ConsentRefused("K-1", "source at risk"),
    "reclassified": n.Reclassified("K-1", "군사II급비밀", "군사III급비밀", AT_TEXT, "age"),
    "reclassification_done": n.ReclassificationDone("K-1", AT_TEXT),
    "return_asked": n.ReturnAsked("K-1", (1, 2), "end of need"),
    "returned": n.Returned("K-1", (1,)),
    "destroyed": n.Destroyed("K-1", (2,), "pulped", "D-2023-4"),
    "loss_suspected": n.LossSuspected(("K-1", "K-2"), "a bag", AT_TEXT, "airport", True),
    "loss_acknowledged": n.LossAcknowledged(("K-1", "K-2")),
    "authority_changed": n.AuthorityChanged("competent", "Ministry X", AT_TEXT, "NV-12"),
    "agreed_text_told": n.AgreedTextTold(encode(agreed_part(shipped("rok-japan-2016"))).decode()),
    "instrument_told": n.InstrumentTold(shipped_instruments("rok-japan-2016")[-1]),
}

ARTICLES = [
    ("assurance_asked", "Art. 7(5)", {"assurance_given", "assurance_refused"}),
    ("assurance_given", "Art. 7(5)", set()),
    ("assurance_refused", "Art. 7(5)", set()),
    ("consent_asked", "Art. 6(a)", {"consent_granted", "consent_refused"}),
    ("consent_granted", "Art. 6(a)", set()),
    ("consent_refused", "Art. 6(a)", set()),
    ("reclassified", "Art. 6(g)", {"reclassification_done"}),
    ("reclassification_done", "Art. 6(g)", set()),
    ("return_asked", "Art. 6(h)", {"returned", "destroyed"}),
    ("returned", "Art. 6(h)", set()),
    ("destroyed", "Art. 13", set()),
    ("loss_suspected", "Art. 17", {"loss_acknowledged"}),
    ("loss_acknowledged", "Art. 17", set()),
    ("authority_changed", "Art. 2(d)", set()),
    ("instrument_told", "Art. 21", {"instrument_told"}),
    ("agreed_text_told", "Art. 21(2)", {"agreed_text_told"}),
]


def notice(about: n.About, ident: str = "1" * 32, answering: str = "") -> Notice:
    return Notice(ident, about, ("Art. 1",), ACT, answering)


def test_every_kind_of_notice_has_its_row():
    kinds = {kind_of(SAYS[kind]) for kind, _, _ in ARTICLES}
    assert kinds == set(n.FORMS) == {c.__struct_config__.tag for c in get_args(n.About)}


@pytest.mark.parametrize(("kind", "rests_on", "allowed"), ARTICLES)
def test_each_kind_has_its_article_and_answers(kind, rests_on, allowed):
    assert article(kind) == rests_on
    assert answers(kind) == allowed
    assert kind_of(SAYS[kind]) == kind


@pytest.mark.parametrize("asked", SAYS)
@pytest.mark.parametrize("said", SAYS)
def test_only_the_right_answer_answers(asked, said):
    question, answer = notice(SAYS[asked]), notice(SAYS[said], "2" * 32, "1" * 32)
    if said in answers(asked):
        check_answer(question, answer)
    else:
        with pytest.raises(BadInput):
            check_answer(question, answer)


@pytest.mark.parametrize(
    ("asked", "said", "words"),
    [
        ("assurance_asked", n.AssuranceGiven("R-2", "極秘", True, True), "request"),
        ("consent_asked", n.ConsentGranted("K-2", "USFJ", "warning"), "reference"),
        ("consent_asked", n.ConsentGranted("K-1", "AUS", "warning"), "recipient"),
        ("consent_asked", n.ConsentGranted("K-1", "USFJ", "research"), "purpose"),
        ("reclassified", n.ReclassificationDone("K-2", AT_TEXT), "reference"),
        ("return_asked", n.Returned("K-1", (1, 3)), "copy 3"),
        ("return_asked", n.Destroyed("K-1", (4,), "burnt", "D-1"), "copy 4"),
        ("loss_suspected", n.LossAcknowledged(("K-1",)), "references"),
    ],
)
def test_an_answer_speaks_of_the_same_thing(asked, said, words):
    with pytest.raises(BadInput, match=words):
        check_answer(notice(SAYS[asked]), notice(said, "2" * 32, "1" * 32))


def test_an_answer_names_its_question():
    with pytest.raises(BadInput, match="id of the question"):
        check_answer(
            notice(SAYS["return_asked"]), notice(SAYS["returned"], "2" * 32, answering="3" * 32)
        )


@pytest.mark.parametrize(("kind", "alone"), [(k, not f.only_answer) for k, f in n.FORMS.items()])
def test_what_only_answers_cannot_stand_alone(kind, alone):
    if alone:
        message(notice(SAYS[kind]))
    else:
        with pytest.raises(BadInput, match="the id of the notice it answers"):
            message(notice(SAYS[kind]))
    message(notice(SAYS[kind], answering="3" * 32))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: n.Reclassified("K", "極秘", "極秘", AT_TEXT, ""), "another mark"),
        (lambda: n.Reclassified("K", "極秘", "秘", "2023-03-21", ""), "instant"),
        (lambda: n.ReclassificationDone("K", "2023-03-21T09:00:00+00:00"), "UTC"),
        (lambda: n.Returned("K", (2, 1)), "ascending"),
        (lambda: n.LossSuspected(("b", "a"), "", AT_TEXT, "", True), "ascending"),
        (lambda: n.ConsentGranted("K", "r", "p", (), "soon"), "instant"),
        (lambda: notice(SAYS["returned"], answering="x"), "notice id"),
    ],
)
def test_a_bad_notice_is_refused(make, words):
    with pytest.raises(BadInput, match=words):
        make()


def test_an_unknown_kind_has_no_article():
    with pytest.raises(BadInput):
        article("gossip")


# -- acts ---------------------------------------------------------------------------


def test_an_act_gives_the_command_and_who():
    raw, certificate = open_act(act(KOR, "dispatch.send", number="2023/0001"), KOR.card, AT)
    assert bytes(raw) == b'{"do":"dispatch.send","number":"2023/0001"}'
    assert certificate.role == "registry control officer"
    assert certificate.officer == f"officer-7f3a.{KOR.name}"


def certificate(**changes: Any) -> OfficerCertificate:
    officer = pair("officer-1")
    fields: dict[str, Any] = {
        "officer": "officer-1",
        "role": "registrar",
        "keys": KeyPair.of(officer.public),
        "registry": KOR.registry,
        "from_": "2023-01-01T00:00:00Z",
        "until": "2024-01-01T00:00:00Z",
    }
    return OfficerCertificate(**(fields | changes))


COMMAND = sign_statement("command", {"do": "x"}, pair("officer-1"))


def test_an_act_by_the_sender_s_officer_holds():
    good = make_act(COMMAND, sign_certificate(certificate(), KOR.signer))
    assert open_act(good, KOR.card, AT)[1] == certificate()


@pytest.mark.parametrize(
    ("made", "signer", "words"),
    [
        (certificate(), JPN.signer, "signature lines"),
        (certificate(), KOR.root, "signature lines"),
        (certificate(), pair(KOR.signer.name, "x"), "signature lines"),
        (certificate(registry="KOR-DIH2"), KOR.signer, "another registry"),
        (certificate(until="2023-03-21T09:00:00Z"), KOR.signer, "not in force"),
        (certificate(from_="2023-03-21T09:00:00.000001Z"), KOR.signer, "not in force"),
        (certificate(keys=KeyPair.of(pair("officer-1", "x").public)), KOR.signer, "signature"),
        (certificate(officer="officer-2"), KOR.signer, "signature lines"),
    ],
)
def test_a_certificate_that_does_not_fit_is_refused(made, signer, words):
    with pytest.raises(ProofFailed, match=words):
        open_act(make_act(COMMAND, sign_certificate(made, signer)), KOR.card, AT)


@pytest.mark.parametrize(
    "own",
    [
        KOR.signer,
        KOR.root,
        SigningPair.from_seeds("officer", seed(f"log {KOR.name}"), seed("another")),
        SigningPair.from_seeds("officer", seed("another"), seed(f"log {KOR.name}")),
    ],
)
def test_the_nodes_key_never_stands_for_a_person(own):
    by_node = sign_statement("command", {"do": "x"}, own)
    own = certificate(officer=own.name, keys=KeyPair.of(own.public), registry=KOR.registry)
    with pytest.raises(ProofFailed, match="stands for a person"):
        open_act(make_act(by_node, sign_certificate(own, KOR.signer)), KOR.card, AT)


def test_a_certificate_ends_after_it_starts():
    with pytest.raises(BadInput, match="end after the start"):
        certificate(until="2023-01-01T00:00:00Z")


def test_a_certificate_holds_from_its_first_instant_and_not_at_its_last():
    assert certificate().valid_at(datetime(2023, 1, 1, tzinfo=UTC))
    assert not certificate().valid_at(datetime(2024, 1, 1, tzinfo=UTC))


# -- receipts -----------------------------------------------------------------------

SENT = OuterHeader(body="sha256:" + "a" * 64, from_="KOR-DIH1", number="2023/0001", to="JPN-DIH1")
RECEIPT = sign_receipt(receipt_for(SENT, AT_TEXT, 1), JPN.signer)
KEYS = JPN.card.statement_keys


def test_a_receipt_is_for_what_was_sent():
    receipt = open_receipt(RECEIPT, KEYS, SENT)
    assert (receipt.received_at, receipt.contiguous) == (AT_TEXT, 1)
    assert receipt.body == SENT.body


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"body": "sha256:" + "b" * 64}, "other bytes"),
        ({"number": "2023/0002"}, "another transmittal"),
        ({"from_": "KOR-DIH2"}, "another transmittal"),
        ({"to": "USA-DIH1"}, "another transmittal"),
    ],
)
def test_a_receipt_for_something_else_is_refused(changes, words):
    with pytest.raises(ProofFailed, match=words):
        open_receipt(RECEIPT, KEYS, replaced(SENT, **changes))


def test_a_receipt_is_signed_by_the_recipient():
    with pytest.raises(ProofFailed):
        open_receipt(RECEIPT, KOR.card.statement_keys, SENT)
    with pytest.raises(ProofFailed):
        open_receipt(sign_receipt(receipt_for(SENT, AT_TEXT, 1), KOR.signer), KEYS, SENT)


def test_a_receipt_shows_nothing_that_the_outside_does_not():
    body = json.loads(RECEIPT.split(b"\n")[1])
    assert set(body) == {"body", "contiguous", "from", "number", "received_at", "to"}


def test_a_receipt_names_an_instant():
    with pytest.raises(BadInput):
        receipt_for(SENT, "today", 1)
    with pytest.raises(BadInput):
        sign_receipt(receipt_for(SENT, AT_TEXT, -1), JPN.signer)


def test_two_bodies_under_one_number_are_a_conflict():
    second = replaced(SENT, body="sha256:" + "b" * 64)
    signed = sign_conflict(conflict_for(SENT, second), JPN.signer)
    assert open_conflict(signed, KEYS, SENT).second == second.body
    assert open_conflict(signed, KEYS, second).first == SENT.body
    with pytest.raises(ProofFailed, match="neither digest"):
        open_conflict(signed, KEYS, replaced(SENT, body="sha256:" + "c" * 64))
    with pytest.raises(ProofFailed, match="another transmittal"):
        open_conflict(signed, KEYS, replaced(SENT, number="2023/0002"))
    with pytest.raises(ProofFailed):
        open_conflict(signed, KOR.card.statement_keys, SENT)
    with pytest.raises(BadInput, match="duplicate"):
        conflict_for(SENT, SENT)
    with pytest.raises(BadInput, match="one number"):
        conflict_for(SENT, replaced(second, number="2023/0002"))
