"""What a step costs does not grow with all that ever was: the work is counted, not timed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from gsomia.exchange.commands import NodeSends
from gsomia.exchange.messages import Heartbeat
from gsomia.fold import State
from gsomia.storage.blobs import LocalBlobs
from tests.stories.town import AGREEMENT, Town


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Documents looked at, and questions to the file system about blobs, as they happen."""
    count: Counter[str] = Counter()
    for name in ("all", "open"):
        inner = getattr(State, name)

        def looking(self: State, type_: Any, inner: Any = inner) -> Iterator[Any]:
            for doc in inner(self, type_):
                count[f"{type_.kind_()} looked at"] += 1
                yield doc

        monkeypatch.setattr(State, name, looking)
    for name in ("exists", "size", "open", "delete"):
        inner = getattr(LocalBlobs, name)

        def asking(self: LocalBlobs, blob: str, inner: Any = inner, name: str = name) -> Any:
            count[f"blob {name}"] += 1
            return inner(self, blob)

        monkeypatch.setattr(LocalBlobs, name, asking)
    return count


def beat(town: Town) -> None:
    """One transmittal more, numbered, sealed, sent and receipted."""
    town.kor.node.clerk.submit(NodeSends("JPN-DIH1", AGREEMENT, Heartbeat()))
    town.settle()


def one_more(town: Town, work: Counter[str]) -> dict[str, int]:
    work.clear()
    beat(town)
    return dict(work)


def test_one_more_transmittal_costs_what_the_first_ones_did(town: Town, work: Counter[str]) -> None:
    for _ in range(3):
        beat(town)
    early = one_more(town, work)
    assert early["exchange.outgoing looked at"] > 0
    assert early["blob size"] > 0
    for _ in range(40):
        beat(town)
    assert one_more(town, work) == early
    before = len(list(town.kor.outgoing()))
    assert before > 40

    # A round with nothing to do asks the disk nothing and looks at no transmittal that is over.
    work.clear()
    assert town.kor.tick() == 0
    assert not any(name.startswith("blob") for name in work), work
    assert work["exchange.outgoing looked at"] == 0


def test_a_registered_item_is_not_looked_at_again(town: Town, work: Counter[str]) -> None:
    town.exchange()
    early = one_more(town, work)
    for _ in range(5):
        town.exchange()
    assert one_more(town, work) == early
