"""Verifying a whole book offline, and naming the place where it was changed.

Every hash is computed from the entries themselves. Where that does not lead to the
signed root, the tiles say which entry differs, if they are whole; if they were
changed as well, the earlier signed checkpoints say between which two the change lies.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec

from gsomia.act import HOUSE
from gsomia.canon import EPOCH
from gsomia.evidence.bookfolder import (
    CARD,
    EARLIER,
    MAX_BUNDLE,
    MAX_OPENING,
    NEWEST,
    BookCard,
    earlier_size,
    openings_path,
    parse_book_card,
    parse_opening,
    read_bundle,
    tile_paths,
)
from gsomia.evidence.files import Files, Listed, lines
from gsomia.evidence.opened import Opened, Tally
from gsomia.evidence.trust import Trust, Vouched, check_checkpoint
from gsomia.faults import BadInput, ProofFailed, shown
from gsomia.journal.checkpoint import MAX_CHECKPOINT
from gsomia.journal.entry import Entry, Opening, check_opening, parse_entry
from gsomia.journal.tiles import WIDTH, TilePath
from gsomia.journal.tree import HASH, Tree, leaf_hash

READ_ME = ("README", "README.md")
MAX_SMALL = 1 << 16


class BookChecked(msgspec.Struct, frozen=True):
    """A book that holds: which, how many entries and checkpoints, and how many facts are open."""

    card: BookCard
    newest: Vouched
    entries: int
    checkpoints: int
    opened: tuple[Opened, ...]


def verify_book(files: Files, trust: Trust, where: str = "book") -> BookChecked:
    """Verify a book's folder against the trusted cards; `where` names it in messages.

    Proves: the folder holds exactly the files of a book of this size; every
    checkpoint is signed by both log keys and lies on this book; every tile and the
    newest root follow from the entries; each entry is well formed, in its place,
    not dated before the one ahead of it, and cites only what stands in this book
    as it says; every opening is what its entry committed to. If a card of another
    node is trusted, one such node must have cosigned the newest checkpoint, unless
    it is the house book. Raises `ProofFailed` or `BadInput` for the first problem,
    naming the file, the entry, or the interval between two checkpoints.

    Does not follow cites into other books, nor say what closed facts hold.
    """
    return _Walk(files, trust, where).run()


class _Walk:
    """One verification, in steps. Keeps the hashes of the tree: 64 bytes for each entry."""

    def __init__(self, files: Files, trust: Trust, where: str) -> None:
        self._files, self._trust, self._where = files, trust, where
        self._tree = Tree()
        self._differs: str = ""
        self._fault: BadInput | ProofFailed | None = None
        self._last: datetime = EPOCH
        self._tally = Tally(where)

    def run(self) -> BookChecked:
        listed = {one.path: one for one in self._files.listing()}
        for one in listed.values():
            if not one.regular:
                raise ProofFailed("is a link or no regular file", self._at(one.path))
        card = parse_book_card(self._read(listed, CARD, MAX_SMALL), self._at(CARD))
        self._origin = card.origin
        newest = self._checkpoint(listed, NEWEST)
        size = newest.checkpoint.size
        said = (card.book, card.origin, card.size)
        if said != (newest.book, newest.checkpoint.origin, size):
            raise ProofFailed("names another book or size than the checkpoint", self._at(CARD))
        self._check_files(listed, size)
        earlier = self._earlier(listed)
        self._check_cosigned(newest)
        self._entries(listed, size)
        self._roots([*earlier, newest])
        self._tiles(size)
        if self._fault is not None:
            raise self._fault
        return BookChecked(card, newest, size, len(earlier) + 1, self._tally.lines())

    # -- files ------------------------------------------------------------------------

    def _at(self, path: str) -> str:
        return f"{self._where}: {shown(path)}"

    def _read(self, listed: dict[str, Listed], path: str, limit: int) -> bytes:
        if path not in listed:
            raise ProofFailed("is missing", self._at(path))
        return self._files.read(path, limit)

    def _check_files(self, listed: dict[str, Listed], size: int) -> None:
        """Exactly the files of a book of this size, none with an impossible length."""
        rest = dict(listed)
        for name in (*READ_ME, CARD, NEWEST):
            rest.pop(name, None)
        for tile in tile_paths(size):
            one, where = rest.pop(tile.text, None), self._at(tile.text)
            if one is None:
                raise ProofFailed("is missing", where)
            if tile.level is None:
                if one.size > MAX_BUNDLE:
                    raise ProofFailed("is larger than any bundle of entries", where)
                rest.pop(openings_path(tile.index), None)
            elif one.size != tile.width * HASH:
                what = f"has {one.size} bytes, not the {tile.width * HASH} of its hashes"
                raise ProofFailed(what, where)
        for path in rest:
            if not path.startswith(EARLIER) or not 0 <= earlier_size(path) < size:
                raise ProofFailed("does not belong to this book", self._at(path))

    # -- checkpoints --------------------------------------------------------------------

    def _checkpoint(self, listed: dict[str, Listed], path: str) -> Vouched:
        data = self._read(listed, path, MAX_CHECKPOINT)
        return check_checkpoint(data, self._trust, self._at(path))

    def _earlier(self, listed: dict[str, Listed]) -> list[Vouched]:
        """The earlier checkpoints, smallest first, each signed, of this book, as named."""
        found = []
        paths = [path for path in listed if path.startswith(EARLIER)]
        for path in sorted(paths, key=earlier_size):
            vouched = self._checkpoint(listed, path)
            checkpoint = vouched.checkpoint
            if checkpoint.origin != self._origin or checkpoint.size != earlier_size(path):
                raise ProofFailed("is of another book or size", self._at(path))
            found.append(vouched)
        return found

    def _check_cosigned(self, newest: Vouched) -> None:
        others = self._trust.others(newest.card.registry)
        if others and not newest.cosigned and newest.book != HOUSE:
            raise ProofFailed(
                f"no trusted partner ({shown(', '.join(others))}) has cosigned it: "
                "the log alone stands for this history",
                self._at(NEWEST),
            )

    # -- entries ------------------------------------------------------------------------

    def _entries(self, listed: dict[str, Listed], size: int) -> None:
        """Hash every entry, hold it against its tile, and check what it says of itself."""
        for index in range(-(-size // WIDTH)):
            path = TilePath(None, index, min(WIDTH, size - index * WIDTH))
            data = self._files.read(path.text, MAX_BUNDLE)
            try:
                found = read_bundle(data, path)
            except BadInput as error:
                raise ProofFailed(
                    f"is cut or altered ({error.got} where {error.expected} belong)",
                    self._at(path.text),
                ) from None
            start = index * WIDTH
            leaves = [leaf_hash(entry) for entry in found]
            self._tree.extend_bytes(b"".join(leaves))
            self._compare(path, start, found, leaves)
            try:
                entries = [self._entry(start + n, entry) for n, entry in enumerate(found)]
                counts = [0] * len(entries)
                if (opened := openings_path(index)) in listed:
                    self._open(opened, start, entries, counts)
                for entry, count in zip(entries, counts, strict=True):
                    self._tally.add(entry.index, entry.kind, count, len(entry.facts))
            except (BadInput, ProofFailed) as error:
                # Told only if the entries are the book's own: else the change is the news.
                self._fault = self._fault or error

    def _compare(self, path: TilePath, start: int, found: list[bytes], leaves: list[bytes]) -> None:
        """Remember the first entry whose hash is not the one in its tile."""
        if self._differs:
            return
        tile = TilePath(0, path.index, path.width)
        kept = self._files.read(tile.text, WIDTH * HASH)
        for n, leaf in enumerate(leaves):
            if kept[n * HASH : (n + 1) * HASH] != leaf:
                self._differs = f"entry {start + n}{_kind(found[n])}"
                return

    def _entry(self, index: int, data: bytes) -> Entry:
        where = f"{self._where}: entry {index}"
        entry = parse_entry(data, where)
        if entry.index != index or entry.book != self._origin:
            raise ProofFailed("says another book or index of itself", where)
        if entry.at < self._last:
            raise ProofFailed("is dated before the entry ahead of it", where)
        self._last = entry.at
        for cite in entry.cites:
            if cite.book == self._origin and (
                cite.index >= index or self._tree.nodes(0, cite.index, cite.index + 1) != cite.leaf
            ):
                raise ProofFailed(f"cites entry {cite.index} as it does not stand here", where)
        return entry

    def _open(self, path: str, start: int, entries: list[Entry], counts: list[int]) -> None:
        """Every opening of one bundle's entries, in order, each once; counts them in `counts`."""
        last, at = (-1, ""), self._at(path)
        for line in lines(self._files.chunks(path), MAX_OPENING, at):
            said = parse_opening(line, at)
            if not 0 <= said.index - start < len(entries) or (said.index, said.field) <= last:
                raise ProofFailed(f"an opening of entry {said.index} is out of place", at)
            last = (said.index, said.field)
            try:
                opening = Opening(said.salt, said.value)
                check_opening(entries[said.index - start], said.field, opening)
            except ProofFailed as error:
                raise ProofFailed(f"entry {said.index}: {error.what}", at) from None
            counts[said.index - start] += 1
        if last == (-1, ""):
            raise ProofFailed("is empty, and would then not be here", at)

    # -- roots --------------------------------------------------------------------------

    def _roots(self, signed: list[Vouched]) -> None:
        """Hold the entries against every signed root; say where they leave the signed history."""
        newest = signed[-1].checkpoint
        if self._tree.root() != newest.root:
            if self._tiles_root(newest.size) == newest.root:
                raise ProofFailed(
                    f"{self._differs} is not the one that stands in the signed book: "
                    "the first that differs",
                    self._where,
                )
            raise ProofFailed(self._interval(signed), self._where)
        for one in signed[:-1]:
            if self._tree.root(one.checkpoint.size) != one.checkpoint.root:
                raise ProofFailed(
                    "is signed, but by another history than the newest: the log signed two",
                    self._at(f"{EARLIER}{one.checkpoint.size}"),
                )

    def _tiles_root(self, size: int) -> bytes:
        """The root that the leaf hashes in the tiles lead to."""
        tree = Tree()
        for path in tile_paths(size):
            if path.level == 0:
                tree.extend_bytes(self._files.read(path.text, WIDTH * HASH))
        return tree.root()

    def _interval(self, signed: list[Vouched]) -> str:
        """Between which signed checkpoints the entries leave the signed history."""
        good = 0
        for one in signed:
            size = one.checkpoint.size
            if self._tree.root(size) != one.checkpoint.root:
                return (
                    f"the history was changed between entry {good} and entry {size - 1}: the "
                    f"entries lead to the root signed at size {good}, not to that at {size}"
                )
            good = size
        raise AssertionError("the newest root was seen to differ")

    def _tiles(self, size: int) -> None:
        """Every hash tile is what the entries, now known to be right, lead to."""
        for path in tile_paths(size):
            # Level 0 was compared on the way, and is read again only to name the tile.
            if path.level is None or (path.level == 0 and not self._differs):
                continue
            start = path.index * WIDTH
            right = self._tree.nodes(8 * path.level, start, start + path.width)
            if self._files.read(path.text, WIDTH * HASH) != right:
                raise ProofFailed(
                    "is altered; the entries themselves are as signed", self._at(path.text)
                )


def _kind(data: bytes) -> str:
    """The kind an entry states, for a message, if it can still be read."""
    try:
        return f" ({parse_entry(data).kind})"
    except BadInput:
        return ""


# -- two copies -------------------------------------------------------------------


class Comparison(msgspec.Struct, frozen=True):
    """How two copies of a book differ: the first entry that does (None: none does), in words.

    `sizes` are the two books' sizes. If no entry differs, the shorter is a prefix.
    """

    sizes: tuple[int, int]
    first: int | None
    text: str


def compare_books(first: Files, second: Files) -> Comparison:
    """Compare two copies entry by entry. Verifies nothing: verify each before.

    Raises `BadInput` if one cannot be read or they are of different books.
    """
    cards = [parse_book_card(f.read(CARD, MAX_SMALL), CARD) for f in (first, second)]
    if cards[0].origin != cards[1].origin:
        raise BadInput(f"two copies of {shown(cards[0].origin)}", shown(cards[1].origin), CARD)
    sizes = (cards[0].size, cards[1].size)
    pairs = zip(_all(first, sizes[0]), _all(second, sizes[1]), strict=False)
    for index, (one, other) in enumerate(pairs):
        if one != other:
            kinds = " and ".join(dict.fromkeys(_kind(x).strip(" ()") or "?" for x in (one, other)))
            return Comparison(sizes, index, f"entry {index} ({kinds}) is the first that differs")
    if sizes[0] == sizes[1]:
        return Comparison(sizes, None, f"the two are the same {sizes[0]} entries")
    return Comparison(
        sizes, None, f"the shorter, of {min(sizes)} entries, is a prefix of the other"
    )


def _all(files: Files, size: int) -> Iterator[bytes]:
    for path in tile_paths(size):
        if path.level is None:
            yield from read_bundle(files.read(path.text, MAX_BUNDLE), path)
