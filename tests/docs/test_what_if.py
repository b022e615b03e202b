"""The page on hypotheses runs as it stands, and leaves nothing but the file it writes."""

from __future__ import annotations

from pathlib import Path

from gsomia.views import impact
from tests.docs import blocks

PAGE = blocks.ROOT / "docs" / "what-if.md"


def test_the_page_runs_and_prints_what_it_shows(tmp_path: Path) -> None:
    blocks.check(PAGE, blocks.run(PAGE, tmp_path))
    assert [p.name for p in tmp_path.iterdir() if p.name != "script"] == ["row.yaml"]


def test_the_page_names_every_group() -> None:
    text = PAGE.read_text("utf-8")
    source = Path(impact.__file__).read_text("utf-8")
    groups = {
        line.split('"')[1] for line in source.splitlines() if line.strip().startswith('out["')
    }
    assert len(groups) >= 9
    assert all(f"`{group}`" in text for group in groups)
