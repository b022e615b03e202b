"""What the pages name exists: commands and their options, names in the code, files and words."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from gsomia.agreement import agreed_digest, shipped, shipped_instruments
from gsomia.agreement.hypothesis import suppose
from gsomia.agreement.hypothesisfile import read_hypothesis
from gsomia.agreement.instrumentfile import load_instruments
from gsomia.agreement.instruments import Kind
from gsomia.canon import instant
from gsomia.cli.main import app
from gsomia.faults import BadInput
from tests.docs import blocks

DOCS = blocks.ROOT / "docs"
PAGES = [
    *sorted((DOCS / "howto").glob("*.md")),
    DOCS / "legal-basis.md",
    DOCS / "labels.md",
    DOCS / "stix-markings.md",
    DOCS / "tutorial.md",
    DOCS / "verify.md",
    DOCS / "what-if.md",
    blocks.ROOT / "README.md",
]
SHORT = {"kor": 1, "jpn": 1}
"""Abbreviations of the tutorial, and how many words stand between them and the command."""


def commands(text: str) -> Iterator[str]:
    """Every `gsomia ...` of a page: in blocks, and in running text between backquotes."""
    blocked = "".join(f[2] for f in blocks.FENCE.finditer(text) if f[1] not in ("text", "python"))
    loose = "\n".join(re.findall(r"`(gsomia [^`\n]+)`", blocks.FENCE.sub("", text)))
    joined = re.sub(r"\\\n\s*", " ", blocked + loose)
    for line in joined.splitlines():
        for found in re.finditer(r"(?:^|[\s(\"/])(gsomia|kor|jpn) ([a-zKJ$].*)", line):
            words = re.split(r"\s+(?:[|&>]|2>|>>)|\)|;", found[2])[0]
            yield " ".join(words.split()[SHORT.get(found[1], 0) :])


def group() -> Any:
    """The command line as its parser sees it."""
    return typer.main.get_command(app)


def fault(words: str) -> str:
    """What is wrong with a command that a page names, or the empty string."""
    try:
        given = shlex.split(words)
    except ValueError:
        given = words.split()
    known = group()
    while hasattr(known, "commands"):
        if not given:
            return "no command"
        name = given.pop(0)
        if name not in known.commands:
            return f"no command {name}"
        known = known.commands[name]
    options = {o for p in known.params for o in (*p.opts, *p.secondary_opts)} | {"--help"}
    unknown = [w for w in given if re.fullmatch(r"--?[a-z][a-z-]*", w) and w not in options]
    return f"no option {unknown[0]} of {known.name}" if unknown else ""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_of_a_page_exists(page: Path) -> None:
    named = [c for c in commands(page.read_text("utf-8")) if c and not c.startswith("(")]
    assert named or page.name == "write-an-agreement-pack.md"
    assert {c: fault(c) for c in named if fault(c)} == {}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("node status --node kor", ""),
        ("node sing", "no command sing"),
        ("item read X --facility F-1 --porpoise x", "no option --porpoise of read"),
    ],
)
def test_a_command_that_is_not_there_is_found(words: str, expected: str) -> None:
    assert fault(words) == expected


def test_names_in_the_glossary_are_names_in_the_code() -> None:
    code = "".join(p.read_text("utf-8") for p in (blocks.ROOT / "src").rglob("*.py"))
    names = set(re.findall(r"\w+", code))
    rows = re.findall(
        r"^\| [^|]+ \| ([^|]*`[^|]*) \|", (DOCS / "glossary.md").read_text("utf-8"), re.MULTILINE
    )
    used = {w for row in rows for cell in re.findall(r"`([^`]+)`", row) for w in cell.split(".")}
    assert len(used) > 30
    assert used - names == set()


def test_the_glossary_says_of_each_word_whether_it_was_read() -> None:
    text = (DOCS / "glossary.md").read_text("utf-8")
    for row in re.findall(r"^\| [^|]+ \| [^|]*`[^|]*\|([^|\n]+)\|([^|\n]+)\|$", text, re.MULTILINE):
        for cell in row:
            assert "✔" in cell or "○" in cell or "no settled word" in cell, row


def fenced(page: str, language: str) -> str:
    """The first block of a how-to in a language."""
    text = (DOCS / "howto" / page).read_text("utf-8")
    return next(f[2] for f in blocks.FENCE.finditer(text) if f[1] == language)


def test_the_instrument_of_the_how_to_can_be_read() -> None:
    page = "record-an-instrument.md"
    pack = shipped("rok-japan-2016")
    (one,) = load_instruments(fenced(page, "yaml").encode(), "note.yaml", pack)
    assert one.kind is Kind.NOTICE_OF_TERMINATION
    assert not one.verified
    with pytest.raises(BadInput):
        load_instruments(fenced(page, "yaml").replace("handed_over", "given").encode(), "", pack)


def test_the_how_to_quotes_what_the_node_says() -> None:
    sources = ("node/node.py", "desk/acts.py")
    source = "".join((blocks.ROOT / "src/gsomia" / s).read_text("utf-8") for s in sources)
    said = "".join(re.findall(r'f?"([^"\n]*)"', source))
    quotes = {
        "record-an-instrument.md": "a confirmation: with this only the suspension is withdrawn, "
        "and the notice of termination is back in effect",
        "restore.md": "before: this node was started from an old backup.",
    }
    for page, quote in quotes.items():
        assert quote in said
        assert quote in (DOCS / "howto" / page).read_text("utf-8")


def test_the_pack_of_the_how_to_can_be_read(tmp_path: Path) -> None:
    packs = blocks.ROOT / "src/gsomia/agreement/packs"
    (tmp_path / "rok-japan-2016.yaml").write_bytes((packs / "rok-japan-2016.yaml").read_bytes())
    (tmp_path / "page.py").write_text(fenced("write-an-agreement-pack.md", "python"))
    ran = subprocess.run(
        ["python3", "page.py"],
        cwd=tmp_path,
        env=blocks.environment(),
        capture_output=True,
        timeout=60,
        check=True,
    )
    pack = shipped("rok-japan-2016")
    assert ran.stdout.decode().splitlines() == [pack.title, agreed_digest(pack)]


def test_the_design_page_has_the_rows_of_the_contract() -> None:
    config = (blocks.ROOT / "pyproject.toml").read_text("utf-8")
    layers = config.split("layers = [", 1)[1].split("]", 1)[0]
    rows = [re.findall(r"\w+", row) for row in re.findall(r'"([^"]+)"', layers)]
    page = (DOCS / "design.md").read_text("utf-8").split("## The house", 1)[1]
    shown = [
        re.findall(r"`(\w+)`", row) for row in re.findall(r"^\| (`[^|]+)\|", page, re.MULTILINE)
    ]
    flat = [sorted(names) for names in shown]
    first = rows.index(["act"])
    last = [name for row in rows[first:] for name in row]
    assert flat == [sorted(row) for row in rows[:first]] + [sorted(last)]


FORMATS = sorted((DOCS / "formats").glob("*.md"))
VECTORS = blocks.ROOT / "tests" / "vectors"


@pytest.mark.parametrize("page", FORMATS, ids=lambda p: p.stem)
def test_a_format_page_names_vectors_that_are_there(page: Path) -> None:
    """Or examples that a test makes again; the page of what is never sent shows its own."""
    text = page.read_text("utf-8")
    named = [
        *re.findall(r"`tests/(vectors/[^`]+)`", text),
        *re.findall(r"`(examples/[^`]+)`", text),
    ]
    places = {"vectors": blocks.ROOT / "tests", "examples": page.parent}
    assert named or page.stem == "hypothesis"
    for name in named:
        assert (places[name.partition("/")[0]] / name).exists(), name


def test_every_folder_of_vectors_says_where_it_is_from_and_ours_are_on_their_pages() -> None:
    pages = "".join(page.read_text("utf-8") for page in FORMATS)
    others = {"binding", "label", "spif", "stix"}
    folders = {p.name for p in VECTORS.iterdir() if p.is_dir()}
    assert others < folders
    for name in folders:
        assert (VECTORS / name / "SOURCES.md").is_file(), name
    assert all(f"tests/vectors/{name}/" in pages for name in folders - others)


def test_the_hypothesis_of_its_page_can_be_supposed() -> None:
    text = (DOCS / "formats" / "hypothesis.md").read_text("utf-8")
    (example,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    found = read_hypothesis(example.encode(), "hypothesis.yaml")
    name = "rok-japan-2016"
    supposed = suppose(shipped(name), shipped_instruments(name), found)
    assert len(supposed.papers) == 1
    assert [instant(at) for at in supposed.tables_at] == ["2026-12-31T15:00:00Z"]
