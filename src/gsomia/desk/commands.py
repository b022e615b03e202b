"""What can be asked of the treaty desk."""

from __future__ import annotations

from datetime import date

from gsomia.act import Command
from gsomia.agreement.instruments import Instrument, Kind, Moment
from gsomia.desk.policy import Policy


class RecordInstrument(Command, frozen=True, tag="desk.record-instrument"):
    """Record an instrument.

    `confirm_revival` must be true for one that withdraws only a suspension and
    so revives the notice; it must be false for every other.
    """

    agreement: str
    instrument: Instrument
    hypothetical: bool = False
    confirm_revival: bool = False


class AmendText(Command, frozen=True, tag="desk.amend-text"):
    """Bring in the text to which both parties have consented, from 00:00 of `applies_from`.

    The first officer proposes it; it counts once another gives exactly the same command.

    `pack` is the whole new pack as its file has it; the day is counted in the agreement's
    offset. `instruments` are the amendments on record by which the parties consented.
    """

    agreement: str
    pack: str
    applies_from: date
    instruments: tuple[str, ...]


class DraftLetter(Command, frozen=True, tag="desk.draft-letter"):
    """Draft a letter or note. The text comes from the template unless `paragraphs` has it.

    `request` names the letter of the competent authority that asked for a note; `asks` the
    kind of note that an inter-ministry letter asks for.
    """

    agreement: str
    letter: Kind
    language: str
    refers_to: tuple[str, ...] = ()
    withdraws: tuple[str, ...] = ()
    request: str = ""
    asks: str = ""
    paragraphs: tuple[str, ...] = ()
    hypothetical: bool = False


class SignOff(Command, frozen=True, tag="desk.sign-off"):
    """Sign a draft off, or decline it with a reason. Two people sign, besides the drafter."""

    letter: str
    favour: bool = True
    reason: str = ""


class IssueLetter(Command, frozen=True, tag="desk.issue-letter"):
    """Give a letter its number and date, and send it. `dated`: now, unless the paper says else."""

    letter: str
    dated: Moment | None = None


class HandOver(Command, frozen=True, tag="desk.hand-over"):
    """Record that a note was handed over through the diplomatic channel: when, where, to whom."""

    letter: str
    at: Moment
    place: str = ""
    to: str = ""
    confirm_revival: bool = False


class Receive(Command, frozen=True, tag="desk.receive"):
    """Record that a note a partner's node told of came through the diplomatic channel."""

    agreement: str
    instrument: str
    at: Moment
    confirm_revival: bool = False


class CancelLetter(Command, frozen=True, tag="desk.cancel-letter"):
    """Give up a letter that was not yet sent."""

    letter: str
    reason: str


class SetNumbering(Command, frozen=True, tag="desk.set-numbering"):
    """Say how an office numbers its letters. `office` is an authority's id in the pack."""

    agreement: str
    office: str
    pattern: str


class SetPolicy(Command, frozen=True, tag="desk.set-policy"):
    """Decide what this node does on contested ground, and which held reading it relies on."""

    agreement: str
    policy: Policy
    reading: str
    reason: str
