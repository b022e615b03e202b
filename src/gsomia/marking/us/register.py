"""The register: how each value is written in a banner (title, abbreviation) and in a portion.

IC Markings System Register and Manual, 31 December 2016, G.1, table 4.
"""

from __future__ import annotations

from gsomia.marking.us.model import DISSEMINATION, LISTS, NON_IC

TITLES = {
    "RSEN": ("RISK SENSITIVE", "RS"),
    "FOUO": ("FOR OFFICIAL USE ONLY", "FOUO"),
    "ORCON": ("ORIGINATOR CONTROLLED", "OC"),
    "ORCON-USGOV": ("ORIGINATOR CONTROLLED-USGOV", "OC-USGOV"),
    "IMCON": ("CONTROLLED IMAGERY", "IMC"),
    "NOFORN": ("NOT RELEASABLE TO FOREIGN NATIONALS", "NF"),
    "PROPIN": ("CAUTION-PROPRIETARY INFORMATION INVOLVED", "PR"),
    "RELIDO": ("RELEASABLE BY INFORMATION DISCLOSURE OFFICIAL", "RELIDO"),
    "DEA SENSITIVE": ("DEA SENSITIVE", "DSEN"),
    "FISA": ("FOREIGN INTELLIGENCE SURVEILLANCE ACT", "FISA"),
    "LIMDIS": ("LIMITED DISTRIBUTION", "DS"),
    "EXDIS": ("EXCLUSIVE DISTRIBUTION", "XD"),
    "NODIS": ("NO DISTRIBUTION", "ND"),
    "SBU": ("SENSITIVE BUT UNCLASSIFIED", "SBU"),
    "SBU NOFORN": ("SENSITIVE BUT UNCLASSIFIED NOFORN", "SBU-NF"),
    "LES": ("LAW ENFORCEMENT SENSITIVE", "LES"),
    "LES NOFORN": ("LAW ENFORCEMENT SENSITIVE NOFORN", "LES-NF"),
    "SSI": ("SENSITIVE SECURITY INFORMATION", "SSI"),
}
"""By banner abbreviation: the title, and the portion mark."""

NUCLEAR_TITLES = {
    "RD": ("RESTRICTED DATA", "RD"),
    "FRD": ("FORMERLY RESTRICTED DATA", "FRD"),
    "DOD UCNI": ("DOD UNCLASSIFIED CONTROLLED NUCLEAR INFORMATION", "DCNI"),
    "DOE UCNI": ("DOE UNCLASSIFIED CONTROLLED NUCLEAR INFORMATION", "UCNI"),
    "TFNI": ("TRANSCLASSIFIED FOREIGN NUCLEAR INFORMATION", "TFNI"),
    "ATOMAL": ("ATOMAL", "ATOMAL"),
}
CNWDI_TITLE = "CRITICAL NUCLEAR WEAPON DESIGN INFORMATION"

SYSTEMS = {"HCS": "HCS", "RSV": "RESERVE", "SI": "SI", "TK": "TALENT KEYHOLE"}
"""The published SCI control systems, by abbreviation, with their titles."""

COMPARTMENT_TITLES = {
    ("SI", "ECRU"): "EU",
    ("SI", "GAMMA"): "G",
    ("SI", "NONBOOK"): "NK",
    ("TK", "BLUEFISH"): "BLFH",
    ("TK", "IDITAROD"): "IDIT",
    ("TK", "KANDIK"): "KAND",
}
"""By system and title, the abbreviation. A portion takes the abbreviation alone."""

SAR_TITLE, SAR = "SPECIAL ACCESS REQUIRED-", "SAR-"
REL_TITLE, REL = "AUTHORIZED FOR RELEASE TO ", "REL TO "
DISPLAY = "DISPLAY ONLY "
FGI_TITLE, FGI = "FOREIGN GOVERNMENT INFORMATION", "FGI"


def _spellings(values: tuple[str, ...], *, portion: bool) -> dict[str, str]:
    found = {}
    for value in values:
        title, letters = TITLES[value]
        for spelling in (letters,) if portion else (value, title):
            found[spelling] = value
    return found


_PLAIN = tuple(value for value in DISSEMINATION if value not in LISTS)
DISSEMINATION_WORDS = {p: _spellings(_PLAIN, portion=p) for p in (False, True)}
NON_IC_WORDS = {p: _spellings(NON_IC, portion=p) for p in (False, True)}
NUCLEAR_WORDS = {
    False: {w: name for name, (title, _) in NUCLEAR_TITLES.items() for w in (name, title)},
    True: {letters: name for name, (_, letters) in NUCLEAR_TITLES.items()},
}
"""Each spelling and its value, by whether the text is a portion."""

ELSEWHERE = {
    p: frozenset({*DISSEMINATION_WORDS[not p], *NON_IC_WORDS[not p], *NUCLEAR_WORDS[not p]})
    - frozenset({*DISSEMINATION_WORDS[p], *NON_IC_WORDS[p], *NUCLEAR_WORDS[p]})
    for p in (False, True)
}
"""Spellings that belong into the other form, by whether the text is a portion."""
