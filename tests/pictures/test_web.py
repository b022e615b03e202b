"""The web: the catalogue as it is, each agreement once, and nothing that cannot be read."""

from __future__ import annotations

from datetime import date
from itertools import combinations

import msgspec
import pytest

from gsomia.agreement.catalogue import Entry, PartyKind, entries, entry, listing
from gsomia.agreement.catalogue.model import Duration
from gsomia.cli.words import LANGS, Words
from gsomia.pictures.svg import Picture
from gsomia.pictures.web import Link, Standing, Web, standing, web
from gsomia.pictures.web_svg import WORDS, draw
from tests.pictures.boxes import SVG, overlapping, read, sound, words

DAY = date(2025, 12, 31)
ALL = web(entries(), DAY)


def drawn(model: Web, lang: str = "en") -> Picture:
    return draw(model, Words(lang).label, lang)


def link(name: str, model: Web = ALL) -> Link:
    return next(x for x in model.links if x.id == name)


def test_every_agreement_is_there_once_and_those_of_many_come_last() -> None:
    assert sorted(x.id for x in ALL.links) == [e.id for e in entries()]
    assert [x.number for x in ALL.links] == list(range(1, len(entries()) + 1))
    assert [x.id for x in ALL.links][-3:] == ["eu-council-2013-488", "nordic-gsa-2010", "tisa-2014"]


def test_ministries_stand_with_their_states_and_the_hub_is_named() -> None:
    tisa = link("tisa-2014")
    assert set(tisa.parties) == {"USA", "JPN", "KOR"}
    assert tisa.hub == "USA"


def test_parties_of_one_large_agreement_alone_are_told_in_its_row() -> None:
    council = link("eu-council-2013-488")
    assert len(council.only_here) == 15
    assert len(council.parties) + len(council.only_here) == len(entry(council.id).parties)
    codes = {node.code for node in ALL.nodes}
    assert codes.isdisjoint(council.only_here)
    assert codes == {code for x in ALL.links for code in x.parties}
    assert "ISL" in codes, "a single one keeps its node"


@pytest.mark.parametrize(
    "name, day, expected",
    [
        ("rok-japan-2016", "2016-11-22", Standing.NO_FORCE_KNOWN),
        ("rok-japan-2016", "2016-11-23", Standing.IN_FORCE),
        ("japan-australia-2012", "2013-03-30", Standing.NO_FORCE_KNOWN),
        ("japan-australia-2012", "2013-03-31", Standing.IN_FORCE),
        ("rok-japan-2012-draft", "2025-01-01", Standing.UNSIGNED),
        ("pl-occar-essor-2009", "2025-01-01", Standing.ENDED),
        ("us-slovakia-2022", "2025-01-01", Standing.NO_FORCE_KNOWN),
    ],
)
def test_where_it_stands_on_a_day(name: str, day: str, expected: Standing) -> None:
    assert standing(entry(name), date.fromisoformat(day)) is expected


def test_what_came_later_is_named_and_not_drawn() -> None:
    model = web(entries(), date(2010, 1, 1))
    assert "rok-japan-2016" in model.later
    assert "rok-us-1987" not in model.later
    assert "cz-sk-2000" not in model.later, "without a day, nobody knows"
    assert len(model.later) + len(model.links) == len(entries())
    sound(drawn(model))


def test_one_that_another_in_force_replaces_has_ended() -> None:
    new = msgspec.structs.replace(entry("us-japan-2007"), id="z", supersedes=("rok-us-1987",))
    old = entry("rok-us-1987")
    assert link(old.id, web([old, new], DAY)).standing is Standing.ENDED
    assert link(old.id, web([old, new], date(2007, 8, 9))).standing is Standing.IN_FORCE


@pytest.mark.parametrize("lang", LANGS)
def test_the_whole_web_can_be_read_in_every_language(lang: str) -> None:
    picture = drawn(ALL, lang)
    sound(picture)
    assert picture == drawn(web(reversed(entries()), DAY), lang)
    shown = words(picture)
    for x in ALL.links:
        assert any(line.startswith(f"{x.id}: ") for line in shown)
        assert str(x.number) in shown or f"{x.number} (+{len(x.only_here)})" in shown
    assert all(node.code in shown or " " in node.code for node in ALL.nodes)
    assert [w for w in WORDS if Words(lang).label(w) == w and "_" in w] == []


def test_a_party_covers_no_other_and_no_number() -> None:
    circles = [
        (float(e.get("cx", "")), float(e.get("cy", "")), float(e.get("r", "")))
        for e in read(drawn(ALL)).iter(f"{SVG}circle")
        if e.get("cx") and e.find(f"{SVG}title") is not None
    ]
    assert len(circles) > len(ALL.nodes)
    for (x, y, r), (u, v, s) in combinations(circles, 2):
        assert (x - u) ** 2 + (y - v) ** 2 > (r + s) ** 2


def test_kinds_of_lines_tell_what_an_agreement_is() -> None:
    lines = {
        (e.findtext(f"{SVG}title") or "").partition(":")[0]: e.get("stroke-dasharray")
        for e in read(drawn(ALL)).iter(f"{SVG}path")
    }
    assert lines["rok-us-1987"] is None
    assert lines["tisa-2014"] == lines["nato-cm-2002-49"] == "6 3"
    assert lines["rok-japan-2012-draft"] == lines["pl-occar-essor-2009"] == "1.2 2.6"


@pytest.mark.parametrize("party", ["KOR", "JPN", "SGP", "NATO", "EU Member States", "USA", "POL"])
def test_the_web_of_one_party(party: str) -> None:
    found = listing(party)
    model = web(found, DAY)
    assert len(model.links) == len(found)
    sound(drawn(model))


def hostile(name: str, party: str) -> Entry:
    one = entry("rok-us-1987")
    first = msgspec.structs.replace(one.parties[0], code=party, kind=PartyKind.ORGANISATION)
    return msgspec.structs.replace(
        one, id=name, title="</title><script>x</script>", parties=(first, one.parties[1])
    )


def test_names_that_would_break_the_file_stay_words() -> None:
    picture = drawn(web([hostile("evil", "<g onload='x'>&\x00")], DAY))
    sound(picture)
    assert b"<script" not in picture.svg


@pytest.mark.parametrize("count", [0, 1, 2, 60])
def test_any_number_of_agreements(count: int) -> None:
    sound(drawn(web([hostile(f"e{n:02}", f"P{n:02}") for n in range(count)], DAY)))


def test_many_agreements_of_one_pair_and_one_party_stand_apart() -> None:
    pair, alone = entry("rok-us-1987"), entry("nato-cm-2002-49")
    ended = Duration(kind="ended")
    many = [msgspec.structs.replace(pair, id=f"p{n}", duration=ended) for n in range(5)]
    many += [msgspec.structs.replace(alone, id=f"a{n}") for n in range(4)]
    assert overlapping(drawn(web([*many, *entries()], DAY))) == []
