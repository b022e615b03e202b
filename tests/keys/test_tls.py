"""TLS over real sockets: the pinned peer passes, and nobody else."""

from __future__ import annotations

import os
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA384
from cryptography.x509.oid import NameOID

from gsomia.faults import BadInput, ProofFailed
from gsomia.keys.tls import contexts, make_certificate, new_tls_key, peer_certificate

NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)


class Node(NamedTuple):
    certificate: bytes
    key: bytes


def node(name: str, begin: datetime = NOW - DAY, end: datetime = NOW + DAY) -> Node:
    key = new_tls_key()
    return Node(make_certificate(name, 7, begin, end, key), key)


KR, JP, STRANGER = node("kr.example"), node("jp.example"), node("stranger.example")


def meet(server: ssl.SSLContext, client: ssl.SSLContext) -> tuple[object, object]:
    """Both ends of a handshake and one byte each way: the peer's certificate, or the error."""
    left, right = socket.socketpair()
    left.settimeout(10)
    right.settimeout(10)
    answers: list[object] = []

    def serve() -> None:
        answers.append(speak(lambda: server.wrap_socket(left, server_side=True)))

    thread = threading.Thread(target=serve)
    thread.start()
    mine = speak(lambda: client.wrap_socket(right))
    thread.join()
    left.close()
    right.close()
    return answers[0], mine


def speak(wrap: Callable[[], ssl.SSLSocket]) -> object:
    """The peer's certificate once a byte went each way; else the error."""
    try:
        with wrap() as connection:
            connection.sendall(b"x")
            if connection.recv(1) != b"x":
                return ConnectionError("closed")
            return connection.getpeercert(binary_form=True)
    except OSError as error:
        return error


def refused(*answers: object) -> bool:
    return all(isinstance(answer, OSError) for answer in answers)


def test_pinned_peers_meet() -> None:
    server, _ = contexts(*JP, [KR.certificate, STRANGER.certificate])
    _, client = contexts(*KR, [JP.certificate])
    assert meet(server, client) == (KR.certificate, JP.certificate)


def test_an_unknown_client_is_refused() -> None:
    server, _ = contexts(*JP, [KR.certificate])
    _, client = contexts(*STRANGER, [JP.certificate])
    assert refused(*meet(server, client))


def test_an_unknown_server_is_refused() -> None:
    server, _ = contexts(*STRANGER, [KR.certificate])
    _, client = contexts(*KR, [JP.certificate])
    assert refused(*meet(server, client))


def test_a_client_without_a_certificate_is_refused() -> None:
    server, _ = contexts(*JP, [KR.certificate])
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.check_hostname = False
    client.load_verify_locations(cadata=JP.certificate)
    assert refused(*meet(server, client))


def test_nobody_passes_where_nobody_is_pinned() -> None:
    server, _ = contexts(*JP, [])
    _, client = contexts(*KR, [JP.certificate])
    assert refused(*meet(server, client))
    server, _ = contexts(*JP, [KR.certificate])
    _, client = contexts(*KR, [])
    assert refused(*meet(server, client))


@pytest.mark.parametrize("side", ["server", "client"])
def test_tls_1_2_is_refused(side: str) -> None:
    server, _ = contexts(*JP, [KR.certificate])
    _, client = contexts(*KR, [JP.certificate])
    old = server if side == "server" else client
    old.minimum_version = ssl.TLSVersion.TLSv1_2
    old.maximum_version = ssl.TLSVersion.TLSv1_2
    assert refused(*meet(server, client))


def test_an_expired_certificate_is_refused() -> None:
    old = node("kr.example", NOW - 2 * DAY, NOW - DAY)
    server, _ = contexts(*JP, [old.certificate])
    _, client = contexts(*old, [JP.certificate])
    assert refused(*meet(server, client))


def test_another_certificate_of_the_same_name_is_refused() -> None:
    twin = node("kr.example")
    server, _ = contexts(*JP, [KR.certificate])
    _, client = contexts(*twin, [JP.certificate])
    assert refused(*meet(server, client))


USAGES = [
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
    "key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
]  # fmt: skip


def sign(name: str, issuer: Node, key: bytes, ca: bool | None) -> bytes:
    """A certificate for `key` signed by `issuer`, in a form strict verifiers take."""
    signer = serialization.load_pem_private_key(issuer.key, None)
    subject = serialization.load_pem_private_key(key, None)
    assert isinstance(signer, ec.EllipticCurvePrivateKey)
    assert isinstance(subject, ec.EllipticCurvePrivateKey)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.load_der_x509_certificate(issuer.certificate).subject)
        .public_key(subject.public_key())
        .serial_number(8)
        .not_valid_before(NOW - DAY)
        .not_valid_after(NOW + DAY)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(subject.public_key()), False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), False
        )
    )
    if ca is not None:
        builder = builder.add_extension(x509.BasicConstraints(ca, None), critical=True)
    if ca:
        usage = dict.fromkeys(USAGES, False) | {"key_cert_sign": True, "digital_signature": True}
        builder = builder.add_extension(x509.KeyUsage(**usage), critical=True)
    return builder.sign(signer, SHA384()).public_bytes(serialization.Encoding.DER)


def test_a_pinned_key_vouches_for_no_other() -> None:
    """A partner that signs a second certificate has not thereby pinned it."""
    key = new_tls_key()
    child = sign("child", KR, key, ca=False)
    server, _ = contexts(*JP, [KR.certificate])
    _, client = contexts(child, key, [JP.certificate])
    assert refused(*meet(server, client))


def test_an_authority_cannot_be_pinned() -> None:
    """Its children would pass, as the first half shows; so it is refused beforehand."""
    authority = Node(sign("kr.example", KR, KR.key, ca=True), KR.key)
    key = new_tls_key()
    child = sign("child", authority, key, ca=False)
    server, _ = contexts(*JP, [])
    server.load_verify_locations(cadata=authority.certificate)
    _, client = contexts(child, key, [JP.certificate])
    assert meet(server, client) == (child, JP.certificate)
    with pytest.raises(BadInput, match="got one of an authority"):
        contexts(*JP, [authority.certificate])
    with pytest.raises(BadInput, match="a certificate, its key"):
        contexts(*JP, [sign("kr.example", KR, KR.key, ca=None)])


def test_no_environment_variable_adds_trust(tmp_path: Path) -> None:
    """`SSL_CERT_FILE` names the stranger's certificate, and a key log is asked for."""
    pem = tmp_path / "stranger.pem"
    pem.write_text(ssl.DER_cert_to_PEM_cert(STRANGER.certificate))
    log = tmp_path / "keys.log"
    for name, value in [("kr", KR), ("jp", JP), ("stranger", STRANGER)]:
        (tmp_path / f"{name}.der").write_bytes(value.certificate)
        (tmp_path / f"{name}.key").write_bytes(value.key)
    program = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from pathlib import Path
import test_tls as t
read = lambda n: (Path({str(tmp_path)!r}, n + ".der").read_bytes(),
                  Path({str(tmp_path)!r}, n + ".key").read_bytes())
kr, jp, stranger = read("kr"), read("jp"), read("stranger")
server, _ = t.contexts(*jp, [kr[0]])
print(t.refused(*t.meet(server, t.contexts(*stranger, [jp[0]])[1])))
print(t.meet(server, t.contexts(*kr, [jp[0]])[1]) == (kr[0], jp[0]))
"""
    result = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"SSL_CERT_FILE": str(pem), "SSLKEYLOGFILE": str(log)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.split() == ["True", "True"]
    assert not log.exists()


def test_the_peer_is_known_by_its_bytes() -> None:
    server, _ = contexts(*JP, [KR.certificate])
    _, client = contexts(*KR, [JP.certificate])
    left, right = socket.socketpair()
    thread = threading.Thread(
        target=lambda: server.wrap_socket(left, server_side=True).unwrap().close()
    )
    thread.start()
    with client.wrap_socket(right) as connection:
        assert peer_certificate(connection, [STRANGER.certificate, JP.certificate]) == (
            JP.certificate
        )
        with pytest.raises(ProofFailed, match="none of those pinned"):
            peer_certificate(connection, [KR.certificate])
        connection.unwrap().close()
    thread.join()


def test_a_certificate_says_what_it_was_given() -> None:
    key = new_tls_key()
    read = x509.load_der_x509_certificate(
        make_certificate("kr.example/node", 2**158 + 1, NOW, NOW + DAY, key)
    )
    assert read.serial_number == 2**158 + 1
    assert (read.not_valid_before_utc, read.not_valid_after_utc) == (NOW, NOW + DAY)
    assert read.subject == read.issuer
    assert read.subject.rfc4514_string() == "CN=kr.example/node"
    assert isinstance(read.public_key(), ec.EllipticCurvePublicKey)
    assert not read.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


@pytest.mark.parametrize(
    ("name", "serial", "end", "message"),
    [
        ("", 1, NOW + DAY, "a name"),
        ("x" * 65, 1, NOW + DAY, "a name"),
        ("a", 0, NOW + DAY, "a serial"),
        ("a", 2**159, NOW + DAY, "a serial"),
        ("a", 1, NOW, "an end"),
    ],
)
def test_bad_certificates(name: str, serial: int, end: datetime, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        make_certificate(name, serial, NOW, end, KR.key)


def test_bad_keys_and_certificates_are_bad_input() -> None:
    for key in (b"", b"-----BEGIN PRIVATE KEY-----\n", b"x" * 100):
        with pytest.raises(BadInput, match="a private key in PEM"):
            make_certificate("a", 1, NOW, NOW + DAY, key)
    for certificate, key, partners in [
        (KR.certificate, JP.key, [JP.certificate]),
        (b"", KR.key, []),
        (KR.certificate, b"", []),
        (KR.certificate, KR.key, [b"not a certificate"]),
        (KR.certificate, KR.key, [JP.certificate + STRANGER.certificate]),
    ]:
        with pytest.raises(BadInput, match="a certificate, its key"):
            contexts(certificate, key, partners)


def test_the_key_touches_no_disk_and_no_descriptor_stays(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    before = len(list(Path("/proc/self/fd").iterdir()))
    contexts(*KR, [JP.certificate])
    assert len(list(Path("/proc/self/fd").iterdir())) == before
    assert list(tmp_path.iterdir()) == []
