"""How the demonstration ends when it is told to: its nodes first, then itself."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Told(BaseException):
    """The process was told to end, by the signal of this number."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(signal.Signals(number).name)


@contextmanager
def ends_when_told() -> Iterator[None]:
    """Within it, a signal to end raises `Told`, in the main thread.

    Without it SIGTERM and SIGHUP end the process at once, and the nodes, which are
    processes of their own, run on. A signal that is ignored, as under nohup, stays ignored.
    """

    def tell(number: int, _: object) -> None:
        raise Told(number)

    with _handled(tell):
        yield


@contextmanager
def undisturbed() -> Iterator[None]:
    """Within it, signals to end are put off; the first of them comes when it is over."""
    came: list[int] = []
    with _handled(lambda number, _: came.append(number)):
        yield
    if came:
        signal.raise_signal(came[0])


@contextmanager
def _handled(handler: signal._HANDLER) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread is told
        return
    heard = [number for number in SIGNALS if signal.getsignal(number) != signal.SIG_IGN]
    before = [(number, signal.signal(number, handler)) for number in heard]
    try:
        yield
    finally:
        for number, former in before:
            signal.signal(number, former)
