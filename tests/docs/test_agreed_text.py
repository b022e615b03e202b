"""The page on the agreed text prints what it shows."""

from __future__ import annotations

from pathlib import Path

from tests.docs import blocks

PAGE = blocks.ROOT / "docs" / "agreed-text.md"


def test_the_page_prints_what_it_shows(tmp_path: Path) -> None:
    found = blocks.run(PAGE, tmp_path)
    assert len(found) == 1
    blocks.check(PAGE, found)
