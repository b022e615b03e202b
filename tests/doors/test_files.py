"""Files of the command line: new, private, whole or not at all."""

from __future__ import annotations

import errno
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gsomia.cli import files
from gsomia.cli.exchange import _about, _lines
from gsomia.cli.say import Screen, clean
from gsomia.cli.words import Words
from gsomia.exchange.commands import ReceivedLine
from gsomia.faults import BadInput, ProofFailed, Unavailable


def names(folder: Path) -> list[str]:
    """What lies in a folder."""
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_written_new_and_private(tmp_path):
    assert files.write_out(tmp_path / "out", [b"one ", b"two"]) == 7
    assert (tmp_path / "out").read_bytes() == b"one two"
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o600
    assert names(tmp_path) == ["out"]


def test_nothing_is_overwritten_not_even_a_dangling_link(tmp_path):
    (tmp_path / "out").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for name in ("out", "link"):
        with pytest.raises(BadInput, match="nothing is overwritten"):
            files.write_out(tmp_path / name, [b"other"])
    assert (tmp_path / "out").read_text() == "mine"
    assert names(tmp_path) == ["link", "out"]


def test_a_name_taken_while_writing_is_left_alone(tmp_path):
    def chunks() -> Iterator[bytes]:
        yield b"one"
        (tmp_path / "out").write_text("somebody else's")

    with pytest.raises(BadInput, match="nothing is overwritten"):
        files.write_out(tmp_path / "out", chunks())
    assert (tmp_path / "out").read_text() == "somebody else's"
    assert names(tmp_path) == ["out"]


@pytest.mark.parametrize("name", ["x" * 300, "군" * 100])
def test_a_name_too_long_is_bad_input_to_read_and_to_write(tmp_path, name):
    with pytest.raises(BadInput, match="file name too long"):
        files.read_small(tmp_path / name, "file")
    for write in (files.write_out, files.write_folder):
        with pytest.raises(BadInput, match="file name too long"):
            write(tmp_path / name, [])


def test_a_name_in_hangul_is_written_up_to_the_last_byte_it_may_have(tmp_path):
    files.write_out(tmp_path / ("군" * 85), [b"a"])
    files.write_folder(tmp_path / ("密" * 85), [("a", b"a")])
    assert names(tmp_path) == ["密" * 85, "군" * 85]


def test_a_disk_that_fails_while_it_is_read_is_bad_input_and_names_the_file():
    with pytest.raises(BadInput, match="/proc/self/mem: input/output error"):
        files.read_small(Path("/proc/self/mem"), "file")
    source, _ = files.open_source(Path("/proc/self/mem"), "file")
    with source, pytest.raises(BadInput, match="input/output error"):
        source.read()


def test_a_full_disk_is_unavailable_and_leaves_nothing(tmp_path, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("gsomia.cli.files.os.fsync", full)
    with pytest.raises(Unavailable, match="cannot be written: no space left on device"):
        files.write_out(tmp_path / "out", [b"a"])
    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(Unavailable, match="no space left on device"):
        files.write_folder(tmp_path / "folder", [("a", b"a")])
    assert names(tmp_path) == []


def test_a_broken_proof_leaves_nothing(tmp_path):
    def chunks() -> Iterator[bytes]:
        yield b"the first megabyte"
        raise ProofFailed("a segment was altered")

    with pytest.raises(ProofFailed):
        files.write_out(tmp_path / "out", chunks())
    assert names(tmp_path) == []


def test_a_broken_proof_sends_nothing_down_a_pipe(capfdbinary):
    def chunks() -> Iterator[bytes]:
        yield b"the first megabyte"
        raise ProofFailed("a segment was altered")

    with pytest.raises(ProofFailed):
        files.write_pipe(chunks())
    assert capfdbinary.readouterr().out == b""


def test_a_pipe_is_bounded(monkeypatch, capfdbinary):
    monkeypatch.setattr(files, "MAX_IN_MEMORY", 10)
    with pytest.raises(BadInput, match="-o FILE"):
        files.write_pipe([b"12345", b"123456"])
    assert capfdbinary.readouterr().out == b""


@pytest.mark.parametrize("name", ["../up", "/etc/passwd", "a/../../b"])
def test_files_stay_in_their_folder(tmp_path, name):
    with pytest.raises(BadInput, match="a plain relative path"):
        files.write_folder(tmp_path / "out", [("a", b"1"), (name, b"2")])
    assert names(tmp_path) == []


def test_a_folder_is_written_whole(tmp_path):
    assert files.write_folder(tmp_path / "out", [("a", b"1"), ("b/c", b"2")]) == 2
    assert (tmp_path / "out" / "b" / "c").read_bytes() == b"2"
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    ("data", "passphrase"),
    [
        (b"a long passphrase\n", "a long passphrase"),
        (b"a long passphrase\r\n", "a long passphrase"),
        (b"a long passphrase", "a long passphrase"),
        ("긴 암호문\n\n".encode(), "긴 암호문\n"),
    ],
)
def test_a_passphrase_file_loses_one_line_feed(tmp_path, data, passphrase):
    path = tmp_path / "pass"
    path.write_bytes(data)
    path.chmod(0o600)
    assert files.read_passphrase(path) == passphrase


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o601])
def test_a_passphrase_that_others_can_reach_is_refused(tmp_path, mode):
    path = tmp_path / "pass"
    path.write_text("a long passphrase")
    path.chmod(mode)
    with pytest.raises(BadInput, match="only its owner"):
        files.read_passphrase(path)
    path.chmod(0o600)
    assert files.read_passphrase(path) == "a long passphrase"


def test_a_pipe_in_a_files_place_does_not_hold_us(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(BadInput, match="a plain file"):
        files.read_small(tmp_path / "pipe", "card")
    (tmp_path / "file").write_bytes(b"x" * 11)
    with pytest.raises(BadInput, match="at most 10 bytes"):
        files.read_small(tmp_path / "file", "card", 10)
    assert files.read_small(tmp_path / "file", "card", 11) == b"x" * 11


def test_what_partners_write_cannot_forge_a_terminal():
    assert clean("a\x1b[31mred\x07") == "a\\u001b[31mred\\u0007"
    assert clean("one\ntwo\tthree\u3000four") == "one two three four"
    assert clean("\u202eback") == "\\u202eback"
    assert clean("군사II급비밀 極秘") == "군사II급비밀 極秘"
    assert clean(7) == "7"


# -- lines of an acceptance ---------------------------------------------------------

A, B = "KOR-DIH1-2026-000001", "KOR-DIH1-2026-000002"


@pytest.mark.parametrize(
    ("marks", "refusals", "expected"),
    [
        (["極秘"], [], [(A, True, "極秘", ""), (B, True, "極秘", "")]),
        ([f"{A}=秘", "極秘"], [], [(A, True, "秘", ""), (B, True, "極秘", "")]),
        (["極秘"], [f"{B}=torn"], [(A, True, "極秘", ""), (B, False, "", "torn")]),
        ([], [f"{A}=torn=wet", f"{B}=late"], [(A, False, "", "torn=wet"), (B, False, "", "late")]),
    ],
)
def test_each_item_gets_its_answer(marks, refusals, expected):
    assert _lines([A, B], marks, refusals) == [
        ReceivedLine(ref, accepted=yes, mark=mark, reason=why) for ref, yes, mark, why in expected
    ]


@pytest.mark.parametrize(
    ("marks", "refusals"),
    [
        ([], []),
        ([f"{A}=秘"], []),
        (["極秘", "秘"], []),
        ([f"{A}=秘", f"{A}=極秘", "秘"], []),
        ([f"{A}=秘", "極秘"], [f"{A}=torn"]),
        (["極秘"], [f"{A}=torn", f"{A}=wet"]),
        (["極秘"], ["torn"]),
        (["X-1=極秘"], []),
    ],
)
def test_an_item_with_no_answer_or_two_is_bad_input(marks, refusals):
    with pytest.raises(BadInput):
        _lines([A, B], marks, refusals)


# -- what a screen shows ---------------------------------------------------------------


def test_a_long_identifier_is_folded_and_never_cut(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    name = "marking-definition--11111111-1111-4111-8111-111111111111"
    Screen(Words("en")).fields({"item": name, "items": [name, name]})
    shown = re.sub(r"[│\s]", "", capsys.readouterr().out)
    assert shown.count(name) == 3


@pytest.mark.parametrize(
    ("encoding", "mark"), [("euc-kr", "極秘"), ("ascii", "\\u6975\\u79d8"), ("utf-8", "極秘")]
)
def test_a_terminal_without_a_character_gets_its_number(encoding, mark):
    asked = ["equivalent", "--agreement", "rok-japan-2016", "--from", "KOR", "--to", "JPN"]
    done = subprocess.run(
        [sys.executable, "-m", "gsomia", "--lang", "ko", *asked, "군사II급비밀"],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": encoding},
        check=True,
    )
    assert mark in done.stdout.decode(encoding)


@pytest.mark.parametrize("lang", ["en", "ko", "ja"])
def test_an_argument_in_another_encoding_is_bad_input_before_anything_begins(tmp_path, lang):
    node = os.fsencode(tmp_path) + b"/node"
    asked = [
        sys.executable,
        "-m",
        "gsomia",
        "--lang",
        lang,
        "node",
        "init",
        node,
        "--name",
        b"\xff",
    ]
    done = subprocess.run([*asked, "--json"], capture_output=True, check=False)
    assert done.returncode == 2
    assert json.loads(done.stdout)["where"] == "argument 7"
    assert done.stderr.count(b"\n") == 1
    assert names(tmp_path) == []


# -- what a notice says ---------------------------------------------------------------


def test_a_notice_is_read_from_names_and_values():
    about = _about(
        "loss-suspected",
        [
            "references=B",
            "references=C",
            "what=a bag",
            "where=a train",
            "possible=yes",
            "discovered_at=2026-03-02T18:00:00+09:00",
        ],
    )
    assert about.discovered_at == "2026-03-02T09:00:00Z"
    assert (about.references, about.possible) == (("B", "C"), True)
    asked = {"kind": "consent_asked", "reference": A, "recipient": "USA", "purpose": "defence"}
    given = _about("consent_granted", ["conditions=by hand"], asked)
    assert (given.reference, given.recipient, given.conditions) == (A, "USA", ("by hand",))
    copies = _about("return_asked", [f"reference={A}", "copies=1", "copies=2", "reason=old"])
    assert copies.copies == (1, 2)


@pytest.mark.parametrize(
    ("kind", "fields", "says"),
    [
        ("love-letter", [], "a kind of notice"),
        ("consent-refused", ["reference=A", "because=no"], "NAME one of reference, reason"),
        ("consent-refused", ["reference"], "NAME=VALUE"),
        ("consent-refused", ["reason=a", "reason=b"], "reason twice"),
        ("consent-refused", ["reference=A"], "NAME=VALUE for reason"),
        ("reclassification-done", ["marked_at=2026-03-02T18:00:00"], "an instant with offset"),
        ("assurance-given", ["request=a", "clearance=秘", "need=perhaps"], "yes or no"),
        ("return-asked", [f"reference={A}", "copies=one", "reason=old"], "return_asked says"),
    ],
)
def test_a_notice_that_says_something_else_is_bad_input(kind, fields, says):
    with pytest.raises(BadInput) as told:
        _about(kind, fields)
    assert says in str(told.value)
