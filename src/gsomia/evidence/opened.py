"""How many facts are laid open. An opening that was taken out leaves no other trace.

Facts may be closed lawfully: personal data, and what was disposed of. So a file with
fewer openings still holds, and a reader is told how many there are, of how many.
"""

from __future__ import annotations

import msgspec


class Opened(msgspec.Struct, frozen=True):
    """Entries of one kind with as many facts open: of the `facts` that each commits to.

    `first_entry` is the index of the first of them, `entries` how many there are.
    """

    where: str
    kind: str
    first_entry: int
    entries: int
    facts_open: int
    facts: int


class Tally:
    """Counts entries by kind and open facts; an entry that differs from its kind has its line."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._found: dict[tuple[str, int, int], list[int]] = {}

    def add(self, index: int, kind: str, open_: int, facts: int) -> None:
        """One more entry."""
        self._found.setdefault((kind, open_, facts), [index, 0])[1] += 1

    def lines(self) -> tuple[Opened, ...]:
        """By kind, the most open first."""
        keys = sorted(self._found, key=lambda key: (key[0], -key[1], key[2]))
        lines = []
        for kind, open_, facts in keys:
            first, entries = self._found[kind, open_, facts]
            lines.append(Opened(self._where, kind, first, entries, open_, facts))
        return tuple(lines)
