"""The command line, row by row: `scripts/*.txt`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.doors.scripts import Row, check, rows

CASES = [
    pytest.param(row, id=f"{name}:{row.line}")
    for name in ("equivalent.txt", "status.txt", "usage.txt")
    for row in rows(name)
]


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Files and folders that rows name."""
    folder = tmp_path_factory.mktemp("places")
    (folder / "empty").mkdir()
    (folder / "folder").mkdir()
    (folder / "folder" / "file").write_text("somebody's")
    for name, text, mode in (
        ("junk", "neither a card nor a key\n", 0o600),
        ("open", "a passphrase that others can read\n", 0o644),
        ("short", "short\n", 0o600),
        ("pass", "a passphrase long enough\n", 0o600),
    ):
        (folder / name).write_text(text)
        (folder / name).chmod(mode)
    return {p: str(folder / p) for p in ("empty", "folder", "junk", "open", "short", "pass", "new")}


@pytest.mark.parametrize("row", CASES)
def test_a_row_does_what_the_script_says(row: Row, places, tmp_path: Path):
    check(row, places, tmp_path)
    assert not Path(places["new"]).exists()
    assert (Path(places["folder"]) / "file").read_text() == "somebody's"


def test_there_are_enough_rows():
    assert sum("equivalent" in r.values[0].command for r in CASES) >= 30  # type: ignore[union-attr]
    assert sum("status" in r.values[0].command for r in CASES) >= 20  # type: ignore[union-attr]
