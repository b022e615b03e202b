"""How the text of a mark is compared: NFC, no blanks, whole.

The one rule: two texts are the same mark when they are equal after Unicode NFC
and removal of blanks. Compatibility folding (NFKC) is not used for matching:
it would take a full-width or circled look-alike for the mark. The folding in
`skeleton` serves only to tell a person *why* a text was refused.
"""

from __future__ import annotations

import unicodedata

from gsomia.faults import BadInput

MAX_TEXT = 64
"""Code points: the longest text that can be a mark, before any folding."""

# The White_Space property of Unicode, and nothing else. `str.isspace` also takes
# U+001C to U+001F, which show nothing and part nothing.
WHITE_SPACE = frozenset(
    "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000"
    + "".join(chr(point) for point in range(0x2000, 0x200B))
)

# Letters and marks that print nothing although their general category says otherwise:
# joiners, Hangul fillers, Khmer and Mongolian selectors, blank Braille.
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
_NOT_TEXT = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})

_VARIATION_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))


def squeeze(text: str) -> str:
    """The form in which marks are compared: NFC, then every blank removed."""
    return "".join(c for c in unicodedata.normalize("NFC", text) if c not in WHITE_SPACE)


def has_invisible(text: str) -> bool:
    """Whether `text` holds a character that shows nothing or changes the direction of others.

    Blanks are not counted: they are seen as gaps.
    """
    return any(c not in WHITE_SPACE and _is_invisible(c) for c in text)


def _is_invisible(c: str) -> bool:
    return (
        c in _UNSEEN
        or unicodedata.category(c) in _NOT_TEXT
        or any(ord(c) in block for block in _VARIATION_SELECTORS)
    )


# Code point -> what it looks like, after NFKC and case folding. Not complete, and need
# not be: whatever is not a listed mark is refused, in this table or not.
_LOOKS_LIKE: dict[int, str | int | None] = {
    **dict.fromkeys(
        map(
            ord,
            "1l|!\N{LATIN SMALL LETTER DOTLESS I}\N{LATIN LETTER DENTAL CLICK}"
            "\N{CYRILLIC SMALL LETTER BYELORUSSIAN-UKRAINIAN I}\N{CYRILLIC SMALL LETTER PALOCHKA}"
            "\N{GREEK SMALL LETTER IOTA}\N{HEBREW LETTER VAV}\N{HEBREW LETTER FINAL NUN}"
            "\N{ARABIC LETTER ALEF}\N{HANGUL JUNGSEONG I}\N{DIVIDES}\u4e28\u5de5",
        ),
        "i",
    ),
    **str.maketrans(
        # Cyrillic, then Greek, small letters beside the Latin ones they pass for.
        "\u0430\u0432\u0435\u043a\u043c\u043d\u043e\u0440\u0441\u0442\u0445\u0443\u0455\u0458"
        "\u03b1\u03b2\u03b5\u03ba\u03bc\u03bd\u03bf\u03c1\u03c4\u03c7\u03c5",
        "abekmhopctxysjabekmnoptxy",
    ),
    # 祕 and 泌 for 秘; 宓, 宻 and 蜜 for 密; 极 for 極; 机 for 機; 持 for 特.
    **str.maketrans("\u7955\u6ccc\u5b93\u5bbb\u871c\u6781\u673a\u6301", "秘秘密密密極機特"),
}


def skeleton(text: str) -> str:
    """A rough picture of `text`, equal for texts that look alike. For messages only."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    apart = unicodedata.normalize("NFKD", folded).translate(_LOOKS_LIKE)
    seen = (
        c
        for c in apart
        if c not in WHITE_SPACE and unicodedata.category(c) != "Mn" and not _is_invisible(c)
    )
    return unicodedata.normalize("NFC", "".join(seen))


def check_label(text: str, what: str, where: str) -> str:
    """`text` itself, if it is a short visible text in NFC; else `BadInput`.

    For words that are printed beside a mark (caveats, numbers, names), so that
    no such word can hide characters, reorder a line or add one. `what` names
    the kind of word in the message.
    """
    if not text or len(text) > MAX_TEXT:
        raise BadInput(f"{what} of 1 to {MAX_TEXT} characters", f"{len(text)}", where)
    if has_invisible(text) or any(c in WHITE_SPACE and c != " " for c in text):
        raise BadInput(f"{what} in visible characters", "invisible or control characters", where)
    if text != text.strip() or not unicodedata.is_normalized("NFC", text):
        raise BadInput(f"{what} in NFC without blanks around it", "another form", where)
    return text


def nfc(text: str) -> str:
    """`text` in Unicode's normal form C: how names in policies and labels are compared."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)
