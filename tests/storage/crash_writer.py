"""A program that commits batches until it is killed, and says after each that it is done.

Run by `test_crash.py`: `crash_writer.py <database> <entries a batch>`. Batch n
holds its entries (with openings), a document that names the book's size, a
checkpoint, and the disposal of the content of the entries of the batch before.
"""

from __future__ import annotations

import sys
from hashlib import sha256
from pathlib import Path

from gsomia.journal.rows import Batch, EntryRow, OpeningRow
from gsomia.storage.sqlite import SqliteStore


def row(index: int) -> EntryRow:
    """The entry at `index`: all of it follows from the number."""
    openings = (
        OpeningRow("number", "register", b"s%d" % index, b"v" * 50),
        OpeningRow("title", "content", b"t%d" % index, b"w" * (index % 3000)),
    )
    entry = b"entry %d" % index
    return EntryRow("book", index, "k", "t", entry, sha256(entry).digest(), openings)


def batch(start: int, size: int) -> Batch:
    """The batch that takes the book from `start` to `start + size`."""
    end = start + size
    return Batch(
        entries=[row(index) for index in range(start, end)],
        docs=[("head", "book", b"%d" % end), ("batch", f"{start}", b"x" * 2000)],
        checkpoints=[("book", end, b"note %d" % end)],
        disposals=[("book", index, "content") for index in range(max(0, start - size), start)],
        meta=[("head", b"%d" % end)],
    )


def main() -> None:
    path, size = Path(sys.argv[1]), int(sys.argv[2])
    with SqliteStore(path) as store:
        start = store.heads().get("book", 0)
        while True:
            store.commit(batch(start, size))
            start += size
            print(start, flush=True)


if __name__ == "__main__":
    main()
