"""Folds: how the entries change requests, assurances and consents."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from gsomia.fold import Event, Fold, State, Where
from gsomia.release import entries as e
from gsomia.release.model import Assurance, Consent, PassedOn, Request


def requested(state: State, event: e.Requested, _: Where, at: str) -> None:
    """A request waits for its first reviewer."""
    state.put(
        Request(
            event.request,
            event.item,
            event.agreement,
            event.recipient,
            event.purpose,
            event.copies,
            event.requested_by,
            at,
            "requested",
        )
    )


def reviewed(state: State, event: e.Reviewed, _: Where, __: str) -> None:
    """One in favour."""
    found = state.need(Request, event.request, "entry")
    state.put(replace(found, state="reviewed", reviewed_by=event.reviewed_by))


def approved(state: State, event: e.Approved, where: Where, _: str) -> None:
    """Two in favour: the decision's place is what a transmittal will cite."""
    found = state.need(Request, event.request, "entry")
    state.put(
        replace(
            found,
            state="approved",
            decided_by=event.decided_by,
            decision=where,
            articles=event.articles,
            conditions=event.conditions,
        )
    )


def denied(state: State, event: e.Denied, _: Where, __: str) -> None:
    """The request is over; the requester may ask again."""
    found = state.need(Request, event.request, "entry")
    state.put(replace(found, state="denied", decided_by=event.decided_by))


def assurance_recorded(state: State, event: e.AssuranceRecorded, _: Where, at: str) -> None:
    """The request may now be decided."""
    state.put(
        Assurance(
            event.request,
            event.party,
            event.clearance,
            event.need,
            event.equivalent_protection,
            at,
            event.notice,
        )
    )


def consent_asked(state: State, event: e.ConsentAsked, _: Where, __: str) -> None:
    """The originator owes an answer; until then the answer is no."""
    state.put(
        Consent(
            event.consent,
            event.ours,
            event.reference,
            event.item,
            event.recipient,
            event.purpose,
            "asked",
            paragraphs=event.paragraphs,
        )
    )


def consent_answered(state: State, event: e.ConsentAnswered, _: Where, __: str) -> None:
    """The originator answered."""
    found = state.need(Consent, event.consent, "entry")
    state.put(
        replace(
            found,
            state="granted" if event.granted else "refused",
            conditions=event.conditions,
            until=event.until,
            reason=event.reason,
            answer=event.notice,
        )
    )


def item_passed_on(state: State, event: e.ItemPassedOn, _: Where, at: str) -> None:
    """A line in the list of third-party releases."""
    state.put(
        PassedOn(
            event.release,
            event.item,
            event.recipient,
            event.purpose,
            event.consent,
            event.conditions,
            at,
            event.paragraphs,
        )
    )


def passing_on_undone(state: State, event: e.PassingOnUndone, _: Where, at: str) -> None:
    """The line stays, and says that nothing was given."""
    found = state.need(PassedOn, event.release, "entry")
    state.put(replace(found, undone=event.why, undone_at=at))


def ground_confirmed(state: State, event: e.GroundConfirmed, _: Where, __: str) -> None:
    """For this reading and this version of the policy, and no other."""
    request = state.need(Request, event.request, "request")
    state.put(
        replace(
            request,
            ground_confirmed_by=event.by,
            ground_reading=event.reading,
            ground_policy=event.policy_version,
        )
    )


FOLDS: Mapping[type[Event], Fold] = {
    e.Requested: requested,
    e.Reviewed: reviewed,
    e.Approved: approved,
    e.GroundConfirmed: ground_confirmed,
    e.Denied: denied,
    e.AssuranceRecorded: assurance_recorded,
    e.ConsentAsked: consent_asked,
    e.ConsentAnswered: consent_answered,
    e.ItemPassedOn: item_passed_on,
    e.PassingOnUndone: passing_on_undone,
}
