"""Two nodes as processes under a treaty with its own numbers: an item goes to the other."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.doors.nodes import Desk, two_sides

pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("own-articles")]

NAME = "renumbered-exercise"
PACK = Path(__file__).parents[1] / f"vectors/agreement-pack/renumbered/{NAME}.yaml"
PRACTICE = "Registry practice"
BESIDE = {"Originator control", "House policy"}
ITS_OWN = {f"Art. {number}" for number in range(1, 9)}
PURPOSE = "assessment of missile launches"
Q = shlex.quote(PURPOSE)
UNTIL = (datetime.now(UTC) + timedelta(days=30)).isoformat()
CONTENT = b"what the radar saw\n"


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, Desk]]:
    folder = tmp_path_factory.mktemp("own-articles")
    with two_sides(folder, staff, agreement=f"--pack {PACK}") as both:
        yield both


def staff(desk: Desk) -> None:
    """P-2 registrar, P-3 and P-4 disclosure officers, P-5 analyst."""
    marks = {"KOR": ("군사II급비밀",), "JPN": ("極秘", "特定秘密")}[desk.party]
    authority = desk.officer("P-1")
    assert authority.approve_facility("F-1", "Vault", marks, "P-1").granted
    for person, role in (
        ("P-2", "registrar"),
        ("P-3", "disclosure_officer"),
        ("P-4", "disclosure_officer"),
        ("P-5", "analyst"),
    ):
        desk.new_key(person)
        statement = desk.key(person).with_suffix(".key.pub").read_text()
        assert authority.enrol(person, "A B", "F-1", statement).granted
        assert authority.appoint(person, role, "L").granted
        assert authority.grant(person, marks, "V", UNTIL).granted
        assert authority.brief(person, NAME, UNTIL).granted
    for person in ("P-2", "P-5"):
        assert authority.list_person("F-1", person, NAME).granted
        assert authority.approve_need(person, NAME, PURPOSE, "duty", UNTIL).granted


def own(articles: list[str]) -> list[str]:
    """The articles, each one that this treaty has, or none's."""
    for article in articles:
        number = article.split("(")[0].split(":")[0]
        assert number in {*ITS_OWN, PRACTICE, *BESIDE}, article
    return articles


def refused(desk: Desk, command: str, person: str) -> dict[str, str]:
    """The rules that do not hold, and the article that each cites."""
    done = desk.call(f"{command} --json", person)
    assert done.returncode == 1, (command, done.stdout, done.stderr)
    said: dict[str, Any] = json.loads(done.stdout)
    own(said["articles"])
    return {r["rule"]: r["article"] for r in said["refused"]}


def test_dispatch_and_acceptance_cite_the_treatys_own_articles(
    sides: tuple[Desk, Desk], tmp_path: Path
) -> None:
    kor, jpn = sides
    source = tmp_path / "radar.txt"
    source.write_bytes(CONTENT)
    item = kor.run(
        f"item register {source} --agreement {NAME} --mark 군사II급비밀 --subject missiles"
        " --short-title Radar --facility F-1 --copies 2 --language ko --releasable-to KOR"
        " --releasable-to JPN --title Radar",
        "P-2",
    )["item"]
    request = kor.run(f"release request {item} --agreement {NAME} --purpose {Q}", "P-5")["request"]
    early = refused(kor, f"release review {request} --favour", "P-3")
    assert set(early.values()) == {"Art. 5(3)(b)", "Art. 5(4)"}
    kor.run(f"release ask-assurance {request}", "P-3")
    (question,) = jpn.wait(lambda: jpn.rows("notice list --open"))
    jpn.run(f"notice assure {question['id']} --clearance 極秘", "P-3")
    kor.wait(lambda: [r for r in kor.rows("release list") if r["assurance"]])
    kor.run(f"release review {request} --favour", "P-3")
    decided = kor.run(f"release decide {request} --favour", "P-4")
    assert {"Art. 1(1)", "Art. 3(1)", "Art. 3(2)"} <= set(own(decided["articles"]))

    early = refused(kor, f"transmittal dispatch {request}", "P-5")
    assert early["actor_is_appointed"].startswith(PRACTICE)
    sent = kor.run(f"transmittal dispatch {request}", "P-2")
    assert "Art. 6(1)" in own(sent["articles"])
    (arrived,) = jpn.wait(lambda: jpn.rows("transmittal list --in --state received"))
    assert (arrived["number"], arrived["items"][0]["reference"]) == (sent["number"], item)
    accept = f"transmittal accept {kor.registry} {sent['number']} --facility F-1"
    wrong = refused(jpn, f"{accept} --mark 秘", "P-2")
    assert wrong["chosen_mark_corresponds"] == "Art. 3(2)"
    accepted = jpn.run(f"{accept} --mark {item}=極秘", "P-2")
    assert "Art. 3(2)" in own(accepted["articles"])
    kor.wait(lambda: [o for o in kor.rows("transmittal list") if o["acceptance"]])

    out = tmp_path / "read.txt"
    (received,) = accepted["items"]
    told = jpn.run(f"item read {received} --facility F-1 --purpose {Q} --out {out}", "P-5")
    assert out.read_bytes() == CONTENT
    assert told["cover"]["title"] == "Radar"


def test_what_is_proved_to_a_stranger_rests_on_the_treatys_own_text(
    sides: tuple[Desk, Desk], tmp_path: Path
) -> None:
    kor, jpn = sides
    (item,) = (row["number"] for row in kor.rows("item list"))
    kor.wait(lambda: kor.run("node tick")["cosigned"] == {jpn.registry: ""})
    kor.run(f"evidence export {item} --out {tmp_path}/item.evidence")
    trust = f"--trust {kor.folder}/KOR.card --trust {kor.folder}/JPN.card"
    assert kor.run(f"verify {tmp_path}/item.evidence {trust}")["ok"] is True
    decisions = kor.run("book decisions --limit 200")["rows"]
    assert decisions
    for row in decisions:
        own(row["articles"])
