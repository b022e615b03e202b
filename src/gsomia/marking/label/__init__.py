"""Confidentiality labels and clearances of STANAG 4774: read, written, and checked."""

from __future__ import annotations

from gsomia.marking.label.model import Category, Clearance, Information, Label, Root, Value
from gsomia.marking.label.reading import read, read_clearance
from gsomia.marking.label.rules import Breach, check, check_clearance
from gsomia.marking.label.writing import write, write_clearance

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
    "read",
    "read_clearance",
    "write",
    "write_clearance",
]
