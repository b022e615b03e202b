"""What a transmittal says: the body of the statement `transmittal`, and all it can carry.

These are formats: they check spelling, bounds and agreement within themselves.
Whether a release was lawful, a mark known, or an officer entitled is decided above.
"""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from gsomia.canon import digest
from gsomia.exchange.fields import (
    Articles,
    Copies,
    CopyNumber,
    Count,
    Digest,
    Ident,
    KemKeyId,
    Language,
    Line,
    Mark,
    Marks,
    MediaType,
    Name,
    NoteKeyId,
    NoteText,
    Parties,
    PartyCode,
    Reference,
    RegisterNumber,
    RegistryCode,
    SealedCover,
    SequenceNumber,
    Text,
    check_ascending,
    check_instant,
    check_line,
)
from gsomia.exchange.keyparts import MAX_ITEMS
from gsomia.exchange.notices import Act, AgreedTextTold, Notice, check_standing_alone
from gsomia.exchange.sealed import Sealed, sealed_size
from gsomia.faults import BadInput

TRANSMITTAL = "transmittal"
"""The statement kind."""

Precedence = Literal["Z", "O", "P", "R"]
"""FLASH, IMMEDIATE, PRIORITY, ROUTINE: ACP 127's prosigns."""


class Form(Enum):
    """The forms information can have (Art. 2(a))."""

    ORAL = "oral"
    VISUAL = "visual"
    ELECTRONIC = "electronic"
    MAGNETIC = "magnetic"
    DOCUMENT = "document"
    EQUIPMENT = "equipment"
    TECHNOLOGY = "technology"


class LeafRef(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entry in one of the sender's books: the decision that released an item."""

    book: Name
    index: Count
    leaf: Digest


# -- one item ---------------------------------------------------------------------


class File(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="content", tag="sealed"
):
    """The item travels as a sealed item, the next section of the container."""

    media_type: MediaType
    plaintext_size: Count
    ciphertext_digest: Digest
    ciphertext_size: Count

    def __post_init__(self) -> None:
        if self.ciphertext_size != sealed_size(self.plaintext_size):
            raise BadInput("the size that sealing gives", "another", "item.ciphertext_size")

    @classmethod
    def of(cls, media_type: str, sealed: Sealed) -> File:
        """The file line of what `sealed.seal` returned."""
        return cls(
            media_type=media_type,
            plaintext_size=sealed.plaintext_size,
            ciphertext_digest=sealed.ciphertext_digest,
            ciphertext_size=sealed.ciphertext_size,
        )


class Disclosed(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="content", tag="disclosed"
):
    """The item was told or shown: this line registers it (Art. 2(a)).

    What was said stands in the sealed cover sheet, with the rest of the content.
    """

    given_at: Line

    def __post_init__(self) -> None:
        check_instant(self.given_at, "item.given_at")


class Elsewhere(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="content", tag="none"
):
    """The item is an object that travels by itself: equipment, a sealed package (Art. 12)."""


class Onward(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Another's item, given on by a holder: under which consent, and with which mark of its own.

    `mark` is the one that the sender put beside the originator's on receipt. `consent` is
    the id of the notice by which the sender asked its originator, and `conditions` are
    what the originator's answer binds the recipient to.
    """

    mark: Mark
    consent: Ident
    conditions: tuple[Text, ...] = ()

    def __post_init__(self) -> None:
        check_line(self.mark, "item.onward.mark")


class ItemLine(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True
):
    """One item as the statement lists it, complete enough to register it.

    `reference` is the originator's control number. `cover` is the sealed cover
    sheet: the title is content, and opens with the item's key alone, to which
    `key_commitment` binds the sender. `originator_mark` is the mark's
    text exactly as the originator wrote it; nothing is mapped or translated here.
    `releasable_to` is empty only where the mark alone decides. `copies` are the copy
    numbers that travel here, out of `copies_of` made. `onward` stands on an item that the
    sender did not originate, and on no other.
    """

    reference: Reference
    originator: PartyCode
    originator_mark: Mark
    releasable_to: Parties
    caveats: Marks
    form: Form
    short_title: Name
    cover: SealedCover
    key_commitment: Digest
    language: Language
    pages: Count
    purpose: Annotated[str, Meta(min_length=1, max_length=4000)]
    subject: Line
    basis: Articles
    release: LeafRef
    copies: Copies
    copies_of: CopyNumber
    content: File | Disclosed | Elsewhere
    onward: Onward | None = None

    @property
    def sealed(self) -> Sealed | None:
        """What `sealed.open_sealed` expects, or None where there is no file."""
        if not isinstance(self.content, File):
            return None
        return Sealed(
            self.content.ciphertext_digest,
            self.content.ciphertext_size,
            self.content.plaintext_size,
            self.key_commitment,
        )

    @property
    def bound_digest(self) -> str:
        """The digest that the item's wrapped key is bound to: of its file, or of its cover."""
        if isinstance(self.content, File):
            return self.content.ciphertext_digest
        return digest(self.cover)

    def __post_init__(self) -> None:
        for name in ("reference", "originator_mark", "short_title"):
            check_line(getattr(self, name), f"item.{name}")
        check_ascending(self.releasable_to, "item.releasable_to")
        check_ascending(self.copies, "item.copies")
        if max(self.copies, default=0) > self.copies_of:
            raise BadInput(f"copy numbers up to {self.copies_of}", "a higher one", "item.copies")
        if isinstance(self.content, Disclosed) and self.form not in (Form.ORAL, Form.VISUAL):
            raise BadInput("the form oral or visual", self.form.value, "item.form")


# -- what a transmittal carries ---------------------------------------------------


class _Carried(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind"):
    """One thing a transmittal can carry. The class's tag is its kind."""


class Items(_Carried, frozen=True, tag="items"):
    """Classified items, the dispatching officer's act with them."""

    items: Annotated[tuple[ItemLine, ...], Meta(min_length=1, max_length=MAX_ITEMS)]
    act: Act

    def __post_init__(self) -> None:
        references = [line.reference for line in self.items]
        if len(set(references)) != len(references):
            raise BadInput("each item once", "one reference twice", "items")

    def files(self) -> tuple[File, ...]:
        """The lines that have a section in the container, in its order."""
        return tuple(i.content for i in self.items if isinstance(i.content, File))


class CopyLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The registrar's answer for one copy: accepted under a local number, or refused and why."""

    reference: Reference
    copy: CopyNumber
    accepted: bool
    reason: Text = ""
    local_number: Line = ""
    local_mark: Line = ""

    def __post_init__(self) -> None:
        if self.accepted and not (self.local_number and self.local_mark):
            raise BadInput("a local number and mark", "none", "acceptance line")
        if not self.accepted and not self.reason:
            raise BadInput("a reason", "none", "acceptance line")


class Acceptance(_Carried, frozen=True, tag="acceptance"):
    """Acceptance of a transmittal, copy by copy, signed by the registrar after marking."""

    transmittal: Ident
    number: RegisterNumber
    lines: Annotated[tuple[CopyLine, ...], Meta(min_length=1, max_length=MAX_ITEMS)]
    act: Act


class Void(_Carried, frozen=True, tag="void"):
    """Nothing: the number of a transmittal that was cancelled after it was given."""

    reason: Text


class Heartbeat(_Carried, frozen=True, tag="heartbeat"):
    """Nothing: it takes the next number, so that a lost last transmittal shows."""


class Succession(_Carried, frozen=True, tag="succession"):
    """A signed `card-succession`: the sender's next node card."""

    statement: NoteText


class Checkpoint(_Carried, frozen=True, tag="checkpoint"):
    """An add-checkpoint request (C2SP tlog-witness), for links without a live connection."""

    request: NoteText


class Cosignature(_Carried, frozen=True, tag="cosignature"):
    """The witness's answer to a checkpoint: cosignature lines."""

    lines: NoteText


Carried = Items | Notice | Acceptance | Void | Heartbeat | Succession | Checkpoint | Cosignature


# -- the body ---------------------------------------------------------------------


class Message(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    kw_only=True,
    rename={"from_": "from"},
):
    """What the sender says, before sealing adds what binds it to its bytes.

    `agreed_digest` is the digest of the agreed part of the agreement pack in force
    at sealing; `sequence` the place in this agreement and direction; `contiguous`
    the highest contiguous sequence received from the other side; `card` the digest
    of the sender's node card.
    """

    id: Ident
    from_: RegistryCode
    to: RegistryCode
    agreement: Name
    agreed_digest: Digest
    sequence: SequenceNumber
    number: RegisterNumber
    sealed_at: Line
    precedence: Precedence
    contiguous: Count
    card: Digest
    carries: Carried

    def __post_init__(self) -> None:
        check_instant(self.sealed_at, "transmittal.sealed_at")
        if self.from_ == self.to:
            raise BadInput("two registries", "one", "transmittal.to")
        if isinstance(self.carries, Notice):
            check_standing_alone(self.carries)

    @property
    def flash(self) -> bool:
        """True for FLASH, which may overtake."""
        return self.precedence == "Z"

    def files(self) -> tuple[File, ...]:
        """The lines that have a section in the container, in its order."""
        return self.carries.files() if isinstance(self.carries, Items) else ()

    def items(self) -> tuple[ItemLine, ...]:
        """The items it carries: each has a key of its own in the key part."""
        return self.carries.items if isinstance(self.carries, Items) else ()

    def tells_text(self) -> bool:
        """True for a notice of the text that its sender holds: it acts under none."""
        return isinstance(self.carries, Notice) and isinstance(self.carries.about, AgreedTextTold)


class Transmittal(Message, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The body of the signed statement `transmittal`: a message and what binds it.

    `key_part` is the digest of the key section, `kem_key_id` the recipient's key it
    is sealed to, `signers` the identifiers of both signing keys: naming them inside
    what is signed keeps either signature from being stripped or swapped.
    """

    kem_key_id: KemKeyId
    key_part: Digest
    signers: tuple[NoteKeyId, NoteKeyId]
