"""Acting, reading and staging through the officers' door, over a real local socket."""

from __future__ import annotations

import hashlib
import io
import socket
import threading
from typing import Any, cast

import pytest

from gsomia.act import Answer
from gsomia.exchange.cover import Cover
from gsomia.faults import BadInput, ProofFailed, Unavailable
from gsomia.http.door_client import Door, NodeBug
from tests.http.builders import digest_of, memory_growth
from tests.http.officers import COVER, ITEM, MADE, RULING, OfficersNode, ask_raw


@pytest.fixture
def node(officers: OfficersNode) -> OfficersNode:
    return officers


# -- acting ----------------------------------------------------------------------------


def test_a_command_is_handed_in(door, node):
    told = door.act(b"signed")
    assert node.handled == [b"signed"]
    assert (told.granted, told.ruling, told.told) == (True, None, {"access": "a1", "until": "x"})


def test_a_refusal_is_an_answer(door, node):
    node.answer = Answer((), RULING, {"subject": "i"})
    told = door.act(b"signed")
    assert not told.granted
    assert told.ruling is not None
    assert told.ruling["articles"] == ["Art. 7"]
    assert told.ruling["outcomes"][0]["text"] == "the reader is cleared"


@pytest.mark.parametrize(
    "error",
    [
        BadInput("a number", "a word", "item"),
        BadInput("a number", "極秘 a word"),
        ProofFailed("no signature", "command"),
        Unavailable("the disk is full", "make room"),
        Unavailable("the disk is full"),
    ],
)
def test_errors_come_through_part_for_part(door, node, error):
    node.error = error
    for ask in (
        door.act,
        lambda b: door.stage(None, 0, "", COVER),
        lambda b: door.export("p", "n"),
    ):
        with pytest.raises(type(error)) as caught:
            ask(b"x")
        assert type(caught.value) is type(error)
        assert str(caught.value) == str(error)
        assert vars(caught.value) == vars(error)


def test_a_bug_is_told_without_its_words(door, reports):
    with pytest.raises(NodeBug, match=r"^internal error$"):
        door.view("broken", {"title": "Launch of 17 March"})
    assert reports[0].startswith("KeyError\n")
    assert "Launch" not in reports[0]


def test_a_command_is_bounded(door, node):
    with pytest.raises(BadInput, match="at most"):
        door.act(bytes(2 << 20))
    assert node.handled == []


# -- reading ---------------------------------------------------------------------------


def test_content_is_read_by_the_one_who_signed(door, node):
    reading = door.read(b"signed")
    assert reading.answer.granted
    assert reading.opened.cover == COVER
    assert (reading.opened.item, reading.opened.size) == (ITEM.number, 12)
    assert (reading.opened.mark, reading.opened.local_mark) == (ITEM.mark, ITEM.local_mark)
    assert (reading.opened.originator, reading.opened.media_type) == ("KOR", "text/plain")
    assert b"".join(reading.content) == b"first second"
    assert node.read_by == [("a1", "officer-1")]


def test_an_item_without_a_file_has_a_cover_only(door, node):
    node.content = []
    reading = door.read(b"signed")
    assert (reading.opened.size, list(reading.content)) == (0, [])


@pytest.mark.parametrize(
    "answer", [Answer((), RULING, {"subject": "i", "access": "a1"}), Answer((), None, {})]
)
def test_nothing_is_opened_without_an_access(door, node, answer):
    node.answer = answer
    reading = door.read(b"signed")
    assert reading.answer.granted == answer.granted
    assert (reading.opened, list(reading.content)) == (None, [])
    assert node.read_by == []


@pytest.mark.parametrize("failure", [ProofFailed("x"), KeyError("Launch"), OSError("disk")])
def test_content_that_fails_midway_never_looks_whole(door, node, reports, failure):
    node.content = [bytes(1 << 20), bytes(1 << 20), b"end"]
    node.fails_after, node.failure = 2, failure
    content = door.read(b"signed").content
    with pytest.raises(Unavailable, match="broke off"):
        list(content)
    assert len(reports) == (0 if isinstance(failure, ProofFailed) else 1)


@pytest.mark.parametrize("lies_by", [-1, 1])
def test_content_of_another_size_is_noticed(door, node, lies_by):
    node.lies_by = lies_by
    with pytest.raises(Unavailable, match="instead of"):
        list(door.read(b"signed").content)


@pytest.mark.parametrize("length, whole", [(6, True), (10, False)])
def test_an_answer_of_known_length_is_held_to_it(tmp_path, length, whole):
    """Not how this door answers, but HTTP allows it."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "door"))
        listener.listen()

        def serve() -> None:
            sock, _ = listener.accept()
            with sock:
                sock.recv(65536)
                sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\nsealed" % length)
                # What the client has not sent yet must not turn the end into a reset.
                sock.shutdown(socket.SHUT_WR)
                sock.recv(65536)

        thread = threading.Thread(target=serve)
        thread.start()
        content = Door(tmp_path / "door", timeout=5).export("p", "n")[1]
        if whole:
            assert b"".join(content) == b"sealed"
        else:
            with pytest.raises(Unavailable, match="broke off"):
                list(content)
        thread.join()


def test_content_that_fails_at_once_is_told_plainly(door, node):
    node.fails_after = 0
    with pytest.raises(ProofFailed, match="a segment does not open"):
        door.read(b"signed")


def test_large_content_takes_no_memory(door, node):
    part = bytes(1 << 20)
    node.content = [part] * 64
    with memory_growth() as growth:
        assert sum(map(len, door.read(b"signed").content)) == 64 << 20
        assert growth() < 20 << 20


def test_an_officer_who_stops_reading_leaves_the_node_well(door, node, reports):
    node.content = [bytes(1 << 20)] * 64
    content = door.read(b"signed").content
    next(content)
    cast("Any", content).close()
    assert door.act(b"x").granted
    assert reports == []


# -- staging ---------------------------------------------------------------------------


def test_content_is_staged(door, node):
    data = b"content" * 1000
    assert door.stage(io.BytesIO(data), len(data), "text/plain", COVER) == MADE
    assert node.staged == [(hashlib.sha256(data).hexdigest(), "text/plain", COVER)]


def test_an_item_without_a_file_is_staged(door, node):
    assert door.stage(None, 0, "", COVER) == MADE
    assert node.staged == [("", "", COVER)]


class Pattern:
    """A large source through one buffer."""

    def __init__(self, size: int) -> None:
        self.left = size
        self._pattern = bytes(range(256)) * 4096

    def readinto(self, buffer: memoryview, /) -> int:
        count = min(len(buffer), self.left, len(self._pattern))
        buffer[:count] = self._pattern[:count]
        self.left -= count
        return count


def test_a_large_file_is_staged_without_memory(door, node):
    size = 64 << 20
    with memory_growth() as growth:
        door.stage(Pattern(size), size, "video/mp4", COVER)
        assert growth() < 20 << 20
    assert node.staged[0][0] == digest_of(size)


@pytest.mark.parametrize("said", [4, 6])
def test_a_file_of_another_size_is_noticed(door, node, said):
    with pytest.raises(Unavailable, match="as said"):
        door.stage(io.BytesIO(b"12345"), said, "text/plain", COVER)
    assert node.ended.wait(5) or not node.staged
    assert node.left() == []


@pytest.mark.parametrize(
    "headers, body",
    [
        ({"X-Media-Type": "a b"}, b"{}"),
        ({"X-Media-Type": ""}, b"{}"),
        ({"X-Has-File": "yes"}, b"{}"),
        ({"X-Has-File": "0"}, b'{"title":"t"}content'),
        ({"X-Cover-Length": "-1"}, b"{}"),
        ({"X-Cover-Length": "99999999"}, b"{}"),
        ({"X-Cover-Length": "5"}, b"{}"),
        ({"X-Cover-Length": "2"}, b"{}"),
        ({"X-Cover-Length": "15"}, b'{"title":"t"  }'),
    ],
)
def test_what_is_not_well_made_is_not_staged(door, node, tmp_path, headers, body):
    given = {"X-Media-Type": "text/plain", "X-Has-File": "1", "X-Cover-Length": "13"} | headers
    status, answer = ask_raw(tmp_path / "door", "POST", "/stage", body, given)
    assert status == 422
    assert answer.startswith(b'{"error":"bad_input"')
    assert node.staged == []


def test_the_good_twin_is_staged(door, node, tmp_path):
    given = {"X-Media-Type": "text/plain", "X-Has-File": "1", "X-Cover-Length": "13"}
    # Optional members are written out in the canonical form.
    body = b'{"place":"","said":"","said_at":"","title":"t"}content'
    given["X-Cover-Length"] = str(len(body) - 7)
    assert ask_raw(tmp_path / "door", "POST", "/stage", body, given)[0] == 200
    assert node.staged[0][2] == Cover("t")
