"""US marks: what is read, which rule each bad mark breaks, and that writing is reading back."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsomia.faults import BadInput
from gsomia.marking.us import (
    RULES,
    UNREAD_GROUPS,
    VOCABULARY,
    Compartment,
    Control,
    Group,
    Kind,
    Level,
    Nuclear,
    UsMark,
    banner,
    check,
    parse_banner,
    parse_portion,
    portion,
)
from tests.marking.us_strategies import any_mark, marks

FOLDER = Path(os.environ.get("GSOMIA_VECTORS", "nowhere")) / "labels" / "us-markings"
needs_vectors = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="GSOMIA_VECTORS names no folder with the US marking strings"
)

DEVIATIONS = {
    "//JOINT SECRET CAN USA": "joint_release",
    "//JOINT TOP SECRET CAN DEU USA": "joint_release",
    "//JOINT S CAN USA": "joint_release",
    "SECRET//HCS//NOFORN": "hcs_compartment",
    "TOP SECRET//TK-ABC X Y Z/COMINT//ORCON": "unknown",
    "SECRET//ORCON/PROPIN/NOFORN": "value_order",
}
"""Valid for the program the strings come from, which follows the DoD manual of 2012; refused here
by the manual of 2016: JOINT needs REL TO, HCS a compartment; COMINT is not in its register
(SI is); NOFORN stands before PROPIN. docs/marks.md says so too."""

PARAGRAPHS = {
    "2.c.": "restricted_not_us",
    "2.d.": "noforn_alone",
    "4.b.2.a.": "nato_form",
    "4.b.2.c.": "nato_program",
    "4.b.3.": "nato_noforn",
    "5.d.": "joint_level",
    "6.c.": "unknown",
    "9.a.": "fgi_here",
    "9.b.": "restricted_not_us",
    "9.d.": "code_order",
    "10.b.1.": "fouo_unclassified",
    "10.d.3.": "restricted_not_us",
    "10.e.4.": "rel_usa_first",
    "10.e.5.": "rel_more",
    "10.e.7.": "rel_usa_first",
    "10.g.5.": "code_order",
}
"""By paragraph of the DoD manual that a string breaks: our rule. Of 2.d. with NODIS the rule is
that NODIS needs NOFORN."""


def rows() -> Iterator[list[str]]:
    if FOLDER.is_dir():
        for line in (FOLDER / "us-banner-portion.tsv").read_text("utf-8").splitlines():
            if not line.startswith("#"):
                yield line.split("\t")


def read(text: str, kind: str = "banner") -> UsMark | tuple[str, ...]:
    found = parse_banner(text) if kind == "banner" else parse_portion(text)
    return found if isinstance(found, UsMark) else tuple(b.rule for b in found)


def good(text: str) -> UsMark:
    found = parse_portion(text) if text.startswith("(") else parse_banner(text)
    assert isinstance(found, UsMark), found
    return found


def _says(mark: UsMark, facts: str) -> None:
    """Hold the facts that the strings come with against what was read."""
    for fact in facts.split(";"):
        name, _, value = fact.partition("=")
        told = {
            "type": {Kind.US: "US", Kind.JOINT: "JOINT"}.get(mark.kind, "FGI"),
            "class": mark.level.word,
            "owner": ",".join(mark.owners),
            "sci": ",".join(c.name for c in mark.sci),
            "sap": ",".join(c.name for c in mark.sap),
            "fgi": ",".join(mark.fgi or ()),
            "concealed": str(mark.fgi == ()).lower(),
            "dissem": ",".join(mark.dissemination),
            "rel": ",".join(mark.release_to),
            "display": ",".join(mark.display_to),
        }
        assert told[name] == value, fact


@needs_vectors
def test_the_strings_of_another_program_get_their_verdicts() -> None:
    """Every row; where we differ, the rule of 2016 that decides is the one listed."""
    seen, differing = 0, set()
    for kind, text, verdict, facts, _ in rows():
        seen += 1
        found = read(text, kind)
        if text in DEVIATIONS:
            differing.add(text)
            assert (verdict, found) == ("valid", (DEVIATIONS[text],)), text
        elif verdict == "valid":
            assert isinstance(found, UsMark), (text, found)
            _says(found, facts)
        else:
            assert isinstance(found, tuple), text
            for paragraph in filter(None, facts.split(",")):
                nodis = paragraph == "2.d." and text.endswith("NODIS")
                rule = "distribution_noforn" if nodis else PARAGRAPHS[paragraph]
                assert rule in found, (text, found)
    assert seen == 41
    assert differing == set(DEVIATIONS)


GOOD = [
    "UNCLASSIFIED",
    "UNCLASSIFIED//FOUO",
    "UNCLASSIFIED//NOFORN",
    "SECRET//NOFORN",
    "SECRET//REL TO USA, KOR",
    "SECRET//REL TO USA, JPN, KOR, ISAF, NATO",
    "SECRET//FGI JPN KOR",
    "SECRET//FGI GBR JPN NATO//REL TO USA, GBR, JPN, NATO",
    "SECRET//RD-CNWDI//REL TO USA, GBR",
    "SECRET//RD-SIGMA 18 20",
    "SECRET//RD/ATOMAL//FGI NATO//NOFORN",
    "SECRET//SAR-ABC-DEF 123/SDA-121//NOFORN",
    "TOP SECRET//SAR-BUTTER POPCORN/SODA",
    "TOP SECRET//SI-ABC-EFG-G PXYZ//ORCON/NOFORN",
    "TOP SECRET//HCS-O-P ABC/SI-G/TK-BLFH//ORCON/NOFORN",
    "TOP SECRET//TK//RSEN/REL TO USA, ACGU",
    "SECRET//REL TO USA, KOR/RELIDO",
    "SECRET//NOFORN//EXDIS",
    "SECRET//NOFORN//LES",
    "UNCLASSIFIED//SBU NOFORN/LES NOFORN",
    "SECRET//REL TO USA, KOR//SSI",
    "//KOR SECRET",
    "//KOR SECRET//REL TO USA, KOR",
    "//CAN GBR SECRET",
    "//COSMIC TOP SECRET//BOHEMIA",
    "//NATO RESTRICTED",
    "//JOINT SECRET KOR USA//REL TO USA, KOR",
    "//JOINT SECRET CAN GBR USA//REL TO USA, FVEY",
    "//JOINT SECRET KOR USA//FGI JPN//REL TO USA, JPN, KOR",
]


@pytest.mark.parametrize("text", GOOD)
def test_a_banner_is_read_and_written_again(text: str) -> None:
    assert banner(good(text)) == text


PORTIONS = [
    "(U)",
    "(U//FOUO)",
    "(S//NF)",
    "(S//REL TO USA, KOR)",
    "(//KOR S)",
    "(//CTS//BOHEMIA)",
    "(//NC//ATOMAL)",
    "(//FGI S//REL TO USA, GBR)",
    "(S//FGI AUS GBR)",
    "(S//RD-SG 20)",
    "(TS//SI-G//OC/NF)",
    "(S//SAR-BP//DSEN)",
    "(U//DCNI)",
    "(U//SBU-NF)",
    "(S//LES-NF)",
    "(S//NF//XD)",
    "(//JOINT S KOR USA//REL TO USA, KOR)",
]


@pytest.mark.parametrize("text", PORTIONS)
def test_a_portion_is_read_and_written_again(text: str) -> None:
    assert portion(good(text)) == text
    assert parse_portion(text[1:-1]) == good(text)


BAD = [
    ("SECRET", "SECRET//", ("empty",)),
    ("SECRET//NOFORN", "SECRET////NOFORN", ("empty",)),
    ("SECRET//NOFORN", "SECRET///NOFORN", ("empty",)),
    ("SECRET//NOFORN", "SECRET // NOFORN", ("separator", "separator")),
    ("SECRET//NOFORN", "S//NOFORN", ("spelled_out",)),
    ("SECRET//NOFORN", "SECRET//NF", ("spelled_out",)),
    ("(S//NF)", "(S//NOFORN)", ("portion_marks",)),
    ("(S//NF)", "(SECRET//NF)", ("portion_marks",)),
    ("//KOR SECRET", "//KOR S", ("spelled_out",)),
    ("//KOR SECRET", "KOR SECRET", ("classification",)),
    ("//KOR SECRET", "//USA SECRET", ("owner_foreign",)),
    ("//KOR SECRET", "//KOR SECRET//SI", ("category_here",)),
    ("//CAN GBR SECRET", "//GBR CAN SECRET", ("code_order",)),
    ("(//FGI S)", "//FGI SECRET", ("concealed_portion",)),
    ("//COSMIC TOP SECRET", "//NATO TOP SECRET", ("nato_form",)),
    ("//NATO SECRET", "//GBR NATO SECRET", ("nato_form",)),
    ("//NATO SECRET//ATOMAL", "//NATO SECRET//BALK", ("nato_program",)),
    ("SECRET//REL TO USA, KOR", "SECRET//REL TO USA, ROK", ("code_known",)),
    ("SECRET//REL TO USA, KOR", "SECRET//REL TO USA,KOR", ("separator",)),
    ("SECRET//REL TO USA, KOR", "SECRET//REL TO KOR, USA", ("rel_usa_first",)),
    ("SECRET//REL TO USA, KOR", "SECRET//REL TO USA", ("rel_more",)),
    ("SECRET//REL TO USA, JPN, KOR", "SECRET//REL TO USA, KOR, JPN", ("code_order",)),
    ("SECRET//REL TO USA, JPN, KOR", "SECRET//REL TO USA, JPN, JPN", ("code_order",)),
    ("SECRET//REL TO USA, KOR", "SECRET//NOFORN/REL TO USA, KOR", ("noforn_alone",)),
    ("SECRET//RELIDO", "SECRET//NOFORN/RELIDO", ("noforn_alone",)),
    ("SECRET//NOFORN", "SECRET//NOFORN/NOFORN", ("value_order",)),
    ("SECRET//NOFORN//LES", "SECRET//NOFORN/LES", ("one_category",)),
    ("SECRET//NOFORN//LES", "SECRET//LES//NOFORN", ("category_order",)),
    ("SECRET//ORCON/NOFORN", "SECRET//ORCON//NOFORN", ("category_order",)),
    ("SECRET//ORCON", "UNCLASSIFIED//ORCON", ("orcon_level",)),
    ("SECRET//ORCON", "SECRET//ORCON/ORCON-USGOV", ("orcon_once",)),
    ("SECRET//ORCON", "SECRET//ORCON/RELIDO", ("relido_orcon",)),
    ("SECRET//DISPLAY ONLY KOR", "SECRET//RELIDO/DISPLAY ONLY KOR", ("relido_display",)),
    ("SECRET//IMCON", "CONFIDENTIAL//IMCON", ("secret_control",)),
    ("UNCLASSIFIED//FOUO", "UNCLASSIFIED//FOUO/PROPIN", ("fouo_banner",)),
    ("SECRET//FGI KOR", "SECRET//FGI USA", ("fgi_foreign",)),
    ("SECRET//REL TO USA, GBR", "SECRET//USA/GBR EYES ONLY", ("eyes_only",)),
    ("SECRET//TK", "CONFIDENTIAL//TK", ("sci_level",)),
    ("SECRET//SI/TK", "SECRET//TK/SI", ("value_order",)),
    ("TOP SECRET//SI-ABC", "SECRET//SI-ABC", ("top_secret_compartment",)),
    ("TOP SECRET//SI-ABC", "TOP SECRET//SI-ECI", ("sci_compartment",)),
    ("TOP SECRET//SI-G//ORCON", "TOP SECRET//SI-G", ("compartment_orcon",)),
    ("SECRET//HCS-P//NOFORN", "SECRET//HCS-P", ("compartment_noforn",)),
    ("SECRET//HCS-P//NOFORN", "SECRET//HCS-X//NOFORN", ("sci_compartment",)),
    ("SECRET//SAR-BP", "UNCLASSIFIED//SAR-BP", ("sap_level",)),
    ("(S//SAR-BP)", "(S//SAR-BUTTER)", ("sap_portion",)),
    ("SECRET//RD", "UNCLASSIFIED//RD", ("nuclear_level",)),
    ("SECRET//RD-CNWDI", "SECRET//FRD-CNWDI", ("nuclear_subset",)),
    ("SECRET//RD-SIGMA 14 18", "SECRET//RD-SIGMA 18 14", ("value_order",)),
    ("SECRET//RD", "SECRET//RD/FRD", ("nuclear_precedence",)),
    ("SECRET//RD-SIGMA 14", "SECRET//RD-SIGMA XIV", ("unknown",)),
    ("SECRET//SI/TK", "SECRET//SI-/TK", ("unknown",)),
    ("SECRET//SAR-BP", "SECRET//SAR-", ("empty",)),
    ("SECRET//SAR-BP/SDA", "SECRET//SAR-BP/,", ("unknown",)),
    ("SECRET//SAR-BP/SDA", "SECRET//SAR-SDA/BP", ("value_order",)),
    ("(S//SAR-BP)", "(S//SPECIAL ACCESS REQUIRED-BP)", ("portion_marks",)),
    ("SECRET//FGI JPN KOR", "SECRET//FGI JPN/FGI KOR", ("value_order",)),
    (
        "//JOINT SECRET KOR USA//REL TO USA, KOR",
        "//JOINT S KOR USA//REL TO USA, KOR",
        ("spelled_out",),
    ),
    (
        "//JOINT SECRET KOR USA//REL TO USA, KOR",
        "//JOINT KOR USA//REL TO USA, KOR",
        ("classification",),
    ),
    (
        "(//JOINT S KOR USA//REL TO USA, KOR)",
        "(//JOINT SECRET KOR USA//REL)",
        ("portion_marks", "rel_banner"),
    ),
    ("UNCLASSIFIED//DOD UCNI", "SECRET//DOD UCNI", ("ucni_unclassified",)),
    ("UNCLASSIFIED//LIMDIS", "SECRET//LIMDIS", ("non_ic_unclassified",)),
    ("SECRET//NOFORN//NODIS", "SECRET//NODIS", ("distribution_noforn",)),
    ("SECRET//NOFORN//NODIS", "SECRET//NOFORN//EXDIS/NODIS", ("exdis_nodis",)),
    ("UNCLASSIFIED//LES NOFORN", "UNCLASSIFIED//LES/LES NOFORN", ("non_ic_precedence",)),
    ("SECRET//NOFORN//LES", "SECRET//LES NOFORN", ("les_noforn_banner",)),
    ("//JOINT SECRET KOR USA//REL TO USA, KOR", "//JOINT SECRET KOR USA", ("joint_release",)),
    (
        "//JOINT SECRET KOR USA//REL TO USA, KOR",
        "//JOINT SECRET USA KOR//REL TO USA, KOR",
        ("code_order",),
    ),
    (
        "//JOINT SECRET KOR USA//REL TO USA, KOR",
        "//JOINT SECRET JPN KOR//REL TO USA, JPN, KOR",
        ("joint_usa",),
    ),
    (
        "//JOINT SECRET KOR USA//REL TO USA, KOR",
        "//JOINT SECRET KOR USA//NOFORN",
        ("joint_noforn",),
    ),
    (
        "//JOINT SECRET KOR USA//REL TO USA, KOR",
        "//JOINT RESTRICTED KOR USA//REL TO USA, KOR",
        ("joint_level",),
    ),
    (
        "//JOINT SECRET KOR USA//REL TO USA, KOR",
        "//JOINT SECRET//REL TO USA, KOR",
        ("joint_list",),
    ),
]


@pytest.mark.parametrize("twin, text, rules", BAD)
def test_a_bad_mark_names_its_rule_and_its_twin_is_read(
    twin: str, text: str, rules: tuple[str, ...]
) -> None:
    assert isinstance(good(twin), UsMark)
    assert read(text, "portion" if text.startswith("(") else "banner") == rules


def test_every_rule_about_a_mark_is_broken_by_a_row() -> None:
    """So that no rule is only a sentence."""
    told = {rule for row in BAD for rule in row[2]} | set(DEVIATIONS.values())
    told |= {"unknown", "fgi_here", "nato_noforn", "fouo_unclassified", "restricted_not_us"}
    told |= {"rel_banner", "joint_hcs"}  # below
    elsewhere = {r for r in RULES if r.startswith("crosses_")} | {
        "portions",
        "restricted_highest",
        "nato_program_banner",
        "release_said",
        "group_known",
    }
    assert told == set(RULES) - elsewhere


@pytest.mark.parametrize(
    "text, said",
    [
        ("secret", "a small letter at 1"),
        ("SECRET//NOFORN\n", "another character at 15"),
        ("SECRET//FGI \uff2bOR", "another character at 13"),
        ("SECRET//REL TO USA,  KOR", "single blanks"),
        (" SECRET", "single blanks"),
        ("(S//NF)", "a portion mark in parentheses"),
        ("", "1 to 1024 characters"),
        ("S" * 1025, "1 to 1024 characters"),
    ],
)
def test_another_text_than_a_mark_is_bad_input(text: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        parse_banner(text)


def test_titles_are_read_and_written_as_abbreviations() -> None:
    told = good(
        "TOP SECRET//SI-GAMMA/TALENT KEYHOLE-BLUEFISH//FOREIGN GOVERNMENT INFORMATION KOR"
        "//ORIGINATOR CONTROLLED/NOT RELEASABLE TO FOREIGN NATIONALS"
    )
    assert banner(told) == "TOP SECRET//SI-G/TK-BLFH//FGI KOR//ORCON/NOFORN"
    assert portion(told) == "(TS//SI-G/TK-BLFH//FGI KOR//OC/NF)"
    said = good("SECRET//AUTHORIZED FOR RELEASE TO USA, KOR")
    assert banner(said) == "SECRET//REL TO USA, KOR"


def test_a_portion_repeats_its_banner() -> None:
    """REL and JOINT without owners stand for the banner's lists, and need the banner."""
    of = good("//JOINT SECRET KOR USA//REL TO USA, KOR")
    told = parse_portion("(//JOINT S//REL)", of)
    assert told == of
    assert portion(of, of) == "(//JOINT S//REL)"
    assert read("(S//REL)", "portion") == ("rel_banner",)
    plain = parse_portion("(S//REL)", good("SECRET//NOFORN"))
    assert isinstance(plain, tuple)
    assert [b.rule for b in plain] == ["rel_banner"]


def test_joint_is_not_used_with_hcs() -> None:
    """HCS needs NOFORN, which JOINT excludes: both are told."""
    told = read("//JOINT SECRET KOR USA//HCS-P//REL TO USA, KOR")
    assert told == ("joint_hcs", "compartment_noforn")


def test_groups_are_what_the_vocabulary_says() -> None:
    """A tetragraph that nobody has read is refused until somebody lists it."""
    text = "SECRET//REL TO USA, KOR, UNCK"
    assert read(text) == ("code_known",)
    wider = VOCABULARY.wider(UNREAD_GROUPS)
    told = parse_banner(text, wider)
    assert isinstance(told, UsMark)
    assert banner(told) == text
    assert wider.wider(["UNCK"]) == wider
    own = VOCABULARY.wider([Group("CMFC", frozenset({"KOR", "USA"}))])
    text = "//JOINT SECRET KOR USA//REL TO USA, CMFC"
    joint = parse_banner(text, own)
    assert isinstance(joint, UsMark)
    assert banner(joint, own) == text
    with pytest.raises(BadInput, match="JOINT needs REL TO"):
        banner(joint)
    with pytest.raises(BadInput):
        Group("nato")
    with pytest.raises(BadInput):
        Group("NATO", frozenset({"NORWAY"}))


def test_a_list_has_a_bound() -> None:
    codes = ", ".join(sorted(VOCABULARY.countries - {"USA"})[:129])
    with pytest.raises(BadInput, match="at most 128 entries"):
        parse_banner(f"SECRET//REL TO USA, {codes}")


def test_a_breach_tells_its_text_and_its_source_but_no_value() -> None:
    """A compartment's name may be classified: the place is told, not the word."""
    broken = parse_banner("SECRET//SECRETWORD/NOFORN//NF")
    assert isinstance(broken, tuple)
    for breach in broken:
        assert "SECRETWORD" not in f"{breach.where}{breach.text}"
        assert breach.source
    assert [b.verified for b in broken] == [True] * len(broken)
    unread = parse_banner("//NATO SECRET//NOFORN")
    assert isinstance(unread, tuple)
    assert not unread[0].verified


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: UsMark(Level.SECRET, release_to=("KOR", "USA")),
        lambda: UsMark(Level.SECRET, dissemination=("NOFORN", "ORCON")),
        lambda: UsMark(Level.SECRET, dissemination=("REL TO",)),
        lambda: UsMark(Level.SECRET, owners=("KOR",)),
        lambda: UsMark(Level.SECRET, Kind.JOINT),
        lambda: UsMark(Level.SECRET, fgi=("kor",)),
        lambda: UsMark(Level.SECRET, program="CRONOS"),
        lambda: Control("TK", (Compartment("B"), Compartment("A"))),
        lambda: Control("T/K"),
        lambda: Compartment("A", ("B C",)),
        lambda: Nuclear("NONE"),
        lambda: Nuclear("RD", sigma=(0,)),
    ],
)
def test_a_value_of_another_shape_cannot_be_made(wrong) -> None:
    with pytest.raises(BadInput):
        wrong()


def test_what_breaks_a_rule_is_not_written() -> None:
    mark = UsMark(Level.SECRET, dissemination=("NOFORN",), release_to=("USA", "KOR"))
    with pytest.raises(BadInput, match="NOFORN excludes"):
        banner(mark)
    with pytest.raises(BadInput, match="NOFORN excludes"):
        portion(mark)


@given(marks(portion=False))
def test_a_banner_reads_back(mark: UsMark) -> None:
    assert parse_banner(banner(mark)) == mark


@given(marks(portion=True), st.data())
def test_a_portion_reads_back(mark: UsMark, data: st.DataObject) -> None:
    """Alone, and beside any banner."""
    assert parse_portion(portion(mark)) == mark
    of = data.draw(marks(portion=False))
    assert parse_portion(portion(mark, of), of) == mark


@given(any_mark(), st.booleans())
def test_a_mark_is_written_exactly_if_it_breaks_nothing(mark: UsMark, as_portion: bool) -> None:
    write = portion if as_portion else banner
    try:
        write(mark)
    except BadInput:
        assert check(mark, portion=as_portion)
    else:
        assert not check(mark, portion=as_portion)
