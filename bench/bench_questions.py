"""Questions to the agreement, and what the command line costs to start."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime

from timing import Result, Sizes, alone, compare, interleaved, main, once

from gsomia.agreement.correspondence import equivalence_of
from gsomia.agreement.pack import shipped
from gsomia.fold import State
from gsomia.node.grounds import Agreement

NAME = "rok-japan-2016"
AT = datetime(2019, 9, 1, tzinfo=UTC)
ASK = ["equivalent", "--agreement", NAME, "--from", "KOR", "--to", "JPN", "군사II급비밀", "--json"]


def measure(sizes: Sizes) -> Result:
    """The shipped agreement with its real instruments."""
    agreement, state = Agreement(NAME), State()
    equivalence = equivalence_of(shipped(NAME))

    def equivalent() -> object:
        return equivalence.corresponding("KOR", "JPN", "군사II급비밀", AT)

    found = interleaved(
        sizes,
        lambda: agreement.status(AT, state),
        equivalent,
        lambda: agreement.ground(AT, state, "KOR"),
    )

    def run(*arguments: str) -> float:
        command = [sys.executable, *arguments]
        return once(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL))

    runs = [(run("-m", "gsomia", *ASK), run("-c", "pass")) for _ in range(sizes.of(9, 2))]
    rows = (
        alone("status of the agreement at an instant", found[0]),
        alone("marks that correspond to a mark", found[1]),
        alone("the whole ground of an act", found[2]),
        compare(
            "command `gsomia equivalent`, start to end",
            [ours for ours, _ in runs],
            "Python itself (limit)",
            [limit for _, limit in runs],
        ),
    )
    return Result("Questions", rows)


if __name__ == "__main__":
    main(measure)
