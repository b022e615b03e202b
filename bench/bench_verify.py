"""Verifying a book again, entry by entry, and proving one entry of a million."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import cycle
from pathlib import Path

import lone
from timing import Result, Sizes, alone, compare, interleaved, main, once, per_second

from gsomia.canon import encode
from gsomia.evidence.book import verify_book
from gsomia.evidence.bookfolder import export_book
from gsomia.evidence.files import Held
from gsomia.evidence.trust import Trust
from gsomia.journal.checkpoint import Checkpoint, sign_checkpoint
from gsomia.journal.entry import make_entry
from gsomia.journal.rows import EntryRow
from gsomia.journal.tree import MerkleAccumulator, Tree, leaf_hash, verify_inclusion

MILLION = 1_000_000
START = datetime(2026, 1, 1, tzinfo=UTC)
FACTS = {
    "id": encode("0123456789abcdef0123456789abcdef"),
    "item": encode("KOR-DIH1-2026-000001"),
    "copy": encode(1),
    "person": encode("K-5"),
    "facility": encode("F-1"),
    "purpose": encode("assessment of missile launches"),
}


def entries(origin: str, count: int) -> Iterator[bytes]:
    """A book's entries, of six facts each."""
    for index in range(count):
        at = START + timedelta(seconds=index)
        yield make_entry(origin, index, "registry.access", at, FACTS, os.urandom(32))[0]


def book(folder: Path, count: int) -> tuple[Held, Trust]:
    """An exported book in memory, and the card of its node."""
    with lone.node(folder) as node:
        identity, card = node.identity, node.card_note
        origin = node.books.origin(lone.AGREEMENT)
    data = list(entries(origin, count))
    tree = Tree([leaf_hash(entry) for entry in data])
    note = sign_checkpoint(Checkpoint(origin, count, tree.root()), identity.log_signers(origin))

    def rows(start: int, stop: int) -> list[EntryRow]:
        return [
            EntryRow(lone.AGREEMENT, n, "registry.access", "", data[n], tree.leaf(n))
            for n in range(start, stop)
        ]

    files = dict(export_book(lone.AGREEMENT, rows, tree, [note]))
    return Held(files), Trust.of([card])


def measure(sizes: Sizes) -> Result:
    """Hashing a million entries; the whole verification of a tenth of them; proofs at a million."""
    block, blocks = 1000, sizes.of(MILLION, 2000) // 1000
    sample = list(entries("kor-dih1.example/books/rok-japan-2016", block))
    size = block * blocks

    def accumulate() -> None:
        tree = MerkleAccumulator()
        for _ in range(blocks):
            tree.append_entries(sample)
        tree.root()

    def hashes() -> None:
        """The limit: one hash of each entry and one for each node of the tree, and no more."""
        pair = bytes(65)
        for _ in range(blocks):
            for entry in sample:
                sha256(entry).digest()
                sha256(pair).digest()

    turns = [(once(hashes), once(accumulate)) for _ in range(sizes.of(3, 1))]
    tree = Tree()
    tree.extend_bytes(os.urandom(32 * size))
    places = cycle(range(0, size, 997))
    root = tree.root()

    def check() -> None:
        index = next(places)
        verify_inclusion(index, size, tree.leaf(index), tree.inclusion_proof(index), root)

    proofs = interleaved(sizes, lambda: tree.inclusion_proof(next(places)), check)
    count = sizes.of(MILLION // 10, 500)
    with tempfile.TemporaryDirectory(prefix="gsomia-bench-") as name:
        files, trust = book(Path(name), count)
    whole = [once(lambda: verify_book(files, trust)) for _ in range(sizes.of(3, 1))]
    limit = [lim for lim, _ in turns]
    scale = count / size
    rate = per_second("entries", size)
    name = "SHA-256 of the same alone (limit)"
    fifteen = 15 * count / MILLION
    rows = (
        compare(f"root over {size:,} entries", [t for _, t in turns], name, limit, rate),
        compare(
            f"a book of {count:,} entries, all checks",
            whole,
            name,
            [x * scale for x in limit],
            per_second("entries", count),
        ),
        alone(
            "  the same, a million within 15 s", whole, per_second("entries", count), within=fifteen
        ),
        alone(f"inclusion proof among {size:,}", proofs[0], within=100e-6),
        alone("  made and verified", proofs[1], within=100e-6),
    )
    return Result("Verifying", rows)


if __name__ == "__main__":
    main(measure)
