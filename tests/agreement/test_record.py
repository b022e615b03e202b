"""The record that ships: every paper of the chronology, its hours, and what moves the status."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from gsomia import canon
from gsomia.agreement import (
    Instrument,
    LegalEffect,
    Lifecycle,
    Moment,
    check_instrument,
)
from gsomia.canon import instant, parse_instant
from tests.agreement.builders import (
    KST,
    REAL,
    RECORD,
    kst,
)

BY_ID = {i.id: i for i in RECORD}
NOTICE, SUSPENSION, NORMAL = "2019-08-23-notice", "2019-11-22-suspension", "2023-03-21-withdrawal"


def test_only_five_notes_of_the_record_move_the_status() -> None:
    moving = [i.id for i in RECORD if i.legal_effect is LegalEffect.STATUS]
    assert moving == [
        "2016-11-23-notification-kor",
        "2016-11-23-notification-jpn",
        NOTICE,
        SUSPENSION,
        NORMAL,
    ]
    working = [i.id for i in RECORD if i.legal_effect is LegalEffect.WORKFLOW]
    assert working == [
        "2012-06-26-cabinet",
        "2016-11-22-cabinet",
        "2016-11-23-signature",
        "2023-03-17-letter",
    ]


CHRONOLOGY = [
    (1, "2011-01-ministers"),
    (2, "2012-04-23-initials"),
    (3, "2012-05-01-initials"),
    (4, "2012-06-draft"),
    (5, "2012-06-26-cabinet"),
    (6, "2012-06-29-called-off"),
    (7, "2014-12-29-tisa"),
    (8, "2016-10-27-talks"),
    (9, "2016-11-01-round"),
    (9, "2016-11-09-round"),
    (10, "2016-11-14-initials"),
    (11, "2016-11-17-vice-ministers"),
    (12, "2016-11-22-cabinet"),
    (13, "2016-11-23-signature"),
    (14, "2016-11-23-notification-kor"),
    (14, "2016-11-23-notification-jpn"),
    (15, "2017-11-23-extension"),
    (16, "2018-08-22-keeps"),
    (17, "2018-11-23-extension"),
    (18, "2019-08-22-announcement"),
    (19, NOTICE),
    (20, "2019-08-24-last-day"),
    (21, "2019-11-22-announcement"),
    (22, SUSPENSION),
    (23, "2019-11-23-would-have-ended"),
    (24, "2020-08-04-any-time"),
    (25, "2020-08-24-no-notice"),
    (26, "2021-08-24-no-notice"),
    (26, "2022-08-24-no-notice"),
    (27, "2023-03-16-summit"),
    (28, "2023-03-17-letter"),
    (29, NORMAL),
    (30, "2023-08-18-camp-david"),
    (31, "2023-12-19-warning-data"),
    (32, "2024-07-28-framework"),
]
"""Rows of the chronology, and what ships for each; in order."""


@pytest.mark.parametrize("name", [name for _, name in CHRONOLOGY])
def test_each_row_of_the_chronology_ships(name: str) -> None:
    moment = BY_ID[name].took_place
    assert moment is not None
    day = moment.earliest.astimezone(KST).date().isoformat()
    assert name.startswith((day, day[:7] + "-ministers", day[:7] + "-draft"))
    assert BY_ID[name].source


def test_nothing_ships_beside_the_chronology() -> None:
    assert [name for _, name in CHRONOLOGY] == [i.id for i in RECORD]
    assert {row for row, _ in CHRONOLOGY} == set(range(1, 33))


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("2012-06-29-called-off", "2012-06-29T06:00:00Z", "2012-06-29T07:00:00Z"),
        ("2016-11-23-signature", "2016-11-22T15:00:00Z", "2016-11-23T03:00:00Z"),
        ("2017-11-23-extension", "2017-11-22T15:00:00Z", "2017-11-22T15:00:00Z"),
        ("2019-08-22-announcement", "2019-08-22T09:00:00Z", "2019-08-22T13:06:00Z"),
        (NOTICE, "2019-08-23T06:25:00Z", "2019-08-23T06:55:00Z"),
        ("2019-11-22-announcement", "2019-11-22T09:00:00Z", "2019-11-22T09:00:00Z"),
        (SUSPENSION, "2019-11-22T09:00:00Z", "2019-11-22T15:00:00Z"),
        ("2019-11-23-would-have-ended", "2019-11-22T15:00:00Z", "2019-11-22T15:00:00Z"),
        (NORMAL, "2023-03-20T15:00:00Z", "2023-03-21T03:00:00Z"),
    ],
)
def test_hours_as_far_as_they_are_public(name: str, first: str, last: str) -> None:
    moment = BY_ID[name].took_place
    assert moment is not None
    assert instant(moment.earliest) == first
    # "before 12:00" is written as a last instant just before it.
    assert timedelta() <= parse_instant(last, "last") - moment.latest <= timedelta(microseconds=1)


def test_unverified_rows_keep_their_mark() -> None:
    assert {i.id for i in RECORD if i.verified is False} == {
        "2021-08-24-no-notice",
        "2022-08-24-no-notice",
    }
    assert BY_ID[SUSPENSION].verified == "part"


def test_the_suspension_is_bounded_by_the_announcement_and_the_end_of_the_day() -> None:
    assert BY_ID[SUSPENSION].handed_over == Moment(
        kst("2019-11-22 18:00"), kst("2019-11-23 00:00") - timedelta(microseconds=1)
    )


def test_removing_everything_without_effect_changes_no_status() -> None:
    moving = tuple(i for i in RECORD if i.legal_effect is LegalEffect.STATUS)
    bare = tuple(
        msgspec.structs.replace(i, refers_to=tuple(t for t in i.refers_to if t == NOTICE))
        for i in moving
    )
    full, less = Lifecycle(REAL, RECORD), Lifecycle(REAL, bare)
    at = kst("2011-01-01 00:00")
    while at < kst("2025-01-01 00:00"):
        assert full.status(at) == less.status(at)
        at += timedelta(hours=61)


def test_the_whole_record_could_have_been_recorded_in_order() -> None:
    for n, instrument in enumerate(RECORD):
        check_instrument(REAL, RECORD[:n], instrument)


def test_an_instrument_survives_the_canonical_encoding() -> None:
    for instrument in RECORD:
        data = canon.encode(instrument)
        assert canon.decode(data, Instrument, "x") == instrument
