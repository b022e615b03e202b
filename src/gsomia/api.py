"""The verbs of a node as Python methods: what the command line and other programs call.

An `Officer` signs each command with their own key and hands it to a node's door.
Nothing is decided here: the node answers, and a refusal is an answer, not an error.
The door is handed in (`gsomia.app.door`), as are the clock and the source of chance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, BinaryIO, Protocol

import msgspec

from gsomia.act import Command
from gsomia.agreement.instruments import Instrument, Kind, Moment
from gsomia.canon import instant
from gsomia.clearance import commands as clearance
from gsomia.desk import commands as desk
from gsomia.desk.policy import Policy
from gsomia.exchange import commands as exchange
from gsomia.exchange import notices
from gsomia.exchange.card import open_card
from gsomia.exchange.commands import ReceivedLine
from gsomia.exchange.cover import Cover
from gsomia.faults import BadInput, shown
from gsomia.journal.statement import SigningPair
from gsomia.node.orders import sign_order
from gsomia.registry import commands as registry
from gsomia.registry.model import Sealed
from gsomia.release import commands as release
from gsomia.ruling import Ruling
from gsomia.shapes import from_plain


class Opened(Protocol):
    """What the door gives to somebody who signed to read."""

    @property
    def answer(self) -> Mapping[str, Any]:
        """The answer to the signed command, as `Door.act` gives it."""

    @property
    def cover(self) -> Mapping[str, Any]:
        """The cover sheet; empty after a refusal."""

    @property
    def media_type(self) -> str:
        """The content's media type; empty where there is no file."""

    @property
    def chunks(self) -> Iterator[bytes]:
        """The content. It raises `ProofFailed` or `Unavailable` if it does not come whole."""


class Door(Protocol):
    """A node's local door. Every method raises `BadInput`, `ProofFailed` or `Unavailable`."""

    def act(self, signed: bytes) -> Mapping[str, Any]:
        """Carry out a signed command: `granted`, `told`, and the `ruling` or None."""

    def stage(self, source: BinaryIO | None, media_type: str, cover: Cover) -> Mapping[str, Any]:
        """Seal content that is to be registered; where it lies."""

    def read(self, signed: bytes) -> Opened:
        """Sign for a copy and open its content in one step."""

    def view(self, name: str, params: Mapping[str, str]) -> Any:
        """One of `gsomia.views.VIEWS`, in plain values."""

    def card(self) -> bytes:
        """The node's signed card."""

    def do(self, name: str, params: Mapping[str, str]) -> Any:
        """An errand of the node itself, such as `backup`; what came of it."""

    def files(self, name: str, params: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
        """An errand that answers with files, as (relative path, bytes)."""

    def tick(self) -> tuple[int, dict[str, str]]:
        """Let effects follow once: how many, and what is wrong with each partner."""

    def export(self, peer: str, number: str) -> Iterator[bytes]:
        """A sealed transmittal for a courier's medium."""

    def take(self, source: BinaryIO) -> Mapping[str, Any]:
        """Take in a courier's medium: `outcome`, `peer`, `number`, `body` (base64)."""

    def receipt(self, peer: str, number: str, receipt: bytes) -> None:
        """File a delivery receipt that a courier brought back."""


class Answered(msgspec.Struct, frozen=True):
    """A node's answer to a command."""

    granted: bool
    told: dict[str, Any]
    ruling: Ruling | None = None

    def need(self, name: str) -> Any:
        """What was told under a name. Raises `BadInput` if the act was refused."""
        if not self.granted or name not in self.told:
            rules = ", ".join(o.rule for o in self.ruling.refusals()) if self.ruling else ""
            raise BadInput(f"an act that gives {name}", f"a refusal: {rules}", "answer")
        return self.told[name]


def answered(value: Mapping[str, Any]) -> Answered:
    """A door's answer as a value. Raises `BadInput` if it is none."""
    try:
        return from_plain(value, Answered)
    except msgspec.ValidationError as error:
        raise BadInput("an answer to a command", str(error), "the node's answer") from None


class Read(msgspec.Struct, frozen=True):
    """What came of signing to read: the answer, and after a yes the cover and the content.

    `chunks` must be drawn to their end before any of them counts.
    """

    answer: Answered
    cover: Cover | None = None
    media_type: str = ""
    chunks: Iterable[bytes] = ()


class Officer:
    """A person at a node's door, with their own key.

    `registry` is the node's code: a signed command is good for one node only.
    """

    def __init__(
        self,
        door: Door,
        key: SigningPair,
        registry_code: str,
        clock: Callable[[], datetime],
        rand: Callable[[int], bytes],
    ) -> None:
        self.door, self.registry = door, registry_code
        self._key, self._clock, self._rand = key, clock, rand

    @classmethod
    def at(
        cls,
        door: Door,
        key: SigningPair,
        clock: Callable[[], datetime],
        rand: Callable[[int], bytes],
    ) -> Officer:
        """An officer at a door, whose node's card says which registry it is."""
        return cls(door, key, open_card(door.card()).registry, clock, rand)

    def sign(self, command: Command) -> bytes:
        """The exact command, for this node, now, once."""
        return sign_order(command, self.registry, self._clock(), self._rand(16).hex(), self._key)

    def act(self, command: Command) -> Answered:
        """Sign a command and have the node carry it out."""
        return answered(self.door.act(self.sign(command)))

    def view(self, name: str, /, **params: str) -> Any:
        """A view of the desk, with ages counted from this officer's clock."""
        return self.door.view(name, {"now": instant(self._clock()), **params})

    # -- people and facilities ------------------------------------------------------

    def enrol(
        self,
        person: str,
        name: str,
        facility: str = "",
        officer_key: str = "",
        rank: str = "",
        post: str = "",
    ) -> Answered:
        """Make a person known, and bind the key they present to them.

        `facility`: where they work with items; none for a treaty desk's officers.
        """
        return self.act(clearance.Enrol(person, name, facility, rank, post, officer_key))

    def appoint(self, person: str, role: str, letter: str, until: str = "") -> Answered:
        """Give a person a role by letter."""
        return self.act(clearance.Appoint(person, role, letter, until))

    def end_appointment(self, person: str, role: str) -> Answered:
        """End a role now."""
        return self.act(clearance.EndAppointment(person, role))

    def grant(self, person: str, levels: Iterable[str], vetting: str, until: str) -> Answered:
        """Record a clearance."""
        return self.act(clearance.Grant(person, tuple(levels), vetting, until))

    def withdraw(self, person: str, reason: str) -> Answered:
        """Record that a clearance was withdrawn."""
        return self.act(clearance.Withdraw(person, reason))

    def brief(self, person: str, agreement: str, until: str) -> Answered:
        """Record a briefing on an agreement's duties."""
        return self.act(clearance.Brief(person, agreement, until))

    def approve_facility(
        self, facility: str, name: str, levels: Iterable[str], custodian: str, until: str = ""
    ) -> Answered:
        """Approve a facility to hold items up to some marks (Art. 10)."""
        return self.act(clearance.ApproveFacility(facility, name, tuple(levels), custodian, until))

    def list_person(self, facility: str, person: str, agreement: str) -> Answered:
        """Take a person up in a facility's register (Art. 6(e))."""
        return self.act(clearance.ListPerson(facility, person, agreement))

    def strike_person(self, facility: str, person: str, agreement: str, reason: str) -> Answered:
        """Strike a person from a facility's register."""
        return self.act(clearance.StrikePerson(facility, person, agreement, reason))

    def approve_need(
        self, person: str, agreement: str, subject: str, statement: str, until: str
    ) -> Answered:
        """Approve a need to know for an item or a purpose (Art. 7(2))."""
        return self.act(clearance.ApproveNeed(person, agreement, subject, statement, until))

    # -- items ------------------------------------------------------------------------

    def register(
        self,
        cover: Cover,
        content: BinaryIO | None = None,
        *,
        media_type: str = "application/octet-stream",
        agreement: str,
        mark: str,
        subject: str,
        form: str,
        short_title: str,
        facility: str,
        releasable_to: Iterable[str] = (),
        caveats: Iterable[str] = (),
        language: str = "",
        pages: int = 0,
        copies: int = 1,
    ) -> Answered:
        """Seal content on the node, then sign for its registration; tells `item`."""
        kind = media_type if content is not None else ""
        sealed = from_plain(self.door.stage(content, kind, cover), Sealed)
        command = registry.Register(
            agreement=agreement,
            mark=mark,
            subject=subject,
            form=form,
            short_title=short_title,
            facility=facility,
            sealed=sealed,
            releasable_to=tuple(releasable_to),
            caveats=tuple(caveats),
            language=language,
            pages=pages,
            copies=copies,
        )
        return self.act(command)

    def hand_over(self, item: str, copy: int, keeper: str, facility: str) -> Answered:
        """Give a copy to another keeper or place."""
        return self.act(registry.HandOver(item, copy, keeper, facility))

    def read(self, item: str, copy: int, facility: str, purpose: str) -> Read:
        """Sign to read a copy. The content must be read to its end to have been proved."""
        opened = self.door.read(self.sign(registry.Read(item, copy, facility, purpose)))
        answer = answered(opened.answer)
        if not answer.granted:
            return Read(answer)
        cover = from_plain(opened.cover, Cover)
        return Read(answer, cover, opened.media_type, opened.chunks)

    def remark(self, item: str, local_mark: str) -> Answered:
        """Carry out the originator's change of classification (Art. 6(g))."""
        return self.act(registry.Remark(item, local_mark))

    def close_incident(self, item: str, finding: str) -> Answered:
        """Close the incident an item is under (Art. 17)."""
        return self.act(registry.CloseIncident(item, finding))

    def propose_destruction(
        self, item: str, reason: str, method: str = "key-destruction"
    ) -> Answered:
        """Propose to destroy an item's content here; tells `destruction`."""
        return self.act(registry.ProposeDestruction(item, method, reason))

    def certify_destruction(self, destruction: str) -> Answered:
        """Certify a proposed destruction, as the second person."""
        return self.act(registry.CertifyDestruction(destruction))

    def decline_destruction(self, destruction: str, reason: str) -> Answered:
        """Take a proposed destruction off the table."""
        return self.act(registry.DeclineDestruction(destruction, reason))

    # -- releases -----------------------------------------------------------------------

    def request_release(
        self, item: str, agreement: str, purpose: str, copies: Iterable[int] = (1,)
    ) -> Answered:
        """Ask to release copies of an item to the other party; tells `request`."""
        return self.act(release.RequestRelease(item, agreement, purpose, tuple(copies)))

    def review(self, request: str, favour: bool, reason: str = "") -> Answered:
        """Decide on a request as the first person."""
        return self.act(release.Review(request, favour, reason))

    def decide(
        self, request: str, favour: bool, reason: str = "", conditions: Iterable[str] = ()
    ) -> Answered:
        """Decide on a request as the second person.

        `conditions` are those of the originator's consent, stated to be met, word for word.
        """
        return self.act(release.Decide(request, favour, reason, tuple(conditions)))

    def confirm_ground(self, request: str) -> Answered:
        """Confirm, as one more person, that a decided release may go on contested ground."""
        return self.act(release.ConfirmGround(request))

    def pass_on(
        self,
        item: str,
        recipient: str,
        purpose: str,
        conditions: Iterable[str] = (),
        paragraphs: Iterable[str] = (),
    ) -> Answered:
        """Give a received item to a third party, under the originator's consent (Art. 6(a)).

        `conditions` are the consent's, stated to be met, word for word; `paragraphs` the
        parts given, none meaning all.
        """
        said = release.PassOn(item, recipient, purpose, tuple(conditions), tuple(paragraphs))
        return self.act(said)

    # -- the exchange ---------------------------------------------------------------------

    def trust(self, card: bytes, fingerprint: str) -> Answered:
        """Trust a partner's card whose fingerprint was compared with the partner."""
        return self.act(exchange.Trust(card.decode(), fingerprint))

    def rotate(self, reason: str) -> Answered:
        """Order new keys for this node."""
        return self.act(exchange.Rotate(reason))

    def dispatch(
        self, requests: Iterable[str], precedence: str = "R", channel: str = "network"
    ) -> Answered:
        """Send released items in one transmittal; tells `number`, `sequence`, `peer`."""
        return self.act(exchange.Dispatch(tuple(requests), precedence, channel))

    def cancel(self, peer: str, number: str, reason: str) -> Answered:
        """Cancel a transmittal that has not left."""
        return self.act(exchange.Cancel(peer, number, reason))

    def accept(
        self, peer: str, number: str, facility: str, lines: Iterable[ReceivedLine]
    ) -> Answered:
        """Mark and register, or refuse, what a transmittal brought; tells `items`."""
        return self.act(exchange.Accept(peer, number, facility, tuple(lines)))

    def notify(
        self, peer: str, agreement: str, about: notices.About, answers: str = ""
    ) -> Answered:
        """Give a notice to a partner, or answer one; tells `notice` and `number`."""
        return self.act(exchange.Notify(peer, agreement, about, answers))

    # -- the treaty desk ---------------------------------------------------------------------

    def draft_letter(
        self,
        agreement: str,
        letter: Kind,
        language: str,
        *,
        refers_to: Iterable[str] = (),
        withdraws: Iterable[str] = (),
        request: str = "",
        asks: str = "",
        paragraphs: Iterable[str] = (),
        hypothetical: bool = False,
    ) -> Answered:
        """Draft a letter or note; tells `letter`, `title` and `warnings`."""
        return self.act(
            desk.DraftLetter(
                agreement,
                letter,
                language,
                tuple(refers_to),
                tuple(withdraws),
                request,
                asks,
                tuple(paragraphs),
                hypothetical,
            )
        )

    def sign_off(self, letter: str, *, favour: bool = True, reason: str = "") -> Answered:
        """Sign a draft off, or decline it; tells how many of two have signed."""
        return self.act(desk.SignOff(letter, favour, reason))

    def issue_letter(self, letter: str, dated: Moment | None = None) -> Answered:
        """Number, date and send a letter; tells `number` and `warnings`."""
        return self.act(desk.IssueLetter(letter, dated))

    def hand_over_note(
        self,
        letter: str,
        at: Moment,
        place: str = "",
        to: str = "",
        *,
        confirm_revival: bool = False,
    ) -> Answered:
        """Record the handing over of a note; tells `instrument`, `number` and `warnings`."""
        return self.act(desk.HandOver(letter, at, place, to, confirm_revival))

    def receive_note(
        self, agreement: str, instrument: str, at: Moment, *, confirm_revival: bool = False
    ) -> Answered:
        """Record that a note came, as the partner's node told of it; tells `warnings`."""
        return self.act(desk.Receive(agreement, instrument, at, confirm_revival))

    def cancel_letter(self, letter: str, reason: str) -> Answered:
        """Give up a letter that was not sent."""
        return self.act(desk.CancelLetter(letter, reason))

    def set_policy(self, agreement: str, policy: Policy, reading: str, reason: str) -> Answered:
        """Decide what this node does on contested ground; tells `version`."""
        return self.act(desk.SetPolicy(agreement, policy, reading, reason))

    def amend_text(
        self, agreement: str, pack: str, applies_from: date, instruments: tuple[str, ...]
    ) -> Answered:
        """Bring in a text that both parties consented to; tells `version`, `digest` and `state`.

        `proposed` until a second officer brings in the same text, day and papers; then `amended`.
        """
        return self.act(desk.AmendText(agreement, pack, applies_from, instruments))

    def set_numbering(self, agreement: str, office: str, pattern: str) -> Answered:
        """Say how an office numbers its letters."""
        return self.act(desk.SetNumbering(agreement, office, pattern))

    def tell_agreed_text(self, peer: str, agreement: str) -> Answered:
        """Tell a partner's node the agreed part that this node holds, answering theirs."""
        now = instant(self._clock())
        found = self.door.view("agreed-text", {"agreement": agreement, "now": now})
        return self.notify(peer, agreement, notices.AgreedTextTold(found["text"]))

    def tell_instrument(self, peer: str, agreement: str, instrument: str) -> Answered:
        """Tell a partner's node this node's record of an instrument, answering what it told.

        Raises `BadInput` for one that was not filed here.
        """
        rows = self.door.view("instruments", {"agreement": agreement, "limit": "1000"})["rows"]
        filed = next((r for r in rows if r["instrument"]["id"] == instrument), None)
        if filed is None:
            raise BadInput("an instrument filed on this node", shown(instrument), "instrument")
        theirs = self.door.view("told", {"agreement": agreement, "limit": "1000"})["rows"]
        asked = next((t for t in theirs if t["instrument"]["id"] == instrument), None)
        known = from_plain(filed["instrument"], Instrument)
        about = notices.InstrumentTold(known, filed["hypothetical"])
        return self.notify(
            peer, agreement, about, asked["notice"] if asked and not asked["answered"] else ""
        )

    def record_instrument(
        self,
        agreement: str,
        instrument: Instrument,
        *,
        hypothetical: bool = False,
        confirm_revival: bool = False,
    ) -> Answered:
        """File an instrument; the agreement's status follows from it."""
        return self.act(desk.RecordInstrument(agreement, instrument, hypothetical, confirm_revival))
