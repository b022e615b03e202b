"""Confidentiality labels and clearances of STANAG 4774: read, written, checked,
and held against a policy: what is valid, who may receive it, what a whole is labelled,
how it looks, and what it equals in another policy.
"""

from __future__ import annotations

from gsomia.marking.label.access import (
    ACCESS_RULES,
    ACCESS_RULES_GAPS_TAKEN,
    AccessCase,
    decide,
)
from gsomia.marking.label.alternative import (
    Choice,
    Discarded,
    Mapped,
    Obstacle,
    Option,
    Reference,
    Unmapped,
    label_for,
    reference_of,
)
from gsomia.marking.label.compiled import Compiled, compiled
from gsomia.marking.label.mapping import Mapper, map_label
from gsomia.marking.label.model import Category, Clearance, Information, Label, Root, Value
from gsomia.marking.label.phrases import Marker, Place, marking, markings
from gsomia.marking.label.reading import from_element, is_label, read, read_clearance
from gsomia.marking.label.rollup import RolledUp, Stopped, roll_up
from gsomia.marking.label.rules import Breach, check, check_clearance
from gsomia.marking.label.validity import clearance_validity, validity
from gsomia.marking.label.writing import to_element, write, write_clearance

__all__ = [
    "ACCESS_RULES",
    "ACCESS_RULES_GAPS_TAKEN",
    "AccessCase",
    "Breach",
    "Category",
    "Choice",
    "Clearance",
    "Compiled",
    "Discarded",
    "Information",
    "Label",
    "Mapped",
    "Mapper",
    "Marker",
    "Obstacle",
    "Option",
    "Place",
    "Reference",
    "RolledUp",
    "Root",
    "Stopped",
    "Unmapped",
    "Value",
    "check",
    "check_clearance",
    "clearance_validity",
    "compiled",
    "decide",
    "from_element",
    "is_label",
    "label_for",
    "map_label",
    "marking",
    "markings",
    "read",
    "read_clearance",
    "reference_of",
    "roll_up",
    "to_element",
    "validity",
    "write",
    "write_clearance",
]
