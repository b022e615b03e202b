"""What can happen to a release."""

from __future__ import annotations

from gsomia.fold import Event
from gsomia.ruling import Ruling


class Requested(Event, frozen=True, tag="release.requested"):
    """Somebody asked to release an item to the other party."""

    request: str
    item: str
    agreement: str
    recipient: str
    purpose: str
    copies: tuple[int, ...]
    requested_by: str
    ruling: Ruling


class Reviewed(Event, frozen=True, tag="release.reviewed"):
    """The first person decided in favour; a second must decide."""

    request: str
    item: str
    reviewed_by: str
    ruling: Ruling


class Approved(Event, frozen=True, tag="release.approved"):
    """The second person decided in favour: the item is released, under these articles.

    `conditions` are those of its originator's consent, which that person stated to be met.
    """

    request: str
    item: str
    reference: str
    recipient: str
    purpose: str
    copies: tuple[int, ...]
    decided_by: str
    articles: tuple[str, ...]
    ruling: Ruling
    conditions: tuple[str, ...] = ()


class GroundConfirmed(Event, frozen=True, tag="release.ground_confirmed"):
    """One more person confirmed a release on contested ground, under this reading and policy."""

    request: str
    item: str
    by: str
    reading: str
    policy_version: int
    ruling: Ruling


class Denied(Event, frozen=True, tag="release.denied"):
    """A person decided against."""

    request: str
    item: str
    decided_by: str
    reason: str


class AssuranceRecorded(Event, frozen=True, tag="release.assurance_recorded"):
    """The recipient's assurance before release arrived (Art. 7(5))."""

    request: str
    party: str
    clearance: str
    need: bool
    equivalent_protection: bool
    notice: str


class ConsentAsked(Event, frozen=True, tag="release.consent_asked"):
    """A holder asked the originator for consent to pass an item on."""

    consent: str
    ours: bool
    reference: str
    item: str
    recipient: str
    purpose: str
    paragraphs: tuple[str, ...] = ()


class ConsentAnswered(Event, frozen=True, tag="release.consent_answered"):
    """The originator granted, with conditions, or refused."""

    consent: str
    granted: bool
    conditions: tuple[str, ...]
    until: str
    reason: str
    notice: str


class ItemPassedOn(Event, frozen=True, tag="release.item_passed_on"):
    """A received item was given to a third party under the originator's written consent.

    `conditions` are the consent's, stated to be met, `paragraphs` the parts given (empty: all).
    `release` is the request under another agreement that it goes by, if it goes by one.
    """

    release: str
    item: str
    recipient: str
    purpose: str
    consent: str
    conditions: tuple[str, ...]
    ruling: Ruling
    paragraphs: tuple[str, ...] = ()


class PassingOnUndone(Event, frozen=True, tag="release.passing_on_undone"):
    """What was to be given to a third party never was.

    `why`: its transmittal was cancelled, refused by the third party's node, or declined
    by its registrar, each copy of it.
    """

    release: str
    item: str
    why: str
