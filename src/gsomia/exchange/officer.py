"""Officers' acts on the way: the command a person signed, and their node's certificate.

The partner learns an opaque id, a role and keys: not who the person is. The node
vouches that these keys were a registered officer's; it never signs in their place.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec

from gsomia.canon import encode, parse_instant
from gsomia.exchange.card import KeyPair, NodeCard
from gsomia.exchange.fields import Line, Name, RegistryCode, check_instant, check_line, checked
from gsomia.exchange.notices import Act
from gsomia.faults import BadInput, ProofFailed
from gsomia.journal.statement import SigningPair, StatementKeys, open_statement, sign_statement

COMMAND = "command"
OFFICER_CERTIFICATE = "officer-certificate"


class OfficerCertificate(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    kw_only=True,
    rename={"from_": "from"},
):
    """A node's word that these keys are an officer's, in a role, from `from` until `until`.

    `officer` is opaque and doubles as the name the officer's keys sign under.
    """

    officer: Name
    role: Name
    keys: KeyPair
    registry: RegistryCode
    from_: Line
    until: Line

    def __post_init__(self) -> None:
        check_instant(self.from_, "certificate.from")
        check_instant(self.until, "certificate.until")
        check_line(self.role, "certificate.role")
        if not self._start < self._end:
            raise BadInput("an end after the start", "another", "certificate.until")
        self.officer_keys  # noqa: B018  checks sizes and name

    @property
    def _start(self) -> datetime:
        return parse_instant(self.from_, "certificate.from")

    @property
    def _end(self) -> datetime:
        return parse_instant(self.until, "certificate.until")

    @property
    def officer_keys(self) -> StatementKeys:
        """The officer's keys."""
        return self.keys.keys(self.officer)

    def valid_at(self, at: datetime) -> bool:
        """True from `from` up to, not including, `until`."""
        return self._start <= at < self._end


def sign_certificate(certificate: OfficerCertificate, node: SigningPair) -> bytes:
    """The signed certificate. Raises `BadInput` if a field breaks its bounds."""
    return sign_statement(OFFICER_CERTIFICATE, checked(certificate, "certificate"), node)


def make_act(command: bytes, certificate: bytes) -> Act:
    """An act from two signed statements' bytes. Verifies nothing."""
    return Act(command.decode(), certificate.decode())


@lru_cache(maxsize=256)
def _open_certificate(data: bytes, node: StatementKeys) -> OfficerCertificate:
    """What a node certified. Remembered: every act of an officer carries the same bytes."""
    where = "officer certificate"
    return open_statement(data, OFFICER_CERTIFICATE, OfficerCertificate, node, where)


def open_act(act: Act, card: NodeCard, at: datetime) -> tuple[msgspec.Raw, OfficerCertificate]:
    """Verify an act: the certificate by the sender's node, the command by the officer.

    Returns the command's canonical body, not yet read as any command, and the
    certificate. Raises `ProofFailed` if a signature fails, the certificate is for
    another registry, or `at` lies outside it; `BadInput` if either is malformed.
    What the role may do, and whether the command fits the message that carries it,
    is the caller's to check: an act says nothing by itself.
    """
    certificate = _open_certificate(act.certificate.encode(), card.statement_keys)
    if certificate.registry != card.registry:
        raise ProofFailed("it is for another registry", "officer certificate")
    if not certificate.valid_at(at):
        raise ProofFailed("it is not in force at this time", "officer certificate")
    officer = certificate.officer_keys
    if {officer.ed25519, officer.mldsa87} & card.signing_keys:
        raise ProofFailed("the node's own key stands for a person", "officer certificate")
    body = open_statement(act.command.encode(), COMMAND, dict[str, Any], officer, "officer's act")
    return msgspec.Raw(encode(body)), certificate
