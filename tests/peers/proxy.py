"""A TCP relay between two nodes that loses, holds up and records what passes."""

from __future__ import annotations

import random
import select
import socket
import threading
import time
from contextlib import suppress


class Proxy:
    """Listens at `port` for connections to `target`. Seeded: the same connection, the same fate.

    `harm` is the share of connections that are cut, at a random byte in either
    direction; others are held up at random. `stall` lets nothing through and
    answers nothing.
    """

    def __init__(self, port: int, target: int, seed: int) -> None:
        self.target, self.harm, self.stall = target, 0.0, False
        self.cuts = 0
        self.recorded: list[bytes] = []
        self._draw = random.Random(seed)
        self._listener = socket.create_server(("127.0.0.1", port), backlog=64)
        self._open: set[socket.socket] = set()
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Stop, and cut every connection."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut_all()

    def cut_all(self) -> None:
        """Cut every connection there is."""
        for sock in tuple(self._open):
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            fate = self._draw.randbytes(8)
            threading.Thread(target=self._relay, args=(near, fate), daemon=True).start()

    def _relay(self, near: socket.socket, fate: bytes) -> None:
        draw = random.Random(fate)
        cut = draw.choice((10_000, 60_000, 300_000)) if draw.random() < self.harm else 0
        left = draw.randint(1, cut) if cut else 1 << 40
        record = bytearray()
        try:
            far = socket.create_connection(("127.0.0.1", self.target), 5)
        except OSError:
            near.close()
            return
        both = {near, far}
        self._open |= both
        try:
            self._pump(near, far, left, draw, record)
        finally:
            self._open -= both
            self.recorded.append(bytes(record))
            near.close()
            far.close()

    def _pump(
        self,
        near: socket.socket,
        far: socket.socket,
        left: int,
        draw: random.Random,
        record: bytearray,
    ) -> None:
        other = {near: far, far: near}
        while True:
            for sock in select.select([near, far], [], [], 1.0)[0]:
                while self.stall:
                    time.sleep(0.05)
                try:
                    data = sock.recv(min(65_536, left))
                    if sock is near:
                        record += data
                    if self.harm and draw.random() < 0.1:
                        time.sleep(draw.uniform(0, 0.05))
                    other[sock].sendall(data)
                except OSError:
                    return
                left -= len(data)
                if not left:
                    self.cuts += 1
                if not left or not data:
                    return
