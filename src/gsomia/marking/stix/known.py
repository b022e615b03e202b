"""What the standards themselves fix: identifiers of TLP marking definitions, values of ACS.

`verified` says whether somebody here has read the text a table rests on, or only the
schema or a description of it. A table that is not verified is used where it closes, and
named in the answer; nothing opens on it alone.
"""

from __future__ import annotations

import json
from types import MappingProxyType

import msgspec

from gsomia.marking.handling import Tlp

TLP2 = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
ACS = "extension-definition--3a65884d-005a-4290-8335-cb2d778a83ce"

TLP1_CREATED = "2017-01-20T00:00:00.000Z"
TLP2_CREATED = "2022-10-01T00:00:00.000Z"


class Fixed(msgspec.Struct, frozen=True):
    """A marking definition that a standard fixes: no other object may say the same."""

    id: str
    version: int
    word: str
    tlp: Tlp

    @property
    def name(self) -> str:
        """The name the standard gives it."""
        return f"TLP:{self.word.upper()}"

    @property
    def created(self) -> str:
        """The instant the standard gives it."""
        return TLP1_CREATED if self.version == 1 else TLP2_CREATED

    @property
    def object(self) -> bytes:
        """The object itself, for a bundle that must carry it."""
        head = {
            "type": "marking-definition",
            "spec_version": "2.1",
            "id": self.id,
            "created": self.created,
            "name": self.name,
        }
        said: dict[str, object] = {"definition_type": "tlp", "definition": {"tlp": self.word}}
        if self.version == 2:
            held = {"extension_type": "property-extension", "tlp_2_0": self.word}
            said = {"extensions": {TLP2: held}}
        return json.dumps(head | said, separators=(",", ":")).encode()


_IDS = (
    # STIX 2.1 section 7.2.1.4.
    ("613f2e26-407d-48c7-9eca-b8e91df99dc9", 1, "white", Tlp.CLEAR),
    ("34098fce-860f-48ae-8e50-ebd3cc5e41da", 1, "green", Tlp.GREEN),
    ("f88d31f6-486f-44da-b317-01333bde0b82", 1, "amber", Tlp.AMBER),
    ("5e57c739-391a-4eb3-b6be-7d15ca92d5ed", 1, "red", Tlp.RED),
    # The TLP 2.0 extension: its schema lists the identifiers.
    ("94868c89-83c2-464b-929b-a1a8aa3c8487", 2, "clear", Tlp.CLEAR),
    ("bab4a63c-aed9-4cf5-a766-dfca5abac2bb", 2, "green", Tlp.GREEN),
    ("55d920b0-5e8b-4f79-9ee9-91f868d9b421", 2, "amber", Tlp.AMBER),
    ("939a9414-2ddd-4d32-a0cd-375ea402b003", 2, "amber+strict", Tlp.AMBER_STRICT),
    ("e828b379-4e03-4974-9ac4-e53a884c97c1", 2, "red", Tlp.RED),
)

FIXED = MappingProxyType(
    {
        fixed.id: fixed
        for fixed in (
            Fixed(f"marking-definition--{uuid}", version, word, tlp)
            for uuid, version, word, tlp in _IDS
        )
    }
)
"""By identifier. A bundle may refer to these without holding them."""

TLP2_OF = MappingProxyType({f.tlp: f for f in FIXED.values() if f.version == 2})
"""The definition of version 2 for each label: how a label is written."""


class Row(msgspec.Struct, frozen=True):
    """What a value of an ACS control set does, and how far that was read."""

    says: str
    verified: bool = False


NOFORN, PUBLIC, INFORMS = "only the United States", "public release", "nothing asked of a recipient"

ACS_VALUES = MappingProxyType(
    {
        ("formal_determination", "NF"): Row(NOFORN),
        ("formal_determination", "PUBREL"): Row(PUBLIC),
        ("formal_determination", "NO-PII-PRESENT"): Row(INFORMS),
    }
)
"""Values with a meaning of their own. Every other value of `CAVEATS` is a caveat to be held."""

CAVEATS = (
    "caveat",
    "sensitivity",
    "sci_controls",
    "logical_authority_category",
    "formal_determination",
)
"""The controls of an ACS control set whose values become caveats, each to be held."""

ACS_POLICY = "USA"
"""Whose classifications `U`, `C`, `S` and `TS` of ACS are."""
