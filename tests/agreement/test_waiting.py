"""A paper about one that is not known: without effect until that is, then as if it always was."""

from __future__ import annotations

from itertools import permutations

import msgspec
import pytest

from gsomia.agreement import Instrument, Lifecycle, State, check_instrument
from gsomia.agreement.instruments import released, revived, waits_for
from gsomia.faults import BadInput
from tests.agreement.builders import REAL, REAL_ENTRY, kst, notice, suspension, withdrawal

GIVEN = notice("given", kst("2019-08-23 15:00"), known_at=kst("2019-12-01 09:00"))
HELD = suspension("held", "given", kst("2019-11-22 18:00"))
FREED_AT = kst("2020-03-01 10:00")
FREED = withdrawal("freed", ("held",), FREED_AT)
AT = kst("2020-02-01 00:00")
WAITS = "held has no effect yet: it refers to given, which is not on record."


def test_it_has_no_effect_and_the_answer_says_so() -> None:
    life = Lifecycle(REAL, (*REAL_ENTRY, HELD))
    answer = life.status(AT)
    assert (answer.status, answer.events) == (
        State.IN_FORCE,
        ("2016-11-23-notification-jpn", "2016-11-23-notification-kor"),
    )
    assert answer.notes == (WAITS,)
    assert life.status(kst("2019-11-22 17:59")).notes == (), "not handed over yet"


def test_it_has_effect_from_the_knowledge_of_what_it_waited_for() -> None:
    life = Lifecycle(REAL, (*REAL_ENTRY, HELD, GIVEN))
    before = life.status(AT, kst("2019-11-30 00:00"))
    assert (before.status, before.notes) == (State.IN_FORCE, (WAITS,))
    after = life.status(AT, kst("2019-12-01 09:00"))
    assert after.status is State.NOTICE_SUSPENDED
    assert WAITS not in after.notes


@pytest.mark.parametrize("order", list(permutations((GIVEN, HELD, FREED))))
def test_they_may_come_on_record_in_any_order(order: tuple[Instrument, ...]) -> None:
    record: tuple[Instrument, ...] = REAL_ENTRY
    revives = []
    for one in order:
        check_instrument(REAL, record, one, may_wait=True)
        revives.append(revived(REAL, record, one))
        record = (*record, one)
    assert [waits_for(record, one) for one in order] == [(), (), ()]
    # Asked when a suspension goes; a notice that comes last is in effect by its own words.
    assert revives == [(), (), () if order[-1] is GIVEN else ("given",)]
    assert Lifecycle(REAL, record).status(FREED_AT).status is State.TERMINATED


def test_one_paper_can_release_several_and_not_those_that_wait_for_more() -> None:
    other = suspension("other", "given", kst("2019-11-22 19:00"))
    two = withdrawal("two", ("given", "elsewhere"), FREED_AT)
    record = (*REAL_ENTRY, HELD, other, two)
    assert [i.id for i in released(record, GIVEN)] == ["held", "other"]
    assert waits_for(record, two) == ("given", "elsewhere")
    assert waits_for((*record, GIVEN), two) == ("elsewhere",)


@pytest.mark.parametrize(
    ("given", "state"),
    [
        (notice("given", kst("2019-08-23 15:00"), "JPN"), State.TERMINATED),
        (notice("given", kst("2020-01-01 00:00")), State.NOTICE_PENDING),
    ],
    ids=["another party's", "a later one"],
)
def test_what_does_not_fit_stays_without_effect(given: Instrument, state: State) -> None:
    record = (*REAL_ENTRY, HELD)
    check_instrument(REAL, record, given)
    assert Lifecycle(REAL, (*record, given)).status(AT).status is state
    with pytest.raises(BadInput):
        check_instrument(REAL, (*REAL_ENTRY, given), HELD, may_wait=True)


def test_a_withdrawal_that_does_not_fit_takes_nothing_from_the_author() -> None:
    anothers = withdrawal("theirs", ("given",), kst("2019-11-01 00:00"), "JPN")
    record = (*REAL_ENTRY, anothers, GIVEN)
    own = withdrawal("own", ("given",), kst("2019-11-10 00:00"))
    check_instrument(REAL, record, own)
    assert Lifecycle(REAL, (*record, own)).status(AT).status is State.IN_FORCE


def test_a_suspension_that_waits_keeps_no_other_from_freeing_the_notice() -> None:
    both = suspension("both", "given", kst("2019-11-22 19:00"))
    both = msgspec.structs.replace(both, refers_to=("given", "elsewhere"))
    assert revived(REAL, (*REAL_ENTRY, GIVEN, HELD, both), FREED) == ("given",)


def test_no_paper_waits_for_itself() -> None:
    with pytest.raises(BadInput, match="another instrument, got itself"):
        check_instrument(REAL, REAL_ENTRY, suspension("me", "me", AT), may_wait=True)
