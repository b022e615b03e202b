"""Requests, assurances and consents, as they stand.

The agreement obliges nobody to send anything: a release is a decision of the
originator each time, never a consequence of the agreement being in force.
"""

from __future__ import annotations

from gsomia.fold import Doc, Where


class Request(Doc, frozen=True, tag="release.request"):
    """A request to release an item to the other party.

    States: requested, reviewed, approved, denied, dispatched. `decision` is
    the place of the approving entry, which every transmittal cites; `conditions` are those of the
    originator's consent that its signer stated to be met.
    """

    id: str
    item: str
    agreement: str
    recipient: str
    purpose: str
    copies: tuple[int, ...]
    requested_by: str
    requested_at: str
    state: str
    reviewed_by: str = ""
    decided_by: str = ""
    decision: Where | None = None
    articles: tuple[str, ...] = ()
    ground_confirmed_by: str = ""
    ground_reading: str = ""
    ground_policy: int = 0
    conditions: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The request's id."""
        return self.id

    @property
    def settled(self) -> bool:
        """Denied or under way. What a partner's node turns away is open again."""
        return self.state in ("denied", "dispatched")


class Assurance(Doc, frozen=True, tag="release.assurance"):
    """What the recipient assured before release (Art. 7(5)(a) to (c))."""

    request: str
    party: str
    clearance: str
    need: bool
    equivalent_protection: bool
    given_at: str
    notice: str

    @property
    def key(self) -> str:
        """The request it answers."""
        return self.request


class Consent(Doc, frozen=True, tag="release.consent"):
    """The originator's answer to a holder who wants to pass an item on (Art. 6(a)).

    `ours` is true where we are the originator asked. States: asked, granted,
    refused. Silence is never consent. `paragraphs` names the parts asked for (empty: all).
    """

    id: str
    ours: bool
    reference: str
    item: str
    recipient: str
    purpose: str
    state: str
    conditions: tuple[str, ...] = ()
    until: str = ""
    reason: str = ""
    answer: str = ""
    paragraphs: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The id of the notice that asked."""
        return self.id


class PassedOn(Doc, frozen=True, tag="release.passed_on"):
    """A received item was given to a third party, under a consent.

    `undone` says why it was not given after all: cancelled, refused or declined.
    """

    id: str
    item: str
    recipient: str
    purpose: str
    consent: str
    conditions: tuple[str, ...]
    at: str
    paragraphs: tuple[str, ...] = ()
    undone: str = ""
    undone_at: str = ""

    @property
    def key(self) -> str:
        """The id of the release: of the request under another agreement, if it goes by one."""
        return self.id
