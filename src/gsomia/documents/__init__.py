"""Documents: marks stamped onto files, and marks read out of them.

A thin shell over file-format libraries. Needs the extra `documents`
(`pip install 'gsomia[documents]'`); without it, what needs a library raises `Unavailable`
and says so. Files of others are opened only in a process of their own, with bounds.
"""

from __future__ import annotations

from collections.abc import Iterable

from gsomia.documents.kinds import MAX_FILE, Kind
from gsomia.documents.places import Found, Place, Read, Seen, Spot, Why
from gsomia.documents.sheet import Sheet, copy_of, marking_sheet, sheet

__all__ = [
    "MAX_FILE",
    "Found",
    "Kind",
    "Place",
    "Read",
    "Seen",
    "Sheet",
    "Spot",
    "Why",
    "copy_of",
    "find_marking",
    "marking_sheet",
    "read_marks",
    "sheet",
    "stamp",
]


def stamp(
    data: bytes,
    sheet: Sheet,
    where: str = "file",
    *,
    may_break_signature: bool = False,
    label: bytes | None = None,
) -> tuple[Kind, bytes]:
    """A file with `sheet` on every page, and its format. The same input gives the same bytes.

    `label`: the file of a STANAG 4774 label, bound inside; a text has no place for it.
    Raises `BadInput` for a format that is not known, a file out of bounds, one whose stamp
    would not last, and one that is stamped already; `Unavailable` without the extra.
    """
    from gsomia.documents.confined import run
    from gsomia.documents.stamping import Asked
    from gsomia.documents.worker import Job

    job = Job(stamp=Asked(sheet, where, may_break_signature, label))
    reply, made = run(job, [data], where)
    return Kind(reply.kind), made


def read_marks(chunks: Iterable[bytes | memoryview], party: str, where: str = "file") -> Read:
    """The marks of `party` that a file shows, each with its place, or why it was not examined.

    The file goes to the process that reads it chunk by chunk: here it is never held whole.
    Raises `BadInput` for a party without a known scheme, `Unavailable` without the extra.
    """
    from gsomia.documents.confined import run
    from gsomia.documents.reading import Sought
    from gsomia.documents.worker import Job
    from gsomia.faults import BadInput
    from gsomia.marking import scheme_of

    scheme_of(party)
    try:
        reply, _ = run(Job(read=Sought(party, where)), chunks, where)
    except BadInput as error:
        # It stopped the reader, or is too large to be sent.
        return Read(why=Why.UNREADABLE, error=error.got)
    return reply.read or Read(why=Why.UNREADABLE)


def find_marking(
    chunks: Iterable[bytes | memoryview], top: str, bottom: str, where: str = "file"
) -> Found:
    """Where a file shows the marking that its label has at the top and the bottom of a page.

    Raises `Unavailable` without the extra.
    """
    from gsomia.documents.confined import run
    from gsomia.documents.finding import Wanted
    from gsomia.documents.worker import Job
    from gsomia.faults import BadInput

    try:
        reply, _ = run(Job(find=Wanted(top, bottom, where)), chunks, where)
    except BadInput as error:
        return Found(why=Why.UNREADABLE, error=error.got)
    return reply.found or Found(why=Why.UNREADABLE)
