"""The order of letters: request, note, handing over, receipt. Out of order warns, never refuses.

Governments do skip steps, and a record that could not say so would be false. Each
warning is a short name, kept with the entry; screens put it into words.
"""

from __future__ import annotations

from gsomia.agreement.instruments import (
    Instrument,
    Kind,
    Moment,
    check_instrument,
    effective_moment,
    released,
    waits_for,
)
from gsomia.agreement.lifecycle import Lifecycle
from gsomia.agreement.records import Record
from gsomia.desk.model import Letter, Told
from gsomia.faults import BadInput
from gsomia.fold import State

NO_REQUEST = "no_request"
"""A note was drafted that no letter of the competent authority asked for."""
REQUEST_NOT_ISSUED = "request_not_issued"
"""The letter that asks for the note was not sent when this step was taken."""
REQUEST_IS_LATER = "request_is_later"
"""The letter that asks for the note bears a later date than the note."""
ASKED_FOR_ANOTHER = "asked_for_another"
"""The letter asked for another note: of another kind or agreement, or about other instruments."""
NOT_ISSUED = "not_issued"
"""The note was handed over before it was issued."""
DATED_LATER = "dated_later"
"""The note was handed over before the date it bears."""
REVIVES = "revives_notice"
"""The withdrawal would put a suspended notice back in effect."""
RECEIVED_EARLY = "received_early"
"""The receipt is earlier than the handing over that the giving side told."""
WAITS = "waits_for_another"
"""The paper is about one that is not on record, and has no effect until it is."""
MISFIT = "waited_in_vain"
"""A paper that waited for this one cannot be about it, and stays without effect."""
NOT_IN_FORCE = "not_in_force_then"
"""The agreement was certainly not in force when the paper took place: it moves nothing."""

ENDING = frozenset({Kind.NOTICE_OF_TERMINATION, Kind.SUSPENSION_OF_NOTICE, Kind.WITHDRAWAL})
"""The kinds that can move only an agreement that is in force."""

WARNINGS = (
    NO_REQUEST,
    REQUEST_NOT_ISSUED,
    REQUEST_IS_LATER,
    ASKED_FOR_ANOTHER,
    NOT_ISSUED,
    DATED_LATER,
    REVIVES,
    RECEIVED_EARLY,
    WAITS,
    MISFIT,
    NOT_IN_FORCE,
)


def of_request(state: State, note: Letter, at: Moment) -> tuple[str, ...]:
    """What is out of order between a note, at one of its steps, and the letter that asked."""
    if not note.is_note:
        return ()
    request = state.get(Letter, note.request) if note.request else None
    if request is None:
        return (NO_REQUEST,)
    found = []
    if request.state != "issued":
        found.append(REQUEST_NOT_ISSUED)
    elif request.dated is not None and at.latest < request.dated.earliest:
        found.append(REQUEST_IS_LATER)
    asked = (request.agreement, request.asks, set(request.refers_to))
    if asked != (note.agreement, note.kind, {*note.withdraws, *note.refers_to}):
        found.append(ASKED_FOR_ANOTHER)
    return tuple(found)


def of_handing_over(state: State, note: Letter, at: Moment) -> tuple[str, ...]:
    """What is out of order when a note is handed over."""
    found = list(of_request(state, note, at))
    if note.state != "issued":
        found.append(NOT_ISSUED)
    elif note.dated is not None and at.latest < note.dated.earliest:
        found.append(DATED_LATER)
    return tuple(found)


def of_receipt(told: Told, at: Moment) -> tuple[str, ...]:
    """What is out of order when a partner's note is recorded as received."""
    given = told.instrument.handed_over
    return (RECEIVED_EARLY,) if given is not None and at.latest < given.earliest else ()


def of_record(record: Record, new: Instrument) -> tuple[str, ...]:
    """What is out of order among papers on record once `new` joins them."""
    found = [WAITS] if waits_for(record.ours, new) else []
    done = new.took_place
    if new.dated is not None and done is not None and done.latest < new.dated.earliest:
        found.append(DATED_LATER)
    for one in released(record.ours, new):
        others = (*(i for i in record.ours if i.id != one.id), new)
        try:
            check_instrument(record.pack, others, one)
        except BadInput:
            found.append(MISFIT)
            break
    if new.kind in ENDING and (moment := effective_moment(record.pack, new)) is not None:
        then = Lifecycle(record.pack, record.ours).status(moment.latest)
        if not then.in_force and not then.uncertain:
            found.append(NOT_IN_FORCE)
    return tuple(found)
