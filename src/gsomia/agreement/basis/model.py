"""A question about a legal basis, and its answer: frozen values and nothing else."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from gsomia.agreement.catalogue.model import Flag


class Consent(msgspec.Struct, frozen=True):
    """One party's written word that a recipient may have it.

    Good before `until`, if that is given, and for `purpose`, or else for the purpose asked about.
    """

    by: str
    recipient: str
    until: datetime | None = None
    purpose: str | None = None


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """May this go from its holder to the recipient, at this instant?

    Parties are codes of the catalogue; `mark` is the one that the originator put on it;
    `subject` is an id of the vocabulary.
    """

    originator: str
    holder: str
    recipient: str
    mark: str
    subject: str
    purpose: str
    at: datetime
    consents: tuple[Consent, ...] = ()


class Outcome(StrEnum):
    """`permitted_if`: nothing stands against it, and the conditions named are still to be met."""

    PERMITTED = "permitted"
    PERMITTED_IF = "permitted_if"
    NOT_PERMITTED = "not_permitted"


class RouteKind(StrEnum):
    """How it goes: straight, through the hub of an arrangement, or onward by consent alone."""

    DIRECT = "direct"
    HUB = "hub"
    ONWARD = "onward"


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """One condition with its rule, its article, and who can meet it.

    `saw` holds the values of the text. `verified` is the flag of what the condition rests on.
    """

    rule: str
    article: str
    who: str
    text: str
    saw: dict[str, str]
    met: bool
    verified: Flag


class Leg(msgspec.Struct, frozen=True, kw_only=True, rename={"sender": "from", "receiver": "to"}):
    """One hop under one treaty. `done`: the hop by which the holder has it already.

    `marks` are those that it can bear on leaving, `becomes` those that it can bear on arrival:
    sets, of which each party chooses by its own law. `readings`: the status by each reading of
    the final clause, where the agreement has some. `pack` is false where the catalogue
    alone tells of the treaty. `verified`: a flag for each group of facts relied on.
    """

    sender: str
    receiver: str
    agreement: str
    title: str
    kind: str
    article: str
    marks: tuple[str, ...]
    becomes: tuple[str, ...]
    status: str
    contestable: bool
    readings: dict[str, str]
    pack: bool
    done: bool
    verified: dict[str, Flag]
    notes: tuple[str, ...]


class Unread(msgspec.Struct, frozen=True):
    """A group of facts relied on that nobody, or nobody fully, has read."""

    agreement: str
    facts: str
    flag: Flag


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """A way that nothing stands against. `verified` is the weakest flag of what it rests on."""

    kind: RouteKind
    outcome: Outcome
    path: tuple[str, ...]
    legs: tuple[Leg, ...]
    arrangement: str | None
    conditions: tuple[Condition, ...]
    unverified: tuple[Unread, ...]
    verified: Flag

    @property
    def missing(self) -> tuple[Condition, ...]:
        """The conditions not met."""
        return tuple(c for c in self.conditions if not c.met)

    @property
    def hops(self) -> int:
        """How many hops are still to be made."""
        return len(self.path) - 1


class Rejected(msgspec.Struct, frozen=True, kw_only=True):
    """A candidate that something stands against, and what it lacks."""

    kind: RouteKind
    path: tuple[str, ...]
    agreements: tuple[str, ...]
    missing: tuple[Condition, ...]


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """Every route, the shortest first, and every candidate rejected; the best route's outcome."""

    outcome: Outcome
    question: Question
    scope: dict[str, str]
    routes: tuple[Route, ...]
    rejected: tuple[Rejected, ...]
