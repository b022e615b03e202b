"""What every command shares: its common options, how it is run, and how it ends.

Exit codes: 0 done, 1 refused, 2 bad input, 3 unavailable, 70 a bug of ours; 130 after Ctrl-C.
"""

from __future__ import annotations

import inspect
import os
import sys
import typing
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gsomia.cli import say
from gsomia.cli.say import Out
from gsomia.cli.words import Words
from gsomia.faults import BadInput, ProofFailed, Unavailable

if TYPE_CHECKING:
    from gsomia.api import Answered, Door, Officer


class Lang(StrEnum):
    """The languages of texts for users."""

    KO = "ko"
    JA = "ja"
    EN = "en"


JsonOption = Annotated[bool, typer.Option("--json", help="Canonical JSON on standard output.")]
LangOption = Annotated[Lang | None, typer.Option("--lang", help="Language of texts.")]
NodeOption = Annotated[Path | None, typer.Option("--node", help="The node's folder.")]
KeyOption = Annotated[Path | None, typer.Option("--key", help="The officer's key file.")]
PassphraseOption = Annotated[
    Path | None,
    typer.Option("--passphrase-file", help="A file only you can read, with the key's passphrase."),
]

_Added = list[tuple[str, Any, Any]]
_JSON: _Added = [("json", JsonOption, False), ("lang", LangOption, None)]
_NODE: _Added = [("node", NodeOption, None)]
_KEY: _Added = [("key", KeyOption, None)]
_PASSPHRASE: _Added = [("passphrase_file", PassphraseOption, None)]


class Common:
    """Options given before the command, or in the environment."""

    def __init__(
        self,
        lang: Lang | None = None,
        node: Path | None = None,
        key: Path | None = None,
        passphrase_file: Path | None = None,
    ) -> None:
        self.lang, self.node, self.key = lang, node, key
        self.passphrase_file = passphrase_file


class Run:
    """One run of a command: where it acts, and as whom."""

    def __init__(self, common: Common, given: dict[str, Any]) -> None:
        def chosen(name: str) -> Any:
            value = given.get(name)
            return getattr(common, name) if value is None else value

        self.json = bool(given.get("json"))
        self.words = Words(chosen("lang") or "en")
        self._node: Path | None = chosen("node")
        self._option: Path | None = given.get("node")
        self._key: Path | None = chosen("key")
        self._passphrase_file: Path | None = chosen("passphrase_file")

    @property
    def unsigned(self) -> bool:
        """Whether nobody's key was named."""
        return self._key is None

    @property
    def names_node(self) -> bool:
        """Whether a node was named, for commands that can do without one."""
        return self._node is not None

    @property
    def node(self) -> Path:
        """The node's folder. Raises `BadInput` if none was named."""
        if self._node is None:
            raise BadInput("--node DIR, or GSOMIA_NODE", "neither", "node")
        return self._node

    def folder(self, argument: Path | None) -> Path:
        """The folder of a command that can take it as an argument. Raises `BadInput`."""
        if argument is None:
            return self.node
        if self._option not in (None, argument):
            raise BadInput("one node: DIR, or --node", "two", "node")
        return argument

    def door(self) -> Door:
        """The door of the node, which must be running."""
        from gsomia import app

        return app.door(self.node)

    def officer(self) -> Officer:
        """Who acts: the holder of the key file, whose passphrase is asked for."""
        from gsomia import app
        from gsomia.api import Officer

        door = self.door()
        if self._key is None:
            raise BadInput("--key FILE, or GSOMIA_KEY", "neither", "key")
        pair = app.load_officer_key(self._key, self.passphrase())
        return Officer.at(door, pair, now, os.urandom)

    def passphrase(self, *, new: bool = False) -> str:
        """The passphrase, from its file or from the terminal; never from an argument."""
        if self._passphrase_file is not None:
            from gsomia.cli.files import read_passphrase

            return read_passphrase(self._passphrase_file)
        if not sys.stdin.isatty():
            raise BadInput("a terminal to ask at, or --passphrase-file", "neither", "passphrase")
        text: str = typer.prompt(
            self.words("passphrase"), hide_input=True, err=True, confirmation_prompt=new
        )
        return text

    def view(self, name: str, /, **arguments: str | int | None) -> Any:
        """A view of the node, with ages from this machine's clock."""
        from gsomia.canon import instant

        given = {k: str(v) for k, v in arguments.items() if v not in (None, "")}
        return self.door().view(name, {"now": instant(now()), **given})

    def did(self, answer: Answered, act: str) -> Out:
        """What came of a signed command."""
        return say.answer_out(answer, act)


def now() -> datetime:
    """The system's clock, in UTC."""
    return datetime.now(UTC)


Command = Callable[..., Out]


def command(
    group: typer.Typer,
    name: str,
    *,
    node: bool = False,
    signed: bool = False,
    passphrase: bool = False,
) -> Callable[[Command], Command]:
    """Make a function a command of `group`, with the common options.

    The function's first argument is the `Run`; it returns an `Out`. `signed`
    commands also have the options of the officer's key, and both those of the node;
    `passphrase` is for those that make a key.
    """

    def register(function: Command) -> Command:
        hints = typing.get_type_hints(function, include_extras=True)
        own = list(inspect.signature(function).parameters.values())[1:]
        kind = inspect.Parameter.KEYWORD_ONLY
        added = _JSON + (_NODE if node or signed else []) + (_KEY if signed else [])
        added = added + (_PASSPHRASE if signed or passphrase else [])
        names = {added_name for added_name, _, _ in added}

        def run(ctx: typer.Context, **given: Any) -> None:
            mine = {k: v for k, v in given.items() if k not in names}
            raise typer.Exit(_end(Run(ctx.obj or Common(), given), function, mine))

        parameters = [inspect.Parameter("ctx", kind, annotation=typer.Context)]
        parameters += [p.replace(annotation=hints[p.name], kind=kind) for p in own]
        parameters += [
            inspect.Parameter(n, kind, annotation=hint, default=default)
            for n, hint, default in added
        ]
        run.__name__, run.__doc__ = function.__name__, _unwrapped(function.__doc__ or "")
        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # for Typer
        run.__annotations__ = {p.name: p.annotation for p in parameters}
        group.command(name)(run)
        return function

    return register


def _unwrapped(doc: str) -> str:
    """Each paragraph on one line: the help wraps it anew, at the width of the terminal."""
    return "\n\n".join(" ".join(part.split()) for part in inspect.cleandoc(doc).split("\n\n"))


def _end(run: Run, function: Command, given: dict[str, Any]) -> int:
    """Run a command, show what came of it, and give its exit code. Lets bugs pass."""
    try:
        out = function(run, **given)
        if run.json:
            say.print_json(out.value)
        else:
            screen = say.Screen(run.words)
            if out.show is not None:
                out.show(screen)
            else:
                screen.fields(out.value)
        return out.code
    except (BadInput, ProofFailed, Unavailable) as error:
        return failed(error, run.words, json=run.json)
    except (KeyboardInterrupt, typer.Abort):
        # The second is Ctrl-C, or the end of input, where a passphrase is asked for.
        say.warn(run.words("interrupted"))
        return say.INTERRUPTED


def failed(error: BadInput | ProofFailed | Unavailable, words: Words, *, json: bool) -> int:
    """Tell an error and give its exit code."""
    if json:
        say.print_json(error_json(error))
    match error:
        case BadInput():
            say.warn(words.fault(error.expected, error.got, error.where))
            return say.BAD_INPUT
        case ProofFailed():
            from gsomia.cli.alarmtexts import told_in_parts

            where = f"{error.where}: " if error.where else ""
            say.warn(words("proof_failed", what=told_in_parts(words.lang, where + error.what)))
            return say.BAD_INPUT
        case Unavailable():
            say.warn(words("unavailable", what=words.told(error.what, error.hint)))
            return say.UNAVAILABLE


def error_json(error: BadInput | ProofFailed | Unavailable) -> dict[str, Any]:
    """An error in plain values."""
    parts = {
        name: getattr(error, name)
        for name in ("expected", "got", "where", "what", "hint")
        if hasattr(error, name)
    }
    return {"error": str(error), **parts}
