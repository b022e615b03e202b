"""Views, verbs and the courier through the officers' door."""

from __future__ import annotations

import io
import threading

import pytest

from gsomia.canon import b64
from gsomia.faults import BadInput, Unavailable
from gsomia.node.ports import Outcome
from tests.http.officers import OfficersNode, ask_raw


@pytest.fixture
def node(officers: OfficersNode) -> OfficersNode:
    return officers


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
        door.files("refuse")
    with pytest.raises(BadInput, match="a verb that answers with files"):
        door.files("echo")
    with pytest.raises(BadInput, match="a verb that answers with a value"):
        door.do("files")


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
