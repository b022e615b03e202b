"""Signed commands: what an officer signed, read strictly, and whose signature it is."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

import msgspec

from gsomia.act import Command
from gsomia.canon import instant, parse_instant
from gsomia.clearance import commands as clearance
from gsomia.clearance.model import Person
from gsomia.desk import commands as desk
from gsomia.exchange import commands as exchange
from gsomia.exchange.officer import COMMAND
from gsomia.faults import BadInput, ProofFailed, shown
from gsomia.fold import Doc, State
from gsomia.journal.note import parse_note
from gsomia.journal.statement import (
    MAX_STATEMENT,
    SigningPair,
    StatementKeys,
    open_statement,
    sign_statement,
)
from gsomia.registry import commands as registry
from gsomia.release import commands as release

FRESH = timedelta(minutes=10)
"""How far an officer's clock and the node's may differ. A command older than this is stale."""

Officers = (
    clearance.Enrol
    | clearance.Appoint
    | clearance.EndAppointment
    | clearance.Grant
    | clearance.Withdraw
    | clearance.Brief
    | clearance.ApproveFacility
    | clearance.ListPerson
    | clearance.StrikePerson
    | clearance.ApproveNeed
    | registry.Register
    | registry.HandOver
    | registry.Read
    | registry.Remark
    | registry.ProposeDestruction
    | registry.CertifyDestruction
    | registry.DeclineDestruction
    | registry.CloseIncident
    | registry.DeclareBackup
    | registry.RetireBackup
    | release.RequestRelease
    | release.Review
    | release.Decide
    | release.PassOn
    | release.ConfirmGround
    | exchange.Trust
    | exchange.Rotate
    | exchange.Dispatch
    | exchange.Cancel
    | exchange.Accept
    | exchange.Notify
    | desk.RecordInstrument
    | desk.DraftLetter
    | desk.SignOff
    | desk.IssueLetter
    | desk.HandOver
    | desk.Receive
    | desk.AmendText
    | desk.CancelLetter
    | desk.SetNumbering
    | desk.SetPolicy
)
"""Every command an officer can sign."""

Nonce = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{32}\Z")]


class Order(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of a statement of kind `command`: the command, for which node, when, once."""

    registry: str
    at: str
    nonce: Nonce
    command: Officers


class SignedOrder(msgspec.Struct, frozen=True):
    """An order whose signature was verified, and the person whose key made it."""

    person: str
    order: Order
    signed: bytes


class Spent(Doc, frozen=True, tag="node.spent"):
    """A nonce that was used: the same signed command never acts twice."""

    nonce: str

    @property
    def key(self) -> str:
        """The nonce."""
        return self.nonce


def sign_order(
    command: Command, registry: str, at: datetime, nonce: str, officer: SigningPair
) -> bytes:
    """The officer's signature over the exact command."""
    body = Order(registry, instant(at), nonce, command)  # type: ignore[arg-type]  # closed union
    return sign_statement(COMMAND, body, officer)


def open_order(data: bytes, state: State, registry: str, at: datetime) -> SignedOrder:
    """Verify a signed command: whose it is, for this node, fresh.

    Raises `ProofFailed` if the key is nobody's here or a signature fails, and
    `BadInput` for another node's or a stale command. Whether it was used before
    is the clerk's question.
    """
    note = parse_note(data, "command", MAX_STATEMENT)
    name = note.signatures[0].name if note.signatures else ""
    person = next((p for p in state.all(Person) if p.key_name == name), None)
    if person is None or not name:
        raise ProofFailed(f"no person enrolled here holds the key {shown(name)}", "command")
    keys = StatementKeys(person.key_name, person.ed25519, person.mldsa87)
    order = open_statement(data, COMMAND, Order, keys, "command")
    if order.registry != registry:
        raise BadInput(f"a command for {registry}", f"one for {shown(order.registry)}", "command")
    if abs(parse_instant(order.at, "command.at") - at) > FRESH:
        raise BadInput("a command signed within 10 minutes of now", order.at, "command.at")
    return SignedOrder(person.id, order, data)
