"""Reading a file of instruments: the YAML people write into `Instrument` values."""

from __future__ import annotations

import re
from datetime import date, timezone
from functools import cache
from typing import Literal

import msgspec

from gsomia.agreement import counting, yamldoc
from gsomia.agreement.instruments import (
    Channel,
    Instrument,
    Kind,
    LegalEffect,
    Moment,
    Office,
    check_instrument,
)
from gsomia.agreement.model import Fact, Pack
from gsomia.agreement.pack import shipped, shipped_file
from gsomia.faults import BadInput, shown

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)


class MomentForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A moment that is not one instant: a day, a month, or bounds.

    `latest` is the last instant at which it can have happened; `before` the first at
    which it had happened for certain.
    """

    day: str | None = None
    month: str | None = None
    offset: str | None = None
    earliest: str | None = None
    latest: str | None = None
    before: str | None = None


When = str | MomentForm


class InstrumentForm(Fact, frozen=True, kw_only=True):
    """An instrument as a file writes it; the fields are those of `Instrument`."""

    id: str
    kind: Kind
    channel: Channel
    issuers: tuple[Office, ...]
    addressees: tuple[Office, ...] = ()
    form: str
    title: str
    dated: When | None = None
    sent: When | None = None
    handed_over: When | None = None
    received: When | None = None
    refers_to: tuple[str, ...] = ()
    withdraws: tuple[str, ...] = ()
    known_at: str | None = None
    language: str | None = None
    note: str | None = None
    legal_effect: LegalEffect | None = None


class InstrumentsFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file of instruments of one agreement."""

    format: Literal["gsomia/instruments/v1"]
    agreement: str
    instruments: tuple[InstrumentForm, ...]


def load_instruments(data: bytes, where: str, pack: Pack) -> tuple[Instrument, ...]:
    """Read a file of instruments strictly, in the file's order.

    Each is checked as if it were recorded after all that took place before it.
    Raises `BadInput` with the line.
    """
    document = yamldoc.read(data, where)
    file = document.convert(InstrumentsFile, "a file of instruments")
    if file.agreement != pack.id:
        raise BadInput(pack.id, shown(file.agreement), document.at(("agreement",)))
    out: list[Instrument] = []
    lines: list[str] = []
    for index, form in enumerate(file.instruments):
        out.append(read_instrument(form, document, ("instruments", index)))
        lines.append(document.at(("instruments", index)))
    _check_all(pack, out, lines)
    return tuple(out)


def _check_all(pack: Pack, instruments: list[Instrument], lines: list[str]) -> None:
    """Record each in the order of time, so that references point back."""

    def begins(index: int) -> tuple[float, int]:
        moment = instruments[index].took_place
        return (moment.earliest if moment else counting.EARLIEST).timestamp(), index

    earlier: list[Instrument] = []
    for index in sorted(range(len(instruments)), key=begins):
        try:
            check_instrument(pack, earlier, instruments[index])
        except BadInput as error:
            raise BadInput(error.expected, error.got, f"{lines[index]}: {error.where}") from None
        earlier.append(instruments[index])


@cache
def shipped_instruments(pack_id: str) -> tuple[Instrument, ...]:
    """The instruments shipped with a pack; none if the pack comes without.

    Raises `BadInput` naming the known ids for an unknown one.
    """
    pack = shipped(pack_id)
    try:
        data = shipped_file(pack_id, ".instruments.yaml")
    except FileNotFoundError:
        return ()
    return load_instruments(data, f"{pack_id}.instruments.yaml", pack)


def read_instrument(
    form: InstrumentForm, document: yamldoc.Document, path: yamldoc.Path
) -> Instrument:
    """An instrument from its form, at a place of a document. Raises `BadInput` with the line."""

    def at(name: str) -> str:
        return document.at((*path, name))

    def when(name: str) -> Moment | None:
        value = getattr(form, name)
        return None if value is None else moment(value, at(name))

    known = form.known_at
    instrument = Instrument(
        id=form.id,
        kind=form.kind,
        channel=form.channel,
        issuers=form.issuers,
        addressees=form.addressees,
        form=form.form,
        title=form.title,
        dated=when("dated"),
        sent=when("sent"),
        handed_over=when("handed_over"),
        received=when("received"),
        refers_to=form.refers_to,
        withdraws=form.withdraws,
        known_at=None if known is None else counting.read_instant(known, at("known_at")),
        language=form.language,
        note=form.note,
        source=form.source,
        verified=form.verified,
    )
    if form.legal_effect not in (None, instrument.legal_effect):
        raise BadInput(
            f"legal effect {instrument.legal_effect}", f"{form.legal_effect}", document.at(path)
        )
    return instrument


def moment(value: When, where: str) -> Moment:
    """A moment from its written form. Raises `BadInput`; an instant needs its offset."""
    if isinstance(value, str):
        return Moment.exact(counting.read_instant(value, where))
    given = tuple(name for name in value.__struct_fields__ if getattr(value, name) is not None)
    if given == ("day", "offset"):
        return Moment.day(counting.read_date(value.day or "", where), _zone(value, where))
    if given == ("month", "offset"):
        return _month(value, where)
    if given in (("earliest", "latest"), ("earliest", "before")):
        return _bounds(value, where)
    raise BadInput(
        "an instant, or {day, offset}, {month, offset}, {earliest, latest}, {earliest, before}",
        shown(f"{{{', '.join(given)}}}"),
        where,
    )


def _zone(value: MomentForm, where: str) -> timezone:
    return counting.offset(value.offset or "", where)


def _month(value: MomentForm, where: str) -> Moment:
    if not _MONTH.fullmatch(value.month or ""):
        raise BadInput("a month, like 2012-06", shown(value.month), where)
    first = counting.read_date(f"{value.month}-01", where)
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    zone = _zone(value, where)
    return Moment(
        counting.midnight(first, zone), counting.midnight(after, zone) - counting.MICROSECOND
    )


def _bounds(value: MomentForm, where: str) -> Moment:
    first = counting.read_instant(value.earliest or "", where)
    if value.before is not None:
        last = counting.read_instant(value.before, where) - counting.MICROSECOND
    else:
        last = counting.read_instant(value.latest or "", where)
    if last < first:
        raise BadInput("bounds in order", "an end before the beginning", where)
    return Moment(first, last)
