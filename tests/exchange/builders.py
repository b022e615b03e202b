"""Two nodes, their keys and cards, and messages between them. The seeds are worth nothing."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA87PrivateKey

from gsomia.canon import b64, encode
from gsomia.exchange.card import KemKey, KeyPair, LogKeys, NodeCard, WitnessKeys
from gsomia.exchange.container import Received, read_container, write_container
from gsomia.exchange.cover import Cover, seal_cover
from gsomia.exchange.keyparts import SUITE, KemPrivate
from gsomia.exchange.messages import File, Form, ItemLine, Items, LeafRef, Message
from gsomia.exchange.notices import Act
from gsomia.exchange.officer import OfficerCertificate, make_act, sign_certificate
from gsomia.exchange.sealed import item_aad, key_commitment, seal
from gsomia.exchange.transmittal import (
    OpenedTransmittal,
    SealedTransmittal,
    open_transmittal,
    seal_transmittal,
)
from gsomia.journal.cosign import Ed25519Cosigner, MLDSA44Cosigner, MLDSA87Cosigner
from gsomia.journal.note import Ed25519Signer, MLDSA87Signer
from gsomia.journal.statement import SigningPair, sign_statement

VECTORS = Path(__file__).parents[1] / "vectors"
DOCS = Path(__file__).parents[2] / "docs" / "formats"
AGREEMENT = "kor-jpn-2016"
AT = datetime(2023, 3, 21, 9, 0, tzinfo=UTC)
LIMIT = 1 << 22

MARKS = (
    "극秘 極秘 特定秘密 秘 機密 군사I급비밀 군사II급비밀 군사III급비밀 군사Ⅱ급비밀 II급 III급 "
    "TOP-SECRET SECRET CONFIDENTIAL RESTRICTED KIMITSU GOKUHI TOKUTEI-HIMITSU HI"
).split()


def seed(label: str) -> bytes:
    return hashlib.sha256(label.encode()).digest()


def stream(label: str) -> Callable[[int], bytes]:
    """A `rand` that repeats: the next bytes of one SHAKE256 stream."""
    taken = 0

    def rand(size: int) -> bytes:
        nonlocal taken
        taken += size
        return hashlib.shake_256(label.encode()).digest(taken)[-size:]

    return rand


def pair(name: str, label: str = "") -> SigningPair:
    return SigningPair.from_seeds(name, seed(f"ed {name}{label}"), seed(f"ml {name}{label}"))


class Node:
    """One node's secrets and its card."""

    def __init__(self, party: str, registry: str, name: str, other: str) -> None:
        self.name, self.registry = name, registry
        self.root = pair(f"{name}/root")
        self.signer = pair(f"{name}/statement")
        self.kem = KemPrivate.from_seed(seed(f"kem {name}"))
        self.card = self.make_card(party, other)

    def make_card(self, party: str, other: str) -> NodeCard:
        origin, witness = f"{self.name}/{other}", f"{self.name}/witness"
        ed = Ed25519PrivateKey.from_private_bytes(seed(f"log {self.name}"))
        ml = MLDSA87PrivateKey.from_seed_bytes(seed(f"log {self.name}"))
        ml44 = MLDSA44PrivateKey.from_seed_bytes(seed(f"log {self.name}"))
        return NodeCard(
            party=party,
            authority="Ministry of National Defence",
            registry=self.registry,
            name=self.name,
            serial=1,
            issued_at="2023-03-01T00:00:00Z",
            root=KeyPair.of(self.root.public),
            statement=KeyPair.of(self.signer.public),
            log=LogKeys(
                origin,
                Ed25519Signer(origin, ed).verifier.vkey,
                MLDSA87Signer(origin, ml).verifier.vkey,
            ),
            witness=WitnessKeys(
                Ed25519Cosigner(witness, ed).verifier.vkey,
                MLDSA44Cosigner(witness, ml44).verifier.vkey,
                MLDSA87Cosigner(witness, ml).verifier.vkey,
            ),
            kem=KemKey(SUITE, b64(self.kem.public_bytes), 1, "2023-04-01T00:00:00Z"),
            tls_certificate="",
            endpoint=f"{self.name}:8443",
        )


KOR = Node("KOR", "KOR-DIH1", "dih1.kor.example", "jpn")
JPN = Node("JPN", "JPN-DIH1", "dih1.jpn.example", "kor")


def act(node: Node = KOR, do: str = "dispatch.send", **facts: Any) -> Act:
    officer = pair(f"officer-7f3a.{node.name}")
    certificate = OfficerCertificate(
        officer=officer.name,
        role="registry control officer",
        keys=KeyPair.of(officer.public),
        registry=node.registry,
        from_="2023-01-01T00:00:00Z",
        until="2024-01-01T00:00:00Z",
    )
    command = sign_statement("command", {"do": do, **facts}, officer)
    return make_act(command, sign_certificate(certificate, node.signer))


ACT = act()


COVER = Cover("발사 보고")


def item_key(reference: str) -> bytes:
    """The key of an item, for its file and its cover sheet."""
    return seed(f"key {reference}")


def sealed_file(
    content: bytes, reference: str, media_type: str = "text/plain"
) -> tuple[File, bytes, bytes]:
    """The file line, the ciphertext and the key of an item."""
    out = io.BytesIO()
    key, salt = item_key(reference), hashlib.shake_256(reference.encode()).digest(39)
    sealed = seal(io.BytesIO(content), out, key, salt, item_aad(AGREEMENT, reference))
    return File.of(media_type, sealed), out.getvalue(), key


def line(reference: str, content: Any, cover: Cover = COVER, **changes: Any) -> ItemLine:
    key = item_key(reference)
    fields: dict[str, Any] = {
        "reference": reference,
        "originator": "KOR",
        "originator_mark": "군사II급비밀",
        "releasable_to": ("JPN", "KOR"),
        "caveats": (),
        "form": Form.DOCUMENT,
        "short_title": "Launch report 1",
        "cover": seal_cover(cover, key),
        "key_commitment": key_commitment(key),
        "language": "ko",
        "pages": 3,
        "purpose": "warning",
        "subject": "missile launch",
        "basis": ("Art. 4", "Art. 7(5)"),
        "release": LeafRef("dih1.kor.example/jpn", 12, "sha256:" + "1" * 64),
        "copies": (1, 2),
        "copies_of": 4,
        "content": content,
    }
    return ItemLine(**(fields | changes))


def message(carries: Any, sequence: int = 1, **changes: Any) -> Message:
    fields: dict[str, Any] = {
        "id": hashlib.sha256(f"transmittal {sequence}".encode()).hexdigest()[:32],
        "from_": KOR.registry,
        "to": JPN.registry,
        "agreement": AGREEMENT,
        "agreed_digest": "sha256:" + "2" * 64,
        "sequence": sequence,
        "number": f"2023/{sequence:04d}",
        "sealed_at": "2023-03-21T09:00:00Z",
        "precedence": "P",
        "contiguous": 0,
        "card": KOR.card.digest(),
        "carries": carries,
    }
    return Message(**(fields | changes))


CONTENTS = (b"a first item", b"", b"a third item\nend\n")


def items_message(
    sequence: int = 1, contents: tuple[bytes, ...] = CONTENTS, **changes: Any
) -> tuple[Message, list[bytes], list[bytes]]:
    """A message with one item for each content; the ciphertexts; the keys."""
    references = [f"KOR-2023-{sequence:03d}-{n}" for n in range(len(contents))]
    files = [sealed_file(c, r) for c, r in zip(contents, references, strict=True)]
    lines = tuple(line(r, f[0]) for r, f in zip(references, files, strict=True))
    return (
        message(Items(lines, ACT), sequence, **changes),
        [f[1] for f in files],
        [f[2] for f in files],
    )


def sealed(
    said: Message, keys: list[bytes] | None = None, signer: SigningPair = KOR.signer
) -> SealedTransmittal:
    rand = stream(f"transmittal {said.sequence}")
    return seal_transmittal(said, keys or [], JPN.card, signer, rand, MARKS)


def container(made: SealedTransmittal, ciphertexts: list[bytes] | None = None) -> bytes:
    out = io.BytesIO()
    items = [(io.BytesIO(c), len(c)) for c in ciphertexts or []]
    write_container(out, made.header, made.keys, made.statement, items)
    return out.getvalue()


def read(data: bytes, limit: int = LIMIT) -> tuple[Received, list[bytes]]:
    sinks: list[io.BytesIO] = []

    def on_item(index: int, size: int) -> io.BytesIO:
        assert index == len(sinks)
        sinks.append(io.BytesIO())
        return sinks[-1]

    received = read_container(io.BytesIO(data), on_item, limit)
    return received, [s.getvalue() for s in sinks]


def opened(received: Received, **changes: Any) -> OpenedTransmittal:
    given: dict[str, Any] = {
        "registry": JPN.registry,
        "kem_keys": {JPN.kem.key_id: JPN.kem},
        "agreements": ["kor-usa-1987", AGREEMENT],
        "cards": [JPN.card, KOR.card],
    }
    return open_transmittal(received, **(given | changes))


def receive(data: bytes) -> OpenedTransmittal:
    """All steps of a receiver."""
    return opened(read(data)[0])


def replaced(value: Any, **changes: Any) -> Any:
    return msgspec.structs.replace(value, **changes)


def resigned(body: Any, signer: SigningPair = KOR.signer, kind: str = "transmittal") -> bytes:
    """A statement over any body, even one that this program would not sign."""
    return sign_statement(kind, msgspec.Raw(encode(body)), signer)
