"""A process that has imported the program, and starts it again and again by forking.

    python tests/processes/server.py SOCKET

Whoever connects to the socket asks for one run: arguments, folder, environment, and its standard
streams. The child that is forked for it is a process like any other: its own number, folder,
environment, streams, signals, exit code. Nothing but imports happens before the fork, and there is
no other thread. The server ends with its standard input, and its children with it; a child is
killed when whoever asked for it goes away.

On the connection: a length of 4 bytes and the request in JSON, with the three streams; back come
the child's number and, when it has ended, its wait status, 4 bytes each. The number 0 says that the
environment asks for another start of Python or another import: that is not for this server.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import io
import json
import os
import pkgutil
import re
import runpy
import selectors
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, NoReturn, TextIO, cast

COUNT = 4

AT_START = re.compile(
    r"PYTHON|LD_|LC_|LANG|MALLOC_|OPENSSL_|_?TYPER_|PILLOW_"
    r"|(?:CI|FORCE_COLOR|GITHUB_ACTIONS|GITHUB_WORKFLOW|PY_COLORS|SERVER_SOFTWARE|TERMINAL_WIDTH)$"
)
"""What is read from the environment while Python starts and modules are imported."""


def at_start(env: Mapping[str, str]) -> dict[str, str]:
    """The part of an environment that counts before a command is looked at."""
    return {name: value for name, value in env.items() if AT_START.match(name)}


def warm() -> None:
    """Import what any command may import of ours, and what draws for people."""
    import gsomia

    for module in pkgutil.walk_packages(gsomia.__path__, "gsomia."):
        if module.name != "gsomia.__main__":
            importlib.import_module(module.name)
    for name in ("rich.console", "rich.panel", "rich.table", "typer.rich_utils"):
        importlib.import_module(name)
    gc.collect()
    gc.freeze()


def receive(connection: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """A whole request, and the streams that came with it."""
    data, streams, _, _ = socket.recv_fds(connection, 1 << 16, 3)
    while len(data) < COUNT or len(data) < COUNT + int.from_bytes(data[:COUNT]):
        more = connection.recv(1 << 16)
        if not more:
            break
        data += more
    return json.loads(data[COUNT:]), streams


class Server:
    """Forks one child for each request, and tells how it ended."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self._watched = selectors.DefaultSelector()
        self._watched.register(listener, selectors.EVENT_READ, self._ask)
        self._watched.register(sys.stdin, selectors.EVENT_READ, self._end)
        self._children: dict[int, socket.socket] = {}
        self._asked: dict[str, Any] | None = None
        self._env = at_start(os.environ)

    def serve(self) -> dict[str, Any]:
        """Serve until the end. Returns in a child, with what it is to run."""
        while self._asked is None:
            for key, _ in self._watched.select():
                key.data(key.fileobj)
                if self._asked is not None:
                    break
        return self._asked

    def _ask(self, _: Any) -> None:
        connection, _ = self._listener.accept()
        try:
            request, streams = receive(connection)
        except (OSError, ValueError):
            connection.close()
            return
        if at_start(request["env"]) != self._env:
            for stream in streams:
                os.close(stream)
            self._tell(connection, 0)
            connection.close()
            return
        assert threading.active_count() == 1
        child = os.fork()
        if not child:
            self._leave(connection)
            for number, stream in enumerate(streams):
                os.dup2(stream, number)
                os.close(stream)
            self._asked = request
            return
        for stream in streams:
            os.close(stream)
        self._children[child] = connection
        handle = os.pidfd_open(child)
        self._watched.register(handle, selectors.EVENT_READ, lambda _: self._over(child, handle))
        self._watched.register(connection, selectors.EVENT_READ, lambda _: self._left(child))
        self._tell(connection, child)

    def _leave(self, connection: socket.socket) -> None:
        """In a child: let go of all that is the server's."""
        for key in list(self._watched.get_map().values()):
            if isinstance(key.fileobj, int):
                os.close(key.fileobj)
        for other in (*self._children.values(), connection, self._listener):
            other.close()
        self._watched.close()

    def _over(self, child: int, handle: int) -> None:
        """A child has ended."""
        self._watched.unregister(handle)
        os.close(handle)
        _, status = os.waitpid(child, 0)
        connection = self._children.pop(child)
        with suppress(KeyError):
            self._watched.unregister(connection)
        self._tell(connection, status)
        connection.close()

    def _left(self, child: int) -> None:
        """Whoever asked for a child has gone away, perhaps because it has just ended."""
        if child in self._children:
            self._watched.unregister(self._children[child])
            os.kill(child, signal.SIGKILL)

    @staticmethod
    def _tell(connection: socket.socket, number: int) -> None:
        with suppress(OSError):
            connection.sendall(number.to_bytes(COUNT))

    def _end(self, _: Any) -> None:
        for child in self._children:
            os.kill(child, signal.SIGKILL)
        for child in self._children:
            os.waitpid(child, 0)
        sys.exit()


def stream(number: int, old: Any) -> TextIO:
    """A standard stream as Python itself opens it when it starts; `old` was opened so."""
    write, unbuffered = number > 0, old.write_through
    raw: Any = os.fdopen(
        number,
        "wb" if write else "rb",
        buffering=0 if write and unbuffered else -1,
        closefd=False,
    )
    getattr(raw, "raw", raw).name = old.name
    text: Any = io.TextIOWrapper(
        raw,
        encoding=old.encoding,
        errors=old.errors,
        newline="\n",
        line_buffering=not unbuffered and (number == 2 or raw.isatty()),
        write_through=unbuffered,
    )
    text.mode = old.mode
    return cast("TextIO", text)


def become(request: dict[str, Any]) -> str:
    """Take on what a request asks for; the module to run."""
    os.chdir(request["cwd"])
    os.umask(request["umask"])
    os.environ.clear()
    os.environ.update(request["env"])
    time.tzset()
    sys.path.insert(0, request["first"])
    sys.argv = [request["module"], *request["arguments"]]
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        text = stream(number, getattr(sys, name))
        setattr(sys, name, text)
        setattr(sys, f"__{name}__", text)
    module: str = request["module"]
    return module


def end(program: Callable[[], object]) -> NoReturn:
    """Run a program, and end the process as Python does, except that memory is not tidied up.

    Taking apart what the server has imported would take five times as long as a command, and is
    seen by nobody: the same that `multiprocessing` leaves out where it forks.
    """
    code: Any = 0
    try:
        program()
    except SystemExit as ended:
        code = ended.code
        if code is not None and not isinstance(code, int):
            print(code, file=sys.stderr)
            code = 1
    except KeyboardInterrupt:
        sys.excepthook(*sys.exc_info())
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)
    except BaseException:  # noqa: BLE001  # all that ends a program
        sys.excepthook(*sys.exc_info())
        code = 1
    threading._shutdown()  # type: ignore[attr-defined]  # waits for threads, as at every end
    atexit._run_exitfuncs()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        code = 120
    os._exit((code or 0) & 0xFF)


def main() -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(sys.argv[1])
        listener.listen(64)
        del sys.path[0]
        warm()
        os.write(1, b"\n")
        with open(os.devnull, "wb") as nowhere:  # noqa: PTH123  # no name of a file
            os.dup2(nowhere.fileno(), 1)
        request = Server(listener).serve()
    module = become(request)
    end(lambda: runpy.run_module(module, run_name="__main__", alter_sys=True))


if __name__ == "__main__":
    main()
