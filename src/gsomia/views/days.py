"""The days not to miss: the agreement's own, and those on which something here lapses.

What lapses is read from the documents: clearances, briefings, needs, letters, approvals
of facilities, consents, cards. Each has the article, or the practice, by which an act
would be refused from then on, and who must act before. An assurance has no day: it
is due before the release that it is for.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache

import msgspec

from gsomia.agreement import counting
from gsomia.agreement.deadlines import MAX_YEARS, deadlines
from gsomia.agreement.model import Pack, Verified
from gsomia.agreement.provisions import flag_of, provisions_of
from gsomia.canon import builtins, instant, parse_instant
from gsomia.clearance.model import Appointment, Briefing, Clearance, Facility, Need
from gsomia.desk.texts import HeldText, known, pack_at
from gsomia.exchange.card import open_card
from gsomia.exchange.model import Line, Peer
from gsomia.faults import BadInput, shown
from gsomia.fold import State
from gsomia.provisions import CITATION, PRACTICE, Provisions
from gsomia.registry.model import Item
from gsomia.release.model import Assurance, Consent, Request
from gsomia.views.paging import Row, check, need
from gsomia.views.treaty import standing_of

AHEAD = timedelta(days=30)
"""How far the desk looks ahead. A default of this program, which no article gives."""

CARD_AHEAD = timedelta(days=10)
"""For a partner's card, which lasts a month: no sooner than the alarm about our own."""

SECURITY, ORIGINATOR, RECIPIENT, PARTNER, TREATY = (
    "security authority",
    "originating party",
    "recipient's competent authority",
    "peer",
    "treaty desk",
)
LETTERS = "Registry practice: letters of appointment"
FACILITY, ACCESS, CONSENT, ASSURANCE = "Art. 10", "Art. 7(2)", "Art. 6(a)", "Art. 7(5)"


class Lapse(msgspec.Struct, frozen=True):
    """Something that holds until an instant. `until` None: it is due, and has no day.

    `article` is what rules cite, and `agreement` the one it is of: empty where it bears on all.
    """

    what: str
    subject: str
    article: str
    must_act: str
    until: datetime | None
    agreement: str = ""


def lapses(state: State, agreement: str, card_until: str = "") -> Iterator[Lapse]:
    """Everything that lapses and bears on an agreement; on any, if none is named."""
    yield from _people(state, agreement)
    for facility in state.all(Facility):
        yield from _lapse("facility_ends", facility.id, FACILITY, SECURITY, facility.until)
    for consent in state.all(Consent):
        item = state.get(Item, consent.item)
        if consent.state == "granted" and item and agreement in ("", item.agreement):
            subject = f"{consent.item}: {consent.recipient}"
            until, name = consent.until, item.agreement
            yield from _lapse("consent_ends", subject, CONSENT, ORIGINATOR, until, name)
    yield from _lapse("card_ends", "", PRACTICE, SECURITY, card_until)
    for peer in state.all(Peer):
        until = _card_until(peer.card)
        yield from _lapse("partner_card_ends", peer.registry, PRACTICE, PARTNER, until)


def _people(state: State, agreement: str) -> Iterator[Lapse]:
    for cleared in state.all(Clearance):
        if not cleared.withdrawn_at:
            until = cleared.until
            yield from _lapse("clearance_ends", cleared.person, ACCESS, SECURITY, until)
    for letter in state.all(Appointment):
        subject = f"{letter.person}: {letter.role}"
        yield from _lapse("appointment_ends", subject, LETTERS, SECURITY, letter.until)
    for briefing in state.all(Briefing):
        if agreement in ("", briefing.agreement):
            until = briefing.until
            yield from _lapse("briefing_ends", briefing.person, PRACTICE, SECURITY, until)
    for duty in state.all(Need):
        if agreement in ("", duty.agreement):
            subject = f"{duty.person}: {duty.subject}"
            until, name = duty.until, duty.agreement
            yield from _lapse("need_ends", subject, ACCESS, SECURITY, until, name)


def _lapse(
    what: str, subject: str, article: str, who: str, until: str, agreement: str = ""
) -> Iterator[Lapse]:
    if until:
        yield Lapse(what, subject, article, who, parse_instant(until, what), agreement)


@lru_cache(maxsize=256)
def _card_until(card: str) -> str:
    """Opening a card verifies its signatures: once for each."""
    return open_card(card.encode()).kem.until


def assurances_due(state: State, agreement: str) -> Iterator[Lapse]:
    """Requests that nobody may decide before the recipient has assured (Art. 7(5))."""
    for request in state.open(Request):
        if request.agreement == agreement and state.get(Assurance, request.id) is None:
            yield Lapse("assurance_due", request.id, ASSURANCE, RECIPIENT, None)


def _row(pack: Pack, found: Lapse, zone: timezone) -> Row:
    """A lapse, on the day by whose end it must have been renewed at the latest."""
    article = provisions_of(pack).cite(found.article)
    flag: Verified | None = flag_of(pack, article) if CITATION.match(article) else None
    at = found.until
    return {
        "date": None if at is None else _day(at, zone).isoformat(),
        "what": found.what,
        "subject": found.subject,
        "article": article,
        "verified": flag,
        "must_act": found.must_act,
        "until": None if at is None else instant(at),
    }


def _day(until: datetime, zone: timezone) -> date:
    """The last day on which it still holds, wholly or in part: `until` is exclusive."""
    return counting.local_day(until - counting.MICROSECOND, zone)


def days(state: State, params: dict[str, str]) -> Row:
    """The days of `agreement` and of this register from `as_of` (or `now`), for `years`.

    Counted on our own record; `differences` is where the partner's node told another.
    `card_until`: how long this node's own card counts, which its keys tell and no document.
    Raises `BadInput`.
    """
    check(params, "agreement", "as_of", "years", "card_until")
    standing = standing_of(state, need(params, "agreement"))
    lifecycle = standing.ours
    text = params.get("as_of") or need(params, "now")
    as_of = counting.read_instant(text, "as_of")
    years = _years(params.get("years", "1"))
    found = deadlines(lifecycle, as_of, years=years)
    pack, zone = lifecycle.pack, lifecycle.zone
    last = counting.anniversary(counting.local_day(as_of, zone), years)
    here = [
        one
        for one in lapses(state, pack.id, params.get("card_until", ""))
        if one.until and one.until > as_of and _day(one.until, zone) <= last
    ]
    here.sort(key=lambda d: (d.until, d.what, d.subject))
    rows = [_row(pack, d, zone) for d in (*here, *assurances_due(state, pack.id))]
    return {
        "agreement": pack.id,
        "as_of": builtins(as_of),
        "years": years,
        "utc_offset": pack.utc_offset,
        "deadlines": builtins(found),
        "register_days": rows,
        "differences": builtins(standing.differences),
    }


def _years(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > len(str(MAX_YEARS)):
        raise BadInput(f"1 to {MAX_YEARS} years", shown(text), "years")
    return int(text)


def ahead(state: State, now: datetime) -> Iterator[Row]:
    """What comes within `AHEAD` of `now`, for the desk: of each agreement that is lived here."""
    lived = {x.agreement for x in state.all(Line)} | {b.agreement for b in state.all(Briefing)}
    found: list[tuple[datetime, Row]] = []
    zones = {}
    for name in sorted(lived & known(state)):
        lifecycle = standing_of(state, name).ours
        zone = zones[name] = lifecycle.zone
        day = counting.local_day(now, zone)
        for one in deadlines(lifecycle, now):
            if one.date <= day + AHEAD:
                at = counting.midnight(one.date, zone)
                told = {"subject": f"{name}: {one.reading}", "article": one.article}
                found.append((at, _ahead(one.date, one.what.value, told, TREATY)))
    zone = next(iter(zones.values()), counting.offset("+00:00", "desk"))
    places = _places(state, lived, now)
    for lapse in lapses(state, ""):
        far = CARD_AHEAD if lapse.what == "partner_card_ends" else AHEAD
        if lapse.until and now < lapse.until <= now + far:
            for told in _cited(lapse, places):
                row = _ahead(_day(lapse.until, zone), lapse.what, told, lapse.must_act)
                found.append((lapse.until, row))
    found.sort(key=lambda f: (f[0], f[1]["what"], f[1]["subject"]))
    return (row for _, row in found)


def _places(state: State, lived: set[str], now: datetime) -> dict[str, Provisions]:
    """Where each agreement of this register has what rules cite."""
    others = {x.agreement for x in state.all(HeldText)} | {x.agreement for x in state.all(Need)}
    names = (lived | others) & known(state)
    return {name: provisions_of(pack_at(state, name, now)) for name in sorted(names)}


def _cited(lapse: Lapse, places: dict[str, Provisions]) -> Iterator[Row]:
    """A lapse by the article of its agreement; of each it bears on, where they differ."""
    names = [lapse.agreement] if lapse.agreement in places else list(places)
    articles = {name: places[name].cite(lapse.article) for name in names}
    if len(set(articles.values())) <= 1:
        article = next(iter(articles.values()), lapse.article)
        yield {"subject": lapse.subject, "article": article}
        return
    for name, article in articles.items():
        yield {"subject": f"{name}: {lapse.subject}", "article": article}


def _ahead(day: date, what: str, told: Row, must_act: str) -> Row:
    return {"date": day.isoformat(), "what": what, **told, "must_act": must_act}
