"""Which marks correspond to a mark, by a pack or by the catalogue; or none, and why.

It needs no node and writes nothing. An answer of the catalogue is for reading: it is no ground
for a transfer, and carries its flags.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gsomia.cli.lookup import entry_of, is_file, pack_of
from gsomia.cli.run import Run, command, now
from gsomia.cli.say import DONE, REFUSED, Out, Screen, warn

if TYPE_CHECKING:
    from datetime import datetime

    from gsomia.agreement.catalogue import Correspondence, Entry
    from gsomia.marking.equivalence import Answer, Refused


def attach(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "equivalent")(equivalent)


def equivalent(
    run: Run,
    mark: Annotated[str, typer.Argument(help="A mark, as its own party writes it.")],
    agreement: Annotated[str, typer.Option("--agreement", help="An agreement's id.")],
    from_: Annotated[
        str, typer.Option("--from", metavar="AAA", help="The party whose mark it is.")
    ],
    to: Annotated[str, typer.Option("--to", metavar="AAA", help="The party that receives.")],
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="ISO", help="Instant with offset; now unless given."),
    ] = None,
) -> Out:
    """Which marks of the receiving party correspond: all of them, or none and why."""
    from gsomia.agreement import shipped_ids
    from gsomia.agreement.correspondence import equivalence_of
    from gsomia.canon import builtins
    from gsomia.marking.equivalence import Equivalents

    del run
    if agreement in shipped_ids() or is_file(agreement):
        pack = pack_of(agreement, "--agreement")
        codes = ", ".join(sorted(pack.codes))
        _check_parties(from_, to, pack.codes, f"a party's ISO 3166-1 alpha-3 code: {codes}")
        answer: Answer = equivalence_of(pack).corresponding(from_, to, mark, _at(as_of))
        found = None
    else:
        found = _in_catalogue(entry_of(agreement, "--agreement"), from_, to, mark, _at(as_of))
        answer = found.answer
    value = {**builtins(answer), **_beside(found)}
    if isinstance(answer, Equivalents):
        return Out(value, lambda screen: _show_marks(screen, mark, value, found), DONE)
    return Out(value, lambda screen: show_refused(screen, mark, answer, found), REFUSED)


def _at(as_of: str | None) -> datetime:
    from gsomia.agreement import counting

    return now() if as_of is None else counting.read_instant(as_of, "--as-of")


def _in_catalogue(entry: Entry, from_: str, to: str, mark: str, at: datetime) -> Correspondence:
    """What an entry answers. A state goes by its alpha-3 code alone, as it does for a pack."""
    from gsomia.agreement.catalogue import corresponding

    owners = tuple(dict.fromkeys(_owners(entry)))
    expected = f"a party, by its alpha-3 code or its name: {', '.join(owners)}"
    _check_parties(from_, to, owners, expected)
    return corresponding(entry, from_, to, mark, at)


def _beside(found: Correspondence | None) -> dict[str, Any]:
    """What stands beside an answer of the catalogue: flags, unless all was read, and notes."""
    value: dict[str, Any] = {}
    if found and found.flag is not True:
        value = {"verified": False, "flag": found.flag}
    if found and found.notes:
        value["notes"] = list(found.notes)
    return value


def _check_parties(from_: str, to: str, owners: Collection[str], expected: str) -> None:
    from gsomia.faults import BadInput, shown

    for name, party in (("--from", from_), ("--to", to)):
        if party not in owners:
            raise BadInput(expected, shown(party), name)
    if from_ == to:
        raise BadInput("two different parties", f"{from_} twice", "--to")


def _owners(entry: Entry) -> Iterator[str]:
    """The parties of an entry, and those that only its table names."""
    from gsomia.agreement.catalogue import entry as shipped_entry

    yield from (party.code for party in entry.parties)
    table = entry.equivalence
    if table is not None and table.same_as is not None:
        table = shipped_entry(table.same_as).equivalence
    if table is not None:
        yield from sorted(table.parties)


def _show_marks(
    screen: Screen, mark: str, value: dict[str, Any], found: Correspondence | None
) -> None:
    words = screen.words
    articles = [words.article(a) for a in value["articles"]]
    if found is None:
        screen.fields({**value, "articles": articles}, mark)
        return
    screen.fields(
        {"marks": value["marks"], "articles": articles, "flag": words.flag(found.flag)}, mark
    )
    for note in found.notes:
        screen.line(f"- {note}")
    screen.line(words("to_read"))


def show_refused(
    screen: Screen, mark: str, answer: Refused, found: Correspondence | None = None
) -> None:
    """Why a mark has no counterpart: each reason, its article, and who can act."""
    words = screen.words
    warn(words("refused", act="equivalent", subject=mark))
    for reason in answer.refused:
        text = words.rule(reason.rule, reason.text)
        article, who = words.article(reason.article), words.who(reason.who)
        line = words("rule", text=text, article=article, who=who)
        warn(f"  - {line}" if reason.verified else f"  - {line} {words('unverified')}")
    if found is None:
        return
    if found.flag is not True:
        warn(f"  - {words.label('flag')}: {words.flag(found.flag)}")
    for note in found.notes:
        warn(f"  - {note}")
