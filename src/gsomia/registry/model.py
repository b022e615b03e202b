"""Items and their copies, as they stand in this registry.

An *item* is the information as registered; a *copy* is one accountable instance.
Custody, access and destruction are always of copies. Titles and content are
nowhere here: they lie sealed under the item's own key (`slot`).
"""

from __future__ import annotations

import msgspec

from gsomia.clearance.model import within
from gsomia.fold import Doc, Where

FORMS = ("oral", "visual", "electronic", "magnetic", "document", "equipment", "technology")
"""The forms of information in Art. 2(a): some of them never have a file."""


class Sealed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Content as it lies sealed on this node. `blob` is empty where there is no file.

    `cover` is the digest of the sealed cover sheet (title, and what was said,
    for an oral disclosure); sizes are in bytes.
    """

    slot: str
    key_commitment: str
    cover: str
    blob: str = ""
    ciphertext_digest: str = ""
    ciphertext_size: int = 0
    plaintext_size: int = 0
    media_type: str = ""


class Item(Doc, frozen=True, tag="registry.item"):
    """Information registered here, own or received.

    `mark` is the originator's mark, never altered; `local_mark` is this
    party's corresponding mark (the same for own items). `releasable_to` empty
    means nobody. `purpose` is what a received item may be used for; own items
    have none. `remark_to` is a change of classification not yet carried out, which
    takes effect at `remark_at` (empty: when it was filed); `remark_then` a later one, beside
    one that is due. `change_sequence` is the partner's number of the change that it told last.
    `conditions` are those that its
    originator set when it consented that another party gave it on to this one.
    """

    number: str
    book: str
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
    copies: int
    sealed: Sealed
    registered_at: str
    entry: Where
    transmittal: str = ""
    key_held: bool = True
    remark_to: str | None = None
    remark_at: str = ""
    remark_then: tuple[str, str] | None = None
    change_sequence: int = 0
    under_incident: bool = False
    conditions: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The control number."""
        return self.number

    def remark_due(self, now: str) -> bool:
        """Whether a change of classification is in effect and not carried out."""
        return self.remark_to is not None and within(now, self.remark_at, "")


class Reference(Doc, frozen=True, tag="registry.reference"):
    """Finds an item by its originator's control number."""

    originator: str
    reference: str
    number: str

    @property
    def key(self) -> str:
        """Originator and its reference."""
        return f"{self.originator} {self.reference}"


class Originator(Doc, frozen=True, tag="registry.originator"):
    """A party that originated something in this register: there are few, however many items."""

    party: str

    @property
    def key(self) -> str:
        """The party's code."""
        return self.party


class Copy(Doc, frozen=True, tag="registry.copy"):
    """Copy `number` of `of`: who keeps it, where, and how it stands.

    States: in_custody, in_transit, transferred (the partner acknowledged it),
    destruction_pending, destroyed, returned, missing.
    """

    item: str
    number: int
    of: int
    keeper: str
    facility: str
    state: str
    since: str

    @property
    def key(self) -> str:
        """Control number and copy number, as on the copy itself."""
        return f"{self.item}/{self.number}"


class Lodged(Doc, frozen=True, tag="registry.lodged"):
    """Which item the content under a slot belongs to: one, and no other."""

    slot: str
    item: str

    @property
    def key(self) -> str:
        """The slot's name."""
        return self.slot


class Change(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A change of classification by the originator; the fields are those of `Reclassified`.

    `sequence` is the notice's number in the partner's line, which says which change is later.
    """

    from_mark: str
    to_mark: str
    reason: str
    notice: str
    effective_at: str
    sequence: int


class ChangesKept(Doc, frozen=True, tag="registry.changes_kept"):
    """What an originator changed of an item before it was registered here, by sequence."""

    agreement: str
    originator: str
    reference: str
    changes: tuple[Change, ...]

    @property
    def key(self) -> str:
        """Agreement, originator and its reference."""
        return f"{self.agreement} {self.originator} {self.reference}"


class Shown(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mark of this party that content shows: how often, and first at `place` `number`.

    Places: `top` and `bottom` of a page, `header`, `footer`, `first` and `last` lines,
    `label` inside the file, `stamp` in a picture's metadata.
    """

    mark: str
    place: str
    number: int
    times: int

    @property
    def where(self) -> str:
        """The mark and its first place in one text, as a decision keeps it."""
        return f"{self.place} {self.number}: {self.mark}"


class Examined(Doc, frozen=True, tag="registry.examined"):
    """What this node saw in the content under a slot, before anybody registered it.

    `why` says why it was not examined; empty if it was.
    """

    slot: str
    format: str
    why: str
    pages: int
    shown: tuple[Shown, ...]

    @property
    def key(self) -> str:
        """The slot's name."""
        return self.slot


class Serial(Doc, frozen=True, tag="registry.serial"):
    """The last serial given in one register and year: numbers have no gaps."""

    registry: str
    year: int
    last: int

    @property
    def key(self) -> str:
        """Registry and year."""
        return f"{self.registry} {self.year}"


class Access(Doc, frozen=True, tag="registry.access"):
    """A permitted access: the reader signed before reading. Content opens until `until`."""

    id: str
    item: str
    copy: int
    reader: str
    purpose: str
    signed_at: str
    until: str

    @property
    def key(self) -> str:
        """The access id."""
        return self.id


class Destruction(Doc, frozen=True, tag="registry.destruction"):
    """A destruction of an item's content, from proposal to certificate (Art. 13).

    States: proposed, certified, shredded, or declined. `residual` names what could still
    open the content after the slot is gone; empty means nothing known could.
    """

    id: str
    item: str
    method: str
    reason: str
    proposed_by: str
    proposed_at: str
    state: str
    certificate: str = ""
    certified_by: str = ""
    certified_at: str = ""
    residual: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The id of the destruction."""
        return self.id

    @property
    def settled(self) -> bool:
        """Declined, or done and nothing known could bring the content back."""
        return self.state == "declined" or (self.state == "shredded" and not self.residual)


class Backup(Doc, frozen=True, tag="registry.backup"):
    """A backup that holds key slots: while it lasts, destroyed content could come back from it."""

    name: str
    made_at: str
    gone_at: str = ""

    @property
    def key(self) -> str:
        """The backup's name."""
        return self.name


def control_number(registry: str, year: int, serial: int) -> str:
    """The number of an item. It carries no level: it travels on the outer envelope (Art. 12)."""
    return f"{registry}-{year:04d}-{serial:06d}"
