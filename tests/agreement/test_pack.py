"""Packs: what a reader accepts, what it refuses and where, and what the digest covers."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsomia.agreement import (
    Role,
    agreed_digest,
    agreed_part,
    load_pack,
    shipped,
    shipped_ids,
    yamldoc,
)
from gsomia.agreement.catalogue import check, entries
from gsomia.faults import BadInput
from tests.agreement.builders import NAIVE

VECTORS = Path(__file__).parents[1] / "vectors" / "agreement-pack"
MINIMAL = (VECTORS / "good" / "minimal.yaml").read_text("utf-8")
BAD = sorted((VECTORS / "bad").iterdir())


def line_of(text: str, needle: str) -> int:
    return text[: text.index(needle)].count("\n") + 1


def changed(old: str, new: str) -> str:
    assert MINIMAL.count(old) >= 1, old
    return MINIMAL.replace(old, new, 1)


# -- the shipped pack -----------------------------------------------------------


def test_shipped_pack_has_the_treatys_21_articles_and_its_two_parties() -> None:
    pack = shipped("rok-japan-2016")
    assert pack.codes == ("KOR", "JPN")
    assert [a.number for a in pack.articles] == list(range(1, 22))
    assert not pack.fictitious
    assert shipped_ids() == ("rok-japan-2016", "rok-us-exercise", "us-japan-exercise")


@pytest.mark.parametrize("name", ["rok-us-exercise", "us-japan-exercise"])
def test_an_exercise_says_so_everywhere_and_claims_no_fact(name: str) -> None:
    pack = shipped(name)
    assert pack.fictitious
    assert pack.title.startswith("EXERCISE, not a treaty")
    parts = [pack, *pack.articles, *pack.authorities, *pack.level_tables, *pack.marks]
    assert {(p.source, p.verified) for p in parts} == {("made up for exercises", False)}
    assert name not in {e.pack for e in entries()}


def test_article_4_rows_are_sets_and_level_one_is_excluded() -> None:
    table = shipped("rok-japan-2016").table_at(datetime(2020, 1, 1, tzinfo=UTC))
    assert table is not None
    assert [(r.rank, r.note, r.marks) for r in table.rows] == [
        (3, "SECRET", {"JPN": ("極秘", "特定秘密"), "KOR": ("군사II급비밀",)}),
        (2, "CONFIDENTIAL", {"JPN": ("秘",), "KOR": ("군사III급비밀",)}),
    ]
    assert {e.mark for e in table.excluded} == {"군사I급비밀", "機密"}
    assert all(e.reason and e.source for e in table.excluded)


@pytest.mark.parametrize(
    ("written", "mark"),
    [
        ("군사\u2160급비밀", "군사I급비밀"),
        ("군사\u2161급비밀", "군사II급비밀"),
        ("군사\u2162급비밀", "군사III급비밀"),
        ("군사III급비밀", "군사III급비밀"),
    ],
)
def test_roman_numeral_signs_are_listed_aliases(written: str, mark: str) -> None:
    found = shipped("rok-japan-2016").mark(written)
    assert found is not None
    assert found.text == mark
    assert found.transliteration


def test_a_mark_inside_another_is_not_found() -> None:
    pack = shipped("rok-japan-2016")
    assert pack.mark("II급비밀") is None
    assert pack.mark("密") is None


def test_unverified_facts_keep_their_mark() -> None:
    pack = shipped("rok-japan-2016")
    status = {a.number: a.verified for a in pack.articles}
    assert [n for n, v in status.items() if v is False] == [5, 19]
    assert [n for n, v in status.items() if v is True] == [2, 3, 7, 8, 16, 17, 20, 21]
    competent = [a for a in pack.authorities if a.role is Role.COMPETENT_AUTHORITY]
    assert all(a.verified is False for a in competent)
    assert pack.channels[0].verified == "part"
    assert all(rule.verified is False for p in pack.profiles for rule in p.rules)


def test_the_two_roles_are_held_by_two_offices_of_each_party() -> None:
    pack = shipped("rok-japan-2016")
    at = datetime(2019, 8, 23, tzinfo=UTC)
    for party in pack.codes:
        competent = pack.authorities_at(party, Role.COMPETENT_AUTHORITY, at)
        notes = pack.authorities_at(party, Role.TREATY_NOTE_AUTHORITY, at)
        assert len(competent) == len(notes) == 1
        assert competent[0].id != notes[0].id


def test_competent_authorities_hold_their_role_only_from_their_day() -> None:
    pack = shipped("rok-japan-2016")
    before = datetime(2016, 11, 22, 14, 59, tzinfo=UTC)
    after = datetime(2016, 11, 22, 15, 0, tzinfo=UTC)  # 23 November in Seoul and Tokyo
    assert pack.authorities_at("KOR", Role.COMPETENT_AUTHORITY, before) == ()
    assert len(pack.authorities_at("KOR", Role.COMPETENT_AUTHORITY, after)) == 1


def test_unknown_agreement_lists_the_known_ones() -> None:
    for name in ("rok-japan-2012", "../pack", "rok-japan-2016.instruments", ""):
        with pytest.raises(BadInput, match="expected an agreement: rok-japan-2016"):
            shipped(name)


# -- dated tables ---------------------------------------------------------------


def test_a_table_is_chosen_by_the_local_day_of_the_instant() -> None:
    pack = load_pack(MINIMAL.replace("+00:00", "+09:00").encode(), "x")
    old, new = pack.level_tables
    midnight = datetime(2010, 6, 30, 15, tzinfo=UTC)
    assert pack.table_at(midnight.replace(hour=14)) is old
    assert pack.table_at(midnight) is new
    assert pack.table_at(datetime(1999, 12, 31, 14, tzinfo=UTC)) is None


def test_a_table_needs_an_instant_with_offset() -> None:
    with pytest.raises(BadInput, match="an instant with offset"):
        shipped("rok-japan-2016").table_at(NAIVE)


# -- what is refused ------------------------------------------------------------


def test_the_good_twin_of_all_bad_cases_is_read() -> None:
    assert load_pack(MINIMAL.encode(), "minimal.yaml").id == "minimal"


@pytest.mark.parametrize("path", BAD, ids=lambda p: p.stem)
def test_bad_file_is_refused_with_its_line(path: Path) -> None:
    data = path.read_bytes()
    head = data.split(b"\n", 1)[0].decode()
    found = re.fullmatch(r"# expect: (.*?)(?:, line (\d+))?", head)
    assert found
    with pytest.raises(BadInput) as caught:
        load_pack(data, path.name)
    assert found.group(1) in f"{caught.value.expected} / {caught.value.got}"
    if found.group(2):
        assert caught.value.where == f"{path.name}, line {found.group(2)}"


INCONSISTENT = [
    # what is changed, to what, what was expected, text on the line blamed
    ("number: 2,", "number: 3,", "article 2", "number: 3,"),
    ("id: minimal", "id: Minimal", "an id of a-z", "id: Minimal"),
    ("language: en", "language: English", "the code of a language", "language: English"),
    ("title: Levels, bound: [both]", "title: Levels, bound: []", "whom the article", "number: 1,"),
    ('"+00:00"', '"+25:00"', "an offset from UTC", "+25:00"),
    ("code: XBB", "code: XAA", "each name once", "{code: XAA, names: {en: Beland}"),
    ("code: XBB", "code: beland", "three capital letters", "code: beland"),
    ("id: b-notes", "id: a-notes", "each name once", "{id: a-notes, party: XBB"),
    ("party: XBB, role", "party: XCC, role", "a party: XAA, XBB", "party: XCC"),
    ("Art. 2(3)", "Art. 3(3)", "an article of this pack", "Art. 3(3)"),
    ("Art. 2(3)", "21(3)", "an article of this pack", "article: 21(3)"),
    ("days: 90", "days: 0", "1 to 3660 days", "days: 0"),
    ("days: 90", "days: 90\n  months: 3", "days or months", "notice:"),
    ("  days: 90\n", "", "days or months", "notice:"),
    ("days: 90", "days: 90.5", "an agreement pack", "days: 90.5"),
    ("days: 90", 'days: "90"', "an agreement pack", 'days: "90"'),
    (
        "term_years: 1, extension_years: 1",
        "term_years: null",
        "free_date, as there is no term",
        "notice_reference",
    ),
    ("term_years: 1", "term_years: 0", "1 to 100 years", "term_years"),
    ("term_years: 1", "term_years: null", "no extension", "duration"),
    ("text: BETA", "text: ALPHA", "each mark and alias once", "text: ALPHA, party: XBB"),
    ("aliases: [alpha]", "aliases: [BETA]", "each mark and alias once", "text: BETA"),
    ("text: BETA", 'text: " BETA"', "a mark without blanks", '" BETA"'),
    ("XBB: [BETA]", "XBB: [ALPHA]", "a mark of XBB", "XBB: [ALPHA]"),
    ("XBB: [BETA]", "XBB: [GAMMA]", "a mark of XBB", "XBB: [GAMMA]"),
    ("XBB: [BETA]", "XCC: [BETA]", "a party: XAA, XBB", "XCC: [BETA]"),
    ("XBB: [NEW BETA]", "XBB: []", "a mark that a table names", "text: NEW BETA"),
    ("mark: ALPHA TOP", "mark: ALPHA", "a mark in no row", "mark: ALPHA"),
    ("mark: ALPHA TOP", "mark: OMEGA", "a mark listed under marks", "mark: OMEGA"),
    ("2010-07-01\n    rows", "2010-07-02\n    rows", "do not overlap", None),
    ("valid_until: 2010-07-01", "valid_until: 2000-01-01", "an end after", "2000-01-01\n    rows"),
    ("valid_from: 2000-01-01", "valid_from: 2000-02-30", "a day, like 2016-11-23", "2000-02-30"),
    ("valid_from: 2000-01-01", "valid_from: 1492-01-01", "a day, like", None),
    ("valid_from: 2000-01-01", "valid_from: 2000-01-01T00:00:00", "a day, like 2016-11-23", None),
    ("title: Bag,", "title: Bag, size: 3,", "an agreement pack", "size: 3"),
    ("verified: false\nparties", "verified: maybe\nparties", "an agreement pack", "maybe"),
    ("fictitious: true", "fictitious: yes", "an agreement pack", "fictitious: yes"),
    ("suspension: void", "suspension: shrug", "an agreement pack", "suspension: shrug"),
    ("id: J,", "id: K,", "each name once", "id: K, title: Clause"),
]


@pytest.mark.parametrize(("old", "new", "expected", "blamed"), INCONSISTENT)
def test_inconsistent_pack_is_refused_with_its_line(
    old: str, new: str, expected: str, blamed: str | None
) -> None:
    text = changed(old, new)
    with pytest.raises(BadInput) as caught:
        load_pack(text.encode(), "p.yaml")
    assert expected in caught.value.expected
    if blamed is not None:
        assert caught.value.where == f"p.yaml, line {line_of(text, blamed)}"


@pytest.mark.parametrize("title", ['"Lev\\u202eels"', '"Lev\\x1bels"', "Lev\u200bels"])
def test_no_text_hides_a_character(title: str) -> None:
    text = changed("title: Levels", f"title: {title}")
    with pytest.raises(BadInput, match=r"text that can be seen, got U\+(202E|001B|200B)") as caught:
        load_pack(text.encode(), "p.yaml")
    assert caught.value.where == f"p.yaml, line {line_of(text, 'number: 1,')}"
    (fault,) = check(text.encode(), "p.yaml")
    assert (fault.expected, fault.where) == (caught.value.expected, caught.value.where)


def test_tables_may_be_listed_in_any_order() -> None:
    head, old, new = re.split(r"(?m)^(?=  - article: Art\. 1$)", MINIMAL)
    new, tail = new.split("forms:")
    tables = load_pack(f"{head}{new}{old}forms:{tail}".encode(), "p.yaml").level_tables
    assert tables == load_pack(MINIMAL.encode(), "p.yaml").level_tables[::-1]
    long = old.replace("valid_until: 2010-07-01", "valid_until: 2010-07-02")
    with pytest.raises(BadInput, match="do not overlap"):
        load_pack(f"{head}{new}{long}forms:{tail}".encode(), "p.yaml")


def test_depth_is_bounded() -> None:
    deepest = yamldoc.MAX_DEPTH - 1  # the document is a level, too
    assert yamldoc.read(f"a: {'[' * deepest}{']' * deepest}".encode(), "x").value
    with pytest.raises(BadInput, match="at most 16 levels"):
        yamldoc.read(f"a: {'[' * (deepest + 1)}{']' * (deepest + 1)}".encode(), "x")


def test_a_pack_without_a_held_reading_is_refused() -> None:
    with pytest.raises(BadInput, match="at least one held reading"):
        load_pack(MINIMAL.replace("held: true", "held: false").encode(), "p.yaml")


def test_an_unknown_nested_field_is_named() -> None:
    text = changed("number: 2,", "number: 2, nickname: x,")
    with pytest.raises(BadInput, match=r"unknown field `nickname` \(articles\.1\.nickname\)"):
        load_pack(text.encode(), "p.yaml")


def test_size_is_bounded() -> None:
    padding = "#" * yamldoc.MAX_BYTES
    with pytest.raises(BadInput, match="at most 262144 bytes"):
        load_pack(f"{padding}\n{MINIMAL}".encode(), "p.yaml")
    room = yamldoc.MAX_BYTES - len(MINIMAL.encode()) - 1
    assert load_pack(f"{padding[:room]}\n{MINIMAL}".encode(), "p.yaml").id == "minimal"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2016-11-23", "2016-11-23"),
        ("no", "no"),
        ("0x10", "0x10"),
        ("1_000", "1_000"),
        ("010", "010"),
        ("~", "~"),
        ("1e3", "1e3"),
        ("'true'", "true"),
        ('"7"', "7"),
        ("true", True),
        ("null", None),
        ("-7", -7),
        ("0", 0),
    ],
)
def test_scalars_are_never_guessed(text: str, value: object) -> None:
    read = yamldoc.read(f"a: {text}\n".encode(), "x").value["a"]
    assert (read, type(read)) == (value, type(value))


def blamed(data: bytes) -> str:
    """Where the reader says the fault is, in the file `x`; no other error gets out."""
    try:
        yamldoc.read(data, "x")
    except BadInput as error:
        return error.where
    return "x"


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    assert blamed(data).startswith("x")


@given(st.text(alphabet="ab:-[]{}#&*!|>'\"%@?, \n", max_size=60))
def test_any_yaml_punctuation_is_read_or_refused(text: str) -> None:
    assert blamed(text.encode()).startswith("x")


# -- the agreed digest ----------------------------------------------------------


def test_digest_is_that_of_the_shipped_bytes_form() -> None:
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", agreed_digest(shipped("rok-japan-2016")))


@pytest.mark.parametrize(
    ("name", "begins"),
    [("rok-japan-2016", "d7f82337"), ("rok-us-exercise", "4188eed5"), ("minimal", "bb2b2701")],
)
def test_a_digest_that_nodes_compare_stays_through_versions(name: str, begins: str) -> None:
    """Two nodes of different versions, founded on the same pack, exchange as before."""
    pack = load_pack(MINIMAL.encode(), name) if name == "minimal" else shipped(name)
    assert agreed_digest(pack).startswith(f"sha256:{begins}")


LOCAL = [
    ("summary: kept", "summary: stays"),
    ("summary: Levels correspond.", "summary: Another summary."),
    ("title: Levels", "title: Ranks"),
    ("source: made up", "source: found elsewhere"),
    ("verified: false", "verified: part"),
    ("held: true, suspension: clause", "held: false, suspension: clause"),
    ("aliases: [alpha]", "aliases: [Alpha]"),
    ("reason: out of scope", "reason: another reason"),
    ("title: Bag", "title: Sack"),
    ("items: [document]", "items: [document, oral]"),
    ("names: {en: Aland}", "names: {en: Aland, ko: 알란드}"),
    ("bound: [both]", "bound: [receiving]"),
    ("  notice_event", "  practice: []\n  notice_event"),
]

AGREED = [
    ("days: 90", "days: 91"),
    ("notice_reference: period_end", "notice_reference: free_date"),
    ("period_end_day: last_full_day", "period_end_day: boundary_instant"),
    ("notice_event: handed_over", "notice_event: received"),
    ("extension_years: 1", "extension_years: 2"),
    ("Art. 2(3)", "Art. 2(5)"),
    ("id: b-notes", "id: b-letters"),
    ("role: treaty_note_authority, names: {en: B", "role: competent_authority, names: {en: B"),
    ("rank: 3", "rank: 4"),
    ("note: SECRET", "note: TOP"),
    ("valid_from: 2000-01-01", "valid_from: 2001-01-01"),
    ('"+00:00"', '"+01:00"'),
    ("XBB: [NEW BETA]", "XBB: [NEW BETA, BETA]"),
]


@pytest.mark.parametrize(("old", "new"), LOCAL)
def test_local_facts_do_not_change_the_digest(old: str, new: str) -> None:
    pack, other = (load_pack(t.encode(), "x") for t in (MINIMAL, changed(old, new)))
    assert pack != other or "practice" in new
    assert agreed_digest(pack) == agreed_digest(other)


@pytest.mark.parametrize(("old", "new"), AGREED)
def test_agreed_facts_change_the_digest(old: str, new: str) -> None:
    pack, other = (load_pack(t.encode(), "x") for t in (MINIMAL, changed(old, new)))
    assert agreed_digest(pack) != agreed_digest(other)


def test_digest_does_not_depend_on_listing_order() -> None:
    pack = shipped("rok-japan-2016")
    other = msgspec.structs.replace(
        pack,
        parties=pack.parties[::-1],
        authorities=pack.authorities[::-1],
        readings=pack.readings[::-1],
        level_tables=tuple(
            msgspec.structs.replace(t, rows=t.rows[::-1]) for t in pack.level_tables
        ),
    )
    assert agreed_digest(pack) == agreed_digest(other)


def test_agreed_part_leaves_out_what_each_side_keeps() -> None:
    text = str(agreed_part(shipped("rok-japan-2016")))
    for local in ("at any time", "wikisource", "loss_first_report", "\u2161", "Gokuhi"):
        assert local not in text
    for agreed in ("極秘", "Art. 21(3)", "kor-mofa", "last_full_day"):
        assert agreed in text


def test_pack_dates_are_days() -> None:
    assert shipped("rok-japan-2016").level_tables[0].valid_from == date(2016, 11, 23)


MISTYPED = [
    ("days: 90", "days: ninety", "a whole number or null (notice.days)", "text"),
    ("days: 90", "days: [90]", "a whole number or null (notice.days)", "a list"),
    ("fictitious: true", "fictitious: yes", "true or false (fictitious)", "text"),
    ("suspension: void", "suspension: shrug", "keeps or clause or void (readings", "shrug"),
    ("verified: false\nparties", "verified: maybe\nparties", "true or false or part", "maybe"),
    ("id: minimal", "id: null", "text (id)", "null"),
]


@pytest.mark.parametrize(("old", "new", "expected", "got"), MISTYPED)
def test_a_wrong_type_names_what_may_stand_there(
    old: str, new: str, expected: str, got: str
) -> None:
    data = changed(old, new).encode()
    with pytest.raises(BadInput) as caught:
        load_pack(data, "p.yaml")
    assert caught.value.expected.startswith(f"an agreement pack with {expected}")
    assert caught.value.got == got
    assert [(f.expected, f.got) for f in check(data, "p.yaml")] == [
        (caught.value.expected, caught.value.got)
    ]
