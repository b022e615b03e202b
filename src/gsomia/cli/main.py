"""The command `gsomia`: its parts, and the last place an error can reach."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

import typer
import typer.core
import typer.main

from gsomia.cli import say
from gsomia.cli.run import Common, Lang, failed
from gsomia.cli.words import LANGS, Words
from gsomia.faults import BadInput

PARTS = {
    "equivalent": ("equivalent",),
    "demo": ("node",),
    "desk": ("node",),
    "alarms": ("exchange",),
    "verify": ("evidence",),
    "agreement": ("catalogue", "letters", "treaty", "pictures", "texts"),
    "instrument": ("treaty",),
    "label": ("label",),
    "letter": ("letters",),
    "node": ("node",),
    "officer": ("node",),
    "person": ("people",),
    "facility": ("people",),
    "item": ("items",),
    "destroy": ("items",),
    "release": ("releases",),
    "peer": ("exchange",),
    "transmittal": ("exchange",),
    "notice": ("exchange",),
    "evidence": ("evidence",),
    "book": ("evidence", "past"),
}
"""Commands and groups in the order of the help, and the modules of this package that make each."""

_attached = typer.Typer()


@cache
def _attach(module: str) -> None:
    import_module(f"gsomia.cli.{module}").attach(_attached)


class Parts(Mapping[str, Any]):
    """The parts by name, each made when it is first asked for: most runs need one of them."""

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}

    def __len__(self) -> int:
        return len(PARTS)

    def __iter__(self) -> Iterator[str]:
        return iter(PARTS)

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            for module in PARTS[name]:
                _attach(module)
            one = typer.Typer()
            one.registered_commands = [c for c in _attached.registered_commands if c.name == name]
            one.registered_groups = [g for g in _attached.registered_groups if g.name == name]
            self._made[name] = typer.main.get_group(one).commands[name]
        return self._made[name]


class Whole(typer.core.TyperGroup):
    """The group of all parts."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.commands: Any = Parts()


app = typer.Typer(
    name="gsomia",
    cls=Whole,
    help="Runs a General Security of Military Information Agreement, one node for each side.",
    epilog="Exit codes: 0 done, 1 refused, 2 bad input, 3 unavailable, 70 an error of ours.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        print("gsomia", version("gsomia"))
        raise typer.Exit


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
    _: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show it, and end."),
    ] = False,
) -> None:
    """Runs a General Security of Military Information Agreement, one node for each side."""
    ctx.obj = Common(lang, node_, key, passphrase_file)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave the process with its exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    asks_json = "--json" in given
    before, reasons = say.told(), say.warned()
    say.spell_what_cannot_be_shown()
    if not all(_is_text(argument) for argument in given):
        sys.exit(_no_text(given, asks_json=asks_json))
    try:
        app(given, prog_name="gsomia")
    except SystemExit as end:
        if end.code == say.INTERRUPTED and say.warned() == reasons:
            say.warn("interrupted")  # before any command knew its language
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


def _is_text(argument: str) -> bool:
    """Whether an argument was in the terminal's encoding: Python keeps other bytes as halves."""
    return not any("\ud800" <= character <= "\udfff" for character in argument)


def _no_text(given: list[str], *, asks_json: bool) -> int:
    """Refuse arguments in another encoding before any command begins: nothing can hold them."""
    lang = next((b for a, b in pairwise(given) if a == "--lang" and b in LANGS), "en")
    number = next(n for n, argument in enumerate(given, 1) if not _is_text(argument))
    error = BadInput("text in the terminal's encoding", "other bytes", f"argument {number}")
    return failed(error, Words(lang), json=asks_json)


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
