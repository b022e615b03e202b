"""The lifecycle of the real agreement, 2011 to 2024, instant by instant and reading by reading."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from gsomia.agreement import (
    Lifecycle,
    State,
    Status,
    shipped_lifecycle,
    status,
)
from gsomia.faults import BadInput
from tests.agreement.builders import (
    REAL,
    REAL_ENTRY,
    RECORD,
    kst,
    notice,
    suspension,
    withdrawal,
    without,
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


# -- the status in each interval ------------------------------------------------

INTERVALS = [
    # as of (KST), status, transfer, protect, contestable, uncertain
    ("2012-06-29 16:00", State.NOT_IN_FORCE, False, False, False, False),
    ("2014-12-30 00:00", State.NOT_IN_FORCE, False, False, False, False),
    ("2016-11-22 23:59:59", State.NOT_IN_FORCE, False, False, False, False),
    # The hour of the notifications is not public: no transfer yet, but protect what may have come.
    ("2016-11-23 00:00", State.NOT_IN_FORCE, False, True, False, True),
    ("2016-11-23 23:59", State.NOT_IN_FORCE, False, True, False, True),
    ("2016-11-24 00:00", State.IN_FORCE, True, True, False, False),
    ("2017-11-23 00:00", State.IN_FORCE, True, True, False, False),
    ("2018-08-22 12:00", State.IN_FORCE, True, True, False, False),
    ("2018-11-23 00:00", State.IN_FORCE, True, True, False, False),
    ("2019-08-22 23:00", State.IN_FORCE, True, True, False, False),
    ("2019-08-23 15:24:59", State.IN_FORCE, True, True, False, False),
    ("2019-08-23 15:25", State.NOTICE_PENDING, True, True, False, True),
    ("2019-08-23 15:54:59", State.NOTICE_PENDING, True, True, False, True),
    ("2019-08-23 15:55", State.NOTICE_PENDING, True, True, False, False),
    ("2019-11-22 17:59:59", State.NOTICE_PENDING, True, True, False, False),
    ("2019-11-22 18:00", State.NOTICE_SUSPENDED, True, True, False, True),
    ("2019-11-22 23:59:59", State.NOTICE_SUSPENDED, True, True, False, True),
    ("2019-11-22 23:59:59.999999", State.NOTICE_SUSPENDED, True, True, False, False),
    ("2019-11-23 00:00", State.NOTICE_SUSPENDED, True, True, True, False),
    ("2021-01-01 00:00", State.NOTICE_SUSPENDED, True, True, True, False),
    ("2023-03-17 12:00", State.NOTICE_SUSPENDED, True, True, True, False),
    ("2023-03-20 23:59:59", State.NOTICE_SUSPENDED, True, True, True, False),
    ("2023-03-21 09:00", State.NOTICE_SUSPENDED, True, True, True, True),
    ("2023-03-21 12:00", State.IN_FORCE, True, True, False, False),
    ("2023-11-23 00:00", State.IN_FORCE, True, True, False, False),
    ("2024-12-31 00:00", State.IN_FORCE, True, True, False, False),
]


@pytest.mark.parametrize("row", INTERVALS, ids=lambda r: r[0])
def test_status_in_each_interval(row: tuple[str, State, bool, bool, bool, bool]) -> None:
    at, state, transfer, protect, contestable, uncertain = row
    answer = HISTORY.status(kst(at))
    assert (answer.status, answer.transfer, answer.protect) == (state, transfer, protect)
    assert (answer.contestable, answer.uncertain) == (contestable, uncertain)
    assert answer.in_force is transfer


# -- the divergent answers ------------------------------------------------------

PENDING = (State.NOTICE_PENDING, "2019-11-23", None, None)
AGAIN = (State.IN_FORCE, "2023-11-23", "2023-11-23", "2023-08-24")

READINGS = [
    ("2016-11-22 00:00", NEVER, NEVER, NEVER),
    ("2019-10-01 00:00", PENDING, PENDING, PENDING),
    (
        "2019-11-22 20:00",
        SUSPENDED,
        (State.NOTICE_SUSPENDED, "2020-11-23", "2019-11-23", None),
        PENDING,
    ),
    (
        "2019-11-23 12:00",
        SUSPENDED,
        (State.IN_FORCE, "2020-11-23", "2020-11-23", "2020-08-24"),
        ENDED,
    ),
    (
        "2020-08-24 23:59",
        SUSPENDED,
        (State.IN_FORCE, "2020-11-23", "2020-11-23", "2020-08-24"),
        ENDED,
    ),
    ("2020-08-26 00:00", SUSPENDED, (State.IN_FORCE, "2021-11-23", "2020-11-23", None), ENDED),
    (
        "2021-05-01 00:00",
        SUSPENDED,
        (State.IN_FORCE, "2021-11-23", "2021-11-23", "2021-08-24"),
        ENDED,
    ),
    ("2023-03-20 00:00", SUSPENDED, AGAIN, ENDED),
    ("2023-03-22 00:00", AGAIN, AGAIN, ENDED),
]


@pytest.mark.parametrize("row", READINGS, ids=lambda r: r[0])
def test_each_reading_gives_its_own_answer(row: tuple[str, object, object, object]) -> None:
    at, k, j, x = row
    answer = HISTORY.status(kst(at))
    assert [short(answer, r) for r in "KJX"] == [k, j, x]


@pytest.mark.parametrize(
    "at, contestable",
    [
        ("2019-10-01 00:00", False),
        ("2019-11-23 12:00", True),
        ("2020-08-26 00:00", True),
        ("2023-03-20 00:00", True),
        ("2023-03-22 00:00", False),
        ("2024-11-23 00:00", False),
    ],
)
def test_where_the_readings_differ_it_is_in_force_all_the_same(at: str, contestable: bool) -> None:
    """Both governments treated it as operating; X never decides."""
    answer = HISTORY.status(kst(at))
    assert (answer.in_force, answer.transfer, answer.contestable) == (True, True, contestable)


@pytest.mark.parametrize("reading", ["K", "J"])
def test_each_later_november_extends_it_again(reading: str) -> None:
    for year in range(2023, 2031):
        (before, after) = (kst(f"{year}-{day} 00:00") for day in ("11-22", "11-23"))
        assert short(HISTORY.status(before), reading)[2] == f"{year}-11-23"
        assert short(HISTORY.status(after), reading)[2] == f"{year + 1}-11-23"


def test_x_never_enters_the_answer_unless_asked() -> None:
    at = kst("2019-11-23 00:00")
    assert HISTORY.status(at).in_force
    strict = HISTORY.status(at, reading="X")
    assert (strict.status, strict.in_force, strict.transfer) == (State.TERMINATED, False, False)
    assert strict.protect
    assert strict.contestable
    assert "Art. 21(4)" in strict.articles
    assert SUSPENSION not in strict.events


def test_under_x_the_note_of_2023_needs_new_consent() -> None:
    after = HISTORY.status(kst("2023-03-22 00:00"), reading="X")
    assert after.status is State.TERMINATED
    assert not after.contestable
    common = HISTORY.status(kst("2023-03-22 00:00"))
    assert any("new consent" in text for text in common.notes)
    assert HISTORY.status(kst("2019-08-01 00:00")).notes == ()


@pytest.mark.parametrize(
    ("at", "reading", "state"),
    [
        ("2019-11-22 20:00", "X", State.NOTICE_PENDING),
        ("2019-11-22 20:00", "J", State.NOTICE_SUSPENDED),
        ("2020-01-01 00:00", "K", State.NOTICE_SUSPENDED),
        ("2020-01-01 00:00", "J", State.IN_FORCE),
    ],
)
def test_the_answer_of_one_reading(at: str, reading: str, state: State) -> None:
    answer = HISTORY.status(kst(at), reading=reading)
    assert answer.status is state
    assert set(answer.readings) == {"K", "J", "X"}


def test_unknown_reading_is_refused_with_the_known_ones() -> None:
    with pytest.raises(BadInput, match="expected a reading: K, J, X, got Q"):
        HISTORY.status(kst("2020-01-01 00:00"), reading="Q")


# -- what was known -------------------------------------------------------------

KNOWN = [
    # as of, known at, status, contestable
    ("2021-01-01 00:00", "2021-01-01 00:00", State.NOTICE_SUSPENDED, True),
    ("2021-01-01 00:00", "2023-04-01 00:00", State.NOTICE_SUSPENDED, True),
    ("2019-11-22 20:00", "2019-11-22 17:00", State.NOTICE_PENDING, False),
    ("2019-11-22 20:00", "2019-11-22 18:00", State.NOTICE_SUSPENDED, False),
    ("2019-11-24 00:00", "2019-11-22 17:00", State.TERMINATED, False),
    ("2019-08-24 00:00", "2019-08-23 15:00", State.IN_FORCE, False),
    ("2023-03-22 00:00", "2023-03-20 00:00", State.NOTICE_SUSPENDED, True),
    ("2020-01-01 00:00", "2019-08-01 00:00", State.IN_FORCE, False),
    ("2020-01-01 00:00", "2016-11-01 00:00", State.NOT_IN_FORCE, False),
]


@pytest.mark.parametrize(("at", "known", "state", "contestable"), KNOWN)
def test_status_from_what_was_known(at: str, known: str, state: State, contestable: bool) -> None:
    answer = HISTORY.status(kst(at), kst(known))
    assert (answer.status, answer.contestable) == (state, contestable)


def test_an_instrument_that_refers_to_an_unknown_one_waits_for_it() -> None:
    late = kst("2020-06-01 00:00")
    record = tuple(
        msgspec.structs.replace(i, known_at=late) if i.id == NOTICE else i for i in RECORD
    )
    at = kst("2019-12-01 00:00")
    before = status(REAL, record, at, late - timedelta(days=1))
    assert before.status is State.IN_FORCE
    assert before.events == ("2016-11-23-notification-jpn", "2016-11-23-notification-kor")
    assert status(REAL, record, at, late).status is State.NOTICE_SUSPENDED


# -- withdrawals ----------------------------------------------------------------

BASE = without(NORMAL)


def test_withdrawing_only_the_suspension_in_time_revives_the_notice() -> None:
    record = (
        *REAL_ENTRY,
        notice("n", kst("2019-08-23 15:30")),
        suspension("s", "n", kst("2019-09-01 00:00")),
        withdrawal("w", ("s",), kst("2019-10-01 00:00")),
    )
    life = Lifecycle(REAL, record)
    assert life.status(kst("2019-09-15 00:00")).status is State.NOTICE_SUSPENDED
    for reading in "KJX":
        answer = life.status(kst("2019-10-02 00:00"), reading=reading)
        assert answer.status is State.NOTICE_PENDING
        assert life.status(kst("2019-11-23 00:00"), reading=reading).status is State.TERMINATED


def test_withdrawing_only_the_suspension_too_late_ends_it_at_once_under_k() -> None:
    record = (*BASE, withdrawal("w", (SUSPENSION,), kst("2023-03-21 10:00")))
    life = Lifecycle(REAL, record)
    before, after = kst("2023-03-21 09:59"), kst("2023-03-21 10:00")
    assert life.status(before).transfer
    answer = life.status(after)
    assert (answer.status, answer.transfer, answer.protect) == (State.TERMINATED, False, True)
    assert answer.contestable
    assert short(answer, "K") == ENDED
    assert short(answer, "J") == AGAIN


def test_withdrawing_the_notice_in_time_leaves_it_in_force() -> None:
    record = (
        *REAL_ENTRY,
        notice("n", kst("2019-08-23 15:30")),
        withdrawal("w", ("n",), kst("2019-11-22 23:59")),
    )
    for at in ("2019-11-22 23:59", "2019-11-23 00:00", "2024-01-01 00:00"):
        answer = status(REAL, record, kst(at))
        assert (answer.status, answer.contestable) == (State.IN_FORCE, False)


def test_withdrawing_the_notice_too_late_changes_nothing() -> None:
    record = (
        *REAL_ENTRY,
        notice("n", kst("2019-08-23 15:30")),
        withdrawal("w", ("n",), kst("2019-11-23 00:00")),
    )
    answer = status(REAL, record, kst("2024-01-01 00:00"))
    assert (answer.status, answer.transfer, answer.protect) == (State.TERMINATED, False, True)
    assert answer.articles == ("Art. 21(1)", "Art. 21(3)", "Art. 21(4)")
    assert "w" not in answer.events


def test_withdrawing_only_the_notice_late_leaves_the_ground_contestable() -> None:
    only = (*BASE, withdrawal("w1", (NOTICE,), kst("2023-03-21 10:00")))
    answer = status(REAL, only, kst("2023-03-22 00:00"))
    assert (answer.status, answer.contestable) == (State.IN_FORCE, True)
    both = (*only, withdrawal("w2", (SUSPENSION,), kst("2023-03-21 11:00")))
    answer = status(REAL, both, kst("2023-03-22 00:00"))
    assert (answer.status, answer.contestable) == (State.IN_FORCE, False)


def test_withdrawing_the_notice_at_the_very_end_of_its_period() -> None:
    for at, contestable in (("2019-11-22 23:59:59", False), ("2019-11-23 00:00", True)):
        record = (
            *REAL_ENTRY,
            notice("n", kst("2019-08-23 15:30")),
            suspension("s", "n", kst("2019-09-01 00:00")),
            withdrawal("w", ("n",), kst(at)),
        )
        answer = status(REAL, record, kst("2020-01-01 00:00"))
        assert (answer.status, answer.contestable) == (State.IN_FORCE, contestable)


def test_what_ended_under_k_stays_contestable() -> None:
    record = (
        *BASE,
        withdrawal("w1", (SUSPENSION,), kst("2023-03-21 10:00")),
        withdrawal("w2", (NOTICE,), kst("2023-03-21 11:00")),
    )
    answer = status(REAL, record, kst("2023-03-22 00:00"))
    assert (answer.status, answer.contestable) == (State.TERMINATED, True)
    assert short(answer, "J") == AGAIN


def test_an_unknown_letter_holds_back_the_note_that_refers_to_it() -> None:
    late = kst("2023-06-01 00:00")
    record = tuple(
        msgspec.structs.replace(i, known_at=late) if i.id == "2023-03-17-letter" else i
        for i in RECORD
    )
    at = kst("2023-04-01 00:00")
    assert status(REAL, record, at, at).contestable
    assert status(REAL, record, at, late).status is State.IN_FORCE


def test_two_withdrawals_at_one_instant_are_one_act() -> None:
    at = kst("2023-03-21 10:00")
    pair = (withdrawal("a", (SUSPENSION,), at), withdrawal("b", (NOTICE,), at))
    assert status(REAL, (*BASE, *pair), at).status is State.IN_FORCE


def test_a_suspension_after_the_end_comes_too_late() -> None:
    record = (
        *REAL_ENTRY,
        notice("n", kst("2019-08-23 15:30")),
        suspension("s", "n", kst("2019-11-23 00:00")),
    )
    assert status(REAL, record, kst("2020-01-01 00:00")).status is State.TERMINATED


def test_only_the_author_suspends_or_withdraws() -> None:
    at = kst("2019-09-01 00:00")
    theirs = withdrawal("w", (SUSPENSION,), kst("2019-12-01 00:00"), "JPN")
    assert status(REAL, (*BASE, theirs), kst("2020-01-01 00:00")).status is State.NOTICE_SUSPENDED
    for act in (suspension("s", "n", at, "JPN"), withdrawal("w", ("n",), at, "JPN")):
        record = (*REAL_ENTRY, notice("n", kst("2019-08-23 15:30")), act)
        assert status(REAL, record, kst("2019-10-01 00:00")).status is State.NOTICE_PENDING
    twin = (*REAL_ENTRY, notice("n", kst("2019-08-23 15:30")), withdrawal("w", ("n",), at))
    assert status(REAL, twin, kst("2019-10-01 00:00")).status is State.IN_FORCE


def test_a_new_notice_while_one_is_suspended() -> None:
    record = (*BASE, notice("new", kst("2021-05-01 00:00")))
    answer = status(REAL, record, kst("2021-06-01 00:00"))
    assert short(answer, "J") == (State.NOTICE_PENDING, "2021-11-23", None, None)
    assert short(answer, "K") == (State.NOTICE_PENDING, "at_once", None, None)
    assert answer.contestable
    ended = status(REAL, record, kst("2021-11-23 00:00"))
    assert (ended.status, ended.contestable) == (State.TERMINATED, False)


def test_a_lapsed_notice_is_not_revived_under_j() -> None:
    record = (*BASE, suspension("again", NOTICE, kst("2020-01-01 00:00")))
    answer = status(REAL, record, kst("2020-02-01 00:00"))
    assert short(answer, "J")[0] is State.IN_FORCE
    assert "again" in answer.events  # under K it still holds the notice back
    asked = status(REAL, record, kst("2020-02-01 00:00"), reading="J")
    assert "again" not in asked.events
