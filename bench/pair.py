"""Two governments' nodes as real processes, staffed and trusting each other, and their journals.

What is durable is read from the journals' own files, from outside: an entry that
another process can see was committed and flushed.
"""

from __future__ import annotations

import io
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from gsomia.canon import parse_instant
from gsomia.demo.cast import AGREEMENT, PURPOSE, Side, need, town, wait
from gsomia.exchange import notices
from gsomia.exchange.commands import Accept, Dispatch, ReceivedLine
from gsomia.exchange.cover import Cover

MARK, LOCAL_MARK = "군사II급비밀", "極秘"
PATIENCE = 120.0


class Seen(msgspec.Struct, frozen=True):
    """A durable entry: its place in the order of writing, its kind, when it was decided."""

    seq: int
    kind: str
    at: float


class Journal:
    """A node's journal, watched from another process."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)

    def last(self) -> int:
        """The last entry's place in the order of writing."""
        return int(self._db.execute("SELECT coalesce(max(seq), 0) FROM entry").fetchone()[0])

    def after(self, seq: int) -> list[Seen]:
        """The entries written since."""
        rows = self._db.execute(
            "SELECT seq, kind, at FROM entry WHERE seq > ? ORDER BY seq", (seq,)
        )
        return [Seen(n, kind, parse_instant(at, "at").timestamp()) for n, kind, at in rows]

    def wait(self, kind: str, seq: int, count: int = 1) -> float:
        """When (`time.perf_counter`) so many entries of a kind had become durable after `seq`."""
        deadline = time.perf_counter() + PATIENCE
        while time.perf_counter() < deadline:
            (found,) = self._db.execute(
                "SELECT count(*) FROM entry WHERE seq > ? AND kind = ?", (seq, kind)
            ).fetchone()
            if found >= count:
                return time.perf_counter()
            time.sleep(0.001)
        raise RuntimeError(f"{count} entries {kind} did not come")

    def close(self) -> None:
        """Let the file go."""
        self._db.close()


class Pair:
    """Korea gives, Japan takes."""

    def __init__(self, kor: Side, jpn: Side) -> None:
        self.kor, self.jpn = kor, jpn
        self.sent: list[str] = []
        self.korea, self.japan = (
            Journal(kor.folder / "journal.db"),
            Journal(jpn.folder / "journal.db"),
        )

    def releases(self, count: int, size: int) -> list[str]:
        """Register so many items and carry each through assurance and two decisions."""
        kor, jpn = self.kor, self.jpn
        requests = []
        for number in range(count):
            item = need(
                kor.officer("K-2").register(
                    Cover(f"Benchmark item {number}"),
                    io.BytesIO(os.urandom(size)),
                    agreement=AGREEMENT,
                    mark=MARK,
                    subject="missiles",
                    form="electronic",
                    short_title=f"Item {number}",
                    facility="F-1",
                    releasable_to=("JPN", "KOR"),
                )
            ).need("item")
            asked = need(kor.officer("K-5").request_release(item, AGREEMENT, PURPOSE))
            requests.append(str(asked.need("request")))
        for request in requests:
            about = notices.AssuranceAsked(request, MARK, PURPOSE, "document", "missiles", 1)
            need(kor.officer("K-3").notify(jpn.registry, AGREEMENT, about))
        wanted = set(requests)

        def questions() -> dict[str, str] | None:
            rows = [n for n in jpn.rows("notices", open="yes") if n["kind"] == "assurance_asked"]
            found = {n["about"]["request"]: n["id"] for n in rows}
            return found if wanted <= set(found) else None

        asked_as = wait("the questions", questions)
        for request in requests:
            given = notices.AssuranceGiven(request, LOCAL_MARK, True, True)
            need(jpn.officer("J-3").notify(kor.registry, AGREEMENT, given, asked_as[request]))

        def assured() -> bool | None:
            known = {r["id"] for r in kor.rows("requests") if r["assurance"]}
            return True if wanted <= known else None

        wait("the assurances", assured)
        for request in requests:
            need(kor.officer("K-3").review(request, favour=True))
            need(kor.officer("K-4").decide(request, favour=True))
        self.quiet()
        return requests

    def quiet(self) -> None:
        """Wait until neither journal has grown for a while."""
        before, still = (0, 0), 0
        while still < 10:
            now = (self.korea.last(), self.japan.last())
            still = still + 1 if now == before else 0
            before = now
            time.sleep(0.03)

    def send(self, requests: list[str]) -> tuple[float, dict[str, float], str]:
        """Dispatch in one transmittal: seconds until the receipt is filed durably, the steps
        between in seconds by the nodes' own clocks, and the transmittal's number.
        """
        signed = self.kor.officer("K-2").sign(Dispatch(tuple(requests)))
        seqs = self.korea.last(), self.japan.last()
        began, start = time.time(), time.perf_counter()
        told = self.kor.door.act(signed)
        end = self.korea.wait("exchange.delivered", seqs[0])
        here = {e.kind: e.at for e in self.korea.after(seqs[0])}
        there = {e.kind: e.at for e in self.japan.after(seqs[1])}
        order, sealed = here["exchange.ordered"], here["exchange.sealed"]
        got, filed = there["exchange.received"], here["exchange.delivered"]
        steps = {
            "order": order - began,
            "seal": sealed - order,
            "send and verify": got - sealed,
            "receipt": filed - got,
            "last flush": end - start - (filed - began),
        }
        self.sent += requests
        return end - start, steps, str(told["told"]["number"])

    def accept(self, number: str) -> float:
        """Register everything in a transmittal: seconds until its acceptance is filed in Korea."""
        rows = self.jpn.rows("incoming", peer=self.kor.registry)
        arrived = next(r for r in rows if r["number"] == number)
        lines = tuple(ReceivedLine(i["reference"], True, LOCAL_MARK) for i in arrived["items"])
        command = Accept(self.kor.registry, number, "F-1", lines)
        signed = self.jpn.officer("J-2").sign(command)
        seq = self.korea.last()
        start = time.perf_counter()
        told = self.jpn.door.act(signed)
        if not told["granted"]:
            raise RuntimeError("the acceptance was refused")
        return self.korea.wait("exchange.acceptance_received", seq) - start


@contextmanager
def pair(folder: Path) -> Iterator[Pair]:
    """Both nodes, founded, started, staffed and trusting each other; stopped at the end."""
    with town(folder) as (kor, jpn):
        try:
            for side in (kor, jpn):
                side.staff()
            kor.trust(jpn)
            jpn.trust(kor)
            both = Pair(kor, jpn)
            yield both
            both.korea.close()
            both.japan.close()
        finally:
            kor.stop()
            jpn.stop()
