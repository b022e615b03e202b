"""The marks of Korea, of Japan and of the United States, as data.

Spelling: the 2016 agreement prints the Korean numerals in Latin letters (II); the
Korean decree prints one character (U+2161). The treaty's spelling is ours, the
decree's an alias. The English words are the treaty's notes; no party marks with them.
"""

from __future__ import annotations

from gsomia.faults import BadInput
from gsomia.marking.scheme import Level, Outside, Scheme

_TREATY = "Japan-Korea agreement of 23 November 2016, Article 4"
_DECREE = "Enforcement decree of the Military Secret Protection Act (군사기밀 보호법 시행령)"

KOR = Scheme(
    owner="KOR",
    levels=(
        Level(
            mark="군사III급비밀",
            rank=1,
            regime="군사기밀",
            aliases=("군사\N{ROMAN NUMERAL THREE}급비밀",),
            english="CONFIDENTIAL",
            transliteration="Gunsa III-kup bimil",
            source=_TREATY,
            verified=True,
        ),
        Level(
            mark="군사II급비밀",
            rank=2,
            regime="군사기밀",
            aliases=("군사\N{ROMAN NUMERAL TWO}급비밀",),
            english="SECRET",
            transliteration="Gunsa II-kup bimil",
            source=_TREATY,
            verified=True,
        ),
        Level(
            mark="군사I급비밀",
            rank=3,
            regime="군사기밀",
            aliases=("군사\N{ROMAN NUMERAL ONE}급비밀",),
            english="TOP SECRET",
            transliteration="Gunsa I-kup bimil",
            source=_DECREE,
            verified=True,
        ),
    ),
    outside=(
        Outside(
            marks=("대외비",),
            text="대외비 is for official use only and is no level of secrecy; it maps to nothing",
            source="usage; not equivalent to any partner's mark",
            verified=True,
        ),
        Outside(
            # General state secrets under another rule, without 군사 before them.
            marks=(
                "I급비밀",
                "II급비밀",
                "III급비밀",
                "\N{ROMAN NUMERAL ONE}급비밀",
                "\N{ROMAN NUMERAL TWO}급비밀",
                "\N{ROMAN NUMERAL THREE}급비밀",
            ),
            text="a mark of general secrets, not of military secrets: another regime",
            source="Security Operation Regulation (보안업무규정)",
            verified=True,
        ),
    ),
)

JPN = Scheme(
    owner="JPN",
    levels=(
        Level(
            mark="秘",
            rank=1,
            regime="省秘",
            english="CONFIDENTIAL",
            transliteration="Hi",
            source=_TREATY,
            # The mark is the treaty's; that 秘, 極秘 and 機密 are here one regime,
            # ministry secrets, rests on usage.
            verified=True,
        ),
        Level(
            mark="極秘",
            rank=2,
            regime="省秘",
            english="SECRET",
            transliteration="Gokuhi",
            source=_TREATY,
            verified=True,
        ),
        Level(
            mark="特定秘密",
            rank=2,
            regime="特定秘密",
            english="SECRET",
            transliteration="Tokutei Himitsu",
            source=_TREATY,
            verified=True,
        ),
        Level(
            mark="機密",
            rank=3,
            regime="省秘",
            english="TOP SECRET",
            transliteration="Kimitsu",
            source="usage; read in the cabinet order on 特別防衛秘密, another regime",
            verified=False,
        ),
    ),
    outside=(
        Outside(
            # Its own three grades are written 機密, 極秘 and 秘 too; an item that bears
            # this name belongs to that regime whatever grade stands beside it.
            marks=("特別防衛秘密",),
            text="特別防衛秘密 is a separate regime for material supplied by the United States",
            source="cabinet order on 特別防衛秘密",
            verified=True,
        ),
        Outside(
            marks=("防衛秘密",),
            text="防衛秘密 was replaced by 特定秘密; it is a mark only of older tables",
            source="text negotiated in 2012, beside that of 2016",
            verified=True,
        ),
        Outside(
            marks=("注意", "取扱い上の注意を要する文書"),
            text="a handling word for official use only, and no level of secrecy",
            source="usage",
            verified=True,
        ),
    ),
)

_USAGE = "general knowledge; nobody here has read the order that sets these levels"

USA = Scheme(
    owner="USA",
    levels=tuple(
        Level(mark=mark, rank=rank, regime="classified", source=_USAGE)
        for rank, mark in enumerate(("CONFIDENTIAL", "SECRET", "TOP SECRET"), 1)
    ),
)

SCHEMES: dict[str, Scheme] = {scheme.owner: scheme for scheme in (KOR, JPN, USA)}
"""The schemes that come with this package, by owner."""


def scheme_of(owner: str) -> Scheme:
    """The shipped scheme of a state. `BadInput` when there is none."""
    try:
        return SCHEMES[owner]
    except KeyError:
        known = ", ".join(sorted(SCHEMES))
        raise BadInput(f"a state whose scheme is known ({known})", "another", "scheme") from None
