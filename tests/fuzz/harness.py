"""One harness for each parser of bytes that come from outside.

A harness gives the bytes to the parser, lets through what the parser may raise, and holds
what was accepted against the format's promise: most of all, that it is written again as the
same bytes. Any other exception is a bug, and is left to fail the test.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from gsomia.faults import BadInput, ProofFailed, Unavailable
from tests.fuzz.hostile import Spoil

VECTORS = Path(__file__).parents[1] / "vectors"
EXPECTED = (BadInput, ProofFailed, Unavailable)


class Harness(msgspec.Struct, frozen=True):
    """A parser under test.

    `parse` raises one of `EXPECTED`, or returns having checked what it accepted; `examples`
    are real inputs, each accepted; `ways` how to spoil them besides in their bytes.
    """

    parse: Callable[[bytes], object]
    examples: Sequence[bytes]
    ways: tuple[Spoil, ...] = ()

    def accepts(self, data: bytes) -> bool:
        """Whether the parser takes `data`. Fails with whatever it may not raise."""
        try:
            self.parse(data)
        except EXPECTED as error:
            said = str(error)
        else:
            return True
        # A message goes to a terminal, a log, or the other side: one line, and short.
        assert said.isprintable(), ascii(said)
        assert len(said) < 1000
        return False


def vector(path: str) -> bytes:
    """A stored example."""
    return (VECTORS / path).read_bytes()


def vectors(pattern: str) -> list[bytes]:
    """Stored examples by pattern, in the order of their names."""
    return [path.read_bytes() for path in sorted(VECTORS.glob(pattern)) if path.is_file()]


def text(data: bytes) -> str:
    """Bytes as the text that a command line would give: what is no UTF-8 becomes surrogates."""
    return data.decode("utf-8", "surrogateescape")
