"""The books in memory: trees, and entries made from events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from gsomia.act import Filed
from gsomia.canon import decode, encode, instant
from gsomia.faults import ProofFailed
from gsomia.fold import Event, State, Where, revive
from gsomia.journal.checkpoint import Checkpoint
from gsomia.journal.entry import SEED, Cite, make_entry
from gsomia.journal.rows import EntryRow, OpeningRow
from gsomia.journal.tree import Tree, leaf_hash
from gsomia.node.orders import SignedOrder, Spent
from gsomia.node.ports import Rand, Store
from gsomia.node.tables import FOLDS, KINDS, form
from gsomia.registry.model import Item


class Books:
    """Every book's tree, and the making of entries. Holds no openings."""

    def __init__(self, origin: str, rand: Rand) -> None:
        self._origin, self._rand = origin, rand
        self._trees: dict[str, Tree] = {}
        self._settled: dict[str, int] = {}

    def load(self, store: Store) -> None:
        """Read all leaf hashes from the store."""
        trees = {}
        for book in store.heads():
            trees[book] = Tree()
            trees[book].extend_bytes(store.leaves(book))
        self._trees = trees
        self.settle()

    def settle(self) -> None:
        """What was appended so far is committed: from now on it counts."""
        self._settled = {book: tree.size for book, tree in tuple(self._trees.items()) if tree.size}

    def origin(self, book: str) -> str:
        """The book's name on its checkpoints: unique to this node and book."""
        return f"{self._origin}/{book}"

    def tree(self, book: str) -> Tree:
        """The book's tree, which may run ahead of what is committed; an empty one if not begun."""
        return self._trees.setdefault(book, Tree())

    def size(self, book: str) -> int:
        """Committed entries in the book."""
        return self._settled.get(book, 0)

    def names(self) -> tuple[str, ...]:
        """The books begun."""
        return tuple(self._settled)

    def checkpoint(self, book: str) -> Checkpoint:
        """The book's committed state, unsigned."""
        size = self.size(book)
        return Checkpoint(self.origin(book), size, self.tree(book).root(size))

    def append(
        self,
        book: str,
        event: Event,
        at: datetime,
        order: SignedOrder | None,
        cites: Iterable[Where],
    ) -> tuple[EntryRow, Where]:
        """Make the next entry of a book from an event.

        The signed command that caused it is kept with it, as personal data; its
        nonce as a register fact, so that a rebuilt node still knows it. The entry
        counts only once its row is committed; `forget_after` takes it back.
        """
        tree = self.tree(book)
        facts = event.facts()
        personal = event.personal
        if order is not None:
            facts["command"] = encode(order.signed.decode())
            facts["nonce"] = encode(order.order.nonce)
            personal = personal | {"command"}
        cited = [Cite(self.origin(c.book), c.index, bytes.fromhex(c.leaf[7:])) for c in cites]
        data, openings = make_entry(
            self.origin(book), tree.size, event.kind_(), at, facts, self._rand(SEED), cited
        )
        leaf = leaf_hash(data)
        index = tree.append(leaf)
        rows = tuple(
            OpeningRow(field, "personal" if field in personal else "register", o.salt, o.value)
            for field, o in openings.items()
        )
        row = EntryRow(book, index, event.kind_(), instant(at), data, leaf, rows)
        return row, Where(book, index, "sha256:" + leaf.hex())

    def forget_after(self, sizes: Mapping[str, int]) -> None:
        """Take back everything appended beyond these sizes."""
        for book, tree in self._trees.items():
            tree.forget_after(sizes.get(book, 0))


def take_in(state: State, row: EntryRow, event: Event, where: Where) -> None:
    """Fold one entry: what its event changes, and the nonce of its command."""
    for opening in row.openings:
        if opening.field == "nonce":
            state.put(Spent(decode(opening.value, str, "nonce")))
    FOLDS[type(event)](state, event, where, row.at)


def replay(rows: Iterable[EntryRow], state: State) -> None:
    """Fold stored entries into `state`, in the order given.

    Raises `ProofFailed` for an entry of a kind this program does not know: it
    was written by a newer one, and guessing would change what is on record.
    """
    for row in rows:
        type_ = KINDS.get(row.kind)
        if type_ is None:
            raise ProofFailed(f"entry {row.index} is of a kind not known here", row.book)
        values = {o.field: o.value for o in row.openings if o.field in type_.__struct_fields__}
        where = Where(row.book, row.index, "sha256:" + row.leaf.hex())
        take_in(state, row, revive(type_, values), where)


FORM = "form"
"""Where a store keeps which program derived its documents (`tables.form`)."""


def derive(store: Store) -> int:
    """Put what follows from a store's entries in the place of its documents; how many there are.

    What lay there is not read: it may be damaged, or of another version of this program.
    """
    state = State()
    replay(store.everything(), state)
    docs = [(k, n, b) for k, n, b in state.take_changes() if b is not None]
    store.replace_docs(sorted(docs))
    store.put_meta(FORM, form())
    return len(docs)


def cites_of(filed: Filed, state: State) -> list[Where]:
    """The entries in other books that an event rests on: where its items were registered."""
    item = state.get(Item, getattr(filed.event, "item", ""))
    if item is None or item.entry.book == filed.book:
        return []
    return [item.entry]


def read_fact(row: EntryRow, field: str) -> str:
    """One text fact of a stored entry, or the empty string if its opening is gone."""
    for opening in row.openings:
        if opening.field == field:
            return decode(opening.value, str, field)
    return ""
