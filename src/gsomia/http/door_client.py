"""The asking side of the officers' door, for the command line and other local programs.

Raises the node's own `BadInput`, `ProofFailed` and `Unavailable`, part for part,
`Unavailable` if no node answers, and `NodeBug` if the node found a bug in itself.
"""

from __future__ import annotations

import http.client
import re
import socket
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote, urlencode

import msgspec

from gsomia.canon import b64, encode, unb64
from gsomia.exchange.cover import Cover
from gsomia.exchange.sealed import Source
from gsomia.faults import BadInput, ProofFailed, Unavailable, shown
from gsomia.http.asking import BROKE_OFF, CHUNK, Chunk, Stream, ask, read_all
from gsomia.http.wire import unix_address
from gsomia.registry.model import Sealed
from gsomia.shapes import from_json

JSON = "application/json"
MAX_JSON = 256 << 20
"""Bytes of the largest JSON answer: a view of a whole register."""

_MAX_LINE = 4 << 20
_PATH = re.compile(r"(?:[A-Za-z0-9_][A-Za-z0-9._ @+-]*/)*[A-Za-z0-9_][A-Za-z0-9._ @+-]*")


class NodeBug(Exception):
    """The node found a bug in itself. Its own log tells more."""


class Told(msgspec.Struct, frozen=True):
    """The answer to a command: `ruling` in plain values, or None where no rule was asked."""

    granted: bool
    ruling: dict[str, Any] | None
    told: dict[str, Any]


class Opened(msgspec.Struct, frozen=True):
    """What the content of a permitted access is of."""

    item: str
    mark: str
    local_mark: str
    originator: str
    media_type: str
    size: int
    cover: Cover


class Reading(msgspec.Struct, frozen=True):
    """The answer to a reading. `content` must be drawn to its end before any of it counts.

    It raises `Unavailable` if the node breaks off: then throw away what came.
    """

    answer: Told
    opened: Opened | None
    content: Iterator[bytes]


class Taken(msgspec.Struct, frozen=True):
    """What came of an import; `body` is the receipt, a conflict statement, or words."""

    outcome: str
    number: str
    peer: str
    body: bytes


class _Fault(msgspec.Struct, frozen=True):
    """An error as the door tells it."""

    error: Literal["bad_input", "proof_failed", "not_found", "unavailable", "bug"]
    message: str
    expected: str = ""
    got: str = ""
    where: str = ""
    what: str = ""
    hint: str = ""
    known: tuple[str, ...] = ()


class _Imported(msgspec.Struct, frozen=True):
    outcome: str
    number: str
    peer: str
    body: str


class _FileHead(msgspec.Struct, frozen=True):
    path: str
    size: int


class _Ticked(msgspec.Struct, frozen=True):
    done: int
    cosigned: dict[str, str]


class _Local(http.client.HTTPConnection):
    """HTTP over a local socket."""

    def __init__(self, path: Path, timeout: float) -> None:
        super().__init__("door", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        """Connect to the node."""
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            sock.settimeout(self.timeout)
            with unix_address(self._path) as address:
                sock.connect(address)
        except BaseException:
            sock.close()
            raise
        self.sock = sock


class Door:
    """A node's verbs, asked over the socket at `path`. Safe to use from several threads.

    `timeout` in seconds bounds each wait for the node, not a whole stream.
    """

    def __init__(self, path: Path, timeout: float = 600.0) -> None:
        self._path, self._timeout = path, timeout

    def act(self, signed: bytes) -> Told:
        """Hand in a signed command."""
        told: Told = self._json(Told, "/act", signed)
        return told

    def read(self, signed: bytes) -> Reading:
        """Hand in a signed `registry.read`, and take the content if it is granted."""
        connection, response = self._open("POST", "/read", {}, (signed,), len(signed))
        try:
            stream = Stream(response)
            answer = _line(stream, Told)
            if not answer.granted or "access" not in answer.told:
                connection.close()
                return Reading(answer, None, iter(()))
            opened = _line(stream, Opened)
        except BaseException:
            connection.close()
            raise
        return Reading(answer, opened, _content(connection, stream, opened.size))

    def stage(self, source: Source | None, size: int, media_type: str, cover: Cover) -> Sealed:
        """Have content of exactly `size` bytes sealed; memory is flat. `source` None: no file."""
        sheet = encode(cover)
        headers = {
            "X-Cover-Length": str(len(sheet)),
            "X-Media-Type": media_type,
            "X-Has-File": "0" if source is None else "1",
        }
        body = _parts(sheet, source)
        sealed: Sealed = self._json(Sealed, "/stage", body, len(sheet) + size, headers)
        return sealed

    def view(self, name: str, arguments: Mapping[str, str] | None = None) -> Any:
        """What a view shows, in plain values."""
        query = urlencode(arguments or {})
        path = "/view/" + quote(name, safe="") + ("?" + query if query else "")
        return _parse(self._whole("GET", path), Any)

    def do(self, name: str, arguments: Mapping[str, str] | None = None) -> Any:
        """What a verb answers, in plain values."""
        connection, response = self._do(name, arguments)
        with closing(connection), _told_plainly():
            if response.headers.get_content_type() != JSON:
                raise BadInput("a verb that answers with a value", "one with files", shown(name))
            return _parse(read_all(response, MAX_JSON), Any)

    def files(
        self, name: str, arguments: Mapping[str, str] | None = None
    ) -> Iterator[tuple[str, bytes]]:
        """The files a verb answers with, as (relative path, bytes), one at a time."""
        connection, response = self._do(name, arguments)
        if response.headers.get_content_type() == JSON:
            connection.close()
            raise BadInput("a verb that answers with files", "one with a value", shown(name))
        return _take_files(connection, Stream(response))

    def tick(self) -> tuple[int, dict[str, str]]:
        """Have the node do what is due: how many things, and what is wrong with each partner."""
        said: _Ticked = self._json(_Ticked, "/tick", b"")
        return said.done, said.cosigned

    def card(self) -> bytes:
        """The node's card."""
        return self._whole("GET", "/card")

    def export(self, peer: str, number: str) -> tuple[str, Iterator[bytes]]:
        """A sealed transmittal for a courier: its name, and its bytes to the end."""
        sent = encode({"peer": peer, "number": number})
        connection, response = self._open("POST", "/export", {}, (sent,), len(sent))
        return response.headers.get("X-Name", ""), _content(connection, Stream(response), None)

    def take(self, source: Source, size: int) -> Taken:
        """Hand in what a courier brought, exactly `size` bytes."""
        said: _Imported = self._json(_Imported, "/import", _parts(b"", source), size)
        return Taken(said.outcome, said.number, said.peer, unb64(said.body, "import"))

    def receipt(self, peer: str, number: str, receipt: bytes) -> None:
        """Hand in a delivery receipt that a courier brought back."""
        said = {"peer": peer, "number": number, "receipt": b64(receipt)}
        self._json(Any, "/receipt", encode(said))

    def _do(
        self, name: str, arguments: Mapping[str, str] | None
    ) -> tuple[_Local, http.client.HTTPResponse]:
        sent = encode(dict(arguments or {}))
        return self._open("POST", "/do/" + quote(name, safe=""), {}, (sent,), len(sent))

    # -- asking ---------------------------------------------------------------------------

    def _json(
        self,
        type_: Any,
        path: str,
        body: bytes | Iterable[Chunk],
        size: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        if isinstance(body, bytes):
            body, size = (body,), len(body)
        return _parse(self._whole("POST", path, body, size or 0, headers), type_)

    def _whole(
        self,
        method: str,
        path: str,
        body: Iterable[Chunk] = (),
        size: int = 0,
        headers: Mapping[str, str] | None = None,
    ) -> bytes:
        connection, response = self._open(method, path, headers or {}, body, size)
        try:
            with _told_plainly():
                return read_all(response, MAX_JSON)
        finally:
            connection.close()

    def _open(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: Iterable[Chunk],
        size: int,
    ) -> tuple[_Local, http.client.HTTPResponse]:
        """A request whose answer has begun well. Raises the node's error otherwise."""
        connection = _Local(self._path, self._timeout)
        try:
            self._connect(connection)
            with _told_plainly():
                response = ask(connection, method, path, headers, body, size)
                if response.status != http.HTTPStatus.OK:
                    _raise(response.status, read_all(response, _MAX_LINE))
        except BaseException:
            connection.close()
            raise
        return connection, response

    def _connect(self, connection: _Local) -> None:
        try:
            connection.connect()
        except (FileNotFoundError, ConnectionRefusedError):
            where = f"nothing answers at {self._path}"
            raise Unavailable("no node is running here", where) from None
        except PermissionError:
            raise Unavailable("this node's door is another user's", str(self._path)) from None
        except OSError as error:
            raise Unavailable(f"cannot reach the node: {error.strerror or error}") from None


@contextmanager
def _told_plainly() -> Iterator[None]:
    """What sockets and `http.client` raise, as `Unavailable`."""
    try:
        yield
    except TimeoutError:
        raise Unavailable("the node does not answer") from None
    except (ConnectionError, http.client.HTTPException):
        raise Unavailable(*BROKE_OFF) from None


def _raise(status: int, body: bytes) -> None:
    """The node's error, as it was raised there."""
    try:
        fault = from_json(body, _Fault)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Unavailable(f"the node answered {status}") from None
    match fault.error:
        case "bad_input":
            raise BadInput(fault.expected, fault.got, fault.where)
        case "proof_failed":
            raise ProofFailed(fault.what, fault.where)
        case "not_found":
            raise BadInput("one of " + ", ".join(fault.known), fault.got)
        case "unavailable":
            raise Unavailable(fault.what, fault.hint)
        case "bug":
            raise NodeBug(fault.message)


def _parse(data: bytes, type_: Any) -> Any:
    try:
        return from_json(data, type_)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Unavailable("not the answer of a node of this version") from None


def _line(stream: Stream, type_: Any) -> Any:
    return _parse(stream.line(_MAX_LINE), type_)


def _content(connection: _Local, stream: Stream, size: int | None) -> Iterator[bytes]:
    """The rest of an answer, to its end; of exactly `size` bytes if that is known."""
    count = 0
    with closing(connection):
        for chunk in stream.rest():
            count += len(chunk)
            yield chunk
        if size is not None and count != size:
            raise Unavailable(f"{count} bytes came instead of {size}")


def _take_files(connection: _Local, stream: Stream) -> Iterator[tuple[str, bytes]]:
    """Files, each with a path that stays below where it is put."""
    with closing(connection):
        while line := stream.line(_MAX_LINE):
            head: _FileHead = _parse(line, _FileHead)
            if not _PATH.fullmatch(head.path):
                raise BadInput("a plain relative path", shown(head.path), "files")
            yield head.path, stream.read(head.size)


def _parts(sheet: bytes, source: Source | None) -> Iterator[Chunk]:
    """A cover sheet and then a source, through one buffer."""
    if sheet:
        yield sheet
    if source is not None:
        buffer = memoryview(bytearray(CHUNK))
        while count := source.readinto(buffer):
            yield buffer[:count]
