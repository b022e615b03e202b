"""Folds: how the entries change items and copies."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from gsomia.canon import order_key
from gsomia.fold import Event, Fold, State, Where
from gsomia.registry import entries as e
from gsomia.registry.model import (
    Access,
    Backup,
    ChangesKept,
    Copy,
    Destruction,
    Examined,
    Item,
    Lodged,
    Originator,
    Reference,
    Serial,
)


def content_examined(state: State, event: e.ContentExamined, _: Where, __: str) -> None:
    """What the content under a slot shows."""
    state.put(Examined(event.slot, event.format, event.why, event.pages, event.shown))


def item_registered(state: State, event: e.ItemRegistered, where: Where, at: str) -> None:
    """A new line in the register, its copies, and the serial it used."""
    registry, year, serial = event.number.rsplit("-", 2)
    state.put(Serial(registry, int(year), int(serial)))
    state.put(Reference(event.originator, event.reference, event.number))
    if state.get(Originator, event.originator) is None:
        state.put(Originator(event.originator))
    state.put(Lodged(event.sealed.slot, event.number))
    state.put(
        Item(
            number=event.number,
            book=where.book,
            agreement=event.agreement,
            originator=event.originator,
            reference=event.reference,
            mark=event.mark,
            local_mark=event.local_mark,
            releasable_to=event.releasable_to,
            caveats=event.caveats,
            subject=event.subject,
            defence_related=event.defence_related,
            form=event.form,
            language=event.language,
            pages=event.pages,
            short_title=event.short_title,
            purpose=event.purpose,
            copies=event.copies_of,
            sealed=event.sealed,
            registered_at=at,
            entry=where,
            transmittal=event.transmittal,
            conditions=event.conditions,
        )
    )
    for number in event.copies:
        copy = Copy(
            event.number, number, event.copies_of, registry, event.facility, "in_custody", at
        )
        state.put(copy)


def copies_added(state: State, event: e.CopiesAdded, _: Where, at: str) -> None:
    """Further copies of an item already registered, and what further conditions bind it."""
    item = state.need(Item, event.item, "entry")
    bound = tuple(dict.fromkeys((*item.conditions, *event.conditions)))
    if bound != item.conditions:
        state.put(replace(item, conditions=bound))
    registry = event.item.rsplit("-", 2)[0]
    for number in event.copies:
        copy = Copy(event.item, number, event.of, registry, event.facility, "in_custody", at)
        state.put(copy)


def set_copies(state: State, item: str, numbers: tuple[int, ...], to: str, at: str) -> None:
    """Put copies that travel into another state."""
    for number in numbers:
        copy = state.need(Copy, f"{item}/{number}", "entry")
        state.put(replace(copy, state=to, since=at))


def handed_over(state: State, event: e.HandedOver, _: Where, at: str) -> None:
    """Custody changes."""
    copy = state.need(Copy, f"{event.item}/{event.copy}", "entry")
    state.put(replace(copy, keeper=event.keeper, facility=event.facility, since=at))


def access_permitted(state: State, event: e.AccessPermitted, _: Where, at: str) -> None:
    """A line on the item's reading sheet."""
    state.put(
        Access(event.access, event.item, event.copy, event.reader, event.purpose, at, event.until)
    )


def content_opened(_: State, __: e.ContentOpened, ___: Where, ____: str) -> None:
    """Nothing changes: the entry itself is the record."""


def reclassified(state: State, event: e.Reclassified, _: Where, at: str) -> None:
    """Re-marking is due: by what the originator said last.

    A change still to come takes the place of one that its originator had not carried out.
    It leaves one that it starts from: else the old mark would stand again until then.
    """
    item = state.need(Item, event.item, "entry")
    if event.sequence < item.change_sequence:
        return  # a hostile network held it back: what was said after it stands
    first, then = (item.remark_to, item.remark_at), None
    new = event.to_mark, event.effective_at
    if order_key(event.effective_at) <= order_key(at):
        first = new
    elif item.remark_then is not None and event.from_mark == item.remark_then[0]:
        first, then = item.remark_then, new
    elif event.from_mark == item.remark_to:
        then = new
    else:
        first = new
    item = replace(item, remark_to=first[0], remark_at=first[1], remark_then=then)
    state.put(replace(item, change_sequence=event.sequence))


def change_kept(state: State, event: e.ChangeKept, _: Where, __: str) -> None:
    """The item it is about is not in this register yet."""
    kept = ChangesKept(event.agreement, event.originator, event.reference, ())
    known = state.get(ChangesKept, kept.key) or kept
    changes = sorted((*known.changes, event.change), key=lambda change: change.sequence)
    state.put(replace(kept, changes=tuple(changes)))


def remarked(state: State, event: e.Remarked, _: Where, __: str) -> None:
    """The new marks stand."""
    item = state.need(Item, event.item, "entry")
    to, at = item.remark_then or (None, "")
    marked = replace(item, mark=event.mark, local_mark=event.local_mark)
    state.put(replace(marked, remark_to=to, remark_at=at, remark_then=None))


def _set_copies(state: State, item: str, to: str, at: str, *, only: tuple[int, ...] = ()) -> None:
    for number in only or range(1, state.need(Item, item, "entry").copies + 1):
        copy = state.get(Copy, f"{item}/{number}")
        if copy is not None and copy.state not in ("destroyed", "returned", "transferred"):
            state.put(replace(copy, state=to, since=at))


def copies_returned(state: State, event: e.CopiesReturned, _: Where, at: str) -> None:
    """The custody chain of these copies ends here."""
    _set_copies(state, event.item, "returned", at, only=event.copies)


def destruction_proposed(state: State, event: e.DestructionProposed, _: Where, at: str) -> None:
    """The copies wait for a second person."""
    _set_copies(state, event.item, "destruction_pending", at)
    state.put(
        Destruction(
            event.destruction,
            event.item,
            event.method,
            event.reason,
            event.proposed_by,
            at,
            "proposed",
        )
    )


def destruction_certified(state: State, event: e.DestructionCertified, _: Where, at: str) -> None:
    """Two people have signed; the slot is to be destroyed."""
    found = state.need(Destruction, event.destruction, "entry")
    state.put(
        replace(
            found,
            state="certified",
            certificate=event.certificate,
            certified_by=event.certified_by,
            certified_at=at,
        )
    )


def destruction_declined(state: State, event: e.DestructionDeclined, _: Where, at: str) -> None:
    """The copies that waited are in custody again."""
    found = state.need(Destruction, event.destruction, "entry")
    state.put(replace(found, state="declined"))
    for number in range(1, state.need(Item, event.item, "entry").copies + 1):
        copy = state.get(Copy, f"{event.item}/{number}")
        if copy is not None and copy.state == "destruction_pending":
            state.put(replace(copy, state="in_custody", since=at))


def slot_destroyed(state: State, event: e.SlotDestroyed, _: Where, at: str) -> None:
    """The content cannot be read here any more."""
    item = state.need(Item, event.item, "entry")
    state.put(replace(item, key_held=False))
    _set_copies(state, event.item, "destroyed", at)
    found = state.need(Destruction, event.destruction, "entry")
    state.put(replace(found, state="shredded", residual=event.residual))


def residual_cleared(state: State, event: e.ResidualCleared, _: Where, __: str) -> None:
    """One remnant less."""
    found = state.need(Destruction, event.destruction, "entry")
    left = tuple(r for r in found.residual if r != event.gone)
    state.put(replace(found, residual=left))


def backup_declared(state: State, event: e.BackupDeclared, _: Where, at: str) -> None:
    """A backup could bring destroyed content back."""
    state.put(Backup(event.name, at))


def backup_gone(state: State, event: e.BackupGone, _: Where, at: str) -> None:
    """It no longer could."""
    state.put(replace(state.need(Backup, event.name, "entry"), gone_at=at))


def incident_marked(state: State, event: e.IncidentMarked, _: Where, at: str) -> None:
    """An incident opens or closes on an item; missing copies say so."""
    item = state.need(Item, event.item, "entry")
    state.put(replace(item, under_incident=event.under_incident))
    if event.missing:
        _set_copies(state, event.item, "missing", at, only=event.missing)


FOLDS: Mapping[type[Event], Fold] = {
    e.ContentExamined: content_examined,
    e.ItemRegistered: item_registered,
    e.CopiesAdded: copies_added,
    e.HandedOver: handed_over,
    e.AccessPermitted: access_permitted,
    e.ContentOpened: content_opened,
    e.Reclassified: reclassified,
    e.ChangeKept: change_kept,
    e.Remarked: remarked,
    e.CopiesReturned: copies_returned,
    e.DestructionProposed: destruction_proposed,
    e.DestructionCertified: destruction_certified,
    e.DestructionDeclined: destruction_declined,
    e.SlotDestroyed: slot_destroyed,
    e.ResidualCleared: residual_cleared,
    e.BackupDeclared: backup_declared,
    e.BackupGone: backup_gone,
    e.IncidentMarked: incident_marked,
}
