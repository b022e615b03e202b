"""Acts of release: request, first and second decision, passing on to a third party."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from gsomia.act import Answer, Command, Context, Filed, Ground, answer
from gsomia.canon import digest, parse_instant
from gsomia.clearance.model import within
from gsomia.clearance.rules import officer, officer_rules
from gsomia.desk.model import ToldText
from gsomia.faults import BadInput
from gsomia.fold import Event, State
from gsomia.registry.model import Copy, Item
from gsomia.release import commands as c
from gsomia.release import entries as e
from gsomia.release import rules
from gsomia.release.model import Assurance, Consent, PassedOn, Request
from gsomia.ruling import Ruling

DISCLOSURE = ("disclosure_officer",)
GROUND = ("treaty_desk",)
REQUESTERS = ("analyst", "registrar", "disclosure_officer")


def _step(request: Request | None, awaits: str) -> str:
    """`open` if the request stands at the step awaited, else where it stands."""
    if request is None:
        return ""
    return "open" if request.state == awaits else request.state


def release_case(
    item: Item,
    purpose: str,
    state: State,
    context: Context,
    *,
    agreement: str,
    roles: tuple[str, ...],
    copies: tuple[int, ...],
    request: Request | None = None,
    awaits: str = "",
    confirmed: tuple[str, ...] = (),
) -> rules.ReleaseCase:
    """The facts of a release at this instant: item, agreement, assurance, persons.

    `confirmed` are the conditions of a consent that the decider states to be met.
    """
    ground = context.ground(agreement, context.at)
    recipient = ground.other(context.party)
    person = officer(state, context.actor, context.now, *roles)
    assured = state.get(Assurance, request.id) if request else None
    ours = item.originator == context.party
    now = context.now
    consent = None if ours else _consent_for(item, recipient, purpose, state, now, confirmed)
    return rules.ReleaseCase(
        actor=person.actor,
        may_act=person.may_act,
        appointed_as=person.appointed_as,
        item=item.number,
        subject=item.subject,
        defence_related=item.defence_related,
        mark=item.local_mark,
        listed_marks=ground.listed.get(context.party, ()),
        corresponding=ground.corresponding(context.party, recipient, item.local_mark),
        releasable_to=item.releasable_to,
        recipient=recipient,
        originator=item.originator,
        party=context.party,
        purpose=purpose,
        content_is_here=item.key_held,
        agreement_status=ground.status,
        transfer=ground.transfer,
        uncertain=ground.uncertain,
        contestable=ground.contestable,
        agreed_digest=ground.agreed_digest,
        told_digest=_told_digest(state, context, agreement, recipient),
        reading=ground.reading,
        policy=ground.policy,
        policy_version=ground.policy_version,
        ground_confirmed_by=_confirmed(request, ground),
        assured_clearance=assured.clearance if assured else "",
        assured_need=assured.need if assured else False,
        assured_protection=assured.equivalent_protection if assured else False,
        requested_by=request.requested_by if request else "",
        reviewed_by=request.reviewed_by if request else "",
        request_state=_step(request, awaits),
        copy_states=tuple(
            state.need(Copy, f"{item.number}/{copy}", "copy").state for copy in copies
        ),
        received_under="" if ours else item.agreement,
        consent=consent.id if consent else "",
        consent_recipient=consent.recipient if consent else "",
        consent_purpose=consent.purpose if consent else "",
        consent_valid=consent is not None and within(context.now, "", consent.until),
        consent_paragraphs=consent.paragraphs if consent else (),
        consent_conditions=consent.conditions if consent else (),
        conditions_confirmed=confirmed,
        remark_due=item.remark_due(context.now),
    )


def _told_digest(state: State, context: Context, agreement: str, party: str) -> str:
    """The digest of the agreed part that the partner told it holds; empty if it told none.

    One that was ours as well when it was told says nothing of a text that came later.
    """
    told = state.get(ToldText, f"{agreement} {party}")
    if told is None:
        return ""
    found = digest(told.text.encode())
    then = context.ground(agreement, parse_instant(told.at, "told")).agreed_digest
    return "" if found == then else found


def _confirmed(request: Request | None, ground: Ground) -> str:
    """Who confirmed the ground: for the reading and the policy of now, not for others."""
    if request is None:
        return ""
    then = (request.ground_reading, request.ground_policy)
    return request.ground_confirmed_by if then == (ground.reading, ground.policy_version) else ""


def passed_on(
    item: Item, request: Request, state: State, context: Context, ruling: Ruling
) -> tuple[Filed, ...]:
    """That another's item leaves under its originator's consent: in the book it came by.

    Nothing for an item of our own. The originator cosigns that book.
    """
    if item.originator == context.party:
        return ()
    consent = _consent_for(
        item, request.recipient, request.purpose, state, context.now, request.conditions
    )
    if consent is None:
        raise BadInput("the originator's consent", "none", item.number)
    event = e.ItemPassedOn(
        request.id,
        item.number,
        request.recipient,
        request.purpose,
        consent.id,
        consent.conditions,
        ruling,
    )
    return (Filed(item.book, event),)


def passing_on_undone(requests: Iterable[str], why: str, state: State) -> tuple[Filed, ...]:
    """That what these requests were to give on was not given: in the books it came by.

    Nothing for items of our own. `why` is cancelled, refused or declined.
    """
    given = [x for x in (state.get(PassedOn, r) for r in requests) if x is not None]
    return tuple(
        Filed(state.need(Item, one.item, "item").book, e.PassingOnUndone(one.id, one.item, why))
        for one in given
        if not one.undone
    )


def request_release(command: c.RequestRelease, state: State, context: Context) -> Answer:
    """Ask for a release; what can be refused now is refused now."""
    item = state.need(Item, command.item, "item")
    if not command.copies or len(set(command.copies)) != len(command.copies):
        raise BadInput("at least one copy, each once", str(list(command.copies)), "copies")
    case = release_case(
        item,
        command.purpose,
        state,
        context,
        agreement=command.agreement,
        roles=REQUESTERS,
        copies=command.copies,
    )
    new = context.new_id()
    return answer(
        command.agreement,
        rules.REQUEST_RULES.under(context.provisions(command.agreement)).decide(case),
        item.number,
        context,
        lambda ruling: (
            e.Requested(
                new,
                item.number,
                command.agreement,
                case.recipient,
                command.purpose,
                command.copies,
                context.actor,
                ruling,
            ),
        ),
        {"request": new, "item": item.number},
    )


def _deny(request: Request, act: str, reason: str, state: State, context: Context) -> Answer:
    if not reason.strip():
        raise BadInput("a reason", "none", "reason")
    if request.state not in ("requested", "reviewed"):
        raise BadInput("an open request", request.state, "request")
    event: Event = e.Denied(request.id, request.item, context.actor, reason)
    decision = officer_rules(act).decide(officer(state, context.actor, context.now, *DISCLOSURE))
    return answer(request.agreement, decision, request.item, context, lambda _: (event,))


def review(command: c.Review, state: State, context: Context) -> Answer:
    """The first person's decision."""
    request = state.need(Request, command.request, "request")
    if not command.favour:
        return _deny(request, command.act(), command.reason, state, context)
    item = state.need(Item, request.item, "item")
    case = release_case(
        item,
        request.purpose,
        state,
        context,
        agreement=request.agreement,
        roles=DISCLOSURE,
        copies=request.copies,
        request=request,
        awaits="requested",
    )
    return answer(
        request.agreement,
        rules.REVIEW_RULES.under(context.provisions(request.agreement)).decide(case),
        item.number,
        context,
        lambda ruling: (e.Reviewed(request.id, item.number, context.actor, ruling),),
        {"request": request.id},
    )


def decide(command: c.Decide, state: State, context: Context) -> Answer:
    """The second person's decision: the release itself."""
    request = state.need(Request, command.request, "request")
    if not command.favour:
        return _deny(request, command.act(), command.reason, state, context)
    item = state.need(Item, request.item, "item")
    case = release_case(
        item,
        request.purpose,
        state,
        context,
        agreement=request.agreement,
        roles=DISCLOSURE,
        copies=request.copies,
        request=request,
        awaits="reviewed",
        confirmed=command.conditions,
    )
    return answer(
        request.agreement,
        rules.DECIDE_RULES.under(context.provisions(request.agreement)).decide(case),
        item.number,
        context,
        lambda ruling: (
            e.Approved(
                request.id,
                item.number,
                item.reference,
                request.recipient,
                request.purpose,
                request.copies,
                context.actor,
                ruling.articles,
                ruling,
                command.conditions,
            ),
        ),
        {"request": request.id, "item": item.number}
        | ({"conditions": command.conditions} if command.conditions else {}),
    )


def confirm_ground(command: c.ConfirmGround, state: State, context: Context) -> Answer:
    """One more pair of eyes on a release that would go on contested ground."""
    request = state.need(Request, command.request, "request")
    ground = context.ground(request.agreement, context.at)
    person = officer(state, context.actor, context.now, *GROUND)
    case = rules.GroundCase(
        actor=person.actor,
        may_act=person.may_act,
        appointed_as=person.appointed_as,
        request=request.id,
        request_state=request.state,
        requested_by=request.requested_by,
        reviewed_by=request.reviewed_by,
        decided_by=request.decided_by,
        agreement_status=ground.status,
        contestable=ground.contestable,
        reading=ground.reading,
        policy=ground.policy,
        policy_version=ground.policy_version,
    )
    return answer(
        request.agreement,
        rules.CONFIRM_GROUND_RULES.under(context.provisions(request.agreement)).decide(case),
        request.item,
        context,
        lambda ruling: (
            e.GroundConfirmed(
                request.id,
                request.item,
                context.actor,
                ground.reading,
                ground.policy_version,
                ruling,
            ),
        ),
        {"request": request.id, "reading": ground.reading},
    )


def _consent_for(
    item: Item,
    recipient: str,
    purpose: str,
    state: State,
    now: str,
    confirmed: tuple[str, ...],
    paragraphs: tuple[str, ...] = (),
) -> Consent | None:
    """The consent that fits best: recipient, purpose, time, parts and conditions stated met."""

    def fit(consent: Consent) -> tuple[bool, ...]:
        parts = set(consent.paragraphs)
        return (
            consent.recipient == recipient,
            consent.purpose == purpose,
            within(now, "", consent.until),
            not parts or (bool(paragraphs) and set(paragraphs) <= parts),
            set(consent.conditions) == set(confirmed),
        )

    granted = [
        x
        for x in state.all(Consent)
        if not x.ours and x.item == item.number and x.state == "granted"
    ]
    return max(granted, key=fit, default=None)


def pass_on(command: c.PassOn, state: State, context: Context) -> Answer:
    """Give a received item to a third party: only as the originator approved."""
    item = state.need(Item, command.item, "item")
    consent = _consent_for(
        item,
        command.recipient,
        command.purpose,
        state,
        context.now,
        command.conditions,
        command.paragraphs,
    )
    person = officer(state, context.actor, context.now, *DISCLOSURE)
    case = rules.PassOnCase(
        actor=person.actor,
        may_act=person.may_act,
        appointed_as=person.appointed_as,
        item=item.number,
        originator=item.originator,
        party=context.party,
        recipient=command.recipient,
        purpose=command.purpose,
        consent=consent.id if consent else "",
        consent_recipient=consent.recipient if consent else "",
        consent_purpose=consent.purpose if consent else "",
        consent_valid=consent is not None and within(context.now, "", consent.until),
        paragraphs=command.paragraphs,
        consent_paragraphs=consent.paragraphs if consent else (),
        consent_conditions=consent.conditions if consent else (),
        conditions_confirmed=command.conditions,
        remark_due=item.remark_due(context.now),
        key_held=item.key_held,
    )
    new = context.new_id()
    return answer(
        item.book,
        rules.PASS_ON_RULES.under(context.provisions(item.agreement)).decide(case),
        item.number,
        context,
        lambda ruling: (
            e.ItemPassedOn(
                new,
                item.number,
                command.recipient,
                command.purpose,
                case.consent,
                case.consent_conditions,
                ruling,
                command.paragraphs,
            ),
        ),
        {"release": new, "conditions": case.consent_conditions},
    )


ACTS: Mapping[type[Command], Callable[[Any, State, Context], Answer]] = {
    c.RequestRelease: request_release,
    c.Review: review,
    c.Decide: decide,
    c.PassOn: pass_on,
    c.ConfirmGround: confirm_ground,
}
