"""The treaty desk: instruments that come to be known are filed, and statuses follow from them.

An instrument filed here is this side's record. It moves the status only as its
kind, channel and form allow (`gsomia.agreement.lifecycle`); a withdrawal that would
put a suspended notice back into effect must be confirmed in so many words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gsomia.act import Answer, Command, Context, answer
from gsomia.agreement.instruments import Instrument
from gsomia.clearance.rules import officer, officer_rules
from gsomia.fold import Doc, Event, Fold, State, Where


class Filing(Doc, frozen=True, tag="desk.instrument"):
    """An instrument recorded on this node, beside those that ship with the pack."""

    agreement: str
    instrument: Instrument
    hypothetical: bool

    @property
    def key(self) -> str:
        """Agreement and instrument."""
        return f"{self.agreement} {self.instrument.id}"


class InstrumentRecorded(Event, frozen=True, tag="desk.instrument_recorded"):
    """The desk recorded an instrument. `hypothetical` marks one made for an exercise."""

    agreement: str
    instrument: Instrument
    hypothetical: bool
    confirmed_revival: bool


class RecordInstrument(Command, frozen=True, tag="desk.record-instrument"):
    """Record an instrument.

    `confirm_revival` must be true for one that withdraws only a suspension and
    so revives the notice; it must be false for every other.
    """

    agreement: str
    instrument: Instrument
    hypothetical: bool = False
    confirm_revival: bool = False


def record_instrument(command: RecordInstrument, state: State, context: Context) -> Answer:
    """File an instrument. Its checks are made by the node, which holds the pack."""
    event = InstrumentRecorded(
        command.agreement, command.instrument, command.hypothetical, command.confirm_revival
    )
    decision = officer_rules(command.act()).decide(
        officer(state, context.actor, context.now, "treaty_desk")
    )
    context.check_instrument(command.agreement, command.instrument, command.confirm_revival)
    return answer(command.agreement, decision, command.instrument.id, context, lambda _: (event,))


def instrument_recorded(state: State, event: InstrumentRecorded, _: Where, __: str) -> None:
    """The instrument is known here."""
    state.put(Filing(event.agreement, event.instrument, event.hypothetical))


FOLDS: Mapping[type[Event], Fold] = {InstrumentRecorded: instrument_recorded}
ACTS: Mapping[type[Command], Callable[[Any, State, Context], Answer]] = {
    RecordInstrument: record_instrument
}
