"""March 2023 once more: one note withdraws the notice of 2019 and its suspension, on both nodes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from gsomia.agreement.instruments import Kind, Moment
from gsomia.agreement.pack import shipped
from gsomia.canon import instant, parse_instant
from gsomia.demo.cast import AGREEMENT, Side, need, now, wait
from gsomia.demo.story import Story, told
from gsomia.faults import Unavailable

RECORD_UNTIL = datetime.fromisoformat("2023-03-16T23:59:59+09:00")
"""Both nodes are founded with what was known then; what followed they live through."""
NOTICE, SUSPENSION = "2019-08-23-notice", "2019-11-22-suspension"
LETTER_DAY = "2023-03-17"
MORNING = ("2023-03-21T09:00:00+09:00", "2023-03-21T12:00:00+09:00")
"""In the morning; the hour is not public."""
GROUND = ("Art. 21(3)",)


def normalise(story: Story, kor: Side, jpn: Side) -> None:
    """The ministry's letter, the note, its handing over, its receipt; then both statuses."""
    for side in (kor, jpn):
        words = f"status before: {_words(_status(side))}"
        story.done(side.registry, words, "done", "from its own record")
    day = Moment.day(datetime.fromisoformat(LETTER_DAY).date(), shipped(AGREEMENT).zone)
    morning = Moment(*(parse_instant(t, "demonstration") for t in MORNING))
    both = (NOTICE, SUSPENSION)
    asked = need(
        kor.officer("K-6").draft_letter(
            AGREEMENT,
            Kind.INTER_MINISTRY_LETTER,
            "ko",
            refers_to=both,
            asks=Kind.WITHDRAWAL,
        )
    )
    request = told(asked, "letter")
    number = _through(kor, request, ("K-6", "K-7", "K-8"), day)
    story.done("K-6", f"the defence ministry's letter {number} asks for a note", "sent")
    note = told(
        need(
            kor.officer("K-10").draft_letter(
                AGREEMENT, Kind.WITHDRAWAL, "ko", withdraws=both, request=request
            )
        ),
        "letter",
    )
    answer = kor.officer("K-10").sign_off(note)
    story.refused("K-10", f"signing off {note}, which K-10 drafted", answer,
                  "signed_off_by_another_person")  # fmt: skip
    number = _through(kor, note, ("K-10", "K-11", "K-12"), Moment.exact(morning.earliest))
    over = need(kor.officer("K-12").hand_over_note(note, morning, "Seoul", "Embassy of Japan"))
    instrument = told(over, "instrument")
    story.done("K-12", f"note {number} handed over: both withdrawn", "sent", "", GROUND)
    need(kor.officer("K-12").tell_instrument(jpn.registry, AGREEMENT, instrument))
    _receive(story, kor, jpn, instrument, morning)


def _receive(story: Story, kor: Side, jpn: Side, instrument: str, morning: Moment) -> None:
    """Told is not received: until Japan's desk records the note, the stricter record applies."""

    def heard() -> dict[str, Any] | None:
        rows = jpn.rows("told", agreement=AGREEMENT)
        return next((r for r in rows if r["instrument"]["id"] == instrument), None)

    wait("what Korea's node tells", heard)
    between = _status(jpn)
    story.done(
        "J-10",
        f"told by Korea's node, not received yet: status here {_words(between)}",
        "done",
        f"by the two records: {between['records']['ours']}, {between['records']['theirs']}",
    )
    received = Moment.exact(morning.latest + timedelta(hours=1))
    need(jpn.officer("J-10").receive_note(AGREEMENT, instrument, received))
    need(jpn.officer("J-10").tell_instrument(kor.registry, AGREEMENT, instrument))
    story.done("J-10", f"{instrument} recorded as received", "received", "", GROUND)

    def known() -> bool | None:
        rows = kor.rows("told", agreement=AGREEMENT)
        return True if any(r["instrument"]["received"] for r in rows) else None

    wait("Japan's receipt", known)
    for side in (kor, jpn):
        words = f"status after, entries cosigned: {_words(_status(side))}"
        story.done(side.registry, words, "done")


def _through(side: Side, letter: str, people: tuple[str, str, str], dated: Moment) -> str:
    """Signed off by two, then issued by the one who drafted it; its number."""
    drafter, *others = people
    for person in others:
        need(side.officer(person).sign_off(letter))
    return told(need(side.officer(drafter).issue_letter(letter, dated)), "number")


def _status(side: Side) -> dict[str, Any]:
    """The status now, once the partner has cosigned the entries."""
    _, wrong = side.door.tick()
    if any(wrong.values()):
        raise Unavailable("; ".join(f"{k}: {v}" for k, v in wrong.items() if v))
    return dict(side.view("agreement", agreement=AGREEMENT, now=instant(now())))


def _words(status: dict[str, Any]) -> str:
    ground = ", contestable" if status["contestable"] else ""
    return f"{status['status']}{ground}"
