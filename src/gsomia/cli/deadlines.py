"""The days not to miss, as a list and as a calendar file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gsomia.cli.calendartexts import wording
from gsomia.cli.differing import difference_rows
from gsomia.cli.lookup import is_file, lifecycle_of, node_pack
from gsomia.cli.run import Run, now
from gsomia.cli.say import Out, Screen
from gsomia.shapes import from_plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gsomia.agreement import Pack
    from gsomia.agreement.icalendar import Event
    from gsomia.cli.words import Words


def deadlines(
    run: Run,
    agreement: Annotated[str, typer.Argument(help="An agreement, or a pack of your own.")],
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="ISO", help="Instant with offset; now unless given."),
    ] = None,
    years: Annotated[int, typer.Option("--years", metavar="N", help="How far to look.")] = 1,
    ical: Annotated[
        Path | None,
        typer.Option("--ical", metavar="FILE", help="Also write them to a new calendar file."),
    ] = None,
) -> Out:
    """The days not to miss, by each reading: last days for a notice, extensions, ends.

    Counted from the instruments that ship with the agreement. With a node: also from those
    that its desk recorded, and what lapses in its register: clearances, consents, cards.
    """
    from msgspec import structs

    from gsomia.agreement import counting
    from gsomia.agreement import deadlines as desk
    from gsomia.canon import builtins, instant

    pack = node_pack(run, agreement)
    made = now()
    at = made if as_of is None else counting.read_instant(as_of, "--as-of")
    if run.names_node and not is_file(agreement):
        asked = {"agreement": pack.id, "as_of": instant(at), "years": str(years)}
        value = run.door().do("deadlines", asked)
    else:
        found = desk.deadlines(lifecycle_of(agreement), at, years=years)
        value = {
            "agreement": pack.id,
            "as_of": builtins(at),
            "years": years,
            "utc_offset": pack.utc_offset,
            "deadlines": builtins(found),
        }
    if ical is not None:
        days = _days(value["deadlines"])
        more = _events(run.words, pack.id, value.get("register_days", []))
        words = run.words
        days = [structs.replace(day, article=words.article(day.article)) for day in days]
        told = desk.icalendar_file(_told(pack, words), days, made, more, wording(words.lang))
        _write_calendar(ical, told)
        value["ical"] = str(ical)
    return Out(value, lambda screen: _show(screen, value))


def _told(pack: Pack, words: Words) -> Pack:
    """The pack with its own title and its readings' as people of a language read them."""
    from msgspec import structs

    from gsomia.desk.letters import treaty_text

    readings = tuple(structs.replace(r, title=words.of_pack(r.title)) for r in pack.readings)
    return structs.replace(pack, title=treaty_text(pack, words.lang), readings=readings)


def _days(rows: list[dict[str, Any]]) -> Any:
    """The agreement's days as values again, as a node told them."""
    import msgspec

    from gsomia.agreement.deadlines import Deadline
    from gsomia.faults import BadInput

    try:
        return from_plain(rows, tuple[Deadline, ...])
    except msgspec.ValidationError as error:
        raise BadInput("days of an agreement", str(error), "the node's answer") from None


def _events(words: Words, agreement: str, rows: list[dict[str, Any]]) -> Iterator[Event]:
    """What lapses in the register, as events; what has no day is in no calendar."""
    from datetime import date

    from gsomia.agreement.icalendar import Event

    for row in rows:
        if row["date"] is not None:
            summary = f"{words.label(row['what'])}: {row['subject']}".removesuffix(": ")
            must_act = f"{words.label('must_act')}: {_who(words, row['must_act'])}"
            lines = (words.article(row["article"]), must_act, row["until"])
            yield Event(
                uid=f"{agreement}.{row['what']}.{row['subject']}.{row['until']}@gsomia",
                day=date.fromisoformat(row["date"]),
                summary=summary,
                description="\n".join(lines),
            )


def _write_calendar(path: Path, data: bytes) -> None:
    from gsomia.cli.files import write_out
    from gsomia.faults import BadInput

    try:
        write_out(path, [data])
    except BadInput as error:
        raise BadInput(error.expected, error.got, "--ical") from None


def _show(screen: Screen, value: dict[str, Any]) -> None:
    words = screen.words
    lists = ("agreement", "deadlines", "register_days", "differences")
    screen.fields({k: v for k, v in value.items() if k not in lists})
    screen.table(
        [day_row(words, row) for row in value["deadlines"]],
        *("date", "what", "reading", "article", "verified", "held"),
        title=f"{value['agreement']}: {words.label('deadlines')}",
    )
    screen.line(words("if_nothing"))
    if "register_days" in value:
        rows = [day_row(words, row) for row in value["register_days"]]
        columns = ("date", "what", "subject", "article", "verified", "must_act", "until")
        screen.table(rows, *columns, title=words.label("register_days"))
    if value.get("differences"):
        rows = difference_rows(words, value["differences"])
        screen.table(rows, title=words.label("differences"))


def day_row(words: Any, row: dict[str, Any]) -> dict[str, Any]:
    """A day in the user's words."""
    shown = {**row, "what": words.label(row["what"]), "article": words.article(row["article"])}
    if row.get("verified") is not None:
        shown["verified"] = words.flag(row["verified"])
    if "must_act" in row:
        shown["must_act"] = _who(words, row["must_act"])
    return shown


def _who(words: Any, who: str) -> str:
    return str(words.label(who) if who == "peer" else words.who(who))
