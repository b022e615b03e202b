"""The rules of registering, reading, re-marking and destroying, by article."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsomia.clearance.rules import PRACTICE as LETTERS
from gsomia.registry import rules
from gsomia.registry.model import FORMS
from gsomia.registry.rules import (
    CERTIFY_DESTRUCTION_RULES,
    HAND_OVER_RULES,
    METHODS,
    PRACTICE,
    PROPOSE_DESTRUCTION_RULES,
    READ_RULES,
    REGISTER_RULES,
    REMARK_RULES,
    DestroyCase,
    HandOverCase,
    ReadCase,
    RegisterCase,
    RemarkCase,
)
from gsomia.ruling import RuleList
from tests.ruling.tables import (
    Broken,
    cases,
    check_broken,
    check_monotone,
    hidden_facts,
    lists_of,
    names,
    pairs,
    unbroken,
)

SECURITY, REGISTRAR = "security authority", "registrar"
APPOINTED = Broken("actor_is_appointed", LETTERS, SECURITY, {"appointed_as": ()})

REGISTER = RegisterCase(
    actor="P-2",
    may_act=("registrar",),
    appointed_as=("registrar",),
    mark="군사Ⅱ급비밀",
    known_mark="군사II급비밀",
    subject="missiles",
    defence_related=True,
    form="document",
    known_forms=FORMS,
    content_is_here=True,
    registered_as="",
    not_examined="",
    shown=("군사III급비밀", "군사II급비밀"),
    shown_at=("top 2: 군사III급비밀", "top 1: 군사II급비밀"),
    shown_above=(),
    labelled=("군사II급비밀",),
)
BROKEN_REGISTER = (
    APPOINTED,
    Broken(
        "carries_a_national_mark",
        "Art. 4(1)",
        "originator's classification authority",
        {"known_mark": ""},
    ),
    Broken(
        "shows_no_other_mark",
        "Art. 4(1)",
        "originator's classification authority",
        {"shown": ("군사III급비밀",)},
    ),
    Broken(
        "shows_no_other_mark",
        "Art. 4(1)",
        "originator's classification authority",
        {"shown_above": ("군사I급비밀",)},
    ),
    Broken(
        "labelled_as_it_is_marked",
        "Art. 4(1)",
        "originator's classification authority",
        {"labelled": ("군사III급비밀",)},
    ),
    Broken("is_defence_related", "Art. 2(a)", REGISTRAR, {"defence_related": False}),
    Broken("is_defence_related", "Art. 2(a)", REGISTRAR, {"subject": ""}),
    Broken("has_a_form_the_treaty_counts", "Art. 2(a)", REGISTRAR, {"form": "rumour"}),
    Broken("content_lies_sealed_here", PRACTICE, REGISTRAR, {"content_is_here": False}),
    Broken(
        "content_belongs_to_no_other_item",
        "Art. 6(a)",
        "originating party",
        {"registered_as": "KOR-DIH1-2026-000001"},
    ),
)

HAND_OVER = HandOverCase(
    actor="P-2",
    may_act=("registrar", "custodian"),
    appointed_as=("registrar",),
    copy_state="in_custody",
    facility="F-2",
    facility_levels=("極秘",),
    facility_holds_level=True,
    custodian="P-2",
)
BROKEN_HAND_OVER = (
    APPOINTED,
    *(
        Broken("copy_is_in_custody", "Art. 6(f)", REGISTRAR, {"copy_state": state})
        for state in ("in_transit", "transferred", "destroyed", "returned", "missing")
    ),
    Broken("facility_may_hold_it", "Art. 10", SECURITY, {"facility_holds_level": False}),
    Broken("facility_may_hold_it", "Art. 10", SECURITY, {"custodian": ""}),
)

READ = ReadCase(
    reader="P-5",
    rank="Colonel",
    clearance=("極秘",),
    clearance_covers=True,
    need="assessment",
    facility="F-1",
    listed=True,
    briefed=True,
    purpose="assessment",
    permitted_purpose="assessment",
    originator="KOR",
    mark="군사II급비밀",
    local_mark="極秘",
    remark_due=False,
    copy="JPN-DIH1-2026-000001/1",
    copy_state="in_custody",
    copy_facility="F-1",
    key_held=True,
    received=True,
    agreement_status="in_force",
    protect=True,
)
_BARE = ("duties_require_it", "facility_register_names_reader")
BROKEN_READ = (
    # Nothing but rank and clearance: the two facts that are missing fail by themselves too.
    Broken(
        "more_than_rank_or_clearance", "Art. 7(1)", SECURITY, {"need": "", "listed": False}, _BARE
    ),
    Broken("clearance_covers_the_mark", "Art. 7(2)", SECURITY, {"clearance_covers": False}),
    Broken("duties_require_it", "Art. 7(2)", "registrar or security authority", {"need": ""}),
    Broken(
        "facility_register_names_reader",
        "Art. 6(e)",
        "custodian of the facility",
        {"listed": False},
    ),
    Broken("purpose_is_the_one_given", "Art. 6(c)", "originating party", {"purpose": "another"}),
    Broken("marked_on_receipt", "Art. 4(2)", REGISTRAR, {"local_mark": ""}),
    Broken("marked_on_receipt", "Art. 4(2)", REGISTRAR, {"originator": ""}),
    Broken("mark_is_current", "Art. 6(g)", REGISTRAR, {"remark_due": True}),
    Broken("duties_were_explained", PRACTICE, SECURITY, {"briefed": False}),
    *(
        Broken("copy_is_held_there", "Art. 6(f)", REGISTRAR, {"copy_state": state})
        for state in ("destruction_pending", "destroyed", "returned", "missing")
    ),
    Broken("copy_is_held_there", "Art. 6(f)", REGISTRAR, {"copy_facility": "F-2"}),
    Broken(
        "content_was_not_destroyed",
        "Art. 13",
        "originating party, who may send it again",
        {"key_held": False},
    ),
    Broken("protection_is_in_force", "Art. 21(4)", "treaty desk", {"protect": False}),
)

REMARK = RemarkCase(
    actor="P-2",
    may_act=("registrar",),
    appointed_as=("registrar",),
    ordered_mark="군사III급비밀",
    effective_at="",
    effective=True,
    local_mark="秘",
    corresponding=("秘",),
)
BROKEN_REMARK = (
    APPOINTED,
    # Without an order there is nothing that the new mark could correspond to.
    Broken(
        "originator_ordered_it",
        "Art. 6(g)",
        "originating party",
        {"ordered_mark": None, "corresponding": ()},
        ("new_mark_corresponds",),
    ),
    Broken("change_is_in_effect", "Art. 6(g)", "originating party", {"effective": False}),
    Broken("new_mark_corresponds", "Art. 4(2)", REGISTRAR, {"local_mark": "極秘"}),
    Broken("new_mark_corresponds", "Art. 4(2)", REGISTRAR, {"local_mark": ""}),
    Broken("new_mark_corresponds", "Art. 4(2)", REGISTRAR, {"ordered_mark": ""}),
)

DESTROY = DestroyCase(
    actor="P-2",
    may_act=("registrar", "custodian"),
    appointed_as=("registrar",),
    cleared=True,
    proposed_by="P-7",
    method="key-destruction",
    known_methods=METHODS,
    under_incident=False,
    in_transit=(),
    already="",
)
BROKEN_DESTROY = (
    APPOINTED,
    Broken("destroyer_is_cleared", PRACTICE, SECURITY, {"cleared": False}),
    Broken(
        "witness_is_another_person", PRACTICE, "another cleared officer", {"proposed_by": "P-2"}
    ),
    Broken("method_prevents_reconstruction", "Art. 13", REGISTRAR, {"method": "folding"}),
    Broken(
        "not_under_incident",
        "Art. 17",
        "security authority, by closing the incident",
        {"under_incident": True},
    ),
    Broken("no_copy_is_in_transit", PRACTICE, REGISTRAR, {"in_transit": (2,)}),
    *(
        Broken("not_destroyed_before", PRACTICE, REGISTRAR, {"already": state})
        for state in ("proposed", "certified", "shredded", "content destroyed")
    ),
)

DESTROY_LISTS = (PROPOSE_DESTRUCTION_RULES, CERTIFY_DESTRUCTION_RULES)
TABLES: tuple[tuple[tuple[RuleList, ...], Any, tuple[Broken, ...]], ...] = (
    ((REGISTER_RULES,), REGISTER, BROKEN_REGISTER),
    ((HAND_OVER_RULES,), HAND_OVER, BROKEN_HAND_OVER),
    ((READ_RULES,), READ, BROKEN_READ),
    ((REMARK_RULES,), REMARK, BROKEN_REMARK),
    (DESTROY_LISTS, DESTROY, BROKEN_DESTROY),
)
ROWS = [(x, good, row) for lists, good, table in TABLES for x, row in pairs(lists, table)]


@pytest.mark.parametrize("rule_list, good, row", ROWS, ids=[f"{x.act} {r}" for x, _, r in ROWS])
def test_one_change_breaks_one_rule(rule_list: RuleList, good: Any, row: Broken) -> None:
    check_broken(rule_list, good, row)


def test_every_rule_of_every_list_is_in_the_tables() -> None:
    assert [unbroken(lists, table) for lists, _, table in TABLES] == [set()] * len(TABLES)
    assert {x.act for lists, _, _ in TABLES for x in lists} == lists_of(rules)


def test_the_lists_ask_in_this_order() -> None:
    assert names(REGISTER_RULES) == [
        "actor_is_appointed",
        "carries_a_national_mark",
        "shows_no_other_mark",
        "labelled_as_it_is_marked",
        "is_defence_related",
        "has_a_form_the_treaty_counts",
        "content_lies_sealed_here",
        "content_belongs_to_no_other_item",
    ]
    assert names(HAND_OVER_RULES) == [
        "actor_is_appointed",
        "copy_is_in_custody",
        "facility_may_hold_it",
    ]
    assert names(READ_RULES) == [
        "more_than_rank_or_clearance",
        "clearance_covers_the_mark",
        "duties_require_it",
        "facility_register_names_reader",
        "purpose_is_the_one_given",
        "marked_on_receipt",
        "mark_is_current",
        "duties_were_explained",
        "copy_is_held_there",
        "content_was_not_destroyed",
        "protection_is_in_force",
    ]
    assert names(REMARK_RULES) == [
        "actor_is_appointed",
        "originator_ordered_it",
        "change_is_in_effect",
        "new_mark_corresponds",
    ]
    last = ["not_under_incident", "no_copy_is_in_transit", "not_destroyed_before"]
    first = ["actor_is_appointed", "destroyer_is_cleared"]
    assert names(PROPOSE_DESTRUCTION_RULES) == [*first, "method_prevents_reconstruction", *last]
    assert names(CERTIFY_DESTRUCTION_RULES) == [*first, "witness_is_another_person", *last]


def test_only_the_unread_article_on_methods_can_be_switched_off() -> None:
    unread = {r.name for lists, _, _ in TABLES for x in lists for r in x.rules if not r.verified}
    assert unread == {"method_prevents_reconstruction"}


@pytest.mark.parametrize(
    "rule_list, case",
    [
        # Own items have no purpose given by a partner, and need no agreement to be read.
        (READ_RULES, msgspec.structs.replace(READ, received=False, purpose="any", protect=False)),
        # A declassified item carries no mark, and is read without one.
        (READ_RULES, msgspec.structs.replace(READ, mark="", local_mark="")),
        (REMARK_RULES, msgspec.structs.replace(REMARK, ordered_mark="", local_mark="")),
        *((REGISTER_RULES, msgspec.structs.replace(REGISTER, form=form)) for form in FORMS),
        *((PROPOSE_DESTRUCTION_RULES, msgspec.structs.replace(DESTROY, method=m)) for m in METHODS),
    ],
)
def test_good_twins(rule_list: RuleList, case: Any) -> None:
    assert rule_list.decide(case).granted


# -- laws ------------------------------------------------------------------------------

EACH = [(x, good) for lists, good, _ in TABLES for x in lists]
LIST_NAMES = [x.act for x, _ in EACH]

FAVOURABLE: dict[Any, dict[str, Any]] = {
    HandOverCase: {
        "appointed_as": ("a",),
        "copy_state": "in_custody",
        "facility_holds_level": True,
        "custodian": "a",
    },
    RegisterCase: {"content_is_here": True, "defence_related": True, "appointed_as": ("a",)},
    ReadCase: {
        "clearance_covers": True,
        "listed": True,
        "briefed": True,
        "need": "a",
        "remark_due": False,
        "key_held": True,
        "protect": True,
        "received": False,
        "copy_state": "in_custody",
    },
    RemarkCase: {"appointed_as": ("a",), "effective": True, "corresponding": ("a", "b")},
    DestroyCase: {
        "appointed_as": ("a",),
        "cleared": True,
        "under_incident": False,
        "already": "",
        "known_methods": ("a", "b"),
    },
}


@pytest.mark.parametrize("rule_list, good", EACH, ids=LIST_NAMES)
@given(data=st.data())
def test_a_favourable_fact_never_turns_a_yes_into_a_no(
    rule_list: RuleList, good: Any, data: st.DataObject
) -> None:
    check_monotone(rule_list, data.draw(cases(good)), FAVOURABLE[type(good)])


@pytest.mark.parametrize("rule_list, good", EACH, ids=LIST_NAMES)
@given(data=st.data())
def test_an_outcome_shows_every_fact_it_rests_on(
    rule_list: RuleList, good: Any, data: st.DataObject
) -> None:
    assert hidden_facts(rule_list, good, data) == {}


@given(cases(READ))
def test_rank_and_post_decide_nothing(case: ReadCase) -> None:
    """Art. 7(1): whatever the rank, the answer is the same."""
    for rank in ("", "General", "Minister"):
        other = msgspec.structs.replace(case, rank=rank)
        assert READ_RULES.decide(other).held == READ_RULES.decide(case).held
