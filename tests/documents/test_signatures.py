"""Signatures of bindings: made, verified, and refused where they prove nothing."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import new as new_hash
from pathlib import Path

import pytest

from gsomia.documents.signing import Data, Resolve, load_certificates, load_key, sign
from gsomia.documents.verifying import State, Unproved, Verified, Why, verify
from gsomia.faults import BadInput
from gsomia.marking import binding as b
from gsomia.marking import label as labels
from gsomia.marking.binding.model import BINDING, DSIG
from tests.documents.keys import AT, certificate, key, pem
from tests.marking.shared import VECTORS, outside

K1 = labels.read((VECTORS / "label" / "label-k1.xml").read_bytes())
FOLDER = VECTORS / "binding" / "xmlsec1"
FILE = b.Reference(uri="./plan.pdf", content_type="application/pdf")


class Held:
    """Data in memory."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def digest(self, algorithm: str) -> bytes:
        return new_hash(algorithm, self._data).digest()

    def read(self, limit: int) -> bytes:
        if len(self._data) > limit:
            raise BadInput("less", "more")
        return self._data


def there(**files: bytes) -> Resolve:
    held: dict[str, Data] = {f"./{n.replace('_', '.')}": Held(data) for n, data in files.items()}
    return held.get


PLAN = there(plan_pdf=b"plan")
BOUND = b.write(b.bind([K1], [FILE], b.Profile.SIDECAR))
SIGNED = sign(BOUND, key("p256"), [certificate("p256")], PLAN, AT)
MINE = [certificate("p256")]


def only(data: bytes, resolve: Resolve = PLAN, at: datetime = AT) -> Verified | Unproved:
    (found,) = verify(data, MINE, resolve, at)
    return found


@pytest.mark.parametrize("kind", ["rsa2048", "p256", "p384", "p521"])
def test_a_signature_holds(kind: str) -> None:
    data = sign(BOUND, key(kind), [certificate(kind)], PLAN, AT)
    (found,) = verify(data, [*MINE, certificate(kind)], PLAN, AT)
    assert isinstance(found, Verified)
    assert found.signer == f"CN=Signer {kind} 1"
    assert found.created == "2026-03-17T10:30:00Z"
    assert found.data == {"./plan.pdf": State.INTACT}
    assert found.places == {0}
    assert b.labels(found.bindings[0]) == (K1,)
    info = b.read(data)
    assert b.check(info, lambda _: True, b.Profile.SIDECAR) == ()


def test_the_digests_are_sha_384_and_the_form_is_the_schemas() -> None:
    text = SIGNED.decode()
    assert set(re.findall(r'DigestMethod Algorithm="[^"]*#(\w+)"', text)) == {"sha384"}
    assert "sha1" not in text
    etree = pytest.importorskip("lxml.etree")
    schema = etree.XMLSchema(etree.parse(str(outside("labels/xsd/nl-mb.xsd"))))
    assert schema.validate(etree.fromstring(SIGNED)), schema.error_log


def test_another_program_verifies_it(tmp_path: Path) -> None:
    program = shutil.which("xmlsec1")
    if program is None:
        pytest.skip("xmlsec1 is not installed")
    (tmp_path / "plan.pdf").write_bytes(b"plan")
    (tmp_path / "a.bdo").write_bytes(SIGNED)
    from cryptography.hazmat.primitives.serialization import Encoding

    (tmp_path / "a.pem").write_bytes(certificate("p256").public_bytes(Encoding.PEM))
    names = (f"{BINDING}:MetadataBinding", f"{DSIG}:Manifest", f"{DSIG}:SignatureProperties")
    named = [part for name in names for part in ("--id-attr:Id", name)]
    when = ["--verification-gmt-time", "2026-03-17 10:30:00"]
    ran = subprocess.run(
        [program, "--verify", *named, "--trusted-pem", "a.pem", *when, "a.bdo"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    said = ran.stdout + ran.stderr
    assert ran.returncode == 0, said
    assert "References (ok/all): 3/3" in said
    assert "Manifests References (ok/all): 1/1" in said


# -- signatures of another program --------------------------------------------------------

NOW = datetime(2026, 12, 1, tzinfo=UTC)
GOOD = {
    "direct-rsa": State.INTACT,
    "manifest-ecdsa": State.INTACT,
    "enveloped-rsa-sha512": State.INTACT,
    "label-only": State.UNCOVERED,
}


def _others(name: str, plan: bytes | None) -> Verified | Unproved:
    signers = [
        c for n in ("rsa", "ec") for c in load_certificates((FOLDER / f"{n}.pem").read_bytes(), n)
    ]
    resolve = there() if plan is None else there(plan_txt=plan)
    (found,) = verify((FOLDER / f"{name}.bdo").read_bytes(), signers, resolve, NOW)
    return found


@pytest.mark.parametrize("name", GOOD)
def test_a_signature_of_another_program(name: str) -> None:
    found = _others(name, (FOLDER / "plan.txt").read_bytes())
    assert isinstance(found, Verified)
    assert found.data == {"./plan.txt": GOOD[name]}
    assert found.created == "2026-11-25T12:00:00Z"
    (label,) = b.labels(found.bindings[0])
    assert label.information.classification == "GUNSA II"


def test_its_data_has_changed_or_is_gone() -> None:
    found = _others("manifest-ecdsa", b"another plan")
    assert isinstance(found, Verified)
    assert found.data == {"./plan.txt": State.CHANGED}
    gone = _others("manifest-ecdsa", None)
    assert isinstance(gone, Verified)
    assert gone.data == {"./plan.txt": State.MISSING}
    for name in ("direct-rsa", "enveloped-rsa-sha512"):
        assert _others(name, b"another plan") == Unproved(Why.BROKEN, "Signature 1")
        assert _others(name, None) == Unproved(Why.DATA, "Signature 1")


@pytest.mark.parametrize("name", ["sha1-digest", "sha1-signature", "sha1-manifest"])
def test_sha_1_proves_nothing(name: str) -> None:
    found = _others(name, (FOLDER / "plan.txt").read_bytes())
    assert found == Unproved(Why.FORM, "Signature 1")


# -- what proves nothing ------------------------------------------------------------------


def test_data_that_changed_or_is_gone() -> None:
    changed, gone = only(SIGNED, there(plan_pdf=b"plan 2")), only(SIGNED, there())
    assert isinstance(changed, Verified)
    assert isinstance(gone, Verified)
    assert changed.data == {"./plan.pdf": State.CHANGED}
    assert gone.data == {"./plan.pdf": State.MISSING}


def test_another_signer_and_another_time() -> None:
    found = verify(SIGNED, [certificate("p256", 2), certificate("rsa2048")], PLAN, AT)
    assert found == (Unproved(Why.SIGNER, "Signature 1"),)
    assert verify(SIGNED, [], PLAN, AT) == (Unproved(Why.SIGNER, "Signature 1"),)
    for days in (-11, 11):
        at = AT + timedelta(days=days)
        assert only(SIGNED, at=at) == Unproved(Why.PERIOD, "Signature 1")
    assert verify(BOUND, MINE, PLAN, AT) == ()


_ID = 'URI="#binding-1"'
_ONE = re.compile("(?s)<mb:MetadataBinding .*?</mb:MetadataBinding>")
_TEXT = SIGNED.decode()
_SIGNED_ONE = _ONE.search(_TEXT)[0]  # type: ignore[index]
_FAKE = _SIGNED_ONE.replace("GUNSA II", "GUNSA III")
_HIDDEN = f'<x:x xmlns:x="urn:x" xmlns:mb="{BINDING}">{{}}</x:x>'
_HMAC = "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"

BENT: dict[str, tuple[Callable[[str], str], Why]] = {
    "the label": (lambda t: t.replace("GUNSA II", "GUNSA I"), Why.BROKEN),
    "the reference": (
        lambda t: t.replace("./plan.pdf", "./other.pdf", 2).replace("other", "plan", 1),
        Why.BROKEN,
    ),
    "the time": (lambda t: t.replace("10:30:00Z", "10:30:01Z"), Why.BROKEN),
    "the digest in the manifest": (
        lambda t: re.sub(r'(?s)(plan.pdf">.*?DigestValue>)\w', r"\1/", t, count=1),
        Why.BROKEN,
    ),
    "the value": (
        lambda t: re.sub("SignatureValue>.{8}", "SignatureValue>AAAAAAAA", t, count=1),
        Why.SIGNER,
    ),
    "a value that is no base64": (
        lambda t: re.sub("SignatureValue>.{5}", "SignatureValue>!", t, count=1),
        Why.FORM,
    ),
    "the algorithm": (lambda t: t.replace("ecdsa-sha256", "ecdsa-sha512"), Why.SIGNER),
    "HMAC": (
        lambda t: t.replace("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", _HMAC),
        Why.FORM,
    ),
    "SHA-1": (lambda t: t.replace("xmldsig-more#sha384", "xmldsig#sha1"), Why.FORM),
    "another transform": (
        lambda t: t.replace('Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"',
        'Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"', 1),
        Why.FORM,
    ),
    "a reference by XPointer": (lambda t: t.replace(_ID, 'URI="#xpointer(/)"'), Why.FORM),
    "a reference to another place": (lambda t: t.replace(_ID, 'URI="http://x.example/"'), Why.FORM),
    "a reference to a folder above": (lambda t: t.replace(_ID, 'URI="../plan.pdf"'), Why.FORM),
    "a reference to nothing": (lambda t: t.replace(_ID, 'URI="#nothing"'), Why.SIGNER),
    "a binding that lost its name": (lambda t: t.replace('Id="binding-1"', ""), Why.FORM),
    "a key value beside the certificate": (
        lambda t: t.replace("<ds:X509Data>", "<ds:KeyValue/><ds:X509Data>"),
        Why.FORM,
    ),
    "the signed binding moved aside, another in its place": (
        lambda t: t.replace(_SIGNED_ONE, _FAKE.replace(' Id="binding-1"', "")).replace(
            "</mb:BindingInformation>", _HIDDEN.format(_SIGNED_ONE) + "</mb:BindingInformation>"
        ),
        Why.PLACE,
    ),
    "the signed binding moved into the signature": (
        lambda t: t.replace(_SIGNED_ONE, _FAKE.replace("binding-1", "binding-2")).replace(
            "</ds:Object>", f'</ds:Object><ds:Object xmlns:mb="{BINDING}">{_SIGNED_ONE}</ds:Object>'
        ),
        Why.PLACE,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BENT)
def test_what_was_bent_proves_nothing(name: str) -> None:
    bend, why = BENT[name]
    bent = bend(_TEXT)
    assert bent != _TEXT
    assert only(bent.encode()) == Unproved(why, "Signature 1")


def test_a_binding_added_beside_is_not_signed() -> None:
    added = _FAKE.replace("binding-1", "binding-2")
    for text in (
        _TEXT.replace(_SIGNED_ONE, added + _SIGNED_ONE),
        _TEXT.replace(_SIGNED_ONE, _SIGNED_ONE + added),
    ):
        found = only(text.encode())
        assert isinstance(found, Verified)
        assert len(found.bindings) == 1
        assert b.labels(found.bindings[0]) == (K1,)
        standing = list(b.read(text.encode()).bindings)
        (place,) = found.places
        assert b.labels(standing[place]) == (K1,)


def test_an_id_that_stands_twice_is_refused() -> None:
    doubled = _TEXT.replace(_SIGNED_ONE, _SIGNED_ONE + _FAKE)
    with pytest.raises(BadInput, match="each Id once"):
        only(doubled.encode())
    named = _FAKE.replace('Id="binding-1"', 'xml:id="binding-1"')
    with pytest.raises(BadInput, match="each Id once"):
        only(_TEXT.replace(_SIGNED_ONE, named + _SIGNED_ONE).encode())


def test_a_manifest_elsewhere_covers_nothing() -> None:
    manifest = re.search("(?s)<ds:Manifest.*?</ds:Manifest>", _TEXT)[0]  # type: ignore[index]
    moved = _TEXT.replace(manifest, "").replace(
        "</mb:BindingInformation>",
        f'<x:x xmlns:x="urn:x" xmlns:ds="{DSIG}">{manifest}</x:x></mb:BindingInformation>',
    )
    assert only(moved.encode()) == Unproved(Why.PLACE, "Signature 1")


def test_two_signatures_are_told_apart() -> None:
    other = sign(BOUND, key("p384"), [certificate("p384")], PLAN, AT).decode()
    second = re.search("(?s)<ds:Signature .*?</ds:Signature>", other)[0]  # type: ignore[index]
    for name in ("signature", "manifest", "properties"):
        second = second.replace(f"{name}-1", f"{name}-9")
    both = _TEXT.replace("<mb:MetadataBindingContainer>", second + "<mb:MetadataBindingContainer>")
    one, two = verify(both.encode(), MINE, PLAN, AT)
    assert isinstance(one, Verified)
    # Its own references were renamed with it, so what it signed is not what it says.
    assert two == Unproved(Why.SIGNER, "Signature 2")
    _, two = verify(both.encode(), [*MINE, certificate("p384")], PLAN, AT)
    assert isinstance(two, Unproved)


# -- signing ------------------------------------------------------------------------------


def test_what_is_not_signed() -> None:
    itself = b.write(b.bind([K1], [b.Reference(uri="", content_type="message/http")], None))
    outside_ = b.write(b.bind([K1], [b.Reference(uri="http://x.example/a.xml")], None))
    for data, resolve in ((SIGNED, PLAN), (BOUND, there()), (itself, PLAN), (outside_, PLAN)):
        with pytest.raises(BadInput):
            sign(data, key("p256"), MINE, resolve, AT)
    for signers in ([], [certificate("p384")], [certificate("p256", 2)]):
        with pytest.raises(BadInput, match="the certificate of the key"):
            sign(BOUND, key("p256"), signers, PLAN, AT)


def test_an_xml_document_inside_is_signed_with_its_label() -> None:
    data = b.encapsulate([K1], b"<order><!-- kept --><to>1</to></order>")
    signed = sign(data, key("p256"), MINE, there(), AT)
    assert b"<!-- kept -->" in signed
    found = only(signed)
    assert isinstance(found, Verified)
    assert found.data == {}
    assert only(signed.replace(b"<to>1", b"<to>2")) == Unproved(Why.BROKEN, "Signature 1")


def test_a_binding_without_ids_is_given_one() -> None:
    bare = BOUND.replace(b' Id="binding-1"', b"")
    assert b"Id=" not in bare
    assert isinstance(only(sign(bare, key("p256"), MINE, PLAN, AT)), Verified)


def test_keys_and_certificates() -> None:
    asked: list[int] = []

    def passphrase() -> str:
        asked.append(1)
        return "secret words"

    load_key(pem("p256"), passphrase, "--key")
    assert not asked
    held = load_key(pem("p256", "secret words"), passphrase, "--key")
    assert asked == [1]
    assert held.public_key() == key("p256").public_key()
    for data in (
        b"",
        b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        pem("k256"),
    ):
        with pytest.raises(BadInput) as refused:
            load_key(data, passphrase, "--key")
        assert "secret" not in str(refused.value)
    with pytest.raises(BadInput, match="another passphrase") as refused:
        load_key(pem("p256", "another"), passphrase, "--key")
    assert "secret" not in str(refused.value)
    with pytest.raises(BadInput, match="at least 2048 bits"):
        load_key(pem("rsa1024"), passphrase, "--key")
    for data in (b"", b"junk", pem("p256")):
        with pytest.raises(BadInput):
            load_certificates(data, "--certificate")
