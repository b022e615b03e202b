"""The rules a release must pass, by article.

`REQUEST_RULES` can be answered when somebody asks; `REVIEW_RULES` add what must
be there before a first person decides; `DECIDE_RULES` add the second person.
Every list is asked afresh at each step, with the facts of that instant.
"""

from __future__ import annotations

import msgspec

from gsomia.clearance.rules import actor_is_appointed
from gsomia.registry.rules import mark_is_current
from gsomia.ruling import RuleList, rule

ORIGINATOR = "originating party's disclosure officer"
DESK = "treaty desk"
PRACTICE = "Registry practice"


class ReleaseCase(msgspec.Struct, frozen=True):
    """The facts of a release, as they are at the instant of the act.

    `mark` is this party's own. For an item received from its originator, `received_under`
    names the agreement it came by, and the consent is the originator's that fits best.
    """

    actor: str
    may_act: tuple[str, ...]
    appointed_as: tuple[str, ...]
    item: str
    subject: str
    defence_related: bool
    mark: str
    listed_marks: tuple[str, ...]
    corresponding: tuple[str, ...]
    releasable_to: tuple[str, ...]
    recipient: str
    originator: str
    party: str
    purpose: str
    content_is_here: bool
    agreement_status: str
    transfer: bool
    uncertain: bool
    contestable: bool
    agreed_digest: str
    told_digest: str
    reading: str
    policy: str
    policy_version: int
    ground_confirmed_by: str
    assured_clearance: str
    assured_need: bool
    assured_protection: bool
    requested_by: str
    reviewed_by: str
    request_state: str
    copy_states: tuple[str, ...]
    received_under: str = ""
    consent: str = ""
    consent_recipient: str = ""
    consent_purpose: str = ""
    consent_valid: bool = False
    consent_paragraphs: tuple[str, ...] = ()
    consent_conditions: tuple[str, ...] = ()
    conditions_confirmed: tuple[str, ...] = ()
    remark_due: bool = False


@rule("Art. 2(a)", who="registrar", sees=("subject", "defence_related"))
def information_is_defence_related(case: ReleaseCase) -> bool:
    """The agreement covers defence-related information only."""
    return case.defence_related


@rule("Art. 4(1)", who=ORIGINATOR, sees=("mark", "listed_marks"))
def mark_is_on_the_list(case: ReleaseCase) -> bool:
    """The mark is one that the agreement lists for its party; the top level is not."""
    return case.mark in case.listed_marks


@rule("Art. 4(2)", who=ORIGINATOR, sees=("mark", "recipient", "corresponding"))
def recipient_has_a_corresponding_mark(case: ReleaseCase) -> bool:
    """The table gives the recipient a corresponding mark; nothing is mapped down."""
    return bool(case.corresponding)


@rule("Originator control", who=ORIGINATOR, sees=("releasable_to", "recipient"))
def releasable_list_names_recipient(case: ReleaseCase) -> bool:
    """The item's releasability list names the recipient; an empty list means nobody."""
    return case.recipient in case.releasable_to


@rule(
    "Art. 6(a)",
    who="originating party, by written consent",
    sees=(
        "originator",
        "party",
        "recipient",
        "purpose",
        "received_under",
        "consent",
        "consent_recipient",
        "consent_purpose",
        "consent_valid",
        "consent_paragraphs",
    ),
)
def originator_lets_it_go(case: ReleaseCase) -> bool:
    """A party releases what it originated; another's item only as the originator consented."""
    return case.originator == case.party or (
        case.consent_valid
        and case.consent_recipient == case.recipient
        and case.consent_purpose == case.purpose
        and not case.consent_paragraphs
    )


@rule(
    "Art. 21",
    who=DESK,
    sees=("agreement_status", "transfer", "uncertain", "contestable", "reading"),
)
def agreement_permits_transfer(case: ReleaseCase) -> bool:
    """The agreement is in force for new transfers at this instant, however its record is read."""
    # Where an hour is not known, `transfer` is already the answer of the worse case.
    return case.transfer


@rule("Art. 21(2)", who=DESK, sees=("agreed_digest", "told_digest"))
def partner_told_no_other_text(case: ReleaseCase) -> bool:
    """The partner has not told that it holds another agreed text than this node."""
    return case.told_digest in ("", case.agreed_digest)


@rule(
    "House policy: contested ground",
    who=DESK,
    sees=("contestable", "reading", "policy", "policy_version"),
)
def policy_does_not_refuse(case: ReleaseCase) -> bool:
    """Where the readings differ on the ground, this node's policy does not refuse a release."""
    return not case.contestable or case.policy != "refuse"


@rule(
    "House policy: contested ground",
    who=DESK,
    sees=("contestable", "reading", "policy", "policy_version"),
)
def policy_asks_for_no_other_route(case: ReleaseCase) -> bool:
    """Where the readings differ on the ground, this node's policy asks for no other route."""
    return not case.contestable or case.policy != "other_route"


@rule(
    "House policy: contested ground",
    who="another person of the treaty desk",
    sees=("contestable", "policy", "policy_version", "reading", "ground_confirmed_by"),
)
def contested_ground_was_confirmed(case: ReleaseCase) -> bool:
    """Where the policy asks for it, one more person confirmed the ground that is contested."""
    return not case.contestable or case.policy != "second_pair" or bool(case.ground_confirmed_by)


@rule("Art. 6(c)", who="requester", sees=("purpose",))
def purpose_is_stated(case: ReleaseCase) -> bool:
    """The release states the purpose for which alone the recipient may use the item."""
    return bool(case.purpose.strip())


@rule(PRACTICE, who="registrar", sees=("content_is_here",))
def content_is_still_here(case: ReleaseCase) -> bool:
    """The content lies on this node under a key that is still held."""
    return case.content_is_here


@rule("Art. 9", who="registrar", sees=("copy_states",))
def copies_are_in_custody(case: ReleaseCase) -> bool:
    """Every copy to be sent is in custody here: what was sent, lost or destroyed is not."""
    return all(state == "in_custody" for state in case.copy_states)


@rule(
    "Art. 7(5)(a)",
    who="recipient's competent authority",
    sees=("assured_clearance", "corresponding"),
)
def recipient_assured_clearance(case: ReleaseCase) -> bool:
    """Before release, the recipient assured the needed level of clearance."""
    return case.assured_clearance in case.corresponding


@rule("Art. 7(5)(b)", who="recipient's competent authority", sees=("assured_need",))
def recipient_assured_need(case: ReleaseCase) -> bool:
    """Before release, the recipient assured an official need."""
    return case.assured_need


@rule("Art. 7(5)(c)", who="recipient's competent authority", sees=("assured_protection",))
def recipient_assured_protection(case: ReleaseCase) -> bool:
    """Before release, the recipient assured substantially equal protection under its law."""
    return case.assured_protection


@rule(
    "Art. 6(a)",
    who="disclosure officer",
    sees=("consent", "consent_conditions", "conditions_confirmed"),
)
def consent_conditions_are_met(case: ReleaseCase | PassOnCase) -> bool:
    """Whoever decides confirmed each condition of the originator's consent, and no other."""
    return set(case.conditions_confirmed) == set(case.consent_conditions)


@rule(PRACTICE, who="disclosure officer", sees=("request_state",))
def request_awaits_this_step(case: ReleaseCase) -> bool:
    """The request stands at the step that this act completes."""
    return case.request_state in ("", "open")


@rule(
    "Registry practice: two persons",
    who="another disclosure officer",
    sees=("actor", "requested_by", "reviewed_by"),
)
def decided_by_another_person(case: ReleaseCase) -> bool:
    """Whoever decides neither asked for the release nor decided on it before."""
    return case.actor not in (case.requested_by, case.reviewed_by)


_ON_REQUEST = (
    actor_is_appointed,
    information_is_defence_related,
    mark_is_on_the_list,
    recipient_has_a_corresponding_mark,
    releasable_list_names_recipient,
    originator_lets_it_go,
    mark_is_current,
    agreement_permits_transfer,
    partner_told_no_other_text,
    policy_does_not_refuse,
    policy_asks_for_no_other_route,
    purpose_is_stated,
    content_is_still_here,
    copies_are_in_custody,
)

_ON_DECISION = (
    recipient_assured_clearance,
    recipient_assured_need,
    recipient_assured_protection,
    request_awaits_this_step,
    decided_by_another_person,
)

REQUEST_RULES: RuleList[ReleaseCase] = RuleList("release.request", _ON_REQUEST)
REVIEW_RULES: RuleList[ReleaseCase] = RuleList("release.review", _ON_REQUEST + _ON_DECISION)
DECIDE_RULES: RuleList[ReleaseCase] = RuleList(
    "release.decide", (*_ON_REQUEST, *_ON_DECISION, consent_conditions_are_met)
)
DISPATCH_RULES: RuleList[ReleaseCase] = RuleList(
    "exchange.dispatch",
    (
        *_ON_REQUEST,
        *_ON_DECISION[:3],
        consent_conditions_are_met,
        contested_ground_was_confirmed,
    ),
)
"""Asked again when a released item is dispatched: facts may have changed in between."""


class GroundCase(msgspec.Struct, frozen=True):
    """The facts of confirming a ground that is contested."""

    actor: str
    may_act: tuple[str, ...]
    appointed_as: tuple[str, ...]
    request: str
    request_state: str
    requested_by: str
    reviewed_by: str
    decided_by: str
    agreement_status: str
    contestable: bool
    reading: str
    policy: str
    policy_version: int


@rule(PRACTICE, who="disclosure officer", sees=("request", "request_state"))
def release_is_decided(case: GroundCase) -> bool:
    """Two people have decided the release, and it was not sent yet."""
    return case.request_state == "approved"


@rule(
    "House policy: contested ground",
    who=DESK,
    sees=("agreement_status", "contestable", "reading", "policy", "policy_version"),
)
def policy_asks_for_confirmation(case: GroundCase) -> bool:
    """The ground is contested, and this node's policy asks one more person to confirm it."""
    return case.contestable and case.policy == "second_pair"


@rule(
    "House policy: contested ground",
    who="another person of the treaty desk",
    sees=("actor", "requested_by", "reviewed_by", "decided_by"),
)
def confirmed_by_another_person(case: GroundCase) -> bool:
    """Whoever confirms the ground neither asked for the release nor decided on it."""
    return case.actor not in (case.requested_by, case.reviewed_by, case.decided_by)


CONFIRM_GROUND_RULES: RuleList[GroundCase] = RuleList(
    "release.confirm-ground",
    (
        actor_is_appointed,
        release_is_decided,
        policy_asks_for_confirmation,
        confirmed_by_another_person,
    ),
)


class PassOnCase(msgspec.Struct, frozen=True):
    """The facts of passing a received item on to a third party."""

    actor: str
    may_act: tuple[str, ...]
    appointed_as: tuple[str, ...]
    item: str
    originator: str
    party: str
    recipient: str
    purpose: str
    consent: str
    consent_recipient: str
    consent_purpose: str
    consent_valid: bool
    paragraphs: tuple[str, ...]
    consent_paragraphs: tuple[str, ...]
    consent_conditions: tuple[str, ...]
    conditions_confirmed: tuple[str, ...]
    remark_due: bool
    key_held: bool


@rule("Art. 6(a)", who="national disclosure authority", sees=("originator", "party"))
def item_is_the_partners(case: PassOnCase) -> bool:
    """This act passes on received items; own items follow national rules."""
    return case.originator != case.party


@rule(
    "Art. 6(a)",
    who="originating party, by prior written approval",
    sees=("originator", "recipient", "consent", "consent_recipient", "consent_valid"),
)
def originator_approved_recipient(case: PassOnCase) -> bool:
    """The originator approved this recipient beforehand, in writing, and the approval is valid."""
    return case.consent_valid and case.consent_recipient == case.recipient


@rule(
    "Art. 6(c)",
    who="originating party, by prior written approval",
    sees=("purpose", "consent_purpose"),
)
def originator_approved_purpose(case: PassOnCase) -> bool:
    """The originator approved this purpose."""
    return bool(case.purpose) and case.purpose == case.consent_purpose


@rule(
    "Art. 6(a)",
    who="originating party, by prior written approval",
    sees=("paragraphs", "consent_paragraphs"),
)
def originator_approved_these_parts(case: PassOnCase) -> bool:
    """The originator approved what is given: an approval of parts is none of the whole."""
    return not case.consent_paragraphs or (
        bool(case.paragraphs) and set(case.paragraphs) <= set(case.consent_paragraphs)
    )


@rule("Art. 6(g)", who="registrar", sees=("remark_due", "key_held"))
def copy_is_fit_to_pass_on(case: PassOnCase) -> bool:
    """The copies carry the current mark and still exist."""
    return not case.remark_due and case.key_held


PASS_ON_RULES: RuleList[PassOnCase] = RuleList(
    "release.pass-on",
    (
        actor_is_appointed,
        item_is_the_partners,
        originator_approved_recipient,
        originator_approved_purpose,
        originator_approved_these_parts,
        consent_conditions_are_met,
        copy_is_fit_to_pass_on,
    ),
)
