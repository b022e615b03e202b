"""A state's scheme of security marks: which there are, and how they rank among themselves.

Ranks belong to one scheme. There is no order between the marks of two states:
that would be an equivalence nobody agreed (see `gsomia.marking.equivalence`).
So every comparison here is a method of a scheme and takes two marks of it; the
mark of another scheme is `BadInput`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

import msgspec

from gsomia.faults import BadInput
from gsomia.marking.spelling import check_label, squeeze

_ALPHA3 = re.compile(r"[A-Z]{3}")


def check_party(code: str, where: str) -> str:
    """`code` itself, if it has the form of an ISO 3166-1 alpha-3 code; else `BadInput`.

    The form only: which states are parties is for the agreement to say.
    """
    if not _ALPHA3.fullmatch(code):
        raise BadInput("a party as three capital letters, like KOR", "another text", where)
    return code


class Level(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One mark of a scheme.

    `rank` counts within the scheme only. Marks of one rank are peers; they stand
    under different `regime`s (laws with readers, books and words of their own).
    `aliases` are other spellings accepted on reading; `english` is the word a treaty
    or a stamp puts beside the mark, a note and never a mark; `transliteration`
    helps a person to say it. `source` and `verified` tell how far this is checked.
    """

    mark: str
    rank: int
    regime: str
    aliases: tuple[str, ...] = ()
    english: str = ""
    transliteration: str = ""
    source: str = ""
    verified: bool = False


class Outside(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words of the state that look like marks and are no level of this scheme.

    `text` tells a person why; such words are refused, never mapped to a level.
    """

    marks: tuple[str, ...]
    text: str
    source: str = ""
    verified: bool = False


class Scheme(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True, cache_hash=True):
    """The marks of one state, lowest first, and the words that are none of them.

    Refused at construction (`BadInput`): an owner that is no alpha-3 code, no level,
    levels out of order, two peers of one regime, a spelling used twice.
    """

    owner: str
    levels: tuple[Level, ...]
    outside: tuple[Outside, ...] = ()

    def __post_init__(self) -> None:
        where = f"scheme {check_party(self.owner, 'scheme')}"
        if not self.levels:
            raise BadInput("at least one level", "none", where)
        ranks = [level.rank for level in self.levels]
        if ranks != sorted(ranks) or ranks[0] < 1:
            raise BadInput("levels from the lowest to the highest rank, from 1", "disorder", where)
        places = [(level.rank, level.regime) for level in self.levels]
        if len(set(places)) != len(places):
            raise BadInput("peers under different regimes", "two of one regime", where)
        spellings = [s for level in self.levels for s in (level.mark, *level.aliases)]
        spellings += [s for word in self.outside for s in word.marks]
        if len({squeeze(check_label(s, "a mark", where)) for s in spellings}) != len(spellings):
            raise BadInput("each spelling once", "one spelling twice", where)

    @cached_property
    def _by_mark(self) -> dict[str, tuple[int, Level]]:
        return {level.mark: (place, level) for place, level in enumerate(self.levels)}

    def _entry(self, mark: str) -> tuple[int, Level]:
        try:
            return self._by_mark[mark]
        except KeyError:
            raise BadInput(f"a mark of {self.owner}", "another text", "mark") from None

    def level(self, mark: str) -> Level:
        """The level of a mark in this scheme's own spelling.

        `BadInput` for anything else: texts from outside go through `match.read`.
        """
        return self._entry(mark)[1]

    def compare(self, a: str, b: str) -> int:
        """-1, 0 or 1 as mark `a` ranks below, beside or above mark `b` of this scheme."""
        left, right = self.level(a).rank, self.level(b).rank
        return (left > right) - (left < right)

    def peers(self, mark: str) -> tuple[str, ...]:
        """The other marks of the same rank."""
        rank = self.level(mark).rank
        return tuple(x.mark for x in self.levels if x.rank == rank and x.mark != mark)

    def strictest(self, marks: Iterable[str]) -> tuple[str, ...]:
        """The marks that hold for material in which all of `marks` meet, highest first.

        For each regime the highest mark met. Regimes do not absorb each other: a
        reader must satisfy every one, so none may be lost to a higher mark of another.
        """
        best: dict[str, tuple[int, Level]] = {}
        for mark in marks:
            place, level = self._entry(mark)
            if level.regime not in best or best[level.regime][1].rank < level.rank:
                best[level.regime] = (place, level)
        ordered = sorted(best.values(), key=lambda entry: (-entry[1].rank, entry[0]))
        return tuple(level.mark for _, level in ordered)

    def covers(self, held: Iterable[str], asked: Iterable[str]) -> bool:
        """Whether marks `held` reach every mark `asked`: same regime, at least its rank."""
        ranks = {level.regime: level.rank for level in map(self.level, self.strictest(held))}
        return all(ranks.get(level.regime, 0) >= level.rank for level in map(self.level, asked))
