"""Files that commands read and write: private, new, and whole or not at all."""

from __future__ import annotations

import io
import os
import secrets
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from gsomia.faults import BadInput, Unavailable, shown

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MAX_PASSPHRASE_FILE = 4096
MAX_STATEMENT_FILE = 1 << 21
MAX_IN_MEMORY = 64 << 20
"""Bytes of content that may go to a pipe: it is held until all of it has been proved."""


def _why(error: OSError) -> str:
    return (error.strerror or "an error").lower()


@contextmanager
def _reading(path: Path, where: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        got = f"{shown(str(path))}: {_why(error)}"
        raise BadInput("a file that can be read", got, where) from None


class _Plain(io.FileIO):
    """A file whose disk may fail while it is read: `BadInput`, then as on opening it."""

    def __init__(self, handle: int, path: Path, where: str) -> None:
        super().__init__(handle, "rb")
        self._held = (path, where)

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        with _reading(*self._held):
            return super().readinto(buffer)

    def readall(self) -> bytes:
        with _reading(*self._held):
            return super().readall()


def _opened(path: Path, where: str) -> BinaryIO:
    """A plain file, open for reading. It and its reading raise `BadInput`."""
    try:
        with _reading(path, where):
            # Without O_NONBLOCK a pipe in the file's place would hold us for ever.
            handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except ValueError:
        raise BadInput("a file's name", "one with a zero byte", where) from None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise BadInput("a plain file", f"{shown(str(path))}, which is none", where)
    return io.BufferedReader(_Plain(handle, path, where))


def read_small(path: Path, where: str, limit: int = MAX_STATEMENT_FILE) -> bytes:
    """A whole file of at most `limit` bytes. Raises `BadInput`."""
    with _opened(path, where) as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise BadInput(f"at most {limit} bytes", "more", where)
    return data


def open_source(path: Path, where: str) -> tuple[BinaryIO, int]:
    """A file to be sent, and its size in bytes. The caller closes it. Raises `BadInput`."""
    file = _opened(path, where)
    return file, os.fstat(file.fileno()).st_size


def read_passphrase(path: Path) -> str:
    """The passphrase in a file that only its owner can read; one line feed at its end is dropped.

    Raises `BadInput`.
    """
    where = "passphrase file"
    with _opened(path, where) as file:
        mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
        if mode & 0o077:
            raise BadInput(
                "a file that only its owner can read (mode 0600)", f"mode {mode:04o}", where
            )
        data = file.read(MAX_PASSPHRASE_FILE + 1)
    if len(data) > MAX_PASSPHRASE_FILE:
        raise BadInput(f"at most {MAX_PASSPHRASE_FILE} bytes", "more", where)
    try:
        return data.decode().removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        raise BadInput("text in UTF-8", "other bytes", where) from None


def check_new(path: Path) -> None:
    """Raise `BadInput` unless a file can be made there without replacing anything."""
    try:
        taken, folder = path.is_symlink() or path.exists(), path.parent.is_dir()
    except OSError as error:  # as of a name that is too long
        raise BadInput("a new file", f"{shown(str(path))}: {_why(error)}", "-o") from None
    if taken:
        raise BadInput("a new file: nothing is overwritten", shown(str(path)), "-o")
    if not folder:
        raise BadInput("a folder that exists", shown(str(path.parent)), "-o")


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    """For a disk that is full, or fails: `Unavailable`."""
    try:
        yield
    except OSError as error:
        raise Unavailable(f"{shown(str(path))} cannot be written: {_why(error)}") from None


def write_out(path: Path, chunks: Iterable[bytes]) -> int:
    """Write a new file (mode 0600), whole or not at all; its size in bytes.

    Nothing is left if `chunks` raises or the disk is full (`Unavailable`), and nothing is
    overwritten: `BadInput`.
    """
    check_new(path)
    part = _part(path)
    size = 0
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise BadInput("a folder to write in", _why(error), "-o") from None
    try:
        with _writing(path), os.fdopen(handle, "wb") as file:
            for chunk in chunks:
                file.write(chunk)
                size += len(chunk)
            file.flush()
            os.fsync(handle)
        with _writing(path):
            _name(part, path)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()
    return size


def _part(path: Path) -> Path:
    """The name of a file until it is whole. A name's bytes are bounded, and CJK has three each."""
    return path.with_name(f".{path.name[:40]}.{secrets.token_hex(8)}.part")


def _name(part: Path, path: Path) -> None:
    """Give a finished file its name, unless somebody else took it meanwhile."""
    try:
        os.link(part, path)
    except FileExistsError:
        raise BadInput("a new file: nothing is overwritten", shown(str(path)), "-o") from None
    except OSError:  # a file system without links
        check_new(path)
        part.rename(path)


def write_folder(folder: Path, files: Iterable[tuple[str, bytes]]) -> int:
    """Write files into a new folder (mode 0700), all or nothing; how many.

    Each path stays below the folder. Raises `BadInput`, and `Unavailable` for a full disk.
    """
    check_new(folder)
    part = _part(folder)
    count = 0
    try:
        with _writing(folder):
            part.mkdir(mode=0o700)
            for name, data in files:
                path = part / name
                if ".." in Path(name).parts or Path(name).is_absolute():
                    raise BadInput("a plain relative path", shown(name), "files")
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                path.write_bytes(data)
                count += 1
            check_new(folder)
            part.rename(folder)
    finally:
        if part.exists():
            import shutil

            shutil.rmtree(part)
    return count


def check_sink(out: Path | None) -> None:
    """Raise `BadInput` unless content can go to `out`, or to a pipe."""
    if out is not None:
        check_new(out)
    elif sys.stdout.isatty():
        raise BadInput("-o FILE, or a pipe: content is not shown on a terminal", "neither", "-o")


def write_pipe(chunks: Iterable[bytes]) -> int:
    """Hold content until all of it has come and been proved, then write it to the pipe."""
    held = bytearray()
    for chunk in chunks:
        held += chunk
        if len(held) > MAX_IN_MEMORY:
            raise BadInput(f"-o FILE for content over {MAX_IN_MEMORY} bytes", "a pipe", "-o")
    sys.stdout.buffer.write(held)
    sys.stdout.buffer.flush()
    return len(held)
