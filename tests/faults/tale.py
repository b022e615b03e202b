"""One item's way from Korea's register to its destruction in Japan, told so that it can go on.

Each call of `advance` looks at what the registers show, as officers do, and has done
what is next. Whoever was cut off in the middle looks again, and signs again.
"""

from __future__ import annotations

import hashlib
import io
import random
from typing import Any

from gsomia.demo import goods
from gsomia.demo.cast import AGREEMENT, PURPOSE, need
from gsomia.exchange import notices
from gsomia.exchange.cover import Cover
from tests.faults.pair import Mortal

MARK = "군사II급비밀"


class Tale:
    """The story of one item, told apart from others by its short title."""

    def __init__(self, name: str, kor: Mortal, jpn: Mortal, size: int = 3000) -> None:
        self.name, self.kor, self.jpn = name, kor, jpn
        self.content = random.Random(name).randbytes(size)
        self.read = False
        self.number = self.received = ""

    def _mine(self, side: Mortal) -> dict[str, Any] | None:
        rows = [r for r in side.rows("items") if r["short_title"] == self.name]
        assert len(rows) <= 1, f"{self.name} is registered twice at {side.registry}"
        return rows[0] if rows else None

    def advance(self) -> bool:
        """Have the next thing done; whether everything is."""
        item = self._mine(self.kor)
        if item is None:
            self._register()
            return False
        self.number = item["number"]
        requests = self.kor.rows("requests", item=self.number)
        assert len(requests) <= 1
        if not requests:
            need(self.kor.officer("K-5").request_release(self.number, AGREEMENT, PURPOSE))
            return False
        if requests[0]["state"] != "dispatched":
            self._decide(requests[0])
            return False
        return self._accept()

    def _register(self) -> None:
        answer = self.kor.officer("K-2").register(
            Cover(f"Title of {self.name}"),
            io.BytesIO(self.content),
            agreement=AGREEMENT,
            mark=MARK,
            subject="missiles",
            form="electronic",
            short_title=self.name,
            facility="F-1",
            releasable_to=("JPN", "KOR"),
        )
        need(answer)

    def _decide(self, request: dict[str, Any]) -> None:
        id_ = request["id"]
        if request["state"] == "approved":
            need(self.kor.officer("K-2").dispatch((id_,)))
        elif request["assurance"] is None:
            self._assure(id_)
        elif request["state"] == "requested":
            need(self.kor.officer("K-3").review(id_, favour=True))
        elif request["state"] == "reviewed":
            need(self.kor.officer("K-4").decide(id_, favour=True))

    def _assure(self, request: str) -> None:
        asked = [n for n in self.kor.rows("notices") if n["about"].get("request") == request]
        if not asked:
            about = notices.AssuranceAsked(request, MARK, PURPOSE, "document", "missiles", 1)
            need(self.kor.officer("K-3").notify(self.jpn.registry, AGREEMENT, about))
        for question in self.jpn.rows("notices", open="yes"):
            if question["about"].get("request") == request and not question["ours"]:
                given = notices.AssuranceGiven(request, self.jpn.counterpart(MARK), True, True)
                officer = self.jpn.officer("J-3")
                need(officer.notify(self.kor.registry, AGREEMENT, given, question["id"]))

    def _accept(self) -> bool:
        item = self._mine(self.jpn)
        if item is None:
            for arrival in self.jpn.rows("incoming", state="received"):
                if any(line["short_title"] == self.name for line in arrival["items"]):
                    goods.accept(self.jpn, "J-2", arrival)
            return False
        self.received = item["number"]
        if not self.read:
            assert goods.read(self.jpn, "J-5", self.received) == self.digest
            self.read = True
        life = self.jpn.view("item", number=self.received)
        if not life["destructions"]["rows"]:
            need(self.jpn.officer("J-2").propose_destruction(self.received, "purpose served"))
            return False
        (destruction,) = life["destructions"]["rows"]
        if destruction["state"] == "proposed":
            need(self.jpn.officer("J-1").certify_destruction(destruction["id"]))
        return destruction["state"] == "shredded" and self._answered()

    def _answered(self) -> bool:
        """Whether every transmittal of both sides has all the receipts it will get."""
        for side in (self.kor, self.jpn):
            for out in side.rows("outgoing"):
                over = "accepted" if out["what"] == "items" else "delivered"
                # An acceptance may overtake a delivery receipt that a crash lost: it comes yet.
                if out["state"] != over or not out["receipt"]:
                    return False
        return all(not arrival["key_part"] for arrival in self.jpn.rows("incoming"))

    @property
    def digest(self) -> bytes:
        """SHA-256 of the content."""
        return hashlib.sha256(self.content).digest()
