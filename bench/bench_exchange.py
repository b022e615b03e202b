"""One item, and a hundred, between two real nodes over mutual TLS; the nodes' memory."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA87PrivateKey
from pair import Pair, pair
from timing import Result, Row, Sizes, alone, compare, main, once, per_second

from gsomia.exchange.keyparts import KemPrivate, open_transmittal_key, seal_transmittal_key
from gsomia.exchange.sealed import seal
from gsomia.keys.files import Rand

ITEM = 64 << 10
FLUSHES, SIGNATURES = 3, 2


class _Nowhere:
    def write(self, data: memoryview, /) -> int:
        return len(data)


def floor(folder: Path, rand: Rand = os.urandom) -> Callable[[], None]:
    """The limit: what any such exchange needs, with no network, books, rules or checks at all.

    The item encrypted once, one hybrid encapsulation and its opening, two
    ML-DSA-87 signatures and their verification, three flushes.
    """
    import io

    signer = MLDSA87PrivateKey.from_seed_bytes(rand(32))
    public = signer.public_key()
    kem = KemPrivate.from_seed(rand(32))
    content, key = rand(ITEM), rand(32)
    file = os.open(folder / "flushes", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def run() -> None:
        seal(io.BytesIO(content), _Nowhere(), key, rand(39), b"")  # type: ignore[arg-type]
        sealed = seal_transmittal_key(key, kem.public, b"")
        open_transmittal_key(sealed, kem, b"")
        for _ in range(SIGNATURES):
            public.verify(signer.sign(key), key)
        for _ in range(FLUSHES):
            os.write(file, content[:4096])
            os.fdatasync(file)

    return run


def singles(both: Pair, sizes: Sizes, limit: Callable[[], None]) -> tuple[list[Row], str]:
    """Items one at a time, and where their time goes."""
    requests = both.releases(sizes.of(15, 2), ITEM)
    sent, whole, limits, splits = [], [], [], []
    for request in requests:
        limits.append(once(limit))
        seconds, steps, number = both.send([request])
        both.quiet()
        accepted = both.accept(number)
        both.quiet()
        sent.append(seconds)
        splits.append(steps)
        whole.append(seconds + accepted)
    name = f"{SIGNATURES} signatures, {FLUSHES} flushes, no network"
    # 6 ms, where these same steps took 2.9 ms.
    rows = [
        compare("64 KiB item, order to delivery receipt", sent, name, limits, at_least=0.48),
        compare("  and registered, acceptance filed", whole, name, limits),
    ]
    middle = ", ".join(f"{k} {median(s[k] for s in splits) * 1e3:.1f}" for k in splits[0])
    return rows, f"order to receipt by the journals' clocks, median ms: {middle}"


def hundred(both: Pair, sizes: Sizes) -> list[Row]:
    """One transmittal of many small items."""
    count = sizes.of(100, 3)
    sent, accepted = [], []
    requests = both.releases(count, 1024)
    seconds, _, number = both.send(requests)
    both.quiet()
    sent.append(seconds)
    accepted.append(both.accept(number))
    items = per_second("items", count)
    return [
        alone(f"{count} items of 1 KiB in one transmittal, to receipt", sent, items),
        alone("  registered, acceptance filed", accepted, items),
        alone("  both", [sent[0] + accepted[0]], items, within=count / 5000),
    ]


def memory(both: Pair, what: str, limit: int = 0) -> Row:
    """What both processes had in memory at their highest."""
    found = both.kor.memory() + both.jpn.memory()
    goal, met = (f"≤ {limit} MiB", found <= limit) if limit else ("", None)
    return Row(what, f"{found} MiB", goal=goal, met=met)


def measure(sizes: Sizes) -> Result:
    """Both nodes are real processes; this one plays the officers."""
    with tempfile.TemporaryDirectory(prefix="gsomia-bench-") as name:
        folder = Path(name)
        limit = floor(folder)
        with pair(folder) as both:
            rows, note = singles(both, sizes, limit)
            rows.append(memory(both, f"memory of both nodes, {len(both.sent)} items", 300))
            rows += hundred(both, sizes)
            rows.append(memory(both, f"memory of both nodes, {len(both.sent)} items"))
    return Result("Exchange over mutual TLS, hybrid", tuple(rows), (), (note,))


if __name__ == "__main__":
    main(measure)
