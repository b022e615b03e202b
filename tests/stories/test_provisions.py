"""Stories under a treaty with numbers of its own: what is refused or told cites its articles."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

import gsomia.clearance.rules
import gsomia.desk.amending
import gsomia.desk.rules
import gsomia.exchange.rules
import gsomia.registry.rules
import gsomia.release.rules
from gsomia.agreement.pack import load_pack
from gsomia.agreement.provisions import provisions_of
from gsomia.app import own_text
from gsomia.canon import encode, instant
from gsomia.clearance import commands as clearance
from gsomia.desk.commands import AmendText, RecordInstrument
from gsomia.evidence.file import verify_evidence
from gsomia.evidence.trust import Trust
from gsomia.exchange import notices
from gsomia.exchange.cover import Cover
from gsomia.exchange.model import Alarm
from gsomia.faults import BadInput
from gsomia.journal.rows import EntryRow
from gsomia.node import past
from gsomia.node.past import _rulings
from gsomia.node.records import evidence
from gsomia.provisions import SAME
from gsomia.registry import commands as registry
from gsomia.release.entries import Approved
from gsomia.ruling import Outcome, Rule
from gsomia.views import QUESTIONS, VIEWS
from gsomia.views.days import Lapse, _cited
from tests.stories import steps
from tests.stories.test_amending import note
from tests.stories.town import AGREEMENT, PURPOSE, House, Town

PACKS = Path(__file__).parents[1] / "vectors" / "agreement-pack" / "renumbered"
NAME = "renumbered-exercise"
PRACTICE = "Registry practice"

ITS_OWN = {
    "Art. 2(a)": "Art. 1(1)",
    "Art. 2(d)": "Art. 2(1)",
    "Art. 4(1)": "Art. 3(1)",
    "Art. 4(2)": "Art. 3(2)",
    "Art. 6": "Art. 4",
    "Art. 6(a)": "Art. 4(1)",
    "Art. 6(c)": "Art. 4(2)",
    "Art. 6(e)": PRACTICE,
    "Art. 6(f)": PRACTICE,
    "Art. 6(g)": "Art. 4(3)",
    "Art. 7(1)": "Art. 5",
    "Art. 7(2)": "Art. 5",
    "Art. 7(5)(a)": "Art. 5(3)(b)",
    "Art. 7(5)(b)": "Art. 5(4)",
    "Art. 7(5)(c)": "Art. 5(3)(b)",
    "Art. 9": "Art. 6(1)",
    "Art. 10": PRACTICE,
    "Art. 13": "Art. 7(2)",
    "Art. 17": "Art. 7(1)",
    "Art. 21": "Art. 8",
    "Art. 21(2)": "Art. 8(5)",
    "Art. 21(4)": "Art. 8(4)",
}
"""What rules cite, and where the exercise says it: `renumbered-exercise.yaml`, written out."""

MODULES = (
    gsomia.clearance.rules,
    gsomia.desk.amending,
    gsomia.desk.rules,
    gsomia.exchange.rules,
    gsomia.registry.rules,
    gsomia.release.rules,
)
RULES = {r.name: r for m in MODULES for r in vars(m).values() if isinstance(r, Rule)}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """A closed town under the exercise, each side founded on the file."""
    pack, papers = (PACKS / f"{NAME}{end}" for end in (".yaml", ".instruments.yaml"))
    text = own_text(pack.read_bytes(), pack.name, papers.read_bytes(), papers.name)
    made = Town(
        tmp_path_factory.mktemp("renumbered"), datetime(2026, 3, 2, 9, tzinfo=UTC), text=text
    )
    made.close()
    return made


@pytest.fixture
def town(prepared: Town, tmp_path: Path) -> Iterator[Town]:
    made = prepared.moved(tmp_path)
    yield made
    made.close()


def outcomes(house: House) -> Iterator[tuple[EntryRow, Outcome]]:
    """Every rule asked in every decision on record."""
    for row in house.node.store.everything():
        for ruling in _rulings(row):
            assert set(ruling.articles) <= {o.article for o in ruling.outcomes}
            yield from ((row, o) for o in ruling.outcomes)


def check(house: House) -> set[str]:
    """That each outcome cites what the exercise says of its rule; the rules that were asked."""
    asked = set()
    for _, outcome in outcomes(house):
        article = RULES[outcome.rule].article
        assert outcome.article == ITS_OWN.get(article, article), outcome.rule
        assert article in ITS_OWN or not article.startswith("Art."), outcome.rule
        # The exercise is made up, so nothing that it says was read anywhere.
        assert outcome.verified is (article not in ITS_OWN), outcome.rule
        asked.add(outcome.rule)
    return asked


def undefended(house: House) -> registry.Register:
    """An item that is about nothing the agreement covers."""
    sealed = house.node.stage(None, "text/plain", Cover("A title that is content", "said"))
    return registry.Register(
        NAME, steps.LEVEL_2, "weather", "oral", "Refused", "F-1", sealed, defence_related=False
    )


def live_through(town: Town) -> tuple[str, str]:
    """An exchange with what can follow it, and refusals on the way; the two numbers."""
    kor, jpn = town.kor, town.jpn
    refused = steps.cited(kor.do("P-2", undefended(kor)))
    assert refused == [("is_defence_related", "Art. 1(1)")]
    number, received = town.exchange()
    answer = steps.read(jpn, "P-3", received, "another purpose")
    assert steps.cited(answer) == [
        ("more_than_rank_or_clearance", "Art. 5"),
        ("duties_require_it", "Art. 5"),
        ("facility_register_names_reader", PRACTICE),
        ("purpose_is_the_one_given", "Art. 4(2)"),
    ]
    steps.consent(town, number, "AUS", PURPOSE)
    now = instant(town.clock())
    steps.tell(kor, "P-3", notices.Reclassified(number, steps.LEVEL_2, "", now, "x"))
    town.settle()
    assert ("mark_is_current", "Art. 4(3)") in steps.cited(steps.read(jpn, "P-5", received))
    jpn.ok("P-2", registry.Remark(received, ""))
    assert steps.opened(jpn, "P-5", received)[1] == b"content"
    steps.tell(jpn, "P-2", notices.LossSuspected((number,), "what", now, "where", True))
    town.settle()
    answer = jpn.do("P-2", registry.ProposeDestruction(received, "key-destruction", "over"))
    assert steps.cited(answer) == [("not_under_incident", "Art. 7(1)")]
    jpn.ok("P-1", registry.CloseIncident(received, "found"))
    jpn.ok("P-2", registry.HandOver(received, 1, "P-2", "F-1"))
    done = steps.destroy(jpn, received).certificate
    steps.tell(jpn, "P-2", notices.Destroyed(number, (1,), "key-destruction", str(done)))
    town.settle()
    return number, received


def test_every_decision_of_both_nodes_cites_the_treatys_own_articles(town: Town) -> None:
    number, _ = live_through(town)
    asked = check(town.kor) | check(town.jpn)
    assert {RULES[r].article for r in asked} >= ITS_OWN.keys()
    (line,) = (i.statement.items()[0] for i in town.jpn.incoming() if i.statement.items())
    decided = next(r for r in town.kor.node.store.everything() if r.kind == Approved.kind_())
    (ruling,) = _rulings(decided)
    assert line.reference == number
    assert line.basis == ruling.articles
    assert "Art. 7(5)(a)" not in line.basis
    assert "Art. 5(3)(b)" in line.basis
    ((name, data),) = evidence(town.kor.node, number)
    checked = verify_evidence(data, Trust.of([town.kor.card, town.jpn.card]), name)
    assert checked.claim.articles == ruling.articles
    for house in (town.kor, town.jpn):
        for row in past.decisions(house.node, {"limit": "1000"})["rows"]:
            found = past.decision(house.node, {"key": row["key"]})
            assert found["again"] is None or found["again"]["same"] is True


def test_notices_and_alarms_cite_the_treatys_own_articles(town: Town) -> None:
    number, _ = live_through(town)
    said = {
        notices.kind_of(i.statement.carries.about): i.statement.carries.articles
        for house in (town.kor, town.jpn)
        for i in house.incoming()
        if isinstance(i.statement.carries, notices.Notice)
    }
    assert said == {
        "assurance_asked": ("Art. 5(3)(b)",),
        "assurance_given": ("Art. 5(3)(b)",),
        "consent_asked": ("Art. 4(1)",),
        "consent_granted": ("Art. 4(1)",),
        "reclassified": ("Art. 4(3)",),
        "loss_suspected": ("Art. 7(1)",),
        "destroyed": ("Art. 7(2)",),
    }
    (text,) = [a.text for a in town.kor.node.clerk.state.all(Alarm) if a.what == "loss"]
    assert text.endswith("(Art. 7(1))")
    # What has no article of its own is of the article that it is a part of.
    steps.tell(town.kor, "P-3", notices.ReturnAsked(number, (1,), "over"))
    town.settle()
    (asked,) = (
        i.statement.carries.articles
        for i in town.jpn.incoming()
        if isinstance(i.statement.carries, notices.Notice)
        and isinstance(i.statement.carries.about, notices.ReturnAsked)
    )
    assert asked == ("Art. 4",)


def test_what_lapses_and_what_would_be_cites_the_treatys_own_articles(town: Town) -> None:
    steps.approved(town)
    state = town.kor.node.clerk.state
    now = town.clock()
    params = {"agreement": NAME, "now": instant(now)}
    rows = QUESTIONS["deadlines"](state, {**params, "years": "2"})["register_days"]
    found = {(r["what"], r["article"], r["verified"]) for r in rows}
    assert {("clearance_ends", "Art. 5", False), ("need_ends", "Art. 5", False)} <= found
    soon = instant(now + timedelta(days=20))
    town.kor.ok("P-1", clearance.ApproveFacility("F-2", "Other", (steps.LEVEL_2,), "P-2", soon))
    town.kor.ok("P-1", clearance.Grant("P-2", (steps.LEVEL_2,), "V-3", soon))
    desk = VIEWS["queue"](state, {"queue": "days_ahead", "now": instant(now)})["rows"]
    assert {(r["what"], r["article"]) for r in desk} >= {
        ("clearance_ends", "Art. 5"),
        ("facility_ends", PRACTICE),
    }
    supposed = {
        "format": "gsomia/hypothesis/v1",
        "agreement": NAME,
        "suppose": [
            {"what": "end", "at": instant(now + timedelta(days=1))},
            {"what": "row_removed", "rank": 3, "since": "2026-03-02"},
        ],
    }
    asked = {**params, "from": instant(now), "to": instant(now + timedelta(days=700))}
    value = QUESTIONS["what-if"](state, {**asked, "hypothesis": encode(supposed).decode()})
    assert [n["article"] for n in value["needs"]] == ["Art. 8(3)", "Art. 8(5)"]
    assert {n: g["articles"] for n, g in value["impact"].items() if g["count"]} == {
        "open_requests": ["Art. 3(2)", "Art. 8"],
        "assurances": ["Art. 5(3)(b)", "Art. 8"],
        "marks_unmapped": ["Art. 3(2)"],
    }


def test_what_serves_two_treaties_is_shown_by_the_article_of_each_where_they_differ() -> None:
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    pack = load_pack((PACKS / f"{NAME}.yaml").read_bytes(), NAME)
    places = {AGREEMENT: SAME, NAME: provisions_of(pack)}
    clearance_, need, briefing = (
        Lapse("x", "P-2", article, "security authority", at, agreement)
        for article, agreement in (("Art. 7(2)", ""), ("Art. 7(2)", NAME), (PRACTICE, ""))
    )
    assert list(_cited(clearance_, places)) == [
        {"subject": f"{AGREEMENT}: P-2", "article": "Art. 7(2)"},
        {"subject": f"{NAME}: P-2", "article": "Art. 5"},
    ]
    assert list(_cited(need, places)) == [{"subject": "P-2", "article": "Art. 5"}]
    assert list(_cited(briefing, places)) == [{"subject": "P-2", "article": PRACTICE}]
    assert list(_cited(clearance_, {})) == [{"subject": "P-2", "article": "Art. 7(2)"}]


@pytest.fixture
def amending(town: Town) -> Town:
    """Korea's desk, with both notes of consent on record."""
    town.kor.desks()
    for party in ("JPN", "KOR"):
        town.kor.ok("P-6", RecordInstrument(NAME, note(party)))
    return town


def renumbered(*, drop: str = "") -> AmendText:
    """An amendment that moves what the exercise says of marks from Art. 3(1) to Art. 1(2)."""
    pack = load_pack((PACKS / f"{NAME}.yaml").read_bytes(), NAME)
    stated = tuple(
        msgspec.structs.replace(p, article="Art. 1(2)" if p.rule == "Art. 4(1)" else p.article)
        for p in pack.provisions
        if p.rule != drop
    )
    text = encode(msgspec.structs.replace(pack, provisions=stated)).decode()
    return AmendText(NAME, text, date(2026, 4, 1), ("amendment-JPN", "amendment-KOR"))


def test_an_amendment_moves_the_numbers_from_its_day_on(amending: Town) -> None:
    """What was decided before keeps the number of then, also when it is asked again."""
    town, kor = amending, amending.kor
    item = kor.register(steps.LEVEL_2)
    command = renumbered()
    kor.ok("P-6", command)
    kor.ok("P-7", command)

    def articles() -> list[Any]:
        kor.register(steps.LEVEL_2)
        return [o.article for _, o in outcomes(kor) if o.rule == "carries_a_national_mark"]

    assert articles() == ["Art. 3(1)", "Art. 3(1)"]
    town.clock.at = datetime(2026, 3, 31, 15, tzinfo=UTC)
    assert articles() == ["Art. 3(1)", "Art. 3(1)", "Art. 1(2)"]
    first, _, last = past.decisions(kor.node, {"act": "registry.register"})["rows"]
    assert first["subject"] == item
    assert first["rules"] != last["rules"]
    again = past.decision(kor.node, {"key": first["key"]})["again"]
    assert again["same"] is True


def test_an_amendment_must_place_what_rules_cite(amending: Town) -> None:
    with pytest.raises(BadInput, match=r"every provision that a rule cites, got no Art\. 17"):
        amending.kor.do("P-6", renumbered(drop="Art. 17"))
