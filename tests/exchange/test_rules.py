"""The rules of an arrival, of registering on receipt, and of notices, by article."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsomia.clearance.rules import PRACTICE as LETTERS
from gsomia.exchange import rules
from gsomia.exchange.notice_acts import HOLDER_ONLY, ORIGINATOR_ONLY, ROLES
from gsomia.exchange.notices import FORMS
from gsomia.exchange.rules import (
    ACCEPT_RULES,
    ARRIVAL_RULES,
    DESK,
    HEED_RULES,
    NOTIFY_RULES,
    ORIGINATOR,
    PRACTICE,
    AcceptCase,
    ArrivalCase,
    NoticeCase,
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

APPOINTED = Broken("actor_is_appointed", LETTERS, "security authority", {"appointed_as": ()})
PERSONAL = "Registry practice: personal acts"

ARRIVAL = ArrivalCase(
    peer="KOR-DIH1",
    carries="items",
    agreement_status="in_force",
    transfer=True,
    protect=True,
    agreed_digest="sha256:aa",
    our_agreed_digest="sha256:aa",
    tells_text=False,
    newer_text_below=False,
    tells_authority=False,
    authority="Ministry of National Defense",
    notified_authorities=("Ministry of National Defense",),
    acted_by="KOR-DIH1/P-2",
    role="registrar",
    roles_allowed=("registrar",),
    act_matches=True,
)
BROKEN_ARRIVAL = (
    Broken("agreement_lets_it_in", "Art. 21", DESK, {"transfer": False}),
    Broken("agreement_lets_it_in", "Art. 21", DESK, {"carries": "notice", "protect": False}),
    Broken("both_hold_the_same_text", "Art. 21(2)", DESK, {"agreed_digest": "sha256:bb"}),
    Broken(
        "no_lower_number_has_a_newer_text",
        "Art. 21(2)",
        "sending registry",
        {"newer_text_below": True},
    ),
    Broken("authority_was_notified", "Art. 2(d)", DESK, {"authority": "Ministry of Magic"}),
    Broken("authority_was_notified", "Art. 2(d)", DESK, {"notified_authorities": ()}),
    *(
        Broken("a_person_signed_exactly_this", PERSONAL, "sending registry", change)
        for change in ({"role": "analyst"}, {"role": ""}, {"act_matches": False})
    ),
)

ACCEPT = AcceptCase(
    actor="P-2",
    may_act=("registrar",),
    appointed_as=("registrar",),
    reference="KOR-DIH1-2026-000001",
    originator="KOR",
    originator_mark="군사II급비밀",
    sender="KOR",
    sender_mark="군사II급비밀",
    consent="",
    listed_marks=("군사II급비밀", "군사III급비밀"),
    chosen_mark="極秘",
    corresponding=("極秘", "特定秘密"),
    releasable_to=("JPN", "KOR"),
    party="JPN",
    facility="F-1",
    facility_levels=("極秘", "特定秘密"),
    facility_holds_level=True,
    custodian="P-2",
    registered_before="",
)
BROKEN_ACCEPT = (
    APPOINTED,
    Broken("received_mark_is_on_the_list", "Art. 4(1)", ORIGINATOR, {"sender_mark": "군사I급비밀"}),
    *(
        Broken(
            "third_party_item_names_consent",
            "Art. 6(a)",
            "originating party, by written consent",
            changed,
        )
        for changed in (
            {"originator": "USA"},
            {"consent": "a" * 32},
            {"originator": "JPN", "consent": "a" * 32},
        )
    ),
    *(
        Broken("chosen_mark_corresponds", "Art. 4(2)", "registrar", {"chosen_mark": mark})
        for mark in ("秘", "", "군사II급비밀")
    ),
    Broken("list_names_us", "Originator control", ORIGINATOR, {"releasable_to": ("KOR",)}),
    Broken("list_names_us", "Originator control", ORIGINATOR, {"releasable_to": ()}),
    Broken(
        "facility_may_hold_it", "Art. 10", "security authority", {"facility_holds_level": False}
    ),
    Broken("facility_may_hold_it", "Art. 10", "security authority", {"custodian": ""}),
    Broken("not_registered_before", PRACTICE, "registrar", {"registered_before": "JPN-1"}),
)

NOTICE = NoticeCase(
    actor="P-3",
    may_act=("disclosure_officer",),
    appointed_as=("disclosure_officer",),
    kind="consent_granted",
    giver="KOR",
    subject="KOR-DIH1-2026-000001",
    originator="KOR",
    originator_only=True,
    holder_only=False,
    known=True,
    answers="00",
    question_open=True,
    protect=True,
    register_agrees=True,
)
BROKEN_NOTICE = (
    APPOINTED,
    Broken("only_the_originator_says_this", "Art. 6(g)", ORIGINATOR, {"giver": "JPN"}),
    Broken(
        "only_a_holder_says_this",
        "Art. 6",
        "holding party",
        {"originator_only": False, "holder_only": True, "kind": "returned"},
    ),
    Broken("subject_is_known", PRACTICE, "registrar", {"known": False}),
    Broken("question_is_open", PRACTICE, "registrar", {"question_open": False}),
    Broken("register_says_the_same", "Art. 6(f)", "registrar", {"register_agrees": False}),
    Broken("duties_last", "Art. 21(4)", DESK, {"protect": False}),
)

TABLES: tuple[tuple[tuple[RuleList, ...], Any, tuple[Broken, ...]], ...] = (
    ((ARRIVAL_RULES,), ARRIVAL, BROKEN_ARRIVAL),
    ((ACCEPT_RULES,), ACCEPT, BROKEN_ACCEPT),
    ((NOTIFY_RULES, HEED_RULES), NOTICE, BROKEN_NOTICE),
)
ROWS = [(x, good, row) for lists, good, table in TABLES for x, row in pairs(lists, table)]


@pytest.mark.parametrize("rule_list, good, row", ROWS, ids=[f"{x.act} {r}" for x, _, r in ROWS])
def test_one_change_breaks_one_rule(rule_list: RuleList, good: Any, row: Broken) -> None:
    check_broken(rule_list, good, row)


def test_every_rule_of_every_list_is_in_the_tables() -> None:
    assert [unbroken(lists, table) for lists, _, table in TABLES] == [set()] * 3
    assert {x.act for lists, _, _ in TABLES for x in lists} == lists_of(rules)


def test_the_lists_ask_in_this_order() -> None:
    assert names(ARRIVAL_RULES) == [
        "agreement_lets_it_in",
        "both_hold_the_same_text",
        "no_lower_number_has_a_newer_text",
        "authority_was_notified",
        "a_person_signed_exactly_this",
    ]
    assert names(ACCEPT_RULES) == [
        "actor_is_appointed",
        "received_mark_is_on_the_list",
        "third_party_item_names_consent",
        "chosen_mark_corresponds",
        "list_names_us",
        "facility_may_hold_it",
        "not_registered_before",
    ]
    notice = [
        "only_the_originator_says_this",
        "only_a_holder_says_this",
        "subject_is_known",
        "register_says_the_same",
        "question_is_open",
        "duties_last",
    ]
    assert names(NOTIFY_RULES) == ["actor_is_appointed", *notice]
    assert names(HEED_RULES) == notice


@pytest.mark.parametrize(
    "rule_list, good, change",
    [
        # After the end, notices still come in, and items do not.
        (ARRIVAL_RULES, ARRIVAL, {"carries": "notice", "transfer": False}),
        (ARRIVAL_RULES, ARRIVAL, {"carries": "heartbeat", "roles_allowed": (), "role": ""}),
        (ACCEPT_RULES, ACCEPT, {"chosen_mark": "特定秘密"}),
        (NOTIFY_RULES, NOTICE, {"answers": "", "question_open": False}),
        (NOTIFY_RULES, NOTICE, {"originator_only": False, "giver": "JPN", "holder_only": True}),
    ],
)
def test_good_twins(rule_list: RuleList, good: Any, change: dict[str, Any]) -> None:
    assert rule_list.decide(msgspec.structs.replace(good, **change)).granted


def test_every_kind_of_notice_says_who_may_give_it() -> None:
    assert set(ROLES) == set(FORMS)
    assert all(ROLES.values())
    assert not ORIGINATOR_ONLY & HOLDER_ONLY
    assert set(FORMS) >= ORIGINATOR_ONLY | HOLDER_ONLY


# -- laws ------------------------------------------------------------------------------

EACH = [(x, good) for lists, good, _ in TABLES for x in lists]
LIST_NAMES = [x.act for x, _ in EACH]

FAVOURABLE: dict[Any, dict[str, Any]] = {
    ArrivalCase: {
        "transfer": True,
        "protect": True,
        "notified_authorities": ("a",),
        "act_matches": True,
        "newer_text_below": False,
    },
    AcceptCase: {
        "appointed_as": ("a",),
        "listed_marks": ("a",),
        "corresponding": ("a",),
        "releasable_to": ("USA",),
        "facility_holds_level": True,
        "custodian": "a",
        "registered_before": "",
    },
    NoticeCase: {
        "appointed_as": ("a",),
        "originator_only": False,
        "holder_only": False,
        "known": True,
        "question_open": True,
        "register_agrees": True,
        "protect": True,
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


@given(cases(ACCEPT))
def test_an_item_not_meant_for_us_is_never_registered(case: AcceptCase) -> None:
    left = tuple(x for x in case.releasable_to if x != case.party)
    assert not ACCEPT_RULES.decide(msgspec.structs.replace(case, releasable_to=left)).granted
