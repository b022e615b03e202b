"""Nodes' certificates, a small node for the doors to speak to, and raw clients."""

from __future__ import annotations

import hashlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from gsomia.http.peer import PeerServer
from gsomia.journal.witness import Outcome as Witnessed
from gsomia.keys.tls import contexts, make_certificate, new_tls_key
from gsomia.node.arrivals import Arrival
from gsomia.node.ports import Outcome
from gsomia.storage.blobs import LocalBlobs

DAY = timedelta(days=1)
JP, KR, US = "JPN-DIH1", "KOR-DIH1", "USA-DIH1"


class Identity(NamedTuple):
    certificate: bytes
    key: bytes


@cache
def identity(name: str) -> Identity:
    key = new_tls_key()
    now = datetime.now(UTC)
    return Identity(make_certificate(name, 7, now - DAY, now + DAY, key), key)


def server_context(name: str, *partners: str) -> ssl.SSLContext:
    return contexts(*identity(name), [identity(p).certificate for p in partners])[0]


def client_context(name: str, server: str) -> ssl.SSLContext:
    return contexts(*identity(name), [identity(server).certificate])[1]


def who_of(*names: str) -> Callable[[bytes], str | None]:
    return {identity(name).certificate: name for name in names}.get


class SmallNode:
    """Takes in whatever comes into a folder of blobs; answers as told."""

    def __init__(self, folder: Path) -> None:
        self.blobs = LocalBlobs(folder)
        self.folder = folder
        self.outcome = Outcome.RECEIVED
        self.witnessed: tuple[Witnessed, bytes] = (Witnessed.ACCEPTED, b"lines\n")
        self.error: Exception | None = None
        self.taken: list[tuple[str, int, str]] = []
        self.asked: list[tuple[str, str, bytes]] = []
        self.errors: list[Exception] = []
        self.hold: threading.Event | None = None
        self.running = 0
        self.ended = threading.Event()

    def take(self, source: Any, peer: str = "") -> Arrival:
        blob = self.blobs.create()
        buffer = memoryview(bytearray(1 << 20))
        sha, size = hashlib.sha256(), 0
        try:
            self.running += 1
            self._fail()
            if self.hold is not None:
                self.hold.wait(10)
            while count := source.readinto(buffer):
                sha.update(buffer[:count])
                blob.write(buffer[:count])
                size += count
            self.taken.append((peer, size, sha.hexdigest()))
            return Arrival(self.outcome, b"receipt for " + sha.hexdigest().encode(), "1", peer)
        except Exception as error:
            self.errors.append(error)
            raise
        finally:
            self.running -= 1
            blob.drop()
            self.ended.set()

    def _fail(self) -> None:
        if self.error is not None:
            raise self.error

    def witness(self, peer: str, book: str, request: bytes) -> tuple[Witnessed, bytes]:
        self._fail()
        self.asked.append((peer, book, request))
        return self.witnessed

    def standing(self) -> dict[str, Any]:
        return {"registry": JP, "books": {"rok-japan-2016": 7}, "peers": [KR, US]}

    def left(self) -> list[str]:
        """Blobs left behind, kept or not."""
        return [*self.blobs.names(), *(p.name for p in (self.folder / "tmp").iterdir())]


class Raw:
    """A client that can misbehave, under TLS or not."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock

    def say(self, data: bytes) -> None:
        self.sock.sendall(data)

    def hear(self) -> bytes:
        """Everything to the end; what a reset leaves over counts too."""
        heard = b""
        try:
            while data := self.sock.recv(65536):
                heard += data
        except OSError:
            pass
        return heard

    def answer(self) -> bytes:
        """One answer with a Content-Length, the connection staying open."""
        heard = b""
        while b"\r\n\r\n" not in heard:
            data = self.sock.recv(65536)
            if not data:
                return heard
            heard += data
        head, _, body = heard.partition(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        while len(body) < length:
            body += self.sock.recv(65536)
        return head + b"\r\n\r\n" + body


@contextmanager
def raw(server: PeerServer, context: ssl.SSLContext | None = None) -> Iterator[Raw]:
    """A raw connection to a server, under TLS as KR unless said otherwise."""
    plain = socket.create_connection(server.address, timeout=10)
    with plain, (context or client_context(KR, JP)).wrap_socket(plain) as sock:
        yield Raw(sock)


def chunks(size: int, step: int = 1 << 20) -> Iterator[memoryview]:
    """`size` bytes through one buffer, as a node sends them."""
    buffer = memoryview(bytes(range(256)) * (step // 256))
    while size:
        yield buffer[: min(size, step)]
        size -= min(size, step)


def digest_of(size: int) -> str:
    sha = hashlib.sha256()
    for chunk in chunks(size):
        sha.update(chunk)
    return sha.hexdigest()


def small(data: bytes) -> Iterator[memoryview]:
    return iter((memoryview(data),))


@contextmanager
def memory_growth() -> Iterator[Callable[[], int]]:
    """How many bytes the process's peak has grown since the block began."""

    def peak(field: str) -> int:
        status = Path("/proc/self/status").read_text()
        return int(status.split(field + ":")[1].split()[0]) * 1024

    Path("/proc/self/clear_refs").write_text("5")  # the peak starts again from here
    before = peak("VmRSS")
    yield lambda: peak("VmHWM") - before
