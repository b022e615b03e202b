"""Message precedence: how urgent, never how secret."""

from __future__ import annotations

import enum
from functools import total_ordering

from gsomia.faults import BadInput


@total_ordering
class Precedence(enum.Enum):
    """The four precedences, ordered by urgency: `ROUTINE < PRIORITY < IMMEDIATE < FLASH`."""

    FLASH = "FLASH"
    IMMEDIATE = "IMMEDIATE"
    PRIORITY = "PRIORITY"
    ROUTINE = "ROUTINE"

    @property
    def letter(self) -> str:
        """The prosign: Z, O, P or R."""
        return _LETTERS[self]

    @property
    def aim_seconds(self) -> int:
        """The handling aim in seconds. An aim of practice, not a treaty deadline."""
        return _AIMS[self]

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Precedence):
            return NotImplemented
        return _URGENCY[self] < _URGENCY[other]

    @classmethod
    def parse(cls, text: str, where: str = "precedence") -> Precedence:
        """Read the word or the letter, in capitals. `BadInput` for anything else."""
        for precedence in cls:
            if text in (precedence.value, precedence.letter):
                return precedence
        raise BadInput("FLASH, IMMEDIATE, PRIORITY, ROUTINE or Z, O, P, R", "another text", where)


_LETTERS = {
    Precedence.FLASH: "Z",
    Precedence.IMMEDIATE: "O",
    Precedence.PRIORITY: "P",
    Precedence.ROUTINE: "R",
}
_AIMS = {
    Precedence.FLASH: 10 * 60,
    Precedence.IMMEDIATE: 30 * 60,
    Precedence.PRIORITY: 3 * 3600,
    Precedence.ROUTINE: 6 * 3600,
}
_URGENCY = {p: urgency for urgency, p in enumerate(reversed(Precedence))}
