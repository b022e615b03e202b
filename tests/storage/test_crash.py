"""A writer killed at any moment: all it said was committed is there, and nothing half.

This is the death of a process. The loss of power differs by what the disk had
not yet written; SQLite's own tests cover it for the settings used here.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gsomia.storage.sqlite import SqliteStore

WRITER = Path(__file__).with_name("crash_writer.py")


def run_and_kill(path: Path, size: int, seconds: float) -> int:
    """Let the writer work for `seconds`, kill it, and return the last size it told."""
    with subprocess.Popen(
        [sys.executable, str(WRITER), str(path), str(size)], stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        told = [child.stdout.readline()]  # it is at work
        time.sleep(seconds)
        child.kill()
        told += child.stdout.read().splitlines(keepends=True)
    assert child.returncode == -9
    return [int(line) for line in told if line.endswith(b"\n")][-1]


@pytest.mark.parametrize("size", [1, 40])
def test_a_killed_writer_loses_nothing_and_leaves_nothing_half(tmp_path: Path, size: int) -> None:
    draw = random.Random(size)
    path = tmp_path / "node.db"
    last = 0
    for _ in range(6):
        told = run_and_kill(path, size, draw.uniform(0, 0.15))
        assert told > last
        with SqliteStore(path) as store:
            last = store.heads()["book"]
            # It may have been killed between the commit and the word.
            assert last in {told, told + size}
            store.check()
            check_whole(store, last, size)


def check_whole(store: SqliteStore, end: int, size: int) -> None:
    """All parts of every batch up to `end`, and no part of another."""
    rows = list(store.entries("book", 0, end + size))
    assert [row.entry for row in rows] == [b"entry %d" % index for index in range(end)]
    assert store.leaves("book") == b"".join(row.leaf for row in rows)
    for row in rows:
        kept = ["number"] if row.index < end - size else ["number", "title"]
        assert [opening.field for opening in row.openings] == kept
    docs = {(kind, key): body for kind, key, body in store.docs()}
    assert docs.pop(("head", "book")) == b"%d" % end
    assert set(docs) == {("batch", f"{start}") for start in range(0, end, size)}
    assert [head for head, _ in store.checkpoints("book")] == list(range(size, end + 1, size))
    assert store.checkpoint("book") == (end, b"note %d" % end)
    assert store.meta("head") == b"%d" % end
