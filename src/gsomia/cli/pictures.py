"""Pictures of agreements: the timeline of one, and the web of all, as SVG, PNG and data.

They need no node and record nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gsomia.cli.catalogue import agreement
from gsomia.cli.lookup import lifecycle_of
from gsomia.cli.run import Run, command, now
from gsomia.cli.say import Out, Screen

if TYPE_CHECKING:
    from gsomia.agreement import Pack
    from gsomia.cli.words import Words
    from gsomia.pictures.svg import Picture
    from gsomia.pictures.timeline import Timeline

SvgOption = Annotated[
    Path | None, typer.Option("--svg", metavar="FILE", help="Draw it into a new SVG file.")
]
PngOption = Annotated[
    Path | None,
    typer.Option("--png", metavar="FILE", help="Draw it into a new PNG file; needs extra `print`."),
]

PPI = 192


def attach(app: typer.Typer) -> None:
    """Add these commands to those about agreements, which `app` has."""
    del app
    command(agreement, "timeline")(timeline)
    command(agreement, "web")(web)


def timeline(
    run: Run,
    agreement: Annotated[str, typer.Argument(help="An agreement, or a pack of your own.")],
    from_: Annotated[
        str | None,
        typer.Option("--from", metavar="ISO", help="Beginning; else the first paper's year."),
    ] = None,
    to: Annotated[
        str | None,
        typer.Option("--to", metavar="ISO", help="End; else the end of next year."),
    ] = None,
    known_at: Annotated[
        str | None,
        typer.Option("--known-at", metavar="ISO", help="Count only what was known by then."),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="ISO", help="Draw a line there, and what is answered."),
    ] = None,
    svg: SvgOption = None,
    png: PngOption = None,
) -> Out:
    """The status of an agreement along time, by every reading, and the papers that made it.

    Counted from the instruments that ship with the agreement. Instants are with offset.
    """
    from gsomia.agreement import counting
    from gsomia.canon import builtins
    from gsomia.pictures import timeline as model
    from gsomia.pictures import timeline_svg

    lifecycle = lifecycle_of(agreement)
    whole = model.default_span(lifecycle, now())
    found = model.timeline(
        lifecycle,
        whole.begin if from_ is None else counting.read_instant(from_, "--from"),
        whole.end if to is None else counting.read_instant(to, "--to"),
        None if known_at is None else counting.read_instant(known_at, "--known-at"),
        None if as_of is None else counting.read_instant(as_of, "--as-of"),
    )
    told = _in_words(found, run.words, lifecycle.pack)
    written = _written(svg, png, timeline_svg.draw(told, run.words.label, run.words.lang))
    value, shown = {**builtins(found), **written}, {**builtins(told), **written}
    return Out(value, lambda screen: _show_timeline(screen, shown, written))


def _in_words(found: Timeline, words: Words, pack: Pack) -> Timeline:
    """The same with the pack's titles in the user's language, as far as there are such."""
    from msgspec.structs import replace

    from gsomia.desk.letters import treaty_text

    return replace(
        found,
        title=treaty_text(pack, words.lang),
        lanes=tuple(replace(lane, title=words.of_pack(lane.title)) for lane in found.lanes),
        ticks=tuple(replace(tick, title=words.of_pack(tick.title)) for tick in found.ticks),
    )


def _show_timeline(screen: Screen, value: dict[str, Any], written: dict[str, str]) -> None:
    words = screen.words
    names = ("title", "parties", "begin", "end", "utc_offset", "known_at", "as_of", "outside")
    top = {("outside_span" if n == "outside" else n): value[n] for n in names}
    screen.fields({**top, **written}, value["agreement"])
    for lane in value["lanes"]:
        name = words.label("shared_answer")
        if lane["reading"]:
            name = f"{lane['reading']}: {lane['title']}"
        rows = [{**i, "status": words.label(i["status"])} for i in lane["intervals"]]
        screen.table(rows, title=name)
        screen.line(f"{words.label('extension')}: {screen.cell(lane['extensions'])}")
    rows = [
        {
            "number": tick["number"],
            "begin": tick["earliest"],
            "end": tick["latest"],
            "kind": words.label(f"instrument_{tick['kind']}"),
            "title": tick["title"],
            "effect": words.label(f"effect_{tick['effect']}"),
            "verified": words.flag(tick["verified"]),
        }
        for tick in value["ticks"]
    ]
    screen.table(rows, title=words.label("instruments"))
    rows = [
        {"reading": name, **{k: _answer(screen, v) for k, v in answer.items()}}
        for name, answer in value["answers"].items()
    ]
    if rows:
        screen.table(rows, title=words.label("as_of"))


def _answer(screen: Screen, value: str | None) -> str | None:
    return None if value is None else screen.words.label(value)


def web(
    run: Run,
    party: Annotated[
        list[str] | None,
        typer.Option("--party", metavar="AAA", help="Only agreements of this party; repeatable."),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="ISO", help="Instant with offset; now unless given."),
    ] = None,
    svg: SvgOption = None,
    png: PngOption = None,
) -> Out:
    """Who has an agreement with whom, as far as the catalogue knows."""
    from gsomia.agreement import counting
    from gsomia.agreement.catalogue import listing
    from gsomia.canon import builtins
    from gsomia.pictures import web as model
    from gsomia.pictures import web_svg

    at = now() if as_of is None else counting.read_instant(as_of, "--as-of")
    names: list[str | None] = [*party] if party else [None]
    found = {entry.id: entry for name in names for entry in listing(name)}
    shown = model.web(found.values(), at.date())
    written = _written(svg, png, web_svg.draw(shown, run.words.label, run.words.lang))
    value = {**builtins(shown), **written}
    return Out(value, lambda screen: _show_web(screen, value, written))


def _show_web(screen: Screen, value: dict[str, Any], written: dict[str, str]) -> None:
    words = screen.words
    screen.fields({"as_of": value["as_of"], "web_later": value["later"], **written})
    rows = [
        {
            "number": link["number"],
            "id": link["id"],
            "parties": [*link["parties"], *link["only_here"]],
            "kind": words.label(link["kind"]),
            "signed": link["signed"],
            "in_force_day": link["in_force"],
            "flag": words.flag(link["verified"]),
        }
        for link in value["links"]
    ]
    screen.table(rows)
    screen.line(words.label("web_note"))


def _written(svg: Path | None, png: Path | None, picture: Picture) -> dict[str, str]:
    """Write the files asked for, none where a PNG cannot be made; their names by kind.

    Raises `BadInput` for a file that cannot be written, `Unavailable` without `gsomia[print]`.
    """
    from gsomia.cli.files import check_new, write_out
    from gsomia.faults import BadInput, shown

    given = {name: path for name, path in (("svg", svg), ("png", png)) if path is not None}
    if len({path.absolute() for path in given.values()}) < len(given):
        raise BadInput("a file of its own for each picture", shown(str(png)), "--png")
    name = ""
    try:
        for kind, path in given.items():
            name = kind
            check_new(path)
        data = {"svg": picture.svg}
        if png is not None:
            from gsomia import printing

            data["png"] = printing.png(picture.svg, PPI)
        for kind, path in given.items():
            name = kind
            write_out(path, [data[kind]])
    except BadInput as error:
        raise BadInput(error.expected, error.got, f"--{name}") from None
    return {name: str(path) for name, path in given.items()}
