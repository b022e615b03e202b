"""The level table of the 2016 agreement between Japan and Korea, as plain data."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from gsomia.marking import Equivalence

TABLE_2016: dict[str, Any] = {
    "valid_from": "2016-11-23T00:00:00+09:00",
    "valid_until": None,
    "rows": [
        {"JPN": ["極秘", "特定秘密"], "KOR": ["군사II급비밀"]},
        {"JPN": ["秘"], "KOR": ["군사III급비밀"]},
    ],
    "excluded": {
        "KOR": {"군사I급비밀": "level I is outside the agreement"},
        "JPN": {"機密": "機密 is outside the agreement"},
    },
    "article": "4",
    "source": "Japanese text, page 3",
    "verified": True,
}


@pytest.fixture
def table() -> dict[str, Any]:
    """A fresh copy that a test may bend."""
    return {**TABLE_2016, "rows": [dict(row) for row in TABLE_2016["rows"]]}


@pytest.fixture(scope="session")
def gsomia_2016() -> Equivalence:
    """The table of 2016, compiled."""
    return Equivalence.of([TABLE_2016])


@pytest.fixture(scope="session")
def at() -> datetime:
    """A day on which the table is in force."""
    return datetime(2023, 3, 17, 10, 30, tzinfo=UTC)
