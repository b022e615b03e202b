"""Sealing a transmittal, and opening one: the steps in order, each check in sight.

Sealing: fresh transmittal key; wrap each item's key under it; seal it to the
recipient; sign the statement that names all of this; encrypt the statement; put the
digest of the sections on the outside. The transmittal key is not returned: the
sender forgets it.

Opening proves, in this order: addressed to us; sealed to a key of ours under this
agreement and address; the statement is of the card it names, by both keys; inside
and outside say the same; the items are those listed. It does not judge the act:
sequence, agreement, release and acceptance are decided above.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from gsomia.canon import digest
from gsomia.exchange.card import NodeCard
from gsomia.exchange.container import (
    OuterHeader,
    Part,
    Received,
    address,
    body_digest,
    check_outside,
)
from gsomia.exchange.fields import checked
from gsomia.exchange.keyparts import (
    TRANSMITTAL_KEY,
    KemPrivate,
    KemPublic,
    KeyPart,
    open_sealed_statement,
    open_transmittal_key,
    parse_key_part,
    seal_statement,
    seal_transmittal_key,
    transmittal_info,
    unwrap_item_key,
    wrap_item_key,
)
from gsomia.exchange.messages import TRANSMITTAL, Message, Transmittal
from gsomia.exchange.sealed import key_commitment
from gsomia.faults import BadInput, ProofFailed, shown
from gsomia.journal.statement import (
    SigningPair,
    StatementKeys,
    open_naming_signer,
    sign_statement,
)

_WHERE = "transmittal"


class SealedTransmittal(msgspec.Struct, frozen=True):
    """What `container.write_container` needs besides the items, and what the sender keeps.

    `body` is what was signed and `note` the signed statement in clear, for the
    sender's own register.
    """

    header: OuterHeader
    keys: bytes
    statement: bytes
    note: bytes
    body: Transmittal


class OpenedTransmittal:
    """A transmittal that passed every check. Holds its key: it has no text form.

    `note` is the signed statement's bytes, to be kept as evidence.
    """

    __slots__ = ("_key", "_key_part", "body", "header", "note")

    def __init__(
        self, header: OuterHeader, body: Transmittal, note: bytes, key: bytes, key_part: KeyPart
    ) -> None:
        self.header, self.body, self.note = header, body, note
        self._key, self._key_part = key, key_part

    def item_key(self, index: int) -> bytes:
        """The key of the statement's `items()[index]`.

        Raises `ProofFailed` if it does not unwrap, or is not the key committed to.
        """
        item = self.body.items()[index]
        wrapped = self._key_part.item_keys[index]
        key = unwrap_item_key(
            self._key, bytes.fromhex(self.body.id), index, wrapped, item.bound_digest
        )
        if key_commitment(key) != item.key_commitment:
            raise ProofFailed("is not the one the statement commits to", f"key of item {index}")
        return key


# -- sealing ----------------------------------------------------------------------


def seal_transmittal(
    message: Message,
    item_keys: Sequence[bytes],
    recipient: NodeCard,
    signer: SigningPair,
    rand: Callable[[int], bytes],
    level_words: Iterable[str],
) -> SealedTransmittal:
    """Sign and seal `message` to `recipient`.

    `item_keys` are the keys of `message.items()`, in that order; `level_words` the
    words of every level in every language, none of which may show outside.
    `rand(n)` gives n random bytes from the system. Raises `BadInput` if the message
    breaks a bound, is not for `recipient`, or keys and items do not match.
    """
    message = checked(message, _WHERE)
    lines, files = message.items(), message.files()
    if message.to != recipient.registry:
        raise BadInput(f"a message to {recipient.registry}", shown(message.to), _WHERE)
    if tuple(map(key_commitment, item_keys)) != tuple(x.key_commitment for x in lines):
        raise BadInput("the key of each item, in order", "other keys", _WHERE)
    outside = address(message.from_, message.number, message.to)
    key = rand(TRANSMITTAL_KEY)
    ident = bytes.fromhex(message.id)
    key_part = KeyPart(
        recipient.kem_public.key_id,
        seal_transmittal_key(
            key, recipient.kem_public, transmittal_info(message.agreement, outside)
        ),
        tuple(
            wrap_item_key(key, ident, i, item_key, item.bound_digest)
            for i, (item_key, item) in enumerate(zip(item_keys, lines, strict=True))
        ),
    ).encode()
    body = _bound(message, recipient.kem_public, key_part, signer)
    note = sign_statement(TRANSMITTAL, body, signer)
    statement = seal_statement(key, note, outside)
    items = [Part(f.ciphertext_size, f.ciphertext_digest) for f in files]
    header = OuterHeader(
        body=body_digest(Part.of(key_part), Part.of(statement), items),
        from_=message.from_,
        number=message.number,
        to=message.to,
    )
    check_outside(header, level_words)
    return SealedTransmittal(header, key_part, statement, note, body)


def _bound(
    message: Message, recipient: KemPublic, key_part: bytes, signer: SigningPair
) -> Transmittal:
    """The statement's body: the message, and what binds it to keys and signers."""
    said = {name: getattr(message, name) for name in Message.__struct_fields__}
    first, second = (key_id.hex() for key_id in signer.public.key_ids)
    return Transmittal(
        **said,
        kem_key_id=recipient.key_id.hex(),
        key_part=digest(key_part),
        signers=(first, second),
    )


# -- opening ----------------------------------------------------------------------


def open_transmittal(
    received: Received,
    registry: str,
    kem_keys: Mapping[bytes, KemPrivate],
    agreements: Iterable[str],
    cards: Iterable[NodeCard],
) -> OpenedTransmittal:
    """Open and verify what `container.read_container` returned.

    `registry` is ours; `kem_keys` our private keys by key id; `agreements` those we
    have with the sender (the outside does not name one, so each is tried); `cards`
    the sender's cards that are trusted: the present one, and earlier ones still
    honoured. Raises `BadInput` if it is addressed to another registry or malformed,
    `ProofFailed` for every mismatch.
    """
    header = received.header
    if header.to != registry:
        raise BadInput(f"a transmittal to {registry}", f"one to {header.to}", _WHERE)
    key_part = parse_key_part(received.keys)
    key, agreement = _transmittal_key(header, key_part, kem_keys, agreements)
    note = open_sealed_statement(key, received.statement, header.address())
    trusted = {card.digest(): card for card in cards}

    def signer(body: Transmittal) -> StatementKeys:
        if body.card not in trusted:
            raise ProofFailed("names a node card that is not trusted here", _WHERE)
        return trusted[body.card].statement_keys

    body = open_naming_signer(note, TRANSMITTAL, Transmittal, signer, _WHERE)
    _check_inside(received, body, agreement, trusted[body.card], key_part)
    _check_items(received, body, key_part)
    return OpenedTransmittal(header, body, note, key, key_part)


def _transmittal_key(
    header: OuterHeader,
    key_part: KeyPart,
    kem_keys: Mapping[bytes, KemPrivate],
    agreements: Iterable[str],
) -> tuple[bytes, str]:
    """The transmittal key, and the agreement it was sealed under."""
    private = kem_keys.get(key_part.kem_key_id)
    if private is None:
        raise ProofFailed("is sealed to a key this node does not hold (any more)", "key part")
    for agreement in agreements:
        info = transmittal_info(agreement, header.address())
        try:
            return open_transmittal_key(key_part.sealed_key, private, info), agreement
        except ProofFailed:
            continue
    raise ProofFailed("opens under no agreement with this sender, or was altered", "key part")


def _check_inside(
    received: Received, body: Transmittal, agreement: str, card: NodeCard, key_part: KeyPart
) -> None:
    """Inside and outside must say the same, so that no layer can be lifted onto another."""
    header = received.header
    same = {
        "the sender is not the card's registry": body.from_ == card.registry,
        "inside and outside name different senders": body.from_ == header.from_,
        "inside and outside name different recipients": body.to == header.to,
        "inside and outside have different numbers": body.number == header.number,
        "it is sealed under another agreement than it names": body.agreement == agreement,
        "it names another key part": body.key_part == digest(received.keys),
        "it names another recipient key": body.kem_key_id == key_part.kem_key_id.hex(),
        "it names other signers than its card's": (
            body.signers == tuple(key_id.hex() for key_id in card.statement_keys.key_ids)
        ),
    }
    for what, holds in same.items():
        if not holds:
            raise ProofFailed(what, _WHERE)


def _check_items(received: Received, body: Transmittal, key_part: KeyPart) -> None:
    """The sections must be the files the statement lists, in its order; one key for each item."""
    files = body.files()
    if len(files) != len(received.items) or len(body.items()) != len(key_part.item_keys):
        raise ProofFailed("lists another number of items than it carries", _WHERE)
    for index, (file, part) in enumerate(zip(files, received.items, strict=True)):
        if (file.ciphertext_size, file.ciphertext_digest) != (part.size, part.digest):
            raise ProofFailed("is not the file the statement lists", f"item {index}")
