"""Builders: fictitious packs with other terms, notes between their parties, and shorthands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import msgspec

from gsomia.agreement import (
    Channel,
    Instrument,
    Kind,
    Moment,
    NoticeEvent,
    NoticeReference,
    Office,
    Pack,
    PeriodEndDay,
    Role,
    load_pack,
    shipped,
    shipped_instruments,
)

VECTORS = Path(__file__).parents[1] / "vectors" / "agreement-pack"
RENUMBERED = (VECTORS / "renumbered" / "renumbered-exercise.yaml").read_text("utf-8")
MINIMAL = load_pack((VECTORS / "good" / "minimal.yaml").read_bytes(), "minimal.yaml")
REAL = shipped("rok-japan-2016")
RECORD = shipped_instruments("rok-japan-2016")
NAIVE = datetime.fromisoformat("2020-01-01")
KST = timezone(timedelta(hours=9))


def kst(text: str) -> datetime:
    """`2019-08-23 15:25` in Seoul and Tokyo."""
    return datetime.fromisoformat(text).replace(tzinfo=KST)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def office(party: str, role: Role = Role.TREATY_NOTE_AUTHORITY) -> Office:
    return Office(party, role, f"an office of {party}")


def note(kind: Kind, name: str, party: str, at: datetime | Moment, **more: Any) -> Instrument:
    """A note through the diplomatic channel, handed over at `at`."""
    fields: dict[str, Any] = {
        "id": name,
        "kind": kind,
        "channel": Channel.DIPLOMATIC,
        "issuers": (office(party),),
        "form": "note",
        "title": name,
        "handed_over": at if isinstance(at, Moment) else Moment.exact(at),
        "source": "made up",
        "verified": False,
    }
    return Instrument(**(fields | more))


def notice(name: str, at: datetime | Moment, party: str = "KOR", **more: Any) -> Instrument:
    return note(Kind.NOTICE_OF_TERMINATION, name, party, at, **more)


def suspension(
    name: str, of: str, at: datetime | Moment, party: str = "KOR", **more: Any
) -> Instrument:
    return note(Kind.SUSPENSION_OF_NOTICE, name, party, at, refers_to=(of,), **more)


def withdrawal(
    name: str, of: tuple[str, ...], at: datetime | Moment, party: str = "KOR", **more: Any
) -> Instrument:
    return note(Kind.WITHDRAWAL, name, party, at, withdraws=of, **more)


def announcement(name: str, at: datetime, party: str = "KOR", **more: Any) -> Instrument:
    return note(
        Kind.ANNOUNCEMENT,
        name,
        party,
        at,
        channel=Channel.PUBLIC,
        issuers=(office(party, Role.GOVERNMENT),),
        handed_over=None,
        dated=Moment.exact(at),
        **more,
    )


def entry(at: datetime, *parties: str) -> tuple[Instrument, ...]:
    """Each party's notification that its legal requirements are met, all at `at`."""
    return tuple(note(Kind.NOTIFICATION_OF_REQUIREMENTS, f"entry-{p}", p, at) for p in parties)


REAL_ENTRY = tuple(i for i in RECORD if i.id.startswith("2016-11-23-"))


def without(*ids: str) -> tuple[Instrument, ...]:
    """The shipped record without some of its instruments."""
    assert all(any(i.id == name for i in RECORD) for name in ids)
    return tuple(i for i in RECORD if i.id not in ids)


def counting(
    pack: Pack,
    reference: NoticeReference = NoticeReference.PERIOD_END,
    end_day: PeriodEndDay = PeriodEndDay.LAST_FULL_DAY,
    event: NoticeEvent = NoticeEvent.HANDED_OVER,
) -> Pack:
    """The pack with other counting options."""
    assert pack.notice
    rule = msgspec.structs.replace(
        pack.notice, notice_reference=reference, period_end_day=end_day, notice_event=event
    )
    return msgspec.structs.replace(pack, notice=rule)


def fictitious(
    *,
    term: int | None = 1,
    extension: int | None = 1,
    days: int | None = None,
    months: int | None = None,
    reference: NoticeReference = NoticeReference.PERIOD_END,
    end_day: PeriodEndDay = PeriodEndDay.BOUNDARY_INSTANT,
) -> Pack:
    """A fictitious agreement of XAA and XBB, counted in UTC; no notice rule without a period."""
    duration = msgspec.structs.replace(MINIMAL.duration, term_years=term, extension_years=extension)
    rule = None
    if days or months:
        assert MINIMAL.notice
        rule = msgspec.structs.replace(
            MINIMAL.notice,
            days=days,
            months=months,
            notice_reference=reference,
            period_end_day=end_day,
        )
    return msgspec.structs.replace(MINIMAL, duration=duration, notice=rule)
