"""The asking side of HTTP: one request on a connection, and one bounded answer."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Iterable, Iterator, Mapping

from gsomia.faults import Unavailable

Chunk = bytes | bytearray | memoryview
CHUNK = 1 << 20

BROKE_OFF = ("the node broke off", "nothing that came may be relied on")


def ask(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    headers: Mapping[str, str],
    body: Iterable[Chunk] = (),
    size: int = 0,
) -> http.client.HTTPResponse:
    """Send one request with a body of exactly `size` bytes; the answer's head.

    A server may answer and close before it has read everything: a failure to send
    is then followed by an attempt to read. Raises what sockets, `http.client` and
    `body` raise, and `Unavailable` for a body of another size; then the connection
    is of no more use.
    """
    connection.putrequest(method, path, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name, value)
    if method == "POST":
        connection.putheader("Content-Length", str(size))
    connection.endheaders()
    left = size
    for chunk in body:
        left -= len(chunk)
        if left < 0:
            break
        try:
            connection.send(chunk)
        except (ConnectionError, ssl.SSLError):
            return connection.getresponse()
    if left:
        raise Unavailable(f"the body is not of {size} bytes as said")
    return connection.getresponse()


def read_all(response: http.client.HTTPResponse, limit: int) -> bytes:
    """The whole body of an answer. Raises `Unavailable` over `limit` bytes, or if cut short."""
    if response.length is None and not response.chunked:
        raise Unavailable("an answer without a length")
    data = response.read(limit + 1)
    if len(data) > limit:
        raise Unavailable(f"an answer of more than {limit} bytes")
    if response.length:
        raise Unavailable("an answer that was cut short")
    return data


class Stream:
    """The body of an answer, piece by piece. Every method raises `Unavailable` if it is cut short.

    `http.client`'s own `readline` takes an answer that broke off for one that ended.
    """

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self._response = response
        self._left = memoryview(b"")

    def _fill(self) -> bool:
        if not self._left:
            try:
                self._left = memoryview(self._response.read1(CHUNK))
            except TimeoutError:
                raise Unavailable("the node does not answer") from None
            except (OSError, http.client.HTTPException):
                raise Unavailable(*BROKE_OFF) from None
            if not self._left and self._response.length:
                raise Unavailable(*BROKE_OFF)
        return bool(self._left)

    def _take(self, size: int) -> bytes:
        taken, self._left = bytes(self._left[:size]), self._left[size:]
        return taken

    def line(self, limit: int) -> bytes:
        """One line with its end, or nothing at the answer's end."""
        line = bytearray()
        while self._fill():
            end = bytes(self._left[:limit]).find(b"\n") + 1
            line += self._take(end or limit)
            if end:
                return bytes(line)
            if len(line) > limit:
                raise Unavailable(f"a line of more than {limit} bytes")
        if line:
            raise Unavailable(*BROKE_OFF)
        return b""

    def read(self, size: int) -> bytes:
        """Exactly `size` bytes."""
        data = bytearray()
        while len(data) < size:
            if not self._fill():
                raise Unavailable(*BROKE_OFF)
            data += self._take(size - len(data))
        return bytes(data)

    def rest(self) -> Iterator[bytes]:
        """What is left, to the answer's end."""
        while self._fill():
            yield self._take(len(self._left))
