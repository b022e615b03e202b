"""Legal bases by article: straight, through a hub, onward by consent, and what is missing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
import pytest

from gsomia.agreement import Lifecycle
from gsomia.agreement.basis import (
    Answer,
    Consent,
    Outcome,
    Question,
    Rejected,
    RouteKind,
    ask,
    known,
    parties,
    read_consent,
    subjects,
)
from gsomia.agreement.catalogue import entries, entry
from gsomia.agreement.model import Provision
from gsomia.canon import parse_instant
from gsomia.faults import BadInput
from tests.agreement.builders import KST, NAIVE, REAL, RECORD, kst, notice, utc

KNOWN = known()
GSOMIA, TISA, ROK_US, US_JAPAN = "rok-japan-2016", "tisa-2014", "rok-us-1987", "us-japan-2007"
HUB_YEARS = utc("2015-06-01")
TODAY = utc("2024-01-01")
KOR_JPN = (Consent("KOR", "JPN"),)
P, IF, NO = Outcome.PERMITTED, Outcome.PERMITTED_IF, Outcome.NOT_PERMITTED


def question(**given: Any) -> Question:
    """KOR's level II on a missile threat, from KOR to JPN, today; as given otherwise."""
    fields: dict[str, Any] = {
        "originator": "KOR",
        "recipient": "JPN",
        "mark": "군사II급비밀",
        "subject": "dprk-missile",
        "purpose": "watch",
        "at": TODAY,
    } | given
    return Question(**{"holder": fields["originator"], **fields})


def asked(**given: Any) -> Answer:
    return ask(question(**given), KNOWN)


def shape(answer: Answer) -> list[tuple[str, ...]]:
    """Each route: its kind, outcome, path and agreements."""
    return [
        (r.kind.value, r.outcome.value, ">".join(r.path), *(leg.agreement for leg in r.legs))
        for r in answer.routes
    ]


def lacks(answer: Answer, kind: RouteKind) -> set[str]:
    """The rules of what the routes of a kind lack."""
    return {c.rule for r in answer.routes if r.kind is kind for c in r.missing}


def refused(answer: Answer, *agreements: str) -> dict[str, tuple[str, str]]:
    """What stands against the candidate with these agreements: rule, article, who."""
    found: list[Rejected] = [r for r in answer.rejected if set(r.agreements) == set(agreements)]
    assert len(found) == 1, answer.rejected
    return {c.rule: (c.article, c.who) for c in found[0].missing}


# -- the table: originator, to, mark, subject, instant, consents -> outcome and best route ------

TABLE: list[tuple[str, dict[str, Any], Outcome, str]] = [
    ("in force", {}, P, "direct"),
    ("either way", {"originator": "JPN", "recipient": "KOR", "mark": "特定秘密"}, P, "direct"),
    ("level III", {"mark": "군사III급비밀"}, P, "direct"),
    ("another spelling", {"mark": "군사 Ⅱ급 비밀"}, P, "direct"),
    ("any military subject", {"subject": "other-military"}, P, "direct"),
    ("contested", {"at": utc("2021-01-01")}, P, "direct"),
    ("notice pending", {"at": kst("2019-10-01")}, P, "direct"),
    ("hub, no consent", {"at": HUB_YEARS}, IF, "hub"),
    ("hub, consent", {"at": HUB_YEARS, "consents": KOR_JPN}, P, "hub"),
    ("hub, consent to another", {"at": HUB_YEARS, "consents": (Consent("KOR", "AUS"),)}, IF, "hub"),
    ("hub, consent of another", {"at": HUB_YEARS, "consents": (Consent("USA", "JPN"),)}, IF, "hub"),
    (
        "hub, consent for another purpose",
        {"at": HUB_YEARS, "consents": (Consent("KOR", "JPN", purpose="training"),)},
        IF,
        "hub",
    ),
    (
        "hub, consent for this purpose",
        {"at": HUB_YEARS, "consents": (Consent("KOR", "JPN", purpose="watch"),)},
        P,
        "hub",
    ),
    (
        "hub, consent over",
        {"at": HUB_YEARS, "consents": (Consent("KOR", "JPN", HUB_YEARS),)},
        IF,
        "hub",
    ),
    (
        "hub, nuclear",
        {"at": HUB_YEARS, "subject": "dprk-nuclear", "consents": KOR_JPN},
        P,
        "hub",
    ),
    (
        "subject outside the arrangement",
        {"at": HUB_YEARS, "subject": "dprk-other", "consents": KOR_JPN},
        IF,
        "onward",
    ),
    ("before the arrangement", {"at": utc("2014-01-01"), "consents": KOR_JPN}, IF, "onward"),
    ("before any treaty of 2007", {"at": utc("2000-01-01"), "consents": KOR_JPN}, NO, ""),
    ("level I", {"mark": "군사I급비밀", "consents": KOR_JPN}, IF, "hub"),
    ("level I, no consent", {"mark": "군사I급비밀"}, IF, "hub"),
    (
        "top level of Japan",
        {
            "originator": "JPN",
            "recipient": "KOR",
            "mark": "機密",
            "consents": (Consent("JPN", "KOR"),),
        },
        IF,
        "hub",
    ),
    ("no mark of its originator", {"mark": "SECRET"}, NO, ""),
    ("not defence-related", {"subject": "not-military", "consents": KOR_JPN}, NO, ""),
    ("the hub holds it", {"holder": "USA", "consents": KOR_JPN}, P, "hub"),
    ("the hub holds it, no consent", {"holder": "USA"}, IF, "hub"),
    ("back to its originator", {"holder": "USA", "recipient": "KOR"}, P, "direct"),
    ("no agreement at all", {"recipient": "SGP"}, NO, ""),
]


@pytest.mark.parametrize(("given", "outcome", "best"), [row[1:] for row in TABLE], ids=lambda x: "")
def test_the_table_of_cases(given: dict[str, Any], outcome: Outcome, best: str) -> None:
    answer = asked(**given)
    assert answer.outcome is outcome, shape(answer)
    found = [r.kind.value for r in answer.routes if r.outcome is outcome]
    assert found[:1] == ([best] if best else [])


# -- straight ------------------------------------------------------------------------


def test_the_direct_basis_says_what_it_rests_on() -> None:
    route = asked().routes[0]
    (leg,) = route.legs
    assert (route.path, leg.agreement, leg.article) == (("KOR", "JPN"), GSOMIA, "Art. 4(2)")
    assert (leg.marks, leg.becomes) == (("군사II급비밀",), ("極秘", "特定秘密"))
    assert leg.verified == {"dates": True, "duration": True, "equivalence": True}
    assert (route.verified, route.unverified, route.missing) == (True, (), ())
    assert [(c.rule, c.article) for c in route.conditions] == [("purpose_is_limited", "Art. 6(c)")]


@pytest.mark.parametrize(
    ("at", "rule", "article"),
    [
        (kst("2016-11-22 23:59"), "treaty_has_begun", "Art. 21(1)"),
        (kst("2016-11-23 12:00"), "instant_is_certain", "Art. 21(1)"),
        (utc("2016-11-22 15:00"), "instant_is_certain", "Art. 21(1)"),
        (utc("2016-11-22 14:59"), "treaty_has_begun", "Art. 21(1)"),
    ],
)
def test_before_entry_into_force_there_is_no_direct_basis(
    at: datetime, rule: str, article: str
) -> None:
    said = refused(asked(at=at), GSOMIA)
    assert said[rule] == (article, "treaty desk")


def test_from_the_day_after_entry_into_force_there_is_one() -> None:
    assert asked(at=kst("2016-11-24 00:00")).routes[0].kind is RouteKind.DIRECT


def test_after_an_end_nothing_new_is_sent_and_the_article_says_so() -> None:
    ended = Lifecycle(REAL, (*RECORD, notice("end", kst("2024-06-01 10:00"))))
    among = KNOWN.where(GSOMIA, ended)
    before = ask(question(at=kst("2024-11-22 23:59"), subject="other-military"), among)
    after = ask(question(at=kst("2024-11-23 00:00"), subject="other-military"), among)
    assert (before.outcome, after.outcome) == (P, IF)
    assert refused(after, GSOMIA)["treaty_has_not_ended"][0] == "Art. 21(4)"
    assert lacks(after, RouteKind.ONWARD) >= {"originator_consents"}


def test_a_text_that_places_provisions_elsewhere_is_cited_by_its_own_articles() -> None:
    stated = tuple(
        Provision(rule=rule, article=article, reason=reason, source="made up", verified=flag)
        for rule, article, reason, flag in (
            ("Art. 2(a)", "Art. 3", None, True),
            ("Art. 6", "Art. 8(1)", None, True),
            ("Art. 6(c)", None, "none", False),
        )
    )
    pack = msgspec.structs.replace(REAL, provisions=stated)
    among = KNOWN.where(GSOMIA, Lifecycle(pack, RECORD))
    answer = ask(question(recipient="USA", holder="JPN", at=TODAY), among)
    found = {
        (c.rule, c.article, c.verified)
        for route in answer.routes
        for c in route.conditions
        if c.rule == "originator_consents" and c.saw["agreement"] == GSOMIA
    }
    assert {article for _, article, _ in found} == {"Art. 8(1)"}
    purpose = {
        (c.article, c.verified)
        for c in ask(question(), among).routes[0].conditions
        if c.rule == "purpose_is_limited"
    }
    assert purpose == {("Registry practice", False)}
    said = refused(ask(question(subject="not-military"), among), GSOMIA)
    assert said["information_is_defence_related"][0] == "Art. 3"


def test_in_the_contested_years_each_reading_is_shown() -> None:
    (leg,) = asked(at=utc("2021-01-01")).routes[0].legs
    assert leg.contestable
    assert leg.readings == {"K": "notice_suspended", "J": "in_force", "X": "terminated"}
    (leg,) = asked().routes[0].legs
    assert not leg.contestable


def test_a_note_of_a_day_not_known_to_the_hour_stands_against_nothing_while_it_is_in_force() -> (
    None
):
    """The note of suspension came between 18:00 and midnight: in force before it and after it."""
    for at in (kst("2019-11-22 18:00"), kst("2019-11-22 23:59")):
        answer = asked(at=at)
        assert (answer.outcome, answer.routes[0].kind) == (Outcome.PERMITTED, RouteKind.DIRECT)
        assert any("2019-11-22-suspension" in note for note in answer.routes[0].legs[0].notes)


def test_the_top_levels_are_left_out_and_a_way_round_needs_a_word_on_that() -> None:
    for given in ({}, {"originator": "JPN", "recipient": "KOR", "mark": "機密"}):
        level = {"mark": "군사I급비밀", **given}
        by = given.get("originator", "KOR")
        consents = (Consent(by, str(given.get("recipient", "JPN"))),)
        answer = asked(**level, consents=consents)
        assert refused(answer, GSOMIA)["level_within_agreement"][0] == "Art. 4(2)"
        assert lacks(answer, RouteKind.HUB) == {"level_was_not_left_out"}


def test_one_mark_may_become_several_and_a_part_of_them_may_go_on() -> None:
    # A Korean item in Japan bears 極秘 or 特定秘密; only the first goes on to the United States.
    answer = asked(recipient="USA", holder="JPN", consents=(Consent("KOR", "USA"),))
    (route,) = [r for r in answer.routes if r.kind is RouteKind.ONWARD and len(r.path) == 2]
    done, leg = route.legs
    assert done.done
    assert (done.becomes, leg.marks, leg.becomes) == (("極秘", "特定秘密"), ("極秘",), ("SECRET",))
    assert {c.rule for c in route.missing} == {"chosen_mark_has_counterpart"}
    consent = next(c for c in route.conditions if c.rule == "originator_consents")
    assert (consent.article, consent.verified, consent.met) == ("Art. 6(a)", True, True)


# -- through the hub -----------------------------------------------------------------


def test_the_arrangement_is_never_a_basis_by_itself() -> None:
    for at in (HUB_YEARS, TODAY):
        said = refused(asked(at=at, consents=KOR_JPN), TISA)
        assert set(said) == {"instrument_binds_in_law"}
        assert said["instrument_binds_in_law"][1] == "both governments, by a treaty between them"


def test_without_the_treaty_of_2016_there_is_the_hub_alone() -> None:
    answer = asked(at=HUB_YEARS, consents=KOR_JPN)
    assert shape(answer) == [
        ("hub", "permitted", "KOR>USA>JPN", ROK_US, US_JAPAN),
        ("onward", "permitted_if", "KOR>USA>JPN", ROK_US, US_JAPAN),
    ]
    hub = answer.routes[0]
    assert [leg.becomes for leg in hub.legs] == [("SECRET",), ("極秘", "防衛秘密")]
    assert {c.rule: c.met for c in hub.conditions} == {
        "purpose_is_limited": True,
        "route_passes_the_hub": True,
        "originator_consents": True,
    }


@pytest.mark.parametrize("at", ["2014-12-30", "2015-06-01", "2016-11-22"])
@pytest.mark.parametrize("subject", [s.id for s in subjects().subjects])
def test_in_the_years_between_only_its_own_subjects_pass(at: str, subject: str) -> None:
    answer = asked(at=utc(at), subject=subject, consents=KOR_JPN)
    covered = subject in ("dprk-nuclear", "dprk-missile")
    assert (answer.outcome is P) is covered
    assert all(r.kind is RouteKind.HUB for r in answer.routes if r.outcome is P)
    if not covered:
        said = refused(answer, TISA, ROK_US, US_JAPAN)
        assert "subject_is_within_scope" in said


SEOUL_AND_WASHINGTON = [
    # 28 December in Washington is 29 December in Seoul; the hour of the act is not public.
    ("2014-12-28T23:59:59+09:00", "treaty_has_begun"),
    ("2014-12-28T09:59:59-05:00", "treaty_has_begun"),
    ("2014-12-29T00:00:00+09:00", "instant_is_certain"),
    ("2014-12-28T10:00:00-05:00", "instant_is_certain"),
    ("2014-12-28T23:59:59-05:00", "instant_is_certain"),
    ("2014-12-29T13:59:59+09:00", "instant_is_certain"),
    ("2014-12-29T00:00:00-05:00", None),
    ("2014-12-29T14:00:00+09:00", None),
]


@pytest.mark.parametrize(("text", "rule"), SEOUL_AND_WASHINGTON)
def test_one_signature_on_two_days(text: str, rule: str | None) -> None:
    answer = asked(at=parse_instant(text, ""), consents=KOR_JPN)
    if rule is None:
        assert answer.routes[0].kind is RouteKind.HUB
    else:
        assert set(refused(answer, TISA, ROK_US, US_JAPAN)) == {rule}
        assert answer.outcome is IF


def test_the_two_days_overlap_from_the_later_midnight_to_the_earlier() -> None:
    (act,) = entry(TISA).signed
    assert act.bounds == (utc("2014-12-28 15:00"), utc("2014-12-29 05:00"))
    alone = msgspec.structs.replace(act, utc_offsets={})
    assert alone.bounds is None


def test_a_clause_that_is_not_known_is_taken_strictly() -> None:
    answer = asked(at=HUB_YEARS, consents=KOR_JPN)
    (onward,) = [r for r in answer.routes if r.kind is RouteKind.ONWARD]
    (missing,) = onward.missing
    assert (missing.rule, missing.who) == ("third_party_rule_is_known", "treaty desk")
    assert missing.saw["agreement"] == ROK_US
    assert (missing.verified, onward.verified) == ("none", "none")


def test_what_was_not_read_is_named_for_each_field() -> None:
    hub = asked(at=HUB_YEARS, consents=KOR_JPN).routes[0]
    assert {(u.agreement, u.facts): u.flag for u in hub.unverified} == {
        (ROK_US, "dates"): "part",
        (ROK_US, "duration"): "none",
        (ROK_US, "equivalence"): False,
        (ROK_US, "third_party"): "none",
        (US_JAPAN, "duration"): False,
        (US_JAPAN, "equivalence"): False,
        (TISA, "duration"): "none",
    }
    assert not any(leg.pack for leg in hub.legs)


# -- onward --------------------------------------------------------------------------


def test_a_holder_other_than_the_hub_needs_the_originator_too() -> None:
    # A Japanese item in Korea; its treaty is a pack, so the article is known.
    answer = asked(originator="JPN", holder="KOR", recipient="USA", mark="秘")
    (route,) = [r for r in answer.routes if len(r.path) == 2]
    assert [leg.done for leg in route.legs] == [True, False]
    assert [(c.rule, c.article, c.saw["by"]) for c in route.missing] == [
        ("originator_consents", "Art. 6(a)", "JPN")
    ]


def test_how_a_holder_came_by_it_must_be_known() -> None:
    answer = asked(originator="KOR", holder="FRA", recipient="JPN")
    assert answer.outcome is NO
    assert all("holding_is_accounted_for" in {c.rule for c in r.missing} for r in answer.rejected)


def test_on_the_third_hop_the_one_before_consents_as_well() -> None:
    among = known([*entries(), *THREE])
    given = {"originator": "AUT", "recipient": "ISR", "mark": "A", "subject": "other-military"}
    path = ("AUT", "GEO", "SGP", "ISR")
    answer = ask(question(**given), among)
    (route,) = [r for r in answer.routes if r.path == path]
    wanted = [("AUT", "SGP"), ("AUT", "ISR"), ("GEO", "ISR")]
    assert [(c.saw["by"], c.saw["recipient"]) for c in route.missing] == wanted
    consents = tuple(Consent(by, to) for by, to in wanted)
    assert ask(question(**given, consents=consents), among).outcome is P
    for some in (consents[:2], consents[1:], consents[::2]):
        assert ask(question(**given, consents=some), among).outcome is IF


def _treaty(name: str, one: str, two: str) -> Any:
    """A fictitious treaty whose table has one row."""
    base = entry(US_JAPAN)
    assert base.equivalence
    party = base.parties[0]
    codes = {"AUT": "A", "GEO": "G", "SGP": "S", "ISR": "I"}
    row = base.equivalence.rows[0]
    replace = msgspec.structs.replace
    table = replace(
        base.equivalence,
        rows=(replace(row, marks={one: (codes[one],), two: (codes[two],)}),),
        party_notes={},
        transliteration={},
    )
    parties_ = tuple(replace(party, code=c, written=c) for c in (one, two))
    return replace(base, id=name, parties=parties_, equivalence=table)


THREE = (
    _treaty("fictitious-a", "AUT", "GEO"),
    _treaty("fictitious-b", "GEO", "SGP"),
    _treaty("fictitious-c", "SGP", "ISR"),
)


# -- the vocabulary, and questions that make no sense ----------------------------------


def test_the_scope_of_the_vocabulary_is_that_of_the_catalogue() -> None:
    scopes = {e.id: e.scope for e in entries() if e.scope}
    assert {s.agreement: s.text for s in subjects().scopes} == scopes
    ids = {s.id for s in subjects().subjects}
    assert all(set(s.subjects) <= ids for s in subjects().scopes)


BAD: list[tuple[dict[str, Any], str]] = [
    ({"originator": "KR"}, "originator"),
    ({"holder": "US-DoD"}, "holder"),
    ({"recipient": "XXX"}, "recipient"),
    ({"recipient": "KOR"}, "recipient"),
    ({"subject": "missiles"}, "subject"),
    ({"mark": " "}, "mark"),
    ({"purpose": ""}, "purpose"),
    ({"purpose": "x" * 501}, "purpose"),
    ({"at": NAIVE}, "as-of instant"),
    ({"at": datetime(1899, 1, 1, tzinfo=KST)}, "as-of instant"),
    ({"consents": (Consent("KOR", "KOR"),)}, "consent"),
    ({"consents": (Consent("KOR", "?"),)}, "consent"),
    ({"consents": (Consent("KOR", "JPN", NAIVE),)}, "consent"),
    ({"consents": KOR_JPN * 65}, "consent"),
]


@pytest.mark.parametrize(("given", "where"), BAD)
def test_a_question_that_makes_no_sense_is_bad_input(given: dict[str, Any], where: str) -> None:
    with pytest.raises(BadInput) as error:
        asked(**given)
    assert error.value.where == where


@pytest.mark.parametrize("text", ["", "KOR", "KOR:", ":JPN", "KOR:JPN:", "KOR:JPN:2015", "::"])
def test_a_consent_is_read_whole_or_not_at_all(text: str) -> None:
    with pytest.raises(BadInput):
        read_consent(text, "--consent")


def test_a_consent_may_have_an_end() -> None:
    assert read_consent("KOR:JPN:2015-01-01T09:00:00+09:00", "") == Consent(
        "KOR", "JPN", utc("2015-01-01")
    )


def test_every_pair_of_parties_has_an_answer() -> None:
    codes = parties(KNOWN)
    assert len(codes) > 30
    for one in codes:
        for two in codes:
            if one != two:
                answer = ask(question(originator=one, recipient=two, mark="SECRET"), KNOWN)
                assert answer.routes or answer.rejected
                assert (answer.outcome is NO) is (not answer.routes)
