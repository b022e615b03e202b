"""The days of a register: what lapses, by which article, who must act, what the desk sees."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from gsomia.canon import encode, instant
from gsomia.clearance import commands as clearance
from gsomia.cli.desklabels import DESK_LABELS
from gsomia.cli.labels import LABELS
from gsomia.exchange import commands as exchange
from gsomia.exchange import notices
from gsomia.faults import BadInput
from gsomia.release import commands as release
from gsomia.views import QUESTIONS, VIEWS
from tests.stories.steps import enrol, grant
from tests.stories.town import AGREEMENT, PURPOSE, House, Town
from tests.views.test_views import names

LEVEL_2 = "군사II급비밀"
START = datetime(2026, 8, 1, 9, tzinfo=UTC)
CARD = "2026-12-31T00:00:00Z"


def ask(house: House, **params: str) -> Any:
    given = {"agreement": AGREEMENT, "now": instant(house.clock.at), "card_until": CARD}
    return msgspec.json.decode(
        encode(QUESTIONS["deadlines"](house.node.clerk.state, given | params))
    )


def coming(house: House, now: str = "") -> list[dict[str, Any]]:
    params = {"queue": "days_ahead", "now": now or instant(house.clock.at)}
    rows: list[dict[str, Any]] = VIEWS["queue"](house.node.clerk.state, params)["rows"]
    return rows


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Town, dict[str, str]]]:
    """A summer in which several things end soon."""
    town = Town(tmp_path_factory.mktemp("town"), START)
    kor, jpn = town.kor, town.jpn
    told: dict[str, str] = {}
    enrol(kor, "P-9", "registrar")
    grant(kor, "P-9", (LEVEL_2,), days=10)
    told["brief"] = instant(datetime(2026, 9, 1, tzinfo=UTC))
    kor.ok("P-1", clearance.Brief("P-9", AGREEMENT, told["brief"]))
    told["item"], told["received"] = town.exchange()
    asked = notices.ConsentAsked(told["item"], "AUS", "government", PURPOSE)
    jpn.ok("P-3", exchange.Notify("KOR-DIH1", AGREEMENT, asked))
    town.settle()
    question = next(q for q in kor.open_questions() if isinstance(q.about, notices.ConsentAsked))
    until = instant(town.clock.at + timedelta(days=20))
    granted = notices.ConsentGranted(told["item"], "AUS", PURPOSE, (), until)
    kor.ok("P-3", exchange.Notify("JPN-DIH1", AGREEMENT, granted, question.id))
    town.settle()
    request = release.RequestRelease(kor.register(LEVEL_2), AGREEMENT, PURPOSE, (1,))
    told["request"] = kor.ok("P-5", request)["request"]
    yield town, told
    town.close()


def test_the_agreements_days_stand_beside_the_registers(story):
    town, told = story
    value = ask(town.kor)
    assert {(d["date"], d["what"]) for d in value["deadlines"]} == {
        ("2026-08-24", "last_notice_day"),
        ("2026-11-23", "extension"),
    }
    by_what = {d["what"]: d for d in value["register_days"]}
    assert by_what["consent_ends"]["article"] == "Art. 6(a)"
    assert by_what["consent_ends"]["must_act"] == "originating party"
    assert by_what["card_ends"]["date"] == "2026-12-31"
    assert by_what["card_ends"]["verified"] is None
    assert by_what["partner_card_ends"]["subject"] == "JPN-DIH1"
    soon = [d for d in value["register_days"] if d["subject"] == "P-9"]
    assert [(d["what"], d["article"], d["must_act"]) for d in soon] == [
        ("clearance_ends", "Art. 7(2)", "security authority"),
        ("briefing_ends", "Registry practice", "security authority"),
    ]
    # It is due, and no article gives it a day.
    assert value["register_days"][-1] == {
        "date": None,
        "what": "assurance_due",
        "subject": told["request"],
        "article": "Art. 7(5)",
        "verified": True,
        "must_act": "recipient's competent authority",
        "until": None,
    }


def test_what_ends_at_midnight_holds_through_the_day_before(story):
    town, told = story
    (ends,) = [d for d in ask(town.kor)["register_days"] if d["until"] == told["brief"]]
    # Midnight in UTC is nine in the morning of Seoul: that day has begun.
    assert ends["date"] == "2026-09-01"
    assert told["brief"] == "2026-09-01T00:00:00Z"
    at_midnight = "2026-08-31T15:00:00Z"
    town.kor.ok("P-1", clearance.Brief("P-9", AGREEMENT, at_midnight))
    (ends,) = [d for d in ask(town.kor)["register_days"] if d["until"] == at_midnight]
    assert ends["date"] == "2026-08-31"


def test_days_are_in_order_and_what_has_passed_is_left_out(story):
    town, _ = story
    rows = [d["until"] for d in ask(town.kor)["register_days"] if d["until"]]
    assert rows == sorted(rows)
    later = ask(town.kor, as_of="2026-10-01T00:00:00Z")["register_days"]
    assert not [d for d in later if d["subject"] == "P-9"]
    assert all(d["until"] > "2026-10-01" for d in later if d["until"])
    early = "2025-09-01T00:00:00Z"
    one, two = (ask(town.kor, as_of=early, years=y)["register_days"] for y in ("1", "2"))
    assert len(one) < len(two)
    assert one[:-1] == two[: len(one) - 1]


def test_the_desk_sees_what_comes_within_a_month(story):
    town, _ = story
    rows = coming(town.kor)
    told = [(r["date"], r["what"], r["must_act"]) for r in rows]
    assert ("2026-08-24", "last_notice_day", "treaty desk") in told
    assert ("clearance_ends", "P-9") in [(r["what"], r["subject"]) for r in rows]
    assert [t[0] for t in told] == sorted(t[0] for t in told)
    assert "consent_ends" in [t[1] for t in told]
    queues = VIEWS["desk"](town.kor.node.clerk.state, {"now": instant(town.clock.at)})["queues"]
    assert queues["days_ahead"]["count"] == len(rows)
    # A card lasts a month, and is on the desk for its last ten days only.
    assert "partner_card_ends" not in [t[1] for t in told]
    late = instant(town.clock.at + timedelta(days=25))
    assert "partner_card_ends" in [r["what"] for r in coming(town.kor, late)]
    assert coming(town.kor, "2026-09-15T00:00:00Z") == []
    unasked = VIEWS["desk"](town.kor.node.clerk.state, {})["queues"]
    assert unasked["days_ahead"]["count"] == 0


def test_a_withdrawn_clearance_has_no_day(story):
    """Last: it withdraws one."""
    town, _ = story
    town.kor.ok("P-1", clearance.Withdraw("P-9", "left"))
    rows = ask(town.kor)["register_days"]
    assert ("clearance_ends", "P-9") not in [(d["what"], d["subject"]) for d in rows]


def test_every_word_has_a_label(story):
    town, _ = story
    known = LABELS.keys() | DESK_LABELS.keys()
    for house in (town.kor, town.jpn):
        value = ask(house)
        assert {n for n in names(value) if n not in known} == set()
        assert {d["what"] for d in (*value["register_days"], *coming(house))} <= known
    assert "days_ahead" in known


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"agreement": ""}, "the parameter agreement"),
        ({"as_of": "2026-01-01"}, "an instant with offset"),
        ({"years": "0"}, "1 to 100 years"),
        ({"years": "101"}, "1 to 100 years"),
        ({"years": "ten"}, "1 to 100 years"),
        ({"years": "9" * 40}, "1 to 100 years"),
        ({"colour": "red"}, "parameters among"),
    ],
)
def test_a_bad_question_is_told(story, params, expected):
    town, _ = story
    with pytest.raises(BadInput, match=expected):
        ask(town.kor, **params)
