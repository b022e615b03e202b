"""The command `gsomia`: its groups of commands, and the last place an error can reach."""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from typing import Annotated

import typer

from gsomia.cli import (
    evidence,
    exchange,
    items,
    label,
    letters,
    node,
    past,
    people,
    pictures,
    releases,
    say,
    texts,
    treaty,
)
from gsomia.cli.run import Common, Lang

app = typer.Typer(
    name="gsomia",
    help="Runs a General Security of Military Information Agreement, one node for each side.",
    epilog="Exit codes: 0 done, 1 refused, 2 bad input, 3 unavailable, 70 an error of ours.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

for module in (
    treaty,
    label,
    pictures,
    letters,
    texts,
    node,
    people,
    items,
    releases,
    exchange,
    evidence,
    past,
):
    module.attach(app)


@app.callback()
def common(
    ctx: typer.Context,
    lang: Annotated[
        Lang | None, typer.Option("--lang", envvar="GSOMIA_LANG", help="Language of texts.")
    ] = None,
    node_: Annotated[
        Path | None, typer.Option("--node", envvar="GSOMIA_NODE", help="The node's folder.")
    ] = None,
    key: Annotated[
        Path | None, typer.Option("--key", envvar="GSOMIA_KEY", help="The officer's key file.")
    ] = None,
    passphrase_file: Annotated[
        Path | None,
        typer.Option(
            "--passphrase-file", help="A file only you can read, with the key's passphrase."
        ),
    ] = None,
) -> None:
    """Runs a General Security of Military Information Agreement, one node for each side."""
    ctx.obj = Common(lang, node_, key, passphrase_file)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave the process with its exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    asks_json = "--json" in given
    before = say.told()
    try:
        app(given, prog_name="gsomia")
    except SystemExit as end:
        if end.code == say.BAD_INPUT and asks_json and say.told() == before:
            text = "expected a command as `--help` shows it, got another"
            say.print_json({"error": text, "expected": "a command as `--help` shows it"})
        raise
    except Exception as error:
        if os.environ.get("GSOMIA_DEBUG") == "1":
            raise
        say.warn(f"internal error; {_log(error)}")
        if asks_json and say.told() == before:
            say.print_json({"error": "internal error"})
        sys.exit(say.BUG)


def _log(error: BaseException) -> str:
    """Keep where a bug happened, without the error's own words, which might quote content."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [type(error).__qualname__, *(f"  {f.filename}:{f.lineno} in {f.name}" for f in frames)]
    state = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    path = Path(state) / "gsomia" / "errors.log"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "a") as file:
            file.write("\n".join(lines) + "\n")
    except OSError:
        return "no log could be written: set GSOMIA_DEBUG=1 to see where"
    return f"where it happened is in {path}"
