"""Journal entries and their openings.

An entry names what happened, when and in which book, and commits to each fact
under a salt of its own. The openings (salts and values) are kept beside the
journal: whoever is shown one can check it, and once it is destroyed the entry
says nothing about that fact, while the tree stays whole.

Promises: no fact can be guessed from an entry without its opening, and one
opening tells nothing about another's. Does not promise that a fact is true, nor
hide the kind, the time, the field names or how many there are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Annotated

import msgspec

from gsomia.faults import BadInput, ProofFailed, shown
from gsomia.journal.tiles import MAX_ENTRY
from gsomia.journal.tree import HASH, MAX_SIZE
from gsomia.shapes import json_reader

SEED = 32
"""Bytes of fresh randomness for each entry; used once, never stored."""

SALT = 32
"""Bytes in a salt."""

VERSION = 1

_OPENING = b"gsomia/opening/v1\0"
_SALTING = b"gsomia/salt/v1\0"
_NAME = re.compile(r"[a-z][a-z0-9_.-]{0,63}")
# Printable ASCII without blank and plus: a book's name is also a checkpoint's origin.
_BOOK = re.compile(r"[!-*,-~]{1,255}")
_ZERO = timedelta(0)


class Cite(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """An entry of this or another book that this one rests on, by its leaf hash."""

    book: str
    index: int
    leaf: bytes


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry as it stands in the book. `facts` holds each field's commitment.

    Fields are declared in the order of the canonical encoding.
    """

    at: Annotated[datetime, msgspec.Meta(tz=True)]
    book: str
    cites: tuple[Cite, ...]
    facts: dict[str, bytes]
    index: int
    kind: str
    v: int


class Opening(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A fact's salt and canonical bytes: what its commitment was made of."""

    salt: bytes
    value: bytes


# The fields stand in canonical order and `make_entry` sorts the facts, so this
# encoder need not sort: a third of the time of the canonical one, the same bytes.
_encoder = msgspec.json.Encoder()
_decoder = json_reader(Entry)


# -- commitments ----------------------------------------------------------------


@lru_cache(maxsize=4096)
def _framed(field: str) -> bytes:
    """The field name behind two bytes of length: ends where it says, so it cannot run on."""
    return len(_name(field)).to_bytes(2) + field.encode()


def _name(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise BadInput("a-z, then up to 63 of a-z 0-9 _ . -", shown(text), "entry name")
    return text


def derive_salt(seed: bytes, field: str) -> bytes:
    """The salt of one field: SHA-256 over a label, the seed and the framed field name.

    One salt gives away neither the seed nor another salt. Raises `BadInput`.
    """
    if len(seed) != SEED:
        raise BadInput(f"a seed of {SEED} bytes", f"{len(seed)} bytes", "entry")
    return sha256(_SALTING + seed + _framed(field)).digest()


def commit(field: str, value: bytes, salt: bytes) -> bytes:
    """SHA-256 over a label, the framed field name, the salt, the value. Raises `BadInput`.

    Every part but the last has a known length, so no two facts share an input.
    """
    if len(salt) != SALT:
        raise BadInput(f"a salt of {SALT} bytes", f"{len(salt)} bytes", "opening")
    return sha256(_OPENING + _framed(field) + salt + value).digest()


def check_opening(entry: Entry, field: str, opening: Opening) -> None:
    """Raise `ProofFailed` unless `opening` is what `entry` committed to under `field`."""
    kept = entry.facts.get(field)
    if kept is None:
        raise ProofFailed(f"the entry has no field {shown(field)}", "opening")
    if len(opening.salt) != SALT or commit(field, opening.value, opening.salt) != kept:
        raise ProofFailed(f"the opening of {shown(field)} does not fit the entry", "opening")


# -- entries --------------------------------------------------------------------


def make_entry(
    book: str,
    index: int,
    kind: str,
    at: datetime,
    facts: Mapping[str, bytes],
    seed: bytes,
    cites: Sequence[Cite] = (),
) -> tuple[bytes, dict[str, Opening]]:
    """The entry's bytes, and the opening of each field.

    `facts` are canonical bytes by field (`canon.encode`); `seed` is 32 fresh
    random bytes, the same for no other entry, forgotten afterwards. Raises
    `BadInput` for a bad name, an instant without offset, or an entry over `MAX_ENTRY` bytes.
    """
    if len(seed) != SEED:
        raise BadInput(f"a seed of {SEED} bytes", f"{len(seed)} bytes", "entry")
    if at.tzinfo is None:
        # Python would take it for local time: another instant on each machine.
        raise BadInput("an instant with offset", "one without", "entry")
    salting = _SALTING + seed
    committed, openings = {}, {}
    for field in sorted(facts):
        framed, value = _framed(field), facts[field]
        salt = sha256(salting + framed).digest()
        committed[field] = sha256(_OPENING + framed + salt + value).digest()
        openings[field] = Opening(salt, value)
    entry = Entry(at.astimezone(UTC), book, tuple(cites), committed, index, kind, VERSION)
    _check(entry, "entry")
    data = _encoder.encode(entry)
    if len(data) > MAX_ENTRY:
        raise BadInput(f"at most {MAX_ENTRY} bytes", f"{len(data)} bytes", "entry")
    return data, openings


def parse_entry(data: bytes, where: str = "entry") -> Entry:
    """Read an entry's bytes strictly. Raises `BadInput`.

    What parses re-encodes to the same bytes. Does not check the entry's place in
    the tree, nor that its cites exist.
    """
    if len(data) > MAX_ENTRY:
        raise BadInput(f"at most {MAX_ENTRY} bytes", f"{len(data)} bytes", where)
    try:
        # The type is closed and flat, so depth needs no check of its own.
        entry = _decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadInput("an entry", shown(str(error)), where) from None
    if _encoder.encode(entry) != data or sorted(entry.facts) != list(entry.facts):
        raise BadInput("canonical JSON (sorted keys, no blanks)", "another encoding", where)
    _check(entry, where)
    for field, commitment in entry.facts.items():
        _framed(field)
        if len(commitment) != HASH:
            raise BadInput(f"{HASH} bytes of commitment", f"{len(commitment)} bytes", where)
    return entry


def _check(entry: Entry, where: str) -> None:
    if entry.v != VERSION:
        raise BadInput(f"version {VERSION}", str(entry.v), where)
    if not 0 <= entry.index < MAX_SIZE:
        raise BadInput(f"an index below {MAX_SIZE}", str(entry.index), where)
    if not _NAME.fullmatch(entry.kind):
        _name(entry.kind)
    if not _BOOK.fullmatch(entry.book):
        raise BadInput("a book's name: ASCII, no blank, no plus", shown(entry.book), where)
    # Another offset would be another spelling of the same instant.
    if entry.at.utcoffset() != _ZERO:
        raise BadInput("an instant in UTC", "another offset", where)
    for cite in entry.cites:
        if not _BOOK.fullmatch(cite.book) or not 0 <= cite.index < MAX_SIZE:
            raise BadInput("a cite of a book and an index", shown(cite.book), where)
        if len(cite.leaf) != HASH:
            raise BadInput(f"a leaf hash of {HASH} bytes", f"{len(cite.leaf)} bytes", where)
