"""Notices: one form for every question and answer between two nodes.

A notice states one thing under one article, and may answer one earlier notice.
Which answer may follow which question is a table here; whether the question was
justified, and what follows from the answer, is decided in the layers that own it.
"""

from __future__ import annotations

from typing import Annotated, Any, Protocol

import msgspec

from gsomia.agreement.difference import MAX_TEXT, read_agreed
from gsomia.agreement.instruments import MAX_ID, Instrument
from gsomia.canon import encode
from gsomia.exchange.fields import (
    Articles,
    Copies,
    CopyNumber,
    Ident,
    Line,
    Mark,
    Name,
    NoteText,
    Reference,
    References,
    Text,
    check_ascending,
    check_instant,
    check_line,
)
from gsomia.faults import BadInput


class Act(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A person's own act: the command they signed, and who their node says they are.

    `command` is a signed statement of kind `command` by the officer's keys;
    `certificate` one of kind `officer-certificate` by the officer's node. Both
    are checked by `officer.open_act`; a node's key never stands for a person.
    """

    command: NoteText
    certificate: NoteText


class _About(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind"):
    """What a notice says. The class's tag is the notice's kind."""


# -- assurance before release, Art. 7(5) -----------------------------------------


class AssuranceAsked(_About, frozen=True, tag="assurance_asked"):
    """The giving side asks for the assurance that must come before a release (Art. 7(5))."""

    request: Reference
    mark: Mark
    purpose: Text
    form: Name
    subject: Line
    copies: CopyNumber


class AssuranceGiven(_About, frozen=True, tag="assurance_given"):
    """The receiving side assures the three points of Art. 7(5), each for itself.

    `clearance` is the needed clearance, as the mark it reaches (a); `need` the
    official need (b); `equivalent_protection` protection under its law (c). A
    point that is not assured is false, never left out.
    """

    request: Reference
    clearance: Mark
    need: bool
    equivalent_protection: bool


class AssuranceRefused(_About, frozen=True, tag="assurance_refused"):
    """The receiving side does not assure (Art. 7(5))."""

    request: Reference
    reason: Text


# -- consent of the originator, Art. 6(a) and 6(c) -------------------------------


class ConsentAsked(_About, frozen=True, tag="consent_asked"):
    """A holder asks the originator before giving an item to a third party (Art. 6(a)).

    `paragraphs` names parts of the item; empty means all of it.
    """

    reference: Reference
    recipient: Name
    recipient_kind: Name
    purpose: Text
    paragraphs: tuple[Name, ...] = ()


class ConsentGranted(_About, frozen=True, tag="consent_granted"):
    """The originator consents, under its conditions and up to `until` (empty: no end)."""

    reference: Reference
    recipient: Name
    purpose: Text
    conditions: tuple[Text, ...] = ()
    until: Line = ""

    def __post_init__(self) -> None:
        if self.until:
            check_instant(self.until, "consent_granted.until")


class ConsentRefused(_About, frozen=True, tag="consent_refused"):
    """The originator does not consent."""

    reference: Reference
    reason: Text


# -- change of level, Art. 6(g) ---------------------------------------------------


class Reclassified(_About, frozen=True, tag="reclassified"):
    """The originator changed the level of an item it gave (Art. 6(g)).

    An empty `to_mark` means declassified. Until `effective_at` the old mark stands on
    both sides; from then on the item is not read before it is re-marked.
    """

    reference: Reference
    from_mark: Mark
    to_mark: Line
    effective_at: Line
    reason: Text

    def __post_init__(self) -> None:
        check_instant(self.effective_at, "reclassified.effective_at")
        if self.from_mark == self.to_mark:
            raise BadInput("another mark than before", "the same mark", "reclassified.to_mark")


class ReclassificationDone(_About, frozen=True, tag="reclassification_done"):
    """The holder has re-marked all its copies (Art. 6(g))."""

    reference: Reference
    marked_at: Line

    def __post_init__(self) -> None:
        check_instant(self.marked_at, "reclassification_done.marked_at")


# -- end of need, Art. 6(h) and 13 ------------------------------------------------


class ReturnAsked(_About, frozen=True, tag="return_asked"):
    """The originator asks for copies back (Art. 6(h))."""

    reference: Reference
    copies: Copies
    reason: Text

    def __post_init__(self) -> None:
        check_ascending(self.copies, "return_asked.copies")


class Returned(_About, frozen=True, tag="returned"):
    """The holder sends copies back (Art. 6(h))."""

    reference: Reference
    copies: Copies

    def __post_init__(self) -> None:
        check_ascending(self.copies, "returned.copies")


class Destroyed(_About, frozen=True, tag="destroyed"):
    """The holder destroyed copies beyond reconstruction (Art. 13), and holds a certificate."""

    reference: Reference
    copies: Copies
    method: Name
    certificate: Reference

    def __post_init__(self) -> None:
        check_ascending(self.copies, "destroyed.copies")


# -- loss, Art. 17 ----------------------------------------------------------------


class LossSuspected(_About, frozen=True, tag="loss_suspected"):
    """A loss or compromise, or a possible one, told at once (Art. 17)."""

    references: References
    what: Text
    discovered_at: Line
    where: Line
    possible: bool

    def __post_init__(self) -> None:
        check_instant(self.discovered_at, "loss_suspected.discovered_at")
        check_ascending(self.references, "loss_suspected.references")


class LossAcknowledged(_About, frozen=True, tag="loss_acknowledged"):
    """The originator has the notice of loss (Art. 17)."""

    references: References

    def __post_init__(self) -> None:
        check_ascending(self.references, "loss_acknowledged.references")


# -- authorities, Art. 2(d) -------------------------------------------------------


class AuthorityChanged(_About, frozen=True, tag="authority_changed"):
    """A government named another competent authority (Art. 2(d)).

    A copy for the working level: the change itself is notified through the
    diplomatic channel, by the note that `note` refers to.
    """

    role: Name
    name: Name
    valid_from: Line
    note: Reference

    def __post_init__(self) -> None:
        check_instant(self.valid_from, "authority_changed.valid_from")


# -- instruments, Art. 21 ---------------------------------------------------------


class InstrumentTold(_About, frozen=True, tag="instrument_told"):
    """One side tells its record of an instrument: handed over, or received (Art. 21).

    It informs. What gives a note its effect is the diplomatic channel, and each desk
    records for itself what came that way.
    """

    instrument: Instrument
    hypothetical: bool = False

    def __post_init__(self) -> None:
        check_told(self.instrument)


AgreedText = Annotated[str, msgspec.Meta(min_length=2, max_length=MAX_TEXT)]
MAX_TOLD = 16 << 10
"""An instrument's canonical bytes, at most."""


def check_told(instrument: Instrument) -> None:
    """Raise `BadInput` for an instrument that no desk would read: too long, or not one line."""
    if len(encode(instrument)) > MAX_TOLD:
        raise BadInput(f"an instrument of at most {MAX_TOLD} bytes", "a longer one", "instrument")
    if not 1 <= len(instrument.id) <= MAX_ID:
        raise BadInput(f"an id of 1 to {MAX_ID} characters", "another", "instrument.id")
    lines = [instrument.id, instrument.form, instrument.title, *instrument.mentions]
    for line in (*lines, *(o.name for o in (*instrument.issuers, *instrument.addressees))):
        check_line(line, "instrument")


class AgreedTextTold(_About, frozen=True, tag="agreed_text_told"):
    """One side tells the agreed part that it holds, so that a difference can be found.

    It is the one thing that two sides with different texts may still tell each other;
    it changes nothing.
    """

    text: AgreedText

    def __post_init__(self) -> None:
        read_agreed(self.text)


About = (
    AssuranceAsked
    | AssuranceGiven
    | AssuranceRefused
    | ConsentAsked
    | ConsentGranted
    | ConsentRefused
    | Reclassified
    | ReclassificationDone
    | ReturnAsked
    | Returned
    | Destroyed
    | LossSuspected
    | LossAcknowledged
    | AuthorityChanged
    | InstrumentTold
    | AgreedTextTold
)


class Notice(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="notice"
):
    """One notice. `answers` is the id of the notice it answers, or empty."""

    id: Ident
    about: About
    articles: Articles
    act: Act
    answers: Line = ""

    def __post_init__(self) -> None:
        if self.answers and not _is_ident(self.answers):
            raise BadInput("a notice id or nothing", "another text", "notice.answers")


# -- questions and answers --------------------------------------------------------


class Form(msgspec.Struct, frozen=True):
    """One kind of notice: its article, the answers it may get, and whether it must be one.

    `article` is cited as rules are: by the agreement of 2016. A notice under another names
    that treaty's own (`gsomia.provisions`).
    """

    article: str
    answers: frozenset[str] = frozenset()
    only_answer: bool = False


FORMS: dict[str, Form] = {
    "assurance_asked": Form("Art. 7(5)", frozenset({"assurance_given", "assurance_refused"})),
    "assurance_given": Form("Art. 7(5)"),
    "assurance_refused": Form("Art. 7(5)", only_answer=True),
    "consent_asked": Form("Art. 6(a)", frozenset({"consent_granted", "consent_refused"})),
    "consent_granted": Form("Art. 6(a)", only_answer=True),
    "consent_refused": Form("Art. 6(a)", only_answer=True),
    "reclassified": Form("Art. 6(g)", frozenset({"reclassification_done"})),
    "reclassification_done": Form("Art. 6(g)", only_answer=True),
    "return_asked": Form("Art. 6(h)", frozenset({"returned", "destroyed"})),
    "returned": Form("Art. 6(h)"),
    "destroyed": Form("Art. 13"),
    "loss_suspected": Form("Art. 17", frozenset({"loss_acknowledged"})),
    "loss_acknowledged": Form("Art. 17", only_answer=True),
    "authority_changed": Form("Art. 2(d)"),
    "instrument_told": Form("Art. 21", frozenset({"instrument_told"})),
    "agreed_text_told": Form("Art. 21(2)", frozenset({"agreed_text_told"})),
}


def kind_of(about: About) -> str:
    """The tag of what a notice says: `consent_asked`."""
    return str(about.__struct_config__.tag)


def answers(kind: str) -> frozenset[str]:
    """The kinds that may answer `kind`; empty where nothing answers it. Raises `BadInput`."""
    return _form(kind).answers


def article(kind: str) -> str:
    """The article a kind of notice rests on. Raises `BadInput` for an unknown kind."""
    return _form(kind).article


def check_standing_alone(notice: Notice) -> None:
    """Raise `BadInput` if `notice` is of a kind that only answers, and answers nothing."""
    kind = kind_of(notice.about)
    if FORMS[kind].only_answer and not notice.answers:
        raise BadInput("the id of the notice it answers", "nothing", kind)


class Said(Protocol):
    """What `check_answer` looks at: a notice, or what a book keeps of one."""

    @property
    def id(self) -> str:
        """The notice's id."""

    @property
    def about(self) -> About:
        """What it says."""

    @property
    def answers(self) -> str:
        """The id of the notice it answers, or empty."""


def check_answer(question: Said, answer: Said) -> None:
    """Raise `BadInput` unless `answer` may answer `question`, and speaks of the same thing.

    Compares ids, kinds, and what both name: request, item, recipient, copies. That
    a consent is no wider than what was asked is checked too, so far as recipient and
    purpose go. Who may answer, and when, is not checked here.
    """
    asked, said = question.about, answer.about
    where = f"{kind_of(said)} answering {kind_of(asked)}"
    if answer.answers != question.id:
        raise BadInput("the id of the question", "another id", where)
    allowed = answers(kind_of(asked))
    if kind_of(said) not in allowed:
        raise BadInput(" or ".join(sorted(allowed)) or "no answer", kind_of(said), where)
    for name in ("request", "reference", "references", "recipient", "purpose"):
        if _both(asked, said, name) and getattr(asked, name) != getattr(said, name):
            raise BadInput(f"the {name} of the question", f"another {name}", where)
    if (
        isinstance(asked, InstrumentTold)
        and isinstance(said, InstrumentTold)
        and asked.instrument.id != said.instrument.id
    ):
        raise BadInput("the instrument of the question", "another instrument", where)
    if isinstance(asked, ReturnAsked) and isinstance(said, Returned | Destroyed):
        strangers = set(said.copies) - set(asked.copies)
        if strangers:
            raise BadInput("copies that were asked for", f"copy {min(strangers)}", where)


def _both(asked: Any, said: Any, name: str) -> bool:
    return hasattr(asked, name) and hasattr(said, name)


def _form(kind: str) -> Form:
    if kind not in FORMS:
        raise BadInput("a known kind of notice", "another kind", "notice")
    return FORMS[kind]


def _is_ident(text: str) -> bool:
    return len(text) == _IDENT and all(c in "0123456789abcdef" for c in text)


_IDENT = 32
