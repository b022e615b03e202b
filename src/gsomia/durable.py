"""Small durable steps on files, for whatever keeps something on the disk."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

FLUSHES_AT_ONCE = 8
"""A file system writes its log once for flushes that wait together."""

T = TypeVar("T")


def at_once(flush: Callable[[T], None], what: Iterable[T]) -> None:
    """Call `flush` for each, several at the same time; all have returned when this returns.

    Raises the first error, in the order given.
    """
    each = list(what)
    if len(each) < 2:
        for one in each:
            flush(one)
        return
    with ThreadPoolExecutor(min(len(each), FLUSHES_AT_ONCE), "flush") as pool:
        for done in [pool.submit(flush, one) for one in each]:
            done.result()


def fsync_folder(folder: Path) -> None:
    """Make the names in `folder` durable: files created, renamed or removed in it."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def make_folder(folder: Path) -> None:
    """Make `folder` (mode 0700) and its name durable, unless it is there."""
    make_folders([folder])


def make_folders(folders: Iterable[Path]) -> None:
    """As `make_folder` of each; the folder above them is flushed once."""
    above = set()
    for folder in folders:
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            above.add(folder.parent)
    for one in above:
        fsync_folder(one)
