"""What officers, and the node itself, can ask of the exchange.

Officers' commands carry their signature. The node's own (`Node…`) record what
its workers saw; no door accepts them from outside.
"""

from __future__ import annotations

import msgspec

from gsomia.act import Command
from gsomia.exchange.messages import Carried, Transmittal
from gsomia.exchange.notices import About
from gsomia.fold import Event


class Trust(Command, frozen=True, tag="exchange.trust"):
    """Trust a partner's card, whose fingerprint was compared with the partner in person."""

    card: str
    fingerprint: str


class Rotate(Command, frozen=True, tag="exchange.rotate"):
    """Order new keys for this node; partners learn of them by signed succession."""

    reason: str


class Dispatch(Command, frozen=True, tag="exchange.dispatch"):
    """Send released items in one transmittal. Precedence: Z, O, P or R.

    `channel` is `network`, or `courier`: then it waits to be exported to a medium,
    and is never sent over the wire.
    """

    requests: tuple[str, ...]
    precedence: str = "R"
    channel: str = "network"


class Cancel(Command, frozen=True, tag="exchange.cancel"):
    """Cancel a transmittal that has not left; its number goes out as a void."""

    peer: str
    number: str
    reason: str


class ReceivedLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The registrar's word on one received item: accepted under a mark, or refused and why."""

    reference: str
    accepted: bool
    mark: str = ""
    reason: str = ""


class Accept(Command, frozen=True, tag="exchange.accept"):
    """Mark and register, or refuse, each item of a received transmittal (Art. 4(2))."""

    peer: str
    number: str
    facility: str
    lines: tuple[ReceivedLine, ...]


class Notify(Command, frozen=True, tag="exchange.notify"):
    """Give a notice to a partner, or answer one."""

    peer: str
    agreement: str
    about: About
    answers: str = ""


# -- the node's own -----------------------------------------------------------------


class NodeSends(Command, frozen=True, tag="node.sends"):
    """Give a number to a message that is nobody's act: heartbeat, succession."""

    peer: str
    agreement: str
    carries: Carried


class NodeRenews(Command, frozen=True, tag="node.renews"):
    """A worker made this node's next card; each partner (agreement, registry) is told."""

    serial: int
    card: str
    succession: str
    lines: tuple[tuple[str, str], ...]


class NodeSealed(Command, frozen=True, tag="node.sealed"):
    """A worker fixed the bytes of a transmittal."""

    peer: str
    number: str
    body: str
    statement: Transmittal


class NodeReceived(Command, frozen=True, tag="node.received"):
    """A worker received, verified and opened a transmittal.

    `authority` is the sender's, from its card; `command` the officer's command
    inside the carried act, verified, as canonical JSON; `officer` who that is.
    """

    peer: str
    party: str
    authority: str
    statement: Transmittal
    note: str
    body: str
    receipt: str
    kem_key: str
    card: str
    command: str = ""
    officer: str = ""
    role: str = ""


class NodeRecords(Command, frozen=True, tag="node.records"):
    """A worker saw something that has no rules: the event is filed as it is.

    `body` is the digest of the transmittal's bytes that a delivery is about.
    """

    book: str
    event: Event
    body: str = ""
