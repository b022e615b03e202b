"""The past, asked again: what the books said on a day, what was decided, and by which rules."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from gsomia.cli.evidence import book
from gsomia.cli.people import After, Limit
from gsomia.cli.run import Run, command
from gsomia.cli.say import Out, Screen
from gsomia.faults import BadInput, shown


def attach(_: typer.Typer) -> None:
    """These commands stand in the group `book`."""


@command(book, "decisions", node=True)
def decisions(
    run: Run,
    subject: Annotated[
        str | None, typer.Option("--subject", help="An item, a request, a letter.")
    ] = None,
    act: Annotated[str | None, typer.Option("--act", help="Like release.decide.")] = None,
    granted: Annotated[bool | None, typer.Option("--granted/--refused", help="Only these.")] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="ISO", help="Decided by then.")
    ] = None,
    limit: Limit = 100,
    after: After = None,
) -> Out:
    """Every decision on record: by which rules, in which version, and what was answered."""
    asked = {
        "subject": subject,
        "act": act,
        "granted": None if granted is None else ("yes" if granted else "no"),
        "until": None if until is None else _instant(until, "--until"),
        "limit": str(limit),
        "after": after,
    }
    page = run.door().do("decisions", {k: v for k, v in asked.items() if v is not None})
    columns = ("key", "at", "act", "subject", "granted")
    return Out(page, lambda screen: screen.page(page, *columns))


@command(book, "decision", node=True)
def decision(
    run: Run, key: Annotated[str, typer.Argument(help="A book and an index, like 'house 12'.")]
) -> Out:
    """One decision as it was answered, and the same command asked again on the state it met."""
    value = run.door().do("decision", {"key": key})
    return Out(value, lambda screen: _show(screen, value))


def _show(screen: Screen, value: dict[str, Any]) -> None:
    words = screen.words
    screen.fields({k: v for k, v in value.items() if k not in ("ruling", "again")})
    rows = [
        {
            "rule": o["rule"],
            "holds": o["held"],
            "article": words.article(o["article"]),
            "text": words.rule(o["rule"], o["text"]),
        }
        for o in value["ruling"]["outcomes"]
    ]
    ground = _ground(value["ruling"]["outcomes"])
    if "agreement_status" in ground:
        ground["agreement_status"] = words.label(ground["agreement_status"])
    if "policy" in ground:
        ground["policy"] = words.label(ground["policy"])
    if ground:
        screen.fields(ground, words.label("ground"))
    screen.table(rows)
    again = value["again"]
    if again is None:
        screen.line(words("not_again"))
    elif again["same"]:
        screen.line(words("same_again"))
    elif "error" in again:
        screen.line(words("fails_again", error=again["error"]))
    else:
        screen.line(words("other_again", rules=again["rules"]))


_GROUND = (
    *("agreement_status", "contestable", "reading", "policy", "policy_version"),
    *("ground_confirmed_by", "agreed_digest"),
)


def _ground(outcomes: list[dict[str, Any]]) -> dict[str, Any]:
    """What the rules saw of the agreement: the ground of the act, and the reading relied on."""
    saw = {name: value for o in outcomes for name, value in o["saw"].items()}
    return {name: saw[name] for name in _GROUND if name in saw}


@command(book, "past", node=True)
def past(
    run: Run,
    view: Annotated[str, typer.Argument(help="A view: items, item, agreement, people, ...")],
    fields: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME=VALUE]...", help="What the view asks for.")
    ] = None,
    at: Annotated[
        str | None, typer.Option("--at", metavar="ISO", help="As the books stood at this instant.")
    ] = None,
) -> Out:
    """Any view of the node, as the books stood at an instant."""
    if at is None:
        raise BadInput("an instant that has come", "none", "--at")
    given = {"view": view, "at": _instant(at, "--at")}
    for field in fields or ():
        name, sign, value = field.partition("=")
        if not sign or not name or name in given:
            raise BadInput("NAME=VALUE, each once", shown(field), "fields")
        given[name] = value
    found = run.door().do("past", given)
    if isinstance(found, dict) and "rows" in found:
        return Out(found, lambda screen: screen.page(found))
    if view == "agreement":
        from gsomia.cli.treaty import show_status

        return Out(found, lambda screen: show_status(screen, found))
    return Out(found)


def _instant(text: str, where: str) -> str:
    from gsomia.agreement.counting import read_instant
    from gsomia.canon import instant

    return instant(read_instant(text, where))
