"""The ninety days, doubt inside bounds, and the JSON form of a status."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest

from gsomia.agreement import (
    Lifecycle,
    Moment,
    NoticeEvent,
    NoticeReference,
    PeriodEndDay,
    State,
    Status,
    answer_json,
    shipped_lifecycle,
    status,
    status_json,
)
from gsomia.faults import BadInput
from tests.agreement.builders import (
    NAIVE,
    REAL,
    REAL_ENTRY,
    RECORD,
    announcement,
    counting,
    kst,
    notice,
    suspension,
    utc,
    withdrawal,
)

NAME = "rok-japan-2016"
HISTORY = shipped_lifecycle(NAME)

NOTICE, SUSPENSION, NORMAL = "2019-08-23-notice", "2019-11-22-suspension", "2023-03-21-withdrawal"
SUSPENDED = (State.NOTICE_SUSPENDED, "at_once", None, None)
ENDED = (State.TERMINATED, None, None, None)
NEVER = (State.NOT_IN_FORCE, None, None, None)


def short(answer: Status, reading: str) -> tuple[object, ...]:
    a = answer.readings[reading]
    return a.status, a.earliest_end, a.next_extension, a.last_notice_day


# -- the ninety days ------------------------------------------------------------

LAST, BOUNDARY = PeriodEndDay.LAST_FULL_DAY, PeriodEndDay.BOUNDARY_INSTANT

NINETY = [
    # notice handed over (KST), counted from the last full day, counted from the boundary
    ("2019-08-23 15:30", "2019-11-23", "2019-11-23"),
    ("2019-08-24 00:00", "2019-11-23", "2019-11-23"),
    ("2019-08-24 23:59", "2019-11-23", "2019-11-23"),
    ("2019-08-24 23:59:59.999999", "2019-11-23", "2019-11-23"),
    ("2019-08-25 00:00", "2020-11-23", "2019-11-23"),
    ("2019-08-25 23:59", "2020-11-23", "2019-11-23"),
    ("2019-08-26 00:00", "2020-11-23", "2020-11-23"),
    ("2019-11-22 23:59", "2020-11-23", "2020-11-23"),
    ("2019-11-23 00:00", "2020-11-23", "2020-11-23"),
    # February never lies between: leap years count the same.
    ("2020-08-24 23:59", "2020-11-23", "2020-11-23"),
    ("2020-08-25 12:00", "2021-11-23", "2020-11-23"),
    ("2020-02-29 12:00", "2020-11-23", "2020-11-23"),
]


@pytest.mark.parametrize(("given", "last_full_day", "boundary"), NINETY)
def test_ninety_days_before_the_end_of_the_period(
    given: str, last_full_day: str, boundary: str
) -> None:
    for option, end in ((LAST, last_full_day), (BOUNDARY, boundary)):
        life = Lifecycle(counting(REAL, end_day=option), (*REAL_ENTRY, notice("n", kst(given))))
        answer = life.status(kst(given))
        assert answer.status is State.NOTICE_PENDING
        assert {a.earliest_end for a in answer.readings.values()} == {end}
        night = kst(f"{end} 00:00")
        assert life.status(night - timedelta(microseconds=1)).status is State.NOTICE_PENDING
        assert life.status(night).status is State.TERMINATED


@pytest.mark.parametrize(("option", "end"), [(BOUNDARY, "2019-11-21"), (LAST, "2019-11-22")])
def test_ninety_days_to_a_free_date(option: PeriodEndDay, end: str) -> None:
    pack = counting(REAL, NoticeReference.FREE_DATE, option)
    life = Lifecycle(pack, (*REAL_ENTRY, notice("n", kst("2019-08-23 15:30"))))
    assert short(life.status(kst("2019-09-01 00:00")), "J")[:3] == (
        State.NOTICE_PENDING,
        end,
        None,
    )
    assert life.status(kst(f"{end} 00:00")).status is State.TERMINATED


def test_free_date_without_notice_moves_with_the_day() -> None:
    pack = counting(REAL, NoticeReference.FREE_DATE, BOUNDARY)
    answer = status(pack, REAL_ENTRY, kst("2019-08-23 15:30"))
    assert short(answer, "J") == (State.IN_FORCE, "2019-11-21", "2019-11-23", None)


def test_a_late_notice_lets_one_extension_pass() -> None:
    life = Lifecycle(REAL, (*REAL_ENTRY, notice("n", kst("2019-08-26 00:00"))))
    before = life.status(kst("2019-09-01 00:00"))
    assert short(before, "J") == (State.NOTICE_PENDING, "2020-11-23", "2019-11-23", None)
    after = life.status(kst("2019-11-23 00:00"))
    assert short(after, "J") == (State.NOTICE_PENDING, "2020-11-23", None, None)


@pytest.mark.parametrize(
    ("event", "end"),
    [
        (NoticeEvent.SENT, "2019-11-23"),
        (NoticeEvent.HANDED_OVER, "2020-11-23"),
        (NoticeEvent.RECEIVED, "2021-11-23"),
    ],
)
def test_the_option_chooses_the_moment_of_the_note(event: NoticeEvent, end: str) -> None:
    paper = notice(
        "n",
        kst("2019-08-25 12:00"),
        sent=Moment.exact(kst("2019-08-24 12:00")),
        received=Moment.exact(kst("2020-08-25 12:00")),
    )
    entries = tuple(msgspec.structs.replace(i, received=i.handed_over) for i in REAL_ENTRY)
    answer = status(counting(REAL, event=event), (*entries, paper), kst("2020-08-26 00:00"))
    expected = State.TERMINATED if end == "2019-11-23" else State.NOTICE_PENDING
    assert answer.status is expected
    if expected is State.NOTICE_PENDING:
        assert short(answer, "J")[1] == end


def test_a_note_never_delivered_does_not_count() -> None:
    dated = Moment.exact(kst("2019-08-20 00:00"))
    draft = notice("n", dated, handed_over=None, dated=dated, sent=dated)
    answer = status(REAL, (*REAL_ENTRY, draft), kst("2020-01-01 00:00"))
    assert answer.status is State.IN_FORCE


def test_ninety_two_days_and_1215_days() -> None:
    assert (date(2019, 11, 23) - date(2019, 8, 23)).days == 92
    by_id = {i.id: i for i in RECORD}
    suspended, normal = by_id[SUSPENSION].took_place, by_id[NORMAL].took_place
    assert suspended
    assert normal
    local = [m.earliest.astimezone(kst("2019-01-01").tzinfo).date() for m in (suspended, normal)]
    assert (local[1] - local[0]).days == 1215


# -- doubt ----------------------------------------------------------------------


def test_a_notice_around_the_deadline_is_uncertain_ever_after() -> None:
    bounds = Moment(kst("2019-08-24 23:00"), kst("2019-08-25 01:00"))
    life = Lifecycle(REAL, (*REAL_ENTRY, notice("n", bounds)))
    early = life.status(kst("2019-09-01 00:00"))
    assert early.uncertain
    assert short(early, "J")[1] == "2019-11-23"
    after = life.status(kst("2019-12-01 00:00"))
    assert (after.status, after.uncertain, after.transfer) == (State.TERMINATED, True, False)
    settled = life.status(kst("2020-11-23 00:00"))
    assert (settled.status, settled.uncertain) == (State.TERMINATED, False)


def test_a_withdrawal_known_by_its_day_follows_the_notice_of_that_day() -> None:
    day = Moment.day(date(2019, 8, 23), REAL.zone)
    for papers in (
        (notice("n", kst("2019-08-23 15:30")), withdrawal("w", ("n",), day)),
        (notice("n", day), withdrawal("w", ("n",), kst("2019-08-23 15:30"))),
        (notice("n", day), withdrawal("w", ("n",), day)),
    ):
        life = Lifecycle(REAL, (*REAL_ENTRY, *papers))
        assert life.status(kst("2019-08-23 16:00")).uncertain
        answer = life.status(kst("2019-08-24 00:00"))
        assert (answer.status, answer.uncertain) == (State.IN_FORCE, False)


def test_three_papers_of_one_day_follow_each_other() -> None:
    day = Moment.day(date(2019, 8, 23), REAL.zone)
    papers = (
        notice("n", kst("2019-08-23 15:30")),
        suspension("s", "n", day),
        withdrawal("w", ("s",), day),
    )
    answer = status(REAL, (*REAL_ENTRY, *papers), kst("2019-08-24 00:00"))
    assert (answer.status, answer.uncertain) == (State.NOTICE_PENDING, False)


def test_the_notes_name_what_is_not_public() -> None:
    answer = HISTORY.status(kst("2019-11-22 20:00"))
    assert any(SUSPENSION in text and "2019-11-22T09:00:00Z" in text for text in answer.notes)


# -- the JSON door --------------------------------------------------------------


def test_status_json_has_exactly_the_promised_shape() -> None:
    answer = status_json(NAME, "2019-11-23T12:00:00+09:00")
    promised = (
        "status in_force transfer protect contestable uncertain readings articles events".split()
    )
    assert {k: answer[k] for k in promised} == {
        "status": "notice_suspended",
        "in_force": True,
        "transfer": True,
        "protect": True,
        "contestable": True,
        "uncertain": False,
        "readings": {
            "K": {
                "status": "notice_suspended",
                "earliest_end": "at_once",
                "next_extension": None,
                "last_notice_day": None,
            },
            "J": {
                "status": "in_force",
                "earliest_end": "2020-11-23",
                "next_extension": "2020-11-23",
                "last_notice_day": "2020-08-24",
            },
            "X": {
                "status": "terminated",
                "earliest_end": None,
                "next_extension": None,
                "last_notice_day": None,
            },
        },
        "articles": ["Art. 21(1)", "Art. 21(3)"],
        "events": [
            "2016-11-23-notification-jpn",
            "2016-11-23-notification-kor",
            NOTICE,
            SUSPENSION,
        ],
    }
    assert answer["agreement"] == NAME
    assert answer["as_of"] == "2019-11-23T03:00:00Z"
    assert answer["known_at"] is None
    assert answer["reading"] is None


@pytest.mark.parametrize(
    ("as_of", "known_at"),
    [
        ("2019-11-23T12:00:00", None),
        ("2019-11-23", None),
        ("2019-11-23T12:00:00+09:00", "2019-11-23T12:00:00"),
        ("2019-11-23T12:00:00+09:00", ""),
        ("1899-12-31T00:00:00Z", None),
        ("9999-12-31T23:59:59-14:00", None),
        ("", None),
    ],
)
def test_status_json_refuses_what_is_no_instant(as_of: str, known_at: str | None) -> None:
    with pytest.raises(BadInput):
        status_json(NAME, as_of, known_at)


@pytest.mark.parametrize("as_of", ["1900-01-01T00:00:00Z", "2999-12-31T23:59:59Z"])
def test_the_edges_of_time_are_answered(as_of: str) -> None:
    assert status_json(NAME, as_of)["status"] in ("not_in_force", "in_force")


def test_status_json_refuses_unknown_names() -> None:
    with pytest.raises(BadInput, match="an agreement: rok-japan-2016"):
        status_json("nowhere", "2019-11-23T12:00:00Z")
    with pytest.raises(BadInput, match="a reading: K, J, X"):
        status_json(NAME, "2019-11-23T12:00:00Z", None, "k")


def test_an_instant_without_offset_is_refused() -> None:
    with pytest.raises(BadInput, match="an instant with offset"):
        HISTORY.status(NAIVE)
    with pytest.raises(BadInput, match="an instant with offset"):
        HISTORY.status(utc("2020-01-01"), NAIVE)


def test_answers_from_a_nodes_own_record() -> None:
    life = Lifecycle(REAL, (*RECORD, announcement("talk", kst("2024-01-01 00:00"))))
    mine = answer_json(life, "2024-06-01T00:00:00+09:00", "2024-06-01T00:00:00+09:00", "J")
    assert (mine["status"], mine["reading"]) == ("in_force", "J")
    assert mine["known_at"] == "2024-05-31T15:00:00Z"
