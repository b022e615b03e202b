"""The process in which files of others are opened: bounds, and errors that come back whole."""

from __future__ import annotations

import sys

import pytest

from gsomia.documents import Kind, confined, stamp, worker
from gsomia.documents.stamping import Asked
from gsomia.faults import BadInput
from tests.documents.builders import KOREAN, pdf

JOB = worker.Job(stamp=Asked(KOREAN, "file"))


def test_a_file_comes_back_stamped():
    kind, made = stamp(pdf(), KOREAN)
    assert kind is Kind.PDF
    assert made.startswith(b"%PDF-")


def test_an_error_comes_back_with_its_parts():
    with pytest.raises(BadInput, match=r"notes\.bin: expected a PDF, .*got another format"):
        stamp(b"\x00\x01", KOREAN, "notes.bin")


def test_a_large_file_is_not_even_sent(monkeypatch):
    monkeypatch.setattr("gsomia.documents.kinds.MAX_FILE", 100)
    with pytest.raises(BadInput, match="at most"):
        confined.run(JOB, [b"a" * 60, b"a" * 60], "file")


CHILDREN = {
    "ends at once": "",
    "dies": "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
    "takes all memory": (
        "from gsomia.documents import worker; worker.MEMORY = 1 << 29; worker.bound()\n"
        "worker.stamp_here = lambda *_: bytearray(1 << 30); worker.bound = lambda: None\n"
        "worker.main()"
    ),
    "computes for ever": (
        "from gsomia.documents import worker; worker.SECONDS = 1; worker.bound()\nwhile True: pass"
    ),
    "waits for ever": "import time; time.sleep(600)",
}


@pytest.mark.parametrize("how", CHILDREN)
def test_a_process_that_fails_is_an_error_in_words(how, monkeypatch):
    monkeypatch.setattr(confined, "COMMAND", (sys.executable, "-I", "-c", CHILDREN[how]))
    monkeypatch.setattr(confined, "WALL", 3.0)
    with pytest.raises(BadInput, match="can be read in"):
        confined.run(JOB, [b"data"], "file")


def test_a_bug_is_never_taken_for_a_bad_file(monkeypatch):
    code = (
        "from gsomia.documents import worker\n"
        "def fails(*_): raise KeyError('content of the file')\n"
        "worker.stamp_here = fails; worker.main()"
    )
    monkeypatch.setattr(confined, "COMMAND", (sys.executable, "-I", "-c", code))
    with pytest.raises(confined.WorkerBug) as caught:
        confined.run(JOB, [b"data"], "file")
    assert "KeyError" in str(caught.value)
    assert "content" not in str(caught.value)
