"""A pack's own word on where its treaty says what the rules of this program apply."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from gsomia.agreement.checking import Found, each, readable
from gsomia.agreement.model import Pack, Provision, Verified, weakest
from gsomia.agreement.yamldoc import Path
from gsomia.faults import shown
from gsomia.provisions import CITATION, SAME, Place, Provisions, whole


def provisions_of(pack: Pack) -> Provisions:
    """Where a pack's treaty has the provisions that rules cite."""
    return _made(pack.provisions) if pack.provisions else SAME


@lru_cache(maxsize=64)
def _made(stated: tuple[Provision, ...]) -> Provisions:
    # What was read in part only was not read for this one statement.
    return Provisions({p.rule: Place(p.article, p.verified is True) for p in stated})


def stated(pack: Pack, provision: str) -> Provision | None:
    """A pack's statement about a provision, or about what it is a part of."""
    entry = provisions_of(pack).entry(provision)
    return next((p for p in pack.provisions if p.rule == entry), None)


def flag_of(pack: Pack, article: str) -> Verified:
    """Whether an article that a pack's treaty is cited for was read, as far as the pack says.

    Where `provisions` state it, that statement counts too: the weakest flag. False for what is
    no article of the pack.
    """
    number = CITATION.match(article)
    known = pack.article(int(number[1])) if number else None
    stated = (p.verified for p in pack.provisions if p.article == article)
    return weakest(known.verified, *stated) if known else False


# -- checks -----------------------------------------------------------------------


def statements(pack: Pack) -> Iterator[Found]:
    """What is wrong with the statements themselves, whatever the rules cite."""
    seen: set[str] = set()

    def named(index: int, one: Provision) -> Iterator[Found]:
        here: Path = ("provisions", index, "rule")
        if CITATION.fullmatch(readable(one.rule)) is None:
            got = shown(one.rule)
            yield Found("a provision as rules cite it, like Art. 7(5)(a)", got, here)
        if one.rule in seen:
            yield Found("each provision once", f"{shown(one.rule)} again", here)
        seen.add(one.rule)

    def reasoned(index: int, one: Provision) -> Iterator[Found]:
        here: Path = ("provisions", index)
        reason = None if one.reason is None else readable(one.reason)
        if one.article is None:
            if not (reason or "").strip():
                yield Found("a reason why the treaty has no such provision", "none", here)
        elif readable(one.article) and reason is not None:
            yield Found("a reason only beside article: null", "one", (*here, "reason"))

    yield from each(pack.provisions, named)
    yield from each(pack.provisions, reasoned)


def unplaced(pack: Pack, cited: tuple[str, ...]) -> Iterator[Found]:
    """What rules cite and a pack with provisions states no place for."""
    rules = {readable(p.rule) for p in pack.provisions}
    for provision in cited if rules else ():
        if _entry(provision, rules) is None:
            got = f"no {shown(provision)}"
            yield Found("every provision that a rule cites", got, ("provisions",))


def about_nothing(pack: Pack, cited: tuple[str, ...]) -> Iterator[Found]:
    """Statements that place nothing which rules cite."""
    rules = {readable(p.rule) for p in pack.provisions}
    used = {_entry(provision, rules) for provision in cited}
    for index, one in enumerate(pack.provisions):
        if one.rule not in used:
            got = f"{shown(one.rule)}, which none cites"
            yield Found("provisions that a rule cites", got, ("provisions", index, "rule"))


def _entry(provision: str, rules: set[str]) -> str | None:
    return next((p for p in whole(provision) if p in rules), None)
