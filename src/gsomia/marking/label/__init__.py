"""Confidentiality labels and clearances of STANAG 4774: read, written, checked,
and held against a policy.
"""

from __future__ import annotations

from gsomia.marking.label.compiled import Compiled, compiled
from gsomia.marking.label.model import Category, Clearance, Information, Label, Root, Value
from gsomia.marking.label.reading import from_element, is_label, read, read_clearance
from gsomia.marking.label.rules import Breach, check, check_clearance
from gsomia.marking.label.writing import to_element, write, write_clearance
from gsomia.marking.label.validity import clearance_validity, validity
from gsomia.marking.label.writing import write, write_clearance

__all__ = [
    "Breach",
    "Category",
    "Clearance",
    "Compiled",
    "Information",
    "Label",
    "Root",
    "Value",
    "check",
    "check_clearance",
    "from_element",
    "is_label",
    "read",
    "read_clearance",
    "to_element",
    "clearance_validity",
    "compiled",
    "read",
    "read_clearance",
    "validity",
    "write",
    "write_clearance",
]
