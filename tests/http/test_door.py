"""The officers' door, asked by its own client over a real local socket."""

from __future__ import annotations

import hashlib
import io
import os
import socket
import stat
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from gsomia.act import Answer
from gsomia.canon import b64
from gsomia.exchange.cover import Cover
from gsomia.exchange.sealed import Source
from gsomia.faults import BadInput, ProofFailed, Unavailable
from gsomia.fold import Where
from gsomia.http.door import DoorServer
from gsomia.http.door_client import Door, NodeBug
from gsomia.http.wire import MAX_UNIX_PATH
from gsomia.node.arrivals import Outcome
from gsomia.node.node import Node
from gsomia.registry.model import Access, Item, Sealed
from gsomia.ruling import Outcome as RuleOutcome
from gsomia.ruling import Ruling
from tests.http.builders import SmallNode, digest_of, memory_growth

COVER = Cover(title="Launch of 17 March", said_at="2023-03-17T10:30:00Z")
MADE = Sealed(slot="s1", key_commitment="sha256:" + "0" * 64, cover="sha256:" + "1" * 64)
ITEM = Item(
    number="JPN-DIH1-2023-000001",
    book="rok-japan-2016",
    agreement="rok-japan-2016",
    originator="KOR",
    reference="KOR-DIH1-2023-000007",
    mark="군사 II급 비밀",
    local_mark="極秘",
    releasable_to=(),
    caveats=(),
    subject="",
    defence_related=True,
    form="document",
    language="ko",
    pages=2,
    short_title="",
    purpose="",
    copies=1,
    sealed=Sealed(
        slot="s", key_commitment="c", cover="d", blob="b", plaintext_size=0, media_type="text/plain"
    ),
    registered_at="2023-03-17T10:30:00Z",
    entry=Where("rok-japan-2016", 1, ""),
)
RULING = Ruling(
    "registry.read",
    "1",
    False,
    ("Art. 7",),
    (RuleOutcome("cleared", "Art. 7", "the reader is cleared", "", False, False, {}),),
)


class OfficersNode(SmallNode):
    """A small node with the verbs that officers use."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.answer = Answer((), None, {"access": "a1", "until": "x"})
        self.content: list[bytes] = [b"first ", b"second"]
        self.fails_after: int | None = None
        self.failure: Exception = ProofFailed("a segment does not open", "content")
        self.handled: list[bytes] = []
        self.read_by: list[tuple[str, str]] = []
        self.staged: list[tuple[str, str, Cover]] = []
        self.receipts: list[tuple[str, str, bytes]] = []
        self.card_note = b"card\n"
        access = Access("a1", "i", 1, "officer-1", "p", "t", "u")
        self.clerk = SimpleNamespace(
            state=SimpleNamespace(need=lambda _, key, __: {"a1": access}[key])
        )

    def handle(self, signed: bytes) -> Answer:
        self._fail()
        self.handled.append(signed)
        return self.answer

    def open_content(self, access: str, reader: str) -> tuple[Item, Cover, Iterator[memoryview]]:
        self.read_by.append((access, reader))
        return ITEM_OF(sum(map(len, self.content))), COVER, self._chunks()

    def _chunks(self) -> Iterator[memoryview]:
        for index, part in enumerate(self.content):
            if self.fails_after == index:
                raise self.failure
            yield memoryview(part)

    def stage(self, source: Source | None, media_type: str, cover: Cover) -> Sealed:
        self._fail()
        found = ""
        if source is not None:
            self.take(source)
            found = self.taken[-1][2]
        self.staged.append((found, media_type, cover))
        return MADE

    def export(self, peer: str, number: str) -> tuple[str, Iterator[memoryview]]:
        self._fail()
        return f"{peer}-{number}.gsomia", self._chunks()

    def take_receipt(self, peer: str, number: str, receipt: bytes) -> None:
        self._fail()
        self.receipts.append((peer, number, receipt))

    def tick(self) -> int:
        self._fail()
        return 3

    def cosign(self) -> dict[str, str]:
        return {"KOR-DIH1": ""}


def ITEM_OF(size: int) -> Item:  # noqa: N802  reads like the constant beside it
    import msgspec

    return msgspec.structs.replace(
        ITEM, sealed=msgspec.structs.replace(ITEM.sealed, plaintext_size=size)
    )


def three_files(_: Node, arguments: dict[str, str]) -> Iterator[tuple[str, bytes]]:
    yield "entries/1.json", b"{}"
    yield "empty", b""
    if arguments.get("break"):
        raise BadInput("more", "less")
    yield arguments.get("name", "big.bin"), bytes(3 << 20)


def no_files(_: Node, __: dict[str, str]) -> Iterator[tuple[str, bytes]]:
    return iter(())


def refuses(_: Node, __: dict[str, str]) -> Any:
    raise BadInput("a number", "a word", "item")


def broken(_: Node, arguments: dict[str, str]) -> Any:
    return {"secret": 1}[arguments["title"]]


VIEWS = {"echo": lambda _, a: a, "items": lambda n, _: n.standing(), "broken": broken}
VERBS = {"files": three_files, "none": no_files, "echo": lambda _, a: [a], "refuse": refuses}


@pytest.fixture
def node(tmp_path: Path) -> OfficersNode:
    return OfficersNode(tmp_path / "blobs")


@pytest.fixture
def open_door(node: OfficersNode, reports: list[str]) -> Iterator[Callable[..., DoorServer]]:
    with ExitStack() as stack:

        def make(path: Path) -> DoorServer:
            return stack.enter_context(
                DoorServer(
                    cast("Node", node), path, views=VIEWS, verbs=VERBS, report=reports.append
                )
            )

        yield make


@pytest.fixture
def door(open_door: Callable[..., DoorServer], tmp_path: Path) -> Door:
    open_door(tmp_path / "door")
    return Door(tmp_path / "door", timeout=20)


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


def ask_raw(
    path: Path, method: str, target: str, body: bytes, headers: dict[str, str]
) -> tuple[int, bytes]:
    head = [f"{method} {target} HTTP/1.1", f"Content-Length: {len(body)}", "Connection: close"]
    head += [f"{name}: {value}" for name, value in headers.items()]
    with socket.socket(socket.AF_UNIX) as sock:
        sock.settimeout(10)
        sock.connect(str(path))
        sock.sendall("\r\n".join([*head, "", ""]).encode() + body)
        answer = b""
        while data := sock.recv(65536):
            answer += data
    return int(answer.split()[1]), answer.partition(b"\r\n\r\n")[2]


# -- views and verbs --------------------------------------------------------------------


def test_views_answer_in_plain_values(door):
    assert door.view("items")["registry"] == "JPN-DIH1"
    arguments = {"q": "극비 & = %", "empty": ""}
    assert door.view("echo", arguments) == arguments
    assert door.view("echo") == {}


@pytest.mark.parametrize("name", ["nothing", "", "../card", "a b", "한"])
def test_an_unknown_name_is_told_the_known_ones(door, name):
    with pytest.raises(BadInput, match=r"/view/broken, /view/echo, /view/items"):
        door.view(name)
    with pytest.raises(BadInput, match=r"/do/echo, /do/files, /do/none, /do/refuse"):
        door.do(name)


@pytest.mark.parametrize(
    "query", ["a", "a=1&a=2", "&".join(f"a{n}=1" for n in range(65)), "a=%ff", "a=1&&b=2"]
)
def test_a_query_is_read_strictly(door, tmp_path, query):
    status, answer = ask_raw(tmp_path / "door", "GET", f"/view/echo?{query}", b"", {})
    assert status == 422
    assert b'"where":"query"' in answer


@pytest.mark.parametrize("body", [b"", b"[]", b'{"a":1}', b'{"a": "1"}', b'{"b":"","a":""}'])
def test_arguments_of_a_verb_are_read_strictly(door, tmp_path, body):
    assert ask_raw(tmp_path / "door", "POST", "/do/echo", body, {})[0] == 422
    assert door.do("echo", {"b": "1", "a": "극"}) == [{"b": "1", "a": "극"}]


def test_a_verb_may_answer_with_files(door):
    found = list(door.files("files"))
    assert [(path, len(data)) for path, data in found] == [
        ("entries/1.json", 2), ("empty", 0), ("big.bin", 3 << 20),
    ]  # fmt: skip
    assert list(door.files("none")) == []
    with pytest.raises(BadInput, match="item: expected a number"):
        door.do("refuse")


def test_files_that_break_off_between_two_never_look_whole(door):
    files = door.files("files", {"break": "1"})
    assert next(files) == ("entries/1.json", b"{}")
    with pytest.raises(Unavailable, match="broke off"):
        list(files)


@pytest.mark.parametrize("name", ["../x", "/etc/x", "a/../b", "a//b", "", "a\nb", "a\\b", ".x"])
def test_files_stay_where_they_are_put(door, name):
    with pytest.raises(BadInput, match="relative path"):
        list(door.files("files", {"name": name}))


# -- the rest ---------------------------------------------------------------------------


def test_tick_and_card(door):
    assert door.tick() == (3, {"KOR-DIH1": ""})
    assert door.card() == b"card\n"


def test_a_transmittal_goes_out_by_courier_and_its_receipt_comes_back(door, node):
    name, content = door.export("KOR-DIH1", "7")
    assert (name, b"".join(content)) == ("KOR-DIH1-7.gsomia", b"first second")
    door.receipt("KOR-DIH1", "7", b"\x00receipt")
    assert node.receipts == [("KOR-DIH1", "7", b"\x00receipt")]
    node.fails_after = 1
    with pytest.raises(Unavailable, match="broke off"):
        list(door.export("KOR-DIH1", "7")[1])


def test_a_receipt_is_base64(door, node, tmp_path):
    body = b'{"number":"7","peer":"p","receipt":"%s"}'
    path = tmp_path / "door"
    assert ask_raw(path, "POST", "/receipt", body % b"!", {})[0] == 422
    assert ask_raw(path, "POST", "/receipt", body % b64(b"r").encode(), {}) == (200, b"{}")


@pytest.mark.parametrize("outcome", list(Outcome))
def test_a_transmittal_comes_in_by_courier(door, node, outcome):
    node.outcome = outcome
    taken = door.take(io.BytesIO(b"sealed"), 6)
    assert node.taken[0][:2] == ("", 6)
    assert (taken.outcome, taken.number, taken.peer) == (outcome.value, "1", "")
    assert taken.body.startswith(b"receipt for")


@pytest.mark.parametrize("target", ["/", "/act/", "/ACT", "/tick?x", "/act%2F"])
def test_there_is_nothing_else(door, tmp_path, target):
    status, answer = ask_raw(tmp_path / "door", "GET", target, b"", {})
    assert status == 404
    assert b'"/act"' in answer


def test_many_at_once(door, node):
    threads = [threading.Thread(target=door.act, args=(b"%d" % n,)) for n in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(node.handled) == sorted(b"%d" % n for n in range(24))


# -- the socket -------------------------------------------------------------------------


def test_the_socket_is_for_its_owner_and_goes_with_the_server(open_door, tmp_path):
    path = tmp_path / "door"
    server = open_door(path)
    assert stat.S_IMODE(path.lstat().st_mode) == 0o600
    assert stat.S_ISSOCK(path.lstat().st_mode)
    server.close()
    assert not path.exists()
    with pytest.raises(Unavailable, match="no node is running here"):
        Door(path).card()


def test_a_socket_left_behind_is_replaced(open_door, tmp_path):
    path = tmp_path / "door"
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(path))
    with pytest.raises(Unavailable, match="no node is running here"):
        Door(path).card()
    open_door(path)
    assert Door(path).card() == b"card\n"


def test_a_running_node_keeps_its_door(open_door, tmp_path):
    path = tmp_path / "door"
    open_door(path)
    with pytest.raises(Unavailable, match="running already"):
        open_door(path)
    assert Door(path).card() == b"card\n"


def test_another_file_is_not_replaced(open_door, tmp_path):
    path = tmp_path / "door"
    path.write_text("mine")
    with pytest.raises(BadInput, match="a place for a socket"):
        open_door(path)
    path.unlink()
    target = tmp_path / "target"
    target.write_text("mine")
    path.symlink_to(target)
    with pytest.raises(BadInput, match="a place for a socket"):
        open_door(path)
    assert target.read_text() == "mine"


def test_no_folder_no_door(open_door, tmp_path):
    with pytest.raises(Unavailable, match="cannot open the door"):
        open_door(tmp_path / "nothing" / "door")


def test_a_long_path_works_too(open_door, tmp_path):
    folder = tmp_path / ("a" * 100) / ("b" * 100)
    folder.mkdir(parents=True)
    path = folder / "door"
    assert len(os.fsencode(path)) > MAX_UNIX_PATH
    before = len(list(Path("/proc/self/fd").iterdir()))
    server = open_door(path)
    assert stat.S_IMODE(path.lstat().st_mode) == 0o600
    assert Door(path).card() == b"card\n"
    with pytest.raises(Unavailable, match="running already"):
        open_door(path)
    server.close()
    assert not path.exists()
    assert len(list(Path("/proc/self/fd").iterdir())) == before
    with pytest.raises(BadInput, match="a path of at most"):
        open_door(folder / ("c" * 100))


def test_a_socket_handed_over_by_the_environment_is_not_taken(open_door, tmp_path, monkeypatch):
    monkeypatch.setenv("LISTEN_PID", str(os.getpid()))
    monkeypatch.setenv("LISTEN_FDS", "1")
    open_door(tmp_path / "door")
    assert Door(tmp_path / "door").card() == b"card\n"


def test_a_node_that_does_not_answer_is_given_up(tmp_path):
    with socket.socket(socket.AF_UNIX) as sock:
        sock.bind(str(tmp_path / "door"))
        sock.listen()
        start = time.monotonic()
        with pytest.raises(Unavailable, match="does not answer"):
            Door(tmp_path / "door", timeout=0.3).card()
        assert time.monotonic() - start < 3
