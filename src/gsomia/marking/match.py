"""Reading a mark from text that came from outside.

A text is a listed mark or it is refused: whole, after NFC and removal of blanks, in
the mark's own spelling or a listed alias. The answer to an unreadable text is
a value that says why, and never which mark was probably meant: a guess
printed in a message becomes the mark somebody stamps.
"""

from __future__ import annotations

import enum
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import msgspec

from gsomia.faults import BadInput
from gsomia.marking.national import SCHEMES
from gsomia.marking.scheme import Level, Scheme
from gsomia.marking.spelling import MAX_TEXT, has_invisible, skeleton, squeeze


class Why(enum.Enum):
    """Why a text is not a mark."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    INVISIBLE = "invisible"
    OUTSIDE = "outside"
    FOREIGN = "foreign"
    NOTE = "note"
    LOOK_ALIKE = "look_alike"
    PART = "part"
    UNKNOWN = "unknown"


class Unread(msgspec.Struct, frozen=True):
    """A text that is not a mark of the state asked about. `text` is for a person."""

    why: Why
    text: str


class Vocabulary(msgspec.Struct, frozen=True):
    """What can be read as a mark of `owner`: squeezed spelling to the mark's own spelling.

    `outside` gives the reason for known words that are no mark; `notes` holds
    English words and transliterations; `skeletons` what listed marks look like.
    """

    owner: str
    spellings: dict[str, str]
    outside: dict[str, str]
    notes: frozenset[str]
    skeletons: frozenset[str]


def vocabulary_of(
    owner: str, marks: Iterable[str] = (), scheme: Scheme | None = None
) -> Vocabulary:
    """The vocabulary of `owner`: the `marks` of a table, and those of its scheme if given.

    A mark of the table that the scheme knows is read as the scheme's own spelling.
    """
    levels = scheme.levels if scheme else ()
    spellings = {squeeze(s): level.mark for level in levels for s in (level.mark, *level.aliases)}
    for mark in marks:
        spellings.setdefault(squeeze(mark), mark)
    outside = {squeeze(m): w.text for w in (scheme.outside if scheme else ()) for m in w.marks}
    notes = {_note(n) for level in levels for n in (level.english, level.transliteration) if n}
    return Vocabulary(
        owner,
        spellings,
        {key: text for key, text in outside.items() if key not in spellings},
        frozenset(notes) - spellings.keys(),
        frozenset(skeleton(s) for s in (*spellings, *outside)),
    )


@lru_cache(maxsize=64)
def _of_scheme(scheme: Scheme) -> Vocabulary:
    return vocabulary_of(scheme.owner, (), scheme)


def _note(text: str) -> str:
    return squeeze(unicodedata.normalize("NFKC", text)).replace("-", "").casefold()


def read(scheme: Scheme, text: str) -> Level | Unread:
    """The level of `scheme` that `text` names, or why it names none. Never guesses."""
    mark = read_in(_of_scheme(scheme), text)
    return mark if isinstance(mark, Unread) else scheme.level(mark)


def require(scheme: Scheme, text: str, where: str) -> Level:
    """As `read`, for callers to whom an unreadable mark is an error: raises `BadInput`."""
    level = read(scheme, text)
    if isinstance(level, Unread):
        raise BadInput(f"a mark of {scheme.owner}", level.text, where)
    return level


def read_in(vocabulary: Vocabulary, text: str) -> str | Unread:
    """The mark of `vocabulary` that `text` names, in its own spelling, or why it names none."""
    found = vocabulary.spellings.get(text)
    if found is not None:
        return found
    if len(text) > MAX_TEXT:
        return Unread(Why.TOO_LONG, f"longer than {MAX_TEXT} characters: not a mark")
    if has_invisible(text):
        return Unread(
            Why.INVISIBLE, f"not a listed mark of {vocabulary.owner}: invisible characters"
        )
    key = squeeze(text)
    if not key:
        return Unread(Why.EMPTY, "no mark at all")
    return vocabulary.spellings.get(key) or _why_not(vocabulary, key)


def _why_not(vocabulary: Vocabulary, key: str) -> Unread:
    """Why a visible text is not listed; the first reason that applies."""
    unlisted = f"not a listed mark of {vocabulary.owner}"
    if key in vocabulary.outside:
        return Unread(Why.OUTSIDE, f"{unlisted}: {vocabulary.outside[key]}")
    if _note(key) in vocabulary.notes:
        return Unread(
            Why.NOTE, f"{unlisted}: an English word or transliteration is a note, not a mark"
        )
    for owner, scheme in SCHEMES.items():
        if owner != vocabulary.owner and key in _of_scheme(scheme).spellings:
            return Unread(Why.FOREIGN, f"{unlisted}: it is a mark of {owner}")
    if skeleton(key) in vocabulary.skeletons:
        return Unread(Why.LOOK_ALIKE, f"{unlisted}: look-alike characters")
    if any(spelling in key for spelling in vocabulary.spellings):
        return Unread(Why.PART, f"{unlisted}: a mark must be the whole text, not a part of it")
    return Unread(Why.UNKNOWN, unlisted)
