"""Steps out of order: each warns by its name, and stands beside a step that warns of nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from gsomia.agreement import Kind, Moment, shipped_instruments
from gsomia.agreement.instruments import Office
from gsomia.agreement.model import Role
from gsomia.cli.desklabels import DESK_LABELS
from gsomia.desk import order
from gsomia.desk.model import Letter, Told
from gsomia.fold import State


def day(number: int) -> Moment:
    return Moment.exact(datetime(2023, 3, number, tzinfo=UTC))


MND = Office("KOR", Role.COMPETENT_AUTHORITY, "Ministry of National Defense")
MOFA = Office("KOR", Role.TREATY_NOTE_AUTHORITY, "Ministry of Foreign Affairs")
BOTH = ("notice", "suspension")
REQUEST = Letter(
    id="L-1",
    agreement="rok-japan-2016",
    kind=Kind.INTER_MINISTRY_LETTER,
    language="ko",
    office="kor-mnd",
    issuer=MND,
    addressee=MOFA,
    title="",
    paragraphs=(),
    refers_to=BOTH,
    withdraws=(),
    request="",
    asks=Kind.WITHDRAWAL,
    hypothetical=False,
    drafted_by="P-6",
    drafted_at="2023-03-10T00:00:00Z",
    state="issued",
    dated=day(13),
)
NOTE = msgspec.structs.replace(
    REQUEST,
    id="L-2",
    kind=Kind.WITHDRAWAL,
    refers_to=(),
    withdraws=BOTH,
    request="L-1",
    asks="",
    dated=day(20),
)


@pytest.mark.parametrize(
    ("request_", "note", "warnings"),
    [
        ({}, {}, ()),
        ({}, {"withdraws": ("notice",), "refers_to": ("suspension",)}, ()),
        ({}, {"request": ""}, (order.NO_REQUEST,)),
        ({}, {"request": "L-9"}, (order.NO_REQUEST,)),
        ({"state": "approved"}, {}, (order.REQUEST_NOT_ISSUED,)),
        ({"state": "cancelled"}, {}, (order.REQUEST_NOT_ISSUED,)),
        ({"dated": day(21)}, {}, ()),
        ({"dated": day(22)}, {}, (order.REQUEST_IS_LATER,)),
        ({"asks": Kind.SUSPENSION_OF_NOTICE}, {}, (order.ASKED_FOR_ANOTHER,)),
        ({"refers_to": ("suspension",)}, {}, (order.ASKED_FOR_ANOTHER,)),
        ({"agreement": "rok-us-exercise"}, {}, (order.ASKED_FOR_ANOTHER,)),
        ({}, {"state": "approved"}, (order.NOT_ISSUED,)),
        ({}, {"dated": day(21)}, ()),
        ({}, {"dated": day(22)}, (order.DATED_LATER,)),
        ({"state": "drafted"}, {"state": "approved"}, (order.REQUEST_NOT_ISSUED, order.NOT_ISSUED)),
    ],
)
def test_handing_over_on_the_twenty_first(
    request_: dict[str, Any], note: dict[str, Any], warnings: tuple[str, ...]
) -> None:
    state = State()
    state.put(msgspec.structs.replace(REQUEST, **request_))
    letter = msgspec.structs.replace(NOTE, **note)
    assert order.of_handing_over(state, letter, day(21)) == warnings


def test_a_letter_inside_one_government_needs_no_request() -> None:
    assert order.of_request(State(), REQUEST, day(21)) == ()


@pytest.mark.parametrize(("given", "early"), [(20, False), (21, False), (22, True), (None, False)])
def test_a_note_received_before_it_was_given_warns(given: int | None, early: bool) -> None:
    notice = next(i for i in shipped_instruments("rok-japan-2016") if i.id == "2019-08-23-notice")
    over = None if given is None else day(given)
    told = Told(
        agreement="rok-japan-2016",
        party="KOR",
        instrument=msgspec.structs.replace(notice, handed_over=over, received=day(25)),
        hypothetical=False,
        notice="",
        at="2023-03-25T00:00:00Z",
    )
    assert order.of_receipt(told, day(21)) == ((order.RECEIVED_EARLY,) if early else ())


def test_every_warning_has_its_words() -> None:
    assert {f"warn_{name}" for name in order.WARNINGS} == {
        x for x in DESK_LABELS if x[:5] == "warn_"
    }
