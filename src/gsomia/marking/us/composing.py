"""Writing a mark: the banner line and the portion mark, in the manual's order and words.

Abbreviations as the register authorizes them. What is written is read back as the same mark.
"""

from __future__ import annotations

from collections.abc import Iterable

from gsomia.faults import BadInput
from gsomia.marking.us import register
from gsomia.marking.us.codes import VOCABULARY, Vocabulary
from gsomia.marking.us.model import DISSEMINATION, Control, Kind, Level, Nuclear, UsMark
from gsomia.marking.us.rules import check


def banner(mark: UsMark, vocabulary: Vocabulary = VOCABULARY) -> str:
    """The banner line. `BadInput` for a mark that breaks a rule of banners."""
    return _write(mark, None, vocabulary, portion=False)


def portion(mark: UsMark, of: UsMark | None = None, vocabulary: Vocabulary = VOCABULARY) -> str:
    """The portion mark in its parentheses. `BadInput` for a mark that breaks a rule.

    With the banner `of`, lists that repeat its lists are left out: REL, and JOINT without
    owners. Such a portion must be read with that banner.
    """
    return f"({_write(mark, of, vocabulary, portion=True)})"


def _write(mark: UsMark, of: UsMark | None, vocabulary: Vocabulary, *, portion: bool) -> str:
    broken = check(mark, portion=portion, vocabulary=vocabulary)
    if broken:
        raise BadInput(f"a mark in which {broken[0].text}", "another", broken[0].where)
    parts = [
        _head(mark, of, portion=portion),
        mark.program,
        "/".join(control_text(control) for control in mark.sci),
        register.SAR * bool(mark.sap) + "/".join(control_text(program) for program in mark.sap),
        "/".join(nuclear_text(held, portion=portion) for held in mark.nuclear),
        "" if mark.fgi is None else " ".join((register.FGI, *mark.fgi)),
        "/".join(_dissemination(mark, of, portion=portion)),
        "/".join(_word(value, portion=portion) for value in mark.non_ic),
    ]
    return "//".join((parts[0], *(part for part in parts[1:] if part)))


def _head(mark: UsMark, of: UsMark | None, *, portion: bool) -> str:
    level = mark.level.letters if portion else mark.level.word
    match mark.kind:
        case Kind.US:
            return level
        case Kind.CONCEALED:
            return f"//FGI {level}"
        case Kind.JOINT:
            same = portion and of is not None and of.kind is Kind.JOINT and of.owners == mark.owners
            return f"//JOINT {level}" if same else " ".join((f"//JOINT {level}", *mark.owners))
        case Kind.FOREIGN if mark.owners == ("NATO",):
            top = mark.level is Level.TOP_SECRET
            if portion:
                return "//CTS" if top else f"//N{level}"
            return "//COSMIC TOP SECRET" if top else f"//NATO {level}"
    return f"//{' '.join(mark.owners)} {level}"


def control_text(control: Control) -> str:
    """A control system or program, with its compartments."""
    inside = [" ".join((c.name, *c.parts)) for c in control.compartments]
    return "-".join((control.name, *inside))


def nuclear_text(held: Nuclear, *, portion: bool = False) -> str:
    """A marking of the Atomic Energy Act, with its subsets."""
    name = register.NUCLEAR_TITLES[held.name][1] if portion else held.name
    sigma = ("SG" if portion else "SIGMA", *map(str, held.sigma)) if held.sigma else ()
    return "-".join(filter(None, (name, "CNWDI" * held.cnwdi, " ".join(sigma))))


def _dissemination(mark: UsMark, of: UsMark | None, *, portion: bool) -> Iterable[str]:
    for value in DISSEMINATION:
        if value == "REL TO":
            same = portion and of is not None and of.release_to == mark.release_to
            if mark.release_to:
                yield "REL" if same else register.REL + ", ".join(mark.release_to)
        elif value == "DISPLAY ONLY":
            if mark.display_to:
                yield register.DISPLAY + ", ".join(mark.display_to)
        elif value in mark.dissemination:
            yield _word(value, portion=portion)


def _word(value: str, *, portion: bool) -> str:
    return register.TITLES[value][1] if portion else value
