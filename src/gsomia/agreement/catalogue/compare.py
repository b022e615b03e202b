"""Two agreements of the catalogue side by side, field by field."""

from __future__ import annotations

from typing import Any

import msgspec

from gsomia.agreement.catalogue.model import Entry, Flag, flag
from gsomia.agreement.catalogue.reading import entry as shipped_entry
from gsomia.canon import builtins

FIELDS = (
    "kind",
    "title",
    "parties",
    "initialled",
    "signed",
    "ratified",
    "provisional",
    "in_force",
    "table_changed",
    "entry_rule",
    "duration",
    "notice_days",
    "third_party",
    "residual",
    "disputes",
    "scope",
    "hub",
    "equivalence",
    "published",
    "source",
)
"""The fields compared, in order."""


class Compared(msgspec.Struct, frozen=True):
    """One field of two entries, as plain values; null where it is not known.

    `same` is null unless both are known: what is not known is neither like nor unlike.
    Two texts are the same if they are equal; that two wordings mean one thing, a person
    must say. A flag is null for a field that carries none.
    """

    field: str
    a: Any
    b: Any
    a_flag: Flag | None
    b_flag: Flag | None
    same: bool | None


def compare(a: Entry | str, b: Entry | str) -> tuple[Compared, ...]:
    """Every field of `FIELDS` of two entries, given as such or by id.

    Compares what is recorded, and says nothing of which is stricter. Raises `BadInput`
    for an unknown id.
    """
    one, two = (shipped_entry(e) if isinstance(e, str) else e for e in (a, b))
    return tuple(_field(one, two, name) for name in FIELDS)


def plain(entry: Entry) -> dict[str, Any]:
    """An entry as plain JSON values, with the codes of its parties in short.

    What is not known is null, and an empty list says the same.
    """
    value: dict[str, Any] = builtins(entry)
    value["parties"] = [p.code for p in entry.parties]
    return value


def _field(a: Entry, b: Entry, name: str) -> Compared:
    mine, theirs = _value(a, name), _value(b, name)
    same = None if mine is None or theirs is None else bool(mine == theirs)
    return Compared(name, mine, theirs, _flag(a, name, mine), _flag(b, name, theirs), same)


def _flag(entry: Entry, name: str, value: Any) -> Flag | None:
    """The flag of a fact. A null is not known, though its group of facts was read."""
    found = flag(entry, name)
    return "none" if found is not None and value is None else found


def _value(entry: Entry, name: str) -> Any:
    if name == "parties":
        return sorted(p.code for p in entry.parties)
    if name == "equivalence":
        return _table(entry)
    return builtins(getattr(entry, name)) or None


def _table(entry: Entry) -> Any:
    """The table without what only explains it."""
    table = entry.equivalence
    if table is None:
        return None
    if table.same_as is not None:
        return {"same_as": table.same_as}
    rows = {str(r.rank): {p: list(m) for p, m in sorted(r.marks.items())} for r in table.rows}
    ways = [
        [d.provider, d.receiver, {m: list(o) for m, o in sorted(d.marks.items())}]
        for d in sorted(table.directions, key=lambda d: (d.provider, d.receiver))
    ]
    return {"directed": table.directed, "rows": rows, "directions": ways}
