"""The README's commands run and print what it shows; its links lead somewhere."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from urllib.parse import unquote

import pytest

from gsomia.demo.goods import samples
from tests.docs import blocks

README = blocks.ROOT / "README.md"
PAGES = sorted(
    [*blocks.ROOT.glob("*.md"), *(blocks.ROOT / "docs").rglob("*.md")],
    key=lambda page: page.as_posix(),
)


def of_any_year(text: str) -> str:
    """Output with the year of control numbers, and the count of entries, taken out."""
    text = re.sub(r"(?<=DIH1-)\d{4}(?=-\d{6})", "YYYY", text)
    return re.sub(r"\d+ entries", "N entries", text)


@pytest.mark.timeout(300)
def test_the_demonstration_and_every_command_print_what_is_shown(tmp_path: Path) -> None:
    assert samples().is_dir()
    folder = tmp_path / "here"
    folder.mkdir()
    played = subprocess.run(
        ["gsomia", "demo", "--dir", "demo"],
        cwd=folder,
        env=blocks.environment(),
        capture_output=True,
        timeout=120,
        check=True,
    )
    printed = of_any_year(played.stdout.decode())
    shown = "…\n" + of_any_year(blocks.shown_first(README)) + "…\n"
    assert shown.count("refused") >= 3
    assert blocks.pattern(shown).fullmatch(printed), printed
    assert printed.index("another's") < printed.index("originator KOR")
    assert "are exercises, not treaties" in printed
    used = re.search(r"the nodes together used at most (\d+) MiB", printed)
    assert used
    assert int(used[1]) < 300
    blocks.check(README, blocks.run(README, folder, cold=True))


def test_make_has_the_two_commands_of_the_first_screen() -> None:
    makefile = (blocks.ROOT / "Makefile").read_text("utf-8")
    console = next(
        f[2] for f in blocks.FENCE.finditer(README.read_text("utf-8")) if f[1] == "console"
    )
    commands = re.findall(r"^\$ make (\w+)$", console, re.MULTILINE)
    assert commands == ["demo", "test"]
    for name in commands:
        assert re.search(rf"^{name}: ", makefile, re.MULTILINE), name
    assert re.search(r"^demo: .*\n\t\$\(BIN\)/gsomia demo --dir ", makefile, re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(blocks.ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    text = blocks.FENCE.sub("", page.read_text("utf-8"))
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"https?:", target):
            continue
        name, _, heading = unquote(target).partition("#")
        where = (page.parent / name) if name else page
        assert where.exists(), f"{page.name}: {target}"
        if heading:
            headings = re.findall(r"^#+ (.*)$", where.read_text("utf-8"), re.MULTILINE)
            slugs = {re.sub(r"[^\w\- ]", "", h).strip().lower().replace(" ", "-") for h in headings}
            assert heading in slugs, f"{page.name}: {target}"


def test_every_page_can_be_reached_from_the_index() -> None:
    docs = blocks.ROOT / "docs"
    reached: set[Path] = set()
    waiting = [docs / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md" or not page.is_file():
            continue
        reached.add(page)
        targets = re.findall(r"\]\(([^)\s#]+)[^)]*\)", page.read_text("utf-8"))
        waiting += [(page.parent / target).resolve() for target in targets]
    templates = {docs / "adr" / "template.md"}
    assert set(docs.rglob("*.md")) - reached - templates == set()
