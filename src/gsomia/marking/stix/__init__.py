"""Markings of STIX 2.1: read, resolved for each object and property, and asked for a release."""

from __future__ import annotations

from gsomia.marking.handlingrules import RULES
from gsomia.marking.stix.effective import Effective, effective, markings_of, table
from gsomia.marking.stix.model import Definition, Granular, Kind, Marked, Package
from gsomia.marking.stix.reading import read
from gsomia.marking.stix.release import (
    Finding,
    GivenAway,
    Release,
    StixMarks,
    releasable,
    stix_marks,
)
from gsomia.marking.stix.writing import Written, bundle, extract, write

__all__ = [
    "RULES",
    "Definition",
    "Effective",
    "Finding",
    "GivenAway",
    "Granular",
    "Kind",
    "Marked",
    "Package",
    "Release",
    "StixMarks",
    "Written",
    "bundle",
    "effective",
    "extract",
    "markings_of",
    "read",
    "releasable",
    "stix_marks",
    "table",
    "write",
]
