"""What a node gives to others to keep: evidence of an item, a whole book, a backup."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from gsomia.evidence.bookfolder import export_book
from gsomia.evidence.file import SUFFIX, build_item_evidence, item_chains
from gsomia.exchange.model import Peer
from gsomia.faults import BadInput, Unavailable, shown
from gsomia.journal.rows import EntryRow
from gsomia.node.node import Node
from gsomia.registry.model import Item
from gsomia.release.model import Request


def _cosigned(node: Node, book: str) -> tuple[int, bytes]:
    """The newest checkpoint of a book that a partner has cosigned. Asks for one first."""
    node.cosign()
    for peer in node.clerk.state.all(Peer):
        size = node.links.known_size(book, peer.registry)
        kept = node.store.checkpoint(book, size) if size else None
        if kept is not None:
            return kept
    raise Unavailable(f"no partner has cosigned book {book} yet", "Try again once it is in reach")


def evidence(node: Node, number: str) -> Iterator[tuple[str, bytes]]:
    """The evidence files of an item: one for each release of it that was answered for.

    Each is of the book of the agreement it was released under.
    """
    item = node.clerk.state.need(Item, number, "item")
    released = (r for r in node.clerk.state.all(Request) if r.item == number)
    found: list[bytes] = []
    for agreement in sorted({r.agreement for r in released if r.state == "dispatched"}):
        size, note = _cosigned(node, agreement)
        rows = list(node.store.entries(agreement, 0, size))
        tree = node.books.tree(agreement)
        chains = item_chains(rows, item.reference)
        found += [build_item_evidence(agreement, chain, tree, note) for chain in chains]
    if not found:
        raise BadInput("an item that was released and answered for", shown(number), "evidence")
    for count, data in enumerate(found, 1):
        name = number if len(found) == 1 else f"{number}-{count}"
        yield name + SUFFIX, data


def book(node: Node, name: str) -> Iterator[tuple[str, bytes]]:
    """A whole book up to its newest cosigned checkpoint; register facts are laid open."""
    if name not in node.agreements:
        raise BadInput("a book shared with a partner", shown(name), "book")
    newest, _ = _cosigned(node, name)
    notes = [note for size, note in node.store.checkpoints(name) if size <= newest]

    def rows(start: int, end: int) -> Sequence[EntryRow]:
        return list(node.store.entries(name, start, end))

    yield from export_book(name, rows, node.books.tree(name), notes)


def backup(node: Node, path: str) -> dict[str, str]:
    """A copy of the journal in a new file, and one of the small sealed content beside it.

    The content is copied last, so that what the journal calls for is there. Neither
    holds a key: key slots are kept apart from them.
    """
    target = Path(path)
    if not path or not target.is_absolute():
        raise BadInput("an absolute path of a new file", shown(path), "backup")
    content = target.with_name(target.name + ".small")
    if content.exists():
        raise BadInput("a new file", "one that exists", content.name)
    node.store.backup(target)
    node.custody.blobs.backup(content)
    return {"backup": str(target), "content": str(content)}
