"""Stories of an amended text: both consent, the tables change on a day, and the past stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from gsomia.agreement.instruments import Channel, Instrument, Kind, Moment, Office
from gsomia.agreement.model import Pack, Role
from gsomia.agreement.pack import agreed_digest, agreed_part, shipped
from gsomia.canon import encode, instant
from gsomia.desk.commands import AmendText, RecordInstrument
from gsomia.exchange import commands as exchange
from gsomia.exchange import notices
from gsomia.faults import BadInput
from gsomia.node.past import state_at
from gsomia.node.ports import Outcome
from gsomia.views import VIEWS
from tests.stories import steps
from tests.stories.test_ground import changed
from tests.stories.town import AGREEMENT, House, Town

FROM = date(2026, 4, 1)
MIDNIGHT = datetime(2026, 3, 31, 15, tzinfo=UTC)
"""00:00 of that day in Seoul and Tokyo."""


def amended(day: date = FROM) -> Pack:
    """The agreement of 2016 with 極秘 alone in its highest row, from a day on."""
    old, new = shipped(AGREEMENT), changed()
    (before,), (after,) = old.level_tables, new.level_tables
    tables = (
        msgspec.structs.replace(before, valid_until=day),
        msgspec.structs.replace(after, valid_from=day),
    )
    return msgspec.structs.replace(old, level_tables=tables)


def note(party: str) -> Instrument:
    """One side's note of consent, handed over."""
    return Instrument(
        id=f"amendment-{party}",
        kind=Kind.AMENDMENT,
        channel=Channel.DIPLOMATIC,
        issuers=(Office(party, Role.TREATY_NOTE_AUTHORITY, "foreign ministry"),),
        addressees=(),
        form="note verbale",
        title="Consent to the amendment",
        handed_over=Moment.exact(datetime(2026, 3, 1, 10, tzinfo=UTC)),
        source="made up",
        verified=True,
    )


def bring_in(pack: Pack, day: date = FROM, *parties: str) -> AmendText:
    papers = tuple(f"amendment-{p}" for p in parties or ("JPN", "KOR"))
    return AmendText(AGREEMENT, msgspec.json.encode(pack).decode(), day, papers)


def record(house: House) -> None:
    for party in ("JPN", "KOR"):
        house.ok("P-6", RecordInstrument(AGREEMENT, note(party)))


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """A closed town with both parties' consent on record, to be copied."""
    made = Town(tmp_path_factory.mktemp("amending"))
    made.clock.at += timedelta(hours=2)
    for house in (made.kor, made.jpn):
        house.desks()
        record(house)
    made.close()
    return made


@pytest.fixture
def town(prepared: Town, tmp_path: Path) -> Town:
    return prepared.moved(tmp_path)


def amend(house: House, pack: Pack) -> None:
    """Two officers of the desk, by the same command."""
    assert house.ok("P-6", bring_in(pack))["state"] == "proposed"
    assert house.ok("P-7", bring_in(pack))["state"] == "amended"


def digest(house: House, at: datetime) -> str:
    return house.node.ground(AGREEMENT, at).agreed_digest


def test_one_partys_consent_amends_nothing(town: Town) -> None:
    assert town.kor.refused("P-6", bring_in(amended(), FROM, "KOR")) == ["every_party_consented"]
    assert town.kor.refused("P-3", bring_in(amended())) == ["actor_is_appointed"]
    assert town.kor.ok("P-6", bring_in(amended()))["version"] == 1
    town.close()


def test_a_text_counts_once_a_second_officer_brought_in_the_same(town: Town) -> None:
    kor, old = town.kor, agreed_digest(shipped(AGREEMENT))
    kor.ok("P-6", bring_in(amended()))
    assert kor.refused("P-6", bring_in(amended())) == ["brought_in_by_another_person"]
    other = bring_in(amended(date(2026, 5, 1)), date(2026, 5, 1))
    assert kor.ok("P-7", other)["state"] == "proposed"
    assert digest(kor, MIDNIGHT) == old
    assert kor.ok("P-8", bring_in(amended()))["state"] == "proposed"
    kor.restart()
    assert kor.refused("P-10", bring_in(amended())) == ["actor_is_appointed"]
    assert kor.ok("P-6", bring_in(amended()))["state"] == "amended"
    assert digest(kor, MIDNIGHT) == agreed_digest(amended())
    town.close()


def waiting(house: House) -> dict[str, list[str]]:
    """The amendments that wait, by queue: for our desk, for the partner."""
    queues = VIEWS["desk"](house.node.clerk.state, {})["queues"]
    names = ("amendments_to_bring_in", "amendments_awaited")
    return {n: [r["key"] for r in queues[n]["rows"]] for n in names if queues[n]["rows"]}


def listed(house: House) -> list[tuple[Any, ...]]:
    rows = VIEWS["amendments"](house.node.clerk.state, {})["rows"]
    return [(r["version"], r["state"], r["by"], r["waits_for"], r["shown_by"]) for r in rows]


def test_an_amendment_is_listed_until_nobody_is_waited_for(tmp_path: Path) -> None:
    town = Town(tmp_path)
    town.clock.at += timedelta(hours=2)
    kor, jpn = town.kor, town.jpn
    for house in (kor, jpn):
        house.desks()
    assert (listed(kor), waiting(kor)) == ([], {})
    kor.ok("P-6", RecordInstrument(AGREEMENT, note("KOR")))
    assert listed(kor) == [(None, "consent_missing", None, ["JPN"], [])]
    assert waiting(kor) == {"amendments_awaited": [f"{AGREEMENT} amendment-KOR"]}
    kor.ok("P-6", RecordInstrument(AGREEMENT, note("JPN")))
    assert {row[1] for row in listed(kor)} == {"to_propose"}
    assert len(waiting(kor)["amendments_to_bring_in"]) == 2

    kor.ok("P-6", bring_in(amended()))
    assert listed(kor) == [(1, "proposed", "P-6", [], [])]
    assert waiting(kor) == {"amendments_to_bring_in": [f"{AGREEMENT} 1"]}
    (row,) = VIEWS["amendments"](kor.node.clerk.state, {})["rows"]
    assert (row["applies_from"], row["at"]) == (str(FROM), instant(town.clock.at))
    kor.restart()
    kor.ok("P-7", bring_in(amended()))
    assert listed(kor) == [(1, "amended", "P-7", ["JPN"], [])]
    assert waiting(kor) == {"amendments_awaited": [f"{AGREEMENT} 1"]}
    assert waiting(jpn) == {}  # what we brought in tells the partner nothing

    record(jpn)
    amend(jpn, amended())
    town.clock.at = MIDNIGHT
    told = encode(agreed_part(amended())).decode()
    jpn.ok("P-6", exchange.Notify(kor.registry, AGREEMENT, notices.AgreedTextTold(told)))
    town.settle()
    assert listed(kor) == [(1, "amended", "P-7", [], ["JPN"])]
    assert waiting(kor) == {}
    assert listed(jpn)[0][3] == ["KOR"]
    steps.approved(town)  # what comes under the new text shows that it is held, too
    assert listed(jpn)[0][3:] == ([], ["KOR"])
    town.close()


def test_amendments_are_asked_for_by_agreement(town: Town) -> None:
    state = town.kor.node.clerk.state
    assert VIEWS["amendments"](state, {"agreement": AGREEMENT, "limit": "1"})["total"] == 2
    assert VIEWS["amendments"](state, {"agreement": "rok-us-exercise"})["rows"] == []
    with pytest.raises(BadInput, match="parameters among"):
        VIEWS["amendments"](state, {"party": "KOR"})
    town.close()


def test_the_text_changes_on_its_day_on_both_sides(town: Town) -> None:
    """What was sent before is taken in after, by the table of the day it was sent."""
    for house in (town.kor, town.jpn):
        amend(house, amended())
    old, new = agreed_digest(shipped(AGREEMENT)), agreed_digest(amended())
    last = MIDNIGHT - timedelta(microseconds=1)
    assert (digest(town.kor, last), digest(town.kor, MIDNIGHT)) == (old, new)
    town.clock.at = MIDNIGHT - timedelta(hours=1)
    _, request = steps.approved(town)
    town.kor.ok("P-2", exchange.Dispatch((request,)))
    town.wire.down = True
    town.settle()
    town.clock.at = MIDNIGHT + timedelta(hours=1)
    town.wire.down = False
    town.settle()
    (arrived,) = (i for i in town.jpn.incoming() if i.statement.items())
    assert arrived.statement.agreed_digest == old
    line = exchange.ReceivedLine(arrived.statement.items()[0].reference, True, "特定秘密")
    town.jpn.ok("P-2", exchange.Accept("KOR-DIH1", arrived.number, "F-1", (line,)))
    table = town.kor.node.ground(AGREEMENT, town.clock.at).corresponding
    assert table("KOR", "JPN", "군사II급비밀") == ("極秘",)
    town.close()


def test_a_side_that_has_not_amended_its_text_gets_and_sends_nothing(town: Town) -> None:
    amend(town.kor, amended())
    _, request = steps.approved(town)
    town.clock.at = MIDNIGHT + timedelta(hours=1)
    town.kor.ok("P-2", exchange.Dispatch((request,)))
    town.settle()
    assert steps.sent(town.kor, "items").state == "refused"
    town.close()


def test_no_partner_goes_back_to_the_old_text_by_its_own_clock(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time of sealing is the sender's word; what came here under the new text is not."""
    kor, jpn = town.kor, town.jpn
    for house in (kor, jpn):
        amend(house, amended())
    requests = [steps.approved(town)[1] for _ in range(3)]
    town.wire.down = True

    def sealed(request: str) -> bytes:
        number = kor.ok("P-2", exchange.Dispatch((request,)))["number"]
        kor.tick()
        return steps.exported(kor, number)

    hour = timedelta(hours=1)
    town.clock.at = MIDNIGHT - hour
    before = sealed(requests[0])
    town.clock.at = MIDNIGHT + hour
    after = sealed(requests[1])
    with monkeypatch.context() as bent:
        bent.setattr(kor.node.upkeep, "_clock", lambda: MIDNIGHT - hour)
        backdated = sealed(requests[2])
    assert steps.take(jpn, after).outcome is Outcome.RECEIVED
    refused = steps.take(jpn, backdated)
    assert refused.outcome is Outcome.REFUSED
    assert refused.ruling is not None
    broken = [o.rule for o in refused.ruling.refusals()]
    assert broken == ["no_lower_number_has_a_newer_text"]
    assert steps.take(jpn, before).outcome is Outcome.RECEIVED
    town.close()


def test_versions_are_kept_and_a_past_day_has_the_text_of_then(town: Town) -> None:
    kor = town.kor
    before = town.clock()
    amend(kor, amended())
    found = VIEWS["agreed-text"](kor.node.clerk.state, {"agreement": AGREEMENT})["versions"]
    assert [(v["version"], v["applies_from"]) for v in found] == [(1, "2026-04-01")]
    past = VIEWS["agreed-text"](state_at(kor.node, before), {"agreement": AGREEMENT})
    assert (past["versions"], past["digest"]) == ([], agreed_digest(shipped(AGREEMENT)))
    with pytest.raises(BadInput, match="another agreed part"):
        kor.do("P-6", bring_in(amended(), date(2026, 5, 1)))
    with pytest.raises(BadInput, match="a day after 2026-04-01"):
        kor.do("P-6", bring_in(amended(date(2026, 5, 1))))
    kor.restart()
    assert digest(kor, MIDNIGHT) == agreed_digest(amended())
    town.close()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda p: msgspec.structs.replace(p, notice=None), "the same notice"),
        (lambda p: msgspec.structs.replace(p, utc_offset="+08:00"), "the same utc_offset"),
        (lambda p: msgspec.structs.replace(p, readings=p.readings[:1]), "the same readings"),
        (lambda _: changed(), "level_tables that say of every day before"),
        (lambda _: shipped(AGREEMENT), "another agreed part"),
    ],
)
def test_what_an_amendment_may_not_change(
    town: Town, change: Callable[[Pack], Pack], said: str
) -> None:
    with pytest.raises(BadInput, match=said):
        town.kor.do("P-6", bring_in(change(amended())))
    with pytest.raises(BadInput, match="an amendment on record"):
        town.kor.do(
            "P-6",
            AmendText(
                AGREEMENT,
                msgspec.json.encode(amended()).decode(),
                FROM,
                ("2019-08-23-notice",),
            ),
        )
    town.close()
