"""Files that people write: packs, catalogue entries, instruments, marks; and files of keys."""

from __future__ import annotations

import os
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from gsomia import canon
from gsomia.agreement import agreed_digest, agreed_part
from gsomia.agreement.catalogue import check, load_entry
from gsomia.agreement.checking import MAX_FAULTS
from gsomia.agreement.difference import read_agreed
from gsomia.agreement.hypothesis import suppose
from gsomia.agreement.hypothesisfile import read_hypothesis
from gsomia.agreement.instrumentfile import load_instruments, shipped_instruments
from gsomia.agreement.pack import load_pack, shipped, shipped_file, shipped_ids
from gsomia.agreement.provisions import provisions_of
from gsomia.cli.instrumentfiles import read_instruments
from gsomia.desk.amending import check_amended
from gsomia.faults import BadInput
from gsomia.keys.officer import export_public
from gsomia.keys.vault import KeyFile, Vault
from gsomia.marking import SCHEMES, Unread, read
from gsomia.node.articles import cited
from gsomia.provisions import CITATION
from tests.fuzz.harness import Harness, text, vector, vectors
from tests.fuzz.hostile import rekeyed, revalued

_ID = "rok-japan-2016"


def _pack(data: bytes) -> None:
    pack = load_pack(data, "pack.yaml")
    assert agreed_digest(pack).startswith("sha256:")
    assert not [f for f in check(data, "pack.yaml") if f.grade == "fault"]
    told = read_agreed(canon.encode(agreed_part(pack)).decode())
    assert canon.digest(canon.encode(told)) == agreed_digest(pack)
    # Whatever a pack states, a rule is cited by an article of it, or by none.
    places = provisions_of(pack)
    for provision in () if places.same else cited():
        number = CITATION.fullmatch(places.cite(provision))
        assert number is None or pack.article(int(number[1]))


def _amended(data: bytes) -> None:
    """What may follow a text differs from it, and has its parties and its beginning."""
    old, new = shipped(_ID), load_pack(data, "amended.yaml")
    check_amended(old, new, date(2026, 4, 1))
    assert agreed_digest(new) != agreed_digest(old)
    before, after = agreed_part(old), agreed_part(new)
    assert all(before[name] == after[name] for name in ("id", "parties", "duration", "notice"))


def _entry(data: bytes) -> None:
    load_entry(data, "entry.yaml")


def _check(data: bytes) -> None:
    """Raises nothing, ever; a report that is short, and by line."""
    try:
        faults = check(data, "file.yaml")
    except BadInput as error:
        raise AssertionError from error
    assert len(faults) <= MAX_FAULTS
    assert all(1 <= fault.line <= len(data) + 2 for fault in faults)
    assert all((f.expected + f.got + f.where).isprintable() for f in faults)


def _instruments(data: bytes) -> None:
    load_instruments(data, "instruments.yaml", shipped(_ID))


def _hypothesis(data: bytes) -> None:
    """What is read can be supposed, or it is told why not."""
    found = read_hypothesis(data, "hypothesis.yaml")
    supposed = suppose(shipped(_ID), shipped_instruments(_ID), found)
    assert supposed.stands_at


def _mark(data: bytes) -> None:
    """A text is a mark of the scheme, or it is told why not; it is never an error."""
    for scheme in SCHEMES.values():
        found = read(scheme, text(data))
        if isinstance(found, Unread):
            assert found.text.isprintable()
        else:
            assert found == scheme.level(found.mark)


# -- files ------------------------------------------------------------------------


@cache
def _folder() -> Path:
    """A folder for this process, removed at its end."""
    return Path(_kept().name)


@cache
def _kept() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="hostile-")


def _written(name: str, data: bytes) -> Path:
    path = _folder() / name
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    return path


def _instrument_file(data: bytes) -> None:
    """The same file as the command reads it, before the node has seen it."""
    read_instruments(_written("instruments.yaml", data))


def _officer_file(data: bytes) -> None:
    """The file as far as it is read without the passphrase, which takes its time on purpose."""
    statement = export_public(_written("officer.key", data))
    assert canon.encode(statement.decode()) in data


@cache
def _vault() -> tuple[Path, KeyFile, bytes]:
    folder, key = _folder() / "vault", KeyFile(_written("key", bytes(range(32))))
    Vault.create(folder, key, bytes)
    return folder, key, (folder / "vault").read_bytes()


def _vault_header(data: bytes) -> None:
    folder, key, right = _vault()
    _written("vault/vault", data)
    Vault.open(folder, key, bytes)
    assert data == right


_PACKS = [
    *vectors("agreement-pack/good/*.yaml"),
    *vectors("agreement-pack/renumbered/renumbered-exercise.yaml"),
    *(shipped_file(pack_id, ".yaml") for pack_id in shipped_ids()),
]
_TEXT = shipped_file(_ID, ".yaml")
_AMENDED = [
    _TEXT.replace(
        b"\nentry_into_force:",
        b"""
  - number: 22
    title: Added
    bound: [both]
    summary: Made up.
    source: made up
    verified: false

entry_into_force:""",
    ),
]
_ENTRIES = vectors("agreement-entry/good/*.yaml")
_BAD = [d for d in vectors("agreement-*/bad/*.yaml") if b": " in d]
_INSTRUMENTS = [shipped_file(_ID, ".instruments.yaml")]
_HYPOTHESES = [
    b"""format: gsomia/hypothesis/v1
agreement: rok-japan-2016
suppose:
  - {what: notice, by: KOR, at: 2026-06-01T10:00:00Z}
  - {what: end, at: 2026-06-02T10:00:00Z}
  - {what: row_removed, rank: 2, since: 2027-01-01}
  - {what: row_changed, rank: 3, since: 2027-01-01, marks: {KOR: [x], JPN: [y, z]}}
  - {what: new_party, code: USA, since: 2027-01-01}
""",
    b"""format: gsomia/hypothesis/v1
agreement: rok-japan-2016
suppose:
  - {what: lift_suspension, at: 2021-06-01T10:00:00Z}
""",
]
_MARKS = [
    mark.encode()
    for scheme in SCHEMES.values()
    for level in scheme.levels
    for mark in (level.mark, *level.aliases)
]

HARNESSES = {
    "pack": Harness(_pack, _PACKS, (rekeyed,)),
    "amended-pack": Harness(_amended, _AMENDED, (rekeyed,)),
    "entry-file": Harness(_entry, _ENTRIES, (rekeyed,)),
    "check": Harness(_check, [*_PACKS, *_ENTRIES, *_BAD], (rekeyed,)),
    "instruments": Harness(_instruments, _INSTRUMENTS, (rekeyed,)),
    "instrument-file": Harness(_instrument_file, _INSTRUMENTS, (rekeyed,)),
    "hypothesis": Harness(_hypothesis, _HYPOTHESES, (rekeyed,)),
    "mark": Harness(_mark, _MARKS),
    "officer-file": Harness(_officer_file, [vector("officer-key/officer.key")], (revalued,)),
    "vault-header": Harness(_vault_header, [_vault()[2]], (revalued,)),
}
