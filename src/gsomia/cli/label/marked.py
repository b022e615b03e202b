"""A label and what it looks like by its policy, for stamping it and for finding it again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from gsomia.cli.label.labels import broken_line, broken_value, instant_of, load_label, ready_policy
from gsomia.cli.say import DONE, REFUSED, Out, Screen, warn
from gsomia.faults import BadInput, shown

if TYPE_CHECKING:
    from gsomia.cli.run import Run
    from gsomia.documents import Sheet
    from gsomia.marking.label import Breach, Label


class Marked(msgspec.Struct, frozen=True):
    """A label with its marking at the top and the bottom of a page, and the rules it breaks."""

    file: str
    label: Label
    language: str
    top: str
    bottom: str
    colour: str
    broken: tuple[Breach, ...]

    @classmethod
    def of(
        cls, file: Path, policy: Path, lenient: bool, language: str, as_of: str | None
    ) -> Marked:
        """The marking of a label file by a policy file. Raises `BadInput`."""
        return cls.made(load_label(file), str(file), policy, lenient, language, as_of)

    @classmethod
    def made(
        cls,
        held: Label,
        file: str,
        policy: Path,
        lenient: bool,
        language: str,
        as_of: str | None,
    ) -> Marked:
        """The marking of a label by a policy file. Raises `BadInput`."""
        from gsomia.marking.label import Place, Root, markings, validity

        if held.root is Root.METADATA:
            raise BadInput("a label of the information", "one of its metadata", shown(file))
        ready, at = ready_policy(policy, lenient), instant_of(as_of)
        places = (Place.PAGE_TOP, Place.PAGE_BOTTOM)
        broken = validity(held, ready, at)
        made = {} if broken else markings(held, ready, language=language, places=places)
        key = ready.key(held.information.classification)
        listed = ready.policy.classifications.members
        colour = next((c.color for c in listed if ready.key(c.name) == key), None)
        top, bottom = (made.get(place, "") for place in places)
        return cls(file, held, language, top, bottom, colour or "", broken)

    def sheet(self, run: Run, number: str | None, copy: str | None) -> Sheet | Out:
        """The stamp, or why there is none: the label is not valid under its policy."""
        from gsomia.documents import copy_of, marking_sheet

        if self.broken:
            return self.refused(run, "label stamp")
        if (number is None) != (copy is None):
            raise BadInput("--number and --copy, or neither", "one of them", "label stamp")
        one, of = copy_of(copy or "1/1")
        maker = self.label.base.originator
        return marking_sheet(
            self.top,
            self.bottom,
            language=self.language,
            originator=maker.text if maker else "",
            number=number or "",
            copy=one,
            of=of,
            colour="red" if self.colour == "red" else "",
        )

    def refused(self, run: Run, act: str) -> Out:
        """That the label is not valid, with each rule it breaks."""
        broken = broken_value(run.words, self.broken)
        value: dict[str, Any] = {"granted": False, "file": self.file, "broken": broken}

        def show(screen: Screen) -> None:
            warn(screen.words("refused", act=act, subject=self.file))
            for one in broken:
                warn(f"  - {broken_line(screen.words, one)}")

        return Out(value, show, REFUSED)


def label_of(file: Path, given: Path | None, policy: Path, lenient: bool) -> Label:
    """The label of a file: the one given, else that inside or beside it in the policy's words.

    Raises `BadInput` where there is none.
    """
    from gsomia.cli.label.bindingfiles import folder_of, whole
    from gsomia.documents.bound import find, labels_of
    from gsomia.marking.label import Unmapped, label_for

    if given is not None:
        return load_label(given)
    found = find(file.name, whole(file), folder_of(file.parent))
    held = [label for one in found.held for label in labels_of(one.info)]
    if not held:
        raise BadInput("a label inside the file or beside it, or --label", "none", shown(str(file)))
    chosen = label_for(held, ready_policy(policy, lenient))
    if isinstance(chosen, Unmapped):
        raise BadInput(
            "a label of this policy", "; ".join(o.text for o in chosen.obstacles), shown(str(file))
        )
    return chosen


def found_marking(run: Run, file: Path, asked: Marked) -> Out:
    """Whether a file shows the marking of its label at every place where it should."""
    from gsomia.canon import builtins
    from gsomia.cli.files import open_source
    from gsomia.documents import find_marking

    if asked.broken:
        return asked.refused(run, "label marks")
    source, _ = open_source(file, "file")
    with source:
        chunks = iter(lambda: source.read(1 << 20), b"")
        found = find_marking(chunks, asked.top, asked.bottom, shown(file.name))
    outcome = "not_examined" if found.why else "differs" if found.missing else "agrees"
    value: dict[str, Any] = {
        "file": str(file),
        "expected_top": asked.top,
        "expected_bottom": asked.bottom,
        "outcome": outcome,
        **builtins(found),
    }
    code = DONE if outcome == "agrees" else REFUSED
    return Out(value, lambda screen: _show_found(screen, value), code)


_TOLD = 20
"""Places that a screen names; `--json` has all."""


def _show_found(screen: Screen, value: dict[str, Any]) -> None:

    words = screen.words
    names = ("file", "kind", "expected_top", "expected_bottom")
    told = {name: value[name] for name in names} | {
        "outcome": words.label(f"marking_{value['outcome']}")
    }
    if value["why"]:
        told["why"] = words.label(f"why_{value['why']}")
    screen.fields(told | ({"error": value["error"]} if value["error"] else {}))
    for spot in value["missing"][:_TOLD]:
        screen.line(f"  {words.place(spot['place'], spot['number'])}")
    if more := len(value["missing"][_TOLD:]):
        screen.line(words("more_faults", file=value["file"], count=more))
