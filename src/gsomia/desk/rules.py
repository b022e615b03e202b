"""The rules that a letter's steps must pass. Order among letters is not here: it warns
(`gsomia.desk.order`), since steps do get skipped, and the record must say so all the same.
"""

from __future__ import annotations

import msgspec

from gsomia.clearance.rules import actor_is_appointed
from gsomia.ruling import RuleList, rule

PRACTICE = "Desk practice: letters"
TWO = "Desk practice: two persons"


class LetterCase(msgspec.Struct, frozen=True):
    """The facts of a step. `steps` are the states in which it may be taken."""

    actor: str
    may_act: tuple[str, ...]
    appointed_as: tuple[str, ...]
    letter: str
    state: str
    steps: tuple[str, ...]
    drafted_by: str
    signed_off_by: tuple[str, ...]


@rule(PRACTICE, who="the office that drafts it", sees=("letter", "state", "steps"))
def letter_awaits_this_step(case: LetterCase) -> bool:
    """The letter stands at a step from which this one can be taken."""
    return case.state in case.steps


@rule(
    TWO,
    who="another person of the same office",
    sees=("actor", "drafted_by", "signed_off_by"),
)
def signed_off_by_another_person(case: LetterCase) -> bool:
    """Whoever signs off neither drafted the letter nor signed it off before."""
    return case.actor != case.drafted_by and case.actor not in case.signed_off_by


@rule(TWO, who="two persons of the same office", sees=("drafted_by", "signed_off_by"))
def two_people_signed_off(case: LetterCase) -> bool:
    """Two people besides the drafter have signed the letter off."""
    return len(set(case.signed_off_by) - {case.drafted_by}) >= 2


DRAFT_RULES: RuleList[LetterCase] = RuleList("desk.draft-letter", (actor_is_appointed,))
SIGN_OFF_RULES: RuleList[LetterCase] = RuleList(
    "desk.sign-off", (actor_is_appointed, letter_awaits_this_step, signed_off_by_another_person)
)
ISSUE_RULES: RuleList[LetterCase] = RuleList(
    "desk.issue-letter", (actor_is_appointed, letter_awaits_this_step, two_people_signed_off)
)
HAND_OVER_RULES: RuleList[LetterCase] = RuleList(
    "desk.hand-over", (actor_is_appointed, letter_awaits_this_step, two_people_signed_off)
)
CANCEL_RULES: RuleList[LetterCase] = RuleList(
    "desk.cancel-letter", (actor_is_appointed, letter_awaits_this_step)
)
RECEIVE_RULES: RuleList[LetterCase] = RuleList("desk.receive", (actor_is_appointed,))
