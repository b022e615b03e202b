"""The codes of states and groups in US marks: trigraphs, tetragraphs, and which of them are known.

The manual's own lists (Register, Annexes A and B) are not public. Trigraphs here are
ISO 3166-1 alpha-3. Of tetragraphs only those stand here that the released manual itself
names or uses; the rest is for whoever holds the list: `Vocabulary.wider`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

import msgspec

from gsomia.faults import BadInput

ISO_ALPHA3 = frozenset(
    """
    ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT AZE BDI BEL BEN BES BFA BGD
    BGR BHR BHS BIH BLM BLR BLZ BMU BOL BRA BRB BRN BTN BVT BWA CAF CAN CCK CHE CHL CHN CIV CMR
    COD COG COK COL COM CPV CRI CUB CUW CXR CYM CYP CZE DEU DJI DMA DNK DOM DZA ECU EGY ERI ESH
    ESP EST ETH FIN FJI FLK FRA FRO FSM GAB GBR GEO GGY GHA GIB GIN GLP GMB GNB GNQ GRC GRD GRL
    GTM GUF GUM GUY HKG HMD HND HRV HTI HUN IDN IMN IND IOT IRL IRN IRQ ISL ISR ITA JAM JEY JOR
    JPN KAZ KEN KGZ KHM KIR KNA KOR KWT LAO LBN LBR LBY LCA LIE LKA LSO LTU LUX LVA MAC MAF MAR
    MCO MDA MDG MDV MEX MHL MKD MLI MLT MMR MNE MNG MNP MOZ MRT MSR MTQ MUS MWI MYS MYT NAM NCL
    NER NFK NGA NIC NIU NLD NOR NPL NRU NZL OMN PAK PAN PCN PER PHL PLW PNG POL PRI PRK PRT PRY
    PSE PYF QAT REU ROU RUS RWA SAU SDN SEN SGP SGS SHN SJM SLB SLE SLV SMR SOM SPM SRB SSD STP
    SUR SVK SVN SWE SWZ SXM SYC SYR TCA TCD TGO THA TJK TKL TKM TLS TON TTO TUN TUR TUV TWN TZA
    UGA UKR UMI URY USA UZB VAT VCT VEN VGB VIR VNM VUT WLF WSM YEM ZAF ZMB ZWE
    """.split()
)

_TRIGRAPH = re.compile(r"[A-Z]{3}")
_TETRAGRAPH = re.compile(r"[A-Z]{4}")


class Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A code for several states.

    `members` are those among whom a release list may be told apart; empty where nobody here
    has read them, or where the manual does not allow it (Table 3 allows it for TEYE, ACGU
    and FVEY alone). `verified`: the code, and the members if any, were read in `source`.
    """

    code: str
    members: frozenset[str] = frozenset()
    source: str = ""
    verified: bool = False

    def __post_init__(self) -> None:
        if not _TETRAGRAPH.fullmatch(self.code):
            raise BadInput("a group as four capital letters, like NATO", "another text", "group")
        if not all(_TRIGRAPH.fullmatch(member) for member in self.members):
            raise BadInput("members as three capital letters, like KOR", "another text", "group")


_MANUAL = "IC Markings System Register and Manual, 31 December 2016"

GROUPS = (
    Group("ACGU", frozenset({"AUS", "CAN", "GBR", "USA"}), f"{_MANUAL}, H.6 and H.9", True),
    Group("FVEY", frozenset({"AUS", "CAN", "GBR", "NZL", "USA"}), f"{_MANUAL}, H.8", True),
    Group("ISAF", source=f"{_MANUAL}, A.6: the code only", verified=True),
    Group("NATO", source=f"{_MANUAL}, A.6: the code only", verified=True),
    Group("TEYE", source=f"{_MANUAL}, Table 3: the code only", verified=True),
)

# General knowledge; nobody here has read the annex that lists them.
UNREAD_GROUPS = tuple(Group(code) for code in ("CFCK", "GCTF", "KFOR", "RSMA", "UNCK"))


class Vocabulary(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """The codes that a mark may name. What is not here is refused."""

    countries: frozenset[str] = ISO_ALPHA3
    groups: tuple[Group, ...] = GROUPS

    @cached_property
    def _by_code(self) -> dict[str, Group]:
        return {group.code: group for group in self.groups}

    def knows(self, code: str) -> bool:
        """Whether the code is listed."""
        return code in self.countries or code in self._by_code

    def group(self, code: str) -> Group | None:
        """The group of this code, if it is one."""
        return self._by_code.get(code)

    def states(self, code: str) -> frozenset[str]:
        """The states that a code stands for: itself, or a group's members with the group."""
        group = self.group(code)
        return frozenset({code}) if group is None else group.members | {code}

    def named(self, codes: Iterable[str]) -> frozenset[str]:
        """The codes of a list, and the states that its groups stand for."""
        return frozenset[str]().union(*map(self.states, codes))

    def wider(self, groups: Iterable[Group | str]) -> Vocabulary:
        """This vocabulary and more groups: `UNREAD_GROUPS`, or those you hold the list of."""
        more = [Group(g) if isinstance(g, str) else g for g in groups]
        return Vocabulary(
            self.countries, (*self.groups, *(g for g in more if g.code not in self._by_code))
        )


VOCABULARY = Vocabulary()
"""ISO trigraphs, and the tetragraphs that the released manual names."""


def rank(code: str) -> tuple[bool, str]:
    """The order of codes: trigraphs by the alphabet, then tetragraphs (H.7, H.8)."""
    return (len(code) > 3, code)


def release_rank(code: str) -> tuple[bool, bool, str]:
    """The order of a release list: USA, then as `rank` (H.8)."""
    return (code != "USA", *rank(code))
