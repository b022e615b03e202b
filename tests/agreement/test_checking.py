"""Checking a file that somebody writes: every fault at once, each on its line."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsomia.agreement import load_pack, shipped_ids, yamldoc
from gsomia.agreement.catalogue import Entry, alpha3, check, entries, entry, load_entry
from gsomia.agreement.catalogue.checks import check_entry
from gsomia.agreement.checking import MAX_FAULTS
from gsomia.agreement.model import Pack
from gsomia.agreement.pack import shipped_file
from gsomia.agreement.packchecks import check_pack
from gsomia.agreement.yamldoc import Document
from gsomia.faults import BadInput
from gsomia.node.articles import cited
from tests.agreement.builders import RENUMBERED
from tests.agreement.test_pack import BAD, INCONSISTENT, MINIMAL, changed, line_of

VECTORS = Path(__file__).parents[1] / "vectors" / "agreement-entry"
FULL = (VECTORS / "good" / "full.yaml").read_text("utf-8")
MANY = VECTORS / "bad" / "many-faults.yaml"


def said(text: str, where: str = "f.yaml", **more: object) -> list[tuple[int, str]]:
    return [(f.line, f"{f.expected} / {f.got}") for f in check(text.encode(), where, **more)]  # type: ignore[arg-type]


# -- packs ----------------------------------------------------------------------


def test_good_packs_have_no_faults() -> None:
    assert check(MINIMAL.encode(), "minimal.yaml") == ()
    for name in shipped_ids():
        assert check(shipped_file(name, ".yaml"), name) == ()


@pytest.mark.parametrize("path", BAD, ids=lambda p: p.stem)
def test_what_a_reader_refuses_a_check_reports(path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        load_pack(path.read_bytes(), path.name)
    faults = check(path.read_bytes(), path.name)
    assert faults
    if path.stem not in ("not-a-pack", "other-version"):
        assert caught.value.where in {f.where for f in faults}


@pytest.mark.parametrize(("old", "new", "expected", "blamed"), INCONSISTENT)
def test_an_inconsistent_pack_is_reported_with_its_line(
    old: str, new: str, expected: str, blamed: str | None
) -> None:
    text = changed(old, new)
    faults = check(text.encode(), "p.yaml")
    assert any(expected in f.expected for f in faults)
    with pytest.raises(BadInput) as caught:
        load_pack(text.encode(), "p.yaml")
    # The reader's one fault is among those of the report, at the same place.
    assert caught.value.where in {f.where for f in faults}
    if blamed is not None:
        assert line_of(text, blamed) in {f.line for f in faults}


def test_every_fault_of_a_pack_is_told_at_once() -> None:
    text = MINIMAL
    for old, new in (
        ("id: minimal", "id: Minimal"),
        ("number: 2,", "number: 2, nickname: x,"),
        ("Art. 2(3)", "Art. 9(3)"),
        ("days: 90", "days: 0"),
        ("id: J,", "id: K,"),
        ("2010-07-01\n    rows", "2011-07-01\n    rows"),
        ("XBB: [BETA]", "XBB: [GAMMA]"),
        ("title: Bag,", "title: Bag, size: 3,"),
        ("authentic_language: en", "authentic_language: 7"),
    ):
        assert text.count(old) >= 1, old
        text = text.replace(old, new, 1)
    found = said(text)
    for line, words in (
        (line_of(text, "id: Minimal"), "an id of a-z"),
        (line_of(text, "nickname"), "unknown field nickname"),
        (line_of(text, "Art. 9(3)"), "an article of this pack"),
        (line_of(text, "days: 0"), "1 to 3660 days"),
        (line_of(text, "id: K, title: Clause"), "each name once"),
        (line_of(text, "valid_from: 2010-07-01") - 1, "do not overlap"),
        (line_of(text, "XBB: [GAMMA]"), "a mark of XBB"),
        (line_of(text, "size: 3"), "unknown field size"),
        (line_of(text, "authentic_language: 7"), "authentic_language"),
    ):
        assert any(n == line and words in what for n, what in found), (line, words)
    assert [n for n, _ in found] == sorted(n for n, _ in found)


def leaves(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    if isinstance(value, dict):
        return [leaf for key, inner in value.items() for leaf in leaves(inner, (*path, key))]
    if isinstance(value, list):
        return [leaf for i, inner in enumerate(value) for leaf in leaves(inner, (*path, i))]
    return [path]


def without(document: Document, *paths: tuple[str | int, ...]) -> Document:
    """The document with something of no type that fits in each of these places."""
    value = copy.deepcopy(document.value)
    for *way, last in paths:
        here = value
        for step in way:
            here = here[step]
        here[last] = [[[]]]
    return Document(value, document.lines, document.where)


GOOD_FILES = {
    "minimal": (MINIMAL, Pack),
    "2016": (shipped_file("rok-japan-2016", ".yaml").decode(), Pack),
    "renumbered": (RENUMBERED, Pack),
    "full": (FULL, Entry),
}
RULES_CITE = {"minimal": ["Art. 1"], "renumbered": cited()}


@pytest.mark.parametrize("name", GOOD_FILES)
def test_one_malformed_value_is_one_fault(name: str) -> None:
    """Nothing that rests on it is told: no look-up of what is not there, no count without it."""
    text, type_ = GOOD_FILES[name]
    document = yamldoc.read(text.encode(), "f.yaml")
    kinds = {tuple("*" if isinstance(s, int) else s for s in p): p for p in leaves(document.value)}
    del kinds["format",]
    for path in kinds.values():
        changed_document = without(document, path)
        if type_ is Pack:
            found = check_pack(changed_document, RULES_CITE.get(name))
        else:
            found = check_entry(changed_document, alpha3(), entries())
        assert [f.line for f in found] == [document.line(path)], (path, found)


@pytest.mark.parametrize(
    ("old", "new", "expected", "blamed"), [i for i in INCONSISTENT if i[2] != "an agreement pack"]
)
def test_malformed_values_hide_nothing_that_does_not_rest_on_them(
    old: str, new: str, expected: str, blamed: str | None
) -> None:
    document = yamldoc.read(changed(old, new).encode(), "p.yaml")
    told = {f for f in check_pack(document) if expected in f.expected}
    assert told
    others = [
        path
        for path in leaves(document.value)
        if path[-1] in ("source", "summary", "title", "verified", "note") or "names" in path
    ]
    assert len(others) > 40
    assert told <= set(check_pack(without(document, *others)))


def test_a_check_waits_for_the_fields_it_needs() -> None:
    text = changed("days: 90", "days: ninety").replace("id: J,", "id: K,", 1)
    found = said(text)
    assert len(found) == 2  # nothing about a notice without days or months
    assert "(notice.days)" in found[0][1]
    assert "each name once" in found[1][1]


def test_a_missing_field_is_blamed_on_what_should_have_it() -> None:
    text = MINIMAL.replace("residual: {article: Art. 2(4), source", "residual: {source", 1)
    assert said(text) == [(line_of(text, "residual:"), "an agreement pack / no field article")]
    assert "no field title" in said(re.sub(r"(?m)^title: .*\n", "", MINIMAL, count=1))[0][1]


def test_rules_and_articles_are_held_against_each_other() -> None:
    assert said(MINIMAL, cited=["Art. 1", "Art. 2(1)"]) == []
    ((_, what),) = said(MINIMAL, cited=["Art. 3(a)"])
    assert what == "every article that a rule cites / no Art. 3(a)"
    extra = (
        "  - {number: 3, title: More, bound: [both], summary: More., source: x, verified: false}\n"
    )
    text = MINIMAL.replace("entry_into_force:", f"{extra}entry_into_force:", 1)
    assert said(text) == []  # without rules, nobody can say that none cites it
    (remark,) = check(text.encode(), "f.yaml", cited=["Art. 1"])
    assert (remark.grade, remark.line) == ("remark", line_of(text, "number: 3"))
    assert load_pack(text.encode(), "f.yaml").article(3)
    assert said(text, cited=["Art. 3"]) == []


def test_a_party_that_nobody_speaks_for_is_remarked_on() -> None:
    text = changed("party: XBB, role: treaty_note", "party: XAA, role: treaty_note")
    (remark,) = check(text.encode(), "f.yaml")
    assert (remark.expected, remark.got) == ("an authority for treaty notes", "none of XBB")
    assert (remark.grade, remark.line) == ("remark", line_of(text, "{code: XBB"))
    load_pack(text.encode(), "f.yaml")


def test_a_report_has_an_end() -> None:
    lines = "".join(f"x{i}: 1\n" for i in range(MAX_FAULTS * 2))
    assert len(check((MINIMAL + lines).encode(), "f.yaml")) == MAX_FAULTS


# -- entries --------------------------------------------------------------------


def test_every_fault_of_an_entry_is_told_on_its_line() -> None:
    lines = MANY.read_text("utf-8").splitlines()
    expected = [
        (number, words.strip())
        for number, line in enumerate(lines, 1)
        if number > 1
        for words in line.split("# expect:")[1:]
    ]
    found = said("\n".join(lines))
    assert len(expected) > 25
    missing = [e for e in expected if not any(e[0] == n and e[1] in what for n, what in found)]
    assert missing == []
    assert len(found) == len(expected)


ENTRY_FAULTS = [
    ("day: 2000-03-02", "day: 2001-02-29", "a day, like 2016-11-23"),
    ("day: 2000-03-02", "day: 1492-03-02", "a day, like"),
    ("Honolulu: 2000-02-28", "Honolulu: 2000-02-20", "one act, on two days at most"),
    ('Honolulu: "-10:00"', 'Narva: "+02:00"', "an offset for each place of the act"),
    ('Honolulu: "-10:00"', 'Honolulu: "-25:00"', "an offset from UTC"),
    ('Honolulu: "-10:00"', 'Honolulu: "+14:00"', "days that overlap at these offsets"),
    ("initialled: [2000-01-10]", "initialled: [2000-03-10]", "initials before the signature"),
    ("in_force: 2000-06", "in_force: 2000-04", "entry into force not before 2000-05-01"),
    ("in_force: 2000-06", "in_force: 2000-08", "a date not before entry into force"),
    ("in_force: 2000-06", "in_force: 2000-13", "a day, like"),
    ("table_changed: 2004-01-01", "table_changed: 2000-05-31", "a date not before entry"),
    ("provisional: {EST: 2000-04-01}", "provisional: {EST: 2000-01-01}", "a day not before"),
    ("kind: treaty", "kind: unsigned_text", "an unsigned text without signature"),
    ("extension_years: 1}", "extension_years: 0}", "1 to 100 years"),
    ("equivalence: true", "equivalence: none", "a flag other than none"),
    ("valid_until: 2010-01-01", "valid_until: 2000-07-01", "an end after the beginning"),
    ("rank: 1\n", "rank: 3\n", "each rank once"),
    ("rank: 1\n", "rank: 0\n", "a rank from 1 to 9"),
    ("POL: [NISKI], EST", "POL: [WY SOKI], EST", "each mark in one row"),
    ("mark: MADAL", "mark: KESKMINE", "a mark in no row"),
    ("older: {POL: [DAWNY]}", "older: {POL: [NOWY]}", "a mark of the table"),
    ("party_notes: {EST:", "party_notes: {WHO:", "a party of the entry, or a state"),
    ("receiver: POL", "receiver: EST", "two different parties"),
    ("supersedes: []", "supersedes: [example]", "a succession without a cycle"),
    ("supersedes: []", "supersedes: [nobody]", "an entry of the catalogue"),
    ("  article: Art. 2\n", "  article: Art. 2\n  same_as: rok-us-1987\n", "rows or directions"),
]


@pytest.mark.parametrize(("old", "new", "expected"), ENTRY_FAULTS)
def test_an_inconsistent_entry_is_reported(old: str, new: str, expected: str) -> None:
    assert said(FULL) == []
    assert FULL.count(old) == 1, old
    text = FULL.replace(old, new)
    found = [what for _, what in said(text)]
    assert any(expected in what for what in found), found
    if "supersedes" not in old:  # the reader of one file knows no others
        with pytest.raises(BadInput, match=r"f\.yaml, line \d+"):
            load_entry(text.encode(), "f.yaml")


def test_29_february_is_a_day_in_leap_years_only() -> None:
    assert load_entry(FULL.encode(), "f.yaml").signed[0].day.isoformat() == "2000-02-29"
    for year in ("1900", "2001", "2100"):
        text = FULL.replace("day: 2000-02-29", f"day: {year}-02-29")
        asked, got = "a day, like 2016-11-23", f"{year}-02-29 (signed.0.day)"
        assert f"{asked} / {got}" in [what for _, what in said(text)]
        with pytest.raises(BadInput, match=re.escape(f"{asked}, got {got}")):
            load_entry(text.encode(), "f.yaml")


def test_a_succession_that_comes_back_is_found_at_any_length() -> None:
    def numbered(number: int, *before: int) -> str:
        text = FULL.replace("id: example", f"id: e{number}")
        return text.replace("supersedes: []", f"supersedes: [{', '.join(f'e{b}' for b in before)}]")

    others = [load_entry(numbered(n, n - 1).encode(), "f.yaml") for n in range(2, 6)]
    others.append(load_entry(numbered(1).encode(), "f.yaml"))
    assert said(numbered(6, 5), others=others) == []
    ((line, what),) = said(numbered(1, 5), others=others)
    assert (line, what) == (
        line_of(FULL, "supersedes"),
        "a succession without a cycle / e5 leads back",
    )


def test_a_shared_table_must_be_one() -> None:
    shared = entry("eu-member-states-2011")
    path = Path(__file__).parents[2] / f"src/gsomia/agreement/catalogue/entries/{shared.id}.yaml"
    text = path.read_text("utf-8")
    assert said(text) == []
    for other in ("eu-member-states-2011", "tisa-2014"):
        changed_text = text.replace("same_as: eu-council-2013-488", f"same_as: {other}")
        assert any("a table of its own" in what for _, what in said(changed_text))


# -- files that are no YAML of ours, as a whole ------------------------------------


def test_every_fault_of_the_yaml_is_told_with_those_of_the_facts() -> None:
    text = MINIMAL
    for old, new in (
        ("id: minimal", "id: &name minimal"),
        ("title: Bag,", "title: Bag, title: Sack,"),
        ("number: 2,", "number: !!int 2,"),
        ("days: 90", "days: 0"),
        ("authentic_language: en", "authentic_language: *name"),
        ("utc_offset:", "utc_offset: \nutc_offset:"),
    ):
        assert text.count(old) >= 1, old
        text = text.replace(old, new, 1)
    text += "id: again\n? [a]\n: 1\n"
    found = said(text)
    for line, words in (
        (line_of(text, "&name"), "no anchors"),
        (line_of(text, "title: Bag, title"), "each key once / title again"),
        (line_of(text, "!!int"), "no tags"),
        (line_of(text, "days: 0"), "1 to 3660 days"),
        (line_of(text, "*name"), "no aliases"),
        (line_of(text, "id: again"), "each key once / id again"),
        (line_of(text, "? [a]"), "a plain key"),
    ):
        assert any(n == line and words in what for n, what in found), (line, words)
    assert sum("utc_offset again" in what for _, what in found) == 1
    assert any(what == "a value / nothing" for _, what in found)
    assert len(found) == 9


NO_YAML = [
    ("days: 90", "days: 90: 91", "mapping values are not allowed"),
    ('utc_offset: "+00:00"', 'utc_offset: "+00:00', "a quoted scalar"),
    ("  - {id: K,", "  - {id: [K,", "a flow sequence"),
    ("articles:", "articles: [", "did not find expected"),
    ("id: minimal", "id: @minimal", "cannot start any token"),
    ("id: minimal", "id: minimal\n\tmore: x", ""),
    ("\nresidual:", "\n\tresidual:", "a tab character"),
]


@pytest.mark.parametrize(("old", "new", "said_of_it"), NO_YAML)
def test_text_that_is_no_yaml_hides_its_own_field_alone(
    old: str, new: str, said_of_it: str
) -> None:
    text = changed(old, new).replace("title: Bag,", "title: Bag, size: 3,", 1)
    text = text.replace("authentic_language: en", "authentic_language: 7", 1)
    found = said(text)
    ((line, what),) = [f for f in found if "well-formed YAML" in f[1]]
    assert said_of_it in what
    name = re.search(r"nothing else to line (\d+) was checked$", what)
    assert name
    first = MINIMAL[: MINIMAL.index(old)].count("\n")
    assert first <= line <= int(name.group(1))
    assert any("unknown field size" in w for _, w in found)
    assert any("authentic_language" in w for _, w in found)
    assert len(found) == 3  # and nothing of what may stand in the lines not read
    with pytest.raises(BadInput, match="well-formed YAML"):
        load_pack(text.encode(), "f.yaml")


def test_each_field_that_is_no_yaml_is_told() -> None:
    text = changed("days: 90", "days: 90: 91")
    text = text.replace("id: minimal", "id: [minimal", 1).replace("forms:", "forms: '", 1)
    assert [what.count("well-formed YAML") for _, what in said(text)] == [1, 1, 1]


@pytest.mark.parametrize("before", ["}\n", "oh\n", "%YAML 1.1\n---\n&a\n"])
def test_what_stands_before_the_first_field_is_told_alone(before: str) -> None:
    found = said(before + MINIMAL.replace("days: 90", "days: 0", 1))
    assert any(line <= before.count("\n") for line, _ in found)
    assert not any("no format" in what for _, what in found)


def test_a_file_in_another_encoding_says_that_nothing_was_checked() -> None:
    ((line, what),) = (
        (f.line, f.got) for f in check("format: x\ntitle: 군사비밀".encode("cp949"), "f.yaml")
    )
    assert (line, what) == (2, "other bytes; nothing else of the file was checked")


def test_a_character_that_yaml_does_not_allow_is_told_on_its_line() -> None:
    text = changed("days: 90", "days: 0").replace("title: Bag,", "title: Bag\a,", 1)
    assert [(n, w.split(" / ")[0]) for n, w in said(text)] == [
        (line_of(text, "days: 0"), "1 to 3660 days"),
        (line_of(text, "title: Bag"), "well-formed YAML"),
    ]
    with pytest.raises(BadInput, match=rf"f\.yaml, line {line_of(text, 'title: Bag')}: "):
        load_pack(text.encode(), "f.yaml")


def test_a_report_prints_nothing_that_moves_a_terminal() -> None:
    two = "    - provider: EST\n      receiver: POL\n      marks: {KESKMINE: [WYSOKI]}\n"
    for text in (
        MINIMAL.replace("XAA: [", '"X\\x1bA": ['),
        FULL.replace("  directions:\n", f"  directions:\n{two}{two}".replace("EST", '"E\\x1b"')),
    ):
        assert "\\x1b" in text
        assert said(text)
        assert all(what.isprintable() for _, what in said(text))


def test_a_mark_of_byte_order_is_no_fault() -> None:
    data = b"\xef\xbb\xbf" + MINIMAL.encode()
    assert check(data, "f.yaml") == ()
    assert load_pack(data, "f.yaml").id == "minimal"


# -- any bytes ------------------------------------------------------------------


@pytest.mark.parametrize("data", [b"", b"- 1", b"format: x", b"a [", b"\xff", b"format: {a: 1}"])
def test_a_file_of_no_known_format_has_one_fault(data: bytes) -> None:
    (fault,) = check(data, "f.yaml")
    assert fault.line >= 1
    assert fault.where.startswith("f.yaml")


words = st.sampled_from(re.findall(r"[A-Za-z_]+|[^A-Za-z_\s]", FULL + MINIMAL))


@given(st.sampled_from([FULL, MINIMAL]), st.integers(0, 10_000), words)
def test_any_changed_word_is_read_or_reported(text: str, place: int, word: str) -> None:
    found = list(re.finditer(r"[\w.-]+", text))
    at = found[place % len(found)]
    data = (text[: at.start()] + word + text[at.end() :]).encode()
    faults = [f for f in check(data, "f.yaml") if f.grade == "fault"]
    load = load_pack if text is MINIMAL else load_entry
    if refused(load, data):
        assert faults
    else:
        # Only what an entry says of others is checked beyond the reader.
        assert all("entry" in f.expected or "succession" in f.expected for f in faults)


def refused(load: Callable[[bytes, str], object], data: bytes) -> bool:
    try:
        load(data, "f.yaml")
    except BadInput:
        return True
    return False
