"""Letters between two nodes: March 2023 as it went, and each way in which it could have gone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from gsomia.agreement import Instrument, Kind, Moment, shipped_instruments
from gsomia.canon import instant
from gsomia.clearance import commands as clearance
from gsomia.desk import commands as desk
from gsomia.desk.model import Filing, Letter, Series, Told
from gsomia.exchange import commands as exchange
from gsomia.exchange import notices
from gsomia.faults import BadInput
from gsomia.views import VIEWS
from tests.stories.town import AGREEMENT, House, Town

NOTICE, SUSPENSION = "2019-08-23-notice", "2019-11-22-suspension"
BOTH = (NOTICE, SUSPENSION)
MORNING = datetime(2023, 3, 21, 1, tzinfo=UTC)


def view(house: House, name: str, **params: str) -> Any:
    return VIEWS[name](house.node.clerk.state, {"now": instant(house.clock.at), **params})


def status(house: House) -> str:
    found = str(view(house, "agreement", agreement=AGREEMENT)["status"])
    assert house.node.ground(AGREEMENT, house.clock.at).status == found
    return found


def letter(house: House, name: str) -> Letter:
    return house.node.clerk.state.need(Letter, name, "letter")


def request(kor: House, *about: str, asks: str = Kind.WITHDRAWAL) -> str:
    """The defence ministry's letter, issued."""
    command = desk.DraftLetter(
        AGREEMENT, Kind.INTER_MINISTRY_LETTER, "ko", refers_to=about or BOTH, asks=asks
    )
    name = str(kor.ok("P-6", command)["letter"])
    for person in ("P-7", "P-8"):
        kor.ok(person, desk.SignOff(name))
    kor.ok("P-6", desk.IssueLetter(name))
    return name


def note(kor: House, of: str = "", withdraws: tuple[str, ...] = BOTH) -> str:
    """The foreign ministry's note, signed off by two."""
    command = desk.DraftLetter(AGREEMENT, Kind.WITHDRAWAL, "ko", withdraws=withdraws, request=of)
    name = str(kor.ok("P-10", command)["letter"])
    for person in ("P-11", "P-12"):
        kor.ok(person, desk.SignOff(name))
    return name


def hand_over(town: Town, name: str, **more: Any) -> dict[str, Any]:
    """On the morning of 21 March: issued, handed over, and Japan's node told."""
    town.clock.at = MORNING
    town.kor.ok("P-10", desk.IssueLetter(name))
    at = Moment.exact(town.clock.at)
    found = town.kor.ok("P-12", desk.HandOver(name, at, "Seoul", "the ambassador", **more))
    tell(town.kor, "P-12", found["instrument"])
    town.settle()
    return found


def filed(house: House, name: str) -> Instrument:
    return house.node.clerk.state.need(Filing, f"{AGREEMENT} {name}", "instrument").instrument


def tell(house: House, person: str, name: str, answers: str = "") -> None:
    peer = "JPN-DIH1" if house.party == "KOR" else "KOR-DIH1"
    about = notices.InstrumentTold(filed(house, name))
    house.ok(person, exchange.Notify(peer, AGREEMENT, about, answers))


def told(house: House) -> Told:
    (found,) = house.node.clerk.state.all(Told)
    return found


def test_march_2023(spring: Town) -> None:
    kor, jpn = spring.kor, spring.jpn
    assert (status(kor), status(jpn)) == ("notice_suspended", "notice_suspended")
    assert kor.node.ground(AGREEMENT, spring.clock.at).contestable
    asked = request(kor)
    found = hand_over(spring, note(kor, asked))
    assert found["warnings"] == ()
    name = found["instrument"]
    assert status(kor) == "in_force"
    # Told, not received: Japan's own record has nothing yet, and the stricter applies.
    assert status(jpn) == "notice_suspended"
    both = view(jpn, "agreement", agreement=AGREEMENT)
    assert both["records"] == {"ours": "notice_suspended", "theirs": "in_force"}
    assert [(d["instrument"], d["field"]) for d in both["differences"]] == [(name, "record")]
    spring.clock.at += timedelta(hours=2)
    jpn.ok("P-10", desk.Receive(AGREEMENT, name, Moment.exact(spring.clock.at)))
    assert status(jpn) == "in_force"
    assert view(jpn, "agreement", agreement=AGREEMENT)["differences"] == ()
    tell(jpn, "P-10", name, told(jpn).notice)
    spring.settle()
    answered = told(kor).instrument
    assert (answered.id, answered.received) == (name, filed(jpn, name).received)
    assert status(kor) == "in_force"
    assert kor.node.cosign() == {"JPN-DIH1": ""}


def test_the_ministry_of_defence_sends_no_note_and_no_stranger_writes(spring: Town) -> None:
    command = desk.DraftLetter(AGREEMENT, Kind.WITHDRAWAL, "ko", withdraws=BOTH)
    for person in ("P-6", "P-3", "P-1"):
        assert spring.kor.refused(person, command) == ["actor_is_appointed"]
    inside = desk.DraftLetter(
        AGREEMENT, Kind.INTER_MINISTRY_LETTER, "ko", refers_to=BOTH, asks=Kind.WITHDRAWAL
    )
    assert spring.kor.refused("P-10", inside) == ["actor_is_appointed"]
    assert list(spring.kor.node.clerk.state.all(Letter)) == []


def test_two_others_sign_off(spring: Town) -> None:
    kor = spring.kor
    drafted = desk.DraftLetter(AGREEMENT, Kind.WITHDRAWAL, "ko", withdraws=BOTH)
    name = str(kor.ok("P-10", drafted)["letter"])
    at = Moment.exact(spring.clock.at)
    assert kor.refused("P-10", desk.SignOff(name)) == ["signed_off_by_another_person"]
    assert kor.refused("P-7", desk.SignOff(name)) == ["actor_is_appointed"]
    for step in (desk.IssueLetter(name), desk.HandOver(name, at)):
        assert kor.refused("P-10", step) == ["letter_awaits_this_step", "two_people_signed_off"]
    kor.ok("P-11", desk.SignOff(name))
    assert kor.refused("P-11", desk.SignOff(name)) == ["signed_off_by_another_person"]
    assert "two_people_signed_off" in kor.refused("P-10", desk.IssueLetter(name))
    kor.ok("P-12", desk.SignOff(name))
    assert kor.refused("P-11", desk.SignOff(name))[0] == "letter_awaits_this_step"
    kor.ok("P-10", desk.IssueLetter(name))
    assert letter(kor, name).signed_off_by == ("P-11", "P-12")
    assert status(kor) == "notice_suspended", "issued is not handed over"


def test_a_declined_or_cancelled_letter_goes_no_further(spring: Town) -> None:
    kor = spring.kor
    drafted = desk.DraftLetter(AGREEMENT, Kind.WITHDRAWAL, "ja", withdraws=BOTH)
    one, two = (str(kor.ok("P-10", drafted)["letter"]) for _ in range(2))
    with pytest.raises(BadInput, match="a reason"):
        kor.do("P-11", desk.SignOff(one, favour=False))
    kor.ok("P-11", desk.SignOff(one, favour=False, reason="not agreed"))
    kor.ok("P-11", desk.CancelLetter(two, "drafted twice"))
    assert [letter(kor, x).state for x in (one, two)] == ["declined", "cancelled"]
    for name in (one, two):
        assert "letter_awaits_this_step" in kor.refused("P-12", desk.SignOff(name))
    assert "letter_awaits_this_step" in kor.refused("P-10", desk.CancelLetter(two, "again"))


def test_steps_out_of_order_warn_and_are_kept(spring: Town) -> None:
    kor = spring.kor
    alone = note(kor)
    assert letter(kor, alone).warnings == ("no_request",)
    asked = kor.ok(
        "P-6",
        desk.DraftLetter(
            AGREEMENT, Kind.INTER_MINISTRY_LETTER, "en", refers_to=BOTH, asks=Kind.WITHDRAWAL
        ),
    )["letter"]
    early = note(kor, asked)
    assert letter(kor, early).warnings == ("request_not_issued",)
    for person in ("P-7", "P-8"):
        kor.ok(person, desk.SignOff(asked))
    spring.clock.at += timedelta(days=3)
    kor.ok("P-6", desk.IssueLetter(asked))
    first = Moment.exact(spring.clock.at - timedelta(days=2))
    found = kor.ok("P-12", desk.HandOver(early, first))
    assert found["warnings"] == ("request_is_later", "not_issued")
    assert letter(kor, early).warnings == (
        "request_not_issued",
        "request_is_later",
        "not_issued",
    )
    assert status(kor) == "in_force"


def test_a_request_for_something_else_warns(spring: Town) -> None:
    asked = request(spring.kor, SUSPENSION)
    assert letter(spring.kor, note(spring.kor, asked)).warnings == ("asked_for_another",)


def test_withdrawing_only_the_suspension_warns_and_needs_its_own_word(spring: Town) -> None:
    kor = spring.kor
    name = note(kor, request(kor, SUSPENSION), (SUSPENSION,))
    assert letter(kor, name).warnings == ("revives_notice",)
    kor.ok("P-10", desk.IssueLetter(name))
    at = Moment.exact(spring.clock.at)
    with pytest.raises(BadInput, match="only the suspension is withdrawn"):
        kor.do("P-12", desk.HandOver(name, at))
    assert status(kor) == "notice_suspended"
    kor.ok("P-12", desk.HandOver(name, at, confirm_revival=True))
    assert status(kor) == "terminated"


def test_a_paper_about_an_unknown_one_is_kept_and_waits(spring: Town) -> None:
    """A second suspension of the notice, and before it the paper that withdraws both."""
    kor, clock = spring.kor, spring.clock
    clock.at = MORNING
    known = {i.id: i for i in shipped_instruments(AGREEMENT)}
    held = msgspec.structs.replace(known[SUSPENSION], id="held", source="made up")
    freed = msgspec.structs.replace(
        known["2023-03-21-withdrawal"],
        id="freed",
        handed_over=Moment.exact(MORNING),
        withdraws=("held", SUSPENSION),
        refers_to=(),
        known_at=None,
        source="made up",
    )
    found = kor.ok("P-6", desk.RecordInstrument(AGREEMENT, freed, hypothetical=True))
    assert list(found["warnings"]) == ["waits_for_another"]
    answer = view(kor, "agreement", agreement=AGREEMENT)
    assert answer["status"] == "notice_suspended", "by the papers that ship"
    assert any("freed has no effect yet: it refers to held" in n for n in answer["notes"])
    record = desk.RecordInstrument(AGREEMENT, held, hypothetical=True)
    with pytest.raises(BadInput, match="only the suspension is withdrawn"):
        kor.do("P-6", record)
    assert status(kor) == "notice_suspended"
    kor.ok("P-6", msgspec.structs.replace(record, confirm_revival=True))
    assert status(kor) == "terminated"


def test_what_waited_in_vain_is_told(spring: Town) -> None:
    kor = spring.kor
    known = {i.id: i for i in shipped_instruments(AGREEMENT)}
    held = msgspec.structs.replace(known[SUSPENSION], id="held", refers_to=("talk",))
    talk = msgspec.structs.replace(known["2019-08-22-announcement"], id="talk")
    kor.ok("P-6", desk.RecordInstrument(AGREEMENT, held, hypothetical=True))
    found = kor.ok("P-6", desk.RecordInstrument(AGREEMENT, talk, hypothetical=True))
    assert list(found["warnings"]) == ["waited_in_vain"]
    assert status(kor) == "notice_suspended"


def test_what_can_never_go_on_record_is_told_before_anybody_signs(spring: Town) -> None:
    for command, why in [
        (desk.DraftLetter(AGREEMENT, Kind.WITHDRAWAL, "ko"), "what the withdrawal is about"),
        (
            desk.DraftLetter(AGREEMENT, Kind.WITHDRAWAL, "ko", withdraws=("no-such",)),
            "an instrument on record",
        ),
        (
            desk.DraftLetter(
                AGREEMENT, Kind.WITHDRAWAL, "ko", withdraws=("2019-08-22-announcement",)
            ),
            "an instrument on record|notice_of_termination",
        ),
        (desk.DraftLetter(AGREEMENT, Kind.WITHDRAWAL, "fr", withdraws=BOTH), "one of en, ko, ja"),
        (desk.DraftLetter(AGREEMENT, Kind.ANNOUNCEMENT, "ko"), "one of inter_ministry_letter"),
        (
            desk.DraftLetter(AGREEMENT, Kind.WITHDRAWAL, "ko", withdraws=BOTH, asks="withdrawal"),
            "a note asks for no note",
        ),
        (desk.DraftLetter(AGREEMENT, Kind.INTER_MINISTRY_LETTER, "ko"), "notice_of_termination"),
        (
            desk.DraftLetter(AGREEMENT, Kind.WITHDRAWAL, "ko", withdraws=BOTH, request="L-9"),
            "a known letter",
        ),
        (
            desk.DraftLetter(
                AGREEMENT, Kind.WITHDRAWAL, "ko", withdraws=BOTH, paragraphs=("\x1b",)
            ),
            "paragraphs",
        ),
        (desk.DraftLetter("no-such", Kind.WITHDRAWAL, "ko", withdraws=BOTH), "an agreement"),
    ]:
        with pytest.raises(BadInput, match=why):
            spring.kor.do("P-10", command)
    assert list(spring.kor.node.clerk.state.all(Letter)) == []


def test_japan_cannot_withdraw_koreas_notice(spring: Town) -> None:
    command = desk.DraftLetter(AGREEMENT, Kind.WITHDRAWAL, "ja", withdraws=BOTH)
    with pytest.raises(BadInput, match="an instrument of JPN"):
        spring.jpn.do("P-10", command)


def test_a_day_that_has_not_come_is_no_date(spring: Town) -> None:
    kor = spring.kor
    name = note(kor)
    later = Moment.exact(spring.clock.at + timedelta(days=1))
    with pytest.raises(BadInput, match="dated"):
        kor.do("P-10", desk.IssueLetter(name, later))
    with pytest.raises(BadInput, match="an instant that has come"):
        kor.do("P-12", desk.HandOver(name, later))


def test_numbers_have_no_gaps_and_begin_anew_each_year(spring: Town) -> None:
    kor = spring.kor
    kor.ok("P-10", desk.SetNumbering(AGREEMENT, "kor-mofa", "동북아-{year}-{serial}"))
    drafts = [note(kor) for _ in range(3)]
    kor.ok("P-11", desk.CancelLetter(drafts[1], "not needed"))
    numbers = [kor.ok("P-10", desk.IssueLetter(x))["number"] for x in (drafts[0], drafts[2])]
    assert numbers == ["동북아-2023-1", "동북아-2023-2"]
    assert letter(kor, request(kor)).number == "2023-1", "another office, its own series"
    # 15:00 UTC on 31 December is the next year in Seoul.
    spring.clock.at = datetime(2023, 12, 31, 15, tzinfo=UTC)
    assert kor.ok("P-10", desk.IssueLetter(note(kor)))["number"] == "동북아-2024-1"
    assert {s.key: s.last for s in kor.node.clerk.state.all(Series)} == {
        "kor-mofa 2023": 2,
        "kor-mofa 2024": 1,
        "kor-mnd 2023": 1,
    }


@pytest.mark.parametrize(
    "person, office, why",
    [
        ("P-10", "jpn-mofa", "an authority of KOR"),
        ("P-10", "no-such", "an authority of KOR"),
    ],
)
def test_nobody_numbers_for_another_office(
    spring: Town, person: str, office: str, why: str
) -> None:
    with pytest.raises(BadInput, match=why):
        spring.kor.do(person, desk.SetNumbering(AGREEMENT, office, "{serial}"))
    assert spring.kor.refused("P-10", desk.SetNumbering(AGREEMENT, "kor-mnd", "{serial}"))


def test_only_what_was_told_can_be_received(spring: Town) -> None:
    at = Moment.exact(spring.clock.at)
    with pytest.raises(BadInput, match="an instrument that a partner's node told"):
        spring.jpn.do("P-10", desk.Receive(AGREEMENT, "KOR kor-mofa 2023-1", at))
    name = hand_over(spring, note(spring.kor))["instrument"]
    at = Moment.exact(spring.clock.at)
    assert spring.jpn.refused("P-6", desk.Receive(AGREEMENT, name, at)) == ["actor_is_appointed"]
    early = Moment.exact(MORNING - timedelta(days=1))
    with pytest.raises(BadInput, match="in order"):
        spring.jpn.do("P-10", desk.Receive(AGREEMENT, name, early))
    spring.jpn.ok("P-10", desk.Receive(AGREEMENT, name, at))
    with pytest.raises(BadInput, match="an id not yet used"):
        spring.jpn.do("P-10", desk.Receive(AGREEMENT, name, at))


def test_where_the_records_differ_both_are_shown(spring: Town) -> None:
    """Japan tells that it received a note that withdraws the suspension alone."""
    kor, jpn = spring.kor, spring.jpn
    name = hand_over(spring, note(kor, request(kor)))["instrument"]
    other = msgspec.structs.replace(told(jpn).instrument, withdraws=(SUSPENSION,))
    jpn.ok("P-10", desk.RecordInstrument(AGREEMENT, other, confirm_revival=True))
    tell(jpn, "P-10", name, told(jpn).notice)
    spring.settle()
    for house in (kor, jpn):
        found = view(house, "agreement", agreement=AGREEMENT)
        assert sorted(found["records"].values()) == ["in_force", "terminated"]
        assert found["status"] == "terminated"
        assert [(d["field"]) for d in found["differences"]] == ["withdraws"]
        assert not house.node.ground(AGREEMENT, spring.clock.at).transfer


def test_a_statement_to_the_public_moves_nothing(spring: Town) -> None:
    before = status(spring.kor)
    said = msgspec.structs.replace(
        filed_like(), kind=Kind.ANNOUNCEMENT, channel="public", withdraws=(), handed_over=None
    )
    spring.kor.ok("P-6", desk.RecordInstrument(AGREEMENT, said))
    assert status(spring.kor) == before
    with pytest.raises(BadInput, match="the diplomatic channel"):
        spring.kor.do(
            "P-6",
            desk.RecordInstrument(
                AGREEMENT, msgspec.structs.replace(said, id="b", kind=Kind.WITHDRAWAL)
            ),
        )


def filed_like() -> Instrument:
    from gsomia.agreement import shipped_instruments

    summit = next(i for i in shipped_instruments(AGREEMENT) if i.id == "2023-03-16-summit")
    return msgspec.structs.replace(summit, id="a-statement")


def test_letters_stand_after_a_restart_and_a_rebuild(spring: Town) -> None:
    kor = spring.kor
    name = hand_over(spring, note(kor, request(kor)))["instrument"]
    before = list(kor.node.store.docs())
    kor.node.stop()
    kor.node = kor.unstarted()
    kor.node.clerk.rebuild()
    assert list(kor.node.store.docs()) == before
    kor.node.clerk.start()
    assert (status(kor), filed(kor, name).id) == ("in_force", name)


def test_two_letters_drafted_at_once_have_two_ids(spring: Town) -> None:
    command = desk.DraftLetter(AGREEMENT, Kind.WITHDRAWAL, "ko", withdraws=BOTH)
    waiting = []
    for _ in range(5):
        signed = spring.kor.sign("P-10", command)
        waiting.append(signed)
    names = [spring.kor.node.handle(s).told["letter"] for s in waiting]
    assert names == [f"L-{n}" for n in range(1, 6)]


def test_an_appointment_that_ended_signs_nothing(spring: Town) -> None:
    name = note(spring.kor)
    spring.kor.ok("P-1", clearance.EndAppointment("P-10", "treaty_note_officer"))
    assert "actor_is_appointed" in spring.kor.refused("P-10", desk.IssueLetter(name))
