"""Between a US banner and the marks of this package: only what is carried without loss.

A US mark says more than a `Mark` can hold, and a `Mark` keeps originals that a banner does
not show. So two ways only: what a partner needs of a US banner to enter the item
(`arrival`), and the banner of an item that a US node made (`banner_of`). All else is refused,
with its rule, and is a person's to enter.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from gsomia.marking.mark import Mark, Original
from gsomia.marking.national import USA
from gsomia.marking.releasability import Releasability
from gsomia.marking.scheme import Scheme
from gsomia.marking.us.codes import VOCABULARY, Vocabulary, rank, release_rank
from gsomia.marking.us.model import DISSEMINATION, LISTS, Kind, Level, UsMark
from gsomia.marking.us.rules import Breach, check

_RELEASE = frozenset({"NOFORN", "RELIDO", *LISTS})


class Arrival(msgspec.Struct, frozen=True):
    """What a partner takes from a US banner: the original mark, and what it restricts.

    `others` are the marks of foreign sources, as they issued them. The receiver's own mark
    is not here: the level table and a person choose it (`gsomia.marking.received`).
    """

    original: Original
    others: tuple[Original, ...]
    releasable_to: Releasability
    caveats: frozenset[str]


def released(
    mark: UsMark, vocabulary: Vocabulary = VOCABULARY
) -> Releasability | tuple[Breach, ...]:
    """The states to which the mark releases: of REL TO its list, of NOFORN the USA alone.

    Refused where it says nothing, or names a group whose members nobody here has read.
    """
    if mark.withheld:
        return Releasability(frozenset({"USA"}))
    if not mark.release_to:
        return (Breach("release_said", "dissemination"),)
    groups = [g for code in mark.release_to if (g := vocabulary.group(code)) is not None]
    if not all(group.members and group.verified for group in groups):
        return (Breach("group_known", "dissemination"),)
    states = vocabulary.named(mark.release_to) - {group.code for group in groups}
    return Releasability(states)


def arrival(
    mark: UsMark,
    receiver: str,
    sources: Mapping[str, str] | None = None,
    vocabulary: Vocabulary = VOCABULARY,
) -> Arrival | tuple[Breach, ...]:
    """What `receiver` takes from a banner of US information released to it.

    `sources` gives for each foreign source the mark as that state issued it, which no banner
    shows; without it, a banner with FGI is refused. Refused too: JOINT and foreign marks,
    controls that no partner agreed, and whatever is not released to the receiver.
    """
    broken = list(check(mark, vocabulary=vocabulary))
    given = dict(sources or {})
    if mark.kind is not Kind.US:
        broken.append(Breach("crosses_owner", "classification"))
    elif not mark.classified:
        broken.append(Breach("crosses_classified", "classification"))
    if mark.sci or mark.sap or mark.nuclear or mark.non_ic or mark.display_to:
        broken.append(Breach("crosses_controls", "after the classification"))
    if mark.fgi == () or set(given) != set(mark.fgi or ()):
        broken.append(Breach("crosses_sources", "FGI"))
    to = released(mark, vocabulary)
    if isinstance(to, tuple):
        return (*broken, *to)
    if not to.permits(receiver) or mark.withheld:
        broken.append(Breach("release_said", "dissemination"))
    if broken:
        return tuple(broken)
    return Arrival(
        Original("USA", mark.level.word),
        tuple(sorted(Original(party, text) for party, text in given.items())),
        to,
        frozenset(mark.dissemination) - _RELEASE,
    )


def banner_of(mark: Mark, scheme: Scheme = USA) -> UsMark | tuple[Breach, ...]:
    """The US banner of an item that the USA made, alone or from what partners gave.

    Originals of others become FGI, in the open: a source to be concealed is a person's to
    enter. Refused: a received item, on which its originator's own mark stands, and caveats
    that are no US dissemination controls.
    """
    others = {original.party for original in mark.originals} - {"USA"}
    words = {level.word: level for level in Level}
    broken = []
    if mark.holder != scheme.owner or {o.party for o in mark.originals} == others:
        broken.append(Breach("crosses_receiver", "classification"))
    if len(mark.level) != 1 or mark.level[0] not in words:
        broken.append(Breach("classification", "classification"))
    if not mark.caveats <= set(DISSEMINATION) - _RELEASE:
        broken.append(Breach("crosses_caveats", "dissemination"))
    if "USA" not in mark.releasable_to.parties:
        broken.append(Breach("release_said", "dissemination"))
    if broken:
        return tuple(broken)
    to = tuple(sorted(mark.releasable_to.parties, key=release_rank))
    alone = to == ("USA",)
    controls = {*mark.caveats, *(("NOFORN",) if alone else ())}
    made = UsMark(
        level=words[mark.level[0]],
        fgi=tuple(sorted(others, key=rank)) if others else None,
        dissemination=tuple(sorted(controls, key=DISSEMINATION.index)),
        release_to=() if alone else to,
    )
    return check(made) or made
