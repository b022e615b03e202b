"""Reading a banner line or a portion mark. Strict: what is not written as prescribed is told.

A text of other characters than a mark has raises `BadInput`; a text that breaks rules comes
back as the rules that it breaks, all that can be told apart. A mark is never corrected.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

from gsomia.faults import BadInput
from gsomia.marking.us import register
from gsomia.marking.us.codes import VOCABULARY, Vocabulary, rank, release_rank
from gsomia.marking.us.model import (
    DISSEMINATION,
    MAX_ENTRIES,
    NATO_PROGRAMS,
    NON_IC,
    NUCLEAR,
    Compartment,
    Control,
    Kind,
    Level,
    Nuclear,
    UsMark,
    graph_rank,
)
from gsomia.marking.us.rules import Breach, check

MAX_TEXT = 1024
"""Characters: longer than any banner line."""

_CHARACTERS = re.compile(r"[A-Z0-9/, -]*")
_GRAPH = re.compile(r"[A-Z0-9]{1,6}")
_NICKNAME = re.compile(r"[A-Z0-9]{1,24}(?: [A-Z0-9]{1,24}){0,3}")
_WORDS = {level.word: level for level in Level}
_LETTERS = {level.letters: level for level in Level}
_NATO_LETTERS = {"CTS": Level.TOP_SECRET} | {
    f"N{level.letters}": level for level in Level if level is not Level.TOP_SECRET
}
_ORDER = ("SCI", "SAP", "AEA", "FGI", "dissemination", "non-IC")


def parse_banner(text: str, vocabulary: Vocabulary = VOCABULARY) -> UsMark | tuple[Breach, ...]:
    """The mark that a banner line says, or every rule that it breaks (never an empty tuple).

    Titles and abbreviations are both read. Raises `BadInput` for a text longer than
    `MAX_TEXT`, or with characters that no banner has.
    """
    if text.startswith("("):
        raise BadInput("a banner line", "a portion mark in parentheses", "banner")
    return _Reader(vocabulary, portion=False, of=None).read(_plain(text, "banner"))


def parse_portion(
    text: str, of: UsMark | None = None, vocabulary: Vocabulary = VOCABULARY
) -> UsMark | tuple[Breach, ...]:
    """The mark that a portion mark says, with or without its parentheses.

    `of` is the banner of the document: REL alone, and JOINT without owners, repeat its
    lists and cannot be read without it. Otherwise as `parse_banner`.
    """
    if text[:1] == "(" and text[-1:] == ")":
        text = text[1:-1]
    return _Reader(vocabulary, portion=True, of=of).read(_plain(text, "portion"))


def _plain(text: str, where: str) -> str:
    if not 0 < len(text) <= MAX_TEXT:
        raise BadInput(f"a mark of 1 to {MAX_TEXT} characters", f"{len(text)}", where)
    good = _CHARACTERS.match(text)
    at = good.end() if good else 0
    if at < len(text):
        expected = "capital letters, digits, blanks and / , -"
        got = "a small letter" if text[at].islower() else "another character"
        raise BadInput(expected, f"{got} at {at + 1}", where)
    if "  " in text or text != text.strip():
        raise BadInput("single blanks, none at the ends", "others", where)
    return text


class _Reader:
    """One reading: what was found, and what was wrong."""

    def __init__(self, vocabulary: Vocabulary, *, portion: bool, of: UsMark | None) -> None:
        self.vocabulary, self.portion, self.of = vocabulary, portion, of
        self.found: dict[str, Any] = {}
        self.broken: list[Breach] = []
        self._last = -1

    def fault(self, rule: str, where: str) -> None:
        breach = Breach(rule, where)
        if breach not in self.broken and len(self.broken) < MAX_ENTRIES:
            self.broken.append(breach)

    def read(self, text: str) -> UsMark | tuple[Breach, ...]:
        others = text.startswith("//")
        head, *parts = text[2:].split("//") if others else text.split("//")
        head = self.tight(head, "classification")
        known = self.others(head) if others else self.us(head)
        last = -1
        for number, part in enumerate(parts, 2):
            last = self.category(self.tight(part, f"part {number}"), number, last)
        if not known:
            return tuple(self.broken)
        mark = UsMark(**self.found)
        told = {breach.rule for breach in self.broken}
        if "code_known" in told:
            # A list without its unknown code would break rules that the text may keep.
            told |= {"rel_more", "joint_usa", "joint_release"}
        for breach in check(mark, portion=self.portion, vocabulary=self.vocabulary):
            if breach.rule not in told:
                self.broken.append(breach)
        return tuple(self.broken) or mark

    def tight(self, text: str, where: str) -> str:
        if text != text.strip():
            self.fault("separator", where)
        return text.strip()

    # -- the classification

    def us(self, head: str) -> bool:
        mine, other = (_LETTERS, _WORDS) if self.portion else (_WORDS, _LETTERS)
        if head in mine:
            self.found["level"] = mine[head]
            return True
        if head in other:
            self.fault("portion_marks" if self.portion else "spelled_out", "classification")
        else:
            self.fault("classification" if head else "empty", "classification")
        return False

    def others(self, head: str) -> bool:
        if head.startswith("JOINT "):
            return self.joint(head.removeprefix("JOINT "))
        nato = self.nato(head)
        if nato is not None:
            return nato
        levels, other = (_LETTERS, _WORDS) if self.portion else (_WORDS, _LETTERS)
        level, before = _ending(head, levels)
        if level is None:
            wrong = _ending(head, other)[0] is not None and "portion_marks"
            wrong = wrong if self.portion or not wrong else "spelled_out"
            self.fault(wrong or ("classification" if head else "empty"), "classification")
            return False
        self.found["level"] = level
        if before == "FGI":
            self.found["kind"] = Kind.CONCEALED
            return True
        self.found["kind"] = Kind.FOREIGN
        return self.codes("owners", before.split(" "), rank, "classification")

    def joint(self, rest: str) -> bool:
        levels = _LETTERS if self.portion else _WORDS
        level, after = _beginning(rest, levels)
        if level is None:
            other = _beginning(rest, _WORDS if self.portion else _LETTERS)[0]
            wrong = "portion_marks" if self.portion else "spelled_out"
            self.fault("classification" if other is None else wrong, "classification")
            return False
        self.found.update(level=level, kind=Kind.JOINT)
        if after:
            return self.codes("owners", after.split(" "), rank, "classification")
        if self.portion and self.of is not None and self.of.kind is Kind.JOINT:
            self.found["owners"] = self.of.owners
            return True
        self.fault("joint_list", "classification")
        return False

    def nato(self, head: str) -> bool | None:
        """NATO's own marks; None if it is none of them."""
        level: Level | None
        if self.portion:
            level = _NATO_LETTERS.get(head)
        elif head == "COSMIC TOP SECRET":
            level = Level.TOP_SECRET
        else:
            level = _WORDS.get(head.removeprefix("NATO ")) if head.startswith("NATO ") else None
            level = None if level is Level.TOP_SECRET else level
        if level is not None:
            self.found.update(level=level, kind=Kind.FOREIGN, owners=("NATO",))
            return True
        wrong = head.startswith(("NATO ", "COSMIC ")) or head in _NATO_LETTERS
        if wrong:
            self.fault("nato_form", "classification")
        return False if wrong else None

    # -- the categories

    def category(self, part: str, number: int, last: int) -> int:
        """Read what stands between two `//`; the place of its category, to keep the order."""
        where = f"part {number}"
        if not part:
            self.fault("empty", where)
            return last
        if part in ("EYES", "EYES ONLY") or part.endswith(" EYES ONLY"):
            self.fault("eyes_only", where)
            return last
        if self.owners_program(part, number):
            return last
        names: list[str] = []
        sap = part.startswith((register.SAR, register.SAR_TITLE))
        for place, text in enumerate(part.split("/"), 1):
            here = f"part {number}, value {place}"
            value = self.tight(text, here)
            name = "SAP" if sap else self.value(value, here)
            if sap:
                self.program(value, here, first=place == 1)
            if name:
                names.append(name)
        if len(set(names)) > 1:
            self.fault("one_category", where)
        if not names:
            return last
        at = _ORDER.index(names[0])
        if at <= last:
            self.fault("category_order", where)
        if self.found.get("kind", Kind.US) in (Kind.FOREIGN, Kind.CONCEALED) and at < 3:
            self.fault("category_here", where)
        return max(at, last)

    def owners_program(self, part: str, number: int) -> bool:
        """NATO's program, on a mark of other owners: right after the classification."""
        mine = self.found.get("kind") is Kind.FOREIGN and part in NATO_PROGRAMS
        if mine and number == 2:
            self.found["program"] = part
        return mine and number == 2

    def value(self, value: str, where: str) -> str:
        """Read one value; the name of its category, or nothing if it is unknown."""
        dissemination = register.DISSEMINATION_WORDS[self.portion].get(value)
        if dissemination:
            self.place(DISSEMINATION.index(dissemination), where)
            self.add("dissemination", dissemination, DISSEMINATION.index, where)
            return "dissemination"
        non_ic = register.NON_IC_WORDS[self.portion].get(value)
        if non_ic:
            self.add("non_ic", non_ic, NON_IC.index, where)
            return "non-IC"
        if self.release(value, where):
            return "dissemination"
        for read, name in ((self.fgi, "FGI"), (self.nuclear, "AEA"), (self.sci, "SCI")):
            if read(value, where):
                return name
        if not value:
            self.fault("empty", where)
        elif value in register.ELSEWHERE[self.portion]:
            self.fault("portion_marks" if self.portion else "spelled_out", where)
        else:
            self.fault("unknown", where)
        return ""

    def release(self, value: str, where: str) -> bool:
        """REL TO and DISPLAY ONLY, which carry lists, and REL, which repeats the banner's."""
        repeats = self.portion and value == "REL"
        prefix = next((p for p in self.prefixes() if value.startswith(p)), None)
        if prefix is None and not repeats:
            return False
        display = prefix == register.DISPLAY
        self.place(DISSEMINATION.index("DISPLAY ONLY" if display else "REL TO"), where)
        if prefix is None:
            if self.of is None or not self.of.release_to:
                self.fault("rel_banner", where)
            else:
                self.once("release_to", self.of.release_to, where)
            return True
        listed = value.removeprefix(prefix)
        held = [code.strip() for code in listed.split(",")]
        if listed != ", ".join(held):
            self.fault("separator", where)
        if display:
            self.codes("display_to", held, rank, where)
        elif held[0] == "USA":
            self.codes("release_to", held, release_rank, where)
        else:
            self.fault("rel_usa_first", where)
            self.codes("release_to", held, rank, where)
        return True

    def prefixes(self) -> tuple[str, ...]:
        both = (register.DISPLAY, register.REL)
        return both if self.portion else (*both, register.REL_TITLE)

    def fgi(self, value: str, where: str) -> bool:
        for name in (register.FGI,) if self.portion else (register.FGI, register.FGI_TITLE):
            if value == name:
                self.once("fgi", (), where)
                return True
            if value.startswith(f"{name} "):
                self.codes("fgi", value.removeprefix(f"{name} ").split(" "), rank, where)
                return True
        return False

    def nuclear(self, value: str, where: str) -> bool:
        words = register.NUCLEAR_WORDS[self.portion]
        name, *subsets = value.split("-")
        if name not in words:
            return False
        cnwdi, sigma = False, None
        prefix = "SG " if self.portion else "SIGMA "
        for subset in subsets:
            numbers = subset.removeprefix(prefix).split(" ")
            if subset in ("CNWDI", register.CNWDI_TITLE) and not cnwdi and sigma is None:
                cnwdi = True
            elif (
                subset.startswith(prefix)
                and sigma is None
                and len(numbers) <= MAX_ENTRIES
                and all(re.fullmatch(r"[1-9][0-9]?", n) for n in numbers)
            ):
                sigma = [int(n) for n in numbers]
            else:
                self.fault("unknown", where)
        if sigma is not None and sigma != sorted(set(sigma)):
            self.fault("value_order", where)
        held = Nuclear(words[name], cnwdi, tuple(sorted(set(sigma or ()))))
        self.add("nuclear", held, lambda n: NUCLEAR.index(n.name), where)
        return True

    def sci(self, value: str, where: str) -> bool:
        titles = {title: name for name, title in register.SYSTEMS.items()}
        name, *rest = value.split("-")
        system = titles.get(name) if not self.portion and name in titles else name
        if system not in register.SYSTEMS:
            return False
        held = Control(system, self.compartments(system, rest, where))
        self.add("sci", held, lambda c: graph_rank(c.name), where)
        return True

    def program(self, value: str, where: str, *, first: bool) -> None:
        """One special access program; the indicator stands before the first alone."""
        if first:
            prefix = register.SAR if value.startswith(register.SAR) else register.SAR_TITLE
            value = value.removeprefix(prefix)
            if self.portion and prefix != register.SAR:
                self.fault("portion_marks", where)
        name, *rest = value.split("-")
        if not _NICKNAME.fullmatch(name):
            self.fault("unknown" if name else "empty", where)
            return
        held = Control(name, self.compartments(name, rest, where))
        self.add("sap", held, lambda c: graph_rank(c.name), where)

    def compartments(self, name: str, given: list[str], where: str) -> tuple[Compartment, ...]:
        found: list[Compartment] = []
        for text in given:
            title, *parts = text.split(" ")
            own = title if self.portion else register.COMPARTMENT_TITLES.get((name, title), title)
            if not all(_GRAPH.fullmatch(each) for each in (own, *parts)):
                self.fault("unknown", where)
                continue
            found.append(Compartment(own, self.ordered(parts, graph_rank, "value_order", where)))
        return self.ordered(found, lambda c: graph_rank(c.name), "value_order", where)

    # -- lists, each in its order and once

    def add(self, field: str, value: Any, order: Callable[[Any], Any], where: str) -> None:
        """One more value of a category."""
        held = self.found.get(field, ())
        self.found[field] = self.ordered([*held, value], order, "value_order", where)

    def place(self, at: int, where: str) -> None:
        """The order among dissemination controls, of which two have lists of their own."""
        if at <= self._last:
            self.fault("value_order", where)
        self._last = max(at, self._last)

    def once(self, field: str, value: tuple[str, ...], where: str) -> None:
        if field in self.found:
            self.fault("value_order", where)
            value = self.found[field]
        self.found[field] = value

    def codes(self, field: str, given: list[str], order: Callable[[str], Any], where: str) -> bool:
        """A list of codes: known, in order, each once. Whether it could be read."""
        for place, code in enumerate(given, 1):
            if not self.vocabulary.knows(code):
                self.fault("code_known", f"{where}, code {place}")
        known = [code for code in given if self.vocabulary.knows(code)]
        kept = self.ordered(known, order, "code_order", where)
        if field == "release_to":
            kept = tuple(sorted(kept, key=release_rank))
        self.once(field, kept, where)
        return bool(kept)

    def ordered(
        self, values: Iterable[Any], order: Callable[[Any], Any], rule: str, where: str
    ) -> tuple[Any, ...]:
        given = list(values)
        ranks = [order(value) for value in given]
        if any(a >= b for a, b in pairwise(ranks)):
            self.fault(rule, where)
        best = {order(value): value for value in reversed(given)}
        if len(best) > MAX_ENTRIES:
            raise BadInput(f"at most {MAX_ENTRIES} entries", f"{len(best)}", where)
        return tuple(best[key] for key in sorted(best))


def _ending(head: str, levels: dict[str, Level]) -> tuple[Level | None, str]:
    """The level at the end of a head, and what stands before it."""
    for word in sorted(levels, key=len, reverse=True):
        if head.endswith(f" {word}"):
            return levels[word], head.removesuffix(f" {word}")
    return None, ""


def _beginning(rest: str, levels: dict[str, Level]) -> tuple[Level | None, str]:
    """The level at the beginning of what follows JOINT, and what stands after it."""
    for word in sorted(levels, key=len, reverse=True):
        if rest == word or rest.startswith(f"{word} "):
            return levels[word], rest.removeprefix(word).removeprefix(" ")
    return None, ""
