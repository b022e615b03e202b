"""What can happen at the treaty desk."""

from __future__ import annotations

from datetime import date

from gsomia.agreement.instruments import Instrument, Kind, Moment, Office
from gsomia.desk.policy import Policy
from gsomia.fold import Event
from gsomia.ruling import Ruling


class InstrumentRecorded(Event, frozen=True, tag="desk.instrument_recorded"):
    """The desk recorded an instrument. `hypothetical` marks one made for an exercise."""

    agreement: str
    instrument: Instrument
    hypothetical: bool
    confirmed_revival: bool


class RecordBegun(Event, frozen=True, tag="desk.record_begun"):
    """The record of an agreement begins with what was known at an instant."""

    agreement: str
    known_until: str


class TextHeld(Event, frozen=True, tag="desk.text_held"):
    """The node was founded on this pack, and on these public instruments: the files' text."""

    agreement: str
    pack: str
    instruments: str


class TextProposed(Event, frozen=True, tag="desk.text_proposed"):
    """One officer proposed an amended text. `text`: the digest of its file."""

    agreement: str
    version: int
    text: str
    applies_from: date
    instruments: tuple[str, ...]
    by: str
    ruling: Ruling


class TextAmended(Event, frozen=True, tag="desk.text_amended"):
    """A text that both parties consented to counts from a day on. `pack`: the file's text."""

    agreement: str
    version: int
    pack: str
    applies_from: date
    instruments: tuple[str, ...]
    proposed_by: str
    by: str
    ruling: Ruling


class InstrumentTold(Event, frozen=True, tag="desk.instrument_told"):
    """A partner's node told its record of an instrument."""

    agreement: str
    party: str
    instrument: Instrument
    hypothetical: bool
    notice: str
    sequence: int = 0


class LetterDrafted(Event, frozen=True, tag="desk.letter_drafted"):
    """A letter was drafted. `warnings` name the steps that are out of order."""

    letter: str
    agreement: str
    of: Kind
    language: str
    office: str
    issuer: Office
    addressee: Office
    title: str
    paragraphs: tuple[str, ...]
    refers_to: tuple[str, ...]
    withdraws: tuple[str, ...]
    request: str
    asks: str
    hypothetical: bool
    drafted_by: str
    warnings: tuple[str, ...]
    ruling: Ruling


class LetterSignedOff(Event, frozen=True, tag="desk.letter_signed_off"):
    """One of the two signed it off."""

    letter: str
    by: str
    ruling: Ruling


class LetterDeclined(Event, frozen=True, tag="desk.letter_declined"):
    """One of those who sign off declined it."""

    letter: str
    by: str
    reason: str


class LetterIssued(Event, frozen=True, tag="desk.letter_issued"):
    """The letter has its number and date, and was sent."""

    letter: str
    number: str
    dated: Moment
    by: str
    instrument: str
    warnings: tuple[str, ...]
    ruling: Ruling


class NoteHandedOver(Event, frozen=True, tag="desk.note_handed_over"):
    """The note was handed over."""

    letter: str
    number: str
    at: Moment
    place: str
    to: str
    by: str
    instrument: str
    warnings: tuple[str, ...]
    ruling: Ruling


class NoteReceived(Event, frozen=True, tag="desk.note_received"):
    """A partner's note came through the diplomatic channel."""

    agreement: str
    instrument: str
    at: Moment
    by: str
    warnings: tuple[str, ...]
    ruling: Ruling


class LetterCancelled(Event, frozen=True, tag="desk.letter_cancelled"):
    """The letter was given up before it was sent."""

    letter: str
    by: str
    reason: str


class NumberingSet(Event, frozen=True, tag="desk.numbering_set"):
    """An office numbers its letters so from now on."""

    office: str
    pattern: str
    by: str


class NumberGiven(Event, frozen=True, tag="desk.number_given"):
    """An office gave its next number. `year` is 0 where its numbers name none."""

    office: str
    year: int
    serial: int
    number: str
    letter: str


class PolicySet(Event, frozen=True, tag="desk.policy_set"):
    """The desk decided what this node does on contested ground."""

    agreement: str
    policy: Policy
    reading: str
    reason: str
    by: str
    version: int


class AgreedTextTold(Event, frozen=True, tag="desk.agreed_text_told"):
    """A partner's node told the agreed part that it holds."""

    agreement: str
    party: str
    text: str
    notice: str
    sequence: int = 0
