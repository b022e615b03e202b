"""The banner of a document from the marks of its portions.

IC manual of 2016, D.2 and table 3, and the precedence rules of each marking. Where the
manual leaves a choice (rule 17, portions that say nothing on release) the narrower one is taken, so
that **whom the banner does not withhold it from, no portion does**.
"""

from __future__ import annotations

from collections.abc import Iterable

from gsomia.marking.us.codes import VOCABULARY, Vocabulary, rank, release_rank
from gsomia.marking.us.model import (
    DISSEMINATION,
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


def withholds(mark: UsMark, party: str, vocabulary: Vocabulary = VOCABULARY) -> bool:
    """Whether nothing in `mark` gives the information to `party` to keep.

    The text alone: an agreement, a disclosure decision and a clearance are for others to ask.
    Of a mark that says nothing on release, only what is unclassified and without any
    control is not withheld. DISPLAY ONLY and RELIDO give nothing to keep.
    """
    if party == "USA":
        return False
    if mark.withheld:
        return True
    if mark.release_to:
        return party not in vocabulary.named(mark.release_to)
    return not silent(mark)


def silent(mark: UsMark) -> bool:
    """Whether it is unclassified, without any control, and says nothing on release."""
    controls = (mark.sci, mark.sap, mark.nuclear, mark.dissemination, mark.non_ic)
    foreign = mark.kind is not Kind.US or mark.fgi is not None
    said = mark.release_to or mark.display_to
    return not (mark.classified or any(controls) or foreign or said)


def roll_up(
    portions: Iterable[UsMark], vocabulary: Vocabulary = VOCABULARY
) -> UsMark | tuple[Breach, ...]:
    """The US banner of a document with these portions, or why a person must decide.

    Portions of one group of JOINT owners alone make a JOINT banner; otherwise what others
    own is shown as FGI. Raises nothing: a portion that breaks a rule comes back as its breaches.
    """
    parts = tuple(dict.fromkeys(portions))
    if not parts:
        return (Breach("portions", "portions"),)
    for number, part in enumerate(parts, 1):
        broken = check(part, portion=True, vocabulary=vocabulary)
        if broken:
            return tuple(Breach(b.rule, f"portion {number}, {b.where}") for b in broken)
    level = max(part.level for part in parts)
    if level is Level.RESTRICTED:
        return (Breach("restricted_highest", "classification"),)
    if any(part.program in ("BALK", "BOHEMIA") for part in parts):
        return (Breach("nato_program_banner", "program"),)
    joint = {part.owners for part in parts if part.kind is Kind.JOINT}
    only = len(joint) == 1 and all(part.kind is Kind.JOINT for part in parts)
    controls, release, display = _release(parts, level, vocabulary)
    non_ic, withheld = _non_ic(parts, level)
    nuclear, left_out = _nuclear(parts, level)
    dissemination = _dissemination(parts, level, non_ic) | controls
    if withheld or left_out:
        dissemination, release, display = dissemination - {"RELIDO"} | {"NOFORN"}, (), ()
    mark = UsMark(
        level=level,
        kind=Kind.JOINT if only else Kind.US,
        owners=next(iter(joint)) if only else (),
        sci=_controls(part.sci for part in parts),
        sap=_controls(part.sap for part in parts),
        nuclear=nuclear,
        fgi=_fgi(parts, joint_banner=only),
        dissemination=tuple(sorted(dissemination, key=DISSEMINATION.index)),
        release_to=release,
        display_to=display,
        non_ic=non_ic,
    )
    return check(mark, vocabulary=vocabulary) or mark


# -- who may have it: table 3


def _release(
    parts: tuple[UsMark, ...], level: Level, vocabulary: Vocabulary
) -> tuple[frozenset[str], tuple[str, ...], tuple[str, ...]]:
    """The release controls of the banner: NOFORN or RELIDO, REL TO's list, DISPLAY ONLY's."""
    nothing: tuple[frozenset[str], tuple[str, ...], tuple[str, ...]] = (frozenset(), (), ())
    noforn = (frozenset({"NOFORN"}), (), ())
    told = [part for part in parts if not silent(part)]
    saying = [p for p in told if p.says_release]
    inside = all(p.withheld and "NOFORN" not in p.dissemination for p in told)
    if not saying or (inside and level is Level.UNCLASSIFIED):
        return nothing  # SBU NOFORN and LES NOFORN say it themselves
    if len(saying) < len(told) or any(part.withheld for part in told):
        return noforn
    relido = frozenset({"RELIDO"} if all("RELIDO" in p.dissemination for p in told) else ())
    released = _common([part.release_to for part in told], vocabulary)
    # What may be released may be disclosed too (rule 26).
    shown = _common([(*p.release_to, *p.display_to) for p in told], vocabulary)
    release = tuple(sorted({"USA", *released}, key=release_rank)) if released - {"USA"} else ()
    display: tuple[str, ...] = ()
    if any(part.display_to for part in told):
        covered = vocabulary.named(release)
        display = tuple(sorted((c for c in shown if c not in covered | {"USA"}), key=rank))
    if release or display or relido:
        return relido, release, display
    return noforn


def _common(lists: list[tuple[str, ...]], vocabulary: Vocabulary) -> set[str]:
    """The codes that every list holds, groups told apart where their members are known.

    A state that a common group already stands for is left out.
    """
    named = [vocabulary.named(codes) for codes in lists]
    common = set(named[0]).intersection(*named[1:])
    groups = {code for code in common if vocabulary.group(code) is not None}
    inside = {state for code in groups for state in vocabulary.states(code) - {code}}
    return common - inside | ({"USA"} & common)


# -- the other categories


def _controls(held: Iterable[tuple[Control, ...]]) -> tuple[Control, ...]:
    """All systems, compartments and sub-compartments, each once."""
    tree: dict[str, dict[str, set[str]]] = {}
    for control in (control for controls in held for control in controls):
        into = tree.setdefault(control.name, {})
        for compartment in control.compartments:
            into.setdefault(compartment.name, set()).update(compartment.parts)
    return tuple(
        Control(
            name,
            tuple(
                Compartment(inner, tuple(sorted(tree[name][inner], key=graph_rank)))
                for inner in sorted(tree[name], key=graph_rank)
            ),
        )
        for name in sorted(tree, key=graph_rank)
    )


def _nuclear(parts: tuple[UsMark, ...], level: Level) -> tuple[tuple[Nuclear, ...], bool]:
    """The AEA markings, and whether one left out makes the banner NOFORN (p. 116, 118)."""
    held = [marking for part in parts for marking in part.nuclear]
    names = {marking.name for marking in held}
    names |= {part.program for part in parts if part.program == "ATOMAL"}
    dropped = {n for n in names if n.endswith("UCNI")} if level > Level.UNCLASSIFIED else set()
    kept = names - dropped
    kept -= {"FRD", "TFNI"} if "RD" in kept else {"TFNI"} if "FRD" in kept else set()
    cnwdi = any(marking.cnwdi for marking in held)
    sigma = tuple(sorted({number for marking in held for number in marking.sigma}))
    top = "RD" if "RD" in kept else "FRD"
    made = [
        Nuclear(name, cnwdi and name == "RD", sigma if name == top else ())
        for name in sorted(kept, key=NUCLEAR.index)
    ]
    return tuple(made), bool(dropped)


def _fgi(parts: tuple[UsMark, ...], *, joint_banner: bool) -> tuple[str, ...] | None:
    """The foreign sources; one that is concealed hides them all (H.7, p. 124)."""
    foreign = [p for p in parts if p.kind in (Kind.FOREIGN, Kind.CONCEALED)]
    joint = [] if joint_banner else [p for p in parts if p.kind is Kind.JOINT]
    inside = [part.fgi for part in parts if part.fgi is not None]
    if not (foreign or joint or inside):
        return None
    if any(p.kind is Kind.CONCEALED for p in foreign) or () in inside:
        return ()
    named = {code for part in (*foreign, *joint) for code in part.owners} - {"USA"}
    return tuple(sorted(named.union(*inside), key=rank))


def _dissemination(
    parts: tuple[UsMark, ...], level: Level, non_ic: tuple[str, ...]
) -> frozenset[str]:
    """What is repeated in the banner as it stands, without release controls."""
    held = {value for part in parts for value in part.dissemination} - {"NOFORN", "RELIDO"}
    if "ORCON" in held:
        held.discard("ORCON-USGOV")
    if level > Level.UNCLASSIFIED or len(held) > 1 or non_ic:
        held.discard("FOUO")
    return frozenset(held)


def _non_ic(parts: tuple[UsMark, ...], level: Level) -> tuple[tuple[str, ...], bool]:
    """The non-IC markings, and whether one that is left out makes the banner NOFORN (H.9)."""
    held = {value for part in parts for value in part.non_ic}
    noforn = False
    if level > Level.UNCLASSIFIED:
        noforn = bool(held & {"SBU NOFORN", "LES NOFORN"})
        held = {"LES" if value == "LES NOFORN" else value for value in held}
        held -= {"LIMDIS", "SBU", "SBU NOFORN"}
    for over, under in (("SBU NOFORN", {"SBU"}), ("LES NOFORN", {"LES"}), ("NODIS", {"EXDIS"})):
        held -= under if over in held else set()
    if held & {"EXDIS", "NODIS"}:
        noforn = True
        held -= {"SBU", "SBU NOFORN"}
    return tuple(sorted(held, key=NON_IC.index)), noforn
