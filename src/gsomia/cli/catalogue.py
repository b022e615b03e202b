"""The commands that read agreements: list, show, compare and check.

They need no node and write nothing. What a catalogue entry says is for reading: it is never
a ground for a transfer, and every answer that rests on it carries its flags.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gsomia.cli.lookup import entry_of, facts_of, is_file, node_pack, pack_of
from gsomia.cli.run import Run, command
from gsomia.cli.say import DONE, REFUSED, Out, Screen
from gsomia.cli.words import Words

if TYPE_CHECKING:
    from gsomia.agreement import Pack
    from gsomia.agreement.catalogue import Entry

agreement = typer.Typer(help="Agreements: what they say, and where they stand.")


def attach(app: typer.Typer) -> None:
    """Add the group of these commands, to which other modules add theirs."""
    app.add_typer(agreement, name="agreement", no_args_is_help=True)


# -- list and show --------------------------------------------------------------


@command(agreement, "list")
def list_(
    run: Run,
    party: Annotated[
        str | None,
        typer.Option("--party", metavar="AAA", help="Only those of this party."),
    ] = None,
    kind: Annotated[
        str | None, typer.Option("--kind", help="Only those of this kind, like treaty.")
    ] = None,
) -> Out:
    """The agreements of the catalogue, as far as each is known."""
    from gsomia.agreement.catalogue import listing

    del run
    rows = [_summary(entry) for entry in listing(party, kind)]
    return Out(rows, lambda screen: _show_list(screen, rows))


def _summary(entry: Entry) -> dict[str, Any]:
    from gsomia.agreement.catalogue import plain

    value = plain(entry)
    names = ("id", "kind", "title", "parties", "in_force", "notice_days", "pack", "verified")
    return {**{n: value[n] for n in names}, "signed": [d.isoformat() for d in entry.signed_days]}


_FEW = 4
"""Parties that a line of the list names; the European Union's rules have more than it holds."""


def _parties(codes: list[str]) -> str:
    few = ", ".join(codes[:_FEW])
    return few if len(codes) <= _FEW else f"{few}, … ({len(codes)})"


def _show_list(screen: Screen, rows: list[dict[str, Any]]) -> None:
    words = screen.words
    shown = [
        {
            "id": row["id"],
            "kind": words.label(row["kind"]),
            "parties": _parties(row["parties"]),
            "in_force_day": row["in_force"],
            "dates": words.flag(row["verified"]["dates"]),
            "equivalence": words.flag(row["verified"]["equivalence"]),
            "pack": row["pack"],
        }
        for row in rows
    ]
    screen.table(shown)


@command(agreement, "show", node=True)
def show(
    run: Run,
    agreement: Annotated[
        str | None, typer.Argument(help="An agreement's id, or a pack of your own.")
    ] = None,
    recorded: Annotated[
        bool, typer.Option("--recorded", help="Ask the node, which may hold a text of its own.")
    ] = False,
) -> Out:
    """What an agreement says, or what is known of it. Without an id: those that ship whole."""
    from gsomia.agreement import shipped, shipped_ids
    from gsomia.canon import builtins
    from gsomia.faults import BadInput, shown

    if recorded:
        if agreement is None or is_file(agreement):
            raise BadInput(
                "the id of an agreement, with --recorded", shown(agreement), "--recorded"
            )
        return _pack_out(node_pack(run, agreement))
    if agreement is None:
        packs = [shipped(i) for i in shipped_ids()]
        rows = [{"id": pack.id, "title": pack.title} for pack in packs]
        return Out(rows, lambda screen: _show_titles(screen, packs))
    if agreement in shipped_ids() or is_file(agreement):
        return _pack_out(pack_of(agreement))
    entry = entry_of(agreement)
    return Out(builtins(entry), lambda screen: _show_entry(screen, entry))


def _show_titles(screen: Screen, packs: list[Pack]) -> None:
    lang = screen.words.lang
    screen.table([{"id": pack.id, "title": _title(pack, lang)} for pack in packs])


def _title(pack: Pack, lang: str) -> str:
    """What a pack is called in a language, as letters call it."""
    from gsomia.desk.letters import treaty_text

    return treaty_text(pack, lang)


def _pack_out(pack: Pack) -> Out:
    from gsomia.agreement import agreed_digest
    from gsomia.canon import builtins

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
        "verified": words.flag(pack.verified),
    }
    screen.fields(top, _title(pack, words.lang))
    articles = [
        {
            "number": a.number,
            "title": words.of_pack(a.title),
            "bound": [words.label(f"binds_{one}") for one in a.bound],
            "summary": words.of_pack(a.summary),
            "verified": words.flag(a.verified),
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
    readings = [
        {
            "id": r.id,
            "title": words.of_pack(r.title),
            "summary": words.of_pack(r.summary),
            "verified": words.flag(r.verified),
        }
        for r in pack.readings
    ]
    screen.table(readings, title=words.label("readings"))


def _show_entry(screen: Screen, entry: Entry) -> None:
    from gsomia.agreement.catalogue import FIELDS, flag, plain

    words, value = screen.words, plain(entry)
    screen.line(entry.title)
    # The title stands above, and the marks in tables of their own below.
    names = [n for n in FIELDS if n not in ("title", "equivalence")]
    missing = [_label(words, name) for name in names if not value[name]]
    names += ["supersedes", "pack", "utc_offset"]
    facts = [
        {
            "field": _label(words, name),
            "value": _told(words, name, value[name]),
            "flag": _flag(words, flag(entry, name)),
        }
        for name in names
        if value[name]
    ]
    screen.table(facts)
    screen.line(f"{words.label('flag_none')}: {screen.cell(missing)}")
    _show_table(screen, entry)
    notes = (entry.signed_note, entry.in_force_note, entry.equivalence_note, entry.notes)
    for note in notes:
        if note:
            screen.line(f"- {note}")
    screen.line(words("to_read"))


def _show_table(screen: Screen, entry: Entry) -> None:
    words, table = screen.words, entry.equivalence
    whole = words.flag(entry.verified.equivalence)
    screen.line(f"{words.label('equivalence')}: {whole}")
    if table is None:
        return
    own = table.party_verified
    top = {
        "article": words.article(table.article) if table.article else None,
        "same_as": table.same_as,
        "valid_from": table.valid_from,
        "valid_until": table.valid_until,
    }
    screen.fields({k: v for k, v in top.items() if v is not None} or {"article": None})
    rows = [
        {
            "party": party,
            "marks": list(marks),
            "row_note": row.note,
            "flag": words.flag(own.get(party, entry.verified.equivalence)),
        }
        for row in table.rows
        for party, marks in row.marks.items()
    ]
    ways = [
        {
            "parties": [way.provider, way.receiver],
            "mark": mark,
            "corresponds_to": list(others),
            "choice": way.choice,
        }
        for way in table.directions
        for mark, others in way.marks.items()
    ]
    left = [
        {"party": x.party, "mark": x.mark, "reason": x.reason, "flag": words.flag(x.verified)}
        for x in table.excluded
    ]
    for found, title in ((rows, "marks"), (ways, "corresponds_to"), (left, "excluded")):
        if found:
            screen.table(found, title=words.label(title))
    for note in (*table.party_notes.values(), *table.notes):
        screen.line(f"- {note}")


def _label(words: Words, field: str) -> str:
    """A field's label. Of an entry, `in_force` is a day, and elsewhere a yes or no."""
    return words.label("in_force_day" if field == "in_force" else field)


def _flag(words: Words, flag: bool | str | None) -> str | None:
    """A flag in words, where there is one."""
    return None if flag is None else words.flag(flag)


def _told(words: Words, name: str, value: Any) -> Any:
    """A value as people read it: our own words are translated, and nothing of the source."""
    if value is None:
        return None
    match name:
        case "kind":
            return words.label(value)
        case "duration":
            kind = words.label(value["kind"])
            return {**{k: v for k, v in value.items() if v is not None}, "kind": kind}
        case "signed":
            return [_signing(act) for act in value]
        case "entry_rule" if value == "later_of_notifications":
            return words.label(value)
        case "notice_days" if value == "no_notice":
            return words.label(value)
        case "residual":
            return words.article(value)
        case "equivalence":
            return _table_lines(words, value)
    return value


def _signing(act: dict[str, Any]) -> str:
    """One act of signature: its day, and the days it was elsewhere."""
    here = f"{act['day']} ({act['place']})" if act["place"] else act["day"]
    there = [f"{day} ({place})" for place, day in act["elsewhere"].items()]
    return " = ".join((here, *there))


def _table_lines(words: Words, table: dict[str, Any]) -> list[str]:
    """A table as it is compared: its rows from the highest, then what goes one way only."""
    if "same_as" in table:
        return [f"{words.label('same_as')} {table['same_as']}"]
    rows = [
        f"{rank}: {'; '.join(f'{p} {_marks(marks)}' for p, marks in row.items())}"
        for rank, row in sorted(table["rows"].items(), reverse=True)
    ]
    ways = [
        f"{provider} > {receiver}: {mark} > {_marks(others)}"
        for provider, receiver, marks in table["directions"]
        for mark, others in marks.items()
    ]
    return rows + ways


def _marks(marks: list[str]) -> str:
    return " / ".join(marks) or "–"


# -- compare and check ----------------------------------------------------------


@command(agreement, "compare")
def compare(
    run: Run,
    a: Annotated[
        str,
        typer.Argument(
            metavar="AGREEMENT|FILE", help="An agreement's id, or the file of an entry or a pack."
        ),
    ],
    b: Annotated[str, typer.Argument(metavar="AGREEMENT|FILE", help="Another one.")],
) -> Out:
    """Two agreements field by field, each with its flags. What is not known is not compared."""
    from gsomia.agreement import catalogue
    from gsomia.canon import builtins

    del run
    fields = builtins(catalogue.compare(facts_of(a, "A"), facts_of(b, "B")))
    value = {"a": a, "b": b, "fields": fields}
    return Out(value, lambda screen: _show_compared(screen, value))


def _show_compared(screen: Screen, value: dict[str, Any]) -> None:
    words = screen.words
    screen.fields({"a": value["a"], "b": value["b"]})
    rows = [
        {
            "field": _label(words, row["field"]),
            "same": row["same"],
            "a": _told(words, row["field"], row["a"]),
            "a_flag": _flag(words, row["a_flag"]),
            "b": _told(words, row["field"], row["b"]),
            "b_flag": _flag(words, row["b_flag"]),
        }
        for row in value["fields"]
    ]
    screen.table(rows)


@command(agreement, "check")
def check(
    run: Run,
    file: Annotated[Path, typer.Argument(help="An agreement pack or a catalogue entry.")],
    rules: Annotated[
        bool,
        typer.Option("--rules", help="A pack without provisions: hold it against what rules cite."),
    ] = False,
) -> Out:
    """Every fault of a file, each with its line. Exits 1 if there is one; remarks do not count.

    Whatever is wrong inside a file is a fault: its facts, its YAML, its encoding, its size.
    Exits 2 only for a file that cannot be read, and for wrong arguments.
    """
    from gsomia.agreement import catalogue, yamldoc
    from gsomia.agreement.checking import refusal
    from gsomia.canon import builtins
    from gsomia.cli.files import open_source
    from gsomia.node.articles import cited

    del run
    source, size = open_source(file, "FILE")
    with source:
        if size > yamldoc.MAX_BYTES:
            faults: tuple[catalogue.Fault, ...] = (refusal(yamldoc.too_large(size, file.name)),)
        else:
            faults = catalogue.check(source.read(size), file.name, cited(), to_run=rules)
    found = builtins(faults)
    ok = all(fault["grade"] != "fault" for fault in found)
    value = {"file": file.name, "ok": ok, "faults": found}
    return Out(value, lambda screen: _show_faults(screen, value), DONE if ok else REFUSED)


def _show_faults(screen: Screen, value: dict[str, Any]) -> None:
    words = screen.words
    for fault in value["faults"]:
        text = words.fault(fault["expected"], fault["got"])
        remark = "" if fault["grade"] == "fault" else f" {words('remark')}"
        screen.line(f"{value['file']}:{fault['line']}: {text}{remark}")
    if value["ok"]:
        screen.line(words("no_fault", file=value["file"]))
