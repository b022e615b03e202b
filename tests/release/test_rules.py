"""The rules of releasing an item, and of passing a received one on, by article."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsomia.clearance.rules import PRACTICE as LETTERS
from gsomia.release import rules
from gsomia.release.rules import (
    CONFIRM_GROUND_RULES,
    DECIDE_RULES,
    DESK,
    DISPATCH_RULES,
    ORIGINATOR,
    PASS_ON_RULES,
    PRACTICE,
    REQUEST_RULES,
    REVIEW_RULES,
    GroundCase,
    PassOnCase,
    ReleaseCase,
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

HOUSE_POLICY = "House policy: contested ground"
AUTHORITY = "recipient's competent authority"
CONSENT = "originating party, by prior written approval"
APPOINTED = Broken("actor_is_appointed", LETTERS, "security authority", {"appointed_as": ()})

RELEASE = ReleaseCase(
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
    purpose="assessment",
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
    ground_confirmed_by="P-6",
    assured_clearance="極秘",
    assured_need=True,
    assured_protection=True,
    requested_by="P-5",
    reviewed_by="P-3",
    request_state="open",
    copy_states=("in_custody", "in_custody"),
)
CONSENTED = {
    "originator": "AUS",
    "received_under": "another agreement",
    "consent": "a" * 32,
    "consent_recipient": "JPN",
    "consent_purpose": "assessment",
    "consent_valid": True,
}
BROKEN_RELEASE = (
    APPOINTED,
    Broken("information_is_defence_related", "Art. 2(a)", "registrar", {"defence_related": False}),
    Broken("mark_is_on_the_list", "Art. 4(1)", ORIGINATOR, {"mark": "군사I급비밀"}),
    Broken("mark_is_on_the_list", "Art. 4(1)", ORIGINATOR, {"listed_marks": ()}),
    # A clearance is assured by the mark it reaches: without a mark, there is none to reach.
    Broken(
        "recipient_has_a_corresponding_mark",
        "Art. 4(2)",
        ORIGINATOR,
        {"corresponding": ()},
        ("recipient_assured_clearance",),
    ),
    Broken(
        "releasable_list_names_recipient",
        "Originator control",
        ORIGINATOR,
        {"releasable_to": ("KOR", "USA")},
    ),
    Broken(
        "releasable_list_names_recipient", "Originator control", ORIGINATOR, {"releasable_to": ()}
    ),
    Broken(
        "originator_lets_it_go",
        "Art. 6(a)",
        "originating party, by written consent",
        {"originator": "JPN"},
    ),
    *(
        Broken(
            "originator_lets_it_go",
            "Art. 6(a)",
            "originating party, by written consent",
            {**CONSENTED, **changed},
        )
        for changed in (
            {"consent_valid": False},
            {"consent_recipient": "AUS"},
            {"consent_purpose": "training"},
            {"consent_paragraphs": ("2",)},
        )
    ),
    Broken("mark_is_current", "Art. 6(g)", "registrar", {"remark_due": True}),
    Broken("agreement_permits_transfer", "Art. 21", DESK, {"transfer": False}),
    Broken("partner_told_no_other_text", "Art. 21(2)", DESK, {"told_digest": "sha256:bb"}),
    Broken("policy_does_not_refuse", HOUSE_POLICY, DESK, {"contestable": True, "policy": "refuse"}),
    Broken(
        "policy_asks_for_no_other_route",
        HOUSE_POLICY,
        DESK,
        {"contestable": True, "policy": "other_route"},
    ),
    Broken(
        "contested_ground_was_confirmed",
        HOUSE_POLICY,
        "another person of the treaty desk",
        {"contestable": True, "ground_confirmed_by": ""},
    ),
    Broken("purpose_is_stated", "Art. 6(c)", "requester", {"purpose": " "}),
    Broken("content_is_still_here", PRACTICE, "registrar", {"content_is_here": False}),
    *(
        Broken("copies_are_in_custody", "Art. 9", "registrar", {"copy_states": ("in_custody", x)})
        for x in ("in_transit", "transferred", "destroyed", "destruction_pending", "missing")
    ),
    *(
        Broken("recipient_assured_clearance", "Art. 7(5)(a)", AUTHORITY, {"assured_clearance": x})
        for x in ("", "秘", "군사II급비밀")
    ),
    Broken("recipient_assured_need", "Art. 7(5)(b)", AUTHORITY, {"assured_need": False}),
    Broken(
        "recipient_assured_protection", "Art. 7(5)(c)", AUTHORITY, {"assured_protection": False}
    ),
    *(
        Broken("request_awaits_this_step", PRACTICE, "disclosure officer", {"request_state": x})
        for x in ("requested", "approved", "denied", "dispatched")
    ),
    *(
        Broken(
            "decided_by_another_person",
            "Registry practice: two persons",
            "another disclosure officer",
            {name: "P-4"},
        )
        for name in ("requested_by", "reviewed_by")
    ),
    *(
        Broken("consent_conditions_are_met", "Art. 6(a)", "disclosure officer", change)
        for change in (
            {"consent_conditions": ("no copies",)},
            {"conditions_confirmed": ("no copies",)},
            {"consent_conditions": ("a", "b"), "conditions_confirmed": ("a",)},
        )
    ),
)

PASS_ON = PassOnCase(
    actor="P-3",
    may_act=("disclosure_officer",),
    appointed_as=("disclosure_officer",),
    item="JPN-DIH1-2026-000001",
    originator="KOR",
    party="JPN",
    recipient="USA",
    purpose="joint assessment",
    consent="00",
    consent_recipient="USA",
    consent_purpose="joint assessment",
    consent_valid=True,
    paragraphs=(),
    consent_paragraphs=(),
    consent_conditions=("no copies", "by hand"),
    conditions_confirmed=("by hand", "no copies"),
    remark_due=False,
    key_held=True,
)
GROUND = GroundCase(
    actor="P-6",
    may_act=("treaty_desk",),
    appointed_as=("treaty_desk",),
    request="00",
    request_state="approved",
    requested_by="P-5",
    reviewed_by="P-3",
    decided_by="P-4",
    agreement_status="notice_suspended",
    contestable=True,
    reading="K",
    policy="second_pair",
    policy_version=1,
)
BROKEN_GROUND = (
    APPOINTED,
    *(
        Broken("release_is_decided", PRACTICE, "disclosure officer", {"request_state": x})
        for x in ("requested", "reviewed", "denied", "dispatched")
    ),
    Broken("policy_asks_for_confirmation", HOUSE_POLICY, DESK, {"contestable": False}),
    *(
        Broken("policy_asks_for_confirmation", HOUSE_POLICY, DESK, {"policy": x})
        for x in ("allow", "refuse", "other_route")
    ),
    *(
        Broken(
            "confirmed_by_another_person",
            HOUSE_POLICY,
            "another person of the treaty desk",
            {name: "P-6"},
        )
        for name in ("requested_by", "reviewed_by", "decided_by")
    ),
)
UNMET = (
    {"conditions_confirmed": ()},
    {"conditions_confirmed": ("no copies",)},
    {"conditions_confirmed": ("no copies", "by hand", "by day")},
    {"consent_conditions": ("no copies",)},
    {"consent_conditions": ("no copies", "By hand")},
)
BROKEN_PASS_ON = (
    APPOINTED,
    Broken(
        "item_is_the_partners", "Art. 6(a)", "national disclosure authority", {"originator": "JPN"}
    ),
    Broken("originator_approved_recipient", "Art. 6(a)", CONSENT, {"consent_valid": False}),
    Broken("originator_approved_recipient", "Art. 6(a)", CONSENT, {"recipient": "AUS"}),
    Broken("originator_approved_purpose", "Art. 6(c)", CONSENT, {"purpose": "training"}),
    Broken(
        "originator_approved_purpose", "Art. 6(c)", CONSENT, {"purpose": "", "consent_purpose": ""}
    ),
    *(
        Broken("originator_approved_these_parts", "Art. 6(a)", CONSENT, change)
        for change in (
            {"consent_paragraphs": ("2", "3")},
            {"consent_paragraphs": ("2", "3"), "paragraphs": ("3", "4")},
        )
    ),
    *(Broken("consent_conditions_are_met", "Art. 6(a)", "disclosure officer", x) for x in UNMET),
    Broken("copy_is_fit_to_pass_on", "Art. 6(g)", "registrar", {"remark_due": True}),
    Broken("copy_is_fit_to_pass_on", "Art. 6(g)", "registrar", {"key_held": False}),
)

RELEASE_LISTS = (REQUEST_RULES, REVIEW_RULES, DECIDE_RULES, DISPATCH_RULES)
TABLES: tuple[tuple[tuple[RuleList, ...], Any, tuple[Broken, ...]], ...] = (
    (RELEASE_LISTS, RELEASE, BROKEN_RELEASE),
    ((PASS_ON_RULES,), PASS_ON, BROKEN_PASS_ON),
    ((CONFIRM_GROUND_RULES,), GROUND, BROKEN_GROUND),
)
ROWS = [(x, good, row) for lists, good, table in TABLES for x, row in pairs(lists, table)]


@pytest.mark.parametrize("rule_list, good, row", ROWS, ids=[f"{x.act} {r}" for x, _, r in ROWS])
def test_one_change_breaks_one_rule(rule_list: RuleList, good: Any, row: Broken) -> None:
    check_broken(rule_list, good, row)


def test_anothers_item_goes_as_its_originator_consented() -> None:
    assert rules.REQUEST_RULES.decide(msgspec.structs.replace(RELEASE, **CONSENTED)).granted


def test_every_rule_of_every_list_is_in_the_tables() -> None:
    assert [unbroken(lists, table) for lists, _, table in TABLES] == [set(), set(), set()]
    assert {x.act for lists, _, _ in TABLES for x in lists} == lists_of(rules)


def test_the_lists_ask_in_this_order() -> None:
    asked = [
        "actor_is_appointed",
        "information_is_defence_related",
        "mark_is_on_the_list",
        "recipient_has_a_corresponding_mark",
        "releasable_list_names_recipient",
        "originator_lets_it_go",
        "mark_is_current",
        "agreement_permits_transfer",
        "partner_told_no_other_text",
        "policy_does_not_refuse",
        "policy_asks_for_no_other_route",
        "purpose_is_stated",
        "content_is_still_here",
        "copies_are_in_custody",
    ]
    assured = [
        "recipient_assured_clearance",
        "recipient_assured_need",
        "recipient_assured_protection",
    ]
    decided = [*assured, "request_awaits_this_step", "decided_by_another_person"]
    assert names(REQUEST_RULES) == asked
    assert names(REVIEW_RULES) == asked + decided
    met = "consent_conditions_are_met"
    assert names(DECIDE_RULES) == [*asked, *decided, met]
    assert names(DISPATCH_RULES) == [*asked, *assured, met, "contested_ground_was_confirmed"]
    assert names(CONFIRM_GROUND_RULES) == [
        "actor_is_appointed",
        "release_is_decided",
        "policy_asks_for_confirmation",
        "confirmed_by_another_person",
    ]
    assert names(PASS_ON_RULES) == [
        "actor_is_appointed",
        "item_is_the_partners",
        "originator_approved_recipient",
        "originator_approved_purpose",
        "originator_approved_these_parts",
        "consent_conditions_are_met",
        "copy_is_fit_to_pass_on",
    ]


def test_no_rule_of_a_release_can_be_switched_off() -> None:
    assert all(r.verified for lists, _, _ in TABLES for x in lists for r in x.rules)


def test_no_consent_at_all_fails_recipient_and_purpose() -> None:
    nothing = {"consent": "", "consent_recipient": "", "consent_purpose": ""}
    case = msgspec.structs.replace(PASS_ON, consent_valid=False, **nothing)
    assert PASS_ON_RULES.decide(case).articles() == ("Art. 6(a)", "Art. 6(c)")


@pytest.mark.parametrize(
    "change",
    [
        {"uncertain": True},  # an hour is not known, but it is in force before and after
        {"contestable": True},  # the readings differ, but the agreement is in force by all
        {"contestable": True, "policy": "allow", "ground_confirmed_by": ""},
        {"told_digest": "sha256:aa"},
        {"policy": "refuse"},
        {"policy": "other_route"},
        {"assured_clearance": "特定秘密"},
        {"releasable_to": ("JPN",)},
        {"reviewed_by": ""},
    ],
)
def test_good_twins(change: dict[str, Any]) -> None:
    assert DECIDE_RULES.decide(msgspec.structs.replace(RELEASE, **change)).granted


# -- laws ------------------------------------------------------------------------------

EACH = [(x, good) for lists, good, _ in TABLES for x in lists]
LIST_NAMES = [x.act for x, _ in EACH]

FAVOURABLE: dict[Any, dict[str, Any]] = {
    ReleaseCase: {
        "appointed_as": ("a",),
        "defence_related": True,
        "listed_marks": ("a",),
        "corresponding": ("a",),
        "releasable_to": ("USA", "a"),
        "content_is_here": True,
        "transfer": True,
        "uncertain": False,
        "contestable": False,
        "told_digest": "",
        "policy": "allow",
        "ground_confirmed_by": "P-6",
        "assured_need": True,
        "assured_protection": True,
        "request_state": "open",
    },
    GroundCase: {
        "appointed_as": ("a",),
        "request_state": "approved",
        "contestable": True,
        "policy": "second_pair",
    },
    PassOnCase: {
        "appointed_as": ("a",),
        "consent_valid": True,
        "remark_due": False,
        "key_held": True,
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


@given(cases(RELEASE), st.sampled_from(RELEASE_LISTS))
def test_whom_the_list_does_not_name_gets_nothing(case: ReleaseCase, rule_list: RuleList) -> None:
    left = tuple(x for x in case.releasable_to if x != case.recipient)
    assert not rule_list.decide(msgspec.structs.replace(case, releasable_to=left)).granted


@given(cases(RELEASE))
def test_each_step_asks_at_least_what_the_step_before_asked(case: ReleaseCase) -> None:
    if DECIDE_RULES.decide(case).granted:
        assert REVIEW_RULES.decide(case).granted
        confirmed = msgspec.structs.replace(case, ground_confirmed_by="P-6")
        assert DISPATCH_RULES.decide(confirmed).granted
        assert REQUEST_RULES.decide(case).granted


@given(cases(PASS_ON))
def test_nothing_is_passed_on_beyond_the_consent(case: PassOnCase) -> None:
    """Another recipient or another purpose than the originator's is a no, whatever else holds."""
    for change in ({"recipient": "elsewhere"}, {"purpose": "another"}):
        assert not PASS_ON_RULES.decide(msgspec.structs.replace(case, **change)).granted
