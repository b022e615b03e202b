"""The signature of a binding: an XML Signature inside it, by ADatP-4778.2 Annexes A and B.

What is signed: each `MetadataBinding`, a manifest with the SHA-384 digest of every data
object that it names, and the time. The manifest keeps every program that verifies from
having to open files by URI; the annex demands it where a library could not. Classical
algorithms only: the standard knows no others.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, Protocol

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from gsomia.faults import BadInput, Unavailable
from gsomia.marking.binding.model import BINDING, DSIG, Reference
from gsomia.marking.binding.reading import LIMITS, read
from gsomia.marking.binding.rules import ids

WSU = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
SHA384 = "http://www.w3.org/2001/04/xmldsig-more#sha384"

MIN_RSA_BITS = 2048
CURVES = {"secp256r1": "ECDSA_SHA256", "secp384r1": "ECDSA_SHA384", "secp521r1": "ECDSA_SHA512"}

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


class Data(Protocol):
    """A data object that a binding names."""

    def digest(self, algorithm: str, /) -> bytes:
        """The digest of its bytes, by an algorithm's name like `sha384`."""
        ...

    def read(self, limit: int, /) -> bytes:
        """Its bytes. Raises `BadInput` if there are more than `limit`."""
        ...


Resolve = Callable[[str], Data | None]
"""What a URI names, or None if nothing is there or it is not to be looked at."""


def libraries() -> tuple[Any, Any]:
    """lxml.etree and signxml. Raises `Unavailable`."""
    try:
        import signxml
        from lxml import etree  # type: ignore[import-untyped]  # it has no types
    except ImportError:
        raise Unavailable(
            "the library for XML signatures is not installed",
            "Install it: pip install 'gsomia[documents]'",
        ) from None
    import logging

    # At its lowest level of messages the library would log what it signs.
    logging.getLogger("signxml").setLevel(logging.WARNING)
    return etree, signxml


def tree(data: bytes) -> Any:
    """The file of a binding as the tree that signatures are made over. Read it strictly first."""
    etree, _ = libraries()
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_pis=False
    )
    return etree.fromstring(data, parser)


# -- keys -------------------------------------------------------------------------------


def load_certificates(data: bytes, where: str) -> list[x509.Certificate]:
    """The certificates in a PEM file, each with a key that this takes. Raises `BadInput`."""
    try:
        found = x509.load_pem_x509_certificates(data)
    except ValueError:
        raise BadInput("a certificate in PEM", "other bytes", where) from None
    for certificate in found:
        _method(_public_key(certificate, where), where)
    return found


def load_key(data: bytes, passphrase: Callable[[], str], where: str) -> PrivateKey:
    """The private key in a PEM file; its passphrase is asked for only if it has one.

    Raises `BadInput`, which tells nothing of the key.
    """
    try:
        key = _loaded(data, None, where)
    except TypeError:
        key = _loaded(data, passphrase().encode(), where)
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise BadInput("an RSA or ECDSA key", "another", where)
    _method(key.public_key(), where)
    return key


def _loaded(data: bytes, passphrase: bytes | None, where: str) -> Any:
    try:
        return load_pem_private_key(data, passphrase)
    except (ValueError, UnsupportedAlgorithm):
        expected = "a private key in PEM, and its passphrase"
        raise BadInput(expected, "other bytes, or another passphrase", where) from None


def _public_key(certificate: x509.Certificate, where: str) -> Any:
    try:
        return certificate.public_key()
    except (ValueError, UnsupportedAlgorithm):
        raise BadInput("a certificate of an RSA or ECDSA key", "another", where) from None


def _method(key: Any, where: str) -> str:
    """The signature algorithm for a key: SHA-256 with RSA, as the standard mandates."""
    if isinstance(key, rsa.RSAPublicKey):
        if key.key_size < MIN_RSA_BITS:
            raise BadInput(f"an RSA key of at least {MIN_RSA_BITS} bits", "a shorter one", where)
        return "RSA_SHA256"
    if isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in CURVES:
        return CURVES[key.curve.name]
    raise BadInput("an RSA key, or one on P-256, P-384 or P-521", "another", where)


# -- signing ----------------------------------------------------------------------------


def sign(
    binding: bytes,
    key: PrivateKey,
    certificates: list[x509.Certificate],
    resolve: Resolve,
    at: datetime,
    where: str = "binding",
) -> bytes:
    """The file of a binding with a signature by `key`, whose certificate is the first.

    `at`: the signing time, which nobody vouches for but the signer. Raises `BadInput` for a
    binding that is signed already, that names data which is not there or cannot be covered
    (the message or file around the binding), or that is no binding.
    """
    info = read(binding, where)
    if info.signatures:
        raise BadInput("a binding without signature", "a signed one", where)
    if not certificates or certificates[0].public_key() != key.public_key():
        raise BadInput("the certificate of the key", "another", "--certificate")
    parts = [p for b in info.bindings for p in (*b.metadata, *b.data) if isinstance(p, Reference)]
    digests = {uri: _digest(uri, resolve, where) for uri in dict.fromkeys(p.uri for p in parts)}
    if any(part.transforms is not None for part in parts):
        raise BadInput("references to whole data objects", "one to a part", where)

    etree, signxml = libraries()
    root = tree(binding)
    names = _Names(ids(info))
    covered = []
    for element in root.iterfind(f"{{{BINDING}}}*/{{{BINDING}}}MetadataBinding"):
        if "Id" not in element.attrib:
            element.set("Id", names.free("binding"))
        covered.append(element.get("Id"))
    own = names.free("signature")
    held, inside = _object(etree, names, own, digests, at)
    # The library finds what it signs in the tree; the object moves into the signature below.
    root.insert(0, held)
    signer = signxml.XMLSigner(
        method=signxml.SignatureConstructionMethod.detached,
        signature_algorithm=signxml.SignatureMethod[_method(key.public_key(), where)],
        digest_algorithm=signxml.DigestAlgorithm.SHA384,
        c14n_algorithm=signxml.CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    )
    uris: Any = [f"#{name}" for name in (*covered, *inside)]
    signature = signer.sign(root, key=key, cert=certificates, reference_uri=uris)
    signature.set("Id", own)
    root.remove(held)
    signature.append(held)
    root.insert(0, signature)
    made: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n"
    if len(made) > LIMITS.size:
        raise BadInput(f"a binding of at most {LIMITS.size} bytes", "a larger one", where)
    return made


def _digest(uri: str, resolve: Resolve, where: str) -> bytes:
    found = resolve(uri)
    if found is None:
        raise BadInput("data that is there and that a signature can cover", "none", where)
    return found.digest("sha384")


class _Names:
    """Names for Ids that nothing in the document has yet."""

    def __init__(self, used: Iterable[str]) -> None:
        self._used = set(used)

    def free(self, name: str) -> str:
        number = 1
        while f"{name}-{number}" in self._used:
            number += 1
        self._used.add(f"{name}-{number}")
        return f"{name}-{number}"


def _object(
    etree: Any, names: _Names, own: str, digests: dict[str, bytes], at: datetime
) -> tuple[Any, list[str]]:
    """The ds:Object with manifest and time, and the Ids of both."""
    held = etree.Element(f"{{{DSIG}}}Object", nsmap={"ds": DSIG})
    inside = []
    if digests:
        manifest = etree.SubElement(held, f"{{{DSIG}}}Manifest", Id=names.free("manifest"))
        inside.append(manifest.get("Id"))
        for uri, digest in digests.items():
            reference = etree.SubElement(manifest, f"{{{DSIG}}}Reference", URI=uri)
            etree.SubElement(reference, f"{{{DSIG}}}DigestMethod", Algorithm=SHA384)
            value = etree.SubElement(reference, f"{{{DSIG}}}DigestValue")
            value.text = base64.b64encode(digest).decode()
    properties = etree.SubElement(
        held, f"{{{DSIG}}}SignatureProperties", Id=names.free("properties")
    )
    inside.append(properties.get("Id"))
    one = etree.SubElement(properties, f"{{{DSIG}}}SignatureProperty", Target=f"#{own}")
    stamp = etree.SubElement(one, f"{{{WSU}}}Timestamp", nsmap={"wsu": WSU})
    created = etree.SubElement(stamp, f"{{{WSU}}}Created")
    created.text = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return held, inside
