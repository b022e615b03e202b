"""The stored evidence holds, the bad files are refused, and the page shows what is stored."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gsomia.evidence.claim import NEEDED
from gsomia.evidence.disk import DiskFiles
from gsomia.evidence.verify import verify_path
from tests.evidence import examples

PAGE = Path(__file__).parents[2] / "docs" / "formats" / "evidence.md"
CARDS = [(examples.FOLDER / f"{name}.node-card").read_bytes() for name in ("kor", "jpn")]
BAD = sorted((examples.FOLDER / "bad").iterdir())


def test_the_stored_evidence_holds():
    found = verify_path(DiskFiles(examples.FOLDER / "item.evidence"), CARDS)
    assert (found.problem, found.checked) == (None, 10)


def test_the_stored_book_holds():
    assert verify_path(DiskFiles(examples.FOLDER / "book"), CARDS).problem is None


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_stored_bad_file_is_refused(path):
    found = verify_path(DiskFiles(path), CARDS)
    assert not found.ok
    said = {
        "input-version": "another first line",
        "proof-claim": "the claim is not what the entries say",
        "proof-opening": "the opening of purpose does not fit",
        "proof-cosignature": "has not cosigned this checkpoint",
    }[path.stem]
    assert said in str(found.problem)


def test_the_folder_is_what_the_script_makes():
    kept = {str(p.relative_to(examples.FOLDER)) for p in examples.FOLDER.rglob("*") if p.is_file()}
    assert kept - {"SOURCES.md"} == set(examples.make())


def test_the_page_shows_the_stored_file():
    blocks = re.findall(r"```\n(.*?)\n```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert examples.shown((examples.FOLDER / "item.evidence").read_bytes()) == blocks[0]


def test_the_page_names_every_needed_fact():
    text = PAGE.read_text(encoding="utf-8")
    for kind, fields in NEEDED.items():
        row = next(line for line in text.splitlines() if line.startswith(f"| `{kind}`"))
        assert all(f"`{field}`" in row for field in fields)
