"""Text scripts: a command, its exit code, and what it must say.

$ gsomia a command
0 {"exact": "JSON"}     standard output is exactly this line
0 keys {"some": "JSON"} standard output is a JSON object that holds these
0 out pattern           standard output holds the pattern
2 ~ pattern             standard error holds the pattern
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from tests.processes import client

HERE = Path(__file__).parent / "scripts"


class Row(msgspec.Struct, frozen=True):
    """One command of a script and what it must do."""

    line: int
    command: str
    code: int
    kind: str
    expected: str


def rows(name: str) -> Iterator[Row]:
    """The rows of a script. A line that is none of the forms above is an error."""
    command, at = "", 0
    for number, text in enumerate((HERE / name).read_text("utf-8").splitlines(), 1):
        if text.startswith("$ gsomia ") and not command:
            command, at = text.removeprefix("$ gsomia "), number
        elif found := re.fullmatch(r"(\d+) (?:(keys|out|~) (.*)|(\{.*\}))", text):
            assert command, f"{name}:{number}: an answer without a command"
            kind, expected = found[2] or "exact", found[3] if found[2] else found[4]
            yield Row(at, command, int(found[1]), kind, expected)
            command = ""
        else:
            assert not text or text.startswith("#"), f"{name}:{number}: {text!r}"
    assert not command, f"{name}: a command without an answer"


def gsomia(
    *arguments: str, env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run the command line as a process of its own, with no node or key in its environment."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("GSOMIA_")}
    ours = {"COLUMNS": "120", "NO_COLOR": "1", "XDG_STATE_HOME": "state"}
    return client.run(*arguments, env={**clean, **ours, **(env or {})}, cwd=cwd)


def check(row: Row, places: Mapping[str, str], folder: Path) -> None:
    """Run a row, and compare. `{name}` in a command stands for one of `places`."""
    given = [re.sub(r"\{(\w+)\}", lambda m: places[m[1]], a) for a in shlex.split(row.command)]
    done = gsomia(*given, cwd=folder)
    out, err = done.stdout.decode(), done.stderr.decode()
    assert done.returncode == row.code, (out, err)
    assert "Traceback" not in err
    assert "internal error" not in err
    match row.kind:
        case "exact":
            assert out == row.expected + "\n"
        case "keys":
            said = json.loads(out)
            expected = json.loads(row.expected)
            assert {k: said.get(k) for k in expected} == expected
        case "out":
            assert re.search(row.expected, out), out
        case "~":
            # A message may be wrapped in a frame by the terminal's width.
            plain = re.sub(r"\s*│\n│\s*", " ", err)
            assert re.search(row.expected, plain), err
    if "--json" in given:
        assert out.count("\n") == 1
        json.loads(out)
