"""Marks in a line of text: whole tokens that a scheme lists, never a part of a word.

秘 in 極秘 is no hit, nor is it in 極 秘, which is 極秘 set with blanks. A line is cut at
blanks and punctuation; neighbouring tokens that together read as a mark are one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gsomia.marking import Scheme, Unread, read
from gsomia.marking.spelling import MAX_TEXT

MAX_LINE = 2_000
"""Characters of a line that are looked at: a longer one is no header."""
_WINDOW = 8
"""Tokens that a mark may be spread over: more than the letters of any mark, set apart."""

_CUT = re.compile(r"[·・=+/|,;:!?()\[\]{}<>*#\"'「」『』【】〔〕《》〈〉~_—–…、。]+| - ")


def marks_in(line: str, scheme: Scheme) -> list[str]:
    """The marks of `scheme` that a line shows, in its own spelling, from left to right."""
    return [mark for part in _CUT.split(line[:MAX_LINE]) for mark in _in_part(part, scheme)]


def _in_part(part: str, scheme: Scheme) -> Iterator[str]:
    tokens = part.split()
    at = 0
    while at < len(tokens):
        found = _longest(tokens, at, scheme)
        if found is None:
            at += 1
            continue
        mark, end = found
        if not _is_within_word(tokens, at, end):
            yield mark
        at = end


def _longest(tokens: list[str], at: int, scheme: Scheme) -> tuple[str, int] | None:
    for end in range(min(len(tokens), at + _WINDOW), at, -1):
        text = "".join(tokens[at:end])
        if len(text) <= MAX_TEXT:
            level = read(scheme, text)
            if not isinstance(level, Unread):
                return level.mark, end
    return None


def _is_within_word(tokens: list[str], at: int, end: int) -> bool:
    """Whether single letters go on before or after: a longer word, set with blanks."""
    if any(len(token) > 1 for token in tokens[at:end]):
        return False
    before = at > 0 and len(tokens[at - 1]) == 1
    after = end < len(tokens) and len(tokens[end]) == 1
    return before or after
