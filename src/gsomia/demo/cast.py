"""The cast: three nodes as processes of their own, and officers who each hold their own key."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from gsomia.agreement.correspondence import equivalence_of
from gsomia.agreement.pack import shipped
from gsomia.api import Answered, Officer
from gsomia.app import (
    KeyFile,
    LocalDoor,
    create_officer_key,
    door,
    export_public,
    found,
    load_officer_key,
)
from gsomia.canon import instant
from gsomia.demo.ending import undisturbed
from gsomia.exchange.card import fingerprint_of, open_card
from gsomia.faults import BadInput, GsomiaError, Unavailable
from gsomia.marking.equivalence import Equivalents
from gsomia.node.identity import Settings

T = TypeVar("T")

AGREEMENT = "rok-japan-2016"
HUB_IN, HUB_ON = "rok-us-exercise", "us-japan-exercise"
"""Exercises, and no treaties: what the real ones with the United States say is not known here."""

PURPOSE = "assessment of missile launches"
PATIENCE = 30.0
"""Seconds to wait for something that must happen."""


class Role(msgspec.Struct, frozen=True):
    """One person of the cast: id, name, rank, roles, and whether the register names them.

    Who deals with letters alone sees no classified item, and needs no clearance.
    """

    id: str
    name: str
    rank: str
    roles: tuple[str, ...]
    listed: bool = True
    needs: bool = True
    cleared: bool = True


class Government(msgspec.Struct, frozen=True):
    """One side: its codes, its authority as the agreement names it, its marks, its people."""

    party: str
    registry: str
    authority: str
    name: str
    levels: tuple[str, ...]
    facility: str
    people: tuple[Role, ...]
    agreements: tuple[str, ...] = (AGREEMENT,)


KOREA = Government(
    "KOR",
    "KOR-DIH1",
    "Ministry of National Defense",
    "kor-dih1.gsomia.example",
    ("군사II급비밀",),
    "Seoul registry vault",
    (
        Role("K-1", "안보라", "Director", ("security_authority",), needs=False),
        Role("K-2", "등재원", "Master sergeant", ("registrar", "custodian")),
        Role("K-3", "공개수", "Colonel", ("disclosure_officer",)),
        Role("K-4", "심사연", "Colonel", ("disclosure_officer",)),
        Role("K-5", "분석진", "Captain", ("analyst",)),
        Role("K-6", "조약희", "Counsellor", ("treaty_desk",), cleared=False),
        Role("K-7", "검토민", "Counsellor", ("treaty_desk",), cleared=False),
        Role("K-8", "결재호", "Director", ("treaty_desk",), cleared=False),
        Role("K-10", "구상서", "First secretary", ("treaty_note_officer",), cleared=False),
        Role("K-11", "외교린", "Counsellor", ("treaty_note_officer",), cleared=False),
        Role("K-12", "통보준", "Director", ("treaty_note_officer",), cleared=False),
    ),
)

JAPAN = Government(
    "JPN",
    "JPN-DIH1",
    "Ministry of Defense",
    "jpn-dih1.gsomia.example",
    ("極秘", "特定秘密"),
    "Ichigaya registry vault",
    (
        Role("J-1", "保全 統子", "Director", ("security_authority", "custodian"), needs=False),
        Role("J-2", "登録 一郎", "Sergeant first class", ("registrar",)),
        Role("J-3", "開示 花子", "Colonel", ("disclosure_officer",)),
        Role("J-4", "審査 次郎", "Colonel", ("disclosure_officer",)),
        Role("J-5", "分析 三郎", "Captain", ("analyst",)),
        Role("J-6", "条約 四郎", "Counsellor", ("treaty_desk",), cleared=False),
        Role("J-9", "将軍 五郎", "General", ("analyst",), listed=False, needs=False),
        Role("J-10", "外務 六郎", "Counsellor", ("treaty_note_officer",), cleared=False),
    ),
)


AMERICA = Government(
    "USA",
    "USA-DIH1",
    "Department of Defense",
    "usa-dih1.gsomia.example",
    ("SECRET",),
    "Arlington registry vault",
    (
        Role("U-1", "Hope Secure", "Director", ("security_authority",), needs=False),
        Role("U-2", "Rae Register", "Staff sergeant", ("registrar", "custodian")),
        Role("U-3", "Dee Close", "Colonel", ("disclosure_officer",)),
        Role("U-4", "Ray View", "Colonel", ("disclosure_officer",)),
        Role("U-5", "Anna List", "Captain", ("analyst",)),
    ),
    (HUB_IN, HUB_ON),
)

THREE = (
    msgspec.structs.replace(KOREA, agreements=(AGREEMENT, HUB_IN)),
    msgspec.structs.replace(JAPAN, agreements=(AGREEMENT, HUB_ON)),
    AMERICA,
)
"""The cast with the hub, which exchanges with each of the two under an agreement of its own."""


def now() -> datetime:
    """The present instant."""
    return datetime.now(UTC)


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Side:
    """One government in the demonstration: its folder, its node's process, its officers."""

    def __init__(
        self, government: Government, folder: Path, record_until: datetime | None = None
    ) -> None:
        self.government, self.folder = government, folder / government.party.lower()
        self._keys = folder / "officers"
        self.record_until = record_until
        self.secret = folder / "secrets" / f"{government.registry}.secret"
        self._process: subprocess.Popen[bytes] | None = None
        self._door: LocalDoor | None = None
        self._officers: dict[str, Officer] = {}
        self._log = folder / f"{government.party.lower()}.log"

    # -- founding ---------------------------------------------------------------------

    def found(self) -> None:
        """Make the officers' keys, each under its own passphrase, and the node's folder."""
        for folder in (self._keys, self.secret.parent):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_private(self.secret, os.urandom(32))
        for role in self.government.people:
            passphrase = os.urandom(18).hex()
            _write_private(self._path(role.id, "passphrase"), passphrase.encode())
            create_officer_key(self._path(role.id, "key"), self._name(role.id), passphrase)
        first = self.government.people[0]
        settings = Settings(
            self.government.party,
            self.government.authority,
            self.government.registry,
            self.government.name,
            f"127.0.0.1:{free_port()}",
            self.government.agreements,
        )
        statement = export_public(self._path(first.id, "key")).decode()
        founder = (first.id, first.name, statement)
        found(self.folder, settings, KeyFile(self.secret), founder, record_until=self.record_until)

    def _path(self, person: str, kind: str) -> Path:
        return self._keys / f"{person}.{kind}"

    def _name(self, person: str) -> str:
        return f"{self.government.registry}/{person}"

    # -- the process -------------------------------------------------------------------

    def start(self) -> None:
        """Start the node as a process of its own, and wait until its door opens."""
        command = [sys.executable, "-m", "gsomia", "node", "run", str(self.folder)]
        command += ["--secret-file", str(self.secret)]
        # A process that nobody remembers would never be ended.
        with self._log.open("ab") as log, undisturbed():
            self._process = subprocess.Popen(
                command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True
            )
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise Unavailable(f"the node ended; see {self._log}")
            try:
                self._door = door(self.folder)
                self._door.card()
            except GsomiaError:
                time.sleep(0.05)
            else:
                self._officers.clear()
                return
        raise Unavailable(f"the node does not answer; see {self._log}")

    def tell_to_end(self) -> None:
        """Tell the process to end, and do not wait."""
        if self._process is not None:
            self._process.terminate()

    def stop(self) -> None:
        """End the process, and wait for it; one that does not end in time is killed."""
        if self._process is not None:
            self.tell_to_end()
            try:
                self._process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None

    def memory(self) -> int:
        """Resident memory of the node's process in MiB, or 0 where the system does not tell."""
        if self._process is None:
            return 0
        try:
            text = Path(f"/proc/{self._process.pid}/status").read_text()
        except OSError:
            return 0
        kib = next((x.split()[1] for x in text.splitlines() if x.startswith("VmHWM")), "0")
        return int(kib) // 1024

    # -- officers -----------------------------------------------------------------------

    @property
    def door(self) -> LocalDoor:
        """The node's door."""
        if self._door is None:
            raise Unavailable("the node was not started")
        return self._door

    @property
    def registry(self) -> str:
        """The registry's code."""
        return self.government.registry

    def officer(self, person: str) -> Officer:
        """A person at this node's door, with their key opened by their own passphrase."""
        if person not in self._officers:
            passphrase = self._path(person, "passphrase").read_text()
            key = load_officer_key(self._path(person, "key"), passphrase)
            self._officers[person] = Officer(self.door, key, self.registry, now, os.urandom)
        return self._officers[person]

    def staff(self) -> None:
        """Enrol everybody, appoint, clear, brief, list, and approve the facility."""
        people = self.government.people
        authority = self.officer(people[0].id)
        until = instant(now() + timedelta(days=365))
        for role in people[1:]:
            statement = export_public(self._path(role.id, "key")).decode()
            need(authority.enrol(role.id, role.name, "F-1", statement, role.rank, role.roles[0]))
        for role in people:
            for name in role.roles:
                if name != "security_authority":
                    need(authority.appoint(role.id, name, f"letter {role.id}"))
        custodian = next(r.id for r in people if "custodian" in r.roles)
        facility = self.government.facility
        need(authority.approve_facility("F-1", facility, self.government.levels, custodian))
        for role in (r for r in people if r.cleared):
            need(authority.grant(role.id, self.government.levels, f"vetting {role.id}", until))
            for agreement in self.government.agreements:
                need(authority.brief(role.id, agreement, until))
                if role.listed:
                    need(authority.list_person("F-1", role.id, agreement))
                if role.needs:
                    need(authority.approve_need(role.id, agreement, PURPOSE, "watch duty", until))

    def trust(self, other: Side) -> str:
        """Trust the other side's card, whose fingerprint was compared; the fingerprint."""
        note = other.door.card()
        fingerprint = fingerprint_of(open_card(note))
        need(self.officer(self.government.people[0].id).trust(note, fingerprint))
        return fingerprint

    def counterparts(self, mark: str, agreement: str = AGREEMENT) -> tuple[str, ...]:
        """This side's marks that correspond to one of the other side's."""
        pack = shipped(agreement)
        other = next(c for c in pack.codes if c != self.government.party)
        found = equivalence_of(pack).corresponding(other, self.government.party, mark, now())
        if not isinstance(found, Equivalents):
            raise BadInput("a mark with a counterpart", mark, "demonstration")
        return found.marks

    def counterpart(self, mark: str, agreement: str = AGREEMENT) -> str:
        """The first of them: enough to say which clearance is assured."""
        return self.counterparts(mark, agreement)[0]

    def view(self, name: str, **params: str) -> Any:
        """A view of the desk."""
        return self.door.view(name, params)

    def view_book_size(self, book: str) -> int:
        """The number of entries in one of the node's books."""
        return int(self.door.do("standing", {})["books"][book])

    def rows(self, name: str, **params: str) -> list[dict[str, Any]]:
        """The rows of a list view."""
        return list(self.view(name, limit="1000", **params)["rows"])


def need(answer: Answered) -> Answered:
    """The answer, which must be a yes: the story goes wrong otherwise."""
    if not answer.granted:
        rules = [o.rule for o in answer.ruling.refusals()] if answer.ruling else []
        raise BadInput("an act that the rules grant", ", ".join(rules), "demonstration")
    return answer


def wait(what: str, found: Callable[[], T | None]) -> T:
    """Wait until something is there: the nodes do what is due by themselves."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        value = found()
        if value is not None:
            return value
        time.sleep(0.02)
    raise Unavailable(f"{what} did not happen within {PATIENCE:.0f} seconds")


@contextmanager
def town(
    folder: Path,
    record_until: datetime | None = None,
    governments: tuple[Government, ...] = (KOREA, JAPAN),
    running: Callable[[Side], None] = lambda _: None,
) -> Iterator[tuple[Side, ...]]:
    """Each government's side, founded and running. They are stopped if anything goes wrong.

    With `record_until`, their records begin with the instruments known by then. `running`
    is called with each once its node runs, for progress.
    """
    sides = tuple(Side(government, folder, record_until) for government in governments)
    try:
        for side in sides:
            side.found()
            side.start()
            running(side)
        yield sides
    except BaseException:
        with undisturbed():
            stop_all(sides)
        raise


def stop_all(sides: Sequence[Side]) -> None:
    """End all processes together, and wait for each."""
    for side in sides:
        side.tell_to_end()
    for side in sides:
        side.stop()


def _write_private(path: Path, data: bytes) -> None:
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(fd, "wb") as file:
        file.write(data)
