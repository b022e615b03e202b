"""One step of a normalisation: which act each step is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from gsomia.agreement import Kind, Moment

if TYPE_CHECKING:
    from gsomia.api import Answered, Officer


class Papers(msgspec.Struct, frozen=True):
    """What the letters of a normalisation say, and the moments on paper."""

    agreement: str
    withdrawn: tuple[str, str]
    language: str
    dated: Moment | None
    at: Moment
    place: str
    to: str
    peer: str


def step(officer: Officer, papers: Papers, stand: dict[str, Any]) -> Answered:
    """Have the officer take the next step of `stand`. Raises `BadInput` as the act does."""
    name = stand["next"]["step"]
    letter, instrument = stand["next"]["letter"], stand["next"]["instrument"]
    match name:
        case "request_drafted":
            return officer.draft_letter(
                papers.agreement,
                Kind.INTER_MINISTRY_LETTER,
                papers.language,
                refers_to=papers.withdrawn,
                asks=Kind.WITHDRAWAL,
            )
        case "note_drafted":
            request = next(s["letter"] for s in stand["steps"] if s["step"] == "request_drafted")
            return officer.draft_letter(
                papers.agreement,
                Kind.WITHDRAWAL,
                papers.language,
                withdraws=papers.withdrawn,
                request=request,
            )
        case "request_issued" | "note_issued":
            return officer.issue_letter(letter, papers.dated)
        case "handed_over":
            return _told(
                officer, papers, officer.hand_over_note(letter, papers.at, papers.place, papers.to)
            )
        case "received":
            received = officer.receive_note(papers.agreement, instrument, papers.at)
            return _told(officer, papers, received)
        case "told":
            return officer.tell_instrument(papers.peer, papers.agreement, instrument)
        case _:
            return officer.sign_off(letter)


def _told(officer: Officer, papers: Papers, answer: Answered) -> Answered:
    """The partner's node is told as soon as the record says so."""
    if answer.granted:
        instrument = str(answer.need("instrument"))
        officer.tell_instrument(papers.peer, papers.agreement, instrument)
    return answer
