"""The status codes of the doors between partners: what came of a request, in HTTP's words."""

from __future__ import annotations

from gsomia.journal.witness import Outcome as Cosigning
from gsomia.node.ports import Outcome

TRANSMITTAL = {
    Outcome.RECEIVED: 200,
    Outcome.REPEATED: 200,
    Outcome.CONFLICT: 409,
    Outcome.REFUSED: 403,
    Outcome.REJECTED: 422,
}

ANSWERED = {
    200: Outcome.RECEIVED,
    409: Outcome.CONFLICT,
    403: Outcome.REFUSED,
    422: Outcome.REJECTED,
}
"""Read back: a receipt does not say whether it was written just now."""

CHECKPOINT = {
    Cosigning.ACCEPTED: 200,
    Cosigning.STALE: 409,
    Cosigning.BEHIND: 409,
    Cosigning.UNKNOWN_LOG: 404,
    Cosigning.NOT_SIGNED: 403,
    Cosigning.MALFORMED: 400,
    Cosigning.REWRITTEN: 422,
    Cosigning.INCONSISTENT: 422,
}
