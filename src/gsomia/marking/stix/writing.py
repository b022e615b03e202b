"""Write markings of STIX 2.1: definitions for a handling, and objects taken out with theirs."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator

import msgspec

from gsomia.faults import BadInput, shown
from gsomia.marking.handling import Handling, together
from gsomia.marking.stix.effective import handling_of
from gsomia.marking.stix.known import FIXED, TLP2_OF
from gsomia.marking.stix.model import Definition, Marked
from gsomia.marking.stix.reading import read, read_object, split
from gsomia.marking.told import lost


class Written(msgspec.Struct, frozen=True):
    """Definitions that say a handling; `references` for `object_marking_refs`.

    `unheld`: what these definitions do not say.
    """

    definitions: tuple[Definition, ...]
    references: tuple[str, ...]
    unheld: tuple[str, ...]


def write(handling: Handling, *, ids: Iterable[str], created: str) -> Written:
    """The marking definitions that say `handling`: TLP 2.0 and statements.

    `ids`: new identifiers, one for each statement; `created`: the instant of their making.
    An ACS marking is not made up from what was decided on it: it is carried as it came.
    Raises `BadInput` for too few identifiers, or ones that are not a definition's.
    """
    given = iter(ids)
    objects = [] if handling.tlp is None else [TLP2_OF[handling.tlp].object]
    for statement in sorted(handling.statements):
        identifier = next(given, None)
        if identifier is None:
            raise BadInput("an identifier for each statement", "too few", "ids")
        objects.append(_statement(identifier, created, statement))
    definitions = tuple(_read(data) for data in objects)
    held = together(handling_of(definition) for definition in definitions)
    return Written(definitions, tuple(d.id for d in definitions), lost(handling, held))


def _statement(identifier: str, created: str, text: str) -> bytes:
    value = {
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": identifier,
        "created": created,
        "definition_type": "statement",
        "definition": {"statement": text},
    }
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def _read(data: bytes) -> Definition:
    (definition,) = read(data, "the definition to be written").definitions
    return definition


def bundle(identifier: str, objects: Iterable[bytes]) -> bytes:
    """A bundle of objects, byte for byte as given. Raises `BadInput` if it does not read."""
    head = json.dumps({"type": "bundle", "id": identifier}).encode()
    held = b",\n".join(objects)
    data = head[:-1] + (b', "objects": [\n' + held + b"\n]}\n" if held else b"}\n")
    read(data, "the bundle to be written")
    return data


def extract(data: bytes, wanted: Collection[str], identifier: str, where: str = "bundle") -> bytes:
    """The bundle `identifier` of the objects `wanted`, with every definition that marks them.

    Objects and definitions keep their bytes. A definition that the standard fixes is added where
    the bundle relied on its reader to know it. Raises `BadInput` for an object that is not
    there, or a marking that nobody has: without its marking an object does not move.
    """
    _, raws = split(data, where)
    held = [(read_object(raw, where)[1], bytes(raw)) for raw in raws]
    missing = set(wanted) - {marked.id for marked, _ in held}
    if missing:
        raise BadInput("objects of the bundle", shown(min(missing)), where)
    marking = {marked.id: marked for marked, _ in held}
    needed = _needed((m for m, _ in held if m.id in wanted), marking, where)
    inside = [raw for marked, raw in held if marked.id in needed or marked.id in wanted]
    added = [FIXED[name].object for name in sorted(needed - marking.keys())]
    return bundle(identifier, [*added, *inside])


def _needed(start: Iterable[Marked], held: dict[str, Marked], where: str) -> set[str]:
    """Every marking that these objects name, and those that mark them in turn."""
    needed: set[str] = set()
    todo = list(_references(start))
    while todo:
        name = todo.pop()
        if name in needed:
            continue
        if name not in held and name not in FIXED:
            raise BadInput("a bundle that holds the markings it names", name, where)
        needed.add(name)
        if name in held:
            todo.extend(held[name].references)
    return needed


def _references(objects: Iterable[Marked]) -> Iterator[str]:
    for marked in objects:
        yield from marked.references
