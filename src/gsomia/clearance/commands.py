"""What a security authority or a registrar can ask for about people and facilities."""

from __future__ import annotations

from gsomia.act import Command


class Enrol(Command, frozen=True, tag="clearance.enrol"):
    """Make a person known. `officer_key` is the statement their own key made, or empty."""

    person: str
    name: str
    facility: str
    rank: str = ""
    post: str = ""
    officer_key: str = ""


class Appoint(Command, frozen=True, tag="clearance.appoint"):
    """Give a person a role by letter."""

    person: str
    role: str
    letter: str
    until: str = ""


class EndAppointment(Command, frozen=True, tag="clearance.end-appointment"):
    """End a role now."""

    person: str
    role: str


class Grant(Command, frozen=True, tag="clearance.grant"):
    """Record a clearance that the national authority granted."""

    person: str
    levels: tuple[str, ...]
    vetting: str
    until: str


class Withdraw(Command, frozen=True, tag="clearance.withdraw"):
    """Record that a clearance was withdrawn."""

    person: str
    reason: str


class Brief(Command, frozen=True, tag="clearance.brief"):
    """Record a briefing on the duties under an agreement."""

    person: str
    agreement: str
    until: str


class ApproveFacility(Command, frozen=True, tag="clearance.approve-facility"):
    """Approve a facility to hold items up to a level."""

    facility: str
    name: str
    levels: tuple[str, ...]
    custodian: str
    until: str = ""


class ListPerson(Command, frozen=True, tag="clearance.list"):
    """Take a person up in a facility's register (Art. 6(e))."""

    facility: str
    person: str
    agreement: str


class StrikePerson(Command, frozen=True, tag="clearance.strike"):
    """Strike a person from a facility's register."""

    facility: str
    person: str
    agreement: str
    reason: str


class ApproveNeed(Command, frozen=True, tag="clearance.approve-need"):
    """Approve a need to know for an item (its control number) or a purpose (Art. 7(2))."""

    person: str
    agreement: str
    subject: str
    statement: str
    until: str
