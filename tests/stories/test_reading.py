"""Stories of reading: who opens what, where, for which purpose, and for how long."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from gsomia.clearance import commands as clearance
from gsomia.exchange import commands as exchange
from gsomia.exchange.cover import Cover
from gsomia.exchange.messages import Disclosed
from gsomia.faults import BadInput, Unavailable
from gsomia.registry import commands as registry
from gsomia.registry.model import Access, Copy
from tests.stories import steps
from tests.stories.town import AGREEMENT, PURPOSE, House, Town


def ready(house: House, person: str, *without: str, days: float = 100) -> None:
    """Give a person all that reading asks for, but what is named."""
    until = steps.in_days(house, days)
    marks = ("極秘",) if house.party == "JPN" else (steps.LEVEL_2,)
    given = {
        "clearance": clearance.Grant(person, marks, "V-9", until),
        "briefing": clearance.Brief(person, AGREEMENT, until),
        "listing": clearance.ListPerson("F-1", person, AGREEMENT),
        "need": clearance.ApproveNeed(person, AGREEMENT, PURPOSE, "duty", until),
    }
    for name, command in given.items():
        if name not in without:
            house.ok("P-1", command)


@pytest.mark.parametrize(
    "without, refused",
    [
        ((), []),
        (("listing",), [("facility_register_names_reader", "Art. 6(e)")]),
        (("need",), [("duties_require_it", "Art. 7(2)")]),
        (("clearance",), [("clearance_covers_the_mark", "Art. 7(2)")]),
        (("briefing",), [("duties_were_explained", "Registry practice")]),
        (
            ("listing", "need"),
            [
                ("more_than_rank_or_clearance", "Art. 7(1)"),
                ("duties_require_it", "Art. 7(2)"),
                ("facility_register_names_reader", "Art. 6(e)"),
            ],
        ),
    ],
    ids=lambda x: " ".join(map(str, x)) if x and isinstance(x[0], str) else "",
)
def test_a_general_reads_only_with_all_that_is_asked(
    town: Town, without: tuple[str, ...], refused: list[tuple[str, str]]
) -> None:
    _, received = town.exchange()
    steps.enrol(town.jpn, "P-9", "analyst", rank="General")
    ready(town.jpn, "P-9", *without)
    answer = steps.read(town.jpn, "P-9", received)
    assert answer.granted == (not refused)
    if refused:
        assert steps.cited(answer) == refused
        assert steps.refusals(town.jpn)[-1].act == "registry.read"


@pytest.mark.parametrize(
    "command, rule",
    [
        (clearance.Grant("P-5", ("極秘",), "V-2", ""), "clearance_covers_the_mark"),
        (clearance.Brief("P-5", AGREEMENT, ""), "duties_were_explained"),
        (clearance.ApproveNeed("P-5", AGREEMENT, PURPOSE, "duty", ""), "duties_require_it"),
    ],
)
def test_what_ran_out_counts_no_more(town: Town, command, rule: str) -> None:
    """A clearance expired, a briefing lapsed, a need over: one day is enough."""
    _, received = town.exchange()
    until = steps.in_days(town.jpn, 1)
    town.jpn.ok("P-1", replace(command, until=until))
    assert steps.read(town.jpn, "P-5", received).granted
    town.clock.at += timedelta(days=1)
    answer = steps.read(town.jpn, "P-5", received)
    assert [name for name, _ in steps.cited(answer)] == [rule]


@pytest.mark.parametrize(
    "command, rule",
    [
        (clearance.Withdraw("P-5", "left the service"), "clearance_covers_the_mark"),
        (
            clearance.StrikePerson("F-1", "P-5", AGREEMENT, "moved"),
            "facility_register_names_reader",
        ),
    ],
)
def test_what_was_taken_back_counts_no_more(town: Town, command, rule: str) -> None:
    _, received = town.exchange()
    town.jpn.ok("P-1", command)
    answer = steps.read(town.jpn, "P-5", received)
    assert [name for name, _ in steps.cited(answer)] == [rule]


def test_an_access_ends_with_the_clearance_it_rests_on(town: Town) -> None:
    """Access is only for holders of a clearance (Art. 7(2)), also inside the reading window."""
    _, received = town.exchange()
    access = str(steps.read(town.jpn, "P-5", received).told["access"])
    town.jpn.ok("P-1", clearance.Withdraw("P-5", "arrested"))
    with pytest.raises((BadInput, Unavailable)):
        town.jpn.node.open_content(access, "P-5")


def test_one_regime_does_not_cover_the_other(town: Town) -> None:
    """A clearance for 極秘 does not reach 特定秘密, which is beside it, not below."""
    item = town.kor.register(steps.LEVEL_2)
    town.kor.ok("P-2", exchange.Dispatch((town.release(item),)))
    town.settle()
    (received,) = town.accept("特定秘密")
    assert steps.read(town.jpn, "P-5", received).granted
    town.jpn.ok("P-1", clearance.Grant("P-5", ("極秘",), "V-2", steps.in_days(town.jpn, 9)))
    answer = steps.read(town.jpn, "P-5", received)
    assert steps.cited(answer) == [("clearance_covers_the_mark", "Art. 7(2)")]


def test_a_received_item_is_read_for_its_purpose_only(town: Town) -> None:
    _, received = town.exchange()
    other = "training"
    need = clearance.ApproveNeed("P-5", AGREEMENT, other, "duty", steps.in_days(town.jpn, 9))
    town.jpn.ok("P-1", need)
    answer = steps.read(town.jpn, "P-5", received, other)
    assert steps.cited(answer) == [("purpose_is_the_one_given", "Art. 6(c)")]


def test_an_own_item_is_read_for_whatever_one_needs_it_for(town: Town) -> None:
    number = town.kor.register(steps.LEVEL_2)
    need = clearance.ApproveNeed("P-5", AGREEMENT, number, "duty", steps.in_days(town.kor, 9))
    town.kor.ok("P-1", need)
    assert steps.opened(town.kor, "P-5", number, "any") == ("A title that is content", b"content")


def test_nobody_approves_their_own_need(town: Town) -> None:
    need = clearance.ApproveNeed("P-2", AGREEMENT, "x", "duty", steps.in_days(town.kor, 9))
    with pytest.raises(BadInput, match="somebody else's"):
        town.kor.do("P-2", need)


def test_a_copy_is_read_where_it_is(town: Town) -> None:
    _, received = town.exchange()
    marks = ("極秘", "特定秘密")
    town.jpn.ok("P-1", clearance.ApproveFacility("F-2", "Annex", marks, "P-2"))
    town.jpn.ok("P-1", clearance.ListPerson("F-2", "P-5", AGREEMENT))
    answer = steps.read(town.jpn, "P-5", received, facility="F-2")
    assert steps.cited(answer) == [("copy_is_held_there", "Art. 6(f)")]
    town.jpn.ok("P-2", registry.HandOver(received, 1, "annex", "F-2"))
    assert steps.read(town.jpn, "P-5", received, facility="F-2").granted
    answer = steps.read(town.jpn, "P-5", received)
    assert steps.cited(answer) == [("copy_is_held_there", "Art. 6(f)")]


@pytest.mark.parametrize("marks, until", [(("秘",), ""), (("極秘",), "tomorrow")])
def test_a_copy_goes_only_to_a_facility_that_may_hold_it(
    town: Town, marks: tuple[str, ...], until: str
) -> None:
    """Art. 10: approved for the mark, and now; as at registering on receipt."""
    _, received = town.exchange()
    end = steps.in_days(town.jpn, 1) if until else ""
    town.jpn.ok("P-1", clearance.ApproveFacility("F-2", "Annex", marks, "P-2", end))
    town.clock.at += timedelta(days=2)
    assert steps.barred(town.jpn, "P-2", registry.HandOver(received, 1, "annex", "F-2"))


# -- the window ----------


def test_content_opens_for_a_quarter_of_an_hour(town: Town) -> None:
    _, received = town.exchange()
    access = str(steps.read(town.jpn, "P-5", received).told["access"])
    town.clock.at += timedelta(minutes=14)
    _, cover, _ = town.jpn.node.open_content(access, "P-5")
    assert cover.title
    town.clock.at += timedelta(minutes=1)
    with pytest.raises(BadInput, match="a signature still valid"):
        town.jpn.node.open_content(access, "P-5")


def test_an_access_is_one_persons(town: Town) -> None:
    _, received = town.exchange()
    access = str(steps.read(town.jpn, "P-5", received).told["access"])
    with pytest.raises(BadInput, match="the reader who signed"):
        town.jpn.node.open_content(access, "P-2")
    with pytest.raises(BadInput, match="a known access"):
        town.jpn.node.open_content("0" * 32, "P-5")


def test_each_opening_is_on_record_before_the_first_byte(town: Town) -> None:
    _, received = town.exchange()
    access = str(steps.read(town.jpn, "P-5", received).told["access"])
    before = town.jpn.node.books.size(AGREEMENT)
    _, _, content = town.jpn.node.open_content(access, "P-5")
    row = town.jpn.node.store.entry(AGREEMENT, before)
    assert row is not None
    assert row.kind == "registry.content_opened"
    assert town.jpn.node.books.size(AGREEMENT) == before + 1
    assert b"".join(map(bytes, content)) == b"content"


# -- an oral disclosure ----------


def test_what_was_said_goes_from_register_to_register(town: Town) -> None:
    """Oral information counts (Art. 2(a)): it has a cover sheet and no file."""
    number, received = town.exchange(content=None)
    own = steps.item(town.kor, number)
    assert (own.form, own.sealed.blob, own.sealed.plaintext_size) == ("oral", "", 0)
    (arrival,) = [x for x in town.jpn.incoming() if x.what == "items"]
    (line,) = arrival.statement.items()
    assert isinstance(line.content, Disclosed)
    here = steps.item(town.jpn, received)
    assert (here.form, here.sealed.blob, here.local_mark) == ("oral", "", "極秘")
    access = str(steps.read(town.jpn, "P-5", received).told["access"])
    _, cover, content = town.jpn.node.open_content(access, "P-5")
    assert cover == Cover("A title that is content", "what was said")
    assert list(content) == []
    steps.destroy(town.jpn, received)
    with pytest.raises((BadInput, Unavailable)):
        town.jpn.node.open_content(access, "P-5")


def test_neither_file_nor_words_is_nothing(town: Town) -> None:
    with pytest.raises(BadInput):
        town.kor.node.stage(None, "", Cover("A title", "  "))
    with pytest.raises(BadInput):
        town.kor.node.stage(None, "", Cover("", "words"))


def test_documents_of_reading_are_kept(town: Town) -> None:
    _, received = town.exchange()
    steps.read(town.jpn, "P-5", received)
    (access,) = town.jpn.node.clerk.state.all(Access)
    assert (access.item, access.copy, access.reader) == (received, 1, "P-5")
    (held,) = town.jpn.node.clerk.state.all(Copy)
    assert (held.keeper, held.facility, held.state) == ("JPN-DIH1", "F-1", "in_custody")
