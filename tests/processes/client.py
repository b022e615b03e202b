"""The program as a process, started quickly: a server that has imported it forks for each run.

What comes of a run is what `python -m gsomia` in a process of its own gives; `test_processes.py`
holds the two against each other. Where a run would have to read its environment while it starts
or imports, or where the system cannot do it, and always with GSOMIA_TESTS_COLD=1 in the environment
of the tests, it is `python -m gsomia` in a process of its own.
"""

from __future__ import annotations

import atexit
import os
import selectors
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from functools import cache
from pathlib import Path
from typing import IO

from tests.processes.asking import ask, number

HERE = Path(__file__).parent

Stream = int | IO[bytes]


class Server:
    """A server of this process's own."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="gsomia-")
        self.path = str(Path(self._folder.name) / "server")
        self._process = subprocess.Popen(
            [sys.executable, str(HERE / "server.py"), self.path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.read() == b"\n", "the server did not start"
        atexit.register(self._end)

    def stand_in(self) -> Path:
        """A folder in which `gsomia` is a program that asks this server."""
        folder = Path(self._folder.name) / "bin"
        if not folder.exists():
            folder.mkdir()
            real = Path(sys.executable).with_name("gsomia")
            words = (sys.executable, "-IS", str(HERE / "asking.py"), self.path, str(real))
            (folder / "gsomia").write_text(f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n')
            (folder / "gsomia").chmod(0o755)
        return folder

    def _end(self) -> None:
        self._process.communicate()
        self._folder.cleanup()


@cache
def server() -> Server | None:
    """The server, where there can be one."""
    possible = hasattr(os, "pidfd_open") and hasattr(socket, "send_fds")
    return Server() if possible and os.environ.get("GSOMIA_TESTS_COLD") != "1" else None


class Process:
    """A running process: as much of `subprocess.Popen` as tests use."""

    def __init__(self, connection: socket.socket, pid: int) -> None:
        self._connection, self.pid = connection, pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """How it ended, or None while it runs."""
        with suppress(TimeoutError):
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it ends; how. Raises `TimeoutError`."""
        if self.returncode is None:
            with selectors.DefaultSelector() as watched:
                watched.register(self._connection, selectors.EVENT_READ)
                if not watched.select(timeout):
                    raise TimeoutError(f"process {self.pid} runs on after {timeout} s")
            self.returncode = os.waitstatus_to_exitcode(number(self._connection))
            self._connection.close()
        return self.returncode

    def send_signal(self, which: int) -> None:
        """Send a signal, unless it has ended."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, which)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)

    def leave(self) -> None:
        """Want nothing more of it: the server ends it."""
        self._connection.close()


Started = Process | subprocess.Popen[bytes]


def start(
    *arguments: str,
    module: str = "gsomia",
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    stdin: Stream = subprocess.DEVNULL,
    stdout: Stream = subprocess.DEVNULL,
    stderr: Stream = subprocess.DEVNULL,
) -> Started:
    """Start `python -m module` with these arguments, and do not wait for it."""
    env = dict(os.environ if env is None else env)
    if warm := server():
        folder = str(Path.cwd() if cwd is None else cwd.absolute())
        with open(os.devnull, "r+b") as nowhere:  # noqa: PTH123  # no file's name
            given = [nowhere if s == subprocess.DEVNULL else s for s in (stdin, stdout, stderr)]
            streams = [s if isinstance(s, int) else s.fileno() for s in given]
            connection, pid = ask(warm.path, module, arguments, env, folder, streams)
        if pid:
            return Process(connection, pid)
        connection.close()
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        env=env,
        cwd=cwd,
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
    )


def run(
    *arguments: str,
    module: str = "gsomia",
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    timeout: float = 60,
) -> subprocess.CompletedProcess[bytes]:
    """Run `python -m module` to its end: how it ended, and what it wrote."""
    deadline = time.monotonic() + timeout
    with ExitStack() as stack:
        out, into_out = _pipe(stack)
        err, into_err = _pipe(stack)
        process = start(
            *arguments, module=module, env=env, cwd=cwd, stdout=into_out, stderr=into_err
        )
        try:
            into_out.close()
            into_err.close()
            written = _read((out, err), deadline)
            code = process.wait(max(0, deadline - time.monotonic()))
        except BaseException:
            process.kill()
            process.wait()
            raise
    return subprocess.CompletedProcess(arguments, code, *written)


def _pipe(stack: ExitStack) -> tuple[IO[bytes], IO[bytes]]:
    ends = os.pipe()
    return (
        stack.enter_context(os.fdopen(ends[0], "rb")),
        stack.enter_context(os.fdopen(ends[1], "wb")),
    )


def _read(pipes: Sequence[IO[bytes]], deadline: float) -> list[bytes]:
    """All that is written into some pipes, until their other ends are closed."""
    written = dict.fromkeys(pipes, b"")
    with selectors.DefaultSelector() as watched:
        for pipe in pipes:
            watched.register(pipe, selectors.EVENT_READ)
        while watched.get_map():
            ready = watched.select(max(0, deadline - time.monotonic()))
            if not ready:
                raise TimeoutError("a process does not end")
            for key, _ in ready:
                data = os.read(key.fd, 1 << 16)
                written[key.fileobj] += data  # type: ignore[index]  # as it was registered
                if not data:
                    watched.unregister(key.fileobj)
    return list(written.values())
