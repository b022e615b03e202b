"""Evidence files: what became of one item, to be checked offline (docs/formats/evidence.md).

A version line and one line of canonical JSON: proven entries of one book with
only the facts that are needed laid open, the checkpoint that both nodes signed, and
the claim. Nothing in the file is believed: the claim is recomputed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Annotated

import msgspec
from msgspec import Meta

from gsomia.canon import decode, encode
from gsomia.evidence.claim import (
    ACCEPTED,
    APPROVED,
    DELIVERED,
    NEEDED,
    ORDERED,
    SEALED,
    Claim,
    Step,
    check_ruling,
    check_statements,
    claim_of,
    read_fact,
)
from gsomia.evidence.opened import Opened, Tally
from gsomia.evidence.trust import HOW, Trust, Vouched, check_checkpoint
from gsomia.exchange.fields import Count, Name, NoteText
from gsomia.faults import BadInput, ProofFailed, shown
from gsomia.journal.checkpoint import MAX_CHECKPOINT, parse_checkpoint
from gsomia.journal.entry import Entry, Opening, check_opening, parse_entry
from gsomia.journal.note import parse_note
from gsomia.journal.rows import EntryRow
from gsomia.journal.tree import Tree, leaf_hash, verify_inclusion

VERSION = b"gsomia/evidence/v1\n"
"""The first line."""

SUFFIX = ".evidence"

MAX_EVIDENCE = 16 << 20
"""Bytes: the largest evidence file read."""

MAX_ENTRIES = 16
MAX_PROOF = 63

Proof = Annotated[tuple[bytes, ...], Meta(max_length=MAX_PROOF)]


class Proven(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry: its exact text, the facts laid open, and its path to the root."""

    entry: NoteText
    index: Count
    openings: dict[str, Opening]
    proof: Proof


class Evidence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file's content, not verified. `book` is the short name, `checkpoint` the note."""

    book: Name
    checkpoint: NoteText
    claim: Claim
    entries: Annotated[tuple[Proven, ...], Meta(min_length=1, max_length=MAX_ENTRIES)]

    def encode(self) -> bytes:
        """The file's bytes."""
        return VERSION + encode(self) + b"\n"


def parse_evidence(data: bytes, where: str) -> Evidence:
    """Read an evidence file strictly; verifies nothing. Raises `BadInput`."""
    if len(data) > MAX_EVIDENCE:
        raise BadInput(f"at most {MAX_EVIDENCE} bytes", f"{len(data)} bytes", where)
    if not data.startswith(VERSION):
        raise BadInput("an evidence file gsomia/evidence/v1", "another first line", where)
    if not data.endswith(b"\n"):
        raise BadInput("a line feed at the end", "none", where)
    return decode(data[len(VERSION) : -1], Evidence, where, MAX_EVIDENCE)


# -- making -----------------------------------------------------------------------


def build_item_evidence(
    book: str,
    entries: Sequence[EntryRow],
    tree: Tree,
    checkpoint_note: bytes,
    also: Mapping[str, Collection[str]] | None = None,
) -> bytes:
    """The evidence file of one item, from rows of its book.

    `entries` are those of the item's way, one of each kind in `NEEDED` and as many
    as there are (`item_chains` finds them); `tree` is the book's; `checkpoint_note`
    a checkpoint with the partner's cosignatures at which all of them are in.
    `also` names further facts to open, by kind. Verifies no signature. Raises
    `BadInput` if an entry is not under the checkpoint yet, or a needed opening is
    gone; `ProofFailed` if the entries do not belong together.
    """
    note = parse_note(checkpoint_note, "checkpoint", MAX_CHECKPOINT)
    size = parse_checkpoint(note.text, "checkpoint").size
    proven, steps = [], []
    for row in sorted(entries, key=lambda r: r.index):
        where = f"entry {row.index} ({row.kind})"
        if row.kind not in NEEDED or row.book != book:
            raise BadInput("an entry of an item's way in this book", "another", where)
        wanted = {*NEEDED[row.kind], *(also or {}).get(row.kind, ())}
        kept = {o.field: Opening(o.salt, o.value) for o in row.openings}
        if gone := sorted(wanted - kept.keys()):
            raise BadInput(f"the opening of {gone[0]}", "none kept", where)
        openings = {field: kept[field] for field in sorted(wanted)}
        if row.index >= size:
            raise BadInput(f"an entry under the checkpoint of {size}", "a later one", where)
        proof = tuple(tree.inclusion_proof(row.index, size))
        proven.append(Proven(row.entry.decode(), row.index, openings, proof))
        steps.append(_step(parse_entry(row.entry, where), row.leaf, openings, where))
    claim = claim_of(steps, book)
    return Evidence(book, checkpoint_note.decode(), claim, tuple(proven)).encode()


def _step(entry: Entry, leaf: bytes, openings: Mapping[str, Opening], where: str) -> Step:
    facts = {f: read_fact(entry.kind, f, o.value, where) for f, o in openings.items()}
    return Step(entry.index, leaf, entry.at, entry.kind, facts)


def item_chains(rows: Iterable[EntryRow], reference: str) -> list[tuple[EntryRow, ...]]:
    """The rows of each release of an item, in the book's order, as far as each went.

    `rows` are a book's, in order; others than an item's are passed over. A
    transmittal cancelled before sealing is left out. Raises `BadInput` for a needed
    fact that cannot be read.
    """
    chains: dict[str, dict[str, EntryRow]] = {}
    sent: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        if row.kind not in (*NEEDED, "exchange.cancelled"):
            continue
        facts = {o.field: o.value for o in row.openings}
        if row.kind == APPROVED:
            if facts.get("reference") == encode(reference):
                chains[_text(facts, "request")] = {APPROVED: row}
            continue
        key = (_text(facts, "peer"), _text(facts, "number"))
        if row.kind == ORDERED:
            asked = decode(facts.get("requests", b"[]"), list, "requests")
            sent[key] = [request for request in asked if request in chains]
            for request in sent[key]:
                chains[request][ORDERED] = row
        elif row.kind in (SEALED, DELIVERED, ACCEPTED):
            for request in sent.get(key, ()):
                chains[request][row.kind] = row
        else:
            for request in sent.pop(key, ()):
                chains[request].pop(ORDERED, None)
    return [tuple(sorted(c.values(), key=lambda r: r.index)) for c in chains.values()]


def _text(facts: Mapping[str, bytes], field: str) -> str:
    return decode(facts.get(field, b'""'), str, field)


# -- verifying --------------------------------------------------------------------


class Checked(msgspec.Struct, frozen=True):
    """Evidence that holds: the claim, and how many entries and statements were checked.

    `item` is the item's number in the register that this is evidence of; `opened` says how
    many facts of each entry are open.
    """

    claim: Claim
    item: str
    vouched: Vouched
    count: int
    opened: tuple[Opened, ...]


def verify_evidence(data: bytes, trust: Trust, where: str) -> Checked:
    """Verify an evidence file against the trusted cards; `where` names it in messages.

    Proves: both log keys signed the checkpoint and the partner's three witness keys
    cosigned it; each entry stands in the book at its index; each opened fact is the
    one committed to; the entries belong to one item and one transmittal; the
    registrars' acts, the receipt and the acceptance are signed by whom they say; the
    claim is what all this adds up to. Needs the cards of both nodes. Does not prove
    that nothing happened later, nor what the facts not opened say. Raises
    `BadInput` or `ProofFailed`, naming the entry.
    """
    evidence = parse_evidence(data, where)
    vouched = check_checkpoint(evidence.checkpoint.encode(), trust, f"{where}, checkpoint")
    if vouched.book != evidence.book:
        raise ProofFailed(f"the checkpoint is of the book {shown(vouched.book)}", where)
    steps: list[Step] = []
    tally = Tally(where)
    for proven in evidence.entries:
        entry, step = _prove(proven, vouched, where)
        steps.append(step)
        tally.add(entry.index, entry.kind, len(proven.openings), len(entry.facts))
        if len(steps) > 1 and steps[-1].index <= steps[-2].index:
            raise ProofFailed(f"entry {proven.index} is out of order", where)
    try:
        claim = claim_of(steps, evidence.book)
        check_ruling(steps[0].facts)
        count, partner = check_statements(steps, claim, vouched.card, trust)
    except (BadInput, ProofFailed) as error:
        raise ProofFailed(str(error), where) from None
    if claim != evidence.claim:
        raise ProofFailed("the claim is not what the entries say", where)
    _check_partner(claim, partner, vouched, trust, where)
    item = str(steps[0].facts["item"])
    return Checked(claim, item, vouched, len(steps) + count + 1, tally.lines())


def _prove(proven: Proven, vouched: Vouched, where: str) -> tuple[Entry, Step]:
    """An entry at its place under the checkpoint, and its opened facts."""
    where = f"{where}, entry {proven.index}"
    data, checkpoint = proven.entry.encode(), vouched.checkpoint
    entry = parse_entry(data, where)
    where = f"{where} ({entry.kind})"
    if (entry.book, entry.index) != (checkpoint.origin, proven.index):
        raise ProofFailed("the entry says another book or index", where)
    leaf = leaf_hash(data)
    try:
        verify_inclusion(proven.index, checkpoint.size, leaf, proven.proof, checkpoint.root)
        for field, opening in proven.openings.items():
            check_opening(entry, field, opening)
    except ProofFailed as error:
        raise ProofFailed(error.what, where) from None
    if entry.kind not in NEEDED:
        raise ProofFailed("an entry of this kind says nothing about an item's way", where)
    if gone := [field for field in NEEDED[entry.kind] if field not in proven.openings]:
        raise ProofFailed(f"the fact {gone[0]} is not open", where)
    return entry, _step(entry, leaf, proven.openings, where)


def _check_partner(claim: Claim, partner: str, vouched: Vouched, trust: Trust, where: str) -> None:
    """The partner must have cosigned, or the log's owner alone could have written all this."""
    wanted = {partner} if partner else {c.registry for c in trust.cards if c.party == claim.to}
    whose = partner or claim.to
    if not any(trust.of_registry(registry) for registry in wanted):
        raise ProofFailed(
            f"the cosignatures could not be checked: no card of {shown(whose)} is trusted. {HOW}",
            where,
        )
    if not wanted.intersection(vouched.cosigners()):
        raise ProofFailed(f"{shown(whose)} has not cosigned this checkpoint", where)
