"""The door for partners: two routes over mutual TLS, and a sign of life.

    POST /transmittal          a sealed transmittal; the answer is its receipt
    POST /checkpoint/<book>    a request to cosign; the answer is the lines
    GET  /standing             {"registry": ...} and nothing else

Only pinned certificates pass the handshake, and `who` must know the certificate
besides: it decides at each request, so a partner that is no longer trusted is
refused on a connection it already has. A partner learns nothing about other
partners or books: errors raised on purpose are answered in fixed words.
"""

from __future__ import annotations

import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol, Self

from gsomia.canon import encode
from gsomia.exchange.sealed import Source
from gsomia.faults import BadInput, GsomiaError, Unavailable
from gsomia.http.app import (
    JSON,
    TEXT,
    App,
    BrokenOff,
    Reply,
    Request,
    TooLarge,
    json_reply,
)
from gsomia.http.serving import Limits, Server, TlsAdapter, check_context
from gsomia.http.statuses import CHECKPOINT, TRANSMITTAL
from gsomia.journal.checkpoint import MAX_CHECKPOINT
from gsomia.journal.witness import Outcome as Witnessed
from gsomia.node.arrivals import Arrival

MAX_TRANSMITTAL = 64 << 30
"""Bytes of the largest body taken in at all; the node has its own, lower bound."""

MAX_REQUEST = MAX_CHECKPOINT + 8192
"""Bytes of the largest request to cosign: more than the witness itself accepts."""

RETRY_AFTER = 30
"""Seconds after which a partner may try again."""

_BOOK = re.compile(r"/checkpoint/([A-Za-z0-9][A-Za-z0-9._-]{0,99})")
_BUG = Reply(500, b"internal error")
_NOWHERE = Reply(404, b"nothing here")


class PartnerSide(Protocol):
    """What this door asks of a node (`gsomia.node.node.Node`)."""

    def take(self, source: Source, peer: str = "") -> Arrival:
        """Take in a transmittal."""

    def witness(self, peer: str, book: str, request: bytes) -> tuple[Witnessed, bytes]:
        """Answer a request to cosign."""

    def standing(self) -> dict[str, Any]:
        """How the node stands; only its registry is shown here."""


class PeerServer:
    """The partner-facing server. Bound when made, serving from `start` to `close`.

    `context` is a server context that requires pinned certificates over TLS 1.3
    (`keys.tls.contexts`). `who` maps a certificate (DER) to a partner's registry,
    or None. `report` gets the traceback of a bug. Port 0 takes a free one: see
    `address`. Raises `Unavailable` if the address is taken, `BadInput` for a
    context that is not strict.
    """

    def __init__(
        self,
        node: PartnerSide,
        context: ssl.SSLContext,
        who: Callable[[bytes], str | None],
        *,
        report: Callable[[str], None],
        host: str = "127.0.0.1",
        port: int = 0,
        limits: Limits | None = None,
    ) -> None:
        self._node, self._who = node, who
        self._limits = limits or Limits()
        self._busy: dict[str, int] = {}
        self._lock = threading.Lock()
        self._adapter = TlsAdapter(context)
        app = App(self._handle, _explain, _BUG, report)
        self._server = Server(_listen(host, port), app, self._limits, report, self._adapter)

    @property
    def address(self) -> tuple[str, int]:
        """Host and port."""
        host, port = self._server.bind_addr[:2]
        return str(host), int(port)

    def start(self) -> None:
        """Serve, in threads of its own."""
        self._server.run()

    def close(self) -> None:
        """Stop; requests under way get two seconds."""
        self._server.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def trust(self, certificate: bytes) -> None:
        """Accept one more pinned certificate (DER), from the next handshake on.

        What is checked of a pin (that it can sign no other) is checked where the
        first context was made; `who` compares the exact bytes in any case. To take
        one away, or to change our own certificate, `use` a new context.
        """
        try:
            self._adapter.context.load_verify_locations(cadata=certificate)
        except (ssl.SSLError, ValueError):
            raise BadInput("a certificate", "something else", "tls") from None

    def use(self, context: ssl.SSLContext) -> None:
        """Shake hands by another context from now on. Connections there are stay."""
        self._adapter.context = check_context(context)

    # -- answering ------------------------------------------------------------------------

    def _handle(self, request: Request) -> Reply:
        registry = self._who(request.certificate) if request.certificate else None
        if registry is None:
            return Reply(401, b"unknown certificate")
        with self._slot(registry) as free:
            if not free:
                return _unavailable(b"too many requests at once", 1)
            return self._route(registry, request)

    def _route(self, registry: str, request: Request) -> Reply:
        if request.method == "POST" and request.path == "/transmittal":
            return self._transmittal(registry, request)
        if request.method == "POST" and (match := _BOOK.fullmatch(request.path)):
            return self._checkpoint(registry, match[1], request)
        if request.method == "GET" and request.path == "/standing":
            return json_reply(200, {"registry": self._node.standing()["registry"]})
        return _NOWHERE

    @contextmanager
    def _slot(self, registry: str) -> Iterator[bool]:
        """One of a partner's places; False if all are taken, so that others are served too."""
        with self._lock:
            running = self._busy.get(registry, 0)
            free = running < self._limits.per_peer
            if free:
                self._busy[registry] = running + 1
        try:
            yield free
        finally:
            if free:
                with self._lock:
                    self._busy[registry] -= 1

    def _transmittal(self, registry: str, request: Request) -> Reply:
        if request.body.remaining > MAX_TRANSMITTAL:
            raise TooLarge(f"at most {MAX_TRANSMITTAL} bytes", "more", "body")
        arrival = self._node.take(request.body, registry)
        return Reply(TRANSMITTAL[arrival.outcome], arrival.body)

    def _checkpoint(self, registry: str, book: str, request: Request) -> Reply:
        """Each answer but the lines is a Standing, also where the node would not answer."""
        try:
            outcome, body = self._node.witness(registry, book, request.body.whole(MAX_REQUEST))
        except (BrokenOff, TooLarge):
            raise
        except Unavailable:
            later = (("Retry-After", str(RETRY_AFTER)),)
            return Reply(503, _standing("unavailable", "not now"), JSON, later)
        except GsomiaError:
            return Reply(404, _standing("unknown-log", "no such book is shared with you"), JSON)
        kind = TEXT if outcome is Witnessed.ACCEPTED else JSON
        return Reply(CHECKPOINT[outcome], body, kind)


def _standing(outcome: str, reason: str) -> bytes:
    return encode({"outcome": outcome, "reason": reason, "known_size": 0})


def _unavailable(words: bytes, after: int = RETRY_AFTER) -> Reply:
    return Reply(503, words, headers=(("Retry-After", str(after)),))


def _explain(error: GsomiaError) -> Reply:
    """Fixed words: the error's own may name books and sizes that are none of a partner's."""
    if isinstance(error, BrokenOff):
        return Reply(408, b"the body broke off")
    if isinstance(error, TooLarge):
        return Reply(413, b"too large")
    if isinstance(error, Unavailable):
        return _unavailable(b"not now")
    return Reply(422, b"not acceptable")


def _listen(host: str, port: int) -> socket.socket:
    """A bound TCP socket whose connections send small messages at once."""
    try:
        family, kind, proto, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, proto)
    except OSError as error:
        raise Unavailable(f"cannot listen on {host}: {error.strerror}") from None
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listener.bind(address)
        listener.listen(128)  # from here on the port is ours
    except OSError as error:
        listener.close()
        raise Unavailable(f"cannot listen on {host} port {port}: {error.strerror}") from None
    return listener
