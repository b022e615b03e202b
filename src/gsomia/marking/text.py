"""The words on an item: stamps for paper, a banner for screens, the line with number and copy.

Article 4(2): a received item shows the name of the providing government and the
receiver's corresponding mark. The original mark stays as issued. No mark is
ever translated; only names and labels around it have a language.

National layouts are data with the state of their proof: what nobody has read in the
national rule can be switched off (`msgspec.structs.replace`), and a stamp lists it.
Text is made from a mark and never read back into one.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from typing import Literal, TypeAlias

import msgspec

from gsomia.faults import BadInput
from gsomia.marking.mark import Mark, Original, check
from gsomia.marking.scheme import Scheme
from gsomia.marking.spelling import WHITE_SPACE, check_label

Language: TypeAlias = Literal["ko", "ja", "en"]
Names: TypeAlias = Mapping[str, Mapping[str, str]]

STATE_NAMES: Names = {
    "KOR": {"ko": "대한민국", "en": "Republic of Korea", "ja": "大韓民国"},
    "JPN": {"ko": "일본국", "en": "Japan", "ja": "日本国"},
}
"""The names of states by language. Given, not derived: each language has its own."""

# The note on derived material. The duty is Article 4(3); its exact words were not read.
_HOLDS = {
    "ko": "{names} 제공 군사비밀정보 포함",
    "ja": "{names}提供の秘密軍事情報を含む",
    "en": "Contains classified military information provided by {names}",
}
_BETWEEN_NAMES = {"ko": "·", "ja": "・", "en": ", "}
_NUMBER_LINE = {
    "ko": "관리번호 {number} · 사본번호 {copy}-{of}",
    "ja": "登録番号 {number} · 一連番号 {copy}-{of}",
    "en": "Control number {number} · Copy {copy} of {of}",
}
_SEPARATOR = " · "
MAX_COPIES = 9999


class Place(enum.Enum):
    """Where a stamp goes on a page or screen."""

    TOP = "top"
    BOTTOM = "bottom"


class Surface(enum.Enum):
    """What a stamp goes on: both covers, a page inside, or a screen that shows the item."""

    COVER = "cover"
    PAGE = "page"
    SCREEN = "screen"


class Layout(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a state places its marks.

    `english_below` puts the English word under the mark; `framed` names the marks
    that stand in a frame. `surfaces` are those that bear a stamp at all, `number_on` those
    with the number of the copy, `expiry_on` those with the note on expiry. `unverified` names
    the fields that rest on usage.
    """

    owner: str
    language: Language
    places: tuple[Place, ...]
    colour: str
    english_below: bool
    framed: frozenset[str]
    unverified: frozenset[str]
    source: str
    surfaces: tuple[Surface, ...] = tuple(Surface)
    number_on: frozenset[Surface] = frozenset({Surface.COVER})
    expiry_on: frozenset[Surface] = frozenset({Surface.COVER})

    def unverified_on(self, on: Surface) -> frozenset[str]:
        """What places and colour of a stamp on a surface rest on, of `unverified`.

        `BadInput` for a surface that bears no stamp.
        """
        if on not in self.surfaces:
            raise BadInput("a surface that the layout stamps", on.value, "layout")
        of_place = "places" if on is Surface.PAGE else f"{on.value}_places"
        return self.unverified & {"places", "colour", of_place}


KOR_LAYOUT = Layout(
    owner="KOR",
    language="ko",
    places=(Place.TOP, Place.BOTTOM),
    colour="red",
    english_below=True,
    framed=frozenset(),
    unverified=frozenset(
        {"places", "colour", "english_below", "screen_places", "number_on", "expiry_on"}
    ),
    source="a Korean weekly of 26 June 2001; the annex of the rule was not read",
)

JPN_LAYOUT = Layout(
    owner="JPN",
    language="ja",
    places=(Place.TOP, Place.BOTTOM),
    colour="red",
    english_below=False,
    framed=frozenset({"特定秘密"}),
    unverified=frozenset(
        {"places", "colour", "cover_places", "screen_places", "number_on", "expiry_on"}
    ),
    source="cabinet order on 特定秘密 (words and frame); the rest is usage",
)

LAYOUTS: dict[str, Layout] = {layout.owner: layout for layout in (KOR_LAYOUT, JPN_LAYOUT)}
"""The layouts that come with this package, by state."""


class Stamp(msgspec.Struct, frozen=True):
    """What to print at each of `places`: lines from top to bottom, colour, frame.

    Colour is an aid; the level is always in the text. `unverified` lists what rests on usage.
    `on` and `language`: for which surface, and in whose words beside the marks.
    """

    places: tuple[Place, ...]
    lines: tuple[str, ...]
    colour: str
    framed: bool
    unverified: tuple[str, ...]
    on: Surface = Surface.PAGE
    language: Language = "en"


def state_name(party: str, language: str, names: Names = STATE_NAMES) -> str:
    """The name of a state in a language. `BadInput` when the data has none: no name is made up."""
    try:
        return check_label(names[party][language], "a name", f"name of {party}")
    except KeyError:
        raise BadInput(f"a name of {party} in {language}", "none in the data", "names") from None


def stamp(
    scheme: Scheme,
    layout: Layout,
    mark: Mark,
    names: Names = STATE_NAMES,
    *,
    on: Surface = Surface.PAGE,
    language: Language | None = None,
) -> Stamp:
    """The stamp of an item in the hands of `layout.owner`, on a cover, page or screen.

    Lines: each of the holder's marks (with the English word below where the layout
    says so); then, for a received item, the provider's name and its original
    mark; for derived material, the note and every original. `language` is that of
    names and note, the layout's own unless given; marks have none. Raises `BadInput` for
    a mark or layout of another scheme, a state without a name, and a surface that the
    layout leaves without stamp.
    """
    check(scheme, mark)
    unverified = set(layout.unverified_on(on))
    said = language or layout.language
    if layout.owner != scheme.owner:
        raise BadInput(f"the layout of {scheme.owner}", f"of {layout.owner}", "layout")
    lines: list[str] = []
    for text in mark.level:
        english = scheme.level(text).english
        lines += [text, english] if layout.english_below and english else [text]
    foreign = _foreign(mark)
    if _is_received(mark):
        lines.append(_provided(foreign[0], said, names))
    elif foreign:
        lines.append(holds_note(mark, said, names))
        lines += [_provided(original, said, names) for original in foreign]
    if layout.english_below:
        unverified |= {"english_below"} & layout.unverified
    if foreign and not _is_received(mark):
        unverified.add("note")
    return Stamp(
        layout.places,
        tuple(lines),
        layout.colour,
        not layout.framed.isdisjoint(mark.level),
        tuple(sorted(unverified)),
        on,
        said,
    )


def banner(scheme: Scheme, mark: Mark) -> str:
    """One line for the top and bottom of a screen, page or export.

    Own: `군사II급비밀 · REL TO KOR, JPN`. Received: `[JPN] 極秘 = 군사II급비밀 · …`.
    Derived: the holder's marks, then `[JPN] 極秘` for each original. Several marks of the
    holder (one for each regime) are joined by ` + `: the reader needs all of them.
    Originals show as issued, except that a line break inside one shows as a blank.
    """
    check(scheme, mark)
    level = " + ".join(mark.level)
    foreign = [f"[{o.party}] {_one_line(o.text)}" for o in _foreign(mark)]
    if _is_received(mark):
        parts = [f"{foreign[0]} = {level}"]
    elif foreign:
        parts = [level, *foreign]
    else:
        parts = [level]
    parts.append(release_text(mark))
    parts += sorted(mark.caveats)
    return _SEPARATOR.join(parts)


def release_text(mark: Mark) -> str:
    """`REL TO` and the codes, the holder first; for an empty set, that nobody may have it."""
    codes = mark.releasable_to.codes(first=mark.holder)
    return "REL TO " + ", ".join(codes) if codes else "RELEASABLE TO NOBODY"


def holds_note(mark: Mark, language: str, names: Names = STATE_NAMES) -> str:
    """The note that an item holds information of other states, in one language.

    The duty is verified (Article 4(3)); the words are not.
    """
    others = dict.fromkeys(original.party for original in _foreign(mark))
    if not others or language not in _HOLDS:
        raise BadInput("information of another state, in ko, ja or en", "none", "note")
    between = _BETWEEN_NAMES[language]
    return _HOLDS[language].format(
        names=between.join(state_name(party, language, names) for party in others)
    )


_NUMBER = re.compile(r"[A-Z0-9](?:[A-Z0-9/-]{0,62}[A-Z0-9])?")


def number_line(number: str, copy: int, of: int, language: str) -> str:
    """The line with control number and copy `copy` of `of`. `BadInput` for what cannot be.

    The number travels on the outer envelope and must carry no level: its form
    (capital letters, digits, `-`, `/`) leaves no room for a national mark, but its
    maker answers for words in it.
    """
    if language not in _NUMBER_LINE:
        raise BadInput("ko, ja or en", "another language", "number line")
    if not _NUMBER.fullmatch(number):
        raise BadInput("a control number like KOR-DIH1-2026-000123", "another text", "number line")
    if not 1 <= copy <= of <= MAX_COPIES:
        raise BadInput(f"copy x of y, 1 ≤ x ≤ y ≤ {MAX_COPIES}", f"{copy} of {of}", "number line")
    return _NUMBER_LINE[language].format(number=number, copy=copy, of=of)


# -- pieces -------------------------------------------------------------------------


def _foreign(mark: Mark) -> list[Original]:
    return [original for original in mark.originals if original.party != mark.holder]


def _is_received(mark: Mark) -> bool:
    """One original, another's: the item is as it came. What the holder makes is `derive`d."""
    return len(mark.originals) == 1 and mark.originals[0].party != mark.holder


def _provided(original: Original, language: str, names: Names) -> str:
    name = state_name(original.party, language, names)
    return f"{name}{_SEPARATOR}{_one_line(original.text)}"


_BREAKS = "".join(sorted(WHITE_SPACE - {" ", "\u3000", "\xa0"}))
_RUN_OF_BREAKS = re.compile(f"[{re.escape(_BREAKS)}]+")


def _one_line(text: str) -> str:
    return _RUN_OF_BREAKS.sub(" ", text)
