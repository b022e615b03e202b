"""To whom information may be given: a set of states, closed by default.

An empty set permits nobody. It must never read as "no restriction": dropping an
empty set on roll-up would open the material to everyone.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec

from gsomia.faults import BadInput, shown
from gsomia.marking.scheme import check_party

MAX_PARTIES = 300
"""More than there are states: a longer list is not a release list."""


class Releasability(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The states that may receive the information, as alpha-3 codes. Empty: nobody."""

    parties: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        for code in self.parties:
            check_party(code, "releasable to")

    @classmethod
    def parse(
        cls, codes: Any, where: str = "releasable to", known: Collection[str] | None = None
    ) -> Releasability:
        """Read a list of alpha-3 codes strictly.

        Refuses (`BadInput`) anything but a list or tuple of codes, a code twice, more
        than `MAX_PARTIES`, and, when `known` is given, any code not in it. Group
        codes are not expanded: they are refused.
        """
        if not isinstance(codes, list | tuple):
            raise BadInput("a list of alpha-3 codes", type(codes).__name__, where)
        if len(codes) > MAX_PARTIES:
            raise BadInput(f"at most {MAX_PARTIES} codes", f"{len(codes)}", where)
        seen: set[str] = set()
        for code in codes:
            if not isinstance(code, str):
                raise BadInput("an alpha-3 code", type(code).__name__, where)
            if check_party(code, where) in seen:
                raise BadInput("each code once", f"{code} twice", where)
            if known is not None and code not in known:
                raise BadInput("a known party", shown(code), where)
            seen.add(code)
        return cls(frozenset(seen))

    def permits(self, party: str) -> bool:
        """Whether `party` is named. Membership only: nothing follows from a group."""
        return party in self.parties

    def join(self, other: Releasability) -> Releasability:
        """For material made of both: only the states that both name."""
        return Releasability(self.parties & other.parties)

    def codes(self, first: str = "") -> tuple[str, ...]:
        """The codes in alphabetical order, with the owner `first` where it is named."""
        return tuple(sorted(self.parties, key=lambda code: (code != first, code)))
