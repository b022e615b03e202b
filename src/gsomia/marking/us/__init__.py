"""US marks: banner lines and portion marks, read, checked, written, rolled up.

IC Markings System Register and Manual, 31 December 2016, as released in 2021. Nothing here
classifies, releases or corrects: it says what a mark says, and which rule it breaks.
"""

from __future__ import annotations

from gsomia.marking.us.codes import GROUPS, UNREAD_GROUPS, VOCABULARY, Group, Vocabulary
from gsomia.marking.us.composing import banner, portion
from gsomia.marking.us.crossing import Arrival, arrival, banner_of, released
from gsomia.marking.us.grammar import parse_banner, parse_portion
from gsomia.marking.us.model import Compartment, Control, Kind, Level, Nuclear, UsMark
from gsomia.marking.us.notes import NOTES, Note, notes
from gsomia.marking.us.rollup import roll_up, withholds
from gsomia.marking.us.rules import RULES, Breach, check

__all__ = [
    "GROUPS",
    "NOTES",
    "RULES",
    "UNREAD_GROUPS",
    "VOCABULARY",
    "Arrival",
    "Breach",
    "Compartment",
    "Control",
    "Group",
    "Kind",
    "Level",
    "Note",
    "Nuclear",
    "UsMark",
    "Vocabulary",
    "arrival",
    "banner",
    "banner_of",
    "check",
    "notes",
    "parse_banner",
    "parse_portion",
    "portion",
    "released",
    "roll_up",
    "withholds",
]
