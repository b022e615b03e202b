"""The text of an agreement as a node holds it: a pack of its own, or one that ships.

A ministry's own pack lies in the node's book, whole, so that a view of a past day, a decision
asked again and a backup all have the text of then. The partner's node holds a file of its own;
only the agreed part of the two must be the same.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

from gsomia.agreement import counting
from gsomia.agreement.instrumentfile import load_instruments, shipped_instruments
from gsomia.agreement.instruments import Instrument
from gsomia.agreement.model import Pack
from gsomia.agreement.pack import load_pack, shipped, shipped_ids
from gsomia.fold import Doc, State


class HeldText(Doc, frozen=True, tag="desk.held_text"):
    """A pack that the node was founded on, and its public instruments: the files' own text.

    `instruments` is empty where there was no file of them.
    """

    agreement: str
    pack: str
    instruments: str

    @property
    def key(self) -> str:
        """The agreement."""
        return self.agreement


class Amendment(Doc, frozen=True, tag="desk.amendment"):
    """A later text of an agreement, from 00:00 of a day in its offset. Version 0 is the first."""

    agreement: str
    version: int
    pack: str
    applies_from: date
    instruments: tuple[str, ...]
    by: str
    at: str

    @property
    def key(self) -> str:
        """Agreement and version."""
        return f"{self.agreement} {self.version}"


class Proposal(Doc, frozen=True, tag="desk.amendment_proposed"):
    """An amended text that one officer of the desk proposed, by the digest of its file.

    The last one proposed for a version stands.
    """

    agreement: str
    version: int
    text: str
    applies_from: date
    instruments: tuple[str, ...]
    by: str
    at: str = ""

    @property
    def key(self) -> str:
        """Agreement and version."""
        return f"{self.agreement} {self.version}"


@lru_cache(maxsize=64)
def _pack(text: str, where: str) -> Pack:
    return load_pack(text.encode(), where)


@lru_cache(maxsize=64)
def _instruments(text: str, pack: str, where: str) -> tuple[Instrument, ...]:
    return load_instruments(text.encode(), where, _pack(pack, where))


def pack_of(state: State, name: str) -> Pack:
    """The newest pack that this node holds, which says of every day before what older ones said.

    Raises `BadInput` for an agreement that it does not know.
    """
    made = versions(state, name)
    return _pack(made[-1].pack, f"{name}.yaml") if made else _first(state, name)


def pack_at(state: State, name: str, at: datetime) -> Pack:
    """The text in force at an instant: what a statement made then is under. Raises `BadInput`."""
    found, made = _first(state, name), versions(state, name)
    if not made:
        return found
    day = counting.local_day(counting.in_range(at, "the instant of a text"), found.zone)
    for one in made:
        if one.applies_from <= day:
            found = _pack(one.pack, f"{name}.yaml")
    return found


def later_than(state: State, name: str, at: datetime) -> tuple[Pack, ...]:
    """The texts that begin to apply after an instant, the oldest first. Raises `BadInput`."""
    made = versions(state, name)
    if not made:
        return ()
    day = counting.local_day(
        counting.in_range(at, "the instant of a text"), pack_of(state, name).zone
    )
    return tuple(_pack(m.pack, f"{name}.yaml") for m in made if m.applies_from > day)


def versions(state: State, name: str) -> tuple[Amendment, ...]:
    """The amendments of an agreement, the oldest first."""
    found = (a for a in state.all(Amendment) if a.agreement == name)
    return tuple(sorted(found, key=lambda a: a.version))


def _first(state: State, name: str) -> Pack:
    held = state.get(HeldText, name)
    return shipped(name) if held is None else _pack(held.pack, f"{name}.yaml")


def base_of(state: State, name: str) -> tuple[Instrument, ...]:
    """The instruments that came with the pack; those that the desk recorded are not among them."""
    held = state.get(HeldText, name)
    if held is None:
        return shipped_instruments(name)
    if not held.instruments:
        return ()
    return _instruments(held.instruments, held.pack, f"{name}.instruments.yaml")


def known(state: State) -> frozenset[str]:
    """Every agreement whose text is here."""
    return frozenset((*shipped_ids(), *(h.agreement for h in state.all(HeldText))))
