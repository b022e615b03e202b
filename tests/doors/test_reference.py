"""The reference page is current, every command is explained, and the program starts at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from gsomia.cli.main import PARTS, app
from gsomia.cli.reference import reference

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "cli.md"


def commands(group: Any, name: str = "gsomia") -> Iterator[tuple[str, Any]]:
    """Every command below a group, by its whole name."""
    for own, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{name} {own}")
        else:
            yield f"{name} {own}", command


COMMANDS = dict(commands(typer.main.get_command(app)))

PROMISED = """
    agreement list, agreement show, agreement compare, agreement check, agreement status,
    agreement basis, agreement deadlines, agreement what-if, equivalent, demo, verify, desk, alarms,
    node init, node run, node status, node card, node tick, node rebuild, node backup,
    officer new, officer show,
    person enrol, person appoint, person end, person grant, person withdraw, person brief,
    person list, person strike, person need, facility approve, peer trust, peer list,
    item register, item list, item show, item read, item remark, item hand-over,
    destroy propose, destroy certify, destroy decline,
    release request, release review, release decide, release pass-on, release list,
    transmittal dispatch, transmittal cancel, transmittal list, transmittal accept,
    transmittal export, transmittal import, transmittal receipt,
    notice give, notice answer, notice list, instrument record,
    evidence export, book export
"""


def test_the_reference_page_is_current():
    assert PAGE.read_text("utf-8") == reference()


def test_the_promised_commands_are_there():
    names = {f"gsomia {' '.join(n.split())}" for n in PROMISED.split(",")}
    assert names <= set(COMMANDS)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_command_is_explained_and_has_the_common_options(name):
    command = COMMANDS[name]
    assert command.help
    options = {o: p for p in command.params for o in p.opts}
    assert {"--json", "--lang"} <= set(options)
    assert "--as" not in options
    assert "--passphrase" not in options
    if "--key" in options:
        assert "--passphrase-file" in options
        # With a certificate beside it, it is a key in PEM and no officer's.
        assert {"--node", "--certificate"} & set(options)
    for param in command.params:
        assert param.help, param.name
        # A passphrase is no value of any variable; a key's or a node's path may be.
        assert not param.envvar or "pass" not in param.name


# The commands that need no node load neither a database, nor a server, nor the cryptography.
@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["equivalent", "--agreement", "rok-japan-2016", "--from", "JPN", "--to", "KOR", "秘"],
        ["agreement", "status", "rok-japan-2016", "--json"],
        ["agreement", "list", "--party", "KOR"],
        ["agreement", "compare", "rok-japan-2016", "rok-us-1987", "--json"],
        ["agreement", "deadlines", "rok-japan-2016", "--json"],
    ],
)
def test_light_commands_load_little(arguments):
    code = (
        "import sys\n"
        "from gsomia.cli.main import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit as e: assert not e.code\n"
        "heavy = {'cryptography', 'sqlite3', 'cheroot', 'http.server', 'gsomia.app'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr.decode()


def test_a_part_asked_for_alone_has_all_its_commands():
    """Each is made from its own modules, in a process that has loaded no others."""
    code = (
        "import json, os\n"
        "from gsomia.cli.main import PARTS, Parts\n"
        "for name in PARTS:\n"
        "    if not os.fork():\n"
        "        print(json.dumps([name, *getattr(Parts()[name], 'commands', ())]), flush=True)\n"
        "        os._exit(0)\n"
        "    os.wait()\n"
    )
    run = (sys.executable, "-c", code)
    done = subprocess.run(run, capture_output=True, check=True, timeout=60)
    alone = {name: own for name, *own in map(json.loads, done.stdout.splitlines())}
    assert list(alone) == list(PARTS)
    whole = {f"gsomia {name} {own}".strip() for name in alone for own in alone[name] or [""]}
    assert whole == set(COMMANDS)


HEAVY = ("cryptography", "cheroot", "yaml", "sqlite3", "typst", "ssl", "http.client", "rich")
"""What a command loads when it needs it: loaded always, each would delay every answer."""


def test_the_program_loads_little_before_it_knows_what_is_asked():
    code = "import sys; import gsomia.cli.main; print(*sorted(sys.modules))"
    run = (sys.executable, "-c", code)
    done = subprocess.run(run, capture_output=True, check=True, timeout=60)
    loaded = set(done.stdout.decode().split())
    assert "gsomia.cli.main" in loaded
    assert [name for name in HEAVY if name in loaded] == []
    parts = {f"gsomia.cli.{module}" for modules in PARTS.values() for module in modules}
    assert parts & loaded <= {"gsomia.cli.label"}  # a package, which also holds texts


def test_a_bug_is_told_in_one_line_and_kept_in_the_log(tmp_path):
    """No trace and no content on the terminal; the log says where, never what."""
    code = (
        "import sys, gsomia.agreement.queries as queries, gsomia.agreement as agreement\n"
        "def broken(*_): raise RuntimeError('a secret value')\n"
        "agreement.answer_json = broken\n"
        "from gsomia.cli.main import main\n"
        "main(['agreement', 'status', 'rok-japan-2016', '--json'])\n"
    )
    env = {**os.environ, "XDG_STATE_HOME": str(tmp_path)}
    run = (sys.executable, "-c", code)
    done = subprocess.run(run, capture_output=True, check=False, timeout=60, env=env)
    assert done.returncode == 70
    assert done.stdout == b'{"error":"internal error"}\n'
    log = tmp_path / "gsomia" / "errors.log"
    assert done.stderr.decode() == f"internal error; where it happened is in {log}\n"
    assert log.stat().st_mode & 0o777 == 0o600
    assert "RuntimeError" in log.read_text()
    assert "in broken" in log.read_text()
    assert "secret" not in log.read_text()
    debug = {**env, "GSOMIA_DEBUG": "1"}
    loud = subprocess.run(run, capture_output=True, check=False, timeout=60, env=debug)
    assert loud.returncode != 0
    assert b"Traceback" in loud.stderr
