"""US marks: say what a banner or portion says and which rules it breaks, and make a banner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from gsomia.cli.label.labels import label
from gsomia.cli.run import Run, command
from gsomia.cli.say import DONE, REFUSED, Out, Screen, warn
from gsomia.faults import BadInput

if TYPE_CHECKING:
    from gsomia.marking.us import Breach, UsMark, Vocabulary

GroupOption = Annotated[
    list[str] | None,
    typer.Option("--tetragraph", metavar="CODE", help="One more group code; may be repeated."),
]


@command(label, "us")
def us(
    run: Run,
    mark: Annotated[str, typer.Argument(help="A banner line, like 'SECRET//REL TO USA, KOR'.")],
    portion: Annotated[
        bool, typer.Option("--portion", help="It is a portion mark, like '(S//REL TO USA, KOR)'.")
    ] = False,
    of: Annotated[
        str | None, typer.Option("--of", metavar="BANNER", help="The banner of its document.")
    ] = None,
    tetragraph: GroupOption = None,
) -> Out:
    """Say what a US mark says, or every rule that it breaks. Exit code 1 if there is any."""
    from gsomia.marking.us import UsMark, parse_banner, parse_portion

    vocabulary = _vocabulary(tetragraph)
    banner_ = parse_banner(of, vocabulary) if of is not None else None
    if isinstance(banner_, tuple):
        return _refused(run, of or "", banner_)
    if banner_ is not None and not portion:
        raise BadInput("--portion with --of", "a banner", "--of")
    found = parse_portion(mark, banner_, vocabulary) if portion else parse_banner(mark, vocabulary)
    if not isinstance(found, UsMark):
        return _refused(run, mark, found)
    return _valid(run, mark, found, vocabulary)


@command(label, "us-banner")
def us_banner(
    run: Run,
    portions: Annotated[
        list[str], typer.Argument(metavar="PORTION", help="Portion marks, like '(S//NF)' '(U)'.")
    ],
    tetragraph: GroupOption = None,
) -> Out:
    """Make the banner line of a document from its portion marks."""
    from gsomia.marking.us import UsMark, banner, parse_portion, roll_up

    vocabulary = _vocabulary(tetragraph)
    marks = []
    for text in portions:
        found = parse_portion(text, None, vocabulary)
        if not isinstance(found, UsMark):
            return _refused(run, text, found)
        marks.append(found)
    made = roll_up(marks, vocabulary)
    if not isinstance(made, UsMark):
        return _refused(run, " ".join(portions), made)
    line = banner(made, vocabulary)
    value = {"banner": line, "portions": list(portions)}
    return Out(value, lambda screen: screen.line(line))


def _vocabulary(more: list[str] | None) -> Vocabulary:
    from gsomia.marking.us import VOCABULARY

    return VOCABULARY.wider(more or ())


def _refused(run: Run, text: str, broken: tuple[Breach, ...]) -> Out:
    from gsomia.cli.label.ustexts import place_text, rule_text, us_text

    lang = run.words.lang
    told = [
        {
            "rule": b.rule,
            "where": b.where,
            "text": rule_text(lang, b.rule, b.text),
            "source": b.source,
            "verified": b.verified,
        }
        for b in broken
    ]

    def show(screen: Screen) -> None:
        del screen
        warn(us_text(lang, "broken", count=len(told)))
        for breach in told:
            where = place_text(lang, str(breach["where"]))
            line = us_text(lang, "line", **{**breach, "where": where})
            warn(line if breach["verified"] else f"{line} {us_text(lang, 'unread')}")

    return Out({"mark": text, "valid": False, "broken": told}, show, REFUSED)


def _valid(run: Run, text: str, mark: UsMark, vocabulary: Vocabulary) -> Out:
    from gsomia.cli.label.ustexts import note_text, us_text
    from gsomia.marking.us import notes

    lang = run.words.lang
    said = _said(mark)
    told = [
        {"note": n.key, "text": note_text(lang, n.key, n.text), "source": n.source}
        for n in notes(mark, vocabulary)
    ]
    value = {"mark": text, "valid": True, "broken": [], "says": said, "notes": told}

    def show(screen: Screen) -> None:
        screen.line(us_text(lang, "no_rule", text=text))
        for name, held in said.items():
            shown = us_text(lang, "concealed") if held == [] else screen.cell(held)
            screen.line(f"  {us_text(lang, name)}: {shown}")
        for note in told:
            screen.line(us_text(lang, "note", **note))

    return Out(value, show, DONE)


def _said(mark: UsMark) -> dict[str, Any]:
    """A mark in plain values, without the categories that it does not have."""
    from gsomia.marking.us import Kind
    from gsomia.marking.us.composing import control_text, nuclear_text

    held: dict[str, Any] = {
        "owners": list(mark.owners),
        "program": mark.program,
        "SCI": [control_text(c) for c in mark.sci],
        "SAP": [control_text(c) for c in mark.sap],
        "AEA": [nuclear_text(n) for n in mark.nuclear],
        "dissemination": list(mark.dissemination),
        "release_to": list(mark.release_to),
        "display_to": list(mark.display_to),
        "non-IC": list(mark.non_ic),
    }
    said = {name: value for name, value in held.items() if value}
    if mark.kind is Kind.CONCEALED:
        said["owners"] = []
    if mark.fgi is not None:
        said["FGI"] = list(mark.fgi)
    return {"classification": mark.level.word, **said}
