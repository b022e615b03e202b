"""The officers' door: a node's verbs over a local socket in its folder.

The socket is for the node's own user (mode 0600), and gives no rights: who acts is
who signed the command. Routes, bodies in canonical JSON unless said otherwise:

    POST /act           a signed command        -> {"granted", "ruling", "told"}
    POST /read          a signed registry.read  -> the same line; if granted, a line on
                                                   the item, and the content
    POST /stage         cover sheet and content -> what lies sealed
    GET  /view/<name>                           -> JSON
    POST /do/<name>     {"name": "value", ...}  -> JSON, or files
    POST /tick                                  -> {"done", "cosigned"}
    GET  /card                                  -> the node card
    POST /export        {"peer", "number"}      -> a sealed transmittal
    POST /import        a sealed transmittal    -> {"outcome", "number", "peer", "body"}
    POST /receipt       {"peer", "number", "receipt"} -> {}

Errors: 422 bad_input or proof_failed, 404 for a name there is none of, 503
unavailable, 500 for a bug. An answer that cannot be finished ends without its end.
"""

from __future__ import annotations

import errno
import os
import re
import socket
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qsl

import msgspec

from gsomia.act import Answer
from gsomia.canon import MAX_DOCUMENT, b64, builtins, decode, encode, unb64
from gsomia.exchange.cover import MAX_COVER, Cover
from gsomia.faults import BadInput, GsomiaError, ProofFailed, Unavailable, shown
from gsomia.http.app import BYTES, JSON, App, Reply, Request, TooLarge, json_reply
from gsomia.http.serving import Limits, Server
from gsomia.http.wire import unix_address
from gsomia.journal.statement import MAX_STATEMENT
from gsomia.node.node import Node
from gsomia.registry.model import Access

View = Callable[[Node, dict[str, str]], Any]
"""A question to the node and its arguments; the answer in plain values."""

Verb = Callable[[Node, dict[str, str]], Any]
"""Something to do: plain values, or an iterator of files as (relative path, bytes)."""

FILES = "application/x-gsomia-files"
"""A row of files: for each a line {"path", "size"} and its bytes."""

STREAM = "application/x-gsomia-content"
"""Lines of JSON and then content."""

LIMITS = Limits(
    threads=8,
    per_peer=8,
    handshake=10.0,
    idle=300.0,
    grace=86_400.0,  # an officer's medium may be slow
    answer=86_400.0,
    keep_alive=60.0,
)

_NAME = re.compile(r"[a-z][a-z0-9_.-]{0,63}")
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]{1,127}/[A-Za-z0-9!#$&^_.+-]{1,127}")
_SIZE = re.compile(r"0|[1-9][0-9]{0,15}")
_MAX_ARGUMENTS = 64


class Sent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A transmittal of ours, by partner and number."""

    peer: str
    number: str


class Returned(Sent, frozen=True, forbid_unknown_fields=True):
    """The receipt (base64) that a courier brought back for one."""

    receipt: str


class DoorServer:
    """The officers' door of one node. Bound when made, serving from `start` to `close`.

    A socket left behind by a node that is gone is replaced; one that still answers
    is not: `Unavailable`. Raises `BadInput` if the path is too long for this system.
    """

    def __init__(
        self,
        node: Node,
        path: Path,
        *,
        views: Mapping[str, View],
        verbs: Mapping[str, Verb],
        report: Callable[[str], None],
        limits: Limits = LIMITS,
    ) -> None:
        self._node, self._views, self._verbs = node, views, verbs
        self._path, self._report = path, report
        app = App(self._handle, _explain, _reply(500, "bug", message="internal error"), report)
        self._server = Server(_listen(path), app, limits, report)
        self._routes: dict[tuple[str, str], Callable[[Request], Reply]] = {
            ("POST", "/act"): self._act,
            ("POST", "/read"): self._read,
            ("POST", "/stage"): self._stage,
            ("POST", "/tick"): self._tick,
            ("GET", "/card"): self._card,
            ("POST", "/export"): self._export,
            ("POST", "/import"): self._import,
            ("POST", "/receipt"): self._receipt,
        }

    def start(self) -> None:
        """Serve, in threads of its own."""
        self._server.run()

    def close(self) -> None:
        """Stop, and take the socket away."""
        with suppress(FileNotFoundError):
            self._path.unlink()
        self._server.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- routes -----------------------------------------------------------------------------

    def _handle(self, request: Request) -> Reply:
        route = self._routes.get((request.method, request.path))
        if route is not None:
            return route(request)
        for method, prefix, known, answer in (
            ("GET", "/view/", self._views, self._view),
            ("POST", "/do/", self._verbs, self._do),
        ):
            if request.method == method and request.path.startswith(prefix):
                name = request.path.removeprefix(prefix)
                if _NAME.fullmatch(name) and name in known:
                    return answer(name, request)
                return _nowhere(prefix + shown(name), sorted(prefix + n for n in known))
        return _nowhere(shown(request.path), sorted(path for _, path in self._routes))

    def _act(self, request: Request) -> Reply:
        answer = self._node.handle(request.body.whole(MAX_STATEMENT))
        return json_reply(200, _told(answer))

    def _read(self, request: Request) -> Reply:
        """Act, then send the content of the access that was granted."""
        answer = self._node.handle(request.body.whole(MAX_STATEMENT))
        head = encode(_told(answer)) + b"\n"
        access = answer.told.get("access")
        if not answer.granted or not isinstance(access, str):
            return Reply(200, iter((head,)), STREAM)
        reader = self._node.clerk.state.need(Access, access, "access").reader
        item, cover, content = self._node.open_content(access, reader)
        about = {
            "item": item.number,
            "mark": item.mark,
            "local_mark": item.local_mark,
            "originator": item.originator,
            "media_type": item.sealed.media_type,
            "size": item.sealed.plaintext_size,
            "cover": builtins(cover),
        }
        return Reply(200, _stream(head + encode(about) + b"\n", content), STREAM)

    def _stage(self, request: Request) -> Reply:
        length = request.headers.get("X_COVER_LENGTH", "")
        media_type = request.headers.get("X_MEDIA_TYPE", "")
        has_file = request.headers.get("X_HAS_FILE", "")
        if not _SIZE.fullmatch(length) or int(length) > MAX_COVER:
            raise BadInput(f"a length up to {MAX_COVER}", shown(length), "X-Cover-Length")
        if has_file not in ("0", "1"):
            raise BadInput("0 or 1", shown(has_file), "X-Has-File")
        if not _MEDIA_TYPE.fullmatch(media_type) and (has_file == "1" or media_type):
            raise BadInput("a media type", shown(media_type), "X-Media-Type")
        cover = decode(request.body.read(int(length)), Cover, "cover", MAX_COVER)
        if has_file == "0" and request.body.remaining:
            raise BadInput("no content", f"{request.body.remaining} bytes", "body")
        source = request.body if has_file == "1" else None
        return json_reply(200, builtins(self._node.stage(source, media_type, cover)))

    def _view(self, name: str, request: Request) -> Reply:
        return json_reply(200, self._views[name](self._node, _query(request.query)))

    def _do(self, name: str, request: Request) -> Reply:
        arguments = decode(request.body.whole(MAX_DOCUMENT), dict[str, str], "arguments")
        done = self._verbs[name](self._node, arguments)
        if isinstance(done, Iterator):
            return Reply(200, _stream(b"", _files(done)), FILES)
        return json_reply(200, done)

    def _tick(self, _: Request) -> Reply:
        done = self._node.tick()
        return json_reply(200, {"done": done, "cosigned": self._node.cosign()})

    def _card(self, _: Request) -> Reply:
        return Reply(200, self._node.card_note, BYTES)

    def _export(self, request: Request) -> Reply:
        which = decode(request.body.whole(MAX_DOCUMENT), Sent, "export")
        name, chunks = self._node.export(which.peer, which.number)
        return Reply(200, _stream(b"", chunks), BYTES, (("X-Name", name),))

    def _import(self, request: Request) -> Reply:
        arrival = self._node.take(request.body)
        return json_reply(
            200,
            {
                "outcome": arrival.outcome.value,
                "number": arrival.number,
                "peer": arrival.peer,
                "body": b64(arrival.body),
            },
        )

    def _receipt(self, request: Request) -> Reply:
        said = decode(request.body.whole(2 * MAX_DOCUMENT), Returned, "receipt", 2 * MAX_DOCUMENT)
        self._node.take_receipt(said.peer, said.number, unb64(said.receipt, "receipt"))
        return json_reply(200, {})


# -- answers ------------------------------------------------------------------------------


def _told(answer: Answer) -> dict[str, Any]:
    """An answer to a command in plain values; the events stay in the books."""
    ruling = None if answer.ruling is None else builtins(answer.ruling)
    return {"granted": answer.granted, "ruling": ruling, "told": dict(answer.told)}


def _stream(head: bytes, chunks: Iterator[Any]) -> Iterator[bytes]:
    """The head and the chunks, each copied. The first is made now: its failure is an answer."""
    first = next(chunks, b"")
    return _joined(head + bytes(first), chunks)


def _joined(first: bytes, chunks: Iterator[Any]) -> Iterator[bytes]:
    yield first
    for chunk in chunks:
        yield bytes(chunk)


def _files(files: Iterator[tuple[str, bytes]]) -> Iterator[bytes]:
    for path, data in files:
        yield encode({"path": path, "size": len(data)}) + b"\n"
        yield data


def _query(text: str) -> dict[str, str]:
    """The arguments of a view, each once. Raises `BadInput`."""
    try:
        pairs = parse_qsl(
            text,
            keep_blank_values=True,
            strict_parsing=bool(text),
            errors="strict",
            max_num_fields=_MAX_ARGUMENTS,
        )
    except ValueError:  # also what is not UTF-8
        raise BadInput("name=value pairs", "something else", "query") from None
    if len(dict(pairs)) != len(pairs):
        raise BadInput("each argument once", "one repeated", "query")
    return dict(pairs)


def _reply(status: int, error: str, **rest: object) -> Reply:
    return Reply(status, encode({"error": error, **rest}), JSON)


def _nowhere(path: str, known: list[str]) -> Reply:
    words = f"{path}: there is no such thing here; known are {', '.join(known)}"
    return _reply(404, "not_found", message=words, got=path, known=known)


def _explain(error: GsomiaError) -> Reply:
    """The error with its parts, so that the asking side can raise the same."""
    words = str(error)
    match error:
        case BadInput():
            status = 413 if isinstance(error, TooLarge) else 422
            parts = {"expected": error.expected, "got": error.got, "where": error.where}
            return _reply(status, "bad_input", message=words, **parts)
        case ProofFailed():
            return _reply(422, "proof_failed", message=words, what=error.what, where=error.where)
        case Unavailable():
            return _reply(503, "unavailable", message=words, what=error.what, hint=error.hint)
    raise error


# -- the socket ---------------------------------------------------------------------------


def _listen(path: Path) -> socket.socket:
    """A bound local socket that only this user can reach."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        with unix_address(path) as address:
            _clear(path, address)
            # On Linux the file takes this mode when it appears: nobody can be quicker.
            os.fchmod(listener.fileno(), 0o600)
            listener.bind(address)
            path.chmod(0o600)
            listener.listen(128)
    except OSError as error:
        listener.close()
        raise Unavailable(f"cannot open the door at {path}: {error.strerror}") from None
    except BaseException:
        listener.close()
        raise
    return listener


def _clear(path: Path, address: str) -> None:
    """Take away a socket that nobody serves."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(mode):
        raise BadInput("a place for a socket", "another file", str(path))
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(5)
        code = probe.connect_ex(address)
    if code not in (errno.ECONNREFUSED, errno.ENOENT):
        raise Unavailable("this node is running already", f"it answers at {path}")
    with suppress(FileNotFoundError):
        path.unlink()
