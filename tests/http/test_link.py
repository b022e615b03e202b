"""The way to a partner, against honest and dishonest servers on loopback."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from gsomia.faults import BadInput, Unavailable
from gsomia.http.link import MAX_ANSWER, HttpLink, Patience
from gsomia.http.serving import Limits
from gsomia.node.ports import PeerLink
from tests.http.builders import JP, KR, US, client_context, identity, server_context, small

SHORT = Patience(connect=1.0, answer=0.6)
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@pytest.fixture
def pretend() -> Iterator[Callable[..., int]]:
    """Servers of one behaviour, as JP; the port."""
    with ExitStack() as stack:

        def make(behave: Callable[[ssl.SSLSocket], None], name: str = JP) -> int:
            context = server_context(name, KR)
            listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))

            def serve() -> None:
                while True:
                    try:
                        plain, _ = listener.accept()
                    except OSError:
                        return
                    plain.settimeout(5)
                    try:
                        with context.wrap_socket(plain, server_side=True) as sock:
                            behave(sock)
                    except OSError:
                        plain.close()

            thread = threading.Thread(target=serve)
            thread.start()
            stack.callback(thread.join)
            stack.callback(lambda: listener.shutdown(socket.SHUT_RDWR))
            return int(listener.getsockname()[1])

        yield make


def read_request(sock: ssl.SSLSocket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        data += sock.recv(65536) or b"\r\n\r\n"
    length = int(data.split(b"Content-Length: ")[1].split(b"\r\n")[0])
    while len(data.partition(b"\r\n\r\n")[2]) < length:
        data += sock.recv(65536)
    return data


def says(answer: bytes) -> Callable[[ssl.SSLSocket], None]:
    def behave(sock: ssl.SSLSocket) -> None:
        read_request(sock)
        sock.sendall(answer)

    return behave


def post(link: HttpLink, data: bytes = b"x") -> bytes:
    return link.send(JP, "/transmittal", small(data), len(data)).body


def test_it_is_the_nodes_way_to_partners(connect):
    link: PeerLink = connect(1)
    assert callable(link.deliver)


def test_what_is_sent_is_one_plain_request(pretend, connect):
    seen = []

    def behave(sock: ssl.SSLSocket) -> None:
        seen.append(read_request(sock))
        sock.sendall(OK)

    assert post(connect(pretend(behave)), b"sealed") == b"ok"
    head, _, body = seen[0].partition(b"\r\n\r\n")
    assert body == b"sealed"
    assert head.startswith(b"POST /transmittal HTTP/1.1\r\nHost: 127.0.0.1")
    names = {line.split(b":")[0] for line in head.split(b"\r\n")[1:]}
    assert names == {b"Host", b"Content-Type", b"Content-Length"}


BAD_ANSWERS = {
    "nothing": b"",
    "no HTTP": b"SSH-2.0-x\r\n",
    "half a head": b"HTTP/1.1 200 OK\r\nContent-Le",
    "cut short": b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nok",
    "a chunk cut short": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nok",
    "no last chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n",
    "no length": b"HTTP/1.1 200 OK\r\n\r\nok",
    "HTTP/1.0": b"HTTP/1.0 200 OK\r\n\r\nok",
    "too large": b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (MAX_ANSWER + 1)
    + bytes(MAX_ANSWER + 1),
    "endless chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    + b"100000\r\n%s\r\n" % bytes(1 << 20) * 3,
    "endless header": b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000,
    "many headers": b"HTTP/1.1 200 OK\r\n" + b"X: x\r\n" * 1000 + b"\r\n",
    "a bad status": b"HTTP/1.1 2OO OK\r\n\r\n",
}  # fmt: skip


@pytest.mark.parametrize("answer", BAD_ANSWERS.values(), ids=BAD_ANSWERS)
def test_any_other_answer_is_unavailable(pretend, connect, answer):
    link = connect(pretend(says(answer)), patience=SHORT)
    with pytest.raises(Unavailable, match=r"^JPN-DIH1"):
        post(link)


@pytest.mark.parametrize(
    "answer",
    [
        OK,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n" + OK,
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
    ],
)
def test_the_good_twins(pretend, connect, answer):
    link = connect(pretend(says(answer)), patience=SHORT)
    assert post(link) == b"ok"
    # This server closes after each answer; the link sees it as soon as it has happened.
    while link._open and not link._open[JP][1].stale():
        time.sleep(0.01)
    assert post(link) == b"ok"


@pytest.mark.parametrize("drip", [b"", b"H", b"HTTP/1.1 100 Continue\r\n\r\n"])
def test_a_partner_that_never_finishes_is_given_up(pretend, connect, drip):
    def behave(sock: ssl.SSLSocket) -> None:
        read_request(sock)
        for _ in range(40):
            sock.sendall(drip)
            time.sleep(0.1)

    start = time.monotonic()
    with pytest.raises(Unavailable):
        post(connect(pretend(behave), patience=SHORT))
    assert time.monotonic() - start < 2.5


def test_a_partner_that_does_not_take_the_body_is_given_up(pretend, connect):
    size = 64 << 20
    patience = Patience(answer=0.3, rate=size * 4)
    link = connect(pretend(lambda _: time.sleep(3)), patience=patience)
    chunk = memoryview(bytes(1 << 20))
    start = time.monotonic()
    with pytest.raises(Unavailable, match="in time"):
        link.send(JP, "/transmittal", (chunk for _ in range(64)), size)
    assert time.monotonic() - start < 2.5


def test_another_servers_certificate_is_refused(pretend, connect):
    heard = []
    port = pretend(lambda sock: heard.append(sock.recv(1000)), name=US)
    with pytest.raises(Unavailable, match="TLS failed"):
        post(connect(port))
    assert heard in ([], [b""])


def test_nobody_there_is_unavailable(connect):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(Unavailable, match="refused"):
        post(connect(port))


def test_one_that_accepts_and_says_nothing_is_given_up(connect):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        start = time.monotonic()
        with pytest.raises(Unavailable, match="in time"):
            post(connect(listener.getsockname()[1], patience=SHORT))
        assert time.monotonic() - start < 3


def test_an_unknown_partner_is_what_the_address_book_says(server):
    def address(registry: str) -> tuple[str, int, bytes]:
        raise BadInput("a known peer", registry, "link")

    link = HttpLink(address, lambda _: client_context(KR, JP))
    with pytest.raises(BadInput, match="known peer"):
        post(link)


def test_a_connection_the_partner_has_closed_is_made_again(serve, connect, node):
    """The server lets idle connections go; the next request does not suffer."""
    server = serve(Limits(threads=2, handshake=0.3, keep_alive=0.3))
    link = connect(server)
    assert post(link)
    while server._server.opened:
        time.sleep(0.05)
    taken = []

    def body() -> Iterator[memoryview]:
        taken.append(1)
        yield memoryview(b"x")

    assert link.send(JP, "/transmittal", body(), 1).status == 200
    assert taken == [1]
    assert len(node.taken) == 2


def test_a_body_is_never_begun_twice(pretend, connect):
    """The connection breaks after the request was read: the caller decides what next."""
    link = connect(pretend(read_request))
    taken = []

    def body() -> Iterator[memoryview]:
        taken.append(1)
        yield memoryview(b"x")

    with pytest.raises(Unavailable):
        link.send(JP, "/transmittal", body(), 1)
    assert taken == [1]


def test_the_card_may_change(serve, node, reports):
    """Another address and certificate from one request to the next."""
    from tests.http.builders import who_of

    first = serve()
    second = serve(context=server_context(US, KR), who=who_of(KR))
    book = {JP: (*first.address, identity(JP).certificate)}
    names = {identity(JP).certificate: JP, identity(US).certificate: US}
    link = HttpLink(lambda r: book[r], lambda der: client_context(KR, names[der]))
    try:
        assert post(link)
        book[JP] = (*second.address, identity(US).certificate)
        assert post(link)
        book[JP] = (*second.address, identity(JP).certificate)
        with pytest.raises(Unavailable, match="TLS failed"):
            post(link)
    finally:
        link.close()


def test_the_bytes_of_the_certificate_count_beside_the_context(server):
    """A context that would accept another certificate does not decide alone."""
    link = HttpLink(
        lambda _: (*server.address, identity(US).certificate), lambda _: client_context(KR, JP)
    )
    with pytest.raises(Unavailable, match="another certificate"):
        post(link)


@pytest.mark.parametrize("size", [0, 2])
def test_a_body_of_another_size_is_noticed(server, connect, node, size):
    link = connect(server)
    with pytest.raises(Unavailable, match="as said"):
        link.send(JP, "/transmittal", small(b"x"), size)
    assert post(link)
    assert node.taken[-1][1] == 1
    assert all(taken[1] < 2 for taken in node.taken)


def test_a_body_that_fails_spoils_only_its_own_request(server, connect, node):
    def body() -> Iterator[memoryview]:
        yield memoryview(b"x")
        raise Unavailable("the blob is gone")

    link = connect(server)
    with pytest.raises(Unavailable, match="the blob is gone"):
        link.send(JP, "/transmittal", body(), 2)
    assert node.ended.wait(5)
    assert post(link)
    assert [taken[1] for taken in node.taken] == [1]


def test_closing_ends_what_waits(server, connect, node):
    node.hold = threading.Event()
    link = connect(server)
    caught: list[Exception] = []

    def run() -> None:
        try:
            post(link)
        except Unavailable as error:
            caught.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    while not node.running:
        time.sleep(0.01)
    link.close()
    thread.join(5)
    assert not thread.is_alive()
    assert len(caught) == 1
    node.hold.set()
    with pytest.raises(Unavailable, match="closed"):
        post(link)


def test_no_proxy_is_asked(server, connect, monkeypatch):
    for name in ("http_proxy", "https_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert post(connect(server))


def test_one_slow_partner_holds_up_no_other(server, connect, node):
    node.hold = threading.Event()
    link = connect(server)
    thread = threading.Thread(target=lambda: post(link))
    thread.start()
    while not node.running:
        time.sleep(0.01)
    assert link.send(US, "/checkpoint/b", small(b"x"), 1).status == 200
    node.hold.set()
    thread.join()
