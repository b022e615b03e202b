"""The marking of an item, its order, and the join for material made of several.

A `Mark` is written in the holder's own scheme. What others gave keeps its mark
as issued, beside it. Marks of two schemes never meet here: a foreign mark comes
in through `received`, which asks the agreement's equivalence and takes the choice
of a person among the marks it allows.

Order and join. `dominates(scheme, a, b)`: a asks of a reader at least what b asks. It is
a partial order, and `join` is its least upper bound: for each regime the highest
mark, releasability intersected, caveats and originals united. So join is commutative,
associative and idempotent, and **whoever passes the result passes every part**.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import reduce

import msgspec

from gsomia.faults import BadInput
from gsomia.marking.equivalence import Equivalence, Reason, Refused
from gsomia.marking.match import Unread, read, require
from gsomia.marking.releasability import Releasability
from gsomia.marking.scheme import Scheme, check_party
from gsomia.marking.spelling import MAX_TEXT, check_label, has_invisible

REGISTRY = "the holder's registry control officer, who chooses among the corresponding marks"
MAX_CAVEATS = 64
MAX_ORIGINALS = 1024


class Original(msgspec.Struct, frozen=True, order=True, forbid_unknown_fields=True):
    """A mark as its originator issued it: party and text, never changed, never translated."""

    party: str
    text: str

    def __post_init__(self) -> None:
        check_party(self.party, "original mark")
        if not self.text.strip() or len(self.text) > MAX_TEXT or has_invisible(self.text):
            raise BadInput("a visible mark", "an empty, long or hidden text", "original mark")


class Mark(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How one item is marked in the hands of `holder`.

    `level`: the holder's marks, one for each regime, highest first. `originals`: who
    put in what, sorted, each once; the holder's own mark is among them when it made
    the item. `releasable_to`: empty means nobody. The constructor checks shape only;
    that the marks belong to the holder's scheme is checked by the functions below.
    """

    holder: str
    level: tuple[str, ...]
    originals: tuple[Original, ...]
    releasable_to: Releasability
    caveats: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        check_party(self.holder, "mark")
        if not self.level:
            raise BadInput("at least one mark", "none", "mark")
        if not 1 <= len(self.originals) <= MAX_ORIGINALS:
            raise BadInput(f"1 to {MAX_ORIGINALS} originals", f"{len(self.originals)}", "mark")
        if tuple(sorted(set(self.originals))) != self.originals:
            raise BadInput("originals sorted, each once", "another order", "mark")
        if len(self.caveats) > MAX_CAVEATS:
            raise BadInput(f"at most {MAX_CAVEATS} caveats", f"{len(self.caveats)}", "mark")
        for caveat in self.caveats:
            check_label(caveat, "a caveat", "mark")

    @property
    def originators(self) -> tuple[str, ...]:
        """The states whose information the item holds, in alphabetical order."""
        return tuple(dict.fromkeys(original.party for original in self.originals))


# -- how marks come to be ----------------------------------------------------------


def own(
    scheme: Scheme,
    text: str,
    releasable_to: Releasability,
    caveats: Iterable[str] = (),
) -> Mark:
    """The mark of an item that the scheme's owner made itself. `BadInput` if unreadable."""
    level = require(scheme, text, "mark")
    issued = (Original(scheme.owner, text),)
    return Mark(scheme.owner, (level.mark,), issued, releasable_to, frozenset(caveats))


def received(
    scheme: Scheme,
    equivalence: Equivalence,
    original: Original,
    chosen: str,
    *,
    at: datetime,
    releasable_to: Releasability,
    caveats: Iterable[str] = (),
) -> Mark | Refused:
    """The mark of an item from another party, once a person chose the corresponding mark.

    The original stays untouched beside `chosen`, a mark of `scheme` (the holder's).
    Refused when the agreement gives the original no counterpart at `at`, or when
    `chosen` is not one of those it gives. Raises what `corresponding` raises.
    """
    answer = equivalence.corresponding(original.party, scheme.owner, original.text, at)
    if isinstance(answer, Refused):
        return answer
    level = read(scheme, chosen)
    if isinstance(level, Unread) or level.mark not in answer.marks:
        text = level.text if isinstance(level, Unread) else "not a mark the level table allows here"
        return Refused(
            tuple(
                Reason("chosen_mark_corresponds", article, REGISTRY, text, answer.verified)
                for article in answer.articles
            )
        )
    return Mark(scheme.owner, (level.mark,), (original,), releasable_to, frozenset(caveats))


def derive(scheme: Scheme, parts: Iterable[Mark]) -> Mark:
    """The mark of an item the holder makes out of `parts`: their join, issued under its own name.

    Article 4(3): the highest mark of the sources, their originators, every restriction.
    """
    joined = join(scheme, parts)
    issued = {Original(scheme.owner, mark) for mark in joined.level}
    return msgspec.structs.replace(joined, originals=tuple(sorted(issued.union(joined.originals))))


# -- order and join ------------------------------------------------------------------


def join(scheme: Scheme, marks: Iterable[Mark]) -> Mark:
    """The least mark that dominates every one of `marks`, all written in `scheme`.

    An intersection of releasability that comes out empty stays: nobody passes, and a
    person must decide. Raises `BadInput` for no mark at all and for a mark of
    another scheme; express that one in this scheme first (`received`).
    """
    parts = tuple(check(scheme, mark) for mark in marks)
    if not parts:
        raise BadInput("at least one mark to join", "none", "join")
    return Mark(
        scheme.owner,
        scheme.strictest(text for part in parts for text in part.level),
        tuple(sorted({original for part in parts for original in part.originals})),
        reduce(Releasability.join, (part.releasable_to for part in parts)),
        frozenset[str]().union(*(part.caveats for part in parts)),
    )


def dominates(scheme: Scheme, a: Mark, b: Mark) -> bool:
    """Whether `a` is at least as strict as `b` in every respect. Many pairs compare neither way."""
    check(scheme, a)
    check(scheme, b)
    return (
        scheme.covers(a.level, b.level)
        and a.releasable_to.parties <= b.releasable_to.parties
        and a.caveats >= b.caveats
        and set(a.originals) >= set(b.originals)
    )


def admits(
    scheme: Scheme, mark: Mark, party: str, held: Iterable[str], caveats: Iterable[str] = ()
) -> bool:
    """Whether a reader of `party` passes `mark`.

    `held` are the marks of `scheme` up to which the reader is cleared, one for
    each regime; `caveats` those the reader is briefed for. The marking alone: need to
    know, register and purpose are for others to ask. `BadInput` for foreign marks.
    """
    check(scheme, mark)
    return (
        mark.releasable_to.permits(party)
        and scheme.covers(held, mark.level)
        and mark.caveats.issubset(caveats)
    )


def check(scheme: Scheme, mark: Mark) -> Mark:
    """`mark` itself, if it is written in `scheme` in its one canonical form; else `BadInput`."""
    if mark.holder != scheme.owner:
        raise BadInput(f"a mark in the scheme of {scheme.owner}", f"of {mark.holder}", "mark")
    if scheme.strictest(mark.level) != mark.level:
        raise BadInput("one mark for each regime, highest first", "another form", "mark")
    return mark
