"""The examples in a page: shell blocks that run in order, and the outputs shown below them.

A block fenced as `sh` or `python` is run; a block fenced as `text` right below it is what it must
print, both streams together. A `console` block is not run, and nor is what it prints checked
here. In what is shown, `…` stands for anything within a line, and a line `…` alone for any lines.
A block that ends in a refusal says so in what is shown.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from tests.processes import client

ROOT = Path(__file__).resolve().parents[2]

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MARKER = "=== block"


class Block(msgspec.Struct, frozen=True):
    """A shell block: where it stands, what it runs, and what the page shows below it."""

    line: int
    code: str
    shown: str | None

    @property
    def refused(self) -> bool:
        """Whether the page shows that a command of this block is refused."""
        return self.shown is not None and "refused: " in self.shown


def blocks(page: Path) -> list[Block]:
    """The shell blocks of a page, in order. An output without a command is an error."""
    text = page.read_text("utf-8")
    found: list[Block] = []
    end = -1
    for fence in FENCE.finditer(text):
        line = text.count("\n", 0, fence.start()) + 1
        if fence[1] == "console":
            end = 0
        elif fence[1] in ("sh", "python"):
            code = fence[2] if fence[1] == "sh" else f"python3 - <<'END'\n{fence[2]}END\n"
            found.append(Block(line, code, None))
            end = fence.end()
        elif fence[1] == "text" and end == 0:
            continue
        elif fence[1] == "text":
            between = text[end : fence.start()]
            assert end >= 0, f"{page.name}:{line}: an output without a command"
            assert not between.strip(), f"{page.name}:{line}: an output apart from its command"
            found[-1] = msgspec.structs.replace(found[-1], shown=fence[2])
    assert found, f"{page.name} has no shell block"
    return found


def shown_first(page: Path) -> str:
    """The first output that a page shows."""
    return next(f[2] for f in FENCE.finditer(page.read_text("utf-8")) if f[1] == "text")


def pattern(shown: str) -> re.Pattern[str]:
    """What output a shown text stands for."""
    lines = []
    for line in shown.splitlines():
        if line.strip() == "…":
            lines.append(r"(?:.*\n)*?")
        else:
            parts = (re.escape(part) for part in line.rstrip().split("…"))
            lines.append(".*?".join(parts) + r" *\n")
    return re.compile("".join(lines))


def environment(**more: str) -> dict[str, str]:
    """An environment in which `gsomia` is this checkout's, and screens are 100 columns wide."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("GSOMIA_")}
    path = f"{Path(sys.executable).parent}{os.pathsep}{clean.get('PATH', '')}"
    return {**clean, "PATH": path, "COLUMNS": "100", "NO_COLOR": "1", **more}


def run(
    page: Path,
    folder: Path,
    replace: Mapping[str, str] | None = None,
    timeout: float = 400,
    *,
    cold: bool = False,
) -> list[tuple[Block, str, list[str]]]:
    """Run all blocks of a page in one shell; each with its output and the commands that failed.

    What the blocks leave running is ended with the shell's process group. With `cold`, each
    `gsomia` is the installed command and not the one that starts quickly (`tests.processes`).
    """
    found = blocks(page)
    script = folder.parent / f"{page.stem}.sh"
    failed = folder.parent / f"{page.stem}.failed"
    parts = [
        "set -E\nblock=0\n",
        f'trap \'printf "%s\\t%s\\n" "$block" "$BASH_COMMAND" >> "{failed}"\' ERR\n',
    ]
    for number, block in enumerate(found):
        parts.append(f"block={number}\n{block.code}\necho '{MARKER} {number}'\n")
    text = "".join(parts)
    for old, new in (replace or {}).items():
        text = text.replace(old, new)
    script.write_text(text, "utf-8")
    failed.write_text("")
    warm = None if cold else client.server()
    env = environment()
    if warm is not None:
        env["PATH"] = f"{warm.stand_in()}{os.pathsep}{env['PATH']}"
    printed = _shell(script, folder, timeout, env)
    wrong = [line.split("\t") for line in failed.read_text("utf-8").splitlines() if "\t" in line]
    results = []
    for number, block in enumerate(found):
        marker = f"{MARKER} {number}\n"
        assert marker in printed, f"{page.name}:{block.line}: did not come to its end\n{printed}"
        output, printed = printed.split(marker, 1)
        mine = [command for where, command in wrong if where == str(number)]
        results.append((block, output, mine))
    return results


def _shell(script: Path, folder: Path, timeout: float, env: Mapping[str, str]) -> str:
    """Run a script with bash in a folder; what it printed. Its children end with it."""
    out = script.with_suffix(".out")
    with out.open("wb") as sink:
        process = subprocess.Popen(
            ["bash", str(script)],
            cwd=folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            process.wait(timeout)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    return out.read_text("utf-8")


def check(page: Path, results: Sequence[tuple[Block, str, list[str]]]) -> None:
    """Every block went as the page says: what it shows was printed, and nothing else failed."""
    for block, output, failed in results:
        where = f"{page.name}:{block.line}"
        if block.refused:
            assert failed, f"{where}: nothing was refused\n{output}"
        else:
            assert not failed, f"{where}: {failed} failed\n{output}"
        if block.shown is not None:
            said = "\n".join(line.rstrip() for line in output.splitlines()) + "\n"
            assert pattern(block.shown).fullmatch(said), f"{where}: it printed\n{output}"


def with_ports(block: Block, replace: Mapping[str, str]) -> Block:
    """A block whose shown output names the ports that were used instead."""
    shown = block.shown
    for old, new in replace.items():
        shown = None if shown is None else shown.replace(old, new)
    return msgspec.structs.replace(block, shown=shown)
