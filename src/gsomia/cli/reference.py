"""The reference page of the command line, made from the commands themselves.

`python -m gsomia.cli.reference > docs/reference/cli.md` writes it anew.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import typer.main

from gsomia.cli.main import app

HEAD = """\
# The command line

Made from the commands by `python -m gsomia.cli.reference`; a test keeps it current.

Every command takes `--json`: canonical JSON on standard output, and nothing else there.
Messages go to standard error. Options that name the node, the officer's key and the
language may stand before the command as well, or in the environment:
`GSOMIA_NODE`, `GSOMIA_KEY`, `GSOMIA_LANG`. A passphrase is asked for at the terminal or
read from `--passphrase-file`, which only you may be able to read; it is never an
argument, and never in the environment. `gsomia --version` shows the version.

| Exit code | Meaning |
|---|---|
| 0 | done |
| 1 | refused: each rule that does not hold is named, its article, and who can decide |
| 2 | bad input: nothing was changed |
| 3 | unavailable: the node or a file cannot serve now |
| 70 | an error of ours; `GSOMIA_DEBUG=1` shows where |

With `--json`, a refusal is `{"granted": false, "act", "subject", "articles", "refused": [...]}`
and an error `{"error", "expected", "got", "where"}`, as far as it has them.
"""


def reference() -> str:
    """The whole page."""
    return HEAD + "".join(_group(typer.main.get_command(app), "gsomia"))


def _group(group: Any, name: str) -> Iterator[str]:
    """A group's own commands, then the groups in it."""
    inside = group.commands
    if name != "gsomia":
        yield f"\n## {name}\n\n{group.help}\n"
    for own in (c for c in inside if not hasattr(inside[c], "commands")):
        yield from _command(inside[own], f"{name} {own}")
    for other in (c for c in inside if hasattr(inside[c], "commands")):
        yield from _group(inside[other], f"{name} {other}")


def _command(command: Any, name: str) -> Iterator[str]:
    """One command: how to write it, what it does, its arguments and options."""
    shown = [p for p in command.params if p.name != "help"]
    arguments = " ".join(_argument(p) for p in shown if p.param_type_name == "argument")
    needed = " ".join(_option(p) for p in shown if p.param_type_name != "argument" and p.required)
    usage = " ".join(part for part in (name, arguments, needed) if part)
    yield f"\n### {name}\n\n    {usage}\n\n{command.help}\n\n"
    for param in shown:
        if param.param_type_name == "argument":
            yield f"- `{_argument(param)}`: {param.help}\n"
    for param in shown:
        if param.param_type_name != "argument":
            need = " Required." if param.required else ""
            yield f"- `{_option(param)}`: {param.help}{need}\n"


def _argument(param: Any) -> str:
    if param.metavar and param.metavar.startswith("["):
        return str(param.metavar)
    name = (param.metavar or param.name).upper()
    name += "..." if param.nargs == -1 else ""
    return name if param.required else f"[{name}]"


def _option(param: Any) -> str:
    names = "/".join((*param.opts, *param.secondary_opts))
    if param.is_flag:
        return names
    return f"{names} {param.metavar or param.name.rstrip('_').upper()}"


if __name__ == "__main__":
    sys.stdout.write(reference())
