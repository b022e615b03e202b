"""The local door of a running node, in the shape that `gsomia.api` asks for."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from gsomia.app.folder import DOOR, read_settings
from gsomia.canon import b64, builtins
from gsomia.exchange.cover import Cover
from gsomia.faults import Unavailable
from gsomia.http.door_client import Door
from gsomia.node.custody import as_source


class Opened(msgspec.Struct, frozen=True):
    """What the door gives to somebody who signed to read."""

    answer: dict[str, Any]
    cover: dict[str, Any]
    media_type: str
    chunks: Iterator[bytes]


def size_of(source: BinaryIO) -> int:
    """The bytes from here to the end of an open file."""
    here = source.tell()
    end = source.seek(0, os.SEEK_END)
    source.seek(here)
    return end - here


class LocalDoor:
    """A node's verbs over the socket in its folder. Raises the faults the node told."""

    def __init__(self, client: Door) -> None:
        self._client = client

    def act(self, signed: bytes) -> dict[str, Any]:
        """Carry out a signed command."""
        return dict(builtins(self._client.act(signed)))

    def stage(self, source: BinaryIO | None, media_type: str, cover: Cover) -> dict[str, Any]:
        """Have content sealed."""
        size = 0 if source is None else size_of(source)
        plain = None if source is None else as_source(source)
        return dict(builtins(self._client.stage(plain, size, media_type, cover)))

    def read(self, signed: bytes) -> Opened:
        """Sign for a copy and open its content in one step."""
        said = self._client.read(signed)
        opened = said.opened
        return Opened(
            builtins(said.answer),
            builtins(opened.cover) if opened else {},
            opened.media_type if opened else "",
            said.content,
        )

    def view(self, name: str, params: Mapping[str, str]) -> Any:
        """One of the views, in plain values."""
        return self._client.view(name, params)

    def card(self) -> bytes:
        """The node's signed card."""
        return self._client.card()

    def do(self, name: str, params: Mapping[str, str]) -> Any:
        """An errand of the node itself."""
        return self._client.do(name, params)

    def files(self, name: str, params: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
        """An errand that answers with files, as (relative path, bytes)."""
        return self._client.files(name, params)

    def tick(self) -> tuple[int, dict[str, str]]:
        """Let effects follow once, and have partners cosign."""
        return self._client.tick()

    def export(self, peer: str, number: str) -> Iterator[bytes]:
        """A sealed transmittal for a courier's medium."""
        return self._client.export(peer, number)[1]

    def take(self, source: BinaryIO) -> dict[str, Any]:
        """Take in a transmittal from a courier's medium."""
        said = self._client.take(as_source(source), size_of(source))
        return {
            "outcome": said.outcome,
            "peer": said.peer,
            "number": said.number,
            "body": b64(said.body),
        }

    def receipt(self, peer: str, number: str, receipt: bytes) -> None:
        """File a delivery receipt that a courier brought back."""
        self._client.receipt(peer, number, receipt)


def door(folder: Path) -> LocalDoor:
    """The door of the node in a folder. Raises `Unavailable` if it does not run."""
    read_settings(folder)
    path = folder / DOOR
    if not path.exists():
        typed = shlex.quote(str(folder))
        raise Unavailable(
            f"the node in {folder} is not running", f"Start it: gsomia node run {typed}"
        )
    return LocalDoor(Door(path))
