"""Where a treaty says what the rules of this program apply.

Rules cite the agreement of 2016 between Korea and Japan. Another treaty may say the same under
another number, or not say it at all; its pack tells where (`gsomia.agreement.provisions`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

PRACTICE = "Registry practice"
"""What a rule is cited as where its treaty has no such provision."""

CITATION = re.compile(r"Art\. ([1-9][0-9]{0,2})(?:\([0-9A-Za-z]{1,5}\)){0,8}")
"""A citation of an article, or of a part of one: `Art. 21`, `Art. 6(2)(b)`, `Art. 5(A)(iii)`."""


class Place(msgspec.Struct, frozen=True):
    """Where a treaty has a provision: its own citation, None where it has no such provision.

    `verified` is false where nobody has read so.
    """

    article: str | None
    verified: bool


_UNSTATED = Place(None, verified=False)


class Provisions:
    """The places of a treaty's provisions. Without any, its numbers are those the rules cite.

    `made` keeps what was worked out for this treaty once, such as rule lists.
    """

    __slots__ = ("_places", "made")

    def __init__(self, places: Mapping[str, Place] | None = None) -> None:
        self._places = dict(places or {})
        self.made: dict[Any, Any] = {}

    @property
    def same(self) -> bool:
        """Whether the treaty is cited as the rules are."""
        return not self._places

    def place(self, provision: str) -> Place:
        """The place of a provision, else of the nearest one that it is a part of.

        What nobody stated has none: a number of another treaty is never given.
        """
        if self.same or CITATION.fullmatch(provision) is None:
            return Place(provision, verified=True)
        entry = self.entry(provision)
        return _UNSTATED if entry is None else self._places[entry]

    def entry(self, provision: str) -> str | None:
        """The provision whose place is that of this one, or None."""
        return next((p for p in whole(provision) if p in self._places), None)

    def cite(self, provision: str) -> str:
        """A provision as this treaty is cited for it. Other grounds stay as they are."""
        return self.place(provision).article or PRACTICE


SAME = Provisions()
"""A treaty that is cited as the rules are."""


def whole(provision: str) -> Iterator[str]:
    """A provision and what it is a part of: `Art. 7(5)(a)`, then `Art. 7(5)`, then `Art. 7`."""
    while True:
        yield provision
        if "(" not in provision:
            return
        provision = provision[: provision.rindex("(")]
