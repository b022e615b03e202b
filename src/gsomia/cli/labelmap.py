"""Labels of STANAG 4774: their marking, and what they equal in another policy."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gsomia.cli import say
from gsomia.cli.label import LenientOption, label, load_policy
from gsomia.cli.labeltexts import breach_text
from gsomia.cli.run import Run, command, now
from gsomia.cli.say import DONE, REFUSED, Out, Screen
from gsomia.faults import BadInput, shown
from gsomia.marking.xmlguard import at_line

if TYPE_CHECKING:
    from gsomia.marking.label import Breach, Label
    from gsomia.marking.label.phrases import Place
    from gsomia.marking.spif import Policy

AsOfOption = Annotated[
    str | None,
    typer.Option("--as-of", metavar="ISO", help="Instant with offset; now unless given."),
]


def attach(app: typer.Typer) -> None:
    """Nothing to add: these commands stand in the group `label`."""
    del app


def _bytes(path: Path) -> bytes:
    from gsomia.cli.files import read_small
    from gsomia.marking.label.reading import LIMITS

    return read_small(path, shown(str(path)), LIMITS.size)


def _label(path: Path) -> Label:
    from gsomia.marking.label import read

    return read(_bytes(path), shown(str(path)))


def _policy(path: Path, lenient: bool) -> tuple[Policy, list[dict[str, Any]]]:
    """A policy, and its repairs; each is told on standard error besides."""
    loaded = load_policy(path, lenient)
    for repair in loaded.repairs:
        say.warn(f"{at_line(shown(str(path)), repair.line)}: {repair.text}")
    return loaded.policy, [{"line": r.line, "text": r.text} for r in loaded.repairs]


def _instant(as_of: str | None) -> datetime:
    from gsomia.agreement import counting

    return now() if as_of is None else counting.read_instant(as_of, "--as-of")


def _broken(run: Run, found: tuple[Breach, ...]) -> list[dict[str, Any]]:
    return [
        {"rule": b.rule, "where": b.where, "text": breach_text(run.words.lang, b.rule)}
        for b in found
    ]


def _places(given: list[str] | None) -> list[Place]:
    from gsomia.marking.label.phrases import Place

    places = []
    for name in given or [Place.PAGE_BOTTOM]:
        if name not in set(Place):
            raise BadInput("one of " + ", ".join(Place), shown(name), "--place")
        places.append(Place(name))
    return list(dict.fromkeys(places))


@command(label, "marking")
def marking(
    run: Run,
    file: Annotated[Path, typer.Argument(help="A label of STANAG 4774.")],
    policy: Annotated[Path, typer.Option("--policy", help="The label's policy (SPIF).")],
    language: Annotated[
        str, typer.Option("--language", metavar="TAG", help="Of the marking, like ko or fr-CA.")
    ] = "",
    place: Annotated[
        list[str] | None,
        typer.Option("--place", help="pageBottom unless given; may be repeated."),
    ] = None,
    lenient: LenientOption = False,
    as_of: AsOfOption = None,
) -> Out:
    """Show what a label looks like. Exit code 1 if it is not valid under the policy."""
    from gsomia.marking.label import compiled, validity
    from gsomia.marking.label.phrases import markings

    places, at = _places(place), _instant(as_of)
    read, repairs = _policy(policy, lenient)
    held = compiled(read)
    told = _label(file)
    made = markings(told, held, language=language, places=places)
    broken = _broken(run, validity(told, held, at))
    shown_at = [{"place": str(p), "marking": text} for p, text in made.items()]
    value = {
        "file": str(file),
        "security_policy": held.policy.policy.name,
        "language": language or None,
        "markings": shown_at,
        "valid": not broken,
        "broken": broken,
        "repairs": repairs,
    }

    def show(screen: Screen) -> None:
        if len(places) == 1:
            screen.line(made[places[0]])
        else:
            screen.table(shown_at)
        for one in broken:
            say.warn(f"{one['where']}: {one['text']}")

    return Out(value, show, REFUSED if broken else DONE)
