"""Questions about agreements, and instruments that the treaty desk records."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gsomia.cli.catalogue import agreement, equivalent, pack_of
from gsomia.cli.run import Run, command, now
from gsomia.cli.say import Out, Screen

if TYPE_CHECKING:
    from datetime import datetime

    from gsomia.agreement import Instrument, Pack

instrument = typer.Typer(help="Papers by which an agreement lives.")

AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="ISO", help="Instant with offset; now unless given."),
]


def attach(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(agreement, name="agreement", no_args_is_help=True)
    app.add_typer(instrument, name="instrument", no_args_is_help=True)
    command(app, "equivalent")(equivalent)


@command(agreement, "status", node=True)
def status(
    run: Run,
    agreement: Annotated[str, typer.Argument(help="An agreement's id, like rok-japan-2016.")],
    as_of: AsOf = None,
    known_at: Annotated[
        str | None,
        typer.Option("--known-at", metavar="ISO", help="Count only what was known by then."),
    ] = None,
    reading: Annotated[
        str | None, typer.Option("--reading", help="One reading's own answer.")
    ] = None,
    recorded: Annotated[
        bool,
        typer.Option("--recorded", help="Ask the node, which counts what its desk recorded."),
    ] = False,
) -> Out:
    """Where an agreement stands at an instant, by every reading of its final clause."""
    from gsomia.agreement import status_json
    from gsomia.canon import instant

    at = instant(now()) if as_of is None else as_of
    if recorded:
        asked = {"as_of": at, "known_at": known_at, "reading": reading}
        value = run.view("agreement", agreement=agreement, **asked)
    else:
        value = status_json(agreement, at, known_at, reading)
    return Out(value, lambda screen: _show_status(screen, value))


def _show_status(screen: Screen, value: dict[str, Any]) -> None:
    words = screen.words
    plain = {k: v for k, v in value.items() if k not in ("readings", "notes", "instruments")}
    plain["status"] = words.label(value["status"])
    screen.fields(plain, value["agreement"])
    rows = [
        {"reading": k, **v, "status": words.label(v["status"])}
        for k, v in value["readings"].items()
    ]
    screen.table(rows, title=words.label("readings"))
    for note in value["notes"]:
        screen.line(f"- {note}")


@command(agreement, "deadlines")
def deadlines(
    run: Run,
    agreement: Annotated[str, typer.Argument(help="An agreement with a pack.")],
    as_of: AsOf = None,
    years: Annotated[int, typer.Option("--years", metavar="N", help="How far to look.")] = 1,
    ical: Annotated[
        Path | None,
        typer.Option("--ical", metavar="FILE", help="Also write them to a new calendar file."),
    ] = None,
) -> Out:
    """The days not to miss, by each reading: last days for a notice, extensions, ends.

    Counted from the instruments that ship with the agreement.
    """
    from gsomia.agreement import counting, shipped_lifecycle
    from gsomia.agreement import deadlines as desk
    from gsomia.canon import builtins

    del run
    pack = pack_of(agreement)
    made = now()
    at = made if as_of is None else counting.read_instant(as_of, "--as-of")
    found = desk.deadlines(shipped_lifecycle(pack.id), at, years=years)
    value = {
        "agreement": pack.id,
        "as_of": builtins(at),
        "years": years,
        "utc_offset": pack.utc_offset,
        "deadlines": builtins(found),
    }
    if ical is not None:
        _write_calendar(ical, desk.icalendar_file(pack, found, made))
        value["ical"] = str(ical)
    return Out(value, lambda screen: _show_deadlines(screen, value))


def _write_calendar(path: Path, data: bytes) -> None:
    from gsomia.cli.files import write_out
    from gsomia.faults import BadInput

    try:
        write_out(path, [data])
    except BadInput as error:
        raise BadInput(error.expected, error.got, "--ical") from None


def _show_deadlines(screen: Screen, value: dict[str, Any]) -> None:
    words = screen.words
    screen.fields({k: v for k, v in value.items() if k not in ("agreement", "deadlines")})
    rows = [
        {
            **row,
            "what": words.label(row["what"]),
            "article": words.article(row["article"]),
            "verified": words.flag(row["verified"]),
        }
        for row in value["deadlines"]
    ]
    screen.table(rows, title=f"{value['agreement']}: {words.label('deadlines')}")
    screen.line(words("if_nothing"))


@command(agreement, "what-if")
def what_if(
    run: Run,
    agreement: Annotated[str, typer.Argument(help="An agreement with a pack.")],
    instrument: Annotated[
        Path,
        typer.Option("--instrument", metavar="FILE", help="A file with the one instrument."),
    ],
    from_: Annotated[
        str | None,
        typer.Option("--from", metavar="ISO", help="Beginning, with offset; now unless given."),
    ] = None,
    to: Annotated[
        str | None,
        typer.Option("--to", metavar="ISO", help="End, with offset; else two years later."),
    ] = None,
    reading: Annotated[
        str | None, typer.Option("--reading", help="One reading's own answer.")
    ] = None,
) -> Out:
    """The status along time, without an instrument and with it. Nothing is recorded.

    Counted beside the instruments that ship with the agreement.
    """
    from gsomia.agreement import counting, shipped_instruments, whatif
    from gsomia.canon import builtins

    del run
    pack = pack_of(agreement)
    one = _the_one_of(instrument, pack.id)
    begin = now() if from_ is None else counting.read_instant(from_, "--from")
    end = _two_years_after(begin) if to is None else counting.read_instant(to, "--to")
    record_ = shipped_instruments(pack.id)
    found = whatif.what_if(pack, record_, one, begin, end, reading=reading)
    value = {
        "agreement": pack.id,
        "from": builtins(begin),
        "to": builtins(end),
        "reading": reading,
        "instrument": {
            "id": one.id,
            "kind": one.kind,
            "title": one.title,
            "legal_effect": one.legal_effect,
            "verified": one.verified,
        },
        "verified": _rests_on(pack, reading),
        **builtins(found),
    }
    return Out(value, lambda screen: _show_what_if(screen, value))


def _the_one_of(file: Path, agreement_id: str) -> Instrument:
    """The only instrument of a file, which must be of this agreement. Raises `BadInput`."""
    from gsomia.faults import BadInput, shown

    name, found = _read_instruments(file)
    if name != agreement_id:
        raise BadInput(f"instruments of {agreement_id}", f"of {shown(name)}", file.name)
    if len(found) != 1:
        raise BadInput("one instrument: ask about one at a time", str(len(found)), file.name)
    return found[0]


def _two_years_after(begin: datetime) -> datetime:
    """Far enough for a notice that misses one term's end and reaches the next of a year."""
    return begin + timedelta(days=731)


def _rests_on(pack: Pack, reading: str | None) -> bool | str:
    """The weakest flag of the final clause, its practice, and the readings asked."""
    from gsomia.agreement.model import weakest

    flags = [pack.entry_into_force.verified, pack.duration.verified]
    if pack.notice:
        flags += [pack.notice.verified, *(p.verified for p in pack.notice.practice)]
    asked = [r for r in pack.readings if (r.held if reading is None else r.id == reading)]
    return weakest(*flags, *(r.verified for r in asked))


def _show_what_if(screen: Screen, value: dict[str, Any]) -> None:
    words, paper = screen.words, value["instrument"]
    top = {
        "from": value["from"],
        "to": value["to"],
        "instrument": f"{paper['id']}: {words.flag(paper['verified'])}",
        "kind": paper["kind"],
        "legal_effect": words.label(f"effect_{paper['legal_effect']}"),
        "verified": words.flag(value["verified"]),
        "revives": value["revives"],
    }
    screen.fields(top, value["agreement"])
    for name in ("before", "after", "changes"):
        rows = [
            {k: words.label(v) if k in ("status", "before", "after") else v for k, v in row.items()}
            for row in value[name]
        ]
        screen.table(rows, title=words.label(name))
    screen.line(words("not_recorded"))


@command(agreement, "schema")
def schema(
    run: Run,
    form: Annotated[str, typer.Argument(help="pack, instruments or entry.")],
) -> Out:
    """The JSON Schema of a file that people write, for editors and other programs."""
    import json

    from gsomia.agreement.schemas import schema as schema_of

    del run
    value = schema_of(form)
    text = json.dumps(value, indent=2, ensure_ascii=False)
    return Out(value, lambda screen: screen.raw(text + "\n"))


@command(instrument, "record", signed=True)
def record(
    run: Run,
    file: Annotated[Path, typer.Argument(help="A file of instruments (gsomia/instruments/v1).")],
    confirm_revival: Annotated[
        bool,
        typer.Option("--confirm-revival", help="Yes: this puts a suspended notice back in effect."),
    ] = False,
    hypothetical: Annotated[
        bool, typer.Option("--hypothetical", help="Made for an exercise.")
    ] = False,
) -> Out:
    """Record instruments, one after another. The first that is refused ends it."""
    name, found = _read_instruments(file)
    officer = run.officer()
    out = Out({"recorded": []})
    done: list[str] = []
    for one in found:
        answer = officer.record_instrument(
            name, one, hypothetical=hypothetical, confirm_revival=confirm_revival
        )
        out = run.did(answer, "desk.record-instrument")
        if not answer.granted:
            return out
        done.append(one.id)
    value = {"granted": True, "agreement": name, "recorded": done}
    return Out(value)


def _read_instruments(file: Path) -> tuple[str, list[Instrument]]:
    """The agreement and the instruments of a file.

    Their form is checked here; whether each can be recorded beside what is on
    record, the node says. Raises `BadInput`.
    """
    from gsomia.agreement import Instrument, counting, moment, yamldoc
    from gsomia.agreement.instrumentfile import InstrumentsFile
    from gsomia.cli.files import read_small

    document = yamldoc.read(read_small(file, "instruments"), file.name)
    content = document.convert(InstrumentsFile, "a file of instruments")
    found = []
    for index, form in enumerate(content.instruments):
        here = document.at(("instruments", index))
        given = {n: getattr(form, n) for n in form.__struct_fields__ if n != "legal_effect"}
        for name in ("dated", "sent", "handed_over", "received"):
            given[name] = None if given[name] is None else moment(given[name], f"{here}.{name}")
        if form.known_at is not None:
            given["known_at"] = counting.read_instant(form.known_at, f"{here}.known_at")
        found.append(Instrument(**given))
    return content.agreement, found


@command(instrument, "list", node=True)
def list_(
    run: Run,
    agreement: Annotated[str | None, typer.Option("--agreement", help="Only this one.")] = None,
    limit: Annotated[int, typer.Option("--limit", help="Rows on a page.")] = 100,
    after: Annotated[str | None, typer.Option("--after", help="Go on after this row.")] = None,
) -> Out:
    """What this node has recorded, beside what ships with the agreements."""
    page = run.view("instruments", agreement=agreement, limit=limit, after=after)
    rows = [
        {
            "agreement": r["agreement"],
            "id": r["instrument"]["id"],
            "kind": r["instrument"]["kind"],
            "title": r["instrument"]["title"],
            "hypothetical": r["hypothetical"],
        }
        for r in page["rows"]
    ]
    return Out(page, lambda screen: screen.page({**page, "rows": rows}))
