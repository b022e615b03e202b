"""From portions to a banner, and between US banners and the marks of this package."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsomia.marking import KOR, Mark, Original, Releasability, derive, own
from gsomia.marking.national import USA
from gsomia.marking.us import (
    VOCABULARY,
    Breach,
    Group,
    UsMark,
    arrival,
    banner,
    banner_of,
    check,
    notes,
    parse_banner,
    parse_portion,
    released,
    roll_up,
    withholds,
)
from tests.marking.us_strategies import marks, releases

PARTIES = ("USA", "AUS", "CAN", "DEU", "GBR", "JPN", "KOR", "NATO")


def read(text: str) -> UsMark:
    found = parse_portion(text) if text.startswith("(") else parse_banner(text)
    assert isinstance(found, UsMark), (text, found)
    return found


def rolled(*texts: str) -> str | list[str]:
    found = roll_up(map(read, texts))
    return banner(found) if isinstance(found, UsMark) else [b.rule for b in found]


TABLE_3 = [
    (1, ["(S//NF)", "(S)"], "SECRET//NOFORN"),
    (2, ["(S//NF)", "(S//REL TO USA, KOR)"], "SECRET//NOFORN"),
    (3, ["(S//NF)", "(U//SBU-NF)"], "SECRET//NOFORN"),
    (4, ["(S)", "(U//SBU-NF)"], "SECRET//NOFORN"),
    (6, ["(S//NF)", "(U//LES-NF)"], "SECRET//NOFORN//LES"),
    (7, ["(S)", "(U//LES-NF)"], "SECRET//NOFORN//LES"),
    (9, ["(S//REL TO USA, KOR)", "(S//REL TO USA, JPN)"], "SECRET//NOFORN"),
    (10, ["(S//REL TO USA, KOR)", "(S//RELIDO)"], "SECRET//NOFORN"),
    (11, ["(S//REL TO USA, KOR)", "(S//DISPLAY ONLY JPN)"], "SECRET//NOFORN"),
    (12, ["(S//REL TO USA, KOR/RELIDO)", "(S)"], "SECRET//NOFORN"),
    (14, ["(S//REL TO USA, KOR)", "(U//SBU-NF)"], "SECRET//NOFORN"),
    (15, ["(S//REL TO USA, KOR)", "(U//LES-NF)"], "SECRET//NOFORN//LES"),
    (16, ["(S//REL TO USA, KOR)", "(S)"], "SECRET//NOFORN"),
    (17, ["(S//RELIDO)", "(S)"], "SECRET//NOFORN"),
    (18, ["(S//RELIDO)", "(S//DISPLAY ONLY KOR)"], "SECRET//NOFORN"),
    (19, ["(S//DISPLAY ONLY KOR)", "(S)"], "SECRET//NOFORN"),
    (20, ["(S//DISPLAY ONLY KOR)", "(S//DISPLAY ONLY JPN)"], "SECRET//NOFORN"),
    (21, ["(S//REL TO USA, JPN, KOR)", "(C//REL TO USA, KOR)"], "SECRET//REL TO USA, KOR"),
    (23, ["(S//REL TO USA, FVEY)", "(S//REL TO USA, AUS, KOR)"], "SECRET//REL TO USA, AUS"),
    (23, ["(S//REL TO USA, FVEY)", "(S//REL TO USA, ACGU)"], "SECRET//REL TO USA, AUS, CAN, GBR"),
    (23, ["(S//REL TO USA, FVEY)", "(S//REL TO USA, KOR, FVEY)"], "SECRET//REL TO USA, FVEY"),
    (24, ["(S//RELIDO)", "(C//RELIDO)"], "SECRET//RELIDO"),
    (
        25,
        ["(S//DISPLAY ONLY JPN, KOR)", "(S//DISPLAY ONLY KOR)"],
        "SECRET//DISPLAY ONLY KOR",
    ),
    (26, ["(S//DISPLAY ONLY KOR)", "(S//REL TO USA, JPN, KOR)"], "SECRET//DISPLAY ONLY KOR"),
    (
        27,
        ["(S//REL TO USA, KOR/DISPLAY ONLY JPN)", "(S//REL TO USA, KOR/DISPLAY ONLY AUS, JPN)"],
        "SECRET//REL TO USA, KOR/DISPLAY ONLY JPN",
    ),
]


@pytest.mark.parametrize("rule, portions, expected", TABLE_3)
def test_the_precedence_of_release_markings(rule, portions, expected) -> None:
    """Table 3, by the number of its rule; those on EYES ONLY have no portion that could be read."""
    assert rolled(*portions) == expected
    assert rolled(*reversed(portions)) == expected


OTHERS = [
    (["(U)"], "UNCLASSIFIED"),
    (["(S)", "(U)"], "SECRET"),
    (["(U)", "(S//REL TO USA, KOR)"], "SECRET//REL TO USA, KOR"),
    (["(C//REL TO USA, KOR)", "(//KOR S//REL TO USA, KOR)"], "SECRET//FGI KOR//REL TO USA, KOR"),
    (["(S)", "(//KOR S)", "(//FGI C)"], "SECRET//FGI"),
    (["(S//FGI JPN//NF)", "(S//NF)", "(//KOR S//NF)"], "SECRET//FGI JPN KOR//NOFORN"),
    (["(//NS//ATOMAL)", "(S//RD//NF)"], "SECRET//RD/ATOMAL//FGI NATO//NOFORN"),
    (["(S//RD-SG 14//NF)", "(TS//FRD-SG 18//NF)"], "TOP SECRET//RD-SIGMA 14 18//NOFORN"),
    (["(S//NF)", "(U//DCNI)"], "SECRET//NOFORN"),
    (["(S//REL TO USA, KOR)", "(U//DCNI)"], "SECRET//NOFORN"),
    (["(U//DCNI)"], "UNCLASSIFIED//DOD UCNI"),
    (["(TS//SI-G ABCD//OC/NF)", "(TS//SI-ABC-G EFGH/TK//OC/NF)"],
     "TOP SECRET//SI-ABC-G ABCD EFGH/TK//ORCON/NOFORN"),
    (["(S//SAR-BP//NF)", "(S//SAR-ABC-DEF 1//NF)"], "SECRET//SAR-ABC-DEF 1/BP//NOFORN"),
    (["(S//OC/NF)", "(S//OC-USGOV/NF)"], "SECRET//ORCON/NOFORN"),
    (["(U//FOUO)", "(U)"], "UNCLASSIFIED//FOUO"),
    (["(U//FOUO)", "(S//NF)"], "SECRET//NOFORN"),
    (["(U//FOUO)", "(U//PR)"], "UNCLASSIFIED//PROPIN"),
    (["(U//FOUO)", "(U//SBU)"], "UNCLASSIFIED//SBU"),
    (["(U//SBU)", "(U//SBU-NF)"], "UNCLASSIFIED//NOFORN//SBU NOFORN"),
    (["(U//LES-NF)"], "UNCLASSIFIED//LES NOFORN"),
    (["(S//NF//XD)", "(S//NF//ND)"], "SECRET//NOFORN//NODIS"),
    (["(S//NF)", "(U//DS)"], "SECRET//NOFORN"),
    (["(//JOINT S KOR USA//REL TO USA, KOR)", "(//JOINT C KOR USA//REL TO USA, KOR)"],
     "//JOINT SECRET KOR USA//REL TO USA, KOR"),
    (["(//JOINT S KOR USA//REL TO USA, KOR)", "(C//REL TO USA, KOR)"],
     "SECRET//FGI KOR//REL TO USA, KOR"),
]  # fmt: skip


@pytest.mark.parametrize("portions, expected", OTHERS)
def test_the_other_categories(portions: list[str], expected: str) -> None:
    assert rolled(*portions) == expected


@pytest.mark.parametrize(
    "portions, rules",
    [
        ([], ["portions"]),
        (["(//KOR R)", "(U)"], ["restricted_highest"]),
        (["(//CTS//BOHEMIA)", "(S)"], ["nato_program_banner"]),
    ],
)
def test_where_a_person_decides(portions: list[str], rules: list[str]) -> None:
    assert rolled(*portions) == rules


def test_a_portion_that_breaks_a_rule_is_named() -> None:
    wrong = UsMark(read("(S)").level, dissemination=("FOUO",))
    found = roll_up([read("(S)"), wrong])
    assert isinstance(found, tuple)
    assert [(b.rule, b.where) for b in found] == [("fouo_unclassified", "portion 2, dissemination")]


@given(st.lists(marks(portion=True), min_size=1, max_size=4), st.sampled_from(PARTIES))
def test_whoever_passes_the_banner_passes_each_portion(parts: list[UsMark], party: str) -> None:
    """The invariant on release, and that a banner is always one that may stand."""
    whole = roll_up(parts)
    if isinstance(whole, UsMark):
        assert not check(whole)
        assert whole.level == max(part.level for part in parts)
        if not withholds(whole, party):
            assert not any(withholds(part, party) for part in parts)


@given(
    st.lists(st.builds(UsMark, st.just(read("(S)").level), release_to=releases), min_size=1),
    st.sampled_from(PARTIES),
)
def test_a_release_list_is_what_all_portions_share(parts: list[UsMark], party: str) -> None:
    """Both ways: where every portion is released, so is the banner."""
    whole = roll_up(parts)
    assert isinstance(whole, UsMark)
    assert withholds(whole, party) == any(withholds(part, party) for part in parts)


@given(st.lists(marks(portion=True), min_size=1, max_size=4), st.randoms())
def test_the_order_of_portions_does_not_matter(parts: list[UsMark], chance) -> None:
    other = [*parts, parts[0]]
    chance.shuffle(other)
    one, two = roll_up(parts), roll_up(other)
    assert isinstance(one, UsMark) == isinstance(two, UsMark)
    if isinstance(one, UsMark):
        assert one == two


def test_who_is_not_withheld_from() -> None:
    assert not withholds(read("SECRET//REL TO USA, FVEY"), "GBR")
    assert withholds(read("SECRET//REL TO USA, NATO"), "DEU")
    assert not withholds(read("UNCLASSIFIED"), "KOR")
    for text in ("SECRET", "SECRET//NOFORN", "SECRET//DISPLAY ONLY KOR", "UNCLASSIFIED//FOUO"):
        assert withholds(read(text), "KOR")
        assert not withholds(read(text), "USA")


# -- between a US node and ours


def test_what_a_partner_takes_from_a_banner() -> None:
    found = arrival(read("SECRET//ORCON/REL TO USA, JPN, KOR"), "KOR")
    assert not isinstance(found, tuple)
    assert found.original == Original("USA", "SECRET")
    assert found.releasable_to == Releasability.parse(["USA", "JPN", "KOR"])
    assert found.caveats == {"ORCON"}
    assert found.others == ()


def test_of_foreign_sources_the_mark_as_issued_is_needed() -> None:
    """The banner names the state alone; nothing is made up for it."""
    told = read("SECRET//FGI JPN//REL TO USA, JPN, KOR")
    refused = arrival(told, "KOR")
    assert isinstance(refused, tuple)
    assert [b.rule for b in refused] == ["crosses_sources"]
    found = arrival(told, "KOR", {"JPN": "極秘"})
    assert not isinstance(found, tuple)
    assert found.others == (Original("JPN", "極秘"),)


@pytest.mark.parametrize(
    "text, rules",
    [
        ("SECRET//NOFORN", ["release_said"]),
        ("SECRET", ["release_said"]),
        ("SECRET//REL TO USA, JPN", ["release_said"]),
        ("SECRET//REL TO USA, KOR, NATO", ["group_known"]),
        ("SECRET//SI//REL TO USA, KOR", ["crosses_controls"]),
        ("SECRET//REL TO USA, KOR//SSI", ["crosses_controls"]),
        ("SECRET//FGI//REL TO USA, KOR", ["crosses_sources"]),
        ("UNCLASSIFIED//REL TO USA, KOR", ["crosses_classified"]),
        ("//KOR SECRET//REL TO USA, KOR", ["crosses_owner"]),
        ("//JOINT SECRET KOR USA//REL TO USA, KOR", ["crosses_owner"]),
    ],
)
def test_what_does_not_cross(text: str, rules: list[str]) -> None:
    assert not isinstance(arrival(read("SECRET//REL TO USA, KOR"), "KOR"), tuple)
    found = arrival(read(text), "KOR")
    assert isinstance(found, tuple)
    assert [b.rule for b in found] == rules


def test_a_group_whose_members_nobody_read_releases_to_nobody() -> None:
    text = "SECRET//REL TO USA, KOR, TEST"
    for verified in (True, False):
        wider = VOCABULARY.wider([Group("TEST", frozenset({"JPN"}), "ours", verified)])
        mark = parse_banner(text, vocabulary=wider)
        assert isinstance(mark, UsMark)
        found = released(mark, wider)
        if verified:
            assert found == Releasability.parse(["JPN", "KOR", "USA"])
        else:
            assert found == (Breach("group_known", "dissemination"),)


def test_released_states() -> None:
    assert released(read("SECRET//NOFORN")) == Releasability.parse(["USA"])
    assert released(read("SECRET//REL TO USA, ACGU")) == Releasability.parse(
        ["AUS", "CAN", "GBR", "USA"]
    )


@given(
    st.sampled_from(("CONFIDENTIAL", "SECRET", "TOP SECRET")),
    st.frozensets(st.sampled_from(("JPN", "KOR", "AUS")), max_size=3),
    st.frozensets(st.sampled_from(("ORCON", "PROPIN")), max_size=2),
)
def test_an_own_mark_and_its_banner_say_the_same(level, parties, caveats) -> None:
    """There and back, for every mark that has a banner and a receiver."""
    to = Releasability(parties | {"USA"})
    told = banner_of(own(USA, level, to, caveats))
    assert isinstance(told, UsMark)
    assert parse_banner(banner(told)) == told
    assert released(told) == to
    for party in parties:
        found = arrival(told, party)
        assert not isinstance(found, tuple)
        assert (found.original.text, found.releasable_to, found.caveats) == (level, to, caveats)


def test_the_banner_of_derived_material_names_its_sources() -> None:
    to = Releasability.parse(["USA", "KOR"])
    source = Mark("USA", ("SECRET",), (Original("KOR", "군사II급비밀"),), to)
    told = banner_of(derive(USA, [source]))
    assert isinstance(told, UsMark)
    assert banner(told) == "SECRET//FGI KOR//REL TO USA, KOR"
    for mark, rule in [
        (source, "crosses_receiver"),
        (own(KOR, "군사II급비밀", to), "crosses_receiver"),
        (own(USA, "SECRET", Releasability()), "release_said"),
        (own(USA, "SECRET", to, ["EYES"]), "crosses_caveats"),
        (own(USA, "SECRET", to, ["NOFORN"]), "crosses_caveats"),
        (own(USA, "SECRET", to, ["RELIDO"]), "crosses_caveats"),
    ]:
        refused = banner_of(mark)
        assert isinstance(refused, tuple)
        assert rule in [b.rule for b in refused]


@pytest.mark.parametrize(
    "text, keys",
    [
        ("SECRET//NOFORN", []),
        ("SECRET", ["nothing_said"]),
        ("SECRET//FGI KOR//ORCON/REL TO USA, KOR", ["fgi", "orcon", "rel_to"]),
        ("SECRET//FGI//NOFORN", ["fgi_concealed", "fgi"]),
        ("//KOR SECRET", ["foreign", "nothing_said"]),
        ("//NATO SECRET//ATOMAL//REL TO USA, NATO",
         ["foreign", "program_unread", "rel_to", "unread_group"]),
        ("SECRET//TK-ABC//RELIDO", ["unpublished", "relido"]),
        ("SECRET//RD//DISPLAY ONLY KOR", ["atomic", "display_only"]),
        ("//JOINT SECRET KOR USA//REL TO USA, KOR", ["joint", "rel_to"]),
    ],
)  # fmt: skip
def test_notes(text: str, keys: list[str]) -> None:
    found = notes(read(text))
    assert [note.key for note in found] == keys
    assert all(note.text and re.match(r"[A-J]\.", note.source) for note in found)
