"""Two agreements side by side, field by field: entries of the catalogue, or packs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from gsomia.agreement.catalogue.model import FLAG_OF, Entry, Flag, Row, flag
from gsomia.agreement.catalogue.reading import entry as shipped_entry
from gsomia.agreement.model import LevelRow, Pack
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


WORDED = ("entry_rule", "residual")
"""What an entry has in the words of its source, and a pack as a rule or an article."""


class Compared(msgspec.Struct, frozen=True):
    """One field of two agreements, as plain values; null where it is not known.

    `same` is null unless both are known: what is not known is neither like nor unlike.
    Two texts are the same if they are equal; that two wordings mean one thing, or a wording
    and a rule, a person must say. A flag is null for a field that carries none.
    """

    field: str
    a: Any
    b: Any
    a_flag: Flag | None
    b_flag: Flag | None
    same: bool | None


def compare(a: Entry | Pack | str, b: Entry | Pack | str) -> tuple[Compared, ...]:
    """Every field of `FIELDS` of two agreements: entries, packs, or ids of shipped entries.

    Of a pack it takes what an entry can have, each with the flag that stands beside it in the
    pack: of its level tables the newest. A pack has no papers, so no dates. Compares
    what is recorded, and says nothing of which is stricter. Raises `BadInput` for an unknown id.
    """
    one, two = (_facts(shipped_entry(x) if isinstance(x, str) else x) for x in (a, b))
    worded = WORDED if one.of_pack != two.of_pack else ()
    return tuple(_field(one, two, name, worded) for name in FIELDS)


def plain(entry: Entry) -> dict[str, Any]:
    """An entry as plain JSON values, with the codes of its parties in short.

    What is not known is null, and an empty list says the same.
    """
    value: dict[str, Any] = builtins(entry)
    value["parties"] = [p.code for p in entry.parties]
    return value


class _Facts(msgspec.Struct, frozen=True):
    """What one side says: plain values by field, and the flags of those that carry one."""

    values: dict[str, Any]
    flags: dict[str, Flag]
    of_pack: bool

    def flag(self, name: str) -> Flag | None:
        """The flag of a fact. A null is not known, though its group of facts was read."""
        found = self.flags.get(name)
        return "none" if found is not None and self.values.get(name) is None else found


def _facts(source: Entry | Pack) -> _Facts:
    if isinstance(source, Pack):
        return _of_pack(source)
    flags = {n: f for n in FIELDS if (f := flag(source, n)) is not None}
    return _Facts({name: _value(source, name) for name in FIELDS}, flags, of_pack=False)


def _field(a: _Facts, b: _Facts, name: str, worded: tuple[str, ...]) -> Compared:
    mine, theirs = a.values.get(name), b.values.get(name)
    known = mine is not None and theirs is not None and name not in worded
    same = bool(mine == theirs) if known else None
    return Compared(name, mine, theirs, a.flag(name), b.flag(name), same)


# -- of a pack --------------------------------------------------------------------


def _of_pack(pack: Pack) -> _Facts:
    tables = sorted(pack.level_tables, key=lambda t: t.valid_from)
    table, notice = (tables[-1] if tables else None), pack.notice
    values = {
        "title": pack.title,
        "parties": sorted(pack.codes),
        "table_changed": table.valid_from.isoformat() if table and len(tables) > 1 else None,
        "entry_rule": pack.entry_into_force.rule,
        "duration": _duration(pack),
        "notice_days": _notice(pack),
        "residual": pack.residual.article,
        "equivalence": table and {"directed": False, "rows": _plain(table.rows), "directions": []},
        "source": pack.source,
    }
    flags: dict[str, Flag] = {
        **{n: "none" for n in FIELDS if n in FLAG_OF},
        "title": pack.verified,
        "table_changed": table.verified if table else "none",
        "entry_rule": pack.entry_into_force.verified,
        "duration": pack.duration.verified,
        "notice_days": pack.verified if notice is None else notice.verified,
        "residual": pack.residual.verified,
        "equivalence": table.verified if table else "none",
    }
    return _Facts(values, flags, of_pack=True)


def _duration(pack: Pack) -> dict[str, Any]:
    """As an entry has it; and `one_term` for what ends with its first term, which none has."""
    term, extension = pack.duration.term_years, pack.duration.extension_years
    kind = "open" if term is None else "one_term" if extension is None else "renewed"
    return {"kind": kind, "term_years": term, "extension_years": extension}


def _notice(pack: Pack) -> Any:
    """Days, as an entry has them; or months; or that no party can end it by notice."""
    if pack.notice is None:
        return "no_notice"
    return pack.notice.days or {"months": pack.notice.months}


# -- of an entry ------------------------------------------------------------------


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
    rows = _plain(table.rows)
    ways = [
        [d.provider, d.receiver, {m: list(o) for m, o in sorted(d.marks.items())}]
        for d in sorted(table.directions, key=lambda d: (d.provider, d.receiver))
    ]
    return {"directed": table.directed, "rows": rows, "directions": ways}


def _plain(rows: Iterable[Row | LevelRow]) -> dict[str, dict[str, list[str]]]:
    return {str(r.rank): {p: list(m) for p, m in sorted(r.marks.items())} for r in rows}
