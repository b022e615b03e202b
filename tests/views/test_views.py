"""What a desk reads at each step of an exchange; pages; what no view ever shows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from gsomia.agreement import Kind, shipped_instruments
from gsomia.canon import encode, instant
from gsomia.cli.desklabels import DESK_LABELS
from gsomia.cli.labels import LABELS
from gsomia.desk import commands as desk
from gsomia.exchange import commands as exchange
from gsomia.exchange import notices
from gsomia.faults import BadInput
from gsomia.registry import commands as registry
from gsomia.release import commands as release
from gsomia.views import VIEWS
from gsomia.views.desk import QUEUES
from tests.stories.town import AGREEMENT, PURPOSE, House, Town

CONTENT = b"the content itself, which is sealed"
MARK = "군사II급비밀"


def ask(house: House, name: str, **params: str) -> Any:
    """A view, as the door asks for it."""
    return VIEWS[name](house.node.clerk.state, {"now": instant(house.clock.at), **params})


def waiting(house: House) -> dict[str, int]:
    """The queues in which something waits."""
    queues = ask(house, "desk")["queues"]
    return {name: queue["count"] for name, queue in queues.items() if queue["count"]}


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Town, str, str]]:
    """One item gone from register to register, read there, and one alarm."""
    town = Town(tmp_path_factory.mktemp("town"))
    item, received = town.exchange(content=CONTENT)
    town.jpn.ok("P-5", registry.Read(received, 1, "F-1", PURPOSE))
    loss = notices.LossSuspected((item,), "a bag", instant(town.clock.at), "a train", True)
    town.jpn.ok("P-2", exchange.Notify("KOR-DIH1", AGREEMENT, loss))
    town.settle()
    paper_work(town)
    yield town, item, received
    town.close()


def paper_work(town: Town) -> None:
    """Each desk drafts a letter, records a statement, and tells the other of it."""
    said = next(i for i in shipped_instruments(AGREEMENT) if i.id == "2023-03-16-summit")
    for house, peer in ((town.kor, "JPN-DIH1"), (town.jpn, "KOR-DIH1")):
        asks = desk.DraftLetter(
            AGREEMENT, Kind.INTER_MINISTRY_LETTER, "ja", asks=Kind.NOTICE_OF_TERMINATION
        )
        house.ok("P-6", asks)
        one = msgspec.structs.replace(said, id=f"statement of {house.party}")
        house.ok("P-6", desk.RecordInstrument(AGREEMENT, one))
        house.ok("P-6", exchange.Notify(peer, AGREEMENT, notices.InstrumentTold(one)))
    town.settle()


def everything(house: House, item: str) -> Iterator[tuple[str, Any]]:
    """Every view of a house, each with the parameters it needs."""
    first = {
        name: ask(house, name)["rows"][0] for name in ("notices",) if ask(house, name)["total"]
    }
    requests = ask(house, "requests")["rows"]
    sent, came = ask(house, "outgoing")["rows"], ask(house, "incoming")["rows"]
    for name in VIEWS:
        match name:
            case "item":
                yield name, ask(house, name, number=item)
            case "person":
                yield name, ask(house, name, id="P-2")
            case "agreement":
                yield name, ask(house, name, agreement=AGREEMENT)
            case "agreed-text" | "text":
                yield name, ask(house, name, agreement=AGREEMENT)
            case "policy":
                yield name, ask(house, name, agreement=AGREEMENT, party=house.party)
            case "normalisation":
                asked = {"notice": "2019-08-23-notice", "suspension": "2019-11-22-suspension"}
                yield name, ask(house, name, agreement=AGREEMENT, party=house.party, **asked)
            case "letter":
                for row in ask(house, "letters")["rows"]:
                    yield name, ask(house, name, letter=row["letter"])
            case "queue":
                for queue in QUEUES:
                    yield f"{name} {queue}", ask(house, name, queue=queue)
            case "notice":
                yield name, ask(house, name, id=first["notices"]["id"])
            case "request":
                for row in requests:
                    yield name, ask(house, name, id=row["id"])
            case "transmittal":
                for row in (*sent, *came):
                    yield name, ask(house, name, peer=row["peer"], number=row["number"])
            case _:
                yield name, ask(house, name)


def names(value: Any) -> Iterator[str]:
    """Every name of a field, at any depth."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield key
            yield from names(part)
    elif isinstance(value, list):
        for part in value:
            yield from names(part)


def test_every_view_gives_plain_values_without_content(story):
    town, item, received = story
    seen = set()
    for house, number in ((town.kor, item), (town.jpn, received)):
        for name, value in everything(house, number):
            data = encode(value)
            assert b"title that is content" not in data, name
            assert CONTENT not in data, name
            seen.add(name.partition(" ")[0])
    assert seen == set(VIEWS)


def test_every_field_of_a_view_and_of_a_notice_has_a_label(story):
    town, item, received = story
    found: set[str] = set()
    for house, number in ((town.kor, item), (town.jpn, received)):
        for _, value in everything(house, number):
            found |= set(names(value))
    for form in get_args(notices.About):
        found |= set(form.__struct_fields__)
    readings = {"K", "J", "X"}
    assert {name for name in found if name not in {**LABELS, **DESK_LABELS}} <= readings
    assert set(QUEUES) <= {*LABELS, *DESK_LABELS}


def test_the_life_of_an_item_is_told_from_the_books(story):
    town, item, received = story
    here = ask(town.kor, "item", number=item)
    assert [r["state"] for r in here["requests"]["rows"]] == ["dispatched"]
    assert here["requests"]["rows"][0]["assurance"]["equivalent_protection"] is True
    assert [s["state"] for s in here["sent_in"]["rows"]] == ["accepted"]
    assert [c["number"] for c in here["copies_here"]["rows"]] == [1, 2]
    assert here["under_incident"] is False
    there = ask(town.jpn, "item", number=received)
    assert (there["mark"], there["local_mark"], there["purpose"]) == (MARK, "極秘", PURPOSE)
    assert [a["reader"] for a in there["accesses"]["rows"]] == ["P-5"]
    assert there["received_in"]["items"][0]["reference"] == item
    assert there["under_incident"] is True
    assert {n["kind"] for n in there["notices"]["rows"]} >= {"loss_suspected"}


def test_each_step_of_a_release_waits_in_its_queue(tmp_path):
    town = Town(tmp_path)
    kor, jpn = town.kor, town.jpn
    item = kor.register(MARK, content=CONTENT)
    assert waiting(kor) == {}
    request = kor.ok("P-5", release.RequestRelease(item, AGREEMENT, PURPOSE, (1,)))["request"]
    assert waiting(kor) == {"to_review": 1}
    asked = notices.AssuranceAsked(request, MARK, PURPOSE, "document", "missiles", 1)
    kor.ok("P-3", exchange.Notify("JPN-DIH1", AGREEMENT, asked))
    town.settle()
    assert waiting(kor) == {"to_review": 1, "answers_awaited": 1}
    assert waiting(jpn) == {"notices_to_answer": 1}
    question = next(q for q in jpn.open_questions())
    given = notices.AssuranceGiven(request, "極秘", True, True)
    jpn.ok("P-3", exchange.Notify("KOR-DIH1", AGREEMENT, given, question.id))
    town.settle()
    assert waiting(jpn) == {}
    kor.ok("P-3", release.Review(request, True))
    assert waiting(kor) == {"to_decide": 1}
    kor.ok("P-4", release.Decide(request, True))
    assert waiting(kor) == {"to_dispatch": 1}
    town.wire.down = True
    kor.ok("P-2", exchange.Dispatch((request,)))
    assert waiting(kor) == {"to_send": 1}
    kor.tick()
    assert waiting(kor) == {"receipts_owed": 1}
    (owed,) = ask(kor, "queue", queue="receipts_owed")["rows"]
    assert (owed["receipt"], owed["what"]) == ("delivery", "items")
    town.wire.down = False
    town.clock.at = town.clock.at.replace(hour=12)
    town.settle()
    assert waiting(jpn) == {"to_register": 1}
    (owed,) = ask(kor, "queue", queue="receipts_owed")["rows"]
    assert owed["receipt"] == "acceptance"
    town.accept()
    assert waiting(jpn).get("key_parts_to_remove") == 1
    town.settle()
    assert (waiting(kor), waiting(jpn)) == ({}, {})
    town.close()


def test_a_change_of_level_and_a_destruction_wait_until_they_are_done(story):
    town, item, received = story
    jpn = town.jpn
    before = waiting(jpn)
    assert "remarks_due" not in before
    assert before.get("answers_awaited") == 2  # the notice of loss, and the statement told
    assert waiting(town.kor) == {
        "notices_to_answer": 2,
        "answers_awaited": 1,
        "letters_to_sign_off": 1,
        "alarms": 1,
    }
    down = notices.Reclassified(item, MARK, "군사III급비밀", instant(town.clock.at), "aged")
    town.kor.ok("P-3", exchange.Notify("JPN-DIH1", AGREEMENT, down))
    town.settle()
    (due,) = ask(jpn, "queue", queue="remarks_due")["rows"]
    assert (due["key"], due["remark_to"]) == (received, "군사III급비밀")
    jpn.ok("P-2", registry.Remark(received, "秘"))
    assert "remarks_due" not in waiting(jpn)


def test_people_are_told_with_what_holds_now(story):
    town, *_ = story
    rows = {r["id"]: r for r in ask(town.kor, "people")["rows"]}
    assert [r["role"] for r in rows["P-2"]["roles"]] == ["registrar"]
    assert rows["P-2"]["roles"][0]["current"] is True
    assert rows["P-2"]["clearance"]["current"] is True
    assert rows["P-1"]["clearance"] is None
    later = VIEWS["people"](town.kor.node.clerk.state, {"now": "2031-01-01T00:00:00Z"})
    assert {r["id"]: r for r in later["rows"]}["P-2"]["clearance"]["current"] is False
    undated = VIEWS["people"](town.kor.node.clerk.state, {})
    assert undated["rows"][1]["roles"][0]["current"] is None
    person = ask(town.kor, "person", id="P-5")
    assert [n["subject"] for n in person["needs"]] == [PURPOSE]
    assert [x["facility"] for x in person["listings"]] == ["F-1"]
    assert ask(town.kor, "facilities")["rows"][0]["listed"] == 2


def test_numbering_with_a_partner_is_told_for_both_directions(story):
    town, *_ = story
    (peer,) = ask(town.kor, "peers")["rows"]
    (line,) = peer["lines"]
    assert peer["registry"] == "JPN-DIH1"
    assert line["missing"] == []
    assert line["sent"] == line["received_by_peer"] >= 2


def test_the_treaty_desk_sees_the_status_at_an_instant(story):
    town, *_ = story
    answer = ask(town.kor, "agreement", agreement=AGREEMENT, as_of="2019-11-22T18:30:00+09:00")
    assert answer["status"] == "notice_suspended"
    assert {i["id"] for i in answer["instruments"]} >= {
        "2019-08-23-notice",
        "2019-11-22-suspension",
    }
    assert answer["hypothetical"] is False


# -- pages --------------------------------------------------------------------------


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
@pytest.mark.parametrize("name", ["people", "outgoing", "incoming", "notices", "facilities"])
def test_pages_put_together_are_the_whole_list(story, name, limit):
    town, *_ = story
    whole = ask(town.kor, name, limit="1000")
    assert whole["next"] is None
    assert len(whole["rows"]) == whole["total"]
    rows, after, asked = [], "", 0
    while after is not None:
        more = {"after": after} if after else {}
        page = ask(town.kor, name, limit=str(limit), **more)
        assert len(page["rows"]) <= limit
        rows += page["rows"]
        after, asked = page["next"], asked + 1
        assert asked <= whole["total"] + 1
    assert rows == whole["rows"]


def test_a_queue_is_paged_and_counts_ages(tmp_path):
    town = Town(tmp_path)
    items = [town.kor.register(MARK) for _ in range(3)]
    for item in items:
        town.kor.ok("P-5", release.RequestRelease(item, AGREEMENT, PURPOSE, (1,)))
    first = ask(town.kor, "queue", queue="to_review", limit="2")
    rest = ask(town.kor, "queue", queue="to_review", limit="2", after=first["next"])
    assert [r["item"] for r in (*first["rows"], *rest["rows"])] == items
    assert rest["next"] is None
    told = VIEWS["desk"](town.kor.node.clerk.state, {"now": "2026-03-03T09:00:00Z", "limit": "1"})
    queue = told["queues"]["to_review"]
    assert (queue["count"], len(queue["rows"])) == (3, 1)
    assert 86_000 < queue["age"] <= 86_400
    silent = VIEWS["desk"](town.kor.node.clerk.state, {})["queues"]["to_review"]
    assert (silent["age"], silent["rows"][0]["age"]) == (None, None)
    assert ask(town.kor, "items", mark=MARK)["total"] == 3
    assert ask(town.kor, "items", mark="군사III급비밀")["total"] == 0
    town.close()


@pytest.mark.parametrize(
    ("name", "params", "says"),
    [
        ("items", {"limit": "0"}, "1 to 1000"),
        ("items", {"limit": "1001"}, "1 to 1000"),
        ("items", {"limit": "-1"}, "1 to 1000"),
        ("items", {"limit": "１"}, "1 to 1000"),
        ("items", {"limit": ""}, "1 to 1000"),
        ("items", {"after": "nobody"}, "a key of this list"),
        ("items", {"sort": "mark"}, "parameters among"),
        ("items", {"number": "x"}, "parameters among"),
        ("item", {}, "the parameter number"),
        ("item", {"number": "KOR-DIH1-2026-999999"}, "a known item"),
        ("queue", {}, "the parameter queue"),
        ("queue", {"queue": "to_forget"}, "a queue"),
        ("queue", {"queue": "alarms", "after": "x"}, "a key of this queue"),
        ("desk", {"now": "2026-03-02T09:00:00"}, "an instant with offset"),
        ("notices", {"open": "no"}, "yes, or nothing"),
        ("notice", {"id": "00"}, "a known notice"),
        ("request", {"id": "00"}, "a known request"),
        ("person", {"id": "P-99"}, "a known person"),
        ("transmittal", {"peer": "JPN-DIH1", "number": "x"}, "a known transmittal"),
        ("transmittal", {"peer": "JPN-DIH1"}, "the parameter number"),
        ("transmittal", {"peer": "JPN-DIH1", "number": "x", "direction": "back"}, "in, or out"),
        ("agreement", {"agreement": "nato-1949"}, ""),
        ("agreement", {"agreement": AGREEMENT, "as_of": "2019"}, "an instant with offset"),
    ],
)
def test_what_a_view_does_not_know_is_bad_input(story, name, params, says):
    town, *_ = story
    with pytest.raises(BadInput) as told:
        VIEWS[name](town.kor.node.clerk.state, params)
    assert says in str(told.value)


def test_a_transmittal_of_each_direction_may_have_one_number(story):
    town, item, _ = story
    ours = {row["number"] for row in ask(town.jpn, "outgoing")["rows"]}
    (came,) = (row for row in ask(town.jpn, "incoming")["rows"] if row["items"])
    assert came["number"] in ours
    asked = {"peer": came["peer"], "number": came["number"]}
    received = ask(town.jpn, "transmittal", **asked, direction="in")
    assert [line["reference"] for line in received["items"]] == [item]
    for sent in (asked, {**asked, "direction": "out"}):
        assert ask(town.jpn, "transmittal", **sent)["direction"] == "out"


def test_a_view_changes_nothing(story):
    town, item, _ = story
    town.kor.node.clerk.state.take_changes()
    list(everything(town.kor, item))
    assert town.kor.node.clerk.state.take_changes() == []


def test_a_folder_is_not_needed(tmp_path: Path):
    """Views ask the state alone: of a state without documents they tell that nothing is there."""
    from gsomia.fold import State

    for name in ("items", "people", "outgoing", "alarms", "peers"):
        assert VIEWS[name](State(), {}) == {"rows": [], "total": 0, "next": None}
    assert all(q["count"] == 0 for q in VIEWS["desk"](State(), {})["queues"].values())
