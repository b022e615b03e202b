"""What a stamp says on every page of one copy: marks, originator, number, release.

Made from a mark; it knows no file format. The lines of the marks and the number are
those of `gsomia.marking.text`, so paper and screen say the same.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from gsomia.faults import BadInput
from gsomia.marking import LAYOUTS, Layout, Mark, Place, Scheme, number_line, stamp
from gsomia.marking.text import STATE_NAMES, Names, release_text, state_name

SEPARATOR = " · "
_MADE_BY = {"ko": "생산국 {name}", "ja": "作成国 {name}", "en": "Originator {name}"}


class Sheet(msgspec.Struct, frozen=True):
    """The lines of one copy's stamp.

    `marks` stand large, one below the other, and are what is read back; `originator` and
    `number` stand small beside or below them, `release` below. `colour` is an aid: the
    level is always in the text. `unverified` lists what of the layout rests on usage.
    `marks_below`: those at the bottom of a page, where a policy has other words for it.
    """

    language: str
    marks: tuple[str, ...]
    originator: str
    number: str
    release: str
    colour: str
    framed: bool
    places: tuple[Place, ...]
    unverified: tuple[str, ...]
    marks_below: tuple[str, ...] = ()

    def marks_at(self, place: Place) -> tuple[str, ...]:
        """The marks at a place of the page."""
        return (place is Place.BOTTOM and self.marks_below) or self.marks

    def lines(self, place: Place = Place.TOP) -> tuple[str, ...]:
        """The stamp at a place as lines of plain text, from top to bottom."""
        marks = self.marks_at(place)
        return tuple(t for t in (*marks, self.originator, self.number, self.release) if t)

    def note(self) -> str:
        """All that the stamp says, in one line."""
        return joined(dict.fromkeys(t for place in self.places for t in self.lines(place)))


def sheet(
    scheme: Scheme,
    mark: Mark,
    number: str,
    copy: int,
    of: int,
    *,
    layouts: dict[str, Layout] = LAYOUTS,
    names: Names = STATE_NAMES,
) -> Sheet:
    """The stamp of copy `copy` of `of` of an item, in the hands of the mark's holder.

    Raises `BadInput` for a holder without a layout, a copy that cannot be, or a state
    without a name.
    """
    layout = layouts.get(mark.holder)
    if layout is None:
        known = ", ".join(sorted(layouts))
        raise BadInput(f"a state whose layout is known ({known})", mark.holder, "party")
    made = stamp(scheme, layout, mark, names)
    return Sheet(
        language=layout.language,
        marks=made.lines,
        originator=_originator(mark, layout.language, names),
        number=number_line(number, copy, of, layout.language),
        release=_release(mark),
        colour=made.colour,
        framed=made.framed,
        places=made.places,
        unverified=made.unverified,
    )


def _originator(mark: Mark, language: str, names: Names) -> str:
    """Whose information it is. A state whose name the data lack stands as its code."""
    told = ", ".join(_named(party, language, names) for party in mark.originators)
    return _MADE_BY[language].format(name=told)


def _named(party: str, language: str, names: Names) -> str:
    return state_name(party, language, names) if party in names else party


def _release(mark: Mark) -> str:
    """Release list and caveats, as on a banner."""
    return SEPARATOR.join([release_text(mark), *sorted(mark.caveats)])


MAX_MARKING = 400
"""Characters of a marking that a stamp can hold and a person can still read."""


def marking_sheet(
    top: str,
    bottom: str,
    *,
    language: str = "",
    originator: str = "",
    number: str = "",
    copy: int = 1,
    of: int = 1,
    colour: str = "",
) -> Sheet:
    """The stamp of a label, by the marking that its policy gives it at the top and the bottom.

    `language` is that of the marking; the line with the number stands in Korean, Japanese or
    else in English. Without `number`, no such line. Raises `BadInput` for a marking that shows
    nothing, or that is too long to be read, and for a copy that cannot be.
    """
    texts = {Place.TOP: top, Place.BOTTOM: bottom}
    places = tuple(place for place, text in texts.items() if text)
    if not places:
        raise BadInput("a policy that shows the label on a page", "one that shows nothing", "label")
    if max(len(top), len(bottom)) > MAX_MARKING:
        raise BadInput(f"a marking of at most {MAX_MARKING} characters", "a longer one", "label")
    primary = language.partition("-")[0].lower()
    said = primary if primary in _MADE_BY else "en"
    return Sheet(
        language=said,
        marks=(top or bottom,),
        originator=originator,
        number=number_line(number, copy, of, said) if number else "",
        release="",
        colour=colour,
        framed=False,
        places=places,
        unverified=(),
        marks_below=(bottom,) if top and bottom != top else (),
    )


def copy_of(text: str) -> tuple[int, int]:
    """`2/3` as copy 2 of 3. Raises `BadInput`."""
    one, slash, all_ = text.partition("/")
    if not (slash and _is_count(one) and _is_count(all_)):
        raise BadInput("a copy like 1/3", "another text", "copy")
    return int(one), int(all_)


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 4


def joined(parts: Iterable[str]) -> str:
    """Parts of a stamp in one line."""
    return SEPARATOR.join(p for p in parts if p)
