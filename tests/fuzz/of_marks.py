"""US banner lines and portion marks, as a command line or a partner would give them."""

from __future__ import annotations

from gsomia.marking.us import UsMark, banner, notes, parse_banner, parse_portion, portion, roll_up
from tests.fuzz.harness import Harness, text

_BANNERS = [
    b"SECRET//FGI JPN KOR//ORCON/REL TO USA, AUS, KOR, NATO//SSI",
    b"TOP SECRET//HCS-O-P ABC/SI-G ABCD/TK//SAR-BP-A 1 2/SDA//RD-CNWDI-SIGMA 14 18//NOFORN//LES",
    b"//JOINT SECRET KOR USA//REL TO USA, KOR/DISPLAY ONLY JPN",
    b"//COSMIC TOP SECRET//BOHEMIA",
    b"UNCLASSIFIED//SBU NOFORN/LES NOFORN",
]
_PORTIONS = [
    b"(TS//SI-G//OC/NF)",
    b"(//CAN GBR R)",
    b"(//FGI S//REL TO USA, FVEY)",
    b"//NC//ATOMAL",
]
_OF = parse_banner("SECRET//REL TO USA, KOR")


def _banner(data: bytes) -> None:
    """What was read is written, and read again as the same mark."""
    found = parse_banner(text(data))
    if isinstance(found, UsMark):
        assert parse_banner(banner(found)) == found
        notes(found)
    else:
        assert found
        assert all(len(breach.where) < 100 for breach in found)


def _portion(data: bytes) -> None:
    assert isinstance(_OF, UsMark)
    found = parse_portion(text(data), _OF)
    if isinstance(found, UsMark):
        assert parse_portion(portion(found)) == found
        assert parse_portion(portion(found, _OF), _OF) == found
        roll_up([found, _OF])
    else:
        assert found


HARNESSES = {
    "us-banner": Harness(_banner, _BANNERS),
    "us-portion": Harness(_portion, _PORTIONS),
}
