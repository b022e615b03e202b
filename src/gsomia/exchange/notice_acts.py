"""Notices as acts: who may give them, and what follows on either side."""

from __future__ import annotations

import msgspec

from gsomia.act import Answer, Context, Filed, Refused
from gsomia.canon import instant, parse_instant
from gsomia.clearance.model import within
from gsomia.clearance.rules import officer
from gsomia.desk import entries as desk
from gsomia.exchange import commands as c
from gsomia.exchange import entries as e
from gsomia.exchange import notices as n
from gsomia.exchange import rules
from gsomia.exchange.model import NoticeFile, Peer
from gsomia.exchange.numbering import order
from gsomia.faults import BadInput
from gsomia.fold import Event, State
from gsomia.registry import entries as registry
from gsomia.registry.model import Change, Copy, Destruction, Item, Originator, Reference
from gsomia.release import entries as release
from gsomia.release.model import Request
from gsomia.ruling import Ruling

ROLES: dict[str, tuple[str, ...]] = {
    "assurance_asked": ("disclosure_officer", "registrar"),
    "assurance_given": ("security_authority", "disclosure_officer"),
    "assurance_refused": ("security_authority", "disclosure_officer"),
    "consent_asked": ("disclosure_officer",),
    "consent_granted": ("disclosure_officer",),
    "consent_refused": ("disclosure_officer",),
    "reclassified": ("disclosure_officer", "registrar"),
    "reclassification_done": ("registrar",),
    "return_asked": ("disclosure_officer", "registrar"),
    "returned": ("registrar",),
    "destroyed": ("registrar",),
    "loss_suspected": ("security_authority", "registrar", "custodian"),
    "loss_acknowledged": ("security_authority", "registrar"),
    "authority_changed": ("treaty_desk",),
    "instrument_told": ("treaty_note_officer", "treaty_desk"),
    "agreed_text_told": ("treaty_desk",),
}
"""Who may give which notice. The treaty leaves it to each side; this is registry practice."""

ORIGINATOR_ONLY = frozenset({"consent_granted", "consent_refused", "reclassified", "return_asked"})
MAY_OVERTAKE = frozenset({"reclassified", "return_asked", "loss_suspected"})
"""What an originator may tell of an item that is still on its way, or not registered yet."""

HOLDER_ONLY = frozenset({"consent_asked", "reclassification_done", "returned", "destroyed"})


def references(about: n.About) -> tuple[str, ...]:
    """The items a notice names, by their originator's numbers."""
    if isinstance(about, n.LossSuspected | n.LossAcknowledged):
        return about.references
    reference = getattr(about, "reference", "")
    return (reference,) if reference else ()


def _find(state: State, reference: str, parties: tuple[str, ...], agreement: str) -> Item | None:
    """The item that the parties mean: one of theirs, or another's that passed between them.

    What came here by another agreement is not told of under this one.
    """
    for party in parties:
        found = state.get(Reference, f"{party} {reference}")
        if found is not None:
            return state.get(Item, found.number)
    for party in sorted({one.party for one in state.all(Originator)} - set(parties)):
        found = state.get(Reference, f"{party} {reference}")
        item = state.get(Item, found.number) if found else None
        if item is not None and _passed_under(item, state, agreement):
            return item
    return None


def _passed_under(item: Item, state: State, agreement: str) -> bool:
    """Whether an item came, or was sent on, under this agreement."""
    return item.agreement == agreement or any(
        (r.item, r.agreement, r.state) == (item.number, agreement, "dispatched")
        for r in state.all(Request)
    )


def _was_given(item: Item, state: State, party: str) -> bool:
    """Whether an item passed between the parties: received, or sent by us."""
    return item.originator != party or any(
        r.item == item.number and r.state == "dispatched" for r in state.all(Request)
    )


def _register_agrees(about: n.About, item: Item, state: State) -> bool:
    """Whether what we are about to say of our copies is what our register says."""
    match about:
        case n.Returned():
            copies = (state.get(Copy, f"{item.number}/{copy}") for copy in about.copies)
            return all(c is not None and c.state == "in_custody" for c in copies)
        case n.Destroyed():
            return any(
                d.item == item.number
                and d.certificate == about.certificate
                and d.state == "shredded"
                for d in state.all(Destruction)
            )
        case n.ReclassificationDone():
            return item.remark_to is None
        case _:
            return True


def notice_case(
    about: n.About,
    answers: str,
    state: State,
    context: Context,
    agreement: str,
    giver: str,
) -> rules.NoticeCase:
    """The facts of a notice at this instant, on the giving or the receiving side."""
    kind = n.kind_of(about)
    ground = context.ground(agreement, context.at)
    items = [_find(state, r, ground.parties, agreement) for r in references(about)]
    originators = {i.originator for i in items if i is not None}
    overtakes = giver != context.party and kind in MAY_OVERTAKE
    if overtakes and None in items:
        originators.add(giver)
    known = all(overtakes if i is None else _was_given(i, state, context.party) for i in items)
    if isinstance(about, n.AssuranceAsked) and giver == context.party:
        known = state.get(Request, about.request) is not None
    question = state.get(NoticeFile, answers) if answers else None
    person = officer(state, context.actor, context.now, *ROLES[kind])
    return rules.NoticeCase(
        actor=person.actor,
        may_act=person.may_act,
        appointed_as=person.appointed_as,
        kind=kind,
        giver=giver,
        subject=", ".join(references(about)) or getattr(about, "request", ""),
        originator=", ".join(sorted(originators)),
        originator_only=kind in ORIGINATOR_ONLY,
        holder_only=kind in HOLDER_ONLY,
        known=known,
        register_agrees=giver != context.party
        or all(
            _register_agrees(about, i, state)
            for i in items
            if i is not None and i.originator != context.party
        ),
        answers=answers,
        question_open=question is not None
        and not question.answered_by
        and question.ours != (giver == context.party),
        protect=ground.protect,
    )


def _check_answer(about: n.About, answers: str, state: State) -> None:
    question = state.get(NoticeFile, answers) if answers else None
    if question is not None:
        n.check_answer(question, NoticeFile("", True, "", "", about, answers, "", ""))
    elif not answers and n.FORMS[n.kind_of(about)].only_answer:
        raise BadInput("the id of the notice it answers", "nothing", n.kind_of(about))


def _both_sides(
    notice: str,
    about: n.About,
    answers: str,
    state: State,
    context: Context,
    agreement: str,
    giver: str,
    sequence: int = 0,
) -> list[Filed]:
    """What follows from a notice on the giver's side and on the other.

    `sequence` is that of the partner's transmittal it came in.
    """
    ours = giver == context.party
    parties = context.ground(agreement, context.at).parties
    named = references(about)
    item = _find(state, named[0], parties, agreement) if named else None
    event: Event
    match about:
        case n.AssuranceGiven() if not ours:
            event = release.AssuranceRecorded(
                about.request,
                giver,
                about.clearance,
                about.need,
                about.equivalent_protection,
                notice,
            )
        case n.ConsentAsked() if item:
            event = release.ConsentAsked(
                notice,
                not ours,
                about.reference,
                item.number,
                about.recipient,
                about.purpose,
                about.paragraphs,
            )
        case n.ConsentGranted():
            event = release.ConsentAnswered(
                answers, True, about.conditions, about.until, "", notice
            )
        case n.ConsentRefused():
            event = release.ConsentAnswered(answers, False, (), "", about.reason, notice)
        case n.Reclassified() if item:
            change = _change(about, notice, sequence)
            return _reclassified(change, item, context, ours=ours)
        case n.Reclassified():
            change = _change(about, notice, sequence)
            event = registry.ChangeKept(agreement, giver, about.reference, change)
        case n.Returned() if item and ours:
            event = registry.CopiesReturned(item.number, about.copies)
        case n.LossSuspected() if ours:
            found = [_find(state, r, parties, agreement) for r in about.references]
            return [
                Filed(i.book, registry.IncidentMarked(i.number, under_incident=True))
                for i in found
                if i is not None
            ]
        case n.AuthorityChanged():
            since = instant(parse_instant(about.valid_from, "valid_from"))
            event = e.AuthorityNamed(giver, about.role, about.name, since, about.note)
        case n.AgreedTextTold() if not ours:
            event = desk.AgreedTextTold(agreement, giver, about.text, notice, sequence)
        case n.InstrumentTold() if not ours:
            event = desk.InstrumentTold(
                agreement, giver, about.instrument, about.hypothetical, notice, sequence
            )
        case _:
            return []
    return [Filed(agreement, event)]


def _reclassified(change: Change, item: Item, context: Context, *, ours: bool) -> list[Filed]:
    """The change on record; our own item is re-marked with it if the change is in effect."""
    changed = registry.Reclassified(item=item.number, **msgspec.structs.asdict(change))
    filed = [Filed(item.book, changed)]
    if ours and within(context.now, change.effective_at, ""):
        filed.append(
            Filed(item.book, registry.Remarked(item.number, change.to_mark, change.to_mark))
        )
    return filed


def _change(about: n.Reclassified, notice: str, sequence: int) -> Change:
    since = instant(parse_instant(about.effective_at, "effective_at"))
    return Change(about.from_mark, about.to_mark, about.reason, notice, since, sequence)


def notify(command: c.Notify, state: State, context: Context) -> Answer:
    """An officer gives a notice; it takes the next number to the partner."""
    peer = state.need(Peer, command.peer, "peer")
    case = notice_case(
        command.about, command.answers, state, context, command.agreement, context.party
    )
    _check_answer(command.about, command.answers, state)
    _check_content(command.about, state, context, command.agreement)
    decision = rules.NOTIFY_RULES.under(context.provisions(command.agreement)).decide(case)
    ruling = Ruling.of(decision)
    if not ruling.granted:
        refused = Refused(ruling.act, case.subject or case.kind, ruling, context.actor)
        return Answer((Filed(command.agreement, refused),), ruling, {"subject": case.subject})
    notice = context.new_id()
    filed = e.NoticeFiled(
        notice,
        True,
        peer.registry,
        command.agreement,
        command.about,
        command.answers,
        context.actor,
    )
    sending = order(
        state,
        context,
        command.agreement,
        peer.registry,
        what="notice",
        precedence="P",
        notice=notice,
        rulings=(ruling,),
    )
    events = [Filed(command.agreement, filed), Filed(command.agreement, sending)]
    events += _both_sides(
        notice,
        command.about,
        command.answers,
        state,
        context,
        command.agreement,
        context.party,
    )
    told = {"notice": notice, "number": sending.number}
    return Answer(tuple(events), ruling, told)


def heed(
    notice: n.Notice,
    peer: str,
    party: str,
    agreement: str,
    sequence: int,
    state: State,
    context: Context,
) -> tuple[Ruling, list[Filed]]:
    """What follows from a partner's notice: nothing but the refusal if its rules do not hold."""
    _check_answer(notice.about, notice.answers, state)
    case = notice_case(notice.about, notice.answers, state, context, agreement, party)
    ruling = Ruling.of(rules.HEED_RULES.under(context.provisions(agreement)).decide(case))
    if not ruling.granted:
        refused = Refused(ruling.act, case.subject or case.kind, ruling, "")
        return ruling, [Filed(agreement, refused)]
    filed = e.NoticeFiled(notice.id, False, peer, agreement, notice.about, notice.answers, "")
    events = [Filed(agreement, filed)]
    events += _both_sides(
        notice.id, notice.about, notice.answers, state, context, agreement, party, sequence
    )
    return ruling, events


def _check_content(about: n.About, state: State, context: Context, agreement: str) -> None:
    """A change of level is from the mark on record to one of the originator's list, or to none."""
    if not isinstance(about, n.Reclassified):
        return
    ground = context.ground(agreement, context.at)
    item = _find(state, about.reference, (context.party,), agreement)
    if item is not None and item.originator == context.party and about.from_mark != item.mark:
        raise BadInput("the mark that the register shows for the item", "another", "from_mark")
    if item is not None and item.remark_due(context.now):
        raise BadInput("an item re-marked by the last change", "one that is not", "reference")
    if about.to_mark and about.to_mark not in ground.listed.get(context.party, ()):
        raise BadInput(
            f"a mark the agreement lists for {context.party}, or none", "another mark", "to_mark"
        )
