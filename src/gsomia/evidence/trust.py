"""Whom a verifier believes: node cards it was given, and what they vouch for.

A card proves itself only to be whole; that it is really that government's is what
the verifier established before, by comparing fingerprints with somebody it knows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import msgspec

from gsomia.exchange.card import NodeCard, open_card
from gsomia.faults import BadInput, ProofFailed, shown
from gsomia.journal.checkpoint import (
    MAX_CHECKPOINT,
    Checkpoint,
    parse_checkpoint,
    verify_all,
)
from gsomia.journal.cosign import verify_cosignatures
from gsomia.journal.note import KeyKind, Note, VerifierKey, lines_by_key, parse_note

T = TypeVar("T")

MAX_CARD = 1 << 17
"""Bytes of a signed card."""

MAX_CARDS = 1000

HOW = "Give the node's card with --trust, after comparing its fingerprint"


def book_keys(card: NodeCard, book: str) -> tuple[str, tuple[VerifierKey, ...]]:
    """A book's origin, and the two keys that must sign its checkpoints.

    Each book signs with the card's log keys under an origin of its own, so that a
    checkpoint of one book can never pass as another's.
    """
    origin = f"{card.log.origin}/{book}"
    kinds = (KeyKind.ED25519, KeyKind.MLDSA87_NOTE)
    return origin, tuple(
        VerifierKey(origin, kind, key.public)
        for kind, key in zip(kinds, card.log_keys, strict=True)
    )


class Trust(msgspec.Struct, frozen=True):
    """The cards a verifier trusts. Several of one node are its cards over time."""

    cards: tuple[NodeCard, ...]

    @classmethod
    def of(cls, notes: Iterable[bytes]) -> Trust:
        """Read signed cards. Raises `BadInput` or `ProofFailed`, naming the card by number."""
        cards: dict[str, NodeCard] = {}
        for number, note in enumerate(notes, 1):
            where = f"trusted card {number}"
            if len(note) > MAX_CARD or number > MAX_CARDS:
                raise BadInput(f"{MAX_CARDS} cards of {MAX_CARD} bytes at most", "more", where)
            try:
                card = open_card(note)
            except (BadInput, ProofFailed) as error:
                raise ProofFailed(f"is no card that can be trusted ({error})", where) from None
            cards[card.digest()] = card
        return cls(tuple(cards.values()))

    def of_registry(self, registry: str) -> tuple[NodeCard, ...]:
        """The cards of one registry's node."""
        return tuple(c for c in self.cards if c.registry == registry)

    def of_log(self, origin: str) -> tuple[tuple[NodeCard, str], ...]:
        """The cards under whose log an origin falls, with the book's short name."""
        found = []
        for card in self.cards:
            head = card.log.origin + "/"
            if origin.startswith(head) and len(origin) > len(head):
                found.append((card, origin[len(head) :]))
        return tuple(found)

    def others(self, registry: str) -> dict[str, tuple[NodeCard, ...]]:
        """The cards of all other nodes, by registry."""
        names = dict.fromkeys(c.registry for c in self.cards if c.registry != registry)
        return {name: self.of_registry(name) for name in names}

    def names(self) -> str:
        """The trusted registries, for messages."""
        return ", ".join(dict.fromkeys(c.registry for c in self.cards)) or "none"


def by_any(cards: Sequence[NodeCard], what: str, whose: str, check: Callable[[NodeCard], T]) -> T:
    """What `check` gives for the first card it passes with.

    Raises `ProofFailed` if there is no card, else the last card's error.
    """
    last: BadInput | ProofFailed = ProofFailed(
        f"{what} could not be checked: no card of {whose} is trusted. {HOW}"
    )
    for card in reversed(cards):
        try:
            return check(card)
        except (BadInput, ProofFailed) as error:
            last = error
    raise last


# -- checkpoints ------------------------------------------------------------------


class Vouched(msgspec.Struct, frozen=True):
    """A checkpoint that holds: of which node's book, and who cosigned it when.

    `cosigned` holds a registry and its latest time in seconds since 1970, for each
    node that cosigned with all three of its keys; `unknown` counts lines nobody could check.
    """

    checkpoint: Checkpoint
    card: NodeCard
    book: str
    cosigned: tuple[tuple[str, int], ...]
    unknown: int

    def cosigners(self) -> tuple[str, ...]:
        """The registries that cosigned."""
        return tuple(name for name, _ in self.cosigned)


def check_checkpoint(data: bytes, trust: Trust, where: str) -> Vouched:
    """Verify a book's signed checkpoint by all the trusted cards that have a part in it.

    Both log keys must have signed. A node whose card is trusted has cosigned with all
    three keys or not at all. As soon as a card of another node is trusted, a line by a
    key that no card has is refused, and two lines by one key always are: no line can
    be altered or added unseen. Their order says nothing. Raises `BadInput` or `ProofFailed`.
    """
    note = parse_note(data, where, MAX_CHECKPOINT)
    checkpoint = parse_checkpoint(note.text, where)
    if len({(s.name, s.key_id) for s in note.signatures}) < len(note.signatures):
        raise ProofFailed("carries two signature lines by one key", where)
    logs = trust.of_log(checkpoint.origin)
    if not logs:
        raise ProofFailed(
            f"the book {shown(checkpoint.origin)} is of a node whose card is not trusted "
            f"(trusted: {shown(trust.names())}). {HOW}",
            where,
        )
    card, book = _signing_card(logs, note, where)
    others = trust.others(card.registry)
    known = [key for c, name in logs for key in book_keys(c, name)[1]]
    cosigned = []
    for registry, cards in others.items():
        keys = list(dict.fromkeys(key for c in cards for key in c.witness_keys))
        known += keys
        time = _cosigned(note, keys, cards, registry, where)
        if time is not None:
            cosigned.append((registry, time))
    unknown = _unknown(note, known)
    if unknown and others:
        raise ProofFailed(
            f"a signature line of {shown(unknown[0])} is by a key that no trusted card has", where
        )
    return Vouched(checkpoint, card, book, tuple(cosigned), len(unknown))


def _signing_card(
    logs: Sequence[tuple[NodeCard, str]], note: Note, where: str
) -> tuple[NodeCard, str]:
    """The first card both of whose log keys signed the note. Raises the last card's error."""
    last = ProofFailed("no card of the log", where)
    for card, book in reversed(logs):
        try:
            verify_all(note, book_keys(card, book)[1], where)
            return card, book
        except ProofFailed as error:
            what = f"is not signed by both log keys of the trusted card of {card.registry}"
            last = ProofFailed(f"{what} ({error.what})", where)
    raise last


def _cosigned(
    note: Note,
    keys: Sequence[VerifierKey],
    cards: Sequence[NodeCard],
    registry: str,
    where: str,
) -> int | None:
    """The latest time of a node's cosignatures, or None if it has none on the note."""
    if not lines_by_key(note, keys):
        return None
    held = verify_cosignatures(note, keys, where)
    by = {c.key for c in held}
    if not any(by.issuperset(card.witness_keys) for card in cards):
        raise ProofFailed(f"{registry} cosigned with {len(by)} of its three keys only", where)
    return max(c.time for c in held)


def _unknown(note: Note, known: Iterable[VerifierKey]) -> list[str]:
    """The names on the lines that no known key made."""
    keys = {(key.name, key.key_id) for key in known}
    return [s.name for s in note.signatures if (s.name, s.key_id) not in keys]
