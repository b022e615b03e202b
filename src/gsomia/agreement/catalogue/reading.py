"""Reading entries: those that ship with the package, and any other file of the format."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Literal

import msgspec

from gsomia.agreement import yamldoc
from gsomia.agreement.catalogue.checks import entry_faults
from gsomia.agreement.catalogue.model import Entry, EntryKind
from gsomia.agreement.checking import raise_first
from gsomia.faults import BadInput, shown


class Codes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """ISO 3166-1: the alpha-3 code of each alpha-2 code that the entries' sources use."""

    format: Literal["gsomia/country-codes/v1"]
    source: str
    verified: bool
    alpha3: dict[str, str]


def load_entry(data: bytes, where: str) -> Entry:
    """Read an entry strictly and check that its facts agree with each other.

    What it says of other entries is not checked here, since they are not at hand; `check`
    does. Raises `BadInput` with the field and line for the first fault.
    """
    document = yamldoc.read(data, where)
    entry = document.convert(Entry, "a catalogue entry")
    raise_first(entry_faults(entry, alpha3()), document)
    return entry


@cache
def alpha3() -> dict[str, str]:
    """The table of country codes: alpha-2 to alpha-3."""
    data = resources.files(__package__).joinpath("codes.yaml").read_bytes()
    codes = yamldoc.read(data, "codes.yaml").convert(Codes, "a table of country codes")
    return codes.alpha3


@cache
def entry_ids() -> tuple[str, ...]:
    """The ids of the entries that come with the package, in order."""
    folder = resources.files(__package__).joinpath("entries")
    names = (f.name for f in folder.iterdir())
    return tuple(sorted(n.removesuffix(".yaml") for n in names if n.endswith(".yaml")))


@cache
def entry(entry_id: str) -> Entry:
    """The entry shipped under this id. Raises `BadInput` naming the nearest way to the ids."""
    if entry_id not in entry_ids():
        raise BadInput("an agreement of the catalogue; list it to see which", shown(entry_id))
    data = resources.files(__package__).joinpath("entries", f"{entry_id}.yaml").read_bytes()
    return load_entry(data, f"{entry_id}.yaml")


def entries() -> tuple[Entry, ...]:
    """Every entry that comes with the package, by id."""
    return tuple(entry(i) for i in entry_ids())


def listing(
    party: str | None = None, kind: str | None = None, among: Iterable[Entry] | None = None
) -> tuple[Entry, ...]:
    """The entries of a party, of a kind, or both, by id; all of them for neither.

    `party` is an alpha-3 or alpha-2 code, or an organisation as the source writes it; a state's
    ministries count with it. States that an entry names only as a group are not found.
    Raises `BadInput` for a kind that is none and a party that no entry names.
    """
    found = tuple(entries() if among is None else among)
    if kind is not None:
        kinds = [k.value for k in EntryKind]
        if kind not in kinds:
            raise BadInput(f"a kind: {', '.join(kinds)}", shown(kind), "kind")
    if party is not None:
        text = alpha3().get(party, party)
        found = tuple(e for e in found if e.concerns(text))
        if not found:
            raise BadInput("a party that an entry names", shown(party), "party")
    return tuple(e for e in found if kind is None or e.kind == kind)
