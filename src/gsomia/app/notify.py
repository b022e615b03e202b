"""Tell the service manager that started this process how it stands, as sd_notify(3) says."""

from __future__ import annotations

import os
import socket


def tell(*fields: str) -> bool:
    """Send `READY=1`, `STOPPING=1` or `STATUS=one line` to $NOTIFY_SOCKET. Says whether it went.

    Without a manager that asked to be told, nothing is sent. A manager that does not
    listen is no reason for a node not to run: nothing is raised.
    """
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return False
    # A name that begins with @ is one in the abstract namespace, which a zero byte marks.
    path = "\0" + address[1:] if address.startswith("@") else address
    text = "\n".join(" ".join(field.split()) for field in fields)
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.settimeout(1)
            manager.connect(path)
            manager.send(text.encode())
    except (OSError, ValueError):
        return False
    return True
