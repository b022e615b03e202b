"""Stories of the ground an act stands on: notices of termination, authorities, the agreed text."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from gsomia.agreement import Moment
from gsomia.agreement.model import Pack
from gsomia.agreement.pack import agreed_digest, agreed_part, shipped, shipped_file
from gsomia.canon import encode, instant
from gsomia.desk.commands import RecordInstrument
from gsomia.desk.entries import TextHeld
from gsomia.desk.model import Told, ToldText
from gsomia.exchange import commands as exchange
from gsomia.exchange import notices
from gsomia.exchange.model import NamedAuthority
from gsomia.faults import BadInput, Unavailable
from gsomia.node.sealing import outgoing_name
from gsomia.registry.model import Item
from gsomia.release import commands as release
from gsomia.views import VIEWS
from gsomia.views.exchange import peers
from tests.agreement.builders import notice, suspension, withdrawal
from tests.stories import steps
from tests.stories.town import AGREEMENT, PURPOSE, House, Town

AUGUST, OCTOBER = (datetime(2026, m, 1, 6, tzinfo=UTC) for m in (8, 10))
BOUNDARY = datetime(2026, 11, 22, 15, tzinfo=UTC)
"""00:00 of 23 November in Seoul and Tokyo."""


def status(house: House) -> str:
    return house.node.ground(AGREEMENT, house.clock.at).status


# -- the agreement ends ----------


def test_what_was_decided_before_the_end_is_not_sent_after_it(november: Town) -> None:
    town = november
    _, old = town.exchange()
    _, request = steps.approved(town)
    assert steps.record(town.kor, notice("2026-notice", AUGUST)).granted
    assert status(town.kor) == "notice_pending"
    town.clock.at = BOUNDARY - timedelta(seconds=1)
    assert town.kor.node.ground(AGREEMENT, town.clock.at).transfer
    town.clock.at = BOUNDARY
    answer = town.kor.do("P-2", exchange.Dispatch((request,)))
    assert steps.cited(answer) == [("agreement_permits_transfer", "Art. 21")]
    steps.record(town.jpn, notice("2026-notice", AUGUST))
    assert status(town.jpn) == "terminated"
    assert steps.opened(town.jpn, "P-5", old)[1] == b"content", "Art. 21(4)"


def test_until_the_end_the_notice_stops_nothing(november: Town) -> None:
    town = november
    assert steps.record(town.kor, notice("2026-notice", AUGUST)).granted
    town.exchange()


def test_a_notice_too_late_for_this_year_ends_nothing_now(november: Town) -> None:
    """Fewer than ninety days before the extension: the agreement lives one more year."""
    town = november
    late = notice("2026-notice", datetime(2026, 8, 26, 6, tzinfo=UTC))
    assert steps.record(town.kor, late).granted
    town.clock.at = BOUNDARY
    assert status(town.kor) == "notice_pending"
    town.exchange()


@pytest.mark.parametrize("sealed", [True, False])
def test_what_was_dispatched_before_the_end_does_not_leave_after_it(
    november: Town, *, sealed: bool
) -> None:
    town = november
    number = steps.dispatch(town)
    town.wire.down = True
    if sealed:
        town.kor.tick()
    steps.end_agreement(town)
    town.wire.down = False
    town.clock.at += timedelta(minutes=10)
    town.settle()
    assert [a.number for a in town.jpn.incoming() if a.what == "items"] == []
    (told,) = town.kor.node.upkeep.trouble
    assert f"permits no transfer now (Art. 21): {number} stays here" in told
    if sealed:
        with pytest.raises(Unavailable, match="cancel it"):
            town.kor.node.export("JPN-DIH1", number)
    # The registrar takes it back: Japan gets a void of that number, and nothing is missing.
    town.kor.ok("P-2", exchange.Cancel("JPN-DIH1", number, "the agreement ended"))
    town.settle()
    assert town.kor.node.upkeep.trouble == []
    (arrival,) = [a for a in town.jpn.incoming() if a.number == number]
    assert (arrival.what, arrival.statement.items()) == ("void", ())
    assert VIEWS["queue"](town.jpn.node.clerk.state, {"queue": "alarms"})["rows"] == []
    (item,) = town.kor.node.clerk.state.all(Item)
    assert steps.copy(town.kor, item.number).state == "in_custody"


def test_what_had_arrived_before_it_was_cancelled_alarms_both(november: Town) -> None:
    """Its receipt was lost, and the agreement ended: the partner keeps what came first."""
    town = november
    number = steps.dispatch_when_down(town)
    out = steps.sent(town.kor)
    steps.take(town.jpn, b"".join(town.kor.node.links.chunks(outgoing_name(out))))
    steps.end_agreement(town)
    town.kor.ok("P-2", exchange.Cancel("JPN-DIH1", number, "the agreement ended"))
    town.wire.down = False
    town.clock.at += timedelta(minutes=10)
    town.settle()
    assert "delivery conflict" in steps.alarms(town.kor)
    assert "conflict" in steps.alarms(town.jpn)
    assert len(steps.waiting(town.jpn)) == 1


def test_a_receipt_for_what_was_cancelled_meanwhile_alarms(november: Town) -> None:
    town = november
    number = steps.dispatch_when_down(town)
    out = steps.sent(town.kor)
    receipt = steps.take(town.jpn, b"".join(town.kor.node.links.chunks(outgoing_name(out)))).body
    steps.end_agreement(town)
    town.kor.ok("P-2", exchange.Cancel("JPN-DIH1", number, "the agreement ended"))
    town.kor.node.links.receipted(out, receipt)
    assert steps.alarms(town.kor) == ["delivery conflict"]
    assert steps.sent(town.kor, "void").state == "conflict"


def test_what_leaves_before_the_sender_knows_of_the_end_is_not_let_in(november: Town) -> None:
    town = november
    steps.dispatch_when_down(town)
    said = notice("2026-notice", AUGUST)
    assert steps.record(town.jpn, said).granted
    town.clock.at = BOUNDARY + timedelta(minutes=10)
    town.wire.down = False
    town.settle()
    assert steps.waiting(town.jpn) == []
    assert steps.sent(town.kor).state == "refused"
    assert steps.alarms(town.kor) == ["delivery refused"]
    assert steps.refusals(town.jpn)[-1].articles == ("Art. 21",)


def test_after_the_end_duties_go_on(november: Town) -> None:
    """Art. 21(4): loss, return and change of level are still told and heeded."""
    town = november
    number, received = town.exchange()
    steps.end_agreement(town)
    about = notices.LossSuspected((number,), "lost", "2026-11-22T15:00:00Z", "", possible=False)
    steps.tell(town.jpn, "P-2", about)
    town.settle()
    assert steps.alarms(town.kor) == ["loss"]
    lower = notices.Reclassified(
        number, steps.LEVEL_2, "군사III급비밀", "2026-11-22T15:00:00Z", "old"
    )
    steps.tell(town.kor, "P-3", lower)
    town.settle()
    assert steps.item(town.jpn, received).remark_to == "군사III급비밀"
    answer = town.kor.do("P-5", release.RequestRelease(number, AGREEMENT, PURPOSE, (2,)))
    assert steps.cited(answer) == [("agreement_permits_transfer", "Art. 21")]


# -- what the desk may record ----------


@pytest.mark.parametrize("later", ["handed_over", "received", "dated", "known_at"])
def test_a_paper_still_to_come_is_not_recorded(november: Town, later: str) -> None:
    soon = november.clock.at + timedelta(hours=1)
    at = soon if later == "known_at" else Moment.exact(soon)
    paper = msgspec.structs.replace(notice("n", AUGUST), **{"dated": None, later: at})
    if later == "dated":
        paper = msgspec.structs.replace(paper, handed_over=Moment(AUGUST, soon))
    with pytest.raises(BadInput, match="instants that have come"):
        steps.record(november.kor, paper)
    assert status(november.kor) == "in_force"


def test_a_paper_from_before_the_agreement_is_kept_and_moves_nothing(november: Town) -> None:
    kor = november.kor
    early = notice("early", datetime(2016, 11, 1, tzinfo=UTC))
    answer = steps.record(kor, early)
    assert list(answer.told["warnings"]) == ["not_in_force_then"]
    assert list(steps.record(kor, notice("n", AUGUST)).told["warnings"]) == []
    assert status(kor) == "notice_pending"


def test_taking_back_only_the_suspension_must_be_confirmed(november: Town) -> None:
    """It would put the notice back into effect, at once under one reading."""
    town = november
    assert steps.record(town.kor, notice("n", AUGUST)).granted
    assert steps.record(town.kor, suspension("s", "n", OCTOBER)).granted
    assert status(town.kor) == "notice_suspended"
    revives = withdrawal("w", ("s",), town.clock.at)
    with pytest.raises(BadInput, match="only the suspension is withdrawn"):
        steps.record(town.kor, revives)
    assert status(town.kor) == "notice_suspended"
    assert steps.record(town.kor, revives, confirm=True).granted
    assert status(town.kor) == "notice_pending"
    town.clock.at = BOUNDARY
    assert status(town.kor) == "terminated"


def test_taking_back_both_revives_nothing_and_is_not_to_be_confirmed(november: Town) -> None:
    town = november
    steps.record(town.kor, notice("n", AUGUST))
    steps.record(town.kor, suspension("s", "n", OCTOBER))
    both = withdrawal("w", ("s", "n"), town.clock.at)
    with pytest.raises(BadInput, match="nothing is revived"):
        steps.record(town.kor, both, confirm=True)
    assert steps.record(town.kor, both).granted
    town.clock.at = BOUNDARY
    assert status(town.kor) == "in_force"


def test_the_desk_records_and_nobody_else(november: Town) -> None:
    command = RecordInstrument(AGREEMENT, notice("n", AUGUST), hypothetical=True)
    assert november.kor.refused("P-3", command) == ["actor_is_appointed"]
    assert status(november.kor) == "in_force"
    assert steps.record(november.kor, notice("n", AUGUST)).granted
    with pytest.raises(BadInput, match="an id not yet used"):
        steps.record(november.kor, notice("n", AUGUST))


def test_what_the_desk_recorded_is_known_after_a_restart(november: Town) -> None:
    steps.record(november.kor, notice("n", AUGUST))
    november.kor.restart()
    assert status(november.kor) == "notice_pending"


# -- competent authorities, Art. 2(d) ----------


def named(town: Town, name: str, at: datetime, role: str = "competent_authority") -> None:
    """Korea's treaty desk tells Japan of an authority."""
    about = notices.AuthorityChanged(role, name, instant(at), "note verbale 7")
    steps.tell(town.kor, "P-6", about)
    town.settle()


def delivered(town: Town) -> str:
    """How Korea's next notice fares."""
    number, request = steps.requested(town)
    asked = notices.AssuranceAsked(request, steps.LEVEL_2, PURPOSE, "document", "missiles", 1)
    steps.tell(town.kor, "P-3", asked)
    town.settle()
    assert number
    return steps.sent(town.kor, "notice").state


def test_an_authority_not_notified_is_refused_until_it_is(town: Town) -> None:
    ministry = "Ministry of National Defense"
    named(town, "Defence Agency", town.clock.at)
    assert delivered(town) == "refused"
    assert steps.refusals(town.jpn)[-1].articles == ("Art. 2(d)",)
    assert steps.alarms(town.kor) == ["delivery refused"]
    (known,) = town.jpn.node.clerk.state.all(NamedAuthority)
    assert (known.party, known.name) == ("KOR", "Defence Agency")
    assert town.kor.node.identity.settings.authority == ministry


def test_a_change_counts_from_its_day(town: Town) -> None:
    named(town, "Defence Agency", town.clock.at + timedelta(days=2))
    assert delivered(town) == "delivered"
    town.clock.at += timedelta(days=2)
    assert delivered(town) == "refused"


def test_a_new_card_carries_the_new_authority(town: Town) -> None:
    """The notice says from when; the card that follows says under whom; both fit from then."""
    start = town.clock.at + timedelta(days=2)
    named(town, "Defence Agency", start)
    settings = msgspec.structs.replace(town.kor.node.identity.settings, authority="Defence Agency")
    town.kor.node.identity.settings = settings
    town.kor.ok("P-1", exchange.Rotate("another authority"))
    town.settle()
    town.clock.at = start
    assert delivered(town) == "delivered"


def test_a_change_that_counts_already_is_carried_through(town: Town) -> None:
    """After the day, the order to rotate puts the new authority on the card, and tells Japan."""
    named(town, "Defence Agency", town.clock.at)
    assert delivered(town) == "refused"
    town.kor.ok("P-1", exchange.Rotate("another authority"))
    town.settle()
    town.settle()
    assert delivered(town) == "delivered"
    (peer,) = peers(town.jpn.node.clerk.state, {})["rows"]
    assert (peer["authority"], peer["serial"]) == ("Defence Agency", 2)
    assert [a["name"] for a in peer["named"]] == ["Defence Agency"]


def test_a_wrong_notice_of_an_authority_can_be_put_right(town: Town) -> None:
    named(town, "Defence Agencie", town.clock.at)
    assert delivered(town) == "refused"
    town.clock.at += timedelta(minutes=1)
    named(town, "Ministry of National Defense", town.clock.at)
    assert delivered(town) == "delivered"


def test_an_authority_for_treaty_notes_answers_for_no_items(town: Town) -> None:
    """The two roles are never merged: a new one for notes does not displace the other."""
    named(town, "Ministry of Foreign Relations", town.clock.at, "treaty_note_authority")
    assert delivered(town) == "delivered"


# -- the agreed text ----------


def holds(house: House, pack: Pack) -> None:
    """From now on the house holds this text, as if it had been founded on it."""
    papers = shipped_file(AGREEMENT, ".instruments.yaml").decode()
    text = TextHeld(AGREEMENT, msgspec.json.encode(pack).decode(), papers)
    house.node.clerk.submit(exchange.NodeRecords(AGREEMENT, text))


def changed() -> Pack:
    """The same agreement with one mark less in its table."""
    held = shipped(AGREEMENT)
    (table,) = held.level_tables
    rows = tuple(
        msgspec.structs.replace(r, marks={**r.marks, "JPN": r.marks["JPN"][:1]}) for r in table.rows
    )
    left = {m for r in rows for ms in r.marks.values() for m in ms}
    left |= {x.mark for x in table.excluded}
    return msgspec.structs.replace(
        held,
        level_tables=(msgspec.structs.replace(table, rows=rows),),
        marks=tuple(m for m in held.marks if m.text in left),
    )


def test_two_nodes_that_hold_different_texts_exchange_nothing(town: Town) -> None:
    holds(town.kor, changed())
    assert delivered(town) == "refused"
    assert steps.refusals(town.jpn)[-1].articles == ("Art. 21(2)",)
    asked = notices.ReturnAsked("JPN-DIH1-2026-000001", (1,), "please")
    assert steps.notify(town.jpn, "P-3", asked).ruling
    given = notices.AssuranceGiven("0" * 32, "極秘", True, True)
    steps.tell(town.jpn, "P-3", given)
    town.settle()
    assert steps.sent(town.jpn, "notice").state == "refused"
    assert steps.alarms(town.jpn) == ["delivery refused"]


def test_summaries_and_readings_may_differ(town: Town) -> None:
    held = shipped(AGREEMENT)
    holds(
        town.kor,
        msgspec.structs.replace(held, title="Another title", readings=held.readings[:1]),
    )
    assert delivered(town) == "delivered"


def test_what_a_partner_told_last_stands_in_whatever_order_it_arrives(town: Town) -> None:
    """A hostile network delivers the older of two texts, and of two instruments, last."""
    kor, jpn = town.kor, town.jpn
    said = notice("2026-notice", datetime(2026, 3, 1, 6, tzinfo=UTC))
    older = msgspec.structs.replace(said, title="as first told")
    texts = [encode(agreed_part(pack)).decode() for pack in (changed(), shipped(AGREEMENT))]
    abouts: list[notices.About] = [notices.AgreedTextTold(text) for text in texts]
    abouts += [notices.InstrumentTold(one) for one in (older, said)]
    town.wire.down = True
    numbers = [
        jpn.ok("P-6", exchange.Notify("KOR-DIH1", AGREEMENT, about))["number"] for about in abouts
    ]
    steps.tick_or_not(jpn)
    for number in reversed(numbers):
        steps.take(kor, steps.exported(jpn, number))
    (text,) = kor.node.clerk.state.all(ToldText)
    (told,) = kor.node.clerk.state.all(Told)
    assert text.text == texts[1]
    assert told.instrument == said


def test_the_two_texts_are_told_and_the_difference_stops_what_leaves(town: Town) -> None:
    """What the rules refuse on arrival, the desks find out about, and the sender stops as well."""
    kor, jpn = town.kor, town.jpn
    _, request = steps.approved(town)
    other = changed()
    holds(jpn, other)
    text = encode(agreed_part(other)).decode()
    jpn.ok("P-6", exchange.Notify("KOR-DIH1", AGREEMENT, notices.AgreedTextTold(text)))
    town.settle()
    assert steps.sent(jpn, "notice").state == "delivered"
    found = VIEWS["agreed-text"](kor.node.clerk.state, {"agreement": AGREEMENT})
    (told,) = found["told"]
    assert (told["party"], told["digest"]) == ("JPN", agreed_digest(other))
    fields = [d["field"] for d in told["differences"]]
    assert fields == ["level_tables.2016-11-23.rank 3.JPN"]
    assert kor.refused("P-2", exchange.Dispatch((request,))) == ["partner_told_no_other_text"]
    holds(jpn, shipped(AGREEMENT))
    same = encode(agreed_part(shipped(AGREEMENT))).decode()
    jpn.ok("P-6", exchange.Notify("KOR-DIH1", AGREEMENT, notices.AgreedTextTold(same)))
    town.settle()
    kor.ok("P-2", exchange.Dispatch((request,)))
    assert kor.refused(
        "P-3", exchange.Notify("JPN-DIH1", AGREEMENT, notices.AgreedTextTold(same))
    ) == ["actor_is_appointed"]
