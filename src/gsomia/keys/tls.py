"""TLS between nodes: certificates pinned by node cards, and nothing else trusted.

Promises: TLS 1.3 only; both sides show a certificate; only the very
certificates given are accepted, not others that their keys may have signed; no
system store and no `SSL_CERT_FILE`, `SSL_CERT_DIR` or `SSLKEYLOGFILE` counts.

TLS here keeps outsiders out and metadata private. What nodes exchange is sealed
and signed on its own: nothing rests on TLS alone. Keys are agreed with a
post-quantum hybrid where Python and OpenSSL (3.5 and later) have one.

Does not promise: that the machine's OpenSSL configuration is sane (it is read by
the library itself), nor which node a peer is: ask `peer_certificate`.
"""

from __future__ import annotations

import os
import ssl
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA384
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from gsomia.faults import BadInput, ProofFailed

MAX_NAME = 64
"""Characters in a certificate's common name (X.520)."""

GROUPS = ("SecP384r1MLKEM1024", "X25519MLKEM768", "secp384r1", "X25519")
"""Key agreement in order of preference, where Python lets a program choose."""

_SERIAL_BITS = 159


def new_tls_key() -> bytes:
    """A new ECDSA P-384 private key as unencrypted PKCS #8 PEM: a secret, for the vault.

    P-384, because every TLS library has it and CNSA allows it; drawn from the
    system's generator, the one randomness this library does not let us hand in.
    """
    return ec.generate_private_key(ec.SECP384R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def make_certificate(
    name: str, serial: int, not_before: datetime, not_after: datetime, key: bytes
) -> bytes:
    """A self-signed certificate (DER) for `key` (PEM) under `name`, for both TLS roles.

    It may sign no other certificate. `serial` is random, from 1 to under 2**159
    (RFC 5280 allows 20 bytes); the times are aware. Raises `BadInput`.
    """
    if not 0 < len(name) <= MAX_NAME:
        raise BadInput(f"a name of 1 to {MAX_NAME} characters", f"{len(name)}", "certificate")
    if not 0 < serial < 1 << _SERIAL_BITS:
        raise BadInput(f"a serial number under 2**{_SERIAL_BITS}", "another", "certificate")
    if not not_before < not_after:
        raise BadInput("an end after the beginning", "one before it", "certificate")
    private = _private(key)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    roles = x509.ExtendedKeyUsage(
        [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private.public_key())
        .serial_number(serial)
        .not_valid_before(not_before)
        .not_valid_after(not_after)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(roles, critical=False)
        .sign(private, SHA384())
    )
    return certificate.public_bytes(serialization.Encoding.DER)


def contexts(
    certificate: bytes, key: bytes, partners: Sequence[bytes]
) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """The server's and the client's context of the node with `certificate` (DER) and `key` (PEM).

    `partners` are the DER certificates to accept, as the node cards in force
    pin them; with none, every peer is refused. Names are not compared: the pin
    says who it is. Raises `BadInput` if key and certificate do not belong
    together, if one cannot be read, or if a partner's could sign others.
    """
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        own = ssl.DER_cert_to_PEM_cert(certificate).encode()
        with _as_file(key + b"\n" + own) as path:
            for context in (server, client):
                _harden(context)
                # Without a password function OpenSSL would ask the terminal for one.
                context.load_cert_chain(path, password=lambda: b"")
                for partner in partners:
                    _check_end_entity(partner)
                    context.load_verify_locations(cadata=partner)
    except (ssl.SSLError, ValueError, x509.ExtensionNotFound):
        raise BadInput(
            "a certificate, its key, and partners' certificates", "others", "tls"
        ) from None
    server.num_tickets = 0  # each connection shows its certificate anew
    return server, client


def peer_certificate(connection: ssl.SSLSocket, partners: Sequence[bytes]) -> bytes:
    """The certificate (DER) the peer has shown, one of `partners`.

    The handshake has compared it already, by its chain; this compares the
    bytes. Raises `ProofFailed` for any other, or none.
    """
    shown = connection.getpeercert(binary_form=True)
    if shown is None or shown not in partners:
        raise ProofFailed("the peer's certificate is none of those pinned", "tls")
    return shown


def _check_end_entity(certificate: bytes) -> None:
    """Refuse a pin that could vouch for other certificates: OpenSSL would believe it."""
    read = x509.load_der_x509_certificate(certificate)  # one, and nothing after it
    if read.extensions.get_extension_for_class(x509.BasicConstraints).value.ca:
        raise BadInput("a partner's own certificate", "one of an authority", "tls")


def _harden(context: ssl.SSLContext) -> None:
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname = False
    context.verify_mode = ssl.CERT_REQUIRED
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    set_groups = getattr(context, "set_groups", None)  # Python 3.15
    if set_groups is not None:
        with suppress(ssl.SSLError):
            set_groups(":".join(GROUPS))


def _private(key: bytes) -> ec.EllipticCurvePrivateKey:
    try:
        private = serialization.load_pem_private_key(key, None)
    except (ValueError, TypeError):
        raise BadInput("a private key in PEM", "something else", "tls") from None
    if not isinstance(private, ec.EllipticCurvePrivateKey):
        raise BadInput("an ECDSA key", "another kind of key", "tls")
    return private


@contextmanager
def _as_file(data: bytes) -> Iterator[str]:
    """A path to `data` for OpenSSL, which takes keys from files only.

    In memory where the system can (Linux); elsewhere a private temporary file,
    removed at once.
    """
    if hasattr(os, "memfd_create"):
        fd = os.memfd_create("tls", os.MFD_CLOEXEC)
        with os.fdopen(fd, "wb") as file:
            file.write(data)
            file.flush()
            yield f"/proc/self/fd/{fd}"
    else:
        with tempfile.NamedTemporaryFile() as file:
            file.write(data)
            file.flush()
            yield file.name
