"""The rules of US marks, each with its section, and which of them a mark breaks.

IC Markings System Register and Manual, 31 December 2016, as released. Letters and numbers are its
sections, `p.` its pages. Its appendices on marks of other states and of NATO are not public:
what rests on other texts says so in `UNREAD`.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from gsomia.marking.us.codes import VOCABULARY, Vocabulary
from gsomia.marking.us.model import Control, Kind, Level, UsMark

RULES: dict[str, tuple[str, str]] = {
    # -- form
    "classification": (
        "a mark begins with a US classification, or with // and that of other owners",
        "A.6, p. 15; D.1, p. 27",
    ),
    "spelled_out": ("a banner spells its classification and markings out", "A.6, p. 15"),
    "portion_marks": ("a portion uses portion marks", "A.6, p. 15; G.1, p. 36"),
    "restricted_not_us": ("RESTRICTED is no US classification", "H.3, p. 56"),
    "separator": ("// and / stand without blanks; lists as ', ' or ' '", "A.6, p. 15-16"),
    "empty": ("nothing holds the place of a category or value left out", "D.1, p. 27"),
    "unknown": ("every value is in the register", "G.1, p. 36"),
    "one_category": ("values between two // are of one category", "D.1, p. 27"),
    "category_order": (
        "categories stand in the order SCI, SAP, AEA, FGI, dissemination, non-IC, each once",
        "A.6, p. 15-16",
    ),
    "value_order": ("values stand in the order of the register, each once", "D.1, p. 27"),
    "category_here": (
        "a mark of other owners carries only their own programs and dissemination controls",
        "H.7, p. 122",
    ),
    "eyes_only": ("EYES ONLY ended on 1 October 2017", "H.8, p. 145, 157"),
    # -- codes
    "code_known": ("a state or group is named by a listed code", "G.1, p. 38-39"),
    "code_order": (
        "codes stand by the alphabet, trigraphs before tetragraphs, each once",
        "A.6, p. 16; H.3, p. 56; H.7, p. 122; H.8, p. 151",
    ),
    # -- whose information
    "owner_foreign": ("// and one owner is a mark of another state, not of the USA", "H.3, p. 55"),
    "concealed_portion": ("//FGI and a level is a portion mark, not a banner", "H.7, p. 122"),
    "joint_usa": ("JOINT names the USA and at least one more", "H.3, p. 55"),
    "joint_list": ("JOINT names its owners, unless the portion's are the banner's", "H.3, p. 56"),
    "joint_level": ("JOINT is not used with RESTRICTED", "H.3, p. 56"),
    "joint_release": ("JOINT needs REL TO, to all its owners at least", "H.3, p. 57"),
    "joint_noforn": ("JOINT is not used with NOFORN", "H.3, p. 57"),
    "joint_hcs": ("JOINT is not used with HCS", "H.3, p. 57"),
    "nato_form": ("NATO's marks are COSMIC TOP SECRET and NATO with a lower level", "G.1, p. 36"),
    "nato_noforn": ("NOFORN does not stand on NATO's information", "DoDM 5200.01 vol. 2"),
    "nato_program": (
        "BALK and BOHEMIA stand with COSMIC TOP SECRET, ATOMAL with a classified level of NATO",
        "IC ISM 2.1, classification values",
    ),
    # -- SCI and SAP
    "sci_level": ("HCS, RSV and TK are TOP SECRET or SECRET; SI is classified", "H.4, p. 62-97"),
    "hcs_compartment": ("HCS and RSV stand with a compartment", "G.1, p. 36; H.4, p. 62, 70"),
    "sci_compartment": (
        "HCS has the compartments O and P, RSV of three characters, SI of 2 or 3 letters, no ECI",
        "G.1, p. 37; H.4, p. 68, 72, 76, 81",
    ),
    "top_secret_compartment": (
        "SI compartments, TK-BLFH and sub-compartments of HCS-P are TOP SECRET",
        "H.4, p. 68, 76-81, 87",
    ),
    "compartment_noforn": (
        "HCS-O, HCS-P, TK-BLFH, TK-IDIT and TK-KAND need NOFORN",
        "H.4, p. 64, 66, 87, 91, 95",
    ),
    "compartment_orcon": (
        "HCS-O, sub-compartments of HCS-P and SI-G need ORCON, not ORCON-USGOV",
        "H.4, p. 64, 68, 80",
    ),
    "sap_level": ("special access programs are classified", "H.5, p. 101"),
    "sap_portion": ("a portion names a program by two or three characters", "H.5, p. 101"),
    # -- nuclear
    "nuclear_level": ("RD, FRD, TFNI and ATOMAL are classified", "H.6, p. 104, 111, 120"),
    "nuclear_subset": (
        "CNWDI and SIGMA stand with RD (SIGMA with FRD too), TOP SECRET or SECRET",
        "H.6, p. 106, 108, 113",
    ),
    "nuclear_precedence": ("in a banner RD takes the place of FRD, both that of TFNI", "H.6"),
    "ucni_unclassified": ("DOD UCNI and DOE UCNI are UNCLASSIFIED", "H.6, p. 116, 118"),
    # -- FGI
    "fgi_here": ("FGI stands in US and JOINT marks, not in those of other owners", "H.7, p. 122"),
    "fgi_foreign": ("FGI names foreign sources, not the USA", "H.7, p. 123"),
    # -- dissemination
    "noforn_alone": ("NOFORN excludes REL TO, RELIDO and DISPLAY ONLY", "H.8, p. 145"),
    "rel_usa_first": ("REL TO names the USA first", "H.8, p. 151"),
    "rel_more": ("REL TO names the USA and at least one more", "H.8, p. 151"),
    "rel_banner": ("REL alone repeats the banner's list, which must be given", "H.8, p. 150"),
    "relido_display": ("RELIDO excludes DISPLAY ONLY", "H.8, p. 154, 163"),
    "relido_orcon": ("RELIDO excludes ORCON and ORCON-USGOV", "H.8, p. 136, 140"),
    "orcon_once": ("ORCON excludes ORCON-USGOV", "H.8, p. 136, 140"),
    "orcon_level": ("ORCON and ORCON-USGOV are at least CONFIDENTIAL", "H.8, p. 136, 139"),
    "secret_control": ("RSEN and IMCON are TOP SECRET or SECRET", "H.8, p. 132, 142"),
    "fouo_unclassified": ("FOUO is UNCLASSIFIED", "H.8, p. 134"),
    "fouo_banner": ("in a banner other controls take the place of FOUO", "H.8, p. 134"),
    # -- non-IC
    "non_ic_unclassified": ("LIMDIS, SBU and SBU NOFORN are UNCLASSIFIED", "H.9, p. 170-178"),
    "exdis_nodis": ("EXDIS and NODIS exclude each other", "H.9, p. 172, 174"),
    "distribution_noforn": ("EXDIS and NODIS need NOFORN", "H.9, p. 172, 174"),
    "non_ic_precedence": (
        "in a banner SBU NOFORN, LES NOFORN, EXDIS and NODIS take the place of SBU and LES",
        "H.9, p. 172-185",
    ),
    "les_noforn_banner": (
        "in a classified banner LES NOFORN is NOFORN and LES",
        "H.9, p. 185",
    ),
    # -- roll-up and exchange
    "portions": ("a banner is made of portions, at least one", "D.2, p. 28"),
    "restricted_highest": (
        "no US level corresponds to RESTRICTED: a person decides",
        "H.3, p. 56",
    ),
    "nato_program_banner": (
        "where BALK or BOHEMIA stands in a US banner was not read: a person decides",
        "H.7, p. 122",
    ),
    "release_said": (
        "a mark that crosses says by REL TO who may have it, the receiver among them",
        "B.3, p. 19-21",
    ),
    "group_known": ("the members of a group in a release list are known", "D.2, table 3, rule 23"),
    "crosses_classified": ("only classified US information crosses", "Release of this program"),
    "crosses_owner": (
        "JOINT and foreign marks are their owners' to express: a person enters them",
        "H.3, p. 57; H.7, p. 125",
    ),
    "crosses_controls": (
        "SCI, SAP, AEA and non-IC controls have no counterpart that anybody agreed",
        "Release of this program",
    ),
    "crosses_sources": (
        "of each foreign source the mark as issued is known, and no source is concealed",
        "H.7, p. 124-125",
    ),
    "crosses_receiver": ("the mark was received: its originator's own mark stands", "H.2, p. 55"),
    "crosses_caveats": ("each caveat is a marking of the register", "G.1, p. 36"),
}
"""By key: what the rule says in English, and where it stands."""

UNREAD = frozenset({"nato_noforn", "nato_program"})
"""Rules that rest on another text than the manual, or on what it leaves out."""


class Breach(msgspec.Struct, frozen=True, order=True):
    """A rule that is broken, and where. Places, not values: a codeword may be classified."""

    rule: str
    where: str = ""

    @property
    def text(self) -> str:
        """What the rule says, in English."""
        return RULES[self.rule][0]

    @property
    def source(self) -> str:
        """Section and page of the manual, or the other text."""
        return RULES[self.rule][1]

    @property
    def verified(self) -> bool:
        """Whether the rule was read in the manual."""
        return self.rule not in UNREAD


def check(
    mark: UsMark, *, portion: bool = False, vocabulary: Vocabulary = VOCABULARY
) -> tuple[Breach, ...]:
    """Every rule that `mark` breaks as a banner line, or as a portion mark. Empty: none.

    Not checked: whether the codes are known (`parse_banner` does), and what depends on
    agreements, dates or agencies, which `notes` names.
    """
    found = [
        *_owners(mark, vocabulary, portion=portion),
        *_sci(mark),
        *_sap(mark, portion=portion),
        *_nuclear(mark, portion=portion),
        *_fgi(mark),
        *_dissemination(mark, portion=portion),
        *_non_ic(mark, portion=portion),
    ]
    return tuple(Breach(rule, where) for rule, where in found)


_Found = Iterator[tuple[str, str]]
_SECRET = Level.SECRET
_US_KINDS = (Kind.US, Kind.JOINT)


def _owners(mark: UsMark, vocabulary: Vocabulary, *, portion: bool) -> _Found:
    where = "classification"
    if mark.kind is Kind.US and mark.level is Level.RESTRICTED:
        yield "restricted_not_us", where
    if mark.kind is Kind.FOREIGN and "USA" in mark.owners:
        yield "owner_foreign", where
    if mark.kind is Kind.CONCEALED and not portion:
        yield "concealed_portion", where
    if mark.kind is Kind.JOINT:
        if "USA" not in mark.owners or len(mark.owners) < 2:
            yield "joint_usa", where
        if mark.level is Level.RESTRICTED:
            yield "joint_level", where
        if mark.withheld:
            yield "joint_noforn", "dissemination"
        elif not set(mark.owners) <= vocabulary.named(mark.release_to):
            yield "joint_release", "dissemination"
    nato = mark.kind is Kind.FOREIGN and "NATO" in mark.owners
    if nato and len(mark.owners) > 1:
        yield "nato_form", where
    if nato and mark.withheld:
        yield "nato_noforn", "dissemination"
    if mark.program:
        least = Level.CONFIDENTIAL if mark.program == "ATOMAL" else Level.TOP_SECRET
        if not nato or mark.level < least:
            yield "nato_program", "program"
    held = (mark.sci, mark.sap, mark.nuclear, mark.non_ic)
    if mark.kind not in _US_KINDS and any(held):
        yield "category_here", "after the classification"


def _sci(mark: UsMark) -> _Found:
    where = "SCI"
    for control in mark.sci:
        least = Level.CONFIDENTIAL if control.name == "SI" else _SECRET
        if mark.level < least:
            yield "sci_level", where
        if control.name in ("HCS", "RSV") and not control.compartments:
            yield "hcs_compartment", where
        if not _formed(control):
            yield "sci_compartment", where
        if control.name == "HCS" and mark.kind is Kind.JOINT:
            yield "joint_hcs", where
        yield from _needs(control, mark)


def _formed(control: Control) -> bool:
    names = [c.name for c in control.compartments]
    subs = [(c.name, part) for c in control.compartments for part in c.parts]
    match control.name:
        case "HCS":
            return set(names) <= {"O", "P"} and all(name == "P" for name, _ in subs)
        case "RSV":
            return all(len(name) == 3 for name in names) and not subs
        case "SI":
            gamma = all(name == "G" and len(part) == 4 and part.isalpha() for name, part in subs)
            return gamma and all(
                name == "G" or (name.isalpha() and 2 <= len(name) <= 3 and name != "ECI")
                for name in names
            )
        case _:
            return True


def _needs(control: Control, mark: UsMark) -> _Found:
    """What a system's compartments need of the level and of the dissemination controls."""
    names = {c.name for c in control.compartments}
    hcs_p = control.compartment("P") if control.name == "HCS" else None
    deep = hcs_p is not None and bool(hcs_p.parts)
    top = (control.name == "SI" and names) or (control.name == "TK" and "BLFH" in names) or deep
    if top and mark.level < Level.TOP_SECRET:
        yield "top_secret_compartment", "SCI"
    noforn = {"HCS": {"O", "P"}, "TK": {"BLFH", "IDIT", "KAND"}}.get(control.name, set())
    if names & noforn and "NOFORN" not in mark.dissemination:
        yield "compartment_noforn", "SCI"
    orcon = {"HCS": {"O"}, "SI": {"G"}}.get(control.name, set())
    if (names & orcon or deep) and "ORCON" not in mark.dissemination:
        yield "compartment_orcon", "SCI"


def _sap(mark: UsMark, *, portion: bool) -> _Found:
    if mark.sap and not mark.classified:
        yield "sap_level", "SAP"
    if portion and any(not 2 <= len(program.name) <= 3 for program in mark.sap):
        yield "sap_portion", "SAP"


def _nuclear(mark: UsMark, *, portion: bool) -> _Found:
    where = "AEA"
    names = {held.name for held in mark.nuclear}
    for held in mark.nuclear:
        if held.name.endswith("UCNI"):
            if mark.classified:
                yield "ucni_unclassified", where
        elif not mark.classified:
            yield "nuclear_level", where
        subset = held.cnwdi or bool(held.sigma)
        allowed = held.name == "RD" or (held.name == "FRD" and not held.cnwdi)
        if subset and (not allowed or mark.level < _SECRET):
            yield "nuclear_subset", where
    over = ("RD" in names and names & {"FRD", "TFNI"}) or {"FRD", "TFNI"} <= names
    if over and not portion:
        yield "nuclear_precedence", where


def _fgi(mark: UsMark) -> _Found:
    if mark.fgi is None:
        return
    if mark.kind not in _US_KINDS:
        yield "fgi_here", "FGI"
    if "USA" in mark.fgi:
        yield "fgi_foreign", "FGI"


def _dissemination(mark: UsMark, *, portion: bool) -> _Found:
    where = "dissemination"
    held = set(mark.dissemination)
    orcon = held & {"ORCON", "ORCON-USGOV"}
    if mark.withheld and (mark.release_to or mark.display_to or "RELIDO" in held):
        yield "noforn_alone", where
    if mark.release_to and mark.release_to[0] != "USA":
        yield "rel_usa_first", where
    if len(mark.release_to) == 1:
        yield "rel_more", where
    if "RELIDO" in held and mark.display_to:
        yield "relido_display", where
    if "RELIDO" in held and orcon:
        yield "relido_orcon", where
    if len(orcon) > 1:
        yield "orcon_once", where
    if orcon and mark.level < Level.CONFIDENTIAL:
        yield "orcon_level", where
    if held & {"RSEN", "IMCON"} and mark.level < _SECRET:
        yield "secret_control", where
    if "FOUO" in held and mark.classified:
        yield "fouo_unclassified", where
    others = held - {"FOUO", "NOFORN", "RELIDO"} or mark.non_ic
    if "FOUO" in held and others and not portion:
        yield "fouo_banner", where


def _non_ic(mark: UsMark, *, portion: bool) -> _Found:
    where = "non-IC"
    held = set(mark.non_ic)
    if held & {"LIMDIS", "SBU", "SBU NOFORN"} and mark.classified:
        yield "non_ic_unclassified", where
    if {"EXDIS", "NODIS"} <= held:
        yield "exdis_nodis", where
    if held & {"EXDIS", "NODIS"} and "NOFORN" not in mark.dissemination:
        yield "distribution_noforn", where
    if portion:
        return
    over = {"SBU", "SBU NOFORN"} <= held or {"LES", "LES NOFORN"} <= held
    if over or (held & {"EXDIS", "NODIS"} and held & {"SBU", "SBU NOFORN"}):
        yield "non_ic_precedence", where
    if "LES NOFORN" in held and mark.classified:
        yield "les_noforn_banner", where
