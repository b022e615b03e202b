"""Whether a clearance reaches a label: the access decision, every rule with what it saw.

The model is the one that the access rules of ADatP-4774.1 show (its own source, SDN.801c,
is not public): the classification is listed, every restrictive value is held, and of each
permissive group at least one. Informative values and the privacy mark bear on nothing.

Closed by default, where others are open. A label that breaks any rule grants nothing. A
label without a permissive value is released to nobody, unless the caller has named its
classification unclassified when compiling the policy. A clearance that skips a
classification below one that it lists is refused: whoever passes a whole must pass its
parts, and with such a gap would not. No standard says that, so the rule can be switched off.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec

from gsomia.marking.label.compiled import Compiled
from gsomia.marking.label.model import Clearance, Label
from gsomia.marking.label.rules import Breach, check, check_clearance
from gsomia.marking.label.validity import Examined, Held, examine, held, ready
from gsomia.marking.spif.model import Policy, Sense
from gsomia.ruling import Decision, RuleList, rule

GUIDE = "ADatP-4774.1"
CLOSED = "House policy: closed by default"
LABELLER = "whoever made the label"
ISSUER = "whoever issued the clearance"


class Compared(msgspec.Struct, frozen=True):
    """A group of a label beside the same group of a clearance: a tag set in one sense."""

    tag_set: str
    label: tuple[str, ...]
    clearance: tuple[str, ...]


class AccessCase(msgspec.Struct, frozen=True, kw_only=True):
    """The facts of one access decision. Broken rules are told as place and rule.

    `kind` is the label's root: whether it speaks of the information or of its metadata
    alone is for the caller to see.
    """

    kind: str
    policy: str
    label_policy: str
    clearance_policy: str
    label_broken: tuple[str, ...]
    clearance_broken: tuple[str, ...]
    classification: str
    cleared: tuple[str, ...]
    not_cleared_below: tuple[str, ...]
    unclassified: bool
    restrictive: tuple[Compared, ...]
    permissive: tuple[Compared, ...]


@rule(GUIDE, who=LABELLER, sees=("policy", "label_policy"))
def label_is_of_this_policy(case: AccessCase) -> bool:
    """The label is of this policy; one of another is mapped first, by its own policy."""
    return case.label_policy == case.policy


@rule(GUIDE, who=ISSUER, sees=("policy", "clearance_policy"))
def clearance_is_of_this_policy(case: AccessCase) -> bool:
    """The clearance is of this policy: no clearance counts under another."""
    return case.clearance_policy == case.policy


@rule(CLOSED, who=LABELLER, sees=("kind", "label_broken"))
def label_is_valid(case: AccessCase) -> bool:
    """The label breaks no rule of the standard or of the policy."""
    return not case.label_broken


@rule(CLOSED, who=ISSUER, sees=("clearance_broken",))
def clearance_is_valid(case: AccessCase) -> bool:
    """The clearance breaks no rule of the standard or of the policy."""
    return not case.clearance_broken


@rule(CLOSED, who=ISSUER, sees=("cleared", "not_cleared_below"), verified=False)
def clearance_has_no_gap(case: AccessCase) -> bool:
    """The clearance lists every classification below the highest that it lists."""
    return not case.not_cleared_below


@rule(GUIDE, who=ISSUER, sees=("classification", "cleared"))
def classification_is_cleared(case: AccessCase) -> bool:
    """The clearance lists the label's classification; a higher one does not stand for it."""
    return case.classification in case.cleared


@rule(CLOSED, who=LABELLER, sees=("classification", "unclassified", "permissive"))
def label_names_who_may_receive(case: AccessCase) -> bool:
    """The label has a permissive value, or is unclassified; no release list means nobody."""
    return case.unclassified or any(group.label for group in case.permissive)


@rule(GUIDE, who=ISSUER, sees=("restrictive",))
def restrictive_values_are_all_held(case: AccessCase) -> bool:
    """The clearance holds every restrictive value of the label."""
    return all(set(group.label) <= set(group.clearance) for group in case.restrictive)


@rule(GUIDE, who=LABELLER, sees=("permissive",))
def permissive_value_of_each_group_is_held(case: AccessCase) -> bool:
    """Of each permissive group of the label the clearance holds at least one value."""
    return all(not set(group.label).isdisjoint(group.clearance) for group in case.permissive)


_RULES = (
    label_is_of_this_policy,
    clearance_is_of_this_policy,
    label_is_valid,
    clearance_is_valid,
    clearance_has_no_gap,
    classification_is_cleared,
    label_names_who_may_receive,
    restrictive_values_are_all_held,
    permissive_value_of_each_group_is_held,
)

ACCESS_RULES: RuleList[AccessCase] = RuleList("label.access", _RULES)
ACCESS_RULES_GAPS_TAKEN: RuleList[AccessCase] = RuleList(
    "label.access", _RULES, off=(clearance_has_no_gap.name,)
)
"""The same, where clearances with gaps are taken as they are: a whole says nothing of parts."""


def decide(
    label: Label,
    clearance: Clearance,
    policy: Policy | Compiled,
    at: datetime,
    *,
    rules: RuleList[AccessCase] = ACCESS_RULES,
) -> Decision[AccessCase]:
    """The decision on `label` for who holds `clearance`, at `at`, with every rule.

    Total: an answer for any label and clearance, and a yes only where every rule holds.
    Decides under `policy` alone; a label of another is refused, never mapped. Raises
    `BadInput`, and answers nothing, for an instant without offset or a policy that cannot
    be compiled. Compile the policy once for many decisions.
    """
    return rules.decide(access_case(label, clearance, ready(policy), at))


def access_case(label: Label, clearance: Clearance, policy: Compiled, at: datetime) -> AccessCase:
    """The facts that the rules look at. Raises as `decide` does."""
    asked = examine(label.information, policy, at)
    has = held(clearance, policy, at)
    name = policy.policy.policy.name
    return AccessCase(
        kind=str(label.root),
        policy=name,
        label_policy=_policy(asked.breaches, label.information.policy, name),
        clearance_policy=_policy(has.breaches, clearance.policy, name),
        label_broken=_told((*check(label), *asked.breaches)),
        clearance_broken=_told((*check_clearance(clearance), *has.breaches)),
        classification=asked.grade.name if asked.grade else label.information.classification,
        cleared=tuple([grade.name for grade in has.grades]),
        not_cleared_below=has.missing,
        unclassified=asked.grade is not None and asked.grade.key in policy.unclassified,
        restrictive=tuple(_compared(asked, has, Sense.RESTRICTIVE)),
        permissive=tuple(_compared(asked, has, Sense.PERMISSIVE)),
    )


def _policy(breaches: tuple[Breach, ...], given: str, own: str) -> str:
    """The policy's own spelling, unless the label or clearance is of another."""
    others = ("policy_other", "policy_name", "policy_oid")
    wrong = next((breach for breach in breaches if breach.rule in others), None)
    if wrong is None:
        return own
    return given if wrong.rule != "policy_oid" else f"{given} (another object identifier)"


def _told(breaches: tuple[Breach, ...]) -> tuple[str, ...]:
    return tuple([f"{breach.where}: {breach.rule}" for breach in breaches])


def _compared(asked: Examined, has: Held, sense: Sense) -> Iterator[Compared]:
    for group, entries in asked.groups.items():
        if group[1] is sense:
            own = has.groups.get(group, ())
            yield Compared(group[0], tuple([e.name for e in entries]), tuple([e.name for e in own]))
