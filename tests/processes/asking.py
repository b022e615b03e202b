"""Asks a server of processes for one; as a program, it stands where `gsomia` would.

    python -IS tests/processes/asking.py SOCKET COMMAND ARGUMENT...

Its streams, folder, environment and mask are those of the process that it asks for, and its
signals are passed on; it ends as that process ends. COMMAND is what the server stands in for: it
is run instead where the server says that it cannot. Nothing is imported that takes long.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from types import FrameType

COUNT = 4
"""Bytes of a number on the connection."""


def ask(
    path: str,
    module: str,
    arguments: Sequence[str],
    env: Mapping[str, str],
    cwd: str,
    streams: Sequence[int],
    *,
    first: str | None = None,
) -> tuple[socket.socket, int]:
    """The connection, and the number of the process; 0 if it must be started in another way.

    `first` is where Python looks for modules first: unless given, in the folder, as `python -m`.
    """
    mask = os.umask(0o077)
    os.umask(mask)
    request = {
        "module": module,
        "arguments": list(arguments),
        "env": dict(env),
        "cwd": cwd,
        "first": cwd if first is None else first,
        "umask": mask,
    }
    data = json.dumps(request).encode()
    data = len(data).to_bytes(COUNT, "big") + data
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(path)
        sent = socket.send_fds(connection, [data], streams)
        # Even nothing cannot be sent to a server that has answered already and hung up.
        if sent < len(data):
            connection.sendall(data[sent:])
        return connection, number(connection)
    except BaseException:
        connection.close()
        raise


def number(connection: socket.socket) -> int:
    """The next number: of the process, then how it ended."""
    data = connection.recv(COUNT, socket.MSG_WAITALL)
    assert len(data) == COUNT, "the server of processes is gone"
    return int.from_bytes(data, "big")


def main() -> None:
    path, command, *arguments = sys.argv[1:]
    connection, process = ask(
        path,
        "gsomia",
        arguments,
        os.environ,
        os.getcwd(),  # noqa: PTH109  # pathlib takes long
        (0, 1, 2),
        first=os.path.dirname(command),  # noqa: PTH120  # as above
    )
    if not process:
        os.execv(command, [command, *arguments])  # noqa: S606  # no shell

    def pass_on(which: int, _: FrameType | None) -> None:
        os.kill(process, which)

    for which in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(which, pass_on)
    with closing(connection):
        code = os.waitstatus_to_exitcode(number(connection))
    if code < 0:
        signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    sys.exit(code)


if __name__ == "__main__":
    main()
