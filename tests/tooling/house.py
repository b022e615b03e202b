"""The house rules that no linter knows. Run as a command, it prints each breach and exits 1.

- A Python file has fewer than 500 lines.
- No text names a package index, a package host, or a folder of somebody's machine.
- A lock file pins each requirement to a version and its hashes, and asks for wheels only.
- Each sample file is listed in its SOURCES.md, and nothing is listed that is not there.
- Each page of docs/formats/ names the version of what it specifies.
- Only gsomia/shapes.py has msgspec read a type: from several threads that can end the process.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

MAX_LINES = 500

_TEXT = {"", ".cfg", ".in", ".ini", ".md", ".py", ".pyi", ".sh", ".sql", ".toml", ".txt", ".yaml"}
_TEXT |= {".yml", ".json", ".html", ".css", ".js", ".typ"}
_SKIPPED = {"build", "dist", "demo", "node_modules", "__pycache__"}
# Other people's files, kept as they are.
_FOREIGN = ("examples", "tests/vectors")

# Written so that this file does not match itself.
_NAMED = re.compile(
    r"\bpy[p]i\.|pythonho[s]ted|\bnpm[j]s\.|\bdeb\.d[e]bian|crates[.]io|registry\.n[p]m"
    r"|--(?:extra-)?index[-]url|--find[-]links|--trusted[-]host"
    r"|(?<![\w.])/(?:home|root|Users|work)/[\w.]"
)


def files(root: Path) -> Iterator[Path]:
    """Every file of the checkout, without caches, builds and environments."""
    for path in sorted(root.iterdir()):
        if path.name in _SKIPPED or (path.name.startswith(".") and path.name != ".ci"):
            continue
        if path.is_dir():
            yield from files(path)
        else:
            yield path


def long_files(root: Path) -> Iterator[str]:
    """Python files of `MAX_LINES` lines or more."""
    for path in files(root):
        if path.suffix == ".py":
            count = len(path.read_text("utf-8").splitlines())
            if count >= MAX_LINES:
                yield f"{path.relative_to(root)}: {count} lines; below {MAX_LINES} expected"


def named_places(root: Path) -> Iterator[str]:
    """Lines of our own text that name a package host or a folder of one machine."""
    for path in files(root):
        name = path.relative_to(root).as_posix()
        if path.suffix not in _TEXT or name.startswith(_FOREIGN):
            continue
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if found := _NAMED.search(line):
                yield f"{name}:{number}: names {found.group()!r}"


_PIN = re.compile(r"[a-z0-9][a-z0-9.-]*==\S+(?: ; .+)?")
_HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def lock_faults(text: str) -> Iterator[str]:
    """What is wrong with one lock file: a loose pin, a missing hash, an option not expected."""
    wheels_only = False
    for entry in re.sub(r"\\\n\s*", " ", text).splitlines():
        line = entry.split("#")[0].strip()
        if line == "--only-binary :all:":
            wheels_only = True
        elif line:
            pin, *hashes = re.split(r"\s+(?=--hash)", line)
            if not _PIN.fullmatch(pin):
                yield f"expected one version of one package, got {pin!r}"
            elif not hashes or not all(_HASH.fullmatch(h) for h in hashes):
                yield f"{pin} has no SHA-256 hashes"
    if not wheels_only:
        yield "expected --only-binary :all:, so that no compiler is needed"


def locks(root: Path) -> Iterator[str]:
    """The faults of every lock file."""
    for path in sorted((root / "requirements").glob("*.txt")):
        for fault in lock_faults(path.read_text("utf-8")):
            yield f"{path.relative_to(root)}: {fault}"


def unlisted_samples(root: Path) -> Iterator[str]:
    """Files of examples/ without their section in SOURCES.md, and sections without a file."""
    samples = root / "examples"
    listed = set(
        re.findall(r"^## (\S+)$", (samples / "SOURCES.md").read_text("utf-8"), re.MULTILINE)
    )
    ours = re.compile(r"(?:README|SOURCES)\.md|.*/LICENSE-[A-Z]+\.txt")
    names = {path.relative_to(samples).as_posix() for path in files(samples)}
    found = {name for name in names if not ours.fullmatch(name)}
    yield from (f"examples/{name}: not in SOURCES.md" for name in sorted(found - listed))
    yield from (f"examples/SOURCES.md: there is no {name}" for name in sorted(listed - found))


# A line of its own, or the first line of the example where the format carries one.
_VERSION = re.compile(r"^(?:Version: .*\S|gsomia/[a-z-]+/v\d+)$", re.MULTILINE)


def unversioned_formats(root: Path) -> Iterator[str]:
    """Pages of docs/formats/ without a line `Version: ...` or `gsomia/<type>/v<n>`."""
    for path in sorted((root / "docs" / "formats").glob("*.md")):
        if path.name != "README.md" and not _VERSION.search(path.read_text("utf-8")):
            yield f"{path.relative_to(root)}: expected a line like 'Version: gsomia/card/v1'"


_SHAPED = re.compile(
    r"\b(?:msgspec|msgspec\.json|(?:msgspec\.)?msgpack)\.(?:convert|decode|Decoder)\b"
)
_SHAPES = "src/gsomia/shapes.py"


def unguarded_reading(root: Path) -> Iterator[str]:
    """Lines of the program in which msgspec reads a type, other than in `_SHAPES`."""
    for path in files(root / "src"):
        name = path.relative_to(root).as_posix()
        if path.suffix != ".py" or name == _SHAPES:
            continue
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if found := _SHAPED.search(line):
                yield f"{name}:{number}: {found.group()!r} outside {_SHAPES}"


RULES = (
    long_files,
    named_places,
    locks,
    unlisted_samples,
    unversioned_formats,
    unguarded_reading,
)


def main() -> int:
    """Print every breach; 1 if there is any."""
    found = [breach for rule in RULES for breach in rule(ROOT)]
    print("\n".join(found) or "house rules kept")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
