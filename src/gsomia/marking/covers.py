"""Covers, and the notes that end a mark: highest of the contents, number, expiry.

What national practice adds to the stamp of a page. A cover takes the highest mark of what is
inside. Korea notes when a secret lapses (예고문), also on what is only for official use
(대외비, which is no level); Japan takes the mark 特定秘密 off when a designation has ended and
puts a note of that in its place. Of both notes the duty was read and the words were not:
they are `Wording`, which an office replaces with its own, and each stamp lists them.

特別防衛秘密 is another regime and has no stamp here.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from datetime import date

import msgspec

from gsomia.faults import BadInput
from gsomia.marking.mark import Mark, join
from gsomia.marking.scheme import Scheme
from gsomia.marking.spelling import check_label
from gsomia.marking.text import (
    STATE_NAMES,
    Language,
    Layout,
    Names,
    Stamp,
    Surface,
    number_line,
    stamp,
)

OFFICIAL_USE = "대외비"
DESIGNATED = "特定秘密"


class Then(enum.Enum):
    """What is to be done on the day of expiry."""

    DESTROY = "destroy"
    DECLASSIFY = "declassify"
    RETURN = "return"


class Ended(enum.Enum):
    """How a designation as 特定秘密 ended: its period ran out, or it was lifted."""

    EXPIRED = "expired"
    LIFTED = "lifted"


class Wording(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words of the notes, by language. `{on}` is the day, `{then}` what is to be done."""

    expiry: dict[str, str]
    then: dict[str, dict[str, str]]
    ended: dict[str, str]
    verified: bool = False


WORDING = Wording(
    expiry={
        "ko": "예고문: {on} {then}",
        "ja": "有効期限 {on} {then}",
        "en": "Expires {on}: {then}",
    },
    then={
        "ko": {"destroy": "파기", "declassify": "일반문서로 재분류", "return": "반환"},
        "ja": {"destroy": "破棄", "declassify": "秘密指定の解除", "return": "返却"},
        "en": {"destroy": "destroy", "declassify": "declassify", "return": "return"},
    },
    ended={"expired": "特定秘密指定有効期間満了", "lifted": "特定秘密指定解除"},
)
"""Usage, not read in any rule: replace it with your own (`msgspec.structs.replace`)."""


class Expiry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The day on which a secret lapses, and what is then to be done."""

    on: date
    then: Then


class Particulars(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a stamp says of one copy besides its mark. Without number: nothing of the copy."""

    number: str = ""
    copy: int = 1
    of: int = 1
    expiry: Expiry | None = None


def expiry_note(expiry: Expiry, language: Language, wording: Wording = WORDING) -> str:
    """The line on expiry in one language. `BadInput` for words with hidden characters."""
    then = wording.then[language][expiry.then.value]
    line = wording.expiry[language].replace("{on}", expiry.on.isoformat()).replace("{then}", then)
    return check_label(line, "a note on expiry", "wording")


def cover(
    scheme: Scheme,
    layout: Layout,
    contents: Iterable[Mark],
    of: Particulars | None = None,
    *,
    on: Surface = Surface.COVER,
    names: Names = STATE_NAMES,
    language: Language | None = None,
    wording: Wording = WORDING,
) -> Stamp:
    """The stamp of the whole: the highest mark of the contents, number and expiry below.

    For each law the highest mark of any part, and every state whose information is inside.
    Number and expiry stand on the surfaces that the layout names. Raises what `stamp` raises, and
    `BadInput` for no contents and for a copy that cannot be.
    """
    whole = join(scheme, contents)
    made = stamp(scheme, layout, whole, names, on=on, language=language)
    given = of or Particulars()
    lines, unverified = list(made.lines), set(made.unverified)
    if given.number and on in layout.number_on:
        lines.append(number_line(given.number, given.copy, given.of, made.language))
        unverified |= {"number_on"} & layout.unverified
    if given.expiry is not None and on in layout.expiry_on:
        lines.append(expiry_note(given.expiry, made.language, wording))
        unverified |= _expiry_fields(layout, wording)
    return msgspec.structs.replace(made, lines=tuple(lines), unverified=tuple(sorted(unverified)))


def official_use(
    layout: Layout,
    expiry: Expiry,
    *,
    on: Surface = Surface.COVER,
    wording: Wording = WORDING,
) -> Stamp:
    """The Korean stamp for official use only, with its note on expiry, which it must carry.

    대외비 is no level: it maps to nothing, and no agreement carries it. `BadInput` for the
    layout of another state.
    """
    if layout.owner != "KOR":
        raise BadInput("the layout of KOR", f"of {layout.owner}", "layout")
    unverified = layout.unverified_on(on) | _expiry_fields(layout, wording) - {"expiry_on"}
    return Stamp(
        layout.places,
        (OFFICIAL_USE, expiry_note(expiry, layout.language, wording)),
        layout.colour,
        framed=False,
        unverified=tuple(sorted(unverified)),
        on=on,
        language=layout.language,
    )


def designation_ended(
    layout: Layout,
    mark: Mark,
    how: Ended,
    *,
    on: Surface = Surface.PAGE,
    wording: Wording = WORDING,
) -> Stamp:
    """The stamp after Japan's own designation as 特定秘密 ended: the mark off, the note on.

    Other marks of the item stay. `BadInput` for a mark without 特定秘密, for the layout of
    another state, and for information of another state: only its originator changes
    its classification (Article 6(g)).
    """
    if layout.owner != "JPN" or mark.holder != "JPN":
        raise BadInput("a layout and a mark of JPN", "of another state", "layout")
    if DESIGNATED not in mark.level:
        raise BadInput(f"a mark with {DESIGNATED}", "another", "mark")
    if {original.party for original in mark.originals} != {"JPN"}:
        raise BadInput("an item that JPN made alone", "information of others in it", "mark")
    unverified = layout.unverified_on(on) | (set() if wording.verified else {"ended"})
    note = check_label(wording.ended[how.value], "a note", "wording")
    stays = tuple(text for text in mark.level if text != DESIGNATED)
    return Stamp(
        layout.places,
        (note, *stays),
        layout.colour,
        framed=not layout.framed.isdisjoint(stays),
        unverified=tuple(sorted(unverified)),
        on=on,
        language=layout.language,
    )


def _expiry_fields(layout: Layout, wording: Wording) -> set[str]:
    fields = {"expiry_on"} & layout.unverified
    return fields | (set() if wording.verified else {"expiry"})
