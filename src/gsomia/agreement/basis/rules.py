"""The conditions of a route: each with its text, and who can meet it."""

from __future__ import annotations

import msgspec

from gsomia.agreement.basis.model import Condition
from gsomia.agreement.catalogue.levels import NO_ARTICLE
from gsomia.agreement.catalogue.model import Flag
from gsomia.marking.equivalence import AUTHORITIES, DISCLOSURE, Reason

DESK = "treaty desk"
GOVERNMENTS = "both governments, by a treaty between them"
ORIGINATOR = "originating party, by prior written approval"
PROVIDER = "providing party, by prior written approval"
REQUESTER = "requester"
HOLDER = "holding party"
REGISTRAR = "registrar"

THIRD_PARTY = "Art. 6(a)"
"""The article on third parties, as rules cite it; each pack may place it elsewhere."""

PURPOSE = "Art. 6(c)"
DEFENCE = "Art. 2(a)"


class Wording(msgspec.Struct, frozen=True):
    """What a condition says, with blanks for what it saw, and who can meet it."""

    text: str
    who: str


RULES: dict[str, Wording] = {
    "some_agreement_is_known": Wording(
        "No agreement that {sender} and {receiver} are both parties to is known here.", GOVERNMENTS
    ),
    "instrument_binds_in_law": Wording(
        "{agreement} is no treaty: it is no basis for a transfer straight from {sender} to "
        "{receiver}.",
        GOVERNMENTS,
    ),
    "text_was_signed": Wording(
        "{agreement} was never signed, so it was never in force.", GOVERNMENTS
    ),
    "entry_into_force_is_known": Wording(
        "From which day {agreement} is in force is not known here.", DESK
    ),
    "treaty_has_begun": Wording("{agreement} is in force only from {since} on.", DESK),
    "instant_is_certain": Wording(
        "Whether {agreement} is in force at this instant is not certain: what decides it lies "
        "between {earliest} and {latest}.",
        DESK,
    ),
    "treaty_has_not_ended": Wording(
        "{agreement} has ended: what was received stays protected, and nothing new is sent.",
        GOVERNMENTS,
    ),
    "end_is_known": Wording("{agreement} has ended, on a day that is not known here.", DESK),
    "treaty_was_not_replaced": Wording("{agreement} was replaced by {successor}.", DESK),
    "subject_is_within_scope": Wording(
        "The subject {subject} is not within what {agreement} covers: {scope}.", DESK
    ),
    "information_is_defence_related": Wording(
        "The agreement covers defence-related information only.", REGISTRAR
    ),
    "route_passes_the_hub": Wording(
        "Under {agreement} it passes through {hub}, and each hop has a treaty of its own.", DESK
    ),
    "holding_is_accounted_for": Wording(
        "How {holder} came to hold what {originator} originated is not known here: no treaty "
        "between them tells its mark and duties.",
        HOLDER,
    ),
    "originator_consents": Wording(
        "{by} consents in writing, beforehand, that {sender} gives it to {recipient} for "
        "this purpose.",
        ORIGINATOR,
    ),
    "provider_consents": Wording(
        "{by}, which provided it to {sender}, consents in writing, beforehand, that "
        "{recipient} has it for this purpose.",
        PROVIDER,
    ),
    "third_party_rule_is_known": Wording(
        "What {agreement} says of third parties is not known here; until it is, {sender} does "
        "not pass on what it received under it.",
        DESK,
    ),
    "level_was_not_left_out": Wording(
        "{agreement} leaves this level out between {originator} and {recipient}; another way "
        "to them needs the originator's word on that.",
        DISCLOSURE,
    ),
    "chosen_mark_has_counterpart": Wording(
        "On leaving {sender} it bears one of {marks}; its other possible marks have no "
        "counterpart under {agreement}.",
        AUTHORITIES,
    ),
    "purpose_is_limited": Wording(
        "{receiver} uses it for the purpose stated and no other.", REQUESTER
    ),
}
"""By name. Reasons of the level tables (`gsomia.marking.equivalence`) stand beside these."""


def condition(
    rule: str,
    *,
    met: bool = False,
    article: str = NO_ARTICLE,
    verified: Flag = True,
    **saw: str,
) -> Condition:
    """A condition of `RULES` with its text filled in."""
    wording = RULES[rule]
    return Condition(
        rule=rule,
        article=article,
        who=wording.who,
        text=wording.text.format(**saw),
        saw=saw,
        met=met,
        verified=verified,
    )


def of_reason(reason: Reason, flag: Flag) -> Condition:
    """Why a mark has no counterpart, as a condition not met."""
    return Condition(
        rule=reason.rule,
        article=reason.article,
        who=reason.who,
        text=reason.text,
        saw={},
        met=False,
        verified=flag,
    )
