"""Two nodes, a book with one item's way in it, and its evidence. The seeds are worth nothing."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA87PrivateKey

from gsomia.canon import b64, encode, instant
from gsomia.evidence.bookfolder import export_book
from gsomia.evidence.file import build_item_evidence
from gsomia.exchange.card import KemKey, KeyPair, LogKeys, NodeCard, WitnessKeys, sign_card
from gsomia.exchange.container import OuterHeader
from gsomia.exchange.entries import AcceptanceReceived, Delivered, Ordered, TransmittalSealed
from gsomia.exchange.keyparts import SUITE, KemPrivate
from gsomia.exchange.messages import (
    Acceptance,
    CopyLine,
    File,
    Form,
    Heartbeat,
    ItemLine,
    Items,
    LeafRef,
    Transmittal,
)
from gsomia.exchange.notices import Act
from gsomia.exchange.officer import OfficerCertificate, make_act, sign_certificate
from gsomia.exchange.receipt import receipt_for, sign_receipt
from gsomia.exchange.sealed import sealed_size
from gsomia.fold import Event
from gsomia.journal.checkpoint import Checkpoint, sign_checkpoint
from gsomia.journal.cosign import (
    Ed25519Cosigner,
    MLDSA44Cosigner,
    MLDSA87Cosigner,
    cosign,
    with_lines,
)
from gsomia.journal.entry import make_entry
from gsomia.journal.note import Ed25519Signer, MLDSA87Signer, parse_note
from gsomia.journal.rows import EntryRow, OpeningRow
from gsomia.journal.statement import SigningPair, sign_statement
from gsomia.journal.tree import Tree, leaf_hash
from gsomia.release.entries import Approved
from gsomia.ruling import Ruling

BOOK = "kor-jpn-2016"
AT = datetime(2023, 3, 21, 9, 0, tzinfo=UTC)
REFERENCE = "KOR-2023-000117"
OTHER = "KOR-2023-000118"
NUMBER = "2023/0117"
RECEIVED_AT = "2023-03-21T09:00:04Z"
ARTICLES = ("Art. 6(a)", "Art. 7(5)")
REQUEST = "a" * 32
IDENT = "b" * 32
RULING = Ruling("release.decide", "release.decide@1", True, ARTICLES, ())


def seed(label: str) -> bytes:
    return hashlib.sha256(label.encode()).digest()


def pair(name: str) -> SigningPair:
    return SigningPair.from_seeds(name, seed("ed" + name), seed("ml" + name))


class Node:
    """One node's secrets and its signed card."""

    def __init__(self, party: str, registry: str, name: str, salt: str = "") -> None:
        self.party, self.registry, self.name = party, registry, name
        self.root, self.statement = pair(f"{name}/root"), pair(f"{name}/statement")
        self.origin, self.officer = f"{name}/books", pair(f"officer-7f3a.{name}")
        self.ed = Ed25519PrivateKey.from_private_bytes(seed(f"log {name}{salt}"))
        self.ml = MLDSA87PrivateKey.from_seed_bytes(seed(f"log {name}{salt}"))
        self.card = self.make_card()
        self.note = sign_card(self.card, self.root)

    def log(self, origin: str) -> tuple[Ed25519Signer, MLDSA87Signer]:
        return Ed25519Signer(origin, self.ed), MLDSA87Signer(origin, self.ml)

    def cosigners(self) -> tuple[Ed25519Cosigner, MLDSA44Cosigner, MLDSA87Cosigner]:
        name = f"{self.name}/witness"
        return (
            Ed25519Cosigner(name, Ed25519PrivateKey.from_private_bytes(seed(f"w {name}"))),
            MLDSA44Cosigner(name, MLDSA44PrivateKey.from_seed_bytes(seed(f"w {name}"))),
            MLDSA87Cosigner(name, MLDSA87PrivateKey.from_seed_bytes(seed(f"w {name}"))),
        )

    def make_card(self) -> NodeCard:
        log = [s.verifier.vkey for s in self.log(self.origin)]
        witness = [c.verifier.vkey for c in self.cosigners()]
        kem = KemPrivate.from_seed(seed(f"kem {self.name}"))
        return NodeCard(
            party=self.party,
            authority="Ministry of Defence",
            registry=self.registry,
            name=self.name,
            serial=1,
            issued_at="2023-03-01T00:00:00Z",
            root=KeyPair.of(self.root.public),
            statement=KeyPair.of(self.statement.public),
            log=LogKeys(self.origin, log[0], log[1]),
            witness=WitnessKeys(witness[0], witness[1], witness[2]),
            kem=KemKey(SUITE, b64(kem.public_bytes), 1, "2023-04-01T00:00:00Z"),
            tls_certificate="",
            endpoint="",
        )

    def act(self, do: str, role: str = "registrar", to: str = "", **facts: Any) -> Act:
        """The act of this node's officer, as an order of `node.orders` would carry it."""
        certificate = OfficerCertificate(
            officer=self.officer.name,
            role=role,
            keys=KeyPair.of(self.officer.public),
            registry=self.registry,
            from_="2023-01-01T00:00:00Z",
            until="2024-01-01T00:00:00Z",
        )
        order = {
            "registry": to or self.registry,
            "at": instant(AT),
            "nonce": "c" * 32,
            "command": {"do": do, **facts},
        }
        command = sign_statement("command", order, self.officer)
        return make_act(command, sign_certificate(certificate, self.statement))


KOR = Node("KOR", "KOR-DIH1", "dih1.kor.example")
JPN = Node("JPN", "JPN-DIH1", "dih1.jpn.example")
USA = Node("USA", "USA-DIH1", "dih1.usa.example")
CARDS = (KOR.note, JPN.note)


class Book:
    """A book that grows: rows, tree and checkpoints."""

    def __init__(self, node: Node = KOR, name: str = BOOK) -> None:
        self.node, self.name, self.origin = node, name, f"{node.origin}/{name}"
        self.rows: list[EntryRow] = []
        self.tree = Tree()

    def add(self, event: Event, at: datetime | None = None) -> EntryRow:
        index = len(self.rows)
        return self.put(event.kind_(), event.facts(), at or AT + timedelta(seconds=index))

    def put(self, kind: str, facts: dict[str, bytes], at: datetime, **changes: Any) -> EntryRow:
        index = changes.get("index", len(self.rows))
        origin = changes.get("origin", self.origin)
        salt = seed(f"{self.name} {len(self.rows)}{changes.get('salt', '')}")
        cites = changes.get("cites", ())
        data, openings = make_entry(origin, index, kind, at, facts, salt, cites)
        leaf = leaf_hash(data)
        rows = tuple(
            OpeningRow(f, "personal" if f == "decided_by" else "register", o.salt, o.value)
            for f, o in openings.items()
        )
        row = EntryRow(self.name, len(self.rows), kind, instant(at), data, leaf, rows)
        self.rows.append(row)
        self.tree.append(leaf)
        return row

    def fill(self, count: int, **changes: Any) -> None:
        for _ in range(count):
            n = len(self.rows)
            self.put("test.filler", {"n": encode(n)}, AT + timedelta(seconds=n), **changes)

    def checkpoint(
        self, size: int | None = None, *cosigned: Node, log: Node | None = None
    ) -> bytes:
        size = len(self.rows) if size is None else size
        checkpoint = Checkpoint(self.origin, size, self.tree.root(size))
        note = sign_checkpoint(checkpoint, (log or self.node).log(self.origin))
        lines = [
            s for node in cosigned for s in cosign(checkpoint, node.cosigners(), 1_679_389_300)
        ]
        return with_lines(parse_note(note, "checkpoint"), lines).encode() if lines else note

    def files(self, *sizes: int, cosigned: tuple[Node, ...] = (JPN,)) -> dict[str, bytes]:
        notes = [self.checkpoint(s, *cosigned) for s in (*sizes, len(self.rows))]
        return dict(export_book(self.name, lambda a, b: self.rows[a:b], self.tree, notes))


# -- the item's way -------------------------------------------------------------------


def item_line(release: LeafRef, **changes: Any) -> ItemLine:
    """The only place here that makes an item's line."""
    fields: dict[str, Any] = {
        "reference": REFERENCE,
        "originator": "KOR",
        "originator_mark": "군사II급비밀",
        "releasable_to": ("JPN", "KOR"),
        "caveats": (),
        "form": Form.DOCUMENT,
        "short_title": "Launch report 1",
        "cover": bytes(48),
        "key_commitment": "sha256:" + "7" * 64,
        "language": "ko",
        "pages": 3,
        "purpose": "warning",
        "subject": "missile launch",
        "basis": ARTICLES,
        "release": release,
        "copies": (1, 2),
        "copies_of": 4,
        "content": File(
            media_type="application/pdf",
            plaintext_size=1000,
            ciphertext_digest="sha256:" + "8" * 64,
            ciphertext_size=sealed_size(1000),
        ),
    }
    return ItemLine(**(fields | changes))


def approved(reference: str = REFERENCE, request: str = REQUEST, **changes: Any) -> Approved:
    made = Approved(
        request=request,
        item="KOR-DIH1-000117",
        reference=reference,
        recipient="JPN",
        purpose="warning",
        copies=(1, 2),
        decided_by="p-kim",
        articles=ARTICLES,
        ruling=RULING,
    )
    return replaced(made, **changes)


def ordered(number: str = NUMBER, **changes: Any) -> Ordered:
    made = Ordered(
        number=number,
        peer=JPN.registry,
        agreement=BOOK,
        sequence=117,
        precedence="P",
        what="items",
        transmittal=IDENT,
        requests=(REQUEST,),
        notice="",
        accepts="",
        channel="network",
        carries=None,
        rulings=(RULING,),
        ordered_by="p-lee",
        act="",
    )
    return replaced(made, **changes)


def statement(carries: Any, node: Node = KOR, to: Node = JPN, **changes: Any) -> Transmittal:
    first, second = (key_id.hex() for key_id in node.statement.public.key_ids)
    fields: dict[str, Any] = {
        "id": IDENT,
        "from_": node.registry,
        "to": to.registry,
        "agreement": BOOK,
        "agreed_digest": "sha256:" + "2" * 64,
        "sequence": 117,
        "number": NUMBER,
        "sealed_at": instant(AT),
        "precedence": "P",
        "contiguous": 0,
        "card": node.card.digest(),
        "carries": carries,
        "kem_key_id": "0" * 16,
        "key_part": "sha256:" + "3" * 64,
        "signers": (first, second),
    }
    return Transmittal(**(fields | changes))


def dispatch_act(*requests: str, **changes: Any) -> Act:
    asked = list(requests or (REQUEST,))
    return KOR.act("exchange.dispatch", requests=asked, precedence="P", **changes)


def ref(row: EntryRow, book: str = BOOK) -> LeafRef:
    return LeafRef(book, row.index, "sha256:" + row.leaf.hex())


def sealed(release: EntryRow, **changes: Any) -> TransmittalSealed:
    lines = changes.pop("lines", None) or (item_line(ref(release)),)
    said = statement(Items(lines, changes.pop("act", None) or dispatch_act()), **changes)
    return TransmittalSealed(JPN.registry, NUMBER, BODY, said)


BODY = "sha256:" + "4" * 64


def receipt(node: Node = JPN, **changes: Any) -> bytes:
    outside = {"body": BODY, "from_": KOR.registry, "number": NUMBER, "to": JPN.registry}
    header = OuterHeader(**(outside | changes))
    return sign_receipt(receipt_for(header, RECEIVED_AT, 117), node.statement)


def delivered(data: bytes | None = None, **changes: Any) -> Delivered:
    made = Delivered(JPN.registry, NUMBER, (data or receipt()).decode(), RECEIVED_AT, 117)
    return replaced(made, **changes)


def copy_lines(
    reference: str = REFERENCE, copies: tuple[int, ...] = (1, 2)
) -> tuple[CopyLine, ...]:
    return tuple(
        CopyLine(
            reference=reference,
            copy=copy,
            accepted=True,
            local_number="JPN-DIH1-000009",
            local_mark="極秘",
        )
        for copy in copies
    )


def acceptance_note(
    lines: tuple[CopyLine, ...], node: Node = JPN, act: Act | None = None, **changes: Any
) -> bytes:
    said = [
        {"reference": r, "accepted": True, "mark": "極秘"}
        for r in dict.fromkeys(x.reference for x in lines)
    ]
    act = act or JPN.act(
        "exchange.accept", peer=KOR.registry, number=NUMBER, facility="f-1", lines=said
    )
    about = {"transmittal": IDENT, "number": NUMBER} | changes.pop("about", {})
    carries = Acceptance(lines=lines, act=act, **about)
    fields = {"id": "d" * 32, "sequence": 9, "number": "2023/0009"} | changes
    body = statement(changes.pop("carries", carries), JPN, KOR, **fields)
    return sign_statement("transmittal", body, node.statement)


def accepted(note: bytes | None = None, **changes: Any) -> AcceptanceReceived:
    lines = changes.pop("lines", None) or copy_lines()
    note = note or acceptance_note(lines)
    made = AcceptanceReceived(JPN.registry, NUMBER, True, lines, note.decode(), JPN.card.digest())
    return replaced(made, **changes)


def story(**events: Any) -> tuple[Book, list[EntryRow]]:
    """A book with an item's whole way between fillers; a None leaves an entry out.

    An event given may be a function of the release's row.
    """
    book = Book()
    book.fill(3)
    way: dict[str, Any] = {
        "approved": approved(),
        "ordered": ordered(),
        "sealed": sealed,
        "delivered": delivered(),
        "accepted": accepted(),
    } | events
    rows: list[EntryRow] = []
    for event in way.values():
        if event is not None:
            rows.append(book.add(event(rows[0]) if callable(event) else event))
            book.fill(2)
    return book, rows


def heartbeat_note() -> bytes:
    """A transmittal of the partner that is no acceptance."""
    body = statement(Heartbeat(), JPN, KOR, id="d" * 32, sequence=9, number="2023/0009")
    return sign_statement("transmittal", body, JPN.statement)


def evidence(book: Book, rows: list[EntryRow], *cosigned: Node, **named: Any) -> bytes:
    note = book.checkpoint(None, *(cosigned or (JPN,)))
    return build_item_evidence(book.name, rows, book.tree, note, **named)


def replaced(value: Any, **changes: Any) -> Any:
    return msgspec.structs.replace(value, **changes) if changes else value
