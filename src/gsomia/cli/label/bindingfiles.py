"""The files that commands on bindings read: a file, what stands beside it, and certificates."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from hashlib import new as new_hash
from pathlib import Path
from typing import TYPE_CHECKING

from gsomia.faults import shown

if TYPE_CHECKING:
    from cryptography import x509

    from gsomia.documents.bound import Folder
    from gsomia.documents.signing import Data

MAX_KEY_FILE = 1 << 16


class _File:
    """A file beside a binding, as data."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def digest(self, algorithm: str, /) -> bytes:
        from gsomia.cli.files import open_source

        source, _ = open_source(self._path, shown(self._path.name))
        hasher = new_hash(algorithm)
        with closing(source):
            while chunk := source.read(1 << 20):
                hasher.update(chunk)
        return hasher.digest()

    def read(self, limit: int, /) -> bytes:
        from gsomia.cli.files import read_small

        return read_small(self._path, shown(self._path.name), limit)


def _beside(folder: Path, name: str) -> Path | None:
    """The plain file of a name, however its letters are composed; or None."""
    import unicodedata

    for form in ("NFC", "NFD"):
        path = folder / unicodedata.normalize(form, name)
        try:
            if path.is_file():
                return path
        except (OSError, ValueError):
            continue
    return None


def folder_of(path: Path) -> Folder:
    """The files in a folder, opened as they are asked for."""
    from gsomia.cli.files import read_small
    from gsomia.documents.bound import Folder
    from gsomia.marking.binding.xmp import LIMITS

    def read(name: str) -> bytes | None:
        found = _beside(path, name)
        return None if found is None else read_small(found, shown(name), LIMITS.size)

    def data(name: str) -> Data | None:
        found = _beside(path, name)
        return None if found is None else _File(found)

    return Folder(read, data)


def whole(path: Path) -> bytes | None:
    """The file, if it may hold a binding; None for any other, however large."""
    from gsomia.cli.files import open_source, read_small
    from gsomia.documents.bound import looks_inside
    from gsomia.documents.embedded import format_of
    from gsomia.documents.kinds import MAX_FILE
    from gsomia.marking.binding.xmp import LIMITS

    where = shown(str(path))
    source, size = open_source(path, where)
    with closing(source):
        head = source.read(256)
    if not looks_inside(head) or (format_of(head) is None and size > LIMITS.size):
        return None
    return read_small(path, where, MAX_FILE)


def certificates(paths: Sequence[Path] | None) -> list[x509.Certificate]:
    """The certificates in PEM files. Raises `BadInput`."""
    from gsomia.cli.files import read_small
    from gsomia.documents.signing import load_certificates

    found = []
    for path in paths or ():
        where = shown(str(path))
        found += load_certificates(read_small(path, where, MAX_KEY_FILE), where)
    return found
