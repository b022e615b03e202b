"""Folds: how the entries about people and facilities change what is known of them."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from gsomia.canon import digest
from gsomia.clearance import entries as e
from gsomia.clearance.model import (
    Appointment,
    Briefing,
    Clearance,
    Facility,
    HeldKey,
    Listing,
    Need,
    Person,
)
from gsomia.fold import Event, Fold, State, Where

structs_replace = msgspec.structs.replace


def person_enrolled(state: State, event: e.PersonEnrolled, _: Where, __: str) -> None:
    """A new person, or new data and keys of a known one."""
    state.put(
        Person(
            event.person,
            event.name,
            event.rank,
            event.post,
            event.facility,
            event.key_name,
            event.ed25519,
            event.mldsa87,
        )
    )
    if event.key_name:
        halves = digest(event.ed25519), digest(event.mldsa87)
        state.put(HeldKey(event.person, event.key_name, *halves))


def appointed(state: State, event: e.Appointed, _: Where, __: str) -> None:
    """A role begins."""
    state.put(Appointment(event.person, event.role, event.letter, event.since, event.until))


def appointment_ended(state: State, event: e.AppointmentEnded, _: Where, __: str) -> None:
    """A role ends."""
    found = state.need(Appointment, f"{event.person} {event.role}", "entry")
    state.put(structs_replace(found, until=event.until))


def clearance_granted(state: State, event: e.ClearanceGranted, _: Where, __: str) -> None:
    """A clearance begins; it replaces an earlier one."""
    state.put(
        Clearance(
            event.person,
            event.levels,
            event.authority,
            event.vetting,
            event.since,
            event.until,
        )
    )


def clearance_withdrawn(state: State, event: e.ClearanceWithdrawn, _: Where, __: str) -> None:
    """A clearance ends before its time."""
    found = state.need(Clearance, event.person, "entry")
    state.put(structs_replace(found, withdrawn_at=event.withdrawn_at))


def briefed(state: State, event: e.Briefed, _: Where, __: str) -> None:
    """A briefing counts from now."""
    state.put(Briefing(event.person, event.agreement, event.given_by, event.since, event.until))


def facility_approved(state: State, event: e.FacilityApproved, _: Where, __: str) -> None:
    """A facility may hold items."""
    state.put(
        Facility(
            event.facility, event.name, event.levels, event.custodian, event.since, event.until
        )
    )


def listed(state: State, event: e.Listed, _: Where, __: str) -> None:
    """A line is added to a facility's register."""
    state.put(Listing(event.facility, event.person, event.agreement, event.since))


def struck(state: State, event: e.Struck, _: Where, __: str) -> None:
    """A line is struck through."""
    key = f"{event.facility} {event.agreement} {event.person}"
    found = state.need(Listing, key, "entry")
    state.put(structs_replace(found, struck_at=event.struck_at, reason=event.reason))


def need_approved(state: State, event: e.NeedApproved, _: Where, __: str) -> None:
    """A need to know counts from now."""
    state.put(
        Need(
            event.person,
            event.agreement,
            event.subject,
            event.statement,
            event.approved_by,
            event.since,
            event.until,
        )
    )


FOLDS: Mapping[type[Event], Fold] = {
    e.PersonEnrolled: person_enrolled,
    e.Appointed: appointed,
    e.AppointmentEnded: appointment_ended,
    e.ClearanceGranted: clearance_granted,
    e.ClearanceWithdrawn: clearance_withdrawn,
    e.Briefed: briefed,
    e.FacilityApproved: facility_approved,
    e.Listed: listed,
    e.Struck: struck,
    e.NeedApproved: need_approved,
}
