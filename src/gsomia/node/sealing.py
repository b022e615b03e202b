"""Sealing what was ordered: its bytes are made once, kept, and only then sent.

Each item leaves under a fresh key made for this transmittal alone, so that neither
an outbox nor a partner's copy opens with a key that this register holds or
destroys, and two partners cannot see that they received the same.
"""

from __future__ import annotations

from datetime import datetime
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
    Void,
)
from gsomia.exchange.model import Incoming, NoticeFile, Outgoing, Peer
from gsomia.exchange.notice_acts import ROLES
from gsomia.exchange.notices import Act, Notice, article, kind_of
from gsomia.exchange.officer import OfficerCertificate, make_act, sign_certificate
from gsomia.exchange.sealed import KEY, PREFIX, SALT, item_aad, key_commitment, seal
from gsomia.exchange.state import line
from gsomia.exchange.transmittal import seal_transmittal
from gsomia.faults import BadInput, Unavailable
from gsomia.fold import State
from gsomia.journal.statement import StatementKeys
from gsomia.node.books import read_fact
from gsomia.node.custody import AT_REST, Custody, as_source
from gsomia.node.identity import Identity
from gsomia.node.plain import PlainSource
from gsomia.node.ports import Rand, Store
from gsomia.registry.model import Item
from gsomia.release.model import Request

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

    def seal(
        self, out: Outgoing, state: State, ground: Ground, agreed: str, at: datetime
    ) -> NodeSealed:
        """Make and keep the container of one ordered transmittal.

        Calling it again before its entry is filed makes new bytes in place of the
        old: nothing had been sent.
        """
        peer = state.need(Peer, out.peer, "peer")
        partner = open_card(peer.card.encode())
        if at >= parse_instant(partner.kem.until, "card"):
            raise Unavailable(f"the epoch of {peer.registry}'s card is over", "Ask for the next")
        carries, keys, blobs = self._carried(out, state)
        message = Message(
            id=out.id,
            from_=self._identity.settings.registry,
            to=peer.registry,
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
        words = {*LEVEL_WORDS, *(m for marks in ground.listed.values() for m in marks)}
        sealed = seal_transmittal(
            message, keys, partner, self._identity.statement, self._rand, sorted(words)
        )
        blob = self._custody.blobs.create()
        try:
            files = [self._custody.blobs.open(name) for name in blobs]
            try:
                parts = [
                    (as_source(f), self._custody.blobs.size(name))
                    for f, name in zip(files, blobs, strict=True)
                ]
                write_container(blob, sealed.header, sealed.keys, sealed.statement, parts)
            finally:
                for file in files:
                    file.close()
            blob.keep(outgoing_name(out))
        except BaseException:
            blob.drop()
            raise
        for name in blobs:
            self._custody.blobs.delete(name)
        return NodeSealed(out.peer, out.number, sealed.header.body, sealed.body)

    # -- what it carries -----------------------------------------------------------------

    def _carried(self, out: Outgoing, state: State) -> tuple[Carried, list[bytes], list[str]]:
        if out.cancelled:
            return Void(reason=out.cancelled), [], []
        if out.carries is not None:
            return out.carries, [], []
        if out.what == "notice":
            filed = state.need(NoticeFile, out.notice, "notice")
            act = self._act(out, ROLES[kind_of(filed.about)], state)
            notice = Notice(
                id=filed.id,
                about=filed.about,
                articles=(article(kind_of(filed.about)),),
                act=act,
                answers=filed.answers,
            )
            return notice, [], []
        act = self._act(out, ("registrar",), state)
        if out.what == "acceptance":
            arrival = state.need(Incoming, out.accepts, "transmittal")
            taken = Acceptance(
                transmittal=arrival.id, number=arrival.number, lines=arrival.lines, act=act
            )
            return taken, [], []
        if out.what != "items":
            raise BadInput("a message that can be sealed", out.what, out.number)
        keys, blobs, lines = [], [], []
        for request in out.requests:
            found = state.need(Request, request, "request")
            key, line_, blob = self._item(out, found, state)
            lines.append(line_)
            keys.append(key)
            blobs += [blob] if blob else []
        return Items(tuple(lines), act), keys, blobs

    def _act(self, out: Outgoing, roles: tuple[str, ...], state: State) -> Act:
        """The officer's signed command, and this node's word on whose key that is."""
        row = self._store.entry(out.ordered.book, out.ordered.index)
        command = read_fact(row, "act") if row else ""
        by = read_fact(row, "ordered_by") if row else ""
        person = state.need(Person, by, "officer")
        role = next((r for r in roles if holds_role(state, by, r, out.ordered_at)), roles[0])
        held = state.need(Appointment, f"{by} {role}", "appointment")
        keys = StatementKeys(person.key_name, person.ed25519, person.mldsa87)
        certificate = OfficerCertificate(
            officer=person.key_name,
            role=role,
            keys=KeyPair.of(keys),
            registry=self._identity.settings.registry,
            from_=held.since,
            until=held.until or self._cards.card.kem.until,
        )
        return make_act(command.encode(), sign_certificate(certificate, self._identity.statement))

    def _item(self, out: Outgoing, request: Request, state: State) -> tuple[bytes, ItemLine, str]:
        item = state.need(Item, request.item, "item")
        if request.decision is None:
            raise BadInput("an approved request", request.state, request.id)
        key = self._rand(KEY)
        sheet = open_cover(self._custody.sealed_cover(item.sealed.slot), self._custody.key(item))
        blob = ""
        content: File | Disclosed | Elsewhere = Elsewhere()
        if item.sealed.blob:
            blob = f"out-{out.id}-{request.id}"
            content = self._reseal(item, key, blob, out.agreement)
        elif item.form in ("oral", "visual"):
            content = Disclosed(given_at=sheet.said_at or item.registered_at)
        line_ = ItemLine(
            reference=item.reference,
            originator=item.originator,
            originator_mark=item.mark,
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
        )
        return key, line_, blob

    def _reseal(self, item: Item, key: bytes, name: str, agreement: str) -> File:
        """The item's content under a fresh key: opened and sealed in one pass, flat in memory."""
        blob = self._custody.blobs.create()
        try:
            with PlainSource(self._custody.content(item, AT_REST)) as plain:
                aad = item_aad(agreement, item.reference)
                sealed = seal(plain, blob, key, self._rand(SALT + PREFIX), aad)
            blob.keep(name)
        except BaseException:
            blob.drop()
            raise
        return File.of(item.sealed.media_type, sealed)


def outgoing_name(out: Outgoing) -> str:
    """The blob of a sealed transmittal."""
    return f"sent-{out.peer}-{out.number}"
