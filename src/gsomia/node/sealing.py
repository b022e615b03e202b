"""Sealing what was ordered: its bytes are made once, kept, and only then sent.

Each item leaves under a fresh key made for this transmittal alone, so that neither
an outbox nor a partner's copy opens with a key that this register holds or
destroys, and two partners cannot see that they received the same.
"""

from __future__ import annotations

from datetime import datetime
from itertools import zip_longest
from typing import Protocol

from gsomia.act import Ground
from gsomia.canon import instant, parse_instant
from gsomia.clearance.model import Appointment, Person, holds_role
from gsomia.exchange.card import KeyPair, NodeCard, open_card
from gsomia.exchange.commands import NodeSealed
from gsomia.exchange.container import write_container
from gsomia.exchange.cover import open_cover, seal_cover
from gsomia.exchange.messages import (
    Acceptance,
    Carried,
    Disclosed,
    Elsewhere,
    File,
    Form,
    ItemLine,
    Items,
    LeafRef,
    Message,
    Onward,
    Void,
)
from gsomia.exchange.model import Incoming, NoticeFile, Outgoing, Peer
from gsomia.exchange.notice_acts import ROLES
from gsomia.exchange.notices import Act, Notice, article, kind_of
from gsomia.exchange.officer import OfficerCertificate, make_act, sign_certificate
from gsomia.exchange.sealed import KEY, PREFIX, SALT, item_aad, key_commitment, seal
from gsomia.exchange.state import line
from gsomia.exchange.transmittal import SealedTransmittal, seal_transmittal
from gsomia.faults import BadInput, Unavailable
from gsomia.fold import State
from gsomia.journal.statement import StatementKeys
from gsomia.node.arena import Arena
from gsomia.node.books import read_fact
from gsomia.node.custody import AT_REST, Custody
from gsomia.node.identity import Identity
from gsomia.node.plain import PlainSource
from gsomia.node.ports import Rand, Store
from gsomia.provisions import Provisions
from gsomia.registry.model import Item
from gsomia.release.model import PassedOn, Request

LEVEL_WORDS = ("군사I급비밀", "군사II급비밀", "군사III급비밀", "機密", "極秘", "特定秘密", "秘")
"""Marks that may not show on the outside, beside those of the agreement's own table."""


class HasCard(Protocol):
    """Whoever knows this node's card in force."""

    @property
    def card(self) -> NodeCard:
        """The card."""


class Sealer:
    """Makes the bytes of ordered transmittals."""

    def __init__(
        self, identity: Identity, custody: Custody, store: Store, rand: Rand, cards: HasCard
    ) -> None:
        self._identity, self._custody, self._store = identity, custody, store
        self._rand, self._cards = rand, cards
        self._certificates: dict[tuple[int, Person, Appointment], bytes] = {}

    def seal(
        self,
        out: Outgoing,
        state: State,
        ground: Ground,
        provisions: Provisions,
        at: datetime,
    ) -> NodeSealed:
        """Make and keep the container of one ordered transmittal.

        Calling it again before its entry is filed makes new bytes in place of the
        old: nothing had been sent.
        """
        peer = state.need(Peer, out.peer, "peer")
        partner = open_card(peer.card.encode())
        # A succession holds no secret: it goes out also to a card whose time is over,
        # or two nodes that both let their cards lapse could never come together again.
        lapsed = at >= parse_instant(partner.kem.until, "card")
        if lapsed and out.what != "succession":
            raise Unavailable(f"the epoch of {peer.registry}'s card is over", "Ask for the next")
        arena = Arena(self._custody.blobs.create)
        try:
            carries, keys = self._carried(out, state, provisions, arena)
            message = self._message(out, state, ground.agreed_digest, at, carries)
            words = {*LEVEL_WORDS, *(m for marks in ground.listed.values() for m in marks)}
            sealed = seal_transmittal(
                message, keys, partner, self._identity.statement, self._rand, sorted(words)
            )
            self._keep(out, sealed, arena)
        finally:
            arena.drop()
        return NodeSealed(out.peer, out.number, sealed.header.body, sealed.body)

    def _message(
        self, out: Outgoing, state: State, agreed: str, at: datetime, carries: Carried
    ) -> Message:
        return Message(
            id=out.id,
            from_=self._identity.settings.registry,
            to=out.peer,
            agreement=out.agreement,
            agreed_digest=agreed,
            sequence=out.sequence,
            number=out.number,
            sealed_at=instant(at),
            precedence=out.precedence,  # type: ignore[arg-type]  # checked when ordered
            contiguous=line(state, out.agreement, out.peer).received.contiguous,
            card=self._cards.card.digest(),
            carries=carries,
        )

    def _keep(self, out: Outgoing, sealed: SealedTransmittal, arena: Arena) -> None:
        blob = self._custody.blobs.create()
        try:
            write_container(blob, sealed.header, sealed.keys, sealed.statement, arena.parts())
            blob.keep(outgoing_name(out))
        except BaseException:
            blob.drop()
            raise

    # -- what it carries -----------------------------------------------------------------

    def _carried(
        self, out: Outgoing, state: State, provisions: Provisions, arena: Arena
    ) -> tuple[Carried, list[bytes]]:
        if out.cancelled:
            return Void(reason=out.cancelled), []
        if out.carries is not None:
            return out.carries, []
        if out.what == "notice":
            filed = state.need(NoticeFile, out.notice, "notice")
            act = self._act(out, ROLES[kind_of(filed.about)], state)
            notice = Notice(
                id=filed.id,
                about=filed.about,
                articles=(provisions.cite(article(kind_of(filed.about))),),
                act=act,
                answers=filed.answers,
            )
            return notice, []
        act = self._act(out, ("registrar",), state)
        if out.what == "acceptance":
            arrival = state.need(Incoming, out.accepts, "transmittal")
            taken = Acceptance(
                transmittal=arrival.id, number=arrival.number, lines=arrival.lines, act=act
            )
            return taken, []
        if out.what != "items":
            raise BadInput("a message that can be sealed", out.what, out.number)
        keys, lines = [], []
        for request, marks in zip_longest(out.requests, out.marks):
            found = state.need(Request, request, "request")
            key, line_ = self._item(out, found, marks, state, arena)
            lines.append(line_)
            keys.append(key)
        return Items(tuple(lines), act), keys

    def _act(self, out: Outgoing, roles: tuple[str, ...], state: State) -> Act:
        """The officer's signed command, and this node's word on whose key that is."""
        row = self._store.entry(out.ordered.book, out.ordered.index)
        command = read_fact(row, "act") if row else ""
        by = read_fact(row, "ordered_by") if row else ""
        person = state.need(Person, by, "officer")
        role = next((r for r in roles if holds_role(state, by, r, out.ordered_at)), roles[0])
        held = state.need(Appointment, f"{by} {role}", "appointment")
        return make_act(command.encode(), self._certificate(person, held))

    def _certificate(self, person: Person, held: Appointment) -> bytes:
        """The certificate of an appointment under the present card: signed once, then reused."""
        known = (self._cards.card.serial, person, held)
        if known not in self._certificates:
            self._certificates[known] = self._certify(person, held)
        return self._certificates[known]

    def _certify(self, person: Person, held: Appointment) -> bytes:
        keys = StatementKeys(person.key_name, person.ed25519, person.mldsa87)
        certificate = OfficerCertificate(
            officer=person.key_name,
            role=held.role,
            keys=KeyPair.of(keys),
            registry=self._identity.settings.registry,
            from_=held.since,
            until=held.until or self._cards.card.kem.until,
        )
        return sign_certificate(certificate, self._identity.statement)

    def _item(
        self,
        out: Outgoing,
        request: Request,
        marks: tuple[str, str] | None,
        state: State,
        arena: Arena,
    ) -> tuple[bytes, ItemLine]:
        item = state.need(Item, request.item, "item")
        # An order from before marks were kept with it goes by the register's of today.
        mark, local_mark = marks or (item.mark, item.local_mark)
        if request.decision is None:
            raise BadInput("an approved request", request.state, request.id)
        key = self._rand(KEY)
        sheet = open_cover(self._custody.sealed_cover(item.sealed.slot), self._custody.key(item))
        content: File | Disclosed | Elsewhere = Elsewhere()
        if item.sealed.blob:
            content = self._reseal(item, key, out.agreement, arena)
        elif item.form in ("oral", "visual"):
            content = Disclosed(given_at=sheet.said_at or item.registered_at)
        line_ = ItemLine(
            reference=item.reference,
            originator=item.originator,
            originator_mark=mark,
            releasable_to=tuple(sorted(item.releasable_to)),
            caveats=item.caveats,
            form=Form(item.form),
            short_title=item.short_title,
            cover=seal_cover(sheet, key),
            key_commitment=key_commitment(key),
            language=item.language or "und",
            pages=item.pages,
            purpose=request.purpose,
            subject=item.subject,
            basis=request.articles,
            release=LeafRef(
                book=request.decision.book,
                index=request.decision.index,
                leaf=request.decision.leaf,
            ),
            copies=tuple(sorted(request.copies)),
            copies_of=item.copies,
            content=content,
            onward=self._onward(item, local_mark, request, state),
        )
        return key, line_

    def _onward(self, item: Item, local_mark: str, request: Request, state: State) -> Onward | None:
        """Under which consent another's item goes on, as the dispatch recorded it."""
        if item.originator == self._identity.settings.party:
            return None
        given = state.get(PassedOn, request.id)
        if given is None or given.undone:
            raise BadInput("the originator's consent on record", "none", item.number)
        return Onward(mark=local_mark, consent=given.consent, conditions=given.conditions)

    def _reseal(self, item: Item, key: bytes, agreement: str, arena: Arena) -> File:
        """The item's content under a fresh key: opened and sealed in one pass, flat in memory."""
        aad = item_aad(agreement, item.reference)
        own = item.originator == self._identity.settings.party
        kept = AT_REST if own else item_aad(item.agreement, item.reference)
        with PlainSource(self._custody.content(item, kept)) as plain:
            sealed = arena.seal(lambda sink: seal(plain, sink, key, self._rand(SALT + PREFIX), aad))
        return File.of(item.sealed.media_type, sealed)


def outgoing_name(out: Outgoing) -> str:
    """The blob of a sealed transmittal."""
    return f"sent-{out.peer}-{out.number}"
