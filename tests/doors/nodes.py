"""A government's side at the command line: its node's process, its officers' key files."""

from __future__ import annotations

import json
import os
import shlex
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gsomia import app
from gsomia.api import Officer
from tests.doors.scripts import gsomia
from tests.processes import client

AGREEMENT = "rok-japan-2016"


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Desk:
    """One government's side: a node's folder, its process, its officers' key files."""

    def __init__(
        self,
        folder: Path,
        party: str,
        authority: str,
        options: str = "",
        agreement: str = f"--agreement {AGREEMENT}",
    ) -> None:
        self.folder, self.party, self.registry = folder, party, f"{party}-DIH1"
        self.node = folder / party
        self.secret = folder / f"{party}.secret"
        self._private(self.secret, os.urandom(32))
        self.log = folder / f"{party}.log"
        self._process: client.Started | None = None
        self.new_key("P-1")
        done = self.run(
            f"node init {self.node} --party {party} --registry {self.registry}"
            f" --authority '{authority}' --name {party.lower()}.example"
            f" --endpoint 127.0.0.1:{free_port()} {agreement}"
            f" --secret-file {self.secret} --officer-key {self.key('P-1')}.pub"
            f" --officer-id P-1 --officer-name 'First Officer' {options}"
        )
        assert done["registry"] == self.registry

    def _private(self, path: Path, data: bytes) -> None:
        path.write_bytes(data)
        path.chmod(0o600)

    def key(self, person: str) -> Path:
        """An officer's key file; the public statement lies beside it."""
        return self.folder / f"{self.party}-{person}.key"

    def new_key(self, person: str) -> None:
        """An officer makes their own key."""
        key = self.key(person)
        self._private(key.with_suffix(".pass"), f"passphrase of {person}\n".encode())
        secret = f"--passphrase-file {key.with_suffix('.pass')}"
        self.run(f"officer new {key} --name {self.registry}/{person} {secret}")
        self.run(f"officer show {key} --out {key}.pub")

    def appoint(self, person: str, role: str) -> None:
        """Another officer, with a key of their own, enrolled and appointed by the first."""
        self.new_key(person)
        statement = self.key(person).with_suffix(".key.pub").read_text()
        assert self.officer("P-1").enrol(person, "A B", "F-1", statement).granted
        self.run(f"person appoint {person} {role} --letter L", "P-1")

    def trust(self, other: Desk) -> None:
        """Trust the other side's card, by its fingerprint."""
        card = other.run(f"node card --out {self.folder}/{other.party}.card")
        told = f"peer trust {self.folder}/{other.party}.card --fingerprint"
        self.run(f"{told} '{card['fingerprint']}'", "P-1")

    def call(self, command: str, person: str = "") -> subprocess.CompletedProcess[bytes]:
        """Run a command, written as for a shell."""
        arguments = shlex.split(command)
        env = {"GSOMIA_NODE": str(self.node)}
        if person:
            key = self.key(person)
            env["GSOMIA_KEY"] = str(key)
            arguments = ["--passphrase-file", str(key.with_suffix(".pass")), *arguments]
        return gsomia(*arguments, env=env, cwd=self.folder)

    def run(self, command: str, person: str = "") -> Any:
        """Run a command that must do, and read its JSON."""
        done = self.call(f"{command} --json", person)
        assert done.returncode == 0, (command, done.stdout, done.stderr)
        return json.loads(done.stdout)

    def refused(self, command: str, person: str) -> list[str]:
        """Run a command that the rules must refuse; the rules that do not hold."""
        done = self.call(f"{command} --json", person)
        assert done.returncode == 1, (command, done.stdout, done.stderr)
        said = json.loads(done.stdout)
        assert said["granted"] is False
        return [r["rule"] for r in said["refused"]]

    def officer(self, person: str) -> Officer:
        """The same officer as the command line's, from Python."""
        text = self.key(person).with_suffix(".pass").read_text().strip()
        pair = app.load_officer_key(self.key(person), text)
        return Officer.at(app.door(self.node), pair, lambda: datetime.now(UTC), os.urandom)

    def start(self) -> None:
        """Start the node's process and wait until its door answers."""
        secret = ("--secret-file", str(self.secret))
        with self.log.open("ab") as log:
            self._process = client.start("node", "run", str(self.node), *secret, stderr=log)
        self.wait(lambda: self.call("node status --json").returncode == 0)

    def stop(self) -> int:
        """End the node's process; its exit code."""
        if self._process is None:
            return 0
        self._process.send_signal(signal.SIGTERM)
        code = self._process.wait(30)
        self._process = None
        return code

    def wait(self, there: Callable[[], Any]) -> Any:
        """Wait until something is there."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if found := there():
                return found
            time.sleep(0.1)
        status = self.call("node status --json").stdout.decode()
        pytest.fail(
            f"{self.party}: it did not happen within a minute; {status}; {self.log.read_text()}"
        )

    def rows(self, command: str) -> list[dict[str, Any]]:
        """The rows of a list."""
        return list(self.run(command)["rows"])


@contextmanager
def two_sides(
    folder: Path,
    staff: Callable[[Desk], object],
    options: str = "",
    agreement: str = f"--agreement {AGREEMENT}",
) -> Iterator[tuple[Desk, Desk]]:
    """Korea and Japan, founded, running, staffed, trusting each other's cards; ended in order."""
    kor = Desk(folder, "KOR", "Ministry of National Defense", options, agreement)
    jpn = Desk(folder, "JPN", "Ministry of Defense", options, agreement)
    try:
        for desk in (kor, jpn):
            desk.start()
            staff(desk)
        kor.trust(jpn)
        jpn.trust(kor)
        yield kor, jpn
    finally:
        assert (kor.stop(), jpn.stop()) == (0, 0)
