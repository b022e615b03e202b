"""What must hold of two nodes' folders, whatever happened to their processes.

The nodes must not run: everything is read from what they left on the disk.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

import msgspec

from gsomia.app import KeyFile
from gsomia.app.folder import BLOBS, JOURNAL, VAULT
from gsomia.demo.cast import AGREEMENT
from gsomia.exchange.card import open_card
from gsomia.exchange.messages import File, Items
from gsomia.exchange.model import Incoming, Line, Outgoing, Peer
from gsomia.exchange.receiving import blob_name, slot_name
from gsomia.exchange.sealed import item_aad, key_commitment
from gsomia.fold import State
from gsomia.journal.checkpoint import parse_checkpoint
from gsomia.journal.cosign import verify_cosignatures
from gsomia.journal.note import parse_note
from gsomia.journal.tree import Tree
from gsomia.journal.witness import Witnessed
from gsomia.keys.vault import Vault
from gsomia.node.arrivals import keys_name
from gsomia.node.books import replay
from gsomia.node.custody import AT_REST, Custody, cover_name
from gsomia.node.sealing import outgoing_name
from gsomia.registry.model import Copy, Item, Reference, Serial
from gsomia.storage.blobs import LocalBlobs
from gsomia.storage.sqlite import SqliteStore
from tests.faults.pair import Mortal

HERE = {"in_custody", "destruction_pending", "destroyed", "missing"}
AWAY = {"transferred", "returned"}


class Folder:
    """A stopped node's folder, opened for looking."""

    def __init__(self, side: Mortal) -> None:
        self.path, self.party = side.folder, side.government.party
        self.registry = side.registry
        self.store = SqliteStore(side.folder / JOURNAL)
        # Opening sweeps what the vault left half written: that is counted before.
        self.vault_leftovers = sorted(p.name for p in (side.folder / VAULT / "tmp").iterdir())
        self.vault = Vault.open(side.folder / VAULT, KeyFile(side.secret))
        self.blobs = LocalBlobs(side.folder / BLOBS)
        self.custody = Custody(self.blobs, self.vault, _no_chance)
        self.state = State()
        replay(self.store.everything(), self.state)
        self.trees = {book: _tree(self.store, book) for book in self.store.heads()}

    def close(self) -> None:
        self.blobs.close()
        self.store.close()


def _no_chance(_: int) -> bytes:
    raise AssertionError("nothing is sealed while looking")


def _tree(store: SqliteStore, book: str) -> Tree:
    tree = Tree()
    tree.extend_bytes(store.leaves(book))
    return tree


def check_pair(kor: Mortal, jpn: Mortal, contents: Mapping[str, bytes]) -> list[str]:
    """Everything that must hold; what was left behind unused, by place.

    `contents` has the SHA-256 of the content of each item, by Korea's number.
    """
    folders = Folder(kor), Folder(jpn)
    try:
        for folder in folders:
            check_one(folder, contents)
        for one, other in (folders, folders[::-1]):
            check_line(one, other)
            check_cosigned(one, other)
        check_copies(*folders)
        return [f"{f.registry} {left}" for f in folders for left in leftovers(f)]
    finally:
        for folder in folders:
            folder.close()


# -- one node --------------------------------------------------------------------------


def check_one(folder: Folder, contents: Mapping[str, bytes]) -> None:
    """Documents follow from the books; the register is whole; content is what was sent."""
    folder.store.check()
    built = sorted((k, n, b) for k, n, b in folder.state.take_changes() if b is not None)
    assert built == sorted(folder.store.docs())
    check_register(folder)
    for item in folder.state.all(Item):
        check_content(folder, item, contents[item.reference])
    for book, tree in folder.trees.items():
        for size, note in folder.store.checkpoints(book):
            said = parse_checkpoint(parse_note(note, "checkpoint").text, "checkpoint")
            assert (said.size, said.root) == (size, tree.root(size)), book


def check_register(folder: Folder) -> None:
    """Numbers without gap, one line for each reference, each copy in one state."""
    state = folder.state
    numbers = [item.number for item in state.all(Item)]
    for serial in state.all(Serial):
        given = [n for n in numbers if n.startswith(f"{serial.registry}-{serial.year}-")]
        assert sorted(int(n[-6:]) for n in given) == list(range(1, serial.last + 1))
    references = [(i.originator, i.reference) for i in state.all(Item)]
    assert len(set(references)) == len(references) == state.count(Reference)
    expected = {f"{i.number}/{n}" for i in state.all(Item) for n in range(1, i.copies + 1)}
    copies = list(state.all(Copy))
    assert {copy.key for copy in copies} == expected
    assert {copy.state for copy in copies} <= HERE | AWAY, {copy.state for copy in copies}
    for item in state.all(Item):
        gone = {c.state == "destroyed" for c in copies if c.item == item.number}
        assert gone == {not item.key_held}


def check_content(folder: Folder, item: Item, digest: bytes) -> None:
    """Registered content is here and what it was, or destroyed and nowhere."""
    lies, blobs = item.sealed, folder.blobs
    key = folder.vault.slot(lies.slot)
    if not item.key_held:
        assert key is None
        assert not blobs.exists(lies.blob)
        assert not blobs.exists(cover_name(lies.slot))
        return
    assert key is not None
    assert key_commitment(key) == lies.key_commitment
    assert folder.custody.cover(item).title.startswith("Title of ")
    own = item.originator == folder.party
    found = sha256()
    for chunk in folder.custody.content(
        item, AT_REST if own else item_aad(item.agreement, item.reference)
    ):
        found.update(chunk)
    assert found.digest() == digest


# -- between two -----------------------------------------------------------------------


def check_line(sender: Folder, receiver: Folder) -> None:
    """Each number given once, received once, receipted with the same bytes on both sides."""
    sent = list(sender.state.all(Outgoing))
    arrived = {a.number: a for a in receiver.state.all(Incoming)}
    assert len(sent) == len(arrived) == receiver.state.count(Incoming)
    given = sorted(out.sequence for out in sent)
    assert given == list(range(1, len(sent) + 1))
    (there,) = (x for x in sender.state.all(Line))
    (here,) = (x for x in receiver.state.all(Line))
    assert there.sent == here.received.contiguous == len(sent)
    assert here.received.missing() == ()
    assert len({out.number for out in sent}) == len(sent)
    for out in sent:
        arrival = arrived[out.number]
        assert (arrival.id, arrival.body) == (out.id, out.body), out.number
        assert arrival.receipt == out.receipt, out.number
        assert out.state == ("accepted" if out.what == "items" else "delivered")
        assert arrival.state == ("registered" if out.what == "items" else "handled")
        assert arrival.lines == out.lines
    kinds = [row.kind for row in receiver.store.entries(AGREEMENT, 0, 1 << 30)]
    assert "exchange.conflict_kept" not in kinds
    assert "exchange.gap_found" not in kinds
    assert not [k for k in kinds if "rejected" in k or "refused" in k]


def check_copies(one: Folder, other: Folder) -> None:
    """No transmittal is on its way any more: each copy is on one side, and on one only."""
    held: list[tuple[str, int]] = []
    for folder in (one, other):
        for copy in folder.state.all(Copy):
            if copy.state in HERE:
                item = folder.state.need(Item, copy.item, "copy")
                held.append((item.reference, copy.number))
    copies = {(i.reference, n) for i in one.state.all(Item) for n in range(1, i.copies + 1)}
    assert len(held) == len(set(held))
    assert set(held) == copies


def check_cosigned(log: Folder, witness: Folder) -> None:
    """What the partner witnessed is a state this book had, and its lines verify."""
    (peer,) = witness.state.all(Peer)
    (partner,) = log.state.all(Peer)
    origin = f"{open_card(peer.card.encode()).log.origin}/{AGREEMENT}"
    stored = witness.store.meta(f"witness:{origin}")
    assert stored is not None
    seen = msgspec.msgpack.decode(stored, type=Witnessed)
    assert seen.root == log.trees[AGREEMENT].root(seen.size)
    known = log.store.meta(f"cosigned:{AGREEMENT}:{partner.registry}")
    assert known is not None
    assert int(known) <= seen.size
    kept = log.store.checkpoint(AGREEMENT, int(known))
    assert kept is not None
    keys = open_card(partner.card.encode()).witness_keys
    verify_cosignatures(parse_note(kept[1], "checkpoint"), keys, "cosignature", every=True)


# -- what is left ----------------------------------------------------------------------


def leftovers(folder: Folder) -> list[str]:
    """Files that nothing on record calls for."""
    names = folder.blobs.names()
    slots = {p.name for p in (folder.path / VAULT / "slots").glob("*/*")}
    blobs, keys = called_for(folder.state)
    held = {sha256(slot.encode()).hexdigest() for slot in keys}
    assert blobs <= names
    assert held <= slots
    temporary = sorted(p.name for p in (folder.path / BLOBS / "tmp").iterdir())
    return [
        *(f"blob {name}" for name in sorted(names - blobs)),
        *(f"slot {name}" for name in sorted(slots - held)),
        *(f"temporary blob {name}" for name in temporary),
        *(f"temporary secret {name}" for name in folder.vault_leftovers),
    ]


def called_for(state: State) -> tuple[set[str], set[str]]:
    """The blobs and the slots that documents need."""
    blobs, slots = set(), set()
    for item in state.all(Item):
        if item.key_held:
            slots.add(item.sealed.slot)
            blobs |= {cover_name(item.sealed.slot), *filter(None, (item.sealed.blob,))}
    for arrival in state.all(Incoming):
        if arrival.key_part:
            blobs.add(keys_name(arrival.peer, arrival.number))
        if arrival.state == "received" and isinstance(arrival.statement.carries, Items):
            for line in arrival.statement.carries.items:
                blobs.add(cover_name(slot_name(arrival.peer, arrival.number, line.reference)))
                if isinstance(line.content, File):
                    blobs.add(blob_name(slot_name(arrival.peer, arrival.number, line.reference)))
    for out in state.all(Outgoing):
        if out.state == "sealed" or (out.state == "delivered" and out.what == "items"):
            blobs.add(outgoing_name(out))
    return blobs, slots
