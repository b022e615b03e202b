"""The past asked again: the books as they stood, and each decision with its rules of then."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from gsomia.canon import decode, encode, instant
from gsomia.clearance import commands as clearance
from gsomia.exchange.officer import COMMAND
from gsomia.faults import BadInput
from gsomia.journal.rows import EntryRow
from gsomia.journal.statement import sign_statement
from gsomia.node import past
from gsomia.node.orders import open_order
from gsomia.registry import commands as registry
from gsomia.release import rules
from gsomia.ruling import RuleList
from tests.agreement.builders import notice
from tests.stories import steps
from tests.stories.town import AGREEMENT, PURPOSE, House, Town


def decisions(house: House, **params: str) -> list[dict[str, Any]]:
    return list(past.decisions(house.node, params)["rows"])


def the(house: House, **params: str) -> dict[str, Any]:
    """The only decision that fits."""
    (found,) = decisions(house, **params)
    return past.decision(house.node, {"key": found["key"]})


def test_a_view_as_the_books_stood(town: Town) -> None:
    before = town.clock.at
    town.clock.at += timedelta(hours=1)
    item, _ = town.exchange()
    after = town.clock.at
    then = past.view(town.kor.node, {"view": "items", "at": instant(before)})
    assert then == {"rows": [], "total": 0, "next": None}
    now = past.view(town.kor.node, {"view": "items", "at": instant(after)})
    assert [row["number"] for row in now["rows"]] == [item]
    one = past.view(town.kor.node, {"view": "item", "number": item, "at": instant(after)})
    assert one["requests"]["rows"][0]["state"] == "dispatched"


def test_a_status_as_it_was_answered_then(town: Town) -> None:
    """What the desk recorded later is not in the answer of then, though it took place before."""
    before, later = town.clock.at, town.clock.at + timedelta(days=1)
    asked = {"view": "agreement", "agreement": AGREEMENT, "as_of": instant(later)}
    town.clock.at = later + timedelta(days=1)
    said = notice("late-notice", before - timedelta(days=30))
    assert steps.record(town.kor, said).granted

    def status(at: Any) -> str:
        return str(past.view(town.kor.node, {**asked, "at": instant(at)})["status"])

    assert (status(later), status(town.clock.at)) == ("in_force", "notice_pending")


def test_every_decision_of_an_exchange_is_answered_the_same_again(town: Town) -> None:
    town.exchange()
    town.kor.refused("P-5", registry.Read("KOR-DIH1-2026-000001", 1, "F-1", "other purpose"))
    asked = 0
    for house in (town.kor, town.jpn):
        for line in decisions(house, limit="1000"):
            found = past.decision(house.node, {"key": line["key"]})
            assert found["ruling"]["rules"] == line["rules"]
            if found["again"] is not None:
                assert found["again"]["same"] is True, (line, found["again"])
                asked += 1
    assert asked > 8


def test_facts_that_changed_since_do_not_change_the_answer(town: Town) -> None:
    item, _ = town.exchange()
    read = registry.Read(item, 2, "F-1", PURPOSE)
    town.kor.ok("P-5", read)
    town.clock.at += timedelta(days=1)
    town.kor.ok("P-1", clearance.Withdraw("P-5", "left the service"))
    assert "clearance_covers_the_mark" in town.kor.refused("P-5", read)
    yes, no = decisions(town.kor, act="registry.read")
    assert (yes["granted"], no["granted"]) == (True, False)
    for line in (yes, no):
        again = past.decision(town.kor.node, {"key": line["key"]})["again"]
        assert again["same"] is True
        assert again["ruling"]["granted"] is line["granted"]


def test_under_other_rules_both_answers_are_told(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = town.kor.register("군사II급비밀")
    town.release(item)
    then = the(town.kor, act="release.decide")
    fewer: RuleList[Any] = RuleList("release.decide", rules.DECIDE_RULES.rules[:3])
    monkeypatch.setattr(rules, "DECIDE_RULES", fewer)
    found = the(town.kor, act="release.decide")
    assert found["ruling"] == then["ruling"]
    assert found["again"]["same"] is False
    assert (found["rules"], found["again"]["rules"]) == (then["rules"], fewer.version)
    assert len(found["again"]["ruling"]["outcomes"]) == 3


def test_decisions_are_narrowed_and_paged(town: Town) -> None:
    item, _ = town.exchange()
    before = town.clock.at
    town.clock.at += timedelta(hours=1)
    town.kor.refused("P-5", registry.Read(item, 2, "F-1", "other purpose"))
    every = decisions(town.kor, limit="1000")
    assert [d["at"] for d in every] == sorted(d["at"] for d in every)
    assert [d["act"] for d in decisions(town.kor, granted="no")] == ["registry.read"]
    assert decisions(town.kor, granted="no", until=instant(before)) == []
    pages: list[dict[str, Any]] = []
    after: dict[str, str] = {}
    while True:
        page = past.decisions(town.kor.node, {"limit": "7", **after})
        assert page["total"] == len(every)
        pages += page["rows"]
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    assert pages == every


def test_a_disposed_command_leaves_the_answer(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Personal openings go in time; the ruling is a register fact and stays."""
    item = town.kor.register("군사II급비밀")
    found = the(town.kor, act="registry.register", subject=item)
    assert found["again"]["same"] is True
    everything = town.kor.node.store.everything

    def disposed() -> Any:
        for row in everything():
            kept = tuple(o for o in row.openings if o.class_ != "personal")
            yield msgspec.structs.replace(row, openings=kept)

    monkeypatch.setattr(town.kor.node.store, "everything", disposed)
    left = the(town.kor, act="registry.register", subject=item)
    assert (left["ruling"], left["again"]) == (found["ruling"], None)
    assert isinstance(next(everything()), EntryRow)


def test_a_command_in_the_form_of_another_version_leaves_the_answer(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An officer's command of an earlier version lacks the fields that came since."""
    item = town.kor.register("군사II급비밀")
    found = the(town.kor, act="registry.register", subject=item)
    row = next(r for r in town.kor.node.store.everything() if r.kind == "registry.item_registered")
    signed = next(o.value for o in row.openings if o.field == "command")
    order = open_order(
        decode(signed, str, "command").encode(),
        town.kor.node.clerk.state,
        town.kor.registry,
        town.clock.at,
    ).order
    body = msgspec.to_builtins(order)
    del body["command"]["pages"]
    older = sign_statement(COMMAND, body, town.kor.keys["P-2"]).decode()

    def earlier() -> Any:
        for row in everything():
            openings = tuple(
                msgspec.structs.replace(o, value=encode(older)) if o.value == signed else o
                for o in row.openings
            )
            yield msgspec.structs.replace(row, openings=openings)

    everything = town.kor.node.store.everything
    monkeypatch.setattr(town.kor.node.store, "everything", earlier)
    left = the(town.kor, act="registry.register", subject=item)
    assert left["ruling"] == found["ruling"]
    assert left["again"] == {
        "same": False,
        "error": "another version of gsomia wrote this command",
    }


@pytest.mark.parametrize(
    "ask, params, words",
    [
        (past.view, {"view": "no-such", "at": "2026-03-02T09:00:00Z"}, "a view"),
        (past.view, {"view": "items"}, "at"),
        (past.view, {"view": "items", "at": "yesterday"}, "at"),
        (past.view, {"view": "items", "at": "2026-03-02T09:00:00Z", "colour": "red"}, "parameters"),
        (past.decision, {"key": "house"}, "a book and an index"),
        (past.decision, {"key": "house -1"}, "a book and an index"),
        (past.decision, {"key": "house 999999999999999"}, "holds a decision"),
        (past.decision, {"key": "house 0"}, "holds a decision"),
        (past.decision, {}, "key"),
        (past.decisions, {"after": "house 0"}, "a key of this list"),
        (past.decisions, {"colour": "red"}, "parameters"),
        (past.decisions, {"limit": "0"}, "a number of rows"),
    ],
)
def test_wrong_questions(town: Town, ask: Any, params: dict[str, str], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        ask(town.kor.node, params)
