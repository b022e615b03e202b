"""The threads of a running node.

One lets effects follow; one for each partner sends to it and has the books cosigned,
so that a slow or silent partner holds up nobody else. An error on the way is told in
words and tried again; a bug is never swallowed: it is handed to `fault`, and the
thread ends.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

from gsomia.faults import GsomiaError

JOIN = 5.0
"""Seconds to wait at the end for a thread that may hang on the network."""


class Workers:
    """Runs `upkeep()` and `partner(registry)` again and again, at once after `wake`."""

    def __init__(
        self,
        upkeep: Callable[[], None],
        partner: Callable[[str], None],
        partners: Callable[[], Iterable[str]],
        pause: float,
        fault: Callable[[Exception], None],
    ) -> None:
        self._upkeep, self._partner, self._partners = upkeep, partner, partners
        self._pause, self._fault = pause, fault
        self._stop = threading.Event()
        self._wakes: dict[str, threading.Event] = {}
        self._threads: dict[str, threading.Thread] = {}
        self.trouble: dict[str, str] = {}

    def start(self) -> None:
        """Begin."""
        self._begin("", self._round)

    def _round(self) -> None:
        self._upkeep()
        for registry in self._partners():
            if registry not in self._threads:
                self._begin(registry, lambda r=registry: self._partner(r))  # type: ignore[misc]

    def _begin(self, name: str, work: Callable[[], None]) -> None:
        self._wakes[name] = threading.Event()
        thread = threading.Thread(
            target=self._run, args=(name, work), name=name or "upkeep", daemon=True
        )
        self._threads[name] = thread
        thread.start()

    def wake(self) -> None:
        """There may be something to do."""
        for event in tuple(self._wakes.values()):
            event.set()

    def stop(self) -> None:
        """End after what is under way."""
        self._stop.set()
        self.wake()
        for thread in tuple(self._threads.values()):
            thread.join(JOIN)

    def _run(self, name: str, work: Callable[[], None]) -> None:
        wake = self._wakes[name]
        while not self._stop.is_set():
            wake.clear()
            try:
                work()
                self.trouble.pop(name, None)
            except GsomiaError as error:
                self.trouble[name] = str(error)
            except Exception as error:  # noqa: BLE001  reported, and the node halts
                self._fault(error)
                return
            wake.wait(self._pause)
