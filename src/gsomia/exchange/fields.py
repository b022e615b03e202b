"""The plain values that messages are made of, each with its one spelling and its bounds.

Constraints hold when bytes are read. `checked` applies them to a value made in
this program, so that nothing is signed that a partner would refuse to read.
"""

from __future__ import annotations

import unicodedata
from itertools import pairwise
from typing import Annotated, TypeVar

from msgspec import Meta, Struct

from gsomia import canon
from gsomia.faults import BadInput, shown

S = TypeVar("S", bound=Struct)

# `\Z`, not `$`: the latter also matches before a final line feed.
PartyCode = Annotated[str, Meta(pattern=r"^[A-Z]{3}\Z")]
"""A government: ISO 3166-1 alpha-3."""

RegistryCode = Annotated[str, Meta(pattern=r"^[A-Z0-9]+(-[A-Z0-9]+)*\Z", max_length=32)]
"""A registry, as it stands on the outer envelope: `KOR-DIH1`."""

RegisterNumber = Annotated[str, Meta(pattern=r"^[A-Z0-9]+([/.-][A-Z0-9]+)*\Z", max_length=64)]
"""The number of a transmittal in the sender's register. It carries no level."""

Reference = Annotated[str, Meta(min_length=1, max_length=200)]
"""A control number of an item, as its originator writes it; one line."""

Ident = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}\Z")]
"""16 random bytes in hex: the id of a transmittal or notice."""

Digest = Annotated[str, Meta(pattern=r"^sha256:[0-9a-f]{64}\Z")]
KemKeyId = Annotated[str, Meta(pattern=r"^[0-9a-f]{16}\Z")]
NoteKeyId = Annotated[str, Meta(pattern=r"^[0-9a-f]{8}\Z")]

SequenceNumber = Annotated[int, Meta(ge=1, le=1 << 53)]
"""The place of a transmittal among those of one agreement, sender and recipient; from 1."""

Count = Annotated[int, Meta(ge=0, le=1 << 53)]
"""A number of bytes, pages or entries. Up to 2^53, which every JSON reader holds exactly."""

CopyNumber = Annotated[int, Meta(ge=1, le=100_000)]
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Line = Annotated[str, Meta(max_length=200)]
Text = Annotated[str, Meta(max_length=4000)]
Mark = Annotated[str, Meta(min_length=1, max_length=100)]
"""The text of a national classification mark, exactly as the originator writes it."""

Language = Annotated[str, Meta(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z", max_length=35)]
"""A BCP 47 tag: `ko`, `ja`, `en`."""

MediaType = Annotated[
    str, Meta(pattern=r"^[a-z0-9][a-z0-9.+-]*/[a-z0-9][a-z0-9.+-]*\Z", max_length=127)
]
Articles = Annotated[tuple[Name, ...], Meta(min_length=1, max_length=64)]
Parties = Annotated[tuple[PartyCode, ...], Meta(max_length=64)]
Marks = Annotated[tuple[Mark, ...], Meta(max_length=64)]
References = Annotated[tuple[Reference, ...], Meta(min_length=1, max_length=4096)]
Copies = Annotated[tuple[CopyNumber, ...], Meta(min_length=1, max_length=4096)]
SealedCover = Annotated[bytes, Meta(min_length=16, max_length=(64 << 10) + 16)]
"""A sealed cover sheet (`cover.seal_cover`)."""

NoteText = Annotated[str, Meta(min_length=1, max_length=1 << 20)]
"""A whole signed note (statement) as text, carried inside another message."""


def check_instant(text: str, where: str) -> None:
    """Raise `BadInput` unless `text` is an instant in its one spelling: UTC, `Z`, no zero tail."""
    if canon.instant(canon.parse_instant(text, where)) != text:
        raise BadInput("an instant in UTC, like 2023-03-17T10:30:00Z", shown(text), where)


def check_line(text: str, where: str) -> None:
    """Raise `BadInput` if `text` has a line feed or another character that does not print.

    What officers compare by eye must not hide or reorder anything. Blanks of every
    width are allowed: Japanese titles have the wide one.
    """
    if text.isprintable():
        return  # nearly always, and the loop below costs as much as all else that is checked
    if not all(c.isprintable() or unicodedata.category(c) == "Zs" for c in text):
        raise BadInput("one line of printable text", shown(text), where)


def check_ascending(values: tuple[int, ...] | tuple[str, ...], where: str) -> None:
    """Raise `BadInput` unless each value is greater than the one before: one spelling of a set."""
    if any(a >= b for a, b in pairwise(values)):  # type: ignore[operator]
        raise BadInput("values in ascending order, each once", "another order", where)


def checked(value: S, where: str) -> S:
    """`value`, once its own bytes read back as it. Raises `BadInput` if a bound is broken.

    For messages made here: structs check their bounds on reading, not on making.
    """
    return canon.decode(canon.encode(value), type(value), where)
