"""Labels of STANAG 4774: who may receive what they stand for, and one label for a whole."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gsomia.cli import say
from gsomia.cli.label.labels import (
    AsOfOption,
    LenientOption,
    OriginatorOption,
    broken_line,
    broken_value,
    instant_of,
    label,
    label_value,
    load_label,
    load_marked,
    originator_of,
    ready_policy,
    show_label,
)
from gsomia.cli.run import Run, command
from gsomia.cli.say import DONE, REFUSED, Out, Screen
from gsomia.faults import BadInput, shown

if TYPE_CHECKING:
    from gsomia.marking.label import Clearance, Stopped
    from gsomia.ruling import Ruling

PolicyOption = Annotated[Path, typer.Option("--policy", metavar="SPIF", help="The policy file.")]
UnclassifiedOption = Annotated[
    list[str] | None,
    typer.Option(
        "--unclassified",
        metavar="NAME",
        help="A classification whose labels need no release list; may be repeated.",
    ),
]


def _clearance(path: Path) -> Clearance:
    from gsomia.marking.label import Label

    held = load_marked(path)
    if isinstance(held, Label):
        raise BadInput("a confidentiality clearance", "a label", shown(str(path)))
    return held


@command(label, "decide")
def decide(
    run: Run,
    file: Annotated[Path, typer.Argument(metavar="LABEL", help="A label of STANAG 4774.")],
    clearance: Annotated[
        Path, typer.Argument(metavar="CLEARANCE", help="A clearance of STANAG 4774.")
    ],
    policy: PolicyOption,
    lenient: LenientOption = False,
    unclassified: UnclassifiedOption = None,
    take_gaps: Annotated[
        bool,
        typer.Option("--take-gaps", help="Take a clearance that skips a lower classification."),
    ] = False,
    as_of: AsOfOption = None,
) -> Out:
    """Decide whether a clearance reaches a label: every rule, its outcome and what it saw.

    Exit code 0 granted, 1 refused.
    """
    from gsomia.canon import builtins, instant
    from gsomia.marking import label as labels
    from gsomia.ruling import Ruling

    at = instant_of(as_of)
    held = ready_policy(policy, lenient, unclassified or ())
    told, person = load_label(file), _clearance(clearance)
    rules = labels.ACCESS_RULES_GAPS_TAKEN if take_gaps else labels.ACCESS_RULES
    ruling = Ruling.of(labels.decide(told, person, held, at, rules=rules))
    value = {
        **builtins(ruling),
        "label": str(file),
        "clearance": str(clearance),
        "security_policy": held.policy.policy.name,
        "at": instant(at),
        "label_broken": broken_value(run.words, labels.validity(told, held, at)),
        "clearance_broken": broken_value(run.words, labels.clearance_validity(person, held, at)),
    }
    return Out(
        value,
        lambda screen: _show_ruling(screen, value, ruling),
        DONE if ruling.granted else REFUSED,
    )


def _show_ruling(screen: Screen, value: Mapping[str, Any], ruling: Ruling) -> None:
    words = screen.words
    names = ("granted", "label", "clearance", "security_policy", "at")
    screen.fields({name: value[name] for name in names})
    answers = {True: words.label("holds"), False: words.label("fails"), None: words.label("off")}
    screen.table(
        [
            {
                "outcome": answers[o["held"]],
                "text": words.rule(o["rule"], o["text"]),
                "saw": _seen(o["saw"]),
            }
            for o in value["outcomes"]
        ]
    )
    if ruling.granted:
        return
    say.warn(words("refused", act="label decide", subject=value["label"]))
    for outcome in ruling.refusals():
        say.warn(f"  - {say.rule_line(words, outcome)}")
    for broken in (*value["label_broken"], *value["clearance_broken"]):
        say.warn(f"      {broken_line(words, broken)}")


def _seen(saw: Mapping[str, Any]) -> str:
    """The facts of one rule: groups as `tag set: of the label / of the clearance`."""
    parts = []
    for name, fact in saw.items():
        told = fact
        if name in ("restrictive", "permissive"):
            told = [
                f"{g['tag_set']}: {', '.join(g['label'])} / {', '.join(g['clearance']) or '–'}"
                for g in fact
            ]
        if isinstance(told, list | tuple):
            told = "; ".join(told)
        parts.append(f"{name}={'–' if told == '' else told}")
    return ", ".join(parts)


@command(label, "roll-up")
def roll_up(
    run: Run,
    files: Annotated[list[Path], typer.Argument(metavar="LABEL", help="The parts' labels.")],
    policy: PolicyOption,
    lenient: LenientOption = False,
    unclassified: UnclassifiedOption = None,
    originator: OriginatorOption = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="A new file.")] = None,
    as_of: AsOfOption = None,
) -> Out:
    """One label for a whole, from the labels of its parts; whoever passes it passes every part.

    Exit code 1, and no label, where a person has to decide.
    """
    from gsomia.canon import builtins
    from gsomia.cli.files import check_new, write_out
    from gsomia.marking import label as labels

    if out is not None:
        check_new(out)
    held = ready_policy(policy, lenient, unclassified or ())
    parts = [load_label(path) for path in files]
    maker = originator_of(originator)
    found = labels.roll_up(parts, held, instant_of(as_of), originator=maker)
    if isinstance(found, labels.Stopped):
        return _stopped(run, found, files)
    data = labels.write(found.label)
    value = {
        "granted": True,
        "whole": label_value(labels.read(data)),
        "originators": builtins(found.originators),
        "unnamed": found.unnamed,
        "left_out": list(found.left_out),
    }
    if out is not None:
        write_out(out, [data])
        value["file"] = str(out)

    def show(screen: Screen) -> None:
        show_label(screen, value["whole"])
        beside = {**value, "originators": [o.text for o in found.originators]}
        screen.fields({k: v for k, v in beside.items() if k not in ("whole", "granted")})

    return Out(value, show)


def _stopped(run: Run, found: Stopped, files: list[Path]) -> Out:
    from gsomia.cli.label.texts import stop_text

    broken_rules = broken_value(run.words, found.breaches)
    value = {
        "granted": False,
        "rule": found.rule,
        "text": stop_text(run.words.lang, found.rule),
        "source": found.source,
        "who": found.who,
        "where": found.where,
        "file": str(files[found.part - 1]) if found.part is not None else "",
        "broken": broken_rules,
    }

    def show(screen: Screen) -> None:
        words = screen.words
        told = {
            "text": value["text"],
            "source": words.article(found.source),
            "who": words.who(found.who),
        }
        say.warn(words("whole_stopped", **told))
        place = ": ".join(text for text in (str(value["file"]), found.where) if text)
        if place and not broken_rules:
            say.warn(f"  - {place}")
        for broken in broken_rules:
            before = f"{value['file']}: " if value["file"] else ""
            say.warn(f"  - {broken_line(words, broken, before)}")

    return Out(value, show, REFUSED)
