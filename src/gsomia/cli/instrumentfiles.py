"""Files of instruments that a desk names on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gsomia.agreement import Instrument
    from gsomia.agreement.instrumentfile import InstrumentForm


def read_instruments(file: Path) -> tuple[str, list[Instrument]]:
    """The agreement and the instruments of a file.

    Their form is checked here; whether each can be recorded beside what is on
    record, the node says. Raises `BadInput`.
    """
    name, found = _read_file(file)
    return name, [one for _, one in found]


def read_forms(file: Path) -> tuple[str, list[InstrumentForm]]:
    """The same as the file writes them, checked as well."""
    name, found = _read_file(file)
    return name, [form for form, _ in found]


def _read_file(file: Path) -> tuple[str, list[tuple[InstrumentForm, Instrument]]]:
    from gsomia.agreement import yamldoc
    from gsomia.agreement.instrumentfile import InstrumentsFile, read_instrument
    from gsomia.cli.files import read_small

    document = yamldoc.read(read_small(file, "instruments"), file.name)
    content = document.convert(InstrumentsFile, "a file of instruments")
    return content.agreement, [
        (form, read_instrument(form, document, ("instruments", index)))
        for index, form in enumerate(content.instruments)
    ]
