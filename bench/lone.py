"""A node without partners, in this process, for what needs no network."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from gsomia.act import Command
from gsomia.app import KeyFile, found, open_node, open_vault
from gsomia.canon import instant
from gsomia.clearance.commands import ApproveNeed, Enrol
from gsomia.faults import Unavailable
from gsomia.journal.statement import SigningPair, sign_statement
from gsomia.node.identity import Settings
from gsomia.node.node import Node
from gsomia.node.orders import Order, SignedOrder
from gsomia.node.ports import Outcome

AGREEMENT = "rok-japan-2016"
_NONCES = (f"{n:032x}" for n in count(1))


class _Nobody:
    def deliver(self, registry: str, _: Iterable[memoryview], __: int) -> tuple[Outcome, bytes]:
        raise Unavailable(f"{registry} cannot be reached")

    def ask_to_cosign(self, registry: str, _: str, __: bytes) -> tuple[bool, bytes]:
        raise Unavailable(f"{registry} cannot be reached")


@contextmanager
def node(folder: Path) -> Iterator[Node]:
    """A founded node whose clerk takes commands; stopped at the end."""
    secret = folder / "secret"
    secret.write_bytes(os.urandom(32))
    secret.chmod(0o600)
    pair = SigningPair.from_seeds("KOR-DIH1/P-1", os.urandom(32), os.urandom(32))
    statement = sign_statement("officer-key", pair.public, pair).decode()
    settings = Settings(
        "KOR", "Ministry of National Defense", "KOR-DIH1", "kor-dih1.example", "", (AGREEMENT,)
    )
    found(folder / "kor", settings, KeyFile(secret), ("P-1", "First Officer", statement))
    opened = open_node(folder / "kor", open_vault(folder / "kor", KeyFile(secret)), _Nobody())
    opened.clerk.start()
    try:
        enrol = Enrol("P-2", "Person", "F-1", "", "", "")
        opened.clerk.submit(enrol, ordered(enrol))
        yield opened
    finally:
        opened.stop()


def ordered(command: Command) -> SignedOrder:
    """A command as the clerk gets it, once the officer's signature was verified outside it.

    What was signed is as long as a real one: it is kept with the entry.
    """
    now = instant(datetime.now(UTC))
    order = Order("KOR-DIH1", now, next(_NONCES), command)  # type: ignore[arg-type]
    return SignedOrder("P-1", order, b"x" * 6800)


def needs(start: int, stop: int) -> list[tuple[Command, SignedOrder]]:
    """Commands that each decide, file an entry and change a document of their own."""
    until = instant(datetime.now(UTC) + timedelta(days=30))
    commands = [
        ApproveNeed("P-2", AGREEMENT, f"KOR-DIH1-2026-{n:06d}", "watch duty", until)
        for n in range(start, stop)
    ]
    return [(command, ordered(command)) for command in commands]
