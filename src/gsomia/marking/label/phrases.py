"""The marking of a label: the text that people see, as the label's policy says it.

SPIF 2.1 for the words and their places; how they are put together is told by no standard,
and follows the reference program surevine/spiffing. The parts are the policy, the
classification, then the values in the policy's order, each tag with its prefix, separator
and suffix, and round everything the policy's own. A marking is made from a label and never
read back: `Releasable to Japan, Korea, Republic of` has three commas and two states. It is
text of the policy's owner, and translated only by the owner, in the policy.

Whether the label is valid is not asked here: `gsomia.marking.label.validity` does. The
privacy mark is no part of a marking.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import groupby

import msgspec

from gsomia.faults import BadInput, shown
from gsomia.marking.label.compiled import Compiled, Entry, Values, compiled
from gsomia.marking.label.model import Category, Information, Label
from gsomia.marking.spif import model as m


class Place(StrEnum):
    """Where a marking stands: the marking codes of SPIF that are places."""

    PAGE_TOP = "pageTop"
    PAGE_BOTTOM = "pageBottom"
    DOCUMENT_START = "documentStart"
    DOCUMENT_END = "documentEnd"
    FIRST_LINE = "firstLineOfText"
    LAST_LINE = "lastLineOfText"
    SUBJECT = "subject"
    HEADER = "xHeader"
    PORTION = "portionMarking"
    INPUT_TITLE = "inputTitle"
    WATERMARK = "waterMark"


_COVERS: dict[str, tuple[Place, ...]] = {str(place): (place,) for place in Place}
_COVERS["pageTopBottom"] = (Place.PAGE_TOP, Place.PAGE_BOTTOM)

_NAMELESS, _HIDDEN = "noNameDisplay", "noMarkingDisplay"
_FOR_POLICY, _FOR_CLASS = "replacePolicy", "suppressClassName"

_TITLED = frozenset({str(Place.HEADER), str(Place.INPUT_TITLE)})
"""Places whose prefix is a name of something else (schema), so of no use elsewhere."""

_LANGUAGE = re.compile("[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_SEPARATOR, _VALUE_SEPARATOR = " ", "/"


def marking(
    label: Label,
    policy: m.Policy | Compiled,
    *,
    language: str = "",
    place: Place = Place.PAGE_BOTTOM,
) -> str:
    """The marking of `label` at `place`. It may be empty, if the policy shows nothing there.

    `language` is a tag like `ko` or `fr-CA`: each text is taken in that language, else in
    its primary subtag (`fr`), else the one without language; a name where there is none.
    Raises `BadInput` for a language tag that is none, and for a label that names another
    policy, or a classification, tag set or value that the policy has not.

    Make a `Marker` once for many labels.
    """
    return Marker(policy, language=language, place=place).text(label)


def markings(
    label: Label, policy: m.Policy | Compiled, *, language: str = "", places: Iterable[Place]
) -> dict[Place, str]:
    """The marking of `label` at each of several places. Raises as `marking` does."""
    held = policy if isinstance(policy, Compiled) else compiled(policy)
    return {p: marking(label, held, language=language, place=p) for p in places}


class _Tag(msgspec.Struct, frozen=True):
    """A tag's values share these texts."""

    number: int
    prefix: str
    separator: str
    suffix: str


class _Shown(msgspec.Struct, frozen=True):
    """A value: which tag it stands in, and what it does to the other parts."""

    tag: _Tag
    nodes: tuple[m.Category, ...]
    policy: str | None
    hides_class: bool


class Marker:
    """A policy's texts in one language at one place. Immutable; may be shared."""

    def __init__(
        self,
        policy: m.Policy | Compiled,
        *,
        language: str = "",
        place: Place = Place.PAGE_BOTTOM,
    ) -> None:
        """Prepare the texts. Raises `BadInput` for a language tag that is none."""
        self._held = held = policy if isinstance(policy, Compiled) else compiled(policy)
        self._choice = choice = _Choice(language, place)
        file = held.policy
        own = (*file.markings, *file.policy.markings)
        self._replaced = choice.replacement(own, file.policy.name)
        name = choice.own(own, file.policy.name)
        self._name = choice.around(file.policy.qualifiers, name)
        self._classes = {held.key(c.name): c for c in file.classifications.members}
        self._values = dict(self._prepared())
        self._prefix = choice.qualifier(file.qualifiers, "prefix")
        self._suffix = choice.qualifier(file.qualifiers, "suffix")
        self._separator = choice.qualifier(file.qualifiers, "separator") or _SEPARATOR

    def _prepared(self) -> Iterator[tuple[int, _Shown]]:
        """Each value by its number, in the policy's order."""
        held, choice = self._held, self._choice
        nodes: dict[int, tuple[_Tag, list[m.Category]]] = {}
        number = 0
        for tag_set in held.policy.sets:
            for tag in tag_set.tags:
                if tag.sense is None:
                    continue
                number += 1
                texts = _Tag(
                    number,
                    choice.qualifier(tag.qualifiers, "prefix"),
                    choice.qualifier(tag.qualifiers, "separator") or _VALUE_SEPARATOR,
                    choice.qualifier(tag.qualifiers, "suffix"),
                )
                known = held.tags[held.key(tag_set.name)].senses[tag.sense].by_key
                for category in tag.categories:
                    entry = known[held.key(category.name)]
                    nodes.setdefault(entry.number, (texts, []))[1].append(category)
        for found, (texts, categories) in nodes.items():
            entries = [one for c in categories for one in c.markings]
            yield (
                found,
                _Shown(
                    tag=texts,
                    nodes=tuple(categories),
                    policy=choice.replacement(entries, categories[0].name),
                    hides_class=choice.pick(entries, _FOR_CLASS) is not None,
                ),
            )

    def text(self, label: Label) -> str:
        """The marking of `label`. Raises `BadInput` as `marking` does."""
        return self.words(label.information)

    def words(self, told: Information) -> str:
        """The marking of what a label says. Raises `BadInput` as `marking` does."""
        chosen = self._found(told)
        shown_values = [self._values[entry.number] for entry, _ in chosen]
        node = self._classes[self._held.key(told.classification)]
        parts = [self._policy(node, shown_values)]
        if not any(value.hides_class for value in shown_values):
            parts.append(self._class(node))
        grouped = groupby(zip(shown_values, chosen, strict=True), key=lambda pair: pair[0].tag)
        for tag, members in grouped:
            texts = [self._value(value, node, typed) for value, (_, typed) in members]
            if held := [text for text in texts if text]:
                parts.append(f"{tag.prefix}{tag.separator.join(held)}{tag.suffix}")
        body = self._separator.join(part for part in parts if part)
        return f"{self._prefix}{body}{self._suffix}"

    def _policy(self, node: m.Classification, values: Sequence[_Shown]) -> str:
        if self._replaced is not None:
            return self._replaced
        found = self._choice.replacement(node.markings, node.name)
        if found is not None:
            return found
        return next((v.policy for v in values if v.policy is not None), self._name)

    def _class(self, node: m.Classification) -> str:
        qualifiers = node.qualifiers or self._held.policy.classifications.qualifiers
        return self._choice.around(qualifiers, self._choice.own(node.markings, node.name))

    def _value(self, value: _Shown, node: m.Classification, typed: str | None) -> str:
        """A value's text. Where a name stands twice, the first that goes with the class."""
        one = next((c for c in value.nodes if node.name not in c.excluded_classes), value.nodes[0])
        if typed is not None:
            return self._choice.around(one.qualifiers, self._choice.entered(one.markings, typed))
        return self._choice.around(one.qualifiers, self._choice.own(one.markings, one.name))

    def _found(self, told: Information) -> list[tuple[Entry, str | None]]:
        """The label's values in the policy's order, each once, and what a user entered."""
        held = self._held
        if held.key(told.policy) != held.name or told.policy_uri not in (None, held.uri):
            raise BadInput(f"a label of the policy {held.policy.policy.name}", "another", "label")
        if held.key(told.classification) not in held.grades:
            raise BadInput("a classification of the policy", shown(told.classification), "label")
        found: dict[tuple[int, str | None], Entry] = {}
        for category in told.categories:
            values = _values(held, category)
            for value in category.values:
                entry = values.by_key.get(held.key(value.text))
                typed = None
                if entry is None:
                    typed = value.text
                    entry = values.entered(typed)
                if entry is None:
                    where = f"label, category {shown(category.tag_name)}"
                    raise BadInput("a value of the policy", shown(value.text), where)
                found[entry.number, typed] = entry
        ordered = sorted(found.items(), key=lambda pair: pair[1].number)
        return [(entry, typed) for (_, typed), entry in ordered]


def _values(held: Compiled, category: Category) -> Values:
    tags = held.tags.get(held.key(category.tag_name))
    if tags is None or category.uri not in (None, tags.uri):
        raise BadInput("a tag set of the policy", shown(category.tag_name), "label")
    values = tags.senses.get(category.sense)
    if values is None:
        where = f"label, category {shown(category.tag_name)}"
        raise BadInput("values of the type that the policy has", str(category.sense), where)
    return values


class _Choice:
    """Which of an object's texts stands at a place in a language."""

    def __init__(self, language: str, place: Place) -> None:
        if language and not _LANGUAGE.fullmatch(language):
            raise BadInput("a language tag like ko or fr-CA", shown(language), "language")
        exact = language.lower()
        # A later setting wins: no language, then the primary subtag, then the tag itself.
        self._languages = {"": 2, exact.partition("-")[0]: 1, exact: 0}
        self._place = Place(place)

    def _rank(self, entry: m.MarkingData) -> tuple[int, int] | None:
        """How well an entry fits, the best first. None where it does not.

        One without place counts for the bottom of the page; elsewhere it stands in where
        there is no other: header and footer of a page would differ without it.
        """
        language = self._languages.get(entry.lang.lower())
        if language is None:
            return None
        places = [code for code in entry.codes if code in _COVERS]
        if any(self._place in _COVERS[code] for code in places):
            return 0, language
        if places:
            return None
        return (0 if self._place is Place.PAGE_BOTTOM else 1), language

    def pick(
        self, entries: Iterable[m.MarkingData], code: str, *, has: bool = True
    ) -> m.MarkingData | None:
        """The best entry that has, or has not, the instruction `code`. Of equals, the first."""
        ranked = [(self._rank(e), e) for e in entries if (code in e.codes) is has]
        fitting = [(rank, e) for rank, e in ranked if rank is not None]
        return min(fitting, key=lambda pair: pair[0])[1] if fitting else None

    def replacement(self, entries: Iterable[m.MarkingData], name: str) -> str | None:
        """What stands for the policy's name, if anything; it may be empty."""
        found = self.pick(entries, _FOR_POLICY)
        if found is None:
            return None
        return name if found.phrase is None else found.phrase

    def own(self, entries: Sequence[m.MarkingData], name: str) -> str:
        """The phrase of an object, else its name, or nothing.

        By the schema, noNameDisplay takes away the name and leaves the phrase. A phrase
        that stands for the policy is not shown again.
        """
        found = self.pick(entries, _FOR_POLICY, has=False)
        if found is not None and not self._hides(found) and found.phrase is not None:
            return found.phrase
        return "" if self._blank(found or self.pick(entries, _FOR_POLICY)) else name

    def entered(self, entries: Sequence[m.MarkingData], text: str) -> str:
        """What a user entered as a value, unless values there are not shown."""
        return "" if self._blank(self.pick(entries, _FOR_POLICY, has=False)) else text

    def _blank(self, entry: m.MarkingData | None) -> bool:
        return entry is not None and (self._hides(entry) or _NAMELESS in entry.codes)

    def _hides(self, entry: m.MarkingData) -> bool:
        """noMarkingDisplay: shown where something is entered, and nowhere else."""
        return _HIDDEN in entry.codes and self._place is not Place.INPUT_TITLE

    def around(self, qualifiers: Sequence[m.MarkingQualifier], text: str) -> str:
        """A text with its prefix and suffix; nothing round nothing."""
        if not text or not qualifiers:
            return text
        return f"{self.qualifier(qualifiers, 'prefix')}{text}{self.qualifier(qualifiers, 'suffix')}"

    def qualifier(self, qualifiers: Sequence[m.MarkingQualifier], kind: str) -> str:
        """A prefix, suffix or separator; empty if there is none.

        That of this place is best, then one without place. Else one of another place will
        do: NATO's policy writes its prefixes for the top of the page and means all.
        """
        found: list[tuple[int, int, str]] = []
        for group in qualifiers:
            if group.code is None:
                rank = 1
            elif self._place in _COVERS.get(group.code, ()):
                rank = 0
            elif group.code in _TITLED:
                continue
            else:
                rank = 2
            for one in group.qualifiers:
                language = self._languages.get((one.lang or group.lang).lower())
                if one.code == kind and one.text and language is not None:
                    found.append((rank, language, one.text))
        return min(found, key=lambda f: f[:2])[2] if found else ""
