"""The way to partners' nodes: one lasting connection to each, over mutual TLS.

Promises: a partner is known by its one certificate; nothing is sent to any other.
No proxy and no environment variable counts. Waiting is bounded, also for a partner
that answers byte by byte. Whatever goes wrong on the way is `Unavailable`.
"""

from __future__ import annotations

import http.client
import io
import select
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

import msgspec

from gsomia.faults import Unavailable
from gsomia.http.asking import ask, read_all
from gsomia.http.statuses import ANSWERED, CHECKPOINT
from gsomia.http.wire import SLICE, Timed, TimedFile
from gsomia.journal.witness import Outcome as Cosigning
from gsomia.node.ports import Outcome

MAX_ANSWER = 1 << 20
"""Bytes of the largest answer accepted."""

Address = tuple[str, int, bytes]
"""Host, port and the server's certificate (DER)."""


class Answer(msgspec.Struct):
    """A partner's answer."""

    status: int
    body: bytes


class Patience(msgspec.Struct, frozen=True):
    """How long to wait, in seconds, and how slowly a partner may take a body (bytes a second)."""

    connect: float = 5.0
    answer: float = 60.0
    rate: float = 32 << 10


class _Wire:
    """A socket as `http.client` uses it. Only `_Connection.drop` closes the real one."""

    def __init__(self, timed: Timed) -> None:
        self._timed = timed
        self.sendall = timed.sendall

    def makefile(self, *_: object) -> io.BufferedReader:
        """The reading side, under the same deadline."""
        return io.BufferedReader(TimedFile(self._timed), SLICE)

    def close(self) -> None:
        """Nothing: an answer may still be read."""


class _Connection(http.client.HTTPConnection):
    """HTTP over a socket with one pinned peer."""

    timed: Timed | None = None

    def __init__(self, address: Address, context: ssl.SSLContext, patience: Patience) -> None:
        super().__init__(address[0], address[1])
        self._address, self._context, self._patience = address, context, patience

    def connect(self) -> None:
        """Connect, shake hands, and compare the certificate."""
        host, port, certificate = self._address
        plain = socket.create_connection((host, port), self._patience.connect)
        try:
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            secure = self._context.wrap_socket(plain)
        except BaseException:
            plain.close()
            raise
        self.timed = Timed(secure, self._patience.answer)
        if secure.getpeercert(binary_form=True) != certificate:
            self.drop()
            raise Unavailable("the partner's node shows another certificate than its card")
        self.sock = _Wire(self.timed)

    def stale(self) -> bool:
        """Whether the partner has closed, or said something unasked."""
        if self.timed is None or self.timed.sock.fileno() < 0:
            return True
        poll = select.poll()
        poll.register(self.timed.sock, select.POLLIN)
        return bool(poll.poll(0))

    def cut(self) -> None:
        """End what waits on it, from another thread.

        Only the thread that uses the socket may close it: the system could give its
        number to another file meanwhile.
        """
        if self.timed is not None:
            with suppress(OSError):
                socket.socket.shutdown(self.timed.sock, socket.SHUT_RDWR)

    def drop(self) -> None:
        """Close for good."""
        if self.timed is not None:
            self.timed.sock.close()


class HttpLink:
    """`gsomia.node.ports.PeerLink` over HTTP. Safe to use from several threads.

    `address(registry)` gives where a partner's node is and its certificate, as its
    card says, and may raise any `GsomiaError`. `context(certificate)` makes a
    client context that accepts exactly this certificate and shows our own
    (`keys.tls.contexts(...)[1]`). Requests to one partner wait for each other.
    """

    def __init__(
        self,
        address: Callable[[str], Address],
        context: Callable[[bytes], ssl.SSLContext],
        patience: Patience | None = None,
    ) -> None:
        self._address, self._context = address, context
        self._patience = patience or Patience()
        self._contexts: dict[str, tuple[bytes, ssl.SSLContext]] = {}
        self._open: dict[str, tuple[Address, _Connection]] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()
        self._closed = False

    def send(self, registry: str, path: str, body: Iterable[memoryview], size: int) -> Answer:
        """Post `size` bytes to a partner's node and wait for its answer, of at most 1 MiB.

        Nothing is repeated once a byte of `body` was taken. Raises `Unavailable`.
        """
        with self._lock:
            lock = self._locks.setdefault(registry, threading.Lock())
        with lock:
            try:
                return self._send(registry, path, body, size)
            except Unavailable as error:
                self._forget(registry)
                raise Unavailable(f"{registry}: {error.what}", error.hint) from None
            except TimeoutError:
                self._forget(registry)
                raise Unavailable(f"{registry} did not answer in time") from None
            except (OSError, http.client.HTTPException) as error:
                self._forget(registry)
                raise Unavailable(f"{registry}: {_words(error)}") from None
            except BaseException:
                self._forget(registry)
                raise

    def deliver(
        self, registry: str, body: Iterable[memoryview], size: int
    ) -> tuple[Outcome, bytes]:
        """Send a sealed transmittal, and wait for what came of it. Raises `Unavailable`."""
        answer = self.send(registry, "/transmittal", body, size)
        outcome = ANSWERED.get(answer.status)
        if outcome is None:
            raise Unavailable(f"{registry} answered {answer.status}")
        return outcome, answer.body

    def ask_to_cosign(self, registry: str, book: str, request: bytes) -> tuple[bool, bytes]:
        """Ask a partner to cosign a book: true with its lines. Raises `Unavailable`."""
        body = iter((memoryview(request),))
        answer = self.send(registry, f"/checkpoint/{book}", body, len(request))
        return answer.status == CHECKPOINT[Cosigning.ACCEPTED], answer.body

    def close(self) -> None:
        """Close every connection; what waits on one ends with `Unavailable`."""
        with self._lock:
            self._closed = True
            locks = list(self._locks.items())
            for _, connection in self._open.values():
                connection.cut()
        for registry, lock in locks:
            with lock:
                self._forget(registry)

    def _send(self, registry: str, path: str, body: Iterable[memoryview], size: int) -> Answer:
        connection = self._connection(registry)
        timed = connection.timed
        if timed is None:
            raise Unavailable("the link is closed")
        timed.within(self._patience.answer + size / self._patience.rate)
        chunks = _then(body, timed, self._patience.answer)
        kind = {"Content-Type": "application/octet-stream"}
        response = ask(connection, "POST", path, kind, chunks, size)
        timed.within(self._patience.answer)
        answer = Answer(response.status, read_all(response, MAX_ANSWER))
        if response.will_close:
            self._forget(registry)
        return answer

    def _connection(self, registry: str) -> _Connection:
        """A connection with nothing on the way, checked just now or new."""
        address = self._address(registry)
        with self._lock:
            if self._closed:
                raise Unavailable("the link is closed")
            known, connection = self._open.get(registry, (None, None))
        if connection is not None and known == address and not connection.stale():
            return connection
        self._forget(registry)
        connection = _Connection(address, self._context_for(registry, address[2]), self._patience)
        connection.connect()
        with self._lock:
            if self._closed:
                connection.drop()
                raise Unavailable("the link is closed")
            self._open[registry] = (address, connection)
        return connection

    def _context_for(self, registry: str, certificate: bytes) -> ssl.SSLContext:
        known = self._contexts.get(registry)
        if known is None or known[0] != certificate:
            known = self._contexts[registry] = (certificate, self._context(certificate))
        return known[1]

    def _forget(self, registry: str) -> None:
        with self._lock:
            _, connection = self._open.pop(registry, (None, None))
        if connection is not None:
            connection.drop()


def _then(body: Iterable[memoryview], timed: Timed, answer: float) -> Iterator[memoryview]:
    """The body; at its end the time for the answer begins."""
    yield from body
    timed.within(answer)


def _words(error: Exception) -> str:
    """What went wrong, in plain words without the peer's own."""
    if isinstance(error, ssl.SSLError):
        return f"TLS failed: {error.reason or type(error).__name__}"
    if isinstance(error, OSError) and error.strerror:
        return str(error.strerror)
    if isinstance(error, socket.gaierror):
        return "its address is not known"
    return f"not the answer of a node ({type(error).__name__})"
