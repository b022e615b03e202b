"""What every test runs under: bounded Hypothesis profiles, and no way out of the machine.

Warnings are errors (`filterwarnings` in pyproject.toml), so that a deprecated call or a file left
open fails the test that made it.
"""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# Other work on the machine makes a test slow, never wrong: no deadline, no complaint about speed.
_PATIENT: dict[str, Any] = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}

settings.register_profile("dev", max_examples=60, **_PATIENT)
settings.register_profile(
    "ci", max_examples=120, derandomize=True, database=None, print_blob=True, **_PATIENT
)
settings.register_profile("fuzz", max_examples=20_000, print_blob=True, **_PATIENT)
settings.load_profile("ci" if os.environ.get("CI") else "dev")

_connect = socket.socket.connect
_connect_ex = socket.socket.connect_ex
_sendto = socket.socket.sendto
_getaddrinfo = socket.getaddrinfo


def _local(host: object) -> bool:
    """True for this machine's own names and loopback addresses."""
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host in (None, "", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


def _refuse_outside(sock: socket.socket, address: Any) -> None:
    if sock.family in (socket.AF_INET, socket.AF_INET6) and not _local(address[0]):
        pytest.fail(f"a test reached for {address[0]}: only loopback is allowed", pytrace=True)


@pytest.fixture(autouse=True, scope="session")
def no_way_out() -> Iterator[None]:
    """Refuse any address but loopback, and the look-up of any name but localhost.

    It guards this process only: a program that a test starts guards itself.
    """

    def connect(self: socket.socket, address: Any) -> None:
        _refuse_outside(self, address)
        return _connect(self, address)

    def connect_ex(self: socket.socket, address: Any) -> int:
        _refuse_outside(self, address)
        return _connect_ex(self, address)

    def sendto(self: socket.socket, data: Any, *rest: Any) -> int:
        _refuse_outside(self, rest[-1])
        return _sendto(self, data, *rest)

    def getaddrinfo(host: Any, *rest: Any, **named: Any) -> Any:
        if not _local(host):
            pytest.fail(f"a test looked up {host!r}: only loopback is allowed", pytrace=True)
        return _getaddrinfo(host, *rest, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect)
        patch.setattr(socket.socket, "connect_ex", connect_ex)
        patch.setattr(socket.socket, "sendto", sendto)
        patch.setattr(socket, "getaddrinfo", getaddrinfo)
        yield
