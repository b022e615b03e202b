"""The MISP taxonomies that mark: TLP, PAP, NATO, EUCI and a part of the US ISM vocabulary.

Values of MISP/misp-taxonomies (commit 7591c551; CC0-1.0 or BSD-2-Clause). What a value says is
read here from the taxonomy; what it *does* under its policy is `verified` only where the
taxonomy itself tells it.
"""

from __future__ import annotations

from types import MappingProxyType

import msgspec

from gsomia.marking.handling import Closed, Handling, Leveled, Pap, Tlp

_NO_LIST = "says that there is a list of states, and not which"


class Value(msgspec.Struct, frozen=True):
    """What a tag asks. `verified`: the taxonomy's own text says so."""

    asks: Handling
    verified: bool = True


class Taxonomy(msgspec.Struct, frozen=True):
    """A vocabulary. `values` by predicate and value; the value is empty where there is none.

    `exclusive`: one value for each thing.
    """

    namespace: str
    version: int
    exclusive: bool
    values: dict[tuple[str, str], Value]


def _tlp(tlp: Tlp) -> Value:
    return Value(Handling(silent=False, tlp=tlp))


def _caveat(text: str, *, verified: bool = False) -> Value:
    return Value(Handling(caveats=frozenset({text})), verified)


def _level(policy: str, level: str) -> Value:
    """A level says who is cleared, not who may receive: it stays silent."""
    return Value(Handling(levels=frozenset({Leveled(policy, level)})))


def _closed(what: str) -> Value:
    return Value(Handling(closed=frozenset({Closed("readable", what)})))


_TLP = {
    ("red", ""): _tlp(Tlp.RED),
    ("amber", ""): _tlp(Tlp.AMBER),
    ("amber+strict", ""): _tlp(Tlp.AMBER_STRICT),
    ("green", ""): _tlp(Tlp.GREEN),
    ("clear", ""): _tlp(Tlp.CLEAR),
    ("white", ""): _tlp(Tlp.CLEAR),
    # The source may not be disclosed.
    ("ex:chr", ""): _caveat("TLP:EX:CHR", verified=True),
    ("unclear", ""): _closed("tlp:unclear"),
}
_PAP = {(pap.value, ""): Value(Handling(pap=pap)) for pap in Pap}
_PAP["WHITE", ""] = _PAP["CLEAR", ""]

_NATO_LEVELS = ("CTS", "CTS-B", "NS", "NC", "NR", "NU", "CTS-A", "NS-A", "NC-A")
_EU_LEVELS = ("TS-UE/EU-TS", "S-UE/EU-S", "C-UE/EU-C", "R-UE/EU-R")

_ISM = {
    "scicontrols": "EL EL-EU EL-NK HCS HCS-O HCS-P KDK KDK-BLFH KDK-IDIT KDK-KAND RSV SI SI-G TK",
    "complies:with": "USGov USIC USDOD OtherAuthority",
    "atomicenergymarkings": "RD RD-CNWDI FRD DCNI UCNI TFNI",
    "notice": "FISA IMC CNWDI RD FRD DS LES LES-NF DSEN DoD-Dist-A DoD-Dist-B DoD-Dist-C DoD-Dist-D"
    " DoD-Dist-E DoD-Dist-F DoD-Dist-X US-Person pre13526ORCON POC COMSEC",
    "nonic": "NNPI DS XD ND SBU SBU-NF LES LES-NF SSI",
    "nonuscontrols": "ATOMAL BOHEMIA BALK",
    "dissem": "RS FOUO OC OC-USGOV IMC NF PR REL RELIDO DSEN FISA DISPLAYONLY",
}
_ONLY_US = Value(Handling(states=frozenset({"USA"})), verified=False)


def _ism() -> dict[tuple[str, str], Value]:
    found = {
        (predicate, value): _caveat(f"ISM {predicate}: {value}")
        for predicate, values in _ISM.items()
        for value in values.split()
    }
    # A claim to keep rules of marking asks nothing of a recipient.
    for value in _ISM["complies:with"].split():
        found["complies:with", value] = Value(Handling())
    found["dissem", "NF"] = _ONLY_US
    for value in ("SBU-NF", "LES-NF"):
        asks = Handling(states=frozenset({"USA"}), caveats=frozenset({f"ISM nonic: {value}"}))
        found["nonic", value] = Value(asks, verified=False)
    for value in ("REL", "DISPLAYONLY"):
        found["dissem", value] = _closed(f'dni-ism:dissem="{value}" {_NO_LIST}')
    for value in ("C", "S", "TS", "R"):
        found["classification:all", value] = _level("ISM", value)
    for value in ("C", "S", "TS"):
        found["classification:us", value] = _level("USA", value)
    for predicate in ("classification:all", "classification:us"):
        found[predicate, "U"] = Value(Handling(), verified=False)
    return found


TAXONOMIES = MappingProxyType(
    {
        taxonomy.namespace: taxonomy
        for taxonomy in (
            Taxonomy("tlp", 10, exclusive=True, values=_TLP),
            Taxonomy("PAP", 3, exclusive=True, values=_PAP),
            Taxonomy(
                "nato",
                2,
                exclusive=True,
                values={("classification", x): _level("NATO", x) for x in _NATO_LEVELS},
            ),
            Taxonomy(
                "euci", 3, exclusive=True, values={(x, ""): _level("EU", x) for x in _EU_LEVELS}
            ),
            Taxonomy("dni-ism", 3, exclusive=False, values=_ism()),
        )
    }
)
"""By namespace, in the taxonomy's own spelling."""
