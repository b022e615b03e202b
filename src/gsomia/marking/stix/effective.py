"""Which markings apply to an object and to each of its properties, and what they ask.

STIX 2.1 section 7.2: an object marking applies to the whole object (7.2.2), a granular
one to what its selectors lead to and all that is inside it (7.2.3). The standard has
no rule for several markings on one thing; ours is that all of them apply. So a granular
marking never opens what the object's own marking closes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from gsomia.marking.handling import Closed, Handling, together
from gsomia.marking.stix import acs
from gsomia.marking.stix.known import FIXED
from gsomia.marking.stix.model import Definition, Marked, Package


def handling_of(definition: Definition) -> Handling:
    """What one marking definition asks. What it says that nobody here can read closes."""
    parts = [Handling(closed=frozenset(Closed("readable", what) for what in definition.unread))]
    if definition.tlp is not None:
        parts.append(Handling(silent=False, tlp=definition.tlp))
    if definition.statement is not None:
        parts.append(Handling(statements=frozenset({definition.statement})))
    if definition.acs is not None:
        parts.append(acs.handling(definition.acs))
    return together(parts)


def table(package: Package) -> dict[str, Handling]:
    """What each marking asks: the standard's own, and those the package holds."""
    fixed = {f.id: Handling(silent=False, tlp=f.tlp) for f in FIXED.values()}
    return fixed | {d.id: handling_of(d) for d in package.definitions}


def markings_of(
    marked: Marked, selector: str, *, inherited: bool = True, descendants: bool = False
) -> tuple[str, ...]:
    """The markings of what `selector` leads to, each once, as they stand.

    `inherited`: also those of the object and of all that it lies in; `descendants`: also
    those of what lies in it. Whether the selector leads anywhere is not checked.
    """
    found = list(marked.object_markings) if inherited else []
    for part in marked.granular:
        if part.marking_ref is not None and any(
            chosen == selector
            or (inherited and _inside(selector, chosen))
            or (descendants and _inside(chosen, selector))
            for chosen in part.selectors
        ):
            found.append(part.marking_ref)
    return tuple(dict.fromkeys(found))


def _inside(inner: str, outer: str) -> bool:
    return inner.startswith(f"{outer}.")


class Effective(msgspec.Struct, frozen=True):
    """What the markings of an object ask.

    `object`: of every part of it. `whole`: of whoever receives all of it. `parts`: by selector, of
    whoever receives that part, the object's own markings included.
    """

    object: Handling
    whole: Handling
    parts: dict[str, Handling]


def effective(marked: Marked, asks: Mapping[str, Handling]) -> Effective:
    """What the markings of `marked` ask, with `asks` from `table`. Unresolved ones close."""
    own = _asked(marked.object_markings, asks)
    if not marked.granular:
        return Effective(own, own, {})
    parts = {
        selector: _asked((*marked.object_markings, *references), asks)
        for selector, references in _by_selector(marked).items()
    }
    # What no selector leads to has the object's own markings only: silent if they are.
    whole = msgspec.structs.replace(_asked(marked.references, asks), silent=own.silent)
    return Effective(own, whole, parts)


def _by_selector(marked: Marked) -> dict[str, dict[str, None]]:
    """For each selector the markings on what it leads to, on what that lies in and on what lies in
    it: `markings_of` for all selectors, in time that grows with their number only.
    """
    own: dict[str, dict[str, None]] = {}
    for part in marked.granular:
        if part.marking_ref is not None:
            for selector in part.selectors:
                own.setdefault(selector, {})[part.marking_ref] = None
    found = {selector: dict(references) for selector, references in own.items()}
    for selector, references in own.items():
        outer = selector
        while "." in outer:
            outer = outer.rpartition(".")[0]
            if outer in own:
                found[selector].update(own[outer])
                found[outer].update(references)
    return found


def _asked(references: Iterable[str], asks: Mapping[str, Handling]) -> Handling:
    return together(
        asks.get(reference) or Handling(closed=frozenset({Closed("resolved", reference)}))
        for reference in references
    )
