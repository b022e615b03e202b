"""Two records of one agreement: where they differ, both are shown and the stricter applies."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsomia.agreement import Instrument, Moment, Status, shipped, shipped_instruments
from gsomia.agreement.lifecycle import ALIVE, CAUTION
from gsomia.agreement.records import Record, Standing, differences, stricter

PACK = shipped("rok-japan-2016")
RECORD = shipped_instruments(PACK.id)
BY_ID = {i.id: i for i in RECORD}
NOTICE, SUSPENSION = BY_ID["2019-08-23-notice"], BY_ID["2019-11-22-suspension"]
NOTE = BY_ID["2023-03-21-withdrawal"]
OPEN = tuple(i for i in RECORD if i.known_from < NOTE.known_from)
LATER = datetime(2023, 6, 1, tzinfo=UTC)


def with_(instrument: Instrument, **fields: object) -> Instrument:
    return msgspec.structs.replace(instrument, **fields)


def standing(ours: tuple[Instrument, ...], *told: Instrument) -> Standing:
    return Standing(Record(PACK, ours, told))


def moved(instrument: Instrument, at: datetime) -> Instrument:
    return with_(instrument, handed_over=Moment.exact(at), known_at=None)


CASES = [
    # what we recorded, what the partner told; our answer, theirs, the one that applies
    ("nothing told", OPEN, (), ("notice_suspended", None, "notice_suspended")),
    ("told, not received", OPEN, (NOTE,), ("notice_suspended", "in_force", "notice_suspended")),
    ("both have it", RECORD, (NOTE,), ("in_force", None, "in_force")),
    (
        "they have a later day",
        RECORD,
        (moved(NOTE, datetime(2023, 7, 1, tzinfo=UTC)),),
        ("in_force", "notice_suspended", "notice_suspended"),
    ),
    (
        "they say that it withdraws one only",
        RECORD,
        (with_(NOTE, withdraws=(SUSPENSION.id,)),),
        ("in_force", "terminated", "terminated"),
    ),
]


@pytest.mark.parametrize(
    "ours, told, answers", [c[1:] for c in CASES], ids=[c[0].replace(" ", "-") for c in CASES]
)
def test_the_stricter_record_applies(
    ours: tuple[Instrument, ...],
    told: tuple[Instrument, ...],
    answers: tuple[str, str | None, str],
) -> None:
    found = standing(ours, *told)
    own, theirs, top = answers
    assert found.ours.status(LATER).status == own
    assert (found.theirs.status(LATER).status if found.theirs else None) == theirs
    assert found.status(LATER).status == top
    assert bool(found.differences) == (theirs is not None)


def test_what_an_ended_record_of_theirs_forbids_ours_does_not_allow() -> None:
    found = standing(RECORD, with_(NOTE, withdraws=(SUSPENSION.id,))).status(LATER)
    assert (found.transfer, found.protect) == (False, True)


@pytest.mark.parametrize(
    "change, field",
    [
        ({"withdraws": (NOTICE.id,)}, "withdraws"),
        ({"handed_over": Moment.exact(LATER)}, "handed_over"),
        ({"channel": "public"}, "channel"),
        ({"issuers": ()}, "issuers"),
    ],
)
def test_a_difference_names_the_field_and_both_values(
    change: dict[str, object], field: str
) -> None:
    (found,) = differences(RECORD, [with_(NOTE, **change)])
    assert (found.instrument, found.field) == (NOTE.id, field)
    assert found.ours != found.theirs


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Other words"},
        {"note": "a remark"},
        {"source": "elsewhere"},
        {"known_at": LATER},
        {"received": Moment.exact(LATER)},
    ],
)
def test_words_and_what_one_side_alone_can_know_are_no_difference(
    change: dict[str, object],
) -> None:
    assert differences(RECORD, [with_(NOTE, **change)]) == ()


@st.composite
def statuses(draw: st.DrawFn) -> Status:
    """Any answer, whether a lifecycle would give it or not."""
    state = draw(st.sampled_from(CAUTION))
    transfer, protect, contestable, uncertain = (draw(st.booleans()) for _ in range(4))
    return Status(
        status=state,
        in_force=state in ALIVE,
        transfer=transfer,
        protect=protect,
        contestable=contestable,
        uncertain=uncertain,
        readings={},
        articles=(),
        events=(),
        notes=(),
    )


@given(statuses(), statuses())
def test_neither_side_alone_allows_anything(a: Status, b: Status) -> None:
    both = stricter(a, b)
    assert both.transfer == (a.transfer and b.transfer)
    assert both.protect == (a.protect or b.protect)
    assert both.uncertain == (a.uncertain or b.uncertain)
    assert CAUTION.index(both.status) == max(CAUTION.index(a.status), CAUTION.index(b.status))
    assert msgspec.structs.replace(stricter(b, a), events=(), notes=()) == msgspec.structs.replace(
        both, events=(), notes=()
    )
