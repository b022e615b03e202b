"""A binding inside an Office Open XML file: the OOXML profile of ADatP-4778.2, chapter 5.

One custom XML part holds it, known by its root and not by its name. The binding names each
part of the package that is there but itself; the profile lists parts that must be named
and allows others, so all are. The plumbing is that of ECMA-376. Parts are copied as they
are, macros among them; no part is run, and nothing that a part links to is opened.
"""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import new as new_hash

import msgspec

from gsomia.faults import BadInput, shown
from gsomia.marking.binding.model import BINDING, Reference
from gsomia.marking.binding.reading import LIMITS
from gsomia.marking.binding.targets import pack, part_name
from gsomia.marking.xmlguard import Element, Limits, parse
from gsomia.marking.xmlguard import write as write_xml

ZIP = b"PK\x03\x04"
MAX_PARTS = 5_000
MAX_UNPACKED = 512 << 20
"""Bytes of all parts together, by the sizes that the package itself states."""

_SMALL = Limits(size=2 << 20, depth=8, elements=20_000)
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TRANSITIONAL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships/"
CONTENT_TYPES = "[Content_Types].xml"
SIGNATURES = "_xmlsignatures/"
DATE = (1980, 1, 1, 0, 0, 0)
_SPACES = tuple(BINDING.encode(name) for name in ("utf-8", "utf-16-le", "utf-16-be"))
_FAULTS = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError),
    *(UnicodeDecodeError, OverflowError, ValueError, OSError),
)


class Found(msgspec.Struct, frozen=True):
    """A binding in a package: the part that holds it, and its bytes."""

    part: str
    data: bytes


class Package:
    """A package of at most `MAX_PARTS` parts, read in memory. Raises `BadInput` for another."""

    def __init__(self, data: bytes, where: str) -> None:
        self._where = where
        with self._faults():
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        entries = [entry for entry in self._zip.infolist() if not entry.filename.endswith("/")]
        if len(entries) > MAX_PARTS:
            raise BadInput(f"at most {MAX_PARTS} parts", "more", where)
        if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
            raise BadInput(f"at most {MAX_UNPACKED} bytes unpacked", "more", where)
        self.entries: dict[str, zipfile.ZipInfo] = {}
        folded = set()
        for entry in entries:
            self._check(entry)
            if entry.filename.lower() in folded:
                raise BadInput("each part once", shown(entry.filename), where)
            folded.add(entry.filename.lower())
            self.entries[entry.filename] = entry
        if CONTENT_TYPES not in self.entries:
            raise BadInput("an Office Open XML file", "another zip file", where)

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except _FAULTS:
            raise BadInput("an undamaged zip file", "another", self._where) from None

    def _check(self, entry: zipfile.ZipInfo) -> None:
        name, where = entry.filename, f"{self._where}, {shown(entry.filename)}"
        if entry.flag_bits & 0x1:
            raise BadInput("parts without encryption", "an encrypted one", where)
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise BadInput("parts that are stored or deflated", "another", where)
        if name != entry.orig_filename or any(s in ("", ".", "..") for s in name.split("/")):
            raise BadInput("the plain name of a part", "another", where)
        if "\\" in name or not name.isprintable():
            raise BadInput("the plain name of a part", "another", where)

    def read(self, name: str) -> bytes:
        """The bytes of a part. Raises `BadInput` if they are not what the package states."""
        entry = self.entries[name]
        with self._faults(), self._zip.open(entry) as file:
            data = file.read(entry.file_size + 1)
        if len(data) != entry.file_size:
            raise BadInput("a part of its stated size", "another", f"{self._where}, {shown(name)}")
        return data

    def digest(self, name: str, algorithm: str) -> bytes:
        """The digest of a part's bytes, which are not held."""
        hasher = new_hash(algorithm)
        with self._faults(), self._zip.open(self.entries[name]) as file:
            while chunk := file.read(1 << 20):
                hasher.update(chunk)
        return hasher.digest()

    def named(self, name: str) -> str | None:
        """The part of that name, whose letters may differ in case (OPC 6.2.2.3), or None."""
        if name in self.entries:
            return name
        folded = name.lower()
        return next((held for held in self.entries if held.lower() == folded), None)

    def xml(self, name: str) -> Element:
        """A part of the plumbing as XML. Raises `BadInput`."""
        where = f"{self._where}, {shown(name)}"
        if self.entries[name].file_size > _SMALL.size:
            raise BadInput(f"at most {_SMALL.size} bytes", "more", where)
        return parse(self.read(name), where, _SMALL)

    @property
    def main(self) -> tuple[str, str]:
        """The main part, and the beginning of the names of its relations. Raises `BadInput`."""
        for relation in self._relations("_rels/.rels"):
            for start in (_TRANSITIONAL, _STRICT):
                if relation["Type"] == f"{start}officeDocument":
                    found = self.named(_resolved("", relation["Target"]))
                    if found is not None:
                        return found, start
        raise BadInput("an Office Open XML file with its document", "none", self._where)

    def _relations(self, name: str) -> list[Mapping[str, str]]:
        """The relations inside the package that a part lists; none if there is no such part."""
        found = self.named(name)
        if found is None:
            return []
        root = self.xml(found)
        if root.name != f"{_RELATIONS}}}Relationships":
            where = f"{self._where}, {shown(name)}"
            raise BadInput("relationships of a package", shown(root.local), where)
        return [
            child.attributes
            for child in root.children
            if child.attributes.get("TargetMode", "Internal") == "Internal"
            and "Type" in child.attributes
            and "Target" in child.attributes
        ]

    def related(self, part: str, kind: str) -> list[str]:
        """The parts that `part` relates to as `kind`, like `header`, in the relations' order."""
        folder = posixpath.dirname(part)
        named = (
            self.named(_resolved(folder, relation["Target"]))
            for relation in self._relations(_relations_of(part))
            if relation["Type"] in (f"{_TRANSITIONAL}{kind}", f"{_STRICT}{kind}")
        )
        return list(dict.fromkeys(name for name in named if name is not None))

    def custom_parts(self) -> list[str]:
        """The custom XML parts: those in their usual folder, and those the document relates to."""
        main, _ = self.main
        found = [name for name in self.entries if _is_custom(name)]
        return list(dict.fromkeys([*found, *self.related(main, "customXml")]))

    def binding(self) -> Found | None:
        """The one part whose root is a binding. Raises `BadInput` for two."""
        found = [held for name in self.custom_parts() if (held := self._as_binding(name))]
        if len(found) > 1:
            raise BadInput("one custom XML part with a binding", f"{len(found)}", self._where)
        return found[0] if found else None

    def _as_binding(self, name: str) -> Found | None:
        """A part whose root is a binding. One that is no strict XML may not even speak of one."""
        if self.entries[name].file_size > LIMITS.size:
            return None
        data = self.read(name)
        try:
            root = parse(data, f"{self._where}, {shown(name)}", LIMITS)
        except BadInput:
            if any(space in data for space in _SPACES):
                raise
            return None
        return Found(name, data) if root.name == f"{BINDING}}}BindingInformation" else None

    def content_type(self, name: str, types: Element) -> str | None:
        """The media type of a part."""
        extension = name.rpartition(".")[2].lower()
        default = None
        for child in types.children:
            held = child.attributes
            if held.get("PartName", "").lower() == f"/{name}".lower():
                return held.get("ContentType")
            if child.local == "Default" and held.get("Extension", "").lower() == extension:
                default = held.get("ContentType")
        return default

    def references(self, but: str | None) -> list[Reference]:
        """A reference to each part but the plumbing, package signatures, and the binding's own."""
        types = self.xml(CONTENT_TYPES)
        return [
            Reference(uri=pack(name), content_type=self.content_type(name, types))
            for name in self.entries
            if _is_bound(name) and name != but
        ]

    def part(self, name: str) -> Part | None:
        """The part of a name like `/word/document.xml` as data, or None."""
        found = self.named(name.removeprefix("/"))
        return None if found is None else Part(self, found)

    def rewritten(self, new: Mapping[str, bytes]) -> bytes:
        """The package with these parts in the place of those of their names, or added."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as file:
            for name, entry in self.entries.items():
                data = new[name] if name in new else self.read(name)
                made = zipfile.ZipInfo(name, entry.date_time)
                made.compress_type, made.external_attr = entry.compress_type, entry.external_attr
                file.writestr(made, data)
            for name, data in new.items():
                if name not in self.entries:
                    made = zipfile.ZipInfo(name, DATE)
                    made.compress_type = zipfile.ZIP_DEFLATED
                    file.writestr(made, data)
        return out.getvalue()


class Part:
    """A part as data that a binding names."""

    def __init__(self, package: Package, name: str) -> None:
        self._package, self._name = package, name

    def digest(self, algorithm: str, /) -> bytes:
        """The digest of its bytes."""
        return self._package.digest(self._name, algorithm)

    def read(self, limit: int, /) -> bytes:
        """Its bytes. Raises `BadInput` if there are more than `limit`."""
        if self._package.entries[self._name].file_size > limit:
            raise BadInput(f"at most {limit} bytes", "more", shown(self._name))
        return self._package.read(self._name)


def is_office(data: bytes) -> bool:
    """Whether a zip file has the content types of a package; a damaged one may."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            return CONTENT_TYPES in file.namelist()
    except _FAULTS:
        return True


def _is_custom(name: str) -> bool:
    folder, _, file = name.lower().rpartition("/")
    return folder == "customxml" and file.endswith(".xml") and not file.startswith("itemprops")


def _is_bound(name: str) -> bool:
    low = name.lower()
    return low != CONTENT_TYPES.lower() and not (
        low.endswith(".rels") or low.startswith(SIGNATURES)
    )


def _relations_of(name: str) -> str:
    folder, _, file = name.rpartition("/")
    return f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels"


def _resolved(folder: str, target: str) -> str:
    """The name of the part that a relation's target names."""
    path = target if target.startswith("/") else f"/{folder}/{target}"
    return posixpath.normpath(path).lstrip("/")


# -- reading and writing ----------------------------------------------------------------


def read_binding(data: bytes, where: str = "document") -> bytes | None:
    """The binding in an Office Open XML file, or None. Raises `BadInput`."""
    found = Package(data, where).binding()
    return None if found is None else found.data


def references(data: bytes, where: str = "document") -> list[Reference]:
    """References to every part that a binding of the whole document names."""
    package = Package(data, where)
    found = package.binding()
    return package.references(None if found is None else found.part)


def unbound(data: bytes, uris: Iterator[str] | tuple[str, ...], where: str) -> tuple[str, ...]:
    """The parts of a document that these references leave out."""
    named = {name.lower() for uri in uris if (name := part_name(uri)) is not None}
    found = references(data, where)
    return tuple(ref.uri for ref in found if (part_name(ref.uri) or "").lower() not in named)


def write_binding(data: bytes, binding: bytes, where: str = "document") -> bytes:
    """The file with this binding in the place of any it had. Raises `BadInput`.

    A file with a signature of its own package is refused: the signature would break.
    """
    package = Package(data, where)
    if any(name.lower().startswith(SIGNATURES) for name in package.entries):
        expected = "a document without signature, or a sidecar"
        raise BadInput(expected, "a signed one, whose signature would break", where)
    found = package.binding()
    new = {found.part: binding} if found is not None else _added(package, binding)
    made = package.rewritten(new)
    if read_binding(made, where) != binding:
        raise BadInput("a document that keeps its binding", "another", where)
    return made


def _added(package: Package, binding: bytes) -> dict[str, bytes]:
    """The new part and the plumbing that leads to it."""
    number = 1
    while package.named(f"customXml/item{number}.xml") is not None:
        number += 1
    part = f"customXml/item{number}.xml"
    main, start = package.main
    relations = _relations_of(main)
    held = package.named(relations)
    listed = Element(f"{_RELATIONS}}}Relationships", {}) if held is None else package.xml(held)
    target = posixpath.relpath(part, posixpath.dirname(main) or ".")
    relation = Element(
        f"{_RELATIONS}}}Relationship",
        {"Id": _free_id(listed), "Type": f"{start}customXml", "Target": target},
    )
    new = {part: binding, held or relations: _grown(listed, relation, _RELATIONS)}
    types = package.xml(CONTENT_TYPES)
    if package.content_type(part, types) != "application/xml":
        override = {"PartName": f"/{part}", "ContentType": "application/xml"}
        new[CONTENT_TYPES] = _grown(types, Element(f"{_TYPES}}}Override", override), _TYPES)
    return new


def _free_id(listed: Element) -> str:
    used = {child.attributes.get("Id", "").lower() for child in listed.children}
    number = 1
    while f"rid{number}" in used:
        number += 1
    return f"rId{number}"


def _grown(root: Element, child: Element, space: str) -> bytes:
    grown = msgspec.structs.replace(root, content=(*root.content, child))
    return write_xml(grown, {space: ""})
