"""What is supposed of an agreement, and what it makes of its record, its tables and its end."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsomia.agreement import Instrument, Lifecycle, Pack, State
from gsomia.agreement.deadlines import What
from gsomia.agreement.hypothesis import (
    MAX_SUPPOSITIONS,
    Ended,
    Hypothesis,
    Joined,
    Lifted,
    Notice,
    Paper,
    RowChanged,
    RowRemoved,
    Supposed,
    Supposition,
    suppose,
)
from gsomia.agreement.hypothesisfile import read_hypothesis, write_hypothesis
from gsomia.agreement.lifecycle import ALIVE
from gsomia.agreement.whatif import compare, days, intervals, lost
from gsomia.faults import BadInput
from tests.agreement.builders import (
    MINIMAL,
    REAL,
    RECORD,
    entry,
    kst,
    notice,
    suspension,
    utc,
    without,
)
from tests.agreement.test_laws import instants, packs, papers, records

SPAN = kst("2026-05-01 00:00"), kst("2028-01-01 00:00")
LEVEL_2 = "군사II급비밀"


def real(*what: Supposition, record: tuple[Instrument, ...] = RECORD) -> Supposed:
    return suppose(REAL, record, Hypothesis(REAL.id, what))


# -- each supposition --------------------------------------------------------------


def test_a_notice_in_short_does_what_the_whole_paper_does():
    at = kst("2026-06-01 10:00")
    short, whole = real(Notice("KOR", at)), real(Paper(notice("n", at)))
    ours = intervals(short.lifecycle(), *SPAN)
    assert ours == intervals(whole.lifecycle(), *SPAN)
    assert [i.status for i in ours] == [State.IN_FORCE, State.NOTICE_PENDING, State.TERMINATED]
    assert short.papers[0].issuers[0].name == "Ministry of Foreign Affairs"
    assert short.papers[0].verified is False


def test_lifting_a_suspension_revives_the_notice_of_its_author():
    record = without("2023-03-21-withdrawal")
    found = real(Lifted(kst("2021-05-01 10:00")), record=record)
    assert found.revives == ("2019-08-23-notice",)
    assert found.lifecycle().status(kst("2021-06-01 00:00")).status is State.TERMINATED
    # Two suspensions, each by its own party: two notes.
    assert [p.issuer for p in found.papers] == ["KOR"]


def test_a_suspension_withdrawn_before_cannot_be_lifted():
    with pytest.raises(BadInput, match="a suspension that stands"):
        real(Lifted(kst("2026-05-01 10:00")))
    with pytest.raises(BadInput, match="a suspension that stands"):
        real(Lifted(kst("2019-09-01 10:00")))


def test_a_suspension_of_a_notice_that_is_not_on_record_cannot_be_lifted():
    waiting = suspension("s", "unknown", kst("2026-01-01 10:00"))
    with pytest.raises(BadInput, match="a suspension that stands"):
        real(Lifted(kst("2026-05-01 10:00")), record=(*without(), waiting))


def test_an_end_is_an_end_by_each_reading_and_duties_go_on():
    at = kst("2026-12-31 00:00")
    life = real(Ended(at)).lifecycle()
    before, after = life.status(at - timedelta(microseconds=1)), life.status(at)
    assert (before.status, before.transfer) == (State.IN_FORCE, True)
    assert (after.status, after.transfer, after.protect) == (State.TERMINATED, False, True)
    assert {r.status for r in after.readings.values()} == {State.TERMINATED}
    assert "Art. 21(4)" in after.articles
    assert after.contestable is False


def test_an_end_in_the_contested_years_leaves_nothing_to_contest():
    at = kst("2021-01-01 00:00")
    life = real(Ended(at)).lifecycle()
    assert life.status(kst("2020-12-31 23:59")).contestable is True
    assert life.status(at).contestable is False


def test_the_text_speaks_of_a_notice_only_so_its_need_is_verified_in_part():
    (need,) = real(Ended(kst("2026-12-31 00:00"))).needs
    assert (need.article, need.parties, need.verified) == ("Art. 21(3)", ("KOR", "JPN"), "part")


def test_a_changed_row_holds_from_its_day_on():
    marks = {"JPN": ("防衛秘密",), "KOR": (LEVEL_2,)}
    found = real(RowChanged(3, date(2027, 1, 1), marks))
    old, new = (
        found.pack.table_at(kst("2026-12-31 23:59")),
        found.pack.table_at(kst("2027-01-01 00:00")),
    )
    assert old
    assert new
    assert old.rows == REAL.level_tables[0].rows
    assert new.rows[0].marks == marks
    assert new.rows[1] == old.rows[1]
    assert (old.verified, new.verified) == (True, False)
    mark = found.pack.mark("防衛秘密")
    assert mark
    assert (mark.party, mark.verified) == ("JPN", False)
    # The pack that was asked about is as before.
    assert REAL.mark("防衛秘密") is None
    assert len(REAL.level_tables) == 1


def test_a_row_from_the_first_day_of_a_table_leaves_no_empty_one():
    found = real(RowRemoved(2, date(2016, 11, 23)))
    (table,) = found.pack.level_tables
    assert [r.rank for r in table.rows] == [3]


def test_two_changes_of_one_table_follow_each_other():
    found = real(RowRemoved(2, date(2027, 1, 1)), RowRemoved(3, date(2028, 1, 1)))
    ranks = [[r.rank for r in t.rows] for t in found.pack.level_tables]
    assert ranks == [[3, 2], [3], []]
    assert found.tables_at == (kst("2027-01-01 00:00"), kst("2028-01-01 00:00"))
    assert len(found.needs) == 1


def test_a_mark_that_was_left_out_may_be_supposed_in():
    marks = {"JPN": ("極秘",), "KOR": (LEVEL_2, "군사I급비밀")}
    found = real(RowChanged(3, date(2027, 1, 1), marks))
    table = found.pack.table_at(kst("2027-01-01 00:00"))
    assert table
    assert [e.mark for e in table.excluded] == ["機密"]


def test_a_new_party_is_only_told_what_it_needs():
    found = real(Joined("USA", date(2027, 1, 1)))
    assert (found.pack, found.instruments, found.ended) == (REAL, RECORD, None)
    assert [n.article for n in found.needs] == ["Art. 21(2)", "Art. 2(d)", "Art. 4(1)", "Art. 4(2)"]
    assert [n.verified for n in found.needs] == [True, True, "part", "part"]


def test_a_second_new_party_needs_the_first_too_and_joins_once():
    found = real(Joined("USA", date(2027, 1, 1)), Joined("AUS", date(2028, 1, 1)))
    assert found.needs[0].parties == ("KOR", "JPN", "USA")
    assert found.needs[4].parties == ("KOR", "JPN", "USA", "AUS")
    with pytest.raises(BadInput, match="a state that is no party"):
        real(Joined("USA", date(2027, 1, 1)), Joined("USA", date(2028, 1, 1)))


# -- days and ground ---------------------------------------------------------------


def test_a_notice_takes_days_away_and_makes_one():
    life, supposed = Lifecycle(REAL, RECORD), real(Notice("KOR", kst("2026-06-01 10:00")))
    found = days(life, supposed, *SPAN)
    assert {(d.date.isoformat(), d.what) for d in found.created} == {("2026-11-23", What.END)}
    assert {(d.date.isoformat(), d.what) for d in found.removed} == {
        ("2026-08-24", What.LAST_NOTICE_DAY),
        ("2026-11-23", What.EXTENSION),
        ("2027-08-24", What.LAST_NOTICE_DAY),
        ("2027-11-23", What.EXTENSION),
    }
    told = compare(life, supposed, *SPAN)
    assert lost(told) == ((kst("2026-11-23 00:00"), SPAN[1]),)


def test_after_an_end_there_are_no_days():
    life = Lifecycle(REAL, RECORD)
    found = days(life, real(Ended(kst("2026-06-01 00:00"))), *SPAN)
    assert found.created == ()
    assert len(found.removed) == 8
    later = days(life, real(Ended(kst("2029-06-01 00:00"))), *SPAN)
    assert (later.created, later.removed) == ((), ())


# -- what could not be so ----------------------------------------------------------

ROW = {"JPN": ("極秘",), "KOR": (LEVEL_2,)}
DAY = date(2027, 1, 1)


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        (Notice("USA", SPAN[0]), "a party: KOR, JPN"),
        (Ended(kst("2016-01-01 00:00")), "in force"),
        (RowRemoved(3, date(2016, 1, 1)), "a day on which a level table holds"),
        (RowRemoved(9, DAY), "the rank of a row: 3, 2"),
        (RowChanged(3, DAY, {"JPN": ("極秘",)}), "marks of KOR, JPN"),
        (RowChanged(3, DAY, ROW | {"USA": ("SECRET",)}), "marks of KOR, JPN"),
        (RowChanged(3, DAY, ROW | {"JPN": ()}), "1 to 16 marks"),
        (RowChanged(3, DAY, ROW | {"JPN": ("秘",)}), "each mark in one row"),
        (RowChanged(3, DAY, ROW | {"JPN": ("極秘", "極秘")}), "each mark in one row"),
        (RowChanged(3, DAY, ROW | {"JPN": (" ",)}), "a mark of 1 to 64"),
        (RowChanged(3, DAY, ROW | {"JPN": ("a\nb",)}), "a mark of 1 to 64"),
        (RowChanged(3, DAY, ROW | {"JPN": ("x" * 65,)}), "a mark of 1 to 64"),
        (Joined("KOR", DAY), "a state that is no party"),
        (Joined("usa", DAY), "alpha-3"),
    ],
)
def test_what_could_not_be_so_is_refused(what, expected):
    with pytest.raises(BadInput, match=expected):
        real(what)


def test_a_hypothesis_is_about_one_agreement_and_not_endless():
    with pytest.raises(BadInput, match="a hypothesis about rok-japan-2016"):
        suppose(REAL, RECORD, Hypothesis("us-japan-2007", (Notice("KOR", SPAN[0]),)))
    changed = (RowChanged(3, DAY, ROW),)
    assert real(*changed * MAX_SUPPOSITIONS).needs
    for count in (0, MAX_SUPPOSITIONS + 1):
        with pytest.raises(BadInput, match="1 to 16 suppositions"):
            real(*changed * count)


def test_a_notice_needs_a_rule_on_notice():
    record = entry(utc("2004-01-01"), "XAA", "XBB")
    bare = MINIMAL.__class__(
        **{n: getattr(MINIMAL, n) for n in MINIMAL.__struct_fields__} | {"notice": None}
    )
    asked = Hypothesis(bare.id, (Notice("XAA", utc("2005-01-01")),))
    with pytest.raises(BadInput, match="a notice rule"):
        suppose(bare, record, asked)


# -- the file ----------------------------------------------------------------------

FILE = """\
format: gsomia/hypothesis/v1
agreement: rok-japan-2016
suppose:
  - what: notice
    by: KOR
    at: "2026-06-01T10:00:00+09:00"
  - what: row_changed
    rank: 3
    since: 2027-01-01
    marks: {JPN: [特定秘密], KOR: [군사II급비밀]}
"""


def test_a_file_is_read_as_it_says():
    assert read_hypothesis(FILE.encode(), "f") == Hypothesis(
        "rok-japan-2016",
        (
            Notice("KOR", utc("2026-06-01T01:00:00")),
            RowChanged(3, DAY, {"JPN": ("特定秘密",), "KOR": (LEVEL_2,)}),
        ),
    )


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("v1", "v2", 1),
        ("what: notice", "what: visit", 4),
        ("by: KOR", "by: KOR\n    colour: red", 6),
        ('10:00:00+09:00"', '10:00:00"', 6),
        ("2027-01-01", "2027-13-01", 9),
        ("rank: 3", "rank: three", 8),
        ("[特定秘密]", "特定秘密", 10),
    ],
)
def test_a_fault_is_told_with_its_line(old, new, line):
    with pytest.raises(BadInput) as error:
        read_hypothesis(FILE.replace(old, new).encode(), "f")
    assert error.value.where == f"f, line {line}"


def test_an_unknown_kind_is_told_with_those_there_are():
    with pytest.raises(BadInput, match=r"row_removed or new_party \(suppose.0.what\), got visit"):
        read_hypothesis(FILE.replace("what: notice", "what: visit").encode(), "f")


def test_what_is_written_is_read_again():
    one = {"what": "end", "at": "2026-12-30T15:00:00Z"}
    row = {"what": "row_removed", "rank": 2, "since": "2027-01-01"}
    assert read_hypothesis(write_hypothesis("x", [one, row]), "w") == Hypothesis(
        "x", (Ended(utc("2026-12-30T15:00:00")), RowRemoved(2, DAY))
    )


# -- laws --------------------------------------------------------------------------


@given(packs, records, instants, st.lists(st.integers(0, 2000), min_size=1, max_size=8))
def test_a_supposed_end_changes_nothing_before_it_and_ends_all_after(
    pack: Pack, record: tuple[Instrument, ...], at, hours: list[int]
):
    plain = Lifecycle(pack, record)
    if not plain.status(at).in_force:
        return
    life = suppose(pack, record, Hypothesis(pack.id, (Ended(at),))).lifecycle()
    for hour in hours:
        before, after = at - timedelta(hours=hour + 1), at + timedelta(hours=hour)
        one, two = plain.status(before), life.status(before)
        assert (one.status, one.contestable) == (two.status, two.contestable)
        ended = life.status(after)
        assert ended.status not in ALIVE
        assert ended.protect
        assert not ended.contestable


@given(packs, records, papers())
def test_supposing_never_changes_what_it_is_asked_about(
    pack: Pack, record: tuple[Instrument, ...], paper: Instrument
):
    before = repr((pack, record))
    try:
        found = suppose(pack, record, Hypothesis(pack.id, (Paper(paper),)))
    except BadInput:
        found = None
    assert repr((pack, record)) == before
    if found:
        assert set(found.instruments) == {*record, paper}
