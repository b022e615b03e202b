"""Sign bindings with xmlsec1: `python make_with_xmlsec1.py`, in an empty folder.

Needs xmlsec1 (made with 1.2.37 of Debian 12) and openssl. New keys each time; they are
thrown away, and their certificates are kept beside the bindings.
"""

import subprocess
from pathlib import Path

TEMPLATE = """\
<?xml version="1.0" encoding="UTF-8"?>
<mb:BindingInformation xmlns:mb="urn:nato:stanag:4778:bindinginformation:1:0" xmlns:xmime="http://www.w3.org/2005/05/xmlmime">
  <Signature xmlns="http://www.w3.org/2000/09/xmldsig#" Id="sig-1">
    <SignedInfo>
      <CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>
      <SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#@METHOD@"/>
@REFERENCES@
      <Reference URI="#time-1" Type="http://www.w3.org/2000/09/xmldsig#SignatureProperties">
        <Transforms><Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/></Transforms>
        <DigestMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#sha384"/>
        <DigestValue></DigestValue>
      </Reference>
    </SignedInfo>
    <SignatureValue></SignatureValue>
    <KeyInfo><X509Data><X509Certificate></X509Certificate></X509Data></KeyInfo>
    <Object>
@MANIFEST@
      <SignatureProperties Id="time-1">
        <SignatureProperty Target="#sig-1">
          <wsu:Timestamp xmlns:wsu="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"><wsu:Created>2026-11-25T12:00:00Z</wsu:Created></wsu:Timestamp>
        </SignatureProperty>
      </SignatureProperties>
    </Object>
  </Signature>
  <mb:MetadataBindingContainer>
    <mb:MetadataBinding Id="mb-1">
      <mb:Metadata>
        <slab:originatorConfidentialityLabel xmlns:slab="urn:nato:stanag:4774:confidentialitymetadatalabel:1:0" ReviewDateTime="2031-01-01T00:00:00Z">
          <slab:ConfidentialityInformation>
            <slab:PolicyIdentifier URI="urn:oid:2.25.1111111111.1">EX-KOR</slab:PolicyIdentifier>
            <slab:Classification>GUNSA II</slab:Classification>
            <slab:Category Type="PERMISSIVE" TagName="Releasable To" URI="urn:oid:2.25.1111111111.2">
              <slab:GenericValue>KOR</slab:GenericValue>
              <slab:GenericValue>JPN</slab:GenericValue>
            </slab:Category>
          </slab:ConfidentialityInformation>
          <slab:CreationDateTime>2026-01-01T00:00:00Z</slab:CreationDateTime>
        </slab:originatorConfidentialityLabel>
      </mb:Metadata>
      <mb:DataReference URI="./plan.txt" xmime:contentType="text/plain"/>
    </mb:MetadataBinding>
  </mb:MetadataBindingContainer>
</mb:BindingInformation>
"""

CANON = (
    '<Transforms><Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/></Transforms>'
)
ENVELOPED = CANON.replace(
    "<Transforms>",
    '<Transforms><Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>',
)
SHA1 = "http://www.w3.org/2000/09/xmldsig#sha1"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
SHA384 = "http://www.w3.org/2001/04/xmldsig-more#sha384"


def ref(uri, transforms=CANON, digest=SHA384):
    method = f'<DigestMethod Algorithm="{digest}"/><DigestValue></DigestValue>'
    return f'      <Reference URI="{uri}">{transforms}{method}</Reference>'


FILE = ref("./plan.txt", "")
MANIFEST = f'      <Manifest Id="manifest-1">\n{FILE}\n      </Manifest>'
CASES = {
    "direct-rsa": ("rsa-sha256", [ref("#mb-1"), FILE], ""),
    "manifest-ecdsa": ("ecdsa-sha256", [ref("#mb-1"), ref("#manifest-1")], MANIFEST),
    "enveloped-rsa-sha512": (
        "rsa-sha512",
        [ref("", ENVELOPED, SHA256), ref("./plan.txt", "", SHA256)],
        "",
    ),
    "sha1-digest": ("rsa-sha256", [ref("#mb-1", CANON, SHA1), FILE], ""),
    "sha1-signature": ("rsa-sha1", [ref("#mb-1"), FILE], ""),
    "sha1-manifest": (
        "rsa-sha256",
        [ref("#mb-1"), ref("#manifest-1")],
        MANIFEST.replace(SHA384, SHA1),
    ),
    "label-only": ("rsa-sha256", [ref("#mb-1")], ""),
}
IDS = [
    part
    for name in (
        "urn:nato:stanag:4778:bindinginformation:1:0:MetadataBinding",
        "http://www.w3.org/2000/09/xmldsig#:Manifest",
        "http://www.w3.org/2000/09/xmldsig#:SignatureProperties",
    )
    for part in ("--id-attr:Id", name)
]


def make_key(name, *how):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", *how, "-nodes", "-days", "36500"]
        + ["-subj", f"/CN=xmlsec1 {name.upper()}", "-keyout", f"{name}.key", "-out", f"{name}.pem"],
        check=True,
    )


make_key("rsa", "rsa:2048")
make_key("ec", "ec", "-pkeyopt", "ec_paramgen_curve:P-256")
Path("plan.txt").write_text("the plan\n")
for name, (method, references, manifest) in CASES.items():
    text = TEMPLATE.replace("@REFERENCES@", "\n".join(references)).replace("@MANIFEST@", manifest)
    if method == "rsa-sha1":
        text = text.replace("2001/04/xmldsig-more#@METHOD@", "2000/09/xmldsig#rsa-sha1")
    Path("template.xml").write_text(text.replace("@METHOD@", method))
    key = method.partition("-")[0].replace("ecdsa", "ec")
    subprocess.run(
        ["xmlsec1", "--sign", *IDS, "--privkey-pem", f"{key}.key,{key}.pem"]
        + ["--output", f"{name}.bdo", "template.xml"],
        check=True,
    )
    subprocess.run(
        ["xmlsec1", "--verify", *IDS, "--trusted-pem", f"{key}.pem", f"{name}.bdo"], check=True
    )
for left in (*Path().glob("*.key"), Path("template.xml")):
    left.unlink()
