"""Marks under the agreements of the catalogue: relations with a direction, a date and a flag."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsomia.agreement import shipped
from gsomia.agreement.catalogue import Correspondence, corresponding, entries, entry
from gsomia.agreement.correspondence import equivalence_of
from gsomia.faults import BadInput
from gsomia.marking import Equivalence, Equivalents, LevelTable, Refused
from tests.agreement.builders import NAIVE, utc

AT = utc("2022-06-01")


def ask(name: str, from_party: str, to_party: str, mark: str, at: datetime = AT) -> Correspondence:
    return corresponding(entry(name), from_party, to_party, mark, at)


def marks(name: str, from_party: str, to_party: str, mark: str, at: datetime = AT) -> tuple | str:
    """The marks that correspond, or the rule that refuses."""
    answer = ask(name, from_party, to_party, mark, at).answer
    return answer.marks if isinstance(answer, Equivalents) else answer.refused[0].rule


SHARED = "eu-council-2013-488"
ANSWERS = [
    # agreement, from, to, mark, what corresponds
    ("rok-japan-2016", "KOR", "JPN", "군사II급비밀", ("極秘", "特定秘密")),
    ("rok-japan-2016", "JPN", "KOR", "特定秘密", ("군사II급비밀",)),
    ("rok-japan-2016", "KOR", "JPN", "군사I급비밀", "level_within_agreement"),
    ("us-japan-2007", "USA", "JPN", "SECRET", ("極秘", "防衛秘密")),
    ("us-japan-2007", "JPN", "USA", "特定秘密", "mark_has_counterpart"),
    ("rok-us-1987", "KOR", "USA", "군사I급비밀", ("TOP SECRET",)),
    # NATO's marks carry its name; what is no level maps to nothing.
    ("nato-cm-2002-49", "NATO", "DEU", "NATO SECRET", ("GEHEIM",)),
    ("nato-cm-2002-49", "NATO", "DE", "SECRET", "mark_is_listed"),
    ("nato-cm-2002-49", "NATO", "DEU", "NS", "mark_is_listed"),
    ("nato-cm-2002-49", "NATO", "DEU", "NATO UNCLASSIFIED", "level_within_agreement"),
    ("pl-occar-essor-2009", "OCCAR", "POL", "OCCAR SECRET", ("TAJNE",)),
    # Two levels on one side and four on the other: a relation, not a map.
    ("cz-sk-2000", "SVK", "CZE", "TAJNÉ", ("DŮVĚRNÉ", "VYHRAZENÉ")),
    ("cz-sk-2000", "SVK", "CZE", "PRÍSNE TAJNÉ", ("PŘÍSNĚ TAJNÉ", "TAJNÉ", "DŮVĚRNÉ")),
    ("cz-sk-2000", "CZE", "SVK", "TAJNÉ", ("PRÍSNE TAJNÉ",)),
    ("cz-sk-2000", "CZE", "SVK", "DŮVĚRNÉ", ("TAJNÉ",)),
    ("cz-sk-2000", "CZE", "SVK", "VYHRAZENÉ", ("TAJNÉ",)),
    ("cz-sk-2000", "CZE", "SVK", "PRÍSNE TAJNÉ", "mark_is_listed"),
    # There and back is one level up; rows without a direction go both ways.
    ("cz-ru-2003", "CZE", "RUS", "DŮVĚRNÉ", ("секретно",)),
    ("cz-ru-2003", "RUS", "CZE", "секретно", ("TAJNÉ",)),
    ("cz-ru-2003", "RUS", "CZE", "для служебного пользования", ("VYHRAZENÉ",)),
    ("cz-ru-2003", "CZE", "RUS", "PŘÍSNĚ TAJNÉ", ("совершенно секретно",)),
    ("cz-fr-2005", "CZE", "FRA", "VYHRAZENÉ", "mark_has_counterpart"),
    ("cz-fr-2005", "FRA", "CZE", "SECRET DÉFENSE", ("TAJNÉ",)),
    # A mark inside another is not that mark.
    ("pl-ge-2015", "GEO", "POL", "SAIDUMLO", ("POUFNE",)),
    ("pl-ge-2015", "GEO", "POL", "SRULIAD SAIDUMLO", ("TAJNE",)),
    ("pl-ge-2015", "GEO", "POL", "SRULIAD", "mark_is_listed"),
    ("pl-no-2007", "NO", "PL", "STRENGT HEMMELIG", ("ŚCIŚLE TAJNE",)),
    ("at-de-2007", "AUT", "DEU", "GEHEIM", ("GEHEIM",)),
    # Appendix B: the same word is another level elsewhere.
    (SHARED, "ESP", "EU", "RESERVADO", ("SECRET UE/EU SECRET",)),
    (SHARED, "PRT", "EU", "Reservado", ("RESTREINT UE/EU RESTRICTED",)),
    (SHARED, "ITA", "ESP", "Riservato", ("DIFUSIÓN LIMITADA",)),
    (SHARED, "ROU", "IRL", "Strict secret", ("Secret",)),
    (SHARED, "ROU", "IRL", "Secret", ("Confidential",)),
    (SHARED, "BEL", "NLD", "Vertrouwelijk", ("Stg. CONFIDENTIEEL",)),
    (SHARED, "NLD", "BEL", "Dep. VERTROUWELIJK", "mark_has_counterpart"),
    (SHARED, "DEU", "BEL", "GEHEIM", ("Secret", "Geheim")),
    (SHARED, "EU", "FIN", "SECRET UE/EU SECRET", ("SALAINEN", "HEMLIG")),
    (SHARED, "BGR", "GRC", "Секретно", ("Απόρρητο",)),
    # Older French marks are read, and given to no new item.
    (SHARED, "FRA", "CZE", "CONFIDENTIEL DÉFENSE", ("Důvěrné",)),
    (SHARED, "CZE", "FRA", "Důvěrné", "mark_has_counterpart"),
    (SHARED, "FRA", "CZE", "SECRET DÉFENSE", ("Tajné",)),
    (SHARED, "CZE", "FRA", "Tajné", ("SECRET",)),
    ("eu-member-states-2011", "CZE", "POL", "Tajné", ("Tajne",)),
    # What is not known is refused.
    ("rok-japan-2012-draft", "KOR", "JPN", "군사II급비밀", "table_in_force"),
    ("tisa-2014", "KR-MND", "JP-MOD", "군사II급비밀", "table_is_known"),
    ("japan-germany-2021", "DEU", "JPN", "GEHEIM", "table_is_known"),
    ("nordic-gsa-2010", "FIN", "DNK", "SALAINEN", "table_is_known"),
    ("nordic-gsa-2010", "NOR", "DNK", "HEMMELIG", ("HEMMELIGT",)),
]


@pytest.mark.parametrize(("name", "from_party", "to_party", "mark", "expected"), ANSWERS)
def test_what_corresponds(
    name: str, from_party: str, to_party: str, mark: str, expected: tuple | str
) -> None:
    assert marks(name, from_party, to_party, mark) == expected


FLAGS = [
    ("rok-japan-2016", "KOR", "JPN", True),
    ("us-japan-2007", "USA", "JPN", False),
    ("at-de-2007", "AUT", "DEU", False),
    ("nordic-gsa-2010", "NOR", "DNK", False),
    ("cz-ru-2003", "CZE", "RUS", False),
    ("cz-de-2001", "CZE", "DEU", True),
    (SHARED, "CZE", "DEU", True),
    (SHARED, "CZE", "POL", "part"),
    (SHARED, "MLT", "POL", False),
    (SHARED, "CYP", "GRC", False),
    ("eu-member-states-2011", "CZE", "DEU", "part"),
    ("tisa-2014", "US-DoD", "KR-MND", "none"),
]


@pytest.mark.parametrize(("name", "one", "two", "expected"), FLAGS)
def test_what_nobody_read_says_so(name: str, one: str, two: str, expected: object) -> None:
    for provider, receiver in ((one, two), (two, one)):
        found = ask(name, provider, receiver, "GEHEIM")
        assert found.flag == expected
        answer = found.answer
        reasons = answer.refused if isinstance(answer, Refused) else [answer]
        assert all(r.verified == (expected is True) for r in reasons)


def test_the_flag_of_every_party_of_appendix_b() -> None:
    table = entry(SHARED).equivalence
    assert table
    by_flag: dict = {}
    for code, flag in table.party_verified.items():
        by_flag.setdefault(flag, set()).add(code)
    assert by_flag == {
        True: set("EU BEL BGR CZE DNK DEU EST IRL GRC ESP FRA HRV ITA".split()),
        "part": set("AUT FIN HUN LTU LVA NLD POL PRT ROU SWE SVN SVK".split()),
        False: {"CYP", "LUX", "MLT"},
    }
    assert table.parties == by_flag[True] | by_flag["part"] | by_flag[False]


# -- dates ----------------------------------------------------------------------


def test_a_table_of_2021_says_nothing_of_2020() -> None:
    assert marks(SHARED, "CZE", "DEU", "Tajné", utc("2020-01-01")) == "table_in_force"
    assert marks(SHARED, "CZE", "DEU", "Tajné", utc("2021-07-02")) == ("GEHEIM",)


def test_without_an_offset_a_day_begins_when_it_has_begun_everywhere() -> None:
    begins = utc("2021-07-01 12:00")  # midnight at UTC-12, the last place on earth
    tick = timedelta(microseconds=1)
    assert marks(SHARED, "CZE", "DEU", "Tajné", begins - tick) == "table_in_force"
    assert marks(SHARED, "CZE", "DEU", "Tajné", begins) == ("GEHEIM",)


def test_without_an_offset_a_table_is_over_when_its_day_is_over_anywhere() -> None:
    known = entry("pl-ee-2018")
    assert known.equivalence
    table = msgspec.structs.replace(known.equivalence, valid_until=date(2022, 1, 1))
    ended = msgspec.structs.replace(known, equivalence=table)
    over = utc("2021-12-31 10:00")  # midnight at UTC+14, the first place on earth
    before = corresponding(ended, "POL", "EST", "TAJNE", over - timedelta(microseconds=1))
    after = corresponding(ended, "POL", "EST", "TAJNE", over)
    assert isinstance(before.answer, Equivalents)
    assert isinstance(after.answer, Refused)
    short = msgspec.structs.replace(table, valid_from=date(2021, 12, 31))
    never = msgspec.structs.replace(known, equivalence=short)
    assert isinstance(corresponding(never, "POL", "EST", "TAJNE", over).answer, Refused)


def test_with_an_offset_it_is_the_agreements_own_midnight() -> None:
    midnight = utc("2016-11-22 15:00")
    tick = timedelta(microseconds=1)
    assert marks("rok-japan-2016", "JPN", "KOR", "秘", midnight) == ("군사III급비밀",)
    assert marks("rok-japan-2016", "JPN", "KOR", "秘", midnight - tick) == "table_in_force"


def test_a_table_without_a_day_answers_and_says_so() -> None:
    for at in (utc("1950-01-01"), AT):
        found = ask("cz-sk-2000", "SVK", "CZE", "TAJNÉ", at)
        assert isinstance(found.answer, Equivalents)
        assert not found.dated
        assert "The day from which this table holds is not known." in found.notes
    assert ask(SHARED, "CZE", "DEU", "Tajné").dated


@pytest.mark.parametrize(
    ("name", "pair", "said"),
    [
        ("cz-sk-2000", ("SVK", "CZE"), "the competent authorities agree which"),
        ("cz-de-2001", ("CZE", "DEU"), "VYHRAZENÉ as VS-VERTRAULICH"),
        ("cz-fr-2005", ("CZE", "FRA"), "DIFFUSION RESTREINTE"),
        ("pl-occar-essor-2009", ("POL", "OCCAR"), "It has ended"),
        ("tisa-2014", ("KR-MND", "US-DoD"), "binds nobody"),
        ("tisa-2014", ("KR-MND", "US-DoD"), "two bilateral agreements"),
        (SHARED, ("FRA", "CZE"), "Since 1 July 2021"),
    ],
)
def test_what_a_person_must_know_stands_beside(name: str, pair: tuple[str, str], said: str) -> None:
    assert any(said in note for note in ask(name, *pair, "x").notes)


def test_the_choice_is_told_one_way_only() -> None:
    assert not any("agree which" in n for n in ask("cz-sk-2000", "CZE", "SVK", "TAJNÉ").notes)


# -- what is refused ------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "one", "two", "expected"),
    [
        ("rok-japan-2016", "KOR", "KOR", "two different parties"),
        ("rok-japan-2016", "KR", "KOR", "two different parties"),
        ("rok-japan-2016", "KOR", "USA", "a party of rok-japan-2016: JPN, KOR"),
        ("nato-cm-2002-49", "NATO", "FRA", "a party of nato-cm-2002-49: NATO, DEU"),
        ("tisa-2014", "KOR", "JP-MOD", "a party of tisa-2014"),
        ("eu-member-states-2011", "CZE", "USA", "a party of eu-member-states-2011"),
    ],
)
def test_a_question_about_others_is_an_error(name: str, one: str, two: str, expected: str) -> None:
    with pytest.raises(BadInput, match=expected):
        ask(name, one, two, "x")


def test_an_instant_needs_its_offset() -> None:
    with pytest.raises(BadInput, match="an instant with offset"):
        ask("rok-japan-2016", "KOR", "JPN", "秘", NAIVE)


def test_organisations_mark_only_where_a_table_lets_them() -> None:
    table = LevelTable(
        valid_from=utc("2000-01-01"),
        valid_until=None,
        rows=({"NATO": ("A",), "DEU": ("B",)},),
        article="Art. 1",
        source="made up",
    )
    with pytest.raises(BadInput, match="three capital letters"):
        Equivalence([table])


# -- laws -----------------------------------------------------------------------

TABLES = [e for e in entries() if e.equivalence and e.equivalence.rows]
listed = st.sampled_from(
    [
        (e.id, party, mark)
        for e in TABLES
        if e.equivalence
        for row in e.equivalence.rows
        for party, texts in row.marks.items()
        for mark in texts
    ]
)


@given(listed, st.data())
def test_rows_without_direction_go_there_and_back(case: tuple, data: st.DataObject) -> None:
    name, party, mark = case
    table = entry(name).equivalence
    assert table
    if name == "rok-japan-2012-draft" or table.directed:
        return
    other = data.draw(st.sampled_from(sorted(table.parties - {party})))
    there = marks(name, party, other, mark)
    if isinstance(there, tuple):
        assert all(mark in marks(name, other, party, back) for back in there)


@given(listed, st.sampled_from(["x", "X ", " - copy", "/"]))
def test_a_mark_with_anything_beside_it_is_not_that_mark(case: tuple, more: str) -> None:
    name, party, mark = case
    if name == "rok-japan-2012-draft":
        return
    table = entry(name).equivalence
    assert table
    other = next(iter(sorted(table.parties - {party})))
    assert marks(name, party, other, mark + more) in ("mark_is_listed", "table_is_known")


@pytest.mark.parametrize(
    "mark", ["군사I급비밀", "군사II급비밀", "군사III급비밀", "秘", "x", "極 秘"]
)
def test_the_entry_of_2016_answers_as_its_pack(mark: str) -> None:
    pack = equivalence_of(shipped("rok-japan-2016"))
    for pair in (("KOR", "JPN"), ("JPN", "KOR")):
        mine, theirs = (
            ask("rok-japan-2016", *pair, mark).answer,
            pack.corresponding(*pair, mark, AT),
        )
        assert type(mine) is type(theirs)
        if isinstance(mine, Equivalents):
            assert mine == theirs
        else:
            assert isinstance(theirs, Refused)
            assert [r.rule for r in mine.refused] == [r.rule for r in theirs.refused]
