"""The process in which one file of others is opened: bounded, and gone afterwards.

Standard input: one line of JSON (`Job`), then the file. Standard output: one line of
JSON (`Reply`), then the stamped file if there is one. Nothing else is read or written.
"""

from __future__ import annotations

import resource
import sys
import traceback

import msgspec

from gsomia.documents.finding import Wanted, find_here
from gsomia.documents.places import Found, Read
from gsomia.documents.reading import Sought, read_here
from gsomia.documents.stamping import Asked, stamp_here
from gsomia.faults import BadInput, Unavailable
from gsomia.shapes import from_json

MEMORY = 3 << 30
"""Bytes of address space."""
SECONDS = 120
"""Of processor time."""


class Job(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to do with the file: one of the three."""

    stamp: Asked | None = None
    read: Sought | None = None
    find: Wanted | None = None


class Reply(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How it went: `done`, `bad_input`, `unavailable` or `bug`, and the parts of the error."""

    outcome: str
    kind: str = ""
    read: Read | None = None
    found: Found | None = None
    parts: tuple[str, ...] = ()


INSTALL = "Install it: pip install 'gsomia[documents]'"


def bound() -> None:
    """Take away what no file may make a library do: memory, time, files, a core dump."""
    for what, limit in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_AS, MEMORY),
    ):
        _, hard = resource.getrlimit(what)
        held = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(what, (held, held))


def answer(line: bytes, data: bytes) -> tuple[Reply, bytes]:
    """Do one job. Never raises."""
    try:
        return _done(from_json(line, Job), data)
    except BadInput as error:
        return Reply("bad_input", parts=(error.expected, error.got, error.where)), b""
    except Unavailable as error:
        return Reply("unavailable", parts=(error.what, error.hint)), b""
    except ModuleNotFoundError as error:
        if (error.name or "gsomia").startswith("gsomia"):
            raise
        return Reply("unavailable", parts=(f"{error.name} is not installed", INSTALL)), b""
    except MemoryError:
        return Reply("memory"), b""
    except Exception as error:  # noqa: BLE001  told to the parent, without its words
        frames = traceback.extract_tb(error.__traceback__)
        rows = (f"{f.filename}:{f.lineno} in {f.name}" for f in frames)
        return Reply("bug", parts=(type(error).__qualname__, *rows)), b""


def _done(job: Job, data: bytes) -> tuple[Reply, bytes]:
    if job.stamp is not None:
        kind, made = stamp_here(data, job.stamp)
        return Reply("done", kind.value), made
    if job.read is not None:
        return Reply("done", read=read_here(data, job.read)), b""
    if job.find is not None:
        return Reply("done", found=find_here(data, job.find)), b""
    raise ValueError("a job without anything to do")


def main() -> None:
    """One file."""
    bound()
    reply, made = answer(sys.stdin.buffer.readline(), sys.stdin.buffer.read())
    sys.stdout.buffer.write(msgspec.json.encode(reply) + b"\n")
    sys.stdout.buffer.write(made)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
