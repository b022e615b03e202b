"""The fields of a Word file that fetch or run something (ECMA-376 part 1, 17.16).

A field's instruction is text that lies in any number of runs. Word reads its first word when it
updates the field, on opening or before printing, and some of these start a program or draw in
another file. A part is walked once, no tree of it is built, and no entity is followed.
"""

from __future__ import annotations

import pyexpat
from collections.abc import Mapping

import msgspec

from gsomia.faults import BadInput

RUNNING = frozenset(
    {"CONTROL", "DATABASE", "DDE", "DDEAUTO", "EMBED", "HTMLCONTROL", "HTMLACTIVEX"}
    | {"IMPORT", "INCLUDE", "INCLUDEPICTURE", "INCLUDETEXT", "LINK", "PRINT", "RD"}
)
"""The first words of fields that start a program, draw in a file, or write to the printer."""
_SPACES = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
_MAX_DEPTH = 100
"""Fields in fields."""
_MAX_WORD = 64
"""Characters of an instruction that are kept: no field's name is so long."""
_HIDDEN = "a name that another field makes"


class _Field(msgspec.Struct):
    """A field that began: its instruction so far, and whether its result follows already."""

    text: str = ""
    told: bool = False

    @property
    def name(self) -> str:
        return self.text.split(maxsplit=1)[0].upper() if self.text.strip() else ""


class _Walk:
    """One part on its way through expat."""

    def __init__(self) -> None:
        self.found = ""
        self._open: list[_Field] = []
        self.parser = parser = pyexpat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.SetParamEntityParsing(pyexpat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end

    def ended(self) -> str:
        """What was found; a field that never ended counts."""
        for field in self._open:
            self._tell(field)
        return self.found

    def _start(self, name: str, held: Mapping[str, str]) -> None:
        space, _, local = name.rpartition("}")
        if space not in _SPACES:
            return
        if local in ("instrText", "delInstrText"):
            self.parser.CharacterDataHandler = self._text
        elif local == "fldSimple":
            self._tell(_Field(held.get(f"{space}}}instr", "")))
        elif local == "fldChar":
            self._mark(held.get(f"{space}}}fldCharType", ""))

    def _end(self, name: str) -> None:
        if name.endswith(("}instrText", "}delInstrText")):
            self.parser.CharacterDataHandler = None

    def _text(self, text: str) -> None:
        if self._open and not self._open[-1].told:
            field = self._open[-1]
            field.text = (field.text.lstrip() + text)[:_MAX_WORD]

    def _mark(self, kind: str) -> None:
        if kind == "begin":
            if self._open and not self._open[-1].told and not self._open[-1].name:
                self.found = self.found or _HIDDEN
            if len(self._open) >= _MAX_DEPTH:
                self.found = self.found or "fields in fields without end"
            else:
                self._open.append(_Field())
        elif self._open and kind == "separate":
            self._tell(self._open[-1])
        elif self._open and kind == "end":
            self._tell(self._open.pop())

    def _tell(self, field: _Field) -> None:
        field.told = True
        if field.name in RUNNING:
            self.found = self.found or f"a field {field.name}"


def running_field(data: bytes, where: str) -> str:
    """What a part has for a field that fetches or runs something, in words; empty if nothing.

    Raises `BadInput` for what is no XML.
    """
    walk = _Walk()
    try:
        walk.parser.Parse(data, True)
    except (pyexpat.ExpatError, ValueError, LookupError):
        raise BadInput("a Word file that can be read", "a broken one", where) from None
    return walk.ended()
