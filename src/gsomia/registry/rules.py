"""The rules an access, a registration and a destruction must pass, by article.

Each case holds plain facts, gathered at the instant of the act and stored with
the decision. The lists at the end show what an act must pass, in order.
"""

from __future__ import annotations

from typing import Protocol

import msgspec

from gsomia.clearance.rules import actor_is_appointed
from gsomia.ruling import RuleList, rule

PRACTICE = "Registry practice"
SECURITY = "security authority"
REGISTRAR = "registrar"


# -- registering an item made here -------------------------------------------------


class RegisterCase(msgspec.Struct, frozen=True):
    """The facts of a registration."""

    actor: str
    may_act: tuple[str, ...]
    appointed_as: tuple[str, ...]
    mark: str
    known_mark: str
    subject: str
    defence_related: bool
    form: str
    known_forms: tuple[str, ...]
    content_is_here: bool
    registered_as: str
    not_examined: str
    shown: tuple[str, ...]
    shown_at: tuple[str, ...]
    shown_above: tuple[str, ...]
    labelled: tuple[str, ...]


@rule("Art. 4(1)", who="originator's classification authority", sees=("mark", "known_mark"))
def carries_a_national_mark(case: RegisterCase) -> bool:
    """The item carries a mark of its own party's scheme, spelt as the law spells it."""
    return bool(case.known_mark)


@rule(
    "Art. 4(1)",
    who="originator's classification authority",
    sees=("known_mark", "shown", "shown_at", "shown_above", "not_examined"),
)
def shows_no_other_mark(case: RegisterCase) -> bool:
    """If the content shows marks, the highest of them is the one it is registered with."""
    if not case.shown or not case.known_mark:
        return True
    return case.known_mark in case.shown and not case.shown_above


@rule(
    "Art. 4(1)",
    who="originator's classification authority",
    sees=("known_mark", "labelled", "shown_at"),
)
def labelled_as_it_is_marked(case: RegisterCase) -> bool:
    """A label inside the content says the mark that the item is registered with."""
    return not case.known_mark or set(case.labelled) <= {case.known_mark}


@rule("Art. 2(a)", who=REGISTRAR, sees=("subject", "defence_related"))
def is_defence_related(case: RegisterCase) -> bool:
    """The information is defence-related, and its subject is stated."""
    return case.defence_related and bool(case.subject)


@rule("Art. 2(a)", who=REGISTRAR, sees=("form", "known_forms"))
def has_a_form_the_treaty_counts(case: RegisterCase) -> bool:
    """The form is one that the definition names; oral and visual information counts too."""
    return case.form in case.known_forms


@rule(PRACTICE, who=REGISTRAR, sees=("content_is_here",))
def content_lies_sealed_here(case: RegisterCase) -> bool:
    """What is registered lies sealed on this node, as the registrar signed for it."""
    return case.content_is_here


@rule("Art. 6(a)", who="originating party", sees=("registered_as",))
def content_belongs_to_no_other_item(case: RegisterCase) -> bool:
    """The content is in the register under no other number; a received item stays the giver's."""
    return not case.registered_as


REGISTER_RULES: RuleList[RegisterCase] = RuleList(
    "registry.register",
    (
        actor_is_appointed,
        carries_a_national_mark,
        shows_no_other_mark,
        labelled_as_it_is_marked,
        is_defence_related,
        has_a_form_the_treaty_counts,
        content_lies_sealed_here,
        content_belongs_to_no_other_item,
    ),
)


# -- where a copy may be -----------------------------------------------------------------


class HandOverCase(msgspec.Struct, frozen=True):
    """The facts of giving a copy to another keeper or place."""

    actor: str
    may_act: tuple[str, ...]
    appointed_as: tuple[str, ...]
    copy_state: str
    facility: str
    facility_levels: tuple[str, ...]
    facility_holds_level: bool
    custodian: str


class HasFacility(Protocol):
    """A case that asks whether a place may hold an item."""

    @property
    def facility_holds_level(self) -> bool:
        """Whether it is approved for the mark at this instant."""

    @property
    def custodian(self) -> str:
        """Its appointed custodian, or the empty string."""


@rule(
    "Art. 10",
    who=SECURITY,
    sees=("facility", "facility_levels", "facility_holds_level", "custodian"),
)
def facility_may_hold_it(case: HasFacility) -> bool:
    """The facility is approved for the mark now, and has an appointed custodian."""
    return case.facility_holds_level and bool(case.custodian)


@rule("Art. 6(f)", who=REGISTRAR, sees=("copy_state",))
def copy_is_in_custody(case: HandOverCase) -> bool:
    """The copy is here, in custody."""
    return case.copy_state == "in_custody"


HAND_OVER_RULES: RuleList[HandOverCase] = RuleList(
    "registry.hand-over", (actor_is_appointed, copy_is_in_custody, facility_may_hold_it)
)


# -- reading a copy -------------------------------------------------------------------


class ReadCase(msgspec.Struct, frozen=True):
    """The facts of an access, as they are at the instant the reader signs."""

    reader: str
    rank: str
    clearance: tuple[str, ...]
    clearance_covers: bool
    need: str
    facility: str
    listed: bool
    briefed: bool
    purpose: str
    permitted_purpose: str
    originator: str
    mark: str
    local_mark: str
    remark_due: bool
    copy: str
    copy_state: str
    copy_facility: str
    key_held: bool
    received: bool
    agreement_status: str
    protect: bool


@rule("Art. 7(1)", who=SECURITY, sees=("rank", "clearance", "need", "listed"))
def more_than_rank_or_clearance(case: ReadCase) -> bool:
    """Nobody gets access by rank, appointment or clearance alone."""
    return bool(case.need) or case.listed


@rule("Art. 7(2)", who=SECURITY, sees=("clearance", "local_mark", "clearance_covers"))
def clearance_covers_the_mark(case: ReadCase) -> bool:
    """The reader holds, at this instant, a clearance that covers the copy's mark."""
    return case.clearance_covers


@rule("Art. 7(2)", who="registrar or security authority", sees=("need", "purpose"))
def duties_require_it(case: ReadCase) -> bool:
    """A recorded need to know covers this item, or the purpose it is read for."""
    return bool(case.need)


@rule("Art. 6(e)", who="custodian of the facility", sees=("facility", "listed"))
def facility_register_names_reader(case: ReadCase) -> bool:
    """The register of the facility where the copy is read names the reader."""
    return case.listed


@rule("Art. 6(c)", who="originating party", sees=("received", "purpose", "permitted_purpose"))
def purpose_is_the_one_given(case: ReadCase) -> bool:
    """A received item is used only for the purpose it was given for."""
    return not case.received or case.purpose == case.permitted_purpose


@rule("Art. 4(2)", who=REGISTRAR, sees=("originator", "mark", "local_mark"))
def marked_on_receipt(case: ReadCase) -> bool:
    """The copy carries the originator's name and this party's mark, unless declassified since."""
    return bool(case.originator) and bool(case.local_mark or not case.mark)


@rule("Art. 6(g)", who=REGISTRAR, sees=("mark", "remark_due"))
def mark_is_current(case: ReadCase) -> bool:
    """No change of classification by the originator is in effect and waits to be carried out."""
    return not case.remark_due


@rule(PRACTICE, who=SECURITY, sees=("briefed",))
def duties_were_explained(case: ReadCase) -> bool:
    """The reader was briefed on the agreement's duties, and the briefing is current."""
    return case.briefed


@rule("Art. 6(f)", who=REGISTRAR, sees=("copy", "copy_state", "copy_facility", "facility"))
def copy_is_held_there(case: ReadCase) -> bool:
    """The copy is in custody at the facility where it is to be read."""
    return case.copy_state == "in_custody" and case.copy_facility == case.facility


@rule("Art. 13", who="originating party, who may send it again", sees=("key_held",))
def content_was_not_destroyed(case: ReadCase) -> bool:
    """The item's key is still held; destroyed content does not come back."""
    return case.key_held


@rule("Art. 21(4)", who="treaty desk", sees=("received", "agreement_status", "protect"))
def protection_is_in_force(case: ReadCase) -> bool:
    """Received items stay protected under the agreement, also after its end."""
    return not case.received or case.protect


READ_RULES: RuleList[ReadCase] = RuleList(
    "registry.read",
    (
        more_than_rank_or_clearance,
        clearance_covers_the_mark,
        duties_require_it,
        facility_register_names_reader,
        purpose_is_the_one_given,
        marked_on_receipt,
        mark_is_current,
        duties_were_explained,
        copy_is_held_there,
        content_was_not_destroyed,
        protection_is_in_force,
    ),
)


# -- re-marking -------------------------------------------------------------------------


class RemarkCase(msgspec.Struct, frozen=True):
    """The facts of carrying out a change of classification."""

    actor: str
    may_act: tuple[str, ...]
    appointed_as: tuple[str, ...]
    ordered_mark: str | None
    effective_at: str
    effective: bool
    local_mark: str
    corresponding: tuple[str, ...]


@rule("Art. 6(g)", who="originating party", sees=("ordered_mark",))
def originator_ordered_it(case: RemarkCase) -> bool:
    """The originator notified the change in writing; a holder never changes a mark alone."""
    return case.ordered_mark is not None


@rule("Art. 6(g)", who="originating party", sees=("effective_at", "effective"))
def change_is_in_effect(case: RemarkCase) -> bool:
    """The instant from which the originator changed the classification has come."""
    return case.effective


@rule("Art. 4(2)", who=REGISTRAR, sees=("ordered_mark", "local_mark", "corresponding"))
def new_mark_corresponds(case: RemarkCase) -> bool:
    """The new local mark corresponds to the one ordered; none for a declassified item."""
    if case.ordered_mark == "":
        return case.local_mark == ""
    return case.local_mark in case.corresponding


REMARK_RULES: RuleList[RemarkCase] = RuleList(
    "registry.remark",
    (actor_is_appointed, originator_ordered_it, change_is_in_effect, new_mark_corresponds),
)


# -- destruction --------------------------------------------------------------------------


class DestroyCase(msgspec.Struct, frozen=True):
    """The facts of a destruction, at its proposal and at its certificate."""

    actor: str
    may_act: tuple[str, ...]
    appointed_as: tuple[str, ...]
    cleared: bool
    proposed_by: str
    method: str
    known_methods: tuple[str, ...]
    under_incident: bool
    in_transit: tuple[int, ...]
    already: str


@rule(PRACTICE, who=SECURITY, sees=("actor", "cleared"))
def destroyer_is_cleared(case: DestroyCase) -> bool:
    """Whoever destroys or witnesses is cleared for the item at this instant."""
    return case.cleared


@rule(PRACTICE, who="another cleared officer", sees=("actor", "proposed_by"))
def witness_is_another_person(case: DestroyCase) -> bool:
    """The certificate is signed by another person than the proposal."""
    return case.actor != case.proposed_by


@rule("Art. 13", who=REGISTRAR, sees=("method", "known_methods"), verified=False)
def method_prevents_reconstruction(case: DestroyCase) -> bool:
    """The method is one that prevents reconstruction, by the form of the item."""
    return case.method in case.known_methods


@rule("Art. 17", who="security authority, by closing the incident", sees=("under_incident",))
def not_under_incident(case: DestroyCase) -> bool:
    """An item under inquiry is not destroyed."""
    return not case.under_incident


@rule(PRACTICE, who=REGISTRAR, sees=("in_transit",))
def no_copy_is_in_transit(case: DestroyCase) -> bool:
    """No copy is on its way to a partner: it is not here, and may come back."""
    return not case.in_transit


@rule(PRACTICE, who=REGISTRAR, sees=("already",))
def not_destroyed_before(case: DestroyCase) -> bool:
    """Nothing is destroyed twice."""
    return not case.already


METHODS = ("key-destruction", "burning", "shredding", "pulping")
"""Key destruction is this node's own; the others are the paper's (Art. 13, unread)."""

PROPOSE_DESTRUCTION_RULES: RuleList[DestroyCase] = RuleList(
    "registry.propose-destruction",
    (
        actor_is_appointed,
        destroyer_is_cleared,
        method_prevents_reconstruction,
        not_under_incident,
        no_copy_is_in_transit,
        not_destroyed_before,
    ),
)

CERTIFY_DESTRUCTION_RULES: RuleList[DestroyCase] = RuleList(
    "registry.certify-destruction",
    (
        actor_is_appointed,
        destroyer_is_cleared,
        witness_is_another_person,
        not_under_incident,
        no_copy_is_in_transit,
        not_destroyed_before,
    ),
)
