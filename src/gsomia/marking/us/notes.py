"""What a valid mark asks of its reader, and what nobody here has read: notes, not faults."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from gsomia.marking.us.codes import VOCABULARY, Vocabulary
from gsomia.marking.us.model import Kind, UsMark

NOTES: dict[str, tuple[str, str]] = {
    "fgi": (
        "to give it back or on needs consent, unless the release list names the receiver",
        "H.7, p. 125",
    ),
    "fgi_concealed": ("its source must not be told, nor guessed from other words", "H.7, p. 124"),
    "joint": ("giving it on needs the consent of all owners", "H.3, p. 57"),
    "foreign": ("the owner's own rules and consent apply", "H.7, p. 125"),
    "rel_to": (
        "to a state not on the list it is NOFORN; giving it on needs the originator's permission",
        "H.8, p. 150-151",
    ),
    "nothing_said": (
        "it says nothing on release: treat it as withheld until its originator decides",
        "B.3, p. 21",
    ),
    "relido": ("a disclosure officer decides on release", "H.8, p. 154"),
    "display_only": ("it may be shown, and no copy left", "H.8, p. 163"),
    "orcon": ("giving it on, and using it, needs the originator", "H.8, p. 136"),
    "atomic": (
        "RD and FRD are NOFORN unless an agreement under the Atomic Energy Act says otherwise",
        "H.6, p. 104, 111",
    ),
    "unpublished": ("the compartment is not among the published ones", "D.1, p. 27"),
    "unread_group": ("the members of a group named here were not read", "G.1, p. 38-39"),
    "program_unread": ("NATO's own rules for its programs were not read", "H.2, p. 55"),
}
"""By key: what it says in English, and where it stands."""

_PUBLISHED = {
    "HCS": frozenset({"O", "P"}),
    "SI": frozenset({"EU", "G", "NK"}),
    "TK": frozenset({"BLFH", "IDIT", "KAND"}),
}


class Note(msgspec.Struct, frozen=True):
    """One note, by its key in `NOTES`."""

    key: str

    @property
    def text(self) -> str:
        """What it says, in English."""
        return NOTES[self.key][0]

    @property
    def source(self) -> str:
        """Section and page of the manual."""
        return NOTES[self.key][1]


def notes(mark: UsMark, vocabulary: Vocabulary = VOCABULARY) -> tuple[Note, ...]:
    """What to know of a mark besides that it is valid, in the order of its categories."""
    return tuple(Note(key) for key in dict.fromkeys(_keys(mark, vocabulary)))


def _keys(mark: UsMark, vocabulary: Vocabulary) -> Iterator[str]:
    if mark.kind is Kind.JOINT:
        yield "joint"
    elif mark.kind is not Kind.US:
        yield "foreign"
    if mark.kind is Kind.CONCEALED or mark.fgi == ():
        yield "fgi_concealed"
    if mark.program:
        yield "program_unread"
    for control in mark.sci:
        names = {c.name for c in control.compartments}
        if names - _PUBLISHED.get(control.name, frozenset()):
            yield "unpublished"
    if {"RD", "FRD"} & {held.name for held in mark.nuclear} and not mark.withheld:
        yield "atomic"
    if mark.fgi is not None:
        yield "fgi"
    if {"ORCON", "ORCON-USGOV"} & set(mark.dissemination):
        yield "orcon"
    if mark.release_to:
        yield "rel_to"
    if "RELIDO" in mark.dissemination:
        yield "relido"
    if mark.display_to:
        yield "display_only"
    if mark.classified and not mark.says_release:
        yield "nothing_said"
    named = (*mark.owners, *(mark.fgi or ()), *mark.release_to, *mark.display_to)
    if any((g := vocabulary.group(code)) is not None and not g.members for code in named):
        yield "unread_group"
