"""`gsomia label bind` and `gsomia label bound`, as their users run them."""

from __future__ import annotations

import io
import json
import re
import zipfile
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from gsomia.cli.label.bindingtexts import OWN, RULES, SIGNATURES, STATES, rule_text, state_text
from gsomia.cli.main import main
from gsomia.documents import bound
from gsomia.documents.verifying import State, Why
from gsomia.marking.binding import rules
from gsomia.marking.binding.targets import Target
from gsomia.marking.label.rules import STANDARD_RULES
from tests.documents import samples
from tests.documents.keys import AT, certificate, pem
from tests.marking.shared import VECTORS

DAY = AT.isoformat().replace("+00:00", "Z")


class Done(NamedTuple):
    """What a command printed, and its exit code."""

    returncode: int
    stdout: bytes
    stderr: bytes


def gsomia(*arguments: str, cwd: Path) -> Done:
    """Run the command line in this process, as far as it goes: many processes take long."""
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8")
    with chdir(cwd), redirect_stdout(out), redirect_stderr(err):
        try:
            main(list(arguments))
        except SystemExit as end:
            code = int(end.code or 0)
    for stream in (out, err):
        stream.flush()
    return Done(code, *(s.buffer.getvalue() for s in (out, err)))


def _bound(folder: Path, *arguments: str) -> dict[str, Any]:
    """What `bound` says, which ends with 0 exactly if all holds."""
    done = gsomia("label", "bound", *arguments, "--json", cwd=folder)
    value: dict[str, Any] = json.loads(done.stdout)
    assert done.returncode == (0 if value["holds"] else 1), value
    return value


def _bind(folder: Path, *arguments: str, code: int = 0) -> dict[str, Any]:
    done = gsomia("label", "bind", *arguments, "--json", cwd=folder)
    assert done.returncode == code, (done.stdout, done.stderr)
    value: dict[str, Any] = json.loads(done.stdout)
    return value


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    label = (VECTORS / "label" / "label-k1.xml").read_text("utf-8")
    (tmp_path / "label.xml").write_text(label, "utf-8")
    (tmp_path / "other.xml").write_text(label.replace("originatorC", "alternativeC"), "utf-8")
    (tmp_path / "계획.txt").write_text("the plan\n", "utf-8")
    (tmp_path / "c.pem").write_bytes(certificate("p256").public_bytes(Encoding.PEM))
    (tmp_path / "k.pem").write_bytes(pem("p256", "a passphrase"))
    (tmp_path / "pass").write_text("a passphrase\n")
    (tmp_path / "pass").chmod(0o600)
    return tmp_path


def test_a_sidecar_is_made_once_and_grows(folder: Path):
    made = _bind(folder, "label.xml", "계획.txt")
    assert (made["file"], made["signed"]) == ("계획.txt.bdo", False)
    told = _bound(folder, "계획.txt")
    (one,) = told["bindings"]
    assert (one["place"], one["bound"][0]["proof"], one["broken"]) == ("beside", "not_signed", [])
    assert one["bound"][0]["labels"][0]["classification"] == "GUNSA II"
    assert [d["state"] for d in one["bound"][0]["data"]] == ["there"]

    again = _bind(folder, "label.xml", "계획.txt", code=1)
    assert again["refused"][0]["rule"] == "bound_already"
    over = _bind(folder, "other.xml", "계획.txt", "--replace", "-o", "x.bdo", code=1)
    assert over["refused"][0]["rule"] == "originator_stays"
    twice = _bind(folder, "label.xml", "계획.txt", "--add", "-o", "x.bdo", code=1)
    assert twice["refused"][0]["rule"] == "originator_stays"
    assert not (folder / "x.bdo").exists()
    more = _bind(folder, "other.xml", "계획.txt", "--add", "-o", "x.bdo")
    kinds = [held["kind"] for held in more["labels"]]
    assert kinds == ["originatorConfidentialityLabel", "alternativeConfidentialityLabel"]
    _bind(folder, "label.xml", "계획.txt", "--replace", "-o", "y.bdo")

    (folder / "계획.txt").unlink()
    told = _bound(folder, "계획.txt.bdo")
    assert [b["rule"] for b in told["bindings"][0]["broken"]] == ["target_missing"]


def test_a_signed_binding(folder: Path):
    key = ("--key", "k.pem", "--certificate", "c.pem", "--passphrase-file", "pass")
    assert _bind(folder, "label.xml", "계획.txt", *key)["signed"]
    lost = _bind(folder, "other.xml", "계획.txt", "--add", "-o", "x.bdo", code=1)
    assert lost["refused"][0]["rule"] == "signature_lost"
    unchecked = _bound(folder, "계획.txt")
    assert unchecked["bindings"][0]["bound"][0]["proof"] == "not_checked"

    asked = ("계획.txt", "--certificate", "c.pem", "--at", DAY)
    told = _bound(folder, *asked)
    (signature,) = told["bindings"][0]["signatures"]
    assert told["holds"]
    assert told["bindings"][0]["bound"][0]["proof"] == "proved"
    assert signature["signer"] == "CN=Signer p256 1"
    (folder / "계획.txt").write_text("another plan\n")
    changed = _bound(folder, *asked)
    assert changed["bindings"][0]["bound"][0]["proof"] == "data_changed"
    (folder / "d.pem").write_bytes(certificate("p256", 2).public_bytes(Encoding.PEM))
    others = _bound(folder, "계획.txt", "--certificate", "d.pem", "--at", DAY)
    assert others["bindings"][0]["signatures"][0]["why"] == "signature_signer"
    later = _bound(folder, "계획.txt", "--certificate", "c.pem", "--at", "2030-01-01T00:00:00Z")
    assert later["bindings"][0]["signatures"][0]["why"] == "signature_period"


def test_no_passphrase_is_shown(folder: Path):
    key = ("label", "bind", "label.xml", "계획.txt", "--key", "k.pem", "--certificate", "c.pem")
    done = gsomia(*key, cwd=folder)
    assert done.returncode == 2
    assert b"--passphrase-file" in done.stderr
    (folder / "pass").write_text("wrong words\n")
    done = gsomia(*key, "--passphrase-file", "pass", "--json", cwd=folder)
    assert done.returncode == 2
    assert b"wrong words" not in done.stdout + done.stderr
    assert not (folder / "계획.txt.bdo").exists()


def test_not_signed_is_not_proved(folder: Path):
    _bind(folder, "label.xml", "계획.txt")
    told = _bound(folder, "계획.txt", "--certificate", "c.pem", "--at", DAY)
    assert not told["holds"]
    assert told["bindings"][0]["bound"][0]["proof"] == "not_signed"


def test_a_binding_inside_files(folder: Path):
    (folder / "a.pdf").write_bytes(samples.pdf())
    (folder / "a.png").write_bytes(samples.image("PNG"))
    (folder / "a.docx").write_bytes(samples.office())
    key = ("--key", "k.pem", "--certificate", "c.pem", "--passphrase-file", "pass")
    for name in ("a.pdf", "a.png"):
        _bind(folder, "label.xml", name, "--profile", "xmp", "-o", f"b-{name}")
        assert _bound(folder, f"b-{name}")["bindings"][0]["place"] == "inside"
        refused = _bind(folder, "label.xml", name, "--profile", "xmp", *key, "-o", "x", code=1)
        assert refused["refused"][0]["rule"] == "signature_covers"
    _bind(folder, "label.xml", "a.docx", "--profile", "ooxml", "-o", "b.docx", *key)
    told = _bound(folder, "b.docx", "--certificate", "c.pem", "--at", DAY)
    assert told["holds"]
    assert {d["state"] for d in told["bindings"][0]["bound"][0]["data"]} == {"intact"}
    held = (folder / "b.docx").read_bytes()
    (folder / "c.docx").write_bytes(_with_part(held, "word/media/image2.png"))
    grown = _bound(folder, "c.docx", "--certificate", "c.pem", "--at", DAY)
    assert [b["rule"] for b in grown["bindings"][0]["broken"]] == ["part_unbound"]
    again = _bind(folder, "label.xml", "b.docx", "--profile", "ooxml", "-o", "d.docx", code=1)
    assert again["refused"][0]["rule"] == "bound_already"


def _with_part(data: bytes, name: str) -> bytes:
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as file:
        file.writestr(name, b"new")
    return out.getvalue()


def test_a_header_an_xmp_file_and_an_xml_document(folder: Path):
    done = gsomia("label", "bind", "label.xml", "--profile", "rest", cwd=folder)
    assert done.stdout.startswith(b'Binding-Data: binding-type="urn:nato:stanag:4778:')
    assert done.stdout.count(b"\n") == 1
    made = _bind(folder, "label.xml", "계획.txt", "--profile", "xmp-sidecar")
    assert made["file"] == "계획.txt.xmp"
    assert _bound(folder, "계획.txt")["bindings"][0]["place"] == "xmp_beside"
    _bind(folder, "label.xml", "other.xml", "--profile", "encapsulated", "-o", "whole.bdo")
    told = _bound(folder, "whole.bdo")
    assert told["holds"]
    assert told["bindings"][0]["place"] == "itself"


def test_bindings_that_differ(folder: Path):
    _bind(folder, "label.xml", "계획.txt")
    label = (folder / "label.xml").read_text("utf-8").replace("GUNSA II", "GUNSA III")
    (folder / "lower.xml").write_text(label, "utf-8")
    _bind(folder, "lower.xml", "계획.txt", "--profile", "xmp-sidecar")
    told = _bound(folder, "계획.txt")
    assert not told["holds"]
    assert [b["rule"] for b in told["broken"]] == ["labels_differ"]


def test_a_file_that_cannot_be_read_inside(folder: Path):
    (folder / "a.pdf").write_bytes(b"%PDF-1.7 damaged")
    done = gsomia("label", "bound", "a.pdf", cwd=folder)
    assert done.returncode == 2
    assert b"an undamaged PDF document" in done.stderr
    _bind(folder, "label.xml", "a.pdf")
    told = _bound(folder, "a.pdf")
    assert [b["rule"] for b in told["broken"]] == ["inside_unread"]
    assert told["bindings"][0]["bound"][0]["labels"][0]["classification"] == "GUNSA II"
    # What other programs keep in a file of that name is none of ours.
    (folder / "계획.txt.xmp").write_text("<!DOCTYPE x><x/>")
    assert gsomia("label", "bound", "계획.txt", cwd=folder).returncode == 1


def test_a_sidecar_of_another_file(folder: Path):
    _bind(folder, "label.xml", "계획.txt")
    (folder / "계획.txt.bdo").rename(folder / "c.pem.bdo")
    told = _bound(folder, "c.pem")
    assert [b["rule"] for b in told["bindings"][0]["broken"]] == ["other_file"]


@pytest.mark.parametrize("uri", ["http://127.0.0.1:9/a.xml", "../a.xml", "/etc/hostname"])
def test_nothing_elsewhere_is_looked_at(folder: Path, uri: str):
    _bind(folder, "label.xml", "계획.txt")
    path = folder / "계획.txt.bdo"
    path.write_text(re.sub(r'URI="\./[^"]*"', f'URI="{uri}"', path.read_text("utf-8")), "utf-8")
    told = _bound(folder, "계획.txt.bdo")
    assert told["bindings"][0]["bound"][0]["data"] == [{"uri": uri, "state": "outside"}]
    assert "target_outside" in [b["rule"] for b in told["bindings"][0]["broken"]]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("bound", "nothing"), "a file that can be read"),
        (("bind", "label.xml"), "a file to bind the label to"),
        (("bind", "계획.txt", "label.xml"), "well-formed XML"),
        (("bind", "label.xml", "nothing.txt"), "a file that can be read"),
        (("bind", "label.xml", "계획.txt", "--profile", "xmp"), "-o FILE"),
        (("bind", "label.xml", "계획.txt", "--profile", "xmp", "-o", "a"), "a PDF, JPEG or PNG"),
        (("bind", "label.xml", "계획.txt", "--profile", "ooxml", "-o", "a"), "an Office Open XML"),
        (("bind", "label.xml", "계획.txt", "--profile", "rest"), "no file"),
        (("bind", "label.xml", "계획.txt", "--key", "k.pem"), "--key and --certificate"),
        (("bind", "label.xml", "계획.txt", "--add", "--replace"), "--add or --replace"),
        (("bind", "label.xml", "계획.txt", "-o", "../x.bdo"), "a file in the same folder"),
        (("bind", "label.xml", "계획.txt", "-o", "c.pem"), "a new file"),
        (("bound", "계획.txt", "--certificate", "k.pem"), "a certificate in PEM"),
        (("bind", "label.xml", "."), "FILE: expected a plain file"),
        (("bind", "label.xml", "/"), "FILE: expected a plain file"),
    ],
)
def test_bad_input(folder: Path, arguments: tuple[str, ...], said: str):
    done = gsomia("label", *arguments, cwd=folder)
    assert done.returncode == 2
    assert said in done.stderr.decode()
    assert not (folder / "계획.txt.bdo").exists()


def test_every_word_has_three_languages():
    english = {*rules.RULES, *bound.TEXTS, *OWN}
    assert set(RULES) == english
    for rule in {*english, *STANDARD_RULES}:
        assert len({rule_text(lang, rule) for lang in ("en", "ko", "ja")}) == 3
    states = {str(s) for kind in (bound.Place, bound.Proof, State) for s in kind}
    states |= {"there", str(Target.SELF), str(Target.OUTSIDE)}
    assert states == set(STATES)
    assert {str(why) for why in Why} | {"signature_time"} == set(SIGNATURES)
    for state in {**STATES, **SIGNATURES}:
        assert len({state_text(lang, state) for lang in ("en", "ko", "ja")}) == 3
