"""Small durable steps on files, for the shells in this folder."""

from __future__ import annotations

import os
from pathlib import Path


def fsync_folder(folder: Path) -> None:
    """Make the names in `folder` durable: files created, renamed or removed in it."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def make_folder(folder: Path) -> None:
    """Make `folder` (mode 0700) and its name durable, unless it is there."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        return
    fsync_folder(folder.parent)
