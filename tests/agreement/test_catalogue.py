"""The catalogue: every entry is read, every flag is the source's, and no gap is filled."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsomia.agreement import shipped
from gsomia.agreement.catalogue import (
    FIELDS,
    Entry,
    EntryKind,
    PartyKind,
    alpha3,
    check,
    compare,
    entries,
    entry,
    entry_ids,
    flag,
    in_force_days,
    listing,
    load_entry,
    plain,
)
from gsomia.agreement.catalogue.model import Verified
from gsomia.agreement.model import weakest
from gsomia.faults import BadInput

VECTORS = Path(__file__).parents[1] / "vectors" / "agreement-entry"
GROUPS = Verified.__struct_fields__
LETTER = {True: "T", "part": "P", False: "F", "none": "-"}

# dates, duration, notice, equivalence, third party: read (T), in part (P), unchecked (F), unknown.
FLAGS = {
    "at-de-2007": "T--F-",
    "cz-de-2001": "---T-",
    "cz-fr-2005": "---T-",
    "cz-ru-2003": "---P-",
    "cz-sk-2000": "---T-",
    "eu-council-2013-488": "TF-PF",
    "eu-israel-2009": "T----",
    "eu-member-states-2011": "TF-P-",
    "japan-australia-2012": "T----",
    "japan-france-2011": "P----",
    "japan-germany-2021": "T----",
    "japan-india-2015": "P----",
    "japan-italy-2016": "P----",
    "japan-nato-2010": "T----",
    "japan-uk-2013": "P----",
    "japan-ukraine-2024": "T----",
    "nato-cm-2002-49": "-F-TF",
    "nordic-gsa-2010": "T--F-",
    "pl-ee-2018": "T--T-",
    "pl-es-2006": "T--T-",
    "pl-ge-2015": "T--T-",
    "pl-no-2007": "T--T-",
    "pl-occar-essor-2009": "PT-T-",
    "rok-australia-2009": "P----",
    "rok-japan-2012-draft": "T--PT",
    "rok-japan-2016": "TTTTT",
    "rok-russia-2001": "P----",
    "rok-ukraine-2003": "T----",
    "rok-us-1987": "P--F-",
    "se-pl-2007": "T---T",
    "se-sg-1986": "T---T",
    "tisa-2014": "T--PT",
    "uk-finland-2012": "T----",
    "uk-spain-2009": "T----",
    "us-india-2002": "P----",
    "us-japan-2007": "TFFFF",
    "us-slovakia-2022": "P----",
}

IDS = sorted(FLAGS)
some_id = st.sampled_from(IDS)


def test_every_entry_is_read_and_checked_among_the_others() -> None:
    assert list(entry_ids()) == IDS
    assert [e.id for e in entries()] == IDS
    folder = Path(__file__).parents[2] / "src/gsomia/agreement/catalogue/entries"
    for path in folder.iterdir():
        assert check(path.read_bytes(), path.name) == ()


def test_every_flag_is_the_one_of_the_source() -> None:
    found = {e.id: "".join(LETTER[getattr(e.verified, g)] for g in GROUPS) for e in entries()}
    assert found == FLAGS


def test_flags_by_number() -> None:
    counts = {g: Counter(LETTER[getattr(e.verified, g)] for e in entries()) for g in GROUPS}
    assert counts == {
        "dates": {"T": 22, "P": 10, "-": 5},
        "duration": {"T": 2, "F": 4, "-": 31},
        "notice": {"T": 1, "F": 1, "-": 35},
        "equivalence": {"T": 10, "P": 5, "F": 4, "-": 18},
        "third_party": {"T": 5, "F": 3, "-": 29},
    }


def test_a_gap_is_null_and_has_no_flag() -> None:
    for e in entries():
        values = {"duration": e.duration, "notice": e.notice_days, "third_party": e.third_party}
        for group, value in values.items():
            assert (value is None) == (getattr(e.verified, group) == "none"), (e.id, group)
        assert e.source


def test_known_facts_by_number() -> None:
    found = entries()
    assert Counter(e.kind.value for e in found) == {
        "treaty": 33,
        "unsigned_text": 1,
        "arrangement": 1,
        "organisation_policy": 1,
        "organisation_rules": 1,
    }
    assert sum(bool(e.signed) for e in found) == 28
    assert sum(e.in_force is not None for e in found) == 24
    assert sum(e.equivalence is not None for e in found) == 18
    assert [e.id for e in found if e.notice_days is not None] == ["rok-japan-2016", "us-japan-2007"]
    assert [e.id for e in found if e.supersedes] == []


# -- parties --------------------------------------------------------------------


def test_a_states_code_is_the_tables_and_anyone_elses_is_as_written() -> None:
    for e in entries():
        for p in e.parties:
            if p.kind is PartyKind.STATE:
                assert p.code == alpha3()[p.written]
            else:
                assert p.code == p.written
    assert len(set(alpha3().values())) == len(alpha3()) == 40


EASILY_CONFUSED = """
AT AUT, AU AUS, SK SVK, SI SVN, SE SWE, SG SGP, EE EST, ES ESP, GE GEO, DE DEU, RO ROU, RU RUS,
IE IRL, IL ISR, IN IND, IS ISL, IT ITA, LT LTU, LU LUX, LV LVA, GB GBR, GR GRC, CZ CZE, CY CYP
"""


@pytest.mark.parametrize("pair", EASILY_CONFUSED.replace("\n", " ").strip().split(", "))
def test_codes_that_are_easily_taken_for_each_other(pair: str) -> None:
    two, three = pair.split()
    assert alpha3()[two] == three


def test_norway_is_a_country_and_no_boolean() -> None:
    norway = entry("pl-no-2007").party("NO")
    assert norway
    assert (norway.code, norway.written) == ("NOR", "NO")


def test_ministries_and_organisations_stay_what_they_are() -> None:
    tisa = entry("tisa-2014")
    assert [(p.code, p.kind.value, p.of) for p in tisa.parties] == [
        ("US-DoD", "ministry", "USA"),
        ("JP-MOD", "ministry", "JPN"),
        ("KR-MND", "ministry", "KOR"),
    ]
    assert (tisa.hub, tisa.kind) == ("US-DoD", EntryKind.ARRANGEMENT)
    group = entry("eu-member-states-2011").parties
    assert [(p.code, p.kind.value) for p in group] == [("EU Member States", "group")]
    assert len(entry("eu-council-2013-488").parties) == 28


@pytest.mark.parametrize(
    ("party", "kind", "expected"),
    [
        ("KOR", None, 7),
        ("KR", None, 7),
        ("KOR", "treaty", 5),
        ("NATO", None, 2),
        ("US-DoD", None, 1),
        (None, "arrangement", 1),
        (None, None, 37),
        ("NATO", "arrangement", 0),
    ],
)
def test_a_list_by_party_and_kind(party: str | None, kind: str | None, expected: int) -> None:
    assert len(listing(party, kind)) == expected


def test_a_list_of_the_unknown_is_refused() -> None:
    with pytest.raises(BadInput, match="a party that an entry names"):
        listing("FRO")
    with pytest.raises(BadInput, match="a kind: treaty"):
        listing(kind="pact")
    for name in ("none", "", "../codes"):
        with pytest.raises(BadInput, match="an agreement of the catalogue"):
            entry(name)


# -- dates ----------------------------------------------------------------------


def test_one_signature_of_2014_has_two_calendar_dates() -> None:
    tisa = entry("tisa-2014")
    (act,) = tisa.signed
    assert (act.day, act.elsewhere) == (date(2014, 12, 29), {"Washington": date(2014, 12, 28)})
    assert tisa.signed_days == (date(2014, 12, 28), date(2014, 12, 29))


def test_two_signatures_on_two_days_are_two_acts() -> None:
    spain = entry("pl-es-2006")
    assert [act.days for act in spain.signed] == [(date(2006, 4, 18),), (date(2006, 5, 24),)]


def test_a_month_stays_a_month() -> None:
    assert entry("japan-australia-2012").in_force == "2013-03"
    assert in_force_days("2013-03") == (date(2013, 3, 1), date(2013, 3, 31))
    assert in_force_days("2012-02")[1] == date(2012, 2, 29)
    assert in_force_days("2013-12")[1] == date(2013, 12, 31)
    assert in_force_days("2016-11-23") == (date(2016, 11, 23), date(2016, 11, 23))


@pytest.mark.parametrize("text", ["2013", "2013-13", "2013-3", "2013-02-29", "", "1899-01", "३"])
def test_what_is_neither_day_nor_month_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="a day, like"):
        in_force_days(text)


def test_signed_is_not_in_force() -> None:
    ukraine = entry("rok-ukraine-2003")
    assert (ukraine.signed_days, ukraine.ratified, ukraine.in_force) == (
        (date(2003, 4, 11),),
        {"UKR": date(2005, 9, 7)},
        "2005-10-25",
    )
    for name in ("uk-spain-2009", "rok-australia-2009", "us-india-2002"):
        assert entry(name).in_force is None
        assert entry(name).signed
    assert entry("nordic-gsa-2010").provisional == {"FIN": date(2011, 1, 16)}


# -- the pack beside its entry --------------------------------------------------


def test_the_entry_of_2016_says_what_its_pack_says() -> None:
    known = entry("rok-japan-2016")
    assert known.pack == "rok-japan-2016"
    pack = shipped(known.pack)
    assert {p.code for p in known.parties} == set(pack.codes)
    assert known.utc_offset == pack.utc_offset
    assert known.duration
    assert known.equivalence
    assert pack.notice
    assert known.duration.term_years == pack.duration.term_years
    assert known.duration.extension_years == pack.duration.extension_years
    assert known.notice_days == pack.notice.days
    (table,) = pack.level_tables
    assert known.equivalence.valid_from == table.valid_from
    assert known.equivalence.article == table.article
    assert [(r.rank, r.note, r.marks) for r in known.equivalence.rows] == [
        (r.rank, r.note, r.marks) for r in table.rows
    ]
    assert {(x.mark, x.verified) for x in known.equivalence.excluded} == {
        (x.mark, x.verified) for x in table.excluded
    }
    spoken = {m.text: m.transliteration for m in pack.marks}
    assert all(spoken[m] == t for m, t in known.equivalence.transliteration.items())
    assert [e.id for e in entries() if e.pack] == ["rok-japan-2016"]


# -- comparing ------------------------------------------------------------------


@given(some_id, some_id)
def test_comparing_is_symmetric(one: str, two: str) -> None:
    there, back = compare(one, two), compare(two, one)
    assert [c.field for c in there] == list(FIELDS)
    for x, y in zip(there, back, strict=True):
        assert (x.a, x.b, x.a_flag, x.b_flag, x.same) == (y.b, y.a, y.b_flag, y.a_flag, y.same)


@given(some_id)
def test_an_entry_differs_from_itself_in_nothing(name: str) -> None:
    for c in compare(entry(name), name):
        assert c.same is (None if c.a is None else True)
        known = flag(entry(name), c.field)
        assert c.a_flag == ("none" if known is not None and c.a is None else known)


def test_what_is_not_known_is_neither_like_nor_unlike() -> None:
    found = {c.field: c for c in compare("rok-japan-2016", "japan-germany-2021")}
    notice = found["notice_days"]
    assert (notice.a, notice.b, notice.a_flag, notice.b_flag) == (90, None, True, "none")
    assert notice.same is None
    assert found["kind"].same is True
    assert found["in_force"].same is False


def test_the_draft_and_the_treaty_differ_by_one_mark() -> None:
    found = {c.field: c for c in compare("rok-japan-2016", "rok-japan-2012-draft")}
    table = found["equivalence"]
    assert table.same is False
    assert table.a["rows"]["2"] == table.b["rows"]["2"]
    assert table.a["rows"]["3"]["JPN"] == ["極秘", "特定秘密"]
    assert table.b["rows"]["3"]["JPN"] == ["極秘", "防衛秘密"]
    assert (table.a_flag, table.b_flag) == (True, "part")


def test_equal_figures_keep_unequal_flags() -> None:
    found = {c.field: c for c in compare("rok-japan-2016", "us-japan-2007")}
    assert found["notice_days"].same is True
    assert (found["notice_days"].a_flag, found["notice_days"].b_flag) == (True, False)


def test_a_pack_is_compared_by_what_an_entry_can_have() -> None:
    pack = shipped("rok-japan-2016")
    found = {c.field: c for c in compare(pack, "rok-japan-2016")}
    for name in ("title", "parties", "duration", "notice_days", "equivalence"):
        assert found[name].same is True, name
    assert found["notice_days"].a_flag == pack.notice.verified if pack.notice else None
    assert found["equivalence"].a_flag == pack.level_tables[0].verified
    for name in ("entry_rule", "residual"):  # a rule and a wording are for a person to compare
        assert found[name].a is not None
        assert found[name].b is not None
        assert found[name].same is None
    for name in ("kind", "signed", "in_force", "third_party"):  # a pack does not say
        assert (found[name].a, found[name].same) == (None, None)
    assert (found["signed"].a_flag, found["third_party"].a_flag) == ("none", "none")
    mirrored = {c.field: c for c in compare("rok-japan-2016", pack)}
    assert all(mirrored[n].b == c.a and mirrored[n].same == c.same for n, c in found.items())


def test_two_packs_are_compared_by_their_rules_too() -> None:
    one, two = shipped("rok-us-exercise"), shipped("us-japan-exercise")
    found = {c.field: c for c in compare(one, two)}
    assert found["entry_rule"].same is True
    assert found["residual"].same is True
    assert found["parties"].same is False
    assert {c.a_flag for c in found.values()} <= {False, "none", None}


PACK_FACTS = [
    ({"notice": None}, "notice_days", "no_notice"),
    ({"notice": {"days": None, "months": 6}}, "notice_days", {"months": 6}),
    (
        {"duration": {"term_years": None, "extension_years": None}},
        "duration",
        {"kind": "open", "term_years": None, "extension_years": None},
    ),
    (
        {"duration": {"extension_years": None}},
        "duration",
        {"kind": "one_term", "term_years": 1, "extension_years": None},
    ),
    ({"level_tables": ()}, "equivalence", None),
]


@pytest.mark.parametrize(("changes", "field", "expected"), PACK_FACTS)
def test_what_no_entry_has_is_said_as_it_is(changes: dict, field: str, expected: object) -> None:
    pack = shipped("rok-us-exercise")
    for name, value in changes.items():
        part = getattr(pack, name)
        given = msgspec.structs.replace(part, **value) if isinstance(value, dict) else value
        pack = msgspec.structs.replace(pack, **{name: given})
    found = {c.field: c for c in compare(pack, "us-japan-2007")}[field]
    assert found.a == expected
    assert found.same is (None if expected is None else False)


def test_the_newest_table_is_compared_with_the_day_it_came() -> None:
    pack = shipped("rok-us-exercise")
    (table,) = pack.level_tables
    day = date(2030, 2, 28)
    older = msgspec.structs.replace(table, valid_until=day)
    newer = msgspec.structs.replace(table, valid_from=day, rows=table.rows[:1])
    two = msgspec.structs.replace(pack, level_tables=(newer, older))
    found = {c.field: c for c in compare(two, pack)}
    assert (found["table_changed"].a, found["table_changed"].b) == ("2030-02-28", None)
    assert len(found["equivalence"].a["rows"]) == 1
    assert found["equivalence"].same is False


def test_plain_values_are_json() -> None:
    value = msgspec.json.decode(msgspec.json.encode(plain(entry("cz-sk-2000"))))
    assert value["parties"] == ["CZE", "SVK"]
    assert value["in_force"] is None
    assert value["verified"]["dates"] == "none"


@given(st.lists(st.sampled_from([True, "part", False, "none"]), min_size=1))
def test_the_weakest_flag_wins(flags: list) -> None:
    order = ["none", False, "part", True]
    assert weakest(*flags) == order[min(order.index(f) for f in flags)]


# -- other files ----------------------------------------------------------------


@pytest.mark.parametrize("name", ["full", "least"])
def test_a_good_entry_is_read_and_has_no_faults(name: str) -> None:
    data = (VECTORS / "good" / f"{name}.yaml").read_bytes()
    read = load_entry(data, name)
    assert "fictitious" in read.title
    assert check(data, name) == ()


def test_every_field_of_the_format_is_documented() -> None:
    page = (Path(__file__).parents[2] / "docs/formats/agreement-entry.md").read_text("utf-8")
    example = page.split("```yaml\n")[1].split("```")[0]
    assert example == (VECTORS / "good" / "full.yaml").read_text("utf-8")
    for field in Entry.__struct_fields__:
        assert f"`{field}`" in page, field
        assert f"\n{field}:" in f"\n{example}", field
    for kind in EntryKind:
        assert f"`{kind}`" in page
