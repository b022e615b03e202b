"""The rules by which markings of other systems permit a recipient: source, and who can decide.

`handling.unmet` names them; so do the readers of each format, for what nobody can decide on.
"""

from __future__ import annotations

from types import MappingProxyType

import msgspec

SOURCE_OF_INFORMATION = "the source of the information"
MAKER = "the maker of the marking"
SENDER = "whoever sent the bundle: ask for it with its marking definitions"
DISCLOSURE = "the holder's disclosure officer, on evidence about the recipient"


class Rule(msgspec.Struct, frozen=True):
    """A rule of release: its source, who can decide, its text, and whether the source was read."""

    source: str
    who: str
    text: str
    verified: bool = True


_OURS = "ours: what is not said permits nobody"
_FIRST = "FIRST TLP 2.0"
"""Its definitions were read in copies that others keep of them, word by word the same."""

_ACS = "ACS 3.0; ISM"

RULES = MappingProxyType(
    {
        "something": Rule(_OURS, SENDER, "the bundle holds an object"),
        "resolved": Rule(
            # STIX 2.1 section 3.3 lets a reference lead nowhere, and leaves it to the reader.
            _OURS,
            SENDER,
            "each marking that an object names is in the bundle, or fixed by the standard",
        ),
        "readable": Rule(
            _OURS, MAKER, "each marking is of a kind that can be read here, and decided on"
        ),
        "consistent": Rule(_OURS, MAKER, "a marking does not contradict itself"),
        "one_value": Rule(
            "MISP taxonomies: exclusive",
            MAKER,
            "one thing has one value of a vocabulary that allows one only",
        ),
        "says_who": Rule(
            _OURS, SOURCE_OF_INFORMATION, "some marking of the object says who may receive it"
        ),
        "tlp_standing": Rule(
            _FIRST,
            SOURCE_OF_INFORMATION,
            "the recipient belongs to the circle that the TLP label names",
        ),
        "tlp_named": Rule(
            _FIRST,
            SOURCE_OF_INFORMATION,
            "TLP:RED goes to recipients whom the source named, and to nobody else",
        ),
        "state_named": Rule(_ACS, MAKER, "the marking names the recipient's state", verified=False),
        "level_held": Rule(
            "ours: no level is compared with one of another policy",
            DISCLOSURE,
            "the recipient is cleared for the level, in the level's own policy",
        ),
        "caveat_held": Rule(_ACS, DISCLOSURE, "the recipient holds each caveat", verified=False),
        "one_of_held": Rule(
            _ACS,
            DISCLOSURE,
            "the recipient belongs to one of the organisations, communities or kinds named",
            verified=False,
        ),
        "sharing_permitted": Rule(
            _ACS, MAKER, "the marking lets the information be given on to them", verified=False
        ),
        "action_permitted": Rule(
            _ACS, MAKER, "the marking lets the recipient do what is meant", verified=False
        ),
    }
)
