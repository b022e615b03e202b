"""What a partner's node sends, from the container down to an officer's act.

A stranger's bytes fail at the first signature. A partner who turned hostile signs what it
likes: the harnesses named `signed-` sign the bytes they are given with the right keys, so
that what lies behind the signature is reached.
"""

from __future__ import annotations

import io
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from gsomia import canon
from gsomia.agreement.instrumentfile import shipped_instruments
from gsomia.clearance.model import Person
from gsomia.desk.commands import RecordInstrument
from gsomia.exchange import commands
from gsomia.exchange.card import NodeCard, open_card, open_succession, sign_card, sign_succession
from gsomia.exchange.container import Part, Received, body_digest, read_container, write_container
from gsomia.exchange.cover import open_cover, seal_cover
from gsomia.exchange.keyparts import parse_key_part, seal_statement
from gsomia.exchange.messages import Acceptance, CopyLine, Heartbeat, Message, Transmittal, Void
from gsomia.exchange.notices import Act, Notice, Reclassified
from gsomia.exchange.officer import open_act
from gsomia.exchange.receipt import open_receipt
from gsomia.exchange.sealed import Sealed, item_aad, iter_sealed, key_commitment, seal
from gsomia.faults import BadInput
from gsomia.fold import State
from gsomia.journal.note import sign_note
from gsomia.journal.statement import SigningPair
from gsomia.node.orders import Order, open_order
from tests.exchange.builders import (
    ACT,
    AGREEMENT,
    AT,
    COVER,
    JPN,
    KOR,
    items_message,
    message,
    opened,
    pair,
    read,
    replaced,
    sealed,
    seed,
    stream,
)
from tests.fuzz.harness import Harness, vector, vectors
from tests.fuzz.hostile import revalued

LIMIT = 1 << 22
_PACK = "rok-japan-2016"


def signed(kind: str, body: bytes, signer: SigningPair) -> bytes:
    """A statement over any bytes that a note can hold. Raises `BadInput` for others."""
    return sign_note(f"gsomia/{kind}/v1\n{_utf8(body)}\n", signer.signers)


def _utf8(data: bytes) -> str:
    """What is no UTF-8 never gets as far as the parsers here: a note or JSON holds none."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise BadInput("UTF-8", "other bytes", "harness") from None


def body_of(statement: bytes) -> bytes:
    """The second line of a statement: its body."""
    return statement.split(b"\n")[1]


# -- the container ----------------------------------------------------------------


class _Slow(io.BytesIO):
    """A source that gives a few bytes at a time, as a bad line does."""

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        return super().readinto(buffer[:997])


def _container(data: bytes) -> None:
    received, items = read(data)
    out = io.BytesIO()
    sources = [(io.BytesIO(item), len(item)) for item in items]
    write_container(out, received.header, received.keys, received.statement, sources)
    assert out.getvalue() == data
    sink = io.BytesIO()
    assert read_container(_Slow(data), lambda _, __: sink, LIMIT) == received
    assert sink.getvalue() == b"".join(items)


def _received(data: bytes) -> None:
    """All a receiver does with a container, up to the keys of the items."""
    received, _ = read(data)
    got = opened(received)
    for index in range(len(got.body.items())):
        got.item_key(index)


def _key_part(data: bytes) -> None:
    assert parse_key_part(data).encode() == data


# -- statements -------------------------------------------------------------------

_REASON = "the register was closed early"
_ABOUT = Reclassified(
    "KOR-2023-117-0", "군사II급비밀", "군사III급비밀", "2023-06-01T00:00:00Z", "age"
)
_ANSWERED = CopyLine(
    reference="KOR-2023-117-0", copy=1, accepted=True, local_number="9", local_mark="極秘"
)
_ACCEPTED = Acceptance(transmittal="a" * 32, number="2023/0009", lines=(_ANSWERED,), act=ACT)
_SAID = [
    items_message(1)[0],
    message(Notice(seed("notice").hex()[:32], _ABOUT, ("Art. 6(g)",), ACT), 2),
    message(_ACCEPTED, 3),
    message(Void(_REASON), 4),
    message(Heartbeat(), 5),
]
_KEYS = {1: items_message(1)[2]}


def _body(said: Message) -> bytes:
    return body_of(sealed(said, _KEYS.get(said.sequence)).note)


def _transmittal(data: bytes) -> None:
    assert canon.encode(canon.decode(data, Transmittal, "transmittal")) == data


_MADE = sealed(_SAID[0], _KEYS[1])
_CARRIED = [Part.of(c) for c in items_message(1)[1]]
_TRANSMITTAL_KEY = stream("transmittal 1")(32)


def _signed_transmittal(data: bytes) -> None:
    """The statement of a real transmittal replaced by another, with everything around it."""
    note = signed("transmittal", data, KOR.signer)
    statement = seal_statement(_TRANSMITTAL_KEY, note, _MADE.header.address())
    body = body_digest(Part.of(_MADE.keys), Part.of(statement), _CARRIED)
    header = replaced(_MADE.header, body=body)
    got = opened(Received(header, _MADE.keys, statement, tuple(_CARRIED)))
    assert canon.encode(got.body) == data
    for index in range(len(got.body.items())):
        got.item_key(index)


def _card(data: bytes) -> None:
    card = open_card(data)
    assert data.startswith(card.text() + b"\n")


def _signed_card(data: bytes) -> None:
    card = open_card(signed("node-card", data, KOR.root))
    assert canon.encode(card) == data
    assert canon.decode(data, NodeCard, "card") == card


def _signed_succession(data: bytes) -> None:
    open_succession(signed("card-succession", data, KOR.root), KOR.card)


def _signed_receipt(data: bytes) -> None:
    receipt = open_receipt(
        signed("delivery-receipt", data, JPN.signer), JPN.signer.public, _RECEIVED.header
    )
    assert canon.encode(receipt) == data


_RECEIVED = read(vector("transmittal/items.gsomia"))[0]


# -- acts and commands ------------------------------------------------------------

_OFFICER = pair("officer-7f3a.dih1.kor.example")


def _act(data: bytes) -> None:
    """The command and the certificate, with a zero byte between."""
    command, _, certificate = data.partition(b"\0")
    raw, _ = open_act(Act(_utf8(command), _utf8(certificate)), KOR.card, AT)
    assert body_of(command) == bytes(raw)


def _signed_act(data: bytes) -> None:
    """As `_act`, but both are only the bodies, signed here."""
    command, _, certificate = data.partition(b"\n")
    _act(
        signed("command", command, _OFFICER)
        + b"\0"
        + signed("officer-certificate", certificate, KOR.signer)
    )


def _order(data: bytes) -> None:
    order = open_order(data, _STATE, "KOR-DIH1", AT)
    assert body_of(data) == canon.encode(order.order)


def _signed_order(data: bytes) -> None:
    _order(signed("command", data, _OFFICER))


_STATE = State()
_STATE.put(
    Person(
        "p-1",
        "Kim",
        "Major",
        "registrar",
        "f-1",
        _OFFICER.name,
        _OFFICER.public.ed25519,
        _OFFICER.public.mldsa87,
    )
)


# -- sealed content ---------------------------------------------------------------

_KEY = bytes(range(32))
_PLAIN = bytes(range(256)) * 2
_SEGMENT = 128
_AAD = item_aad(AGREEMENT, "KOR-2023-117-0")
_OUT = io.BytesIO()
_SEALED = seal(io.BytesIO(_PLAIN), _OUT, _KEY, bytes(39), _AAD, _SEGMENT)


def _sealed_item(data: bytes) -> None:
    """Held against a statement that fits the bytes, so that only the encryption can refuse."""
    fits = Sealed(
        canon.digest(data),
        len(data),
        max(0, len(data) - len(_OUT.getvalue()) + len(_PLAIN)),
        key_commitment(_KEY),
    )
    plain = b"".join(bytes(v) for v in iter_sealed(io.BytesIO(data), _KEY, _AAD, fits, _SEGMENT))
    assert (data, plain) == (_OUT.getvalue(), _PLAIN)


def _cover(data: bytes) -> None:
    assert open_cover(data, _KEY) == COVER


def _signed_cover(data: bytes) -> None:
    """A cover sheet that the holder of the key wrote."""
    key = HKDF(SHA256(), 32, salt=None, info=b"gsomia/cover/v1").derive(_KEY)
    sheet = AESGCM(key).encrypt(bytes(12), data, b"gsomia/cover/v1")
    assert canon.encode(open_cover(sheet, _KEY)) == data


def _succession() -> bytes:
    new = sign_card(replaced(KOR.card, serial=2), KOR.root)
    return body_of(sign_succession(KOR.card, new, KOR.root))


def _order_bodies() -> list[bytes]:
    line = commands.ReceivedLine("KOR-2023-117-0", accepted=True, mark="極秘")
    asked: list[Any] = [
        commands.Dispatch(("a" * 32,), "P"),
        commands.Accept("JPN-DIH1", "2023/0009", "f-1", (line,)),
        commands.Notify("JPN-DIH1", AGREEMENT, _ABOUT),
        RecordInstrument(_PACK, shipped_instruments(_PACK)[0]),
    ]
    return [canon.encode(Order("KOR-DIH1", canon.instant(AT), "b" * 32, one)) for one in asked]


_BODIES = [_body(said) for said in _SAID]
_ORDERS = _order_bodies()
_ACT = ACT.command.encode() + b"\0" + ACT.certificate.encode()
_ACT_BODIES = body_of(ACT.command.encode()) + b"\n" + body_of(ACT.certificate.encode())
_CARDS = vectors("transmittal/*.node-card")
_CONTAINERS = vectors("transmittal/*.gsomia")

HARNESSES = {
    "container": Harness(_container, _CONTAINERS, (revalued,)),
    "received": Harness(_received, _CONTAINERS),
    "key-part": Harness(_key_part, [read(data)[0].keys for data in _CONTAINERS]),
    "transmittal": Harness(_transmittal, _BODIES, (revalued,)),
    "signed-transmittal": Harness(_signed_transmittal, [body_of(_MADE.note)], (revalued,)),
    "card": Harness(_card, _CARDS, (revalued,)),
    "signed-card": Harness(_signed_card, [canon.encode(KOR.card)], (revalued,)),
    "signed-succession": Harness(_signed_succession, [_succession()], (revalued,)),
    "signed-receipt": Harness(
        _signed_receipt, [body_of(vector("transmittal/items.receipt"))], (revalued,)
    ),
    "act": Harness(_act, [_ACT]),
    "signed-act": Harness(_signed_act, [_ACT_BODIES], (revalued,)),
    "order": Harness(_order, [signed("command", data, _OFFICER) for data in _ORDERS]),
    "signed-order": Harness(_signed_order, _ORDERS, (revalued,)),
    "sealed-item": Harness(_sealed_item, [_OUT.getvalue()]),
    "cover": Harness(_cover, [seal_cover(COVER, _KEY)]),
    "signed-cover": Harness(_signed_cover, [canon.encode(COVER)], (revalued,)),
}
