"""What every act has in common: who, when, on which ground, and the answer.

An act is a pure function `(command, state, context) -> Answer`. It gathers the
facts of its case, asks its rule list, and says which events follow. Both a yes
and a no are events; the clerk appends them before anybody is told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar

import msgspec

from gsomia.canon import instant
from gsomia.faults import BadInput, shown
from gsomia.fold import Event
from gsomia.provisions import Provisions
from gsomia.ruling import Decision, Ruling

HOUSE = "house"
"""The book that no partner cosigns: people, facilities, registration before release."""


class Command(msgspec.Struct, frozen=True, tag_field="do", forbid_unknown_fields=True):
    """What somebody asks for. The struct's tag is the act's name, like `release.review`."""

    @classmethod
    def act(cls) -> str:
        """The act's name."""
        return str(cls.__struct_config__.tag)


class Ground(msgspec.Struct, frozen=True):
    """An agreement as it stands at the instant of an act.

    `reading` is the one that this node relies on; `policy` is what it does where the readings
    differ on the ground (`contestable`), in its `policy_version`.

    `corresponding(from, to, mark)` gives the receiving party's marks, or the
    empty tuple where the agreement has none: never the nearest.
    """

    agreement: str
    parties: tuple[str, ...]
    status: str
    transfer: bool
    protect: bool
    contestable: bool
    uncertain: bool
    reading: str
    policy: str
    policy_version: int
    agreed_digest: str
    listed: Mapping[str, tuple[str, ...]]
    authorities: Mapping[str, tuple[str, ...]]
    corresponding: Callable[[str, str, str], tuple[str, ...]]

    def other(self, party: str) -> str:
        """The other party of a bilateral agreement."""
        rest = [p for p in self.parties if p != party]
        if len(rest) != 1 or party not in self.parties:
            raise BadInput(f"a party of {self.agreement}", shown(party), "agreement")
        return rest[0]


class Context(msgspec.Struct, frozen=True):
    """The circumstances of one act, all handed in.

    `actor` is the id of the person whose signature was verified over the exact
    command, or the empty string for the node's own acts. `new_id` gives a fresh
    random id of 32 hex digits. `own_mark` reads a text as a mark of this party's
    scheme, or gives None; `covers` says whether marks held reach a mark.
    `record` gives an agreement's pack and instruments (`gsomia.agreement.records.Record`)
    as they stand before this act; it raises `BadInput` for an agreement not held here.
    `node_keys` gives every public key that this node or a partner's signs with, and whose it is.
    `provisions` says where an agreement's text of now has what rules cite; it raises as
    `record` does.
    """

    at: datetime
    party: str
    registry: str
    authority: str
    actor: str
    signed: bytes
    new_id: Callable[[], str]
    ground: Callable[[str, datetime], Ground]
    own_mark: Callable[[str], str | None]
    covers: Callable[[tuple[str, ...], str], bool]
    record: Callable[[str], Any]
    node_keys: Callable[[], Mapping[bytes, str]]
    provisions: Callable[[str], Provisions]

    @property
    def now(self) -> str:
        """The instant of the act as canonical text."""
        return instant(self.at)


class Filed(msgspec.Struct, frozen=True):
    """An event and the book it belongs to."""

    book: str
    event: Event


class Answer(msgspec.Struct, frozen=True):
    """What came of a command: the ruling if rules were asked, the events, and what to tell."""

    filed: tuple[Filed, ...]
    ruling: Ruling | None = None
    told: Mapping[str, Any] = {}

    @property
    def granted(self) -> bool:
        """False when the rules refused."""
        return self.ruling is None or self.ruling.granted


class Refused(Event, frozen=True, tag="decision.refused"):
    """An act was refused: which, on what subject, by whom asked, and every rule's outcome."""

    personal: ClassVar[frozenset[str]] = frozenset({"asked_by"})

    act: str
    subject: str
    ruling: Ruling
    asked_by: str | None = None


def answer(
    book: str,
    decision: Decision[Any],
    subject: str,
    context: Context,
    granted: Callable[[Ruling], tuple[Event, ...]],
    told: Mapping[str, Any] | None = None,
) -> Answer:
    """The answer to a decided command: the events of a yes, or the refusal on record."""
    ruling = Ruling.of(decision)
    if not ruling.granted:
        refused = Refused(ruling.act, subject, ruling, context.actor)
        return Answer((Filed(book, refused),), ruling, {"subject": subject})
    events = tuple(Filed(book, e) for e in granted(ruling))
    return Answer(events, ruling, told or {})
