"""Which transmittals of one sender have arrived: what is missing, and what only overtook.

One tracker for each agreement, sender and recipient. Sequence numbers start at 1
and are given without gaps, when a transmittal is ordered; a cancelled number is a
signed void, a lost last one shows when a heartbeat follows. A FLASH may overtake those
before it, so it alone does not make them missing.
"""

from __future__ import annotations

from bisect import bisect_left

import msgspec

from gsomia.faults import BadInput

WINDOW = 100_000
"""How far ahead of the contiguous part a number may be. Bounds the memory of a tracker."""


class Sequence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The numbers received: all up to `contiguous`, and the ranges `beyond` it.

    `beyond` is ascending, disjoint, not touching. `highest_routine` is the
    highest number received that was not a FLASH.
    """

    contiguous: int = 0
    beyond: tuple[tuple[int, int], ...] = ()
    highest_routine: int = 0

    @property
    def highest(self) -> int:
        """The highest number received, FLASH or not; 0 before the first."""
        return self.beyond[-1][1] if self.beyond else self.contiguous

    def received(self, seq: int) -> bool:
        """True if `seq` was noted before."""
        if seq <= self.contiguous:
            return seq >= 1
        at = bisect_left(self.beyond, seq, key=lambda span: span[1])
        return at < len(self.beyond) and self.beyond[at][0] <= seq

    def received_all(self, spans: tuple[tuple[int, int], ...]) -> bool:
        """True if every number of the spans, each first to last, was noted before."""
        known = ((1, self.contiguous), *self.beyond)
        return all(any(a <= first and last <= b for a, b in known) for first, last in spans)

    def note(self, seq: int, *, flash: bool) -> Sequence:
        """The tracker after `seq` arrived. A duplicate changes nothing.

        The result does not depend on the order of arrival. Raises `BadInput` for a
        number below 1 or more than `WINDOW` ahead.
        """
        if not 1 <= seq <= self.contiguous + WINDOW:
            raise BadInput(f"1 to {self.contiguous + WINDOW}", str(seq), "sequence")
        if self.received(seq):
            return self
        routine = self.highest_routine if flash else max(self.highest_routine, seq)
        first = last = seq
        at = bisect_left(self.beyond, seq, key=lambda span: span[1])
        left, right = at, at
        if at and self.beyond[at - 1][1] == seq - 1:
            left, first = at - 1, self.beyond[at - 1][0]
        if at < len(self.beyond) and self.beyond[at][0] == seq + 1:
            right, last = at + 1, self.beyond[at][1]
        if first == self.contiguous + 1:
            return Sequence(last, self.beyond[right:], routine)
        spans = (*self.beyond[:left], (first, last), *self.beyond[right:])
        return Sequence(self.contiguous, spans, routine)

    def missing(self) -> tuple[tuple[int, int], ...]:
        """The ranges not received although a later one that is no FLASH was; first to last."""
        gaps, expected = [], self.contiguous + 1
        for first, last in self.beyond:
            end = min(first - 1, self.highest_routine - 1)
            if expected <= end:
                gaps.append((expected, end))
            expected = last + 1
        return tuple(gaps)
