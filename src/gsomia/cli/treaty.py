"""Questions about agreements, and instruments that the treaty desk records."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gsomia.cli.run import Run, command, now
from gsomia.cli.say import DONE, REFUSED, Out, Screen, warn

if TYPE_CHECKING:
    from datetime import datetime

    from gsomia.agreement import Instrument, Pack
    from gsomia.marking.equivalence import Refused

agreement = typer.Typer(help="Agreements: what they say, and where they stand.")
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


@command(agreement, "show")
def show(
    run: Run,
    agreement: Annotated[str | None, typer.Argument(help="An agreement's id.")] = None,
) -> Out:
    """What an agreement says: parties, articles, marks, readings. Without an id: which exist."""
    from gsomia.agreement import agreed_digest, shipped, shipped_ids
    from gsomia.canon import builtins

    del run
    if agreement is None:
        rows = [{"id": i, "title": shipped(i).title} for i in shipped_ids()]
        return Out(rows, lambda screen: screen.table(rows, "id", "title"))
    pack = shipped(agreement)
    value = {**builtins(pack), "agreed_digest": agreed_digest(pack)}
    return Out(value, lambda screen: _show_pack(screen, pack, value["agreed_digest"]))


def _show_pack(screen: Screen, pack: Pack, digest: str) -> None:
    words = screen.words
    top = {
        "parties": list(pack.codes),
        "fictitious": pack.fictitious,
        "utc_offset": pack.utc_offset,
        "agreed_digest": digest,
        "source": pack.source,
        "verified": pack.verified,
    }
    screen.fields(top, pack.title)
    articles = [
        {
            "number": a.number,
            "title": a.title,
            "bound": list(a.bound),
            "summary": a.summary,
            "verified": a.verified,
        }
        for a in pack.articles
    ]
    screen.table(articles, title=words.label("articles"))
    marks = [
        {"party": party, "marks": list(texts), "note": row.note, "valid_from": table.valid_from}
        for table in pack.level_tables
        for row in table.rows
        for party, texts in row.marks.items()
    ]
    screen.table(marks, title=words.label("marks"))
    readings = [{"id": r.id, "title": r.title, "summary": r.summary} for r in pack.readings]
    screen.table(readings, title=words.label("readings"))


def equivalent(
    run: Run,
    mark: Annotated[str, typer.Argument(help="A mark, as its own party writes it.")],
    agreement: Annotated[str, typer.Option("--agreement", help="An agreement's id.")],
    from_: Annotated[
        str, typer.Option("--from", metavar="AAA", help="The party whose mark it is.")
    ],
    to: Annotated[str, typer.Option("--to", metavar="AAA", help="The party that receives.")],
    as_of: AsOf = None,
) -> Out:
    """Which marks of the receiving party correspond: all of them, or none and why."""
    from gsomia.agreement import counting, shipped
    from gsomia.canon import builtins
    from gsomia.faults import BadInput, shown
    from gsomia.marking.equivalence import Equivalents
    from gsomia.node.grounds import equivalence_of

    pack = shipped(agreement)
    for name, party in (("--from", from_), ("--to", to)):
        if not re.fullmatch(r"[A-Z]{3}", party) or party not in pack.codes:
            codes = ", ".join(sorted(pack.codes))
            raise BadInput(f"a party's ISO 3166-1 alpha-3 code: {codes}", shown(party), name)
    if from_ == to:
        raise BadInput("two different parties", f"{from_} twice", "--to")
    at: datetime = now() if as_of is None else counting.read_instant(as_of, "--as-of")
    answer = equivalence_of(pack).corresponding(from_, to, mark, at)
    value = builtins(answer)
    if isinstance(answer, Equivalents):
        return Out(value, lambda screen: screen.fields(value, mark), DONE)
    del run
    return Out(value, lambda screen: _show_refused(screen, mark, answer), REFUSED)


def _show_refused(screen: Screen, mark: str, answer: Refused) -> None:
    words = screen.words
    warn(words("refused", act="equivalent", subject=mark))
    for reason in answer.refused:
        text = words.rule(reason.rule, reason.text)
        article, who = words.article(reason.article), words.who(reason.who)
        line = words("rule", text=text, article=article, who=who)
        warn(f"  - {line}" if reason.verified else f"  - {line} {words('unverified')}")


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
