"""A rule under a treaty with numbers of its own: what it cites, and what stays as it was."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsomia.node.articles import cited
from gsomia.provisions import CITATION, PRACTICE, SAME, Place, Provisions, whole
from gsomia.release import rules
from gsomia.ruling import RuleList, Ruling
from tests.ruling.test_ruling import THREE, Case

PLACES = Provisions(
    {
        "Art. 7": Place("Art. 4", verified=True),
        "Art. 7(5)": Place("Art. 6(2)(b)", verified=False),
        "Art. 9": Place(None, verified=True),
        "Art. 4": Place("Art. 7", verified=True),
    }
)


@pytest.mark.parametrize(
    ("provision", "article", "verified"),
    [
        ("Art. 7", "Art. 4", True),
        ("Art. 7(2)", "Art. 4", True),
        ("Art. 7(5)", "Art. 6(2)(b)", False),
        ("Art. 7(5)(a)", "Art. 6(2)(b)", False),
        ("Art. 7(50)", "Art. 4", True),
        ("Art. 9(1)", PRACTICE, True),
        ("Art. 77", PRACTICE, False),  # nobody said where: no number is made up
        (PRACTICE, PRACTICE, True),
        ("House policy: contested ground", "House policy: contested ground", True),
        ("no article known", "no article known", True),
    ],
)
def test_a_provision_is_cited_at_its_place(provision: str, article: str, verified: bool) -> None:
    assert (PLACES.cite(provision), PLACES.place(provision).verified) == (article, verified)
    assert SAME.cite(provision) == provision


numbers = st.integers(1, 30).map(lambda n: f"Art. {n}")
parts = st.lists(st.sampled_from(("(1)", "(2)", "(a)", "(12)")), max_size=3).map("".join)
provisions = st.builds(str.__add__, numbers, parts)


@given(st.dictionaries(provisions, provisions | st.none(), min_size=1), provisions)
def test_the_nearest_statement_counts_and_nothing_else_is_cited(
    stated: dict[str, str | None], asked: str
) -> None:
    found = Provisions({p: Place(a, verified=True) for p, a in stated.items()}).cite(asked)
    wholes = list(whole(asked))
    assert (wholes[0], wholes[-1]) == (asked, asked.partition("(")[0])
    nearest = max((p for p in stated if p in wholes), key=len, default=None)
    assert found == (PRACTICE if nearest is None else stated[nearest] or PRACTICE)


def test_rules_under_a_treaty_keep_all_but_the_citation() -> None:
    plain = RuleList[Case]("read", THREE)
    made = plain.under(PLACES)
    assert plain.under(SAME) is plain
    assert plain.under(PLACES) is made
    assert [r.article for r in made.rules] == ["Art. 4", "Art. 7", PRACTICE]
    assert made.version != plain.version
    for case in (Case(), Case(cleared=False), Case(marked=False)):
        one, two = Ruling.of(plain.decide(case)), Ruling.of(made.decide(case))
        assert one.granted is two.granted
        for a, b in zip(one.outcomes, two.outcomes, strict=True):
            assert msgspec.structs.replace(b, article=a.article) == a
    assert made.decide(Case(cleared=False)).articles() == ("Art. 4",)


def test_what_the_version_names_is_what_was_said() -> None:
    """A text that moves one number, or whose reading is no longer sure, is another version."""
    plain = RuleList[Case]("read", THREE)

    def version(article: str, *, verified: bool = True) -> str:
        here = {"Art. 7": Place(article, verified), "Art. 4": Place(None, verified=True)}
        return plain.under(Provisions(here)).version

    versions = {
        plain.version,
        version("Art. 1"),
        version("Art. 2"),
        version("Art. 1", verified=False),
    }
    assert len(versions) == 4
    assert version("Art. 1") == version("Art. 1")


def test_an_unread_place_is_told_and_switches_nothing_off() -> None:
    places = {f"Art. {n}": Place(f"Art. {n}1", verified=False) for n in (4, 7, 9)}
    made = RuleList[Case]("read", THREE, off=["nobody_has_read_this"]).under(Provisions(places))
    outcomes = Ruling.of(made.decide(Case(cleared=False))).outcomes
    assert [(o.verified, o.held) for o in outcomes] == [
        (False, False),
        (False, True),
        (False, None),
    ]


def test_the_word_for_what_is_no_article_is_that_of_the_rules() -> None:
    assert PRACTICE == rules.PRACTICE


# -- what this program cites ---------------------------------------------------------------


def _literals(path: Path) -> Iterator[str]:
    """Every text of a module that is a citation and nothing else."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and CITATION.fullmatch(text):
            yield text


def test_every_citation_in_the_program_is_one_that_a_pack_can_place() -> None:
    """One more, anywhere but in the demonstration's own story, must be among `cited`."""
    source = Path(__file__).parents[2] / "src" / "gsomia"
    rows = {p.name for p in source.iterdir() if p.is_dir()} - {"demo", "marking"}
    files = [p for row in sorted(rows) for p in (source / row).rglob("*.py")]
    found = {text for path in files for text in _literals(path)}
    assert found == set(cited())
