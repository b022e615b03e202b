"""Which labels are bound to a file, wherever the binding stands, and what holds of it.

A binding stands inside the file, in a file beside it (`plan.pdf.bdo`, or as XMP in
`plan.pdf.xmp`), or is the file. Each is reported for itself: its labels, the data it names,
the rules it breaks, and what its signatures prove. Nothing is fetched; only files in the
same folder are looked at, through functions that the caller gives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from mimetypes import MimeTypes

import msgspec
from cryptography import x509

from gsomia.documents import embedded, ooxml
from gsomia.documents.signing import Data, Resolve
from gsomia.documents.verifying import State, Unproved, Verified, verify
from gsomia.faults import BadInput, shown
from gsomia.marking import binding as b
from gsomia.marking.binding import xmp
from gsomia.marking.binding.model import BINDING
from gsomia.marking.binding.targets import Target, file_name, part_name, target
from gsomia.marking.label import Label, check, from_element, is_label
from gsomia.marking.label.model import Root
from gsomia.marking.label.rules import Breach
from gsomia.marking.xmlguard import parse

SIDECAR = ".bdo"
XMP_SIDECAR = ".xmp"

TEXTS = {
    "other_file": "a binding beside a file names that file",
    "part_unbound": "every part of a document is bound",
    "inside_unread": "what stands inside a file can be read",
    "labels_differ": "all bindings of a file say the same of it",
}
"""Rules of a file and its bindings, in English; those of a binding: `marking.binding.rules`."""


class Place(StrEnum):
    """Where a binding stands."""

    ITSELF = "itself"  # the file is a binding
    INSIDE = "inside"
    BESIDE = "beside"  # in a sidecar
    XMP_BESIDE = "xmp_beside"  # in an XMP packet that is a file


class Proof(StrEnum):
    """What the signatures of a binding prove of one label and its data."""

    UNSIGNED = "not_signed"
    UNCHECKED = "not_checked"  # signed, and no certificate was given to check by
    PROVED = "proved"
    LABEL_ONLY = "label_only"  # the label is signed, some of its data is not
    CHANGED = "data_changed"
    FAILED = "failed"


class Held(msgspec.Struct, frozen=True):
    """A binding that was found. `data` is None where it stands inside an XML document."""

    place: Place
    name: str
    info: b.BindingInformation
    data: bytes | None


class Bound(msgspec.Struct, frozen=True, kw_only=True):
    """Labels and the data that they are bound to, and what is proved of both."""

    labels: tuple[Label, ...]
    data: dict[str, str]
    proof: Proof


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A binding: where it stands, what it binds, the rules it breaks, who signed it."""

    place: Place
    name: str
    profile: str | None
    bound: tuple[Bound, ...]
    broken: tuple[Breach, ...]
    signatures: tuple[Verified | Unproved, ...]


class Folder(msgspec.Struct, frozen=True):
    """The files in the folder of a file: small ones to read, and any as data."""

    read: Callable[[str], bytes | None]
    data: Callable[[str], Data | None]


_TYPES = MimeTypes(filenames=())
_OFFICE = "application/vnd.openxmlformats-officedocument."
_MORE_TYPES = {
    "docx": f"{_OFFICE}wordprocessingml.document",
    "xlsx": f"{_OFFICE}spreadsheetml.sheet",
    "pptx": f"{_OFFICE}presentationml.presentation",
}


def media_type(name: str) -> str:
    """The media type that a file's name suggests, the same on every machine."""
    known = _MORE_TYPES.get(name.rpartition(".")[2].lower())
    return known or _TYPES.guess_type(f"a.{name}")[0] or "application/octet-stream"


def labels_of(info: b.BindingInformation) -> tuple[Label, ...]:
    """All labels in a binding that can be read, in its order."""
    return tuple(label for binding in info.bindings for label in _labels(binding))


def looks_inside(head: bytes) -> bool:
    """Whether a file that begins so may hold a binding, and has to be read whole."""
    return embedded.format_of(head) is not None or _is_xml(head)


def _is_xml(data: bytes) -> bool:
    return data[:2] in (b"\xff\xfe", b"\xfe\xff") or data[:200].lstrip(
        b"\xef\xbb\xbf \t\r\n"
    ).startswith(b"<")


# -- finding ----------------------------------------------------------------------------


class Found(msgspec.Struct, frozen=True):
    """The bindings of a file. `unread`: why nothing could be read inside it, if so."""

    held: tuple[Held, ...]
    unread: str | None = None


def find(name: str, data: bytes | None, folder: Folder) -> Found:
    """The bindings of the file of that name. `data`: the file, if `looks_inside` wants it.

    A damaged or encrypted file may still have a binding beside it. Raises `BadInput` for a
    binding that is no strict XML, and for a file that cannot be read inside and has no
    binding beside it either.
    """
    unread = None
    inside: tuple[Held, ...] = ()
    try:
        inside = () if data is None else tuple(_within(name, data))
    except BadInput as error:
        unread = error
    if inside and inside[0].place is Place.ITSELF:
        return Found(inside)
    beside = tuple(
        held
        for suffix in (SIDECAR, XMP_SIDECAR)
        if (found := folder.read(name + suffix)) is not None
        for held in _sidecar(name + suffix, found)
    )
    if unread is not None and not beside:
        raise unread
    return Found((*inside, *beside), None if unread is None else str(unread))


def _sidecar(name: str, data: bytes) -> Iterator[Held]:
    where = shown(name)
    if name.endswith(SIDECAR):
        yield Held(Place.BESIDE, name, b.read(data, where), data)
        return
    try:
        held = xmp.read_packet(data, where)
    except BadInput:
        # Other programs keep other things in such files, and not all as strict XML.
        if _names(xmp.NAMESPACE, data):
            raise
        return
    if held is not None:
        yield Held(Place.XMP_BESIDE, name, b.read(held, where), held)


def _names(space: str, data: bytes) -> bool:
    return space.encode() in data or space.encode("utf-16-le") in data


def _within(name: str, data: bytes) -> Iterator[Held]:
    where = shown(name)
    if embedded.format_of(data) is not None:
        held = embedded.read_binding(data, where)
        if held is not None:
            yield Held(Place.INSIDE, name, b.read(held, where), held)
        return
    if not _is_xml(data):
        return
    try:
        root = parse(data, where, xmp.LIMITS)
    except BadInput:
        # Not every file that begins so is strict XML; but none that names bindings is let by.
        if _names(BINDING, data):
            raise
        return
    if root.name == f"{BINDING}}}BindingInformation":
        yield Held(Place.ITSELF, name, b.read(data, where), data)
    elif root.namespace in (xmp.RDF, xmp.META):
        held = xmp.read_packet(data, where)
        if held is not None:
            yield Held(Place.XMP_BESIDE, name, b.read(held, where), held)
    else:
        for info in b.embedded(root, where):
            yield Held(Place.INSIDE, name, info, None)


# -- reporting --------------------------------------------------------------------------


def report(
    held: Held,
    name: str,
    data: bytes | None,
    folder: Folder,
    certificates: Sequence[x509.Certificate],
    at: datetime,
) -> Report:
    """What holds of a binding of the file of that name. Raises `BadInput`."""
    resolve = resolver(data if held.place is Place.INSIDE else None, folder)
    profile = _profile(held, data)
    broken = [*b.check(held.info, lambda uri: _present(uri, resolve), profile)]
    broken += [
        Breach(breach.rule, f"{label.root}, {breach.where}")
        for binding in held.info.bindings
        for label in _labels(binding)
        for breach in check(label)
    ]
    uris = tuple(uri for binding in held.info.bindings for uri in binding.uris)
    if name != held.name and not any(file_name(uri) == _nfc(name) for uri in uris):
        broken.append(Breach("other_file", shown(held.name)))
    if profile is b.Profile.OOXML and data is not None:
        left_out = ooxml.unbound(data, uris, shown(name))
        broken += [Breach("part_unbound", shown(uri)) for uri in left_out]
    signatures: tuple[Verified | Unproved, ...] = ()
    if held.data is not None and held.info.signatures and certificates:
        signatures = verify(held.data, certificates, resolve, at, shown(held.name))
    return Report(
        place=held.place,
        name=held.name,
        profile=held.info.profile,
        bound=tuple(_bound(held, signatures, bool(certificates), resolve)),
        broken=tuple(broken),
        signatures=signatures,
    )


def differing(reports: Sequence[Report]) -> tuple[Breach, ...]:
    """Whether several bindings of one file bind different labels of one kind and policy."""
    said: dict[tuple[Root, str], Label] = {}
    for one in reports:
        for bound in one.bound:
            if all("#" in uri for uri in bound.data) and bound.data:
                continue
            for label in bound.labels:
                kind = (label.root, label.information.policy)
                if said.setdefault(kind, label).information != label.information:
                    return (Breach("labels_differ", shown(one.name)),)
    return ()


def resolver(package: bytes | None, folder: Folder) -> Resolve:
    """What a URI names: a file in the folder, or a part of the package around the binding."""
    opened: list[ooxml.Package] = []

    def resolve(uri: str) -> Data | None:
        beside, part = file_name(uri), part_name(uri)
        if beside is not None:
            return folder.data(beside)
        if part is None or package is None or not package.startswith(ooxml.ZIP):
            return None
        if not opened:
            opened.append(ooxml.Package(package, "document"))
        return opened[0].part(part)

    return resolve


def _present(uri: str, resolve: Resolve) -> bool:
    return target(uri) is Target.SELF or resolve(uri.partition("#")[0]) is not None


def _profile(held: Held, data: bytes | None) -> b.Profile | None:
    """The profile by which a binding must be formed where it stands."""
    if held.place is Place.BESIDE:
        return b.Profile.SIDECAR
    if held.place is Place.INSIDE and data is not None and held.data is not None:
        kind = embedded.format_of(data)
        return None if kind is None else kind.profile
    return None


def _nfc(name: str) -> str:
    import unicodedata

    return unicodedata.normalize("NFC", name)


def _labels(binding: b.Binding) -> Iterator[Label]:
    """The labels that can be read; of the others a rule tells."""
    for element in binding.elements:
        if is_label(element):
            try:
                yield from_element(element)
            except BadInput:
                continue


def _bound(
    held: Held, signatures: Sequence[Verified | Unproved], checked: bool, resolve: Resolve
) -> Iterator[Bound]:
    for place, binding in enumerate(held.info.bindings):
        mine = [s for s in signatures if isinstance(s, Verified) and place in s.places]
        data: dict[str, str] = {uri: _there(uri, resolve) for uri in binding.uris}
        proof = Proof.UNSIGNED
        if mine:
            states = {uri: _state([s.data[uri] for s in mine]) for uri in binding.uris}
            data.update({uri: str(state) for uri, state in states.items()})
            proof = _proof(list(states.values()))
        elif held.info.signatures:
            # Inside an XML document the digest leaves the binding out, by an XPath.
            can = checked and held.data is not None
            proof = Proof.FAILED if can else Proof.UNCHECKED
            if can and all(isinstance(s, Verified) for s in signatures):
                proof = Proof.UNSIGNED  # what is signed is another binding beside this one
        yield Bound(labels=tuple(_labels(binding)), data=data, proof=proof)


def _there(uri: str, resolve: Resolve) -> str:
    kind = target(uri)
    if kind in (Target.SELF, Target.OUTSIDE):
        return str(kind)
    return "there" if _present(uri, resolve) else "missing"


def _state(states: Sequence[State]) -> State:
    """What all signatures together say of data: one that covers it and fails decides."""
    for state in (State.CHANGED, State.MISSING, State.INTACT):
        if state in states:
            return state
    return State.UNCOVERED


def _proof(states: Sequence[State]) -> Proof:
    if State.CHANGED in states or State.MISSING in states:
        return Proof.CHANGED
    return Proof.LABEL_ONLY if State.UNCOVERED in states else Proof.PROVED
