"""Nodes to start from; slow tests run only when asked for: `pytest -m slow tests/peers`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.pair import Mortal, copied, pair


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("markexpr"):
        return
    slow = [item for item in items if item.get_closest_marker("slow")]
    if slow:
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if item not in slow]


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both folders, staffed and trusting each other, with nothing running."""
    folder = tmp_path_factory.mktemp("template")
    with pair(folder) as sides:
        for side in sides:
            side.end()
    return folder


@pytest.fixture
def sides(template: Path, tmp_path: Path) -> Iterator[tuple[Mortal, Mortal]]:
    """Korea and Japan from the template, running."""
    both = copied(template, tmp_path)
    try:
        for side in both:
            side.start()
        yield both
    finally:
        for side in both:
            side.kill()
