"""What evidence proves, told in phrases: names with values, which a shell can say in a language.

`Report.details` holds them said in English.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from gsomia.canon import EPOCH, instant
from gsomia.evidence.book import BookChecked
from gsomia.evidence.file import Checked
from gsomia.evidence.opened import Opened
from gsomia.evidence.trust import Vouched
from gsomia.faults import shown

ENGLISH: Mapping[str, str] = {
    "released": "{reference} was released to {to} under {grounds}",
    "ordered": "ordered to {registry} as {number}",
    "no_receipt": "no delivery receipt shown",
    "delivered": "delivered {at}",
    "accepted": "{accepted} of {copies} copies accepted",
    "no_acceptance": "no acceptance shown",
    "facts_open": "{open} of {facts} facts open",
    "entry": "entry {first} ({kind}): {open} of {facts} facts open",
    "entries_from": "{count} entries from {first} ({kind}): {open} of {facts} facts open in each",
    "entries": "{count} entries",
    "checkpoints": "{count} checkpoints",
    "book": "book {book} of {registry} at size {size}",
    "cosigned": "cosigned by {registry} at {at}",
    "unknown_lines": "{count} signature lines by keys of no trusted card",
    "log_alone": "no partner's cosignature was checked: the log alone stands for this history",
    "receipt": "{to} signed receipt of {number} from {sender}",
    "conflict": "{to} signed a conflict of {number} from {sender}",
    "also": "Also: {problem}",
}


class Phrase(msgspec.Struct, frozen=True):
    """A name in `ENGLISH`, and what stands in its blanks. `grounds` are articles."""

    name: str
    values: Mapping[str, str | int] = {}
    grounds: tuple[str, ...] = ()


class Detail(msgspec.Struct, frozen=True):
    """One line: where, and parts of one or more phrases."""

    where: str
    parts: tuple[tuple[Phrase, ...], ...]


def say(
    detail: Detail,
    texts: Mapping[str, str] = ENGLISH,
    article: Callable[[str], str] = lambda ground: ground,
) -> str:
    """A detail in words: parts after semicolons, phrases after commas."""

    def one(phrase: Phrase) -> str:
        grounds = ", ".join(map(article, phrase.grounds))
        return texts[phrase.name].format(**phrase.values, grounds=grounds)

    said = "; ".join(", ".join(map(one, part)) for part in detail.parts)
    return f"{detail.where}: {said}" if detail.where else said


def of_evidence(where: str, checked: Checked) -> Detail:
    """What an evidence file proves."""
    claim = checked.claim
    treaty = [shown(a) for a in claim.articles if a.startswith("Art.")]
    grounds = tuple(treaty or map(shown, claim.articles))
    said = {"reference": shown(claim.reference), "to": shown(claim.to)}
    parts = [Phrase("released", said, grounds)]
    if claim.number:
        parts.append(Phrase("ordered", {"registry": claim.registry, "number": claim.number}))
    if claim.number and not claim.delivered_at:
        parts.append(Phrase("no_receipt"))
    if claim.delivered_at:
        parts.append(Phrase("delivered", {"at": claim.delivered_at}))
    if claim.lines:
        accepted = sum(line.accepted for line in claim.lines)
        parts.append(Phrase("accepted", {"accepted": accepted, "copies": len(claim.lines)}))
    elif claim.number:
        parts.append(Phrase("no_acceptance"))
    parts.append(_of_how_many(checked.opened))
    return Detail(where, (*((part,) for part in parts), _vouched(checked.vouched)))


def of_book(where: str, checked: BookChecked) -> Detail:
    """What a whole book holds, and who stands for it."""
    counts = (
        Phrase("entries", {"count": checked.entries}),
        Phrase("checkpoints", {"count": checked.checkpoints}),
        _of_how_many(checked.opened),
    )
    alone = () if checked.newest.cosigned else ((Phrase("log_alone"),),)
    return Detail(where, (counts, _vouched(checked.newest), *alone))


def of_opened(line: Opened) -> Detail:
    """`book: 12 entries from 70 (release.approved): 7 of 11 facts open in each`."""
    said: dict[str, str | int] = {
        "count": line.entries,
        "first": line.first_entry,
        "kind": line.kind,
        "open": line.facts_open,
        "facts": line.facts,
    }
    return Detail(line.where, ((Phrase("entry" if line.entries == 1 else "entries_from", said),),))


def _of_how_many(lines: tuple[Opened, ...]) -> Phrase:
    open_ = sum(one.entries * one.facts_open for one in lines)
    facts = sum(one.entries * one.facts for one in lines)
    return Phrase("facts_open", {"open": open_, "facts": facts})


def _vouched(vouched: Vouched) -> tuple[Phrase, ...]:
    """Whose book, at which size, and who cosigned it when."""
    phrases = [
        Phrase(
            "book",
            {
                "book": shown(vouched.book),
                "registry": vouched.card.registry,
                "size": vouched.checkpoint.size,
            },
        )
    ]
    for registry, time in vouched.cosigned:
        phrases.append(Phrase("cosigned", {"registry": registry, "at": _time(time)}))
    if vouched.unknown:
        phrases.append(Phrase("unknown_lines", {"count": vouched.unknown}))
    return tuple(phrases)


def _time(seconds: int) -> str:
    """A cosignature's time; it states seconds up to 2^63, which no calendar reaches."""
    try:
        return instant(EPOCH.fromtimestamp(seconds, EPOCH.tzinfo))
    except (OverflowError, ValueError, OSError):
        return "a time no calendar has"
