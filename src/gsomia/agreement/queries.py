"""The status question as the doors ask it: text in, plain JSON values out."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any, Protocol

import msgspec

from gsomia import canon
from gsomia.agreement import counting
from gsomia.agreement.instrumentfile import shipped_instruments
from gsomia.agreement.lifecycle import Lifecycle, Status
from gsomia.agreement.model import Pack
from gsomia.agreement.pack import shipped
from gsomia.shapes import from_json


@cache
def shipped_lifecycle(agreement_id: str) -> Lifecycle:
    """The lifecycle of a shipped agreement from its shipped instruments. Raises `BadInput`."""
    return Lifecycle(shipped(agreement_id), shipped_instruments(agreement_id))


def status_json(
    agreement_id: str,
    as_of_text: str,
    known_at_text: str | None = None,
    reading: str | None = None,
) -> dict[str, Any]:
    """The status of a shipped agreement from its shipped instruments.

    Instants are ISO 8601 with an offset. Raises `BadInput` for an unknown agreement or
    reading, and for an instant without offset or outside 1900 to 2999.
    """
    return answer_json(shipped_lifecycle(agreement_id), as_of_text, known_at_text, reading)


class Answers(Protocol):
    """What can be asked for a status: a lifecycle, or one record beside another."""

    @property
    def pack(self) -> Pack:
        """The agreement."""

    def status(
        self, as_of: datetime, known_at: datetime | None = None, reading: str | None = None
    ) -> Status:
        """Its status."""


def answer_json(
    lifecycle: Answers,
    as_of_text: str,
    known_at_text: str | None = None,
    reading: str | None = None,
) -> dict[str, Any]:
    """The same for any agreement and instruments, such as those a node has recorded."""
    as_of = counting.read_instant(as_of_text, "as-of instant")
    known_at = (
        None if known_at_text is None else counting.read_instant(known_at_text, "known-at instant")
    )
    answer = lifecycle.status(as_of, known_at, reading)
    return {
        "agreement": lifecycle.pack.id,
        "as_of": canon.instant(as_of),
        "known_at": canon.instant(known_at) if known_at else None,
        "reading": reading,
        **from_json(msgspec.json.encode(answer), dict[str, Any]),
    }
