"""Two governments' nodes on one machine, joined by a direct link that a test can bend."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from gsomia.act import Answer, Command
from gsomia.app import found, open_node
from gsomia.canon import instant
from gsomia.clearance import commands as clearance
from gsomia.desk.entries import TextHeld
from gsomia.exchange import commands as exchange
from gsomia.exchange import notices
from gsomia.exchange.card import fingerprint_of
from gsomia.exchange.cover import Cover
from gsomia.exchange.model import Incoming, NoticeFile, Outgoing
from gsomia.faults import Unavailable
from gsomia.journal.statement import SigningPair, sign_statement
from gsomia.journal.witness import Outcome as Witnessed
from gsomia.keys.secret import KeyFile
from gsomia.keys.vault import Vault
from gsomia.node.identity import Settings
from gsomia.node.node import Cadence, Node
from gsomia.node.orders import sign_order
from gsomia.node.ports import MarkReader, Outcome
from gsomia.registry import commands as registry
from gsomia.release import commands as release

AGREEMENT = "rok-japan-2016"
PURPOSE = "assessment of missile launches"


class Clock:
    """A clock that moves on by a millisecond each time it is read, and when told."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        self.at += timedelta(milliseconds=1)
        return self.at


class Wire:
    """The network between the nodes: tests take it down or alter what passes."""

    def __init__(self) -> None:
        self.nodes: dict[str, Node] = {}
        self.down = False
        self.bend = lambda path, data: data
        self.sent: list[tuple[str, str, bytes]] = []

    def link(self, me: str) -> _Link:
        return _Link(self, me)


class _Link:
    def __init__(self, wire: Wire, me: str) -> None:
        self.wire, self.me = wire, me

    def deliver(
        self, registry: str, body: Iterable[memoryview], size: int
    ) -> tuple[Outcome, bytes]:
        data = b"".join(bytes(x) for x in body)
        assert len(data) == size
        node, data = self._passed(registry, "/transmittal", data)
        arrival = node.take(io.BytesIO(data), peer=self.me)
        return arrival.outcome, arrival.body

    def ask_to_cosign(self, registry: str, book: str, request: bytes) -> tuple[bool, bytes]:
        node, data = self._passed(registry, f"/checkpoint/{book}", request)
        outcome, answer = node.witness(self.me, book, data)
        return outcome is Witnessed.ACCEPTED, answer

    def _passed(self, registry: str, path: str, data: bytes) -> tuple[Node, bytes]:
        """The node at the other end, and what the network lets it have."""
        if self.wire.down or registry not in self.wire.nodes:
            raise Unavailable(f"{registry} cannot be reached")
        bent = self.wire.bend(path, data)
        if bent is None:
            raise Unavailable("lost on the way")
        self.wire.sent.append((self.me, path, bent))
        return self.wire.nodes[registry], bent


class House:
    """One government: its node, its officers with their own keys."""

    def __init__(
        self,
        folder: Path,
        party: str,
        registry_code: str,
        authority: str,
        wire: Wire,
        clock: Clock,
        record_until: datetime | None = None,
        agreements: tuple[str, ...] = (AGREEMENT,),
        texts: tuple[TextHeld, ...] = (),
    ) -> None:
        self.folder, self.party, self.registry = folder, party, registry_code
        self.marks: MarkReader | None = None
        self.wire, self.clock, self.agreements = wire, clock, agreements
        self.keys: dict[str, SigningPair] = {}
        self.secret = folder.parent / f"{registry_code}.secret"
        self.secret.write_bytes(os.urandom(32))
        self.secret.chmod(0o600)
        settings = Settings(
            party, authority, registry_code, f"{registry_code.lower()}.example", "", agreements
        )
        self.card = found(
            folder,
            settings,
            KeyFile(self.secret),
            ("P-1", "First Officer", self.enrolment("P-1")),
            record_until=record_until,
            texts=texts,
            clock=clock,
        )
        self.node = self.open()

    def enrolment(self, person: str) -> str:
        name = f"{self.registry}/{person}"
        pair = SigningPair.from_seeds(name, os.urandom(32), os.urandom(32))
        self.keys[person] = pair
        return sign_statement("officer-key", pair.public, pair).decode()

    def unstarted(self) -> Node:
        """The node opened from its folder; nothing runs yet."""
        vault = Vault.open(self.folder / "vault", KeyFile(self.secret))
        node = open_node(
            self.folder,
            vault,
            self.wire.link(self.registry),
            clock=self.clock,
            cadence=Cadence(work=timedelta(hours=1), checkpoint=timedelta(hours=1)),
            marks=self.marks,
        )
        self.wire.nodes[self.registry] = node
        return node

    def open(self) -> Node:
        """The node with its clerk at work; a story lets effects follow when it says so."""
        node = self.unstarted()
        node.clerk.start()
        return node

    def moved(self, folder: Path, wire: Wire, clock: Clock) -> House:
        """This stopped house in a copy of its folder, open: the same keys, another life."""
        shutil.copytree(self.folder, folder)
        house = House.__new__(House)
        house.__dict__.update(self.__dict__)
        house.folder, house.wire, house.clock = folder, wire, clock
        house.keys = dict(self.keys)
        house.node = house.open()
        return house

    def restart(self) -> Node:
        self.node.stop()
        self.node = self.open()
        return self.node

    def sign(self, person: str, command: Command) -> bytes:
        nonce = os.urandom(16).hex()
        return sign_order(command, self.registry, self.clock(), nonce, self.keys[person])

    def do(self, person: str, command: Command) -> Answer:
        return self.node.handle(self.sign(person, command))

    def ok(self, person: str, command: Command) -> dict[str, Any]:
        answer = self.do(person, command)
        assert answer.granted, [o.rule for o in answer.ruling.refusals()] if answer.ruling else ""
        return dict(answer.told)

    def refused(self, person: str, command: Command) -> list[str]:
        answer = self.do(person, command)
        assert answer.ruling is not None
        assert not answer.granted
        return [o.rule for o in answer.ruling.refusals()]

    # -- setting up -----------------------------------------------------------------

    def staff(self, marks: tuple[str, ...]) -> None:
        """P-1 authority, P-2 registrar, P-3 and P-4 disclosure, P-5 analyst, P-6 treaty desk."""
        until = instant(self.clock.at + timedelta(days=365))
        roles = {
            "P-2": "registrar",
            "P-3": "disclosure_officer",
            "P-4": "disclosure_officer",
            "P-5": "analyst",
            "P-6": "treaty_desk",
        }
        for person, role in roles.items():
            self.ok(
                "P-1",
                clearance.Enrol(
                    person, f"Person {person}", "F-1", "Colonel", "desk", self.enrolment(person)
                ),
            )
            self.ok("P-1", clearance.Appoint(person, role, f"letter {person}"))
        self.ok("P-1", clearance.ApproveFacility("F-1", "Registry vault", marks, "P-2"))
        for person in roles:
            self.ok("P-1", clearance.Grant(person, marks, "V-1", until))
        for agreement in self.agreements:
            for person in roles:
                self.ok("P-1", clearance.Brief(person, agreement, until))
            for person in ("P-2", "P-5"):
                self.ok("P-1", clearance.ListPerson("F-1", person, agreement))
                self.ok("P-1", clearance.ApproveNeed(person, agreement, PURPOSE, "duty", until))

    def desks(self) -> None:
        """P-6 to P-8 write for the ministry that answers for items, P-10 to P-12 send notes."""
        roles = dict.fromkeys(("P-7", "P-8"), "treaty_desk")
        roles |= dict.fromkeys(("P-10", "P-11", "P-12"), "treaty_note_officer")
        for person, role in roles.items():
            self.ok(
                "P-1",
                clearance.Enrol(
                    person, f"Person {person}", "F-1", "", "desk", self.enrolment(person)
                ),
            )
            self.ok("P-1", clearance.Appoint(person, role, f"letter {person}"))

    def trust(self, other: House) -> None:
        from gsomia.exchange.card import open_card

        card = other.card.decode()
        self.ok("P-1", exchange.Trust(card, fingerprint_of(open_card(other.card))))

    # -- steps ------------------------------------------------------------------------

    def register(self, mark: str, content: bytes | None = b"content", **more: Any) -> str:
        source = io.BytesIO(content) if content is not None else None
        said = "" if content is not None else "what was said"
        cover = Cover("A title that is content", said)
        sealed = self.node.stage(source, "text/plain", cover)
        fields: dict[str, Any] = {
            "agreement": self.agreements[0],
            "mark": mark,
            "subject": "missiles",
            "form": "document" if content is not None else "oral",
            "short_title": "Assessment",
            "facility": "F-1",
            "sealed": sealed,
            "releasable_to": ("JPN", "KOR"),
            "copies": 2,
        }
        fields.update(more)
        return str(self.ok("P-2", registry.Register(**fields))["item"])

    def tick(self) -> int:
        return self.node.tick()

    def outgoing(self) -> list[Outgoing]:
        return list(self.node.clerk.state.all(Outgoing))

    def incoming(self) -> list[Incoming]:
        return list(self.node.clerk.state.all(Incoming))

    def open_questions(self) -> Iterator[NoticeFile]:
        for notice in self.node.clerk.state.all(NoticeFile):
            if not notice.ours and not notice.answered_by:
                yield notice


class Town:
    """Korea and Japan, staffed, trusting each other's cards; under `text` if there is one."""

    def __init__(
        self,
        folder: Path,
        at: datetime | None = None,
        record_until: datetime | None = None,
        text: TextHeld | None = None,
    ) -> None:
        agreements = (text.agreement if text else AGREEMENT,)
        texts = (text,) if text else ()
        self.clock = Clock(at or datetime(2026, 3, 2, 9, tzinfo=UTC))
        self.wire = Wire()
        self.kor = House(
            folder / "kor",
            "KOR",
            "KOR-DIH1",
            "Ministry of National Defense",
            self.wire,
            self.clock,
            record_until,
            agreements,
            texts,
        )
        self.jpn = House(
            folder / "jpn",
            "JPN",
            "JPN-DIH1",
            "Ministry of Defense",
            self.wire,
            self.clock,
            record_until,
            agreements,
            texts,
        )
        self.kor.staff(("군사II급비밀",))
        self.jpn.staff(("極秘", "特定秘密"))
        self.kor.trust(self.jpn)
        self.jpn.trust(self.kor)

    @property
    def agreement(self) -> str:
        """The agreement that the two live under."""
        return self.kor.agreements[0]

    def close(self) -> None:
        for house in (self.kor, self.jpn):
            house.node.stop()

    def moved(self, folder: Path) -> Town:
        """A town of its own, open, from copies of this closed one's folders."""
        town = Town.__new__(Town)
        town.clock, town.wire = Clock(self.clock.at), Wire()
        town.kor = self.kor.moved(folder / "kor", town.wire, town.clock)
        town.jpn = self.jpn.moved(folder / "jpn", town.wire, town.clock)
        return town

    def settle(self) -> None:
        """Let effects follow on both sides until nothing is left to do."""
        for _ in range(20):
            if not self.kor.tick() + self.jpn.tick():
                return

    def release(self, item: str, copies: tuple[int, ...] = (1,), **marks: str) -> str:
        """Request, assurance, first and second decision; the request's id."""
        kor = self.kor
        asked = release.RequestRelease(item, self.agreement, PURPOSE, copies)
        request = kor.ok("P-5", asked)["request"]
        self.assure(request, **marks)
        kor.ok("P-3", release.Review(request, True))
        kor.ok("P-4", release.Decide(request, True))
        return str(request)

    def assure(self, request: str, mark: str = "군사II급비밀", clearance: str = "極秘") -> None:
        kor, jpn = self.kor, self.jpn
        asked = notices.AssuranceAsked(request, mark, PURPOSE, "document", "missiles", 1)
        kor.ok("P-3", exchange.Notify("JPN-DIH1", self.agreement, asked))
        self.settle()
        question = next(q for q in jpn.open_questions() if q.about == asked)
        given = notices.AssuranceGiven(request, clearance, True, True)
        jpn.ok("P-3", exchange.Notify("KOR-DIH1", self.agreement, given, question.id))
        self.settle()

    def accept(self, mark: str = "極秘") -> list[str]:
        """Japan's registrar accepts what waits; the new control numbers."""
        found = []
        for arrival in self.jpn.incoming():
            if arrival.state == "received":
                lines = tuple(
                    exchange.ReceivedLine(i.reference, True, mark)
                    for i in arrival.statement.items()
                )
                command = exchange.Accept(arrival.peer, arrival.number, "F-1", lines)
                found += self.jpn.ok("P-2", command)["items"]
        return found

    def exchange(self, mark: str = "군사II급비밀", **more: Any) -> tuple[str, str]:
        """One item from registration to acceptance: Korea's number, Japan's number."""
        item = self.kor.register(mark, **more)
        request = self.release(item)
        self.kor.ok("P-2", exchange.Dispatch((request,)))
        self.settle()
        (received,) = self.accept()
        self.settle()
        return item, received
