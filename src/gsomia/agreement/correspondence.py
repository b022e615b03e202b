"""A pack's level tables as the dated relation that marks are looked up in."""

from __future__ import annotations

from gsomia.agreement import counting
from gsomia.agreement.model import LevelTable as PackTable
from gsomia.agreement.model import Pack
from gsomia.marking.equivalence import Equivalence, LevelTable


def equivalence_of(pack: Pack) -> Equivalence:
    """The relation of every table of a checked pack, each between its own two days."""
    return Equivalence(_table(pack, table) for table in pack.level_tables)


def _table(pack: Pack, table: PackTable) -> LevelTable:
    excluded: dict[str, dict[str, str]] = {}
    for one in table.excluded:
        known = pack.mark(one.mark)
        if known is not None:
            excluded.setdefault(known.party, {})[one.mark] = one.reason
    until = table.valid_until
    return LevelTable(
        valid_from=counting.midnight(table.valid_from, pack.zone),
        valid_until=None if until is None else counting.midnight(until, pack.zone),
        rows=tuple(row.marks for row in table.rows),
        excluded=excluded,
        article=table.article,
        source=table.source,
        verified=table.verified is True,
    )
