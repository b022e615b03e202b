"""Acts on people and facilities: an appointed officer's, filed in the house book."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gsomia.act import HOUSE, Answer, Command, Context, answer
from gsomia.canon import digest, instant, parse_instant
from gsomia.clearance import commands as c
from gsomia.clearance import entries as e
from gsomia.clearance.model import (
    ROLES,
    Appointment,
    Clearance,
    Facility,
    HeldKey,
    Listing,
    Person,
)
from gsomia.clearance.rules import ENROL_RULES, EnrolCase, officer, officer_rules
from gsomia.faults import BadInput, shown
from gsomia.fold import Event, State
from gsomia.journal.statement import StatementKeys, open_naming_signer

AUTHORITY = ("security_authority",)
REGISTER = ("security_authority", "registrar")


def _file(
    state: State,
    command: Command,
    context: Context,
    roles: tuple[str, ...],
    subject: str,
    *events: Event,
) -> Answer:
    decision = officer_rules(command.act()).decide(
        officer(state, context.actor, context.now, *roles)
    )
    return answer(HOUSE, decision, subject, context, lambda _: events, {"subject": subject})


def _own_marks(marks: tuple[str, ...], context: Context) -> tuple[str, ...]:
    read = tuple(context.own_mark(mark) for mark in marks)
    if not read or None in read:
        raise BadInput(f"marks of {context.party}", "others" if marks else "none", "levels")
    return tuple(mark for mark in read if mark)


def _until(text: str, where: str) -> str:
    return instant(parse_instant(text, where)) if text else ""


def _known_role(role: str) -> str:
    if role not in ROLES:
        raise BadInput("one of " + ", ".join(ROLES), shown(role), "role")
    return role


def read_officer_key(statement: str, where: str) -> StatementKeys:
    """The keys an officer's own statement presents, checked against themselves.

    Proves that the sender holds the key; whose it is, the enrolling officer says.
    """
    data = statement.encode()
    return open_naming_signer(data, "officer-key", StatementKeys, lambda own: own, where)


def enrol(command: c.Enrol, state: State, context: Context) -> Answer:
    """A security authority makes a person known, and binds their own key to them."""
    keys = read_officer_key(command.officer_key, "officer key") if command.officer_key else None
    if not command.person or not command.name:
        raise BadInput("a person's id and name", "an empty one", "enrol")
    event = e.PersonEnrolled(
        command.person,
        command.facility,
        keys.name if keys else "",
        keys.ed25519 if keys else b"",
        keys.mldsa87 if keys else b"",
        command.name,
        command.rank,
        command.post,
    )
    decision = ENROL_RULES.decide(_enrol_case(command.person, keys, state, context))
    told = {"subject": command.person}
    return answer(HOUSE, decision, command.person, context, lambda _: (event,), told)


def _enrol_case(
    person: str, keys: StatementKeys | None, state: State, context: Context
) -> EnrolCase:
    """The facts about a key that is to be a person's own."""
    acting = officer(state, context.actor, context.now, *AUTHORITY)
    held_by: tuple[str, ...] = ()
    node_of = ""
    if keys is not None:
        mine = {keys.name, digest(keys.ed25519), digest(keys.mldsa87)}
        held = (h for h in state.all(HeldKey) if mine & {h.name, h.ed25519, h.mldsa87})
        held_by = tuple(sorted({h.person for h in held} - {person}))
        nodes = context.node_keys()
        node_of = nodes.get(keys.ed25519) or nodes.get(keys.mldsa87) or ""
    return EnrolCase(
        actor=acting.actor,
        may_act=acting.may_act,
        appointed_as=acting.appointed_as,
        person=person,
        key_name=keys.name if keys else "",
        held_by=held_by,
        node_of=node_of,
    )


def appoint(command: c.Appoint, state: State, context: Context) -> Answer:
    """A letter of appointment takes effect now."""
    state.need(Person, command.person, "appoint")
    event = e.Appointed(
        command.person,
        _known_role(command.role),
        command.letter,
        context.now,
        _until(command.until, "until"),
    )
    return _file(state, command, context, AUTHORITY, command.person, event)


def end_appointment(command: c.EndAppointment, state: State, context: Context) -> Answer:
    """An appointment ends now."""
    state.need(Appointment, f"{command.person} {command.role}", "end-appointment")
    event = e.AppointmentEnded(command.person, command.role, context.now)
    return _file(state, command, context, AUTHORITY, command.person, event)


def grant(command: c.Grant, state: State, context: Context) -> Answer:
    """A clearance counts from now to its end."""
    state.need(Person, command.person, "grant")
    event = e.ClearanceGranted(
        command.person,
        _own_marks(command.levels, context),
        context.authority,
        command.vetting,
        context.now,
        instant(parse_instant(command.until, "until")),
    )
    return _file(state, command, context, AUTHORITY, command.person, event)


def withdraw(command: c.Withdraw, state: State, context: Context) -> Answer:
    """A clearance ends now."""
    state.need(Person, command.person, "withdraw")
    state.need(Clearance, command.person, "withdraw")
    event = e.ClearanceWithdrawn(command.person, context.now, command.reason)
    return _file(state, command, context, AUTHORITY, command.person, event)


def brief(command: c.Brief, state: State, context: Context) -> Answer:
    """A briefing counts from now to its end."""
    state.need(Person, command.person, "brief")
    until = instant(parse_instant(command.until, "until"))
    event = e.Briefed(command.person, command.agreement, context.actor, context.now, until)
    return _file(state, command, context, REGISTER, command.person, event)


def approve_facility(command: c.ApproveFacility, state: State, context: Context) -> Answer:
    """A facility may hold items from now (Art. 10: it names its custodian)."""
    state.need(Person, command.custodian, "custodian")
    event = e.FacilityApproved(
        command.facility,
        command.name,
        _own_marks(command.levels, context),
        command.custodian,
        context.now,
        _until(command.until, "until"),
    )
    return _file(state, command, context, AUTHORITY, command.facility, event)


def list_person(command: c.ListPerson, state: State, context: Context) -> Answer:
    """A facility's register takes a person up."""
    state.need(Person, command.person, "list")
    state.need(Facility, command.facility, "list")
    event = e.Listed(command.facility, command.person, command.agreement, context.now)
    return _file(state, command, context, REGISTER, command.person, event)


def strike_person(command: c.StrikePerson, state: State, context: Context) -> Answer:
    """A facility's register strikes a person through."""
    state.need(Listing, f"{command.facility} {command.agreement} {command.person}", "strike")
    event = e.Struck(
        command.facility, command.person, command.agreement, context.now, command.reason
    )
    return _file(state, command, context, REGISTER, command.person, event)


def approve_need(command: c.ApproveNeed, state: State, context: Context) -> Answer:
    """A need to know counts from now to its end. Nobody approves their own."""
    state.need(Person, command.person, "need")
    if command.person == context.actor:
        raise BadInput("somebody else's need to know", "one's own", "need")
    event = e.NeedApproved(
        command.person,
        command.agreement,
        command.subject,
        command.statement,
        context.actor,
        context.now,
        instant(parse_instant(command.until, "until")),
    )
    return _file(state, command, context, REGISTER, command.person, event)


ACTS: Mapping[type[Command], Callable[[Any, State, Context], Answer]] = {
    c.Enrol: enrol,
    c.Appoint: appoint,
    c.EndAppointment: end_appointment,
    c.Grant: grant,
    c.Withdraw: withdraw,
    c.Brief: brief,
    c.ApproveFacility: approve_facility,
    c.ListPerson: list_person,
    c.StrikePerson: strike_person,
    c.ApproveNeed: approve_need,
}
