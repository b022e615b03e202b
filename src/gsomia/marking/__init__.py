"""Marks: national schemes, equivalence, releasability, order and join, and marking text.

Imports nothing but the core below it: no file format, database, network or cryptography.
Formats live in their own modules and are imported by those who need them.
"""

from __future__ import annotations

from gsomia.marking.covers import (
    WORDING,
    Ended,
    Expiry,
    Particulars,
    Then,
    Wording,
    cover,
    designation_ended,
    expiry_note,
    official_use,
)
from gsomia.marking.equivalence import Equivalence, Equivalents, LevelTable, Reason, Refused
from gsomia.marking.mark import Mark, Original, admits, derive, dominates, join, own, received
from gsomia.marking.match import Unread, Why, read, require
from gsomia.marking.national import JPN, KOR, SCHEMES, scheme_of
from gsomia.marking.precedence import Precedence
from gsomia.marking.releasability import Releasability
from gsomia.marking.scheme import Level, Outside, Scheme
from gsomia.marking.text import (
    LAYOUTS,
    Layout,
    Place,
    Stamp,
    Surface,
    banner,
    number_line,
    stamp,
)

__all__ = [
    "JPN",
    "KOR",
    "LAYOUTS",
    "SCHEMES",
    "WORDING",
    "Ended",
    "Equivalence",
    "Equivalents",
    "Expiry",
    "Layout",
    "Level",
    "LevelTable",
    "Mark",
    "Original",
    "Outside",
    "Particulars",
    "Place",
    "Precedence",
    "Reason",
    "Refused",
    "Releasability",
    "Scheme",
    "Stamp",
    "Surface",
    "Then",
    "Unread",
    "Why",
    "Wording",
    "admits",
    "banner",
    "cover",
    "derive",
    "designation_ended",
    "dominates",
    "expiry_note",
    "join",
    "number_line",
    "official_use",
    "own",
    "read",
    "received",
    "require",
    "scheme_of",
    "stamp",
]
