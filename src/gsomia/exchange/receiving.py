"""A received item as this registry registers it: marked on receipt (Art. 4(2))."""

from __future__ import annotations

from gsomia.act import Context
from gsomia.canon import digest
from gsomia.exchange.commands import ReceivedLine
from gsomia.exchange.messages import File, ItemLine
from gsomia.exchange.model import Incoming
from gsomia.registry.entries import ItemRegistered
from gsomia.registry.model import Sealed
from gsomia.ruling import Ruling


def slot_name(transmittal: str, reference: str) -> str:
    """The name of a received item's key slot: known before the item has a number here."""
    return f"{transmittal} {reference}"


def blob_name(ciphertext_digest: str) -> str:
    """The name under which a sealed item's ciphertext is kept."""
    return ciphertext_digest.replace("sha256:", "item-")


def sealed_from_line(transmittal: str, item: ItemLine) -> Sealed:
    """How a received item's content lies sealed here: the sender's ciphertext, our slot."""
    slot = slot_name(transmittal, item.reference)
    cover = digest(item.cover)
    match item.content:
        case File() as file:
            return Sealed(
                slot=slot,
                key_commitment=item.key_commitment,
                cover=cover,
                blob=blob_name(file.ciphertext_digest),
                ciphertext_digest=file.ciphertext_digest,
                ciphertext_size=file.ciphertext_size,
                plaintext_size=file.plaintext_size,
                media_type=file.media_type,
            )
        case _:
            return Sealed(slot=slot, key_commitment=item.key_commitment, cover=cover)


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
        sealed=sealed_from_line(arrival.id, item),
        transmittal=arrival.key,
        ruling=ruling,
        registrar=context.actor,
    )
