"""The partners' door over real sockets."""

from __future__ import annotations

import json
import socket
import ssl
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from gsomia.faults import BadInput, ProofFailed, Unavailable
from gsomia.http.app import BrokenOff
from gsomia.http.peer import MAX_REQUEST, PeerServer
from gsomia.http.serving import Limits
from gsomia.http.statuses import ANSWERED, CHECKPOINT, TRANSMITTAL
from gsomia.journal.witness import Outcome as Witnessed
from gsomia.keys.tls import contexts
from gsomia.node.ports import Outcome
from tests.http.builders import (
    JP,
    KR,
    US,
    chunks,
    client_context,
    digest_of,
    identity,
    memory_growth,
    raw,
    server_context,
    small,
    who_of,
)

POST = b"POST /transmittal HTTP/1.1\r\nHost: jp\r\n"
HURRIED = Limits(threads=4, headers=0.5, idle=0.5, grace=1.0, handshake=0.5, keep_alive=0.5)


def status(answer: bytes) -> int:
    return int(answer.split(b" ")[1]) if answer else 0


# -- the routes --------------------------------------------------------------------


def test_a_partner_hands_over_a_transmittal(server, connect, node):
    answer = connect(server).send(JP, "/transmittal", small(b"sealed"), 6)
    (taken,) = node.taken
    assert taken[:2] == (KR, 6)
    assert (answer.status, answer.body) == (200, b"receipt for " + taken[2].encode())


@pytest.mark.parametrize(
    "outcome, code",
    [
        (Outcome.RECEIVED, 200),
        (Outcome.REPEATED, 200),
        (Outcome.CONFLICT, 409),
        (Outcome.REFUSED, 403),
        (Outcome.REJECTED, 422),
    ],
)
def test_what_came_of_a_transmittal_has_its_code(server, connect, node, outcome, code):
    node.outcome = outcome
    answer = connect(server).send(JP, "/transmittal", small(b"x"), 1)
    assert (answer.status, answer.body[:11]) == (code, b"receipt for")
    assert TRANSMITTAL[connect(server).deliver(JP, small(b"x"), 1)[0]] == code


@pytest.mark.parametrize(
    "outcome, code",
    [
        (Witnessed.ACCEPTED, 200),
        (Witnessed.STALE, 409),
        (Witnessed.BEHIND, 409),
        (Witnessed.UNKNOWN_LOG, 404),
        (Witnessed.NOT_SIGNED, 403),
        (Witnessed.MALFORMED, 400),
        (Witnessed.REWRITTEN, 422),
        (Witnessed.INCONSISTENT, 422),
    ],
)
def test_what_came_of_a_request_to_cosign_has_its_code(server, connect, node, outcome, code):
    node.witnessed, link = (outcome, b"said"), connect(server)
    answer = link.send(JP, "/checkpoint/rok-japan-2016", small(b"old 0\n"), 6)
    assert (answer.status, answer.body) == (code, b"said")
    told = link.ask_to_cosign(JP, "rok-japan-2016", b"old 0\n")
    assert told == (code == 200, b"said")
    assert node.asked == [(KR, "rok-japan-2016", b"old 0\n")] * 2


def test_an_answer_without_a_meaning_is_none(server, connect, node):
    node.error = Unavailable("not now")
    with pytest.raises(Unavailable, match=" answered 503"):
        connect(server).deliver(JP, small(b"x"), 1)


def test_every_outcome_has_a_code():
    assert set(TRANSMITTAL) == set(Outcome)
    assert set(CHECKPOINT) == set(Witnessed)
    assert {TRANSMITTAL[outcome] for outcome in ANSWERED.values()} == set(ANSWERED)


@pytest.mark.parametrize(
    "error, transmittal, checkpoint",
    [
        (Unavailable("book rok-us-1987 has 5 entries"), 503, 503),
        (BadInput("an agreement: rok-us-1987", "x", "agreement"), 422, 404),
        (ProofFailed("rok-us-1987"), 422, 404),
        (KeyError("rok-us-1987"), 500, 500),
    ],
)
def test_errors_are_answered_in_fixed_words(
    server, connect, node, reports, error, transmittal, checkpoint
):
    """A node's own words may name other partners' books."""
    node.error = error
    link = connect(server)
    first = link.send(JP, "/transmittal", small(b"x"), 1)
    second = link.send(JP, "/checkpoint/b", small(b"x"), 1)
    assert (first.status, second.status) == (transmittal, checkpoint)
    assert b"1987" not in first.body + second.body
    if isinstance(error, KeyError):
        assert first.body == second.body == b"internal error"
        assert len(reports) == 2
        assert reports[0].startswith("KeyError\n")
        assert " in take" in reports[0]
        assert "1987" not in reports[0]
    else:
        assert json.loads(second.body)["known_size"] == 0
        assert reports == []


def test_a_node_that_cannot_serve_says_when_to_come_back(server, node):
    node.error = Unavailable("disk full")
    with raw(server) as client:
        client.say(POST + b"Content-Length: 1\r\n\r\nx")
        answer = client.answer()
    assert status(answer) == 503
    assert b"\r\nRetry-After: 30\r\n" in answer


def test_standing_shows_the_registry_and_nothing_else(server):
    with raw(server) as client:
        client.say(b"GET /standing HTTP/1.1\r\n\r\n")
        assert client.answer().endswith(b'\r\n\r\n{"registry":"JPN-DIH1"}')


@pytest.mark.parametrize(
    "line",
    [
        "GET /",
        "GET /transmittal",
        "GET /checkpoint/b",
        "PUT /transmittal",
        "DELETE /standing",
        "GET /standing/",
        "GET /standing/../card",
        "GET /checkpoint/a%2fb",
    ],
)
def test_there_is_nothing_else(server, line):
    with raw(server) as client:
        client.say(f"{line} HTTP/1.1\r\n\r\n".encode())
        assert status(client.answer()) == 404


@pytest.mark.parametrize("book", ["", "a%2Fb", "a/b", "..", ".a", "%00", "a b", "x" * 101])
def test_odd_names_of_books_reach_no_node(server, node, book):
    with raw(server) as client:
        client.say(f"POST /checkpoint/{book} HTTP/1.1\r\nContent-Length: 0\r\n\r\n".encode())
        assert status(client.answer()) in (400, 404)
    assert node.asked == []


def test_a_request_to_cosign_is_bounded_before_it_is_read(server, node):
    with raw(server) as client:
        client.say(b"POST /checkpoint/b HTTP/1.1\r\n")
        client.say(b"Content-Length: %d\r\n\r\n" % (MAX_REQUEST + 1))
        assert status(client.hear()) == 413
    assert node.asked == []


# -- who may come in -----------------------------------------------------------------


def attempt(server: PeerServer, context: ssl.SSLContext) -> bytes:
    """An answer, or nothing if the handshake failed on either side."""
    try:
        with raw(server, context) as client:
            client.say(b"GET /standing HTTP/1.1\r\n\r\n")
            return client.answer()
    except OSError:
        return b""


def test_only_the_pinned_certificate_comes_in(server):
    nobody = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    nobody.check_hostname = False
    nobody.load_verify_locations(cadata=identity(JP).certificate)
    old = client_context(KR, JP)
    old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_2
    assert attempt(server, client_context(US, JP)) == b""
    assert attempt(server, nobody) == b""
    assert attempt(server, old) == b""
    assert status(attempt(server, client_context(KR, JP))) == 200


def test_plain_http_gets_no_answer(server):
    with socket.create_connection(server.address, timeout=10) as sock:
        sock.sendall(b"GET /standing HTTP/1.1\r\n\r\n")
        heard = sock.recv(1000)
    assert b"HTTP" not in heard


def test_an_unknown_certificate_is_refused_before_the_body_is_read(serve, node):
    """Pinned for TLS, but of no partner: nothing is taken, and the answer still arrives."""
    server = serve(context=server_context(JP, KR, US), who=who_of(KR))
    with raw(server, client_context(US, JP)) as client:
        client.say(POST + b"Content-Length: 1000000\r\n\r\n")
        assert status(client.hear()) == 401
    assert (node.taken, node.errors) == ([], [])


def test_after_an_early_answer_the_sender_is_not_reset_at_once(serve):
    """It may still be sending; a reset could overtake the answer."""
    server = serve(context=server_context(JP, KR, US), who=who_of(KR))
    with raw(server, client_context(US, JP)) as client:
        client.say(POST + b"Content-Length: 1000000\r\n\r\n" + bytes(1000))
        assert status(client.answer()) == 401
        for _ in range(5):
            time.sleep(0.05)
            client.say(bytes(1000))


def test_a_partner_is_added_while_the_server_runs(serve, connect):
    known = {identity(KR).certificate: KR}
    server = serve(who=known.get)
    held = connect(server)
    assert held.send(JP, "/transmittal", small(b"x"), 1).status == 200
    link = connect(server, US)
    with pytest.raises(Unavailable):
        link.send(JP, "/transmittal", small(b"x"), 1)
    server.trust(identity(US).certificate)
    known[identity(US).certificate] = US
    assert link.send(JP, "/transmittal", small(b"x"), 1).status == 200
    assert held.send(JP, "/transmittal", small(b"x"), 1).status == 200
    with pytest.raises(BadInput):
        server.trust(b"no certificate")


def test_a_partner_no_longer_trusted_is_out_at_once(serve, connect):
    """On the connection it already has; and by a new context, at the next handshake."""
    known = {identity(KR).certificate: KR}
    server = serve(who=known.get)
    link = connect(server)
    assert link.send(JP, "/transmittal", small(b"x"), 1).status == 200
    known.clear()
    assert link.send(JP, "/transmittal", small(b"x"), 1).status == 401
    server.use(server_context(JP, US))
    assert attempt(server, client_context(KR, JP)) == b""
    known[identity(US).certificate] = US
    assert status(attempt(server, client_context(US, JP))) == 200


def test_a_lax_context_is_refused(serve):
    lax, old = server_context(JP, KR), server_context(JP, KR)
    lax.verify_mode = ssl.CERT_OPTIONAL
    old.minimum_version = ssl.TLSVersion.TLSv1_2
    for context in (lax, old):
        with pytest.raises(BadInput):
            serve(context=context)
    server = serve()
    with pytest.raises(BadInput):
        server.use(lax)


def test_a_port_that_is_taken_is_unavailable(server, serve):
    with pytest.raises(Unavailable, match="cannot listen"):
        serve(port=server.address[1])


# -- requests that are not well made ----------------------------------------------------


@pytest.mark.parametrize(
    "headers, code",
    [
        (b"", 411),
        (b"Transfer-Encoding: chunked\r\n", 411),
        (b"Transfer-Encoding: gzip, chunked\r\n", 501),
        (b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", 400),
        (b"Content-Length: 5\r\nContent-Length: 5\r\n", 400),
        (b"Content-Length: 5\r\ncontent-length: 6\r\n", 400),
        (b"Content-Length: -5\r\n", 400),
        (b"Content-Length: +5\r\n", 400),
        (b"Content-Length: 05\r\n", 400),
        (b"Content-Length: 5_0\r\n", 400),
        (b"Content-Length: 9007199254740993\r\n", 400),
        (b"Content-Length: 68719476737\r\n", 413),
        (b"Content_Length: 5\r\n", 400),
        (b"Content-Length : 5\r\n", 400),
        (b" folded: 5\r\n", 400),
        (b"no colon\r\n", 400),
        (b"X: a\x00b\r\n", 400),
        (b"X: unix\nContent-Length: 5\r\n", 400),
        (b"".join(b"X%d: 1\r\n" % n for n in range(65)), 400),
        (b"X: " + b"a" * 20_000 + b"\r\n", 413),
    ],
)
def test_a_body_has_one_clear_length_and_headers_are_bounded(server, node, headers, code):
    with raw(server) as client:
        client.say(POST + headers + b"\r\nhello")
        assert status(client.hear()) == code
    assert node.taken == []


def test_the_good_twin_of_all_these(server, node):
    with raw(server) as client:
        client.say(POST + b"X-A: \ta b \r\nContent-Length: 5\r\n\r\nhello")
        assert status(client.answer()) == 200
    assert node.taken[0][1] == 5


@pytest.mark.parametrize("line", [b"POST", b"GET / HTTP/9.9", b"GET " + b"/" * 20_000, b"\x16\x03"])
def test_a_line_that_is_no_request_ends_the_connection(server, line):
    with raw(server) as client:
        client.say(line + b"\r\n\r\n")
        assert status(client.hear()) in (400, 414, 505)


# -- time ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "begin, drip",
    [
        (b"POST /tr", b"x"),
        (POST, b"X"),
        (POST + b"Content-Length: 1000\r\n\r\n", b"x"),
    ],
)
@pytest.mark.parametrize("silent", [True, False])
def test_a_slow_client_is_cut_off(serve, node, begin, drip, silent):
    """Silence is noticed, and so is a byte now and then."""
    server = serve(HURRIED)
    start = time.monotonic()
    with raw(server) as client:
        client.say(begin)
        try:
            while not silent and time.monotonic() - start < 5:
                client.say(drip)
                time.sleep(0.1)
        except OSError:
            pass
        client.hear()
    assert time.monotonic() - start < 4.5
    assert node.taken == []
    assert node.left() == []


@pytest.mark.parametrize("limits", [HURRIED, Limits(threads=2, idle=0.5)])
def test_a_body_that_is_too_slow_is_told_so(serve, node, limits):
    server = serve(limits)
    with raw(server) as client:
        client.say(POST + b"Content-Length: 1000\r\n\r\nx")
        assert status(client.hear()) == 408
    assert isinstance(node.errors[0], BrokenOff)


def test_those_who_connect_and_say_nothing_hold_up_nobody(serve, connect):
    server = serve(Limits(threads=2))
    silent = [socket.create_connection(server.address) for _ in range(20)]
    try:
        start = time.monotonic()
        assert connect(server).send(JP, "/transmittal", small(b"x"), 1).status == 200
        assert time.monotonic() - start < 2
    finally:
        for sock in silent:
            sock.close()


def test_those_who_connect_and_say_nothing_are_let_go(serve):
    server = serve(Limits(threads=2, handshake=0.5, keep_alive=60))
    with socket.create_connection(server.address, timeout=5) as sock:
        assert sock.recv(1) == b""


def test_connections_are_bounded(serve, connect):
    server = serve(Limits(threads=2, connections=3))
    link = connect(server)
    link.send(JP, "/transmittal", small(b"x"), 1)
    socks = [socket.create_connection(server.address, timeout=5) for _ in range(3)]
    try:
        assert socks[2].recv(1) == b""
        assert link.send(JP, "/transmittal", small(b"x"), 1).status == 200
    finally:
        for sock in socks:
            sock.close()


# -- size --------------------------------------------------------------------------------


def test_a_large_body_takes_no_memory(server, connect, node):
    size = 64 << 20
    link = connect(server)
    link.send(JP, "/transmittal", small(b"x"), 1)
    with memory_growth() as growth:
        assert link.send(JP, "/transmittal", chunks(size), size).status == 200
        assert growth() < 20 << 20
    assert node.taken[1] == (KR, size, digest_of(size))


def test_an_upload_that_breaks_off_leaves_nothing(server, node):
    with raw(server) as client:
        client.say(POST + b"Content-Length: 3000000\r\n\r\n" + bytes(2_000_000))
    assert node.ended.wait(10)
    assert isinstance(node.errors[0], Unavailable)
    assert (node.taken, node.left()) == ([], [])


def test_a_refusal_is_heard_though_the_body_was_not_read(server, connect, node):
    """More than the sockets' buffers hold: the sender meets a closed door half way."""
    node.error = Unavailable("not now")
    size = 64 << 20
    assert connect(server).send(JP, "/transmittal", chunks(size), size).status == 503


# -- many at once ---------------------------------------------------------------------------


def test_a_connection_is_kept(server, connect):
    link = connect(server)
    for _ in range(5):
        assert link.send(JP, "/transmittal", small(b"x"), 1).status == 200
    assert len(server._server.opened) == 1


def test_two_requests_in_one_breath_are_answered_in_turn(server):
    with raw(server) as client:
        client.say(b"GET /standing HTTP/1.1\r\n\r\n" * 2)
        client.say(b"GET /standing HTTP/1.1\r\nConnection: close\r\n\r\n")
        assert client.hear().count(b"200 OK") == 3


def test_many_at_once(serve, connect, node):
    server = serve(Limits(threads=4, per_peer=8))

    def one(number: int) -> int:
        data = bytes([number]) * 100_000
        return connect(server).send(JP, "/transmittal", small(data), len(data)).status

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(one, range(24))) == [200] * 24
    assert len({taken[2] for taken in node.taken}) == 24


def test_one_partner_leaves_room_for_others(serve, connect, node):
    server = serve(
        Limits(threads=4, per_peer=2),
        context=server_context(JP, KR, US),
        who=who_of(KR, US),
    )
    node.hold = threading.Event()
    with ThreadPoolExecutor(2) as pool:
        held = [
            pool.submit(connect(server).send, JP, "/transmittal", small(b"x"), 1) for _ in range(2)
        ]
        while node.running < 2:
            time.sleep(0.01)
        more = [connect(server).send(JP, "/transmittal", small(b"x"), 1) for _ in range(3)]
        other = connect(server, US).send(JP, "/checkpoint/b", small(b"x"), 1)
        node.hold.set()
        assert [f.result().status for f in held] == [200, 200]
    assert [answer.status for answer in more] == [503] * 3
    assert other.status == 200
    assert connect(server).send(JP, "/transmittal", small(b"x"), 1).status == 200


def test_closing_ends_what_is_under_way(node, reports):
    server = PeerServer(
        node, contexts(*identity(JP), [identity(KR).certificate])[0], who_of(KR),
        report=reports.append, limits=Limits(threads=2),
    )  # fmt: skip
    server.start()
    before = threading.active_count()
    with raw(server) as client:
        client.say(POST + b"Content-Length: 10\r\n\r\nhalf")
        while not node.running:
            time.sleep(0.01)
        start = time.monotonic()
        server.close()
        assert time.monotonic() - start < 5
        client.hear()
    assert threading.active_count() < before
    assert (node.taken, node.left(), reports) == ([], [], [])
