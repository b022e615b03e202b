"""Every benchmark in one run, as one table: `python bench`, or `make bench`.

Each runs in a process of its own, so that none finds memory or caches another left.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import msgspec
from timing import Result, machine, options, plain, show


class _Output(msgspec.Struct):
    results: list[Result]


def main() -> None:
    """Run them all; what was measured so far is shown as it comes."""
    given = options()
    results: list[Result] = []
    started = time.monotonic()
    if not given.json:
        print(f"{machine()}. A ratio is how many times as fast as the peer or limit we are.\n")
    for script in sorted(Path(__file__).parent.glob("bench_*.py")):
        command = [sys.executable, str(script), "--json", *(["--small"] if given.small else [])]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
        (result,) = msgspec.json.decode(done.stdout, type=_Output).results
        results.append(result)
        if not given.json:
            show(result)
    if given.json:
        print(plain(results))
    else:
        print(f"{time.monotonic() - started:.0f} s in all")


if __name__ == "__main__":
    main()
