"""The rules an arrival, a registration on receipt and a notice must pass, by article."""

from __future__ import annotations

import msgspec

from gsomia.clearance.rules import actor_is_appointed
from gsomia.registry.rules import facility_may_hold_it
from gsomia.ruling import RuleList, rule

DESK = "treaty desk"
ORIGINATOR = "originating party"
PRACTICE = "Registry practice"


# -- what arrives -----------------------------------------------------------------------


class ArrivalCase(msgspec.Struct, frozen=True):
    """The facts of a transmittal that arrived, verified and opened."""

    peer: str
    carries: str
    agreement_status: str
    transfer: bool
    protect: bool
    agreed_digest: str
    our_agreed_digest: str
    tells_text: bool
    newer_text_below: bool
    tells_authority: bool
    authority: str
    notified_authorities: tuple[str, ...]
    acted_by: str
    role: str
    roles_allowed: tuple[str, ...]
    act_matches: bool


@rule("Art. 21", who=DESK, sees=("carries", "agreement_status", "transfer", "protect"))
def agreement_lets_it_in(case: ArrivalCase) -> bool:
    """Items come in only while transfers are permitted; everything else while duties last."""
    return case.transfer if case.carries == "items" else case.protect


@rule("Art. 21(2)", who=DESK, sees=("agreed_digest", "our_agreed_digest", "tells_text"))
def both_hold_the_same_text(case: ArrivalCase) -> bool:
    """Both sides hold the same agreed part: parties, authorities, articles, notice rule, table."""
    return case.agreed_digest == case.our_agreed_digest or case.tells_text


@rule("Art. 21(2)", who="sending registry", sees=("newer_text_below", "tells_text"))
def no_lower_number_has_a_newer_text(case: ArrivalCase) -> bool:
    """No number below this one came under a later agreed text than the one it is sealed under."""
    return not case.newer_text_below or case.tells_text


@rule("Art. 2(d)", who=DESK, sees=("authority", "notified_authorities", "tells_authority"))
def authority_was_notified(case: ArrivalCase) -> bool:
    """The sender's competent authority was notified; what tells of another one comes in."""
    return case.authority in case.notified_authorities or case.tells_authority


@rule(
    "Registry practice: personal acts",
    who="sending registry",
    sees=("carries", "acted_by", "role", "roles_allowed", "act_matches"),
)
def a_person_signed_exactly_this(case: ArrivalCase) -> bool:
    """Where a person must act, the command that person signed says exactly what arrived."""
    return not case.roles_allowed or (case.role in case.roles_allowed and case.act_matches)


ARRIVAL_RULES: RuleList[ArrivalCase] = RuleList(
    "exchange.receive",
    (
        agreement_lets_it_in,
        both_hold_the_same_text,
        no_lower_number_has_a_newer_text,
        authority_was_notified,
        a_person_signed_exactly_this,
    ),
)


# -- marking and registering on receipt ----------------------------------------------------


class AcceptCase(msgspec.Struct, frozen=True):
    """The facts of accepting one received item."""

    actor: str
    may_act: tuple[str, ...]
    appointed_as: tuple[str, ...]
    reference: str
    originator: str
    originator_mark: str
    sender: str
    sender_mark: str
    consent: str
    listed_marks: tuple[str, ...]
    chosen_mark: str
    corresponding: tuple[str, ...]
    releasable_to: tuple[str, ...]
    party: str
    facility: str
    facility_levels: tuple[str, ...]
    facility_holds_level: bool
    custodian: str
    registered_before: str


@rule("Art. 4(1)", who=ORIGINATOR, sees=("originator_mark", "sender_mark", "listed_marks"))
def received_mark_is_on_the_list(case: AcceptCase) -> bool:
    """The sender's mark is one the agreement lists; another level is refused, never mapped."""
    return case.sender_mark in case.listed_marks


@rule(
    "Art. 6(a)",
    who="originating party, by written consent",
    sees=("originator", "sender", "party", "consent"),
)
def third_party_item_names_consent(case: AcceptCase) -> bool:
    """An item that the sender did not originate names its originator's consent; no other does."""
    if case.originator == case.sender:
        return not case.consent
    return bool(case.consent) and case.originator != case.party


@rule("Art. 4(2)", who="registrar", sees=("sender_mark", "chosen_mark", "corresponding"))
def chosen_mark_corresponds(case: AcceptCase) -> bool:
    """The registrar chose, from the marks that correspond, this party's own mark."""
    return case.chosen_mark in case.corresponding


@rule("Originator control", who=ORIGINATOR, sees=("releasable_to", "party"))
def list_names_us(case: AcceptCase) -> bool:
    """The item's releasability list names this party."""
    return case.party in case.releasable_to


@rule(PRACTICE, who="registrar", sees=("reference", "registered_before"))
def not_registered_before(case: AcceptCase) -> bool:
    """No copy of these numbers is in the register already."""
    return not case.registered_before


ACCEPT_RULES: RuleList[AcceptCase] = RuleList(
    "exchange.accept",
    (
        actor_is_appointed,
        received_mark_is_on_the_list,
        third_party_item_names_consent,
        chosen_mark_corresponds,
        list_names_us,
        facility_may_hold_it,
        not_registered_before,
    ),
)


# -- notices ---------------------------------------------------------------------------------


class NoticeCase(msgspec.Struct, frozen=True):
    """The facts of a notice, sent or received. The giver is whose notice it is."""

    actor: str
    may_act: tuple[str, ...]
    appointed_as: tuple[str, ...]
    kind: str
    giver: str
    subject: str
    originator: str
    originator_only: bool
    holder_only: bool
    known: bool
    register_agrees: bool
    answers: str
    question_open: bool
    protect: bool


@rule("Art. 6(g)", who=ORIGINATOR, sees=("kind", "originator_only", "giver", "originator"))
def only_the_originator_says_this(case: NoticeCase) -> bool:
    """Only the originator changes a level, or consents to a third party or another purpose."""
    return not case.originator_only or case.giver == case.originator


@rule("Art. 6", who="holding party", sees=("kind", "holder_only", "giver", "originator", "known"))
def only_a_holder_says_this(case: NoticeCase) -> bool:
    """Only a holder of the item asks consent for it, returns it, or reports its re-marking."""
    return not case.holder_only or (case.known and case.giver != case.originator)


@rule(PRACTICE, who="registrar", sees=("kind", "subject", "known"))
def subject_is_known(case: NoticeCase) -> bool:
    """What the notice names passed between the parties, or is the giver's and may be coming."""
    return case.known


@rule("Art. 6(f)", who="registrar", sees=("kind", "subject", "register_agrees"))
def register_says_the_same(case: NoticeCase) -> bool:
    """What the notice says of our copies is what our register says: held, returned, destroyed."""
    return case.register_agrees


@rule(PRACTICE, who="registrar", sees=("answers", "question_open"))
def question_is_open(case: NoticeCase) -> bool:
    """An answer belongs to a question that was asked, and not answered yet."""
    return not case.answers or case.question_open


@rule("Art. 21(4)", who=DESK, sees=("protect",))
def duties_last(case: NoticeCase) -> bool:
    """The agreement's duties are alive: during its life, and after it for what was given."""
    return case.protect


_NOTICE = (
    only_the_originator_says_this,
    only_a_holder_says_this,
    subject_is_known,
    register_says_the_same,
    question_is_open,
    duties_last,
)

NOTIFY_RULES: RuleList[NoticeCase] = RuleList("exchange.notify", (actor_is_appointed, *_NOTICE))
HEED_RULES: RuleList[NoticeCase] = RuleList("exchange.heed", _NOTICE)
