"""What the treaty desk keeps: instruments on record, what partners told, letters, numbering."""

from __future__ import annotations

from gsomia.agreement.instruments import Instrument, Kind, Moment, Office
from gsomia.agreement.model import Role
from gsomia.fold import Doc

DESKS: dict[Role, str] = {
    Role.COMPETENT_AUTHORITY: "treaty_desk",
    Role.TREATY_NOTE_AUTHORITY: "treaty_note_officer",
}
"""Who acts for which authority: two roles, since only one of the two sends notes abroad."""

ISSUERS: dict[Kind, Role] = {
    Kind.INTER_MINISTRY_LETTER: Role.COMPETENT_AUTHORITY,
    Kind.NOTIFICATION_OF_REQUIREMENTS: Role.TREATY_NOTE_AUTHORITY,
    Kind.NOTICE_OF_TERMINATION: Role.TREATY_NOTE_AUTHORITY,
    Kind.SUSPENSION_OF_NOTICE: Role.TREATY_NOTE_AUTHORITY,
    Kind.WITHDRAWAL: Role.TREATY_NOTE_AUTHORITY,
}
"""The kinds that a desk drafts as letters, and the authority that issues each."""


class Filing(Doc, frozen=True, tag="desk.instrument"):
    """An instrument recorded on this node, beside those that ship with the pack."""

    agreement: str
    instrument: Instrument
    hypothetical: bool

    @property
    def key(self) -> str:
        """Agreement and instrument."""
        return f"{self.agreement} {self.instrument.id}"


class RecordBegins(Doc, frozen=True, tag="desk.record_begins"):
    """Where this node's record of an agreement begins, if not with all that ships.

    Of the instruments that ship with the pack, those known by `known_until` are on it. For a
    node founded to live through the later ones itself.
    """

    agreement: str
    known_until: str

    @property
    def key(self) -> str:
        """The agreement."""
        return self.agreement


class Told(Doc, frozen=True, tag="desk.told"):
    """An instrument as a partner's node told its record of it. It informs; it is not receipt.

    `sequence` is the notice's number in the partner's line.
    """

    agreement: str
    party: str
    instrument: Instrument
    hypothetical: bool
    notice: str
    at: str
    sequence: int = 0

    @property
    def key(self) -> str:
        """Agreement, who told, and instrument."""
        return f"{self.agreement} {self.party} {self.instrument.id}"


class ToldText(Doc, frozen=True, tag="desk.told_text"):
    """The agreed part of an agreement as a partner's node last told it: canonical text.

    `sequence` is the notice's number in the partner's line.
    """

    agreement: str
    party: str
    text: str
    at: str
    sequence: int = 0

    @property
    def key(self) -> str:
        """Agreement, and who told."""
        return f"{self.agreement} {self.party}"


class Letter(Doc, frozen=True, tag="desk.letter"):
    """A letter or note in the making, with its text as it was drafted.

    States: drafted, reviewed, approved, issued, handed_over, declined, cancelled. A letter
    inside one government ends with `issued`, a note with `handed_over`. `asks` says what
    kind of note an inter-ministry letter asks for; `request` is the letter that asked for
    this note. `instrument` is the id under which it went on record.
    """

    id: str
    agreement: str
    kind: Kind
    language: str
    office: str
    issuer: Office
    addressee: Office
    title: str
    paragraphs: tuple[str, ...]
    refers_to: tuple[str, ...]
    withdraws: tuple[str, ...]
    request: str
    asks: str
    hypothetical: bool
    drafted_by: str
    drafted_at: str
    state: str = "drafted"
    signed_off_by: tuple[str, ...] = ()
    number: str = ""
    dated: Moment | None = None
    issued_by: str = ""
    handed_over: Moment | None = None
    handed_over_by: str = ""
    instrument: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The letter's id."""
        return self.id

    @property
    def is_note(self) -> bool:
        """Whether it goes to the other government, and needs handing over."""
        return self.kind is not Kind.INTER_MINISTRY_LETTER

    @property
    def desk(self) -> str:
        """The role of those who draft it, sign it off and send it."""
        return DESKS[self.issuer.role]

    @property
    def settled(self) -> bool:
        """Whether nothing will be done about it any more."""
        end = "handed_over" if self.is_note else "issued"
        return self.state in (end, "declined", "cancelled")


class Numbering(Doc, frozen=True, tag="desk.numbering"):
    """How an office numbers its letters: text with `{serial}` once, and `{year}` at most once."""

    office: str
    pattern: str

    @property
    def key(self) -> str:
        """The office: an authority's id in the pack."""
        return self.office


class Series(Doc, frozen=True, tag="desk.series"):
    """The last number an office gave, in a year; `year` 0 where its numbers name none."""

    office: str
    year: int
    last: int

    @property
    def key(self) -> str:
        """Office and year."""
        return f"{self.office} {self.year}"


DEFAULT_NUMBERING = "{year}-{serial}"
"""Until an office says otherwise. No ministry's own scheme is assumed."""
