"""The treaty desk's acts.

An instrument on record is this side's record. It moves the status only as its
kind, channel and form allow (`gsomia.agreement.lifecycle`); a withdrawal that would
put a suspended notice back into effect must be confirmed in so many words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from gsomia.act import HOUSE, Answer, Command, Context, answer
from gsomia.agreement import counting
from gsomia.agreement.instruments import (
    Channel,
    Instrument,
    Kind,
    Moment,
    Office,
    check_instrument,
    revives_notice,
)
from gsomia.agreement.model import Authority, Pack, Role
from gsomia.agreement.records import Record
from gsomia.clearance.rules import officer, officer_rules
from gsomia.desk import commands as c
from gsomia.desk import entries as e
from gsomia.desk import order, rules, wording
from gsomia.desk.amending import amend_text
from gsomia.desk.letters import Sides, compose, name_of
from gsomia.desk.model import DESKS, ISSUERS, Letter, Told
from gsomia.desk.numbering import check_pattern, instrument_id, next_number
from gsomia.desk.policy import in_force
from gsomia.faults import BadInput, shown
from gsomia.fold import Event, State
from gsomia.ruling import RuleList, Ruling

MAX_PARAGRAPHS = 50
MAX_PARAGRAPH = 4000


# -- instruments on record -----------------------------------------------------------------


def _check_record(record: Record, new: Instrument, confirmed: bool) -> tuple[str, ...]:
    """What is out of order when `new` goes on record, with the confirmation it needs.

    Raises `BadInput` unless it can. A paper about one that is not on record yet is kept and
    waits; when that comes, what waited for it takes effect, or is told if it cannot.
    """
    check_instrument(record.pack, record.ours, new, may_wait=True)
    revives = revives_notice(record.pack, record.ours, new)
    if revives and not confirmed:
        raise BadInput(
            "a confirmation: with this only the suspension is withdrawn, and the notice of "
            "termination is back in effect",
            "none",
            "confirm_revival",
        )
    if confirmed and not revives:
        raise BadInput("no confirmation: nothing is revived", "one", "confirm_revival")
    return order.of_record(record, new)


def record_instrument(command: c.RecordInstrument, state: State, context: Context) -> Answer:
    """File an instrument. This side knows it from now on, unless it says since when it knew."""
    new = command.instrument
    if new.known_at is None:
        new = replace(new, known_at=context.at)
    begun = (new.dated, new.sent, new.handed_over, new.received)
    if max(new.known_from, *(m.earliest for m in begun if m)) > context.at:
        # What is still to come is asked of `what-if`; a record of it would be untrue.
        raise BadInput("instants that have come", "a later one", f"instrument {shown(new.id)}")
    event = e.InstrumentRecorded(
        command.agreement, new, command.hypothetical, command.confirm_revival
    )
    decision = officer_rules(command.act()).decide(
        officer(state, context.actor, context.now, *DESKS.values())
    )
    warnings = _check_record(context.record(command.agreement), new, command.confirm_revival)
    told = {"warnings": warnings}
    return answer(command.agreement, decision, new.id, context, lambda _: (event,), told)


# -- drafting ------------------------------------------------------------------------------


def _authority(pack: Pack, party: str, role: Role, at: datetime) -> Authority:
    found = pack.authorities_at(party, role, at)
    if not found:
        raise BadInput(f"a {role} of {party} in the pack for today", "none", "agreement")
    return found[0]


def _sides(pack: Pack, kind: Kind, context: Context) -> Sides:
    """Who writes to whom: the partner's foreign ministry, or for a request our own."""
    us = context.party
    them = next((p for p in pack.codes if p != us), us)
    addressed = us if kind is Kind.INTER_MINISTRY_LETTER else them
    return Sides(
        us,
        them,
        _authority(pack, us, ISSUERS[kind], context.at),
        _authority(pack, addressed, Role.TREATY_NOTE_AUTHORITY, context.at),
    )


def _office(authority: Authority) -> Office:
    return Office(authority.party, authority.role, name_of(authority.names, "en"))


def _asked(command: c.DraftLetter) -> Kind | None:
    """The kind of note that a request asks for. Raises `BadInput`."""
    if command.letter not in ISSUERS:
        raise BadInput("one of " + ", ".join(ISSUERS), command.letter, "letter")
    if command.language not in wording.LANGUAGES:
        raise BadInput(
            "one of " + ", ".join(wording.LANGUAGES), shown(command.language), "language"
        )
    if command.letter is not Kind.INTER_MINISTRY_LETTER:
        if command.asks:
            raise BadInput("nothing: a note asks for no note", shown(command.asks), "asks")
        return None
    kinds = [k for k in ISSUERS if k is not Kind.INTER_MINISTRY_LETTER]
    if command.asks not in kinds:
        raise BadInput("one of " + ", ".join(kinds), shown(command.asks), "asks")
    if command.withdraws or command.request:
        raise BadInput("refers_to alone, in a request", "withdraws or request", "letter")
    return Kind(command.asks)


def _check_text(paragraphs: tuple[str, ...]) -> None:
    if len(paragraphs) > MAX_PARAGRAPHS or any(
        not p.strip() or len(p) > MAX_PARAGRAPH or not p.isprintable() for p in paragraphs
    ):
        raise BadInput(
            f"at most {MAX_PARAGRAPHS} paragraphs of 1 to {MAX_PARAGRAPH} printable characters",
            "another text",
            "paragraphs",
        )


def _instrument(letter: Letter, number: str, dated: Moment, context: Context) -> Instrument:
    """The letter as an instrument; a note without the handing over."""
    note = letter.is_note
    return Instrument(
        id=instrument_id(letter.issuer.party, letter.office, number),
        kind=letter.kind,
        channel=Channel.DIPLOMATIC if note else Channel.INTERNAL,
        issuers=(letter.issuer,),
        addressees=(letter.addressee,),
        form="note verbale" if note else "official letter",
        title=letter.title,
        dated=dated,
        refers_to=letter.refers_to,
        withdraws=letter.withdraws,
        known_at=context.at,
        language=letter.language,
        source=f"letter {number}",
        verified=True,
    )


def _handed_over(letter: Letter, number: str, at: Moment, context: Context) -> Instrument:
    dated = letter.dated if letter.dated is not None else at
    return replace(_instrument(letter, number, dated, context), handed_over=at)


def draft_letter(command: c.DraftLetter, state: State, context: Context) -> Answer:
    """Draft a letter; what could never go on record is told now, before anybody signs."""
    asks = _asked(command)
    _check_text(command.paragraphs)
    record = context.record(command.agreement)
    known = {i.id: i for i in record.ours}
    mentions = (*command.withdraws, *command.refers_to)
    for name in mentions:
        if name not in known:
            raise BadInput("an instrument on record", shown(name), "refers_to")
    if command.request:
        state.need(Letter, command.request, "request")
    sides = _sides(record.pack, command.letter, context)
    about = [known[n] for n in dict.fromkeys(mentions)]
    text = compose(command.letter, asks, command.language, record.pack, sides, about)
    number = f"L-{state.count(Letter) + 1}"
    letter = Letter(
        id=number,
        agreement=command.agreement,
        kind=command.letter,
        language=command.language,
        office=sides.our.id,
        issuer=_office(sides.our),
        addressee=_office(sides.their),
        title=text.title,
        paragraphs=command.paragraphs or text.paragraphs,
        refers_to=command.refers_to,
        withdraws=command.withdraws,
        request=command.request,
        asks=asks or "",
        hypothetical=command.hypothetical,
        drafted_by=context.actor,
        drafted_at=context.now,
    )
    warnings = list(order.of_request(state, letter, Moment.exact(context.at)))
    if letter.is_note:
        trial = _handed_over(letter, number, Moment.exact(context.at), context)
        check_instrument(record.pack, record.ours, trial)
        if revives_notice(record.pack, record.ours, trial):
            warnings.append(order.REVIVES)
    return answer(
        command.agreement,
        rules.DRAFT_RULES.decide(_case(letter, state, context, ())),
        number,
        context,
        lambda ruling: (
            e.LetterDrafted(
                letter=number,
                agreement=letter.agreement,
                of=letter.kind,
                language=letter.language,
                office=letter.office,
                issuer=letter.issuer,
                addressee=letter.addressee,
                title=letter.title,
                paragraphs=letter.paragraphs,
                refers_to=letter.refers_to,
                withdraws=letter.withdraws,
                request=letter.request,
                asks=letter.asks,
                hypothetical=letter.hypothetical,
                drafted_by=letter.drafted_by,
                warnings=tuple(warnings),
                ruling=ruling,
            ),
        ),
        {"letter": number, "title": letter.title, "warnings": warnings},
    )


# -- signing off, issuing, handing over ---------------------------------------------------------


def _case(
    letter: Letter, state: State, context: Context, steps: tuple[str, ...]
) -> rules.LetterCase:
    person = officer(state, context.actor, context.now, letter.desk)
    return rules.LetterCase(
        actor=person.actor,
        may_act=person.may_act,
        appointed_as=person.appointed_as,
        letter=letter.id,
        state=letter.state,
        steps=steps,
        drafted_by=letter.drafted_by,
        signed_off_by=letter.signed_off_by,
    )


def _step(
    letter: Letter,
    rule_list: RuleList[rules.LetterCase],
    steps: tuple[str, ...],
    state: State,
    context: Context,
    granted: Callable[[Ruling], tuple[Event, ...]],
    told: Mapping[str, Any],
) -> Answer:
    decision = rule_list.decide(_case(letter, state, context, steps))
    return answer(letter.agreement, decision, letter.id, context, granted, told)


def sign_off(command: c.SignOff, state: State, context: Context) -> Answer:
    """Sign a draft off, or decline it."""
    letter = state.need(Letter, command.letter, "letter")
    if not command.favour and not command.reason.strip():
        raise BadInput("a reason", "none", "reason")

    def granted(ruling: Ruling) -> tuple[Event, ...]:
        if command.favour:
            return (e.LetterSignedOff(letter.id, context.actor, ruling),)
        return (e.LetterDeclined(letter.id, context.actor, command.reason),)

    signed = len(letter.signed_off_by) + int(command.favour)
    told = {"letter": letter.id, "signed_off": signed, "needed": 2}
    steps = ("drafted", "reviewed")
    return _step(letter, rules.SIGN_OFF_RULES, steps, state, context, granted, told)


def _year(letter: Letter, at: datetime, context: Context) -> int:
    """The year in which a letter is numbered: that of its date, in the agreement's zone."""
    return counting.local_day(at, context.record(letter.agreement).pack.zone).year


def issue_letter(command: c.IssueLetter, state: State, context: Context) -> Answer:
    """Number, date and send a letter; one inside the government goes on record now."""
    letter = state.need(Letter, command.letter, "letter")
    zone = context.record(letter.agreement).pack.zone
    # A letter bears a day; what was done on it, at whichever hour, was not done before it.
    dated = command.dated or Moment.day(counting.local_day(context.at, zone), zone)
    if dated.earliest > context.at:
        raise BadInput("a date that has come", "a later one", "dated")
    given = next_number(state, letter.office, _year(letter, dated.earliest, context), letter.id)
    made = _instrument(letter, given.number, dated, context)
    warnings = order.of_request(state, letter, dated)

    def granted(ruling: Ruling) -> tuple[Event, ...]:
        filed: tuple[Event, ...] = ()
        if not letter.is_note:
            record = context.record(letter.agreement)
            _check_record(record, made, confirmed=False)
            filed = (e.InstrumentRecorded(letter.agreement, made, letter.hypothetical, False),)
        issued = e.LetterIssued(
            letter.id,
            given.number,
            dated,
            context.actor,
            "" if letter.is_note else made.id,
            warnings,
            ruling,
        )
        return (given, issued, *filed)

    told = {"letter": letter.id, "number": given.number, "warnings": warnings}
    return _step(letter, rules.ISSUE_RULES, ("approved",), state, context, granted, told)


def hand_over(command: c.HandOver, state: State, context: Context) -> Answer:
    """Record the handing over: from here on the note is an instrument on record."""
    letter = state.need(Letter, command.letter, "letter")
    if not letter.is_note:
        raise BadInput("a note: a letter inside one government is issued", letter.kind, "letter")
    if command.at.earliest > context.at:
        raise BadInput("an instant that has come", "a later one", "at")
    _check_place(command.place, "place")
    _check_place(command.to, "to")
    events: list[Event] = []
    number = letter.number
    if not number:
        year = _year(letter, command.at.earliest, context)
        given = next_number(state, letter.office, year, letter.id)
        events.append(given)
        number = given.number
    made = _handed_over(letter, number, command.at, context)
    warnings, steps = order.of_handing_over(state, letter, command.at), ("approved", "issued")
    if letter.state in steps:
        record = context.record(letter.agreement)
        found = _check_record(record, made, command.confirm_revival)
        warnings = tuple(dict.fromkeys((*warnings, *found)))

    def granted(ruling: Ruling) -> tuple[Event, ...]:
        over = e.NoteHandedOver(
            letter.id,
            number,
            command.at,
            command.place,
            command.to,
            context.actor,
            made.id,
            warnings,
            ruling,
        )
        filed = e.InstrumentRecorded(
            letter.agreement, made, letter.hypothetical, command.confirm_revival
        )
        return (*events, over, filed)

    told = {"letter": letter.id, "instrument": made.id, "number": number, "warnings": warnings}
    return _step(letter, rules.HAND_OVER_RULES, steps, state, context, granted, told)


def _check_place(text: str, where: str) -> None:
    if len(text) > 200 or not text.isprintable():
        raise BadInput("at most 200 printable characters", "another text", where)


def receive(command: c.Receive, state: State, context: Context) -> Answer:
    """Record what came through the diplomatic channel, as the partner's node told of it."""
    told = next(
        (
            t
            for t in state.all(Told)
            if t.agreement == command.agreement and t.instrument.id == command.instrument
        ),
        None,
    )
    if told is None:
        raise BadInput(
            "an instrument that a partner's node told; record any other from a file",
            shown(command.instrument),
            "instrument",
        )
    if command.at.earliest > context.at:
        raise BadInput("an instant that has come", "a later one", "at")
    made = replace(told.instrument, received=command.at, known_at=context.at)
    record = context.record(command.agreement)
    late = _check_record(record, made, command.confirm_revival)
    warnings = (*order.of_receipt(told, command.at), *late)
    person = officer(state, context.actor, context.now, DESKS[Role.TREATY_NOTE_AUTHORITY])
    case = rules.LetterCase(
        person.actor, person.may_act, person.appointed_as, made.id, "told", ("told",), "", ()
    )
    return answer(
        command.agreement,
        rules.RECEIVE_RULES.decide(case),
        made.id,
        context,
        lambda ruling: (
            e.NoteReceived(command.agreement, made.id, command.at, context.actor, warnings, ruling),
            e.InstrumentRecorded(
                command.agreement, made, told.hypothetical, command.confirm_revival
            ),
        ),
        {"instrument": made.id, "warnings": warnings},
    )


def cancel_letter(command: c.CancelLetter, state: State, context: Context) -> Answer:
    """Give up a letter that was not sent."""
    letter = state.need(Letter, command.letter, "letter")
    if not command.reason.strip():
        raise BadInput("a reason", "none", "reason")
    event = e.LetterCancelled(letter.id, context.actor, command.reason)
    steps = ("drafted", "reviewed", "approved")
    told = {"letter": letter.id}
    return _step(letter, rules.CANCEL_RULES, steps, state, context, lambda _: (event,), told)


def set_numbering(command: c.SetNumbering, state: State, context: Context) -> Answer:
    """Say how an office of this party numbers its letters from now on."""
    check_pattern(command.pattern)
    pack = context.record(command.agreement).pack
    office = next(
        (a for a in pack.authorities if a.id == command.office and a.party == context.party), None
    )
    if office is None or office.role not in DESKS:
        known = ", ".join(a.id for a in pack.authorities if a.party == context.party)
        raise BadInput(f"an authority of {context.party}: {known}", shown(command.office), "office")
    event = e.NumberingSet(office.id, command.pattern, context.actor)
    decision = officer_rules(command.act()).decide(
        officer(state, context.actor, context.now, DESKS[office.role])
    )
    return answer(command.agreement, decision, office.id, context, lambda _: (event,))


def set_policy(command: c.SetPolicy, state: State, context: Context) -> Answer:
    """Decide what this node does on contested ground, in the house book: it is nobody else's."""
    pack = context.record(command.agreement).pack
    held = [r.id for r in pack.readings if r.held]
    if command.reading not in held:
        raise BadInput(
            "a reading that a party holds: " + ", ".join(held), shown(command.reading), "reading"
        )
    if not command.reason.strip():
        raise BadInput("a reason", "none", "reason")
    version = in_force(state, pack, context.party).version + 1
    event = e.PolicySet(
        command.agreement,
        command.policy,
        command.reading,
        command.reason,
        context.actor,
        version,
    )
    decision = officer_rules(command.act()).decide(
        officer(state, context.actor, context.now, DESKS[Role.COMPETENT_AUTHORITY])
    )
    told = {"agreement": command.agreement, "version": version}
    return answer(HOUSE, decision, command.agreement, context, lambda _: (event,), told)


ACTS: Mapping[type[Command], Callable[[Any, State, Context], Answer]] = {
    c.AmendText: amend_text,
    c.CancelLetter: cancel_letter,
    c.DraftLetter: draft_letter,
    c.HandOver: hand_over,
    c.IssueLetter: issue_letter,
    c.Receive: receive,
    c.RecordInstrument: record_instrument,
    c.SetNumbering: set_numbering,
    c.SetPolicy: set_policy,
    c.SignOff: sign_off,
}
"""What a person can have the desk do."""
