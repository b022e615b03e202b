"""Whether a binding is signed: by whom, when, and over which data.

A signature counts only by one of the certificates that the caller gives. No store of the
system is asked, no chain is built, nothing is fetched. What is told is read from the bytes
that were signed and from nothing else, so that moving elements about gains nothing; what
was signed must also stand where it counts. Only the forms of ADatP-4778.2 Annex A are
taken: no transform but canonicalisation and that of an enveloped signature, no XPath, no
HMAC, no SHA-1.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from gsomia.documents.signing import EXCLUSIVE, SHA384, WSU, Resolve, libraries, tree
from gsomia.faults import BadInput, shown
from gsomia.marking.binding.model import BINDING, DSIG, Binding, BindingInformation, Reference
from gsomia.marking.binding.reading import LIMITS, binding_from_element, from_element
from gsomia.marking.binding.rules import against_schema
from gsomia.marking.binding.targets import file_name
from gsomia.marking.label.reading import moment
from gsomia.marking.xmlguard import Element, parse

MAX_REFERENCES = 1_000
MAX_CERTIFICATES = 100
MAX_DIRECT = 64 << 20
"""Bytes of a data object that a signature names outside a manifest: the library holds it."""

DIGESTS = {
    SHA384: "sha384",
    "http://www.w3.org/2001/04/xmlenc#sha256": "sha256",
    "http://www.w3.org/2001/04/xmlenc#sha512": "sha512",
}
_METHODS = frozenset(
    f"http://www.w3.org/2001/04/xmldsig-more#{key}-{digest}"
    for key in ("rsa", "ecdsa")
    for digest in ("sha256", "sha384", "sha512")
)
_CANONICAL = frozenset(
    {
        EXCLUSIVE,
        f"{EXCLUSIVE}WithComments",
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments",
        "http://www.w3.org/2006/12/xml-c14n11",
        "http://www.w3.org/2006/12/xml-c14n11#WithComments",
    }
)
_ENVELOPED = f"{DSIG}enveloped-signature"
_ID = re.compile(r"#[A-Za-z_][A-Za-z0-9_.-]*")


class State(StrEnum):
    """What a verified signature says of a data object."""

    INTACT = "intact"
    CHANGED = "changed"
    MISSING = "missing"
    UNCOVERED = "uncovered"  # the label is signed, the data is not


class Why(StrEnum):
    """Why a signature proves nothing here."""

    FORM = "signature_form"
    SIGNER = "signature_signer"
    PERIOD = "signature_period"
    BROKEN = "signature_broken"
    PLACE = "signature_place"
    DATA = "signature_data"


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """A signature that holds. `bindings` are read from what was signed; `places` are theirs
    among all bindings of the document, counted from 0.

    `created` is the signer's own word, or None where no time was signed, which the
    standard demands. `data`: each URI of these bindings, and what became of its data.
    """

    signer: str
    fingerprint: str
    created: str | None
    bindings: tuple[Binding, ...]
    places: frozenset[int]
    data: dict[str, State]


class Unproved(msgspec.Struct, frozen=True):
    """A signature that proves nothing: why, and where."""

    why: Why
    where: str


def verify(
    binding: bytes,
    certificates: Sequence[x509.Certificate],
    resolve: Resolve,
    at: datetime,
    where: str = "binding",
) -> tuple[Verified | Unproved, ...]:
    """Each signature of a binding in its order; none for a binding that is not signed.

    `at`: when the certificates must be valid. Raises `BadInput` for what is no binding, and
    for one in which an Id stands twice: what a signature covers would be in doubt.
    """
    root = parse(binding, where, LIMITS)
    info = from_element(root, where)
    for breach in against_schema(info):
        if breach.rule == "id_unique" and info.signatures:
            raise BadInput("each Id once in a signed binding", breach.where, where)
    if len(certificates) > MAX_CERTIFICATES:
        raise BadInput(f"at most {MAX_CERTIFICATES} certificates", "more", "--certificate")
    found: list[Verified | Unproved] = []
    for number, signature in enumerate(info.signatures):
        check = _Check(binding, root, info, number, resolve, at)
        try:
            found.append(check.of(signature, certificates))
        except _Unproved as reason:
            found.append(Unproved(reason.why, f"Signature {number + 1}"))
    return tuple(found)


class _Unproved(Exception):
    def __init__(self, why: Why) -> None:
        self.why = why
        super().__init__(why)


# -- form -------------------------------------------------------------------------------


def _only(parent: Element, *names: str) -> dict[str, list[Element]]:
    """The children of an element by their local names, all of them XML Signature's."""
    found: dict[str, list[Element]] = {name: [] for name in names}
    for child in parent.children:
        if child.namespace != DSIG or child.local not in found:
            raise _Unproved(Why.FORM)
        found[child.local].append(child)
    return found


def _one(found: dict[str, list[Element]], name: str) -> Element:
    if len(found[name]) != 1:
        raise _Unproved(Why.FORM)
    return found[name][0]


def _references(signature: Element) -> list[Element]:
    """The references of a signature whose form is one that is taken."""
    parts = _only(signature, "SignedInfo", "SignatureValue", "KeyInfo", "Object")
    _one(parts, "SignatureValue")
    for held in parts["KeyInfo"]:
        _only(held, "X509Data")
    signed = _only(
        _one(parts, "SignedInfo"), "CanonicalizationMethod", "SignatureMethod", "Reference"
    )
    method = _one(signed, "SignatureMethod")
    if method.attributes.get("Algorithm") not in _METHODS or method.children:
        raise _Unproved(Why.FORM)
    if _one(signed, "CanonicalizationMethod").attributes.get("Algorithm") not in _CANONICAL:
        raise _Unproved(Why.FORM)
    if not 0 < len(signed["Reference"]) <= MAX_REFERENCES:
        raise _Unproved(Why.FORM)
    for reference in signed["Reference"]:
        _check_reference(reference)
    return signed["Reference"]


def _check_reference(reference: Element) -> None:
    uri = reference.attributes.get("URI")
    parts = _only(reference, "Transforms", "DigestMethod", "DigestValue")
    if _one(parts, "DigestMethod").attributes.get("Algorithm") not in DIGESTS:
        raise _Unproved(Why.FORM)
    steps = [
        step.attributes.get("Algorithm")
        for held in parts["Transforms"]
        for step in _only(held, "Transform")["Transform"]
    ]
    if uri is None or len(parts["Transforms"]) > 1:
        raise _Unproved(Why.FORM)
    if uri == "":
        fits = steps[:1] == [_ENVELOPED] and len(steps) <= 2 and set(steps[1:]) <= _CANONICAL
    elif _ID.fullmatch(uri):
        fits = len(steps) <= 1 and set(steps) <= _CANONICAL
    else:
        fits = file_name(uri) is not None and "#" not in uri and not steps
    if not fits:
        raise _Unproved(Why.FORM)


# -- what was signed --------------------------------------------------------------------


class _Check:
    """One signature, and the document around it."""

    def __init__(
        self,
        binding: bytes,
        root: Element,
        info: BindingInformation,
        number: int,
        resolve: Resolve,
        at: datetime,
    ) -> None:
        self._binding, self._root, self._info = binding, root, info
        self._number, self._resolve, self._at = number, resolve, at

    def of(self, signature: Element, certificates: Sequence[x509.Certificate]) -> Verified:
        references = _references(signature)
        uris = [reference.attributes["URI"] for reference in references]
        if "" in uris and len(self._info.signatures) > 1:
            raise _Unproved(Why.FORM)
        if any(_is_file(uri) and self._resolve(uri) is None for uri in uris):
            raise _Unproved(Why.DATA)
        certificate, signed = self._core(signature, certificates, len(references))
        bindings: dict[int, Binding] = {}
        digests: dict[str, tuple[str, bytes] | None] = {}
        created = None
        for uri, data in zip(uris, signed, strict=True):
            if _is_file(uri):
                digests[uri] = None
                continue
            element = parse(data, "what was signed", LIMITS)
            if element.name in (
                f"{BINDING}}}BindingInformation",
                f"{BINDING}}}MetadataBinding",
            ):
                bindings.update(self._placed(element))
            elif element.name == f"{DSIG}}}Manifest":
                digests.update(_manifest(self._inside(element, signature)))
            elif element.name == f"{DSIG}}}SignatureProperties":
                created = _created(self._inside(element, signature)) or created
        return Verified(
            signer=shown(certificate.subject.rfc4514_string()),
            fingerprint=sha256(certificate.public_bytes(Encoding.DER)).hexdigest(),
            created=created,
            bindings=tuple(bindings.values()),
            places=frozenset(bindings),
            data=dict(self._data(bindings.values(), digests)),
        )

    def _core(
        self, signature: Element, certificates: Sequence[x509.Certificate], count: int
    ) -> tuple[x509.Certificate, list[bytes]]:
        """The certificate whose key made the signature, and the bytes of each reference."""
        kind = rsa.RSAPublicKey if _is_rsa(signature) else ec.EllipticCurvePublicKey
        for certificate in certificates:
            if not isinstance(certificate.public_key(), kind):
                continue
            found = self._signed_by(certificate, count)
            if found is not None:
                begin, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
                if not begin <= self._at <= end:
                    raise _Unproved(Why.PERIOD)
                return certificate, found
        raise _Unproved(Why.SIGNER)

    def _signed_by(self, certificate: x509.Certificate, count: int) -> list[bytes] | None:
        """The bytes that each reference covers, or None if another key made the signature."""
        _, signxml = libraries()
        config = signxml.SignatureConfiguration(
            require_x509=True,
            location="./",
            expect_references=count,
            signature_methods=frozenset(m for m in signxml.SignatureMethod if m.value in _METHODS),
            digest_algorithms=frozenset(d for d in signxml.DigestAlgorithm if d.value in DIGESTS),
            # Its period is checked by `_core`, which can tell it from another key.
            verification_time=certificate.not_valid_after_utc,
        )
        try:
            results = signxml.XMLVerifier().verify(
                self._alone(),
                x509_cert=certificate,
                expect_config=config,
                uri_resolver=self._bytes,
                id_attribute="Id",
            )
        except signxml.exceptions.InvalidDigest:
            raise _Unproved(Why.BROKEN) from None
        except signxml.exceptions.InvalidSignature:
            return None
        except (signxml.exceptions.SignXMLException, etree_error(), ValueError, TypeError):
            # Fields that are no base64, an Id that is not there, data that has a DTD.
            raise _Unproved(Why.FORM) from None
        return [result.signed_data for result in ([results] if count == 1 else results)]

    def _alone(self) -> Any:
        """The document with this signature as its only one."""
        root = tree(self._binding)
        for number, other in enumerate(root.findall(f"{{{DSIG}}}Signature")):
            if number != self._number:
                root.remove(other)
        return root

    def _bytes(self, uri: str) -> bytes | None:
        found = self._resolve(uri)
        try:
            return None if found is None else found.read(MAX_DIRECT)
        except BadInput:
            return None

    def _placed(self, element: Element) -> Iterator[tuple[int, Binding]]:
        """The bindings in what was signed. Each must be one that the document binds with."""
        standing = _bindings(self._root)
        signed = [element] if element.local == "MetadataBinding" else _bindings(element)
        for one in signed:
            places = [n for n, other in enumerate(standing) if one.same(other)]
            if not places:
                raise _Unproved(Why.PLACE)
            held = binding_from_element(one, "what was signed")
            yield from ((place, held) for place in places)

    def _inside(self, element: Element, signature: Element) -> Element:
        """A part of the signature's own object, as it was signed."""
        held = (
            part
            for child in signature.children
            if child.name == f"{DSIG}}}Object"
            for part in child.children
        )
        if not any(element.same(part) for part in held):
            raise _Unproved(Why.PLACE)
        return element

    def _data(
        self, bindings: Iterable[Binding], digests: dict[str, tuple[str, bytes] | None]
    ) -> Iterator[tuple[str, State]]:
        for binding in bindings:
            for part in binding.data:
                if isinstance(part, Reference):
                    yield part.uri, self._state(part, digests)

    def _state(self, part: Reference, digests: dict[str, tuple[str, bytes] | None]) -> State:
        if part.uri not in digests or part.transforms is not None:
            return State.UNCOVERED
        expected = digests[part.uri]
        if expected is None:
            return State.INTACT  # the library read it and compared
        found = self._resolve(part.uri)
        if found is None:
            return State.MISSING
        algorithm, digest = expected
        return State.INTACT if found.digest(algorithm) == digest else State.CHANGED


def _is_file(uri: str) -> bool:
    return uri != "" and not uri.startswith("#")


def _bindings(root: Element) -> list[Element]:
    """The MetadataBinding elements of a BindingInformation, where they count."""
    return [
        binding
        for container in root.children
        if container.name == f"{BINDING}}}MetadataBindingContainer"
        for binding in container.children
        if binding.name == f"{BINDING}}}MetadataBinding"
    ]


def etree_error() -> type[Exception]:
    """What the XML library raises for a tree that its schema of signatures does not take."""
    etree, _ = libraries()
    found: type[Exception] = etree.LxmlError
    return found


def _is_rsa(signature: Element) -> bool:
    return any(
        "#rsa-" in element.attributes.get("Algorithm", "")
        for info in signature.children
        for element in info.children
        if element.name == f"{DSIG}}}SignatureMethod"
    )


def _manifest(manifest: Element) -> Iterator[tuple[str, tuple[str, bytes]]]:
    """The digests in a manifest. One with transforms is left out, and covers nothing."""
    parts = _only(manifest, "Reference")["Reference"]
    uris = [part.attributes.get("URI") for part in parts]
    if len(set(uris)) != len(uris):
        raise _Unproved(Why.FORM)
    for part in parts:
        held = _only(part, "Transforms", "DigestMethod", "DigestValue")
        algorithm = DIGESTS.get(_one(held, "DigestMethod").attributes.get("Algorithm", ""))
        uri = part.attributes.get("URI")
        if algorithm is None or uri is None:
            raise _Unproved(Why.FORM)
        try:
            digest = base64.b64decode(
                "".join(_one(held, "DigestValue").text.split()), validate=True
            )
        except (binascii.Error, ValueError):
            raise _Unproved(Why.FORM) from None
        if not held["Transforms"]:
            yield uri, (algorithm, digest)


def _created(properties: Element) -> str | None:
    """The time of signing. The annex calls its element `TimeStamp`, WS-Security `Timestamp`."""
    for one in properties.children:
        for stamp in one.children:
            if stamp.name in (f"{WSU}}}Timestamp", f"{WSU}}}TimeStamp"):
                for created in stamp.children:
                    if created.name == f"{WSU}}}Created":
                        try:
                            moment(created.text)
                        except (ValueError, OverflowError):
                            raise _Unproved(Why.FORM) from None
                        return created.text.strip()
    return None
