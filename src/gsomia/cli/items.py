"""Items: registering, reading, re-marking, handing over, destroying."""

from __future__ import annotations

import mimetypes
import sys
from contextlib import closing, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from gsomia.cli.people import After, Agreement, Facility, Limit, Reason
from gsomia.cli.run import Run, command
from gsomia.cli.say import Out, Screen, warn
from gsomia.faults import BadInput

if TYPE_CHECKING:
    from gsomia.api import Answered, Read

item = typer.Typer(help="Items in the register.")
destroy = typer.Typer(help="Destruction, by two people (Art. 13).")

Number = Annotated[str, typer.Argument(help="An item's control number.")]
Backup = Annotated[str, typer.Argument(help="The copy's name, as you label it.")]


def attach(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(item, name="item", no_args_is_help=True)
    app.add_typer(destroy, name="destroy", no_args_is_help=True)


@command(item, "register", signed=True)
def register(
    run: Run,
    agreement: Agreement,
    mark: Annotated[str, typer.Option("--mark", help="A mark of this party's own scheme.")],
    subject: Annotated[str, typer.Option("--subject", help="What it is about, in open words.")],
    short_title: Annotated[str, typer.Option("--short-title", help="An open name for it.")],
    facility: Facility,
    file: Annotated[Path | None, typer.Argument(help="The content; none for a disclosure.")] = None,
    title: Annotated[
        str | None, typer.Option("--title", help="Its title, sealed; asked for unless given.")
    ] = None,
    said: Annotated[
        str | None,
        typer.Option("--said", metavar="TEXT", help="What was said; - reads it from the input."),
    ] = None,
    said_at: Annotated[str, typer.Option("--said-at", metavar="ISO", help="When.")] = "",
    place: Annotated[str, typer.Option("--place", help="Where.")] = "",
    form: Annotated[
        str | None, typer.Option("--form", help="document unless given; oral with --said.")
    ] = None,
    media_type: Annotated[
        str | None, typer.Option("--media-type", help="Guessed from the file's name unless given.")
    ] = None,
    releasable_to: Annotated[
        list[str] | None, typer.Option("--releasable-to", metavar="AAA", help="May be repeated.")
    ] = None,
    caveat: Annotated[list[str] | None, typer.Option("--caveat", help="May be repeated.")] = None,
    language: Annotated[str, typer.Option("--language", help="A tag like ko or ja.")] = "",
    pages: Annotated[int, typer.Option("--pages", min=0, help="How many.")] = 0,
    copies: Annotated[int, typer.Option("--copies", min=1, help="How many are made.")] = 1,
) -> Out:
    """Seal content on the node and register it. Titles and content are nowhere but sealed."""
    from gsomia.cli.files import open_source
    from gsomia.exchange.cover import Cover

    if (file is None) == (said is None):
        raise BadInput("FILE, or --said", "both" if file else "neither", "item register")
    officer = run.officer()
    text = sys.stdin.read() if said == "-" else said or ""
    cover = Cover(_title(run, title), text, said_at, place)
    kind = media_type or (mimetypes.guess_type(file.name)[0] if file else None)
    with nullcontext() if file is None else closing(open_source(file, "FILE")[0]) as source:
        answer = officer.register(
            cover,
            source,
            media_type=kind or "application/octet-stream",
            agreement=agreement,
            mark=mark,
            subject=subject,
            form=form or ("document" if file else "oral"),
            short_title=short_title,
            facility=facility,
            releasable_to=sorted(releasable_to or ()),
            caveats=caveat or (),
            language=language,
            pages=pages,
            copies=copies,
        )
    out = run.did(answer, "registry.register")
    return Out(out.value, lambda screen: _show_registered(screen, run, answer, out), out.code)


def _show_registered(screen: Screen, run: Run, answer: Answered, out: Out) -> None:
    """The answer; where the content shows which mark after a refusal, and that nobody looked."""
    told = {k: v for k, v in answer.told.items() if k != "not_examined"}
    plain = run.did(msgspec.structs.replace(answer, told=told), "registry.register")
    if plain.show is not None:
        plain.show(screen)
    if why := answer.told.get("not_examined"):
        warn(screen.words("content_unexamined", why=screen.words.label(f"why_{why}")))
    for refused in out.value.get("refused", ()):
        for seen in refused["saw"].get("shown_at", ()):
            place, _, rest = seen.partition(" ")
            number, _, mark = rest.partition(": ")
            warn(f"    {screen.words.place(place, number)}: {mark}")


def _title(run: Run, given: str | None) -> str:
    if given is not None:
        return given
    if not sys.stdin.isatty():
        raise BadInput("--title, or a terminal to ask at", "neither", "title")
    text: str = typer.prompt(run.words("title"), err=True)
    return text


@command(item, "list", node=True)
def list_(
    run: Run,
    agreement: Annotated[str | None, typer.Option("--agreement", help="Only under this.")] = None,
    originator: Annotated[
        str | None, typer.Option("--originator", metavar="AAA", help="Only of this party.")
    ] = None,
    limit: Limit = 100,
    after: After = None,
) -> Out:
    """The register."""
    page = run.view("items", agreement=agreement, originator=originator, limit=limit, after=after)
    columns = ("number", "originator", "mark", "local_mark", "short_title", "copies")
    return Out(page, lambda screen: screen.page(page, *columns, "registered_at", "key_held"))


@command(item, "show", node=True)
def show(run: Run, number: Number) -> Out:
    """The life of one item: copies, readings, releases, transmittals, destruction."""
    return Out(run.view("item", number=number))


@command(item, "read", signed=True)
def read(
    run: Run,
    number: Number,
    facility: Facility,
    purpose: Annotated[str, typer.Option("--purpose", help="What it is read for.")],
    copy: Annotated[int, typer.Option("--copy", min=1, help="Which copy.")] = 1,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="A new file.")] = None,
) -> Out:
    """Sign for a copy, then read it: into a new file, or into a pipe, never onto a terminal."""
    from gsomia.cli.files import check_sink, write_out, write_pipe

    officer = run.officer()
    has_file = bool(run.view("item", number=number)["sealed"]["blob"])
    if has_file:
        if run.json and out is None:
            raise BadInput("-o FILE with --json", "none", "-o")
        check_sink(out)
    opened = officer.read(number, copy, facility, purpose)
    shown = run.did(opened.answer, "registry.read")
    if opened.cover is None:
        return shown
    size = 0
    if has_file:
        size = write_out(out, opened.chunks) if out is not None else write_pipe(opened.chunks)
    from gsomia.canon import builtins

    value = {
        **shown.value,
        "cover": builtins(opened.cover),
        "media_type": opened.media_type,
        "size": size,
        "file": None if out is None or not has_file else str(out),
    }
    return Out(value, lambda screen: _show_read(screen, opened, size, out, has_file))


def _show_read(screen: Screen, opened: Read, size: int, out: Path | None, has_file: bool) -> None:
    """The cover sheet; on standard error where the content went to the pipe."""
    cover = opened.cover
    if cover is None:
        return
    told = {"title": cover.title, "said": cover.said, "said_at": cover.said_at}
    told["place"] = cover.place
    # Whoever reads what another party's consent let through is bound by its conditions.
    bound = opened.answer.told.get("conditions", ())
    conditions = {"conditions": bound} if bound else {}
    if not has_file:
        screen.fields(told | conditions)
    elif out is not None:
        screen.fields({"title": cover.title, "file": str(out), "size": size} | conditions)
    else:
        warn(f"{cover.title} ({size})")
        for condition in bound:
            warn(f"{screen.words.label('conditions')}: {condition}")


@command(item, "remark", signed=True)
def remark(
    run: Run,
    number: Number,
    mark: Annotated[
        str | None, typer.Option("--mark", help="This party's mark that corresponds.")
    ] = None,
    declassified: Annotated[
        bool, typer.Option("--declassified", help="The originator declassified it.")
    ] = False,
) -> Out:
    """Carry out the originator's change of classification on all copies (Art. 6(g))."""
    if (mark is None) != declassified:
        raise BadInput("--mark, or --declassified", "both, or neither", "item remark")
    return run.did(run.officer().remark(number, mark or ""), "registry.remark")


@command(item, "hand-over", signed=True)
def hand_over(
    run: Run,
    number: Number,
    keeper: Annotated[str, typer.Option("--keeper", help="Who keeps it from now on.")],
    facility: Facility,
    copy: Annotated[int, typer.Option("--copy", min=1, help="Which copy.")] = 1,
) -> Out:
    """Give a copy to another keeper or place."""
    answer = run.officer().hand_over(number, copy, keeper, facility)
    return run.did(answer, "registry.hand-over")


@command(destroy, "propose", signed=True)
def propose(
    run: Run,
    number: Number,
    reason: Reason,
    method: Annotated[str, typer.Option("--method", help="How.")] = "key-destruction",
) -> Out:
    """Propose to destroy an item's content on this node, as the first person."""
    answer = run.officer().propose_destruction(number, reason, method)
    return run.did(answer, "registry.propose-destruction")


@command(destroy, "certify", signed=True)
def certify(
    run: Run,
    destruction: Annotated[str, typer.Argument(help="The proposal's id.")],
) -> Out:
    """Certify a proposed destruction, as the second person. Nothing brings the content back."""
    answer = run.officer().certify_destruction(destruction)
    return run.did(answer, "registry.certify-destruction")


@command(destroy, "decline", signed=True)
def decline(
    run: Run,
    destruction: Annotated[str, typer.Argument(help="The proposal's id.")],
    reason: Reason,
) -> Out:
    """Take a proposed destruction off the table, as either person. The copies are as before."""
    answer = run.officer().decline_destruction(destruction, reason)
    return run.did(answer, "registry.decline-destruction")


@command(destroy, "declare-backup", signed=True)
def declare_backup(run: Run, name: Backup) -> Out:
    """Say that a copy of key slots was made: while it lasts, destroyed content could come back."""
    from gsomia.registry.commands import DeclareBackup

    return run.did(run.officer().act(DeclareBackup(name)), "registry.declare-backup")


@command(destroy, "retire-backup", signed=True)
def retire_backup(run: Run, name: Backup) -> Out:
    """Say that such a copy was destroyed, and with it what it could have brought back."""
    from gsomia.registry.commands import RetireBackup

    return run.did(run.officer().act(RetireBackup(name)), "registry.retire-backup")
