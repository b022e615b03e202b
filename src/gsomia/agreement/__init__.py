"""Agreements: their parties, articles, levels and final clauses, and where each stands.

Pure, but for reading the packs that are shipped with the package.
"""

from gsomia.agreement.instrumentfile import load_instruments, moment, shipped_instruments
from gsomia.agreement.instruments import (
    Channel,
    Instrument,
    Kind,
    LegalEffect,
    Moment,
    Office,
    check_instrument,
    effective_moment,
    revived,
    revives_notice,
)
from gsomia.agreement.lifecycle import AT_ONCE, Lifecycle, ReadingAnswer, State, Status, status
from gsomia.agreement.model import (
    Article,
    Authority,
    LevelRow,
    LevelTable,
    Mark,
    NoticeEvent,
    NoticeReference,
    NoticeRule,
    Pack,
    Party,
    PeriodEndDay,
    Reading,
    Role,
    Suspension,
)
from gsomia.agreement.pack import agreed_digest, agreed_part, load_pack, shipped, shipped_ids
from gsomia.agreement.queries import answer_json, shipped_lifecycle, status_json

__all__ = [
    "AT_ONCE",
    "Article",
    "Authority",
    "Channel",
    "Instrument",
    "Kind",
    "LegalEffect",
    "LevelRow",
    "LevelTable",
    "Lifecycle",
    "Mark",
    "Moment",
    "NoticeEvent",
    "NoticeReference",
    "NoticeRule",
    "Office",
    "Pack",
    "Party",
    "PeriodEndDay",
    "Reading",
    "ReadingAnswer",
    "Role",
    "State",
    "Status",
    "Suspension",
    "agreed_digest",
    "agreed_part",
    "answer_json",
    "check_instrument",
    "effective_moment",
    "load_instruments",
    "load_pack",
    "moment",
    "revived",
    "revives_notice",
    "shipped",
    "shipped_ids",
    "shipped_instruments",
    "shipped_lifecycle",
    "status",
    "status_json",
]
