"""Reading and writing a hypothesis: the small YAML form of what somebody supposes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

import msgspec

from gsomia.agreement import counting, yamldoc
from gsomia.agreement.hypothesis import (
    MAX_SUPPOSITIONS,
    Ended,
    Hypothesis,
    Joined,
    Lifted,
    Notice,
    Paper,
    RowChanged,
    RowRemoved,
    Supposition,
)
from gsomia.agreement.instrumentfile import InstrumentForm, read_instrument
from gsomia.canon import encode
from gsomia.faults import BadInput

FORMAT = "gsomia/hypothesis/v1"


class _Form(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="what", forbid_unknown_fields=True
):
    """One supposition as a file writes it: instants and days are text."""


class PaperForm(_Form, frozen=True, kw_only=True, tag="instrument"):
    """`Paper`, in the form of a file of instruments."""

    instrument: InstrumentForm


class NoticeForm(_Form, frozen=True, kw_only=True, tag="notice"):
    """`Notice`."""

    by: str
    at: str


class LiftedForm(_Form, frozen=True, kw_only=True, tag="lift_suspension"):
    """`Lifted`."""

    at: str


class EndedForm(_Form, frozen=True, kw_only=True, tag="end"):
    """`Ended`."""

    at: str


class RowChangedForm(_Form, frozen=True, kw_only=True, tag="row_changed"):
    """`RowChanged`."""

    rank: int
    since: str
    marks: dict[str, tuple[str, ...]]


class RowRemovedForm(_Form, frozen=True, kw_only=True, tag="row_removed"):
    """`RowRemoved`."""

    rank: int
    since: str


class JoinedForm(_Form, frozen=True, kw_only=True, tag="new_party"):
    """`Joined`."""

    code: str
    since: str


Form = (
    PaperForm | NoticeForm | LiftedForm | EndedForm | RowChangedForm | RowRemovedForm | JoinedForm
)


class HypothesisFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file with one hypothesis."""

    format: Literal["gsomia/hypothesis/v1"]
    agreement: str
    suppose: tuple[Form, ...]


def read_hypothesis(data: bytes, where: str) -> Hypothesis:
    """Read a hypothesis strictly. Raises `BadInput` with the line.

    Whether it can be supposed of the agreement, `suppose` says.
    """
    document = yamldoc.read(data, where)
    file = document.convert(HypothesisFile, "a hypothesis")
    if not 1 <= len(file.suppose) <= MAX_SUPPOSITIONS:
        raise BadInput(
            f"1 to {MAX_SUPPOSITIONS} suppositions",
            str(len(file.suppose)),
            document.at(("suppose",)),
        )
    return Hypothesis(
        file.agreement, tuple(_read(form, document, i) for i, form in enumerate(file.suppose))
    )


def _read(form: Form, document: yamldoc.Document, index: int) -> Supposition:
    def at(name: str) -> str:
        return document.at(("suppose", index, name))

    def instant() -> datetime:
        return counting.read_instant(form.at, at("at"))  # type: ignore[union-attr]  # those that have it

    match form:
        case PaperForm():
            path = ("suppose", index, "instrument")
            return Paper(read_instrument(form.instrument, document, path))
        case NoticeForm():
            return Notice(form.by, instant())
        case LiftedForm():
            return Lifted(instant())
        case EndedForm():
            return Ended(instant())
        case RowChangedForm():
            return RowChanged(form.rank, counting.read_date(form.since, at("since")), form.marks)
        case RowRemovedForm():
            return RowRemoved(form.rank, counting.read_date(form.since, at("since")))
        case JoinedForm():
            return Joined(form.code, counting.read_date(form.since, at("since")))


def write_hypothesis(agreement: str, suppose: Iterable[dict[str, Any]]) -> bytes:
    """The file that says so. JSON of ASCII keys is within the subset of YAML that is read.

    Each supposition is in the form of the file; what is wrong with it, reading says.
    """
    return encode({"format": FORMAT, "agreement": agreement, "suppose": list(suppose)})
