"""Ctrl-C and SIGTERM: one clear line, the exit code of shells, and nothing that runs on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from gsomia.demo.ending import Told, ends_when_told, undisturbed
from gsomia.storage.lock import holder


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_demonstration_told_to_end_ends_its_nodes_first(
    number: signal.Signals, code: int, tmp_path: Path
) -> None:
    # Where the tests run in the background, SIGINT is ignored, and a child would inherit that.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    command = [sys.executable, "-m", "gsomia", "demo", "--dir", str(tmp_path / "demo")]
    playing = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
    signal.signal(signal.SIGINT, before)
    assert playing.stderr
    first = playing.stderr.readline().decode()
    assert "KOR-DIH1" in first
    assert holder(tmp_path / "demo" / "kor") is not None
    playing.send_signal(number)
    *progress, last = playing.communicate(timeout=60)[1].decode().splitlines()
    assert playing.returncode == code
    assert last.startswith("interrupted; the demonstration's nodes have ended")
    assert not [line for line in progress if "Error" in line or "Interrupt" in line]
    nodes = [path for path in (tmp_path / "demo").iterdir() if (path / "journal.db").exists()]
    assert nodes
    assert [holder(path) for path in nodes] == [None] * len(nodes)


LOADING = """
class Slow:
    def find_spec(self, name, *_):
        if name == 'gsomia.cli.main': raise KeyboardInterrupt
sys.meta_path.insert(0, Slow())
"""

PARSING = """
import gsomia.cli.main as program
def slow(module): raise KeyboardInterrupt
program._attach = slow
"""

RUNNING = """
import gsomia.agreement as agreement
def slow(*_): raise KeyboardInterrupt
agreement.answer_json = slow
"""


@pytest.mark.parametrize("moment", [LOADING, PARSING, RUNNING])
def test_an_interrupted_command_says_so_in_one_line(moment: str) -> None:
    code = f"import sys\n{moment}\nfrom gsomia.__main__ import main\nmain()\n"
    asked = ("agreement", "status", "rok-japan-2016", "--json")
    run = (sys.executable, "-c", code, *asked)
    done = subprocess.run(run, capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stderr, done.stdout) == (130, b"interrupted\n", b"")


def test_told_while_a_process_is_being_started_is_told_after_it() -> None:
    steps = []

    def start() -> None:
        with ends_when_told():
            with undisturbed():
                os.kill(os.getpid(), signal.SIGTERM)
                steps.append("started")
            steps.append("never")

    with pytest.raises(Told) as told:
        start()
    assert (steps, told.value.number) == (["started"], signal.SIGTERM)


def test_what_is_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with ends_when_told():
            os.kill(os.getpid(), signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)
