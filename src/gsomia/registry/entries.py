"""What can happen to items and copies."""

from __future__ import annotations

from typing import ClassVar

from gsomia.fold import Event
from gsomia.registry.model import Change, Sealed, Shown
from gsomia.ruling import Ruling


class ContentExamined(Event, frozen=True, tag="registry.content_examined"):
    """This node looked for marks in content that lies sealed here, not yet registered.

    Its own finding, not an officer's word. Nothing of the content is in it but marks of
    this party's scheme and their places; `why` is set where it was not examined.
    """

    slot: str
    ciphertext_digest: str
    format: str
    why: str
    pages: int
    shown: tuple[Shown, ...]


class ItemRegistered(Event, frozen=True, tag="registry.item_registered"):
    """An item was registered, made here or received.

    For a received item this is also the marking on receipt (Art. 4(2)): the
    originator's name and this party's corresponding mark. `conditions` are those of the
    originator's consent by which another party gave it on.
    """

    personal: ClassVar[frozenset[str]] = frozenset({"registrar"})

    number: str
    agreement: str
    originator: str
    reference: str
    mark: str
    local_mark: str
    releasable_to: tuple[str, ...]
    caveats: tuple[str, ...]
    subject: str
    defence_related: bool
    form: str
    language: str
    pages: int
    short_title: str
    purpose: str
    copies: tuple[int, ...]
    copies_of: int
    facility: str
    sealed: Sealed
    transmittal: str
    ruling: Ruling
    registrar: str = ""
    conditions: tuple[str, ...] = ()


class CopiesAdded(Event, frozen=True, tag="registry.copies_added"):
    """Further copies of an item that is registered already were received and marked."""

    item: str
    copies: tuple[int, ...]
    of: int
    facility: str
    transmittal: str
    ruling: Ruling
    conditions: tuple[str, ...] = ()


class HandedOver(Event, frozen=True, tag="registry.handed_over"):
    """A copy changed keeper or place."""

    item: str
    copy: int
    keeper: str
    facility: str


class AccessPermitted(Event, frozen=True, tag="registry.access_permitted"):
    """A reader signed, and was permitted, before reading."""

    access: str
    item: str
    copy: int
    reader: str
    purpose: str
    until: str
    ruling: Ruling


class ContentOpened(Event, frozen=True, tag="registry.content_opened"):
    """The content of a permitted access was opened on this node."""

    access: str
    item: str


class Reclassified(Event, frozen=True, tag="registry.reclassified"):
    """The originator changed an item's classification (Art. 6(g)); re-marking is due.

    `to_mark` is in the originator's words; empty means declassified. Until
    `effective_at` (empty: at once) the old mark stands. Of two changes told by a partner
    the one of the higher `sequence` is later, in whatever order they arrive.
    """

    item: str
    from_mark: str
    to_mark: str
    reason: str
    notice: str
    effective_at: str = ""
    sequence: int = 0


class ChangeKept(Event, frozen=True, tag="registry.change_kept"):
    """The originator changed an item that is on its way, or waits for the registrar (Art. 6(g)).

    Once it is registered, `Reclassified` follows: else it would be read under its old mark.
    """

    agreement: str
    originator: str
    reference: str
    change: Change


class Remarked(Event, frozen=True, tag="registry.remarked"):
    """All copies of an item were re-marked as the originator ordered."""

    item: str
    mark: str
    local_mark: str


class CopiesReturned(Event, frozen=True, tag="registry.copies_returned"):
    """Copies went back to the originator (Art. 6(h))."""

    item: str
    copies: tuple[int, ...]


class DestructionProposed(Event, frozen=True, tag="registry.destruction_proposed"):
    """One person proposes to destroy an item's content here."""

    destruction: str
    item: str
    method: str
    reason: str
    proposed_by: str
    ruling: Ruling


class DestructionCertified(Event, frozen=True, tag="registry.destruction_certified"):
    """A second person certifies: the key slot may now be destroyed (Art. 13)."""

    destruction: str
    item: str
    certificate: str
    certified_by: str
    ruling: Ruling


class DestructionDeclined(Event, frozen=True, tag="registry.destruction_declined"):
    """A proposed destruction was taken back, or a second person did not certify it."""

    destruction: str
    item: str
    reason: str
    declined_by: str


class SlotDestroyed(Event, frozen=True, tag="registry.slot_destroyed"):
    """The item's key slot is gone from this node. `residual` names what could still open it."""

    destruction: str
    item: str
    residual: tuple[str, ...]


class ResidualCleared(Event, frozen=True, tag="registry.residual_cleared"):
    """Something that could still open destroyed content is gone too."""

    destruction: str
    gone: str


class BackupDeclared(Event, frozen=True, tag="registry.backup_declared"):
    """Somebody made a backup that holds key slots."""

    name: str
    declared_by: str


class BackupGone(Event, frozen=True, tag="registry.backup_gone"):
    """Such a backup was destroyed."""

    name: str
    declared_by: str


class IncidentMarked(Event, frozen=True, tag="registry.incident_marked"):
    """An item is under an incident, or no longer."""

    item: str
    under_incident: bool
    missing: tuple[int, ...] = ()
    finding: str = ""
