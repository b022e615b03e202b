"""What a node sees in content that is to be registered, told in its own words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from importlib.util import find_spec

import msgspec

from gsomia.documents import read_marks
from gsomia.documents.confined import WorkerBug
from gsomia.documents.kinds import MAX_FILE
from gsomia.documents.places import Seen, Why
from gsomia.faults import Unavailable
from gsomia.marking import SCHEMES
from gsomia.registry.model import Shown

NOT_INSTALLED = "not_installed"
FAULT = "fault"
_NEEDED = ("pikepdf", "pypdfium2", "docx", "PIL")
NO_SCHEME = "no_scheme"
"""Nobody here knows the marks of the party."""


class Marks(msgspec.Struct, frozen=True):
    """What was seen: see `gsomia.node.ports.Marks`."""

    kind: str = ""
    why: str = ""
    pages: int = 0
    shown: tuple[Shown, ...] = ()


class ExamineMarks:
    """Examines each content in a process of its own: see `gsomia.node.ports.MarkReader`."""

    def read(self, content: Iterable[memoryview], size: int, party: str) -> Marks:
        """The marks of a party in content, or why it was not examined.

        A failed proof of the sealed content passes through: `ProofFailed`.
        """
        if size > MAX_FILE:
            return Marks(why=Why.TOO_LARGE.value)
        if party not in SCHEMES:
            return Marks(why=NO_SCHEME)
        if any(find_spec(name) is None for name in _NEEDED):
            return Marks(why=NOT_INSTALLED)
        try:
            found = read_marks(content, party, "content")
        except Unavailable:
            return Marks(why=NOT_INSTALLED)
        except WorkerBug:
            # Content that brings out a fault of ours is still registered; that nobody
            # looked at it is on record.
            return Marks(why=FAULT)
        return Marks(found.kind, found.why.value, found.pages, tuple(_shown(found.seen)))


def _shown(seen: tuple[Seen, ...]) -> Iterator[Shown]:
    """Each mark once, at the first place that shows it."""
    times = Counter(one.mark for one in seen)
    first = {one.mark: one for one in reversed(seen)}
    for mark, count in times.items():
        yield Shown(mark, first[mark].place.value, first[mark].number, count)
