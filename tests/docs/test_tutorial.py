"""The tutorial and the pages that go on from it run as they stand, and print what they show."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.docs import blocks

DOCS = blocks.ROOT / "docs"


@pytest.mark.timeout(900)
def test_the_tutorial_runs_and_prints_what_it_shows(
    tmp_path: Path, free_ports: Callable[[int], list[str]]
) -> None:
    page = DOCS / "tutorial.md"
    folder = tmp_path / "here"
    folder.mkdir()
    replace = dict(zip(("8611", "8612"), free_ports(2), strict=True))
    text = page.read_text("utf-8")
    assert all(text.count(port) for port in replace)
    shown = blocks.blocks(page)
    results = blocks.run(page, folder, replace, timeout=800)
    results = [
        (blocks.with_ports(block, replace), output, failed) for block, output, failed in results
    ]
    blocks.check(page, results)
    assert sum(block.refused for block in shown) >= 5
    assert not (folder / "treaty" / "launches.csv").exists()
    assert (folder / "treaty" / "read.csv").stat().st_size == 38


def test_a_page_that_lies_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    good, bad, silent = "```sh\necho one\n```\n", "```text\ntwo\n```\n", "```sh\nfalse\n```\n"
    page = tmp_path / "page.md"
    page.write_text(good + "```text\none\n```\n")
    blocks.check(page, blocks.run(page, folder))
    page.write_text(good + bad)
    with pytest.raises(AssertionError, match="it printed"):
        blocks.check(page, blocks.run(page, folder))
    page.write_text(silent + good)
    with pytest.raises(AssertionError, match="failed"):
        blocks.check(page, blocks.run(page, folder))
    page.write_text(good + "```text\nrefused: nothing\n```\n")
    with pytest.raises(AssertionError, match="nothing was refused"):
        blocks.check(page, blocks.run(page, folder))
