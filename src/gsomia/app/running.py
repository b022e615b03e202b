"""A running node: its worker, its door for officers, its door for partners."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Self

from gsomia.app import notify
from gsomia.app.folder import DOOR, open_node, open_vault, read_settings
from gsomia.canon import unb64
from gsomia.documents.examining import ExamineMarks
from gsomia.exchange.card import open_card
from gsomia.exchange.model import Peer
from gsomia.faults import BadInput, Unavailable, shown
from gsomia.http.door import DoorServer, View
from gsomia.http.link import Address, HttpLink
from gsomia.http.peer import PeerServer
from gsomia.keys.secret import Secret
from gsomia.keys.tls import contexts
from gsomia.keys.vault import Vault
from gsomia.node import past, records
from gsomia.node.node import Cadence, Node
from gsomia.storage.lock import hold, holder
from gsomia.views import QUESTIONS, VIEWS


def _report(trace: str) -> None:
    """A bug's trace goes to the node's own log, never to a peer or an officer."""
    sys.stderr.write(trace)
    sys.stderr.flush()


def split_endpoint(endpoint: str) -> tuple[str, int]:
    """Host and port of a card's endpoint. Raises `BadInput`."""
    host, _, port = endpoint.rpartition(":")
    if not host or not port.isdecimal():
        raise BadInput("an endpoint host:port", shown(endpoint), "endpoint")
    return host.strip("[]"), int(port)


def _view(view: Callable[..., Any]) -> View:
    return lambda node, params: view(node.clerk.state, params)


def _question(question: Callable[..., Any]) -> View:
    """A question of `QUESTIONS`: one asker at a time."""

    def ask(node: Node, params: dict[str, str]) -> Any:
        with node.asking:
            return question(node.clerk.state, params)

    return ask


VERBS: Mapping[str, Callable[[Node, dict[str, str]], Any]] = {
    "standing": lambda node, _: node.standing(),
    "evidence": lambda node, params: records.evidence(node, params.get("item", "")),
    "book": lambda node, params: records.book(node, params.get("book", "")),
    "past": past.view,
    "decisions": past.decisions,
    "decision": past.decision,
    "backup": lambda node, params: records.backup(node, params.get("path", "")),
    **{name: _question(question) for name, question in QUESTIONS.items()},
    "deadlines": lambda node, params: _question(QUESTIONS["deadlines"])(
        node, {**params, "card_until": node.rotation.card.kem.until}
    ),
}


def _tls(vault: Vault) -> tuple[bytes, bytes]:
    """The key and the certificate of the link to partners."""
    key, certificate = vault.get("tls"), vault.get("tls-certificate")
    if key is None or certificate is None:
        raise Unavailable("the vault has no key for the link to partners")
    return key, certificate


class Running:
    """A node that serves, from `start` to `close`."""

    def __init__(self, folder: Path, secret: Secret, cadence: Cadence | None = None) -> None:
        settings = read_settings(folder)
        self._lock = hold(folder)
        try:
            vault = open_vault(folder, secret)
            key, certificate = _tls(vault)
            self._link = HttpLink(
                self._address, lambda pinned: contexts(certificate, key, [pinned])[1]
            )
            self.node = open_node(folder, vault, self._link, cadence=cadence, marks=ExamineMarks())
            self.node.report = self.node.clerk.report = _report
            server_context, _ = contexts(certificate, key, list(self._pins()))
            self._peers: PeerServer | None = None
            if settings.endpoint:
                host, port = split_endpoint(settings.endpoint)
                self._peers = PeerServer(
                    self.node, server_context, self._who, report=_report, host=host, port=port
                )
                self.node.on_trust = self._peers.trust
            views = {name: _view(view) for name, view in VIEWS.items()}
            self._door = DoorServer(
                self.node, folder / DOOR, views=views, verbs=VERBS, report=_report
            )
        except BaseException:
            self._lock.release()
            raise

    def _cards(self) -> Iterator[tuple[str, bytes, str]]:
        for peer in self.node.clerk.state.all(Peer):
            card = open_card(peer.card.encode())
            yield peer.registry, unb64(card.tls_certificate, "card"), card.endpoint

    def _pins(self) -> Iterator[bytes]:
        yield from (certificate for _, certificate, _ in self._cards())

    def _who(self, certificate: bytes) -> str | None:
        return next((r for r, pinned, _ in self._cards() if pinned == certificate), None)

    def _address(self, registry: str) -> Address:
        for known, certificate, endpoint in self._cards():
            if known == registry:
                if not endpoint:
                    raise Unavailable(f"{registry} has no network address", "Use a courier")
                return (*split_endpoint(endpoint), certificate)
        raise Unavailable(f"{registry} is not a trusted partner")

    def start(self) -> None:
        """Look at what is there, open both doors, compare the books, and begin to act."""
        self.node.prepare()
        self._door.start()
        if self._peers is not None:
            self._peers.start()
        self.node.start()

    def close(self) -> None:
        """Close the doors, finish what is under way, release the folder."""
        self._door.close()
        if self._peers is not None:
            self._peers.close()
        self.node.stop()
        self._link.close()
        self._lock.release()

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            # What was started already would keep the process from ending.
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def stop(folder: Path, patience: float) -> bool:
    """End the node that runs in `folder`, and wait until it has; whether one ran.

    Raises `BadInput` for a folder that is no node's, and `Unavailable` if it has not ended
    within `patience` seconds, or belongs to somebody else.
    """
    read_settings(folder)
    number = holder(folder)
    if number is None:
        return False
    try:
        os.kill(number, signal.SIGTERM)
    except ProcessLookupError:
        return True
    except PermissionError:
        raise Unavailable("the node belongs to another user", "End it as that user") from None
    deadline = time.monotonic() + patience
    while holder(folder) == number:
        if time.monotonic() > deadline:
            raise Unavailable(
                f"the node has not ended within {patience:.0f} seconds",
                "It finishes what is under way; see its log",
            )
        time.sleep(0.05)
    return True


_ENDS = (signal.SIGINT, signal.SIGTERM)
"""The signals that end a node."""


def serve(
    folder: Path,
    secret: Secret,
    cadence: Cadence | None = None,
    ready: Callable[[Node], None] = lambda _: None,
) -> None:
    """Run a node until the process is told to end (SIGINT or SIGTERM).

    A service manager that asked to be told (`NOTIFY_SOCKET`) learns when the doors are
    open, and why if nothing is decided behind them, and when the end begins.
    """
    # A pipe, which needs no lock: an event could be set in the middle of being waited for, by
    # the thread that waits, and then nobody would ever wake. The number is written as the signal
    # comes, by whichever thread it comes to: Python's own handlers wait for this one, which sleeps.
    told, tell = os.pipe()
    os.set_blocking(tell, False)
    signal.set_wakeup_fd(tell, warn_on_full_buffer=False)
    for number in _ENDS:
        signal.signal(number, lambda *_: None)
    with Running(folder, secret, cadence) as running:
        ready(running.node)
        notify.tell("READY=1", f"STATUS={running.node.clerk.halted or 'running'}")
        while os.read(told, 1)[0] not in _ENDS:
            pass
        notify.tell("STOPPING=1", "STATUS=finishing what is under way")
