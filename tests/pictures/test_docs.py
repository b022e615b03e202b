"""The pictures in the documents are those that the commands beside them draw."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from gsomia.cli.main import main

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "pictures.md").read_text("utf-8")
COMMANDS = re.findall(r"^gsomia (.*--svg \S+\.svg)$", PAGE, re.MULTILINE)


def run(line: str, *more: str) -> int:
    with pytest.raises(SystemExit) as end:
        main([*shlex.split(line), *more])
    assert isinstance(end.value.code, int)
    return end.value.code


@pytest.mark.parametrize("line", COMMANDS)
def test_a_picture_is_what_its_command_draws(line: str, tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    name = line.rpartition(" ")[2]
    assert run(line, "--json") == 0
    assert f'"svg":"{name}"' in capsys.readouterr().out
    assert (tmp_path / name).read_bytes() == (DOCS / "pictures" / name).read_bytes()
    assert run(line) == 2
    assert "nothing is overwritten" in capsys.readouterr().err


def test_every_picture_has_its_command_and_stands_on_the_page() -> None:
    names = {path.name for path in (DOCS / "pictures").iterdir()}
    drawn = {name for name in names if name.endswith(".svg")}
    assert drawn == {line.rpartition(" ")[2] for line in COMMANDS}
    assert drawn == set(re.findall(r"\]\(pictures/(\S+)\)", PAGE))
    # Stamped pages are rendered by hand, from a sample file.
    labels = (DOCS / "labels.md").read_text("utf-8")
    assert names - drawn == set(re.findall(r"\]\(pictures/(\S+)\)", labels))


def test_a_png_is_drawn_beside_it_and_nothing_where_one_file_cannot_be(tmp_path, capsys) -> None:
    svg, png = tmp_path / "x.svg", tmp_path / "x.png"
    asked = "agreement timeline rok-japan-2016"
    for bad in (svg, tmp_path / "no" / "x.png"):
        assert run(asked, "--svg", str(svg), "--png", str(bad)) == 2
        assert "--png: expected" in capsys.readouterr().err
        assert not svg.exists()
    assert run(asked, "--svg", str(svg), "--png", str(png)) == 0
    assert png.read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
    assert svg.read_bytes().startswith(b"<svg ")
