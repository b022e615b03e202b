"""Who may receive what a label stands for: every rule broken alone, and laws."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsomia.cli.label.texts import ACCESS, LABEL_GROUNDS, LABEL_WHO
from gsomia.cli.words import Words
from gsomia.faults import BadInput
from gsomia.marking.label import (
    ACCESS_RULES,
    ACCESS_RULES_GAPS_TAKEN,
    Clearance,
    Label,
    compiled,
    decide,
    read,
    read_clearance,
    validity,
)
from gsomia.marking.label.access import CLOSED, GUIDE, ISSUER, LABELLER, AccessCase, Compared
from gsomia.marking.label.model import Information
from gsomia.marking.spif import Policy
from gsomia.marking.spif import read as read_policy
from gsomia.marking.xmlguard import Element
from gsomia.ruling import Ruling
from tests.marking import policies
from tests.marking.shared import VECTORS
from tests.ruling.tables import Broken, check_broken, unbroken

AT = datetime(2026, 6, 1, tzinfo=UTC)

CASE = AccessCase(
    kind="originatorConfidentialityLabel",
    policy="P",
    label_policy="P",
    clearance_policy="P",
    label_broken=(),
    clearance_broken=(),
    classification="HIGH",
    cleared=("LOW", "HIGH"),
    not_cleared_below=(),
    unclassified=False,
    restrictive=(Compared("Need", ("1", "2"), ("1", "2", "3")),),
    permissive=(Compared("To", ("A", "B"), ("B", "C")), Compared("For", ("X",), ("X",))),
)
TABLE = (
    Broken("label_is_of_this_policy", GUIDE, LABELLER, {"label_policy": "Q"}),
    Broken("clearance_is_of_this_policy", GUIDE, ISSUER, {"clearance_policy": "Q"}),
    Broken("label_is_valid", CLOSED, LABELLER, {"label_broken": ("x: y",)}),
    Broken("clearance_is_valid", CLOSED, ISSUER, {"clearance_broken": ("x: y",)}),
    Broken("clearance_has_no_gap", CLOSED, ISSUER, {"not_cleared_below": ("OPEN",)}),
    Broken("classification_is_cleared", GUIDE, ISSUER, {"cleared": ("LOW", "TOP")}),
    Broken("label_names_who_may_receive", CLOSED, LABELLER, {"permissive": ()}),
    Broken(
        "restrictive_values_are_all_held",
        GUIDE,
        ISSUER,
        {"restrictive": (Compared("Need", ("1", "2"), ("1",)),)},
    ),
    Broken(
        "permissive_value_of_each_group_is_held",
        GUIDE,
        LABELLER,
        {"permissive": (Compared("To", ("A",), ("A",)), Compared("For", ("X",), ("Y",)))},
    ),
)


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_each_rule_refuses_alone(row: Broken) -> None:
    check_broken(ACCESS_RULES, CASE, row)


def test_every_rule_is_broken_here() -> None:
    assert unbroken((ACCESS_RULES,), TABLE) == set()


def test_only_what_no_standard_says_can_be_switched_off() -> None:
    gap = msgspec.structs.replace(CASE, not_cleared_below=("OPEN",))
    assert not ACCESS_RULES.decide(gap).granted
    assert ACCESS_RULES_GAPS_TAKEN.decide(gap).granted
    assert ACCESS_RULES.version != ACCESS_RULES_GAPS_TAKEN.version
    assert [r.name for r in ACCESS_RULES.rules if not r.verified] == ["clearance_has_no_gap"]


def test_each_rule_is_told_in_three_languages() -> None:
    assert set(ACCESS) == {rule.name for rule in ACCESS_RULES.rules}
    assert {rule.who for rule in ACCESS_RULES.rules} < set(LABEL_WHO)
    assert {rule.article for rule in ACCESS_RULES.rules} - {GUIDE} <= set(LABEL_GROUNDS)
    for rule in ACCESS_RULES.rules:
        korean, japanese = ACCESS[rule.name]
        assert re.search("[가-힣]", korean)
        assert re.search("[ぁ-ん]", japanese)
        assert Words("ko").rule(rule.name, rule.text) == korean
        assert Words("ja").who(rule.who) == LABEL_WHO[rule.who][1]
    assert Words("ko").article(CLOSED) == LABEL_GROUNDS[CLOSED][0]


# -- from files ---------------------------------------------------------------------


def policy(name: str) -> Policy:
    """One of the fictitious policies."""
    return read_policy((VECTORS / "spif" / "good" / name).read_bytes()).policy


def label(name: str) -> Label:
    """A label stored here."""
    return read((VECTORS / "label" / f"label-{name}.xml").read_bytes())


def clearance(name: str) -> Clearance:
    """A clearance stored here."""
    return read_clearance((VECTORS / "label" / f"clearance-{name}.xml").read_bytes())


KOR, JPN = compiled(policy("kor.spif.xml")), compiled(policy("jpn.spif.xml"))


@pytest.mark.parametrize(
    ("told", "held", "refused"),
    [
        ("k1", "ck-jpnode", []),
        ("k1", "ck-kor", []),
        ("k5", "ck-jpnode", ["permissive_value_of_each_group_is_held"]),
        ("k2", "ck-jpnode", ["label_is_valid", "label_names_who_may_receive"]),
        ("k1", "cj-kornode", ["clearance_is_of_this_policy", "clearance_is_valid"]),
    ],
)
def test_worked_decisions(told: str, held: str, refused: list[str]) -> None:
    decision = decide(label(told), clearance(held), KOR, AT)
    failed = [outcome.rule for outcome in decision.refusals()]
    assert failed[: len(refused)] == refused
    assert decision.granted == (not refused)


def test_a_regime_must_be_held() -> None:
    assert decide(label("j1"), clearance("cj-jpn-tds"), JPN, AT).granted
    decision = decide(label("j1"), clearance("cj-jpn-notds"), JPN, AT)
    (refusal,) = decision.refusals()
    assert refusal.rule == "restrictive_values_are_all_held"
    assert refusal.saw == {"restrictive": (Compared("Regime", ("TOKUTEI HIMITSU",), ()),)}


def test_a_label_of_another_policy_is_refused() -> None:
    decision = decide(label("j1"), clearance("cj-jpn-tds"), KOR, AT)
    assert {"label_is_of_this_policy", "clearance_is_of_this_policy"} <= {
        outcome.rule for outcome in decision.refusals()
    }


def test_no_release_list_means_nobody_unless_the_caller_says_unclassified() -> None:
    plain = label("k1")
    told = Information(policy="EX-KOR", classification="UNCLASSIFIED")
    plain = msgspec.structs.replace(
        plain, base=msgspec.structs.replace(plain.base, information=told)
    )
    assert validity(plain, KOR, AT) == ()
    (refusal,) = decide(plain, clearance("ck-kor"), KOR, AT).refusals()
    assert (refusal.rule, refusal.article) == ("label_names_who_may_receive", CLOSED)
    named = compiled(policy("kor.spif.xml"), unclassified=["UNCLASSIFIED"])
    assert decide(plain, clearance("ck-kor"), named, AT).granted
    secret = msgspec.structs.replace(told, classification="GUNSA II")
    secret_label = msgspec.structs.replace(
        plain, base=msgspec.structs.replace(plain.base, information=secret)
    )
    assert not decide(secret_label, clearance("ck-kor"), named, AT).granted


def test_a_gap_is_refused_or_taken() -> None:
    gap = msgspec.structs.replace(clearance("ck-kor"), classifications=("GUNSA II",))
    decision = decide(label("k1"), gap, KOR, AT)
    (refusal,) = decision.refusals()
    assert refusal.rule == "clearance_has_no_gap"
    assert refusal.saw["not_cleared_below"] == ("UNCLASSIFIED", "GUNSA III")
    assert decide(label("k1"), gap, KOR, AT, rules=ACCESS_RULES_GAPS_TAKEN).granted


def test_a_wrong_identifier_is_another_policy() -> None:
    bent = msgspec.structs.replace(clearance("ck-kor"), policy_uri="urn:oid:2.25.9")
    refused = [o.rule for o in decide(label("k1"), bent, KOR, AT).refusals()]
    assert refused == ["clearance_is_of_this_policy", "clearance_is_valid"]


def test_who_breaks_the_standard_alone_is_granted_nothing() -> None:
    """Each keeps every rule of the policy."""
    good, held = label("k1"), clearance("ck-jpnode")
    unreviewed = msgspec.structs.replace(good, review=None)
    (refusal,) = decide(unreviewed, held, KOR, AT).refusals()
    assert refusal.saw["label_broken"] == ("originatorConfidentialityLabel: review_or_succession",)
    extension = Element("urn:x}part", {"urn:x}mustUnderstand": "1"})
    extended = msgspec.structs.replace(held, extensions=(extension,))
    (refusal,) = decide(good, extended, KOR, AT).refusals()
    assert refusal.saw["clearance_broken"] == ("part: critical_unknown",)


def test_a_decision_is_stored_with_every_rule() -> None:
    ruling = Ruling.of(decide(label("k5"), clearance("ck-jpnode"), KOR, AT))
    assert msgspec.json.decode(msgspec.json.encode(ruling), type=Ruling).granted is False
    assert [o.rule for o in ruling.outcomes] == [rule.name for rule in ACCESS_RULES.rules]


def test_an_instant_without_offset_gets_no_answer() -> None:
    with pytest.raises(BadInput, match="an instant with offset"):
        decide(label("k1"), clearance("ck-kor"), KOR, datetime(2026, 6, 1))  # noqa: DTZ001


# -- laws ---------------------------------------------------------------------------


@given(
    held=policies.policies,
    told=policies.labels,
    person=policies.clearances,
    open_=st.sampled_from([(), ("OPEN",)]),
)
def test_what_is_granted_is_valid_listed_and_released(
    held: Policy, told: Label, person: Clearance, open_: tuple[str, ...]
) -> None:
    """The decision again, from the words of the standard, without our index."""
    ready = compiled(held, unclassified=open_)
    granted = decide(told, person, ready, AT).granted
    own = {(c.tag_name, v.text) for c in person.categories for v in c.values}
    information = told.information
    groups = {
        (c.sense, c.tag_name): {(c.tag_name, v.text) for v in c.values}
        for c in information.categories
    }
    rank = {c.name: c.hierarchy for c in held.classifications.members}
    top = max(rank[name] for name in person.classifications)
    closed = all(name in person.classifications for name in rank if rank[name] <= top)
    assert granted == (
        not validity(told, ready, AT)
        and closed
        and information.classification in person.classifications
        and all(values <= own for (sense, _), values in groups.items() if sense == "RESTRICTIVE")
        and all(values & own for (sense, _), values in groups.items() if sense == "PERMISSIVE")
        and (
            information.classification in open_ or any(sense == "PERMISSIVE" for sense, _ in groups)
        )
    )
