"""One release decided by all its rules, each with its article and the facts it saw."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import msgspec
from timing import Result, Row, Run, Sizes, compare, interleaved, main

from gsomia.release.rules import DECIDE_RULES, ReleaseCase
from gsomia.ruling import Ruling

CASE = ReleaseCase(
    actor="P-4",
    may_act=("disclosure_officer",),
    appointed_as=("disclosure_officer",),
    item="KOR-DIH1-2026-000001",
    subject="missiles",
    defence_related=True,
    mark="군사II급비밀",
    listed_marks=("군사II급비밀", "군사III급비밀"),
    corresponding=("極秘", "特定秘密"),
    releasable_to=("JPN", "KOR"),
    recipient="JPN",
    originator="KOR",
    party="KOR",
    purpose="assessment of missile launches",
    content_is_here=True,
    agreement_status="in_force",
    transfer=True,
    uncertain=False,
    contestable=False,
    agreed_digest="sha256:aa",
    told_digest="",
    reading="K",
    policy="second_pair",
    policy_version=0,
    ground_confirmed_by="",
    assured_clearance="極秘",
    assured_need=True,
    assured_protection=True,
    requested_by="P-5",
    reviewed_by="P-3",
    request_state="open",
    copy_states=("in_custody",),
)
REFUSED = msgspec.structs.replace(CASE, releasable_to=("KOR", "USA"), reviewed_by="P-4")

IN_CUSTODY = frozenset({"in_custody"})

# The same conditions in the same order, by the rules' names. Each peer gets
# them in its own language; all must give the verdicts that ours gives.
CEDAR = {
    "actor_is_appointed": "!context.appointed_as.isEmpty()",
    "information_is_defence_related": "context.defence_related",
    "mark_is_on_the_list": "context.listed_marks.contains(context.mark)",
    "recipient_has_a_corresponding_mark": "!context.corresponding.isEmpty()",
    "releasable_list_names_recipient": "context.releasable_to.contains(context.recipient)",
    "originator_lets_it_go": "context.originator == context.party || (context.consent_valid && "
    "context.consent_recipient == context.recipient && context.consent_purpose == context.purpose)",
    "mark_is_current": "!context.remark_due",
    "agreement_permits_transfer": "context.transfer && !context.uncertain",
    "partner_told_no_other_text": '["", context.agreed_digest].contains(context.told_digest)',
    "policy_does_not_refuse": '!context.contestable || context.policy != "refuse"',
    "policy_asks_for_no_other_route": '!context.contestable || context.policy != "other_route"',
    "purpose_is_stated": 'context.purpose != ""',
    "content_is_still_here": "context.content_is_here",
    "copies_are_in_custody": '["in_custody"].containsAll(context.copy_states)',
    "recipient_assured_clearance": "context.corresponding.contains(context.assured_clearance)",
    "recipient_assured_need": "context.assured_need",
    "recipient_assured_protection": "context.assured_protection",
    "request_awaits_this_step": '["", "open"].contains(context.request_state)',
    "decided_by_another_person": (
        "context.actor != context.requested_by && context.actor != context.reviewed_by"
    ),
    "consent_conditions_are_met": (
        "context.conditions_confirmed.containsAll(context.consent_conditions) && "
        "context.consent_conditions.containsAll(context.conditions_confirmed)"
    ),
}
CASBIN = (
    "len(r.c.appointed_as) > 0 && r.c.defence_related && r.c.mark in r.c.listed_marks"
    " && len(r.c.corresponding) > 0 && r.c.recipient in r.c.releasable_to"
    " && r.c.originator == r.c.party && r.c.transfer && !r.c.uncertain"
    " && (r.c.told_digest == '' || r.c.told_digest == r.c.agreed_digest)"
    " && (!r.c.contestable || (r.c.policy != 'refuse' && r.c.policy != 'other_route'))"
    " && r.c.purpose != '' && r.c.content_is_here && in_custody(r.c.copy_states)"
    " && r.c.assured_clearance in r.c.corresponding"
    " && r.c.assured_need && r.c.assured_protection"
    " && (r.c.request_state == '' || r.c.request_state == 'open')"
    " && r.c.actor != r.c.requested_by && r.c.actor != r.c.reviewed_by"
    " && r.c.conditions_confirmed == r.c.consent_conditions"
)

Decide = Callable[[Any], bool]


def listed(case: ReleaseCase) -> Ruling:
    """The decision as it is filed: every rule with article, text, and the facts seen."""
    return Ruling.of(DECIDE_RULES.decide(case))


def sets(case: ReleaseCase) -> bool:
    """The limit: the same conditions as one expression, which can say neither why nor by what."""
    return (
        bool(case.appointed_as)
        and case.defence_related
        and case.mark in case.listed_marks
        and bool(case.corresponding)
        and case.recipient in case.releasable_to
        and case.originator == case.party
        and case.transfer
        and not case.uncertain
        and case.told_digest in {"", case.agreed_digest}
        and not (case.contestable and case.policy in {"refuse", "other_route"})
        and bool(case.purpose.strip())
        and case.content_is_here
        and IN_CUSTODY.issuperset(case.copy_states)
        and case.assured_clearance in case.corresponding
        and case.assured_need
        and case.assured_protection
        and case.request_state in {"", "open"}
        and case.actor not in {case.requested_by, case.reviewed_by}
        and set(case.conditions_confirmed) == set(case.consent_conditions)
    )


def cedar() -> Decide:
    """Cedar: a permit, and one forbid for each rule; a refusal names those that forbade."""
    import cedarpy

    text = "permit(principal, action, resource);\n" + "".join(
        f'@id("{name}") forbid(principal, action, resource) unless {{ {condition} }};\n'
        for name, condition in CEDAR.items()
    )
    policies = cedarpy.PolicySet.from_str(text)
    entities = cedarpy.Entities.from_json_str("[]")

    def decide(case: Any) -> bool:
        result = cedarpy.is_authorized(case, policies, entities)
        return bool(result.allowed) and not result.diagnostics.errors

    return decide


def cedar_case(case: ReleaseCase) -> dict[str, Any]:
    """A case as Cedar takes it, made beforehand: its making is not timed."""
    return {
        "principal": f'Officer::"{case.actor}"',
        "action": 'Act::"release"',
        "resource": f'Item::"{case.item}"',
        "context": {k: v for k, v in msgspec.to_builtins(case).items() if k != "item"},
    }


def casbin() -> Decide:
    """casbin: all conditions in one matcher; it answers yes or no."""
    import logging

    from casbin import Enforcer, Model

    logging.disable(logging.INFO)
    model = Model()
    model.add_def("r", "r", "c")
    model.add_def("p", "p", "act")
    model.add_def("e", "e", "some(where (p.eft == allow))")
    model.add_def("m", "m", CASBIN)
    enforcer = Enforcer(model)
    enforcer.add_policy("release")
    enforcer.add_function("len", len)
    enforcer.add_function("in_custody", IN_CUSTODY.issuperset)
    return lambda case: bool(enforcer.enforce(case))


def agreeing(name: str, decide: Decide, cases: tuple[Any, Any]) -> Run:
    """The peer's decision of the good case, once it answers both cases as we do."""
    if [decide(case) for case in cases] != [True, False]:
        raise RuntimeError(f"{name} was not given the same rules: it answers otherwise")
    return lambda: decide(cases[0])


def measure(sizes: Sizes) -> Result:
    """Ours in both forms beside each peer that is installed."""
    granted = [DECIDE_RULES.decide(c).granted for c in (CASE, REFUSED)]
    if granted != [True, False] or [r.name for r in DECIDE_RULES.rules] != list(CEDAR):
        raise RuntimeError("the rules have changed: the peers need the same")
    peers = {"plain Python, verdict only (limit)": (agreeing("sets", sets, (CASE, REFUSED)), 0.0)}
    left_out = []
    for name, make, goal, cases in (
        ("cedarpy", cedar, 15.0, (cedar_case(CASE), cedar_case(REFUSED))),
        ("casbin", casbin, 0.0, (CASE, REFUSED)),
    ):
        try:
            importlib.import_module(name)
        except ImportError:
            left_out.append(name)
            continue
        peers[name] = (agreeing(name, make(), cases), goal)
    rows: list[Row] = []
    for name, (peer, goal) in peers.items():
        found = interleaved(
            sizes, lambda: DECIDE_RULES.decide(CASE).granted, lambda: listed(CASE), peer
        )
        rows.append(compare("verdict only", found[0], name, found[2]))
        rows.append(compare("every rule listed", found[1], name, found[2], at_least=goal or None))
    notes = ("regorus is left out: there is no wheel of it to install",)
    return Result(f"One decision, {len(CEDAR)} rules", tuple(rows), tuple(left_out), notes)


if __name__ == "__main__":
    main(measure)
