"""A small node for officers, with views and verbs, and a client that can misbehave."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec

from gsomia.act import Answer
from gsomia.exchange.cover import Cover
from gsomia.exchange.sealed import Source
from gsomia.faults import BadInput, ProofFailed
from gsomia.fold import Where
from gsomia.node.node import Node
from gsomia.registry.model import Access, Item, Sealed
from gsomia.ruling import Outcome as RuleOutcome
from gsomia.ruling import Ruling
from tests.http.builders import SmallNode

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
        self.lies_by = 0
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
        size = sum(map(len, self.content)) + self.lies_by
        return ITEM_OF(size), COVER, self._chunks()

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
