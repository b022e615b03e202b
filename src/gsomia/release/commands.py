"""What can be asked about a release."""

from __future__ import annotations

from gsomia.act import Command


class RequestRelease(Command, frozen=True, tag="release.request"):
    """Ask to release copies of an item to the other party, for a purpose."""

    item: str
    agreement: str
    purpose: str
    copies: tuple[int, ...] = (1,)


class Review(Command, frozen=True, tag="release.review"):
    """Decide as the first person."""

    request: str
    favour: bool
    reason: str = ""


class Decide(Command, frozen=True, tag="release.decide"):
    """Decide as the second person.

    `conditions` are those of the originator's consent, word for word: whoever signs this
    states that each of them is met. An item of one's own has none.
    """

    request: str
    favour: bool
    reason: str = ""
    conditions: tuple[str, ...] = ()


class ConfirmGround(Command, frozen=True, tag="release.confirm-ground"):
    """Confirm, as one more person, that a decided release may go on contested ground."""

    request: str


class PassOn(Command, frozen=True, tag="release.pass-on"):
    """Give a received item to a third party (Art. 6(a)).

    `recipient` is an ISO alpha-3 code or the name of another entity. `conditions` are those
    of the consent, word for word: whoever signs this states that each of them is met.
    `paragraphs` names the parts that are given; empty means all of it.
    """

    item: str
    recipient: str
    purpose: str
    conditions: tuple[str, ...] = ()
    paragraphs: tuple[str, ...] = ()
