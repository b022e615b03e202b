"""What the rules apply, and where an agreement says it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from gsomia.cli.lookup import node_pack
from gsomia.cli.run import Run
from gsomia.cli.say import Out, Screen

if TYPE_CHECKING:
    from gsomia.agreement import Pack
    from gsomia.cli.words import Words
    from gsomia.node.articles import Citing


def provisions(
    run: Run,
    agreement: Annotated[
        str, typer.Argument(help="An agreement's id, or a pack of your own.")
    ] = "rok-japan-2016",
) -> Out:
    """Each provision that rules cite, where the agreement says it, and the rules that apply it.

    Rules cite by the agreement of 2016; a pack places each provision for its own treaty.
    """
    from gsomia.node.articles import citing

    pack = node_pack(run, agreement)
    found = citing()
    rows = [_row(pack, one) for one in found]
    value = {"agreement": pack.id, "provisions": rows}

    def show(screen: Screen) -> None:
        screen.line(f"{pack.id}: {screen.words.label('provisions')}")
        for one, row in zip(found, rows, strict=True):
            _show(screen, one, row)

    return Out(value, show)


def _row(pack: Pack, one: Citing) -> dict[str, Any]:
    """Where a pack has a provision. The article is null where it has none, or states none."""
    from gsomia.agreement.provisions import flag_of, provisions_of, stated
    from gsomia.provisions import CITATION

    article, entry = provisions_of(pack).place(one.provision).article, stated(pack, one.provision)
    number = CITATION.match(article or "")
    known = pack.article(int(number[1])) if number else None
    flag = entry.verified if entry else False
    return {
        "rule": one.provision,
        "article": article if known else None,
        "title": known.title if known else None,
        "reason": entry.reason if entry else None,
        "verified": flag_of(pack, article) if article and known else flag,
        "rules": list(one.rules),
        "notices": list(one.notices),
    }


def _show(screen: Screen, one: Citing, row: dict[str, Any]) -> None:
    words = screen.words
    screen.line(f"{_place(words, row)} [{words.flag(row['verified'])}]")
    for name, text in one.rules.items():
        screen.line(f"  - {words.rule(name, text)}")
    if one.notices:
        screen.line(f"  - {words.label('notices')}: {', '.join(one.notices)}")


def _place(words: Words, row: dict[str, Any]) -> str:
    rule = words.article(row["rule"])
    if row["article"] is not None:
        return f"{rule}: {words.article(row['article'])}, {words.of_pack(row['title'])}"
    if row["reason"] is not None:
        return words("no_provision", rule=rule, reason=row["reason"])
    return words("not_placed", rule=rule)
