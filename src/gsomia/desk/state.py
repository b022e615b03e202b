"""Folds: how the entries change letters, numbering, and what is on record."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from gsomia.desk import entries as e
from gsomia.desk.model import Filing, Letter, Numbering, RecordBegins, Series, Told, ToldText
from gsomia.desk.policy import GroundPolicy
from gsomia.desk.texts import Amendment, HeldText, Proposal
from gsomia.fold import Event, Fold, State, Where


def instrument_recorded(state: State, event: e.InstrumentRecorded, _: Where, __: str) -> None:
    """The instrument is known here."""
    state.put(Filing(event.agreement, event.instrument, event.hypothetical))


def policy_set(state: State, event: e.PolicySet, _: Where, at: str) -> None:
    """What holds from now on."""
    state.put(
        GroundPolicy(
            event.agreement,
            event.policy,
            event.reading,
            event.reason,
            event.by,
            at,
            event.version,
        )
    )


def record_begun(state: State, event: e.RecordBegun, _: Where, __: str) -> None:
    """Shipped instruments count up to there."""
    state.put(RecordBegins(event.agreement, event.known_until))


def text_held(state: State, event: e.TextHeld, _: Where, __: str) -> None:
    """The text that counts here, in place of a shipped one."""
    state.put(HeldText(event.agreement, event.pack, event.instruments))


def text_amended(state: State, event: e.TextAmended, _: Where, at: str) -> None:
    """One more version; those before it stay, for what was done under them."""
    state.put(
        Amendment(
            event.agreement,
            event.version,
            event.pack,
            event.applies_from,
            event.instruments,
            event.by,
            at,
        )
    )


def text_proposed(state: State, event: e.TextProposed, _: Where, at: str) -> None:
    """It waits for a second officer."""
    state.put(
        Proposal(
            event.agreement,
            event.version,
            event.text,
            event.applies_from,
            event.instruments,
            event.by,
            at,
        )
    )


def instrument_told(state: State, event: e.InstrumentTold, _: Where, at: str) -> None:
    """What a partner told last of an instrument stands, in whatever order it arrived."""
    told = Told(
        event.agreement,
        event.party,
        event.instrument,
        event.hypothetical,
        event.notice,
        at,
        event.sequence,
    )
    known = state.get(Told, told.key)
    if known is None or known.sequence <= told.sequence:
        state.put(told)


def agreed_text_told(state: State, event: e.AgreedTextTold, _: Where, at: str) -> None:
    """The text that the partner holds, as it said last, in whatever order it arrived."""
    told = ToldText(event.agreement, event.party, event.text, at, event.sequence)
    known = state.get(ToldText, told.key)
    if known is None or known.sequence <= told.sequence:
        state.put(told)


def letter_drafted(state: State, event: e.LetterDrafted, _: Where, at: str) -> None:
    """A new draft."""
    state.put(
        Letter(
            id=event.letter,
            agreement=event.agreement,
            kind=event.of,
            language=event.language,
            office=event.office,
            issuer=event.issuer,
            addressee=event.addressee,
            title=event.title,
            paragraphs=event.paragraphs,
            refers_to=event.refers_to,
            withdraws=event.withdraws,
            request=event.request,
            asks=event.asks,
            hypothetical=event.hypothetical,
            drafted_by=event.drafted_by,
            drafted_at=at,
            warnings=event.warnings,
        )
    )


def letter_signed_off(state: State, event: e.LetterSignedOff, _: Where, __: str) -> None:
    """One more signature."""
    letter = state.need(Letter, event.letter, "letter")
    signed = (*letter.signed_off_by, event.by)
    step = "reviewed" if len(signed) == 1 else "approved"
    state.put(replace(letter, signed_off_by=signed, state=step))


def letter_declined(state: State, event: e.LetterDeclined, _: Where, __: str) -> None:
    """It goes no further."""
    letter = state.need(Letter, event.letter, "letter")
    state.put(replace(letter, state="declined"))


def number_given(state: State, event: e.NumberGiven, _: Where, __: str) -> None:
    """The office's series goes on by one."""
    state.put(Series(event.office, event.year, event.serial))


def letter_issued(state: State, event: e.LetterIssued, _: Where, __: str) -> None:
    """Numbered, dated, sent."""
    letter = state.need(Letter, event.letter, "letter")
    state.put(
        replace(
            letter,
            state="issued",
            number=event.number,
            dated=event.dated,
            issued_by=event.by,
            instrument=event.instrument,
            warnings=tuple(dict.fromkeys((*letter.warnings, *event.warnings))),
        )
    )


def note_handed_over(state: State, event: e.NoteHandedOver, _: Where, __: str) -> None:
    """In the other government's hands."""
    letter = state.need(Letter, event.letter, "letter")
    state.put(
        replace(
            letter,
            state="handed_over",
            number=event.number,
            handed_over=event.at,
            handed_over_by=event.by,
            instrument=event.instrument,
            warnings=tuple(dict.fromkeys((*letter.warnings, *event.warnings))),
        )
    )


def note_received(_: State, __: e.NoteReceived, ___: Where, ____: str) -> None:
    """The instrument itself is filed by the entry beside this one."""


def letter_cancelled(state: State, event: e.LetterCancelled, _: Where, __: str) -> None:
    """Given up."""
    letter = state.need(Letter, event.letter, "letter")
    state.put(replace(letter, state="cancelled"))


def numbering_set(state: State, event: e.NumberingSet, _: Where, __: str) -> None:
    """The pattern for numbers to come."""
    state.put(Numbering(event.office, event.pattern))


FOLDS: Mapping[type[Event], Fold] = {
    e.AgreedTextTold: agreed_text_told,
    e.InstrumentRecorded: instrument_recorded,
    e.InstrumentTold: instrument_told,
    e.LetterCancelled: letter_cancelled,
    e.LetterDeclined: letter_declined,
    e.LetterDrafted: letter_drafted,
    e.LetterIssued: letter_issued,
    e.LetterSignedOff: letter_signed_off,
    e.NoteHandedOver: note_handed_over,
    e.NoteReceived: note_received,
    e.NumberGiven: number_given,
    e.NumberingSet: numbering_set,
    e.PolicySet: policy_set,
    e.RecordBegun: record_begun,
    e.TextAmended: text_amended,
    e.TextHeld: text_held,
    e.TextProposed: text_proposed,
}
