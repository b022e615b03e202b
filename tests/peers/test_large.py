"""A file far larger than the memory that may be used for it, from register to reader."""

from __future__ import annotations

import hashlib
import random
import time
from pathlib import Path

import pytest

from gsomia.demo import goods
from gsomia.demo.cast import AGREEMENT, need
from gsomia.exchange.cover import Cover
from tests.faults.pair import Mortal, until
from tests.faults.tale import MARK, Tale

MIB = 1 << 20
GROWTH = 32
"""MiB by which a node's resident memory may grow at most: less than the smallest file here."""


class LargeTale(Tale):
    """A tale whose content is a file on the disk."""

    def __init__(self, kor: Mortal, jpn: Mortal, path: Path, size: int) -> None:
        super().__init__(f"{size >> 20} MiB", kor, jpn, 0)
        self._path, self._size = path, size
        draw, digest = random.Random(size), hashlib.sha256()
        with path.open("wb") as file:
            for _ in range(size // MIB):
                block = draw.randbytes(MIB)
                digest.update(block)
                file.write(block)
        self._digest = digest.digest()

    @property
    def digest(self) -> bytes:
        return self._digest

    def _register(self) -> None:
        with self._path.open("rb") as file:
            need(
                self.kor.officer("K-2").register(
                    Cover("A large file"),
                    file,
                    agreement=AGREEMENT,
                    mark=MARK,
                    subject="missiles",
                    form="electronic",
                    short_title=self.name,
                    facility="F-1",
                    releasable_to=("JPN", "KOR"),
                )
            )


def exchange(sides: tuple[Mortal, Mortal], folder: Path, size: int) -> None:
    """From register to register and to a reader, with flat memory. Prints what it took."""
    kor, jpn = sides
    warm = Tale("warm", kor, jpn)
    until("the end of the tale", warm.advance)
    tale = LargeTale(kor, jpn, folder / "large", size)
    before = [side.memory() for side in sides]
    told = []
    started = time.monotonic()

    def step(name: str) -> None:
        nonlocal started
        told.append(f"{name} {time.monotonic() - started:.1f} s")
        started = time.monotonic()

    tale.advance()
    step("register")
    while not tale.number or not sent(kor, tale):
        tale.advance()
    step("release")
    until("the delivery", lambda: sent(kor, tale) == "delivered", 600)
    step("seal and deliver")
    while not tale._mine(jpn):
        tale.advance()
    step("accept")
    number = (tale._mine(jpn) or {})["number"]
    assert goods.read(jpn, "J-5", number) == tale.digest
    step("read in Japan")
    grown = [side.memory() - had for side, had in zip(sides, before, strict=True)]
    told.append(f"memory at first {before} MiB, grown by {grown} MiB")
    print("; ".join(told))
    assert max(grown) < GROWTH
    tale.read = True
    until("the destruction", tale.advance, 120)
    assert kept(jpn) < MIB, "destroyed content and what was sent are gone"
    assert kept(kor) < size + 2 * MIB, "Korea keeps its own copy, and none of what it sent"


def kept(side: Mortal) -> int:
    """Bytes of content on a side's disk: all but the log of the small ones, of fixed length."""
    files = [p for p in (side.folder / "blobs").rglob("*") if p.is_file()]
    return sum(p.stat().st_size for p in files if not p.name.endswith("-wal"))


def sent(side: Mortal, tale: Tale) -> str:
    """How the transmittal of the tale's item stands, or the empty string."""
    ids = {r["id"] for r in side.rows("requests", item=tale.number)}
    found = [o["state"] for o in side.rows("outgoing") if ids & set(o["requests"])]
    return found[0] if found else ""


def test_a_file_of_48_mib_passes_in_flat_memory(
    sides: tuple[Mortal, Mortal], tmp_path: Path
) -> None:
    exchange(sides, tmp_path, 48 * MIB)


@pytest.mark.slow
@pytest.mark.timeout(0)
def test_a_file_of_1_gib_passes_in_flat_memory(
    sides: tuple[Mortal, Mortal], tmp_path: Path
) -> None:
    try:
        exchange(sides, tmp_path, 1024 * MIB)
    finally:
        for path in tmp_path.rglob("*"):
            if path.is_file() and path.stat().st_size > MIB:
                path.unlink()
