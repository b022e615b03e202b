"""A town for each story."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.stories.town import Town


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """Korea and Japan in March 2026."""
    town = Town(tmp_path)
    yield town
    town.close()


@pytest.fixture
def november(tmp_path: Path) -> Iterator[Town]:
    """The two in the week before the agreement's next extension."""
    town = Town(tmp_path, datetime(2026, 11, 20, 9, tzinfo=UTC))
    yield town
    town.close()
