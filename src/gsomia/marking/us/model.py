"""A US mark as a value: classification or owners, and what stands in each category.

One value is one meaning: lists are in the manual's order, each entry once, and titles are
abbreviated as in the register. The constructor checks shape; whether the entries may stand
together, `gsomia.marking.us.check` tells.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

import msgspec

from gsomia.faults import BadInput
from gsomia.marking.us.codes import rank, release_rank

MAX_ENTRIES = 128
"""Entries in one list: more than any mark that can be printed on a page."""


class Level(enum.IntEnum):
    """Levels by rank. RESTRICTED is no US level: only another's information bears it."""

    UNCLASSIFIED = 0
    RESTRICTED = 1
    CONFIDENTIAL = 2
    SECRET = 3
    TOP_SECRET = 4

    @property
    def word(self) -> str:
        """As a banner has it."""
        return self.name.replace("_", " ")

    @property
    def letters(self) -> str:
        """As a portion has it."""
        return "TS" if self is Level.TOP_SECRET else self.name[0]


class Kind(enum.StrEnum):
    """Whose information it is. CONCEALED: another's, whose name must not be told."""

    US = "us"
    JOINT = "joint"
    FOREIGN = "foreign"
    CONCEALED = "concealed"


_NAME = re.compile(r"[A-Z0-9]{1,24}(?: [A-Z0-9]{1,24}){0,3}")
_PART = re.compile(r"[A-Z0-9]{1,6}")
_CODE = re.compile(r"[A-Z]{3,4}")


def graph_rank(name: str) -> tuple[bool, str]:
    """The order of control systems, compartments and programs: numbered first (A.6)."""
    return (not name[0].isdigit(), name)


class Compartment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A compartment and its sub-compartments."""

    name: str
    parts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not all(_PART.fullmatch(text) for text in (self.name, *self.parts)):
            raise BadInput("compartments of 1 to 6 capitals and digits", "another text", "mark")
        in_order(self.parts, graph_rank, "sub-compartments")


class Control(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An SCI control system or a special access program, with its compartments."""

    name: str
    compartments: tuple[Compartment, ...] = ()

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise BadInput("a name of capitals and digits", "another text", "mark")
        in_order([c.name for c in self.compartments], graph_rank, "compartments")

    def compartment(self, name: str) -> Compartment | None:
        """The compartment of this name."""
        return next((c for c in self.compartments if c.name == name), None)


class Nuclear(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A marking of the Atomic Energy Act: its name in the register, and its subsets."""

    name: str
    cnwdi: bool = False
    sigma: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if self.name not in NUCLEAR:
            raise BadInput(f"one of {', '.join(NUCLEAR)}", "another text", "mark")
        in_order(self.sigma, int, "SIGMA numbers")
        if not all(0 < number < 100 for number in self.sigma):
            raise BadInput("SIGMA numbers of one or two digits", "another", "mark")


NUCLEAR = ("RD", "FRD", "DOD UCNI", "DOE UCNI", "TFNI", "ATOMAL")
"""In the register's order; ATOMAL is NATO's, and follows (H.7)."""

DISSEMINATION = (
    "RSEN",
    "FOUO",
    "ORCON",
    "ORCON-USGOV",
    "IMCON",
    "NOFORN",
    "PROPIN",
    "REL TO",
    "RELIDO",
    "DEA SENSITIVE",
    "FISA",
    "DISPLAY ONLY",
)
"""In the register's order (G.1, table 4). EYES ONLY ended on 1 October 2017."""

LISTS = ("REL TO", "DISPLAY ONLY")
"""The two that carry a list; their lists have fields of their own."""

NON_IC = (
    "LIMDIS",
    "EXDIS",
    "NODIS",
    "SBU",
    "SBU NOFORN",
    "LES",
    "LES NOFORN",
    "SSI",
)
"""In the register's order (G.1, table 4)."""

NATO_PROGRAMS = ("ATOMAL", "BALK", "BOHEMIA")


class UsMark(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a banner line or a portion mark says.

    `fgi`: None if there is none; empty if its source must be concealed; else the sources.
    `program` is NATO's own (ATOMAL, BALK, BOHEMIA) on a NATO mark. `dissemination` is without
    REL TO and DISPLAY ONLY, whose lists are `release_to` (USA first) and `display_to`.
    Raises `BadInput` for another order than the manual's and for names of another form.
    """

    level: Level
    kind: Kind = Kind.US
    owners: tuple[str, ...] = ()
    program: str = ""
    sci: tuple[Control, ...] = ()
    sap: tuple[Control, ...] = ()
    nuclear: tuple[Nuclear, ...] = ()
    fgi: tuple[str, ...] | None = None
    dissemination: tuple[str, ...] = ()
    release_to: tuple[str, ...] = ()
    display_to: tuple[str, ...] = ()
    non_ic: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if bool(self.owners) != (self.kind in (Kind.JOINT, Kind.FOREIGN)):
            raise BadInput("owners of joint or foreign information only", "otherwise", "mark")
        if self.program and self.program not in NATO_PROGRAMS:
            raise BadInput(f"one of {', '.join(NATO_PROGRAMS)}", "another text", "mark")
        for control in (self.sci, self.sap):
            in_order([c.name for c in control], graph_rank, "control systems")
        in_order([n.name for n in self.nuclear], NUCLEAR.index, "nuclear markings")
        for codes, order in (
            (self.owners, rank),
            (self.fgi or (), rank),
            (self.release_to, release_rank),
            (self.display_to, rank),
        ):
            if not all(_CODE.fullmatch(code) for code in codes):
                raise BadInput("codes of three or four capital letters", "another text", "mark")
            in_order(codes, order, "codes")
        for values, table in ((self.dissemination, DISSEMINATION), (self.non_ic, NON_IC)):
            if not set(values) <= set(table) - set(LISTS):
                raise BadInput("markings of the register", "another text", "mark")
            in_order(values, table.index, "markings")

    @property
    def withheld(self) -> bool:
        """Whether it says that no foreign national may have it."""
        return "NOFORN" in self.dissemination or any("NOFORN" in value for value in self.non_ic)

    @property
    def says_release(self) -> bool:
        """Whether it says anything of who may have it: to keep, to be shown, or to be asked for."""
        said = self.release_to or self.display_to or "RELIDO" in self.dissemination
        return bool(said or self.withheld)

    @property
    def classified(self) -> bool:
        """Whether its level is above UNCLASSIFIED."""
        return self.level > Level.UNCLASSIFIED


def in_order(entries: Iterable[Any], order: Callable[[Any], Any], what: str) -> None:
    """Refuse (`BadInput`) entries out of the order, twice, or too many."""
    held = list(entries)
    ranks = [order(entry) for entry in held]
    if len(held) > MAX_ENTRIES or any(a >= b for a, b in pairwise(ranks)):
        raise BadInput(f"{what} in the manual's order, each once", "otherwise", "mark")
