"""Two nodes at which things happen in any order: who acts, what is told, what the wire does."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any, TypeVar

import pytest

from gsomia.act import Answer, Command
from gsomia.canon import instant
from gsomia.exchange import commands as exchange
from gsomia.exchange import notices
from gsomia.exchange.model import Outgoing
from gsomia.faults import BadInput
from gsomia.fold import Doc
from gsomia.node.ports import Outcome
from gsomia.registry import commands as registry
from gsomia.registry.model import Access, Destruction, Item
from gsomia.release import commands as release
from gsomia.release.model import Assurance, Request
from tests.stories import steps
from tests.stories.town import AGREEMENT, PURPOSE, House, Town

D = TypeVar("D", bound=Doc)
T = TypeVar("T")

LEVEL_3 = "군사III급비밀"
MARKS = {steps.LEVEL_2: ("極秘", "特定秘密"), LEVEL_3: ("秘",), "": ("",)}
ITEMS, OPEN = 3, 4
CONTENT = b"content"


def all_of(house: House, type_: type[D]) -> list[D]:
    return list(house.node.clerk.state.all(type_))


class Chance:
    """Does one thing after another; what the rules refuse, or form does, has no effect."""

    def __init__(self, town: Town, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
        self.town, self.kor, self.jpn = town, town.kor, town.jpn
        self._monkeypatch = monkeypatch
        self.draw = random.Random(seed)
        self.done: list[str] = []
        self._sealing = False
        self._seal_slowly()

    def _seal_slowly(self) -> None:
        """Sealing a large file takes its time: officers act meanwhile."""
        sealer = self.kor.node.upkeep._sealer
        seal = sealer.seal

        def slowly(out: Outgoing, *args: Any) -> Any:
            sealed = seal(out, *args)
            self._meanwhile(out)
            return sealed

        self._monkeypatch.setattr(sealer, "seal", slowly)

    def step(self) -> None:
        """Something happens."""
        names = list(WEIGHTS)
        (name,) = self.draw.choices(names, list(WEIGHTS.values()))
        self._act(name)

    def _act(self, name: str) -> None:
        self.done.append(name)
        act: Callable[[], None] = getattr(self, name)
        act()

    def _meanwhile(self, out: Outgoing) -> None:
        """What may happen while Korea's node is sealing."""
        if not self._sealing and out.what == "items" and self.draw.random() < 0.6:
            self._sealing = True
            self._hastily(out.peer, out.number)
            self._sealing = False

    def _hastily(self, peer: str, number: str) -> None:
        """What is done about a transmittal that was only just ordered."""
        name = self.draw.choice(["cancel", "reclassify", "ask_back", "propose", "certify"])
        if name == "cancel":
            self.done.append(name)
            self._do(self.kor, "P-2", exchange.Cancel(peer, number, "wrong copy"))
        else:
            self._act(name)

    def finish(self) -> None:
        """The wire holds, and couriers arrive, until nothing is left to do."""
        self.town.wire.down = False
        for _ in range(12):
            self.town.clock.at += timedelta(minutes=6)
            self.town.settle()
            for out in self._couriers():
                self._carried(out)
        self.town.settle()

    def _one(self, found: Iterable[T]) -> T | None:
        choice = list(found)
        return self.draw.choice(choice) if choice else None

    def _do(self, house: House, person: str, command: Command) -> Answer | None:
        try:
            return house.do(person, command)
        except BadInput:
            return None

    def _tell(self, house: House, person: str, about: notices.About, answers: str = "") -> None:
        peer = (self.jpn if house is self.kor else self.kor).registry
        self._do(house, person, exchange.Notify(peer, AGREEMENT, about, answers))

    def _request(self, state: str, *, assured: bool = True) -> Request | None:
        state_of = self.kor.node.clerk.state
        return self._one(
            r
            for r in all_of(self.kor, Request)
            if r.state == state and (state_of.get(Assurance, r.id) is not None) == assured
        )

    # -- Korea gives ----------

    def register(self) -> None:
        if len(all_of(self.kor, Item)) < ITEMS:
            self.kor.register(steps.LEVEL_2, content=CONTENT)

    def ask(self) -> None:
        item = self._one(all_of(self.kor, Item))
        under_way = [r for r in all_of(self.kor, Request) if r.state != "dispatched"]
        if item and len(under_way) < OPEN:
            copies = self.draw.choice([(1,), (2,), (1, 2)])
            asked = release.RequestRelease(item.number, AGREEMENT, PURPOSE, copies)
            self._do(self.kor, "P-5", asked)

    def ask_assurance(self) -> None:
        request = self._request("requested", assured=False)
        if request:
            mark = steps.item(self.kor, request.item).mark
            if mark:
                copies = len(request.copies)
                about = notices.AssuranceAsked(
                    request.id, mark, PURPOSE, "document", "missiles", copies
                )
                self._tell(self.kor, "P-3", about)

    def assure(self) -> None:
        for question in self.jpn.open_questions():
            asked = question.about
            if isinstance(asked, notices.AssuranceAsked) and self.draw.random() < 0.5:
                clearance = self.draw.choice(MARKS[asked.mark])
                given = notices.AssuranceGiven(asked.request, clearance, True, True)
                self._tell(self.jpn, "P-3", given, question.id)

    def review(self) -> None:
        request = self._request("requested")
        if request:
            self._do(self.kor, "P-3", release.Review(request.id, True))

    def decide(self) -> None:
        request = self._request("reviewed")
        if request:
            self._do(self.kor, "P-4", release.Decide(request.id, True))

    def dispatch(self) -> None:
        approved = [r.id for r in all_of(self.kor, Request) if r.state == "approved"]
        if approved:
            some = self.draw.sample(approved, self.draw.randint(1, len(approved)))
            channel = self.draw.choice(["network", "network", "courier"])
            order = exchange.Dispatch(tuple(some), self.draw.choice("ZOPR"), channel)
            answer = self._do(self.kor, "P-2", order)
            if answer and answer.granted and self.draw.random() < 0.5:
                self._hastily(str(answer.told["peer"]), str(answer.told["number"]))

    def cancel(self) -> None:
        out = self._one(o for o in all_of(self.kor, Outgoing) if o.what == "items")
        if out:
            self._do(self.kor, "P-2", exchange.Cancel(out.peer, out.number, "wrong copy"))

    # -- and changes its mind ----------

    def reclassify(self) -> None:
        item = self._one(i for i in all_of(self.kor, Item) if i.mark)
        if item:
            to = self.draw.choice([m for m in MARKS if m != item.mark])
            since = self.town.clock.at + timedelta(minutes=self.draw.choice([0, 0, 30]))
            about = notices.Reclassified(item.reference, item.mark, to, instant(since), "so")
            self._tell(self.kor, "P-3", about)

    def ask_back(self) -> None:
        item = self._one(all_of(self.kor, Item))
        if item:
            copies = self.draw.choice([(1,), (2,), (1, 2)])
            self._tell(self.kor, "P-3", notices.ReturnAsked(item.reference, copies, "back"))

    # -- Japan receives ----------

    def accept(self) -> None:
        arrival = self._one(steps.waiting(self.jpn))
        if arrival:
            lines = []
            for line in arrival.statement.items():
                taken = self.draw.random() < 0.8
                mark = self.draw.choice(MARKS[line.originator_mark])
                lines.append(
                    exchange.ReceivedLine(line.reference, True, mark)
                    if taken
                    else exchange.ReceivedLine(line.reference, False, reason="damaged")
                )
            command = exchange.Accept(arrival.peer, arrival.number, "F-1", tuple(lines))
            self._do(self.jpn, "P-2", command)

    def give_back(self) -> None:
        for question in self.jpn.open_questions():
            asked = question.about
            if isinstance(asked, notices.ReturnAsked) and self.draw.random() < 0.3:
                about = notices.Returned(asked.reference, asked.copies)
                self._tell(self.jpn, "P-2", about, question.id)

    # -- either ----------

    def _house(self) -> House:
        return self.draw.choice([self.kor, self.jpn])

    def remark(self) -> None:
        house = self._house()
        item = self._one(i for i in all_of(house, Item) if i.remark_to is not None)
        if item and item.remark_to is not None:
            ours = house is self.kor
            mark = item.remark_to if ours else self.draw.choice(MARKS[item.remark_to])
            self._do(house, "P-2", registry.Remark(item.number, mark))

    def read(self) -> None:
        house = self._house()
        item = self._one(all_of(house, Item))
        if item:
            copy = self.draw.choice([1, 2])
            answer = self._do(house, "P-5", registry.Read(item.number, copy, "F-1", PURPOSE))
            if answer and answer.granted:
                assert not item.remark_due(instant(self.town.clock.at))
                access = steps.doc(house, Access, str(answer.told["access"]))
                content = house.node.open_content(access.id, access.reader)[2]
                assert b"".join(bytes(part) for part in content) == CONTENT

    def propose(self) -> None:
        house = self._house()
        item = self._one(all_of(house, Item))
        if item and self.draw.random() < 0.5:
            reason = registry.ProposeDestruction(item.number, "key-destruction", "end of need")
            self._do(house, "P-2", reason)

    def certify(self) -> None:
        house = self._house()
        found = self._one(d for d in all_of(house, Destruction) if d.state == "proposed")
        if found:
            sure = self.draw.random() < 0.4
            declined = registry.DeclineDestruction(found.id, "not yet")
            self._do(house, "P-8", registry.CertifyDestruction(found.id) if sure else declined)

    # -- on the way ----------

    def _couriers(self) -> list[Outgoing]:
        out = all_of(self.kor, Outgoing)
        return [o for o in out if o.channel == "courier" and o.state == "sealed"]

    def courier(self) -> None:
        out = self._one(self._couriers())
        if out:
            self._carried(out, lost=self.draw.random() < 0.3)

    def _carried(self, out: Outgoing, *, lost: bool = False) -> None:
        arrival = steps.take(self.jpn, steps.exported(self.kor, out.number))
        assert arrival.outcome in (Outcome.RECEIVED, Outcome.REPEATED)
        if not lost:
            self.kor.node.take_receipt(self.jpn.registry, out.number, arrival.body)

    def korea_goes_on(self) -> None:
        self.kor.tick()

    def japan_goes_on(self) -> None:
        self.jpn.tick()

    def wire(self) -> None:
        self.town.wire.down = not self.town.wire.down

    def time(self) -> None:
        self.town.clock.at += timedelta(minutes=self.draw.choice([1, 6, 20]))

    def restart(self) -> None:
        if self.draw.random() < 0.5:
            house = self._house()
            house.restart()
            if house is self.kor:
                self._seal_slowly()


WEIGHTS = {
    "register": 4,
    "ask": 4,
    "ask_assurance": 4,
    "assure": 4,
    "review": 4,
    "decide": 4,
    "dispatch": 4,
    "cancel": 1,
    "reclassify": 2,
    "ask_back": 1,
    "accept": 4,
    "give_back": 1,
    "remark": 2,
    "read": 2,
    "propose": 1,
    "certify": 1,
    "courier": 2,
    "korea_goes_on": 6,
    "japan_goes_on": 5,
    "wire": 1,
    "time": 2,
    "restart": 1,
}
"""What may happen, and how often against the rest."""
