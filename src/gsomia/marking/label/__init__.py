"""Confidentiality labels and clearances of STANAG 4774: read, written, and checked."""

from __future__ import annotations

from gsomia.marking.label.model import Category, Clearance, Information, Label, Root, Value
from gsomia.marking.label.reading import from_element, is_label, read, read_clearance
from gsomia.marking.label.rules import Breach, check, check_clearance
from gsomia.marking.label.writing import to_element, write, write_clearance

__all__ = [
    "Breach",
    "Category",
    "Clearance",
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
    "write",
    "write_clearance",
]
