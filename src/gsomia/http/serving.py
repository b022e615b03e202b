"""What both doors share: cheroot with limits, an honest end of bodies, and no talk of its own.

Differences from plain cheroot:

- a TLS handshake runs in a worker, and only once the peer has spoken, so that
  nobody holds up the others by connecting and saying nothing;
- headers, bodies and answers have deadlines, not only limits on single reads;
- a request is read strictly: no folded or repeated headers, no second meaning of
  its length;
- a body not read to its end closes the connection, after a short while in which
  the peer can read the answer;
- nothing is printed, and no environment variable hands over a socket.
"""

from __future__ import annotations

import math
import re
import socket
import ssl
import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import msgspec
from cheroot import wsgi
from cheroot.connections import ConnectionManager
from cheroot.server import HTTPConnection, HTTPRequest
from cheroot.ssl import Adapter

from gsomia.faults import BadInput
from gsomia.http.wire import SLICE, Timed

CERTIFICATE = "gsomia.certificate"
"""Where the WSGI environ holds the peer's certificate (DER)."""

MAX_HEADERS = 64
MAX_LENGTH = 1 << 53

_LENGTH = re.compile(rb"0|[1-9][0-9]{0,15}")
_NAME = re.compile(rb"[A-Za-z0-9!#$%&'*+.^`|~-]+")
_VALUE = re.compile(rb"[\t\x20-\x7e\x80-\xff]*")

_LINGER_SECONDS = 1.0
_LINGER_BYTES = 16 << 20


class Limits(msgspec.Struct, frozen=True):
    """What one server grants. Times in seconds, sizes in bytes, `rate` in bytes a second.

    A body of n bytes must arrive within `grace + n / rate`; an answer must be
    taken within `answer`. `per_peer` requests of one peer run at a time.
    """

    threads: int = 16
    per_peer: int = 4
    connections: int = 256
    header_size: int = 16 << 10
    handshake: float = 5.0
    headers: float = 10.0
    idle: float = 20.0
    grace: float = 30.0
    rate: float = 32 << 10
    answer: float = 60.0
    keep_alive: float = 75.0


class Aborted(Exception):
    """An answer that cannot be finished: the connection ends, so that the peer notices."""


class StrictHeaders:
    """Reads header fields: one line each, each name once, one clear length."""

    def __call__(self, rfile: Any, hdict: dict[bytes, bytes]) -> dict[bytes, bytes]:
        """Fill `hdict`. Raises `ValueError`, which the peer gets as a 400."""
        for _ in range(MAX_HEADERS + 1):
            line: bytes = rfile.readline()
            if line == b"\r\n":
                return _check_length(hdict)
            name, colon, value = line.removesuffix(b"\r\n").partition(b":")
            value = value.strip(b" \t")
            whole = line.endswith(b"\r\n") and colon
            if not whole or not _NAME.fullmatch(name) or not _VALUE.fullmatch(value):
                raise ValueError("malformed header")
            if name.title() in hdict:
                raise ValueError("repeated header")
            hdict[name.title()] = value
        raise ValueError("too many headers")


def _check_length(headers: dict[bytes, bytes]) -> dict[bytes, bytes]:
    length = headers.get(b"Content-Length")
    if length is not None:
        if not _LENGTH.fullmatch(length) or int(length) > MAX_LENGTH:
            raise ValueError("malformed Content-Length")
        if b"Transfer-Encoding" in headers:
            raise ValueError("two lengths")
    return headers


class _Reader:
    """The reading side of a connection, as cheroot wants it."""

    def __init__(self, timed: Timed) -> None:
        self._timed = timed
        self._buffer = memoryview(bytearray(SLICE))
        self._start = self._stop = 0
        self.bytes_read = 0
        self.closed = False

    def has_data(self) -> bool:
        """Whether bytes were taken off the socket that nobody has read.

        TLS keeps none back: each read has room for a whole record (16 KiB).
        """
        return self._start < self._stop

    def _fill(self) -> bool:
        if self._start == self._stop:
            self._start, self._stop = 0, self._timed.recv_into(self._buffer)
        return self._start < self._stop

    def readinto(self, view: memoryview) -> int:
        """Read what there is, at least one byte; 0 at the end."""
        if self._start == self._stop and len(view) >= SLICE:
            return self._timed.recv_into(view)
        if not self._fill():
            return 0
        count = min(len(view), self._stop - self._start)
        view[:count] = self._buffer[self._start : self._start + count]
        self._start += count
        return count

    def read(self, size: int) -> bytes:
        """`size` bytes, or fewer at the end."""
        data = bytearray(size)
        filled = 0
        while filled < size and (count := self.readinto(memoryview(data)[filled:])):
            filled += count
        return bytes(data[:filled])

    def readline(self, size: int) -> bytes:
        """One line with its end, or `size` bytes of it."""
        line = bytearray()
        while len(line) < size and self._fill():
            stop = min(self._stop, self._start + size - len(line))
            part = bytes(self._buffer[self._start : stop])
            end = part.find(b"\n") + 1
            line += part[:end] if end else part
            self._start += end or len(part)
            if end:
                break
        return bytes(line)

    def close(self) -> None:
        """Read no more."""
        self.closed = True


class _Writer:
    """The writing side of a connection, as cheroot wants it."""

    def __init__(self, timed: Timed) -> None:
        self._timed = timed
        self.bytes_written = 0

    def write(self, data: bytes) -> int:
        """Write everything at once."""
        self._timed.sendall(data)
        return len(data)


class _Request(HTTPRequest):
    """One request, under deadlines."""

    header_reader = StrictHeaders()

    def parse_request(self) -> None:
        self.conn.timed.within(self.server.limits.headers)
        super().parse_request()

    def respond(self) -> None:
        limits = self.server.limits
        length = int(self.inheaders.get(b"Content-Length", 0))
        self.conn.timed.within(limits.grace + length / limits.rate)
        super().respond()

    def simple_response(self, status: Any, msg: str = "") -> None:
        self.conn.timed.within(_LINGER_SECONDS)
        self.conn.unread = True
        super().simple_response(status, msg)

    def send_headers(self) -> None:
        self.conn.timed.within(self.server.limits.answer)
        unread = self.chunked_read or getattr(self.rfile, "remaining", 0) > 0
        if unread or (b"Connection", b"close") in self.outheaders:
            # Otherwise cheroot would read the rest into memory to keep the connection.
            self.close_connection = self.conn.unread = True
        super().send_headers()


class _Connection(HTTPConnection):
    """One connection: handshake, requests, a clean parting."""

    RequestHandlerClass = _Request

    def __init__(self, server: Server, sock: socket.socket, _: object = None) -> None:
        self.timed = Timed(sock, server.limits.idle)
        self.unread = False
        self._closed = False
        self._met = not isinstance(sock, ssl.SSLSocket)
        files: dict[str, object] = {"rb": _Reader(self.timed), "wb": _Writer(self.timed)}
        super().__init__(server, sock, lambda _sock, mode, _size: files[mode])

    def communicate(self) -> bool:
        if not self._met and not self._meet():
            return False
        keep = bool(super().communicate())  # type: ignore[no-untyped-call]
        if not keep and self.unread:
            self._part()
        return keep

    def _meet(self) -> bool:
        """The TLS handshake; whether the peer has shown a certificate that is accepted."""
        self.socket.settimeout(self.server.limits.handshake)
        try:
            self.socket.do_handshake()
            shown = self.socket.getpeercert(binary_form=True)
        except (OSError, ValueError):
            return False
        self.ssl_env = {CERTIFICATE: shown}
        self._met = True
        return shown is not None

    def _part(self) -> None:
        """Let the peer read the answer: closing over unread bytes would reset the connection."""
        buffer = memoryview(bytearray(SLICE))
        left = _LINGER_BYTES
        self.timed.within(_LINGER_SECONDS)
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_WR)
            while left > 0 and (count := self.timed.recv_into(buffer)):
                left -= count

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self.server.opened.discard(self)
            with suppress(OSError):
                super().close()
            self.socket.close()


class TlsAdapter(Adapter):
    """TLS by a ready context. `context` may be replaced while connections run.

    Raises `BadInput` for a context that takes peers without a certificate, or an
    older protocol than TLS 1.3.
    """

    def __init__(self, context: ssl.SSLContext) -> None:
        self.context = check_context(context)

    def bind(self, sock: socket.socket) -> socket.socket:
        """Nothing to do for the listening socket."""
        return sock

    def wrap(self, sock: socket.socket) -> tuple[ssl.SSLSocket, dict[str, Any]]:
        """The socket under TLS; a worker shakes hands later."""
        return self.context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False), {}

    def get_environ(self) -> dict[str, Any]:
        """Nothing is known before the handshake."""
        return {}

    def makefile(self, sock: socket.socket, mode: str = "r", bufsize: int = -1) -> object:
        """Connections make their own files."""
        raise NotImplementedError


def check_context(context: ssl.SSLContext) -> ssl.SSLContext:
    """The context, if it is strict enough for partners. Raises `BadInput`."""
    if context.verify_mode != ssl.CERT_REQUIRED:
        raise BadInput("a context that requires a certificate", "another", "tls")
    if context.minimum_version != ssl.TLSVersion.TLSv1_3:
        raise BadInput("a context for TLS 1.3 only", "another", "tls")
    return context


class Server(wsgi.Server):
    """Serves a WSGI application on a listening socket, within limits."""

    ConnectionClass = _Connection
    expiration_interval = 0.2

    def __init__(
        self,
        listener: socket.socket,
        app: Callable[..., Any],
        limits: Limits,
        report: Callable[[str], None],
        adapter: Adapter | None = None,
    ) -> None:
        self.limits, self._report, self._listener = limits, report, listener
        super().__init__(
            ("127.0.0.1", 0),
            app,
            numthreads=limits.threads,
            max=limits.threads,
            server_name="gsomia",
            timeout=math.ceil(limits.keep_alive),
            shutdown_timeout=2,
        )
        self.bind_addr = listener.getsockname()
        self.software = "gsomia"
        self.ssl_adapter = adapter
        self.max_request_header_size = limits.header_size
        self.keep_alive_conn_limit = limits.connections
        self.opened: set[_Connection] = set()
        self._loop: threading.Thread | None = None

    def prepare(self) -> None:
        """Listen. Not cheroot's own: that would take a socket from the environment."""
        self._interrupt = None
        self.socket = self._listener
        self.socket.settimeout(1)
        self.socket.listen(128)
        self._connections = ConnectionManager(self)
        self.requests.start()
        self.ready = True
        self._start_time = time.time()

    def run(self) -> None:
        """Serve in threads of its own until `close`."""
        self.prepare()
        self._loop = threading.Thread(target=self.serve, name="door", daemon=True)
        self._loop.start()

    def close(self) -> None:
        """Stop listening, let requests under way end shortly, close every connection."""
        self.stop()
        self._listener.close()
        if self._loop is not None:
            self._loop.join()

    def process_conn(self, conn: _Connection) -> None:
        """Hand a connection that has something to say to a worker; a new one waits till then."""
        if conn.last_used is not None:
            super().process_conn(conn)
        elif len(self.opened) >= self.limits.connections:
            conn.close()
        else:
            self.opened.add(conn)
            self._connections.put(conn)
            # It has so long to begin: cheroot closes what is older than the keep-alive time.
            conn.last_used = time.time() - self.limits.keep_alive + self.limits.handshake

    def error_log(self, msg: str = "", level: int = 20, traceback: bool = False) -> None:  # noqa: ARG002
        """Report a bug; a connection that was lost or broken off is none."""
        error = sys.exc_info()[1]
        if traceback and error is not None and not isinstance(error, OSError | Aborted):
            self._report(trace(error))


def trace(error: BaseException) -> str:
    """A traceback without the errors' own words, which might quote content."""
    lines: list[str] = []
    at: BaseException | None = error
    while at is not None:
        frames = traceback.extract_tb(at.__traceback__)
        lines.append(type(at).__qualname__)
        lines.extend(f"  {f.filename}:{f.lineno} in {f.name}" for f in frames)
        at = at.__cause__ or at.__context__
    return "\n".join(lines)
