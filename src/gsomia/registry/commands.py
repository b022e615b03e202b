"""What a registrar or a reader can ask for."""

from __future__ import annotations

from gsomia.act import Command
from gsomia.registry.model import Sealed


class Register(Command, frozen=True, tag="registry.register"):
    """Register an item made here. `sealed` is what sealing its content gave."""

    agreement: str
    mark: str
    subject: str
    form: str
    short_title: str
    facility: str
    sealed: Sealed
    releasable_to: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    defence_related: bool = True
    language: str = ""
    pages: int = 0
    copies: int = 1


class HandOver(Command, frozen=True, tag="registry.hand-over"):
    """Give a copy to another keeper or place."""

    item: str
    copy: int
    keeper: str
    facility: str


class Read(Command, frozen=True, tag="registry.read"):
    """Sign to read a copy. The signature comes first; the content opens after it."""

    item: str
    copy: int
    facility: str
    purpose: str


class Remark(Command, frozen=True, tag="registry.remark"):
    """Carry out the originator's change of classification on all copies (Art. 6(g)).

    `local_mark` is this party's corresponding mark; empty if declassified.
    """

    item: str
    local_mark: str


class ProposeDestruction(Command, frozen=True, tag="registry.propose-destruction"):
    """Propose to destroy an item's content on this node."""

    item: str
    method: str
    reason: str


class CertifyDestruction(Command, frozen=True, tag="registry.certify-destruction"):
    """Certify, as the second person, a proposed destruction."""

    destruction: str


class DeclineDestruction(Command, frozen=True, tag="registry.decline-destruction"):
    """Take a proposed destruction off the table before anybody certified it."""

    destruction: str
    reason: str


class CloseIncident(Command, frozen=True, tag="registry.close-incident"):
    """Close the incident an item is under, with what was found and done (Art. 17)."""

    item: str
    finding: str


class DeclareBackup(Command, frozen=True, tag="registry.declare-backup"):
    """Say that a backup holding key slots was made."""

    name: str


class RetireBackup(Command, frozen=True, tag="registry.retire-backup"):
    """Say that such a backup was destroyed."""

    name: str
