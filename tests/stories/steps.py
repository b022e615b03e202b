"""Steps that several stories take, and what they look at afterwards."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from gsomia.act import Answer, Command, Refused
from gsomia.agreement.instruments import Instrument
from gsomia.canon import decode, instant
from gsomia.clearance import commands as clearance
from gsomia.desk.commands import RecordInstrument
from gsomia.exchange import commands as exchange
from gsomia.exchange import notices
from gsomia.exchange.entries import ArrivalRefused
from gsomia.exchange.model import Alarm, Incoming, NoticeFile, Outgoing
from gsomia.faults import BadInput, Unavailable
from gsomia.fold import Doc
from gsomia.node.arrivals import Arrival
from gsomia.registry import commands as registry
from gsomia.registry.model import Access, Copy, Destruction, Item
from gsomia.release import commands as release
from gsomia.ruling import Ruling
from tests.agreement.builders import notice
from tests.stories.town import PURPOSE, House, Town

D = TypeVar("D", bound=Doc)

LEVEL_2 = "군사II급비밀"
DISPATCHED = ("KOR-DIH1", "JPN-DIH1")

# -- looking ---------------------------------------------------------------------------


def doc(house: House, type_: type[D], key: str) -> D:
    return house.node.clerk.state.need(type_, key, "document")


def item(house: House, number: str) -> Item:
    return doc(house, Item, number)


def copy(house: House, number: str, which: int = 1) -> Copy:
    return house.node.clerk.state.need(Copy, f"{number}/{which}", "copy")


def alarms(house: House) -> list[str]:
    return [alarm.what for alarm in house.node.clerk.state.all(Alarm)]


def sent(house: House, what: str = "items") -> Outgoing:
    """The latest transmittal of a kind."""
    return max((o for o in house.outgoing() if o.what == what), key=lambda o: o.number)


def docs(house: House) -> list[tuple[str, str, bytes]]:
    return list(house.node.store.docs())


def refusals(house: House) -> list[Ruling]:
    """Every refusal on record, in the order of writing."""
    return [
        decode(o.value, Ruling, "ruling")
        for row in house.node.store.everything()
        if row.kind in (Refused.kind_(), ArrivalRefused.kind_())
        for o in row.openings
        if o.field == "ruling"
    ]


def barred(house: House, person: str, command: Command) -> bool:
    """Whether an act is refused by a rule, or cannot be asked for at all."""
    try:
        return not house.do(person, command).granted
    except BadInput:
        return True


def cited(answer: Answer) -> list[tuple[str, str]]:
    """The rules and articles of a refusal."""
    assert answer.ruling is not None
    assert not answer.granted
    return [(o.rule, o.article) for o in answer.ruling.refusals()]


# -- reading and destroying ------------------------------------------------------------


def read(house: House, person: str, number: str, purpose: str = PURPOSE, **more: Any) -> Answer:
    fields: dict[str, Any] = {"copy": 1, "facility": "F-1"} | more
    return house.do(person, registry.Read(number, purpose=purpose, **fields))


def opened(house: House, person: str, number: str, purpose: str = PURPOSE) -> tuple[str, bytes]:
    """Sign, then open: the title and the content."""
    answer = read(house, person, number, purpose)
    assert answer.granted
    access = house.node.clerk.state.need(Access, str(answer.told["access"]), "access")
    _, cover, content = house.node.open_content(access.id, access.reader)
    return cover.title, b"".join(bytes(x) for x in content)


def destroy(house: House, number: str) -> Destruction:
    """Two people destroy an item's content: P-2, and P-8 who is enrolled for it."""
    second_registrar(house, "P-8")
    told = house.ok("P-2", registry.ProposeDestruction(number, "key-destruction", "end of need"))
    house.ok("P-8", registry.CertifyDestruction(told["destruction"]))
    house.tick()
    return house.node.clerk.state.need(Destruction, told["destruction"], "destruction")


def enrol(house: House, person: str, *roles: str, rank: str = "Major") -> None:
    house.ok(
        "P-1",
        clearance.Enrol(person, f"Person {person}", "F-1", rank, "", house.enrolment(person)),
    )
    for role in roles:
        house.ok("P-1", clearance.Appoint(person, role, f"letter {person}"))


def grant(house: House, person: str, marks: tuple[str, ...], days: float = 300) -> None:
    house.ok("P-1", clearance.Grant(person, marks, "V-2", in_days(house, days)))


def in_days(house: House, days: float) -> str:
    return instant(house.clock.at + timedelta(days=days))


def second_registrar(house: House, person: str) -> None:
    """Another registrar, cleared as the first."""
    if person not in house.keys:
        enrol(house, person, "registrar")
        grant(house, person, (LEVEL_2,) if house.party == "KOR" else ("極秘", "特定秘密"))


# -- notices ---------------------------------------------------------------------------


def notify(house: House, person: str, about: notices.About, answers: str = "") -> Answer:
    peer = next(x for x in DISPATCHED if x != house.registry)
    return house.do(person, exchange.Notify(peer, house.agreements[0], about, answers))


def tell(house: House, person: str, about: notices.About, answers: str = "") -> str:
    """Give a notice that the rules let through; its id."""
    answer = notify(house, person, about, answers)
    assert answer.granted, cited(answer)
    return str(answer.told["notice"])


def question(house: House, kind: type) -> NoticeFile:
    """The partner's open question of a kind."""
    return next(q for q in house.open_questions() if isinstance(q.about, kind))


def ask_consent(town: Town, reference: str, recipient: str, purpose: str) -> str:
    """Japan asks; the id of the question as Korea has it."""
    about = notices.ConsentAsked(reference, recipient, "state", purpose)
    asked = tell(town.jpn, "P-3", about)
    town.settle()
    return asked


def consent(
    town: Town,
    reference: str,
    recipient: str,
    purpose: str,
    conditions: tuple[str, ...] = (),
    until: str = "",
) -> None:
    """Japan asks and Korea consents."""
    asked = ask_consent(town, reference, recipient, purpose)
    said = notices.ConsentGranted(reference, recipient, purpose, conditions, until)
    tell(town.kor, "P-3", said, asked)
    town.settle()


# -- on the way ------------------------------------------------------------------------


def dispatch(town: Town, precedence: str = "R", **more: Any) -> str:
    """Korea registers, releases and orders the sending of an item; the transmittal's number."""
    number = town.kor.register(LEVEL_2, **more)
    request = town.release(number)
    return str(town.kor.ok("P-2", exchange.Dispatch((request,), precedence))["number"])


def exported(house: House, number: str) -> bytes:
    peer = next(x for x in DISPATCHED if x != house.registry)
    return b"".join(bytes(x) for x in house.node.export(peer, number)[1])


def take(house: House, data: bytes, peer: str = "") -> Arrival:
    return house.node.take(io.BytesIO(data), peer=peer)


def waiting(house: House) -> list[Incoming]:
    return [x for x in house.incoming() if x.state == "received"]


def approved(town: Town, **more: Any) -> tuple[str, str]:
    """An item released but not dispatched: its number and the request."""
    number = town.kor.register(LEVEL_2, **more)
    return number, town.release(number)


def requested(town: Town, **more: Any) -> tuple[str, str]:
    """An item asked for by the analyst: its number and the request."""
    number = town.kor.register(more.pop("mark", LEVEL_2), **more)
    told = town.kor.ok("P-5", release.RequestRelease(number, town.agreement, PURPOSE))
    return number, str(told["request"])


def tick_or_not(house: House) -> None:
    """One round of effects; what cannot be done now is left for the next."""
    with suppress(Unavailable):
        house.tick()


# -- folders ---------------------------------------------------------------------------


def twin(house: House, folder: Path) -> House:
    """A second house from a copy of a stopped house's folder, with the same keys."""
    return house.moved(folder, house.wire, house.clock)


@contextmanager
def database(house: House) -> Iterator[sqlite3.Connection]:
    """A stopped house's journal, opened by somebody with access to the disk."""
    with closing(sqlite3.connect(house.folder / "journal.db")) as db:
        yield db
        db.commit()
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


# -- the treaty desk -------------------------------------------------------------------


def record(house: House, instrument: Instrument, *, confirm: bool = False) -> Answer:
    command = RecordInstrument(
        house.agreements[0], instrument, hypothetical=True, confirm_revival=confirm
    )
    return house.do("P-6", command)


def end_agreement(town: Town) -> None:
    """Both desks record a notice handed over in August; then the year turns in Seoul."""
    said = notice("2026-notice", datetime(2026, 8, 1, 6, tzinfo=UTC))
    for house in (town.kor, town.jpn):
        assert record(house, said).granted
    town.clock.at = datetime(2026, 11, 22, 15, tzinfo=UTC)


def dispatch_when_down(town: Town) -> str:
    """An item ordered and sealed while the partner cannot be reached; its number."""
    number = dispatch(town)
    town.wire.down = True
    town.kor.tick()
    return number
