"""A pack under other numbers: what it must state of its treaty, and what both sides compare."""

from __future__ import annotations

import msgspec
import pytest

from gsomia.agreement import agreed_digest, agreed_part, load_pack, shipped_ids
from gsomia.agreement.catalogue import check
from gsomia.agreement.difference import FieldDifference, difference, read_agreed
from gsomia.agreement.hypothesis import Hypothesis, Joined, suppose
from gsomia.agreement.pack import shipped_file
from gsomia.agreement.provisions import flag_of, provisions_of
from gsomia.canon import encode
from gsomia.faults import BadInput
from gsomia.node.articles import check_runs, cited
from gsomia.provisions import SAME
from tests.agreement.builders import MINIMAL, RENUMBERED, utc
from tests.agreement.test_pack import line_of

SOURCE = "source: made up for exercises, verified: false}"
USE = "{rule: Art. 6(c), article: Art. 4(2), " + SOURCE
PACK = load_pack(RENUMBERED.encode(), "renumbered")


def changed(old: str, new: str) -> str:
    assert RENUMBERED.count(old) == 1, old
    return RENUMBERED.replace(old, new)


def test_the_exercise_says_so_everywhere() -> None:
    """It is between two states that have a real treaty: nobody may take it for that."""
    assert PACK.fictitious
    assert PACK.title.startswith("EXERCISE, not a treaty")
    parts = [PACK, *PACK.articles, *PACK.provisions, *PACK.level_tables, *PACK.marks]
    assert {(p.source, p.verified) for p in parts} == {("made up for exercises", False)}


# -- faults -------------------------------------------------------------------------------


def test_a_pack_that_places_everything_has_no_fault() -> None:
    assert check(RENUMBERED.encode(), "p.yaml", cited()) == ()
    check_runs(RENUMBERED.encode(), "p.yaml")
    for name in shipped_ids():
        check_runs(shipped_file(name, ".yaml"), name)


FAULTS = [
    # what is changed, to what, what was expected, what came, text on the line blamed
    ("rule: Art. 6(c)", "rule: 6(c)", "a provision as rules cite it", "6(c)", "rule: 6(c)"),
    ("rule: Art. 6(c)", "rule: Registry practice", "a provision as rules", "Registry", "Registry"),
    ("rule: Art. 6(c)", "rule: Art. 6(a)", "each provision once", "Art. 6(a) again", USE[30:]),
    ("Art. 4(2), source", "Art. 9(2), source", "an article of this pack", "Art. 9(2)", "Art. 9(2)"),
    ("Art. 4(2), source", "'', source", "an article of this pack", "", "article: ''"),
    ("Art. 4(2), source", "Art. 4.2, source", "an article of this pack", "4.2", "Art. 4.2"),
    ("Art. 4(2), source", f"Art. 4{'(1)' * 9}, source", "an article of this pack", "(1)", "(1)(1)"),
    ("article: Art. 4(2)", "article: null", "a reason why the treaty", "none", "rule: Art. 6(c)"),
    (
        "article: null, reason: It says nothing on facilities.",
        "article: null, reason: ' '",
        "a reason why the treaty",
        "none",
        "rule: Art. 10,",
    ),
    (
        "article: Art. 4(2)",
        "article: Art. 4(2), reason: because",
        "a reason only beside article: null",
        "one",
        "reason: because",
    ),
    (
        USE,
        USE.replace("article: Art. 4(2), ", ""),
        "an agreement pack",
        "no field article",
        "Art. 6(c)",
    ),
    (USE, USE.replace("}", ", note: x}"), "an agreement pack", "note", "note: x"),
]


@pytest.mark.parametrize(("old", "new", "expected", "got", "blamed"), FAULTS)
def test_a_statement_with_a_fault_is_refused_with_its_line(
    old: str, new: str, expected: str, got: str, blamed: str
) -> None:
    text = changed(old, new)
    with pytest.raises(BadInput) as caught:
        load_pack(text.encode(), "p.yaml")
    assert expected in caught.value.expected
    assert got in caught.value.got
    assert caught.value.where == f"p.yaml, line {line_of(text, blamed)}"
    assert (caught.value.expected, caught.value.where) in {
        (f.expected, f.where) for f in check(text.encode(), "p.yaml")
    }


@pytest.mark.parametrize("article", ["Art. 4", "Art. 4(B)", "Art. 4(2)(viii)", "Art. 4(2bis)"])
def test_an_article_is_cited_as_its_treaty_divides_it(article: str) -> None:
    pack = load_pack(changed("Art. 4(2), source", f"{article}, source").encode(), "p.yaml")
    assert provisions_of(pack).cite("Art. 6(c)") == article


def test_what_rules_cite_and_nobody_places_is_a_fault() -> None:
    text = changed("  - {rule: Art. 13, article: Art. 7(2), " + SOURCE + "\n", "")
    text = text.replace("  - {rule: Art. 7, article: Art. 5, " + SOURCE + "\n", "")
    read = load_pack(text.encode(), "a pack to read, on which no node is founded")
    found = check(text.encode(), "p.yaml", cited())
    expected = "every provision that a rule cites"
    line = line_of(text, "provisions:")
    assert [(f.expected, f.got, f.line) for f in found] == [
        (expected, f"no {p}", line) for p in ("Art. 7(1)", "Art. 7(2)", "Art. 13")
    ]
    with pytest.raises(BadInput, match=r"got no Art\. 7\(1\)"):
        check_runs(text.encode(), "p.yaml")
    # Until then nothing is cited in its place, and no number of another treaty.
    assert provisions_of(read).cite("Art. 7(1)") == "Registry practice"


@pytest.mark.parametrize("rule", ["Art. 5", "Art. 6(d)", "Art. 7(5)(d)", "Art. 210"])
def test_a_statement_about_nothing_that_rules_cite_is_a_fault(rule: str) -> None:
    text = changed(USE, f"{USE}\n  - {{rule: {rule}, article: Art. 1, {SOURCE}")
    (found,) = check(text.encode(), "p.yaml", cited())
    assert (found.expected, found.got) == (
        "provisions that a rule cites",
        f"{rule}, which none cites",
    )
    assert (found.line, found.grade) == (line_of(text, f"rule: {rule},"), "fault")


def test_a_whole_of_which_each_part_has_its_own_place_is_about_nothing() -> None:
    more = "".join(f"  - {{rule: Art. 7({n}), article: Art. 5({n}), {SOURCE}\n" for n in (1, 2))
    text = changed("  - {rule: Art. 7(5), ", more + "  - {rule: Art. 7(5), ")
    (found,) = check(text.encode(), "p.yaml", cited())
    assert (found.got, found.line) == ("Art. 7, which none cites", line_of(text, "rule: Art. 7,"))


def test_an_article_that_only_the_old_numbers_name_is_remarked_on() -> None:
    """What a rule cites as Art. 9 is none of this treaty's Art. 9."""
    nine = "  - {number: 9, title: More, bound: [both], summary: More., " + SOURCE
    text = changed("\n# What the rules cite", f"{nine}\n\n# What the rules cite")
    (found,) = check(text.encode(), "p.yaml", cited())
    assert (found.grade, found.line) == ("remark", line_of(text, "number: 9"))


# -- what both sides hold -----------------------------------------------------------------


def test_places_are_agreed_and_what_speaks_for_them_is_local() -> None:
    first, *rest = PACK.provisions
    digest = agreed_digest(PACK)

    def other(**fields: object) -> str:
        one = msgspec.structs.replace(first, **fields)
        return agreed_digest(msgspec.structs.replace(PACK, provisions=(one, *rest)))

    assert other(source="read", verified=True) == digest
    assert other(article=None, reason="x") == other(article=None, reason="y") != digest
    assert other(article="Art. 1(2)") != digest
    assert agreed_digest(msgspec.structs.replace(PACK, provisions=(*rest, first))) == digest
    assert "provisions" not in agreed_part(MINIMAL)
    assert agreed_digest(msgspec.structs.replace(PACK, provisions=())) != digest


def test_where_two_sides_place_a_provision_differently_is_told_field_by_field() -> None:
    first, *rest = PACK.provisions
    moved = msgspec.structs.replace(first, article="Art. 1(2)")
    theirs = msgspec.structs.replace(PACK, provisions=(moved, *rest[:-1]))
    texts = [read_agreed(encode(agreed_part(p)).decode()) for p in (PACK, theirs)]
    assert difference(*texts) == (
        FieldDifference("provisions.Art. 2(a)", "Art. 1(1)", "Art. 1(2)"),
        FieldDifference("provisions.Art. 21(4)", "Art. 8(4)", None),
    )
    none = read_agreed(encode(agreed_part(msgspec.structs.replace(PACK, provisions=()))).decode())
    found = {d.field: (d.ours, d.theirs) for d in difference(none, texts[0])}
    assert found["provisions.Art. 10"] == (None, "none")
    assert len(found) == len(PACK.provisions)


# -- what is cited ------------------------------------------------------------------------


def test_a_pack_without_statements_is_cited_as_rules_are() -> None:
    assert provisions_of(MINIMAL) is SAME
    assert provisions_of(PACK) is provisions_of(load_pack(RENUMBERED.encode(), "again"))


def test_a_flag_is_no_better_than_the_statement() -> None:
    read = tuple(msgspec.structs.replace(a, verified=True) for a in PACK.articles)
    sure = tuple(msgspec.structs.replace(p, verified=True) for p in PACK.provisions)
    known = msgspec.structs.replace(PACK, articles=read, provisions=sure)
    assert flag_of(known, "Art. 4(2)") is True
    (use,) = (p for p in sure if p.rule == "Art. 6(c)")
    part = msgspec.structs.replace(use, verified="part")
    doubted = tuple(part if p is use else p for p in sure)
    here = msgspec.structs.replace(known, provisions=doubted)
    assert (flag_of(here, "Art. 4(2)"), flag_of(here, "Art. 4(1)")) == ("part", True)
    assert provisions_of(here).place("Art. 6(c)").verified is False
    assert flag_of(here, "Art. 99") is False


def test_what_a_supposition_needs_is_asked_for_by_the_treatys_own_articles() -> None:
    at = utc("2026-03-02 10:00")
    found = suppose(PACK, (), Hypothesis(PACK.id, (Joined("USA", at.date()),)))
    assert [n.article for n in found.needs] == ["Art. 8(5)", "Art. 2(1)", "Art. 3(1)", "Art. 3(2)"]
    assert {n.verified for n in found.needs} == {False}
