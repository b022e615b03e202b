"""The plain form of a request and an answer, and what every door does around a handler."""

from __future__ import annotations

import http
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

from gsomia.canon import encode
from gsomia.faults import BadInput, GsomiaError, Unavailable
from gsomia.http.serving import CERTIFICATE, Aborted, trace

JSON, TEXT, BYTES = "application/json", "text/plain; charset=utf-8", "application/octet-stream"


class BrokenOff(Unavailable):
    """A body that ended before its length, or came too slowly."""


class Body:
    """The body of a request: exactly as many bytes as announced, or an error.

    A reader that took a lost connection for the end would keep half a file, so the
    early end raises `BrokenOff`, an `Unavailable`.
    """

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    @property
    def remaining(self) -> int:
        """Bytes announced and not read yet."""
        return int(self._stream.remaining)

    def readinto(self, buffer: memoryview, /) -> int:
        """Fill `buffer` from its start; the number of bytes read, 0 at the end."""
        view = memoryview(buffer)[: self.remaining]
        if not view:
            return 0
        try:
            count = int(self._stream.rfile.readinto(view))
        except OSError:
            count = 0
        if not count:
            raise BrokenOff("the body broke off")
        self._stream.remaining -= count
        return count

    def read(self, size: int) -> bytes:
        """The next `size` bytes. Raises `BadInput` if fewer are announced."""
        if size > self.remaining:
            raise BadInput(f"{size} bytes", f"{self.remaining}", "body")
        data = bytearray(size)
        filled = 0
        while filled < size:
            filled += self.readinto(memoryview(data)[filled:])
        return bytes(data)

    def whole(self, limit: int) -> bytes:
        """The rest, of at most `limit` bytes. Raises `TooLarge` before reading any of it."""
        if self.remaining > limit:
            raise TooLarge(f"at most {limit} bytes", f"{self.remaining}", "body")
        return self.read(self.remaining)


class TooLarge(BadInput):
    """A body over its bound."""


class Request(msgspec.Struct, frozen=True):
    """One request. `certificate` is the peer's (DER), empty without TLS."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: Body
    certificate: bytes


class Reply(msgspec.Struct, frozen=True):
    """One answer: bytes at once, or an iterator of them, sent as it yields."""

    status: int
    body: bytes | Iterator[bytes] = b""
    kind: str = TEXT
    headers: tuple[tuple[str, str], ...] = ()


def json_reply(status: int, value: object) -> Reply:
    """An answer in canonical JSON."""
    return Reply(status, encode(value), JSON)


Handler = Callable[[Request], Reply]


class App:
    """A WSGI application around a handler.

    `explain` turns an error raised on purpose into an answer. Anything else is a
    bug: it goes to `report`, and the peer gets `bug`, which says nothing of it.
    """

    def __init__(
        self,
        handler: Handler,
        explain: Callable[[GsomiaError], Reply],
        bug: Reply,
        report: Callable[[str], None],
    ) -> None:
        self._handler, self._explain, self._bug, self._report = handler, explain, bug, report

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request (PEP 3333)."""
        reply = self._answer(environ)
        headers = [("Content-Type", reply.kind), *reply.headers]
        body = reply.body
        if isinstance(body, bytes):
            headers.append(("Content-Length", str(len(body))))
        start(f"{reply.status} {http.HTTPStatus(reply.status).phrase}", headers)
        return (body,) if isinstance(body, bytes) else self._guard(body)

    def _answer(self, environ: dict[str, Any]) -> Reply:
        if environ["REQUEST_METHOD"] == "POST" and "CONTENT_LENGTH" not in environ:
            close = (("Connection", "close"),)
            return Reply(411, b"a body needs its Content-Length", headers=close)
        request = Request(
            environ["REQUEST_METHOD"],
            environ["PATH_INFO"],
            environ["QUERY_STRING"],
            {k[5:]: v for k, v in environ.items() if k.startswith("HTTP_")},
            Body(environ["wsgi.input"]),
            environ.get(CERTIFICATE) or b"",
        )
        try:
            return self._handler(request)
        except GsomiaError as error:
            return self._explain(error)
        except Exception as error:  # noqa: BLE001  the last place before the peer
            self._report(trace(error))
            return self._bug

    def _guard(self, body: Iterator[bytes]) -> Iterator[bytes]:
        """Send on; an error ends the connection without the end of the answer."""
        try:
            yield from body
        except GsomiaError:
            raise Aborted from None
        except Exception as error:  # noqa: BLE001  as above
            self._report(trace(error))
            raise Aborted from None
