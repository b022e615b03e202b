"""Reading an agreement pack, checking it, and the digest of what both sides agree on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from gsomia import canon
from gsomia.agreement import yamldoc
from gsomia.agreement.checking import raise_first
from gsomia.agreement.model import LevelTable, Pack
from gsomia.agreement.packchecks import pack_faults
from gsomia.faults import BadInput, shown


def load_pack(data: bytes, where: str) -> Pack:
    """Read a pack strictly and check that its parts agree with each other.

    `where` names the file in messages. Raises `BadInput` with the field and line for
    anything malformed, unknown, or inconsistent. Reads nothing else and trusts nothing.
    """
    document = yamldoc.read(data, where)
    pack = document.convert(Pack, "an agreement pack")
    raise_first(pack_faults(pack), document)
    return pack


@cache
def shipped(pack_id: str) -> Pack:
    """The pack shipped under this id. Raises `BadInput` naming the known ids."""
    return load_pack(shipped_file(pack_id, ".yaml"), f"{pack_id}.yaml")


def shipped_ids() -> tuple[str, ...]:
    """The ids of the packs that come with the package, in order."""
    names = (f.name for f in resources.files("gsomia.agreement").joinpath("packs").iterdir())
    return tuple(sorted(n.removesuffix(".yaml") for n in names if _is_pack(n)))


def shipped_file(pack_id: str, suffix: str) -> bytes:
    """A file of a shipped pack: `.yaml` or `.instruments.yaml`. Raises `BadInput`."""
    known = shipped_ids()
    if pack_id not in known:
        raise BadInput(f"an agreement: {', '.join(known)}", shown(pack_id))
    folder = resources.files("gsomia.agreement").joinpath("packs")
    return folder.joinpath(pack_id + suffix).read_bytes()


def _is_pack(name: str) -> bool:
    return name.endswith(".yaml") and not name.endswith(".instruments.yaml")


# -- the agreed part ------------------------------------------------------------


def agreed_part(pack: Pack) -> dict[str, Any]:
    """What two nodes must hold in common: names, roles, article numbers, counting, levels.

    Readings, summaries, sources, `verified` flags, reasons, aliases, explanations of
    excluded marks, practice, channels, forms and profiles stay local and are left out.
    Lists whose order means nothing are sorted. `provisions` is there if the pack has any.
    """
    duration, notice = pack.duration, pack.notice
    stated = _sorted([p.rule, p.article] for p in pack.provisions)
    return {
        **({"provisions": stated} if stated else {}),
        "format": pack.format,
        "id": pack.id,
        "parties": sorted(pack.codes),
        "utc_offset": pack.utc_offset,
        "authorities": _sorted(
            [a.party, a.role, a.id, _day(a.valid_from), _day(a.valid_until)]
            for a in pack.authorities
        ),
        "articles": sorted(a.number for a in pack.articles),
        "entry_into_force": [pack.entry_into_force.article, pack.entry_into_force.rule],
        "duration": [duration.article, duration.term_years, duration.extension_years],
        "notice": notice
        and [
            notice.article,
            notice.days,
            notice.months,
            notice.notice_reference,
            notice.period_end_day,
            notice.notice_event,
        ],
        "residual": pack.residual.article,
        "level_tables": _sorted(_agreed_table(t) for t in pack.level_tables),
    }


def agreed_digest(pack: Pack) -> str:
    """`sha256:` and hex: the digest two nodes compare before they exchange anything."""
    return canon.digest(canon.encode(agreed_part(pack)))


def _agreed_table(table: LevelTable) -> list[Any]:
    rows = _sorted(
        [row.rank, row.note, {party: sorted(marks) for party, marks in row.marks.items()}]
        for row in table.rows
    )
    return [_day(table.valid_from), _day(table.valid_until), rows]


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _sorted(values: Iterable[Any]) -> list[Any]:
    return sorted(values, key=canon.encode)
