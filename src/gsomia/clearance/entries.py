"""What can happen to people and facilities. All of it is filed in the house book."""

from __future__ import annotations

from typing import ClassVar

from gsomia.fold import Event


class PersonEnrolled(Event, frozen=True, tag="clearance.person_enrolled"):
    """A person became known to the node, with the public halves of their own key."""

    personal: ClassVar[frozenset[str]] = frozenset({"name", "rank", "post"})

    person: str
    facility: str
    key_name: str
    ed25519: bytes
    mldsa87: bytes
    name: str = ""
    rank: str = ""
    post: str = ""


class Appointed(Event, frozen=True, tag="clearance.appointed"):
    """A letter gave a person a role."""

    person: str
    role: str
    letter: str
    since: str
    until: str


class AppointmentEnded(Event, frozen=True, tag="clearance.appointment_ended"):
    """A role ended."""

    person: str
    role: str
    until: str


class ClearanceGranted(Event, frozen=True, tag="clearance.granted"):
    """A clearance was recorded."""

    person: str
    levels: tuple[str, ...]
    authority: str
    vetting: str
    since: str
    until: str


class ClearanceWithdrawn(Event, frozen=True, tag="clearance.withdrawn"):
    """A clearance was withdrawn."""

    personal: ClassVar[frozenset[str]] = frozenset({"reason"})

    person: str
    withdrawn_at: str
    reason: str = ""


class Briefed(Event, frozen=True, tag="clearance.briefed"):
    """A briefing was given."""

    person: str
    agreement: str
    given_by: str
    since: str
    until: str


class FacilityApproved(Event, frozen=True, tag="clearance.facility_approved"):
    """A facility was approved up to a level, with a custodian."""

    facility: str
    name: str
    levels: tuple[str, ...]
    custodian: str
    since: str
    until: str


class Listed(Event, frozen=True, tag="clearance.listed"):
    """A facility's register took a person up."""

    facility: str
    person: str
    agreement: str
    since: str


class Struck(Event, frozen=True, tag="clearance.struck"):
    """A person was struck from a facility's register; the line stays legible."""

    facility: str
    person: str
    agreement: str
    struck_at: str
    reason: str


class NeedApproved(Event, frozen=True, tag="clearance.need_approved"):
    """A need to know was approved."""

    person: str
    agreement: str
    subject: str
    statement: str
    approved_by: str
    since: str
    until: str
