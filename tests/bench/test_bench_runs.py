"""Every benchmark runs, at sizes too small to mean anything, and gives its part of the table."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).parents[2] / "bench"
SCRIPTS = sorted(BENCH.glob("bench_*.py"))


def small(script: Path, *options: str) -> str:
    done = subprocess.run(
        [sys.executable, str(script), "--small", *options],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda s: s.stem)
def test_it_measures_and_says_what_was_left_out(script: Path) -> None:
    (result,) = json.loads(small(script, "--json"))["results"]
    assert result["rows"]
    for row in result["rows"]:
        assert row["what"].strip()
        assert row["ours"]
        # A goal is either met or not; without a goal there is nothing to meet.
        assert (row["met"] is not None) == bool(row["goal"])
        # A ratio is against somebody, who is named.
        assert (row["ratio"] is not None) == bool(row["peer"])
        assert row["ratio"] is None or row["ratio"] > 0
    assert len(set(result["left_out"])) == len(result["left_out"])


def test_the_table_names_its_columns_and_each_row() -> None:
    """The same run as text: one line for each row, under a heading."""
    lines = small(BENCH / "bench_questions.py").splitlines()
    assert lines[0].split() == "Questions ours peer or limit ratio goal met?".split()
    assert [line.split()[0] for line in lines[1:5]] == ["status", "marks", "the", "command"]


def test_there_is_a_benchmark_for_each_part() -> None:
    named = {s.stem.removeprefix("bench_") for s in SCRIPTS}
    assert named == {
        "decision",
        "exchange",
        "impact",
        "journal",
        "labels",
        "questions",
        "sealing",
        "stamping",
        "verify",
    }
