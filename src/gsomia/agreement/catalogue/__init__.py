"""The catalogue: other agreements of the kind, as far as they are known, to list and compare.

Pure, but for reading the entries that are shipped with the package. The format:
`docs/formats/agreement-entry.md`. Nothing here is a ground for a transfer.
"""

from __future__ import annotations

from collections.abc import Iterable

from gsomia.agreement.catalogue.checks import check_entry, in_force_days
from gsomia.agreement.catalogue.compare import FIELDS, Compared, compare, plain
from gsomia.agreement.catalogue.levels import NO_ARTICLE, Correspondence, corresponding
from gsomia.agreement.catalogue.model import (
    FORMAT,
    Entry,
    EntryKind,
    EntryParty,
    Flag,
    PartyKind,
    Signing,
    Table,
    flag,
)
from gsomia.agreement.catalogue.reading import (
    alpha3,
    entries,
    entry,
    entry_ids,
    listing,
    load_entry,
)
from gsomia.agreement.checking import MAX_FAULTS, Fault, merged, refusal
from gsomia.agreement.model import FORMAT as PACK_FORMAT
from gsomia.agreement.packchecks import check_pack
from gsomia.agreement.survey import survey
from gsomia.agreement.yamldoc import UNREAD, Document, Path
from gsomia.faults import shown

__all__ = [
    "FIELDS",
    "FORMAT",
    "NO_ARTICLE",
    "Compared",
    "Correspondence",
    "Entry",
    "EntryKind",
    "EntryParty",
    "Fault",
    "Flag",
    "PartyKind",
    "Signing",
    "Table",
    "alpha3",
    "check",
    "compare",
    "corresponding",
    "entries",
    "entry",
    "entry_ids",
    "flag",
    "in_force_days",
    "listing",
    "load_entry",
    "plain",
]


def check(
    data: bytes,
    where: str,
    cited: Iterable[str] | None = None,
    others: Iterable[Entry] | None = None,
    *,
    to_run: bool = True,
) -> tuple[Fault, ...]:
    """Every fault of a pack or of a catalogue entry, by line; none for a good one.

    The file's `format` says which it is. `cited` and `to_run`: what rules outside a pack cite
    (see `check_pack`). `others`: the entries that an entry may name, those shipped unless given.
    What could not be read, or is of a wrong type, is left out: nothing that rests on it is told,
    and everything else is. Of a file that is no YAML, each field of the top level is read by
    itself, and a fault says which lines nobody has looked at.
    """
    document, faults = survey(data, where, MAX_FAULTS)
    of_yaml = tuple(refusal(fault) for fault in faults)
    if document is None:
        return of_yaml
    return merged(of_yaml, _checked(document, cited, others, to_run))


def _checked(
    document: Document,
    cited: Iterable[str] | None,
    others: Iterable[Entry] | None,
    to_run: bool,
) -> tuple[Fault, ...]:
    value = document.value
    format_ = value.get("format") if isinstance(value, dict) else None
    if value is UNREAD or format_ is UNREAD or (format_ is None and not document.whole):
        return ()
    if format_ == PACK_FORMAT:
        return check_pack(document, cited, to_run=to_run)
    if format_ == FORMAT:
        return check_entry(document, alpha3(), entries() if others is None else others)
    expected = f"format: {PACK_FORMAT}, or {FORMAT}"
    path: Path = ("format",)
    got = "no format" if format_ is None else shown(format_)
    return (Fault(expected, got, document.at(path), document.line(path)),)
