"""Two governments' nodes as processes that a test may kill, and what must hold afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from gsomia.app import door
from gsomia.demo.cast import JAPAN, KOREA, Government, Side
from gsomia.faults import GsomiaError, Unavailable
from tests.processes import client

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0


class Mortal(Side):
    """A side whose node runs under `tests.faults.runner`."""

    def __init__(self, government: Government, folder: Path) -> None:
        super().__init__(government, folder)
        self.log = self._log
        self._told = False

    def run(self, *arguments: str, **named: str) -> client.Started:
        """Start the node's process, and do not wait for anything."""
        with self.log.open("ab") as log:
            # A `Popen`, or as much of one as is asked of it here and in `Side`.
            process: Any = client.start(
                *(str(self.folder), str(self.secret), *arguments),
                module="tests.faults.runner",
                stdout=log,
                stderr=log,
                cwd=ROOT,
                env={**os.environ, **named},
            )
        self._process, self._told = process, False
        return self._process

    def begin(self, *arguments: str) -> bool:
        """Start the node; whether its door opened before it died."""
        return self.opens(self.run(*arguments))

    def opens(self, process: client.Started) -> bool:
        """Wait until the door of a process opens, or it dies; whether it opened."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if process.poll() is not None:
                return False
            with suppress(GsomiaError):
                self._door = door(self.folder)
                self._door.card()
                return True
            time.sleep(0.01)
        raise Unavailable(f"the node does not answer; see {self.log}")

    def start(self) -> None:
        """Start the node without a fault."""
        if not self.begin():
            raise Unavailable(f"the node ended: {self.words()}")

    @property
    def pid(self) -> int:
        """The process's number."""
        assert self._process is not None
        return self._process.pid

    @property
    def dead(self) -> bool:
        """Whether the process was killed."""
        if self._process is None or self._process.poll() is None:
            return False
        code = self._process.returncode
        assert code == -signal.SIGKILL, f"ended with {code}: {self.words()}"
        return True

    def kill(self) -> None:
        """End the process as a loss of power to it would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def tell_to_end(self) -> None:
        """Ask the process to end in order, once, and do not wait for it."""
        if self._process is not None and self._process.poll() is None and not self._told:
            self._told = True
            self._process.terminate()

    def end(self) -> int:
        """End the process in order: it must go without a word, or be dead. How it ended."""
        if self._process is None:
            return 0
        self.tell_to_end()
        try:
            code = self._process.wait(PATIENCE)
        except TimeoutError:
            # Where each of its threads is, for whoever reads of it.
            self._process.send_signal(signal.SIGUSR1)
            time.sleep(1)
            raise AssertionError(f"it runs on: {self.words()}") from None
        assert code in (0, -signal.SIGKILL), self.words()
        self._process = None
        return code

    def words(self) -> str:
        """What the process wrote."""
        return self.log.read_text() if self.log.exists() else ""


def until(what: str, found: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + seconds
    while not found():
        assert time.monotonic() < deadline, f"{what} did not happen within {seconds:.0f} s"
        time.sleep(0.02)


def cosign(*sides: Mortal) -> None:
    """Have each node's books cosigned by the other; nothing may be wrong with them."""
    for side in sides:
        wrong = [words for words in side.door.tick()[1].values() if words]
        assert wrong == [], side.registry


@contextmanager
def pair(folder: Path, kor_folder: Path | None = None) -> Iterator[tuple[Mortal, Mortal]]:
    """Korea and Japan: founded, staffed, trusting each other, running.

    Korea may lie elsewhere: on a disk of its own.
    """
    kor, jpn = Mortal(KOREA, kor_folder or folder), Mortal(JAPAN, folder)
    try:
        for side in (kor, jpn):
            side.found()
            side.start()
            side.staff()
        kor.trust(jpn)
        jpn.trust(kor)
        yield kor, jpn
    finally:
        kor.kill()
        jpn.kill()


def copied(template: Path, folder: Path) -> tuple[Mortal, Mortal]:
    """Both sides again from a copy of their ended folders. One copy runs at a time: same ports."""
    shutil.copytree(template, folder, dirs_exist_ok=True)
    return Mortal(KOREA, folder), Mortal(JAPAN, folder)
