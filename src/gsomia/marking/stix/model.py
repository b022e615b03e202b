"""The marking facts of a STIX 2.1 bundle. Content is not kept: only what marks it.

A marking definition is kept as the bytes it came in, since it may hold what this
program does not read. Two bundles with the same marking facts compare equal,
whatever else they say.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from gsomia.marking.handling import Tlp
from gsomia.marking.stix.acs import Acs


class Kind(StrEnum):
    """What a marking definition says. One may say several things."""

    STATEMENT = "statement"
    TLP_1 = "tlp"
    TLP_2 = "tlp 2"
    ACS = "acs"


class Granular(msgspec.Struct, frozen=True):
    """A marking of parts of an object. Exactly one of `marking_ref` and `lang` is set."""

    selectors: tuple[str, ...]
    marking_ref: str | None = None
    lang: str | None = None


class Marked(msgspec.Struct, frozen=True, kw_only=True):
    """An object, by what marks it. `modified` is None where the type has no versions.

    `names`: the objects it refers to, which it gives away.
    """

    id: str
    modified: str | None = None
    object_markings: tuple[str, ...] = ()
    granular: tuple[Granular, ...] = ()
    lang: str | None = None
    names: tuple[str, ...] = ()

    @property
    def references(self) -> tuple[str, ...]:
        """Every marking it names, each once."""
        parts = (g.marking_ref for g in self.granular if g.marking_ref is not None)
        return tuple(dict.fromkeys((*self.object_markings, *parts)))


class Definition(msgspec.Struct, frozen=True, kw_only=True):
    """A marking definition. `data`: the object's bytes.

    `unread`: kinds of marking in it that say something nobody here can read. `others`: properties
    kept in `data` only, which are no marking.
    """

    marked: Marked
    data: bytes
    tlp: Tlp | None = None
    statement: str | None = None
    acs: Acs | None = None
    kinds: tuple[Kind, ...] = ()
    unread: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Its identifier."""
        return self.marked.id


class Package(msgspec.Struct, frozen=True):
    """A bundle, or one object alone (`id` is None then), by its marking facts."""

    id: str | None
    definitions: tuple[Definition, ...]
    objects: tuple[Marked, ...]
