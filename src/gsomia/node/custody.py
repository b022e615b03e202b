"""Content on this node: sealed on the way in, opened only for a signed access, shredded whole."""

from __future__ import annotations

import threading
from collections.abc import Container, Generator, Iterator, Mapping
from typing import BinaryIO

from gsomia.canon import digest
from gsomia.exchange.cover import Cover, open_cover, seal_cover
from gsomia.exchange.sealed import (
    KEY,
    PREFIX,
    SALT,
    Sealed,
    Source,
    iter_sealed,
    key_commitment,
    seal,
)
from gsomia.faults import BadInput, Unavailable, shown
from gsomia.node.ports import Blobs, NewBlob, Rand, Vault
from gsomia.registry.model import Item
from gsomia.registry.model import Sealed as Lies

AT_REST = b"gsomia/at-rest/v1"
"""Associated data of content sealed on this node."""

MAX_ITEM = 8 << 30
"""Bytes of the largest file an item may have."""


class Custody:
    """Sealed content and its key slots. Holds no key in memory longer than one call."""

    def __init__(self, blobs: Blobs, vault: Vault, rand: Rand) -> None:
        self.blobs, self.vault, self._rand = blobs, vault, rand
        self._unused: set[str] = set()
        self._lock = threading.Lock()

    # -- own content ------------------------------------------------------------------

    def stage(self, source: Source | None, media_type: str, cover: Cover) -> Lies:
        """Seal content that is to be registered; memory is flat whatever its size.

        Nothing is registered yet: the registrar signs for what this returns.
        `source` None is an item without a file. Raises `Unavailable` if the disk
        is full, and then nothing is left behind.
        """
        if not cover.title.strip():
            raise BadInput("a title", "none", "cover")
        if source is None and not cover.said.strip():
            raise BadInput("a file, or what was said", "neither", "content")
        key, slot = self._rand(KEY), self._rand(16).hex()
        sheet = seal_cover(cover, key)
        lies = Lies(slot=slot, key_commitment=key_commitment(key), cover=digest(sheet))
        if source is not None:
            with_blob = f"item-{slot}"
            sealed = self._seal(source, with_blob, key)
            lies = Lies(
                slot=slot,
                key_commitment=lies.key_commitment,
                cover=lies.cover,
                blob=with_blob,
                ciphertext_digest=sealed.ciphertext_digest,
                ciphertext_size=sealed.ciphertext_size,
                plaintext_size=sealed.plaintext_size,
                media_type=media_type,
            )
        self.put(cover_name(slot), sheet)
        self.put_slot(slot, key)
        return lies

    def _seal(self, source: Source, name: str, key: bytes) -> Sealed:
        blob = self.blobs.create()
        try:
            bounded = _Bounded(source, MAX_ITEM)
            sealed = seal(bounded, blob, key, self._rand(SALT + PREFIX), AT_REST)
            blob.keep(name)
        except BaseException:
            blob.drop()
            raise
        return sealed

    def new(self, data: bytes) -> NewBlob:
        """A small blob, written and not yet kept."""
        blob = self.blobs.create()
        try:
            blob.write(data)
        except BaseException:
            blob.drop()
            raise
        return blob

    def put(self, name: str, data: bytes) -> None:
        """Keep a small blob."""
        self.new(data).keep(name)

    def read(self, name: str, limit: int) -> bytes:
        """Read a small blob of at most `limit` bytes."""
        with self.blobs.open(name) as file:
            data = file.read(limit + 1)
        if len(data) > limit:
            raise BadInput(f"at most {limit} bytes", "more", shown(name))
        return data

    def is_staged(self, lies: Lies) -> bool:
        """Whether exactly this sealed content lies here, under a slot that is held."""
        self._spare_slot(lies.slot)
        for name in (cover_name(lies.slot), lies.blob):
            self.blobs.spare(name)
        key = self.vault.slot(lies.slot)
        if key is None or key_commitment(key) != lies.key_commitment:
            return False
        if digest(self.read(cover_name(lies.slot), 1 << 20)) != lies.cover:
            return False
        return not lies.blob or (
            self.blobs.exists(lies.blob) and self.blobs.size(lies.blob) == lies.ciphertext_size
        )

    # -- what earlier runs left -----------------------------------------------------------

    def suspect(self, blobs: Container[str], slots: Container[str]) -> None:
        """Remember all that is none of these: a run that was cut short left it.

        Only for the start: what is sealed, received or registered later is spared.
        """
        self.blobs.suspect(blobs)
        self._unused = {slot for slot in self.vault.slots() if slot not in slots}

    def clear(self) -> int:
        """Destroy what was suspected and not spared since; how many things those were."""
        count = 0
        for slot in tuple(self._unused):
            with self._lock:
                if slot in self._unused:
                    self._unused.discard(slot)
                    count += self.vault.destroy_slot(slot)
        return count + self.blobs.clear()

    def put_slot(self, slot: str, key: bytes) -> None:
        """Keep a key in a slot."""
        self._spare_slot(slot)
        self.vault.put_slot(slot, key)

    def put_slots(self, keys: Mapping[str, bytes]) -> None:
        """Keep several keys, each in its slot."""
        for slot in keys:
            self._spare_slot(slot)
        self.vault.put_slots(keys)

    def _spare_slot(self, slot: str) -> None:
        with self._lock:
            self._unused.discard(slot)

    # -- opening ------------------------------------------------------------------------

    def key(self, item: Item) -> bytes:
        """The item's key. Raises `Unavailable` once its slot was destroyed."""
        key = self.vault.slot(item.sealed.slot)
        if key is None:
            raise Unavailable(f"the key of {item.number} is not on this node any more")
        return key

    def cover(self, item: Item) -> Cover:
        """The item's cover sheet."""
        return open_cover(self.sealed_cover(item.sealed.slot), self.key(item))

    def sealed_cover(self, slot: str) -> bytes:
        """The sealed cover sheet of a slot."""
        return self.read(cover_name(slot), 1 << 20)

    def staged(self, lies: Lies) -> Generator[memoryview, None, None]:
        """The plaintext of content that nobody registered yet, as `content` gives it.

        Only for this node's own look at it: no person reads what has no number.
        """
        key = self.vault.slot(lies.slot)
        if key is None:
            raise Unavailable("the key of staged content is not on this node")
        expected = Sealed(
            lies.ciphertext_digest, lies.ciphertext_size, lies.plaintext_size, lies.key_commitment
        )
        with self.blobs.open(lies.blob) as file:
            yield from iter_sealed(as_source(file), key, AT_REST, expected)

    def content(self, item: Item, aad: bytes) -> Iterator[memoryview]:
        """The plaintext, segment by segment. A failed proof ends it with `ProofFailed`:
        whoever consumes it must not rely on anything before the end is reached.
        """
        lies = item.sealed
        if not lies.blob:
            return
        expected = Sealed(
            lies.ciphertext_digest, lies.ciphertext_size, lies.plaintext_size, lies.key_commitment
        )
        with self.blobs.open(lies.blob) as file:
            yield from iter_sealed(as_source(file), self.key(item), aad, expected)

    # -- shredding ---------------------------------------------------------------------------

    def shred(self, item: Item) -> bool:
        """Destroy the item's slot, then its sealed bytes; whether the slot was there."""
        there = self.vault.destroy_slot(item.sealed.slot)
        self.blobs.delete(cover_name(item.sealed.slot))
        if item.sealed.blob:
            self.blobs.delete(item.sealed.blob)
        return there


def cover_name(slot: str) -> str:
    """The blob of a slot's cover sheet. Slot names may hold any text, so it is a digest."""
    return "cover-" + digest(slot.encode())[7:]


def as_source(file: BinaryIO) -> Source:
    """An open file as a source: it can be read into a buffer, which its type does not say."""
    return file  # type: ignore[return-value]  # open files have readinto


class _Bounded:
    """A source that refuses to give more than `limit` bytes."""

    def __init__(self, source: Source, limit: int) -> None:
        self._source, self._limit, self._left = source, limit, limit

    def readinto(self, buffer: memoryview, /) -> int:
        count = self._source.readinto(buffer) or 0
        self._left -= count
        if self._left < 0:
            raise BadInput(f"at most {self._limit} bytes", "more", "content")
        return count
