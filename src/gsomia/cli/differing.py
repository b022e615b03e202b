"""Where two records of an agreement differ, in the user's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gsomia.cli.words import Words

_NAMED = frozenset({"record", "kind", "channel"})


def difference_rows(words: Words, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows of `differences`, for a table: fields, kinds and moments as people say them."""
    return [
        {
            "instrument": row["instrument"],
            "field": words.label(row["field"]),
            "ours": _told(words, row["field"], row["ours"]),
            "theirs": _told(words, row["field"], row["theirs"]),
        }
        for row in rows
    ]


def _told(words: Words, field: str, value: Any) -> Any:
    if isinstance(value, str) and field in _NAMED:
        return words.label(words.value("kind", value))
    if isinstance(value, Mapping) and set(value) == {"earliest", "latest"}:
        first, last = value["earliest"], value["latest"]
        return first if first == last else f"{first} – {last}"
    return value
