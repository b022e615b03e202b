"""Legal basis: which instruments permit a transfer, by which route, and what is missing.

Pure, but for reading the catalogue and the vocabulary that ship with the package. An answer
is for a person to rely on as far as its flags bear; a node acts on a pack alone.
"""

from gsomia.agreement.basis.grounds import Ground, Known, known
from gsomia.agreement.basis.model import (
    Answer,
    Condition,
    Consent,
    Leg,
    Outcome,
    Question,
    Rejected,
    Route,
    RouteKind,
    Unread,
)
from gsomia.agreement.basis.question import parties, read_consent
from gsomia.agreement.basis.routes import ask
from gsomia.agreement.basis.rules import RULES
from gsomia.agreement.basis.subjects import Subject, Subjects, subjects

__all__ = [
    "RULES",
    "Answer",
    "Condition",
    "Consent",
    "Ground",
    "Known",
    "Leg",
    "Outcome",
    "Question",
    "Rejected",
    "Route",
    "RouteKind",
    "Subject",
    "Subjects",
    "Unread",
    "ask",
    "known",
    "parties",
    "read_consent",
    "subjects",
]
