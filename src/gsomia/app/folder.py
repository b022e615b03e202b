"""A node's folder: founding it, and putting together what is in it.

node.json     who the node is (`Settings`)
card          its signed node card, for partners
journal.db    books, openings, documents
blobs/        sealed content and sealed transmittals: a file each, the small ones in one
vault/        keys, and the items' key slots, wrapped under the node's secret
door          the officers' socket, while it runs
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from gsomia.act import HOUSE
from gsomia.agreement.instrumentfile import load_instruments
from gsomia.agreement.pack import load_pack, shipped
from gsomia.canon import encode, instant
from gsomia.clearance.acts import read_officer_key
from gsomia.clearance.entries import Appointed, PersonEnrolled
from gsomia.desk.entries import RecordBegun, TextHeld
from gsomia.exchange.commands import NodeRecords
from gsomia.faults import BadInput, shown
from gsomia.fold import Event
from gsomia.keys.secret import Secret
from gsomia.keys.tls import make_certificate, new_tls_key
from gsomia.keys.vault import Vault
from gsomia.marking.scheme import check_party
from gsomia.node.articles import check_runs
from gsomia.node.books import derive
from gsomia.node.grounds import Agreement
from gsomia.node.identity import Identity, Settings, make_keys
from gsomia.node.node import Cadence, Node
from gsomia.node.ports import Clock, MarkReader, Outcome, PeerLink, Rand
from gsomia.shapes import from_json
from gsomia.storage.blobs import LocalBlobs
from gsomia.storage.lock import hold
from gsomia.storage.sqlite import SqliteStore

SETTINGS, CARD, JOURNAL, BLOBS, VAULT, DOOR = (
    "node.json",
    "card",
    "journal.db",
    "blobs",
    "vault",
    "door",
)

CERTIFICATE_LIFE = timedelta(days=3650)


def now() -> datetime:
    """The system's clock, in UTC."""
    return datetime.now(UTC)


def read_settings(folder: Path) -> Settings:
    """A node's settings. Raises `BadInput` if the folder is not a node's."""
    path = folder / SETTINGS
    if not path.is_file():
        raise BadInput("a node's folder, made by `gsomia node init`", shown(str(folder)), "node")
    try:
        return from_json(path.read_bytes(), Settings)
    except msgspec.DecodeError as error:
        raise BadInput("a node's settings", shown(str(error)), str(path)) from None


def own_text(
    pack: bytes, where: str, instruments: bytes | None = None, where_instruments: str = ""
) -> TextHeld:
    """A ministry's own pack, with its public instruments if there are any, to found a node on.

    Raises `BadInput` with the line for a pack or an instrument with a fault, and for a pack
    without a place for what a rule of this program cites: what a node refuses must have its ground.
    """
    loaded = load_pack(pack, where)
    check_runs(pack, where)
    if instruments is not None:
        load_instruments(instruments, where_instruments, loaded)
    return TextHeld(loaded.id, pack.decode(), (instruments or b"").decode())


def check_settings(settings: Settings, texts: Iterable[TextHeld] = ()) -> Settings:
    """The settings, if a node can be founded on them. Raises `BadInput`."""
    own = {text.agreement: load_pack(text.pack.encode(), text.agreement) for text in texts}
    check_party(settings.party, "party")
    if not re.fullmatch(r"[A-Z0-9]+(-[A-Z0-9]+)*", settings.registry):
        raise BadInput("a registry like KOR-DIH1", shown(settings.registry), "registry")
    for name in settings.agreements:
        pack = own[name] if name in own else shipped(name)
        if settings.party not in pack.codes:
            raise BadInput(f"a party of {name}", settings.party, "party")
    return settings


def found(
    folder: Path,
    settings: Settings,
    secret: Secret,
    first_officer: tuple[str, str, str],
    *,
    record_until: datetime | None = None,
    texts: Iterable[TextHeld] = (),
    clock: Clock = now,
    rand: Rand = os.urandom,
) -> bytes:
    """Found a node in a new folder; its card.

    `first_officer` is (person id, name, the statement their own key made): the
    security authority who enrols everybody else. The node makes its keys itself;
    it never holds the officer's. With `record_until`, the record of each agreement
    begins with the public instruments known by then: the desk lives through the rest.
    `texts` are packs of one's own (`own_text`), held in place of shipped ones of the same id.
    """
    texts = tuple(texts)
    check_settings(settings, texts)
    person, name, statement = first_officer
    keys = read_officer_key(statement, "officer key")
    if folder.exists() and any(folder.iterdir()):
        raise BadInput("an empty or new folder", "one with files in it", str(folder))
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    vault = Vault.create(folder / VAULT, secret, rand)
    make_keys(vault, rand)
    tls_key = new_tls_key()
    vault.put("tls", tls_key)
    at = clock()
    serial = int.from_bytes(rand(16)) | 1
    certificate = make_certificate(
        settings.name, serial, at - timedelta(minutes=5), at + CERTIFICATE_LIFE, tls_key
    )
    vault.put("tls-certificate", certificate)
    _, card = Identity(settings, vault).make_card(1, at, certificate)
    (folder / CARD).write_bytes(card)
    store = SqliteStore(folder / JOURNAL)
    store.close()
    (folder / SETTINGS).write_bytes(encode(settings))
    node = open_node(folder, vault, _NoLink(), clock=clock, rand=rand)
    node.clerk.start()
    since = instant(clock())
    founding: tuple[Event, ...] = (
        PersonEnrolled(person, "", keys.name, keys.ed25519, keys.mldsa87, name),
        Appointed(person, "security_authority", "founding of the node", since, ""),
    )
    for event in founding:
        node.clerk.submit(NodeRecords(HOUSE, event))
    for text in texts:
        node.clerk.submit(NodeRecords(text.agreement, text))
    if record_until is not None:
        for name in settings.agreements:
            node.clerk.submit(NodeRecords(name, RecordBegun(name, instant(record_until))))
    node.stop()
    return card


class _NoLink:
    """No way to anybody: a node that is being founded has no partners."""

    def deliver(self, registry: str, _: Iterable[memoryview], __: int) -> tuple[Outcome, bytes]:
        """Nobody is known."""
        raise BadInput("a known partner", registry, "link")

    def ask_to_cosign(self, registry: str, _: str, __: bytes) -> tuple[bool, bytes]:
        """Nobody is known."""
        raise BadInput("a known partner", registry, "link")


def rebuild(folder: Path) -> int:
    """Drop a stopped node's documents and fold them again from its books; how many there are.

    Needs no key: the books are plain to whoever holds the folder.
    """
    read_settings(folder)
    with hold(folder), closing(SqliteStore(folder / JOURNAL)) as store:
        return derive(store)


def open_vault(folder: Path, secret: Secret) -> Vault:
    """The vault of a node's folder. Raises `BadInput` for a secret that does not open it."""
    return Vault.open(folder / VAULT, secret)


def open_node(
    folder: Path,
    vault: Vault,
    link: PeerLink,
    *,
    clock: Clock = now,
    rand: Rand = os.urandom,
    cadence: Cadence | None = None,
    marks: MarkReader | None = None,
) -> Node:
    """A node from its folder, not yet started. Without `marks` nobody looks at content.

    Raises `BadInput` or `Unavailable`.
    """
    settings = read_settings(folder)
    agreements = {name: Agreement(name) for name in settings.agreements}
    return Node(
        Identity(settings, vault),
        (folder / CARD).read_bytes(),
        agreements,
        SqliteStore(folder / JOURNAL),
        LocalBlobs(folder / BLOBS),
        vault,
        link,
        clock,
        rand,
        cadence or Cadence(),
        marks,
    )
