"""Drive one harness with Atheris, where it is installed: `python -m tests.fuzz.with_atheris NAME`.

Arguments after the name go to libFuzzer. Atheris is not among the locked tools; without it
this says so and exits with 2.
"""

from __future__ import annotations

import importlib
import sys


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
    atheris.Setup([sys.argv[0], *rest], harnesses[name].accepts)
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
