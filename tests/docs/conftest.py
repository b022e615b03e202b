"""Ports that nobody listens on, for pages that name some."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest


@pytest.fixture
def free_ports() -> Callable[[int], list[str]]:
    """So many different ports of this machine."""

    def find(count: int) -> list[str]:
        probes = [socket.socket() for _ in range(count)]
        try:
            for probe in probes:
                probe.bind(("127.0.0.1", 0))
            return [str(probe.getsockname()[1]) for probe in probes]
        finally:
            for probe in probes:
                probe.close()

    return find
