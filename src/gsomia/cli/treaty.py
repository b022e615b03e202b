"""Questions about agreements, and instruments that the treaty desk records."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from gsomia.cli.basis import basis
from gsomia.cli.catalogue import agreement
from gsomia.cli.deadlines import deadlines
from gsomia.cli.differing import difference_rows
from gsomia.cli.instrumentfiles import read_instruments
from gsomia.cli.lookup import lifecycle_of
from gsomia.cli.provisions import provisions
from gsomia.cli.run import Run, command, now
from gsomia.cli.say import Out, Screen
from gsomia.cli.statusnotes import told_note
from gsomia.cli.whatif import what_if

instrument = typer.Typer(help="Papers by which an agreement lives.")

AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="ISO", help="Instant with offset; now unless given."),
]


def attach(app: typer.Typer) -> None:
    """Add these commands."""
    command(agreement, "deadlines", node=True)(deadlines)
    command(agreement, "what-if", node=True)(what_if)
    command(agreement, "provisions", node=True)(provisions)
    command(agreement, "basis")(basis)
    app.add_typer(instrument, name="instrument", no_args_is_help=True)


@command(agreement, "status", node=True)
def status(
    run: Run,
    agreement: Annotated[str, typer.Argument(help="An agreement's id, or a pack of your own.")],
    as_of: AsOf = None,
    known_at: Annotated[
        str | None,
        typer.Option("--known-at", metavar="ISO", help="Count only what was known by then."),
    ] = None,
    reading: Annotated[
        str | None, typer.Option("--reading", help="One reading's own answer.")
    ] = None,
    recorded: Annotated[
        bool,
        typer.Option("--recorded", help="Ask the node, which counts what its desk recorded."),
    ] = False,
) -> Out:
    """Where an agreement stands at an instant, by every reading of its final clause."""
    from gsomia.agreement import answer_json
    from gsomia.canon import instant

    at = instant(now()) if as_of is None else as_of
    if recorded:
        asked = {"as_of": at, "known_at": known_at, "reading": reading}
        value = run.view("agreement", agreement=agreement, **asked)
    else:
        value = answer_json(lifecycle_of(agreement), at, known_at, reading)
    shipped_only = run.names_node and not recorded
    return Out(value, lambda screen: show_status(screen, value, shipped_only=shipped_only))


_FIRST = (
    *("agreement", "as_of", "known_at", "reading", "status", "in_force", "transfer", "protect"),
    *("contestable", "uncertain", "articles", "events"),
)
"""The fields that people look for first, in this order, whoever answered."""


def show_status(screen: Screen, value: dict[str, Any], *, shipped_only: bool = False) -> None:
    """Where an agreement stands, as people read it: status, differences, readings, notes."""
    words = screen.words
    apart = ("readings", "notes", "instruments", "differences", "records")
    first = {k: value[k] for k in _FIRST if k in value}
    plain = first | {k: v for k, v in value.items() if k not in apart and k not in first}
    plain["status"] = words.label(value["status"])
    plain["articles"] = [words.article(article) for article in value["articles"]]
    screen.fields(plain, value["agreement"])
    if value.get("differences"):
        rows = difference_rows(words, value["differences"])
        screen.table(rows, title=words.label("differences"))
    if value.get("records"):
        by_record = {k: words.label(v) for k, v in value["records"].items()}
        screen.fields(by_record, words.label("records"))
    rows = [
        {
            "reading": k,
            **v,
            "status": words.label(v["status"]),
            "earliest_end": words.label(v["earliest_end"] or ""),
        }
        for k, v in value["readings"].items()
    ]
    screen.table(rows, title=words.label("readings"))
    for note in value["notes"]:
        screen.line(f"- {told_note(words, note)}")
    if shipped_only:
        screen.line(words("shipped_only"))


@command(agreement, "schema")
def schema(
    run: Run,
    form: Annotated[str, typer.Argument(help="pack, instruments or entry.")],
) -> Out:
    """The JSON Schema of a file that people write, for editors and other programs."""
    import json

    from gsomia.agreement.schemas import schema as schema_of

    del run
    value = schema_of(form)
    text = json.dumps(value, indent=2, ensure_ascii=False)
    return Out(value, lambda screen: screen.raw(text + "\n"))


@command(instrument, "record", signed=True)
def record(
    run: Run,
    file: Annotated[Path, typer.Argument(help="A file of instruments (gsomia/instruments/v1).")],
    confirm_revival: Annotated[
        bool,
        typer.Option("--confirm-revival", help="Yes: this puts a suspended notice back in effect."),
    ] = False,
    hypothetical: Annotated[
        bool, typer.Option("--hypothetical", help="Made for an exercise.")
    ] = False,
) -> Out:
    """Record instruments, one after another. The first that is refused ends it."""
    name, found = read_instruments(file)
    officer = run.officer()
    out = Out({"recorded": []})
    done: list[str] = []
    warned: dict[str, list[str]] = {}
    for one in found:
        answer = officer.record_instrument(
            name, one, hypothetical=hypothetical, confirm_revival=confirm_revival
        )
        out = run.did(answer, "desk.record-instrument")
        if not answer.granted:
            return out
        done.append(one.id)
        if answer.told["warnings"]:
            warned[one.id] = answer.told["warnings"]
    value = {"granted": True, "agreement": name, "recorded": done, "warnings": warned}

    def show(screen: Screen) -> None:
        screen.fields({k: v for k, v in value.items() if k != "warnings"})
        for one, warnings in warned.items():
            for warning in warnings:
                what = screen.words.label(f"warn_{warning}")
                screen.line(screen.words("warned", instrument=one, what=what))

    return Out(value, show)


@command(instrument, "list", node=True)
def list_(
    run: Run,
    agreement: Annotated[str | None, typer.Option("--agreement", help="Only this one.")] = None,
    limit: Annotated[int, typer.Option("--limit", help="Rows on a page.")] = 100,
    after: Annotated[str | None, typer.Option("--after", help="Go on after this row.")] = None,
) -> Out:
    """What this node has recorded, beside what ships with the agreements."""
    page = run.view("instruments", agreement=agreement, limit=limit, after=after)
    rows = [
        {
            "agreement": r["agreement"],
            "id": r["instrument"]["id"],
            "kind": r["instrument"]["kind"],
            "title": r["instrument"]["title"],
            "hypothetical": r["hypothetical"],
        }
        for r in page["rows"]
    ]
    return Out(page, lambda screen: screen.page({**page, "rows": rows}))
