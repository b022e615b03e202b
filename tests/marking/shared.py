"""Where the files are that tests read: some stored here, some only where GSOMIA_VECTORS says."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

VECTORS = Path(__file__).parents[1] / "vectors"
SPIF = VECTORS / "spif"

_FOLDER = os.environ.get("GSOMIA_VECTORS", "")


def outside(path: str) -> Path:
    """A file that may not be stored here. Skips the test, saying so, where there is none."""
    if not _FOLDER:
        pytest.skip(f"GSOMIA_VECTORS names no folder: {path} was left out")
    found = Path(_FOLDER) / path
    if not found.exists():
        pytest.skip(f"{path} is not in the folder that GSOMIA_VECTORS names")
    return found
