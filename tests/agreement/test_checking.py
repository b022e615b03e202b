"""Checking a file that somebody writes: every fault at once, each on its line."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsomia.agreement import load_pack, shipped_ids
from gsomia.agreement.catalogue import check, entry, load_entry
from gsomia.agreement.checking import MAX_FAULTS
from gsomia.agreement.pack import shipped_file
from gsomia.faults import BadInput
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
    ("day: 2000-03-02", "day: 2001-02-29", "a catalogue entry"),
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
        assert any("signed.0.day" in what for _, what in said(text))


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


# -- any bytes ------------------------------------------------------------------


@pytest.mark.parametrize("data", [b"", b"- 1", b"format: x", b"a: [", b"\xff", b"format: {a: 1}"])
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
