"""Delivery receipts: what a node signs, by itself, over the bytes it received.

A receipt says that these bytes arrived and were stored, no more: acceptance is a
person's act, and travels as its own transmittal. It shows nothing that the outside
of the transmittal does not. A receipt is signed once and its bytes are stored; a
duplicate gets the stored bytes, since signing again would give other bytes.
"""

from __future__ import annotations

import msgspec

from gsomia.exchange.container import OuterHeader
from gsomia.exchange.fields import (
    Count,
    Digest,
    Line,
    RegisterNumber,
    RegistryCode,
    check_instant,
    checked,
)
from gsomia.faults import BadInput, ProofFailed
from gsomia.journal.statement import SigningPair, StatementKeys, open_statement, sign_statement

DELIVERY_RECEIPT = "delivery-receipt"
DELIVERY_CONFLICT = "delivery-conflict"


class DeliveryReceipt(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    kw_only=True,
    rename={"from_": "from"},
):
    """The transmittal's outside, when it was stored, and how far its sequence is complete.

    `from` and `to` are the transmittal's, so `to` signs. `contiguous` is the
    highest number up to which nothing of this sender is missing here.
    """

    number: RegisterNumber
    from_: RegistryCode
    to: RegistryCode
    body: Digest
    received_at: Line
    contiguous: Count

    def __post_init__(self) -> None:
        check_instant(self.received_at, "receipt.received_at")


class DeliveryConflict(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    kw_only=True,
    rename={"from_": "from"},
):
    """Two different bodies came under one number: both kept as evidence, the second refused."""

    number: RegisterNumber
    from_: RegistryCode
    to: RegistryCode
    first: Digest
    second: Digest

    def __post_init__(self) -> None:
        if self.first == self.second:
            raise BadInput("two digests", "one digest twice: a duplicate", "conflict")


def receipt_for(header: OuterHeader, received_at: str, contiguous: int) -> DeliveryReceipt:
    """The receipt for a received container's outside. Signs nothing."""
    return DeliveryReceipt(
        number=header.number,
        from_=header.from_,
        to=header.to,
        body=header.body,
        received_at=received_at,
        contiguous=contiguous,
    )


def conflict_for(first: OuterHeader, second: OuterHeader) -> DeliveryConflict:
    """The conflict between a stored outside and a new one. Raises `BadInput` if there is none."""
    if (first.number, first.from_, first.to) != (second.number, second.from_, second.to):
        raise BadInput("one number, sender and recipient", "two", "conflict")
    return DeliveryConflict(
        number=first.number,
        from_=first.from_,
        to=first.to,
        first=first.body,
        second=second.body,
    )


def sign_receipt(receipt: DeliveryReceipt, node: SigningPair) -> bytes:
    """The signed receipt. Raises `BadInput` if a field breaks its bounds."""
    return sign_statement(DELIVERY_RECEIPT, checked(receipt, "receipt"), node)


def sign_conflict(conflict: DeliveryConflict, node: SigningPair) -> bytes:
    """The signed statement of a conflict. Raises `BadInput` if a field breaks its bounds."""
    return sign_statement(DELIVERY_CONFLICT, checked(conflict, "conflict"), node)


def open_receipt(data: bytes, keys: StatementKeys, sent: OuterHeader) -> DeliveryReceipt:
    """Verify a receipt by the recipient's node keys, for what was sent.

    Raises `ProofFailed` if a signature fails or the receipt is for other bytes or
    another number; `BadInput` if it is malformed.
    """
    receipt = open_statement(data, DELIVERY_RECEIPT, DeliveryReceipt, keys, "receipt")
    said = (receipt.number, receipt.from_, receipt.to)
    if said != (sent.number, sent.from_, sent.to):
        raise ProofFailed("the receipt is for another transmittal", "receipt")
    if receipt.body != sent.body:
        raise ProofFailed("the receipt is for other bytes than were sent", "receipt")
    return receipt


def open_conflict(data: bytes, keys: StatementKeys, sent: OuterHeader) -> DeliveryConflict:
    """Verify a statement of conflict that concerns what was sent. Raises as `open_receipt`."""
    conflict = open_statement(data, DELIVERY_CONFLICT, DeliveryConflict, keys, "conflict")
    if (conflict.number, conflict.from_, conflict.to) != (sent.number, sent.from_, sent.to):
        raise ProofFailed("the conflict is about another transmittal", "conflict")
    if sent.body not in (conflict.first, conflict.second):
        raise ProofFailed("neither digest is of what was sent", "conflict")
    return conflict
