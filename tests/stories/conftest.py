"""A town for each story: prepared once, then copied, since its keys take the time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.stories.town import Town


def _prepared(folder: Path, at: datetime) -> Town:
    town = Town(folder, at)
    town.close()
    return town


@pytest.fixture(scope="session")
def march(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """A closed town in March 2026, to be copied."""
    return _prepared(tmp_path_factory.mktemp("march"), datetime(2026, 3, 2, 9, tzinfo=UTC))


@pytest.fixture(scope="session")
def autumn(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """A closed town in November 2026, to be copied."""
    return _prepared(tmp_path_factory.mktemp("autumn"), datetime(2026, 11, 20, 9, tzinfo=UTC))


@pytest.fixture(scope="session")
def in_2023(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """A closed town on 17 March 2023, which knows of 2019 and not of what is about to come."""
    folder = tmp_path_factory.mktemp("in_2023")
    town = Town(
        folder,
        datetime(2023, 3, 17, 1, tzinfo=UTC),
        record_until=datetime(2023, 3, 16, 14, tzinfo=UTC),
    )
    for house in (town.kor, town.jpn):
        house.desks()
    town.close()
    return town


@pytest.fixture
def spring(in_2023: Town, tmp_path: Path) -> Iterator[Town]:
    """Korea and Japan on 17 March 2023."""
    town = in_2023.moved(tmp_path)
    yield town
    town.close()


@pytest.fixture
def town(march: Town, tmp_path: Path) -> Iterator[Town]:
    """Korea and Japan in March 2026."""
    town = march.moved(tmp_path)
    yield town
    town.close()


@pytest.fixture
def november(autumn: Town, tmp_path: Path) -> Iterator[Town]:
    """The two in the week before the agreement's next extension."""
    town = autumn.moved(tmp_path)
    yield town
    town.close()
