"""Acts on the register: each gathers its facts, asks its rule list, and says what follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from gsomia.act import HOUSE, Answer, Command, Context, Ground, answer
from gsomia.canon import instant
from gsomia.clearance.model import (
    Facility,
    Person,
    is_briefed,
    is_cleared,
    is_listed,
    needs,
    within,
)
from gsomia.clearance.rules import officer, officer_rules
from gsomia.faults import BadInput, shown
from gsomia.fold import State
from gsomia.registry import commands as c
from gsomia.registry import entries as e
from gsomia.registry import rules
from gsomia.registry.model import (
    FORMS,
    Access,
    Backup,
    Copy,
    Destruction,
    Examined,
    Item,
    Lodged,
    Serial,
    control_number,
)

READING_WINDOW = timedelta(minutes=15)
"""How long a signed access opens the content. House policy, not treaty."""

MAX_COPIES = 999

NOT_EXAMINED = "not_examined"
"""Why nothing is known of content: it has no file, or this node has no reader of marks."""

LABEL = "label"
"""The place of a mark that a label inside the content says: see `Shown`."""


def next_number(state: State, context: Context) -> str:
    """The next control number of this registry and year, without a gap."""
    year = context.at.year
    last = state.get(Serial, f"{context.registry} {year}")
    return control_number(context.registry, year, (last.last if last else 0) + 1)


def register(command: c.Register, state: State, context: Context) -> Answer:
    """Register an item made here, in the house book: no partner learns of it."""
    context.ground(command.agreement, context.at)  # raises for an agreement not held here
    if not 1 <= command.copies <= MAX_COPIES:
        raise BadInput(f"1 to {MAX_COPIES} copies", str(command.copies), "copies")
    state.need(Facility, command.facility, "facility")
    person = officer(state, context.actor, context.now, "registrar")
    mark = context.own_mark(command.mark)
    lodged = state.get(Lodged, command.sealed.slot)
    examined = state.get(Examined, command.sealed.slot)
    shown = examined.shown if examined else ()
    case = rules.RegisterCase(
        actor=person.actor,
        may_act=person.may_act,
        appointed_as=person.appointed_as,
        mark=command.mark,
        known_mark=mark or "",
        subject=command.subject,
        defence_related=command.defence_related,
        form=command.form,
        known_forms=FORMS,
        content_is_here=bool(command.sealed.slot),
        registered_as=lodged.item if lodged else "",
        not_examined=examined.why if examined else NOT_EXAMINED,
        shown=tuple(s.mark for s in shown),
        shown_at=tuple(s.where for s in shown),
        shown_above=tuple(s.mark for s in shown if mark and not context.covers((mark,), s.mark)),
        labelled=tuple(s.mark for s in shown if s.place == LABEL),
    )
    number = next_number(state, context)
    return answer(
        HOUSE,
        rules.REGISTER_RULES.under(context.provisions(command.agreement)).decide(case),
        command.short_title,
        context,
        lambda ruling: (
            e.ItemRegistered(
                number=number,
                agreement=command.agreement,
                originator=context.party,
                reference=number,
                mark=mark or "",
                local_mark=mark or "",
                releasable_to=command.releasable_to,
                caveats=command.caveats,
                subject=command.subject,
                defence_related=command.defence_related,
                form=command.form,
                language=command.language,
                pages=command.pages,
                short_title=command.short_title,
                purpose="",
                copies=tuple(range(1, command.copies + 1)),
                copies_of=command.copies,
                facility=command.facility,
                sealed=command.sealed,
                transmittal="",
                ruling=ruling,
                registrar=context.actor,
            ),
        ),
        {"item": number} | _unexamined(command, case),
    )


def _unexamined(command: c.Register, case: rules.RegisterCase) -> dict[str, str]:
    """Why nobody looked at the marks in the content: its registrar has to be told."""
    return {"not_examined": case.not_examined} if command.sealed.blob and case.not_examined else {}


def facility_holds(state: State, context: Context, facility: str, mark: str) -> Facility | None:
    """The facility if it is approved for a mark at this instant, else None. Raises `BadInput`."""
    place = state.need(Facility, facility, "facility")
    approved = within(context.now, place.since, place.until)
    return place if approved and (not mark or context.covers(place.levels, mark)) else None


def hand_over(command: c.HandOver, state: State, context: Context) -> Answer:
    """A copy changes hands inside this party."""
    item = state.need(Item, command.item, "item")
    copy = state.need(Copy, f"{command.item}/{command.copy}", "copy")
    place = state.need(Facility, command.facility, "facility")
    person = officer(state, context.actor, context.now, "registrar", "custodian")
    fit = facility_holds(state, context, command.facility, item.local_mark)
    case = rules.HandOverCase(
        actor=person.actor,
        may_act=person.may_act,
        appointed_as=person.appointed_as,
        copy_state=copy.state,
        facility=command.facility,
        facility_levels=place.levels,
        facility_holds_level=fit is not None,
        custodian=place.custodian,
    )
    event = e.HandedOver(command.item, command.copy, command.keeper, command.facility)
    decision = rules.HAND_OVER_RULES.under(context.provisions(item.agreement)).decide(case)
    return answer(item.book, decision, copy.key, context, lambda _: (event,))


def read_case(command: c.Read, state: State, context: Context) -> rules.ReadCase:
    """The facts of an access at the instant of the act."""
    item = state.need(Item, command.item, "item")
    copy = state.need(Copy, f"{command.item}/{command.copy}", "copy")
    ground = context.ground(item.agreement, context.at)
    person = state.need(Person, context.actor, "reader")
    held = is_cleared(state, person.id, context.now)
    covers = held is not None and (
        not item.local_mark or context.covers(held.levels, item.local_mark)
    )
    subjects = (item.number, command.purpose)
    return rules.ReadCase(
        reader=person.id,
        rank=person.rank,
        clearance=held.levels if held else (),
        clearance_covers=covers,
        need=needs(state, person.id, item.agreement, subjects, context.now),
        facility=command.facility,
        listed=is_listed(state, person.id, command.facility, item.agreement),
        briefed=is_briefed(state, person.id, item.agreement, context.now),
        purpose=command.purpose,
        permitted_purpose=item.purpose,
        originator=item.originator,
        mark=item.mark,
        local_mark=item.local_mark,
        remark_due=item.remark_due(context.now),
        copy=copy.key,
        copy_state=copy.state,
        copy_facility=copy.facility,
        key_held=item.key_held,
        received=item.originator != context.party,
        agreement_status=ground.status,
        protect=ground.protect,
    )


def read(command: c.Read, state: State, context: Context) -> Answer:
    """A reader signs before reading. Refused accesses stay on record too."""
    case = read_case(command, state, context)
    item = state.need(Item, command.item, "item")
    until = instant(context.at + READING_WINDOW)
    access = context.new_id()
    return answer(
        item.book,
        rules.READ_RULES.under(context.provisions(item.agreement)).decide(case),
        case.copy,
        context,
        lambda ruling: (
            e.AccessPermitted(
                access, item.number, command.copy, case.reader, command.purpose, until, ruling
            ),
        ),
        {"access": access, "item": item.number, "until": until}
        | ({"conditions": item.conditions} if item.conditions else {}),
    )


def check_access(access_id: str, actor: str, state: State, context: Context) -> Access:
    """The access under which content may be opened now: its grounds are asked again.

    Raises `BadInput` if it is unknown, another person's, its time is over, or a
    ground has gone since, like a clearance.
    """
    access = state.need(Access, access_id, "access")
    if access.reader != actor:
        raise BadInput("the reader who signed", "another person", "access")
    if not within(context.now, access.signed_at, access.until):
        raise BadInput(f"a signature still valid (until {access.until})", context.now, "access")
    item = state.need(Item, access.item, "item")
    copy = state.need(Copy, f"{item.number}/{access.copy}", "copy")
    command = c.Read(item.number, access.copy, copy.facility, access.purpose)
    again = rules.READ_RULES.decide(read_case(command, state, context))
    if not again.granted:
        failed = ", ".join(o.rule for o in again.refusals())
        raise BadInput("an access whose grounds still hold", f"not any more: {failed}", "access")
    return access


def remark(command: c.Remark, state: State, context: Context) -> Answer:
    """Carry out the originator's change of classification."""
    item = state.need(Item, command.item, "item")
    ground = context.ground(item.agreement, context.at)
    person = officer(state, context.actor, context.now, "registrar")
    ordered = item.remark_to
    case = rules.RemarkCase(
        actor=person.actor,
        may_act=person.may_act,
        appointed_as=person.appointed_as,
        ordered_mark=ordered,
        effective_at=item.remark_at,
        effective=within(context.now, item.remark_at, ""),
        local_mark=command.local_mark,
        corresponding=_marks_for(ordered, item, ground, context.party) if ordered else (),
    )
    return answer(
        item.book,
        rules.REMARK_RULES.under(context.provisions(item.agreement)).decide(case),
        item.number,
        context,
        lambda _: (e.Remarked(item.number, ordered or "", command.local_mark),),
    )


def _marks_for(ordered: str, item: Item, ground: Ground, party: str) -> tuple[str, ...]:
    """This party's marks for one that the originator ordered; its own needs no table."""
    if item.originator == party:
        return (ordered,)
    return ground.corresponding(item.originator, party, ordered)


def _destroy_case(
    item: Item, state: State, context: Context, *, method: str, proposed_by: str, already: str
) -> rules.DestroyCase:
    person = officer(state, context.actor, context.now, "registrar", "custodian")
    held = is_cleared(state, context.actor, context.now)
    mark = item.local_mark
    return rules.DestroyCase(
        actor=person.actor,
        may_act=person.may_act,
        appointed_as=person.appointed_as,
        cleared=held is not None and (not mark or context.covers(held.levels, mark)),
        proposed_by=proposed_by,
        method=method,
        known_methods=rules.METHODS,
        under_incident=item.under_incident,
        in_transit=_in_transit(item, state),
        already=already,
    )


def _in_transit(item: Item, state: State) -> tuple[int, ...]:
    """The copies on their way to a partner."""
    copies = (state.get(Copy, f"{item.number}/{n}") for n in range(1, item.copies + 1))
    return tuple(c.number for c in copies if c is not None and c.state == "in_transit")


def propose_destruction(command: c.ProposeDestruction, state: State, context: Context) -> Answer:
    """The first of two people proposes."""
    item = state.need(Item, command.item, "item")
    open_one = next(
        (d for d in state.all(Destruction) if d.item == item.number and d.state != "declined"), None
    )
    already = "content destroyed" if not item.key_held else open_one.state if open_one else ""
    case = _destroy_case(
        item, state, context, method=command.method, proposed_by="", already=already
    )
    new = context.new_id()
    return answer(
        item.book,
        rules.PROPOSE_DESTRUCTION_RULES.under(context.provisions(item.agreement)).decide(case),
        item.number,
        context,
        lambda ruling: (
            e.DestructionProposed(
                new, item.number, command.method, command.reason, context.actor, ruling
            ),
        ),
        {"destruction": new, "item": item.number},
    )


def certify_destruction(command: c.CertifyDestruction, state: State, context: Context) -> Answer:
    """The second person certifies; destroying the slot follows from the entry."""
    found = state.need(Destruction, command.destruction, "destruction")
    item = state.need(Item, found.item, "item")
    already = "" if found.state == "proposed" else found.state
    case = _destroy_case(
        item, state, context, method=found.method, proposed_by=found.proposed_by, already=already
    )
    certificate = f"{context.registry}-D-{shown(found.id[:12])}"
    return answer(
        item.book,
        rules.CERTIFY_DESTRUCTION_RULES.under(context.provisions(item.agreement)).decide(case),
        item.number,
        context,
        lambda ruling: (
            e.DestructionCertified(found.id, item.number, certificate, context.actor, ruling),
        ),
        {"certificate": certificate, "item": item.number},
    )


def decline_destruction(command: c.DeclineDestruction, state: State, context: Context) -> Answer:
    """Either person takes the proposal off the table: the item may be handled as before."""
    found = state.need(Destruction, command.destruction, "destruction")
    item = state.need(Item, found.item, "item")
    if found.state != "proposed":
        raise BadInput("a destruction that is proposed", found.state, "destruction")
    if not command.reason.strip():
        raise BadInput("a reason", "none", "reason")
    event = e.DestructionDeclined(found.id, item.number, command.reason, context.actor)
    decision = officer_rules(command.act()).decide(
        officer(state, context.actor, context.now, "registrar", "custodian")
    )
    return answer(item.book, decision, item.number, context, lambda _: (event,))


def close_incident(command: c.CloseIncident, state: State, context: Context) -> Answer:
    """The inquiry is over: the item may be handled, and destroyed, as before."""
    item = state.need(Item, command.item, "item")
    if not item.under_incident:
        raise BadInput("an item under an incident", "one that is not", "item")
    if not command.finding.strip():
        raise BadInput("what was found and done", "nothing", "finding")
    event = e.IncidentMarked(item.number, under_incident=False, finding=command.finding)
    decision = officer_rules(command.act()).decide(
        officer(state, context.actor, context.now, "security_authority")
    )
    return answer(item.book, decision, item.number, context, lambda _: (event,))


def declare_backup(command: c.DeclareBackup, state: State, context: Context) -> Answer:
    """A backup that holds key slots goes on record: destruction will name it as a remnant."""
    if not command.name.strip() or state.get(Backup, command.name) is not None:
        raise BadInput("a backup's name not used before", shown(command.name), "backup")
    event = e.BackupDeclared(command.name, context.actor)
    decision = officer_rules(command.act()).decide(
        officer(state, context.actor, context.now, "security_authority", "registrar")
    )
    return answer(HOUSE, decision, command.name, context, lambda _: (event,))


def retire_backup(command: c.RetireBackup, state: State, context: Context) -> Answer:
    """A backup is gone, and with it what it could have brought back."""
    if state.need(Backup, command.name, "backup").gone_at:
        raise BadInput("a backup that still exists", "one that is gone", "backup")
    event = e.BackupGone(command.name, context.actor)
    decision = officer_rules(command.act()).decide(
        officer(state, context.actor, context.now, "security_authority", "registrar")
    )
    return answer(HOUSE, decision, command.name, context, lambda _: (event,))


ACTS: Mapping[type[Command], Callable[[Any, State, Context], Answer]] = {
    c.Register: register,
    c.HandOver: hand_over,
    c.Read: read,
    c.Remark: remark,
    c.ProposeDestruction: propose_destruction,
    c.CertifyDestruction: certify_destruction,
    c.DeclineDestruction: decline_destruction,
    c.CloseIncident: close_incident,
    c.DeclareBackup: declare_backup,
    c.RetireBackup: retire_backup,
}
