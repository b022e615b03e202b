"""What the benchmarks share: rounds that interleave ours and the peer, and the table.

Machines drift by a quarter from one second to the next, so a figure alone says
little: ours and the peer are timed in turns, the ratio is taken pair by pair, and
the median of the ratios is what counts.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from statistics import median

import msgspec

Run = Callable[[], object]


class Sizes(msgspec.Struct, frozen=True):
    """How much to measure. `small` is enough to see that a benchmark runs, and no more."""

    small: bool = False

    @property
    def rounds(self) -> int:
        """Rounds of a measurement that takes little time."""
        return 2 if self.small else 9

    @property
    def least(self) -> float:
        """Seconds that one round of a repeated call lasts at least."""
        return 0.001 if self.small else 0.05

    def of(self, full: int, small: int) -> int:
        """One size or the other."""
        return small if self.small else full


class Unit(msgspec.Struct, frozen=True):
    """How seconds for one operation are shown: as they are, or as `amount` a second."""

    name: str = ""
    amount: float = 0.0

    def show(self, seconds: float) -> str:
        """The figure in words."""
        if not self.amount:
            return _time(seconds)
        rate = self.amount / seconds
        digits = 0 if rate >= 100 else 2
        return f"{rate:,.{digits}f} {self.name}"


TIME = Unit()


def per_second(what: str, amount: float = 1.0) -> Unit:
    """A rate: so many of `what` in the seconds measured."""
    return Unit(f"{what}/s", amount)


class Row(msgspec.Struct, frozen=True):
    """One line of the table.

    `ours` and `peer` are in words; `ratio` is how many times as fast as the peer or
    limit we are, or None; `met` is None where there is no goal.
    """

    what: str
    ours: str
    peer: str = ""
    ratio: float | None = None
    goal: str = ""
    met: bool | None = None
    seconds: float | None = None


class Result(msgspec.Struct, frozen=True):
    """What one benchmark found. `left_out` names peers that are not installed."""

    title: str
    rows: tuple[Row, ...]
    left_out: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


# -- measuring --------------------------------------------------------------------


def interleaved(sizes: Sizes, *runs: Run) -> list[list[float]]:
    """Seconds of one call of each run, in rounds; in every round each has its turn.

    A quick call is repeated until a round lasts long enough to be timed.
    """
    counts = [_count(run, sizes.least) for run in runs]
    found: list[list[float]] = [[] for _ in runs]
    for _ in range(sizes.rounds):
        for run, count, seconds in zip(runs, counts, found, strict=True):
            seconds.append(_timed(run, count) / count)
    return found


def once(run: Run) -> float:
    """Seconds of one call."""
    return _timed(run, 1)


def _count(run: Run, least: float) -> int:
    count = 1
    while (taken := _timed(run, count)) < least:
        count = max(count * 2, int(count * least / max(taken, 1e-7)))
    return count


def _timed(run: Run, count: int) -> float:
    calls = range(count)
    start = time.perf_counter()
    for _ in calls:
        run()
    return time.perf_counter() - start


# -- rows -------------------------------------------------------------------------


def compare(
    what: str,
    ours: Sequence[float],
    name: str,
    peer: Sequence[float],
    unit: Unit = TIME,
    at_least: float | None = None,
) -> Row:
    """Ours beside a peer or limit, round by round. `at_least` is the goal for the ratio."""
    ratio = median(p / o for o, p in zip(ours, peer, strict=True))
    goal = "" if at_least is None else f"ratio ≥ {at_least:g}"
    met = None if at_least is None else ratio >= at_least
    mine, theirs = median(ours), median(peer)
    return Row(what, unit.show(mine), f"{name}: {unit.show(theirs)}", ratio, goal, met, mine)


def alone(what: str, ours: Sequence[float], unit: Unit = TIME, within: float | None = None) -> Row:
    """Ours alone. `within` is the goal: seconds at most for one operation."""
    mine = median(ours)
    sign = "≥" if unit.amount else "≤"
    goal = "" if within is None else f"{sign} {unit.show(within)}"
    met = None if within is None else mine <= within
    return Row(what, unit.show(mine), goal=goal, met=met, seconds=mine)


# -- showing ----------------------------------------------------------------------

_WIDTHS = (46, 16, 44, 6, 14)


def _time(seconds: float) -> str:
    for unit, scale in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= scale:
            return f"{seconds / scale:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"


def _line(cells: Iterable[str]) -> str:
    *first, last = cells
    return "".join(f"{c:<{w}}  " for c, w in zip(first, _WIDTHS, strict=True)) + last


def machine() -> str:
    """The machine, as far as it matters to the figures."""
    count = os.cpu_count() or 0
    return f"Python {platform.python_version()}, {platform.machine()}, {count} cores"


def show(result: Result) -> None:
    """Print one benchmark's part of the table."""
    print(_line((result.title, "ours", "peer or limit", "ratio", "goal", "met?")))
    for row in result.rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.3g}"
        met = "" if row.met is None else ("yes" if row.met else "NO")
        print(_line((f"  {row.what}", row.ours, row.peer, ratio, row.goal, met)))
    for note in result.notes:
        print(f"  ({note})")
    if result.left_out:
        print(f"  (not installed, so left out: {', '.join(result.left_out)})")
    print(flush=True)


def plain(results: Iterable[Result]) -> str:
    """The results as JSON, times in seconds."""
    body = {"machine": machine(), "results": msgspec.to_builtins(list(results))}
    return json.dumps(body, ensure_ascii=False, indent=1)


def options() -> argparse.Namespace:
    """`--json` and `--small`, for every script."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", action="store_true", help="JSON on standard output")
    parser.add_argument("--small", action="store_true", help="tiny sizes: only to see that it runs")
    return parser.parse_args()


def main(measure: Callable[[Sizes], Result]) -> None:
    """Run one benchmark as a script."""
    given = options()
    result = measure(Sizes(small=given.small))
    if given.json:
        sys.stdout.write(plain([result]) + "\n")
    else:
        show(result)
