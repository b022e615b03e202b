"""Keys and certificates for signatures, made here and now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

AT = datetime(2026, 3, 17, 10, 30, tzinfo=UTC)


def key(kind: str, number: int = 1) -> Any:
    return _made(kind, number)


@cache
def _made(kind: str, number: int) -> Any:
    """The same key for the same kind and number, for as long as the tests run."""
    assert number
    if kind.startswith("rsa"):
        return rsa.generate_private_key(65537, int(kind[3:] or 2048))
    curves: dict[str, ec.EllipticCurve] = {"p256": ec.SECP256R1(), "p384": ec.SECP384R1()}
    curves |= {"p521": ec.SECP521R1(), "k256": ec.SECP256K1()}
    return ec.generate_private_key(curves[kind])


@cache
def certificate(kind: str, number: int = 1) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"Signer {kind} {number}")])
    held = key(kind, number)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(held.public_key())
        .serial_number(number)
        .not_valid_before(AT - timedelta(days=10))
        .not_valid_after(AT + timedelta(days=10))
        .sign(held, hashes.SHA256())
    )


def pem(kind: str, passphrase: str | None = None) -> bytes:
    how: Any = serialization.NoEncryption()
    if passphrase is not None:
        how = serialization.BestAvailableEncryption(passphrase.encode())
    made: bytes = key(kind).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, how
    )
    return made
