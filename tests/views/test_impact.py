"""What a hypothesis would do to a register: with real nodes, and against the plain way to count."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from gsomia.agreement.hypothesisfile import write_hypothesis
from gsomia.canon import encode, instant
from gsomia.cli.desklabels import DESK_LABELS
from gsomia.cli.labels import LABELS
from gsomia.exchange import commands as exchange
from gsomia.exchange import notices
from gsomia.faults import BadInput
from gsomia.release import commands as release
from gsomia.views import QUESTIONS
from tests.stories.steps import destroy
from tests.stories.town import AGREEMENT, PURPOSE, House, Town
from tests.views.test_views import names

LEVEL_2, LEVEL_3 = "군사II급비밀", "군사III급비밀"
TO = "2029-01-01T00:00:00Z"

NOTICE = {"what": "notice", "by": "JPN", "at": "2026-06-01T01:00:00Z"}
JOINED = {"what": "new_party", "code": "USA", "since": "2027-01-01"}
ROW_GONE = {"what": "row_removed", "rank": 3, "since": "2027-01-01"}


def ask(house: House, *suppose: dict[str, Any], **params: str) -> Any:
    """As the door asks."""
    given = {
        "agreement": AGREEMENT,
        "hypothesis": write_hypothesis(AGREEMENT, suppose).decode(),
        "from": instant(house.clock.at),
        "to": TO,
        "now": instant(house.clock.at),
    }
    return msgspec.json.decode(encode(QUESTIONS["what-if"](house.node.clerk.state, given | params)))


def counts(value: Any) -> dict[str, int]:
    return {name: group["count"] for name, group in value["impact"].items() if group["count"]}


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Town, dict[str, str]]]:
    """Items in every stage, on both sides."""
    town = Town(tmp_path_factory.mktemp("town"))
    kor, jpn = town.kor, town.jpn
    told: dict[str, str] = {}
    told["item"], told["received"] = town.exchange()
    _, told["destroyed"] = town.exchange()
    destroy(jpn, told["destroyed"])
    town.settle()
    asked = notices.ConsentAsked(told["item"], "AUS", "government", PURPOSE)
    jpn.ok("P-3", exchange.Notify("KOR-DIH1", AGREEMENT, asked))
    town.settle()
    # One waits for Japan's registrar.
    told["waiting"] = kor.register(LEVEL_2)
    told["dispatched"] = town.release(told["waiting"])
    kor.ok("P-2", exchange.Dispatch((told["dispatched"],)))
    town.settle()
    # One is ordered while the network is down, one approved, one only asked for.
    told["ordered"] = town.release(kor.register(LEVEL_2))
    told["approved"] = town.release(kor.register(LEVEL_2))
    town.wire.down = True
    kor.ok("P-2", exchange.Dispatch((told["ordered"],)))
    kor.tick()
    told["asked"] = kor.ok(
        "P-5", release.RequestRelease(kor.register(LEVEL_2), AGREEMENT, PURPOSE, (1,))
    )["request"]
    yield town, told
    town.close()


def test_an_end_takes_the_ground_of_what_is_under_way_and_leaves_the_duties(story):
    town, told = story
    here = ask(town.kor, NOTICE)
    assert here["transfer_ends"] == "2026-11-22T15:00:00Z"
    assert here["items"] == {"registered": 6}
    assert counts(here) == {
        "in_flight": 1,
        "open_requests": 2,
        "assurances": 1,
        "consents": 1,
        "given": 2,
    }
    group = here["impact"]
    assert [r["state"] for r in group["in_flight"]["rows"]] == ["sealed"]
    assert group["in_flight"]["rows"][0]["articles"] == ["Art. 21"]
    assert {r["id"] for r in group["open_requests"]["rows"]} == {told["approved"], told["asked"]}
    assert group["assurances"]["rows"] == [
        {"id": told["approved"], "party": "JPN", "articles": ["Art. 7(5)", "Art. 21"]}
    ]
    (consent,) = group["consents"]["rows"]
    assert (consent["ours"], consent["item"], consent["state"]) == (True, told["item"], "asked")
    assert group["consents"]["effect"] == "in_doubt"
    assert group["given"]["articles"] == ["Art. 21(4)"]

    there = ask(town.jpn, NOTICE)
    assert counts(there) == {"consents": 1, "received": 1, "awaiting_registration": 1}
    assert there["impact"]["received"]["rows"] == [{"id": told["received"]}]
    assert there["impact"]["received"]["marks"] == [
        {"originator": "KOR", "mark": LEVEL_2, "local_mark": "極秘", "count": 1}
    ]
    assert there["impact"]["received"]["effect"] == "stays_protected"
    assert there["impact"]["received"]["verified"] is True
    assert there["impact"]["received_after_end"]["count"] == 0


def test_a_row_taken_from_the_table_leaves_marks_without_their_counterpart(story):
    town, _ = story
    here = ask(town.kor, ROW_GONE)
    assert here["changes"] == []
    assert here["transfer_ends"] is None
    assert [n["what"] for n in here["needs"]] == ["need_amendment"]
    # What Japan's registrar has not answered, too: it could not be marked any more.
    assert counts(here) == {"in_flight": 2, "open_requests": 2, "marks_unmapped": 6}
    assert here["impact"]["in_flight"]["articles"] == ["Art. 4(2)"]
    there = ask(town.jpn, ROW_GONE)
    assert counts(there) == {"marks_unmapped": 2, "arrivals_unmapped": 1}
    other = {"what": "row_removed", "rank": 2, "since": "2027-01-01"}
    assert counts(ask(town.jpn, other)) == {}


def test_a_changed_row_touches_only_marks_that_lose_something(story):
    town, _ = story
    # Japan's top mark goes; what was marked so here has lost its counterpart.
    fewer = {
        "what": "row_changed",
        "rank": 3,
        "since": "2027-01-01",
        "marks": {"JPN": ["特定秘密"], "KOR": [LEVEL_2]},
    }
    assert counts(ask(town.jpn, fewer)) == {"marks_unmapped": 2}
    assert counts(ask(town.kor, fewer)) == {}


def test_both_at_once_cite_both_articles(story):
    town, _ = story
    both = ask(town.kor, NOTICE, ROW_GONE)
    assert both["impact"]["in_flight"]["articles"] == ["Art. 21", "Art. 4(2)"]
    by_state = {r["state"]: r["articles"] for r in both["impact"]["in_flight"]["rows"]}
    assert by_state == {"sealed": ["Art. 21", "Art. 4(2)"], "delivered": ["Art. 4(2)"]}


def test_what_came_in_after_a_supposed_end_had_no_ground(story):
    town, _ = story
    end = {"what": "end", "at": "2026-03-01T00:00:00Z"}
    there = ask(town.jpn, end, **{"from": "2026-03-01T00:00:00Z"})
    assert there["impact"]["received_after_end"]["count"] == 2
    assert there["impact"]["received_after_end"]["effect"] == "loses_ground"
    # What was provided before it would have stayed protected: nothing was.
    assert there["impact"]["received"]["count"] == 0
    assert there["impact"]["received"]["rows"] == []


def test_a_new_party_changes_nothing_and_says_what_it_needs(story):
    town, _ = story
    found = ask(town.kor, JOINED)
    assert found["impact"] == {}
    assert found["changes"] == []
    assert [(n["what"], n["article"]) for n in found["needs"]] == [
        ("need_amendment", "Art. 21(2)"),
        ("need_authority", "Art. 2(d)"),
        ("need_marks", "Art. 4(1)"),
        ("need_correspondence", "Art. 4(2)"),
    ]
    assert found["needs"][0]["parties"] == ["KOR", "JPN", "USA"]


def test_a_group_is_read_page_by_page(story):
    town, _ = story
    first = ask(town.kor, ROW_GONE, group="marks_unmapped", limit="4")
    assert (len(first["rows"]), first["total"]) == (4, 6)
    rest = ask(town.kor, ROW_GONE, group="marks_unmapped", limit="4", after=first["next"])
    assert (len(rest["rows"]), rest["next"]) == (2, None)
    keys = [r["id"] for r in (*first["rows"], *rest["rows"])]
    assert keys == sorted(set(keys))
    whole = ask(town.kor, ROW_GONE, limit="1")
    assert whole["impact"]["marks_unmapped"]["rows"] == first["rows"][:1]
    assert whole["impact"]["marks_unmapped"]["next"] == first["rows"][0]["id"]


def test_asking_changes_nothing_and_shows_no_content(story):
    town, _ = story
    for house in (town.kor, town.jpn):
        before = list(house.node.store.docs()), house.node.standing()["books"]
        data = encode(ask(house, NOTICE, ROW_GONE))
        assert b"title that is content" not in data
        assert (list(house.node.store.docs()), house.node.standing()["books"]) == before


def test_the_answer_follows_the_register(story):
    town, _ = story
    before = ask(town.kor, ROW_GONE)["impact"]["marks_unmapped"]["count"]
    town.kor.register(LEVEL_2)
    assert ask(town.kor, ROW_GONE)["impact"]["marks_unmapped"]["count"] == before + 1
    town.kor.restart()
    assert ask(town.kor, ROW_GONE)["impact"]["marks_unmapped"]["count"] == before + 1


def test_every_field_and_group_has_a_label(story):
    town, _ = story
    known = LABELS.keys() | DESK_LABELS.keys()
    readings = {"K", "J", "X"}
    for house in (town.kor, town.jpn):
        for suppose in ((NOTICE, ROW_GONE), (JOINED,)):
            value = ask(house, *suppose)
            assert {n for n in names(value) if n not in known} <= readings


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"hypothesis": "format: gsomia/hypothesis/v2\n"}, "a hypothesis"),
        ({"hypothesis": ""}, "the parameter hypothesis"),
        ({"agreement": "atlantis-1900"}, "rok-japan-2016"),
        ({"from": "2026-01-01"}, "an instant with offset"),
        ({"to": "2020-01-01T00:00:00Z"}, "a span that ends after it begins"),
        ({"group": "visits"}, "a group of this answer: in_flight"),
        ({"after": "KOR-1"}, "a group to go on with"),
        ({"limit": "0"}, "a number of rows"),
        ({"colour": "red"}, "parameters among"),
        ({"reading": "Z"}, "a reading"),
    ],
)
def test_a_bad_question_is_told(story, params, expected):
    town, _ = story
    with pytest.raises(BadInput, match=expected):
        ask(town.kor, NOTICE, **params)


def test_an_approval_that_lapsed_is_not_listed(story):
    """Last: it answers the open question."""
    town, told = story
    town.wire.down = False
    town.clock.at += timedelta(minutes=10)
    town.settle()
    question = next(
        q for q in town.kor.open_questions() if isinstance(q.about, notices.ConsentAsked)
    )
    until = instant(town.clock.at + timedelta(days=10))
    granted = notices.ConsentGranted(told["item"], "AUS", PURPOSE, ("no copies",), until)
    town.kor.ok("P-3", exchange.Notify("JPN-DIH1", AGREEMENT, granted, question.id))
    town.settle()
    (row,) = ask(town.jpn, NOTICE)["impact"]["consents"]["rows"]
    assert (row["ours"], row["state"], row["until"]) == (False, "granted", until)
    later = instant(town.clock.at + timedelta(days=11))
    assert ask(town.jpn, NOTICE, now=later)["impact"]["consents"]["count"] == 0
