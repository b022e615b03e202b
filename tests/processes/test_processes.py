"""A run by the server of processes is what a process of its own is, in all that one can see."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.processes import client, server

EQUIVALENT = ("equivalent", "--agreement", "rok-japan-2016", "--from", "KOR", "--to", "JPN")

COMMANDS: list[tuple[tuple[str, ...], dict[str, str]]] = [
    ((*EQUIVALENT, "군사II급비밀"), {}),
    ((*EQUIVALENT, "군사II급비밀", "--json"), {}),
    ((*EQUIVALENT, "機密", "--lang", "ja"), {"COLUMNS": "60"}),
    (("--help",), {"COLUMNS": "70"}),
    (("agreement", "list"), {"GSOMIA_LANG": "ko", "COLUMNS": "200"}),
    (("agreement", "check", "nowhere.yaml"), {}),
    (("no-such-command",), {"NO_COLOR": "1"}),
    (("node", "status", "--json"), {"GSOMIA_NODE": "nowhere"}),
    (("officer", "new", "key", "--name", "A"), {}),
    ((), {"TERMINAL_WIDTH": "50"}),
    (("desk", "--help"), {"FORCE_COLOR": "1"}),
]


@pytest.mark.parametrize(("arguments", "more"), COMMANDS)
def test_a_command_says_the_same_as_in_a_process_of_its_own(
    arguments: tuple[str, ...], more: dict[str, str], tmp_path: Path
) -> None:
    clean = {k: v for k, v in os.environ.items() if not k.startswith("GSOMIA_")}
    env = {**clean, **more}
    cold = subprocess.run(
        [sys.executable, "-m", "gsomia", *arguments],
        env=env,
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    told = client.run(*arguments, env=env, cwd=tmp_path)
    assert (told.returncode, told.stdout, told.stderr) == (
        cold.returncode,
        cold.stdout,
        cold.stderr,
    )


SURROUNDINGS = """
    import json, locale, os, resource, signal, sys, threading, time
    umask = os.umask(0)
    json.dump({
        "folder": os.getcwd(),
        "path": sys.path,
        "environment": dict(os.environ),
        "umask": umask,
        "arguments": sys.argv[1:],
        "open files": [os.readlink(f"/proc/self/fd/{n}") for n in (0, 1, 2)],
        "more files": [n for n in range(3, 100) if os.path.exists(f"/proc/self/fd/{n}")],
        "signals": [str(signal.getsignal(n)) for n in signal.valid_signals()],
        "mask": [str(n) for n in signal.pthread_sigmask(signal.SIG_BLOCK, ())],
        "limits": resource.getrlimit(resource.RLIMIT_NOFILE),
        "threads": threading.active_count(),
        "zone": time.tzname,
        "encodings": [locale.getpreferredencoding(), sys.getfilesystemencoding()],
        "streams": [
            (s.encoding, s.errors, s.line_buffering, s.write_through, s.fileno(), s.mode, s.name)
            for s in (sys.stdin, sys.stdout, sys.stderr, sys.__stdout__)
        ],
        "name": __name__,
    }, sys.stdout)
"""
ENDS = {
    "": 0,
    "import sys; sys.exit(7)": 7,
    "import sys; sys.exit('a word')": 1,
    "raise ValueError('wrong')": 1,
    "import atexit; atexit.register(print, 'at the end'); print('before')": 0,
    "import sys; sys.stdout.write('not flushed'); sys.stderr.write('nor this')": 0,
    "import os, signal; os.kill(os.getpid(), signal.SIGKILL)": -signal.SIGKILL,
    "import os, signal; os.kill(os.getpid(), signal.SIGTERM)": -signal.SIGTERM,
    "import os; os._exit(9)": 9,
    "import sys; sys.exit(-1)": 255,
    "import sys; sys.exit(True)": 1,
    "raise KeyboardInterrupt": -signal.SIGINT,
    "import threading as t, time; t.Thread(target=lambda: print(time.sleep(0.1))).start()": 0,
    "import weakref, sys; weakref.finalize(sys.stdin, print, 'finalized')": 0,
    "import random, secrets; print(random.random() != 0)": 0,
}


@pytest.fixture
def both(tmp_path: Path) -> Callable[..., tuple[subprocess.CompletedProcess[bytes], ...]]:
    """Run a program by the server, and in a process of its own."""

    def run(
        program: str, *arguments: str, env: Mapping[str, str] = os.environ
    ) -> tuple[subprocess.CompletedProcess[bytes], ...]:
        (tmp_path / "program_of_a_test.py").write_text(textwrap.dedent(program))
        return (
            client.run(*arguments, module="program_of_a_test", env=env, cwd=tmp_path),
            subprocess.run(
                [sys.executable, "-m", "program_of_a_test", *arguments],
                env=env,
                cwd=tmp_path,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
            ),
        )

    return run


@pytest.mark.parametrize("umask", [0o022, 0o077])
def test_a_run_stands_where_a_process_of_its_own_would(both, umask: int) -> None:
    env = {**os.environ, "TZ": "Asia/Seoul", "A_VARIABLE": "군사"}
    before = os.umask(umask)
    try:
        warm, cold = (json.loads(done.stdout) for done in both(SURROUNDINGS, "a b", "c", env=env))
    finally:
        os.umask(before)
    for said in (warm, cold):
        said["open files"] = [name.partition(":")[0] for name in said["open files"]]
    assert warm == cold
    assert (warm["umask"], warm["zone"][0], warm["more files"]) == (umask, "KST", [])


@pytest.mark.parametrize("program", ENDS)
def test_a_run_ends_as_a_process_of_its_own_would(both, program: str) -> None:
    warm, cold = both(program)
    assert warm.returncode == cold.returncode == ENDS[program]
    assert warm.stdout == cold.stdout
    assert warm.stderr.splitlines()[-1:] == cold.stderr.splitlines()[-1:]


def test_no_run_leaves_anything_to_the_next(both) -> None:
    leave = "import gsomia.faults, os\ngsomia.faults.left = 1\nos.environ['LEFT'] = '1'\nprint('x')"
    look = "import gsomia.faults, os\nprint(hasattr(gsomia.faults, 'left'), 'LEFT' in os.environ)"
    chance = "import os, random, secrets, uuid\nprint(random.random(), uuid.uuid4(), os.urandom(8))"
    assert both(leave)[0].stdout == b"x\n"
    assert both(look)[0].stdout == b"False False\n"
    assert both(chance)[0].stdout != both(chance)[0].stdout


def waiting(folder: Path, program: str) -> client.Started:
    """A program that goes on after it has said that it runs."""
    (folder / "long.py").write_text(f"{program}\nopen('runs', 'w').close()\nwhile 1: sleep(0.05)")
    process = client.start(module="long", cwd=folder)
    deadline = time.monotonic() + 30
    while not (folder / "runs").exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return process


def test_a_running_process_can_be_waited_for_asked_to_end_and_killed(tmp_path: Path) -> None:
    program = "import signal, sys\nfrom time import sleep\n"
    polite = waiting(tmp_path, f"{program}signal.signal(signal.SIGTERM, lambda *_: sys.exit(5))")
    assert polite.poll() is None
    with pytest.raises((TimeoutError, subprocess.TimeoutExpired)):
        polite.wait(0.01)
    polite.terminate()
    assert polite.wait(30) == 5
    (tmp_path / "runs").unlink()
    deaf = waiting(tmp_path, f"{program}signal.signal(signal.SIGTERM, signal.SIG_IGN)")
    deaf.terminate()
    deaf.kill()
    assert deaf.wait(30) == -signal.SIGKILL
    assert deaf.poll() == -signal.SIGKILL
    deaf.kill()
    with pytest.raises(ProcessLookupError):
        os.kill(deaf.pid, 0)


def test_whoever_goes_away_leaves_no_process_behind(tmp_path: Path) -> None:
    process = waiting(tmp_path, "from time import sleep")
    if not isinstance(process, client.Process):
        pytest.skip("no server: each process is the system's own")
    number = process.pid
    process.leave()
    deadline = time.monotonic() + 30
    while Path(f"/proc/{number}").exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_what_imports_read_from_the_environment_is_left_to_processes_of_their_own() -> None:
    code = """
        import collections.abc, os, sys
        asked = set()
        class Environment(collections.abc.MutableMapping):
            def __init__(self, real): self.real = real
            def __getitem__(self, name): asked.add(name); return self.real[name]
            def __contains__(self, name): asked.add(name); return name in self.real
            def __setitem__(self, name, value): self.real[name] = value
            def __delitem__(self, name): del self.real[name]
            def __iter__(self): asked.add("all of it"); return iter(self.real)
            def __len__(self): return len(self.real)
            def copy(self): asked.add("all of it"); return self.real.copy()
        os.environ = Environment(os.environ)
        from tests.processes import server
        asked.clear()
        server.warm()
        print(*asked, sep="\\n")
    """
    run = [sys.executable, "-c", textwrap.dedent(code)]
    done = subprocess.run(run, capture_output=True, text=True, check=True)
    asked = set(done.stdout.split("\n")) - {""}
    assert {"FORCE_COLOR", "TERMINAL_WIDTH"} <= asked
    assert {name for name in asked if not server.AT_START.match(name)} == set()
    for name in ("GSOMIA_LANG", "COLUMNS", "NO_COLOR", "HOME", "XDG_STATE_HOME", "TZ"):
        assert not server.AT_START.match(name)
    for name in ("FORCE_COLOR", "PYTHONUTF8"):
        process = client.start("--help", env={**os.environ, name: "1"})
        assert isinstance(process, subprocess.Popen)
        assert process.wait(30) == 0
