"""What people read where two records differ, and of the policy on contested ground."""

from __future__ import annotations

from contextlib import redirect_stdout
from io import StringIO
from typing import Any

import pytest

from gsomia.cli.differing import difference_rows
from gsomia.cli.letters import _show_policy
from gsomia.cli.say import Screen
from gsomia.cli.treaty import show_status
from gsomia.cli.words import Words

AT = "2026-06-01T01:00:00Z"
LATER = "2026-06-01T03:00:00Z"
ROWS: list[dict[str, Any]] = [
    {
        "instrument": "exercise-notice",
        "field": "record",
        "ours": None,
        "theirs": "notice_of_termination",
    },
    {
        "instrument": "exercise-notice",
        "field": "handed_over",
        "ours": {"earliest": AT, "latest": AT},
        "theirs": {"earliest": AT, "latest": LATER},
    },
]


@pytest.mark.parametrize(
    ("lang", "kind"), [("en", "notice of termination"), ("ko", "종료 통보"), ("ja", "終了通告")]
)
def test_kinds_and_moments_are_told_as_people_say_them(lang: str, kind: str) -> None:
    words = Words(lang)
    record, moment = difference_rows(words, ROWS)
    assert (record["ours"], record["theirs"]) == (None, kind)
    assert (moment["ours"], moment["theirs"]) == (AT, f"{AT} – {LATER}")
    for row in (record, moment):
        assert row["field"] not in ("record", "handed_over")


def shown(show: Any, value: dict[str, Any], lang: str = "ko") -> list[str]:
    """The lines that people see."""
    out = StringIO()
    with redirect_stdout(out):
        show(Screen(Words(lang)), value)
    return out.getvalue().splitlines()


def test_a_node_s_answer_begins_with_what_people_look_for() -> None:
    """A node answers in canonical order, which is that of the alphabet."""
    status = {"earliest_end": None, "last_notice_day": None, "status": "terminated"}
    value: dict[str, Any] = {
        "agreement": "rok-japan-2016",
        "articles": ["Art. 21(3)"],
        "as_of": AT,
        "differences": ROWS,
        "notes": [],
        "readings": {"K": status},
        "records": {"ours": "in_force", "theirs": "terminated"},
        "status": "terminated",
    }
    lines = shown(show_status, value, "en")
    labels = [line.strip("│ ").split("  ")[0] for line in lines if line.startswith("│ ")]
    assert labels[:4] == ["agreement", "as of", "status", "articles"]
    assert "notice_of_termination" not in "".join(lines)


@pytest.mark.parametrize("lang", ["en", "ko", "ja"])
def test_the_reading_relied_on_and_those_held_have_names_of_their_own(lang: str) -> None:
    value = {
        "agreement": "rok-japan-2016",
        "policies": ["allow", "refuse"],
        "policy": "refuse",
        "reading": "K",
        "readings": ["K", "J"],
        "version": 1,
    }
    lines = [line for line in shown(_show_policy, value, lang) if line.startswith("│ ")]
    labels = [line.strip("│ ").split("  ")[0] for line in lines]
    assert len(set(labels)) == len(labels)
