"""The page on legal bases prints what it shows."""

from __future__ import annotations

from pathlib import Path

from tests.docs import blocks

PAGE = blocks.ROOT / "docs" / "legal-basis.md"


def test_the_page_prints_what_it_shows(tmp_path: Path) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    found = blocks.run(PAGE, folder)
    assert len(found) == 4
    blocks.check(PAGE, found)
