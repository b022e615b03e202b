"""Instruments: what each can move, when it counts, and what may be recorded."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from gsomia.agreement import (
    Channel,
    Instrument,
    Kind,
    LegalEffect,
    Lifecycle,
    Moment,
    NoticeEvent,
    Role,
    State,
    check_instrument,
    effective_moment,
    load_instruments,
    revived,
    revives_notice,
    shipped_instruments,
)
from gsomia.faults import BadInput
from tests.agreement.builders import (
    NAIVE,
    REAL,
    REAL_ENTRY,
    RECORD,
    announcement,
    entry,
    fictitious,
    kst,
    note,
    notice,
    office,
    suspension,
    utc,
    withdrawal,
    without,
)

BY_ID = {i.id: i for i in RECORD}
NOTICE, SUSPENSION, NORMAL = "2019-08-23-notice", "2019-11-22-suspension", "2023-03-21-withdrawal"


# -- legal effect ---------------------------------------------------------------

AT = kst("2019-08-20 12:00")
MOVING = sorted(
    k
    for k in Kind
    if k.value
    in {
        "notification_of_requirements",
        "notice_of_termination",
        "suspension_of_notice",
        "withdrawal",
    }
)


@pytest.mark.parametrize("channel", [c for c in Channel if c is not Channel.DIPLOMATIC])
@pytest.mark.parametrize("kind", list(Kind))
def test_only_the_diplomatic_channel_can_carry_status(kind: Kind, channel: Channel) -> None:
    paper = note(kind, "p", "KOR", AT, channel=channel)
    assert paper.legal_effect is not LegalEffect.STATUS
    assert effective_moment(REAL, paper) is None
    if channel is Channel.PUBLIC:
        assert paper.legal_effect is LegalEffect.NONE


@pytest.mark.parametrize("role", [Role.COMPETENT_AUTHORITY, Role.GOVERNMENT])
@pytest.mark.parametrize("kind", MOVING)
def test_only_the_authority_for_notes_moves_the_status(kind: Kind, role: Role) -> None:
    wrong = note(kind, "p", "KOR", AT, issuers=(office("KOR", role),))
    assert wrong.legal_effect is LegalEffect.NONE
    assert note(kind, "p", "KOR", AT).legal_effect is LegalEffect.STATUS


def test_a_defence_ministry_cannot_give_notice() -> None:
    defence = (office("KOR", Role.COMPETENT_AUTHORITY),)
    bad = notice("n", AT, issuers=defence)
    with pytest.raises(BadInput, match="authority for treaty notes"):
        check_instrument(REAL, REAL_ENTRY, bad)
    life = Lifecycle(REAL, (*REAL_ENTRY, bad))
    assert life.status(kst("2019-09-01 00:00")).status is State.IN_FORCE


@pytest.mark.parametrize("channel", [Channel.PUBLIC, Channel.INTERNAL])
def test_an_announced_notice_is_no_notice(channel: Channel) -> None:
    bad = notice("n", AT, channel=channel)
    with pytest.raises(BadInput, match="the diplomatic channel for a notice_of_termination"):
        check_instrument(REAL, REAL_ENTRY, bad)
    life = Lifecycle(REAL, (*REAL_ENTRY, bad))
    assert life.status(kst("2020-01-01 00:00")).status is State.IN_FORCE


def test_an_office_counts_only_while_it_is_named() -> None:
    until = tuple(
        msgspec.structs.replace(a, valid_until=date(2019, 8, 20)) if a.id == "kor-mofa" else a
        for a in REAL.authorities
    )
    pack = msgspec.structs.replace(REAL, authorities=until)
    with pytest.raises(BadInput, match="an authority named for that day"):
        check_instrument(pack, REAL_ENTRY, notice("n", kst("2019-08-20 00:00")))
    check_instrument(pack, REAL_ENTRY, notice("n", kst("2019-08-19 23:59")))


# -- recording ------------------------------------------------------------------

OPEN = without(NORMAL)
LATE = kst("2023-03-21 10:00")


def changed(**more: Any) -> Instrument:
    return msgspec.structs.replace(withdrawal("w", (NOTICE, SUSPENSION), LATE), **more)


def test_the_good_twin_of_the_refused_instruments() -> None:
    check_instrument(REAL, OPEN, changed())
    check_instrument(REAL, OPEN, announcement("talk", LATE, refers_to=(NOTICE,)))
    day = Moment.day(date(2023, 3, 21), REAL.zone)
    check_instrument(REAL, OPEN, changed(dated=Moment.exact(LATE), handed_over=day))


REFUSED = [
    (changed(id=NOTICE), "an id not yet used"),
    (changed(id=""), "an id of 1 to 64"),
    (changed(id="x" * 65), "an id of 1 to 64"),
    (changed(id="a\nb"), "an id of 1 to 64"),
    (changed(withdraws=("nothing",)), "an instrument on record"),
    (changed(refers_to=("nothing",)), "an instrument on record"),
    (changed(withdraws=()), "what the withdrawal is about"),
    (changed(withdraws=(NOTICE, NOTICE)), "each instrument once"),
    (changed(withdraws=("2019-11-22-announcement",)), "notice_of_termination or suspension"),
    (changed(withdraws=("2016-11-23-notification-kor",)), "notice_of_termination or suspension"),
    (changed(issuers=(office("JPN"),)), "an instrument of JPN"),
    (changed(issuers=()), "an issuer"),
    (changed(issuers=(office("KOR"), office("JPN"))), "one issuer, of KOR, JPN"),
    (changed(issuers=(office("USA"),)), "one issuer, of KOR, JPN"),
    (changed(channel=Channel.INTERNAL), "the diplomatic channel for a withdrawal"),
    (changed(handed_over=None), "a note handed over or received"),
    (changed(handed_over=None, dated=Moment.exact(LATE)), "a note handed over or received"),
    (changed(handed_over=Moment.exact(AT)), "an earlier instrument"),
    (changed(sent=Moment.exact(kst("2023-03-22 00:00"))), "sent, handed over, received"),
    (changed(kind=Kind.NOTICE_OF_TERMINATION), "a withdrawal, to withdraw anything"),
    (suspension("s", "2019-08-22-announcement", LATE), "notice_of_termination"),
    (announcement("a", LATE, withdraws=(NOTICE,)), "a withdrawal, to withdraw anything"),
    (msgspec.structs.replace(announcement("a", LATE), dated=None), "at least one moment"),
]


@pytest.mark.parametrize(
    ("new", "expected"), REFUSED, ids=lambda v: v if isinstance(v, str) else ""
)
def test_what_may_not_be_recorded(new: Instrument, expected: str) -> None:
    with pytest.raises(BadInput) as caught:
        check_instrument(REAL, OPEN, new)
    assert expected in caught.value.expected


def test_nothing_is_withdrawn_twice() -> None:
    with pytest.raises(BadInput, match=f"an instrument that stands, got {NOTICE}, withdrawn"):
        check_instrument(REAL, RECORD, withdrawal("w", (NOTICE,), kst("2023-04-01 00:00")))
    with pytest.raises(BadInput, match="an instrument that stands"):
        check_instrument(REAL, RECORD, suspension("s", NOTICE, kst("2023-04-01 00:00")))


def test_a_notice_needs_a_notice_rule() -> None:
    paper = notice("n", utc("2001-01-01"), "XAA")
    with pytest.raises(BadInput, match="an agreement with a notice rule"):
        check_instrument(fictitious(), entry(utc("2000-01-01"), "XAA", "XBB"), paper)
    check_instrument(fictitious(days=9), entry(utc("2000-01-01"), "XAA", "XBB"), paper)


def test_where_receipt_counts_a_note_is_recorded_once_it_is_received() -> None:
    given = fictitious(days=9)
    assert given.notice
    rule = msgspec.structs.replace(given.notice, notice_event=NoticeEvent.RECEIVED)
    pack = msgspec.structs.replace(given, notice=rule)
    handed_over = note(Kind.NOTIFICATION_OF_REQUIREMENTS, "e", "XAA", utc("2000-01-01"))
    with pytest.raises(BadInput, match="a note received, got one without that moment"):
        check_instrument(pack, (), handed_over)
    check_instrument(given, (), handed_over)
    received = Moment.exact(utc("2000-01-02"))
    check_instrument(pack, (), msgspec.structs.replace(handed_over, received=received))


# -- withdrawing the suspension alone -------------------------------------------


def test_withdrawing_both_revives_nothing() -> None:
    assert not revives_notice(REAL, OPEN, changed())


def test_withdrawing_the_suspension_alone_revives_the_notice() -> None:
    alone = changed(withdraws=(SUSPENSION,))
    assert revives_notice(REAL, OPEN, alone)
    assert revived(REAL, OPEN, alone) == (NOTICE,)
    # And the guard tells the truth: under K the agreement ends with it.
    assert Lifecycle(REAL, (*OPEN, alone)).status(LATE).status is State.TERMINATED


def test_no_notice_is_revived_while_another_suspension_stands() -> None:
    second = suspension("again", NOTICE, kst("2020-01-01 00:00"))
    record = (*OPEN, second)
    assert not revives_notice(REAL, record, changed(withdraws=(SUSPENSION,)))
    both = changed(withdraws=(SUSPENSION, "again"))
    assert revives_notice(REAL, record, both)
    assert Lifecycle(REAL, (*record, both)).status(LATE).status is State.TERMINATED
    first = changed(withdraws=(SUSPENSION,))
    assert Lifecycle(REAL, (*record, first)).status(LATE).in_force


@pytest.mark.parametrize(
    "new",
    [
        changed(withdraws=(NOTICE,)),
        changed(withdraws=("nothing",)),
        changed(withdraws=(SUSPENSION,), issuers=(office("JPN"),)),
        changed(withdraws=(SUSPENSION,), channel=Channel.PUBLIC),
        announcement("a", LATE, refers_to=(SUSPENSION,)),
    ],
)
def test_what_revives_nothing(new: Instrument) -> None:
    assert not revives_notice(REAL, OPEN, new)


def test_what_was_withdrawn_is_not_withdrawn_again() -> None:
    record = (*OPEN, withdrawal("w1", (SUSPENSION,), kst("2023-03-21 09:00")))
    assert revived(REAL, record, changed(withdraws=(SUSPENSION,))) == ()


def test_a_withdrawn_notice_is_not_revived() -> None:
    record = (*OPEN, withdrawal("w1", (NOTICE,), kst("2023-03-21 09:00")))
    assert not revives_notice(REAL, record, changed(withdraws=(SUSPENSION,)))


# -- moments and files ----------------------------------------------------------

FILE = """\
format: gsomia/instruments/v1
agreement: rok-japan-2016
instruments:
  - id: talk
    kind: announcement
    channel: public
    issuers:
      - {party: KOR, role: government, name: someone}
    form: statement
    title: Talk
    dated: WHEN
    source: made up
    verified: false
"""


def load(when: str = '"2020-01-01T00:00:00Z"', old: str = "", new: str = "") -> Instrument:
    text = FILE.replace("WHEN", when).replace(old, new) if old else FILE.replace("WHEN", when)
    return load_instruments(text.encode(), "f.yaml", REAL)[0]


@pytest.mark.parametrize(
    ("when", "first", "last"),
    [
        ("2019-08-23T15:25:00+09:00", "2019-08-23 15:25", "2019-08-23 15:25"),
        ('{day: 2019-08-23, offset: "+09:00"}', "2019-08-23 00:00", "2019-08-23 23:59:59.999999"),
        ('{day: 2014-12-28, offset: "-05:00"}', "2014-12-28 14:00", "2014-12-29 13:59:59.999999"),
        ('{month: 2012-02, offset: "+09:00"}', "2012-02-01 00:00", "2012-02-29 23:59:59.999999"),
        ('{month: 2012-12, offset: "+09:00"}', "2012-12-01 00:00", "2012-12-31 23:59:59.999999"),
        (
            '{earliest: "2020-01-01T00:00:00+09:00", latest: "2020-01-01T01:00:00+09:00"}',
            "2020-01-01 00:00",
            "2020-01-01 01:00",
        ),
        (
            '{earliest: "2020-01-01T00:00:00+09:00", before: "2020-01-01T01:00:00+09:00"}',
            "2020-01-01 00:00",
            "2020-01-01 00:59:59.999999",
        ),
    ],
)
def test_moments_as_files_write_them(when: str, first: str, last: str) -> None:
    assert load(when).took_place == Moment(kst(first), kst(last))


@pytest.mark.parametrize(
    "when",
    [
        "2019-08-23T15:25:00",
        "2019-08-23",
        "{day: 2019-08-23}",
        '{day: 2019-02-29, offset: "+09:00"}',
        '{day: "2019-08-23T00:00", offset: "+09:00"}',
        '{day: 2019-08-23, offset: "+9"}',
        '{day: 2019-08-23, offset: "+15:00"}',
        "{day: 2019-08-23, offset: Asia/Seoul}",
        '{month: 2019-13, offset: "+09:00"}',
        '{month: 2019-08, day: 2019-08-01, offset: "+09:00"}',
        '{earliest: "2020-01-01T00:00:00Z"}',
        '{earliest: "2020-01-01T00:00:00", latest: "2020-01-02T00:00:00Z"}',
        '{earliest: "2020-01-02T00:00:00Z", latest: "2020-01-01T00:00:00Z"}',
        '{earliest: "2020-01-01T00:00:00Z", before: "2020-01-01T00:00:00Z"}',
        "1899-12-31T23:59:59Z",
        "3000-01-01T00:00:00Z",
        "{}",
        "7",
        "[]",
        "{hour: 3}",
    ],
)
def test_moments_that_are_refused_with_their_line(when: str) -> None:
    with pytest.raises(BadInput, match=r"^f\.yaml, line 11: expected"):
        load(when)


@pytest.mark.parametrize(
    ("old", "new", "expected", "line"),
    [
        ("instruments/v1", "instruments/v2", "a file of instruments", 1),
        ("agreement: rok-japan-2016", "agreement: other", "rok-japan-2016", 2),
        ("kind: announcement", "kind: rumour", "a file of instruments", 5),
        ("kind: announcement", "kind: notice_of_termination", "the diplomatic channel", 4),
        ("    form: statement", "    forum: statement", "a file of instruments", 9),
        ("role: government", "role: king", "a file of instruments", 8),
        ("verified: false", "verified: false\n    legal_effect: status", "legal effect none", 4),
        ("verified: false", "verified: false\n    known_at: 2020-01-01", "an instant", 14),
    ],
)
def test_files_that_are_refused_with_their_line(
    old: str, new: str, expected: str, line: int
) -> None:
    with pytest.raises(BadInput) as caught:
        load(old=old, new=new)
    assert expected in caught.value.expected
    assert caught.value.where.startswith(f"f.yaml, line {line}")


def test_the_good_twin_of_the_refused_files() -> None:
    talk = load(old="verified: false", new="verified: false\n    legal_effect: none")
    assert talk.known_from == utc("2020-01-01")
    later = load(old="verified: false", new="verified: part\n    known_at: 2020-02-01T00:00:00Z")
    assert later.known_from == utc("2020-02-01")


def test_unknown_agreements_have_no_instruments() -> None:
    with pytest.raises(BadInput, match="an agreement: rok-japan-2016"):
        shipped_instruments("nowhere")


def test_moments_keep_their_own_rules() -> None:
    with pytest.raises(BadInput, match="an instant with offset"):
        Moment.exact(NAIVE)
    with pytest.raises(BadInput, match="bounds in order"):
        Moment(kst("2020-01-02 00:00"), kst("2020-01-01 00:00"))


@pytest.mark.parametrize(
    ("given", "event", "counts"),
    [
        ("s", NoticeEvent.SENT, None),
        ("sh", NoticeEvent.SENT, "s"),
        ("h", NoticeEvent.SENT, "h"),
        ("sr", NoticeEvent.HANDED_OVER, "r"),
        ("shr", NoticeEvent.HANDED_OVER, "h"),
        ("sh", NoticeEvent.RECEIVED, None),
        ("shr", NoticeEvent.RECEIVED, "r"),
    ],
)
def test_which_moment_counts(given: str, event: NoticeEvent, counts: str | None) -> None:
    moments = {letter: Moment.exact(AT + timedelta(hours=n)) for n, letter in enumerate("shr")}
    paper = notice(
        "n",
        AT,
        sent=moments["s"] if "s" in given else None,
        handed_over=moments["h"] if "h" in given else None,
        received=moments["r"] if "r" in given else None,
    )
    assert paper.counts_from(event) == (moments[counts] if counts else None)
