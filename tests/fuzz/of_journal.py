"""The journal's parsers, and those of single values."""

from __future__ import annotations

from typing import Any

from gsomia import canon
from gsomia.exchange.card import NodeCard
from gsomia.exchange.messages import Heartbeat, Transmittal
from gsomia.exchange.receipt import DeliveryConflict, DeliveryReceipt
from gsomia.journal.checkpoint import parse_checkpoint
from gsomia.journal.entry import parse_entry
from gsomia.journal.note import parse_note, parse_vkey
from gsomia.journal.proof import parse_proof, verify_proof
from gsomia.journal.statement import read_unverified
from gsomia.journal.tiles import bundle, parse_bundle, parse_tile, parse_tile_path
from gsomia.journal.witness import Outcome, Witnessed, add_checkpoint, parse_add_checkpoint
from gsomia.keys.officer import OfficerKey
from tests.exchange.builders import items_message, message, sealed
from tests.fuzz.harness import Harness, text, vector, vectors
from tests.fuzz.hostile import canonical, revalued

_VKEYS = vector("worked-log/vkeys.txt").decode().splitlines()
_LOG = [parse_vkey(_VKEYS[0])]
_ENTRIES = parse_bundle(vector("evidence/book/tile/entries/000.p/18"), 18, "example")
_REQUEST = vector("worked-log/add-checkpoint.request.txt")
_KINDS: dict[str, type] = {
    "node-card": NodeCard,
    "transmittal": Transmittal,
    "delivery-receipt": DeliveryReceipt,
    "delivery-conflict": DeliveryConflict,
    "officer-key": OfficerKey,
    "command": dict[str, Any],
}


def _note(data: bytes) -> None:
    assert parse_note(data, "note").encode() == data


def _statement(data: bytes) -> None:
    kind = next((k for k in _KINDS if data.startswith(f"gsomia/{k}/".encode())), "command")
    body: object = read_unverified(data, kind, _KINDS[kind])
    text = f"gsomia/{kind}/v1\n{canon.encode(body).decode()}\n"
    assert data.startswith(f"{text}\n\u2014 ".encode())


def _vkey(data: bytes) -> None:
    assert parse_vkey(text(data)).vkey == text(data)


def _checkpoint(data: bytes) -> None:
    assert parse_checkpoint(text(data), "checkpoint").text == text(data)


def _request(data: bytes) -> None:
    assert parse_add_checkpoint(data, "request").encode() == data


def _witness(data: bytes) -> None:
    """The step answers any request, and its state moves only with what it accepted."""
    before = Witnessed("a.example/gsomia/journal", 70, _AT_70.root)
    after, answer = add_checkpoint(before, data, _LOG)
    assert (answer.outcome is Outcome.ACCEPTED) == (answer.checkpoint is not None)
    assert after == before or answer.outcome is Outcome.ACCEPTED
    assert answer.reason.isprintable()


_AT_70 = parse_checkpoint(
    parse_note(vector("worked-log/checkpoint.70.txt"), "example").text, "example"
)


def _bundle(data: bytes) -> None:
    """The first byte says how many entries are expected."""
    width = (data[0] if data else 0) + 1
    assert bundle(parse_bundle(data[1:], width, "bundle")) == data[1:]


def _tile(data: bytes) -> None:
    width = (data[0] if data else 0) + 1
    assert b"".join(parse_tile(data[1:], width, "tile")) == data[1:]


def _tile_path(data: bytes) -> None:
    assert parse_tile_path(text(data)).text == text(data)


def _proof(data: bytes) -> None:
    proof = parse_proof(data, "proof")
    assert proof.encode() == data
    verify_proof(proof, _ENTRY_263, _LOG, (), "proof")


_ENTRY_263 = parse_bundle(vector("worked-log/tile/entries/001.p/44"), 44, "example")[7]


def _entry(data: bytes) -> None:
    assert canon.encode(parse_entry(data)) == data


# -- values -----------------------------------------------------------------------


def _canon(data: bytes) -> None:
    assert canonical(canon.decode(data, dict[str, Any], "document")) == data or b"." in data


def _size(data: bytes) -> None:
    canon.check_size(data, "document")
    canon.check_size(data[: len(data) // 2], "document")


def _instant(data: bytes) -> None:
    at = canon.parse_instant(text(data), "instant")
    assert canon.parse_instant(canon.instant(at), "again") == at


def _unb64(data: bytes) -> None:
    assert canon.b64(canon.unb64(text(data), "base64")) == text(data)


_STATEMENTS = [
    *(vectors("transmittal/*.node-card")),
    *(vectors("transmittal/*.receipt")),
    vector("officer-key/enrolment.txt"),
    sealed(message(Heartbeat())).note,
    sealed(items_message()[0], items_message()[2]).note,
]
_CHECKPOINTS = [*vectors("tessera-log/checkpoint.*"), *vectors("worked-log/checkpoint.*")]
_TEXTS = [parse_note(data, "example").text.encode() for data in _CHECKPOINTS]
_DOCUMENTS = [s.split(b"\n")[1] for s in _STATEMENTS]

HARNESSES = {
    "note": Harness(_note, [vector("c2sp/signed-note-example.txt"), *_CHECKPOINTS, *_STATEMENTS]),
    "statement": Harness(_statement, _STATEMENTS, (revalued,)),
    "vkey": Harness(_vkey, [v.encode() for v in _VKEYS]),
    "checkpoint": Harness(_checkpoint, _TEXTS),
    "add-checkpoint": Harness(_request, [_REQUEST]),
    "witness": Harness(_witness, [_REQUEST]),
    "bundle": Harness(
        _bundle,
        [
            bytes([255]) + vector("worked-log/tile/entries/000"),
            bytes([11]) + vector("tessera-log/tile/entries/000.p/12"),
        ],
    ),
    "tile": Harness(_tile, [bytes([43]) + vector("worked-log/tile/0/001.p/44")]),
    "tile-path": Harness(
        _tile_path,
        [b"tile/0/000", b"tile/entries/x001/x234/067.p/8", b"tile/1/x001/000", b"tile/2/999.p/255"],
    ),
    "proof": Harness(_proof, [vector("worked-log/entry263.tlog-proof")]),
    "entry": Harness(_entry, _ENTRIES, (revalued,)),
    "canon-decode": Harness(_canon, _DOCUMENTS, (revalued,)),
    "canon-size": Harness(_size, _DOCUMENTS, (revalued,)),
    "instant": Harness(
        _instant,
        [b"2019-08-23T15:25:00+09:00", b"2023-03-21T09:00:04.5Z", b"2023-03-21T09:00-23:59"],
    ),
    "base64": Harness(_unb64, [b"AAAA", b"qrvM3Q==", b"c2hhMjU2Og=="]),
}
