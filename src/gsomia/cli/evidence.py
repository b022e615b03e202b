"""Evidence: making it, and checking it offline with nothing but node cards."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gsomia.cli.run import Run, command
from gsomia.cli.say import DONE, REFUSED, Out, Screen
from gsomia.faults import BadInput, ProofFailed, Unavailable, shown

if TYPE_CHECKING:
    from gsomia.evidence.verify import Report

evidence = typer.Typer(help="Evidence of what became of an item.")
book = typer.Typer(help="Whole books, for inspectors.")


def attach(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(evidence, name="evidence", no_args_is_help=True)
    app.add_typer(book, name="book", no_args_is_help=True)
    command(app, "verify")(verify)


@command(evidence, "export", node=True)
def export(
    run: Run,
    item: Annotated[str, typer.Argument(help="An item's control number.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="A new NAME.evidence, or a new folder.")],
) -> Out:
    """Evidence of an item, for anybody with the nodes' cards; a folder if there are several."""
    from gsomia.cli.files import check_new, write_folder, write_out
    from gsomia.evidence.file import SUFFIX

    check_new(out)
    files = list(run.door().files("evidence", {"item": item}))
    if len(files) == 1:
        if out.suffix != SUFFIX:
            # `verify` goes by the name: under another the file would be passed to nobody.
            raise BadInput(f"a name that ends in {SUFFIX}", shown(str(out)), "-o")
        write_out(out, [files[0][1]])
    else:
        write_folder(out, files)
    return Out({"item": item, "file": str(out), "files": len(files)})


@command(book, "export", node=True)
def export_book(
    run: Run,
    name: Annotated[str, typer.Argument(metavar="BOOK", help="A book, named as its agreement.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="A new folder.")],
) -> Out:
    """A whole book up to its newest cosigned checkpoint."""
    from gsomia.cli.files import check_new, write_folder

    check_new(out)
    count = write_folder(out, run.door().files("book", {"book": name}))
    return Out({"book": name, "folder": str(out), "files": count})


def verify(
    run: Run,
    path: Annotated[Path, typer.Argument(help="An evidence file, a book, or a folder of them.")],
    trust: Annotated[
        list[Path] | None,
        typer.Option("--trust", metavar="CARD", help="A node card you trust; may be repeated."),
    ] = None,
    details: Annotated[
        bool,
        typer.Option(
            "--details", help="Also how many facts of each entry are open; in JSON everything."
        ),
    ] = False,
) -> Out:
    """Verify evidence offline. Exit code 0 if all of it holds, 1 if anything does not."""
    from gsomia.canon import builtins
    from gsomia.evidence.disk import DiskFiles
    from gsomia.evidence.verify import verify_path

    del run
    cards = [_card(card) for card in trust or ()]
    try:
        files = DiskFiles(path)
    except Unavailable as error:
        raise BadInput("a file or folder that can be read", error.what, "PATH") from None
    report = verify_path(files, cards)
    value = builtins(report)
    del value["told"]
    if not details:
        value = {name: value[name] for name in ("ok", "checked", "problem")}
    return Out(
        value, lambda screen: _show(screen, report, details=details), DONE if report.ok else REFUSED
    )


def _card(path: Path) -> bytes:
    """A signed node card. Raises `BadInput` for a file that is none."""
    from gsomia.cli.files import read_small
    from gsomia.exchange.card import open_card
    from gsomia.faults import shown

    data = read_small(path, "--trust")
    try:
        open_card(data)
    except (BadInput, ProofFailed) as error:
        raise BadInput("a signed node card", shown(str(error)), shown(str(path))) from None
    return data


def _show(screen: Screen, report: Report, *, details: bool) -> None:
    from gsomia.cli.evidencetexts import evidence_texts
    from gsomia.evidence.told import of_opened, say

    words = screen.words
    if report.ok:
        screen.line(words("verified", count=report.checked))
    else:
        screen.line(words("not_verified", problem=report.problem or ""))
    texts = evidence_texts(words.lang)
    lines = (*report.told, *(map(of_opened, report.opened) if details else ()))
    for line in lines:
        screen.line(f"- {say(line, texts, words.article)}")
