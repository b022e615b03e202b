"""People, their appointments and clearances, and the facilities that list them.

Times are canonical instant texts (UTC); `until` is exclusive, empty for open end.
Person ids are opaque and say nothing about the person.
"""

from __future__ import annotations

from gsomia.canon import order_key
from gsomia.fold import Doc, State

ROLES = (
    "security_authority",
    "registrar",
    "disclosure_officer",
    "analyst",
    "treaty_desk",
    "treaty_note_officer",
    "custodian",
    "inspector",
)
"""The roles an appointment can give. A role alone never opens an item (Art. 7(1))."""


class Person(Doc, frozen=True, tag="clearance.person"):
    """Somebody known to this node; `keys` are the public halves of their own key, if any."""

    id: str
    name: str
    rank: str
    post: str
    facility: str
    key_name: str
    ed25519: bytes
    mldsa87: bytes

    @property
    def key(self) -> str:
        """The person's id."""
        return self.id


class HeldKey(Doc, frozen=True, tag="clearance.held_key"):
    """A key that was enrolled for a person: it stays theirs once they have another.

    `name` is the one it signs under; both halves are named by their digests.
    """

    person: str
    name: str
    ed25519: str
    mldsa87: str

    @property
    def key(self) -> str:
        """Person and both halves."""
        return f"{self.person} {self.ed25519} {self.mldsa87}"


class Appointment(Doc, frozen=True, tag="clearance.appointment"):
    """A letter that gives a person a role in this registry, for a time."""

    person: str
    role: str
    letter: str
    since: str
    until: str = ""

    @property
    def key(self) -> str:
        """Person and role."""
        return f"{self.person} {self.role}"


class Clearance(Doc, frozen=True, tag="clearance.clearance"):
    """A personnel security clearance (Art. 2(e)): marks of the national scheme, for a time.

    `levels` are the highest mark of each regime the holder was cleared for, like
    極秘 and 特定秘密: one does not cover the other. `vetting` is the reference of
    the vetting decision, never the vetting data.
    """

    person: str
    levels: tuple[str, ...]
    authority: str
    vetting: str
    since: str
    until: str
    withdrawn_at: str = ""

    @property
    def key(self) -> str:
        """The person's id: a new clearance replaces the old one."""
        return self.person


class Briefing(Doc, frozen=True, tag="clearance.briefing"):
    """A person was told the duties under an agreement."""

    person: str
    agreement: str
    given_by: str
    since: str
    until: str

    @property
    def key(self) -> str:
        """Person and agreement."""
        return f"{self.person} {self.agreement}"


class Facility(Doc, frozen=True, tag="clearance.facility"):
    """A place that may hold items, up to a level, with its appointed custodian (Art. 10)."""

    id: str
    name: str
    levels: tuple[str, ...]
    custodian: str
    since: str
    until: str

    @property
    def key(self) -> str:
        """The facility's id."""
        return self.id


class Listing(Doc, frozen=True, tag="clearance.listing"):
    """A line of one facility's register of cleared and authorised people (Art. 6(e))."""

    facility: str
    person: str
    agreement: str
    since: str
    struck_at: str = ""
    reason: str = ""

    @property
    def key(self) -> str:
        """Facility, agreement and person."""
        return f"{self.facility} {self.agreement} {self.person}"


class Need(Doc, frozen=True, tag="clearance.need"):
    """A need to know: a person's duty requires an item, or a purpose, until a date (Art. 7(2))."""

    person: str
    agreement: str
    subject: str
    statement: str
    approved_by: str
    since: str
    until: str

    @property
    def key(self) -> str:
        """Person, agreement and subject (an item's control number, or a purpose)."""
        return f"{self.person} {self.agreement} {self.subject}"


def within(now: str, since: str, until: str) -> bool:
    """Whether an instant lies in [since, until); an empty `until` has no end."""
    at = order_key(now)
    return order_key(since) <= at and (not until or at < order_key(until))


def holds_role(state: State, person: str, role: str, now: str) -> bool:
    """Whether a person's letter of appointment covers a role at an instant."""
    found = state.get(Appointment, f"{person} {role}")
    return found is not None and within(now, found.since, found.until)


def is_cleared(state: State, person: str, now: str) -> Clearance | None:
    """The person's clearance if it is valid at the instant, else None."""
    found = state.get(Clearance, person)
    if found is None or found.withdrawn_at or not within(now, found.since, found.until):
        return None
    return found


def is_listed(state: State, person: str, facility: str, agreement: str) -> bool:
    """Whether this facility's register names the person for the agreement (Art. 6(e))."""
    found = state.get(Listing, f"{facility} {agreement} {person}")
    return found is not None and not found.struck_at


def is_briefed(state: State, person: str, agreement: str, now: str) -> bool:
    """Whether the person's briefing for the agreement is current."""
    found = state.get(Briefing, f"{person} {agreement}")
    return found is not None and within(now, found.since, found.until)


def needs(state: State, person: str, agreement: str, subjects: tuple[str, ...], now: str) -> str:
    """The subject (item or purpose) for which a need to know is recorded, or the empty string."""
    for subject in subjects:
        found = state.get(Need, f"{person} {agreement} {subject}")
        if found is not None and within(now, found.since, found.until):
            return subject
    return ""
