"""The notes on a status, in the user's language."""

from __future__ import annotations

import re

from gsomia.cli.words import Words


def told_note(words: Words, note: str) -> str:
    """A note in the user's language; what a pack says of its readings is as the pack has it."""
    from gsomia.agreement.lifecycle import CONTESTED, OF_READING, OPEN_BOUNDS, WAITING

    if note == CONTESTED:
        return words("contested")
    if found := _said(OPEN_BOUNDS, note):
        return words("open_bounds", **found)
    if found := _said(WAITING, note):
        return words("waiting", **found)
    if found := _said(OF_READING, note):
        return words("of_reading", reading=found["reading"], note=words.of_pack(found["note"]))
    return note


def _said(form: str, note: str) -> dict[str, str]:
    """What fills the blanks of `form` in a note; nothing if the note has another form."""
    blanks = re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+?)", re.escape(form))
    found = re.fullmatch(blanks, note)
    return found.groupdict() if found else {}
