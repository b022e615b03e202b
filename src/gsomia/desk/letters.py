"""Putting a letter together: title and paragraphs, from the record and the templates.

Total for every kind a desk drafts, in each of `wording.LANGUAGES`. What the record holds
in one language only (the title of an agreement without a translation) stays in it.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import msgspec

from gsomia.agreement import counting
from gsomia.agreement.instruments import Instrument, Kind
from gsomia.agreement.model import Authority, Pack
from gsomia.desk import wording

_ARTICLE = re.compile(r"Art\. ?(\d+)(?:\((\d+)\))?((?:\([0-9A-Za-z]+\))*)", re.ASCII)
_WITH_ARTICLE = ("Republic", "United", "Kingdom", "Commonwealth", "Federal", "Czech", "Slovak")
_MONTHS = (
    "January February March April May June July August September October November December".split()
)


class Composed(msgspec.Struct, frozen=True):
    """The words of a letter."""

    title: str
    paragraphs: tuple[str, ...]


class Sides(msgspec.Struct, frozen=True):
    """Who writes to whom, and the two governments: codes, and offices of the pack."""

    us: str
    them: str
    our: Authority
    their: Authority


class _Korean(string.Formatter):
    """Fills slots in; `{name:은}` adds the particle that fits the word's last sound."""

    def format_field(self, value: Any, spec: str) -> str:
        if spec in wording.PARTICLES:
            after_consonant, after_vowel = wording.PARTICLES[spec]
            return f"{value}{after_consonant if _ends_in_consonant(str(value)) else after_vowel}"
        return str(super().format_field(value, spec))


def _ends_in_consonant(word: str) -> bool:
    """Whether the last syllable, if it is Hangul, has a final consonant."""
    last = ord(word[-1]) - 0xAC00 if word else -1
    return 0 <= last < 11172 and last % 28 != 0


def day_text(day: date, language: str) -> str:
    """A day as official letters write it."""
    match language:
        case "ko":
            return f"{day.year}년 {day.month}월 {day.day}일"
        case "ja":
            return f"{day.year}年{day.month}月{day.day}日"
        case _:
            return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def article_text(article: str, language: str) -> str:
    """An article as letters cite it: of `Art. 21(3)`, Article 21(3), 제21조제3항, 第21条3."""
    found = _ARTICLE.fullmatch(article)
    if found is None:
        return article
    number, paragraph, parts = found.groups()
    match language:
        case "ko":
            return f"제{number}조" + (f"제{paragraph}항" if paragraph else "") + parts
        case "ja":
            return f"第{number}条" + (paragraph or "") + parts
        case _:
            return f"Article {number}" + (f"({paragraph})" if paragraph else "") + parts


def name_of(names: Mapping[str, str], language: str) -> str:
    """A name in a language, else in English, else the first there is."""
    return names.get(language) or names.get("en") or next(iter(names.values()), "")


def describe(instrument: Instrument, pack: Pack, language: str) -> str:
    """An instrument as a letter speaks of it: its kind and its day, in the agreement's zone."""
    what = wording.KINDS.get(instrument.kind, wording.OTHER)[language]
    moment = instrument.took_place
    if moment is None:
        return what
    day = day_text(counting.local_day(moment.earliest, pack.zone), language)
    return wording.OF_DAY[language].format(what=what, day=day)


def treaty_text(pack: Pack, language: str) -> str:
    """The agreement's title in a language, else as the pack writes it."""
    return name_of(pack.titles.names, language) if pack.titles else pack.title


def compose(
    kind: Kind,
    asks: Kind | None,
    language: str,
    pack: Pack,
    sides: Sides,
    about: Iterable[Instrument],
) -> Composed:
    """The words of a note of `kind`, or of the letter that asks for a note of kind `asks`."""
    of = asks if asks is not None else kind
    slots = _slots(of, language, pack, sides, about)
    fill = _Korean().format
    title = fill(wording.TITLES[of][language], **slots)
    if asks is not None:
        asking = fill(wording.ASKING[asks][language], **slots)
        lines = tuple(fill(x, asking=asking, **slots) for x in wording.LETTER[language])
        return Composed(_sentence(fill(wording.REQUEST[language], title=title)), lines)
    parts = (wording.OPENING, wording.BODIES[kind], wording.CLOSING)
    return Composed(_sentence(title), tuple(fill(part[language], **slots) for part in parts))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def state_name(names: Mapping[str, str], language: str) -> str:
    """A state's name as a sentence takes it: English says the Republic, and plain Japan."""
    name = name_of(names, language)
    return f"the {name}" if language == "en" and name.startswith(_WITH_ARTICLE) else name


def office_of_state(office: str, party: str, pack: Pack, language: str) -> str:
    """An office with its state's name, as a note writes it."""
    names = next((p.names for p in pack.parties if p.code == party), {"en": party})
    state = state_name(names, language)
    return wording.STATE_OFFICE[language].format(office=office, state=state)


def _slots(
    of: Kind, language: str, pack: Pack, sides: Sides, about: Iterable[Instrument]
) -> dict[str, str]:
    states = {p.code: state_name(p.names, language) for p in pack.parties}

    def office(one: Authority) -> str:
        return office_of_state(name_of(one.names, language), one.party, pack, language)

    of_entry = of is Kind.NOTIFICATION_OF_REQUIREMENTS
    clause = pack.entry_into_force if of_entry else pack.notice or pack.entry_into_force
    within = sides.our.party == sides.their.party
    return {
        "us": states[sides.us],
        "them": states[sides.them],
        "our": name_of(sides.our.names, language) if within else office(sides.our),
        "their": name_of(sides.their.names, language) if within else office(sides.their),
        "treaty": treaty_text(pack, language),
        "article": article_text(clause.article, language),
        "about": wording.AND[language].join(describe(i, pack, language) for i in about),
    }
