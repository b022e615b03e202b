"""The Merkle tree of RFC 6962 with SHA-256: hashes, proofs and their checks.

Promises: `Tree` answers for every size it has had, and a proof that verifies
has exactly the length its sizes call for. Does not promise that the entries
behind the leaf hashes exist or are well formed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

from gsomia.faults import BadInput, ProofFailed

HASH = 32
"""Bytes in a leaf or node hash."""

MAX_SIZE = (1 << 63) - 1
"""Leaves: the largest tree any function here accepts."""

EMPTY_ROOT = sha256(b"").digest()
"""The root of a tree without leaves (RFC 6962, section 2.1)."""


def leaf_hash(entry: bytes) -> bytes:
    """SHA-256(00 || entry). The prefix keeps a leaf from passing for a node."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(01 || left || right)."""
    return sha256(b"\x01" + left + right).digest()


def _check_hash(hash_: bytes, where: str) -> None:
    if len(hash_) != HASH:
        raise BadInput(f"a hash of {HASH} bytes", f"{len(hash_)} bytes", where)


def _fold(parts: list[bytes]) -> bytes:
    """The root over complete subtrees given largest first; uses up the list."""
    if not parts:
        return EMPTY_ROOT
    root = parts.pop()
    while parts:
        root = node_hash(parts.pop(), root)
    return root


# -- the tree -------------------------------------------------------------------


class Tree:
    """An append-only tree held in memory, 64 bytes for each leaf.

    Level k holds the hashes of the complete subtrees of 2**k leaves, end to
    end. `append` costs one node hash on average; every question costs O(log n).
    """

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self._levels = [bytearray()]
        self.extend(leaves)

    @property
    def size(self) -> int:
        """How many leaves there are."""
        return len(self._levels[0]) // HASH

    def append(self, leaf: bytes) -> int:
        """Add one leaf hash; returns its index. Raises `BadInput` unless it is 32 bytes."""
        _check_hash(leaf, "leaf")
        levels = self._levels
        levels[0] += leaf
        index = count = len(levels[0]) // HASH
        level = 0
        while not count & 1:
            # The pair at the end of this level is complete: 64 bytes to hash.
            if (level := level + 1) == len(levels):
                levels.append(bytearray())
            levels[level] += sha256(b"\x01" + levels[level - 1][-2 * HASH :]).digest()
            count >>= 1
        return index - 1

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add many leaf hashes, level by level: about half the time of `append` for each."""
        added = list(leaves)
        for leaf in added:
            if len(leaf) != HASH:
                _check_hash(leaf, "leaf")
        self._levels[0] += b"".join(added)
        self._grow()

    def extend_bytes(self, leaves: bytes) -> None:
        """Add leaf hashes that stand end to end, as in a level 0 tile or a stored column."""
        if len(leaves) % HASH:
            raise BadInput(f"a multiple of {HASH} bytes", f"{len(leaves)} bytes", "leaves")
        self._levels[0] += leaves
        self._grow()

    def _grow(self) -> None:
        """Complete every level from the one below it."""
        levels, pair, level = self._levels, 2 * HASH, 0
        while len(levels[level]) >= pair:
            below = levels[level]
            if (level := level + 1) == len(levels):
                levels.append(bytearray())
            start, end = 2 * len(levels[level]), len(below) - len(below) % pair
            if start == end:
                break
            view = bytes(below[start:end])
            levels[level] += b"".join(
                [sha256(b"\x01" + view[i : i + pair]).digest() for i in range(0, len(view), pair)]
            )

    def forget_after(self, size: int) -> None:
        """Drop the leaves from index `size` on: for a batch that was never committed.

        Never for leaves under a checkpoint that anybody has seen.
        """
        self._check_size(size)
        for level, nodes in enumerate(self._levels):
            del nodes[(size >> level) * HASH :]

    def leaf(self, index: int) -> bytes:
        """The leaf hash at `index`. Raises `BadInput` if there is none."""
        return self.nodes(0, index, index + 1)

    def nodes(self, level: int, start: int, end: int) -> bytes:
        """The hashes of the complete subtrees `start` to `end` of 2**level leaves, end to end.

        Raises `BadInput` where the tree does not have them yet.
        """
        have = len(self._levels[level]) // HASH if 0 <= level < len(self._levels) else 0
        if not 0 <= start <= end <= have:
            raise BadInput(f"nodes within 0 to {have}", f"{start} to {end}", f"level {level}")
        return bytes(self._levels[level][start * HASH : end * HASH]) if end else b""

    def root(self, size: int | None = None) -> bytes:
        """The root the tree had at `size` leaves; now, if none is given."""
        size = self.size if size is None else size
        self._check_size(size)
        return self._range(0, size)

    def inclusion_proof(self, index: int, size: int | None = None) -> list[bytes]:
        """The path from leaf `index` to the root at `size` (RFC 6962, section 2.1.1)."""
        size = self.size if size is None else size
        self._check_size(size)
        if not 0 <= index < size:
            raise BadInput(f"an index below {size}", str(index), "inclusion proof")
        low, high, path = 0, size, []
        while high - low > 1:
            middle = low + _split(high - low)
            if index < middle:
                path.append(self._range(middle, high))
                high = middle
            else:
                path.append(self._range(low, middle))
                low = middle
        path.reverse()
        return path

    def consistency_proof(self, old: int, new: int | None = None) -> list[bytes]:
        """Proves the tree at `old` a prefix of that at `new` (RFC 6962, section 2.1.2).

        Empty if `old` is zero or equal to `new`.
        """
        new = self.size if new is None else new
        self._check_size(new)
        if not 0 <= old <= new:
            raise BadInput(f"an old size up to {new}", str(old), "consistency proof")
        if old == 0:
            return []
        low, high, path = 0, new, []
        while old != high:
            middle = low + _split(high - low)
            if old <= middle:
                path.append(self._range(middle, high))
                high = middle
            else:
                path.append(self._range(low, middle))
                low = middle
        if low:
            path.append(self._range(low, high))
        path.reverse()
        return path

    def _check_size(self, size: int) -> None:
        if not 0 <= size <= self.size:
            raise BadInput(f"a size up to {self.size}", str(size), "tree")

    def _range(self, low: int, high: int) -> bytes:
        """The hash over leaves `low` to `high`; `low` is a multiple of the largest subtree."""
        parts = []
        while low < high:
            level = (high - low).bit_length() - 1
            at = (low >> level) * HASH
            parts.append(bytes(self._levels[level][at : at + HASH]))
            low += 1 << level
        return _fold(parts)


def _split(size: int) -> int:
    """The largest power of two below `size`, which is at least 2."""
    return 1 << (size - 1).bit_length() - 1


class MerkleAccumulator:
    """The root over leaves that are seen once and not kept: O(log n) memory.

    For whoever checks a whole book against its checkpoint.
    """

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []  # complete subtrees, largest first

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash. Raises `BadInput` unless it is 32 bytes."""
        _check_hash(leaf, "leaf")
        self._add(leaf, 0)

    def append_entries(self, entries: Iterable[bytes]) -> None:
        """Add the leaves of many entries; about a microsecond each, hashing included."""
        block = [sha256(b"\x00" + entry).digest() for entry in entries]
        start = 0
        while start < len(block):
            # The largest aligned, complete subtree that begins here.
            room = (self.size & -self.size) or (1 << 62)
            level = min(room, len(block) - start).bit_length() - 1
            self._add(_subtree(block[start : start + (1 << level)]), level)
            start += 1 << level

    def _add(self, node: bytes, level: int) -> None:
        count = self.size >> level
        while count & 1:
            node = node_hash(self._peaks.pop(), node)
            count >>= 1
        self._peaks.append(node)
        self.size += 1 << level

    def root(self) -> bytes:
        """The root over what came so far."""
        return _fold(list(self._peaks))


def _subtree(hashes: list[bytes]) -> bytes:
    """The root over a power of two of hashes."""
    while len(hashes) > 1:
        pairs = iter(hashes)
        hashes = [
            sha256(b"\x01" + left + right).digest()
            for left, right in zip(pairs, pairs, strict=True)
        ]
    return hashes[0]


# -- checking proofs ------------------------------------------------------------


def root_from_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes]) -> bytes:
    """The root that `proof` leads to from `leaf` at `index` in a tree of `size` leaves.

    Raises `ProofFailed` for an index outside the tree, a proof of the wrong
    length, or hashes that are not 32 bytes.
    """
    if not 0 <= index < size <= MAX_SIZE:
        raise ProofFailed(f"index {index} is not in a tree of {size}", "inclusion proof")
    inner = (index ^ (size - 1)).bit_length()
    border = (index >> inner).bit_count()
    _check_proof(proof, inner + border, "inclusion proof", leaf)
    return _up(leaf, proof[:inner], proof[inner:], index)


def verify_inclusion(
    index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes
) -> None:
    """Raise `ProofFailed` unless `leaf` stands at `index` under `root` at `size` leaves."""
    if root_from_inclusion(index, size, leaf, proof) != root:
        raise ProofFailed("the leaf is not under this root", "inclusion proof")


def verify_consistency(
    old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Raise `ProofFailed` unless the tree at `new` begins with the whole tree at `old`.

    From size zero every tree follows: the proof must be empty, and the old root
    the empty tree's (C2SP tlog-witness).
    """
    where = "consistency proof"
    if not 0 <= old <= new <= MAX_SIZE:
        raise ProofFailed(f"size {old} cannot grow to {new}", where)
    if old in (0, new):
        _check_proof(proof, 0, where, old_root, new_root)
        if old == new and old_root != new_root:
            raise ProofFailed("one size, two roots", where)
        if old == 0 and old_root != EMPTY_ROOT:
            raise ProofFailed("the empty tree has another root", where)
        return
    shift = (old & -old).bit_length() - 1
    inner = ((old - 1) ^ (new - 1)).bit_length()
    border = ((old - 1) >> inner).bit_count()
    inner -= shift
    # The old tree is one complete subtree: its root is known and left out.
    known = old == 1 << shift
    _check_proof(proof, inner + border + (not known), where, old_root, new_root)
    seed, path = (old_root, proof) if known else (proof[0], proof[1:])
    mask, left = (old - 1) >> shift, path[inner:]
    were_left = [step for i, step in enumerate(path[:inner]) if mask >> i & 1]
    if _up(seed, (), [*were_left, *left], 0) != old_root:
        raise ProofFailed("the proof does not lead to the old root", where)
    if _up(seed, path[:inner], left, mask) != new_root:
        raise ProofFailed("the proof does not lead to the new root", where)


def _check_proof(proof: Sequence[bytes], length: int, where: str, *hashes: bytes) -> None:
    if len(proof) != length:
        raise ProofFailed(f"the proof has {len(proof)} hashes, not {length}", where)
    if any(len(h) != HASH for h in (*proof, *hashes)):
        raise ProofFailed(f"a hash is not {HASH} bytes", where)


def _up(node: bytes, inner: Sequence[bytes], left: Sequence[bytes], index: int) -> bytes:
    """Climb from `node`: `inner` steps take their side from `index`'s bits, `left` stand left."""
    for i, step in enumerate(inner):
        node = node_hash(step, node) if index >> i & 1 else node_hash(node, step)
    for step in left:
        node = node_hash(step, node)
    return node
