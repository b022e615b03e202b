"""Servers that are closed again, whatever the test does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, cast

import pytest

from gsomia.http.door import DoorServer
from gsomia.http.door_client import Door
from gsomia.http.link import HttpLink, Patience
from gsomia.http.peer import PeerServer
from gsomia.http.serving import Limits
from gsomia.node.node import Node
from tests.http.builders import (
    JP,
    KR,
    SmallNode,
    client_context,
    identity,
    server_context,
    who_of,
)
from tests.http.officers import VERBS, VIEWS, OfficersNode


@pytest.fixture
def node(tmp_path: Path) -> SmallNode:
    return SmallNode(tmp_path / "blobs")


@pytest.fixture
def reports() -> list[str]:
    return []


@pytest.fixture
def serve(node: SmallNode, reports: list[str]) -> Iterator[Callable[..., PeerServer]]:
    """Makes started servers of JP that trust KR."""
    with ExitStack() as stack:

        def make(limits: Limits | None = None, **given: Any) -> PeerServer:
            chosen: dict[str, Any] = {"context": server_context(JP, KR), "who": who_of(KR), **given}
            limits = limits or Limits(threads=8)
            return stack.enter_context(
                PeerServer(node, report=reports.append, limits=limits, **chosen)
            )

        yield make


@pytest.fixture
def server(serve: Callable[..., PeerServer]) -> PeerServer:
    return serve()


@pytest.fixture
def connect() -> Iterator[Callable[..., HttpLink]]:
    """Makes links of KR (or another) to a server of JP."""
    with ExitStack() as stack:

        def make(
            port: int | PeerServer, name: str = KR, patience: Patience | None = None
        ) -> HttpLink:
            number = port if isinstance(port, int) else port.address[1]
            address = ("127.0.0.1", number, identity(JP).certificate)
            found = HttpLink(lambda _: address, lambda _: client_context(name, JP), patience)
            stack.callback(found.close)
            return found

        yield make


@pytest.fixture
def officers(tmp_path: Path) -> OfficersNode:
    return OfficersNode(tmp_path / "blobs")


@pytest.fixture
def open_door(officers: OfficersNode, reports: list[str]) -> Iterator[Callable[..., DoorServer]]:
    with ExitStack() as stack:

        def make(path: Path) -> DoorServer:
            return stack.enter_context(
                DoorServer(
                    cast("Node", officers), path, views=VIEWS, verbs=VERBS, report=reports.append
                )
            )

        yield make


@pytest.fixture
def door(open_door: Callable[..., DoorServer], tmp_path: Path) -> Door:
    open_door(tmp_path / "door")
    return Door(tmp_path / "door", timeout=20)
