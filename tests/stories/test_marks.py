"""What an item shows against what it is registered with: the node looks, and keeps what it saw."""

from __future__ import annotations

import io
from typing import Any

import pytest

from gsomia.documents.embedded import bind_inside, write_binding
from gsomia.documents.examining import ExamineMarks
from gsomia.documents.stamping import Asked, stamp_here
from gsomia.exchange.cover import Cover
from gsomia.marking import label as labels
from gsomia.marking.label.model import Base, Information, Label
from gsomia.node import past
from gsomia.registry import commands as registry
from gsomia.registry.model import Examined, Shown
from tests.documents.builders import KOREAN, pdf
from tests.stories.town import AGREEMENT, House, Town

MARK = "군사II급비밀"
SHOWS_III = "# 군사III급비밀\n\n본문\n".encode()
SHOWS_BOTH = "# 군사II급비밀\n\n본문\n\n군사III급비밀\n".encode()


@pytest.fixture
def kor(town: Town) -> House:
    """Korea's node with a reader of marks."""
    town.kor.marks = ExamineMarks()
    town.kor.restart()
    return town.kor


def command(house: House, content: bytes | None, mark: str = MARK) -> registry.Register:
    source = None if content is None else io.BytesIO(content)
    cover = Cover("A title", "" if content else "what was said")
    return registry.Register(
        agreement=AGREEMENT,
        mark=mark,
        subject="missiles",
        form="document" if content else "oral",
        short_title="Assessment",
        facility="F-1",
        sealed=house.node.stage(source, "text/plain", cover),
    )


def saw(house: House, granted: str) -> dict[str, Any]:
    (row,) = past.decisions(house.node, {"act": "registry.register", "granted": granted})["rows"]
    found = past.decision(house.node, {"key": row["key"]})
    assert found["again"]["same"], found["again"]
    outcomes = {o["rule"]: o for o in found["ruling"]["outcomes"]}
    return dict(outcomes["shows_no_other_mark"]["saw"])


def test_content_that_shows_another_mark_is_refused_and_the_decision_says_where(kor: House):
    assert kor.refused("P-2", command(kor, SHOWS_III)) == ["shows_no_other_mark"]
    assert saw(kor, "no") == {
        "known_mark": MARK,
        "shown": ["군사III급비밀"],
        "shown_at": ["first 1: 군사III급비밀"],
        "shown_above": [],
        "not_examined": "",
    }


def test_the_same_content_under_its_own_mark_is_registered(kor: House):
    told = kor.ok("P-2", command(kor, SHOWS_BOTH))
    assert told["item"]
    assert saw(kor, "yes")["shown"] == [MARK, "군사III급비밀"]


def test_a_label_inside_that_says_another_mark_is_refused_though_the_pages_agree(kor: House):
    stamped = stamp_here(pdf(), Asked(KOREAN, "file"))[1]
    good, bad = (labelled(stamped, mark) for mark in (MARK, "군사III급비밀"))
    assert kor.refused("P-2", command(kor, bad)) == ["labelled_as_it_is_marked"]
    kor.ok("P-2", command(kor, good))


def labelled(data: bytes, mark: str) -> bytes:
    """A file with a label of that classification inside."""
    base = Base(
        information=Information(policy="KOR", classification=mark), created="2026-01-01T00:00:00Z"
    )
    held = labels.read(labels.write(Label(review="2031-01-01T00:00:00Z", base=base)))
    return write_binding(data, bind_inside(data, [held]))


def test_what_shows_no_mark_or_cannot_be_examined_is_registered_and_on_record(kor: House):
    assert "not_examined" not in kor.ok("P-2", command(kor, pdf()))
    assert saw(kor, "yes") == {
        "known_mark": MARK,
        "shown": [],
        "shown_at": [],
        "shown_above": [],
        "not_examined": "",
    }
    assert kor.ok("P-2", command(kor, b"\x00\x01"))["not_examined"] == "format"
    assert "not_examined" not in kor.ok("P-2", command(kor, None))
    whys = [e.why for e in kor.node.clerk.state.all(Examined)]
    assert sorted(whys) == ["", "format"]


def test_a_node_without_a_reader_says_that_nobody_looked(town: Town):
    told = town.kor.ok("P-2", command(town.kor, SHOWS_III))
    assert told["not_examined"] == "not_examined"
    assert saw(town.kor, "yes")["not_examined"] == "not_examined"


def test_the_finding_is_the_nodes_own_entry_and_survives_a_rebuild(kor: House):
    asked = command(kor, SHOWS_BOTH)
    kor.ok("P-2", asked)
    before = kor.node.clerk.state.need(Examined, asked.sealed.slot, "content")
    assert before.shown == (Shown(MARK, "first", 1, 1), Shown("군사III급비밀", "last", 5, 1))
    row = next(r for r in kor.node.store.everything() if r.kind == "registry.content_examined")
    assert not any(o.field in ("command", "act", "signed") for o in row.openings)
    kor.node.stop()
    kor.node = kor.unstarted()
    kor.node.clerk.rebuild()
    assert kor.node.clerk.state.need(Examined, asked.sealed.slot, "content") == before
    kor.node.clerk.start()
