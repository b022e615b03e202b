"""Drive one harness with Atheris, where it is installed: `python -m tests.fuzz.with_atheris NAME`.

Arguments after the name go to libFuzzer, which starts from the harness's own examples beside
whatever corpus folders are named. Atheris is not among the locked tools; without it this says
so and exits with 2.
"""

from __future__ import annotations

import importlib
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path


def main(arguments: list[str]) -> int:
    try:
        atheris = importlib.import_module("atheris")
    except ImportError:
        print("atheris is not installed; `make fuzz` does without it", file=sys.stderr)
        return 2
    with atheris.instrument_imports(include=["gsomia"]):
        harnesses = importlib.import_module("tests.fuzz.test_parsers").HARNESSES
    name, *rest = arguments or ["none"]
    if name not in harnesses:
        print(f"expected one of {', '.join(harnesses)}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as seeds:
        _write(Path(seeds), harnesses[name].examples)
        # libFuzzer writes what it finds into the first folder it is given, so ours comes last.
        atheris.Setup([sys.argv[0], *rest, seeds], harnesses[name].accepts)
        atheris.Fuzz()
    return 0


def _write(folder: Path, examples: Iterable[bytes]) -> None:
    for index, example in enumerate(examples):
        (folder / f"example-{index}").write_bytes(example)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
