"""Whose word each further hop needs, and whether it was given."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from gsomia.agreement.basis.grounds import Ground, Known
from gsomia.agreement.basis.legs import Desk, Hop
from gsomia.agreement.basis.model import Condition, Consent, Question
from gsomia.agreement.basis.rules import THIRD_PARTY, condition
from gsomia.agreement.model import weakest
from gsomia.marking.equivalence import Refused


def handed_on(
    desk: Desk, among: Known, hops: tuple[Hop, ...], arrangement: Ground | None
) -> Iterator[Condition]:
    """What each hop by a party that did not originate the item asks for.

    The originator's consent, and that of the party that provided it to the sender, if another.
    Under an arrangement its own clause tells who must consent; without one, the treaty under
    which the sender received it, and where that clause is not known, nobody may pass on.
    """
    for before, hop in pairwise(hops):
        if hop.receiver == before.sender == desk.question.originator:
            continue  # Given back: to its originator it goes without anybody's leave.
        rule = before.ground if arrangement is None else arrangement
        yield from _consents(desk.question, rule, before, hop)
        if rule.entry.third_party is None:
            yield condition(
                "third_party_rule_is_known",
                verified="none",
                agreement=rule.id,
                sender=hop.sender,
            )
        yield from _left_out(desk, among, hop)


def _consents(question: Question, rule: Ground, before: Hop, hop: Hop) -> Iterator[Condition]:
    article, known = rule.cite(THIRD_PARTY)
    told = rule.entry.verified.third_party
    flag = weakest(told, known) if rule.lifecycle else told
    wanted = {"originator_consents": question.originator, "provider_consents": before.sender}
    for name, by in wanted.items():
        provider = name == "provider_consents"
        if by == hop.receiver or (provider and by == question.originator):
            continue
        yield condition(
            name,
            met=any(_covers(c, by, hop.receiver, question) for c in question.consents),
            article=article,
            verified=flag,
            by=by,
            sender=hop.sender,
            recipient=hop.receiver,
            agreement=rule.id,
        )


def _covers(consent: Consent, by: str, recipient: str, question: Question) -> bool:
    """Whether a consent is this party's, for this recipient and purpose, and not yet over."""
    return (
        consent.by == by
        and consent.recipient == recipient
        and (consent.until is None or question.at < consent.until)
        and (consent.purpose is None or consent.purpose.strip() == question.purpose.strip())
    )


def _left_out(desk: Desk, among: Known, hop: Hop) -> Iterator[Condition]:
    """That the originator and the recipient themselves have left this level out.

    An agreement that is not considered still tells what it leaves out.
    """
    question = desk.question
    if hop.receiver == question.originator:
        return
    for ground in among.grounds:
        if not ground.treaty or not {question.originator, hop.receiver} <= ground.codes:
            continue
        answer, flag = ground.marks(question.originator, hop.receiver, question.mark, question.at)
        if not isinstance(answer, Refused):
            continue
        for reason in answer.refused:
            if reason.rule == "level_within_agreement":
                yield condition(
                    "level_was_not_left_out",
                    article=reason.article,
                    verified=flag,
                    agreement=ground.id,
                    originator=question.originator,
                    recipient=hop.receiver,
                )
