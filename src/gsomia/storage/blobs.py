"""Sealed bytes in a local folder, written once, found by name: large ones in a file each,
small ones together in one SQLite file.

Promises: a name is absent or names whole, durable bytes; a new blob is visible
under its name only after `keep`; whatever was not kept goes at the next start.

Does not look inside: the bytes are ciphertext, and `delete` erases nothing.
What makes content unreadable is the destruction of its key.
"""

from __future__ import annotations

import io
import os
import re
import tempfile
import threading
from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Self

from gsomia.durable import at_once, fsync_folder, make_folder, make_folders
from gsomia.faults import BadInput, Unavailable, shown
from gsomia.storage.small import SmallBlobs

_NAME = re.compile(r"[A-Za-z0-9._-]{1,128}")

SMALL = 128 << 10
"""Bytes up to which a blob is kept beside the other small ones, without a file of its own."""

IN_MEMORY = 16 << 10
"""Bytes up to which a new blob is written in memory: a transmittal may bring a thousand."""

_SMALL_FILE = "small.db"


class LocalBlobs:
    """Blobs in `folder`, which is made if it is missing (mode 0700).

    Names are 1 to 128 of `A-Z a-z 0-9 . _ -`, except `.` and `..`; any other is
    `BadInput`. A disk that is full or fails is `Unavailable`. Threads may share one.
    """

    def __init__(self, folder: Path | str) -> None:
        self._folder = Path(folder)
        self._temporary = self._folder / "tmp"
        self._unused: set[str] = set()
        self._lock = threading.Lock()
        with _outside("the blob folder cannot be made"):
            make_folder(self._folder)
            make_folder(self._temporary)
        self._small = SmallBlobs(self._folder / _SMALL_FILE)

    def __repr__(self) -> str:
        return f"LocalBlobs({str(self._folder)!r})"

    def create(self) -> NewBlob:
        """A new, empty, private blob to write to; nameless until kept."""
        return NewBlob(self)

    def temporary(self) -> tuple[Path, BinaryIO]:
        """A file for a blob that outgrows the memory it may have (mode 0600)."""
        fd, path = tempfile.mkstemp(dir=self._temporary)
        return Path(path), os.fdopen(fd, "w+b")

    def keep(self, new: Mapping[str, NewBlob]) -> None:
        """Make all these durable, each under its name, and close them.

        As `NewBlob.keep` of each, but the small ones in one transaction, the others
        flushed together and each folder once. If one fails, all of them are dropped;
        some may be kept already.
        """
        targets = {name: self.place(name) for name in new}
        try:
            with _outside("a blob cannot be written"):
                large = {name: blob for name, blob in new.items() if blob.size() > SMALL}
                self._keep_files(large, targets)
                self._keep_small({n: b for n, b in new.items() if n not in large}, targets)
        except BaseException:
            for blob in new.values():
                blob.drop()
            raise

    def _keep_files(self, new: Mapping[str, NewBlob], targets: Mapping[str, Path]) -> None:
        at_once(NewBlob.settle, new.values())
        make_folders(targets[name].parent for name in new)
        for name, blob in new.items():
            blob.move(name, targets[name])
            # A shorter one of this name would be found first.
            self._small.delete(name)
        at_once(fsync_folder, {targets[name].parent for name in new})

    def _keep_small(self, new: Mapping[str, NewBlob], targets: Mapping[str, Path]) -> None:
        if not new:
            return
        for name in new:
            self.spare(name)
        self._small.put((name, blob.whole()) for name, blob in new.items())
        for name, blob in new.items():
            blob.drop()
            # A longer one of this name is not needed; if it comes back, this one is found first.
            targets[name].unlink(missing_ok=True)

    def open(self, name: str) -> BinaryIO:
        """The blob's bytes, for reading. Raises `Unavailable` if there is none."""
        path, small = self.place(name), self._small.get(name)
        if small is not None:
            return io.BytesIO(small)
        with _outside("a blob cannot be read"):
            try:
                return path.open("rb")
            except FileNotFoundError:
                raise Unavailable(f"the blob {name} is missing", "Restore it from a copy") from None

    def exists(self, name: str) -> bool:
        """Whether there is a blob of this name."""
        path = self.place(name)
        return self._small.size(name) is not None or path.is_file()

    def size(self, name: str) -> int:
        """The blob's length in bytes. Raises `Unavailable` if there is none."""
        path, small = self.place(name), self._small.size(name)
        if small is not None:
            return small
        with _outside("a blob cannot be read"):
            try:
                return path.stat().st_size
            except FileNotFoundError:
                raise Unavailable(f"the blob {name} is missing", "Restore it from a copy") from None

    def delete(self, name: str) -> None:
        """Remove the blob, durably; nothing happens if there is none."""
        path = self.place(name)
        self._small.delete(name)
        with _outside("a blob cannot be removed"):
            try:
                path.unlink()
            except FileNotFoundError:
                return
            fsync_folder(path.parent)

    def sweep(self) -> int:
        """Remove what earlier runs left unkept, and say how many files that were.

        Only for the start, by the holder of the node's lock: it would also take
        what is being written now.
        """
        count = 0
        with _outside("the blob folder cannot be swept"):
            for path in self._temporary.iterdir():
                path.unlink(missing_ok=True)
                count += 1
        return count

    def suspect(self, needed: Container[str]) -> None:
        """Remember every blob that is not among `needed`, for `clear`. Only for the start."""
        unused = {name for name in self.names() if name not in needed}
        with self._lock:
            self._unused = unused

    def names(self) -> set[str]:
        """The names of all blobs."""
        with _outside("the blob folder cannot be read"):
            files = {path.name for path in self._folder.glob("[0-9a-f][0-9a-f]/*")}
        return files | self._small.names()

    def spare(self, name: str) -> None:
        """The blob is needed after all, or is being written again: `clear` leaves it alone."""
        with self._lock:
            self._unused.discard(name)

    def clear(self) -> int:
        """Remove the blobs that were suspected and not spared since; how many those were."""
        count = 0
        for name in tuple(self._unused):
            with self._lock:
                if name in self._unused:
                    self._unused.discard(name)
                    self.delete(name)
                    count += 1
        return count

    def backup(self, path: Path) -> None:
        """Copy the small blobs into a new file, while work goes on.

        A large blob is a file that never changes: any copy of it will do. Raises
        `BadInput` if `path` exists, `Unavailable` if it cannot be written.
        """
        self._small.backup(path)

    def close(self) -> None:
        """Let the file of the small blobs go; nothing is kept or read afterwards."""
        self._small.close()

    def place(self, name: str) -> Path:
        """Where a large blob of this name lies, or would. Raises `BadInput` for a bad name."""
        if not _NAME.fullmatch(name) or name in {".", ".."}:
            raise BadInput("a blob name of 1 to 128 letters, digits, . _ -", shown(name), "blob")
        # By digest, so that names with a common beginning still spread out.
        return self._folder / sha256(name.encode()).hexdigest()[:2] / name


class NewBlob:
    """A blob being written. As a context manager it is dropped unless it was kept.

    It lies in memory until it is too large for that, then in a private file. A write
    that fails, on a full disk for one, drops it and raises `Unavailable`.
    """

    def __init__(self, blobs: LocalBlobs) -> None:
        self._blobs = blobs
        self._path: Path | None = None
        self._file: BinaryIO = io.BytesIO()

    def write(self, data: bytes | bytearray | memoryview) -> int:
        """Append `data` at the present position; the number of bytes taken is all of them."""
        with self._or_drop():
            if self._path is None and self._file.tell() + len(data) > IN_MEMORY:
                self._spill()
            return self._file.write(data)

    def _spill(self) -> None:
        """Go on in a file."""
        written, position = self.whole(), self._file.tell()
        self._path, self._file = self._blobs.temporary()
        self._file.write(written)
        self._file.seek(position)

    def size(self) -> int:
        """The number of bytes written, wherever the position is; raises what the disk says."""
        position = self._file.tell()
        end = self._file.seek(0, os.SEEK_END)
        self._file.seek(position)
        return end

    def whole(self) -> bytes:
        """All that was written, wherever the position is; raises what the disk says."""
        position = self._file.tell()
        self._file.seek(0)
        data = self._file.read()
        self._file.seek(position)
        return data

    def read(self, size: int = -1) -> bytes:
        """Read back up to `size` bytes from the present position, all if negative."""
        with self._or_drop():
            return self._file.read(size)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move the position, and return it; as for any file."""
        with self._or_drop():
            return self._file.seek(offset, whence)

    def tell(self) -> int:
        """The present position, in bytes from the start."""
        return self._file.tell()

    def flush(self) -> None:
        """Hand what was written to the system; it is not durable before `keep`."""
        with self._or_drop():
            self._file.flush()

    def keep(self, name: str) -> None:
        """Make the bytes durable under `name`, at once and whole, and close the file.

        Replaces an earlier blob of that name, one left by a run that was
        stopped before its entry was committed. Raises `BadInput` for a bad name.
        """
        self._blobs.keep({name: self})

    def settle(self) -> None:
        """Make a file's bytes durable, not yet a name; a step of `LocalBlobs.keep`."""
        self._file.flush()
        os.fsync(self._file.fileno())

    def move(self, name: str, target: Path) -> None:
        """Give the file its name, not yet durably; a step of `LocalBlobs.keep`.

        That the old name in the temporary folder is gone need not be durable: the next
        start would sweep it.
        """
        self._blobs.spare(name)
        if self._path is not None:
            self._path.replace(target)
        self._file.close()

    def drop(self) -> None:
        """Close and remove it; nothing happens once it is kept or dropped."""
        with suppress(OSError):
            # Closing flushes, which fails again on a full disk.
            self._file.close()
        if self._path is not None:
            with suppress(OSError):
                self._path.unlink(missing_ok=True)

    @property
    def closed(self) -> bool:
        """Whether it was kept or dropped."""
        return self._file.closed

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.drop()

    @contextmanager
    def _or_drop(self) -> Iterator[None]:
        with _outside("a blob cannot be written"):
            try:
                yield
            except OSError:
                self.drop()
                raise


@contextmanager
def _outside(what: str) -> Iterator[None]:
    """Tell the disk's failures as `Unavailable`."""
    try:
        yield
    except OSError as error:
        raise Unavailable(what, error.strerror or "") from error
