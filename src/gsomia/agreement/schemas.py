"""JSON Schemas of the files people write: packs, instruments, catalogue entries.

Made from the types that the strict readers use, so that the two cannot part. A file that
its schema refuses is refused here too; not the other way round: what only a whole file
shows (articles that exist, tables that do not overlap) is for `gsomia agreement check`.
"""

from __future__ import annotations

from typing import Any

import msgspec

from gsomia.agreement.catalogue.model import Entry
from gsomia.agreement.instrumentfile import InstrumentsFile
from gsomia.agreement.model import Pack
from gsomia.faults import BadInput, shown

FORMS: dict[str, type[msgspec.Struct]] = {
    "pack": Pack,
    "instruments": InstrumentsFile,
    "entry": Entry,
}


def schema(form: str) -> dict[str, Any]:
    """The schema (JSON Schema 2020-12) of `pack`, `instruments` or `entry`. Raises `BadInput`."""
    if form not in FORMS:
        raise BadInput("one of " + ", ".join(FORMS), shown(form), "form")
    made = msgspec.json.schema(FORMS[form])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:gsomia:schema:{form}:v1",
        **made,
    }
