"""Security policies as files: the open XML SPIF, versions 1.0 to 2.1, read and written."""

from __future__ import annotations

from gsomia.marking.spif.levels import Issue, has_terms, level_table, policies
from gsomia.marking.spif.model import Direction, Loaded, Policy, Repair, Sense
from gsomia.marking.spif.reading import read
from gsomia.marking.spif.writing import digest, write

__all__ = [
    "Direction",
    "Issue",
    "Loaded",
    "Policy",
    "Repair",
    "Sense",
    "digest",
    "has_terms",
    "level_table",
    "policies",
    "read",
    "write",
]
