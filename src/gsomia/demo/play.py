"""Playing the demonstration: the order of scenes, progress, the table, the folder it leaves."""

from __future__ import annotations

import shlex
import shutil
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from gsomia.canon import encode
from gsomia.demo import forgery, hub, letters, scenes
from gsomia.demo.cast import THREE, Side, stop_all, town
from gsomia.demo.ending import ends_when_told
from gsomia.demo.goods import ALERT, EVENTS, PHOTO, SLIDES
from gsomia.demo.story import Step, Story
from gsomia.evidence.disk import DiskFiles
from gsomia.evidence.verify import Report, verify_path
from gsomia.faults import BadInput, Unavailable, shown
from gsomia.storage.lock import holder

MARK = "gsomia-demo"
"""The file that says a folder was made by a demonstration, and may be made anew."""

PARTS = ("cards", "courier", "evidence", "officers", "secrets")
"""What a demonstration leaves beside its nodes and their logs."""

STYLES = {"refused": "red", "found": "yellow", "sent": "cyan", "received": "green", "done": ""}


def demo(folder: Path, *, as_json: bool = False, keep: bool = False) -> int:
    """Play everything in `folder`; 0 if it went as it must. Leaves the nodes' folders there.

    With `keep` the nodes run on, and how to use them is printed. A folder left by an
    earlier demonstration is made anew, unless its nodes still run or something else lies
    there by now; any other that is not empty is refused. Raises `Told` when the process
    was told to end, after the nodes have ended.
    """
    folder = _prepare(folder)
    err = Console(stderr=True, highlight=False)
    started = time.monotonic()

    def tell(step: Step) -> None:
        if not as_json:
            elapsed = f"{time.monotonic() - started:6.1f} s"
            line = Text(f"{elapsed}  ")
            line.append(f"{step.outcome:9}", style=STYLES.get(step.outcome, ""))
            err.print(line.append(f"{step.actor:9} {step.what}"), soft_wrap=True)

    story = Story(tell)

    def running(side: Side) -> None:
        people = len(side.government.people)
        what = f"node founded, {people} officers with keys of their own; it runs"
        story.done(side.registry, what, "done")

    with ends_when_told(), town(folder, letters.RECORD_UNTIL, THREE, running) as sides:
        kor, jpn, usa = sides
        _play(story, kor, jpn, usa, folder)
        memory = {side.registry: side.memory() for side in sides}
        report = _evidence(story, sides, folder)
        if not keep:
            stop_all(sides)
    seconds = round(time.monotonic() - started, 1)
    if as_json:
        sys.stdout.buffer.write(encode(_plain(story, report, memory, seconds)) + b"\n")
        sys.stdout.buffer.flush()
    else:
        _show(story, report, memory, seconds, folder, keep=keep)
    return 0 if report.ok else 1


def _prepare(folder: Path) -> Path:
    """An empty folder. Raises `BadInput`, or `Unavailable` while nodes of an earlier one run."""
    folder = folder.absolute()
    name = shown(str(folder))
    try:
        if folder.exists() and any(folder.iterdir()):
            if not (folder / MARK).is_file():
                raise BadInput("an empty folder, or a demonstration's", "another", name)
            _must_be_over(folder)
            _must_hold_nothing_else(folder)
            _remove(folder)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / MARK).write_text("Made by `gsomia demo`; made anew by the next one.\n")
    except OSError as error:
        raise BadInput("a folder that can be written", error.strerror or "an error", name) from None
    return folder


def _must_be_over(folder: Path) -> None:
    """Nothing of a demonstration is removed while its nodes run."""
    running = [path for path in _nodes(folder) if holder(path) is not None]
    if running:
        raise Unavailable(f"a demonstration's nodes still run in {folder}", _end(running))


def _must_hold_nothing_else(folder: Path) -> None:
    """What somebody has put into a demonstration's folder since is theirs."""
    nodes = [path.name for path in _nodes(folder)]
    made = {MARK, *PARTS, *nodes, *(f"{name}.log" for name in nodes)}
    others = sorted({path.name for path in folder.iterdir()} - made)
    if others:
        raise BadInput(
            "what a demonstration left, and nothing else", shown(others[0]), shown(str(folder))
        )


def _nodes(folder: Path) -> list[Path]:
    return [folder / government.party.lower() for government in THREE]


def _end(nodes: Iterable[Path]) -> str:
    """How to end these nodes."""
    return "End them:  " + " && ".join(_typed("node", "stop", node) for node in nodes)


def _remove(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()


def _play(story: Story, kor: Side, jpn: Side, usa: Side, folder: Path) -> None:
    for side in (kor, jpn, usa):
        side.staff()
        people, first = len(side.government.people), side.government.people[0].id
        story.done(first, f"enrolled {people} people, appointed, cleared and briefed them", "done")
    for side, other in ((kor, jpn), (jpn, kor), (kor, usa), (usa, kor), (usa, jpn), (jpn, usa)):
        fingerprint = side.trust(other)
        first = side.government.people[0].id
        words = f"{fingerprint[:19]} …"
        story.done(first, f"compared the fingerprint of {other.registry}'s card", "done", words)
    cards = folder / "cards"
    cards.mkdir(exist_ok=True)
    for side in (kor, jpn, usa):
        (cards / f"{side.registry}.card").write_bytes(side.door.card())
    letters.normalise(story, kor, jpn)
    numbers = scenes.send_several(story, kor, jpn)
    scenes.refuse_release(story, kor)
    scenes.third_party(story, kor, jpn, numbers[EVENTS.short_title])
    scenes.refuse_reader(story, jpn, numbers[EVENTS.short_title][1])
    scenes.courier(story, kor, jpn, folder / "courier")
    scenes.reclassify(story, kor, jpn, numbers[ALERT.short_title])
    scenes.destroy(story, jpn, numbers[PHOTO.short_title][1])
    forgery.rewrite(story, kor, jpn)
    scenes.terminate(story, kor, jpn, numbers[SLIDES.short_title][1])
    hub.through_the_hub(story, kor, jpn, usa)


def _evidence(story: Story, sides: Iterable[Side], folder: Path) -> Report:
    """Export evidence of every accepted item and all shared books, and verify them offline."""
    target = folder / "evidence"
    for side in sides:
        released = {row["item"] for row in side.rows("requests") if row["state"] == "dispatched"}
        for item in sorted(released):
            for path, data in side.door.files("evidence", {"item": item}):
                _put(target / path, data)
        for book in side.government.agreements:
            for path, data in side.door.files("book", {"book": book}):
                _put(target / "books" / side.registry / book / path, data)
    cards = [p.read_bytes() for p in sorted((folder / "cards").glob("*.card"))]
    report = verify_path(DiskFiles(target), cards)
    words = f"{report.checked} entries and statements" if report.ok else str(report.problem)
    story.done("anybody", "evidence verified offline, with the three cards alone", "done", words)
    return report


def _put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _plain(story: Story, report: Report, memory: dict[str, int], seconds: float) -> dict[str, Any]:
    steps = story.plain()
    return {
        "ok": report.ok,
        "steps": steps,
        "sent": [s for s in steps if s["outcome"] == "sent"],
        "received": [s for s in steps if s["outcome"] == "received"],
        "refused": [s for s in steps if s["outcome"] == "refused"],
        "found": [s for s in steps if s["outcome"] == "found"],
        "evidence": {"ok": report.ok, "checked": report.checked, "problem": report.problem},
        "memory_mib": memory,
        "milliseconds": int(seconds * 1000),
    }


def _typed(*words: str | Path) -> str:
    """A command of this program as the reader can type it into a shell."""
    return shlex.join([*_program(), *(str(word) for word in words)])


def _program() -> tuple[str, ...]:
    """How the reader started this program, to be typed again."""
    started = Path(sys.argv[0])
    found = shutil.which("gsomia")
    if found and started.exists() and Path(found).samefile(started):
        return ("gsomia",)
    return (str(started),) if started.name == "gsomia" else (sys.executable, "-m", "gsomia")


def _show(
    story: Story,
    report: Report,
    memory: dict[str, int],
    seconds: float,
    folder: Path,
    *,
    keep: bool,
) -> None:
    out = Console(highlight=False)
    table = Table(title="What was sent, received, refused, and why", show_lines=False)
    for name in ("who", "what", "outcome", "rule and article", "who could decide"):
        table.add_column(name, overflow="fold")
    for step in story.steps:
        if step.outcome == "done":
            continue
        rules = "\n".join(f"{w.article}: {w.text}" for w in step.why) or step.detail
        who = "\n".join(dict.fromkeys(w.who for w in step.why))
        treaty = [a for a in step.articles if a.startswith("Art.")]
        if not step.why and treaty:
            rules = ", ".join(treaty)
        table.add_row(step.actor, step.what, f"[{STYLES[step.outcome]}]{step.outcome}", rules, who)
    out.print(table)
    state = "holds" if report.ok else f"does NOT hold: {report.problem}"
    out.print(f"Evidence {state}: {report.checked} entries and statements checked offline.")
    total = sum(memory.values())
    out.print(f"{seconds} s; the nodes together used at most {total} MiB.")
    out.print("The agreements with the United States played here are exercises, not treaties.")
    for line in _afterwards(folder, keep=keep):
        out.print(line, soft_wrap=True, markup=False)


def _afterwards(folder: Path, *, keep: bool) -> Iterator[str]:
    """What the reader can do next, as commands to copy."""
    yield f"Nodes, cards and evidence are in {shlex.quote(str(folder))}"
    yield "\nCheck the evidence yourself:"
    cards = (f"{folder}/cards/{s.registry}.card" for s in THREE)
    trusted = (word for card in cards for word in ("--trust", card))
    yield "  " + _typed("verify", folder / "evidence", *trusted)
    if keep:
        yield "\nThe nodes are running. For example, as Korea's registrar:"
        key = folder / "officers" / "K-2.key"
        signed = ("--key", key, "--passphrase-file", key.with_suffix(".passphrase"))
        yield "  " + _typed("--node", folder / "kor", *signed, "item", "list")
        yield _end(_nodes(folder))
