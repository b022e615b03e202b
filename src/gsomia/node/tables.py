"""Which function carries out which command, which fold takes in which event, and what follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import msgspec

from gsomia.act import Answer, Command, Context, Refused
from gsomia.canon import digest, encode
from gsomia.clearance import acts as clearance_acts
from gsomia.clearance import state as clearance_state
from gsomia.clearance.model import (
    Appointment,
    Briefing,
    Clearance,
    Facility,
    HeldKey,
    Listing,
    Need,
    Person,
)
from gsomia.desk import acts as desk_acts
from gsomia.desk import state as desk_state
from gsomia.desk.model import Filing, Letter, Numbering, RecordBegins, Series, Told, ToldText
from gsomia.desk.policy import GroundPolicy
from gsomia.desk.texts import Amendment, HeldText, Proposal
from gsomia.exchange import acts as exchange_acts
from gsomia.exchange import node_acts
from gsomia.exchange import state as exchange_state
from gsomia.exchange.model import (
    Alarm,
    Incoming,
    Line,
    NamedAuthority,
    NoticeFile,
    Outgoing,
    OwnCard,
    Peer,
    TurnedAway,
)
from gsomia.fold import Doc, Event, Fold, State, Where
from gsomia.node.orders import Spent
from gsomia.registry import acts as registry_acts
from gsomia.registry import state as registry_state
from gsomia.registry.model import (
    Access,
    Backup,
    ChangesKept,
    Copy,
    Destruction,
    Examined,
    Item,
    Lodged,
    Originator,
    Reference,
    Serial,
)
from gsomia.release import acts as release_acts
from gsomia.release import state as release_state
from gsomia.release.model import Assurance, Consent, PassedOn, Request

Act = Callable[[Any, State, Context], Answer]

OFFICER_ACTS: Mapping[type[Command], Act] = {
    **clearance_acts.ACTS,
    **desk_acts.ACTS,
    **registry_acts.ACTS,
    **release_acts.ACTS,
    **exchange_acts.ACTS,
}
"""What a person may ask for, under their own signature."""

NODE_ACTS: Mapping[type[Command], Act] = node_acts.NODE_ACTS
"""What the node's own workers file. No door leads here."""


def _refused(_: State, __: Refused, ___: Where, ____: str) -> None:
    """A refusal changes nothing: the entry is the record."""


FOLDS: Mapping[type[Event], Fold] = {
    Refused: _refused,
    **clearance_state.FOLDS,
    **desk_state.FOLDS,
    **registry_state.FOLDS,
    **release_state.FOLDS,
    **exchange_state.FOLDS,
}

KINDS: Mapping[str, type[Event]] = {type_.kind_(): type_ for type_ in FOLDS}
"""The kinds of entries this program knows."""

DOCS: Mapping[str, type[Doc]] = {
    type_.kind_(): type_
    for type_ in (
        Access,
        Alarm,
        Amendment,
        Appointment,
        Assurance,
        Backup,
        Briefing,
        ChangesKept,
        Clearance,
        Consent,
        Copy,
        Destruction,
        Examined,
        Facility,
        Filing,
        GroundPolicy,
        HeldKey,
        HeldText,
        Incoming,
        Item,
        Letter,
        Line,
        Listing,
        Lodged,
        NamedAuthority,
        Need,
        NoticeFile,
        Numbering,
        Outgoing,
        OwnCard,
        PassedOn,
        Peer,
        Person,
        Proposal,
        Originator,
        RecordBegins,
        Reference,
        Request,
        Serial,
        Series,
        Spent,
        Told,
        ToldText,
        TurnedAway,
    )
}
"""The kinds of documents this program keeps."""

FOLDING = 9
"""Raised with every change of a fold that makes other documents of the same entries."""


@cache
def form() -> bytes:
    """Names the documents that this program derives: every field of each kind, and `FOLDING`.

    Documents that another program derived are not read: `gsomia node rebuild` makes them anew.
    """
    _, fields = msgspec.json.schema_components(tuple(DOCS.values()))
    return digest(encode([FOLDING, _without_words(fields)])).encode()


def _without_words(part: Any) -> Any:
    """A schema without its descriptions: a better docstring makes no other document."""
    if isinstance(part, dict):
        return {k: _without_words(v) for k, v in part.items() if k not in ("title", "description")}
    return [_without_words(v) for v in part] if isinstance(part, list) else part
