"""A received item as this registry registers it: marked on receipt (Art. 4(2))."""

from __future__ import annotations

import msgspec

from gsomia.act import Context
from gsomia.canon import digest
from gsomia.exchange.commands import ReceivedLine
from gsomia.exchange.messages import File, ItemLine
from gsomia.exchange.model import Incoming
from gsomia.fold import State
from gsomia.registry.entries import CopiesAdded, ItemRegistered, Reclassified
from gsomia.registry.model import ChangesKept, Item, Sealed
from gsomia.ruling import Ruling


def slot_name(peer: str, number: str, reference: str) -> str:
    """The name of a received item's key slot: known before the item has a number here.

    By peer and register number, which this node accepts once: nothing that a partner
    sends later can take the place of what it sent before.
    """
    return f"{peer} {number} {reference}"


def blob_name(slot: str) -> str:
    """The name under which the ciphertext of a received item is kept."""
    return "item-" + digest(slot.encode())[7:]


def sealed_from_line(arrival: Incoming, item: ItemLine) -> Sealed:
    """How a received item's content lies sealed here: the sender's ciphertext, our slot."""
    slot = slot_name(arrival.peer, arrival.number, item.reference)
    cover = digest(item.cover)
    match item.content:
        case File() as file:
            return Sealed(
                slot=slot,
                key_commitment=item.key_commitment,
                cover=cover,
                blob=blob_name(slot),
                ciphertext_digest=file.ciphertext_digest,
                ciphertext_size=file.ciphertext_size,
                plaintext_size=file.plaintext_size,
                media_type=file.media_type,
            )
        case _:
            return Sealed(slot=slot, key_commitment=item.key_commitment, cover=cover)


def changes_due(item: ItemLine, number: str, arrival: Incoming, state: State) -> list[Reclassified]:
    """What the originator changed of a received item, and the item does not show.

    All that was told after it was dispatched; of what was told before, the last, unless it
    left under that mark already.
    """
    kept = state.get(ChangesKept, f"{arrival.agreement} {item.originator} {item.reference}")
    changes = kept.changes if kept else ()
    before = [c for c in changes if c.sequence < arrival.sequence]
    due = [c for c in before[-1:] if c.to_mark != item.originator_mark]
    due += [c for c in changes if c.sequence > arrival.sequence]
    return [Reclassified(item=number, **msgspec.structs.asdict(change)) for change in due]


def item_registered(
    item: ItemLine,
    word: ReceivedLine,
    number: str,
    arrival: Incoming,
    facility: str,
    ruling: Ruling,
    context: Context,
) -> ItemRegistered:
    """The register entry of a received item: originator's mark kept, own mark added."""
    return ItemRegistered(
        number=number,
        agreement=arrival.agreement,
        originator=item.originator,
        reference=item.reference,
        mark=item.originator_mark,
        local_mark=word.mark,
        releasable_to=item.releasable_to,
        caveats=item.caveats,
        subject=item.subject,
        defence_related=True,
        form=item.form.value,
        language=item.language,
        pages=item.pages,
        short_title=item.short_title,
        purpose=item.purpose,
        copies=item.copies,
        copies_of=item.copies_of,
        facility=facility,
        sealed=sealed_from_line(arrival, item),
        transmittal=arrival.key,
        ruling=ruling,
        registrar=context.actor,
        conditions=item.onward.conditions if item.onward else (),
    )


def copies_added(
    item: ItemLine, here: Item, arrival: Incoming, facility: str, ruling: Ruling
) -> CopiesAdded:
    """Further copies of an item registered already: its content is here, once."""
    bound = item.onward.conditions if item.onward else ()
    return CopiesAdded(
        here.number, item.copies, item.copies_of, facility, arrival.key, ruling, bound
    )
