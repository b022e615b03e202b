"""docs/stix-markings.md runs as it stands, and prints what it shows."""

from __future__ import annotations

from pathlib import Path

from tests.docs import blocks

PAGE = blocks.ROOT / "docs" / "stix-markings.md"


def test_the_page_runs_and_prints_what_it_shows(tmp_path: Path) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    blocks.check(PAGE, blocks.run(PAGE, folder))
    assert (folder / "part.json").is_file()
