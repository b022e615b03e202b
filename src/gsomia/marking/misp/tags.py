"""MISP tags that mark: `tlp:amber`, `PAP:RED`, `nato:classification="NS"`, and what they ask.

A tag of a vocabulary that marks is read whole and in its own spelling, or it closes: a
restriction with a slip in it must not pass for no restriction. So does one that only looks like
such a vocabulary's. Tags of other vocabularies mark nothing, and are kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from gsomia.faults import BadInput, shown
from gsomia.marking.handling import Closed, Handling, together
from gsomia.marking.misp.taxonomies import TAXONOMIES
from gsomia.marking.spelling import has_invisible, skeleton
from gsomia.marking.told import lost

MAX_TAGS = 10_000
MAX_TAG = 512
"""Characters. MISP itself keeps at most 255."""

# A predicate may hold colons (`ex:chr`), a value may not hold a quotation mark.
_TAG = re.compile(r'([A-Za-z-]+):([A-Za-z0-9+:/-]+)(?:="([^"]*)")?')
_LEAD = re.compile(r"[^:=\s\"'_/.,;|()\[\]]*")


class Tag(msgspec.Struct, frozen=True):
    """A tag of a vocabulary that marks. `value` is empty where the predicate says it all."""

    namespace: str
    predicate: str
    value: str = ""

    @property
    def text(self) -> str:
        """The machine tag."""
        value = f'="{self.value}"' if self.value else ""
        return f"{self.namespace}:{self.predicate}{value}"


class Tags(msgspec.Struct, frozen=True):
    """The tags of one thing: those that mark, those that close, those of other vocabularies.

    `unverified`: tags whose effect rests on text that nobody here has read.
    """

    tags: tuple[Tag, ...]
    unread: tuple[str, ...]
    others: tuple[str, ...]
    handling: Handling
    unverified: tuple[str, ...] = ()


def read(texts: Iterable[str], where: str = "tags") -> Tags:
    """The tags of one thing, and what they ask together. Raises `BadInput` beyond the bounds."""
    tags: dict[Tag, None] = {}
    unread: dict[str, None] = {}
    others: dict[str, None] = {}
    for number, text in enumerate(texts):
        if number >= MAX_TAGS:
            raise BadInput(f"at most {MAX_TAGS} tags", "more", where)
        if not 0 < len(text) <= MAX_TAG:
            raise BadInput(f"a tag of 1 to {MAX_TAG} characters", f"{len(text)}", where)
        tag = _known(text)
        if tag is not None:
            tags[tag] = None
        elif _marks(text):
            unread[text] = None
        else:
            others[text] = None
    parts = [TAXONOMIES[tag.namespace].values[tag.predicate, tag.value] for tag in tags]
    closed = [Closed("readable", shown(text)) for text in unread]
    closed += [Closed("one_value", text) for text in _exclusive(tags)]
    return Tags(
        tuple(tags),
        tuple(unread),
        tuple(others),
        together([*(part.asks for part in parts), Handling(closed=frozenset(closed))]),
        tuple(tag.text for tag, part in zip(tags, parts, strict=True) if not part.verified),
    )


def _known(text: str) -> Tag | None:
    match = _TAG.fullmatch(text)
    if match is None or match[1] not in TAXONOMIES or match[3] == "":
        return None
    tag = Tag(match[1], match[2], match[3] or "")
    return tag if (tag.predicate, tag.value) in TAXONOMIES[tag.namespace].values else None


_LOOKS = {skeleton(name.replace("-", "")) for name in TAXONOMIES}


def _marks(text: str) -> bool:
    """Whether a tag passes for one of a vocabulary that marks, in whatever spelling."""
    if has_invisible(text):
        return True
    lead = _LEAD.match(text.strip())
    return lead is not None and skeleton(lead[0].replace("-", "")) in _LOOKS


def _exclusive(tags: Iterable[Tag]) -> Iterable[str]:
    """Two words for one value (`white`, `clear`) are one value still."""
    held: dict[str, dict[Handling, str]] = {}
    for tag in tags:
        taxonomy = TAXONOMIES[tag.namespace]
        if taxonomy.exclusive:
            asks = taxonomy.values[tag.predicate, tag.value].asks
            held.setdefault(tag.namespace, {}).setdefault(asks, tag.text)
    return [", ".join(sorted(found.values())) for found in held.values() if len(found) > 1]


# -- writing ------------------------------------------------------------------------------


class Written(msgspec.Struct, frozen=True):
    """Tags, and what they cannot hold: field and value, for a person."""

    tags: tuple[str, ...]
    unheld: tuple[str, ...]


def write(handling: Handling) -> Written:
    """The tags that say `handling`, as far as tags can. What is left out is named.

    Reading the tags back gives the handling without what is named.
    """
    tags: list[str] = []
    held = Handling()
    for taxonomy in TAXONOMIES.values():
        for (predicate, value), row in taxonomy.values.items():
            more = together([held, row.asks])
            if more == held or not _is_part(row.asks, handling):
                continue
            tags.append(Tag(taxonomy.namespace, predicate, value).text)
            held = more
            if taxonomy.exclusive:
                break
    return Written(tuple(tags), lost(handling, held))


_SETS = ("levels", "caveats", "one_of", "sharing", "privileges", "statements")


def _is_part(part: Handling, whole: Handling) -> bool:
    """Whether `part` says nothing that `whole` does not. No tag stands for a set of states."""
    return (
        part.states is None
        and not part.closed
        and part.tlp in (None, whole.tlp)
        and part.pap in (None, whole.pap)
        and all(getattr(part, name) <= getattr(whole, name) for name in _SETS)
    )
